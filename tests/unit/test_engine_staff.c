/* What staff do out of the ordinary: parking, revival, calls out of order, undo, visitors sent to a counter or a person,
 * mending, holds, moves, notices, and what a person is to a counter. */
#include "test_engine_rig.h"

#include <stdio.h>
#include <string.h>

enum { MINUTE = 60000 };
#define ANN "01JDPERSON0000000000000ANN"
#define BOB "01JDPERSON0000000000000B0B"

static struct command at(const struct rig *rig, enum command_type type, const char *counter)
{
    struct command command = rig_command(rig, type);
    snprintf(command.counter, sizeof(command.counter), "%s", counter);
    return command;
}

static struct command with(const struct rig *rig, enum command_type type, const char *id)
{
    struct command command = rig_command(rig, type);
    snprintf(command.ticket_id, sizeof(command.ticket_id), "%s", id);
    return command;
}

static enum refusal do_with(struct rig *rig, enum command_type type, const char *id)
{
    struct command command = with(rig, type, id);
    command.minutes = 10;
    return rig_do(rig, &command);
}

static enum refusal do_at_with(struct rig *rig, enum command_type type, const char *counter,
                               const char *id)
{
    struct command command = at(rig, type, counter);
    snprintf(command.ticket_id, sizeof(command.ticket_id), "%s", id);
    command.because = BECAUSE_VULNERABLE;
    return rig_do(rig, &command);
}

static enum refusal open_as(struct rig *rig, const char *counter, const char *person)
{
    struct command command = at(rig, COMMAND_OPEN_COUNTER, counter);
    snprintf(command.actor, sizeof(command.actor), "person:%s", person);
    return rig_do(rig, &command);
}

static const struct counter *counter_of(const struct rig *rig, const char *code)
{
    return engine_counter(rig->engine, engine_find_counter(rig->engine, code));
}

/* Somebody who is served at the counter, which is opened. */
static const struct ticket *serve(struct rig *rig, const char *counter, const char *service)
{
    if (counter_of(rig, counter)->state != COUNTER_OPEN) {
        assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, counter), REFUSAL_NONE);
    }
    const struct ticket *ticket = rig_issue(rig, service);
    rig->now_ms += MINUTE;
    assert_ptr_equal(rig_next(rig, counter), ticket);
    rig->now_ms += MINUTE;
    assert_int_equal(rig_at(rig, COMMAND_START, counter), REFUSAL_NONE);
    rig->now_ms += MINUTE;
    return ticket;
}

static void who_is_parked_frees_the_counter_and_is_taken_back(void **state)
{
    struct rig *rig = *state;
    const struct ticket *ticket = serve(rig, "1", "housing");
    assert_int_equal(rig_at(rig, COMMAND_PARK, "1"), REFUSAL_NONE);
    assert_int_equal(ticket->state, TICKET_PARKED);
    assert_int_equal(ticket->served_ms, MINUTE);
    assert_int_equal(counter_of(rig, "1")->ticket, -1);
    assert_int_equal(rig_at(rig, COMMAND_PARK, "1"), REFUSAL_NO_TICKET_HERE);
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "2"), REFUSAL_NONE);
    assert_int_equal(do_at_with(rig, COMMAND_TAKE_BACK, "2", ticket->id), REFUSAL_NONE);
    assert_int_equal(ticket->state, TICKET_SERVING);
    assert_int_equal(do_at_with(rig, COMMAND_TAKE_BACK, "1", ticket->id), REFUSAL_NOT_PARKED);
    assert_int_equal(do_at_with(rig, COMMAND_TAKE_BACK, "2", ticket->id), REFUSAL_COUNTER_BUSY);
}

static void who_comes_back_from_parking_waits_anew(void **state)
{
    struct rig *rig = *state;
    const struct ticket *ticket = serve(rig, "1", "housing");
    const int64_t arrived_ms = ticket->arrived_at_ms;
    assert_int_equal(rig_at(rig, COMMAND_PARK, "1"), REFUSAL_NONE);
    rig->now_ms += MINUTE;
    assert_int_equal(do_with(rig, COMMAND_UNPARK, ticket->id), REFUSAL_NONE);
    assert_int_equal(ticket->state, TICKET_WAITING);
    assert_int_equal(ticket->ticket_class, CLASS_TRANSFER);
    assert_int_equal(ticket->arrived_at_ms, arrived_ms);
    assert_int_equal(ticket->leg_from_ms, rig->now_ms);
    assert_int_equal(do_with(rig, COMMAND_UNPARK, ticket->id), REFUSAL_NOT_PARKED);
}

