/* What boards and counters see, written from the engine's state: the members of a view after "version" and "now",
 * which the hub puts before them. Pure: state and time in, text out. */
#ifndef QUARTER_HTTP_VIEWS_H
#define QUARTER_HTTP_VIEWS_H

#include "http/json_out.h"
#include "http/ticket_json.h"
#include "http/view_source.h"

enum { VIEW_WAITING_MAX = 300, VIEW_FORECAST_MAX = 1000, VIEW_ASIDE_MAX = 30 };

/* For every kiosk and display: all standing calls, places for each service. */
void board_view_write(struct json_out *out, const struct view_source *source);
/* Then, for one kiosk, what it is to print for others and its own call for help; device NULL: a display, which has neither. */
void board_view_end(struct json_out *out, const struct view_source *source, const char *device);
/* Who waits, in the policy's order, as each counter sees it but for what it can do with them: written once for the views
 * of all counters. Keeps its memory from one to the next; zeroed before the first. */
struct waiting_list {
    struct json_out text;
    struct json_out aside; /* members: who is parked, and who was no-show of late */
    size_t total, listed;
    struct {
        const struct ticket *ticket;
        size_t start, length; /* in text */
    } rows[VIEW_WAITING_MAX];
};
void waiting_list_write(struct waiting_list *list, const struct view_source *source);
void waiting_list_free(struct waiting_list *list); /* what it owns */

/* list: of the same source. texts: of the ticket at the counter. */
void counter_view_write(struct json_out *out, const struct view_source *source,
                        const struct waiting_list *list, int counter,
                        const struct private_texts *texts);
/* GET /api/forecast: the members of the document. */
void forecast_view_write(struct json_out *out, const struct view_source *source);

#endif
