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
    X(HELP_ANSWERED, "help_answered")

enum event_type {
#define X(name, code) EVENT_##name,
    EVENT_LIST(X)
#undef X
};

/* How a visit went that never queued. */
#define VISIT_KIND_LIST(X)                                                                         \
    X(SIGNPOSTED, "signposted") /* the answer was elsewhere, and the kiosk said where */           \
    X(SELF_SERVED, "self_served")

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
 *                      that was ready too, speaks the visitor's language */
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
    X(FREE_COUNTER_LANGUAGE, "free_counter_language")

enum call_reason {
#define X(name, code) CALL_##name,
    CALL_REASON_LIST(X)
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
};

/* To another service, where the wait starts anew. */
struct event_ticket_transferred {
    char service[QUARTER_CODE_MAX + 1];
    int64_t leg_from_ms;
    bool nobody_serves;
};

struct event_ticket_called {
    int32_t announcement; /* of the day, from 1; recalls count on */
    enum call_reason reason;
    int32_t waited_s, waiting;   /* how long it waited; how many this counter could have called */
    int64_t appointment_ms;      /* booked for; 0: not booked */
    int32_t standard_s, limit_s; /* of the policy then; 0 in journals from before there were */
};

struct event {
    int64_t seq;                   /* given by the journal; 0 before */
    char id[QUARTER_ULID_LEN + 1]; /* given by the journal */
    char day[QUARTER_DAY_LEN + 1];
    int64_t at_ms;          /* journal time, UTC; never runs backwards */
    int64_t occurred_at_ms; /* when it happened; at_ms but for what is handed over late */
    enum event_type type;
    int32_t version;                    /* of the body's form */
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
    } body;
};

const char *event_type_code(enum event_type type);
bool event_type_from_code(const char *code, enum event_type *type);
const char *call_reason_code(enum call_reason reason);
bool call_reason_from_code(const char *code, enum call_reason *reason);
const char *visit_kind_code(enum visit_kind kind);
bool visit_kind_from_code(const char *code, enum visit_kind *kind);

#endif
