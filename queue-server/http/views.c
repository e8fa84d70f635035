/* The views of boards and counters. See views.h. */
#include "http/views.h"

#include "http/advice_json.h"
#include "http/notice_json.h"
#include "http/prints.h"
#include "http/ticket_json.h"
#include "http/view_parts.h"
#include "http/wait_json.h"
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

static void write_delayed(struct json_out *out, const struct delay_notice *delay)
{
    json_out_key(out, "delayed");
    if (delay == NULL) {
        json_out_null(out);
        return;
    }
    json_out_open(out, '{');
    json_out_key(out, "since");
    json_out_time(out, delay->since_ms);
    json_out_key(out, "low_min");
    json_out_integer(out, delay->low_min);
    json_out_key(out, "high_min");
    json_out_integer(out, delay->high_min);
    json_out_close(out, '}');
}

/* With one need that only some counters meet; others make no difference. */
static void write_waits_by_need(struct json_out *out, const struct view_source *source, int service)
{
    json_out_key(out, "waits_by_need");
    json_out_open(out, '{');
    const uint32_t restricting = source->waits != NULL ? source->waits->restricting[service] : 0;
    for (uint32_t left = restricting; left != 0; left &= left - 1) {
        const int need = __builtin_ctz(left);
        json_out_key(out, engine_need_code(source->engine, need));
        wait_json_write(
            out, waits_of_newcomer(source->waits, service, CLASS_NORMAL, UINT32_C(1) << need));
    }
    json_out_close(out, '}');
}

static void write_service(struct json_out *out, const struct view_source *source, int service)
{
    const struct engine *engine = source->engine;
    json_out_open(out, '{');
    json_out_key(out, "service");
    json_out_string(out, engine_service_code(engine, service));
    json_out_key(out, "waiting");
    json_out_integer(out, engine_service_waiting(engine, service));
    json_out_key(out, "ahead");
    json_out_integer(out, engine_ahead_of_new(engine, service, source->now_ms));
    json_out_key(out, "wait");
    wait_json_write(out, waits_of_newcomer(source->waits, service, CLASS_NORMAL, 0));
    write_waits_by_need(out, source, service);
    write_delayed(out, day_notes_delay(source->notes, service, source->now_ms));
    json_out_close(out, '}');
}

static void write_services(struct json_out *out, const struct view_source *source)
{
    json_out_key(out, "services");
    json_out_open(out, '[');
    for (int i = 0; i < engine_service_count(source->engine); i++) {
        if (!engine_service_retired(source->engine, i)) {
            write_service(out, source, i);
        }
    }
    json_out_close(out, ']');
}

