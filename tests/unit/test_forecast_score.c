/* The score: the same with any number of threads, and better than guessing. Short: the figures that count take minutes
 * (`queue-server simulate --synthetic 100 --score-forecast`). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "engine/policy/rank.h"
#include "simulate/score_parts.h"

static int setup(void **state)
{
    *state = workload_reference(0);
    return *state == NULL;
}

static int teardown(void **state)
{
    workload_destroy(*state);
    return 0;
}

static void threads_change_nothing(void **state)
{
    struct score_result results[2];
    for (int i = 0; i < 2; i++) {
        memset(&results[i], 0, sizeof(results[i]));
        assert_true(score_run(&(struct score_options){.workload = *state,
                                                      .policy = &policy_default_terms,
                                                      .messy = true,
                                                      .train_days = 4,
                                                      .test_days = 4,
                                                      .alarm_days = 1,
                                                      .runs = 20,
                                                      .seed = 9,
                                                      .threads = 1 + i},
                              &results[i]));
    }
    assert_true(results[0].delayed > 100);
    assert_true(results[0].promises > 100);
    assert_memory_equal(&results[0], &results[1], sizeof(results[0]));
}

static void forecasts_beat_simple_predictors(void **state)
{
    struct policy_terms fifo = policy_default_terms;
    fifo.rule = POLICY_FIFO;
    struct score_result result;
    assert_true(score_run(&(struct score_options){.workload = *state,
                                                  .policy = &fifo,
                                                  .train_days = 10,
                                                  .test_days = 10,
                                                  .runs = 50,
                                                  .seed = 5000},
                          &result));
    const struct promise_figures *forecast = &result.rows[SCORE_FORECAST].figures;
    const struct promise_figures *queue = &result.rows[SCORE_QUEUE].figures;
    const struct promise_figures *les = &result.rows[SCORE_LES].figures;
    assert_true(forecast->rmse_mean_min < 0.6 * queue->rmse_mean_min);
    assert_true(forecast->rmse_mean_min < 0.6 * les->rmse_mean_min);
    assert_true(fabs(forecast->coverage_90 - 0.9) < 0.05);
    assert_true(fabs(forecast->coverage_50 - 0.5) < 0.08);
}

/* Of days that are single visitors the jackknife's interval of a mean is the textbook's. */
static void the_jackknife_agrees_with_the_textbook(void **state)
{
    (void)state;
    struct promise_score days[5] = {0};
    const int32_t waits_s[5] = {60, 120, 180, 240, 600}; /* 1 2 3 4 10 min */
    for (int i = 0; i < 5; i++) {
        promise_score_add(&days[i], &(struct wait_range){0}, waits_s[i]);
    }
    struct score_row row;
    score_jackknife(days, 5, &row);
    const double half = 1.96 * sqrt(12.5 / 5); /* variance 12.5 */
    assert_true(fabs(row.figures.mae_median_min - 4) < 1e-9);
    assert_true(fabs(row.high.mae_median_min - 4 - half) < 1e-9);
    assert_true(fabs(row.low.mae_median_min - 4 + half) < 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(threads_change_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(forecasts_beat_simple_predictors, setup, teardown),
        cmocka_unit_test(the_jackknife_agrees_with_the_textbook),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
