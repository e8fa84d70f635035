/* Decide for visitors: numbers, tickets, promises. See decide.c. */
#include <string.h>

#include "engine/deciding.h"
#include "quarter/check.h"

/* tickets */

/* What a device took from its block it has already handed to a person: that the site changed since
 * is no reason to turn them away. */
static bool is_handed_over(const struct command *command)
{
    return command->number != 0;
}

enum refusal decide_find_service(const struct deciding *it, int *service)
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

enum refusal decide_reserve_numbers(struct deciding *it)
{
    int service = 0;
    enum refusal refusal = decide_find_service(it, &service);
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
    struct event *event = deciding_add(it, EVENT_NUMBERS_RESERVED);
    memcpy(event->body.reserved.prefix, prefix, sizeof(event->body.reserved.prefix));
    memcpy(event->body.reserved.device, it->command->device, sizeof(event->body.reserved.device));
    event->body.reserved.first = first;
    event->body.reserved.last = last;
    return REFUSAL_NONE;
}

static bool offers(const struct codes *codes, int index, const struct command *command)
{
    return index >= 0 && (!codes->entries[index].retired || is_handed_over(command));
}

enum refusal decide_find_language(const struct deciding *it, int *language)
{
    const struct codes *codes = &it->engine->language_codes;
    *language = -1;
    if (it->command->language[0] == '\0') {
        return REFUSAL_NONE;
    }
    *language = codes_find(codes, it->command->language);
    return offers(codes, *language, it->command) ? REFUSAL_NONE : REFUSAL_UNKNOWN_LANGUAGE;
}

enum refusal decide_find_needs(const struct deciding *it, uint32_t *needs)
{
    const struct command *command = it->command;
    CHECK(command->need_count >= 0 && command->need_count <= QUARTER_NEEDS_MAX);
    *needs = 0;
    for (int i = 0; i < command->need_count; i++) {
        const int need = codes_find(&it->engine->need_codes, command->needs[i]);
        if (!offers(&it->engine->need_codes, need, command)) {
            return REFUSAL_UNKNOWN_NEED;
        }
        *needs |= need < NEEDS_MAX ? 1u << need : 0;
    }
    return REFUSAL_NONE;
}

/* What is asked for, as indices. */
struct visit {
    int service, language;
    uint32_t needs;
};

static enum refusal check_visit(const struct deciding *it, struct visit *visit)
{
    const struct engine *engine = it->engine;
    CHECK(it->command->ticket_id[0] != '\0');
    enum refusal refusal = decide_find_service(it, &visit->service);
    if (refusal == REFUSAL_NONE) {
        refusal = decide_find_language(it, &visit->language);
    }
    if (refusal == REFUSAL_NONE) {
        refusal = decide_find_needs(it, &visit->needs);
    }
    if (refusal != REFUSAL_NONE) {
        return refusal;
    }
    if (state_find_ticket(engine, it->command->ticket_id) >= 0) {
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

bool decide_nobody_serves(const struct deciding *it, int service, uint32_t needs)
{
    const struct policy_view view = state_view(it->engine, it->at_ms);
    const struct policy_reach reach = state_reach(it->engine);
    for (uint64_t left = policy_servers(&view, &reach, service, needs); left != 0;
         left &= left - 1) {
        const struct counter *counter = &it->engine->counters[__builtin_ctzll(left)];
        if ((it->command->rostered >> counter->rule & 1) != 0) {
            return false;
        }
    }
    return true;
}

/* Who is booked waits from the appointment, or from coming up to the grace after it; who comes later still waits like
 * anybody else. */
static void place_in_time(const struct deciding *it, struct event_ticket_issued *issued)
{
    const struct command *command = it->command;
    const enum ticket_class asked = command->ticket_class;
    CHECK(asked == CLASS_NORMAL || asked == CLASS_ASSISTED || asked == CLASS_URGENT);
    issued->ticket_class = asked;
    issued->arrived_at_ms = issued->leg_from_ms = it->occurred_at_ms;
    issued->appointment_ms = command->appointment_ms;
    if (command->appointment_ms == 0 ||
        issued->arrived_at_ms > command->appointment_ms + engine_grace_ms) {
        return;
    }
    issued->ticket_class = asked == CLASS_URGENT ? CLASS_URGENT : CLASS_APPOINTMENT;
    if (command->appointment_ms > issued->arrived_at_ms) {
        issued->leg_from_ms = command->appointment_ms;
    }
}

static void add_issued(struct deciding *it, const struct visit *visit, int32_t number)
{
    const struct engine *engine = it->engine;
    const struct command *command = it->command;
    const int service = visit->service;
    const uint32_t needs = visit->needs;
    struct event *event = deciding_add(it, EVENT_TICKET_ISSUED);
    struct event_ticket_issued *issued = &event->body.issued;
    memcpy(event->ticket, command->ticket_id, sizeof(event->ticket));
    memcpy(issued->service, command->service, sizeof(issued->service));
    memcpy(issued->prefix, engine->services[service].prefix, sizeof(issued->prefix));
    memcpy(issued->language, command->language, sizeof(issued->language));
    memcpy(issued->needs, command->needs, (size_t)command->need_count * sizeof(issued->needs[0]));
    issued->need_count = (uint8_t)command->need_count;
    issued->number = number;
    place_in_time(it, issued);
    issued->promise = command->promise;
    memcpy(issued->avoidable, command->avoidable, sizeof(issued->avoidable));
    issued->unconfirmed = it->occurred_at_ms < it->at_ms;
    issued->nobody_serves = decide_nobody_serves(it, service, needs);
    struct arrival arrival = {.ticket_id = command->ticket_id,
                              .waiter = {.leg_from_ms = issued->leg_from_ms,
                                         .ticket = (int32_t)engine->ticket_count,
                                         .service = service,
                                         .ticket_class = issued->ticket_class,
                                         .needs = state_binding_needs(engine, service, needs)},
                              .language = visit->language,
                              .appointment_ms = issued->appointment_ms};
    decide_offer(it, &arrival);
}

enum refusal decide_issue(struct deciding *it)
{
    struct visit visit = {0};
    int32_t number = 0;
    enum refusal refusal = check_visit(it, &visit);
    if (refusal == REFUSAL_NONE) {
        refusal = take_number(it, it->engine->services[visit.service].prefix, &number);
    }
    if (refusal == REFUSAL_NONE) {
        decide_dispatch(it); /* nobody passes by a second's delay */
        add_issued(it, &visit, number);
    }
    return refusal;
}

enum refusal decide_leave(struct deciding *it)
{
    int ticket = state_find_ticket(it->engine, it->command->ticket_id);
    if (ticket < 0) {
        return REFUSAL_UNKNOWN_TICKET;
    }
    if (!ticket_may_become(it->engine->tickets[ticket].state, TICKET_LEFT)) {
        return REFUSAL_STATE_CONFLICT;
    }
    deciding_add_for_ticket(it, EVENT_TICKET_LEFT, ticket);
    return REFUSAL_NONE;
}

enum refusal decide_promise(struct deciding *it)
{
    int ticket = state_find_ticket(it->engine, it->command->ticket_id);
    if (ticket < 0) {
        return REFUSAL_UNKNOWN_TICKET;
    }
    if (it->engine->tickets[ticket].state != TICKET_WAITING) {
        return REFUSAL_STATE_CONFLICT;
    }
    CHECK(it->command->promise.known);
    deciding_add_for_ticket(it, EVENT_PROMISE_MADE, ticket)->body.promise = it->command->promise;
    return REFUSAL_NONE;
}
