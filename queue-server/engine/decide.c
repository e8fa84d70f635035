/* Decide: what a command makes happen, or why it is refused. Reads the state, changes nothing. Here for days and sites.
 * Refusals are sought from the outside in: does the thing exist, is the day open, does its state
 * allow it. */
#include "engine/engine.h"

#include <stdlib.h>
#include <string.h>

#include "engine/deciding.h"
#include "quarter/check.h"

/* A closed day makes one event a ticket; that much room is not kept for ever. */
enum { KEEP_EVENTS = 256 };

struct event *deciding_add(struct deciding *it, enum event_type type)
{
    struct decision *decision = it->decision;
    if (decision->count == decision->capacity) {
        decision->capacity = decision->capacity == 0 ? 4 : decision->capacity * 2;
        decision->events =
            realloc(decision->events, decision->capacity * sizeof(*decision->events));
        CHECK(decision->events != NULL);
    }
    struct event *event = &decision->events[decision->count++];
    memset(event, 0, sizeof(*event));
    event->type = type;
    event->at_ms = it->at_ms;
    event->occurred_at_ms = it->occurred_at_ms;
    /* While no day is open the calendar goes on, never back: the site may have moved to another zone. */
    const bool is_later = !it->engine->day_open && strcmp(it->command->day, it->engine->day) > 0;
    memcpy(event->day, is_later ? it->command->day : it->engine->day, sizeof(event->day));
    memcpy(event->actor, it->command->actor, sizeof(event->actor));
    return event;
}

struct event *deciding_add_for_ticket(struct deciding *it, enum event_type type, int ticket)
{
    struct event *event = deciding_add(it, type);
    const struct ticket *about = &it->engine->tickets[ticket];
    memcpy(event->ticket, about->id, sizeof(event->ticket));
    if (about->counter >= 0) {
        memcpy(event->counter, it->engine->counters[about->counter].code, sizeof(event->counter));
    }
    return event;
}

struct event *deciding_add_for_counter(struct deciding *it, enum event_type type, int counter)
{
    struct event *event = deciding_add(it, type);
    memcpy(event->counter, it->engine->counters[counter].code, sizeof(event->counter));
    return event;
}

/* the day */

static enum refusal open_day(struct deciding *it)
{
    const struct engine *engine = it->engine;
    CHECK(strlen(it->command->day) == QUARTER_DAY_LEN);
    if (engine->day_open) {
        return REFUSAL_DAY_OPEN_ALREADY;
    }
    int order = strcmp(it->command->day, engine->day);
    if (order < 0) {
        return REFUSAL_DAY_OVER;
    }
    memcpy(deciding_add(it, EVENT_DAY_OPENED)->day, it->command->day, sizeof(it->command->day));
    /* Start reads one day: that day says itself which site was in force. */
    if (engine->rules.hash[0] != '\0' &&
        (order > 0 || strcmp(engine->rules.hash, engine->site_hash) != 0)) {
        struct event *event = deciding_add(it, EVENT_SITE_APPLIED);
        memcpy(event->day, it->command->day, sizeof(event->day));
        memcpy(event->body.site.hash, engine->rules.hash, sizeof(event->body.site.hash));
    }
    if (order > 0) {
        decide_carry_help(it);
    }
    return REFUSAL_NONE;
}

static int32_t end_tickets(struct deciding *it, enum ticket_state state)
{
    int32_t ended = 0;
    for (size_t i = 0; i < it->engine->ticket_count; i++) {
        if (it->engine->tickets[i].state != state) {
            continue;
        }
        ended++;
        if (state == TICKET_SERVING) {
            deciding_add_for_ticket(it, EVENT_TICKET_CLOSED, (int)i)->body.closed.outcome =
                OUTCOME_UNRECORDED;
        } else if (state == TICKET_CALLED) {
            deciding_add_for_ticket(it, EVENT_TICKET_NO_SHOW, (int)i)->body.no_show.by_day_end =
                true;
        } else {
            deciding_add_for_ticket(it, EVENT_TICKET_LEFT, (int)i)->body.left.by_day_end = true;
        }
    }
    return ended;
}

static enum refusal close_day(struct deciding *it)
{
    const struct engine *engine = it->engine;
    if (!engine->day_open) {
        return REFUSAL_DAY_CLOSED;
    }
    int32_t left = end_tickets(it, TICKET_WAITING) + end_tickets(it, TICKET_PARKED);
    int32_t no_show = end_tickets(it, TICKET_CALLED);
    int32_t unrecorded = end_tickets(it, TICKET_SERVING);
    for (int i = 0; i < engine->counter_codes.count; i++) {
        if (engine->counters[i].state != COUNTER_CLOSED) {
            deciding_add_for_counter(it, EVENT_COUNTER_CLOSED, i);
        }
    }
    decide_end_help(it);
    decide_end_notices(it);
    struct event *event = deciding_add(it, EVENT_DAY_CLOSED);
    event->body.day_closed.left = left;
    event->body.day_closed.no_show = no_show;
    event->body.day_closed.unrecorded = unrecorded;
    return REFUSAL_NONE;
}

