/* From events to knowledge: what each sequence of events teaches, and that a rebuilt knowledge is the live one. */
#include "test_engine_rig.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/forecast/knowledge_text.h"
#include "engine/forecast/learner.h"
#include "engine/forecast/sampler.h"

enum { MINUTE = 60000, QUARTER = 15 * MINUTE };
#define DAY INT64_C(86400000)
#define T0  INT64_C(1763996400000) /* 2025-11-24, a Monday, 15:00 UTC */

struct classroom {
    struct knowledge *knowledge;
    struct learner *learner;
    struct sampler *sampler;
    struct sampler_site site;
    struct rules rules;
    int64_t seq, now_ms;
};

static struct local_time utc(void *context, int64_t at_ms)
{
    (void)context;
    const int64_t quarters = at_ms / QUARTER;
    return (struct local_time){.weekday = (int)((quarters / 96 + 3) % 7),
                               .quarter = (int)(quarters % 96)};
}

static int setup(void **state)
{
    struct classroom *room = calloc(1, sizeof(*room));
    assert_non_null(room);
    room->knowledge = knowledge_create();
    room->learner = learner_create(room->knowledge, 0, utc, NULL);
    room->sampler = calloc(1, sizeof(*room->sampler));
    assert_non_null(room->sampler);
    rig_rules(&room->rules);
    learner_set_rules(room->learner, &room->rules);
    room->site.weekday = -1;
    for (int i = 0; i < room->rules.service_count; i++) {
        room->site.services[room->site.service_count++] = room->rules.services[i].code;
        room->site.typical_ms[i] = (int64_t)10 * MINUTE;
    }
    for (int i = 0; i < room->rules.counter_count; i++) {
        room->site.counters[room->site.counter_count++] = room->rules.counters[i].code;
    }
    room->now_ms = T0;
    *state = room;
    return 0;
}

static int teardown(void **state)
{
    struct classroom *room = *state;
    learner_destroy(room->learner);
    knowledge_destroy(room->knowledge);
    free(room->sampler);
    free(room);
    return 0;
}

static struct event event_of(struct classroom *room, enum event_type type, int ticket,
                             const char *counter)
{
    struct event event = {.seq = ++room->seq,
                          .at_ms = room->now_ms,
                          .occurred_at_ms = room->now_ms,
                          .type = type,
                          .day = "2025-11-24"};
    if (ticket > 0) {
        rig_id(event.ticket, ticket);
    }
    snprintf(event.counter, sizeof(event.counter), "%s", counter);
    return event;
}

static void tell(struct classroom *room, enum event_type type, int ticket, const char *counter)
{
    const struct event event = event_of(room, type, ticket, counter);
    learner_take(room->learner, &event);
}

static void issue(struct classroom *room, int ticket, const char *service)
{
    struct event event = event_of(room, EVENT_TICKET_ISSUED, ticket, "");
    snprintf(event.body.issued.service, sizeof(event.body.issued.service), "%s", service);
    event.body.issued.arrived_at_ms = event.body.issued.leg_from_ms = room->now_ms;
    learner_take(room->learner, &event);
}

static void later(struct classroom *room, double seconds)
{
    room->now_ms += (int64_t)(seconds * 1000);
}

static const struct sampler *prepared(struct classroom *room)
{
    sampler_prepare(room->sampler, room->knowledge, &room->site);
    return room->sampler;
}

static void visits_walks_and_gaps_come_from_their_events(void **state)
{
    struct classroom *room = *state;
    tell(room, EVENT_DAY_OPENED, 0, "");
    assert_false(learner_at_rest(room->learner));
    for (int i = 1; i <= 300; i++) {
        issue(room, i, "housing");
    }
    later(room, 60);
    for (int i = 1; i <= 300; i++) {
        tell(room, EVENT_TICKET_CALLED, i, "1");
        later(room, 25);
        tell(room, EVENT_SERVING_STARTED, i, "1");
        later(room, 240);
        tell(room, EVENT_TICKET_CLOSED, i, "1");
        later(room, 35);
    }
    const struct sampler *sampler = prepared(room);
    assert_int_equal(sampler->seen[0], 300);
    const double here = (double)(sampler->service[0].mean_ms * sampler->factor[0][0]);
    assert_true(fabs(here - 240000) < 4000);
    assert_true(fabs((double)sampler->walk.over.mean_ms - 25000) < 500);
    assert_true(fabs((double)sampler->gap.over.mean_ms - 35000) < 500);
    assert_true(sampler->gap.share > 0.98F);
}

