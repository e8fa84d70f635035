/* Numbers: small from 1, blocks from the top, never twice, never used up before 999. */
#include "test_engine_rig.h"

#include <stdio.h>
#include <string.h>

#include "test_kit.h"

static enum refusal reserve(struct rig *rig, const char *device, const char *service)
{
    struct command command = rig_command(rig, COMMAND_RESERVE_NUMBERS);
    snprintf(command.device, sizeof(command.device), "%s", device);
    snprintf(command.service, sizeof(command.service), "%s", service);
    return rig_do(rig, &command);
}

static enum refusal issue_reserved(struct rig *rig, const char *device, const char *service,
                                   int32_t number)
{
    struct command command = rig_command(rig, COMMAND_ISSUE);
    rig_id(command.ticket_id, ++rig->next_id);
    snprintf(command.device, sizeof(command.device), "%s", device);
    snprintf(command.service, sizeof(command.service), "%s", service);
    command.number = number;
    command.occurred_at_ms = rig->now_ms - 60000;
    return rig_do(rig, &command);
}

static void assert_block(const struct rig *rig, const char *prefix, int32_t first, int32_t last)
{
    assert_int_equal(rig_event_count(rig), 1);
    const struct event *event = rig_event(rig, 0);
    assert_int_equal(event->type, EVENT_NUMBERS_RESERVED);
    assert_string_equal(event->body.reserved.prefix, prefix);
    assert_int_equal(event->body.reserved.first, first);
    assert_int_equal(event->body.reserved.last, last);
}

static void numbers_start_at_one_for_each_prefix(void **state)
{
    struct rig *rig = *state;
    assert_string_equal(rig_issue(rig, "housing")->number, "H01");
    assert_string_equal(rig_issue(rig, "tax")->number, "C01");
    assert_string_equal(rig_issue(rig, "housing")->number, "H02");
}

static void services_with_one_prefix_share_one_run(void **state)
{
    struct rig *rig = *state;
    assert_string_equal(rig_issue(rig, "housing")->number, "H01");
    assert_string_equal(rig_issue(rig, "repairs")->number, "H02");
    assert_string_equal(rig_issue(rig, "housing")->number, "H03");
}

static void a_busy_day_goes_on_with_three_digits(void **state)
{
    struct rig *rig = *state;
    rig->rules.last_number = 99;
    rig->rules.reserved_from = 80;
    engine_set_rules(rig->engine, &rig->rules);
    const struct ticket *ticket = NULL;
    for (int i = 1; i < 80; i++) {
        ticket = rig_issue(rig, "tax");
    }
    assert_string_equal(ticket->number, "C79");
    assert_string_equal(rig_issue(rig, "tax")->number, "C100");
    assert_string_equal(rig_issue(rig, "tax")->number, "C101");
    assert_int_equal(reserve(rig, "kiosk-1", "tax"), REFUSAL_NONE);
    assert_block(rig, "C", 95, 99);
}

static void numbers_are_used_up_only_past_999(void **state)
{
    struct rig *rig = *state;
    const struct ticket *ticket = NULL;
    for (int i = 0; i < 19 + 970; i++) { /* all but 20-29 */
        ticket = rig_issue(rig, "tax");
    }
    assert_string_equal(ticket->number, "C999");
    struct command command = rig_command(rig, COMMAND_ISSUE);
    rig_id(command.ticket_id, ++rig->next_id);
    kit_set(command.service, sizeof(command.service), "tax");
    assert_int_equal(rig_do(rig, &command), REFUSAL_NUMBERS_USED_UP);
    kit_set(command.service, sizeof(command.service), "parking");
    assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
    assert_int_equal(reserve(rig, "kiosk-1", "tax"), REFUSAL_NONE);
    assert_int_equal(reserve(rig, "kiosk-1", "tax"), REFUSAL_NONE);
    assert_int_equal(reserve(rig, "kiosk-1", "tax"), REFUSAL_NUMBERS_USED_UP);
}

static void blocks_come_from_the_top_and_never_overlap(void **state)
{
    struct rig *rig = *state;
    assert_int_equal(reserve(rig, "kiosk-1", "housing"), REFUSAL_NONE);
    assert_block(rig, "H", 25, 29);
    assert_int_equal(reserve(rig, "kiosk-2", "repairs"), REFUSAL_NONE); /* the same run */
    assert_block(rig, "H", 20, 24);
    assert_int_equal(reserve(rig, "kiosk-1", "tax"), REFUSAL_NONE);
    assert_block(rig, "C", 25, 29);
    assert_int_equal(reserve(rig, "kiosk-1", "housing"), REFUSAL_NONE); /* goes on from 999 down */
    assert_block(rig, "H", 995, 999);
}

