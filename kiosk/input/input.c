/* One thread polls the touchscreens, /dev/input for changes, and a stop signal. A device is opened,
 * asked what it is (libevdev), grabbed if it lets itself be (so that nothing else takes a visitor's
 * touches for its own), and read until it errs. Whatever goes wrong with a device means: let go of
 * its finger, close it, look round again. */
#include "input/input.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libevdev/libevdev.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#include "quarter/log.h"

enum {
    DEVICES_MAX = 8,
    QUEUE_MAX = 256,
    PATH_BYTES = 288,
    LOOK_ROUND_MS = 2000, /* while nothing is attached, or where inotify does not reach */
    STAMP_AGE_MAX_MS = 10000,
};

static const char input_folder[] = "/dev/input";

struct device {
    char path[PATH_BYTES];
    int fd;
    struct libevdev *evdev;
    bool stamps; /* its events carry CLOCK_MONOTONIC */
    struct touch_decoder decoder;
};

struct input {
    struct input_options options;
    char *only; /* options.touch, owned */
    pthread_t thread;
    int stop_fd;
    int inotify_fd;                     /* -1: none */
    bool watching;                      /* inotify reaches the folder */
    struct device devices[DEVICES_MAX]; /* the thread's own */
    int device_count;
    pthread_mutex_t lock; /* over what follows */
    struct input_message queue[QUEUE_MAX];
    int first, queued;
    struct input_devices attached;
};

static void *run(void *context);

enum status input_create(const struct input_options *options, struct input **out)
{
    struct input *input = calloc(1, sizeof *input);
    if (input == NULL)
        return STATUS_UNAVAILABLE;
    input->options = *options;
    input->inotify_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    input->stop_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    pthread_mutex_init(&input->lock, NULL);
    if (options->touch != NULL)
        input->only = strdup(options->touch);
    bool failed = input->stop_fd < 0 || (options->touch != NULL && input->only == NULL) ||
                  pthread_create(&input->thread, NULL, run, input) != 0;
    if (!failed) {
        *out = input;
        return STATUS_OK;
    }
    if (input->stop_fd >= 0)
        close(input->stop_fd);
    if (input->inotify_fd >= 0)
        close(input->inotify_fd);
    pthread_mutex_destroy(&input->lock);
    free(input->only);
    free(input);
    return STATUS_UNAVAILABLE;
}

void input_destroy(struct input *input)
{
    if (input == NULL)
        return;
    eventfd_write(input->stop_fd, 1);
    pthread_join(input->thread, NULL);
    close(input->stop_fd);
    if (input->inotify_fd >= 0)
        close(input->inotify_fd);
    pthread_mutex_destroy(&input->lock);
    free(input->only);
    free(input);
}

bool input_poll(struct input *input, struct input_message *message)
{
    pthread_mutex_lock(&input->lock);
    bool some = input->queued > 0;
    if (some) {
        *message = input->queue[input->first];
        input->first = (input->first + 1) % QUEUE_MAX;
        input->queued--;
    }
    pthread_mutex_unlock(&input->lock);
    return some;
}

struct input_devices input_devices(struct input *input)
{
    pthread_mutex_lock(&input->lock);
    struct input_devices attached = input->attached;
    pthread_mutex_unlock(&input->lock);
    return attached;
}

/* ---- on the input thread ------------------------------------------------------------------------ */

static int64_t monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The kernel's own time of the touch where the device tells it by our clock, else now: this thread
 * does nothing but read, so that is near enough, however busy the main thread is. */
static int64_t made_ms(const struct device *device, const struct input_event *event)
{
    int64_t now = monotonic_ms();
    int64_t stamp = (int64_t)event->input_event_sec * 1000 + event->input_event_usec / 1000;
    bool credible = stamp <= now && now - stamp < STAMP_AGE_MAX_MS;
    return device->stamps && credible ? stamp : now;
}

