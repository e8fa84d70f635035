/* One loop: take what the network brought, give the next announcement its turn, show, sleep. */
#include "display/app.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "client/client.h"
#include "display/announcer.h"
#include "display/board/board.h"
#include "display/not_serving.h"
#include "display/screen/assets.h"
#include "display/screen/pairing_page.h"
#include "display/screen/window.h"
#include "display/view/lobby.h"
#include "quarter/check.h"
#include "quarter/log.h"

enum { PATH_BYTES = 4096, WINDOWED_WIDTH = 1280, WINDOWED_HEIGHT = 720 };

struct app {
    const struct app_options *options;
    char assets[PATH_BYTES];
    struct window *window;
    struct announcer *announcer; /* NULL: silent */
    struct client *client;
    struct board *board;
    struct ui *ui;
    struct site_info *site; /* NULL: not heard yet */
    struct catalogue *words;
    char language[QUARTER_CODE_MAX + 1];
    struct client_pairing pairing;
};

/* A language without words of its own is shown in English, and that is said once. */
static void speak(struct app *app, const char *language)
{
    struct catalogue *words = NULL;
    char error[256];
    if (strcmp(app->language, language) == 0)
        return;
    snprintf(app->language, sizeof app->language, "%s", language);
    if (catalogue_open(app->assets, language, &words, error, sizeof error) != STATUS_OK)
        log_warning("display", "no words in this language, showing English language=%s why=\"%s\"",
                    language, error);
    catalogue_destroy(app->words);
    app->words = words;
}

static enum theme_kind theme_of(const struct app *app)
{
    enum theme_kind kind = THEME_DARK;
    if (app->options->has_theme)
        return app->options->theme;
    const struct site_device *display =
        app->site == NULL ? NULL : site_info_find_display(app->site, app->options->display);
    if (display != NULL)
        (void)theme_kind_from_name(display->theme, &kind);
    return kind;
}

static bool is_named(const struct app *app)
{
    return app->site == NULL || site_info_find_display(app->site, app->options->display) != NULL;
}

static void take_site(struct app *app, struct site_info *site)
{
    announcer_take_site(app->announcer, site);
    site_info_destroy(app->site);
    app->site = site;
    if (!is_named(app))
        log_error("display", "the site's file does not name this display code=%s",
                  app->options->display);
    window_set_theme(app->window, theme_of(app), site->brand[0] == '\0' ? NULL : site->brand);
    if (app->options->language == NULL)
        speak(app, site->languages[0].code);
}

static void take_message(struct app *app, struct client_message *message)
{
    switch (message->type) {
    case CLIENT_SITE:
        take_site(app, message->site);
        message->site = NULL;
        break;
    case CLIENT_BOARD:
        board_take_view(app->board, message->board, message->board->clock.heard_at_ms);
        break;
    case CLIENT_CLOCK: board_take_clock(app->board, &message->clock); break;
    case CLIENT_PAIRING: app->pairing = message->of.pairing; break;
    case CLIENT_TICKET: /* a display issues nothing, and calls nobody */
    case CLIENT_REFUSED:
    case CLIENT_HELP:
    case CLIENT_RETRYING:
    case CLIENT_ONLINE: /* the board counts from the last news; the client logs both */
    case CLIENT_OFFLINE: break;
    }
    client_message_clear(message);
}

static void show_for_staff(struct app *app, const struct board_picture *picture, int64_t now_ms)
{
    const struct not_serving display = {.what = "display",
                                        .code = app->options->display,
                                        .folder = app->options->cache_dir,
                                        .server_key = app->options->server_key,
                                        .words = app->words,
                                        .clock = picture->clock,
                                        .size_px = TYPE_DISPLAY_NOTICE,
                                        .window = app->window};
    if (app->pairing.state != CLIENT_PAIRING_NONE)
        not_serving_lay_pairing(&display, &app->pairing, now_ms, app->ui);
    else
        not_serving_lay_unnamed(&display, app->site->displays, app->site->display_count, app->ui);
    (void)window_show(app->window, app->ui);
}

/* Else a page for staff is in the lobby's place, and nothing is said that is not shown. */
static bool shows_lobby(const struct app *app)
{
    return app->pairing.state == CLIENT_PAIRING_NONE && is_named(app);
}

static void show(struct app *app, const struct board_picture *picture, int64_t now_ms)
{
    if (!shows_lobby(app)) {
        show_for_staff(app, picture, now_ms);
        return;
    }
    struct lobby lobby = {
        .picture = picture,
        .site = app->site,
        .words = app->words,
        .language = app->language,
        .kit = window_kit(app->window),
        .width = window_width(app->window),
        .height = window_height(app->window),
        .device =
            app->site != NULL ? site_info_find_display(app->site, app->options->display) : NULL,
        .tells_own_language = true,
    };
    lobby_fill(app->ui, &lobby);
    (void)window_show(app->window, app->ui);
}

/* The picture first, then at once its chime and its words: all name the same call, so that the next one waits until this
 * one is said. Returns what the picture took for now. */
