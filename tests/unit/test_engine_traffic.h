/* What comes to a simulated centre: commands, sensible and not, by weights; and the sites it lives under. */
#ifndef QUARTER_TESTS_ENGINE_TRAFFIC_H
#define QUARTER_TESTS_ENGINE_TRAFFIC_H

#include "test_engine_rig.h"

enum { SITES = 3, DEVICES = 3, NUMBERS = 1000, PREFIXES = 26, PERSONS = 4, UNDONE_MAX = 64 };

/* How often each thing happened: a simulation that never reaches something proves nothing about it. */
struct seen {
    int events[EVENT_TYPES], reasons[CALL_REASONS], refusals[REFUSAL_TOO_MANY_CODES + 1];
    int undone; /* and compared with all that was before */
};

/* How a ticket and its counter were before a step there. */
struct before {
    struct ticket ticket;
    int64_t since_ms;
};

struct sim {
    struct rig *rig;
    struct seen *seen;
    uint64_t random;
    bool calm; /* fewer come than could be served */
    struct rules sites[SITES];
    int day;                                     /* of November */
    size_t day_start;                            /* in the log */
    struct before steps[UNDONE_MAX][UNDONE_MAX]; /* of each counter, the newest last */
    int step_count[UNDONE_MAX];
    bool used[PREFIXES][NUMBERS];
    struct {
        char prefix;
        int32_t next, last;
        int device;
    } block;
};

uint32_t traffic_roll(struct sim *sim, uint32_t sides);
void traffic_person(char to[QUARTER_ULID_LEN + 1], int person);
struct command traffic_command(struct sim *sim);
void traffic_sites(struct sim *sim, uint64_t seed);

#endif
