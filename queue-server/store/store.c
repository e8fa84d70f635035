/* The writing connection: opening, transactions, the journal itself. Every acknowledged command
 * goes through store_commit(), so that what costs time here costs it on every touch of a kiosk. */
#include "store/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"
#include "quarter/log.h"
#include "store/event_row.h"
#include "store/schema.h"
#include "store/store_parts.h"

/* A checkpoint writes every page that changed and waits for the disk twice: some milliseconds in
 * which no visitor is answered. So it belongs into idle moments (store_idle). Where there are none,
 * one comes every FOLD_AT_PAGES pages: at three to ten pages a commit that is less than one commit
 * in 400, which keeps it out of the 99th percentile, and a log of 16 MiB is still read in tens of
 * milliseconds after a crash. */
enum { FOLD_AT_PAGES = 4000, IDLE_FOLD_PAGES = 256 };

static const char *const statement_sql[STATEMENT_COUNT] = {
    [STATEMENT_BEGIN] = "BEGIN IMMEDIATE",
    [STATEMENT_COMMIT] = "COMMIT",
    [STATEMENT_ROLLBACK] = "ROLLBACK",
    [STATEMENT_APPEND] = "INSERT INTO event(" EVENT_ROW_COLUMNS ") VALUES(?,?,?,?,?,?,?,?,?,?,?)",
    [STATEMENT_REPLAY] = "SELECT " EVENT_ROW_COLUMNS " FROM event WHERE seq >= ? ORDER BY seq",
    [STATEMENT_PUT_ANSWER] =
        "INSERT INTO answer(recent, fingerprint, actor, key, day, body_mark, http_status, at, body)"
        " VALUES(1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [STATEMENT_FIND_ANSWER] =
        "SELECT day, body_mark, http_status, body FROM answer INDEXED BY answer_by_key"
        " WHERE recent IN (0, 1) AND fingerprint = ?1 AND actor = ?2 AND key = ?3",
    [STATEMENT_DROP_ANSWERS] =
        "DELETE FROM answer WHERE id < coalesce("
        "(SELECT id FROM answer WHERE at >= ? ORDER BY id LIMIT 1), 9223372036854775807)",
    [STATEMENT_AGE_ANSWERS] =
        "UPDATE answer INDEXED BY answer_by_key SET recent = 0 WHERE recent = 1",
    [STATEMENT_PUT_PRIVATE] =
        "INSERT OR REPLACE INTO private_text(day, ticket, kind, nonce, cipher) VALUES(?,?,?,?,?)",
    [STATEMENT_GET_PRIVATE] =
        "SELECT nonce, cipher FROM private_text WHERE day = ? AND ticket = ? AND kind = ?",
    [STATEMENT_FORGET_PRIVATE] = "DELETE FROM private_text WHERE day = ?",
    [STATEMENT_FORGET_PRIVATE_BEFORE] = "DELETE FROM private_text WHERE day < ?",
    [STATEMENT_PUT_SITE] = "INSERT OR IGNORE INTO site(hash, text, at) VALUES(?,?,?)",
    [STATEMENT_GET_SITE] = "SELECT text FROM site WHERE hash = ?",
    [STATEMENT_LAST_SITE] =
        "SELECT text FROM site WHERE hash = (SELECT json_extract(body, '$.hash') FROM event"
        " WHERE seq >= ? AND type = 'site_applied' ORDER BY seq DESC LIMIT 1)",
    [STATEMENT_KEEP_SITE] = "INSERT OR IGNORE INTO site_of_record(hash) VALUES(?)",
    [STATEMENT_DROP_SITES] =
        "DELETE FROM site WHERE hash NOT IN (SELECT hash FROM site_of_record) AND hash NOT IN"
        " (SELECT json_extract(body, '$.hash') FROM event WHERE seq >= ? AND type = "
        "'site_applied')",
    [STATEMENT_PUT_PROJECTION] =
        "INSERT OR REPLACE INTO projection(name, through_seq, body) VALUES(?,?,?)",
    [STATEMENT_GET_PROJECTION] = "SELECT through_seq, body FROM projection WHERE name = ?",
};

static int on_commit(void *context, sqlite3 *db, const char *name, int log_pages)
{
    (void)db;
    (void)name;
    struct store *store = context;
    if (log_pages < store->log_pages) /* the log was started anew */
        store->folded_pages = 0;
    store->log_pages = log_pages;
    return SQLITE_OK;
}

/* secure_delete: what is deleted is overwritten with zeros, not just unlinked. The log is cut back
 * to its limit after a time when a reader kept it from being folded back. */
static enum status set_modes(struct store *store)
{
    enum status status =
        database_run(store->db,
                     "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                     "PRAGMA secure_delete = ON; PRAGMA journal_size_limit = 33554432;"
                     "PRAGMA cache_size = -4096; PRAGMA temp_store = MEMORY",
                     &store->error);
    int64_t synchronous = 0;
    if (status == STATUS_OK)
        status = database_number(store->db, "PRAGMA synchronous", &synchronous, &store->error);
    CHECK(status != STATUS_OK || synchronous == 2);
    return status;
}

