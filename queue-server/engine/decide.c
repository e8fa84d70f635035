/* Decide: what a command makes happen, or why it is refused. Reads the state, changes nothing.
 * Refusals are sought from the outside in: does the thing exist, is the day open, does its state
 * allow it. */
#include "engine/engine.h"

#include <stdlib.h>
#include <string.h>

#include "engine/state.h"
#include "quarter/check.h"

/* A closed day makes one event a ticket; that much room is not kept for ever. */
enum { KEEP_EVENTS = 256 };

struct deciding {
    const struct engine *engine;
    const struct command *command;
    struct decision *decision;
    int64_t at_ms, occurred_at_ms;
};

static struct event *add(struct deciding *it, enum event_type type)
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
    event->version = 1;
    event->at_ms = it->at_ms;
    event->occurred_at_ms = it->occurred_at_ms;
    memcpy(event->day, it->engine->day, sizeof(event->day));
    memcpy(event->actor, it->command->actor, sizeof(event->actor));
    return event;
}

static struct event *add_for_ticket(struct deciding *it, enum event_type type, int ticket)
{
    struct event *event = add(it, type);
    const struct ticket *about = &it->engine->tickets[ticket];
    memcpy(event->ticket, about->id, sizeof(event->ticket));
    if (about->counter >= 0) {
        memcpy(event->counter, it->engine->counters[about->counter].code, sizeof(event->counter));
    }
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
    memcpy(add(it, EVENT_DAY_OPENED)->day, it->command->day, sizeof(it->command->day));
    /* Start reads one day: that day says itself which site was in force. */
    if (engine->rules.hash[0] != '\0' &&
        (order > 0 || strcmp(engine->rules.hash, engine->site_hash) != 0)) {
        struct event *event = add(it, EVENT_SITE_APPLIED);
        memcpy(event->day, it->command->day, sizeof(event->day));
        memcpy(event->body.site.hash, engine->rules.hash, sizeof(event->body.site.hash));
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
            add_for_ticket(it, EVENT_TICKET_CLOSED, (int)i)->body.closed.outcome =
                OUTCOME_UNRECORDED;
        } else if (state == TICKET_CALLED) {
            add_for_ticket(it, EVENT_TICKET_NO_SHOW, (int)i)->body.no_show.by_day_end = true;
        } else {
            add_for_ticket(it, EVENT_TICKET_LEFT, (int)i)->body.left.by_day_end = true;
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
    int32_t left = end_tickets(it, TICKET_WAITING);
    int32_t no_show = end_tickets(it, TICKET_CALLED);
    int32_t unrecorded = end_tickets(it, TICKET_SERVING);
    for (int i = 0; i < engine->counter_codes.count; i++) {
        if (engine->counters[i].state == COUNTER_OPEN) {
            memcpy(add(it, EVENT_COUNTER_CLOSED)->counter, engine->counters[i].code,
                   QUARTER_CODE_MAX + 1);
        }
    }
    struct event *event = add(it, EVENT_DAY_CLOSED);
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
                    rules->need_count, MASK_NEEDS);
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
        memcpy(add(it, EVENT_SITE_APPLIED)->body.site.hash, rules->hash, sizeof(rules->hash));
    }
    return REFUSAL_NONE;
}

/* tickets */

/* What a device took from its block it has already handed to a person: that the site changed since
 * is no reason to turn them away. */
static bool is_handed_over(const struct command *command)
{
    return command->number != 0;
}

static enum refusal find_service(const struct deciding *it, int *service)
{
    *service = codes_find(&it->engine->service_codes, it->command->service);
    if (*service < 0) {
        return REFUSAL_UNKNOWN_SERVICE;
    }
    if (!it->engine->day_open) {
        return REFUSAL_DAY_CLOSED;
    }
    bool retired = it->engine->service_codes.entries[*service].retired;
    return retired && !is_handed_over(it->command) ? REFUSAL_SERVICE_RETIRED : REFUSAL_NONE;
}

static enum refusal reserve_numbers(struct deciding *it)
{
    int service = 0;
    enum refusal refusal = find_service(it, &service);
    if (refusal != REFUSAL_NONE) {
        return refusal;
    }
    const char *prefix = it->engine->services[service].prefix;
    int32_t first = 0;
    int32_t last = 0;
    if (!numbers_next_block(&it->engine->numbers, prefix, &it->engine->rules, &first, &last)) {
        return REFUSAL_NUMBERS_USED_UP;
    }
    CHECK(it->command->device[0] != '\0');
    struct event *event = add(it, EVENT_NUMBERS_RESERVED);
    memcpy(event->body.reserved.prefix, prefix, sizeof(event->body.reserved.prefix));
    memcpy(event->body.reserved.device, it->command->device, sizeof(event->body.reserved.device));
    event->body.reserved.first = first;
    event->body.reserved.last = last;
    return REFUSAL_NONE;
}

