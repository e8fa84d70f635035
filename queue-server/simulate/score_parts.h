/* What the parts of the score share. */
#ifndef QUARTER_SIMULATE_SCORE_PARTS_H
#define QUARTER_SIMULATE_SCORE_PARTS_H

#include "engine/forecast/advice.h"
#include "engine/forecast/forecast.h"
#include "simulate/score.h"
#include "simulate/score_day.h"

/* A walk-in who had to wait, and what was foretold on arrival. */
struct score_delayed {
    int64_t arrives_ms;
    int32_t wait_s;
    int32_t queue_s, les_s;
    bool seen; /* its call was: the level learns from it */
    struct wait_range range;
};

struct score_test {
    struct score_delayed *delayed; /* by arrival */
    int32_t *waits_s;              /* [count][runs], sorted */
    int count;
};

enum { SCORE_LEADS_MAX = 512 }; /* kept of a day, to find the median */

/* What one walk-in was told, and when each threshold was first reached. */
struct score_promise {
    int64_t high_ms;                      /* from leg_from; 0: nothing was told */
    int64_t alarm_ms[SCORE_ALARM_LEVELS]; /* 0: never */
};

struct score_alarm_sum {
    int64_t alarms, false_alarms, announced, ample;
    int32_t leads_s[SCORE_LEADS_MAX];
};

struct score_alarm_day {
    int64_t promises, broken;
    struct score_alarm_sum sums[SCORE_ALARM_LEVELS];
};

/* One instant: gains of the share within the standard, by fresh runs. */
struct score_moment {
    bool known; /* there were moves */
    bool first_is_best;
    double gain_first, gain_best;
};

struct score_worker {
    struct score_day *day;
    struct forecaster *forecaster;
    struct forecast forecast;
    struct snapshot snapshot;
    struct score_test *test;
    int runs;
    struct advisor *advisor;
    struct score_promise *promises; /* by visit, like the next */
    int64_t *waits_ms;
    bool *seen;
    int32_t capacity;
    int32_t last_wait_s[QUARTER_SERVICES_MAX];
};

struct score {
    const struct score_options *options;
    uint64_t seed;
    struct sampler *samplers; /* by weekday */
    struct score_worker *workers;
    int worker_count;
    struct score_test *tests;
    int test_count;
    struct score_alarm_day *alarms;
    int alarm_count;
    struct score_moment *moments;
    int moment_count;
};

/* The worker's day is drawn, and its sampler set. */
void score_alarm_day(struct score_worker *worker, struct score_alarm_day *alarm);
void score_alarms_sum(const struct score_alarm_day *days, int count, struct score_result *result);
void score_judge_advice(struct score_worker *worker, int64_t at_ms, struct score_moment *moment);
void score_moments_sum(const struct score_moment *moments, int count, struct score_result *result);

/* Forecasts from what this visitor, who arrives now, could see: worker->forecast.newcomers[0]. */
void score_foretell_newcomer(struct score_worker *worker, struct score_day *day,
                             const struct world_visit *visit);

/* figures: of all days' scores together; low, high: the jackknife's interval. */
void score_jackknife(const struct promise_score *days, int count, struct score_row *row);

#endif
