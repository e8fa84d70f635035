/* The print service; see service.h. */
#include "printer/service.h"

#include "printer/device/device.h"
#include "printer/spool.h"
#include "printer/wire.h"
#include "quarter/check.h"
#include "quarter/log.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { RETRY_FIRST_MS = 1000, RETRY_MOST_MS = 8000, TIDY_MS = 60 * 1000 };

struct service {
    struct service_config config;
    struct wire *wire;
    struct spool *spool;
    struct print_device *device;
    int wake_fd;
    struct printer_condition condition;
    int width_px, dpi;
    const struct spool_job *current; /* at the device */
    bool current_cancelled;
    int retry_pause_ms;
    int64_t retry_at_ms; /* monotonic: no job is given to the device before */
    int64_t tidy_at_ms;
    int64_t beat_at_ms;
    int64_t stop_at_ms; /* 0: not stopping */
};

static enum status start(struct service *service);
static enum status start_device(struct service *service);
static void loop(struct service *service);
static void end(struct service *service);
static void on_joined(void *context, int client);
static void on_received(void *context, int client, const json_t *document);
static void on_print(struct service *service, int client, const json_t *print);
static void on_cancel(struct service *service, int client, const json_t *object);
static void on_device(struct service *service);
static void on_outcome(struct service *service, const struct device_message *message);
static bool is_brief(const struct service *service, const char *reason);
static void kick(struct service *service);
static void start_job(struct service *service, const struct spool_job *job);
static void name_at_printer(const struct spool_job *job, struct device_job_name *name);
static void hold_queued(struct service *service, const char *reason);
static void expire(struct service *service);
static void move_job(struct service *service, const struct spool_job *job, enum spool_state to,
                     const char *reason);
static void tell_printer(struct service *service);
static void pause_jobs(struct service *service);
static json_t *printer_document(const struct service *service);
static json_t *job_document(const struct spool_job *job);
static void tell_job(struct service *service, const struct spool_job *job);
static void wake(void *context);
static int64_t utc_ms(void);
static int64_t monotonic_ms(void);

enum status service_run(const struct service_config *config)
{
    struct service service = {.config = *config, .wake_fd = -1, .retry_pause_ms = RETRY_FIRST_MS};
    enum status status = start(&service);
    if (status == STATUS_OK)
        loop(&service);
    end(&service);
    return status;
}

static enum status start(struct service *service)
{
    const struct service_config *config = &service->config;
    enum status status = spool_open(&(struct spool_options){.folder = config->spool_folder},
                                    utc_ms(), &service->spool);
    if (status != STATUS_OK) {
        log_error("printer", "cannot open the spool \"%s\": %s", config->spool_folder,
                  status_text(status));
        return status;
    }
    service->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (service->wake_fd < 0)
        return STATUS_IO;
    const struct wire_handler handler = {service, on_joined, on_received};
    status = wire_listen(config->socket_path, &handler, &service->wire);
    if (status != STATUS_OK) {
        log_error("printer", "cannot listen on \"%s\": %s", config->socket_path,
                  status_text(status));
        return status;
    }
    status = start_device(service);
    if (status != STATUS_OK)
        log_error("printer", "cannot use \"%s\" as a printer: %s", config->printer_uri,
                  status_text(status));
    return status;
}

/* Any job of the spool may be at the printer, empty: even a queued one, when the answer to its
 * creation was lost. */
static enum status start_device(struct service *service)
{
    size_t count = spool_count(service->spool);
    struct device_job_name *names = calloc(count + 1, sizeof(*names));
    CHECK(names);
    for (size_t i = 0; i < count; i++)
        name_at_printer(spool_at(service->spool, i), &names[i]);
    const struct device_config device = {
        .uri = service->config.printer_uri,
        .wish = service->config.wish,
        .watch_ms = service->config.watch_ms,
        .request_ms = service->config.request_ms,
        .data_ms = service->config.data_ms,
        .earlier = names,
        .earlier_count = count,
        .wake = wake,
        .context = service,
    };
    enum status status = device_create(&device, &service->device);
    free(names);
    return status;
}

