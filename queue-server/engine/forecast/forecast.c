/* Quantiles of the first calls of many runs. See forecast.h. */
#include "engine/forecast/forecast.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/forecast/replication.h"
#include "quarter/check.h"

static const double p20 = 0.2;
static const double p50 = 0.5;
static const double p90 = 0.9;

struct forecaster {
    struct replications *replications;
};

struct forecaster *forecaster_create(void)
{
    struct forecaster *forecaster = calloc(1, sizeof(*forecaster));
    CHECK(forecaster != NULL);
    forecaster->replications = replications_create();
    return forecaster;
}

void forecaster_destroy(struct forecaster *forecaster)
{
    if (forecaster == NULL) {
        return;
    }
    replications_destroy(forecaster->replications);
    free(forecaster);
}

void forecast_free(struct forecast *forecast)
{
    free(forecast->tickets);
    free(forecast->newcomers);
    free(forecast->waits_s);
    *forecast = (struct forecast){0};
}

static void *roomy(void *array, size_t count, size_t *capacity, size_t size)
{
    if (count <= *capacity) {
        return array;
    }
    free(array);
    *capacity = count + count / 2;
    array = malloc(*capacity * size);
    CHECK(array != NULL);
    return array;
}

static void make_room(struct forecast *forecast, const struct snapshot *snapshot, int runs)
{
    const size_t asked = snapshot->ticket_count + snapshot->newcomer_count;
    forecast->as_of_ms = snapshot->now_ms;
    forecast->runs = runs;
    forecast->ticket_count = snapshot->ticket_count;
    forecast->newcomer_count = snapshot->newcomer_count;
    forecast->tickets = roomy(forecast->tickets, snapshot->ticket_count, &forecast->ticket_capacity,
                              sizeof(*forecast->tickets));
    forecast->newcomers = roomy(forecast->newcomers, snapshot->newcomer_count,
                                &forecast->newcomer_capacity, sizeof(*forecast->newcomers));
    forecast->waits_s = roomy(forecast->waits_s, asked * (size_t)runs, &forecast->wait_capacity,
                              sizeof(*forecast->waits_s));
}

static int32_t wait_s(int64_t called_ms, int64_t leg_from_ms)
{
    if (called_ms < 0) {
        return FORECAST_NEVER;
    }
    const int64_t seconds = (called_ms - leg_from_ms + 500) / 1000;
    return seconds < 0 ? 0 : (int32_t)seconds;
}

static int by_length(const void *a, const void *b)
{
    const int32_t first = *(const int32_t *)a;
    const int32_t second = *(const int32_t *)b;
    return (first > second) - (first < second);
}

double forecast_quantile_s(const int32_t *sorted_s, int runs, double share)
{
    const double place = share * (runs + 1) - 1;
    if (place <= 0) {
        return sorted_s[0];
    }
    if (place >= runs - 1) {
        return sorted_s[runs - 1];
    }
    const int below = (int)place;
    const double low = sorted_s[below];
    const double high = sorted_s[below + 1];
    return sorted_s[below + 1] == FORECAST_NEVER ? high : low + (high - low) * (place - below);
}

static int32_t rounded(double seconds)
{
    return (int32_t)fmin(floor(seconds + 0.5), FORECAST_NEVER);
}

static void summarise(struct forecast_wait *wait, const int32_t *sorted_s, int runs,
                      const struct forecast_options *options, int64_t standard_ms,
                      int64_t promised_ms)
{
    double sum = 0;
    int within = 0;
    int after = 0;
    int called = 0;
    for (int i = 0; i < runs; i++) {
        const int64_t ms = (int64_t)sorted_s[i] * 1000;
        within += ms <= standard_ms;
        after += promised_ms > 0 && ms > promised_ms;
        called += sorted_s[i] != FORECAST_NEVER;
        sum += sorted_s[i] != FORECAST_NEVER ? sorted_s[i] : 0;
    }
    const double level = options->level > 0 ? options->level : p90;
    wait->range = (struct wait_range){
        .p20_s = rounded(forecast_quantile_s(sorted_s, runs, p20)),
        .p50_s = rounded(forecast_quantile_s(sorted_s, runs, p50)),
        .p90_s = rounded(forecast_quantile_s(sorted_s, runs, level)),
        .mean_s = called > 0 ? rounded(sum / called) : FORECAST_NEVER,
        .within_permille = 1000 * within / runs,
    };
    wait->later_permille = 1000 * after / runs;
    wait->never_permille = 1000 * (runs - called) / runs;
}

static int runs_for(const struct snapshot *snapshot, const struct forecast_options *options)
{
    const int64_t asked = (int64_t)snapshot->ticket_count + 1;
    int64_t runs = options->runs > 0 ? options->runs : FORECAST_RUNS;
    const int64_t affordable = FORECAST_VISITS / asked;
    if (runs > affordable) {
        runs = affordable > FORECAST_RUNS_LEAST ? affordable : FORECAST_RUNS_LEAST;
    }
    return (int)(runs < FORECAST_RUNS_MAX ? runs : FORECAST_RUNS_MAX);
}

static void note_run(struct forecast *forecast, const struct snapshot *snapshot,
                     const struct replications *replications, int run)
{
    const size_t asked = forecast->ticket_count + forecast->newcomer_count;
    for (size_t i = 0; i < asked; i++) {
        const int64_t leg_from_ms =
            i < forecast->ticket_count ? snapshot->tickets[i].leg_from_ms : snapshot->now_ms;
        forecast->waits_s[i * (size_t)forecast->runs + (size_t)run] =
            wait_s(replications_called_ms(replications, i), leg_from_ms);
    }
}

void forecaster_run(struct forecaster *forecaster, const struct snapshot *snapshot,
                    const struct forecast_options *options, struct forecast *forecast)
{
    const int runs = runs_for(snapshot, options);
    make_room(forecast, snapshot, runs);
    const size_t asked = forecast->ticket_count + forecast->newcomer_count;
    if (asked == 0) {
        return;
    }
    replications_plan(
        forecaster->replications, snapshot,
        &(struct replication_terms){.runs = runs, .seed = options->seed, .newcomers = true});
    for (int run = 0; run < runs; run++) {
        (void)replications_run(forecaster->replications, run);
        note_run(forecast, snapshot, forecaster->replications, run);
    }
    for (size_t i = 0; i < asked; i++) {
        int32_t *waits_s = forecast->waits_s + i * (size_t)runs;
        qsort(waits_s, (size_t)runs, sizeof(*waits_s), by_length);
        const bool waiting = i < forecast->ticket_count;
        summarise(waiting ? &forecast->tickets[i]
                          : &forecast->newcomers[i - forecast->ticket_count],
                  waits_s, runs, options, snapshot->policy.standard_ms,
                  waiting ? snapshot->tickets[i].promised_ms : 0);
    }
}
