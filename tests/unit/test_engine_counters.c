/* Counters: every command from every state a counter can be in, who is called, and who is not. */
#include "test_engine_rig.h"

#include <stdio.h>
#include <string.h>

#include "test_kit.h"

/* What counter "1" can be like when a command comes. */
enum situation { DAY_SHUT, SHUT, IDLE, CALLED, RECALLED, SERVING, READY, PAUSED, SITUATIONS };

static void bring_about(struct rig *rig, enum situation situation)
{
    if (situation == DAY_SHUT) {
        struct command command = rig_command(rig, COMMAND_CLOSE_DAY);
        assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
        return;
    }
    static const enum command_type steps[] = {COMMAND_OPEN_COUNTER, COMMAND_NEXT, COMMAND_RECALL,
                                              COMMAND_START};
    if (situation == READY || situation == PAUSED) {
        assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "1"), REFUSAL_NONE);
        assert_null(rig_next(rig, "1"));
        if (situation == PAUSED) {
            assert_int_equal(rig_at(rig, COMMAND_PAUSE_COUNTER, "1"), REFUSAL_NONE);
        }
        return;
    }
    rig_issue(rig, "housing");
    for (int i = 0; i < (int)situation - SHUT; i++) {
        assert_int_equal(rig_at(rig, steps[i], "1"), REFUSAL_NONE);
        assert_int_equal(rig_event_count(rig), 1);
    }
}

/* NO_EVENT: accepted, and nothing happens. */
struct expectation {
    enum refusal refusal;
    int event; /* of the one event, NO_EVENT for none */
};
enum { NO_EVENT = -1 };

#define NO(r)                                                                                      \
    {                                                                                              \
        REFUSAL_##r, NO_EVENT                                                                      \
    }
#define YES(e)                                                                                     \
    {                                                                                              \
        REFUSAL_NONE, EVENT_##e                                                                    \
    }

static const struct {
    enum command_type type;
    struct expectation expected[SITUATIONS];
} table[] = {
    {COMMAND_OPEN_COUNTER,
     {NO(DAY_CLOSED), YES(COUNTER_OPENED), NO(COUNTER_OPEN_ALREADY), NO(COUNTER_OPEN_ALREADY),
      NO(COUNTER_OPEN_ALREADY), NO(COUNTER_OPEN_ALREADY), NO(COUNTER_OPEN_ALREADY),
      YES(COUNTER_OPENED)}},
    {COMMAND_CLOSE_COUNTER,
     {NO(DAY_CLOSED), NO(COUNTER_NOT_OPEN), YES(COUNTER_CLOSED), NO(COUNTER_BUSY), NO(COUNTER_BUSY),
      NO(COUNTER_BUSY), YES(COUNTER_CLOSED), YES(COUNTER_CLOSED)}},
    {COMMAND_NEXT,
     {NO(DAY_CLOSED), NO(COUNTER_NOT_OPEN), YES(TICKET_CALLED), NO(NONE), NO(NONE),
      NO(COUNTER_BUSY), NO(NONE), NO(COUNTER_NOT_OPEN)}},
    {COMMAND_RECALL,
     {NO(DAY_CLOSED), NO(COUNTER_NOT_OPEN), NO(NO_TICKET_HERE), YES(TICKET_RECALLED),
      YES(TICKET_RECALLED), NO(NOT_CALLED), NO(NO_TICKET_HERE), NO(COUNTER_NOT_OPEN)}},
    {COMMAND_START,
     {NO(DAY_CLOSED), NO(COUNTER_NOT_OPEN), NO(NO_TICKET_HERE), YES(SERVING_STARTED),
      YES(SERVING_STARTED), NO(NOT_CALLED), NO(NO_TICKET_HERE), NO(COUNTER_NOT_OPEN)}},
    {COMMAND_FINISH,
     {NO(DAY_CLOSED), NO(COUNTER_NOT_OPEN), NO(NO_TICKET_HERE), NO(NOT_SERVING), NO(NOT_SERVING),
      YES(TICKET_CLOSED), NO(NO_TICKET_HERE), NO(COUNTER_NOT_OPEN)}},
    {COMMAND_NO_SHOW,
     {NO(DAY_CLOSED), NO(COUNTER_NOT_OPEN), NO(NO_TICKET_HERE), NO(RECALL_FIRST),
      YES(TICKET_NO_SHOW), NO(NOT_CALLED), NO(NO_TICKET_HERE), NO(COUNTER_NOT_OPEN)}},
    {COMMAND_PAUSE_COUNTER,
     {NO(DAY_CLOSED), NO(COUNTER_NOT_OPEN), YES(COUNTER_PAUSED), NO(COUNTER_BUSY), NO(COUNTER_BUSY),
      NO(COUNTER_BUSY), YES(COUNTER_PAUSED), NO(COUNTER_NOT_OPEN)}},
    {COMMAND_TRANSFER,
     {NO(DAY_CLOSED), NO(COUNTER_NOT_OPEN), NO(NO_TICKET_HERE), NO(NOT_SERVING), NO(NOT_SERVING),
      YES(TICKET_TRANSFERRED), NO(NO_TICKET_HERE), NO(COUNTER_NOT_OPEN)}},
};

