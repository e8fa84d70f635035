/* What the server counts of itself. See metrics.h. */
#include "http/metrics.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "http/json_out.h"
#include "quarter/check.h"

enum {
    STATUS_CLASSES = 6, /* index 2: 2xx */
    BUCKETS = 10,
};

/* Upper bounds of a commit's duration. */
static const int64_t bucket_us[BUCKETS] = {250,   500,   1000,   2500,   5000,
                                           10000, 25000, 100000, 500000, 2500000};

/* Of the last SCORER_DAYS days with promises. */
enum score {
    SCORE_LEVEL,
    SCORE_PROMISES,
    SCORE_COVERAGE_50,
    SCORE_COVERAGE_90,
    SCORE_PINBALL_50,
    SCORE_PINBALL_90,
    SCORE_MAE,
    SCORE_BROKEN,
    SCORE_ANNOUNCED,
    SCORE_ALARMS,
    SCORE_FALSE_ALARMS,
    SCORE_COUNT
};

static const struct {
    const char *name, *labels, *help; /* help "": of the same name as the one before */
    bool of_promises;                 /* not known before there are any */
} scores[SCORE_COUNT] = {
    [SCORE_LEVEL] = {"forecast_level", "", "Quantile that is told as P90.", false},
    [SCORE_PROMISES] = {"forecast_promises", "", "Promises held against the first call.", false},
    [SCORE_COVERAGE_50] = {"forecast_coverage", "{quantile=\"0.5\"}",
                           "Share of waits within the quantile that was told.", true},
    [SCORE_COVERAGE_90] = {"forecast_coverage", "{quantile=\"0.9\"}", "", true},
    [SCORE_PINBALL_50] = {"forecast_pinball_seconds", "{quantile=\"0.5\"}",
                          "Mean pinball loss of the quantile that was told.", true},
    [SCORE_PINBALL_90] = {"forecast_pinball_seconds", "{quantile=\"0.9\"}", "", true},
    [SCORE_MAE] = {"forecast_mae_seconds", "", "Mean absolute error of the median.", true},
    [SCORE_BROKEN] = {"forecast_broken_promises", "", "Waits longer than told.", false},
    [SCORE_ANNOUNCED] = {"forecast_broken_promises_announced", "",
                         "Of those, announced before the promise broke.", false},
    [SCORE_ALARMS] = {"forecast_alarms", "", "Delays that were announced.", false},
    [SCORE_FALSE_ALARMS] = {"forecast_false_alarms", "", "Of those, promises that held.", false},
};

struct metrics {
    atomic_uint_fast64_t answers[STATUS_CLASSES];
    atomic_uint_fast64_t problems[PROBLEM_COUNT];
    atomic_uint_fast64_t events[EVENT_TYPES];
    atomic_uint_fast64_t repeats, failed_commits;
    atomic_uint_fast64_t commits, commit_ns, commands;
    atomic_uint_fast64_t commit_buckets[BUCKETS];
    atomic_uint_fast64_t visits[VISIT_KINDS];
    atomic_int_fast64_t waiting, counters_open, help_calls;
    atomic_bool day_open, clock_plausible;
    atomic_int site_errors;
    atomic_uint_fast64_t forecasts, forecast_ns;
    atomic_int_fast64_t forecast_as_of_ms;
    atomic_int_fast64_t score[SCORE_COUNT]; /* in millionths */
};

struct metrics *metrics_create(void)
{
    struct metrics *metrics = calloc(1, sizeof(*metrics)); /* all zero is every atomic's start */
    CHECK(metrics != NULL);
    return metrics;
}

void metrics_destroy(struct metrics *metrics)
{
    free(metrics);
}

static void add(atomic_uint_fast64_t *counter, uint64_t amount)
{
    atomic_fetch_add_explicit(counter, amount, memory_order_relaxed);
}

void metrics_count_answer(struct metrics *metrics, int http_status)
{
    const int class = http_status / 100;
    CHECK(class > 0 && class < STATUS_CLASSES);
    add(&metrics->answers[class], 1);
}

void metrics_count_problem(struct metrics *metrics, enum problem_code code)
{
    CHECK((unsigned)code < PROBLEM_COUNT);
    add(&metrics->problems[code], 1);
}

void metrics_count_event(struct metrics *metrics, enum event_type type)
{
    CHECK((unsigned)type < EVENT_TYPES);
    add(&metrics->events[type], 1);
}

void metrics_count_visit(struct metrics *metrics, enum visit_kind kind)
{
    CHECK((unsigned)kind < VISIT_KINDS);
    add(&metrics->visits[kind], 1);
}

void metrics_count_commit(struct metrics *metrics, int64_t took_ns, size_t commands)
{
    add(&metrics->commits, 1);
    add(&metrics->commit_ns, (uint64_t)took_ns);
    add(&metrics->commands, commands);
    for (int i = 0; i < BUCKETS; i++) {
        if (took_ns <= bucket_us[i] * 1000) {
            add(&metrics->commit_buckets[i], 1);
            return;
        }
    }
}

