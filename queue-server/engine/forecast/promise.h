/* What is told of a forecast, and whether it was true. A promise is the range P20 to P90 of the whole wait (from leg_from
 * to the first call); it is told as "about LOW-HIGH min". Two things stand between a forecast and what is told:
 *
 *   the level    which quantile is told as P90. After each outcome level += rate (0.9 - 1{wait <= P90}), so that in the
 *                long run nine of ten hold, whatever the forecast does not know of this centre. Kept per site.
 *   the alarm    while somebody waits, a forecast that says "probably later than told" is announced before the promise
 *                is broken.
 *
 * All pure; times in ms or, where the name says so, seconds. */
#ifndef QUARTER_ENGINE_FORECAST_PROMISE_H
#define QUARTER_ENGINE_FORECAST_PROMISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A forecast of one wait, whole seconds from leg_from. */
struct wait_range {
    int32_t p20_s, p50_s, p90_s, mean_s;
    int32_t within_permille; /* P(wait <= standard) */
};

/* ---- As told */

int32_t promise_low_min(int32_t p20_s);  /* down to 5 min */
int32_t promise_high_min(int32_t p90_s); /* up to 5 min, at least 5 */

/* ---- The level */

struct promise_level {
    double level;     /* the quantile told as P90 */
    int64_t outcomes; /* that moved it */
};

void promise_level_init(struct promise_level *level); /* at 0.9 */
/* A wait that had been told p90_s ended with a call. Waits of nothing at all say nothing of the tail, and would drive
 * the level down: hand in delayed tickets only (wait_s > 0). */
void promise_level_learn(struct promise_level *level, int32_t wait_s, int32_t p90_s);

/* ---- The alarm */

/* P(wait > promised high) from which on a delay is announced, in permille; chosen on training days (simulate/score). */
enum { PROMISE_ALARM_PERMILLE = 600 };

/* Is a delay to be announced? high_s: the end of the range as told (promise_high_min * 60). now_s: waited so far.
 * A promise already broken is late, not an alarm. */
bool promise_alarm(int32_t later_permille, int32_t waited_s, int32_t high_s);

/* ---- The score */

/* Sums over delayed tickets; add them day by day, merge, and read the figures. */
struct promise_score {
    int64_t count;
    double squared_mean_s2, absolute_median_s; /* RMSE is of the mean, MAE of the median ... */
    double squared_median_s2, absolute_mean_s; /* ... and the other way round, to be compared */
    double pinball_50_s, pinball_90_s;
    int64_t within_p50, within_p90, within_high; /* high: as told */
    double width_s;                              /* high - low, as told */
    /* Promises that broke (wait > high): those announced before; and alarms that came to nothing. */
    int64_t broken, announced, alarms, false_alarms;
};

void promise_score_add(struct promise_score *score, const struct wait_range *told, int32_t wait_s);
/* alarmed: a delay was announced while it waited; before: so early that the promise still held. */
void promise_score_alarm(struct promise_score *score, bool broken, bool alarmed, bool before);
void promise_score_merge(struct promise_score *into, const struct promise_score *from);

/* In minutes and shares; all 0 with count 0: ask score->count first. */
struct promise_figures {
    double rmse_mean_min, mae_median_min, rmse_median_min, mae_mean_min;
    double pinball_50_min, pinball_90_min;
    double coverage_50, coverage_90, later_than_high, width_min;
    double announced_share, false_alarm_share; /* of the broken; of all alarms */
};

void promise_score_figures(const struct promise_score *score, struct promise_figures *figures);

#endif
