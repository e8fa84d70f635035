/* The guarantee: under fifo, headstart and rescue nobody is passed by somebody who came later than so much, wherever
 * the counter that called could have called either. Crowded random days with every class, needs, bookings, transfers
 * and late hand-overs. The bound is also nearly reached, and strict and apq break any: else the test would prove
 * nothing. */
#include "test_engine_model.h"
#include "test_engine_rig.h"

#include <stdio.h>
#include <string.h>

#include "quarter/check.h"

enum { DAYS = 6, STEP_MS = 10000, STEPS = 2400, COUNTERS = 4, MINUTE = 60000 };

struct day {
    struct rig *rig;
    uint64_t random;
    int64_t busy_until_ms[COUNTERS];
    int64_t worst_ms; /* by how much later came who passed somebody */
    int calls;
};

/* splitmix64, https://prng.di.unimi.it/splitmix64.c */
static uint32_t roll(struct day *day, uint32_t sides)
{
    uint64_t z = day->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)((z ^ z >> 31) % sides);
}

/* Before it is evolved. */
static void see_call(struct day *day, const struct event *event)
{
    const struct engine *engine = day->rig->engine;
    const int counter = engine_find_counter(engine, event->counter);
    const struct ticket *called = engine_find_ticket(engine, event->ticket);
    day->calls++;
    for (size_t i = 0; i < engine_ticket_count(engine); i++) {
        const struct ticket *passed = engine_ticket(engine, i);
        if (model_may_call(engine, counter, passed, event->at_ms) &&
            called->leg_from_ms - passed->leg_from_ms > day->worst_ms) {
            day->worst_ms = called->leg_from_ms - passed->leg_from_ms;
        }
    }
}

static void act(struct day *day, const struct command *command)
{
    struct rig *rig = day->rig;
    engine_decide(rig->engine, command, &rig->decision);
    CHECK(rig->decision.refusal == REFUSAL_NONE);
    for (size_t i = 0; i < rig->decision.count; i++) {
        const struct event *event = &rig->decision.events[i];
        if (event->type == EVENT_TICKET_CALLED) {
            see_call(day, event);
        }
        engine_evolve(rig->engine, event);
    }
}

static void at_counter(struct day *day, enum command_type type, int counter)
{
    struct command command = rig_command(day->rig, type);
    static const char *const services[] = {"housing", "repairs", "tax", "parking"};
    snprintf(command.counter, sizeof(command.counter), "%s",
             day->rig->rules.counters[counter].code);
    if (type == COMMAND_TRANSFER) {
        const struct ticket *ticket = engine_ticket(
            day->rig->engine, (size_t)engine_counter(day->rig->engine, counter)->ticket);
        snprintf(command.service, sizeof(command.service), "%s",
                 services[(ticket->service + 1) % 4]);
    }
    act(day, &command);
}

static void come(struct day *day)
{
    static const char *const services[] = {"housing", "repairs", "tax", "parking"};
    struct command command = rig_command(day->rig, COMMAND_ISSUE);
    rig_id(command.ticket_id, ++day->rig->next_id);
    snprintf(command.service, sizeof(command.service), "%s", services[roll(day, 4)]);
    const uint32_t class = roll(day, 20);
    command.ticket_class = class == 0 ? CLASS_URGENT : class < 4 ? CLASS_ASSISTED : CLASS_NORMAL;
    if (roll(day, 6) == 0) {
        command.need_count = 1;
        snprintf(command.needs[0], sizeof(command.needs[0]), "%s",
                 roll(day, 2) == 0 ? "interpreter" : "step_free");
    }
    if (roll(day, 8) == 0) {
        command.appointment_ms =
            day->rig->now_ms + (int64_t)roll(day, 40 * MINUTE) - INT64_C(15) * MINUTE;
    }
    if (roll(day, 10) == 0) {
        command.occurred_at_ms = day->rig->now_ms - (int64_t)roll(day, 5 * MINUTE);
    }
    act(day, &command);
}

static void staff_act(struct day *day, int counter)
{
    const struct engine *engine = day->rig->engine;
    const int64_t now_ms = day->rig->now_ms;
    const int index = engine_counter(engine, counter)->ticket;
    if (index < 0) {
        if (engine_counter(engine, counter)->ready_since_ms == 0) {
            at_counter(day, COMMAND_NEXT, counter);
        }
    } else if (engine_ticket(engine, (size_t)index)->state == TICKET_CALLED) {
        at_counter(day, COMMAND_START, counter);
        day->busy_until_ms[counter] = now_ms + MINUTE + (int64_t)roll(day, 7 * MINUTE);
    } else if (now_ms >= day->busy_until_ms[counter]) {
        at_counter(day, roll(day, 20) == 0 ? COMMAND_TRANSFER : COMMAND_FINISH, counter);
    }
}

