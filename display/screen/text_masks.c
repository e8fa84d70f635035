/* See text_masks.h. SDL_ttf sets the letters of a run on whole pixels, up to one pixel away from
 * where HarfBuzz measured them. So fonts are opened four times as wide as high, without hinting,
 * and four columns are averaged into one: letters stand on quarter pixels, their edges are smooth,
 * and what was measured is what is drawn, on paper as on a screen.
 *
 * A surface has its baseline TTF_FontAscent below its top and its origin at its left edge; a run
 * that reaches above or left of these moves both by as much (TTF_Size_Internal of SDL_ttf 2.20). */
#include "display/screen/text_masks.h"

#include <SDL_ttf.h>
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"
#include "quarter/log.h"

enum {
    DPI = 72, /* a point is a pixel */
    FACES_MAX = 24,
    RUNS_MAX = 512,
    CACHE_BYTES = 8 * 1024 * 1024 /* of coverage */
};

struct face {
    TTF_Font *ttf; /* NULL: free */
    uint64_t used;
    int size_px;
    font_id font;
};

struct drawn {
    char *text; /* NULL: free */
    uint64_t hash, used;
    struct run_look look;
    uint8_t *coverage;
    size_t bytes;
    bool is_private;
    struct run_mask run;
};

struct masks {
    struct fonts *fonts;
    uint64_t tick;
    size_t bytes;    /* of all coverage */
    bool is_private; /* what is drawn first now */
    struct face faces[FACES_MAX];
    struct drawn runs[RUNS_MAX];
};

static uint64_t hash_of(const struct run_look *look);
static bool same_look(const struct run_look *a, const struct run_look *b);
static struct drawn *make_room(struct masks *masks);
static void forget(struct masks *masks, struct drawn *drawn);
static void draw(struct masks *masks, struct drawn *drawn);

enum status masks_create(struct fonts *fonts, struct masks **masks, char *error, size_t error_size)
{
    if (TTF_Init() != 0) {
        (void)snprintf(error, error_size, "SDL_ttf does not start: %s", TTF_GetError());
        return STATUS_UNAVAILABLE;
    }
    struct masks *made = calloc(1, sizeof(*made));
    CHECK(made != NULL);
    made->fonts = fonts;
    *masks = made;
    return STATUS_OK;
}

void masks_destroy(struct masks *masks)
{
    if (masks == NULL) {
        return;
    }
    for (size_t i = 0; i < RUNS_MAX; i++) {
        forget(masks, &masks->runs[i]);
    }
    for (size_t i = 0; i < FACES_MAX; i++) {
        if (masks->faces[i].ttf != NULL) {
            TTF_CloseFont(masks->faces[i].ttf);
        }
    }
    free(masks);
    TTF_Quit();
}

const struct run_mask *masks_draw(struct masks *masks, const struct run_look *look)
{
    CHECK(look->phase >= 0 && look->phase < RUN_SUBPIXELS && look->size_px > 0 &&
          look->size_px < 1 << 12);
    const uint64_t hash = hash_of(look);
    masks->tick++;
    for (size_t i = 0; i < RUNS_MAX; i++) {
        struct drawn *drawn = &masks->runs[i];
        if (drawn->hash == hash && drawn->text != NULL && same_look(&drawn->look, look)) {
            drawn->used = masks->tick;
            return &drawn->run;
        }
    }
    struct drawn *drawn = make_room(masks);
    drawn->text = strdup(look->text);
    CHECK(drawn->text != NULL);
    drawn->is_private = masks->is_private;
    drawn->hash = hash;
    drawn->used = masks->tick;
    drawn->look = *look;
    drawn->look.text = drawn->text;
    if (look->ink.right > look->ink.left) {
        draw(masks, drawn);
    }
    return &drawn->run;
}

static uint64_t hash_of(const struct run_look *look)
{
    uint64_t hash = 0xcbf29ce484222325ull; /* FNV-1a */
    for (const char *p = look->text; *p != '\0'; p++) {
        hash = (hash ^ (uint8_t)*p) * 0x100000001b3ull;
    }
    const unsigned numbers[] = {(unsigned)look->script, (unsigned)look->size_px,
                                (unsigned)look->phase, look->font, look->rtl};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        hash = (hash ^ numbers[i]) * 0x100000001b3ull;
    }
    return hash;
}

