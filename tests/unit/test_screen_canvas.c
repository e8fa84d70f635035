/* Shapes, icons, QR codes and tokens; one small golden picture holds them together
 * (QUARTER_GOLDEN=update writes it anew: look at it before you commit it). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <SDL.h>
#include <SDL_image.h>

#include "display/screen/canvas.h"
#include "display/screen/icons.h"
#include "display/screen/text.h"

static const struct colour BLACK = {0, 0, 0, 255}, WHITE = {255, 255, 255, 255},
                           RED = {200, 0, 0, 255};

static struct canvas *make(enum canvas_format format, int width, int height)
{
    struct canvas *canvas = NULL;
    assert_int_equal(canvas_create(format, width, height, &canvas), STATUS_OK);
    return canvas;
}

static bool is(const struct canvas *canvas, int x, int y, struct colour colour)
{
    const struct colour found = canvas_pixel(canvas, x, y);
    return found.r == colour.r && found.g == colour.g && found.b == colour.b;
}

static void rectangles_meet_join_and_hold(void **state)
{
    (void)state;
    const struct rect a = {0, 0, 10, 10}, b = {5, 5, 10, 10}, far = {50, 50, 5, 5},
                      none = {3, 3, 0, 0};
    assert_int_equal(rect_intersect(a, b).w, 5);
    assert_true(rect_is_empty(rect_intersect(a, far)));
    assert_int_equal(rect_union(a, b).w, 15);
    assert_int_equal(rect_union(none, b).x, 5);
    assert_true(rect_holds(a, (struct rect){2, 2, 8, 8}));
    assert_false(rect_holds(a, b));
    assert_true(rect_holds(a, none));
    assert_int_equal(rect_inset(a, 6).w, 0);
}

static void nothing_is_drawn_outside_the_clip(void **state)
{
    (void)state;
    struct canvas *canvas = make(CANVAS_ARGB, 60, 60);
    canvas_set_clip(canvas, (struct rect){20, 20, 20, 20});
    const struct rect all = {-50, -50, 300, 300};
    canvas_fill(canvas, all, RED);
    canvas_fill_round(canvas, all, 20, RED);
    canvas_stroke_round(canvas, (struct rect){0, 0, 60, 60}, 20, 30, RED);
    static const uint8_t COVERAGE[64 * 64] = {1};
    const struct mask mask = {64, 64, 64, COVERAGE};
    canvas_mask(canvas, -10, -10, &mask, false, RED);
    for (int y = 0; y < 60; y++) {
        for (int x = 0; x < 60; x++) {
            assert_true(is(canvas, x, y, rect_contains(canvas->clip, x, y) ? RED : WHITE));
        }
    }
    canvas_destroy(canvas);
    assert_int_equal(canvas_create(CANVAS_ARGB, 0, 10, &canvas), STATUS_TOO_LARGE);
    assert_int_equal(canvas_create(CANVAS_ARGB, 20000, 10, &canvas), STATUS_TOO_LARGE);
}

static void rounded_corners_are_round_and_soft(void **state)
{
    (void)state;
    struct canvas *canvas = make(CANVAS_GRAY, 100, 100);
    canvas_fill_round(canvas, (struct rect){0, 0, 100, 100}, 30, BLACK);
    long dark = 0;
    int soft = 0;
    for (int y = 0; y < 100; y++) {
        for (int x = 0; x < 100; x++) {
            const int value = canvas_pixel(canvas, x, y).r;
            dark += 255 - value;
            soft += value > 0 && value < 255;
            assert_int_equal(value, canvas_pixel(canvas, 99 - x, y).r); /* symmetric both ways */
            assert_int_equal(value, canvas_pixel(canvas, x, 99 - y).r);
        }
    }
    const long wanted =
        10000 - 3600 + 2827; /* minus the square corners plus a circle of radius 30 */
    assert_true(labs(dark / 255 - wanted) < 15);
    assert_true(soft > 60);
    assert_true(is(canvas, 0, 0, WHITE) && is(canvas, 50, 0, BLACK) && is(canvas, 50, 50, BLACK));
    canvas_destroy(canvas);
}

static void borders_have_their_width_and_leave_the_middle(void **state)
{
    (void)state;
    struct canvas *canvas = make(CANVAS_GRAY, 80, 60);
    canvas_stroke_round(canvas, (struct rect){0, 0, 80, 60}, 20, 3, BLACK);
    for (int i = 0; i < 6; i++) {
        assert_true(is(canvas, 40, i, i < 3 ? BLACK : WHITE));
        assert_true(is(canvas, i, 30, i < 3 ? BLACK : WHITE));
        assert_true(is(canvas, 79 - i, 30, i < 3 ? BLACK : WHITE));
        assert_true(is(canvas, 40, 59 - i, i < 3 ? BLACK : WHITE));
    }
    assert_true(is(canvas, 0, 0, WHITE));
    assert_true(is(canvas, 20, 20, WHITE));
    canvas_destroy(canvas);
}

