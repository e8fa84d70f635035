/* A file of the first version becomes one of this program without losing anything, at whichever call of the disk the
 * power goes or a fault comes; and projections, which the second version brought. */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"
#include "store_script.h"

/* What step 1 made of an empty file, as its release wrote it: it must never come out otherwise. */
static const char version_1[] =
    "CREATE TABLE event( seq INTEGER PRIMARY KEY, id TEXT NOT NULL, day TEXT NOT NULL, at INTEGER "
    "NOT NULL, occurred_at INTEGER NOT NULL, type TEXT NOT NULL, version INTEGER NOT NULL, ticket "
    "TEXT, counter TEXT, actor TEXT NOT NULL, body TEXT NOT NULL) STRICT;"
    "CREATE INDEX event_day_opened ON event(seq) WHERE type = 'day_opened';"
    "CREATE TABLE answer( id INTEGER PRIMARY KEY, recent INTEGER NOT NULL, fingerprint INTEGER NOT "
    "NULL, actor TEXT NOT NULL, key TEXT NOT NULL, day TEXT NOT NULL, body_mark TEXT NOT NULL, "
    "http_status INTEGER NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL) STRICT;"
    "CREATE INDEX answer_by_key ON answer(recent, fingerprint);"
    "CREATE TABLE private_text( day TEXT NOT NULL, ticket TEXT NOT NULL, kind TEXT NOT NULL, nonce "
    "BLOB NOT NULL, cipher BLOB NOT NULL, PRIMARY KEY(day, ticket, kind)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE site(hash TEXT PRIMARY KEY, text TEXT NOT NULL, at INTEGER NOT NULL) STRICT;"
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;";

enum { OLD_TRANSACTIONS = 6 };

static sqlite3 *raw(const struct kit *kit)
{
    sqlite3 *db = NULL;
    CHECK(sqlite3_open_v2(kit->config.path, &db, SQLITE_OPEN_READWRITE, kit->config.vfs) ==
          SQLITE_OK);
    return db;
}

static void run_sql(const struct kit *kit, const char *sql)
{
    sqlite3 *db = raw(kit);
    CHECK(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK);
    CHECK(sqlite3_close(db) == SQLITE_OK);
}

static char *text_of(const struct kit *kit, const char *sql)
{
    sqlite3 *db = raw(kit);
    sqlite3_stmt *row = NULL;
    CHECK(sqlite3_prepare_v2(db, sql, -1, &row, NULL) == SQLITE_OK);
    CHECK(sqlite3_step(row) == SQLITE_ROW);
    char *text = strdup((const char *)sqlite3_column_text(row, 0));
    CHECK(text);
    sqlite3_finalize(row);
    CHECK(sqlite3_close(db) == SQLITE_OK);
    return text;
}

/* A file of version 1 with the first transactions of the script in it, but for what it could not hold. */
static void make_old_file(struct kit *kit)
{
    CHECK(kit_open(kit) == STATUS_OK);
    for (int k = 0; k < OLD_TRANSACTIONS; k++)
        CHECK(script_run_transaction(kit->store, k) == STATUS_OK);
    kit_close(kit);
    run_sql(kit, "DROP TABLE site_of_record; DROP TABLE projection; PRAGMA user_version = 1");
}

/* Gives the script's projection back, which the old file could not have. NULL, or what is wrong. */
static const char *check_all_is_there(struct kit *kit)
{
    char *text = NULL;
    int64_t through_seq = 0;
    const char *complaint = NULL;
    if (store_get_projection(kit->store, "knowledge", &through_seq, &text) != STATUS_NOT_FOUND) {
        free(text);
        return "there is a projection already";
    }
    for (int k = OLD_TRANSACTIONS; k < SCRIPT_TRANSACTIONS; k++)
        if (script_run_transaction(kit->store, k) != STATUS_OK)
            return "the store does not go on";
    return script_count_transactions(kit, &complaint) == SCRIPT_TRANSACTIONS ? NULL
           : complaint != NULL                                               ? complaint
                                                                             : "something is lost";
}

