/* Random days against plain models: thousands of commands a seed, sensible and not, sites that
 * change while people wait, kiosks that hand over late. After them: nobody was overtaken within
 * what a counter offers, no number was used twice, nobody was lost, every place is what counting by
 * hand says, and replaying the events gives the same state.
 *
 * --seed N or QUARTER_SEED=N runs that seed alone; a failure names its seed. */
#include "test_engine_rig.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "quarter/check.h"

enum { SEEDS = 40, STEPS = 3000, SITES = 3, DEVICES = 3, NUMBERS = 1000, PREFIXES = 26 };

/* How often each thing happened: a simulation that never reaches something proves nothing about it. */
struct seen {
    int events[EVENT_COUNTER_CLOSED + 1], refusals[REFUSAL_TOO_MANY_CODES + 1];
};

struct sim {
    struct rig *rig;
    struct seen *seen;
    uint64_t random;
    struct rules sites[SITES];
    int day;          /* of November */
    size_t day_start; /* in the log */
    bool used[PREFIXES][NUMBERS];
    struct {
        char prefix;
        int32_t next, last;
        int device;
    } block;
};

static char failing_seed[64] = "";
static uint64_t only_seed;

static void tell_seed(int signal_number)
{
    (void)signal_number;
    ssize_t ignored = write(STDERR_FILENO, failing_seed, strlen(failing_seed));
    (void)ignored;
}

/* A plain assertion: the handler above names the seed, whoever aborts. */
#define EXPECT(condition) CHECK(condition)

/* splitmix64, https://prng.di.unimi.it/splitmix64.c */
static uint32_t roll(struct sim *sim, uint32_t sides)
{
    uint64_t z = sim->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)((z ^ z >> 31) % sides);
}

/* models */

static bool is_before(const struct ticket *a, const struct ticket *b)
{
    return a->leg_from_ms < b->leg_from_ms || (a->leg_from_ms == b->leg_from_ms && a < b);
}

static bool counter_offers(const struct counter *counter, int service)
{
    return (counter->services >> service & 1) != 0;
}

static const struct ticket *longest_waiting(const struct engine *engine,
                                            const struct counter *counter, int *waiting)
{
    const struct ticket *first = NULL;
    *waiting = 0;
    for (size_t i = 0; i < engine_ticket_count(engine); i++) {
        const struct ticket *it = engine_ticket(engine, i);
        if (it->state == TICKET_WAITING && counter_offers(counter, it->service)) {
            ++*waiting;
            first = first == NULL || is_before(it, first) ? it : first;
        }
    }
    return first;
}

static bool compete(const struct engine *engine, int service, int other)
{
    for (int i = 0; i < engine_counter_count(engine); i++) {
        const struct counter *counter = engine_counter(engine, i);
        if (counter_offers(counter, service) && counter_offers(counter, other)) {
            return true;
        }
    }
    return service == other;
}

/* mine NULL: somebody who comes now */
static int count_ahead(const struct engine *engine, int service, const struct ticket *mine)
{
    int ahead = 0;
    for (size_t i = 0; i < engine_ticket_count(engine); i++) {
        const struct ticket *it = engine_ticket(engine, i);
        ahead += it->state == TICKET_WAITING && it != mine &&
                 (mine == NULL || is_before(it, mine)) && compete(engine, service, it->service);
    }
    return ahead;
}

static void check_places(const struct sim *sim)
{
    const struct engine *engine = sim->rig->engine;
    size_t count = engine_ticket_count(engine);
    const struct ticket **order = calloc(count + 1, sizeof(const void *));
    CHECK(order != NULL);
    size_t waiting = engine_waiting(engine, sim->rig->now_ms, order, count);
    EXPECT(waiting == engine_waiting_count(engine));
    for (size_t i = 0; i < waiting; i++) {
        EXPECT(order[i]->state == TICKET_WAITING);
        EXPECT(i == 0 || is_before(order[i - 1], order[i]));
        EXPECT(engine_ahead_of_ticket(engine, order[i]) ==
               count_ahead(engine, order[i]->service, order[i]));
    }
    for (int i = 0; i < engine_service_count(engine); i++) {
        EXPECT(engine_ahead_of_new(engine, i) == count_ahead(engine, i, NULL));
    }
    free(order);
}

