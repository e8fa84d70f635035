/* The queue and its journal, kept as one. See ledger.h; commands are in ledger_commands.c, private text in ledger_texts.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/find.h"
#include "http/ledger_parts.h"
#include "http/score_json.h"
#include "http/views.h"
#include "quarter/check.h"
#include "quarter/log.h"

static const int64_t keep_ms = INT64_C(30) * 24 * 3600 * 1000;

/* The rules of a site that was in force: today's, or one the journal kept. */
static enum status set_rules_of(struct ledger *ledger, struct engine *engine, const char *hash)
{
    if (strcmp(hash, ledger->rules->hash) == 0) {
        engine_set_rules(engine, ledger->rules);
        return STATUS_OK;
    }
    char *text = NULL;
    enum status status = store_get_site(ledger->store, hash, &text);
    if (status != STATUS_OK) {
        log_error("desk", "the journal names a site that it does not keep hash=%s", hash);
        return status == STATUS_NOT_FOUND ? STATUS_CORRUPT : status;
    }
    struct rules rules;
    struct site_report *report = site_report_create();
    status = site_rules_of_text(text, strlen(text), hash, &rules, report);
    if (status == STATUS_OK) {
        engine_set_rules(engine, &rules); /* which copies what it keeps */
    } else {
        log_error("desk", "a site of the journal cannot be read: %s", site_report_line(report, 0));
    }
    site_report_destroy(report);
    free(text);
    return status;
}

bool ledger_refers_to_site(const struct event *event)
{
    return event->type == EVENT_TICKET_ISSUED || event->type == EVENT_VISIT_RECORDED;
}

bool ledger_site_is_kept_after(const struct event *event, bool is_kept)
{
    return ledger_refers_to_site(event) || (is_kept && event->type != EVENT_SITE_APPLIED);
}

struct replaying {
    struct ledger *ledger;
    struct engine *engine;
    struct day_notes notes;
    struct today *figures;
    bool site_is_kept;
};

static enum status replay_event(void *context, const struct event *event)
{
    struct replaying *it = context;
    if (event->type == EVENT_SITE_APPLIED) {
        const enum status status = set_rules_of(it->ledger, it->engine, event->body.site.hash);
        if (status != STATUS_OK) {
            return status;
        }
    }
    day_notes_watch(&it->notes, it->engine, event);
    engine_evolve(it->engine, event);
    day_notes_take(&it->notes, it->engine, event);
    today_take(it->figures, event);
    it->site_is_kept = ledger_site_is_kept_after(event, it->site_is_kept);
    return STATUS_OK;
}

/* What was recorded before the day was opened is of no queue, but of its figures. */
static enum status replay_eve(void *context, const struct event *event)
{
    struct replaying *it = context;
    if (event->type == EVENT_VISIT_RECORDED) {
        today_take(it->figures, event);
    }
    return STATUS_OK;
}

static enum status rebuild(struct ledger *ledger)
{
    struct replaying it = {.ledger = ledger, .engine = engine_create(), .figures = today_create()};
    engine_destroy(ledger->engine);
    today_destroy(ledger->figures);
    ledger->engine = NULL;
    ledger->figures = NULL;
    engine_set_rules(it.engine, ledger->rules);
    enum status status = store_replay_eve(ledger->store, replay_eve, &it);
    if (status == STATUS_OK) {
        status = store_replay(ledger->store, replay_event, &it);
    }
    if (status != STATUS_OK) {
        engine_destroy(it.engine);
        today_destroy(it.figures);
        return status;
    }
    ledger->engine = it.engine;
    ledger->figures = it.figures;
    ledger->notes = it.notes;
    ledger->site_is_kept = it.site_is_kept;
    ledger->changed = ledger->evolved = ledger->opened_day = false;
    return STATUS_OK;
}

int64_t ledger_now_ms(const struct ledger *ledger)
{
    const int64_t now_ms = clock_now_ms(ledger->clock);
    const int64_t last_ms = engine_last_at_ms(ledger->engine);
    return now_ms > last_ms ? now_ms : last_ms;
}

/* A site that is new: its text is kept and its hash journalled, before anything else happens. */
static enum status apply_site(struct ledger *ledger, char *error, size_t error_size)
{
    if (strcmp(engine_site_hash(ledger->engine), ledger->rules->hash) == 0) {
        return STATUS_OK;
    }
    struct desk_job *job = desk_job_create(DESK_COMMAND);
    job->command.type = COMMAND_APPLY_SITE;
    (void)snprintf(job->command.actor, sizeof(job->command.actor), "site");
    enum status status = ledger_begin(ledger);
    if (status == STATUS_OK) {
        status = store_put_site(ledger->store, ledger->rules->hash, site_text(ledger->site),
                                ledger_now_ms(ledger));
        if (status == STATUS_OK) {
            status = ledger_perform(ledger, job);
        }
        if (status == STATUS_OK && job->problem != PROBLEM_NONE) {
            (void)snprintf(error, error_size, "the changed site cannot be applied: %s",
                           problem_get(job->problem)->sentence);
            store_rollback(ledger->store);
            desk_job_destroy(job);
            return STATUS_CONFLICT;
        }
        ledger->changed = true;
        const enum status committed = ledger_commit(ledger);
        status = status == STATUS_OK ? committed : status;
    }
    desk_job_destroy(job);
    if (status != STATUS_OK) {
        (void)snprintf(error, error_size, "%s", store_error(ledger->store));
    }
    return status;
}

