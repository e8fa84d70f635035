/* Random worlds from seeds: no policy overtakes beyond its guarantee, slips are what a plain count of all pairs gives, a
 * day that is stopped and started anew goes on as it would have, and phantoms disturb nobody. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/forecast/random.h"
#include "engine/forecast/world.h"

enum {
    MINUTE_MS = 60000,
    DAY_MS = 9 * 60 * MINUTE_MS,
    WORLDS = 300,
    VISITS = 220,
    SERVICES = 6,
    NEEDS = 3,
};

struct rig {
    struct random random;
    struct world *world;
    struct world_desk desk;
    struct world_counter counters[8];
    struct world_visit visits[VISITS];
    int32_t count;
};

static int below(struct rig *rig, int count)
{
    return random_index(random_uniform(&rig->random), count);
}

static bool chance(struct rig *rig, double share)
{
    return random_uniform(&rig->random) < share;
}

static void draw_counters(struct rig *rig, bool needs)
{
    rig->desk.counter_count = 2 + below(rig, 6);
    for (int i = 0; i < rig->desk.counter_count; i++) {
        struct world_counter *counter = &rig->counters[i];
        *counter = (struct world_counter){.languages = 1 + (uint32_t)below(rig, 4),
                                          .closes_ms = DAY_MS - below(rig, 2 * 60) * MINUTE_MS};
        counter->services = UINT64_C(1) << below(rig, SERVICES);
        for (int j = 0; j < 2; j++) {
            counter->services |= UINT64_C(1) << below(rig, SERVICES);
        }
        counter->needs = needs ? (uint32_t)below(rig, 1 << NEEDS) : 0;
        counter->opens_ms = chance(rig, 0.3) ? below(rig, 90) * (int64_t)MINUTE_MS : 0;
        if (chance(rig, 0.5)) {
            counter->break_count = 1;
            counter->breaks[0] = (struct world_break){(120 + below(rig, 120)) * (int64_t)MINUTE_MS,
                                                      (1 + below(rig, 60)) * (int64_t)MINUTE_MS};
        }
    }
}

static void draw_visit(struct rig *rig, struct world_visit *visit, int64_t at_ms, bool needs)
{
    *visit = (struct world_visit){.arrives_ms = at_ms,
                                  .leg_from_ms = at_ms,
                                  .leaves_ms = INT64_MAX,
                                  .service = (int16_t)below(rig, SERVICES),
                                  .next_service = -1,
                                  .language = (int16_t)(below(rig, 4) - 1),
                                  .ticket_class = chance(rig, 0.2) ? CLASS_ASSISTED : CLASS_NORMAL};
    visit->service_ms = (int64_t)random_exponential(random_uniform(&rig->random), 10.0 * MINUTE_MS);
    if (chance(rig, 0.05)) {
        visit->ticket_class = CLASS_URGENT;
    }
    if (chance(rig, 0.15)) {
        visit->ticket_class = CLASS_APPOINTMENT;
        visit->leg_from_ms += below(rig, 40) * (int64_t)MINUTE_MS;
    }
    if (chance(rig, 0.4)) {
        visit->leaves_ms = visit->leg_from_ms + (int64_t)random_exponential(
                                                    random_uniform(&rig->random), 60.0 * MINUTE_MS);
        visit->silent = chance(rig, 0.5);
    }
    if (chance(rig, 0.1)) {
        visit->next_service = (int16_t)below(rig, SERVICES);
        visit->next_service_ms = 5 * MINUTE_MS;
    }
    if (chance(rig, 0.1)) {
        visit->gap_ms = below(rig, 5 * MINUTE_MS);
    }
    visit->needs = needs && chance(rig, 0.3) ? (uint32_t)below(rig, 1 << NEEDS) : 0;
}

static void draw_world(struct rig *rig, uint64_t seed, bool needs)
{
    rig->random = (struct random){random_stream(7, seed)};
    rig->desk = (struct world_desk){.policy = policy_default_terms,
                                    .service_count = SERVICES,
                                    .counters = rig->counters,
                                    .stranger_factor = WORLD_STRANGER_FACTOR,
                                    .ghost_ms = WORLD_GHOST_MS,
                                    .track_slips = true};
    rig->desk.needs.hard = 1;
    rig->desk.needs.relax_after_ms[1] = 10 * MINUTE_MS;
    rig->desk.needs.relax_after_ms[2] = 25 * MINUTE_MS;
    draw_counters(rig, needs);
    rig->count = VISITS;
    int64_t at_ms = 0;
    const double gap_ms = 8.0 * MINUTE_MS / rig->desk.counter_count;
    for (int i = 0; i < VISITS; i++) {
        at_ms += (int64_t)random_exponential(random_uniform(&rig->random), gap_ms);
        draw_visit(rig, &rig->visits[i], at_ms, needs);
    }
}

static void run(struct rig *rig)
{
    const struct world_visits given = {.visits = rig->visits, .count = rig->count};
    world_set_desk(rig->world, &rig->desk);
    world_start(rig->world, 0, NULL, &given);
    assert_false(world_run(rig->world, INT64_MAX));
}

static int set_up(void **state)
{
    struct rig *rig = calloc(1, sizeof(*rig));
    assert_non_null(rig);
    rig->world = world_create();
    *state = rig;
    return 0;
}

static int tear_down(void **state)
{
    struct rig *rig = *state;
    world_destroy(rig->world);
    free(rig);
    return 0;
}

/* ---- Overtaking */

