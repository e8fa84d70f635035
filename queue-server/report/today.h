/* The figures of one day: what the manager's page shows of today, today.csv, and what reports are made of. Every figure is
 * defined in DEFINITIONS.md, next to this file; nothing here says it again.
 *
 * Pure: events in, figures out. Fed with every event of the journal in its order, live and on replay; an event of the
 * kinds that count is kept as a small fact, and figures are worked out from the facts when somebody asks: an undone step
 * is passed over then, and counts as if it had not been. One thread owns it. */
#ifndef QUARTER_REPORT_TODAY_H
#define QUARTER_REPORT_TODAY_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/event.h"

struct today;

struct today *today_create(void);
void today_destroy(struct today *today);

/* The day as it stands, for another thread to work its figures out; asked before and after, both say the same. */
struct today *today_copy(const struct today *today);

/* The first event that counts for another day, its DAY_OPENED or a visit recorded before, forgets the one before. What else
 * comes before the first of them is passed over. */
void today_take(struct today *today, const struct event *event);

const char *today_day(const struct today *today); /* "": none was opened yet */
/* Whether this ticket of the day had its first call, and it was not undone: then its wait is over, whatever it waits for
 * now. */
bool today_was_called(const struct today *today, const char *ticket);

struct today_terms {
    int64_t standard_ms; /* of the site in force */
    int32_t
        utc_offset_s; /* of the site's zone on that day, for hours of arrival and times in the CSV */
};

/* Durations in ms; -1: unknown. */
enum { TODAY_UNKNOWN = -1 };

struct today_share {
    int32_t within, of; /* unknown when of is 0 */
};

struct today_row {
    int32_t issued, called, served, left, left_at_close, no_show;
    int32_t transfers;
    int32_t waiting, at_counters, parked; /* now */
    int32_t services;                     /* that were timed */
    struct today_share of_called, of_decided;
    int64_t wait_mean_ms, wait_p50_ms, wait_p90_ms, wait_longest_ms;
    int64_t waiting_longest_ms, service_mean_ms;
};

struct today_service {
    const char *code;
    struct today_row row;
};

struct today_counter {
    const char *code;
    int32_t calls, served, sittings;
    int64_t sitting_mean_ms;
    int64_t open_ms, paused_ms, busy_ms;
};

struct today_count {
    const char *code;
    int32_t visits;
};

enum { TODAY_HOURS = 24 };

/* Lists are in the order of their codes; they may hold rows in which all is 0. */
struct today_figures {
    char day[QUARTER_DAY_LEN + 1]; /* "": none was opened yet */
    int64_t now_ms, standard_ms;
    struct today_row all;
    int32_t undone; /* steps */
    int32_t service_count, counter_count, avoidable_count;
    const struct today_service *services;
    struct today_row hours[TODAY_HOURS];
    const struct today_counter *counters;
    const struct today_count *avoidable;
    int32_t outcomes[OUTCOME_UNRECORDED + 1];
    int32_t queued, recorded[VISIT_KINDS];
};

/* As the day stood at now_ms: events after it do not count. Good until the next call for the same day. */
const struct today_figures *today_figures(struct today *today, const struct today_terms *terms,
                                          int64_t now_ms);

#endif
