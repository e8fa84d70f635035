/* IPP requests with deadlines; see ipp.h.
 *
 * cupsSendRequest and cupsDoRequest are not used: they reconnect by themselves, with a time-out of
 * 30 s of their own, and loop (cups/request.c, 2.4.2). httpPost, ippWrite and cupsGetResponse on a
 * fresh connection do neither, and ask our callback four times a second. */
#include "printer/device/ipp.h"

#include "quarter/log.h"

#include <cups/cups.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { CONNECT_MS = 2000, CHUNK_BYTES = 16384 };
static const double WAIT_S = 0.25;

struct document {
    const char *data;
    size_t size;
};

/* A connection's guard, and when it last got on. */
struct watched {
    struct ipp_guard guard;
    int64_t moved_ms;
};

static enum status perform(const struct ipp_target *target, const struct ipp_guard *guard,
                           ipp_t *request, const struct document *document, ipp_t **answer,
                           char *why);
static enum status exchange(const struct ipp_target *target, const struct ipp_guard *guard,
                            ipp_t *request, const struct document *document, ipp_t **answer);
static enum status send_and_receive(http_t *http, const struct ipp_target *target, ipp_t *request,
                                    const struct document *document, struct watched *watched,
                                    ipp_t **answer);
static void add_media(const struct printer_ability *ability, const struct ipp_job *job,
                      ipp_t *request);
static ipp_t *new_request(const struct ipp_target *target, ipp_op_t operation);
static enum status judge(ipp_t *answer, char *why);
static enum status judge_http(int code);
static enum status read_job_id(ipp_t *answer, int *job_id);
static int may_go_on(http_t *http, void *context);
static const char *no_password(const char *prompt, http_t *http, const char *method,
                               const char *resource, void *context);

enum status ipp_target_parse(const char *uri, struct ipp_target *target)
{
    struct ipp_target made = {0};
    char scheme[16];
    char user[128];
    http_uri_status_t status = httpSeparateURI(HTTP_URI_CODING_ALL, uri, scheme, sizeof(scheme),
                                               user, sizeof(user), made.host, sizeof(made.host),
                                               &made.port, made.resource, sizeof(made.resource));
    if (status < HTTP_URI_STATUS_OK || strlen(uri) >= sizeof(made.uri) || !made.host[0] ||
        user[0] || (strcmp(scheme, "ipp") != 0 && strcmp(scheme, "ipps") != 0))
        return STATUS_INVALID;
    memcpy(made.uri, uri, strlen(uri) + 1);
    made.tls = strcmp(scheme, "ipps") == 0;
    *target = made;
    return STATUS_OK;
}

int64_t ipp_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

enum status ipp_ask_printer(const struct ipp_target *target, const struct ipp_guard *guard,
                            const struct print_wish *wish, struct printer_condition *condition,
                            struct printer_ability *ability)
{
    static const char *const wanted[] = {
        "printer-state",
        "printer-state-reasons",
        "printer-is-accepting-jobs",
        /* what follows only when its abilities are wanted */
        "document-format-supported",
        "operations-supported",
        "pwg-raster-document-type-supported",
        "pwg-raster-document-resolution-supported",
        "printer-resolution-supported",
        "media-supported",
        "media-size-supported",
        "media-col-supported",
        "media-col-database",
        "printer-input-tray",
    };
    ipp_t *request = new_request(target, IPP_OP_GET_PRINTER_ATTRIBUTES);
    ippAddStrings(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes",
                  ability ? (int)(sizeof(wanted) / sizeof(wanted[0])) : 3, NULL, wanted);
    ipp_t *answer;
    char why[PRINTER_REASON_BYTES];
    enum status status = perform(target, guard, request, NULL, &answer, why);
    if (!answer)
        return STATUS_UNAVAILABLE;
    if (status == STATUS_OK && !ippFindAttribute(answer, "printer-state", IPP_TAG_ENUM))
        status = STATUS_UNAVAILABLE;
    if (status == STATUS_OK) {
        *condition = ability_read_condition(answer);
        if (ability)
            *ability = ability_read(answer, wish);
    }
    ippDelete(answer);
    return status;
}

enum status ipp_create_job(const struct ipp_target *target, const struct ipp_guard *guard,
                           const struct printer_ability *ability, const struct ipp_job *job,
                           int *job_id, char *why)
{
    ipp_t *request = new_request(target, IPP_OP_CREATE_JOB);
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME, "job-name", NULL, job->name);
    add_media(ability, job, request);
    ipp_t *answer;
    enum status status = perform(target, guard, request, NULL, &answer, why);
    if (status == STATUS_OK)
        status = read_job_id(answer, job_id);
    ippDelete(answer);
    return status;
}

