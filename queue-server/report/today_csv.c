/* Visits as CSV. See today_write.h. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "http/time_text.h"
#include "report/csv_out.h"
#include "report/today_parts.h"
#include "report/today_write.h"

static const char *const heads[] = {
    "day",        "number",          "kind",    "service",         "class",           "arrived_at",
    "booked_for", "first_called_at", "wait_s",  "within_standard", "first_served_at", "ended_at",
    "served_s",   "transfers",       "counter", "state",           "outcome",         "avoidable",
};

/* "2026-11-24 10:42:07" by the site's clock, as spreadsheets read a time; 0: an empty cell. */
static void write_time(struct csv_out *out, int64_t at_ms, int32_t utc_offset_s)
{
    char text[TIME_TEXT_LEN + 1];
    if (at_ms == 0) {
        csv_out_empty(out);
        return;
    }
    time_text_write(at_ms + (int64_t)utc_offset_s * 1000, text);
    text[10] = ' ';
    text[19] = '\0';
    csv_out_text(out, text);
}

static void write_name(struct csv_out *out, const struct names *names, int32_t name)
{
    csv_out_text(out, name == NOBODY ? NULL : names->codes[name]);
}

static void write_wait(struct csv_out *out, const struct work *work, const struct course *course)
{
    static const char *const verdicts[] = {
        [VERDICT_OPEN] = "", [VERDICT_WITHIN] = "yes", [VERDICT_MISSED] = "no"};
    write_time(out, course->called ? course->first_called_ms : 0, work->utc_offset_s);
    if (course->called) {
        csv_out_integer(out, today_span(course->from_ms, course->first_called_ms) / 1000);
    } else {
        csv_out_empty(out);
    }
    csv_out_text(out, verdicts[today_verdict(work, course)]);
}

static void write_queued(const struct today *today, int32_t index, struct csv_out *out)
{
    const struct work *work = &today->work;
    const struct visit *visit = &today->visits[index];
    const struct course *course = &work->courses[index];
    char number[QUARTER_PREFIX_MAX + 16];
    snprintf(number, sizeof(number), "%s%02" PRId32, visit->prefix, visit->number);
    csv_out_text(out, today->day);
    csv_out_text(out, number);
    csv_out_text(out, "queued");
    write_name(out, &today->services, course->service);
    csv_out_text(out, ticket_class_code(visit->ticket_class));
    write_time(out, visit->arrived_at_ms, work->utc_offset_s);
    write_time(out, visit->appointment_ms, work->utc_offset_s);
    write_wait(out, work, course);
    write_time(out, course->first_served_ms, work->utc_offset_s);
    write_time(out, course->ended_ms, work->utc_offset_s);
    if (course->first_served_ms == 0) {
        csv_out_empty(out);
    } else {
        csv_out_integer(out, course->served_ms / 1000);
    }
    csv_out_integer(out, course->transfers);
    write_name(out, &today->counters, course->counter);
    csv_out_text(out, ticket_state_code(course->state));
    csv_out_text(out, course->state == TICKET_CLOSED ? outcome_code((enum outcome)course->outcome)
                                                     : NULL);
    write_name(out, &today->avoidable, course->avoidable);
    csv_out_end_row(out);
}

static void write_recorded(const struct today *today, const struct fact *fact, struct csv_out *out)
{
    csv_out_text(out, today->day);
    csv_out_empty(out);
    csv_out_text(out, visit_kind_code((enum visit_kind)fact->kind));
    write_name(out, &today->services, fact->service);
    csv_out_empty(out);
    write_time(out, fact->occurred_at_ms, today->work.utc_offset_s);
    enum { QUEUED_ONLY = 10 }; /* booked_for ... state */
    for (int i = 0; i < QUEUED_ONLY; i++) {
        csv_out_empty(out);
    }
    csv_out_text(out, fact->has_outcome ? outcome_code((enum outcome)fact->outcome) : NULL);
    write_name(out, &today->avoidable, fact->avoidable);
    csv_out_end_row(out);
}

void today_write_csv(struct today *today, const struct today_terms *terms, int64_t now_ms,
                     struct csv_out *out)
{
    for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
        csv_out_text(out, heads[i]);
    }
    csv_out_end_row(out);
    (void)today_figures(today, terms, now_ms);
    for (size_t i = 0; i < today->fact_count && today->facts[i].at_ms <= now_ms; i++) {
        const struct fact *fact = &today->facts[i];
        if (fact->type == EVENT_TICKET_ISSUED) {
            write_queued(today, fact->visit, out);
        } else if (fact->type == EVENT_VISIT_RECORDED) {
            write_recorded(today, fact, out);
        }
    }
}
