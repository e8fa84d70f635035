/* Needs, bookings, and why somebody is called: who may go where, from when, and what staff can say of it. */
#include "test_engine_rig.h"

#include <stdio.h>
#include <string.h>

#include "test_kit.h"

enum { MINUTE = 60000 };

enum {
    INTERPRETER,
    STEP_FREE
}; /* hard, met in "room" alone; a wish for five minutes, met at "1" and in "room" */

static int setup(void **state)
{
    rig_setup(state);
    struct rig *rig = *state;
    rig->now_ms = INT64_C(36000000);
    rig->rules.policy.rule = POLICY_RESCUE;
    rig->rules.needs[INTERPRETER].hard = true;
    rig->rules.needs[STEP_FREE].relax_after_ms = INT64_C(5) * MINUTE;
    rig->rules.counters[0].needs = 1u << STEP_FREE;
    rig->rules.counters[3].needs = 1u << INTERPRETER | 1u << STEP_FREE;
    engine_set_rules(rig->engine, &rig->rules);
    struct command command = rig_command(rig, COMMAND_OPEN_DAY);
    return rig_do(rig, &command) == REFUSAL_NONE ? 0 : -1;
}

static struct command visit(struct rig *rig, const char *service)
{
    struct command command = rig_command(rig, COMMAND_ISSUE);
    rig_id(command.ticket_id, ++rig->next_id);
    snprintf(command.service, sizeof(command.service), "%s", service);
    return command;
}

static const struct ticket *issue(struct rig *rig, const struct command *command)
{
    assert_int_equal(rig_do(rig, command), REFUSAL_NONE);
    return engine_find_ticket(rig->engine, command->ticket_id);
}

static const struct ticket *issue_with_need(struct rig *rig, const char *service, const char *need)
{
    struct command command = visit(rig, service);
    command.need_count = 1;
    snprintf(command.needs[0], sizeof(command.needs[0]), "%s", need);
    return issue(rig, &command);
}

static const struct ticket *issue_class(struct rig *rig, const char *service,
                                        enum ticket_class ticket_class)
{
    struct command command = visit(rig, service);
    command.ticket_class = ticket_class;
    return issue(rig, &command);
}

static void open_counter(struct rig *rig, const char *counter)
{
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, counter), REFUSAL_NONE);
}

/* Opens it, and its staff ask for the next when nobody is there for them. */
static void make_ready(struct rig *rig, const char *counter)
{
    open_counter(rig, counter);
    assert_null(rig_next(rig, counter));
    assert_int_equal(rig_event(rig, 0)->type, EVENT_COUNTER_READY);
}

static enum refusal dispatch(struct rig *rig)
{
    struct command command = rig_command(rig, COMMAND_DISPATCH);
    return rig_do(rig, &command);
}

static const struct event *last_event(const struct rig *rig)
{
    assert_true(rig_event_count(rig) > 0);
    return rig_event(rig, rig_event_count(rig) - 1);
}

static void assert_called(const struct rig *rig, const char *number, const char *counter,
                          enum call_reason reason)
{
    const struct event *event = last_event(rig);
    assert_int_equal(event->type, EVENT_TICKET_CALLED);
    const struct ticket *ticket = engine_find_ticket(rig->engine, event->ticket);
    assert_string_equal(ticket->number, number);
    assert_string_equal(event->counter, counter);
    assert_string_equal(call_reason_code(event->body.called.reason), call_reason_code(reason));
}

/* needs */

static void a_hard_need_wants_a_counter_that_meets_it(void **state)
{
    struct rig *rig = *state;
    const struct ticket *ticket = issue_with_need(rig, "housing", "interpreter");
    assert_false(ticket->nobody_serves);
    make_ready(rig, "3");
    rig->now_ms += INT64_C(60) * MINUTE; /* however long it takes */
    assert_false(engine_dispatch_is_due(rig->engine, rig->now_ms));
    open_counter(rig, "room");
    assert_non_null(rig_next(rig, "room"));
    assert_called(rig, "H01", "room", CALL_ONLY_ONE_WAITING);
}

static void a_wish_is_waived_after_its_time(void **state)
{
    struct rig *rig = *state;
    issue_with_need(rig, "housing", "step_free");
    make_ready(rig, "3");
    const int64_t relaxed_ms = rig->now_ms + INT64_C(5) * MINUTE;
    rig->now_ms = relaxed_ms - 1;
    assert_false(engine_dispatch_is_due(rig->engine, rig->now_ms));
    assert_int_equal(dispatch(rig), REFUSAL_NONE);
    assert_int_equal(rig_event_count(rig), 0);
    rig->now_ms = relaxed_ms;
    assert_true(engine_dispatch_is_due(rig->engine, rig->now_ms));
    assert_int_equal(dispatch(rig), REFUSAL_NONE);
    assert_called(rig, "H01", "3", CALL_ONLY_ONE_WAITING);
    assert_int_equal(last_event(rig)->body.called.waited_s, 300);
    assert_false(engine_dispatch_is_due(rig->engine, rig->now_ms));
}

