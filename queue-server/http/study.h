/* Follows the journal and learns from it: what happens at this centre (engine/forecast/knowledge.h), and whether what
 * was told of waits was true (scorer.h). It reads committed events only, over a connection of its own, a few at a time,
 * so that years can be caught up with beside the day's work. Owned by one thread.
 *
 * What it knows is kept in the store between two days, with the seq it reaches to: what came after is read again at the
 * next start. When what was kept is missing or damaged, everything is read again. */
#ifndef QUARTER_HTTP_STUDY_H
#define QUARTER_HTTP_STUDY_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/forecast/knowledge.h"
#include "http/scorer.h"
#include "site/site.h"
#include "store/store.h"

/* Names of the projections in the store. */
#define STUDY_KNOWLEDGE "knowledge"
#define STUDY_SCORE     "forecast_score"

/* Both texts reach to the same seq. */
struct study_kept {
    int64_t through_seq;
    char *knowledge, *score; /* owned; NULL: none */
};
void study_kept_destroy(struct study_kept *kept); /* what it owns, and itself; NULL-safe */

struct study_config {
    struct store_config store;
    const struct site *site; /* in force at the start; borrowed. Others are read from the journal */
    const struct rules *rules; /* of it; borrowed */
};

struct study;

/* kept: what the store had, borrowed for the call; NULL: nothing. */
struct study *study_create(const struct study_config *config, const struct study_kept *kept);
void study_destroy(struct study *study);

/* Reads on, a few hundred events at most. true: there is no more up to journal_seq (or the journal cannot be read). */
bool study_step(struct study *study, int64_t journal_seq);

int64_t study_through_seq(const struct study *study);
const struct knowledge *study_knowledge(const struct study *study);
const struct scorer *study_scorer(const struct study *study);
/* What is to be kept by now, if anything is that was not before; else NULL. The caller's to destroy. */
struct study_kept *study_take_kept(struct study *study, bool caught_up);

#endif
