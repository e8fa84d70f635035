/* Events from the JSON of their rows, of this program's form and of all earlier ones. What stands in a file is not
 * trusted: every field is checked against its bounds before it becomes part of an event. */
#include "store/event_row.h"

#include <jansson.h>
#include <string.h>

#include "quarter/check.h"

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
    promise->as_of_ms = get_number(&inner, "as_of_ms", event_row_latest_ms);
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

/* Codes of a list, at most `most` of them. */
static uint8_t get_codes(struct fields *fields, const char *name, size_t most,
                         char (*codes)[QUARTER_CODE_MAX + 1])
{
    const json_t *list = json_object_get(fields->body, name);
    if (list && (!json_is_array(list) || json_array_size(list) > most)) {
        fault(fields, name);
        return 0;
    }
    const size_t count = json_array_size(list);
    for (size_t i = 0; i < count; i++)
        copy_text(fields, name, json_array_get(list, i), codes[i], sizeof codes[i]);
    return (uint8_t)count;
}

static enum outcome get_outcome(struct fields *fields)
{
    enum outcome outcome = OUTCOME_RESOLVED;
    const char *code = json_string_value(json_object_get(fields->body, "outcome"));
    if (!code || !outcome_from_code(code, &outcome))
        fault(fields, "outcome");
    return outcome;
}

static void get_issued(struct fields *fields, struct event_ticket_issued *issued)
{
    get_text(fields, "service", issued->service, sizeof issued->service);
    get_text(fields, "prefix", issued->prefix, sizeof issued->prefix);
    issued->number = get_count(fields, "number");
    get_optional_text(fields, "language", issued->language, sizeof issued->language);
    issued->need_count = get_codes(fields, "needs", QUARTER_NEEDS_MAX, issued->needs);
    issued->ticket_class = get_class(fields, "class");
    issued->arrived_at_ms = get_number(fields, "arrived_at_ms", event_row_latest_ms);
    issued->leg_from_ms = get_number(fields, "leg_from_ms", event_row_latest_ms);
    issued->appointment_ms = get_optional_number(fields, "appointment_ms", event_row_latest_ms);
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
    called->appointment_ms = get_optional_number(fields, "appointment_ms", event_row_latest_ms);
    called->standard_s = (int32_t)get_optional_number(fields, "standard_s", INT32_MAX);
    called->limit_s = (int32_t)get_optional_number(fields, "limit_s", INT32_MAX);
    if (called->reason == CALL_CHOSEN) {
        const char *because = json_string_value(json_object_get(fields->body, "because"));
        if (!because || !because_from_code(because, &called->because))
            fault(fields, "because");
    }
    called->anyway = get_flag(fields, "anyway");
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
    if (visit->kind == VISIT_RESOLVED_AT_DOOR)
        visit->outcome = get_outcome(fields);
}

static void get_transferred(struct fields *fields, struct event_ticket_transferred *transferred)
{
    get_text(fields, "service", transferred->service, sizeof transferred->service);
    transferred->leg_from_ms = get_number(fields, "leg_from_ms", event_row_latest_ms);
    transferred->nobody_serves = get_flag(fields, "nobody_serves");
    get_optional_text(fields, "to_counter", transferred->to_counter,
                      sizeof transferred->to_counter);
    get_optional_text(fields, "to_person", transferred->to_person, sizeof transferred->to_person);
}

static void get_edited(struct fields *fields, struct event_ticket_edited *edited)
{
    get_text(fields, "service", edited->service, sizeof edited->service);
    get_optional_text(fields, "language", edited->language, sizeof edited->language);
    edited->need_count = get_codes(fields, "needs", QUARTER_NEEDS_MAX, edited->needs);
    edited->ticket_class = get_class(fields, "class");
    edited->nobody_serves = get_flag(fields, "nobody_serves");
}

static void get_undone(struct fields *fields, struct event_step_undone *undone)
{
    const char *step = json_string_value(json_object_get(fields->body, "step"));
    if (!step || !step_from_code(step, &undone->step))
        fault(fields, "step");
    undone->undone_seq = get_number(fields, "undone_seq", INT64_MAX);
}

static void get_pause(struct fields *fields, struct event *event)
{
    const json_t *value = json_object_get(fields->body, "reason");
    const char *reason = json_string_value(value);
    if (value && (!reason || !pause_reason_from_code(reason, &event->body.counter_paused.reason)))
        fault(fields, "reason");
}

