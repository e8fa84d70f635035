/* The tables of people, and how an older file becomes one of this program. */
#ifndef QUARTER_PEOPLE_RECORDS_SCHEMA_H
#define QUARTER_PEOPLE_RECORDS_SCHEMA_H

#include "store/database.h"

/* CORRUPT: not a file of people, or a newer program's. Only reads, so that it is left as it was. */
enum status records_schema_refuse_unknown(sqlite3 *db, struct store_error *error);
/* Makes the tables in an empty file, brings an older one up to date, all or nothing. */
enum status records_schema_prepare(sqlite3 *db, struct store_error *error);

#endif
