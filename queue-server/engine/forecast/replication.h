/* Runs of a world from a snapshot: draws what the snapshot does not show, and lets the dispatcher go on. What is drawn, and
 * from what (sampler.h):
 *
 *   at the counters   what is left of a visit, given how long it has lasted; of a call: the walk, or nobody comes
 *   who waits         service time; patience, given the wait so far; whether they would tell us; transfers
 *   who is to come    the booked (or not), at an offset from their time, given that they are not here yet; walk-ins as a
 *                     Poisson process with the sampler's rates, corrected by how busy today has been
 *   the staff         walks, gaps, pauses; calls out of turn, if the centre has such
 *
 * Each number is a function of (whose, run, what for). Those of whoever is known by a key are stratified over the runs: run
 * r takes the stratum perm(r) of 0 .. runs - 1, with a permutation by key and purpose (Latin hypercube sampling: McKay,
 * Beckman, Conover 1979). Each run is as likely as before, and a mean of 100 is as steady as one of 200 to 260 without: over
 * seeds it deviates by 25 s instead of 41 (fifo), 36 instead of 50 (rescue), of waits of 15 to 19 min.
 * Walk-ins belong to a quarter hour, so that as time goes on a forecast loses those who should have come and keeps the
 * rest. */
#ifndef QUARTER_ENGINE_FORECAST_REPLICATION_H
#define QUARTER_ENGINE_FORECAST_REPLICATION_H

#include "engine/forecast/snapshot.h"
#include "engine/forecast/world.h"

struct replications;

struct replication_terms {
    int runs; /* strata */
    uint64_t seed;
    bool newcomers; /* with the snapshot's; and runs end when all who wait and they were called */
    bool whole_day; /* everybody who may come; else only those who can overtake who is here */
};

struct replications *replications_create(void);
void replications_destroy(struct replications *replications);

/* snapshot is borrowed until the next plan. */
void replications_plan(struct replications *replications, const struct snapshot *snapshot,
                       const struct replication_terms *terms);
/* One run, to its end. The world is good until the next run. */
const struct world *replications_run(struct replications *replications, int run);
/* The last run once more, with nothing drawn: what the dispatcher alone costs, for benchmarks. */
void replications_again(struct replications *replications);
/* When the last run called whom the forecast is about: first the snapshot's tickets, then its newcomers; -1: never. One
 * who lost patience is followed on as if with more. */
int64_t replications_called_ms(const struct replications *replications, size_t asked);
/* Of the last run, for outcomes of everybody: visits as given to the world, and who of them only watches. The snapshot's
 * ticket i has the id i + 1, everybody else the id 0. */
const struct world_visits *replications_visits(const struct replications *replications);

#endif
