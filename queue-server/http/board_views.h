/* When the views of boards and counters are written: soon after something happened, but so often a second at most, and only
 * what somebody reads. The desk's own. Displays and kiosks never wait for the many pages of staff. */
#ifndef QUARTER_HTTP_BOARD_VIEWS_H
#define QUARTER_HTTP_BOARD_VIEWS_H

#include "http/hub.h"
#include "http/json_out.h"
#include "http/ledger.h"
#include "http/topics.h"
#include "http/views.h"

enum { BOARD_VIEWS_GAP_MS = 50 }; /* built at most 20 times a second */

struct board_views {
    struct hub *hub; /* borrowed, as the next two */
    struct topics *topics;
    struct ledger *ledger;
    struct json_out scratch;
    struct waiting_list waiting;
    bool stale;              /* something happened that is not shown yet */
    int64_t built_ms;        /* monotonic: when last */
    int64_t counters_due_ms; /* likewise: when the counters' may go out again */
};

void board_views_free(struct board_views *views); /* what it owns */

/* Monotonic: when stale ones are to be published. */
int64_t board_views_due_ms(const struct board_views *views);
void board_views_publish(struct board_views *views, const struct view_source *source);
/* One board, at once; kiosk: its code, or NULL for what displays show. */
void board_views_publish_one(struct board_views *views, const struct view_source *source, int topic,
                             const char *kiosk);

#endif
