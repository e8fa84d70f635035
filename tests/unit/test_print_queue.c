/* Receipt printers without IPP stand behind a raw CUPS queue. Here that is the real cupsd (tests/e2e/cupsd.sh) with the
 * ticket-printer program in front of it and, behind it, a printer of one's own: a socket that keeps every byte, or CUPS's
 * own IPP printer, which knows about paper. What the kiosk hears is heard through the kiosk's own line. */
#include "escpos_reader.h"
#include "paper_ear.h"
#include "paper_lines.h"
#include "printer/device/escpos.h"
#include "printer/layout/layout.h"
#include "printer_bed.h"
#include "test_kit.h"

#include <arpa/inet.h>
#include <jansson.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define TICKET "01ARZ3NDEKTSV4RRFFQ69G5FAV"
/* TOLD_MS is what visitors are promised, and a second for a busy machine. */
enum { TOLD_MS = 6000, PATIENCE_MS = 20000, JOB_BYTES = 1 << 20, HEAD_DOTS = 576 };

struct trial {
    char folder[64], cups[96], behind[96], socket[96], spool[96], uri[128];
    int device; /* a network printer's socket, not listening yet */
    int device_port;
    pid_t program;
    struct paper_ear ear;
};

/* ---- the programs ------------------------------------------------------------------------------------------------- */

/* Runs a script; the last line it says goes to `said`, which may be NULL. */
static void script(const char *path, const char *arguments, char *said, size_t size)
{
    char command[512], line[256] = "";
    snprintf(command, sizeof command, "%s %s", path, arguments);
    FILE *out = popen(command, "r"); /* NOLINT(cert-env33-c): a script of ours */
    assert_non_null(out);
    while (fgets(line, sizeof line, out) != NULL) {
    }
    assert_int_equal(pclose(out), 0);
    line[strcspn(line, "\n")] = '\0';
    if (said != NULL)
        kit_set(said, size, line);
}

static void cups(const struct trial *trial, const char *verb, const char *rest)
{
    char arguments[384];
    snprintf(arguments, sizeof arguments, "%s %s %s", verb, trial->cups, rest);
    script(CUPS_SCRIPT, arguments, NULL, 0);
}

static void behind(const struct trial *trial, const char *verb, const char *rest, char *said,
                   size_t size)
{
    char arguments[384];
    snprintf(arguments, sizeof arguments, "%s %s %s", verb, trial->behind, rest);
    script(PRINTER_SCRIPT, arguments, said, size);
}

static void start_program(struct trial *trial)
{
    trial->program = printer_bed_program(trial->uri, trial->socket, trial->spool, "auto");
    paper_ear_open(&trial->ear, trial->socket);
}

/* A port nobody else gets; as long as nobody listens there, the printer is switched off. */
static void make_device(struct trial *trial)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    trial->device = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(trial->device, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(trial->device, (struct sockaddr *)&address, &size), 0);
    trial->device_port = ntohs(address.sin_port);
}

static struct trial *open_trial(void)
{
    struct trial *trial = calloc(1, sizeof *trial);
    assert_non_null(trial);
    kit_set(trial->folder, sizeof trial->folder, "/tmp/quarter-queue.XXXXXX");
    assert_non_null(mkdtemp(trial->folder));
    assert_int_equal(chmod(trial->folder, 0755), 0); /* cupsd's backends run as another user */
    snprintf(trial->cups, sizeof trial->cups, "%s/cups", trial->folder);
    snprintf(trial->behind, sizeof trial->behind, "%s/behind", trial->folder);
    snprintf(trial->socket, sizeof trial->socket, "%s/socket", trial->folder);
    snprintf(trial->spool, sizeof trial->spool, "%s/spool", trial->folder);
    trial->device = -1;
    cups(trial, "start", "");
    return trial;
}

static void make_queue(struct trial *trial, const char *device_uri)
{
    char arguments[384];
    snprintf(arguments, sizeof arguments, "queue %s tickets '%s'", trial->cups, device_uri);
    script(CUPS_SCRIPT, arguments, trial->uri, sizeof trial->uri);
    start_program(trial);
}

static int start_socket(void **state)
{
    struct trial *trial = open_trial();
    char uri[64];
    make_device(trial);
    snprintf(uri, sizeof uri, "socket://127.0.0.1:%d", trial->device_port);
    make_queue(trial, uri);
    *state = trial;
    return 0;
}

static int start_ipp(void **state)
{
    struct trial *trial = open_trial();
    char uri[128];
    behind(trial, "start", "0 escpos", uri, sizeof uri);
    make_queue(trial, uri);
    *state = trial;
    return 0;
}

