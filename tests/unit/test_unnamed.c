/* The page of a kiosk or display that the site does not name: it says so, it says what to do, and all of it is on the
 * screen, whatever the screen, the language and the length of the names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "display/screen/canvas.h"
#include "display/screen/unnamed.h"
#include "quarter/limits.h"

static const struct {
    int width, height;
} screens[] = {{1080, 1920}, {1920, 1080}, {800, 600}, {600, 800}};

static const char *const languages[] = {"en", "gu", "pa", "ur", "hi", "bn", "pl", "so", "ar"};

struct easel {
    struct text_engine *text;
    struct icons *icons;
    struct theme theme;
    struct ui_kit kit;
    struct ui *ui;
};

static void set_up(struct easel *easel)
{
    char error[256];
    *easel = (struct easel){.ui = ui_create(), .icons = icons_create(QUARTER_SHARE)};
    assert_int_equal(text_engine_create(NULL, &easel->text, error, sizeof error), STATUS_OK);
    theme_init(&easel->theme, THEME_DARK, NULL);
    easel->kit = (struct ui_kit){easel->text, easel->icons, &easel->theme};
}

static void take_down(struct easel *easel)
{
    ui_destroy(easel->ui);
    icons_destroy(easel->icons);
    text_engine_destroy(easel->text);
}

static const char *text_of(const struct easel *easel, const char *id)
{
    const struct ui_element *element = ui_find(easel->ui, id);
    assert_non_null(element);
    return element->text;
}

static void it_says_who_it_is_and_what_to_do(void **state)
{
    (void)state;
    struct easel easel;
    set_up(&easel);
    const char *const codes[] = {"kiosk-1", "kiosk-2"};
    struct unnamed unnamed = {.what = "kiosk",
                              .code = "kiosk-9",
                              .codes = codes,
                              .code_count = 2,
                              .clock = "10:42",
                              .size_px = TYPE_KIOSK_SMALL,
                              .width = 1080,
                              .height = 1920};
    unnamed_lay(&unnamed, &easel.kit, easel.ui);
    assert_string_equal(ui_page(easel.ui)->name, "unnamed");
    assert_string_equal(text_of(&easel, "what"),
                        "This kiosk is 'kiosk-9'; the site's file does not name it.");
    assert_string_equal(text_of(&easel, "names"), "Its file names these: kiosk-1, kiosk-2.");
    assert_non_null(strstr(text_of(&easel, "do"), "add 'kiosk-9' under kiosks in site.yaml"));
    assert_non_null(strstr(text_of(&easel, "do"), "--kiosk"));
    assert_string_equal(text_of(&easel, "clock"), "10:42");
    unnamed.what = "display";
    unnamed.code_count = 0;
    unnamed.clock = "";
    unnamed_lay(&unnamed, &easel.kit, easel.ui);
    assert_string_equal(text_of(&easel, "names"), "Its file names no display at all.");
    assert_null(ui_find(easel.ui, "clock"));
    take_down(&easel);
}

static void check_page(struct easel *easel, struct canvas *canvas, int width, int height)
{
    const struct rect screen = {0, 0, width, height};
    int bottom = 0;
    assert_int_equal(ui_draw(easel->ui, &easel->kit, canvas), 0);
    for (size_t i = 0; i < ui_count(easel->ui); i++) {
        const struct ui_element *element = ui_element(easel->ui, i);
        const struct rect rect = element->rect;
        assert_true(rect.x >= screen.x && rect.y >= screen.y && rect.x + rect.w <= screen.w &&
                    rect.y + rect.h <= screen.h);
        assert_true(rect.y >= bottom);
        bottom = rect.y + rect.h;
    }
}

static void all_of_it_is_on_every_screen(void **state)
{
    (void)state;
    static char long_code[QUARTER_CODE_MAX + 1];
    const char *codes[32];
    struct easel easel;
    char error[256];
    set_up(&easel);
    memset(long_code, 'w', QUARTER_CODE_MAX);
    for (size_t i = 0; i < 32; i++)
        codes[i] = long_code;
    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++) {
        struct catalogue *words = NULL;
        assert_int_equal(catalogue_open(QUARTER_SHARE, languages[i], &words, error, sizeof error),
                         STATUS_OK);
        for (size_t s = 0; s < sizeof screens / sizeof screens[0]; s++) {
            struct canvas *canvas = NULL;
            assert_int_equal(
                canvas_create(CANVAS_ARGB, screens[s].width, screens[s].height, &canvas),
                STATUS_OK);
            const struct unnamed unnamed = {.what = "display",
                                            .code = long_code,
                                            .codes = codes,
                                            .code_count = 32,
                                            .words = words,
                                            .clock = "10:42",
                                            .size_px = TYPE_DISPLAY_NOTICE,
                                            .width = screens[s].width,
                                            .height = screens[s].height};
            unnamed_lay(&unnamed, &easel.kit, easel.ui);
            check_page(&easel, canvas, screens[s].width, screens[s].height);
            canvas_destroy(canvas);
        }
        catalogue_destroy(words);
    }
    take_down(&easel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_says_who_it_is_and_what_to_do),
        cmocka_unit_test(all_of_it_is_on_every_screen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
