/* Random days for the figures: every kind of event that a visit or a counter can meet, in any order that the states allow,
 * with steps undone one after the other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"
#include "test_kit.h"
#include "test_report_rig.h"

enum { DESKS = 8, SERVICES = 6, STEPS_KEPT = 4 };

struct stand {
    enum ticket_state state;
    int desk; /* -1: at none */
    int service;
};

struct visitor {
    struct stand stand;
    int kept; /* steps that can still be undone, the oldest first */
    struct {
        struct stand before;
        enum step step;
        size_t event;
        int desk;
        size_t last_there; /* before this one */
    } steps[STEPS_KEPT];
};

struct desk {
    enum { SHUT, OPEN, PAUSED } state;
    int visitor; /* 0: nobody; else its ticket */
    size_t last; /* step there that can be undone; 0: none */
};

struct chance {
    struct report_rig *rig;
    uint64_t random;
    struct visitor *visitors; /* by ticket, from 1 */
    int came, most;
    struct desk desks[DESKS];
    bool *undone;
    size_t room;
};

/* splitmix64, https://prng.di.unimi.it/splitmix64.c */
uint64_t report_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static int roll(struct chance *chance, int sides)
{
    return (int)(report_random(&chance->random) % (uint64_t)sides);
}

static const char *service_code(int service)
{
    static const char *const codes[SERVICES] = {"housing", "repairs", "tax",
                                                "parking", "bins",    "badges"};
    return codes[service];
}

static const char *desk_code(int desk)
{
    static const char *const codes[DESKS] = {"1", "2", "3", "4", "5", "6", "room-a", "room-b"};
    return desk < 0 ? "" : codes[desk];
}

static const char *avoidable_code(struct chance *chance)
{
    static const char *const codes[] = {"", "", "", "chasing", "letter_unclear", "web_down"};
    return codes[roll(chance, 6)];
}

static void take(struct chance *chance, const struct event *event)
{
    report_take(chance->rig, event);
    if (chance->rig->count > chance->room) {
        const size_t room = chance->room == 0 ? 256 : chance->room * 2;
        chance->undone = realloc(chance->undone, room * sizeof(*chance->undone));
        CHECK(chance->undone != NULL);
        memset(chance->undone + chance->room, 0, room - chance->room);
        chance->room = room;
    }
}

static struct event about(struct chance *chance, enum event_type type, int ticket)
{
    return report_event(chance->rig, type, ticket, desk_code(chance->visitors[ticket].stand.desk));
}

/* Something other than a step happened to it: what was done before stays done. */
static void touch(struct chance *chance, int ticket)
{
    chance->visitors[ticket].kept = 0;
}

static void come(struct chance *chance)
{
    if (chance->came == chance->most) {
        return;
    }
    const int ticket = ++chance->came;
    struct visitor *visitor = &chance->visitors[ticket];
    visitor->stand = (struct stand){TICKET_WAITING, -1, roll(chance, SERVICES)};
    struct event event = about(chance, EVENT_TICKET_ISSUED, ticket);
    struct event_ticket_issued *issued = &event.body.issued;
    kit_set(issued->service, sizeof(issued->service), service_code(visitor->stand.service));
    kit_set(issued->prefix, sizeof(issued->prefix), "H");
    kit_set(issued->avoidable, sizeof(issued->avoidable), avoidable_code(chance));
    issued->number = ticket;
    if (roll(chance, 8) == 0) {
        event.occurred_at_ms -= (int64_t)roll(chance, 40 * (int)MINUTE_MS);
        issued->unconfirmed = true;
    }
    issued->arrived_at_ms = issued->leg_from_ms = event.occurred_at_ms;
    if (roll(chance, 6) == 0) {
        issued->appointment_ms =
            event.occurred_at_ms + (int64_t)roll(chance, 40 * (int)MINUTE_MS) - 20 * MINUTE_MS;
        if (issued->appointment_ms > issued->arrived_at_ms) {
            issued->leg_from_ms = issued->appointment_ms;
        }
    }
    take(chance, &event);
}

static void record(struct chance *chance)
{
    struct event event = report_event(chance->rig, EVENT_VISIT_RECORDED, 0, "");
    event.body.visit.kind = (enum visit_kind)roll(chance, VISIT_KINDS);
    kit_set(event.body.visit.service, sizeof(event.body.visit.service),
            service_code(roll(chance, SERVICES)));
    kit_set(event.body.visit.avoidable, sizeof(event.body.visit.avoidable), avoidable_code(chance));
    event.body.visit.outcome = (enum outcome)roll(chance, OUTCOME_UNRECORDED);
    take(chance, &event);
}