static int end(void **state)
{
    struct trial *trial = *state;
    paper_ear_close(&trial->ear);
    const int result = printer_bed_end_program(trial->program, SIGTERM);
    cups(trial, "stop", ""); /* whatever the program did: nothing is left running */
    behind(trial, "stop", "", NULL, 0);
    if (trial->device >= 0)
        close(trial->device);
    kit_remove_folder(trial->folder);
    free(trial);
    assert_true(WIFEXITED(result) && WEXITSTATUS(result) == 0);
    return 0;
}

/* ---- what the kiosk hears ----------------------------------------------------------------------------------------- */

static void expect_paper(struct trial *trial, enum journey_paper wanted, const char *what)
{
    paper_ear_expect(&trial->ear, wanted, TOLD_MS, what);
}

static void expect_job(struct trial *trial, int copy, enum journey_job wanted)
{
    paper_ear_expect_job(&trial->ear, copy, wanted, PATIENCE_MS);
}

/* ---- the ticket --------------------------------------------------------------------------------------------------- */

static struct paper_slip slip_of(int copy)
{
    return (struct paper_slip){
        .ticket = TICKET,
        .copy = copy,
        .language = "gu",
        .direction = "ltr",
        .centre = "ગ્રાહક સેવા કેન્દ્ર",
        .printed_at = "મંગળવાર 24 નવેમ્બર, 10:43",
        .number = "H07",
        .service = "હાઉસિંગ",
        .url = "https://queue.example.gov.uk/t/7Q2MXK4C9V",
        .ahead = 4,
    };
}

static void print(struct trial *trial, int copy)
{
    const struct paper_slip slip = slip_of(copy);
    assert_int_equal(paper_print(trial->ear.paper, &slip), STATUS_OK);
}

static struct page *draw(int copy)
{
    char error[256];
    const char *why;
    struct ticket_layout *layout;
    struct page *page;
    struct print_request request;
    const struct paper_slip slip = slip_of(copy);
    char *line = paper_write_slip(&slip);
    json_t *document = json_loads(line, 0, NULL);
    assert_int_equal(request_parse(json_object_get(document, "print"), &request, &why), STATUS_OK);
    assert_int_equal(layout_create(ASSETS, error, sizeof error, &layout), STATUS_OK);
    assert_int_equal(layout_draw(layout, &request, HEAD_DOTS, ESCPOS_DPI, &page, NULL), STATUS_OK);
    layout_destroy(layout);
    json_decref(document);
    free(line);
    return page;
}

/* To the byte what was sent; and, on paper, to the dot what was drawn (a few more, where escpos.h says so). */
static void expect_ticket(const char *bytes, size_t size, int copy, bool first)
{
    char *sent;
    size_t sent_size;
    struct page *drawn = draw(copy);
    assert_int_equal(escpos_encode(drawn, first, &sent, &sent_size), STATUS_OK);
    assert_int_equal(size, sent_size);
    assert_memory_equal(bytes, sent, size);
    struct escpos_paper paper = escpos_read(bytes, size, HEAD_DOTS);
    assert_int_equal(paper.count, 1);
    assert_int_equal(paper.cuts, 1);
    assert_int_equal(paper.rubbish + paper.letters + paper.real_time + paper.too_wide, 0);
    assert_in_range(escpos_dots_too_many(paper.pieces[0], drawn), 0, 9);
    escpos_paper_free(&paper);
    page_destroy(drawn);
    free(sent);
}

/* One connection from beginning to end: what a printer on the network gets of one job. *size 0: none came. */
static char *take_job(const struct trial *trial, int limit_ms, size_t *size)
{
    struct pollfd wait = {.fd = trial->device, .events = POLLIN};
    *size = 0;
    if (poll(&wait, 1, limit_ms) != 1)
        return NULL;
    const int peer = accept4(trial->device, NULL, NULL, SOCK_CLOEXEC);
    assert_true(peer >= 0);
    char *bytes = malloc(JOB_BYTES);
    assert_non_null(bytes);
    for (ssize_t got; (got = recv(peer, bytes + *size, JOB_BYTES - *size, 0)) > 0;)
        *size += (size_t)got;
    close(peer);
    return bytes;
}

/* ---- tests -------------------------------------------------------------------------------------------------------- */

