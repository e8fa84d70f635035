/* Pages: mirroring, hits, damage, dumps, and two whole pages in every language and theme (left as
 * pictures to look at). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "display/screen/layout.h"
#include "display/screen/ui_dump.h"
#include "unit/screen_pages.h"

static const char *const LANGUAGES[] = {"en", "gu", "pa", "ur", "hi", "bn", "pl", "so", "ar"};
enum { LANGUAGE_COUNT = sizeof(LANGUAGES) / sizeof(LANGUAGES[0]) };

struct fixture {
    struct text_engine *text;
    struct icons *icons;
    struct theme theme;
    struct ui_kit kit;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    char error[256];
    assert_non_null(fixture);
    assert_int_equal(text_engine_create(NULL, &fixture->text, error, sizeof(error)), STATUS_OK);
    fixture->icons = icons_create(QUARTER_SHARE);
    theme_init(&fixture->theme, THEME_LIGHT, NULL);
    fixture->kit = (struct ui_kit){fixture->text, fixture->icons, &fixture->theme};
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    text_engine_destroy(fixture->text);
    icons_destroy(fixture->icons);
    free(fixture);
    return 0;
}

static void begin(struct ui *ui, const char *language)
{
    ui_begin(ui,
             &(struct ui_page){.name = "test", .language = language, .width = 1000, .height = 800});
}

static void right_to_left_pages_are_mirrored_once(void **state)
{
    (void)state;
    struct ui *ui = ui_create(), *copy = ui_create();
    for (int rtl = 0; rtl < 2; rtl++) {
        begin(ui, rtl ? "ar" : "en");
        ui_add(ui, &(struct ui_element){.id = "a", .rect = {10, 20, 200, 50}});
        ui_add(ui, &(struct ui_element){.id = "b", .rect = {10, 20, 200, 50}, .keep_side = true});
        ui_copy(copy, ui);
        assert_int_equal(ui_find(copy, "a")->rect.x, rtl ? 790 : 10);
        assert_int_equal(ui_find(copy, "b")->rect.x, 10);
        assert_null(ui_find(copy, "c"));
    }
    ui_destroy(ui);
    ui_destroy(copy);
}

static void a_touch_finds_the_topmost_button(void **state)
{
    (void)state;
    struct ui *ui = ui_create();
    begin(ui, "en");
    ui_add(ui, &(struct ui_element){.id = "under", .role = UI_BUTTON, .rect = {0, 0, 100, 100}});
    ui_add(ui, &(struct ui_element){.id = "over", .role = UI_BUTTON, .rect = {50, 50, 100, 100}});
    ui_add(ui, &(struct ui_element){.id = "label", .role = UI_TEXT, .rect = {0, 0, 500, 500}});
    ui_add(ui, &(struct ui_element){
                   .id = "off", .role = UI_BUTTON, .rect = {0, 0, 40, 40}, .disabled = true});
    assert_string_equal(ui_hit(ui, 10, 10)->id, "under");
    assert_string_equal(ui_hit(ui, 60, 60)->id, "over");
    assert_string_equal(ui_hit(ui, 149, 149)->id, "over");
    assert_null(ui_hit(ui, 150, 150));
    assert_null(ui_hit(ui, 300, 300));
    ui_destroy(ui);
}

/* Every field that can be seen must count as a change: else a screen would stay stale. */
static void any_visible_change_is_damage(void **state)
{
    (void)state;
    const struct ui_element base = {
        .id = "e", .role = UI_TEXT, .rect = {100, 100, 50, 50}, .text = "one"};
    struct ui_element changed[26];
    size_t count = 0;
#define CHANGE(field, value)                                                                       \
    changed[count] = base;                                                                         \
    changed[count++].field = (value)
    CHANGE(id, "f");
    CHANGE(role, UI_BUTTON);
    CHANGE(rect.x, 101);
    CHANGE(padding_px, 4);
    CHANGE(padding_y_px, 4);
    CHANGE(fill, TOKEN_CARD);
    CHANGE(border, TOKEN_LINE);
    CHANGE(border_px, 5);
    CHANGE(radius, 3);
    CHANGE(text, "two");
    CHANGE(detail, "two");
    CHANGE(size_px, 99);
    CHANGE(detail_px, 99);
    CHANGE(min_size_px, 9);
    CHANGE(weight, TEXT_BOLD);
    CHANGE(align, TEXT_END);
    CHANGE(valign, TEXT_TOP);
    CHANGE(max_lines, 1);
    CHANGE(ink, TOKEN_RED);
    CHANGE(language, "ur");
    CHANGE(baseline_px, 7);
    CHANGE(icon, "back");
    CHANGE(icon_px, 7);
    CHANGE(qr, "x");
    CHANGE(focused, true);
    CHANGE(pressed, true);
#undef CHANGE
    struct ui *before = ui_create(), *after = ui_create();
    begin(before, "en");
    ui_add(before, &base);
    for (size_t i = 0; i < count; i++) {
        begin(after, "en");
        ui_add(after, &changed[i]);
        if (rect_is_empty(ui_damage(before, after))) {
            fail_msg("change %zu is not seen", i);
        }
    }
    begin(after, "en");
    ui_add(after, &base);
    assert_true(rect_is_empty(ui_damage(before, after)));
    assert_int_equal(ui_damage(NULL, after).w, 1000);
    ui_destroy(before);
    ui_destroy(after);
}

