/* What is told of waits, without a server: the score of promises, who is to be told what, how it looks as JSON, who is on
 * duty. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <jansson.h>

#include "http/advice_json.h"
#include "http/metrics.h"
#include "http/rota.h"
#include "http/score_json.h"
#include "http/scorer.h"
#include "http/telling.h"
#include "http/ticket_json.h"
#include "http/views.h"
#include "http/wait_json.h"

static const int64_t minute_ms = 60000;

/* --- the score ------------------------------------------------------------------------------ */

static const char id_a[] = "01ARZ3NDEKTSV4RRFFQ69G0001", id_b[] = "01ARZ3NDEKTSV4RRFFQ69G0002";

static struct event event_at(enum event_type type, int64_t minute, const char *ticket)
{
    struct event event = {.type = type, .at_ms = minute * minute_ms};
    (void)snprintf(event.day, sizeof(event.day), "2026-11-24");
    (void)snprintf(event.ticket, sizeof(event.ticket), "%s", ticket);
    return event;
}

static struct promise told(int p20_min, int p90_min)
{
    return (struct promise){.known = true,
                            .p20_s = p20_min * 60,
                            .p50_s = (p20_min + p90_min) * 30,
                            .p90_s = p90_min * 60,
                            .within_permille = 800,
                            .as_of_ms = 1};
}

static void take(struct scorer *scorer, enum event_type type, int64_t minute, const char *ticket,
                 struct promise promise)
{
    struct event event = event_at(type, minute, ticket);
    if (type == EVENT_TICKET_ISSUED) {
        event.body.issued.leg_from_ms = event.at_ms;
        event.body.issued.promise = promise;
    } else if (type == EVENT_TICKET_TRANSFERRED) {
        event.body.transferred.leg_from_ms = event.at_ms;
    } else if (type == EVENT_PROMISE_MADE) {
        event.body.promise = promise;
    }
    scorer_take(scorer, &event);
}

static const struct promise nothing;

static void a_promise_is_held_against_the_first_call(void **state)
{
    (void)state;
    struct scorer *scorer = scorer_create();
    struct scorer_figures figures;
    const double before = scorer_level(scorer);
    take(scorer, EVENT_DAY_OPENED, 0, "", nothing);
    take(scorer, EVENT_TICKET_ISSUED, 0, id_a, told(5, 12));
    take(scorer, EVENT_TICKET_CALLED, 10, id_a, nothing); /* within */
    take(scorer, EVENT_TICKET_CALLED, 50, id_a, nothing); /* it does not wait any more */
    scorer_figures(scorer, &figures);
    assert_int_equal(figures.today.count, 1);
    assert_int_equal(figures.today.within_p90, 1);
    assert_int_equal(figures.today.broken, 0);
    assert_int_equal(figures.level.outcomes, 1);
    assert_true(scorer_level(scorer) < before);
    take(scorer, EVENT_TICKET_ISSUED, 20, id_b, told(5, 12)); /* told as 5 to 15 */
    take(scorer, EVENT_TICKET_CALLED, 40, id_b, nothing);
    scorer_figures(scorer, &figures);
    assert_int_equal(figures.today.count, 2);
    assert_int_equal(figures.today.broken, 1);
    assert_int_equal(figures.today.announced, 0);
    assert_true(scorer_level(scorer) > before);
    scorer_destroy(scorer);
}

static void a_delay_counts_as_announced_only_before_the_promise_breaks(void **state)
{
    (void)state;
    static const struct {
        int64_t told_anew, called;
        int broken, announced, alarms, false_alarms;
    } cases[] = {
        {10, 25, 1, 1, 1, 0}, {16, 25, 1, 0, 1, 0}, {10, 14, 0, 0, 1, 1}, {0, 14, 0, 0, 0, 0}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct scorer *scorer = scorer_create();
        struct scorer_figures figures;
        take(scorer, EVENT_DAY_OPENED, 0, "", nothing);
        take(scorer, EVENT_TICKET_ISSUED, 0, id_a, told(5, 12)); /* until 15 */
        if (cases[i].told_anew > 0) {
            take(scorer, EVENT_PROMISE_MADE, cases[i].told_anew, id_a, told(20, 30));
        }
        take(scorer, EVENT_TICKET_CALLED, cases[i].called, id_a, nothing);
        scorer_figures(scorer, &figures);
        assert_int_equal(figures.today.broken, cases[i].broken);
        assert_int_equal(figures.today.announced, cases[i].announced);
        assert_int_equal(figures.today.alarms, cases[i].alarms);
        assert_int_equal(figures.today.false_alarms, cases[i].false_alarms);
        scorer_destroy(scorer);
    }
}

