/* Takes what is visible from an engine. See snapshot.h. */
#include "engine/forecast/snapshot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/engine.h"
#include "engine/forecast/promise.h"
#include "engine/forecast/sampler.h"
#include "quarter/check.h"

enum {
    BREAK_EARLY_MS = 15 * 60000
}; /* a pause so shortly before a break of the roster is that break */

static const int64_t minute_ms = 60000;
static const int64_t quarter_ms = 900000;

void snapshot_init(struct snapshot *snapshot)
{
    *snapshot = (struct snapshot){.policy = policy_default_terms};
}

void snapshot_free(struct snapshot *snapshot)
{
    free(snapshot->tickets);
    free(snapshot->bookings);
    free(snapshot->newcomers);
    free(snapshot->sampler);
    *snapshot = (struct snapshot){0};
}

/* Room for one more. */
static void *grown(void *array, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity) {
        return array;
    }
    *capacity = *capacity == 0 ? 64 : *capacity * 2;
    void *larger = realloc(array, *capacity * size);
    CHECK(larger != NULL);
    return larger;
}

static void *copied(void *into, size_t *capacity, const void *from, size_t count, size_t size)
{
    if (count > *capacity) {
        free(into);
        into = malloc(count * size);
        CHECK(into != NULL);
        *capacity = count;
    }
    if (count > 0) {
        memcpy(into, from, count * size);
    }
    return into;
}

static void copy_sampler(struct snapshot *snapshot, const struct sampler *sampler, int64_t stamp)
{
    if (sampler == NULL ||
        (snapshot->sampler != NULL && stamp != 0 && snapshot->sampler_stamp == stamp)) {
        return;
    }
    if (snapshot->sampler == NULL) {
        snapshot->sampler = malloc(sizeof(*snapshot->sampler));
        CHECK(snapshot->sampler != NULL);
    }
    *snapshot->sampler = *sampler;
    snapshot->sampler_stamp = stamp;
}

void snapshot_copy(struct snapshot *into, const struct snapshot *from)
{
    struct snapshot mine = *into;
    *into = *from;
    into->ticket_capacity = mine.ticket_capacity;
    into->booking_capacity = mine.booking_capacity;
    into->newcomer_capacity = mine.newcomer_capacity;
    into->tickets = copied(mine.tickets, &into->ticket_capacity, from->tickets, from->ticket_count,
                           sizeof(*from->tickets));
    into->bookings = copied(mine.bookings, &into->booking_capacity, from->bookings,
                            from->booking_count, sizeof(*from->bookings));
    into->newcomers = copied(mine.newcomers, &into->newcomer_capacity, from->newcomers,
                             from->newcomer_count, sizeof(*from->newcomers));
    into->sampler = mine.sampler;
    into->sampler_stamp = mine.sampler_stamp;
    copy_sampler(into, from->sampler, from->sampler_stamp);
}

void snapshot_set_sampler(struct snapshot *snapshot, const struct sampler *sampler, int64_t stamp)
{
    copy_sampler(snapshot, sampler, stamp);
}

void snapshot_add_ticket(struct snapshot *snapshot, const struct snapshot_ticket *ticket)
{
    snapshot->tickets = grown(snapshot->tickets, snapshot->ticket_count, &snapshot->ticket_capacity,
                              sizeof(*snapshot->tickets));
    snapshot->tickets[snapshot->ticket_count++] = *ticket;
}

void snapshot_add_booking(struct snapshot *snapshot, const struct snapshot_booking *booking)
{
    snapshot->bookings = grown(snapshot->bookings, snapshot->booking_count,
                               &snapshot->booking_capacity, sizeof(*snapshot->bookings));
    snapshot->bookings[snapshot->booking_count++] = *booking;
}

