/* Universally unique, sortable identifiers (https://github.com/ulid/spec): 48 bits of time in ms
 * and 80 random bits, in 26 letters of Crockford's base 32. */
#ifndef QUARTER_STORE_ULID_H
#define QUARTER_STORE_ULID_H

#include <stdbool.h>
#include <stdint.h>

#include "quarter/limits.h"

/* From the operating system's randomness alone: two of the same millisecond have no order, and
 * neither tells the other, which is what a ticket's id needs. Any thread. */
void ulid_make(int64_t at_ms, char out[QUARTER_ULID_LEN + 1]);

/* A row of identifiers that never runs backwards, as the journal's: within one millisecond, and
 * when at_ms runs backwards, the next is the last plus one. Starts as {0}; owned by one thread. */
struct ulid_source {
    int64_t last_ms;
    unsigned char random[10];
};
void ulid_next(struct ulid_source *source, int64_t at_ms, char out[QUARTER_ULID_LEN + 1]);
/* Goes on after an identifier that was made before; false: that is none. */
bool ulid_resume(struct ulid_source *source, const char *last);

#endif
