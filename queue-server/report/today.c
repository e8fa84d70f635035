/* Takes events, and keeps what of them counts. See today.h. */
#include "report/today.h"

#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"
#include "report/today_parts.h"

void *today_room(void *array, size_t *capacity, size_t count, size_t size)
{
    if (count <= *capacity) {
        return array;
    }
    size_t room = *capacity == 0 ? 64 : *capacity;
    while (room < count) {
        room *= 2;
    }
    void *grown = realloc(array, room * size);
    CHECK(grown != NULL);
    *capacity = room;
    return grown;
}

struct today *today_create(void)
{
    struct today *today = calloc(1, sizeof(*today));
    CHECK(today != NULL);
    return today;
}

void today_destroy(struct today *today)
{
    if (today == NULL) {
        return;
    }
    free(today->services.codes);
    free(today->counters.codes);
    free(today->avoidable.codes);
    free(today->visits);
    free(today->slots);
    free(today->facts);
    free(today->work.courses);
    free(today->work.rows);
    free(today->work.counters);
    free(today->work.service_list);
    free(today->work.counter_list);
    free(today->work.avoidable_list);
    free(today->work.waits);
    free(today->work.sorted);
    free(today);
}

static void *copy_of(const void *array, size_t count, size_t size)
{
    if (count == 0) {
        return NULL;
    }
    void *copy = malloc(count * size);
    CHECK(copy != NULL);
    memcpy(copy, array, count * size);
    return copy;
}

static struct names copy_names(const struct names *names)
{
    return (struct names){.codes = copy_of(names->codes, names->count, sizeof(*names->codes)),
                          .count = names->count,
                          .capacity = names->count};
}

struct today *today_copy(const struct today *today)
{
    struct today *copy = today_create();
    memcpy(copy->day, today->day, sizeof(copy->day));
    copy->services = copy_names(&today->services);
    copy->counters = copy_names(&today->counters);
    copy->avoidable = copy_names(&today->avoidable);
    copy->visits = copy_of(today->visits, today->visit_count, sizeof(*today->visits));
    copy->visit_count = copy->visit_capacity = today->visit_count;
    copy->slots = copy_of(today->slots, today->slot_count, sizeof(*today->slots));
    copy->slot_count = today->slot_count;
    copy->facts = copy_of(today->facts, today->fact_count, sizeof(*today->facts));
    copy->fact_count = copy->fact_capacity = today->fact_count;
    return copy;
}

/* names: a day has some dozens */

static int32_t name_index(struct names *names, const char *code)
{
    if (code[0] == '\0') {
        return NOBODY;
    }
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->codes[i], code) == 0) {
            return (int32_t)i;
        }
    }
    const size_t length = strlen(code);
    CHECK(length <= QUARTER_CODE_MAX);
    names->codes =
        today_room(names->codes, &names->capacity, names->count + 1, sizeof(*names->codes));
    memcpy(names->codes[names->count], code, length + 1);
    return (int32_t)names->count++;
}

/* visits by id */

/* FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/ */
static size_t slot_of(const struct today *today, const char *id)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (const char *at = id; *at != '\0'; at++) {
        hash = (hash ^ (unsigned char)*at) * UINT64_C(0x100000001b3);
    }
    size_t slot = (size_t)(hash ^ hash >> 32) & (today->slot_count - 1);
    while (today->slots[slot] != 0 && strcmp(today->visits[today->slots[slot] - 1].id, id) != 0) {
        slot = (slot + 1) & (today->slot_count - 1);
    }
    return slot;
}

static int32_t visit_index(const struct today *today, const char *id)
{
    CHECK(today->slot_count > 0);
    const int32_t index = today->slots[slot_of(today, id)] - 1;
    CHECK(index >= 0);
    return index;
}

const char *today_day(const struct today *today)
{
    return today->day;
}

bool today_was_called(const struct today *today, const char *ticket)
{
    const int32_t index = today->slot_count > 0 ? today->slots[slot_of(today, ticket)] - 1 : NOBODY;
    for (int32_t i = index < 0 ? NOBODY : today->visits[index].newest; i != NOBODY;
         i = today->facts[i].before) {
        if (today->facts[i].type == EVENT_TICKET_CALLED) {
            return true;
        }
    }
    return false;
}

static void grow_slots(struct today *today)
{
    free(today->slots);
    today->slot_count = today->slot_count == 0 ? 256 : today->slot_count * 2;
    today->slots = calloc(today->slot_count, sizeof(*today->slots));
    CHECK(today->slots != NULL);
    for (size_t i = 0; i < today->visit_count; i++) {
        today->slots[slot_of(today, today->visits[i].id)] = (int32_t)i + 1;
    }
}

static int32_t add_visit(struct today *today, const struct event *event)
{
    const struct event_ticket_issued *issued = &event->body.issued;
    if ((today->visit_count + 1) * 2 > today->slot_count) {
        grow_slots(today);
    }
    const size_t slot = slot_of(today, event->ticket);
    CHECK(today->slots[slot] == 0);
    today->visits = today_room(today->visits, &today->visit_capacity, today->visit_count + 1,
                               sizeof(*today->visits));
    struct visit *visit = &today->visits[today->visit_count];
    *visit = (struct visit){.number = issued->number,
                            .newest = NOBODY,
                            .arrived_at_ms = issued->arrived_at_ms,
                            .appointment_ms = issued->appointment_ms,
                            .ticket_class = issued->ticket_class};
    memcpy(visit->id, event->ticket, sizeof(visit->id));
    memcpy(visit->prefix, issued->prefix, sizeof(visit->prefix));
    today->slots[slot] = (int32_t)++today->visit_count;
    return (int32_t)today->visit_count - 1;
}

/* facts */