static void damage_covers_where_things_were_and_are(void **state)
{
    (void)state;
    struct ui *before = ui_create(), *after = ui_create();
    begin(before, "en");
    ui_add(before, &(struct ui_element){.id = "same", .rect = {0, 0, 900, 10}});
    ui_add(before, &(struct ui_element){.id = "moved", .rect = {100, 100, 50, 50}});
    begin(after, "en");
    ui_add(after, &(struct ui_element){.id = "same", .rect = {0, 0, 900, 10}});
    ui_add(after, &(struct ui_element){.id = "moved", .rect = {200, 300, 50, 50}});
    struct rect damage = ui_damage(before, after);
    const struct rect wanted = {100, 100, 150, 250};
    assert_memory_equal(&damage, &wanted, sizeof(damage));
    ui_add(after, &(struct ui_element){.id = "new", .rect = {990, 790, 50, 50}});
    damage = ui_damage(before, after);
    assert_int_equal(damage.x + damage.w, 1000); /* cut to the page */
    begin(after, "ur");
    assert_int_equal(ui_damage(before, after).h, 800);
    ui_destroy(before);
    ui_destroy(after);
}

/* Drawing only the damage gives the very picture that drawing all of it gives. */
static void partial_redraw_equals_full_redraw(void **state)
{
    struct fixture *fixture = *state;
    struct ui *before = ui_create(), *after = ui_create();
    struct canvas *partial = NULL, *full = NULL;
    assert_int_equal(canvas_create(CANVAS_ARGB, 1080, 1920, &partial), STATUS_OK);
    assert_int_equal(canvas_create(CANVAS_ARGB, 1080, 1920, &full), STATUS_OK);
    page_services(before, NULL, THEME_LIGHT);
    ui_copy(after, before);
    ui_begin(after, ui_page(before));
    for (size_t i = 0; i < ui_count(before); i++) {
        struct ui_element element = *ui_element(before, i);
        element.pressed = strcmp(element.id, "tile-1") == 0;
        element.text = strcmp(element.id, "clock") == 0 ? "10:43" : element.text;
        ui_add(after, &element);
    }
    (void)ui_draw(before, &fixture->kit, partial);
    const struct rect damage = ui_damage(before, after);
    assert_true(damage.w < 1080 && damage.h < 1920);
    canvas_set_clip(partial, damage);
    (void)ui_draw(after, &fixture->kit, partial);
    (void)ui_draw(after, &fixture->kit, full);
    assert_memory_equal(partial->pixels, full->pixels, (size_t)1080 * 1920 * 4);
    canvas_destroy(partial);
    canvas_destroy(full);
    ui_destroy(before);
    ui_destroy(after);
}

static void draw_one(struct fixture *fixture, struct ui *ui, const char *language,
                     enum theme_kind theme, const char *name)
{
    struct canvas *canvas = NULL;
    char path[512];
    theme_init(&fixture->theme, theme, NULL);
    assert_int_equal(canvas_create(CANVAS_ARGB, 1080, 1920, &canvas), STATUS_OK);
    const int faults = ui_draw(ui, &fixture->kit, canvas);
    (void)snprintf(path, sizeof(path), "%s/%s-%s-%s.png", PICTURES, name, language,
                   theme_kind_name(theme));
    assert_int_equal(canvas_save_png(canvas, path), STATUS_OK);
    canvas_destroy(canvas);
    if (faults > 0) {
        fail_msg("%s: %d texts do not fit", path, faults);
    }
}