/* The state that the log alone says a ticket is in. */
static enum ticket_state state_from_log(const struct sim *sim, const char *id)
{
    static const int states[] = {
        [EVENT_TICKET_ISSUED] = TICKET_WAITING,  [EVENT_TICKET_CALLED] = TICKET_CALLED,
        [EVENT_TICKET_RECALLED] = TICKET_CALLED, [EVENT_SERVING_STARTED] = TICKET_SERVING,
        [EVENT_TICKET_CLOSED] = TICKET_CLOSED,   [EVENT_TICKET_NO_SHOW] = TICKET_NO_SHOW,
        [EVENT_TICKET_LEFT] = TICKET_LEFT};
    for (size_t i = sim->rig->log_count; i-- > 0;) {
        if (strcmp(sim->rig->log[i].ticket, id) == 0) {
            return (enum ticket_state)states[sim->rig->log[i].type];
        }
    }
    CHECK(false);
}

static void check_nobody_lost(const struct sim *sim)
{
    const struct engine *engine = sim->rig->engine;
    size_t issued = 0;
    for (size_t i = sim->day_start; i < sim->rig->log_count; i++) {
        const struct event *event = &sim->rig->log[i];
        if (event->type == EVENT_TICKET_ISSUED) {
            issued++;
            const struct ticket *ticket = engine_find_ticket(engine, event->ticket);
            EXPECT(ticket != NULL && ticket->state == state_from_log(sim, event->ticket));
        }
    }
    EXPECT(issued == engine_ticket_count(engine));
}

/* From the day's beginning, under any one of the sites set once at the start; and with each site
 * set as it came. */
static void check_replay(const struct sim *sim)
{
    uint64_t digest = engine_digest(sim->rig->engine);
    for (int site = 0; site < SITES; site++) {
        struct engine *fresh = engine_create();
        engine_set_rules(fresh, &sim->sites[site]);
        for (size_t i = sim->day_start; i < sim->rig->log_count; i++) {
            engine_evolve(fresh, &sim->rig->log[i]);
        }
        engine_check(fresh);
        EXPECT(engine_digest(fresh) == digest);
        engine_destroy(fresh);
    }
    struct engine *fresh = engine_create();
    for (size_t i = 0; i < sim->rig->log_count; i++) {
        const struct event *event = &sim->rig->log[i];
        for (int site = 0; event->type == EVENT_SITE_APPLIED && site < SITES; site++) {
            if (strcmp(event->body.site.hash, sim->sites[site].hash) == 0) {
                engine_set_rules(fresh, &sim->sites[site]);
            }
        }
        engine_evolve(fresh, event);
    }
    EXPECT(engine_digest(fresh) == digest);
    engine_destroy(fresh);
}

/* what is checked of each event */

static void check_event(struct sim *sim, const struct event *event)
{
    const struct engine *engine = sim->rig->engine;
    EXPECT(event->at_ms >= engine_last_at_ms(engine));
    sim->seen->events[event->type]++;
    if (event->type == EVENT_TICKET_CALLED) {
        int waiting = 0;
        const struct counter *counter =
            engine_counter(engine, engine_find_counter(engine, event->counter));
        const struct ticket *first = longest_waiting(engine, counter, &waiting);
        EXPECT(first != NULL && strcmp(first->id, event->ticket) == 0);
        EXPECT(event->body.called.waiting == waiting);
        EXPECT(event->body.called.waited_s == (event->at_ms - first->leg_from_ms) / 1000);
        EXPECT(event->body.called.announcement == engine_last_announcement(engine) + 1);
        EXPECT((event->body.called.reason == CALL_ONLY_ONE_WAITING) == (waiting == 1));
    } else if (event->type == EVENT_TICKET_ISSUED) {
        bool *used = &sim->used[event->body.issued.prefix[0] - 'A'][event->body.issued.number];
        EXPECT(!*used);
        *used = true;
    } else if (event->type == EVENT_DAY_OPENED && strcmp(event->day, engine_day(engine)) != 0) {
        memset(sim->used, 0, sizeof(sim->used));
        sim->day_start = sim->rig->log_count;
    } else if (event->type == EVENT_NUMBERS_RESERVED) {
        sim->block.prefix = event->body.reserved.prefix[0];
        sim->block.next = event->body.reserved.first;
        sim->block.last = event->body.reserved.last;
        sim->block.device = event->body.reserved.device[0] - '0';
    }
}

/* commands */

