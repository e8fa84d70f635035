/* Decide for what staff do out of the ordinary: parking, calls out of order, moves at a counter; and with a visitor, from
 * any page: back from parking, revived, mended, letting others go first. See decide.c. Nobody is called by these but whom
 * staff choose: whom a ready counter may call by now comes with the next dispatch, within a second. */
#include <string.h>

#include "engine/deciding.h"
#include "quarter/check.h"

static const int64_t minute_ms = 60000;

/* at a counter */

enum refusal decide_park(struct deciding *it, int counter)
{
    const int index = it->engine->counters[counter].ticket;
    if (index < 0) {
        return REFUSAL_NO_TICKET_HERE;
    }
    if (it->engine->tickets[index].state != TICKET_SERVING) {
        return REFUSAL_NOT_SERVING;
    }
    deciding_add_for_ticket(it, EVENT_TICKET_PARKED, index);
    return REFUSAL_NONE;
}

/* The ticket a free counter is to have now. */
static enum refusal find_for_counter(const struct deciding *it, int counter, int *ticket)
{
    *ticket = state_find_ticket(it->engine, it->command->ticket_id);
    if (*ticket < 0) {
        return REFUSAL_UNKNOWN_TICKET;
    }
    if (it->engine->counters[counter].retired) {
        return REFUSAL_UNKNOWN_COUNTER;
    }
    return it->engine->counters[counter].ticket >= 0 ? REFUSAL_COUNTER_BUSY : REFUSAL_NONE;
}

enum refusal decide_take_back(struct deciding *it, int counter)
{
    int index = -1;
    const enum refusal refusal = find_for_counter(it, counter, &index);
    if (refusal != REFUSAL_NONE) {
        return refusal;
    }
    const struct ticket *ticket = &it->engine->tickets[index];
    if (ticket->state != TICKET_PARKED) {
        return REFUSAL_NOT_PARKED;
    }
    memcpy(deciding_add_for_counter(it, EVENT_TICKET_TAKEN_BACK, counter)->ticket, ticket->id,
           sizeof(ticket->id));
    return REFUSAL_NONE;
}

enum refusal decide_call(struct deciding *it, int counter)
{
    const struct engine *engine = it->engine;
    int index = -1;
    const enum refusal refusal = find_for_counter(it, counter, &index);
    if (refusal != REFUSAL_NONE) {
        return refusal;
    }
    const struct ticket *ticket = &engine->tickets[index];
    if (ticket->state != TICKET_WAITING) {
        return REFUSAL_NOT_WAITING;
    }
    const bool lacks = (ticket->needs & engine->needs.hard & ~engine->counters[counter].needs) != 0;
    if (lacks && !it->command->anyway) {
        return REFUSAL_LACKS_NEED;
    }
    CHECK(it->command->because != BECAUSE_NOTHING && (unsigned)it->command->because < BECAUSES);
    const struct arrival arrival = {.ticket_id = ticket->id,
                                    .waiter = state_waiter(engine, index),
                                    .language = ticket->language,
                                    .appointment_ms = ticket->appointment_ms};
    struct event *event = deciding_add_call(it, counter, &arrival, CALL_CHOSEN,
                                            engine_callable_count(engine, counter, it->at_ms));
    event->body.called.because = it->command->because;
    event->body.called.anyway = lacks;
    return REFUSAL_NONE;
}

/* Of any counter the site has, open or not. */
enum refusal decide_move(struct deciding *it)
{
    const struct engine *engine = it->engine;
    const struct command *command = it->command;
    CHECK(command->service_count >= 0 && command->service_count <= QUARTER_MOVED_MAX);
    const int counter = codes_find(&engine->counter_codes, command->counter);
    if (counter < 0 || engine->counters[counter].retired) {
        return REFUSAL_UNKNOWN_COUNTER;
    }
    if (!engine->day_open) {
        return REFUSAL_DAY_CLOSED;
    }
    uint64_t services = 0;
    for (int i = 0; i < command->service_count; i++) {
        const int service = codes_find(&engine->service_codes, command->services[i]);
        if (service < 0) {
            return REFUSAL_UNKNOWN_SERVICE;
        }
        if (engine->service_codes.entries[service].retired) {
            return REFUSAL_SERVICE_RETIRED;
        }
        CHECK(service < QUARTER_SERVICES_MAX);
        services |= UINT64_C(1) << service;
    }
    const struct counter *now = &engine->counters[counter];
    if (now->is_moved == (services != 0) && (services == 0 || services == now->moved)) {
        return REFUSAL_NONE;
    }
    struct event_counter_moved *moved =
        &deciding_add_for_counter(it, EVENT_COUNTER_MOVED, counter)->body.moved;
    moved->service_count = (uint8_t)command->service_count;
    memcpy(moved->services, command->services,
           (size_t)command->service_count * sizeof(moved->services[0]));
    return REFUSAL_NONE;
}

/* with a visitor */

static enum refusal find_in_state(const struct deciding *it, enum ticket_state state,
                                  enum refusal otherwise, int *ticket)
{
    *ticket = state_find_ticket(it->engine, it->command->ticket_id);
    if (*ticket < 0) {
        return REFUSAL_UNKNOWN_TICKET;
    }
    if (!it->engine->day_open) {
        return REFUSAL_DAY_CLOSED;
    }
    return it->engine->tickets[*ticket].state == state ? REFUSAL_NONE : otherwise;
}

