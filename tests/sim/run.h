/* One run from one seed: some hundred steps, each from its own stream of chance, so that a run with steps left out is a
 * run too. What goes wrong ends the process (sim_fail, CHECK): a run is made in a process of its own. */
#ifndef QUARTER_TESTS_SIM_RUN_H
#define QUARTER_TESTS_SIM_RUN_H

#include "sites.h"
#include "witness.h"

enum { RUN_STEPS_MAX = 240, RUN_PROBLEMS_MAX = 64 };

struct run_plan {
    uint64_t seed;
    bool left_out[RUN_STEPS_MAX];
    bool verbose;    /* tells each step */
    bool disk_lies;  /* the canary: syncs that do nothing, which has to be found out */
    const char *dir; /* for keys: made and removed */
};

/* What came to pass, over all runs: a simulation that never reaches something proves nothing about it. */
struct run_tally {
    int64_t runs, steps, requests, accepted, refused, repeats, lost_answers, failed_batches, starts,
        failed_starts, power_cuts, cuts_in_batches, kills, faults_met, resurrected, site_changes,
        days, calls_compared;
    int64_t events[EVENT_TYPES], problems[RUN_PROBLEMS_MAX];
};

int run_step_count(uint64_t seed);
/* Returns a digest of all that was said and done: the same for the same plan. */
uint64_t run_seed(const struct run_plan *plan, struct sim_sites *sites, struct run_tally *tally);

#endif