static void fill_visit(struct sim *sim, struct command *command)
{
    if (roll(sim, 20) == 0 && sim->rig->next_id > 0) { /* an id that is known */
        rig_id(command->ticket_id, 1 + (int)roll(sim, (uint32_t)sim->rig->next_id));
    } else {
        rig_id(command->ticket_id, ++sim->rig->next_id);
    }
    if (roll(sim, 2) == 0) {
        snprintf(command->language, sizeof(command->language), "%s",
                 roll(sim, 9) == 0 ? "xx" : "pl");
    }
    if (roll(sim, 4) == 0) {
        command->need_count = 1;
        snprintf(command->needs[0], sizeof(command->needs[0]), "%s",
                 roll(sim, 9) == 0 ? "yacht" : "interpreter");
    }
    if (roll(sim, 5) == 0) {
        command->occurred_at_ms = sim->rig->now_ms - (int64_t)roll(sim, 600000) + 20000;
    }
    if (roll(sim, 4) == 0) {
        int device = roll(sim, 8) == 0 ? (int)roll(sim, DEVICES) : sim->block.device;
        snprintf(command->device, sizeof(command->device), "%d", device);
        command->number = sim->block.next;
        sim->block.next += roll(sim, 6) != 0;
    }
}

/* Weights: visits come a little faster than counters take them; days end now and then. */
static enum command_type roll_type(struct sim *sim)
{
    static const struct {
        enum command_type type;
        uint32_t weight;
    } weights[] = {
        {COMMAND_ISSUE, 100},       {COMMAND_LEAVE, 12},     {COMMAND_RESERVE_NUMBERS, 6},
        {COMMAND_NEXT, 90},         {COMMAND_RECALL, 25},    {COMMAND_START, 60},
        {COMMAND_FINISH, 60},       {COMMAND_NO_SHOW, 15},   {COMMAND_OPEN_COUNTER, 25},
        {COMMAND_CLOSE_COUNTER, 6}, {COMMAND_APPLY_SITE, 3}, {COMMAND_OPEN_DAY, 2},
        {COMMAND_CLOSE_DAY, 1}};
    uint32_t sum = 0;
    for (size_t i = 0; i < sizeof(weights) / sizeof(weights[0]); i++) {
        sum += weights[i].weight;
    }
    uint32_t left = roll(sim, sum);
    size_t i = 0;
    while (left >= weights[i].weight) {
        left -= weights[i++].weight;
    }
    return weights[i].type;
}

static struct command roll_command(struct sim *sim)
{
    static const char *const services[] = {"housing", "repairs", "tax",    "parking",
                                           "orphan",  "bins",    "nothing"};
    static const char *const counters[] = {"1", "2", "3", "room", "5", "nowhere"};
    struct rig *rig = sim->rig;
    struct command command = rig_command(rig, roll_type(sim));
    snprintf(command.service, sizeof(command.service), "%s",
             services[roll(sim, roll(sim, 10) == 0 ? 7 : 6)]);
    snprintf(command.counter, sizeof(command.counter), "%s",
             counters[roll(sim, roll(sim, 10) == 0 ? 6 : 5)]);
    snprintf(command.device, sizeof(command.device), "%d", (int)roll(sim, DEVICES));
    command.outcome = (enum outcome)roll(sim, OUTCOME_UNRECORDED + 1);
    if (command.type == COMMAND_OPEN_DAY) {
        sim->day += engine_day_is_open(rig->engine) ? 0 : (int)roll(sim, 3) - 1;
        sim->day = sim->day < 1 ? 1 : sim->day > 99 ? 99 : sim->day;
    }
    snprintf(command.day, sizeof(command.day), "2026-11-%02d", sim->day);
    if (command.type == COMMAND_ISSUE) {
        fill_visit(sim, &command);
    } else if (command.type == COMMAND_LEAVE && rig->next_id > 0) {
        uint32_t recent = rig->next_id < 60 ? (uint32_t)rig->next_id : 60;
        rig_id(command.ticket_id, rig->next_id - (int)roll(sim, recent));
    } else if (command.type == COMMAND_APPLY_SITE) {
        command.rules = &sim->sites[roll(sim, SITES)];
    }
    return command;
}

static void step(struct sim *sim)
{
    struct rig *rig = sim->rig;
    rig->now_ms += roll(sim, 12) == 0 ? -(int64_t)roll(sim, 5000) : (int64_t)roll(sim, 20000);
    struct command command = roll_command(sim);
    bool compares = roll(sim, 25) == 0; /* a digest costs more than all the rest */
    uint64_t before = compares ? engine_digest(rig->engine) : 0;
    engine_decide(rig->engine, &command, &rig->decision);
    EXPECT(!compares || engine_digest(rig->engine) == before);
    sim->seen->refusals[rig->decision.refusal]++;
    EXPECT(rig->decision.refusal == REFUSAL_NONE || rig->decision.count == 0);
    if (command.type == COMMAND_NEXT && rig->decision.refusal == REFUSAL_NONE &&
        rig->decision.count == 0) {
        int waiting = 0;
        const struct counter *counter =
            engine_counter(rig->engine, engine_find_counter(rig->engine, command.counter));
        EXPECT(counter->ticket >= 0 || longest_waiting(rig->engine, counter, &waiting) == NULL);
    }
    for (size_t i = 0; i < rig->decision.count; i++) {
        const struct event *event = &rig->decision.events[i];
        check_event(sim, event);
        if (event->type == EVENT_SITE_APPLIED && command.type == COMMAND_APPLY_SITE) {
            rig->rules = *command.rules;
            engine_set_rules(rig->engine, command.rules);
        }
        rig_apply(rig, event);
    }
}

