/* See app.h and app_parts.h. One loop on the main thread, which owns SDL and all state; the client's, the input's, the
 * voice's and the printer's threads only wake it. Each turn: take what hands did and the news, let the journey answer, do
 * what it asks, show what changed, sleep until the next thing can happen. */
#include "app.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "app_parts.h"
#include "display/screen/assets.h"
#include "quarter/check.h"
#include "quarter/log.h"
#include "view/view.h"
#include "wipe.h"

void app_take_at(struct app *app, const struct journey_input *input, int64_t at_ms)
{
    struct journey before = app->journey;
    struct journey_step step = journey_next(&before, &app->map, input, at_ms);
    app->journey = step.journey;
    if (before.page != step.journey.page || before.asking != step.journey.asking)
        log_info("kiosk", "page %s -> %s", kiosk_view_page(&before),
                 kiosk_view_page(&app->journey));
    app_do(app, &before, &step);
    explicit_bzero(&before, sizeof before); /* what was typed is in them */
    explicit_bzero(&step, sizeof step);
}

void app_take(struct app *app, const struct journey_input *input)
{
    app_take_at(app, input, client_monotonic_ms());
}

/* Devices come and go, and so do voices. */
static void take_voice(struct app *app)
{
    bool speaks = voice_speaks(app->voice, app->journey.headset);
    if (speaks == app->journey.speechless)
        app_take(app, &(struct journey_input){.kind = INPUT_VOICE, .speaks = speaks});
}

static void run(struct app *app)
{
    for (;;) {
        app_take_hands(app); /* first: they were made on what is shown, before the news */
        app_take_news(app);
        if (app_setup_wanted(app) && !app_setup(app))
            return;
        take_voice(app);
        if (voice_busy(app->voice))
            app_take(app, &(struct journey_input){.kind = INPUT_SPEAKING});
        app_take(app, &(struct journey_input){.kind = INPUT_TICK});
        bool shown = app_show_in_time(app);
        struct window_event event = window_wait(app->window, app_sleep_ms(app, shown));
        switch (event.kind) {
        case WINDOW_QUIT: return;
        case WINDOW_TOUCH:
            /* Full screen the touchscreens are read directly: SDL's would be the same touch twice. */
            if (app->options->windowed)
                app_finger_down(app, event.x, event.y, client_monotonic_ms());
            break;
        case WINDOW_RELEASE:
            if (app->options->windowed)
                app_finger_up(app, event.x, event.y, client_monotonic_ms());
            break;
        case WINDOW_KEY:
            if (app->options->windowed)
                app_desk_key(app, event.key);
            break;
        case WINDOW_NOTHING:
        case WINDOW_WOKEN:
        case WINDOW_EXPOSED: break;
        }
    }
}

static void wake(void *context)
{
    window_wake(context);
}

/* What the setup pages kept, and what the command line says over it. A wrong line of the file is said, and costs only
 * itself. */
static bool read_conf(struct app *app)
{
    const struct app_options *options = app->options;
    struct input_conf conf = input_conf_default();
    const char *folder = app_keep_folder(app);
    char error[INPUT_CONF_ERROR_BYTES];
    if (folder != NULL && input_conf_load(folder, &conf, error) != STATUS_OK)
        log_error("kiosk", "input.conf folder=%s: %s", folder, error);
    app->file_conf = app->conf = conf;
    if (input_conf_give(&app->conf, &options->given))
        return true;
    fprintf(stderr,
            "kiosk: there is room for eight scanners: with --scanner there are more than "
            "that, for input.conf names %d; try --help\n",
            conf.scanner_count);
    return false;
}

static enum status open_input(struct app *app)
{
    const struct input_options input = {.touch = app->options->touch,
                                        .conf = app->conf,
                                        .width_px = window_width(app->window),
                                        .height_px = window_height(app->window),
                                        .no_keyboards = app->options->windowed,
                                        .wake = wake,
                                        .wake_context = app->window};
    return input_create(&input, &app->input);
}

static enum status open_voice(struct app *app)
{
    struct voice_options voice = app->options->voice;
    voice.wake = wake;
    voice.wake_context = app->window;
    return voice_create(&voice, &app->voice);
}

static enum status open_devices(struct app *app)
{
    const struct app_options *options = app->options;
    const struct client_options client = {.base_url = options->server,
                                          .board_id = options->kiosk,
                                          .cache_dir = options->cache,
                                          .kind = "kiosk",
                                          .keep_dir = app_keep_folder(app),
                                          .server_key = options->server_key,
                                          .agent = "kiosk/" QUARTER_VERSION,
                                          .wake = wake,
                                          .wake_context = app->window};
    enum status status = client_create(&client, &app->client);
    if (status != STATUS_OK) {
        log_error("kiosk", "the client does not start server=%s: %s", options->server,
                  status_text(status));
        return status;
    }
    status = open_input(app);
    if (status == STATUS_OK && options->printer_socket != NULL) {
        const struct paper_options paper = {options->printer_socket, wake, app->window};
        status = paper_create(&paper, &app->paper);
    }
    if (status == STATUS_OK)
        status = open_voice(app);
    if (status != STATUS_OK)
        log_error("kiosk", "the input, the printer's line or the voice do not start: %s",
                  status_text(status));
    return status;
}

static bool open_window(struct app *app)
{
    const struct app_options *options = app->options;
    char error[512];
    if (assets_find(options->assets, app->assets, sizeof app->assets) != STATUS_OK) {
        fprintf(stderr, "kiosk: no assets at %s; --assets DIR says where they are\n", app->assets);
        return false;
    }
    const struct window_options window = {.title = "Quarter kiosk",
                                          .width = options->width,
                                          .height = options->height,
                                          .windowed = options->windowed,
                                          .assets_dir = app->assets,
                                          .theme = app_theme(app),
                                          .dump_dir = options->dump_ui};
    if (window_create(&window, &app->window, error, sizeof error) == STATUS_OK)
        return true;
    fprintf(stderr, "kiosk: %s\n", error);
    return false;
}

int app_run(const struct app_options *options)
{
    struct app *app = calloc(1, sizeof *app);
    CHECK(app != NULL);
    wipe_begin();
    app->options = options;
    app->journey = journey_begin(client_monotonic_ms());
    app->ui = ui_create();
    if (options->cache != NULL) /* fails when it is there; the cache says what else is wrong */
        (void)mkdir(options->cache, 0700);
    if (options->state != NULL)
        (void)mkdir(options->state, 0700);
    int code = read_conf(app) ? EX_CONFIG : EXIT_USAGE;
    if (code == EX_CONFIG && open_window(app)) {
        app->theme = app_theme(app);
        enum status status = open_devices(app);
        code = status == STATUS_OK            ? EXIT_SUCCESS
               : status == STATUS_UNAVAILABLE ? EXIT_FAILURE
                                              : EX_CONFIG;
        app->starting_words =
            app_open_words(app, options->language != NULL ? options->language : "en");
    }
    if (code == EXIT_SUCCESS && (!options->setup || app_setup(app)))
        run(app);
    app_leave(app);
    voice_destroy(app->voice);
    paper_destroy(app->paper);
    input_destroy(app->input);
    client_destroy(app->client);
    app_close_words(app);
    catalogue_destroy(app->starting_words);
    site_info_destroy(app->site);
    site_info_destroy(app->next_site);
    free(app->board);
    ui_destroy(app->ui);
    window_destroy(app->window);
    explicit_bzero(app, sizeof *app);
    free(app);
    wipe_end();
    return code;
}
