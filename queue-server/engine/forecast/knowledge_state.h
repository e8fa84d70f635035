/* What a knowledge holds. Private to the knowledge, its written form and the sampler.
 * Sums fade day by day, in whole millionths (exposures: whole ms), and stop growing at sum_max, so that fading never
 * overflows 64 bits. */
#ifndef QUARTER_ENGINE_FORECAST_KNOWLEDGE_STATE_H
#define QUARTER_ENGINE_FORECAST_KNOWLEDGE_STATE_H

#include <stddef.h>

#include "engine/forecast/knowledge.h"

enum {
    SUM_ONE = 1000000,
    SUM_FADE = 965936, /* of a million: 2^(-1 / KNOWLEDGE_HALF_LIFE) */
    DURATION_MAX_MS = 24 * 3600 * 1000,
    LAG_MAX_MS = 20 * 60 * 1000, /* above it was a break */
    LAG_ZERO_MS = 1000,          /* up to here there was none to speak of */
    OFFSET_MAX_MS = 4 * 3600 * 1000,
    PATIENCE_SPANS = 9,
};
static const int64_t sum_max = INT64_C(4000000000000);

struct seen_visit {
    int32_t duration_ms, day;
    int16_t counter; /* -1: not known (any more) */
    bool lacks_language;
};

struct seen_value {
    int32_t value_ms, day;
};

/* The newest ones: `count` of them, the oldest at (next - count) modulo the capacity. */
struct ring {
    int32_t count, next;
};

struct service_memory {
    char code[QUARTER_CODE_MAX + 1];
    int32_t last_day;
    struct ring ring;
    struct seen_visit seen[KNOWLEDGE_SEEN];
    int64_t legs;
    int64_t transferred[KNOWLEDGE_SERVICES]; /* to which */
    int64_t arrived[KNOWLEDGE_CROWDS][KNOWLEDGE_QUARTERS];
};

struct counter_memory {
    char code[QUARTER_CODE_MAX + 1];
    int32_t last_day;
};

struct language_memory {
    char code[QUARTER_CODE_MAX + 1];
    int64_t arrived;
};

enum lag_kind { LAG_WALK, LAG_NO_SHOW, LAG_GAP, LAG_BOOKED };
enum { LAG_KINDS = LAG_BOOKED + 1 };

struct lag_memory {
    int64_t all, over; /* over LAG_ZERO_MS; of bookings: those who came */
    struct ring ring;
    struct seen_value seen[KNOWLEDGE_LAGS];
};

struct patience_memory {
    int64_t left[PATIENCE_SPANS];
    int64_t exposed_ms[PATIENCE_SPANS];
};

/* Each is a sum over all services; the written form has them in this order. */
enum sum_kind {
    SUM_CALLS,
    SUM_OUT_OF_TURN,
    SUM_LEFT_TOLD,
    SUM_LEFT_SILENTLY,
    SUM_WALK_INS,
    SUM_ASSISTED,
    SUM_URGENT,
    SUM_ARRIVED, /* that could have given a language */
};
enum { SUM_KINDS = SUM_ARRIVED + 1 };

struct knowledge {
    int32_t days;
    char day[QUARTER_DAY_LEN + 1];
    int open_until; /* quarter hours of this day told so far */
    int service_count, counter_count, language_count;
    struct service_memory *services[KNOWLEDGE_SERVICES];
    struct counter_memory counters[KNOWLEDGE_COUNTERS];
    struct language_memory languages[KNOWLEDGE_LANGUAGES];
    struct lag_memory lags[LAG_KINDS];
    struct patience_memory patience[KNOWLEDGE_CROWDS];
    int64_t sums[SUM_KINDS];
    int64_t open_quarters[KNOWLEDGE_QUARTERS];
    int64_t weekday_walk_ins[KNOWLEDGE_WEEKDAYS], weekday_quarters[KNOWLEDGE_WEEKDAYS];
};

/* Where span i of a wait begins, in ms; the last has no end. */
extern const int64_t patience_from_ms[PATIENCE_SPANS];

bool knowledge_is_code(const char *code);
/* Appends; the code is new and there is room. */
struct service_memory *knowledge_new_service(struct knowledge *knowledge, const char *code);

/* Index into a ring's array of the i-th oldest. In this order sums are made, so that they are the same after reading
 * the written form back. */
int ring_at(const struct ring *ring, int capacity, int i);
int ring_push(struct ring *ring, int capacity); /* where the new one goes */

/* Leaving, per ms waited, in each span: prior and observations together. */
void patience_hazards(const struct knowledge *knowledge, enum knowledge_crowd crowd,
                      double hazards[PATIENCE_SPANS]);
double weight_of_day(const struct knowledge *knowledge, int32_t day); /* 2^(-age / half-life) */

#endif
