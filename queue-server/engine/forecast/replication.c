/* Draws visits, counters and staff for each run. See replication.h. */
#include "engine/forecast/replication.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/engine.h"
#include "engine/forecast/detour.h"
#include "engine/forecast/random.h"
#include "engine/forecast/sampler.h"
#include "quarter/check.h"

enum { PERMUTATIONS = 256, GHOST_STRATA = 32 };

static const int64_t quarter_ms = 900000;
static const int64_t pause_ms = 300000; /* how long a pause without a plan lasts, at first */
static const int64_t overdue_ms = 60000;
/* Where staff call out of turn, anybody can pass anybody. Who comes later than this changes no figure of the score. */
static const float notable = 0.01F;
static const int64_t detour_ms = 1800000;
static const int64_t never_ms = INT64_MAX;
static const int64_t long_ms = 86400000;

/* What a number is for. Those from CALLED on are of counters. */
enum purpose {
    FOR_SERVICE,
    FOR_LEAVING,
    FOR_TELLING,
    FOR_TRANSFER,
    FOR_NEXT_SERVICE,
    FOR_WALK,
    FOR_GAP,
    FOR_NEXT_GAP,
    FOR_COMING,
    FOR_ARRIVAL,
    FOR_WHAT,
    FOR_CLASS,
    FOR_LANGUAGE,
    FOR_REMAINING,
    FOR_GHOST,
};

/* One quarter hour of walk-ins. */
struct quarter {
    int64_t from_ms, until_ms;
    double per_ms;
    float services[QUARTER_SERVICES_MAX]; /* cumulated shares */
};

struct replications {
    const struct snapshot *snapshot;
    const struct sampler *sampler;
    struct replication_terms terms;
    struct world *world;
    uint16_t *permutations; /* [PERMUTATIONS][runs] */
    int permuted_runs;
    double stratum;
    uint64_t seed;

    int64_t horizon_ms[TICKET_CLASSES]; /* until when somebody of a class has to come to count */
    int64_t last_horizon_ms;
    struct quarter *quarters;
    int quarter_count, quarter_capacity;

    struct world_counter counters[QUARTER_COUNTERS_MAX];
    double ghost_share[QUARTER_COUNTERS_MAX]; /* of those called: nobody comes */

    int run;
    uint64_t run_key;
    struct world_stand stands[QUARTER_COUNTERS_MAX];
    struct world_visit *list;
    int32_t count, capacity;
    struct world_visits visits;
    int32_t *asked; /* visit of each who is asked about */
    size_t asked_capacity;
    struct detour detour;
};

struct replications *replications_create(void)
{
    struct replications *replications = calloc(1, sizeof(*replications));
    CHECK(replications != NULL);
    replications->world = world_create();
    return replications;
}

void replications_destroy(struct replications *replications)
{
    if (replications == NULL) {
        return;
    }
    world_destroy(replications->world);
    free(replications->permutations);
    free(replications->quarters);
    free(replications->list);
    free(replications->asked);
    detour_free(&replications->detour);
    free(replications);
}

/* ---- Numbers */

static void permute(struct replications *mine, int runs)
{
    if (mine->permuted_runs == runs) {
        return;
    }
    free(mine->permutations);
    mine->permutations = malloc((size_t)PERMUTATIONS * (size_t)runs * sizeof(uint16_t));
    CHECK(mine->permutations != NULL && runs > 0 && runs <= UINT16_MAX);
    struct random random = {random_stream(0, (uint64_t)runs)};
    for (int i = 0; i < PERMUTATIONS; i++) {
        uint16_t *row = mine->permutations + (size_t)i * (size_t)runs;
        for (int j = 0; j < runs; j++) { /* Fisher, Yates */
            const int k = random_index(random_uniform(&random), j + 1);
            row[j] = row[k];
            row[k] = (uint16_t)j;
        }
    }
    mine->permuted_runs = runs;
    mine->stratum = 1.0 / runs;
}

