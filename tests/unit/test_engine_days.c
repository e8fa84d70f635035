/* Days, sites and visits: what opens, closes and changes around the counters; who waits, where, and
 * since when. */
#include "test_engine_rig.h"

#include <stdio.h>
#include <string.h>

#include "test_kit.h"

static enum refusal day(struct rig *rig, enum command_type type, const char *name)
{
    struct command command = rig_command(rig, type);
    snprintf(command.day, sizeof(command.day), "%s", name);
    return rig_do(rig, &command);
}

static enum refusal apply(struct rig *rig, const char *hash)
{
    snprintf(rig->rules.hash, sizeof(rig->rules.hash), "%s", hash);
    struct command command = rig_command(rig, COMMAND_APPLY_SITE);
    engine_decide(rig->engine, &command, &rig->decision);
    if (rig->decision.refusal == REFUSAL_NONE) {
        engine_set_rules(rig->engine, &rig->rules);
    }
    return rig_do(rig, &command);
}

static struct command visit(struct rig *rig, const char *service)
{
    struct command command = rig_command(rig, COMMAND_ISSUE);
    rig_id(command.ticket_id, ++rig->next_id);
    snprintf(command.service, sizeof(command.service), "%s", service);
    return command;
}

static void remove_service(struct rules *rules, int index)
{
    for (int i = index; i + 1 < rules->service_count; i++) {
        rules->services[i] = rules->services[i + 1];
    }
    rules->service_count--;
    uint64_t below = (UINT64_C(1) << index) - 1;
    for (int i = 0; i < rules->counter_count; i++) {
        uint64_t bits = rules->counters[i].services;
        rules->counters[i].services = (bits & below) | (bits >> 1 & ~below);
    }
}

static void before_the_first_day_all_is_closed(void **state)
{
    struct rig *rig = *state;
    assert_false(engine_day_is_open(rig->engine));
    assert_string_equal(engine_day(rig->engine), "");
    struct command command = visit(rig, "tax");
    assert_int_equal(rig_do(rig, &command), REFUSAL_DAY_CLOSED);
    kit_set(command.service, sizeof(command.service), "nothing");
    assert_int_equal(rig_do(rig, &command), REFUSAL_UNKNOWN_SERVICE);
    assert_int_equal(day(rig, COMMAND_CLOSE_DAY, RIG_DAY), REFUSAL_DAY_CLOSED);
}

static void a_day_opens_with_its_site(void **state)
{
    struct rig *rig = *state;
    assert_int_equal(day(rig, COMMAND_OPEN_DAY, RIG_DAY), REFUSAL_NONE);
    assert_int_equal(rig_event_count(rig), 2);
    assert_int_equal(rig_event(rig, 0)->type, EVENT_DAY_OPENED);
    assert_string_equal(rig_event(rig, 0)->day, RIG_DAY);
    assert_int_equal(rig_event(rig, 1)->type, EVENT_SITE_APPLIED);
    assert_string_equal(rig_event(rig, 1)->day, RIG_DAY);
    assert_string_equal(engine_site_hash(rig->engine), "hash-a");
    assert_true(engine_day_is_open(rig->engine));
    assert_string_equal(engine_day(rig->engine), RIG_DAY);
    assert_int_equal(day(rig, COMMAND_OPEN_DAY, "2026-11-25"), REFUSAL_DAY_OPEN_ALREADY);
}

