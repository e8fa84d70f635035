/* What a centre has learned: taking observations in, and letting them fade. What follows from them is the sampler's. */
#include "engine/forecast/knowledge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/forecast/knowledge_state.h"
#include "quarter/check.h"

enum { MINUTE_MS = 60000 };

const int64_t patience_from_ms[PATIENCE_SPANS] = {
    0,
    (int64_t)5 * MINUTE_MS,
    (int64_t)10 * MINUTE_MS,
    (int64_t)15 * MINUTE_MS,
    (int64_t)20 * MINUTE_MS,
    (int64_t)30 * MINUTE_MS,
    (int64_t)45 * MINUTE_MS,
    (int64_t)60 * MINUTE_MS,
    (int64_t)90 * MINUTE_MS,
};

/* ---- Life */

struct knowledge *knowledge_create(void)
{
    struct knowledge *knowledge = calloc(1, sizeof(*knowledge));
    CHECK(knowledge != NULL);
    return knowledge;
}

void knowledge_clear(struct knowledge *knowledge)
{
    for (int i = 0; i < knowledge->service_count; i++) {
        free(knowledge->services[i]);
    }
    memset(knowledge, 0, sizeof(*knowledge));
}

void knowledge_destroy(struct knowledge *knowledge)
{
    if (knowledge != NULL) {
        knowledge_clear(knowledge);
        free(knowledge);
    }
}

void knowledge_copy(struct knowledge *into, const struct knowledge *from)
{
    CHECK(into != from);
    knowledge_clear(into);
    *into = *from;
    for (int i = 0; i < from->service_count; i++) {
        into->services[i] = malloc(sizeof(*into->services[i]));
        CHECK(into->services[i] != NULL);
        *into->services[i] = *from->services[i];
    }
}

/* ---- Codes */