/* Nobody waits for a counter that has nobody to call. */
static void a_counter_with_nothing_to_do_makes_no_gap(void **state)
{
    struct classroom *room = *state;
    tell(room, EVENT_DAY_OPENED, 0, "");
    for (int i = 1; i <= 50; i++) {
        issue(room, i, "housing");
        tell(room, EVENT_TICKET_CALLED, i, "1");
        tell(room, EVENT_SERVING_STARTED, i, "1");
        later(room, 300);
        if (i % 2 == 0) {
            issue(room, 1000 + i, "parking"); /* for others */
        }
        tell(room, EVENT_TICKET_CLOSED, i, "1");
        later(room, 200);
        if (i % 3 == 0) {
            tell(room, EVENT_COUNTER_READY, 0, "1"); /* nobody waited for it to be */
        }
    }
    const float before = prepared(room)->gap.share;
    assert_true(before == 0.5F); /* the prior */

    /* Somebody waited, but who is called came later: unknown when it would have been called. */
    issue(room, 2000, "housing");
    tell(room, EVENT_TICKET_CALLED, 2000, "1");
    tell(room, EVENT_SERVING_STARTED, 2000, "1");
    issue(room, 2001, "repairs");
    later(room, 10);
    tell(room, EVENT_TICKET_CLOSED, 2000, "1");
    tell(room, EVENT_TICKET_LEFT, 2001, "");
    later(room, 100);
    issue(room, 2002, "repairs");
    tell(room, EVENT_TICKET_CALLED, 2002, "1");
    assert_true(prepared(room)->gap.share == before);
}

static void ready_ends_a_gap_and_a_pause_is_none(void **state)
{
    struct classroom *room = *state;
    tell(room, EVENT_DAY_OPENED, 0, "");
    for (int i = 1; i <= 100; i++) {
        issue(room, i, "tax");
        issue(room, 1000 + i, "tax");
        tell(room, EVENT_TICKET_CALLED, i, "2");
        tell(room, EVENT_SERVING_STARTED, i, "2");
        later(room, 300);
        tell(room, EVENT_TICKET_CLOSED, i, "2");
        later(room, 20);
        tell(room, EVENT_TICKET_LEFT, 1000 + i, "");
        tell(room, i % 2 == 0 ? EVENT_COUNTER_READY : EVENT_COUNTER_PAUSED, 0, "2");
        later(room, 600);
        tell(room, EVENT_COUNTER_OPENED, 0, "2");
    }
    const struct sampler *sampler = prepared(room);
    assert_true(fabs((double)sampler->gap.share - (50 + 2.0) / 54) < 1e-4);
    assert_true(fabs((double)sampler->gap.over.mean_ms - 20000) < 1500);
}

static void leavers_and_no_shows_are_told_apart(void **state)
{
    struct classroom *room = *state;
    tell(room, EVENT_DAY_OPENED, 0, "");
    for (int i = 1; i <= 100; i++) {
        issue(room, i, "housing");
    }
    later(room, 600);
    for (int i = 1; i <= 100; i++) {
        if (i <= 20) {
            tell(room, EVENT_TICKET_LEFT, i, "");
            continue;
        }
        tell(room, EVENT_TICKET_CALLED, i, "1");
        if (i <= 50) {
            tell(room, EVENT_TICKET_RECALLED, i, "1");
            later(room, 60);
            tell(room, EVENT_TICKET_NO_SHOW, i, "1");
            continue;
        }
        tell(room, EVENT_SERVING_STARTED, i, "1");
        tell(room, EVENT_TICKET_CLOSED, i, "1"); /* at once: no duration to learn */
    }
    const struct sampler *sampler = prepared(room);
    assert_true(fabs((double)sampler->silent - (30 + 12.0) / 70) < 1e-4);
    assert_true(fabs((double)sampler->no_show.over.mean_ms - 60000) < 3500);
    assert_int_equal(sampler->seen[0], 0);
    /* Half of a hundred were gone within 10 .. 40 min. */
    assert_true((double)sampler->patience[CROWD_WALK_IN].hazard[0] * 600000 > 0.1);
}

