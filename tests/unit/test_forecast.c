/* Forecasts against answers known otherwise: the sampler's own quantiles, and each other. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/forecast/forecast.h"
#include "knowledge_rig.h"

static const int64_t now_ms = INT64_C(1764000000000);
enum { SERVICE_A, SERVICE_B, SERVICE_C };

struct desk {
    struct knowledge_rig *rig;
    struct snapshot snapshot;
    struct forecaster *forecaster;
    struct forecast forecast;
};

/* One counter that offers a, nobody there; first come, first served. */
static int setup(void **state)
{
    struct desk *desk = calloc(1, sizeof(*desk));
    assert_non_null(desk);
    void *rig = NULL;
    assert_int_equal(knowledge_rig_setup(&rig), 0);
    desk->rig = rig;
    desk->forecaster = forecaster_create();
    snapshot_init(&desk->snapshot);
    snapshot_set_sampler(&desk->snapshot, rig_prepare(desk->rig), 0);
    struct snapshot *snapshot = &desk->snapshot;
    snapshot->now_ms = now_ms;
    snapshot->midnight_ms = now_ms - 10 * 60 * MINUTE;
    snapshot->policy.rule = POLICY_FIFO;
    snapshot->service_count = 3;
    snapshot->counter_count = 1;
    snapshot->counters[0] = (struct snapshot_counter){
        .services = 1, .languages = 3, .state = SNAPSHOT_READY, .since_ms = now_ms - MINUTE};
    /* Visits only: walks and gaps have tests of their own. */
    snapshot->sampler->walk.share = snapshot->sampler->gap.share = 0;
    snapshot->sampler->out_of_turn = 0;
    *state = desk;
    return 0;
}

static int teardown(void **state)
{
    struct desk *desk = *state;
    void *rig = desk->rig;
    assert_int_equal(knowledge_rig_teardown(&rig), 0);
    snapshot_free(&desk->snapshot);
    forecaster_destroy(desk->forecaster);
    forecast_free(&desk->forecast);
    free(desk);
    return 0;
}

static void serve(struct desk *desk, int counter, int service, int64_t since_ms)
{
    struct snapshot_counter *mine = &desk->snapshot.counters[counter];
    mine->state = SNAPSHOT_SERVING;
    mine->since_ms = since_ms;
    mine->service = service;
    mine->language = -1;
    mine->key = 100 + (uint64_t)counter;
}

static void wait_for(struct desk *desk, int32_t index, int service, int64_t since_ms)
{
    snapshot_add_ticket(&desk->snapshot, &(struct snapshot_ticket){.key = 1000 + (uint64_t)index,
                                                                   .index = index,
                                                                   .service = (int16_t)service,
                                                                   .language = -1,
                                                                   .arrived_ms = since_ms,
                                                                   .leg_from_ms = since_ms});
}

static void ask(struct desk *desk, int service)
{
    snapshot_add_newcomer(&desk->snapshot,
                          &(struct snapshot_newcomer){.service = (int16_t)service, .language = -1});
}

static void run(struct desk *desk, int runs)
{
    forecaster_run(desk->forecaster, &desk->snapshot,
                   &(struct forecast_options){.runs = runs, .seed = 7}, &desk->forecast);
}

/* Waits of who is asked about, in the order of runs' length. */
static const int32_t *row(const struct desk *desk, size_t asked)
{
    return desk->forecast.waits_s + asked * (size_t)desk->forecast.runs;
}

/* A desk of three counters under which tickets wait for a and b, and are served. */
static void crowd(struct desk *desk)
{
    desk->snapshot.counter_count = 3;
    for (int i = 0; i < 3; i++) {
        desk->snapshot.counters[i] =
            (struct snapshot_counter){.services = i == 0 ? 1 : 3, .languages = 3};
        serve(desk, i, i % 2, now_ms - (i + 1) * 2 * MINUTE);
    }
    for (int32_t i = 0; i < 12; i++) {
        wait_for(desk, i, i % 2, now_ms - (12 - i) * MINUTE);
    }
}

