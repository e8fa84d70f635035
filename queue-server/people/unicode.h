/* Texts that people type, brought to one form, so that the same name or password typed on another keyboard is the
 * same. */
#ifndef QUARTER_PEOPLE_UNICODE_H
#define QUARTER_PEOPLE_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UNICODE_TEXT_MAX = 2048 }; /* code points, decomposed */

struct unicode_text {
    uint32_t points[UNICODE_TEXT_MAX];
    size_t count;
};

/* What kind of letter it is, as far as names and passwords care. */
enum unicode_kind {
    UNICODE_LETTER, /* letters and their marks */
    UNICODE_DIGIT,
    UNICODE_SPACE,
    UNICODE_CONTROL, /* controls, unassigned, private: nothing anybody types */
    UNICODE_FORMAT,  /* invisible: joiners, changes of direction */
    UNICODE_OTHER,   /* punctuation, symbols */
};

/* False: not UTF-8 (RFC 3629), or longer than UNICODE_TEXT_MAX. */
bool unicode_read(const char *text, struct unicode_text *out);
/* False: it does not fit. */
bool unicode_write(const struct unicode_text *text, char *out, size_t size);
/* Normalization form C (Unicode Standard Annex 15). False: it grows too long. */
bool unicode_compose(struct unicode_text *text);
void unicode_lower(struct unicode_text *text);
enum unicode_kind unicode_kind(uint32_t point);

#endif
