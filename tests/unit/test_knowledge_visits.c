/* Service times and hidden speeds: the prior at first, then what was seen; the truth is found again, lunch is not. */
#include "knowledge_rig.h"

#include <math.h>
#include <string.h>

#include "engine/forecast/random.h"

static void a_new_centre_works_from_what_is_typical(void **state)
{
    struct knowledge_rig *rig = *state;
    const struct sampler *sampler = rig_prepare(rig);
    for (int i = 0; i < 3; i++) {
        const double typical = (double)rig->site.typical_ms[i];
        assert_near((double)sampler->service[i].mean_ms, typical, 0.02 * typical);
        assert_near((double)sampler_service_ms(sampler, i, 0.5), typical / sqrt(1.49),
                    0.02 * typical);
        assert_int_equal(sampler->seen[i], 0);
        for (int j = 0; j < 4; j++) {
            assert_near((double)sampler->factor[i][j], 1, 1e-6);
        }
    }
    assert_near((double)sampler->lacks_language, 1.4, 1e-6);
}

static void what_was_seen_blends_with_what_is_typical(void **state)
{
    struct knowledge_rig *rig = *state;
    knowledge_begin_day(rig->knowledge, "");
    for (int i = 0; i < 8; i++) {
        rig_visit(rig, "a", "1", 10.0 * MINUTE);
    }
    /* Eight of 10 min weigh as much as the prior of 5; a part of it is put down to the counter. */
    const struct sampler *sampler = rig_prepare(rig);
    const double here = (double)(sampler->service[0].mean_ms * sampler->factor[0][0]);
    assert_true(here > 7.0 * MINUTE && here < 9.0 * MINUTE);
    assert_near((double)sampler->weight[0], 8, 1e-3);
    assert_int_equal(knowledge_visits_seen(rig->knowledge, "a"), 8);
    assert_int_equal(knowledge_visits_seen(rig->knowledge, "z"), 0);
}

static void means_are_recovered_from_a_wrong_start(void **state)
{
    struct knowledge_rig *rig = *state;
    for (int day = 0; day < 20; day++) {
        knowledge_begin_day(rig->knowledge, "");
        for (int i = 0; i < 30; i++) {
            rig_visit(rig, "a", "1", random_lognormal(rig_u(rig), 14.0 * MINUTE, 0.7));
            rig_visit(rig, "b", "2", random_lognormal(rig_u(rig), 7.5 * MINUTE, 0.4));
        }
    }
    const struct sampler *sampler = rig_prepare(rig);
    const double a = (double)(sampler->service[0].mean_ms * sampler->factor[0][0]) / MINUTE;
    const double b = (double)(sampler->service[1].mean_ms * sampler->factor[1][1]) / MINUTE;
    /* 3 standard errors of 600 (weight 430), and the prior's share. */
    assert_near(a, 14, 3 * 14 * 0.7 / sqrt(430) + 0.2);
    assert_near(b, 7.5, 3 * 7.5 * 0.4 / sqrt(430) + 0.1);
    /* The shape too: quantiles, over all counters alike. */
    for (int i = 1; i < 10; i++) {
        const double u = 0.1 * i;
        const double wanted = random_lognormal(u, 14.0 * MINUTE, 0.7);
        assert_near((double)(sampler_service_ms(sampler, 0, u)) * (double)sampler->factor[0][0],
                    wanted, 0.14 * wanted);
    }
}

/* desk.py, "messy": exp(.2 sin(7.3 i)). */
static double hidden_speed(int counter)
{
    return exp(0.2 * sin(7.3 * counter));
}

