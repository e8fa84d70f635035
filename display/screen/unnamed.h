/* The page of a kiosk or display whose name the site's file does not have: it would show wrong things, or nothing, so it
 * says in words what is wrong and what to do. For staff, hence in English, but for a line to visitors. */
#ifndef QUARTER_SCREEN_UNNAMED_H
#define QUARTER_SCREEN_UNNAMED_H

#include "display/screen/catalogue.h"
#include "display/screen/layout.h"

struct unnamed {
    const char *what;         /* "kiosk" or "display", as its option is called too */
    const char *code;         /* as it was started */
    const char *const *codes; /* those that the site's file names */
    int code_count;
    const struct catalogue *words; /* of the line to visitors; NULL: English */
    const char *clock;             /* "10:42"; "" not shown */
    int size_px;                   /* of its texts, on a screen whose shorter side has 1080 px */
    int width, height;
};

/* Its name is "unnamed". A clock has the id "clock", as on every page of a kiosk. */
void unnamed_lay(const struct unnamed *unnamed, const struct ui_kit *kit, struct ui *ui);

#endif
