/* How the tables of a file are made, and how a file of an older program becomes one of this program. `user_version`
 * counts the steps a file has taken; a step, once released, is never edited: the next change of the tables is the next
 * step (https://sqlite.org/pragma.html#pragma_user_version). */
#ifndef QUARTER_STORE_MIGRATION_H
#define QUARTER_STORE_MIGRATION_H

#include "store/database.h"

/* A kind of file. */
struct migration {
    int64_t application_id; /* set by the first step; 0 is nobody's */
    const char *kind;       /* "this is a database, but not KIND" */
    const char *const *steps;
    int count;
};

/* CORRUPT: of another kind, or a newer program's. Only reads, so that it is left as it was. */
enum status migration_refuse_unknown(const struct migration *migration, sqlite3 *db,
                                     struct store_error *error);
/* Makes the tables in an empty file, brings an older one up to date, all or nothing. */
enum status migration_run(const struct migration *migration, sqlite3 *db,
                          struct store_error *error);
/* For a reader: CORRUPT unless its tables are those of this program. */
enum status migration_check(const struct migration *migration, sqlite3 *db,
                            struct store_error *error);

#endif