/* The ink follows from the rest. */
static bool same_look(const struct run_look *a, const struct run_look *b)
{
    return a->script == b->script && a->size_px == b->size_px && a->phase == b->phase &&
           a->font == b->font && a->rtl == b->rtl && strcmp(a->text, b->text) == 0;
}

void masks_set_private(struct masks *masks, bool is_private)
{
    masks->is_private = is_private;
}

void masks_forget_private(struct masks *masks)
{
    for (size_t i = 0; i < RUNS_MAX; i++)
        if (masks->runs[i].text != NULL && masks->runs[i].is_private)
            forget(masks, &masks->runs[i]);
}

/* A free entry; while there is none, or coverage is over its bound, the oldest run goes. */
static struct drawn *make_room(struct masks *masks)
{
    for (;;) {
        struct drawn *empty = NULL, *oldest = NULL;
        for (size_t i = 0; i < RUNS_MAX; i++) {
            struct drawn *drawn = &masks->runs[i];
            if (drawn->text == NULL) {
                empty = drawn;
            } else if (oldest == NULL || drawn->used < oldest->used) {
                oldest = drawn;
            }
        }
        if (empty != NULL && masks->bytes <= CACHE_BYTES) {
            return empty;
        }
        CHECK(oldest != NULL);
        forget(masks, oldest);
    }
}

static void forget(struct masks *masks, struct drawn *drawn)
{
    masks->bytes -= drawn->bytes;
    if (drawn->text != NULL)
        explicit_bzero(drawn->text, strlen(drawn->text));
    free(drawn->text);
    if (drawn->is_private && drawn->coverage != NULL)
        explicit_bzero(drawn->coverage, drawn->bytes);
    free(drawn->coverage);
    *drawn = (struct drawn){0};
}

/* One font file at one size; the one unused for longest is closed. NULL when SDL_ttf refuses. */
static TTF_Font *face_of(struct masks *masks, font_id font, int size_px)
{
    struct face *oldest = &masks->faces[0];
    for (size_t i = 0; i < FACES_MAX; i++) {
        struct face *face = &masks->faces[i];
        if (face->ttf != NULL && face->font == font && face->size_px == size_px) {
            face->used = masks->tick;
            return face->ttf;
        }
        oldest = face->used < oldest->used ? face : oldest;
    }
    if (oldest->ttf != NULL) {
        TTF_CloseFont(oldest->ttf);
    }
    size_t length;
    const void *bytes = fonts_file(masks->fonts, font, &length);
    TTF_Font *ttf = TTF_OpenFontDPIRW(SDL_RWFromConstMem(bytes, (int)length), 1, size_px,
                                      RUN_SUBPIXELS * DPI, DPI);
    *oldest = (struct face){ttf, ttf != NULL ? masks->tick : 0, size_px, font};
    if (ttf != NULL) {
        TTF_SetFontHinting(ttf, TTF_HINTING_NONE);
        TTF_SetFontKerning(ttf, 1);
    }
    return ttf;
}

static SDL_Surface *render(TTF_Font *ttf, const struct run_look *look)
{
    char script[5] = {0};
    hb_tag_to_string(hb_script_to_iso15924_tag(look->script), script);
    if (TTF_SetFontScriptName(ttf, script) != 0 ||
        TTF_SetFontDirection(ttf, look->rtl ? TTF_DIRECTION_RTL : TTF_DIRECTION_LTR) != 0) {
        return NULL;
    }
    return TTF_RenderUTF8_Blended(ttf, look->text, (SDL_Color){255, 255, 255, 255});
}

/* The average alpha of the four columns from `from`; those outside [0, columns) are empty. */
static uint8_t edge_alpha(const uint32_t *pixels, int columns, int from)
{
    uint32_t sum = 0;
    for (int x = from; x < from + RUN_SUBPIXELS; x++) {
        sum += x >= 0 && x < columns ? pixels[x] >> 24 : 0;
    }
    return (uint8_t)((sum + RUN_SUBPIXELS / 2) / RUN_SUBPIXELS);
}

/* The surface's alpha at one column a pixel, its first column `shift` (0..3) quarters to the right.
 */
