/* See world.h. Every counter has one instant at most at which something happens to it next, so the list of future events
 * is one key for each counter, (instant, order of scheduling), and its least is found by looking at all: there are 64 at
 * most. What is known beforehand, opening hours, breaks and arrivals, lies sorted in arrays. */
#include "engine/forecast/world.h"

#include <stdlib.h>
#include <string.h>

#include "engine/forecast/world_lines.h"
#include "quarter/check.h"

/* A key is the time since the start (ms, 270 years), below it the order of scheduling, which is counted afresh among the
 * few that are pending whenever it has used up its bits, and below that the counter. */
enum { COUNTER_BITS = 6, ORDER_BITS = 14, TIME_SHIFT = COUNTER_BITS + ORDER_BITS };
_Static_assert(QUARTER_COUNTERS_MAX <= 1 << COUNTER_BITS, "a key has room for every counter");
enum { DUE_GROUP = 8 };
_Static_assert(QUARTER_COUNTERS_MAX % DUE_GROUP == 0, "groups of counters are full");
static const uint64_t never = UINT64_MAX;

struct hour {
    int64_t at_ms;
    int16_t counter;
    int16_t broken; /* which of its breaks; -1: it opens */
};

struct desk_counter {
    enum world_counter_state state;
    int32_t ticket;
    int64_t since_ms, until_ms;
    int breaks_taken;
};

struct relaxing {
    int64_t at_ms;
    int32_t ticket, joined;
};

struct world {
    struct world_desk desk;
    struct world_counter counters[QUARTER_COUNTERS_MAX];
    int offered[QUARTER_COUNTERS_MAX]; /* services of each counter */
    struct world_line_set sets[QUARTER_COUNTERS_MAX];
    /* On service times: where the language is spoken, and where not. */
    double factors[QUARTER_COUNTERS_MAX][2];
    uint64_t offering[QUARTER_SERVICES_MAX];  /* counters of each service */
    uint32_t grantable[QUARTER_SERVICES_MAX]; /* needs that one of them meets */
    struct hour hours[QUARTER_COUNTERS_MAX * (WORLD_BREAKS_MAX + 1)];
    int hour_count;

    struct world_visits visits;
    struct world_ticket *tickets;
    struct world_visit *legs; /* second legs; visit of ticket visits.count + i */
    int32_t ticket_count, ticket_capacity, leg_capacity;

    int64_t start_ms, now_ms;
    int next_hour;
    int32_t next_arrival, watched;
    int64_t hour_ms, arrival_ms; /* of these */
    uint64_t idle;               /* counters */
    struct desk_counter stands[QUARTER_COUNTERS_MAX];
    /* The future: a key of each counter, the least of every DUE_GROUP of them, and the least of all. */
    uint64_t due[QUARTER_COUNTERS_MAX], due_of_group[QUARTER_COUNTERS_MAX / DUE_GROUP], due_first;
    int due_groups;
    uint64_t order;
    struct relaxing *relaxing; /* a heap, the first first */
    int32_t relaxing_count, relaxing_capacity;
    struct world_lines lines;
};

static void arrive(struct world *world, int32_t ticket);
static void free_up(struct world *world, int counter);

/* ---- Making, and the desk */

struct world *world_create(void)
{
    struct world *world = calloc(1, sizeof(*world));
    CHECK(world != NULL);
    return world;
}

void world_destroy(struct world *world)
{
    if (world == NULL) {
        return;
    }
    world_lines_free(&world->lines);
    free(world->tickets);
    free(world->legs);
    free(world->relaxing);
    free(world);
}

/* Stable: at one instant in the order of the counters, opening first. */
static void add_hour(struct world *world, struct hour hour)
{
    int at = world->hour_count++;
    for (; at > 0 && world->hours[at - 1].at_ms > hour.at_ms; at--) {
        world->hours[at] = world->hours[at - 1];
    }
    world->hours[at] = hour;
}

