/* The tables. As the journal's: a step, once released, is never edited. */
#include "people/records_schema.h"

#include <stdio.h>

/* "QrPe" in ASCII: file(1) and we can tell it from a journal. */
#define APPLICATION_ID 1366446181

#define TEXT_OF(number) #number
#define AS_TEXT(number) TEXT_OF(number)
#define COUNT_OF(array) ((int)(sizeof(array) / sizeof((array)[0])))

/* Step 1.
 * - person: place counts from 0 without a gap, since nobody is ever deleted: the trail names them by id.
 * - audit: the triggers keep a mistake of ours, or a curious hand, from rewriting it; 34560000000 ms are the 400
 *   days that it is kept. They are told by the newest entry, since SQL must not know our clock. */
static const char *const steps[] = {
    "CREATE TABLE person("
    " place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL UNIQUE,"
    " display TEXT NOT NULL, roles INTEGER NOT NULL, language TEXT NOT NULL,"
    " created INTEGER NOT NULL, disabled INTEGER NOT NULL, must_change INTEGER NOT NULL,"
    " one_time_until INTEGER NOT NULL, epoch INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;"
    "CREATE TABLE session("
    " id TEXT PRIMARY KEY, person TEXT NOT NULL, epoch INTEGER NOT NULL, current BLOB NOT NULL,"
    " former BLOB, former_until INTEGER NOT NULL, created INTEGER NOT NULL, seen INTEGER NOT NULL,"
    " address TEXT NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE device("
    " code TEXT PRIMARY KEY, kind TEXT NOT NULL, token BLOB NOT NULL, paired INTEGER NOT NULL,"
    " seen INTEGER NOT NULL, revoked INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE audit("
    " seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, role TEXT NOT NULL,"
    " action TEXT NOT NULL, object TEXT NOT NULL, address TEXT NOT NULL, result TEXT NOT NULL)"
    " STRICT;"
    "CREATE TRIGGER audit_stays BEFORE UPDATE ON audit"
    " BEGIN SELECT raise(ABORT, 'the audit trail is not rewritten'); END;"
    "CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit"
    " WHEN old.at > (SELECT at FROM audit ORDER BY seq DESC LIMIT 1) - 34560000000"
    " BEGIN SELECT raise(ABORT, 'the audit trail is kept 400 days'); END;"
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;"
    "INSERT INTO meta VALUES('key', randomblob(32));"
    "PRAGMA application_id = " AS_TEXT(APPLICATION_ID) ";",
};

static enum status run(sqlite3 *db, const char *sql, struct store_error *error)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK
               ? STATUS_OK
               : database_fail(db, "make the tables of people", error);
}

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
        return store_fail(
            error, STATUS_CORRUPT,
            "%s: this is a database, but not Quarter's file of people; name another file", path);
    if (*version < 0 || *version > COUNT_OF(steps))
        return store_fail(
            error, STATUS_CORRUPT,
            "%s: written by a newer Quarter (tables of version %lld, this program knows up to %d); "
            "start that version, or restore the backup made before it was installed",
            path, (long long)*version, COUNT_OF(steps));
    return STATUS_OK;
}

enum status records_schema_refuse_unknown(sqlite3 *db, struct store_error *error)
{
    int64_t version = 0;
    return read_version(db, &version, error);
}

static enum status take_steps(sqlite3 *db, int64_t version, struct store_error *error)
{
    enum status status = STATUS_OK;
    for (int64_t step = version; step < COUNT_OF(steps) && status == STATUS_OK; step++)
        status = run(db, steps[step], error);
    if (status != STATUS_OK)
        return status;
    char sql[64];
    snprintf(sql, sizeof sql, "PRAGMA user_version = %d", COUNT_OF(steps));
    return run(db, sql, error);
}

enum status records_schema_prepare(sqlite3 *db, struct store_error *error)
{
    int64_t version = 0;
    enum status status = read_version(db, &version, error);
    if (status != STATUS_OK || version == COUNT_OF(steps))
        return status;
    status = run(db, "BEGIN IMMEDIATE", error);
    if (status != STATUS_OK)
        return status;
    /* The console may have been quicker. */
    status = read_version(db, &version, error);
    if (status == STATUS_OK)
        status = take_steps(db, version, error);
    if (status == STATUS_OK)
        status = run(db, "COMMIT", error);
    if (status != STATUS_OK && !sqlite3_get_autocommit(db))
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return status;
}