static void a_first_promise_made_later_is_the_one_that_counts(void **state)
{
    (void)state;
    struct scorer *scorer = scorer_create();
    struct scorer_figures figures;
    take(scorer, EVENT_DAY_OPENED, 0, "", nothing);
    take(scorer, EVENT_TICKET_ISSUED, 0, id_a, nothing);
    take(scorer, EVENT_PROMISE_MADE, 1, id_a, told(5, 12));
    take(scorer, EVENT_TICKET_CALLED, 8, id_a, nothing);
    take(scorer, EVENT_TICKET_ISSUED, 9, id_b, told(0, 0)); /* nobody waited, nobody was told to */
    take(scorer, EVENT_TICKET_CALLED, 9, id_b, nothing);
    scorer_figures(scorer, &figures);
    assert_int_equal(figures.today.count, 1);
    assert_int_equal(figures.today.alarms, 0);
    take(scorer, EVENT_TICKET_TRANSFERRED, 20, id_a, nothing); /* a wait of its own */
    take(scorer, EVENT_PROMISE_MADE, 21, id_a, told(0, 5));
    take(scorer, EVENT_TICKET_LEFT, 40, id_a, nothing); /* never called, and yet told wrongly */
    scorer_figures(scorer, &figures);
    assert_int_equal(figures.today.count, 1);
    assert_int_equal(figures.today.broken, 1);
    scorer_destroy(scorer);
}

static void what_is_written_is_read_back_the_same(void **state)
{
    (void)state;
    struct scorer *scorer = scorer_create(), *other = scorer_create();
    struct scorer_figures figures, again;
    int64_t through_seq = 0;
    for (int day = 0; day < SCORER_DAYS + 3; day++) {
        struct event open = event_at(EVENT_DAY_OPENED, 0, "");
        (void)snprintf(open.day, sizeof(open.day), "2026-%02d-%02d", 1 + day / 28, 1 + day % 28);
        scorer_take(scorer, &open);
        assert_false(scorer_at_rest(scorer));
        for (int i = 0; i < 300; i++) { /* more than the first table holds */
            char id[QUARTER_ULID_LEN + 1];
            (void)snprintf(id, sizeof(id), "01ARZ3NDEKTSV4RRFFQ69G%04d", i);
            take(scorer, EVENT_TICKET_ISSUED, i, id, told(3, 7 + i % 20));
        }
        for (int i = 0; i < 300; i++) {
            char id[QUARTER_ULID_LEN + 1];
            (void)snprintf(id, sizeof(id), "01ARZ3NDEKTSV4RRFFQ69G%04d", i);
            take(scorer, EVENT_TICKET_CALLED, i + i % 13, id, nothing);
        }
        take(scorer, EVENT_DAY_CLOSED, 1000, "", nothing);
    }
    assert_true(scorer_at_rest(scorer));
    char *text = scorer_write(scorer, 4711);
    assert_int_equal(scorer_read(other, text, &through_seq), STATUS_OK);
    assert_int_equal(through_seq, 4711);
    scorer_figures(scorer, &figures);
    scorer_figures(other, &again);
    assert_int_equal(figures.days, SCORER_DAYS);
    assert_int_equal(figures.recent.count, 300 * SCORER_DAYS);
    assert_memory_equal(&figures, &again, sizeof(figures));
    char *twice = scorer_write(other, 4711);
    assert_string_equal(text, twice);
    for (size_t cut = 0; cut < strlen(text); cut += 97) {
        char saved = text[cut];
        text[cut] = '\0';
        if (scorer_read(other, text, &through_seq) != STATUS_OK) { /* then it knows nothing */
            scorer_figures(other, &again);
            assert_int_equal(again.days, 0);
            assert_true(again.level.level > 0);
        }
        text[cut] = saved;
    }
    assert_int_equal(scorer_read(other, "scorer 2 1 0x1p-1 0 0\n", &through_seq), STATUS_CORRUPT);
    free(text);
    free(twice);
    scorer_destroy(scorer);
    scorer_destroy(other);
}

