/* Learning days, test days, and the level in order of time. See score.h. */
#include "simulate/score.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/forecast/forecast.h"
#include "quarter/check.h"
#include "simulate/parallel.h"
#include "simulate/score_day.h"
#include "simulate/score_parts.h"

/* ---- One test day */

static void note_simple(struct score_worker *worker, struct score_day *day, int service,
                        struct score_delayed *delayed)
{
    const struct snapshot *snapshot = &worker->snapshot;
    int waiting = 0;
    int counters = 0;
    for (size_t i = 0; i < snapshot->ticket_count; i++) {
        waiting += snapshot->tickets[i].service == service;
    }
    for (int i = 0; i < snapshot->counter_count; i++) {
        const enum snapshot_counter_state state = snapshot->counters[i].state;
        counters += state != SNAPSHOT_OFF && state != SNAPSHOT_PAUSED &&
                    (snapshot->counters[i].services >> service & 1) != 0;
    }
    (void)day;
    const double mean_s = (double)snapshot->sampler->service[service].mean_ms / 1000;
    const double queue_s = (waiting + 1) * mean_s / (counters > 0 ? counters : 1);
    delayed->queue_s = (int32_t)queue_s;
    delayed->les_s = worker->last_wait_s[service];
}

static void on_call(void *context, struct score_day *day, int32_t ticket)
{
    struct score_worker *worker = context;
    const struct world_ticket *called = world_ticket(score_day_world(day), ticket);
    if (called->visit->ticket_class != CLASS_TRANSFER) {
        const int64_t waited_ms = called->called_ms - called->leg_from_ms;
        worker->last_wait_s[called->visit->service] =
            waited_ms > 0 ? (int32_t)(waited_ms / 1000) : 0;
    }
}

void score_foretell_newcomer(struct score_worker *worker, struct score_day *day,
                             const struct world_visit *visit)
{
    score_day_see(day, &worker->snapshot);
    snapshot_add_newcomer(&worker->snapshot,
                          &(struct snapshot_newcomer){
                              .service = visit->service,
                              .language = visit->language,
                              .ticket_class = (enum ticket_class)visit->ticket_class,
                              .needs = visit->needs,
                          });
    forecaster_run(worker->forecaster, &worker->snapshot,
                   &(struct forecast_options){.runs = worker->runs}, &worker->forecast);
}

/* What would be told to this walk-in, who will have to wait. */
static void on_arrival(void *context, struct score_day *day, int32_t ticket)
{
    struct score_worker *worker = context;
    const struct world_visit *visit = &score_day_visits(day)->visits[ticket];
    if (worker->waits_ms[ticket] <= 0) {
        return;
    }
    score_foretell_newcomer(worker, day, visit);
    struct score_test *test = worker->test;
    struct score_delayed *delayed = &test->delayed[test->count];
    *delayed = (struct score_delayed){
        .arrives_ms = visit->arrives_ms,
        .wait_s = (int32_t)((worker->waits_ms[ticket] + 500) / 1000),
        .seen = worker->seen[ticket],
        .range = worker->forecast.newcomers[0].range,
    };
    note_simple(worker, day, visit->service, delayed);
    const size_t runs = (size_t)worker->forecast.runs;
    memcpy(test->waits_s + (size_t)test->count * runs,
           worker->forecast.waits_s + worker->snapshot.ticket_count * runs,
           runs * sizeof(*test->waits_s));
    test->count++;
}

/* How long each walk-in truly waits; 0: not scored. Of one who told us that they leave, by a replay in which they stay. */
static void true_waits(struct score_worker *worker, struct score_day *day)
{
    const struct trace_day *visits = score_day_visits(day);
    score_day_run(day, NULL, NULL, -1);
    for (int32_t i = 0; i < visits->count; i++) {
        const struct world_ticket *ticket = world_ticket(score_day_world(day), i);
        worker->seen[i] = ticket->called_ms >= 0;
        worker->waits_ms[i] = worker->seen[i] ? ticket->called_ms - ticket->leg_from_ms : -1;
    }
    for (int32_t i = 0; i < visits->count; i++) {
        if (worker->seen[i] || score_day_booked(day, i)) {
            worker->waits_ms[i] = score_day_booked(day, i) ? 0 : worker->waits_ms[i];
            continue;
        }
        score_day_run(day, NULL, NULL, i);
        const struct world_ticket *ticket = world_ticket(score_day_world(day), i);
        worker->waits_ms[i] = ticket->called_ms >= 0 ? ticket->called_ms - ticket->leg_from_ms : 0;
    }
}

static void make_room(struct score_worker *worker, int32_t visits)
{
    if (visits > worker->capacity) {
        free(worker->waits_ms);
        free(worker->seen);
        free(worker->promises);
        worker->capacity = 2 * visits;
        worker->waits_ms = malloc((size_t)worker->capacity * sizeof(*worker->waits_ms));
        worker->seen = malloc((size_t)worker->capacity * sizeof(*worker->seen));
        worker->promises = malloc((size_t)worker->capacity * sizeof(*worker->promises));
        CHECK(worker->waits_ms != NULL && worker->seen != NULL && worker->promises != NULL);
    }
}

