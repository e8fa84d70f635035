/* The device against printers that misbehave: none there, mute, hanging up, talking nonsense, busy,
 * refusing, losing the connection after the data. A little IPP printer here says what each trial
 * needs; the good printer is CUPS's own (test_printing). */
#include "ipp_peer.h"
#include "printer/device/device.h"
#include "printer/device/ipp.h"

#include <cups/cups.h>
#include <poll.h>
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
    RAW_QUEUE,           /* a raw CUPS queue: takes any bytes, tells nothing of its paper */
    REFUSE_FORMAT,       /* offers PWG raster, and refuses it once it is there */
    WEDGED_IN_DOCUMENT,  /* stops reading in the middle of the first document, for good */
    BUSY,                /* Create-Job: server-error-busy */
    REFUSE,              /* Create-Job: client-error */
    DROP_DOCUMENT,       /* hangs up after Send-Document, and has printed it */
    DROP_DOCUMENT_ABORT, /* the same, and has aborted it */
    DROP_PRINT_JOB,      /* only knows Print-Job, and hangs up after it */
    FORGET_JOB,          /* accepts, then does not know the job */
    /* These take one job at a time, and keep it until it is printed or cancelled. */
    ONE_AT_A_TIME,   /* prints */
    DROP_CREATION,   /* hangs up after the first Create-Job, and has made the job */
    REFUSE_DOCUMENT, /* the first Send-Document: server-error-busy */
    CUT_DOCUMENT,    /* hangs up after Send-Document, and waits for the rest */
    NO_GET_JOBS,     /* the first Create-Job: server-error-busy; cannot list its jobs */
};

enum { NO_JOB = 0, EMPTY_ID = 3, MADE_ID = 7, CANCELLED_MAX = 16 };

/* A job at the printer. */
struct kept {
    int id;
    const char *name;
    ipp_jstate_t state;
    const char *reason;
    int documents; /* -1: not told */
};

struct printer {
    enum manner manner;
    struct peer_door door;
    atomic_int documents; /* requests that brought data */
    /* the printer's thread's own until it has been joined */
    const struct kept *kept; /* what Get-Jobs lists besides the empty one */
    size_t kept_count;
    int empty_id; /* the job that keeps others out, or NO_JOB */
    int creations, cancelled_count;
    int cancelled[CANCELLED_MAX];
};

struct trial {
    struct printer printer;
    struct print_device *device;
    int data_ms; /* 0: the device's */
    int wake_fd;
};

static const char *offered_format(enum manner manner)
{
    return manner == NO_RASTER   ? "application/pdf"
           : manner == RAW_QUEUE ? "application/vnd.cups-raw"
                                 : "image/pwg-raster";
}

static void answer_state(const struct printer *printer, int fd, int id)
{
    ipp_t *response = peer_response(IPP_STATUS_OK, id);
    static const int operations[] = {IPP_OP_PRINT_JOB, IPP_OP_CREATE_JOB, IPP_OP_SEND_DOCUMENT};
    ippAddInteger(response, IPP_TAG_PRINTER, IPP_TAG_ENUM, "printer-state", IPP_PSTATE_IDLE);
    ippAddString(response, IPP_TAG_PRINTER, IPP_TAG_KEYWORD, "printer-state-reasons", NULL, "none");
    ippAddString(response, IPP_TAG_PRINTER, IPP_TAG_MIMETYPE, "document-format-supported", NULL,
                 offered_format(printer->manner));
    ippAddString(response, IPP_TAG_PRINTER, IPP_TAG_KEYWORD, "pwg-raster-document-type-supported",
                 NULL, "black_1");
    ippAddIntegers(response, IPP_TAG_PRINTER, IPP_TAG_ENUM, "operations-supported",
                   printer->manner == DROP_PRINT_JOB ? 1 : 3, operations);
    peer_answer(fd, response);
}