static void add_counter(struct world *world, int counter)
{
    const struct world_counter *mine = &world->counters[counter];
    CHECK(mine->break_count >= 0 && mine->break_count <= WORLD_BREAKS_MAX);
    const double stranger = world->desk.stranger_factor;
    world->offered[counter] = __builtin_popcountll(mine->services);
    world->sets[counter] = world_lines_of(mine->services);
    world->factors[counter][0] = mine->speed > 0 ? mine->speed : 1;
    world->factors[counter][1] = world->factors[counter][0] * (stranger > 0 ? stranger : 1);
    for (int service = 0; service < world->desk.service_count; service++) {
        if ((mine->services >> service & 1) != 0) {
            world->offering[service] |= UINT64_C(1) << counter;
            world->grantable[service] |= mine->needs;
        }
    }
    add_hour(world, (struct hour){mine->opens_ms, (int16_t)counter, -1});
    for (int i = 0; i < mine->break_count; i++) {
        CHECK(mine->breaks[i].length_ms > 0);
        CHECK(i == 0 || mine->breaks[i - 1].from_ms <= mine->breaks[i].from_ms);
        add_hour(world, (struct hour){mine->breaks[i].from_ms, (int16_t)counter, (int16_t)i});
    }
}

void world_set_desk(struct world *world, const struct world_desk *desk)
{
    CHECK(desk->service_count >= 0 && desk->service_count <= QUARTER_SERVICES_MAX);
    CHECK(desk->counter_count >= 0 && desk->counter_count <= QUARTER_COUNTERS_MAX);
    world->desk = *desk;
    memcpy(world->counters, desk->counters, (size_t)desk->counter_count * sizeof(*world->counters));
    world->desk.counters = world->counters;
    memset(world->offering, 0, sizeof(world->offering));
    memset(world->grantable, 0, sizeof(world->grantable));
    world->hour_count = 0;
    for (int i = 0; i < desk->counter_count; i++) {
        add_counter(world, i);
    }
    world->lines.policy = &world->desk.policy;
    world->lines.needs = &world->desk.needs;
}

/* ---- The future */

static inline uint64_t least_of_group(const uint64_t keys[DUE_GROUP])
{
    uint64_t least = keys[0];
    for (int i = 1; i < DUE_GROUP; i++) {
        least = keys[i] < least ? keys[i] : least;
    }
    return least;
}

/* Anew, after the key of this counter grew. */
static void find_first_due(struct world *world, int counter)
{
    const int group = counter / DUE_GROUP;
    world->due_of_group[group] = least_of_group(&world->due[group * DUE_GROUP]);
    uint64_t first = world->due_of_group[0];
    for (int i = 1; i < world->due_groups; i++) {
        first = world->due_of_group[i] < first ? world->due_of_group[i] : first;
    }
    world->due_first = first;
}

static void count_order_afresh(struct world *world)
{
    const int count = world->desk.counter_count;
    uint64_t fresh[QUARTER_COUNTERS_MAX];
    for (int i = 0; i < count; i++) {
        uint64_t before = 0;
        for (int j = 0; j < count; j++) {
            before += world->due[j] < world->due[i];
        }
        fresh[i] = world->due[i] >> TIME_SHIFT << TIME_SHIFT | before << COUNTER_BITS | (uint64_t)i;
        fresh[i] = world->due[i] == never ? never : fresh[i];
    }
    memcpy(world->due, fresh, (size_t)count * sizeof(fresh[0]));
    world->order = (uint64_t)count;
    for (int i = 0; i < count; i += DUE_GROUP) {
        find_first_due(world, i);
    }
}

