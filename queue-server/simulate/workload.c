/* Draws days. See workload.h. */
#include "simulate/workload.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/forecast/random.h"
#include "quarter/check.h"
#include "simulate/workload_tables.h"

/* Streams of a day, each a number that nothing else of the day uses. */
enum { STREAM_BUSY = 1, STREAM_KIND_SHIFT = 60, STREAM_NUMBER_SHIFT = 20 };
enum stream_kind { KIND_DAY, KIND_COUNT, KIND_WALK_IN, KIND_BOOKING, KIND_BOOKING_COUNT };

/* Of one visit's stream. */
enum purpose {
    DRAW_TIME,
    DRAW_URGENT,
    DRAW_ASSISTED,
    DRAW_LANGUAGE,
    DRAW_SERVICE,
    DRAW_WALK,
    DRAW_GAP,
    DRAW_PATIENCE_KIND,
    DRAW_PATIENCE,
    DRAW_SILENT,
    DRAW_TRANSFER,
    DRAW_NEXT,
    DRAW_NEXT_SERVICE,
    DRAW_NEXT_WALK,
    DRAW_NEXT_GAP,
    DRAW_COMES,
    DRAW_OFFSET,
};

static const double least_service_ms = 45000;
static const double early_leavers = 0.12, early_patience_ms = 1500000, patience_ms = 9000000;

/* One visit or booking before the day is put in order. */
struct row {
    struct world_visit visit;
    int64_t appointment_ms; /* -1: a walk-in */
    bool comes;
    int priority, drawn;
};

struct drawing {
    const struct workload *workload;
    const struct workload_weekday *day;
    uint64_t key;
    double busy; /* this day's factor */
    struct row *rows;
    int count, capacity;
};

static uint64_t stream(uint64_t key, enum stream_kind kind, uint64_t number)
{
    return random_stream(key, (uint64_t)kind << STREAM_KIND_SHIFT | number);
}

/* Of a service and a slot. */
static uint64_t place_of(int service, int slot)
{
    return (uint64_t)service * WORKLOAD_SLOTS_MAX + (uint64_t)slot;
}

static struct row *add_row(struct drawing *drawing)
{
    if (drawing->count == drawing->capacity) {
        drawing->capacity = drawing->capacity * 2 + 512;
        drawing->rows =
            realloc(drawing->rows, (size_t)drawing->capacity * sizeof(drawing->rows[0]));
        CHECK(drawing->rows != NULL);
    }
    struct row *row = &drawing->rows[drawing->count];
    *row = (struct row){.drawn = drawing->count};
    drawing->count++;
    return row;
}

static int64_t nominal_service_ms(const struct trace_service *service, double longer, double u)
{
    return llround(
        fmax(least_service_ms, random_lognormal(u, service->mean_ms * longer, service->cv)));
}

static int64_t draw_service_ms(const struct drawing *drawing, int service, double longer, double u,
                               double walk)
{
    const struct sampler *sampler = drawing->day->sampler;
    return sampler == NULL
               ? nominal_service_ms(&drawing->day->site.services[service], longer, u)
               : sampler_service_ms(sampler, service, u) + sampler_lag_ms(&sampler->walk, walk);
}

static int16_t draw_language(const struct drawing *drawing, double u)
{
    for (int i = 0; i < drawing->day->site.language_count; i++) {
        u -= drawing->day->sampler == NULL ? drawing->workload->language_shares[i]
                                           : (double)drawing->day->sampler->language[i];
        if (u < 0) {
            return (int16_t)i;
        }
    }
    return drawing->day->sampler == NULL ? 0 : -1;
}

/* The n-th of the set bits, n drawn. */
static int draw_bit(uint64_t bits, double u)
{
    for (int skip = random_index(u, __builtin_popcountll(bits)); skip > 0; skip--) {
        bits &= bits - 1;
    }
    return __builtin_ctzll(bits);
}

static int draw_next(const struct drawing *drawing, int service, uint64_t key)
{
    if (drawing->day->sampler != NULL) {
        const int next =
            sampler_transfer(drawing->day->sampler, service, random_at(key, DRAW_TRANSFER));
        return next >= 0 && (drawing->day->served >> next & 1) != 0 ? next : -1;
    }
    const uint64_t to = drawing->workload->transfers_to[service] & drawing->day->served;
    if (to == 0 || random_at(key, DRAW_TRANSFER) >= workload_transfer) {
        return -1;
    }
    return draw_bit(to, random_at(key, DRAW_NEXT));
}