/* Of this run, in a stratum of its own among the runs. */
static double draw(const struct replications *mine, uint64_t key, enum purpose purpose)
{
    const uint64_t bits = random_mix(key + ((uint64_t)purpose + 1) * RANDOM_STEP);
    const int runs = mine->permuted_runs;
    int at = mine->run + (int)((bits >> 32) * (uint64_t)runs >> 32);
    at = at >= runs ? at - runs : at;
    const double within = random_unit(random_mix(bits + ((uint64_t)mine->run + 1) * RANDOM_STEP));
    const uint16_t *row = mine->permutations + (bits & (PERMUTATIONS - 1)) * (uint64_t)runs;
    const double u = (row[at] + within) * mine->stratum;
    return u < 1.0 ? u : 0x1.fffffffffffffp-1;
}

/* ---- The plan: what all runs share */

/* By how much later somebody of a class may come than somebody of another and still be called before; never_ms: any. */
static int64_t overtakes_by_ms(const struct policy_terms *terms, int comer, int passed)
{
    const int64_t ahead_ms = terms->promise_ms[passed] - terms->promise_ms[comer];
    switch (terms->rule) {
    case POLICY_FIFO: return 0;
    case POLICY_STRICT:
        return policy_class_tier((enum ticket_class)comer) <
                       policy_class_tier((enum ticket_class)passed)
                   ? never_ms
                   : 0;
    case POLICY_HEADSTART: return ahead_ms > 0 ? ahead_ms : 0;
    case POLICY_RESCUE: {
        const int64_t rescue_ms = terms->limit_ms - (terms->standard_ms - terms->rescue_ms);
        return rescue_ms > ahead_ms ? rescue_ms : ahead_ms;
    }
    case POLICY_APQ: return ahead_ms > 0 ? never_ms : 0;
    }
    CHECK(false);
}

static int64_t later(int64_t a_ms, int64_t b_ms)
{
    return a_ms > b_ms ? a_ms : b_ms;
}

static int64_t sooner(int64_t a_ms, int64_t b_ms)
{
    return a_ms < b_ms ? a_ms : b_ms;
}

static int64_t plus(int64_t at_ms, int64_t by_ms)
{
    return by_ms >= never_ms - at_ms ? never_ms : at_ms + by_ms;
}

/* Of one who is asked about. A wish lets everybody pass until it is waived; so does coming before one's time. */
static void extend_horizons(struct replications *mine, enum ticket_class ticket_class,
                            int64_t leg_from_ms, int64_t held_ms, uint32_t needs)
{
    const struct snapshot *snapshot = mine->snapshot;
    int64_t anybody_ms = later(leg_from_ms > snapshot->now_ms ? leg_from_ms : 0, held_ms);
    for (uint32_t left = needs & ~snapshot->needs.hard; left != 0; left &= left - 1) {
        const int64_t relax_ms = snapshot->needs.relax_after_ms[__builtin_ctz(left)];
        anybody_ms = later(anybody_ms, plus(leg_from_ms, relax_ms));
    }
    for (int i = 0; i < TICKET_CLASSES; i++) {
        const int64_t by_ms = overtakes_by_ms(&snapshot->policy, i, (int)ticket_class);
        mine->horizon_ms[i] = later(mine->horizon_ms[i], anybody_ms);
        mine->horizon_ms[i] = later(mine->horizon_ms[i], by_ms == 0 ? 0 : plus(leg_from_ms, by_ms));
    }
}

static void plan_horizons(struct replications *mine)
{
    const struct snapshot *snapshot = mine->snapshot;
    for (int i = 0; i < TICKET_CLASSES; i++) {
        mine->horizon_ms[i] = mine->terms.whole_day ? never_ms : snapshot->now_ms;
        if (mine->sampler->out_of_turn > notable) {
            mine->horizon_ms[i] = later(mine->horizon_ms[i], snapshot->now_ms + detour_ms);
        }
    }
    for (size_t i = 0; i < snapshot->ticket_count; i++) {
        const struct snapshot_ticket *ticket = &snapshot->tickets[i];
        extend_horizons(mine, ticket->ticket_class, ticket->leg_from_ms, ticket->held_ms,
                        ticket->needs);
    }
    for (size_t i = 0; mine->terms.newcomers && i < snapshot->newcomer_count; i++) {
        const struct snapshot_newcomer *newcomer = &snapshot->newcomers[i];
        extend_horizons(mine, newcomer->ticket_class, snapshot->now_ms, 0, newcomer->needs);
    }
    mine->last_horizon_ms = 0;
    for (int i = 0; i < TICKET_CLASSES; i++) {
        mine->last_horizon_ms = later(mine->last_horizon_ms, mine->horizon_ms[i]);
    }
}

