/* The page of a device that is not let in: its letters are large, and all of it is on the screen, whatever the screen, the
 * language and the reason. Pictures are left in build/X/pictures/screen to be looked at. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "display/screen/canvas.h"
#include "display/screen/pairing_page.h"
#include "quarter/limits.h"

enum { SMALL_SCREENS = 2 }; /* from the third on */

static const struct {
    int width, height, size_px;
} screens[] = {{1080, 1920, TYPE_KIOSK_SMALL},
               {1920, 1080, TYPE_DISPLAY_NOTICE},
               {800, 600, TYPE_DISPLAY_NOTICE},
               {600, 800, TYPE_KIOSK_SMALL}};

static const char *const languages[] = {"en", "gu", "pa", "ur", "hi", "bn", "pl", "so", "ar"};

static const struct {
    const char *name;
    enum pairing_page_kind kind;
    const char *let_in_as, *kept;
} reasons[] = {
    {"waits", PAIRING_PAGE_WAITS, NULL, NULL},
    {"letters", PAIRING_PAGE_LETTERS, NULL, NULL},
    {"mistake", PAIRING_PAGE_LETTERS, "kiosk-2", NULL},
    {"other-key", PAIRING_PAGE_OTHER_KEY, NULL, NULL},
    {"other-key-kept", PAIRING_PAGE_OTHER_KEY, NULL,
     "/var/lib/quarter/kiosks/kiosk-1/pairing-kiosk-kiosk-1"},
    {"key-needed", PAIRING_PAGE_KEY_NEEDED, NULL, NULL},
};

struct easel {
    struct text_engine *text;
    struct icons *icons;
    struct theme theme;
    struct ui_kit kit;
    struct ui *ui;
};

static void set_up(struct easel *easel, enum theme_kind kind)
{
    char error[256];
    *easel = (struct easel){.ui = ui_create(), .icons = icons_create(QUARTER_SHARE)};
    assert_int_equal(text_engine_create(NULL, &easel->text, error, sizeof error), STATUS_OK);
    theme_init(&easel->theme, kind, NULL);
    easel->kit = (struct ui_kit){easel->text, easel->icons, &easel->theme};
}

static void take_down(struct easel *easel)
{
    ui_destroy(easel->ui);
    icons_destroy(easel->icons);
    text_engine_destroy(easel->text);
}

static struct pairing_page page_of(size_t reason, size_t screen, const struct catalogue *words)
{
    return (struct pairing_page){.kind = reasons[reason].kind,
                                 .is_display = screens[screen].size_px == TYPE_DISPLAY_NOTICE,
                                 .code = "kiosk-1",
                                 .letters = "WMQW7M",
                                 .let_in_as = reasons[reason].let_in_as,
                                 .kept = reasons[reason].kept,
                                 .minutes_left = 10,
                                 .words = words,
                                 .clock = "10:42",
                                 .size_px = screens[screen].size_px,
                                 .width = screens[screen].width,
                                 .height = screens[screen].height};
}

static void check_page(struct easel *easel, struct canvas *canvas, size_t screen)
{
    int bottom = 0;
    assert_int_equal(ui_draw(easel->ui, &easel->kit, canvas), 0);
    for (size_t i = 0; i < ui_count(easel->ui); i++) {
        const struct rect rect = ui_element(easel->ui, i)->rect;
        assert_true(rect.x >= 0 && rect.y >= bottom && rect.x + rect.w <= screens[screen].width &&
                    rect.y + rect.h <= screens[screen].height);
        bottom = rect.y + rect.h;
    }
    const struct ui_element *letters = ui_find(easel->ui, "letters");
    if (letters != NULL) /* far larger than all else */
        assert_true(letters->size_px >= 2 * ui_find(easel->ui, "do")->size_px);
}

static void draw(struct easel *easel, size_t reason, size_t screen, const struct catalogue *words,
                 bool keeps)
{
    struct canvas *canvas = NULL;
    char path[512];
    const struct rect all = {0, 0, screens[screen].width, screens[screen].height};
    const struct pairing_page page = page_of(reason, screen, words);
    assert_int_equal(canvas_create(CANVAS_ARGB, all.w, all.h, &canvas), STATUS_OK);
    canvas_fill(canvas, all, theme_colour(&easel->theme, TOKEN_PAPER));
    pairing_page_lay(&page, &easel->kit, easel->ui);
    check_page(easel, canvas, screen);
    snprintf(path, sizeof path, PICTURES "/pairing-%s-%s-%d-%s.png", reasons[reason].name,
             theme_kind_name(easel->theme.kind), all.w, catalogue_language(words));
    if (keeps)
        assert_int_equal(canvas_save_png(canvas, path), STATUS_OK);
    canvas_destroy(canvas);
}

