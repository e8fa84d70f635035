/* Tickets as JSON. See ticket_json.h. */
#include "http/ticket_json.h"

#include "engine/forecast/promise.h"
#include "http/visits.h"
#include "http/wait_json.h"
#include "quarter/check.h"

const char *counter_state_code(enum counter_state state)
{
    static const char *const codes[] = {
        [COUNTER_CLOSED] = "closed", [COUNTER_OPEN] = "open", [COUNTER_PAUSED] = "paused"};
    CHECK((unsigned)state < sizeof(codes) / sizeof(codes[0]));
    return codes[state];
}

const struct promise *ticket_wait(const struct view_source *source, const struct ticket *ticket)
{
    if (ticket->state != TICKET_WAITING) {
        return NULL;
    }
    const struct ticket_wait *found =
        waits_of_ticket(source->waits, view_ticket_index(source, ticket));
    /* A forecast from before a transfer was of another wait. */
    const bool is_of_this_leg = found != NULL && (ticket->ticket_class != CLASS_TRANSFER ||
                                                  found->wait.as_of_ms >= ticket->leg_from_ms);
    if (is_of_this_leg) {
        return &found->wait;
    }
    return ticket->promise.known ? &ticket->promise : NULL;
}

bool ticket_is_late(const struct view_source *source, const struct ticket *ticket)
{
    const int64_t told_ms = ticket->promise.known
                                ? INT64_C(60000) * promise_high_min(ticket->promise.p90_s)
                                : engine_rules(source->engine)->policy.standard_ms;
    return ticket->state == TICKET_WAITING && source->now_ms - ticket->leg_from_ms > told_ms;
}

static void write_code(struct json_out *out, const char *key, const char *code)
{
    json_out_key(out, key);
    json_out_string(out, code);
}

static void write_language(struct json_out *out, const struct engine *engine,
                           const struct ticket *ticket)
{
    json_out_key(out, "language");
    json_out_string_or_null(
        out, ticket->language >= 0 ? engine_language_code(engine, ticket->language) : NULL);
}

static void write_wait(struct json_out *out, const char *key, const struct promise *wait)
{
    json_out_key(out, key);
    wait_json_write(out, wait);
}

static void write_time_or_null(struct json_out *out, const char *key, int64_t utc_ms)
{
    json_out_key(out, key);
    json_out_time_or_null(out, utc_ms);
}

static void write_bool(struct json_out *out, const char *key, bool value)
{
    json_out_key(out, key);
    json_out_bool(out, value);
}

static void write_needs(struct json_out *out, const struct engine *engine, uint32_t needs)
{
    json_out_key(out, "needs");
    json_out_open(out, '[');
    for (int i = 0; needs >> i != 0; i++) {
        if ((needs >> i & 1U) != 0) {
            json_out_string(out, engine_need_code(engine, i));
        }
    }
    json_out_close(out, ']');
}

/* Who, for what: the same in every shape. */
static void write_identity(struct json_out *out, const struct engine *engine,
                           const struct ticket *ticket)
{
    write_code(out, "id", ticket->id);
    write_code(out, "number", ticket->number);
    write_code(out, "service", engine_service_code(engine, ticket->service));
    write_language(out, engine, ticket);
    write_needs(out, engine, ticket->needs);
}

/* Lets others go first until then. */
static void write_held(struct json_out *out, const struct view_source *source,
                       const struct ticket *ticket)
{
    const bool is_held = ticket->state == TICKET_WAITING && ticket->held_until_ms > source->now_ms;
    write_time_or_null(out, "held_until", is_held ? ticket->held_until_ms : 0);
}

/* Where a phone follows it. */
static void write_url(struct json_out *out, const struct view_source *source,
                      const struct ticket *ticket)
{
    char url[VISIT_URL_BYTES];
    json_out_key(out, "url");
    json_out_string_or_null(out, visits_url(source->visits, ticket->id, url) ? url : NULL);
}

void ticket_json_receipt(struct json_out *out, const struct view_source *source,
                         const struct ticket *ticket)
{
    const struct engine *engine = source->engine;
    json_out_open(out, '{');
    write_identity(out, engine, ticket);
    write_code(out, "class", ticket_class_code(ticket->ticket_class));
    json_out_key(out, "avoidable");
    json_out_string_or_null(out, ticket->avoidable);
    write_code(out, "state", ticket_state_code(ticket->state));
    json_out_key(out, "counter");
    json_out_string_or_null(
        out, ticket->counter >= 0 ? engine_counter(engine, ticket->counter)->code : NULL);
    json_out_key(out, "ahead");
    json_out_integer(out, ticket->state == TICKET_WAITING
                              ? engine_ahead_of_ticket(engine, ticket, source->now_ms)
                              : 0);
    write_wait(out, "wait", ticket_wait(source, ticket));
    write_wait(out, "promise", &ticket->promise);
    write_bool(out, "late", ticket_is_late(source, ticket));
    json_out_key(out, "issued_at");
    json_out_time(out, ticket->arrived_at_ms);
    write_time_or_null(out, "appointment_at", ticket->appointment_ms);
    write_held(out, source, ticket);
    write_url(out, source, ticket);
    write_bool(out, "nobody_serves", ticket->nobody_serves);
    json_out_close(out, '}');
}

