/* Counters that are ready, paused, or send their visitor on; and what visitors are told. */
#include "test_engine_rig.h"

#include <stdio.h>
#include <string.h>

static struct command visit(struct rig *rig, const char *service)
{
    struct command command = rig_command(rig, COMMAND_ISSUE);
    rig_id(command.ticket_id, ++rig->next_id);
    snprintf(command.service, sizeof(command.service), "%s", service);
    return command;
}

static const struct counter *counter_of(const struct rig *rig, const char *code)
{
    return engine_counter(rig->engine, engine_find_counter(rig->engine, code));
}

/* Opens it, and its staff ask for the next when nobody is there for them. */
static void make_ready(struct rig *rig, const char *counter)
{
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, counter), REFUSAL_NONE);
    assert_null(rig_next(rig, counter));
    assert_int_equal(counter_of(rig, counter)->ready_since_ms, rig->now_ms);
}

static enum refusal transfer(struct rig *rig, const char *counter, const char *service)
{
    struct command command = rig_command(rig, COMMAND_TRANSFER);
    snprintf(command.counter, sizeof(command.counter), "%s", counter);
    snprintf(command.service, sizeof(command.service), "%s", service);
    return rig_do(rig, &command);
}

/* Somebody comes for it and is being served at the counter. */
static const struct ticket *serve(struct rig *rig, const char *counter, const char *service)
{
    const struct ticket *ticket = rig_issue(rig, service);
    if (counter_of(rig, counter)->state != COUNTER_OPEN) {
        assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, counter), REFUSAL_NONE);
    }
    assert_non_null(rig_next(rig, counter));
    assert_int_equal(rig_at(rig, COMMAND_START, counter), REFUSAL_NONE);
    return ticket;
}

/* ready */

static void who_comes_takes_a_ready_counter_at_once(void **state)
{
    struct rig *rig = *state;
    make_ready(rig, "2");
    rig->now_ms += 90000;
    const struct ticket *ticket = rig_issue(rig, "tax");
    assert_int_equal(rig_event_count(rig), 2);
    assert_int_equal(rig_event(rig, 0)->type, EVENT_TICKET_ISSUED);
    assert_int_equal(rig_event(rig, 1)->type, EVENT_TICKET_CALLED);
    assert_int_equal(ticket->state, TICKET_CALLED);
    assert_int_equal(ticket->call.reason, CALL_FREE_COUNTER);
    assert_int_equal(ticket->call.waited_s, 0);
    assert_int_equal(ticket->call.waiting, 1);
    assert_int_equal(counter_of(rig, "2")->ready_since_ms, 0);
    rig_issue(rig, "tax"); /* once */
    assert_int_equal(rig_event_count(rig), 1);
    assert_true(rig_replay_digest(rig, &rig->rules) == engine_digest(rig->engine));
}

static void a_ready_counter_takes_nobody_it_cannot_serve(void **state)
{
    struct rig *rig = *state;
    make_ready(rig, "2");
    assert_int_equal(rig_issue(rig, "housing")->state, TICKET_WAITING);
    assert_int_equal(counter_of(rig, "2")->ready_since_ms, rig->now_ms);
}

/* "1": housing, repairs, en. "2": tax, parking, en and pl. "3": all four, en. "room": housing, pl. */
static void the_language_then_the_specialist_then_the_longest_idle(void **state)
{
    struct rig *rig = *state;
    rig->rules.counters[1].services = 0x3; /* "2" does what "1" does, and Polish */
    engine_set_rules(rig->engine, &rig->rules);
    static const char *const counters[] = {"3", "1", "2", "room"};
    for (int i = 0; i < 4; i++) {
        make_ready(rig, counters[i]);
        rig->now_ms += 1000;
    }
    struct command command = visit(rig, "repairs");
    snprintf(command.language, sizeof(command.language), "%s", "pl");
    assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
    assert_string_equal(rig_event(rig, 1)->counter, "2");
    assert_int_equal(rig_event(rig, 1)->body.called.reason, CALL_FREE_COUNTER_LANGUAGE);
    rig_issue(rig,
              "repairs"); /* no language given: the specialist, though "3" is ready for longer */
    assert_string_equal(rig_event(rig, 1)->counter, "1");
    assert_int_equal(rig_event(rig, 1)->body.called.reason, CALL_FREE_COUNTER);
    command = visit(rig, "housing");
    snprintf(command.language, sizeof(command.language), "%s", "en");
    assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
    assert_string_equal(rig_event(rig, 1)->counter, "3"); /* the room lacks English */
    assert_int_equal(rig_event(rig, 1)->body.called.reason, CALL_FREE_COUNTER_LANGUAGE);
    command = visit(rig, "housing");
    snprintf(command.language, sizeof(command.language), "%s", "pl");
    assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
    assert_string_equal(rig_event(rig, 1)->counter, "room");
    assert_int_equal(rig_event(rig, 1)->body.called.reason, CALL_FREE_COUNTER); /* the only one */
}

