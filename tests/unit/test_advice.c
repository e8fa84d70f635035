/* Moves whose effect is plain: a desk with one closed counter too many, and too many people. */
#include <stdlib.h>
#include <string.h>

#include "engine/forecast/advice.h"
#include "knowledge_rig.h"

static const int64_t now_ms = INT64_C(1764000000000);

struct desk {
    struct knowledge_rig *rig;
    struct snapshot snapshot;
    struct advisor *advisor;
};

/* Counter 0 serves a, to which twelve have come; 1 is closed and serves a; 2 is closed and serves c, for which nobody
 * comes. All are on duty for three hours. */
static int setup(void **state)
{
    struct desk *desk = calloc(1, sizeof(*desk));
    assert_non_null(desk);
    void *rig = NULL;
    assert_int_equal(knowledge_rig_setup(&rig), 0);
    desk->rig = rig;
    desk->advisor = advisor_create();
    snapshot_init(&desk->snapshot);
    snapshot_set_sampler(&desk->snapshot, rig_prepare(desk->rig), 0);
    struct snapshot *snapshot = &desk->snapshot;
    memset(snapshot->sampler->arrivals, 0, sizeof(snapshot->sampler->arrivals));
    snapshot->now_ms = now_ms;
    snapshot->midnight_ms = now_ms - 10 * 60 * MINUTE;
    snapshot->day_end_ms = now_ms + 8 * 60 * MINUTE;
    snapshot->policy.rule = POLICY_FIFO;
    snapshot->service_count = 3;
    snapshot->counter_count = 3;
    for (int i = 0; i < 3; i++) {
        snapshot->counters[i] = (struct snapshot_counter){
            .services = i == 2 ? 4 : 1, .languages = 3, .state = SNAPSHOT_OFF};
        snapshot->counters[i].roster = (struct snapshot_roster){.on_ms = now_ms - 60 * MINUTE,
                                                                .off_ms = now_ms + 180 * MINUTE};
    }
    struct snapshot_counter *first = &snapshot->counters[0];
    first->state = SNAPSHOT_SERVING;
    first->since_ms = now_ms - MINUTE;
    first->language = -1;
    for (int32_t i = 0; i < 12; i++) {
        snapshot_add_ticket(snapshot, &(struct snapshot_ticket){.key = 50 + (uint64_t)i,
                                                                .index = i,
                                                                .language = -1,
                                                                .arrived_ms = now_ms,
                                                                .leg_from_ms = now_ms});
    }
    *state = desk;
    return 0;
}

static int teardown(void **state)
{
    struct desk *desk = *state;
    void *rig = desk->rig;
    assert_int_equal(knowledge_rig_teardown(&rig), 0);
    snapshot_free(&desk->snapshot);
    advisor_destroy(desk->advisor);
    free(desk);
    return 0;
}

static const char *what_if(struct desk *desk, struct move move, struct outlook *nothing,
                           struct move_effect *effect)
{
    return advice_what_if(desk->advisor, &desk->snapshot, &move, 1, 200, 3, nothing, effect);
}

static void opening_a_counter_helps_whom_it_serves(void **state)
{
    struct desk *desk = *state;
    struct outlook nothing;
    struct move_effect effect;
    assert_null(what_if(desk, (struct move){.type = MOVE_OPEN, .counter = 1}, &nothing, &effect));
    assert_true(nothing.known && nothing.within_share < 0.6);
    assert_true(effect.gain_low > 0.1 && effect.gain_low < effect.gain_share);
    assert_true(effect.outlook.p95_s < nothing.p95_s - 300);
    assert_true(effect.outlook.passed_standard < nothing.passed_standard);
    assert_null(what_if(desk, (struct move){.type = MOVE_OPEN, .counter = 2}, &nothing, &effect));
    assert_near(effect.gain_share, 0, 1e-12);
    assert_null(what_if(desk, (struct move){.type = MOVE_OPEN, .counter = 2, .services = 1},
                        &nothing, &effect));
    assert_true(effect.gain_low > 0.1);
}

static void a_pause_costs_and_a_later_break_saves(void **state)
{
    struct desk *desk = *state;
    struct outlook nothing;
    struct move_effect effect;
    const struct move pause = {.type = MOVE_PAUSE, .counter = 0, .by_ms = 30 * MINUTE};
    assert_null(what_if(desk, pause, &nothing, &effect));
    assert_true(effect.gain_high < -0.05);
    assert_true(effect.outlook.mean_s > nothing.mean_s + 600);
    struct snapshot_roster *roster = &desk->snapshot.counters[0].roster;
    roster->break_count = 1;
    roster->breaks[0] = (struct snapshot_break){now_ms + 5 * MINUTE, now_ms + 35 * MINUTE};
    const struct move shift = {.type = MOVE_SHIFT_BREAK, .by_ms = 60 * MINUTE};
    assert_null(what_if(desk, shift, &nothing, &effect));
    assert_true(effect.gain_low > 0.05);
}