static void what_the_days_end_closes_teaches_nothing(void **state)
{
    struct classroom *room = *state;
    tell(room, EVENT_DAY_OPENED, 0, "");
    for (int i = 1; i <= 3; i++) {
        issue(room, i, "housing");
    }
    tell(room, EVENT_TICKET_CALLED, 1, "1");
    tell(room, EVENT_SERVING_STARTED, 1, "1");
    tell(room, EVENT_TICKET_CALLED, 2, "3");
    later(room, 3600);
    struct event closed = event_of(room, EVENT_TICKET_CLOSED, 1, "1");
    closed.body.closed.outcome = OUTCOME_UNRECORDED;
    learner_take(room->learner, &closed);
    struct event no_show = event_of(room, EVENT_TICKET_NO_SHOW, 2, "3");
    no_show.body.no_show.by_day_end = true;
    learner_take(room->learner, &no_show);
    struct event left = event_of(room, EVENT_TICKET_LEFT, 3, "");
    left.body.left.by_day_end = true;
    learner_take(room->learner, &left);
    tell(room, EVENT_DAY_CLOSED, 0, "");
    assert_true(learner_at_rest(room->learner));
    const struct sampler *sampler = prepared(room);
    assert_int_equal(sampler->seen[0], 0);
    assert_true(sampler->silent == 0.6F);
    assert_true(fabs((double)sampler->no_show.over.mean_ms - 45000) < 500);
}

static void transfers_are_two_legs(void **state)
{
    struct classroom *room = *state;
    tell(room, EVENT_DAY_OPENED, 0, "");
    for (int i = 1; i <= 60; i++) {
        issue(room, i, "housing");
        tell(room, EVENT_TICKET_CALLED, i, "1");
        tell(room, EVENT_SERVING_STARTED, i, "1");
        later(room, 180);
        if (i % 2 == 0) {
            tell(room, EVENT_TICKET_CLOSED, i, "1");
            continue;
        }
        struct event event = event_of(room, EVENT_TICKET_TRANSFERRED, i, "1");
        snprintf(event.body.transferred.service, sizeof(event.body.transferred.service), "tax");
        event.body.transferred.leg_from_ms = room->now_ms;
        learner_take(room->learner, &event);
        later(room, 200);
        tell(room, EVENT_TICKET_CALLED, i, "2");
        tell(room, EVENT_SERVING_STARTED, i, "2");
        later(room, 420);
        tell(room, EVENT_TICKET_CLOSED, i, "2");
    }
    const struct sampler *sampler = prepared(room);
    assert_int_equal(sampler->seen[0], 60);
    assert_int_equal(sampler->seen[2], 30);
    assert_true(fabs((double)sampler->transfer[0] - (30 + 2.0) / 100) < 1e-4);
    assert_true(fabs((double)sampler->transfer[2] - 2.0 / 70) < 1e-4);
    assert_true(sampler->transfer_to[0][2] - sampler->transfer_to[0][1] > 0.9F);

    /* Who was served once stays: one who does not is no measure of patience. */
    issue(room, 61, "housing");
    tell(room, EVENT_TICKET_CALLED, 61, "1");
    tell(room, EVENT_SERVING_STARTED, 61, "1");
    struct event event = event_of(room, EVENT_TICKET_TRANSFERRED, 61, "1");
    snprintf(event.body.transferred.service, sizeof(event.body.transferred.service), "tax");
    learner_take(room->learner, &event);
    tell(room, EVENT_TICKET_LEFT, 61, "");
    assert_true(prepared(room)->silent == 0.6F);
}

