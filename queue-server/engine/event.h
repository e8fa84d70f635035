/* What happened: the rows of the journal. Bodies hold codes and numbers only, so that a row read years later
 * means the same under another site file; free text never enters an event (see store/). */
#ifndef QUARTER_ENGINE_EVENT_H
#define QUARTER_ENGINE_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "quarter/limits.h"
#include "quarter/ticket.h"

#define EVENT_LIST(X)                                                                              \
    X(DAY_OPENED, "day_opened")                                                                    \
    X(DAY_CLOSED, "day_closed")                                                                    \
    X(SITE_APPLIED, "site_applied")                                                                \
    X(NUMBERS_RESERVED, "numbers_reserved")                                                        \
    X(TICKET_ISSUED, "ticket_issued")                                                              \
    X(TICKET_CALLED, "ticket_called")                                                              \
    X(TICKET_RECALLED, "ticket_recalled")                                                          \
    X(SERVING_STARTED, "serving_started")                                                          \
    X(TICKET_CLOSED, "ticket_closed")                                                              \
    X(TICKET_NO_SHOW, "ticket_no_show")                                                            \
    X(TICKET_LEFT, "ticket_left")                                                                  \
    X(TICKET_TRANSFERRED, "ticket_transferred")                                                    \
    X(PROMISE_MADE, "promise_made")                                                                \
    X(COUNTER_OPENED, "counter_opened")                                                            \
    X(COUNTER_CLOSED, "counter_closed")                                                            \
    X(COUNTER_READY, "counter_ready")                                                              \
    X(COUNTER_PAUSED, "counter_paused")                                                            \
    X(VISIT_RECORDED, "visit_recorded")                                                            \
    X(HELP_CALLED, "help_called")                                                                  \
    X(HELP_ANSWERED, "help_answered")                                                              \
    X(TICKET_PARKED, "ticket_parked")                                                              \
    X(TICKET_TAKEN_BACK, "ticket_taken_back")                                                      \
    X(TICKET_UNPARKED, "ticket_unparked")                                                          \
    X(TICKET_REVIVED, "ticket_revived")                                                            \
    X(TICKET_EDITED, "ticket_edited")                                                              \
    X(TICKET_HELD, "ticket_held")                                                                  \
    X(TICKET_UNHELD, "ticket_unheld")                                                              \
    X(STEP_UNDONE, "step_undone")                                                                  \
    X(COUNTER_MOVED, "counter_moved")                                                              \
    X(NOTICE_POSTED, "notice_posted")                                                              \
    X(NOTICE_WITHDRAWN, "notice_withdrawn")

enum event_type {
#define X(name, code) EVENT_##name,
    EVENT_LIST(X)
#undef X
};

/* How a visit went that never queued. */
#define VISIT_KIND_LIST(X)                                                                         \
    X(SIGNPOSTED, "signposted") /* the answer was elsewhere, and the kiosk said where */           \
    X(SELF_SERVED, "self_served")                                                                  \
    X(RESOLVED_AT_DOOR, "resolved_at_door") /* a greeter dealt with it: with an outcome */

enum visit_kind {
#define X(name, code) VISIT_##name,
    VISIT_KIND_LIST(X)
#undef X
};

/* Why this ticket was called, as a code with parameters; clients say it in words, to the visitors who see it happen.
 *
 *   longest_waiting    of all this counter could have called
 *   only_one_waiting   whom this counter could have called
 *   about_to_miss      longest of those who would soon have waited longer than standard_s
 *   past_limit         longest, and past limit_s, from where nobody is passed over
 *   booked ... transferred   passed somebody who waited longer, because of its class
 *   free_counter       came while this counter was ready; with _language: and it, unlike another
 *                      that was ready too, speaks the visitor's language
 *   chosen             by staff, out of the policy's order: `because` says why */
