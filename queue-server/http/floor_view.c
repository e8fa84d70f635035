/* The view of meet and greet. See floor_view.h. */
#include "http/floor_view.h"

#include "http/ticket_json.h"
#include "http/view_parts.h"
#include "http/views.h"
#include "http/wait_json.h"
#include "quarter/check.h"

static void write_code(struct json_out *out, const char *key, const char *code)
{
    json_out_key(out, key);
    json_out_string_or_null(out, code);
}

/* Does anybody offer it, or will anybody today, as far as the rota says? */
static bool is_offered(const struct view_source *source, int service)
{
    for (int i = 0; i < engine_counter_count(source->engine); i++) {
        const struct counter *counter = engine_counter(source->engine, i);
        const bool works = counter->state != COUNTER_CLOSED ||
                           (counter->rule >= 0 && (source->rostered >> counter->rule & 1U) != 0);
        if (works && !counter->retired && (counter->services >> service & 1U) != 0) {
            return true;
        }
    }
    return false;
}

static void write_services(struct json_out *out, const struct view_source *source)
{
    const struct engine *engine = source->engine;
    json_out_key(out, "services");
    json_out_open(out, '[');
    for (int i = 0; i < engine_service_count(engine); i++) {
        if (engine_service_retired(engine, i)) {
            continue;
        }
        json_out_open(out, '{');
        write_code(out, "code", engine_service_code(engine, i));
        json_out_key(out, "waiting");
        json_out_integer(out, engine_service_waiting(engine, i));
        json_out_key(out, "wait");
        wait_json_minutes(out, waits_of_newcomer(source->waits, i, CLASS_NORMAL, 0));
        json_out_key(out, "nobody_serves");
        json_out_bool(out, !is_offered(source, i));
        json_out_close(out, '}');
    }
    json_out_close(out, ']');
}

static void write_waiting(struct json_out *out, const struct view_source *source)
{
    const struct ticket *waiting[VIEW_WAITING_MAX];
    const size_t total = engine_waiting(source->engine, source->now_ms, waiting, VIEW_WAITING_MAX);
    json_out_key(out, "waiting");
    json_out_open(out, '[');
    for (size_t i = 0; i < total && i < VIEW_WAITING_MAX; i++) {
        ticket_json_floor(out, source, waiting[i]);
    }
    json_out_close(out, ']');
    json_out_key(out, "waiting_total");
    json_out_integer(out, (int64_t)total);
}

static void write_pause(struct json_out *out, const struct counter *counter)
{
    json_out_key(out, "pause");
    if (counter->state != COUNTER_PAUSED) {
        json_out_null(out);
        return;
    }
    json_out_open(out, '{');
    write_code(out, "reason", pause_reason_code(counter->pause));
    json_out_key(out, "since");
    json_out_time_or_null(out, counter->since_ms);
    json_out_close(out, '}');
}

static void write_at_counter(struct json_out *out, const struct engine *engine,
                             const struct counter *counter)
{
    json_out_key(out, "ticket");
    if (counter->ticket < 0) {
        json_out_null(out);
        return;
    }
    const struct ticket *ticket = engine_ticket(engine, (size_t)counter->ticket);
    json_out_open(out, '{');
    write_code(out, "id", ticket->id);
    write_code(out, "number", ticket->number);
    write_code(out, "service", engine_service_code(engine, ticket->service));
    write_code(out, "state", ticket_state_code(ticket->state));
    json_out_key(out, "since");
    json_out_time_or_null(out, ticket->state == TICKET_CALLED ? ticket->called_at_ms
                                                              : ticket->started_at_ms);
    json_out_close(out, '}');
}

static void write_counter(struct json_out *out, const struct view_source *source, int index)
{
    const struct engine *engine = source->engine;
    const struct counter *counter = engine_counter(engine, index);
    json_out_open(out, '{');
    write_code(out, "code", counter->code);
    write_code(out, "state", counter_state_code(counter->state));
    json_out_key(out, "since");
    json_out_time_or_null(out, counter->since_ms);
    write_code(out, "person", counter->person >= 0 ? engine_person(engine, counter->person) : NULL);
    json_out_key(out, "services");
    json_out_open(out, '[');
    for (int i = 0; i < engine_service_count(engine); i++) {
        if ((counter->services >> i & 1U) != 0) {
            json_out_string(out, engine_service_code(engine, i));
        }
    }
    json_out_close(out, ']');
    json_out_key(out, "moved");
    json_out_bool(out, counter->is_moved);
    write_pause(out, counter);
    write_at_counter(out, engine, counter);
    json_out_key(out, "can_serve_total");
    json_out_integer(out, engine_callable_count(engine, index, source->now_ms));
    json_out_key(out, "ready_since");
    json_out_time_or_null(out, counter->ready_since_ms);
    json_out_close(out, '}');
}