static void push(struct input *input, const struct touch_event *events, int count, int64_t at_ms)
{
    if (count == 0)
        return;
    pthread_mutex_lock(&input->lock);
    for (int i = 0; i < count; i++) {
        if (input->queued == QUEUE_MAX) { /* nobody listens: what was missed is no press */
            input->first = 0;
            input->queue[0] = (struct input_message){
                .at_ms = at_ms, .touch = {.kind = TOUCH_CANCEL, .at_ms = at_ms}};
            input->queued = 1;
        }
        struct input_message *last = &input->queue[(input->first + input->queued) % QUEUE_MAX];
        *last = (struct input_message){.at_ms = at_ms, .touch = events[i]};
        last->touch.at_ms = at_ms;
        input->queued++;
    }
    pthread_mutex_unlock(&input->lock);
    if (input->options.wake != NULL)
        input->options.wake(input->options.wake_context);
}

static void note_attached(struct input *input)
{
    pthread_mutex_lock(&input->lock);
    input->attached.touchscreens = input->device_count;
    pthread_mutex_unlock(&input->lock);
}

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

static struct axis_range range_of(const struct libevdev *evdev, unsigned axis)
{
    return (struct axis_range){libevdev_get_abs_minimum(evdev, axis),
                               libevdev_get_abs_maximum(evdev, axis)};
}

static void prime(struct device *device, bool multi_touch)
{
    struct libevdev *evdev = device->evdev;
    struct touch_slot *slots = device->decoder.slots;
    if (!multi_touch) {
        slots[0].x = libevdev_get_event_value(evdev, EV_ABS, ABS_X);
        slots[0].y = libevdev_get_event_value(evdev, EV_ABS, ABS_Y);
        return;
    }
    int count = libevdev_get_num_slots(evdev);
    for (int i = 0; i < count && i < TOUCH_SLOTS_MAX; i++) {
        slots[i].x = libevdev_get_slot_value(evdev, (unsigned)i, ABS_MT_POSITION_X);
        slots[i].y = libevdev_get_slot_value(evdev, (unsigned)i, ABS_MT_POSITION_Y);
    }
    device->decoder.slot = libevdev_get_current_slot(evdev);
}

static bool is_attached(const struct input *input, const char *path)
{
    for (int i = 0; i < input->device_count; i++)
        if (strcmp(input->devices[i].path, path) == 0)
            return true;
    return false;
}

static void start_decoder(struct input *input, struct device *device)
{
    bool multi_touch = is_multi_touch(device->evdev);
    struct panel panel = {
        .x = range_of(device->evdev, multi_touch ? ABS_MT_POSITION_X : ABS_X),
        .y = range_of(device->evdev, multi_touch ? ABS_MT_POSITION_Y : ABS_Y),
        .calibration = input->options.conf.calibration,
        .width_px = input->options.width_px,
        .height_px = input->options.height_px,
    };
    touch_decoder_init(&device->decoder, &panel, multi_touch);
    prime(device, multi_touch);
}

/* A node may appear before its permissions do: failing is quiet, IN_ATTRIB or the next look tries
 * again. */
static void attach(struct input *input, const char *path)
{
    if (input->device_count == DEVICES_MAX || is_attached(input, path))
        return;
    struct device *device = &input->devices[input->device_count];
    device->fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (device->fd < 0)
        return;
    device->evdev = NULL;
    if (libevdev_new_from_fd(device->fd, &device->evdev) != 0 || !is_touchscreen(device->evdev)) {
        if (device->evdev != NULL)
            libevdev_free(device->evdev);
        close(device->fd);
        return;
    }
    snprintf(device->path, sizeof device->path, "%s", path);
    start_decoder(input, device);
    device->stamps = libevdev_set_clock_id(device->evdev, CLOCK_MONOTONIC) == 0;
    int grabbed = libevdev_grab(device->evdev, LIBEVDEV_GRAB);
    input->device_count++;
    note_attached(input);
    log_info("input", "touchscreen attached device=%s name=\"%s\" slots=%d grabbed=%s", path,
             libevdev_get_name(device->evdev), libevdev_get_num_slots(device->evdev),
             grabbed == 0 ? "yes" : "no");
}

static void detach(struct input *input, int index, const char *why)
{
    struct device *device = &input->devices[index];
    struct touch_event events[TOUCH_EVENTS_A_FRAME];
    push(input, events, touch_decoder_cancel(&device->decoder, events), monotonic_ms());
    log_warning("input", "touchscreen gone device=%s reason=\"%s\"", device->path, why);
    libevdev_free(device->evdev);
    close(device->fd);
    input->devices[index] = input->devices[--input->device_count];
    note_attached(input);
}

