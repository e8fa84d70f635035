/* See text_fonts.h. */
#include "display/screen/text_fonts.h"

#include <hb-ot.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "quarter/check.h"
#include "quarter/log.h"

enum { FONT_COUNT = 2 * FAMILY_COUNT, PATH_BYTES = 512 };

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
    hb_font_t *hb; /* NULL: not opened yet */
    int hb_px;
    bool absent; /* missing or broken: done without */
};

struct fonts {
    char dir[PATH_BYTES];
    struct font fonts[FONT_COUNT];
};

static enum status find_files(struct fonts *fonts, char *error, size_t error_size);
static void font_path(const struct fonts *fonts, font_id font, char *path);
static struct font *font_open(struct fonts *fonts, font_id id);
static bool covers(struct fonts *fonts, font_id font, const uint32_t *cluster, size_t length);
static enum font_family family_of_script(hb_script_t script, const char *language);

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
    const enum status status = find_files(made, error, error_size);
    if (status != STATUS_OK) {
        fonts_destroy(made);
        return status;
    }
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
        if (font->hb != NULL) {
            hb_font_destroy(font->hb);
            hb_blob_destroy(font->blob);
        }
    }
    free(fonts);
}

/* There is one: fonts_create saw to it. */
static font_id any_font(struct fonts *fonts)
{
    int id = 0;
    while (id < FONT_COUNT && font_open(fonts, (font_id)id) == NULL) {
        id++;
    }
    CHECK(id < FONT_COUNT);
    return (font_id)id;
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
    for (int i = 0; i < FONT_COUNT; i++) { /* any in this weight before one in the other */
        const int weights[] = {(int)weight, 1 - (int)weight};
        const font_id font = (font_id)(2 * (i % FAMILY_COUNT) + weights[i / FAMILY_COUNT]);
        if (covers(fonts, font, cluster, length)) {
            return font;
        }
    }
    *missing = true;
    return font_open(fonts, first) != NULL ? first : any_font(fonts);
}

hb_font_t *fonts_at_size(struct fonts *fonts, font_id id, int size_px)
{
    struct font *font = font_open(fonts, id);
    CHECK(font != NULL); /* fonts_pick gives only fonts that are there */
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

const void *fonts_file(struct fonts *fonts, font_id id, size_t *length)
{
    unsigned bytes = 0;
    const struct font *font = font_open(fonts, id);
    CHECK(font != NULL);
    const char *data = hb_blob_get_data(font->blob, &bytes);
    *length = bytes;
    return data;
}

static void tell_absent(struct fonts *fonts, font_id id, const char *path, const char *what)
{
    fonts->fonts[id].absent = true;
    log_warning("screen",
                "the font %s %s; its letters may be drawn as empty boxes; install the "
                "Debian package fonts-noto-core",
                path, what);
}

/* All at once, so that a box set up wrongly says so at start and not when the first Urdu speaker
 * comes. Some are better than none. */
static enum status find_files(struct fonts *fonts, char *error, size_t error_size)
{
    int found = 0;
    for (int i = 0; i < FONT_COUNT; i++) {
        char path[PATH_BYTES];
        font_path(fonts, (font_id)i, path);
        found += access(path, R_OK) == 0;
    }
    if (found == 0) {
        (void)snprintf(error, error_size,
                       "there are no fonts in %s; install the Debian package fonts-noto-core "
                       "(apt install fonts-noto-core), or point QUARTER_FONTS at a folder with it",
                       fonts->dir);
        return STATUS_NOT_FOUND;
    }
    for (int i = 0; i < FONT_COUNT && found < FONT_COUNT; i++) {
        char path[PATH_BYTES];
        font_path(fonts, (font_id)i, path);
        if (access(path, R_OK) != 0) {
            tell_absent(fonts, (font_id)i, path, "is missing");
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

/* NULL: it is not there, or no font. */
static struct font *font_open(struct fonts *fonts, font_id id)
{
    struct font *font = &fonts->fonts[id];
    if (font->hb != NULL) {
        return font;
    }
    if (font->absent) {
        return NULL;
    }
    char path[PATH_BYTES];
    font_path(fonts, id, path);
    font->blob = hb_blob_create_from_file(path);
    hb_face_t *face = hb_face_create(font->blob, 0);
    if (hb_face_get_glyph_count(face) == 0) {
        hb_face_destroy(face);
        hb_blob_destroy(font->blob);
        font->blob = NULL;
        tell_absent(fonts, id, path, "cannot be read");
        return NULL;
    }
    font->hb = hb_font_create(face);
    hb_ot_font_set_funcs(font->hb);
    hb_face_destroy(face);
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
    const struct font *font = font_open(fonts, id);
    if (font == NULL) {
        return false;
    }
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