static void issuing_steps_over_reserved_blocks(void **state)
{
    struct rig *rig = *state;
    rig->rules.last_number = 4; /* a site that reserves nothing below */
    rig->rules.reserved_from = 0;
    rig->rules.reserved_block = 994;
    engine_set_rules(rig->engine, &rig->rules);
    assert_int_equal(reserve(rig, "kiosk-1", "tax"), REFUSAL_NONE);
    assert_block(rig, "C", 6, 999);
    for (int i = 1; i <= 5; i++) {
        rig_issue(rig, "tax");
    }
    struct command command = rig_command(rig, COMMAND_ISSUE);
    rig_id(command.ticket_id, ++rig->next_id);
    kit_set(command.service, sizeof(command.service), "tax");
    assert_int_equal(rig_do(rig, &command), REFUSAL_NUMBERS_USED_UP);
}

static void a_reserved_number_is_used_once_by_its_device(void **state)
{
    struct rig *rig = *state;
    assert_int_equal(reserve(rig, "kiosk-1", "housing"), REFUSAL_NONE);
    assert_int_equal(issue_reserved(rig, "kiosk-2", "housing", 25), REFUSAL_NUMBER_NOT_RESERVED);
    assert_int_equal(issue_reserved(rig, "kiosk-1", "housing", 24), REFUSAL_NUMBER_NOT_RESERVED);
    assert_int_equal(issue_reserved(rig, "kiosk-1", "tax", 25), REFUSAL_NUMBER_NOT_RESERVED);
    assert_int_equal(issue_reserved(rig, "kiosk-1", "housing", 1), REFUSAL_NUMBER_NOT_RESERVED);
    assert_int_equal(issue_reserved(rig, "kiosk-1", "housing", -7), REFUSAL_NUMBER_NOT_RESERVED);
    assert_int_equal(issue_reserved(rig, "kiosk-1", "housing", 2147483647),
                     REFUSAL_NUMBER_NOT_RESERVED);
    assert_int_equal(issue_reserved(rig, "kiosk-1", "housing", 25), REFUSAL_NONE);
    assert_int_equal(issue_reserved(rig, "kiosk-1", "housing", 25), REFUSAL_NUMBER_NOT_RESERVED);
    assert_int_equal(issue_reserved(rig, "kiosk-1", "repairs", 26),
                     REFUSAL_NONE); /* the same run */
}

static void what_was_handed_over_outlives_its_service(void **state)
{
    struct rig *rig = *state;
    assert_int_equal(reserve(rig, "kiosk-1", "tax"), REFUSAL_NONE);
    rig->rules.service_count = 2; /* tax and all after it vanish */
    kit_set(rig->rules.hash, sizeof(rig->rules.hash), "hash-b");
    engine_set_rules(rig->engine, &rig->rules);
    assert_int_equal(reserve(rig, "kiosk-1", "tax"), REFUSAL_SERVICE_RETIRED);
    assert_int_equal(issue_reserved(rig, "kiosk-1", "tax", 29), REFUSAL_NONE);
}

static void reserving_needs_an_open_day_and_a_service(void **state)
{
    struct rig *rig = *state;
    assert_int_equal(reserve(rig, "kiosk-1", "nothing"), REFUSAL_UNKNOWN_SERVICE);
    struct command command = rig_command(rig, COMMAND_CLOSE_DAY);
    assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
    assert_int_equal(reserve(rig, "kiosk-1", "tax"), REFUSAL_DAY_CLOSED);
    rig->rules.reserved_block = 0;
    command = rig_command(rig, COMMAND_OPEN_DAY);
    assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
    engine_set_rules(rig->engine, &rig->rules);
    assert_int_equal(reserve(rig, "kiosk-1", "tax"), REFUSAL_NUMBERS_USED_UP);
}

static void a_number_used_twice_stops_the_program(void **state)
{
    struct rig *rig = *state;
    rig_issue(rig, "tax");
    struct event event = *rig_event(rig, 0);
    rig_id(event.ticket, 99);
    rig_assert_aborts(rig, &event);
    assert_int_equal(reserve(rig, "kiosk-1", "tax"), REFUSAL_NONE);
    event = *rig_event(rig, 0);
    rig_assert_aborts(rig, &event);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_setup_open, rig_teardown)
    const struct CMUnitTest tests[] = {
        TEST(numbers_start_at_one_for_each_prefix),
        TEST(services_with_one_prefix_share_one_run),
        TEST(a_busy_day_goes_on_with_three_digits),
        TEST(numbers_are_used_up_only_past_999),
        TEST(blocks_come_from_the_top_and_never_overlap),
        TEST(issuing_steps_over_reserved_blocks),
        TEST(a_reserved_number_is_used_once_by_its_device),
        TEST(what_was_handed_over_outlives_its_service),
        TEST(reserving_needs_an_open_day_and_a_service),
        TEST(a_number_used_twice_stops_the_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
