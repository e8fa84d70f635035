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
 *    the board before is new. */
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
        8000, /* pages of groups, notices and calls that do not fit at once turn with it */
    BOARD_STALE_MS = 12000, /* without news (beats come every 5 s) the picture says so */
};

struct board;

struct board *board_create(int64_t now_ms); /* NULL: no memory */
void board_destroy(struct board *board);

/* A view (copied) or a beat arrived. */
void board_take_view(struct board *board, const struct board_view *view, int64_t now_ms);
void board_take_clock(struct board *board, const struct client_clock *clock);

/* Starts the next turn if it is time for one: true, and *announced is the call to chime now. Call again until false. */
bool board_advance(struct board *board, int64_t now_ms, struct board_call *announced);
/* In how many ms after now_ms, the time of the last picture, something changes by itself; never 0. */
int board_sleep_ms(const struct board *board, int64_t now_ms);

enum board_page {
    BOARD_STARTING, /* nothing was heard yet */
    BOARD_CLOSED,   /* the doors are closed, nobody is called and nobody waits */
    BOARD_LIVE,
};

/* `amber` from 10 minutes, `red` from 15 (UI.md), by the median. */
enum board_tone { BOARD_CALM, BOARD_AMBER, BOARD_RED };

struct board_group {
    int group; /* index into site_info.groups */
    int waiting;
    bool wait_known;
    int low_min, high_min; /* of 5 minutes each; as wide as the widest of its services */
    enum board_tone tone;
};

struct board_picture {
    enum board_page page;
    char clock[CLIENT_HHMM_BYTES]; /* "": not known */
    int call_count;
    struct board_call calls[WIRE_CALLS_MAX]; /* the one on top first, then the newest first */
    bool has_top;   /* calls[0] is the newest announced; false only in the moment before its turn */
    bool top_fresh; /* within its turn: lit */
    int group_count;
    struct board_group groups[SITE_GROUPS_MAX];
    int notice_count;
    const struct board_notice *notices; /* the board's; good until the next view */
    int tick;                           /* counts BOARD_TICK_MS */
    bool stale;
    char news[CLIENT_HHMM_BYTES]; /* centre's time of the last news; "": none ever */
    bool opens_known;
    int opens_in_days; /* 0 today, 1 tomorrow ... */
    struct client_local_time opens;
};

/* site: may be NULL (then no groups). */
void board_picture(const struct board *board, const struct site_info *site, int64_t now_ms,
                   struct board_picture *picture);

#endif
