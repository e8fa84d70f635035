/* An engine on a bench: commands are decided and evolved at once, every event is kept, and every
 * invariant is checked after each. Times are made up; there is no clock. */
#ifndef QUARTER_TESTS_ENGINE_RIG_H
#define QUARTER_TESTS_ENGINE_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/engine.h"

#define RIG_DAY "2026-11-24"
enum { RIG_START_MS = 1000000 };

struct rig {
    struct engine *engine;
    struct decision decision;
    struct rules rules;
    int64_t now_ms;
    int next_id;
    struct event *log;
    size_t log_count, log_capacity;
};

/* housing and repairs share the prefix H; tax is C; parking is P. Counters: "1" housing, repairs;
 * "2" tax, parking; "3" all; "room" housing. "orphan" (O) is offered nowhere. Numbers 1-19 are
 * issued, 20-29 reserved by five. */
void rig_rules(struct rules *rules);

int rig_setup(void **state);      /* a rig whose day has not been opened */
int rig_setup_open(void **state); /* day open, counters closed */
int rig_teardown(void **state);

struct command rig_command(const struct rig *rig, enum command_type type);
/* Decides; evolves what was decided. */
enum refusal rig_do(struct rig *rig, const struct command *command);
void rig_apply(struct rig *rig, const struct event *event); /* evolves and logs one event */
size_t rig_event_count(const struct rig *rig);              /* of the last decision */
const struct event *rig_event(const struct rig *rig, size_t index);

/* Each asserts that the command was accepted and returns what it made. */
const struct ticket *rig_issue(struct rig *rig, const char *service);
enum refusal rig_at(struct rig *rig, enum command_type type, const char *counter);
const struct ticket *rig_next(struct rig *rig, const char *counter); /* NULL: nobody */
void rig_id(char id[QUARTER_ULID_LEN + 1], int number);

/* Of the whole log, rules set once. */
uint64_t rig_replay_digest(const struct rig *rig, const struct rules *rules);
/* Evolving it stops the program. */
void rig_assert_aborts(struct rig *rig, const struct event *event);

#endif
