/* Must show: the engine itself, driven through the recorded days by commands alone, calls every ticket when and where the
 * reference does, and so where the world does: the very same decisions.
 *
 * The staff here do what the reference's do: they ask for the next as soon as they are free, wait 45 s for who is gone,
 * go on breaks and home when free. A visitor who is passed on is seen out first and then joins again, so that, as in
 * the reference, the counter has gone on before. The engine's own order is the other way round (a transfer joins with the
 * command, and the counter asks for the next after it), so a desk "passing on" of an own service does it here: it takes
 * the visitor who has just been seen out and transfers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/engine.h"
#include "first_calls.h"
#include "test_kit.h"

#define DAY      "2026-11-24"
#define START_MS INT64_C(1795510800000) /* 09:00 UTC of that day */
#define PASSING  "passing-on"

enum { LEGS_MAX = 1024, ID_DIGITS = QUARTER_ULID_LEN };

enum happening { OPENS, BREAK_COMES, ARRIVES, FREED, SERVED, COMES_BACK };

struct future {
    int64_t at_ms;
    int64_t order;
    enum happening what;
    int which; /* counter, or visit */
};

struct driver {
    const struct trace *trace;
    const struct trace_day *day;
    int day_number;
    struct rules rules;
    struct engine *engine;
    struct decision decision;
    int64_t now_ms; /* after opening */
    struct future *future;
    int future_count, future_capacity;
    int64_t order;
    int at[QUARTER_COUNTERS_MAX]; /* leg at the counter; -1 */
    bool break_taken[QUARTER_COUNTERS_MAX];
    int visit_of[LEGS_MAX]; /* of each leg: its visit; second legs follow the day's visits */
    int legs;
    struct first_calls *found;
};

/* ---- Commands */

static struct command command_of(const struct driver *driver, enum command_type type)
{
    struct command command = {
        .type = type, .now_ms = START_MS + driver->now_ms, .rostered = ~UINT64_C(0)};
    (void)snprintf(command.actor, sizeof(command.actor), "local");
    (void)snprintf(command.day, sizeof(command.day), DAY);
    return command;
}

static void id_of(int leg, char id[QUARTER_ULID_LEN + 1])
{
    (void)snprintf(id, QUARTER_ULID_LEN + 1, "%0*d", ID_DIGITS, leg);
}

static void note_calls(struct driver *driver);

static void command(struct driver *driver, const struct command *command)
{
    engine_decide(driver->engine, command, &driver->decision);
    if (driver->decision.refusal != REFUSAL_NONE) {
        fail_msg("command %d is refused: %s", command->type,
                 refusal_code(driver->decision.refusal));
    }
    for (size_t i = 0; i < driver->decision.count; i++) {
        engine_evolve(driver->engine, &driver->decision.events[i]);
    }
    note_calls(driver);
}

static void at_counter(struct driver *driver, enum command_type type, int counter)
{
    struct command made = command_of(driver, type);
    (void)snprintf(made.counter, sizeof(made.counter), "%s",
                   driver->trace->site.counter_codes[counter]);
    command(driver, &made);
}

/* ---- What is to come */

static void plan(struct driver *driver, int64_t at_ms, enum happening what, int which)
{
    if (driver->future_count == driver->future_capacity) {
        driver->future_capacity = driver->future_capacity * 2 + 64;
        driver->future =
            realloc(driver->future, (size_t)driver->future_capacity * sizeof(*driver->future));
        assert_non_null(driver->future);
    }
    driver->future[driver->future_count++] =
        (struct future){.at_ms = at_ms, .order = driver->order++, .what = what, .which = which};
}

static struct future take_next(struct driver *driver)
{
    int first = 0;
    for (int i = 1; i < driver->future_count; i++) {
        const struct future *a = &driver->future[i];
        const struct future *b = &driver->future[first];
        if (a->at_ms < b->at_ms || (a->at_ms == b->at_ms && a->order < b->order)) {
            first = i;
        }
    }
    const struct future next = driver->future[first];
    driver->future[first] = driver->future[--driver->future_count];
    return next;
}

