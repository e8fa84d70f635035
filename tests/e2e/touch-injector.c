/* Runs a program under umockdev with a touchscreen that this one plays, so that an end-to-end test
 * touches the real kiosk through libevdev; on request with a keypad, a scanner and a headset's socket
 * as well:
 *
 *   touch-injector [--device FILE.umockdev] [--ioctl FILE.ioctl] [--node /dev/input/event7]
 *                  [--with keypad,scanner,headset] [--screen 1080x1920] [--frame DIR/frame.json]
 *                  [--control FIFO] [--record FILE.evemu] -- kiosk --server ... --dump-ui DIR
 *
 * Their descriptions lie in devices/ beside FILE.umockdev. The keypad is 2047:0977, the scanner
 * 0c2e:0b61 (kiosk: "scanner 0c2e:0b61" in input.conf, or --scanner).
 *
 * Commands, one a line, on standard input (or on the FIFO, which is made here); each is answered by
 * one line on standard output, "ok" or "failed: why":
 *   tap ID            waits for the element ID in frame.json, then touches its centre for 80 ms
 *   double-tap ID     the same twice, 60 ms apart
 *   touch X Y         the same at a point of the screen
 *   down X Y, up      for holding a finger
 *   wait-page NAME    waits until frame.json shows that page
 *   wait-text TEXT    ... an element whose text holds TEXT
 *   key NAME          strikes previous, next, select, repeat or back of the keypad, or any KEY_...;
 *                     0.6 s after the last strike of the same key at the soonest
 *   strike NAME       the same at once, however soon: for double strikes
 *   scan TEXT         the scanner types TEXT and Enter in one burst, as they do; printable ASCII
 *   headset in|out    plugs headphones into the socket, or pulls them out
 *   drop              the kernel drops events (SYN_DROPPED)
 *   unplug [DEVICE]   pulls the touchscreen out, or the keypad, the scanner, the headset's socket
 *   plug DEVICE       plugs one of those in that was not there yet
 *   random SECONDS SEED   a thousand random things a second: fingers, keys, scans, headsets, lost events
 *   sleep MS
 *   quit              SIGTERM to the program; its exit code becomes ours
 *
 * The program's end ends the injector, with its exit code; SIGTERM to the injector is passed on.
 * The end of standard input ends nothing. Waits give up after 15 s. --record keeps what was played
 * as an evemu recording, for
 *   umockdev-run --device ... --ioctl ... --evemu-events NODE=FILE.evemu -- kiosk ... */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <jansson.h>
#include <libevdev/libevdev.h>
#include <libgen.h>
#include <linux/input.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <umockdev.h>
#include <unistd.h>

#include "test_kit.h"

enum {
    AXIS_MOST = 4095,
    WAIT_MS = 15000,
    LOOK_MS = 20,
    HOLD_MS = 80,
    APART_MS = 600,
    STRIKE_MS = 40,
    SCAN_LETTERS = 16, /* in a pty at once: a letter is up to 168 bytes */
    LINE_BYTES = 512,
    PATH_BYTES = 1024,
};

enum { KEYPAD, SCANNER, HEADSET, GADGETS };

/* What else a kiosk has. Fixed nodes: umockdev never gives a node's name twice. */
static const struct gadget {
    const char *name, *node;
} gadgets[GADGETS] = {{"keypad", "/dev/input/event9"},
                      {"scanner", "/dev/input/event10"},
                      {"headset", "/dev/input/event11"}};

struct injector {
    const char *device, *ioctl, *node, *frame, *control, *record;
    int width, height;
    UMockdevTestbed *testbed;
    int fd;                 /* writes what the program reads */
    int gadget_fd[GADGETS]; /* -1: not plugged in */
    bool wanted[GADGETS];
    uint64_t random;
    uint16_t last_key;
    int64_t last_key_ms;
    pid_t program;
    int tracking;
    int64_t last_touch_ms, began_ms;
    FILE *recording;
    bool plugged;
};