static void a_language_the_counter_lacks_is_noticed(void **state)
{
    struct classroom *room = *state;
    tell(room, EVENT_DAY_OPENED, 0, "");
    for (int i = 1; i <= 200; i++) {
        struct event event = event_of(room, EVENT_TICKET_ISSUED, i, "");
        snprintf(event.body.issued.service, sizeof(event.body.issued.service), "tax");
        snprintf(event.body.issued.language, sizeof(event.body.issued.language), "%s",
                 i % 2 == 0 ? "pl" : "en");
        event.body.issued.arrived_at_ms = event.body.issued.leg_from_ms = room->now_ms;
        learner_take(room->learner, &event);
        /* "3" speaks en only. */
        tell(room, EVENT_TICKET_CALLED, i, "3");
        tell(room, EVENT_SERVING_STARTED, i, "3");
        later(room, i % 2 == 0 ? 600 : 300);
        tell(room, EVENT_TICKET_CLOSED, i, "3");
    }
    const struct sampler *sampler = prepared(room);
    assert_true(fabs((double)sampler->lacks_language - 2) < 0.1);
}

static void arrivals_make_rates_between_the_first_and_the_last(void **state)
{
    struct classroom *room = *state;
    for (int day = 0; day < 30; day++) {
        room->now_ms = T0 / DAY * DAY + day * DAY + (int64_t)36 * QUARTER;
        struct event opened = event_of(room, EVENT_DAY_OPENED, 0, "");
        snprintf(opened.day, sizeof(opened.day), "2025-12-%02d", day + 1);
        learner_take(room->learner, &opened);
        for (int i = 0; i < 16; i++) {
            issue(room, day * 100 + i + 1, i % 2 == 0 ? "housing" : "tax");
            later(room, 7.5 * 60);
        }
        tell(room, EVENT_DAY_CLOSED, 0, "");
    }
    const struct sampler *sampler = prepared(room);
    for (int q = 36; q < 44; q++) {
        const double got = sampler_expected(sampler, CROWD_WALK_IN, -1, q, q + 1);
        assert_true(fabs(got - 2) < 0.05);
        assert_true(fabs(sampler_expected(sampler, CROWD_WALK_IN, 2, q, q + 1) - 1) < 0.05);
    }
    assert_int_equal(knowledge_days(room->knowledge), 30);
}

static void the_booked_teach_when_they_come(void **state)
{
    struct classroom *room = *state;
    tell(room, EVENT_DAY_OPENED, 0, "");
    for (int i = 1; i <= 200; i++) {
        struct event event = event_of(room, EVENT_TICKET_ISSUED, i, "");
        snprintf(event.body.issued.service, sizeof(event.body.issued.service), "tax");
        event.body.issued.arrived_at_ms = room->now_ms;
        event.body.issued.appointment_ms = room->now_ms + (int64_t)4 * MINUTE;
        event.body.issued.leg_from_ms = event.body.issued.appointment_ms;
        event.body.issued.ticket_class = CLASS_APPOINTMENT;
        learner_take(room->learner, &event);
        later(room, 60);
    }
    const struct sampler *sampler = prepared(room);
    int64_t offset_ms = 0;
    assert_true(sampler_booked(sampler, INT64_MIN, 0.5, &offset_ms));
    assert_int_equal(offset_ms, -4 * MINUTE);
    assert_true(sampler_expected(sampler, CROWD_BOOKED, 2, 0, 96) > 100);
    assert_true(sampler_expected(sampler, CROWD_WALK_IN, 2, 0, 96) < 0.001);
}

static void strangers_and_repeats_are_passed_over(void **state)
{
    struct classroom *room = *state;
    tell(room, EVENT_TICKET_CLOSED, 77, "1"); /* nobody heard of it */
    tell(room, EVENT_SERVING_STARTED, 78, "nowhere");
    tell(room, EVENT_DAY_OPENED, 0, "");
    issue(room, 1, "not_of_the_site");
    tell(room, EVENT_TICKET_CALLED, 1, "no_counter");
    tell(room, EVENT_SERVING_STARTED, 1, "no_counter");
    later(room, 100);
    tell(room, EVENT_TICKET_CLOSED, 1, "no_counter");
    assert_int_equal(knowledge_visits_seen(room->knowledge, "not_of_the_site"), 1);
    issue(room, 2, "tax");
    struct event again = event_of(room, EVENT_TICKET_LEFT, 2, "");
    again.seq = 3;
    learner_take(room->learner, &again);
    assert_int_equal(learner_through_seq(room->learner), room->seq - 1);
    assert_true(prepared(room)->silent == 0.6F);
}

