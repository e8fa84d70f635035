/* What happens at a kiosk beside tickets: visits that end there, calls for help, and why a contact need not have been. */
#include <stdio.h>
#include <string.h>

#include "test_engine_rig.h"
#include "test_kit.h"

static struct command at_kiosk(const struct rig *rig, enum command_type type, const char *device)
{
    struct command command = rig_command(rig, type);
    snprintf(command.device, sizeof(command.device), "%s", device);
    return command;
}

static enum refusal help(struct rig *rig, enum command_type type, const char *device)
{
    struct command command = at_kiosk(rig, type, device);
    return rig_do(rig, &command);
}

static struct command visit(const struct rig *rig, const char *service)
{
    struct command command = at_kiosk(rig, COMMAND_RECORD_VISIT, "kiosk-1");
    snprintf(command.service, sizeof(command.service), "%s", service);
    return command;
}

static void a_visit_that_never_queued_is_counted_by_kind(void **state)
{
    struct rig *rig = *state;
    struct command command = visit(rig, "tax");
    kit_set(command.signpost, sizeof(command.signpost), "bill_online");
    kit_set(command.language, sizeof(command.language), "pl");
    kit_set(command.avoidable, sizeof(command.avoidable), "wrong_place");
    assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
    assert_int_equal(rig_event_count(rig), 1);
    const struct event *event = rig_event(rig, 0);
    assert_int_equal(event->type, EVENT_VISIT_RECORDED);
    assert_string_equal(event->ticket, "");
    assert_string_equal(event->body.visit.service, "tax");
    assert_string_equal(event->body.visit.signpost, "bill_online");
    assert_string_equal(event->body.visit.language, "pl");
    assert_string_equal(event->body.visit.device, "kiosk-1");
    assert_string_equal(event->body.visit.avoidable, "wrong_place");
    command.visit_kind = VISIT_SELF_SERVED;
    assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
    assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
    assert_int_equal(engine_visit_count(rig->engine, VISIT_SIGNPOSTED), 1);
    assert_int_equal(engine_visit_count(rig->engine, VISIT_SELF_SERVED), 2);
    assert_int_equal(engine_ticket_count(rig->engine), 0);
    assert_int_equal(rig_replay_digest(rig, &rig->rules), engine_digest(rig->engine));
}

static void a_visit_is_of_an_open_day_and_of_what_the_site_knows(void **state)
{
    struct rig *rig = *state;
    struct command command = visit(rig, "nothing");
    assert_int_equal(rig_do(rig, &command), REFUSAL_UNKNOWN_SERVICE);
    command = visit(rig, "tax");
    kit_set(command.language, sizeof(command.language), "xx");
    assert_int_equal(rig_do(rig, &command), REFUSAL_UNKNOWN_LANGUAGE);
    (void)rig_issue(rig, "tax"); /* the day is under way: codes only go with it */
    struct rules other = rig->rules;
    kit_set(other.hash, sizeof(other.hash), "hash-b");
    kit_set(other.services[2].code, sizeof(other.services[2].code), "bins");
    engine_set_rules(rig->engine, &other);
    command = visit(rig, "tax"); /* was shown before the site changed */
    assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
    assert_int_equal(help(rig, COMMAND_CLOSE_DAY, ""), REFUSAL_NONE);
    command = visit(rig, "parking");
    assert_int_equal(rig_do(rig, &command), REFUSAL_DAY_CLOSED);
}

static void a_new_day_counts_anew(void **state)
{
    struct rig *rig = *state;
    struct command command = visit(rig, "tax");
    assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
    assert_int_equal(help(rig, COMMAND_CLOSE_DAY, ""), REFUSAL_NONE);
    assert_int_equal(engine_visit_count(rig->engine, VISIT_SIGNPOSTED), 1);
    command = rig_command(rig, COMMAND_OPEN_DAY);
    kit_set(command.day, sizeof(command.day), "2026-11-25");
    assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
    assert_int_equal(engine_visit_count(rig->engine, VISIT_SIGNPOSTED), 0);
}

static void a_ticket_keeps_why_the_contact_was_avoidable(void **state)
{
    struct rig *rig = *state;
    struct command command = rig_command(rig, COMMAND_ISSUE);
    rig_id(command.ticket_id, ++rig->next_id);
    kit_set(command.service, sizeof(command.service), "tax");
    kit_set(command.avoidable, sizeof(command.avoidable), "chasing");
    assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
    assert_string_equal(engine_find_ticket(rig->engine, command.ticket_id)->avoidable, "chasing");
    assert_int_equal(rig_replay_digest(rig, &rig->rules), engine_digest(rig->engine));
    rig->log[rig->log_count - 1].body.issued.avoidable[0] = '\0';
    assert_int_not_equal(rig_replay_digest(rig, &rig->rules), engine_digest(rig->engine));
}

static void a_call_for_help_stands_until_somebody_goes(void **state)
{
    struct rig *rig = *state;
    struct command command = at_kiosk(rig, COMMAND_CALL_HELP, "kiosk-1");
    kit_set(command.language, sizeof(command.language), "pl");
    assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
    assert_int_equal(rig_event_count(rig), 1);
    const int64_t called_ms = rig->now_ms;
    rig->now_ms += 3600000;
    assert_int_equal(help(rig, COMMAND_CALL_HELP, "kiosk-1"), REFUSAL_NONE);
    assert_int_equal(rig_event_count(rig), 0); /* it calls already */
    const struct help_call *call = engine_find_help(rig->engine, "kiosk-1", rig->now_ms);
    assert_non_null(call);
    assert_int_equal(call->since_ms, called_ms);
    assert_int_equal(call->answered_at_ms, 0);
    assert_string_equal(call->language, "pl");
    assert_int_equal(help(rig, COMMAND_ANSWER_HELP, "kiosk-1"), REFUSAL_NONE);
    assert_int_equal(help(rig, COMMAND_ANSWER_HELP, "kiosk-1"), REFUSAL_NONE);
    assert_int_equal(rig_event_count(rig), 0); /* a colleague was faster */
    assert_int_equal(call->answered_at_ms, rig->now_ms);
    assert_non_null(engine_help_call(rig->engine, 0, rig->now_ms + engine_help_shown_ms - 1));
    assert_null(engine_help_call(rig->engine, 0, rig->now_ms + engine_help_shown_ms));
    rig->now_ms += engine_help_shown_ms;
    assert_int_equal(help(rig, COMMAND_ANSWER_HELP, "kiosk-1"), REFUSAL_NO_HELP_CALL);
    assert_int_equal(rig_replay_digest(rig, &rig->rules), engine_digest(rig->engine));
}