void snapshot_add_newcomer(struct snapshot *snapshot, const struct snapshot_newcomer *newcomer)
{
    snapshot->newcomers = grown(snapshot->newcomers, snapshot->newcomer_count,
                                &snapshot->newcomer_capacity, sizeof(*snapshot->newcomers));
    snapshot->newcomers[snapshot->newcomer_count++] = *newcomer;
}

void snapshot_clear_newcomers(struct snapshot *snapshot)
{
    snapshot->newcomer_count = 0;
}

uint32_t snapshot_restricting_needs(const struct snapshot *snapshot, int service)
{
    uint32_t some = 0, all = UINT32_MAX;
    for (int i = 0; i < snapshot->counter_count; i++) {
        if ((snapshot->counters[i].services >> service & 1) != 0) {
            some |= snapshot->counters[i].needs;
            all &= snapshot->counters[i].needs;
        }
    }
    return (snapshot->needs.hard | some) & ~all & ~snapshot->sent_needs;
}

static void add_newcomers_with_needs(struct snapshot *snapshot, int service)
{
    for (uint32_t left = snapshot_restricting_needs(snapshot, service); left != 0;
         left &= left - 1) {
        snapshot_add_newcomer(snapshot, &(struct snapshot_newcomer){.service = (int16_t)service,
                                                                    .language = -1,
                                                                    .ticket_class = CLASS_NORMAL,
                                                                    .needs = left & -left});
    }
}

void snapshot_add_newcomers(struct snapshot *snapshot)
{
    static const enum ticket_class classes[] = {CLASS_NORMAL, CLASS_ASSISTED, CLASS_URGENT};
    uint64_t offered = 0;
    for (int i = 0; i < snapshot->counter_count; i++) {
        offered |= snapshot->counters[i].services;
    }
    for (int service = 0; service < snapshot->service_count; service++) {
        if ((offered >> service & 1) == 0) {
            continue;
        }
        for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
            snapshot_add_newcomer(snapshot,
                                  &(struct snapshot_newcomer){.service = (int16_t)service,
                                                              .language = -1,
                                                              .ticket_class = classes[i]});
        }
        add_newcomers_with_needs(snapshot, service);
    }
}

/* FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/ */
uint64_t snapshot_key(const char *ticket_id)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *ticket_id != '\0'; ticket_id++) {
        hash = (hash ^ (uint8_t)*ticket_id) * UINT64_C(0x100000001b3);
    }
    return hash;
}

void snapshot_expect(struct snapshot *snapshot)
{
    snapshot->expected = 0;
    if (snapshot->sampler != NULL && snapshot->opens_ms > 0) {
        const double from = (double)(snapshot->opens_ms - snapshot->midnight_ms);
        const double until = (double)(snapshot->now_ms - snapshot->midnight_ms);
        snapshot->expected =
            sampler_expected(snapshot->sampler, CROWD_WALK_IN, -1, from / (double)quarter_ms,
                             until / (double)quarter_ms);
    }
}

/* ---- From an engine */

/* Tickets of a day are only ever added: those counted before stay counted. */
static void count_walk_ins(struct snapshot *snapshot, const struct engine *engine)
{
    const size_t count = engine_ticket_count(engine);
    if (count < snapshot->counted || strcmp(snapshot->counted_day, engine_day(engine)) != 0) {
        snapshot->counted = 0;
        snapshot->seen = 0;
        snprintf(snapshot->counted_day, sizeof(snapshot->counted_day), "%s", engine_day(engine));
        memset(snapshot->breaks_seen, 0, sizeof(snapshot->breaks_seen));
    }
    for (; snapshot->counted < count; snapshot->counted++) {
        snapshot->seen += engine_ticket(engine, snapshot->counted)->appointment_ms == 0;
    }
}

