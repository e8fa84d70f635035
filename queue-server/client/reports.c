/* What the kiosk tells of its printer. See reports.h. */
#include "reports.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"
#include "quarter/log.h"

struct reports {
    struct mailbox *mailbox;
    CURLM *multi;
    const struct access *access;
    char *base_url, *state_url, *device;
    char *done_url; /* of the print under way */
    struct post done, state;
};

struct reports *reports_create(const struct reports_config *config)
{
    struct reports *reports = calloc(1, sizeof *reports);
    if (reports == NULL)
        return NULL;
    reports->mailbox = config->mailbox;
    reports->multi = config->multi;
    reports->access = config->access;
    reports->done.due_at_ms = reports->state.due_at_ms = POST_NEVER;
    reports->base_url = strdup(config->base_url);
    reports->device = config->device != NULL ? strdup(config->device) : NULL;
    if (asprintf(&reports->state_url, "%s/api/devices/self/state", config->base_url) < 0)
        reports->state_url = NULL;
    if (reports->base_url == NULL || reports->state_url == NULL ||
        (config->device != NULL && reports->device == NULL)) {
        reports_destroy(reports);
        return NULL;
    }
    return reports;
}

void reports_destroy(struct reports *reports)
{
    if (reports == NULL)
        return;
    post_reset(&reports->done, reports->multi);
    post_reset(&reports->state, reports->multi);
    free(reports->base_url);
    free(reports->state_url);
    free(reports->done_url);
    free(reports->device);
    free(reports);
}

static void look_for_end(struct reports *reports, int64_t now_ms)
{
    struct print_end end;
    char key[CLIENT_KEY_BYTES];
    if (reports->done.body != NULL || !mailbox_first_print(reports->mailbox, &end))
        return;
    free(reports->done_url);
    CHECK(asprintf(&reports->done_url, "%s/api/prints/%s/done", reports->base_url, end.print) > 0);
    char *body = wire_write_print_done(end.printed);
    CHECK(body != NULL);
    client_new_key(key);
    post_start(&reports->done, body, key, now_ms);
}

static void look_for_state(struct reports *reports, int64_t now_ms)
{
    struct printer_told told;
    if (!mailbox_take_printer(reports->mailbox, &told))
        return;
    CHECK(reports->device != NULL); /* client_printer() refuses without one */
    post_reset(&reports->state, reports->multi);
    char *body = wire_write_device_state(reports->device, told.state, told.reason);
    CHECK(body != NULL);
    post_start(&reports->state, body, "", now_ms);
    reports->state.put = true;
}

void reports_look(struct reports *reports, int64_t now_ms)
{
    look_for_end(reports, now_ms);
    look_for_state(reports, now_ms);
    if (post_is_due(&reports->done, now_ms))
        (void)post_begin(&reports->done, reports->multi, reports->done_url, reports->access);
    if (post_is_due(&reports->state, now_ms))
        (void)post_begin(&reports->state, reports->multi, reports->state_url, reports->access);
}

void reports_pause(struct reports *reports, int64_t now_ms)
{
    post_pause(&reports->done, reports->multi, now_ms);
    post_pause(&reports->state, reports->multi, now_ms);
}

/* Nobody waits for either: what is refused (a print that the server has forgotten, mostly) is logged and dropped. True: it
 * is over. */
static bool is_over(struct reports *reports, struct post *post, CURLcode result, const char *what,
                    bool *heard)
{
    long http = 0;
    const enum post_verdict verdict = post_judge(post, result, &http);
    *heard = http != 0;
    if (verdict == POST_AGAIN) {
        post_retry(post, reports->multi, http);
        return false;
    }
    if (verdict == POST_REFUSED)
        log_warning("client", "%s was refused status=%ld", what, http);
    post_reset(post, reports->multi);
    return true;
}

bool reports_ended(struct reports *reports, const void *owner, CURLcode result, bool *heard)
{
    if (owner == &reports->done.exchange) {
        if (is_over(reports, &reports->done, result, "the end of a print", heard))
            mailbox_drop_print(reports->mailbox);
        return true;
    }
    if (owner != &reports->state.exchange)
        return false;
    (void)is_over(reports, &reports->state, result, "the printer's state", heard);
    return true;
}

int64_t reports_due_ms(const struct reports *reports)
{
    const int64_t done_ms = reports->done.due_at_ms, state_ms = reports->state.due_at_ms;
    if (done_ms == POST_NEVER || state_ms == POST_NEVER)
        return done_ms == POST_NEVER ? state_ms : done_ms;
    return done_ms < state_ms ? done_ms : state_ms;
}
