/* What boards and counters see, and what the clock asks of the day: an engine of its own, and time as an argument. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <jansson.h>

#include "http/day_notes.h"
#include "http/inbox.h"
#include "http/prints.h"
#include "http/views.h"

struct floor {
    struct site *site;
    struct engine *engine;
    struct day_notes notes;
    struct decision decision;
    int64_t now_ms;
};

static int64_t at(const struct floor *floor, const char *local)
{
    int64_t utc_ms = 0;
    assert_int_equal(site_local_to_utc(floor->site, local, &utc_ms), STATUS_OK);
    return utc_ms;
}

static enum refusal perform(struct floor *floor, struct command command)
{
    command.now_ms = floor->now_ms;
    (void)snprintf(command.actor, sizeof(command.actor), "test");
    engine_decide(floor->engine, &command, &floor->decision);
    for (size_t i = 0; i < floor->decision.count; i++) {
        engine_evolve(floor->engine, &floor->decision.events[i]);
        day_notes_take(&floor->notes, floor->engine, &floor->decision.events[i]);
    }
    return floor->decision.refusal;
}

static void open_day(struct floor *floor, const char *local)
{
    struct command command = {.type = COMMAND_OPEN_DAY};
    floor->now_ms = at(floor, local);
    site_local_day(floor->site, floor->now_ms, command.day);
    assert_int_equal(perform(floor, command), REFUSAL_NONE);
}

static void issue(struct floor *floor, const char *service, const char *language)
{
    static int next;
    struct command command = {.type = COMMAND_ISSUE,
                              .need_count = strcmp(service, "parking") == 0 ? 0 : 1,
                              .rostered = ~UINT64_C(0)};
    (void)snprintf(command.ticket_id, sizeof(command.ticket_id), "01ARZ3NDEKTSV4RRFFQ69G%04d",
                   next++);
    (void)snprintf(command.service, sizeof(command.service), "%s", service);
    (void)snprintf(command.language, sizeof(command.language), "%s", language);
    (void)snprintf(command.needs[0], sizeof(command.needs[0]), "interpreter");
    assert_int_equal(perform(floor, command), REFUSAL_NONE);
}

static void at_counter(struct floor *floor, enum command_type type, const char *counter)
{
    struct command command = {.type = type, .outcome = OUTCOME_FOLLOW_UP};
    (void)snprintf(command.counter, sizeof(command.counter), "%s", counter);
    assert_int_equal(perform(floor, command), REFUSAL_NONE);
}

static int set_up(void **state)
{
    struct floor *floor = calloc(1, sizeof(*floor));
    struct site_report *report = site_report_create();
    assert_non_null(floor);
    assert_int_equal(site_load("tests/unit/sites/good", &floor->site, report), STATUS_OK);
    site_report_destroy(report);
    floor->engine = engine_create();
    engine_set_rules(floor->engine, site_rules(floor->site));
    *state = floor;
    return 0;
}

static int tear_down(void **state)
{
    struct floor *floor = *state;
    decision_free(&floor->decision);
    engine_destroy(floor->engine);
    site_destroy(floor->site);
    free(floor);
    return 0;
}

/* The members that a builder writes, as an object. */
static json_t *object_of(struct json_out *out)
{
    char *text = malloc(out->length + 3);
    assert_non_null(text);
    (void)snprintf(text, out->length + 3, "{%s}", out->data);
    json_t *object = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(object);
    free(text);
    json_out_free(out);
    return object;
}

static json_t *board(const struct floor *floor)
{
    struct json_out out = {0};
    const struct view_source source = {.engine = floor->engine,
                                       .site = floor->site,
                                       .notes = &floor->notes,
                                       .now_ms = floor->now_ms};
    board_view_write(&out, &source);
    board_view_end(&out, &source, NULL);
    return object_of(&out);
}

