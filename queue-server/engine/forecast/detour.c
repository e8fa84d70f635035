/* Calls out of turn. See detour.h. */
#include "engine/forecast/detour.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "engine/forecast/random.h"
#include "quarter/check.h"

void detour_begin(struct detour *detour, double share, uint64_t run_key)
{
    detour->share = share;
    detour->run_key = run_key;
    detour->at_ms = -1;
    memset(detour->picks, 0, sizeof(detour->picks));
}

void detour_free(struct detour *detour)
{
    free(detour->tickets);
}

/* Out of turn is whoever is not first, each with the same probability. A phantom, were it one of them, would be taken
 * with probability 1 / others; whom the call goes to is the same with and without it. */
static void plan(struct detour *detour, const struct world *world, int counter, int32_t best,
                 uint64_t key)
{
    if (detour->capacity < world_ticket_count(world)) {
        free(detour->tickets);
        detour->capacity = 2 * world_ticket_count(world);
        detour->tickets = malloc((size_t)detour->capacity * sizeof(*detour->tickets));
        CHECK(detour->tickets != NULL);
    }
    const int32_t count = world_callable(world, counter, detour->tickets, detour->capacity);
    int32_t people = 0;
    for (int32_t i = 0; i < count; i++) {
        people += !world_ticket(world, detour->tickets[i])->visit->phantom;
    }
    const bool best_is_one = !world_ticket(world, best)->visit->phantom;
    int32_t nth = random_index(random_at(key, 1), people - best_is_one);
    detour->left = 0;
    for (int32_t i = 0; i < count; i++) {
        const int32_t ticket = detour->tickets[i];
        if (ticket == best) {
            continue;
        }
        if (!world_ticket(world, ticket)->visit->phantom) {
            detour->target = nth-- == 0 ? ticket : detour->target;
        } else if (random_at(key, 2 + (uint64_t)ticket) * people < 1) {
            detour->tickets[detour->left++] = ticket;
        }
    }
    if (detour->target == WORLD_NOBODY && best_is_one) {
        detour->target = best; /* nobody else is there */
    }
}

/* One decision for each real call: phantoms called on the way to it are part of it. */
int32_t detour_pick(struct detour *detour, const struct world *world, int counter, int32_t best)
{
    if (detour->at_ms != world_now_ms(world) || detour->counter != counter) {
        const uint64_t call = (uint64_t)counter << 32 | detour->picks[counter]++;
        const uint64_t key = random_stream(detour->run_key, call);
        detour->at_ms = world_now_ms(world);
        detour->counter = counter;
        detour->target = WORLD_NOBODY;
        if (random_at(key, 0) < detour->share) {
            plan(detour, world, counter, best, key);
        }
    }
    if (detour->target == WORLD_NOBODY) {
        return best;
    }
    return detour->left > 0 ? detour->tickets[--detour->left] : detour->target;
}
