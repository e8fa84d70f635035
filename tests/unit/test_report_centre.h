/* A centre that lives by a seed: the real engine, its events in the real journal, and the figures fed with them. */
#ifndef QUARTER_TESTS_REPORT_CENTRE_H
#define QUARTER_TESTS_REPORT_CENTRE_H

#include <stdint.h>

#include "engine/engine.h"
#include "report/today.h"
#include "store/store.h"

struct centre {
    struct engine *engine;
    struct decision decision;
    struct store *store; /* borrowed */
    struct today *today;
    struct rules rules;
    uint64_t random;
    int64_t now_ms, opened_ms; /* opened: the day at hand */
    int next_id;
    int seen[EVENT_TYPES];
    int undone[32]; /* by enum step */
};

void centre_set_up(struct centre *centre, struct store *store);
void centre_tear_down(struct centre *centre);
/* day: of November 2026, from 0. Opens, lives for some hours, is closed over whoever is there; sometimes twice. */
void centre_run_day(struct centre *centre, int day, uint64_t seed);
const char *centre_day(const struct centre *centre);

#endif
