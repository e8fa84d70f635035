/* Codes that people read off one screen and type at another: base 32 (RFC 4648 section 6), which has no 0, 1 and 8
 * to take for O, I and B. */
#ifndef QUARTER_PEOPLE_BASE32_H
#define QUARTER_PEOPLE_BASE32_H

#include <stdbool.h>
#include <stddef.h>

/* The first count * 5 bits, high bit first; text has room for count letters and the NUL. */
void base32_write(const unsigned char *bytes, size_t count, char *text);
/* What was typed, without spaces and hyphens, in capitals, 0, 1 and 8 taken for the letters they are mistaken for.
 * False: it is not count letters of the alphabet. text has room for count letters and the NUL. */
bool base32_read_typed(const char *typed, size_t count, char *text);

#endif