static void loop(struct service *service)
{
    while (service->stop_at_ms == 0 || (service->current && monotonic_ms() < service->stop_at_ms)) {
        struct pollfd set[WIRE_POLL_MAX + 2];
        set[0] = (struct pollfd){.fd = service->wake_fd, .events = POLLIN};
        set[1] = (struct pollfd){.fd = service->stop_at_ms ? -1 : service->config.stop_fd,
                                 .events = POLLIN};
        size_t count = 2 + wire_poll_set(service->wire, set + 2);

        int64_t now = monotonic_ms();
        int64_t next = service->tidy_at_ms;
        if (service->retry_at_ms > now && service->retry_at_ms < next)
            next = service->retry_at_ms;
        if (service->stop_at_ms && service->stop_at_ms < next)
            next = service->stop_at_ms;
        if (service->beat_at_ms < next)
            next = service->beat_at_ms;
        int ready = poll(set, count, next > now ? (int)(next - now) : 0);
        if (ready < 0 && errno != EINTR)
            CHECK(false && "poll works");
        if (ready > 0 && set[0].revents)
            on_device(service);
        if (ready > 0 && set[1].revents)
            service->stop_at_ms = monotonic_ms() + SERVICE_DRAIN_MS;
        if (ready > 0)
            wire_serve(service->wire, set + 2, count - 2);
        if (monotonic_ms() >= service->tidy_at_ms) {
            expire(service);
            spool_forget_old(service->spool, utc_ms());
            service->tidy_at_ms = monotonic_ms() + TIDY_MS;
        }
        if (monotonic_ms() >= service->beat_at_ms)
            tell_printer(service);
        kick(service);
    }
}

static void end(struct service *service)
{
    device_destroy(service->device);
    if (service->current)
        move_job(service, service->current, SPOOL_UNKNOWN, "interrupted");
    wire_close(service->wire);
    spool_close(service->spool);
    if (service->wake_fd >= 0)
        close(service->wake_fd);
}

static void on_joined(void *context, int client)
{
    struct service *service = context;
    if (service->condition.level == PRINTER_UNKNOWN)
        return; /* told as soon as it has been asked */
    json_t *document = printer_document(service);
    wire_send(service->wire, client, document);
    json_decref(document);
}

static void on_received(void *context, int client, const json_t *document)
{
    struct service *service = context;
    const json_t *print = json_object_get(document, "print");
    const json_t *cancel = json_object_get(document, "cancel");
    if (print)
        on_print(service, client, print);
    else if (cancel)
        on_cancel(service, client, cancel);
    else
        wire_send_error(service->wire, client, "unknown-message",
                        "Expected an object with \"print\" or \"cancel\".");
}

static void answer_fault(struct service *service, int client, const char *code, const char *what,
                         const json_t *about)
{
    char detail[160];
    snprintf(detail, sizeof(detail), "%s", what);
    json_t *document = json_pack("{s:{s:s, s:s}}", "error", "code", code, "detail", detail);
    json_t *error = json_object_get(document, "error");
    char ticket[QUARTER_ULID_LEN + 1];
    int copy;
    const char *why;
    if (request_parse_identity(about, ticket, &copy, &why) == STATUS_OK) {
        json_object_set_new(error, "ticket", json_string(ticket));
        json_object_set_new(error, "copy", json_integer(copy));
    }
    wire_send(service->wire, client, document);
    json_decref(document);
}

static void answer_job(struct service *service, int client, const struct spool_job *job)
{
    json_t *document = job_document(job);
    wire_send(service->wire, client, document);
    json_decref(document);
}

/* Whoever asked waits for a job's state: a refused one has failed. It is not stored, so it may be
 * asked for again; a stored job of that name keeps its state. */
static void answer_refusal(struct service *service, int client, const json_t *print,
                           const char *reason)
{
    struct spool_job refused = {.state = SPOOL_FAILED};
    const char *why;
    if (request_parse_identity(print, refused.ticket, &refused.copy, &why) != STATUS_OK)
        return;
    snprintf(refused.reason, sizeof(refused.reason), "%s", reason);
    const struct spool_job *stored = spool_find(service->spool, refused.ticket, refused.copy);
    answer_job(service, client, stored ? stored : &refused);
}

