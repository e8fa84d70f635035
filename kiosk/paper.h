/* The kiosk's side of the print protocol: asks the ticket-printer program for a slip over its UNIX socket and hears what
 * became of it, and how the printer and its paper are, before anybody asks. A thread of its own connects, again and again
 * while nobody listens, so that a printer that is wedged, or not there, never stops the screen; a program that says nothing
 * for PAPER_SILENCE_MS counts as gone, for it repeats the printer's state in between.
 *
 * Threads: everything belongs to the main thread; `wake` is called on the paper thread. */
#ifndef QUARTER_KIOSK_PAPER_H
#define QUARTER_KIOSK_PAPER_H

#include <stdbool.h>

#include "journey/journey.h"
#include "quarter/status.h"

enum { PAPER_HAVE_READY_MAX = 8, PAPER_SILENCE_MS = 4000 };

enum paper_kind { PAPER_TICKET, PAPER_SIGNPOST, PAPER_TEST };

struct paper;

struct paper_options {
    const char *socket_path;
    void (*wake)(void *context); /* news waits */
    void *wake_context;
};

/* Everything the slip says, in the visitor's language. NULL: not said. */
struct paper_slip {
    enum paper_kind kind;
    const char *ticket; /* a ULID: the ticket's, or the slip's own (paper_make_id) */
    int copy;           /* 1.. (0 is 1): the same ticket and copy never comes out twice */
    const char *language, *direction;
    const char *centre, *printed_at, *url;
    const char *title, *text; /* of a signpost */
    /* of a test page: a line in each */
    const char *languages[QUARTER_LANGUAGES_MAX];
    int language_count;
    /* of a ticket */
    const char *number, *service, *where;
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
    int copy;
    enum journey_job job;
};

/* STATUS_TOO_LARGE: the path is longer than a socket's may be; STATUS_UNAVAILABLE: no thread. */
enum status paper_create(const struct paper_options *options, struct paper **out);
/* What was cancelled is told before, if the printer program is there to hear it. NULL is fine. */
void paper_destroy(struct paper *paper);
/* The last one asked for counts; it is repeated to a printer that restarts before it told the end. A further copy takes the
 * place of the one before, should that one still wait for paper. STATUS_INVALID: not UTF-8. */
enum status paper_print(struct paper *paper, const struct paper_slip *slip);
/* The same for somebody elsewhere, beside what the visitor here wants: one at a time, named by the slip's own id. Its end is
 * told as any job's. STATUS_BUSY: the end of the last one was not heard yet, nor was it cancelled. */
enum status paper_print_aside(struct paper *paper, const struct paper_slip *slip);
/* The visitor has gone: what was not printed yet shall not be, nor once a printer that is away comes back. */
void paper_cancel(struct paper *paper, const char *ticket);
/* A job's news: of the last copy asked for only. The printer's: when it has changed. */
bool paper_poll(struct paper *paper, struct paper_news *news);

/* A new ULID, for a slip that is no ticket. */
void paper_make_id(char id[QUARTER_ULID_LEN + 1]);

/* One line of the protocol; false: nothing this kiosk needs to know. */
bool paper_read_line(const char *line, struct paper_news *news);

#endif
