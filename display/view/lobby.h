/* Draws what the board says: fills a page of the UI kit, and nothing else. Designed for 1920x1080 and 1080x1920 (read
 * from 5 m on 55 inches); other sizes are scaled by their shorter side. The four sizes of a page are the
 * kit's TYPE_DISPLAY_*; a counter's name that would not fit beside its number gets one in between.
 *
 * Calls come first: up to six share the screen with the panel of waits and notices; when more stand, they take the
 * whole of it, so that every call is visible as long as it is valid: 13 across, 15 upright. Only past that, rows turn
 * pages. */
#ifndef QUARTER_DISPLAY_LOBBY_H
#define QUARTER_DISPLAY_LOBBY_H

#include "display/board/board.h"
#include "display/screen/catalogue.h"
#include "display/screen/layout.h"

struct lobby {
    const struct board_picture *picture;
    const struct site_info *site;     /* NULL: not known yet */
    const struct catalogue *words;    /* of `language`; NULL: English */
    const char *language;             /* of the site's words */
    const struct ui_kit *kit;         /* to measure by */
    int width, height;                /* of the screen */
    const struct site_device *device; /* this display: how large, read from where; NULL: unknown */
    bool tells_own_language; /* the newest call names its counter in the visitor's language too */
};

/* Everything in `lobby` is borrowed for the call. */
void lobby_fill(struct ui *ui, const struct lobby *lobby);

#endif