/* --- a desk with waits ---------------------------------------------------------------------- */

struct floor {
    struct site *site;
    struct engine *engine;
    struct day_notes notes;
    struct decision decision;
    struct waits waits;
    struct ticket_wait tickets[8];
    int64_t now_ms, seq;
};

static int64_t at(const struct floor *floor, const char *local)
{
    int64_t utc_ms = 0;
    assert_int_equal(site_local_to_utc(floor->site, local, &utc_ms), STATUS_OK);
    return utc_ms;
}

static void perform(struct floor *floor, struct command command)
{
    command.now_ms = floor->now_ms;
    command.rostered = ~UINT64_C(0);
    (void)snprintf(command.actor, sizeof(command.actor), "test");
    engine_decide(floor->engine, &command, &floor->decision);
    assert_int_equal(floor->decision.refusal, REFUSAL_NONE);
    for (size_t i = 0; i < floor->decision.count; i++) {
        floor->decision.events[i].seq = ++floor->seq;
        day_notes_watch(&floor->notes, floor->engine, &floor->decision.events[i]);
        engine_evolve(floor->engine, &floor->decision.events[i]);
        day_notes_take(&floor->notes, floor->engine, &floor->decision.events[i]);
    }
}

static void issue(struct floor *floor, const char *service, struct promise promise)
{
    struct command command = {.type = COMMAND_ISSUE, .promise = promise};
    (void)snprintf(command.ticket_id, sizeof(command.ticket_id), "01ARZ3NDEKTSV4RRFFQ69G%04zu",
                   engine_ticket_count(floor->engine));
    (void)snprintf(command.service, sizeof(command.service), "%s", service);
    perform(floor, command);
}

static struct view_source source_of(const struct floor *floor)
{
    return (struct view_source){.engine = floor->engine,
                                .site = floor->site,
                                .notes = &floor->notes,
                                .waits = &floor->waits,
                                .now_ms = floor->now_ms};
}

/* The forecast says this of a ticket, knowing what it was told. */
static void forecast(struct floor *floor, int32_t ticket, struct promise wait, int later_permille,
                     int promised_min)
{
    wait.as_of_ms = floor->now_ms;
    floor->waits.tickets[floor->waits.ticket_count++] =
        (struct ticket_wait){.ticket = ticket,
                             .wait = wait,
                             .later_permille = later_permille,
                             .promised_ms = promised_min * minute_ms};
}

static int set_up(void **state)
{
    static struct floor floor;
    struct command open = {.type = COMMAND_OPEN_DAY, .day = "2026-11-24"};
    struct site_report *report = site_report_create();
    floor = (struct floor){.waits = {.tickets = floor.tickets}};
    assert_int_equal(site_load("tests/unit/sites/good", &floor.site, report), STATUS_OK);
    site_report_destroy(report);
    floor.engine = engine_create();
    engine_set_rules(floor.engine, site_rules(floor.site));
    floor.now_ms = at(&floor, "2026-11-24T10:00");
    perform(&floor, open);
    *state = &floor;
    return 0;
}

static int tear_down(void **state)
{
    struct floor *floor = *state;
    decision_free(&floor->decision);
    engine_destroy(floor->engine);
    site_destroy(floor->site);
    return 0;
}

/* Who is told what now: "TICKET:P90 in min", in order. */
static void expect_told(struct floor *floor, int most, const char *expected)
{
    char text[200] = "";
    const struct view_source source = source_of(floor);
    struct desk_job *jobs = telling_jobs(&source, most);
    while (jobs != NULL) {
        struct desk_job *next = jobs->next;
        (void)snprintf(text + strlen(text), sizeof(text) - strlen(text), "%c:%d ",
                       jobs->command.ticket_id[QUARTER_ULID_LEN - 1],
                       jobs->command.promise.p90_s / 60);
        assert_int_equal(jobs->command.type, COMMAND_PROMISE);
        desk_job_destroy(jobs);
        jobs = next;
    }
    assert_string_equal(text, expected);
}

