/* The picture, and what is said with it; see app_parts.h. */
#include <string.h>

#include "app_parts.h"
#include "display/screen/text.h"
#include "quarter/log.h"
#include "view/view.h"

enum {
    SECOND_MS = 1000,
    MINUTE_MS = 60000,
    REDRAW_MS = 50, /* between pictures of mere news: in a busy lobby there is always some */
};

static void set_theme(struct app *app)
{
    enum theme_kind theme = app_theme(app);
    if (theme == app->theme)
        return;
    app->theme = theme;
    window_set_theme(app->window, theme, app->site != NULL ? app->site->brand : NULL);
}

static void lay(struct app *app, int64_t now)
{
    char clock[CLIENT_HHMM_BYTES];
    client_clock_hhmm(&app->clock, now, clock);
    if (app_tells_staff(app)) {
        app_lay_for_staff(app, clock, now);
        return;
    }
    int language = app->site != NULL ? app_language(app) : 0;
    const char *starting = app->options->language != NULL ? app->options->language : "en";
    const struct catalogue *tile_words[QUARTER_LANGUAGES_MAX];
    memcpy(tile_words, app->words, sizeof tile_words);
    const struct kiosk_content content = {
        .journey = &app->journey,
        .site = app->site,
        .board = app->board,
        .words = app_words(app),
        .language = app->site != NULL ? app->site->languages[language].code : starting,
        .tile_words = tile_words,
        .clock = clock,
        .now_ms = now,
        .pressed = app->press.id[0] != '\0' ? app->press.id : NULL,
        .focused = app->journey.keypad ? focus_id(&app->focus) : NULL,
        .device = app->site != NULL ? site_info_find_kiosk(app->site, app->options->kiosk) : NULL,
        .theme = app->theme,
        .width = window_width(app->window),
        .height = window_height(app->window),
    };
    if (!kiosk_view_lay(&content, window_kit(app->window), app->ui))
        log_warning("kiosk", "a page is too full page=%s language=%s",
                    kiosk_view_page(&app->journey), content.language);
}

static bool has_answer_field(const struct app *app)
{
    const struct journey *j = &app->journey;
    return j->page == PAGE_QUESTION && j->question >= 0 && j->question < app->map.questions &&
           (app->map.question[j->question].kind == QUESTION_NUMBER ||
            app->map.question[j->question].kind == QUESTION_TEXT);
}

static struct narration_source narration_of(const struct app *app)
{
    const struct journey *j = &app->journey;
    bool answer = has_answer_field(app);
    bool field = answer || j->page == PAGE_SEARCH;
    return (struct narration_source){
        .ui = app->ui,
        .focused = j->keypad ? focus_id(&app->focus) : NULL,
        .words = app_words(app),
        .listening = j->listening,
        .keypad = j->keypad,
        .headset = j->headset,
        .typed = field && !j->asking ? j->typed : NULL,
        .typed_is_private = answer,
    };
}

static void show(struct app *app)
{
    int64_t now = client_monotonic_ms();
    bool asks = app->journey.asking && !app->press.asking;
    press_show(&app->press, &app->journey, now);
    set_theme(app);
    text_set_private(window_kit(app->window)->text,
                     has_answer_field(app) || app->journey.page == PAGE_SEARCH);
    lay(app, now);
    if (!app->journey.keypad)
        focus_clear(&app->focus);
    else if (focus_look(&app->focus, app->ui, app->journey.at))
        lay(app, now);
    (void)window_show(app->window, app->ui);
    app->shown_ms = now;
    app->drawn_ms = client_monotonic_ms();
    app->touched = false;
    if (asks)
        voice_note(app->voice);
    const struct narration_source source = narration_of(app);
    voice_show(app->voice, &source);
}

void app_repeat(struct app *app)
{
    const struct narration_source source = narration_of(app);
    voice_repeat(app->voice, &source);
}

/* What a hand did is shown at once; news waits a little for more of its kind, so that drawing never keeps hands
 * waiting. */
bool app_show_in_time(struct app *app)
{
    bool other_page = !press_is_shown(&app->press, &app->journey);
    if (!app->touched && !other_page && client_monotonic_ms() < app->drawn_ms + REDRAW_MS)
        return false;
    show(app);
    return true;
}

/* Until the journey, the clock on the wall or the seconds of the question need a new look; counted from what is shown, so
 * that nothing falls between the picture and the sleep. */
int app_sleep_ms(const struct app *app, bool shown)
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
    if (voice_busy(app->voice) && from + SECOND_MS < until)
        until = from + SECOND_MS; /* the visitor's time begins when they have heard it all */
    if (app_staff_wake_ms(app, from) < until)
        until = app_staff_wake_ms(app, from);
    if (hold_due_ms(&app->hold) < until)
        until = hold_due_ms(&app->hold);
    if (!shown)
        until = app->drawn_ms + REDRAW_MS;
    if (until == INT64_MAX)
        return -1;
    int64_t left = until - client_monotonic_ms();
    return left <= 0 ? 0 : left > MINUTE_MS ? MINUTE_MS : (int)left;
}
