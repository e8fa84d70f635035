/* Who is to be told what. See telling.h. */
#include "http/telling.h"

#include <stdio.h>
#include <string.h>

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

static int find_service(const struct engine *engine, const char *code)
{
    for (int i = 0; i < engine_service_count(engine); i++) {
        if (strcmp(engine_service_code(engine, i), code) == 0) {
            return i;
        }
    }
    return -1;
}

/* By the engine's indices; one that no ticket and no counter had yet is not among them. */
static uint32_t needs_of(const struct engine *engine, const struct command *issue)
{
    uint32_t needs = 0;
    for (int i = 0; i < issue->need_count; i++) {
        const int need = engine_find_need(engine, issue->needs[i]);
        needs |= need >= 0 && need < NEEDS_MAX ? 1U << need : 0;
    }
    return needs;
}

/* Of all services that share a counter with this one, which is one of them. */
static uint64_t rivals_of(const struct engine *engine, int service)
{
    uint64_t rivals = UINT64_C(1) << service;
    for (int i = 0; i < engine_counter_count(engine); i++) {
        const struct counter *counter = engine_counter(engine, i);
        if (!counter->retired && (counter->services >> service & 1U) != 0) {
            rivals |= counter->services;
        }
    }
    return rivals;
}

/* Did anything happen since the forecast that makes its newcomer's wait too short a one? */
static bool is_outrun(const struct view_source *source, int service)
{
    for (uint64_t left = rivals_of(source->engine, service); left != 0; left &= left - 1) {
        if (day_notes_crowded_seq(source->notes, __builtin_ctzll(left)) >
            source->waits->journal_seq) {
            return true;
        }
    }
    return false;
}

struct promise telling_at_issue(const struct view_source *source, const struct command *issue)
{
    static const struct promise none;
    if (issue->appointment_ms != 0 || issue->number != 0) {
        return none;
    }
    const int service = find_service(source->engine, issue->service);
    const struct promise *told = waits_of_newcomer(source->waits, service, issue->ticket_class,
                                                   needs_of(source->engine, issue));
    return told != NULL && !is_outrun(source, service) ? *told : none;
}