static void whoever_was_told_nothing_gets_the_first_forecast(void **state)
{
    struct floor *floor = *state;
    issue(floor, "housing", nothing);
    issue(floor, "housing", told(5, 12));
    issue(floor, "parking", nothing);
    expect_told(floor, 9, "");
    forecast(floor, 0, told(4, 10), 0, 0);
    forecast(floor, 1, told(6, 14), 0, 15);
    forecast(floor, 2, nothing, 0, 0); /* nobody knows */
    expect_told(floor, 9, "0:10 ");
    expect_told(floor, 0, "");
}

static bool is_told_at_issue(const struct floor *floor, const char *service)
{
    struct command issue = {.type = COMMAND_ISSUE};
    (void)snprintf(issue.service, sizeof(issue.service), "%s", service);
    const struct view_source source = source_of(floor);
    return telling_at_issue(&source, &issue).known;
}

static void hear_of_all(struct floor *floor)
{
    floor->waits.journal_seq = floor->seq;
}

/* The forecast of a newcomer holds for the first who comes: the next waits for this one too, be it that both are given
 * their tickets within milliseconds. */
static void nobody_is_told_a_forecast_that_knows_not_of_those_before(void **state)
{
    struct floor *floor = *state;
    floor->waits.newcomers[0][CLASS_NORMAL] = told(0, 5);
    floor->waits.newcomers[1][CLASS_NORMAL] = told(0, 5);
    perform(floor, (struct command){.type = COMMAND_OPEN_COUNTER, .counter = "room-1"});
    assert_true(is_told_at_issue(floor, "housing"));
    assert_true(is_told_at_issue(floor, "parking"));
    issue(floor, "parking", nothing);
    assert_false(is_told_at_issue(floor, "parking"));
    assert_false(is_told_at_issue(floor, "housing")); /* counter 1 has both */
    hear_of_all(floor);
    assert_true(is_told_at_issue(floor, "housing"));
    perform(floor, (struct command){.type = COMMAND_OPEN_COUNTER, .counter = "1"});
    perform(floor, (struct command){.type = COMMAND_NEXT, .counter = "1"});
    assert_true(is_told_at_issue(floor, "housing")); /* nothing that makes it take longer */
    perform(floor, (struct command){.type = COMMAND_PAUSE_COUNTER, .counter = "room-1"});
    assert_false(is_told_at_issue(floor, "housing"));
    hear_of_all(floor);
    assert_true(is_told_at_issue(floor, "housing"));
    perform(floor, (struct command){.type = COMMAND_UNDO, .counter = "1"});
    assert_false(is_told_at_issue(floor, "parking")); /* who was called waits again */
    hear_of_all(floor);
    assert_true(is_told_at_issue(floor, "housing"));
    perform(floor,
            (struct command){
                .type = COMMAND_MOVE, .counter = "1", .service_count = 1, .services = {"parking"}});
    assert_false(is_told_at_issue(floor, "housing")); /* one counter fewer */
    hear_of_all(floor);
    assert_true(is_told_at_issue(floor, "housing"));
    assert_false(is_told_at_issue(floor, "nothing"));
    struct command booked = {.type = COMMAND_ISSUE, .service = "housing", .appointment_ms = 1};
    const struct view_source source = source_of(floor);
    assert_false(telling_at_issue(&source, &booked).known);
}

/* Needs that make no difference change nothing; one that restricts has a newcomer of its own; several have none. */
static void whoever_needs_a_certain_counter_is_told_its_wait(void **state)
{
    struct floor *floor = *state;
    const int interpreter = engine_find_need(floor->engine, "interpreter");
    const int bsl = engine_find_need(floor->engine, "bsl");
    assert_true(interpreter >= 0 && bsl >= 0);
    struct needy_wait needy[] = {{0, 1U << bsl, told(12, 30)}, {1, 1U << bsl, nothing}};
    floor->waits.newcomers[0][CLASS_NORMAL] = floor->waits.newcomers[1][CLASS_NORMAL] = told(0, 5);
    floor->waits.needy = needy;
    floor->waits.needy_count = 2;
    floor->waits.restricting[0] = floor->waits.restricting[1] = 1U << bsl;
    const struct view_source source = source_of(floor);
    struct command issue = {.type = COMMAND_ISSUE, .service = "housing", .need_count = 1};
    (void)snprintf(issue.needs[0], sizeof(issue.needs[0]), "interpreter");
    assert_int_equal(telling_at_issue(&source, &issue).p90_s, 5 * 60);
    (void)snprintf(issue.needs[1], sizeof(issue.needs[1]), "bsl");
    issue.need_count = 2;
    assert_int_equal(telling_at_issue(&source, &issue).p90_s, 30 * 60);
    issue.ticket_class = CLASS_URGENT;
    assert_false(telling_at_issue(&source, &issue).known);
    issue.ticket_class = CLASS_NORMAL;
    (void)snprintf(issue.service, sizeof(issue.service), "parking");
    assert_false(telling_at_issue(&source, &issue).known); /* nobody meets it */
    (void)snprintf(issue.service, sizeof(issue.service), "housing");
    floor->waits.restricting[0] |= 1U << interpreter;
    assert_false(telling_at_issue(&source, &issue).known);
}