static void every_command_in_every_state_does_the_right_thing(void **state)
{
    (void)state;
    for (size_t row = 0; row < sizeof(table) / sizeof(table[0]); row++) {
        for (int situation = 0; situation < SITUATIONS; situation++) {
            void *bench = NULL;
            assert_int_equal(rig_setup_open(&bench), 0);
            struct rig *rig = bench;
            bring_about(rig, (enum situation)situation);
            struct expectation expected = table[row].expected[situation];
            uint64_t before = engine_digest(rig->engine);
            struct command command = rig_command(rig, table[row].type);
            kit_set(command.counter, sizeof(command.counter), "1");
            kit_set(command.service, sizeof(command.service), "parking"); /* to be transferred to */
            enum refusal refusal = rig_do(rig, &command);
            if (refusal != expected.refusal) {
                fail_msg("command %d in situation %d: %s, not %s", (int)table[row].type, situation,
                         refusal_code(refusal), refusal_code(expected.refusal));
            }
            assert_int_equal(rig_event_count(rig), expected.event == NO_EVENT ? 0 : 1);
            if (expected.event == NO_EVENT) {
                assert_true(engine_digest(rig->engine) == before);
            } else {
                assert_int_equal(rig_event(rig, 0)->type, expected.event);
                assert_string_equal(rig_event(rig, 0)->counter, "1");
            }
            assert_int_equal(rig_at(rig, table[row].type, "99"), REFUSAL_UNKNOWN_COUNTER);
            rig_teardown(&bench);
        }
    }
}

static void a_visit_goes_from_ticket_to_outcome(void **state)
{
    struct rig *rig = *state;
    char id[QUARTER_ULID_LEN + 1];
    memcpy(id, rig_issue(rig, "housing")->id, sizeof(id));
    rig->now_ms += 65000;
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "1"), REFUSAL_NONE);
    const struct ticket *ticket = rig_next(rig, "1");
    assert_string_equal(ticket->id, id);
    assert_int_equal(ticket->state, TICKET_CALLED);
    assert_int_equal(ticket->call.waited_s, 65);
    assert_int_equal(ticket->call.waiting, 1);
    assert_int_equal(ticket->call.reason, CALL_ONLY_ONE_WAITING);
    assert_int_equal(ticket->announcement, 1);
    assert_int_equal(ticket->called_at_ms, rig->now_ms);
    assert_int_equal(rig_at(rig, COMMAND_RECALL, "1"), REFUSAL_NONE);
    ticket = engine_find_ticket(rig->engine, id);
    assert_int_equal(ticket->announcement, 2);
    assert_int_equal(ticket->recalls, 1);
    rig->now_ms += 1000;
    assert_int_equal(rig_at(rig, COMMAND_START, "1"), REFUSAL_NONE);
    assert_int_equal(engine_find_ticket(rig->engine, id)->started_at_ms, rig->now_ms);
    struct command command = rig_command(rig, COMMAND_FINISH);
    kit_set(command.counter, sizeof(command.counter), "1");
    command.outcome = OUTCOME_UNRECORDED;
    assert_int_equal(rig_do(rig, &command), REFUSAL_STATE_CONFLICT);
    command.outcome = OUTCOME_FOLLOW_UP;
    assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
    ticket = engine_find_ticket(rig->engine, id);
    assert_int_equal(ticket->state, TICKET_CLOSED);
    assert_int_equal(ticket->outcome, OUTCOME_FOLLOW_UP);
    assert_int_equal(ticket->ended_at_ms, rig->now_ms);
    assert_int_equal(ticket->counter, -1);
    assert_null(rig_next(rig, "1"));
}

static void the_longest_waiting_within_the_offer_comes_first(void **state)
{
    struct rig *rig = *state;
    rig_issue(rig, "parking");
    rig->now_ms += 1000;
    rig_issue(rig, "repairs");
    rig_issue(rig, "housing"); /* at the same instant: the order of issue decides */
    rig->now_ms += 1000;
    rig_issue(rig, "tax");
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "1"), REFUSAL_NONE);
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "2"), REFUSAL_NONE);
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "3"), REFUSAL_NONE);
    const struct ticket *ticket = rig_next(rig, "1");
    assert_string_equal(ticket->number, "H01");
    assert_int_equal(ticket->call.reason, CALL_LONGEST_WAITING);
    assert_int_equal(ticket->call.waiting, 2);
    assert_string_equal(rig_next(rig, "3")->number, "P01");
    assert_string_equal(rig_next(rig, "2")->number, "C01");
    assert_string_equal(rig_next(rig, "2")->number, "C01"); /* once more: the same visitor */
    assert_int_equal(engine_waiting_count(rig->engine), 1);
}