enum status ledger_open(const struct desk_config *config, struct ledger **ledger, char *error,
                        size_t error_size)
{
    struct ledger *opened = calloc(1, sizeof(*opened));
    CHECK(opened != NULL);
    opened->site = config->site;
    opened->rules = config->rules;
    opened->clock = config->clock;
    opened->metrics = config->metrics;
    opened->visits = config->visits;
    enum status status = store_open(&config->store, &opened->store, error, error_size);
    if (status == STATUS_OK) {
        status = rebuild(opened);
        if (status != STATUS_OK) {
            (void)snprintf(error, error_size, "the journal cannot be read back (%s): %s",
                           status_text(status), store_error(opened->store));
        }
    }
    if (status == STATUS_OK) {
        clock_set_floor(opened->clock, engine_last_at_ms(opened->engine));
        status = apply_site(opened, error, error_size);
    }
    if (status != STATUS_OK) {
        ledger_close(opened);
        return status;
    }
    *ledger = opened;
    return STATUS_OK;
}

enum status ledger_change_site(struct ledger *ledger, const struct site *site,
                               const struct rules *rules, char *error, size_t error_size)
{
    if (!ledger_is_whole(ledger) && !ledger_repair(ledger)) {
        (void)snprintf(error, error_size, "the journal cannot be read just now");
        return STATUS_UNAVAILABLE;
    }
    const struct site *old_site = ledger->site;
    const struct rules *old_rules = ledger->rules;
    ledger->site = site;
    ledger->rules = rules;
    const enum status status = apply_site(ledger, error, error_size);
    if (status != STATUS_OK) {
        ledger->site = old_site;
        ledger->rules = old_rules;
        if (status != STATUS_CONFLICT) {
            (void)ledger_repair(ledger); /* it may be ahead of the journal, with the new rules */
        }
        return status;
    }
    ledger->rota.day[0] = '\0';
    return STATUS_OK;
}

void ledger_close(struct ledger *ledger)
{
    if (ledger == NULL) {
        return;
    }
    ledger_forget_texts(ledger);
    decision_free(&ledger->decision);
    engine_destroy(ledger->engine);
    today_destroy(ledger->figures);
    store_close(ledger->store);
    free(ledger);
}

enum status ledger_begin(struct ledger *ledger)
{
    ledger->event_count = 0;
    ledger->changed = ledger->evolved = ledger->opened_day = false;
    return store_begin(ledger->store);
}

uint64_t ledger_rostered(struct ledger *ledger, int64_t now_ms)
{
    uint64_t rules = rota_still_to_serve(ledger_rota(ledger), now_ms);
    for (int i = 0; i < engine_counter_count(ledger->engine); i++) {
        const struct counter *counter = engine_counter(ledger->engine, i);
        if (counter->rule >= 0 && counter->state != COUNTER_CLOSED) {
            rules |= UINT64_C(1) << counter->rule;
        }
    }
    return rules;
}

enum status ledger_commit(struct ledger *ledger)
{
    if (!ledger->changed) {
        store_rollback(ledger->store);
        return STATUS_OK;
    }
    const enum status status = store_commit(ledger->store);
    if (status == STATUS_OK) {
        ledger->changed = ledger->evolved = false;
        return STATUS_OK;
    }
    log_error("desk", "nothing of this batch was stored: %s", store_error(ledger->store));
    metrics_count_failed_commit(ledger->metrics);
    (void)ledger_repair(ledger);
    return status;
}

void ledger_undo(struct ledger *ledger)
{
    store_rollback(ledger->store);
    metrics_count_failed_commit(ledger->metrics);
    log_error("desk", "nothing of this batch was stored: %s", store_error(ledger->store));
    if (ledger->evolved) {
        (void)ledger_repair(ledger);
    }
    ledger->changed = ledger->evolved = false;
}

bool ledger_is_whole(const struct ledger *ledger)
{
    return ledger->engine != NULL;
}

bool ledger_repair(struct ledger *ledger)
{
    const enum status status = rebuild(ledger);
    if (status != STATUS_OK) {
        log_error("desk", "the journal cannot be read back: %s status=%s",
                  store_error(ledger->store), status_text(status));
        return false;
    }
    log_info("desk", "the queue was read back from the journal tickets=%zu",
             engine_ticket_count(ledger->engine));
    return true;
}

