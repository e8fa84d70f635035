/* Who is on duty when, what a policy's minutes are when the site leaves them out, and how both reach the document. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <string.h>

#include "site/hours.h"
#include "site/model.h"
#include "site/site.h"

#define EXAMPLE "assets/sites/customer-centre"
#define ROTA    "tests/unit/sites/rota"

enum { MINUTE_MS = 60000 };

static struct site *load(const char *dir)
{
    struct site *site = NULL;
    struct site_report *report = site_report_create();
    assert_int_equal(site_load(dir, &site, report), STATUS_OK);
    site_report_destroy(report);
    return site;
}

static int64_t local(const struct site *site, const char *day, const char *clock)
{
    char text[32];
    int64_t utc_ms = 0;
    snprintf(text, sizeof text, "%sT%s", day, clock);
    assert_int_equal(site_local_to_utc(site, text, &utc_ms), STATUS_OK);
    return utc_ms;
}

static void expect_duty(const struct site *site, int counter, const char *day, const char *from,
                        const char *to)
{
    struct site_roster roster;
    assert_int_equal(site_roster(site, day, counter, &roster), STATUS_OK);
    assert_true(roster.on_duty);
    assert_int_equal(roster.from_ms, local(site, day, from));
    assert_int_equal(roster.to_ms, local(site, day, to));
}

static void expect_off(const struct site *site, int counter, const char *day)
{
    struct site_roster roster;
    assert_int_equal(site_roster(site, day, counter, &roster), STATUS_OK);
    assert_false(roster.on_duty);
    assert_int_equal(roster.break_count, 0);
}

static void a_counter_works_within_the_centres_hours(void **state)
{
    (void)state;
    struct site *site = load(ROTA);
    expect_duty(site, 0, "2026-11-25", "10:00", "16:00"); /* Wednesday: the centre opens at 10 */
    expect_duty(site, 0, "2026-11-26", "09:00", "16:00");
    expect_duty(site, 1, "2026-11-27", "09:00", "16:30"); /* Friday, as the centre */
    expect_off(site, 0, "2026-11-24");
    expect_off(site, 1, "2026-11-26");
    expect_off(site, 0, "2026-11-28"); /* Saturday */
    expect_off(site, 1, "2026-12-25"); /* a Friday, and a closure */
    struct site_roster roster;
    assert_int_equal(site_roster(site, "2026-02-30", 0, &roster), STATUS_INVALID);
    site_destroy(site);
}

static void breaks_come_in_order_and_end_with_the_duty(void **state)
{
    (void)state;
    struct site *site = load(ROTA);
    struct site_roster roster;
    assert_int_equal(site_roster(site, "2026-11-27", 1, &roster), STATUS_OK);
    static const char *const times[][2] = {
        {"10:00", "10:15"}, {"12:00", "12:45"}, {"12:45", "13:15"}};
    assert_int_equal(roster.break_count, 3);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(roster.breaks[i].from_ms, local(site, "2026-11-27", times[i][0]));
        assert_int_equal(roster.breaks[i].to_ms, local(site, "2026-11-27", times[i][1]));
    }
    /* At 09:30 on a day that opens at 10:00 there is nothing to pause. */
    assert_int_equal(site_roster(site, "2026-11-25", 0, &roster), STATUS_OK);
    assert_int_equal(roster.break_count, 0);
    assert_int_equal(site_roster(site, "2026-11-26", 0, &roster), STATUS_OK);
    assert_int_equal(roster.break_count, 1);
    site_destroy(site);
}

/* A centre that is open at night, in London. */
static struct hours night_hours(const struct zone *zone)
{
    struct hours hours = {.zone = zone, .day_end = 23 * 60};
    for (int i = 0; i < 7; i++) {
        hours.week[i] =
            (struct hours_of_day){.open = true, .opens = 0, .doors = 360, .closes = 360};
    }
    return hours;
}

