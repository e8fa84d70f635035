/* See text_fonts.h. Glyphs are drawn unhinted at quarter-pixel steps: positions stay true to the
 * outlines, so that what was measured is what is drawn, at any size and on paper as on a screen. */
#include "display/screen/text_fonts.h"

#include <ft2build.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H
#include <hb-ot.h>

#include "quarter/check.h"

enum {
    FONT_COUNT = 2 * FAMILY_COUNT,
    PATH_BYTES = 512,
    CACHE_SLOTS = 8192,           /* power of two; half of them may be used */
    CACHE_BYTES = 6 * 1024 * 1024 /* of coverage */
};

/* Line boxes in percent of the size. Indic vowel signs and Nastaliq's slope need what a Latin line
 * does not. */
static const struct family {
    const char *stem, *bold_stem;
    int above, below;
} FAMILIES[FAMILY_COUNT] = {
    [FAMILY_SANS] = {"NotoSans-Regular", "NotoSans-Bold", 92, 28},
    [FAMILY_GUJARATI] = {"NotoSansGujarati-Regular", "NotoSansGujarati-Bold", 96, 40},
    [FAMILY_GURMUKHI] = {"NotoSansGurmukhi-Regular", "NotoSansGurmukhi-Bold", 98, 36},
    [FAMILY_DEVANAGARI] = {"NotoSansDevanagari-Regular", "NotoSansDevanagari-Bold", 98, 38},
    [FAMILY_BENGALI] = {"NotoSansBengali-Regular", "NotoSansBengali-Bold", 96, 40},
    [FAMILY_ARABIC] = {"NotoSansArabic-Regular", "NotoSansArabic-Bold", 96, 44},
    [FAMILY_NASTALIQ] = {"NotoNastaliqUrdu-Regular", "NotoNastaliqUrdu-Bold", 128, 72},
    [FAMILY_SYMBOLS] = {"NotoSansSymbols-Regular", "NotoSansSymbols-Bold", 92, 28},
    [FAMILY_SYMBOLS2] = {"NotoSansSymbols2-Regular", "NotoSansSymbols2-Regular", 92, 28},
};

struct font {
    hb_blob_t *blob;
    hb_font_t *hb;
    FT_Face face;
    int hb_px, face_px;
};

struct cache_slot {
    uint64_t key; /* 0: free */
    struct glyph_image image;
};

struct fonts {
    char dir[PATH_BYTES];
    FT_Library library;
    struct font fonts[FONT_COUNT];
    struct cache_slot *slots;
    size_t used;
    uint8_t *bytes;
    size_t bytes_used;
};

static enum status find_files(const struct fonts *fonts, char *error, size_t error_size);
static void font_path(const struct fonts *fonts, font_id font, char *path);
static struct font *font_open(struct fonts *fonts, font_id id);
static bool covers(struct fonts *fonts, font_id font, const uint32_t *cluster, size_t length);
static enum font_family family_of_script(hb_script_t script, const char *language);
static struct cache_slot *cache_find(struct fonts *fonts, uint64_t key);
static void cache_draw(struct fonts *fonts, struct cache_slot *slot, struct font *font,
                       uint32_t glyph);

enum status fonts_create(const char *dir, struct fonts **fonts, char *error, size_t error_size)
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): the environment does not change while we run */
    const char *set = getenv("QUARTER_FONTS");
    const char *used = dir != NULL                     ? dir
                       : set != NULL && set[0] != '\0' ? set
                                                       : "/usr/share/fonts/truetype/noto";
    if (strlen(used) >= PATH_BYTES - 64) {
        (void)snprintf(error, error_size, "the path of the fonts is too long");
        return STATUS_TOO_LARGE;
    }
    struct fonts *made = calloc(1, sizeof(*made));
    CHECK(made != NULL);
    memcpy(made->dir, used, strlen(used) + 1);
    enum status status = find_files(made, error, error_size);
    if (status == STATUS_OK && FT_Init_FreeType(&made->library) != 0) {
        (void)snprintf(error, error_size, "FreeType does not start");
        status = STATUS_UNAVAILABLE;
    }
    if (status != STATUS_OK) {
        fonts_destroy(made);
        return status;
    }
    made->slots = calloc(CACHE_SLOTS, sizeof(*made->slots));
    made->bytes = malloc(CACHE_BYTES);
    CHECK(made->slots != NULL && made->bytes != NULL);
    *fonts = made;
    return STATUS_OK;
}

