/* One evdev node; see device.h. What kinds there are is libevdev's word: a touchscreen is whatever is
 * absolute and can be pressed, a scanner is named in the configuration, a keypad is any other device
 * with a key that means something, a headset's socket is a switch. */
#include "input/device.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <libevdev/libevdev.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "input/keymap.h"
#include "quarter/log.h"

enum {
    STAMP_AGE_MAX_MS = 10000,
    PALM_MM = 40,
    LEARNT_BURST_MIN = 2,
    AT_ONCE_MAX = 128,
};

int64_t device_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

const char *device_role_name(enum device_role role)
{
    static const char *const names[] = {"nothing", "touchscreen", "scanner", "keypad",
                                        "headset socket"};
    return names[role];
}

/* ---- what it is --------------------------------------------------------------------------------- */

static bool is_multi_touch(const struct libevdev *evdev)
{
    return libevdev_has_event_code(evdev, EV_ABS, ABS_MT_SLOT) &&
           libevdev_has_event_code(evdev, EV_ABS, ABS_MT_POSITION_X) &&
           libevdev_has_event_code(evdev, EV_ABS, ABS_MT_POSITION_Y) &&
           libevdev_has_event_code(evdev, EV_ABS, ABS_MT_TRACKING_ID);
}

/* A touchpad moves a pointer and is none; everything absolute that can be pressed is. */
static bool is_touchscreen(const struct libevdev *evdev)
{
    if (libevdev_has_property(evdev, INPUT_PROP_POINTER))
        return false;
    if (is_multi_touch(evdev))
        return true;
    return libevdev_has_event_code(evdev, EV_ABS, ABS_X) &&
           libevdev_has_event_code(evdev, EV_ABS, ABS_Y) &&
           (libevdev_has_event_code(evdev, EV_KEY, BTN_TOUCH) ||
            libevdev_has_event_code(evdev, EV_KEY, BTN_LEFT));
}

/* Power and sleep stay the system's: a device of nothing else is no keyboard, even while learning. */
static bool can_be_learnt(unsigned code)
{
    return code != KEY_RESERVED && (code < BTN_MISC || code >= KEY_OK) && code != KEY_POWER &&
           code != KEY_SLEEP && code != KEY_WAKEUP && code != KEY_POWER2;
}

static bool has_keys(const struct device *device, const struct input_conf *conf, bool learning)
{
    for (unsigned code = 0; code < KEY_CNT; code++) {
        if (!libevdev_has_event_code(device->evdev, EV_KEY, code))
            continue;
        if (learning ? can_be_learnt(code)
                     : keymap_find(conf, device->id, (uint16_t)code) != KEYPAD_NONE)
            return true;
    }
    return false;
}

static enum device_role role_of(const struct device *device, const struct device_setting *setting)
{
    const struct input_conf *conf = &setting->options->conf;
    bool learning = setting->mode != INPUT_FOR_VISITORS;
    if (is_touchscreen(device->evdev)) {
        bool wanted = setting->only_touch == NULL || strcmp(setting->only_touch, device->path) == 0;
        return wanted ? DEVICE_TOUCHSCREEN : DEVICE_NONE;
    }
    if (conf_names_scanner(conf, device->id))
        return DEVICE_SCANNER;
    bool allowed = learning || !setting->options->no_keyboards || keymap_names(conf, device->id);
    if (allowed && has_keys(device, conf, learning))
        return DEVICE_KEYPAD;
    if (libevdev_has_event_code(device->evdev, EV_SW, SW_HEADPHONE_INSERT))
        return DEVICE_HEADSET;
    return DEVICE_NONE;
}

/* ---- opening, adapting, closing ----------------------------------------------------------------- */

static struct axis_range range_of(const struct libevdev *evdev, unsigned axis)
{
    return (struct axis_range){libevdev_get_abs_minimum(evdev, axis),
                               libevdev_get_abs_maximum(evdev, axis)};
}

/* 40 mm in the panel's units, where it tells how many make a millimetre. */
static int32_t palm_major_of(const struct libevdev *evdev)
{
    if (!libevdev_has_event_code(evdev, EV_ABS, ABS_MT_TOUCH_MAJOR))
        return 0;
    int a_mm = libevdev_get_abs_resolution(evdev, ABS_MT_TOUCH_MAJOR);
    if (a_mm <= 0)
        a_mm = libevdev_get_abs_resolution(evdev, ABS_MT_POSITION_X);
    return a_mm > 0 && a_mm < INT32_MAX / PALM_MM ? a_mm * PALM_MM : 0;
}