static void closing_a_day_accounts_for_everybody(void **state)
{
    struct rig *rig = *state;
    static const char *const counters[] = {"1", "2", "3"};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, counters[i]), REFUSAL_NONE);
        rig_issue(rig, i == 1 ? "tax" : "housing");
        rig_next(rig, counters[i]);
    }
    assert_int_equal(rig_at(rig, COMMAND_START, "2"), REFUSAL_NONE);
    rig_issue(rig, "parking");
    rig_issue(rig, "orphan");
    rig->now_ms += 5000;
    assert_int_equal(day(rig, COMMAND_CLOSE_DAY, RIG_DAY), REFUSAL_NONE);
    static const enum event_type expected[] = {
        EVENT_TICKET_LEFT,    EVENT_TICKET_LEFT,    EVENT_TICKET_NO_SHOW,
        EVENT_TICKET_NO_SHOW, EVENT_TICKET_CLOSED,  EVENT_COUNTER_CLOSED,
        EVENT_COUNTER_CLOSED, EVENT_COUNTER_CLOSED, EVENT_DAY_CLOSED};
    assert_int_equal(rig_event_count(rig), 9);
    for (size_t i = 0; i < 9; i++) {
        assert_int_equal(rig_event(rig, i)->type, expected[i]);
        assert_int_equal(rig_event(rig, i)->at_ms, rig->now_ms);
    }
    assert_true(rig_event(rig, 0)->body.left.by_day_end);
    assert_true(rig_event(rig, 2)->body.no_show.by_day_end);
    assert_string_equal(rig_event(rig, 2)->counter, "1");
    assert_int_equal(rig_event(rig, 4)->body.closed.outcome, OUTCOME_UNRECORDED);
    assert_int_equal(rig_event(rig, 8)->body.day_closed.left, 2);
    assert_int_equal(rig_event(rig, 8)->body.day_closed.no_show, 2);
    assert_int_equal(rig_event(rig, 8)->body.day_closed.unrecorded, 1);
    assert_false(engine_day_is_open(rig->engine));
    assert_int_equal(engine_ticket_count(rig->engine), 5); /* still there to be read */
    assert_true(rig_replay_digest(rig, &rig->rules) == engine_digest(rig->engine));
}

static void a_new_day_starts_from_nothing(void **state)
{
    struct rig *rig = *state;
    char yesterday[QUARTER_ULID_LEN + 1];
    memcpy(yesterday, rig_issue(rig, "tax")->id, sizeof(yesterday));
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "2"), REFUSAL_NONE);
    rig_next(rig, "2");
    assert_int_equal(day(rig, COMMAND_CLOSE_DAY, RIG_DAY), REFUSAL_NONE);
    assert_int_equal(day(rig, COMMAND_OPEN_DAY, "2026-11-23"), REFUSAL_DAY_OVER);
    assert_int_equal(day(rig, COMMAND_OPEN_DAY, "2026-11-25"), REFUSAL_NONE);
    assert_null(engine_find_ticket(rig->engine, yesterday));
    assert_int_equal(engine_ticket_count(rig->engine), 0);
    assert_int_equal(engine_last_announcement(rig->engine), 0);
    assert_string_equal(rig_issue(rig, "tax")->number, "C01");
    assert_int_equal(rig_at(rig, COMMAND_NEXT, "2"), REFUSAL_COUNTER_NOT_OPEN);
    assert_true(rig_replay_digest(rig, &rig->rules) == engine_digest(rig->engine));
}

static void the_same_day_opened_again_goes_on(void **state)
{
    struct rig *rig = *state;
    char id[QUARTER_ULID_LEN + 1];
    memcpy(id, rig_issue(rig, "tax")->id, sizeof(id));
    assert_int_equal(day(rig, COMMAND_CLOSE_DAY, RIG_DAY), REFUSAL_NONE);
    assert_int_equal(day(rig, COMMAND_OPEN_DAY, RIG_DAY), REFUSAL_NONE);
    assert_int_equal(rig_event_count(rig), 1);
    assert_string_equal(rig_issue(rig, "tax")->number, "C02"); /* a number is used once a day */
    assert_int_equal(engine_find_ticket(rig->engine, id)->state, TICKET_LEFT);
    assert_true(rig_replay_digest(rig, &rig->rules) == engine_digest(rig->engine));
}

static void a_day_opened_again_under_a_new_site_says_so(void **state)
{
    struct rig *rig = *state;
    assert_int_equal(day(rig, COMMAND_CLOSE_DAY, RIG_DAY), REFUSAL_NONE);
    kit_set(rig->rules.hash, sizeof(rig->rules.hash), "hash-b");
    engine_set_rules(rig->engine, &rig->rules);
    assert_int_equal(day(rig, COMMAND_OPEN_DAY, RIG_DAY), REFUSAL_NONE);
    assert_int_equal(rig_event_count(rig), 2);
    assert_string_equal(engine_site_hash(rig->engine), "hash-b");
}

