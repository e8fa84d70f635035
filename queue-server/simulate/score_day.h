/* A day as it truly was, for the score: what a centre would have learned from it, and what could be seen of it at any
 * instant. Between the two lies all that a forecast may know. Instants are ms after the opening; the opening is taken to
 * be 09:00 for the quarter hours of the day. */
#ifndef QUARTER_SIMULATE_SCORE_DAY_H
#define QUARTER_SIMULATE_SCORE_DAY_H

#include "engine/forecast/knowledge.h"
#include "engine/forecast/sampler.h"
#include "engine/forecast/snapshot.h"
#include "simulate/messy.h"
#include "simulate/trace.h"
#include "simulate/workload.h"

enum { SCORE_OPENING_QUARTER = 36 };

struct score_day;

/* One visitor, as the run goes: an arrival (before it joins). */
struct score_day_watch {
    void *context;
    void (*on_arrival)(void *context, struct score_day *day, int32_t ticket);
    void (*on_call)(void *context, struct score_day *day, int32_t ticket);
};

/* policy is copied; workload is borrowed. */
struct score_day *score_day_create(const struct workload *workload,
                                   const struct policy_terms *policy, bool messy);
void score_day_destroy(struct score_day *day);

/* Invents day `number`; the day before is forgotten. */
void score_day_draw(struct score_day *day, uint64_t seed, int number);
/* Runs it through; watch, knowledge: NULL, or who looks on, or what learns. patient: this visit never leaves; -1: none. */
void score_day_run(struct score_day *day, const struct score_day_watch *watch,
                   struct knowledge *knowledge, int32_t patient);
/* The same, but stops where something is to be looked at: start, then run until each instant. */
void score_day_start(struct score_day *day, const struct score_day_watch *watch);
bool score_day_go_on(struct score_day *day, int64_t until_ms);

const struct trace_day *score_day_visits(const struct score_day *day);
const struct world *score_day_world(const struct score_day *day);
bool score_day_booked(const struct score_day *day, int32_t ticket);
/* Of the day's weekday. */
void score_day_prepare(const struct score_day *day, const struct knowledge *knowledge,
                       struct sampler *sampler);
/* What can be seen now; without newcomers. The sampler is the snapshot's already. */
void score_day_see(const struct score_day *day, struct snapshot *snapshot);

#endif
