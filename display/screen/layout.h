/* A page as a flat list of elements. Views fill it in logical coordinates (x from the start edge:
 * left in English, right in Urdu) and never draw; ui_draw draws it, ui_hit finds what a finger
 * meant, ui_damage says what changed and ui_dump.h writes it for tests. Right-to-left pages are
 * mirrored here and nowhere else, when an element is added.
 *
 *   ui_begin(ui, &(struct ui_page){.name = "welcome", .language = "ur", .width = 1080, .height =
 * 1920}); ui_add(ui, &(struct ui_element){.id = "continue", .role = UI_BUTTON, .rect = {64, 1300,
 * 952, 176}, .fill = TOKEN_BRAND, .ink = TOKEN_ON_BRAND, .radius = CORNER_RADIUS, .text =
 * catalogue_text(words, "Get my ticket"), .size_px = TYPE_KIOSK_TITLE, .weight = TEXT_BOLD, .align
 * = TEXT_CENTRE, .focus = 1});
 */
#ifndef QUARTER_SCREEN_LAYOUT_H
#define QUARTER_SCREEN_LAYOUT_H

#include "display/screen/canvas.h"
#include "display/screen/icons.h"
#include "display/screen/text.h"
#include "display/screen/theme.h"

enum { UI_ELEMENTS_MAX = 192, UI_TEXT_BYTES = 65536 };

#define UI_ROLE_LIST(X)                                                                            \
    X(TEXT, "text")                                                                                \
    X(HEADING, "heading")                                                                          \
    X(BUTTON, "button") /* the only one that ui_hit finds */                                       \
    X(NUMBER, "number") /* a ticket number: always left to right */                                \
    X(CARD, "card")                                                                                \
    X(LINE, "line")                                                                                \
    X(ICON, "icon")                                                                                \
    X(QR, "qr")                                                                                    \
    X(CLOCK, "clock")                                                                              \
    X(ALERT, "alert")

enum ui_role {
#define X(name, code) UI_##name,
    UI_ROLE_LIST(X)
#undef X
};

enum ui_icon_place { UI_ICON_MIDDLE, UI_ICON_ABOVE, UI_ICON_START, UI_ICON_END };

/* Everything but id, role and rect may be left 0. Strings are copied by ui_add. Grouped by what
 * belongs together: a page has a few dozen of them.
 * NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding) */
struct ui_element {
    const char *id; /* unique on its page: "service-housing_options" */
    enum ui_role role;
    struct rect rect; /* logical when given to ui_add; on the screen afterwards */
    int padding_px;   /* between the rect's edge and its text; for both ways unless padding_y_px is
                         given */
    int padding_y_px;

    enum token fill, border;
    int border_px; /* 0: LINE_PX when there is a border */
    int radius;

    const char *text;   /* may hold emphasis marks and isolates */
    const char *detail; /* a second, regular text under the first, centred with it as one block */
    int size_px, detail_px;
    int min_size_px; /* as text_style; for both */
    enum text_weight weight;
    enum text_align
        align; /* START and END follow the page's direction, whatever the text's own is */
    enum text_valign valign;
    int max_lines;
    bool break_words;           /* as text_style */
    enum token ink, detail_ink; /* TOKEN_NONE: INK, and SOFT for the detail */
    const char *language;       /* of the text, where it is not the page's */
    int baseline_px; /* > 0: the first baseline lies so far under rect.y (to line up unlike sizes);
                        no valign then */

    const char *icon; /* a name in assets/icons */
    int icon_px;
    enum ui_icon_place icon_place;
    enum token icon_ink; /* TOKEN_NONE: BRAND */

    const char *qr; /* UI_QR: the text of the code */

    int focus; /* order in which keys reach it, from 1; 0: not reachable */
    bool focused, pressed, disabled;
    bool keep_side; /* not mirrored in right-to-left pages */
};

struct ui_page {
    const char *name, *language;
    enum theme_kind theme;
    int width, height;
    enum token background; /* TOKEN_NONE: PAPER */
    /* The real screen, for whoever checks what a person can read and reach; 0: not known. */
    double mm_per_px;
    int bottom_mm;  /* the picture's lower edge above the floor */
    int viewing_mm; /* from where it is read */
};

struct ui;

struct ui *ui_create(void);
void ui_destroy(struct ui *ui);

/* Empties the list and starts a page. */
void ui_begin(struct ui *ui, const struct ui_page *page);
/* Appends; drawn in the order of adding. More than UI_ELEMENTS_MAX elements or UI_TEXT_BYTES of
 * strings is a bug of the view. */
void ui_add(struct ui *ui, const struct ui_element *element);

const struct ui_page *ui_page(const struct ui *ui);
bool ui_is_rtl(const struct ui *ui);
size_t ui_count(const struct ui *ui);
const struct ui_element *ui_element(const struct ui *ui, size_t index);
const struct ui_element *ui_find(const struct ui *ui, const char *id); /* NULL: none */
/* The topmost enabled button under a point of the screen, or NULL. */
const struct ui_element *ui_hit(const struct ui *ui, int x, int y);

/* What differs from what was shown before (before NULL: all of it); an empty rect: nothing, do not
 * draw. */
struct rect ui_damage(const struct ui *before, const struct ui *after);
void ui_copy(struct ui *to, const struct ui *from);

/* What drawing needs; borrowed. */
struct ui_kit {
    struct text_engine *text;
    struct icons *icons;
    const struct theme *theme;
};

/* Draws what touches the canvas's clip. Returns how many texts did not fit or have missing glyphs:
 * 0 is right. */
int ui_draw(const struct ui *ui, const struct ui_kit *kit, struct canvas *canvas);

/* How high an element's text and detail (with its padding and icon above) want to be at its width:
 * for views that lay out by content. */
int ui_wanted_height(const struct ui_kit *kit, const struct ui_page *page,
                     const struct ui_element *element);

const char *ui_role_name(enum ui_role role);

#endif
