/* What visitors touch, press, scan and plug in: everything under /dev/input, on a thread of its own.
 * Devices are found at start and when they are plugged in, let go when they are pulled out, also in the
 * middle of a touch. No udev: inotify tells of new nodes, and a slow look round finds what it cannot.
 *
 * A device is a touchscreen, a scanner (named by vendor:product in the configuration), a keypad (a HID
 * keyboard with a key that means something) or a headset's switch. All but switches are grabbed, so that
 * nothing else takes a visitor's input for its own.
 *
 * Threads: everything belongs to one thread (the main one); `wake` is called on the input thread. */
#ifndef QUARTER_KIOSK_INPUT_H
#define QUARTER_KIOSK_INPUT_H

#include "input/input_conf.h"
#include "input/keypad.h"
#include "input/touch_decoder.h"
#include "quarter/status.h"

enum { INPUT_SCAN_BYTES = 64, INPUT_KEY_NAME_BYTES = 32, INPUT_DEVICE_NAME_BYTES = 64 };

struct input;

struct input_options {
    const char *touch; /* this touchscreen only, waited for when it is missing; NULL: every one */
    struct input_conf conf;
    int width_px, height_px;
    bool no_keyboards;           /* a desktop's own keyboard stays the desktop's: only keypads and
                                    scanners that the configuration names are taken */
    void (*wake)(void *context); /* something waits; may be NULL */
    void *wake_context;
};

enum input_event_kind {
    INPUT_EVENT_TOUCH, /* touch */
    INPUT_EVENT_KEY,   /* key: previous, next, select, repeat or back, once a strike that counts */
    INPUT_EVENT_SCAN,  /* scan */
    INPUT_EVENT_HEADSET, /* headset_in; also right at start when it is in */
    INPUT_EVENT_LEARN,   /* learn; only in a learning mode, and then instead of KEY and SCAN */
    INPUT_EVENT_DEVICES, /* devices: the counts changed */
};

struct input_scan {
    bool unreadable; /* rubbish, too long, or broken off: ask to scan again. text is "" then */
    char text[INPUT_SCAN_BYTES + 1]; /* printable ASCII, never empty */
};

/* A key of some keyboard, or with LEARN_SCANNER a burst as only a scanner types it. */
struct input_learn {
    struct device_id device;
    char device_name[INPUT_DEVICE_NAME_BYTES]; /* as the device calls itself, printable */
    uint16_t code;                             /* KEY_...; 0: a burst */
    char key_name[INPUT_KEY_NAME_BYTES];       /* "KEY_F1" */
    char text[INPUT_SCAN_BYTES + 1];           /* of a burst */
};

struct input_devices {
    int touchscreens, keypads, scanners, headsets;
};

struct input_message {
    enum input_event_kind kind;
    int64_t at_ms; /* monotonic: when the visitor did it */
    union {
        struct touch_event touch;
        enum keypad_key key;
        struct input_scan scan;
        bool headset_in;
        struct input_learn learn;
        struct input_devices devices;
    };
};

enum input_mode { INPUT_FOR_VISITORS, INPUT_LEARN_KEYS, INPUT_LEARN_SCANNER };

/* Strings are copied. STATUS_UNAVAILABLE: no thread or no file descriptors. Missing devices are no
 * failure. */
enum status input_create(const struct input_options *options, struct input **out);
void input_destroy(struct input *input); /* joins the thread; NULL is fine */
/* The next thing that happened, in order; false: nothing waits. Who does not listen loses events, but
 * never gets half a touch, and always hears how headset and devices stand now. */
bool input_poll(struct input *input, struct input_message *message);
/* Taken at once, for the devices that are attached too. */
void input_configure(struct input *input, const struct input_conf *conf);
void input_set_mode(struct input *input, enum input_mode mode);
/* What was scanned is overwritten, here and soon after in the devices; what waits to be polled stays. */
void input_forget(struct input *input);
struct input_devices input_devices(struct input *input); /* attached now */

#endif
