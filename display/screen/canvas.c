/* Spans and coverage; the hot loops are the two blend_* functions. Colours are blended as they are
 * stored (sRGB), as toolkits and browsers do, so that text has the weight its designer saw. */
#include "display/screen/canvas.h"

#include <SDL.h>
#include <SDL_image.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"

enum { SIDE_MAX = 16384 };

static void fill_row(struct canvas *canvas, int y, int x0, int x1, struct colour colour);
static void blend_pixel(struct canvas *canvas, int x, int y, struct colour colour,
                        unsigned coverage);
static unsigned round_coverage(struct rect rect, int radius, int x, int y);

bool rect_is_empty(struct rect rect)
{
    return rect.w <= 0 || rect.h <= 0;
}

bool rect_contains(struct rect rect, int x, int y)
{
    return x >= rect.x && y >= rect.y && x < rect.x + rect.w && y < rect.y + rect.h;
}

bool rect_holds(struct rect outer, struct rect inner)
{
    return rect_is_empty(inner) ||
           (inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.w <= outer.x + outer.w &&
            inner.y + inner.h <= outer.y + outer.h);
}

struct rect rect_intersect(struct rect a, struct rect b)
{
    const int x0 = a.x > b.x ? a.x : b.x, y0 = a.y > b.y ? a.y : b.y;
    const int x1 = a.x + a.w < b.x + b.w ? a.x + a.w : b.x + b.w;
    const int y1 = a.y + a.h < b.y + b.h ? a.y + a.h : b.y + b.h;
    return x1 > x0 && y1 > y0 ? (struct rect){x0, y0, x1 - x0, y1 - y0}
                              : (struct rect){x0, y0, 0, 0};
}

struct rect rect_union(struct rect a, struct rect b)
{
    if (rect_is_empty(a)) {
        return b;
    }
    if (rect_is_empty(b)) {
        return a;
    }
    const int x0 = a.x < b.x ? a.x : b.x, y0 = a.y < b.y ? a.y : b.y;
    const int x1 = a.x + a.w > b.x + b.w ? a.x + a.w : b.x + b.w;
    const int y1 = a.y + a.h > b.y + b.h ? a.y + a.h : b.y + b.h;
    return (struct rect){x0, y0, x1 - x0, y1 - y0};
}

struct rect rect_inset(struct rect rect, int by)
{
    struct rect inner = {rect.x + by, rect.y + by, rect.w - 2 * by, rect.h - 2 * by};
    inner.w = inner.w < 0 ? 0 : inner.w;
    inner.h = inner.h < 0 ? 0 : inner.h;
    return inner;
}

struct canvas canvas_over(void *pixels, enum canvas_format format, int width, int height,
                          size_t pitch)
{
    return (struct canvas){format, width, height, pitch, pixels, {0, 0, width, height}};
}

enum status canvas_create(enum canvas_format format, int width, int height, struct canvas **canvas)
{
    if (width <= 0 || height <= 0 || width > SIDE_MAX || height > SIDE_MAX) {
        return STATUS_TOO_LARGE;
    }
    const size_t pitch = (size_t)width * (format == CANVAS_ARGB ? 4 : 1);
    struct canvas *made = malloc(sizeof(*made));
    uint8_t *pixels = malloc(pitch * (size_t)height);
    if (made == NULL || pixels == NULL) {
        free(made);
        free(pixels);
        return STATUS_FULL;
    }
    memset(pixels, 255, pitch * (size_t)height);
    *made = canvas_over(pixels, format, width, height, pitch);
    *canvas = made;
    return STATUS_OK;
}

void canvas_destroy(struct canvas *canvas)
{
    if (canvas != NULL) {
        free(canvas->pixels);
        free(canvas);
    }
}

void canvas_set_clip(struct canvas *canvas, struct rect clip)
{
    canvas->clip = rect_intersect(clip, (struct rect){0, 0, canvas->width, canvas->height});
}

void canvas_fill(struct canvas *canvas, struct rect rect, struct colour colour)
{
    const struct rect area = rect_intersect(rect, canvas->clip);
    for (int y = area.y; y < area.y + area.h; y++) {
        fill_row(canvas, y, area.x, area.x + area.w, colour);
    }
}

