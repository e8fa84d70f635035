/* Whom a free counter calls, who stands before whom, and why: over the lines, by the one rank of rank.h. No state of its
 * own, so that a site can choose another policy while people wait.
 *
 * A line is ordered by time waited, and within one class the rank follows that order but at one point: `rescue` lets
 * those within the standard pass those who are late. So each line falls into two runs in which the rank never falls;
 * a decision looks at the first of each, a place is counted in each by bisection: O(lines log n). */
#ifndef QUARTER_ENGINE_POLICY_POLICY_H
#define QUARTER_ENGINE_POLICY_POLICY_H

#include "engine/event.h"
#include "engine/needs.h"
#include "engine/policy/lines.h"
#include "engine/policy/rank.h"

/* By what it is decided. Borrowed. */
struct policy_view {
    const struct lines *lines;
    const struct policy_terms *terms;
    const struct need_terms *needs;
    int64_t now_ms;
};

/* What a counter can do. `taken` are passed over: given to other counters in the same decision. */
struct policy_desk {
    uint64_t services; /* bits */
    uint32_t needs;    /* bits: it meets */
    int32_t only;      /* counter + 1, whom others sent there; 0: nobody was */
    const struct waiter *taken;
    int taken_count;
};

struct policy_choice {
    struct waiter waiter;
    struct policy_rank rank;
    enum call_reason reason;
    int waiting; /* how many the counter could have called */
};

/* How long such a ticket must have waited before the counter may call it: INT64_MIN: at once, needs_never: not there, or
 * not yet. Who was sent to a counter is called there whatever it offers, and nowhere else. */
static inline int64_t policy_callable_after_ms(const struct policy_view *view,
                                               const struct policy_desk *desk,
                                               const struct waiter *waiter)
{
    if (waiter->held_until_ms > view->now_ms) {
        return needs_never;
    }
    if (waiter->only != 0) {
        return waiter->only == desk->only ? INT64_MIN : needs_never;
    }
    const bool offers =
        waiter->service < QUARTER_SERVICES_MAX && (desk->services >> waiter->service & 1) != 0;
    return offers ? needs_callable_after_ms(view->needs, waiter->needs, desk->needs) : needs_never;
}

/* false: nobody waits whom it may call. */
bool policy_choose(const struct policy_view *view, const struct policy_desk *desk,
                   struct policy_choice *choice);
/* How many it may call. */
int policy_count(const struct policy_view *view, const struct policy_desk *desk);
/* A counter that may call both calls a first. A strict order. */
bool policy_comes_before(const struct policy_view *view, const struct waiter *a,
                         const struct waiter *b);

/* Which counters could serve whom, as bits. */
struct policy_reach {
    const uint64_t *service_counters; /* by service: which offer it */
    const uint64_t *need_counters;    /* by need: which meet it */
    int service_count;
};

/* By what it offers and by hard needs: a wish is waived some day. */
uint64_t policy_servers(const struct policy_view *view, const struct policy_reach *reach,
                        int32_t service, uint32_t needs);
/* How many of those who wait, and are not held, come before it and share a counter with it; where no counter could serve
 * it, of those who wait for the same service. It need not wait itself. */
int policy_ahead(const struct policy_view *view, const struct policy_reach *reach,
                 const struct waiter *waiter);
/* The first `max` tickets of all lines, as policy_comes_before() orders them; returns how many it wrote. */
size_t policy_order(const struct policy_view *view, int32_t *tickets, size_t max);

#endif