static void a_wish_is_granted_while_it_can_be(void **state)
{
    struct rig *rig = *state;
    make_ready(rig, "3");
    assert_int_equal(issue_with_need(rig, "housing", "step_free")->state, TICKET_WAITING);
    make_ready(rig, "2");
    open_counter(rig, "1");
    rig_next(rig, "1");
    assert_called(rig, "H01", "1", CALL_ONLY_ONE_WAITING);
    assert_int_equal(rig_at(rig, COMMAND_START, "1"), REFUSAL_NONE);
    assert_int_equal(rig_at(rig, COMMAND_FINISH, "1"), REFUSAL_NONE);
    assert_null(rig_next(rig, "1"));
    issue_with_need(rig, "housing", "step_free"); /* "3" has been ready for longer */
    assert_called(rig, "H02", "1", CALL_FREE_COUNTER);
}

static void a_wish_nobody_could_grant_restricts_nobody(void **state)
{
    struct rig *rig = *state;
    const struct ticket *ticket = issue_with_need(rig, "tax", "step_free");
    assert_int_equal(ticket->needs, 1u << STEP_FREE); /* staff still see it */
    assert_int_equal(ticket->binding_needs, 0);
    open_counter(rig, "2");
    assert_non_null(rig_next(rig, "2"));
    assert_called(rig, "C01", "2", CALL_ONLY_ONE_WAITING);
}

static void new_rules_bind_those_who_wait_anew(void **state)
{
    struct rig *rig = *state;
    issue_with_need(rig, "tax", "step_free");
    kit_set(rig->rules.hash, sizeof(rig->rules.hash), "hash-b");
    rig->rules.counters[2].needs = 1u << STEP_FREE; /* "3" */
    struct command command = rig_command(rig, COMMAND_APPLY_SITE);
    engine_set_rules(rig->engine, &rig->rules);
    assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
    make_ready(rig, "2");
    open_counter(rig, "3");
    assert_non_null(rig_next(rig, "3"));
    assert_true(rig_replay_digest(rig, &rig->rules) == engine_digest(rig->engine));
}

static void nobody_passes_while_a_waived_wish_waits_to_be_seen(void **state)
{
    struct rig *rig = *state;
    issue_with_need(rig, "housing", "step_free");
    make_ready(rig, "3");
    rig->now_ms += INT64_C(5) * MINUTE;
    rig_issue(rig, "housing"); /* just before the desk looked round */
    assert_int_equal(rig_event_count(rig), 2);
    assert_int_equal(rig_event(rig, 0)->type, EVENT_TICKET_CALLED);
    assert_int_equal(rig_event(rig, 1)->type, EVENT_TICKET_ISSUED);
    assert_int_equal(engine_ticket(rig->engine, 0)->state, TICKET_CALLED);
    assert_int_equal(engine_ticket(rig->engine, 1)->state, TICKET_WAITING);
}

static void several_waived_wishes_go_to_several_counters(void **state)
{
    struct rig *rig = *state;
    rig->rules.counters[1].services |= 1; /* "2": housing too */
    engine_set_rules(rig->engine, &rig->rules);
    for (int i = 0; i < 3; i++) {
        issue_with_need(rig, "housing", "step_free");
        rig->now_ms += 1000;
    }
    make_ready(rig, "3");
    make_ready(rig, "2");
    rig->now_ms += INT64_C(6) * MINUTE;
    assert_int_equal(dispatch(rig), REFUSAL_NONE);
    assert_int_equal(rig_event_count(rig), 2);
    assert_string_equal(rig_event(rig, 0)->ticket, engine_ticket(rig->engine, 0)->id);
    assert_string_equal(rig_event(rig, 0)->counter, "2"); /* offers less than "3" */
    assert_int_equal(rig_event(rig, 0)->body.called.waiting, 3);
    assert_string_equal(rig_event(rig, 1)->ticket, engine_ticket(rig->engine, 1)->id);
    assert_string_equal(rig_event(rig, 1)->counter, "3");
    assert_int_equal(rig_event(rig, 1)->body.called.waiting, 2);
    assert_int_equal(rig_event(rig, 1)->body.called.announcement, 2);
}

