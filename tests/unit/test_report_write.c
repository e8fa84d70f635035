/* What leaves the house: figures as JSON, visits as CSV. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "http/json_out.h"
#include "report/csv_out.h"
#include "report/today_write.h"
#include "test_kit.h"
#include "test_report_rig.h"

/* cells */

static void assert_cell(const char *text, const char *cell)
{
    struct csv_out out = {0};
    csv_out_text(&out, text);
    csv_out_end_row(&out);
    assert_memory_equal(out.data, cell, strlen(cell));
    assert_string_equal(out.data + strlen(cell), "\r\n");
    csv_out_free(&out);
}

static void cells_are_quoted_where_rfc_4180_says(void **state)
{
    (void)state;
    assert_cell("plain text", "plain text");
    assert_cell("", "");
    assert_cell(NULL, "");
    assert_cell("a,b", "\"a,b\"");
    assert_cell("say \"no\"", "\"say \"\"no\"\"\"");
    assert_cell("two\nlines", "\"two\nlines\"");
    assert_cell("two\r\nlines", "\"two\r\nlines\"");
    assert_cell("ਪੰਜਾਬੀ اردو", "ਪੰਜਾਬੀ اردو");
}

static void no_cell_is_a_formula(void **state)
{
    (void)state;
    assert_cell("=1+1", "\"'=1+1\"");
    assert_cell("+44", "\"'+44\"");
    assert_cell("-desk", "\"'-desk\"");
    assert_cell("@sum(a1)", "\"'@sum(a1)\"");
    assert_cell("|cmd", "\"'|cmd\"");
    assert_cell("\t=1", "\"'\t=1\"");
    assert_cell("  =1", "\"'  =1\"");
    assert_cell("\xef\xbc\x9d"
                "1",
                "\"'\xef\xbc\x9d"
                "1\"");
    assert_cell("=\"a\",b", "\"'=\"\"a\"\",b\"");
    assert_cell("\tx", "\"'\tx\"");
    assert_cell("a-b", "a-b");
    assert_cell("2026-11-24 09:00:00", "2026-11-24 09:00:00");
}

static void rows_hold_cells_and_an_empty_table_is_text(void **state)
{
    (void)state;
    struct csv_out out = {0};
    csv_out_empty(&out);
    csv_out_integer(&out, -12);
    csv_out_text(&out, "x");
    csv_out_end_row(&out);
    csv_out_integer(&out, INT64_MAX);
    csv_out_end_row(&out);
    char *text = csv_out_take(&out);
    assert_string_equal(text, ",-12,x\r\n9223372036854775807\r\n");
    free(text);
    text = csv_out_take(&out);
    assert_string_equal(text, "");
    free(text);
}

/* visits */

static const char *const head =
    "day,number,kind,service,class,arrived_at,booked_for,first_called_at,wait_s,within_standard,"
    "first_served_at,ended_at,served_s,transfers,counter,state,outcome,avoidable\r\n";

static void a_row_tells_of_a_visit_and_of_nobody(void **state)
{
    (void)state;
    struct report_rig rig;
    report_rig_set_up(&rig);
    rig.terms.utc_offset_s = 3600;
    struct event event = report_event(&rig, EVENT_TICKET_ISSUED, 7, "");
    struct event_ticket_issued *issued = &event.body.issued;
    kit_set(issued->service, sizeof(issued->service), "-housing");
    kit_set(issued->prefix, sizeof(issued->prefix), "H");
    kit_set(issued->language, sizeof(issued->language), "pl");
    issued->need_count = 1;
    kit_set(issued->needs[0], sizeof(issued->needs[0]), "interpreter");
    issued->number = 7;
    issued->ticket_class = CLASS_APPOINTMENT;
    issued->arrived_at_ms = rig.now_ms;
    issued->appointment_ms = issued->leg_from_ms = rig.now_ms + MINUTE_MS;
    report_take(&rig, &event);
    report_wait(&rig, 3 * MINUTE_MS + 999);
    report_at(&rig, EVENT_TICKET_CALLED, 7, "2");
    report_wait(&rig, 30000);
    report_at(&rig, EVENT_SERVING_STARTED, 7, "2");
    report_wait(&rig, 4 * MINUTE_MS);
    event = report_event(&rig, EVENT_TICKET_CLOSED, 7, "2");
    event.body.closed.outcome = OUTCOME_FOLLOW_UP;
    kit_set(event.body.closed.avoidable, sizeof(event.body.closed.avoidable), "chasing");
    report_take(&rig, &event);
    report_issue(&rig, 8, "tax");
    event = report_event(&rig, EVENT_VISIT_RECORDED, 0, "");
    event.body.visit.kind = VISIT_RESOLVED_AT_DOOR;
    event.body.visit.outcome = OUTCOME_SIGNPOSTED;
    kit_set(event.body.visit.service, sizeof(event.body.visit.service), "bins");
    report_take(&rig, &event);
    struct csv_out out = {0};
    today_write_csv(rig.today, &rig.terms, rig.now_ms, &out);
    assert_memory_equal(out.data, head, strlen(head));
    assert_string_equal(
        out.data + strlen(head),
        "2026-11-24,H07,queued,\"'-housing\",appointment,2026-11-24 10:00:00,2026-11-24 10:01:00,"
        "2026-11-24 10:03:00,120,yes,2026-11-24 10:03:30,2026-11-24 10:07:30,240,0,2,closed,"
        "follow_up,chasing\r\n"
        "2026-11-24,H08,queued,tax,normal,2026-11-24 10:07:30,,,,,,,,0,,waiting,,\r\n"
        "2026-11-24,,resolved_at_door,bins,,2026-11-24 10:07:30,,,,,,,,,,,signposted,\r\n");
    assert_null(strstr(out.data, "01JDTEST"));
    assert_null(strstr(out.data, "interpreter"));
    csv_out_free(&out);
    report_rig_tear_down(&rig);
}

