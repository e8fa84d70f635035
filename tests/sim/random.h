/* Chance from a seed: splitmix64, https://prng.di.unimi.it/splitmix64.c. Each step of a run has a stream of its own, so
 * that leaving one out changes none of the others: that is what lets a failing run be shortened. */
#ifndef QUARTER_TESTS_SIM_RANDOM_H
#define QUARTER_TESTS_SIM_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

static inline uint64_t sim_next(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* The start of a stream of its own. */
static inline uint64_t sim_seed(uint64_t seed, uint64_t stream)
{
    uint64_t state = seed * UINT64_C(0xd1342543de82ef95) + stream;
    return sim_next(&state);
}

static inline uint32_t sim_pick(uint64_t *state, uint32_t sides)
{
    return (uint32_t)(sim_next(state) >> 32) % sides;
}

static inline bool sim_chance(uint64_t *state, uint32_t percent)
{
    return sim_pick(state, 100) < percent;
}

#endif
