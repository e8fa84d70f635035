/* What the files of the lobby's view share. */
#ifndef QUARTER_DISPLAY_PARTS_H
#define QUARTER_DISPLAY_PARTS_H

#include "display/view/lobby.h"

enum { LOBBY_FORMAT_BYTES = 512, LOBBY_MARGIN = 48, LOBBY_MARGIN_DENSE = 24 };

/* Pixels of the 1080p design on this screen. */
int px(const struct lobby *lobby, int design_px);
bool is_portrait(const struct lobby *lobby);

static inline int bigger(int a, int b)
{
    return a > b ? a : b;
}

/* One line of text as it would be drawn. */
struct line {
    const char *id, *text, *language; /* language NULL: the page's */
    enum ui_role role;
    enum text_weight weight;
    int size_px;
    enum token ink;
};
struct text_metrics line_measure(const struct lobby *lobby, const struct line *line);
/* Adds it with its baseline at baseline_y, in x .. x + w, set to the start or to the end. Its rectangle is its line
 * box: leading may stick out of a card, ink may not, and that is the caller's to see to. */
void line_add(struct ui *ui, const struct lobby *lobby, const struct line *line, int x, int w,
              int baseline_y, enum text_align align);
/* The baseline that puts the ink of a line into the middle of top .. top + height. */
int line_middle(const struct text_metrics *metrics, int top, int height);
int ink_above(const struct text_metrics *metrics); /* above and below the baseline */
int ink_below(const struct text_metrics *metrics);

/* A rounded card; it has a border where the theme's card does not stand out from the paper by itself. */
void card_add(struct ui *ui, const struct lobby *lobby, const char *id, struct rect rect,
              enum token fill);
/* Which page of how many this is: dots at the bottom of area, centred. */
void dots_add(struct ui *ui, const struct lobby *lobby, const char *id, int page, int pages,
              struct rect area);
const char *counter_name(const struct lobby *lobby, const char *code, const char *language);

void calls_add(struct ui *ui, const struct lobby *lobby, struct rect area);
/* Whether rows have to be lower than they would like; whether so many calls stand that they take the room of the panel too. */
bool calls_are_many(const struct lobby *lobby);
bool calls_need_all(const struct lobby *lobby);
/* false: there is nothing to say of it. */
bool notice_say(const struct lobby *lobby, const struct board_notice *notice,
                char out[static LOBBY_FORMAT_BYTES]);
void panel_add(struct ui *ui, const struct lobby *lobby, struct rect area);
void starting_add(struct ui *ui, const struct lobby *lobby, struct rect area);
void closed_add(struct ui *ui, const struct lobby *lobby, struct rect area);
void nobody_add(struct ui *ui, const struct lobby *lobby, struct rect area);
/* The least height of a page that shows every call there is. */
int calls_least_height(const struct lobby *lobby);
int stale_height(const struct lobby *lobby);
void stale_add(struct ui *ui, const struct lobby *lobby, struct rect area);

/* The strip that says who has to wait longer than they were told; 0: nobody, or there are so many calls that a page of
 * `height` has no room for it. */
int delays_height(const struct lobby *lobby, int height);
void delays_add(struct ui *ui, const struct lobby *lobby, struct rect area);

#endif
