/* Lines of placed runs: a text laid out for one size and width. Private to the text files. */
#ifndef QUARTER_SCREEN_TEXT_LAYOUT_H
#define QUARTER_SCREEN_TEXT_LAYOUT_H

#include "display/screen/text_masks.h"
#include "display/screen/text_runs.h"

/* Characters of one level, script, weight and font, in the order of the eye. */
struct placed_run {
    size_t text;        /* where its UTF-8 starts in the layout's text; ends with a NUL */
    int x;              /* 26.6, from the line's left end, in steps of a quarter of a pixel */
    int advance;        /* 26.6 */
    int ink_start;      /* 26.6: where its ink starts, from x */
    struct run_ink ink; /* px from the pixel of x and the baseline */
    hb_script_t script;
    font_id font;
    bool rtl;
};

struct text_line {
    size_t first_run, run_count;
    size_t end_byte; /* of the text, behind the last character of the line */
    int advance_px;
    int ink_left, ink_right, ink_above, ink_below; /* px from the left end and the baseline */
    bool has_ink;
    int above_px, below_px; /* line box: at least the ink */
    bool rtl;
};

struct text_layout {
    int size_px;
    size_t line_count, line_capacity;
    struct text_line *lines;
    size_t run_count, run_capacity;
    struct placed_run *runs; /* of all lines */
    size_t text_length, text_capacity;
    char *text; /* of all runs */
    int missing;
    bool too_wide;   /* some word is wider than the box */
    bool broke_word; /* ... and was cut between letters */
};

/* width_px 0: no limit. break_words: cut a word that is too wide between two grapheme clusters. */
struct text_layout text_layout_make(struct fonts *fonts, const char *text, size_t length,
                                    const struct text_style *style, int size_px, int width_px,
                                    bool break_words);
void text_layout_free(struct text_layout *layout);

/* How to draw a run; borrows its text. */
struct run_look text_run_look(const struct text_layout *layout, const struct placed_run *run);

int text_line_left(
    const struct text_line *line); /* px from its origin to the leftmost of ink and 0 */
int text_line_width(
    const struct text_line *line); /* from there to the rightmost of ink and advance */

#endif
