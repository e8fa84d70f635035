/* One request and its answer. See exchange.h. */
#include "http/exchange.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "quarter/check.h"

/* Pages run our own scripts and styles only; nothing is inline, nothing comes from elsewhere, nobody frames us. */
static const char content_security_policy[] = "default-src 'none'; script-src 'self'; style-src "
                                              "'self'; img-src 'self' data:; font-src 'self'; "
                                              "connect-src 'self'; worker-src 'self'; manifest-src "
                                              "'self'; base-uri 'none'; form-action 'none'; "
                                              "frame-ancestors 'none'";

static const char *const shared_headers[][2] = {
    {"Content-Security-Policy", content_security_policy},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
};

static void add_header(struct MHD_Response *response, const char *name, const char *value)
{
    CHECK(MHD_add_response_header(response, name, value) == MHD_YES);
}

enum MHD_Result exchange_send(struct exchange *exchange, int http_status,
                              struct MHD_Response *response)
{
    CHECK(response != NULL);
    for (size_t i = 0; i < sizeof(shared_headers) / sizeof(shared_headers[0]); i++) {
        add_header(response, shared_headers[i][0], shared_headers[i][1]);
    }
    if (exchange->house->is_tls) {
        /* Browsers mind it only where they trust the certificate without being asked (RFC 6797 section 8.1). */
        add_header(response, "Strict-Transport-Security", "max-age=31536000");
    }
    if (exchange->set_cookie[0] != '\0') {
        add_header(response, MHD_HTTP_HEADER_SET_COOKIE, exchange->set_cookie);
    }
    exchange->stage = EXCHANGE_ANSWERED;
    metrics_count_answer(exchange->house->metrics, http_status);
    const enum MHD_Result result =
        MHD_queue_response(exchange->connection, (unsigned)http_status, response);
    MHD_destroy_response(response);
    return result;
}

static struct MHD_Response *response_of_text(char *text, const char *type)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE);
    CHECK(response != NULL);
    add_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    add_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    return response;
}

enum MHD_Result exchange_send_json(struct exchange *exchange, int http_status, char *json)
{
    return exchange_send(exchange, http_status, response_of_text(json, "application/json"));
}

enum MHD_Result exchange_send_text(struct exchange *exchange, const char *type, char *text)
{
    return exchange_send(exchange, MHD_HTTP_OK, response_of_text(text, type));
}

enum MHD_Result exchange_send_nothing(struct exchange *exchange)
{
    static char nothing[] = "";
    return exchange_send(exchange, MHD_HTTP_NO_CONTENT,
                         MHD_create_response_from_buffer(0, nothing, MHD_RESPMEM_PERSISTENT));
}

/* A person who typed an address wants a page that says in words what is wrong; programs want the document. The page
 * asks for the document itself. Another host's name would be refused the page's own files too. */
static struct MHD_Response *page_of_problem(const struct exchange *exchange, enum problem_code code)
{
    const char *accept = exchange_header(exchange, MHD_HTTP_HEADER_ACCEPT);
    const bool reads = strcmp(exchange->method, MHD_HTTP_METHOD_GET) == 0 ||
                       strcmp(exchange->method, MHD_HTTP_METHOD_HEAD) == 0;
    struct static_file file;
    if (!reads || accept == NULL || strstr(accept, "text/html") == NULL ||
        code == PROBLEM_WRONG_HOST || strncmp(exchange->path, "/api/", 5) == 0 ||
        static_files_find(exchange->house->files, "problem.html", &file) != STATUS_OK) {
        return NULL;
    }
    struct MHD_Response *response = MHD_create_response_from_fd(file.size, file.fd);
    CHECK(response != NULL);
    add_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, file.type);
    add_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    return response;
}

/* retry_s 0: what is usual. */
static void add_retry_after(struct MHD_Response *response, enum problem_code code, int64_t retry_s)
{
    char text[24];
    const int http_status = problem_get(code)->http_status;
    if (retry_s == 0 && http_status == 429) { /* most bounds that it stands for are a day's */
        retry_s = code == PROBLEM_WAIT_A_LITTLE || code == PROBLEM_TOO_MANY_STREAMS ? 2 : 3600;
    } else if (retry_s == 0 && http_status == MHD_HTTP_SERVICE_UNAVAILABLE) {
        retry_s = 1;
    }
    if (retry_s > 0) {
        (void)snprintf(text, sizeof(text), "%lld", (long long)retry_s);
        add_header(response, MHD_HTTP_HEADER_RETRY_AFTER, text);
    }
}

/* RFC 9110 section 11.6.1 wants a 401 to say how; no browser is to open its own window for it. */
static void add_challenge(struct MHD_Response *response, int http_status)
{
    if (http_status == MHD_HTTP_UNAUTHORIZED) {
        add_header(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Quarter realm=\"staff\"");
    }
}

static enum MHD_Result send_problem(struct exchange *exchange, struct MHD_Response *response,
                                    enum problem_code code, int64_t retry_s)
{
    const int http_status = problem_get(code)->http_status;
    if (code == PROBLEM_METHOD_NOT_ALLOWED) {
        add_header(response, MHD_HTTP_HEADER_ALLOW, exchange->match.allow);
    }
    add_retry_after(response, code, retry_s);
    add_challenge(response, http_status);
    metrics_count_problem(exchange->house->metrics, code);
    return exchange_send(exchange, http_status, response);
}

enum MHD_Result exchange_send_problem(struct exchange *exchange, enum problem_code code,
                                      const char *detail, const char *field)
{
    struct MHD_Response *response = page_of_problem(exchange, code);
    if (response == NULL) {
        response = response_of_text(problem_json(code, detail, field), "application/problem+json");
    }
    return send_problem(exchange, response, code, 0);
}

