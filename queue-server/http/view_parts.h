/* Members that several views have. Private to the views. */
#ifndef QUARTER_HTTP_VIEW_PARTS_H
#define QUARTER_HTTP_VIEW_PARTS_H

#include "http/json_out.h"
#include "http/view_source.h"

void view_write_notices(struct json_out *out, const struct view_source *source);
void view_write_help(struct json_out *out, const struct view_source *source);
/* Who is parked, or was a no-show of late: at most VIEW_ASIDE_MAX. */
void view_write_aside(struct json_out *out, const struct view_source *source, const char *key,
                      enum ticket_state state);

#endif
