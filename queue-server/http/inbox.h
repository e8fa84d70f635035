/* What waits for the desk: a bounded queue of jobs from many threads to one. */
#ifndef QUARTER_HTTP_INBOX_H
#define QUARTER_HTTP_INBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/desk.h"

struct inbox;

struct inbox *inbox_create(size_t capacity);
void inbox_destroy(struct inbox *inbox);

/* PROBLEM_NONE, TOO_BUSY or (closed) STOPPING. Any thread. */
enum problem_code inbox_put(struct inbox *inbox, struct desk_job *job);
void inbox_poke(struct inbox *inbox); /* ends a wait without a job */
void inbox_close(struct inbox *inbox);

struct inbox_patience {
    int64_t until_ms;  /* monotonic: wait this long for a job, a poke or the end */
    size_t gather;     /* then, if there is a job but fewer than these, ... */
    int64_t gather_ns; /* ... wait this long for more */
};

/* Takes at most `most` jobs, in the order they came; NULL: none. poked: somebody poked since the last take. false:
 * closed, and nothing is left. */
bool inbox_take(struct inbox *inbox, const struct inbox_patience *patience, size_t most,
                struct desk_job **jobs, bool *poked);

size_t inbox_count(struct inbox *inbox);
int64_t inbox_monotonic_ms(void);

#endif
