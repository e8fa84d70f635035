/* What boards and counters see, written from the engine's state: the members of a view after "version" and "now",
 * which the hub puts before them. Pure: state and time in, text out. */
#ifndef QUARTER_HTTP_VIEWS_H
#define QUARTER_HTTP_VIEWS_H

#include "http/json_out.h"
#include "http/view_source.h"

enum { VIEW_WAITING_MAX = 300, VIEW_FORECAST_MAX = 1000 };

/* For every kiosk and display: all standing calls, places for each service. */
void board_view_write(struct json_out *out, const struct view_source *source);
/* answers: JSON of the free answers of the ticket at the counter; NULL: none. */
void counter_view_write(struct json_out *out, const struct view_source *source, int counter,
                        const char *answers);
/* GET /api/forecast: the members of the document. */
void forecast_view_write(struct json_out *out, const struct view_source *source);

#endif
