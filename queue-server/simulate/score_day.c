/* The truth, its learning and its looks. See score_day.h. */
#include "simulate/score_day.h"

#include <stdlib.h>
#include <string.h>

#include "engine/forecast/random.h"
#include "quarter/check.h"

enum { QUARTER_MS = 900000 };

struct score_day {
    const struct workload *workload;
    const struct trace_site *site;
    struct policy_terms policy;
    bool is_messy;
    struct messy messy;
    struct trace_day day;
    uint64_t seed;
    int number;
    bool *booked;               /* by visit */
    struct world_visit *visits; /* the day's, one of them perhaps patient */
    int32_t capacity;
    struct world *world;
    struct world_desk desk;
    const struct score_day_watch *watch;
    struct knowledge *knowledge;
    int services[QUARTER_SERVICES_MAX], counters[QUARTER_COUNTERS_MAX]; /* the knowledge's ids */
    int32_t ghost[QUARTER_COUNTERS_MAX];    /* called last and not there; WORLD_NOBODY */
    int64_t ended_ms[QUARTER_COUNTERS_MAX]; /* a service, while others waited; -1: not so */
    int32_t walk_ins;                       /* so far */
    int32_t *waiting;                       /* scratch */
    int32_t waiting_capacity;
};

/* ---- Staff */

static int32_t pick(void *context, const struct world *world, int counter, int32_t best)
{
    struct score_day *day = context;
    const int32_t picked = day->is_messy ? messy_pick(&day->messy, world, counter, best) : best;
    if (day->knowledge != NULL) {
        int32_t two[2];
        if (world_callable(world, counter, two, 2) > 1) { /* a choice there was */
            knowledge_add_call(day->knowledge, picked != best);
        }
    }
    return picked;
}

static int64_t gap_ms(void *context, const struct world *world, int32_t ticket, int counter)
{
    struct score_day *day = context;
    return day->is_messy ? messy_gap_ms(&day->messy, world, ticket, counter) : 0;
}

/* ---- What a centre learns */

static enum knowledge_crowd crowd_of(const struct world_visit *visit)
{
    return visit->ticket_class == CLASS_APPOINTMENT ? CROWD_BOOKED : CROWD_WALK_IN;
}

static bool lacks_language(const struct score_day *day, const struct world_visit *visit,
                           int counter)
{
    return visit->language >= 0 &&
           (day->site->counters[counter].languages >> visit->language & 1) == 0;
}

static void learn_call(struct score_day *day, int32_t ticket, int counter)
{
    const struct world_ticket *called = world_ticket(day->world, ticket);
    const int64_t now_ms = world_now_ms(day->world);
    const int64_t waited_ms = now_ms - called->leg_from_ms;
    const bool ghost = called->outcome == WORLD_GHOST;
    if (ghost) {
        knowledge_add_no_show(day->knowledge, day->desk.ghost_ms);
    } else {
        knowledge_add_walk(day->knowledge, 0);
    }
    if (called->leg_of == WORLD_NOBODY) {
        knowledge_add_wait(day->knowledge, crowd_of(called->visit),
                           ghost ? WAIT_LEFT_SILENTLY : WAIT_CALLED, waited_ms > 0 ? waited_ms : 0);
    }
    if (day->ended_ms[counter] >= 0) {
        knowledge_add_gap(day->knowledge, now_ms - day->ended_ms[counter]);
    }
}

static void learn_end(struct score_day *day, int32_t ticket, int counter)
{
    const struct world_ticket *served = world_ticket(day->world, ticket);
    const struct world_visit *visit = served->visit;
    const int64_t now_ms = world_now_ms(day->world);
    const int next = visit->next_service >= 0 ? day->services[visit->next_service] : -1;
    knowledge_add_visit(day->knowledge, &(struct knowledge_visit){
                                            .service = day->services[visit->service],
                                            .counter = day->counters[counter],
                                            .lacks_language = lacks_language(day, visit, counter),
                                            .duration_ms = now_ms - served->called_ms});
    if (served->leg_of == WORLD_NOBODY) {
        knowledge_add_leg_end(day->knowledge, day->services[visit->service], next);
    }
    int32_t somebody = WORLD_NOBODY;
    day->ended_ms[counter] = world_callable(day->world, counter, &somebody, 1) > 0 ? now_ms : -1;
}