static void the_days_end_closes_the_parked_as_left(void **state)
{
    struct rig *rig = *state;
    const struct ticket *ticket = serve(rig, "1", "housing");
    assert_int_equal(rig_at(rig, COMMAND_PARK, "1"), REFUSAL_NONE);
    const struct command close = rig_command(rig, COMMAND_CLOSE_DAY);
    assert_int_equal(rig_do(rig, &close), REFUSAL_NONE);
    assert_int_equal(ticket->state, TICKET_LEFT);
    assert_int_equal(rig_event(rig, rig_event_count(rig) - 1)->body.day_closed.left, 1);
}

static void a_revived_no_show_has_waited_all_the_time(void **state)
{
    struct rig *rig = *state;
    const struct ticket *ticket = rig_issue(rig, "housing");
    const int64_t leg_from_ms = ticket->leg_from_ms;
    assert_int_equal(do_with(rig, COMMAND_REVIVE, ticket->id), REFUSAL_NOT_A_NO_SHOW);
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "1"), REFUSAL_NONE);
    assert_non_null(rig_next(rig, "1"));
    assert_int_equal(rig_at(rig, COMMAND_RECALL, "1"), REFUSAL_NONE);
    assert_int_equal(rig_at(rig, COMMAND_NO_SHOW, "1"), REFUSAL_NONE);
    rig->now_ms += MINUTE;
    rig_issue(rig, "housing");
    assert_int_equal(do_with(rig, COMMAND_REVIVE, ticket->id), REFUSAL_NONE);
    assert_int_equal(ticket->leg_from_ms, leg_from_ms);
    assert_int_equal(ticket->recalls, 0);
    assert_ptr_equal(rig_next(rig, "1"), ticket);
}

static void staff_choose_whom_they_call(void **state)
{
    struct rig *rig = *state;
    rig->rules.needs[0].hard = true;
    engine_set_rules(rig->engine, &rig->rules);
    rig_issue(rig, "housing");
    struct command issue = rig_command(rig, COMMAND_ISSUE);
    rig_id(issue.ticket_id, ++rig->next_id);
    snprintf(issue.service, sizeof(issue.service), "tax"); /* not of counter 1 */
    snprintf(issue.needs[issue.need_count++], sizeof(issue.needs[0]), "interpreter");
    assert_int_equal(rig_do(rig, &issue), REFUSAL_NONE);
    struct command call = at(rig, COMMAND_CALL, "1");
    memcpy(call.ticket_id, issue.ticket_id, sizeof(call.ticket_id));
    call.because = BECAUSE_AGREED;
    assert_int_equal(rig_do(rig, &call), REFUSAL_COUNTER_NOT_OPEN);
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "1"), REFUSAL_NONE);
    assert_int_equal(rig_do(rig, &call), REFUSAL_LACKS_NEED);
    call.anyway = true;
    assert_int_equal(rig_do(rig, &call), REFUSAL_NONE);
    const struct event_ticket_called *called = &rig_event(rig, 0)->body.called;
    assert_int_equal(called->reason, CALL_CHOSEN);
    assert_int_equal(called->because, BECAUSE_AGREED);
    assert_true(called->anyway);
    assert_int_equal(called->waiting, 1);
    assert_int_equal(rig_do(rig, &call), REFUSAL_COUNTER_BUSY);
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "2"), REFUSAL_NONE);
    snprintf(call.counter, sizeof(call.counter), "2");
    assert_int_equal(rig_do(rig, &call), REFUSAL_NOT_WAITING);
}

/* undo */

