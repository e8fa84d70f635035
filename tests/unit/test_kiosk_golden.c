/* Pictures of the kiosk's pages against those that were looked at. Software drawing gives the same picture everywhere; the
 * tolerance is for another version of FreeType or of a font, and for the palette that keeps the pictures small:
 * mogrify -strip +dither -colors 48 -define png:format=png8 on them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <SDL_image.h>
#include <cmocka.h>

#include "kiosk_scenes.h"

/* A pixel differs by this much of 255 before it counts; this share of pixels may. */
enum { PIXEL_TOLERANCE = 48, SHARE_TOLERANCE_PPM = 2000 };

static bool updating(void)
{
    const char *wish = getenv("QUARTER_UPDATE_GOLDEN");
    return wish != NULL && strcmp(wish, "1") == 0;
}

static int apart(uint8_t a, uint8_t b)
{
    return a > b ? a - b : b - a;
}

static long differing(const struct canvas *canvas, const SDL_Surface *surface)
{
    long count = 0;
    for (int y = 0; y < canvas->height; y++) {
        for (int x = 0; x < canvas->width; x++) {
            struct colour is = canvas_pixel(canvas, x, y);
            uint32_t raw;
            memcpy(&raw, (const uint8_t *)surface->pixels + y * surface->pitch + x * 4, sizeof raw);
            if (apart(is.r, (uint8_t)(raw >> 16)) > PIXEL_TOLERANCE ||
                apart(is.g, (uint8_t)(raw >> 8)) > PIXEL_TOLERANCE ||
                apart(is.b, (uint8_t)raw) > PIXEL_TOLERANCE)
                count++;
        }
    }
    return count;
}

static bool same_picture(const struct canvas *canvas, const char *path)
{
    SDL_Surface *loaded = IMG_Load(path);
    if (loaded == NULL) {
        print_error("%s: not there\n", path);
        return false;
    }
    SDL_Surface *surface = SDL_ConvertSurfaceFormat(loaded, SDL_PIXELFORMAT_ARGB8888, 0);
    SDL_FreeSurface(loaded);
    assert_non_null(surface);
    bool same = surface->w == canvas->width && surface->h == canvas->height;
    if (same) {
        long most = (long)canvas->width * canvas->height / 1000000 * SHARE_TOLERANCE_PPM;
        long count = differing(canvas, surface);
        same = count <= most;
        if (!same)
            print_error("%s: %ld pixels differ\n", path, count);
    }
    SDL_FreeSurface(surface);
    return same;
}

static bool check_scene(struct stage *stage, const struct scene *scene, const char *code, bool wide)
{
    char path[512];
    int language = site_info_find_language(stage->site, code);
    stage_lay(stage, scene,
              &(struct stage_look){
                  .language = language, .width = wide ? 1920 : 1080, .height = wide ? 1080 : 1920});
    struct canvas *canvas = stage_draw(stage);
    snprintf(path, sizeof path, "%s/kiosk-%s%s-%s.png", GOLDEN_DIR, scene->name,
             wide ? "-wide" : "", code);
    bool good =
        updating() ? canvas_save_png(canvas, path) == STATUS_OK : same_picture(canvas, path);
    if (!good && !updating()) {
        snprintf(path, sizeof path, "%s/kiosk-%s%s-%s.png", P_tmpdir, scene->name,
                 wide ? "-wide" : "", code);
        canvas_save_png(canvas, path);
        print_error("  the new picture: %s\n", path);
    }
    canvas_destroy(canvas);
    return good;
}

static void pages_look_as_they_did_when_they_were_looked_at(void **state)
{
    static const char *const codes[] = {"en", "ur", "gu"};
    struct stage *stage = *state;
    int bad = 0;
    for (int i = 0; i < scene_count; i++)
        for (size_t k = 0; scenes[i].golden && k < sizeof codes / sizeof codes[0]; k++)
            bad += !check_scene(stage, &scenes[i], codes[k], false);
    assert_int_equal(bad, 0);
}

static void wide_pages_look_as_they_did_when_they_were_looked_at(void **state)
{
    static const char *const shown[] = {"welcome",
                                        "attract",
                                        "services",
                                        "ready",
                                        "search-typed",
                                        "question-text",
                                        "done",
                                        "closed",
                                        "question-several",
                                        "question-number-typed",
                                        "signpost",
                                        "ease"};
    struct stage *stage = *state;
    int bad = 0;
    for (int i = 0; i < scene_count; i++)
        for (size_t k = 0; k < sizeof shown / sizeof shown[0]; k++)
            if (strcmp(scenes[i].name, shown[k]) == 0)
                bad += !check_scene(stage, &scenes[i], "en", true);
    assert_int_equal(bad, 0);
}

/* Each page in each language at half the size, the themes and text sizes going round. */
static bool check_small(struct stage *stage, int scene, int language)
{
    static const enum theme_kind themes[] = {THEME_LIGHT, THEME_DARK, THEME_CONTRAST};
    const char *code = stage->site->languages[language].code;
    int turn = scene + language;
    char path[512];
    stage_theme(stage, themes[turn % 3]);
    stage_lay(stage, &scenes[scene],
              &(struct stage_look){.language = language,
                                   .width = 540,
                                   .height = 960,
                                   .text_size = turn / 3 % 3,
                                   .low_reach = turn % 4 == 3});
    struct canvas *canvas = stage_draw(stage);
    snprintf(path, sizeof path, "%s/kiosk/%s-%s.png", GOLDEN_DIR, scenes[scene].name, code);
    bool good =
        updating() ? canvas_save_png(canvas, path) == STATUS_OK : same_picture(canvas, path);
    canvas_destroy(canvas);
    stage_theme(stage, THEME_LIGHT);
    return good;
}

