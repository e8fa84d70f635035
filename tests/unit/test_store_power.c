/* The power is cut at every write, sync, truncation, opening and deletion in turn. What was
 * acknowledged is there, nothing is there by half, and the store goes on. */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <stdio.h>

#include "store/store_parts.h"
#include "store_script.h"

struct sweep {
    enum forgetful_keep keep;
    uint64_t seed;
    bool without_syncs; /* what a store would be that does not wait for the disk */
};

/* Runs transactions from *done on, with one closing and reopening on the way; false: the store
 * failed. */
static bool run_script(struct kit *kit, const struct sweep *sweep, int *done)
{
    if (!kit->store && kit_open(kit) != STATUS_OK)
        return false;
    while (*done < SCRIPT_TRANSACTIONS) {
        if (sweep->without_syncs)
            sqlite3_exec(kit->store->db, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
        if (script_run_transaction(kit->store, *done) != STATUS_OK)
            return false;
        ++*done;
        if (*done == SCRIPT_TRANSACTIONS / 2) {
            kit_close(kit);
            if (kit_open(kit) != STATUS_OK)
                return false;
        }
    }
    return true;
}

/* The complaint, or NULL. *reached: the power was cut before the script was through. */
static const char *cut_and_look(const struct sweep *sweep, int64_t nth, bool *reached)
{
    struct kit kit;
    kit_set_up(&kit, sweep->seed + (uint64_t)nth);
    forgetful_cut_at(kit.disk, nth);
    int acknowledged = 0;
    run_script(&kit, sweep, &acknowledged);
    *reached = forgetful_is_off(kit.disk);
    kit_close(&kit);
    forgetful_power_cycle(kit.disk, sweep->keep);

    const char *complaint = "the store does not open";
    int found = -1;
    if (kit_open(&kit) == STATUS_OK)
        found = script_count_transactions(&kit, &complaint);
    if (found >= 0 && found < acknowledged)
        complaint = "an acknowledged transaction is lost";
    else if (found > acknowledged + 1)
        complaint = "more transactions than were begun";
    else if (found >= 0 && !run_script(&kit, sweep, &found))
        complaint = "the store does not go on";
    else if (found >= 0)
        script_count_transactions(&kit, &complaint);
    kit_tear_down(&kit);
    return complaint;
}

/* How many cuts ended badly. */
static int sweep_cuts(const struct sweep *sweep, bool is_loud)
{
    int complaints = 0;
    bool reached = true;
    int64_t nth = 1;
    for (; reached; nth++) {
        const char *complaint = cut_and_look(sweep, nth, &reached);
        if (complaint && is_loud)
            print_error("seed %llu, power cut at call %lld: %s\n", (unsigned long long)sweep->seed,
                        (long long)nth, complaint);
        complaints += complaint != NULL;
    }
    assert_true(nth > 60); /* the sweep did meet the script */
    return complaints;
}

static void a_cut_that_loses_all_unsynced_writes_loses_nothing_acknowledged(void **state)
{
    (void)state;
    assert_int_equal(sweep_cuts(&(struct sweep){FORGETFUL_KEEP_NOTHING, 1, false}, true), 0);
}

static void a_cut_that_keeps_some_sectors_keeps_no_half_transaction(void **state)
{
    (void)state;
    for (uint64_t seed = 1000; seed < 4000; seed += 1000)
        assert_int_equal(sweep_cuts(&(struct sweep){FORGETFUL_KEEP_SOME, seed, false}, true), 0);
}

static void a_cut_that_keeps_all_writes_keeps_no_half_transaction(void **state)
{
    (void)state;
    assert_int_equal(sweep_cuts(&(struct sweep){FORGETFUL_KEEP_ALL, 7, false}, true), 0);
}

/* The canary: on this disk, a store that does not sync loses what it acknowledged, and the sweep
 * sees it. */
static void the_sweep_catches_a_store_that_does_not_sync(void **state)
{
    (void)state;
    assert_true(sweep_cuts(&(struct sweep){FORGETFUL_KEEP_NOTHING, 1, true}, false) > 0);
    assert_true(sweep_cuts(&(struct sweep){FORGETFUL_KEEP_SOME, 1, true}, false) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cut_that_loses_all_unsynced_writes_loses_nothing_acknowledged),
        cmocka_unit_test(a_cut_that_keeps_some_sectors_keeps_no_half_transaction),
        cmocka_unit_test(a_cut_that_keeps_all_writes_keeps_no_half_transaction),
        cmocka_unit_test(the_sweep_catches_a_store_that_does_not_sync),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