static struct fact *add_fact(struct today *today, const struct event *event)
{
    today->facts = today_room(today->facts, &today->fact_capacity, today->fact_count + 1,
                              sizeof(*today->facts));
    struct fact *fact = &today->facts[today->fact_count++];
    *fact = (struct fact){.at_ms = event->at_ms,
                          .occurred_at_ms = event->occurred_at_ms,
                          .visit = NOBODY,
                          .before = NOBODY,
                          .counter = name_index(&today->counters, event->counter),
                          .service = NOBODY,
                          .avoidable = NOBODY,
                          .type = (uint8_t)event->type};
    return fact;
}

static struct fact *add_visit_fact(struct today *today, const struct event *event, int32_t index)
{
    struct fact *fact = add_fact(today, event);
    struct visit *visit = &today->visits[index];
    fact->visit = index;
    fact->before = visit->newest;
    visit->newest = (int32_t)today->fact_count - 1;
    return fact;
}

static void take_issued(struct today *today, const struct event *event)
{
    struct fact *fact = add_visit_fact(today, event, add_visit(today, event));
    fact->service = name_index(&today->services, event->body.issued.service);
    fact->avoidable = name_index(&today->avoidable, event->body.issued.avoidable);
    fact->leg_from_ms = event->body.issued.leg_from_ms;
}

static void take_recorded(struct today *today, const struct event *event)
{
    struct fact *fact = add_fact(today, event);
    fact->avoidable = name_index(&today->avoidable, event->body.visit.avoidable);
    fact->service = name_index(&today->services, event->body.visit.service);
    fact->kind = (uint8_t)event->body.visit.kind;
    fact->has_outcome = event->body.visit.kind == VISIT_RESOLVED_AT_DOOR;
    fact->outcome = (uint8_t)event->body.visit.outcome;
}

static void take_ticket(struct today *today, const struct event *event)
{
    struct fact *fact = add_visit_fact(today, event, visit_index(today, event->ticket));
    if (event->type == EVENT_TICKET_CLOSED) {
        fact->outcome = (uint8_t)event->body.closed.outcome;
        fact->avoidable = name_index(&today->avoidable, event->body.closed.avoidable);
    } else if (event->type == EVENT_TICKET_LEFT) {
        fact->by_day_end = event->body.left.by_day_end;
    } else if (event->type == EVENT_TICKET_TRANSFERRED) {
        fact->service = name_index(&today->services, event->body.transferred.service);
        fact->leg_from_ms = event->body.transferred.leg_from_ms;
    } else if (event->type == EVENT_TICKET_UNPARKED) {
        fact->leg_from_ms = event->body.unparked.leg_from_ms;
    } else if (event->type == EVENT_TICKET_EDITED) {
        fact->service = name_index(&today->services, event->body.edited.service);
    }
}

/* Nothing but recalls and promises lies between a step and its undoing, and those are no facts. */
static void take_undone(struct today *today, const struct event *event)
{
    struct visit *visit = &today->visits[visit_index(today, event->ticket)];
    CHECK(visit->newest != NOBODY);
    struct fact *step = &today->facts[visit->newest];
    CHECK(step->before != NOBODY && step->undone_at_ms == 0); /* an issue is no step */
    step->undone_at_ms = event->at_ms;
    visit->newest = step->before;
    add_fact(today, event);
}

static void forget(struct today *today, const char *day)
{
    memcpy(today->day, day, sizeof(today->day));
    today->services.count = today->counters.count = today->avoidable.count = 0;
    today->visit_count = today->fact_count = 0;
    if (today->slots != NULL) {
        memset(today->slots, 0, today->slot_count * sizeof(*today->slots));
    }
}

/* A visit may be recorded before the new day is opened. */
static bool begins_day(const struct today *today, const struct event *event)
{
    const bool may_begin = event->type == EVENT_DAY_OPENED || event->type == EVENT_VISIT_RECORDED;
    return may_begin && strcmp(event->day, today->day) != 0;
}

void today_take(struct today *today, const struct event *event)
{
    if (begins_day(today, event)) {
        forget(today, event->day);
    }
    if (today->day[0] == '\0') {
        return;
    }
    switch (event->type) {
    case EVENT_TICKET_ISSUED: take_issued(today, event); break;
    case EVENT_VISIT_RECORDED: take_recorded(today, event); break;
    case EVENT_STEP_UNDONE: take_undone(today, event); break;
    case EVENT_TICKET_CALLED:
    case EVENT_SERVING_STARTED:
    case EVENT_TICKET_CLOSED:
    case EVENT_TICKET_NO_SHOW:
    case EVENT_TICKET_LEFT:
    case EVENT_TICKET_TRANSFERRED:
    case EVENT_TICKET_PARKED:
    case EVENT_TICKET_TAKEN_BACK:
    case EVENT_TICKET_UNPARKED:
    case EVENT_TICKET_REVIVED:
    case EVENT_TICKET_EDITED: take_ticket(today, event); break;
    case EVENT_COUNTER_OPENED:
    case EVENT_COUNTER_CLOSED:
    case EVENT_COUNTER_PAUSED: add_fact(today, event); break;
    case EVENT_DAY_OPENED:
    case EVENT_DAY_CLOSED:
    case EVENT_SITE_APPLIED:
    case EVENT_NUMBERS_RESERVED:
    case EVENT_TICKET_RECALLED:
    case EVENT_PROMISE_MADE:
    case EVENT_COUNTER_READY:
    case EVENT_HELP_CALLED:
    case EVENT_HELP_ANSWERED:
    case EVENT_TICKET_HELD:
    case EVENT_TICKET_UNHELD:
    case EVENT_COUNTER_MOVED:
    case EVENT_NOTICE_POSTED:
    case EVENT_NOTICE_WITHDRAWN: break;
    }
}