/* Of one policy: the worst that was seen. Arrivals swell and ebb, so that queues grow past every limit and vanish. */
static int64_t run_day(uint64_t seed, const struct policy_terms *terms)
{
    void *bench = NULL;
    rig_setup(&bench);
    struct day day = {.rig = bench, .random = seed};
    struct rules *rules = &day.rig->rules;
    rules->policy = *terms;
    rules->needs[0].hard = true;
    rules->needs[1].relax_after_ms = INT64_C(6) * MINUTE;
    rules->counters[2].needs = 0x1;
    rules->counters[3].needs = 0x3;
    rules->counters[3].services = 0x7;
    engine_set_rules(day.rig->engine, rules);
    day.rig->now_ms = INT64_C(36000000);
    struct command command = rig_command(day.rig, COMMAND_OPEN_DAY);
    act(&day, &command);
    for (int i = 0; i < COUNTERS; i++) {
        at_counter(&day, COMMAND_OPEN_COUNTER, i);
    }
    for (int i = 0; i < STEPS; i++) {
        day.rig->now_ms += STEP_MS;
        const bool is_rush = i / 300 % 2 == 0;
        if (roll(&day, 100) < (is_rush ? 19u : 8u)) {
            come(&day);
        }
        if (engine_dispatch_is_due(day.rig->engine, day.rig->now_ms)) {
            command = rig_command(day.rig, COMMAND_DISPATCH);
            act(&day, &command);
        }
        staff_act(&day, (int)roll(&day, COUNTERS));
        staff_act(&day, i % COUNTERS);
    }
    CHECK(day.calls > 100);
    engine_check(day.rig->engine);
    rig_teardown(&bench);
    return day.worst_ms;
}

static int64_t worst_of(const struct policy_terms *terms)
{
    int64_t worst_ms = 0;
    for (uint64_t seed = 1; seed <= DAYS; seed++) {
        const int64_t of_day_ms = run_day(seed, terms);
        worst_ms = of_day_ms > worst_ms ? of_day_ms : worst_ms;
    }
    return worst_ms;
}

static void assert_bound_is_kept_and_nearly_reached(const struct policy_terms *terms)
{
    assert_null(policy_terms_fault(terms));
    const int64_t bound_ms = policy_overtaking_bound_ms(terms);
    const int64_t worst_ms = worst_of(terms);
    if (worst_ms > bound_ms || worst_ms * 10 < bound_ms * 8) {
        fail_msg("%s: passed by up to %lld s, the bound is %lld s", policy_code(terms->rule),
                 (long long)worst_ms / 1000, (long long)bound_ms / 1000);
    }
}

static void first_come_is_first_served(void **state)
{
    (void)state;
    struct policy_terms terms = policy_default_terms;
    terms.rule = POLICY_FIFO;
    assert_int_equal(policy_overtaking_bound_ms(&terms), 0);
    assert_bound_is_kept_and_nearly_reached(&terms);
}

static void a_head_start_bounds_overtaking(void **state)
{
    (void)state;
    struct policy_terms terms = policy_default_terms;
    terms.rule = POLICY_HEADSTART;
    assert_bound_is_kept_and_nearly_reached(&terms);
}

static void rescue_bounds_overtaking_for_any_d_and_l(void **state)
{
    (void)state;
    static const struct {
        int d_min, l_min;
    } terms_min[] = {{8, 30}, {5, 20}, {0, 15}, {15, 45}, {3, 25}};
    for (size_t i = 0; i < sizeof(terms_min) / sizeof(terms_min[0]); i++) {
        struct policy_terms terms = policy_default_terms;
        terms.rescue_ms = (int64_t)terms_min[i].d_min * MINUTE;
        terms.limit_ms = (int64_t)terms_min[i].l_min * MINUTE;
        assert_bound_is_kept_and_nearly_reached(&terms);
    }
}

static void strict_and_accumulating_priority_are_unbounded(void **state)
{
    (void)state;
    static const enum policy_rule rules[] = {POLICY_STRICT, POLICY_APQ};
    for (int i = 0; i < 2; i++) {
        struct policy_terms terms = policy_default_terms;
        terms.rule = rules[i];
        assert_int_equal(policy_overtaking_bound_ms(&terms), -1);
        assert_true(worst_of(&terms) > INT64_C(30) * MINUTE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_come_is_first_served),
        cmocka_unit_test(a_head_start_bounds_overtaking),
        cmocka_unit_test(rescue_bounds_overtaking_for_any_d_and_l),
        cmocka_unit_test(strict_and_accumulating_priority_are_unbounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
