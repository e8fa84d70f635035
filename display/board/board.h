/* What the lobby sees and hears. Pure: views of the server and monotonic times in, a picture in codes out; no I/O, no
 * clock, no words. One thread.
 *
 * Announcements. Every announcement number that is new to the board gets one turn: it chimes (later: is spoken) and its
 * call goes on top at that very moment, so that sound and picture always name the same call. Turns are taken in the
 * order of their numbers; none overwrites another. A turn lasts BOARD_TURN_MS, or BOARD_SHORT_TURN_MS when others wait;
 * all calls that stand are listed meanwhile. Since a view holds every standing call with its number, versions that
 * were skipped cost no chime.
 *  - The first view after the start is shown without a sound: its calls were announced before.
 *  - A recall has a number of its own, so it chimes and lights up again. A recall of a call that is still waiting for
 *    its turn joins that turn: the visitor is about to be called anyway, and one impatient button cannot hold up the
 *    others.
 *  - A call that ends before its turn (staff started serving, no-show, day's end) is not announced: it would send
 *    somebody to a counter that no longer waits for them. One that ends during its turn leaves at once, and the next
 *    turn follows, but not within BOARD_CHIME_GAP_MS of the last chime, which would cut it off.
 *  - Numbers start again every day, or when a server comes back with an older journal: then each call that was not on
 *    the board before is new.
 *
 * Delays. A service whose visitors have to wait longer than they were told is in the picture from the view that says so
 * to the one that does not, whatever else there is. It is `fresh` for BOARD_FRESH_MS after it appeared or grew (a longer
 * wait, or a delay that began anew; a shorter one is told but not anew). News of this kind has a sound of its own,
 * softer than a chime, which gives way to calls: it waits until no call waits for its turn, keeps its distance from the
 * last chime, and sounds at most once in BOARD_NOTE_GAP_MS for all delays together. Delays at the start were told
 * before: they are shown without a sound. */
#ifndef QUARTER_DISPLAY_BOARD_H
#define QUARTER_DISPLAY_BOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "client/site_info.h"
#include "client/wire.h"

enum {
    BOARD_TURN_MS = 12000,
    BOARD_SHORT_TURN_MS = 4000,
    BOARD_CHIME_GAP_MS = 2000, /* a chime takes 1.6 s */
    BOARD_BLINK_MS = 300, /* a call that is on top already goes dark so long when it is recalled */
    BOARD_TICK_MS =
        8000, /* pages of services, notices and calls that do not fit at once turn with it */
    BOARD_STALE_MS = 12000, /* without news (beats come every 5 s) the picture says so */
    BOARD_FRESH_MS = 2 * BOARD_TICK_MS, /* a delay is marked as new */
    BOARD_NOTE_GAP_MS = 60000,
};

struct board;

struct board *board_create(int64_t now_ms); /* NULL: no memory */
void board_destroy(struct board *board);

/* A view (copied) or a beat arrived. */
void board_take_view(struct board *board, const struct board_view *view, int64_t now_ms);
void board_take_clock(struct board *board, const struct client_clock *clock);

/* Starts the next turn if it is time for one: true, and *announced is the call to chime now. Call again until false. */
bool board_advance(struct board *board, int64_t now_ms, struct board_call *announced);
/* A delay is news, and now is the time to sound its note; ask after board_advance. */
bool board_take_note(struct board *board, int64_t now_ms);
/* In how many ms after now_ms, the time of the last picture, something changes by itself; never 0. */
int board_sleep_ms(const struct board *board, int64_t now_ms);

enum board_page {
    BOARD_STARTING, /* nothing was heard yet */
    BOARD_CLOSED,   /* the doors are closed, nobody is called and nobody waits */
    BOARD_LIVE,
};

/* `amber` from 10 minutes, `red` from 15 (the standard), by the median. */
enum board_tone { BOARD_CALM, BOARD_AMBER, BOARD_RED };

/* One service, as the panel lists them: group by group, in the site's order. */
struct board_row {
    int service; /* index into site_info.services */
    int waiting;
    bool wait_known;
    int low_min, high_min; /* as the server rounds them */
    enum board_tone tone;
    bool delayed;
};

struct board_delay {
    int service; /* index into site_info.services */
    int low_min, high_min;
    bool fresh;
};

struct board_picture {
    enum board_page page;
    char clock[CLIENT_HHMM_BYTES]; /* "": not known */
    int call_count;
    struct board_call calls[WIRE_CALLS_MAX]; /* the one on top first, then the newest first */
    bool has_top;   /* calls[0] is the newest announced; false only in the moment before its turn */
    bool top_fresh; /* within its turn: lit */
    int row_count;
    struct board_row rows[QUARTER_SERVICES_MAX];
    int delay_count;
    struct board_delay delays[QUARTER_SERVICES_MAX]; /* the one that is newest first */
    int notice_count;
    const struct board_notice *notices; /* the board's; good until the next view */
    int tick;                           /* counts BOARD_TICK_MS */
    bool stale;
    char news[CLIENT_HHMM_BYTES]; /* centre's time of the last news; "": none ever */
    bool opens_known;
    int opens_in_days; /* 0 today, 1 tomorrow ... */
    struct client_local_time opens;
};

/* site: may be NULL (then no rows and no delays: there are no names for them). */
void board_picture(const struct board *board, const struct site_info *site, int64_t now_ms,
                   struct board_picture *picture);

#endif
