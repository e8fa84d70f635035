/* The on-screen keyboards as data: for each language its own letters, Latin letters where those differ, and figures.
 *
 * Latin letters stand as on a typewriter, which telephones have made familiar; every other script stands in the order
 * of its alphabet, which everybody learned at school. A key is one Unicode code point. In the scripts of India one row
 * changes with what stands before: letters for vowels at the start of a syllable, signs for them behind a consonant, so
 * that a syllable needs no second keyboard. */
#ifndef QUARTER_KIOSK_KEYBOARDS_H
#define QUARTER_KIOSK_KEYBOARDS_H

#include <stdbool.h>
#include <stdint.h>

enum { KEYBOARD_ROWS_MAX = 4, KEYBOARD_ROW_KEYS_MAX = 12, KEYBOARD_EXTRA_MAX = 2 };

struct keyboard {
    const char *sign;     /* on the key that leads to it: "ABC" */
    const char *language; /* whose fonts and direction its letters take */
    int rows;
    const char *row[KEYBOARD_ROWS_MAX]; /* UTF-8, a letter a key */
    const char *signs;                  /* row 0 behind a consonant; NULL: does not change */
    const char *extra;                  /* beside the space bar; "" for none */
};

/* How many keyboards a language has: at least two. An unknown language gets Latin letters. */
int keyboards_count(const char *language);
/* index is taken modulo their count. */
const struct keyboard *keyboards_get(const char *language, int index);

/* The keys of a row, from its start side, with `typed` before the cursor; row == rows: the extra ones. Returns how many. */
int keyboard_keys(const struct keyboard *keyboard, int row, const char *typed,
                  uint32_t keys[KEYBOARD_ROW_KEYS_MAX]);

/* What stands on a key, as UTF-8: the letter; a sign that joins a letter hangs on a dotted circle. */
enum { KEYBOARD_LABEL_BYTES = 9 };
const char *keyboard_label(uint32_t key, char label[KEYBOARD_LABEL_BYTES]);

#endif
