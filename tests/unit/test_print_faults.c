/* Fault sweeps over the whole print service: a little IPP printer whose Nth request goes wrong in each way, for every N; and a
 * kiosk whose connection is cut after every byte of what it asks. Whatever happens, no slip comes out twice, what is called
 * printed is on paper, and nobody waits for ever. */
#include "ipp_peer.h"
#include "printer/service.h"
#include "test_kit.h"

#include <jansson.h>
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
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

/* MUTE_MS: till a printer that is mute is given up. */
enum { PATIENCE_MS = 40000, REQUESTS_MAX = 7, TICKETS_MAX = 2000, MUTE_MS = 1000 };

#define FAULT_LIST(X)                                                                              \
    X(NONE)                                                                                        \
    X(HANGS_UP)         /* before it has read the request */                                       \
    X(LOSES_THE_ANSWER) /* does what is asked, then hangs up */                                    \
    X(TALKS_NONSENSE)                                                                              \
    X(IS_BUSY)                                                                                     \
    X(REFUSES)                                                                                     \
    X(IS_MUTE) /* does what is asked, and never says so */

enum fault {
#define X(name) FAULT_##name,
    FAULT_LIST(X)
#undef X
};

static const char *const FAULT_NAMES[] = {
#define X(name) #name,
    FAULT_LIST(X)
#undef X
};

/* A printer that takes one request a connection, and one job at a time. */
struct printer {
    struct peer_door door;
    enum fault fault;
    int faulty_request; /* counted from 1 */
    int requests, last_job;
    bool documents[TICKETS_MAX], cancelled[TICKETS_MAX]; /* by job id */
    atomic_int papers, done;                             /* done: requests */
};

struct trial {
    struct printer printer;
    char folder[64], socket[96], spool[96], uri[64];
    struct service_config config;
    pthread_t thread;
};

static enum status draw(void *context, const struct print_request *request, int width_px, int dpi,
                        struct page **page)
{
    (void)context, (void)request, (void)dpi;
    return page_create(width_px, 200, page);
}

/* ---- the printer ---- */

static ipp_t *say_how_it_is(int id)
{
    static const int operations[] = {IPP_OP_CREATE_JOB, IPP_OP_SEND_DOCUMENT};
    ipp_t *answer = peer_response(IPP_STATUS_OK, id);
    ippAddInteger(answer, IPP_TAG_PRINTER, IPP_TAG_ENUM, "printer-state", IPP_PSTATE_IDLE);
    ippAddString(answer, IPP_TAG_PRINTER, IPP_TAG_KEYWORD, "printer-state-reasons", NULL, "none");
    ippAddString(answer, IPP_TAG_PRINTER, IPP_TAG_MIMETYPE, "document-format-supported", NULL,
                 "application/vnd.cups-raw");
    ippAddIntegers(answer, IPP_TAG_PRINTER, IPP_TAG_ENUM, "operations-supported", 2, operations);
    return answer;
}

static bool is_open(const struct printer *printer, int job)
{
    return job > 0 && job <= printer->last_job && !printer->documents[job] &&
           !printer->cancelled[job];
}

static void add_job(ipp_t *answer, const struct printer *printer, int job)
{
    char name[64];
    (void)printer;
    snprintf(name, sizeof(name), "job-%d", job);
    ippAddInteger(answer, IPP_TAG_JOB, IPP_TAG_INTEGER, "job-id", job);
    ippAddInteger(answer, IPP_TAG_JOB, IPP_TAG_ENUM, "job-state",
                  (int)(is_open(printer, job)     ? IPP_JSTATE_HELD
                        : printer->cancelled[job] ? IPP_JSTATE_CANCELED
                                                  : IPP_JSTATE_COMPLETED));
    ippAddString(answer, IPP_TAG_JOB, IPP_TAG_KEYWORD, "job-state-reasons", NULL,
                 is_open(printer, job) ? "job-incoming" : "none");
}

