/* What happens to the paper reaches the kiosk within five seconds and before anybody asks: the kiosk's own line to the real
 * ticket-printer program, and that to CUPS's own IPP printer, taking PWG raster or ESC/POS. Low, out, jam, open, gone; a
 * printer that is wedged, in the middle of a job too; a ticket-printer that is wedged or killed. */
#include "paper.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "test_kit.h"

/* TOLD_MS is the promise; under a sanitizer on a busy machine a second more goes into the programs
 * themselves. */
enum { TOLD_MS = 5000, SLACK_MS = 1000, START_MS = 20000 };
extern char **environ;

struct trial {
    const char *format;
    char folder[64], printer[96], socket[96], spool[96], uri[128];
    pid_t program;
    struct paper *paper;
    int woken_fd;
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void script(const struct trial *trial, const char *verb, const char *arguments)
{
    char command[512];
    snprintf(command, sizeof(command), "%s %s %s %s >/dev/null", PRINTER_SCRIPT, verb,
             trial->printer, arguments);
    assert_int_equal(system(command), 0);
}

static void read_text(const struct trial *trial, const char *name, char *text, size_t size)
{
    char path[160];
    snprintf(path, sizeof(path), "%s/%s", trial->printer, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(text, (int)size, file));
    text[strcspn(text, "\n")] = '\0';
    fclose(file);
}

static void signal_printer(const struct trial *trial, int signal)
{
    char pid[32];
    read_text(trial, "pid", pid, sizeof(pid));
    assert_int_equal(kill((pid_t)kit_number(pid), signal), 0);
}

/* The next job sets a state and lasts until it is released. */
static void on_job(const struct trial *trial, const char *reason)
{
    char path[160];
    snprintf(path, sizeof(path), "%s/on-job", trial->printer);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file,
            "#!/bin/sh\necho 'STATE: +%s' >&2\nn=0; while [ ! -e \"$QUARTER_PRINTER_DIR/go-on\" ] "
            "&& [ $n -lt 300 ]; do sleep 0.1; n=$((n + 1)); done\necho 'STATE: -%s' >&2\n",
            reason, reason);
    fclose(file);
    assert_int_equal(chmod(path, 0700), 0);
}

static void release(const struct trial *trial)
{
    char path[160];
    snprintf(path, sizeof(path), "%s/go-on", trial->printer);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
}

static void wake(void *context)
{
    eventfd_write(*(int *)context, 1);
}

static void start_program(struct trial *trial)
{
    char *const arguments[] = {(char[]){"ticket-printer"},
                               (char[]){"--printer"},
                               trial->uri,
                               (char[]){"--socket"},
                               trial->socket,
                               (char[]){"--spool"},
                               trial->spool,
                               (char[]){"--assets"},
                               (char[]){ASSETS},
                               NULL};
    assert_int_equal(posix_spawn(&trial->program, TICKET_PRINTER, NULL, NULL, arguments, environ),
                     0);
}

static void end_program(struct trial *trial, int signal)
{
    int result;
    kill(trial->program, signal);
    assert_int_equal(waitpid(trial->program, &result, 0), trial->program);
}

static int start(void **state, const char *format)
{
    struct trial *trial = calloc(1, sizeof(*trial));
    trial->format = format;
    snprintf(trial->folder, sizeof(trial->folder), "/tmp/quarter-truth.XXXXXX");
    assert_non_null(mkdtemp(trial->folder));
    snprintf(trial->printer, sizeof(trial->printer), "%s/printer", trial->folder);
    snprintf(trial->socket, sizeof(trial->socket), "%s/socket", trial->folder);
    snprintf(trial->spool, sizeof(trial->spool), "%s/spool", trial->folder);
    char arguments[32];
    snprintf(arguments, sizeof(arguments), "0 %s", format);
    script(trial, "start", arguments);
    read_text(trial, "uri", trial->uri, sizeof(trial->uri));
    start_program(trial);
    trial->woken_fd = eventfd(0, EFD_CLOEXEC);
    const struct paper_options options = {trial->socket, wake, &trial->woken_fd};
    assert_int_equal(paper_create(&options, &trial->paper), STATUS_OK);
    *state = trial;
    return 0;
}

static int start_pwg(void **state)
{
    return start(state, "pwg");
}

static int start_escpos(void **state)
{
    return start(state, "escpos");
}