static void add_job(ipp_t *response, const struct kept *job)
{
    ippAddInteger(response, IPP_TAG_JOB, IPP_TAG_INTEGER, "job-id", job->id);
    ippAddString(response, IPP_TAG_JOB, IPP_TAG_NAME, "job-name", NULL, job->name);
    ippAddInteger(response, IPP_TAG_JOB, IPP_TAG_ENUM, "job-state", (int)job->state);
    if (job->reason)
        ippAddString(response, IPP_TAG_JOB, IPP_TAG_KEYWORD, "job-state-reasons", NULL,
                     job->reason);
    if (job->documents >= 0)
        ippAddInteger(response, IPP_TAG_JOB, IPP_TAG_INTEGER, "number-of-documents",
                      job->documents);
}

static const struct kept EMPTY = {EMPTY_ID, "JOB-1", IPP_JSTATE_HELD, "job-data-insufficient", -1};

static void answer_jobs(const struct printer *printer, int fd, int id)
{
    ipp_t *response = peer_response(
        printer->manner == NO_GET_JOBS ? IPP_STATUS_ERROR_OPERATION_NOT_SUPPORTED : IPP_STATUS_OK,
        id);
    for (size_t i = 0; i < printer->kept_count; i++) {
        add_job(response, &printer->kept[i]);
        ippAddSeparator(response);
    }
    if (printer->empty_id != NO_JOB) {
        struct kept empty = EMPTY;
        empty.id = printer->empty_id;
        add_job(response, &empty);
    }
    peer_answer(fd, response);
}

static void answer_cancellation(struct printer *printer, int fd, int id, ipp_t *request)
{
    int job = ippGetInteger(ippFindAttribute(request, "job-id", IPP_TAG_INTEGER), 0);
    if (printer->cancelled_count < CANCELLED_MAX)
        printer->cancelled[printer->cancelled_count++] = job;
    if (job == printer->empty_id)
        printer->empty_id = NO_JOB;
    peer_answer(fd, peer_response(IPP_STATUS_OK, id));
}

/* A printer that takes one job at a time. False: hangs up. */
static bool answer_one_at_a_time(struct printer *printer, int fd, int id, int operation)
{
    ipp_status_t status = IPP_STATUS_OK;
    if (operation == IPP_OP_CREATE_JOB) {
        bool first = printer->creations++ == 0;
        if (printer->empty_id != NO_JOB || (first && printer->manner == NO_GET_JOBS))
            status = IPP_STATUS_ERROR_BUSY;
        else
            printer->empty_id = MADE_ID;
        if (first && printer->manner == DROP_CREATION)
            return false;
    } else if (operation == IPP_OP_SEND_DOCUMENT) {
        if (printer->manner == CUT_DOCUMENT)
            return false;
        if (printer->manner == REFUSE_DOCUMENT && atomic_load(&printer->documents) == 1)
            status = IPP_STATUS_ERROR_BUSY;
        else
            printer->empty_id = NO_JOB;
    }
    ipp_t *response = peer_response(status, id);
    if (operation == IPP_OP_GET_JOB_ATTRIBUTES) {
        bool waits = printer->empty_id == MADE_ID;
        add_job(response,
                &(struct kept){MADE_ID, "JOB-1", waits ? IPP_JSTATE_HELD : IPP_JSTATE_COMPLETED,
                               waits ? "job-incoming" : "none", -1});
    } else if (status == IPP_STATUS_OK) {
        ippAddInteger(response, IPP_TAG_JOB, IPP_TAG_INTEGER, "job-id", MADE_ID);
    }
    peer_answer(fd, response);
    return true;
}

