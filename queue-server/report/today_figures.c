/* Counts visits into rows, and works out means and quantiles. See today.h and DEFINITIONS.md. */
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"
#include "report/today_parts.h"

/* the way there */

#define ROOM(work, name, room, count)                                                              \
    ((work)->name = today_room((work)->name, &(work)->room, (count), sizeof(*(work)->name)))

void today_begin_work(struct today *today, const struct today_terms *terms, int64_t now_ms)
{
    struct work *work = &today->work;
    const size_t rows = ROW_SERVICES + today->services.count;
    work->now_ms = now_ms;
    work->standard_ms = terms->standard_ms;
    work->utc_offset_s = terms->utc_offset_s;
    ROOM(work, courses, course_room, today->visit_count + 1);
    ROOM(work, rows, row_room, rows);
    ROOM(work, counters, counter_room, today->counters.count + 1);
    ROOM(work, service_list, service_list_room, today->services.count + 1);
    ROOM(work, counter_list, counter_list_room, today->counters.count + 1);
    ROOM(work, avoidable_list, avoidable_room, today->avoidable.count + 1);
    memset(work->courses, 0, (today->visit_count + 1) * sizeof(*work->courses));
    memset(work->rows, 0, rows * sizeof(*work->rows));
    memset(work->counters, 0, (today->counters.count + 1) * sizeof(*work->counters));
    for (size_t i = 0; i < rows; i++) {
        work->rows[i].row.waiting_longest_ms = TODAY_UNKNOWN;
    }
    for (size_t i = 0; i < today->counters.count; i++) {
        work->counters[i].figures.code = today->counters.codes[i];
    }
    for (size_t i = 0; i < today->avoidable.count; i++) {
        work->avoidable_list[i] = (struct today_count){.code = today->avoidable.codes[i]};
    }
    today->figures = (struct today_figures){.now_ms = now_ms, .standard_ms = terms->standard_ms};
    memcpy(today->figures.day, today->day, sizeof(today->figures.day));
}

enum today_verdict today_verdict(const struct work *work, const struct course *course)
{
    int64_t until_ms = work->now_ms;
    if (course->called) {
        until_ms = course->first_called_ms;
    } else if (course->state == TICKET_LEFT) {
        until_ms = course->ended_ms;
    }
    const bool is_in_time = today_span(course->from_ms, until_ms) <= work->standard_ms;
    return !is_in_time ? VERDICT_MISSED : course->called ? VERDICT_WITHIN : VERDICT_OPEN;
}

/* visits into rows */

static void count_visit(struct sum_row *sums, const struct course *course,
                        enum today_verdict verdict)
{
    struct today_row *row = &sums->row;
    row->issued++;
    row->called += course->called;
    row->served += course->state == TICKET_CLOSED;
    row->left += course->state == TICKET_LEFT;
    row->left_at_close += course->state == TICKET_LEFT && course->left_at_close;
    row->no_show += course->state == TICKET_NO_SHOW;
    row->of_called.of += course->called;
    row->of_called.within += verdict == VERDICT_WITHIN;
    row->of_decided.of += verdict != VERDICT_OPEN;
    row->of_decided.within += verdict == VERDICT_WITHIN;
    if (course->called) {
        sums->wait_ms += today_span(course->from_ms, course->first_called_ms);
    }
}

static void count_present(struct today_row *row, const struct course *course, int64_t now_ms)
{
    row->at_counters += course->state == TICKET_CALLED || course->state == TICKET_SERVING;
    row->parked += course->state == TICKET_PARKED;
    if (course->state == TICKET_WAITING) {
        const int64_t ms = today_span(course->leg_from_ms, now_ms);
        row->waiting++;
        row->waiting_longest_ms = ms > row->waiting_longest_ms ? ms : row->waiting_longest_ms;
    }
}

static void count_visits(struct today *today)
{
    struct work *work = &today->work;
    for (size_t i = 0; i < today->visit_count; i++) {
        const struct course *course = &work->courses[i];
        if (!course->issued) {
            continue;
        }
        const enum today_verdict verdict = today_verdict(work, course);
        struct sum_row *all = &work->rows[ROW_ALL];
        struct sum_row *hour =
            &work->rows[ROW_HOURS + today_hour(&today->visits[i], work->utc_offset_s)];
        count_visit(all, course, verdict);
        count_visit(hour, course, verdict);
        count_visit(&work->rows[ROW_SERVICES + course->service], course, verdict);
        count_present(&all->row, course, work->now_ms);
        count_present(&hour->row, course, work->now_ms);
        count_present(&work->rows[ROW_SERVICES + course->leg_service].row, course, work->now_ms);
        if (course->avoidable != NOBODY) {
            work->avoidable_list[course->avoidable].visits++;
        }
        if (course->state == TICKET_CLOSED) {
            today->figures.outcomes[course->outcome]++;
        }
    }
}

/* quantiles: all waits are sorted once, and dealt out to their rows in that order */

static int by_wait(const void *one, const void *other)
{
    const struct wait *a = one;
    const struct wait *b = other;
    return (a->ms > b->ms) - (a->ms < b->ms);
}

