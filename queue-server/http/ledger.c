/* The queue and its journal, kept as one. See ledger.h. */
#include "http/ledger.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/command_answer.h"
#include "http/find.h"
#include "http/score_json.h"
#include "http/telling.h"
#include "http/ticket_json.h"
#include "http/views.h"
#include "http/visit_json.h"
#include "quarter/check.h"
#include "quarter/log.h"
#include "store/ulid.h"

static const int64_t keep_ms = INT64_C(30) * 24 * 3600 * 1000;

/* Reading private text means decrypting it; a view is built up to 20 times a second. */
struct texts_at {
    char ticket[QUARTER_ULID_LEN + 1];
    struct private_texts texts;
};

struct ledger {
    const struct site *site;
    const struct rules *rules;
    struct clock *clock;
    struct metrics *metrics;
    struct store *store;
    struct engine *engine; /* NULL: could not be rebuilt */
    struct decision decision;
    struct day_notes notes;
    struct rota rota;
    const struct waits *waits; /* NULL: nothing is known of waits */
    const struct waits_today *today;
    struct today *figures; /* of the journal as the engine is */
    const struct visits *visits;
    bool changed; /* the transaction under way wrote something */
    bool evolved; /* ... and the engine is ahead of the journal */
    bool opened_day;
    bool site_is_kept; /* for good: something of the record refers to the site in force */
    size_t event_count;
    struct texts_at at_counter[QUARTER_COUNTERS_MAX];
};

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

/* Whether this is of the record: somebody may ask years later what the service was called then. */
static bool refers_to_site(const struct event *event)
{
    return event->type == EVENT_TICKET_ISSUED || event->type == EVENT_VISIT_RECORDED;
}

