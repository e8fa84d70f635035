/* Opening the file, and telling people what went wrong with it. */
#include "store/database.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "quarter/check.h"

enum status store_fail(struct store_error *error, enum status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    return status;
}

enum status database_status(int result)
{
    switch (result & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE: return STATUS_OK;
    case SQLITE_FULL: return STATUS_FULL;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return STATUS_CORRUPT;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return STATUS_BUSY;
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_READONLY: return STATUS_DENIED;
    case SQLITE_CONSTRAINT: return STATUS_CONFLICT;
    case SQLITE_TOOBIG: return STATUS_TOO_LARGE;
    default: return STATUS_IO;
    }
}

static const char *advice(enum status status)
{
    switch (status) {
    case STATUS_FULL: return "; the disk is full: make room, then it goes on by itself";
    case STATUS_CORRUPT: return "; the file is damaged: restore the latest backup";
    case STATUS_DENIED: return "; check who owns the file and its folder";
    case STATUS_BUSY: return "; another program holds the file";
    case STATUS_IO: return "; check the disk and that its folder is there and may be written";
    case STATUS_OK:
    case STATUS_INVALID:
    case STATUS_NOT_FOUND:
    case STATUS_CONFLICT:
    case STATUS_TOO_LARGE:
    case STATUS_UNAVAILABLE:
    case STATUS_TIMEOUT: return "";
    }
    return "";
}

enum status database_fail(sqlite3 *db, const char *what, struct store_error *error)
{
    enum status status = database_status(sqlite3_extended_errcode(db));
    if (status == STATUS_OK)
        status = STATUS_IO;
    const char *path = sqlite3_db_filename(db, "main");
    return store_fail(error, status, "%s: cannot %s: %s (SQLite %d)%s", path ? path : "database",
                      what, sqlite3_errmsg(db), sqlite3_extended_errcode(db), advice(status));
}

enum status database_open(const struct store_config *config, int flags, sqlite3 **db,
                          struct store_error *error)
{
    sqlite3 *opened = NULL;
    /* Each connection belongs to one thread at a time: its own mutex would only cost. */
    flags |= SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (sqlite3_open_v2(config->path, &opened, flags, config->vfs) != SQLITE_OK) {
        /* Before it is open the connection does not know its path. */
        enum status status = opened ? database_status(sqlite3_extended_errcode(opened)) : STATUS_IO;
        store_fail(error, status, "%s: cannot open the journal: %s%s", config->path,
                   opened ? sqlite3_errmsg(opened) : "out of memory", advice(status));
        sqlite3_close(opened);
        return status;
    }
    sqlite3_busy_timeout(opened, 2000);
    *db = opened;
    return STATUS_OK;
}

enum status database_run(sqlite3 *db, const char *sql, struct store_error *error)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        return database_fail(db, "use the file", error);
    return STATUS_OK;
}

enum status database_prepare(sqlite3 *db, const char *sql, sqlite3_stmt **statement,
                             struct store_error *error)
{
    if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, statement, NULL) != SQLITE_OK)
        return database_fail(db, "use its tables", error);
    return STATUS_OK;
}

enum status database_number(sqlite3 *db, const char *sql, int64_t *number,
                            struct store_error *error)
{
    sqlite3_stmt *statement = NULL;
    enum status status = database_prepare(db, sql, &statement, error);
    if (status != STATUS_OK)
        return status;
    int result = sqlite3_step(statement);
    if (result == SQLITE_ROW)
        *number = sqlite3_column_int64(statement, 0);
    else if (result == SQLITE_DONE)
        *number = 0;
    else
        status = database_fail(db, "read the journal", error);
    sqlite3_finalize(statement);
    return status;
}

static int rewrite_part(sqlite3_file *file, unsigned char *buffer, sqlite3_int64 at, int size)
{
    int result = file->pMethods->xRead(file, buffer, size, at);
    return result == SQLITE_OK ? file->pMethods->xWrite(file, buffer, size, at) : result;
}

static int rewrite_file(sqlite3_file *file)
{
    enum { PART_BYTES = 1 << 16 };
    sqlite3_int64 size = 0;
    int result = file->pMethods->xFileSize(file, &size);
    unsigned char *buffer = malloc(PART_BYTES);
    CHECK(buffer);
    for (sqlite3_int64 at = 0; at < size && result == SQLITE_OK; at += PART_BYTES) {
        sqlite3_int64 left = size - at;
        result = rewrite_part(file, buffer, at, left < PART_BYTES ? (int)left : PART_BYTES);
    }
    free(buffer);
    return result == SQLITE_OK && size > 0 ? file->pMethods->xSync(file, SQLITE_SYNC_NORMAL)
                                           : result;
}

enum status database_rewrite_log(sqlite3 *db, struct store_error *error)
{
    /* Nobody else writes meanwhile. */
    enum status status = database_run(db, "BEGIN IMMEDIATE", error);
    if (status != STATUS_OK)
        return status;
    sqlite3_file *log = NULL;
    int result = sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, (void *)&log);
    if (result == SQLITE_OK && log && log->pMethods)
        result = rewrite_file(log);
    if (result != SQLITE_OK)
        status = store_fail(error, database_status(result),
                            "%s-wal: cannot write the log back to the disk: %s%s",
                            sqlite3_db_filename(db, "main"), sqlite3_errstr(result),
                            advice(database_status(result)));
    sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return status;
}