static void the_reason_is_that_of_the_counter_that_calls(void **state)
{
    struct rig *rig = *state;
    rig->rules.counters[0].needs = rig->rules.counters[3].needs = 0;
    rig->rules.counters[2].needs = 1u << STEP_FREE; /* "3", which stays closed */
    engine_set_rules(rig->engine, &rig->rules);
    issue_with_need(rig, "housing", "step_free"); /* at "1" and in "room" */
    issue_with_need(rig, "repairs", "step_free"); /* at "1" */
    make_ready(rig, "1");
    make_ready(rig, "room");
    rig->now_ms += INT64_C(6) * MINUTE;
    assert_int_equal(dispatch(rig), REFUSAL_NONE);
    assert_int_equal(rig_event_count(rig), 2);
    for (size_t i = 0; i < 2; i++) { /* the specialist took the first, the only one it can serve */
        assert_string_equal(rig_event(rig, i)->counter, i == 0 ? "room" : "1");
        assert_int_equal(rig_event(rig, i)->body.called.waiting, 1);
        assert_int_equal(rig_event(rig, i)->body.called.reason, CALL_ONLY_ONE_WAITING);
    }
}

static void places_count_who_could_be_served_instead(void **state)
{
    struct rig *rig = *state;
    rig_issue(rig, "repairs");                      /* at "1", "3" */
    issue_with_need(rig, "housing", "interpreter"); /* in "room" alone */
    issue_with_need(rig, "housing", "interpreter");
    rig_issue(rig, "housing"); /* at "1", "3", in "room" */
    const struct engine *engine = rig->engine;
    const int64_t now_ms = rig->now_ms;
    assert_int_equal(engine_ahead_of_ticket(engine, engine_ticket(engine, 1), now_ms), 0);
    assert_int_equal(engine_ahead_of_ticket(engine, engine_ticket(engine, 2), now_ms), 1);
    assert_int_equal(engine_ahead_of_ticket(engine, engine_ticket(engine, 3), now_ms), 3);
    const int one = engine_find_counter(engine, "1");
    const int room = engine_find_counter(engine, "room");
    assert_int_equal(engine_callable_count(engine, one, now_ms), 2);
    assert_int_equal(engine_callable_count(engine, room, now_ms), 3);
    assert_false(engine_can_call(engine, one, engine_ticket(engine, 1), now_ms));
    assert_true(engine_can_call(engine, room, engine_ticket(engine, 1), now_ms));
    assert_false(engine_can_call(engine, room, engine_ticket(engine, 0), now_ms));
}

/* bookings */

static struct command booked(struct rig *rig, int64_t after_ms)
{
    struct command command = visit(rig, "housing");
    command.appointment_ms = rig->now_ms + after_ms;
    return command;
}

static void who_is_booked_waits_from_the_appointment(void **state)
{
    struct rig *rig = *state;
    struct command command = booked(rig, INT64_C(20) * MINUTE);
    const struct ticket *early = issue(rig, &command);
    assert_int_equal(early->ticket_class, CLASS_APPOINTMENT);
    assert_int_equal(early->arrived_at_ms, rig->now_ms);
    assert_int_equal(early->leg_from_ms, command.appointment_ms);
    command = booked(rig, -INT64_C(10) * MINUTE);
    const struct ticket *just = issue(rig, &command);
    assert_int_equal(just->ticket_class, CLASS_APPOINTMENT);
    assert_int_equal(just->leg_from_ms, rig->now_ms);
    assert_false(just->booked_late);
    command = booked(rig, -INT64_C(10) * MINUTE - 1);
    const struct ticket *late = issue(rig, &command);
    assert_int_equal(late->ticket_class, CLASS_NORMAL);
    assert_int_equal(late->leg_from_ms, rig->now_ms);
    assert_int_equal(late->appointment_ms, command.appointment_ms);
    assert_true(late->booked_late);
    command.ticket_class = CLASS_ASSISTED;
    rig_id(command.ticket_id, ++rig->next_id);
    assert_int_equal(issue(rig, &command)->ticket_class, CLASS_ASSISTED);
    command = booked(rig, MINUTE);
    command.ticket_class = CLASS_URGENT;
    const struct ticket *urgent = issue(rig, &command);
    assert_int_equal(urgent->ticket_class, CLASS_URGENT);
    assert_int_equal(urgent->leg_from_ms, command.appointment_ms);
}

