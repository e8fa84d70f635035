/* Draws a journey: one page as a list of elements (display/screen/layout.h) for any screen from 800x600 up, upright or
 * wide, mirrored in right-to-left languages. Pure but for measuring text: the same content gives the same list.
 *
 * Sizes are those of a 1080x1920 or 1920x1080 screen, scaled to the real one. A page is laid out with the roomiest type
 * that lets everything fit; what may be left out (hints) goes before type shrinks, and nothing is ever cut. */
#ifndef QUARTER_KIOSK_VIEW_H
#define QUARTER_KIOSK_VIEW_H

#include "client/site_info.h"
#include "client/wire.h"
#include "display/screen/catalogue.h"
#include "display/screen/layout.h"
#include "journey/journey.h"

struct kiosk_content {
    const struct journey *journey;
    const struct site_info *site;   /* NULL only while starting */
    const struct board_view *board; /* NULL: no news yet */
    const struct catalogue *words;  /* of the language shown */
    const char *language;           /* its code */
    const struct catalogue *const *
        tile_words; /* by the site's languages: the welcome on each tile; NULL, or NULLs: English */
    const char *clock;                /* "10:42", "" unknown */
    int64_t now_ms;                   /* monotonic, for what the board's clock carries on */
    const char *pressed;              /* id of the element under the finger, or NULL */
    const char *focused;              /* id of the element a keypad stands on, or NULL */
    const struct site_device *device; /* this kiosk: how large and how high it is; NULL: unknown */
    enum theme_kind theme;
    int width, height;
};

/* The name of the page as it is dumped: journey_page_code, or "still-there". */
const char *kiosk_view_page(const struct journey *journey);

/* False: something does not fit even at the smallest sizes (a test's business; the page is complete all the same). */
bool kiosk_view_lay(const struct kiosk_content *content, const struct ui_kit *kit, struct ui *ui);

#endif
