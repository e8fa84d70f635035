/* The keys of a visitor's keypad (Storm AudioNav, EZ Access, or arrow keys): what they mean, and which
 * strikes count. Pure.
 *
 * Key repeat is off, and the same key again within half a second is a trembling hand, not a wish
 * (EN 301 549, 5.7 and 5.8): counted from the last strike that was taken. */
#ifndef QUARTER_KIOSK_KEYPAD_H
#define QUARTER_KIOSK_KEYPAD_H

#include <stdbool.h>
#include <stdint.h>

#define KEYPAD_KEY_LIST(X)                                                                         \
    X(NONE, "none")                                                                                \
    X(PREVIOUS, "previous")                                                                        \
    X(NEXT, "next")                                                                                \
    X(SELECT, "select")                                                                            \
    X(REPEAT, "repeat")                                                                            \
    X(BACK, "back")                                                                                \
    X(HEADSET_IN, "headset-in") /* a keypad's own socket; told as INPUT_EVENT_HEADSET */           \
    X(HEADSET_OUT, "headset-out")

enum keypad_key {
#define X(name, code) KEYPAD_##name,
    KEYPAD_KEY_LIST(X)
#undef X
        KEYPAD_KEYS
};

enum {
    KEYPAD_DOUBLE_MS = 500,
    /* A key that means nothing, and one that does this soon after it: nobody's finger, but a scanner
     * that nobody named. Its Enter must not choose for the visitor. */
    KEYPAD_TYPING_MS = 100,
};

/* All zero: nothing was struck yet. */
struct keypad {
    bool struck, typed;
    uint16_t code; /* of the last strike that was taken */
    int64_t struck_ms, typed_ms;
};

/* One EV_KEY event of a key that means `key`; whether it is a strike that counts. */
bool keypad_feed(struct keypad *keypad, uint16_t code, int32_t value, enum keypad_key key,
                 int64_t at_ms);

const char *keypad_key_name(enum keypad_key key);
bool keypad_key_from_name(const char *name, enum keypad_key *key);

#endif
