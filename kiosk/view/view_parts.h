/* What pages are put together from: a cursor that goes down a column, texts, tiles, cards, buttons, keys. Everything is in
 * pixels of the real screen; `view_px` turns nominal ones, of a 1080x1920 screen, into them. */
#ifndef QUARTER_KIOSK_VIEW_PARTS_H
#define QUARTER_KIOSK_VIEW_PARTS_H

#include "view/view.h"
#include "view/words.h"

enum { VIEW_TILES_MAX = QUARTER_SERVICES_MAX, VIEW_ID_BYTES = 64 };

/* How generous a layout is. */
struct density {
    int small, body, title, large; /* type, nominal px */
    int pad, gap;                  /* inside cards and tiles; between them */
    int button;                    /* least height of a button */
    bool hints;                    /* second lines that help but can be spared */
    bool cards;                    /* what the slip says too, and figures on lines of their own */
    bool sheets;                   /* tiles may come in several sheets, with a "More" */
    bool breaks;                   /* words too long for their place are broken */
};

struct view {
    struct ui *ui;
    const struct ui_kit *kit;
    const struct kiosk_content *c;
    const struct journey *j;
    double scale;
    double type; /* the visitor's text size: 1, 1.25, 1.5, or less where that does not fit */
    bool wide;
    struct density d;  /* scaled */
    int focus;         /* the last order given to a button */
    struct rect body;  /* between header and bar, without what is laid beside the page */
    struct rect reach; /* where hands reach: all that is touched lies in it */
    struct rect bar, help;
    bool cramped;   /* the smallest there is: anything goes */
    bool measuring; /* nothing is added */
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

/* Adds, greyed when the journey offers no such action now (of what leads elsewhere), pressed, focused as they are. */
void view_add(struct view *v, struct ui_element element);
int view_wanted(const struct view *v, const struct ui_element *element);
/* Of its text on one line. */
int view_natural_width(const struct view *v, const struct ui_element *element);
/* False: a single word of it is wider than its place, which no height helps. */
bool view_holds_words(const struct view *v, const struct ui_element *element);

int view_most(int a, int b);
int view_least(int a, int b);

struct column column_of(struct rect area);
struct rect column_rest(const struct column *column);
void column_skip(struct column *column, int px);
/* Down to where hands reach, before the first thing that is touched. */
void column_reach(const struct view *v, struct column *column);
/* Adds at the cursor, as wide as the column and as high as it wants (element.rect.h: at least), and moves on. */
void column_add(struct view *v, struct column *column, struct ui_element element);
/* Past the end of its area: the page is too full. */
void column_check(struct view *v, const struct column *column);
/* The start and the other part of an area, with two gaps between. */
struct rect view_left(const struct view *v, struct rect area, int percent);
struct rect view_right(const struct view *v, struct rect area, int percent);

struct ui_element view_heading(const struct view *v, const char *id, const char *text);
struct ui_element view_text(const struct view *v, const char *id, const char *text, int size_px);
struct ui_element view_main_button(struct view *v, const char *id, const char *text);
struct ui_element view_plain_button(struct view *v, const char *id, const char *text);
/* A note that must be seen: an icon, a word, a frame. */
struct ui_element view_note(const struct view *v, const char *id, const char *text,
                            const char *icon);
/* The page's heading and a line under it (NULL: none), with the space below; low on the screen when hands are. */
void view_title(struct view *v, struct column *column, const char *title, const char *sub);
/* Buttons side by side where that goes, else one under the other, in the same order: the last one leads on, and stands
 * where the hand is on every screen, at the end of the row or the foot of the page. */
void view_buttons(struct view *v, struct column *column, struct ui_element *buttons, int count);
int view_buttons_height(const struct view *v, int width, struct ui_element *buttons, int count);
/* The same at the bottom of an area, which they shorten. */
void view_buttons_below(struct view *v, struct rect *area, struct ui_element *buttons, int count);

struct tile {
    char id[VIEW_ID_BYTES];
    const char *text, *detail;
    const char *language; /* of its text, or NULL */
    const char *icon;
    bool chosen;
    bool centred;
};

/* Tiles in rows of `across` or, where words need it, fewer; all of one row equally high, the first across the whole row
 * if that makes rows full. Takes at most `tallest` a tile; returns the height used. What does not fit comes in sheets
 * where the density allows them, else sets overflow. */
int view_tiles(struct view *v, struct rect area, const struct tile *tiles, int count, int across,
               int tallest);

/* Shows the next of so many sheets, or the first again; its words are kept in text. */
struct ui_element view_more_button(const struct view *v, int sheet, int sheets,
                                   char text[WORDS_BYTES]);

/* One line of a card: a text, or a label with its value at the other end. */
struct card_row {
    struct ui_element label, value; /* value.id NULL: none */
    bool rule;                      /* a thin line above it */
    bool listed;                    /* one of a list: a dot before it */
};
struct card_row view_row(const struct view *v, const char *id, const char *text, int size_px,
                         enum text_weight weight);
struct card_row view_fact(const struct view *v, const char *id, const char *label,
                          const char *value_id, const char *value);
/* A card round its rows, added at the column's cursor. card gives id, fill, border. */
void view_card(struct view *v, struct column *column, struct ui_element card, struct card_row *rows,
               int count);
/* Of a row in a card so wide inside. */
int view_row_height(const struct view *v, struct card_row *row, int width);
struct ui_element view_plain_card(const struct view *v, const char *id);
/* A code for phones with a heading and a hint beside it, in a card. */
void view_code(struct view *v, struct column *column, const char *url, const char *title,
               const char *hint);

/* What every page has; the frame first, since it leaves the page its body. */
void view_frame(struct view *v);
void view_bar(struct view *v);

/* Keys at the bottom of an area, which they shorten: the journey's keyboard, or figures alone. */
void view_keyboard(struct view *v, struct rect *area);
void view_number_pad(struct view *v, struct rect *area);
/* Where the keys go and what is left for the rest: side by side on a wide screen, else both the same. */
void view_typing(const struct view *v, struct rect *rest, struct rect *keys);
/* What is typed, in a frame; hint stands there before. */
void view_field(struct view *v, struct column *column, const char *hint);
/* The title, and under it what is typed; then down to where hands reach. */
void view_typing_head(struct view *v, struct column *column, const char *title, const char *sub,
                      const char *hint);

/* A sign, a heading and calm sentences, in the upper middle. */
struct column view_message(struct view *v, const char *icon, const char *title);
void view_sentence(struct view *v, struct column *column, const char *id, const char *text);
/* The needs that can be said, as tiles. */
int view_need_tiles(const struct view *v, struct tile tiles[VIEW_TILES_MAX]);
/* What the slip is doing: of a ticket, else of a signpost. */
void view_job(struct view *v, struct column *column, bool ticket);

/* Each lays its page into v->body. */
void page_starting(struct view *v);
void page_welcome(struct view *v);
void page_languages(struct view *v);
void page_services(struct view *v);
void page_group(struct view *v);
void page_search(struct view *v);
void page_question(struct view *v);
void page_signpost(struct view *v);
void page_ease(struct view *v);
void page_ready(struct view *v);
void page_needs(struct view *v);
void page_getting(struct view *v);
void page_done(struct view *v);
void page_problem(struct view *v);
void page_closed(struct view *v);
void page_still_there(struct view *v);

/* question_*.c: a kind of question each. */
void question_choice(struct view *v, const struct site_question *question);
void question_number(struct view *v, const struct site_question *question);
void question_text(struct view *v, const struct site_question *question);
/* Its title with the hint; and with what is typed under it. */
void question_title(struct view *v, struct column *column, const struct site_question *question);
void question_typing(struct view *v, struct column *column, const struct site_question *question,
                     const char *hint);
/* Skip, and Continue, in that order. */
int question_buttons(struct view *v, struct ui_element buttons[2]);

#endif
