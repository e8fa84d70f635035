/* What the tests of the floor's and the manager's views share: the newest view of a stream that shows something, held
 * against the OpenAPI document. */
#ifndef QUARTER_TESTS_HTTP_VIEWS_H
#define QUARTER_TESTS_HTTP_VIEWS_H

#include "http_stream.h"

typedef bool view_shows(const json_t *view, const void *context);

/* Waits for a view that shows it; the caller's. schema: its name in the document. */
json_t *views_await(struct listener *listener, const struct rig *rig, const char *schema,
                    view_shows *shows, const void *context);

/* Members on a way like "counters.0.ticket.number"; NULL: no such. */
const json_t *view_at(const json_t *view, const char *way);
const char *view_text(const json_t *view, const char *way); /* "" when it is no text */
long long view_number(const json_t *view, const char *way); /* -1 when it is no whole number */
bool view_is(const json_t *view, const char *way, bool value);
bool view_is_null(const json_t *view, const char *way);

/* A command that is accepted, with a fresh key: its status. */
long view_post(struct rig *rig, const char *path, const char *body);

#endif
