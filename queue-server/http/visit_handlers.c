/* What a visitor's phone may ask: see its visit, follow it, let others go first, leave. Whoever has the token may; it is
 * all there is to know. No sign-in, no cookie. */
#include <string.h>

#include "http/exchange.h"
#include "http/handlers.h"
#include "http/visits.h"
#include "quarter/check.h"

/* PROBLEM_NONE: *job is about the visit whose token stands in the path. */
static enum problem_code job_of(const struct exchange *exchange, enum desk_verb verb,
                                struct desk_job **job)
{
    char ticket[QUARTER_ULID_LEN + 1];
    switch (visits_find(exchange->house->visits, exchange->match.parameter,
                        exchange->caller.address, ticket)) {
    case VISIT_UNKNOWN: return PROBLEM_NO_SUCH_VISIT;
    case VISIT_TOO_OFTEN: return PROBLEM_WAIT_A_LITTLE;
    case VISIT_FOUND: break;
    }
    *job = desk_job_create(verb);
    (*job)->of_visitor = true;
    memcpy((*job)->command.ticket_id, ticket, sizeof(ticket));
    return PROBLEM_NONE;
}

enum MHD_Result handle_visit_view(struct exchange *exchange)
{
    struct desk_job *job = NULL;
    const enum problem_code problem = job_of(exchange, DESK_VISIT, &job);
    return problem == PROBLEM_NONE ? exchange_park(exchange, job)
                                   : exchange_send_problem(exchange, problem, NULL, NULL);
}

/* It lasts as long as the visit, a site until the next one. */
static enum MHD_Result send_stream(struct exchange *exchange, struct MHD_Response *response)
{
    CHECK(MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/event-stream") ==
          MHD_YES);
    CHECK(MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store") == MHD_YES);
    exchange_let_go_of_site(exchange);
    return exchange_send(exchange, MHD_HTTP_OK, response);
}

/* The desk has said that the visit is told of still. */
static enum MHD_Result follow(struct exchange *exchange)
{
    struct MHD_Response *response = visits_follow(
        exchange->house->visits, exchange->job->command.ticket_id, exchange->connection);
    if (response == NULL) {
        return exchange_send_problem(exchange, PROBLEM_TOO_BUSY,
                                     "The server has no room for another stream just now.", NULL);
    }
    return send_stream(exchange, response);
}

enum MHD_Result handle_visit_stream(struct exchange *exchange)
{
    exchange->then = follow;
    return handle_visit_view(exchange);
}

enum MHD_Result handle_visit_step(struct exchange *exchange)
{
    struct desk_job *job = NULL;
    const enum problem_code problem = job_of(exchange, DESK_COMMAND, &job);
    if (problem != PROBLEM_NONE) {
        return exchange_send_problem(exchange, problem, NULL, NULL);
    }
    /* who it is, nobody knows */
    (void)snprintf(exchange->caller.actor, sizeof(exchange->caller.actor), "visitor");
    return handle_ticket_job(exchange, job);
}