/* Which breaks are over or under way. What a former take saw is remembered: who was back early does not go again. */
static void take_breaks(struct snapshot *snapshot, int index)
{
    struct snapshot_counter *counter = &snapshot->counters[index];
    for (int i = 0; i < counter->roster.break_count; i++) {
        const int64_t from_ms = counter->roster.breaks[i].from_ms;
        const bool paused =
            counter->state == SNAPSHOT_PAUSED && snapshot->now_ms >= from_ms - BREAK_EARLY_MS;
        if (paused || snapshot->now_ms >= counter->roster.breaks[i].to_ms) {
            snapshot->breaks_seen[index] |= (uint8_t)(1U << i);
        }
        if ((snapshot->breaks_seen[index] >> i & 1) != 0) {
            counter->breaks_taken = i + 1;
        }
    }
}

static enum snapshot_counter_state counter_stands(const struct engine *engine,
                                                  const struct counter *counter)
{
    if (counter->retired || counter->state == COUNTER_CLOSED) {
        return SNAPSHOT_OFF;
    }
    if (counter->state == COUNTER_PAUSED) {
        return SNAPSHOT_PAUSED;
    }
    if (counter->ticket >= 0) {
        const struct ticket *ticket = engine_ticket(engine, (size_t)counter->ticket);
        return ticket->state == TICKET_CALLED ? SNAPSHOT_CALLED : SNAPSHOT_SERVING;
    }
    return counter->ready_since_ms > 0 ? SNAPSHOT_READY : SNAPSHOT_TURNING;
}

static void take_visit(struct snapshot_counter *counter, const struct ticket *ticket)
{
    counter->key = snapshot_key(ticket->id);
    counter->service = ticket->service;
    counter->language = ticket->language;
    counter->ticket_class = ticket->ticket_class;
    counter->waited_ms = ticket->called_at_ms - ticket->leg_from_ms;
    counter->since_ms =
        counter->state == SNAPSHOT_CALLED ? ticket->called_at_ms : ticket->started_at_ms;
}

static void take_counter(struct snapshot *snapshot, const struct engine *engine,
                         const struct snapshot_day *day, int index)
{
    const struct counter *counter = engine_counter(engine, index);
    struct snapshot_counter *mine = &snapshot->counters[index];
    *mine = (struct snapshot_counter){
        .services = counter->retired ? 0 : counter->services,
        .languages = counter->languages,
        .needs = counter->needs,
        .state = counter_stands(engine, counter),
        .since_ms = counter->since_ms,
    };
    if (counter->rule >= 0 && counter->rule < day->roster_count) {
        mine->roster = day->rosters[counter->rule];
    }
    if (mine->state == SNAPSHOT_CALLED || mine->state == SNAPSHOT_SERVING) {
        take_visit(mine, engine_ticket(engine, (size_t)counter->ticket));
    }
    take_breaks(snapshot, index);
}

static uint32_t needs_in_use(const struct engine *engine)
{
    uint32_t used = engine_need_terms(engine)->hard;
    for (int i = 0; i < engine_counter_count(engine); i++) {
        used |= engine_counter(engine, i)->needs;
    }
    for (int i = 0; i < NEEDS_MAX; i++) {
        used |= engine_need_terms(engine)->relax_after_ms[i] != 0 ? UINT32_C(1) << i : 0;
    }
    return used;
}

/* Who was sent to a counter needs what that counter alone has: a need of its own, hard, of those nobody else uses. A
 * counter that does not offer the service gets one it does: how long it takes is then told by another service. */
static void send_to_counter(struct snapshot *snapshot, int counter, uint32_t *free_needs,
                            struct snapshot_ticket *ticket)
{
    struct snapshot_counter *at = &snapshot->counters[counter];
    uint32_t need = at->needs & snapshot->sent_needs;
    if (need == 0 && *free_needs != 0) {
        need = UINT32_C(1) << (31 - __builtin_clz(*free_needs));
        *free_needs &= ~need;
        at->needs |= need;
        snapshot->needs.hard |= need;
        snapshot->sent_needs |= need;
    }
    ticket->needs = need;
    if (at->services != 0 && (at->services >> ticket->service & 1) == 0) {
        ticket->service = (int16_t)__builtin_ctzll(at->services);
    }
}

