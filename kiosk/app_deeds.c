/* What the journey asks the world for; see app_parts.h. */
#include <stdlib.h>
#include <string.h>

#include "answers.h"
#include "app_parts.h"
#include "display/screen/text.h"
#include "quarter/check.h"
#include "quarter/log.h"
#include "slip.h"

static void issue(struct app *app)
{
    struct issue_request *request = calloc(1, sizeof *request);
    CHECK(request != NULL);
    request_of_journey(&app->journey, app->site, app->site->languages[app_language(app)].code,
                       app->options->kiosk, request);
    enum status status = client_issue(app->client, request);
    explicit_bzero(request, sizeof *request);
    free(request);
    if (status == STATUS_OK)
        return;
    log_error("kiosk", "a ticket could not be asked for: %s", status_text(status));
    struct journey_input refused = {.kind = INPUT_REFUSED, .problem = PROBLEM_REFUSED};
    memcpy(refused.key, app->journey.key, sizeof refused.key);
    app_take(app, &refused);
}

static void record(struct app *app, const struct journey_visit *visit)
{
    int language = app_language_of(app, visit->language);
    const struct visit_request request = request_of_visit(
        visit, app->site, app->site->languages[language].code, app->options->kiosk);
    enum status status = client_visit(app->client, &request);
    if (status != STATUS_OK)
        log_warning("kiosk", "a visit was not recorded: %s", status_text(status));
}

static void call_help(struct app *app, bool wanted)
{
    const char *language = app->site != NULL ? app->site->languages[app_language(app)].code : "";
    enum status status = client_help(app->client, wanted, language);
    if (status == STATUS_OK)
        return;
    log_error("kiosk", "nobody could be called to the kiosk: %s", status_text(status));
    if (wanted)
        app_take(app, &(struct journey_input){.kind = INPUT_HELP, .help = HELP_FAILED});
}

static void print(struct app *app,
                  enum status (*slip)(struct paper *paper, const struct slip_source *source))
{
    int language = app_language(app);
    const struct slip_source source = {.journey = &app->journey,
                                       .site = app->site,
                                       .words = app->words[language],
                                       .language = language,
                                       .at =
                                           client_clock_local(&app->clock, client_monotonic_ms())};
    enum status status = app->paper != NULL ? slip(app->paper, &source) : STATUS_UNAVAILABLE;
    if (status == STATUS_OK) {
        memcpy(app->slip, app->journey.slip, sizeof app->slip);
        return;
    }
    log_warning("kiosk", "a slip was not printed: %s", status_text(status));
    struct journey_input failed = {.kind = INPUT_JOB, .job = JOB_FAILED};
    memcpy(failed.ticket.id, app->journey.slip, sizeof failed.ticket.id);
    app_take(app, &failed);
}

/* A slip that comes out after its visitor has gone is somebody else's puzzle. */
static void drop_slip(struct app *app, const struct journey *before)
{
    if (before->slip[0] == '\0' || strcmp(before->slip, app->journey.slip) == 0)
        return;
    bool handed_over = strcmp(before->slip, app->slip) == 0;
    if (handed_over && before->job != JOB_PRINTED)
        paper_cancel(app->paper, app->slip);
    app->slip[0] = '\0';
}

void app_leave(struct app *app)
{
    bool handed_over = app->slip[0] != '\0' && strcmp(app->journey.slip, app->slip) == 0;
    if (app->paper != NULL && handed_over && app->journey.job != JOB_PRINTED)
        paper_cancel(app->paper, app->slip);
}

/* Nothing of the visit is left for whoever looks into the memory later. The next picture overwrites the page. */
static void forget(struct app *app)
{
    voice_forget(app->voice);
    if (app->input != NULL)
        input_forget(app->input);
    text_set_private(window_kit(app->window)->text, false);
    text_forget_private(window_kit(app->window)->text);
    ui_begin(app->ui, &(struct ui_page){.name = "", .language = "en"});
    app->touched = true; /* draw at once */
}

void app_do(struct app *app, const struct journey *before, const struct journey_step *step)
{
    if (step->effects & EFFECT_FORGET)
        forget(app);
    if (step->effects & EFFECT_HUSH)
        voice_hush(app->voice);
    drop_slip(app, before);
    if (step->effects & EFFECT_CANCEL)
        client_cancel(app->client, step->cancel_key);
    if (step->effects & EFFECT_VISIT)
        record(app, &step->visit);
    if (step->effects & EFFECT_ADOPT_SITE)
        app_adopt_site(app);
    if (step->effects & EFFECT_HELP)
        call_help(app, true);
    if (step->effects & EFFECT_HELP_CANCEL)
        call_help(app, false);
    if (step->effects & (EFFECT_PRINT | EFFECT_PRINT_AGAIN))
        print(app, slip_print);
    if (step->effects & EFFECT_PRINT_SIGNPOST)
        print(app, slip_print_signpost);
    if (step->effects & EFFECT_ISSUE)
        issue(app);
}