static void no_policy_overtakes_beyond_its_guarantee(void **state)
{
    struct rig *rig = *state;
    int64_t most_ms[POLICY_APQ + 1] = {0};
    for (uint64_t seed = 0; seed < WORLDS; seed++) {
        draw_world(rig, seed, seed % 2 == 1);
        rig->desk.policy.rescue_ms = below(rig, 16) * (int64_t)MINUTE_MS;
        rig->desk.policy.limit_ms = (15 + below(rig, 40)) * (int64_t)MINUTE_MS;
        for (int rule = POLICY_FIFO; rule <= POLICY_APQ; rule++) {
            rig->desk.policy.rule = (enum policy_rule)rule;
            assert_null(policy_terms_fault(&rig->desk.policy));
            const int64_t bound_ms = policy_overtaking_bound_ms(&rig->desk.policy);
            run(rig);
            for (int32_t i = 0; i < world_ticket_count(rig->world); i++) {
                const int64_t by_ms = world_ticket(rig->world, i)->overtaken_ms;
                most_ms[rule] = by_ms > most_ms[rule] ? by_ms : most_ms[rule];
                if (bound_ms >= 0 && by_ms > bound_ms) {
                    fail_msg("seed %d, %s: ticket %d was passed by one who came %lld ms later; at "
                             "most %lld are promised",
                             (int)seed, policy_code(rig->desk.policy.rule), i, (long long)by_ms,
                             (long long)bound_ms);
                }
            }
        }
    }
    /* the bounds are met, not just kept because nothing happens */
    assert_int_equal(most_ms[POLICY_FIFO], 0);
    assert_true(most_ms[POLICY_HEADSTART] > 9 * MINUTE_MS);
    assert_true(most_ms[POLICY_RESCUE] > 30 * MINUTE_MS);
    assert_true(most_ms[POLICY_STRICT] > 60 * MINUTE_MS);
}

static bool waits_at(const struct world_ticket *ticket, int64_t at_ms)
{
    return ticket->visit->arrives_ms < at_ms && ticket->visit->leaves_ms > at_ms &&
           (ticket->called_ms < 0 || ticket->called_ms > at_ms);
}

