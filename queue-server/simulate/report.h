/* What a policy did over days: the figures of SCIENCE.md, "Service level", for everybody, by class, by service and by day,
 * with intervals; and policies compared day by day.
 *
 * A visit counts by its first call; second legs (after a transfer) only show as the class `transfer`. A share is of those
 * who did not leave within the standard (the headline), or of all (strict). Intervals are 95 % over days, by Student's t
 * with days - 1 degrees of freedom; days are the clusters, for shares and means as ratios of day totals, for quantiles by
 * Woodruff's method (JASA 1952). What cannot be known is NAN here, "unknown" in tables, null in JSON, empty in CSV. */
#ifndef QUARTER_SIMULATE_REPORT_H
#define QUARTER_SIMULATE_REPORT_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

#include "engine/forecast/world.h"

enum { REPORT_POLICIES_MAX = 32, REPORT_NAME_MAX = 64 };

struct report;

/* One leg as it went. Times in ms. */
struct report_visit {
    int64_t leg_from_ms, leaves_ms;
    int64_t called_ms; /* -1: never */
    int64_t overtaken_ms;
    int32_t slips, late_slips; /* late: after the standard had passed */
    int16_t service;
    uint8_t ticket_class, outcome; /* enum ticket_class, enum world_outcome */
    bool silent;
};

/* low and high: of the 95 % interval. */
struct report_figure {
    double value, low, high;
};

struct report_row {
    int days;
    int64_t visits;  /* first legs that arrived (of the class transfer: second legs) */
    int64_t counted; /* of those, the headline's denominator */
    int64_t served, left,
        no_shows; /* no_shows: called, and had left without a word; part of left */
    int64_t
        missed; /* bookings that never came; not part of visits; by class and service -1, unknown */
    struct report_figure within, within_strict, left_share; /* shares, 0 .. 1 */
    struct report_figure mean_min, p50_min, p90_min, p95_min, excess_min;
    double max_min;
    struct report_figure passed_late; /* share of served who were passed over after the standard */
    struct report_figure slips_mean;
    double slips_max, overtaken_max_min; /* NAN unless slips were tracked */
};

/* One policy less another on the same days. */
struct report_paired {
    int days;
    struct report_figure within, within_strict, mean_min, p90_min, p95_min, excess_min;
};

enum report_group { REPORT_ALL, REPORT_CLASS, REPORT_SERVICE, REPORT_DAY };

struct report_terms {
    int64_t standard_ms;
    bool slips_tracked;
    int service_count;
    const char *const *services; /* copied */
};

struct report *report_create(const struct report_terms *terms);
void report_destroy(struct report *report);

int report_add_policy(struct report *report, const char *name); /* its index */
/* Days of one policy in order; paired comparisons need the same days of both. */
void report_begin_day(struct report *report, int policy, const char *name, int32_t missed);
void report_add_visit(struct report *report, int policy, const struct report_visit *visit);
/* Every ticket of a world that has run to its end. */
void report_add_world(struct report *report, int policy, const struct world *world);

/* Appends the days of a report of the same policies, and empties it: for days that were run by several threads. */
void report_absorb(struct report *report, struct report *from);

const struct report_terms *report_terms(const struct report *report); /* without services */
int report_policy_count(const struct report *report);
const char *report_policy_name(const struct report *report, int policy);
int report_group_count(const struct report *report, int policy, enum report_group group);
/* index: of the group: class, service, day; 0 of ALL. */
const char *report_group_name(const struct report *report, int policy, enum report_group group,
                              int index);
void report_row(const struct report *report, int policy, enum report_group group, int index,
                struct report_row *row);
void report_compare(const struct report *report, int policy, int base,
                    struct report_paired *paired);

/* A figure as text: "unknown" for NAN. */
const char *report_number(double value, int decimals, char *text, size_t size);

void report_write_table(const struct report *report, FILE *out);
void report_write_csv(const struct report *report, FILE *out);
json_t *report_json(const struct report *report); /* a new reference */

#endif