/* After the event, that the site in force then is kept; before the next site, that it need not be. */
static bool is_kept_after(const struct event *event, bool is_kept)
{
    return refers_to_site(event) || (is_kept && event->type != EVENT_SITE_APPLIED);
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
    it->site_is_kept = is_kept_after(event, it->site_is_kept);
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

static int64_t engine_now(const struct ledger *ledger)
{
    const int64_t now_ms = clock_now_ms(ledger->clock);
    const int64_t last_ms = engine_last_at_ms(ledger->engine);
    return now_ms > last_ms ? now_ms : last_ms;
}

/* The event, and with the first one of the record, that its site is to be kept. */
static enum status append(struct ledger *ledger, struct event *event)
{
    enum status status = store_append(ledger->store, event);
    if (status == STATUS_OK && refers_to_site(event) && !ledger->site_is_kept) {
        status = store_keep_site(ledger->store, engine_site_hash(ledger->engine));
    }
    if (status == STATUS_OK) { /* else it is as it was, and the transaction is lost */
        ledger->site_is_kept = is_kept_after(event, ledger->site_is_kept);
    }
    return status;
}

/* Writes and evolves all events of the decision. */
static enum status take_decision(struct ledger *ledger)
{
    for (size_t i = 0; i < ledger->decision.count; i++) {
        struct event *event = &ledger->decision.events[i];
        const enum status status = append(ledger, event);
        if (status != STATUS_OK) {
            return status;
        }
        ledger->changed = ledger->evolved = true;
        ledger->event_count++;
        ledger->opened_day |= event->type == EVENT_DAY_OPENED;
        if (event->type == EVENT_SITE_APPLIED) {
            engine_set_rules(ledger->engine, ledger->rules);
        }
        day_notes_watch(&ledger->notes, ledger->engine, event);
        engine_evolve(ledger->engine, event);
        day_notes_take(&ledger->notes, ledger->engine, event);
        today_take(ledger->figures, event);
        metrics_count_event(ledger->metrics, event->type);
        if (event->type == EVENT_VISIT_RECORDED) {
            metrics_count_visit(ledger->metrics, event->body.visit.kind);
        }
    }
    return STATUS_OK;
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
                                engine_now(ledger));
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

static void forget_texts(struct texts_at *kept)
{
    free(kept->texts.answers);
    free(kept->texts.note);
    *kept = (struct texts_at){0};
}

void ledger_close(struct ledger *ledger)
{
    if (ledger == NULL) {
        return;
    }
    for (size_t i = 0; i < QUARTER_COUNTERS_MAX; i++) {
        forget_texts(&ledger->at_counter[i]);
    }
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

static struct keyed_request request_of(const struct desk_job *job)
{
    return (struct keyed_request){job->command.actor, job->key, job->body_hash};
}

/* found: the key was seen before, and the job has its answer (or its refusal). */
static enum status find_remembered(struct ledger *ledger, struct desk_job *job, bool *found)
{
    struct stored_answer answer;
    const struct keyed_request request = request_of(job);
    *found = false;
    if (job->key[0] == '\0') {
        return STATUS_OK;
    }
    const enum status status = store_find_answer(ledger->store, &request, &answer);
    if (status == STATUS_NOT_FOUND) {
        return STATUS_OK;
    }
    if (status != STATUS_OK && status != STATUS_CONFLICT) {
        return status;
    }
    *found = true;
    metrics_count_repeat(ledger->metrics);
    if (status == STATUS_CONFLICT) {
        job->problem = PROBLEM_KEY_REUSED;
        return STATUS_OK;
    }
    /* What was created is not created again: 201 only the first time. */
    job->http_status = answer.http_status == 201 ? 200 : answer.http_status;
    job->body = answer.body;
    if (answer.http_status == 204) { /* kept as an empty text */
        free(job->body);
        job->body = NULL;
    }
    return STATUS_OK;
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

/* The open one; else the calendar's, also before any was opened. */
static void day_of_record(const struct ledger *ledger, int64_t now_ms,
                          char day[QUARTER_DAY_LEN + 1])
{
    if (engine_day_is_open(ledger->engine)) {
        (void)snprintf(day, QUARTER_DAY_LEN + 1, "%s", engine_day(ledger->engine));
    } else {
        site_local_day(ledger->site, now_ms, day);
    }
}

/* What may happen while no day is open. */
static bool is_aside(enum command_type type)
{
    return type == COMMAND_RECORD_VISIT || type == COMMAND_CALL_HELP ||
           type == COMMAND_ANSWER_HELP || type == COMMAND_CANCEL_HELP;
}

static bool prepare(struct ledger *ledger, struct desk_job *job)
{
    struct command *command = &job->command;
    command->now_ms = engine_now(ledger);
    if (command->type == COMMAND_ISSUE) {
        ulid_make(command->now_ms, command->ticket_id);
        command->rostered = ledger_rostered(ledger, command->now_ms);
        const struct view_source source = ledger_view(ledger, command->now_ms);
        command->promise = telling_at_issue(&source, command);
    } else if (command->type == COMMAND_TRANSFER || command->type == COMMAND_UNPARK ||
               command->type == COMMAND_EDIT) {
        command->rostered = ledger_rostered(ledger, command->now_ms);
    } else if (command->type == COMMAND_POST_NOTICE) {
        ulid_make(command->now_ms, command->notice);
    } else if (command->type == COMMAND_APPLY_SITE) {
        command->rules = ledger->rules;
    } else if (is_aside(command->type)) {
        day_of_record(ledger, command->now_ms, command->day);
    } else if (command->type == COMMAND_OPEN_DAY) {
        site_local_day(ledger->site, command->now_ms, command->day);
        if (!clock_is_plausible(ledger->clock)) {
            job->problem = PROBLEM_CLOCK_IMPLAUSIBLE;
        }
    }
    return job->problem == PROBLEM_NONE;
}

/* What was read of this ticket is not all there is any more. */
static void forget_texts_of(struct ledger *ledger, const char *ticket)
{
    for (size_t i = 0; i < QUARTER_COUNTERS_MAX; i++) {
        if (strcmp(ledger->at_counter[i].ticket, ticket) == 0) {
            forget_texts(&ledger->at_counter[i]);
        }
    }
}

/* Of the ticket that the command was about, beside what was decided. */
static enum status keep_text(struct ledger *ledger, const struct desk_job *job)
{
    const enum command_type type = job->command.type;
    const char *kind = type == COMMAND_ISSUE      ? "answers"
                       : type == COMMAND_TRANSFER ? "note"
                       : type == COMMAND_FINISH   ? "reference"
                                                  : NULL;
    const enum event_type about = type == COMMAND_ISSUE      ? EVENT_TICKET_ISSUED
                                  : type == COMMAND_TRANSFER ? EVENT_TICKET_TRANSFERRED
                                                             : EVENT_TICKET_CLOSED;
    for (size_t i = 0; kind != NULL && i < ledger->decision.count; i++) {
        const struct event *event = &ledger->decision.events[i];
        if (event->type == about) {
            forget_texts_of(ledger, event->ticket);
            return store_put_private(ledger->store, engine_day(ledger->engine), event->ticket, kind,
                                     job->private_text);
        }
    }
    return STATUS_OK;
}

static enum status remember(struct ledger *ledger, struct desk_job *job)
{
    enum status status = STATUS_OK;
    if (job->private_text != NULL && ledger->decision.count > 0) {
        status = keep_text(ledger, job);
    }
    /* Nobody to call and nothing changed: decided anew each time. But a call for the next that made its counter ready is
     * over: were it to come again, late, it might call a second visitor. */
    const bool is_nothing = job->body == NULL && ledger->decision.count == 0;
    if (status != STATUS_OK || job->key[0] == '\0' || is_nothing) {
        return status;
    }
    ledger->changed = true;
    const struct stored_answer answer = {.http_status = job->http_status, .body = job->body};
    const struct keyed_request request = request_of(job);
    char day[QUARTER_DAY_LEN + 1];
    day_of_record(ledger, job->command.now_ms, day);
    return store_put_answer(ledger->store, &request, day, job->command.now_ms, &answer);
}

/* A phone hears neither of a visit long over nor of anything but its own. */
static bool is_unknown_to_phones(const struct ledger *ledger, const struct desk_job *job)
{
    const struct ticket *ticket = engine_find_ticket(ledger->engine, job->command.ticket_id);
    return job->of_visitor && (ticket == NULL || !visit_is_told(ticket, job->command.now_ms));
}

static void write_answer(const struct view_source *source, const struct decision *decision,
                         struct desk_job *job)
{
    if (!job->of_visitor) {
        command_answer_write(source, &job->command, decision, &job->http_status, &job->body);
        return;
    }
    struct json_out out = {0};
    visit_json_step(&out, source, engine_find_ticket(source->engine, job->command.ticket_id));
    job->body = json_out_take(&out);
    job->http_status = 200;
}

/* Staff command the counter they are at, and open one that nobody is at, which makes it theirs. What was opened before
 * people signed in is nobody's: it can be closed, and opened anew. */
static bool may_command(const struct ledger *ledger, const struct desk_job *job)
{
    const struct command *command = &job->command;
    const int index =
        job->is_bound_to_counter ? engine_find_counter(ledger->engine, command->counter) : -1;
    if (index < 0) {
        return true; /* if there is no such counter, that is what will be said */
    }
    const struct counter *counter = engine_counter(ledger->engine, index);
    if (counter->person < 0) {
        return command->type == COMMAND_OPEN_COUNTER || command->type == COMMAND_CLOSE_COUNTER;
    }
    static const char mark[] = "person:";
    return strncmp(command->actor, mark, sizeof(mark) - 1) == 0 &&
           strcmp(command->actor + sizeof(mark) - 1,
                  engine_person(ledger->engine, counter->person)) == 0;
}

enum status ledger_perform(struct ledger *ledger, struct desk_job *job)
{
    bool found = false;
    enum status status = find_remembered(ledger, job, &found);
    if (found) {
        command_answer_put_url(ledger->visits, &job->body);
    }
    if (status != STATUS_OK || found || !prepare(ledger, job)) {
        return status;
    }
    if (is_unknown_to_phones(ledger, job)) {
        job->problem = PROBLEM_NO_SUCH_VISIT;
        return STATUS_OK;
    }
    if (!may_command(ledger, job)) {
        job->problem = PROBLEM_NOT_YOUR_COUNTER;
        return STATUS_OK;
    }
    engine_decide(ledger->engine, &job->command, &ledger->decision);
    if (ledger->decision.refusal != REFUSAL_NONE) {
        job->problem = problem_of_refusal(ledger->decision.refusal);
        return STATUS_OK;
    }
    status = take_decision(ledger);
    if (status == STATUS_OK) {
        struct view_source source = ledger_view(ledger, job->command.now_ms);
        source.visits = NULL; /* what is remembered opens no visit */
        write_answer(&source, &ledger->decision, job);
        status = remember(ledger, job);
        command_answer_put_url(ledger->visits, &job->body);
    }
    return status;
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
    const struct view_source source = ledger_view(ledger, engine_now(ledger));
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
    const int64_t oldest_ms = engine_now(ledger) - keep_ms;
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
        site_local_day(ledger->site, engine_now(ledger), day);
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

static char *read_text(struct ledger *ledger, struct texts_at *kept, const char *kind)
{
    char *text = NULL;
    const enum status status =
        store_get_private(ledger->store, engine_day(ledger->engine), kept->ticket, kind, &text);
    if (status != STATUS_OK && status != STATUS_NOT_FOUND) {
        log_warning("desk", "a visitor's private text cannot be read: %s",
                    store_error(ledger->store));
        kept->ticket[0] = '\0'; /* tried again for the next view */
    }
    return text;
}

const struct private_texts *ledger_texts_at(struct ledger *ledger, int counter_index)
{
    CHECK(counter_index >= 0 && counter_index < QUARTER_COUNTERS_MAX);
    const struct engine *engine = ledger->engine;
    const struct counter *counter = engine_counter(engine, counter_index);
    struct texts_at *kept = &ledger->at_counter[counter_index];
    const char *ticket =
        counter->ticket >= 0 ? engine_ticket(engine, (size_t)counter->ticket)->id : "";
    if (strcmp(kept->ticket, ticket) == 0) {
        return &kept->texts;
    }
    forget_texts(kept);
    (void)snprintf(kept->ticket, sizeof(kept->ticket), "%s", ticket);
    if (ticket[0] != '\0') {
        kept->texts.answers = read_text(ledger, kept, "answers");
    }
    if (kept->ticket[0] != '\0') {
        kept->texts.note = read_text(ledger, kept, "note");
    }
    return &kept->texts;
}
