/* The setup pages' pictures: on every screen and in every theme nothing is cut, nothing lies over something
 * else or beside the screen, buttons are large enough to hit. SETUP_PICTURES=DIR keeps the pictures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "display/screen/canvas.h"
#include "setup/setup_view.h"

static const struct {
    int width, height;
} screens[] = {{1080, 1920}, {1920, 1080}, {800, 600}, {600, 800}, {1024, 768}};

struct easel {
    struct text_engine *text;
    struct icons *icons;
    struct theme theme;
    struct ui_kit kit;
    struct ui *ui;
};

static struct easel set_up(void)
{
    char error[256];
    struct easel easel = {.ui = ui_create(), .icons = icons_create(SHARE_DIR)};
    assert_int_equal(text_engine_create(NULL, &easel.text, error, sizeof error), STATUS_OK);
    return easel;
}

static void take_down(struct easel *easel)
{
    ui_destroy(easel->ui);
    icons_destroy(easel->icons);
    text_engine_destroy(easel->text);
}

/* The fullest a page gets: the longest names, a note, seconds that are counted. */
static struct setup fullest(enum setup_page page, enum setup_note note, int step, int width,
                            int height)
{
    const struct input_conf conf = input_conf_default();
    struct setup s = setup_begin(&conf, width, height, 0);
    s.page = page;
    s.note = note;
    s.step = step;
    s.focus = 0;
    s.devices = (struct input_devices){10, 10, 10, 10};
    s.key = KEYPAD_HEADSET_OUT;
    s.has_scan = true;
    memset(s.scan.text, 'W', INPUT_SCAN_BYTES);
    memcpy(s.scanned, s.scan.text, sizeof s.scanned);
    snprintf(s.device_name, sizeof s.device_name, "%s",
             "Keymat Technology Ltd. Storm AudioNav Extended Footprint Keypad");
    s.device = (struct device_id){0xffff, 0xffff};
    for (int i = 0; i < SETUP_KEYS; i++)
        s.learnt[i] = (struct setup_learnt){1, "KEY_BRIGHTNESS_MENU_TOGGLE"};
    s.conf.scanner_count = INPUT_CONF_SCANNERS_MAX;
    s.worst_px = 54;
    s.touched = true;
    s.touch_x = width / 2;
    s.touch_y = height * 3 / 5;
    s.paper = PAPER_UNKNOWN;
    s.job = JOB_UNKNOWN;
    snprintf(s.why, sizeof s.why, "/var/lib/quarter/kiosk-1/input.conf: No space left on device");
    return s;
}

static bool counts(const struct ui_element *element)
{
    return strcmp(element->id, "ring") != 0 && strncmp(element->id, "cross-", 6) != 0;
}

static void check_places(const struct setup *s, const struct ui *ui)
{
    const struct rect screen = {0, 0, s->width_px, s->height_px};
    for (size_t i = 0; i < ui_count(ui); i++) {
        const struct ui_element *a = ui_element(ui, i);
        if (!rect_holds(screen, a->rect))
            fail_msg("%s %dx%d: %s is beside the screen", ui_page(ui)->name, s->width_px,
                     s->height_px, a->id);
        for (size_t k = 0; counts(a) && k < i; k++) {
            const struct ui_element *b = ui_element(ui, k);
            if (counts(b) && !rect_is_empty(rect_intersect(a->rect, b->rect)))
                fail_msg("%s %dx%d: %s lies over %s", ui_page(ui)->name, s->width_px, s->height_px,
                         a->id, b->id);
        }
        double mm = 270.0 / (s->width_px < s->height_px ? s->width_px : s->height_px);
        if (a->role == UI_BUTTON && (a->rect.h * mm < 20 || a->rect.w * mm < 20))
            fail_msg("%s %dx%d: %s is %.0f mm high", ui_page(ui)->name, s->width_px, s->height_px,
                     a->id, a->rect.h * mm);
    }
}

static void keep_picture(const struct setup *s, const struct ui *ui, struct canvas *canvas,
                         enum theme_kind theme, int note, int step)
{
    const char *folder = getenv("SETUP_PICTURES");
    char path[512];
    if (folder == NULL)
        return;
    snprintf(path, sizeof path, "%s/%s-%d-%d-%s-%dx%d.png", folder, ui_page(ui)->name, note, step,
             theme_kind_name(theme), s->width_px, s->height_px);
    assert_int_equal(canvas_save_png(canvas, path), STATUS_OK);
}

