/* The day beside the engine's state. See day_notes.h. */
#include "http/day_notes.h"

#include <string.h>

#include "engine/forecast/promise.h"
#include "quarter/check.h"

static const int64_t set_up_ms = INT64_C(3600) * 1000;

static void note_finished(struct day_notes *notes, const struct engine *engine,
                          const struct event *event, const char *outcome)
{
    const int counter =
        event->counter[0] == '\0' ? -1 : engine_find_counter(engine, event->counter);
    const struct ticket *ticket = engine_find_ticket(engine, event->ticket);
    if (counter < 0 || ticket == NULL) {
        return;
    }
    CHECK(counter < QUARTER_COUNTERS_MAX);
    struct finished_visit *last = &notes->last_finished[counter];
    memcpy(last->number, ticket->number, sizeof(last->number));
    last->outcome = outcome;
}

static void forget_finished(struct day_notes *notes, const struct engine *engine,
                            const struct event *event)
{
    const int counter = engine_find_counter(engine, event->counter);
    const enum step step = event->body.undone.step;
    if (counter >= 0 && (step == STEP_FINISH || step == STEP_NO_SHOW)) {
        notes->last_finished[counter] = (struct finished_visit){0};
    }
}

static void widen(int32_t *low_min, int32_t *high_min, int32_t low, int32_t high)
{
    *low_min = low < *low_min ? low : *low_min;
    *high_min = high > *high_min ? high : *high_min;
}

/* One range for all who were told anew lately: some minutes later each would be announced alone. Where a delay goes on,
 * what was told first is forgotten within 20 minutes. */
static void note_delay(struct delay_notice *delay, int64_t at_ms, const struct promise *promise)
{
    const int32_t low_min = promise_low_min(promise->p20_s);
    const int32_t high_min = promise_high_min(promise->p90_s);
    const bool is_new = at_ms >= delay->until_ms;
    if (is_new) {
        delay->since_ms = at_ms;
    }
    if (is_new || at_ms - delay->recent_from_ms >= day_notes_delay_ms) {
        delay->low_min = is_new ? low_min : delay->recent_low_min;
        delay->high_min = is_new ? high_min : delay->recent_high_min;
        delay->recent_from_ms = at_ms;
        delay->recent_low_min = low_min;
        delay->recent_high_min = high_min;
    }
    widen(&delay->low_min, &delay->high_min, low_min, high_min);
    widen(&delay->recent_low_min, &delay->recent_high_min, low_min, high_min);
    delay->until_ms = at_ms + day_notes_delay_ms;
}

static void note_longer(struct day_notes *notes, uint64_t services, int64_t seq)
{
    for (; services != 0; services &= services - 1) {
        notes->crowded_seq[__builtin_ctzll(services)] = seq;
    }
}

static uint64_t services_of(const struct engine *engine, const char *code)
{
    const int counter = engine_find_counter(engine, code);
    return counter >= 0 ? engine_counter(engine, counter)->services : 0;
}

void day_notes_watch(struct day_notes *notes, const struct engine *engine,
                     const struct event *event)
{
    if (event->type == EVENT_COUNTER_MOVED) {
        note_longer(notes, services_of(engine, event->counter), event->seq);
    }
    const struct ticket *ticket =
        event->type == EVENT_PROMISE_MADE ? engine_find_ticket(engine, event->ticket) : NULL;
    if (ticket == NULL || !ticket->promise.known || ticket->service >= QUARTER_SERVICES_MAX) {
        return; /* told for the first time: that is no delay */
    }
    if (ticket->held_until_ms != 0) {
        return; /* waits longer by its own wish: nobody else does */
    }
    const struct promise *told = &event->body.promise;
    if (promise_high_min(told->p90_s) > promise_high_min(ticket->promise.p90_s)) {
        note_delay(&notes->delays[ticket->service], event->at_ms, told);
    }
}

const struct delay_notice *day_notes_delay(const struct day_notes *notes, int service,
                                           int64_t now_ms)
{
    const bool is_shown =
        service < QUARTER_SERVICES_MAX && now_ms < notes->delays[service].until_ms;
    return is_shown ? &notes->delays[service] : NULL;
}

static void note_crowd(struct day_notes *notes, const struct engine *engine,
                       const struct event *event)
{
    if (event->type == EVENT_TICKET_ISSUED || event->type == EVENT_TICKET_TRANSFERRED ||
        event->type == EVENT_TICKET_UNPARKED || event->type == EVENT_TICKET_REVIVED ||
        event->type == EVENT_TICKET_EDITED || event->type == EVENT_STEP_UNDONE) {
        const struct ticket *ticket = engine_find_ticket(engine, event->ticket);
        note_longer(notes, ticket != NULL ? UINT64_C(1) << ticket->service : 0, event->seq);
    } else if (event->type == EVENT_COUNTER_PAUSED || event->type == EVENT_COUNTER_CLOSED) {
        note_longer(notes, services_of(engine, event->counter), event->seq);
    }
}

int64_t day_notes_crowded_seq(const struct day_notes *notes, int service)
{
    CHECK(service >= 0 && service < QUARTER_SERVICES_MAX);
    return notes->crowded_seq[service];
}

void day_notes_take(struct day_notes *notes, const struct engine *engine, const struct event *event)
{
    if (event->type == EVENT_DAY_OPENED) {
        *notes = (struct day_notes){.opened_at_ms = event->at_ms};
    } else if (event->type == EVENT_TICKET_CLOSED) {
        note_finished(notes, engine, event, outcome_code(event->body.closed.outcome));
    } else if (event->type == EVENT_TICKET_NO_SHOW) {
        note_finished(notes, engine, event, ticket_state_code(TICKET_NO_SHOW));
    } else if (event->type == EVENT_STEP_UNDONE) {
        forget_finished(notes, engine, event);
    }
    note_crowd(notes, engine, event);
}

/* Days compare as text: "2026-11-24". */
static bool has_ended(const struct day_notes *notes, const struct engine *engine,
                      const struct site *site, int64_t now_ms, const char *today)
{
    struct site_day day;
    if (strcmp(engine_day(engine), today) != 0) {
        return true;
    }
    CHECK(site_day(site, today, &day) == STATUS_OK);
    return now_ms >= day.ends_ms && notes->opened_at_ms < day.ends_ms;
}

enum day_wish day_notes_wish(const struct day_notes *notes, const struct engine *engine,
                             const struct site *site, int64_t now_ms)
{
    char today[QUARTER_DAY_LEN + 1];
    struct site_day day;
    site_local_day(site, now_ms, today);
    if (engine_day_is_open(engine)) {
        return has_ended(notes, engine, site, now_ms, today) ? DAY_TO_CLOSE : DAY_AS_IT_IS;
    }
    CHECK(site_day(site, today, &day) == STATUS_OK);
    const bool is_new = strcmp(engine_day(engine), today) < 0;
    const bool is_time = day.open && now_ms >= day.opens_ms - set_up_ms && now_ms < day.closes_ms;
    return is_new && is_time ? DAY_TO_OPEN : DAY_AS_IT_IS;
}

bool day_notes_doors_open(const struct day_notes *notes, const struct engine *engine,
                          const struct site *site, int64_t now_ms)
{
    struct site_day day;
    if (!engine_day_is_open(engine)) {
        return false;
    }
    CHECK(site_day(site, engine_day(engine), &day) == STATUS_OK);
    if (day.open && notes->opened_at_ms < day.doors_ms) {
        return now_ms >= day.opens_ms && now_ms < day.doors_ms;
    }
    return true;
}