static void a_file_of_the_first_version_is_brought_up_to_date(void **state)
{
    struct kit *kit = *state;
    make_old_file(kit);
    char *schema = text_of(kit, "SELECT group_concat(sql, ';') || ';' FROM (SELECT sql FROM "
                                "sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid)");
    assert_string_equal(schema, version_1);
    free(schema);
    struct store_reader *reader = NULL;
    assert_int_equal(store_reader_open(&kit->config, &reader), STATUS_CORRUPT);
    assert_int_equal(kit_open(kit), STATUS_OK);
    const char *complaint = check_all_is_there(kit);
    if (complaint)
        fail_msg("%s", complaint);
    kit_close(kit);
    char *version = text_of(kit, "PRAGMA user_version");
    assert_string_equal(version, "3");
    free(version);
    /* Which sites its tickets refer to, a file of that time does not say: it keeps them all. */
    char *kept = text_of(kit, "SELECT count(*) = (SELECT count(*) FROM site WHERE at < 1006) "
                              "AND count(*) > 0 FROM site_of_record");
    assert_string_equal(kept, "1");
    free(kept);
}

static void a_fresh_file_has_the_same_tables(void **state)
{
    static const char listing[] = "SELECT group_concat(sql, ';') FROM (SELECT sql FROM "
                                  "sqlite_schema WHERE sql IS NOT NULL ORDER BY name)";
    struct kit *kit = *state;
    assert_int_equal(kit_open(kit), STATUS_OK);
    kit_close(kit);
    char *fresh = text_of(kit, listing);
    run_sql(kit, "DROP TABLE site_of_record; DROP TABLE projection; PRAGMA user_version = 1");
    assert_int_equal(kit_open(kit), STATUS_OK);
    kit_close(kit);
    char *migrated = text_of(kit, listing);
    assert_string_equal(fresh, migrated);
    free(fresh);
    free(migrated);
}

/* NULL, or what is wrong. *reached: the power went, or the fault came, while the file was opened or closed. */
static const char *migrate_in_spite(int64_t nth, enum forgetful_keep keep, int fault, bool *reached)
{
    struct kit kit;
    kit_set_up(&kit, (uint64_t)nth);
    make_old_file(&kit);
    if (fault == SQLITE_OK)
        forgetful_cut_at(kit.disk, nth);
    else
        forgetful_fail_at(kit.disk, FORGETFUL_WRITE, nth, fault, false);
    enum status status = kit_open(&kit);
    const bool met_by_opening =
        forgetful_has_failed(kit.disk); /* else by the checkpoint at closing */
    kit_close(&kit);
    *reached = fault == SQLITE_OK ? forgetful_is_off(kit.disk) : forgetful_has_failed(kit.disk);
    const char *complaint = NULL;
    if (met_by_opening && status == STATUS_OK)
        complaint = "opened in spite of the fault";
    forgetful_fail_at(kit.disk, FORGETFUL_WRITE, 0, SQLITE_OK, false);
    forgetful_cut_at(kit.disk, 0);
    forgetful_power_cycle(kit.disk, keep);
    if (!complaint && kit_open(&kit) != STATUS_OK)
        complaint = kit.error;
    if (!complaint)
        complaint = check_all_is_there(&kit);
    if (complaint)
        print_error("call %lld: %s\n", (long long)nth, complaint);
    kit_tear_down(&kit);
    return complaint ? "see above" : NULL;
}

static void a_migration_that_is_interrupted_loses_nothing(void **state)
{
    (void)state;
    static const struct {
        enum forgetful_keep keep;
        int fault;
        int64_t least;
    } sweeps[] = {{FORGETFUL_KEEP_NOTHING, SQLITE_OK, 6},
                  {FORGETFUL_KEEP_SOME, SQLITE_OK, 6},
                  {FORGETFUL_KEEP_ALL, SQLITE_OK, 6},
                  {FORGETFUL_KEEP_NOTHING, SQLITE_FULL, 3},
                  {FORGETFUL_KEEP_NOTHING, SQLITE_IOERR_WRITE, 3}};
    for (size_t i = 0; i < sizeof sweeps / sizeof sweeps[0]; i++) {
        bool reached = true;
        int64_t nth = 1;
        for (; reached; nth++)
            assert_null(migrate_in_spite(nth, sweeps[i].keep, sweeps[i].fault, &reached));
        assert_true(nth - 2 >= sweeps[i].least);
    }
}