static void a_printer_gets_every_byte_and_draws_every_dot(void **state)
{
    struct trial *trial = *state;
    assert_int_equal(listen(trial->device, 4), 0);
    expect_paper(trial, PAPER_UNKNOWN, "a queue that cannot tell"); /* and says so */
    for (int copy = 1; copy <= 2; copy++) {
        size_t size;
        print(trial, copy);
        char *bytes = take_job(trial, PATIENCE_MS, &size);
        expect_ticket(bytes, size, copy, copy == 1);
        free(bytes);
        expect_job(trial, copy, JOB_UNKNOWN); /* it was sent; whether it is on paper nobody knows */
    }
}

static void a_held_or_closed_queue_is_known_before_anybody_asks(void **state)
{
    struct trial *trial = *state;
    size_t size;
    assert_int_equal(listen(trial->device, 4), 0);
    expect_paper(trial, PAPER_UNKNOWN, "a queue that cannot tell");
    cups(trial, "disable", "tickets");
    expect_paper(trial, PAPER_GONE, "a queue that is held");
    cups(trial, "enable", "tickets");
    expect_paper(trial, PAPER_UNKNOWN, "it goes on");
    cups(trial, "reject", "tickets");
    expect_paper(trial, PAPER_GONE, "a queue that takes nothing");
    cups(trial, "accept", "tickets");
    expect_paper(trial, PAPER_UNKNOWN, "it takes jobs again");
    print(trial, 1);
    free(take_job(trial, PATIENCE_MS, &size));
    assert_true(size > 0);
    expect_job(trial, 1, JOB_UNKNOWN);
    cups(trial, "stop", "");
    expect_paper(trial, PAPER_GONE, "no print server");
}

/* The queue says nothing of a printer that is switched off. So nobody is told that a ticket came; it comes when the
 * printer does, once. */
static void a_printer_that_is_off_prints_nothing_and_then_once(void **state)
{
    struct trial *trial = *state;
    struct paper_news news;
    size_t size;
    expect_paper(trial, PAPER_UNKNOWN, "a queue that cannot tell");
    print(trial, 1);
    for (const int64_t until = kit_now_ms() + 2000; paper_ear_hear(&trial->ear, until, &news);)
        assert_true(!news.is_job || news.job == JOB_PRINTING);
    assert_int_equal(listen(trial->device, 4), 0);
    char *bytes =
        take_job(trial, PATIENCE_MS, &size); /* cupsd's backend tries every 5 s, then less often */
    expect_ticket(bytes, size, 1, true);
    free(bytes);
    expect_job(trial, 1, JOB_UNKNOWN);
    assert_null(take_job(trial, 500, &size));
}

/* The job and the state are asked for one by one: either may be told first. */
static void expect_out_and_unknown(struct trial *trial)
{
    const int64_t until = kit_now_ms() + PATIENCE_MS;
    bool is_out = false, is_unknown = false;
    while (!is_out || !is_unknown) {
        struct paper_news news;
        if (!paper_ear_hear(&trial->ear, until, &news))
            fail_msg("%s", is_out ? "the state was not told" : "the ticket did not come out");
        if (news.is_job)
            is_out = news.job == JOB_PRINTED || news.job == JOB_UNKNOWN;
        else
            is_unknown = news.paper == PAPER_UNKNOWN;
    }
}

/* A backend that knows of paper tells it while it has a job, and cupsd passes that on. */
static void paper_that_is_out_is_told_through_the_queue(void **state)
{
    struct trial *trial = *state;
    expect_paper(trial, PAPER_UNKNOWN, "a queue that cannot tell");
    behind(trial, "paper", "empty", NULL, 0);
    print(trial, 1);
    expect_paper(trial, PAPER_OUT, "no paper behind the queue");
    behind(trial, "paper", "full", NULL, 0);
    expect_out_and_unknown(trial);
    char path[256];
    snprintf(path, sizeof path, "%s/jobs/1-01arz3ndektsv4rrffq69g5fav-1.dat", trial->behind);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *bytes = malloc(JOB_BYTES);
    assert_non_null(bytes);
    const size_t size = fread(bytes, 1, JOB_BYTES, file);
    fclose(file);
    expect_ticket(bytes, size, 1, true);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_printer_gets_every_byte_and_draws_every_dot, start_socket,
                                        end),
        cmocka_unit_test_setup_teardown(a_held_or_closed_queue_is_known_before_anybody_asks,
                                        start_socket, end),
        cmocka_unit_test_setup_teardown(a_printer_that_is_off_prints_nothing_and_then_once,
                                        start_socket, end),
        cmocka_unit_test_setup_teardown(paper_that_is_out_is_told_through_the_queue, start_ipp,
                                        end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
