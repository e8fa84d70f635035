/* Text in any of our languages, drawn into a canvas.
 *
 * A paragraph goes through fribidi (levels, isolates), is cut into runs of one level, script,
 * weight and font, each run is measured by HarfBuzz and drawn by SDL_ttf, and lines are reordered
 * for the eye. Measured by ink: what the glyphs really cover, since Nastaliq goes far above and
 * below its font's ascent.
 * Isolates (U+2066..2069) steer levels and are not drawn; TEXT_EMPHASIS marks switch to bold within
 * a text.
 *
 * An engine belongs to one thread. Fonts are opened when first used; texts laid out and drawn
 * runs are cached within bounds. */
#ifndef QUARTER_SCREEN_TEXT_H
#define QUARTER_SCREEN_TEXT_H

#include "display/screen/canvas.h"

/* Around what shall be bold: the same bytes as CATALOGUE_EMPHASIS_*. */
#define TEXT_EMPHASIS_START "\x02"
#define TEXT_EMPHASIS_END   "\x03"

enum text_weight { TEXT_REGULAR, TEXT_BOLD };
/* START and END follow the direction of the paragraph; LEFT and RIGHT do not. */
enum text_align { TEXT_START, TEXT_CENTRE, TEXT_END, TEXT_LEFT, TEXT_RIGHT };
enum text_valign { TEXT_MIDDLE, TEXT_TOP, TEXT_BOTTOM };
/* BY_LANGUAGE: that of style.language; BY_CONTENT: the first strong letter's (UAX 9, P2-P3). */
enum text_direction { TEXT_BY_LANGUAGE, TEXT_BY_CONTENT, TEXT_LTR, TEXT_RTL };

struct text_style {
    int size_px;
    int min_size_px; /* 0: size_px only; else the sizes of the type scale down to this one may be
                        used to fit */
    int max_lines;   /* 0: as many as fit */
    bool
        break_words; /* a word wider than the box is cut between two letters, and fits all the same */
    bool balance;    /* lines of about the same length: for headings and centred text */
    enum text_weight weight;
    enum text_align align;
    enum text_valign valign;
    enum text_direction direction;
    const char *language; /* "ur": picks fonts and shaping; NULL is "en" */
};

/* What a text takes. Coordinates are relative to the box's top left. */
struct text_metrics {
    bool fits; /* every letter is inside the box; if false, what was left out ends in an ellipsis */
    int size_px;     /* the size used */
    int lines;       /* lines drawn */
    int width_px;    /* of the widest line: advance and ink */
    int height_px;   /* of all line boxes; a line box always holds its ink */
    int baseline_px; /* of the first line, from the top of the box */
    struct rect ink; /* what the glyphs cover, at least */
    int missing;     /* characters that no font has (drawn as an empty box) */
};

struct text_engine;

/* fonts_dir: NULL for $QUARTER_FONTS, else /usr/share/fonts/truetype/noto. A font that is missing
 * there is a warning in the log, once. STATUS_NOT_FOUND when all are: error then names the folder
 * and the Debian package. */
enum status text_engine_create(const char *fonts_dir, struct text_engine **engine, char *error,
                               size_t error_size);
void text_engine_destroy(struct text_engine *engine);

/* Lays text out in a box width_px wide and height_px high (0: no limit) without drawing it. */
struct text_metrics text_measure(struct text_engine *engine, const char *text,
                                 const struct text_style *style, int width_px, int height_px);
/* Draws inside box; no ink leaves it. Text that does not fit loses whole lines, never parts of
 * letters. */
struct text_metrics text_draw(struct text_engine *engine, struct canvas *canvas, struct rect box,
                              const char *text, const struct text_style *style,
                              struct colour colour);

/* What is measured and drawn first from now on may be private (somebody types): it is kept for speed only until it is
 * forgotten, and overwritten then. */
void text_set_private(struct text_engine *engine, bool is_private);
void text_forget_private(struct text_engine *engine);

bool text_language_is_rtl(const char *language);
/* Copies text without isolates and emphasis marks: what a person reads. Returns the length, cut to
 * size - 1. */
size_t text_strip_marks(const char *text, char *out, size_t size);

#endif
