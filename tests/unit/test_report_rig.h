/* Days for the figures, without an engine: events as its journal would have them, made by hand or by chance. */
#ifndef QUARTER_TESTS_REPORT_RIG_H
#define QUARTER_TESTS_REPORT_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/today.h"

#define REPORT_DAY "2026-11-24"
#define MINUTE_MS  INT64_C(60000)
#define NINE_MS    INT64_C(1795510800000) /* 2026-11-24T09:00:00Z */

struct report_rig {
    struct today *today;
    struct today_terms terms; /* 15 min, UTC */
    int64_t now_ms;
    struct event *log;
    size_t count, capacity;
};

void report_rig_set_up(struct report_rig *rig); /* at nine, the day open */
void report_rig_tear_down(struct report_rig *rig);

/* An event of now; report_take() gives it the next seq. */
struct event report_event(const struct report_rig *rig, enum event_type type, int ticket,
                          const char *counter);
void report_take(struct report_rig *rig, const struct event *event);
void report_wait(struct report_rig *rig, int64_t ms);

/* Shorthand for events that need no more. */
void report_issue(struct report_rig *rig, int ticket, const char *service);
void report_at(struct report_rig *rig, enum event_type type, int ticket, const char *counter);
void report_finish(struct report_rig *rig, int ticket, const char *counter, enum outcome outcome);
void report_transfer(struct report_rig *rig, int ticket, const char *counter, const char *service);
void report_undo(struct report_rig *rig, int ticket, const char *counter, enum step step);

const struct today_figures *report_now(struct report_rig *rig);
const struct today_row *report_service(const struct today_figures *figures, const char *service);
const struct today_counter *report_counter(const struct today_figures *figures,
                                           const char *counter);

/* From a seed: everything that can happen to that many visits, at 8 counters, until the day is closed over the rest.
 * undone: as many flags as the log has events, of those that were undone or undid; the caller frees. */
bool *report_random_day(struct report_rig *rig, uint64_t seed, int visits);
uint64_t report_random(uint64_t *state);

#endif
