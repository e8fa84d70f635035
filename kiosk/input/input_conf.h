/* What a kiosk knows about its own input devices: DIR/input.conf, written by the setup pages and made
 * for editing. One line each; '#' starts a comment:
 *
 *   calibration 1 0 0 0 1 0              touch to screen, as libinput's matrix
 *   scanner 0c2e:0b61                    vendor:product, as lsusb tells
 *   keymap 2047:0977 KEY_F1 = next       previous next select repeat back headset-in headset-out none
 *   keymap *:* KEY_TAB = next            any keypad that has no line of its own for this key
 *
 * What no line names means what it does on the keypads we know; see keymap.h. */
#ifndef QUARTER_KIOSK_INPUT_CONF_H
#define QUARTER_KIOSK_INPUT_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "input/calibration.h"
#include "input/keypad.h"
#include "quarter/status.h"

enum {
    INPUT_CONF_KEYS_MAX = 64,
    INPUT_CONF_SCANNERS_MAX = 8,
    INPUT_CONF_BYTES = 16384,
    INPUT_CONF_ERROR_BYTES = 256,
};

struct device_id {
    uint16_t vendor, product; /* both 0: any device */
};

struct keymap_line {
    struct device_id device;
    uint16_t code; /* KEY_... of linux/input-event-codes.h */
    enum keypad_key key;
};

struct input_conf {
    bool calibrated; /* else calibration is none of the file's business */
    struct calibration calibration;
    struct device_id scanners[INPUT_CONF_SCANNERS_MAX];
    int scanner_count;
    struct keymap_line keys[INPUT_CONF_KEYS_MAX];
    int key_count;
};

struct input_conf input_conf_default(void);

/* What the command line says over the file: it counts, but is never written into the file. */
struct input_given {
    bool calibrated;
    struct calibration calibration;
    struct device_id scanners[INPUT_CONF_SCANNERS_MAX];
    int scanner_count;
};

/* What counts: the file's, and what was given. False: there is no room for all scanners. */
bool input_conf_give(struct input_conf *conf, const struct input_given *given);
/* What is to be kept of `now`, which began as `file` and what was given. */
struct input_conf input_conf_keep(const struct input_conf *now, const struct input_given *given,
                                  const struct input_conf *file);

/* STATUS_INVALID: some line is wrong and left out, the others are taken; error says what is wrong with
 * the first such line: "line 3: no key is called KEY_FI". */
enum status input_conf_parse(const char *text, size_t length, struct input_conf *conf,
                             char error[INPUT_CONF_ERROR_BYTES]);
/* As it is parsed; returns the length. INPUT_CONF_BYTES hold every configuration. */
size_t input_conf_print(const struct input_conf *conf, char text[INPUT_CONF_BYTES]);
/* "0c2e:0b61" */
bool device_id_parse(const char *text, struct device_id *device);

/* DIR/input.conf. Load: a missing file is the default and STATUS_OK; STATUS_INVALID as above;
 * STATUS_UNAVAILABLE: it cannot be read. Save: all or nothing, also if the power goes; makes the folder
 * if only that is missing. STATUS_UNAVAILABLE: error says why. */
enum status input_conf_load(const char *folder, struct input_conf *conf,
                            char error[INPUT_CONF_ERROR_BYTES]);
enum status input_conf_save(const char *folder, const struct input_conf *conf,
                            char error[INPUT_CONF_ERROR_BYTES]);

#endif