void canvas_fill_round(struct canvas *canvas, struct rect rect, int radius, struct colour colour)
{
    const struct rect area = rect_intersect(rect, canvas->clip);
    const int most = (rect.w < rect.h ? rect.w : rect.h) / 2;
    const int r = radius < most ? radius : most;
    for (int y = area.y; y < area.y + area.h; y++) {
        const bool corner = y < rect.y + r || y >= rect.y + rect.h - r;
        const struct rect row = {rect.x + (corner ? r : 0), y, rect.w - (corner ? 2 * r : 0), 1};
        const struct rect solid = rect_intersect(row, area);
        fill_row(canvas, y, solid.x, solid.x + solid.w, colour);
        for (int i = 0; corner && i < r; i++) {
            blend_pixel(canvas, rect.x + i, y, colour, round_coverage(rect, r, rect.x + i, y));
            const int x = rect.x + rect.w - 1 - i;
            blend_pixel(canvas, x, y, colour, round_coverage(rect, r, x, y));
        }
    }
}

void canvas_stroke_round(struct canvas *canvas, struct rect rect, int radius, int border_px,
                         struct colour colour)
{
    const struct rect area = rect_intersect(rect, canvas->clip);
    const struct rect inner = rect_inset(rect, border_px);
    if (rect_is_empty(inner)) {
        canvas_fill_round(canvas, rect, radius, colour);
        return;
    }
    const int most = (rect.w < rect.h ? rect.w : rect.h) / 2;
    const int r = radius < most ? radius : most, inner_r = r > border_px ? r - border_px : 0;
    const int edge = r > border_px ? r : border_px;
    for (int y = area.y; y < area.y + area.h; y++) {
        const bool end = y < rect.y + edge || y >= rect.y + rect.h - edge;
        const bool band = y < inner.y || y >= inner.y + inner.h;
        if (band) {
            const struct rect row = {rect.x + edge, y, rect.w - 2 * edge, 1};
            const struct rect solid = rect_intersect(row, area);
            fill_row(canvas, y, solid.x, solid.x + solid.w, colour);
        }
        for (int i = 0; i < (end ? edge : border_px); i++) {
            const int sides[2] = {rect.x + i, rect.x + rect.w - 1 - i};
            for (int s = 0; s < 2; s++) {
                const unsigned outside = round_coverage(rect, r, sides[s], y);
                const unsigned inside = round_coverage(inner, inner_r, sides[s], y);
                blend_pixel(canvas, sides[s], y, colour, outside > inside ? outside - inside : 0);
            }
        }
    }
}

void canvas_mask(struct canvas *canvas, int x, int y, const struct mask *mask, bool mirrored,
                 struct colour colour)
{
    const struct rect area =
        rect_intersect((struct rect){x, y, mask->width, mask->height}, canvas->clip);
    for (int row = area.y; row < area.y + area.h; row++) {
        const uint8_t *coverage = mask->coverage + (size_t)(row - y) * mask->pitch;
        for (int column = area.x; column < area.x + area.w; column++) {
            const int at = mirrored ? mask->width - 1 - (column - x) : column - x;
            if (coverage[at] != 0) {
                blend_pixel(canvas, column, row, colour, coverage[at]);
            }
        }
    }
}

struct colour canvas_pixel(const struct canvas *canvas, int x, int y)
{
    CHECK(x >= 0 && y >= 0 && x < canvas->width && y < canvas->height);
    const uint8_t *row = canvas->pixels + (size_t)y * canvas->pitch;
    if (canvas->format == CANVAS_GRAY) {
        return (struct colour){row[x], row[x], row[x], 255};
    }
    uint32_t pixel;
    memcpy(&pixel, row + (size_t)x * 4, sizeof(pixel));
    return (struct colour){(uint8_t)(pixel >> 16), (uint8_t)(pixel >> 8), (uint8_t)pixel, 255};
}

