/* What the writing and the reading connections share: how the file is opened, and how SQLite's
 * results become statuses with a sentence a person can act on. */
#ifndef QUARTER_STORE_DATABASE_H
#define QUARTER_STORE_DATABASE_H

#include <sqlite3.h>
#include <stddef.h>

#include "quarter/status.h"
#include "store/store.h"

/* Room for a sentence. */
struct store_error {
    char text[400];
};

/* Sets the sentence and gives the status back, so that a caller can `return store_fail(...)`. */
enum status store_fail(struct store_error *error, enum status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

enum status database_status(int result);
/* "cannot WHAT: why; what to do", of the connection's last failure. */
enum status database_fail(sqlite3 *db, const char *what, struct store_error *error);

/* flags as of sqlite3_open_v2. */
enum status database_open(const struct store_config *config, int flags, sqlite3 **db,
                          struct store_error *error);
enum status database_run(sqlite3 *db, const char *sql, struct store_error *error);
enum status database_prepare(sqlite3 *db, const char *sql, sqlite3_stmt **statement,
                             struct store_error *error);
/* Writes the log's bytes back as they are, and syncs: what was read of it is on disk then. After a failed sync they may
 * be in the kernel's memory alone, and clean there, so that no later sync writes them; a journal that was read from them
 * and went on would lose what it acknowledged with the next power cut (https://lwn.net/Articles/752063/). */
enum status database_rewrite_log(sqlite3 *db, struct store_error *error);
/* The first column of the first row as an integer; 0 when there is no row. */
enum status database_number(sqlite3 *db, const char *sql, int64_t *number,
                            struct store_error *error);

#endif
