/* Is the first advice the best move there is? At an instant of a day, advice is made as the server makes it; then every
 * move it considered is judged by many fresh runs, and the best of them and the first by others again: the best of many
 * looks better than it is in the runs that chose it. See score.h. */
#include <math.h>

#include "quarter/check.h"
#include "simulate/score_parts.h"

enum { JUDGING_RUNS = 400, MEASURING_RUNS = 1000 };
enum { ADVICE_SEED = 0, JUDGING_SEED = 1, MEASURING_SEED = 2 };

static double gain(struct score_worker *worker, const struct move *move, int runs, uint64_t seed)
{
    struct outlook nothing;
    struct move_effect effect;
    CHECK(advice_what_if(worker->advisor, &worker->snapshot, move, 1, runs, seed, &nothing,
                         &effect) == NULL);
    return effect.gain_share;
}

void score_judge_advice(struct score_worker *worker, int64_t at_ms, struct score_moment *moment)
{
    if (worker->advisor == NULL) {
        worker->advisor = advisor_create();
    }
    score_day_start(worker->day, NULL);
    (void)score_day_go_on(worker->day, at_ms);
    score_day_see(worker->day, &worker->snapshot);
    struct advice advice;
    advice_make(worker->advisor, &worker->snapshot, &(struct advice_options){.seed = ADVICE_SEED},
                &advice);
    if (advice.move_count == 0) {
        return;
    }
    int best = 0;
    double best_gain = -1;
    for (int i = 0; i < advice.move_count; i++) {
        const double judged = gain(worker, &advice.moves[i].move, JUDGING_RUNS, JUDGING_SEED);
        best = judged > best_gain ? i : best;
        best_gain = judged > best_gain ? judged : best_gain;
    }
    moment->known = true;
    moment->first_is_best = best == 0;
    moment->gain_first = gain(worker, &advice.moves[0].move, MEASURING_RUNS, MEASURING_SEED);
    moment->gain_best =
        best == 0 ? moment->gain_first
                  : gain(worker, &advice.moves[best].move, MEASURING_RUNS, MEASURING_SEED);
}

void score_moments_sum(const struct score_moment *moments, int count, struct score_result *result)
{
    double squares = 0;
    for (int i = 0; i < count; i++) {
        if (moments[i].known) {
            const double regret = moments[i].gain_best - moments[i].gain_first;
            result->moments++;
            result->gain_first += moments[i].gain_first;
            result->gain_best += moments[i].gain_best;
            result->first_is_best += moments[i].first_is_best;
            squares += regret * regret;
        }
    }
    if (result->moments == 0) {
        return;
    }
    const double n = result->moments;
    result->gain_first /= n;
    result->gain_best /= n;
    result->first_is_best /= n;
    result->regret = result->gain_best - result->gain_first;
    const double variance =
        n > 1 ? fmax(squares - n * result->regret * result->regret, 0) / (n - 1) : (double)NAN;
    result->regret_half = 1.96 * sqrt(variance / n);
}
