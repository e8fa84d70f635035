/* What `queue-server simulate` was asked to do. */
#ifndef QUARTER_SIMULATE_OPTIONS_H
#define QUARTER_SIMULATE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "simulate/exact.h"
#include "simulate/policies.h"

enum simulate_task { SIMULATE_TRACES, SIMULATE_SYNTHETIC, SIMULATE_QUEUE };
enum simulate_exit {
    SIMULATE_FINE = 0,
    SIMULATE_FAILED = 1,
    SIMULATE_USAGE = 2,
    SIMULATE_BAD_DATA = 78,
};
enum simulate_format { SIMULATE_TABLE, SIMULATE_JSON, SIMULATE_CSV };

enum {
    SIMULATE_DAYS_MAX = 10000,
    SIMULATE_THREADS_MAX = 64,
    SIMULATE_RUNS_MAX = 10000,
};

struct simulate_options {
    enum simulate_task task;
    const char *traces, *site, *data, *save; /* folders; NULL: none */
    struct policies policies;
    enum simulate_format format;
    int days, threads;
    uint64_t seed;
    double visits; /* a day, on average; 0: from the site */
    bool score_forecast, messy, progress;
    int alarm_days, advice_moments; /* of score_forecast; 0: none */
    struct exact_case queue;
    int runs;
    double hours; /* of each run; 0: as many as the load needs */
};

/* -1: go on; otherwise the exit code, with help on `out` or what is wrong on `err`. Strings are borrowed from argv. */
int simulate_read_options(int argc, char **argv, struct simulate_options *options, FILE *out,
                          FILE *err);

#endif