static void every_page_looks_as_it_did_in_every_language(void **state)
{
    struct stage *stage = *state;
    int bad = 0;
    mkdir(GOLDEN_DIR "/kiosk", 0777);
    for (int i = 0; i < scene_count; i++)
        for (int language = 0; scenes[i].golden && language < stage->site->language_count;
             language++)
            bad += !check_small(stage, i, language);
    assert_int_equal(bad, 0);
}

static void a_changed_picture_is_noticed(void **state)
{
    struct stage *stage = *state;
    char path[512];
    for (int i = 0; i < scene_count; i++) {
        if (strcmp(scenes[i].name, "services") != 0)
            continue;
        stage_lay(stage, &scenes[i],
                  &(struct stage_look){.width = 1080, .height = 1920, .pressed = "group-housing"});
        struct canvas *canvas = stage_draw(stage);
        snprintf(path, sizeof path, "%s/kiosk-services-en.png", GOLDEN_DIR);
        SDL_Surface *loaded = IMG_Load(path);
        assert_non_null(loaded);
        SDL_FreeSurface(loaded);
        assert_false(same_picture(canvas, path));
        canvas_destroy(canvas);
    }
}

/* To look at: every scene in every language, in the shapes, sizes and themes there are. */
static const struct variant {
    const char *name;
    int width, height, text_size;
    bool low_reach;
    enum theme_kind theme;
} variants[] = {
    {"", 1080, 1920, 0, false, THEME_LIGHT},
    {"wide", 1920, 1080, 0, false, THEME_LIGHT},
    {"large", 1080, 1920, 1, false, THEME_LIGHT},
    {"largest", 1080, 1920, 2, false, THEME_LIGHT},
    {"wide-largest", 1920, 1080, 2, false, THEME_LIGHT},
    {"dark", 1080, 1920, 0, false, THEME_DARK},
    {"contrast", 1080, 1920, 0, false, THEME_CONTRAST},
    {"low", 1080, 1920, 0, true, THEME_LIGHT},
    {"low-largest", 1080, 1920, 2, true, THEME_CONTRAST},
    {"small", 800, 600, 0, false, THEME_LIGHT},
    {"small-large", 800, 600, 1, false, THEME_LIGHT},
    {"small-largest", 800, 600, 2, false, THEME_LIGHT},
};

static bool wished(const char *wish, const char *name)
{
    const char *list = getenv(wish);
    char all[1000], one[100];
    if (list == NULL)
        return true;
    snprintf(all, sizeof all, ",%s,", list);
    snprintf(one, sizeof one, ",%s,", name);
    return strstr(all, one) != NULL;
}

static void draw_variant(struct stage *stage, const char *dir, const struct variant *variant,
                         int scene)
{
    /* The example site's first kiosk; a small screen is one of 12 inches. */
    const struct site_device *kiosk = &stage->site->kiosks[0];
    struct site_device device = *kiosk;
    if (variant->width > variant->height) {
        device.width_mm = variant->width < 1000 ? 245 : 476;
        device.bottom_mm = 900;
    }
    for (int language = 0; language < stage->site->language_count; language++) {
        const char *code = stage->site->languages[language].code;
        char path[1024];
        if (!wished("QUARTER_LANGUAGES", code))
            continue;
        stage_theme(stage, variant->theme);
        stage_lay(stage, &scenes[scene],
                  &(struct stage_look){.language = language,
                                       .width = variant->width,
                                       .height = variant->height,
                                       .text_size = variant->text_size,
                                       .low_reach = variant->low_reach,
                                       .device = &device});
        struct canvas *canvas = stage_draw(stage);
        snprintf(path, sizeof path, "%s/%s-%s-%s.png", dir, scenes[scene].name, variant->name,
                 code);
        if (!stage->fits)
            print_error("%s: too full\n", path);
        canvas_save_png(canvas, path);
        canvas_destroy(canvas);
    }
}

static void draw_all(struct stage *stage, const char *dir)
{
    mkdir(dir, 0777);
    if (getenv("QUARTER_FILLED") != NULL)
        stage_fill(stage);
    for (int i = 0; i < scene_count; i++)
        for (size_t k = 0; k < sizeof variants / sizeof variants[0]; k++)
            if (wished("QUARTER_SCENES", scenes[i].name) &&
                wished("QUARTER_VARIANTS", variants[k].name))
                draw_variant(stage, dir, &variants[k], i);
}

static int open_stage(void **state)
{
    *state = stage_open();
    return 0;
}

static int close_stage(void **state)
{
    stage_close(*state);
    return 0;
}

int main(void)
{
    const char *pictures = getenv("QUARTER_PICTURES");
    if (pictures != NULL) {
        struct stage *stage = stage_open();
        draw_all(stage, pictures);
        stage_close(stage);
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_look_as_they_did_when_they_were_looked_at),
        cmocka_unit_test(wide_pages_look_as_they_did_when_they_were_looked_at),
        cmocka_unit_test(every_page_looks_as_it_did_in_every_language),
        cmocka_unit_test(a_changed_picture_is_noticed),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
