/* What pages are put together from: a cursor that goes down a column, texts, tiles, cards, buttons. Everything is in
 * pixels of the real screen; `view_px` turns the nominal ones of UI.md into them. */
#ifndef QUARTER_KIOSK_VIEW_PARTS_H
#define QUARTER_KIOSK_VIEW_PARTS_H

#include "view/view.h"

enum { VIEW_TILES_MAX = 16, VIEW_ID_BYTES = 64 };

/* How generous a layout is. */
struct density {
    int small, body, title, large; /* type, nominal px */
    int pad, gap;                  /* inside cards and tiles; between them */
    int button;                    /* least height of a button */
    bool hints;                    /* second lines that help but can be spared */
    bool cards;                    /* what the slip says too, and figures on lines of their own */
};

struct view {
    struct ui *ui;
    const struct ui_kit *kit;
    const struct kiosk_content *c;
    const struct journey *j;
    double scale;
    bool wide;
    struct density d; /* scaled */
    int focus;        /* the last order given to a button */
    struct rect body; /* between header and bar */
    bool overflow;
    bool last_try; /* laid out whole, whatever happens; else an overflow ends the effort */
};

/* A column being filled from the top. */
struct column {
    struct rect area;
    int y;
};

int view_px(const struct view *v, int nominal);
const char *view_say(const struct view *v, const char *msgid);
/* Words of the site in the page's language. */
const char *view_site_say(const struct view *v, const struct site_text *text);

/* Adds and returns the height used. */
void view_add(struct view *v, struct ui_element element);
int view_wanted(const struct view *v, const struct ui_element *element);

struct column column_of(struct rect area);
struct rect column_rest(const struct column *column);
void column_skip(struct column *column, int px);
/* Adds at the cursor, as wide as the column and as high as it wants (element.rect.h: at least), and moves on. */
void column_add(struct view *v, struct column *column, struct ui_element element);
/* Past the end of its area: the page is too full. */
void column_check(struct view *v, const struct column *column);

struct ui_element view_heading(const struct view *v, const char *id, const char *text);
struct ui_element view_text(const struct view *v, const char *id, const char *text, int size_px);
struct ui_element view_main_button(struct view *v, const char *id, const char *text);
struct ui_element view_plain_button(struct view *v, const char *id, const char *text);
/* A note that must be seen: an icon, a word, a frame. */
struct ui_element view_note(const struct view *v, const char *id, const char *text,
                            const char *icon);

struct tile {
    char id[VIEW_ID_BYTES];
    const char *text, *detail;
    const char *language; /* of its text, or NULL */
    const char *icon;
    bool chosen;
    bool centred;
};

/* Tiles in rows of `across`, all of one row equally high, the first across the whole row if that makes rows full.
 * Takes at most `tallest` a tile; returns the height used. Sets overflow when area is too low. */
int view_tiles(struct view *v, struct rect area, const struct tile *tiles, int count, int across,
               int tallest);

/* One line of a card: a text, or a label with its value at the other end. */
struct card_row {
    struct ui_element label, value; /* value.id NULL: none */
    bool rule;                      /* a thin line above it */
};
struct card_row view_row(const struct view *v, const char *id, const char *text, int size_px,
                         enum text_weight weight);
struct card_row view_fact(const struct view *v, const char *id, const char *label,
                          const char *value_id, const char *value);
/* A card round its rows, added at the column's cursor. card gives id, fill, border. */
void view_card(struct view *v, struct column *column, struct ui_element card, struct card_row *rows,
               int count);
struct ui_element view_plain_card(const struct view *v, const char *id);

void view_header(struct view *v);
void view_bar(struct view *v, bool back, bool language, bool text_size);

/* pages_*.c: each lays its page into v->body. */
void page_starting(struct view *v);
void page_welcome(struct view *v);
void page_languages(struct view *v);
void page_services(struct view *v);
void page_group(struct view *v);
void page_ready(struct view *v);
void page_getting(struct view *v);
void page_done(struct view *v);
void page_problem(struct view *v);
void page_closed(struct view *v);
void page_question(struct view *v);

#endif
