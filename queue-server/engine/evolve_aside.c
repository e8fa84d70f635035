/* Evolve for tickets that step aside and come back, that were mended, or that wait for one counter alone. See engine.c. */
#include <string.h>

#include "engine/state.h"
#include "quarter/check.h"

void state_park(struct engine *engine, const struct event *event)
{
    const int index = state_ticket_of(engine, event);
    struct ticket *ticket = &engine->tickets[index];
    const int counter = ticket->counter;
    CHECK(ticket->state == TICKET_SERVING);
    state_note_step(engine, STEP_PARK, event, index, counter);
    state_move_ticket(engine, index, TICKET_PARKED);
    state_release_counter(engine, ticket, event->at_ms);
    const int64_t served_ms = event->occurred_at_ms - ticket->started_at_ms;
    ticket->served_ms += served_ms > 0 ? served_ms : 0;
    ticket->parked_at_ms = event->occurred_at_ms;
    ticket->parked_by = counter;
}

static void end_parking(struct ticket *ticket)
{
    ticket->parked_at_ms = 0;
    ticket->parked_by = -1;
}

/* started_at_ms is that of this stay at a counter; served_ms has those before. */
void state_take_back(struct engine *engine, const struct event *event)
{
    const int index = state_ticket_of(engine, event);
    const int at = state_intern_counter(engine, event->counter);
    state_note_step(engine, STEP_TAKE_BACK, event, index, at);
    struct counter *counter = &engine->counters[at];
    CHECK(counter->state == COUNTER_OPEN && counter->ticket < 0);
    CHECK(engine->tickets[index].state == TICKET_PARKED);
    state_move_ticket(engine, index, TICKET_SERVING);
    state_occupy_counter(engine, at, index, event->at_ms);
    struct ticket *ticket = &engine->tickets[index];
    end_parking(ticket);
    ticket->started_at_ms = event->occurred_at_ms;
}

/* What only a call brings. */
static void forget_call(struct ticket *ticket)
{
    ticket->called_at_ms = ticket->started_at_ms = ticket->ended_at_ms = 0;
    ticket->announcement = ticket->recalls = 0;
    ticket->call = (struct event_ticket_called){0};
    ticket->promise = (struct promise){0};
    ticket->held_until_ms = 0;
}

/* A new leg: arrived_at_ms stays, for reports. */
void state_wait_anew(struct ticket *ticket, int64_t leg_from_ms, bool nobody_serves)
{
    forget_call(ticket);
    end_parking(ticket);
    ticket->ticket_class = CLASS_TRANSFER;
    ticket->leg_from_ms = leg_from_ms;
    ticket->nobody_serves = nobody_serves;
}

void state_unpark(struct engine *engine, const struct event *event)
{
    const int index = state_ticket_of(engine, event);
    CHECK(engine->tickets[index].state == TICKET_PARKED);
    state_touch(engine, index, -1);
    state_move_ticket(engine, index, TICKET_WAITING);
    state_wait_anew(&engine->tickets[index], event->body.unparked.leg_from_ms,
                    event->body.unparked.nobody_serves);
    engine->tickets[index].only = engine->tickets[index].for_person = -1;
    state_join_line(engine, index);
}

void state_revive(struct engine *engine, const struct event *event)
{
    const int index = state_ticket_of(engine, event);
    CHECK(engine->day_open && engine->tickets[index].state == TICKET_NO_SHOW);
    state_touch(engine, index, -1);
    state_move_ticket(engine, index, TICKET_WAITING);
    forget_call(&engine->tickets[index]);
    state_join_line(engine, index);
}

/* mended while they wait */

void state_edit(struct engine *engine, const struct event *event)
{
    const struct event_ticket_edited *edited = &event->body.edited;
    const int index = state_ticket_of(engine, event);
    struct ticket *ticket = &engine->tickets[index];
    CHECK(ticket->state == TICKET_WAITING && edited->need_count <= QUARTER_NEEDS_MAX);
    state_touch(engine, index, -1);
    const int service = state_intern_service(engine, edited->service);
    state_leave_line(engine, index);
    if (service != ticket->service) {
        ticket->promise = (struct promise){0}; /* it was told of another line */
    }
    ticket->service = service;
    ticket->language =
        edited->language[0] == '\0' ? -1 : codes_intern(&engine->language_codes, edited->language);
    ticket->needs = state_intern_needs(engine, edited->need_count, edited->needs);
    ticket->ticket_class = edited->ticket_class;
    ticket->nobody_serves = edited->nobody_serves;
    state_join_line(engine, index);
}

void state_hold(struct engine *engine, const struct event *event, int64_t until_ms)
{
    const int index = state_ticket_of(engine, event);
    CHECK(engine->tickets[index].state == TICKET_WAITING);
    state_touch(engine, index, -1);
    state_leave_line(engine, index);
    engine->tickets[index].held_until_ms = until_ms;
    state_join_line(engine, index);
}

/* who was sent to a counter or a person */

static void send_to(struct engine *engine, int index, int counter)
{
    struct ticket *ticket = &engine->tickets[index];
    if (ticket->state == TICKET_WAITING) {
        state_leave_line(engine, index);
    }
    ticket->only = counter;
    if (ticket->state == TICKET_WAITING) {
        state_join_line(engine, index);
    }
}

void state_recall_sent(struct engine *engine, int counter)
{
    for (size_t i = 0; engine->has_sent && i < engine->ticket_count; i++) {
        if (engine->tickets[i].only == counter) {
            send_to(engine, (int)i, -1);
        }
    }
}

void state_follow_person(struct engine *engine, int person, int counter)
{
    for (size_t i = 0; engine->has_sent && i < engine->ticket_count; i++) {
        if (engine->tickets[i].for_person == person && engine->tickets[i].only != counter) {
            send_to(engine, (int)i, counter);
        }
    }
}
