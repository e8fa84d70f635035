/* The power is cut at every write, sync, truncation, opening and deletion in turn; and each of them fails in turn.
 * What was answered with "done" is there, a change and its entry in the trail are there together, and it goes on. */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "forgetful_vfs.h"
#include "quarter/check.h"
#include "test_people_kit.h"

enum { STEPS = 8 };

struct bench {
    struct forgetful_disk *disk;
    struct people_kit kit;
    int done; /* steps that were answered as done */
    int signed_in;
    char tokens[STEPS]
               [PEOPLE_TOKEN_LEN + 1]; /* empty: that step was not answered, and yet it is there */
};

static int64_t now(void *clock)
{
    return *(const int64_t *)clock;
}

static void set_up(struct bench *bench, uint64_t seed)
{
    *bench = (struct bench){.disk = forgetful_create("forgetful-people", seed)};
    bench->kit.now_ms = INT64_C(1790000000000);
    bench->kit.config = (struct people_config){.path = "people.db",
                                               .vfs = "forgetful-people",
                                               .now_ms = now,
                                               .clock = &bench->kit.now_ms,
                                               .hash_passes = 1,
                                               .hash_bytes = 8192,
                                               .without_worker = true};
}

static void tear_down(struct bench *bench)
{
    people_close(bench->kit.people);
    forgetful_destroy(bench->disk);
}

static bool open_file(struct bench *bench)
{
    struct people_kit *kit = &bench->kit;
    if (people_open(&kit->config, &kit->people, kit->error, sizeof kit->error) != STATUS_OK) {
        kit->people = NULL;
        return false;
    }
    (void)people_take_set_up_code(kit->people, kit->set_up_code);
    return true;
}

/* Step 0 makes the administrator; each other one adds somebody. All end with somebody signed in. */
static bool take_step(struct bench *bench)
{
    struct people_kit *kit = &bench->kit;
    char name[16];
    snprintf(name, sizeof name, "p%d", bench->done);
    struct people_request request = {.verb = bench->done == 0 ? PEOPLE_SET_UP : PEOPLE_ADD_PERSON,
                                     .name = name,
                                     .code = kit->set_up_code,
                                     .password = KIT_ADMIN_PASSWORD,
                                     .roles = ROLE_COUNTER};
    struct people_answer answer = people_kit_ask(kit, &request);
    if (answer.result != PEOPLE_OK)
        return false;
    if (bench->done > 0)
        answer = people_kit_sign_in(kit, name, answer.one_time, NULL);
    if (bench->done > 0 && answer.result == PEOPLE_OK)
        bench->signed_in++;
    if (answer.result != PEOPLE_OK || !people_work(kit->people))
        return false;
    memcpy(bench->tokens[bench->done], answer.token, sizeof answer.token);
    bench->done++;
    return true;
}

struct tally {
    const char *action;
    int count;
};

static void count(void *context, const struct people_answer *answer)
{
    struct tally *tally = context;
    for (size_t i = 0; i < answer->audit_count; i++)
        if (strcmp(answer->audit[i].action, tally->action) == 0 &&
            strcmp(answer->audit[i].result, "ok") == 0)
            tally->count++;
}

static int count_entries(struct people_kit *kit, const char *action)
{
    struct tally tally = {action, 0};
    const struct people_request request = {.verb = PEOPLE_LIST_AUDIT};
    CHECK(people_submit(kit->people, &request, count, &tally, NULL) == PEOPLE_OK);
    people_work(kit->people);
    return tally.count;
}

/* NULL: all is well. *found: how many persons there are. */
static const char *look(struct bench *bench, int *found)
{
    struct people_kit *kit = &bench->kit;
    struct person *list = NULL;
    *found = (int)people_list_persons(kit->people, &list);
    free(list);
    if (*found < bench->done)
        return "somebody who was added is lost";
    if (*found > bench->done + 1)
        return "there are more than were ever asked for";
    if (*found != count_entries(kit, "set_up") + count_entries(kit, "add_person"))
        return "a change is there without its entry";
    for (int i = 0; i < bench->done; i++)
        if (bench->tokens[i][0] && !people_kit_lives(kit, bench->tokens[i]))
            return "a session is lost";
    return NULL;
}