static volatile sig_atomic_t stop_asked;

static void ask_stop(int signal_number)
{
    (void)signal_number;
    stop_asked = 1;
}

static void pause_ms(int64_t ms)
{
    if (ms > 0)
        poll(NULL, 0, (int)ms);
}

static bool put_to(int fd, uint16_t type, uint16_t code, int32_t value)
{
    struct input_event event = {.type = type, .code = code, .value = value};
    return write(fd, &event, sizeof event) == sizeof event;
}

/* A pty holds 4 KiB, and cuts events at its end: waits until the program has read all it was given. Told by a
 * descriptor of the program's side that never reads; polling it brings what is on its way, too. */
static void let_it_read(const struct injector *in, const char *node)
{
    char path[PATH_BYTES];
    gchar *root = umockdev_testbed_get_root_dir(in->testbed);
    snprintf(path, sizeof path, "%s%s", root, node);
    g_free(root);
    struct pollfd probe = {.fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC),
                           .events = POLLIN};
    for (int tries = 0; probe.fd >= 0 && tries < 500 && poll(&probe, 1, 0) > 0; tries++)
        pause_ms(1);
    if (probe.fd >= 0)
        close(probe.fd);
}

static bool put(struct injector *in, uint16_t type, uint16_t code, int32_t value)
{
    if (in->recording != NULL) {
        int64_t at = kit_now_ms() - in->began_ms;
        fprintf(in->recording, "E: %lld.%06d %04x %04x %d\n", (long long)(at / 1000),
                (int)(at % 1000) * 1000, type, code, value);
        fflush(in->recording);
    }
    return put_to(in->fd, type, code, value);
}

static const char *finger_down(struct injector *in, int x, int y)
{
    if (!in->plugged)
        return "the touchscreen is unplugged";
    if (x < 0 || y < 0 || x >= in->width || y >= in->height)
        return "that is not on the screen";
    pause_ms(in->last_touch_ms + APART_MS - kit_now_ms()); /* faster would be a double strike */
    /* The middle of the pixel, on the panel's axes. */
    int raw_x = (int)(((int64_t)2 * x + 1) * AXIS_MOST / (2 * in->width));
    int raw_y = (int)(((int64_t)2 * y + 1) * AXIS_MOST / (2 * in->height));
    in->tracking = (in->tracking + 1) & 0xffff;
    bool written =
        put(in, EV_ABS, ABS_MT_SLOT, 0) && put(in, EV_ABS, ABS_MT_TRACKING_ID, in->tracking) &&
        put(in, EV_ABS, ABS_MT_POSITION_X, raw_x) && put(in, EV_ABS, ABS_MT_POSITION_Y, raw_y) &&
        put(in, EV_KEY, BTN_TOUCH, 1) && put(in, EV_ABS, ABS_X, raw_x) &&
        put(in, EV_ABS, ABS_Y, raw_y) && put(in, EV_SYN, SYN_REPORT, 0);
    return written ? NULL : "the touchscreen does not take events";
}

static const char *finger_up(struct injector *in)
{
    bool written = put(in, EV_ABS, ABS_MT_SLOT, 0) && put(in, EV_ABS, ABS_MT_TRACKING_ID, -1) &&
                   put(in, EV_KEY, BTN_TOUCH, 0) && put(in, EV_SYN, SYN_REPORT, 0);
    in->last_touch_ms = kit_now_ms();
    return written ? NULL : "the touchscreen does not take events";
}

static const char *touch(struct injector *in, int x, int y)
{
    const char *failure = finger_down(in, x, y);
    if (failure != NULL)
        return failure;
    pause_ms(HOLD_MS);
    return finger_up(in);
}

static json_t *read_frame(const struct injector *in)
{
    return in->frame != NULL ? json_load_file(in->frame, 0, NULL) : NULL;
}

enum look { LOOK_ID, LOOK_TEXT, LOOK_PAGE };