static json_t *counter(const struct floor *floor, const char *code, const char *answers)
{
    struct json_out out = {0};
    struct waiting_list list = {.total = 0};
    const struct view_source source = {.engine = floor->engine,
                                       .site = floor->site,
                                       .notes = &floor->notes,
                                       .now_ms = floor->now_ms};
    waiting_list_write(&list, &source);
    char *kept = answers != NULL ? strdup(answers) : NULL;
    const struct private_texts texts = {.answers = kept};
    counter_view_write(&out, &source, &list, engine_find_counter(floor->engine, code), &texts);
    free(kept);
    waiting_list_free(&list);
    return object_of(&out);
}

static const char *text(const json_t *object, const char *field)
{
    const char *value = json_string_value(json_object_get(object, field));
    return value != NULL ? value : "";
}

static long long number(const json_t *object, const char *field)
{
    return json_integer_value(json_object_get(object, field));
}

static void a_board_before_the_first_day_says_when_doors_open(void **state)
{
    struct floor *floor = *state;
    floor->now_ms = at(floor, "2026-11-24T07:00");
    json_t *view = board(floor);
    assert_string_equal(text(view, "day"), "");
    assert_true(json_is_false(json_object_get(view, "open")));
    assert_string_equal(text(view, "next_open"), "2026-11-24T09:00:00.000Z");
    json_decref(view);
}

static void a_board_lists_standing_calls_newest_first_and_places(void **state)
{
    struct floor *floor = *state;
    open_day(floor, "2026-11-24T10:00");
    issue(floor, "housing", "pl");
    issue(floor, "housing", "");
    issue(floor, "parking", "");
    at_counter(floor, COMMAND_OPEN_COUNTER, "1");
    at_counter(floor, COMMAND_OPEN_COUNTER, "room-1");
    at_counter(floor, COMMAND_NEXT, "room-1");
    at_counter(floor, COMMAND_NEXT, "1");
    json_t *view = board(floor);
    const json_t *calls = json_object_get(view, "calls");
    assert_int_equal(json_array_size(calls), 2);
    assert_string_equal(text(json_array_get(calls, 0), "number"), "H02");
    assert_string_equal(text(json_array_get(calls, 0), "counter"), "1");
    assert_true(json_is_null(json_object_get(json_array_get(calls, 0), "language")));
    assert_string_equal(text(json_array_get(calls, 1), "language"), "pl");
    assert_int_equal(number(view, "announcement"), 2);
    const json_t *parking = json_array_get(json_object_get(view, "services"), 1);
    assert_string_equal(text(parking, "service"), "parking");
    assert_int_equal(number(parking, "waiting"), 1);
    assert_int_equal(number(parking, "ahead"), 1);
    assert_string_equal(text(view, "site_hash"), site_hash(floor->site));
    json_decref(view);
    at_counter(floor, COMMAND_START, "1"); /* no longer a standing call */
    view = board(floor);
    assert_int_equal(json_array_size(json_object_get(view, "calls")), 1);
    json_decref(view);
}

static void summer_time_is_told_as_an_offset(void **state)
{
    struct floor *floor = *state;
    floor->now_ms = at(floor, "2026-07-01T10:00");
    json_t *view = board(floor);
    assert_int_equal(number(view, "utc_offset_s"), 3600);
    json_decref(view);
}

