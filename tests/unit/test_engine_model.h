/* What an engine should answer, found out the slow way: by asking every ticket and every counter, from what can be
 * read of them. The rank of two tickets alone is policy_rank()'s: test_engine_policy.c holds that to its rules. */
#ifndef QUARTER_TESTS_ENGINE_MODEL_H
#define QUARTER_TESTS_ENGINE_MODEL_H

#include "engine/engine.h"

/* A counter that may call both calls a first. */
bool model_goes_first(const struct engine *engine, const struct ticket *a, const struct ticket *b,
                      int64_t now_ms);
/* May the counter, free, call who waits? */
bool model_may_call(const struct engine *engine, int counter, const struct ticket *ticket,
                    int64_t now_ms);
/* May it some day: the service and the hard needs? */
bool model_could_serve(const struct engine *engine, int counter, const struct ticket *ticket);
/* Whom the counter calls; NULL: nobody. waiting: how many it could. */
const struct ticket *model_first(const struct engine *engine, int counter, int64_t now_ms,
                                 int *waiting);
/* Of those who wait, how many come before it and share a counter with it. It may be somebody of one's own making, who
 * is to come. */
int model_ahead(const struct engine *engine, const struct ticket *ticket, int64_t now_ms);
/* Of the ready counters that may call it, the one it takes; -1: none. */
int model_taker(const struct engine *engine, const struct ticket *ticket, int64_t now_ms);

#endif
