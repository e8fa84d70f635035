/* Learns from the journal: events in, knowledge out. Needs no engine: it remembers by itself who waits, who is called
 * and which counter is between two visitors, so that the knowledge of years is rebuilt by streaming rows through it, and
 * live events go on where those ended. Pure: local time comes from a callback.
 *
 * What it takes from where:
 *   visits     start -> close or transfer; not those that the day's end closed, nor outcome "left"
 *   walks      first call -> start            no-shows   first call -> no-show
 *   gaps       end at a counter -> its next call, or "ready", in the same spell of opening; only when somebody whose
 *              service it offers waited at that end, and (for a call) the one called did: nobody waits for a free counter
 *   waiting    leg_from -> call with start, no-show or leaving; not after a transfer
 *   arrivals   each ticket issued; a quarter hour counts as open when it lies between the day's first and last arrival
 *
 * Its memory of a day ends with the day. After DAY_CLOSED there is nothing but the knowledge and through_seq: that is
 * the moment to store them (learner_at_rest). */
#ifndef QUARTER_ENGINE_FORECAST_LEARNER_H
#define QUARTER_ENGINE_FORECAST_LEARNER_H

#include "engine/event.h"
#include "engine/forecast/knowledge.h"
#include "engine/rules.h"

struct local_time {
    int weekday; /* 0 = Monday */
    int quarter; /* quarter hour of the day, 0 .. 95 */
};
/* Of an instant (UTC ms) in the site's zone. */
typedef struct local_time learner_local_time(void *context, int64_t at_ms);

struct learner;

/* knowledge: borrowed, for good. through_seq: what it knows already (0: nothing); earlier events are passed over. */
struct learner *learner_create(struct knowledge *knowledge, int64_t through_seq,
                               learner_local_time *local_time, void *context);
void learner_destroy(struct learner *learner);

/* Which counters offer and speak what, from now on; copied. Before any, gaps and languages are not learned. */
void learner_set_rules(struct learner *learner, const struct rules *rules);
/* In order of seq. Events without a seq (0) are taken as they come. */
void learner_take(struct learner *learner, const struct event *event);

int64_t learner_through_seq(const struct learner *learner);
bool learner_at_rest(const struct learner *learner);
/* Forgets the day under way and starts over: after a failed commit, with knowledge as it was stored. */
void learner_restart(struct learner *learner, int64_t through_seq);

#endif