static struct catalogue *words_of(const char *language)
{
    struct catalogue *words = NULL;
    char error[256];
    assert_int_equal(catalogue_open(QUARTER_SHARE, language, &words, error, sizeof error),
                     STATUS_OK);
    return words;
}

static void all_of_it_is_on_every_screen(void **state)
{
    (void)state;
    struct easel easel;
    set_up(&easel, THEME_LIGHT);
    for (size_t l = 0; l < sizeof languages / sizeof languages[0]; l++) {
        struct catalogue *words = words_of(languages[l]);
        for (size_t s = SMALL_SCREENS; s < sizeof screens / sizeof screens[0]; s++)
            for (size_t r = 0; r < sizeof reasons / sizeof reasons[0]; r++)
                draw(&easel, r, s, words, false);
        catalogue_destroy(words);
    }
    take_down(&easel);
}

static void it_is_drawn_in_every_theme(void **state)
{
    (void)state;
    static const enum theme_kind themes[] = {THEME_LIGHT, THEME_DARK, THEME_CONTRAST};
    struct catalogue *words[] = {words_of("en"), words_of("ur")};
    for (size_t t = 0; t < sizeof themes / sizeof themes[0]; t++) {
        struct easel easel;
        set_up(&easel, themes[t]);
        for (size_t s = 0; s < SMALL_SCREENS; s++)
            for (size_t r = 1; r < sizeof reasons / sizeof reasons[0]; r += 3)
                draw(&easel, r, s, words[(t + s) % 2], true);
        take_down(&easel);
    }
    catalogue_destroy(words[0]);
    catalogue_destroy(words[1]);
}

static void it_says_who_it_is_and_what_to_do(void **state)
{
    (void)state;
    struct easel easel;
    set_up(&easel, THEME_LIGHT);
    struct pairing_page page = page_of(1, 0, NULL);
    pairing_page_lay(&page, &easel.kit, easel.ui);
    assert_string_equal(ui_page(easel.ui)->name, "pairing");
    assert_string_equal(ui_find(easel.ui, "letters")->text, "WMQW7M");
    assert_int_equal(ui_find(easel.ui, "letters")->role, UI_NUMBER);
    assert_non_null(strstr(ui_find(easel.ui, "name")->text, "kiosk-1"));
    assert_non_null(strstr(ui_find(easel.ui, "do")->text, "Admin page"));
    assert_non_null(strstr(ui_find(easel.ui, "time")->text, "10"));
    assert_non_null(ui_find(easel.ui, "clock"));
    page.kind = PAIRING_PAGE_OTHER_KEY;
    page.clock = "";
    pairing_page_lay(&page, &easel.kit, easel.ui);
    assert_null(ui_find(easel.ui, "letters"));
    assert_null(ui_find(easel.ui, "clock"));
    assert_non_null(strstr(ui_find(easel.ui, "replaced")->text, "--server-key"));
    take_down(&easel);
}

static void the_time_left_is_told_in_started_minutes(void **state)
{
    (void)state;
    assert_int_equal(pairing_page_minutes(600000, 0), 10);
    assert_int_equal(pairing_page_minutes(600000, 1), 10);
    assert_int_equal(pairing_page_minutes(600000, 60000), 9);
    assert_int_equal(pairing_page_minutes(600000, 599999), 1);
    assert_int_equal(pairing_page_minutes(600000, 600000), 0);
    assert_int_equal(pairing_page_minutes(600000, 700000), 0);
    assert_int_equal(pairing_page_wake_ms(600000, 0), 60000);
    assert_int_equal(pairing_page_wake_ms(600000, 60000), 120000);
    assert_int_equal(pairing_page_wake_ms(600000, 599999), 600000);
    assert_true(pairing_page_wake_ms(600000, 600000) == INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_says_who_it_is_and_what_to_do),
        cmocka_unit_test(the_time_left_is_told_in_started_minutes),
        cmocka_unit_test(all_of_it_is_on_every_screen),
        cmocka_unit_test(it_is_drawn_in_every_theme),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