static void expect_undone(struct rig *rig, enum step step, uint64_t before)
{
    assert_int_equal(rig_at(rig, COMMAND_UNDO, "1"), REFUSAL_NONE);
    assert_int_equal(rig_event(rig, 0)->body.undone.step, step);
    assert_true(engine_queue_digest(rig->engine) == before);
    assert_true(rig_replay_digest(rig, &rig->rules) == engine_digest(rig->engine));
}

static void every_step_can_be_undone_and_done_again(void **state)
{
    static const struct {
        enum command_type type;
        enum step step;
    } steps[] = {{COMMAND_NEXT, STEP_CALL},         {COMMAND_START, STEP_START},
                 {COMMAND_PARK, STEP_PARK},         {COMMAND_TAKE_BACK, STEP_TAKE_BACK},
                 {COMMAND_TRANSFER, STEP_TRANSFER}, {COMMAND_FINISH, STEP_FINISH}};
    struct rig *rig = *state;
    const struct ticket *ticket = rig_issue(rig, "housing");
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "1"), REFUSAL_NONE);
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        rig->now_ms += MINUTE;
        struct command command = with(rig, steps[i].type, ticket->id);
        snprintf(command.counter, sizeof(command.counter), "1");
        snprintf(command.service, sizeof(command.service), "tax");
        const uint64_t before = engine_queue_digest(rig->engine);
        assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
        assert_false(engine_queue_digest(rig->engine) == before);
        rig->now_ms += MINUTE;
        expect_undone(rig, steps[i].step, before);
        if (steps[i].type != COMMAND_TRANSFER) {
            command.now_ms = rig->now_ms;
            assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
        }
    }
    assert_int_equal(ticket->state, TICKET_CLOSED);
    assert_int_equal(ticket->announcement, 2); /* the first number was used for the undone call */
}

static void an_undone_call_leaves_the_counter_unready(void **state)
{
    struct rig *rig = *state;
    struct undoable undo;
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "1"), REFUSAL_NONE);
    assert_int_equal(rig_at(rig, COMMAND_UNDO, "1"), REFUSAL_NOTHING_TO_UNDO);
    assert_null(rig_next(rig, "1"));
    const struct ticket *ticket = rig_issue(rig, "housing"); /* is called at once */
    const int counter = engine_find_counter(rig->engine, "1");
    assert_true(engine_undoable(rig->engine, counter, rig->now_ms, &undo));
    assert_int_equal(undo.step, STEP_CALL);
    assert_int_equal(undo.until_ms, rig->now_ms + engine_undo_ms);
    assert_int_equal(rig_at(rig, COMMAND_UNDO, "1"), REFUSAL_NONE);
    assert_int_equal(ticket->state, TICKET_WAITING);
    assert_false(engine_dispatch_is_due(rig->engine, rig->now_ms));
    assert_false(engine_undoable(rig->engine, counter, rig->now_ms, &undo));
}

static void what_is_old_or_dealt_with_stays(void **state)
{
    struct rig *rig = *state;
    struct undoable undo;
    serve(rig, "1", "housing");
    struct command transfer = at(rig, COMMAND_TRANSFER, "1");
    snprintf(transfer.service, sizeof(transfer.service), "tax");
    assert_int_equal(rig_do(rig, &transfer), REFUSAL_NONE);
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "2"), REFUSAL_NONE);
    assert_non_null(rig_next(rig, "2"));
    assert_int_equal(rig_at(rig, COMMAND_UNDO, "1"), REFUSAL_DEALT_WITH_SINCE);
    assert_int_equal(rig_at(rig, COMMAND_UNDO, "2"), REFUSAL_NONE);
    assert_int_equal(rig_at(rig, COMMAND_UNDO, "1"), REFUSAL_DEALT_WITH_SINCE);
    const int counter = engine_find_counter(rig->engine, "1");
    assert_false(engine_undoable(rig->engine, counter, rig->now_ms, &undo));
    serve(rig, "1", "repairs");
    rig->now_ms += engine_undo_ms + 1;
    assert_int_equal(rig_at(rig, COMMAND_UNDO, "1"), REFUSAL_TOO_LATE_TO_UNDO);
}

/* counters and persons */

