/* The keys of a keypad; see keypad.h. */
#include "input/keypad.h"

#include <string.h>

static const char *const names[KEYPAD_KEYS] = {
#define X(name, code) code,
    KEYPAD_KEY_LIST(X)
#undef X
};

bool keypad_feed(struct keypad *keypad, uint16_t code, int32_t value, enum keypad_key key,
                 int64_t at_ms)
{
    if (value != 1) /* a release, or the kernel's repeat */
        return false;
    bool typing = keypad->typed && at_ms - keypad->typed_ms <= KEYPAD_TYPING_MS;
    if (key == KEYPAD_NONE || typing) {
        keypad->typed = true;
        keypad->typed_ms = at_ms;
        return false;
    }
    if (keypad->struck && code == keypad->code && at_ms - keypad->struck_ms <= KEYPAD_DOUBLE_MS)
        return false;
    keypad->struck = true;
    keypad->code = code;
    keypad->struck_ms = at_ms;
    return true;
}

const char *keypad_key_name(enum keypad_key key)
{
    return names[key];
}

bool keypad_key_from_name(const char *name, enum keypad_key *key)
{
    for (int i = 0; i < KEYPAD_KEYS; i++)
        if (strcmp(names[i], name) == 0) {
            *key = (enum keypad_key)i;
            return true;
        }
    return false;
}