/* What the panel said before anybody listened: the kernel leaves out what does not change. */
static void prime(struct device *device, bool multi_touch)
{
    const struct libevdev *evdev = device->evdev;
    struct touch_slot *slots = device->touch.slots;
    if (!multi_touch) {
        slots[0].x = libevdev_get_event_value(evdev, EV_ABS, ABS_X);
        slots[0].y = libevdev_get_event_value(evdev, EV_ABS, ABS_Y);
        return;
    }
    int count = libevdev_get_num_slots(evdev);
    for (int i = 0; i < count && i < TOUCH_SLOTS_MAX; i++) {
        slots[i].x = libevdev_get_slot_value(evdev, (unsigned)i, ABS_MT_POSITION_X);
        slots[i].y = libevdev_get_slot_value(evdev, (unsigned)i, ABS_MT_POSITION_Y);
        slots[i].major = libevdev_get_slot_value(evdev, (unsigned)i, ABS_MT_TOUCH_MAJOR);
        slots[i].tool = libevdev_get_slot_value(evdev, (unsigned)i, ABS_MT_TOOL_TYPE);
    }
    device->touch.slot = libevdev_get_current_slot(evdev);
}

static void start_touch(struct device *device, const struct device_setting *setting)
{
    bool multi_touch = is_multi_touch(device->evdev);
    struct panel panel = {
        .x = range_of(device->evdev, multi_touch ? ABS_MT_POSITION_X : ABS_X),
        .y = range_of(device->evdev, multi_touch ? ABS_MT_POSITION_Y : ABS_Y),
        .calibration = setting->options->conf.calibration,
        .width_px = setting->options->width_px,
        .height_px = setting->options->height_px,
        .palm_major = multi_touch ? palm_major_of(device->evdev) : 0,
    };
    touch_decoder_init(&device->touch, &panel, multi_touch);
    prime(device, multi_touch);
}

static void take_role(struct device *device, enum device_role role,
                      const struct device_setting *setting)
{
    device->role = role;
    device->keypad = (struct keypad){0};
    device->scanner = (struct scanner){0};
    if (role == DEVICE_TOUCHSCREEN)
        start_touch(device, setting);
    bool grab = role != DEVICE_HEADSET; /* the sound's own programs want to know as well */
    if (grab != device->grabbed)
        device->grabbed =
            libevdev_grab(device->evdev, grab ? LIBEVDEV_GRAB : LIBEVDEV_UNGRAB) == 0 && grab;
    log_info("input", "%s attached device=%s id=%04x:%04x name=\"%s\" grabbed=%s",
             device_role_name(role), device->path, device->id.vendor, device->id.product,
             libevdev_get_name(device->evdev), device->grabbed ? "yes" : "no");
}

/* A node may appear before its permissions do: failing is quiet, IN_ATTRIB or the next look tries
 * again. */
bool device_open(struct device *device, const char *path, const struct device_setting *setting)
{
    *device = (struct device){.fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)};
    if (device->fd < 0)
        return false;
    snprintf(device->path, sizeof device->path, "%s", path);
    enum device_role role = DEVICE_NONE;
    if (libevdev_new_from_fd(device->fd, &device->evdev) == 0) {
        device->id = (struct device_id){(uint16_t)libevdev_get_id_vendor(device->evdev),
                                        (uint16_t)libevdev_get_id_product(device->evdev)};
        role = role_of(device, setting);
    }
    if (role == DEVICE_NONE) {
        libevdev_free(device->evdev);
        close(device->fd);
        return false;
    }
    device->stamps = libevdev_set_clock_id(device->evdev, CLOCK_MONOTONIC) == 0;
    device->headset_in = libevdev_get_event_value(device->evdev, EV_SW, SW_HEADPHONE_INSERT) != 0;
    take_role(device, role, setting);
    return true;
}

