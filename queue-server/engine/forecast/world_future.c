/* What happens next in a world. See world_state.h. */
#include <stdlib.h>
#include <string.h>

#include "engine/forecast/world_state.h"
#include "quarter/check.h"

static inline uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* By hand, for compilers that keep such short loops. */
static inline uint64_t least_of_group(const uint64_t keys[WORLD_DUE_GROUP])
{
    _Static_assert(WORLD_DUE_GROUP == 8, "as many as are compared here");
    return least(least(least(keys[0], keys[1]), least(keys[2], keys[3])),
                 least(least(keys[4], keys[5]), least(keys[6], keys[7])));
}

void world_find_first_due(struct world *world, int counter)
{
    const size_t group = (size_t)counter / WORLD_DUE_GROUP;
    world->due_of_group[group] = least_of_group(&world->due[group * WORLD_DUE_GROUP]);
    uint64_t first = world->due_of_group[0];
    for (int i = 1; i < world->due_groups; i++) {
        first = least(first, world->due_of_group[i]);
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
        fresh[i] = world->due[i] >> WORLD_TIME_SHIFT << WORLD_TIME_SHIFT |
                   before << WORLD_COUNTER_BITS | (uint64_t)i;
        fresh[i] = world->due[i] == WORLD_NEVER ? WORLD_NEVER : fresh[i];
    }
    memcpy(world->due, fresh, (size_t)count * sizeof(fresh[0]));
    world->order = (uint64_t)count;
    for (int i = 0; i < count; i += WORLD_DUE_GROUP) {
        world_find_first_due(world, i);
    }
}

void world_schedule(struct world *world, int counter, int64_t at_ms)
{
    const uint64_t since_start_ms = (uint64_t)(at_ms - world->start_ms);
    CHECK(since_start_ms < UINT64_C(1) << (63 - WORLD_TIME_SHIFT)); /* nor before the start */
    if (world->order >> WORLD_ORDER_BITS != 0) {
        count_order_afresh(world);
    }
    const uint64_t key = since_start_ms << WORLD_TIME_SHIFT | world->order++ << WORLD_COUNTER_BITS |
                         (uint64_t)counter;
    world->due[counter] = key;
    world->stands[counter].until_ms = at_ms;
    uint64_t *of_group = &world->due_of_group[counter / WORLD_DUE_GROUP];
    *of_group = least(key, *of_group);
    world->due_first = least(key, world->due_first);
}

static bool relaxes_before(const struct world_relaxing *a, const struct world_relaxing *b)
{
    return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->joined < b->joined;
}

void world_add_relaxing(struct world *world, struct world_relaxing relaxing)
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

struct world_relaxing world_take_relaxing(struct world *world)
{
    struct world_relaxing *heap = world->relaxing;
    const struct world_relaxing first = heap[0];
    const int32_t count = --world->relaxing_count;
    const struct world_relaxing last = heap[count];
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

void world_future_reset(struct world *world)
{
    memset(world->due, 0xff, sizeof(world->due)); /* WORLD_NEVER */
    memset(world->due_of_group, 0xff, sizeof(world->due_of_group));
    world->due_first = WORLD_NEVER;
    world->due_groups = (world->desk.counter_count + WORLD_DUE_GROUP - 1) / WORLD_DUE_GROUP;
    world->order = 0;
    world->relaxing_count = 0;
    world->next_hour = 0;
    while (world->next_hour < world->hour_count &&
           world->hours[world->next_hour].at_ms < world->start_ms) {
        world->next_hour++;
    }
}