enum MHD_Result exchange_send_later(struct exchange *exchange, enum problem_code code,
                                    int64_t retry_s)
{
    return send_problem(
        exchange, response_of_text(problem_json_later(code, retry_s), "application/problem+json"),
        code, retry_s);
}

enum MHD_Result exchange_send_fault(struct exchange *exchange, const struct fault *fault)
{
    return exchange_send_problem(exchange, fault->code, fault->detail, fault->field);
}

enum MHD_Result exchange_send_document(struct exchange *exchange, const char *json,
                                       const char *etag)
{
    const bool known = exchange_has_etag(exchange, etag);
    const size_t length = known ? 0 : strlen(json);
    /* libmicrohttpd never writes into a persistent buffer, though its type says otherwise. */
    void *buffer = NULL;
    memcpy(&buffer, &json, sizeof(buffer));
    struct MHD_Response *response =
        MHD_create_response_from_buffer(length, buffer, MHD_RESPMEM_PERSISTENT);
    CHECK(response != NULL);
    add_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
    add_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-cache");
    add_header(response, MHD_HTTP_HEADER_ETAG, etag);
    return exchange_send(exchange, known ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, response);
}

/* Between the browser and us, or the relay that speaks https for us. */
static bool is_asked_by_https(const struct exchange *exchange)
{
    const char *relayed = exchange_header(exchange, "X-Forwarded-Proto");
    return exchange->house->is_tls || (relayed != NULL && strcasecmp(relayed, "https") == 0);
}

void exchange_set_cookie(struct exchange *exchange, const char *token)
{
    (void)snprintf(exchange->set_cookie, sizeof(exchange->set_cookie),
                   "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s", exchange->house->cookie,
                   token != NULL ? token : "", is_asked_by_https(exchange) ? "; Secure" : "",
                   token != NULL ? "" : "; Max-Age=0");
}

/* On the desk's thread, after the commit, or on the forecast's. From the resume on, the exchange belongs to libmicrohttpd again. */
static void wake_exchange(void *context)
{
    const struct exchange *exchange = context;
    MHD_resume_connection(exchange->connection);
}

static enum problem_code submit(const struct house *house, struct desk_job *job)
{
    if (job->verb != DESK_ADVICE && job->verb != DESK_WHAT_IF) {
        return desk_submit(house->desk, job);
    }
    return house->forecasts != NULL ? forecast_thread_ask(house->forecasts, job)
                                    : PROBLEM_FORECAST_OFF;
}

enum MHD_Result exchange_park(struct exchange *exchange, struct desk_job *job)
{
    job->done = wake_exchange;
    job->context = exchange;
    exchange->job = job;
    exchange->stage = EXCHANGE_PARKED;
    /* Suspended first: whoever gets the job may be done before submit() has returned. */
    MHD_suspend_connection(exchange->connection);
    const enum problem_code refused = submit(exchange->house, job);
    if (refused != PROBLEM_NONE) {
        job->problem = refused;
        MHD_resume_connection(exchange->connection);
    }
    return MHD_YES;
}

/* Made into a file by a browser, whatever it thinks of CSV. */
static enum MHD_Result send_extract(struct exchange *exchange, struct day_extract *extract)
{
    char disposition[160];
    struct MHD_Response *response =
        response_of_text(day_extract_csv(extract), "text/csv; charset=utf-8; header=present");
    (void)snprintf(disposition, sizeof(disposition), "attachment; filename=\"%s\"",
                   day_extract_name(extract));
    add_header(response, MHD_HTTP_HEADER_CONTENT_DISPOSITION, disposition);
    return exchange_send(exchange, MHD_HTTP_OK, response);
}

enum MHD_Result exchange_finish(struct exchange *exchange)
{
    if (exchange->errand != NULL) {
        return errand_answer(exchange);
    }
    struct desk_job *job = exchange->job;
    CHECK(job != NULL);
    auth_note(exchange, job->problem);
    if (job->problem != PROBLEM_NONE) {
        return exchange_send_problem(exchange, job->problem,
                                     job->detail[0] != '\0' ? job->detail : NULL, NULL);
    }
    if (exchange->then != NULL) {
        return exchange->then(exchange);
    }
    if (job->http_status == MHD_HTTP_NO_CONTENT) {
        return exchange_send_nothing(exchange);
    }
    if (job->extract != NULL) {
        return send_extract(exchange, job->extract);
    }
    char *body = job->body;
    job->body = NULL;
    return exchange_send_json(exchange, job->http_status, body);
}

const char *exchange_header(const struct exchange *exchange, const char *name)
{
    return MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, name);
}

bool exchange_has_etag(const struct exchange *exchange, const char *etag)
{
    const char *known = exchange_header(exchange, MHD_HTTP_HEADER_IF_NONE_MATCH);
    return known != NULL && strstr(known, etag) != NULL;
}

void exchange_let_go_of_site(struct exchange *exchange)
{
    if (exchange->edition != NULL) {
        site_book_release(exchange->house->sites, exchange->edition);
        exchange->edition = NULL;
    }
}

void exchange_destroy(struct exchange *exchange)
{
    if (exchange == NULL) {
        return;
    }
    desk_job_destroy(exchange->job);
    errand_destroy(exchange->errand);
    caller_clear(&exchange->caller);
    sodium_memzero(exchange->set_cookie, sizeof(exchange->set_cookie));
    exchange_let_go_of_site(exchange);
    if (exchange->body != NULL) {
        sodium_memzero(exchange->body, exchange->body_length); /* it may hold a password */
    }
    free(exchange->body);
    free(exchange);
}
