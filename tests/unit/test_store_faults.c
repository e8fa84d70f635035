/* Every write, sync, truncation, opening and deletion in turn fails, once or until the disk is
 * mended. The transaction fails cleanly, the store goes on, and nothing acknowledged is lost, not
 * even to a power cut afterwards. */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <sqlite3.h>
#include <string.h>

#include "store_script.h"

struct fault {
    const char *name;
    enum forgetful_call call;
    int result;
    bool for_good;
    enum status status; /* what a caller is told */
};

static const struct fault faults[] = {
    {"one write: disk full", FORGETFUL_WRITE, SQLITE_FULL, false, STATUS_FULL},
    {"writes until mended: disk full", FORGETFUL_WRITE, SQLITE_FULL, true, STATUS_FULL},
    {"one write", FORGETFUL_WRITE, SQLITE_IOERR_WRITE, false, STATUS_IO},
    {"writes until mended", FORGETFUL_WRITE, SQLITE_IOERR_WRITE, true, STATUS_IO},
    {"one sync", FORGETFUL_SYNC, SQLITE_IOERR_FSYNC, false, STATUS_IO},
    {"syncs until mended", FORGETFUL_SYNC, SQLITE_IOERR_FSYNC, true, STATUS_IO},
    {"one truncation", FORGETFUL_TRUNCATE, SQLITE_IOERR_TRUNCATE, false, STATUS_IO},
    {"one opening", FORGETFUL_OPEN, SQLITE_CANTOPEN, false, STATUS_IO},
    {"one deletion", FORGETFUL_DELETE, SQLITE_IOERR_DELETE, false, STATUS_IO},
};

/* Two failures at most: then a lasting fault is mended. */
static void mend(struct kit *kit, int attempt)
{
    if (attempt == 1)
        forgetful_fail_at(kit->disk, FORGETFUL_WRITE, 0, SQLITE_OK, false);
}

static const char *open_in_spite(struct kit *kit, const struct fault *fault)
{
    for (int attempt = 0; attempt < 3; attempt++) {
        enum status status = kit_open(kit);
        if (status == STATUS_OK)
            return NULL;
        if (status != fault->status || kit->error[0] == '\0')
            return "opening failed with another status, or without a sentence";
        mend(kit, attempt);
    }
    return "the store does not open after the fault has gone";
}

static const char *run_in_spite(struct kit *kit, const struct fault *fault, int k)
{
    for (int attempt = 0; attempt < 3; attempt++) {
        enum status status = script_run_transaction(kit->store, k);
        if (status == STATUS_OK)
            return NULL;
        if (status != fault->status || strlen(store_error(kit->store)) < 20)
            return "a transaction failed with another status, or without a sentence";
        mend(kit, attempt);
        const char *complaint = NULL;
        int found = script_count_transactions(kit, &complaint);
        if (found != k)
            return complaint ? complaint : "a failed transaction has left something";
    }
    return "the store does not go on after the fault has gone";
}

static const char *run_script(struct kit *kit, const struct fault *fault)
{
    const char *complaint = open_in_spite(kit, fault);
    for (int k = 0; k < SCRIPT_TRANSACTIONS && !complaint; k++) {
        complaint = run_in_spite(kit, fault, k);
        if (!complaint && k == SCRIPT_TRANSACTIONS / 2) {
            kit_close(kit);
            complaint = open_in_spite(kit, fault);
        }
    }
    return complaint;
}

static const char *fail_and_look(const struct fault *fault, int64_t nth, bool *reached)
{
    struct kit kit;
    kit_set_up(&kit, (uint64_t)nth);
    forgetful_fail_at(kit.disk, fault->call, nth, fault->result, fault->for_good);
    const char *complaint = run_script(&kit, fault);
    kit_close(&kit);
    *reached = forgetful_has_failed(kit.disk) || complaint;
    /* Whatever was told to be written is: the power may go now. */
    forgetful_fail_at(kit.disk, fault->call, 0, SQLITE_OK, false);
    forgetful_power_cycle(kit.disk, FORGETFUL_KEEP_NOTHING);
    if (!complaint && kit_open(&kit) != STATUS_OK)
        complaint = "the store does not open after the power cut";
    else if (!complaint && script_count_transactions(&kit, &complaint) != SCRIPT_TRANSACTIONS &&
             !complaint)
        complaint = "an acknowledged transaction is lost";
    kit_tear_down(&kit);
    return complaint;
}

