/* Events to the JSON of their rows. The names are read by people, reports and other programs years later: they are
 * spelled out, carry their unit, and only ever grow. */
#include "store/event_row.h"

#include <jansson.h>
#include <stdlib.h>

#include "quarter/check.h"

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

/* Left out where it is 0. */
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

static void put_needs(json_t *body, int count,
                      const char needs[QUARTER_NEEDS_MAX][QUARTER_CODE_MAX + 1])
{
    CHECK(count <= QUARTER_NEEDS_MAX);
    json_t *list = json_array();
    for (int i = 0; i < count; i++)
        CHECK(json_array_append_new(list, json_string_nocheck(needs[i])) == 0);
    CHECK(json_object_set_new_nocheck(body, "needs", list) == 0);
}

static void put_issued(json_t *body, const struct event_ticket_issued *issued)
{
    put_text(body, "service", issued->service);
    put_text(body, "prefix", issued->prefix);
    put_number(body, "number", issued->number);
    put_text(body, "language", issued->language);
    if (issued->need_count > 0)
        put_needs(body, issued->need_count, issued->needs);
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
    put_text(body, "because", because_code(called->because));
    put_flag(body, "anyway", called->anyway);
}

static void put_visit(json_t *body, const struct event_visit_recorded *visit)
{
    put_text(body, "kind", visit_kind_code(visit->kind));
    put_text(body, "service", visit->service);
    put_text(body, "signpost", visit->signpost);
    put_text(body, "language", visit->language);
    put_text(body, "device", visit->device);
    put_text(body, "avoidable", visit->avoidable);
    if (visit->kind == VISIT_RESOLVED_AT_DOOR)
        put_text(body, "outcome", outcome_code(visit->outcome));
}

static void put_transferred(json_t *body, const struct event_ticket_transferred *transferred)
{
    put_text(body, "service", transferred->service);
    put_number(body, "leg_from_ms", transferred->leg_from_ms);
    put_flag(body, "nobody_serves", transferred->nobody_serves);
    put_text(body, "to_counter", transferred->to_counter);
    put_text(body, "to_person", transferred->to_person);
}

static void put_edited(json_t *body, const struct event_ticket_edited *edited)
{
    put_text(body, "service", edited->service);
    put_text(body, "language", edited->language);
    if (edited->need_count > 0)
        put_needs(body, edited->need_count, edited->needs);
    put_text(body, "class", ticket_class_code(edited->ticket_class));
    put_flag(body, "nobody_serves", edited->nobody_serves);
}

static void put_moved(json_t *body, const struct event_counter_moved *moved)
{
    CHECK(moved->service_count <= QUARTER_MOVED_MAX);
    json_t *list = json_array();
    for (int i = 0; i < moved->service_count; i++)
        CHECK(json_array_append_new(list, json_string_nocheck(moved->services[i])) == 0);
    CHECK(json_object_set_new_nocheck(body, "services", list) == 0);
}

static void put_notice(json_t *body, const struct event_notice_posted *notice)
{
    put_text(body, "notice", notice->notice);
    put_text(body, "template", notice_template_code(notice->notice_template));
    put_text(body, "service", notice->service);
    put_instant(body, "minutes", notice->minutes);
    put_instant(body, "until_ms", notice->until_ms);
}

static void put_undone(json_t *body, const struct event_step_undone *undone)
{
    put_text(body, "step", step_code(undone->step));
    put_number(body, "undone_seq", undone->undone_seq);
}

static void put_body(json_t *body, const struct event *event)
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
    case EVENT_COUNTER_OPENED: put_text(body, "person", event->body.counter_opened.person); break;
    case EVENT_COUNTER_PAUSED:
        put_text(body, "reason", pause_reason_code(event->body.counter_paused.reason));
        break;
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
        put_text(body, "avoidable", event->body.closed.avoidable);
        break;
    case EVENT_TICKET_NO_SHOW: put_flag(body, "by_day_end", event->body.no_show.by_day_end); break;
    case EVENT_TICKET_LEFT: put_flag(body, "by_day_end", event->body.left.by_day_end); break;
    case EVENT_TICKET_TRANSFERRED: put_transferred(body, &event->body.transferred); break;
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
    case EVENT_TICKET_UNPARKED:
        put_number(body, "leg_from_ms", event->body.unparked.leg_from_ms);
        put_flag(body, "nobody_serves", event->body.unparked.nobody_serves);
        break;
    case EVENT_TICKET_EDITED: put_edited(body, &event->body.edited); break;
    case EVENT_TICKET_HELD: put_number(body, "until_ms", event->body.held.until_ms); break;
    case EVENT_STEP_UNDONE: put_undone(body, &event->body.undone); break;
    case EVENT_COUNTER_MOVED: put_moved(body, &event->body.moved); break;
    case EVENT_NOTICE_POSTED: put_notice(body, &event->body.notice); break;
    case EVENT_NOTICE_WITHDRAWN:
        put_text(body, "notice", event->body.notice_withdrawn.notice);
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