void view_write_notices(struct json_out *out, const struct view_source *source)
{
    const struct event_notice_posted *notice = NULL;
    json_out_key(out, "notices");
    json_out_open(out, '[');
    for (int i = 0; (notice = engine_notice(source->engine, i, source->now_ms)) != NULL; i++) {
        notice_json_write(out, notice);
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
    write_services(out, source);
    view_write_notices(out, source);
}

void board_view_end(struct json_out *out, const struct view_source *source, const char *device)
{
    prints_write(source->prints, out, source, device);
    const struct help_call *call =
        device != NULL ? engine_find_help(source->engine, device, source->now_ms) : NULL;
    json_out_key(out, "help");
    if (call == NULL) {
        json_out_null(out);
        return;
    }
    json_out_open(out, '{');
    json_out_key(out, "since");
    json_out_time(out, call->since_ms);
    json_out_key(out, "answered_at");
    json_out_time_or_null(out, call->answered_at_ms);
    json_out_close(out, '}');
}

/* Those that nobody has answered: it is everybody's to go. */
void view_write_help(struct json_out *out, const struct view_source *source)
{
    const struct help_call *call = NULL;
    json_out_key(out, "help");
    json_out_open(out, '[');
    for (int i = 0; (call = engine_help_call(source->engine, i, source->now_ms)) != NULL; i++) {
        if (call->answered_at_ms != 0) {
            continue;
        }
        json_out_open(out, '{');
        json_out_key(out, "device");
        json_out_string(out, call->device);
        json_out_key(out, "since");
        json_out_time(out, call->since_ms);
        json_out_key(out, "language");
        json_out_string_or_null(out, call->language);
        json_out_close(out, '}');
    }
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
    json_out_key(out, "ready_since");
    json_out_time_or_null(out, counter->ready_since_ms);
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
    json_out_key(out, "person");
    json_out_string_or_null(out,
                            counter->person >= 0 ? engine_person(engine, counter->person) : NULL);
    json_out_key(out, "pause");
    json_out_string_or_null(out, counter->pause != PAUSE_UNSAID ? pause_reason_code(counter->pause)
                                                                : NULL);
    json_out_close(out, '}');
}

static void write_undo(struct json_out *out, const struct view_source *source, int counter)
{
    struct undoable undo;
    json_out_key(out, "undo");
    if (!engine_undoable(source->engine, counter, source->now_ms, &undo)) {
        json_out_null(out);
        return;
    }
    json_out_open(out, '{');
    json_out_key(out, "step");
    json_out_string(out, step_code(undo.step));
    json_out_key(out, "number");
    json_out_string(out, engine_ticket(source->engine, (size_t)undo.ticket)->number);
    json_out_key(out, "ticket");
    json_out_string(out, engine_ticket(source->engine, (size_t)undo.ticket)->id);
    json_out_key(out, "until");
    json_out_time(out, undo.until_ms);
    json_out_close(out, '}');
}

/* The latest first: whoever comes back was away for a while at most. */
void view_write_aside(struct json_out *out, const struct view_source *source, const char *key,
                      enum ticket_state state)
{
    const struct engine *engine = source->engine;
    int left = VIEW_ASIDE_MAX;
    json_out_key(out, key);
    json_out_open(out, '[');
    for (size_t i = engine_state_count(engine, state) > 0 ? engine_ticket_count(engine) : 0;
         i-- > 0 && left > 0;) {
        const struct ticket *ticket = engine_ticket(engine, i);
        const bool is_late =
            state == TICKET_NO_SHOW && source->now_ms - ticket->ended_at_ms > INT64_C(1800000);
        if (ticket->state == state && !is_late) {
            ticket_json_aside(out, engine, ticket);
            left--;
        }
    }
    json_out_close(out, ']');
}

void waiting_list_write(struct waiting_list *list, const struct view_source *source)
{
    const struct ticket *waiting[VIEW_WAITING_MAX];
    list->total = engine_waiting(source->engine, source->now_ms, waiting, VIEW_WAITING_MAX);
    list->listed = list->total < VIEW_WAITING_MAX ? list->total : VIEW_WAITING_MAX;
    json_out_reset(&list->text);
    json_out_reset(&list->aside);
    json_out_open(&list->aside, '{');
    view_write_aside(&list->aside, source, "parked", TICKET_PARKED);
    view_write_aside(&list->aside, source, "no_shows", TICKET_NO_SHOW);
    for (size_t i = 0; i < list->listed; i++) {
        const size_t start = list->text.length;
        list->text.comma = false;
        ticket_json_waiting(&list->text, source, waiting[i]);
        list->rows[i].ticket = waiting[i];
        list->rows[i].start = start;
        list->rows[i].length = list->text.length - start;
    }
}

void waiting_list_free(struct waiting_list *list)
{
    json_out_free(&list->text);
    json_out_free(&list->aside);
}

static void write_waiting(struct json_out *out, const struct view_source *source,
                          const struct waiting_list *list, int counter)
{
    const struct engine *engine = source->engine;
    json_out_key(out, "waiting");
    json_out_open(out, '[');
    for (size_t i = 0; i < list->listed; i++) {
        json_out_part(out, list->text.data + list->rows[i].start, list->rows[i].length);
        json_out_key(out, "can_serve");
        json_out_bool(out, engine_can_call(engine, counter, list->rows[i].ticket, source->now_ms));
        json_out_close(out, '}');
    }
    json_out_close(out, ']');
    json_out_key(out, "waiting_total");
    json_out_integer(out, (int64_t)list->total);
    json_out_key(out, "can_serve_total");
    json_out_integer(out, engine_callable_count(engine, counter, source->now_ms));
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

void counter_view_write(struct json_out *out, const struct view_source *source,
                        const struct waiting_list *list, int counter_index,
                        const struct private_texts *texts)
{
    const struct engine *engine = source->engine;
    const struct counter *counter = engine_counter(engine, counter_index);
    json_out_key(out, "utc_offset_s");
    json_out_integer(out, site_utc_offset_s(source->site, source->now_ms));
    json_out_key(out, "day_open");
    json_out_bool(out, engine_day_is_open(engine));
    json_out_key(out, "site_hash");
    json_out_string(out, site_hash(source->site));
    json_out_key(out, "site_errors");
    json_out_integer(out, source->site_errors);
    write_counter(out, engine, counter);
    json_out_key(out, "ticket");
    if (counter->ticket >= 0) {
        ticket_json_at_counter(out, engine, engine_ticket(engine, (size_t)counter->ticket), texts);
    } else {
        json_out_null(out);
    }
    write_waiting(out, source, list, counter_index);
    write_last_finished(out, &source->notes->last_finished[counter_index]);
    write_undo(out, source, counter_index);
    json_out_part(out, list->aside.data + 1, list->aside.length - 1);
    view_write_help(out, source);
}

static void write_forecast_services(struct json_out *out, const struct view_source *source)
{
    json_out_key(out, "services");
    json_out_open(out, '[');
    for (int i = 0; i < engine_service_count(source->engine); i++) {
        if (engine_service_retired(source->engine, i)) {
            continue;
        }
        json_out_open(out, '{');
        json_out_key(out, "service");
        json_out_string(out, engine_service_code(source->engine, i));
        json_out_key(out, "wait");
        wait_json_write(out, waits_of_newcomer(source->waits, i, CLASS_NORMAL, 0));
        json_out_close(out, '}');
    }
    json_out_close(out, ']');
}

static void write_forecast_tickets(struct json_out *out, const struct view_source *source)
{
    const struct ticket *waiting[VIEW_FORECAST_MAX];
    const size_t total = engine_waiting(source->engine, source->now_ms, waiting, VIEW_FORECAST_MAX);
    json_out_key(out, "tickets");
    json_out_open(out, '[');
    for (size_t i = 0; i < total && i < VIEW_FORECAST_MAX; i++) {
        ticket_json_forecast(out, source, waiting[i]);
    }
    json_out_close(out, ']');
    json_out_key(out, "waiting_total");
    json_out_integer(out, (int64_t)total);
}

/* {...} or null: of the whole rest of the day. */
static void write_today(struct json_out *out, const struct waits_today *today)
{
    json_out_key(out, "today");
    if (today == NULL) {
        json_out_null(out);
        return;
    }
    outlook_json_write(out, &today->outlook, today->as_of_ms);
}

void forecast_view_write(struct json_out *out, const struct view_source *source)
{
    const struct waits *waits = source->waits;
    json_out_key(out, "as_of");
    json_out_time_or_null(out, waits != NULL ? waits->as_of_ms : 0);
    json_out_key(out, "runs");
    json_out_integer(out, waits != NULL ? waits->runs : 0);
    json_out_key(out, "took_ms");
    json_out_number(out, waits != NULL ? (double)waits->took_ns / 1e6 : 0);
    write_forecast_services(out, source);
    write_forecast_tickets(out, source);
    write_today(out, source->today);
}