static void slips_are_what_all_pairs_give(void **state)
{
    struct rig *rig = *state;
    int64_t slips = 0;
    for (uint64_t seed = 0; seed < 60; seed++) {
        draw_world(rig, seed, false);
        rig->desk.policy.rule = (enum policy_rule)(seed % 5);
        run(rig);
        const int32_t count = world_ticket_count(rig->world);
        for (int32_t i = 0; i < count; i++) {
            const struct world_ticket *passed = world_ticket(rig->world, i);
            int32_t mine = 0;
            int32_t late = 0;
            int64_t most_ms = 0;
            for (int32_t j = 0; j < count; j++) {
                const struct world_ticket *by = world_ticket(rig->world, j);
                const int64_t later_ms = by->leg_from_ms - passed->leg_from_ms;
                if (by->outcome != WORLD_SERVED || later_ms <= 0 ||
                    !waits_at(passed, by->called_ms) ||
                    (rig->counters[by->counter].services >> passed->visit->service & 1) == 0) {
                    continue;
                }
                mine++;
                late += by->called_ms - passed->leg_from_ms > rig->desk.policy.standard_ms;
                most_ms = later_ms > most_ms ? later_ms : most_ms;
            }
            assert_int_equal(passed->slips, mine);
            assert_int_equal(passed->late_slips, late);
            assert_int_equal(passed->overtaken_ms, most_ms);
            slips += mine;
        }
    }
    assert_true(slips > 1000);
}

/* ---- Choosing */

struct witness {
    const struct rig *rig;
    int choices;
};

static int32_t pick(void *context, const struct world *world, int counter, int32_t best)
{
    struct witness *witness = context;
    int32_t callable[2 * VISITS];
    const int32_t count = world_callable(world, counter, callable, 2 * VISITS);
    int32_t first = WORLD_NOBODY;
    struct policy_rank first_rank = {0};
    for (int32_t i = 0; i < count; i++) {
        const struct world_ticket *ticket = world_ticket(world, callable[i]);
        const struct policy_rank rank =
            policy_rank(&witness->rig->desk.policy, (enum ticket_class)ticket->visit->ticket_class,
                        world_now_ms(world) - ticket->leg_from_ms);
        /* callable[] is in order of joining */
        if (first == WORLD_NOBODY || policy_ranks_before(rank, 1, first_rank, 0)) {
            first = callable[i];
            first_rank = rank;
        }
    }
    assert_int_equal(best, first);
    witness->choices += count > 1;
    return best;
}

static void who_is_chosen_ranks_first_of_all(void **state)
{
    struct rig *rig = *state;
    struct witness witness = {.rig = rig};
    for (uint64_t seed = 0; seed < WORLDS; seed++) {
        draw_world(rig, seed, seed % 2 == 1);
        rig->desk.hooks = (struct world_hooks){.context = &witness, .pick = pick};
        for (int32_t i = 0; i < VISITS && seed % 3 == 0; i++) { /* nearly all of them booked */
            rig->visits[i].leg_from_ms = rig->visits[i].arrives_ms + below(rig, 50) * MINUTE_MS;
            rig->visits[i].ticket_class = chance(rig, 0.9) ? CLASS_APPOINTMENT : CLASS_URGENT;
        }
        rig->desk.policy.rule = seed % 5 == 0 ? POLICY_STRICT : POLICY_RESCUE;
        rig->desk.policy.rule = seed % 7 == 0 ? POLICY_APQ : rig->desk.policy.rule;
        run(rig);
    }
    assert_true(witness.choices > 20000);
}

/* ---- Starting in the middle */

struct middle {
    struct world_visit visits[2 * VISITS];
    struct world_visits given;
    struct world_stand stands[8];
    int32_t was[2 * VISITS]; /* the ticket of the first run */
};

static void add(struct middle *middle, const struct world_visit *visit, int32_t was)
{
    middle->was[middle->given.count] = was;
    middle->visits[middle->given.count++] = *visit;
}

static void take_middle(const struct rig *rig, struct middle *middle, int64_t at_ms)
{
    *middle = (struct middle){.given = {.visits = middle->visits}};
    for (int i = 0; i < rig->desk.counter_count; i++) {
        world_stand(rig->world, i, &middle->stands[i]);
        if (middle->stands[i].ticket != WORLD_NOBODY) {
            add(middle, world_ticket(rig->world, middle->stands[i].ticket)->visit,
                middle->stands[i].ticket);
            middle->stands[i].ticket = middle->given.at_counters++;
        }
    }
    int32_t waiting[VISITS];
    middle->given.waiting = world_waiting(rig->world, waiting, VISITS);
    for (int32_t i = 0; i < middle->given.waiting; i++) {
        add(middle, world_ticket(rig->world, waiting[i])->visit, waiting[i]);
    }
    for (int32_t i = 0; i < rig->count; i++) {
        if (rig->visits[i].arrives_ms > at_ms) {
            add(middle, &rig->visits[i], i);
        }
    }
}

