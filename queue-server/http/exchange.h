/* One request and its answer, as the handlers see them. Owned by libmicrohttpd's thread that serves the connection, but
 * for the job while it is parked at the desk. */
#ifndef QUARTER_HTTP_EXCHANGE_H
#define QUARTER_HTTP_EXCHANGE_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/auth.h"
#include "http/clock.h"
#include "http/desk.h"
#include "http/device_states.h"
#include "http/door.h"
#include "http/errand.h"
#include "http/event_feed.h"
#include "http/forecast_thread.h"
#include "http/guard.h"
#include "http/hub.h"
#include "http/metrics.h"
#include "http/problem.h"
#include "http/request.h"
#include "http/routes.h"
#include "http/site_book.h"
#include "http/static_files.h"
#include "http/topics.h"
#include "http/visits.h"
#include "site/site.h"

/* What the handlers need; all live longer than any exchange. */
struct house {
    struct site_book *sites;
    struct topics *topics;
    struct device_states *devices;
    struct clock *clock;
    struct desk *desk;
    struct forecast_thread *forecasts; /* NULL: switched off */
    struct hub *hub;
    struct metrics *metrics;
    struct event_feed *events;
    struct visits *visits;
    struct static_files *files;
    struct door *door;
    const char *assets_dir;
    int upload_ms;         /* for a whole body */
    struct people *people; /* NULL: sign-in is off */
    int64_t (*people_now)(void *context);
    void *people_now_context;
    struct clock *people_clock; /* theirs: never a demo's */
    const struct guard *guard;
    const char *cookie; /* the session's name */
    bool is_tls;
};

enum exchange_stage {
    EXCHANGE_RECEIVING,
    EXCHANGE_PARKED,   /* suspended; the desk will resume it, or the worker of people/ */
    EXCHANGE_ANSWERED, /* a response is queued */
};

struct exchange {
    const struct house *house;
    const struct site_edition *edition; /* the site in force when it began; NULL once let go */
    struct MHD_Connection *connection;
    const char *method;
    char path[ROUTE_PARAMETER_MAX + 64];
    struct route_match match;
    struct caller caller;
    enum exchange_stage stage;
    int64_t started_ms; /* monotonic */
    char *body;
    size_t body_length, body_capacity,
        body_total; /* total: with what was thrown away as too much */
    struct desk_job *job;
    enum MHD_Result (*then)(
        struct exchange
            *exchange); /* instead of the job's answer, when it is no problem; or NULL */
    struct errand *errand;
    char set_cookie[PEOPLE_TOKEN_LEN + 96]; /* sent with the answer; "": none */
};

/* Each queues the one response of the exchange. Texts are taken: freed by the response. */
enum MHD_Result exchange_send_json(struct exchange *exchange, int http_status, char *json);
enum MHD_Result exchange_send_text(struct exchange *exchange, const char *type, char *text);
enum MHD_Result exchange_send_nothing(struct exchange *exchange); /* 204 */
enum MHD_Result exchange_send_problem(struct exchange *exchange, enum problem_code code,
                                      const char *detail, const char *field);
/* A problem that goes away: what would have to be waited for. */
enum MHD_Result exchange_send_later(struct exchange *exchange, enum problem_code code,
                                    int64_t retry_s);
enum MHD_Result exchange_send_fault(struct exchange *exchange, const struct fault *fault);
/* Queues any response with the headers that all share, and drops the caller's reference. */
enum MHD_Result exchange_send(struct exchange *exchange, int http_status,
                              struct MHD_Response *response);
/* For an answer that outlasts the site in force when it began, and needs it no more. */
void exchange_let_go_of_site(struct exchange *exchange);
/* The document with an ETag: 304 when the client has it. json is borrowed and must outlive the exchange. */
enum MHD_Result exchange_send_document(struct exchange *exchange, const char *json,
                                       const char *etag);

/* Hands the job to the desk, or a what-if to the forecast's thread, and parks the connection. Takes the job. */
enum MHD_Result exchange_park(struct exchange *exchange, struct desk_job *job);
/* A new session's cookie goes with the answer; token NULL: the one at hand is forgotten. */
void exchange_set_cookie(struct exchange *exchange, const char *token);
/* Answers what the desk said, or people/; called when the parked connection was resumed. */
enum MHD_Result exchange_finish(struct exchange *exchange);

const char *exchange_header(const struct exchange *exchange, const char *name); /* NULL: none */
bool exchange_has_etag(const struct exchange *exchange, const char *etag);      /* If-None-Match */

void exchange_destroy(struct exchange *exchange);

#endif