/* ---- Visits */

static const struct world_visit *visit_of(const struct driver *driver, int leg)
{
    return &driver->day->visits[driver->visit_of[leg]];
}

static bool is_second(const struct driver *driver, int leg)
{
    return leg >= driver->day->count;
}

static void called(struct driver *driver, int leg, int counter)
{
    const struct world_visit *visit = visit_of(driver, leg);
    const struct trace_site *site = &driver->trace->site;
    const int id =
        is_second(driver, leg) ? FIRST_CALLS_SECOND_LEG + leg - driver->day->count : visit->id;
    first_calls_add(driver->found, (struct first_call){driver->day_number, id,
                                                       kit_number(site->counter_codes[counter] + 1),
                                                       driver->now_ms});
    if (!is_second(driver, leg) && visit->leaves_ms <= driver->now_ms) {
        driver->at[counter] = -1;
        plan(driver, driver->now_ms + WORLD_GHOST_MS, FREED, counter);
        return;
    }
    driver->at[counter] = leg;
    int64_t service_ms = is_second(driver, leg) ? visit->next_service_ms : visit->service_ms;
    if ((site->counters[counter].languages >> visit->language & 1) == 0) {
        service_ms = service_ms * 14 / 10;
    }
    plan(driver, driver->now_ms + service_ms, SERVED, counter);
}

/* Events of a decision may call somebody: to the counter that asked, or to one that was ready. */
static void note_calls(struct driver *driver)
{
    for (size_t i = 0; i < driver->decision.count; i++) {
        const struct event *event = &driver->decision.events[i];
        if (event->type != EVENT_TICKET_CALLED || strcmp(event->counter, PASSING) == 0) {
            continue;
        }
        const int counter = engine_find_counter(driver->engine, event->counter);
        called(driver, kit_number(event->ticket), counter);
    }
}

static struct command issue_of(const struct driver *driver, int leg)
{
    struct command made = command_of(driver, COMMAND_ISSUE);
    id_of(leg, made.ticket_id);
    (void)snprintf(made.language, sizeof(made.language), "%s",
                   driver->trace->site.languages[visit_of(driver, leg)->language]);
    return made;
}

static void arrives(struct driver *driver, int leg)
{
    const struct world_visit *visit = visit_of(driver, leg);
    struct command made = issue_of(driver, leg);
    (void)snprintf(made.service, sizeof(made.service), "%s",
                   driver->trace->site.services[visit->service].code);
    if (visit->ticket_class == CLASS_ASSISTED || visit->ticket_class == CLASS_URGENT) {
        made.ticket_class = (enum ticket_class)visit->ticket_class;
    }
    for (int32_t i = 0; i < driver->day->booking_count; i++) {
        const struct trace_booking *booking = &driver->day->bookings[i];
        if (booking->id == visit->id) {
            made.appointment_ms = START_MS + booking->appointment_ms;
        }
    }
    command(driver, &made);
}

/* Those who tell leave before anything else happens at that instant. */
static void leave(struct driver *driver)
{
    for (int leg = 0; leg < driver->day->count; leg++) {
        const struct world_visit *visit = visit_of(driver, leg);
        struct command made = command_of(driver, COMMAND_LEAVE);
        id_of(leg, made.ticket_id);
        const struct ticket *ticket = engine_find_ticket(driver->engine, made.ticket_id);
        if (!visit->silent && visit->leaves_ms <= driver->now_ms && ticket != NULL &&
            ticket->state == TICKET_WAITING) {
            command(driver, &made);
        }
    }
}

/* ---- Staff */

static bool is_ready(const struct driver *driver, int counter)
{
    return engine_counter(driver->engine, counter)->ready_since_ms != 0;
}

static bool break_is_due(const struct driver *driver, int counter)
{
    const struct world_counter *mine = &driver->trace->site.counters[counter];
    return mine->break_count > 0 && !driver->break_taken[counter] &&
           mine->breaks[0].from_ms <= driver->now_ms;
}