static void a_day_goes_on_from_where_it_stood(void **state)
{
    struct rig *rig = *state;
    struct middle *middle = calloc(1, sizeof(*middle));
    struct world *second = world_create();
    int compared = 0;
    for (uint64_t seed = 0; seed < 100; seed++) {
        draw_world(rig, seed, seed % 2 == 1);
        rig->desk.policy.rule = (enum policy_rule)(seed / 2 % 5);
        const struct world_visits given = {.visits = rig->visits, .count = rig->count};
        const int64_t at_ms = (60 + below(rig, 300)) * (int64_t)MINUTE_MS + 123;
        world_set_desk(rig->world, &rig->desk);
        world_start(rig->world, 0, NULL, &given);
        if (!world_run(rig->world, at_ms)) {
            continue;
        }
        take_middle(rig, middle, at_ms);
        world_set_desk(second, &rig->desk);
        world_start(second, at_ms, middle->stands, &middle->given);
        (void)world_run(rig->world, INT64_MAX);
        (void)world_run(second, INT64_MAX);
        for (int32_t i = middle->given.at_counters; i < middle->given.count; i++) {
            const struct world_ticket *was = world_ticket(rig->world, middle->was[i]);
            const struct world_ticket *is = world_ticket(second, i);
            assert_int_equal(is->called_ms, was->called_ms);
            assert_int_equal(is->counter, was->counter);
            assert_int_equal(is->outcome, was->outcome);
            compared++;
        }
    }
    assert_true(compared > 5000);
    world_destroy(second);
    free(middle);
}

/* ---- Phantoms */

static void phantoms_disturb_nobody(void **state)
{
    struct rig *rig = *state;
    struct world_visit *with = calloc(2 * VISITS, sizeof(*with));
    struct world *second = world_create();
    int called = 0;
    for (uint64_t seed = 0; seed < 50; seed++) {
        draw_world(rig, seed, seed % 2 == 1);
        rig->desk.policy.rule = (enum policy_rule)(seed % 5);
        run(rig);
        int32_t real[2 * VISITS];
        int32_t count = 0;
        for (int32_t i = 0; i < VISITS; i++) {
            real[i] = count;
            with[count++] = rig->visits[i];
            if (i % 3 == 0) {
                with[count] = rig->visits[i];
                with[count].next_service = -1;
                with[count].leaves_ms = INT64_MAX;
                with[count++].phantom = true;
            }
        }
        const struct world_visits given = {.visits = with, .count = count};
        world_set_desk(second, &rig->desk);
        world_start(second, 0, NULL, &given);
        (void)world_run(second, INT64_MAX);
        for (int32_t i = 0; i < VISITS; i++) {
            assert_int_equal(world_ticket(second, real[i])->called_ms,
                             world_ticket(rig->world, i)->called_ms);
            assert_int_equal(world_ticket(second, real[i])->counter,
                             world_ticket(rig->world, i)->counter);
            assert_int_equal(world_ticket(second, real[i])->slips,
                             world_ticket(rig->world, i)->slips);
        }
        for (int32_t i = 0; i < count; i++) {
            called += with[i].phantom && world_ticket(second, i)->called_ms >= 0;
        }
    }
    assert_true(called > 1000);
    world_destroy(second);
    free(with);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(no_policy_overtakes_beyond_its_guarantee, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(who_is_chosen_ranks_first_of_all, set_up, tear_down),
        cmocka_unit_test_setup_teardown(slips_are_what_all_pairs_give, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_day_goes_on_from_where_it_stood, set_up, tear_down),
        cmocka_unit_test_setup_teardown(phantoms_disturb_nobody, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
