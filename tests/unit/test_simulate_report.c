/* Reports: the figures of the reference, intervals whose value can be worked out by hand, and what cannot be known. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "first_calls.h"
#include "simulate/report.h"
#include "simulate/report_math.h"
#include "test_kit.h"

enum { MINUTE_MS = 60000, LINE_BYTES = 256, TEXT_BYTES = 400000 };

/* cmocka's own compares floats. */
static void assert_near(double value, double expected, double within)
{
    if (!(fabs(value - expected) <= within)) {
        fail_msg("%.9g is not within %g of %.9g", value, within, expected);
    }
}

/* ---- The reference's figures */

static const char *const reference_policies[] = {"fifo",     "strict",   "headstart", "apq",
                                                 "rescue30", "rescue25", "rescue45"};

static struct report *report_of_traces(const struct trace *trace)
{
    const char *services[QUARTER_SERVICES_MAX];
    for (int i = 0; i < trace->site.service_count; i++) {
        services[i] = trace->site.services[i].code;
    }
    const struct report_terms terms = {.standard_ms = trace->site.standard_ms,
                                       .slips_tracked = true,
                                       .service_count = trace->site.service_count,
                                       .services = services};
    struct report *report = report_create(&terms);
    struct world *world = world_create();
    for (size_t i = 0; i < sizeof(reference_policies) / sizeof(reference_policies[0]); i++) {
        const int policy = report_add_policy(report, reference_policies[i]);
        const struct policy_terms rules = first_calls_terms(reference_policies[i]);
        struct world_desk desk = trace_desk(&trace->site, &rules);
        desk.track_slips = true;
        world_set_desk(world, &desk);
        for (int day = 0; day < trace->day_count; day++) {
            const struct world_visits visits = {.visits = trace->days[day].visits,
                                                .count = trace->days[day].count};
            world_start(world, 0, NULL, &visits);
            (void)world_run(world, INT64_MAX);
            report_begin_day(report, policy, trace->days[day].name, trace->days[day].missed);
            report_add_world(report, policy, world);
        }
    }
    world_destroy(world);
    return report;
}

/* The value of "SL", "class_normal_p95", "day_03" ... */
static double figure_of(const struct report *report, int policy, const char *figure)
{
    struct report_row row;
    enum report_group group = REPORT_ALL;
    int index = 0;
    const char *rest = figure;
    if (strncmp(figure, "class_", 6) == 0) {
        group = REPORT_CLASS;
    } else if (strncmp(figure, "service_", 8) == 0) {
        group = REPORT_SERVICE;
    } else if (strncmp(figure, "day_", 4) == 0) {
        group = REPORT_DAY;
    }
    if (group == REPORT_CLASS || group == REPORT_SERVICE) {
        rest = strchr(figure, '_') + 1;
        for (;; index++) {
            const char *name = report_group_name(report, policy, group, index);
            if (strncmp(rest, name, strlen(name)) == 0 && rest[strlen(name)] == '_') {
                rest += strlen(name) + 1;
                break;
            }
        }
    } else if (group == REPORT_DAY) {
        index = kit_number(figure + 4) - 1;
        assert_string_equal(report_group_name(report, policy, group, index), figure);
        rest = "SL";
    }
    report_row(report, policy, group, index, &row);
    const struct {
        const char *name;
        double value;
    } values[] = {
        {"SL", row.within.value},       {"strict", row.within_strict.value},
        {"mean", row.mean_min.value},   {"p50", row.p50_min.value},
        {"p90", row.p90_min.value},     {"p95", row.p95_min.value},
        {"max", row.max_min},           {"excess", row.excess_min.value},
        {"left", row.left_share.value}, {"slip_mean", row.slips_mean.value},
        {"slip_max", row.slips_max},    {"over", row.overtaken_max_min},
        {"served", (double)row.served},
    };
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        if (strcmp(values[i].name, rest) == 0) {
            return values[i].value;
        }
    }
    fail_msg("no figure %s", figure);
    return (double)NAN;
}

