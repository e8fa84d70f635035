/* The kiosk's shell round the setup pages: what happens to its devices while they are open is known afterwards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <linux/input.h>
#include <poll.h>

#include "app_parts.h"
#include "input_bed.h"

enum { LONG_ENOUGH_MS = 10000 };

struct stage {
    struct bed bed;
    struct app_options options;
    struct app *app;
};

static void wake(void *context)
{
    window_wake(context);
}

static void open_app(struct stage *stage)
{
    char error[512] = "";
    struct app *app = calloc(1, sizeof *app);
    assert_non_null(app);
    stage->app = app;
    stage->options = (struct app_options){.server = "http://127.0.0.1:1", .kiosk = "kiosk-1"};
    app->options = &stage->options;
    app->journey = journey_begin(client_monotonic_ms());
    const struct window_options window = {
        .title = "setup", .width = 800, .height = 600, .windowed = true, .assets_dir = SHARE_DIR};
    if (window_create(&window, &app->window, error, sizeof error) != STATUS_OK)
        fail_msg("%s", error);
    const struct client_options client = {.base_url = stage->options.server,
                                          .board_id = stage->options.kiosk,
                                          .agent = "test",
                                          .wake = wake,
                                          .wake_context = app->window};
    assert_int_equal(client_create(&client, &app->client), STATUS_OK);
}

static void begin(struct stage *stage)
{
    stage->bed = bed_make();
    bed_plug(&stage->bed, "devices/keypad", BED_KEYPAD);
    bed_plug(&stage->bed, "devices/headset", BED_HEADSET);
    open_app(stage);
    struct input_options input = bed_options(&stage->bed);
    input.wake = wake;
    input.wake_context = stage->app->window;
    bed_listen(&stage->bed, &input);
    stage->app->input = stage->bed.input;
    bed_wait_for(&stage->bed, (struct input_devices){.keypads = 1, .headsets = 1});
}

static void end(struct stage *stage)
{
    bed_stop(&stage->bed);
    client_destroy(stage->app->client);
    window_destroy(stage->app->window);
    free(stage->app);
}

static void headset(struct stage *stage, bool in)
{
    bed_put(&stage->bed, BED_HEADSET, EV_SW, SW_HEADPHONE_INSERT, in);
    bed_put(&stage->bed, BED_HEADSET, EV_SYN, SYN_REPORT, 0);
}

static void wait_for_headset(struct stage *stage, bool in)
{
    for (int i = 0; stage->app->journey.headset != in; i++) {
        assert_true(i < LONG_ENOUGH_MS / 5);
        poll(NULL, 0, 5);
        app_take_hands(stage->app);
    }
}

/* The first key shows the focus, the next one takes it to the last button, which is Done. */
static void through_setup(struct stage *stage)
{
    bed_key(&stage->bed, BED_KEYPAD, KEY_UP);
    bed_key(&stage->bed, BED_KEYPAD, KEY_LEFT);
    bed_key(&stage->bed, BED_KEYPAD, KEY_ENTER);
    assert_true(app_setup(stage->app));
}

/* Else what is private would be said to everybody. */
static void a_headset_pulled_out_during_setup_is_out_afterwards(void **state)
{
    (void)state;
    struct stage stage;
    begin(&stage);
    headset(&stage, true);
    wait_for_headset(&stage, true);
    headset(&stage, false);
    through_setup(&stage);
    wait_for_headset(&stage, false);
    assert_false(stage.app->journey.listening);
    end(&stage);
}

static void a_headset_plugged_in_during_setup_is_in_afterwards(void **state)
{
    (void)state;
    struct stage stage;
    begin(&stage);
    headset(&stage, true);
    through_setup(&stage);
    wait_for_headset(&stage, true);
    assert_true(stage.app->journey.listening);
    end(&stage);
}

int main(int argc, char **argv)
{
    (void)argc;
    bed_under_umockdev(argv);
    (void)setenv("SDL_VIDEODRIVER", "offscreen", 0);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_headset_pulled_out_during_setup_is_out_afterwards),
        cmocka_unit_test(a_headset_plugged_in_during_setup_is_in_afterwards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
