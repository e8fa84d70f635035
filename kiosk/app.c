/* See app.h. One loop on the main thread, which owns SDL and all state; the client's, the touchscreens' and the printer's
 * threads only wake it. Each turn: take the news, let the journey answer, do what it asks, show what changed, sleep until
 * the next thing can happen. */
#include "app.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "answers.h"
#include "client/client.h"
#include "display/screen/assets.h"
#include "display/screen/window.h"
#include "input/input.h"
#include "journey/journey.h"
#include "paper.h"
#include "press.h"
#include "quarter/check.h"
#include "quarter/log.h"
#include "slip.h"
#include "view/site_map.h"
#include "view/view.h"
#include "view/words.h"

enum {
    PATH_BYTES = 4096,
    SECOND_MS = 1000,
    MINUTE_MS = 60000,
    REDRAW_MS = 50, /* between pictures of mere news: in a busy lobby there is always some */
};

struct app {
    const struct app_options *options;
    char assets[PATH_BYTES];
    struct window *window;
    struct client *client;
    struct input *input;
    struct paper *paper;
    struct ui *ui;
    struct site_info *site;      /* in use */
    struct site_info *next_site; /* waits until nobody is here */
    struct board_view *board;
    struct client_clock clock;
    struct catalogue *words[QUARTER_LANGUAGES_MAX]; /* of the site's languages; NULL: English */
    struct catalogue *starting_words;               /* before there is a site */
    struct journey journey;
    struct journey_site map;
    char slip[QUARTER_ULID_LEN + 1]; /* the ticket last handed to the printer */
    struct press press;
    int64_t shown_ms; /* what the last picture took for now */
    int64_t drawn_ms; /* when it was done */
    bool touched;     /* a finger did something the picture shows: draw at once */
};

static void take_input(struct app *app, const struct journey_input *input);

/* ---- the site and its words --------------------------------------------------------------------------------------- */

static struct catalogue *open_words(const struct app *app, const char *language)
{
    struct catalogue *words = NULL;
    char error[256];
    if (catalogue_open(app->assets, language, &words, error, sizeof error) != STATUS_OK)
        log_warning("kiosk", "interface words in English instead: %s", error);
    return words;
}

static void close_words(struct app *app)
{
    for (int i = 0; i < QUARTER_LANGUAGES_MAX; i++) {
        catalogue_destroy(app->words[i]);
        app->words[i] = NULL;
    }
}

static enum theme_kind theme_of(const struct app *app)
{
    enum theme_kind kind = THEME_LIGHT;
    const struct site_device *kiosk =
        app->site != NULL ? site_info_find_kiosk(app->site, app->options->kiosk) : NULL;
    if (app->options->theme_given)
        return app->options->theme;
    if (kiosk != NULL)
        (void)theme_kind_from_name(kiosk->theme, &kind);
    return kind;
}

static void adopt_site(struct app *app)
{
    CHECK(app->next_site != NULL);
    site_info_destroy(app->site);
    app->site = app->next_site;
    app->next_site = NULL;
    app->map = site_map(app->site);
    close_words(app);
    for (int i = 0; i < app->site->language_count; i++)
        app->words[i] = open_words(app, app->site->languages[i].code);
    window_set_theme(app->window, theme_of(app), app->site->brand);
    if (site_info_find_kiosk(app->site, app->options->kiosk) == NULL)
        log_warning("kiosk", "the site has no such kiosk code=%s", app->options->kiosk);
    log_info("kiosk", "site adopted hash=%.12s languages=%d groups=%d", app->site->hash,
             app->site->language_count, app->site->group_count);
}

static int language_shown(const struct app *app)
{
    if (app->journey.language >= 0)
        return app->journey.language;
    int own = app->options->language != NULL
                  ? site_info_find_language(app->site, app->options->language)
                  : 0;
    return own >= 0 ? own : 0;
}

/* ---- effects ------------------------------------------------------------------------------------------------------ */

static void issue(struct app *app)
{
    const struct journey *j = &app->journey;
    struct issue_request *request = calloc(1, sizeof *request);
    CHECK(request != NULL);
    snprintf(request->key, sizeof request->key, "%s", j->key);
    snprintf(request->service, sizeof request->service, "%s", app->site->services[j->service].code);
    snprintf(request->language, sizeof request->language, "%s",
             app->site->languages[language_shown(app)].code);
    snprintf(request->device, sizeof request->device, "%s", app->options->kiosk);
    for (int i = 0; i < app->site->need_count; i++)
        if ((j->needs >> i & 1) != 0)
            snprintf(request->needs[request->need_count++], sizeof request->needs[0], "%s",
                     app->site->needs[i].code);
    enum status status = client_issue(app->client, request);
    free(request);
    if (status == STATUS_OK)
        return;
    log_error("kiosk", "a ticket could not be asked for: %s", status_text(status));
    struct journey_input refused = {.kind = INPUT_REFUSED, .problem = PROBLEM_REFUSED};
    memcpy(refused.key, j->key, sizeof refused.key);
    take_input(app, &refused);
}

