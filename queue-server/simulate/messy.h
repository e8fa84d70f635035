/* Staff who do not do as the queue says, for the honest column of every comparison: each counter has a speed that nobody
 * knows, one call in ten goes to somebody else it could serve, and after one service in ten there is a pause nobody
 * notes (5 min on average). The very deviations of the reference simulator, by the same hash, so that the same visitor
 * meets them under every policy, and the two can be compared ticket by ticket. */
#ifndef QUARTER_SIMULATE_MESSY_H
#define QUARTER_SIMULATE_MESSY_H

#include "engine/forecast/world.h"
#include "simulate/trace.h"

struct messy {
    int counter_count, first_legs;
    uint32_t languages[QUARTER_COUNTERS_MAX];
    double speeds[QUARTER_COUNTERS_MAX]; /* those of the site's counters, times the deviation */
    double stranger_factor;              /* WORLD_STRANGER_FACTOR, unless changed */
    int64_t break_from_ms[QUARTER_COUNTERS_MAX]; /* of the first break; INT64_MAX: none */
    double fractions_ms
        [QUARTER_COUNTERS_MAX];        /* by how much a counter's last end was later than the ms */
    int numbers[QUARTER_COUNTERS_MAX]; /* "C7" is 7; a code without digits, its place from 1 */
};

void messy_init(struct messy *messy, const struct trace_site *site);
/* The speed of a counter of this number, as a factor on its service times. */
double messy_speed(int number);
/* Before each run: first_legs, how many visits the world starts with. */
void messy_start(struct messy *messy, int first_legs);

/* For struct world_hooks, with a struct messy as context. */
int32_t messy_pick(void *context, const struct world *world, int counter, int32_t best);
/* The reference's times are not whole ms. This rounds an end, not each of the times that lead to it, so that a day's run
 * stays within a ms of the reference's. It knows all speeds itself, whatever those of the
 * desk's counters are. */
int64_t messy_service_ms(void *context, const struct world *world, int32_t ticket, int counter,
                         int64_t service_ms);
int64_t messy_gap_ms(void *context, const struct world *world, int32_t ticket, int counter);

#endif
