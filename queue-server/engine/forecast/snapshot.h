/* What can be seen at one instant, and what the centre has learned: all that a forecast or a what-if starts from. No
 * hidden service time and no patience is in here, so a forecast cannot know more than the floor does. Plain arrays of
 * indices and instants without pointers into the engine: the engine thread takes one (cheap: O(waiting + counters) and
 * a copy of some tables), another thread forecasts from it. A struct snapshot keeps its memory from take to take.
 *
 * Filled by snapshot_take() from an engine; simulate/score fills the same struct from a world. All instants UTC ms. */
#ifndef QUARTER_ENGINE_FORECAST_SNAPSHOT_H
#define QUARTER_ENGINE_FORECAST_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/needs.h"
#include "engine/policy/rank.h"
#include "quarter/limits.h"

struct engine;
struct sampler;

enum {
    SNAPSHOT_BREAKS_MAX = 4,
};

struct snapshot_break {
    int64_t from_ms, to_ms;
};

/* When a counter is staffed today, [from, to). */
struct snapshot_roster {
    int64_t on_ms, off_ms; /* equal: not today */
    int break_count;
    struct snapshot_break breaks[SNAPSHOT_BREAKS_MAX]; /* by from_ms */
};

enum snapshot_counter_state {
    SNAPSHOT_OFF,     /* closed; opens by its roster if that is still to come */
    SNAPSHOT_READY,   /* idle: takes the next it can serve */
    SNAPSHOT_TURNING, /* open, not asked for the next yet: the gap after a visitor */
    SNAPSHOT_PAUSED,  /* by its staff, or on a break of the roster */
    SNAPSHOT_CALLED,  /* its visitor is on the way */
    SNAPSHOT_SERVING,
};

struct snapshot_counter {
    uint64_t services;
    uint32_t languages, needs;
    enum snapshot_counter_state state;
    int64_t since_ms; /* of this state; for SERVING: of the call, if called_ms is not known */
    struct snapshot_roster roster;
    int breaks_taken; /* of roster.breaks, the current one included */
    /* Of the visitor at it, when CALLED or SERVING. */
    uint64_t key;
    int service, language;
    enum ticket_class ticket_class;
    int64_t waited_ms; /* until called */
};

struct snapshot_ticket {
    uint64_t key; /* a hash of its id: its random numbers stay the same from forecast to forecast */
    int32_t index;             /* the engine's, or the scorer's; the order of joining */
    int16_t service, language; /* language: -1: none given */
    enum ticket_class ticket_class;
    uint32_t needs;
    int64_t arrived_ms, leg_from_ms;
    int64_t promised_ms; /* high end of the range last told, from leg_from; 0: none was told */
    int64_t held_ms;     /* lets others go first until then; 0: does not */
    bool called_before;  /* sent on or revived (snapshot_take() sees the first only) */
};

struct snapshot_booking {
    uint64_t key;
    int16_t service, language;
    enum ticket_class ticket_class; /* APPOINTMENT or URGENT, if it comes on time */
    uint32_t needs;
    int64_t appointment_ms;
};

/* A hypothetical visitor who arrives now. */
struct snapshot_newcomer {
    int16_t service, language;
    enum ticket_class ticket_class;
    uint32_t needs;
};

struct snapshot {
    int64_t now_ms;
    int64_t midnight_ms;    /* local: from here the sampler's quarters count */
    int64_t opens_ms;       /* doors; 0: not known */
    int64_t doors_close_ms; /* no walk-ins from here; 0: not known */
    int64_t day_end_ms;     /* what still waits is closed as left; 0: never */
    struct policy_terms policy;
    struct need_terms needs;
    uint32_t
        sent_needs; /* of needs.hard: not the site's, but of those who were sent to one counter */
    int service_count, counter_count;
    struct snapshot_counter counters[QUARTER_COUNTERS_MAX];
    size_t ticket_count, ticket_capacity;
    struct snapshot_ticket *tickets; /* who waits, in order of joining */
    size_t booking_count, booking_capacity;
    struct snapshot_booking *bookings; /* of today, not here yet, by appointment */
    size_t newcomer_count, newcomer_capacity;
    struct snapshot_newcomer *newcomers;
    /* Walk-ins so far, all services: what came and what the sampler expected. */
    double seen, expected;
    struct sampler *sampler; /* a copy of its own */
    int64_t sampler_stamp;   /* of the copy */
    size_t counted;          /* tickets of today that `seen` covers already */
    char counted_day[QUARTER_DAY_LEN + 1];
    uint8_t breaks_seen[QUARTER_COUNTERS_MAX]; /* bit i: break i of the roster was taken today */
};

void snapshot_init(struct snapshot *snapshot);
void snapshot_free(struct snapshot *snapshot);
void snapshot_copy(struct snapshot *into, const struct snapshot *from); /* into: initialised */

/* What the engine does not know of the day. Borrowed for the call. */
struct snapshot_day {
    const struct snapshot_roster *rosters; /* by rules.counters index */
    int roster_count;
    const struct snapshot_booking *bookings; /* of the whole day; those here or past are left out */
    size_t booking_count;
    int64_t midnight_ms, opens_ms, doors_close_ms, day_end_ms; /* as in struct snapshot */
    /* Prepared for the engine's codes, by its indices. The stamp is another whenever the sampler is: about 150 KB are copied only then;
     * 0: always. */
    const struct sampler *sampler;
    int64_t sampler_stamp;
};

/* Newcomers: for each offered service one of class normal, assisted and urgent without needs, and a normal one with each
 * need that restricts there (several at once: none). Waiting tickets' promises are those the engine knows. */
void snapshot_take(struct snapshot *snapshot, const struct engine *engine,
                   const struct snapshot_day *day, int64_t now_ms);

/* The needs that make a difference at a service: some of its counters meet them and some do not, or nobody may go
 * without. */
uint32_t snapshot_restricting_needs(const struct snapshot *snapshot, int service);

uint64_t snapshot_key(const char *ticket_id);
/* Adds to the arrays; the caller keeps the order of joining. */
void snapshot_add_ticket(struct snapshot *snapshot, const struct snapshot_ticket *ticket);
void snapshot_add_booking(struct snapshot *snapshot, const struct snapshot_booking *booking);
void snapshot_add_newcomer(struct snapshot *snapshot, const struct snapshot_newcomer *newcomer);
void snapshot_add_newcomers(struct snapshot *snapshot); /* as snapshot_take() does */
void snapshot_clear_newcomers(struct snapshot *snapshot);
/* A copy of it, unless the stamp says that it has this one. */
void snapshot_set_sampler(struct snapshot *snapshot, const struct sampler *sampler, int64_t stamp);
/* snapshot.expected, from the sampler and the instants. */
void snapshot_expect(struct snapshot *snapshot);

#endif
