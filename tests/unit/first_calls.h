/* What the reference desk calls when, on the five recorded days (tests/data/README.md), and a comparison with it. */
#ifndef QUARTER_TESTS_FIRST_CALLS_H
#define QUARTER_TESTS_FIRST_CALLS_H

#include <stdint.h>

#include "simulate/trace.h"

enum {
    FIRST_CALLS_SECOND_LEG = 100000
}; /* ids of second legs, counted by day in the order of transfers */

struct first_call {
    int32_t day, id; /* day from 1 */
    int32_t counter; /* "C7" is 7 */
    int64_t called_ms;
};

struct first_calls {
    struct first_call *calls;
    int count, capacity;
};

/* The five days; fails the test on a fault. */
struct trace *first_calls_trace(void);
/* FIFO with promises as the reference has them; fails on a name without terms. */
struct policy_terms first_calls_terms(const char *policy);

struct first_calls first_calls_read(const char *policy);
void first_calls_add(struct first_calls *calls, struct first_call call);
void first_calls_free(struct first_calls *calls);

/* Both in any order. Fails with the first few that differ: another counter, or more than 1 ms apart. */
void first_calls_compare(struct first_calls *expected, struct first_calls *found);

#endif
