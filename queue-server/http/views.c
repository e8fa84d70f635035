/* The views of boards and counters. See views.h. */
#include "http/views.h"

#include "http/ticket_json.h"
#include "quarter/check.h"

static void write_call(struct json_out *out, const struct engine *engine,
                       const struct ticket *ticket)
{
    json_out_open(out, '{');
    json_out_key(out, "announcement");
    json_out_integer(out, ticket->announcement);
    json_out_key(out, "ticket");
    json_out_string(out, ticket->id);
    json_out_key(out, "number");
    json_out_string(out, ticket->number);
    json_out_key(out, "counter");
    json_out_string(out, engine_counter(engine, ticket->counter)->code);
    json_out_key(out, "language");
    json_out_string_or_null(
        out, ticket->language >= 0 ? engine_language_code(engine, ticket->language) : NULL);
    json_out_key(out, "called_at");
    json_out_time(out, ticket->called_at_ms);
    json_out_key(out, "recalls");
    json_out_integer(out, ticket->recalls);
    json_out_close(out, '}');
}

/* A counter has one ticket at most, so that no more calls than counters stand. */
static void write_calls(struct json_out *out, const struct engine *engine)
{
    const struct ticket *calls[QUARTER_COUNTERS_MAX];
    const size_t total = engine_standing_calls(engine, calls, QUARTER_COUNTERS_MAX);
    CHECK(total <= QUARTER_COUNTERS_MAX);
    json_out_key(out, "calls");
    json_out_open(out, '[');
    for (size_t i = 0; i < total; i++) {
        write_call(out, engine, calls[i]);
    }
    json_out_close(out, ']');
}

static void write_services(struct json_out *out, const struct engine *engine)
{
    json_out_key(out, "services");
    json_out_open(out, '[');
    for (int i = 0; i < engine_service_count(engine); i++) {
        if (engine_service_retired(engine, i)) {
            continue;
        }
        json_out_open(out, '{');
        json_out_key(out, "service");
        json_out_string(out, engine_service_code(engine, i));
        json_out_key(out, "waiting");
        json_out_integer(out, engine_service_waiting(engine, i));
        json_out_key(out, "ahead");
        json_out_integer(out, engine_ahead_of_new(engine, i));
        json_out_key(out, "wait");
        json_out_null(out);
        json_out_close(out, '}');
    }
    json_out_close(out, ']');
}

void board_view_write(struct json_out *out, const struct view_source *source)
{
    const struct engine *engine = source->engine;
    const bool open = day_notes_doors_open(source->notes, engine, source->site, source->now_ms);
    int64_t next_open_ms = 0;
    if (open || site_next_opening(source->site, source->now_ms, &next_open_ms) != STATUS_OK) {
        next_open_ms = 0;
    }
    json_out_key(out, "utc_offset_s");
    json_out_integer(out, site_utc_offset_s(source->site, source->now_ms));
    json_out_key(out, "day");
    json_out_string(out, engine_day(engine));
    json_out_key(out, "open");
    json_out_bool(out, open);
    json_out_key(out, "next_open");
    json_out_time_or_null(out, next_open_ms);
    json_out_key(out, "site_hash");
    json_out_string(out, site_hash(source->site));
    json_out_key(out, "announcement");
    json_out_integer(out, engine_last_announcement(engine));
    write_calls(out, engine);
    write_services(out, engine);
    json_out_key(out, "notices");
    json_out_open(out, '[');
    json_out_close(out, ']');
}

static void write_counter(struct json_out *out, const struct engine *engine,
                          const struct counter *counter)
{
    json_out_key(out, "counter");
    json_out_open(out, '{');
    json_out_key(out, "code");
    json_out_string(out, counter->code);
    json_out_key(out, "state");
    json_out_string(out, counter_state_code(counter->state));
    json_out_key(out, "services");
    json_out_open(out, '[');
    for (int i = 0; i < engine_service_count(engine); i++) {
        if ((counter->services >> i & 1U) != 0) {
            json_out_string(out, engine_service_code(engine, i));
        }
    }
    json_out_close(out, ']');
    json_out_close(out, '}');
}

static void write_waiting(struct json_out *out, const struct view_source *source,
                          const struct counter *counter)
{
    const struct engine *engine = source->engine;
    const struct ticket *waiting[VIEW_WAITING_MAX];
    const size_t total = engine_waiting(engine, source->now_ms, waiting, VIEW_WAITING_MAX);
    const size_t listed = total < VIEW_WAITING_MAX ? total : VIEW_WAITING_MAX;
    json_out_key(out, "waiting");
    json_out_open(out, '[');
    for (size_t i = 0; i < listed; i++) {
        ticket_json_waiting(out, engine, waiting[i],
                            (counter->services >> waiting[i]->service & 1U) != 0);
    }
    json_out_close(out, ']');
    int64_t can_serve = 0;
    for (int i = 0; i < engine_service_count(engine); i++) {
        can_serve += (counter->services >> i & 1U) != 0 ? engine_service_waiting(engine, i) : 0;
    }
    json_out_key(out, "waiting_total");
    json_out_integer(out, (int64_t)total);
    json_out_key(out, "can_serve_total");
    json_out_integer(out, can_serve);
}

static void write_last_finished(struct json_out *out, const struct finished_visit *last)
{
    json_out_key(out, "last_finished");
    if (last->number[0] == '\0') {
        json_out_null(out);
        return;
    }
    json_out_open(out, '{');
    json_out_key(out, "number");
    json_out_string(out, last->number);
    json_out_key(out, "outcome");
    json_out_string(out, last->outcome);
    json_out_close(out, '}');
}

void counter_view_write(struct json_out *out, const struct view_source *source, int counter_index,
                        const char *answers)
{
    const struct engine *engine = source->engine;
    const struct counter *counter = engine_counter(engine, counter_index);
    json_out_key(out, "utc_offset_s");
    json_out_integer(out, site_utc_offset_s(source->site, source->now_ms));
    json_out_key(out, "day_open");
    json_out_bool(out, engine_day_is_open(engine));
    json_out_key(out, "site_hash");
    json_out_string(out, site_hash(source->site));
    write_counter(out, engine, counter);
    json_out_key(out, "ticket");
    if (counter->ticket >= 0) {
        ticket_json_at_counter(out, engine, engine_ticket(engine, (size_t)counter->ticket),
                               answers != NULL ? answers : "{}");
    } else {
        json_out_null(out);
    }
    write_waiting(out, source, counter);
    write_last_finished(out, &source->notes->last_finished[counter_index]);
}