static void a_visit_with_unknown_words_is_refused(void **state)
{
    struct rig *rig = *state;
    struct command command = visit(rig, "taxi");
    assert_int_equal(rig_do(rig, &command), REFUSAL_UNKNOWN_SERVICE);
    command = visit(rig, "tax");
    kit_set(command.language, sizeof(command.language), "xx");
    assert_int_equal(rig_do(rig, &command), REFUSAL_UNKNOWN_LANGUAGE);
    kit_set(command.language, sizeof(command.language), "pl");
    command.need_count = 2;
    kit_set(command.needs[0], sizeof(command.needs[0]), "step_free");
    kit_set(command.needs[1], sizeof(command.needs[1]), "helicopter");
    assert_int_equal(rig_do(rig, &command), REFUSAL_UNKNOWN_NEED);
    kit_set(command.needs[1], sizeof(command.needs[1]), "interpreter");
    assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
    const struct ticket *ticket = engine_find_ticket(rig->engine, command.ticket_id);
    assert_string_equal(engine_language_code(rig->engine, ticket->language), "pl");
    assert_int_equal(ticket->needs, 3);
    assert_string_equal(engine_need_code(rig->engine, 1), "step_free");
    assert_int_equal(rig_do(rig, &command), REFUSAL_STATE_CONFLICT); /* issued already */
    assert_int_equal(engine_ticket_count(rig->engine), 1);
}

static void a_late_ticket_takes_the_place_of_its_arrival(void **state)
{
    struct rig *rig = *state;
    rig_issue(rig, "tax");
    rig->now_ms += 60000;
    rig_issue(rig, "tax");
    struct command command = visit(rig, "tax");
    command.occurred_at_ms = rig->now_ms - 30000;
    assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
    assert_int_equal(rig_event(rig, 0)->at_ms, rig->now_ms);
    assert_int_equal(rig_event(rig, 0)->occurred_at_ms, rig->now_ms - 30000);
    const struct ticket *late = engine_find_ticket(rig->engine, command.ticket_id);
    assert_true(late->unconfirmed);
    assert_int_equal(late->arrived_at_ms, rig->now_ms - 30000);
    assert_int_equal(engine_ahead_of_ticket(rig->engine, late, rig->now_ms), 1);
    const struct ticket *order[3] = {NULL};
    assert_int_equal(engine_waiting(rig->engine, rig->now_ms, order, 3), 3);
    assert_string_equal(order[0]->number, "C01");
    assert_string_equal(order[1]->number, "C03");
    assert_string_equal(order[2]->number, "C02");
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "2"), REFUSAL_NONE);
    rig_next(rig, "2");
    rig_at(rig, COMMAND_START, "2");
    rig_at(rig, COMMAND_FINISH, "2");
    assert_string_equal(rig_next(rig, "2")->id, command.ticket_id);
    assert_true(engine_find_ticket(rig->engine, command.ticket_id)->unconfirmed);
    rig_at(rig, COMMAND_START, "2"); /* now somebody sees its holder */
    assert_false(engine_find_ticket(rig->engine, command.ticket_id)->unconfirmed);
}

static void a_device_ahead_of_its_time_gains_nothing(void **state)
{
    struct rig *rig = *state;
    struct command command = visit(rig, "tax");
    command.occurred_at_ms = rig->now_ms + 60000;
    assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
    const struct ticket *ticket = engine_find_ticket(rig->engine, command.ticket_id);
    assert_int_equal(ticket->arrived_at_ms, rig->now_ms);
    assert_false(ticket->unconfirmed);
}

static void the_floor_is_told_when_nobody_serves(void **state)
{
    struct rig *rig = *state;
    rig_issue(rig, "orphan");
    assert_true(rig_event(rig, 0)->body.issued.nobody_serves);
    rig_issue(rig, "tax");
    assert_false(rig_event(rig, 0)->body.issued.nobody_serves);
}

static void only_who_waits_can_leave(void **state)
{
    struct rig *rig = *state;
    struct command command = rig_command(rig, COMMAND_LEAVE);
    rig_id(command.ticket_id, 77);
    assert_int_equal(rig_do(rig, &command), REFUSAL_UNKNOWN_TICKET);
    rig_issue(rig, "tax");
    rig_issue(rig, "tax");
    rig_id(command.ticket_id, 1);
    assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
    assert_false(rig_event(rig, 0)->body.left.by_day_end);
    assert_int_equal(engine_find_ticket(rig->engine, command.ticket_id)->ended_at_ms, rig->now_ms);
    assert_int_equal(rig_do(rig, &command), REFUSAL_STATE_CONFLICT);
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "2"), REFUSAL_NONE);
    assert_string_equal(rig_next(rig, "2")->number, "C02");
    rig_id(command.ticket_id, 2);
    assert_int_equal(rig_do(rig, &command), REFUSAL_STATE_CONFLICT);
}