static void get_notice(struct fields *fields, struct event_notice_posted *notice)
{
    get_text(fields, "notice", notice->notice, sizeof notice->notice);
    const char *code = json_string_value(json_object_get(fields->body, "template"));
    if (!code || !notice_template_from_code(code, &notice->notice_template))
        fault(fields, "template");
    get_optional_text(fields, "service", notice->service, sizeof notice->service);
    notice->minutes = (int32_t)get_optional_number(fields, "minutes", INT32_MAX);
    notice->until_ms = get_optional_number(fields, "until_ms", event_row_latest_ms);
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

static void get_day_closed(struct fields *fields, struct event *event)
{
    event->body.day_closed.left = get_count(fields, "left");
    event->body.day_closed.no_show = get_count(fields, "no_show");
    event->body.day_closed.unrecorded = get_count(fields, "unrecorded");
}

static void get_reserved(struct fields *fields, struct event *event)
{
    get_text(fields, "prefix", event->body.reserved.prefix, sizeof event->body.reserved.prefix);
    event->body.reserved.first = get_count(fields, "first");
    event->body.reserved.last = get_count(fields, "last");
    get_text(fields, "device", event->body.reserved.device, sizeof event->body.reserved.device);
}

static void get_body(struct fields *fields, struct event *event)
{
    switch (event->type) {
    case EVENT_DAY_OPENED:
    case EVENT_SERVING_STARTED:
    case EVENT_COUNTER_CLOSED:
    case EVENT_COUNTER_READY:
    case EVENT_TICKET_PARKED:
    case EVENT_TICKET_TAKEN_BACK:
    case EVENT_TICKET_REVIVED:
    case EVENT_TICKET_UNHELD: break;
    case EVENT_COUNTER_OPENED:
        get_optional_text(fields, "person", event->body.counter_opened.person,
                          sizeof event->body.counter_opened.person);
        break;
    case EVENT_COUNTER_PAUSED: get_pause(fields, event); break;
    case EVENT_DAY_CLOSED: get_day_closed(fields, event); break;
    case EVENT_SITE_APPLIED:
        get_text(fields, "hash", event->body.site.hash, sizeof event->body.site.hash);
        break;
    case EVENT_NUMBERS_RESERVED: get_reserved(fields, event); break;
    case EVENT_TICKET_ISSUED: get_issued(fields, &event->body.issued); break;
    case EVENT_TICKET_CALLED: get_called(fields, &event->body.called); break;
    case EVENT_TICKET_RECALLED:
        event->body.recalled.announcement = get_count(fields, "announcement");
        break;
    case EVENT_TICKET_CLOSED:
        event->body.closed.outcome = get_outcome(fields);
        get_optional_text(fields, "avoidable", event->body.closed.avoidable,
                          sizeof event->body.closed.avoidable);
        break;
    case EVENT_TICKET_NO_SHOW:
        event->body.no_show.by_day_end = get_flag(fields, "by_day_end");
        break;
    case EVENT_TICKET_LEFT: event->body.left.by_day_end = get_flag(fields, "by_day_end"); break;
    case EVENT_TICKET_TRANSFERRED: get_transferred(fields, &event->body.transferred); break;
    case EVENT_PROMISE_MADE:
        get_promise(fields, &event->body.promise);
        if (!event->body.promise.known)
            fault(fields, "promise");
        break;
    case EVENT_VISIT_RECORDED: get_visit(fields, &event->body.visit); break;
    case EVENT_HELP_CALLED:
    case EVENT_HELP_ANSWERED: get_help(fields, event); break;
    case EVENT_TICKET_UNPARKED:
        event->body.unparked.leg_from_ms = get_number(fields, "leg_from_ms", event_row_latest_ms);
        event->body.unparked.nobody_serves = get_flag(fields, "nobody_serves");
        break;
    case EVENT_TICKET_EDITED: get_edited(fields, &event->body.edited); break;
    case EVENT_TICKET_HELD:
        event->body.held.until_ms = get_number(fields, "until_ms", event_row_latest_ms);
        break;
    case EVENT_STEP_UNDONE: get_undone(fields, &event->body.undone); break;
    case EVENT_COUNTER_MOVED:
        event->body.moved.service_count =
            get_codes(fields, "services", QUARTER_MOVED_MAX, event->body.moved.services);
        break;
    case EVENT_NOTICE_POSTED: get_notice(fields, &event->body.notice); break;
    case EVENT_NOTICE_WITHDRAWN:
        get_text(fields, "notice", event->body.notice_withdrawn.notice,
                 sizeof event->body.notice_withdrawn.notice);
        break;
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
