/* A page as --dump-ui wrote it, read back: all that the checks know of a screen besides its picture. Nothing here looks
 * into a view, so that a dump of a running program is judged by the same checks as a page laid out in a test. */
#ifndef QUARTER_STANDARDS_DUMP_H
#define QUARTER_STANDARDS_DUMP_H

#include "display/screen/canvas.h"

enum { DUMP_ID_BYTES = 80, DUMP_WORDS_BYTES = 4096 };

struct dump_colour {
    bool given;
    struct colour colour;
};

/* Grouped as the dump is. NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding) */
struct dump_element {
    char id[DUMP_ID_BYTES];
    char role[16];
    struct rect rect;
    char *text, *detail;
    int font_px, detail_px, cap_px, detail_cap_px;
    struct rect text_ink, detail_ink, icon_rect; /* empty: none */
    bool fits;
    struct colour ink, detail_colour;
    struct dump_colour fill, border;
    int border_px, radius;
    bool qr;
    char language[16];
    int focus; /* 0: none */
    bool focused, pressed, disabled, touchable;
};

struct dump {
    char page[64], language[16], theme[16];
    int width, height;
    struct colour background;
    double mm_per_px; /* 0: the dump does not say */
    int bottom_mm, viewing_mm;
    int count;
    struct dump_element *elements;
};

/* NULL: not a dump (why is written to stderr). */
struct dump *dump_read(const char *json);
void dump_destroy(struct dump *dump);

const struct dump_element *dump_find(const struct dump *dump, const char *id);
bool dump_is(const struct dump_element *element, const char *role);
/* Pieces of the picture an element draws on: text, detail, icon, code; at most 4. Returns how many. */
int dump_inks(const struct dump_element *element, struct rect inks[4]);

#endif
