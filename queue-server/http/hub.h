/* Streams and what they show. The hub keeps the latest view of each topic in one shared buffer; each stream sends the
 * latest when it can, and a slow one skips versions. Nothing is queued per stream.
 *
 * Threads: the desk publishes; libmicrohttpd's threads read; the hub's own thread wakes readers and makes the
 * beats, so that the desk never waits for 500 wake-ups. A stream that has nothing to send is suspended inside its
 * content reader and costs nothing until it is woken. */
#ifndef QUARTER_HTTP_HUB_H
#define QUARTER_HTTP_HUB_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/clock.h"

enum {
    HUB_BEAT_MS = 5000,
    /* What all counters' pages are sent together when much happens, and as much again those of the floor and of managers:
     * both are what a network of 100 Mbit/s carries. Beyond it views come less often. */
    HUB_STAFF_BYTES_A_MS = 5000,
    /* 500 displays, kiosks and phones, 200 pages of staff, and as many again of these that come back
     * before their old streams are missed */
    HUB_STREAMS_MAX = 900,
    HUB_STREAMS_EACH =
        20, /* of one person or device: a page has one, and a browser shares it among its tabs */
    TOPIC_BOARD = 0, /* of all displays; a kiosk has its own */
    TOPIC_EVENTS = 1,
    TOPIC_FLOOR = 2,   /* what meet and greet sees */
    TOPIC_MANAGER = 3, /* the same and the day's figures */
    /* and up: see topics.h */
};

/* Bytes that many streams write; counted, because the last of them frees it. */
struct shared_text;
struct shared_text *shared_text_make(const char *data, size_t length);
void shared_text_release(struct shared_text *text); /* NULL-safe */

struct hub_config {
    int topic_count;
    int streams_max; /* 0: HUB_STREAMS_MAX */
    int beat_ms;     /* 0: HUB_BEAT_MS */
    struct clock *clock;
    /* Asks the desk for a topic's first view; called without locks, any thread. */
    void (*wanted)(void *context);
    void *wanted_context;
    /* Whatever else is to be done at each beat; called without locks on the hub's thread. NULL: nothing. */
    void (*each_beat)(void *context);
    void *beat_context;
};

struct hub;

struct hub *hub_create(const struct hub_config *config);
/* Ends every stream at its next read and admits no more; before MHD_stop_daemon(). */
void hub_stop(struct hub *hub);
void hub_destroy(struct hub *hub); /* after the last stream has left */

/* Does anybody read this topic? */
bool hub_is_read(struct hub *hub, int topic);
int hub_reader_count(struct hub *hub, int topic);
/* Ends the streams of this topic, which goes on for those that come after the last of them has left. */
void hub_end(struct hub *hub, int topic);
int hub_stream_count(struct hub *hub);

/* A new view: `fields` are the members of the view's object after "version" and "now". When they are as before, only
 * the time is renewed, for those who come next, and nobody is woken. How many bytes go out, to all who read it. */
int64_t hub_publish(struct hub *hub, int topic, int64_t now_ms, const char *fields, size_t length);
/* The latest view's JSON; the caller frees. NULL: none yet. */
char *hub_copy_latest(struct hub *hub, int topic);
/* Something new up to this number: for streams that fetch by themselves (the events). */
void hub_announce(struct hub *hub, int topic, int64_t serial);

int64_t hub_serial(struct hub *hub, int topic); /* announced last */

/* Where an event stream gets what comes after its cursor: a text to send, or NULL when nothing does. Called on
 * libmicrohttpd's threads. */
typedef struct shared_text *hub_fetch(void *context, int64_t *cursor);

struct stream_request {
    int topic;
    const char *whose; /* an actor, who has HUB_STREAMS_EACH; NULL or "": not counted */
    int64_t cursor;    /* of a fetching stream */
    hub_fetch *fetch;  /* NULL: the stream sends views */
    void *fetch_context;
    /* Called once, when the stream has ended or was not admitted, without locks, any thread. NULL: nobody asks. */
    void (*left)(void *context, int place);
    void *left_context;
    int place; /* the caller's */
    /* Asked at each beat, under the hub's lock, so it must be quick: NULL, or the code of why the stream is over, which
     * is told as `event: ended` before it closes. NULL: it is never over. Destroyed with the stream, also when there is
     * none after all. */
    const char *(*is_over)(void *context);
    void (*destroy)(void *context);
    void *pass;
};
/* The response whose body is the stream; NULL: too many streams, or stopping. has_enough (may be NULL): it is whoever
 * asks that has too many. */
struct MHD_Response *hub_join(struct hub *hub, const struct stream_request *request,
                              struct MHD_Connection *connection, bool *has_enough);

#endif