#define CALL_REASON_LIST(X)                                                                        \
    X(LONGEST_WAITING, "longest_waiting")                                                          \
    X(ONLY_ONE_WAITING, "only_one_waiting")                                                        \
    X(ABOUT_TO_MISS, "about_to_miss")                                                              \
    X(PAST_LIMIT, "past_limit")                                                                    \
    X(BOOKED, "booked")                                                                            \
    X(URGENT, "urgent")                                                                            \
    X(ASSISTED, "assisted")                                                                        \
    X(TRANSFERRED, "transferred")                                                                  \
    X(FREE_COUNTER, "free_counter")                                                                \
    X(FREE_COUNTER_LANGUAGE, "free_counter_language")                                              \
    X(CHOSEN, "chosen")

enum call_reason {
#define X(name, code) CALL_##name,
    CALL_REASON_LIST(X)
#undef X
};

/* Why staff called somebody out of order. */
#define BECAUSE_LIST(X)                                                                            \
    X(NOTHING, "") /* nobody chose: the policy called */                                           \
    X(VULNERABLE, "vulnerable")                                                                    \
    X(QUICK_QUESTION, "quick_question")                                                            \
    X(CAME_BACK, "came_back")                                                                      \
    X(AGREED, "agreed")                                                                            \
    X(MISTAKE, "mistake")                                                                          \
    X(OTHER, "other")

enum because {
#define X(name, code) BECAUSE_##name,
    BECAUSE_LIST(X)
#undef X
};

/* Why a counter pauses. */
#define PAUSE_LIST(X)                                                                              \
    X(UNSAID, "")                                                                                  \
    X(BREAK, "break")                                                                              \
    X(BACK_OFFICE, "back_office")                                                                  \
    X(TRAINING, "training")                                                                        \
    X(SAFEGUARDING, "safeguarding")                                                                \
    X(OTHER, "other")

enum pause_reason {
#define X(name, code) PAUSE_##name,
    PAUSE_LIST(X)
#undef X
};

/* What undo undoes: something done at a counter with one ticket. */
#define STEP_LIST(X)                                                                               \
    X(CALL, "call")           /* TICKET_CALLED */                                                  \
    X(START, "start")         /* SERVING_STARTED */                                                \
    X(FINISH, "finish")       /* TICKET_CLOSED */                                                  \
    X(NO_SHOW, "no_show")     /* TICKET_NO_SHOW */                                                 \
    X(TRANSFER, "transfer")   /* TICKET_TRANSFERRED */                                             \
    X(PARK, "park")           /* TICKET_PARKED */                                                  \
    X(TAKE_BACK, "take_back") /* TICKET_TAKEN_BACK */

enum step {
#define X(name, code) STEP_##name,
    STEP_LIST(X)
#undef X
};

/* What displays show besides calls: the words are in the catalogues, with the parameters a template takes. */
#define NOTICE_LIST(X)                                                                             \
    X(DELAY, "delay") /* service?, minutes? */                                                     \
    X(SHORT_OF_STAFF, "short_of_staff")                                                            \
    X(SERVICE_PAUSED, "service_paused") /* service? */                                             \
    X(CLOSING_EARLY, "closing_early")                                                              \
    X(FIRE_TEST, "fire_test")                                                                      \
    X(SYSTEM_DOWN, "system_down")                                                                  \
    X(WAIT_OUTSIDE, "wait_outside")

enum notice_template {
#define X(name, code) NOTICE_##name,
    NOTICE_LIST(X)
#undef X
};

enum {
#define X(name, code) EVENT_PLACE_##name,
    EVENT_LIST(X)
#undef X
        EVENT_TYPES,
};

enum {
#define X(name, code) CALL_PLACE_##name,
    CALL_REASON_LIST(X)
#undef X
        CALL_REASONS,
};

enum {
#define X(name, code) VISIT_PLACE_##name,
    VISIT_KIND_LIST(X)
#undef X
        VISIT_KINDS,
};

enum {
#define X(name, code) BECAUSE_PLACE_##name,
    BECAUSE_LIST(X)
#undef X
        BECAUSES,
};

