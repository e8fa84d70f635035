/* Events to rows and back. The body's names are read by people, reports and other programs years
 * later: they are spelled out, carry their unit, and only ever grow. What stands in a file is not
 * trusted: every field is checked against its bounds before it becomes an event. */
#include "store/event_row.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"

enum column {
    COLUMN_SEQ,
    COLUMN_ID,
    COLUMN_DAY,
    COLUMN_AT,
    COLUMN_OCCURRED_AT,
    COLUMN_TYPE,
    COLUMN_VERSION,
    COLUMN_TICKET,
    COLUMN_COUNTER,
    COLUMN_ACTOR,
    COLUMN_BODY,
};

/* Of any instant: the end of the year 9999. What is reckoned with times from a file must not overflow. */
static const int64_t latest_ms = INT64_C(253402300799999);

static void put_text(json_t *body, const char *name, const char *text)
{
    if (text[0] != '\0')
        CHECK(json_object_set_new_nocheck(body, name, json_string_nocheck(text)) == 0);
}

static void put_number(json_t *body, const char *name, int64_t number)
{
    CHECK(json_object_set_new_nocheck(body, name, json_integer(number)) == 0);
}

static void put_flag(json_t *body, const char *name, bool flag)
{
    if (flag)
        CHECK(json_object_set_new_nocheck(body, name, json_true()) == 0);
}

static void put_instant(json_t *body, const char *name, int64_t at_ms)
{
    if (at_ms != 0)
        put_number(body, name, at_ms);
}

static void put_promise(json_t *body, const struct promise *promise)
{
    if (!promise->known)
        return;
    json_t *fields = json_object();
    put_number(fields, "p20_s", promise->p20_s);
    put_number(fields, "p50_s", promise->p50_s);
    put_number(fields, "p90_s", promise->p90_s);
    put_number(fields, "within_permille", promise->within_permille);
    put_number(fields, "as_of_ms", promise->as_of_ms);
    CHECK(json_object_set_new_nocheck(body, "promise", fields) == 0);
}

static void put_issued(json_t *body, const struct event_ticket_issued *issued)
{
    put_text(body, "service", issued->service);
    put_text(body, "prefix", issued->prefix);
    put_number(body, "number", issued->number);
    put_text(body, "language", issued->language);
    if (issued->need_count > 0) {
        CHECK(issued->need_count <= QUARTER_NEEDS_MAX);
        json_t *needs = json_array();
        for (int i = 0; i < issued->need_count; i++)
            CHECK(json_array_append_new(needs, json_string_nocheck(issued->needs[i])) == 0);
        CHECK(json_object_set_new_nocheck(body, "needs", needs) == 0);
    }
    put_text(body, "class", ticket_class_code(issued->ticket_class));
    put_number(body, "arrived_at_ms", issued->arrived_at_ms);
    put_number(body, "leg_from_ms", issued->leg_from_ms);
    put_instant(body, "appointment_ms", issued->appointment_ms);
    put_promise(body, &issued->promise);
    put_flag(body, "unconfirmed", issued->unconfirmed);
    put_flag(body, "nobody_serves", issued->nobody_serves);
    put_text(body, "avoidable", issued->avoidable);
}

static void put_called(json_t *body, const struct event_ticket_called *called)
{
    put_number(body, "announcement", called->announcement);
    put_text(body, "reason", call_reason_code(called->reason));
    put_number(body, "waited_s", called->waited_s);
    put_number(body, "waiting", called->waiting);
    put_instant(body, "appointment_ms", called->appointment_ms);
    put_number(body, "standard_s", called->standard_s);
    put_number(body, "limit_s", called->limit_s);
}

static void put_visit(json_t *body, const struct event_visit_recorded *visit)
{
    put_text(body, "kind", visit_kind_code(visit->kind));
    put_text(body, "service", visit->service);
    put_text(body, "signpost", visit->signpost);
    put_text(body, "language", visit->language);
    put_text(body, "device", visit->device);
    put_text(body, "avoidable", visit->avoidable);
}