static void learn_arrival(struct score_day *day, int32_t ticket)
{
    const struct world_visit *visit = &day->visits[ticket];
    const int language = visit->language;
    knowledge_add_arrival(
        day->knowledge,
        &(struct knowledge_arrival){
            .service = day->services[visit->service],
            .crowd = day->booked[ticket] ? CROWD_BOOKED : CROWD_WALK_IN,
            .ticket_class = (enum ticket_class)visit->ticket_class,
            .quarter = SCORE_OPENING_QUARTER + (int)(visit->arrives_ms / QUARTER_MS),
            .weekday = day->number % workload_weekdays(day->workload),
            .language = language >= 0 ? day->site->languages[language] : "",
        });
}

/* What only the whole day shows. */
static void learn_day(struct score_day *day)
{
    const int64_t doors_ms = day->site->doors_close_ms;
    knowledge_add_open_quarters(
        day->knowledge, day->number % workload_weekdays(day->workload), SCORE_OPENING_QUARTER,
        SCORE_OPENING_QUARTER + (int)((doors_ms + QUARTER_MS - 1) / QUARTER_MS));
    for (int32_t i = 0; i < day->day.booking_count; i++) {
        const struct trace_booking *booking = &day->day.bookings[i];
        if (booking->arrives_ms >= 0) {
            knowledge_add_booked_offset(day->knowledge,
                                        booking->arrives_ms - booking->appointment_ms);
        } else {
            knowledge_add_booked_never(day->knowledge);
        }
    }
    for (int32_t i = 0; i < day->day.count; i++) {
        const struct world_ticket *ticket = world_ticket(day->world, i);
        if (ticket->called_ms < 0 && !ticket->visit->silent &&
            ticket->visit->leaves_ms < INT64_MAX) {
            knowledge_add_wait(day->knowledge, crowd_of(ticket->visit), WAIT_LEFT_TOLD,
                               ticket->visit->leaves_ms - ticket->leg_from_ms);
        }
    }
}

/* ---- Running */

static void on_arrival(void *context, const struct world *world, int32_t ticket)
{
    struct score_day *day = context;
    (void)world;
    if (day->watch != NULL && day->watch->on_arrival != NULL) {
        day->watch->on_arrival(day->watch->context, day, ticket);
    }
    day->walk_ins += !day->booked[ticket];
    if (day->knowledge != NULL) {
        learn_arrival(day, ticket);
    }
}

static void on_call(void *context, const struct world *world, int32_t ticket, int counter)
{
    struct score_day *day = context;
    const bool ghost = world_ticket(world, ticket)->outcome == WORLD_GHOST;
    if (day->knowledge != NULL) {
        learn_call(day, ticket, counter);
    }
    day->ghost[counter] = ghost ? ticket : WORLD_NOBODY;
    day->ended_ms[counter] = -1;
    if (day->watch != NULL && day->watch->on_call != NULL) {
        day->watch->on_call(day->watch->context, day, ticket);
    }
}

static void on_end(void *context, const struct world *world, int32_t ticket, int counter)
{
    struct score_day *day = context;
    (void)world;
    if (day->knowledge != NULL) {
        learn_end(day, ticket, counter);
    }
}

struct score_day *score_day_create(const struct workload *workload,
                                   const struct policy_terms *policy, bool messy)
{
    struct score_day *day = calloc(1, sizeof(*day));
    CHECK(day != NULL);
    day->workload = workload;
    day->policy = *policy;
    day->is_messy = messy;
    day->world = world_create();
    return day;
}

void score_day_destroy(struct score_day *day)
{
    if (day == NULL) {
        return;
    }
    trace_day_free(&day->day);
    world_destroy(day->world);
    free(day->booked);
    free(day->visits);
    free(day->waiting);
    free(day);
}

static void make_room(struct score_day *day, int32_t count)
{
    if (count <= day->capacity) {
        return;
    }
    free(day->booked);
    free(day->visits);
    free(day->waiting);
    day->capacity = 2 * count;
    day->waiting_capacity = 2 * day->capacity; /* second legs too */
    day->booked = malloc((size_t)day->capacity * sizeof(*day->booked));
    day->visits = malloc((size_t)day->capacity * sizeof(*day->visits));
    day->waiting = malloc((size_t)day->waiting_capacity * sizeof(*day->waiting));
    CHECK(day->booked != NULL && day->visits != NULL && day->waiting != NULL);
}

