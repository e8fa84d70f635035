/* What would happen if ...: the forecast's runs to the end of the day, future arrivals included, with and without a move,
 * on the same random numbers, so that small effects show. advice_make() tries the sensible moves, first with few runs,
 * spends the rest on those that may still be the best (racing: successive halving, as in Jamieson, Talwalkar 2016), and
 * ranks them by the share of visitors called within the standard.
 *
 * An advisor owns the memory of its runs; one thread at a time. Deterministic. */
#ifndef QUARTER_ENGINE_FORECAST_ADVICE_H
#define QUARTER_ENGINE_FORECAST_ADVICE_H

#include "engine/forecast/day_share.h"
#include "engine/forecast/snapshot.h"

enum { ADVICE_MOVES_MAX = 64, ADVICE_RUNS_MAX = 1024 };

enum move_type {
    MOVE_OPEN, /* a counter that is closed, paused or off duty works from now to the end of the day */
    MOVE_PAUSE,       /* a counter that works calls nobody for so long, after its present visitor */
    MOVE_SHIFT_BREAK, /* a break still to come starts later (or, negative, earlier) */
};

struct move {
    enum move_type type;
    int counter;
    uint64_t services; /* MOVE_OPEN: what it offers; 0: its own */
    int64_t by_ms;     /* MOVE_PAUSE: how long; MOVE_SHIFT_BREAK: by how much */
    int roster_break;  /* MOVE_SHIFT_BREAK: which of the counter's */
};

/* Of everybody who waits now or is still to come today. Shares and seconds are means over the runs. */
struct outlook {
    double within_share; /* SCIENCE.md's headline: called within the standard / all that count */
    double p95_s, mean_s;
    double passed_standard; /* visitors a day called later than the standard, or never */
    double left;            /* visitors a day who leave before they are called */
    bool known;             /* false: nobody to wait */
};

struct move_effect {
    struct move move;
    struct outlook outlook;
    double gain_share, gain_low, gain_high; /* within_share against doing nothing, 95 % interval */
    int runs;
};

struct advice {
    int64_t as_of_ms;
    struct outlook nothing;
    int runs; /* of doing nothing */
    int move_count;
    struct move_effect
        moves[ADVICE_MOVES_MAX]; /* best first: those longer in the race, then by gain */
};

struct advice_options {
    int runs;   /* of the best moves; 0: 200 */
    int screen; /* of each move; 0: 16 */
    uint64_t seed;
    int64_t shift_ms;  /* of breaks still to come, later and earlier; 0: 60 min, and half of it */
    bool on_duty_only; /* propose no counter that is not on today's roster */
};

struct advisor;

struct advisor *advisor_create(void);
void advisor_destroy(struct advisor *advisor);

/* The sensible moves from here, at most max: returns how many. */
int advice_moves(const struct snapshot *snapshot, const struct advice_options *options,
                 struct move *moves, int max);
/* All moves together, against doing nothing. NULL, or why one cannot be made, as a sentence. */
const char *advice_what_if(struct advisor *advisor, const struct snapshot *snapshot,
                           const struct move *moves, int count, int runs, uint64_t seed,
                           struct outlook *nothing, struct move_effect *effect);
/* What the rest of the day comes to when nothing is changed, and how the day's share within the standard will stand at
 * each tally's instant, from the same runs. */
void advice_look(struct advisor *advisor, const struct snapshot *snapshot, int runs, uint64_t seed,
                 struct outlook *nothing, struct day_share_tally *tallies, int count);
void advice_make(struct advisor *advisor, const struct snapshot *snapshot,
                 const struct advice_options *options, struct advice *advice);

#endif