static void look_round(struct input *input)
{
    /* Always again: devtmpfs takes the folder away with its last node, and a watch dies with its
     * folder. */
    input->watching =
        input->inotify_fd >= 0 &&
        inotify_add_watch(input->inotify_fd, input_folder, IN_CREATE | IN_ATTRIB | IN_DELETE) >= 0;
    if (input->only != NULL) {
        attach(input, input->only);
        return;
    }
    DIR *folder = opendir(input_folder);
    if (folder == NULL)
        return;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): this folder stream is this thread's own */
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char path[PATH_BYTES];
        if (strncmp(entry->d_name, "event", 5) != 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", input_folder, entry->d_name);
        attach(input, path);
    }
    closedir(folder);
}

/* A removed node is gone even if its descriptor does not say so yet. */
static void detach_removed(struct input *input)
{
    for (int i = input->device_count - 1; i >= 0; i--)
        if (access(input->devices[i].path, F_OK) != 0)
            detach(input, i, "removed");
}

static void read_changes(struct input *input)
{
    char changes[4096];
    bool some = false;
    while (read(input->inotify_fd, changes, sizeof changes) > 0)
        some = true;
    if (!some)
        return;
    detach_removed(input);
    look_round(input);
}

/* Until nothing is left (-EAGAIN: 0) or the device errs (its errno). */
static int read_device(struct input *input, struct device *device)
{
    unsigned flag = LIBEVDEV_READ_FLAG_NORMAL;
    for (;;) {
        struct input_event event;
        int status = libevdev_next_event(device->evdev, flag, &event);
        if (status == -EAGAIN && flag == LIBEVDEV_READ_FLAG_SYNC) {
            touch_decoder_end_resync(&device->decoder);
            flag = LIBEVDEV_READ_FLAG_NORMAL;
            continue;
        }
        if (status < 0)
            return status == -EAGAIN || status == -EINTR ? 0 : -status;
        if (status == LIBEVDEV_READ_STATUS_SYNC && flag == LIBEVDEV_READ_FLAG_NORMAL) {
            log_info("input", "touchscreen lost events device=%s", device->path);
            touch_decoder_begin_resync(&device->decoder);
            flag = LIBEVDEV_READ_FLAG_SYNC;
            continue;
        }
        struct touch_event touches[TOUCH_EVENTS_A_FRAME];
        push(input, touches,
             touch_decoder_feed(&device->decoder, event.type, event.code, event.value, touches),
             made_ms(device, &event));
    }
}

static void read_devices(struct input *input, const struct pollfd *fds)
{
    for (int i = input->device_count - 1; i >= 0; i--) {
        if (fds[i].revents == 0)
            continue;
        int error = read_device(input, &input->devices[i]);
        if (error == 0 && (fds[i].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0)
            error = ENODEV;
        if (error != 0)
            detach(input, i, strerrordesc_np(error));
    }
}

static void *run(void *context)
{
    struct input *input = context;
    bool stopping = false;
    look_round(input);
    while (!stopping) {
        struct pollfd fds[DEVICES_MAX + 2];
        int count = input->device_count;
        for (int i = 0; i < count; i++)
            fds[i] = (struct pollfd){.fd = input->devices[i].fd, .events = POLLIN};
        fds[count] = (struct pollfd){.fd = input->stop_fd, .events = POLLIN};
        fds[count + 1] = (struct pollfd){.fd = input->inotify_fd, .events = POLLIN};
        bool look = count == 0 || !input->watching;
        int ready = poll(fds, (nfds_t)count + 2, look ? LOOK_ROUND_MS : -1);
        if (ready == 0)
            look_round(input);
        if (ready <= 0)
            continue;
        stopping = fds[count].revents != 0;
        read_devices(input, fds);
        if (fds[count + 1].revents != 0)
            read_changes(input);
    }
    while (input->device_count > 0) {
        struct device *device = &input->devices[--input->device_count];
        libevdev_free(device->evdev);
        close(device->fd);
    }
    return NULL;
}