/* ---- */

static void a_free_counter_means_no_wait(void **state)
{
    struct desk *desk = *state;
    ask(desk, SERVICE_A);
    run(desk, 100);
    assert_int_equal(desk->forecast.newcomer_count, 1);
    const struct forecast_wait *wait = &desk->forecast.newcomers[0];
    assert_int_equal(wait->range.p90_s, 0);
    assert_int_equal(wait->range.within_permille, 1000);
}

/* Nobody before it but one at the counter: the wait is what is left of that visit. */
static void one_ahead_is_what_is_left_of_a_visit(void **state)
{
    struct desk *desk = *state;
    const struct sampler *sampler = desk->snapshot.sampler;
    const int64_t elapsed_ms[] = {0, 3 * MINUTE, 20 * MINUTE};
    ask(desk, SERVICE_A);
    for (size_t i = 0; i < 3; i++) {
        serve(desk, 0, SERVICE_A, now_ms - elapsed_ms[i]);
        run(desk, 1000);
        const double factor = (double)sampler->factor[SERVICE_A][0];
        const struct wait_range *range = &desk->forecast.newcomers[0].range;
        const double p50_ms =
            (double)sampler_remaining_ms(sampler, SERVICE_A, factor, elapsed_ms[i], 0.5);
        const double p90_ms =
            (double)sampler_remaining_ms(sampler, SERVICE_A, factor, elapsed_ms[i], 0.9);
        assert_near(range->p50_s, p50_ms / 1000, 2 + 0.01 * p50_ms / 1000);
        assert_near(range->p90_s, p90_ms / 1000, 2 + 0.02 * p90_ms / 1000);
    }
}

/* Newcomers are phantoms: whoever waits is told the same with and without them, and each the same alone. */
static void newcomers_disturb_nobody(void **state)
{
    struct desk *desk = *state;
    crowd(desk);
    run(desk, 50);
    int32_t alone[12][50];
    memcpy(alone, desk->forecast.waits_s, sizeof(alone));
    for (int i = 0; i < 10; i++) {
        ask(desk, i % 2);
    }
    run(desk, 50);
    assert_memory_equal(alone, desk->forecast.waits_s, sizeof(alone));
    assert_memory_equal(row(desk, 12), row(desk, 14), 50 * sizeof(int32_t));
}

/* Who has just joined is told what a newcomer was told: each run gives the same wait, patient or not. */
static void who_has_joined_waits_as_foretold(void **state)
{
    struct desk *desk = *state;
    crowd(desk);
    ask(desk, SERVICE_B);
    run(desk, 100);
    int32_t foretold[100];
    memcpy(foretold, row(desk, 12), sizeof(foretold));
    snapshot_clear_newcomers(&desk->snapshot);
    wait_for(desk, 12, SERVICE_B, now_ms);
    run(desk, 100);
    assert_memory_equal(row(desk, 12), foretold, sizeof(foretold));
}

static int32_t largest_change_s(struct desk *desk, int64_t later_ms, uint64_t seed)
{
    int32_t mean_s[12];
    run(desk, 100);
    for (size_t i = 0; i < 12; i++) {
        mean_s[i] = desk->forecast.tickets[i].range.mean_s;
    }
    desk->snapshot.now_ms += later_ms;
    forecaster_run(desk->forecaster, &desk->snapshot,
                   &(struct forecast_options){.runs = 100, .seed = seed}, &desk->forecast);
    int32_t largest_s = 0;
    for (size_t i = 0; i < 12; i++) {
        const int32_t change_s = abs(desk->forecast.tickets[i].range.mean_s - mean_s[i]);
        largest_s = change_s > largest_s ? change_s : largest_s;
    }
    return largest_s;
}

/* Common random numbers: what changes is what happened. With others, luck would show. */
static void a_moment_later_little_has_changed(void **state)
{
    struct desk *desk = *state;
    crowd(desk);
    assert_in_range(largest_change_s(desk, 1000, 7), 0, 2);
    assert_true(largest_change_s(desk, 0, 8) > 8);
    desk->snapshot.policy = policy_default_terms; /* arrivals to come, and turns that tip over */
    assert_in_range(largest_change_s(desk, 1000, 7), 0, 45);
}

