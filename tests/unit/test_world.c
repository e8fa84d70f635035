/* A world's rules, each in a desk small enough to follow by hand: who may be called where and when, what a start in the
 * middle of a day means, and who disturbs whom. That whole days come out right is test_world_traces.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/forecast/random.h"
#include "engine/forecast/world.h"

enum { MINUTE_MS = 60000, HOUR_MS = 60 * MINUTE_MS, VISITS_MAX = 64 };

struct rig {
    struct world *world;
    struct world_desk desk;
    struct world_counter counters[4];
    struct world_visit visits[VISITS_MAX];
    struct world_visits given;
};

static int set_up(void **state)
{
    struct rig *rig = calloc(1, sizeof(*rig));
    assert_non_null(rig);
    rig->world = world_create();
    rig->desk = (struct world_desk){.policy = policy_default_terms,
                                    .service_count = 3,
                                    .counter_count = 1,
                                    .counters = rig->counters,
                                    .stranger_factor = WORLD_STRANGER_FACTOR,
                                    .ghost_ms = WORLD_GHOST_MS,
                                    .track_slips = true};
    rig->desk.policy.rule = POLICY_FIFO;
    for (int i = 0; i < 4; i++) {
        rig->counters[i] =
            (struct world_counter){.services = 1, .languages = 1, .closes_ms = 8 * HOUR_MS};
    }
    rig->given.visits = rig->visits;
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

/* Comes after so many minutes for service 0, is served for so many, patient; the caller changes what he likes. */
static struct world_visit *comes(struct rig *rig, double at_min, double service_min)
{
    struct world_visit *visit = &rig->visits[rig->given.count++];
    *visit = (struct world_visit){.arrives_ms = (int64_t)(at_min * MINUTE_MS),
                                  .leg_from_ms = (int64_t)(at_min * MINUTE_MS),
                                  .leaves_ms = INT64_MAX,
                                  .service_ms = (int64_t)(service_min * MINUTE_MS),
                                  .next_service = -1};
    return visit;
}

static void run(struct rig *rig)
{
    world_set_desk(rig->world, &rig->desk);
    world_start(rig->world, 0, NULL, &rig->given);
    assert_false(world_run(rig->world, INT64_MAX));
}

static void assert_called(const struct rig *rig, int32_t ticket, double at_min, int counter)
{
    const struct world_ticket *found = world_ticket(rig->world, ticket);
    assert_int_equal(found->called_ms, (int64_t)(at_min * MINUTE_MS));
    assert_int_equal(found->counter, counter);
}

static void first_come_first_served(void **state)
{
    struct rig *rig = *state;
    comes(rig, 1, 10);
    comes(rig, 2, 5);
    comes(rig, 3, 1);
    run(rig);
    assert_called(rig, 0, 1, 0);
    assert_called(rig, 1, 11, 0);
    assert_called(rig, 2, 16, 0);
}

static void a_hard_need_waits_for_a_counter_that_meets_it(void **state)
{
    struct rig *rig = *state;
    rig->desk.counter_count = 2;
    rig->counters[1].needs = 1;
    rig->counters[1].opens_ms = 90 * MINUTE_MS;
    rig->desk.needs.hard = 1;
    comes(rig, 1, 10)->needs = 1;
    comes(rig, 2, 10);
    run(rig);
    assert_called(rig, 0, 90, 1);
    assert_called(rig, 1, 2, 0);
}

static void a_wish_relaxes_and_then_takes_a_free_counter(void **state)
{
    struct rig *rig = *state;
    rig->desk.counter_count = 2;
    rig->counters[1].needs = 2;
    rig->counters[1].opens_ms = 90 * MINUTE_MS;
    rig->desk.needs.relax_after_ms[1] = 7 * MINUTE_MS;
    comes(rig, 1, 10)->needs = 2;
    run(rig);
    assert_called(rig, 0, 8, 0); /* counter 0 has idled all the while */
}

static void a_busy_counter_heeds_a_wish_too(void **state)
{
    struct rig *rig = *state;
    rig->desk.counter_count = 2;
    rig->counters[1].needs = 2;
    rig->counters[1].opens_ms = 90 * MINUTE_MS;
    rig->desk.needs.relax_after_ms[1] = 7 * MINUTE_MS;
    comes(rig, 0, 5);
    comes(rig, 1, 10)->needs = 2;
    comes(rig, 2, 6); /* passes by at 5, when the wish still holds */
    run(rig);
    assert_called(rig, 2, 5, 0);
    assert_called(rig, 1, 11, 0);
    assert_int_equal(world_ticket(rig->world, 1)->slips, 0);
}