static void figures_are_the_references(void **state)
{
    (void)state;
    struct trace *trace = first_calls_trace();
    struct report *report = report_of_traces(trace);
    FILE *file = fopen("tests/data/reference_figures.csv", "re");
    assert_non_null(file);
    char line[LINE_BYTES];
    assert_non_null(fgets(line, sizeof(line), file));
    int compared = 0;
    while (fgets(line, sizeof(line), file) != NULL) {
        char name[32];
        char figure[64];
        double expected = 0;
        assert_int_equal(sscanf(line, "%31[^,],%63[^,],%lf", name, figure, &expected), 3);
        int policy = 0;
        while (strcmp(report_policy_name(report, policy), name) != 0) {
            policy++;
        }
        const double value = figure_of(report, policy, figure);
        if (!(fabs(value - expected) < 1e-6)) {
            fail_msg("%s, %s: %.9g instead of %.9g", name, figure, value, expected);
        }
        compared++;
    }
    (void)fclose(file);
    assert_int_equal(compared, 413);
    report_destroy(report);
    trace_free(trace);
}

/* ---- By hand */

static const char *const two_services[] = {"housing", "parking, bikes"};

static struct report *small_report(bool tracked)
{
    const struct report_terms terms = {.standard_ms = 15 * MINUTE_MS,
                                       .slips_tracked = tracked,
                                       .service_count = 2,
                                       .services = two_services};
    struct report *report = report_create(&terms);
    (void)report_add_policy(report, "rescue:8,30");
    return report;
}

static void add_served(struct report *report, int policy, double wait_min)
{
    const struct report_visit visit = {.leaves_ms = INT64_MAX,
                                       .called_ms = (int64_t)(wait_min * MINUTE_MS),
                                       .outcome = WORLD_SERVED};
    report_add_visit(report, policy, &visit);
}

static void add_left(struct report *report, double leaves_min, double called_min, bool silent)
{
    const struct report_visit visit = {
        .leaves_ms = (int64_t)(leaves_min * MINUTE_MS),
        .called_ms = called_min < 0 ? -1 : (int64_t)(called_min * MINUTE_MS),
        .outcome = called_min >= 0 ? WORLD_GHOST : (silent ? WORLD_WAITS : WORLD_LEFT),
        .silent = silent};
    report_add_visit(report, 0, &visit);
}

/* SCIENCE.md: excluded are those who told within 15 min that they leave, and no-shows first called within 15 min; a
 * no-show first called later was missed. */
static void leavers_count_as_they_can_be_known(void **state)
{
    (void)state;
    struct report *report = small_report(true);
    report_begin_day(report, 0, "one", 3);
    add_served(report, 0, 15);
    add_served(report, 0, 15.01);
    add_left(report, 10, -1, false); /* told in time: excluded */
    add_left(report, 16, -1, false); /* told too late: missed */
    add_left(report, 5, 12, true);   /* called in time, not there: excluded */
    add_left(report, 5, 20, true);   /* called late, not there: missed */
    add_left(report, 5, -1, true);   /* never called, gone in time: excluded */
    add_left(report, 50, -1, true);  /* never called: missed */
    struct report_row row;
    report_row(report, 0, REPORT_ALL, 0, &row);
    assert_int_equal(row.visits, 8);
    assert_int_equal(row.counted, 5);
    assert_int_equal(row.served, 2);
    assert_int_equal(row.left, 6);
    assert_int_equal(row.no_shows, 2);
    assert_int_equal(row.missed, 3);
    assert_near(row.within.value, 1.0 / 5, 1e-12);
    assert_near(row.within_strict.value, 1.0 / 8, 1e-12);
    assert_near(row.left_share.value, 6.0 / 8, 1e-12);
    assert_near(row.excess_min.value, 0.01 / 2, 1e-9);
    report_destroy(report);
}