static void a_delay_is_told_once_and_before_the_promise_breaks(void **state)
{
    struct floor *floor = *state;
    issue(floor, "housing", told(5, 12));
    issue(floor, "housing", told(5, 12));
    issue(floor, "housing", told(5, 12));
    floor->now_ms += 8 * minute_ms;
    forecast(floor, 0, told(10, 30), PROMISE_ALARM_PERMILLE - 100, 15); /* not sure enough */
    forecast(floor, 1, told(20, 35), PROMISE_ALARM_PERMILLE + 100, 15);
    forecast(floor, 2, told(20, 35), PROMISE_ALARM_PERMILLE + 100, 10); /* of another promise */
    expect_told(floor, 9, "1:35 ");
    struct command command = {.type = COMMAND_PROMISE, .promise = told(20, 35)};
    memcpy(command.ticket_id, engine_ticket(floor->engine, 1)->id, sizeof(command.ticket_id));
    perform(floor, command);
    expect_told(floor, 9, ""); /* the same forecast again */
}

static json_t *board(const struct floor *floor)
{
    struct json_out out = {0};
    const struct view_source source = source_of(floor);
    json_out_open(&out, '{');
    board_view_write(&out, &source);
    json_out_close(&out, '}');
    json_t *view = json_loads(out.data, 0, NULL);
    assert_non_null(view);
    json_out_free(&out);
    return view;
}

static json_t *service_of(json_t *view, size_t index)
{
    return json_array_get(json_object_get(view, "services"), index);
}

static long long number(const json_t *object, const char *field)
{
    return json_integer_value(json_object_get(object, field));
}

static void a_board_announces_a_delay_for_some_minutes(void **state)
{
    struct floor *floor = *state;
    issue(floor, "housing", nothing);
    issue(floor, "parking", told(5, 12));
    floor->waits.newcomers[0][CLASS_NORMAL] = told(7, 21);
    floor->waits.newcomers[0][CLASS_URGENT] = told(1, 2);
    json_t *view = board(floor);
    const json_t *wait = json_object_get(service_of(view, 0), "wait");
    assert_int_equal(number(wait, "low_min"), 5);
    assert_int_equal(number(wait, "high_min"), 25);
    assert_int_equal(number(wait, "p90_s"), 21 * 60);
    assert_true(json_number_value(json_object_get(wait, "within_share")) > .79);
    assert_true(json_is_null(json_object_get(service_of(view, 1), "wait")));
    assert_true(json_is_null(json_object_get(service_of(view, 1), "delayed")));
    json_decref(view);

    struct command command = {.type = COMMAND_PROMISE, .promise = told(3, 9)};
    memcpy(command.ticket_id, engine_ticket(floor->engine, 0)->id, sizeof(command.ticket_id));
    perform(floor, command); /* told for the first time: no delay */
    command.promise = told(20, 33);
    memcpy(command.ticket_id, engine_ticket(floor->engine, 1)->id, sizeof(command.ticket_id));
    perform(floor, command);
    view = board(floor);
    assert_true(json_is_null(json_object_get(service_of(view, 0), "delayed")));
    const json_t *delayed = json_object_get(service_of(view, 1), "delayed");
    assert_int_equal(number(delayed, "low_min"), 20);
    assert_int_equal(number(delayed, "high_min"), 35);
    json_decref(view);
    floor->now_ms += day_notes_delay_ms;
    view = board(floor);
    assert_true(json_is_null(json_object_get(service_of(view, 1), "delayed")));
    json_decref(view);
}

