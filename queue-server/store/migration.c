/* The steps of a file. See migration.h. */
#include "store/migration.h"

#include <stdbool.h>
#include <stdio.h>

/* What the file says of itself; an empty file is of version 0. */
static enum status read_version(const struct migration *migration, sqlite3 *db, int64_t *version,
                                struct store_error *error)
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
    if (application != migration->application_id && !(application == 0 && is_empty))
        return store_fail(error, STATUS_CORRUPT,
                          "%s: this is a database, but not %s; name another file", path,
                          migration->kind);
    if (*version < 0 || *version > migration->count)
        return store_fail(
            error, STATUS_CORRUPT,
            "%s: written by a newer Quarter (tables of version %lld, this program knows up to %d); "
            "start that version, or restore the backup made before it was installed",
            path, (long long)*version, migration->count);
    return STATUS_OK;
}

enum status migration_refuse_unknown(const struct migration *migration, sqlite3 *db,
                                     struct store_error *error)
{
    int64_t version = 0;
    return read_version(migration, db, &version, error);
}

enum status migration_check(const struct migration *migration, sqlite3 *db,
                            struct store_error *error)
{
    int64_t version = 0;
    enum status status = read_version(migration, db, &version, error);
    if (status == STATUS_OK && version != migration->count)
        return store_fail(error, STATUS_CORRUPT,
                          "%s: the tables are of an older version; start queue-server once",
                          sqlite3_db_filename(db, "main"));
    return status;
}

static enum status take_steps(const struct migration *migration, sqlite3 *db, int64_t version,
                              struct store_error *error)
{
    enum status status = STATUS_OK;
    for (int64_t step = version; step < migration->count && status == STATUS_OK; step++)
        status = database_run(db, migration->steps[step], error);
    if (status != STATUS_OK)
        return status;
    char sql[64];
    snprintf(sql, sizeof sql, "PRAGMA user_version = %d", migration->count);
    return database_run(db, sql, error);
}

enum status migration_run(const struct migration *migration, sqlite3 *db, struct store_error *error)
{
    int64_t version = 0;
    enum status status = read_version(migration, db, &version, error);
    if (status != STATUS_OK || version == migration->count)
        return status;
    status = database_run(db, "BEGIN IMMEDIATE", error);
    if (status != STATUS_OK)
        return status;
    /* Another program may have been quicker. */
    status = read_version(migration, db, &version, error);
    if (status == STATUS_OK)
        status = take_steps(migration, db, version, error);
    if (status == STATUS_OK)
        status = database_run(db, "COMMIT", error);
    if (status != STATUS_OK && !sqlite3_get_autocommit(db))
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return status;
}
