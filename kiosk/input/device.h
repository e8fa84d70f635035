/* One node under /dev/input on the input thread: what it is, and its events as what a visitor did.
 * Whatever goes wrong with it means: let go of its finger, close it, look round again. */
#ifndef QUARTER_KIOSK_DEVICE_H
#define QUARTER_KIOSK_DEVICE_H

#include "input/input.h"
#include "input/scanner.h"

enum { DEVICE_PATH_BYTES = 288 };

struct libevdev;

enum device_role {
    DEVICE_NONE, /* nothing to a kiosk: a power button, a mouse */
    DEVICE_TOUCHSCREEN,
    DEVICE_SCANNER,
    DEVICE_KEYPAD,
    DEVICE_HEADSET,
};

/* Why a device is what it is. */
struct device_setting {
    const struct input_options *options; /* conf and all */
    enum input_mode mode;
    const char *only_touch; /* this touchscreen alone; NULL: every one */
};

struct device {
    char path[DEVICE_PATH_BYTES];
    int fd;
    struct libevdev *evdev;
    struct device_id id;
    enum device_role role;
    bool stamps; /* its events carry CLOCK_MONOTONIC */
    bool grabbed;
    bool resyncing;
    bool more;       /* it had more to tell than its turn took */
    bool headset_in; /* its switch says so, or its key did */
    struct touch_decoder touch;
    struct keypad keypad;
    struct scanner scanner;
};

/* Where a device's news goes; called on the input thread. */
struct device_sink {
    void (*take)(void *context, const struct input_message *message);
    void *context;
};

/* False: it cannot be opened now, or is nothing to a kiosk. */
bool device_open(struct device *device, const char *path, const struct device_setting *setting);
void device_close(struct device *device,
                  const struct device_sink *sink); /* lets go of its finger */

/* Another configuration or mode: takes the calibration, and whatever it is from now on. False: nothing
 * any more; close it. */
bool device_adapt(struct device *device, const struct device_setting *setting,
                  const struct device_sink *sink);

/* Its turn: until nothing is left to read (0), or much was (0, and `more`: a device that floods must not
 * silence the others), or the device errs (its errno). */
int device_read(struct device *device, const struct device_setting *setting,
                const struct device_sink *sink);
/* Time has passed without events. */
void device_tick(struct device *device, const struct device_setting *setting, int64_t now_ms,
                 const struct device_sink *sink);
void device_forget(struct device *device); /* what was scanned, unless a burst is going on */
int64_t
device_due_ms(const struct device *device); /* when a tick will change something, or INT64_MAX */

const char *device_role_name(enum device_role role);
int64_t device_now_ms(void); /* monotonic */

#endif