/* Nobody waited for three months. */
static void a_clock_that_leaps_makes_nobody_patient(void **state)
{
    struct classroom *room = *state;
    const float before = prepared(room)->patience[CROWD_WALK_IN].hazard[SAMPLER_SPANS - 1];
    tell(room, EVENT_DAY_OPENED, 0, "");
    for (int i = 1; i <= 50; i++) {
        issue(room, i, "tax");
    }
    room->now_ms += 90 * DAY;
    for (int i = 1; i <= 50; i++) {
        if (i % 2 == 0) {
            tell(room, EVENT_TICKET_LEFT, i, "");
            continue;
        }
        tell(room, EVENT_TICKET_CALLED, i, "2");
        tell(room, EVENT_SERVING_STARTED, i, "2");
        tell(room, EVENT_TICKET_CLOSED, i, "2");
    }
    const struct sampler *sampler = prepared(room);
    assert_true(sampler->patience[CROWD_WALK_IN].hazard[SAMPLER_SPANS - 1] == before);
    assert_true(sampler->silent == 0.6F);
}

/* Rows that the engine would never write, in any order: they teach nothing, and what follows is learned as ever. */
static void what_does_not_follow_teaches_nothing(void **state)
{
    struct classroom *room = *state;
    static const enum event_type types[] = {EVENT_SERVING_STARTED,    EVENT_TICKET_CLOSED,
                                            EVENT_TICKET_TRANSFERRED, EVENT_TICKET_NO_SHOW,
                                            EVENT_TICKET_TRANSFERRED, EVENT_SERVING_STARTED};
    tell(room, EVENT_DAY_OPENED, 0, "");
    issue(room, 1, "tax");
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        later(room, 300);
        struct event event = event_of(room, types[i], 1, "2");
        snprintf(event.body.transferred.service, sizeof(event.body.transferred.service),
                 types[i] == EVENT_TICKET_TRANSFERRED ? "parking" : "");
        learner_take(room->learner, &event);
    }
    tell(room, EVENT_TICKET_CALLED, 1, "2");
    tell(room, EVENT_TICKET_CALLED, 1, "2");
    tell(room, EVENT_TICKET_LEFT, 1, "");
    tell(room, EVENT_TICKET_CLOSED, 1, "2");
    const struct sampler *sampler = prepared(room);
    assert_int_equal(sampler->seen[2], 0);
    assert_true(sampler->silent == 0.6F);
    assert_true(sampler->transfer[2] == 0.05F);
    tell(room, EVENT_SERVING_STARTED, 1, "2");
    later(room, 100);
    tell(room, EVENT_TICKET_CLOSED, 1, "2");
    assert_int_equal(prepared(room)->seen[2], 1);
    /* Nobody waits any more: what comes before the next call is no gap. */
    later(room, 60);
    tell(room, EVENT_COUNTER_READY, 0, "2");
    assert_true(prepared(room)->gap.share == 0.5F);
}

/* Who was revived, parked or undone is followed no more; the counter was busy with them all the same. */
static void time_with_somebody_not_followed_is_no_gap(void **state)
{
    struct classroom *room = *state;
    tell(room, EVENT_DAY_OPENED, 0, "");
    for (int i = 1; i <= 60; i += 2) {
        const bool is_revived = i % 3 == 0;
        const bool is_parked = i % 3 == 1;
        issue(room, i, "tax");
        issue(room, i + 1, "tax");
        tell(room, EVENT_TICKET_CALLED, i, "2");
        later(room, 60);
        if (is_revived) {
            tell(room, EVENT_TICKET_NO_SHOW, i, "2");
            tell(room, EVENT_TICKET_REVIVED, i, "");
            tell(room, EVENT_TICKET_CALLED, i, "2");
        }
        tell(room, EVENT_SERVING_STARTED, i, "2");
        if (is_parked) {
            tell(room, EVENT_TICKET_PARKED, i, "2");
            tell(room, EVENT_TICKET_TAKEN_BACK, i, "2");
        } else if (!is_revived) {
            tell(room, EVENT_TICKET_CLOSED, i, "2");
            tell(room, EVENT_STEP_UNDONE, i, "2");
        }
        later(room, 200);
        tell(room, EVENT_TICKET_CLOSED, i, "2");
        later(room, 20);
        tell(room, EVENT_TICKET_CALLED, i + 1, "2");
        tell(room, EVENT_TICKET_LEFT, i + 1, "");
    }
    assert_true(prepared(room)->gap.share == 0.5F); /* the prior */
}

