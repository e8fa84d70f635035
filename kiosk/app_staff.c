/* A kiosk that cannot serve says so in words, and what staff can do: the server does not let it in yet, or the site's file
 * does not name it; see app_parts.h. */
#include "app_parts.h"
#include "display/not_serving.h"
#include "display/screen/pairing_page.h"

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

void app_lay_for_staff(struct app *app, const char *clock, int64_t now_ms)
{
    const struct not_serving kiosk = {.what = "kiosk",
                                      .code = app->options->kiosk,
                                      .folder = app_keep_folder(app),
                                      .server_key = app->options->server_key,
                                      .words = app_words(app),
                                      .clock = clock,
                                      .size_px = TYPE_KIOSK_SMALL,
                                      .window = app->window};
    if (pairs(app))
        not_serving_lay_pairing(&kiosk, &app->pairing, now_ms, app->ui);
    else
        not_serving_lay_unnamed(&kiosk, app->site->kiosks, app->site->kiosk_count, app->ui);
}

int64_t app_staff_wake_ms(const struct app *app, int64_t from_ms)
{
    return pairs(app) && app->pairing.state == CLIENT_PAIRING_SHOWS
               ? pairing_page_wake_ms(app->pairing.until_ms, from_ms)
               : INT64_MAX;
}
