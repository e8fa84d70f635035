/* A reader of Server-Sent Events (WHATWG HTML, 9.2.5 "Parsing an event stream"), fed in whatever
 * pieces the network delivers. Pure; bounded: a line or an event's data past max_bytes is an error,
 * after which the stream is of no use. */
#ifndef QUARTER_CLIENT_SSE_H
#define QUARTER_CLIENT_SSE_H

#include <stddef.h>

#include "quarter/status.h"

struct sse;

/* type: "message" unless the event names one; data is followed by a NUL that `length` does not
 * count. Both are good for the call only. Anything but STATUS_OK ends the feeding and is returned
 * by sse_feed(). */
typedef enum status (*sse_event_fn)(void *context, const char *type, const char *data,
                                    size_t length);

/* NULL: no memory. */
struct sse *sse_create(size_t max_bytes, sse_event_fn on_event, void *context);
void sse_destroy(struct sse *sse);
/* Ready for a new connection: half-read lines and events are dropped. */
void sse_reset(struct sse *sse);
/* STATUS_TOO_LARGE: past the bound; STATUS_FULL: no memory; or what on_event said. */
enum status sse_feed(struct sse *sse, const char *bytes, size_t length);

#endif