static void two_pages_fit_in_every_language(void **state)
{
    struct fixture *fixture = *state;
    struct ui *ui = ui_create();
    for (size_t l = 0; l < LANGUAGE_COUNT; l++) {
        struct catalogue *words = NULL;
        char error[256];
        assert_int_equal(catalogue_open(QUARTER_SHARE, LANGUAGES[l], &words, error, sizeof(error)),
                         STATUS_OK);
        const enum theme_kind theme = (enum theme_kind)(l % 3);
        page_services(ui, words, theme);
        draw_one(fixture, ui, LANGUAGES[l], theme, "services");
        page_ready(ui, words, theme);
        draw_one(fixture, ui, LANGUAGES[l], theme, "ready");
        catalogue_destroy(words);
    }
    ui_destroy(ui);
}

static void what_does_not_fit_is_told(void **state)
{
    struct fixture *fixture = *state;
    struct canvas *canvas = NULL;
    assert_int_equal(canvas_create(CANVAS_ARGB, 1000, 800, &canvas), STATUS_OK);
    struct ui *ui = ui_create();
    begin(ui, "en");
    ui_add(ui, &(struct ui_element){.id = "t",
                                    .rect = {0, 0, 200, 100},
                                    .text = "far too many words for so small a box",
                                    .detail = "and more below",
                                    .size_px = 50,
                                    .min_size_px = 42});
    assert_true(ui_draw(ui, &fixture->kit, canvas) > 0);
    char *json = ui_dump_json(1, ui, &fixture->kit);
    assert_non_null(strstr(json, "\"fits\":false"));
    free(json);
    ui_destroy(ui);
    canvas_destroy(canvas);
}

static void wanted_height_is_enough_and_not_more(void **state)
{
    struct fixture *fixture = *state;
    struct ui *ui = ui_create();
    struct canvas *canvas = NULL;
    assert_int_equal(canvas_create(CANVAS_ARGB, 1000, 800, &canvas), STATUS_OK);
    static const char *const TEXTS[] = {"Blue Badge and travel", "میری اپائنٹمنٹ ہے اور کچھ اور",
                                        "ক্ষতিপূরণ ও অভিযোগ"};
    static const char *const CODES[] = {"en", "ur", "bn"};
    for (size_t i = 0; i < 3; i++) {
        begin(ui, CODES[i]);
        struct ui_element element = {.id = "t",
                                     .rect = {0, 0, 300, 1},
                                     .text = TEXTS[i],
                                     .detail = TEXTS[i],
                                     .size_px = 50,
                                     .detail_px = 42,
                                     .padding_px = 24};
        element.rect.h = ui_wanted_height(&fixture->kit, ui_page(ui), &element);
        ui_add(ui, &element);
        assert_int_equal(ui_draw(ui, &fixture->kit, canvas), 0);
        element.rect.h -= 90;
        begin(ui, CODES[i]);
        ui_add(ui, &element);
        assert_true(ui_draw(ui, &fixture->kit, canvas) > 0);
    }
    ui_destroy(ui);
    canvas_destroy(canvas);
}

static void the_dump_says_what_is_read(void **state)
{
    struct fixture *fixture = *state;
    theme_init(&fixture->theme, THEME_LIGHT, NULL);
    struct ui *ui = ui_create();
    begin(ui, "ur");
    ui_add(ui, &(struct ui_element){
                   .id = "card", .role = UI_CARD, .rect = {0, 0, 500, 500}, .fill = TOKEN_CARD});
    ui_add(ui, &(struct ui_element){.id = "n\"1",
                                    .role = UI_NUMBER,
                                    .rect = {10, 10, 300, 100},
                                    .text = "\u2068H07\u2069",
                                    .size_px = 68,
                                    .focus = 3});
    char *json = ui_dump_json(7, ui, &fixture->kit);
    assert_non_null(strstr(json,
                           "{\"frame\":7,\"page\":\"test\",\"language\":\"ur\",\"theme\":\"light\","
                           "\"width\":1000,\"height\":800,\"background\":\"#f4f6f9\","
                           "\"mm_per_px\":null,\"bottom_mm\":null,\"viewing_mm\":null,"
                           "\"elements\":["));
    assert_non_null(strstr(
        json,
        "{\"id\":\"n\\\"1\",\"role\":\"number\",\"rect\":[690,10,300,100],\"text\":\"H07\","));
    assert_non_null(strstr(json, "\"font_px\":68,"));
    assert_non_null(strstr(
        json, "\"color\":\"#14213d\",\"detail_color\":\"#4a5670\",\"background\":\"#ffffff\""));
    assert_non_null(strstr(json, "\"language\":\"en\",\"focus\":3,"));
    free(json);
    ui_destroy(ui);
}

