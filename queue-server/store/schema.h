/* The tables, and how a file of an older program becomes one of this program. */
#ifndef QUARTER_STORE_SCHEMA_H
#define QUARTER_STORE_SCHEMA_H

#include "store/database.h"

/* CORRUPT: not a journal, or a newer program's. Only reads, so that it is left as it was. */
enum status schema_refuse_unknown(sqlite3 *db, struct store_error *error);
/* Makes the tables in an empty file, brings an older one up to date, all or nothing. */
enum status schema_prepare(sqlite3 *db, struct store_error *error);
/* For a reader: CORRUPT unless it is a journal with the tables of this program. */
enum status schema_check(sqlite3 *db, struct store_error *error);

#endif