static void print_slip(struct app *app)
{
    int language = language_shown(app);
    const struct slip_source source = {.journey = &app->journey,
                                       .site = app->site,
                                       .words = app->words[language],
                                       .language = language,
                                       .at =
                                           client_clock_local(&app->clock, client_monotonic_ms())};
    enum status status = app->paper != NULL ? slip_print(app->paper, &source) : STATUS_UNAVAILABLE;
    if (status == STATUS_OK) {
        memcpy(app->slip, app->journey.ticket.id, sizeof app->slip);
        return;
    }
    log_warning("kiosk", "a slip was not printed: %s", status_text(status));
    struct journey_input failed = {.kind = INPUT_JOB, .job = JOB_FAILED};
    memcpy(failed.ticket.id, app->journey.ticket.id, sizeof failed.ticket.id);
    take_input(app, &failed);
}

/* A slip that comes out after its visitor has gone is somebody else's puzzle. */
static void drop_slip(struct app *app, const struct journey *before)
{
    bool left = before->page == PAGE_DONE && app->journey.page != PAGE_DONE;
    bool handed_over = app->slip[0] != '\0' && strcmp(before->ticket.id, app->slip) == 0;
    if (left && handed_over && before->job != JOB_PRINTED)
        paper_cancel(app->paper, app->slip);
    if (left)
        app->slip[0] = '\0';
}

static void take_input_of(struct app *app, const struct journey_input *input, int64_t at_ms)
{
    const struct journey before = app->journey;
    struct journey_step step = journey_next(&before, &app->map, input, at_ms);
    app->journey = step.journey;
    if (before.page != step.journey.page || before.asking != step.journey.asking)
        log_info("kiosk", "page %s -> %s", kiosk_view_page(&before),
                 kiosk_view_page(&app->journey));
    drop_slip(app, &before);
    if (step.effects & EFFECT_CANCEL)
        client_cancel(app->client, step.cancel_key);
    if (step.effects & EFFECT_ADOPT_SITE)
        adopt_site(app);
    if (step.effects & EFFECT_PRINT)
        print_slip(app);
    if (step.effects & EFFECT_ISSUE)
        issue(app);
}

static void take_input(struct app *app, const struct journey_input *input)
{
    take_input_of(app, input, client_monotonic_ms());
}

/* ---- news from the client ----------------------------------------------------------------------------------------- */

static void take_refusal(struct app *app, const struct issue_refusal *refusal)
{
    const struct journey_input input = answer_of_refusal(refusal);
    log_warning("kiosk", "ticket refused status=%d code=%s", refusal->http_status, refusal->code);
    take_input(app, &input);
}

static void take_ticket(struct app *app, const struct ticket_receipt *receipt)
{
    const struct journey_input input = answer_of_ticket(receipt);
    take_input(app, &input);
}

static void take_site(struct app *app, struct client_message *message)
{
    bool in_use = app->site != NULL && strcmp(app->site->hash, message->site->hash) == 0;
    if (in_use && app->next_site == NULL) /* else it takes back the one that waits */
        return;
    site_info_destroy(app->next_site);
    app->next_site = message->site;
    message->site = NULL;
    take_input(app, &(struct journey_input){.kind = INPUT_SITE});
}

static void take_board(struct app *app, struct client_message *message)
{
    free(app->board);
    app->board = message->board;
    message->board = NULL;
    app->clock = app->board->clock;
    take_input(app, &(struct journey_input){.kind = INPUT_DOORS, .open = app->board->open});
}

static void take_message(struct app *app, struct client_message *message)
{
    switch (message->type) {
    case CLIENT_SITE: take_site(app, message); break;
    case CLIENT_BOARD: take_board(app, message); break;
    case CLIENT_CLOCK: app->clock = message->clock; break;
    case CLIENT_TICKET: take_ticket(app, &message->of.ticket); break;
    case CLIENT_REFUSED: take_refusal(app, &message->of.refused); break;
    case CLIENT_RETRYING:
        log_info("kiosk", "asking again for a ticket attempts=%d", message->of.retrying.attempts);
        break;
    case CLIENT_ONLINE: take_input(app, &(struct journey_input){.kind = INPUT_ONLINE}); break;
    case CLIENT_OFFLINE: take_input(app, &(struct journey_input){.kind = INPUT_OFFLINE}); break;
    case CLIENT_HELP: break;
    }
}

