/* The queue itself: commands in, events out. Pure: no I/O, no clock, no threads, no randomness; the journal
 * replays it. One thread owns an engine.
 *
 *   decide(engine, command) -> events or a refusal     changes nothing
 *   evolve(engine, event)                              the only way state changes, live and on replay
 *
 * Invariants, checked after every evolve: a number is used once a day; a ticket is at one counter at most; a
 * counter has one ticket at most; at_ms never runs backwards.
 * Indices (of services, counters, tickets ...) stay what they are for a whole day: applying a site appends new
 * codes and marks vanished ones retired, and never renumbers. */
#ifndef QUARTER_ENGINE_ENGINE_H
#define QUARTER_ENGINE_ENGINE_H

#include <stddef.h>

#include "engine/event.h"
#include "engine/needs.h"
#include "engine/rules.h"
#include "quarter/refusal.h"

enum command_type {
    COMMAND_OPEN_DAY,        /* day; the one just closed goes on where it was */
    COMMAND_CLOSE_DAY,       /* what waits is closed as left, never silently */
    COMMAND_APPLY_SITE,      /* rules */
    COMMAND_RESERVE_NUMBERS, /* device, service: a block from the top of its prefix */
    COMMAND_ISSUE,           /* ticket_id, service, ticket_class, rostered[, language, needs,
                                appointment_ms, promise, avoidable, number of a reserved block] */
    COMMAND_LEAVE,           /* ticket_id */
    COMMAND_PROMISE,  /* ticket_id of one that waits, promise: told later than at issue, or anew */
    COMMAND_DISPATCH, /* calls whom a ready counter may call by now; see engine_dispatch_is_due() */
    COMMAND_OPEN_COUNTER, /* counter, and below; a paused one goes on. An actor "person:ULID" is there
                                from now on, and no more at the free counter where they were */
    COMMAND_CLOSE_COUNTER, /* not while somebody is called to it or served */
    COMMAND_PAUSE_COUNTER, /* likewise[, pause_reason] */
    COMMAND_NEXT,    /* nobody it can call: it is ready, and calls the first who comes. No event, no
                                refusal: one is called already, or it was ready */
    COMMAND_RECALL,  /* the called ticket gets a new announcement */
    COMMAND_START,   /* the called visitor is there */
    COMMAND_FINISH,  /* outcome[, avoidable]; with `next` as COMMAND_NEXT after it */
    COMMAND_NO_SHOW, /* after a recall */
    COMMAND_TRANSFER,  /* who is served, to another service, to_counter or to_person (one of them),
                                rostered; it waits again from now */
    COMMAND_PARK,      /* who is served steps aside: the counter is free */
    COMMAND_TAKE_BACK, /* ticket_id, parked: is served here, at a free counter */
    COMMAND_CALL,   /* ticket_id that waits, because: out of order. `anyway`: although the counter
                                lacks a hard need */
    COMMAND_UNDO,   /* the last step at this counter, of the last five minutes */
    COMMAND_MOVE,   /* services (none: the site's): what it offers for the rest of the day */
    COMMAND_UNPARK, /* ticket_id, rostered: is back, and waits anew as after a transfer */
    COMMAND_REVIVE, /* ticket_id, a no-show: waits on, as long as it has */
    COMMAND_EDIT, /* ticket_id that waits, edits: service (rostered), language, needs, ticket_class;
                                keeps its place */
    COMMAND_HOLD, /* ticket_id that waits, minutes: lets others go first. Anew: from now */
    COMMAND_UNHOLD,          /* ticket_id. No event, no refusal: it is not held */
    COMMAND_POST_NOTICE,     /* notice, notice_template[, service, minutes, until_ms] */
    COMMAND_WITHDRAW_NOTICE, /* notice. Likewise: it is gone already */
    COMMAND_RECORD_VISIT, /* visit_kind, service[, signpost, language, device, avoidable, outcome] */
    COMMAND_CALL_HELP,    /* device[, language]. No event, no refusal: it calls already */
    COMMAND_ANSWER_HELP,  /* device: somebody is going there. Likewise: somebody is already */
    COMMAND_CANCEL_HELP,  /* device: nobody needs to go. Likewise: nobody called, or did long ago */
};

/* What COMMAND_EDIT changes: bits of command.edits. */
enum edit { EDIT_SERVICE = 1, EDIT_LANGUAGE = 2, EDIT_NEEDS = 4, EDIT_CLASS = 8 };

