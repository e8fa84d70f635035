/* Scores forecasts and advice on days nobody has seen (`simulate --score-forecast`). Some days are lived through only to
 * learn from; then, on other days, at each walk-in's arrival a forecast is made from what can be seen, and compared with
 * the wait that came. Scored are delayed visitors only (a wait of nothing is no feat to foretell). Of those who lose
 * patience and say so, the wait is that of a replay in which they stay.
 *
 *   level      the same forecasts, with the adaptive level on top, in order of time
 *   queue, les what simple predictors say: (waiting + 1) x mean time / counters of the service; the wait of whoever of
 *              this service was called last
 *   alarms     every 15 s and at each event all who were told a range are forecast anew; was it announced that it would
 *              break before it broke?
 *   regret     at some instants the first advice against the best of all moves, each judged by many fresh runs
 *
 * Intervals are 95 %, by the jackknife over days: visitors of one day share its fate. Figures do not depend on the
 * number of threads. */
#ifndef QUARTER_SIMULATE_SCORE_H
#define QUARTER_SIMULATE_SCORE_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "engine/forecast/promise.h"
#include "simulate/workload.h"

enum {
    SCORE_TRAIN_DAYS = 20,
    SCORE_TEST_DAYS = 100,
    SCORE_TRAIN_SEED = 30000,
    SCORE_ALARM_LEVELS = 20, /* thresholds tried: 5 %, 10 % ... 100 % */
};

/* 0 in a number: the default, or (alarm_days, advice_moments) none. */
struct score_options {
    const struct workload *workload;
    const struct policy_terms *policy;
    bool messy;
    int train_days, test_days;
    int alarm_days; /* of the test days: alarms cost a hundred times as much as forecasts at arrival */
    int advice_moments; /* at which advice is judged */
    uint64_t seed;      /* of the test days */
    int runs, threads;
    const volatile sig_atomic_t *stop;
    FILE *progress;
    bool live;
};

enum score_predictor { SCORE_QUEUE, SCORE_LES, SCORE_FORECAST, SCORE_LEVEL };
enum { SCORE_PREDICTORS = SCORE_LEVEL + 1 };

struct json_t;

struct score_row {
    struct promise_figures figures, low, high; /* figure by figure, the interval */
};

struct score_alarms {
    int threshold_permille; /* of P(wait > promised high) */
    double announced;       /* share of broken promises announced before they broke */
    double announced_2_min; /* ... and at least two minutes before */
    double lead_min;        /* median time from announcement to breaking */
    double false_alarms;    /* share of alarms after which the promise held */
    double per_promise;     /* alarms for each promise made */
};

struct score_result {
    int days;        /* tested */
    int64_t delayed; /* visitors scored */
    struct score_row rows[SCORE_PREDICTORS];
    double last_level;
    int64_t promises, broken; /* of the days with alarms */
    struct score_alarms alarms[SCORE_ALARM_LEVELS];
    int moments;
    double regret,
        regret_half; /* of the share within the standard, and its interval's half width */
    double gain_best, gain_first; /* mean gains over doing nothing */
    double first_is_best;         /* share of moments */
};

/* False: stopped. */
bool score_run(const struct score_options *options, struct score_result *result);
/* policy: its name, as a title. What is not known, with few days or nobody delayed, is said to be unknown. */
void score_print_table(FILE *out, const char *policy, const struct score_result *result);
void score_print_meaning(FILE *out); /* of the table's words */
void score_print_csv_head(FILE *out);
void score_print_csv(FILE *out, const char *policy, const struct score_result *result);
struct json_t *score_json(const char *policy, const struct score_result *result); /* owned */

#endif
