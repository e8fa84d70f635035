/* Random days against plain models: thousands of commands a seed, sensible and not, sites (and with
 * them policies) that change while people wait, kiosks that hand over late. After them: everybody
 * was called by the policy, within what a counter may do; no number was used twice, nobody was
 * lost, no counter is left ready for somebody who waits, every place is what counting by hand says,
 * and replaying the events gives the same state.
 *
 * --seed N or QUARTER_SEED=N runs that seed alone; a failure names its seed. */
#include "test_engine_model.h"
#include "test_engine_traffic.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "quarter/check.h"

enum { SEEDS = 60, STEPS = 6000 };

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

/* what is checked now and then */

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
        EXPECT(i == 0 || model_goes_first(engine, order[i - 1], order[i], sim->rig->now_ms));
        EXPECT(engine_ahead_of_ticket(engine, order[i], sim->rig->now_ms) ==
               model_ahead(engine, order[i], sim->rig->now_ms));
    }
    for (int i = 0; i < engine_service_count(engine); i++) {
        const struct ticket newcomer = {.service = i, .leg_from_ms = sim->rig->now_ms, .only = -1};
        EXPECT(engine_ahead_of_new(engine, i, sim->rig->now_ms) ==
               model_ahead(engine, &newcomer, sim->rig->now_ms));
    }
    for (int i = 0; i < engine_counter_count(engine); i++) {
        int callable = 0;
        (void)model_first(engine, i, sim->rig->now_ms, &callable);
        EXPECT(engine_callable_count(engine, i, sim->rig->now_ms) == callable);
    }
    free(order);
}

