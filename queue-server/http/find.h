/* Today's tickets by what somebody reads off a slip, or remembers of it: GET /api/find. */
#ifndef QUARTER_HTTP_FIND_H
#define QUARTER_HTTP_FIND_H

#include <stdbool.h>

#include "http/json_out.h"
#include "http/view_source.h"

enum { FIND_MAX = 20 };

/* 1 to QUARTER_NUMBER_MAX letters and digits. */
bool find_is_number(const char *text);
/* {"tickets":[...],"total":n}: in any state; that very number first ("h7" is H07), then those it is part of, the newest
 * first; at most FIND_MAX. */
void find_write(struct json_out *out, const struct view_source *source, const char *number);

#endif