/* In the order of joining, as the tickets lie: nothing needs to be sorted. */
static void take_tickets(struct snapshot *snapshot, const struct engine *engine)
{
    size_t left = engine_waiting_count(engine);
    uint32_t free_needs = ~needs_in_use(engine);
    snapshot->ticket_count = 0;
    for (size_t i = 0; left > 0; i++) {
        const struct ticket *ticket = engine_ticket(engine, i);
        if (ticket->state != TICKET_WAITING) {
            continue;
        }
        left--;
        struct snapshot_ticket mine = {
            .key = snapshot_key(ticket->id),
            .index = (int32_t)i,
            .service = (int16_t)ticket->service,
            .language = (int16_t)ticket->language,
            .ticket_class = ticket->ticket_class,
            .needs = ticket->binding_needs,
            .arrived_ms = ticket->arrived_at_ms,
            .leg_from_ms = ticket->leg_from_ms,
            .promised_ms =
                ticket->promise.known ? promise_high_min(ticket->promise.p90_s) * minute_ms : 0,
            .held_ms = ticket->held_until_ms > snapshot->now_ms ? ticket->held_until_ms : 0,
            .called_before = ticket->ticket_class == CLASS_TRANSFER,
        };
        if (ticket->only_at >= 0 && ticket->only_at < snapshot->counter_count) {
            send_to_counter(snapshot, ticket->only_at, &free_needs, &mine);
        }
        snapshot_add_ticket(snapshot, &mine);
    }
}

/* Who is booked and not here: no ticket of today has that appointment and service. Each ticket stands for one. */
static void take_bookings(struct snapshot *snapshot, const struct engine *engine,
                          const struct snapshot_day *day)
{
    snapshot->booking_count = 0;
    for (size_t i = 0; i < day->booking_count; i++) {
        snapshot_add_booking(snapshot, &day->bookings[i]);
    }
    if (snapshot->booking_count == 0) {
        return;
    }
    for (size_t i = 0; i < engine_ticket_count(engine); i++) {
        const struct ticket *ticket = engine_ticket(engine, i);
        for (size_t j = 0; ticket->appointment_ms != 0 && j < snapshot->booking_count; j++) {
            if (snapshot->bookings[j].appointment_ms == ticket->appointment_ms &&
                snapshot->bookings[j].service == ticket->service) {
                snapshot->booking_count--;
                memmove(&snapshot->bookings[j], &snapshot->bookings[j + 1],
                        (snapshot->booking_count - j) * sizeof(*snapshot->bookings));
                break;
            }
        }
    }
}

static int at_most(int count, int most)
{
    return count < most ? count : most;
}

void snapshot_take(struct snapshot *snapshot, const struct engine *engine,
                   const struct snapshot_day *day, int64_t now_ms)
{
    snapshot->now_ms = now_ms;
    snapshot->midnight_ms = day->midnight_ms;
    snapshot->opens_ms = day->opens_ms;
    snapshot->doors_close_ms = day->doors_close_ms;
    snapshot->day_end_ms = day->day_end_ms;
    snapshot->policy = engine_rules(engine)->policy;
    snapshot->needs = *engine_need_terms(engine);
    snapshot->sent_needs = 0;
    snapshot->service_count = at_most(engine_service_count(engine), QUARTER_SERVICES_MAX);
    snapshot->counter_count = at_most(engine_counter_count(engine), QUARTER_COUNTERS_MAX);
    copy_sampler(snapshot, day->sampler, day->sampler_stamp);
    count_walk_ins(snapshot, engine);
    snapshot_expect(snapshot);
    for (int i = 0; i < snapshot->counter_count; i++) {
        take_counter(snapshot, engine, day, i);
    }
    take_tickets(snapshot, engine);
    take_bookings(snapshot, engine, day);
    snapshot_clear_newcomers(snapshot);
    snapshot_add_newcomers(snapshot);
}