void metrics_count_failed_commit(struct metrics *metrics)
{
    add(&metrics->failed_commits, 1);
}

void metrics_count_repeat(struct metrics *metrics)
{
    add(&metrics->repeats, 1);
}

void metrics_set_gauges(struct metrics *metrics, const struct metrics_gauges *gauges)
{
    atomic_store(&metrics->waiting, gauges->waiting);
    atomic_store(&metrics->counters_open, gauges->counters_open);
    atomic_store(&metrics->help_calls, gauges->help_calls);
    atomic_store(&metrics->day_open, gauges->day_open);
    atomic_store(&metrics->clock_plausible, gauges->clock_plausible);
}

void metrics_set_site_errors(struct metrics *metrics, int errors)
{
    atomic_store(&metrics->site_errors, errors);
}

int metrics_site_errors(const struct metrics *metrics)
{
    return atomic_load(&metrics->site_errors);
}

void metrics_count_forecast(struct metrics *metrics, int64_t took_ns, int64_t as_of_ms)
{
    add(&metrics->forecasts, 1);
    add(&metrics->forecast_ns, (uint64_t)took_ns);
    atomic_store(&metrics->forecast_as_of_ms, as_of_ms);
}

void metrics_set_score(struct metrics *metrics, const struct scorer_figures *figures)
{
    const struct promise_score *recent = &figures->recent;
    struct promise_figures shares;
    promise_score_figures(recent, &shares);
    const double values[SCORE_COUNT] = {
        [SCORE_LEVEL] = figures->level.level,
        [SCORE_PROMISES] = (double)recent->count,
        [SCORE_COVERAGE_50] = shares.coverage_50,
        [SCORE_COVERAGE_90] = shares.coverage_90,
        [SCORE_PINBALL_50] = shares.pinball_50_min * 60,
        [SCORE_PINBALL_90] = shares.pinball_90_min * 60,
        [SCORE_MAE] = shares.mae_median_min * 60,
        [SCORE_BROKEN] = (double)recent->broken,
        [SCORE_ANNOUNCED] = (double)recent->announced,
        [SCORE_ALARMS] = (double)recent->alarms,
        [SCORE_FALSE_ALARMS] = (double)recent->false_alarms,
    };
    for (int i = 0; i < SCORE_COUNT; i++) {
        atomic_store(&metrics->score[i], (int_fast64_t)(values[i] * 1e6 + .5));
    }
}

