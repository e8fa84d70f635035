/* Moves on a snapshot, and what the day makes of them. See advice.h. */
#include "engine/forecast/advice.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/forecast/replication.h"
#include "quarter/check.h"

enum {
    DEFAULT_RUNS = 200,
    DEFAULT_SCREEN = 16,
    BIN_S = 5,
    BINS = 3 * 3600 / BIN_S, /* of waits; the last holds all that are longer */
    FINALISTS = 4,           /* that the race does not halve any more */
};

static const int64_t minute_ms = 60000;
static const int64_t day_ms = 86400000;
static const int64_t notice_ms = 300000; /* a break is not moved to sooner than this from now */

/* What many runs made of one set of moves. */
struct tally {
    int runs;
    double within, counted; /* visitors, over all runs */
    double late, left, wait_s;
    int64_t called;
    float *shares; /* [ADVICE_RUNS_MAX], by run; NaN: nobody to count */
    int32_t *bins;
};

struct advisor {
    struct replications *replications;
    struct snapshot changed;
    struct tally nothing, tallies[ADVICE_MOVES_MAX];
};

static void tally_init(struct tally *tally)
{
    tally->shares = malloc(ADVICE_RUNS_MAX * sizeof(*tally->shares));
    tally->bins = calloc(BINS, sizeof(*tally->bins));
    CHECK(tally->shares != NULL && tally->bins != NULL);
}

static void tally_clear(struct tally *tally)
{
    float *shares = tally->shares;
    int32_t *bins = tally->bins;
    memset(bins, 0, BINS * sizeof(*bins));
    *tally = (struct tally){.shares = shares, .bins = bins};
}

static void tally_free(struct tally *tally)
{
    free(tally->shares);
    free(tally->bins);
}

struct advisor *advisor_create(void)
{
    struct advisor *advisor = calloc(1, sizeof(*advisor));
    CHECK(advisor != NULL);
    advisor->replications = replications_create();
    snapshot_init(&advisor->changed);
    tally_init(&advisor->nothing);
    for (int i = 0; i < ADVICE_MOVES_MAX; i++) {
        tally_init(&advisor->tallies[i]);
    }
    return advisor;
}

void advisor_destroy(struct advisor *advisor)
{
    if (advisor == NULL) {
        return;
    }
    replications_destroy(advisor->replications);
    snapshot_free(&advisor->changed);
    tally_free(&advisor->nothing);
    for (int i = 0; i < ADVICE_MOVES_MAX; i++) {
        tally_free(&advisor->tallies[i]);
    }
    free(advisor);
}

/* ---- Moves */

static bool works(const struct snapshot_counter *counter)
{
    return counter->state != SNAPSHOT_OFF && counter->state != SNAPSHOT_PAUSED;
}

static bool on_duty(const struct snapshot_counter *counter, int64_t now_ms)
{
    return counter->roster.on_ms < counter->roster.off_ms && now_ms < counter->roster.off_ms;
}

static const char *open_counter(struct snapshot *snapshot, const struct move *move)
{
    struct snapshot_counter *counter = &snapshot->counters[move->counter];
    if (works(counter)) {
        return "this counter is open already";
    }
    if (move->services != 0) {
        counter->services = move->services;
    }
    if (counter->services == 0) {
        return "this counter offers no service";
    }
    if (!on_duty(counter, snapshot->now_ms)) {
        counter->roster.break_count = counter->breaks_taken = 0;
        counter->roster.off_ms = snapshot->day_end_ms > snapshot->now_ms
                                     ? snapshot->day_end_ms
                                     : snapshot->now_ms + day_ms;
    }
    counter->state = SNAPSHOT_OFF; /* to open at once */
    counter->roster.on_ms = snapshot->now_ms + 1;
    return NULL;
}

/* In order of time again. Those taken stay where they are. */
static void sort_breaks(struct snapshot_counter *counter)
{
    for (int i = counter->breaks_taken + 1; i < counter->roster.break_count; i++) {
        for (int j = i; j > counter->breaks_taken &&
                        counter->roster.breaks[j].from_ms < counter->roster.breaks[j - 1].from_ms;
             j--) {
            const struct snapshot_break moved = counter->roster.breaks[j];
            counter->roster.breaks[j] = counter->roster.breaks[j - 1];
            counter->roster.breaks[j - 1] = moved;
        }
    }
}

