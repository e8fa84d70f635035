/* The tasks of `queue-server simulate`; command.c chooses one. Each returns the exit code. */
#ifndef QUARTER_SIMULATE_COMMAND_PARTS_H
#define QUARTER_SIMULATE_COMMAND_PARTS_H

#include <signal.h>
#include <stdio.h>

#include "simulate/options.h"
#include "simulate/parallel.h"
#include "simulate/workload.h"

struct simulate_run {
    const struct simulate_options *options;
    const volatile sig_atomic_t *stop; /* Ctrl-C: tell what is known so far */
    FILE *out, *err;
};

int simulate_queue(const struct simulate_run *run);
int simulate_days(const struct simulate_run *run);
/* terms: of each policy of the options. */
int simulate_score(const struct simulate_run *run, const struct workload *workload,
                   const struct policy_terms *terms);

/* Jobs as asked for by the options; the caller adds job and context. From here on Ctrl-C stops the jobs, and what is
 * known is told; before, while files are read, it ends the program. */
struct parallel simulate_crew(const struct simulate_run *run, int jobs, const char *noun);
/* "queue-server: ..." on err; returns code. */
int simulate_complain(const struct simulate_run *run, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The exit code once everything was written. */
int simulate_finish(const struct simulate_run *run, bool partial);

#endif
