/* The font files behind text.h: which one draws a cluster, HarfBuzz and FreeType views of it, drawn
 * glyphs. Private to the text files. Files are mapped into memory and opened when first used. */
#ifndef QUARTER_SCREEN_TEXT_FONTS_H
#define QUARTER_SCREEN_TEXT_FONTS_H

#include <hb.h>

#include "display/screen/text.h"

/* FONT_X and, beside it, its bold: a font is 2 * family + weight. */
enum font_family {
    FAMILY_SANS,
    FAMILY_GUJARATI,
    FAMILY_GURMUKHI,
    FAMILY_DEVANAGARI,
    FAMILY_BENGALI,
    FAMILY_ARABIC,
    FAMILY_NASTALIQ,
    FAMILY_SYMBOLS,
    FAMILY_SYMBOLS2,
    FAMILY_COUNT
};
typedef uint8_t font_id;

/* Drawn coverage of one glyph; left and top as FreeType has them (top is above the baseline). */
struct glyph_image {
    struct mask mask;
    int left, top;
};

enum { GLYPH_SUBPIXELS = 4 }; /* horizontal steps a pixel */

struct fonts;

enum status fonts_create(const char *dir, struct fonts **fonts, char *error, size_t error_size);
void fonts_destroy(struct fonts *fonts);

/* The font for one grapheme cluster of a script. *missing: no font has all of it. */
font_id fonts_pick(struct fonts *fonts, const uint32_t *cluster, size_t length, hb_script_t script,
                   const struct text_style *style, enum text_weight weight, bool *missing);
/* Scaled to size_px, 26.6 units; good until the next call for the same font. */
hb_font_t *fonts_at_size(struct fonts *fonts, font_id font, int size_px);
/* The line box a script wants, whatever its letters: above and below the baseline. */
void fonts_line_box(font_id font, int size_px, int *above_px, int *below_px);
/* Good until the next call of fonts_glyph. */
const struct glyph_image *fonts_glyph(struct fonts *fonts, font_id font, int size_px,
                                      uint32_t glyph, unsigned subpixel);

#endif
