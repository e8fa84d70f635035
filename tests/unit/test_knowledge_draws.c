/* Drawing: by inversion, conditional on what is known already, checked against brute force. */
#include "knowledge_rig.h"

#include <math.h>
#include <stdlib.h>

#include "engine/forecast/random.h"

enum { DRAWS = 20000 };

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double stratum(int i, int count)
{
    return (i + 0.5) / count;
}

static void learn_service(struct knowledge_rig *rig)
{
    knowledge_begin_day(rig->knowledge, "");
    for (int i = 0; i < 400; i++) {
        rig_visit(rig, "b", "1", random_lognormal(rig_u(rig), 12.0 * MINUTE, 0.8));
    }
}

/* Quantiles of X given X > elapsed: drawn so, and by throwing away what is shorter. */
static void what_is_left_agrees_with_brute_force(void **state)
{
    struct knowledge_rig *rig = *state;
    static double kept[DRAWS];
    learn_service(rig);
    const struct sampler *sampler = rig_prepare(rig);
    const struct sampler_curve *curve = &sampler->service[1];
    for (int minutes = 0; minutes <= 30; minutes += 5) {
        const double elapsed_ms = (double)minutes * MINUTE;
        int count = 0;
        for (int i = 0; i < DRAWS; i++) {
            const double whole = (double)sampler_curve_ms(curve, stratum(i, DRAWS));
            if (whole > elapsed_ms) {
                kept[count++] = whole;
            }
        }
        assert_true(count > 200);
        qsort(kept, (size_t)count, sizeof(kept[0]), by_size);
        for (int i = 0; i < 10; i++) {
            const double u = 0.05 + 0.1 * i;
            const double drawn = (double)sampler_curve_after_ms(curve, elapsed_ms, u);
            assert_near(drawn, kept[(int)(u * count)], 0.02 * drawn);
            assert_near((double)sampler_remaining_ms(sampler, 1, 1, (int64_t)elapsed_ms, u),
                        drawn - elapsed_ms, 1);
        }
        assert_near(sampler_curve_share(curve, elapsed_ms), 1 - (double)count / DRAWS, 1e-3);
    }
}

static void what_is_left_changes_smoothly_and_never_runs_out(void **state)
{
    struct knowledge_rig *rig = *state;
    learn_service(rig);
    const struct sampler *sampler = rig_prepare(rig);
    const struct sampler_curve *curve = &sampler->service[1];
    for (int i = 0; i < 15; i++) {
        const double u = 0.01 + 0.07 * i;
        double last = (double)sampler_curve_after_ms(curve, 0, u);
        for (int64_t s = 1; s < 10800; s++) {
            const double whole = (double)sampler_curve_after_ms(curve, (double)s * 1000, u);
            assert_true(whole >= last - 1 && whole >= (double)s * 1000);
            /* A second more of waiting moves the end by seconds, not by minutes. */
            assert_true(whole - last < 1000 + 0.02 * last);
            last = whole;
        }
    }
    /* Twice as long as anybody ever: some share of that time more is expected. */
    const double top = (double)curve->at[SAMPLER_KNOTS];
    const double left = (double)sampler_curve_after_ms(curve, 2 * top, 0.5) - 2 * top;
    assert_true(left > 0.1 * top && left < 2 * top);
    assert_true(sampler_curve_ms(curve, 1 - 1e-16) < INT64_MAX / 2);
}

static void larger_numbers_make_longer_times(void **state)
{
    struct knowledge_rig *rig = *state;
    learn_service(rig);
    const struct sampler *sampler = rig_prepare(rig);
    int64_t last = 0;
    for (int i = 0; i < DRAWS; i++) {
        const int64_t ms = sampler_service_ms(sampler, 1, stratum(i, DRAWS));
        assert_true(ms >= last && ms > 0);
        last = ms;
    }
}

static void a_slow_counter_stretches_what_is_left(void **state)
{
    struct knowledge_rig *rig = *state;
    const struct sampler *sampler = rig_prepare(rig);
    const int64_t plain = sampler_remaining_ms(sampler, 1, 1, (int64_t)4 * MINUTE, 0.6);
    const int64_t slow = sampler_remaining_ms(sampler, 1, 1.5, (int64_t)6 * MINUTE, 0.6);
    assert_near((double)slow, 1.5 * (double)plain, 2);
}

