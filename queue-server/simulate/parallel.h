/* Many independent jobs on a few threads. A job's result may depend on its number only, so that results do not depend on
 * how many threads there are; jobs are begun in order, and each that was begun is finished. */
#ifndef QUARTER_SIMULATE_PARALLEL_H
#define QUARTER_SIMULATE_PARALLEL_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

struct parallel {
    int jobs, threads;
    /* On any thread; worker: 0 .. threads - 1, for memory of its own. */
    void (*job)(void *context, int worker, int job);
    void *context;
    const volatile sig_atomic_t *stop; /* not 0: no further job is begun; may be NULL */
    /* Told while it takes longer than about two seconds; NULL: never. */
    FILE *progress;
    bool live;        /* progress is a terminal: one line that changes */
    const char *noun; /* "days" */
};

int parallel_default_threads(void); /* cores this process may use */
/* Returns when all is done: the number of jobs done, always the first ones. */
int parallel_run(const struct parallel *parallel);

#endif
