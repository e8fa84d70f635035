/* The window without a screen (SDL's offscreen driver). */
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "display/screen/window.h"
#include "quarter/check.h"

static struct window *open_window(int width, int height, const char *dump_dir)
{
    struct window *window = NULL;
    char error[256];
    const struct window_options options = {.title = "test",
                                           .width = width,
                                           .height = height,
                                           .assets_dir = QUARTER_SHARE,
                                           .theme = THEME_DARK,
                                           .dump_dir = dump_dir};
    if (window_create(&options, &window, error, sizeof(error)) != STATUS_OK) {
        fail_msg("%s", error);
    }
    return window;
}

static void fill_page(struct ui *ui, const struct window *window, const char *text)
{
    ui_begin(ui, &(struct ui_page){.name = "p",
                                   .language = "en",
                                   .theme = THEME_DARK,
                                   .width = window_width(window),
                                   .height = window_height(window)});
    ui_add(ui, &(struct ui_element){
                   .id = "t", .rect = {10, 10, 300, 100}, .text = text, .size_px = 42});
}

static void a_size_is_two_numbers_a_screen_can_have(void **state)
{
    (void)state;
    int width = 0, height = 0;
    assert_true(window_read_size("1080x1920", &width, &height));
    assert_int_equal(width, 1080);
    assert_int_equal(height, 1920);
    static const char *const wrong[] = {
        "",           "1080",       "1080x", "x1920",      "1080*1920",
        "1080x1920x", "1080x19201", "0x0",   "-1080x1920", "99999999999999999999x400"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(window_read_size(wrong[i], &width, &height));
    }
    assert_int_equal(width, 1080);
}

static void frames_are_shown_only_when_something_changed(void **state)
{
    (void)state;
    struct window *window = open_window(400, 700, NULL); /* portrait */
    assert_int_equal(window_width(window), 400);
    assert_int_equal(window_height(window), 700);
    struct ui *ui = ui_create();
    fill_page(ui, window, "one");
    assert_true(window_show(window, ui));
    assert_false(window_show(window, ui));
    fill_page(ui, window, "one");
    assert_false(window_show(window, ui));
    fill_page(ui, window, "two");
    assert_true(window_show(window, ui));
    window_set_theme(window, THEME_LIGHT, "#0b4f6c");
    assert_true(window_show(window, ui));
    window_expose(window);
    assert_true(window_show(window, ui));
    assert_int_equal(window_frame(window), 4);
    ui_destroy(ui);
    window_destroy(window);
}

static void frames_go_through_a_renderer_too(void **state)
{
    (void)state;
    struct window *window = NULL;
    char error[256];
    const struct window_options options = {.title = "t",
                                           .width = 300,
                                           .height = 200,
                                           .use_renderer = true,
                                           .assets_dir = QUARTER_SHARE};
    if (window_create(&options, &window, error, sizeof(error)) != STATUS_OK) {
        fail_msg("%s", error);
    }
    struct ui *ui = ui_create();
    fill_page(ui, window, "one");
    assert_true(window_show(window, ui));
    assert_false(window_show(window, ui));
    fill_page(ui, window, "two");
    assert_true(window_show(window, ui));
    ui_destroy(ui);
    window_destroy(window);
}

static void shown_frames_are_dumped(void **state)
{
    (void)state;
    char dir[] = "/tmp/quarter-frames-XXXXXX", path[64];
    assert_non_null(mkdtemp(dir));
    struct window *window = open_window(320, 200, dir);
    struct ui *ui = ui_create();
    fill_page(ui, window, "H07");
    assert_true(window_show(window, ui));
    (void)snprintf(path, sizeof(path), "%s/frame.json", dir);
    char json[2048] = "";
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_true(fread(json, 1, sizeof(json) - 1, file) > 0);
    (void)fclose(file);
    assert_non_null(strstr(json, "{\"frame\":1,"));
    assert_non_null(strstr(json, "\"text\":\"H07\""));
    assert_int_equal(unlink(path), 0);
    (void)snprintf(path, sizeof(path), "%s/frame.png", dir);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(dir), 0);
    ui_destroy(ui);
    window_destroy(window);
}

static void *wake_often(void *window)
{
    for (int i = 0; i < 1000; i++) {
        window_wake(window);
    }
    return NULL;
}

/* A wait that would last for ever ends by another thread's wake; a thousand wakes do not fill any
 * queue. */
static void another_thread_wakes_the_main_one(void **state)
{
    (void)state;
    struct window *window = open_window(320, 200, NULL);
    while (window_wait(window, 0).kind !=
           WINDOW_NOTHING) { /* what the new window itself had to say */
    }
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, wake_often, window), 0);
    assert_int_equal(window_wait(window, -1).kind, WINDOW_WOKEN);
    assert_int_equal(pthread_join(thread, NULL), 0);
    int more = 0;
    while (window_wait(window, 0).kind == WINDOW_WOKEN) {
        more++;
    }
    assert_true(more <= 1000);
    window_wake(window); /* and it still can be woken */
    assert_int_equal(window_wait(window, -1).kind, WINDOW_WOKEN);
    assert_int_equal(window_wait(window, 0).kind, WINDOW_NOTHING);
    window_destroy(window);
}

