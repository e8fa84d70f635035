/* When the views of meet and greet and of the manager are written: only while somebody follows them, soon after
 * something happened, but a few times a second at most, and now and then although nothing did, so that times move on.
 * The desk's own; a few ms of its time a second at most, and no more traffic than the network carries. */
#ifndef QUARTER_HTTP_STAFF_VIEWS_H
#define QUARTER_HTTP_STAFF_VIEWS_H

#include "http/hub.h"
#include "http/json_out.h"
#include "http/view_source.h"

struct staff_views {
    struct json_out text;
    bool stale;       /* something happened that is not shown yet */
    int64_t built_ms; /* monotonic: when last */
    int64_t took_us, sent_bytes;
    int64_t shown_ms; /* engine time: likewise */
};

void staff_views_free(struct staff_views *views); /* what it owns */

/* Monotonic: when stale ones are to be published. */
int64_t staff_views_due_ms(const struct staff_views *views);
/* Are they stale, or so old that times in them are to move on? */
void staff_views_look(struct staff_views *views, int64_t now_ms);
/* Of each of the two what somebody reads. */
void staff_views_publish(struct staff_views *views, struct hub *hub,
                         const struct view_source *source);
/* The floor's view as of now: the document of GET /api/floor; the caller frees. */
char *staff_views_floor(struct staff_views *views, struct hub *hub,
                        const struct view_source *source);

#endif