enum {
#define X(name, code) PAUSE_PLACE_##name,
    PAUSE_LIST(X)
#undef X
        PAUSE_REASONS,
};

enum {
#define X(name, code) STEP_PLACE_##name,
    STEP_LIST(X)
#undef X
        STEP_KINDS,
};

enum {
#define X(name, code) NOTICE_PLACE_##name,
    NOTICE_LIST(X)
#undef X
        NOTICE_TEMPLATES,
};

/* What a visitor is told of the wait, from leg_from to the first call. */
struct promise {
    bool known; /* false: nothing could be told */
    int32_t p20_s, p50_s, p90_s;
    int32_t within_permille; /* P(wait <= standard) */
    int64_t as_of_ms;        /* when it was forecast */
};

struct event_ticket_issued {
    char service[QUARTER_CODE_MAX + 1];
    char prefix[QUARTER_PREFIX_MAX + 1];
    int32_t number; /* of the prefix, from 1 */
    char language[QUARTER_CODE_MAX + 1];
    uint8_t need_count;
    char needs[QUARTER_NEEDS_MAX][QUARTER_CODE_MAX + 1];
    enum ticket_class ticket_class;
    int64_t arrived_at_ms, leg_from_ms;
    int64_t
        appointment_ms; /* booked for; 0: not booked. Who comes too late keeps it, but not the class */
    struct promise promise;
    bool unconfirmed;   /* handed over late; nobody has seen its holder yet */
    bool nobody_serves; /* no counter on the rota can serve it: the floor is told */
    /* Why the contact need not have happened: a code of the site's; "" when none was said. */
    char avoidable[QUARTER_CODE_MAX + 1];
};

/* It is known by the event's id. */
struct event_visit_recorded {
    enum visit_kind kind;
    char service[QUARTER_CODE_MAX + 1];
    char signpost[QUARTER_CODE_MAX + 1], language[QUARTER_CODE_MAX + 1], /* each "" when none */
        device[QUARTER_CODE_MAX + 1], avoidable[QUARTER_CODE_MAX + 1];
    enum outcome outcome; /* of one that was resolved at the door */
};

/* To another service, or to a counter or a person for the same one; there the wait starts anew. Who is sent to a counter
 * or a person is called there only, until that counter closes. */
struct event_ticket_transferred {
    char service[QUARTER_CODE_MAX + 1]; /* from then on */
    int64_t leg_from_ms;
    bool nobody_serves;
    char to_counter[QUARTER_CODE_MAX + 1]; /* "": to any that offers the service */
    char to_person[QUARTER_ULID_LEN + 1];  /* "": to nobody; else who was at to_counter then */
};

/* Back from being parked: a new leg, as after a transfer. */
struct event_ticket_unparked {
    int64_t leg_from_ms;
    bool nobody_serves;
};

/* What the visit is about from now on, all of it; leg_from and the number stay. */
struct event_ticket_edited {
    char service[QUARTER_CODE_MAX + 1];
    char language[QUARTER_CODE_MAX + 1]; /* "" when none */
    uint8_t need_count;
    char needs[QUARTER_NEEDS_MAX][QUARTER_CODE_MAX + 1];
    enum ticket_class ticket_class;
    bool nobody_serves;
};

/* The ticket and its counter are again what they were before that step, which counts as if it had not been; but the
 * announcement number of an undone call stays used, and the counter is not ready. Between a step and its undoing nothing
 * else happened to the ticket but recalls at the same counter, and promises. */
struct event_step_undone {
    enum step step;
    int64_t undone_seq; /* of the event that is undone; 0 where no journal gave it one */
};

/* What the counter offers for the rest of the day; none: what the site says. */
struct event_counter_moved {
    uint8_t service_count;
    char services[QUARTER_MOVED_MAX][QUARTER_CODE_MAX + 1];
};