static void of_equals_the_longest_ready_takes_who_comes(void **state)
{
    struct rig *rig = *state;
    rig->rules.counters[1].services = 0x3;
    engine_set_rules(rig->engine, &rig->rules);
    make_ready(rig, "2");
    rig->now_ms += 1000;
    make_ready(rig, "1");
    rig_issue(rig, "housing");
    assert_string_equal(rig_event(rig, 1)->counter, "2");
}

static void who_was_taken_in_without_the_server_is_called_now(void **state)
{
    struct rig *rig = *state;
    make_ready(rig, "2");
    rig->now_ms += 300000;
    struct command command = visit(rig, "tax");
    command.occurred_at_ms = rig->now_ms - 120000;
    assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
    assert_int_equal(rig_event(rig, 0)->occurred_at_ms, rig->now_ms - 120000);
    assert_int_equal(rig_event(rig, 1)->occurred_at_ms, rig->now_ms);
    assert_int_equal(rig_event(rig, 1)->body.called.waited_s, 120);
}

static void a_counter_is_ready_until_it_pauses_closes_or_the_day_ends(void **state)
{
    struct rig *rig = *state;
    make_ready(rig, "1");
    make_ready(rig, "2");
    make_ready(rig, "3");
    assert_int_equal(rig_at(rig, COMMAND_PAUSE_COUNTER, "1"), REFUSAL_NONE);
    assert_int_equal(rig_at(rig, COMMAND_CLOSE_COUNTER, "2"), REFUSAL_NONE);
    struct command command = rig_command(rig, COMMAND_CLOSE_DAY);
    assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
    assert_int_equal(rig_event_count(rig), 3); /* "1", which was paused, "3", the day */
    for (int i = 0; i < 3; i++) {
        assert_int_equal(engine_counter(rig->engine, i)->ready_since_ms, 0);
        assert_int_equal(engine_counter(rig->engine, i)->state, COUNTER_CLOSED);
    }
}

static void a_paused_counter_waits_to_be_opened_and_asked(void **state)
{
    struct rig *rig = *state;
    make_ready(rig, "2");
    assert_int_equal(rig_at(rig, COMMAND_PAUSE_COUNTER, "2"), REFUSAL_NONE);
    assert_int_equal(counter_of(rig, "2")->state, COUNTER_PAUSED);
    rig_issue(rig, "tax");
    assert_int_equal(rig_event_count(rig), 1);
    assert_int_equal(rig_at(rig, COMMAND_NEXT, "2"), REFUSAL_COUNTER_NOT_OPEN);
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "2"), REFUSAL_NONE);
    assert_int_equal(rig_event(rig, 0)->type, EVENT_COUNTER_OPENED);
    assert_int_equal(rig_event_count(rig), 1); /* its staff say when */
    assert_non_null(rig_next(rig, "2"));
    assert_true(rig_replay_digest(rig, &rig->rules) == engine_digest(rig->engine));
}

static void ready_twice_stops_the_program(void **state)
{
    struct rig *rig = *state;
    make_ready(rig, "2");
    struct event ready = *rig_event(rig, 0);
    rig_assert_aborts(rig, &ready);
}

/* transfers */

static void a_transfer_waits_anew_under_its_old_number(void **state)
{
    struct rig *rig = *state;
    const int64_t arrived_ms = rig->now_ms;
    const struct ticket *ticket = serve(rig, "1", "housing");
    rig->now_ms += 600000;
    assert_int_equal(transfer(rig, "1", "tax"), REFUSAL_NONE);
    assert_int_equal(rig_event(rig, 0)->type, EVENT_TICKET_TRANSFERRED);
    assert_string_equal(rig_event(rig, 0)->counter, "1");
    assert_int_equal(ticket->state, TICKET_WAITING);
    assert_int_equal(ticket->ticket_class, CLASS_TRANSFER);
    assert_string_equal(engine_service_code(rig->engine, ticket->service), "tax");
    assert_string_equal(ticket->number, "H01");
    assert_int_equal(ticket->arrived_at_ms, arrived_ms);
    assert_int_equal(ticket->leg_from_ms, rig->now_ms);
    assert_int_equal(ticket->called_at_ms, 0);
    assert_int_equal(ticket->counter, -1);
    assert_int_equal(counter_of(rig, "1")->ticket, -1);
    rig->now_ms += 60000;
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "2"), REFUSAL_NONE);
    assert_ptr_equal(rig_next(rig, "2"), ticket);
    assert_int_equal(ticket->call.waited_s, 60);
    assert_true(rig_replay_digest(rig, &rig->rules) == engine_digest(rig->engine));
}

static void a_transfer_takes_a_ready_counter_but_not_the_one_it_left(void **state)
{
    struct rig *rig = *state;
    const struct ticket *ticket = serve(rig, "3", "housing");
    assert_int_equal(transfer(rig, "3", "repairs"), REFUSAL_NONE); /* which "3" offers too */
    assert_int_equal(rig_event_count(rig), 1);
    assert_non_null(rig_next(rig, "3")); /* ... once its staff ask */
    assert_int_equal(rig_at(rig, COMMAND_START, "3"), REFUSAL_NONE);
    make_ready(rig, "2");
    assert_int_equal(transfer(rig, "3", "parking"), REFUSAL_NONE);
    assert_int_equal(rig_event_count(rig), 2);
    assert_string_equal(rig_event(rig, 1)->counter, "2");
    assert_int_equal(ticket->call.reason, CALL_TRANSFERRED);
}