static void gaps_may_be_nothing(void **state)
{
    struct knowledge_rig *rig = *state;
    assert_true(rig_prepare(rig)->gap.share > 0.4F);
    for (int i = 0; i < 2000; i++) {
        knowledge_add_gap(rig->knowledge, i % 2 == 0 ? 0 : 900);
    }
    const struct sampler *sampler = rig_prepare(rig);
    assert_true(sampler->gap.share < 0.002F);
    assert_int_equal(sampler_lag_ms(&sampler->gap, 0.99), 0);
}

/* desk.py, "messy": a tenth of visits is followed by a pause of 0 .. 10 min. */
static void pauses_are_recovered(void **state)
{
    struct knowledge_rig *rig = *state;
    for (int day = 0; day < 20; day++) {
        knowledge_begin_day(rig->knowledge, "");
        for (int i = 0; i < 150; i++) {
            const bool pause = rig_u(rig) < 0.1;
            knowledge_add_gap(rig->knowledge, pause ? (int64_t)(rig_u(rig) * 10 * MINUTE) : 0);
        }
        knowledge_add_gap(rig->knowledge, (int64_t)45 * MINUTE); /* lunch is no gap */
    }
    const struct sampler *sampler = rig_prepare(rig);
    assert_near((double)sampler->gap.share, 0.1, 3 * sqrt(0.09 / 2150));
    assert_near((double)sampler->gap.over.mean_ms, 5.0 * MINUTE, 3 * 2.9 * MINUTE / sqrt(215));
    double sum = 0;
    for (int i = 0; i < DRAWS; i++) {
        sum += (double)sampler_lag_ms(&sampler->gap, stratum(i, DRAWS)) / DRAWS;
    }
    assert_near(sum, (double)(sampler->gap.share * sampler->gap.over.mean_ms), 0.02 * sum);
}

static void a_gap_that_goes_on_is_a_long_one(void **state)
{
    struct knowledge_rig *rig = *state;
    for (int i = 0; i < 1000; i++) {
        knowledge_add_gap(rig->knowledge, i % 10 == 0 ? (int64_t)rig_u(rig) * 9 + 240000 : 0);
    }
    const struct sampler *sampler = rig_prepare(rig);
    assert_int_equal(sampler_lag_remaining_ms(&sampler->gap, 500, 0.5), 0);
    const double left = (double)sampler_lag_remaining_ms(&sampler->gap, 120000, 0.5);
    assert_near(left, 120000, 20000);
}

static void a_no_show_takes_three_quarters_of_a_minute_at_first(void **state)
{
    struct knowledge_rig *rig = *state;
    assert_int_equal(sampler_lag_ms(&rig_prepare(rig)->no_show, 0.3), 45000);
    assert_near((double)rig->sampler->no_show.over.mean_ms, 45000, 500);
    for (int i = 0; i < 200; i++) {
        knowledge_add_no_show(rig->knowledge, 90000);
        knowledge_add_walk(rig->knowledge, 12000);
    }
    assert_near((double)rig_prepare(rig)->no_show.over.mean_ms, 90000, 3000);
    assert_near((double)rig->sampler->walk.over.mean_ms, 12000, 500);
}

/* ---- Leaving */

static double gone_by(const struct sampler *sampler, double ms)
{
    int gone = 0;
    for (int i = 0; i < DRAWS; i++) {
        gone +=
            (double)sampler_leave(sampler, CROWD_WALK_IN, 0, stratum(i, DRAWS), 0.5).left_ms <= ms;
    }
    return (double)gone / DRAWS;
}

static void patience_is_at_first_as_the_literature_has_it(void **state)
{
    struct knowledge_rig *rig = *state;
    const struct sampler *sampler = rig_prepare(rig);
    for (int minutes = 5; minutes <= 120; minutes += 5) {
        const double stays = 0.12 * exp(-minutes / 25.0) + 0.88 * exp(-minutes / 150.0);
        assert_near(gone_by(sampler, (double)minutes * MINUTE), 1 - stays, 0.02);
    }
    assert_near((double)sampler->silent, 0.6, 1e-6);
    assert_near((double)sampler_leave(sampler, CROWD_BOOKED, 0, 0.5, 0.9).left_ms,
                log(2) * 150 * MINUTE, MINUTE);
}