static void any_call_of_the_disk_may_fail(void **state)
{
    (void)state;
    int complaints = 0;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        bool reached = true;
        int64_t nth = 1;
        for (; reached; nth++) {
            const char *complaint = fail_and_look(&faults[i], nth, &reached);
            if (complaint)
                print_error("%s, call %lld: %s\n", faults[i].name, (long long)nth, complaint);
            complaints += complaint != NULL;
        }
        print_message("%s: %lld places\n", faults[i].name, (long long)nth - 2);
    }
    assert_int_equal(complaints, 0);
}

/* A transaction fails for want of a sync, the program is started again, reads what the kernel still has of it, and goes
 * on from there. Then the power goes. NULL, or what is wrong. */
static const char *restart_after_failed_sync(int64_t nth, bool *reached)
{
    struct kit kit;
    kit_set_up(&kit, (uint64_t)nth);
    const char *complaint = NULL;
    int done = 0;
    *reached = false;
    if (kit_open(&kit) != STATUS_OK)
        complaint = "a sound disk does not open";
    forgetful_fail_at(kit.disk, FORGETFUL_SYNC, nth, SQLITE_IOERR_FSYNC, true);
    while (!complaint && done < SCRIPT_TRANSACTIONS) {
        if (script_run_transaction(kit.store, done) == STATUS_OK) {
            done++;
            continue;
        }
        if (*reached)
            complaint = "the store does not go on";
        *reached = true;
        kit_close(&kit);
        forgetful_fail_at(kit.disk, FORGETFUL_SYNC, 0, SQLITE_OK, false);
        if (kit_open(&kit) != STATUS_OK)
            complaint = kit.error;
        int found = complaint ? -1 : script_count_transactions(&kit, &complaint);
        if (!complaint && found != done && found != done + 1)
            complaint = "an acknowledged transaction is lost by the start";
        done = found;
    }
    forgetful_fail_at(kit.disk, FORGETFUL_SYNC, 0, SQLITE_OK, false);
    forgetful_cut_at(kit.disk, 1); /* closing writes nothing any more */
    kit_close(&kit);
    forgetful_power_cycle(kit.disk, FORGETFUL_KEEP_NOTHING);
    forgetful_cut_at(kit.disk, 0);
    if (!complaint && kit_open(&kit) != STATUS_OK)
        complaint = kit.error;
    else if (!complaint && script_count_transactions(&kit, &complaint) != SCRIPT_TRANSACTIONS &&
             !complaint)
        complaint = "an acknowledged transaction is lost by the power cut";
    if (complaint)
        print_error("sync %lld: %s\n", (long long)nth, complaint);
    kit_tear_down(&kit);
    return complaint;
}

static void what_a_failed_sync_left_is_on_disk_after_a_start(void **state)
{
    (void)state;
    bool reached = true;
    int complaints = 0;
    int64_t nth = 1;
    for (; reached; nth++)
        complaints += restart_after_failed_sync(nth, &reached) != NULL;
    assert_true(nth > SCRIPT_TRANSACTIONS);
    assert_int_equal(complaints, 0);
}

static void a_full_disk_says_so_to_people(void **state)
{
    (void)state;
    struct kit kit;
    kit_set_up(&kit, 1);
    assert_int_equal(kit_open(&kit), STATUS_OK);
    forgetful_fail_at(kit.disk, FORGETFUL_WRITE, 1, SQLITE_FULL, true);
    assert_int_equal(script_run_transaction(kit.store, 0), STATUS_FULL);
    assert_non_null(strstr(store_error(kit.store), "the disk is full: make room"));
    assert_int_equal(store_last_seq(kit.store), 0);
    kit_tear_down(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_call_of_the_disk_may_fail),
        cmocka_unit_test(what_a_failed_sync_left_is_on_disk_after_a_start),
        cmocka_unit_test(a_full_disk_says_so_to_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