static void draw_patience(const struct drawing *drawing, uint64_t key, bool booked,
                          struct world_visit *visit)
{
    const double u = random_at(key, DRAW_PATIENCE);
    const double v = random_at(key, DRAW_SILENT);
    if (drawing->day->sampler != NULL) {
        const struct sampler_leaving leaving =
            sampler_leave(drawing->day->sampler, booked ? CROWD_BOOKED : CROWD_WALK_IN, 0, u, v);
        visit->leaves_ms = leaving.left_ms;
        visit->silent = leaving.silent;
        return;
    }
    const bool early = !booked && random_at(key, DRAW_PATIENCE_KIND) < early_leavers;
    visit->leaves_ms = llround(random_exponential(u, early ? early_patience_ms : patience_ms));
    visit->silent = v < workload_silent;
}

/* All but when it arrives. leaves_ms is the patience until the visit is placed. */
static void draw_visit(const struct drawing *drawing, uint64_t key, int service, bool booked,
                       struct row *row)
{
    const struct sampler *sampler = drawing->day->sampler;
    struct world_visit *visit = &row->visit;
    const double urgent = sampler == NULL ? workload_urgent : (double)sampler->urgent;
    const double assisted = sampler == NULL ? workload_assisted : (double)sampler->assisted;
    row->priority = random_at(key, DRAW_URGENT) < urgent       ? 2
                    : random_at(key, DRAW_ASSISTED) < assisted ? 1
                                                               : 0;
    visit->service = (int16_t)service;
    visit->language = draw_language(drawing, random_at(key, DRAW_LANGUAGE));
    visit->service_ms = draw_service_ms(drawing, service, booked ? workload_booked_longer : 1.0,
                                        random_at(key, DRAW_SERVICE), random_at(key, DRAW_WALK));
    visit->next_service = (int16_t)draw_next(drawing, service, key);
    if (visit->next_service >= 0) {
        visit->next_service_ms =
            draw_service_ms(drawing, visit->next_service, 1.0, random_at(key, DRAW_NEXT_SERVICE),
                            random_at(key, DRAW_NEXT_WALK));
    }
    if (sampler != NULL) {
        visit->gap_ms = sampler_lag_ms(&sampler->gap, random_at(key, DRAW_GAP));
        visit->next_gap_ms = sampler_lag_ms(&sampler->gap, random_at(key, DRAW_NEXT_GAP));
    }
    draw_patience(drawing, key, booked, visit);
}

static void draw_walk_in(struct drawing *drawing, uint64_t key, int service,
                         const struct workload_slot *slot)
{
    struct row *row = add_row(drawing);
    draw_visit(drawing, key, service, false, row);
    row->appointment_ms = -1;
    row->comes = true;
    row->visit.arrives_ms = slot->from_ms + (int64_t)(random_at(key, DRAW_TIME) *
                                                      (double)(slot->to_ms - slot->from_ms));
}

static void draw_walk_ins(struct drawing *drawing)
{
    for (int slot = 0; slot < drawing->day->slot_count; slot++) {
        for (int service = 0; service < drawing->day->site.service_count; service++) {
            const uint64_t place = place_of(service, slot);
            struct random random = {stream(drawing->key, KIND_COUNT, place)};
            const double mean = drawing->busy * drawing->day->walk_ins[service][slot];
            const int count = random_poisson(&random, mean);
            for (int i = 0; i < count; i++) {
                const uint64_t number = place << STREAM_NUMBER_SHIFT | (uint64_t)i;
                draw_walk_in(drawing, stream(drawing->key, KIND_WALK_IN, number), service,
                             &drawing->day->slots[slot]);
            }
        }
    }
}

static void draw_booking(struct drawing *drawing, uint64_t number, int service,
                         int64_t appointment_ms)
{
    const uint64_t key = stream(drawing->key, KIND_BOOKING, number);
    const double u = random_at(key, DRAW_OFFSET);
    struct row *row = add_row(drawing);
    int64_t offset_ms = 0;
    draw_visit(drawing, key, service, true, row);
    row->appointment_ms = appointment_ms;
    if (drawing->day->sampler != NULL) {
        row->comes = sampler_booked(drawing->day->sampler, INT64_MIN, u, &offset_ms);
    } else {
        /* Mostly early, with heavy tails (of the kind of Johnson's S_U). */
        row->comes = random_at(key, DRAW_COMES) >= workload_no_show;
        offset_ms = llround(60000.0 * (-7.0 + 8.0 * sinh(0.9 * random_normal(u)) / 1.4));
    }
    const int64_t arrives_ms = appointment_ms + offset_ms;
    row->visit.arrives_ms = !row->comes ? -1 : arrives_ms < 0 ? 0 : arrives_ms;
}