static void no_move_changes_nothing(void **state)
{
    struct desk *desk = *state;
    struct outlook nothing;
    struct move_effect effect;
    assert_null(advice_what_if(desk->advisor, &desk->snapshot, NULL, 0, 50, 3, &nothing, &effect));
    assert_true(effect.gain_share == 0 && effect.gain_low == 0 && effect.gain_high == 0);
    assert_true(effect.outlook.within_share == nothing.within_share);
    desk->snapshot.ticket_count = 0; /* and nobody is to come */
    assert_null(advice_what_if(desk->advisor, &desk->snapshot, NULL, 0, 50, 3, &nothing, &effect));
    assert_false(nothing.known);
}

static void moves_that_cannot_be_made_are_refused(void **state)
{
    struct desk *desk = *state;
    struct outlook nothing;
    struct move_effect effect;
    const struct move faults[] = {
        {.type = MOVE_OPEN, .counter = 0},
        {.type = MOVE_OPEN, .counter = 3},
        {.type = MOVE_OPEN, .counter = -1},
        {.type = MOVE_PAUSE, .counter = 1, .by_ms = MINUTE},
        {.type = MOVE_PAUSE, .counter = 0},
        {.type = MOVE_SHIFT_BREAK, .counter = 0, .by_ms = MINUTE},
        {.type = MOVE_SHIFT_BREAK, .counter = 0, .by_ms = MINUTE, .roster_break = -1},
    };
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        assert_non_null(what_if(desk, faults[i], &nothing, &effect));
    }
}

/* Four breaks are as many as there may be: one that is over makes room for a pause. */
static void a_pause_finds_room_among_breaks(void **state)
{
    struct desk *desk = *state;
    struct outlook nothing;
    struct move_effect effect;
    const struct move pause = {.type = MOVE_PAUSE, .counter = 0, .by_ms = 10 * MINUTE};
    struct snapshot_counter *counter = &desk->snapshot.counters[0];
    counter->roster.break_count = SNAPSHOT_BREAKS_MAX;
    for (int i = 0; i < SNAPSHOT_BREAKS_MAX; i++) {
        const int64_t from_ms = now_ms + (i - 1) * 30 * MINUTE + 10 * MINUTE;
        counter->roster.breaks[i] = (struct snapshot_break){from_ms, from_ms + MINUTE};
    }
    assert_non_null(what_if(desk, pause, &nothing, &effect));
    counter->breaks_taken = 1;
    assert_null(what_if(desk, pause, &nothing, &effect));
    assert_true(effect.outlook.mean_s > nothing.mean_s + 200);
}

/* Moves name breaks by their place on the roster as it stands: a pause that comes before them in the list, or a break
 * moved past another, does not make them other ones. */
static void the_order_of_moves_does_not_matter(void **state)
{
    struct desk *desk = *state;
    struct outlook nothing;
    struct move_effect one;
    struct move_effect other;
    struct snapshot_roster *roster = &desk->snapshot.counters[0].roster;
    roster->break_count = 2;
    roster->breaks[0] = (struct snapshot_break){now_ms + 40 * MINUTE, now_ms + 100 * MINUTE};
    roster->breaks[1] = (struct snapshot_break){now_ms + 110 * MINUTE, now_ms + 120 * MINUTE};
    const struct move moves[] = {
        {.type = MOVE_PAUSE, .by_ms = MINUTE},
        {.type = MOVE_SHIFT_BREAK, .by_ms = 90 * MINUTE, .roster_break = 0},
        {.type = MOVE_SHIFT_BREAK, .by_ms = -60 * MINUTE, .roster_break = 1},
    };
    const struct move reversed[] = {moves[2], moves[1], moves[0]};
    assert_null(advice_what_if(desk->advisor, &desk->snapshot, moves, 3, 50, 3, &nothing, &one));
    assert_null(
        advice_what_if(desk->advisor, &desk->snapshot, reversed, 3, 50, 3, &nothing, &other));
    assert_true(one.gain_share == other.gain_share);
    assert_true(one.outlook.mean_s == other.outlook.mean_s);
    assert_true(one.outlook.mean_s < nothing.mean_s); /* the long break came too soon */
    const struct move twice[] = {moves[1], moves[1]};
    assert_non_null(
        advice_what_if(desk->advisor, &desk->snapshot, twice, 2, 50, 3, &nothing, &other));
}

