/* A sheet that grows downwards: texts and shapes are placed one under the other on grey, and cut to
 * a 1-bit page at the end. It knows dots and fonts, and nothing of tickets. Sizes are in dots at
 * 203 dpi (8 a millimetre) and are scaled to the printer's. */
#ifndef QUARTER_LAYOUT_SHEET_H
#define QUARTER_LAYOUT_SHEET_H

#include "display/screen/text.h"
#include "printer/page.h"

#include <stdbool.h>

struct sheet {
    struct text_engine *text;
    struct canvas *canvas;
    const char *language;
    bool right_to_left;
    int dpi;
    int width_px;
    int y;       /* where the next thing goes */
    int misfits; /* texts cut, or letters that no font has */
};

struct sheet_text {
    int size, min_size; /* the largest that fits is taken */
    int one_line;       /* down to this size it may shrink to stay on one line; 0: it does not */
    int max_lines;      /* 0: any number */
    enum text_weight weight;
    enum text_align align;
    bool left_to_right; /* a ticket number, whatever the page's direction */
    bool tight;         /* takes the height of its ink, not of its lines: for large figures */
    int inset;          /* from both edges of the sheet */
    bool bullet;        /* an item of a list: a dot before it, its lines indented */
    int after;          /* space below */
};

enum status sheet_begin(struct sheet *sheet, int width_px, int dpi);
/* Frees the canvas; *page is NULL-safe to leave out (then only that). */
enum status sheet_end(struct sheet *sheet, struct page **page);

int sheet_px(const struct sheet *sheet, int dots); /* dots at 203 dpi as the printer's */
void sheet_space(struct sheet *sheet, int dots);
/* Returns the size used, in the printer's dots. */
int sheet_add_text(struct sheet *sheet, const char *text, const struct sheet_text *how);
/* A rounded box from `top` (a y of before) to here, its line inside. */
void sheet_add_box(struct sheet *sheet, int top, int inset);
/* False: no code of it that a camera could read fits the paper's width. */
bool sheet_add_qr(struct sheet *sheet, const char *text, int inset);
void sheet_add_dashes(struct sheet *sheet);
/* Black from edge to edge. */
void sheet_add_bar(struct sheet *sheet, int height);
/* Over the whole width, `count` columns, each one `step` deeper than the one before. */
void sheet_add_steps(struct sheet *sheet, int count, int step);

#endif