static void duty_is_as_long_as_the_clocks_make_it(void **state)
{
    (void)state;
    struct zone *zone = NULL;
    assert_int_equal(zone_load(ZONE_DIR, "Europe/London", &zone), STATUS_OK);
    const struct hours hours = night_hours(zone);
    const struct hours_of_counter counter = {.days = HOURS_EVERY_DAY,
                                             .from = 30,
                                             .to = HOURS_LAST_MINUTE,
                                             .break_count = 1,
                                             .breaks = {{.at = 50, .minutes = 45}}};
    static const struct {
        const char *day;
        int minutes;
    } days[] = {{"2026-03-28", 330}, {"2026-03-29", 270}, {"2026-10-25", 390}};
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        struct site_roster roster;
        assert_int_equal(hours_roster(&hours, &counter, days[i].day, &roster), STATUS_OK);
        assert_int_equal(roster.to_ms - roster.from_ms, days[i].minutes * MINUTE_MS);
        assert_int_equal(roster.break_count, 1);
        assert_int_equal(roster.breaks[0].from_ms - roster.from_ms, 20 * MINUTE_MS);
        assert_int_equal(roster.breaks[0].to_ms - roster.breaks[0].from_ms, 45 * MINUTE_MS);
    }
    zone_destroy(zone);
}

/* From 01:10 to 01:50 on the night that skips that hour: none of it exists; and breaks that a skipped hour pushes into
 * each other stay apart. */
static void a_skipped_hour_makes_no_backward_duty(void **state)
{
    (void)state;
    struct zone *zone = NULL;
    assert_int_equal(zone_load(ZONE_DIR, "Europe/London", &zone), STATUS_OK);
    const struct hours hours = night_hours(zone);
    for (int from = 0; from < 360; from += 10) {
        for (int to = from + 10; to <= 360; to += 10) {
            const struct hours_of_counter counter = {
                .days = HOURS_EVERY_DAY,
                .from = from,
                .to = to,
                .break_count = 2,
                .breaks = {{.at = from, .minutes = 60}, {.at = from + 60, .minutes = 30}}};
            struct site_roster roster;
            assert_int_equal(hours_roster(&hours, &counter, "2026-03-29", &roster), STATUS_OK);
            int64_t last_ms = roster.from_ms;
            assert_true(!roster.on_duty || roster.from_ms < roster.to_ms);
            for (int i = 0; i < roster.break_count; i++) {
                assert_true(roster.breaks[i].from_ms >= last_ms);
                assert_true(roster.breaks[i].from_ms < roster.breaks[i].to_ms);
                assert_true(roster.breaks[i].to_ms <= roster.to_ms);
                last_ms = roster.breaks[i].to_ms;
            }
        }
    }
    zone_destroy(zone);
}

static struct value minutes(int number)
{
    return (struct value){.at = {1, 1}, .number = number};
}

static void defaults_fit_every_standard(void **state)
{
    (void)state;
    for (int standard = 1; standard <= 240; standard++) {
        static struct site_model model;
        static struct rules rules;
        model.standard.wait_min = minutes(standard);
        site_build_rules(&model, &rules); /* CHECKs that the terms make sense */
        const struct policy_terms *terms = &rules.policy;
        assert_null(policy_terms_fault(terms));
        assert_int_equal(terms->rule, POLICY_RESCUE);
        assert_int_equal(terms->standard_ms, standard * MINUTE_MS);
        assert_int_equal(terms->promise_ms[CLASS_NORMAL], terms->standard_ms);
        assert_int_equal(terms->rescue_ms * 15, terms->standard_ms * 8);
        assert_int_equal(terms->limit_ms, terms->standard_ms * 2);
        assert_int_equal(terms->promise_ms[CLASS_URGENT] * 3, terms->standard_ms);
        if (standard == 15) {
            assert_memory_equal(terms, &policy_default_terms, sizeof *terms);
        }
    }
}

static void what_is_written_is_taken_as_written(void **state)
{
    (void)state;
    static struct site_model model;
    static struct rules rules;
    model.standard.wait_min = minutes(20);
    model.policy.name = (struct value){.at = {1, 1}, .text = "strict"};
    model.policy.rescue_min = minutes(0);
    model.promises.assisted = minutes(20);
    site_build_rules(&model, &rules);
    assert_int_equal(rules.policy.rule, POLICY_STRICT);
    assert_int_equal(rules.policy.rescue_ms, 0);
    assert_int_equal(rules.policy.promise_ms[CLASS_ASSISTED], 20 * MINUTE_MS);
    assert_int_equal(rules.policy.limit_ms, 40 * MINUTE_MS);
}

