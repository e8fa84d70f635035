/* Visits and help calls. See errands.h. */
#include "errands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"
#include "quarter/log.h"
#include "reports.h"

struct errands {
    struct errands_config config;
    char *visits_url, *help_url, *cancel_url, *device;
    struct post visit, help;
    bool help_wanted; /* what the help post is about */
    struct reports *reports;
};

static bool make_urls(struct errands *errands)
{
    const struct errands_config *config = &errands->config;
    if (asprintf(&errands->visits_url, "%s/api/visits", config->base_url) < 0)
        errands->visits_url = NULL;
    if (asprintf(&errands->help_url, "%s/api/help", config->base_url) < 0)
        errands->help_url = NULL;
    if (config->device == NULL)
        return errands->visits_url != NULL && errands->help_url != NULL;
    if (asprintf(&errands->cancel_url, "%s/api/help/%s/cancel", config->base_url, config->device) <
        0)
        errands->cancel_url = NULL;
    errands->device = strdup(config->device);
    return errands->visits_url != NULL && errands->help_url != NULL &&
           errands->cancel_url != NULL && errands->device != NULL;
}

struct errands *errands_create(const struct errands_config *config)
{
    struct errands *errands = calloc(1, sizeof *errands);
    if (errands == NULL)
        return NULL;
    errands->config = *config;
    errands->visit.due_at_ms = errands->help.due_at_ms = POST_NEVER;
    errands->reports = reports_create(&(struct reports_config){.mailbox = config->mailbox,
                                                               .multi = config->multi,
                                                               .access = config->access,
                                                               .base_url = config->base_url,
                                                               .device = config->device});
    if (errands->reports == NULL || !make_urls(errands)) {
        errands_destroy(errands);
        return NULL;
    }
    return errands;
}

void errands_destroy(struct errands *errands)
{
    if (errands == NULL)
        return;
    post_reset(&errands->visit, errands->config.multi);
    post_reset(&errands->help, errands->config.multi);
    reports_destroy(errands->reports);
    free(errands->visits_url);
    free(errands->help_url);
    free(errands->cancel_url);
    free(errands->device);
    free(errands);
}

static void look_for_visit(struct errands *errands, int64_t now_ms)
{
    struct visit_request request;
    if (errands->visit.body != NULL || !mailbox_first_visit(errands->config.mailbox, &request))
        return;
    char *body = wire_write_visit(&request);
    CHECK(body != NULL); /* client_visit() has checked the request */
    post_start(&errands->visit, body, request.key, now_ms);
}

/* Each wish is a command of its own; one that is under way may or may not have arrived, and either
 * way the next one says what holds. */
static void look_for_help(struct errands *errands, int64_t now_ms)
{
    struct help_wish wish;
    char key[CLIENT_KEY_BYTES];
    if (!mailbox_take_help(errands->config.mailbox, &wish))
        return;
    CHECK(errands->device != NULL); /* client_help() refuses without one */
    post_reset(&errands->help, errands->config.multi);
    char *body = wish.wanted ? wire_write_help(errands->device, wish.language) : strdup("{}");
    CHECK(body != NULL);
    client_new_key(key);
    errands->help_wanted = wish.wanted;
    post_start(&errands->help, body, key, now_ms);
}

void errands_look(struct errands *errands, int64_t now_ms)
{
    const struct errands_config *config = &errands->config;
    look_for_visit(errands, now_ms);
    look_for_help(errands, now_ms);
    reports_look(errands->reports, now_ms);
    if (post_is_due(&errands->visit, now_ms))
        (void)post_begin(&errands->visit, config->multi, errands->visits_url, config->access);
    if (post_is_due(&errands->help, now_ms))
        (void)post_begin(&errands->help, config->multi,
                         errands->help_wanted ? errands->help_url : errands->cancel_url,
                         config->access);
}

void errands_pause(struct errands *errands, int64_t now_ms)
{
    post_pause(&errands->visit, errands->config.multi, now_ms);
    post_pause(&errands->help, errands->config.multi, now_ms);
    reports_pause(errands->reports, now_ms);
}

static void log_refusal(const struct post *post, const char *what, long http)
{
    struct issue_refusal refusal = {.http_status = (int)http};
    if (post->exchange.answer != NULL)
        wire_read_problem(post->exchange.answer, post->exchange.length, &refusal);
    log_warning("client", "%s was refused status=%ld code=%s", what, http, refusal.code);
}

static bool visit_ended(struct errands *errands, CURLcode result)
{
    long http = 0;
    enum post_verdict verdict = post_judge(&errands->visit, result, &http);
    if (verdict == POST_AGAIN) {
        post_retry(&errands->visit, errands->config.multi, http);
        return http != 0;
    }
    if (verdict == POST_REFUSED)
        log_refusal(&errands->visit, "a visit", http);
    post_reset(&errands->visit, errands->config.multi);
    mailbox_drop_visit(errands->config.mailbox);
    return true;
}

static bool help_ended(struct errands *errands, CURLcode result)
{
    struct mailbox *mailbox = errands->config.mailbox;
    long http = 0;
    enum post_verdict verdict = post_judge(&errands->help, result, &http);
    if (verdict == POST_AGAIN) {
        post_retry(&errands->help, errands->config.multi, http);
        if (errands->help.attempts == 1)
            mailbox_post_help(mailbox, CLIENT_HELP_RETRYING);
        return http != 0;
    }
    if (verdict == POST_REFUSED)
        log_refusal(&errands->help, errands->help_wanted ? "a help call" : "its end", http);
    post_reset(&errands->help, errands->config.multi);
    enum client_help_state done = errands->help_wanted ? CLIENT_HELP_CALLED : CLIENT_HELP_CANCELLED;
    mailbox_post_help(mailbox, verdict == POST_REFUSED ? CLIENT_HELP_REFUSED : done);
    return true;
}

bool errands_ended(struct errands *errands, const void *owner, CURLcode result, bool *heard)
{
    if (owner == &errands->visit.exchange)
        *heard = visit_ended(errands, result);
    else if (owner == &errands->help.exchange)
        *heard = help_ended(errands, result);
    else
        return reports_ended(errands->reports, owner, result, heard);
    return true;
}

static int64_t sooner(int64_t a_ms, int64_t b_ms)
{
    if (a_ms == POST_NEVER || b_ms == POST_NEVER)
        return a_ms == POST_NEVER ? b_ms : a_ms;
    return a_ms < b_ms ? a_ms : b_ms;
}

int64_t errands_due_ms(const struct errands *errands)
{
    return sooner(sooner(errands->visit.due_at_ms, errands->help.due_at_ms),
                  reports_due_ms(errands->reports));
}