static void nobody_to_serve_is_no_refusal(void **state)
{
    struct rig *rig = *state;
    rig_issue(rig, "tax");
    rig_issue(rig, "orphan");
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "room"), REFUSAL_NONE);
    assert_null(rig_next(rig, "room"));
    assert_int_equal(rig_event_count(rig), 1);
    assert_int_equal(rig_event(rig, 0)->type, EVENT_COUNTER_READY);
    assert_null(rig_next(rig, "room")); /* it was ready */
    assert_int_equal(rig_event_count(rig), 0);
}

static void a_ticket_is_called_once_however_many_ask(void **state)
{
    struct rig *rig = *state;
    rig_issue(rig, "housing");
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "1"), REFUSAL_NONE);
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "3"), REFUSAL_NONE);
    assert_non_null(rig_next(rig, "1"));
    struct event called = *rig_event(rig, 0);
    assert_null(rig_next(rig, "3"));
    kit_set(called.counter, sizeof(called.counter), "3");
    rig_assert_aborts(rig, &called); /* even if somebody wrote it */
}

static void two_tickets_at_one_counter_stop_the_program(void **state)
{
    struct rig *rig = *state;
    rig_issue(rig, "housing");
    char second[QUARTER_ULID_LEN + 1];
    memcpy(second, rig_issue(rig, "housing")->id, sizeof(second));
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "1"), REFUSAL_NONE);
    rig_next(rig, "1");
    struct event called = *rig_event(rig, 0);
    memcpy(called.ticket, second, sizeof(second));
    called.body.called.announcement++;
    rig_assert_aborts(rig, &called);
}

static void a_no_show_frees_the_counter(void **state)
{
    struct rig *rig = *state;
    bring_about(rig, RECALLED);
    assert_int_equal(rig_at(rig, COMMAND_NO_SHOW, "1"), REFUSAL_NONE);
    assert_false(rig_event(rig, 0)->body.no_show.by_day_end);
    assert_int_equal(engine_ticket(rig->engine, 0)->state, TICKET_NO_SHOW);
    assert_null(rig_next(rig, "1"));
    assert_int_equal(rig_at(rig, COMMAND_CLOSE_COUNTER, "1"), REFUSAL_NONE);
}

static void standing_calls_come_newest_first(void **state)
{
    struct rig *rig = *state;
    static const char *const counters[] = {"1", "2", "3", "room"};
    static const char *const services[] = {"repairs", "tax", "parking", "housing"};
    for (int i = 0; i < 4; i++) {
        rig_issue(rig, services[i]);
    }
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "room"), REFUSAL_NONE);
    assert_string_equal(rig_next(rig, "room")->number, "H02");
    for (int i = 0; i < 3; i++) {
        assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, counters[i]), REFUSAL_NONE);
        assert_non_null(rig_next(rig, counters[i]));
    }
    assert_int_equal(rig_at(rig, COMMAND_RECALL, "1"),
                     REFUSAL_NONE); /* H01 once more: newest again */
    assert_int_equal(rig_at(rig, COMMAND_START, "2"), REFUSAL_NONE); /* C01 stands no more */
    const struct ticket *calls[4] = {NULL};
    assert_int_equal(engine_standing_calls(rig->engine, calls, 4), 3);
    assert_string_equal(calls[0]->number, "H01");
    assert_string_equal(calls[1]->number, "P01");
    assert_string_equal(calls[2]->number, "H02");
    assert_null(calls[3]);
    const struct ticket *newest[2] = {NULL};
    assert_int_equal(engine_standing_calls(rig->engine, newest, 1), 3);
    assert_string_equal(newest[0]->number, "H01");
    assert_null(newest[1]);
    assert_int_equal(engine_standing_calls(rig->engine, NULL, 0), 3);
    assert_int_equal(engine_last_announcement(rig->engine), 5);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_setup_open, rig_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_in_every_state_does_the_right_thing),
        TEST(a_visit_goes_from_ticket_to_outcome),
        TEST(the_longest_waiting_within_the_offer_comes_first),
        TEST(nobody_to_serve_is_no_refusal),
        TEST(a_ticket_is_called_once_however_many_ask),
        TEST(two_tickets_at_one_counter_stop_the_program),
        TEST(a_no_show_frees_the_counter),
        TEST(standing_calls_come_newest_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
