/* Calls out of turn in a run of the forecast: staff call somebody else than the first now and then. */
#ifndef QUARTER_ENGINE_FORECAST_DETOUR_H
#define QUARTER_ENGINE_FORECAST_DETOUR_H

#include <stdint.h>

#include "engine/forecast/world.h"
#include "quarter/limits.h"

/* Of one run; zeroed before the first. Keeps its memory from run to run. */
struct detour {
    double share; /* of calls that are out of turn */
    uint64_t run_key;
    uint32_t picks[QUARTER_COUNTERS_MAX]; /* calls so far */
    /* The call that is being made: phantoms it meets on the way, then whom it calls. */
    int64_t at_ms; /* -1: none yet */
    int counter;
    int32_t target; /* WORLD_NOBODY: the call is in turn */
    int32_t left, *tickets, capacity;
};

/* Before each run; the same key gives the same calls. */
void detour_begin(struct detour *detour, double share, uint64_t run_key);
void detour_free(struct detour *detour);

/* Whom the counter calls where the policy says best; see struct world_hooks. */
int32_t detour_pick(struct detour *detour, const struct world *world, int counter, int32_t best);

#endif