static void make_test(const struct score_worker *worker, struct score_test *test, int32_t visits)
{
    test->delayed = malloc(((size_t)visits + 1) * sizeof(*test->delayed));
    test->waits_s = malloc(((size_t)visits + 1) * (size_t)worker->runs * sizeof(*test->waits_s));
    CHECK(test->delayed != NULL && test->waits_s != NULL);
}

static void give_back(struct score_test *test, int runs)
{
    const size_t count = (size_t)test->count + 1;
    struct score_delayed *delayed = realloc(test->delayed, count * sizeof(*delayed));
    int32_t *waits_s = realloc(test->waits_s, count * (size_t)runs * sizeof(*waits_s));
    CHECK(delayed != NULL && waits_s != NULL);
    test->delayed = delayed;
    test->waits_s = waits_s;
}

static void take_day(struct score *score, struct score_worker *worker, int number)
{
    score_day_draw(worker->day, score->seed, number);
    make_room(worker, score_day_visits(worker->day)->count);
    const int weekday = number % workload_weekdays(score->options->workload);
    snapshot_set_sampler(&worker->snapshot, &score->samplers[weekday], weekday + 1);
}

static void test_day(void *context, int worker_number, int job)
{
    struct score *score = context;
    struct score_worker *worker = &score->workers[worker_number];
    take_day(score, worker, job);
    worker->test = &score->tests[job];
    make_test(worker, worker->test, score_day_visits(worker->day)->count);
    true_waits(worker, worker->day);
    memset(worker->last_wait_s, 0, sizeof(worker->last_wait_s));
    const struct score_day_watch watch = {
        .context = worker, .on_arrival = on_arrival, .on_call = on_call};
    score_day_run(worker->day, &watch, NULL, -1);
    give_back(worker->test, worker->runs);
}

static void alarm_day(void *context, int worker_number, int job)
{
    struct score *score = context;
    struct score_worker *worker = &score->workers[worker_number];
    take_day(score, worker, job);
    score_alarm_day(worker, &score->alarms[job]);
}

/* Three instants of a day: before, in and after its peak. */
static void advice_moment(void *context, int worker_number, int job)
{
    static const int64_t instants_ms[] = {3600000, 8100000, 14400000};
    const int instants = (int)(sizeof(instants_ms) / sizeof(instants_ms[0]));
    struct score *score = context;
    struct score_worker *worker = &score->workers[worker_number];
    take_day(score, worker, job / instants);
    score_judge_advice(worker, instants_ms[job % instants], &score->moments[job]);
}

/* ---- All days */

static void learn(struct score *score)
{
    struct knowledge *knowledge = knowledge_create();
    struct score_day *day = score->workers[0].day;
    const int days = score->options->train_days > 0 ? score->options->train_days : SCORE_TRAIN_DAYS;
    for (int i = 0; i < days; i++) {
        score_day_draw(day, SCORE_TRAIN_SEED, i);
        score_day_run(day, NULL, knowledge, -1);
    }
    for (int i = 0; i < workload_weekdays(score->options->workload); i++) {
        score_day_draw(day, SCORE_TRAIN_SEED, days + i);
        const int weekday = (days + i) % workload_weekdays(score->options->workload);
        score_day_prepare(day, knowledge, &score->samplers[weekday]);
    }
    knowledge_destroy(knowledge);
}

/* Outcomes teach the level when they are known: at the call. */
struct outcome_due {
    int64_t at_ms;
    int32_t wait_s, p90_s;
};

static void learn_until(struct promise_level *level, struct outcome_due *due, int *count,
                        int64_t now_ms)
{
    int kept = 0;
    for (int i = 0; i < *count; i++) { /* in order of arrival, which is nearly that of calls */
        if (due[i].at_ms <= now_ms) {
            promise_level_learn(level, due[i].wait_s, due[i].p90_s);
        } else {
            due[kept++] = due[i];
        }
    }
    *count = kept;
}

static void level_day(const struct score_test *test, int runs, struct promise_level *level,
                      struct promise_score *score)
{
    struct outcome_due *due = malloc(((size_t)test->count + 1) * sizeof(*due));
    CHECK(due != NULL);
    int pending = 0;
    for (int i = 0; i < test->count; i++) {
        const struct score_delayed *delayed = &test->delayed[i];
        learn_until(level, due, &pending, delayed->arrives_ms);
        const int32_t *waits_s = test->waits_s + (size_t)i * (size_t)runs;
        struct wait_range told = delayed->range;
        told.p90_s = (int32_t)forecast_quantile_s(waits_s, runs, level->level);
        for (int last = runs; told.p90_s == FORECAST_NEVER && last > 0; last--) {
            told.p90_s = waits_s[last - 1]; /* some runs end before anybody calls it */
        }
        promise_score_add(score, &told, delayed->wait_s);
        if (delayed->seen) {
            due[pending++] = (struct outcome_due){
                delayed->arrives_ms + (int64_t)delayed->wait_s * 1000, delayed->wait_s, told.p90_s};
        }
    }
    learn_until(level, due, &pending, INT64_MAX);
    free(due);
}

