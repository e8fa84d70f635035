/* What holds of the figures of every day, whatever happened on it; by random days. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/json_out.h"
#include "report/csv_out.h"
#include "report/today_write.h"
#include "test_report_rig.h"

enum { DAYS = 200, VISITS = 120 };

/* Every figure of the day, and of every visit, as text: free() */
static char *all_of(struct today *today, const struct today_terms *terms, int64_t now_ms)
{
    struct json_out json = {0};
    struct csv_out csv = {0};
    today_write_json(today_figures(today, terms, now_ms), &json);
    today_write_csv(today, terms, now_ms, &csv);
    json_out_text(&json, csv.data);
    csv_out_free(&csv);
    return json_out_take(&json);
}

static struct today *fed(const struct report_rig *rig, size_t count, const bool *skipped)
{
    struct today *today = today_create();
    for (size_t i = 0; i < count; i++) {
        if (skipped == NULL || !skipped[i]) {
            today_take(today, &rig->log[i]);
        }
    }
    return today;
}

static void assert_same(char *one, char *other, uint64_t seed)
{
    if (strcmp(one, other) != 0) {
        fail_msg("seed %llu:\n%s\n%s", (unsigned long long)seed, one, other);
    }
    free(one);
    free(other);
}

static bool *random_day(struct report_rig *rig, uint64_t seed)
{
    report_rig_set_up(rig);
    rig->terms.utc_offset_s = seed % 3 == 0 ? -18000 : 3600;
    return report_random_day(rig, seed, VISITS);
}

/* "undone":N is the one figure that tells of what was undone. */
static char *without_undone(char *text)
{
    char *at = strstr(text, "\"undone\":");
    assert_non_null(at);
    char *end = strchr(at, '}');
    assert_non_null(end);
    memmove(at, end, strlen(end) + 1);
    return text;
}

static void undone_steps_leave_no_trace(void **state)
{
    (void)state;
    int undone = 0;
    for (uint64_t seed = 0; seed < DAYS; seed++) {
        struct report_rig rig;
        bool *skipped = random_day(&rig, seed);
        struct today *without = fed(&rig, rig.count, skipped);
        undone += report_now(&rig)->undone;
        assert_same(without_undone(all_of(rig.today, &rig.terms, rig.now_ms)),
                    without_undone(all_of(without, &rig.terms, rig.now_ms)), seed);
        today_destroy(without);
        free(skipped);
        report_rig_tear_down(&rig);
    }
    assert_true(undone > DAYS);
}

/* Figures of an earlier moment are what was told then. */
static void the_past_is_told_as_it_was(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < DAYS; seed++) {
        struct report_rig rig;
        bool *skipped = random_day(&rig, seed);
        uint64_t random = seed;
        for (int i = 0; i < 5; i++) {
            size_t count = 1 + report_random(&random) % (rig.count - 1);
            while (count < rig.count && rig.log[count].at_ms == rig.log[count - 1].at_ms) {
                count++;
            }
            const int64_t now_ms = rig.log[count - 1].at_ms;
            struct today *then = fed(&rig, count, NULL);
            assert_same(all_of(then, &rig.terms, now_ms), all_of(rig.today, &rig.terms, now_ms),
                        seed);
            today_destroy(then);
        }
        free(skipped);
        report_rig_tear_down(&rig);
    }
}

static int32_t present(const struct today_row *row)
{
    return row->waiting + row->at_counters + row->parked;
}

static void assert_row_is_sound(const struct today_row *row)
{
    assert_true(row->of_called.of == row->called);
    assert_true(row->of_called.within == row->of_decided.within);
    assert_true(row->of_called.within <= row->of_called.of);
    assert_true(row->of_decided.of >= row->of_called.of && row->of_decided.of <= row->issued);
    assert_true((row->called == 0) == (row->wait_mean_ms == TODAY_UNKNOWN));
    assert_true((row->waiting == 0) == (row->waiting_longest_ms == TODAY_UNKNOWN));
    assert_true((row->services == 0) == (row->service_mean_ms == TODAY_UNKNOWN));
    assert_true(row->left_at_close <= row->left);
    assert_true(row->wait_p50_ms <= row->wait_p90_ms && row->wait_p90_ms <= row->wait_longest_ms);
    assert_true(row->wait_mean_ms <= row->wait_longest_ms);
}

static void add_row(struct today_row *sum, const struct today_row *row)
{
    assert_row_is_sound(row);
    sum->issued += row->issued;
    sum->called += row->called;
    sum->served += row->served;
    sum->left += row->left;
    sum->left_at_close += row->left_at_close;
    sum->no_show += row->no_show;
    sum->transfers += row->transfers;
    sum->waiting += row->waiting;
    sum->at_counters += row->at_counters;
    sum->parked += row->parked;
    sum->services += row->services;
    sum->of_called.within += row->of_called.within;
    sum->of_decided.of += row->of_decided.of;
}

static void assert_sum(const struct today_row *sum, const struct today_row *all)
{
    assert_int_equal(sum->issued, all->issued);
    assert_int_equal(sum->called, all->called);
    assert_int_equal(sum->served, all->served);
    assert_int_equal(sum->left, all->left);
    assert_int_equal(sum->left_at_close, all->left_at_close);
    assert_int_equal(sum->no_show, all->no_show);
    assert_int_equal(sum->transfers, all->transfers);
    assert_int_equal(sum->waiting, all->waiting);
    assert_int_equal(sum->at_counters, all->at_counters);
    assert_int_equal(sum->parked, all->parked);
    assert_int_equal(sum->services, all->services);
    assert_int_equal(sum->of_called.within, all->of_called.within);
    assert_int_equal(sum->of_decided.of, all->of_decided.of);
}

static void assert_counters_are_sound(const struct today_figures *figures)
{
    int32_t served = 0;
    for (int i = 0; i < figures->counter_count; i++) {
        const struct today_counter *counter = &figures->counters[i];
        served += counter->served;
        assert_true(counter->busy_ms <= counter->open_ms);
        assert_true(counter->sitting_mean_ms * counter->sittings <= counter->busy_ms);
    }
    assert_int_equal(served, figures->all.served);
}

static void rows_add_up_at_every_moment(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < DAYS; seed++) {
        struct report_rig rig;
        bool *skipped = random_day(&rig, seed);
        for (size_t i = 0; i < rig.count; i += 1 + rig.count / 7) {
            const struct today_figures *figures =
                today_figures(rig.today, &rig.terms, rig.log[i].at_ms);
            struct today_row services = {0};
            struct today_row hours = {0};
            assert_row_is_sound(&figures->all);
            for (int j = 0; j < figures->service_count; j++) {
                add_row(&services, &figures->services[j].row);
            }
            for (int j = 0; j < TODAY_HOURS; j++) {
                const struct today_row *hour = &figures->hours[j];
                add_row(&hours, hour);
                assert_int_equal(hour->issued,
                                 hour->served + hour->left + hour->no_show + present(hour));
            }
            assert_sum(&services, &figures->all);
            assert_sum(&hours, &figures->all);
            assert_counters_are_sound(figures);
        }
        free(skipped);
        report_rig_tear_down(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(undone_steps_leave_no_trace),
        cmocka_unit_test(the_past_is_told_as_it_was),
        cmocka_unit_test(rows_add_up_at_every_moment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
