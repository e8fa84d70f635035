/* What a decision costs, by policy, by how many wait and by how many counters there are: NEXT at each counter of a
 * centre with 14 services, against a raw loop over an array of the same people (earliest first among the services
 * offered) in the same run. Visitors are of all classes; some are booked, some have needs. Between batches people are
 * called, served and replaced, so that lines are never in a freshly built order. One JSON line a row: decide_ns is the
 * median over batches; turn_ns is a whole turn (next, start, finish, issue: decided and evolved); ahead_ns is one
 * place, view_us the first 300 in order; lines: how many lines (of a service, a class and needs) the people make, which
 * grows with a crowd until all combinations are there: a decision looks at each that its counter can serve. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "engine/engine.h"
#include "quarter/check.h"

enum { SERVICES = 14, BATCHES = 1000, BATCHES_A_DAY = 250, DECISIONS = 96, VIEW = 300 };

struct bench {
    struct engine *engine;
    struct decision decision;
    struct rules rules;
    uint64_t random;
    int64_t now_ms;
    int tickets, last_day;
};

struct person {
    int64_t leg_from_ms;
    int service;
    uint32_t line; /* one number for each line */
};

/* In ns but for view_us. */
struct figures {
    double decide, decide_p99, raw, turn, ahead, view_us;
    int lines;
};

static uint32_t roll(struct bench *bench, uint32_t sides)
{
    bench->random = bench->random * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (uint32_t)(bench->random >> 33) % sides;
}

static void act(struct bench *bench, struct command *command)
{
    command->now_ms = bench->now_ms;
    engine_decide(bench->engine, command, &bench->decision);
    CHECK(bench->decision.refusal == REFUSAL_NONE);
    for (size_t i = 0; i < bench->decision.count; i++) {
        engine_evolve(bench->engine, &bench->decision.events[i]);
    }
}

static void at_counter(struct bench *bench, enum command_type type, int counter)
{
    struct command command = {.type = type, .outcome = OUTCOME_RESOLVED};
    snprintf(command.counter, sizeof(command.counter), "%d", counter + 1);
    act(bench, &command);
}

static void issue(struct bench *bench, int service)
{
    struct command command = {.type = COMMAND_ISSUE, .rostered = ~UINT64_C(0)};
    snprintf(command.ticket_id, sizeof(command.ticket_id), "01JDBENCH%017d", ++bench->tickets);
    memcpy(command.service, bench->rules.services[service].code, sizeof(command.service));
    bench->now_ms += roll(bench, 2000);
    const uint32_t of_100 = roll(bench, 100);
    command.ticket_class = of_100 == 0 ? CLASS_URGENT : of_100 < 8 ? CLASS_ASSISTED : CLASS_NORMAL;
    if (roll(bench, 8) == 0) {
        command.appointment_ms = bench->now_ms + (int64_t)roll(bench, 1200000) - 300000;
    }
    if (roll(bench, 8) == 0) {
        command.need_count = 1;
        memcpy(command.needs[0], bench->rules.needs[roll(bench, 2)].code, sizeof(command.needs[0]));
    }
    act(bench, &command);
}

/* Each service has a prefix of its own, so that a day holds 14 x 999 numbers. */
static void open_day(struct bench *bench)
{
    if (engine_day_is_open(bench->engine)) {
        act(bench, &(struct command){.type = COMMAND_CLOSE_DAY});
    }
    struct command command = {.type = COMMAND_OPEN_DAY};
    bench->last_day++;
    CHECK(bench->last_day < 100);
    snprintf(command.day, sizeof(command.day), "2026-11-%02u", (unsigned)bench->last_day % 100);
    act(bench, &command);
    for (int i = 0; i < bench->rules.counter_count; i++) {
        at_counter(bench, COMMAND_OPEN_COUNTER, i);
    }
}

