/* A command in the transaction that is under way: what it needs to know is filled in, it is decided, what came of it is
 * written and evolved, and its answer is kept for its key. See ledger.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/command_answer.h"
#include "http/ledger_parts.h"
#include "http/telling.h"
#include "http/visit_json.h"
#include "store/ulid.h"

/* The event, and with the first one of the record, that its site is to be kept. */
static enum status append(struct ledger *ledger, struct event *event)
{
    enum status status = store_append(ledger->store, event);
    if (status == STATUS_OK && ledger_refers_to_site(event) && !ledger->site_is_kept) {
        status = store_keep_site(ledger->store, engine_site_hash(ledger->engine));
    }
    if (status == STATUS_OK) { /* else it is as it was, and the transaction is lost */
        ledger->site_is_kept = ledger_site_is_kept_after(event, ledger->site_is_kept);
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
    command->now_ms = ledger_now_ms(ledger);
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

static enum status remember(struct ledger *ledger, struct desk_job *job)
{
    enum status status = STATUS_OK;
    if (job->private_text != NULL && ledger->decision.count > 0) {
        status = ledger_keep_text(ledger, job);
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
