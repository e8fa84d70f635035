#include "test_engine_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "quarter/check.h"

void rig_rules(struct rules *rules)
{
    static const struct service_rule services[] = {{"housing", "H", 0},
                                                   {"repairs", "H", 0},
                                                   {"tax", "C", 0},
                                                   {"parking", "P", 0},
                                                   {"orphan", "O", 0}};
    static const struct counter_rule counters[] = {
        {"1", 0x03, 0x1, 0}, {"2", 0x0c, 0x3, 0}, {"3", 0x0f, 0x1, 0}, {"room", 0x01, 0x2, 0}};
    *rules = (struct rules){.hash = "hash-a",
                            .policy = {.rule = POLICY_FIFO,
                                       .standard_ms = 900000,
                                       .rescue_ms = 480000,
                                       .limit_ms = 1800000,
                                       .promise_ms = {900000, 600000, 300000, 300000, 600000}},
                            .service_count = 5,
                            .counter_count = 4,
                            .language_count = 2,
                            .need_count = 2,
                            .languages = {"en", "pl"},
                            .needs = {{.code = "interpreter"}, {.code = "step_free"}},
                            .last_number = 29,
                            .reserved_from = 20,
                            .reserved_block = 5};
    memcpy(rules->services, services, sizeof(services));
    memcpy(rules->counters, counters, sizeof(counters));
}

int rig_setup(void **state)
{
    struct rig *rig = calloc(1, sizeof(*rig));
    CHECK(rig != NULL);
    rig->engine = engine_create();
    rig->now_ms = RIG_START_MS;
    rig_rules(&rig->rules);
    engine_set_rules(rig->engine, &rig->rules);
    *state = rig;
    return 0;
}

int rig_setup_open(void **state)
{
    rig_setup(state);
    struct rig *rig = *state;
    struct command command = rig_command(rig, COMMAND_OPEN_DAY);
    return rig_do(rig, &command) == REFUSAL_NONE ? 0 : -1;
}

int rig_teardown(void **state)
{
    struct rig *rig = *state;
    engine_destroy(rig->engine);
    decision_free(&rig->decision);
    free(rig->log);
    free(rig);
    return 0;
}

struct command rig_command(const struct rig *rig, enum command_type type)
{
    return (struct command){.type = type,
                            .now_ms = rig->now_ms,
                            .actor = "local",
                            .day = RIG_DAY,
                            .rostered = ~UINT64_C(0),
                            .rules = &rig->rules};
}

void rig_apply(struct rig *rig, const struct event *event)
{
    if (rig->log_count == rig->log_capacity) {
        rig->log_capacity = rig->log_capacity == 0 ? 64 : rig->log_capacity * 2;
        rig->log = realloc(rig->log, rig->log_capacity * sizeof(*rig->log));
        CHECK(rig->log != NULL);
    }
    rig->log[rig->log_count++] = *event;
    engine_evolve(rig->engine, event);
}

enum refusal rig_do(struct rig *rig, const struct command *command)
{
    engine_decide(rig->engine, command, &rig->decision);
    assert_true(rig->decision.refusal == REFUSAL_NONE || rig->decision.count == 0);
    for (size_t i = 0; i < rig->decision.count; i++) {
        rig_apply(rig, &rig->decision.events[i]);
    }
    engine_check(rig->engine);
    return rig->decision.refusal;
}

size_t rig_event_count(const struct rig *rig)
{
    return rig->decision.count;
}

const struct event *rig_event(const struct rig *rig, size_t index)
{
    assert_true(index < rig->decision.count);
    return &rig->decision.events[index];
}

void rig_id(char id[QUARTER_ULID_LEN + 1], int number)
{
    snprintf(id, QUARTER_ULID_LEN + 1, "01JDTEST%018d", number);
}

const struct ticket *rig_issue(struct rig *rig, const char *service)
{
    struct command command = rig_command(rig, COMMAND_ISSUE);
    rig_id(command.ticket_id, ++rig->next_id);
    snprintf(command.service, sizeof(command.service), "%s", service);
    assert_int_equal(rig_do(rig, &command), REFUSAL_NONE);
    return engine_find_ticket(rig->engine, command.ticket_id);
}

enum refusal rig_at(struct rig *rig, enum command_type type, const char *counter)
{
    struct command command = rig_command(rig, type);
    snprintf(command.counter, sizeof(command.counter), "%s", counter);
    return rig_do(rig, &command);
}

const struct ticket *rig_next(struct rig *rig, const char *counter)
{
    assert_int_equal(rig_at(rig, COMMAND_NEXT, counter), REFUSAL_NONE);
    int index = engine_counter(rig->engine, engine_find_counter(rig->engine, counter))->ticket;
    return index < 0 ? NULL : engine_ticket(rig->engine, (size_t)index);
}

uint64_t rig_replay_digest(const struct rig *rig, const struct rules *rules)
{
    struct engine *fresh = engine_create();
    engine_set_rules(fresh, rules);
    for (size_t i = 0; i < rig->log_count; i++) {
        engine_evolve(fresh, &rig->log[i]);
    }
    engine_check(fresh);
    uint64_t digest = engine_digest(fresh);
    engine_destroy(fresh);
    return digest;
}

void rig_assert_aborts(struct rig *rig, const struct event *event)
{
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (freopen("/dev/null", "w", stderr) == NULL) {
            _exit(1);
        }
        engine_evolve(rig->engine, event);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}