/* ---- touches ------------------------------------------------------------------------------------------------------ */

/* Touches are taken for what is on the glass, and at the time they were made: a kiosk that lags makes nothing of them that
 * the visitor did not do. */
static const char *element_at(const struct app *app, int x, int y)
{
    const struct ui_element *element = ui_hit(app->ui, x, y);
    return element != NULL ? element->id : NULL;
}

static void finger_down(struct app *app, int x, int y, int64_t at_ms)
{
    if (!press_down(&app->press, &app->journey, element_at(app, x, y), at_ms))
        take_input_of(app, &(struct journey_input){.kind = INPUT_TOUCH, .action = ACTION_NONE},
                      at_ms);
    app->touched = true;
}

static void finger_up(struct app *app, int x, int y, int64_t at_ms)
{
    const char *id = element_at(app, x, y);
    struct journey_input input = {.kind = INPUT_TOUCH};
    if (press_up(&app->press, &app->journey, id))
        input.action = site_map_action(app->site, app->journey.question, id, &input.item);
    client_new_key(input.fresh_key);
    take_input_of(app, &input, at_ms);
    app->touched = true;
}

static void take_touch(struct app *app, const struct touch_event *event)
{
    switch (event->kind) {
    case TOUCH_DOWN: finger_down(app, event->x, event->y, event->at_ms); break;
    case TOUCH_MOVE:
        if (press_move(&app->press, element_at(app, event->x, event->y)))
            app->touched = true;
        break;
    case TOUCH_UP: finger_up(app, event->x, event->y, event->at_ms); break;
    case TOUCH_CANCEL:
        press_cancel(&app->press);
        app->touched = true;
        break;
    }
}

/* ---- the loop ----------------------------------------------------------------------------------------------------- */

static void show(struct app *app)
{
    char clock[CLIENT_HHMM_BYTES];
    int64_t now = client_monotonic_ms();
    client_clock_hhmm(&app->clock, now, clock);
    press_show(&app->press, &app->journey, now);
    int language = app->site != NULL ? language_shown(app) : 0;
    const char *starting = app->options->language != NULL ? app->options->language : "en";
    const struct catalogue *tile_words[QUARTER_LANGUAGES_MAX];
    memcpy(tile_words, app->words, sizeof tile_words);
    const struct kiosk_content content = {
        .journey = &app->journey,
        .site = app->site,
        .board = app->board,
        .words = app->site != NULL ? app->words[language] : app->starting_words,
        .language = app->site != NULL ? app->site->languages[language].code : starting,
        .tile_words = tile_words,
        .clock = clock,
        .now_ms = now,
        .pressed = app->press.id[0] != '\0' ? app->press.id : NULL,
        .theme = theme_of(app),
        .width = window_width(app->window),
        .height = window_height(app->window),
    };
    if (!kiosk_view_lay(&content, window_kit(app->window), app->ui))
        log_warning("kiosk", "a page is too full page=%s language=%s",
                    kiosk_view_page(&app->journey), content.language);
    (void)window_show(app->window, app->ui);
    app->shown_ms = now;
    app->drawn_ms = client_monotonic_ms();
    app->touched = false;
}

/* What a finger did is shown at once; news waits a little for more of its kind, so that drawing never keeps touches
 * waiting. False: it waits. */
static bool show_in_time(struct app *app)
{
    bool other_page =
        app->press.page != app->journey.page || app->press.asking != app->journey.asking;
    if (!app->touched && !other_page && client_monotonic_ms() < app->drawn_ms + REDRAW_MS)
        return false;
    show(app);
    return true;
}

/* Until the journey, the clock on the wall or the seconds of the question need a new look; counted from what is shown, so
 * that nothing falls between the picture and the sleep. */