static void put_body(json_t *body, const struct event *event)
{
    switch (event->type) {
    case EVENT_DAY_OPENED:
    case EVENT_SERVING_STARTED:
    case EVENT_COUNTER_OPENED:
    case EVENT_COUNTER_CLOSED:
    case EVENT_COUNTER_READY:
    case EVENT_COUNTER_PAUSED: break;
    case EVENT_DAY_CLOSED:
        put_number(body, "left", event->body.day_closed.left);
        put_number(body, "no_show", event->body.day_closed.no_show);
        put_number(body, "unrecorded", event->body.day_closed.unrecorded);
        break;
    case EVENT_SITE_APPLIED: put_text(body, "hash", event->body.site.hash); break;
    case EVENT_NUMBERS_RESERVED:
        put_text(body, "prefix", event->body.reserved.prefix);
        put_number(body, "first", event->body.reserved.first);
        put_number(body, "last", event->body.reserved.last);
        put_text(body, "device", event->body.reserved.device);
        break;
    case EVENT_TICKET_ISSUED: put_issued(body, &event->body.issued); break;
    case EVENT_TICKET_CALLED: put_called(body, &event->body.called); break;
    case EVENT_TICKET_RECALLED:
        put_number(body, "announcement", event->body.recalled.announcement);
        break;
    case EVENT_TICKET_CLOSED:
        put_text(body, "outcome", outcome_code(event->body.closed.outcome));
        break;
    case EVENT_TICKET_NO_SHOW: put_flag(body, "by_day_end", event->body.no_show.by_day_end); break;
    case EVENT_TICKET_LEFT: put_flag(body, "by_day_end", event->body.left.by_day_end); break;
    case EVENT_TICKET_TRANSFERRED:
        put_text(body, "service", event->body.transferred.service);
        put_number(body, "leg_from_ms", event->body.transferred.leg_from_ms);
        put_flag(body, "nobody_serves", event->body.transferred.nobody_serves);
        break;
    case EVENT_PROMISE_MADE: put_promise(body, &event->body.promise); break;
    case EVENT_VISIT_RECORDED: put_visit(body, &event->body.visit); break;
    case EVENT_HELP_CALLED:
        put_text(body, "device", event->body.help_called.device);
        put_text(body, "language", event->body.help_called.language);
        break;
    case EVENT_HELP_ANSWERED:
        put_text(body, "device", event->body.help_answered.device);
        put_flag(body, "cancelled", event->body.help_answered.cancelled);
        break;
    }
}

char *event_body_to_json(const struct event *event)
{
    json_t *body = json_object();
    CHECK(body);
    put_body(body, event);
    char *text = json_dumps(body, JSON_COMPACT);
    CHECK(text);
    json_decref(body);
    return text;
}

/* A body that is being read. The first fault is kept, so that a reader can ask for all its fields
 * and look once. */
struct fields {
    const json_t *body;
    const char *fault; /* the field's name */
};

static void fault(struct fields *fields, const char *name)
{
    if (!fields->fault)
        fields->fault = name;
}

static void copy_text(struct fields *fields, const char *name, const json_t *value, char *to,
                      size_t size)
{
    const char *text = json_string_value(value);
    if (!text || text[0] == '\0' || json_string_length(value) >= size)
        fault(fields, name);
    else
        memcpy(to, text, strlen(text) + 1);
}

static void get_text(struct fields *fields, const char *name, char *to, size_t size)
{
    copy_text(fields, name, json_object_get(fields->body, name), to, size);
}

static void get_optional_text(struct fields *fields, const char *name, char *to, size_t size)
{
    to[0] = '\0';
    if (json_object_get(fields->body, name))
        get_text(fields, name, to, size);
}

static int64_t get_number(struct fields *fields, const char *name, int64_t most)
{
    const json_t *value = json_object_get(fields->body, name);
    if (json_is_integer(value) && json_integer_value(value) >= 0 &&
        json_integer_value(value) <= most)
        return json_integer_value(value);
    fault(fields, name);
    return 0;
}

static int32_t get_count(struct fields *fields, const char *name)
{
    return (int32_t)get_number(fields, name, INT32_MAX);
}

