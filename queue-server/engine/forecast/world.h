/* A desk's day going on, simulated: counters, who waits, and what happens next. The decisions are the engine's
 * (policy_rank, policy_offer_is_better, needs_callable_after_ms), over arrays instead of events, so that a day takes
 * microseconds: the simulator replays and invents days with it, the forecast runs it on from what can be seen.
 *
 * Nothing random happens in here: whatever is drawn by chance (service times, patience, gaps) is given with the visits,
 * so that runs can be paired. What is not the dispatcher's (staff who deviate, learning, snapshots on the way) comes
 * through hooks.
 *
 *   set_desk(who serves what, by which policy) once; start(visits) and run() for each replication
 *
 * At one instant: first counters open and go on breaks, then visitors arrive, then services, breaks and pauses end, in
 * the order in which they began; then wishes relax. A world belongs to one thread; it keeps its memory, so that a
 * replication of a size it has seen allocates nothing. Instants are ms of any one clock; INT64_MAX: never. */
#ifndef QUARTER_ENGINE_FORECAST_WORLD_H
#define QUARTER_ENGINE_FORECAST_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/needs.h"
#include "engine/policy/rank.h"
#include "quarter/limits.h"

enum {
    WORLD_BREAKS_MAX = 4,
    WORLD_NOBODY = -1,
    WORLD_GHOST_MS = 45000, /* that a call costs whose visitor is gone */
};

#define WORLD_STRANGER_FACTOR                                                                      \
    1.4 /* a service takes so much longer where the language is not spoken */

struct world;

/* One visit, as it will be; the world only reads it. All that depends on chance was drawn before. */
struct world_visit {
    int64_t arrives_ms;
    int64_t leg_from_ms;     /* waiting counts from here: the arrival, or the appointment */
    int64_t leaves_ms;       /* when patience ends; INT64_MAX: never */
    int64_t service_ms;      /* at the counter, in its language, at speed 1 */
    int64_t gap_ms;          /* then the counter needs so long before it is free */
    int64_t next_service_ms; /* of the leg after a transfer, and the gap after that */
    int64_t next_gap_ms;
    int32_t id; /* the caller's */
    uint32_t needs;
    int16_t service, next_service; /* next: -1: no transfer */
    int16_t language;              /* bit of a counter's languages; -1: none was asked for */
    uint8_t ticket_class;          /* enum ticket_class */
    bool silent;                   /* leaves without a word: found out when called */
    bool phantom; /* only watches: is called in its turn, and costs no counter any time */
    bool watched; /* world_run() ends when no watched visit waits or is to come */
};

/* In this order: those at counters at the start, those who wait (by joining), arrivals (by arrives_ms). Borrowed until
 * the next start. */
struct world_visits {
    const struct world_visit *visits;
    int32_t count, at_counters, waiting;
};

struct world_break {
    int64_t from_ms,
        length_ms; /* a counter that is busy at from_ms goes when it is free, for as long */
};

struct world_counter {
    uint64_t services; /* bit i: offers service i */
    uint32_t languages, needs;
    int64_t opens_ms,
        closes_ms; /* takes nobody new from closes_ms on; one that idles then, idles on */
    int break_count;
    struct world_break breaks[WORLD_BREAKS_MAX]; /* by from_ms, of length > 0 */
    double speed;                                /* factor on service times; 0: 1 */
};

enum world_counter_state { WORLD_CLOSED, WORLD_IDLE, WORLD_BUSY, WORLD_BREAK };

/* How a counter stands. CLOSED: opens at opens_ms, if that is to come. */
struct world_stand {
    enum world_counter_state state;
    int32_t ticket;   /* at it; WORLD_NOBODY: none (also in a gap or pause) */
    int64_t since_ms; /* idle; called; on a break */
    int64_t
        until_ms; /* busy or on a break; from there on it is free (the visit's gap comes after) */
    int breaks_taken; /* of its breaks, the current one included */
};

enum world_outcome {
    WORLD_EXPECTED, /* has not arrived */
    WORLD_WAITS,    /* at the end: nobody ever called it */
    WORLD_SERVED,   /* called and there */
    WORLD_LEFT,     /* had left and said so */
    WORLD_GHOST,    /* called, and was not there any more */
};

/* A ticket as it stands: index i is visits[i], those after count are second legs. */
struct world_ticket {
    const struct world_visit *visit;
    int64_t leg_from_ms;
    int64_t vanishes_ms;  /* leaves_ms of one who tells */
    int64_t called_ms;    /* -1: not called */
    int64_t overtaken_ms; /* by how much later somebody came who was called before it, at most */
    int32_t slips;        /* how many such */
    int32_t late_slips;   /* of those, after it had waited longer than the standard */
    int32_t leg_of;       /* WORLD_NOBODY, or the ticket whose second leg this is */
    int32_t previous, next, line, joined;
    int16_t counter;
    uint8_t outcome; /* enum world_outcome */
    bool watched;
};

/* Each may be NULL. A hook may read the world, not run or start it. */
struct world_hooks {
    void *context;
    /* Before an arrival joins (not for those who wait at the start, nor second legs). */
    void (*on_arrival)(void *context, const struct world *world, int32_t ticket);
    /* After a ticket was called; outcome SERVED or GHOST. */
    void (*on_call)(void *context, const struct world *world, int32_t ticket, int counter);
    /* A service ended, before the counter is free. Not for ghosts. */
    void (*on_end)(void *context, const struct world *world, int32_t ticket, int counter);
    /* A free counter is about to call `best`: the ticket it calls instead, or best. */
    int32_t (*pick)(void *context, const struct world *world, int counter, int32_t best);
    /* How long the visitor is at this counter, where the desk's factors make it service_ms. */
    int64_t (*service_ms)(void *context, const struct world *world, int32_t ticket, int counter,
                          int64_t service_ms);
    /* A pause after a service, in addition to the visit's own gap. */
    int64_t (*gap_ms)(void *context, const struct world *world, int32_t ticket, int counter);
};

struct world_desk {
    struct policy_terms policy;
    struct need_terms needs;
    int service_count, counter_count;
    const struct world_counter *counters; /* copied */
    double stranger_factor;               /* WORLD_STRANGER_FACTOR; 0: 1 */
    int64_t ghost_ms;                     /* WORLD_GHOST_MS */
    bool track_slips;                     /* costs a look at each who is passed by, at each call */
    struct world_hooks hooks;
};

struct world *world_create(void);
void world_destroy(struct world *world);

void world_set_desk(struct world *world, const struct world_desk *desk);
/* stands: of each counter at start_ms; NULL: all closed, to open by their hours. */
void world_start(struct world *world, int64_t start_ms, const struct world_stand *stands,
                 const struct world_visits *visits);
/* Everything up to and including until_ms (INT64_MAX: to the end). False: nothing is left to happen, or, where some
 * visits are watched, each of them was called or has left. */
bool world_run(struct world *world, int64_t until_ms);

/* ---- What can be seen; in hooks too. Pointers are good until the next start. */

int64_t world_now_ms(const struct world *world);
int32_t world_ticket_count(const struct world *world);
const struct world_ticket *world_ticket(const struct world *world, int32_t ticket);
void world_stand(const struct world *world, int counter, struct world_stand *stand);
/* Who waits now, in order of joining; writes at most max, returns how many. */
int32_t world_waiting(const struct world *world, int32_t *tickets, int32_t max);
/* Of those, whom this counter could call. */
int32_t world_callable(const struct world *world, int counter, int32_t *tickets, int32_t max);

#endif
