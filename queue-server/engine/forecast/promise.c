/* Rounding, the adaptive level, the alarm and the score. See promise.h. */
#include "engine/forecast/promise.h"

#include <math.h>

enum { STEP_S = 300, MINUTE_S = 60 };

int32_t promise_low_min(int32_t p20_s)
{
    return p20_s <= 0 ? 0 : p20_s / STEP_S * (STEP_S / MINUTE_S);
}

int32_t promise_high_min(int32_t p90_s)
{
    const int32_t steps = p90_s <= 0 ? 0 : (int32_t)(((int64_t)p90_s + STEP_S - 1) / STEP_S);
    return (steps < 1 ? 1 : steps) * (STEP_S / MINUTE_S);
}

static const double target = 0.9;
/* Steps grow smaller as outcomes come, from SCIENCE.md's .02 to a tenth of it: on a hundred unseen days a constant .02
 * costs 6 to 10 % of the pinball loss at 90 %, since visitors of one day share its fate and a bad one drives the level
 * into its bound; .002 costs nothing, and holds as many promises (.896 against .892 of .9). */
static const double rate_first = 0.02;
static const double rate_last = 0.002;
static const double calm_after = 100;
/* Beyond these a quantile of a hundred runs is the smallest or largest of them anyway; without them a long run of bad
 * luck would have to be unlearned as long. */
static const double level_least = 0.5;
static const double level_most = 0.995;

void promise_level_init(struct promise_level *level)
{
    *level = (struct promise_level){.level = target};
}

void promise_level_learn(struct promise_level *level, int32_t wait_s, int32_t p90_s)
{
    const double rate =
        rate_last + (rate_first - rate_last) / (1 + (double)level->outcomes / calm_after);
    level->level += rate * (target - (wait_s <= p90_s ? 1.0 : 0.0));
    level->level = fmin(fmax(level->level, level_least), level_most);
    level->outcomes++;
}

bool promise_alarm(int32_t later_permille, int32_t waited_s, int32_t high_s)
{
    return high_s > 0 && waited_s <= high_s && later_permille >= PROMISE_ALARM_PERMILLE;
}

static double pinball(double share, double wait, double told)
{
    return wait >= told ? share * (wait - told) : (1 - share) * (told - wait);
}

void promise_score_add(struct promise_score *score, const struct wait_range *told, int32_t wait_s)
{
    const double wait = wait_s;
    const double from_mean = wait - told->mean_s;
    const double from_median = wait - told->p50_s;
    const int32_t low_s = promise_low_min(told->p20_s) * MINUTE_S;
    const int32_t high_s = promise_high_min(told->p90_s) * MINUTE_S;
    score->count++;
    score->squared_mean_s2 += from_mean * from_mean;
    score->squared_median_s2 += from_median * from_median;
    score->absolute_mean_s += fabs(from_mean);
    score->absolute_median_s += fabs(from_median);
    score->pinball_50_s += pinball(0.5, wait, told->p50_s);
    score->pinball_90_s += pinball(target, wait, told->p90_s);
    score->within_p50 += wait_s <= told->p50_s;
    score->within_p90 += wait_s <= told->p90_s;
    score->within_high += wait_s <= high_s;
    score->width_s += high_s - low_s;
}

void promise_score_alarm(struct promise_score *score, bool broken, bool alarmed, bool before)
{
    score->broken += broken;
    score->announced += broken && alarmed && before;
    score->alarms += alarmed;
    score->false_alarms += alarmed && !broken;
}

void promise_score_merge(struct promise_score *into, const struct promise_score *from)
{
    into->count += from->count;
    into->squared_mean_s2 += from->squared_mean_s2;
    into->squared_median_s2 += from->squared_median_s2;
    into->absolute_mean_s += from->absolute_mean_s;
    into->absolute_median_s += from->absolute_median_s;
    into->pinball_50_s += from->pinball_50_s;
    into->pinball_90_s += from->pinball_90_s;
    into->within_p50 += from->within_p50;
    into->within_p90 += from->within_p90;
    into->within_high += from->within_high;
    into->width_s += from->width_s;
    into->broken += from->broken;
    into->announced += from->announced;
    into->alarms += from->alarms;
    into->false_alarms += from->false_alarms;
}

static double share_of(int64_t part, int64_t whole)
{
    return whole > 0 ? (double)part / (double)whole : 0;
}

void promise_score_figures(const struct promise_score *score, struct promise_figures *figures)
{
    *figures = (struct promise_figures){
        .announced_share = share_of(score->announced, score->broken),
        .false_alarm_share = share_of(score->false_alarms, score->alarms),
    };
    if (score->count == 0) {
        return;
    }
    const double n = (double)score->count;
    figures->rmse_mean_min = sqrt(score->squared_mean_s2 / n) / MINUTE_S;
    figures->rmse_median_min = sqrt(score->squared_median_s2 / n) / MINUTE_S;
    figures->mae_mean_min = score->absolute_mean_s / n / MINUTE_S;
    figures->mae_median_min = score->absolute_median_s / n / MINUTE_S;
    figures->pinball_50_min = score->pinball_50_s / n / MINUTE_S;
    figures->pinball_90_min = score->pinball_90_s / n / MINUTE_S;
    figures->coverage_50 = share_of(score->within_p50, score->count);
    figures->coverage_90 = share_of(score->within_p90, score->count);
    figures->later_than_high = 1 - share_of(score->within_high, score->count);
    figures->width_min = score->width_s / n / MINUTE_S;
}