enum status ipp_send_document(const struct ipp_target *target, const struct ipp_guard *guard,
                              int job_id, const struct ipp_job *job, char *why)
{
    ipp_t *request = new_request(target, IPP_OP_SEND_DOCUMENT);
    ippAddInteger(request, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", job_id);
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_MIMETYPE, "document-format", NULL,
                 print_format_mime(job->format));
    ippAddBoolean(request, IPP_TAG_OPERATION, "last-document", 1);
    ipp_t *answer;
    enum status status =
        perform(target, guard, request, &(struct document){job->data, job->size}, &answer, why);
    ippDelete(answer);
    return status;
}

enum status ipp_print_job(const struct ipp_target *target, const struct ipp_guard *guard,
                          const struct printer_ability *ability, const struct ipp_job *job,
                          int *job_id, char *why)
{
    ipp_t *request = new_request(target, IPP_OP_PRINT_JOB);
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME, "job-name", NULL, job->name);
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_MIMETYPE, "document-format", NULL,
                 print_format_mime(job->format));
    add_media(ability, job, request);
    ipp_t *answer;
    enum status status =
        perform(target, guard, request, &(struct document){job->data, job->size}, &answer, why);
    if (status == STATUS_OK)
        status = read_job_id(answer, job_id);
    ippDelete(answer);
    return status;
}

enum status ipp_ask_job(const struct ipp_target *target, const struct ipp_guard *guard, int job_id,
                        struct job_report *report)
{
    static const char *const wanted[] = {"job-state", "job-state-reasons", "number-of-documents"};
    ipp_t *request = new_request(target, IPP_OP_GET_JOB_ATTRIBUTES);
    ippAddInteger(request, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", job_id);
    ippAddStrings(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes", 3, NULL,
                  wanted);
    ipp_t *answer;
    char why[PRINTER_REASON_BYTES];
    enum status status = perform(target, guard, request, NULL, &answer, why);
    if (status == STATUS_OK)
        *report = ability_read_job(answer);
    ippDelete(answer);
    return status;
}

enum status ipp_list_jobs(const struct ipp_target *target, const struct ipp_guard *guard,
                          struct listed_job *jobs, size_t *count)
{
    static const char *const wanted[] = {"job-id", "job-name", "job-state", "job-state-reasons",
                                         "number-of-documents"};
    ipp_t *request = new_request(target, IPP_OP_GET_JOBS);
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "which-jobs", NULL, "not-completed");
    ippAddBoolean(request, IPP_TAG_OPERATION, "my-jobs", 1);
    ippAddInteger(request, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "limit", ABILITY_JOBS_MAX);
    ippAddStrings(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes", 5, NULL,
                  wanted);
    ipp_t *answer;
    char why[PRINTER_REASON_BYTES];
    enum status status = perform(target, guard, request, NULL, &answer, why);
    if (status == STATUS_OK)
        *count = ability_read_jobs(answer, jobs);
    ippDelete(answer);
    return status;
}

