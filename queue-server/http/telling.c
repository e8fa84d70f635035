/* Who is to be told what. See telling.h. */
#include "http/telling.h"

#include <stdio.h>

#include "engine/forecast/promise.h"
#include "http/ticket_json.h"

/* Is it to be told (again)? Only what a forecast said of the very promise that stands. */
static bool is_to_be_told(const struct view_source *source, const struct ticket_wait *wait)
{
    const struct ticket *ticket = engine_ticket(source->engine, (size_t)wait->ticket);
    if (ticket->state != TICKET_WAITING || !wait->wait.known ||
        ticket_wait(source, ticket) != &wait->wait) {
        return false;
    }
    if (!ticket->promise.known) {
        return true;
    }
    const int32_t high_s = promise_high_min(ticket->promise.p90_s) * 60;
    const int64_t waited_ms = source->now_ms - ticket->leg_from_ms;
    return wait->promised_ms == INT64_C(1000) * high_s &&
           promise_high_min(wait->wait.p90_s) * 60 > high_s &&
           promise_alarm(wait->later_permille, waited_ms > 0 ? (int32_t)(waited_ms / 1000) : 0,
                         high_s);
}

static struct desk_job *job_for(const struct view_source *source, const struct ticket_wait *wait)
{
    struct desk_job *job = desk_job_create(DESK_COMMAND);
    const struct ticket *ticket = engine_ticket(source->engine, (size_t)wait->ticket);
    job->command.type = COMMAND_PROMISE;
    job->command.promise = wait->wait;
    (void)snprintf(job->command.actor, sizeof(job->command.actor), "forecast");
    (void)snprintf(job->command.ticket_id, sizeof(job->command.ticket_id), "%s", ticket->id);
    return job;
}

struct desk_job *telling_jobs(const struct view_source *source, int most)
{
    struct desk_job *jobs = NULL;
    struct desk_job **end = &jobs;
    if (source->waits == NULL || !engine_day_is_open(source->engine)) {
        return NULL;
    }
    for (size_t i = 0; i < source->waits->ticket_count && most > 0; i++) {
        const struct ticket_wait *wait = &source->waits->tickets[i];
        if (is_to_be_told(source, wait)) {
            *end = job_for(source, wait);
            end = &(*end)->next;
            most--;
        }
    }
    return jobs;
}
