/* Evolve: the only way state changes, live and on replay. An event that does not fit the state is
 * our own bug (or a damaged journal) and stops the program rather than calling the wrong person. */
#include "engine/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/state.h"
#include "quarter/check.h"

struct engine *engine_create(void)
{
    struct engine *engine = calloc(1, sizeof(*engine));
    CHECK(engine != NULL);
    engine->day_is_new = true;
    return engine;
}

void engine_destroy(struct engine *engine)
{
    if (engine == NULL) {
        return;
    }
    codes_free(&engine->service_codes);
    codes_free(&engine->counter_codes);
    codes_free(&engine->language_codes);
    codes_free(&engine->need_codes);
    numbers_clear(&engine->numbers);
    lines_free(&engine->lines);
    free(engine->services);
    free(engine->counters);
    free(engine->tickets);
    free(engine->ticket_slots);
    free(engine);
}

int state_find_ticket(const struct engine *engine, const char *id)
{
    if (engine->ticket_count == 0) {
        return -1;
    }
    size_t mask = engine->ticket_capacity * 2 - 1;
    for (size_t at = code_hash(id) & mask; engine->ticket_slots[at] != 0; at = (at + 1) & mask) {
        int index = engine->ticket_slots[at] - 1;
        if (strcmp(engine->tickets[index].id, id) == 0) {
            return index;
        }
    }
    return -1;
}

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
    *ticket = (struct ticket){.counter = -1, .language = -1};
    state_copy_text(ticket->id, sizeof(ticket->id), id);
    put_ticket_slot(engine, engine->ticket_count++);
    return ticket;
}

static int ticket_of_event(const struct engine *engine, const struct event *event)
{
    int index = state_find_ticket(engine, event->ticket);
    CHECK(index >= 0);
    return index;
}

static void move_ticket(struct engine *engine, int index, enum ticket_state to)
{
    struct ticket *ticket = &engine->tickets[index];
    CHECK(ticket_may_become(ticket->state, to));
    if (ticket->state == TICKET_WAITING) {
        struct waiter waiter = state_waiter(engine, index);
        lines_remove(&engine->lines, &waiter);
    }
    engine->in_state[ticket->state]--;
    engine->in_state[to]++;
    ticket->state = to;
}

static void join_line(struct engine *engine, int index)
{
    struct ticket *ticket = &engine->tickets[index];
    ticket->binding_needs = state_binding_needs(engine, ticket->service, ticket->needs);
    struct waiter waiter = state_waiter(engine, index);
    lines_insert(&engine->lines, &waiter);
}

static void set_ready(struct engine *engine, int index, int64_t since_ms)
{
    engine->counters[index].ready_since_ms = since_ms;
    if (index < QUARTER_COUNTERS_MAX) {
        const uint64_t flag = UINT64_C(1) << index;
        engine->ready = since_ms != 0 ? engine->ready | flag : engine->ready & ~flag;
    }
}

static void release_counter(struct engine *engine, struct ticket *ticket, int64_t at_ms)
{
    CHECK(ticket->counter >= 0);
    struct counter *counter = &engine->counters[ticket->counter];
    CHECK(counter->ticket == (int)(ticket - engine->tickets));
    counter->ticket = -1;
    counter->since_ms = at_ms;
    ticket->counter = -1;
    engine->occupied--;
}

static void announce(struct engine *engine, struct ticket *ticket, int32_t announcement)
{
    CHECK(announcement > engine->last_announcement);
    engine->last_announcement = announcement;
    ticket->announcement = announcement;
}

/* one function per event */

/* The same day again (closed by mistake, opened again) goes on where it was; a new one starts from nothing. */
static void day_opened(struct engine *engine, const struct event *event)
{
    CHECK(!engine->day_open && strcmp(event->day, engine->day) >= 0);
    engine->day_open = true;
    if (strcmp(event->day, engine->day) == 0) {
        return;
    }
    state_copy_text(engine->day, sizeof(engine->day), event->day);
    engine->last_announcement = 0;
    engine->site_hash[0] = '\0';
    engine->ticket_count = 0;
    memset(engine->in_state, 0, sizeof(engine->in_state));
    if (engine->ticket_slots != NULL) {
        memset(engine->ticket_slots, 0,
               engine->ticket_capacity * 2 * sizeof(*engine->ticket_slots));
    }
    engine->ready = 0;
    memset(engine->visits, 0, sizeof(engine->visits));
    memset(engine->visit_devices, 0, sizeof(engine->visit_devices));
    engine->help_count = engine->visit_device_count = 0;
    numbers_clear(&engine->numbers);
    lines_free(&engine->lines);
    /* nobody refers to yesterday's indices any more: retired codes go */
    engine->day_is_new = true;
    state_clear_codes(engine);
    state_apply_rules(engine);
    lines_grow(&engine->lines, engine->service_codes.count, engine->ticket_capacity);
}

