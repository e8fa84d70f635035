/* The whole ticket printer, as a program, against CUPS's own IPP printer
 * (tests/e2e/ippeveprinter.sh): what comes out is, dot by dot, the page that was drawn; without
 * paper a job waits; a killed service never prints twice. */
#include "escpos_reader.h"
#include "printer/device/ipp.h"
#include "printer/device/raster.h"
#include "printer/layout/layout.h"
#include "printer/spool.h"
#include "printer_bed.h"
#include "test_kit.h"

#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define TICKET "01ARZ3NDEKTSV4RRFFQ69G5FAV"
enum { PATIENCE_MS = 20000 };

struct trial {
    struct printer_bed bed;
    pid_t program;
    int fd;
    char bytes[65536];
    size_t size;
};

static void connect_program(struct trial *trial)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", trial->bed.socket);
    trial->size = 0;
    for (int64_t until = kit_now_ms() + PATIENCE_MS; kit_now_ms() < until; poll(NULL, 0, 10)) {
        trial->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connect(trial->fd, (struct sockaddr *)&address, sizeof(address)) == 0)
            return;
        close(trial->fd);
    }
    fail_msg("the ticket printer does not listen");
}

static void start_program_as(struct trial *trial, const char *format)
{
    const struct printer_bed *bed = &trial->bed;
    trial->program = printer_bed_program(bed->uri, bed->socket, bed->spool, format);
    connect_program(trial);
}

static void start_program(struct trial *trial)
{
    start_program_as(trial, "auto");
}

static int end_program(struct trial *trial, int signal)
{
    close(trial->fd);
    return printer_bed_end_program(trial->program, signal);
}

static int start_with(void **state, const char *format)
{
    struct trial *trial = calloc(1, sizeof(*trial));
    assert_non_null(trial);
    printer_bed_open(&trial->bed, format);
    start_program(trial);
    *state = trial;
    return 0;
}

static int start(void **state)
{
    return start_with(state, "pwg");
}

static int start_escpos(void **state)
{
    return start_with(state, "escpos");
}

static int end(void **state)
{
    struct trial *trial = *state;
    if (trial->program > 0) {
        int result = end_program(trial, SIGTERM);
        assert_true(WIFEXITED(result) && WEXITSTATUS(result) == 0);
        assert_int_equal(access(trial->bed.socket, F_OK), -1);
    }
    printer_bed_close(&trial->bed);
    free(trial);
    return 0;
}

static json_t *request_for(int copy)
{
    json_t *print = json_pack(
        "{s:s, s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:[s,s], s:i, s:n, s:s}", "ticket", TICKET,
        "copy", copy, "language", "en", "direction", "ltr", "centre", "Customer Service Centre",
        "number", "H07", "service", "Housing Benefit", "printed_at_local",
        "Tuesday 24 November, 10:43", "where", "blue area", "have_ready", "a letter from us",
        "proof of rent", "ahead", 4, "wait", "url", "https://queue.example.gov.uk/t/7Q2MXK4C9V");
    assert_non_null(print);
    return print;
}