static void a_wish_nobody_could_grant_restricts_nobody(void **state)
{
    struct rig *rig = *state;
    rig->desk.counter_count = 2;
    rig->counters[1].services = 2; /* meets it, but not for this service */
    rig->counters[1].needs = 4;
    rig->desk.needs.relax_after_ms[2] = 20 * MINUTE_MS;
    comes(rig, 1, 10)->needs = 4;
    run(rig);
    assert_called(rig, 0, 1, 0);
}

static void a_free_counter_is_chosen_by_language_then_specialty_then_idleness(void **state)
{
    struct rig *rig = *state;
    rig->desk.counter_count = 3;
    rig->counters[0] = (struct world_counter){.services = 7, .languages = 3, .closes_ms = HOUR_MS};
    rig->counters[1] = (struct world_counter){.services = 3, .languages = 1, .closes_ms = HOUR_MS};
    rig->counters[2] = (struct world_counter){
        .services = 5, .languages = 1, .opens_ms = 30000, .closes_ms = HOUR_MS};
    comes(rig, 1, 20)->language = 1;
    comes(rig, 2, 20);
    comes(rig, 3, 20);
    run(rig);
    assert_called(rig, 0, 1, 0);
    assert_called(rig, 1, 2, 1);
    assert_called(rig, 2, 3, 2);
}

static void an_unspoken_language_takes_longer(void **state)
{
    struct rig *rig = *state;
    comes(rig, 0, 10)->language = 5;
    comes(rig, 1, 1);
    run(rig);
    assert_called(rig, 1, 14, 0);
}

static void leavers_vanish_or_cost_a_call(void **state)
{
    struct rig *rig = *state;
    comes(rig, 0, 10);
    comes(rig, 1, 10)->leaves_ms = 5 * MINUTE_MS; /* tells */
    struct world_visit *silent = comes(rig, 2, 10);
    silent->leaves_ms = 6 * MINUTE_MS;
    silent->silent = true;
    comes(rig, 3, 10);
    run(rig);
    assert_int_equal(world_ticket(rig->world, 1)->outcome, WORLD_LEFT);
    assert_int_equal(world_ticket(rig->world, 2)->outcome, WORLD_GHOST);
    assert_called(rig, 2, 10, 0);
    assert_called(rig, 3, 10.75, 0);
}

static void the_booked_are_not_called_early_while_others_wait(void **state)
{
    struct rig *rig = *state;
    comes(rig, 0, 10);
    struct world_visit *booked = comes(rig, 1, 5);
    booked->leg_from_ms = 40 * MINUTE_MS;
    booked->ticket_class = CLASS_APPOINTMENT;
    comes(rig, 2, 5);
    run(rig);
    assert_called(rig, 2, 10, 0);
    assert_called(rig, 1, 15, 0); /* nobody else waits: 25 min early is fine */
}

static void a_transfer_joins_after_the_counter_went_on(void **state)
{
    struct rig *rig = *state;
    rig->desk.policy.rule = POLICY_STRICT;
    struct world_visit *moves = comes(rig, 0, 10);
    moves->next_service = 0;
    moves->next_service_ms = 3 * MINUTE_MS;
    comes(rig, 1, 5); /* normal, and yet before the transfer, who joins a moment later */
    comes(rig, 2, 5);
    run(rig);
    assert_int_equal(world_ticket_count(rig->world), 4);
    assert_called(rig, 1, 10, 0);
    assert_called(rig, 3, 15, 0);
    assert_called(rig, 2, 18, 0);
    assert_int_equal(world_ticket(rig->world, 3)->leg_of, 0);
    assert_int_equal(world_ticket(rig->world, 3)->leg_from_ms, 10 * MINUTE_MS);
}

