/* A visit as its own phone sees it. See visit_json.h. */
#include "http/visit_json.h"

#include <stddef.h>

#include "engine/forecast/promise.h"
#include "http/ticket_json.h"
#include "quarter/check.h"

/* How a visit stands, in the visitor's words. A no-show has ended, until somebody revives it. */
static const char *state_code(const struct ticket *ticket)
{
    switch (ticket->state) {
    case TICKET_WAITING: return "waiting";
    case TICKET_CALLED: return "called";
    case TICKET_SERVING: return "serving";
    case TICKET_PARKED: return "parked";
    case TICKET_CLOSED:
    case TICKET_NO_SHOW:
    case TICKET_LEFT: return "ended";
    }
    return NULL;
}

static const char *end_code(const struct ticket *ticket)
{
    switch (ticket->state) {
    case TICKET_CLOSED: return "served";
    case TICKET_NO_SHOW: return "not_here";
    case TICKET_LEFT: return "left";
    case TICKET_WAITING:
    case TICKET_CALLED:
    case TICKET_SERVING:
    case TICKET_PARKED: break;
    }
    return NULL;
}

bool visit_is_told(const struct ticket *ticket, int64_t now_ms)
{
    return end_code(ticket) == NULL || now_ms - ticket->ended_at_ms < visit_linger_ms;
}

static bool is_held(const struct view_source *source, const struct ticket *ticket)
{
    return ticket->state == TICKET_WAITING && ticket->held_until_ms > source->now_ms;
}

/* What is left of the wait. Forecasts are of the whole of it (wait_json.h); a phone is looked at in the middle. */
static void write_wait(struct json_out *out, const struct view_source *source,
                       const struct ticket *ticket)
{
    const struct promise *wait = ticket_wait(source, ticket);
    const int64_t from_ms =
        ticket->appointment_ms > ticket->leg_from_ms ? ticket->appointment_ms : ticket->leg_from_ms;
    const int64_t waited_s = (source->now_ms - from_ms) / 1000;
    json_out_key(out, "wait");
    if (wait == NULL || !wait->known || wait->p90_s <= waited_s) {
        json_out_null(out);
        return;
    }
    const int64_t low_s = wait->p20_s > waited_s ? wait->p20_s - waited_s : 0;
    json_out_open(out, '{');
    json_out_key(out, "low_min");
    json_out_integer(out, promise_low_min((int32_t)low_s));
    json_out_key(out, "high_min");
    json_out_integer(out, promise_high_min((int32_t)(wait->p90_s - waited_s)));
    json_out_close(out, '}');
}

static void write_waiting(struct json_out *out, const struct view_source *source,
                          const struct ticket *ticket)
{
    const bool waits = ticket->state == TICKET_WAITING;
    json_out_key(out, "place");
    if (waits) {
        json_out_integer(out, engine_ahead_of_ticket(source->engine, ticket, source->now_ms) + 1);
    } else {
        json_out_null(out);
    }
    write_wait(out, source, ticket);
    json_out_key(out, "late");
    json_out_bool(out, ticket_is_late(source, ticket));
    json_out_key(out, "nobody_serves");
    json_out_bool(out, waits && ticket->nobody_serves);
    json_out_key(out, "held_until");
    json_out_time_or_null(out, is_held(source, ticket) ? ticket->held_until_ms : 0);
    json_out_key(out, "can_hold");
    json_out_bool(out, waits && engine_day_is_open(source->engine));
    json_out_key(out, "can_leave");
    json_out_bool(out, waits && engine_day_is_open(source->engine));
}

static void write_call(struct json_out *out, const struct view_source *source,
                       const struct visit_names *names, const struct ticket *ticket)
{
    const struct engine *engine = source->engine;
    const bool is_there = ticket->state == TICKET_CALLED || ticket->state == TICKET_SERVING;
    json_out_key(out, "counter");
    json_out_value(
        out, is_there && ticket->counter >= 0
                 ? visit_names_of(names->counters, engine_counter(engine, ticket->counter)->code)
                 : "null");
    json_out_key(out, "called_at");
    json_out_time_or_null(out, is_there ? ticket->called_at_ms : 0);
    json_out_key(out, "recalls");
    json_out_integer(out, is_there ? ticket->recalls : 0);
}

void visit_json_write(struct json_out *out, const struct view_source *source,
                      const struct visit_names *names, const struct ticket *ticket)
{
    const struct engine *engine = source->engine;
    json_out_key(out, "utc_offset_s");
    json_out_integer(out, site_utc_offset_s(source->site, source->now_ms));
    json_out_key(out, "site");
    json_out_value(out, names->site);
    json_out_key(out, "languages");
    json_out_value(out, names->languages);
    json_out_key(out, "number");
    json_out_string(out, ticket->number);
    json_out_key(out, "service");
    json_out_value(out,
                   visit_names_of(names->services, engine_service_code(engine, ticket->service)));
    json_out_key(out, "language");
    json_out_string_or_null(
        out, ticket->language >= 0 ? engine_language_code(engine, ticket->language) : NULL);
    json_out_key(out, "state");
    json_out_string(out, state_code(ticket));
    json_out_key(out, "ended");
    json_out_string_or_null(out, end_code(ticket));
    write_waiting(out, source, ticket);
    write_call(out, source, names, ticket);
}

void visit_json_step(struct json_out *out, const struct view_source *source,
                     const struct ticket *ticket)
{
    CHECK(ticket != NULL);
    json_out_open(out, '{');
    json_out_key(out, "state");
    json_out_string(out, state_code(ticket));
    json_out_key(out, "held_until");
    json_out_time_or_null(out, is_held(source, ticket) ? ticket->held_until_ms : 0);
    json_out_close(out, '}');
}