static void a_transfer_to_nowhere_is_refused_and_to_nobody_is_told(void **state)
{
    struct rig *rig = *state;
    const struct ticket *ticket = serve(rig, "1", "housing");
    assert_int_equal(transfer(rig, "1", "housing"), REFUSAL_SAME_SERVICE);
    assert_int_equal(transfer(rig, "1", "taxi"), REFUSAL_UNKNOWN_SERVICE);
    assert_int_equal(transfer(rig, "2", "tax"), REFUSAL_COUNTER_NOT_OPEN);
    assert_int_equal(transfer(rig, "1", "orphan"), REFUSAL_NONE);
    assert_true(rig_event(rig, 0)->body.transferred.nobody_serves);
    assert_true(ticket->nobody_serves);
}

/* what is told */

static void the_rota_tells_whether_anybody_serves(void **state)
{
    struct rig *rig = *state;
    rig->rules.needs[0].hard = true;
    rig->rules.counters[3].needs = 1; /* "room": housing, interpreter */
    engine_set_rules(rig->engine, &rig->rules);
    static const struct {
        const char *service, *need;
        uint64_t rostered;
        bool nobody_serves;
    } cases[] = {
        {"housing", "", 0x1, false},
        {"housing", "", 0x2, true},
        {"tax", "", 0x6, false},
        {"tax", "", 0x9, true},
        {"housing", "interpreter", 0x8, false},
        {"housing", "interpreter", 0x7, true},
        {"housing", "step_free", 0x1, false}, /* a wish */
        {"orphan", "", ~UINT64_C(0), true},
        {"tax", "interpreter", ~UINT64_C(0), true},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct command command = visit(rig, cases[i].service);
        command.rostered = cases[i].rostered;
        command.need_count = cases[i].need[0] != '\0';
        snprintf(command.needs[0], sizeof(command.needs[0]), "%s", cases[i].need);
        assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
        assert_int_equal(rig_event(rig, 0)->body.issued.nobody_serves, cases[i].nobody_serves);
        assert_int_equal(engine_find_ticket(rig->engine, command.ticket_id)->nobody_serves,
                         cases[i].nobody_serves);
    }
}

static void what_was_told_is_journalled_at_once_and_later(void **state)
{
    struct rig *rig = *state;
    struct command command = visit(rig, "tax");
    command.promise = (struct promise){.known = true,
                                       .p20_s = 60,
                                       .p50_s = 300,
                                       .p90_s = 900,
                                       .within_permille = 900,
                                       .as_of_ms = rig->now_ms};
    assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
    const struct ticket *ticket = engine_find_ticket(rig->engine, command.ticket_id);
    assert_int_equal(ticket->promise.p90_s, 900);
    struct command revised = rig_command(rig, COMMAND_PROMISE);
    memcpy(revised.ticket_id, command.ticket_id, sizeof(revised.ticket_id));
    revised.promise = command.promise;
    revised.promise.p90_s = 1500;
    assert_int_equal(rig_do(rig, &revised), REFUSAL_NONE);
    assert_int_equal(rig_event(rig, 0)->type, EVENT_PROMISE_MADE);
    assert_int_equal(ticket->promise.p90_s, 1500);
    assert_true(rig_replay_digest(rig, &rig->rules) == engine_digest(rig->engine));
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "2"), REFUSAL_NONE);
    rig_next(rig, "2");
    assert_int_equal(rig_do(rig, &revised), REFUSAL_STATE_CONFLICT);
    rig_id(revised.ticket_id, 77);
    assert_int_equal(rig_do(rig, &revised), REFUSAL_UNKNOWN_TICKET);
    assert_int_equal(rig_at(rig, COMMAND_START, "2"), REFUSAL_NONE);
    assert_int_equal(transfer(rig, "2", "housing"), REFUSAL_NONE);
    assert_false(ticket->promise.known); /* it was of another wait */
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_setup_open, rig_teardown)
    const struct CMUnitTest tests[] = {
        TEST(who_comes_takes_a_ready_counter_at_once),
        TEST(a_ready_counter_takes_nobody_it_cannot_serve),
        TEST(the_language_then_the_specialist_then_the_longest_idle),
        TEST(of_equals_the_longest_ready_takes_who_comes),
        TEST(who_was_taken_in_without_the_server_is_called_now),
        TEST(a_counter_is_ready_until_it_pauses_closes_or_the_day_ends),
        TEST(a_paused_counter_waits_to_be_opened_and_asked),
        TEST(ready_twice_stops_the_program),
        TEST(a_transfer_waits_anew_under_its_old_number),
        TEST(a_transfer_takes_a_ready_counter_but_not_the_one_it_left),
        TEST(a_transfer_to_nowhere_is_refused_and_to_nobody_is_told),
        TEST(the_rota_tells_whether_anybody_serves),
        TEST(what_was_told_is_journalled_at_once_and_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
