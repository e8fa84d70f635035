/* Which waiting ticket a free counter takes. A policy is a table of pure functions over the lines;
 * it keeps no state of its own, so that another can be chosen while people wait. Each line is
 * ordered by leg_from, so a rule that reorders by time (about to miss the promise, past the limit)
 * finds its threshold with line_before(). */
#ifndef QUARTER_ENGINE_POLICY_POLICY_H
#define QUARTER_ENGINE_POLICY_POLICY_H

#include "engine/event.h"
#include "engine/policy/lines.h"

struct policy_choice {
    int32_t ticket;
    enum call_reason reason;
    int32_t waited_s, waiting; /* how long it waited; how many the counter could have called */
};

struct policy {
    const char *name; /* as site.yaml says it */
    /* For a counter that offers these services (bits); false: nobody it can serve waits. */
    bool (*choose)(const struct lines *lines, uint64_t services, int64_t now_ms,
                   struct policy_choice *choice);
    /* < 0: a counter that offers both would call a first. A strict order. */
    int (*compare)(const struct waiter *a, const struct waiter *b, int64_t now_ms);
    /* How many of those who wait for these services, or for the waiter's own, come before it. */
    int (*ahead)(const struct lines *lines, uint64_t services, const struct waiter *waiter,
                 int64_t now_ms);
    /* The first `max` tickets of all lines in the order of compare(); returns how many it wrote. */
    size_t (*order)(const struct lines *lines, int64_t now_ms, int32_t *tickets, size_t max);
};

extern const struct policy policy_fifo;

/* NULL: none of that name; "" is the first of all, fifo. */
const struct policy *policy_find(const char *name);

#endif
