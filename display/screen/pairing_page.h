/* The page of a kiosk or display that the server does not let in yet: large letters that an administrator types on the
 * Admin page, or why there are none. In one language, the screen's; what is typed into a command line stays as it is. */
#ifndef QUARTER_SCREEN_PAIRING_PAGE_H
#define QUARTER_SCREEN_PAIRING_PAGE_H

#include "display/screen/catalogue.h"
#include "display/screen/layout.h"

enum pairing_page_kind {
    PAIRING_PAGE_WAITS,     /* no letters yet: the server is not heard */
    PAIRING_PAGE_LETTERS,   /* letters, minutes_left */
    PAIRING_PAGE_OTHER_KEY, /* kept */
    PAIRING_PAGE_KEY_NEEDED,
};

struct pairing_page {
    enum pairing_page_kind kind;
    bool is_display;       /* else a kiosk */
    const char *code;      /* as it was started: "kiosk-1" */
    const char *letters;   /* "K7Q2MX" */
    const char *let_in_as; /* the last time, by mistake; "" or NULL: not so */
    const char *kept;      /* the file that holds the known key; NULL: none */
    int minutes_left;
    const struct catalogue *words; /* NULL: English */
    const char *clock;             /* "10:42"; "" not shown */
    int size_px;                   /* of its texts, on a screen whose shorter side has 1080 px */
    int width, height;
};

/* Its name is "pairing"; the letters have the id "letters". A clock has the id "clock", as on every page of a kiosk. */
void pairing_page_lay(const struct pairing_page *page, const struct ui_kit *kit, struct ui *ui);
/* Of letters that are good until then: started minutes, never under 0. */
int pairing_page_minutes(int64_t until_ms, int64_t now_ms);
/* When minutes_left is another: an instant after now_ms. */
int64_t pairing_page_wake_ms(int64_t until_ms, int64_t now_ms);

#endif