static void plan_quarter(struct replications *mine, int quarter, double factor)
{
    const struct snapshot *snapshot = mine->snapshot;
    if (mine->quarter_count == mine->quarter_capacity) {
        mine->quarter_capacity += KNOWLEDGE_QUARTERS;
        mine->quarters =
            realloc(mine->quarters, (size_t)mine->quarter_capacity * sizeof(*mine->quarters));
        CHECK(mine->quarters != NULL);
    }
    struct quarter *next = &mine->quarters[mine->quarter_count];
    double sum = 0;
    for (int i = 0; i < snapshot->service_count; i++) {
        sum += (double)mine->sampler->arrivals[CROWD_WALK_IN][i][quarter];
        next->services[i] = (float)sum;
    }
    next->from_ms = snapshot->midnight_ms + quarter * quarter_ms;
    next->until_ms = next->from_ms + quarter_ms;
    if (snapshot->doors_close_ms > 0) {
        next->until_ms = sooner(next->until_ms, snapshot->doors_close_ms);
    }
    next->until_ms = sooner(next->until_ms, mine->last_horizon_ms);
    next->per_ms = sum * factor / (double)quarter_ms;
    mine->quarter_count += sum > 0 && next->until_ms > snapshot->now_ms;
}

static void plan_arrivals(struct replications *mine)
{
    const struct snapshot *snapshot = mine->snapshot;
    const double factor = sampler_day_factor(snapshot->seen, snapshot->expected);
    mine->quarter_count = 0;
    for (int quarter = 0; quarter < KNOWLEDGE_QUARTERS; quarter++) {
        const int64_t from_ms = snapshot->midnight_ms + quarter * quarter_ms;
        if (from_ms + quarter_ms > snapshot->now_ms && from_ms < mine->last_horizon_ms) {
            plan_quarter(mine, quarter, factor);
        }
    }
}

/* Its staff still call people after the end of the roster: then it is open until the day ends. */
static int64_t closes_ms(const struct snapshot_counter *counter)
{
    const bool calls = counter->state == SNAPSHOT_CALLED || counter->state == SNAPSHOT_SERVING;
    const bool no_roster = counter->roster.on_ms >= counter->roster.off_ms;
    return no_roster || (calls && counter->since_ms > counter->roster.off_ms)
               ? never_ms
               : counter->roster.off_ms;
}

static void plan_counter(struct replications *mine, int index)
{
    const struct snapshot_counter *counter = &mine->snapshot->counters[index];
    struct world_counter *planned = &mine->counters[index];
    const bool to_open = counter->state == SNAPSHOT_OFF &&
                         counter->roster.on_ms > mine->snapshot->now_ms &&
                         counter->roster.on_ms < counter->roster.off_ms;
    *planned = (struct world_counter){.services = counter->services,
                                      .languages = counter->languages,
                                      .needs = counter->needs,
                                      .opens_ms = to_open ? counter->roster.on_ms : never_ms,
                                      .closes_ms = closes_ms(counter)};
    for (int i = counter->breaks_taken; i < counter->roster.break_count; i++) {
        const int64_t from_ms = counter->roster.breaks[i].from_ms;
        const int64_t length_ms = counter->roster.breaks[i].to_ms - from_ms;
        if (length_ms > 0) {
            planned->breaks[planned->break_count++] = (struct world_break){from_ms, length_ms};
        }
    }
}

static double lag_survives(const struct sampler_lag *lag, double elapsed_ms)
{
    const double share = (double)lag->share;
    return elapsed_ms <= 1000 ? 1.0 : share * (1.0 - sampler_curve_share(&lag->over, elapsed_ms));
}

