/* What the simulation knows for sure: every event that was in the journal after a commit, read through a reader of its
 * own, and what may never be otherwise. Nothing here asks the engine that is under test, but for a second one (the
 * shadow), which is fed from the journal alone and has to come out the same. */
#ifndef QUARTER_TESTS_SIM_WITNESS_H
#define QUARTER_TESTS_SIM_WITNESS_H

#include "engine/engine.h"
#include "sites.h"
#include "store/store.h"

enum { WITNESS_ACTORS_MAX = 2048, WITNESS_DOUBTS_MAX = 32, WITNESS_CALLERS_MAX = 8 };

struct witness_ticket {
    char id[QUARTER_ULID_LEN + 1], day[QUARTER_DAY_LEN + 1], prefix[QUARTER_PREFIX_MAX + 1];
    char counter[QUARTER_CODE_MAX + 1]; /* "" when at none */
    char service[QUARTER_CODE_MAX + 1], needs[QUARTER_NEEDS_MAX][QUARTER_CODE_MAX + 1];
    int need_count;
    int32_t number;
    enum ticket_state state;
    bool recalled; /* since it was called */
    int actor;
    int64_t last_seq; /* of what happened to it last, recalls and promises apart */
};

/* Something that may be undone. */
struct witness_step {
    int64_t seq;
    struct witness_ticket before;
};

struct witness_block { /* of numbers, reserved for a device */
    char day[QUARTER_DAY_LEN + 1], prefix[QUARTER_PREFIX_MAX + 1], device[QUARTER_CODE_MAX + 1];
    int32_t next, last;
};

struct witness {
    struct sim_sites *sites;
    struct engine *shadow;
    const struct rules *rules; /* in force, by the journal */
    int64_t count, capacity;   /* events seen */
    uint64_t *marks;           /* of each row, by seq - 1 */
    char last_id[QUARTER_ULID_LEN + 1], day[QUARTER_DAY_LEN + 1];
    bool day_open;
    int64_t last_at_ms;
    int32_t announcement;
    int ticket_count, ticket_capacity, block_count, block_capacity;
    struct witness_ticket *tickets;
    int step_count, step_capacity;
    struct witness_step *steps;
    struct witness_block *blocks;
    /* By the number of a request: where its events begin and end in the journal; 0: none. */
    int64_t first_seq[WITNESS_ACTORS_MAX], last_seq[WITNESS_ACTORS_MAX];
    int64_t settled; /* events before the read under way: no request may add to those */
    /* The last batches of which nobody could be told whether they were stored: how many events each had. */
    int doubt_count;
    int64_t doubts[WITNESS_DOUBTS_MAX];
    int64_t owed; /* events of a batch that was stored, right before the power went: not read yet */
    int caller_count; /* kiosks that call for help, and nobody has answered */
    char callers[WITNESS_CALLERS_MAX][QUARTER_CODE_MAX + 1];
    int64_t seen[EVENT_TYPES], calls_compared;
    int64_t by_site; /* events that a start made, to journal its site */
};

void witness_set_up(struct witness *witness, struct sim_sites *sites, const struct rules *rules);
void witness_tear_down(struct witness *witness);

/* Reads what is new; returns how much that was. */
int64_t witness_read(struct witness *witness, struct store_reader *reader);
/* Reads everything again: every row that was ever seen is there, as it was. */
void witness_read_again(struct witness *witness, struct store_reader *reader);
/* The live engine is what the journal makes of a fresh one. Returns its digest. */
uint64_t witness_compare(const struct witness *witness, const struct engine *engine);

/* Ends the run: the process tells what is wrong, and aborts as a CHECK does. */
_Noreturn void sim_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
#define EXPECT(condition, ...) ((condition) ? (void)0 : sim_fail(__VA_ARGS__))

#endif