static void is_free(struct driver *driver, int counter)
{
    const struct world_counter *mine = &driver->trace->site.counters[counter];
    if (break_is_due(driver, counter)) {
        driver->break_taken[counter] = true;
        at_counter(driver, COMMAND_PAUSE_COUNTER, counter);
        plan(driver, driver->now_ms + mine->breaks[0].length_ms, COMES_BACK, counter);
    } else if (driver->now_ms >= mine->closes_ms) {
        at_counter(driver, COMMAND_CLOSE_COUNTER, counter);
    } else {
        at_counter(driver, COMMAND_NEXT, counter);
    }
}

static void pass_on(struct driver *driver, int leg)
{
    const int second = driver->legs++;
    assert_true(second < LEGS_MAX);
    driver->visit_of[second] = driver->visit_of[leg];
    const int desk = driver->trace->site.counter_count;
    struct command made = issue_of(driver, second);
    (void)snprintf(made.service, sizeof(made.service), PASSING);
    command(driver, &made);
    made = command_of(driver, COMMAND_START);
    (void)snprintf(made.counter, sizeof(made.counter), PASSING);
    command(driver, &made);
    made.type = COMMAND_TRANSFER;
    (void)snprintf(made.service, sizeof(made.service), "%s",
                   driver->trace->site.services[visit_of(driver, leg)->next_service].code);
    command(driver, &made);
    made.type = COMMAND_NEXT;
    command(driver, &made);
    assert_true(is_ready(driver, desk));
}

static void is_served(struct driver *driver, int counter)
{
    const int leg = driver->at[counter];
    at_counter(driver, COMMAND_START, counter);
    at_counter(driver, COMMAND_FINISH, counter);
    is_free(driver, counter);
    if (!is_second(driver, leg) && visit_of(driver, leg)->next_service >= 0) {
        pass_on(driver, leg);
    }
}

static void was_not_there(struct driver *driver, int counter)
{
    at_counter(driver, COMMAND_RECALL, counter);
    at_counter(driver, COMMAND_NO_SHOW, counter);
    is_free(driver, counter);
}

static void happens(struct driver *driver, const struct future *next)
{
    switch (next->what) {
    case OPENS:
    case COMES_BACK:
        at_counter(driver, COMMAND_OPEN_COUNTER, next->which);
        is_free(driver, next->which);
        break;
    case BREAK_COMES:
        if (is_ready(driver, next->which) && break_is_due(driver, next->which)) {
            is_free(driver, next->which);
        }
        break;
    case ARRIVES: arrives(driver, next->which); break;
    case FREED: was_not_there(driver, next->which); break;
    case SERVED: is_served(driver, next->which); break;
    }
}

/* ---- A day */

static void make_rules(struct driver *driver, const struct policy_terms *terms)
{
    const struct trace_site *site = &driver->trace->site;
    struct rules *rules = &driver->rules;
    *rules = (struct rules){.hash = "trace",
                            .policy = *terms,
                            .service_count = site->service_count + 1,
                            .counter_count = site->counter_count + 1,
                            .language_count = site->language_count,
                            .last_number = 999,
                            .reserved_from = 1000,
                            .reserved_block = 1};
    for (int i = 0; i < site->service_count; i++) {
        (void)snprintf(rules->services[i].code, sizeof(rules->services[i].code), "%s",
                       site->services[i].code);
        (void)snprintf(rules->services[i].prefix, sizeof(rules->services[i].prefix), "%c", 'A' + i);
    }
    (void)snprintf(rules->services[site->service_count].code, QUARTER_CODE_MAX, PASSING);
    (void)snprintf(rules->services[site->service_count].prefix, 2, "Z");
    for (int i = 0; i < site->counter_count; i++) {
        struct counter_rule *counter = &rules->counters[i];
        (void)snprintf(counter->code, sizeof(counter->code), "%s", site->counter_codes[i]);
        counter->services = site->counters[i].services;
        counter->languages = site->counters[i].languages;
    }
    struct counter_rule *passing = &rules->counters[site->counter_count];
    (void)snprintf(passing->code, sizeof(passing->code), PASSING);
    passing->services = UINT64_C(1) << site->service_count;
    for (int i = 0; i < site->language_count; i++) {
        (void)snprintf(rules->languages[i], sizeof(rules->languages[i]), "%s", site->languages[i]);
    }
}