static enum knowledge_crowd crowd_of(enum ticket_class ticket_class)
{
    return ticket_class == CLASS_APPOINTMENT ? CROWD_BOOKED : CROWD_WALK_IN;
}

/* Of those called after such a wait, how many have left by then; and of those whose call has lasted so long without
 * anybody coming, how many never will (Bayes). */
static double share_of_ghosts(const struct replications *mine,
                              const struct snapshot_counter *counter)
{
    double gone = 0;
    for (int i = 0; i < GHOST_STRATA && counter->ticket_class != CLASS_TRANSFER; i++) {
        const double u = (i + 0.5) / GHOST_STRATA;
        const double v = random_at(counter->key, (uint64_t)i);
        const struct sampler_leaving leaving = sampler_leave(
            mine->sampler, crowd_of(counter->ticket_class), later(counter->waited_ms, 0), u, v);
        gone += leaving.silent && leaving.left_ms <= counter->waited_ms;
    }
    const double elapsed_ms = (double)(mine->snapshot->now_ms - counter->since_ms);
    const double ghost = gone / GHOST_STRATA * lag_survives(&mine->sampler->no_show, elapsed_ms);
    const double comes = (1 - gone / GHOST_STRATA) * lag_survives(&mine->sampler->walk, elapsed_ms);
    return ghost + comes > 0 ? ghost / (ghost + comes) : 1.0;
}

static int64_t at_counter_ms(void *context, const struct world *world, int32_t ticket, int counter,
                             int64_t service_ms)
{
    const struct replications *mine = context;
    const int service = world_ticket(world, ticket)->visit->service;
    return (int64_t)((double)service_ms * (double)mine->sampler->factor[service][counter]);
}

static int32_t pick(void *context, const struct world *world, int counter, int32_t best)
{
    struct replications *mine = context;
    return detour_pick(&mine->detour, world, counter, best);
}

static void plan_desk(struct replications *mine)
{
    const struct snapshot *snapshot = mine->snapshot;
    const struct sampler *sampler = mine->sampler;
    const struct sampler_lag *no_show = &sampler->no_show;
    for (int i = 0; i < snapshot->counter_count; i++) {
        plan_counter(mine, i);
        if (snapshot->counters[i].state == SNAPSHOT_CALLED) {
            mine->ghost_share[i] = share_of_ghosts(mine, &snapshot->counters[i]);
        }
    }
    const struct world_desk desk = {
        .policy = snapshot->policy,
        .needs = snapshot->needs,
        .service_count = snapshot->service_count,
        .counter_count = snapshot->counter_count,
        .counters = mine->counters,
        .stranger_factor = (double)sampler->lacks_language,
        .ghost_ms = (int64_t)((double)no_show->share * (double)no_show->over.mean_ms),
        .hooks = {.context = mine,
                  .service_ms = at_counter_ms,
                  .pick = sampler->out_of_turn > 0 ? pick : NULL},
    };
    world_set_desk(mine->world, &desk);
}

void replications_plan(struct replications *replications, const struct snapshot *snapshot,
                       const struct replication_terms *terms)
{
    CHECK(snapshot->sampler != NULL);
    replications->snapshot = snapshot;
    replications->sampler = snapshot->sampler;
    replications->terms = *terms;
    replications->seed = random_mix(terms->seed);
    permute(replications, terms->runs);
    plan_horizons(replications);
    plan_arrivals(replications);
    plan_desk(replications);
    const size_t asked = snapshot->ticket_count + snapshot->newcomer_count;
    if (asked > replications->asked_capacity) {
        free(replications->asked);
        replications->asked = malloc(asked * sizeof(*replications->asked));
        CHECK(replications->asked != NULL);
        replications->asked_capacity = asked;
    }
}

/* ---- One run */

