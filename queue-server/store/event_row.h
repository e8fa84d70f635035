/* An event as a row of the table `event`, its body as JSON. */
#ifndef QUARTER_STORE_EVENT_ROW_H
#define QUARTER_STORE_EVENT_ROW_H

#include "store/database.h"

/* In this order, for select and insert. */
#define EVENT_ROW_COLUMNS                                                                          \
    "seq, id, day, at, occurred_at, type, version, ticket, counter, actor, body"

/* The newest form of a body this program writes and reads; older ones stay readable for ever.
 *   2  what staff do from their pages: the types from ticket_parked on; because, anyway, avoidable, person, a pause's
 *      reason, a transfer's counter and person, an outcome at the door */
enum { EVENT_ROW_VERSION = 2 };

/* Of any instant: the end of the year 9999. What is reckoned with times from a file must not overflow. */
static const int64_t event_row_latest_ms = INT64_C(253402300799999);

/* free(); codes and numbers only, the empty ones left out. */
char *event_body_to_json(const struct event *event);
/* Reads the body of event->type; fields it does not know are passed over. CORRUPT: one is missing
 * or out of bounds. */
enum status event_body_from_json(const char *json, struct event *event, struct store_error *error);

/* Binds the columns 1 to 11; *body is what column 11 points to, free() it after the step. */
int event_row_bind(sqlite3_stmt *insert, const struct event *event, char **body);
/* CORRUPT: of an unknown type, a newer version, or damaged; never skipped, because every later row
 * builds on it. */
enum status event_row_read(sqlite3_stmt *row, struct event *event, struct store_error *error);
/* The body's text of a row that was read; borrowed from it. */
const char *event_row_body(sqlite3_stmt *row);

#endif