static const char *pause_counter(struct snapshot *snapshot, const struct move *move)
{
    struct snapshot_counter *counter = &snapshot->counters[move->counter];
    if (!works(counter)) {
        return "this counter is not open";
    }
    if (move->by_ms <= 0) {
        return "a pause takes at least a minute";
    }
    if (counter->roster.break_count == SNAPSHOT_BREAKS_MAX) {
        if (counter->breaks_taken == 0) {
            return "this counter has too many breaks already";
        }
        counter->breaks_taken--; /* what is past is not needed */
        counter->roster.break_count--;
        memmove(counter->roster.breaks, counter->roster.breaks + 1,
                (size_t)counter->roster.break_count * sizeof(counter->roster.breaks[0]));
    }
    counter->roster.breaks[counter->roster.break_count++] =
        (struct snapshot_break){snapshot->now_ms, snapshot->now_ms + move->by_ms};
    sort_breaks(counter);
    return NULL;
}

static const char *shift_break(struct snapshot *snapshot, const struct move *move)
{
    struct snapshot_counter *counter = &snapshot->counters[move->counter];
    if (move->roster_break < 0 || move->roster_break >= counter->roster.break_count) {
        return "this counter has no such break";
    }
    if (move->roster_break < counter->breaks_taken) {
        return "this break is over or has begun";
    }
    struct snapshot_break *moved = &counter->roster.breaks[move->roster_break];
    if (moved->from_ms + move->by_ms < snapshot->now_ms) {
        return "the break would begin in the past";
    }
    moved->from_ms += move->by_ms;
    moved->to_ms += move->by_ms;
    return NULL;
}

/* NULL, or why not. A break that was shifted may be out of order. */
static const char *apply(struct snapshot *snapshot, const struct move *move)
{
    switch (move->type) {
    case MOVE_OPEN: return open_counter(snapshot, move);
    case MOVE_PAUSE: return pause_counter(snapshot, move);
    case MOVE_SHIFT_BREAK: return shift_break(snapshot, move);
    }
    CHECK(false);
}

static bool is_said_before(const struct move *moves, int index)
{
    for (int i = 0; i < index; i++) {
        if (moves[i].type == moves[index].type && moves[i].counter == moves[index].counter &&
            (moves[i].type != MOVE_SHIFT_BREAK ||
             moves[i].roster_break == moves[index].roster_break)) {
            return true;
        }
    }
    return false;
}

/* Breaks are known by their places, so they are shifted before anything else, and put in order after all were. */
static const char *apply_all(struct snapshot *snapshot, const struct move *moves, int count)
{
    const char *fault = NULL;
    for (int i = 0; i < count && fault == NULL; i++) {
        if (moves[i].counter < 0 || moves[i].counter >= snapshot->counter_count) {
            fault = "there is no such counter";
        } else if (is_said_before(moves, i)) {
            fault = "the same move of a counter is there twice";
        } else if (moves[i].type == MOVE_SHIFT_BREAK) {
            fault = apply(snapshot, &moves[i]);
        }
    }
    for (int i = 0; i < count && fault == NULL; i++) {
        if (moves[i].type == MOVE_SHIFT_BREAK) {
            sort_breaks(&snapshot->counters[moves[i].counter]);
        }
    }
    for (int i = 0; i < count && fault == NULL; i++) {
        if (moves[i].type != MOVE_SHIFT_BREAK) {
            fault = apply(snapshot, &moves[i]);
        }
    }
    return fault;
}

static int add_shifts(const struct snapshot *snapshot, const struct advice_options *options,
                      int index, struct move *moves, int max)
{
    const struct snapshot_counter *counter = &snapshot->counters[index];
    const int64_t shift_ms = options->shift_ms > 0 ? options->shift_ms : 60 * minute_ms;
    const int64_t shifts_ms[] = {shift_ms, shift_ms / 2, -shift_ms / 2, -shift_ms};
    int count = 0;
    for (int i = counter->breaks_taken; i < counter->roster.break_count; i++) {
        for (size_t j = 0; j < sizeof(shifts_ms) / sizeof(shifts_ms[0]) && count < max; j++) {
            const int64_t from_ms = counter->roster.breaks[i].from_ms + shifts_ms[j];
            const int64_t to_ms = counter->roster.breaks[i].to_ms + shifts_ms[j];
            if (from_ms >= snapshot->now_ms + notice_ms && to_ms < counter->roster.off_ms) {
                moves[count++] = (struct move){.type = MOVE_SHIFT_BREAK,
                                               .counter = index,
                                               .by_ms = shifts_ms[j],
                                               .roster_break = i};
            }
        }
    }
    return count;
}

/* Staff on a break of the roster are left in peace. */
static bool may_open(const struct snapshot *snapshot, const struct advice_options *options,
                     const struct snapshot_counter *counter)
{
    const bool rests = counter->state == SNAPSHOT_PAUSED && counter->breaks_taken > 0 &&
                       counter->since_ms < counter->roster.breaks[counter->breaks_taken - 1].to_ms;
    return !works(counter) && !rests && counter->services != 0 &&
           (!options->on_duty_only || on_duty(counter, snapshot->now_ms));
}

