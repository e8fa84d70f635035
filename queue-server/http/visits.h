/* Visits as their own phones follow them: whose token it is, and who looks.
 *
 * The desk writes down the token of each ticket of the day and shows a followed visit's phone a small view, at most once
 * a second. Everything else happens on libmicrohttpd's threads: a wrong token costs one look into a table, and never
 * the desk's time. Phones have a hub of their own, so that however many there are, and however slow, staff and devices
 * never share a lock or a limit with them; a place in it belongs to a visit only as long as somebody follows it. */
#ifndef QUARTER_HTTP_VISITS_H
#define QUARTER_HTTP_VISITS_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/clock.h"
#include "http/json_out.h"
#include "http/view_source.h"
#include "quarter/limits.h"
#include "quarter/status.h"

enum {
    VISITS_FOLLOWED_MAX = 400, /* streams of phones; more are told to ask now and then */
    VISITS_STREAMS_EACH = 4,   /* of one visit: a family's */
    VISITS_ROUND_MS =
        800, /* a view is written at most so often; the desk looks round each second */
    VISITS_BEAT_MS = 15000, /* each beat wakes a phone's radio */
    VISIT_URL_BYTES = QUARTER_URL_MAX + 64,
};

struct visits_config {
    const char *key_dir; /* beside the keys of private text */
    struct clock *clock;
    int beat_ms; /* 0: VISITS_BEAT_MS */
};

struct visits;

/* error gets a sentence a person can act on. */
enum status visits_create(const struct visits_config *config, struct visits **visits, char *error,
                          size_t error_size);
/* Phones may follow from now on; wanted: asks the desk for a view that nobody read before. */
void visits_start(struct visits *visits, void (*wanted)(void *context), void *context);
void visits_stop(struct visits *visits);    /* ends the streams; NULL-safe */
void visits_destroy(struct visits *visits); /* after the last stream has left; NULL-safe */

/* The desk's thread: the tickets and the site are as the source has them; before what was done is answered. */
void visits_keep_up(struct visits *visits, const struct view_source *source);
/* Likewise: shows what somebody has just begun to follow, and, if it is time, all that is followed. */
void visits_publish(struct visits *visits, const struct view_source *source, int64_t monotonic_ms);
/* Likewise: where this ticket's phone page is; false: the site has no public_url. visits may be NULL. */
bool visits_url(const struct visits *visits, const char *ticket, char url[VISIT_URL_BYTES]);
/* Likewise: the whole document of one visit; NULL: there is none, or none any more. The caller frees. */
char *visits_document(struct visits *visits, const struct view_source *source, const char *ticket);

/* Any thread, all that follows. */
enum visit_search { VISIT_FOUND, VISIT_UNKNOWN, VISIT_TOO_OFTEN };

/* Whose token this is. One that is nobody's counts against the address (text, NULL: not known), which may try 30 of them and
 * one more each 2 s; a right one is always found, since a whole waiting room may share one address. */
enum visit_search visits_find(struct visits *visits, const char *token, const char *address,
                              char ticket[QUARTER_ULID_LEN + 1]);
/* The response whose body is the visit's stream; NULL: no room. */
struct MHD_Response *visits_follow(struct visits *visits, const char *ticket,
                                   struct MHD_Connection *connection);
/* Is this the name, as Host has it, by which phones reach the server from outside? And the origin of its pages? */
bool visits_is_public_host(struct visits *visits, const char *host);
bool visits_is_public_origin(struct visits *visits, const char *origin);
/* What may be asked for by that name: a visit's page, its calls, and the files and words of pages. */
bool visits_is_public_path(const char *path);

#endif