struct command {
    enum command_type type;
    int64_t now_ms;         /* engine time; not before the last event's at_ms */
    int64_t occurred_at_ms; /* 0: now */
    char actor[QUARTER_ACTOR_MAX + 1];
    char day[QUARTER_DAY_LEN + 1];
    char ticket_id[QUARTER_ULID_LEN + 1]; /* at a counter: whom it means; "": whoever is there */
    char service[QUARTER_CODE_MAX + 1];
    char language[QUARTER_CODE_MAX + 1]; /* "" when not given */
    char counter[QUARTER_CODE_MAX + 1];
    char device[QUARTER_CODE_MAX + 1];
    int need_count;
    char needs[QUARTER_NEEDS_MAX][QUARTER_CODE_MAX + 1];
    int32_t number;                 /* 0: the next free one */
    enum ticket_class ticket_class; /* normal, assisted or urgent; the others come by themselves */
    enum outcome outcome;
    int64_t appointment_ms; /* booked for; 0: not booked */
    /* bit i: rules.counters[i] is still staffed today; ~0: all are, or nobody knows */
    uint64_t rostered;
    struct promise promise;               /* not known: none is told */
    char avoidable[QUARTER_CODE_MAX + 1]; /* a code of the site's, or "" */
    enum visit_kind visit_kind;
    char signpost[QUARTER_CODE_MAX + 1]; /* "" when none */
    char to_counter[QUARTER_CODE_MAX + 1];
    char to_person[QUARTER_ULID_LEN + 1];
    bool next, anyway;
    enum because because;
    unsigned edits;
    enum step step; /* UNDO with a ticket_id: this step of that ticket, or none */
    int32_t minutes;
    enum pause_reason pause_reason;
    int service_count;
    char services[QUARTER_MOVED_MAX][QUARTER_CODE_MAX + 1];
    char notice[QUARTER_ULID_LEN + 1];
    enum notice_template notice_template;
    int64_t until_ms;
    const struct rules *rules; /* borrowed for the call */
};

/* events is owned by the decision and reused by the next decide(); count may be 0 with REFUSAL_NONE. */
struct decision {
    enum refusal refusal;
    size_t count, capacity;
    struct event *events;
};

enum counter_state { COUNTER_CLOSED, COUNTER_OPEN, COUNTER_PAUSED };

/* Who is booked and comes later than this after the time is served like anybody else. */
static const int64_t engine_grace_ms = 600000;

/* A ticket as it stands. */
struct ticket {
    char id[QUARTER_ULID_LEN + 1];
    char number[QUARTER_NUMBER_MAX + 1]; /* as shown: "H07" */
    enum ticket_state state;
    enum ticket_class ticket_class;
    int service, language, counter; /* indices; -1: no language given, at no counter */
    uint32_t needs;                 /* bit i: need i, as asked for */
    uint32_t binding_needs; /* without the soft ones that no counter for the service could grant */
    int64_t arrived_at_ms, leg_from_ms, called_at_ms, started_at_ms, ended_at_ms; /* 0: not yet */
    int32_t announcement, recalls;
    struct event_ticket_called call; /* the last call's reason and its parameters */
    int64_t appointment_ms;          /* booked for; 0: not booked */
    struct promise promise;          /* told last; not known: none */
    enum outcome outcome;            /* when closed */
    bool booked_late; /* came too late for its appointment, and waits like anybody else */
    bool unconfirmed;
    bool
        nobody_serves; /* no counter on the rota could serve it when it was issued or transferred */
    char avoidable[QUARTER_CODE_MAX + 1]; /* "" when none */
    int64_t held_until_ms;                /* lets others go first until then; 0: does not */
    int64_t parked_at_ms;                 /* of one that is parked; 0 */
    int parked_by;                        /* counter; -1: not parked */
    int64_t served_ms;                    /* at counters, before it was parked last */
    int only;         /* counter it was sent to, which alone may call it; -1: any may */
    int for_person;   /* to whom it was sent, index; -1: to nobody */
    int only_at;      /* likewise by the rules in force: a retired counter calls nobody */
    int last_step_at; /* counter that may undo what it did last with it; -1: none */
};

/* So long after a step it can be undone. */
static const int64_t engine_undo_ms = 300000;

/* The last thing done at a counter, if it may be undone. */
struct undoable {
    enum step step;
    int ticket;
    int64_t until_ms;
};

/* Of one device from one opening of a day to the next: more than a visit a minute all day long is a stuck kiosk. */
enum { ENGINE_VISITS_MAX = 1000 };

enum { ENGINE_HELP_MAX = 32 }; /* devices that call for help, or did lately */

/* Of one device, until somebody has answered and a while after. */
struct help_call {
    char device[QUARTER_CODE_MAX + 1];
    char language[QUARTER_CODE_MAX + 1]; /* "" when not told */
    int64_t since_ms;
    int64_t answered_at_ms; /* 0: not yet */
};

/* So long an answered call is still shown: the visitor looks up, and sees that somebody is coming. */
static const int64_t engine_help_shown_ms = 60000;

struct counter {
    char code[QUARTER_CODE_MAX + 1];
    enum counter_state state;
    int rule; /* index in rules.counters; -1: retired */
    uint64_t services;
    uint32_t languages, needs;
    int ticket; /* index, or -1 */
    int64_t
        ready_since_ms; /* 0: not ready. Ready: open, and its staff asked for the next when nobody was there */
    int64_t
        since_ms; /* of its state, or of who is at it: when it opened, paused, closed, was freed, called */
    bool retired;
    bool is_moved;           /* offers `moved`, whatever the site says */
    uint64_t moved, of_site; /* services */
    int person;              /* who is there, index; -1: nobody, or nobody said */
    enum pause_reason pause; /* of a paused one */
};

