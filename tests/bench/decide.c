/* What a decision costs: NEXT at each of 12 counters of a centre with 14 services, by how many
 * wait, against a raw loop over an array of the same people (earliest first among the services
 * offered) in the same run. Between batches people are called, served and replaced, so that lines
 * are never in a freshly built order. One JSON line a row: decide_ns is the median over batches;
 * turn_ns is a whole turn (next, start, finish, issue: decided and evolved). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "engine/engine.h"
#include "quarter/check.h"

enum { SERVICES = 14, COUNTERS = 12, BATCHES = 2000, REPEATS = 8 };

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
    struct command command = {.type = COMMAND_ISSUE};
    snprintf(command.ticket_id, sizeof(command.ticket_id), "01JDBENCH%017d", ++bench->tickets);
    memcpy(command.service, bench->rules.services[service].code, sizeof(command.service));
    bench->now_ms += roll(bench, 2000);
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
    for (int i = 0; i < COUNTERS; i++) {
        at_counter(bench, COMMAND_OPEN_COUNTER, i);
    }
}

static void build(struct bench *bench)
{
    *bench = (struct bench){.engine = engine_create(), .random = 1, .now_ms = 1000000};
    struct rules *rules = &bench->rules;
    rules->service_count = SERVICES;
    rules->counter_count = COUNTERS;
    rules->last_number = 999;
    rules->policy = policy_default_terms;
    rules->policy.rule = POLICY_FIFO;
    for (int i = 0; i < SERVICES; i++) {
        snprintf(rules->services[i].code, sizeof(rules->services[i].code), "service_%d", i);
        snprintf(rules->services[i].prefix, sizeof(rules->services[i].prefix), "%c", 'A' + i);
    }
    for (int i = 0; i < COUNTERS; i++) { /* 3 to 8 services each, all of them somewhere */
        snprintf(rules->counters[i].code, sizeof(rules->counters[i].code), "%d", i + 1);
        for (int j = 0; j < 3 + i % 6; j++) {
            rules->counters[i].services |= UINT64_C(1) << ((i * 5 + j) % SERVICES);
        }
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
            people[count++] = (struct person){ticket->leg_from_ms, ticket->service};
        }
    }
    return count;
}

static double time_decide(struct bench *bench)
{
    static struct command commands[COUNTERS];
    for (int i = 0; i < COUNTERS; i++) {
        commands[i] = (struct command){.type = COMMAND_NEXT, .now_ms = bench->now_ms};
        snprintf(commands[i].counter, sizeof(commands[i].counter), "%d", i + 1);
    }
    int64_t start = bench_now_ns();
    for (int i = 0; i < COUNTERS * REPEATS; i++) {
        engine_decide(bench->engine, &commands[i % COUNTERS], &bench->decision);
    }
    return (double)(bench_now_ns() - start) / (COUNTERS * REPEATS);
}

static double time_raw(const struct bench *bench, const struct person *people, size_t count)
{
    volatile size_t chosen = 0;
    int64_t start = bench_now_ns();
    for (int i = 0; i < COUNTERS; i++) {
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
    return (double)(bench_now_ns() - start) / COUNTERS;
}

/* One visitor goes through counter and another comes for the same service. */
static double time_turn(struct bench *bench, int counter)
{
    int64_t start = bench_now_ns();
    at_counter(bench, COMMAND_NEXT, counter);
    int index = engine_counter(bench->engine, counter)->ticket;
    if (index < 0) {
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

static double run(struct bench *bench, int waiting, double decide_50_ns)
{
    struct samples decide = {0};
    struct samples raw = {0};
    struct samples turn = {0};
    struct person *people = calloc((size_t)waiting + 1, sizeof(*people));
    CHECK(people != NULL);
    for (int batch = 0; batch < BATCHES; batch++) {
        if (batch % 250 == 0) { /* before a prefix runs out of numbers */
            fill(bench, waiting);
        }
        samples_add(&turn, time_turn(bench, (int)roll(bench, COUNTERS)));
        samples_add(&decide, time_decide(bench));
        if (batch % 10 == 0) {
            samples_add(&raw, time_raw(bench, people, copy_people(bench, people)));
        }
    }
    double decide_ns = samples_quantile(&decide, 0.5);
    double raw_ns = samples_quantile(&raw, 0.5);
    printf("{\"bench\":\"decide\",\"waiting\":%d,\"decide_ns\":%.0f,\"decide_p99_ns\":%.0f,\"raw_"
           "loop_ns\":%.0f,"
           "\"ratio\":%.3f,\"turn_ns\":%.0f",
           waiting, decide_ns, samples_quantile(&decide, 0.99), raw_ns, decide_ns / raw_ns,
           samples_quantile(&turn, 0.5));
    if (decide_50_ns > 0) {
        printf(",\"over_50\":%.2f,\"log_over_50\":%.2f", decide_ns / decide_50_ns,
               log(waiting) / log(50));
    }
    printf("}\n");
    fflush(stdout);
    samples_free(&decide);
    samples_free(&raw);
    samples_free(&turn);
    free(people);
    return decide_ns;
}

int main(void)
{
    struct bench bench;
    build(&bench);
    double at_50 = run(&bench, 50, 0);
    run(&bench, 500, at_50);
    run(&bench, 2000, at_50);
    run(&bench, 10000, at_50);
    engine_destroy(bench.engine);
    decision_free(&bench.decision);
    return 0;
}
