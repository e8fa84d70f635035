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
    engine->policy = policy_find("");
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

struct waiter state_waiter(const struct engine *engine, int ticket)
{
    const struct ticket *it = &engine->tickets[ticket];
    return (struct waiter){.leg_from_ms = it->leg_from_ms,
                           .ticket = ticket,
                           .service = it->service,
                           .ticket_class = it->ticket_class};
}

static void copy_text(char *to, size_t size, const char *from)
{
    size_t length = strlen(from);
    CHECK(length < size);
    memcpy(to, from, length + 1);
}

/* codes */

static int intern_service(struct engine *engine, const char *code)
{
    int known = engine->service_codes.count;
    int index = codes_intern(&engine->service_codes, code);
    if (index >= engine->service_capacity) {
        engine->service_capacity = engine->service_codes.capacity;
        engine->services =
            realloc(engine->services, (size_t)engine->service_capacity * sizeof(*engine->services));
        CHECK(engine->services != NULL);
    }
    if (index == known) {
        engine->services[index] =
            (struct service){.reach = index < QUARTER_SERVICES_MAX ? UINT64_C(1) << index : 0};
    }
    lines_grow(&engine->lines, engine->service_codes.count, engine->ticket_capacity);
    return index;
}

static int intern_counter(struct engine *engine, const char *code)
{
    int known = engine->counter_codes.count;
    int index = codes_intern(&engine->counter_codes, code);
    if (index >= engine->counter_capacity) {
        engine->counter_capacity = engine->counter_codes.capacity;
        engine->counters =
            realloc(engine->counters, (size_t)engine->counter_capacity * sizeof(*engine->counters));
        CHECK(engine->counters != NULL);
    }
    if (index == known) {
        engine->counters[index] = (struct counter){.ticket = -1, .retired = true};
        copy_text(engine->counters[index].code, sizeof(engine->counters[index].code), code);
    }
    return index;
}

/* rules */

static void apply_services(struct engine *engine, int map[QUARTER_SERVICES_MAX])
{
    codes_retire_all(&engine->service_codes);
    for (int i = 0; i < engine->rules.service_count; i++) {
        const struct service_rule *rule = &engine->rules.services[i];
        map[i] = intern_service(engine, rule->code);
        CHECK(map[i] < QUARTER_SERVICES_MAX);
        engine->service_codes.entries[map[i]].retired = false;
        copy_text(engine->services[map[i]].prefix, sizeof(engine->services[map[i]].prefix),
                  rule->prefix);
    }
}

/* A counter goes on offering a service that vanished, to those who still wait for it: a new
 * configuration never ends a visit. */
static uint64_t retired_services(const struct engine *engine)
{
    uint64_t retired = 0;
    for (int i = 0; i < engine->service_codes.count && i < QUARTER_SERVICES_MAX; i++) {
        retired |= (uint64_t)engine->service_codes.entries[i].retired << i;
    }
    return retired;
}

static void apply_counters(struct engine *engine, const int services[QUARTER_SERVICES_MAX],
                           const int languages[QUARTER_LANGUAGES_MAX])
{
    uint64_t retired = retired_services(engine);
    codes_retire_all(&engine->counter_codes);
    for (int i = 0; i < engine->rules.counter_count; i++) {
        const struct counter_rule *rule = &engine->rules.counters[i];
        int index = intern_counter(engine, rule->code);
        engine->counter_codes.entries[index].retired = false;
        struct counter *counter = &engine->counters[index];
        counter->services &= retired;
        counter->languages = 0;
        for (int j = 0; j < engine->rules.service_count; j++) {
            counter->services |= (rule->services >> j & 1) << services[j];
        }
        for (int j = 0; j < engine->rules.language_count; j++) {
            CHECK(languages[j] < MASK_LANGUAGES);
            counter->languages |= (rule->languages >> j & 1) << languages[j];
        }
    }
    for (int i = 0; i < engine->counter_codes.count; i++) {
        struct counter *counter = &engine->counters[i];
        counter->retired = engine->counter_codes.entries[i].retired;
        if (counter->retired) {
            counter->services = 0;
            counter->languages = 0;
        }
    }
}

static void apply_reach(struct engine *engine)
{
    for (int i = 0; i < engine->service_codes.count; i++) {
        uint64_t mine = i < QUARTER_SERVICES_MAX ? UINT64_C(1) << i : 0;
        engine->services[i].reach = mine;
        engine->services[i].offered = false;
        for (int j = 0; j < engine->counter_codes.count; j++) {
            if ((engine->counters[j].services & mine) != 0) {
                engine->services[i].reach |= engine->counters[j].services;
                engine->services[i].offered = true;
            }
        }
    }
}

static void clear_codes(struct engine *engine)
{
    codes_clear(&engine->service_codes);
    codes_clear(&engine->counter_codes);
    codes_clear(&engine->language_codes);
    codes_clear(&engine->need_codes);
}

