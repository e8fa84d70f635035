/* What meet and greet sees: everybody who waits, every counter, who needs help, and the devices. The members of the view
 * after "version" and "now". Pure: state and time in, text out. */
#ifndef QUARTER_HTTP_FLOOR_VIEW_H
#define QUARTER_HTTP_FLOOR_VIEW_H

#include "http/json_out.h"
#include "http/view_source.h"

enum { FLOOR_RECENT_MAX = 10 };

void floor_view_write(struct json_out *out, const struct view_source *source);

#endif