static bool offers(const struct codes *codes, const char *code, const struct command *command)
{
    int index = codes_find(codes, code);
    return index >= 0 && (!codes->entries[index].retired || is_handed_over(command));
}

static enum refusal check_visit(const struct deciding *it)
{
    const struct engine *engine = it->engine;
    const struct command *command = it->command;
    CHECK(command->ticket_id[0] != '\0' && command->need_count >= 0 &&
          command->need_count <= QUARTER_NEEDS_MAX);
    if (command->language[0] != '\0' &&
        !offers(&engine->language_codes, command->language, command)) {
        return REFUSAL_UNKNOWN_LANGUAGE;
    }
    for (int i = 0; i < command->need_count; i++) {
        if (!offers(&engine->need_codes, command->needs[i], command)) {
            return REFUSAL_UNKNOWN_NEED;
        }
    }
    if (state_find_ticket(engine, command->ticket_id) >= 0) {
        return REFUSAL_STATE_CONFLICT;
    }
    return engine->ticket_count >= QUARTER_TICKETS_MAX ? REFUSAL_TOO_MANY_TICKETS : REFUSAL_NONE;
}

static enum refusal take_number(const struct deciding *it, const char *prefix, int32_t *number)
{
    const struct command *command = it->command;
    if (command->number != 0) {
        *number = command->number;
        return numbers_held_by(&it->engine->numbers, prefix, command->number, command->device)
                   ? REFUSAL_NONE
                   : REFUSAL_NUMBER_NOT_RESERVED;
    }
    *number = numbers_next(&it->engine->numbers, prefix, &it->engine->rules);
    return *number == 0 ? REFUSAL_NUMBERS_USED_UP : REFUSAL_NONE;
}

static enum refusal issue(struct deciding *it)
{
    const struct command *command = it->command;
    int service = 0;
    int32_t number = 0;
    enum refusal refusal = find_service(it, &service);
    if (refusal == REFUSAL_NONE) {
        refusal = check_visit(it);
    }
    if (refusal == REFUSAL_NONE) {
        refusal = take_number(it, it->engine->services[service].prefix, &number);
    }
    if (refusal != REFUSAL_NONE) {
        return refusal;
    }
    struct event *event = add(it, EVENT_TICKET_ISSUED);
    struct event_ticket_issued *issued = &event->body.issued;
    memcpy(event->ticket, command->ticket_id, sizeof(event->ticket));
    memcpy(issued->service, command->service, sizeof(issued->service));
    memcpy(issued->prefix, it->engine->services[service].prefix, sizeof(issued->prefix));
    memcpy(issued->language, command->language, sizeof(issued->language));
    memcpy(issued->needs, command->needs, (size_t)command->need_count * sizeof(issued->needs[0]));
    issued->need_count = (uint8_t)command->need_count;
    issued->number = number;
    issued->ticket_class = CLASS_NORMAL;
    issued->arrived_at_ms = it->occurred_at_ms;
    issued->leg_from_ms = it->occurred_at_ms;
    issued->unconfirmed = it->occurred_at_ms < it->at_ms;
    issued->nobody_serves = !it->engine->services[service].offered;
    return REFUSAL_NONE;
}

static enum refusal leave(struct deciding *it)
{
    int ticket = state_find_ticket(it->engine, it->command->ticket_id);
    if (ticket < 0) {
        return REFUSAL_UNKNOWN_TICKET;
    }
    if (!ticket_may_become(it->engine->tickets[ticket].state, TICKET_LEFT)) {
        return REFUSAL_STATE_CONFLICT;
    }
    add_for_ticket(it, EVENT_TICKET_LEFT, ticket);
    return REFUSAL_NONE;
}

/* counters */

/* The counter of a command; only to be opened may it be closed. */
static enum refusal find_counter(const struct deciding *it, int *counter)
{
    *counter = codes_find(&it->engine->counter_codes, it->command->counter);
    if (*counter < 0) {
        return REFUSAL_UNKNOWN_COUNTER;
    }
    if (!it->engine->day_open) {
        return REFUSAL_DAY_CLOSED;
    }
    bool is_open = it->engine->counters[*counter].state == COUNTER_OPEN;
    return is_open || it->command->type == COMMAND_OPEN_COUNTER ? REFUSAL_NONE
                                                                : REFUSAL_COUNTER_NOT_OPEN;
}

static enum refusal open_counter(struct deciding *it, int counter)
{
    if (it->engine->counters[counter].state == COUNTER_OPEN) {
        return REFUSAL_COUNTER_OPEN_ALREADY;
    }
    if (it->engine->counters[counter].retired) {
        return REFUSAL_UNKNOWN_COUNTER;
    }
    memcpy(add(it, EVENT_COUNTER_OPENED)->counter, it->command->counter,
           sizeof(it->command->counter));
    return REFUSAL_NONE;
}