/* ---- With the engine */

static void act(struct rig *rig, uint32_t random)
{
    static const char *const counters[] = {"1", "2", "3", "room"};
    static const char *const services[] = {"housing", "repairs", "tax", "parking"};
    static const enum command_type at_counter[] = {
        COMMAND_NEXT,    COMMAND_NEXT,        COMMAND_START,  COMMAND_START,
        COMMAND_FINISH,  COMMAND_FINISH,      COMMAND_RECALL, COMMAND_PAUSE_COUNTER,
        COMMAND_NO_SHOW, COMMAND_OPEN_COUNTER};
    rig->now_ms += random % 40000;
    if (random % 7 < 2) {
        struct command command = rig_command(rig, COMMAND_ISSUE);
        rig_id(command.ticket_id, ++rig->next_id);
        snprintf(command.service, sizeof(command.service), "%s", services[random / 7 % 4]);
        snprintf(command.language, sizeof(command.language), "%s",
                 random / 28 % 3 == 0 ? "pl" : "en");
        (void)rig_do(rig, &command);
        return;
    }
    const char *counter = counters[random / 7 % 4];
    if (random % 97 == 0) {
        struct command command = rig_command(rig, COMMAND_TRANSFER);
        snprintf(command.counter, sizeof(command.counter), "%s", counter);
        snprintf(command.service, sizeof(command.service), "%s", services[random / 97 % 4]);
        (void)rig_do(rig, &command);
        return;
    }
    (void)rig_at(rig, at_counter[random / 28 % 10], counter);
}

/* Who is parked was served in two halves; what is undone was not so: neither is a service time. */
static void what_is_parked_or_undone_teaches_nothing_more(void **state)
{
    struct classroom *room = *state;
    tell(room, EVENT_DAY_OPENED, 0, "");
    for (int i = 1; i <= 2; i++) {
        issue(room, i, "tax");
        later(room, 60);
        tell(room, EVENT_TICKET_CALLED, i, "2");
        later(room, 10);
        if (i == 2) {
            tell(room, EVENT_STEP_UNDONE, i, "2"); /* the call */
            later(room, 3000);
            tell(room, EVENT_TICKET_CALLED, i, "2");
        }
        tell(room, EVENT_SERVING_STARTED, i, "2");
        if (i == 1) {
            tell(room, EVENT_TICKET_PARKED, i, "2");
            later(room, 3000);
            tell(room, EVENT_TICKET_TAKEN_BACK, i, "2");
        }
        later(room, 300);
        tell(room, EVENT_TICKET_CLOSED, i, "2");
    }
    assert_int_equal(prepared(room)->seen[2], 0);
}

/* Mended at the desk: it is served, and learned from, as what it was all along. */
static void a_mended_visit_is_of_its_new_service(void **state)
{
    struct classroom *room = *state;
    tell(room, EVENT_DAY_OPENED, 0, "");
    issue(room, 1, "tax");
    struct event edit = event_of(room, EVENT_TICKET_EDITED, 1, "");
    snprintf(edit.body.edited.service, sizeof(edit.body.edited.service), "parking");
    learner_take(room->learner, &edit);
    later(room, 60);
    tell(room, EVENT_TICKET_CALLED, 1, "2");
    tell(room, EVENT_SERVING_STARTED, 1, "2");
    later(room, 300);
    tell(room, EVENT_TICKET_CLOSED, 1, "2");
    assert_int_equal(prepared(room)->seen[2], 0);
    assert_int_equal(prepared(room)->seen[3], 1);
}