void score_day_draw(struct score_day *day, uint64_t seed, int number)
{
    trace_day_free(&day->day);
    workload_day(day->workload, seed, number, &day->day);
    day->site = workload_site(day->workload, number);
    day->seed = random_stream(seed, (uint64_t)number);
    day->number = number;
    make_room(day, day->day.count);
    memset(day->booked, 0, (size_t)day->capacity * sizeof(*day->booked));
    for (int32_t i = 0; i < day->day.booking_count; i++) {
        for (int32_t j = 0; j < day->day.count; j++) {
            day->booked[j] |= day->day.bookings[i].arrives_ms >= 0 &&
                              day->day.bookings[i].id == day->day.visits[j].id;
        }
    }
    messy_init(&day->messy, day->site);
}

void score_day_start(struct score_day *day, const struct score_day_watch *watch)
{
    day->watch = watch;
    day->desk = workload_desk(day->workload, day->number, &day->policy);
    struct world_counter counters[QUARTER_COUNTERS_MAX];
    memcpy(counters, day->desk.counters, (size_t)day->desk.counter_count * sizeof(*counters));
    for (int i = 0; i < day->desk.counter_count; i++) {
        counters[i].speed = day->is_messy ? messy_speed(day->messy.numbers[i]) : 1.0;
        day->ghost[i] = WORLD_NOBODY;
        day->ended_ms[i] = -1;
    }
    day->desk.counters = counters;
    day->desk.hooks = (struct world_hooks){.context = day,
                                           .on_arrival = on_arrival,
                                           .on_call = on_call,
                                           .on_end = on_end,
                                           .pick = pick,
                                           .gap_ms = gap_ms};
    day->walk_ins = 0;
    messy_start(&day->messy, day->day.count);
    world_set_desk(day->world, &day->desk);
    day->desk.counters = day->site->counters;
    memcpy(day->visits, day->day.visits, (size_t)day->day.count * sizeof(*day->visits));
    world_start(day->world, 0, NULL,
                &(struct world_visits){.visits = day->visits, .count = day->day.count});
}

bool score_day_go_on(struct score_day *day, int64_t until_ms)
{
    return world_run(day->world, until_ms);
}

void score_day_run(struct score_day *day, const struct score_day_watch *watch,
                   struct knowledge *knowledge, int32_t patient)
{
    day->knowledge = knowledge;
    if (knowledge != NULL) {
        knowledge_begin_day(knowledge, "");
        for (int i = 0; i < day->site->service_count; i++) {
            day->services[i] = knowledge_service(knowledge, day->site->services[i].code);
        }
        for (int i = 0; i < day->site->counter_count; i++) {
            day->counters[i] = knowledge_counter(knowledge, day->site->counter_codes[i]);
        }
    }
    score_day_start(day, watch);
    if (patient >= 0) {
        day->visits[patient].leaves_ms = INT64_MAX;
        world_start(day->world, 0, NULL,
                    &(struct world_visits){.visits = day->visits, .count = day->day.count});
    }
    (void)world_run(day->world, INT64_MAX);
    if (knowledge != NULL) {
        learn_day(day);
    }
    day->watch = NULL;
    day->knowledge = NULL;
}

const struct trace_day *score_day_visits(const struct score_day *day)
{
    return &day->day;
}

const struct world *score_day_world(const struct score_day *day)
{
    return day->world;
}

bool score_day_booked(const struct score_day *day, int32_t ticket)
{
    return day->booked[ticket];
}

void score_day_prepare(const struct score_day *day, const struct knowledge *knowledge,
                       struct sampler *sampler)
{
    struct sampler_site site = {.service_count = day->site->service_count,
                                .counter_count = day->site->counter_count,
                                .language_count = day->site->language_count,
                                .weekday = day->number % workload_weekdays(day->workload)};
    for (int i = 0; i < site.service_count; i++) {
        site.services[i] = day->site->services[i].code;
        site.typical_ms[i] = (int64_t)day->site->services[i].mean_ms;
    }
    for (int i = 0; i < site.counter_count; i++) {
        site.counters[i] = day->site->counter_codes[i];
    }
    for (int i = 0; i < site.language_count; i++) {
        site.languages[i] = day->site->languages[i];
    }
    sampler_prepare(sampler, knowledge, &site);
}

/* ---- Seeing */

static void see_visit(const struct score_day *day, struct snapshot_counter *seen, int32_t ticket)
{
    const struct world_ticket *called = world_ticket(day->world, ticket);
    seen->key = random_stream(day->seed, (uint64_t)ticket);
    seen->service = called->visit->service;
    seen->language = called->visit->language;
    seen->ticket_class = (enum ticket_class)called->visit->ticket_class;
    seen->waited_ms = called->called_ms - called->leg_from_ms;
}