static enum refusal close_counter(struct deciding *it, int counter)
{
    if (it->engine->counters[counter].ticket >= 0) {
        return REFUSAL_COUNTER_BUSY;
    }
    memcpy(add(it, EVENT_COUNTER_CLOSED)->counter, it->command->counter,
           sizeof(it->command->counter));
    return REFUSAL_NONE;
}

static enum refusal call_next(struct deciding *it, int index)
{
    const struct engine *engine = it->engine;
    const struct counter *counter = &engine->counters[index];
    if (counter->ticket >= 0) {
        return engine->tickets[counter->ticket].state == TICKET_CALLED ? REFUSAL_NONE
                                                                       : REFUSAL_COUNTER_BUSY;
    }
    if (counter->retired) {
        return REFUSAL_UNKNOWN_COUNTER;
    }
    struct policy_choice choice;
    if (!engine->policy->choose(&engine->lines, counter->services, it->at_ms, &choice)) {
        return REFUSAL_NONE;
    }
    struct event *event = add(it, EVENT_TICKET_CALLED);
    memcpy(event->ticket, engine->tickets[choice.ticket].id, sizeof(event->ticket));
    memcpy(event->counter, counter->code, sizeof(event->counter));
    event->body.called = (struct event_ticket_called){.announcement = engine->last_announcement + 1,
                                                      .reason = choice.reason,
                                                      .waited_s = choice.waited_s,
                                                      .waiting = choice.waiting};
    return REFUSAL_NONE;
}

/* Recall, start and no-show need a called visitor; finish needs one who is being served. */
static enum refusal at_counter(struct deciding *it, int counter)
{
    const struct engine *engine = it->engine;
    enum command_type type = it->command->type;
    int index = engine->counters[counter].ticket;
    if (index < 0) {
        return REFUSAL_NO_TICKET_HERE;
    }
    const struct ticket *ticket = &engine->tickets[index];
    if (type == COMMAND_FINISH) {
        if (ticket->state != TICKET_SERVING) {
            return REFUSAL_NOT_SERVING;
        }
        if ((unsigned)it->command->outcome >= OUTCOME_UNRECORDED) {
            return REFUSAL_STATE_CONFLICT; /* only the day's end says "unrecorded" */
        }
        add_for_ticket(it, EVENT_TICKET_CLOSED, index)->body.closed.outcome = it->command->outcome;
        return REFUSAL_NONE;
    }
    if (ticket->state != TICKET_CALLED) {
        return REFUSAL_NOT_CALLED;
    }
    if (type == COMMAND_NO_SHOW && ticket->recalls == 0) {
        return REFUSAL_RECALL_FIRST;
    }
    if (type == COMMAND_RECALL) {
        add_for_ticket(it, EVENT_TICKET_RECALLED, index)->body.recalled.announcement =
            engine->last_announcement + 1;
    } else {
        add_for_ticket(it, type == COMMAND_START ? EVENT_SERVING_STARTED : EVENT_TICKET_NO_SHOW,
                       index);
    }
    return REFUSAL_NONE;
}

static enum refusal decide_at_counter(struct deciding *it)
{
    int counter = -1;
    enum refusal refusal = find_counter(it, &counter);
    if (refusal != REFUSAL_NONE) {
        return refusal;
    }
    if (it->command->type == COMMAND_OPEN_COUNTER) {
        return open_counter(it, counter);
    }
    if (it->command->type == COMMAND_CLOSE_COUNTER) {
        return close_counter(it, counter);
    }
    return it->command->type == COMMAND_NEXT ? call_next(it, counter) : at_counter(it, counter);
}

static enum refusal decide(struct deciding *it)
{
    switch (it->command->type) {
    case COMMAND_OPEN_DAY: return open_day(it);
    case COMMAND_CLOSE_DAY: return close_day(it);
    case COMMAND_APPLY_SITE: return apply_site(it);
    case COMMAND_RESERVE_NUMBERS: return reserve_numbers(it);
    case COMMAND_ISSUE: return issue(it);
    case COMMAND_LEAVE: return leave(it);
    case COMMAND_OPEN_COUNTER:
    case COMMAND_CLOSE_COUNTER:
    case COMMAND_NEXT:
    case COMMAND_RECALL:
    case COMMAND_START:
    case COMMAND_FINISH:
    case COMMAND_NO_SHOW: return decide_at_counter(it);
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
                          .occurred_at_ms = is_late ? command->occurred_at_ms : at_ms};
    decision->refusal = decide(&it);
}

void decision_free(struct decision *decision)
{
    free(decision->events);
    decision->events = NULL;
    decision->count = decision->capacity = 0;
}