/* A retired one is shown while somebody is still there. */
static void write_counters(struct json_out *out, const struct view_source *source)
{
    json_out_key(out, "counters");
    json_out_open(out, '[');
    for (int i = 0; i < engine_counter_count(source->engine); i++) {
        const struct counter *counter = engine_counter(source->engine, i);
        if (!counter->retired || counter->ticket >= 0) {
            write_counter(out, source, i);
        }
    }
    json_out_close(out, ']');
}

static void write_printer(struct json_out *out, const struct device_state *state)
{
    json_out_key(out, "printer");
    if (!state->has_printer) {
        json_out_null(out);
        return;
    }
    json_out_open(out, '{');
    write_code(out, "state", printer_state_code(state->printer.state));
    json_out_key(out, "reasons");
    json_out_open(out, '[');
    for (int i = 0; i < state->printer.reason_count; i++) {
        json_out_string(out, state->printer.reasons[i]);
    }
    json_out_close(out, ']');
    json_out_close(out, '}');
}

static void write_print(struct json_out *out, const struct device_state *state)
{
    json_out_key(out, "printing");
    if (!state->has_print) {
        json_out_null(out);
        return;
    }
    json_out_open(out, '{');
    write_code(out, "id", state->print.id);
    write_code(out, "number", state->print.number);
    write_code(out, "state", print_state_code(state->print.state));
    json_out_key(out, "since");
    json_out_time_or_null(out, state->print.since_ms);
    json_out_close(out, '}');
}

static void write_device(struct json_out *out, const struct view_source *source,
                         enum device_kind kind, const char *code)
{
    struct device_state state = {0};
    if (source->devices != NULL) {
        (void)device_states_get(source->devices, kind, code, &state);
    }
    json_out_open(out, '{');
    write_code(out, "code", code);
    write_code(out, "kind", kind == DEVICE_KIOSK ? "kiosk" : "display");
    json_out_key(out, "connected");
    json_out_bool(out, state.connected > 0);
    write_printer(out, &state);
    write_print(out, &state);
    json_out_key(out, "seen_at");
    json_out_time_or_null(out, state.seen_ms);
    json_out_close(out, '}');
}

/* Those of the site; one that it does not name shows nothing and issues nothing. */
static void write_devices(struct json_out *out, const struct view_source *source)
{
    const char *code = NULL;
    json_out_key(out, "devices");
    json_out_open(out, '[');
    for (int i = 0; (code = site_kiosk(source->site, i)) != NULL; i++) {
        write_device(out, source, DEVICE_KIOSK, code);
    }
    for (int i = 0; (code = site_display(source->site, i)) != NULL; i++) {
        write_device(out, source, DEVICE_DISPLAY, code);
    }
    json_out_close(out, ']');
}

/* The newest first. */
static void write_recent(struct json_out *out, const struct engine *engine)
{
    const size_t count = engine_ticket_count(engine);
    json_out_key(out, "recent");
    json_out_open(out, '[');
    for (size_t i = 0; i < count && i < FLOOR_RECENT_MAX; i++) {
        const struct ticket *ticket = engine_ticket(engine, count - 1 - i);
        json_out_open(out, '{');
        write_code(out, "id", ticket->id);
        write_code(out, "number", ticket->number);
        write_code(out, "service", engine_service_code(engine, ticket->service));
        write_code(out, "state", ticket_state_code(ticket->state));
        json_out_close(out, '}');
    }
    json_out_close(out, ']');
}

void floor_view_write(struct json_out *out, const struct view_source *source)
{
    const struct engine *engine = source->engine;
    json_out_key(out, "utc_offset_s");
    json_out_integer(out, site_utc_offset_s(source->site, source->now_ms));
    json_out_key(out, "day_open");
    json_out_bool(out, engine_day_is_open(engine));
    json_out_key(out, "site_hash");
    json_out_string(out, site_hash(source->site));
    json_out_key(out, "site_errors");
    json_out_integer(out, source->site_errors);
    write_services(out, source);
    write_waiting(out, source);
    write_counters(out, source);
    view_write_help(out, source);
    view_write_aside(out, source, "parked", TICKET_PARKED);
    view_write_aside(out, source, "no_shows", TICKET_NO_SHOW);
    view_write_notices(out, source);
    write_devices(out, source);
    write_recent(out, engine);
}