static struct world_visit *add(struct replications *mine)
{
    if (mine->count == mine->capacity) {
        mine->capacity = mine->capacity == 0 ? 256 : 2 * mine->capacity;
        mine->list = realloc(mine->list, (size_t)mine->capacity * sizeof(*mine->list));
        CHECK(mine->list != NULL);
    }
    struct world_visit *visit = &mine->list[mine->count++];
    *visit = (struct world_visit){.leaves_ms = never_ms, .next_service = -1, .language = -1};
    return visit;
}

static int64_t draw_lag(const struct replications *mine, const struct sampler_lag *lag,
                        uint64_t key, enum purpose purpose)
{
    return lag->share <= 0 ? 0 : sampler_lag_ms(lag, draw(mine, key, purpose));
}

/* What comes after the visit at the counter: the gap, perhaps a second leg. */
static void draw_after(const struct replications *mine, struct world_visit *visit, uint64_t key)
{
    const struct sampler *sampler = mine->sampler;
    visit->gap_ms = draw_lag(mine, &sampler->gap, key, FOR_GAP);
    if (sampler->transfer[visit->service] <= 0 || visit->ticket_class == CLASS_TRANSFER) {
        return;
    }
    visit->next_service =
        (int16_t)sampler_transfer(sampler, visit->service, draw(mine, key, FOR_TRANSFER));
    if (visit->next_service >= 0) {
        visit->next_service_ms =
            sampler_service_ms(sampler, visit->next_service, draw(mine, key, FOR_NEXT_SERVICE));
        visit->next_gap_ms = draw_lag(mine, &sampler->gap, key, FOR_NEXT_GAP);
    }
}

/* Of one who waits or is to come. The walk to the counter is part of what keeps it from the next. */
static void draw_visit(const struct replications *mine, struct world_visit *visit, uint64_t key,
                       int64_t waited_ms)
{
    const struct sampler *sampler = mine->sampler;
    visit->service_ms = sampler_service_ms(sampler, visit->service, draw(mine, key, FOR_SERVICE));
    draw_after(mine, visit, key);
    visit->gap_ms += draw_lag(mine, &sampler->walk, key, FOR_WALK);
    if (visit->ticket_class == CLASS_TRANSFER) {
        return;
    }
    const struct sampler_leaving leaving =
        sampler_leave(sampler, crowd_of((enum ticket_class)visit->ticket_class), waited_ms,
                      draw(mine, key, FOR_LEAVING), draw(mine, key, FOR_TELLING));
    visit->leaves_ms = plus(visit->leg_from_ms, leaving.left_ms);
    visit->silent = leaving.silent;
}

static void add_at_counter(struct replications *mine, int index, struct world_stand *stand)
{
    const struct snapshot_counter *counter = &mine->snapshot->counters[index];
    const struct sampler *sampler = mine->sampler;
    const int64_t now_ms = mine->snapshot->now_ms;
    const int64_t elapsed_ms = now_ms - counter->since_ms;
    const uint64_t key = random_mix(counter->key ^ mine->seed);
    const double u = draw(mine, key, FOR_REMAINING);
    double factor = (double)sampler->factor[counter->service][index];
    if (counter->language >= 0 && (counter->languages >> counter->language & 1) == 0) {
        factor *= (double)sampler->lacks_language;
    }
    stand->state = WORLD_BUSY;
    if (counter->state == SNAPSHOT_SERVING) {
        stand->until_ms =
            now_ms + sampler_remaining_ms(sampler, counter->service, factor, elapsed_ms, u);
    } else if (draw(mine, key, FOR_GHOST) < mine->ghost_share[index]) {
        stand->until_ms = now_ms + sampler_lag_remaining_ms(&sampler->no_show, elapsed_ms, u);
        return;
    } else {
        const int64_t service_ms =
            sampler_service_ms(sampler, counter->service, draw(mine, key, FOR_SERVICE));
        stand->until_ms = now_ms + sampler_lag_remaining_ms(&sampler->walk, elapsed_ms, u) +
                          (int64_t)((double)service_ms * factor);
    }
    stand->ticket = mine->count;
    struct world_visit *visit = add(mine);
    visit->arrives_ms = visit->leg_from_ms = counter->since_ms;
    visit->service = (int16_t)counter->service;
    visit->language = (int16_t)counter->language;
    visit->ticket_class = (uint8_t)counter->ticket_class;
    draw_after(mine, visit, key);
}

