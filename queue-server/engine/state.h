/* What an engine holds. Private to engine/: deciding, evolving, asking and checking are files of their own. */
#ifndef QUARTER_ENGINE_STATE_H
#define QUARTER_ENGINE_STATE_H

#include "engine/codes.h"
#include "engine/engine.h"
#include "engine/numbers.h"
#include "engine/policy/policy.h"

enum {
    TICKET_STATES = TICKET_LEFT + 1,
    MASK_LANGUAGES = 32, /* bits of counter.languages */
    MASK_NEEDS = 32,     /* bits of ticket.needs */
};

struct service {
    char prefix[QUARTER_PREFIX_MAX + 1];
    uint64_t reach; /* services of all counters that offer this one, and itself: its competitors */
    bool offered;   /* by some counter */
};

struct engine {
    struct rules rules; /* in force */
    const struct policy *policy;
    struct codes service_codes, counter_codes, language_codes, need_codes;
    int service_capacity, counter_capacity;
    struct service *services; /* beside service_codes */
    struct counter *counters; /* beside counter_codes */

    char day[QUARTER_DAY_LEN + 1];
    bool day_open;
    bool day_is_new; /* nothing but its site came yet: nobody holds an index */
    int64_t last_at_ms;
    int32_t last_announcement;
    char site_hash[QUARTER_HASH_LEN + 1];

    size_t ticket_count, ticket_capacity;
    struct ticket *tickets;
    /* By id, open addressing: index + 1, 0 free; ticket_capacity * 2 of them. */
    int32_t *ticket_slots;
    size_t in_state[TICKET_STATES];
    size_t occupied; /* counters with a ticket */
    struct numbers numbers;
    struct lines lines;
};

int state_find_ticket(const struct engine *engine, const char *id); /* -1: none */
struct waiter state_waiter(const struct engine *engine, int ticket);

#endif