void fonts_destroy(struct fonts *fonts)
{
    if (fonts == NULL) {
        return;
    }
    for (int i = 0; i < FONT_COUNT; i++) {
        struct font *font = &fonts->fonts[i];
        if (font->face != NULL) {
            FT_Done_Face(font->face);
            hb_font_destroy(font->hb);
            hb_blob_destroy(font->blob);
        }
    }
    if (fonts->library != NULL) {
        FT_Done_FreeType(fonts->library);
    }
    free(fonts->slots);
    free(fonts->bytes);
    free(fonts);
}

font_id fonts_pick(struct fonts *fonts, const uint32_t *cluster, size_t length, hb_script_t script,
                   const struct text_style *style, enum text_weight weight, bool *missing)
{
    *missing = false;
    const enum font_family wanted = family_of_script(script, style->language);
    const font_id first = (font_id)(2 * (int)wanted + (int)weight);
    if (covers(fonts, first, cluster, length)) {
        return first;
    }
    for (int family = 0; family < FAMILY_COUNT; family++) {
        const font_id font = (font_id)(2 * family + (int)weight);
        if (covers(fonts, font, cluster, length)) {
            return font;
        }
    }
    *missing = true;
    return first;
}

hb_font_t *fonts_at_size(struct fonts *fonts, font_id id, int size_px)
{
    struct font *font = font_open(fonts, id);
    if (font->hb_px != size_px) {
        hb_font_set_scale(font->hb, size_px * 64, size_px * 64);
        font->hb_px = size_px;
    }
    return font->hb;
}

void fonts_line_box(font_id font, int size_px, int *above_px, int *below_px)
{
    *above_px = (FAMILIES[font / 2].above * size_px + 50) / 100;
    *below_px = (FAMILIES[font / 2].below * size_px + 50) / 100;
}

const struct glyph_image *fonts_glyph(struct fonts *fonts, font_id id, int size_px, uint32_t glyph,
                                      unsigned subpixel)
{
    CHECK(subpixel < GLYPH_SUBPIXELS && glyph < 1u << 24 && size_px > 0 && size_px < 1 << 12);
    struct font *font = font_open(fonts, id);
    const uint64_t key = 1ull << 63 | (uint64_t)id << 40 | (uint64_t)size_px << 26 |
                         (uint64_t)subpixel << 24 | glyph;
    struct cache_slot *slot = cache_find(fonts, key);
    if (slot->key == 0) {
        if (fonts->used >= CACHE_SLOTS / 2) {
            memset(fonts->slots, 0, CACHE_SLOTS * sizeof(*fonts->slots));
            fonts->used = fonts->bytes_used = 0;
            slot = cache_find(fonts, key);
        }
        if (font->face_px != size_px) {
            CHECK(FT_Set_Pixel_Sizes(font->face, 0, (FT_UInt)size_px) == 0);
            font->face_px = size_px;
        }
        slot->key = key;
        fonts->used++;
        cache_draw(fonts, slot, font, glyph);
        slot = cache_find(fonts, key); /* the cache may have been emptied to make room */
    }
    return &slot->image;
}

/* All at once, so that a box set up wrongly says so at start and not when the first Urdu speaker
 * comes. */
static enum status find_files(const struct fonts *fonts, char *error, size_t error_size)
{
    for (int i = 0; i < FONT_COUNT; i++) {
        char path[PATH_BYTES];
        font_path(fonts, (font_id)i, path);
        if (access(path, R_OK) != 0) {
            (void)snprintf(
                error, error_size,
                "the font %s is missing; install the Debian package fonts-noto-core "
                "(apt install fonts-noto-core), or point QUARTER_FONTS at a folder with it",
                path);
            return STATUS_NOT_FOUND;
        }
    }
    return STATUS_OK;
}

static void font_path(const struct fonts *fonts, font_id font, char *path)
{
    const struct family *family = &FAMILIES[font / 2];
    const int length = snprintf(path, PATH_BYTES, "%s/%s.ttf", fonts->dir,
                                font % 2 == TEXT_BOLD ? family->bold_stem : family->stem);
    CHECK(length > 0 && length < PATH_BYTES);
}

/* A file that vanished or broke after the check at start stops the program: it cannot show anything
 * any more, and its supervisor restarts it into the message of find_files. */