/* Does what is asked, unless `fault` keeps it from it. */
static ipp_t *act(struct printer *printer, enum fault fault, const unsigned char *ipp, size_t size)
{
    int operation = ipp[2] << 8 | ipp[3];
    int id = ipp[4] << 24 | ipp[5] << 16 | ipp[6] << 8 | ipp[7];
    if (fault == FAULT_IS_BUSY)
        return peer_response(IPP_STATUS_ERROR_BUSY, id);
    if (fault == FAULT_REFUSES)
        return peer_response(IPP_STATUS_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED, id);
    if (operation == IPP_OP_GET_PRINTER_ATTRIBUTES)
        return say_how_it_is(id);
    ipp_t *request = peer_parse(ipp, size);
    ipp_attribute_t *which = ippFindAttribute(request, "job-id", IPP_TAG_INTEGER);
    int job = which ? ippGetInteger(which, 0) : 0;
    ippDelete(request);
    ipp_t *answer = peer_response(IPP_STATUS_OK, id);
    if (operation == IPP_OP_CREATE_JOB) {
        assert_true(printer->last_job + 1 < TICKETS_MAX);
        ippAddInteger(answer, IPP_TAG_JOB, IPP_TAG_INTEGER, "job-id", ++printer->last_job);
    } else if (operation == IPP_OP_SEND_DOCUMENT && is_open(printer, job)) {
        printer->documents[job] = true;
        atomic_fetch_add(&printer->papers, 1);
        ippAddInteger(answer, IPP_TAG_JOB, IPP_TAG_INTEGER, "job-id", job);
    } else if (operation == IPP_OP_GET_JOB_ATTRIBUTES && job > 0) {
        add_job(answer, printer, job);
    } else if (operation == IPP_OP_CANCEL_JOB && is_open(printer, job)) {
        printer->cancelled[job] = true;
    }
    return answer;
}

static void converse(void *context, int fd)
{
    struct printer *printer = context;
    enum fault fault = ++printer->requests == printer->faulty_request ? printer->fault : FAULT_NONE;
    atomic_store(&printer->done, printer->requests);
    if (fault == FAULT_HANGS_UP)
        return;
    struct peer_bytes *buffer = calloc(1, sizeof(*buffer));
    size_t body;
    if (peer_read(fd, buffer, &body)) {
        ipp_t *answer = act(printer, fault, buffer->bytes + body, buffer->size - body);
        if (fault == FAULT_TALKS_NONSENSE)
            (void)!send(fd, "220 mail.example\r\n\r\n", 20, MSG_NOSIGNAL);
        if (fault == FAULT_IS_MUTE) {
            struct pollfd gone = {.fd = fd, .events = POLLIN};
            poll(&gone, 1, PATIENCE_MS);
        }
        if (fault == FAULT_NONE || fault == FAULT_IS_BUSY || fault == FAULT_REFUSES)
            peer_answer(fd, answer);
        else
            ippDelete(answer);
    }
    free(buffer);
}

/* ---- the service ---- */

static void *run(void *context)
{
    struct trial *trial = context;
    assert_int_equal(service_run(&trial->config), STATUS_OK);
    return NULL;
}

static struct trial *start(enum fault fault, int faulty_request)
{
    struct trial *trial = calloc(1, sizeof(*trial));
    trial->printer.fault = fault;
    trial->printer.faulty_request = faulty_request;
    trial->printer.door.converse = converse;
    trial->printer.door.context = &trial->printer;
    peer_door_open(&trial->printer.door);
    snprintf(trial->folder, sizeof(trial->folder), "/tmp/quarter-faults.XXXXXX");
    assert_non_null(mkdtemp(trial->folder));
    snprintf(trial->socket, sizeof(trial->socket), "%s/socket", trial->folder);
    snprintf(trial->spool, sizeof(trial->spool), "%s/spool", trial->folder);
    snprintf(trial->uri, sizeof(trial->uri), "ipp://127.0.0.1:%d/ipp/print",
             trial->printer.door.port);
    trial->config = (struct service_config){
        .socket_path = trial->socket,
        .spool_folder = trial->spool,
        .printer_uri = trial->uri,
        .wish = {.format = PRINT_FORMAT_AUTO, .paper_width_mm = 58},
        .watch_ms = 100,
        /* A printer that answers has the time it needs on a busy machine. */
        .request_ms = fault == FAULT_IS_MUTE ? MUTE_MS : 0,
        .data_ms = fault == FAULT_IS_MUTE ? MUTE_MS : 0,
        .stop_fd = eventfd(0, EFD_CLOEXEC),
        .draw = draw,
    };
    assert_int_equal(pthread_create(&trial->thread, NULL, run, trial), 0);
    return trial;
}

static void end(struct trial *trial)
{
    eventfd_write(trial->config.stop_fd, 1);
    pthread_join(trial->thread, NULL);
    peer_door_stop(&trial->printer.door);
    peer_door_close(&trial->printer.door);
    close(trial->config.stop_fd);
    kit_remove_folder(trial->folder);
    free(trial);
}

/* ---- the kiosk ---- */

static int call(const struct trial *trial)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", trial->socket);
    for (int tries = 0; tries < 500; tries++, poll(NULL, 0, 10)) {
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
            return fd;
        close(fd);
    }
    fail_msg("the service does not listen");
    return -1;
}

