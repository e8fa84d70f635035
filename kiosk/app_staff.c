/* A kiosk that cannot serve says so in words, and what staff can do: the server does not let it in yet, or the site's file
 * does not name it; see app_parts.h. */
#include <stdio.h>

#include "app_parts.h"
#include "display/screen/pairing_page.h"
#include "display/screen/unnamed.h"

const char *app_keep_folder(const struct app *app)
{
    return app->options->state != NULL ? app->options->state : app->options->cache;
}

/* Who is being served is not interrupted: their journey knows that the server is not heard. */
static bool pairs(const struct app *app)
{
    return app->pairing.state != CLIENT_PAIRING_NONE && journey_at_rest(&app->journey);
}

bool app_tells_staff(const struct app *app)
{
    return pairs(app) || !app_is_named(app);
}

static void lay_unnamed(struct app *app, const char *clock)
{
    const char *codes[SITE_DEVICES_MAX];
    for (int i = 0; i < app->site->kiosk_count; i++)
        codes[i] = app->site->kiosks[i].code;
    const struct unnamed unnamed = {.what = "kiosk",
                                    .code = app->options->kiosk,
                                    .codes = codes,
                                    .code_count = app->site->kiosk_count,
                                    .words = app_words(app),
                                    .clock = clock,
                                    .size_px = TYPE_KIOSK_SMALL,
                                    .width = window_width(app->window),
                                    .height = window_height(app->window)};
    unnamed_lay(&unnamed, window_kit(app->window), app->ui);
}

static enum pairing_page_kind page_of(enum client_pairing_state state)
{
    switch (state) {
    case CLIENT_PAIRING_SHOWS: return PAIRING_PAGE_LETTERS;
    case CLIENT_PAIRING_OTHER_KEY: return PAIRING_PAGE_OTHER_KEY;
    case CLIENT_PAIRING_KEY_NEEDED: return PAIRING_PAGE_KEY_NEEDED;
    case CLIENT_PAIRING_NONE:
    case CLIENT_PAIRING_ASKS: break;
    }
    return PAIRING_PAGE_WAITS;
}

static void lay_pairing(struct app *app, const char *clock, int64_t now_ms)
{
    char name[CLIENT_KEPT_BYTES], path[APP_PATH_BYTES];
    const char *folder = app_keep_folder(app);
    if (folder != NULL) {
        client_kept_name("kiosk", app->options->kiosk, name);
        snprintf(path, sizeof path, "%s/%s", folder, name);
    }
    const struct pairing_page page = {
        .kind = page_of(app->pairing.state),
        .code = app->options->kiosk,
        .letters = app->pairing.letters,
        .let_in_as = app->pairing.let_in_as,
        .kept = folder != NULL && app->options->server_key == NULL ? path : NULL,
        .minutes_left = pairing_page_minutes(app->pairing.until_ms, now_ms),
        .words = app_words(app),
        .clock = clock,
        .size_px = TYPE_KIOSK_SMALL,
        .width = window_width(app->window),
        .height = window_height(app->window)};
    pairing_page_lay(&page, window_kit(app->window), app->ui);
}

void app_lay_for_staff(struct app *app, const char *clock, int64_t now_ms)
{
    if (pairs(app))
        lay_pairing(app, clock, now_ms);
    else
        lay_unnamed(app, clock);
}

int64_t app_staff_wake_ms(const struct app *app, int64_t from_ms)
{
    return pairs(app) && app->pairing.state == CLIENT_PAIRING_SHOWS
               ? pairing_page_wake_ms(app->pairing.until_ms, from_ms)
               : INT64_MAX;
}