static void ask(struct trial *trial, const char *verb, json_t *what)
{
    json_t *document = json_pack("{s:o}", verb, what);
    char *text = json_dumps(document, JSON_COMPACT);
    assert_int_equal(send(trial->fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
    assert_int_equal(send(trial->fd, "\n", 1, MSG_NOSIGNAL), 1);
    free(text);
    json_decref(document);
}

static json_t *read_line(struct trial *trial, int64_t until)
{
    for (;;) {
        char *end = memchr(trial->bytes, '\n', trial->size);
        if (end) {
            size_t length = (size_t)(end - trial->bytes);
            json_t *document = json_loadb(trial->bytes, length, 0, NULL);
            assert_non_null(document);
            trial->size -= length + 1;
            memmove(trial->bytes, end + 1, trial->size);
            return document;
        }
        struct pollfd wait = {.fd = trial->fd, .events = POLLIN};
        int64_t left = until - kit_now_ms();
        if (poll(&wait, 1, left > 0 ? (int)left : 0) != 1)
            return NULL;
        ssize_t got =
            recv(trial->fd, trial->bytes + trial->size, sizeof(trial->bytes) - trial->size, 0);
        assert_true(got > 0);
        trial->size += (size_t)got;
    }
}

/* Reads news until {kind:{"state":state}} with that reason comes; any reason when it is "*". */
static void wait_for(struct trial *trial, const char *kind, const char *state, const char *reason)
{
    int64_t until = kit_now_ms() + PATIENCE_MS;
    for (json_t *document; (document = read_line(trial, until)) != NULL; json_decref(document)) {
        const json_t *news = json_object_get(document, kind);
        if (!news || strcmp(json_string_value(json_object_get(news, "state")), state) != 0)
            continue;
        const json_t *why = json_object_get(news, "reason");
        if (json_is_array(json_object_get(news, "reasons")))
            why = json_array_get(json_object_get(news, "reasons"), 0);
        const char *text = json_is_string(why) ? json_string_value(why) : "";
        if (strcmp(reason, "*") == 0 || strcmp(text, reason) == 0) {
            json_decref(document);
            return;
        }
    }
    fail_msg("%s never became %s (%s)", kind, state, reason);
}

static int count_jobs(const struct trial *trial, char *last, size_t size)
{
    return printer_bed_count(&trial->bed, ".pwg", last, size);
}

static struct page *draw_first(void)
{
    char error[256];
    struct ticket_layout *layout;
    struct page *drawn;
    struct print_request *request = calloc(1, sizeof(*request));
    const char *why;
    json_t *print = request_for(1);
    assert_int_equal(request_parse(print, request, &why), STATUS_OK);
    assert_int_equal(layout_create(ASSETS, error, sizeof(error), &layout), STATUS_OK);
    assert_int_equal(layout_draw(layout, request, 576, 203, &drawn, NULL), STATUS_OK);
    layout_destroy(layout);
    json_decref(print);
    free(request);
    return drawn;
}

static void what_is_printed_as_escpos_is_the_page(void **state)
{
    struct trial *trial = *state;
    wait_for(trial, "printer", "ready", "");
    ask(trial, "print", request_for(1));
    wait_for(trial, "job", "printed", "");
    char path[512];
    snprintf(path, sizeof(path), "%s/jobs/1-01arz3ndektsv4rrffq69g5fav-1.dat", trial->bed.printer);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *bytes = malloc(1 << 20);
    size_t size = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    struct escpos_paper paper = escpos_read(bytes, size, 576);
    free(bytes);
    assert_int_equal(paper.count, 1);
    assert_int_equal(paper.cuts, 1);
    assert_int_equal(paper.rubbish + paper.letters + paper.real_time + paper.too_wide, 0);
    struct page *drawn = draw_first();
    assert_in_range(escpos_dots_too_many(paper.pieces[0], drawn), 0, 9);
    page_destroy(drawn);
    escpos_paper_free(&paper);
}

/* A printer that takes nothing we are told to send: said at once, and nothing is lost. */
static void a_format_the_printer_does_not_take_is_told(void **state)
{
    struct trial *trial = *state;
    int result = end_program(trial, SIGTERM);
    assert_true(WIFEXITED(result) && WEXITSTATUS(result) == 0);
    bool pwg = strcmp(trial->bed.format, "pwg") == 0;
    start_program_as(trial, pwg ? "escpos" : "pwg");
    wait_for(trial, "printer", "stopped", "document-format-not-supported");
    ask(trial, "print", request_for(1));
    wait_for(trial, "job", "queued", "document-format-not-supported");
    end_program(trial, SIGTERM);
    start_program_as(trial, trial->bed.format);
    wait_for(trial, "printer", "ready", "");
    ask(trial, "print", request_for(1));
    wait_for(trial, "job", "printed", "");
}

static void what_is_printed_is_the_page_dot_by_dot(void **state)
{
    struct trial *trial = *state;
    wait_for(trial, "printer", "ready", "");
    ask(trial, "print", request_for(1));
    wait_for(trial, "job", "queued", "");
    wait_for(trial, "job", "printing", "");
    wait_for(trial, "job", "printed", "");

    char path[512];
    assert_int_equal(count_jobs(trial, path, sizeof(path)), 1);
    assert_non_null(strstr(path, "/1-01arz3ndektsv4rrffq69g5fav-1.pwg"));
    int file = open(path, O_RDONLY | O_CLOEXEC);
    struct page *printed;
    int dpi;
    assert_int_equal(raster_decode(file, &printed, &dpi), STATUS_OK);
    close(file);
    assert_int_equal(dpi, 203);
    assert_int_equal(printed->width_px, 576);

    struct page *drawn = draw_first();
    assert_true(page_equal(printed, drawn));
    page_destroy(printed);
    page_destroy(drawn);

    ask(trial, "print", request_for(1)); /* asked again: told, not printed */
    wait_for(trial, "job", "printed", "");
    ask(trial, "print", request_for(2)); /* a further copy is a further paper */
    wait_for(trial, "job", "printed", "");
    assert_int_equal(count_jobs(trial, NULL, 0), 2);
}

static void without_paper_a_job_waits_until_there_is_some(void **state)
{
    struct trial *trial = *state;
    wait_for(trial, "printer", "ready", "");
    printer_bed_paper(&trial->bed, "low");
    wait_for(trial, "printer", "attention", "media-low");
    printer_bed_paper(&trial->bed, "empty");
    wait_for(trial, "printer", "stopped", "media-empty");
    ask(trial, "print", request_for(1));
    wait_for(trial, "job", "queued", "media-empty");
    assert_int_equal(count_jobs(trial, NULL, 0), 0);
    printer_bed_paper(&trial->bed, "full");
    wait_for(trial, "printer", "ready", "");
    wait_for(trial, "job", "printed", "");
    assert_int_equal(count_jobs(trial, NULL, 0), 1);
}

static void a_waiting_job_can_be_cancelled(void **state)
{
    struct trial *trial = *state;
    wait_for(trial, "printer", "ready", "");
    printer_bed_paper(&trial->bed, "empty");
    wait_for(trial, "printer", "stopped", "media-empty");
    ask(trial, "print", request_for(1));
    wait_for(trial, "job", "queued", "media-empty");
    ask(trial, "cancel", json_pack("{s:s, s:i}", "ticket", TICKET, "copy", 1));
    wait_for(trial, "job", "failed", "canceled");
    printer_bed_paper(&trial->bed, "full");
    wait_for(trial, "printer", "ready", "");
    ask(trial, "print", request_for(2));
    wait_for(trial, "job", "printed", "");
    assert_int_equal(count_jobs(trial, NULL, 0), 1);
}

/* The printer has the job already: only the printer can bring it out, or give it up. */
static void a_cover_opened_during_a_job_is_told(void **state)
{
    struct trial *trial = *state;
    wait_for(trial, "printer", "ready", "");
    printer_bed_on_job_state(&trial->bed, "cover-open");
    ask(trial, "print", request_for(1));
    wait_for(trial, "job", "printing", "");
    wait_for(trial, "printer", "stopped", "cover-open");
    wait_for(trial, "job", "printing", "cover-open");
    ask(trial, "print", request_for(2)); /* the next one waits for the same reason */
    wait_for(trial, "job", "queued", "cover-open");
    printer_bed_release(&trial->bed);
    wait_for(trial, "job", "printed", "");
    wait_for(trial, "job", "printed", "");
}

static void a_job_that_the_printer_aborts_has_failed(void **state)
{
    struct trial *trial = *state;
    wait_for(trial, "printer", "ready", "");
    printer_bed_on_job(&trial->bed, "exit 1");
    ask(trial, "print", request_for(1));
    wait_for(trial, "job", "failed", "*");
    printer_bed_on_job(&trial->bed, NULL);
    ask(trial, "print", request_for(1));
    wait_for(trial, "job", "failed", "*"); /* the same copy: never again */
    ask(trial, "print", request_for(2));
    wait_for(trial, "job", "printed", "");
}

static struct ipp_target target_of(const struct trial *trial)
{
    struct ipp_target target;
    assert_int_equal(ipp_target_parse(trial->bed.uri, &target), STATUS_OK);
    return target;
}

/* Until the printer itself says so of its first job. */
static void wait_for_first_job(const struct trial *trial, const char *reason)
{
    struct ipp_target target = target_of(trial);
    atomic_bool stop;
    atomic_init(&stop, false);
    const struct ipp_guard guard = {.stop = &stop, .deadline_ms = ipp_now_ms() + PATIENCE_MS};
    for (; ipp_now_ms() < guard.deadline_ms; poll(NULL, 0, 10)) {
        struct job_report report;
        if (ipp_ask_job(&target, &guard, 1, &report) == STATUS_OK && report.phase == JOB_PRINTS &&
            strcmp(report.reason, reason) == 0)
            return;
    }
    fail_msg("the printer never said \"%s\"", reason);
}

static void a_printing_job_can_be_cancelled(void **state)
{
    struct trial *trial = *state;
    wait_for(trial, "printer", "ready", "");
    printer_bed_on_job(&trial->bed, PRINTER_BED_WAIT);
    ask(trial, "print", request_for(1));
    wait_for(trial, "job", "printing", "");
    wait_for_first_job(trial, "");
    ask(trial, "cancel", json_pack("{s:s, s:i}", "ticket", TICKET, "copy", 1));
    wait_for_first_job(trial, "processing-to-stop-point"); /* released sooner, it could be done */
    printer_bed_release(&trial->bed);
    wait_for(trial, "job", "failed", "canceled");
}

static void a_killed_service_never_prints_twice(void **state)
{
    struct trial *trial = *state;
    wait_for(trial, "printer", "ready", "");
    printer_bed_on_job(&trial->bed, PRINTER_BED_WAIT);
    ask(trial, "print", request_for(1));
    wait_for(trial, "job", "printing", "");
    ask(trial, "print", request_for(2));
    wait_for(trial, "job", "queued", "*");
    int result = end_program(trial, SIGKILL);
    assert_true(WIFSIGNALED(result));
    start_program(trial);
    ask(trial, "print", request_for(1));
    wait_for(trial, "job", "unknown", "interrupted");
    printer_bed_release(&trial->bed);
    wait_for(trial, "job", "printed", ""); /* what had only been queued goes on */
    char path[512];
    int jobs = count_jobs(trial, path, sizeof(path));
    assert_in_range(jobs, 1,
                    2); /* the killed one may have reached the printer or not; never twice */
    ask(trial, "print", request_for(1));
    wait_for(trial, "job", "unknown", "interrupted");
    assert_int_equal(count_jobs(trial, NULL, 0), jobs);
}

/* What a service killed between Create-Job and Send-Document leaves: `printing` in the spool, and a
 * job at the printer that never gets its document. */
static void leave_an_empty_job(struct trial *trial)
{
    int result = end_program(trial, SIGKILL);
    assert_true(WIFSIGNALED(result));
    struct spool *spool;
    struct timespec utc;
    clock_gettime(CLOCK_REALTIME, &utc);
    int64_t utc_ms = (int64_t)utc.tv_sec * 1000;
    assert_int_equal(
        spool_open(&(struct spool_options){.folder = trial->bed.spool}, utc_ms, &spool), STATUS_OK);
    json_t *print = request_for(1);
    char *text = json_dumps(print, JSON_COMPACT);
    const struct spool_job *job;
    bool is_new;
    assert_int_equal(spool_add(spool, TICKET, 1, text, utc_ms, &job, &is_new), STATUS_OK);
    assert_int_equal(spool_move(spool, job, SPOOL_PRINTING, "", utc_ms), STATUS_OK);
    spool_close(spool);
    free(text);
    json_decref(print);

    struct ipp_target target = target_of(trial);
    atomic_bool stop;
    atomic_init(&stop, false);
    const struct ipp_guard guard = {.stop = &stop, .deadline_ms = ipp_now_ms() + PATIENCE_MS};
    const struct ipp_job empty = {.name = TICKET "-1",
                                  .format = PRINT_FORMAT_PWG,
                                  .paper_width_mm = 80,
                                  .page_height_px = 64};
    const struct printer_ability ability = {.dpi = 203};
    int id;
    char why[PRINTER_REASON_BYTES];
    assert_int_equal(ipp_create_job(&target, &guard, &ability, &empty, &id, why), STATUS_OK);
}

static void an_empty_job_of_a_killed_service_holds_nothing_up(void **state)
{
    struct trial *trial = *state;
    wait_for(trial, "printer", "ready", "");
    leave_an_empty_job(trial);
    start_program(trial);
    ask(trial, "print", request_for(1));
    wait_for(trial, "job", "unknown", "interrupted");
    ask(trial, "print", request_for(2));
    wait_for(trial, "job", "printed", "");
    assert_int_equal(count_jobs(trial, NULL, 0), 1); /* the new one only */
}

static void a_printer_that_goes_and_comes_is_noticed(void **state)
{
    struct trial *trial = *state;
    wait_for(trial, "printer", "ready", "");
    printer_bed_stop(&trial->bed);
    wait_for(trial, "printer", "gone", "offline");
    ask(trial, "print", request_for(1));
    wait_for(trial, "job", "queued", "offline");
    printer_bed_restart(&trial->bed);
    wait_for(trial, "printer", "ready", "");
    wait_for(trial, "job", "printed", "");
}

static void options_and_exit_statuses(void **state)
{
    (void)state;
    enum { ARGUMENTS_MAX = 8 };
    static const struct {
        const char *arguments[ARGUMENTS_MAX];
        int status;
    } rows[] = {
        {{"--help"}, 0},
        {{"--version"}, 0},
        {{NULL}, 2},
        {{"--colour"}, 2},
        {{"--socket"}, 2},
        {{"--width-mm", "8", "--help"}, 2},
        {{"--dpi", "20", "--help"}, 2},
        {{"--format", "pdf", "--help"}, 2},
        {{"--format", "escpos", "--width-mm", "58", "--dpi", "180", "--help"}, 0},
        {{"--layout-only", "one.json"}, 2},
        {{"--printer", "ipp://localhost/", "--socket", "s", "--spool", "d", "extra"}, 2},
        {{"--printer", "lpt1", "--socket", "s", "--spool", "/proc/none", "--assets", ASSETS}, 78},
        {{"--printer", "ipp://localhost/", "--socket", "s", "--spool", "d", "--assets",
          "/nonexistent"},
         78},
        {{"--printer", "ipp://localhost/", "--socket", "s", "--spool", "/proc/none", "--assets",
          ASSETS},
         1},
        {{"--layout-only", "/nonexistent", "/tmp/none.png", "--assets", ASSETS}, 1},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *line[ARGUMENTS_MAX + 2] = {TICKET_PRINTER};
        memcpy(line + 1, rows[i].arguments, sizeof(rows[i].arguments));
        const int status = kit_run(line);
        if (status != rows[i].status)
            fail_msg("row %d (%s) exits with %d, not %d", (int)i, line[1] != NULL ? line[1] : "",
                     status, rows[i].status);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_and_exit_statuses),
        TEST(what_is_printed_is_the_page_dot_by_dot),
        cmocka_unit_test_setup_teardown(what_is_printed_as_escpos_is_the_page, start_escpos, end),
        TEST(a_format_the_printer_does_not_take_is_told),
        {"a_format_the_printer_does_not_take_is_told (escpos)",
         a_format_the_printer_does_not_take_is_told, start_escpos, end, NULL},
        TEST(without_paper_a_job_waits_until_there_is_some),
        TEST(a_waiting_job_can_be_cancelled),
        TEST(a_cover_opened_during_a_job_is_told),
        TEST(a_job_that_the_printer_aborts_has_failed),
        TEST(a_printing_job_can_be_cancelled),
        TEST(a_killed_service_never_prints_twice),
        TEST(an_empty_job_of_a_killed_service_holds_nothing_up),
        TEST(a_printer_that_goes_and_comes_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
