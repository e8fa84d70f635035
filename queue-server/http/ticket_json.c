/* Tickets as JSON. See ticket_json.h. */
#include "http/ticket_json.h"

#include "quarter/check.h"

const char *counter_state_code(enum counter_state state)
{
    return state == COUNTER_OPEN ? "open" : "closed";
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

static bool is_served(const struct engine *engine, int service)
{
    for (int i = 0; i < engine_counter_count(engine); i++) {
        const struct counter *counter = engine_counter(engine, i);
        if (!counter->retired && (counter->services >> service & 1U) != 0) {
            return true;
        }
    }
    return false;
}

void ticket_json_receipt(struct json_out *out, const struct engine *engine,
                         const struct ticket *ticket)
{
    json_out_open(out, '{');
    write_identity(out, engine, ticket);
    write_code(out, "state", ticket_state_code(ticket->state));
    json_out_key(out, "counter");
    json_out_string_or_null(
        out, ticket->counter >= 0 ? engine_counter(engine, ticket->counter)->code : NULL);
    json_out_key(out, "ahead");
    json_out_integer(out,
                     ticket->state == TICKET_WAITING ? engine_ahead_of_ticket(engine, ticket) : 0);
    json_out_key(out, "wait");
    json_out_null(out);
    json_out_key(out, "issued_at");
    json_out_time(out, ticket->arrived_at_ms);
    json_out_key(out, "url");
    json_out_null(out);
    json_out_key(out, "nobody_serves");
    json_out_bool(out, !is_served(engine, ticket->service));
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
    json_out_close(out, '}');
}

void ticket_json_at_counter(struct json_out *out, const struct engine *engine,
                            const struct ticket *ticket, const char *answers)
{
    json_out_open(out, '{');
    write_identity(out, engine, ticket);
    write_code(out, "class", ticket_class_code(ticket->ticket_class));
    write_code(out, "state", ticket_state_code(ticket->state));
    json_out_key(out, "arrived_at");
    json_out_time(out, ticket->arrived_at_ms);
    json_out_key(out, "called_at");
    json_out_time_or_null(out, ticket->called_at_ms);
    json_out_key(out, "started_at");
    json_out_time_or_null(out, ticket->started_at_ms);
    json_out_key(out, "recalls");
    json_out_integer(out, ticket->recalls);
    ticket_json_reason(out, ticket);
    if (answers != NULL) {
        json_out_key(out, "answers");
        json_out_value(out, answers);
    }
    json_out_close(out, '}');
}

void ticket_json_waiting(struct json_out *out, const struct engine *engine,
                         const struct ticket *ticket, bool can_serve)
{
    json_out_open(out, '{');
    write_identity(out, engine, ticket);
    json_out_key(out, "arrived_at");
    json_out_time(out, ticket->arrived_at_ms);
    json_out_key(out, "can_serve");
    json_out_bool(out, can_serve);
    json_out_close(out, '}');
}

void ticket_json_counter(struct json_out *out, const struct counter *counter)
{
    json_out_open(out, '{');
    write_code(out, "code", counter->code);
    write_code(out, "state", counter_state_code(counter->state));
    json_out_close(out, '}');
}