struct event_notice_posted {
    char notice[QUARTER_ULID_LEN + 1];
    enum notice_template notice_template;
    char service[QUARTER_CODE_MAX + 1]; /* "" when none */
    int32_t minutes;                    /* 0 when none */
    int64_t until_ms;                   /* 0: until it is withdrawn or the day ends */
};

struct event_ticket_called {
    int32_t announcement; /* of the day, from 1; recalls count on */
    enum call_reason reason;
    int32_t waited_s, waiting;   /* how long it waited; how many this counter could have called */
    int64_t appointment_ms;      /* booked for; 0: not booked */
    int32_t standard_s, limit_s; /* of the policy then; 0 in journals from before there were */
    enum because because;        /* of a chosen one */
    bool anyway;                 /* chosen although the counter lacks a hard need */
};

struct event {
    int64_t seq;                   /* given by the journal; 0 before */
    char id[QUARTER_ULID_LEN + 1]; /* given by the journal */
    char day[QUARTER_DAY_LEN + 1];
    int64_t at_ms;          /* journal time, UTC; never runs backwards */
    int64_t occurred_at_ms; /* when it happened; at_ms but for what is handed over late */
    enum event_type type;
    int32_t version;                    /* of the body's form; given by the journal */
    char ticket[QUARTER_ULID_LEN + 1];  /* "" when none */
    char counter[QUARTER_CODE_MAX + 1]; /* "" when none */
    char actor[QUARTER_ACTOR_MAX + 1];
    union {
        struct event_ticket_issued issued;
        struct event_ticket_called called;
        struct event_ticket_transferred transferred;
        struct promise promise;
        struct {
            int32_t announcement;
        } recalled;
        struct {
            enum outcome outcome;
            char avoidable[QUARTER_CODE_MAX + 1]; /* said at the counter: the last word; or "" */
        } closed;
        struct {
            bool by_day_end;
        } left, no_show;
        struct {
            int32_t left, no_show, unrecorded;
        } day_closed;
        struct {
            char hash[QUARTER_HASH_LEN + 1];
        } site;
        struct {
            char prefix[QUARTER_PREFIX_MAX + 1];
            int32_t first, last;
            char device[QUARTER_CODE_MAX + 1];
        } reserved;
        struct event_visit_recorded visit;
        struct {
            char device[QUARTER_CODE_MAX + 1], language[QUARTER_CODE_MAX + 1]; /* "" when none */
        } help_called;
        struct {
            char device[QUARTER_CODE_MAX + 1];
            bool cancelled; /* nobody went: it was taken back, or the day was closed */
        } help_answered;
        struct event_ticket_unparked unparked;
        struct event_ticket_edited edited;
        struct {
            int64_t until_ms; /* not called before, then in its old place */
        } held;
        struct event_step_undone undone;
        struct {
            char person[QUARTER_ULID_LEN + 1]; /* who is there; "" when nobody said */
        } counter_opened;
        struct {
            enum pause_reason reason;
        } counter_paused;
        struct event_counter_moved moved;
        struct event_notice_posted notice;
        struct {
            char notice[QUARTER_ULID_LEN + 1];
        } notice_withdrawn;
    } body;
};

const char *event_type_code(enum event_type type);
bool event_type_from_code(const char *code, enum event_type *type);
const char *call_reason_code(enum call_reason reason);
bool call_reason_from_code(const char *code, enum call_reason *reason);
const char *visit_kind_code(enum visit_kind kind);
bool visit_kind_from_code(const char *code, enum visit_kind *kind);
const char *because_code(enum because because);                  /* "" for BECAUSE_NOTHING */
bool because_from_code(const char *code, enum because *because); /* false: none, or "" */
const char *pause_reason_code(enum pause_reason reason);         /* "" for PAUSE_UNSAID */
bool pause_reason_from_code(const char *code, enum pause_reason *reason); /* likewise */
const char *step_code(enum step step);
bool step_from_code(const char *code, enum step *step);
const char *notice_template_code(enum notice_template notice_template);
bool notice_template_from_code(const char *code, enum notice_template *notice_template);

#endif
