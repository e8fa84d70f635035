/* The site in use, the words of its languages, and how they are shown; see app_parts.h. */
#include "app_parts.h"
#include "quarter/check.h"
#include "quarter/log.h"
#include "view/site_map.h"

struct catalogue *app_open_words(const struct app *app, const char *language)
{
    struct catalogue *words = NULL;
    char error[256];
    if (catalogue_open(app->assets, language, &words, error, sizeof error) != STATUS_OK)
        log_warning("kiosk", "interface words in English instead: %s", error);
    return words;
}

void app_close_words(struct app *app)
{
    for (int i = 0; i < QUARTER_LANGUAGES_MAX; i++) {
        catalogue_destroy(app->words[i]);
        app->words[i] = NULL;
    }
}

enum theme_kind app_theme(const struct app *app)
{
    enum theme_kind kind = THEME_LIGHT;
    if (app->journey.contrast)
        return THEME_CONTRAST;
    if (app->options->theme_given)
        return app->options->theme;
    const struct site_device *kiosk =
        app->site != NULL ? site_info_find_kiosk(app->site, app->options->kiosk) : NULL;
    if (kiosk != NULL)
        (void)theme_kind_from_name(kiosk->theme, &kind);
    return kind;
}

const struct catalogue *app_words(const struct app *app)
{
    return app->site != NULL ? app->words[app_language(app)] : app->starting_words;
}

bool app_is_named(const struct app *app)
{
    return app->site == NULL || site_info_find_kiosk(app->site, app->options->kiosk) != NULL;
}

void app_adopt_site(struct app *app)
{
    CHECK(app->next_site != NULL);
    site_info_destroy(app->site);
    app->site = app->next_site;
    app->next_site = NULL;
    app->map = site_map(app->site);
    app_close_words(app);
    for (int i = 0; i < app->site->language_count; i++)
        app->words[i] = app_open_words(app, app->site->languages[i].code);
    app->theme = app_theme(app);
    window_set_theme(app->window, app->theme, app->site->brand);
    if (!app_is_named(app))
        log_error("kiosk", "the site's file does not name this kiosk code=%s", app->options->kiosk);
    log_info("kiosk", "site adopted hash=%.12s languages=%d groups=%d", app->site->hash,
             app->site->language_count, app->site->group_count);
}

int app_language_of(const struct app *app, int language)
{
    if (language >= 0)
        return language;
    int own = app->options->language != NULL
                  ? site_info_find_language(app->site, app->options->language)
                  : 0;
    return own >= 0 ? own : 0;
}

int app_language(const struct app *app)
{
    return app_language_of(app, app->journey.language);
}
