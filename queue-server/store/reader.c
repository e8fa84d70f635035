/* A reading connection: streams and reports follow the journal and never make the writer wait. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"
#include "quarter/log.h"
#include "store/event_row.h"
#include "store/schema.h"

struct store_reader {
    sqlite3 *db;
    sqlite3_stmt *after, *site;
    struct store_error error;
};

static enum status set_up(struct store_reader *reader)
{
    enum status status = database_run(
        reader->db, "PRAGMA query_only = ON; PRAGMA cache_size = -1024", &reader->error);
    if (status == STATUS_OK)
        status = schema_check(reader->db, &reader->error);
    if (status == STATUS_OK)
        status = database_prepare(reader->db,
                                  "SELECT " EVENT_ROW_COLUMNS
                                  " FROM event WHERE seq > ? ORDER BY seq LIMIT ?",
                                  &reader->after, &reader->error);
    if (status == STATUS_OK)
        status = database_prepare(reader->db, "SELECT text FROM site WHERE hash = ?", &reader->site,
                                  &reader->error);
    return status;
}

enum status store_reader_open(const struct store_config *config, struct store_reader **reader)
{
    struct store_reader *opened = calloc(1, sizeof *opened);
    CHECK(opened);
    /* Not SQLITE_OPEN_READONLY: the last connection to a write-ahead log, and the first after a
     * power cut, has to tidy it (https://sqlite.org/wal.html, "Read-Only Databases"). query_only
     * keeps our own hands off. */
    enum status status = database_open(config, SQLITE_OPEN_READWRITE, &opened->db, &opened->error);
    if (status == STATUS_OK)
        status = set_up(opened);
    if (status != STATUS_OK) {
        log_error("store", "no reader: %s", opened->error.text);
        store_reader_close(opened);
        return status;
    }
    *reader = opened;
    return STATUS_OK;
}

void store_reader_close(struct store_reader *reader)
{
    if (!reader)
        return;
    sqlite3_finalize(reader->after);
    sqlite3_finalize(reader->site);
    CHECK(sqlite3_close(reader->db) == SQLITE_OK);
    free(reader);
}

const char *store_reader_error(const struct store_reader *reader)
{
    return reader->error.text;
}

enum status store_read_after(struct store_reader *reader, int64_t after, int limit,
                             store_each_row *each, void *context)
{
    sqlite3_bind_int64(reader->after, 1, after);
    sqlite3_bind_int(reader->after, 2, limit);
    enum status status = STATUS_OK;
    int result = SQLITE_ROW;
    while (status == STATUS_OK && (result = sqlite3_step(reader->after)) == SQLITE_ROW) {
        struct event event;
        status = event_row_read(reader->after, &event, &reader->error);
        if (status == STATUS_OK)
            status = each(context, &event, event_row_body(reader->after));
    }
    if (status == STATUS_OK && result != SQLITE_DONE)
        status = database_fail(reader->db, "read the journal", &reader->error);
    sqlite3_reset(reader->after);
    return status;
}

enum status store_reader_get_site(struct store_reader *reader, const char *hash, char **text)
{
    sqlite3_bind_text(reader->site, 1, hash, -1, SQLITE_STATIC);
    const int result = sqlite3_step(reader->site);
    enum status status = STATUS_OK;
    if (result == SQLITE_ROW) {
        const unsigned char *found = sqlite3_column_text(reader->site, 0);
        *text = found ? strdup((const char *)found) : NULL;
        CHECK(*text);
    } else {
        status = result == SQLITE_DONE ? STATUS_NOT_FOUND
                                       : database_fail(reader->db, "read a site", &reader->error);
    }
    sqlite3_reset(reader->site);
    sqlite3_clear_bindings(reader->site);
    return status;
}

static enum status check_pages(struct store_reader *reader)
{
    sqlite3_stmt *check = NULL;
    enum status status =
        database_prepare(reader->db, "PRAGMA quick_check(1)", &check, &reader->error);
    if (status != STATUS_OK)
        return status;
    if (sqlite3_step(check) != SQLITE_ROW) {
        status = database_fail(reader->db, "check the journal", &reader->error);
    } else {
        const char *verdict = (const char *)sqlite3_column_text(check, 0);
        if (!verdict || strcmp(verdict, "ok") != 0)
            status =
                store_fail(&reader->error, STATUS_CORRUPT, "%s: %s; restore the latest backup",
                           sqlite3_db_filename(reader->db, "main"), verdict ? verdict : "damaged");
    }
    sqlite3_finalize(check);
    return status;
}

enum status store_reader_check(struct store_reader *reader)
{
    enum status status = check_pages(reader);
    int64_t missing = 0;
    if (status == STATUS_OK)
        status = database_number(reader->db, "SELECT coalesce(max(seq), 0) - count(*) FROM event",
                                 &missing, &reader->error);
    if (status == STATUS_OK && missing != 0)
        status = store_fail(&reader->error, STATUS_CORRUPT,
                            "%" PRId64 " events are missing from the journal", missing);
    return status;
}