/* Whether the frame shows it; of an element the middle as well. */
static bool frame_shows(const json_t *frame, enum look look, const char *wanted, int *x, int *y)
{
    if (look == LOOK_PAGE) {
        const char *page = json_string_value(json_object_get(frame, "page"));
        return page != NULL && strcmp(page, wanted) == 0;
    }
    size_t index;
    json_t *element;
    json_array_foreach(json_object_get(frame, "elements"), index, element)
    {
        const char *is =
            json_string_value(json_object_get(element, look == LOOK_ID ? "id" : "text"));
        if (is == NULL || (look == LOOK_ID ? strcmp(is, wanted) != 0 : strstr(is, wanted) == NULL))
            continue;
        json_int_t rect[4];
        for (size_t i = 0; i < 4; i++)
            rect[i] = json_integer_value(json_array_get(json_object_get(element, "rect"), i));
        *x = (int)(rect[0] + rect[2] / 2);
        *y = (int)(rect[1] + rect[3] / 2);
        return true;
    }
    return false;
}

static bool program_ended(const struct injector *in)
{
    siginfo_t info = {0};
    return waitid(P_PID, (id_t)in->program, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid != 0;
}

static const char *await(struct injector *in, enum look look, const char *wanted, int *x, int *y)
{
    if (in->frame == NULL)
        return "no --frame was given";
    for (int64_t end = kit_now_ms() + WAIT_MS; kit_now_ms() < end && !stop_asked;
         pause_ms(LOOK_MS)) {
        json_t *frame = read_frame(in);
        bool shown = frame_shows(frame, look, wanted, x, y);
        json_decref(frame);
        if (shown)
            return NULL;
        if (program_ended(in))
            return "the program has ended";
    }
    return "it did not come on the screen";
}

static const char *tap(struct injector *in, const char *id)
{
    int x = 0, y = 0;
    pause_ms(in->last_touch_ms + APART_MS - kit_now_ms()); /* what the last touch moved has moved */
    const char *failure = await(in, LOOK_ID, id, &x, &y);
    return failure != NULL ? failure : touch(in, x, y);
}

/* Two strikes 60 ms apart, as a trembling hand makes them (EN 301 549, 5.8). */
static const char *double_tap(struct injector *in, const char *id)
{
    int x = 0, y = 0;
    pause_ms(in->last_touch_ms + APART_MS - kit_now_ms()); /* what the last touch moved has moved */
    const char *failure = await(in, LOOK_ID, id, &x, &y);
    if (failure == NULL)
        failure = touch(in, x, y);
    if (failure != NULL)
        return failure;
    pause_ms(60);
    in->last_touch_ms = 0;
    return touch(in, x, y);
}

/* ---- keypad, scanner, headset -------------------------------------------------------------------- */

static bool press_key(int fd, uint16_t code, int64_t hold_ms)
{
    bool pressed = put_to(fd, EV_KEY, code, 1) && put_to(fd, EV_SYN, SYN_REPORT, 0);
    pause_ms(hold_ms);
    return pressed && put_to(fd, EV_KEY, code, 0) && put_to(fd, EV_SYN, SYN_REPORT, 0);
}

static int key_code(const char *name)
{
    static const struct {
        const char *name;
        int code;
    } keys[] = {{"previous", KEY_UP},
                {"next", KEY_DOWN},
                {"select", KEY_ENTER},
                {"repeat", KEY_F1},
                {"back", KEY_BACKSPACE}};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (strcmp(keys[i].name, name) == 0)
            return keys[i].code;
    return libevdev_event_code_from_name(EV_KEY, name);
}

static const char *strike(struct injector *in, const char *name, bool patient)
{
    int code = key_code(name);
    if (code < 0)
        return "no such key";
    if (in->gadget_fd[KEYPAD] < 0)
        return "the keypad is not plugged in";
    if (patient && code == in->last_key)
        pause_ms(in->last_key_ms + APART_MS - kit_now_ms());
    in->last_key = (uint16_t)code;
    in->last_key_ms = kit_now_ms();
    return press_key(in->gadget_fd[KEYPAD], (uint16_t)code, STRIKE_MS)
               ? NULL
               : "the keypad does not take events";
}

/* The key of a US keyboard that types it, which is how scanners leave the factory. */
static int key_of_letter(char letter, bool *shift)
{
    static const char plain[] = "`-=[]\\;',./ ", shifted[] = "~_+{}|:\"<>?",
                      digits[] = ")!@#$%^&*(";
    static const uint16_t signs[] = {KEY_GRAVE,      KEY_MINUS,     KEY_EQUAL,     KEY_LEFTBRACE,
                                     KEY_RIGHTBRACE, KEY_BACKSLASH, KEY_SEMICOLON, KEY_APOSTROPHE,
                                     KEY_COMMA,      KEY_DOT,       KEY_SLASH,     KEY_SPACE};
    char name[] = "KEY_?";
    const char *at;
    *shift = letter >= 'A' && letter <= 'Z';
    if (*shift || (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9')) {
        name[4] = (char)(letter >= 'a' ? letter - 'a' + 'A' : letter);
        return libevdev_event_code_from_name(EV_KEY, name);
    }
    if ((at = strchr(plain, letter)) != NULL)
        return signs[at - plain];
    *shift = true;
    if ((at = strchr(shifted, letter)) != NULL)
        return signs[at - shifted];
    if ((at = strchr(digits, letter)) == NULL)
        return -1;
    name[4] = (char)('0' + (at - digits));
    return libevdev_event_code_from_name(EV_KEY, name);
}

static const char *scan(struct injector *in, const char *text)
{
    int fd = in->gadget_fd[SCANNER];
    if (fd < 0)
        return "the scanner is not plugged in";
    for (int letters = 1; *text != '\0'; text++, letters++) {
        bool shift = false;
        int code = key_of_letter(*text, &shift);
        if (code < 0)
            return "no key types that";
        bool typed =
            (!shift || put_to(fd, EV_KEY, KEY_LEFTSHIFT, 1)) && press_key(fd, (uint16_t)code, 0) &&
            (!shift || (put_to(fd, EV_KEY, KEY_LEFTSHIFT, 0) && put_to(fd, EV_SYN, SYN_REPORT, 0)));
        if (!typed)
            return "the scanner does not take events";
        if (letters % SCAN_LETTERS == 0)
            let_it_read(in, gadgets[SCANNER].node);
    }
    return press_key(fd, KEY_ENTER, 0) ? NULL : "the scanner does not take events";
}

static const char *switch_headset(struct injector *in, const char *way)
{
    bool is_in = strcmp(way, "in") == 0;
    if (!is_in && strcmp(way, "out") != 0)
        return "headset in, or headset out";
    if (in->gadget_fd[HEADSET] < 0)
        return "the headset's socket is not plugged in";
    return put_to(in->gadget_fd[HEADSET], EV_SW, SW_HEADPHONE_INSERT, is_in) &&
                   put_to(in->gadget_fd[HEADSET], EV_SYN, SYN_REPORT, 0)
               ? NULL
               : "the headset's socket does not take events";
}

static int find_gadget(const char *name)
{
    for (int i = 0; i < GADGETS; i++)
        if (strcmp(gadgets[i].name, name) == 0)
            return i;
    return -1;
}

static bool plug_gadget(struct injector *in, int which)
{
    GError *error = NULL;
    char folder[PATH_BYTES], path[PATH_BYTES + 64];
    snprintf(folder, sizeof folder, "%s", in->device);
    const char *beside = dirname(folder);
    snprintf(path, sizeof path, "%s/devices/%s.umockdev", beside, gadgets[which].name);
    bool added = umockdev_testbed_add_from_file(in->testbed, path, &error);
    snprintf(path, sizeof path, "%s/devices/%s.ioctl", beside, gadgets[which].name);
    if (!added || !umockdev_testbed_load_ioctl(in->testbed, gadgets[which].node, path, &error)) {
        fprintf(stderr, "touch-injector: %s\n", error->message);
        return false;
    }
    in->gadget_fd[which] = umockdev_testbed_get_dev_fd(in->testbed, gadgets[which].node);
    return in->gadget_fd[which] >= 0;
}

static const char *plug(struct injector *in, const char *name)
{
    int which = find_gadget(name);
    if (which < 0)
        return "no such device";
    if (in->wanted[which])
        return "it was plugged in once already";
    in->wanted[which] = true;
    return plug_gadget(in, which) ? NULL : "it cannot be plugged in";
}

static const char *unplug(struct injector *in, const char *name)
{
    char node[LINE_BYTES];
    int which = find_gadget(name);
    if (which < 0 && name[0] != '\0' && strcmp(name, "touchscreen") != 0)
        return "no such device";
    gchar *root = umockdev_testbed_get_root_dir(in->testbed);
    snprintf(node, sizeof node, "%s%s", root, which < 0 ? in->node : gadgets[which].node);
    g_free(root);
    if (which < 0)
        in->plugged = false;
    else
        in->gadget_fd[which] = -1;
    return unlink(node) == 0 ? NULL : strerror(errno);
}

/* ---- a thousand random things a second ---------------------------------------------------------- */

static uint32_t draw(struct injector *in, uint32_t below)
{
    in->random = in->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((in->random >> 33) % below);
}

/* A frame of a finger: comes, moves, lifts, or turns into a palm; on one of five slots. */
static void random_finger(struct injector *in)
{
    int slot = (int)draw(in, 5);
    put_to(in->fd, EV_ABS, ABS_MT_SLOT, slot);
    if (draw(in, 3) == 0)
        put_to(in->fd, EV_ABS, ABS_MT_TRACKING_ID, -1);
    else if (draw(in, 2) == 0)
        put_to(in->fd, EV_ABS, ABS_MT_TRACKING_ID, (int32_t)draw(in, 65536));
    put_to(in->fd, EV_ABS, ABS_MT_POSITION_X, (int32_t)draw(in, AXIS_MOST + 1));
    put_to(in->fd, EV_ABS, ABS_MT_POSITION_Y, (int32_t)draw(in, AXIS_MOST + 1));
    put_to(in->fd, EV_SYN, draw(in, 200) == 0 ? SYN_DROPPED : SYN_REPORT, 0);
}

static void tap_raw(struct injector *in, int32_t x, int32_t y)
{
    put_to(in->fd, EV_ABS, ABS_MT_SLOT, 0);
    put_to(in->fd, EV_ABS, ABS_MT_TRACKING_ID, (int32_t)draw(in, 65536));
    put_to(in->fd, EV_ABS, ABS_MT_POSITION_X, x);
    put_to(in->fd, EV_ABS, ABS_MT_POSITION_Y, y);
    put_to(in->fd, EV_SYN, SYN_REPORT, 0);
    put_to(in->fd, EV_ABS, ABS_MT_TRACKING_ID, -1);
    put_to(in->fd, EV_SYN, SYN_REPORT, 0);
}

static void random_key(struct injector *in)
{
    static const uint16_t known[] = {KEY_UP,        KEY_DOWN, KEY_ENTER, KEY_F1,
                                     KEY_BACKSPACE, KEY_F15,  KEY_F16};
    uint32_t which = draw(in, 10);
    uint16_t code = which < 7 ? known[which] : (uint16_t)(1 + draw(in, 200));
    if (in->gadget_fd[KEYPAD] >= 0)
        press_key(in->gadget_fd[KEYPAD], code, 0);
}

static void random_letter(struct injector *in)
{
    int fd = in->gadget_fd[SCANNER];
    if (fd < 0)
        return;
    uint32_t which = draw(in, 12);
    if (which == 0)
        put_to(fd, EV_KEY, KEY_LEFTSHIFT, (int32_t)draw(in, 2));
    press_key(fd, which == 1 ? KEY_ENTER : (uint16_t)(1 + draw(in, which < 10 ? 54 : 200)), 0);
}

static void random_switch(struct injector *in)
{
    if (in->gadget_fd[HEADSET] < 0)
        return;
    put_to(in->gadget_fd[HEADSET], EV_SW, SW_HEADPHONE_INSERT, (int32_t)draw(in, 2));
    put_to(in->gadget_fd[HEADSET], EV_SYN, SYN_REPORT, 0);
}

/* A button of the page, so that pages are got through as well; not always the way back. */
static void random_button(struct injector *in)
{
    json_t *frame = read_frame(in);
    json_t *elements = json_object_get(frame, "elements");
    size_t count = json_array_size(elements);
    for (int tries = 0; count > 0 && tries < 100; tries++) {
        const json_t *element = json_array_get(elements, draw(in, (uint32_t)count));
        const char *role = json_string_value(json_object_get(element, "role"));
        const char *id = json_string_value(json_object_get(element, "id"));
        if (role == NULL || id == NULL || strcmp(role, "button") != 0 ||
            (strcmp(id, "back") == 0 && draw(in, 5) != 0))
            continue;
        const json_t *rect = json_object_get(element, "rect");
        json_int_t x = json_integer_value(json_array_get(rect, 0)),
                   y = json_integer_value(json_array_get(rect, 1)),
                   w = json_integer_value(json_array_get(rect, 2)),
                   h = json_integer_value(json_array_get(rect, 3));
        tap_raw(in, (int32_t)((x + w / 2) * AXIS_MOST / in->width),
                (int32_t)((y + h / 2) * AXIS_MOST / in->height));
        break;
    }
    json_decref(frame);
}

/* In turns of two seconds: everything at once, and somebody who gets about while the scanner and the
 * headset go mad. */
static void play_one(struct injector *in, long played)
{
    bool visitor = played / 2000 % 2 == 1;
    uint32_t which = draw(in, 100);
    if (visitor && played % 300 == 0)
        random_button(in);
    else if (visitor || which >= 75)
        which % 50 == 0 ? random_switch(in) : random_letter(in);
    else if (which < 25)
        random_finger(in);
    else if (which < 50)
        tap_raw(in, (int32_t)draw(in, AXIS_MOST + 1), (int32_t)draw(in, AXIS_MOST + 1));
    else
        random_key(in);
}

static void let_all_read(const struct injector *in)
{
    let_it_read(in, in->node);
    for (int i = 0; i < GADGETS; i++)
        if (in->gadget_fd[i] >= 0)
            let_it_read(in, gadgets[i].node);
}

static const char *play_random(struct injector *in, const char *rest)
{
    long seconds = 0, seed = 0, played = 0;
    if (sscanf(rest, "%ld %ld", &seconds, &seed) != 2)
        return "random SECONDS SEED";
    in->random = (uint64_t)seed;
    for (int64_t began = kit_now_ms(); kit_now_ms() < began + seconds * 1000 && !stop_asked;) {
        if (played % 4 == 0)
            let_all_read(in);
        play_one(in, played);
        pause_ms(began + ++played - kit_now_ms()); /* a thousand a second on average */
        if (played % 100 == 0 && program_ended(in))
            return "the program has ended";
    }
    fprintf(stderr, "touch-injector: %ld random things were played\n", played);
    for (int slot = 1; slot < 5; slot++) {
        put_to(in->fd, EV_ABS, ABS_MT_SLOT, slot);
        put_to(in->fd, EV_ABS, ABS_MT_TRACKING_ID, -1);
        put_to(in->fd, EV_SYN, SYN_REPORT, 0);
    }
    return finger_up(in);
}

static const char *obey_gadget(struct injector *in, const char *word, const char *rest)
{
    if (strcmp(word, "key") == 0)
        return strike(in, rest, true);
    if (strcmp(word, "strike") == 0)
        return strike(in, rest, false);
    if (strcmp(word, "scan") == 0)
        return scan(in, rest);
    if (strcmp(word, "headset") == 0)
        return switch_headset(in, rest);
    if (strcmp(word, "random") == 0)
        return play_random(in, rest);
    if (strcmp(word, "plug") == 0)
        return plug(in, rest);
    if (strcmp(word, "unplug") == 0)
        return unplug(in, rest);
    return "no such command";
}

static const char *obey(struct injector *in, const char *line)
{
    char word[32] = "";
    int used = 0, x = 0, y = 0;
    sscanf(line, "%31s %n", word, &used);
    const char *rest = line + used;
    bool point = sscanf(rest, "%d %d", &x, &y) == 2;
    if (strcmp(word, "tap") == 0)
        return tap(in, rest);
    if (strcmp(word, "double-tap") == 0)
        return double_tap(in, rest);
    if (strcmp(word, "touch") == 0 && point)
        return touch(in, x, y);
    if (strcmp(word, "down") == 0 && point)
        return finger_down(in, x, y);
    if (strcmp(word, "up") == 0)
        return finger_up(in);
    if (strcmp(word, "wait-page") == 0)
        return await(in, LOOK_PAGE, rest, &x, &y);
    if (strcmp(word, "wait-text") == 0)
        return await(in, LOOK_TEXT, rest, &x, &y);
    if (strcmp(word, "drop") == 0)
        return put(in, EV_SYN, SYN_DROPPED, 0) && put(in, EV_SYN, SYN_REPORT, 0) ? NULL
                                                                                 : strerror(errno);
    if (strcmp(word, "sleep") == 0) {
        pause_ms(strtol(rest, NULL, 10));
        return NULL;
    }
    if (strcmp(word, "quit") == 0)
        return kill(in->program, SIGTERM) == 0 ? NULL : strerror(errno);
    return obey_gadget(in, word, rest);
}

static bool make_device(struct injector *in)
{
    GError *error = NULL;
    in->testbed = umockdev_testbed_new();
    if (!umockdev_testbed_add_from_file(in->testbed, in->device, &error) ||
        !umockdev_testbed_load_ioctl(in->testbed, in->node, in->ioctl, &error)) {
        fprintf(stderr, "touch-injector: %s\n", error->message);
        return false;
    }
    in->fd = umockdev_testbed_get_dev_fd(in->testbed, in->node);
    in->plugged = in->fd >= 0;
    bool all = in->plugged;
    for (int i = 0; i < GADGETS; i++) {
        in->gadget_fd[i] = -1;
        all = all && (!in->wanted[i] || plug_gadget(in, i));
    }
    return all;
}

static bool start_program(struct injector *in, char **command)
{
    in->program = fork();
    if (in->program != 0)
        return in->program > 0;
    setenv("LD_PRELOAD", "libumockdev-preload.so.0", 1); /* UMOCKDEV_DIR was set by the testbed */
    if (in->control == NULL) {                           /* our commands are not the program's */
        int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
        dup2(nothing, STDIN_FILENO);
    }
    execvp(command[0], command);
    fprintf(stderr, "touch-injector: %s: %s\n", command[0], strerror(errno));
    _exit(127);
}

static int open_commands(const struct injector *in)
{
    if (in->control == NULL)
        return STDIN_FILENO;
    if (mkfifo(in->control, 0600) != 0 && errno != EEXIST)
        return -1;
    return open(in->control, O_RDWR | O_CLOEXEC); /* both ways: never at its end */
}

static int wait_for_program(struct injector *in)
{
    int status = 0;
    while (waitpid(in->program, &status, 0) < 0 && errno == EINTR)
        continue;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Takes whole lines out of the buffer and obeys them. */
static size_t obey_lines(struct injector *in, char *buffer, size_t filled)
{
    char *at = buffer;
    for (char *end; (end = memchr(at, '\n', filled - (size_t)(at - buffer))) != NULL;
         at = end + 1) {
        *end = '\0';
        if (*at == '\0' || *at == '#')
            continue;
        const char *failure = obey(in, at);
        printf(failure == NULL ? "ok\n" : "failed: %s\n", failure);
        fflush(stdout);
    }
    size_t rest = filled - (size_t)(at - buffer);
    memmove(buffer, at, rest);
    return rest;
}

static int serve(struct injector *in, int commands)
{
    char buffer[LINE_BYTES];
    size_t filled = 0;
    bool passed_on = false;
    while (!program_ended(in)) {
        struct pollfd fd = {.fd = commands, .events = POLLIN};
        poll(&fd, 1, 100);
        if (stop_asked && !passed_on) {
            kill(in->program, SIGTERM);
            passed_on = true;
        }
        if (fd.revents == 0)
            continue;
        ssize_t got = read(commands, buffer + filled, sizeof buffer - filled);
        if (got <= 0 || filled + (size_t)got == sizeof buffer)
            commands = -1; /* the end, or no line at all: poll ignores it from now on */
        else
            filled = obey_lines(in, buffer, filled + (size_t)got);
    }
    return wait_for_program(in);
}

static bool read_gadgets(struct injector *in, char *names)
{
    char *rest = NULL;
    for (char *name = strtok_r(names, ",", &rest); name != NULL;
         name = strtok_r(NULL, ",", &rest)) {
        int which = find_gadget(name);
        if (which < 0)
            return false;
        in->wanted[which] = true;
    }
    return true;
}

static bool read_options(struct injector *in, int argc, char **argv)
{
    static const struct option options[] = {
        {"device", required_argument, NULL, 'd'},
        {"ioctl", required_argument, NULL, 'i'},
        {"node", required_argument, NULL, 'n'},
        {"screen", required_argument, NULL, 's'},
        {"frame", required_argument, NULL, 'f'},
        {"control", required_argument, NULL, 'c'},
        {"record", required_argument, NULL, 'r'},
        {"with", required_argument, NULL, 'w'},
        {NULL, 0, NULL, 0},
    };
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 'd')
            in->device = optarg;
        else if (option == 'i')
            in->ioctl = optarg;
        else if (option == 'n')
            in->node = optarg;
        else if (option == 'f')
            in->frame = optarg;
        else if (option == 'c')
            in->control = optarg;
        else if (option == 'r')
            in->record = optarg;
        else if (option == 'w') {
            if (!read_gadgets(in, optarg))
                return false;
        } else if (option != 's' || sscanf(optarg, "%dx%d", &in->width, &in->height) != 2)
            return false;
    }
    return optind < argc && in->width > 0 && in->height > 0;
}

int main(int argc, char **argv)
{
    struct injector in = {.device = "tests/e2e/touchscreen.umockdev",
                          .ioctl = "tests/e2e/touchscreen.ioctl",
                          .node = "/dev/input/event7",
                          .width = 1080,
                          .height = 1920,
                          .began_ms = kit_now_ms()};
    if (!read_options(&in, argc, argv)) {
        fprintf(
            stderr,
            "usage: touch-injector [options] -- PROGRAM ... (see the top of touch-injector.c)\n");
        return 2;
    }
    int commands = open_commands(&in);
    if (in.record != NULL)
        in.recording = fopen(in.record, "we");
    if (commands < 0 || (in.record != NULL && in.recording == NULL)) {
        perror("touch-injector");
        return 1;
    }
    struct sigaction action = {.sa_handler = ask_stop};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    if (!make_device(&in) || !start_program(&in, argv + optind))
        return 1;
    int code = serve(&in, commands);
    if (in.recording != NULL)
        fclose(in.recording);
    g_object_unref(in.testbed);
    return code;
}