static size_t write_request(char *line, size_t size, int ticket)
{
    int length = snprintf(
        line, size,
        "{\"print\":{\"ticket\":\"01ARZ3NDEKTSV4RRFFQ69G%04d\",\"copy\":1,\"language\":\"en\","
        "\"direction\":\"ltr\",\"centre\":\"C\",\"number\":\"H07\",\"service\":\"S\","
        "\"printed_at_local\":\"10:43\"}}\n",
        ticket);
    assert_true(length > 0 && (size_t)length < size);
    return (size_t)length;
}

/* Until the job is over; its state. */
static void wait_for_the_end(int fd, int ticket, char *state, size_t size)
{
    char wanted[64];
    char text[65536];
    size_t filled = 0;
    snprintf(wanted, sizeof(wanted), "01ARZ3NDEKTSV4RRFFQ69G%04d", ticket);
    int64_t until = kit_now_ms() + PATIENCE_MS;
    for (;;) {
        for (char *stop; (stop = memchr(text, '\n', filled)) != NULL;) {
            json_t *document = json_loadb(text, (size_t)(stop - text), 0, NULL);
            const json_t *job = json_object_get(document, "job");
            const char *name = json_string_value(json_object_get(job, "ticket"));
            const char *told = json_string_value(json_object_get(job, "state"));
            bool over = name && told && strcmp(name, wanted) == 0 && told[0] != 'q' &&
                        strcmp(told, "printing") != 0;
            if (over)
                snprintf(state, size, "%s", told);
            json_decref(document);
            if (over)
                return;
            filled -= (size_t)(stop + 1 - text);
            memmove(text, stop + 1, filled);
        }
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        int64_t left = until - kit_now_ms();
        if (left <= 0 || poll(&wait, 1, (int)left) != 1)
            fail_msg("nothing was heard of ticket %d", ticket);
        ssize_t got = recv(fd, text + filled, sizeof(text) - filled, 0);
        assert_true(got > 0);
        filled += (size_t)got;
    }
}

/* One paper for "printed", none for "failed"; "unknown" may be either. */
static void expect_truth(const char *told, int papers, enum fault fault, int n)
{
    bool printed = strcmp(told, "printed") == 0;
    bool unknown = strcmp(told, "unknown") == 0;
    if (papers > 1 || (!unknown && printed != (papers == 1)))
        fail_msg("request %d %s: %s, %d on paper", n, FAULT_NAMES[fault], told, papers);
}

static void every_request_may_go_wrong(void **state)
{
    (void)state;
    for (enum fault fault = FAULT_HANGS_UP; fault <= FAULT_IS_MUTE; fault++)
        for (int n = 1; n <= REQUESTS_MAX; n++) {
            struct trial *trial = start(fault, n);
            int fd = call(trial);
            char line[512];
            char told[16];
            size_t size = write_request(line, sizeof(line), 1);
            assert_int_equal(send(fd, line, size, MSG_NOSIGNAL), size);
            wait_for_the_end(fd, 1, told, sizeof(told));
            int papers = atomic_load(&trial->printer.papers);
            bool first_was_hit = atomic_load(&trial->printer.done) >= n;
            expect_truth(told, papers, fault, n);
            assert_int_equal(send(fd, line, size, MSG_NOSIGNAL), size); /* again: the same answer */
            char again[16];
            wait_for_the_end(fd, 1, again, sizeof(again));
            assert_string_equal(again, told);
            size = write_request(line, sizeof(line), 2); /* and the next visitor is served */
            assert_int_equal(send(fd, line, size, MSG_NOSIGNAL), size);
            wait_for_the_end(fd, 2, again, sizeof(again));
            expect_truth(again, atomic_load(&trial->printer.papers) - papers, fault, n);
            if (first_was_hit)
                assert_string_equal(again, "printed");
            close(fd);
            end(trial);
        }
}

static void the_kiosks_line_may_be_cut_after_any_byte(void **state)
{
    (void)state;
    struct trial *trial = start(FAULT_NONE, 0);
    char line[512];
    char told[16];
    size_t size = write_request(line, sizeof(line), 0);
    int tickets = 0;
    for (size_t cut = 0; cut <= size; cut += 3) {
        size = write_request(line, sizeof(line), ++tickets);
        int fd = call(trial);
        if (cut > 0)
            assert_int_equal(send(fd, line, cut, MSG_NOSIGNAL), cut);
        close(fd);
        fd = call(trial);
        assert_int_equal(send(fd, line, size, MSG_NOSIGNAL), size);
        wait_for_the_end(fd, tickets, told, sizeof(told));
        assert_string_equal(told, "printed");
        assert_int_equal(atomic_load(&trial->printer.papers), tickets);
        close(fd);
    }
    end(trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_request_may_go_wrong),
        cmocka_unit_test(the_kiosks_line_may_be_cut_after_any_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