static void who_calls_again_after_an_answer_calls_anew(void **state)
{
    struct rig *rig = *state;
    assert_int_equal(help(rig, COMMAND_CALL_HELP, "kiosk-1"), REFUSAL_NONE);
    assert_int_equal(help(rig, COMMAND_CALL_HELP, "kiosk-2"), REFUSAL_NONE);
    assert_int_equal(help(rig, COMMAND_ANSWER_HELP, "kiosk-1"), REFUSAL_NONE);
    rig->now_ms += 1000;
    assert_int_equal(help(rig, COMMAND_CALL_HELP, "kiosk-1"), REFUSAL_NONE);
    assert_string_equal(engine_help_call(rig->engine, 0, rig->now_ms)->device, "kiosk-2");
    assert_string_equal(engine_help_call(rig->engine, 1, rig->now_ms)->device, "kiosk-1");
    assert_int_equal(engine_help_call(rig->engine, 1, rig->now_ms)->answered_at_ms, 0);
    assert_null(engine_help_call(rig->engine, 2, rig->now_ms));
}

static void help_is_taken_back_and_ends_with_the_day(void **state)
{
    struct rig *rig = *state;
    assert_int_equal(help(rig, COMMAND_CANCEL_HELP, "kiosk-1"), REFUSAL_NONE);
    assert_int_equal(rig_event_count(rig), 0);
    assert_int_equal(help(rig, COMMAND_CALL_HELP, "kiosk-1"), REFUSAL_NONE);
    assert_int_equal(help(rig, COMMAND_CANCEL_HELP, "kiosk-1"), REFUSAL_NONE);
    assert_true(rig_event(rig, 0)->body.help_answered.cancelled);
    assert_null(engine_find_help(rig->engine, "kiosk-1", rig->now_ms));
    assert_int_equal(help(rig, COMMAND_CALL_HELP, "kiosk-2"), REFUSAL_NONE);
    assert_int_equal(help(rig, COMMAND_CLOSE_DAY, ""), REFUSAL_NONE);
    assert_int_equal(rig_event_count(rig), 2);
    assert_int_equal(rig_event(rig, 0)->type, EVENT_HELP_ANSWERED);
    assert_null(engine_help_call(rig->engine, 0, rig->now_ms));
    assert_int_equal(help(rig, COMMAND_CALL_HELP, "kiosk-2"), REFUSAL_DAY_CLOSED);
    assert_int_equal(rig_replay_digest(rig, &rig->rules), engine_digest(rig->engine));
}

static void calls_for_help_are_bounded_and_old_ones_make_room(void **state)
{
    struct rig *rig = *state;
    char device[QUARTER_CODE_MAX + 1];
    for (int i = 0; i < ENGINE_HELP_MAX; i++) {
        snprintf(device, sizeof(device), "kiosk-%d", i);
        assert_int_equal(help(rig, COMMAND_CALL_HELP, device), REFUSAL_NONE);
    }
    assert_int_equal(help(rig, COMMAND_CALL_HELP, "one-more"), REFUSAL_TOO_MANY_HELP_CALLS);
    assert_int_equal(help(rig, COMMAND_ANSWER_HELP, "kiosk-3"), REFUSAL_NONE);
    assert_int_equal(help(rig, COMMAND_CALL_HELP, "one-more"), REFUSAL_TOO_MANY_HELP_CALLS);
    assert_int_equal(help(rig, COMMAND_CALL_HELP, "kiosk-3"), REFUSAL_NONE); /* has a place */
    assert_int_equal(help(rig, COMMAND_ANSWER_HELP, "kiosk-3"), REFUSAL_NONE);
    rig->now_ms += engine_help_shown_ms;
    assert_int_equal(help(rig, COMMAND_CALL_HELP, "one-more"), REFUSAL_NONE);
}

static void what_cannot_be_stops_the_program(void **state)
{
    struct rig *rig = *state;
    struct event event = {
        .type = EVENT_HELP_ANSWERED, .at_ms = rig->now_ms, .body.help_answered.device = "kiosk-1"};
    rig_assert_aborts(rig, &event);
    assert_int_equal(help(rig, COMMAND_CALL_HELP, "kiosk-1"), REFUSAL_NONE);
    event = *rig_event(rig, 0);
    rig_assert_aborts(rig, &event);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup_open, rig_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_visit_that_never_queued_is_counted_by_kind),
        TEST(a_visit_is_of_an_open_day_and_of_what_the_site_knows),
        TEST(a_new_day_counts_anew),
        TEST(a_ticket_keeps_why_the_contact_was_avoidable),
        TEST(a_call_for_help_stands_until_somebody_goes),
        TEST(who_calls_again_after_an_answer_calls_anew),
        TEST(help_is_taken_back_and_ends_with_the_day),
        TEST(calls_for_help_are_bounded_and_old_ones_make_room),
        TEST(what_cannot_be_stops_the_program),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
