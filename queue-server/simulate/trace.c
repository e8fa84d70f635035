/* Days as recorded or invented, and the desk they happen at. The reader of files is trace_read.c. */
#include "simulate/trace.h"

#include <stdlib.h>

enum { LATE_MS = 600000 }; /* so much after the appointment its holder still counts as on time */

void trace_classify(struct world_visit *visit, int64_t appointment_ms, int priority)
{
    const bool on_time = appointment_ms >= 0 && visit->arrives_ms <= appointment_ms + LATE_MS;
    visit->leg_from_ms = visit->arrives_ms;
    if (on_time && appointment_ms > visit->arrives_ms) {
        visit->leg_from_ms = appointment_ms;
    }
    enum ticket_class ticket_class = CLASS_NORMAL;
    if (priority == 2) {
        ticket_class = CLASS_URGENT;
    } else if (on_time) {
        ticket_class = CLASS_APPOINTMENT;
    } else if (priority == 1) {
        ticket_class = CLASS_ASSISTED;
    }
    visit->ticket_class = (uint8_t)ticket_class;
}

struct world_desk trace_desk(const struct trace_site *site, const struct policy_terms *policy)
{
    return (struct world_desk){.policy = *policy,
                               .service_count = site->service_count,
                               .counter_count = site->counter_count,
                               .counters = site->counters,
                               .stranger_factor = WORLD_STRANGER_FACTOR,
                               .ghost_ms = WORLD_GHOST_MS};
}

void trace_day_free(struct trace_day *day)
{
    free(day->visits);
    free(day->bookings);
    *day = (struct trace_day){0};
}

void trace_free(struct trace *trace)
{
    if (trace == NULL) {
        return;
    }
    for (int i = 0; i < trace->day_count; i++) {
        trace_day_free(&trace->days[i]);
    }
    free(trace->days);
    free(trace);
}

void trace_faults_free(struct trace_faults *faults)
{
    free(faults->text);
    *faults = (struct trace_faults){0};
}
