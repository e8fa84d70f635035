/* Evolve for tickets, from issue to end. See engine.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/state.h"
#include "quarter/check.h"

/* tickets */

static void put_ticket_slot(struct engine *engine, size_t index)
{
    size_t mask = engine->ticket_capacity * 2 - 1;
    size_t at = code_hash(engine->tickets[index].id) & mask;
    while (engine->ticket_slots[at] != 0) {
        at = (at + 1) & mask;
    }
    engine->ticket_slots[at] = (int32_t)index + 1;
}

static struct ticket *append_ticket(struct engine *engine, const char *id)
{
    if (engine->ticket_count == engine->ticket_capacity) {
        engine->ticket_capacity = engine->ticket_capacity == 0 ? 256 : engine->ticket_capacity * 2;
        engine->tickets =
            realloc(engine->tickets, engine->ticket_capacity * sizeof(*engine->tickets));
        free(engine->ticket_slots);
        engine->ticket_slots = calloc(engine->ticket_capacity * 2, sizeof(*engine->ticket_slots));
        CHECK(engine->tickets != NULL && engine->ticket_slots != NULL);
        lines_grow(&engine->lines, engine->service_codes.count, engine->ticket_capacity);
        for (size_t i = 0; i < engine->ticket_count; i++) {
            put_ticket_slot(engine, i);
        }
    }
    struct ticket *ticket = &engine->tickets[engine->ticket_count];
    *ticket = (struct ticket){.counter = -1,
                              .language = -1,
                              .parked_by = -1,
                              .only = -1,
                              .for_person = -1,
                              .only_at = -1,
                              .last_step_at = -1};
    state_copy_text(ticket->id, sizeof(ticket->id), id);
    put_ticket_slot(engine, engine->ticket_count++);
    return ticket;
}

int state_ticket_of(const struct engine *engine, const struct event *event)
{
    int index = state_find_ticket(engine, event->ticket);
    CHECK(index >= 0);
    return index;
}

void state_move_ticket(struct engine *engine, int index, enum ticket_state to)
{
    struct ticket *ticket = &engine->tickets[index];
    CHECK(ticket_may_become(ticket->state, to));
    if (ticket->state == TICKET_WAITING) {
        state_leave_line(engine, index);
    }
    engine->in_state[ticket->state]--;
    engine->in_state[to]++;
    ticket->state = to;
}

void state_join_line(struct engine *engine, int index)
{
    struct ticket *ticket = &engine->tickets[index];
    ticket->binding_needs = state_binding_needs(engine, ticket->service, ticket->needs);
    ticket->only_at = state_binding_only(engine, ticket);
    struct waiter waiter = state_waiter(engine, index);
    lines_insert(&engine->lines, &waiter);
}

void state_leave_line(struct engine *engine, int index)
{
    struct waiter waiter = state_waiter(engine, index);
    lines_remove(&engine->lines, &waiter);
}

void state_set_ready(struct engine *engine, int index, int64_t since_ms)
{
    engine->counters[index].ready_since_ms = since_ms;
    if (index < QUARTER_COUNTERS_MAX) {
        const uint64_t flag = UINT64_C(1) << index;
        engine->ready = since_ms != 0 ? engine->ready | flag : engine->ready & ~flag;
    }
}

void state_release_counter(struct engine *engine, struct ticket *ticket, int64_t at_ms)
{
    CHECK(ticket->counter >= 0);
    struct counter *counter = &engine->counters[ticket->counter];
    CHECK(counter->ticket == (int)(ticket - engine->tickets));
    counter->ticket = -1;
    counter->since_ms = at_ms;
    ticket->counter = -1;
    engine->occupied--;
}

void state_occupy_counter(struct engine *engine, int index, int ticket, int64_t at_ms)
{
    struct counter *counter = &engine->counters[index];
    CHECK(engine->tickets[ticket].counter < 0);
    counter->ticket = ticket;
    counter->since_ms = at_ms;
    state_set_ready(engine, index, 0);
    engine->tickets[ticket].counter = index;
    engine->occupied++;
}

uint32_t state_intern_needs(struct engine *engine, int count,
                            const char needs[QUARTER_NEEDS_MAX][QUARTER_CODE_MAX + 1])
{
    uint32_t bits = 0;
    for (int i = 0; i < count; i++) {
        int need = codes_intern(&engine->need_codes, needs[i]);
        /* more than 32 only where a day is replayed under a site that shares no need with it: the
         * journal knows */
        bits |= need < NEEDS_MAX ? 1u << need : 0;
    }
    return bits;
}

static void announce(struct engine *engine, struct ticket *ticket, int32_t announcement)
{
    CHECK(announcement > engine->last_announcement);
    engine->last_announcement = announcement;
    ticket->announcement = announcement;
}

