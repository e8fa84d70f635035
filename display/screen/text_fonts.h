/* The font files behind text.h: which one draws a cluster, and HarfBuzz's view of it, by which text
 * is measured. Private to the text files. Files are mapped when first used; one that is missing or
 * broken is said so and done without: another font draws its letters, or an empty box stands for
 * them. */
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
/* The bytes of a font's file, as long as the fonts live. */
const void *fonts_file(struct fonts *fonts, font_id font, size_t *length);

#endif
