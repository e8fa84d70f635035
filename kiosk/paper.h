/* The kiosk's side of the print protocol: asks the ticket-printer program for a slip over its UNIX socket and hears what
 * became of it. A thread of its own connects, again and again while nobody listens, so that a printer that is wedged, or not
 * there, never stops the screen.
 *
 * Threads: everything belongs to the main thread; `wake` is called on the paper thread. */
#ifndef QUARTER_KIOSK_PAPER_H
#define QUARTER_KIOSK_PAPER_H

#include <stdbool.h>

#include "journey/journey.h"
#include "quarter/status.h"

enum { PAPER_HAVE_READY_MAX = 8 };

struct paper;

struct paper_options {
    const char *socket_path;
    void (*wake)(void *context); /* news waits */
    void *wake_context;
};

/* Everything the slip says, in the visitor's language. NULL: not said. */
struct paper_slip {
    const char *ticket, *language, *direction;
    const char *centre, *number, *service, *printed_at, *where, *url;
    const char *have_ready[PAPER_HAVE_READY_MAX];
    int have_ready_count;
    int ahead;
    bool has_wait;
    int wait_low_min, wait_high_min;
};

struct paper_news {
    bool is_job;
    enum journey_paper paper;          /* the printer's state */
    char ticket[QUARTER_ULID_LEN + 1]; /* of a job */
    enum journey_job job;
};

/* STATUS_TOO_LARGE: the path is longer than a socket's may be; STATUS_UNAVAILABLE: no thread. */
enum status paper_create(const struct paper_options *options, struct paper **out);
void paper_destroy(struct paper *paper); /* NULL is fine */
/* The last one asked for counts; it is repeated to a printer that restarts before it told the end. STATUS_INVALID: not
 * UTF-8. */
enum status paper_print(struct paper *paper, const struct paper_slip *slip);
/* The visitor has gone: what was not printed yet shall not be, nor once a printer that is away comes back. */
void paper_cancel(struct paper *paper, const char *ticket);
bool paper_poll(struct paper *paper, struct paper_news *news);

/* One line of the protocol; false: nothing this kiosk needs to know. */
bool paper_read_line(const char *line, struct paper_news *news);

#endif