static void day_closed(struct engine *engine)
{
    CHECK(engine->day_open);
    CHECK(engine->in_state[TICKET_WAITING] == 0 && engine->occupied == 0);
    for (int i = 0; i < engine->counter_codes.count; i++) {
        CHECK(engine->counters[i].state == COUNTER_CLOSED);
    }
    engine->day_open = false;
    engine->help_count = 0;
}

static void ticket_issued(struct engine *engine, const struct event *event)
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
    for (int i = 0; i < issued->need_count; i++) {
        int need = codes_intern(&engine->need_codes, issued->needs[i]);
        /* more than 32 only where a day is replayed under a site that shares no need with it: the
         * journal knows */
        ticket->needs |= need < NEEDS_MAX ? 1u << need : 0;
    }
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
    join_line(engine, (int)engine->ticket_count - 1);
}

static void ticket_called(struct engine *engine, const struct event *event)
{
    int index = ticket_of_event(engine, event);
    int at = state_intern_counter(engine, event->counter);
    struct counter *counter = &engine->counters[at];
    CHECK(counter->state == COUNTER_OPEN && counter->ticket < 0);
    move_ticket(engine, index, TICKET_CALLED);
    struct ticket *ticket = &engine->tickets[index];
    CHECK(ticket->counter < 0);
    counter->ticket = index;
    counter->since_ms = event->at_ms;
    set_ready(engine, at, 0);
    ticket->counter = at;
    engine->occupied++;
    ticket->call = event->body.called;
    ticket->called_at_ms = event->occurred_at_ms;
    ticket->recalls = 0;
    announce(engine, ticket, event->body.called.announcement);
}

static void ticket_recalled(struct engine *engine, const struct event *event)
{
    struct ticket *ticket = &engine->tickets[ticket_of_event(engine, event)];
    CHECK(ticket->state == TICKET_CALLED);
    ticket->recalls++;
    announce(engine, ticket, event->body.recalled.announcement);
}

static void serving_started(struct engine *engine, const struct event *event)
{
    int index = ticket_of_event(engine, event);
    move_ticket(engine, index, TICKET_SERVING);
    engine->tickets[index].started_at_ms = event->occurred_at_ms;
    engine->tickets[index].unconfirmed = false; /* somebody sees its holder */
}

static void ticket_ended(struct engine *engine, const struct event *event, enum ticket_state to)
{
    int index = ticket_of_event(engine, event);
    struct ticket *ticket = &engine->tickets[index];
    move_ticket(engine, index, to);
    ticket->ended_at_ms = event->occurred_at_ms;
    if (to != TICKET_LEFT) {
        release_counter(engine, ticket, event->at_ms);
    }
}

/* The wait starts anew; arrived_at_ms stays, for reports. */
static void ticket_transferred(struct engine *engine, const struct event *event)
{
    int index = ticket_of_event(engine, event);
    move_ticket(engine, index, TICKET_WAITING);
    int service = state_intern_service(engine, event->body.transferred.service);
    struct ticket *ticket = &engine->tickets[index];
    release_counter(engine, ticket, event->at_ms);
    ticket->service = service;
    ticket->ticket_class = CLASS_TRANSFER;
    ticket->leg_from_ms = event->body.transferred.leg_from_ms;
    ticket->nobody_serves = event->body.transferred.nobody_serves;
    ticket->called_at_ms = ticket->started_at_ms = 0;
    ticket->announcement = ticket->recalls = 0;
    ticket->call = (struct event_ticket_called){0};
    ticket->promise = (struct promise){0};
    join_line(engine, index);
}

static void promise_made(struct engine *engine, const struct event *event)
{
    struct ticket *ticket = &engine->tickets[ticket_of_event(engine, event)];
    CHECK(ticket->state == TICKET_WAITING && event->body.promise.known);
    ticket->promise = event->body.promise;
}