/* 0 where an older program had none. */
static int64_t get_optional_number(struct fields *fields, const char *name, int64_t most)
{
    return json_object_get(fields->body, name) ? get_number(fields, name, most) : 0;
}

static void get_promise(struct fields *fields, struct promise *promise)
{
    const json_t *value = json_object_get(fields->body, "promise");
    *promise = (struct promise){0};
    if (!value)
        return;
    struct fields inner = {.body = value};
    promise->known = true;
    promise->p20_s = get_count(&inner, "p20_s");
    promise->p50_s = get_count(&inner, "p50_s");
    promise->p90_s = get_count(&inner, "p90_s");
    promise->within_permille = (int32_t)get_number(&inner, "within_permille", 1000);
    promise->as_of_ms = get_number(&inner, "as_of_ms", latest_ms);
    if (inner.fault)
        fault(fields, "promise");
}

static bool get_flag(struct fields *fields, const char *name)
{
    const json_t *value = json_object_get(fields->body, name);
    if (value && !json_is_boolean(value))
        fault(fields, name);
    return json_is_true(value);
}

static enum ticket_class get_class(struct fields *fields, const char *name)
{
    static const enum ticket_class classes[] = {
#define X(name, code) CLASS_##name,
        TICKET_CLASS_LIST(X)
#undef X
    };
    const char *code = json_string_value(json_object_get(fields->body, name));
    for (size_t i = 0; code && i < sizeof classes / sizeof classes[0]; i++)
        if (strcmp(code, ticket_class_code(classes[i])) == 0)
            return classes[i];
    fault(fields, name);
    return CLASS_NORMAL;
}

static void get_issued(struct fields *fields, struct event_ticket_issued *issued)
{
    get_text(fields, "service", issued->service, sizeof issued->service);
    get_text(fields, "prefix", issued->prefix, sizeof issued->prefix);
    issued->number = get_count(fields, "number");
    get_optional_text(fields, "language", issued->language, sizeof issued->language);
    const json_t *needs = json_object_get(fields->body, "needs");
    if (needs && (!json_is_array(needs) || json_array_size(needs) > QUARTER_NEEDS_MAX)) {
        fault(fields, "needs");
    } else {
        issued->need_count = (uint8_t)json_array_size(needs);
        for (size_t i = 0; i < issued->need_count; i++)
            copy_text(fields, "needs", json_array_get(needs, i), issued->needs[i],
                      sizeof issued->needs[i]);
    }
    issued->ticket_class = get_class(fields, "class");
    issued->arrived_at_ms = get_number(fields, "arrived_at_ms", latest_ms);
    issued->leg_from_ms = get_number(fields, "leg_from_ms", latest_ms);
    issued->appointment_ms = get_optional_number(fields, "appointment_ms", latest_ms);
    get_promise(fields, &issued->promise);
    issued->unconfirmed = get_flag(fields, "unconfirmed");
    issued->nobody_serves = get_flag(fields, "nobody_serves");
    get_optional_text(fields, "avoidable", issued->avoidable, sizeof issued->avoidable);
}

static void get_called(struct fields *fields, struct event_ticket_called *called)
{
    called->announcement = get_count(fields, "announcement");
    const char *reason = json_string_value(json_object_get(fields->body, "reason"));
    if (!reason || !call_reason_from_code(reason, &called->reason))
        fault(fields, "reason");
    called->waited_s = get_count(fields, "waited_s");
    called->waiting = get_count(fields, "waiting");
    called->appointment_ms = get_optional_number(fields, "appointment_ms", latest_ms);
    called->standard_s = (int32_t)get_optional_number(fields, "standard_s", INT32_MAX);
    called->limit_s = (int32_t)get_optional_number(fields, "limit_s", INT32_MAX);
}

static void get_visit(struct fields *fields, struct event_visit_recorded *visit)
{
    const char *kind = json_string_value(json_object_get(fields->body, "kind"));
    if (!kind || !visit_kind_from_code(kind, &visit->kind))
        fault(fields, "kind");
    get_text(fields, "service", visit->service, sizeof visit->service);
    get_optional_text(fields, "signpost", visit->signpost, sizeof visit->signpost);
    get_optional_text(fields, "language", visit->language, sizeof visit->language);
    get_optional_text(fields, "device", visit->device, sizeof visit->device);
    get_optional_text(fields, "avoidable", visit->avoidable, sizeof visit->avoidable);
}