static void places_count_those_who_compete(void **state)
{
    struct rig *rig = *state;
    rig->rules.counter_count = 2; /* "1" housing, repairs; "2" tax, parking: two separate worlds */
    assert_int_equal(apply(rig, "hash-b"), REFUSAL_NONE);
    rig_issue(rig, "housing");
    rig_issue(rig, "tax");
    rig_issue(rig, "orphan");
    rig_issue(rig, "repairs");
    assert_int_equal(
        engine_ahead_of_ticket(rig->engine, engine_ticket(rig->engine, 3), rig->now_ms), 1);
    assert_int_equal(
        engine_ahead_of_ticket(rig->engine, engine_ticket(rig->engine, 2), rig->now_ms), 0);
    assert_int_equal(engine_ahead_of_new(rig->engine, 0, rig->now_ms), 2);
    assert_int_equal(engine_ahead_of_new(rig->engine, 3, rig->now_ms), 1);
    assert_int_equal(engine_ahead_of_new(rig->engine, 4, rig->now_ms),
                     1); /* nobody serves it, but one stands there */
    assert_int_equal(engine_service_waiting(rig->engine, 1), 1);
}

static void only_who_waits_has_a_place(void **state)
{
    struct rig *rig = *state;
    rig_issue(rig, "parking");
    rig_issue(rig, "housing");
    assert_int_equal(
        engine_ahead_of_ticket(rig->engine, engine_ticket(rig->engine, 1), rig->now_ms), 1);
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "room"), REFUSAL_NONE);
    rig_next(rig, "room");
    assert_int_equal(
        engine_ahead_of_ticket(rig->engine, engine_ticket(rig->engine, 1), rig->now_ms), 0);
}

static void a_counter_can_stop_offering_a_service(void **state)
{
    struct rig *rig = *state;
    rig_issue(rig, "housing");
    rig_issue(rig, "repairs");
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "1"), REFUSAL_NONE);
    rig->rules.counters[0].services = 0x2;
    assert_int_equal(apply(rig, "hash-b"), REFUSAL_NONE);
    assert_string_equal(rig_next(rig, "1")->number, "H02");
}

static void a_new_site_never_renumbers_or_sends_away(void **state)
{
    struct rig *rig = *state;
    rig_issue(rig, "tax");
    rig_issue(rig, "parking");
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "room"), REFUSAL_NONE);
    remove_service(&rig->rules, 2); /* tax */
    rig->rules.counter_count = 3;   /* "room" */
    kit_set(rig->rules.services[rig->rules.service_count].code,
            sizeof(rig->rules.services[rig->rules.service_count].code), "bins");
    kit_set(rig->rules.services[rig->rules.service_count].prefix,
            sizeof(rig->rules.services[rig->rules.service_count].prefix), "B");
    rig->rules.counters[0].services |= UINT64_C(1) << rig->rules.service_count++;
    assert_int_equal(apply(rig, "hash-b"), REFUSAL_NONE);
    assert_string_equal(engine_site_hash(rig->engine), "hash-b");
    assert_string_equal(engine_service_code(rig->engine, 2), "tax");
    assert_true(engine_service_retired(rig->engine, 2));
    assert_string_equal(engine_service_code(rig->engine, 3), "parking");
    assert_string_equal(engine_service_code(rig->engine, 5), "bins");
    assert_false(engine_service_retired(rig->engine, 5));
    struct command command = visit(rig, "tax");
    assert_int_equal(rig_do(rig, &command), REFUSAL_SERVICE_RETIRED);
    rig_issue(rig, "bins");
    assert_int_equal(engine_counter(rig->engine, 0)->services, 0x23);
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "2"), REFUSAL_NONE);
    assert_string_equal(rig_next(rig, "2")->number, "C01"); /* who waits is still served */
    assert_true(engine_counter(rig->engine, engine_find_counter(rig->engine, "room"))->retired);
    assert_int_equal(rig_at(rig, COMMAND_NEXT, "room"), REFUSAL_UNKNOWN_COUNTER);
    assert_int_equal(rig_at(rig, COMMAND_CLOSE_COUNTER, "room"), REFUSAL_NONE);
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "room"), REFUSAL_UNKNOWN_COUNTER);
    assert_true(rig_replay_digest(rig, &rig->rules) == engine_digest(rig->engine));
    assert_int_equal(day(rig, COMMAND_CLOSE_DAY, RIG_DAY), REFUSAL_NONE);
    assert_int_equal(day(rig, COMMAND_OPEN_DAY, "2026-11-25"), REFUSAL_NONE);
    assert_int_equal(engine_service_count(rig->engine), 5); /* retired codes go with the day */
    assert_int_equal(engine_counter_count(rig->engine), 3);
}