/* A pause of the roster ends as planned; of another nobody knows more than that it goes on. */
static int64_t pause_ends_ms(const struct replications *mine, int index)
{
    const struct snapshot_counter *counter = &mine->snapshot->counters[index];
    const int64_t now_ms = mine->snapshot->now_ms;
    int64_t mean_ms = later(pause_ms, now_ms - counter->since_ms);
    if (counter->breaks_taken > 0) {
        const int last = counter->breaks_taken - 1;
        const int64_t to_ms = counter->roster.breaks[last].to_ms;
        const int64_t ends_ms = counter->since_ms + to_ms - counter->roster.breaks[last].from_ms;
        if (counter->since_ms < to_ms && ends_ms > now_ms) {
            return ends_ms;
        }
        mean_ms = counter->since_ms < to_ms ? overdue_ms : mean_ms;
    }
    const uint64_t key = random_stream(mine->seed, (uint64_t)index);
    return now_ms + (int64_t)random_exponential(draw(mine, key, FOR_REMAINING), (double)mean_ms);
}

static void draw_counter(struct replications *mine, int index)
{
    const struct snapshot_counter *counter = &mine->snapshot->counters[index];
    const int64_t now_ms = mine->snapshot->now_ms;
    struct world_stand *stand = &mine->stands[index];
    *stand = (struct world_stand){
        .ticket = WORLD_NOBODY, .since_ms = counter->since_ms, .until_ms = now_ms};
    switch (counter->state) {
    case SNAPSHOT_OFF: stand->state = WORLD_CLOSED; break;
    case SNAPSHOT_READY: stand->state = WORLD_IDLE; break;
    case SNAPSHOT_TURNING: {
        const uint64_t key = random_stream(mine->seed, (uint64_t)index);
        stand->state = WORLD_BUSY;
        stand->until_ms += sampler_lag_remaining_ms(&mine->sampler->gap, now_ms - counter->since_ms,
                                                    draw(mine, key, FOR_GAP));
        break;
    }
    case SNAPSHOT_PAUSED:
        stand->state = WORLD_BREAK;
        stand->until_ms = pause_ends_ms(mine, index);
        break;
    case SNAPSHOT_CALLED:
    case SNAPSHOT_SERVING: add_at_counter(mine, index, stand); break;
    }
}

/* Who would tell us before leaving vanishes from the world; a phantom right behind waits on, to say when the call would
 * have come. Who lets others go first joins the line when that is over, in the old place, and will not have left. */
static void add_waiting(struct replications *mine, size_t asked)
{
    const struct snapshot_ticket *ticket = &mine->snapshot->tickets[asked];
    const int64_t now_ms = mine->snapshot->now_ms;
    const int64_t from_ms = later(now_ms, ticket->held_ms);
    const uint64_t key = random_mix(ticket->key ^ mine->seed);
    mine->asked[asked] = mine->count;
    struct world_visit *visit = add(mine);
    visit->id = (int32_t)asked + 1;
    visit->arrives_ms = ticket->held_ms != 0 ? ticket->held_ms : ticket->arrived_ms;
    visit->leg_from_ms = ticket->leg_from_ms;
    visit->service = ticket->service;
    visit->language = ticket->language;
    visit->needs = ticket->needs;
    visit->ticket_class = (uint8_t)ticket->ticket_class;
    draw_visit(mine, visit, key, later(from_ms - ticket->leg_from_ms, 0));
    visit->watched = mine->terms.newcomers;
    if (!mine->terms.newcomers || visit->silent || visit->leaves_ms > plus(now_ms, long_ms)) {
        return;
    }
    struct world_visit *twin = add(mine);
    *twin = mine->list[mine->count - 2];
    twin->leaves_ms = never_ms;
    twin->next_service = -1;
    twin->phantom = true;
}

