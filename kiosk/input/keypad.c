/* The keys of a keypad; see keypad.h. */
#include "input/keypad.h"

#include <string.h>

static const char *const names[KEYPAD_KEYS] = {
#define X(name, code) code,
    KEYPAD_KEY_LIST(X)
#undef X
};

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