static void a_visit_outlives_its_counter(void **state)
{
    struct rig *rig = *state;
    rig_issue(rig, "housing");
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "room"), REFUSAL_NONE);
    assert_non_null(rig_next(rig, "room"));
    rig->rules.counter_count = 3;
    assert_int_equal(apply(rig, "hash-b"), REFUSAL_NONE);
    assert_int_equal(rig_at(rig, COMMAND_START, "room"), REFUSAL_NONE);
    assert_int_equal(rig_at(rig, COMMAND_FINISH, "room"), REFUSAL_NONE);
}

static void the_same_site_again_is_no_event(void **state)
{
    struct rig *rig = *state;
    assert_int_equal(apply(rig, "hash-a"), REFUSAL_NONE);
    assert_int_equal(rig_event_count(rig), 0);
}

static void more_codes_than_a_mask_holds_are_refused(void **state)
{
    struct rig *rig = *state;
    rig_issue(rig, "tax");
    uint64_t before = engine_digest(rig->engine);
    for (int i = 0; i < QUARTER_SERVICES_MAX; i++) {
        snprintf(rig->rules.services[i].code, sizeof(rig->rules.services[i].code), "new_%d", i);
    }
    rig->rules.service_count = QUARTER_SERVICES_MAX; /* and five retired ones */
    assert_int_equal(apply(rig, "hash-b"), REFUSAL_TOO_MANY_CODES);
    assert_true(engine_digest(rig->engine) == before);
    rig->rules.service_count = QUARTER_SERVICES_MAX - 5;
    assert_int_equal(apply(rig, "hash-b"), REFUSAL_NONE);
    /* A start under an all new site still replays the day, with the vanished ones past the mask. */
    rig_issue(rig, "new_5");
    for (int i = 0; i < QUARTER_SERVICES_MAX; i++) {
        snprintf(rig->rules.services[i].code, sizeof(rig->rules.services[i].code), "other_%d", i);
    }
    rig->rules.service_count = QUARTER_SERVICES_MAX;
    assert_true(rig_replay_digest(rig, &rig->rules) == engine_digest(rig->engine));
    struct engine *fresh = engine_create();
    engine_set_rules(fresh, &rig->rules);
    for (size_t i = 0; i < rig->log_count; i++) {
        engine_evolve(fresh, &rig->log[i]);
    }
    struct command command = rig_command(rig, COMMAND_APPLY_SITE);
    kit_set(rig->rules.hash, sizeof(rig->rules.hash), "hash-c");
    engine_decide(fresh, &command, &rig->decision); /* nothing new in it */
    assert_int_equal(rig->decision.refusal, REFUSAL_NONE);
    kit_set(rig->rules.services[0].code, sizeof(rig->rules.services[0].code),
            "new_5"); /* known, but past the mask */
    engine_decide(fresh, &command, &rig->decision);
    assert_int_equal(rig->decision.refusal, REFUSAL_TOO_MANY_CODES);
    engine_destroy(fresh);
}

/* The site file was replaced while the server was down: it starts with the new one, and the journal then names the
 * old. Together they have more services than a mask has bits. */