static void breaks_gaps_and_closing(void **state)
{
    struct rig *rig = *state;
    rig->counters[0].break_count = 2;
    rig->counters[0].breaks[0] = (struct world_break){5 * MINUTE_MS, 20 * MINUTE_MS};
    rig->counters[0].breaks[1] = (struct world_break){40 * MINUTE_MS, 10 * MINUTE_MS};
    rig->counters[0].closes_ms = 70 * MINUTE_MS;
    comes(rig, 0, 8)->gap_ms = 2 * MINUTE_MS; /* 8, then 2 min: on the break from 10 to 30 */
    comes(rig, 1, 5);                         /* 30 to 35 */
    comes(rig, 42, 25);                       /* idle at 40: back at 50, done at 75 */
    comes(rig, 43, 1);                        /* too late */
    run(rig);
    assert_called(rig, 1, 30, 0);
    assert_called(rig, 2, 50, 0);
    assert_int_equal(world_ticket(rig->world, 3)->outcome, WORLD_WAITS);
    assert_int_equal(world_ticket(rig->world, 3)->called_ms, -1);
}

static void a_phantom_is_called_in_turn_and_costs_nothing(void **state)
{
    struct rig *rig = *state;
    comes(rig, 0, 10);
    comes(rig, 1, 5)->phantom = true;
    comes(rig, 2, 5);
    comes(rig, 16, 5)->phantom = true; /* the counter is idle, and stays so */
    run(rig);
    assert_called(rig, 1, 10, 0);
    assert_called(rig, 2, 10, 0);
    assert_called(rig, 3, 16, 0);
}

static void a_run_ends_when_the_watched_were_called(void **state)
{
    struct rig *rig = *state;
    comes(rig, 0, 10);
    comes(rig, 1, 5)->watched = true;
    comes(rig, 2, 5);
    world_set_desk(rig->world, &rig->desk);
    world_start(rig->world, 0, NULL, &rig->given);
    assert_false(world_run(rig->world, INT64_MAX));
    assert_int_equal(world_now_ms(rig->world), 10 * MINUTE_MS);
    assert_int_equal(world_ticket(rig->world, 2)->called_ms, -1);
}

static void runs_stop_where_they_are_told(void **state)
{
    struct rig *rig = *state;
    comes(rig, 0, 10);
    comes(rig, 1, 5);
    world_set_desk(rig->world, &rig->desk);
    world_start(rig->world, 0, NULL, &rig->given);
    assert_true(world_run(rig->world, 7 * MINUTE_MS));
    assert_int_equal(world_now_ms(rig->world), 7 * MINUTE_MS);
    int32_t waiting[4];
    assert_int_equal(world_waiting(rig->world, waiting, 4), 1);
    assert_int_equal(waiting[0], 1);
    struct world_stand stand;
    world_stand(rig->world, 0, &stand);
    assert_int_equal(stand.state, WORLD_BUSY);
    assert_int_equal(stand.ticket, 0);
    assert_int_equal(stand.until_ms, 10 * MINUTE_MS);
    assert_false(world_run(rig->world, INT64_MAX));
    assert_called(rig, 1, 10, 0);
}

/* At one instant: counters first, then arrivals, then what ends. */
static void instants_are_in_order(void **state)
{
    struct rig *rig = *state;
    rig->desk.counter_count = 2;
    rig->counters[1].opens_ms = 10 * MINUTE_MS;
    comes(rig, 0, 10);
    comes(rig, 10, 5); /* counter 1 has just opened; counter 0 is not done yet */
    run(rig);
    assert_called(rig, 1, 10, 1);
}

static void what_ends_at_one_instant_ends_in_the_order_it_began(void **state)
{
    struct rig *rig = *state;
    rig->desk.counter_count = 2;
    rig->counters[0].opens_ms = MINUTE_MS;
    comes(rig, 0, 10);
    comes(rig, 1, 9);
    comes(rig, 2, 5);
    comes(rig, 3, 5);
    run(rig);
    assert_called(rig, 0, 0, 1);
    assert_called(rig, 2, 10, 1);
    assert_called(rig, 3, 10, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(first_come_first_served, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_hard_need_waits_for_a_counter_that_meets_it, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_wish_relaxes_and_then_takes_a_free_counter, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_busy_counter_heeds_a_wish_too, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_wish_nobody_could_grant_restricts_nobody, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            a_free_counter_is_chosen_by_language_then_specialty_then_idleness, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_unspoken_language_takes_longer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(leavers_vanish_or_cost_a_call, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_booked_are_not_called_early_while_others_wait, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_transfer_joins_after_the_counter_went_on, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(breaks_gaps_and_closing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_phantom_is_called_in_turn_and_costs_nothing, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_run_ends_when_the_watched_were_called, set_up, tear_down),
        cmocka_unit_test_setup_teardown(runs_stop_where_they_are_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(instants_are_in_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_ends_at_one_instant_ends_in_the_order_it_began, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