static void apply_rules(struct engine *engine)
{
    int services[QUARTER_SERVICES_MAX] = {0};
    int languages[QUARTER_LANGUAGES_MAX] = {0};
    apply_services(engine, services);
    codes_retire_all(&engine->language_codes);
    for (int i = 0; i < engine->rules.language_count; i++) {
        languages[i] = codes_intern(&engine->language_codes, engine->rules.languages[i]);
        engine->language_codes.entries[languages[i]].retired = false;
    }
    codes_retire_all(&engine->need_codes);
    for (int i = 0; i < engine->rules.need_count; i++) {
        int need = codes_intern(&engine->need_codes, engine->rules.needs[i].code);
        engine->need_codes.entries[need].retired = false;
    }
    apply_counters(engine, services, languages);
    apply_reach(engine);
}

void engine_set_rules(struct engine *engine, const struct rules *rules)
{
    CHECK(rules->service_count >= 0 && rules->service_count <= QUARTER_SERVICES_MAX);
    CHECK(rules->counter_count >= 0 && rules->counter_count <= QUARTER_COUNTERS_MAX);
    CHECK(rules->language_count >= 0 && rules->language_count <= QUARTER_LANGUAGES_MAX);
    CHECK(rules->need_count >= 0 && rules->need_count <= QUARTER_NEEDS_MAX);
    CHECK(policy_terms_fault(&rules->policy) == NULL); /* site/ refuses a file with one */
    engine->rules = *rules;
    if (engine->day_is_new) {
        clear_codes(engine);
    }
    apply_rules(engine);
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
    copy_text(ticket->id, sizeof(ticket->id), id);
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

static void release_counter(struct engine *engine, struct ticket *ticket)
{
    CHECK(ticket->counter >= 0);
    struct counter *counter = &engine->counters[ticket->counter];
    CHECK(counter->ticket == (int)(ticket - engine->tickets));
    counter->ticket = -1;
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
    copy_text(engine->day, sizeof(engine->day), event->day);
    engine->last_announcement = 0;
    engine->site_hash[0] = '\0';
    engine->ticket_count = 0;
    memset(engine->in_state, 0, sizeof(engine->in_state));
    if (engine->ticket_slots != NULL) {
        memset(engine->ticket_slots, 0,
               engine->ticket_capacity * 2 * sizeof(*engine->ticket_slots));
    }
    numbers_clear(&engine->numbers);
    lines_free(&engine->lines);
    /* nobody refers to yesterday's indices any more: retired codes go */
    engine->day_is_new = true;
    clear_codes(engine);
    apply_rules(engine);
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
    ticket->service = intern_service(engine, issued->service);
    /* The rules do not know it: retired. */
    if (engine->services[ticket->service].prefix[0] == '\0') {
        copy_text(engine->services[ticket->service].prefix, QUARTER_PREFIX_MAX + 1, issued->prefix);
    }
    if (issued->language[0] != '\0') {
        ticket->language = codes_intern(&engine->language_codes, issued->language);
    }
    CHECK(issued->need_count <= QUARTER_NEEDS_MAX);
    for (int i = 0; i < issued->need_count; i++) {
        int need = codes_intern(&engine->need_codes, issued->needs[i]);
        /* more than 32 only where a day is replayed under a site that shares no need with it: the
         * journal knows */
        ticket->needs |= need < MASK_NEEDS ? 1u << need : 0;
    }
    ticket->arrived_at_ms = issued->arrived_at_ms;
    ticket->leg_from_ms = issued->leg_from_ms;
    ticket->unconfirmed = issued->unconfirmed;
    engine->in_state[TICKET_WAITING]++;
    struct waiter waiter = state_waiter(engine, (int)engine->ticket_count - 1);
    lines_insert(&engine->lines, &waiter);
}

static void ticket_called(struct engine *engine, const struct event *event)
{
    int index = ticket_of_event(engine, event);
    int at = intern_counter(engine, event->counter);
    struct counter *counter = &engine->counters[at];
    CHECK(counter->state == COUNTER_OPEN && counter->ticket < 0);
    move_ticket(engine, index, TICKET_CALLED);
    struct ticket *ticket = &engine->tickets[index];
    CHECK(ticket->counter < 0);
    counter->ticket = index;
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
        release_counter(engine, ticket);
    }
}

static void counter_moved(struct engine *engine, const struct event *event, enum counter_state to)
{
    struct counter *counter = &engine->counters[intern_counter(engine, event->counter)];
    CHECK(engine->day_open && counter->state != to && counter->ticket < 0);
    counter->state = to;
}

void engine_evolve(struct engine *engine, const struct event *event)
{
    CHECK(event->at_ms >= engine->last_at_ms);
    switch (event->type) {
    case EVENT_DAY_OPENED: day_opened(engine, event); break;
    case EVENT_DAY_CLOSED: day_closed(engine); break;
    case EVENT_SITE_APPLIED:
        copy_text(engine->site_hash, sizeof(engine->site_hash), event->body.site.hash);
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
    case EVENT_COUNTER_OPENED: counter_moved(engine, event, COUNTER_OPEN); break;
    case EVENT_COUNTER_CLOSED: counter_moved(engine, event, COUNTER_CLOSED); break;
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