struct engine;

struct engine *engine_create(void);
void engine_destroy(struct engine *engine);

void engine_decide(const struct engine *engine, const struct command *command,
                   struct decision *decision);
void engine_evolve(struct engine *engine, const struct event *event);
/* Rules in force from now on; called before the SITE_APPLIED event that names their hash is evolved (live and on
 * replay), and once at start. */
void engine_set_rules(struct engine *engine, const struct rules *rules);
void decision_free(struct decision *decision); /* what it owns, not the struct */

/* Queries; pointers are good until the next evolve. */
bool engine_day_is_open(const struct engine *engine);
const char *engine_day(const struct engine *engine); /* "" before the first */
int64_t engine_last_at_ms(const struct engine *engine);
int32_t engine_last_announcement(const struct engine *engine);
const char *engine_site_hash(const struct engine *engine); /* of the last SITE_APPLIED; "" before */

size_t engine_ticket_count(const struct engine *engine);
const struct ticket *engine_ticket(const struct engine *engine, size_t index);
const struct ticket *engine_find_ticket(const struct engine *engine, const char *id);
size_t engine_waiting_count(const struct engine *engine);
size_t engine_state_count(const struct engine *engine, enum ticket_state state);

int engine_service_count(const struct engine *engine);
const char *engine_service_code(const struct engine *engine, int service);
bool engine_service_retired(const struct engine *engine, int service);
int engine_service_waiting(const struct engine *engine, int service); /* how many wait for it */
int engine_language_count(const struct engine *engine);
const char *engine_language_code(const struct engine *engine, int language);
const char *engine_need_code(const struct engine *engine, int need);
int engine_find_need(const struct engine *engine, const char *code); /* -1: none */
int engine_counter_count(const struct engine *engine);
const struct counter *engine_counter(const struct engine *engine, int counter);
int engine_find_counter(const struct engine *engine, const char *code); /* -1: none */

/* Visits of the day that never queued. */
int32_t engine_visit_count(const struct engine *engine, enum visit_kind kind);
/* Calls for help, in the order they came: those that are still shown. NULL: no more of them, or none of that device. */
const struct help_call *engine_help_call(const struct engine *engine, int index, int64_t now_ms);
const struct help_call *engine_find_help(const struct engine *engine, const char *device,
                                         int64_t now_ms);

/* The ULID of a member of staff. */
const char *engine_person(const struct engine *engine, int person);
/* Where somebody is; -1: at no counter. */
int engine_counter_of_person(const struct engine *engine, const char *person);
/* false: nothing at this counter can be undone now. */
bool engine_undoable(const struct engine *engine, int counter, int64_t now_ms,
                     struct undoable *undoable);

/* Notices that are shown, the oldest first. NULL: no more of them. */
const struct event_notice_posted *engine_notice(const struct engine *engine, int index,
                                                int64_t now_ms);

const struct rules *engine_rules(const struct engine *engine);
/* By the engine's indices of needs, as tickets and counters have them. */
const struct need_terms *engine_need_terms(const struct engine *engine);
/* Somebody waits whom it could call now: who and how many. */
bool engine_can_call(const struct engine *engine, int counter, const struct ticket *ticket,
                     int64_t now_ms);
int engine_callable_count(const struct engine *engine, int counter, int64_t now_ms);
/* A ready counter may by now call somebody who was not for it when it asked: time for COMMAND_DISPATCH. */
bool engine_dispatch_is_due(const struct engine *engine, int64_t now_ms);

/* Places: who would be called before. `ahead` counts waiting tickets that come earlier in the policy's order now and
 * that some counter could serve which could serve this one too. */
int engine_ahead_of_ticket(const struct engine *engine, const struct ticket *ticket,
                           int64_t now_ms);
int engine_ahead_of_new(const struct engine *engine, int service,
                        int64_t now_ms); /* normal, no needs */
/* Waiting tickets in the policy's order; writes at most max pointers, returns how many wait in all. */
size_t engine_waiting(const struct engine *engine, int64_t now_ms, const struct ticket **tickets,
                      size_t max);
/* Standing calls (called, not yet serving), newest announcement first; likewise. */
size_t engine_standing_calls(const struct engine *engine, const struct ticket **tickets,
                             size_t max);

/* For tests and the simulator. check: every invariant, O(n), aborts on the first that does not hold. digest: of all
 * that events made (by codes, not by indices), so that a replay can be compared with the live engine. */
void engine_check(const struct engine *engine);
uint64_t engine_digest(const struct engine *engine);
/* Of tickets and counters alone: what an undone step leaves as it was before. Not in it: journal time, the last
 * announcement number, whether a counter is ready, and what else could be undone. */
uint64_t engine_queue_digest(const struct engine *engine);

#endif
