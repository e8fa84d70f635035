/* What a forecast of everybody costs: 100 runs, P20, P50, P90 for each who waits and for newcomers of each service and
 * class, under the default policy with arrivals to come. Against a raw limit in the same rounds: the bare dispatcher, the
 * same visits run through the same world with nothing drawn and nothing counted. How it grows from 10 to 10 000 waiting
 * and from 3 to 60 counters. One JSON line a row; forecast_ms and raw_ms are medians over rounds. snapshot_us: a copy of
 * the snapshot, as the engine thread hands it over. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "engine/forecast/forecast.h"
#include "engine/forecast/random.h"
#include "engine/forecast/replication.h"
#include "engine/forecast/sampler.h"
#include "quarter/check.h"

enum { SERVICES = 14, MINUTE_MS = 60000, VISITORS_A_DAY = 30 };

static const int64_t now_ms = INT64_C(1764000000000);

struct bench {
    struct snapshot snapshot, copy;
    struct sampler *sampler;
    struct forecaster *forecaster;
    struct replications *replications;
    struct forecast forecast;
};

/* Ten days of visits, so that curves are learned ones; arrivals in proportion to the counters. */
static void learn(struct bench *bench, int counters)
{
    static char codes[QUARTER_COUNTERS_MAX][QUARTER_CODE_MAX + 1];
    struct knowledge *knowledge = knowledge_create();
    struct sampler_site site = {
        .service_count = SERVICES, .counter_count = counters, .weekday = -1};
    struct random random = {random_stream(1, 1)};
    for (int i = 0; i < QUARTER_COUNTERS_MAX; i++) {
        snprintf(codes[i], sizeof(codes[i]), "c%d", i);
        site.counters[i] = codes[i];
    }
    for (int i = 0; i < SERVICES; i++) {
        site.services[i] = codes[i];
        site.typical_ms[i] = (int64_t)(4 + i) * MINUTE_MS;
    }
    for (int day = 0; day < 10; day++) {
        knowledge_begin_day(knowledge, "");
        for (int i = 0; i < VISITORS_A_DAY * SERVICES; i++) {
            const int service = i % SERVICES;
            const double mean_ms = (double)site.typical_ms[service];
            const struct knowledge_visit visit = {
                .service = knowledge_service(knowledge, codes[service]),
                .counter = knowledge_counter(knowledge, codes[i % counters]),
                .duration_ms = (int64_t)random_lognormal(random_uniform(&random), mean_ms, 0.7)};
            knowledge_add_visit(knowledge, &visit);
        }
    }
    sampler_prepare(bench->sampler, knowledge, &site);
    knowledge_destroy(knowledge);
    for (int service = 0; service < SERVICES; service++) {
        for (int quarter = 0; quarter < KNOWLEDGE_QUARTERS; quarter++) {
            bench->sampler->arrivals[CROWD_WALK_IN][service][quarter] = (float)counters / SERVICES;
        }
    }
    snapshot_set_sampler(&bench->snapshot, bench->sampler, 0);
}

/* Every counter at work; each offers 3 to 8 services, each service is offered somewhere. */
static void fill(struct bench *bench, int waiting, int counters)
{
    struct snapshot *snapshot = &bench->snapshot;
    struct random random = {random_stream(2, (uint64_t)waiting)};
    learn(bench, counters);
    snapshot->now_ms = now_ms;
    snapshot->midnight_ms = now_ms - (int64_t)10 * 60 * MINUTE_MS;
    snapshot->policy = policy_default_terms;
    snapshot->service_count = SERVICES;
    snapshot->counter_count = counters;
    for (int i = 0; i < counters; i++) {
        struct snapshot_counter *counter = &snapshot->counters[i];
        *counter = (struct snapshot_counter){.state = SNAPSHOT_SERVING,
                                             .languages = 1,
                                             .needs = (uint32_t)(1 + i % 7),
                                             .since_ms = now_ms - MINUTE_MS * (1 + i % 7),
                                             .key = (uint64_t)i,
                                             .language = -1};
        for (int j = 0; j < 3 + i % 6; j++) {
            counter->services |= UINT64_C(1) << ((i * 5 + j) % SERVICES);
        }
        counter->service = __builtin_ctzll(counter->services);
    }
    if (counters < SERVICES) {
        for (int i = 0; i < SERVICES; i++) {
            snapshot->counters[i % counters].services |= UINT64_C(1) << i;
        }
    }
    snapshot->ticket_count = snapshot->newcomer_count = 0;
    for (int32_t i = 0; i < waiting; i++) {
        const int64_t since_ms = now_ms - (int64_t)(waiting - i) * 30 * MINUTE_MS / waiting;
        snapshot_add_ticket(snapshot,
                            &(struct snapshot_ticket){
                                .key = (uint64_t)i,
                                .index = i,
                                .service = (int16_t)random_index(random_uniform(&random), SERVICES),
                                .language = -1,
                                .arrived_ms = since_ms,
                                .leg_from_ms = since_ms});
    }
    snapshot_add_newcomers(snapshot);
}

