/* The tables of the journal. A step, once released, is never edited. */
#include "store/schema.h"

#include "store/migration.h"

/* "Qrtr" in ASCII: file(1) and we can tell a journal from another program's database. */
#define APPLICATION_ID 1366455410

#define TEXT_OF(number) #number
#define AS_TEXT(number) TEXT_OF(number)

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

static const struct migration migration = {
    .application_id = APPLICATION_ID,
    .kind = "a journal of Quarter",
    .steps = steps,
    .count = (int)(sizeof(steps) / sizeof(steps[0])),
};

enum status schema_refuse_unknown(sqlite3 *db, struct store_error *error)
{
    return migration_refuse_unknown(&migration, db, error);
}

enum status schema_prepare(sqlite3 *db, struct store_error *error)
{
    return migration_run(&migration, db, error);
}

enum status schema_check(sqlite3 *db, struct store_error *error)
{
    return migration_check(&migration, db, error);
}