void ticket_json_reason(struct json_out *out, const struct ticket *ticket)
{
    json_out_key(out, "reason");
    json_out_open(out, '{');
    write_code(out, "code", call_reason_code(ticket->call.reason));
    json_out_key(out, "waited_s");
    json_out_integer(out, ticket->call.waited_s);
    json_out_key(out, "waiting");
    json_out_integer(out, ticket->call.waiting);
    write_time_or_null(out, "appointment_at", ticket->call.appointment_ms);
    json_out_key(out, "standard_s");
    json_out_integer(out, ticket->call.standard_s);
    json_out_key(out, "limit_s");
    json_out_integer(out, ticket->call.limit_s);
    json_out_key(out, "because");
    json_out_string_or_null(out, because_code(ticket->call.because));
    json_out_close(out, '}');
}

void ticket_json_at_counter(struct json_out *out, const struct engine *engine,
                            const struct ticket *ticket, const struct private_texts *texts)
{
    json_out_open(out, '{');
    write_identity(out, engine, ticket);
    write_code(out, "class", ticket_class_code(ticket->ticket_class));
    json_out_key(out, "avoidable");
    json_out_string_or_null(out, ticket->avoidable);
    write_code(out, "state", ticket_state_code(ticket->state));
    json_out_key(out, "arrived_at");
    json_out_time(out, ticket->arrived_at_ms);
    write_time_or_null(out, "appointment_at", ticket->appointment_ms);
    write_time_or_null(out, "called_at", ticket->called_at_ms);
    write_time_or_null(out, "started_at", ticket->started_at_ms);
    json_out_key(out, "recalls");
    json_out_integer(out, ticket->recalls);
    write_wait(out, "promise", &ticket->promise);
    ticket_json_reason(out, ticket);
    if (texts != NULL) {
        json_out_key(out, "answers");
        json_out_value(out, texts->answers != NULL ? texts->answers : "{}");
        json_out_key(out, "note");
        json_out_string_or_null(out, texts->note);
    }
    json_out_close(out, '}');
}

/* Who waits, since when. */
static void write_waiting(struct json_out *out, const struct view_source *source,
                          const struct ticket *ticket)
{
    write_identity(out, source->engine, ticket);
    write_code(out, "class", ticket_class_code(ticket->ticket_class));
    json_out_key(out, "arrived_at");
    json_out_time(out, ticket->arrived_at_ms);
    json_out_key(out, "leg_from");
    json_out_time(out, ticket->leg_from_ms);
    write_time_or_null(out, "appointment_at", ticket->appointment_ms);
    write_bool(out, "late", ticket_is_late(source, ticket));
    write_held(out, source, ticket);
    json_out_key(out, "only");
    json_out_string_or_null(
        out, ticket->only_at >= 0 ? engine_counter(source->engine, ticket->only_at)->code : NULL);
}

void ticket_json_waiting(struct json_out *out, const struct view_source *source,
                         const struct ticket *ticket)
{
    json_out_open(out, '{');
    write_waiting(out, source, ticket);
    write_wait(out, "wait", ticket_wait(source, ticket));
    write_wait(out, "promise", &ticket->promise);
}

void ticket_json_floor(struct json_out *out, const struct view_source *source,
                       const struct ticket *ticket)
{
    json_out_open(out, '{');
    write_waiting(out, source, ticket);
    json_out_key(out, "wait");
    wait_json_minutes(out, ticket_wait(source, ticket));
    json_out_key(out, "promise");
    wait_json_minutes(out, &ticket->promise);
    write_bool(out, "nobody_serves", ticket->nobody_serves);
    json_out_close(out, '}');
}

void ticket_json_aside(struct json_out *out, const struct engine *engine,
                       const struct ticket *ticket)
{
    const bool is_parked = ticket->state == TICKET_PARKED;
    json_out_open(out, '{');
    write_identity(out, engine, ticket);
    json_out_key(out, "since");
    json_out_time(out, is_parked ? ticket->parked_at_ms : ticket->ended_at_ms);
    json_out_key(out, "counter");
    json_out_string_or_null(out,
                            is_parked ? engine_counter(engine, ticket->parked_by)->code : NULL);
    json_out_close(out, '}');
}

void ticket_json_forecast(struct json_out *out, const struct view_source *source,
                          const struct ticket *ticket)
{
    json_out_open(out, '{');
    write_code(out, "id", ticket->id);
    write_code(out, "number", ticket->number);
    write_code(out, "service", engine_service_code(source->engine, ticket->service));
    write_code(out, "class", ticket_class_code(ticket->ticket_class));
    write_wait(out, "wait", ticket_wait(source, ticket));
    write_wait(out, "promise", &ticket->promise);
    write_bool(out, "late", ticket_is_late(source, ticket));
    json_out_close(out, '}');
}

void ticket_json_counter(struct json_out *out, const struct engine *engine,
                         const struct counter *counter)
{
    json_out_open(out, '{');
    write_code(out, "code", counter->code);
    write_code(out, "state", counter_state_code(counter->state));
    json_out_key(out, "person");
    json_out_string_or_null(out,
                            counter->person >= 0 ? engine_person(engine, counter->person) : NULL);
    json_out_close(out, '}');
}
