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

static void a_visit_is_of_what_the_site_knows_at_any_hour(void **state)
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
    command = visit(rig, "parking"); /* somebody is in the building, and the kiosk is on */
    kit_set(command.day, sizeof(command.day), "2026-11-25");
    assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
    assert_string_equal(rig_event(rig, 0)->day, "2026-11-25"); /* the calendar's */
    assert_int_equal(rig_replay_digest(rig, &rig->rules), engine_digest(rig->engine));
}

static void open_next_day(struct rig *rig)
{
    struct command command = rig_command(rig, COMMAND_OPEN_DAY);
    kit_set(command.day, sizeof(command.day), "2026-11-25");
    assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
}

/* Finger or moisture on the glass, all day long. */
static void a_stuck_kiosk_is_stopped(void **state)
{
    struct rig *rig = *state;
    struct command command = visit(rig, "tax");
    for (int i = 0; i < ENGINE_VISITS_MAX; i++) {
        assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
    }
    assert_int_equal(rig_do(rig, &command), REFUSAL_TOO_MANY_VISITS);
    kit_set(command.device, sizeof(command.device), "kiosk-2");
    assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
    command.device[0] = '\0';
    assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
    assert_int_equal(rig_replay_digest(rig, &rig->rules), engine_digest(rig->engine));
    assert_int_equal(help(rig, COMMAND_CLOSE_DAY, ""), REFUSAL_NONE);
    open_next_day(rig);
    command = visit(rig, "tax");
    assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
}

/* Names without end are no way round it. */
static void devices_without_end_share_one_bound(void **state)
{
    struct rig *rig = *state;
    struct command command = visit(rig, "tax");
    int recorded = 0;
    enum refusal refusal = REFUSAL_NONE;
    while (recorded < 200 * ENGINE_VISITS_MAX && refusal == REFUSAL_NONE) {
        (void)snprintf(command.device, sizeof(command.device), "device-%d", recorded);
        refusal = rig_do(rig, &command);
        recorded += refusal == REFUSAL_NONE;
    }
    assert_int_equal(refusal, REFUSAL_TOO_MANY_VISITS);
    assert_in_range(recorded, ENGINE_VISITS_MAX, ENGINE_VISITS_MAX + 100);
    assert_int_equal(help(rig, COMMAND_CLOSE_DAY, ""), REFUSAL_NONE);
    open_next_day(rig);
    for (int i = 0; i < 100; i++) {
        (void)snprintf(command.device, sizeof(command.device), "other-%d", i);
        assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
    }
}

static void a_new_day_counts_anew(void **state)
{
    struct rig *rig = *state;
    struct command command = visit(rig, "tax");
    assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
    assert_int_equal(help(rig, COMMAND_CLOSE_DAY, ""), REFUSAL_NONE);
    assert_int_equal(engine_visit_count(rig->engine, VISIT_SIGNPOSTED), 1);
    open_next_day(rig);
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
    assert_int_equal(rig_replay_digest(rig, &rig->rules), engine_digest(rig->engine));
}

/* As a start does: from the newest day's opening on. */
static uint64_t digest_of_newest_day(const struct rig *rig)
{
    struct engine *engine = engine_create();
    size_t first = rig->log_count;
    while (rig->log[--first].type != EVENT_DAY_OPENED) {
    }
    engine_set_rules(engine, &rig->rules);
    for (size_t i = first; i < rig->log_count; i++) {
        engine_evolve(engine, &rig->log[i]);
    }
    const uint64_t digest = engine_digest(engine);
    engine_destroy(engine);
    return digest;
}

/* In the evening, at night and before the doors open, somebody is in the building and needs help. */
static void help_is_called_while_the_day_is_closed(void **state)
{
    struct rig *rig = *state;
    assert_int_equal(help(rig, COMMAND_CLOSE_DAY, ""), REFUSAL_NONE);
    assert_int_equal(help(rig, COMMAND_CALL_HELP, "kiosk-1"), REFUSAL_NONE);
    assert_int_equal(help(rig, COMMAND_ANSWER_HELP, "kiosk-1"), REFUSAL_NONE);
    assert_int_equal(help(rig, COMMAND_CALL_HELP, "kiosk-2"), REFUSAL_NONE);
    assert_int_equal(help(rig, COMMAND_CANCEL_HELP, "kiosk-2"), REFUSAL_NONE);
    assert_int_equal(help(rig, COMMAND_CALL_HELP, "forgotten"), REFUSAL_NONE);
    rig->now_ms += 3600000;
    assert_int_equal(help(rig, COMMAND_CALL_HELP, "kiosk-3"), REFUSAL_NONE);
    const int64_t called_ms = rig->now_ms;
    assert_int_equal(rig_replay_digest(rig, &rig->rules), engine_digest(rig->engine));
    rig->now_ms += 60000;
    open_next_day(rig);
    const struct help_call *call = engine_help_call(rig->engine, 0, rig->now_ms);
    assert_non_null(call);
    assert_string_equal(call->device, "kiosk-3");
    assert_int_equal(call->since_ms, called_ms);
    assert_null(engine_help_call(rig->engine, 1, rig->now_ms));
    assert_int_equal(digest_of_newest_day(rig), engine_digest(rig->engine));
    assert_int_equal(help(rig, COMMAND_ANSWER_HELP, "kiosk-3"), REFUSAL_NONE);
    assert_int_equal(digest_of_newest_day(rig), engine_digest(rig->engine));
}

/* The same day goes on where it was, and is read from its first opening. */
static void a_day_that_is_opened_again_keeps_who_calls(void **state)
{
    struct rig *rig = *state;
    assert_int_equal(help(rig, COMMAND_CLOSE_DAY, ""), REFUSAL_NONE);
    assert_int_equal(help(rig, COMMAND_CALL_HELP, "kiosk-1"), REFUSAL_NONE);
    struct command command = rig_command(rig, COMMAND_OPEN_DAY);
    kit_set(command.day, sizeof(command.day), engine_day(rig->engine));
    assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
    assert_non_null(engine_find_help(rig->engine, "kiosk-1", rig->now_ms));
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
        TEST(a_visit_is_of_what_the_site_knows_at_any_hour),
        TEST(a_new_day_counts_anew),
        TEST(a_stuck_kiosk_is_stopped),
        TEST(devices_without_end_share_one_bound),
        TEST(help_is_called_while_the_day_is_closed),
        TEST(a_day_that_is_opened_again_keeps_who_calls),
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