static void build(struct bench *bench, enum policy_rule rule, int counters)
{
    *bench = (struct bench){.engine = engine_create(), .random = 1, .now_ms = 1000000};
    struct rules *rules = &bench->rules;
    rules->service_count = SERVICES;
    rules->counter_count = counters;
    rules->last_number = 999;
    rules->policy = policy_default_terms;
    rules->policy.rule = rule;
    rules->need_count = 2;
    rules->needs[0] = (struct need_rule){.code = "private_room", .hard = true};
    rules->needs[1] = (struct need_rule){.code = "step_free", .relax_after_ms = 300000};
    for (int i = 0; i < SERVICES; i++) {
        snprintf(rules->services[i].code, sizeof(rules->services[i].code), "service_%d", i);
        snprintf(rules->services[i].prefix, sizeof(rules->services[i].prefix), "%c", 'A' + i);
    }
    for (int i = 0; i < counters; i++) { /* 3 to 8 services each, all of them somewhere */
        struct counter_rule *counter = &rules->counters[i];
        snprintf(counter->code, sizeof(counter->code), "%d", i + 1);
        for (int j = 0; j < 3 + i % 6; j++) {
            counter->services |= UINT64_C(1) << ((i * 5 + j) % SERVICES);
        }
        counter->needs = (uint32_t)(i % 3);
    }
    engine_set_rules(bench->engine, rules);
    open_day(bench);
}

static size_t copy_people(const struct bench *bench, struct person *people)
{
    size_t count = 0;
    for (size_t i = 0; i < engine_ticket_count(bench->engine); i++) {
        const struct ticket *ticket = engine_ticket(bench->engine, i);
        if (ticket->state == TICKET_WAITING) {
            const uint32_t line = ((uint32_t)ticket->service * 8 + ticket->ticket_class) * 4;
            people[count++] =
                (struct person){ticket->leg_from_ms, ticket->service, line + ticket->binding_needs};
        }
    }
    return count;
}

static int count_lines(const struct person *people, size_t count)
{
    bool seen[SERVICES * 32] = {false};
    int lines = 0;
    for (size_t i = 0; i < count; i++) {
        lines += !seen[people[i].line];
        seen[people[i].line] = true;
    }
    return lines;
}

static double time_decide(struct bench *bench)
{
    static struct command commands[QUARTER_COUNTERS_MAX];
    const int counters = bench->rules.counter_count;
    for (int i = 0; i < counters; i++) {
        commands[i] = (struct command){.type = COMMAND_NEXT, .now_ms = bench->now_ms};
        snprintf(commands[i].counter, sizeof(commands[i].counter), "%d", i + 1);
    }
    int64_t start = bench_now_ns();
    for (int i = 0; i < DECISIONS; i++) {
        engine_decide(bench->engine, &commands[i % counters], &bench->decision);
    }
    return (double)(bench_now_ns() - start) / DECISIONS;
}

static double time_raw(const struct bench *bench, const struct person *people, size_t count)
{
    const int counters = bench->rules.counter_count;
    volatile size_t chosen = 0;
    int64_t start = bench_now_ns();
    for (int i = 0; i < counters; i++) {
        uint64_t services = bench->rules.counters[i].services;
        size_t best = count;
        for (size_t j = 0; j < count; j++) {
            if ((services >> people[j].service & 1) != 0 &&
                (best == count || people[j].leg_from_ms < people[best].leg_from_ms)) {
                best = j;
            }
        }
        chosen = best;
    }
    (void)chosen;
    return (double)(bench_now_ns() - start) / counters;
}

static double time_ahead(struct bench *bench)
{
    volatile int ahead = 0;
    int64_t start = bench_now_ns();
    for (int i = 0; i < SERVICES; i++) {
        ahead = engine_ahead_of_new(bench->engine, i, bench->now_ms);
    }
    (void)ahead;
    return (double)(bench_now_ns() - start) / SERVICES;
}

static double time_view_us(const struct bench *bench)
{
    const struct ticket *tickets[VIEW];
    int64_t start = bench_now_ns();
    engine_waiting(bench->engine, bench->now_ms, tickets, VIEW);
    return (double)(bench_now_ns() - start) / 1e3;
}

