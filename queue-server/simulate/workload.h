/* Days invented: who comes when, for what, for how long, and how patiently. Three sources, one way of drawing:
 *
 *   reference   the council customer-service centre of SCIENCE.md, "Workload"; the distributions of gen_traces.py, with
 *               random numbers of our own
 *   a site      its services, typical times, counters and hours; rates that keep its counters as busy as the
 *               reference's, each service by what its counters can do; the reference's shape of a day. No bookings:
 *               the site file knows of none
 *   history     a site with what its journal taught (knowledge.h): rates per service and quarter hour, bookings, service
 *               times, walks and gaps, patience, transfers, classes, languages
 *
 * A day is a function of (workload, seed, day): its visits are drawn by position, each from a stream of its own, so that
 * days do not depend on the order in which they are made. Any number of threads may draw from one workload.
 * Times are ms after the opening; day d is the weekday d % workload_weekdays() of an ordinary week. */
#ifndef QUARTER_SIMULATE_WORKLOAD_H
#define QUARTER_SIMULATE_WORKLOAD_H

#include <stdint.h>

#include "engine/forecast/knowledge.h"
#include "simulate/trace.h"
#include "site/site.h"

enum { WORKLOAD_MESSAGE_BYTES = 256 };

struct workload;

/* visits: walk-ins on an average day; 0: the centre's own. */
struct workload *workload_reference(double visits);
/* knowledge: NULL, or what the centre learned. INVALID: message says what the site lacks. */
enum status workload_of_site(const struct site *site, const struct knowledge *knowledge,
                             double visits, struct workload **workload,
                             char message[WORKLOAD_MESSAGE_BYTES]);
void workload_destroy(struct workload *workload);

/* Of day `day`: the desk's, with its counters' hours on that weekday. */
const struct trace_site *workload_site(const struct workload *workload, int day);
/* As trace_desk(), and with the needs and the times that are not a visit's. */
struct world_desk workload_desk(const struct workload *workload, int day,
                                const struct policy_terms *policy);
int workload_weekdays(const struct workload *workload);             /* open ones in a week */
double workload_expected(const struct workload *workload, int day); /* walk-ins */
const struct policy_terms *workload_policy(const struct workload *workload); /* the site's own */

/* result: own memory, see trace_day_free(). seed: of the first day; day d is drawn from seed + d. */
void workload_day(const struct workload *workload, uint64_t seed, int day,
                  struct trace_day *result);

#endif
