/* See house.h. */
#include "house.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "quarter/check.h"
#include "test_kit.h"

/* 2026-01-01: no day is opened by a clock that stands before. */
static const int64_t build_ms = INT64_C(1767225600000);
static const int64_t ns_per_ms = 1000000;

static int64_t boottime(void *context)
{
    const struct house *house = context;
    return (house->true_ms - house->booted_ms) * ns_per_ms;
}

static int64_t utc(void *context)
{
    const struct house *house = context;
    return (house->true_ms + house->wall_off_ms) * ns_per_ms;
}

void house_set_up(struct house *house, uint64_t seed, const char *dir, int64_t true_ms)
{
    *house = (struct house){.true_ms = true_ms, .booted_ms = true_ms - 60000};
    /* SQLite's chance too: salts of the log, keys that are made in SQL. */
    CHECK(sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, (int)(seed | 1), (sqlite3 *)NULL) ==
          SQLITE_OK);
    house->disk = forgetful_create("forgetful", seed);
    snprintf(house->dir, sizeof house->dir, "%s", dir);
    snprintf(house->keys, sizeof house->keys, "%s/keys", dir);
    CHECK(mkdir(dir, 0700) == 0);
    house->store =
        (struct store_config){.path = "journal.db", .key_dir = house->keys, .vfs = "forgetful"};
    house->metrics = metrics_create();
}

void house_tear_down(struct house *house)
{
    house_stop(house);
    forgetful_destroy(house->disk);
    metrics_destroy(house->metrics);
    kit_remove_folder(house->keys);
    CHECK(rmdir(house->dir) == 0);
}

enum status house_start(struct house *house)
{
    CHECK(house->ledger == NULL);
    const struct clock_config clock = {.ports = {boottime, utc, house}, .build_ms = build_ms};
    house->clock = clock_create(&clock);
    const struct desk_config config = {.store = house->store,
                                       .site = house->site,
                                       .rules = site_rules(house->site),
                                       .clock = house->clock,
                                       .metrics = house->metrics};
    house->error[0] = '\0';
    const enum status status =
        ledger_open(&config, &house->ledger, house->error, sizeof house->error);
    if (status != STATUS_OK) {
        house->ledger = NULL;
        house_stop(house);
    }
    return status;
}

void house_stop(struct house *house)
{
    store_reader_close(house->reader);
    ledger_close(house->ledger);
    clock_destroy(house->clock);
    house->reader = NULL;
    house->ledger = NULL;
    house->clock = NULL;
}

void house_restart_machine(struct house *house, enum forgetful_keep keep)
{
    if (!forgetful_is_off(house->disk)) {
        forgetful_cut_at(house->disk, 1); /* so that closing writes nothing any more */
    }
    house_stop(house);
    forgetful_power_cycle(house->disk, keep);
    forgetful_cut_at(house->disk, 0);
    forgetful_fail_at(house->disk, FORGETFUL_WRITE, 0, SQLITE_OK, false);
}

/* As desk.c does it; desk.c itself is a thread and a real clock. */
static bool perform_all(struct house *house, struct house_batch *batch)
{
    if (!ledger_is_whole(house->ledger) && !ledger_repair(house->ledger)) {
        return false;
    }
    if (ledger_begin(house->ledger) != STATUS_OK) {
        return false;
    }
    for (int i = 0; i < batch->count; i++) {
        if (ledger_perform(house->ledger, batch->jobs[i]) != STATUS_OK) {
            ledger_undo(house->ledger);
            return false;
        }
    }
    batch->all_performed = true;
    batch->events = (int64_t)ledger_event_count(house->ledger);
    return ledger_commit(house->ledger) == STATUS_OK;
}

void house_run(struct house *house, struct house_batch *batch)
{
    batch->stored = perform_all(house, batch);
    if (batch->stored && ledger_opened_day(house->ledger)) {
        ledger_tidy(house->ledger);
    }
}

int64_t house_now_ms(struct house *house)
{
    return clock_now_ms(house->clock);
}