/* One visitor goes through a counter and another comes for the same service; 0: nobody was there for it. */
static double time_turn(struct bench *bench, int counter)
{
    int64_t start = bench_now_ns();
    at_counter(bench, COMMAND_NEXT, counter);
    int index = engine_counter(bench->engine, counter)->ticket;
    if (index < 0) { /* it is ready now, and would hold on to the next */
        at_counter(bench, COMMAND_PAUSE_COUNTER, counter);
        at_counter(bench, COMMAND_OPEN_COUNTER, counter);
        return 0;
    }
    int service = engine_ticket(bench->engine, (size_t)index)->service;
    at_counter(bench, COMMAND_START, counter);
    at_counter(bench, COMMAND_FINISH, counter);
    issue(bench, service);
    return (double)(bench_now_ns() - start);
}

static void fill(struct bench *bench, int waiting)
{
    open_day(bench);
    for (int i = 0; i < waiting; i++) {
        issue(bench, i % SERVICES);
    }
}

static struct figures measure(enum policy_rule rule, int waiting, int counters)
{
    struct bench bench;
    struct samples decide = {0};
    struct samples raw = {0};
    struct samples turn = {0};
    struct samples ahead = {0};
    struct samples view = {0};
    int lines = 0;
    struct person *people = calloc((size_t)waiting + 1, sizeof(*people));
    CHECK(people != NULL);
    build(&bench, rule, counters);
    for (int batch = 0; batch < BATCHES; batch++) {
        if (batch % BATCHES_A_DAY == 0) { /* before a prefix runs out of numbers */
            fill(&bench, waiting);
        }
        const double turn_ns = time_turn(&bench, (int)roll(&bench, (uint32_t)counters));
        if (turn_ns > 0) {
            samples_add(&turn, turn_ns);
        }
        samples_add(&decide, time_decide(&bench));
        if (batch % 10 == 0) {
            const size_t count = copy_people(&bench, people);
            samples_add(&raw, time_raw(&bench, people, count));
            lines = count_lines(people, count);
            samples_add(&ahead, time_ahead(&bench));
            samples_add(&view, time_view_us(&bench));
        }
    }
    const struct figures figures = {.decide = samples_quantile(&decide, 0.5),
                                    .decide_p99 = samples_quantile(&decide, 0.99),
                                    .raw = samples_quantile(&raw, 0.5),
                                    .turn = samples_quantile(&turn, 0.5),
                                    .ahead = samples_quantile(&ahead, 0.5),
                                    .view_us = samples_quantile(&view, 0.5),
                                    .lines = lines};
    samples_free(&decide);
    samples_free(&raw);
    samples_free(&turn);
    samples_free(&ahead);
    samples_free(&view);
    free(people);
    engine_destroy(bench.engine);
    decision_free(&bench.decision);
    return figures;
}

/* over_50: against 50 waiting at as many counters; log_over_50: what log n would make of it. */
static void report(enum policy_rule rule, int waiting, int counters, const struct figures *it,
                   const struct figures *at_50)
{
    printf("{\"bench\":\"decide\",\"policy\":\"%s\",\"waiting\":%d,\"counters\":%d,"
           "\"decide_ns\":%.0f,\"decide_p99_ns\":%.0f,\"raw_loop_ns\":%.0f,\"ratio\":%.3f,"
           "\"turn_ns\":%.0f,\"ahead_ns\":%.0f,\"view_us\":%.1f,\"lines\":%d",
           policy_code(rule), waiting, counters, it->decide, it->decide_p99, it->raw,
           it->decide / it->raw, it->turn, it->ahead, it->view_us, it->lines);
    if (waiting > 50) {
        printf(",\"over_50\":%.2f,\"log_over_50\":%.2f", it->decide / at_50->decide,
               log(waiting) / log(50));
    }
    printf("}\n");
    fflush(stdout);
}

int main(void)
{
    static const int counters[] = {12, 3, 60};
    static const int waiting[] = {50, 10, 1000, 10000};
    for (int rule = 0; rule <= POLICY_APQ; rule++) {
        for (int i = 0; i < 3; i++) {
            struct figures at_50 = {0};
            for (int j = 0; j < 4; j++) {
                const struct figures figures =
                    measure((enum policy_rule)rule, waiting[j], counters[i]);
                at_50 = j == 0 ? figures : at_50;
                report((enum policy_rule)rule, waiting[j], counters[i], &figures, &at_50);
            }
        }
    }
    return 0;
}