int advice_moves(const struct snapshot *snapshot, const struct advice_options *options,
                 struct move *moves, int max)
{
    int count = 0;
    for (int i = 0; i < snapshot->counter_count && count < max; i++) {
        if (may_open(snapshot, options, &snapshot->counters[i])) {
            moves[count++] = (struct move){.type = MOVE_OPEN, .counter = i};
        }
    }
    for (int i = 0; i < snapshot->counter_count; i++) {
        if (on_duty(&snapshot->counters[i], snapshot->now_ms)) {
            count += add_shifts(snapshot, options, i, moves + count, max - count);
        }
    }
    return count;
}

/* ---- Runs */

/* SCIENCE.md's headline, of one visitor: 1 within the standard, 0 missed, -1 not counted. */
static int verdict(const struct world_ticket *ticket, int64_t standard_ms)
{
    const int64_t waited_ms = ticket->called_ms - ticket->leg_from_ms;
    if (ticket->outcome == WORLD_SERVED) {
        return waited_ms <= standard_ms;
    }
    if (ticket->outcome == WORLD_GHOST) {
        return waited_ms <= standard_ms ? -1 : 0;
    }
    return ticket->visit->leaves_ms - ticket->leg_from_ms <= standard_ms ? -1 : 0;
}

static void count_run(struct tally *tally, const struct world *world,
                      const struct world_visits *visits, int64_t standard_ms)
{
    int within = 0;
    int counted = 0;
    for (int32_t i = visits->at_counters; i < visits->count; i++) {
        const struct world_ticket *ticket = world_ticket(world, i);
        if (ticket->visit->ticket_class == CLASS_TRANSFER || ticket->visit->phantom) {
            continue;
        }
        const int said = verdict(ticket, standard_ms);
        within += said == 1;
        counted += said >= 0;
        tally->late += said == 0;
        tally->left += ticket->outcome != WORLD_SERVED;
        if (ticket->outcome == WORLD_SERVED) {
            const int64_t waited_ms = ticket->called_ms - ticket->leg_from_ms;
            const int64_t seconds = waited_ms > 0 ? waited_ms / 1000 : 0;
            tally->bins[seconds / BIN_S < BINS - 1 ? seconds / BIN_S : BINS - 1]++;
            tally->wait_s += (double)seconds;
            tally->called++;
        }
    }
    tally->shares[tally->runs++] = counted > 0 ? (float)within / (float)counted : NAN;
    tally->within += within;
    tally->counted += counted;
}

/* Goes on to `until` runs of `runs`, so that a longer look begins with the shorter one. */
static void go_on(struct advisor *advisor, const struct snapshot *snapshot, struct tally *tally,
                  const struct replication_terms *terms, int until)
{
    if (tally->runs >= until) {
        return;
    }
    replications_plan(advisor->replications, snapshot, terms);
    while (tally->runs < until) {
        const struct world *world = replications_run(advisor->replications, tally->runs);
        count_run(tally, world, replications_visits(advisor->replications),
                  snapshot->policy.standard_ms);
    }
}

static void look(const struct tally *tally, struct outlook *outlook)
{
    *outlook = (struct outlook){.known = tally->counted > 0 && tally->called > 0};
    if (!outlook->known) {
        return;
    }
    int64_t beyond = tally->called / 20;
    int bin = BINS - 1;
    while (bin > 0 && beyond >= tally->bins[bin]) {
        beyond -= tally->bins[bin--];
    }
    outlook->within_share = tally->within / tally->counted;
    outlook->p95_s = bin * BIN_S;
    outlook->mean_s = tally->wait_s / (double)tally->called;
    outlook->passed_standard = tally->late / tally->runs;
    outlook->left = tally->left / tally->runs;
}

/* Paired by run, since both met the same visitors. */
static void compare(const struct tally *nothing, const struct tally *tally,
                    struct move_effect *effect)
{
    double sum = 0;
    double squares = 0;
    int count = 0;
    for (int i = 0; i < tally->runs; i++) {
        const double gain = (double)(tally->shares[i] - nothing->shares[i]);
        if (!isnan(gain)) {
            sum += gain;
            squares += gain * gain;
            count++;
        }
    }
    const double mean = count > 0 ? sum / count : 0;
    const double variance = count > 1 ? fmax(squares - count * mean * mean, 0) / (count - 1) : 0;
    const double half = count > 0 ? 1.96 * sqrt(variance / count) : 0;
    look(tally, &effect->outlook);
    effect->gain_share = mean;
    effect->gain_low = mean - half;
    effect->gain_high = mean + half;
    effect->runs = tally->runs;
}