static void schedule(struct world *world, int counter, int64_t at_ms)
{
    const uint64_t since_start_ms = (uint64_t)(at_ms - world->start_ms);
    CHECK(at_ms >= world->start_ms && since_start_ms < UINT64_C(1) << (63 - TIME_SHIFT));
    if (world->order >> ORDER_BITS != 0) {
        count_order_afresh(world);
    }
    const uint64_t key =
        since_start_ms << TIME_SHIFT | world->order++ << COUNTER_BITS | (uint64_t)counter;
    world->due[counter] = key;
    world->stands[counter].until_ms = at_ms;
    uint64_t *of_group = &world->due_of_group[counter / DUE_GROUP];
    *of_group = key < *of_group ? key : *of_group;
    world->due_first = key < world->due_first ? key : world->due_first;
}

static bool relaxes_before(const struct relaxing *a, const struct relaxing *b)
{
    return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->joined < b->joined;
}

static void add_relaxing(struct world *world, struct relaxing relaxing)
{
    if (world->relaxing_count == world->relaxing_capacity) {
        world->relaxing_capacity =
            world->relaxing_capacity == 0 ? 64 : 2 * world->relaxing_capacity;
        world->relaxing =
            realloc(world->relaxing, (size_t)world->relaxing_capacity * sizeof(*world->relaxing));
        CHECK(world->relaxing != NULL);
    }
    int32_t at = world->relaxing_count++;
    while (at > 0 && relaxes_before(&relaxing, &world->relaxing[(at - 1) / 2])) {
        world->relaxing[at] = world->relaxing[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    world->relaxing[at] = relaxing;
}

static struct relaxing take_relaxing(struct world *world)
{
    struct relaxing *heap = world->relaxing;
    const struct relaxing first = heap[0];
    const int32_t count = --world->relaxing_count;
    const struct relaxing last = heap[count];
    int32_t at = 0;
    for (;;) {
        int32_t child = 2 * at + 1;
        if (child >= count) {
            break;
        }
        if (child + 1 < count && relaxes_before(&heap[child + 1], &heap[child])) {
            child++;
        }
        if (!relaxes_before(&heap[child], &last)) {
            break;
        }
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = last;
    return first;
}

/* ---- Calls */

static int64_t at_counter_ms(const struct world *world, int32_t ticket, int counter)
{
    const struct world_visit *visit = world->tickets[ticket].visit;
    const bool stranger =
        visit->language >= 0 && (world->counters[counter].languages >> visit->language & 1) == 0;
    /* service_ms fits a double exactly; half a ms is added before it is cut */
    const int64_t service_ms =
        (int64_t)((double)visit->service_ms * world->factors[counter][stranger] + 0.5);
    const struct world_hooks *hooks = &world->desk.hooks;
    return hooks->service_ms == NULL
               ? service_ms
               : hooks->service_ms(hooks->context, world, ticket, counter, service_ms);
}

/* The ticket is called by the counter, which is free; it is in no line. */
static void call(struct world *world, int32_t ticket, int counter)
{
    const struct world_hooks *hooks = &world->desk.hooks;
    struct world_ticket *mine = &world->tickets[ticket];
    struct desk_counter *stand = &world->stands[counter];
    const bool gone = mine->visit->leaves_ms <= world->now_ms;
    mine->called_ms = world->now_ms;
    mine->counter = (int16_t)counter;
    mine->outcome = gone ? WORLD_GHOST : WORLD_SERVED;
    world->watched -= mine->watched;
    if (!mine->visit->phantom) {
        stand->state = WORLD_BUSY;
        stand->ticket = gone ? WORLD_NOBODY : ticket;
        stand->since_ms = world->now_ms;
        world->idle &= ~(UINT64_C(1) << counter);
    }
    if (hooks->on_call != NULL) {
        hooks->on_call(hooks->context, world, ticket, counter);
    }
    if (!mine->visit->phantom) {
        schedule(world, counter,
                 world->now_ms +
                     (gone ? world->desk.ghost_ms : at_counter_ms(world, ticket, counter)));
    }
}

static void set_idle(struct world *world, int counter)
{
    struct desk_counter *stand = &world->stands[counter];
    stand->state = WORLD_IDLE;
    stand->ticket = WORLD_NOBODY;
    stand->since_ms = world->now_ms;
    world->idle |= UINT64_C(1) << counter;
}

/* A break that is due; false: none. */
static bool go_on_break(struct world *world, int counter)
{
    const struct world_counter *mine = &world->counters[counter];
    struct desk_counter *stand = &world->stands[counter];
    if (stand->breaks_taken >= mine->break_count ||
        mine->breaks[stand->breaks_taken].from_ms > world->now_ms) {
        return false;
    }
    stand->state = WORLD_BREAK;
    stand->ticket = WORLD_NOBODY;
    stand->since_ms = world->now_ms;
    world->idle &= ~(UINT64_C(1) << counter);
    schedule(world, counter, world->now_ms + mine->breaks[stand->breaks_taken++].length_ms);
    return true;
}

/* A counter is free: break, end of its hours, the next ticket, or it waits for one. */
static void free_up(struct world *world, int counter)
{
    struct desk_counter *stand = &world->stands[counter];
    const struct world_counter *mine = &world->counters[counter];
    const struct world_hooks *hooks = &world->desk.hooks;
    if (go_on_break(world, counter)) {
        return;
    }
    if (world->now_ms >= mine->closes_ms) {
        stand->state = WORLD_CLOSED;
        stand->ticket = WORLD_NOBODY;
        world->idle &= ~(UINT64_C(1) << counter);
        return;
    }
    for (;;) {
        int32_t vanished_watched = 0;
        int32_t best = world_lines_choose(&world->lines, mine, &world->sets[counter], world->now_ms,
                                          &vanished_watched);
        world->watched -= vanished_watched;
        if (best == WORLD_NOBODY) {
            set_idle(world, counter);
            return;
        }
        if (hooks->pick != NULL) {
            best = hooks->pick(hooks->context, world, counter, best);
        }
        const struct world_ticket *called = &world->tickets[best];
        const bool phantom = called->visit->phantom;
        world_lines_leave(&world->lines, best);
        if (world->desk.track_slips && !phantom && called->visit->leaves_ms > world->now_ms) {
            world_lines_note_slips(&world->lines, mine, &world->sets[counter], called,
                                   world->now_ms);
        }
        call(world, best, counter);
        if (!phantom) {
            return;
        }
    }
}

/* ---- Arrivals */

/* The free counter this ticket takes, or -1. */
static int find_idle(const struct world *world, int32_t ticket, uint32_t needs)
{
    const struct world_visit *visit = world->tickets[ticket].visit;
    const int64_t waited_ms = world->now_ms - world->tickets[ticket].leg_from_ms;
    struct counter_offer best = {0};
    int found = -1;
    for (uint64_t left = world->idle & world->offering[visit->service]; left != 0;
         left &= left - 1) {
        const int counter = __builtin_ctzll(left);
        const struct world_counter *mine = &world->counters[counter];
        if (needs != 0 &&
            waited_ms < needs_callable_after_ms(&world->desk.needs, needs, mine->needs)) {
            continue;
        }
        const struct counter_offer offer = {.speaks = visit->language < 0 ||
                                                      (mine->languages >> visit->language & 1) != 0,
                                            .services = world->offered[counter],
                                            .idle_since_ms = world->stands[counter].since_ms};
        if (found < 0 || policy_offer_is_better(&offer, &best)) {
            found = counter;
            best = offer;
        }
    }
    return found;
}

/* A wish that no counter for the service could grant restricts nobody. */
static uint32_t needs_in_line(const struct world *world, const struct world_visit *visit)
{
    return visit->needs & (world->desk.needs.hard | world->grantable[visit->service]);
}

static void plan_relaxing(struct world *world, int32_t ticket, uint32_t needs)
{
    const struct world_ticket *mine = &world->tickets[ticket];
    for (uint32_t left = needs & ~world->desk.needs.hard; left != 0; left &= left - 1) {
        const int64_t after_ms = world->desk.needs.relax_after_ms[__builtin_ctz(left)];
        const int64_t at_ms = mine->leg_from_ms + after_ms;
        if (at_ms > world->now_ms) {
            add_relaxing(world, (struct relaxing){at_ms, ticket, mine->joined});
        }
    }
}

static void arrive(struct world *world, int32_t ticket)
{
    struct world_ticket *mine = &world->tickets[ticket];
    const uint32_t needs = mine->visit->needs == 0 ? 0 : needs_in_line(world, mine->visit);
    const int counter = find_idle(world, ticket, needs);
    if (counter >= 0) {
        call(world, ticket, counter);
        return;
    }
    mine->outcome = WORLD_WAITS;
    world_lines_join(&world->lines, ticket, needs);
    if (needs != 0) {
        plan_relaxing(world, ticket, needs);
    }
}

static void relax(struct world *world)
{
    const int32_t ticket = take_relaxing(world).ticket;
    const struct world_ticket *mine = &world->tickets[ticket];
    if (mine->outcome != WORLD_WAITS || mine->vanishes_ms <= world->now_ms) {
        return;
    }
    const int counter = find_idle(world, ticket, needs_in_line(world, mine->visit));
    if (counter >= 0) {
        world_lines_leave(&world->lines, ticket);
        call(world, ticket, counter);
    }
}

static void transfer(struct world *world, int32_t from)
{
    const struct world_visit *visit = world->tickets[from].visit;
    const int32_t leg = world->ticket_count++ - world->visits.count;
    CHECK(leg < world->leg_capacity);
    world->legs[leg] = (struct world_visit){.arrives_ms = world->now_ms,
                                            .leg_from_ms = world->now_ms,
                                            .leaves_ms = INT64_MAX,
                                            .service_ms = visit->next_service_ms,
                                            .gap_ms = visit->next_gap_ms,
                                            .id = visit->id,
                                            .needs = visit->needs,
                                            .service = visit->next_service,
                                            .next_service = -1,
                                            .language = visit->language,
                                            .ticket_class = CLASS_TRANSFER};
    world->tickets[world->visits.count + leg] = (struct world_ticket){.visit = &world->legs[leg],
                                                                      .leg_from_ms = world->now_ms,
                                                                      .vanishes_ms = INT64_MAX,
                                                                      .called_ms = -1,
                                                                      .leg_of = from,
                                                                      .counter = -1};
    arrive(world, world->visits.count + leg);
}

/* ---- Running */

static void service_over(struct world *world, int counter)
{
    const struct world_hooks *hooks = &world->desk.hooks;
    struct desk_counter *stand = &world->stands[counter];
    const int32_t ticket = stand->ticket;
    if (ticket == WORLD_NOBODY) {
        free_up(world, counter);
        return;
    }
    if (hooks->on_end != NULL) {
        hooks->on_end(hooks->context, world, ticket, counter);
    }
    const struct world_visit *visit = world->tickets[ticket].visit;
    int64_t gap_ms = visit->gap_ms;
    if (hooks->gap_ms != NULL) {
        gap_ms += hooks->gap_ms(hooks->context, world, ticket, counter);
    }
    if (gap_ms > 0) {
        stand->ticket = WORLD_NOBODY;
        stand->since_ms = world->now_ms;
        schedule(world, counter, world->now_ms + gap_ms);
    } else {
        free_up(world, counter);
    }
    if (visit->next_service >= 0) {
        transfer(world, ticket);
    }
}

static void counter_due(struct world *world)
{
    const int counter = (int)(world->due_first & ((1 << COUNTER_BITS) - 1));
    world->due[counter] = never;
    find_first_due(world, counter);
    if (world->stands[counter].state == WORLD_BUSY) {
        service_over(world, counter);
    } else {
        free_up(world, counter);
    }
}

static void look_ahead(struct world *world)
{
    world->hour_ms =
        world->next_hour < world->hour_count ? world->hours[world->next_hour].at_ms : INT64_MAX;
    world->arrival_ms = world->next_arrival < world->visits.count
                            ? world->visits.visits[world->next_arrival].arrives_ms
                            : INT64_MAX;
}

static void hour_comes(struct world *world)
{
    const struct hour *hour = &world->hours[world->next_hour++];
    const struct desk_counter *stand = &world->stands[hour->counter];
    const bool opens = hour->broken < 0 && stand->state == WORLD_CLOSED;
    const bool leaves = stand->state == WORLD_IDLE && hour->broken == stand->breaks_taken;
    look_ahead(world);
    if (opens || leaves) {
        free_up(world, hour->counter);
    }
}

static void arrival_comes(struct world *world)
{
    const struct world_hooks *hooks = &world->desk.hooks;
    const int32_t ticket = world->next_arrival++;
    look_ahead(world);
    if (hooks->on_arrival != NULL) {
        hooks->on_arrival(hooks->context, world, ticket);
    }
    arrive(world, ticket);
}

/* What happens next at all; false: nothing until then. */
static bool next_comes(struct world *world, int64_t until_ms)
{
    const int64_t due_ms = world->due_first == never
                               ? INT64_MAX
                               : world->start_ms + (int64_t)(world->due_first >> TIME_SHIFT);
    const int64_t relax_ms = world->relaxing_count == 0 ? INT64_MAX : world->relaxing[0].at_ms;
    const int64_t known_ms =
        world->hour_ms < world->arrival_ms ? world->hour_ms : world->arrival_ms;
    int64_t next_ms = known_ms < due_ms ? known_ms : due_ms;
    next_ms = relax_ms < next_ms ? relax_ms : next_ms;
    if (next_ms > until_ms || next_ms == INT64_MAX) {
        return false;
    }
    world->now_ms = next_ms > world->now_ms ? next_ms : world->now_ms;
    if (world->arrival_ms == next_ms && world->hour_ms != next_ms) {
        arrival_comes(world);
    } else if (known_ms == next_ms) {
        hour_comes(world);
    } else if (due_ms == next_ms) {
        counter_due(world);
    } else {
        relax(world);
    }
    return true;
}

bool world_run(struct world *world, int64_t until_ms)
{
    const bool watching = world->watched > 0;
    while (next_comes(world, until_ms)) {
        if (watching && world->watched == 0) {
            return false;
        }
    }
    const bool more = world->due_first != never || world->relaxing_count > 0 ||
                      world->hour_ms != INT64_MAX || world->arrival_ms != INT64_MAX;
    if (more && until_ms > world->now_ms) {
        world->now_ms = until_ms;
    }
    return more;
}

/* ---- Starting */

static void take_visits(struct world *world, const struct world_visits *visits)
{
    int32_t legs = 0;
    world->watched = 0;
    if (visits->count > world->ticket_capacity) {
        world->ticket_capacity = visits->count + visits->count / 2;
        free(world->tickets);
        world->tickets = malloc(2 * (size_t)world->ticket_capacity * sizeof(*world->tickets));
        CHECK(world->tickets != NULL);
    }
    for (int32_t i = 0; i < visits->count; i++) {
        const struct world_visit *visit = &visits->visits[i];
        const int64_t leaves_ms = visit->leaves_ms;
        CHECK(visit->service >= 0 && visit->service < world->desk.service_count);
        legs += visit->next_service >= 0;
        const bool watched = visit->watched && i >= visits->at_counters;
        world->watched += watched;
        world->tickets[i] =
            (struct world_ticket){.visit = visit,
                                  .leg_from_ms = visit->leg_from_ms,
                                  .vanishes_ms = visit->silent ? INT64_MAX : leaves_ms,
                                  .called_ms = -1,
                                  .leg_of = WORLD_NOBODY,
                                  .counter = -1,
                                  .watched = watched};
    }
    if (legs > world->leg_capacity) {
        world->leg_capacity = legs + legs / 2;
        free(world->legs);
        world->legs = malloc((size_t)world->leg_capacity * sizeof(*world->legs));
        CHECK(world->legs != NULL);
    }
    world->visits = *visits;
    world->ticket_count = visits->count;
    world->lines.tickets = world->tickets;
}

static void take_stand(struct world *world, int counter, const struct world_stand *given)
{
    struct desk_counter *stand = &world->stands[counter];
    *stand = (struct desk_counter){.state = given->state,
                                   .ticket = WORLD_NOBODY,
                                   .since_ms = given->since_ms,
                                   .breaks_taken = given->breaks_taken};
    switch (given->state) {
    case WORLD_CLOSED: break;
    case WORLD_IDLE:
        world->idle |= UINT64_C(1) << counter;
        (void)go_on_break(world, counter);
        break;
    case WORLD_BUSY:
        CHECK(given->ticket < world->visits.at_counters);
        stand->ticket = given->ticket;
        if (given->ticket != WORLD_NOBODY) {
            world->tickets[given->ticket].called_ms = given->since_ms;
            world->tickets[given->ticket].counter = (int16_t)counter;
            world->tickets[given->ticket].outcome = WORLD_SERVED;
        }
        schedule(world, counter, given->until_ms);
        break;
    case WORLD_BREAK: schedule(world, counter, given->until_ms); break;
    }
}

void world_start(struct world *world, int64_t start_ms, const struct world_stand *stands,
                 const struct world_visits *visits)
{
    CHECK(visits->at_counters + visits->waiting <= visits->count);
    world_lines_reset(&world->lines, world->desk.service_count);
    take_visits(world, visits);
    world->start_ms = world->now_ms = start_ms;
    world->order = world->idle = 0;
    world->relaxing_count = 0;
    memset(world->due, 0xff, sizeof(world->due)); /* never */
    memset(world->due_of_group, 0xff, sizeof(world->due_of_group));
    world->due_first = never;
    world->due_groups = (world->desk.counter_count + DUE_GROUP - 1) / DUE_GROUP;
    world->next_hour = 0;
    while (world->next_hour < world->hour_count &&
           world->hours[world->next_hour].at_ms < start_ms) {
        world->next_hour++;
    }
    static const struct world_stand closed = {.state = WORLD_CLOSED, .ticket = WORLD_NOBODY};
    for (int i = 0; i < world->desk.counter_count; i++) {
        take_stand(world, i, stands == NULL ? &closed : &stands[i]);
    }
    for (int32_t i = 0; i < visits->waiting; i++) {
        arrive(world, visits->at_counters + i);
    }
    world->next_arrival = visits->at_counters + visits->waiting;
    look_ahead(world);
}

/* ---- What can be seen */

int64_t world_now_ms(const struct world *world)
{
    return world->now_ms;
}

int32_t world_ticket_count(const struct world *world)
{
    return world->ticket_count;
}

const struct world_ticket *world_ticket(const struct world *world, int32_t ticket)
{
    CHECK(ticket >= 0 && ticket < world->ticket_count);
    return &world->tickets[ticket];
}

void world_stand(const struct world *world, int counter, struct world_stand *stand)
{
    CHECK(counter >= 0 && counter < world->desk.counter_count);
    const struct desk_counter *mine = &world->stands[counter];
    *stand = (struct world_stand){.state = mine->state,
                                  .ticket = mine->ticket,
                                  .since_ms = mine->since_ms,
                                  .until_ms = mine->until_ms,
                                  .breaks_taken = mine->breaks_taken};
}

int32_t world_waiting(const struct world *world, int32_t *tickets, int32_t max)
{
    return world_lines_list(&world->lines, ~UINT64_C(0), NULL, world->now_ms, tickets, max);
}

int32_t world_callable(const struct world *world, int counter, int32_t *tickets, int32_t max)
{
    CHECK(counter >= 0 && counter < world->desk.counter_count);
    const struct world_counter *mine = &world->counters[counter];
    return world_lines_list(&world->lines, mine->services, mine, world->now_ms, tickets, max);
}
