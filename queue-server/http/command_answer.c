/* Answers to commands. See command_answer.h. */
#include "http/command_answer.h"

#include <stdlib.h>
#include <string.h>

#include "http/notice_json.h"
#include "http/ticket_json.h"
#include "http/visits.h"
#include "quarter/check.h"

static const struct ticket *ticket_at(const struct engine *engine, const struct counter *counter)
{
    return counter->ticket >= 0 ? engine_ticket(engine, (size_t)counter->ticket) : NULL;
}

static const struct counter *counter_of(const struct engine *engine, const struct command *command)
{
    const int index = engine_find_counter(engine, command->counter);
    CHECK(index >= 0);
    return engine_counter(engine, index);
}

static void write_ticket_or_null(struct json_out *out, const struct engine *engine,
                                 const struct ticket *ticket)
{
    json_out_key(out, "ticket");
    if (ticket != NULL) {
        ticket_json_at_counter(out, engine, ticket, NULL);
    } else {
        json_out_null(out);
    }
}

static void write_numbers(struct json_out *out, const struct decision *decision)
{
    CHECK(decision->count == 1 && decision->events[0].type == EVENT_NUMBERS_RESERVED);
    const struct event *event = &decision->events[0];
    json_out_open(out, '{');
    json_out_key(out, "prefix");
    json_out_string(out, event->body.reserved.prefix);
    json_out_key(out, "first");
    json_out_integer(out, event->body.reserved.first);
    json_out_key(out, "last");
    json_out_integer(out, event->body.reserved.last);
    json_out_close(out, '}');
}

/* The day's own event comes last: before it, one for each ticket that was closed with it. */
static void write_day_closed(struct json_out *out, const struct decision *decision)
{
    const struct event *event = &decision->events[decision->count - 1];
    CHECK(event->type == EVENT_DAY_CLOSED);
    json_out_open(out, '{');
    json_out_key(out, "left");
    json_out_integer(out, event->body.day_closed.left);
    json_out_key(out, "no_show");
    json_out_integer(out, event->body.day_closed.no_show);
    json_out_key(out, "unrecorded");
    json_out_integer(out, event->body.day_closed.unrecorded);
    json_out_close(out, '}');
}

static void write_text_or_null(struct json_out *out, const char *key, const char *text)
{
    json_out_key(out, key);
    json_out_string_or_null(out, text[0] != '\0' ? text : NULL);
}

/* The event is the visit: nothing else is known of it. */
static void write_visit(struct json_out *out, const struct decision *decision)
{
    CHECK(decision->count == 1 && decision->events[0].type == EVENT_VISIT_RECORDED);
    const struct event *event = &decision->events[0];
    const struct event_visit_recorded *visit = &event->body.visit;
    json_out_open(out, '{');
    json_out_key(out, "id");
    json_out_string(out, event->id);
    json_out_key(out, "kind");
    json_out_string(out, visit_kind_code(visit->kind));
    json_out_key(out, "service");
    json_out_string(out, visit->service);
    write_text_or_null(out, "signpost", visit->signpost);
    write_text_or_null(out, "language", visit->language);
    write_text_or_null(out, "avoidable", visit->avoidable);
    write_text_or_null(out, "outcome",
                       visit->kind == VISIT_RESOLVED_AT_DOOR ? outcome_code(visit->outcome) : "");
    json_out_key(out, "recorded_at");
    json_out_time(out, event->at_ms);
    json_out_close(out, '}');
}

static void write_help(struct json_out *out, const struct engine *engine,
                       const struct command *command)
{
    const struct help_call *call = engine_find_help(engine, command->device, command->now_ms);
    json_out_open(out, '{');
    json_out_key(out, "device");
    json_out_string(out, command->device);
    json_out_key(out, "since");
    json_out_time_or_null(out, call != NULL ? call->since_ms : 0);
    json_out_key(out, "answered_at");
    json_out_time_or_null(out, call != NULL ? call->answered_at_ms : 0);
    json_out_close(out, '}');
}

static void write_day_opened(struct json_out *out, const struct engine *engine)
{
    json_out_open(out, '{');
    json_out_key(out, "day");
    json_out_string(out, engine_day(engine));
    json_out_close(out, '}');
}

static void write_counter_and_ticket(struct json_out *out, const struct engine *engine,
                                     const struct counter *counter)
{
    json_out_open(out, '{');
    json_out_key(out, "counter");
    ticket_json_counter(out, engine, counter);
    write_ticket_or_null(out, engine, ticket_at(engine, counter));
    json_out_close(out, '}');
}

