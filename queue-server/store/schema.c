/* The tables. `user_version` counts the steps a file has taken; a step, once released, is never
 * edited: the next change of the tables is the next step. */
#include "store/schema.h"

#include <stdbool.h>
#include <stdio.h>

/* "Qrtr" in ASCII: file(1) and we can tell a journal from another program's database. */
#define APPLICATION_ID 1366455410

#define TEXT_OF(number) #number
#define AS_TEXT(number) TEXT_OF(number)
#define COUNT_OF(array) ((int)(sizeof(array) / sizeof((array)[0])))

/* Step 1.
 * - event: seq is the rowid, so an append touches the last leaf only. `event_day_opened` holds one
 *   entry a day: a start finds where to read from however long the history is.
 * - answer: in order of time, so bodies are appended, and the old ones dropped from the front
 *   without an index by time. Keys are random, and a random page for every command is what wears a
 *   disk and slows a checkpoint; so the index holds 64-bit fingerprints of them, and those of late
 *   (recent = 1) lie together in a few pages until the daily drop moves them to the rest.
 *   body_mark knows the request's body again; see private_text.h for why it is no plain hash.
 * - private_text: clustered by day, which is how it is forgotten.
 * - meta: `journal` is the identity of this journal, told apart from a restored or another site's;
 *   `fingerprint_key`, in hex, keeps outsiders from choosing keys that collide.
 * Step 2.
 * - projection: one row a projection, replaced as a whole.
 * Step 3.
 * - site_of_record: the sites that something of the record refers to, because it happened under
 *   them. Which of an older file's do, would take reading all its events: they all count. */
static const char *const steps[] = {
    "CREATE TABLE event("
    " seq INTEGER PRIMARY KEY, id TEXT NOT NULL, day TEXT NOT NULL, at INTEGER NOT NULL,"
    " occurred_at INTEGER NOT NULL, type TEXT NOT NULL, version INTEGER NOT NULL,"
    " ticket TEXT, counter TEXT, actor TEXT NOT NULL, body TEXT NOT NULL) STRICT;"
    "CREATE INDEX event_day_opened ON event(seq) WHERE type = 'day_opened';"
    "CREATE TABLE answer("
    " id INTEGER PRIMARY KEY, recent INTEGER NOT NULL, fingerprint INTEGER NOT NULL,"
    " actor TEXT NOT NULL, key TEXT NOT NULL, day TEXT NOT NULL, body_mark TEXT NOT NULL,"
    " http_status INTEGER NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL) STRICT;"
    "CREATE INDEX answer_by_key ON answer(recent, fingerprint);"
    "CREATE TABLE private_text("
    " day TEXT NOT NULL, ticket TEXT NOT NULL, kind TEXT NOT NULL, nonce BLOB NOT NULL,"
    " cipher BLOB NOT NULL, PRIMARY KEY(day, ticket, kind)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE site(hash TEXT PRIMARY KEY, text TEXT NOT NULL, at INTEGER NOT NULL) STRICT;"
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
    "INSERT INTO meta VALUES('journal', lower(hex(randomblob(16)))),"
    " ('fingerprint_key', lower(hex(randomblob(16))));"
    "PRAGMA application_id = " AS_TEXT(APPLICATION_ID) ";",
    "CREATE TABLE projection("
    " name TEXT PRIMARY KEY, through_seq INTEGER NOT NULL, body TEXT NOT NULL) STRICT;",
    "CREATE TABLE site_of_record(hash TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;"
    "INSERT INTO site_of_record SELECT hash FROM site;",
};

/* What the file says of itself; an empty file is of version 0. */
static enum status read_version(sqlite3 *db, int64_t *version, struct store_error *error)
{
    int64_t application = 0, tables = 0;
    enum status status = database_number(db, "PRAGMA application_id", &application, error);
    if (status == STATUS_OK)
        status = database_number(db, "SELECT count(*) FROM sqlite_schema", &tables, error);
    if (status == STATUS_OK)
        status = database_number(db, "PRAGMA user_version", version, error);
    if (status != STATUS_OK)
        return status;
    const char *path = sqlite3_db_filename(db, "main");
    bool is_empty = tables == 0 && *version == 0;
    if (application != APPLICATION_ID && !(application == 0 && is_empty))
        return store_fail(error, STATUS_CORRUPT,
                          "%s: this is a database, but not a journal of Quarter; name another file",
                          path);
    if (*version < 0 || *version > COUNT_OF(steps))
        return store_fail(
            error, STATUS_CORRUPT,
            "%s: written by a newer Quarter (tables of version %lld, this program knows up to %d); "
            "start that version, or restore the backup made before it was installed",
            path, (long long)*version, COUNT_OF(steps));
    return STATUS_OK;
}

enum status schema_refuse_unknown(sqlite3 *db, struct store_error *error)
{
    int64_t version = 0;
    return read_version(db, &version, error);
}

enum status schema_check(sqlite3 *db, struct store_error *error)
{
    int64_t version = 0;
    enum status status = read_version(db, &version, error);
    if (status == STATUS_OK && version != COUNT_OF(steps))
        return store_fail(error, STATUS_CORRUPT,
                          "%s: the tables are of an older version; start queue-server once",
                          sqlite3_db_filename(db, "main"));
    return status;
}

static enum status take_steps(sqlite3 *db, int64_t version, struct store_error *error)
{
    enum status status = STATUS_OK;
    for (int64_t step = version; step < COUNT_OF(steps) && status == STATUS_OK; step++)
        status = database_run(db, steps[step], error);
    if (status != STATUS_OK)
        return status;
    char sql[64];
    snprintf(sql, sizeof sql, "PRAGMA user_version = %d", COUNT_OF(steps));
    return database_run(db, sql, error);
}

enum status schema_prepare(sqlite3 *db, struct store_error *error)
{
    int64_t version = 0;
    enum status status = read_version(db, &version, error);
    if (status != STATUS_OK || version == COUNT_OF(steps))
        return status;
    status = database_run(db, "BEGIN IMMEDIATE", error);
    if (status != STATUS_OK)
        return status;
    status = take_steps(db, version, error);
    if (status == STATUS_OK)
        status = database_run(db, "COMMIT", error);
    if (status != STATUS_OK && !sqlite3_get_autocommit(db))
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return status;
}