static size_t sort_waits(struct today *today)
{
    struct work *work = &today->work;
    size_t count = 0;
    ROOM(work, waits, wait_room, today->visit_count + 1);
    for (size_t i = 0; i < today->visit_count; i++) {
        const struct course *course = &work->courses[i];
        if (course->called) {
            work->waits[count++] = (struct wait){
                .ms = today_span(course->from_ms, course->first_called_ms), .visit = (int32_t)i};
        }
    }
    qsort(work->waits, count, sizeof(*work->waits), by_wait);
    return count;
}

static void deal(struct work *work, size_t row, int64_t ms)
{
    struct sum_row *sums = &work->rows[row];
    work->sorted[sums->first_wait + sums->waits++] = ms;
}

static void deal_waits(struct today *today)
{
    struct work *work = &today->work;
    const size_t count = sort_waits(today);
    size_t next = 0;
    for (size_t i = 0; i < ROW_SERVICES + today->services.count; i++) {
        work->rows[i].first_wait = next;
        next += (size_t)work->rows[i].row.called;
    }
    ROOM(work, sorted, sorted_room, next + 1);
    for (size_t i = 0; i < count; i++) {
        const int32_t visit = work->waits[i].visit;
        const int64_t ms = work->waits[i].ms;
        deal(work, ROW_ALL, ms);
        deal(work, ROW_HOURS + (size_t)today_hour(&today->visits[visit], work->utc_offset_s), ms);
        deal(work, ROW_SERVICES + (size_t)work->courses[visit].service, ms);
    }
}

/* Linear between ranks; the same in whole numbers as everywhere in this house. */
static int64_t quantile(const int64_t *sorted, size_t count, int percent)
{
    const size_t place = (count - 1) * (size_t)percent;
    const size_t rank = place / 100;
    const int64_t rest = (int64_t)(place % 100);
    if (rest == 0) {
        return sorted[rank];
    }
    return sorted[rank] + (sorted[rank + 1] - sorted[rank]) * rest / 100;
}

static int64_t mean(int64_t sum, int32_t count)
{
    return count == 0 ? TODAY_UNKNOWN : sum / count;
}

static void finish_row(const struct work *work, struct sum_row *sums)
{
    struct today_row *row = &sums->row;
    const int64_t *sorted = work->sorted + sums->first_wait;
    const size_t count = sums->waits;
    row->service_mean_ms = mean(sums->service_ms, row->services);
    row->wait_mean_ms = mean(sums->wait_ms, row->called);
    row->wait_p50_ms = count == 0 ? TODAY_UNKNOWN : quantile(sorted, count, 50);
    row->wait_p90_ms = count == 0 ? TODAY_UNKNOWN : quantile(sorted, count, 90);
    row->wait_longest_ms = count == 0 ? TODAY_UNKNOWN : sorted[count - 1];
}

static int by_service(const void *one, const void *other)
{
    return strcmp(((const struct today_service *)one)->code,
                  ((const struct today_service *)other)->code);
}

static int by_counter(const void *one, const void *other)
{
    return strcmp(((const struct today_counter *)one)->code,
                  ((const struct today_counter *)other)->code);
}

static int by_reason(const void *one, const void *other)
{
    return strcmp(((const struct today_count *)one)->code,
                  ((const struct today_count *)other)->code);
}

/* By code, and not as the day named them: an undone step must not even show in the order. */
static void sort_lists(struct today *today)
{
    struct work *work = &today->work;
    qsort(work->service_list, today->services.count, sizeof(*work->service_list), by_service);
    qsort(work->counter_list, today->counters.count, sizeof(*work->counter_list), by_counter);
    qsort(work->avoidable_list, today->avoidable.count, sizeof(*work->avoidable_list), by_reason);
}

static void finish(struct today *today)
{
    struct work *work = &today->work;
    struct today_figures *figures = &today->figures;
    for (size_t i = 0; i < ROW_SERVICES + today->services.count; i++) {
        finish_row(work, &work->rows[i]);
    }
    figures->all = work->rows[ROW_ALL].row;
    figures->queued = figures->all.issued;
    for (int i = 0; i < TODAY_HOURS; i++) {
        figures->hours[i] = work->rows[ROW_HOURS + i].row;
    }
    for (size_t i = 0; i < today->services.count; i++) {
        work->service_list[i] = (struct today_service){.code = today->services.codes[i],
                                                       .row = work->rows[ROW_SERVICES + i].row};
    }
    for (size_t i = 0; i < today->counters.count; i++) {
        struct sum_counter *sums = &work->counters[i];
        sums->figures.sitting_mean_ms = mean(sums->sitting_ms, sums->figures.sittings);
        work->counter_list[i] = sums->figures;
    }
    sort_lists(today);
    figures->services = work->service_list;
    figures->counters = work->counter_list;
    figures->avoidable = work->avoidable_list;
    figures->service_count = (int32_t)today->services.count;
    figures->counter_count = (int32_t)today->counters.count;
    figures->avoidable_count = (int32_t)today->avoidable.count;
}

const struct today_figures *today_figures(struct today *today, const struct today_terms *terms,
                                          int64_t now_ms)
{
    today_begin_work(today, terms, now_ms);
    today_follow(today);
    count_visits(today);
    deal_waits(today);
    finish(today);
    return &today->figures;
}