/* Leavers are seen in three ways: those who tell, at once; the silent, when called; those called before, never. */
static void patience_is_recovered_though_most_leave_silently(void **state)
{
    struct knowledge_rig *rig = *state;
    const double silent = 0.7;
    for (int day = 0; day < 40; day++) {
        knowledge_begin_day(rig->knowledge, "");
        for (int i = 0; i < 250; i++) {
            const double mean = (rig_u(rig) < 0.3 ? 10.0 : 80.0) * MINUTE;
            const double leaves_ms = random_exponential(rig_u(rig), mean);
            const double called_ms = random_exponential(rig_u(rig), 15.0 * MINUTE);
            const bool tells = rig_u(rig) >= silent;
            const bool stays = leaves_ms > called_ms;
            const enum wait_end end = stays   ? WAIT_CALLED
                                      : tells ? WAIT_LEFT_TOLD
                                              : WAIT_LEFT_SILENTLY;
            knowledge_add_wait(rig->knowledge, CROWD_WALK_IN, end,
                               (int64_t)(end == WAIT_LEFT_TOLD ? leaves_ms : called_ms));
        }
    }
    const struct sampler *sampler = rig_prepare(rig);
    assert_near((double)sampler->silent, silent, 0.03);
    for (int minutes = 5; minutes <= 40; minutes += 5) {
        const double stays = 0.3 * exp(-minutes / 10.0) + 0.7 * exp(-minutes / 80.0);
        assert_near(gone_by(sampler, (double)minutes * MINUTE), 1 - stays, 0.035);
    }
}

/* Given that nobody told us by w: brute force over everybody. */
static void who_still_waits_may_have_left_silently(void **state)
{
    struct knowledge_rig *rig = *state;
    const struct sampler *sampler = rig_prepare(rig);
    const int64_t waited_ms = (int64_t)40 * MINUTE;
    int listed = 0;
    int gone = 0;
    int gone_in_an_hour = 0;
    for (int i = 0; i < DRAWS * 4; i++) {
        const struct sampler_leaving all =
            sampler_leave(sampler, CROWD_WALK_IN, 0, rig_u(rig), rig_u(rig));
        if (all.silent || all.left_ms > waited_ms) {
            listed++;
            gone += all.left_ms <= waited_ms;
            gone_in_an_hour += all.left_ms <= (int64_t)60 * MINUTE;
        }
    }
    int drawn_gone = 0;
    int drawn_hour = 0;
    for (int i = 0; i < DRAWS * 4; i++) {
        const struct sampler_leaving one =
            sampler_leave(sampler, CROWD_WALK_IN, waited_ms, rig_u(rig), rig_u(rig));
        assert_true(one.silent || one.left_ms >= waited_ms);
        drawn_gone += one.left_ms <= waited_ms;
        drawn_hour += one.left_ms <= (int64_t)60 * MINUTE;
    }
    assert_near((double)drawn_gone / (DRAWS * 4), (double)gone / listed, 0.01);
    assert_near((double)drawn_hour / (DRAWS * 4), (double)gone_in_an_hour / listed, 0.01);
}

/* ---- Bookings and transfers */

static void bookings_come_early_at_first(void **state)
{
    struct knowledge_rig *rig = *state;
    const struct sampler *sampler = rig_prepare(rig);
    int never = 0;
    int64_t offset_ms = 0;
    for (int i = 0; i < 1000; i++) {
        never += !sampler_booked(sampler, INT64_MIN, stratum(i, 1000), &offset_ms);
    }
    assert_near(never / 1000.0, 0.12, 0.002);
    assert_true(sampler_booked(sampler, INT64_MIN, 0.44, &offset_ms));
    assert_near((double)offset_ms, -7.0 * MINUTE, MINUTE / 2.0);
}

