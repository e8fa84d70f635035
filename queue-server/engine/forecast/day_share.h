/* How the share within the standard will stand at a later instant of the day, of all whose standard is decided then (share
 * (b) of report/DEFINITIONS.md): what is decided already, and in each run of the forecast who of those who wait and of
 * those who come is called in time, too late, or has waited too long by then. */
#ifndef QUARTER_ENGINE_FORECAST_DAY_SHARE_H
#define QUARTER_ENGINE_FORECAST_DAY_SHARE_H

#include "engine/forecast/replication.h"

enum { DAY_SHARE_RUNS_MAX = 128 };

/* As the report has it at the snapshot's instant. Whoever still waits and was called before, or has waited longer than the
 * standard, is in it. */
struct day_so_far {
    bool known;
    int32_t within, of;
};

/* The mean over the runs, and between what it lies in four of five; the mean is always between them. */
struct day_share {
    bool known; /* false: nobody to count */
    double share, low, high;
};

struct day_share_tally {
    int64_t at_ms; /* INT64_MAX: the end of the day */
    struct day_so_far so_far;
    int runs;
    double shares[DAY_SHARE_RUNS_MAX]; /* of those runs in which anybody counts */
};

/* One run more, of this snapshot without newcomers; those past DAY_SHARE_RUNS_MAX are passed over. */
void day_share_count(struct day_share_tally *tally, const struct snapshot *snapshot,
                     const struct world *world, const struct world_visits *visits);
struct day_share day_share_of(struct day_share_tally *tally);

#endif
