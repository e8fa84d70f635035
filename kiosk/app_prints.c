/* Tickets that somebody at a desk sends to this kiosk's printer, and what the server is told of the printer; see
 * app_parts.h. The board says what is to be printed until we tell what became of it; each has a name of its own, by
 * which the printer's spool knows it again, so that it comes out once even when this kiosk restarts meanwhile. */
#include <stdio.h>
#include <string.h>

#include "app_parts.h"
#include "quarter/log.h"
#include "slip.h"

static bool is_done(const struct app_prints *prints, const char *name)
{
    for (int i = 0; i < APP_PRINTS_MAX; i++)
        if (strcmp(prints->done[i], name) == 0)
            return true;
    return false;
}

static void finish(struct app *app, const char *name, bool printed)
{
    struct app_prints *prints = &app->prints;
    snprintf(prints->done[prints->next], sizeof prints->done[0], "%s", name);
    prints->next = (prints->next + 1) % APP_PRINTS_MAX;
    const enum status status = client_print_done(app->client, name, printed);
    if (status != STATUS_OK) /* the server waits two minutes, and takes it as failed */
        log_warning("kiosk", "the end of a print was not told: %s", status_text(status));
}

/* A printer that is away, or prints nothing just now, is no help to whoever waits for the paper. */
static bool can_print(const struct app *app)
{
    return app->paper != NULL && app->site != NULL && app->printer != PAPER_NO_PRINTER &&
           journey_paper_prints(app->printer);
}

/* It was not heard of yet. */
static bool is_unheard(const struct app *app)
{
    return app->paper != NULL && app->printer == PAPER_NO_PRINTER;
}

static void print(struct app *app, const struct board_print *wanted)
{
    if (!can_print(app)) {
        finish(app, wanted->id, false);
        return;
    }
    const int found = site_info_find_language(app->site, wanted->ticket.language);
    const int language = found >= 0 ? found : 0;
    const struct slip_source source = {.site = app->site,
                                       .words = app->words[language],
                                       .language = language,
                                       .at =
                                           client_clock_local(&app->clock, client_monotonic_ms())};
    const enum status status = slip_print_aside(app->paper, &source, wanted->id, &wanted->ticket);
    if (status != STATUS_OK) {
        log_warning("kiosk", "a ticket was not printed for the floor: %s", status_text(status));
        finish(app, wanted->id, false);
        return;
    }
    memcpy(app->prints.now, wanted->id, sizeof app->prints.now);
}

static bool is_wanted(const struct board_view *board, const char *name)
{
    for (int i = 0; i < board->print_count; i++)
        if (strcmp(board->prints[i].id, name) == 0)
            return true;
    return false;
}

void app_look_for_prints(struct app *app)
{
    struct app_prints *prints = &app->prints;
    if (app->board == NULL || is_unheard(app))
        return;
    if (prints->now[0] != '\0' && !is_wanted(app->board, prints->now)) {
        paper_cancel(app->paper, prints->now); /* nobody waits for it any more */
        prints->now[0] = '\0';
    }
    for (int i = 0; prints->now[0] == '\0' && i < app->board->print_count; i++)
        if (!is_done(prints, app->board->prints[i].id))
            print(app, &app->board->prints[i]);
}

/* What a printer without a voice calls unknown was sent to it: no more can be known. */
static bool came_out(const struct app *app, enum journey_job job)
{
    return job == JOB_PRINTED || (job == JOB_UNKNOWN && app->printer == PAPER_UNKNOWN);
}

bool app_prints_hear(struct app *app, const struct paper_news *news)
{
    struct app_prints *prints = &app->prints;
    if (!news->is_job || prints->now[0] == '\0' || strcmp(news->ticket, prints->now) != 0)
        return false;
    if (news->job == JOB_PRINTING)
        return true;
    if (news->job == JOB_FAILED) /* it may lie in the spool, held up: it shall not come out later */
        paper_cancel(app->paper, prints->now);
    finish(app, prints->now, came_out(app, news->job));
    prints->now[0] = '\0';
    app_look_for_prints(app);
    return true;
}

/* As IPP would say it (RFC 8011 5.4.12). */
static const struct {
    enum journey_paper paper;
    const char *state, *reason;
} told[] = {{PAPER_NO_PRINTER, "", ""},
            {PAPER_READY, "ready", ""},
            {PAPER_LOW, "attention", "media-low"},
            {PAPER_OUT, "stopped", "media-empty"},
            {PAPER_JAM, "stopped", "media-jam"},
            {PAPER_OPEN, "stopped", "cover-open"},
            {PAPER_GONE, "gone", ""},
            {PAPER_UNKNOWN, "ready", "state-unknown"}};

void app_tell_printer(struct app *app)
{
    for (size_t i = 0; !is_unheard(app) && i < sizeof told / sizeof told[0]; i++)
        if (told[i].paper == app->printer)
            (void)client_printer(app->client, told[i].state, told[i].reason);
}