/* The live learner, one fed from the journal, and one that goes on from a text in the middle. */
static void a_rebuilt_knowledge_is_the_live_one(void **state)
{
    struct classroom *room = *state;
    void *rig_state = NULL;
    rig_setup(&rig_state);
    struct rig *rig = rig_state;
    rig->rules.last_number = 79;
    rig->rules.reserved_from = 80;
    rig->rules.reserved_block = 5;
    engine_set_rules(rig->engine, &rig->rules);
    uint32_t random = 12345;
    char *text = NULL;
    for (int day = 0; day < 4; day++) {
        struct command open = rig_command(rig, COMMAND_OPEN_DAY);
        snprintf(open.day, sizeof(open.day), "2026-11-%02d", 24 + day);
        assert_int_equal(rig_do(rig, &open), REFUSAL_NONE);
        for (int i = 0; i < 1500; i++) {
            random = random * 1664525 + 1013904223;
            act(rig, random >> 8);
        }
        struct command close = rig_command(rig, COMMAND_CLOSE_DAY);
        assert_int_equal(rig_do(rig, &close), REFUSAL_NONE);
        rig->now_ms += (int64_t)12 * 3600 * 1000;
    }
    for (size_t i = 0; i < rig->log_count; i++) {
        rig->log[i].seq = (int64_t)i + 1;
        learner_take(room->learner, &rig->log[i]);
        if (learner_at_rest(room->learner) && knowledge_days(room->knowledge) == 2) {
            free(text);
            text = knowledge_write(room->knowledge, learner_through_seq(room->learner));
        }
    }
    assert_true(learner_at_rest(room->learner));
    assert_true(knowledge_visits_seen(room->knowledge, "housing") > 40);
    const struct sampler *sampler = prepared(room);
    assert_true(sampler->gap.share > 0.8F && sampler->silent > 0.7F);

    struct knowledge *rebuilt = knowledge_create();
    int64_t through_seq = 0;
    assert_non_null(text);
    assert_int_equal(knowledge_read(rebuilt, text, strlen(text), &through_seq), STATUS_OK);
    assert_true(through_seq > 0 && through_seq < (int64_t)rig->log_count);
    struct learner *goes_on = learner_create(rebuilt, through_seq, utc, NULL);
    learner_set_rules(goes_on, &room->rules);
    for (size_t i = 0; i < rig->log_count; i++) {
        learner_take(goes_on, &rig->log[i]);
    }
    assert_true(knowledge_equal(rebuilt, room->knowledge));

    /* From the start, into a knowledge that was cleared. */
    knowledge_clear(rebuilt);
    learner_restart(goes_on, 0);
    for (size_t i = 0; i < rig->log_count; i++) {
        learner_take(goes_on, &rig->log[i]);
    }
    assert_true(knowledge_equal(rebuilt, room->knowledge));
    learner_destroy(goes_on);
    knowledge_destroy(rebuilt);
    free(text);
    rig_teardown(&rig_state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(visits_walks_and_gaps_come_from_their_events),
        TEST(a_counter_with_nothing_to_do_makes_no_gap),
        TEST(ready_ends_a_gap_and_a_pause_is_none),
        TEST(time_with_somebody_not_followed_is_no_gap),
        TEST(leavers_and_no_shows_are_told_apart),
        TEST(what_the_days_end_closes_teaches_nothing),
        TEST(transfers_are_two_legs),
        TEST(a_language_the_counter_lacks_is_noticed),
        TEST(arrivals_make_rates_between_the_first_and_the_last),
        TEST(the_booked_teach_when_they_come),
        TEST(strangers_and_repeats_are_passed_over),
        TEST(a_clock_that_leaps_makes_nobody_patient),
        TEST(what_does_not_follow_teaches_nothing),
        TEST(what_is_parked_or_undone_teaches_nothing_more),
        TEST(a_mended_visit_is_of_its_new_service),
        TEST(a_rebuilt_knowledge_is_the_live_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