static void open_day(struct driver *driver)
{
    struct command made = command_of(driver, COMMAND_OPEN_DAY);
    engine_set_rules(driver->engine, &driver->rules);
    command(driver, &made);
    made.type = COMMAND_OPEN_COUNTER;
    (void)snprintf(made.counter, sizeof(made.counter), PASSING);
    command(driver, &made);
    made.type = COMMAND_NEXT;
    command(driver, &made);
    for (int i = 0; i < driver->trace->site.counter_count; i++) {
        const struct world_counter *counter = &driver->trace->site.counters[i];
        plan(driver, counter->opens_ms, OPENS, i);
        if (counter->break_count > 0) {
            plan(driver, counter->breaks[0].from_ms, BREAK_COMES, i);
        }
    }
    for (int32_t i = 0; i < driver->day->count; i++) {
        driver->visit_of[i] = i;
        plan(driver, driver->day->visits[i].arrives_ms, ARRIVES, i);
    }
    driver->legs = driver->day->count;
}

static void drive(const struct trace *trace, int day, const struct policy_terms *terms,
                  struct first_calls *found)
{
    struct driver *driver = calloc(1, sizeof(*driver));
    assert_non_null(driver);
    driver->trace = trace;
    driver->day = &trace->days[day];
    driver->day_number = day + 1;
    driver->found = found;
    driver->engine = engine_create();
    make_rules(driver, terms);
    open_day(driver);
    while (driver->future_count > 0) {
        const struct future next = take_next(driver);
        driver->now_ms = next.at_ms;
        leave(driver);
        happens(driver, &next);
    }
    engine_check(driver->engine);
    free(driver->future);
    decision_free(&driver->decision);
    engine_destroy(driver->engine);
    free(driver);
}

static void compare(const char *policy)
{
    struct trace *trace = first_calls_trace();
    const struct policy_terms terms = first_calls_terms(policy);
    struct first_calls found = {0};
    for (int day = 0; day < trace->day_count; day++) {
        drive(trace, day, &terms, &found);
    }
    struct first_calls expected = first_calls_read(policy);
    first_calls_compare(&expected, &found);
    first_calls_free(&expected);
    first_calls_free(&found);
    trace_free(trace);
}

#define THE_ENGINE_CALLS_AS_THE_REFERENCE(policy)                                                  \
    static void the_engine_calls_as_the_reference_by_##policy(void **state)                        \
    {                                                                                              \
        (void)state;                                                                               \
        compare(#policy);                                                                          \
    }

THE_ENGINE_CALLS_AS_THE_REFERENCE(fifo)
THE_ENGINE_CALLS_AS_THE_REFERENCE(strict)
THE_ENGINE_CALLS_AS_THE_REFERENCE(headstart)
THE_ENGINE_CALLS_AS_THE_REFERENCE(apq)
THE_ENGINE_CALLS_AS_THE_REFERENCE(rescue30)
THE_ENGINE_CALLS_AS_THE_REFERENCE(rescue25)
THE_ENGINE_CALLS_AS_THE_REFERENCE(rescue45)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_engine_calls_as_the_reference_by_fifo),
        cmocka_unit_test(the_engine_calls_as_the_reference_by_strict),
        cmocka_unit_test(the_engine_calls_as_the_reference_by_headstart),
        cmocka_unit_test(the_engine_calls_as_the_reference_by_apq),
        cmocka_unit_test(the_engine_calls_as_the_reference_by_rescue30),
        cmocka_unit_test(the_engine_calls_as_the_reference_by_rescue25),
        cmocka_unit_test(the_engine_calls_as_the_reference_by_rescue45),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