static void hidden_speeds_of_counters_are_recovered(void **state)
{
    struct knowledge_rig *rig = *state;
    static const double means[3] = {4, 12, 25};
    char code[2] = "1";
    for (int day = 0; day < 20; day++) {
        knowledge_begin_day(rig->knowledge, "");
        for (int i = 0; i < 160; i++) {
            const int counter = random_index(rig_u(rig), 4);
            const int service = random_index(rig_u(rig), 3);
            code[0] = (char)('1' + counter);
            rig_visit(rig, rig->site.services[service], code,
                      hidden_speed(counter + 1) *
                          random_lognormal(rig_u(rig), means[service] * MINUTE, 0.7));
        }
    }
    const struct sampler *sampler = rig_prepare(rig);
    double mean_log = 0;
    for (int j = 0; j < 4; j++) {
        mean_log += log(hidden_speed(j + 1)) / 4;
    }
    for (int j = 0; j < 4; j++) {
        assert_near(log((double)sampler->counter_factor[j]), log(hidden_speed(j + 1)) - mean_log,
                    0.07);
        for (int i = 0; i < 3; i++) {
            const double here = (double)(sampler->service[i].mean_ms * sampler->factor[i][j]);
            assert_near(here / (means[i] * MINUTE * hidden_speed(j + 1)), 1, 0.13);
        }
    }
}

static void a_counter_may_be_slow_at_one_service_only(void **state)
{
    struct knowledge_rig *rig = *state;
    for (int day = 0; day < 10; day++) {
        knowledge_begin_day(rig->knowledge, "");
        for (int i = 0; i < 40; i++) {
            rig_visit(rig, "a", "1", random_lognormal(rig_u(rig), 5.0 * MINUTE, 0.5));
            rig_visit(rig, "a", "2", random_lognormal(rig_u(rig), 5.0 * MINUTE, 0.5));
            rig_visit(rig, "b", "1", random_lognormal(rig_u(rig), 9.0 * MINUTE, 0.5));
            rig_visit(rig, "b", "2", random_lognormal(rig_u(rig), 15.0 * MINUTE, 0.5));
        }
    }
    const struct sampler *sampler = rig_prepare(rig);
    assert_near((double)(sampler->factor[1][1] / sampler->factor[1][0]), 15.0 / 9, 0.15);
    assert_near((double)(sampler->factor[0][1] / sampler->factor[0][0]), 1, 0.1);
}

static void few_visits_say_little_of_a_counter(void **state)
{
    struct knowledge_rig *rig = *state;
    knowledge_begin_day(rig->knowledge, "");
    for (int i = 0; i < 50; i++) {
        rig_visit(rig, "a", "1", random_lognormal(rig_u(rig), 5.0 * MINUTE, 0.6));
    }
    rig_visit(rig, "a", "2", 10.0 * MINUTE);
    const struct sampler *sampler = rig_prepare(rig);
    assert_true(sampler->factor[0][1] > 1.0F && sampler->factor[0][1] < 1.25F);
}

static void the_price_of_a_missing_language_is_recovered(void **state)
{
    struct knowledge_rig *rig = *state;
    const int a = knowledge_service(rig->knowledge, "a");
    const int first = knowledge_counter(rig->knowledge, "1");
    for (int day = 0; day < 20; day++) {
        knowledge_begin_day(rig->knowledge, "");
        for (int i = 0; i < 40; i++) {
            const bool lacks = i % 4 == 0;
            const double mean = (lacks ? 1.8 : 1) * 6 * MINUTE;
            const struct knowledge_visit visit = {
                .service = a,
                .counter = first,
                .lacks_language = lacks,
                .duration_ms = (int64_t)random_lognormal(rig_u(rig), mean, 0.5)};
            knowledge_add_visit(rig->knowledge, &visit);
        }
    }
    const struct sampler *sampler = rig_prepare(rig);
    assert_near((double)sampler->lacks_language, 1.8, 0.2);
    assert_near((double)(sampler->service[0].mean_ms * sampler->factor[0][0]), 6.0 * MINUTE,
                0.5 * MINUTE);
}

static void a_counter_left_serving_over_lunch_is_left_out(void **state)
{
    struct knowledge_rig *rig = *state;
    for (int day = 0; day < 10; day++) {
        knowledge_begin_day(rig->knowledge, "");
        for (int i = 0; i < 12; i++) {
            rig_visit(rig, "a", "1", random_lognormal(rig_u(rig), 4.0 * MINUTE, 0.5));
        }
    }
    const double before = (double)rig_prepare(rig)->service[0].mean_ms;
    const int32_t none = rig->sampler->outliers[0];
    for (int i = 0; i < 6; i++) {
        rig_visit(rig, "a", "1", (45.0 + 5 * i) * MINUTE);
    }
    rig_visit(rig, "a", "1", 400); /* pressed twice */
    const struct sampler *sampler = rig_prepare(rig);
    assert_int_equal(none, 0);
    assert_int_equal(sampler->outliers[0], 7);
    assert_int_equal(sampler->seen[0], 127);
    assert_near((double)sampler->service[0].mean_ms, before, 0.02 * before);
}