static enum refusal send(struct rig *rig, const char *from, const char *counter, const char *person)
{
    struct command transfer = at(rig, COMMAND_TRANSFER, from);
    snprintf(transfer.to_counter, sizeof(transfer.to_counter), "%s", counter);
    snprintf(transfer.to_person, sizeof(transfer.to_person), "%s", person);
    return rig_do(rig, &transfer);
}

static void who_is_sent_to_a_counter_is_called_there_until_it_closes(void **state)
{
    struct rig *rig = *state;
    const struct ticket *ticket = serve(rig, "1", "housing");
    const int64_t arrived_ms = ticket->arrived_at_ms;
    assert_int_equal(send(rig, "1", "1", ""), REFUSAL_SAME_COUNTER);
    assert_int_equal(send(rig, "1", "nowhere", ""), REFUSAL_UNKNOWN_COUNTER);
    assert_int_equal(send(rig, "1", "2", ""), REFUSAL_NOBODY_THERE);
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "2"), REFUSAL_NONE); /* tax, parking */
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "3"), REFUSAL_NONE);
    assert_int_equal(send(rig, "1", "2", ""), REFUSAL_NONE);
    assert_int_equal(ticket->arrived_at_ms, arrived_ms);
    assert_null(rig_next(rig, "3"));
    assert_int_equal(engine_ahead_of_new(rig->engine, ticket->service, rig->now_ms), 0);
    assert_ptr_equal(rig_next(rig, "2"), ticket);
    assert_int_equal(rig_at(rig, COMMAND_UNDO, "2"), REFUSAL_NONE);
    assert_int_equal(rig_at(rig, COMMAND_CLOSE_COUNTER, "2"), REFUSAL_NONE);
    assert_true(engine_dispatch_is_due(rig->engine, rig->now_ms)); /* 3 is ready */
}

static void who_is_sent_to_a_person_follows_them(void **state)
{
    struct rig *rig = *state;
    const struct ticket *ticket = serve(rig, "1", "housing");
    assert_int_equal(send(rig, "1", "", ANN), REFUSAL_PERSON_NOT_HERE);
    assert_int_equal(open_as(rig, "2", ANN), REFUSAL_NONE);
    assert_int_equal(send(rig, "1", "", ANN), REFUSAL_NONE);
    assert_int_equal(ticket->only, engine_find_counter(rig->engine, "2"));
    assert_int_equal(open_as(rig, "room", ANN), REFUSAL_NONE); /* leaves counter 2 */
    assert_int_equal(counter_of(rig, "2")->state, COUNTER_CLOSED);
    assert_int_equal(ticket->only, engine_find_counter(rig->engine, "room"));
    assert_null(rig_next(rig, "1"));
    assert_ptr_equal(rig_next(rig, "room"), ticket);
}

static void a_person_is_at_one_counter(void **state)
{
    struct rig *rig = *state;
    assert_int_equal(open_as(rig, "1", ANN), REFUSAL_NONE);
    assert_string_equal(engine_person(rig->engine, counter_of(rig, "1")->person), ANN);
    assert_int_equal(open_as(rig, "2", BOB), REFUSAL_NONE);
    rig_issue(rig, "housing");
    assert_non_null(rig_next(rig, "1"));
    assert_int_equal(open_as(rig, "3", ANN), REFUSAL_PERSON_BUSY);
    assert_int_equal(open_as(rig, "3", BOB), REFUSAL_NONE);
    assert_int_equal(rig_event_count(rig), 2);
    assert_int_equal(counter_of(rig, "2")->state, COUNTER_CLOSED);
    struct command pause = at(rig, COMMAND_PAUSE_COUNTER, "3");
    pause.pause_reason = PAUSE_TRAINING;
    assert_int_equal(rig_do(rig, &pause), REFUSAL_NONE);
    assert_int_equal(counter_of(rig, "3")->pause, PAUSE_TRAINING);
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "3"), REFUSAL_NONE); /* nobody says who */
    assert_int_equal(counter_of(rig, "3")->person, -1);
    assert_int_equal(counter_of(rig, "3")->pause, PAUSE_UNSAID);
}

