/* Rounding, the level, the alarm and the score's arithmetic. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "engine/forecast/promise.h"
#include "engine/forecast/random.h"

static void ranges_are_told_in_steps_of_five(void **state)
{
    (void)state;
    const struct {
        int32_t p20_s, p90_s, low_min, high_min;
    } cases[] = {{0, 0, 0, 5},      {-5, -5, 0, 5},      {299, 1, 0, 5},     {300, 300, 5, 5},
                 {301, 301, 5, 10}, {899, 1200, 10, 20}, {900, 1201, 15, 25}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(promise_low_min(cases[i].p20_s), cases[i].low_min);
        assert_int_equal(promise_high_min(cases[i].p90_s), cases[i].high_min);
    }
    assert_true(promise_high_min(INT32_MAX) > INT32_MAX / 60 - 5);
}

/* A forecast whose quantiles are all too short by the same share of outcomes: the level finds the one that holds. */
static void the_level_finds_what_holds(void **state)
{
    (void)state;
    struct promise_level level;
    promise_level_init(&level);
    assert_true(level.level == 0.9);
    struct random random = {1};
    double kept = 0;
    enum { LEARNING = 3000, OUTCOMES = 20000 };
    for (int i = 0; i < LEARNING + OUTCOMES; i++) {
        const int32_t told_s = (int32_t)(1000 * level.level);
        /* uniform up to 1050: to hold nine in ten, .945 of 1000 has to be told */
        const int32_t wait_s = (int32_t)(1050 * random_uniform(&random));
        promise_level_learn(&level, wait_s, told_s);
        kept += i >= LEARNING && wait_s <= told_s;
    }
    assert_true(fabs(kept / OUTCOMES - 0.9) < 0.006);
    assert_true(fabs(level.level - 0.945) < 0.03);
    assert_int_equal(level.outcomes, LEARNING + OUTCOMES);
}

static void the_level_stays_a_quantile(void **state)
{
    (void)state;
    struct promise_level level;
    promise_level_init(&level);
    for (int i = 0; i < 100000; i++) {
        promise_level_learn(&level, 2, 1);
    }
    assert_true(level.level > 0.99 && level.level < 1);
    for (int i = 0; i < 1000000; i++) {
        promise_level_learn(&level, 1, 1);
    }
    assert_true(level.level >= 0.5 && level.level < 0.51);
}

static void alarms_come_before_the_promise_breaks(void **state)
{
    (void)state;
    assert_true(promise_alarm(PROMISE_ALARM_PERMILLE, 0, 600));
    assert_false(promise_alarm(PROMISE_ALARM_PERMILLE - 1, 0, 600));
    assert_true(promise_alarm(1000, 600, 600));
    assert_false(promise_alarm(1000, 601, 600)); /* late already */
    assert_false(promise_alarm(1000, 10, 0));    /* nothing was told */
}

static void figures_follow_from_outcomes(void **state)
{
    (void)state;
    struct promise_score score = {0};
    struct promise_score other = {0};
    const struct wait_range told = {.p20_s = 360, .p50_s = 600, .p90_s = 1200, .mean_s = 660};
    promise_score_add(&score, &told, 600);  /* as the median says: 1 min below the mean */
    promise_score_add(&other, &told, 1500); /* 15 min above the median, 14 above the mean */
    promise_score_merge(&score, &other);
    promise_score_alarm(&score, true, true, true);
    promise_score_alarm(&score, true, true, false);
    promise_score_alarm(&score, false, true, true);
    promise_score_alarm(&score, false, false, false);
    struct promise_figures figures;
    promise_score_figures(&score, &figures);
    assert_true(fabs(figures.rmse_mean_min - sqrt((1 + 14 * 14) / 2.0)) < 1e-9);
    assert_true(fabs(figures.mae_median_min - 7.5) < 1e-9);
    assert_true(fabs(figures.pinball_50_min - 3.75) < 1e-9);
    assert_true(fabs(figures.pinball_90_min - (0.1 * 10 + 0.9 * 5) / 2) < 1e-9);
    assert_true(fabs(figures.coverage_50 - 0.5) < 1e-9);
    assert_true(fabs(figures.coverage_90 - 0.5) < 1e-9);
    assert_true(fabs(figures.later_than_high - 0.5) < 1e-9); /* 5 to 20 min */
    assert_true(fabs(figures.width_min - 15) < 1e-9);
    assert_true(fabs(figures.announced_share - 0.5) < 1e-9);
    assert_true(fabs(figures.false_alarm_share - 1.0 / 3) < 1e-9);
    promise_score_figures(&(struct promise_score){0}, &figures);
    assert_true(figures.rmse_mean_min == 0 && figures.announced_share == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_are_told_in_steps_of_five),
        cmocka_unit_test(the_level_finds_what_holds),
        cmocka_unit_test(the_level_stays_a_quantile),
        cmocka_unit_test(alarms_come_before_the_promise_breaks),
        cmocka_unit_test(figures_follow_from_outcomes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