static void counter_moved(struct engine *engine, const struct event *event, enum counter_state to)
{
    int index = state_intern_counter(engine, event->counter);
    struct counter *counter = &engine->counters[index];
    CHECK(engine->day_open && counter->state != to && counter->ticket < 0);
    CHECK(to != COUNTER_PAUSED || counter->state == COUNTER_OPEN);
    counter->state = to;
    counter->since_ms = event->at_ms;
    set_ready(engine, index, 0);
}

static void counter_ready(struct engine *engine, const struct event *event)
{
    int index = state_intern_counter(engine, event->counter);
    const struct counter *counter = &engine->counters[index];
    CHECK(counter->state == COUNTER_OPEN && counter->ticket < 0 && counter->ready_since_ms == 0);
    set_ready(engine, index, event->at_ms);
}

void engine_evolve(struct engine *engine, const struct event *event)
{
    CHECK(event->at_ms >= engine->last_at_ms);
    switch (event->type) {
    case EVENT_DAY_OPENED: day_opened(engine, event); break;
    case EVENT_DAY_CLOSED: day_closed(engine); break;
    case EVENT_SITE_APPLIED:
        state_copy_text(engine->site_hash, sizeof(engine->site_hash), event->body.site.hash);
        break;
    case EVENT_NUMBERS_RESERVED:
        numbers_reserve(&engine->numbers, event->body.reserved.prefix, event->body.reserved.first,
                        event->body.reserved.last, event->body.reserved.device);
        break;
    case EVENT_TICKET_ISSUED: ticket_issued(engine, event); break;
    case EVENT_TICKET_CALLED: ticket_called(engine, event); break;
    case EVENT_TICKET_RECALLED: ticket_recalled(engine, event); break;
    case EVENT_SERVING_STARTED: serving_started(engine, event); break;
    case EVENT_TICKET_CLOSED:
        ticket_ended(engine, event, TICKET_CLOSED);
        engine->tickets[ticket_of_event(engine, event)].outcome = event->body.closed.outcome;
        break;
    case EVENT_TICKET_NO_SHOW: ticket_ended(engine, event, TICKET_NO_SHOW); break;
    case EVENT_TICKET_LEFT: ticket_ended(engine, event, TICKET_LEFT); break;
    case EVENT_TICKET_TRANSFERRED: ticket_transferred(engine, event); break;
    case EVENT_PROMISE_MADE: promise_made(engine, event); break;
    case EVENT_COUNTER_OPENED: counter_moved(engine, event, COUNTER_OPEN); break;
    case EVENT_COUNTER_CLOSED: counter_moved(engine, event, COUNTER_CLOSED); break;
    case EVENT_COUNTER_READY: counter_ready(engine, event); break;
    case EVENT_COUNTER_PAUSED: counter_moved(engine, event, COUNTER_PAUSED); break;
    case EVENT_VISIT_RECORDED: state_record_visit(engine, event); break;
    case EVENT_HELP_CALLED: state_call_help(engine, event); break;
    case EVENT_HELP_ANSWERED: state_answer_help(engine, event); break;
    case EVENT_TICKET_PARKED:
    case EVENT_TICKET_TAKEN_BACK:
    case EVENT_TICKET_UNPARKED:
    case EVENT_TICKET_REVIVED:
    case EVENT_TICKET_EDITED:
    case EVENT_TICKET_HELD:
    case EVENT_TICKET_UNHELD:
    case EVENT_STEP_UNDONE:
    case EVENT_COUNTER_MOVED:
    case EVENT_NOTICE_POSTED:
    case EVENT_NOTICE_WITHDRAWN: CHECK(false); /* decided by nobody yet */
    }
    if (event->type != EVENT_DAY_OPENED && event->type != EVENT_SITE_APPLIED) {
        engine->day_is_new = false;
    }
    engine->last_at_ms = event->at_ms;
    /* a ticket is at one counter at most, a counter has one ticket at most, and who waits stands in
     * a line */
    CHECK(engine->in_state[TICKET_CALLED] + engine->in_state[TICKET_SERVING] == engine->occupied);
    CHECK(engine->in_state[TICKET_WAITING] == (size_t)engine->lines.waiting);
}
