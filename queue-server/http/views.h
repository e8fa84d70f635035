/* What boards and counters see, written from the engine's state: the members of a view after "version" and "now",
 * which the hub puts before them. Pure: state and time in, text out. */
#ifndef QUARTER_HTTP_VIEWS_H
#define QUARTER_HTTP_VIEWS_H

#include "engine/engine.h"
#include "http/day_notes.h"
#include "http/json_out.h"
#include "site/site.h"

enum { VIEW_WAITING_MAX = 300 };

struct view_source {
    const struct engine *engine;
    const struct site *site;
    const struct day_notes *notes;
    int64_t now_ms;
};

/* For every kiosk and display: all standing calls, places for each service. */
void board_view_write(struct json_out *out, const struct view_source *source);
/* answers: JSON of the free answers of the ticket at the counter; NULL: none. */
void counter_view_write(struct json_out *out, const struct view_source *source, int counter,
                        const char *answers);

#endif
