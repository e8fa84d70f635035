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
    codes_free(&engine->person_codes);
    numbers_clear(&engine->numbers);
    lines_free(&engine->lines);
    free(engine->services);
    free(engine->counters);
    free(engine->steps);
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
    engine->has_sent = false;
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
    CHECK(engine->in_state[TICKET_WAITING] == 0 && engine->in_state[TICKET_PARKED] == 0 &&
          engine->occupied == 0);
    for (int i = 0; i < engine->counter_codes.count; i++) {
        CHECK(engine->counters[i].state == COUNTER_CLOSED);
    }
    engine->day_open = false;
    engine->help_count = engine->notice_count = 0;
}

/* Nobody is at it any more. */
static void leave_counter(struct engine *engine, int index)
{
    engine->counters[index].person = -1;
    state_forget_steps(engine, index);
    state_recall_sent(engine, index);
}

static void counter_turned(struct engine *engine, const struct event *event, enum counter_state to)
{
    int index = state_intern_counter(engine, event->counter);
    struct counter *counter = &engine->counters[index];
    CHECK(engine->day_open && counter->state != to && counter->ticket < 0);
    CHECK(to != COUNTER_PAUSED || counter->state == COUNTER_OPEN);
    counter->state = to;
    counter->since_ms = event->at_ms;
    counter->pause = to == COUNTER_PAUSED ? event->body.counter_paused.reason : PAUSE_UNSAID;
    state_set_ready(engine, index, 0);
    if (to == COUNTER_CLOSED) {
        leave_counter(engine, index);
    }
}

/* A person is at one counter at most; decide() has closed the other. */
static void counter_opened(struct engine *engine, const struct event *event)
{
    counter_turned(engine, event, COUNTER_OPEN);
    const int index = state_intern_counter(engine, event->counter);
    struct counter *counter = &engine->counters[index];
    const int person = state_intern_person(engine, event->body.counter_opened.person);
    if (counter->person >= 0 && counter->person != person) {
        const int before = counter->person;
        state_forget_steps(engine, index);
        counter->person = -1;
        state_follow_person(engine, before, -1);
    }
    CHECK(person < 0 || counter->person == person ||
          engine_counter_of_person(engine, event->body.counter_opened.person) < 0);
    counter->person = person;
    if (person >= 0) {
        state_follow_person(engine, person, index);
    }
}

static void counter_ready(struct engine *engine, const struct event *event)
{
    int index = state_intern_counter(engine, event->counter);
    const struct counter *counter = &engine->counters[index];
    CHECK(counter->state == COUNTER_OPEN && counter->ticket < 0 && counter->ready_since_ms == 0);
    state_set_ready(engine, index, event->at_ms);
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
    case EVENT_TICKET_ISSUED: state_issue(engine, event); break;
    case EVENT_TICKET_CALLED: state_call(engine, event); break;
    case EVENT_TICKET_RECALLED: state_recall(engine, event); break;
    case EVENT_SERVING_STARTED: state_start(engine, event); break;
    case EVENT_TICKET_CLOSED: state_end(engine, event, TICKET_CLOSED); break;
    case EVENT_TICKET_NO_SHOW: state_end(engine, event, TICKET_NO_SHOW); break;
    case EVENT_TICKET_LEFT: state_end(engine, event, TICKET_LEFT); break;
    case EVENT_TICKET_TRANSFERRED: state_transfer(engine, event); break;
    case EVENT_PROMISE_MADE: state_promise(engine, event); break;
    case EVENT_COUNTER_OPENED: counter_opened(engine, event); break;
    case EVENT_COUNTER_CLOSED: counter_turned(engine, event, COUNTER_CLOSED); break;
    case EVENT_COUNTER_READY: counter_ready(engine, event); break;
    case EVENT_COUNTER_PAUSED: counter_turned(engine, event, COUNTER_PAUSED); break;
    case EVENT_VISIT_RECORDED: state_record_visit(engine, event); break;
    case EVENT_HELP_CALLED: state_call_help(engine, event); break;
    case EVENT_HELP_ANSWERED: state_answer_help(engine, event); break;
    case EVENT_TICKET_PARKED: state_park(engine, event); break;
    case EVENT_TICKET_TAKEN_BACK: state_take_back(engine, event); break;
    case EVENT_TICKET_UNPARKED: state_unpark(engine, event); break;
    case EVENT_TICKET_REVIVED: state_revive(engine, event); break;
    case EVENT_TICKET_EDITED: state_edit(engine, event); break;
    case EVENT_TICKET_HELD: state_hold(engine, event, event->body.held.until_ms); break;
    case EVENT_TICKET_UNHELD: state_hold(engine, event, 0); break;
    case EVENT_STEP_UNDONE: state_undo(engine, event); break;
    case EVENT_COUNTER_MOVED: state_move_counter(engine, event); break;
    case EVENT_NOTICE_POSTED: state_post_notice(engine, event); break;
    case EVENT_NOTICE_WITHDRAWN: state_withdraw_notice(engine, event); break;
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