static void who_is_late_comes_less_and_less(void **state)
{
    struct knowledge_rig *rig = *state;
    knowledge_begin_day(rig->knowledge, "");
    for (int i = 0; i < 400; i++) {
        if (rig_u(rig) < 0.25) {
            knowledge_add_booked_never(rig->knowledge);
        } else {
            knowledge_add_booked_offset(rig->knowledge,
                                        (int64_t)((-5 + 6 * random_normal(rig_u(rig))) * MINUTE));
        }
    }
    const struct sampler *sampler = rig_prepare(rig);
    double last = 1;
    for (int minutes = -20; minutes <= 40; minutes += 5) {
        int come = 0;
        int64_t offset_ms = 0;
        for (int i = 0; i < 1000; i++) {
            if (sampler_booked(sampler, (int64_t)minutes * MINUTE, stratum(i, 1000), &offset_ms)) {
                come++;
                assert_true(offset_ms >= (int64_t)minutes * MINUTE);
            }
        }
        const double late = 0.5 * erfc((minutes + 5) / 6.0 / sqrt(2));
        const double share = come / 1000.0;
        assert_true(share <= last + 0.001);
        if (minutes <= 0) { /* later the few of the prior tell */
            assert_near(share, 0.75 * late / (0.75 * late + 0.25), 0.08);
        }
        last = share;
    }
    assert_true(last < 0.1);
}

static void transfers_go_where_they_went(void **state)
{
    struct knowledge_rig *rig = *state;
    const int a = knowledge_service(rig->knowledge, "a");
    const int c = knowledge_service(rig->knowledge, "c");
    int to[3] = {0};
    for (int i = 0; i < 1000; i++) {
        const int next = sampler_transfer(rig_prepare(rig), 1, stratum(i, 1000));
        assert_int_not_equal(next, 1);
        if (next >= 0) {
            to[next]++;
        }
    }
    assert_near(to[0], 25, 2);
    assert_near(to[2], 25, 2);
    for (int i = 0; i < 1000; i++) {
        knowledge_add_leg_end(rig->knowledge, a, i % 5 == 0 ? c : -1);
    }
    int moved = 0;
    const struct sampler *sampler = rig_prepare(rig);
    for (int i = 0; i < 1000; i++) {
        const int next = sampler_transfer(sampler, 0, stratum(i, 1000));
        assert_int_not_equal(next, 0);
        moved += next == 2;
    }
    assert_near(moved, 194, 6);
    rig->site.service_count = 1;
    assert_int_equal(sampler_transfer(rig_prepare(rig), 0, 1e-9), -1);
}

/* A leap of the clock makes a visit look decades old; a world has no room for as long again. */
static void nothing_lasts_a_day_longer(void **state)
{
    struct knowledge_rig *rig = *state;
    const int64_t day_ms = INT64_C(24) * 60 * MINUTE;
    const int64_t decades_ms = INT64_C(50) * 365 * day_ms;
    const double last = 1 - 0x1p-53;
    const struct sampler *sampler = rig_prepare(rig);
    assert_true(sampler_curve_ms(&sampler->service[2], last) <= day_ms);
    assert_true(sampler_remaining_ms(sampler, 2, 1, 5 * (int64_t)MINUTE, last) <= day_ms);
    assert_true(sampler_remaining_ms(sampler, 2, 1, decades_ms, last) <= day_ms);
    assert_true(sampler_lag_remaining_ms(&sampler->walk, decades_ms, last) <= day_ms);
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, knowledge_rig_setup, knowledge_rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_left_agrees_with_brute_force),
        TEST(what_is_left_changes_smoothly_and_never_runs_out),
        TEST(larger_numbers_make_longer_times),
        TEST(a_slow_counter_stretches_what_is_left),
        TEST(gaps_may_be_nothing),
        TEST(pauses_are_recovered),
        TEST(a_gap_that_goes_on_is_a_long_one),
        TEST(a_no_show_takes_three_quarters_of_a_minute_at_first),
        TEST(patience_is_at_first_as_the_literature_has_it),
        TEST(patience_is_recovered_though_most_leave_silently),
        TEST(who_still_waits_may_have_left_silently),
        TEST(bookings_come_early_at_first),
        TEST(who_is_late_comes_less_and_less),
        TEST(transfers_go_where_they_went),
        TEST(nothing_lasts_a_day_longer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
