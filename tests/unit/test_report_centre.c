#include "test_report_centre.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "quarter/check.h"
#include "test_kit.h"
#include "test_report_rig.h"

enum { SERVICES = 6, DESKS = 6, DAY_STEPS = 900 };

/* 2026-11-01T08:55:00Z */
static const int64_t first_day_ms = NINE_MS - 23 * INT64_C(86400000) - 5 * MINUTE_MS;

static const char *const services[SERVICES] = {"housing", "repairs", "tax",
                                               "parking", "bins",    "badges"};
static const char *const desks[DESKS] = {"1", "2", "3", "4", "room-a", "room-b"};
static const char *const people[3] = {"01JDPERSON0000000000000001", "01JDPERSON0000000000000002",
                                      "01JDPERSON0000000000000003"};

static int roll(struct centre *centre, int sides)
{
    return (int)(report_random(&centre->random) % (uint64_t)sides);
}

static void make_rules(struct rules *rules)
{
    static const uint64_t offered[DESKS] = {0x03, 0x0c, 0x30, 0x3f, 0x3f, 0x15};
    *rules = (struct rules){.hash = "hash-a",
                            .policy = {.rule = POLICY_RESCUE,
                                       .standard_ms = 15 * MINUTE_MS,
                                       .rescue_ms = 8 * MINUTE_MS,
                                       .limit_ms = 30 * MINUTE_MS,
                                       .promise_ms = {900000, 600000, 300000, 300000, 600000}},
                            .service_count = SERVICES,
                            .counter_count = DESKS,
                            .language_count = 2,
                            .languages = {"en", "pl"},
                            .last_number = 900,
                            .reserved_from = 800,
                            .reserved_block = 50};
    for (int i = 0; i < SERVICES; i++) {
        kit_set(rules->services[i].code, sizeof(rules->services[i].code), services[i]);
        rules->services[i].prefix[0] = (char)('A' + i / 2);
        rules->services[i].typical_ms = 8 * MINUTE_MS;
    }
    for (int i = 0; i < DESKS; i++) {
        kit_set(rules->counters[i].code, sizeof(rules->counters[i].code), desks[i]);
        rules->counters[i].services = offered[i];
        rules->counters[i].languages = 0x1;
    }
}

void centre_set_up(struct centre *centre, struct store *store)
{
    *centre = (struct centre){
        .engine = engine_create(), .store = store, .today = today_create(), .now_ms = first_day_ms};
    make_rules(&centre->rules);
    engine_set_rules(centre->engine, &centre->rules);
}

void centre_tear_down(struct centre *centre)
{
    engine_destroy(centre->engine);
    decision_free(&centre->decision);
    today_destroy(centre->today);
}

const char *centre_day(const struct centre *centre)
{
    return engine_day(centre->engine);
}

/* commands */

static struct command command_of(const struct centre *centre, enum command_type type)
{
    return (struct command){
        .type = type, .now_ms = centre->now_ms, .actor = "local", .rostered = ~UINT64_C(0)};
}

/* As the ledger does it: into the journal, which numbers it, and only then into state. */
static enum refusal run(struct centre *centre, const struct command *command)
{
    engine_decide(centre->engine, command, &centre->decision);
    for (size_t i = 0; i < centre->decision.count; i++) {
        struct event *event = &centre->decision.events[i];
        CHECK(store_append(centre->store, event) == STATUS_OK);
        engine_evolve(centre->engine, event);
        today_take(centre->today, event);
        centre->seen[event->type]++;
        if (event->type == EVENT_STEP_UNDONE) {
            centre->undone[event->body.undone.step]++;
        }
    }
    return centre->decision.refusal;
}

static struct command at_desk(struct centre *centre, enum command_type type, int desk)
{
    struct command command = command_of(centre, type);
    kit_set(command.counter, sizeof(command.counter), desks[desk]);
    return command;
}

static void give_avoidable(struct centre *centre, struct command *command)
{
    static const char *const reasons[] = {"", "", "chasing", "letter_unclear", "web_down"};
    kit_set(command->avoidable, sizeof(command->avoidable), reasons[roll(centre, 5)]);
}

/* Somebody who is in that state; NULL: nobody. */
static const struct ticket *anybody(struct centre *centre, enum ticket_state state)
{
    const size_t count = engine_ticket_count(centre->engine);
    for (size_t i = 0, from = count == 0 ? 0 : (size_t)roll(centre, (int)count); i < count; i++) {
        const struct ticket *ticket = engine_ticket(centre->engine, (from + i) % count);
        if (ticket->state == state) {
            return ticket;
        }
    }
    return NULL;
}

/* who comes */

