/* The device against printers that misbehave: none there, mute, hanging up, talking nonsense, busy,
 * refusing, losing the connection after the data. A little IPP printer here says what each trial
 * needs; the good printer is CUPS's own (test_printing). */
#include "printer/device/device.h"
#include "printer/device/ipp.h"

#include <cups/cups.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum manner {
    MUTE,                /* takes the request, never answers */
    HANG_UP,             /* closes at once */
    NONSENSE,            /* answers, but not in HTTP */
    NOT_FOUND,           /* an HTTP server, no printer */
    NO_RASTER,           /* a printer without PWG raster */
    BUSY,                /* Create-Job: server-error-busy */
    REFUSE,              /* Create-Job: client-error */
    DROP_DOCUMENT,       /* hangs up after Send-Document, and has printed it */
    DROP_DOCUMENT_ABORT, /* the same, and has aborted it */
    DROP_PRINT_JOB,      /* only knows Print-Job, and hangs up after it */
    FORGET_JOB,          /* accepts, then does not know the job */
};

struct printer {
    enum manner manner;
    int listener, port;
    pthread_t thread;
    atomic_bool stop;
    atomic_int documents; /* requests that brought data */
};

struct buffer {
    unsigned char bytes[65536];
    size_t size;
};

struct trial {
    struct printer printer;
    struct print_device *device;
    int wake_fd;
};

static ssize_t put(void *context, ipp_uchar_t *bytes, size_t size)
{
    struct buffer *buffer = context;
    if (buffer->size + size > sizeof(buffer->bytes))
        return -1;
    memcpy(buffer->bytes + buffer->size, bytes, size);
    buffer->size += size;
    return (ssize_t)size;
}

static void answer(int fd, ipp_t *response)
{
    struct buffer *buffer = calloc(1, sizeof(*buffer));
    while (ippWriteIO(buffer, put, 1, NULL, response) != IPP_STATE_DATA)
        ;
    char head[128];
    snprintf(head, sizeof(head),
             "HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Length: %zu\r\n\r\n",
             buffer->size);
    (void)!send(fd, head, strlen(head), MSG_NOSIGNAL);
    (void)!send(fd, buffer->bytes, buffer->size, MSG_NOSIGNAL);
    free(buffer);
    ippDelete(response);
}

static ipp_t *response_of(ipp_status_t status, int request_id)
{
    ipp_t *response = ippNew();
    ippSetStatusCode(response, status);
    ippSetRequestId(response, request_id);
    ippSetVersion(response, 2, 0);
    ippAddString(response, IPP_TAG_OPERATION, IPP_TAG_CHARSET, "attributes-charset", NULL, "utf-8");
    ippAddString(response, IPP_TAG_OPERATION, IPP_TAG_LANGUAGE, "attributes-natural-language", NULL,
                 "en");
    return response;
}

static void answer_state(const struct printer *printer, int fd, int id)
{
    ipp_t *response = response_of(IPP_STATUS_OK, id);
    static const int operations[] = {IPP_OP_PRINT_JOB, IPP_OP_CREATE_JOB, IPP_OP_SEND_DOCUMENT};
    ippAddInteger(response, IPP_TAG_PRINTER, IPP_TAG_ENUM, "printer-state", IPP_PSTATE_IDLE);
    ippAddString(response, IPP_TAG_PRINTER, IPP_TAG_KEYWORD, "printer-state-reasons", NULL, "none");
    ippAddString(response, IPP_TAG_PRINTER, IPP_TAG_MIMETYPE, "document-format-supported", NULL,
                 printer->manner == NO_RASTER ? "application/pdf" : "image/pwg-raster");
    ippAddString(response, IPP_TAG_PRINTER, IPP_TAG_KEYWORD, "pwg-raster-document-type-supported",
                 NULL, "black_1");
    ippAddIntegers(response, IPP_TAG_PRINTER, IPP_TAG_ENUM, "operations-supported",
                   printer->manner == DROP_PRINT_JOB ? 1 : 3, operations);
    answer(fd, response);
}

static void answer_job(const struct printer *printer, int fd, int id)
{
    ipp_t *response =
        response_of(printer->manner == FORGET_JOB ? IPP_STATUS_ERROR_NOT_FOUND : IPP_STATUS_OK, id);
    ippAddInteger(response, IPP_TAG_JOB, IPP_TAG_ENUM, "job-state",
                  printer->manner == DROP_DOCUMENT_ABORT ? IPP_JSTATE_ABORTED
                                                         : IPP_JSTATE_COMPLETED);
    ippAddString(response, IPP_TAG_JOB, IPP_TAG_KEYWORD, "job-state-reasons", NULL,
                 printer->manner == DROP_DOCUMENT_ABORT ? "document-format-error" : "none");
    answer(fd, response);
}

