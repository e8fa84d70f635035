/* What a key of a keypad means: by the configuration's line for this very device, then by its line for
 * any, then by what the key means on the keypads we know. Pure. */
#ifndef QUARTER_KIOSK_KEYMAP_H
#define QUARTER_KIOSK_KEYMAP_H

#include "input/input_conf.h"

enum { KEYMAP_NAME_BYTES = 32 };

/* KEYPAD_NONE: nothing, to this kiosk. */
enum keypad_key keymap_find(const struct input_conf *conf, struct device_id device, uint16_t code);
/* Whether a line is for this very device. */
bool keymap_names(const struct input_conf *conf, struct device_id device);
/* Sets or replaces the device's line. False: the configuration is full. */
bool keymap_set(struct input_conf *conf, struct device_id device, uint16_t code,
                enum keypad_key key);
/* Removes the device's own lines. */
void keymap_forget(struct input_conf *conf, struct device_id device);

bool device_id_equal(struct device_id a, struct device_id b);
bool conf_names_scanner(const struct input_conf *conf, struct device_id device);
/* False: too many already. */
bool conf_add_scanner(struct input_conf *conf, struct device_id device);

/* "KEY_F1"; a key without a name is its number. */
void keymap_code_name(uint16_t code, char name[KEYMAP_NAME_BYTES]);
bool keymap_code_from_name(const char *name, uint16_t *code);

#endif