static void reserve(struct centre *centre, const char *service, int32_t *number)
{
    struct command command = command_of(centre, COMMAND_RESERVE_NUMBERS);
    kit_set(command.service, sizeof(command.service), service);
    kit_set(command.device, sizeof(command.device), "kiosk-1");
    if (run(centre, &command) == REFUSAL_NONE) {
        *number = centre->decision.events[0].body.reserved.first;
    }
}

static void come(struct centre *centre)
{
    struct command command = command_of(centre, COMMAND_ISSUE);
    snprintf(command.ticket_id, sizeof(command.ticket_id), "01JDTEST%018d", ++centre->next_id);
    kit_set(command.service, sizeof(command.service), services[roll(centre, SERVICES)]);
    static const enum ticket_class classes[] = {CLASS_NORMAL, CLASS_NORMAL, CLASS_ASSISTED,
                                                CLASS_URGENT};
    command.ticket_class = classes[roll(centre, 4)];
    give_avoidable(centre, &command);
    if (roll(centre, 6) == 0) {
        command.appointment_ms = centre->now_ms + (roll(centre, 50) - 25) * INT64_C(60000);
    }
    if (roll(centre, 12) == 0) { /* the server was away */
        reserve(centre, command.service, &command.number);
        kit_set(command.device, sizeof(command.device), "kiosk-1");
        command.occurred_at_ms =
            command.number == 0 ? 0 : centre->now_ms - roll(centre, 50 * (int)MINUTE_MS);
    }
    (void)run(centre, &command);
}

static void record(struct centre *centre)
{
    struct command command = command_of(centre, COMMAND_RECORD_VISIT);
    snprintf(command.ticket_id, sizeof(command.ticket_id), "01JDTEST%018d", ++centre->next_id);
    kit_set(command.service, sizeof(command.service), services[roll(centre, SERVICES)]);
    command.visit_kind = (enum visit_kind)roll(centre, VISIT_KINDS);
    command.outcome = (enum outcome)roll(centre, OUTCOME_UNRECORDED);
    give_avoidable(centre, &command);
    (void)run(centre, &command);
}

/* what visitors and greeters do with a ticket */

static void mind_ticket(struct centre *centre)
{
    static const struct {
        enum command_type type;
        enum ticket_state state;
    } deeds[] = {{COMMAND_LEAVE, TICKET_WAITING},   {COMMAND_LEAVE, TICKET_PARKED},
                 {COMMAND_PROMISE, TICKET_WAITING}, {COMMAND_HOLD, TICKET_WAITING},
                 {COMMAND_UNHOLD, TICKET_WAITING},  {COMMAND_EDIT, TICKET_WAITING},
                 {COMMAND_EDIT, TICKET_WAITING},    {COMMAND_UNPARK, TICKET_PARKED},
                 {COMMAND_UNPARK, TICKET_PARKED},   {COMMAND_REVIVE, TICKET_NO_SHOW},
                 {COMMAND_REVIVE, TICKET_NO_SHOW}};
    const int deed = roll(centre, (int)(sizeof(deeds) / sizeof(deeds[0])));
    const struct ticket *ticket = anybody(centre, deeds[deed].state);
    if (ticket == NULL) {
        return;
    }
    static const int32_t minutes[] = {5, 10, 15, 30};
    struct command command = command_of(centre, deeds[deed].type);
    kit_set(command.ticket_id, sizeof(command.ticket_id), ticket->id);
    command.promise = (struct promise){.known = true, .p90_s = 900, .as_of_ms = centre->now_ms};
    command.minutes = minutes[roll(centre, 4)];
    command.edits = EDIT_SERVICE;
    kit_set(command.service, sizeof(command.service), services[roll(centre, SERVICES)]);
    (void)run(centre, &command);
}

/* what staff do at a counter */

static void open_desk(struct centre *centre, int desk)
{
    struct command command = at_desk(centre, COMMAND_OPEN_COUNTER, desk);
    if (roll(centre, 2) == 0) {
        snprintf(command.actor, sizeof(command.actor), "person:%s", people[roll(centre, 3)]);
    }
    (void)run(centre, &command);
}

static void move_desk(struct centre *centre, int desk)
{
    struct command command = at_desk(centre, COMMAND_MOVE, desk);
    command.service_count = roll(centre, 4);
    for (int i = 0, from = roll(centre, SERVICES); i < command.service_count; i++) {
        kit_set(command.services[i], sizeof(command.services[i]), services[(from + i) % SERVICES]);
    }
    (void)run(centre, &command);
}

static void choose(struct centre *centre, int desk, enum command_type type, enum ticket_state state)
{
    const struct ticket *ticket = anybody(centre, state);
    if (ticket == NULL) {
        return;
    }
    struct command command = at_desk(centre, type, desk);
    kit_set(command.ticket_id, sizeof(command.ticket_id), ticket->id);
    command.because = BECAUSE_QUICK_QUESTION;
    (void)run(centre, &command);
}

