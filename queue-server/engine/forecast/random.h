/* Chance, as a function: u(seed, stream, purpose) is the same number whenever and wherever it is asked for, so that two
 * runs which differ in one decision still meet the same visitors (common random numbers), and so that results do not
 * depend on the number of threads. The generator is splitmix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom
 * number generators") read by position: a stream is a key, a purpose a position in it.
 *
 *   key = random_stream(seed, ticket);  u = random_at(key, PURPOSE_PATIENCE);          one number, by position
 *   struct random random = {key};       u = random_uniform(&random);                   one after another
 *
 * All pure. Uniforms lie strictly between 0 and 1, so that every inverse below is finite. */
#ifndef QUARTER_ENGINE_FORECAST_RANDOM_H
#define QUARTER_ENGINE_FORECAST_RANDOM_H

#include <stdint.h>

#define RANDOM_STEP UINT64_C(0x9e3779b97f4a7c15) /* 2^64 / golden ratio */

struct random {
    uint64_t state; /* a random_stream() */
};

static inline uint64_t random_mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static inline uint64_t random_stream(uint64_t seed, uint64_t stream)
{
    return random_mix(random_mix(seed + RANDOM_STEP) + (stream + 1) * RANDOM_STEP);
}

/* 52 bits and a half step: exact in a double, and never 0 or 1. */
static inline double random_unit(uint64_t bits)
{
    return ((double)(bits >> 12) + 0.5) * 0x1p-52;
}

static inline double random_at(uint64_t key, uint64_t purpose)
{
    return random_unit(random_mix(key + (purpose + 1) * RANDOM_STEP));
}

static inline double random_uniform(struct random *random)
{
    random->state += RANDOM_STEP;
    return random_unit(random_mix(random->state));
}

/* A whole number of 0 .. count - 1. */
static inline int random_index(double u, int count)
{
    return (int)(u * count);
}

/* By inversion, so that one uniform makes one value, and a larger u a larger value. */
double random_exponential(double u, double mean);
double random_normal(double u); /* mean 0, deviation 1; Wichura's AS 241, about 16 digits */
double random_lognormal(double u, double mean, double cv);

/* These take as many uniforms as they need. */
double random_gamma(struct random *random, double shape, double mean); /* shape >= 1 */
int random_poisson(struct random *random, double mean);

#endif
