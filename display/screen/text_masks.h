/* Runs of text drawn by SDL_ttf into coverage masks, kept within bounds. Private to the text files.
 * One thread for all of them: SDL_ttf counts its users itself, but not across threads. */
#ifndef QUARTER_SCREEN_TEXT_MASKS_H
#define QUARTER_SCREEN_TEXT_MASKS_H

#include "display/screen/text_fonts.h"

/* A run starts at a quarter of a pixel, and so do the letters within it. */
enum { RUN_SUBPIXELS = 4 };

/* Pixels from the run's origin: right of it, above and below its baseline. right <= left: none. */
struct run_ink {
    int left, right, above, below;
};

/* What one call of SDL_ttf draws: one font, script and direction. */
struct run_look {
    const char *text; /* UTF-8 */
    hb_script_t script;
    int size_px;
    int phase; /* quarters of a pixel, 0..3, that the run starts right of its origin */
    int hang;  /* quarters of a pixel that its ink reaches left of its start, at least 0 */
    font_id font;
    bool rtl;
    struct run_ink ink; /* as measured: the drawn letters are kept inside */
};

struct run_mask {
    struct mask mask;
    int left, top; /* of its first pixel from the run's origin; top grows downwards */
};

struct masks;

enum status masks_create(struct fonts *fonts, struct masks **masks, char *error, size_t error_size);
void masks_destroy(struct masks *masks); /* before its fonts */

/* Good until the next call. Empty when the run has no ink. */
const struct run_mask *masks_draw(struct masks *masks, const struct run_look *look);
/* What is drawn first from now on may be private; forgetting drops and overwrites all such runs. */
void masks_set_private(struct masks *masks, bool is_private);
void masks_forget_private(struct masks *masks);

#endif
