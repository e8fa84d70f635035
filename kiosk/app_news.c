/* What the client and the printer's line have to tell; see app_parts.h. */
#include <stdlib.h>
#include <string.h>

#include "answers.h"
#include "app_parts.h"
#include "quarter/log.h"

static void take_refusal(struct app *app, const struct issue_refusal *refusal)
{
    const struct journey_input input = answer_of_refusal(refusal);
    log_warning("kiosk", "ticket refused status=%d code=%s", refusal->http_status, refusal->code);
    app_take(app, &input);
}

static void take_ticket(struct app *app, const struct ticket_receipt *receipt)
{
    const struct journey_input input = answer_of_ticket(receipt);
    app_take(app, &input);
}

static void take_site(struct app *app, struct client_message *message)
{
    bool in_use = app->site != NULL && strcmp(app->site->hash, message->site->hash) == 0;
    if (in_use && app->next_site == NULL) /* else it takes back the one that waits */
        return;
    site_info_destroy(app->next_site);
    app->next_site = message->site;
    message->site = NULL;
    app_take(app, &(struct journey_input){.kind = INPUT_SITE});
}

/* At every sign of the server, for the journey takes no news of help that may be older than a touch. */
static void take_help(struct app *app)
{
    if (app->board == NULL)
        return;
    const struct board_help *help = &app->board->help;
    enum journey_help state = !help->called               ? HELP_NONE
                              : help->answered_at_ms != 0 ? HELP_ANSWERED
                                                          : HELP_CALLED;
    app_take(app, &(struct journey_input){.kind = INPUT_HELP, .help = state});
}

static void take_board(struct app *app, struct client_message *message)
{
    free(app->board);
    app->board = message->board;
    message->board = NULL;
    app->clock = app->board->clock;
    app_take(app, &(struct journey_input){.kind = INPUT_DOORS, .open = app->board->open});
    take_help(app);
    app_look_for_prints(app);
}

static void take_help_answer(struct app *app, enum client_help_state state)
{
    switch (state) {
    case CLIENT_HELP_CALLED:
        app_take(app, &(struct journey_input){.kind = INPUT_HELP, .help = HELP_CALLED});
        break;
    case CLIENT_HELP_REFUSED:
        app_take(app, &(struct journey_input){.kind = INPUT_HELP, .help = HELP_FAILED});
        break;
    case CLIENT_HELP_CANCELLED:
    case CLIENT_HELP_RETRYING: break; /* the journey knows, or waits */
    }
}

static void take_message(struct app *app, struct client_message *message)
{
    switch (message->type) {
    case CLIENT_SITE: take_site(app, message); break;
    case CLIENT_BOARD: take_board(app, message); break;
    case CLIENT_CLOCK:
        app->clock = message->clock;
        take_help(app);
        break;
    case CLIENT_TICKET: take_ticket(app, &message->of.ticket); break;
    case CLIENT_REFUSED: take_refusal(app, &message->of.refused); break;
    case CLIENT_RETRYING:
        log_info("kiosk", "asking again for a ticket attempts=%d", message->of.retrying.attempts);
        break;
    case CLIENT_ONLINE:
        app_take(app, &(struct journey_input){.kind = INPUT_ONLINE});
        app_tell_printer(app); /* it may be another server, or have started anew */
        break;
    case CLIENT_OFFLINE: app_take(app, &(struct journey_input){.kind = INPUT_OFFLINE}); break;
    case CLIENT_HELP: take_help_answer(app, message->of.help); break;
    case CLIENT_PAIRING: app->pairing = message->of.pairing; break;
    }
}

void app_take_news(struct app *app)
{
    struct client_message message;
    struct paper_news paper;
    while (client_poll(app->client, &message)) {
        take_message(app, &message);
        client_message_clear(&message);
    }
    while (app->paper != NULL && paper_poll(app->paper, &paper)) {
        if (app_prints_hear(app, &paper))
            continue;
        if (!paper.is_job) {
            app->printer = paper.paper;
            app_tell_printer(app);
            app_look_for_prints(app);
        }
        app_setup_hear(app, &paper);
        struct journey_input input = {.kind = paper.is_job ? INPUT_JOB : INPUT_PAPER,
                                      .paper = paper.paper,
                                      .job = paper.job,
                                      .copy = paper.copy};
        memcpy(input.ticket.id, paper.ticket, sizeof input.ticket.id);
        app_take(app, &input);
    }
}