/* Exactly so many of a service, in different slots: those of the day but the last two. */
static void draw_fixed_bookings(struct drawing *drawing, int service, int count)
{
    int slots[WORKLOAD_SLOTS_MAX] = {0};
    const int bookable = drawing->day->slot_count - 2;
    struct random random = {stream(drawing->key, KIND_BOOKING_COUNT, (uint64_t)service)};
    CHECK(count <= bookable);
    for (int i = 0; i < bookable; i++) {
        slots[i] = i;
    }
    for (int i = 0; i < count; i++) {
        const int pick = i + random_index(random_uniform(&random), bookable - i);
        const int slot = slots[pick];
        slots[pick] = slots[i];
        slots[i] = slot;
        const uint64_t number = place_of(service, slot);
        draw_booking(drawing, number << STREAM_NUMBER_SHIFT, service,
                     drawing->day->slots[slot].from_ms);
    }
}

static void draw_expected_bookings(struct drawing *drawing, int service)
{
    for (int slot = 0; slot < drawing->day->slot_count; slot++) {
        const uint64_t place = place_of(service, slot);
        struct random random = {stream(drawing->key, KIND_BOOKING_COUNT, place)};
        const int count = random_poisson(&random, drawing->day->bookings[service][slot]);
        for (int i = 0; i < count; i++) {
            draw_booking(drawing, place << STREAM_NUMBER_SHIFT | (uint64_t)i, service,
                         drawing->day->slots[slot].from_ms);
        }
    }
}

static int by_arrival(const void *left, const void *right)
{
    const struct row *a = left;
    const struct row *b = right;
    if (a->visit.arrives_ms != b->visit.arrives_ms) {
        return a->visit.arrives_ms < b->visit.arrives_ms ? -1 : 1;
    }
    if (a->appointment_ms != b->appointment_ms) {
        return a->appointment_ms < b->appointment_ms ? -1 : 1;
    }
    return (a->drawn > b->drawn) - (a->drawn < b->drawn);
}

/* Rows by arrival, those who never came first: a row's place is its id. */
static void place_rows(const struct drawing *drawing, struct trace_day *result)
{
    for (int i = 0; i < drawing->count; i++) {
        struct row *row = &drawing->rows[i];
        row->visit.id = i;
        if (row->appointment_ms >= 0) {
            result->bookings[result->booking_count++] =
                (struct trace_booking){.appointment_ms = row->appointment_ms,
                                       .arrives_ms = row->visit.arrives_ms,
                                       .id = i,
                                       .service = row->visit.service,
                                       .language = row->visit.language,
                                       .priority = (uint8_t)row->priority};
        }
        if (!row->comes) {
            result->missed++;
            continue;
        }
        trace_classify(&row->visit, row->appointment_ms, row->priority);
        row->visit.leaves_ms += row->visit.leg_from_ms;
        result->visits[result->count++] = row->visit;
    }
}

void workload_day(const struct workload *workload, uint64_t seed, int day, struct trace_day *result)
{
    struct drawing drawing = {.workload = workload,
                              .day = workload->weekdays[day % workload->weekday_count],
                              .key = random_stream(seed + (uint64_t)day, 0)};
    struct random busy = {stream(drawing.key, KIND_DAY, STREAM_BUSY)};
    const double shape = 1.0 / (workload->busy_cv * workload->busy_cv);
    drawing.busy = random_gamma(&busy, shape, 1.0);
    draw_walk_ins(&drawing);
    for (int service = 0; service < drawing.day->site.service_count; service++) {
        draw_fixed_bookings(&drawing, service, workload->booked[service]);
        draw_expected_bookings(&drawing, service);
    }
    const size_t rows = drawing.count > 0 ? (size_t)drawing.count : 1;
    *result = (struct trace_day){.visits = calloc(rows, sizeof(result->visits[0])),
                                 .bookings = calloc(rows, sizeof(result->bookings[0]))};
    CHECK(result->visits != NULL && result->bookings != NULL);
    (void)snprintf(result->name, sizeof(result->name), "%s %" PRIu64, drawing.day->name,
                   seed + (uint64_t)day);
    if (drawing.count > 0) {
        qsort(drawing.rows, (size_t)drawing.count, sizeof(drawing.rows[0]), by_arrival);
    }
    place_rows(&drawing, result);
    free(drawing.rows);
}

const struct trace_site *workload_site(const struct workload *workload, int day)
{
    return &workload->weekdays[day % workload->weekday_count]->site;
}

struct world_desk workload_desk(const struct workload *workload, int day,
                                const struct policy_terms *policy)
{
    const struct workload_weekday *weekday = workload->weekdays[day % workload->weekday_count];
    struct world_desk desk = trace_desk(&weekday->site, policy);
    desk.needs = workload->needs;
    if (weekday->sampler != NULL) {
        desk.stranger_factor = (double)weekday->sampler->lacks_language;
        desk.ghost_ms = (int64_t)weekday->sampler->no_show.over.mean_ms;
    }
    return desk;
}

int workload_weekdays(const struct workload *workload)
{
    return workload->weekday_count;
}

const struct policy_terms *workload_policy(const struct workload *workload)
{
    return &workload->policy;
}
