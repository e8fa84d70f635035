/* What others may ask of an engine. */
#include <stdlib.h>
#include <string.h>

#include "engine/engine.h"
#include "engine/state.h"
#include "quarter/check.h"

bool engine_day_is_open(const struct engine *engine)
{
    return engine->day_open;
}

const char *engine_day(const struct engine *engine)
{
    return engine->day;
}

int64_t engine_last_at_ms(const struct engine *engine)
{
    return engine->last_at_ms;
}

int32_t engine_last_announcement(const struct engine *engine)
{
    return engine->last_announcement;
}

const char *engine_site_hash(const struct engine *engine)
{
    return engine->site_hash;
}

size_t engine_ticket_count(const struct engine *engine)
{
    return engine->ticket_count;
}

const struct ticket *engine_ticket(const struct engine *engine, size_t index)
{
    CHECK(index < engine->ticket_count);
    return &engine->tickets[index];
}

const struct ticket *engine_find_ticket(const struct engine *engine, const char *id)
{
    int index = state_find_ticket(engine, id);
    return index < 0 ? NULL : &engine->tickets[index];
}

size_t engine_waiting_count(const struct engine *engine)
{
    return engine->in_state[TICKET_WAITING];
}

size_t engine_state_count(const struct engine *engine, enum ticket_state state)
{
    CHECK((unsigned)state < TICKET_STATES);
    return engine->in_state[state];
}

int engine_service_count(const struct engine *engine)
{
    return engine->service_codes.count;
}

static const char *code_at(const struct codes *codes, int index)
{
    CHECK(index >= 0 && index < codes->count);
    return codes->entries[index].code;
}

const char *engine_service_code(const struct engine *engine, int service)
{
    return code_at(&engine->service_codes, service);
}

bool engine_service_retired(const struct engine *engine, int service)
{
    CHECK(service >= 0 && service < engine->service_codes.count);
    return engine->service_codes.entries[service].retired;
}

int engine_service_waiting(const struct engine *engine, int service)
{
    CHECK(service >= 0 && service < engine->service_codes.count);
    return engine->lines.services[service].waiting;
}

int engine_language_count(const struct engine *engine)
{
    return engine->language_codes.count;
}

const char *engine_language_code(const struct engine *engine, int language)
{
    return code_at(&engine->language_codes, language);
}

const char *engine_need_code(const struct engine *engine, int need)
{
    return code_at(&engine->need_codes, need);
}

int engine_find_need(const struct engine *engine, const char *code)
{
    return codes_find(&engine->need_codes, code);
}

int engine_counter_count(const struct engine *engine)
{
    return engine->counter_codes.count;
}

const struct counter *engine_counter(const struct engine *engine, int counter)
{
    CHECK(counter >= 0 && counter < engine->counter_codes.count);
    return &engine->counters[counter];
}

int engine_find_counter(const struct engine *engine, const char *code)
{
    return codes_find(&engine->counter_codes, code);
}

const char *engine_person(const struct engine *engine, int person)
{
    return code_at(&engine->person_codes, person);
}

int engine_counter_of_person(const struct engine *engine, const char *person)
{
    const int index = codes_find(&engine->person_codes, person);
    for (int i = 0; index >= 0 && i < engine->counter_codes.count; i++) {
        if (engine->counters[i].person == index) {
            return i;
        }
    }
    return -1;
}

const struct rules *engine_rules(const struct engine *engine)
{
    return &engine->rules;
}

const struct need_terms *engine_need_terms(const struct engine *engine)
{
    return &engine->needs;
}

bool engine_can_call(const struct engine *engine, int counter, const struct ticket *ticket,
                     int64_t now_ms)
{
    CHECK(counter >= 0 && counter < engine->counter_codes.count);
    const struct policy_view view = state_view(engine, now_ms);
    const struct policy_desk desk = state_desk(engine, counter);
    const struct waiter waiter = state_waiter(engine, (int)(ticket - engine->tickets));
    return ticket->state == TICKET_WAITING &&
           now_ms - ticket->leg_from_ms >= policy_callable_after_ms(&view, &desk, &waiter);
}

int engine_callable_count(const struct engine *engine, int counter, int64_t now_ms)
{
    CHECK(counter >= 0 && counter < engine->counter_codes.count);
    const struct policy_view view = state_view(engine, now_ms);
    const struct policy_desk desk = state_desk(engine, counter);
    return policy_count(&view, &desk);
}

bool engine_dispatch_is_due(const struct engine *engine, int64_t now_ms)
{
    if (engine->lines.waiting == 0) {
        return false;
    }
    for (uint64_t left = engine->ready; left != 0; left &= left - 1) {
        if (engine_callable_count(engine, __builtin_ctzll(left), now_ms) > 0) {
            return true;
        }
    }
    return false;
}

int engine_ahead_of_ticket(const struct engine *engine, const struct ticket *ticket, int64_t now_ms)
{
    if (ticket->state != TICKET_WAITING) {
        return 0;
    }
    const struct policy_view view = state_view(engine, now_ms);
    const struct policy_reach reach = state_reach(engine);
    const struct waiter waiter = state_waiter(engine, (int)(ticket - engine->tickets));
    return policy_ahead(&view, &reach, &waiter);
}

int engine_ahead_of_new(const struct engine *engine, int service, int64_t now_ms)
{
    CHECK(service >= 0 && service < engine->service_codes.count);
    const struct policy_view view = state_view(engine, now_ms);
    const struct policy_reach reach = state_reach(engine);
    const struct waiter waiter = {.leg_from_ms = now_ms,
                                  .ticket = (int32_t)engine->ticket_count,
                                  .service = service,
                                  .ticket_class = CLASS_NORMAL};
    return policy_ahead(&view, &reach, &waiter);
}

size_t engine_waiting(const struct engine *engine, int64_t now_ms, const struct ticket **tickets,
                      size_t max)
{
    size_t waiting = engine->in_state[TICKET_WAITING];
    size_t wanted = waiting < max ? waiting : max;
    if (wanted == 0) {
        return waiting;
    }
    int32_t *order = malloc(wanted * sizeof(*order));
    CHECK(order != NULL);
    const struct policy_view view = state_view(engine, now_ms);
    size_t written = policy_order(&view, order, wanted);
    CHECK(written == wanted);
    for (size_t i = 0; i < written; i++) {
        tickets[i] = &engine->tickets[order[i]];
    }
    free(order);
    return waiting;
}

/* Insertion into the first max by announcement, newest first: there are no more calls than
 * counters. */
size_t engine_standing_calls(const struct engine *engine, const struct ticket **tickets, size_t max)
{
    size_t standing = 0;
    size_t kept = 0;
    for (int i = 0; i < engine->counter_codes.count; i++) {
        int index = engine->counters[i].ticket;
        if (index < 0 || engine->tickets[index].state != TICKET_CALLED) {
            continue;
        }
        standing++;
        const struct ticket *call = &engine->tickets[index];
        size_t place = kept;
        while (place > 0 && tickets[place - 1]->announcement < call->announcement) {
            place--;
        }
        if (place >= max) {
            continue;
        }
        kept = kept < max ? kept + 1 : max;
        for (size_t last = kept - 1; last > place; last--) {
            tickets[last] = tickets[last - 1];
        }
        tickets[place] = call;
    }
    return standing;
}