static void emit_touches(const struct device_sink *sink, const struct touch_event *touches,
                         int count, int64_t at_ms)
{
    for (int i = 0; i < count; i++) {
        struct input_message message = {
            .kind = INPUT_EVENT_TOUCH, .at_ms = at_ms, .touch = touches[i]};
        message.touch.at_ms = at_ms;
        sink->take(sink->context, &message);
    }
}

static void let_go(struct device *device, const struct device_sink *sink)
{
    struct touch_event touches[TOUCH_EVENTS_A_FRAME];
    if (device->role == DEVICE_TOUCHSCREEN)
        emit_touches(sink, touches, touch_decoder_cancel(&device->touch, touches), device_now_ms());
}

void device_close(struct device *device, const struct device_sink *sink)
{
    let_go(device, sink);
    libevdev_free(device->evdev);
    close(device->fd);
}

/* A keypad's keys that say how its socket stands. */
static bool tells_of_headset(const struct device *device, const struct input_conf *conf)
{
    bool in = false, out = false;
    for (unsigned code = 0; code < KEY_CNT; code++) {
        if (!libevdev_has_event_code(device->evdev, EV_KEY, code))
            continue;
        enum keypad_key key = keymap_find(conf, device->id, (uint16_t)code);
        in = in || key == KEYPAD_HEADSET_IN;
        out = out || key == KEYPAD_HEADSET_OUT;
    }
    return in && out;
}

bool device_adapt(struct device *device, const struct device_setting *setting,
                  const struct device_sink *sink)
{
    enum device_role role = role_of(device, setting);
    if (role == DEVICE_NONE)
        return false;
    if (role != device->role) {
        let_go(device, sink);
        take_role(device, role, setting);
    }
    if (role == DEVICE_TOUCHSCREEN)
        device->touch.panel.calibration = setting->options->conf.calibration;
    /* With other keys nobody might ever tell again that it was pulled out. */
    if (role != DEVICE_KEYPAD || !tells_of_headset(device, &setting->options->conf))
        device->headset_in =
            libevdev_get_event_value(device->evdev, EV_SW, SW_HEADPHONE_INSERT) != 0;
    if (role == DEVICE_KEYPAD) /* it is read as a scanner only while one is looked for */
        device->scanner = (struct scanner){0};
    return true;
}

/* ---- its events --------------------------------------------------------------------------------- */

/* The kernel's own time where the device tells it by our clock, else now: this thread does nothing but
 * read, so that is near enough, however busy the main thread is. */
static int64_t made_ms(const struct device *device, const struct input_event *event)
{
    int64_t now = device_now_ms();
    int64_t stamp = (int64_t)event->input_event_sec * 1000 + event->input_event_usec / 1000;
    bool credible = stamp <= now && now - stamp < STAMP_AGE_MAX_MS;
    return device->stamps && credible ? stamp : now;
}

static struct input_learn learnt(const struct device *device)
{
    struct input_learn learn = {.device = device->id};
    snprintf(learn.device_name, sizeof learn.device_name, "%s", libevdev_get_name(device->evdev));
    for (char *c = learn.device_name; *c != '\0'; c++)
        if (!isprint((unsigned char)*c))
            *c = '?';
    return learn;
}

void device_forget(struct device *device)
{
    if (device->scanner.state == SCANNER_IDLE)
        explicit_bzero(device->scanner.text, sizeof device->scanner.text);
}

static void emit_scan(struct device *device, const struct device_setting *setting,
                      enum scanner_result result, int64_t at_ms, const struct device_sink *sink)
{
    struct input_message message = {.at_ms = at_ms};
    if (result == SCANNER_NOTHING)
        return;
    if (setting->mode == INPUT_FOR_VISITORS) {
        message.kind = INPUT_EVENT_SCAN;
        message.scan.unreadable = result == SCANNER_UNREADABLE;
        if (result == SCANNER_TEXT)
            snprintf(message.scan.text, sizeof message.scan.text, "%s", device->scanner.text);
    } else {
        if (setting->mode != INPUT_LEARN_SCANNER || result != SCANNER_TEXT ||
            strlen(device->scanner.text) < LEARNT_BURST_MIN)
            return;
        message.kind = INPUT_EVENT_LEARN;
        message.learn = learnt(device);
        snprintf(message.learn.text, sizeof message.learn.text, "%s", device->scanner.text);
    }
    sink->take(sink->context, &message);
    explicit_bzero(&message, sizeof message);
}