static void later_than_promised_is_a_share_of_runs(void **state)
{
    struct desk *desk = *state;
    crowd(desk);
    for (size_t i = 0; i < 12; i++) {
        desk->snapshot.tickets[i].promised_ms = 20 * MINUTE;
    }
    run(desk, 100);
    for (size_t i = 0; i < 12; i++) {
        int later = 0;
        for (int j = 0; j < 100; j++) {
            later += row(desk, i)[j] > 20 * 60;
            assert_true(j == 0 || row(desk, i)[j] >= row(desk, i)[j - 1]);
        }
        assert_int_equal(desk->forecast.tickets[i].later_permille, later * 10);
    }
}

static void who_cannot_be_called_is_told_nothing(void **state)
{
    struct desk *desk = *state;
    ask(desk, SERVICE_C);
    ask(desk, SERVICE_A);
    desk->snapshot.counters[0].state = SNAPSHOT_OFF;
    desk->snapshot.counters[0].roster =
        (struct snapshot_roster){.on_ms = now_ms + 10 * MINUTE, .off_ms = now_ms + 99 * MINUTE};
    run(desk, 100);
    assert_int_equal(desk->forecast.newcomers[0].range.p20_s, FORECAST_NEVER);
    assert_int_equal(desk->forecast.newcomers[0].never_permille, 1000);
    assert_int_equal(desk->forecast.newcomers[1].range.p20_s, 600); /* when it opens */
    assert_int_equal(desk->forecast.newcomers[1].range.p90_s, 600);
}

/* Nobody calls it before its time, though a counter is free; then it is in its old place, before all who came later. */
static void who_lets_others_go_first_comes_back_to_the_old_place(void **state)
{
    struct desk *desk = *state;
    wait_for(desk, 0, SERVICE_A, now_ms - 5 * MINUTE);
    desk->snapshot.tickets[0].held_ms = now_ms + 10 * MINUTE;
    run(desk, 100);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(row(desk, 0)[i], 15 * 60);
    }
    for (int32_t i = 1; i < 9; i++) {
        wait_for(desk, i, SERVICE_A, now_ms - MINUTE);
    }
    desk->snapshot.tickets[3].held_ms = now_ms + 12 * MINUTE; /* and a second one */
    ask(desk, SERVICE_A);
    run(desk, 100);
    assert_int_equal(row(desk, 1)[99], 60); /* called at once */
    const struct forecast_wait *waits = desk->forecast.tickets;
    for (int i = 0; i < 100; i++) {
        assert_true(row(desk, 0)[i] >= 15 * 60);
        assert_true(row(desk, 3)[i] >= 13 * 60);
    }
    assert_true(waits[0].range.p50_s < waits[8].range.p50_s);
    assert_true(waits[2].range.p50_s < waits[3].range.p50_s);
    assert_true(waits[8].range.p50_s < desk->forecast.newcomers[0].range.p50_s + 60);
}

/* A break of the roster that is under way ends when it has lasted as planned. */
static void a_break_ends_as_planned(void **state)
{
    struct desk *desk = *state;
    ask(desk, SERVICE_A);
    struct snapshot_counter *counter = &desk->snapshot.counters[0];
    counter->state = SNAPSHOT_PAUSED;
    counter->since_ms = now_ms - 5 * MINUTE;
    counter->breaks_taken = 1;
    counter->roster =
        (struct snapshot_roster){.on_ms = now_ms - 60 * MINUTE,
                                 .off_ms = now_ms + 60 * MINUTE,
                                 .break_count = 1,
                                 .breaks = {{now_ms - 6 * MINUTE, now_ms + 24 * MINUTE}}};
    run(desk, 20);
    assert_int_equal(desk->forecast.newcomers[0].range.p50_s, 25 * 60);
}

