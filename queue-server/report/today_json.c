/* Figures as JSON. See today_write.h. */
#include <stdbool.h>

#include "http/json_out.h"
#include "report/today_write.h"

static void write_seconds(struct json_out *out, const char *key, int64_t ms)
{
    json_out_key(out, key);
    if (ms == TODAY_UNKNOWN) {
        json_out_null(out);
    } else {
        json_out_number(out, (double)ms / 1000);
    }
}

static void write_count(struct json_out *out, const char *key, int64_t count)
{
    json_out_key(out, key);
    json_out_integer(out, count);
}

static void write_share(struct json_out *out, const char *key, struct today_share share)
{
    json_out_key(out, key);
    json_out_open(out, '{');
    write_count(out, "within", share.within);
    write_count(out, "of", share.of);
    json_out_key(out, "share");
    if (share.of == 0) {
        json_out_null(out);
    } else {
        json_out_number(out, (double)share.within / share.of);
    }
    json_out_close(out, '}');
}

/* The members of a row, into an object that is open. */
static void write_row(struct json_out *out, const struct today_row *row)
{
    write_count(out, "issued", row->issued);
    write_count(out, "called", row->called);
    write_count(out, "served", row->served);
    write_count(out, "left", row->left);
    write_count(out, "left_at_close", row->left_at_close);
    write_count(out, "no_show", row->no_show);
    write_count(out, "transfers", row->transfers);
    write_count(out, "waiting", row->waiting);
    write_count(out, "at_counters", row->at_counters);
    write_count(out, "parked", row->parked);
    write_share(out, "of_called", row->of_called);
    write_share(out, "of_decided", row->of_decided);
    json_out_key(out, "wait");
    json_out_open(out, '{');
    write_seconds(out, "mean_s", row->wait_mean_ms);
    write_seconds(out, "p50_s", row->wait_p50_ms);
    write_seconds(out, "p90_s", row->wait_p90_ms);
    write_seconds(out, "longest_s", row->wait_longest_ms);
    json_out_close(out, '}');
    write_seconds(out, "waiting_longest_s", row->waiting_longest_ms);
    json_out_key(out, "service_time");
    json_out_open(out, '{');
    write_count(out, "count", row->services);
    write_seconds(out, "mean_s", row->service_mean_ms);
    json_out_close(out, '}');
}

/* An hour in which nobody came, a service that had visits by this day's end only. */
static bool is_empty(const struct today_row *row)
{
    return row->issued == 0 && row->transfers == 0 && row->waiting == 0 && row->at_counters == 0 &&
           row->parked == 0 && row->services == 0;
}

static void write_rows(struct json_out *out, const struct today_figures *figures)
{
    json_out_key(out, "services");
    json_out_open(out, '[');
    for (int i = 0; i < figures->service_count; i++) {
        if (!is_empty(&figures->services[i].row)) {
            json_out_open(out, '{');
            json_out_key(out, "service");
            json_out_string(out, figures->services[i].code);
            write_row(out, &figures->services[i].row);
            json_out_close(out, '}');
        }
    }
    json_out_close(out, ']');
    json_out_key(out, "hours");
    json_out_open(out, '[');
    for (int i = 0; i < TODAY_HOURS; i++) {
        if (!is_empty(&figures->hours[i])) {
            json_out_open(out, '{');
            write_count(out, "hour", i);
            write_row(out, &figures->hours[i]);
            json_out_close(out, '}');
        }
    }
    json_out_close(out, ']');
}

static bool is_idle(const struct today_counter *counter)
{
    return counter->calls == 0 && counter->served == 0 && counter->sittings == 0 &&
           counter->open_ms == 0 && counter->paused_ms == 0 && counter->busy_ms == 0;
}

static void write_counters(struct json_out *out, const struct today_figures *figures)
{
    json_out_key(out, "counters");
    json_out_open(out, '[');
    for (int i = 0; i < figures->counter_count; i++) {
        const struct today_counter *counter = &figures->counters[i];
        if (is_idle(counter)) {
            continue;
        }
        json_out_open(out, '{');
        json_out_key(out, "counter");
        json_out_string(out, counter->code);
        write_count(out, "calls", counter->calls);
        write_count(out, "served", counter->served);
        write_count(out, "sittings", counter->sittings);
        write_seconds(out, "sitting_mean_s", counter->sitting_mean_ms);
        write_seconds(out, "open_s", counter->open_ms);
        write_seconds(out, "paused_s", counter->paused_ms);
        write_seconds(out, "busy_s", counter->busy_ms);
        json_out_close(out, '}');
    }
    json_out_close(out, ']');
}

static void write_visits(struct json_out *out, const char *key, const char *code, int32_t visits)
{
    if (visits > 0) {
        json_out_open(out, '{');
        json_out_key(out, key);
        json_out_string(out, code);
        write_count(out, "visits", visits);
        json_out_close(out, '}');
    }
}

static void write_counts(struct json_out *out, const struct today_figures *figures)
{
    json_out_key(out, "kinds");
    json_out_open(out, '[');
    write_visits(out, "kind", "queued", figures->queued);
    for (int i = 0; i < VISIT_KINDS; i++) {
        write_visits(out, "kind", visit_kind_code((enum visit_kind)i), figures->recorded[i]);
    }
    json_out_close(out, ']');
    json_out_key(out, "avoidable");
    json_out_open(out, '[');
    for (int i = 0; i < figures->avoidable_count; i++) {
        write_visits(out, "reason", figures->avoidable[i].code, figures->avoidable[i].visits);
    }
    json_out_close(out, ']');
    json_out_key(out, "outcomes");
    json_out_open(out, '[');
    for (int i = 0; i <= OUTCOME_UNRECORDED; i++) {
        write_visits(out, "outcome", outcome_code((enum outcome)i), figures->outcomes[i]);
    }
    json_out_close(out, ']');
    write_count(out, "undone", figures->undone);
}

void today_write_json(const struct today_figures *figures, struct json_out *out)
{
    json_out_open(out, '{');
    json_out_key(out, "day");
    json_out_string_or_null(out, figures->day);
    json_out_key(out, "as_of");
    json_out_time(out, figures->now_ms);
    write_seconds(out, "standard_s", figures->standard_ms);
    json_out_key(out, "all");
    json_out_open(out, '{');
    write_row(out, &figures->all);
    json_out_close(out, '}');
    write_rows(out, figures);
    write_counters(out, figures);
    write_counts(out, figures);
    json_out_close(out, '}');
}