static void touches_and_keys_arrive(void **state)
{
    (void)state;
    struct window *window = open_window(320, 200, NULL);
    while (window_wait(window, 0).kind != WINDOW_NOTHING) {
    }
    SDL_Event event = {
        .button = {.type = SDL_MOUSEBUTTONDOWN, .button = SDL_BUTTON_LEFT, .x = 30, .y = 40}};
    assert_int_equal(SDL_PushEvent(&event), 1);
    struct window_event got = window_wait(window, -1);
    assert_int_equal(got.kind, WINDOW_TOUCH);
    assert_true(got.x == 30 && got.y == 40);
    event = (SDL_Event){.tfinger = {.type = SDL_FINGERUP, .x = 0.5f, .y = 0.25f}};
    assert_int_equal(SDL_PushEvent(&event), 1);
    got = window_wait(window, -1);
    assert_int_equal(got.kind, WINDOW_RELEASE);
    assert_true(got.x == 160 && got.y == 50);
    event = (SDL_Event){.key = {.type = SDL_KEYDOWN, .keysym = {.sym = SDLK_RETURN}}};
    assert_int_equal(SDL_PushEvent(&event), 1);
    got = window_wait(window, -1);
    assert_true(got.kind == WINDOW_KEY && got.key == SDLK_RETURN);
    event = (SDL_Event){.type = SDL_QUIT};
    assert_int_equal(SDL_PushEvent(&event), 1);
    assert_int_equal(window_wait(window, -1).kind, WINDOW_QUIT);
    window_destroy(window);
}

static void a_window_without_fonts_says_so(void **state)
{
    (void)state;
    struct window *window = NULL;
    char error[400] = "";
    const struct window_options options = {.title = "t",
                                           .width = 10,
                                           .height = 10,
                                           .fonts_dir = "/nowhere",
                                           .assets_dir = QUARTER_SHARE};
    assert_int_equal(window_create(&options, &window, error, sizeof(error)), STATUS_NOT_FOUND);
    assert_non_null(strstr(error, "fonts-noto-core"));
}

/* Nobody stands before a picture in memory, unless it was asked for. */
static void without_a_screen_there_is_no_window(void **state)
{
    (void)state;
    static const char *const names[] = {"SDL_VIDEODRIVER", "DISPLAY", "WAYLAND_DISPLAY"};
    char *kept[3] = {NULL};
    char error[400] = "";
    struct window *window = NULL;
    const struct window_options options = {
        .title = "t", .width = 10, .height = 10, .assets_dir = QUARTER_SHARE};
    /* NOLINTBEGIN(concurrency-mt-unsafe): no other thread runs */
    for (size_t i = 0; i < 3; i++) {
        const char *value = getenv(names[i]);
        kept[i] = value != NULL ? strdup(value) : NULL;
        (void)unsetenv(names[i]);
    }
    const enum status status = window_create(&options, &window, error, sizeof(error));
    for (size_t i = 0; i < 3; i++) {
        if (kept[i] != NULL) {
            (void)setenv(names[i], kept[i], 1);
        }
        free(kept[i]);
    }
    /* NOLINTEND(concurrency-mt-unsafe) */
    if (status == STATUS_OK) { /* a machine with a console of its own to draw on */
        assert_string_not_equal(SDL_GetCurrentVideoDriver(), "offscreen");
        assert_string_not_equal(SDL_GetCurrentVideoDriver(), "dummy");
        window_destroy(window);
        skip();
    }
    assert_int_equal(status, STATUS_UNAVAILABLE);
    assert_non_null(strstr(error, "no screen"));
}

int main(void)
{
    /* NOLINTBEGIN(concurrency-mt-unsafe): no other thread runs yet */
    (void)setenv("SDL_VIDEODRIVER", "offscreen", 0);  /* it runs on x11 as well */
    (void)setenv("SDL_RENDER_DRIVER", "software", 1); /* GL drivers leak when they are unloaded */
    /* NOLINTEND(concurrency-mt-unsafe) */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_size_is_two_numbers_a_screen_can_have),
        cmocka_unit_test(frames_are_shown_only_when_something_changed),
        cmocka_unit_test(frames_go_through_a_renderer_too),
        cmocka_unit_test(shown_frames_are_dumped),
        cmocka_unit_test(another_thread_wakes_the_main_one),
        cmocka_unit_test(touches_and_keys_arrive),
        cmocka_unit_test(a_window_without_fonts_says_so),
        cmocka_unit_test(without_a_screen_there_is_no_window),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