static void a_verdict_is_left_out_until_it_is_known(void **state)
{
    (void)state;
    struct report_rig rig;
    report_rig_set_up(&rig);
    report_issue(&rig, 1, "tax");
    report_wait(&rig, 16 * MINUTE_MS);
    struct csv_out out = {0};
    today_write_csv(rig.today, &rig.terms, rig.now_ms, &out);
    assert_non_null(strstr(out.data, "09:00:00,,,,no,,,,0,,waiting,,\r\n"));
    csv_out_free(&out);
    today_write_csv(rig.today, &rig.terms, NINE_MS + MINUTE_MS, &out);
    assert_non_null(strstr(out.data, "09:00:00,,,,,,,,0,,waiting,,\r\n"));
    csv_out_free(&out);
    report_rig_tear_down(&rig);
}

static void a_row_tells_the_first_sitting_and_the_last_end(void **state)
{
    (void)state;
    struct report_rig rig;
    report_rig_set_up(&rig);
    report_issue(&rig, 1, "tax");
    report_at(&rig, EVENT_TICKET_CALLED, 1, "1");
    report_at(&rig, EVENT_TICKET_NO_SHOW, 1, "1");
    report_at(&rig, EVENT_TICKET_REVIVED, 1, "");
    report_wait(&rig, MINUTE_MS);
    report_at(&rig, EVENT_TICKET_CALLED, 1, "1");
    report_at(&rig, EVENT_SERVING_STARTED, 1, "1");
    report_wait(&rig, MINUTE_MS);
    report_at(&rig, EVENT_TICKET_PARKED, 1, "1");
    report_wait(&rig, MINUTE_MS);
    report_at(&rig, EVENT_TICKET_TAKEN_BACK, 1, "2");
    struct csv_out out = {0};
    today_write_csv(rig.today, &rig.terms, rig.now_ms, &out);
    assert_non_null(
        strstr(out.data, ",2026-11-24 09:00:00,0,yes,2026-11-24 09:01:00,,60,0,2,serving,,\r\n"));
    csv_out_free(&out);
    report_rig_tear_down(&rig);
}

static size_t count_of(const char *text, char byte)
{
    size_t count = 0;
    for (; *text != '\0'; text++) {
        count += *text == byte;
    }
    return count;
}

static void every_row_has_every_column(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct report_rig rig;
        report_rig_set_up(&rig);
        free(report_random_day(&rig, seed, 100));
        struct csv_out out = {0};
        today_write_csv(rig.today, &rig.terms, rig.now_ms, &out);
        const struct today_figures *figures = report_now(&rig);
        int rows = 1 + figures->queued;
        for (int i = 0; i < VISIT_KINDS; i++) {
            rows += figures->recorded[i];
        }
        /* codes of these days hold no comma */
        assert_int_equal(count_of(out.data, '\n'), rows);
        assert_int_equal(count_of(out.data, ','), rows * 17);
        csv_out_free(&out);
        report_rig_tear_down(&rig);
    }
}