static void qr_codes_have_whole_modules_and_a_quiet_zone(void **state)
{
    (void)state;
    struct canvas *canvas = make(CANVAS_GRAY, 200, 160);
    canvas_fill(canvas, canvas->clip, RED);
    assert_int_equal(canvas_qr(canvas, (struct rect){0, 0, 200, 160}, "https://q.example/t/abc"),
                     STATUS_OK);
    /* 25 modules (version 2) and 8 of quiet zone in 160 px: 4 px a module, 132 px; finder pattern
     * at the start. */
    const int left = (200 - 132) / 2 + 16, top = (160 - 132) / 2 + 16;
    assert_true(is(canvas, left - 1, top + 5, WHITE) && is(canvas, left, top, BLACK));
    assert_true(is(canvas, left + 27, top, BLACK) && is(canvas, left + 28, top, WHITE));
    assert_true(is(canvas, left + 5, top + 5, WHITE) && is(canvas, left + 9, top + 9, BLACK));
    assert_int_equal(canvas_qr(canvas, (struct rect){0, 0, 20, 20}, "https://q.example/t/abc"),
                     STATUS_TOO_LARGE);
    canvas_destroy(canvas);
}

static void icons_are_tinted_mirrored_and_refused(void **state)
{
    (void)state;
    struct icons *icons = icons_create(QUARTER_SHARE);
    struct canvas *ltr = make(CANVAS_ARGB, 48, 48), *rtl = make(CANVAS_ARGB, 48, 48);
    const struct rect box = {0, 0, 48, 48};
    assert_int_equal(icons_draw(icons, ltr, box, "back", false, RED), STATUS_OK);
    assert_int_equal(icons_draw(icons, rtl, box, "back", true, RED), STATUS_OK);
    int inked = 0;
    for (int y = 0; y < 48; y++) {
        for (int x = 0; x < 48; x++) {
            const struct colour a = canvas_pixel(ltr, x, y), b = canvas_pixel(rtl, 47 - x, y);
            assert_memory_equal(&a, &b, sizeof(a));
            inked += is(ltr, x, y, RED);
        }
    }
    assert_true(inked > 40);
    canvas_fill(rtl, box, WHITE);
    canvas_fill(ltr, box, WHITE);
    assert_int_equal(icons_draw(icons, ltr, box, "listen", false, RED), STATUS_OK);
    assert_int_equal(icons_draw(icons, rtl, box, "listen", true, RED),
                     STATUS_OK); /* not a direction */
    assert_memory_equal(ltr->pixels, rtl->pixels, (size_t)48 * 48 * 4);
    assert_int_equal(icons_draw(icons, ltr, box, "no-such-icon", false, RED), STATUS_NOT_FOUND);
    canvas_destroy(ltr);
    canvas_destroy(rtl);
    icons_destroy(icons);
}

static void every_shipped_icon_draws(void **state)
{
    (void)state;
    static const char *const NAMES[] = {
        "back",    "forward", "globe",  "text-size", "listen",   "help",  "check",    "close",
        "printer", "paper",   "ticket", "people",    "person",   "clock", "calendar", "alert",
        "info",    "chime",   "phone",  "offline",   "contrast", "reach", "search",   "place"};
    struct icons *icons = icons_create(QUARTER_SHARE);
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
        struct canvas *canvas = make(CANVAS_GRAY, 96, 96);
        assert_int_equal(
            icons_draw(icons, canvas, (struct rect){0, 0, 96, 96}, NAMES[i], false, BLACK),
            STATUS_OK);
        int inked = 0;
        for (int y = 0; y < 96; y++) {
            for (int x = 0; x < 96; x++) {
                inked += canvas_pixel(canvas, x, y).r < 128;
            }
            assert_true(is(canvas, 0, y, WHITE) &&
                        is(canvas, 95, y, WHITE)); /* nothing cut at the edge */
        }
        assert_true(inked > 200 && inked < 4000);
        canvas_destroy(canvas);
    }
    icons_destroy(icons);
}