static void answer_job(const struct printer *printer, int fd, int id)
{
    ipp_t *response = peer_response(
        printer->manner == FORGET_JOB ? IPP_STATUS_ERROR_NOT_FOUND : IPP_STATUS_OK, id);
    ippAddInteger(response, IPP_TAG_JOB, IPP_TAG_ENUM, "job-state",
                  printer->manner == DROP_DOCUMENT_ABORT ? IPP_JSTATE_ABORTED
                                                         : IPP_JSTATE_COMPLETED);
    ippAddString(response, IPP_TAG_JOB, IPP_TAG_KEYWORD, "job-state-reasons", NULL,
                 printer->manner == DROP_DOCUMENT_ABORT ? "document-format-error" : "none");
    peer_answer(fd, response);
}

static void answer_creation(const struct printer *printer, int fd, int id)
{
    ipp_status_t status = printer->manner == BUSY     ? IPP_STATUS_ERROR_BUSY
                          : printer->manner == REFUSE ? IPP_STATUS_ERROR_ATTRIBUTES_OR_VALUES
                                                      : IPP_STATUS_OK;
    ipp_t *response = peer_response(status, id);
    if (status == IPP_STATUS_OK)
        ippAddInteger(response, IPP_TAG_JOB, IPP_TAG_INTEGER, "job-id", 7);
    peer_answer(fd, response);
}

static void wait_for_the_end(const struct printer *printer)
{
    while (!atomic_load(&printer->door.stop))
        poll(NULL, 0, 10);
}