/* So that identifiers go on growing over a restart, even within one millisecond. */
static enum status resume_ids(struct store *store)
{
    sqlite3_stmt *newest = NULL;
    enum status status = database_prepare(
        store->db, "SELECT id FROM event ORDER BY seq DESC LIMIT 1", &newest, &store->error);
    if (status != STATUS_OK)
        return status;
    int result = sqlite3_step(newest);
    if (result == SQLITE_ROW) {
        const char *id = (const char *)sqlite3_column_text(newest, 0);
        if (!id || !ulid_resume(&store->ids, id))
            status =
                store_fail(&store->error, STATUS_CORRUPT,
                           "event %" PRId64 " is damaged: its id is no ULID", store->committed_seq);
    } else if (result != SQLITE_DONE) {
        status = database_fail(store->db, "read the journal", &store->error);
    }
    sqlite3_finalize(newest);
    return status;
}

static enum status set_up(struct store *store)
{
    enum status status = schema_refuse_unknown(store->db, &store->error);
    if (status == STATUS_OK)
        status = set_modes(store);
    if (status == STATUS_OK)
        status = database_rewrite_log(store->db, &store->error);
    if (status == STATUS_OK)
        status = schema_prepare(store->db, &store->error);
    for (int i = 0; i < STATEMENT_COUNT && status == STATUS_OK; i++)
        status =
            database_prepare(store->db, statement_sql[i], &store->statements[i], &store->error);
    if (status == STATUS_OK)
        status = database_number(store->db, "SELECT max(seq) FROM event", &store->committed_seq,
                                 &store->error);
    if (status == STATUS_OK)
        status = resume_ids(store);
    if (status == STATUS_OK)
        status = answers_set_up(store);
    store->last_seq = store->committed_seq;
    store->fold_at_pages = FOLD_AT_PAGES;
    sqlite3_wal_hook(store->db, on_commit, store);
    return status;
}