enum refusal decide_unpark(struct deciding *it)
{
    int index = -1;
    const enum refusal refusal = find_in_state(it, TICKET_PARKED, REFUSAL_NOT_PARKED, &index);
    if (refusal != REFUSAL_NONE) {
        return refusal;
    }
    const struct ticket *ticket = &it->engine->tickets[index];
    struct event_ticket_unparked *unparked =
        &deciding_add_for_ticket(it, EVENT_TICKET_UNPARKED, index)->body.unparked;
    unparked->leg_from_ms = it->occurred_at_ms;
    unparked->nobody_serves = decide_nobody_serves(it, ticket->service, ticket->needs);
    return REFUSAL_NONE;
}

enum refusal decide_revive(struct deciding *it)
{
    int index = -1;
    const enum refusal refusal = find_in_state(it, TICKET_NO_SHOW, REFUSAL_NOT_A_NO_SHOW, &index);
    if (refusal == REFUSAL_NONE) {
        deciding_add_for_ticket(it, EVENT_TICKET_REVIVED, index);
    }
    return refusal;
}

enum refusal decide_hold(struct deciding *it)
{
    const int32_t minutes = it->command->minutes;
    int index = -1;
    const enum refusal refusal = find_in_state(it, TICKET_WAITING, REFUSAL_NOT_WAITING, &index);
    CHECK(minutes > 0 && minutes <= 60);
    if (refusal == REFUSAL_NONE) {
        deciding_add_for_ticket(it, EVENT_TICKET_HELD, index)->body.held.until_ms =
            it->at_ms + minutes * minute_ms;
    }
    return refusal;
}

enum refusal decide_unhold(struct deciding *it)
{
    int index = -1;
    const enum refusal refusal = find_in_state(it, TICKET_WAITING, REFUSAL_NOT_WAITING, &index);
    if (refusal == REFUSAL_NONE && it->engine->tickets[index].held_until_ms > it->at_ms) {
        deciding_add_for_ticket(it, EVENT_TICKET_UNHELD, index);
    }
    return refusal;
}

/* Who is booked and came in time stays so, unless it is urgent now. */
static enum ticket_class edited_class(const struct deciding *it, const struct ticket *ticket)
{
    const enum ticket_class asked = it->command->ticket_class;
    if ((it->command->edits & EDIT_CLASS) == 0) {
        return ticket->ticket_class;
    }
    CHECK(asked == CLASS_NORMAL || asked == CLASS_ASSISTED || asked == CLASS_URGENT);
    const bool on_time = ticket->appointment_ms != 0 && !ticket->booked_late;
    return on_time && asked != CLASS_URGENT ? CLASS_APPOINTMENT : asked;
}

static void fill_needs(const struct engine *engine, uint32_t needs,
                       struct event_ticket_edited *edited)
{
    for (uint32_t left = needs; left != 0 && edited->need_count < QUARTER_NEEDS_MAX;
         left &= left - 1) {
        memcpy(edited->needs[edited->need_count++],
               engine->need_codes.entries[__builtin_ctz(left)].code, sizeof(edited->needs[0]));
    }
}

static void add_edited(struct deciding *it, int index, int service, int language, uint32_t needs)
{
    const struct engine *engine = it->engine;
    const struct ticket *ticket = &engine->tickets[index];
    const enum ticket_class ticket_class = edited_class(it, ticket);
    if (service == ticket->service && language == ticket->language && needs == ticket->needs &&
        ticket_class == ticket->ticket_class) {
        return;
    }
    struct event_ticket_edited *edited =
        &deciding_add_for_ticket(it, EVENT_TICKET_EDITED, index)->body.edited;
    memcpy(edited->service, engine->service_codes.entries[service].code, sizeof(edited->service));
    if (language >= 0) {
        memcpy(edited->language, engine->language_codes.entries[language].code,
               sizeof(edited->language));
    }
    fill_needs(engine, needs, edited);
    edited->ticket_class = ticket_class;
    edited->nobody_serves = ticket->only_at < 0 && decide_nobody_serves(it, service, needs);
}

enum refusal decide_edit(struct deciding *it)
{
    const struct engine *engine = it->engine;
    const unsigned edits = it->command->edits;
    int index = -1;
    enum refusal refusal = find_in_state(it, TICKET_WAITING, REFUSAL_NOT_WAITING, &index);
    if (refusal != REFUSAL_NONE) {
        return refusal;
    }
    const struct ticket *ticket = &engine->tickets[index];
    int service = ticket->service;
    int language = ticket->language;
    uint32_t needs = ticket->needs;
    if ((edits & EDIT_SERVICE) != 0) {
        refusal = decide_find_service(it, &service);
    }
    if (refusal == REFUSAL_NONE && (edits & EDIT_LANGUAGE) != 0) {
        refusal = decide_find_language(it, &language);
    }
    if (refusal == REFUSAL_NONE && (edits & EDIT_NEEDS) != 0) {
        refusal = decide_find_needs(it, &needs);
    }
    if (refusal == REFUSAL_NONE) {
        add_edited(it, index, service, language, needs);
    }
    return refusal;
}
