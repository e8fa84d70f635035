/* How long everybody will wait. Runs the real dispatcher (world.h) forward from a snapshot, R times with sampled service
 * times, patience, no-shows, transfers, gaps and arrivals, and reads quantiles off the first calls: SCIENCE.md,
 * "Forecast". One pass answers for each ticket that waits and for each newcomer of the snapshot; a newcomer is a phantom
 * with zero service time, which is exact: whoever waits disturbs nobody until called.
 *
 * Random numbers are a function of (ticket, replication, purpose), so that successive forecasts differ by what happened
 * and not by luck; over the replications each ticket's draws are stratified. Deterministic; no clock: a caller that wants
 * fewer runs in a hurry asks for fewer.
 *
 * A forecaster owns the memory of its runs; one thread at a time. */
#ifndef QUARTER_ENGINE_FORECAST_FORECAST_H
#define QUARTER_ENGINE_FORECAST_FORECAST_H

#include "engine/forecast/promise.h"
#include "engine/forecast/snapshot.h"

enum {
    FORECAST_RUNS = 100,
    FORECAST_RUNS_LEAST = 20,
    FORECAST_RUNS_MAX = 1024,
    FORECAST_VISITS =
        200000, /* fewer runs, where runs times those who wait would be more than this */
    FORECAST_NEVER = INT32_MAX, /* seconds: nobody could call it before the day ended */
};

struct forecast_options {
    int runs;     /* 0: FORECAST_RUNS */
    double level; /* of what is told as P90: promise_level.level; 0: 0.9 */
    uint64_t seed;
};

struct forecast_wait {
    struct wait_range range;
    int32_t later_permille; /* P(wait > promised high), for tickets that were told one */
    int32_t never_permille; /* runs in which nobody called it */
};

struct forecast {
    int64_t as_of_ms;
    int runs; /* done: fewer than asked with thousands waiting */
    size_t ticket_count;
    struct forecast_wait *tickets; /* in order of snapshot.tickets */
    size_t newcomer_count;
    struct forecast_wait *newcomers; /* in order of snapshot.newcomers */
    /* All runs' waits, sorted, for the scorer: [ticket_count + newcomer_count][runs] seconds; FORECAST_NEVER
     * last. */
    int32_t *waits_s;
    size_t wait_capacity, ticket_capacity, newcomer_capacity;
};

struct forecaster;

struct forecaster *forecaster_create(void);
void forecaster_destroy(struct forecaster *forecaster);

/* forecast: zeroed before its first use; keeps its memory from run to run. */
void forecaster_run(struct forecaster *forecaster, const struct snapshot *snapshot,
                    const struct forecast_options *options, struct forecast *forecast);
void forecast_free(struct forecast *forecast);

/* Of sorted waits, so that a new wait of the same kind is below it with that probability (Weibull's plotting position). */
double forecast_quantile_s(const int32_t *sorted_s, int runs, double share);

#endif