static void the_example_has_its_policy_and_needs(void **state)
{
    (void)state;
    struct site *site = load(EXAMPLE);
    const struct rules *rules = site_rules(site);
    assert_memory_equal(&rules->policy, &policy_default_terms, sizeof rules->policy);
    assert_int_equal(rules->counters[1].needs, 1); /* interpreter */
    uint32_t met = 0;
    for (int i = 0; i < rules->counter_count; i++) {
        met |= rules->counters[i].needs;
    }
    assert_int_equal(met, (1U << rules->need_count) - 1U);
    assert_non_null(strstr(site_json(site),
                           "\"policy\":{\"name\":\"rescue\",\"rescue_s\":480,\"limit_s\":1800,"
                           "\"promises_s\":{\"normal\":900,\"assisted\":600,\"appointment\":300,"
                           "\"urgent\":300,\"transfer\":600},\"overtaking_s\":1380}"));
    site_destroy(site);
}

/* On every working day some counter is there for every service at every quarter of an hour - but blue badges, whose only
 * counter has its lunch. */
static void the_examples_breaks_leave_somebody(void **state)
{
    (void)state;
    struct site *site = load(EXAMPLE);
    const struct rules *rules = site_rules(site);
    static const char *const days[] = {"2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26",
                                       "2026-11-27"};
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        struct site_day day;
        assert_int_equal(site_day(site, days[i], &day), STATUS_OK);
        for (int64_t at = day.opens_ms; at < day.closes_ms; at += INT64_C(15) * MINUTE_MS) {
            uint64_t served = 0;
            for (int j = 0; j < rules->counter_count; j++) {
                struct site_roster roster;
                assert_int_equal(site_roster(site, days[i], j, &roster), STATUS_OK);
                bool there = roster.on_duty && at >= roster.from_ms && at < roster.to_ms;
                for (int k = 0; k < roster.break_count; k++) {
                    there =
                        there && (at < roster.breaks[k].from_ms || at >= roster.breaks[k].to_ms);
                }
                served |= there ? rules->counters[j].services : 0;
            }
            for (int j = 0; j < rules->service_count; j++) {
                if ((served >> j & 1) == 0) {
                    assert_string_equal(rules->services[j].code, "blue_badge");
                }
            }
        }
    }
    site_destroy(site);
}

static void the_document_tells_counters_hours(void **state)
{
    (void)state;
    struct site *site = load(ROTA);
    assert_non_null(
        strstr(site_json(site),
               "\"needs\":[\"bsl\"],\"days\":[\"wed\",\"thu\"],\"from\":\"09:00\",\"to\":\"16:00\","
               "\"breaks\":[{\"at\":\"09:30\",\"min\":15}]}"));
    assert_non_null(strstr(site_json(site), "\"days\":[\"fri\"],\"from\":null,\"to\":null,"));
    /* fifo has no minutes of its own, and passes nobody. */
    assert_non_null(strstr(site_json(site), "\"policy\":{\"name\":\"fifo\",\"rescue_s\":null,"
                                            "\"limit_s\":null,"));
    assert_non_null(strstr(site_json(site), "\"overtaking_s\":0}"));
    site_destroy(site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_counter_works_within_the_centres_hours),
        cmocka_unit_test(breaks_come_in_order_and_end_with_the_duty),
        cmocka_unit_test(duty_is_as_long_as_the_clocks_make_it),
        cmocka_unit_test(a_skipped_hour_makes_no_backward_duty),
        cmocka_unit_test(defaults_fit_every_standard),
        cmocka_unit_test(what_is_written_is_taken_as_written),
        cmocka_unit_test(the_example_has_its_policy_and_needs),
        cmocka_unit_test(the_examples_breaks_leave_somebody),
        cmocka_unit_test(the_document_tells_counters_hours),
    };
    return cmocka_run_group_tests_name("site_rota", tests, NULL, NULL);
}