/* figures */

static json_t *figures_as_json(struct report_rig *rig, int64_t now_ms)
{
    struct json_out out = {0};
    today_write_json(today_figures(rig->today, &rig->terms, now_ms), &out);
    json_error_t error;
    json_t *document = json_loads(out.data, JSON_REJECT_DUPLICATES, &error);
    if (document == NULL) {
        fail_msg("%s at %d: %s", error.text, error.position, out.data);
    }
    json_out_free(&out);
    return document;
}

static double number_at(const json_t *object, const char *one, const char *other)
{
    const json_t *value = json_object_get(json_object_get(object, one), other);
    assert_true(json_is_number(value));
    return json_number_value(value);
}

static void assert_number(double is, double should_be)
{
    assert_true(is > should_be - 1e-9 && is < should_be + 1e-9);
}

static void figures_are_one_object(void **state)
{
    (void)state;
    struct report_rig rig;
    report_rig_set_up(&rig);
    report_at(&rig, EVENT_COUNTER_OPENED, 0, "1");
    report_issue(&rig, 1, "housing");
    report_issue(&rig, 2, "housing");
    report_issue(&rig, 3, "tax");
    report_wait(&rig, 90500);
    report_at(&rig, EVENT_TICKET_CALLED, 1, "1");
    report_at(&rig, EVENT_SERVING_STARTED, 1, "1");
    report_wait(&rig, 15 * MINUTE_MS);
    json_t *document = figures_as_json(&rig, rig.now_ms);
    const json_t *all = json_object_get(document, "all");
    assert_string_equal(json_string_value(json_object_get(document, "day")), REPORT_DAY);
    assert_string_equal(json_string_value(json_object_get(document, "as_of")),
                        "2026-11-24T09:16:30.500Z");
    assert_number(json_number_value(json_object_get(document, "standard_s")), 900);
    assert_number(number_at(all, "of_called", "share"), 1);
    assert_number(number_at(all, "of_decided", "share"), 0.333);
    assert_number(number_at(all, "of_decided", "within"), 1);
    assert_number(number_at(all, "of_decided", "of"), 3);
    assert_number(number_at(all, "wait", "p90_s"), 90.5);
    assert_number(number_at(document, "all", "waiting_longest_s"), 990.5);
    assert_true(json_is_null(json_object_get(json_object_get(all, "service_time"), "mean_s")));
    const json_t *services = json_object_get(document, "services");
    assert_int_equal(json_array_size(services), 2);
    assert_string_equal(json_string_value(json_object_get(json_array_get(services, 1), "service")),
                        "tax");
    const json_t *hours = json_object_get(document, "hours");
    assert_int_equal(json_array_size(hours), 1);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(hours, 0), "hour")), 9);
    const json_t *counter = json_array_get(json_object_get(document, "counters"), 0);
    assert_number(json_number_value(json_object_get(counter, "open_s")), 990.5);
    assert_number(json_number_value(json_object_get(counter, "busy_s")), 900);
    assert_true(json_is_null(json_object_get(counter, "sitting_mean_s")));
    json_decref(document);
    report_rig_tear_down(&rig);
}

static void figures_of_any_day_can_be_read(void **state)
{
    (void)state;
    struct report_rig empty = {.today = today_create(), .now_ms = NINE_MS};
    json_t *document = figures_as_json(&empty, NINE_MS);
    assert_true(json_is_null(json_object_get(document, "day")));
    json_decref(document);
    report_rig_tear_down(&empty);
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct report_rig rig;
        report_rig_set_up(&rig);
        free(report_random_day(&rig, seed, 60));
        json_decref(figures_as_json(&rig, rig.now_ms));
        json_decref(figures_as_json(&rig, NINE_MS + 60 * MINUTE_MS));
        report_rig_tear_down(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_quoted_where_rfc_4180_says),
        cmocka_unit_test(no_cell_is_a_formula),
        cmocka_unit_test(rows_hold_cells_and_an_empty_table_is_text),
        cmocka_unit_test(a_row_tells_of_a_visit_and_of_nobody),
        cmocka_unit_test(a_verdict_is_left_out_until_it_is_known),
        cmocka_unit_test(a_row_tells_the_first_sitting_and_the_last_end),
        cmocka_unit_test(every_row_has_every_column),
        cmocka_unit_test(figures_are_one_object),
        cmocka_unit_test(figures_of_any_day_can_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