void ledger_read(struct ledger *ledger, struct desk_job *job)
{
    struct json_out out = {0};
    const struct engine *engine = ledger->engine;
    const struct view_source source = ledger_view(ledger, ledger_now_ms(ledger));
    job->http_status = 200;
    if (job->verb == DESK_TODAY) {
        job->extract = day_extract_make(&source);
        return;
    }
    if (job->verb == DESK_SCORE) {
        score_json_write(&out, ledger->waits);
    } else if (job->verb == DESK_FORECAST) {
        json_out_open(&out, '{');
        forecast_view_write(&out, &source);
        json_out_close(&out, '}');
    } else if (job->verb == DESK_FIND) {
        find_write(&out, &source, job->find);
    } else if (job->verb == DESK_TICKET) {
        const struct ticket *ticket = engine_find_ticket(engine, job->command.ticket_id);
        if (ticket == NULL) {
            job->problem = PROBLEM_UNKNOWN_TICKET;
            return;
        }
        ticket_json_receipt(&out, &source, ticket);
    } else {
        CHECK(job->verb == DESK_COUNTERS);
        json_out_open(&out, '[');
        for (int i = 0; i < engine_counter_count(engine); i++) {
            if (!engine_counter(engine, i)->retired) {
                ticket_json_counter(&out, engine, engine_counter(engine, i));
            }
        }
        json_out_close(&out, ']');
    }
    job->body = json_out_take(&out);
}

size_t ledger_event_count(const struct ledger *ledger)
{
    return ledger->event_count;
}

bool ledger_opened_day(const struct ledger *ledger)
{
    return ledger->opened_day;
}

int64_t ledger_last_seq(const struct ledger *ledger)
{
    return store_last_seq(ledger->store);
}

void ledger_tidy(struct ledger *ledger)
{
    char day[QUARTER_DAY_LEN + 1];
    const int64_t oldest_ms = ledger_now_ms(ledger) - keep_ms;
    if (store_drop_answers_before(ledger->store, oldest_ms) != STATUS_OK) {
        log_warning("desk", "old idempotency keys were not dropped: %s",
                    store_error(ledger->store));
    }
    if (store_drop_sites(ledger->store) != STATUS_OK) {
        log_warning("desk", "old sites were not dropped: %s", store_error(ledger->store));
    }
    site_local_day(ledger->site, oldest_ms, day);
    if (store_forget_days_before(ledger->store, day) != STATUS_OK) {
        log_warning("desk", "old private text was not destroyed: %s", store_error(ledger->store));
    }
}

void ledger_idle(struct ledger *ledger)
{
    store_idle(ledger->store);
}

const struct engine *ledger_engine(const struct ledger *ledger)
{
    return ledger->engine;
}

const struct day_notes *ledger_notes(const struct ledger *ledger)
{
    return &ledger->notes;
}

const struct rota *ledger_rota(struct ledger *ledger)
{
    char day[QUARTER_DAY_LEN + 1];
    (void)snprintf(day, sizeof(day), "%s", engine_day(ledger->engine));
    if (day[0] == '\0') {
        site_local_day(ledger->site, ledger_now_ms(ledger), day);
    }
    rota_set_day(&ledger->rota, ledger->site, day);
    return &ledger->rota;
}

/* Waits are those of one day's tickets and services. */
struct view_source ledger_view(const struct ledger *ledger, int64_t now_ms)
{
    const char *day = engine_day(ledger->engine);
    const struct waits *waits = ledger->waits;
    const struct waits_today *today = ledger->today;
    return (struct view_source){
        .rostered = ~UINT64_C(0),
        .engine = ledger->engine,
        .site = ledger->site,
        .notes = &ledger->notes,
        .figures = ledger->figures,
        .waits = waits != NULL && strcmp(waits->day, day) == 0 ? waits : NULL,
        .today = today != NULL && strcmp(today->day, day) == 0 ? today : NULL,
        .visits = ledger->visits,
        .now_ms = now_ms,
        .site_errors = metrics_site_errors(ledger->metrics)};
}

void ledger_set_waits(struct ledger *ledger, const struct waits *waits)
{
    ledger->waits = waits;
}

void ledger_set_today(struct ledger *ledger, const struct waits_today *today)
{
    ledger->today = today;
}

struct study_kept *ledger_load_kept(struct ledger *ledger)
{
    int64_t score_seq = 0;
    struct study_kept *kept = calloc(1, sizeof(*kept));
    CHECK(kept != NULL);
    enum status status =
        store_get_projection(ledger->store, STUDY_KNOWLEDGE, &kept->through_seq, &kept->knowledge);
    if (status == STATUS_OK) {
        status = store_get_projection(ledger->store, STUDY_SCORE, &score_seq, &kept->score);
    }
    if (status != STATUS_OK && status != STATUS_NOT_FOUND) {
        log_warning("desk", "what was learned cannot be read; it is learned again: %s",
                    store_error(ledger->store));
    }
    return kept;
}

void ledger_keep(struct ledger *ledger, const struct study_kept *kept)
{
    enum status status = store_begin(ledger->store);
    if (status == STATUS_OK) {
        status = store_put_projection(ledger->store, STUDY_KNOWLEDGE, kept->through_seq,
                                      kept->knowledge);
        if (status == STATUS_OK) {
            status =
                store_put_projection(ledger->store, STUDY_SCORE, kept->through_seq, kept->score);
        }
        const enum status committed = store_commit(ledger->store);
        status = status == STATUS_OK ? committed : status;
    }
    if (status != STATUS_OK) {
        log_warning("desk", "what was learned was not stored: %s", store_error(ledger->store));
    }
}