static void a_counter_sees_its_visitor_and_who_waits(void **state)
{
    struct floor *floor = *state;
    open_day(floor, "2026-11-24T10:00");
    issue(floor, "housing", "pl");
    issue(floor, "parking", "");
    floor->now_ms += 5 * 60 * 1000;
    at_counter(floor, COMMAND_OPEN_COUNTER, "room-1");
    at_counter(floor, COMMAND_NEXT, "room-1");
    json_t *view = counter(floor, "room-1", "{\"q\":\"a\"}");
    const json_t *ticket = json_object_get(view, "ticket");
    assert_string_equal(text(ticket, "number"), "H01");
    assert_string_equal(text(ticket, "state"), "called");
    assert_string_equal(text(json_object_get(ticket, "reason"), "code"), "only_one_waiting");
    assert_int_equal(number(json_object_get(ticket, "reason"), "waited_s"), 300);
    assert_string_equal(text(json_object_get(ticket, "answers"), "q"), "a");
    assert_string_equal(json_string_value(json_array_get(json_object_get(ticket, "needs"), 0)),
                        "interpreter");
    assert_true(json_is_null(json_object_get(ticket, "started_at")));
    assert_int_equal(number(view, "waiting_total"), 1);
    assert_int_equal(number(view, "can_serve_total"), 0);
    const json_t *waits = json_array_get(json_object_get(view, "waiting"), 0);
    assert_true(json_is_false(json_object_get(waits, "can_serve")));
    json_decref(view);
    at_counter(floor, COMMAND_START, "room-1");
    at_counter(floor, COMMAND_FINISH, "room-1");
    view = counter(floor, "room-1", NULL);
    assert_true(json_is_null(json_object_get(view, "ticket")));
    assert_string_equal(text(json_object_get(view, "last_finished"), "number"), "H01");
    assert_string_equal(text(json_object_get(view, "last_finished"), "outcome"), "follow_up");
    json_decref(view);
}

static void a_counter_s_list_is_bounded_but_its_count_is_not(void **state)
{
    struct floor *floor = *state;
    open_day(floor, "2026-11-24T10:00");
    for (int i = 0; i < VIEW_WAITING_MAX + 5; i++) {
        issue(floor, i % 2 == 0 ? "housing" : "parking", "");
    }
    json_t *view = counter(floor, "1", NULL);
    assert_int_equal(json_array_size(json_object_get(view, "waiting")), VIEW_WAITING_MAX);
    assert_int_equal(number(view, "waiting_total"), VIEW_WAITING_MAX + 5);
    assert_int_equal(number(view, "can_serve_total"), VIEW_WAITING_MAX + 5);
    json_decref(view);
}

static enum day_wish wish_at(struct floor *floor, const char *local)
{
    return day_notes_wish(&floor->notes, floor->engine, floor->site, at(floor, local));
}

static void the_clock_opens_an_hour_before_and_closes_at_day_end(void **state)
{
    struct floor *floor = *state;
    assert_int_equal(wish_at(floor, "2026-11-24T07:59"), DAY_AS_IT_IS);
    assert_int_equal(wish_at(floor, "2026-11-24T08:00"), DAY_TO_OPEN);
    assert_int_equal(wish_at(floor, "2026-11-24T16:59"),
                     DAY_TO_OPEN); /* the server was down until now */
    assert_int_equal(wish_at(floor, "2026-11-24T17:00"), DAY_AS_IT_IS);
    assert_int_equal(wish_at(floor, "2026-11-28T10:00"), DAY_AS_IT_IS); /* Saturday */
    assert_int_equal(wish_at(floor, "2026-12-25T10:00"), DAY_AS_IT_IS); /* Friday, but closed */
    open_day(floor, "2026-11-24T08:00");
    assert_int_equal(wish_at(floor, "2026-11-24T19:59"), DAY_AS_IT_IS);
    assert_int_equal(wish_at(floor, "2026-11-24T20:00"), DAY_TO_CLOSE);
    assert_int_equal(wish_at(floor, "2026-11-26T09:00"),
                     DAY_TO_CLOSE); /* the server was down that night */
    floor->now_ms = at(floor, "2026-11-24T12:00");
    assert_int_equal(perform(floor, (struct command){.type = COMMAND_CLOSE_DAY}), REFUSAL_NONE);
    assert_int_equal(wish_at(floor, "2026-11-24T13:00"), DAY_AS_IT_IS); /* somebody meant it */
    assert_int_equal(wish_at(floor, "2026-11-25T09:00"), DAY_TO_OPEN);
}

static bool doors_at(struct floor *floor, const char *local)
{
    return day_notes_doors_open(&floor->notes, floor->engine, floor->site, at(floor, local));
}