static int sleep_ms(const struct app *app, bool shown)
{
    int64_t from = app->shown_ms;
    int64_t until = journey_wake_ms(&app->journey);
    if (client_clock_is_set(&app->clock)) {
        int64_t minute = from + MINUTE_MS - client_clock_utc_ms(&app->clock, from) % MINUTE_MS;
        until = minute < until ? minute : until;
    }
    if (app->journey.asking) {
        int64_t second = from + SECOND_MS - (from - app->journey.asked_ms) % SECOND_MS;
        until = second < until ? second : until;
    }
    if (!shown)
        until = app->drawn_ms + REDRAW_MS;
    if (until == INT64_MAX)
        return -1;
    int64_t left = until - client_monotonic_ms();
    return left <= 0 ? 0 : left > MINUTE_MS ? MINUTE_MS : (int)left;
}

static void take_news(struct app *app)
{
    struct client_message message;
    struct paper_news paper;
    while (client_poll(app->client, &message)) {
        take_message(app, &message);
        client_message_clear(&message);
    }
    while (app->paper != NULL && paper_poll(app->paper, &paper)) {
        struct journey_input input = {
            .kind = paper.is_job ? INPUT_JOB : INPUT_PAPER, .paper = paper.paper, .job = paper.job};
        memcpy(input.ticket.id, paper.ticket, sizeof input.ticket.id);
        take_input(app, &input);
    }
}

static void take_touches(struct app *app)
{
    struct input_message message;
    while (app->input != NULL && input_poll(app->input, &message))
        if (message.kind == INPUT_EVENT_TOUCH)
            take_touch(app, &message.touch);
}

static void run(struct app *app)
{
    for (;;) {
        take_touches(app); /* first: they were made on what is shown, before the news */
        take_news(app);
        take_input(app, &(struct journey_input){.kind = INPUT_TICK});
        bool shown = show_in_time(app);
        struct window_event event = window_wait(app->window, sleep_ms(app, shown));
        switch (event.kind) {
        case WINDOW_QUIT: return;
        case WINDOW_TOUCH:
            /* Full screen the touchscreens are read directly: SDL's would be the same touch twice. */
            if (app->options->windowed)
                finger_down(app, event.x, event.y, client_monotonic_ms());
            break;
        case WINDOW_RELEASE:
            if (app->options->windowed)
                finger_up(app, event.x, event.y, client_monotonic_ms());
            break;
        case WINDOW_NOTHING:
        case WINDOW_WOKEN:
        case WINDOW_KEY:
        case WINDOW_EXPOSED: break;
        }
    }
}

static void wake(void *context)
{
    window_wake(context);
}

static enum status open_devices(struct app *app)
{
    const struct app_options *options = app->options;
    const struct client_options client = {.base_url = options->server,
                                          .board_id = options->kiosk,
                                          .cache_dir = options->cache,
                                          .agent = "kiosk/" QUARTER_VERSION,
                                          .wake = wake,
                                          .wake_context = app->window};
    enum status status = client_create(&client, &app->client);
    if (status != STATUS_OK) {
        log_error("kiosk", "the client does not start server=%s: %s", options->server,
                  status_text(status));
        return status;
    }
    struct input_options input = {.touch = options->touch,
                                  .conf = input_conf_default(),
                                  .width_px = window_width(app->window),
                                  .height_px = window_height(app->window),
                                  .no_keyboards = options->windowed,
                                  .wake = wake,
                                  .wake_context = app->window};
    input.conf.calibration = options->calibration;
    status = input_create(&input, &app->input);
    if (status == STATUS_OK && options->printer_socket != NULL) {
        const struct paper_options paper = {options->printer_socket, wake, app->window};
        status = paper_create(&paper, &app->paper);
    }
    if (status != STATUS_OK)
        log_error("kiosk", "the touchscreens or the printer's line do not start: %s",
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
                                          .theme = theme_of(app),
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
    app->options = options;
    app->journey = journey_begin(client_monotonic_ms());
    app->ui = ui_create();
    if (options->cache != NULL)
        (void)mkdir(options->cache,
                    0700); /* fails when it is there; the cache says what else is wrong */
    int code = EX_CONFIG;
    if (open_window(app)) {
        enum status status = open_devices(app);
        code = status == STATUS_OK            ? EXIT_SUCCESS
               : status == STATUS_UNAVAILABLE ? EXIT_FAILURE
                                              : EX_CONFIG;
        app->starting_words = open_words(app, options->language != NULL ? options->language : "en");
    }
    if (code == EXIT_SUCCESS)
        run(app);
    paper_destroy(app->paper);
    input_destroy(app->input);
    client_destroy(app->client);
    close_words(app);
    catalogue_destroy(app->starting_words);
    site_info_destroy(app->site);
    site_info_destroy(app->next_site);
    free(app->board);
    ui_destroy(app->ui);
    window_destroy(app->window);
    free(app);
    return code;
}