/* Under the default policy a normal visitor may be passed by those to come; first come, first served, never. */
static void arrivals_to_come_matter_where_they_overtake(void **state)
{
    struct desk *desk = *state;
    crowd(desk);
    struct sampler *sampler = desk->snapshot.sampler;
    int32_t means_s[2][2];
    for (int rule = 0; rule < 2; rule++) {
        desk->snapshot.policy.rule = rule == 0 ? POLICY_FIFO : POLICY_RESCUE;
        for (int busy = 0; busy < 2; busy++) {
            for (int i = 0; i < KNOWLEDGE_QUARTERS; i++) {
                sampler->arrivals[CROWD_WALK_IN][SERVICE_A][i] = (float)(busy * 20);
            }
            run(desk, 200);
            means_s[rule][busy] =
                desk->forecast.tickets[0].range.mean_s + desk->forecast.tickets[10].range.mean_s;
        }
    }
    assert_int_equal(means_s[0][0], means_s[0][1]);
    assert_true(means_s[1][1] > means_s[1][0] + 60);
}

/* Staff who call one in two out of turn: the last in line is called sooner than in turn, the first later. */
static void calls_out_of_turn_even_out(void **state)
{
    struct desk *desk = *state;
    crowd(desk);
    ask(desk, SERVICE_B);
    run(desk, 400);
    const int32_t first_s = desk->forecast.tickets[0].range.mean_s;
    const int32_t newcomer_s = desk->forecast.newcomers[0].range.mean_s;
    desk->snapshot.sampler->out_of_turn = 0.5F;
    run(desk, 400);
    assert_true(desk->forecast.tickets[0].range.mean_s > first_s + 30);
    assert_true(desk->forecast.newcomers[0].range.mean_s < newcomer_s - 30);
}

static void thousands_get_fewer_runs(void **state)
{
    struct desk *desk = *state;
    for (int32_t i = 0; i < 10000; i++) {
        wait_for(desk, i, SERVICE_A, now_ms - 10000 + i);
    }
    run(desk, 100);
    assert_int_equal(desk->forecast.runs, FORECAST_RUNS_LEAST);
    for (size_t i = 1; i < 10000; i++) { /* in turn */
        assert_true(row(desk, i)[0] >= row(desk, i - 1)[0] - 1);
    }
}

static void copies_forecast_the_same(void **state)
{
    struct desk *desk = *state;
    crowd(desk);
    ask(desk, SERVICE_A);
    run(desk, 30);
    const int32_t mean_s = desk->forecast.newcomers[0].range.mean_s;
    struct snapshot copy;
    snapshot_init(&copy);
    snapshot_copy(&copy, &desk->snapshot);
    snapshot_copy(&copy, &desk->snapshot); /* into what has room */
    const struct snapshot original = desk->snapshot;
    desk->snapshot = copy;
    run(desk, 30);
    assert_int_equal(desk->forecast.newcomers[0].range.mean_s, mean_s);
    desk->snapshot = original;
    snapshot_free(&copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_free_counter_means_no_wait, setup, teardown),
        cmocka_unit_test_setup_teardown(one_ahead_is_what_is_left_of_a_visit, setup, teardown),
        cmocka_unit_test_setup_teardown(newcomers_disturb_nobody, setup, teardown),
        cmocka_unit_test_setup_teardown(who_has_joined_waits_as_foretold, setup, teardown),
        cmocka_unit_test_setup_teardown(a_moment_later_little_has_changed, setup, teardown),
        cmocka_unit_test_setup_teardown(later_than_promised_is_a_share_of_runs, setup, teardown),
        cmocka_unit_test_setup_teardown(who_cannot_be_called_is_told_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(who_lets_others_go_first_comes_back_to_the_old_place, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_break_ends_as_planned, setup, teardown),
        cmocka_unit_test_setup_teardown(arrivals_to_come_matter_where_they_overtake, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(calls_out_of_turn_even_out, setup, teardown),
        cmocka_unit_test_setup_teardown(thousands_get_fewer_runs, setup, teardown),
        cmocka_unit_test_setup_teardown(copies_forecast_the_same, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