static void on_print(struct service *service, int client, const json_t *print)
{
    struct print_request *request = calloc(1, sizeof(*request));
    CHECK(request);
    const char *why;
    char detail[128];
    if (request_parse(print, request, &why) != STATUS_OK) {
        snprintf(detail, sizeof(detail), "print: \"%s\" is missing or not valid", why);
        answer_fault(service, client, "invalid-field", detail, print);
        answer_refusal(service, client, print, "not-valid");
        free(request);
        return;
    }
    char *text = json_dumps(print, JSON_COMPACT);
    CHECK(text);
    const struct spool_job *job;
    bool is_new;
    enum status status =
        spool_add(service->spool, request->ticket, request->copy, text, utc_ms(), &job, &is_new);
    if (status != STATUS_OK) {
        snprintf(detail, sizeof(detail), "The job could not be stored: %s.", status_text(status));
        answer_fault(service, client, "not-stored", detail, print);
        answer_refusal(service, client, print, "spool-area-full");
    } else if (is_new) {
        if (service->condition.level >= PRINTER_STOPPED)
            spool_set_reason(service->spool, job, printer_condition_reason(&service->condition));
        log_info("printer", "queued: ticket=%s copy=%d", job->ticket, job->copy);
        tell_job(service, job);
    } else {
        answer_job(service, client, job);
    }
    free(text);
    free(request);
}

static void on_cancel(struct service *service, int client, const json_t *object)
{
    char ticket[QUARTER_ULID_LEN + 1];
    int copy;
    const char *why;
    if (request_parse_identity(object, ticket, &copy, &why) != STATUS_OK) {
        answer_fault(service, client, "invalid-field", "cancel: expected \"ticket\" and \"copy\".",
                     object);
        return;
    }
    const struct spool_job *job = spool_find(service->spool, ticket, copy);
    if (!job) {
        answer_fault(service, client, "not-found", "No such ticket and copy was asked for.",
                     object);
        return;
    }
    if (job->state == SPOOL_QUEUED) {
        move_job(service, job, SPOOL_FAILED, "canceled");
    } else if (job == service->current) {
        struct device_job_name name;
        name_at_printer(job, &name);
        service->current_cancelled = true;
        device_cancel(service->device, name.text);
    } else {
        answer_job(service, client, job);
    }
}

static void on_device(struct service *service)
{
    uint64_t count;
    (void)!read(service->wake_fd, &count, sizeof(count));
    struct device_message message;
    while (device_poll(service->device, &message)) {
        if (message.kind == DEVICE_JOB) {
            on_outcome(service, &message);
            continue;
        }
        service->condition = message.condition;
        service->width_px = message.width_px;
        service->dpi = message.dpi;
        service->retry_at_ms = 0;
        tell_printer(service);
    }
}

static void on_outcome(struct service *service, const struct device_message *message)
{
    const struct spool_job *job = service->current;
    CHECK(job && job->state == SPOOL_PRINTING);
    switch (message->outcome) {
    case DEVICE_UNDER_WAY:
        if (spool_set_reason(service->spool, job, message->reason))
            tell_job(service, job);
        return;
    case DEVICE_NOT_TAKEN:
        move_job(service, job, SPOOL_QUEUED,
                 is_brief(service, message->reason) ? "" : message->reason);
        pause_jobs(service);
        if (service->current_cancelled)
            move_job(service, job, SPOOL_FAILED, "canceled");
        break;
    case DEVICE_PRINTED:
        service->retry_pause_ms = RETRY_FIRST_MS;
        move_job(service, job, SPOOL_PRINTED, "");
        break;
    case DEVICE_FAILED: move_job(service, job, SPOOL_FAILED, message->reason); break;
    case DEVICE_UNKNOWN: move_job(service, job, SPOOL_UNKNOWN, message->reason); break;
    }
    service->current = NULL;
    service->current_cancelled = false;
}

/* Another's job on the same printer holds this one up for a moment: nothing to tell a visitor,
 * unless it lasts. */
static bool is_brief(const struct service *service, const char *reason)
{
    bool busy = strcmp(reason, "busy") == 0 || strcmp(reason, "server-error-busy") == 0;
    return busy && service->retry_pause_ms < RETRY_MOST_MS;
}

/* Gives the oldest queued job to the printer, if it can take one. */
static void kick(struct service *service)
{
    if (service->condition.level >= PRINTER_STOPPED) {
        hold_queued(service, printer_condition_reason(&service->condition));
        return;
    }
    if (service->current || service->stop_at_ms || service->width_px == 0 ||
        monotonic_ms() < service->retry_at_ms)
        return;
    const struct spool_job *job = spool_next_queued(service->spool);
    if (job)
        start_job(service, job);
}