static void at_free_desk(struct centre *centre, int desk)
{
    static const enum command_type shut[] = {COMMAND_CLOSE_COUNTER, COMMAND_PAUSE_COUNTER};
    const int what = roll(centre, 40);
    if (what == 0) {
        move_desk(centre, desk);
    } else if (what < 3) {
        struct command command = at_desk(centre, shut[roll(centre, 2)], desk);
        command.pause_reason = PAUSE_BREAK;
        (void)run(centre, &command);
    } else if (what < 8) {
        choose(centre, desk, COMMAND_CALL, TICKET_WAITING);
    } else if (what < 16) {
        choose(centre, desk, COMMAND_TAKE_BACK, TICKET_PARKED);
    } else {
        const struct command command = at_desk(centre, COMMAND_NEXT, desk);
        (void)run(centre, &command);
    }
}

static void finish(struct centre *centre, int desk)
{
    struct command command = at_desk(centre, COMMAND_FINISH, desk);
    command.outcome = (enum outcome)roll(centre, OUTCOME_UNRECORDED);
    command.next = roll(centre, 3) == 0;
    give_avoidable(centre, &command);
    (void)run(centre, &command);
}

static void transfer(struct centre *centre, int desk)
{
    struct command command = at_desk(centre, COMMAND_TRANSFER, desk);
    const int to = roll(centre, 4);
    if (to == 0) {
        kit_set(command.to_counter, sizeof(command.to_counter), desks[roll(centre, DESKS)]);
    } else if (to == 1) {
        kit_set(command.to_person, sizeof(command.to_person), people[roll(centre, 3)]);
    } else {
        kit_set(command.service, sizeof(command.service), services[roll(centre, SERVICES)]);
    }
    (void)run(centre, &command);
}

static void with_visitor(struct centre *centre, int desk, enum ticket_state state)
{
    static const enum command_type called[] = {COMMAND_START,  COMMAND_START,  COMMAND_START,
                                               COMMAND_RECALL, COMMAND_RECALL, COMMAND_NO_SHOW};
    const int what = roll(centre, 12);
    if (state == TICKET_CALLED) {
        const struct command command = at_desk(centre, called[what / 2], desk);
        (void)run(centre, &command);
    } else if (what < 2) {
        transfer(centre, desk);
    } else if (what < 4) {
        const struct command command = at_desk(centre, COMMAND_PARK, desk);
        (void)run(centre, &command);
    } else if (what < 8) {
        finish(centre, desk);
    }
}

static void mind_desk(struct centre *centre, int desk)
{
    const struct counter *counter =
        engine_counter(centre->engine, engine_find_counter(centre->engine, desks[desk]));
    if (roll(centre, 12) == 0) {
        const struct command command = at_desk(centre, COMMAND_UNDO, desk);
        (void)run(centre, &command);
    } else if (counter->state != COUNTER_OPEN) {
        open_desk(centre, desk);
    } else if (counter->ticket < 0) {
        at_free_desk(centre, desk);
    } else {
        with_visitor(centre, desk, engine_ticket(centre->engine, (size_t)counter->ticket)->state);
    }
}

/* days */

static void open_day(struct centre *centre, int day)
{
    struct command command = command_of(centre, COMMAND_OPEN_DAY);
    snprintf(command.day, sizeof(command.day), "2026-11-%02u", (unsigned)(day + 1) % 100);
    CHECK(run(centre, &command) == REFUSAL_NONE);
}

static void close_day(struct centre *centre)
{
    const struct command command = command_of(centre, COMMAND_CLOSE_DAY);
    CHECK(run(centre, &command) == REFUSAL_NONE);
}

void centre_run_day(struct centre *centre, int day, uint64_t seed)
{
    centre->random = seed;
    centre->now_ms = centre->opened_ms = first_day_ms + day * INT64_C(86400000);
    CHECK(store_begin(centre->store) == STATUS_OK);
    open_day(centre, day);
    for (int i = 0; i < DAY_STEPS; i++) {
        const int what = roll(centre, 100);
        centre->now_ms += roll(centre, 60000);
        if (what < 14) {
            come(centre);
        } else if (what < 16) {
            record(centre);
        } else if (what < 23) {
            mind_ticket(centre);
        } else {
            mind_desk(centre, roll(centre, DESKS));
        }
        if (i == DAY_STEPS / 2 && day % 5 == 0) { /* closed by mistake */
            close_day(centre);
            centre->now_ms += MINUTE_MS;
            open_day(centre, day);
        }
    }
    close_day(centre);
    CHECK(store_commit(centre->store) == STATUS_OK);
}
