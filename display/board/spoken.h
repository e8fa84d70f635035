/* What the lobby is told aloud, as lines in their languages. Pure; the words come from the site and the catalogues. */
#ifndef QUARTER_DISPLAY_SPOKEN_H
#define QUARTER_DISPLAY_SPOKEN_H

#include "client/site_info.h"
#include "client/wire.h"
#include "display/board/board.h"
#include "display/screen/catalogue.h"

enum { SPOKEN_LINES_MAX = 2, SPOKEN_TEXT_BYTES = 1024 };

struct spoken_line {
    char language[QUARTER_CODE_MAX + 1];
    char text[SPOKEN_TEXT_BYTES];
};

struct spoken_words {
    const struct site_info *site;                      /* NULL: not known yet */
    const struct catalogue *in[QUARTER_LANGUAGES_MAX]; /* by the site's languages; NULL: English */
};

/* "Ticket H07, counter 3.": in the language of the ticket first, which its visitor waits for, then in English for everybody
 * (in the site's first language where it has no English). Once where they are the same. Returns how many lines. */
int spoken_call(const struct spoken_words *words, const struct board_call *call,
                struct spoken_line lines[static SPOKEN_LINES_MAX]);
/* The delay as the strip says it, in the site's first language, then in English. */
int spoken_delay(const struct spoken_words *words, const struct board_delay *delay,
                 struct spoken_line lines[static SPOKEN_LINES_MAX]);

#endif