static void answer_creation(const struct printer *printer, int fd, int id)
{
    ipp_status_t status = printer->manner == BUSY     ? IPP_STATUS_ERROR_BUSY
                          : printer->manner == REFUSE ? IPP_STATUS_ERROR_ATTRIBUTES_OR_VALUES
                                                      : IPP_STATUS_OK;
    ipp_t *response = response_of(status, id);
    if (status == IPP_STATUS_OK)
        ippAddInteger(response, IPP_TAG_JOB, IPP_TAG_INTEGER, "job-id", 7);
    answer(fd, response);
}

/* Reads one request whole; false: the peer is gone. */
static bool read_request(int fd, struct buffer *buffer, size_t *body)
{
    char *end = NULL;
    size_t wanted = 0;
    buffer->size = 0;
    while (!end || buffer->size < wanted) {
        if (buffer->size == sizeof(buffer->bytes) - 1)
            return false;
        ssize_t got =
            recv(fd, buffer->bytes + buffer->size, sizeof(buffer->bytes) - 1 - buffer->size, 0);
        if (got <= 0)
            return false;
        buffer->size += (size_t)got;
        buffer->bytes[buffer->size] = '\0';
        if (!end && (end = strstr((char *)buffer->bytes, "\r\n\r\n"))) {
            const char *length = strcasestr((char *)buffer->bytes, "Content-Length:");
            *body = (size_t)(end + 4 - (char *)buffer->bytes);
            wanted = *body + (length ? strtoul(length + 15, NULL, 10) : 0);
        }
    }
    return true;
}

static void converse(struct printer *printer, int fd)
{
    if (printer->manner == HANG_UP)
        return;
    struct buffer *buffer = calloc(1, sizeof(*buffer));
    size_t body;
    while (read_request(fd, buffer, &body)) {
        const unsigned char *ipp = buffer->bytes + body;
        int operation = ipp[2] << 8 | ipp[3];
        int id = ipp[4] << 24 | ipp[5] << 16 | ipp[6] << 8 | ipp[7];
        if (printer->manner == MUTE) {
            while (!atomic_load(&printer->stop))
                poll(NULL, 0, 10);
            break;
        }
        if (printer->manner == NONSENSE || printer->manner == NOT_FOUND) {
            const char *text = printer->manner == NONSENSE
                                   ? "220 mail.example ESMTP\r\n\r\n"
                                   : "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
            (void)!send(fd, text, strlen(text), MSG_NOSIGNAL);
            break;
        }
        bool document = operation == IPP_OP_SEND_DOCUMENT || operation == IPP_OP_PRINT_JOB;
        atomic_fetch_add(&printer->documents, document);
        if (document && printer->manner != FORGET_JOB)
            break;
        if (operation == IPP_OP_GET_PRINTER_ATTRIBUTES)
            answer_state(printer, fd, id);
        else if (operation == IPP_OP_GET_JOB_ATTRIBUTES)
            answer_job(printer, fd, id);
        else
            answer_creation(printer, fd, id);
    }
    free(buffer);
}

static void *serve(void *context)
{
    struct printer *printer = context;
    while (!atomic_load(&printer->stop)) {
        struct pollfd wait = {.fd = printer->listener, .events = POLLIN};
        if (poll(&wait, 1, 20) <= 0)
            continue;
        int fd = accept(printer->listener, NULL, NULL);
        if (fd < 0)
            continue;
        converse(printer, fd);
        close(fd);
    }
    return NULL;
}