static void intervals_come_from_days(void **state)
{
    (void)state;
    assert_near(report_t975(1), 12.706, 1e-3);
    assert_near(report_t975(31), 2.0395, 1e-4);
    assert_near(report_t975(299), 1.9679, 1e-4);
    struct report *report = small_report(true);
    static const double waits[3][2] = {{10, 20}, {30, 12}, {14, 2}};
    for (int day = 0; day < 3; day++) {
        report_begin_day(report, 0, "day", 0);
        add_served(report, 0, waits[day][0]);
        add_served(report, 0, waits[day][1]);
    }
    struct report_row row;
    report_row(report, 0, REPORT_ALL, 0, &row);
    /* days of equal size: the interval of a mean of three, 15, 21 and 8 min */
    const double mean = 44.0 / 3;
    const double deviation = sqrt((pow(15 - mean, 2) + pow(21 - mean, 2) + pow(8 - mean, 2)) / 2);
    assert_near(row.mean_min.value, mean, 1e-9);
    assert_near(row.mean_min.high - row.mean_min.value, 4.3027 * deviation / sqrt(3), 1e-4);
    assert_near(row.within.value, 4.0 / 6, 1e-9);
    assert_near(row.within.high, 1, 0); /* three days of 2: the interval would end beyond */
    assert_true(row.p50_min.low <= row.p50_min.value && row.p50_min.value <= row.p50_min.high);
    report_destroy(report);
}

static void policies_are_compared_day_by_day(void **state)
{
    (void)state;
    struct report *report = small_report(true);
    (void)report_add_policy(report, "better");
    static const double base[3] = {20, 10, 30};
    static const double less[3] = {1, 2, 6};
    for (int day = 0; day < 3; day++) {
        for (int policy = 0; policy < 2; policy++) {
            report_begin_day(report, policy, "day", 0);
            add_served(report, policy, base[day] - (policy == 1 ? less[day] : 0));
        }
    }
    struct report_paired paired;
    report_compare(report, 1, 0, &paired);
    assert_int_equal(paired.days, 3);
    assert_near(paired.mean_min.value, -3, 1e-9);
    /* the differences' deviation is sqrt(7), whatever the days themselves differ by */
    assert_near(paired.mean_min.high - paired.mean_min.value, 4.3027 * sqrt(7.0 / 3), 1e-4);
    report_destroy(report);
}

static char *written(const struct report *report, void (*write)(const struct report *, FILE *))
{
    char *text = calloc(TEXT_BYTES, 1);
    assert_non_null(text);
    FILE *file = fmemopen(text, TEXT_BYTES, "w");
    assert_non_null(file);
    write(report, file);
    (void)fclose(file);
    return text;
}

static void what_cannot_be_known_is_never_zero(void **state)
{
    (void)state;
    struct report *report = small_report(false);
    report_begin_day(report, 0, "empty", 0);
    struct report_row row;
    report_row(report, 0, REPORT_ALL, 0, &row);
    assert_true(isnan(row.within.value) && isnan(row.mean_min.value) && isnan(row.p95_min.value) &&
                isnan(row.max_min) && isnan(row.slips_max) && isnan(row.overtaken_max_min) &&
                isnan(row.left_share.value) && isnan(row.within.low));
    char *table = written(report, report_write_table);
    assert_non_null(strstr(table, "unknown"));
    assert_null(strstr(table, "nan"));
    free(table);
    char *csv = written(report, report_write_csv);
    assert_non_null(strstr(csv, "\n\"rescue:8,30\",all,all,1,0,0,0,0,0,0,,,,,,"));
    assert_non_null(strstr(csv, "\"parking, bikes\""));
    assert_null(strstr(csv, "nan"));
    free(csv);
    json_t *json = report_json(report);
    const json_t *policy = json_array_get(json_object_get(json, "policies"), 0);
    const json_t *within = json_object_get(json_object_get(policy, "all"), "within");
    assert_true(json_is_null(json_object_get(within, "value")));
    assert_true(json_is_null(json_object_get(within, "low")));
    json_decref(json);
    report_destroy(report);
}