/* A step moves a ticket, and its desk with it; it is kept for its undoing. */
static void step(struct chance *chance, int ticket, enum step step, struct stand to,
                 const struct event *event)
{
    struct visitor *visitor = &chance->visitors[ticket];
    const int desk = visitor->stand.desk >= 0 ? visitor->stand.desk : to.desk;
    if (visitor->kept == STEPS_KEPT) {
        memmove(&visitor->steps[0], &visitor->steps[1],
                (STEPS_KEPT - 1) * sizeof(visitor->steps[0]));
        visitor->kept--;
    }
    visitor->steps[visitor->kept].before = visitor->stand;
    visitor->steps[visitor->kept].step = step;
    visitor->steps[visitor->kept].event = chance->rig->count;
    visitor->steps[visitor->kept].last_there = chance->desks[desk].last;
    visitor->steps[visitor->kept++].desk = desk;
    chance->desks[desk].last = chance->rig->count;
    take(chance, event);
    visitor->stand = to;
    chance->desks[desk].visitor = to.desk >= 0 ? ticket : 0;
}

/* Somebody who is in that state, sought from a random place on; 0: nobody. */
static int anybody(struct chance *chance, enum ticket_state state)
{
    for (int i = 0, from = roll(chance, chance->came + 1); i < chance->came; i++) {
        const int ticket = 1 + (from + i) % chance->came;
        if (chance->visitors[ticket].stand.state == state) {
            return ticket;
        }
    }
    return 0;
}

static void bring(struct chance *chance, int desk)
{
    const bool taken_back = roll(chance, 3) == 0;
    const int ticket = anybody(chance, taken_back ? TICKET_PARKED : TICKET_WAITING);
    if (ticket == 0 || chance->desks[desk].state != OPEN) {
        return;
    }
    const struct visitor *visitor = &chance->visitors[ticket];
    struct event event =
        report_event(chance->rig, taken_back ? EVENT_TICKET_TAKEN_BACK : EVENT_TICKET_CALLED,
                     ticket, desk_code(desk));
    step(chance, ticket, taken_back ? STEP_TAKE_BACK : STEP_CALL,
         (struct stand){taken_back ? TICKET_SERVING : TICKET_CALLED, desk, visitor->stand.service},
         &event);
}

static void go_on_with_called(struct chance *chance, int ticket)
{
    const struct stand stand = chance->visitors[ticket].stand;
    const int what = roll(chance, 8);
    struct event event = about(chance, EVENT_SERVING_STARTED, ticket);
    if (what == 0) {
        event.type = EVENT_TICKET_NO_SHOW;
        step(chance, ticket, STEP_NO_SHOW, (struct stand){TICKET_NO_SHOW, -1, stand.service},
             &event);
    } else if (what < 3) {
        event.type = EVENT_TICKET_RECALLED;
        take(chance, &event);
    } else {
        step(chance, ticket, STEP_START, (struct stand){TICKET_SERVING, stand.desk, stand.service},
             &event);
    }
}

static void go_on_with_served(struct chance *chance, int ticket)
{
    const struct stand stand = chance->visitors[ticket].stand;
    const int what = roll(chance, 8);
    struct event event = about(chance, EVENT_TICKET_CLOSED, ticket);
    if (what == 0) {
        const int service = roll(chance, SERVICES);
        event.type = EVENT_TICKET_TRANSFERRED;
        kit_set(event.body.transferred.service, sizeof(event.body.transferred.service),
                service_code(service));
        event.body.transferred.leg_from_ms = event.at_ms;
        step(chance, ticket, STEP_TRANSFER, (struct stand){TICKET_WAITING, -1, service}, &event);
    } else if (what == 1) {
        event.type = EVENT_TICKET_PARKED;
        step(chance, ticket, STEP_PARK, (struct stand){TICKET_PARKED, -1, stand.service}, &event);
    } else {
        event.body.closed.outcome = (enum outcome)roll(chance, OUTCOME_UNRECORDED);
        kit_set(event.body.closed.avoidable, sizeof(event.body.closed.avoidable),
                avoidable_code(chance));
        step(chance, ticket, STEP_FINISH, (struct stand){TICKET_CLOSED, -1, stand.service}, &event);
    }
}

static void undo(struct chance *chance, int ticket)
{
    struct visitor *visitor = &chance->visitors[ticket];
    const int at = --visitor->kept;
    const int desk = visitor->steps[at].desk;
    struct desk *place = &chance->desks[desk];
    if (place->state != OPEN || place->last != visitor->steps[at].event) {
        visitor->kept = 0;
        return;
    }
    struct event event = report_event(chance->rig, EVENT_STEP_UNDONE, ticket, desk_code(desk));
    event.body.undone.step = visitor->steps[at].step;
    event.body.undone.undone_seq = (int64_t)visitor->steps[at].event + 1;
    take(chance, &event);
    CHECK(chance->undone != NULL);
    chance->undone[visitor->steps[at].event] = true;
    chance->undone[chance->rig->count - 1] = true;
    visitor->stand = visitor->steps[at].before;
    place->visitor = visitor->stand.desk >= 0 ? ticket : 0;
    place->last = visitor->steps[at].last_there;
}

