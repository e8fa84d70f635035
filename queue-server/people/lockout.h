/* How long a sign-in has to wait after wrong tries: by name and by address (the rules stand at people_submit()).
 * Pure: no clock, no thread, nothing on disk; a start forgives, as slowly as somebody who cannot restart the server
 * could guess.
 *
 * Names and addresses are kept as fingerprints in tables of a fixed size, whether somebody has that name or not:
 * neither an answer nor what a flood pushes out of the table tells which names exist. Pushing one entry out takes
 * thousands of wrong tries. */
#ifndef QUARTER_PEOPLE_LOCKOUT_H
#define QUARTER_PEOPLE_LOCKOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "people/address.h"

enum {
    LOCKOUT_FREE_TRIES = 5, /* this one is the first to be waited for */
    LOCKOUT_WAIT_MAX_MS = 60000,
    LOCKOUT_FORGET_MS = 24 * 3600 * 1000, /* since the last wrong try of a name */
    LOCKOUT_ADDRESS_TRIES = 30,
    LOCKOUT_ADDRESS_REFILL_MS = 2000,
};

struct lockout;

struct lockout *lockout_create(void);
void lockout_destroy(struct lockout *lockout);

/* 0: may try. NULL, name or address: none to mind. */
int64_t lockout_wait_ms(const struct lockout *lockout, const char *name,
                        const struct address *address, int64_t now_ms);
void lockout_note_wrong(struct lockout *lockout, const char *name, const struct address *address,
                        int64_t now_ms);
/* The name's wrong tries are forgiven; the address's are not, or a colleague's own password would buy more guesses. From
 * now on the name's wrong tries from this address are counted apart from all others', so that a stranger who goes on
 * guessing keeps nobody out who signs in from where they did before. */
void lockout_note_right(struct lockout *lockout, const char *name, const struct address *address,
                        int64_t now_ms);

#endif
