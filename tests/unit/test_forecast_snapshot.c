/* What is taken from an engine is what its floor shows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/forecast/sampler.h"
#include "engine/forecast/snapshot.h"
#include "test_engine_rig.h"

enum { MINUTE_MS = 60000 };

struct taking {
    struct snapshot_day day;
    struct snapshot_roster rosters[4];
    struct snapshot_booking bookings[3];
    struct sampler *sampler;
    struct snapshot snapshot;
};

static void prepare(struct taking *taking)
{
    *taking = (struct taking){.sampler = calloc(1, sizeof(*taking->sampler))};
    assert_non_null(taking->sampler);
    struct knowledge *knowledge = knowledge_create();
    struct sampler_site site = {.service_count = 5, .counter_count = 4, .weekday = -1};
    for (int i = 0; i < 5; i++) {
        site.services[i] = "any";
        site.typical_ms[i] = 5 * MINUTE_MS;
        site.counters[i] = "any";
    }
    sampler_prepare(taking->sampler, knowledge, &site);
    knowledge_destroy(knowledge);
    taking->day = (struct snapshot_day){.rosters = taking->rosters,
                                        .roster_count = 4,
                                        .bookings = taking->bookings,
                                        .opens_ms = RIG_START_MS - 1,
                                        .doors_close_ms = RIG_START_MS + 60 * MINUTE_MS,
                                        .sampler = taking->sampler,
                                        .sampler_stamp = 1};
    snapshot_init(&taking->snapshot);
}

static void put_away(struct taking *taking)
{
    snapshot_free(&taking->snapshot);
    free(taking->sampler);
}

static void take(struct taking *taking, const struct rig *rig)
{
    snapshot_take(&taking->snapshot, rig->engine, &taking->day, rig->now_ms);
}

static void counters_stand_as_on_the_floor(void **state)
{
    struct rig *rig = *state;
    struct taking taking;
    prepare(&taking);
    const struct snapshot_counter *counters = taking.snapshot.counters;
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "1"), REFUSAL_NONE);
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "3"), REFUSAL_NONE);
    take(&taking, rig);
    assert_int_equal(counters[1].state, SNAPSHOT_OFF);
    assert_int_equal(counters[0].state, SNAPSHOT_TURNING); /* nobody was asked for */
    assert_null(rig_next(rig, "1"));
    take(&taking, rig);
    assert_int_equal(counters[0].state, SNAPSHOT_READY);
    rig->now_ms += MINUTE_MS;
    const struct ticket *ticket = rig_issue(rig, "housing"); /* which 1 takes at once */
    assert_non_null(ticket);
    take(&taking, rig);
    assert_int_equal(counters[0].state, SNAPSHOT_CALLED);
    assert_int_equal(counters[0].since_ms, rig->now_ms);
    assert_int_equal(counters[0].service, 0);
    const int64_t called_ms = rig->now_ms;
    rig->now_ms += MINUTE_MS;
    assert_int_equal(rig_at(rig, COMMAND_START, "1"), REFUSAL_NONE);
    take(&taking, rig);
    assert_int_equal(counters[0].state, SNAPSHOT_SERVING);
    assert_int_equal(counters[0].since_ms, called_ms + MINUTE_MS);
    assert_int_equal(counters[0].waited_ms, 0);
    assert_int_equal(rig_at(rig, COMMAND_PAUSE_COUNTER, "3"), REFUSAL_NONE);
    take(&taking, rig);
    assert_int_equal(counters[2].state, SNAPSHOT_PAUSED);
    assert_int_equal(counters[2].since_ms, rig->now_ms);
    assert_int_equal(counters[2].services, 0x0f);
    put_away(&taking);
}