static void a_day_is_replayed_under_the_site_it_began_with(void **state)
{
    struct rig *rig = *state;
    struct rules other = rig->rules;
    kit_set(other.hash, sizeof(other.hash), "hash-b");
    other.service_count = QUARTER_SERVICES_MAX;
    for (int i = 0; i < QUARTER_SERVICES_MAX; i++) {
        snprintf(other.services[i].code, sizeof(other.services[i].code), "other_%d", i);
    }
    rig_issue(rig, "tax");
    struct engine *fresh = engine_create();
    engine_set_rules(fresh, &other);
    for (size_t i = 0; i < rig->log_count; i++) {
        if (rig->log[i].type == EVENT_SITE_APPLIED) {
            engine_set_rules(fresh, &rig->rules);
        }
        engine_evolve(fresh, &rig->log[i]);
    }
    assert_int_equal(engine_service_count(fresh), rig->rules.service_count);
    assert_true(engine_digest(fresh) == engine_digest(rig->engine));
    struct command command = rig_command(rig, COMMAND_APPLY_SITE);
    command.rules = &other;
    engine_decide(fresh, &command, &rig->decision);
    assert_int_equal(rig->decision.refusal, REFUSAL_TOO_MANY_CODES); /* waits for the day's end */
    engine_destroy(fresh);
}

/* What a row cannot hold would make the journal unreadable. */
static void a_clock_that_leaps_a_century_makes_no_negative_wait(void **state)
{
    struct rig *rig = *state;
    const struct ticket *ticket = rig_issue(rig, "tax");
    rig->now_ms += INT64_C(100) * 366 * 86400000;
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "2"), REFUSAL_NONE);
    assert_ptr_equal(rig_next(rig, "2"), ticket);
    assert_int_equal(ticket->call.waited_s, INT32_MAX);
}

static void a_clock_behind_the_journal_does_not_turn_it_back(void **state)
{
    struct rig *rig = *state;
    rig->now_ms -= 1000;
    const struct ticket *ticket = rig_issue(rig, "tax");
    assert_int_equal(ticket->arrived_at_ms, RIG_START_MS);
    assert_false(ticket->unconfirmed);
    assert_int_equal(engine_last_at_ms(rig->engine), RIG_START_MS);
    struct event event = *rig_event(rig, 0);
    event.at_ms--;
    event.body.issued.number = 9;
    rig_id(event.ticket, 9);
    rig_assert_aborts(rig, &event);
}

static void a_day_holds_so_many_tickets(void **state)
{
    struct rig *rig = *state;
    struct event event = {.type = EVENT_TICKET_ISSUED, .at_ms = rig->now_ms, .day = RIG_DAY};
    kit_set(event.body.issued.service, sizeof(event.body.issued.service), "tax");
    for (int i = 0; i < QUARTER_TICKETS_MAX; i++) {
        rig_id(event.ticket, i);
        snprintf(event.body.issued.prefix, sizeof(event.body.issued.prefix), "%c%c",
                 'A' + i / 999 / 26, 'A' + i / 999 % 26);
        event.body.issued.number = i % 999 + 1;
        engine_evolve(rig->engine, &event);
    }
    rig->next_id = QUARTER_TICKETS_MAX;
    struct command command = visit(rig, "parking");
    assert_int_equal(rig_do(rig, &command), REFUSAL_TOO_MANY_TICKETS);
    assert_int_equal(engine_waiting_count(rig->engine), QUARTER_TICKETS_MAX);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, rig_setup_open, rig_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(before_the_first_day_all_is_closed, rig_setup,
                                        rig_teardown),
        cmocka_unit_test_setup_teardown(a_day_opens_with_its_site, rig_setup, rig_teardown),
        TEST(closing_a_day_accounts_for_everybody),
        TEST(a_new_day_starts_from_nothing),
        TEST(the_same_day_opened_again_goes_on),
        TEST(a_day_opened_again_under_a_new_site_says_so),
        TEST(a_visit_with_unknown_words_is_refused),
        TEST(a_late_ticket_takes_the_place_of_its_arrival),
        TEST(a_device_ahead_of_its_time_gains_nothing),
        TEST(the_floor_is_told_when_nobody_serves),
        TEST(only_who_waits_can_leave),
        TEST(places_count_those_who_compete),
        TEST(only_who_waits_has_a_place),
        TEST(a_counter_can_stop_offering_a_service),
        TEST(a_new_site_never_renumbers_or_sends_away),
        TEST(a_visit_outlives_its_counter),
        TEST(the_same_site_again_is_no_event),
        TEST(more_codes_than_a_mask_holds_are_refused),
        TEST(a_day_is_replayed_under_the_site_it_began_with),
        TEST(a_clock_that_leaps_a_century_makes_no_negative_wait),
        TEST(a_clock_behind_the_journal_does_not_turn_it_back),
        TEST(a_day_holds_so_many_tickets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
