/* The inside of a world, shared by world.c (making, starting, looking), world_future.c (what happens next) and world_run.c
 * (what then happens).
 *
 * Every counter has one instant at most at which something happens to it next, so the future is a key of each counter,
 * whose least is found among the least of groups of 8. What is known beforehand, opening hours, breaks and arrivals,
 * lies sorted in arrays. */
#ifndef QUARTER_ENGINE_FORECAST_WORLD_STATE_H
#define QUARTER_ENGINE_FORECAST_WORLD_STATE_H

#include "engine/forecast/world.h"
#include "engine/forecast/world_lines.h"

/* A key is the time since the start (ms, 270 years), below it the order of scheduling, which is counted afresh among the
 * few that are pending whenever it has used up its bits, and below that the counter. */
enum {
    WORLD_COUNTER_BITS = 6,
    WORLD_ORDER_BITS = 14,
    WORLD_TIME_SHIFT = WORLD_COUNTER_BITS + WORLD_ORDER_BITS,
    WORLD_DUE_GROUP = 8,
};
_Static_assert(QUARTER_COUNTERS_MAX <= 1 << WORLD_COUNTER_BITS, "a key has room for every counter");
_Static_assert(QUARTER_COUNTERS_MAX % WORLD_DUE_GROUP == 0, "groups of counters are full");

#define WORLD_NEVER UINT64_MAX

struct world_hour {
    int64_t at_ms;
    int16_t counter;
    int16_t broken; /* which of its breaks; -1: it opens */
};

struct world_desk_counter {
    enum world_counter_state state;
    int32_t ticket;
    int64_t since_ms, until_ms;
    int64_t next_break_ms; /* INT64_MAX: none is to come */
    int breaks_taken;
};

struct world_relaxing {
    int64_t at_ms;
    int32_t ticket, joined;
};

struct world {
    struct world_desk desk;
    struct world_counter counters[QUARTER_COUNTERS_MAX];
    int offered[QUARTER_COUNTERS_MAX]; /* services of each counter */
    struct world_line_set sets[QUARTER_COUNTERS_MAX];
    /* On service times: where the language is spoken, and where not. */
    double factors[QUARTER_COUNTERS_MAX][2];
    uint64_t offering[QUARTER_SERVICES_MAX];  /* counters of each service */
    uint32_t grantable[QUARTER_SERVICES_MAX]; /* needs that one of them meets */
    struct world_hour hours[QUARTER_COUNTERS_MAX * (WORLD_BREAKS_MAX + 1)];
    int hour_count;

    struct world_visits visits;
    struct world_ticket *tickets;
    struct world_visit *legs; /* second legs; visit of ticket visits.count + i */
    int32_t ticket_count, ticket_capacity, leg_capacity;

    int64_t start_ms, now_ms;
    int next_hour;
    int32_t next_arrival, watched;
    int64_t hour_ms, arrival_ms; /* of these */
    uint64_t idle;               /* counters */
    struct world_desk_counter stands[QUARTER_COUNTERS_MAX];
    /* The future: a key of each counter, the least of every WORLD_DUE_GROUP of them, and the least of all. */
    uint64_t due[QUARTER_COUNTERS_MAX], due_of_group[QUARTER_COUNTERS_MAX / WORLD_DUE_GROUP],
        due_first;
    int due_groups;
    uint64_t order;
    struct world_relaxing *relaxing; /* a heap, the first first */
    int32_t relaxing_count, relaxing_capacity;
    struct world_lines lines;
};

/* ---- world_future.c */

void world_schedule(struct world *world, int counter, int64_t at_ms);
/* Anew, after the key of this counter grew. */
void world_find_first_due(struct world *world, int counter);
void world_add_relaxing(struct world *world, struct world_relaxing relaxing);
struct world_relaxing world_take_relaxing(struct world *world);
void world_future_reset(struct world *world);

/* ---- world_run.c */

void world_arrive(struct world *world, int32_t ticket);
void world_go_on_break(struct world *world, int counter); /* one is due */
void world_look_ahead(struct world *world);               /* to the next hour and arrival */

#endif