/* Its range grows with the hold, and it is told so: but nobody else waits any longer. */
static void who_lets_others_go_first_delays_nobody(void **state)
{
    struct floor *floor = *state;
    issue(floor, "parking", told(5, 12));
    struct command command = {.type = COMMAND_HOLD, .minutes = 15};
    memcpy(command.ticket_id, engine_ticket(floor->engine, 0)->id, sizeof(command.ticket_id));
    perform(floor, command);
    forecast(floor, 0, told(20, 33), PROMISE_ALARM_PERMILLE + 100, 15);
    expect_told(floor, 9, "0:33 ");
    command.type = COMMAND_PROMISE;
    command.promise = told(20, 33);
    perform(floor, command);
    assert_null(day_notes_delay(&floor->notes, 1, floor->now_ms));
}

/* Others are told anew all the time: the notice goes on, but says no more what was told long ago. */
static void a_delay_that_goes_on_is_of_those_told_lately(void **state)
{
    struct floor *floor = *state;
    static const int high_min[] = {120, 35, 40, 35, 30};
    const int64_t since_ms = floor->now_ms;
    for (size_t i = 0; i < 5; i++) {
        struct command command = {.type = COMMAND_PROMISE, .promise = told(20, high_min[i])};
        floor->now_ms = since_ms + (int64_t)i * 4 * minute_ms;
        issue(floor, "parking", told(5, 12));
        memcpy(command.ticket_id, engine_ticket(floor->engine, i)->id, sizeof(command.ticket_id));
        perform(floor, command);
        const struct delay_notice *delay = day_notes_delay(&floor->notes, 1, floor->now_ms);
        assert_non_null(delay);
        assert_int_equal(delay->since_ms, since_ms);
        assert_int_equal(delay->low_min, 20);
        assert_int_equal(delay->high_min, i < 4 ? 120 : 40);
    }
}

static json_t *receipt(const struct floor *floor, size_t ticket)
{
    struct json_out out = {0};
    const struct view_source source = source_of(floor);
    ticket_json_receipt(&out, &source, engine_ticket(floor->engine, ticket));
    json_t *read = json_loads(out.data, 0, NULL);
    assert_non_null(read);
    json_out_free(&out);
    return read;
}

static void a_receipt_tells_the_newest_forecast_and_the_promise(void **state)
{
    struct floor *floor = *state;
    issue(floor, "housing", told(5, 12));
    json_t *ticket = receipt(floor, 0);
    assert_int_equal(number(json_object_get(ticket, "wait"), "high_min"), 15);
    assert_true(json_is_false(json_object_get(ticket, "late")));
    json_decref(ticket);
    forecast(floor, 0, told(8, 18), 100, 15);
    ticket = receipt(floor, 0);
    assert_int_equal(number(json_object_get(ticket, "wait"), "high_min"), 20);
    assert_int_equal(number(json_object_get(ticket, "promise"), "high_min"), 15);
    json_decref(ticket);
    floor->now_ms += 15 * minute_ms + 1000;
    ticket = receipt(floor, 0);
    assert_true(json_is_true(json_object_get(ticket, "late")));
    json_decref(ticket);
    issue(floor, "housing", nothing); /* told nothing: late from the standard on, 15 min here */
    floor->now_ms += 14 * minute_ms;
    ticket = receipt(floor, 1);
    assert_true(json_is_null(json_object_get(ticket, "wait")));
    assert_true(json_is_false(json_object_get(ticket, "late")));
    json_decref(ticket);
    floor->now_ms += 2 * minute_ms;
    ticket = receipt(floor, 1);
    assert_true(json_is_true(json_object_get(ticket, "late")));
    json_decref(ticket);
}

static void a_forecast_from_before_a_transfer_is_of_another_wait(void **state)
{
    struct floor *floor = *state;
    static const enum command_type steps[] = {COMMAND_OPEN_COUNTER, COMMAND_NEXT, COMMAND_START,
                                              COMMAND_TRANSFER};
    issue(floor, "housing", told(5, 12));
    forecast(floor, 0, told(8, 18), 100, 15);
    floor->now_ms += minute_ms;
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        perform(floor, (struct command){.type = steps[i], .counter = "1", .service = "parking"});
    }
    json_t *ticket = receipt(floor, 0);
    assert_string_equal(json_string_value(json_object_get(ticket, "class")), "transfer");
    assert_true(json_is_null(json_object_get(ticket, "wait")));
    assert_true(json_is_null(json_object_get(ticket, "promise")));
    json_decref(ticket);
    floor->waits.ticket_count = 0;
    floor->now_ms += minute_ms;
    forecast(floor, 0, told(3, 9), 0, 0);
    ticket = receipt(floor, 0);
    assert_int_equal(number(json_object_get(ticket, "wait"), "high_min"), 10);
    json_decref(ticket);
}

