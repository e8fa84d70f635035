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

/* What was done at a counter with one ticket, and how both were before. */
struct step_taken {
    enum step step;
    int ticket;
    bool is_past; /* somebody else has dealt with the ticket since */
    int64_t at_ms, seq;
    int64_t counter_since_ms;
    struct ticket before;
};

/* The last steps at a counter, the newest last. */
enum { STEPS_MAX = 4 };
struct steps {
    int count;
    struct step_taken taken[STEPS_MAX];
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
    struct codes service_codes, counter_codes, language_codes, need_codes, person_codes;
    int service_capacity, counter_capacity;
    struct service *services; /* beside service_codes */
    struct counter *counters; /* beside counter_codes */
    struct steps *steps;      /* likewise, away from what a decision reads */
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
    bool has_sent;                          /* somebody was sent to a counter today */
    int notice_count;
    struct event_notice_posted notices[QUARTER_NOTICES_MAX]; /* in the order they came */
};

int state_find_ticket(const struct engine *engine, const char *id); /* -1: none */
struct waiter state_waiter(const struct engine *engine, int ticket);
struct policy_view state_view(const struct engine *engine, int64_t now_ms);
struct policy_reach state_reach(const struct engine *engine);
struct policy_desk state_desk(const struct engine *engine, int counter);
/* The counter that alone may call it; -1: any. One that the rules do not know any more calls nobody. */
int state_binding_only(const struct engine *engine, const struct ticket *ticket);
uint32_t state_binding_needs(const struct engine *engine, int service, uint32_t needs);
/* A code's index; a new one's is the next, and retired until the rules know it. */
int state_intern_service(struct engine *engine, const char *code);
int state_intern_counter(struct engine *engine, const char *code);
int state_intern_person(struct engine *engine, const char *person); /* -1 for "" */
void state_clear_codes(struct engine *engine);
void state_apply_rules(struct engine *engine); /* engine->rules, to codes and counters */
void state_move_counter(struct engine *engine, const struct event *event);
/* Evolve for tickets: evolve_ticket.c. */
int state_ticket_of(const struct engine *engine, const struct event *event); /* CHECKs it */
void state_set_ready(struct engine *engine, int counter, int64_t since_ms);
void state_move_ticket(struct engine *engine, int ticket, enum ticket_state to); /* off its line */
void state_occupy_counter(struct engine *engine, int counter, int ticket, int64_t at_ms);
void state_release_counter(struct engine *engine, struct ticket *ticket, int64_t at_ms);
uint32_t state_intern_needs(struct engine *engine, int count,
                            const char needs[QUARTER_NEEDS_MAX][QUARTER_CODE_MAX + 1]);
void state_join_line(struct engine *engine, int ticket);
void state_leave_line(struct engine *engine, int ticket);
void state_issue(struct engine *engine, const struct event *event);
void state_call(struct engine *engine, const struct event *event);
void state_recall(struct engine *engine, const struct event *event);
void state_start(struct engine *engine, const struct event *event);
void state_end(struct engine *engine, const struct event *event, enum ticket_state to);
void state_transfer(struct engine *engine, const struct event *event);
void state_promise(struct engine *engine, const struct event *event);
/* Likewise for those who step aside, come back, or are mended: evolve_aside.c. */
void state_park(struct engine *engine, const struct event *event);
void state_take_back(struct engine *engine, const struct event *event);
void state_unpark(struct engine *engine, const struct event *event);
void state_revive(struct engine *engine, const struct event *event);
void state_wait_anew(struct ticket *ticket, int64_t leg_from_ms, bool nobody_serves);
void state_edit(struct engine *engine, const struct event *event);
void state_hold(struct engine *engine, const struct event *event, int64_t until_ms);
/* Those who were sent to a counter that closes may be called by any; those sent to a person, where that person is. */
void state_recall_sent(struct engine *engine, int counter);
void state_follow_person(struct engine *engine, int person, int counter);
/* Undo: undo.c. Before the event changes anything. */
void state_note_step(struct engine *engine, enum step step, const struct event *event, int ticket,
                     int counter);
/* Something else happened to the ticket: what a counter (other than this one; -1: any) did with it stays done. */
void state_touch(struct engine *engine, int ticket, int counter);
void state_forget_steps(struct engine *engine, int counter);
void state_undo(struct engine *engine, const struct event *event);
/* Evolve for notices: notices.c. */
void state_post_notice(struct engine *engine, const struct event *event);
void state_withdraw_notice(struct engine *engine, const struct event *event);
/* Evolve for what happens at a kiosk beside tickets: kiosk_side.c. */
void state_record_visit(struct engine *engine, const struct event *event);
void state_call_help(struct engine *engine, const struct event *event);
void state_answer_help(struct engine *engine, const struct event *event);

void state_copy_text(char *to, size_t size, const char *from); /* CHECKs that it fits */

#endif