static uint64_t read_counter(const atomic_uint_fast64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

static void put(struct json_out *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void put(struct json_out *out, const char *format, ...)
{
    char line[256];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    json_out_text(out, line);
}

static void put_head(struct json_out *out, const char *name, const char *type, const char *help)
{
    put(out, "# HELP quarter_%s %s\n# TYPE quarter_%s %s\n", name, help, name, type);
}

static void put_gauge(struct json_out *out, const char *name, const char *help, int64_t value)
{
    put_head(out, name, "gauge", help);
    put(out, "quarter_%s %" PRId64 "\n", name, value);
}

static void put_total(struct json_out *out, const char *name, const char *help, uint64_t value)
{
    put_head(out, name, "counter", help);
    put(out, "quarter_%s %" PRIu64 "\n", name, value);
}

static void put_requests(struct json_out *out, const struct metrics *metrics)
{
    put_head(out, "http_answers_total", "counter", "Answers by class of HTTP status.");
    for (int i = 1; i < STATUS_CLASSES; i++) {
        put(out, "quarter_http_answers_total{class=\"%dxx\"} %" PRIu64 "\n", i,
            read_counter(&metrics->answers[i]));
    }
    put_head(out, "problems_total", "counter", "Problem documents by code.");
    for (int i = PROBLEM_NONE + 1; i < PROBLEM_COUNT; i++) {
        const uint64_t count = read_counter(&metrics->problems[i]);
        if (count > 0) {
            put(out, "quarter_problems_total{code=\"%s\"} %" PRIu64 "\n",
                problem_get((enum problem_code)i)->code, count);
        }
    }
}

static void put_commits(struct json_out *out, const struct metrics *metrics)
{
    put_head(out, "commit_duration_seconds", "histogram",
             "From the first command of a batch until it is on disk.");
    uint64_t up_to = 0;
    for (int i = 0; i < BUCKETS; i++) {
        up_to += read_counter(&metrics->commit_buckets[i]);
        put(out, "quarter_commit_duration_seconds_bucket{le=\"%g\"} %" PRIu64 "\n",
            (double)bucket_us[i] / 1e6, up_to);
    }
    const uint64_t commits = read_counter(&metrics->commits);
    put(out, "quarter_commit_duration_seconds_bucket{le=\"+Inf\"} %" PRIu64 "\n", commits);
    put(out, "quarter_commit_duration_seconds_sum %.9f\n",
        (double)read_counter(&metrics->commit_ns) / 1e9);
    put(out, "quarter_commit_duration_seconds_count %" PRIu64 "\n", commits);
}

static void put_events(struct json_out *out, const struct metrics *metrics)
{
    put_head(out, "events_total", "counter", "Events journalled since the start, by type.");
    for (int i = 0; i < EVENT_TYPES; i++) {
        put(out, "quarter_events_total{type=\"%s\"} %" PRIu64 "\n",
            event_type_code((enum event_type)i), read_counter(&metrics->events[i]));
    }
}

static void put_visits(struct json_out *out, const struct metrics *metrics)
{
    put_head(out, "visits_total", "counter", "Visits that ended without a queue, by kind.");
    for (int i = 0; i < VISIT_KINDS; i++) {
        put(out, "quarter_visits_total{kind=\"%s\"} %" PRIu64 "\n",
            visit_kind_code((enum visit_kind)i), read_counter(&metrics->visits[i]));
    }
}

/* What is not known yet is left out. */
static void put_forecasts(struct json_out *out, const struct metrics *metrics, int64_t now_ms)
{
    const int64_t as_of_ms = atomic_load(&metrics->forecast_as_of_ms);
    put_total(out, "forecasts_total", "Forecasts of all waits.", read_counter(&metrics->forecasts));
    put_head(out, "forecast_seconds_total", "counter", "Time that forecasts took.");
    put(out, "quarter_forecast_seconds_total %.6f\n",
        (double)read_counter(&metrics->forecast_ns) / 1e9);
    if (as_of_ms == 0) {
        return;
    }
    put_head(out, "forecast_age_seconds", "gauge", "Age of the newest forecast.");
    put(out, "quarter_forecast_age_seconds %.3f\n", (double)(now_ms - as_of_ms) / 1e3);
    const bool has_promises = atomic_load(&metrics->score[SCORE_PROMISES]) > 0;
    for (int i = 0; i < SCORE_COUNT; i++) {
        if (scores[i].of_promises && !has_promises) {
            continue;
        }
        if (scores[i].help[0] != '\0') {
            put_head(out, scores[i].name, "gauge", scores[i].help);
        }
        put(out, "quarter_%s%s %.6g\n", scores[i].name, scores[i].labels,
            (double)atomic_load(&metrics->score[i]) / 1e6);
    }
}

/* The second number of statm is resident pages: proc(5). */
static int64_t resident_bytes(void)
{
    FILE *file = fopen("/proc/self/statm", "re");
    char line[128] = "";
    if (file == NULL) {
        return 0;
    }
    if (fgets(line, sizeof(line), file) == NULL) {
        line[0] = '\0';
    }
    (void)fclose(file);
    char *rest = line;
    (void)strtoll(line, &rest, 10);
    return strtoll(rest, NULL, 10) * sysconf(_SC_PAGESIZE);
}

char *metrics_text(const struct metrics *metrics, int streams, int64_t now_ms)
{
    struct json_out out = {0};
    put_head(&out, "build_info", "gauge", "The program's version.");
    put(&out, "quarter_build_info{version=\"%s\"} 1\n", QUARTER_VERSION);
    put_gauge(&out, "tickets_waiting", "Tickets that wait.", atomic_load(&metrics->waiting));
    put_gauge(&out, "counters_open", "Counters that are open.",
              atomic_load(&metrics->counters_open));
    put_gauge(&out, "help_calls", "Kiosks that call for help, unanswered.",
              atomic_load(&metrics->help_calls));
    put_gauge(&out, "day_open", "Whether a day is open.", atomic_load(&metrics->day_open));
    put_gauge(&out, "clock_plausible", "Whether the clock can be believed.",
              atomic_load(&metrics->clock_plausible));
    put_gauge(&out, "site_errors",
              "Errors of the site's folder, for which an older site is in force.",
              atomic_load(&metrics->site_errors));
    put_gauge(&out, "streams", "Streams that are open.", streams);
    put_gauge(&out, "resident_memory_bytes", "Resident memory.", resident_bytes());
    put_requests(&out, metrics);
    put_total(&out, "repeats_total", "Commands that came again under their key.",
              read_counter(&metrics->repeats));
    put_total(&out, "commands_total", "Commands in committed batches.",
              read_counter(&metrics->commands));
    put_total(&out, "failed_commits_total", "Batches that could not be stored.",
              read_counter(&metrics->failed_commits));
    put_commits(&out, metrics);
    put_events(&out, metrics);
    put_visits(&out, metrics);
    put_forecasts(&out, metrics, now_ms);
    return json_out_take(&out);
}