static void lunch_is_left_out_while_little_is_known(void **state)
{
    struct knowledge_rig *rig = *state;
    knowledge_begin_day(rig->knowledge, "");
    rig_visit(rig, "a", "1", 4.0 * MINUTE);
    rig_visit(rig, "a", "1", 62.0 * MINUTE);
    rig_visit(rig, "a", "1", 5.0 * MINUTE);
    assert_int_equal(rig_prepare(rig)->outliers[0], 1);
}

/* The quantiles of a service of 10 min: a fair sample, without chance. */
static void see_fair_day(struct knowledge_rig *rig)
{
    enum { VISITS = 30 };
    knowledge_begin_day(rig->knowledge, "");
    for (int i = 0; i < VISITS; i++) {
        rig_visit(rig, "b", "1", random_lognormal((i + 0.5) / VISITS, 10.0 * MINUTE, 0.7));
    }
}

static double mean_here(struct knowledge_rig *rig)
{
    const struct sampler *sampler = rig_prepare(rig);
    return (double)(sampler->service[1].mean_ms * sampler->factor[1][0]);
}

/* An hour may be a visit of a service that takes ten minutes: one in a thousand. One in thirty is a lunch. */
static void lunch_at_a_longer_service_weighs_next_to_nothing(void **state)
{
    struct knowledge_rig *rig = *state;
    see_fair_day(rig);
    const double before = mean_here(rig);
    rig_visit(rig, "b", "1", 62.0 * MINUTE);
    const double after_one = mean_here(rig);
    assert_near(after_one, before, 0.05 * before);
    for (int day = 1; day < 20; day++) {
        see_fair_day(rig);
        rig_visit(rig, "b", "1", (50.0 + day) * MINUTE);
    }
    assert_near(mean_here(rig), before, 0.05 * before);
}

static void long_visits_count_as_often_as_they_come(void **state)
{
    struct knowledge_rig *rig = *state;
    knowledge_begin_day(rig->knowledge, "");
    for (int i = 0; i < 1000; i++) {
        rig_visit(rig, "b", "1", random_lognormal((i + 0.5) / 1000, 10.0 * MINUTE, 0.9));
    }
    assert_near(mean_here(rig), 10.0 * MINUTE, 0.02 * 10 * MINUTE);
}

static void a_wrong_typical_time_shuts_the_truth_out_for_a_day_at_most(void **state)
{
    struct knowledge_rig *rig = *state;
    rig->site.typical_ms[0] = MINUTE / 2;
    knowledge_begin_day(rig->knowledge, "");
    for (int i = 0; i < 40; i++) {
        rig_visit(rig, "a", "1", random_lognormal(rig_u(rig), 20.0 * MINUTE, 0.5));
    }
    const struct sampler *sampler = rig_prepare(rig);
    assert_true(sampler->outliers[0] <= 1);
    assert_true((double)sampler_service_ms(sampler, 0, 0.5) > 10.0 * MINUTE);
}

static void old_days_fade(void **state)
{
    struct knowledge_rig *rig = *state;
    knowledge_begin_day(rig->knowledge, "");
    for (int i = 0; i < 100; i++) {
        rig_visit(rig, "a", "1", 10.0 * MINUTE);
    }
    for (int day = 0; day < KNOWLEDGE_HALF_LIFE; day++) {
        knowledge_begin_day(rig->knowledge, "");
    }
    assert_near((double)rig_prepare(rig)->weight[0], 50, 0.01);
    for (int i = 0; i < 100; i++) {
        rig_visit(rig, "a", "1", 6.0 * MINUTE);
    }
    const struct sampler *sampler = rig_prepare(rig);
    assert_near((double)sampler->weight[0], 150, 0.01);
    const double here = (double)(sampler->service[0].mean_ms * sampler->factor[0][0]);
    assert_near(here, (100 * 6 + 50 * 10 + 8 * 5) / 158.0 * MINUTE, 0.3 * MINUTE);
}