static void add_newcomers(struct replications *mine)
{
    const struct snapshot *snapshot = mine->snapshot;
    for (size_t i = 0; i < snapshot->newcomer_count; i++) {
        const struct snapshot_newcomer *newcomer = &snapshot->newcomers[i];
        mine->asked[snapshot->ticket_count + i] = mine->count;
        struct world_visit *visit = add(mine);
        visit->arrives_ms = visit->leg_from_ms = snapshot->now_ms;
        visit->service = newcomer->service;
        visit->language = newcomer->language;
        visit->needs = newcomer->needs;
        visit->ticket_class = (uint8_t)newcomer->ticket_class;
        visit->phantom = visit->watched = true;
    }
}

static enum ticket_class draw_class(const struct replications *mine, uint64_t key)
{
    const double u = draw(mine, key, FOR_CLASS);
    const double urgent = (double)mine->sampler->urgent;
    if (u < urgent) {
        return CLASS_URGENT;
    }
    return u < urgent + (double)mine->sampler->assisted ? CLASS_ASSISTED : CLASS_NORMAL;
}

static int16_t draw_language(const struct replications *mine, uint64_t key)
{
    double u = draw(mine, key, FOR_LANGUAGE);
    for (int i = 0; i < mine->sampler->language_count; i++) {
        u -= (double)mine->sampler->language[i];
        if (u < 0) {
            return (int16_t)i;
        }
    }
    return -1;
}

static void add_walk_in(struct replications *mine, const struct quarter *quarter, uint64_t key,
                        int64_t arrives_ms)
{
    const enum ticket_class ticket_class = draw_class(mine, key);
    if (arrives_ms >= mine->horizon_ms[ticket_class]) {
        return;
    }
    const int last = mine->snapshot->service_count - 1;
    const float u = (float)draw(mine, key, FOR_WHAT) * quarter->services[last];
    int service = 0;
    while (service < last && quarter->services[service] <= u) {
        service++;
    }
    struct world_visit *visit = add(mine);
    visit->arrives_ms = visit->leg_from_ms = arrives_ms;
    visit->service = (int16_t)service;
    visit->language = draw_language(mine, key);
    visit->ticket_class = (uint8_t)ticket_class;
    draw_visit(mine, visit, key, 0);
}

/* The n-th of a quarter hour is the same person in each forecast, so the whole quarter is drawn though part of it is
 * past. */
static void add_walk_ins(struct replications *mine)
{
    for (int i = 0; i < mine->quarter_count; i++) {
        const struct quarter *quarter = &mine->quarters[i];
        const uint64_t key = random_stream(mine->seed, (uint64_t)quarter->from_ms);
        double at_ms = (double)quarter->from_ms;
        for (uint64_t n = 0;; n++) {
            const uint64_t person = random_stream(key, n);
            const double u = random_at(person, (uint64_t)FOR_ARRIVAL + ((uint64_t)mine->run << 8));
            at_ms += random_exponential(u, 1.0 / quarter->per_ms);
            if (at_ms >= (double)quarter->until_ms) {
                break;
            }
            if (at_ms > (double)mine->snapshot->now_ms) {
                add_walk_in(mine, quarter, person, (int64_t)at_ms);
            }
        }
    }
}

static void add_booking(struct replications *mine, const struct snapshot_booking *booking)
{
    const uint64_t key = random_mix(booking->key ^ mine->seed);
    const int64_t now_ms = mine->snapshot->now_ms;
    int64_t offset_ms = 0;
    if (!sampler_booked(mine->sampler, now_ms - booking->appointment_ms,
                        draw(mine, key, FOR_COMING), &offset_ms)) {
        return;
    }
    const bool on_time = offset_ms <= engine_grace_ms;
    const int64_t arrives_ms = later(booking->appointment_ms + offset_ms, now_ms);
    const int64_t leg_from_ms = on_time ? later(arrives_ms, booking->appointment_ms) : arrives_ms;
    const enum ticket_class ticket_class =
        on_time || booking->ticket_class == CLASS_URGENT ? booking->ticket_class : CLASS_NORMAL;
    if (leg_from_ms >= mine->horizon_ms[ticket_class]) {
        return;
    }
    struct world_visit *visit = add(mine);
    visit->arrives_ms = arrives_ms;
    visit->leg_from_ms = leg_from_ms;
    visit->service = booking->service;
    visit->language = booking->language;
    visit->needs = booking->needs;
    visit->ticket_class = (uint8_t)ticket_class;
    draw_visit(mine, visit, key, 0);
}

