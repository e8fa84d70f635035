/* Were broken promises announced before they broke? All who were told a range on arrival are forecast anew at each event
 * and each 15 s, as the server does. What is kept of each is when P(wait > promised high) first reached each threshold;
 * so one pass judges them all. See score.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"
#include "simulate/score_parts.h"

static const int64_t refresh_ms = 15000;
static const int64_t second_ms = 1000;
static const int64_t minute_ms = 60000;
static const int64_t ample_ms = 120000; /* early enough to be of use */

struct refreshing {
    struct score_worker *worker;
    struct score_day *day;
    bool dirty; /* something happened since the last look */
};

static struct score_promise *promise_of(struct score_worker *worker, int32_t ticket)
{
    return ticket < worker->capacity ? &worker->promises[ticket] : NULL;
}

static void note(struct score_promise *promise, const struct forecast_wait *wait, int64_t now_ms)
{
    const int levels = wait->later_permille * SCORE_ALARM_LEVELS / 1000;
    for (int i = 0; i < levels; i++) {
        if (promise->alarm_ms[i] == 0) {
            promise->alarm_ms[i] = now_ms;
        }
    }
}

/* Everybody who waits for what was promised. A promise that broke is no business of alarms any more. */
static void refresh(struct refreshing *refreshing)
{
    struct score_worker *worker = refreshing->worker;
    struct snapshot *snapshot = &worker->snapshot;
    score_day_see(refreshing->day, snapshot);
    bool asked = false;
    for (size_t i = 0; i < snapshot->ticket_count; i++) {
        struct snapshot_ticket *ticket = &snapshot->tickets[i];
        const struct score_promise *promise = promise_of(worker, ticket->index);
        ticket->promised_ms = promise != NULL ? promise->high_ms : 0;
        asked |= ticket->promised_ms > 0;
    }
    if (!asked) {
        return;
    }
    forecaster_run(worker->forecaster, snapshot, &(struct forecast_options){.runs = worker->runs},
                   &worker->forecast);
    for (size_t i = 0; i < snapshot->ticket_count; i++) {
        const struct snapshot_ticket *ticket = &snapshot->tickets[i];
        if (ticket->promised_ms > 0 &&
            snapshot->now_ms - ticket->leg_from_ms <= ticket->promised_ms) {
            note(promise_of(worker, ticket->index), &worker->forecast.tickets[i], snapshot->now_ms);
        }
    }
}

/* Told on arrival, to walk-ins who do not go straight to a counter. The forecast is of what was seen before. */
static void on_arrival(void *context, struct score_day *day, int32_t ticket)
{
    struct refreshing *refreshing = context;
    struct score_worker *worker = refreshing->worker;
    refreshing->dirty = true;
    const struct world_visit *visit = &score_day_visits(day)->visits[ticket];
    if (score_day_booked(day, ticket)) {
        return;
    }
    score_foretell_newcomer(worker, day, visit);
    const int32_t p90_s = worker->forecast.newcomers[0].range.p90_s;
    if (p90_s > 0 && p90_s < FORECAST_NEVER) {
        worker->promises[ticket] =
            (struct score_promise){.high_ms = promise_high_min(p90_s) * minute_ms};
    }
}

static void judge(const struct score_worker *worker, const struct score_day *day,
                  struct score_alarm_day *alarm)
{
    const int32_t count = score_day_visits(day)->count;
    for (int32_t i = 0; i < count; i++) {
        const struct score_promise *promise = &worker->promises[i];
        const struct world_ticket *ticket = world_ticket(score_day_world(day), i);
        if (promise->high_ms == 0 || ticket->called_ms < 0) {
            continue; /* nothing told, or gone before anybody could know */
        }
        const int64_t breaks_ms = ticket->leg_from_ms + promise->high_ms;
        const bool broken = ticket->called_ms > breaks_ms;
        alarm->promises++;
        alarm->broken += broken;
        for (int level = 0; level < SCORE_ALARM_LEVELS; level++) {
            const int64_t at_ms = promise->alarm_ms[level];
            struct score_alarm_sum *sum = &alarm->sums[level];
            if (at_ms == 0) {
                continue;
            }
            sum->alarms++;
            sum->false_alarms += !broken;
            sum->ample += broken && breaks_ms - at_ms >= ample_ms;
            if (broken) {
                sum->leads_s[sum->announced % SCORE_LEADS_MAX] =
                    (int32_t)((breaks_ms - at_ms) / 1000);
                sum->announced++;
            }
        }
    }
}

static void on_call(void *context, struct score_day *day, int32_t ticket)
{
    struct refreshing *refreshing = context;
    (void)day;
    (void)ticket;
    refreshing->dirty = true;
}

void score_alarm_day(struct score_worker *worker, struct score_alarm_day *alarm)
{
    struct score_day *day = worker->day;
    struct refreshing refreshing = {.worker = worker, .day = day};
    const struct score_day_watch watch = {
        .context = &refreshing, .on_arrival = on_arrival, .on_call = on_call};
    memset(worker->promises, 0, (size_t)worker->capacity * sizeof(*worker->promises));
    score_day_start(day, &watch);
    int64_t now_ms = 0;
    while (score_day_go_on(day, now_ms)) {
        if (refreshing.dirty || now_ms % refresh_ms == 0) {
            refresh(&refreshing);
            refreshing.dirty = false;
        }
        now_ms += second_ms;
    }
    judge(worker, day, alarm);
}

/* ---- All days together */

static int by_length(const void *a, const void *b)
{
    const int32_t first = *(const int32_t *)a;
    const int32_t second = *(const int32_t *)b;
    return (first > second) - (first < second);
}

static double share(int64_t part, int64_t whole)
{
    return whole > 0 ? (double)part / (double)whole : (double)NAN;
}

static double median_lead_min(const struct score_alarm_day *days, int count, int level)
{
    int32_t *leads_s = malloc(((size_t)count + 1) * SCORE_LEADS_MAX * sizeof(*leads_s));
    CHECK(leads_s != NULL);
    size_t known = 0;
    for (int i = 0; i < count; i++) {
        const struct score_alarm_sum *sum = &days[i].sums[level];
        for (int64_t j = 0; j < sum->announced && j < SCORE_LEADS_MAX; j++) {
            leads_s[known++] = sum->leads_s[j];
        }
    }
    qsort(leads_s, known, sizeof(*leads_s), by_length);
    const size_t middle = known / 2;
    const double median_min = known > 0 ? leads_s[middle] / 60.0 : (double)NAN;
    free(leads_s);
    return median_min;
}

void score_alarms_sum(const struct score_alarm_day *days, int count, struct score_result *result)
{
    for (int i = 0; i < count; i++) {
        result->promises += days[i].promises;
        result->broken += days[i].broken;
    }
    for (int level = 0; level < SCORE_ALARM_LEVELS; level++) {
        struct score_alarm_sum all = {0};
        for (int i = 0; i < count; i++) {
            all.alarms += days[i].sums[level].alarms;
            all.false_alarms += days[i].sums[level].false_alarms;
            all.announced += days[i].sums[level].announced;
            all.ample += days[i].sums[level].ample;
        }
        result->alarms[level] = (struct score_alarms){
            .threshold_permille = (level + 1) * 1000 / SCORE_ALARM_LEVELS,
            .announced = share(all.announced, result->broken),
            .announced_2_min = share(all.ample, result->broken),
            .lead_min = median_lead_min(days, count, level),
            .false_alarms = share(all.false_alarms, all.alarms),
            .per_promise = share(all.alarms, result->promises),
        };
    }
}