void state_issue(struct engine *engine, const struct event *event)
{
    const struct event_ticket_issued *issued = &event->body.issued;
    CHECK(engine->day_open && event->ticket[0] != '\0' &&
          state_find_ticket(engine, event->ticket) < 0);
    numbers_use(&engine->numbers, issued->prefix, issued->number);
    struct ticket *ticket = append_ticket(engine, event->ticket);
    snprintf(ticket->number, sizeof(ticket->number), "%s%02d", issued->prefix, (int)issued->number);
    ticket->state = TICKET_WAITING;
    ticket->ticket_class = issued->ticket_class;
    ticket->service = state_intern_service(engine, issued->service);
    /* The rules do not know it: retired. */
    if (engine->services[ticket->service].prefix[0] == '\0') {
        state_copy_text(engine->services[ticket->service].prefix, QUARTER_PREFIX_MAX + 1,
                        issued->prefix);
    }
    if (issued->language[0] != '\0') {
        ticket->language = codes_intern(&engine->language_codes, issued->language);
    }
    CHECK(issued->need_count <= QUARTER_NEEDS_MAX);
    ticket->needs = state_intern_needs(engine, issued->need_count, issued->needs);
    ticket->arrived_at_ms = issued->arrived_at_ms;
    ticket->leg_from_ms = issued->leg_from_ms;
    ticket->appointment_ms = issued->appointment_ms;
    ticket->booked_late = issued->appointment_ms != 0 &&
                          issued->arrived_at_ms > issued->appointment_ms + engine_grace_ms;
    ticket->promise = issued->promise;
    ticket->unconfirmed = issued->unconfirmed;
    ticket->nobody_serves = issued->nobody_serves;
    state_copy_text(ticket->avoidable, sizeof(ticket->avoidable), issued->avoidable);
    engine->in_state[TICKET_WAITING]++;
    state_join_line(engine, (int)engine->ticket_count - 1);
}

void state_call(struct engine *engine, const struct event *event)
{
    int index = state_ticket_of(engine, event);
    int at = state_intern_counter(engine, event->counter);
    state_note_step(engine, STEP_CALL, event, index, at);
    CHECK(engine->counters[at].state == COUNTER_OPEN && engine->counters[at].ticket < 0);
    state_move_ticket(engine, index, TICKET_CALLED);
    state_occupy_counter(engine, at, index, event->at_ms);
    struct ticket *ticket = &engine->tickets[index];
    ticket->call = event->body.called;
    ticket->called_at_ms = event->occurred_at_ms;
    ticket->recalls = 0;
    ticket->held_until_ms = 0;
    announce(engine, ticket, event->body.called.announcement);
}

void state_recall(struct engine *engine, const struct event *event)
{
    struct ticket *ticket = &engine->tickets[state_ticket_of(engine, event)];
    CHECK(ticket->state == TICKET_CALLED);
    ticket->recalls++;
    announce(engine, ticket, event->body.recalled.announcement);
}

void state_start(struct engine *engine, const struct event *event)
{
    int index = state_ticket_of(engine, event);
    CHECK(engine->tickets[index].state == TICKET_CALLED);
    state_note_step(engine, STEP_START, event, index, engine->tickets[index].counter);
    state_move_ticket(engine, index, TICKET_SERVING);
    engine->tickets[index].started_at_ms = event->occurred_at_ms;
    engine->tickets[index].unconfirmed = false; /* somebody sees its holder */
}

/* Closed, a no-show, or left: who is called or served is at a counter, who waits or is parked is not. */
void state_end(struct engine *engine, const struct event *event, enum ticket_state to)
{
    int index = state_ticket_of(engine, event);
    struct ticket *ticket = &engine->tickets[index];
    if (to == TICKET_LEFT) {
        state_touch(engine, index, -1);
    } else {
        CHECK(ticket->counter >= 0);
        state_note_step(engine, to == TICKET_CLOSED ? STEP_FINISH : STEP_NO_SHOW, event, index,
                        ticket->counter);
    }
    state_move_ticket(engine, index, to);
    ticket->ended_at_ms = event->occurred_at_ms;
    ticket->parked_at_ms = 0;
    ticket->parked_by = -1;
    if (to != TICKET_LEFT) {
        state_release_counter(engine, ticket, event->at_ms);
    }
    if (to == TICKET_CLOSED) {
        ticket->outcome = event->body.closed.outcome;
        if (event->body.closed.avoidable[0] != '\0') {
            state_copy_text(ticket->avoidable, sizeof(ticket->avoidable),
                            event->body.closed.avoidable);
        }
    }
}

void state_transfer(struct engine *engine, const struct event *event)
{
    const struct event_ticket_transferred *transferred = &event->body.transferred;
    int index = state_ticket_of(engine, event);
    CHECK(engine->tickets[index].state == TICKET_SERVING);
    state_note_step(engine, STEP_TRANSFER, event, index, engine->tickets[index].counter);
    state_move_ticket(engine, index, TICKET_WAITING);
    int service = state_intern_service(engine, transferred->service);
    struct ticket *ticket = &engine->tickets[index];
    state_release_counter(engine, ticket, event->at_ms);
    state_wait_anew(ticket, transferred->leg_from_ms, transferred->nobody_serves);
    ticket->service = service;
    ticket->for_person = state_intern_person(engine, transferred->to_person);
    ticket->only = transferred->to_counter[0] == '\0'
                       ? -1
                       : state_intern_counter(engine, transferred->to_counter);
    engine->has_sent |= ticket->only >= 0;
    state_join_line(engine, index);
}

void state_promise(struct engine *engine, const struct event *event)
{
    struct ticket *ticket = &engine->tickets[state_ticket_of(engine, event)];
    CHECK(ticket->state == TICKET_WAITING && event->body.promise.known);
    ticket->promise = event->body.promise;
}