static void undo_at(struct chance *chance, int desk)
{
    for (int ticket = 1; ticket <= chance->came && chance->desks[desk].last != 0; ticket++) {
        const struct visitor *visitor = &chance->visitors[ticket];
        if (visitor->kept > 0 &&
            visitor->steps[visitor->kept - 1].event == chance->desks[desk].last) {
            undo(chance, ticket);
            return;
        }
    }
}

static void change_mind(struct chance *chance)
{
    static const struct {
        enum event_type type;
        enum ticket_state from, to;
    } turns[] = {{EVENT_TICKET_LEFT, TICKET_WAITING, TICKET_LEFT},
                 {EVENT_TICKET_HELD, TICKET_WAITING, TICKET_WAITING},
                 {EVENT_TICKET_EDITED, TICKET_WAITING, TICKET_WAITING},
                 {EVENT_TICKET_UNPARKED, TICKET_PARKED, TICKET_WAITING},
                 {EVENT_TICKET_REVIVED, TICKET_NO_SHOW, TICKET_WAITING}};
    const int turn = roll(chance, 5);
    const int ticket = anybody(chance, turns[turn].from);
    if (ticket == 0 || (turn == 0 && roll(chance, 3) != 0)) {
        return;
    }
    struct stand *stand = &chance->visitors[ticket].stand;
    struct event event = about(chance, turns[turn].type, ticket);
    if (event.type == EVENT_TICKET_EDITED) {
        stand->service = roll(chance, SERVICES);
        kit_set(event.body.edited.service, sizeof(event.body.edited.service),
                service_code(stand->service));
    } else if (event.type == EVENT_TICKET_UNPARKED) {
        event.body.unparked.leg_from_ms = event.at_ms;
    }
    take(chance, &event);
    stand->state = turns[turn].to;
    touch(chance, ticket);
}

static void mind_desk(struct chance *chance, int desk)
{
    struct desk *place = &chance->desks[desk];
    static const enum event_type types[] = {[SHUT] = EVENT_COUNTER_CLOSED,
                                            [OPEN] = EVENT_COUNTER_OPENED,
                                            [PAUSED] = EVENT_COUNTER_PAUSED};
    const int to = place->state != OPEN ? OPEN : roll(chance, 3) == 0 ? SHUT : PAUSED;
    if (place->visitor != 0) {
        return;
    }
    const struct event event = report_event(chance->rig, types[to], 0, desk_code(desk));
    take(chance, &event);
    place->last = 0;
    place->state = to == OPEN ? OPEN : to == PAUSED ? PAUSED : SHUT;
}

static void do_something(struct chance *chance)
{
    const int desk = roll(chance, DESKS);
    const int ticket = chance->desks[desk].visitor;
    const int what = roll(chance, 100);
    if (what < 30) {
        come(chance);
    } else if (what < 33) {
        record(chance);
    } else if (what < 39) {
        change_mind(chance);
    } else if (what < 46) {
        undo_at(chance, desk);
    } else if (chance->desks[desk].state != OPEN || (ticket == 0 && roll(chance, 12) == 0)) {
        mind_desk(chance, desk);
    } else if (ticket == 0) {
        bring(chance, desk);
    } else if (chance->visitors[ticket].stand.state == TICKET_CALLED) {
        go_on_with_called(chance, ticket);
    } else {
        go_on_with_served(chance, ticket);
    }
}

static void close_day(struct chance *chance)
{
    for (int ticket = 1; ticket <= chance->came; ticket++) {
        const enum ticket_state state = chance->visitors[ticket].stand.state;
        struct event event = about(chance, EVENT_TICKET_LEFT, ticket);
        if (state == TICKET_WAITING || state == TICKET_PARKED) {
            event.body.left.by_day_end = true;
        } else if (state == TICKET_CALLED) {
            event.type = EVENT_TICKET_NO_SHOW;
            event.body.no_show.by_day_end = true;
        } else if (state == TICKET_SERVING) {
            event.type = EVENT_TICKET_CLOSED;
            event.body.closed.outcome = OUTCOME_UNRECORDED;
        } else {
            continue;
        }
        take(chance, &event);
    }
    for (int desk = 0; desk < DESKS; desk++) {
        if (chance->desks[desk].state != SHUT) {
            const struct event event =
                report_event(chance->rig, EVENT_COUNTER_CLOSED, 0, desk_code(desk));
            take(chance, &event);
        }
    }
    const struct event event = report_event(chance->rig, EVENT_DAY_CLOSED, 0, "");
    take(chance, &event);
}

bool *report_random_day(struct report_rig *rig, uint64_t seed, int visits)
{
    struct chance chance = {.rig = rig, .random = seed, .most = visits};
    chance.visitors = calloc((size_t)visits + 2, sizeof(*chance.visitors));
    CHECK(chance.visitors != NULL);
    const int pause_ms = 1 + 600 * (int)MINUTE_MS / (visits * 5);
    while (chance.came < visits) {
        report_wait(rig, roll(&chance, pause_ms));
        do_something(&chance);
    }
    close_day(&chance);
    free(chance.visitors);
    return chance.undone;
}