/* The state that the log alone says a ticket is in. */
static enum ticket_state state_from_log(const struct sim *sim, const char *id)
{
    static const int states[] = {
        [EVENT_TICKET_ISSUED] = TICKET_WAITING,     [EVENT_TICKET_CALLED] = TICKET_CALLED,
        [EVENT_TICKET_RECALLED] = TICKET_CALLED,    [EVENT_SERVING_STARTED] = TICKET_SERVING,
        [EVENT_TICKET_CLOSED] = TICKET_CLOSED,      [EVENT_TICKET_NO_SHOW] = TICKET_NO_SHOW,
        [EVENT_TICKET_LEFT] = TICKET_LEFT,          [EVENT_TICKET_TRANSFERRED] = TICKET_WAITING,
        [EVENT_PROMISE_MADE] = TICKET_WAITING,      [EVENT_TICKET_PARKED] = TICKET_PARKED,
        [EVENT_TICKET_TAKEN_BACK] = TICKET_SERVING, [EVENT_TICKET_UNPARKED] = TICKET_WAITING,
        [EVENT_TICKET_REVIVED] = TICKET_WAITING,    [EVENT_TICKET_EDITED] = TICKET_WAITING,
        [EVENT_TICKET_HELD] = TICKET_WAITING,       [EVENT_TICKET_UNHELD] = TICKET_WAITING};
    static const int before[] = {[STEP_CALL] = TICKET_WAITING,     [STEP_START] = TICKET_CALLED,
                                 [STEP_FINISH] = TICKET_SERVING,   [STEP_NO_SHOW] = TICKET_CALLED,
                                 [STEP_TRANSFER] = TICKET_SERVING, [STEP_PARK] = TICKET_SERVING,
                                 [STEP_TAKE_BACK] = TICKET_PARKED};
    for (size_t i = sim->rig->log_count; i-- > 0;) {
        const struct event *event = &sim->rig->log[i];
        if (strcmp(event->ticket, id) == 0) {
            return (enum ticket_state)(event->type == EVENT_STEP_UNDONE
                                           ? before[event->body.undone.step]
                                           : states[event->type]);
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

/* Out of order, but of somebody who waits, at a counter that is free and has what must be. */
static void check_chosen(struct sim *sim, const struct event *event, const struct command *command)
{
    const struct engine *engine = sim->rig->engine;
    const struct event_ticket_called *called = &event->body.called;
    const int counter = engine_find_counter(engine, event->counter);
    const struct ticket *ticket = engine_find_ticket(engine, event->ticket);
    int waiting = 0;
    (void)model_first(engine, counter, event->at_ms, &waiting);
    EXPECT(command->type == COMMAND_CALL && called->because == command->because);
    EXPECT(ticket != NULL && ticket->state == TICKET_WAITING && called->waiting == waiting);
    EXPECT(engine_counter(engine, counter)->ticket < 0);
    const uint32_t lacking =
        ticket->needs & engine_need_terms(engine)->hard & ~engine_counter(engine, counter)->needs;
    EXPECT(called->anyway == (lacking != 0) && (lacking == 0 || command->anyway));
    EXPECT(called->announcement == engine_last_announcement(engine) + 1);
    sim->seen->reasons[called->reason]++;
}

static bool same_call(const struct event_ticket_called *a, const struct event_ticket_called *b)
{
    return a->announcement == b->announcement && a->reason == b->reason &&
           a->waited_s == b->waited_s && a->waiting == b->waiting && a->because == b->because &&
           a->anyway == b->anyway;
}

/* But for where it may be called, which follows who is where. */
static void expect_as_before(const struct ticket *now, const struct ticket *before)
{
    EXPECT(now->state == before->state && now->ticket_class == before->ticket_class);
    EXPECT(now->service == before->service && now->language == before->language &&
           now->counter == before->counter && now->needs == before->needs);
    EXPECT(now->arrived_at_ms == before->arrived_at_ms && now->leg_from_ms == before->leg_from_ms &&
           now->called_at_ms == before->called_at_ms &&
           now->started_at_ms == before->started_at_ms && now->ended_at_ms == before->ended_at_ms &&
           now->parked_at_ms == before->parked_at_ms && now->served_ms == before->served_ms);
    EXPECT(now->held_until_ms == before->held_until_ms && now->parked_by == before->parked_by);
    EXPECT(now->announcement == before->announcement && now->recalls == before->recalls &&
           same_call(&now->call, &before->call));
    EXPECT(now->promise.known == before->promise.known &&
           now->promise.p90_s == before->promise.p90_s);
    EXPECT(now->outcome == before->outcome && now->unconfirmed == before->unconfirmed &&
           now->nobody_serves == before->nobody_serves && now->for_person == before->for_person &&
           strcmp(now->avoidable, before->avoidable) == 0);
}

static bool is_step(enum event_type type)
{
    return type == EVENT_TICKET_CALLED || type == EVENT_SERVING_STARTED ||
           type == EVENT_TICKET_CLOSED || type == EVENT_TICKET_NO_SHOW ||
           type == EVENT_TICKET_TRANSFERRED || type == EVENT_TICKET_PARKED ||
           type == EVENT_TICKET_TAKEN_BACK;
}

/* Before it is evolved. */
static void keep_before(struct sim *sim, const struct event *event)
{
    const struct engine *engine = sim->rig->engine;
    if (event->type == EVENT_DAY_OPENED) {
        memset(sim->step_count, 0, sizeof(sim->step_count));
    }
    if (!is_step(event->type)) {
        return;
    }
    const int counter = engine_find_counter(engine, event->counter);
    if (sim->step_count[counter] == UNDONE_MAX) {
        sim->step_count[counter]--;
        memmove(&sim->steps[counter][0], &sim->steps[counter][1],
                (UNDONE_MAX - 1) * sizeof(struct before));
    }
    sim->steps[counter][sim->step_count[counter]++] =
        (struct before){.ticket = *engine_find_ticket(engine, event->ticket),
                        .since_ms = engine_counter(engine, counter)->since_ms};
}

/* After it was evolved. */
static void check_undone(struct sim *sim, const struct event *event)
{
    const struct engine *engine = sim->rig->engine;
    const int counter = engine_find_counter(engine, event->counter);
    const struct counter *at = engine_counter(engine, counter);
    EXPECT(sim->step_count[counter] > 0);
    const struct before *before = &sim->steps[counter][--sim->step_count[counter]];
    expect_as_before(engine_find_ticket(engine, event->ticket), &before->ticket);
    EXPECT(at->since_ms == before->since_ms && at->ready_since_ms == 0);
}

/* Before it is evolved. `taker`: it was offered to all ready counters, rather than asked for by one. */
static void check_call(struct sim *sim, const struct event *event, bool offered)
{
    const struct engine *engine = sim->rig->engine;
    const struct event_ticket_called *called = &event->body.called;
    const int counter = engine_find_counter(engine, event->counter);
    int waiting = 0;
    const struct ticket *first = model_first(engine, counter, event->at_ms, &waiting);
    EXPECT(first != NULL && strcmp(first->id, event->ticket) == 0);
    const int64_t waited_s = (event->at_ms - first->leg_from_ms) / 1000;
    EXPECT(called->waiting == waiting);
    EXPECT(called->waited_s == (waited_s < 0 ? 0 : waited_s));
    EXPECT(called->announcement == engine_last_announcement(engine) + 1);
    EXPECT(called->appointment_ms == first->appointment_ms);
    EXPECT(called->standard_s == 900 && called->limit_s == 1800);
    EXPECT(event->occurred_at_ms == event->at_ms);
    EXPECT(!offered || model_taker(engine, first, event->at_ms) == counter);
    const bool came_just_now = called->reason == CALL_FREE_COUNTER ||
                               called->reason == CALL_FREE_COUNTER_LANGUAGE ||
                               (waiting == 1 && called->reason == CALL_TRANSFERRED);
    EXPECT(came_just_now || (called->reason == CALL_ONLY_ONE_WAITING) == (waiting == 1));
    EXPECT(!came_just_now || (offered && waiting == 1));
    sim->seen->reasons[called->reason]++;
}

static bool is_served_today(const struct engine *engine, const struct command *command,
                            const struct ticket *ticket)
{
    for (int i = 0; i < engine_counter_count(engine); i++) {
        const struct counter *counter = engine_counter(engine, i);
        if (model_could_serve(engine, i, ticket) && (command->rostered >> counter->rule & 1) != 0) {
            return true;
        }
    }
    return false;
}

/* After it was evolved. */
static void check_joined(const struct sim *sim, const struct event *event,
                         const struct command *command)
{
    const struct engine *engine = sim->rig->engine;
    const struct ticket *ticket = engine_find_ticket(engine, event->ticket);
    EXPECT(ticket->nobody_serves ==
           (ticket->only < 0 && !is_served_today(engine, command, ticket)));
    if (event->type == EVENT_TICKET_TRANSFERRED) {
        EXPECT(ticket->ticket_class == CLASS_TRANSFER && ticket->counter < 0);
        EXPECT(ticket->leg_from_ms == event->occurred_at_ms && !ticket->promise.known);
        return;
    }
    const int64_t booked_ms = command->appointment_ms;
    const bool on_time = booked_ms != 0 && ticket->arrived_at_ms <= booked_ms + 600000;
    const enum ticket_class expected = on_time && command->ticket_class != CLASS_URGENT
                                           ? CLASS_APPOINTMENT
                                           : command->ticket_class;
    EXPECT(ticket->arrived_at_ms == event->occurred_at_ms);
    EXPECT(ticket->ticket_class == expected);
    EXPECT(ticket->booked_late == (booked_ms != 0 && !on_time));
    EXPECT(ticket->leg_from_ms ==
           (on_time && booked_ms > ticket->arrived_at_ms ? booked_ms : ticket->arrived_at_ms));
    EXPECT(ticket->promise.known == command->promise.known &&
           ticket->promise.p90_s == command->promise.p90_s);
}

static void check_event(struct sim *sim, const struct event *event, const struct command *command)
{
    const struct engine *engine = sim->rig->engine;
    EXPECT(event->at_ms >= engine_last_at_ms(engine));
    keep_before(sim, event);
    sim->seen->events[event->type]++;
    if (event->type == EVENT_TICKET_CALLED) {
        if (event->body.called.reason == CALL_CHOSEN) {
            check_chosen(sim, event, command);
        } else {
            check_call(sim, event,
                       command->type != COMMAND_NEXT && command->type != COMMAND_FINISH);
        }
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

/* Whoever may be called by a ready counter has been, and who asked for the next and got nobody is ready. */
static void check_nobody_stands_idle(const struct sim *sim, const struct command *command)
{
    const struct rig *rig = sim->rig;
    if (rig->decision.refusal != REFUSAL_NONE) {
        return;
    }
    const int64_t now_ms = engine_last_at_ms(rig->engine);
    if (command->type == COMMAND_NEXT) {
        const int index = engine_find_counter(rig->engine, command->counter);
        const struct counter *counter = engine_counter(rig->engine, index);
        int waiting = 0;
        EXPECT(counter->ticket >= 0 ||
               (counter->ready_since_ms != 0 &&
                (rig->decision.count == 0 ||
                 model_first(rig->engine, index, now_ms, &waiting) == NULL)));
    } else if (rig->decision.count > 0 &&
               (command->type == COMMAND_ISSUE || command->type == COMMAND_TRANSFER ||
                command->type == COMMAND_DISPATCH)) {
        EXPECT(!engine_dispatch_is_due(rig->engine, now_ms));
    }
    int ready = 0;
    for (int i = 0; i < engine_counter_count(rig->engine); i++) {
        int waiting = 0;
        ready += engine_counter(rig->engine, i)->ready_since_ms != 0 &&
                 model_first(rig->engine, i, now_ms, &waiting) != NULL;
    }
    EXPECT(engine_dispatch_is_due(rig->engine, now_ms) == (ready > 0));
}

static void do_command(struct sim *sim, struct command command)
{
    struct rig *rig = sim->rig;
    bool compares = traffic_roll(sim, 25) == 0; /* a digest costs more than all the rest */
    uint64_t before = compares ? engine_digest(rig->engine) : 0;
    engine_decide(rig->engine, &command, &rig->decision);
    EXPECT(!compares || engine_digest(rig->engine) == before);
    sim->seen->refusals[rig->decision.refusal]++;
    EXPECT(rig->decision.refusal == REFUSAL_NONE || rig->decision.count == 0);
    for (size_t i = 0; i < rig->decision.count; i++) {
        const struct event *event = &rig->decision.events[i];
        check_event(sim, event, &command);
        if (event->type == EVENT_SITE_APPLIED && command.type == COMMAND_APPLY_SITE) {
            rig->rules = *command.rules;
            engine_set_rules(rig->engine, command.rules);
        }
        rig_apply(rig, event);
        if (event->type == EVENT_TICKET_ISSUED || event->type == EVENT_TICKET_TRANSFERRED) {
            check_joined(sim, event, &command);
        } else if (event->type == EVENT_STEP_UNDONE) {
            check_undone(sim, event);
        }
    }
    check_nobody_stands_idle(sim, &command);
}

/* What was done at the counter is undone at once, step by step: all is as it was, whatever else there is. */
static void undo_at_once(struct sim *sim, const struct command *command, uint64_t before)
{
    const struct rig *rig = sim->rig;
    size_t steps = 0;
    bool at_this_counter = true;
    for (size_t i = 0; i < rig->decision.count; i++) {
        const struct event *event = &rig->decision.events[i];
        steps += is_step(event->type);
        at_this_counter &= is_step(event->type) && strcmp(event->counter, command->counter) == 0;
    }
    if (steps == 0 || !at_this_counter) {
        return;
    }
    for (size_t i = 0; i < steps; i++) {
        struct command undo = rig_command(rig, COMMAND_UNDO);
        memcpy(undo.counter, command->counter, sizeof(undo.counter));
        do_command(sim, undo);
        EXPECT(rig->decision.refusal == REFUSAL_NONE && rig->decision.count == 1);
    }
    EXPECT(engine_queue_digest(rig->engine) == before);
    sim->seen->undone++;
}

static void step(struct sim *sim)
{
    struct rig *rig = sim->rig;
    rig->now_ms += traffic_roll(sim, 12) == 0 ? -(int64_t)traffic_roll(sim, 5000)
                                              : (int64_t)traffic_roll(sim, 20000);
    const struct command command = traffic_command(sim);
    const bool undoes = traffic_roll(sim, 8) == 0;
    const uint64_t before = undoes ? engine_queue_digest(rig->engine) : 0;
    do_command(sim, command);
    if (undoes) {
        undo_at_once(sim, &command, before);
    }
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
    traffic_sites(sim, seed);
    sim->rig->rules = sim->sites[0];
    engine_set_rules(sim->rig->engine, &sim->sites[0]);
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
    assert_in_range(seen.undone, 600, UINT32_MAX);
    for (int i = 0; i < CALL_REASONS; i++) {
        if (seen.reasons[i] == 0) {
            fail_msg("nobody called as %s in all these days",
                     call_reason_code((enum call_reason)i));
        }
    }
    for (int i = 0; i < EVENT_TYPES; i++) {
        if (seen.events[i] == 0) {
            fail_msg("no %s in all these days", event_type_code((enum event_type)i));
        }
    }
    for (int i = 0; i <= REFUSAL_TOO_MANY_CODES; i++) {
        bool needs_a_full_house = i == REFUSAL_NUMBERS_USED_UP || i == REFUSAL_TOO_MANY_TICKETS ||
                                  i == REFUSAL_TOO_MANY_CODES || i == REFUSAL_TOO_MANY_VISITS ||
                                  i == REFUSAL_TOO_MANY_HELP_CALLS;
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