static void doors_follow_the_hours(void **state)
{
    struct floor *floor = *state;
    assert_false(doors_at(floor, "2026-11-23T10:00")); /* no day is open */
    open_day(floor, "2026-11-23T08:00");               /* Monday: doors at 16:45 */
    assert_false(doors_at(floor, "2026-11-23T08:59"));
    assert_true(doors_at(floor, "2026-11-23T09:00"));
    assert_true(doors_at(floor, "2026-11-23T16:44"));
    assert_false(doors_at(floor, "2026-11-23T16:45"));
}

static void a_day_opened_by_hand_out_of_hours_is_open_until_its_end(void **state)
{
    struct floor *floor = *state;
    open_day(floor, "2026-11-28T10:00"); /* a Saturday */
    assert_true(doors_at(floor, "2026-11-28T18:00"));
    assert_int_equal(wish_at(floor, "2026-11-28T18:00"), DAY_AS_IT_IS);
    assert_int_equal(wish_at(floor, "2026-11-28T20:00"), DAY_TO_CLOSE);
    floor->now_ms = at(floor, "2026-11-28T20:00");
    assert_int_equal(perform(floor, (struct command){.type = COMMAND_CLOSE_DAY}), REFUSAL_NONE);
    open_day(floor, "2026-11-30T21:00"); /* after day_end: somebody trains the night shift */
    assert_true(doors_at(floor, "2026-11-30T21:30"));
    assert_int_equal(wish_at(floor, "2026-11-30T23:59"), DAY_AS_IT_IS);
    assert_int_equal(wish_at(floor, "2026-12-01T00:00"), DAY_TO_CLOSE);
}

static size_t printed_at(const struct view_source *source, const char *device)
{
    struct json_out out = {0};
    board_view_end(&out, source, device);
    json_t *end = object_of(&out);
    const size_t count = json_array_size(json_object_get(end, "prints"));
    json_decref(end);
    return count;
}

static void a_print_that_no_kiosk_takes_has_failed_after_two_minutes(void **state)
{
    struct floor *floor = *state;
    struct prints *prints = prints_create(NULL);
    open_day(floor, "2026-11-24T09:00");
    issue(floor, "parking", "pl");
    const struct view_source source = {.engine = floor->engine,
                                       .site = floor->site,
                                       .notes = &floor->notes,
                                       .prints = prints,
                                       .now_ms = floor->now_ms};
    struct desk_job *job = desk_job_create(DESK_PRINT);
    (void)snprintf(job->command.device, sizeof(job->command.device), "kiosk-1");
    (void)snprintf(job->command.ticket_id, sizeof(job->command.ticket_id), "%s",
                   engine_ticket(floor->engine, 0)->id);
    prints_perform(prints, &source, job);
    assert_int_equal(job->http_status, 202);
    desk_job_destroy(job);
    assert_int_equal(printed_at(&source, "kiosk-1"), 1);
    assert_int_equal(printed_at(&source, "kiosk-2"), 0);
    assert_int_equal(printed_at(&source, NULL), 0);
    const int64_t asked_ms = inbox_monotonic_ms();
    assert_false(prints_tidy(prints, floor->now_ms, asked_ms + PRINTS_WAIT_MS - 60000));
    assert_true(prints_tidy(prints, floor->now_ms, asked_ms + PRINTS_WAIT_MS));
    assert_false(prints_tidy(prints, floor->now_ms, asked_ms + PRINTS_WAIT_MS));
    assert_int_equal(printed_at(&source, "kiosk-1"), 0);
    prints_destroy(prints);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_board_before_the_first_day_says_when_doors_open, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_board_lists_standing_calls_newest_first_and_places,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(summer_time_is_told_as_an_offset, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_counter_sees_its_visitor_and_who_waits, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_counter_s_list_is_bounded_but_its_count_is_not, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_clock_opens_an_hour_before_and_closes_at_day_end,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(doors_follow_the_hours, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_print_that_no_kiosk_takes_has_failed_after_two_minutes,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_day_opened_by_hand_out_of_hours_is_open_until_its_end,
                                        set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