static void every_pair_of_tokens_in_use_reads(void **state)
{
    (void)state;
    static const enum token TEXTS[] = {TOKEN_INK, TOKEN_SOFT,  TOKEN_FAINT, TOKEN_BRAND,
                                       TOKEN_OK,  TOKEN_AMBER, TOKEN_RED};
    static const enum token GROUNDS[] = {TOKEN_PAPER, TOKEN_CARD, TOKEN_TINT};
    static const char *const BRANDS[] = {NULL,      "#0b4f6c", "#ffcc00", "#000000",
                                         "#ffffff", "#7f7f7f", "#d4006a"};
    for (int kind = THEME_LIGHT; kind <= THEME_CONTRAST; kind++) {
        const double least = kind == THEME_CONTRAST ? 7.0 : 4.5;
        for (size_t b = 0; b < sizeof(BRANDS) / sizeof(BRANDS[0]); b++) {
            struct theme theme;
            theme_init(&theme, (enum theme_kind)kind, BRANDS[b]);
            for (size_t t = 0; t < sizeof(TEXTS) / sizeof(TEXTS[0]); t++) {
                for (size_t g = 0; g < sizeof(GROUNDS) / sizeof(GROUNDS[0]); g++) {
                    if (TEXTS[t] == TOKEN_AMBER && GROUNDS[g] == TOKEN_TINT) {
                        continue; /* 4.49:1: waits are not set on a tint */
                    }
                    const double contrast = colour_contrast(theme_colour(&theme, TEXTS[t]),
                                                            theme_colour(&theme, GROUNDS[g]));
                    if (contrast < least) {
                        fail_msg("theme %d brand %s: token %d on %d has %.2f:1", kind,
                                 BRANDS[b] ? BRANDS[b] : "-", (int)TEXTS[t], (int)GROUNDS[g],
                                 contrast);
                    }
                }
            }
            assert_true(colour_contrast(theme.colours[TOKEN_ON_BRAND],
                                        theme.colours[TOKEN_BRAND]) >= least);
            assert_true(colour_contrast(theme.colours[TOKEN_ON_NOW], theme.colours[TOKEN_NOW]) >=
                        least);
            assert_true(colour_contrast(theme.colours[TOKEN_PAPER], theme.colours[TOKEN_INK]) >=
                        least);
            assert_true(colour_contrast(theme.colours[TOKEN_LINE_STRONG],
                                        theme.colours[TOKEN_PAPER]) >= 3.0);
            assert_true(colour_contrast(theme.colours[TOKEN_BRAND], theme.colours[TOKEN_TINT]) >=
                        3.0);
        }
    }
}

static void colours_and_names_parse(void **state)
{
    (void)state;
    struct colour colour = {0, 0, 0, 0};
    assert_true(colour_from_hex("#0b4F6c", &colour));
    assert_int_equal(colour.g, 0x4f);
    assert_false(colour_from_hex("0b4f6c", &colour));
    assert_false(colour_from_hex("#0b4f6", &colour));
    assert_false(colour_from_hex("#0b4f6g", &colour));
    enum theme_kind kind;
    assert_true(theme_kind_from_name("contrast", &kind) && kind == THEME_CONTRAST);
    assert_false(theme_kind_from_name("pink", &kind));
    assert_true(colour_contrast(BLACK, WHITE) > 20.9);
}

static struct canvas *kit_picture(void)
{
    struct text_engine *text = NULL;
    struct icons *icons = icons_create(QUARTER_SHARE);
    char error[256];
    assert_int_equal(text_engine_create(NULL, &text, error, sizeof(error)), STATUS_OK);
    struct canvas *canvas = make(CANVAS_ARGB, 320, 240);
    struct theme theme;
    theme_init(&theme, THEME_LIGHT, NULL);
    canvas_fill(canvas, canvas->clip, theme_colour(&theme, TOKEN_PAPER));
    canvas_fill_round(canvas, (struct rect){8, 8, 200, 104}, 24, theme_colour(&theme, TOKEN_CARD));
    canvas_stroke_round(canvas, (struct rect){8, 8, 200, 104}, 24, 3,
                        theme_colour(&theme, TOKEN_LINE));
    const struct text_style urdu = {.size_px = 36, .language = "ur", .align = TEXT_START};
    (void)text_draw(text, canvas, (struct rect){16, 12, 184, 96}, "نمبر \u2068H07\u2069", &urdu,
                    theme_colour(&theme, TOKEN_INK));
    canvas_fill_round(canvas, (struct rect){8, 128, 200, 104}, 24,
                      theme_colour(&theme, TOKEN_BRAND));
    const struct text_style gujarati = {
        .size_px = 32, .language = "gu", .align = TEXT_CENTRE, .weight = TEXT_BOLD};
    (void)text_draw(text, canvas, (struct rect){8, 128, 200, 104}, "મારી ટિકિટ લો", &gujarati,
                    theme_colour(&theme, TOKEN_ON_BRAND));
    (void)icons_draw(icons, canvas, (struct rect){220, 8, 48, 48}, "globe", false,
                     theme_colour(&theme, TOKEN_BRAND));
    (void)icons_draw(icons, canvas, (struct rect){268, 8, 48, 48}, "back", true,
                     theme_colour(&theme, TOKEN_RED));
    (void)canvas_qr(canvas, (struct rect){216, 128, 104, 104}, "H07");
    text_engine_destroy(text);
    icons_destroy(icons);
    return canvas;
}

