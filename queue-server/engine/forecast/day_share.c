/* Counts the share within the standard. See day_share.h. */
#include "engine/forecast/day_share.h"

#include <math.h>
#include <stdlib.h>

static const double low_share = 0.1;
static const double high_share = 0.9;

/* Is it in what is counted so far? Who is still to come is not. */
static bool is_decided(const struct snapshot *snapshot, const struct world_visit *visit)
{
    if (visit->id == 0) {
        return false;
    }
    const struct snapshot_ticket *ticket = &snapshot->tickets[visit->id - 1];
    return ticket->called_before ||
           snapshot->now_ms - ticket->leg_from_ms > snapshot->policy.standard_ms;
}

/* 1 within the standard, 0 missed, -1 not decided at that instant. */
static int verdict(const struct world_ticket *ticket, int64_t at_ms, int64_t standard_ms)
{
    const struct world_visit *visit = ticket->visit;
    const bool is_here = visit->id > 0 || ticket->outcome != WORLD_EXPECTED;
    if (!is_here || ticket->leg_from_ms > at_ms) {
        return -1;
    }
    if (ticket->called_ms >= 0 && ticket->called_ms <= at_ms) {
        return ticket->called_ms - ticket->leg_from_ms <= standard_ms;
    }
    const bool has_left = !visit->silent && visit->leaves_ms < at_ms;
    const int64_t end_ms = has_left ? visit->leaves_ms : at_ms;
    return end_ms - ticket->leg_from_ms > standard_ms ? 0 : -1;
}

void day_share_count(struct day_share_tally *tally, const struct snapshot *snapshot,
                     const struct world *world, const struct world_visits *visits)
{
    double within = tally->so_far.within;
    double of = tally->so_far.of;
    const bool at_end = tally->at_ms == INT64_MAX && snapshot->day_end_ms > 0;
    const int64_t at_ms = at_end ? snapshot->day_end_ms : tally->at_ms;
    for (int32_t i = visits->at_counters; i < visits->count; i++) {
        const struct world_ticket *ticket = world_ticket(world, i);
        if (ticket->visit->phantom || is_decided(snapshot, ticket->visit)) {
            continue;
        }
        const int said = verdict(ticket, at_ms, snapshot->policy.standard_ms);
        within += said == 1;
        of += said >= 0;
    }
    if (of > 0 && tally->runs < DAY_SHARE_RUNS_MAX) {
        tally->shares[tally->runs++] = within / of;
    }
}

static int by_size(const void *one, const void *other)
{
    const double a = *(const double *)one;
    const double b = *(const double *)other;
    return (a > b) - (a < b);
}

/* Linear between ranks. */
static double quantile(const double *sorted, int count, double share)
{
    const double place = share * (count - 1);
    const int below = (int)place;
    const double low = sorted[below];
    return below + 1 < count ? low + (sorted[below + 1] - low) * (place - below) : low;
}

struct day_share day_share_of(struct day_share_tally *tally)
{
    struct day_share day = {.known = tally->runs > 0};
    if (!day.known) {
        return day;
    }
    qsort(tally->shares, (size_t)tally->runs, sizeof(tally->shares[0]), by_size);
    for (int i = 0; i < tally->runs; i++) {
        day.share += tally->shares[i] / tally->runs;
    }
    /* One run in a hundred that goes otherwise moves the mean alone. */
    day.low = fmin(quantile(tally->shares, tally->runs, low_share), day.share);
    day.high = fmax(quantile(tally->shares, tally->runs, high_share), day.share);
    return day;
}