static void only_so_many_visits_are_kept(void **state)
{
    struct knowledge_rig *rig = *state;
    knowledge_begin_day(rig->knowledge, "");
    for (int i = 0; i < 3 * KNOWLEDGE_SEEN; i++) {
        rig_visit(rig, "a", "1", (i < KNOWLEDGE_SEEN * 2 ? 3.0 : 12.0) * MINUTE);
    }
    assert_int_equal(knowledge_visits_seen(rig->knowledge, "a"), KNOWLEDGE_SEEN);
    const struct sampler *sampler = rig_prepare(rig);
    assert_near((double)(sampler->service[0].mean_ms * sampler->factor[0][0]), 12.0 * MINUTE,
                0.2 * MINUTE);
}

static void counters_and_services_that_are_not_of_the_site_do_no_harm(void **state)
{
    struct knowledge_rig *rig = *state;
    knowledge_begin_day(rig->knowledge, "");
    for (int i = 0; i < 300; i++) {
        rig_visit(rig, "a", "gone", 8.0 * MINUTE);
        rig_visit(rig, "vanished", "1", 80.0 * MINUTE);
    }
    rig_visit(rig, "a", "", 8.0 * MINUTE); /* no counter at all */
    const struct sampler *sampler = rig_prepare(rig);
    assert_int_equal(sampler->seen[0], 301);
    assert_near((double)sampler->service[0].mean_ms, 8.0 * MINUTE, 0.2 * MINUTE);
    assert_near((double)sampler->counter_factor[0], 1, 1e-6);
}

/* Somebody still waits for it when a new site file leaves it out. */
static void a_service_that_the_site_forgot_takes_what_others_take(void **state)
{
    struct knowledge_rig *rig = *state;
    rig->site.typical_ms[1] = 0;
    const double mean_ms = (double)rig_prepare(rig)->service[1].mean_ms;
    assert_near(mean_ms, 12.5 * MINUTE, 0.3 * MINUTE); /* of 5 and 20 */
    for (int i = 0; i < 3; i++) {
        rig->site.typical_ms[i] = 0;
    }
    assert_true(rig_prepare(rig)->service[1].mean_ms > MINUTE);
}

static void preparing_twice_gives_the_same(void **state)
{
    struct knowledge_rig *rig = *state;
    static struct sampler before;
    knowledge_begin_day(rig->knowledge, "");
    for (int i = 0; i < 500; i++) {
        rig_visit(rig, rig->site.services[i % 3], rig->site.counters[i % 4],
                  random_lognormal(rig_u(rig), 6.0 * MINUTE, 0.7));
    }
    before = *rig_prepare(rig);
    rig_prepare(rig);
    assert_memory_equal(&before, rig->sampler, sizeof(before));
    struct knowledge *copy = knowledge_create();
    knowledge_copy(copy, rig->knowledge);
    assert_true(knowledge_equal(copy, rig->knowledge));
    sampler_prepare(rig->sampler, copy, &rig->site);
    assert_memory_equal(&before, rig->sampler, sizeof(before));
    knowledge_destroy(copy);
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, knowledge_rig_setup, knowledge_rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_new_centre_works_from_what_is_typical),
        TEST(what_was_seen_blends_with_what_is_typical),
        TEST(means_are_recovered_from_a_wrong_start),
        TEST(hidden_speeds_of_counters_are_recovered),
        TEST(a_counter_may_be_slow_at_one_service_only),
        TEST(few_visits_say_little_of_a_counter),
        TEST(the_price_of_a_missing_language_is_recovered),
        TEST(a_counter_left_serving_over_lunch_is_left_out),
        TEST(lunch_is_left_out_while_little_is_known),
        TEST(lunch_at_a_longer_service_weighs_next_to_nothing),
        TEST(long_visits_count_as_often_as_they_come),
        TEST(a_wrong_typical_time_shuts_the_truth_out_for_a_day_at_most),
        TEST(old_days_fade),
        TEST(only_so_many_visits_are_kept),
        TEST(counters_and_services_that_are_not_of_the_site_do_no_harm),
        TEST(a_service_that_the_site_forgot_takes_what_others_take),
        TEST(preparing_twice_gives_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
