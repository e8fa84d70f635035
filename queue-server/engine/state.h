/* What an engine holds. Private to engine/: deciding, evolving, applying rules,
 * asking and checking are files of their own. */
#ifndef QUARTER_ENGINE_STATE_H
#define QUARTER_ENGINE_STATE_H

#include "engine/codes.h"
#include "engine/engine.h"
#include "engine/numbers.h"
#include "engine/policy/policy.h"

enum {
    TICKET_STATES = TICKET_LEFT + 1,
    MASK_LANGUAGES = 32, /* bits of counter.languages */
};

struct service {
    char prefix[QUARTER_PREFIX_MAX + 1];
    uint32_t grantable; /* needs that some counter for it meets */
};

/* How many visits came from there since the day was opened. */
struct visit_device {
    char device[QUARTER_CODE_MAX + 1];
    int32_t count;
};
enum { VISIT_DEVICES_MAX = 64 }; /* a site has at most half as many kiosks */

struct engine {
    struct rules rules;      /* in force */
    struct need_terms needs; /* by index in need_codes */
    struct codes service_codes, counter_codes, language_codes, need_codes;
    int service_capacity, counter_capacity;
    struct service *services; /* beside service_codes */
    struct counter *counters; /* beside counter_codes */
    /* Who could serve whom: bit i is counter i. Counters past the bits are retired, and serve nobody. */
    uint64_t service_counters[QUARTER_SERVICES_MAX]; /* offer service i */
    uint64_t need_counters[NEEDS_MAX];               /* meet need i */
    uint64_t ready;                                  /* counters with ready_since_ms */

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

    int32_t visits[VISIT_KINDS]; /* of the day */
    int visit_device_count;
    struct visit_device visit_devices[VISIT_DEVICES_MAX + 1]; /* the last: of all others */
    int help_count;
    struct help_call help[ENGINE_HELP_MAX]; /* by since_ms */
};

int state_find_ticket(const struct engine *engine, const char *id); /* -1: none */
struct waiter state_waiter(const struct engine *engine, int ticket);
struct policy_view state_view(const struct engine *engine, int64_t now_ms);
struct policy_reach state_reach(const struct engine *engine);
struct policy_desk state_desk(const struct engine *engine, int counter);
uint32_t state_binding_needs(const struct engine *engine, int service, uint32_t needs);
/* A code's index; a new one's is the next, and retired until the rules know it. */
int state_intern_service(struct engine *engine, const char *code);
int state_intern_counter(struct engine *engine, const char *code);
void state_clear_codes(struct engine *engine);
void state_apply_rules(struct engine *engine); /* engine->rules, to codes and counters */
/* Evolve for what happens at a kiosk beside tickets: kiosk_side.c. */
void state_record_visit(struct engine *engine, const struct event *event);
void state_call_help(struct engine *engine, const struct event *event);
void state_answer_help(struct engine *engine, const struct event *event);

void state_copy_text(char *to, size_t size, const char *from); /* CHECKs that it fits */

#endif