static void the_early_go_last_but_not_to_a_free_counter(void **state)
{
    struct rig *rig = *state;
    struct command command = booked(rig, INT64_C(3) * MINUTE);
    issue(rig, &command);
    rig_issue(rig, "housing");
    open_counter(rig, "1");
    rig_next(rig, "1");
    assert_called(rig, "H02", "1", CALL_LONGEST_WAITING);
    open_counter(rig, "3");
    rig_next(rig, "3"); /* nobody else is there */
    assert_called(rig, "H01", "3", CALL_ONLY_ONE_WAITING);
    assert_int_equal(last_event(rig)->body.called.waited_s, 0);
    assert_int_equal(last_event(rig)->body.called.appointment_ms, command.appointment_ms);
}

static void the_booked_have_a_head_start_and_staff_can_say_so(void **state)
{
    struct rig *rig = *state;
    struct command command = booked(rig, INT64_C(5) * MINUTE);
    issue(rig, &command);
    rig_issue(rig, "housing");
    rig->now_ms += INT64_C(4) * MINUTE; /* one before its time: from two on it may be called */
    open_counter(rig, "1");
    rig_next(rig, "1");
    assert_called(rig, "H01", "1", CALL_BOOKED);
    assert_int_equal(last_event(rig)->body.called.appointment_ms, command.appointment_ms);
    assert_int_equal(last_event(rig)->body.called.standard_s, 900);
    assert_int_equal(last_event(rig)->body.called.limit_s, 1800);
}

/* reasons */

static void each_class_is_named_only_where_it_passed_somebody(void **state)
{
    struct rig *rig = *state;
    rig_issue(rig, "housing");
    rig->now_ms += 1000;
    issue_class(rig, "housing", CLASS_URGENT);
    issue_class(rig, "housing", CLASS_ASSISTED);
    rig_issue(rig, "tax");
    rig->now_ms += 1000;
    open_counter(rig, "1");
    open_counter(rig, "room");
    open_counter(rig, "3");
    rig_next(rig, "1");
    assert_called(rig, "H02", "1", CALL_URGENT);
    rig_next(rig, "room");
    assert_called(rig, "H03", "room", CALL_ASSISTED);
    rig_next(rig, "3");
    assert_called(rig, "H01", "3", CALL_LONGEST_WAITING);
}

static void rescue_passes_the_late_until_their_limit(void **state)
{
    struct rig *rig = *state;
    rig_issue(rig, "housing"); /* H01: will be 20, then 31 minutes late */
    rig->now_ms += INT64_C(12) * MINUTE;
    rig_issue(rig, "housing"); /* H02: 8 */
    rig_issue(rig, "housing");
    rig->now_ms += INT64_C(8) * MINUTE;
    open_counter(rig, "1");
    rig_next(rig, "1");
    assert_called(rig, "H02", "1", CALL_ABOUT_TO_MISS);
    assert_int_equal(last_event(rig)->body.called.waited_s, 480);
    rig->now_ms += INT64_C(10) * MINUTE + 1;
    rig_issue(rig, "housing");
    open_counter(rig, "3");
    rig_next(rig, "3");
    assert_called(rig, "H01", "3", CALL_PAST_LIMIT);
}

static void urgent_is_said_even_where_all_are_about_to_miss(void **state)
{
    struct rig *rig = *state;
    rig_issue(rig, "housing"); /* 14 minutes: about to miss, too */
    rig->now_ms += INT64_C(5) * MINUTE;
    issue_class(rig, "housing", CLASS_URGENT);
    rig->now_ms += INT64_C(9) * MINUTE;
    open_counter(rig, "1");
    rig_next(rig, "1");
    assert_called(rig, "H02", "1", CALL_URGENT);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, rig_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_hard_need_wants_a_counter_that_meets_it),
        TEST(a_wish_is_waived_after_its_time),
        TEST(a_wish_is_granted_while_it_can_be),
        TEST(a_wish_nobody_could_grant_restricts_nobody),
        TEST(new_rules_bind_those_who_wait_anew),
        TEST(nobody_passes_while_a_waived_wish_waits_to_be_seen),
        TEST(several_waived_wishes_go_to_several_counters),
        TEST(the_reason_is_that_of_the_counter_that_calls),
        TEST(places_count_who_could_be_served_instead),
        TEST(who_is_booked_waits_from_the_appointment),
        TEST(the_early_go_last_but_not_to_a_free_counter),
        TEST(the_booked_have_a_head_start_and_staff_can_say_so),
        TEST(each_class_is_named_only_where_it_passed_somebody),
        TEST(rescue_passes_the_late_until_their_limit),
        TEST(urgent_is_said_even_where_all_are_about_to_miss),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