bool knowledge_is_code(const char *code)
{
    const size_t length =
        strspn(code, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");
    return code[length] == '\0' && length >= 1 && length <= QUARTER_CODE_MAX;
}

int knowledge_find_service(const struct knowledge *knowledge, const char *code)
{
    for (int i = 0; i < knowledge->service_count; i++) {
        if (strcmp(knowledge->services[i]->code, code) == 0) {
            return i;
        }
    }
    return -1;
}

int knowledge_find_counter(const struct knowledge *knowledge, const char *code)
{
    for (int i = 0; i < knowledge->counter_count; i++) {
        if (strcmp(knowledge->counters[i].code, code) == 0) {
            return i;
        }
    }
    return -1;
}

int knowledge_service_count(const struct knowledge *knowledge)
{
    return knowledge->service_count;
}

struct service_memory *knowledge_new_service(struct knowledge *knowledge, const char *code)
{
    struct service_memory *service = calloc(1, sizeof(*service));
    CHECK(service != NULL && knowledge->service_count < KNOWLEDGE_SERVICES);
    memcpy(service->code, code, strlen(code) + 1);
    service->last_day = knowledge->days;
    knowledge->services[knowledge->service_count++] = service;
    return service;
}

int knowledge_service(struct knowledge *knowledge, const char *code)
{
    const int known = knowledge_find_service(knowledge, code);
    if (known >= 0) {
        return known;
    }
    if (!knowledge_is_code(code) || knowledge->service_count == KNOWLEDGE_SERVICES) {
        return -1;
    }
    knowledge_new_service(knowledge, code);
    return knowledge->service_count - 1;
}

int knowledge_counter(struct knowledge *knowledge, const char *code)
{
    const int known = knowledge_find_counter(knowledge, code);
    if (known >= 0) {
        return known;
    }
    if (!knowledge_is_code(code) || knowledge->counter_count == KNOWLEDGE_COUNTERS) {
        return -1;
    }
    struct counter_memory *counter = &knowledge->counters[knowledge->counter_count++];
    memcpy(counter->code, code, strlen(code) + 1);
    counter->last_day = knowledge->days;
    return knowledge->counter_count - 1;
}

static struct service_memory *service_of(struct knowledge *knowledge, int service)
{
    CHECK(service >= -1 && service < knowledge->service_count);
    if (service < 0) {
        return NULL;
    }
    knowledge->services[service]->last_day = knowledge->days;
    return knowledge->services[service];
}

/* ---- Days */

static void fade(int64_t *sums, int count)
{
    for (int i = 0; i < count; i++) {
        sums[i] = (sums[i] * SUM_FADE + SUM_ONE / 2) / SUM_ONE;
    }
}

static void fade_all(struct knowledge *knowledge)
{
    for (int i = 0; i < knowledge->service_count; i++) {
        struct service_memory *service = knowledge->services[i];
        fade(&service->legs, 1);
        fade(service->transferred, KNOWLEDGE_SERVICES);
        for (int crowd = 0; crowd < KNOWLEDGE_CROWDS; crowd++) {
            fade(service->arrived[crowd], KNOWLEDGE_QUARTERS);
        }
    }
    for (int i = 0; i < knowledge->language_count; i++) {
        fade(&knowledge->languages[i].arrived, 1);
    }
    for (int i = 0; i < LAG_KINDS; i++) {
        fade(&knowledge->lags[i].all, 1);
        fade(&knowledge->lags[i].over, 1);
    }
    for (int crowd = 0; crowd < KNOWLEDGE_CROWDS; crowd++) {
        fade(knowledge->patience[crowd].left, PATIENCE_SPANS);
        fade(knowledge->patience[crowd].exposed_ms, PATIENCE_SPANS);
    }
    fade(knowledge->sums, SUM_KINDS);
    fade(knowledge->open_quarters, KNOWLEDGE_QUARTERS);
    fade(knowledge->weekday_walk_ins, KNOWLEDGE_WEEKDAYS);
    fade(knowledge->weekday_quarters, KNOWLEDGE_WEEKDAYS);
}

static void forget_service(struct knowledge *knowledge, int gone)
{
    free(knowledge->services[gone]);
    const int after = --knowledge->service_count - gone;
    memmove(&knowledge->services[gone], &knowledge->services[gone + 1],
            (size_t)after * sizeof(struct service_memory *));
    knowledge->services[knowledge->service_count] = NULL;
    for (int i = 0; i < knowledge->service_count; i++) {
        int64_t *to = knowledge->services[i]->transferred;
        memmove(&to[gone], &to[gone + 1], (size_t)after * sizeof(int64_t));
        to[knowledge->service_count] = 0;
    }
}

static void forget_counter(struct knowledge *knowledge, int gone)
{
    const int after = --knowledge->counter_count - gone;
    memmove(&knowledge->counters[gone], &knowledge->counters[gone + 1],
            (size_t)after * sizeof(struct counter_memory));
    memset(&knowledge->counters[knowledge->counter_count], 0, sizeof(struct counter_memory));
    for (int i = 0; i < knowledge->service_count; i++) {
        struct service_memory *service = knowledge->services[i];
        for (int j = 0; j < service->ring.count; j++) {
            int16_t *counter = &service->seen[j].counter;
            if (*counter == gone) {
                *counter = -1;
            } else if (*counter > gone) {
                (*counter)--;
            }
        }
    }
}

/* Room for a whole new site file each day: the longest unseen go. */
static void forget_codes(struct knowledge *knowledge)
{
    while (knowledge->service_count > QUARTER_SERVICES_MAX) {
        int oldest = 0;
        for (int i = 1; i < knowledge->service_count; i++) {
            if (knowledge->services[i]->last_day < knowledge->services[oldest]->last_day) {
                oldest = i;
            }
        }
        forget_service(knowledge, oldest);
    }
    while (knowledge->counter_count > QUARTER_COUNTERS_MAX) {
        int oldest = 0;
        for (int i = 1; i < knowledge->counter_count; i++) {
            if (knowledge->counters[i].last_day < knowledge->counters[oldest].last_day) {
                oldest = i;
            }
        }
        forget_counter(knowledge, oldest);
    }
}

void knowledge_begin_day(struct knowledge *knowledge, const char *day)
{
    CHECK(strlen(day) <= QUARTER_DAY_LEN);
    if (day[0] != '\0' && strcmp(day, knowledge->day) == 0) {
        return;
    }
    memset(knowledge->day, 0, sizeof(knowledge->day));
    memcpy(knowledge->day, day, strlen(day));
    knowledge->days++;
    knowledge->open_until = 0;
    fade_all(knowledge);
    forget_codes(knowledge);
}

int32_t knowledge_days(const struct knowledge *knowledge)
{
    return knowledge->days;
}

double weight_of_day(const struct knowledge *knowledge, int32_t day)
{
    return exp2(-(double)(knowledge->days - day) / KNOWLEDGE_HALF_LIFE);
}

/* ---- Adding up */

static void add(int64_t *sum, int64_t more)
{
    *sum = *sum > sum_max - more ? sum_max : *sum + more;
}

int ring_at(const struct ring *ring, int capacity, int i)
{
    return (ring->next - ring->count + i + capacity) % capacity;
}

int ring_push(struct ring *ring, int capacity)
{
    const int at = ring->next;
    ring->next = (ring->next + 1) % capacity;
    ring->count += ring->count < capacity;
    return at;
}

void knowledge_add_visit(struct knowledge *knowledge, const struct knowledge_visit *visit)
{
    CHECK(visit->counter >= -1 && visit->counter < knowledge->counter_count);
    if (visit->counter >= 0) {
        knowledge->counters[visit->counter].last_day = knowledge->days;
    }
    struct service_memory *service = service_of(knowledge, visit->service);
    if (service == NULL || visit->duration_ms <= 0) {
        return;
    }
    const int64_t ms = visit->duration_ms < DURATION_MAX_MS ? visit->duration_ms : DURATION_MAX_MS;
    service->seen[ring_push(&service->ring, KNOWLEDGE_SEEN)] =
        (struct seen_visit){.duration_ms = (int32_t)ms,
                            .day = knowledge->days,
                            .counter = (int16_t)visit->counter,
                            .lacks_language = visit->lacks_language};
}

void knowledge_add_leg_end(struct knowledge *knowledge, int service, int next_service)
{
    CHECK(next_service >= -1 && next_service < knowledge->service_count);
    struct service_memory *from = service_of(knowledge, service);
    if (from == NULL) {
        return;
    }
    add(&from->legs, SUM_ONE);
    if (next_service >= 0) {
        add(&from->transferred[next_service], SUM_ONE);
    }
}

static void add_lag(struct knowledge *knowledge, enum lag_kind kind, int64_t value_ms)
{
    struct lag_memory *lag = &knowledge->lags[kind];
    const bool booked = kind == LAG_BOOKED;
    const int64_t max_ms = booked ? OFFSET_MAX_MS : LAG_MAX_MS;
    if (value_ms > max_ms || value_ms < -(booked ? max_ms : 0)) {
        return;
    }
    add(&lag->all, SUM_ONE);
    if (!booked && value_ms <= LAG_ZERO_MS) {
        return;
    }
    add(&lag->over, SUM_ONE);
    lag->seen[ring_push(&lag->ring, KNOWLEDGE_LAGS)] =
        (struct seen_value){.value_ms = (int32_t)value_ms, .day = knowledge->days};
}

void knowledge_add_walk(struct knowledge *knowledge, int64_t call_to_start_ms)
{
    add_lag(knowledge, LAG_WALK, call_to_start_ms);
}

void knowledge_add_no_show(struct knowledge *knowledge, int64_t occupied_ms)
{
    add_lag(knowledge, LAG_NO_SHOW, occupied_ms);
}

void knowledge_add_gap(struct knowledge *knowledge, int64_t gap_ms)
{
    add_lag(knowledge, LAG_GAP, gap_ms);
}

void knowledge_add_booked_offset(struct knowledge *knowledge, int64_t offset_ms)
{
    add_lag(knowledge, LAG_BOOKED, offset_ms);
}

void knowledge_add_booked_never(struct knowledge *knowledge)
{
    add(&knowledge->lags[LAG_BOOKED].all, SUM_ONE);
}

void knowledge_add_call(struct knowledge *knowledge, bool out_of_turn)
{
    add(&knowledge->sums[SUM_CALLS], SUM_ONE);
    add(&knowledge->sums[SUM_OUT_OF_TURN], out_of_turn ? SUM_ONE : 0);
}

/* ---- Leaving */

/* SCIENCE.md, "Workload": 12 % with mean 25 min, 88 % with mean 150; the booked all of the patient kind. The mixture's
 * hazard is taken in the middle of a span. */
static double prior_hazard(enum knowledge_crowd crowd, int span)
{
    const double hasty = 1.0 / (25.0 * MINUTE_MS);
    const double patient = 1.0 / (150.0 * MINUTE_MS);
    if (crowd == CROWD_BOOKED) {
        return patient;
    }
    const double from_ms = (double)patience_from_ms[span];
    const double until_ms =
        span + 1 < PATIENCE_SPANS ? (double)patience_from_ms[span + 1] : from_ms * 2;
    const double at_ms = (from_ms + until_ms) / 2;
    const double hasty_left = 0.12 * exp(-hasty * at_ms);
    const double patient_left = 0.88 * exp(-patient * at_ms);
    return (hasty_left * hasty + patient_left * patient) / (hasty_left + patient_left);
}

void patience_hazards(const struct knowledge *knowledge, enum knowledge_crowd crowd,
                      double hazards[PATIENCE_SPANS])
{
    const double prior_exposed_ms = 600.0 * MINUTE_MS;
    const struct patience_memory *patience = &knowledge->patience[crowd];
    for (int i = 0; i < PATIENCE_SPANS; i++) {
        const double left = (double)patience->left[i] / SUM_ONE;
        hazards[i] = (left + prior_hazard(crowd, i) * prior_exposed_ms) /
                     ((double)patience->exposed_ms[i] + prior_exposed_ms);
    }
}

/* How much of a wait falls into a span. */
static int64_t part_in_span(int span, int64_t waited_ms)
{
    const int64_t from_ms = patience_from_ms[span];
    const int64_t until_ms = span + 1 < PATIENCE_SPANS && patience_from_ms[span + 1] < waited_ms
                                 ? patience_from_ms[span + 1]
                                 : waited_ms;
    return until_ms > from_ms ? until_ms - from_ms : 0;
}

static int span_of(int64_t waited_ms)
{
    int span = PATIENCE_SPANS - 1;
    while (span > 0 && patience_from_ms[span] > waited_ms) {
        span--;
    }
    return span;
}

/* Left at T somewhere before w: expectations under the present hazards h. With S the survivor function and a, b the ends
 * of a span (b not after w):
 *   P(T in span)      = (S(a) - S(b)) / (1 - S(w))
 *   E(exposed in span) = ((S(a) - S(b)) / h - S(w) (b - a)) / (1 - S(w)) */
static void add_left_silently(struct knowledge *knowledge, enum knowledge_crowd crowd,
                              int64_t waited_ms)
{
    double hazards[PATIENCE_SPANS];
    double survive[PATIENCE_SPANS + 1];
    patience_hazards(knowledge, crowd, hazards);
    survive[0] = 1;
    for (int i = 0; i < PATIENCE_SPANS; i++) {
        survive[i + 1] = survive[i] * exp(-hazards[i] * (double)part_in_span(i, waited_ms));
    }
    const double at_call = survive[PATIENCE_SPANS];
    struct patience_memory *patience = &knowledge->patience[crowd];
    for (int i = 0; i < PATIENCE_SPANS && part_in_span(i, waited_ms) > 0; i++) {
        const double gone = survive[i] - survive[i + 1];
        const double exposed_ms = gone / hazards[i] - at_call * (double)part_in_span(i, waited_ms);
        add(&patience->left[i], llround(gone / (1 - at_call) * SUM_ONE));
        add(&patience->exposed_ms[i], llround(fmax(exposed_ms, 0) / (1 - at_call)));
    }
}

void knowledge_add_wait(struct knowledge *knowledge, enum knowledge_crowd crowd, enum wait_end end,
                        int64_t waited_ms)
{
    struct patience_memory *patience = &knowledge->patience[crowd];
    if (waited_ms > DURATION_MAX_MS) {
        return; /* the clock leapt */
    }
    if (end == WAIT_LEFT_SILENTLY) {
        add(&knowledge->sums[SUM_LEFT_SILENTLY], SUM_ONE);
        /* Below a second all shares are alike, and 1 - S(w) is nothing to divide by. */
        add_left_silently(knowledge, crowd, waited_ms > 1000 ? waited_ms : 1000);
        return;
    }
    for (int i = 0; i < PATIENCE_SPANS; i++) {
        add(&patience->exposed_ms[i], part_in_span(i, waited_ms));
    }
    if (end == WAIT_LEFT_TOLD) {
        add(&knowledge->sums[SUM_LEFT_TOLD], SUM_ONE);
        add(&patience->left[span_of(waited_ms)], SUM_ONE);
    }
}

/* ---- Arrivals */

static void add_language(struct knowledge *knowledge, const char *code)
{
    add(&knowledge->sums[SUM_ARRIVED], SUM_ONE);
    if (!knowledge_is_code(code)) {
        return;
    }
    int at = 0;
    int least = 0;
    while (at < knowledge->language_count && strcmp(knowledge->languages[at].code, code) != 0) {
        least = knowledge->languages[at].arrived < knowledge->languages[least].arrived ? at : least;
        at++;
    }
    if (at == KNOWLEDGE_LANGUAGES) {
        at = least; /* the rarest makes room */
        memset(&knowledge->languages[at], 0, sizeof(knowledge->languages[at]));
    }
    knowledge->language_count += at == knowledge->language_count;
    memcpy(knowledge->languages[at].code, code, strlen(code) + 1);
    add(&knowledge->languages[at].arrived, SUM_ONE);
}

void knowledge_add_arrival(struct knowledge *knowledge, const struct knowledge_arrival *arrival)
{
    CHECK(arrival->quarter >= 0 && arrival->quarter < KNOWLEDGE_QUARTERS);
    CHECK(arrival->weekday >= 0 && arrival->weekday < KNOWLEDGE_WEEKDAYS);
    struct service_memory *service = service_of(knowledge, arrival->service);
    if (service != NULL) {
        add(&service->arrived[arrival->crowd][arrival->quarter], SUM_ONE);
    }
    add_language(knowledge, arrival->language);
    if (arrival->crowd == CROWD_WALK_IN) {
        add(&knowledge->weekday_walk_ins[arrival->weekday], SUM_ONE);
        add(&knowledge->sums[SUM_WALK_INS], SUM_ONE);
        add(&knowledge->sums[SUM_ASSISTED], arrival->ticket_class == CLASS_ASSISTED ? SUM_ONE : 0);
        add(&knowledge->sums[SUM_URGENT], arrival->ticket_class == CLASS_URGENT ? SUM_ONE : 0);
    }
}

void knowledge_add_open_quarters(struct knowledge *knowledge, int weekday, int from, int until)
{
    CHECK(from >= 0 && until <= KNOWLEDGE_QUARTERS);
    CHECK(weekday >= 0 && weekday < KNOWLEDGE_WEEKDAYS);
    for (int i = from > knowledge->open_until ? from : knowledge->open_until; i < until; i++) {
        add(&knowledge->open_quarters[i], SUM_ONE);
        add(&knowledge->weekday_quarters[weekday], SUM_ONE);
        knowledge->open_until = i + 1;
    }
}

int32_t knowledge_visits_seen(const struct knowledge *knowledge, const char *service)
{
    const int index = knowledge_find_service(knowledge, service);
    return index < 0 ? 0 : knowledge->services[index]->ring.count;
}
