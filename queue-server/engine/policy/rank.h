/* Who comes before whom: the rules a site can choose from, as a rank of each waiting ticket by its class and by how
 * long it has waited. A smaller rank is called first; of equal ranks the ticket that was issued first. The engine, the
 * forecast and the simulator all rank by this one function, each over a structure of its own.
 *
 * What a search may rely on: of two tickets of one class the one that waits longer ranks first, except that `rescue`
 * lets those within the standard pass those who are late already. So the first of a class is either who waits longest,
 * or who waits longest among those who have waited at most standard_ms.
 *
 *   fifo        first come, first served
 *   strict      urgent, appointment, transfer, assisted, normal; first come, first served within
 *   headstart   earliest due date: leg_from + promise of the class
 *   rescue      1 past the limit, longest first; 2 within rescue_ms of the standard; 3 everybody else, the late
 *               included; 2 and 3 by due date. Guarantee: nobody is passed by somebody who came more than
 *               max(head start, limit - (standard - rescue)) later.
 *   apq         accumulating priority: it grows by standard / promise a minute (Stanford, Taylor, Ziedins 2014,
 *               "Waiting time distributions in the accumulating priority queue", Queueing Systems 77) */
#ifndef QUARTER_ENGINE_POLICY_RANK_H
#define QUARTER_ENGINE_POLICY_RANK_H

#include <stdbool.h>
#include <stdint.h>

#include "quarter/ticket.h"

enum { TICKET_CLASSES = CLASS_TRANSFER + 1 };

#define POLICY_LIST(X)                                                                             \
    X(FIFO, "fifo")                                                                                \
    X(STRICT, "strict")                                                                            \
    X(HEADSTART, "headstart")                                                                      \
    X(RESCUE, "rescue")                                                                            \
    X(APQ, "apq")

enum policy_rule {
#define X(name, code) POLICY_##name,
    POLICY_LIST(X)
#undef X
};

/* All in ms. promise: within which a class is to be called; its head start is standard - promise. */
struct policy_terms {
    enum policy_rule rule;
    int64_t standard_ms, rescue_ms, limit_ms;
    int64_t promise_ms[TICKET_CLASSES];
};

struct policy_rank {
    int32_t tier;
    int64_t order;
};

/* The booked are not called earlier than this before their time while anybody else waits. */
static const int64_t policy_early_ms = 120000;

enum {
    POLICY_TIER_PAST_LIMIT = 0, /* of rescue, like the next two */
    POLICY_TIER_AT_RISK = 1,
    POLICY_TIER_OTHERS = 2,
    POLICY_TIER_EARLY = 8, /* the tiers of those who are early come behind all others */
};

static inline int32_t policy_class_tier(enum ticket_class ticket_class)
{
    static const int8_t tiers[TICKET_CLASSES] = {[CLASS_URGENT] = 0,
                                                 [CLASS_APPOINTMENT] = 1,
                                                 [CLASS_TRANSFER] = 2,
                                                 [CLASS_ASSISTED] = 3,
                                                 [CLASS_NORMAL] = 4};
    return tiers[ticket_class];
}

static inline struct policy_rank policy_rescue_rank(const struct policy_terms *terms,
                                                    int64_t promise_ms, int64_t waited_ms)
{
    if (waited_ms > terms->limit_ms) {
        return (struct policy_rank){.tier = POLICY_TIER_PAST_LIMIT, .order = -waited_ms};
    }
    const bool at_risk =
        waited_ms >= terms->standard_ms - terms->rescue_ms && waited_ms <= terms->standard_ms;
    return (struct policy_rank){.tier = at_risk ? POLICY_TIER_AT_RISK : POLICY_TIER_OTHERS,
                                .order = promise_ms - waited_ms};
}

/* waited_ms is negative for somebody booked who came early. */
static inline struct policy_rank policy_rank(const struct policy_terms *terms,
                                             enum ticket_class ticket_class, int64_t waited_ms)
{
    struct policy_rank rank = {.tier = 0, .order = -waited_ms};
    const int64_t promise_ms = terms->promise_ms[ticket_class];
    switch (terms->rule) {
    case POLICY_FIFO: break;
    case POLICY_STRICT: rank.tier = policy_class_tier(ticket_class); break;
    case POLICY_HEADSTART: rank.order = promise_ms - waited_ms; break;
    case POLICY_RESCUE: rank = policy_rescue_rank(terms, promise_ms, waited_ms); break;
    case POLICY_APQ:
        if (waited_ms > 0) {
            /* waited * standard / promise, which for a clock that leapt would not fit. */
            rank.order = -(waited_ms / promise_ms * terms->standard_ms +
                           waited_ms % promise_ms * terms->standard_ms / promise_ms);
        }
        break;
    }
    if (waited_ms < -policy_early_ms) {
        rank.tier += POLICY_TIER_EARLY;
    }
    return rank;
}

static inline bool policy_ranks_before(struct policy_rank a, int32_t ticket_a, struct policy_rank b,
                                       int32_t ticket_b)
{
    if (a.tier != b.tier) {
        return a.tier < b.tier;
    }
    return a.order != b.order ? a.order < b.order : ticket_a < ticket_b;
}

/* Does the policy let somebody who is not the first of a class pass the first? Then a search has to look at the first
 * who has waited at most standard_ms too. */
static inline bool policy_rescues(const struct policy_terms *terms)
{
    return terms->rule == POLICY_RESCUE;
}

/* Which of several free counters an arriving ticket takes: one that speaks its language, then the most specialised,
 * then the longest idle. */
struct counter_offer {
    bool speaks;
    int services; /* how many it offers */
    int64_t idle_since_ms;
};

static inline bool policy_offer_is_better(const struct counter_offer *a,
                                          const struct counter_offer *b)
{
    if (a->speaks != b->speaks) {
        return a->speaks;
    }
    return a->services != b->services ? a->services < b->services
                                      : a->idle_since_ms < b->idle_since_ms;
}

/* rescue: D 8 min, L 30 min, promises 15, 10 (assisted), 5 (appointment), 5 (urgent), 10 (transfer) min. */
extern const struct policy_terms policy_default_terms;

const char *policy_code(enum policy_rule rule);
bool policy_from_code(const char *code, enum policy_rule *rule); /* false: no such policy */
/* By how much later somebody may have come who is called before another they share a counter with, at most; -1: without
 * bound (strict, apq). */
int64_t policy_overtaking_bound_ms(const struct policy_terms *terms);
/* NULL, or why the terms make no sense, as a sentence. */
const char *policy_terms_fault(const struct policy_terms *terms);

#endif