/* the site */

/* Indices are bits of a mask and never given to another code during a day. */
static bool has_room(const struct codes *codes, const char *first, size_t stride, int count,
                     int max)
{
    int needed = codes->count;
    for (int i = 0; i < count; i++) {
        int index = codes_find(codes, first + (size_t)i * stride);
        needed += index < 0;
        if (index >= max) {
            return false;
        }
    }
    return needed <= max || needed == codes->count;
}

static bool site_fits(const struct engine *engine, const struct rules *rules)
{
    return has_room(&engine->service_codes, rules->services[0].code, sizeof(rules->services[0]),
                    rules->service_count, QUARTER_SERVICES_MAX) &&
           has_room(&engine->counter_codes, rules->counters[0].code, sizeof(rules->counters[0]),
                    rules->counter_count, QUARTER_COUNTERS_MAX) &&
           has_room(&engine->language_codes, rules->languages[0], sizeof(rules->languages[0]),
                    rules->language_count, MASK_LANGUAGES) &&
           has_room(&engine->need_codes, rules->needs[0].code, sizeof(rules->needs[0]),
                    rules->need_count, NEEDS_MAX);
}

static enum refusal apply_site(struct deciding *it)
{
    const struct engine *engine = it->engine;
    const struct rules *rules = it->command->rules;
    CHECK(rules != NULL);
    if (!engine->day_is_new && !site_fits(engine, rules)) {
        return REFUSAL_TOO_MANY_CODES;
    }
    if (strcmp(rules->hash, engine->site_hash) != 0) {
        memcpy(deciding_add(it, EVENT_SITE_APPLIED)->body.site.hash, rules->hash,
               sizeof(rules->hash));
    }
    return REFUSAL_NONE;
}

static enum refusal decide(struct deciding *it)
{
    switch (it->command->type) {
    case COMMAND_OPEN_DAY: return open_day(it);
    case COMMAND_CLOSE_DAY: return close_day(it);
    case COMMAND_APPLY_SITE: return apply_site(it);
    case COMMAND_RESERVE_NUMBERS: return decide_reserve_numbers(it);
    case COMMAND_ISSUE: return decide_issue(it);
    case COMMAND_LEAVE: return decide_leave(it);
    case COMMAND_PROMISE: return decide_promise(it);
    case COMMAND_DISPATCH: decide_dispatch(it); return REFUSAL_NONE;
    case COMMAND_RECORD_VISIT: return decide_record_visit(it);
    case COMMAND_CALL_HELP: return decide_call_help(it);
    case COMMAND_ANSWER_HELP: return decide_answer_help(it);
    case COMMAND_CANCEL_HELP: return decide_cancel_help(it);
    case COMMAND_OPEN_COUNTER:
    case COMMAND_CLOSE_COUNTER:
    case COMMAND_PAUSE_COUNTER:
    case COMMAND_NEXT:
    case COMMAND_RECALL:
    case COMMAND_START:
    case COMMAND_FINISH:
    case COMMAND_NO_SHOW:
    case COMMAND_TRANSFER:
    case COMMAND_PARK:
    case COMMAND_TAKE_BACK:
    case COMMAND_CALL:
    case COMMAND_UNDO: return decide_at_counter(it);
    case COMMAND_MOVE: return decide_move(it);
    case COMMAND_UNPARK: return decide_unpark(it);
    case COMMAND_REVIVE: return decide_revive(it);
    case COMMAND_EDIT: return decide_edit(it);
    case COMMAND_HOLD: return decide_hold(it);
    case COMMAND_UNHOLD: return decide_unhold(it);
    case COMMAND_POST_NOTICE: return decide_post_notice(it);
    case COMMAND_WITHDRAW_NOTICE: return decide_withdraw_notice(it);
    }
    CHECK(false);
}

void engine_decide(const struct engine *engine, const struct command *command,
                   struct decision *decision)
{
    if (decision->capacity > KEEP_EVENTS) {
        decision_free(decision);
    }
    decision->count = 0;
    /* A clock behind the journal (a box that lost its battery) must not make the journal run
     * backwards. */
    int64_t at_ms = command->now_ms > engine->last_at_ms ? command->now_ms : engine->last_at_ms;
    bool is_late = command->occurred_at_ms != 0 && command->occurred_at_ms < at_ms;
    struct deciding it = {.engine = engine,
                          .command = command,
                          .decision = decision,
                          .at_ms = at_ms,
                          .occurred_at_ms = is_late ? command->occurred_at_ms : at_ms,
                          .last_announcement = engine->last_announcement,
                          .ready = engine->ready};
    decision->refusal = decide(&it);
}

void decision_free(struct decision *decision)
{
    free(decision->events);
    decision->events = NULL;
    decision->count = decision->capacity = 0;
}
