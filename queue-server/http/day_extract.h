/* A day's visits as they stood at one moment, taken from the desk in a fraction of a ms and written as CSV on another
 * thread: GET /api/today.csv holds no command up. */
#ifndef QUARTER_HTTP_DAY_EXTRACT_H
#define QUARTER_HTTP_DAY_EXTRACT_H

#include "http/view_source.h"

struct day_extract;

/* The desk's thread. */
struct day_extract *day_extract_make(const struct view_source *source);
void day_extract_destroy(struct day_extract *extract); /* NULL-safe */
/* Any thread: the caller frees. */
char *day_extract_csv(struct day_extract *extract);
/* "quarter-SITE-DAY.csv" */
const char *day_extract_name(const struct day_extract *extract);

#endif
