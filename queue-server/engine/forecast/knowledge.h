/* What a centre has learned about itself. Pure data under codes (indices change between days, codes do not), fed by the
 * learner from the journal or by the simulator directly; prepared for use by a sampler (sampler.h), which says by which
 * formula each figure follows from what is kept here.
 *
 * What is kept, all of it bounded:
 *   durations   the newest KNOWLEDGE_SEEN of each service as they were, each with counter, language and day
 *   lags        the newest KNOWLEDGE_LAGS each of: call to start, call to no-show, gap after a finish; booked offsets
 *   counts      arrivals, calls, leavers, transfers, classes, languages
 * Old days fade: half of a weight is left after KNOWLEDGE_HALF_LIFE open days. Weights are whole millionths and days are
 * counted, not dated, so that the written form (knowledge_text.h) is exact and a rebuilt knowledge is equal.
 *
 * Ids of services and counters are made on first sight and hold until the next knowledge_begin_day(), which may forget
 * the longest unseen. -1 (too many codes) is accepted everywhere and counts where no code is needed. One thread. */
#ifndef QUARTER_ENGINE_FORECAST_KNOWLEDGE_H
#define QUARTER_ENGINE_FORECAST_KNOWLEDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "quarter/limits.h"
#include "quarter/ticket.h"

enum {
    KNOWLEDGE_SERVICES = 2 * QUARTER_SERVICES_MAX, /* today's and those of former site files */
    KNOWLEDGE_COUNTERS = 2 * QUARTER_COUNTERS_MAX,
    KNOWLEDGE_LANGUAGES = 32,
    KNOWLEDGE_SEEN = 1024,
    KNOWLEDGE_LAGS = 512,
    KNOWLEDGE_HALF_LIFE = 20, /* open days: four weeks of five */
    KNOWLEDGE_QUARTERS = 96,  /* quarter hours of a day, local time */
    KNOWLEDGE_WEEKDAYS = 7,   /* 0 = Monday */
};

struct knowledge;

struct knowledge *knowledge_create(void);
void knowledge_destroy(struct knowledge *knowledge);
void knowledge_copy(struct knowledge *into, const struct knowledge *from);
void knowledge_clear(struct knowledge *knowledge);
bool knowledge_equal(const struct knowledge *a, const struct knowledge *b); /* written alike */

/* -1: no room today, or no code: 1 .. QUARTER_CODE_MAX of [A-Za-z0-9._-]. */
int knowledge_service(struct knowledge *knowledge, const char *code);
int knowledge_counter(struct knowledge *knowledge, const char *code);
int knowledge_find_service(const struct knowledge *knowledge, const char *code); /* -1: none */
int knowledge_find_counter(const struct knowledge *knowledge, const char *code);
int knowledge_service_count(const struct knowledge *knowledge);

/* Everything known ages by one open day. Before the first observation of each day; day: its date, "" for one that has
 * none. A day that goes on after it was closed by mistake (the same date again) is not begun twice. */
void knowledge_begin_day(struct knowledge *knowledge, const char *day);
int32_t knowledge_days(const struct knowledge *knowledge); /* begun */

/* ---- At the counters */

/* Start to finish of a visit. counter: -1 when not known; lacks_language: the visitor gave a language that the counter
 * does not speak. Outliers are taken too: what is one shows only when more is known. */
struct knowledge_visit {
    int service, counter;
    bool lacks_language;
    int64_t duration_ms;
};
void knowledge_add_visit(struct knowledge *knowledge, const struct knowledge_visit *visit);
/* A leg ended at a counter: next_service < 0, or the service it was transferred to. */
void knowledge_add_leg_end(struct knowledge *knowledge, int service, int next_service);

void knowledge_add_walk(struct knowledge *knowledge, int64_t call_to_start_ms);
void knowledge_add_no_show(struct knowledge *knowledge, int64_t occupied_ms);
/* From the end of a visit to the next call (or to "ready"), while somebody it could serve waited. 0 counts. */
void knowledge_add_gap(struct knowledge *knowledge, int64_t gap_ms);
/* A call where there was a choice: more than one waited whom the counter could have called. */
void knowledge_add_call(struct knowledge *knowledge, bool out_of_turn);

/* ---- Who waits */

enum knowledge_crowd { CROWD_WALK_IN, CROWD_BOOKED };
enum { KNOWLEDGE_CROWDS = CROWD_BOOKED + 1 };

/* How a wait from leg_from ended. Transfers are not asked: who was served once stays. Of more than a day: a clock that
 * leapt, and nothing is learned. */
enum wait_end {
    WAIT_CALLED,        /* and came */
    WAIT_LEFT_TOLD,     /* told us that they leave */
    WAIT_LEFT_SILENTLY, /* called, and nobody came: left at some time before */
};
void knowledge_add_wait(struct knowledge *knowledge, enum knowledge_crowd crowd, enum wait_end end,
                        int64_t waited_ms);

/* ---- Who comes */

struct knowledge_arrival {
    int service;
    enum knowledge_crowd crowd;
    enum ticket_class ticket_class; /* of walk-ins: NORMAL, ASSISTED, URGENT */
    int quarter, weekday;           /* local time of arrival */
    const char *language;           /* code; "": none given */
};
void knowledge_add_arrival(struct knowledge *knowledge, const struct knowledge_arrival *arrival);
/* The doors were open in these quarters [from, until) of this day; each quarter when it is over, in order; one that
 * was told before is passed over. Without it arrivals are a number, not a rate. */
void knowledge_add_open_quarters(struct knowledge *knowledge, int weekday, int from, int until);
/* Arrival - appointment, negative when early; a booked visitor who never came has none. */
void knowledge_add_booked_offset(struct knowledge *knowledge, int64_t offset_ms);
void knowledge_add_booked_never(struct knowledge *knowledge);

/* ---- Told to people */

/* Durations of a service that are kept; 0 also for an unknown one. */
int32_t knowledge_visits_seen(const struct knowledge *knowledge, const char *service);

#endif