static void draw(struct easel *easel, const struct setup *s, enum theme_kind theme, int note,
                 int step)
{
    struct canvas *canvas = NULL;
    const struct setup_picture picture = {
        .setup = s, .theme = theme, .now_ms = setup_due_ms(s) - 11000};
    theme_init(&easel->theme, theme, NULL);
    easel->kit = (struct ui_kit){easel->text, easel->icons, &easel->theme};
    setup_view_lay(&picture, &easel->kit, easel->ui);
    check_places(s, easel->ui);
    assert_int_equal(canvas_create(CANVAS_ARGB, s->width_px, s->height_px, &canvas), STATUS_OK);
    int cut = ui_draw(easel->ui, &easel->kit, canvas);
    keep_picture(s, easel->ui, canvas, theme, note, step);
    canvas_destroy(canvas);
    if (cut != 0)
        fail_msg("%s %dx%d: %d texts do not fit", ui_page(easel->ui)->name, s->width_px,
                 s->height_px, cut);
}

static bool can_say(enum setup_page page, enum setup_note note)
{
    switch (note) {
    case SETUP_NOTE_NONE: return true;
    case SETUP_NOTE_SAVED:
    case SETUP_NOTE_PUT_BACK: return page == SETUP_MENU;
    case SETUP_NOTE_NOT_SAVED: return page == SETUP_MENU || page == SETUP_SCANNER;
    case SETUP_NOTE_MISSED: return page == SETUP_CROSS;
    case SETUP_NOTE_TAKEN:
    case SETUP_NOTE_OTHER_DEVICE: return page == SETUP_KEYPAD;
    case SETUP_NOTE_FULL: return page == SETUP_KEYPAD_DONE || page == SETUP_SCANNER_DONE;
    case SETUP_NOTE_FORGOTTEN: return page == SETUP_SCANNER;
    }
    return false;
}

static int steps_of(enum setup_page page)
{
    return page == SETUP_CROSS ? SETUP_CROSSES : page == SETUP_KEYPAD ? SETUP_KEYS : 1;
}

static void draw_page(struct easel *easel, enum setup_page page, int width, int height,
                      enum theme_kind theme)
{
    for (int note = SETUP_NOTE_NONE; note <= SETUP_NOTE_FORGOTTEN; note++)
        for (int step = 0; can_say(page, (enum setup_note)note) && step < steps_of(page); step++) {
            const struct setup s = fullest(page, (enum setup_note)note, step, width, height);
            draw(easel, &s, theme, note, step);
        }
}

static void every_page_fits_every_screen(void **state)
{
    (void)state;
    struct easel easel = set_up();
    for (size_t i = 0; i < sizeof screens / sizeof screens[0]; i++)
        for (int page = SETUP_MENU; page < SETUP_LEFT; page++)
            draw_page(&easel, (enum setup_page)page, screens[i].width, screens[i].height,
                      THEME_LIGHT);
    take_down(&easel);
}

static void every_page_has_every_theme(void **state)
{
    (void)state;
    struct easel easel = set_up();
    for (int page = SETUP_MENU; page < SETUP_LEFT; page++) {
        draw_page(&easel, (enum setup_page)page, 1080, 1920, THEME_DARK);
        draw_page(&easel, (enum setup_page)page, 1080, 1920, THEME_CONTRAST);
    }
    take_down(&easel);
}

/* Seconds are counted down at the end only: till then nothing is drawn again. */
static void a_page_at_rest_is_not_drawn_again(void **state)
{
    (void)state;
    const struct input_conf conf = input_conf_default();
    const struct setup menu = setup_begin(&conf, 1080, 1920, 1000);
    int64_t due = setup_due_ms(&menu);
    assert_int_equal(setup_view_due_ms(&menu, 1000), due - 20000);
    assert_int_equal(setup_view_due_ms(&menu, due - 20000), due - 19000);
    assert_int_equal(setup_view_due_ms(&menu, due - 19400), due - 19000);
    assert_int_equal(setup_view_due_ms(&menu, due - 1), due);
    assert_int_equal(setup_view_due_ms(&menu, due + 5), due + 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_page_fits_every_screen),
        cmocka_unit_test(every_page_has_every_theme),
        cmocka_unit_test(a_page_at_rest_is_not_drawn_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