static const char *go_on(struct bench *bench, int found)
{
    bench->done = found;
    while (bench->done < STEPS)
        if (!take_step(bench))
            return "it does not go on";
    return NULL;
}

static const char *cut_and_look(uint64_t seed, enum forgetful_keep keep, bool lie, int64_t nth,
                                bool *reached)
{
    struct bench bench;
    set_up(&bench, seed + (uint64_t)nth);
    if (lie)
        forgetful_lie(bench.disk);
    forgetful_cut_at(bench.disk, nth);
    if (open_file(&bench))
        while (bench.done < STEPS && take_step(&bench)) {
        }
    *reached = forgetful_is_off(bench.disk);
    people_kit_close(&bench.kit);
    forgetful_power_cycle(bench.disk, keep);
    const char *complaint = "it does not open";
    int found = 0;
    if (open_file(&bench))
        complaint = look(&bench, &found);
    if (!complaint)
        complaint = go_on(&bench, found);
    tear_down(&bench);
    return complaint;
}

static int sweep(enum forgetful_keep keep, bool lie, bool is_loud)
{
    int complaints = 0;
    bool reached = true;
    int64_t nth = 1;
    for (; reached; nth++) {
        const char *complaint = cut_and_look(7, keep, lie, nth, &reached);
        if (complaint && is_loud)
            print_error("power cut at call %lld: %s\n", (long long)nth, complaint);
        complaints += complaint != NULL;
    }
    assert_true(nth > 50); /* the sweep swept */
    return complaints;
}

static void a_power_cut_loses_nothing_answered(void **state)
{
    (void)state;
    assert_int_equal(sweep(FORGETFUL_KEEP_NOTHING, false, true), 0);
    assert_int_equal(sweep(FORGETFUL_KEEP_SOME, false, true), 0);
    assert_int_equal(sweep(FORGETFUL_KEEP_ALL, false, true), 0);
}

static void the_sweep_would_find_a_disk_that_lies(void **state)
{
    (void)state;
    assert_true(sweep(FORGETFUL_KEEP_NOTHING, true, false) > 0);
}

/* The nth call fails once, or from then on until the disk is well again. */
static const char *fail_and_look(enum forgetful_call call, int64_t nth, bool for_good, bool *met)
{
    struct bench bench;
    set_up(&bench, (uint64_t)nth);
    if (!open_file(&bench) || !take_step(&bench))
        return "it does not begin";
    forgetful_fail_at(bench.disk, call, nth, call == FORGETFUL_WRITE ? SQLITE_FULL : SQLITE_IOERR,
                      for_good);
    while (bench.done < STEPS && take_step(&bench)) {
    }
    *met = forgetful_has_failed(bench.disk);
    forgetful_fail_at(bench.disk, call, 0, 0, false);
    int found = 0;
    people_work(bench.kit.people); /* what waited to be written is written now */
    const char *complaint = look(&bench, &found);
    if (!complaint && count_entries(&bench.kit, "sign_in") != bench.signed_in)
        complaint = "an entry that waited to be written is lost, or there twice";
    if (!complaint)
        complaint = go_on(&bench, found);
    people_kit_close(&bench.kit);
    if (!complaint && !open_file(&bench))
        complaint = "it does not open again";
    if (!complaint)
        complaint = look(&bench, &found);
    tear_down(&bench);
    return complaint;
}

static void each_call_may_fail(void **state)
{
    (void)state;
    static const enum forgetful_call calls[] = {FORGETFUL_WRITE, FORGETFUL_SYNC};
    for (size_t i = 0; i < 2; i++)
        for (int for_good = 0; for_good < 2; for_good++) {
            bool met = true;
            int64_t nth = 1;
            for (; met; nth++) {
                const char *complaint = fail_and_look(calls[i], nth, for_good, &met);
                if (complaint)
                    print_error("call %d, number %lld, for good %d: %s\n", (int)calls[i],
                                (long long)nth, for_good, complaint);
                assert_null(complaint);
            }
            assert_true(nth > 10);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_power_cut_loses_nothing_answered),
        cmocka_unit_test(the_sweep_would_find_a_disk_that_lies),
        cmocka_unit_test(each_call_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