static void a_counter_is_moved_for_the_rest_of_the_day(void **state)
{
    struct rig *rig = *state;
    struct command move = at(rig, COMMAND_MOVE, "1");
    const struct ticket *ticket = rig_issue(rig, "tax");
    snprintf(move.services[move.service_count++], sizeof(move.services[0]), "tax");
    assert_int_equal(rig_do(rig, &move), REFUSAL_NONE);
    assert_int_equal(rig_do(rig, &move), REFUSAL_NONE);
    assert_int_equal(rig_event_count(rig), 0); /* it does already */
    engine_set_rules(rig->engine, &rig->rules);
    rig_issue(rig, "housing");
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "1"), REFUSAL_NONE);
    assert_ptr_equal(rig_next(rig, "1"), ticket);
    move.service_count = 0;
    assert_int_equal(rig_do(rig, &move), REFUSAL_NONE);
    assert_false(counter_of(rig, "1")->is_moved);
    assert_int_equal(counter_of(rig, "1")->services, 0x3);
}

/* those who wait */

static void a_mended_visit_keeps_its_place(void **state)
{
    struct rig *rig = *state;
    const struct ticket *ticket = rig_issue(rig, "housing");
    rig->now_ms += MINUTE;
    rig_issue(rig, "tax");
    struct command edit = with(rig, COMMAND_EDIT, ticket->id);
    edit.edits = EDIT_SERVICE | EDIT_CLASS;
    edit.ticket_class = CLASS_ASSISTED;
    snprintf(edit.service, sizeof(edit.service), "bins");
    assert_int_equal(rig_do(rig, &edit), REFUSAL_UNKNOWN_SERVICE);
    snprintf(edit.service, sizeof(edit.service), "tax");
    assert_int_equal(rig_do(rig, &edit), REFUSAL_NONE);
    assert_int_equal(ticket->ticket_class, CLASS_ASSISTED);
    assert_int_equal(ticket->leg_from_ms, RIG_START_MS);
    assert_string_equal(ticket->number, "H01");
    assert_int_equal(rig_do(rig, &edit), REFUSAL_NONE);
    assert_int_equal(rig_event_count(rig), 0); /* nothing is left to change */
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "2"), REFUSAL_NONE);
    assert_ptr_equal(rig_next(rig, "2"), ticket);
    assert_int_equal(rig_do(rig, &edit), REFUSAL_NOT_WAITING);
}

static void who_lets_others_go_first_comes_back_to_the_old_place(void **state)
{
    struct rig *rig = *state;
    const struct ticket *ticket = rig_issue(rig, "housing");
    rig->now_ms += MINUTE;
    rig_issue(rig, "housing");
    const struct ticket *third = rig_issue(rig, "housing");
    assert_int_equal(do_with(rig, COMMAND_HOLD, ticket->id), REFUSAL_NONE);
    assert_int_equal(engine_ahead_of_ticket(rig->engine, third, rig->now_ms), 1);
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "1"), REFUSAL_NONE);
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "room"), REFUSAL_NONE);
    assert_ptr_not_equal(rig_next(rig, "1"), ticket);
    rig->now_ms += (int64_t)10 * MINUTE - 1;
    assert_false(engine_can_call(rig->engine, engine_find_counter(rig->engine, "room"), ticket,
                                 rig->now_ms));
    rig->now_ms += 1;
    assert_int_equal(engine_ahead_of_ticket(rig->engine, third, rig->now_ms), 1);
    assert_ptr_equal(rig_next(rig, "room"), ticket);
}

static void a_hold_ends_when_the_visitor_says_so(void **state)
{
    struct rig *rig = *state;
    const struct ticket *ticket = rig_issue(rig, "housing");
    assert_int_equal(do_with(rig, COMMAND_HOLD, ticket->id), REFUSAL_NONE);
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "1"), REFUSAL_NONE);
    assert_null(rig_next(rig, "1")); /* it is ready */
    assert_false(engine_dispatch_is_due(rig->engine, rig->now_ms));
    assert_int_equal(do_with(rig, COMMAND_UNHOLD, ticket->id), REFUSAL_NONE);
    assert_true(engine_dispatch_is_due(rig->engine, rig->now_ms));
    assert_int_equal(do_with(rig, COMMAND_UNHOLD, ticket->id), REFUSAL_NONE);
    assert_int_equal(rig_event_count(rig), 0);
}