static void converse(void *context, int fd)
{
    struct printer *printer = context;
    if (printer->manner == HANG_UP)
        return;
    struct peer_bytes *buffer = calloc(1, sizeof(*buffer));
    size_t body;
    while (peer_read(fd, buffer, &body)) {
        const unsigned char *ipp = buffer->bytes + body;
        int operation = ipp[2] << 8 | ipp[3];
        int id = ipp[4] << 24 | ipp[5] << 16 | ipp[6] << 8 | ipp[7];
        if (printer->manner == MUTE) {
            wait_for_the_end(printer);
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
        if (document && printer->manner == WEDGED_IN_DOCUMENT) {
            wait_for_the_end(printer);
            break;
        }
        if (document && printer->manner == REFUSE_FORMAT) {
            peer_answer(fd, peer_response(IPP_STATUS_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED, id));
            continue;
        }
        if (document && printer->manner >= DROP_DOCUMENT && printer->manner <= DROP_PRINT_JOB)
            break;
        if (operation == IPP_OP_GET_PRINTER_ATTRIBUTES) {
            answer_state(printer, fd, id);
        } else if (operation == IPP_OP_GET_JOBS) {
            answer_jobs(printer, fd, id);
        } else if (operation == IPP_OP_CANCEL_JOB) {
            ipp_t *request = peer_parse(ipp, buffer->size - body);
            answer_cancellation(printer, fd, id, request);
            ippDelete(request);
        } else if (printer->manner >= ONE_AT_A_TIME) {
            if (!answer_one_at_a_time(printer, fd, id, operation))
                break;
        } else if (operation == IPP_OP_GET_JOB_ATTRIBUTES) {
            answer_job(printer, fd, id);
        } else {
            answer_creation(printer, fd, id);
        }
    }
    free(buffer);
}

static void wake(void *context)
{
    uint64_t one = 1;
    (void)!write(*(int *)context, &one, sizeof(one));
}

static struct trial *prepare(enum manner manner)
{
    struct trial *trial = calloc(1, sizeof(*trial));
    trial->wake_fd = eventfd(0, EFD_CLOEXEC);
    trial->printer.manner = manner;
    return trial;
}

static void begin(struct trial *trial, const struct device_job_name *earlier, size_t count)
{
    trial->printer.door.converse = converse;
    trial->printer.door.context = &trial->printer;
    peer_door_open(&trial->printer.door);
    char uri[64];
    snprintf(uri, sizeof(uri), "ipp://127.0.0.1:%d/ipp/print", trial->printer.door.port);
    /* Only for one that never answers; the others have the time they need on a busy machine. */
    const bool never = trial->printer.manner == MUTE || trial->printer.manner == WEDGED_IN_DOCUMENT;
    const struct device_config config = {
        .uri = uri,
        .wish = {.paper_width_mm = 80},
        .watch_ms = 100,
        .request_ms = never ? 1000 : 0,
        .data_ms = trial->data_ms,
        .earlier = earlier,
        .earlier_count = count,
        .wake = wake,
        .context = &trial->wake_fd,
    };
    assert_int_equal(device_create(&config, &trial->device), STATUS_OK);
}

static struct trial *start(enum manner manner)
{
    struct trial *trial = prepare(manner);
    begin(trial, NULL, 0);
    return trial;
}

/* What only the printer's thread touches can be read from here on. */
static void stop(struct trial *trial)
{
    int64_t before = ipp_now_ms();
    device_destroy(trial->device);
    assert_true(ipp_now_ms() - before < 3000);
    peer_door_stop(&trial->printer.door);
}

static void end(struct trial *trial)
{
    if (!atomic_load(&trial->printer.door.stop))
        stop(trial);
    peer_door_close(&trial->printer.door);
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
    shutdown(trial->printer.door.listener, SHUT_RDWR);
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

static void a_raw_queue_cannot_tell_its_paper(void **state)
{
    (void)state;
    struct trial *trial = start(RAW_QUEUE);
    struct device_message message = next(trial);
    assert_int_equal(message.condition.level, PRINTER_READY);
    assert_int_equal(message.condition.paper, PRINTER_PAPER_UNKNOWN);
    end(trial);
    trial = start(ONE_AT_A_TIME);
    assert_int_equal(next(trial).condition.paper, PRINTER_PAPER_OK);
    end(trial);
}

/* The request may last for a minute; that nothing moves is told long before. */
static void a_printer_wedged_in_a_job_is_told_at_once(void **state)
{
    (void)state;
    struct trial *trial = prepare(WEDGED_IN_DOCUMENT);
    trial->data_ms = 6000;
    begin(trial, NULL, 0);
    assert_int_equal(next(trial).condition.level, PRINTER_READY);
    int64_t from = ipp_now_ms();
    print(trial);
    struct device_message message;
    do {
        message = next(trial);
    } while (message.kind != DEVICE_CONDITION);
    assert_int_equal(message.condition.level, PRINTER_GONE);
    assert_int_equal(message.condition.paper, PRINTER_PAPER_GONE);
    assert_true(ipp_now_ms() - from < 5000);
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
        {REFUSE_FORMAT, DEVICE_FAILED, "client-error-document-format-not-supported", 1},
        {RAW_QUEUE, DEVICE_PRINTED, "", 1},
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

/* Jobs as a killed service leaves them: only the empty ones that are surely ours are cancelled. */
static void empty_jobs_of_an_earlier_run_are_cancelled(void **state)
{
    (void)state;
    static const struct kept kept[] = {
        {11, "OURS-11", IPP_JSTATE_HELD, "job-data-insufficient", -1},
        {12, "OURS-12", IPP_JSTATE_HELD, "job-incoming", 0},
        {13, "OURS-13", IPP_JSTATE_PENDING, "job-incoming", -1},
        {14, "OURS-14", IPP_JSTATE_HELD, "none", -1},
        {15, "OURS-15", IPP_JSTATE_PENDING, "none", 0},
        /* with their document, or perhaps */
        {21, "OURS-21", IPP_JSTATE_PENDING, "none", -1},
        {22, "OURS-22", IPP_JSTATE_PENDING, NULL, 1},
        {23, "OURS-23", IPP_JSTATE_PROCESSING, "job-incoming", 0},
        {24, "OURS-24", IPP_JSTATE_STOPPED, "printer-stopped", -1},
        {25, "OURS-25", IPP_JSTATE_HELD, "job-hold-until-specified", -1},
        {26, "OURS-26", IPP_JSTATE_HELD, "none", 1},
        /* of another service with the same user */
        {31, "OTHERS-31", IPP_JSTATE_HELD, "job-data-insufficient", 0},
        {32, "OURS-1", IPP_JSTATE_HELD, "job-incoming", 0},
    };
    struct trial *trial = prepare(ONE_AT_A_TIME);
    trial->printer.kept = kept;
    trial->printer.kept_count = sizeof(kept) / sizeof(kept[0]);
    trial->printer.empty_id = EMPTY_ID; /* named JOB-1 */
    struct device_job_name names[18] = {{"JOB-1"}};
    for (int i = 1; i < 18; i++)
        snprintf(names[i].text, sizeof(names[i].text), "OURS-%d", i + 9);
    begin(trial, names, 18);
    memset(names, 'x', sizeof(names)); /* they were copied */
    print(trial);
    assert_int_equal(outcome(trial).outcome, DEVICE_PRINTED);
    stop(trial);
    static const int cancelled[] = {11, 12, 13, 14, 15, EMPTY_ID};
    assert_int_equal(trial->printer.cancelled_count, 6);
    assert_memory_equal(trial->printer.cancelled, cancelled, sizeof(cancelled));
    assert_int_equal(trial->printer.creations, 1);
    assert_int_equal(atomic_load(&trial->printer.documents), 1);
    end(trial);
}

static void an_empty_job_of_this_run_is_cancelled(void **state)
{
    (void)state;
    static const struct {
        enum manner manner;
        const char *reason;
        int cancelled, documents;
    } rows[] = {
        {DROP_CREATION, "offline", 1, 1},
        {REFUSE_DOCUMENT, "server-error-busy", 1, 2},
        {NO_GET_JOBS, "server-error-busy", 0, 1}, /* it cannot be helped, and goes on */
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct trial *trial = start(rows[i].manner);
        assert_int_equal(next(trial).condition.level, PRINTER_READY);
        print(trial);
        struct device_message message = outcome(trial);
        assert_int_equal(message.outcome, DEVICE_NOT_TAKEN);
        assert_string_equal(message.reason, rows[i].reason);
        print(trial);
        assert_int_equal(outcome(trial).outcome, DEVICE_PRINTED);
        stop(trial);
        assert_int_equal(trial->printer.cancelled_count, rows[i].cancelled);
        assert_int_equal(trial->printer.creations, 2);
        assert_int_equal(atomic_load(&trial->printer.documents), rows[i].documents);
        end(trial);
    }
}

/* What the printer got of it is on paper or not: unknown, and never sent again by itself. */
static void a_job_cut_off_is_given_up_and_cancelled(void **state)
{
    (void)state;
    struct trial *trial = start(CUT_DOCUMENT);
    assert_int_equal(next(trial).condition.level, PRINTER_READY);
    print(trial);
    struct device_message message = outcome(trial);
    assert_int_equal(message.outcome, DEVICE_UNKNOWN);
    assert_string_equal(message.reason, "interrupted");
    stop(trial);
    assert_int_equal(trial->printer.cancelled_count, 1);
    assert_int_equal(trial->printer.cancelled[0], MADE_ID);
    assert_int_equal(atomic_load(&trial->printer.documents), 1);
    end(trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_is_no_printer_is_gone),
        cmocka_unit_test(nobody_there_is_gone),
        cmocka_unit_test(a_mute_printer_does_not_hold_up_the_end),
        cmocka_unit_test(a_printer_without_raster_is_stopped),
        cmocka_unit_test(a_raw_queue_cannot_tell_its_paper),
        cmocka_unit_test(a_printer_wedged_in_a_job_is_told_at_once),
        cmocka_unit_test(what_the_printer_answers_decides),
        cmocka_unit_test(empty_jobs_of_an_earlier_run_are_cancelled),
        cmocka_unit_test(an_empty_job_of_this_run_is_cancelled),
        cmocka_unit_test(a_job_cut_off_is_given_up_and_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
