/* Keys to meanings; see keymap.h. */
#include "input/keymap.h"

#include <libevdev/libevdev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Arrow keys are on every keypad that ends in a HID keyboard's set of keys; F15 and F16 are what a
 * Storm AudioNav sends for its socket, and on no keyboard of today. */
static const struct {
    uint16_t code;
    enum keypad_key key;
} known[] = {
    {KEY_UP, KEYPAD_PREVIOUS},    {KEY_LEFT, KEYPAD_PREVIOUS},   {KEY_DOWN, KEYPAD_NEXT},
    {KEY_RIGHT, KEYPAD_NEXT},     {KEY_ENTER, KEYPAD_SELECT},    {KEY_KPENTER, KEYPAD_SELECT},
    {KEY_F1, KEYPAD_REPEAT},      {KEY_BACKSPACE, KEYPAD_BACK},  {KEY_ESC, KEYPAD_BACK},
    {KEY_F15, KEYPAD_HEADSET_IN}, {KEY_F16, KEYPAD_HEADSET_OUT},
};

bool device_id_equal(struct device_id a, struct device_id b)
{
    return a.vendor == b.vendor && a.product == b.product;
}

static const struct keymap_line *find_line(const struct input_conf *conf, struct device_id device,
                                           uint16_t code)
{
    for (int i = 0; i < conf->key_count; i++)
        if (conf->keys[i].code == code && device_id_equal(conf->keys[i].device, device))
            return &conf->keys[i];
    return NULL;
}

enum keypad_key keymap_find(const struct input_conf *conf, struct device_id device, uint16_t code)
{
    const struct keymap_line *line = find_line(conf, device, code);
    if (line == NULL)
        line = find_line(conf, (struct device_id){0, 0}, code);
    if (line != NULL)
        return line->key;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i].code == code)
            return known[i].key;
    return KEYPAD_NONE;
}

bool keymap_names(const struct input_conf *conf, struct device_id device)
{
    for (int i = 0; i < conf->key_count; i++)
        if (device_id_equal(conf->keys[i].device, device))
            return true;
    return false;
}

bool keymap_set(struct input_conf *conf, struct device_id device, uint16_t code,
                enum keypad_key key)
{
    for (int i = 0; i < conf->key_count; i++)
        if (conf->keys[i].code == code && device_id_equal(conf->keys[i].device, device)) {
            conf->keys[i].key = key;
            return true;
        }
    if (conf->key_count == INPUT_CONF_KEYS_MAX)
        return false;
    conf->keys[conf->key_count++] = (struct keymap_line){device, code, key};
    return true;
}

void keymap_forget(struct input_conf *conf, struct device_id device)
{
    int kept = 0;
    for (int i = 0; i < conf->key_count; i++)
        if (!device_id_equal(conf->keys[i].device, device))
            conf->keys[kept++] = conf->keys[i];
    conf->key_count = kept;
}

bool conf_names_scanner(const struct input_conf *conf, struct device_id device)
{
    for (int i = 0; i < conf->scanner_count; i++)
        if (device_id_equal(conf->scanners[i], device))
            return true;
    return false;
}

bool conf_add_scanner(struct input_conf *conf, struct device_id device)
{
    if (conf_names_scanner(conf, device))
        return true;
    if (conf->scanner_count == INPUT_CONF_SCANNERS_MAX)
        return false;
    conf->scanners[conf->scanner_count++] = device;
    return true;
}

void keymap_code_name(uint16_t code, char name[KEYMAP_NAME_BYTES])
{
    const char *known_as = libevdev_event_code_get_name(EV_KEY, code);
    if (known_as != NULL)
        snprintf(name, KEYMAP_NAME_BYTES, "%s", known_as);
    else
        snprintf(name, KEYMAP_NAME_BYTES, "%u", (unsigned)code);
}

bool keymap_code_from_name(const char *name, uint16_t *code)
{
    int found = libevdev_event_code_from_name(EV_KEY, name);
    if (found < 0 && name[0] != '\0' && name[strspn(name, "0123456789")] == '\0' &&
        strlen(name) <= 4)
        found = (int)strtol(name, NULL, 10);
    if (found <= 0 || found > KEY_MAX)
        return false;
    *code = (uint16_t)found;
    return true;
}