/* projections */

static void put(struct kit *kit, const char *name, int64_t through_seq, const char *body)
{
    assert_int_equal(store_put_projection(kit->store, name, through_seq, body), STATUS_OK);
}

static void expect(struct kit *kit, const char *name, int64_t through_seq, const char *body)
{
    char *text = NULL;
    int64_t through = -1;
    assert_int_equal(store_get_projection(kit->store, name, &through, &text), STATUS_OK);
    assert_int_equal(through, through_seq);
    assert_string_equal(text, body);
    free(text);
}

static void a_projection_is_replaced_by_name(void **state)
{
    struct kit *kit = *state;
    assert_int_equal(kit_open(kit), STATUS_OK);
    put(kit, "knowledge", 0, "{}");
    put(kit, "forecast_score", 0, "");
    for (int k = 0; k < 2; k++)
        assert_int_equal(script_run_transaction(kit->store, k), STATUS_OK);
    put(kit, "knowledge", 3, "{\"level\": 0.9, \"words\": \"\xd8\xa7\xd8\xb1\xd8\xaf\xd9\x88\"}");
    expect(kit, "forecast_score", 0, "");
    kit_close(kit);
    assert_int_equal(kit_open(kit), STATUS_OK);
    expect(kit, "knowledge", 3,
           "{\"level\": 0.9, \"words\": \"\xd8\xa7\xd8\xb1\xd8\xaf\xd9\x88\"}");
    char *text = (char *)kit;
    int64_t through = 7;
    assert_int_equal(store_get_projection(kit->store, "other", &through, &text), STATUS_NOT_FOUND);
    assert_ptr_equal(text, kit); /* left alone */
    assert_int_equal(through, 7);
}

static void a_projection_goes_with_its_transaction(void **state)
{
    struct kit *kit = *state;
    assert_int_equal(kit_open(kit), STATUS_OK);
    put(kit, "knowledge", 0, "before");
    assert_int_equal(store_begin(kit->store), STATUS_OK);
    struct event event = kit_event(EVENT_DAY_OPENED, 0);
    assert_int_equal(store_append(kit->store, &event), STATUS_OK);
    put(kit, "knowledge", 1, "within");
    expect(kit, "knowledge", 1, "within");
    store_rollback(kit->store);
    expect(kit, "knowledge", 0, "before");
}

static void one_that_is_too_large_is_refused(void **state)
{
    struct kit *kit = *state;
    assert_int_equal(kit_open(kit), STATUS_OK);
    char *body = malloc(STORE_PROJECTION_BYTES + 2);
    assert_non_null(body);
    memset(body, 'x', STORE_PROJECTION_BYTES + 1);
    body[STORE_PROJECTION_BYTES + 1] = '\0';
    assert_int_equal(store_put_projection(kit->store, "knowledge", 0, body), STATUS_TOO_LARGE);
    assert_non_null(strstr(store_error(kit->store), "the projection knowledge is longer than"));
    body[STORE_PROJECTION_BYTES] = '\0';
    put(kit, "knowledge", 0, body);
    expect(kit, "knowledge", 0, body);
    /* Within a transaction its failure is the transaction's. */
    body[STORE_PROJECTION_BYTES] = 'x';
    assert_int_equal(store_begin(kit->store), STATUS_OK);
    assert_int_equal(store_put_projection(kit->store, "knowledge", 0, body), STATUS_TOO_LARGE);
    assert_int_equal(store_commit(kit->store), STATUS_TOO_LARGE);
    free(body);
}

static int set_up(void **state)
{
    static struct kit kit;
    kit_set_up(&kit, 1);
    *state = &kit;
    return 0;
}

static int tear_down(void **state)
{
    kit_tear_down(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_of_the_first_version_is_brought_up_to_date, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_fresh_file_has_the_same_tables, set_up, tear_down),
        cmocka_unit_test(a_migration_that_is_interrupted_loses_nothing),
        cmocka_unit_test_setup_teardown(a_projection_is_replaced_by_name, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_projection_goes_with_its_transaction, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_that_is_too_large_is_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("store_migration", tests, NULL, NULL);
}
