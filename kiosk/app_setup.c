/* The way into the setup pages and out of them; see app_parts.h. Staff hold the clock for 8 s while nobody is
 * served, or start the kiosk with --setup. */
#include <string.h>

#include "app_parts.h"
#include "slip.h"

enum { CLOCK_GRACE_PX = 40 }; /* whose touch is off needs setup the most */

static bool on_clock(const struct app *app, int x, int y)
{
    const struct ui_element *clock = ui_find(app->ui, "clock");
    return clock != NULL && rect_contains(rect_inset(clock->rect, -CLOCK_GRACE_PX), x, y);
}

void app_hold(struct app *app, bool down, int x, int y, int64_t at_ms)
{
    hold_finger(&app->hold, down, journey_at_rest(&app->journey) && on_clock(app, x, y), at_ms);
}

bool app_setup_wanted(struct app *app)
{
    return hold_take(&app->hold, client_monotonic_ms()) && journey_at_rest(&app->journey);
}

void app_setup_hear(struct app *app, const struct paper_news *news)
{
    if (app->setup == NULL)
        return;
    if (!news->is_job)
        app->setup->paper = news->paper;
    else if (strcmp(news->ticket, app->setup->slip) == 0)
        app->setup->job = news->job;
}

static bool print_test(void *context, char id[QUARTER_ULID_LEN + 1])
{
    struct app *app = context;
    if (app->paper == NULL || app->site == NULL)
        return false;
    int language = app_language(app);
    const struct slip_source source = {.site = app->site,
                                       .words = app->words[language],
                                       .language = language,
                                       .at =
                                           client_clock_local(&app->clock, client_monotonic_ms())};
    return slip_print_test(app->paper, &source, id) == STATUS_OK;
}

static void meanwhile(void *context, struct setup_place *place)
{
    struct app *app = context;
    app_take_news(app);
    app_take(app, &(struct journey_input){.kind = INPUT_TICK});
    place->theme = app_theme(app);
}

bool app_setup(struct app *app)
{
    const struct app_options *options = app->options;
    struct setup_place place = {.window = app->window,
                                .input = app->input,
                                .conf = &app->conf,
                                .given = &options->given,
                                .file_conf = &app->file_conf,
                                .folder = app_keep_folder(app),
                                .theme = app_theme(app),
                                .windowed = options->windowed,
                                .headset_in = app->journey.headset,
                                .paper = app->journey.paper,
                                .print_test = print_test,
                                .meanwhile = meanwhile,
                                .context = app};
    voice_hush(app->voice);
    press_cancel(&app->press);
    hold_end(&app->hold);
    app->setup = &place;
    bool going_on = setup_run(&place);
    app->setup = NULL;
    app_take(app, &(struct journey_input){.kind = INPUT_HEADSET, .headset = place.headset_in});
    app->touched = true; /* what is on the glass is another page's */
    return going_on;
}
