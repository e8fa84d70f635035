/* The figures of a day as JSON, and its visits as CSV. What is in them is in DEFINITIONS.md; codes, never words, and
 * nothing personal. */
#ifndef QUARTER_REPORT_TODAY_WRITE_H
#define QUARTER_REPORT_TODAY_WRITE_H

#include "report/today.h"

struct json_out;
struct csv_out;

/* One object, a value of the document that out is writing. Durations in s, unknown ones null; rows in which all is 0 are
 * left out. */
void today_write_json(const struct today_figures *figures, struct json_out *out);

/* A header, then a row a visit, in the order in which the journal has them: as the day stood at now_ms. */
void today_write_csv(struct today *today, const struct today_terms *terms, int64_t now_ms,
                     struct csv_out *out);

#endif