static void who_waits_is_in_order_of_joining(void **state)
{
    struct rig *rig = *state;
    struct taking taking;
    prepare(&taking);
    for (int i = 0; i < 6; i++) {
        (void)rig_issue(rig, i % 2 == 0 ? "housing" : "tax");
        rig->now_ms += 1000;
    }
    struct command leave = rig_command(rig, COMMAND_LEAVE);
    memcpy(leave.ticket_id, engine_ticket(rig->engine, 2)->id, sizeof(leave.ticket_id));
    assert_int_equal(rig_do(rig, &leave), REFUSAL_NONE);
    struct command promise = rig_command(rig, COMMAND_PROMISE);
    memcpy(promise.ticket_id, engine_ticket(rig->engine, 3)->id, sizeof(promise.ticket_id));
    promise.promise = (struct promise){
        .known = true, .p20_s = 60, .p50_s = 400, .p90_s = 601, .as_of_ms = rig->now_ms};
    assert_int_equal(rig_do(rig, &promise), REFUSAL_NONE);
    struct command hold = rig_command(rig, COMMAND_HOLD);
    memcpy(hold.ticket_id, engine_ticket(rig->engine, 4)->id, sizeof(hold.ticket_id));
    hold.minutes = 5;
    assert_int_equal(rig_do(rig, &hold), REFUSAL_NONE);
    take(&taking, rig);
    const struct snapshot *snapshot = &taking.snapshot;
    const int64_t held_ms = engine_ticket(rig->engine, 4)->held_until_ms;
    assert_int_equal(held_ms, rig->now_ms + 5 * MINUTE_MS);
    const int32_t indices[] = {0, 1, 3, 4, 5};
    assert_int_equal(snapshot->ticket_count, 5);
    for (size_t i = 0; i < 5; i++) {
        const struct snapshot_ticket *ticket = &snapshot->tickets[i];
        const struct ticket *theirs = engine_ticket(rig->engine, (size_t)indices[i]);
        assert_int_equal(ticket->index, indices[i]);
        assert_int_equal(ticket->service, theirs->service);
        assert_int_equal(ticket->leg_from_ms, theirs->leg_from_ms);
        assert_true(ticket->key == snapshot_key(theirs->id));
        assert_int_equal(ticket->promised_ms, i == 2 ? 15 * MINUTE_MS : 0);
        assert_int_equal(ticket->held_ms, i == 3 ? held_ms : 0);
    }
    assert_true(snapshot->seen == 6);
    assert_int_equal(snapshot->newcomer_count, 4 * 3); /* "orphan" is offered nowhere */
    take(&taking, rig);
    assert_true(snapshot->seen == 6); /* counted once */
    assert_int_equal(snapshot->newcomer_count, 4 * 3);
    put_away(&taking);
}

/* A need that all counters for a service meet, or a wish that none could grant, makes no difference. */
static void a_newcomer_for_each_need_that_restricts(void **state)
{
    (void)state;
    enum { INTERPRETER = 1, STEP_FREE = 2, LOOP = 4, BSL = 8 };
    struct snapshot snapshot;
    snapshot_init(&snapshot);
    snapshot.service_count = 2;
    snapshot.counter_count = 3;
    snapshot.needs.hard = STEP_FREE | BSL;
    snapshot.counters[0] =
        (struct snapshot_counter){.services = 1, .needs = INTERPRETER | STEP_FREE};
    snapshot.counters[1] = (struct snapshot_counter){.services = 1, .needs = STEP_FREE};
    snapshot.counters[2] = (struct snapshot_counter){.services = 2, .needs = LOOP};
    assert_int_equal(snapshot_restricting_needs(&snapshot, 0), INTERPRETER | BSL);
    assert_int_equal(snapshot_restricting_needs(&snapshot, 1), STEP_FREE | BSL);
    snapshot_add_newcomers(&snapshot);
    assert_int_equal(snapshot.newcomer_count, 3 + 2 + 3 + 2);
    assert_int_equal(snapshot.newcomers[3].needs, INTERPRETER);
    assert_int_equal(snapshot.newcomers[4].needs, BSL);
    assert_int_equal(snapshot.newcomers[4].service, 0);
    snapshot_free(&snapshot);
}

/* As a need that this counter alone meets: nobody else may call it, and no newcomer has such a need. */
static void who_was_sent_to_a_counter_is_called_by_that_one(void **state)
{
    struct rig *rig = *state;
    struct taking taking;
    prepare(&taking);
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "1"), REFUSAL_NONE);
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "room"), REFUSAL_NONE);
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "2"), REFUSAL_NONE);
    take(&taking, rig);
    const size_t newcomers = taking.snapshot.newcomer_count;
    for (int i = 0; i < 2; i++) { /* "2" does not offer housing */
        struct command transfer = rig_command(rig, COMMAND_TRANSFER);
        snprintf(transfer.counter, sizeof(transfer.counter), "1");
        snprintf(transfer.to_counter, sizeof(transfer.to_counter), "%s", i == 0 ? "room" : "2");
        assert_non_null(rig_issue(rig, "housing"));
        assert_non_null(rig_next(rig, "1"));
        assert_int_equal(rig_at(rig, COMMAND_START, "1"), REFUSAL_NONE);
        assert_int_equal(rig_do(rig, &transfer), REFUSAL_NONE);
    }
    take(&taking, rig);
    const struct snapshot *snapshot = &taking.snapshot;
    static const int sent_to[] = {3, 1};
    assert_int_equal(snapshot->ticket_count, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct snapshot_ticket *ticket = &snapshot->tickets[i];
        assert_true(ticket->needs != 0 && (ticket->needs & ~snapshot->needs.hard) == 0);
        for (int j = 0; j < snapshot->counter_count; j++) {
            const bool can = (snapshot->counters[j].services >> ticket->service & 1) != 0 &&
                             (ticket->needs & ~snapshot->counters[j].needs) == 0;
            assert_int_equal(can, j == sent_to[i]);
        }
    }
    assert_int_equal(snapshot->newcomer_count, newcomers);
    put_away(&taking);
}