static int64_t step(struct app *app)
{
    struct client_message message;
    struct board_call announced;
    struct board_picture picture;
    while (client_poll(app->client, &message))
        take_message(app, &message);
    int64_t now_ms = client_monotonic_ms();
    bool silent = !announcer_is_busy(app->announcer, now_ms);
    bool turn = silent && board_advance(app->board, now_ms, &announced);
    bool note = silent && !turn && board_take_note(app->board, now_ms);
    board_picture(app->board, app->site, now_ms, &picture);
    show(app, &picture, now_ms);
    if (!shows_lobby(app))
        return now_ms;
    if (note) {
        log_info("display", "a longer wait is announced");
        announcer_delays(app->announcer, &picture, now_ms);
    }
    if (turn) {
        log_info("display", "call number=%s counter=%s announcement=%d", announced.number,
                 announced.counter, (int)announced.announcement);
        announcer_call(app->announcer, &announced, now_ms);
    }
    return now_ms;
}

static void run(struct app *app)
{
    for (;;) {
        /* Counted from the picture: what falls due while it is drawn (old news, a turn) would else wait for the next
         * thing that happens. */
        int64_t shown_ms = step(app);
        int64_t until_ms = shown_ms + board_sleep_ms(app->board, shown_ms);
        if (app->pairing.state == CLIENT_PAIRING_SHOWS &&
            pairing_page_wake_ms(app->pairing.until_ms, shown_ms) < until_ms)
            until_ms = pairing_page_wake_ms(app->pairing.until_ms, shown_ms);
        int64_t left_ms = until_ms - client_monotonic_ms();
        if (window_wait(app->window, left_ms > 0 ? (int)left_ms : 0).kind == WINDOW_QUIT)
            return;
    }
}

static void on_wake(void *context)
{
    window_wake(context);
}

static int open_window(struct app *app)
{
    const struct app_options *options = app->options;
    char error[512] = "";
    if (assets_find(options->assets, app->assets, sizeof app->assets) != STATUS_OK) {
        fprintf(stderr, "display: no installed files in %s; say where with --assets\n",
                app->assets);
        return EXIT_CONFIGURATION;
    }
    bool small = options->windowed && options->width == 0;
    struct window_options wanted = {
        .title = "Quarter display",
        .width = small ? WINDOWED_WIDTH : options->width,
        .height = small ? WINDOWED_HEIGHT : options->height,
        .windowed = options->windowed,
        .assets_dir = app->assets,
        .theme = theme_of(app),
        .dump_dir = options->dump_dir,
    };
    if (window_create(&wanted, &app->window, error, sizeof error) == STATUS_OK)
        return EXIT_FINE;
    fprintf(stderr, "display: %s\n", error);
    return EXIT_FAILED;
}

/* A display that cannot be heard still shows; one whose options cannot be does not start. */
static int open_announcer(struct app *app)
{
    const struct announcer_options options = {.assets = app->assets,
                                              .speech = app->options->speech,
                                              .phrases = app->options->phrases,
                                              .log = app->options->sound_log,
                                              .done = on_wake,
                                              .context = app->window};
    if (app->options->mute)
        return EXIT_FINE;
    return announcer_create(&options, &app->announcer) == STATUS_INVALID ? EXIT_USAGE : EXIT_FINE;
}

static int open_client(struct app *app)
{
    struct client_options options = {
        .base_url = app->options->server,
        .board_id = app->options->display,
        .cache_dir = app->options->cache_dir,
        .kind = "display",
        .keep_dir = app->options->cache_dir,
        .server_key = app->options->server_key,
        .agent = "quarter-display/" QUARTER_VERSION,
        .wake = on_wake,
        .wake_context = app->window,
    };
    if (options.cache_dir != NULL) /* fails when it is there; the cache says what else is wrong */
        (void)mkdir(options.cache_dir, 0700);
    enum status status = client_create(&options, &app->client);
    if (status == STATUS_OK)
        return EXIT_FINE;
    fprintf(stderr, "display: --server %s or --display %s: %s\n", app->options->server,
            app->options->display, status_text(status));
    return status == STATUS_INVALID ? EXIT_USAGE : EXIT_FAILED;
}

static void app_close(struct app *app)
{
    client_destroy(app->client);       /* first: its thread wakes the window */
    announcer_destroy(app->announcer); /* so does its own */
    window_destroy(app->window);
    ui_destroy(app->ui);
    board_destroy(app->board);
    catalogue_destroy(app->words);
    site_info_destroy(app->site);
}

int app_run(const struct app_options *options)
{
    struct app app = {.options = options};
    int code = open_window(&app);
    if (code == EXIT_FINE) {
        app.ui = ui_create();
        app.board = board_create(client_monotonic_ms());
        CHECK(app.board != NULL);
        code = open_announcer(&app);
        speak(&app, options->language == NULL ? "en" : options->language);
    }
    if (code == EXIT_FINE)
        code = open_client(&app);
    if (code == EXIT_FINE)
        run(&app);
    app_close(&app);
    return code;
}
