/* Software drawing into a plain buffer: a window's frame, a PNG, a printer's page. Coordinates are
 * pixels from the top left; nothing is ever drawn outside the clip. A canvas belongs to one thread.
 */
#ifndef QUARTER_SCREEN_CANVAS_H
#define QUARTER_SCREEN_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "display/screen/theme.h"
#include "quarter/status.h"

struct rect {
    int x, y, w, h;
};

bool rect_is_empty(struct rect rect);
bool rect_contains(struct rect rect, int x, int y);
bool rect_holds(struct rect outer, struct rect inner); /* an empty inner is held by anything */
struct rect rect_intersect(struct rect a, struct rect b);
struct rect rect_union(struct rect a, struct rect b); /* an empty one adds nothing */
struct rect rect_inset(struct rect rect, int by);     /* never below 0 wide or high */

enum canvas_format {
    CANVAS_ARGB, /* uint32_t 0xAARRGGBB, as SDL_PIXELFORMAT_ARGB8888; always opaque */
    CANVAS_GRAY, /* uint8_t, 0 black .. 255 white: colours by their luma */
};

struct canvas {
    enum canvas_format format;
    int width, height;
    size_t pitch; /* bytes from one row to the next */
    uint8_t *pixels;
    struct rect clip;
};

/* Coverage of a drawn run of text or an icon. */
struct mask {
    int width, height;
    size_t pitch;
    const uint8_t *coverage;
};

/* A canvas over somebody's buffer (borrowed), clipped to all of it. */
struct canvas canvas_over(void *pixels, enum canvas_format format, int width, int height,
                          size_t pitch);
/* Owns its pixels, painted white. STATUS_TOO_LARGE above 16384 pixels a side, STATUS_FULL without
 * memory. */
enum status canvas_create(enum canvas_format format, int width, int height, struct canvas **canvas);
void canvas_destroy(struct canvas *canvas); /* of canvas_create; NULL is fine */

void canvas_set_clip(struct canvas *canvas, struct rect clip); /* cut to the canvas */
void canvas_fill(struct canvas *canvas, struct rect rect, struct colour colour);
/* Rounded rectangles, anti-aliased; radius 0 is a plain one. The border lies inside rect. */
void canvas_fill_round(struct canvas *canvas, struct rect rect, int radius, struct colour colour);
void canvas_stroke_round(struct canvas *canvas, struct rect rect, int radius, int border_px,
                         struct colour colour);
/* A coverage mask (0..255) blended in a colour; mirrored flips it left to right. */
void canvas_mask(struct canvas *canvas, int x, int y, const struct mask *mask, bool mirrored,
                 struct colour colour);
/* A QR code of text, modules as whole pixels, centred in rect with its four-module quiet zone,
 * black on white. STATUS_TOO_LARGE if a module would be smaller than one pixel or the text does not
 * fit a code. */
enum status canvas_qr(struct canvas *canvas, struct rect rect, const char *text);

/* Reads a pixel (for tests and contrast checks). */
struct colour canvas_pixel(const struct canvas *canvas, int x, int y);
enum status canvas_save_png(const struct canvas *canvas, const char *path);

#endif