enum status canvas_save_png(const struct canvas *canvas, const char *path)
{
    SDL_Surface *surface =
        SDL_CreateRGBSurfaceWithFormat(0, canvas->width, canvas->height, 24, SDL_PIXELFORMAT_RGB24);
    if (surface == NULL) {
        return STATUS_FULL;
    }
    for (int y = 0; y < canvas->height; y++) {
        uint8_t *out = (uint8_t *)surface->pixels + (size_t)y * (size_t)surface->pitch;
        for (int x = 0; x < canvas->width; x++, out += 3) {
            const struct colour colour = canvas_pixel(canvas, x, y);
            out[0] = colour.r;
            out[1] = colour.g;
            out[2] = colour.b;
        }
    }
    const int failed = IMG_SavePNG(surface, path);
    SDL_FreeSurface(surface);
    return failed == 0 ? STATUS_OK : STATUS_IO;
}

/* Rec. 601 luma: what a grey printer makes of a colour. */
static uint8_t luma(struct colour colour)
{
    return (uint8_t)((colour.r * 299 + colour.g * 587 + colour.b * 114 + 500) / 1000);
}

static unsigned mix(unsigned below, unsigned above, unsigned alpha)
{
    const unsigned sum = below * (255 - alpha) + above * alpha + 127;
    return sum / 255;
}

static void fill_row(struct canvas *canvas, int y, int x0, int x1, struct colour colour)
{
    if (colour.a != 255) {
        for (int x = x0; x < x1; x++) {
            blend_pixel(canvas, x, y, colour, 255);
        }
        return;
    }
    if (x1 <= x0) {
        return;
    }
    uint8_t *row = canvas->pixels + (size_t)y * canvas->pitch;
    if (canvas->format == CANVAS_GRAY) {
        memset(row + x0, luma(colour), (size_t)(x1 - x0));
        return;
    }
    const uint32_t pixel =
        0xff000000u | (uint32_t)colour.r << 16 | (uint32_t)colour.g << 8 | (uint32_t)colour.b;
    SDL_memset4(row + (size_t)x0 * 4, pixel, (size_t)(x1 - x0));
}

static void blend_pixel(struct canvas *canvas, int x, int y, struct colour colour,
                        unsigned coverage)
{
    if (coverage == 0 || !rect_contains(canvas->clip, x, y)) {
        return;
    }
    const unsigned alpha = coverage * colour.a / 255;
    uint8_t *row = canvas->pixels + (size_t)y * canvas->pitch;
    if (canvas->format == CANVAS_GRAY) {
        row[x] = (uint8_t)mix(row[x], luma(colour), alpha);
        return;
    }
    uint32_t pixel;
    memcpy(&pixel, row + (size_t)x * 4, sizeof(pixel));
    pixel = 0xff000000u | mix(pixel >> 16 & 255, colour.r, alpha) << 16 |
            mix(pixel >> 8 & 255, colour.g, alpha) << 8 | mix(pixel & 255, colour.b, alpha);
    memcpy(row + (size_t)x * 4, &pixel, sizeof(pixel));
}

/* How much of a pixel a rounded rectangle covers, 0..255: exact to within the flatness of the arc
 * over one pixel. */
static unsigned round_coverage(struct rect rect, int radius, int x, int y)
{
    if (!rect_contains(rect, x, y)) {
        return 0;
    }
    const int left = rect.x + radius, right = rect.x + rect.w - radius;
    const int top = rect.y + radius, bottom = rect.y + rect.h - radius;
    const int corner_x = x < left ? left : x >= right ? right : -1;
    const int corner_y = y < top ? top : y >= bottom ? bottom : -1;
    const bool in_corner = (x < left || x >= right) && (y < top || y >= bottom);
    if (!in_corner) {
        return 255;
    }
    const float dx = (float)x + 0.5f - (float)corner_x, dy = (float)y + 0.5f - (float)corner_y;
    const float covered = (float)radius + 0.5f - sqrtf(dx * dx + dy * dy);
    return covered <= 0 ? 0 : covered >= 1 ? 255 : (unsigned)(covered * 255.0f + 0.5f);
}
