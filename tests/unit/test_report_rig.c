#include "test_report_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"
#include "test_kit.h"

void report_rig_set_up(struct report_rig *rig)
{
    *rig = (struct report_rig){
        .today = today_create(), .terms = {.standard_ms = 15 * MINUTE_MS}, .now_ms = NINE_MS};
    report_at(rig, EVENT_DAY_OPENED, 0, "");
}

void report_rig_tear_down(struct report_rig *rig)
{
    today_destroy(rig->today);
    free(rig->log);
}

struct event report_event(const struct report_rig *rig, enum event_type type, int ticket,
                          const char *counter)
{
    struct event event = {.at_ms = rig->now_ms,
                          .occurred_at_ms = rig->now_ms,
                          .type = type,
                          .version = 1,
                          .day = REPORT_DAY,
                          .actor = "local"};
    if (ticket != 0) {
        snprintf(event.ticket, sizeof(event.ticket), "01JDTEST%018d", ticket);
    }
    kit_set(event.counter, sizeof(event.counter), counter);
    return event;
}

void report_take(struct report_rig *rig, const struct event *event)
{
    if (rig->count == rig->capacity) {
        rig->capacity = rig->capacity == 0 ? 64 : rig->capacity * 2;
        rig->log = realloc(rig->log, rig->capacity * sizeof(*rig->log));
        CHECK(rig->log != NULL);
    }
    rig->log[rig->count] = *event;
    rig->log[rig->count].seq = (int64_t)rig->count + 1;
    today_take(rig->today, &rig->log[rig->count++]);
}

void report_wait(struct report_rig *rig, int64_t ms)
{
    rig->now_ms += ms;
}

void report_issue(struct report_rig *rig, int ticket, const char *service)
{
    struct event event = report_event(rig, EVENT_TICKET_ISSUED, ticket, "");
    kit_set(event.body.issued.service, sizeof(event.body.issued.service), service);
    kit_set(event.body.issued.prefix, sizeof(event.body.issued.prefix), "H");
    event.body.issued.number = ticket;
    event.body.issued.arrived_at_ms = event.body.issued.leg_from_ms = rig->now_ms;
    report_take(rig, &event);
}

void report_at(struct report_rig *rig, enum event_type type, int ticket, const char *counter)
{
    const struct event event = report_event(rig, type, ticket, counter);
    report_take(rig, &event);
}

void report_finish(struct report_rig *rig, int ticket, const char *counter, enum outcome outcome)
{
    struct event event = report_event(rig, EVENT_TICKET_CLOSED, ticket, counter);
    event.body.closed.outcome = outcome;
    report_take(rig, &event);
}

void report_transfer(struct report_rig *rig, int ticket, const char *counter, const char *service)
{
    struct event event = report_event(rig, EVENT_TICKET_TRANSFERRED, ticket, counter);
    kit_set(event.body.transferred.service, sizeof(event.body.transferred.service), service);
    event.body.transferred.leg_from_ms = rig->now_ms;
    report_take(rig, &event);
}

void report_undo(struct report_rig *rig, int ticket, const char *counter, enum step step)
{
    struct event event = report_event(rig, EVENT_STEP_UNDONE, ticket, counter);
    event.body.undone.step = step;
    report_take(rig, &event);
}

const struct today_figures *report_now(struct report_rig *rig)
{
    return today_figures(rig->today, &rig->terms, rig->now_ms);
}

const struct today_row *report_service(const struct today_figures *figures, const char *service)
{
    for (int i = 0; i < figures->service_count; i++) {
        if (strcmp(figures->services[i].code, service) == 0) {
            return &figures->services[i].row;
        }
    }
    fail_msg("no service %s", service);
    return NULL;
}

const struct today_counter *report_counter(const struct today_figures *figures, const char *counter)
{
    for (int i = 0; i < figures->counter_count; i++) {
        if (strcmp(figures->counters[i].code, counter) == 0) {
            return &figures->counters[i];
        }
    }
    fail_msg("no counter %s", counter);
    return NULL;
}