static void start_job(struct service *service, const struct spool_job *job)
{
    struct print_request *request = calloc(1, sizeof(*request));
    CHECK(request);
    const char *why;
    json_t *print = json_loads(job->request, 0, NULL);
    struct page *page = NULL;
    enum status status = request_parse(print, request, &why);
    if (status == STATUS_OK)
        status = service->config.draw(service->config.draw_context, request, service->width_px,
                                      service->dpi, &page);
    json_decref(print);
    free(request);
    if (status != STATUS_OK) {
        log_error("printer", "cannot draw: ticket=%s: %s", job->ticket, status_text(status));
        move_job(service, job, SPOOL_FAILED, "not-drawable");
        return;
    }
    /* On disk before a byte leaves: a crash from here on leaves "unknown", never a second paper. */
    move_job(service, job, SPOOL_PRINTING, "");
    if (job->state != SPOOL_PRINTING) {
        page_destroy(page);
        pause_jobs(service);
        return;
    }
    struct device_job_name name;
    name_at_printer(job, &name);
    service->current = job;
    status = device_print(service->device, page, name.text);
    CHECK(status == STATUS_OK);
}

static void name_at_printer(const struct spool_job *job, struct device_job_name *name)
{
    snprintf(name->text, sizeof(name->text), "%s-%d", job->ticket, job->copy);
}

static void hold_queued(struct service *service, const char *reason)
{
    for (size_t i = 0; i < spool_count(service->spool); i++) {
        const struct spool_job *job = spool_at(service->spool, i);
        if (job->state == SPOOL_QUEUED && spool_set_reason(service->spool, job, reason))
            tell_job(service, job);
    }
}

static void expire(struct service *service)
{
    int64_t now = utc_ms();
    for (size_t i = 0; i < spool_count(service->spool); i++) {
        const struct spool_job *job = spool_at(service->spool, i);
        if (job->state == SPOOL_QUEUED && now - job->arrived_ms > SERVICE_EXPIRY_MS)
            move_job(service, job, SPOOL_FAILED, "expired");
    }
}

/* A fault of the disk is told as the job's reason; what is over is over all the same. */
static void move_job(struct service *service, const struct spool_job *job, enum spool_state to,
                     const char *reason)
{
    enum status status = spool_move(service->spool, job, to, reason, utc_ms());
    if (status == STATUS_OK) {
        log_info("printer", "%s: ticket=%s copy=%d reason=%s", spool_state_code(to), job->ticket,
                 job->copy, reason);
        tell_job(service, job);
        return;
    }
    log_error("printer", "cannot note %s: ticket=%s: %s", spool_state_code(to), job->ticket,
              status_text(status));
    if (job->state != to)
        spool_set_reason(service->spool, job, "spool-area-full");
    tell_job(service, job);
}

static void tell_printer(struct service *service)
{
    service->beat_at_ms = monotonic_ms() + SERVICE_BEAT_MS;
    if (service->condition.level == PRINTER_UNKNOWN)
        return;
    json_t *document = printer_document(service);
    wire_broadcast(service->wire, document);
    json_decref(document);
}

static void pause_jobs(struct service *service)
{
    service->retry_at_ms = monotonic_ms() + service->retry_pause_ms;
    service->retry_pause_ms *= 2;
    if (service->retry_pause_ms > RETRY_MOST_MS)
        service->retry_pause_ms = RETRY_MOST_MS;
}

static json_t *printer_document(const struct service *service)
{
    const struct printer_condition *condition = &service->condition;
    json_t *reasons = json_array();
    for (size_t i = 0; i < condition->reason_count; i++)
        json_array_append_new(reasons, json_string(condition->reasons[i]));
    json_t *document =
        json_pack("{s:{s:s, s:o, s:s}}", "printer", "state", printer_level_code(condition->level),
                  "reasons", reasons, "paper", printer_paper_code(condition->paper));
    CHECK(document);
    return document;
}

static json_t *job_document(const struct spool_job *job)
{
    json_t *document = json_pack("{s:{s:s, s:i, s:s, s:s?}}", "job", "ticket", job->ticket, "copy",
                                 job->copy, "state", spool_state_code(job->state), "reason",
                                 job->reason[0] ? job->reason : NULL);
    CHECK(document);
    return document;
}

static void tell_job(struct service *service, const struct spool_job *job)
{
    json_t *document = job_document(job);
    wire_broadcast(service->wire, document);
    json_decref(document);
}

static void wake(void *context)
{
    const struct service *service = context;
    uint64_t one = 1;
    (void)!write(service->wake_fd, &one, sizeof(one));
}

static int64_t utc_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
