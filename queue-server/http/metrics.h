/* What the server counts of itself, in Prometheus' text form (https://prometheus.io/docs/instrumenting/exposition_formats/):
 * base units, no ticket ids, no visitor's data. Any thread may count; nothing is locked. */
#ifndef QUARTER_HTTP_METRICS_H
#define QUARTER_HTTP_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/event.h"
#include "http/problem.h"
#include "http/scorer.h"

struct metrics;

struct metrics *metrics_create(void);
void metrics_destroy(struct metrics *metrics);

void metrics_count_answer(struct metrics *metrics, int http_status);
void metrics_count_problem(struct metrics *metrics, enum problem_code code);
void metrics_count_event(struct metrics *metrics, enum event_type type);
void metrics_count_visit(struct metrics *metrics, enum visit_kind kind);
void metrics_count_commit(struct metrics *metrics, int64_t took_ns, size_t commands);
void metrics_count_failed_commit(struct metrics *metrics);
void metrics_count_repeat(struct metrics *metrics); /* an idempotency key came again */

struct metrics_gauges {
    int64_t waiting;
    int64_t counters_open;
    int64_t help_calls; /* that nobody has answered */
    bool day_open;
    bool clock_plausible;
};
void metrics_set_gauges(struct metrics *metrics, const struct metrics_gauges *gauges);

/* What keeps the site's folder, as it was read last, from being in force; 0: nothing. */
void metrics_set_site_errors(struct metrics *metrics, int errors);
int metrics_site_errors(const struct metrics *metrics);

void metrics_count_forecast(struct metrics *metrics, int64_t took_ns, int64_t as_of_ms);
void metrics_set_score(struct metrics *metrics, const struct scorer_figures *figures);

/* The whole text; the caller frees. now_ms: engine time. */
char *metrics_text(const struct metrics *metrics, int streams, int64_t now_ms);

#endif