static struct font *font_open(struct fonts *fonts, font_id id)
{
    struct font *font = &fonts->fonts[id];
    if (font->face == NULL) {
        char path[PATH_BYTES];
        font_path(fonts, id, path);
        font->blob = hb_blob_create_from_file(path);
        unsigned length = 0;
        const char *data = hb_blob_get_data(font->blob, &length);
        CHECK(length > 0);
        CHECK(FT_New_Memory_Face(fonts->library, (const FT_Byte *)data, (FT_Long)length, 0,
                                 &font->face) == 0);
        hb_face_t *face = hb_face_create(font->blob, 0);
        font->hb = hb_font_create(face);
        hb_ot_font_set_funcs(font->hb);
        hb_face_destroy(face);
    }
    return font;
}

/* What draws nothing of its own needs no glyph: HarfBuzz hides it. */
static bool is_ignorable(uint32_t c)
{
    return c == 0xad || (c >= 0x200b && c <= 0x200f) || (c >= 0x2060 && c <= 0x206f) ||
           (c >= 0xfe00 && c <= 0xfe0f) || c == 0xfeff || c == 0x61c;
}

static bool covers(struct fonts *fonts, font_id id, const uint32_t *cluster, size_t length)
{
    struct font *font = font_open(fonts, id);
    for (size_t i = 0; i < length; i++) {
        hb_codepoint_t glyph;
        if (!is_ignorable(cluster[i]) && !hb_font_get_nominal_glyph(font->hb, cluster[i], &glyph)) {
            return false;
        }
    }
    return true;
}

static enum font_family family_of_script(hb_script_t script, const char *language)
{
    static const struct {
        hb_script_t script;
        enum font_family family;
    } TABLE[] = {
        {HB_SCRIPT_GUJARATI, FAMILY_GUJARATI},     {HB_SCRIPT_GURMUKHI, FAMILY_GURMUKHI},
        {HB_SCRIPT_DEVANAGARI, FAMILY_DEVANAGARI}, {HB_SCRIPT_BENGALI, FAMILY_BENGALI},
        {HB_SCRIPT_ARABIC, FAMILY_ARABIC},
    };
    for (size_t i = 0; i < sizeof(TABLE) / sizeof(TABLE[0]); i++) {
        if (TABLE[i].script == script) {
            const bool urdu =
                script == HB_SCRIPT_ARABIC && language != NULL && strncmp(language, "ur", 2) == 0;
            return urdu ? FAMILY_NASTALIQ : TABLE[i].family;
        }
    }
    return FAMILY_SANS;
}

static struct cache_slot *cache_find(struct fonts *fonts, uint64_t key)
{
    size_t at = (size_t)((key * 0x9e3779b97f4a7c15ull) >> 51) & (CACHE_SLOTS - 1);
    while (fonts->slots[at].key != 0 && fonts->slots[at].key != key) {
        at = (at + 1) & (CACHE_SLOTS - 1);
    }
    return &fonts->slots[at];
}

/* Fills the slot; when the coverage does not fit beside the others, the whole cache starts anew. */
static void cache_draw(struct fonts *fonts, struct cache_slot *slot, struct font *font,
                       uint32_t glyph)
{
    const uint64_t key = slot->key;
    memset(&slot->image, 0, sizeof(slot->image));
    if (FT_Load_Glyph(font->face, glyph, FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP) != 0 ||
        font->face->glyph->format != FT_GLYPH_FORMAT_OUTLINE) {
        return;
    }
    const long shift = (long)((key >> 24) & (GLYPH_SUBPIXELS - 1)) * (64 / GLYPH_SUBPIXELS);
    FT_Outline_Translate(&font->face->glyph->outline, shift, 0);
    if (FT_Render_Glyph(font->face->glyph, FT_RENDER_MODE_NORMAL) != 0) {
        return;
    }
    const FT_Bitmap *bitmap = &font->face->glyph->bitmap;
    const size_t size = (size_t)bitmap->width * bitmap->rows;
    if (size == 0 || size > CACHE_BYTES) {
        return;
    }
    if (fonts->bytes_used + size > CACHE_BYTES) {
        memset(fonts->slots, 0, CACHE_SLOTS * sizeof(*fonts->slots));
        fonts->used = 1;
        fonts->bytes_used = 0;
        slot = cache_find(fonts, key);
        slot->key = key;
    }
    uint8_t *coverage = fonts->bytes + fonts->bytes_used;
    for (unsigned row = 0; row < bitmap->rows; row++) {
        memcpy(coverage + (size_t)row * bitmap->width, bitmap->buffer + (long)row * bitmap->pitch,
               bitmap->width);
    }
    fonts->bytes_used += size;
    slot->image =
        (struct glyph_image){{(int)bitmap->width, (int)bitmap->rows, bitmap->width, coverage},
                             font->face->glyph->bitmap_left,
                             font->face->glyph->bitmap_top};
}
