/* What a manager sees of the day: after the members of the floor's view, those of the day's figures and what is to be
 * expected of it. */
#ifndef QUARTER_HTTP_MANAGER_VIEW_H
#define QUARTER_HTTP_MANAGER_VIEW_H

#include "http/json_out.h"
#include "http/view_source.h"

enum { MANAGER_BREACHES_MAX = 20 };

/* Only what is more likely to come than this is told of, in thousandths. */
enum { MANAGER_BREACH_PERMILLE = 100 };

/* The day's figures are in force at source.now_ms; see today.h. */
struct today_terms manager_view_terms(const struct view_source *source);
void manager_view_write(struct json_out *out, const struct view_source *source);

#endif