static struct replication_terms terms_of(int runs, uint64_t seed)
{
    const int most = runs < ADVICE_RUNS_MAX ? runs : ADVICE_RUNS_MAX;
    return (struct replication_terms){
        .runs = most > 0 ? most : DEFAULT_RUNS, .seed = seed, .whole_day = true};
}

const char *advice_what_if(struct advisor *advisor, const struct snapshot *snapshot,
                           const struct move *moves, int count, int runs, uint64_t seed,
                           struct outlook *nothing, struct move_effect *effect)
{
    const struct replication_terms terms = terms_of(runs, seed);
    snapshot_copy(&advisor->changed, snapshot);
    const char *fault = apply_all(&advisor->changed, moves, count);
    if (fault != NULL) {
        return fault;
    }
    struct tally *tally = &advisor->tallies[0];
    tally_clear(&advisor->nothing);
    tally_clear(tally);
    go_on(advisor, snapshot, &advisor->nothing, &terms, terms.runs);
    if (count > 0) {
        go_on(advisor, &advisor->changed, tally, &terms, terms.runs);
    }
    look(&advisor->nothing, nothing);
    *effect = (struct move_effect){.move = count > 0 ? moves[0] : (struct move){0}};
    compare(&advisor->nothing, count > 0 ? tally : &advisor->nothing, effect);
    return NULL;
}

void advice_look(struct advisor *advisor, const struct snapshot *snapshot, int runs, uint64_t seed,
                 struct outlook *nothing, struct day_share_tally *tallies, int count)
{
    const struct replication_terms terms = terms_of(runs, seed);
    tally_clear(&advisor->nothing);
    replications_plan(advisor->replications, snapshot, &terms);
    for (int run = 0; run < terms.runs; run++) {
        const struct world *world = replications_run(advisor->replications, run);
        const struct world_visits *visits = replications_visits(advisor->replications);
        count_run(&advisor->nothing, world, visits, snapshot->policy.standard_ms);
        for (int i = 0; i < count; i++) {
            day_share_count(&tallies[i], snapshot, world, visits);
        }
    }
    look(&advisor->nothing, nothing);
}

/* ---- The race */

struct racer {
    struct move move;
    struct tally *tally;
    double gain;
};

static void run_racers(struct advisor *advisor, const struct snapshot *snapshot,
                       const struct replication_terms *terms, struct racer *racers, int count,
                       int until)
{
    go_on(advisor, snapshot, &advisor->nothing, terms, until);
    for (int i = 0; i < count; i++) {
        snapshot_copy(&advisor->changed, snapshot);
        CHECK(apply_all(&advisor->changed, &racers[i].move, 1) == NULL);
        go_on(advisor, &advisor->changed, racers[i].tally, terms, until);
        struct move_effect effect = {0};
        compare(&advisor->nothing, racers[i].tally, &effect);
        racers[i].gain = effect.gain_share;
    }
}

static void sort_racers(struct racer *racers, int count)
{
    for (int i = 1; i < count; i++) {
        for (int j = i; j > 0 && racers[j].gain > racers[j - 1].gain; j--) {
            const struct racer better = racers[j];
            racers[j] = racers[j - 1];
            racers[j - 1] = better;
        }
    }
}

void advice_make(struct advisor *advisor, const struct snapshot *snapshot,
                 const struct advice_options *options, struct advice *advice)
{
    const struct replication_terms terms = terms_of(options->runs, options->seed);
    struct move moves[ADVICE_MOVES_MAX];
    struct racer racers[ADVICE_MOVES_MAX];
    const int count = advice_moves(snapshot, options, moves, ADVICE_MOVES_MAX);
    tally_clear(&advisor->nothing);
    for (int i = 0; i < count; i++) {
        racers[i] = (struct racer){.move = moves[i], .tally = &advisor->tallies[i]};
        tally_clear(racers[i].tally);
    }
    int until = options->screen > 0 ? options->screen : DEFAULT_SCREEN;
    int left = count;
    while (left > 0) {
        until = until < terms.runs && left > FINALISTS ? until : terms.runs;
        run_racers(advisor, snapshot, &terms, racers, left, until);
        sort_racers(racers, left);
        if (until == terms.runs) {
            break;
        }
        left = left / 2 > FINALISTS ? left / 2 : FINALISTS;
        until *= 2;
    }
    go_on(advisor, snapshot, &advisor->nothing, &terms, terms.runs);
    *advice = (struct advice){
        .as_of_ms = snapshot->now_ms, .runs = advisor->nothing.runs, .move_count = count};
    look(&advisor->nothing, &advice->nothing);
    for (int i = 0; i < count; i++) {
        advice->moves[i].move = racers[i].move;
        compare(&advisor->nothing, racers[i].tally, &advice->moves[i]);
    }
}