enum status store_open(const struct store_config *config, struct store **store, char *error,
                       size_t error_size)
{
    CHECK(config->path && config->key_dir);
    struct store *opened = calloc(1, sizeof *opened);
    CHECK(opened);
    enum status status = private_keys_open(config->key_dir, &opened->keys, &opened->error);
    if (status == STATUS_OK)
        status = database_open(config, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &opened->db,
                               &opened->error);
    if (status == STATUS_OK)
        status = set_up(opened);
    if (status != STATUS_OK) {
        if (error && error_size > 0)
            snprintf(error, error_size, "%s", opened->error.text);
        store_close(opened);
        return status;
    }
    *store = opened;
    return STATUS_OK;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    if (store->in_transaction)
        store_rollback(store);
    for (int i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(store->statements[i]);
    CHECK(sqlite3_close(store->db) == SQLITE_OK);
    private_keys_close(store->keys);
    free(store);
}

const char *store_error(const struct store *store)
{
    return store->error.text;
}

enum status store_finish(struct store *store, enum statement statement, enum status status)
{
    sqlite3_reset(store->statements[statement]); /* repeats the step's result, which is known */
    sqlite3_clear_bindings(store->statements[statement]);
    return status;
}

enum status store_run(struct store *store, enum statement statement, const char *what)
{
    enum status status = STATUS_OK;
    if (sqlite3_step(store->statements[statement]) != SQLITE_DONE)
        status = database_fail(store->db, what, &store->error);
    return store_finish(store, statement, status);
}

enum status store_put_result(struct store *store, enum status status)
{
    if (store->in_transaction && store->failed == STATUS_OK)
        store->failed = status;
    return status;
}

char *store_copy_text(sqlite3_stmt *row, int column)
{
    const char *text = (const char *)sqlite3_column_text(row, column);
    size_t size = (size_t)sqlite3_column_bytes(row, column);
    char *copy = malloc(size + 1);
    CHECK(copy);
    if (size > 0)
        memcpy(copy, text, size);
    copy[size] = '\0';
    return copy;
}

enum status store_begin(struct store *store)
{
    CHECK(!store->in_transaction);
    if (!sqlite3_get_autocommit(store->db)) /* a rollback the disk did not let through */
        store_run(store, STATEMENT_ROLLBACK, "roll back");
    enum status status = store_run(store, STATEMENT_BEGIN, "begin to write");
    if (status == STATUS_OK) {
        store->in_transaction = true;
        store->failed = STATUS_OK;
    }
    return status;
}

/* Folds the log's pages back into the file. The commits before it are done and safe: a failure here
 * only postpones it. */
static void fold_back_log(struct store *store)
{
    int result = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    if (result != SQLITE_OK && result != SQLITE_BUSY)
        log_warning("store", "checkpoint put off: %s log_pages=%d", sqlite3_errmsg(store->db),
                    store->log_pages);
    store->folded_pages = store->log_pages;
}

void store_idle(struct store *store)
{
    if (!store->in_transaction && store->log_pages - store->folded_pages >= IDLE_FOLD_PAGES)
        fold_back_log(store);
}

enum status store_commit(struct store *store)
{
    CHECK(store->in_transaction);
    enum status status = store->failed;
    if (status == STATUS_OK)
        status = store_run(store, STATEMENT_COMMIT, "write");
    if (status != STATUS_OK) {
        store_rollback(store);
        return status;
    }
    store->in_transaction = false;
    store->committed_seq = store->last_seq;
    if (store->log_pages - store->folded_pages >= store->fold_at_pages)
        fold_back_log(store);
    return STATUS_OK;
}

void store_rollback(struct store *store)
{
    /* Disk full and I/O errors may have rolled back by themselves. The caller wants to know of the
     * first failure, not of this one's. */
    if (!sqlite3_get_autocommit(store->db)) {
        struct store_error first = store->error;
        store_run(store, STATEMENT_ROLLBACK, "roll back");
        store->error = first;
    }
    store->in_transaction = false;
    store->last_seq = store->committed_seq;
}

enum status store_append(struct store *store, struct event *event)
{
    CHECK(store->in_transaction);
    event->seq = store->last_seq + 1;
    event->version = EVENT_ROW_VERSION;
    ulid_next(&store->ids, event->at_ms, event->id);

    char *body = NULL;
    enum status status = STATUS_IO;
    if (event_row_bind(store->statements[STATEMENT_APPEND], event, &body) == SQLITE_OK)
        status = store_run(store, STATEMENT_APPEND, "append an event");
    else
        store_finish(store, STATEMENT_APPEND,
                     database_fail(store->db, "append an event", &store->error));
    free(body);
    if (status == STATUS_OK)
        store->last_seq = event->seq;
    return store_put_result(store, status);
}

int64_t store_last_seq(const struct store *store)
{
    return store->last_seq;
}

/* Where the newest day begins: a day closed by mistake and opened again is one day, whose numbers
 * are used once, so it is read from its first opening. Walks back over the newest days' openings
 * only. The partial index is named so that a plan without it is an error, not a slow start years
 * later. */
enum status store_find_newest_day(struct store *store, int64_t *seq)
{
    return database_number(
        store->db,
        "SELECT seq FROM event INDEXED BY event_day_opened WHERE type = 'day_opened' AND seq >"
        " coalesce((SELECT seq FROM event INDEXED BY event_day_opened WHERE type = 'day_opened'"
        " AND day <> (SELECT day FROM event INDEXED BY event_day_opened WHERE type = 'day_opened'"
        " ORDER BY seq DESC LIMIT 1) ORDER BY seq DESC LIMIT 1), 0) ORDER BY seq LIMIT 1",
        seq, &store->error);
}

/* Up to `until`, which is not replayed. */
static enum status replay(struct store *store, int64_t from, int64_t until, store_each_event *each,
                          void *context)
{
    enum status status = STATUS_OK;
    int64_t expected = from;
    sqlite3_stmt *row = store->statements[STATEMENT_REPLAY];
    sqlite3_bind_int64(row, 1, from);
    int result = SQLITE_DONE;
    while (status == STATUS_OK && expected < until && (result = sqlite3_step(row)) == SQLITE_ROW) {
        struct event event;
        status = event_row_read(row, &event, &store->error);
        if (status == STATUS_OK && event.seq != expected)
            status =
                store_fail(&store->error, STATUS_CORRUPT,
                           "event %" PRId64 " is missing: restore the latest backup", expected);
        if (status == STATUS_OK)
            status = each(context, &event);
        expected++;
    }
    if (status == STATUS_OK && result != SQLITE_DONE && result != SQLITE_ROW)
        status = database_fail(store->db, "read the journal", &store->error);
    return store_finish(store, STATEMENT_REPLAY, status);
}

enum status store_replay(struct store *store, store_each_event *each, void *context)
{
    int64_t first = 0;
    const enum status status = store_find_newest_day(store, &first);
    return status == STATUS_OK ? replay(store, first > 0 ? first : 1, INT64_MAX, each, context)
                               : status;
}

enum status store_replay_eve(struct store *store, store_each_event *each, void *context)
{
    int64_t first = 0;
    int64_t before = 0;
    char sql[160];
    enum status status = store_find_newest_day(store, &first);
    if (status != STATUS_OK || first == 0)
        return status;
    snprintf(sql, sizeof sql,
             "SELECT seq FROM event WHERE seq < %" PRId64
             " AND type IN ('day_opened', 'day_closed') ORDER BY seq DESC LIMIT 1",
             first);
    status = database_number(store->db, sql, &before, &store->error);
    return status == STATUS_OK ? replay(store, before + 1, first, each, context) : status;
}