static void bookings_are_those_not_here_yet(void **state)
{
    struct rig *rig = *state;
    struct taking taking;
    prepare(&taking);
    const int64_t appointment_ms = rig->now_ms + 5 * MINUTE_MS;
    taking.bookings[0] =
        (struct snapshot_booking){.key = 1, .service = 2, .appointment_ms = appointment_ms};
    taking.bookings[1] =
        (struct snapshot_booking){.key = 2, .service = 0, .appointment_ms = appointment_ms};
    taking.bookings[2] =
        (struct snapshot_booking){.key = 3, .service = 0, .appointment_ms = appointment_ms};
    taking.day.booking_count = 3;
    struct command command = rig_command(rig, COMMAND_ISSUE);
    rig_id(command.ticket_id, 77);
    memcpy(command.service, "housing", sizeof("housing"));
    command.appointment_ms = appointment_ms;
    assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
    take(&taking, rig);
    assert_int_equal(taking.snapshot.booking_count, 2);
    assert_int_equal(taking.snapshot.bookings[0].key, 1);
    assert_int_equal(taking.snapshot.bookings[1].key, 3);
    assert_true(taking.snapshot.seen == 0); /* booked: no walk-in */
    assert_int_equal(taking.snapshot.tickets[0].ticket_class, CLASS_APPOINTMENT);
    put_away(&taking);
}

/* Breaks: begun early, come back from early, or over. */
static void a_break_is_taken_once(void **state)
{
    struct rig *rig = *state;
    struct taking taking;
    prepare(&taking);
    const int64_t from_ms = rig->now_ms + 10 * MINUTE_MS;
    taking.rosters[0] = (struct snapshot_roster){
        .on_ms = rig->now_ms, .off_ms = rig->now_ms + 200 * MINUTE_MS, .break_count = 2};
    taking.rosters[0].breaks[0] = (struct snapshot_break){from_ms, from_ms + 30 * MINUTE_MS};
    taking.rosters[0].breaks[1] =
        (struct snapshot_break){from_ms + 100 * MINUTE_MS, from_ms + 110 * MINUTE_MS};
    const struct snapshot_counter *counter = &taking.snapshot.counters[0];
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "1"), REFUSAL_NONE);
    take(&taking, rig);
    assert_int_equal(counter->breaks_taken, 0);
    rig->now_ms += 5 * MINUTE_MS;
    assert_int_equal(rig_at(rig, COMMAND_PAUSE_COUNTER, "1"), REFUSAL_NONE);
    take(&taking, rig);
    assert_int_equal(counter->breaks_taken, 1);
    rig->now_ms += 20 * MINUTE_MS;
    assert_int_equal(rig_at(rig, COMMAND_OPEN_COUNTER, "1"), REFUSAL_NONE);
    take(&taking, rig);
    assert_int_equal(counter->state, SNAPSHOT_TURNING);
    assert_int_equal(counter->breaks_taken, 1);
    rig->now_ms += 100 * MINUTE_MS;
    take(&taking, rig);
    assert_int_equal(counter->breaks_taken, 2);
    put_away(&taking);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(counters_stand_as_on_the_floor, rig_setup_open,
                                        rig_teardown),
        cmocka_unit_test_setup_teardown(who_waits_is_in_order_of_joining, rig_setup_open,
                                        rig_teardown),
        cmocka_unit_test(a_newcomer_for_each_need_that_restricts),
        cmocka_unit_test_setup_teardown(who_was_sent_to_a_counter_is_called_by_that_one,
                                        rig_setup_open, rig_teardown),
        cmocka_unit_test_setup_teardown(bookings_are_those_not_here_yet, rig_setup_open,
                                        rig_teardown),
        cmocka_unit_test_setup_teardown(a_break_is_taken_once, rig_setup_open, rig_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