static void a_finish_may_call_the_next(void **state)
{
    struct rig *rig = *state;
    serve(rig, "1", "housing");
    const struct ticket *second = rig_issue(rig, "repairs");
    struct command finish = at(rig, COMMAND_FINISH, "1");
    finish.next = true;
    snprintf(finish.avoidable, sizeof(finish.avoidable), "no_reply");
    assert_int_equal(rig_do(rig, &finish), REFUSAL_NONE);
    assert_int_equal(rig_event_count(rig), 2);
    assert_string_equal(rig_event(rig, 0)->body.closed.avoidable, "no_reply");
    assert_int_equal(second->state, TICKET_CALLED);
    assert_int_equal(rig_at(rig, COMMAND_START, "1"), REFUSAL_NONE);
    assert_int_equal(rig_do(rig, &finish), REFUSAL_NONE);
    assert_true(counter_of(rig, "1")->ready_since_ms != 0);
}

static enum refusal post(struct rig *rig, int number, int64_t until_ms)
{
    struct command notice = rig_command(rig, COMMAND_POST_NOTICE);
    rig_id(notice.notice, number);
    notice.notice_template = NOTICE_CLOSING_EARLY;
    notice.until_ms = until_ms;
    return rig_do(rig, &notice);
}

static void six_notices_are_shown_for_their_time(void **state)
{
    struct rig *rig = *state;
    for (int i = 0; i < QUARTER_NOTICES_MAX; i++) {
        assert_int_equal(post(rig, i, i == 0 ? rig->now_ms + MINUTE : 0), REFUSAL_NONE);
    }
    assert_int_equal(post(rig, 9, 0), REFUSAL_TOO_MANY_NOTICES);
    rig->now_ms += MINUTE; /* the first is over */
    assert_null(engine_notice(rig->engine, QUARTER_NOTICES_MAX - 1, rig->now_ms));
    assert_int_equal(post(rig, 9, 0), REFUSAL_NONE);
    struct command withdraw = rig_command(rig, COMMAND_WITHDRAW_NOTICE);
    rig_id(withdraw.notice, 9);
    assert_int_equal(rig_do(rig, &withdraw), REFUSAL_NONE);
    assert_int_equal(rig_event_count(rig), 1);
    assert_int_equal(rig_do(rig, &withdraw), REFUSAL_NONE);
    assert_int_equal(rig_event_count(rig), 0);
    const struct command close = rig_command(rig, COMMAND_CLOSE_DAY);
    assert_int_equal(rig_do(rig, &close), REFUSAL_NONE);
    assert_int_equal(rig_event_count(rig), QUARTER_NOTICES_MAX); /* five, and the day's own */
    assert_null(engine_notice(rig->engine, 0, rig->now_ms));
    assert_int_equal(post(rig, 10, 0), REFUSAL_DAY_CLOSED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup_open, rig_teardown)
    const struct CMUnitTest tests[] = {
        TEST(who_is_parked_frees_the_counter_and_is_taken_back),
        TEST(who_comes_back_from_parking_waits_anew),
        TEST(the_days_end_closes_the_parked_as_left),
        TEST(a_revived_no_show_has_waited_all_the_time),
        TEST(staff_choose_whom_they_call),
        TEST(every_step_can_be_undone_and_done_again),
        TEST(an_undone_call_leaves_the_counter_unready),
        TEST(what_is_old_or_dealt_with_stays),
        TEST(who_is_sent_to_a_counter_is_called_there_until_it_closes),
        TEST(who_is_sent_to_a_person_follows_them),
        TEST(a_person_is_at_one_counter),
        TEST(a_counter_is_moved_for_the_rest_of_the_day),
        TEST(a_mended_visit_keeps_its_place),
        TEST(who_lets_others_go_first_comes_back_to_the_old_place),
        TEST(a_hold_ends_when_the_visitor_says_so),
        TEST(a_finish_may_call_the_next),
        TEST(six_notices_are_shown_for_their_time),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