static struct wait_range point(int32_t wait_s)
{
    return (struct wait_range){wait_s, wait_s, wait_s, wait_s, 0};
}

static void add_up(struct score *score, int days, struct score_result *result)
{
    struct promise_score *sums[SCORE_PREDICTORS];
    for (int i = 0; i < SCORE_PREDICTORS; i++) {
        sums[i] = calloc((size_t)days + 1, sizeof(*sums[i]));
        CHECK(sums[i] != NULL);
    }
    struct promise_level level;
    promise_level_init(&level);
    for (int day = 0; day < days; day++) {
        const struct score_test *test = &score->tests[day];
        for (int i = 0; i < test->count; i++) {
            const struct score_delayed *delayed = &test->delayed[i];
            const struct wait_range queue = point(delayed->queue_s);
            const struct wait_range les = point(delayed->les_s);
            promise_score_add(&sums[SCORE_QUEUE][day], &queue, delayed->wait_s);
            promise_score_add(&sums[SCORE_LES][day], &les, delayed->wait_s);
            promise_score_add(&sums[SCORE_FORECAST][day], &delayed->range, delayed->wait_s);
        }
        level_day(test, score->workers[0].runs, &level, &sums[SCORE_LEVEL][day]);
        result->delayed += test->count;
    }
    result->days = days;
    result->last_level = level.level;
    for (int i = 0; i < SCORE_PREDICTORS; i++) {
        score_jackknife(sums[i], days, &result->rows[i]);
        free(sums[i]);
    }
}

static void set_up(struct score *score, const struct score_options *options)
{
    *score = (struct score){.options = options, .seed = options->seed};
    score->test_count = options->test_days > 0 ? options->test_days : SCORE_TEST_DAYS;
    score->worker_count = options->threads > 0 ? options->threads : parallel_default_threads();
    score->samplers = calloc(KNOWLEDGE_WEEKDAYS, sizeof(*score->samplers));
    score->workers = calloc((size_t)score->worker_count, sizeof(*score->workers));
    score->tests = calloc((size_t)score->test_count, sizeof(*score->tests));
    score->alarm_count = options->alarm_days;
    score->moment_count = options->advice_moments;
    score->alarms = calloc((size_t)score->alarm_count + 1, sizeof(*score->alarms));
    score->moments = calloc((size_t)score->moment_count + 1, sizeof(*score->moments));
    CHECK(score->samplers != NULL && score->workers != NULL && score->tests != NULL);
    CHECK(score->alarms != NULL && score->moments != NULL);
    for (int i = 0; i < score->worker_count; i++) {
        struct score_worker *worker = &score->workers[i];
        worker->day = score_day_create(options->workload, options->policy, options->messy);
        worker->forecaster = forecaster_create();
        worker->runs = options->runs > 0 ? options->runs : FORECAST_RUNS;
        snapshot_init(&worker->snapshot);
    }
}

static void tear_down(struct score *score)
{
    for (int i = 0; i < score->worker_count; i++) {
        struct score_worker *worker = &score->workers[i];
        score_day_destroy(worker->day);
        forecaster_destroy(worker->forecaster);
        forecast_free(&worker->forecast);
        snapshot_free(&worker->snapshot);
        free(worker->waits_ms);
        free(worker->seen);
        free(worker->promises);
        advisor_destroy(worker->advisor);
    }
    for (int i = 0; i < score->test_count; i++) {
        free(score->tests[i].delayed);
        free(score->tests[i].waits_s);
    }
    free(score->samplers);
    free(score->workers);
    free(score->tests);
    free(score->alarms);
    free(score->moments);
}

static int in_parallel(struct score *score, int jobs, const char *noun,
                       void (*job)(void *context, int worker, int job))
{
    const struct score_options *options = score->options;
    const struct parallel parallel = {.jobs = jobs,
                                      .threads = score->worker_count,
                                      .job = job,
                                      .context = score,
                                      .stop = options->stop,
                                      .progress = options->progress,
                                      .live = options->live,
                                      .noun = noun};
    return jobs > 0 ? parallel_run(&parallel) : 0;
}

bool score_run(const struct score_options *options, struct score_result *result)
{
    struct score score;
    set_up(&score, options);
    *result = (struct score_result){0};
    learn(&score);
    const int days = in_parallel(&score, score.test_count, "days", test_day);
    add_up(&score, days, result);
    const int alarms = in_parallel(&score, score.alarm_count, "days of alarms", alarm_day);
    score_alarms_sum(score.alarms, alarms, result);
    const int moments = in_parallel(&score, score.moment_count, "pieces of advice", advice_moment);
    score_moments_sum(score.moments, moments, result);
    const bool done =
        days == score.test_count && alarms == score.alarm_count && moments == score.moment_count;
    tear_down(&score);
    return done;
}
