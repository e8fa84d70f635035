/* What happens in a world: arrivals, calls, breaks, transfers. See world.h. */
#include "engine/forecast/world_state.h"
#include "quarter/check.h"

static void free_up(struct world *world, int counter);

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
    struct world_desk_counter *stand = &world->stands[counter];
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
        world_schedule(world, counter,
                       world->now_ms +
                           (gone ? world->desk.ghost_ms : at_counter_ms(world, ticket, counter)));
    }
}

static void set_idle(struct world *world, int counter)
{
    struct world_desk_counter *stand = &world->stands[counter];
    stand->state = WORLD_IDLE;
    stand->ticket = WORLD_NOBODY;
    stand->since_ms = world->now_ms;
    world->idle |= UINT64_C(1) << counter;
}

void world_go_on_break(struct world *world, int counter)
{
    const struct world_counter *mine = &world->counters[counter];
    struct world_desk_counter *stand = &world->stands[counter];
    const int64_t length_ms = mine->breaks[stand->breaks_taken++].length_ms;
    stand->state = WORLD_BREAK;
    stand->ticket = WORLD_NOBODY;
    stand->since_ms = world->now_ms;
    stand->next_break_ms = stand->breaks_taken < mine->break_count
                               ? mine->breaks[stand->breaks_taken].from_ms
                               : INT64_MAX;
    world->idle &= ~(UINT64_C(1) << counter);
    world_schedule(world, counter, world->now_ms + length_ms);
}

/* A counter is free: break, end of its hours, the next ticket, or it waits for one. */
static void free_up(struct world *world, int counter)
{
    struct world_desk_counter *stand = &world->stands[counter];
    const struct world_counter *mine = &world->counters[counter];
    const struct world_hooks *hooks = &world->desk.hooks;
    if (stand->next_break_ms <= world->now_ms) {
        world_go_on_break(world, counter);
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
            world_add_relaxing(world, (struct world_relaxing){at_ms, ticket, mine->joined});
        }
    }
}

void world_arrive(struct world *world, int32_t ticket)
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
    const int32_t ticket = world_take_relaxing(world).ticket;
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
    world_arrive(world, world->visits.count + leg);
}

/* ---- Running */

static void service_over(struct world *world, int counter)
{
    const struct world_hooks *hooks = &world->desk.hooks;
    struct world_desk_counter *stand = &world->stands[counter];
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
        world_schedule(world, counter, world->now_ms + gap_ms);
    } else {
        free_up(world, counter);
    }
    if (visit->next_service >= 0) {
        transfer(world, ticket);
    }
}

static void counter_due(struct world *world)
{
    const int counter = (int)(world->due_first & ((1 << WORLD_COUNTER_BITS) - 1));
    world->due[counter] = WORLD_NEVER;
    world_find_first_due(world, counter);
    if (world->stands[counter].state == WORLD_BUSY) {
        service_over(world, counter);
    } else {
        free_up(world, counter);
    }
}

void world_look_ahead(struct world *world)
{
    world->hour_ms =
        world->next_hour < world->hour_count ? world->hours[world->next_hour].at_ms : INT64_MAX;
    world->arrival_ms = world->next_arrival < world->visits.count
                            ? world->visits.visits[world->next_arrival].arrives_ms
                            : INT64_MAX;
}

static void hour_comes(struct world *world)
{
    const struct world_hour *hour = &world->hours[world->next_hour++];
    const struct world_desk_counter *stand = &world->stands[hour->counter];
    const bool opens = hour->broken < 0 && stand->state == WORLD_CLOSED;
    const bool leaves = stand->state == WORLD_IDLE && hour->broken == stand->breaks_taken;
    world_look_ahead(world);
    if (opens || leaves) {
        free_up(world, hour->counter);
    }
}

static void arrival_comes(struct world *world)
{
    const struct world_hooks *hooks = &world->desk.hooks;
    const int32_t ticket = world->next_arrival++;
    world_look_ahead(world);
    if (hooks->on_arrival != NULL) {
        hooks->on_arrival(hooks->context, world, ticket);
    }
    world_arrive(world, ticket);
}

/* What happens next at all; false: nothing until then. */
static bool next_comes(struct world *world, int64_t until_ms)
{
    const int64_t due_ms = world->due_first == WORLD_NEVER
                               ? INT64_MAX
                               : world->start_ms + (int64_t)(world->due_first >> WORLD_TIME_SHIFT);
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
    const bool more = world->due_first != WORLD_NEVER || world->relaxing_count > 0 ||
                      world->hour_ms != INT64_MAX || world->arrival_ms != INT64_MAX;
    if (more && until_ms > world->now_ms) {
        world->now_ms = until_ms;
    }
    return more;
}