/* Those added last, who come at one instant, to where they belong among the arrivals, which come in order. */
static void put_in_order(struct replications *mine, int32_t first, int32_t added)
{
    struct world_visit visits[2];
    const int32_t count = mine->count - added;
    CHECK(count <= 2);
    int32_t at = added;
    while (at > first && mine->list[at - 1].arrives_ms > mine->list[added].arrives_ms) {
        at--;
    }
    memcpy(visits, &mine->list[added], (size_t)count * sizeof(visits[0]));
    memmove(&mine->list[at + count], &mine->list[at], (size_t)(added - at) * sizeof(visits[0]));
    memcpy(&mine->list[at], visits, (size_t)count * sizeof(visits[0]));
}

/* Who lets others go first, put in from the end. Only then is it known where each of them stands. */
static void add_held(struct replications *mine, int32_t first)
{
    bool any = false;
    for (size_t i = 0; i < mine->snapshot->ticket_count; i++) {
        if (mine->snapshot->tickets[i].held_ms != 0) {
            const int32_t added = mine->count;
            add_waiting(mine, i);
            put_in_order(mine, first, added);
            any = true;
        }
    }
    for (int32_t i = first; any && i < mine->count; i++) {
        if (mine->list[i].id > 0 && !mine->list[i].phantom) {
            mine->asked[mine->list[i].id - 1] = i;
        }
    }
}

/* Walk-ins come in order; the few who are booked are put in from the end. */
static void add_bookings(struct replications *mine, int32_t first)
{
    for (size_t i = 0; i < mine->snapshot->booking_count; i++) {
        const int32_t count = mine->count;
        add_booking(mine, &mine->snapshot->bookings[i]);
        if (mine->count > count) {
            put_in_order(mine, first, count);
        }
    }
}

const struct world *replications_run(struct replications *replications, int run)
{
    struct replications *mine = replications;
    mine->run = run;
    mine->run_key = random_stream(mine->seed, (uint64_t)run);
    mine->count = 0;
    detour_begin(&mine->detour, (double)mine->sampler->out_of_turn, mine->run_key);
    for (int i = 0; i < mine->snapshot->counter_count; i++) {
        draw_counter(mine, i);
    }
    mine->visits.at_counters = mine->count;
    for (size_t i = 0; i < mine->snapshot->ticket_count; i++) {
        if (mine->snapshot->tickets[i].held_ms == 0) {
            add_waiting(mine, i);
        }
    }
    mine->visits.waiting = mine->count - mine->visits.at_counters;
    if (mine->terms.newcomers) {
        add_newcomers(mine);
    }
    const int32_t first = mine->count;
    add_walk_ins(mine);
    add_bookings(mine, first);
    add_held(mine, first);
    mine->visits.visits = mine->list;
    mine->visits.count = mine->count;
    replications_again(mine);
    return mine->world;
}

void replications_again(struct replications *replications)
{
    const struct snapshot *snapshot = replications->snapshot;
    world_start(replications->world, snapshot->now_ms, replications->stands, &replications->visits);
    (void)world_run(replications->world,
                    snapshot->day_end_ms > 0 ? snapshot->day_end_ms : never_ms);
}

int64_t replications_called_ms(const struct replications *replications, size_t asked)
{
    const int32_t visit = replications->asked[asked];
    const int64_t called_ms = world_ticket(replications->world, visit)->called_ms;
    const bool has_twin = asked < replications->snapshot->ticket_count &&
                          visit + 1 < replications->count &&
                          replications->list[visit + 1].phantom &&
                          replications->list[visit + 1].id == replications->list[visit].id;
    return called_ms < 0 && has_twin ? world_ticket(replications->world, visit + 1)->called_ms
                                     : called_ms;
}

const struct world_visits *replications_visits(const struct replications *replications)
{
    return &replications->visits;
}
