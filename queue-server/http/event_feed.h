/* The journal as a stream of Server-Sent Events: codes only, `id` is the journal's seq, so that a reader that lost its
 * connection goes on by Last-Event-ID. One reading connection, shared under a lock: few machines follow the journal. */
#ifndef QUARTER_HTTP_EVENT_FEED_H
#define QUARTER_HTTP_EVENT_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "http/hub.h"
#include "quarter/status.h"
#include "store/store.h"

struct event_feed;

enum status event_feed_open(const struct store_config *config, struct event_feed **feed);
void event_feed_close(struct event_feed *feed);

/* A hub_fetch: the next events after the cursor, which it moves. NULL: none, or the journal cannot be read. */
struct shared_text *event_feed_fetch(void *feed, int64_t *cursor);
/* Is there such an event? False too when the journal cannot be read. Any thread. */
bool event_feed_has(struct event_feed *feed, int64_t seq);

#endif
