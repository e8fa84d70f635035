/* What the parts of the score share. */
#ifndef QUARTER_SIMULATE_SCORE_PARTS_H
#define QUARTER_SIMULATE_SCORE_PARTS_H

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

struct score_worker {
    struct score_day *day;
    struct forecaster *forecaster;
    struct forecast forecast;
    struct snapshot snapshot;
    struct score_test *test;
    int runs;
    int64_t *waits_ms; /* by visit */
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
};

/* figures: of all days' scores together; low, high: the jackknife's interval. */
void score_jackknife(const struct promise_score *days, int count, struct score_row *row);

#endif