static void one_day_has_no_interval(void **state)
{
    (void)state;
    struct report *report = small_report(true);
    report_begin_day(report, 0, "one", 0);
    add_served(report, 0, 3);
    struct report_row row;
    report_row(report, 0, REPORT_ALL, 0, &row);
    assert_near(row.mean_min.value, 3, 1e-12);
    assert_true(isnan(row.mean_min.low) && isnan(row.p90_min.high));
    assert_near(row.slips_max, 0, 0);
    report_destroy(report);
}

/* Days agree by chance, or only one of them tells: neither makes a figure certain. */
static void few_visits_are_not_certain(void **state)
{
    (void)state;
    struct report *report = small_report(true);
    for (int day = 0; day < 4; day++) {
        report_begin_day(report, 0, "day", 0);
        if (day == 2) {
            add_served(report, 0, 5);
            add_served(report, 0, 25);
        }
    }
    struct report_row row;
    report_row(report, 0, REPORT_ALL, 0, &row);
    assert_near(row.within.value, 0.5, 1e-12);
    assert_true(isnan(row.within.low) && isnan(row.mean_min.high) && isnan(row.p90_min.low));
    report_destroy(report);
    report = small_report(true);
    for (int day = 0; day < 5; day++) {
        report_begin_day(report, 0, "day", 0);
        add_served(report, 0, 5);
        add_served(report, 0, 6);
    }
    report_row(report, 0, REPORT_ALL, 0, &row);
    /* Clopper and Pearson for 10 of 10, and for 0 of 10 */
    assert_near(row.within.value, 1, 0);
    assert_near(row.within.high, 1, 0);
    assert_near(row.within.low, 0.6915, 1e-4);
    assert_near(row.left_share.value, 0, 0);
    assert_near(row.left_share.low, 0, 0);
    assert_near(row.left_share.high, 0.3085, 1e-4);
    report_destroy(report);
}

/* Two days are enough for a difference, and Student's t for one degree of freedom is 12.7. */
static void a_difference_of_shares_ends_at_all(void **state)
{
    (void)state;
    struct report *report = small_report(true);
    (void)report_add_policy(report, "better");
    for (int day = 0; day < 2; day++) {
        for (int policy = 0; policy < 2; policy++) {
            report_begin_day(report, policy, "day", 0);
            add_served(report, policy, day == 0 || policy == 1 ? 5 : 20);
        }
    }
    struct report_paired paired;
    report_compare(report, 1, 0, &paired);
    assert_near(paired.within.value, 0.5, 1e-12);
    assert_near(paired.within.high, 1, 0);
    assert_near(paired.within.low, -1, 0);
    assert_true(paired.mean_min.low < -90); /* minutes have no such end */
    report_destroy(report);
}

static void waits_are_sorted_as_by_comparison(void **state)
{
    (void)state;
    enum { COUNT = 5000 };
    uint32_t *waits = calloc(COUNT, sizeof(*waits));
    uint32_t *spare = calloc(COUNT, sizeof(*spare));
    assert_true(waits != NULL && spare != NULL);
    static const uint32_t most[] = {1, 2000, 3000000, UINT32_MAX};
    for (size_t i = 0; i < sizeof(most) / sizeof(most[0]); i++) {
        uint32_t sum = 0;
        for (int j = 0; j < COUNT; j++) {
            waits[j] = (uint32_t)(((uint64_t)j * 2654435761u % 4294967296u) * most[i] >> 32);
            sum += waits[j];
        }
        sum += most[i] - waits[COUNT / 2];
        waits[COUNT / 2] = most[i];
        report_sort_ms(waits, spare, COUNT);
        for (int j = 0; j < COUNT; j++) {
            sum -= waits[j];
            assert_true(j == 0 || waits[j - 1] <= waits[j]);
        }
        assert_int_equal(sum, 0); /* none got lost */
        assert_int_equal(waits[COUNT - 1], most[i]);
    }
    report_sort_ms(waits, spare, 0);
    free(waits);
    free(spare);
}

