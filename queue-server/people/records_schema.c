/* The tables of people. A step, once released, is never edited. */
#include "people/records_schema.h"

#include "store/migration.h"

/* "QrPe" in ASCII: file(1) and we can tell it from a journal. */
#define APPLICATION_ID 1366446181

#define TEXT_OF(number) #number
#define AS_TEXT(number) TEXT_OF(number)

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

static const struct migration migration = {
    .application_id = APPLICATION_ID,
    .kind = "Quarter's file of people",
    .steps = steps,
    .count = (int)(sizeof(steps) / sizeof(steps[0])),
};

enum status records_schema_refuse_unknown(sqlite3 *db, struct store_error *error)
{
    return migration_refuse_unknown(&migration, db, error);
}

enum status records_schema_prepare(sqlite3 *db, struct store_error *error)
{
    return migration_run(&migration, db, error);
}