enum status ipp_cancel_job(const struct ipp_target *target, const struct ipp_guard *guard,
                           int job_id)
{
    ipp_t *request = new_request(target, IPP_OP_CANCEL_JOB);
    ippAddInteger(request, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", job_id);
    ipp_t *answer;
    char why[PRINTER_REASON_BYTES];
    enum status status = perform(target, guard, request, NULL, &answer, why);
    ippDelete(answer);
    return status;
}

/* ESC/POS says itself how long its paper is. */
static void add_media(const struct printer_ability *ability, const struct ipp_job *job,
                      ipp_t *request)
{
    if (job->format == PRINT_FORMAT_PWG)
        ability_add_media(ability, job->paper_width_mm, job->page_height_px, request);
}

static ipp_t *new_request(const struct ipp_target *target, ipp_op_t operation)
{
    ipp_t *request = ippNewRequest(operation);
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", NULL, target->uri);
    ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", NULL, "quarter");
    return request;
}

/* Sends and frees the request. *answer is the caller's to ippDelete, NULL when none came; `why` is
 * "" then, else the answer's status in words. */
static enum status perform(const struct ipp_target *target, const struct ipp_guard *guard,
                           ipp_t *request, const struct document *document, ipp_t **answer,
                           char *why)
{
    *answer = NULL;
    why[0] = '\0';
    enum status status = exchange(target, guard, request, document, answer);
    return status == STATUS_OK ? judge(*answer, why) : status;
}

/* Sends and frees the request. *answer is the caller's to ippDelete. */
static enum status exchange(const struct ipp_target *target, const struct ipp_guard *guard,
                            ipp_t *request, const struct document *document, ipp_t **answer)
{
    cupsSetPasswordCB2(no_password,
                       NULL); /* of this thread; the default one asks on the terminal */
    int64_t left_ms = guard->deadline_ms - ipp_now_ms();
    enum status status = STATUS_UNAVAILABLE;
    http_t *http = NULL;
    if (left_ms > 0 && !atomic_load(guard->stop))
        http = httpConnect2(target->host, target->port, NULL, AF_UNSPEC,
                            target->tls ? HTTP_ENCRYPTION_ALWAYS : HTTP_ENCRYPTION_IF_REQUESTED, 1,
                            left_ms < CONNECT_MS ? (int)left_ms : CONNECT_MS, NULL);
    if (http) {
        struct watched watched = {*guard, ipp_now_ms()};
        httpSetTimeout(http, WAIT_S, may_go_on, &watched);
        status = send_and_receive(http, target, request, document, &watched, answer);
        httpClose(http);
    }
    ippDelete(request);
    return status;
}

static enum status send_and_receive(http_t *http, const struct ipp_target *target, ipp_t *request,
                                    const struct document *document, struct watched *watched,
                                    ipp_t **answer)
{
    httpClearFields(http);
    httpSetField(http, HTTP_FIELD_CONTENT_TYPE, "application/ipp");
    httpSetLength(http, ippLength(request) + (document ? document->size : 0));
    if (httpPost(http, target->resource))
        return STATUS_UNAVAILABLE;
    ipp_state_t state;
    do {
        state = ippWrite(http, request);
    } while (state != IPP_STATE_DATA && state != IPP_STATE_ERROR);
    if (state == IPP_STATE_ERROR)
        return STATUS_TIMEOUT;
    for (size_t sent = 0; document && sent < document->size;) {
        size_t left = document->size - sent;
        size_t chunk = left < CHUNK_BYTES ? left : CHUNK_BYTES;
        ssize_t wrote = httpWrite2(http, document->data + sent, chunk);
        if (wrote <= 0)
            return STATUS_TIMEOUT;
        sent += (size_t)wrote;
        watched->moved_ms = ipp_now_ms();
    }
    ipp_t *came = cupsGetResponse(http, target->resource);
    if (!came)
        return judge_http((int)httpGetStatus(http));
    *answer = came;
    return STATUS_OK;
}

/* A whole HTTP answer that is not IPP: surely nothing was accepted. */
static enum status judge_http(int code)
{
    if (code < HTTP_STATUS_BAD_REQUEST)
        return STATUS_TIMEOUT;
    log_warning("device", "the printer answers with HTTP status %d", code);
    return code >= 500 && code < 600 ? STATUS_BUSY : STATUS_DENIED;
}

static enum status judge(ipp_t *answer, char *why)
{
    ipp_status_t code = ippGetStatusCode(answer);
    snprintf(why, PRINTER_REASON_BYTES, "%s", ippErrorString(code));
    if (code >= IPP_STATUS_OK && code < IPP_STATUS_REDIRECTION_OTHER_SITE)
        return STATUS_OK;
    if (code == IPP_STATUS_ERROR_NOT_FOUND || code == IPP_STATUS_ERROR_GONE)
        return STATUS_NOT_FOUND;
    if (code == IPP_STATUS_ERROR_BUSY || code == IPP_STATUS_ERROR_NOT_ACCEPTING_JOBS ||
        code == IPP_STATUS_ERROR_TEMPORARY || code == IPP_STATUS_ERROR_SERVICE_UNAVAILABLE ||
        code == IPP_STATUS_ERROR_DEVICE)
        return STATUS_BUSY;
    return STATUS_DENIED;
}

/* Accepted without a job-id breaks RFC 8011, and leaves nothing to follow. */
static enum status read_job_id(ipp_t *answer, int *job_id)
{
    ipp_attribute_t *id = ippFindAttribute(answer, "job-id", IPP_TAG_INTEGER);
    if (!id || ippGetInteger(id, 0) < 1)
        return STATUS_TIMEOUT;
    *job_id = ippGetInteger(id, 0);
    return STATUS_OK;
}

static int may_go_on(http_t *http, void *context)
{
    (void)http;
    struct watched *watched = context;
    const struct ipp_guard *guard = &watched->guard;
    if (guard->stalled && ipp_now_ms() - watched->moved_ms >= IPP_STALL_MS) {
        guard->stalled(guard->context);
        watched->moved_ms = ipp_now_ms();
    }
    return !atomic_load(guard->stop) && ipp_now_ms() < guard->deadline_ms;
}

static const char *no_password(const char *prompt, http_t *http, const char *method,
                               const char *resource, void *context)
{
    (void)prompt, (void)http, (void)method, (void)resource, (void)context;
    return NULL;
}
