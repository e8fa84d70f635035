/* Undoing the last step at a counter: noting how its ticket and the counter were, deciding, and putting both back. A step
 * is noted where events are evolved, so that a replay can undo what the live engine could. The undoing is an event of its
 * own; nothing in the journal is rewritten. */
#include <string.h>

#include "engine/deciding.h"
#include "quarter/check.h"

static struct step_taken *top_of(const struct engine *engine, int counter)
{
    struct steps *steps = &engine->steps[counter];
    return steps->count == 0 ? NULL : &steps->taken[steps->count - 1];
}

/* noting */

void state_touch(struct engine *engine, int ticket, int counter)
{
    const int at = engine->tickets[ticket].last_step_at;
    if (at < 0 || at == counter) {
        return;
    }
    struct steps *steps = &engine->steps[at];
    for (int i = 0; i < steps->count; i++) {
        steps->taken[i].is_past |= steps->taken[i].ticket == ticket;
    }
    engine->tickets[ticket].last_step_at = -1;
}

void state_note_step(struct engine *engine, enum step step, const struct event *event, int ticket,
                     int counter)
{
    CHECK(strcmp(engine->counters[counter].code, event->counter) == 0);
    struct steps *steps = &engine->steps[counter];
    state_touch(engine, ticket, counter);
    if (steps->count == STEPS_MAX) {
        steps->count--;
        memmove(&steps->taken[0], &steps->taken[1], (STEPS_MAX - 1) * sizeof(steps->taken[0]));
    }
    steps->taken[steps->count++] =
        (struct step_taken){.step = step,
                            .ticket = ticket,
                            .at_ms = event->at_ms,
                            .seq = event->seq,
                            .counter_since_ms = engine->counters[counter].since_ms,
                            .before = engine->tickets[ticket]};
    engine->tickets[ticket].last_step_at = counter;
}

void state_forget_steps(struct engine *engine, int counter)
{
    struct steps *steps = &engine->steps[counter];
    for (int i = 0; i < steps->count; i++) {
        struct ticket *ticket = &engine->tickets[steps->taken[i].ticket];
        ticket->last_step_at = ticket->last_step_at == counter ? -1 : ticket->last_step_at;
    }
    steps->count = 0;
}

/* deciding */

/* top: of the counter, or NULL. */
static enum refusal may_undo(const struct engine *engine, int counter, const struct step_taken *top,
                             int64_t now_ms)
{
    const int here = engine->counters[counter].ticket;
    if (top == NULL) {
        return REFUSAL_NOTHING_TO_UNDO;
    }
    if (top->is_past) {
        return REFUSAL_DEALT_WITH_SINCE;
    }
    if (now_ms - top->at_ms > engine_undo_ms) {
        return REFUSAL_TOO_LATE_TO_UNDO;
    }
    return here >= 0 && here != top->ticket ? REFUSAL_COUNTER_BUSY : REFUSAL_NONE;
}

/* Two who press the same button undo one step, not two: whoever names a step means no other. */
static bool is_meant(const struct deciding *it, const struct step_taken *top)
{
    const struct command *command = it->command;
    return command->ticket_id[0] == '\0' ||
           (top->step == command->step &&
            strcmp(it->engine->tickets[top->ticket].id, command->ticket_id) == 0);
}

enum refusal decide_undo(struct deciding *it, int counter)
{
    const struct step_taken *top = top_of(it->engine, counter);
    const enum refusal refusal = may_undo(it->engine, counter, top, it->at_ms);
    if (refusal != REFUSAL_NONE || top == NULL) {
        return refusal;
    }
    if (!is_meant(it, top)) {
        return REFUSAL_DEALT_WITH_SINCE;
    }
    struct event *event = deciding_add_for_counter(it, EVENT_STEP_UNDONE, counter);
    memcpy(event->ticket, it->engine->tickets[top->ticket].id, sizeof(event->ticket));
    event->body.undone = (struct event_step_undone){.step = top->step, .undone_seq = top->seq};
    return REFUSAL_NONE;
}

bool engine_undoable(const struct engine *engine, int counter, int64_t now_ms,
                     struct undoable *undoable)
{
    CHECK(counter >= 0 && counter < engine->counter_codes.count);
    const struct step_taken *top = top_of(engine, counter);
    if (engine->counters[counter].state != COUNTER_OPEN || top == NULL ||
        may_undo(engine, counter, top, now_ms) != REFUSAL_NONE) {
        return false;
    }
    *undoable = (struct undoable){
        .step = top->step, .ticket = top->ticket, .until_ms = top->at_ms + engine_undo_ms};
    return true;
}

/* putting back */

static void take_away(struct engine *engine, int index)
{
    struct ticket *ticket = &engine->tickets[index];
    if (ticket->state == TICKET_WAITING) {
        state_leave_line(engine, index);
    }
    if (ticket->counter >= 0) {
        engine->counters[ticket->counter].ticket = -1;
        engine->occupied--;
    }
    engine->in_state[ticket->state]--;
}

/* Meanwhile a counter it had been sent to may have closed, or the person moved; or other rules came. */
static void bring_back(struct engine *engine, int index, const struct ticket *before)
{
    struct ticket *ticket = &engine->tickets[index];
    *ticket = *before;
    if (ticket->for_person >= 0) {
        ticket->only = engine_counter_of_person(engine, engine_person(engine, ticket->for_person));
    } else if (ticket->only >= 0 && engine->counters[ticket->only].state == COUNTER_CLOSED) {
        ticket->only = -1;
    }
    ticket->binding_needs = state_binding_needs(engine, ticket->service, ticket->needs);
    engine->in_state[ticket->state]++;
    if (ticket->state == TICKET_WAITING) {
        state_join_line(engine, index);
    }
    if (ticket->counter >= 0) {
        CHECK(engine->counters[ticket->counter].ticket < 0);
        engine->counters[ticket->counter].ticket = index;
        engine->occupied++;
    }
}

void state_undo(struct engine *engine, const struct event *event)
{
    const int index = state_ticket_of(engine, event);
    const int at = state_intern_counter(engine, event->counter);
    const struct step_taken *top = top_of(engine, at);
    struct counter *counter = &engine->counters[at];
    CHECK(top != NULL && !top->is_past && top->ticket == index &&
          top->step == event->body.undone.step && top->seq == event->body.undone.undone_seq);
    CHECK(counter->state == COUNTER_OPEN && (counter->ticket < 0 || counter->ticket == index));
    take_away(engine, index);
    bring_back(engine, index, &top->before);
    counter->since_ms = top->counter_since_ms;
    /* Who undoes a call does not want the same visitor at once: to be ready is asked for anew. */
    state_set_ready(engine, at, 0);
    struct steps *steps = &engine->steps[at];
    steps->count--;
    engine->tickets[index].last_step_at = -1;
    for (int i = 0; i < steps->count; i++) {
        if (steps->taken[i].ticket == index && !steps->taken[i].is_past) {
            engine->tickets[index].last_step_at = at;
        }
    }
}