static void get_help(struct fields *fields, struct event *event)
{
    if (event->type == EVENT_HELP_ANSWERED) {
        get_text(fields, "device", event->body.help_answered.device,
                 sizeof event->body.help_answered.device);
        event->body.help_answered.cancelled = get_flag(fields, "cancelled");
        return;
    }
    get_text(fields, "device", event->body.help_called.device,
             sizeof event->body.help_called.device);
    get_optional_text(fields, "language", event->body.help_called.language,
                      sizeof event->body.help_called.language);
}

static void get_body(struct fields *fields, struct event *event)
{
    switch (event->type) {
    case EVENT_DAY_OPENED:
    case EVENT_SERVING_STARTED:
    case EVENT_COUNTER_OPENED:
    case EVENT_COUNTER_CLOSED:
    case EVENT_COUNTER_READY:
    case EVENT_COUNTER_PAUSED: break;
    case EVENT_DAY_CLOSED:
        event->body.day_closed.left = get_count(fields, "left");
        event->body.day_closed.no_show = get_count(fields, "no_show");
        event->body.day_closed.unrecorded = get_count(fields, "unrecorded");
        break;
    case EVENT_SITE_APPLIED:
        get_text(fields, "hash", event->body.site.hash, sizeof event->body.site.hash);
        break;
    case EVENT_NUMBERS_RESERVED:
        get_text(fields, "prefix", event->body.reserved.prefix, sizeof event->body.reserved.prefix);
        event->body.reserved.first = get_count(fields, "first");
        event->body.reserved.last = get_count(fields, "last");
        get_text(fields, "device", event->body.reserved.device, sizeof event->body.reserved.device);
        break;
    case EVENT_TICKET_ISSUED: get_issued(fields, &event->body.issued); break;
    case EVENT_TICKET_CALLED: get_called(fields, &event->body.called); break;
    case EVENT_TICKET_RECALLED:
        event->body.recalled.announcement = get_count(fields, "announcement");
        break;
    case EVENT_TICKET_CLOSED: {
        const char *code = json_string_value(json_object_get(fields->body, "outcome"));
        if (!code || !outcome_from_code(code, &event->body.closed.outcome))
            fault(fields, "outcome");
        break;
    }
    case EVENT_TICKET_NO_SHOW:
        event->body.no_show.by_day_end = get_flag(fields, "by_day_end");
        break;
    case EVENT_TICKET_LEFT: event->body.left.by_day_end = get_flag(fields, "by_day_end"); break;
    case EVENT_TICKET_TRANSFERRED:
        get_text(fields, "service", event->body.transferred.service,
                 sizeof event->body.transferred.service);
        event->body.transferred.leg_from_ms = get_number(fields, "leg_from_ms", latest_ms);
        event->body.transferred.nobody_serves = get_flag(fields, "nobody_serves");
        break;
    case EVENT_PROMISE_MADE:
        get_promise(fields, &event->body.promise);
        if (!event->body.promise.known)
            fault(fields, "promise");
        break;
    case EVENT_VISIT_RECORDED: get_visit(fields, &event->body.visit); break;
    case EVENT_HELP_CALLED:
    case EVENT_HELP_ANSWERED: get_help(fields, event); break;
    }
}

enum status event_body_from_json(const char *json, struct event *event, struct store_error *error)
{
    json_t *body = json_loads(json, 0, NULL);
    struct fields fields = {.body = body};
    enum status status = STATUS_OK;
    if (!json_is_object(body)) {
        status = store_fail(error, STATUS_CORRUPT, "event %lld: its body is no JSON object",
                            (long long)event->seq);
    } else {
        memset(&event->body, 0, sizeof event->body);
        get_body(&fields, event);
        if (fields.fault)
            status = store_fail(error, STATUS_CORRUPT,
                                "event %lld (%s): \"%s\" is missing or out of bounds",
                                (long long)event->seq, event_type_code(event->type), fields.fault);
    }
    json_decref(body);
    return status;
}