static uint8_t *narrow(const SDL_Surface *surface, int shift, int width)
{
    static_assert(RUN_SUBPIXELS == 4, "the loop below is unrolled");
    uint8_t *coverage = malloc((size_t)width * (size_t)surface->h);
    CHECK(coverage != NULL);
    const int whole_end = (surface->w + shift) / RUN_SUBPIXELS; /* the last column may be partial */
    for (int y = 0; y < surface->h; y++) {
        const void *bytes = (const uint8_t *)surface->pixels + (ptrdiff_t)y * surface->pitch;
        const uint32_t *row = bytes;
        uint8_t *out = coverage + (size_t)y * (size_t)width;
        out[0] = edge_alpha(row, surface->w, -shift);
        for (int x = 1; x < whole_end; x++) {
            const uint32_t *p = row + (ptrdiff_t)x * RUN_SUBPIXELS - shift;
            out[x] = (uint8_t)(((p[0] >> 24) + (p[1] >> 24) + (p[2] >> 24) + (p[3] >> 24) + 2) / 4);
        }
        for (int x = whole_end > 1 ? whole_end : 1; x < width; x++) {
            out[x] = edge_alpha(row, surface->w, x * RUN_SUBPIXELS - shift);
        }
    }
    return coverage;
}

/* The smallest rectangle with all coverage. */
static struct rect inked(const struct mask *mask)
{
    struct rect ink = {0, 0, 0, 0};
    for (int y = 0; y < mask->height; y++) {
        const uint8_t *row = mask->coverage + (size_t)y * mask->pitch;
        int left = 0, right = mask->width;
        while (left < right && row[left] == 0) {
            left++;
        }
        while (right > left && row[right - 1] == 0) {
            right--;
        }
        ink = rect_union(ink, (struct rect){left, y, right - left, right > left});
    }
    return ink;
}

/* How far [start, start + length) has to move to lie in [least, most). */
static int move_inside(int start, int length, int least, int most)
{
    return start < least ? least - start : start + length > most ? most - start - length : 0;
}

/* Keeps what is inked. It lies where it was measured; were another SDL_ttf to place its origin
 * otherwise, it would still be moved into the ink that was promised. */
static void keep(struct masks *masks, struct drawn *drawn, const struct mask *mask, int left,
                 int top)
{
    const struct rect ink = inked(mask);
    const struct run_ink *measured = &drawn->look.ink;
    drawn->bytes = (size_t)ink.w * (size_t)ink.h;
    if (drawn->bytes == 0) {
        return;
    }
    drawn->coverage = malloc(drawn->bytes);
    CHECK(drawn->coverage != NULL);
    for (int y = 0; y < ink.h; y++) {
        memcpy(drawn->coverage + (size_t)y * (size_t)ink.w,
               mask->coverage + (size_t)(ink.y + y) * mask->pitch + ink.x, (size_t)ink.w);
    }
    masks->bytes += drawn->bytes;
    left += ink.x;
    top += ink.y;
    drawn->run =
        (struct run_mask){{ink.w, ink.h, (size_t)ink.w, drawn->coverage},
                          left + move_inside(left, ink.w, measured->left, measured->right),
                          top + move_inside(top, ink.h, -measured->above, measured->below)};
}

/* Rows from the surface's top to the baseline. */
static int baseline_row(const SDL_Surface *surface, const TTF_Font *ttf,
                        const struct run_look *look)
{
    const int ascent = TTF_FontAscent(ttf);
    const bool grown = surface->h > TTF_FontHeight(ttf);
    return grown && look->ink.above > ascent ? look->ink.above : ascent;
}

static void draw(struct masks *masks, struct drawn *drawn)
{
    const struct run_look *look = &drawn->look;
    TTF_Font *ttf = face_of(masks, look->font, look->size_px);
    SDL_Surface *surface = ttf != NULL ? render(ttf, look) : NULL;
    if (surface == NULL) {
        log_warning("text", "a run is not drawn bytes=%zu size=%d reason=%s", strlen(look->text),
                    look->size_px, TTF_GetError());
        return;
    }
    CHECK(surface->format->format == SDL_PIXELFORMAT_ARGB8888);
    const int start = look->phase - look->hang; /* of the surface, from the origin's pixel */
    const int shift = start & (RUN_SUBPIXELS - 1);
    const int width = (surface->w + shift + RUN_SUBPIXELS - 1) / RUN_SUBPIXELS;
    uint8_t *coverage = narrow(surface, shift, width);
    const struct mask mask = {width, surface->h, (size_t)width, coverage};
    keep(masks, drawn, &mask, (start - shift) / RUN_SUBPIXELS, -baseline_row(surface, ttf, look));
    free(coverage);
    SDL_FreeSurface(surface);
}
