/* The one table of colours and sizes. Views name tokens, never colours, so that light, dark and
 * high contrast differ in this table alone. Where one value for
 * both light and dark would miss 4.5:1 on dark paper (WCAG 1.4.3), the dark column
 * has a lighter one. */
#ifndef QUARTER_SCREEN_THEME_H
#define QUARTER_SCREEN_THEME_H

#include <stdbool.h>
#include <stdint.h>

struct colour {
    uint8_t r, g, b, a;
};

enum theme_kind { THEME_LIGHT, THEME_DARK, THEME_CONTRAST };

enum token {
    TOKEN_NONE, /* nothing is drawn */
    TOKEN_INK,
    TOKEN_SOFT,
    TOKEN_FAINT, /* what cannot be used now: greyed, but still read */
    TOKEN_PAPER,
    TOKEN_CARD,
    TOKEN_LINE,
    TOKEN_LINE_STRONG, /* the border of what can be touched but is no card (3:1, WCAG 1.4.11) */
    TOKEN_BRAND,
    TOKEN_ON_BRAND, /* text on a brand fill */
    TOKEN_TINT,     /* fill of what is chosen or meant to stand out; ink on it */
    TOKEN_NOW,
    TOKEN_ON_NOW,
    TOKEN_OK,
    TOKEN_AMBER,
    TOKEN_RED,
    TOKEN_BLACK, /* QR codes and paper: the same in every theme */
    TOKEN_WHITE,
    TOKEN_COUNT
};

struct theme {
    enum theme_kind kind;
    struct colour colours[TOKEN_COUNT];
};

/* Type scale in pixels. */
enum {
    TYPE_KIOSK_SMALL = 42, /* on a 1080 px wide kiosk; nothing smaller */
    TYPE_KIOSK_BODY = 50,
    TYPE_KIOSK_TITLE = 68,
    TYPE_KIOSK_LARGE = 96,
    TYPE_KIOSK_NUMBER = 340,
    TYPE_DISPLAY_NOTICE = 56, /* on a 1080p display */
    TYPE_DISPLAY_WAIT = 82,
    TYPE_DISPLAY_CALL = 136,
    TYPE_DISPLAY_NEWEST = 220,
};

enum {
    SPACE_UNIT = 8, /* the grid */
    SPACE_GAP = 24,
    SPACE_MARGIN = 64,
    CORNER_RADIUS = 24,
    CORNER_RADIUS_LARGE = 28,
    LINE_PX = 3,
    FOCUS_PX = 8,
    TOUCH_MIN_PX = 88, /* >= 20 mm on a 21.5" 1080p kiosk is 81 px; on the grid */
};

/* brand: "#rrggbb" from site.yaml, or NULL for the house's own. It is darkened or lightened until
 * text in it and on it reaches 4.5:1 in this theme; high contrast ignores it. A malformed one
 * counts as NULL. */
void theme_init(struct theme *theme, enum theme_kind kind, const char *brand);
struct colour theme_colour(const struct theme *theme, enum token token);
bool theme_kind_from_name(const char *name,
                          enum theme_kind *kind); /* "light", "dark", "contrast" */
const char *theme_kind_name(enum theme_kind kind);

bool colour_from_hex(const char *hex, struct colour *colour); /* "#rrggbb" */
/* WCAG 2.2 contrast ratio, 1..21; alpha is ignored. */
double colour_contrast(struct colour a, struct colour b);

#endif