int event_row_bind(sqlite3_stmt *insert, const struct event *event, char **body)
{
    *body = event_body_to_json(event);
    const struct {
        enum column column;
        const char *text;
    } texts[] = {
        {COLUMN_ID, event->id},         {COLUMN_DAY, event->day},
        {COLUMN_TICKET, event->ticket}, {COLUMN_COUNTER, event->counter},
        {COLUMN_ACTOR, event->actor},   {COLUMN_TYPE, event_type_code(event->type)},
        {COLUMN_BODY, *body},
    };
    int result = sqlite3_bind_int64(insert, COLUMN_SEQ + 1, event->seq);
    result |= sqlite3_bind_int64(insert, COLUMN_AT + 1, event->at_ms);
    result |= sqlite3_bind_int64(insert, COLUMN_OCCURRED_AT + 1, event->occurred_at_ms);
    result |= sqlite3_bind_int64(insert, COLUMN_VERSION + 1, event->version);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        bool is_none = texts[i].text[0] == '\0' &&
                       (texts[i].column == COLUMN_TICKET || texts[i].column == COLUMN_COUNTER);
        int parameter = (int)texts[i].column + 1;
        result |= is_none ? sqlite3_bind_null(insert, parameter)
                          : sqlite3_bind_text(insert, parameter, texts[i].text, -1, SQLITE_STATIC);
    }
    return result;
}

const char *event_row_body(sqlite3_stmt *row)
{
    return (const char *)sqlite3_column_text(row, COLUMN_BODY);
}

/* false: longer than it may be. A NULL reads as "". */
static bool read_text(sqlite3_stmt *row, enum column column, char *to, size_t size)
{
    const char *text = (const char *)sqlite3_column_text(row, (int)column);
    size_t length = (size_t)sqlite3_column_bytes(row, (int)column);
    if (length >= size)
        return false;
    memcpy(to, text ? text : "", length);
    to[length] = '\0';
    return true;
}

static bool is_instant(int64_t at_ms)
{
    return at_ms >= 0 && at_ms <= latest_ms;
}

enum status event_row_read(sqlite3_stmt *row, struct event *event, struct store_error *error)
{
    memset(event, 0, sizeof *event);
    event->seq = sqlite3_column_int64(row, COLUMN_SEQ);
    event->at_ms = sqlite3_column_int64(row, COLUMN_AT);
    event->occurred_at_ms = sqlite3_column_int64(row, COLUMN_OCCURRED_AT);
    bool fits = is_instant(event->at_ms) && is_instant(event->occurred_at_ms) &&
                read_text(row, COLUMN_ID, event->id, sizeof event->id) &&
                read_text(row, COLUMN_DAY, event->day, sizeof event->day) &&
                read_text(row, COLUMN_TICKET, event->ticket, sizeof event->ticket) &&
                read_text(row, COLUMN_COUNTER, event->counter, sizeof event->counter) &&
                read_text(row, COLUMN_ACTOR, event->actor, sizeof event->actor);
    const char *type = (const char *)sqlite3_column_text(row, COLUMN_TYPE);
    const char *body = event_row_body(row);
    int64_t version = sqlite3_column_int64(row, COLUMN_VERSION);
    if (!fits || !type || !body || version < 1)
        return store_fail(error, STATUS_CORRUPT, "event %lld is damaged: restore the latest backup",
                          (long long)event->seq);
    if (!event_type_from_code(type, &event->type))
        return store_fail(error, STATUS_CORRUPT,
                          "event %lld is of a kind this program does not know (\"%.40s\"): a newer "
                          "Quarter wrote it; "
                          "start that version",
                          (long long)event->seq, type);
    if (version > EVENT_ROW_VERSION)
        return store_fail(error, STATUS_CORRUPT,
                          "event %lld (%s) is of version %lld, this program knows up to %d: a "
                          "newer Quarter wrote it; "
                          "start that version",
                          (long long)event->seq, type, (long long)version, EVENT_ROW_VERSION);
    event->version = (int32_t)version;
    return event_body_from_json(body, event, error);
}