/* Three files of one centre: one as the rig has it; one without tax and counter "3", with bins and
 * counter "5"; one in another order, with other ranges of numbers. */
static void make_sites(struct sim *sim)
{
    rig_rules(&sim->sites[0]);
    struct rules *second = &sim->sites[1];
    rig_rules(second);
    strcpy(second->hash, "hash-b");
    second->services[2] = (struct service_rule){"bins", "B", 0};
    second->counters[2] = (struct counter_rule){"5", 0x1e, 0x1, 0};
    struct rules *third = &sim->sites[2];
    rig_rules(third);
    strcpy(third->hash, "hash-c");
    third->services[0] = (struct service_rule){"parking", "P", 0};
    third->services[3] = (struct service_rule){"housing", "K", 0};
    strcpy(third->languages[0], "pl");
    strcpy(third->languages[1], "ur");
    strcpy(third->needs[0].code, "hearing_loop");
    third->last_number = 99;
    third->reserved_from = 15;
    third->reserved_block = 3;
}

static struct sim *start(uint64_t seed, struct seen *seen)
{
    snprintf(failing_seed, sizeof(failing_seed), "the simulation failed with --seed %llu\n",
             (unsigned long long)seed);
    void *bench = NULL;
    rig_setup_open(&bench);
    struct sim *sim = calloc(1, sizeof(*sim));
    CHECK(sim != NULL);
    sim->rig = bench;
    sim->seen = seen;
    sim->random = seed;
    sim->day = 24;
    make_sites(sim);
    return sim;
}

static void finish(struct sim *sim)
{
    void *bench = sim->rig;
    rig_teardown(&bench);
    free(sim);
}

static void run_seed(uint64_t seed, struct seen *seen)
{
    struct sim *sim = start(seed, seen);
    for (int i = 0; i < STEPS; i++) {
        step(sim);
        if (i % 20 == 0) {
            engine_check(sim->rig->engine);
        }
        if (i % 200 == 0) {
            check_places(sim);
            check_nobody_lost(sim);
        }
        if (i % 1000 == 0) {
            check_replay(sim);
        }
    }
    check_replay(sim);
    finish(sim);
}

static void random_days_hold_every_invariant(void **state)
{
    (void)state;
    signal(SIGABRT, tell_seed);
    struct seen seen = {0};
    if (only_seed != 0) {
        run_seed(only_seed, &seen);
        return;
    }
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        run_seed(seed, &seen);
    }
    for (int i = 0; i <= EVENT_COUNTER_CLOSED; i++) {
        if (seen.events[i] == 0) {
            fail_msg("no %s in all these days", event_type_code((enum event_type)i));
        }
    }
    for (int i = 0; i <= REFUSAL_TOO_MANY_CODES; i++) {
        bool needs_a_full_house = i == REFUSAL_NUMBERS_USED_UP || i == REFUSAL_TOO_MANY_TICKETS ||
                                  i == REFUSAL_TOO_MANY_CODES;
        if (seen.refusals[i] == 0 && !needs_a_full_house) {
            fail_msg("no %s in all these days", refusal_code((enum refusal)i));
        }
    }
}

static void one_seed_gives_one_history(void **state)
{
    (void)state;
    uint64_t digests[2] = {0};
    for (int i = 0; i < 2; i++) {
        struct seen seen = {0};
        struct sim *sim = start(4711, &seen);
        for (int j = 0; j < STEPS; j++) {
            step(sim);
        }
        digests[i] = engine_digest(sim->rig->engine);
        finish(sim);
    }
    assert_true(digests[0] == digests[1]);
}

int main(int argc, char **argv)
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread */
    const char *given = getenv("QUARTER_SEED");
    if (argc == 3 && strcmp(argv[1], "--seed") == 0) {
        given = argv[2];
    }
    only_seed = given == NULL ? 0 : strtoull(given, NULL, 10);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_days_hold_every_invariant),
        cmocka_unit_test(one_seed_gives_one_history),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