static int end(void **state)
{
    struct trial *trial = *state;
    paper_destroy(trial->paper);
    end_program(trial, SIGTERM);
    script(trial, "stop", "");
    char command[128];
    snprintf(command, sizeof(command), "rm -rf '%s'", trial->folder);
    assert_int_equal(system(command), 0);
    close(trial->woken_fd);
    free(trial);
    return 0;
}

/* Waits for news; fails after limit_ms. */
static struct paper_news hear(struct trial *trial, int64_t until_ms)
{
    struct paper_news news;
    while (!paper_poll(trial->paper, &news)) {
        struct pollfd fd = {.fd = trial->woken_fd, .events = POLLIN};
        int64_t left = until_ms - now_ms();
        eventfd_t count;
        if (left <= 0 || poll(&fd, 1, (int)left) == 0)
            fail_msg("nothing was told in time");
        else
            eventfd_read(trial->woken_fd, &count);
    }
    return news;
}

static void expect_paper_within(struct trial *trial, enum journey_paper wanted, int limit_ms)
{
    int64_t from = now_ms();
    for (;;) {
        struct paper_news news = hear(trial, from + limit_ms);
        if (!news.is_job && news.paper == wanted)
            break;
    }
    printf("    %s: paper %d told after %d ms\n", trial->format, (int)wanted,
           (int)(now_ms() - from));
}

static void expect_paper(struct trial *trial, enum journey_paper wanted)
{
    expect_paper_within(trial, wanted, TOLD_MS + SLACK_MS);
}

static void expect_job(struct trial *trial, int copy, enum journey_job wanted)
{
    int64_t until = now_ms() + START_MS;
    for (;;) {
        struct paper_news news = hear(trial, until);
        if (news.is_job && news.job == wanted) {
            assert_int_equal(news.copy, copy);
            return;
        }
    }
}

static void print(struct trial *trial, int copy)
{
    const struct paper_slip slip = {
        .ticket = "01ARZ3NDEKTSV4RRFFQ69G5FAV",
        .copy = copy,
        .language = "gu",
        .direction = "ltr",
        .centre = "Customer Service Centre",
        .printed_at = "Tuesday 24 November, 10:43",
        .number = "H07",
        .service = "Housing Benefit",
        .ahead = 4,
    };
    assert_int_equal(paper_print(trial->paper, &slip), STATUS_OK);
}

static void the_paper_is_known_before_anybody_asks(void **state)
{
    struct trial *trial = *state;
    expect_paper_within(trial, PAPER_READY, START_MS);
    script(trial, "paper", "low");
    expect_paper(trial, PAPER_LOW);
    script(trial, "paper", "empty");
    expect_paper(trial, PAPER_OUT);
    script(trial, "paper", "full");
    expect_paper(trial, PAPER_READY);
    print(trial, 1);
    expect_job(trial, 1, JOB_PRINTED);
}

static void a_jam_and_an_open_cover_are_told_apart(void **state)
{
    struct trial *trial = *state;
    expect_paper_within(trial, PAPER_READY, START_MS);
    on_job(trial, "media-jam");
    print(trial, 1);
    expect_paper(trial, PAPER_JAM);
    release(trial);
    expect_job(trial, 1, JOB_PRINTED);
    expect_paper(trial, PAPER_READY);
    char path[160];
    snprintf(path, sizeof(path), "%s/go-on", trial->printer);
    unlink(path);
    on_job(trial, "cover-open");
    print(trial, 2);
    expect_paper(trial, PAPER_OPEN);
    release(trial);
    expect_paper(trial, PAPER_READY);
}

static void a_printer_that_goes_or_is_wedged_is_gone(void **state)
{
    struct trial *trial = *state;
    expect_paper_within(trial, PAPER_READY, START_MS);
    signal_printer(trial, SIGSTOP);
    expect_paper(trial, PAPER_GONE);
    signal_printer(trial, SIGCONT);
    expect_paper(trial, PAPER_READY);
    script(trial, "stop", "");
    expect_paper(trial, PAPER_GONE);
    char arguments[32];
    snprintf(arguments, sizeof(arguments), "%d %s", kit_number(strrchr(trial->uri, ':') + 1),
             trial->format);
    script(trial, "start", arguments);
    expect_paper(trial, PAPER_READY);
    print(trial, 1);
    expect_job(trial, 1, JOB_PRINTED);
}