/* The reason stands beside the ticket too, where a script looks for it first. */
static void write_next(struct json_out *out, const struct engine *engine,
                       const struct ticket *ticket)
{
    json_out_open(out, '{');
    write_ticket_or_null(out, engine, ticket);
    ticket_json_reason(out, ticket);
    json_out_close(out, '}');
}

static bool makes_something(const struct command *command, const struct decision *decision)
{
    const enum command_type type = command->type;
    return type == COMMAND_ISSUE || type == COMMAND_RESERVE_NUMBERS ||
           type == COMMAND_RECORD_VISIT || type == COMMAND_POST_NOTICE ||
           (type == COMMAND_CALL_HELP && decision->count > 0);
}

/* Nothing, where there is nothing to tell. */
static void write_answer(struct json_out *out, const struct view_source *source,
                         const struct command *command, const struct decision *decision)
{
    const struct engine *engine = source->engine;
    switch (command->type) {
    case COMMAND_ISSUE:
    case COMMAND_LEAVE:
    case COMMAND_UNPARK:
    case COMMAND_REVIVE:
    case COMMAND_EDIT:
    case COMMAND_HOLD:
    case COMMAND_UNHOLD:
        ticket_json_receipt(out, source, engine_find_ticket(engine, command->ticket_id));
        break;
    case COMMAND_RESERVE_NUMBERS: write_numbers(out, decision); break;
    case COMMAND_RECORD_VISIT: write_visit(out, decision); break;
    case COMMAND_CALL_HELP:
    case COMMAND_ANSWER_HELP:
    case COMMAND_CANCEL_HELP: write_help(out, engine, command); break;
    case COMMAND_OPEN_DAY: write_day_opened(out, engine); break;
    case COMMAND_CLOSE_DAY: write_day_closed(out, decision); break;
    case COMMAND_NEXT: {
        const struct ticket *ticket = ticket_at(engine, counter_of(engine, command));
        if (ticket != NULL) {
            write_next(out, engine, ticket);
        }
        break;
    }
    case COMMAND_OPEN_COUNTER:
    case COMMAND_CLOSE_COUNTER:
    case COMMAND_PAUSE_COUNTER:
    case COMMAND_RECALL:
    case COMMAND_START:
    case COMMAND_FINISH:
    case COMMAND_NO_SHOW:
    case COMMAND_TRANSFER:
    case COMMAND_PARK:
    case COMMAND_TAKE_BACK:
    case COMMAND_CALL:
    case COMMAND_UNDO:
    case COMMAND_MOVE: write_counter_and_ticket(out, engine, counter_of(engine, command)); break;
    case COMMAND_POST_NOTICE:
        CHECK(decision->count == 1 && decision->events[0].type == EVENT_NOTICE_POSTED);
        notice_json_write(out, &decision->events[0].body.notice);
        break;
    case COMMAND_APPLY_SITE:
    case COMMAND_PROMISE:
    case COMMAND_DISPATCH:
    case COMMAND_WITHDRAW_NOTICE: break;
    }
}

void command_answer_put_url(const struct visits *visits, char **body)
{
    static const char start[] = "{\"id\":\"", empty[] = ",\"url\":null";
    const size_t before = sizeof(start) - 1;
    if (*body == NULL || strncmp(*body, start, before) != 0) {
        return;
    }
    char url[VISIT_URL_BYTES], ticket[QUARTER_ULID_LEN + 1] = "";
    const char *hole = strstr(*body, empty); /* no text looks so: its quotes are escaped */
    memcpy(ticket, *body + before, strnlen(*body + before, QUARTER_ULID_LEN));
    if (hole == NULL || !visits_url(visits, ticket, url)) {
        return;
    }
    struct json_out out = {0};
    json_out_part(&out, *body, (size_t)(hole - *body));
    json_out_key(&out, "url");
    json_out_string(&out, url);
    json_out_text(&out, hole + sizeof(empty) - 1);
    free(*body);
    *body = json_out_take(&out);
}

void command_answer_write(const struct view_source *source, const struct command *command,
                          const struct decision *decision, int *http_status, char **body)
{
    struct json_out out = {0};
    write_answer(&out, source, command, decision);
    if (out.length == 0) {
        *http_status = 204;
        *body = NULL;
        return;
    }
    *http_status = makes_something(command, decision) ? 201 : 200;
    *body = json_out_take(&out);
}
