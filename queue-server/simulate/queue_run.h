/* The simulator on a queue whose answer is known: the world itself, with equal counters and one service, and what it
 * measures beside what exact.h says. A run is long, begins empty and leaves out its warm-up; what comes after its end
 * goes on arriving for as long, so that those measured last meet a queue like any other. */
#ifndef QUARTER_SIMULATE_QUEUE_RUN_H
#define QUARTER_SIMULATE_QUEUE_RUN_H

#include <stdint.h>

#include "simulate/exact.h"

enum { QUEUE_ARRIVALS_MAX = 20000000 };      /* of a run: 5 GB, for each thread */
static const double queue_years_max = 100.0; /* of a run: a world's clock ends after 278 */

struct queue_plan {
    struct exact_case queue;
    uint64_t seed;
    double warm_up_min, measured_min; /* of each run */
};

/* hours: measured; 0: as many as the load needs for a mean to about 1 % after 20 runs. */
struct queue_plan queue_plan_make(const struct exact_case *queue, double hours, uint64_t seed);

/* Of a run, on average; at most QUEUE_ARRIVALS_MAX. */
double queue_plan_arrivals(const struct queue_plan *plan);
/* From its first arrival to its last; at most queue_years_max. */
double queue_plan_years(const struct queue_plan *plan);

/* What run number `run` measured, in the order of exact_figures(), NAN where nobody of a class came; returns how many
 * arrivals it measured. Depends on nothing else. */
int queue_run(const struct queue_plan *plan, int run, double values[EXACT_FIGURES_MAX]);

struct queue_estimate {
    double mean, se; /* over independent runs; NAN unless two measured something */
    int runs;        /* that did */
};
/* values: [runs][EXACT_FIGURES_MAX], its first number */
struct queue_estimate queue_estimate(const double *values, int runs, int figure);

#endif