/* What the checks of STANDARDS.md go by. */
static void the_dump_says_how_large_and_how_high(void **state)
{
    struct fixture *fixture = *state;
    theme_init(&fixture->theme, THEME_LIGHT, NULL);
    struct ui *ui = ui_create();
    ui_begin(ui, &(struct ui_page){.name = "test",
                                   .language = "en",
                                   .width = 1000,
                                   .height = 800,
                                   .mm_per_px = 0.25,
                                   .bottom_mm = 720,
                                   .viewing_mm = 600});
    struct ui_element button = {.id = "b",
                                .role = UI_BUTTON,
                                .rect = {100, 100, 400, 200},
                                .fill = TOKEN_CARD,
                                .border = TOKEN_LINE_STRONG,
                                .radius = 24,
                                .text = "HAND",
                                .size_px = 100,
                                .icon = "back",
                                .icon_px = 64,
                                .icon_place = UI_ICON_START};
    ui_add(ui, &button);
    button.id = "c";
    button.disabled = true;
    button.text = NULL;
    button.icon = NULL;
    button.fill = TOKEN_NONE;
    ui_add(ui, &button);
    char *json = ui_dump_json(7, ui, &fixture->kit);
    assert_non_null(
        strstr(json, "\"mm_per_px\":0.25,\"bottom_mm\":720,\"viewing_mm\":600,\"elements\":["));
    assert_non_null(strstr(json, "\"fill\":\"#ffffff\",\"border\":\"#7686a0\","
                                 "\"border_px\":3,\"radius\":24,\"icon\":\"back\","
                                 "\"icon_color\":\"#0b4f6c\",\"cap_px\":71,\"detail_cap_px\":0,"));
    assert_non_null(strstr(json, "\"icon_rect\":[100,168,64,64]"));
    assert_non_null(strstr(json, "\"disabled\":false,\"touchable\":true}"));
    assert_non_null(strstr(json, "\"fill\":null,"));
    assert_non_null(strstr(json, "\"text_ink\":null,\"detail_ink\":null,\"icon_rect\":null,"));
    assert_non_null(strstr(json, "\"disabled\":true,\"touchable\":false}"));
    free(json);
    ui_destroy(ui);
}

static void the_dump_replaces_whole_files(void **state)
{
    struct fixture *fixture = *state;
    char dir[] = "/tmp/quarter-dump-XXXXXX", path[64];
    assert_non_null(mkdtemp(dir));
    struct ui *ui = ui_create();
    struct canvas *canvas = NULL;
    assert_int_equal(canvas_create(CANVAS_ARGB, 64, 64, &canvas), STATUS_OK);
    begin(ui, "en");
    assert_int_equal(ui_dump_write(dir, 1, ui, &fixture->kit, canvas), STATUS_OK);
    assert_int_equal(ui_dump_write(dir, 2, ui, &fixture->kit, canvas), STATUS_OK);
    static const char *const GONE[] = {".frame.png", ".frame.json"}, *const THERE[] = {
                                                                         "frame.png", "frame.json"};
    for (int i = 0; i < 2; i++) {
        (void)snprintf(path, sizeof(path), "%s/%s", dir, GONE[i]);
        assert_int_equal(access(path, F_OK), -1);
        (void)snprintf(path, sizeof(path), "%s/%s", dir, THERE[i]);
        assert_int_equal(unlink(path), 0);
    }
    assert_int_equal(rmdir(dir), 0);
    assert_int_not_equal(ui_dump_write("/proc/none", 3, ui, &fixture->kit, canvas), STATUS_OK);
    canvas_destroy(canvas);
    ui_destroy(ui);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right_to_left_pages_are_mirrored_once),
        cmocka_unit_test(a_touch_finds_the_topmost_button),
        cmocka_unit_test(any_visible_change_is_damage),
        cmocka_unit_test(damage_covers_where_things_were_and_are),
        cmocka_unit_test(partial_redraw_equals_full_redraw),
        cmocka_unit_test(two_pages_fit_in_every_language),
        cmocka_unit_test(what_does_not_fit_is_told),
        cmocka_unit_test(wanted_height_is_enough_and_not_more),
        cmocka_unit_test(the_dump_says_what_is_read),
        cmocka_unit_test(the_dump_says_how_large_and_how_high),
        cmocka_unit_test(the_dump_replaces_whole_files),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