static double time_forecast_ms(struct bench *bench)
{
    const int64_t start_ns = bench_now_ns();
    forecaster_run(bench->forecaster, &bench->snapshot, &(struct forecast_options){0},
                   &bench->forecast);
    return (double)(bench_now_ns() - start_ns) / 1e6;
}

/* Each run is drawn outside of the clock and then run again. */
static double time_raw_ms(struct bench *bench, int runs)
{
    int64_t spent_ns = 0;
    replications_plan(bench->replications, &bench->snapshot,
                      &(struct replication_terms){.runs = runs, .newcomers = true});
    for (int run = 0; run < runs; run++) {
        (void)replications_run(bench->replications, run);
        const int64_t start_ns = bench_now_ns();
        replications_again(bench->replications);
        spent_ns += bench_now_ns() - start_ns;
    }
    return (double)spent_ns / 1e6;
}

static double time_copy_us(struct bench *bench)
{
    const int64_t start_ns = bench_now_ns();
    snapshot_copy(&bench->copy, &bench->snapshot);
    return (double)(bench_now_ns() - start_ns) / 1e3;
}

static double measure(struct bench *bench, int waiting, int counters, double base_ms)
{
    struct samples forecast = {0};
    struct samples raw = {0};
    struct samples copy = {0};
    fill(bench, waiting, counters);
    (void)time_forecast_ms(bench); /* grows its memory */
    const int rounds = waiting > 1000 ? 10 : 60;
    for (int i = 0; i < rounds; i++) {
        samples_add(&forecast, time_forecast_ms(bench));
        samples_add(&raw, time_raw_ms(bench, bench->forecast.runs));
        samples_add(&copy, time_copy_us(bench));
    }
    const double forecast_ms = samples_quantile(&forecast, 0.5);
    const double raw_ms = samples_quantile(&raw, 0.5);
    printf("{\"bench\":\"forecast\",\"waiting\":%d,\"counters\":%d,\"newcomers\":%zu,\"runs\":%d,"
           "\"forecast_ms\":%.2f,\"forecast_p99_ms\":%.2f,\"raw_world_ms\":%.2f,\"ratio\":%.2f,"
           "\"us_a_run\":%.1f,\"snapshot_us\":%.1f",
           waiting, counters, bench->snapshot.newcomer_count, bench->forecast.runs, forecast_ms,
           samples_quantile(&forecast, 0.99), raw_ms, forecast_ms / raw_ms,
           1000 * forecast_ms / bench->forecast.runs, samples_quantile(&copy, 0.5));
    const double a_run_ms = forecast_ms / bench->forecast.runs;
    if (base_ms > 0) {
        printf(",\"run_over_50_12\":%.2f", a_run_ms / base_ms);
    }
    printf("}\n");
    fflush(stdout);
    samples_free(&forecast);
    samples_free(&raw);
    samples_free(&copy);
    return a_run_ms;
}

int main(void)
{
    static const int waiting[] = {10, 200, 1000, 10000};
    static const int counters[] = {3, 6, 30, 60};
    struct bench bench = {.sampler = calloc(1, sizeof(*bench.sampler)),
                          .forecaster = forecaster_create(),
                          .replications = replications_create()};
    CHECK(bench.sampler != NULL);
    snapshot_init(&bench.snapshot);
    snapshot_init(&bench.copy);
    const double base_ms = measure(&bench, 50, 12, 0);
    for (size_t i = 0; i < sizeof(waiting) / sizeof(waiting[0]); i++) {
        (void)measure(&bench, waiting[i], 12, base_ms);
    }
    for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++) {
        (void)measure(&bench, 50, counters[i], base_ms);
    }
    forecaster_destroy(bench.forecaster);
    replications_destroy(bench.replications);
    forecast_free(&bench.forecast);
    snapshot_free(&bench.snapshot);
    snapshot_free(&bench.copy);
    free(bench.sampler);
    return 0;
}