/* Mean absolute difference a channel, 0..255; 255 when the pictures cannot be compared. */
static double difference(const struct canvas *canvas, const char *path)
{
    SDL_Surface *loaded = IMG_Load(path);
    SDL_Surface *golden =
        loaded != NULL ? SDL_ConvertSurfaceFormat(loaded, SDL_PIXELFORMAT_ARGB8888, 0) : NULL;
    SDL_FreeSurface(loaded);
    if (golden == NULL || golden->w != canvas->width || golden->h != canvas->height) {
        SDL_FreeSurface(golden);
        return 255;
    }
    const struct canvas other =
        canvas_over(golden->pixels, CANVAS_ARGB, golden->w, golden->h, (size_t)golden->pitch);
    double sum = 0;
    for (int y = 0; y < canvas->height; y++) {
        for (int x = 0; x < canvas->width; x++) {
            const struct colour a = canvas_pixel(canvas, x, y), b = canvas_pixel(&other, x, y);
            sum += abs(a.r - b.r) + abs(a.g - b.g) + abs(a.b - b.b);
        }
    }
    SDL_FreeSurface(golden);
    return sum / (3.0 * canvas->width * canvas->height);
}

static void the_kit_looks_as_it_did(void **state)
{
    (void)state;
    static const char PATH[] = GOLDEN "/kit.png";
    struct canvas *canvas = kit_picture();
    const char *mode = getenv("QUARTER_GOLDEN"); /* NOLINT(concurrency-mt-unsafe): one thread */
    if (mode != NULL && strcmp(mode, "update") == 0) {
        assert_int_equal(canvas_save_png(canvas, PATH), STATUS_OK);
    }
    /* Another FreeType or HarfBuzz moves edges by fractions of a pixel; a wrong letter costs ten
     * times as much. */
    const double same = difference(canvas, PATH);
    if (same > 0.5) {
        fail_msg("the kit differs from %s by %.2f", PATH, same);
    }
    canvas_fill(canvas, (struct rect){100, 40, 40, 40}, BLACK); /* and the comparison can fail */
    assert_true(difference(canvas, PATH) > 0.5);
    canvas_destroy(canvas);
}

static void grey_canvases_draw_the_same_shapes(void **state)
{
    (void)state;
    struct text_engine *text = NULL;
    char error[256];
    assert_int_equal(text_engine_create(NULL, &text, error, sizeof(error)), STATUS_OK);
    struct canvas *grey = make(CANVAS_GRAY, 300, 100), *argb = make(CANVAS_ARGB, 300, 100);
    const struct text_style style = {.size_px = 40, .language = "ar"};
    (void)text_draw(text, grey, (struct rect){0, 0, 300, 100}, "رقمك هو H07", &style, BLACK);
    (void)text_draw(text, argb, (struct rect){0, 0, 300, 100}, "رقمك هو H07", &style, BLACK);
    for (int y = 0; y < 100; y++) {
        for (int x = 0; x < 300; x++) {
            assert_int_equal(canvas_pixel(grey, x, y).r, canvas_pixel(argb, x, y).r);
        }
    }
    canvas_destroy(grey);
    canvas_destroy(argb);
    text_engine_destroy(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rectangles_meet_join_and_hold),
        cmocka_unit_test(nothing_is_drawn_outside_the_clip),
        cmocka_unit_test(rounded_corners_are_round_and_soft),
        cmocka_unit_test(borders_have_their_width_and_leave_the_middle),
        cmocka_unit_test(qr_codes_have_whole_modules_and_a_quiet_zone),
        cmocka_unit_test(icons_are_tinted_mirrored_and_refused),
        cmocka_unit_test(every_shipped_icon_draws),
        cmocka_unit_test(every_pair_of_tokens_in_use_reads),
        cmocka_unit_test(colours_and_names_parse),
        cmocka_unit_test(the_kit_looks_as_it_did),
        cmocka_unit_test(grey_canvases_draw_the_same_shapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
