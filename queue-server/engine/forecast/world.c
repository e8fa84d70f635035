/* See world.h: making a world, its desk, starting a run, and looking at it. */
#include "engine/forecast/world.h"

#include <stdlib.h>
#include <string.h>

#include "engine/forecast/world_state.h"
#include "quarter/check.h"

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
static void add_hour(struct world *world, struct world_hour hour)
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
    add_hour(world, (struct world_hour){mine->opens_ms, (int16_t)counter, -1});
    for (int i = 0; i < mine->break_count; i++) {
        CHECK(mine->breaks[i].length_ms > 0);
        CHECK(i == 0 || mine->breaks[i - 1].from_ms <= mine->breaks[i].from_ms);
        add_hour(world, (struct world_hour){mine->breaks[i].from_ms, (int16_t)counter, (int16_t)i});
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
        world->leg_capacity = legs + legs / 2 + 1;
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
    struct world_desk_counter *stand = &world->stands[counter];
    *stand = (struct world_desk_counter){.state = given->state,
                                         .ticket = WORLD_NOBODY,
                                         .since_ms = given->since_ms,
                                         .breaks_taken = given->breaks_taken};
    const struct world_counter *mine = &world->counters[counter];
    stand->next_break_ms = given->breaks_taken < mine->break_count
                               ? mine->breaks[given->breaks_taken].from_ms
                               : INT64_MAX;
    switch (given->state) {
    case WORLD_CLOSED: break;
    case WORLD_IDLE:
        world->idle |= UINT64_C(1) << counter;
        if (stand->next_break_ms <= world->now_ms) {
            world_go_on_break(world, counter);
        }
        break;
    case WORLD_BUSY:
        CHECK(given->ticket < world->visits.at_counters);
        stand->ticket = given->ticket;
        if (given->ticket != WORLD_NOBODY) {
            world->tickets[given->ticket].called_ms = given->since_ms;
            world->tickets[given->ticket].counter = (int16_t)counter;
            world->tickets[given->ticket].outcome = WORLD_SERVED;
        }
        world_schedule(world, counter, given->until_ms);
        break;
    case WORLD_BREAK: world_schedule(world, counter, given->until_ms); break;
    }
}

void world_start(struct world *world, int64_t start_ms, const struct world_stand *stands,
                 const struct world_visits *visits)
{
    CHECK(visits->at_counters + visits->waiting <= visits->count);
    world_lines_reset(&world->lines, world->desk.service_count);
    take_visits(world, visits);
    world->start_ms = world->now_ms = start_ms;
    world->idle = 0;
    world_future_reset(world);
    static const struct world_stand closed = {.state = WORLD_CLOSED, .ticket = WORLD_NOBODY};
    for (int i = 0; i < world->desk.counter_count; i++) {
        take_stand(world, i, stands == NULL ? &closed : &stands[i]);
    }
    for (int32_t i = 0; i < visits->waiting; i++) {
        world_arrive(world, visits->at_counters + i);
    }
    world->next_arrival = visits->at_counters + visits->waiting;
    world_look_ahead(world);
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
    const struct world_desk_counter *mine = &world->stands[counter];
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