static void the_first_advice_is_the_best_move(void **state)
{
    struct desk *desk = *state;
    struct advice advice;
    struct advice again;
    const struct advice_options options = {.runs = 60, .seed = 5};
    advice_make(desk->advisor, &desk->snapshot, &options, &advice);
    assert_int_equal(advice.move_count, 2);
    assert_int_equal(advice.moves[0].move.type, MOVE_OPEN);
    assert_int_equal(advice.moves[0].move.counter, 1);
    assert_true(advice.moves[0].gain_low > 0);
    assert_int_equal(advice.moves[0].runs, 60);
    memset(&again, 0, sizeof(again));
    advice_make(desk->advisor, &desk->snapshot, &options, &again);
    assert_true(advice.moves[0].gain_share == again.moves[0].gain_share);
}

/* With many moves the poor ones are dropped early, and no good one with them. */
static void the_race_drops_the_poor(void **state)
{
    struct desk *desk = *state;
    desk->snapshot.counter_count = 24;
    for (int i = 3; i < 24; i++) {
        desk->snapshot.counters[i] = desk->snapshot.counters[2];
    }
    struct advice advice;
    advice_make(desk->advisor, &desk->snapshot, &(struct advice_options){.runs = 100}, &advice);
    assert_int_equal(advice.move_count, 23);
    assert_int_equal(advice.moves[0].move.counter, 1);
    assert_int_equal(advice.moves[0].runs, 100);
    assert_int_equal(advice.moves[22].runs, 16);
}

static struct day_share share_at(struct desk *desk, int64_t at_ms, struct outlook *outlook)
{
    struct day_share_tally tally = {.at_ms = at_ms,
                                    .so_far = {.known = true, .within = 8, .of = 10}};
    advice_look(desk->advisor, &desk->snapshot, 50, 3, outlook, &tally, 1);
    return day_share_of(&tally);
}

/* Of those who wait nobody's standard is decided now; 15 minutes later everybody's is, but of those who left. */
static void the_days_share_is_told_for_an_instant(void **state)
{
    struct desk *desk = *state;
    struct outlook outlook;
    struct outlook nothing;
    struct move_effect effect;
    const int64_t standard_ms = desk->snapshot.policy.standard_ms;
    const struct day_share now = share_at(desk, now_ms, &outlook);
    assert_true(now.known);
    assert_near(now.low, now.high, 1e-12);
    assert_near(now.share, 0.8, 1e-12);
    assert_null(advice_what_if(desk->advisor, &desk->snapshot, NULL, 0, 50, 3, &nothing, &effect));
    assert_true(outlook.within_share == nothing.within_share && outlook.p95_s == nothing.p95_s);

    const struct day_share soon = share_at(desk, now_ms + standard_ms, &outlook);
    const struct day_share late = share_at(desk, now_ms + standard_ms + 1, &outlook);
    const struct day_share end = share_at(desk, INT64_MAX, &outlook);
    assert_true(soon.share > now.share);       /* so far only the called are decided */
    assert_true(late.share < now.share);       /* and now those who were not */
    assert_near(end.share, late.share, 1e-12); /* whoever is called after that was late already */
    assert_true(late.low < late.share && late.share < late.high);
    assert_true(late.low >= 8 / 22.0 && late.high <= 20 / 22.0);
}

/* What is decided already is not counted twice. */
static void who_was_called_before_or_is_late_already_changes_no_share(void **state)
{
    struct desk *desk = *state;
    struct outlook outlook;
    for (size_t i = 0; i < desk->snapshot.ticket_count; i++) {
        desk->snapshot.tickets[i].called_before = i % 2 == 0;
        desk->snapshot.tickets[i].leg_from_ms = now_ms - (i % 2 == 0 ? 1 : 20) * MINUTE;
    }
    const struct day_share end = share_at(desk, INT64_MAX, &outlook);
    assert_near(end.share, 0.8, 1e-12);
    assert_near(end.low, end.high, 1e-12);
    desk->snapshot.ticket_count = 0;
    struct day_share_tally tally = {.at_ms = INT64_MAX};
    advice_look(desk->advisor, &desk->snapshot, 50, 3, &outlook, &tally, 1);
    assert_false(day_share_of(&tally).known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(opening_a_counter_helps_whom_it_serves, setup, teardown),
        cmocka_unit_test_setup_teardown(a_pause_costs_and_a_later_break_saves, setup, teardown),
        cmocka_unit_test_setup_teardown(no_move_changes_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(moves_that_cannot_be_made_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(a_pause_finds_room_among_breaks, setup, teardown),
        cmocka_unit_test_setup_teardown(the_order_of_moves_does_not_matter, setup, teardown),
        cmocka_unit_test_setup_teardown(the_first_advice_is_the_best_move, setup, teardown),
        cmocka_unit_test_setup_teardown(the_race_drops_the_poor, setup, teardown),
        cmocka_unit_test_setup_teardown(the_days_share_is_told_for_an_instant, setup, teardown),
        cmocka_unit_test_setup_teardown(who_was_called_before_or_is_late_already_changes_no_share,
                                        setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