/* It has the job, and nobody can ask it what became of that. */
static void a_printer_that_vanishes_in_a_job_leaves_nobody_waiting(void **state)
{
    struct trial *trial = *state;
    expect_paper_within(trial, PAPER_READY, START_MS);
    on_job(trial, "media-low");
    print(trial, 1);
    expect_paper(trial, PAPER_LOW); /* it prints */
    signal_printer(trial, SIGSTOP);
    expect_paper(trial, PAPER_GONE);
    signal_printer(trial, SIGCONT);
    expect_paper(trial, PAPER_LOW);
    release(trial); /* its script would go on for the next one */
    signal_printer(trial, SIGSTOP);
    expect_paper(trial, PAPER_GONE);
    script(trial, "stop", "");
    char path[160];
    snprintf(path, sizeof(path), "%s/on-job", trial->printer);
    unlink(path);
    char arguments[32];
    snprintf(arguments, sizeof(arguments), "%d %s", kit_number(strrchr(trial->uri, ':') + 1),
             trial->format);
    script(trial, "start", arguments);
    expect_job(trial, 1, JOB_UNKNOWN); /* another printer answers there, which knows nothing */
    print(trial, 2);
    expect_job(trial, 2, JOB_PRINTED);
}

static void a_ticket_printer_that_is_wedged_or_killed_is_gone(void **state)
{
    struct trial *trial = *state;
    expect_paper_within(trial, PAPER_READY, START_MS);
    kill(trial->program, SIGSTOP);
    expect_paper(trial, PAPER_GONE);
    kill(trial->program, SIGCONT);
    expect_paper(trial, PAPER_READY);
    end_program(trial, SIGKILL);
    expect_paper(trial, PAPER_GONE);
    start_program(trial);
    expect_paper(trial, PAPER_READY);
}

static void a_copy_takes_the_place_of_the_one_that_waits(void **state)
{
    struct trial *trial = *state;
    expect_paper_within(trial, PAPER_READY, START_MS);
    script(trial, "paper", "empty");
    expect_paper(trial, PAPER_OUT);
    print(trial, 1);
    expect_job(trial, 1, JOB_FAILED); /* as far as the visitor is concerned; it waits */
    print(trial, 2);
    expect_job(trial, 2, JOB_FAILED);
    script(trial, "paper", "full");
    expect_paper(trial, PAPER_READY);
    expect_job(trial, 2, JOB_PRINTED);
    char command[256];
    snprintf(command, sizeof(command), "test $(ls '%s/jobs' | grep -c '[.]prn$') -eq 1",
             trial->printer);
    assert_int_equal(system(command), 0);
}

static void the_test_page_and_a_signpost_come_out(void **state)
{
    struct trial *trial = *state;
    expect_paper_within(trial, PAPER_READY, START_MS);
    char id[QUARTER_ULID_LEN + 1];
    paper_make_id(id);
    struct paper_slip slip = {
        .kind = PAPER_SIGNPOST,
        .ticket = id,
        .language = "ur",
        .direction = "rtl",
        .centre = "مرکز",
        .printed_at = "10:43",
        .title = "بل",
        .text = "آن لائن دیکھیں",
        .url = "https://www.example.gov.uk/bill",
    };
    assert_int_equal(paper_print(trial->paper, &slip), STATUS_OK);
    expect_job(trial, 1, JOB_PRINTED);
    char other[QUARTER_ULID_LEN + 1];
    paper_make_id(other);
    assert_string_not_equal(id, other);
    slip.kind = PAPER_TEST;
    slip.ticket = other;
    slip.languages[slip.language_count++] = "en";
    slip.languages[slip.language_count++] = "ar";
    assert_int_equal(paper_print(trial->paper, &slip), STATUS_OK);
    expect_job(trial, 1, JOB_PRINTED);
}

#define BOTH(name)                                                                                 \
    {#name " (pwg)", name, start_pwg, end, NULL},                                                  \
    {                                                                                              \
#name " (escpos)", name, start_escpos, end, NULL                                           \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(the_paper_is_known_before_anybody_asks),
        BOTH(a_jam_and_an_open_cover_are_told_apart),
        BOTH(a_printer_that_goes_or_is_wedged_is_gone),
        BOTH(a_printer_that_vanishes_in_a_job_leaves_nobody_waiting),
        BOTH(a_ticket_printer_that_is_wedged_or_killed_is_gone),
        BOTH(a_copy_takes_the_place_of_the_one_that_waits),
        BOTH(the_test_page_and_a_signpost_come_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