static void start_printer(struct printer *printer, enum manner manner)
{
    printer->manner = manner;
    printer->listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    assert_int_equal(bind(printer->listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(printer->listener, 8), 0);
    assert_int_equal(getsockname(printer->listener, (struct sockaddr *)&address, &size), 0);
    printer->port = ntohs(address.sin_port);
    atomic_init(&printer->stop, false);
    assert_int_equal(pthread_create(&printer->thread, NULL, serve, printer), 0);
}

static void wake(void *context)
{
    uint64_t one = 1;
    (void)!write(*(int *)context, &one, sizeof(one));
}

static struct trial *start(enum manner manner)
{
    struct trial *trial = calloc(1, sizeof(*trial));
    trial->wake_fd = eventfd(0, EFD_CLOEXEC);
    start_printer(&trial->printer, manner);
    char uri[64];
    snprintf(uri, sizeof(uri), "ipp://127.0.0.1:%d/ipp/print", trial->printer.port);
    const struct device_config config = {
        .uri = uri,
        .paper_width_mm = 80,
        .watch_ms = 100,
        .request_ms = 400,
        .wake = wake,
        .context = &trial->wake_fd,
    };
    assert_int_equal(device_create(&config, &trial->device), STATUS_OK);
    return trial;
}

static void end(struct trial *trial)
{
    int64_t before = ipp_now_ms();
    device_destroy(trial->device);
    assert_true(ipp_now_ms() - before < 3000);
    atomic_store(&trial->printer.stop, true);
    pthread_join(trial->printer.thread, NULL);
    close(trial->printer.listener);
    close(trial->wake_fd);
    free(trial);
}

static struct device_message next(struct trial *trial)
{
    struct device_message message;
    while (!device_poll(trial->device, &message)) {
        struct pollfd wait = {.fd = trial->wake_fd, .events = POLLIN};
        assert_int_equal(poll(&wait, 1, 8000), 1);
        uint64_t count;
        (void)!read(trial->wake_fd, &count, sizeof(count));
    }
    return message;
}

static void print(struct trial *trial)
{
    struct page *page;
    assert_int_equal(page_create(576, 64, &page), STATUS_OK);
    assert_int_equal(device_print(trial->device, page, "JOB-1"), STATUS_OK);
}

static struct device_message outcome(struct trial *trial)
{
    struct device_message message;
    do {
        message = next(trial);
    } while (message.kind != DEVICE_JOB || message.outcome == DEVICE_UNDER_WAY);
    assert_string_equal(message.name, "JOB-1");
    return message;
}

static void whoever_is_no_printer_is_gone(void **state)
{
    (void)state;
    static const enum manner manners[] = {MUTE, HANG_UP, NONSENSE, NOT_FOUND};
    for (size_t i = 0; i < sizeof(manners) / sizeof(manners[0]); i++) {
        struct trial *trial = start(manners[i]);
        struct device_message message = next(trial);
        assert_int_equal(message.kind, DEVICE_CONDITION);
        assert_int_equal(message.condition.level, PRINTER_GONE);
        assert_string_equal(message.condition.reasons[0], "offline");
        assert_int_equal(message.width_px, 0);
        print(trial);
        message = outcome(trial);
        assert_int_equal(message.outcome, DEVICE_NOT_TAKEN);
        assert_string_equal(message.reason, "offline");
        end(trial);
    }
}

static void nobody_there_is_gone(void **state)
{
    (void)state;
    struct trial *trial = start(HANG_UP);
    shutdown(trial->printer.listener, SHUT_RDWR);
    assert_int_equal(next(trial).condition.level, PRINTER_GONE);
    end(trial);
}

static void a_mute_printer_does_not_hold_up_the_end(void **state)
{
    (void)state;
    struct trial *trial = start(MUTE);
    end(trial); /* end() itself asks for less than 3 s */
}

static void a_printer_without_raster_is_stopped(void **state)
{
    (void)state;
    struct trial *trial = start(NO_RASTER);
    struct device_message message = next(trial);
    assert_int_equal(message.condition.level, PRINTER_STOPPED);
    assert_string_equal(message.condition.reasons[0], "document-format-not-supported");
    end(trial);
}

static void what_the_printer_answers_decides(void **state)
{
    (void)state;
    static const struct {
        enum manner manner;
        enum device_outcome outcome;
        const char *reason;
        int documents;
    } rows[] = {
        {BUSY, DEVICE_NOT_TAKEN, "server-error-busy", 0},
        {REFUSE, DEVICE_FAILED, "client-error-attributes-or-values-not-supported", 0},
        {DROP_DOCUMENT, DEVICE_PRINTED, "", 1},
        {DROP_DOCUMENT_ABORT, DEVICE_FAILED, "document-format-error", 1},
        {DROP_PRINT_JOB, DEVICE_UNKNOWN, "offline", 1},
        {FORGET_JOB, DEVICE_UNKNOWN, "job-lost", 1},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct trial *trial = start(rows[i].manner);
        struct device_message message = next(trial);
        assert_int_equal(message.condition.level, PRINTER_READY);
        assert_int_equal(message.width_px, 576);
        assert_int_equal(message.dpi, 203);
        print(trial);
        struct page *page;
        assert_int_equal(page_create(8, 8, &page), STATUS_OK);
        assert_int_equal(device_print(trial->device, page, "JOB-2"), STATUS_BUSY);
        page_destroy(page);
        message = outcome(trial);
        assert_int_equal(message.outcome, rows[i].outcome);
        assert_string_equal(message.reason, rows[i].reason);
        assert_int_equal(atomic_load(&trial->printer.documents), rows[i].documents);
        print(trial); /* the next one may come */
        assert_int_equal(outcome(trial).outcome, rows[i].outcome);
        end(trial);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_is_no_printer_is_gone),
        cmocka_unit_test(nobody_there_is_gone),
        cmocka_unit_test(a_mute_printer_does_not_hold_up_the_end),
        cmocka_unit_test(a_printer_without_raster_is_stopped),
        cmocka_unit_test(what_the_printer_answers_decides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