static void see_counter(const struct score_day *day, int index, struct snapshot_counter *seen)
{
    const struct world_counter *counter = &day->site->counters[index];
    struct world_stand stand;
    world_stand(day->world, index, &stand);
    *seen = (struct snapshot_counter){.services = counter->services,
                                      .languages = counter->languages,
                                      .needs = counter->needs,
                                      .since_ms = stand.since_ms,
                                      .breaks_taken = stand.breaks_taken};
    seen->roster = (struct snapshot_roster){.on_ms = counter->opens_ms,
                                            .off_ms = counter->closes_ms,
                                            .break_count = counter->break_count};
    for (int i = 0; i < counter->break_count; i++) {
        seen->roster.breaks[i].from_ms = counter->breaks[i].from_ms;
        seen->roster.breaks[i].to_ms = counter->breaks[i].from_ms + counter->breaks[i].length_ms;
    }
    switch (stand.state) {
    case WORLD_CLOSED: seen->state = SNAPSHOT_OFF; break;
    case WORLD_IDLE: seen->state = SNAPSHOT_READY; break;
    case WORLD_BREAK: seen->state = SNAPSHOT_PAUSED; break;
    case WORLD_BUSY:
        if (stand.ticket != WORLD_NOBODY) {
            seen->state = SNAPSHOT_SERVING;
            see_visit(day, seen, stand.ticket);
        } else if (day->ghost[index] != WORLD_NOBODY) {
            seen->state = SNAPSHOT_CALLED;
            see_visit(day, seen, day->ghost[index]);
        } else {
            seen->state = SNAPSHOT_TURNING;
        }
        break;
    }
}

static void see_tickets(const struct score_day *day, struct snapshot *snapshot)
{
    const int32_t count = world_waiting(day->world, day->waiting, day->waiting_capacity);
    CHECK(count <= day->waiting_capacity);
    snapshot->ticket_count = 0;
    for (int32_t i = 0; i < count; i++) {
        const struct world_ticket *ticket = world_ticket(day->world, day->waiting[i]);
        snapshot_add_ticket(snapshot,
                            &(struct snapshot_ticket){
                                .key = random_stream(day->seed, (uint64_t)day->waiting[i]),
                                .index = day->waiting[i],
                                .service = ticket->visit->service,
                                .language = ticket->visit->language,
                                .ticket_class = (enum ticket_class)ticket->visit->ticket_class,
                                .needs = ticket->visit->needs,
                                .arrived_ms = ticket->visit->arrives_ms,
                                .leg_from_ms = ticket->leg_from_ms,
                            });
    }
}

void score_day_see(const struct score_day *day, struct snapshot *snapshot)
{
    const int64_t now_ms = world_now_ms(day->world);
    snapshot->now_ms = now_ms;
    snapshot->midnight_ms = -(int64_t)SCORE_OPENING_QUARTER * QUARTER_MS;
    snapshot->opens_ms = 1; /* the opening; 0 would be unknown */
    snapshot->doors_close_ms = day->site->doors_close_ms;
    snapshot->day_end_ms = 0;
    snapshot->policy = day->policy;
    snapshot->needs = day->desk.needs;
    snapshot->service_count = day->site->service_count;
    snapshot->counter_count = day->site->counter_count;
    snapshot->seen = day->walk_ins;
    snapshot_expect(snapshot);
    for (int i = 0; i < day->site->counter_count; i++) {
        see_counter(day, i, &snapshot->counters[i]);
    }
    see_tickets(day, snapshot);
    snapshot->booking_count = 0;
    for (int32_t i = 0; i < day->day.booking_count; i++) {
        const struct trace_booking *booking = &day->day.bookings[i];
        if (booking->arrives_ms >= 0 && booking->arrives_ms <= now_ms) {
            continue;
        }
        snapshot_add_booking(
            snapshot, &(struct snapshot_booking){
                          .key = random_stream(~day->seed, (uint64_t)booking->id),
                          .service = booking->service,
                          .language = booking->language,
                          .ticket_class = booking->priority == 2 ? CLASS_URGENT : CLASS_APPOINTMENT,
                          .appointment_ms = booking->appointment_ms,
                      });
    }
    snapshot_clear_newcomers(snapshot);
}