/* --- the rota ------------------------------------------------------------------------------- */

static void the_rota_says_who_still_serves_today(void **state)
{
    const struct floor *floor = *state;
    struct rota rota = {.day = ""};
    rota_set_day(&rota, floor->site, "2026-11-24");
    assert_int_equal(rota.weekday, 1);
    assert_int_equal(rota.midnight_ms, at(floor, "2026-11-24T00:00"));
    assert_int_equal(rota.counter_count, 2);
    assert_int_equal(rota_still_to_serve(&rota, at(floor, "2026-11-24T08:00")), 3);
    assert_int_equal(rota_still_to_serve(&rota, at(floor, "2026-11-24T16:59")), 3);
    assert_true(rota_still_to_serve(&rota, at(floor, "2026-11-24T17:00")) == ~UINT64_C(0));
    rota_set_day(&rota, floor->site, "2026-11-28"); /* a Saturday: closed */
    assert_int_equal(rota.weekday, 5);
    assert_true(rota_still_to_serve(&rota, at(floor, "2026-11-28T11:00")) == ~UINT64_C(0));
    rota_set_day(&rota, floor->site, "2028-02-29");
    assert_int_equal(rota.weekday, 1);
}

/* --- JSON ----------------------------------------------------------------------------------- */

static void numbers_are_written_with_three_decimals_at_most(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {{0, "0"},           {1, "1"},
                 {.5, "0.5"},        {-.25, "-0.25"},
                 {.0004, "0"},       {.0005, "0.001"},
                 {-.0001, "0"},      {12.3456, "12.346"},
                 {-7.001, "-7.001"}, {1e14, "100000000000000"},
                 {1e16, "null"},     {0.0 / 1.0, "0"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct json_out out = {0};
        json_out_number(&out, cases[i].value);
        assert_string_equal(out.data, cases[i].text);
        json_out_free(&out);
    }
    struct json_out out = {0};
    json_out_open(&out, '[');
    json_out_permille(&out, 873);
    json_out_permille(&out, 1000);
    json_out_close(&out, ']');
    assert_string_equal(out.data, "[0.873,1]");
    json_out_free(&out);
}

static void what_is_not_known_yet_is_null_in_the_score(void **state)
{
    (void)state;
    struct json_out out = {0};
    score_json_write(&out, NULL);
    assert_string_equal(out.data, "{\"day\":null,\"level\":null,\"outcomes\":0,\"today\":null,"
                                  "\"recent\":null,\"learned_events\":0,\"events\":0}");
    json_out_reset(&out);
    struct waits waits = {.figures = {.level = {.level = .9}, .day = "2026-11-24"}};
    promise_score_alarm(&waits.figures.today, true, false, false); /* broken, and never called */
    score_json_write(&out, &waits);
    json_t *score = json_loads(out.data, 0, NULL);
    const json_t *today = json_object_get(score, "today");
    assert_int_equal(number(today, "broken"), 1);
    assert_true(json_is_null(json_object_get(today, "coverage_90")));
    assert_true(json_is_null(json_object_get(today, "false_alarm_share")));
    assert_true(json_is_null(json_object_get(score, "recent")));
    json_decref(score);
    json_out_free(&out);
}

static void metrics_leave_out_what_is_not_known(void **state)
{
    (void)state;
    struct metrics *metrics = metrics_create();
    char *text = metrics_text(metrics, 0, 5000);
    assert_non_null(strstr(text, "\nquarter_forecasts_total 0\n"));
    assert_null(strstr(text, "quarter_forecast_age_seconds"));
    free(text);
    struct scorer_figures figures = {.level = {.level = .875}};
    metrics_count_forecast(metrics, 2000000, 3500);
    metrics_set_score(metrics, &figures);
    text = metrics_text(metrics, 0, 5000);
    assert_non_null(strstr(text, "\nquarter_forecast_age_seconds 1.500\n"));
    assert_non_null(strstr(text, "\nquarter_forecast_seconds_total 0.002000\n"));
    assert_non_null(strstr(text, "\nquarter_forecast_level 0.875\n"));
    assert_non_null(strstr(text, "\nquarter_forecast_promises 0\n"));
    assert_null(strstr(text, "quarter_forecast_coverage"));
    free(text);
    const struct wait_range range = {.p20_s = 60, .p50_s = 300, .p90_s = 600};
    promise_score_add(&figures.recent, &range, 420);
    promise_score_add(&figures.recent, &range, 800);
    metrics_set_score(metrics, &figures);
    text = metrics_text(metrics, 0, 5000);
    assert_non_null(strstr(text, "\nquarter_forecast_coverage{quantile=\"0.5\"} 0\n"));
    assert_non_null(strstr(text, "\nquarter_forecast_coverage{quantile=\"0.9\"} 0.5\n"));
    assert_non_null(strstr(text, "\nquarter_forecast_promises 2\n"));
    free(text);
    metrics_destroy(metrics);
}

static void advice_names_counters_and_services_by_their_codes(void **state)
{
    (void)state;
    struct scene *scene = scene_create();
    struct json_out out = {0};
    scene->names.counter_count = 2;
    scene->names.service_count = 2;
    (void)snprintf(scene->names.counters[1], sizeof(scene->names.counters[1]), "room-1");
    (void)snprintf(scene->names.services[0], sizeof(scene->names.services[0]), "housing");
    scene->snapshot.counters[1].services = 1;
    struct advice advice = {.as_of_ms = 1000, .runs = 50, .nothing = {.known = true}};
    advice.move_count = 2;
    advice.moves[0] = (struct move_effect){
        .move = {.type = MOVE_OPEN, .counter = 1}, .outlook.known = true, .gain_share = .0312};
    advice.moves[1] = (struct move_effect){
        .move = {.type = MOVE_SHIFT_BREAK, .counter = 1, .by_ms = -30 * minute_ms}};
    advice_json_write(&out, &advice, scene);
    json_t *read = json_loads(out.data, 0, NULL);
    const json_t *open = json_array_get(json_object_get(read, "moves"), 0);
    assert_string_equal(json_string_value(json_object_get(open, "move")), "open");
    assert_string_equal(json_string_value(json_object_get(open, "counter")), "room-1");
    assert_string_equal(json_string_value(json_array_get(json_object_get(open, "services"), 0)),
                        "housing");
    assert_true(json_is_null(json_object_get(open, "minutes")));
    const json_t *shift = json_array_get(json_object_get(read, "moves"), 1);
    assert_int_equal(number(shift, "minutes"), -30);
    assert_true(json_is_null(json_object_get(shift, "services")));
    assert_true(json_is_null(json_object_get(shift, "p95_s"))); /* nobody is to come: not 0 */
    assert_true(json_is_null(json_object_get(shift, "gain_share")));
    json_decref(read);
    json_out_free(&out);
    scene_destroy(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_promise_is_held_against_the_first_call),
        cmocka_unit_test(a_delay_counts_as_announced_only_before_the_promise_breaks),
        cmocka_unit_test(a_first_promise_made_later_is_the_one_that_counts),
        cmocka_unit_test(what_is_written_is_read_back_the_same),
        cmocka_unit_test_setup_teardown(whoever_was_told_nothing_gets_the_first_forecast, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(nobody_is_told_a_forecast_that_knows_not_of_those_before,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(whoever_needs_a_certain_counter_is_told_its_wait, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_delay_is_told_once_and_before_the_promise_breaks, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_board_announces_a_delay_for_some_minutes, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(who_lets_others_go_first_delays_nobody, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_delay_that_goes_on_is_of_those_told_lately, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_receipt_tells_the_newest_forecast_and_the_promise, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_forecast_from_before_a_transfer_is_of_another_wait,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_rota_says_who_still_serves_today, set_up, tear_down),
        cmocka_unit_test(numbers_are_written_with_three_decimals_at_most),
        cmocka_unit_test(what_is_not_known_yet_is_null_in_the_score),
        cmocka_unit_test(metrics_leave_out_what_is_not_known),
        cmocka_unit_test(advice_names_counters_and_services_by_their_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