/* Who reads it learns what the shares are of, and that a policy has its price. */
static void the_table_says_what_its_words_mean(void **state)
{
    (void)state;
    struct report *report = small_report(true);
    for (int day = 0; day < 2; day++) {
        report_begin_day(report, 0, "day", 0);
        add_served(report, 0, 1234 + 500 * day);
        add_served(report, 0, 1240);
    }
    char *table = written(report, report_write_table);
    assert_non_null(strstr(table, "told us within 15 min"));
    assert_non_null(strstr(table, "passed over"));
    assert_non_null(strstr(table, "1362.00 (0.00 to 2950.28)"));
    size_t width = strcspn(table, "\n");
    for (const char *line = table; *line != '\n'; line += strcspn(line, "\n") + 1) {
        assert_int_equal(strcspn(line, "\n"), width); /* however wide the figures are */
    }
    free(table);
    report_destroy(report);
}

static void days_of_several_reports_become_one(void **state)
{
    (void)state;
    struct report *all = small_report(true);
    struct report *parts[2] = {small_report(true), small_report(true)};
    for (int i = 0; i < 2; i++) {
        report_begin_day(parts[i], 0, i == 0 ? "one" : "two", 1);
        add_served(parts[i], 0, 4 + i);
        add_served(parts[i], 0, 20);
        report_absorb(all, parts[i]);
        report_destroy(parts[i]);
    }
    struct report_row row;
    report_row(all, 0, REPORT_ALL, 0, &row);
    assert_int_equal(row.days, 2);
    assert_int_equal(row.visits, 4);
    assert_int_equal(row.missed, 2);
    report_row(all, 0, REPORT_DAY, 1, &row);
    assert_string_equal(report_group_name(all, 0, REPORT_DAY, 1), "two");
    assert_near(row.mean_min.value, 12.5, 1e-12);
    report_destroy(all);
}

static void json_and_csv_hold_every_group(void **state)
{
    (void)state;
    struct trace *trace = first_calls_trace();
    struct report *report = report_of_traces(trace);
    json_t *json = report_json(report);
    const json_t *policies = json_object_get(json, "policies");
    assert_int_equal(json_array_size(policies), 7);
    const json_t *first = json_array_get(policies, 0);
    assert_int_equal(json_array_size(json_object_get(first, "classes")), TICKET_CLASSES);
    assert_int_equal(json_array_size(json_object_get(first, "services")), 9);
    assert_int_equal(json_array_size(json_object_get(first, "days")), 5);
    assert_int_equal(json_array_size(json_object_get(json, "paired")), 6);
    json_decref(json);
    char *csv = written(report, report_write_csv);
    int lines = 0;
    int commas = 0;
    for (const char *at = csv; *at != '\0'; at++) {
        commas += *at == ',';
        lines += *at == '\n';
    }
    assert_int_equal(lines, 1 + 7 * (1 + TICKET_CLASSES + 9 + 5));
    assert_int_equal(commas % lines, 0);
    free(csv);
    report_destroy(report);
    trace_free(trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_are_the_references),
        cmocka_unit_test(leavers_count_as_they_can_be_known),
        cmocka_unit_test(intervals_come_from_days),
        cmocka_unit_test(policies_are_compared_day_by_day),
        cmocka_unit_test(what_cannot_be_known_is_never_zero),
        cmocka_unit_test(one_day_has_no_interval),
        cmocka_unit_test(few_visits_are_not_certain),
        cmocka_unit_test(a_difference_of_shares_ends_at_all),
        cmocka_unit_test(waits_are_sorted_as_by_comparison),
        cmocka_unit_test(the_table_says_what_its_words_mean),
        cmocka_unit_test(days_of_several_reports_become_one),
        cmocka_unit_test(json_and_csv_hold_every_group),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