static void feed_keypad(struct device *device, const struct device_setting *setting,
                        const struct input_event *event, int64_t at_ms,
                        const struct device_sink *sink)
{
    bool learning = setting->mode == INPUT_LEARN_KEYS;
    enum keypad_key key = keymap_find(&setting->options->conf, device->id, event->code);
    enum keypad_key taken_for = learning && can_be_learnt(event->code) ? KEYPAD_SELECT : key;
    if (device->resyncing ||
        !keypad_feed(&device->keypad, event->code, event->value, taken_for, at_ms))
        return;
    struct input_message message = {.kind = INPUT_EVENT_KEY, .at_ms = at_ms, .key = key};
    bool of_headset = key == KEYPAD_HEADSET_IN || key == KEYPAD_HEADSET_OUT;
    if (of_headset) /* also while it is learnt: nobody tells again how it stands */
        device->headset_in = key == KEYPAD_HEADSET_IN;
    if (learning) {
        message.kind = INPUT_EVENT_LEARN;
        message.learn = learnt(device);
        message.learn.code = event->code;
        keymap_code_name(event->code, message.learn.key_name);
    }
    if (learning || !of_headset)
        sink->take(sink->context, &message);
}

static void take_event(struct device *device, const struct device_setting *setting,
                       const struct input_event *event, const struct device_sink *sink)
{
    int64_t at_ms = made_ms(device, event);
    struct touch_event touches[TOUCH_EVENTS_A_FRAME];
    if (device->role == DEVICE_TOUCHSCREEN)
        emit_touches(
            sink, touches,
            touch_decoder_feed(&device->touch, event->type, event->code, event->value, touches),
            at_ms);
    if (event->type == EV_SW && event->code == SW_HEADPHONE_INSERT)
        device->headset_in = event->value != 0;
    if (event->type != EV_KEY)
        return;
    if (device->role == DEVICE_KEYPAD)
        feed_keypad(device, setting, event, at_ms, sink);
    bool reads = device->role == DEVICE_SCANNER ||
                 (device->role == DEVICE_KEYPAD && setting->mode == INPUT_LEARN_SCANNER);
    if (reads && !device->resyncing)
        emit_scan(device, setting, scanner_feed(&device->scanner, event->code, event->value, at_ms),
                  at_ms, sink);
}

static void begin_resync(struct device *device, const struct device_setting *setting,
                         const struct device_sink *sink)
{
    log_info("input", "events were lost device=%s", device->path);
    device->resyncing = true;
    touch_decoder_begin_resync(&device->touch);
    emit_scan(device, setting, scanner_lose(&device->scanner), device_now_ms(), sink);
}

static void end_resync(struct device *device)
{
    device->resyncing = false;
    touch_decoder_end_resync(&device->touch);
}

int device_read(struct device *device, const struct device_setting *setting,
                const struct device_sink *sink)
{
    unsigned flag = LIBEVDEV_READ_FLAG_NORMAL;
    device->more = false;
    for (int taken = 0;; taken++) {
        struct input_event event;
        if (taken >= AT_ONCE_MAX && flag == LIBEVDEV_READ_FLAG_NORMAL) {
            device->more = true;
            return 0;
        }
        int status = libevdev_next_event(device->evdev, flag, &event);
        if (status == -EAGAIN && flag == LIBEVDEV_READ_FLAG_SYNC) {
            end_resync(device);
            flag = LIBEVDEV_READ_FLAG_NORMAL;
            continue;
        }
        if (status < 0)
            return status == -EAGAIN || status == -EINTR ? 0 : -status;
        if (status == LIBEVDEV_READ_STATUS_SYNC && flag == LIBEVDEV_READ_FLAG_NORMAL) {
            begin_resync(device, setting, sink);
            flag = LIBEVDEV_READ_FLAG_SYNC;
            continue;
        }
        take_event(device, setting, &event, sink);
    }
}

void device_tick(struct device *device, const struct device_setting *setting, int64_t now_ms,
                 const struct device_sink *sink)
{
    emit_scan(device, setting, scanner_tick(&device->scanner, now_ms), now_ms, sink);
}

int64_t device_due_ms(const struct device *device)
{
    return scanner_due_ms(&device->scanner);
}
