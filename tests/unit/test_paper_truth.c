/* What happens to the paper reaches the kiosk within five seconds and before anybody asks: the kiosk's own line to the real
 * ticket-printer program, and that to CUPS's own IPP printer, taking PWG raster or ESC/POS. Low, out, jam, open, gone; a
 * printer that is wedged, in the middle of a job too; a ticket-printer that is wedged or killed. */
#include "paper_ear.h"
#include "printer_bed.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/* TOLD_MS is the promise; under a sanitizer on a busy machine a second more goes into the programs
 * themselves. */
enum { TOLD_MS = 5000, SLACK_MS = 1000, START_MS = 20000 };

struct trial {
    struct printer_bed bed;
    pid_t program;
    struct paper_ear ear;
};

static void start_program(struct trial *trial)
{
    const struct printer_bed *bed = &trial->bed;
    trial->program = printer_bed_program(bed->uri, bed->socket, bed->spool, "auto");
}

static int start(void **state, const char *format)
{
    struct trial *trial = calloc(1, sizeof(*trial));
    assert_non_null(trial);
    printer_bed_open(&trial->bed, format);
    start_program(trial);
    paper_ear_open(&trial->ear, trial->bed.socket);
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
    paper_ear_close(&trial->ear);
    (void)printer_bed_end_program(trial->program, SIGTERM);
    printer_bed_close(&trial->bed);
    free(trial);
    return 0;
}

static void expect_paper_within(struct trial *trial, enum journey_paper wanted, int limit_ms)
{
    paper_ear_expect(&trial->ear, wanted, limit_ms, trial->bed.format);
}

static void expect_paper(struct trial *trial, enum journey_paper wanted)
{
    expect_paper_within(trial, wanted, TOLD_MS + SLACK_MS);
}

static void expect_job(struct trial *trial, int copy, enum journey_job wanted)
{
    paper_ear_expect_job(&trial->ear, copy, wanted, START_MS);
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
    assert_int_equal(paper_print(trial->ear.paper, &slip), STATUS_OK);
}

static void the_paper_is_known_before_anybody_asks(void **state)
{
    struct trial *trial = *state;
    expect_paper_within(trial, PAPER_READY, START_MS);
    printer_bed_paper(&trial->bed, "low");
    expect_paper(trial, PAPER_LOW);
    printer_bed_paper(&trial->bed, "empty");
    expect_paper(trial, PAPER_OUT);
    printer_bed_paper(&trial->bed, "full");
    expect_paper(trial, PAPER_READY);
    print(trial, 1);
    expect_job(trial, 1, JOB_PRINTED);
}

static void a_jam_and_an_open_cover_are_told_apart(void **state)
{
    struct trial *trial = *state;
    expect_paper_within(trial, PAPER_READY, START_MS);
    printer_bed_on_job_state(&trial->bed, "media-jam");
    print(trial, 1);
    expect_paper(trial, PAPER_JAM);
    printer_bed_release(&trial->bed);
    paper_ear_expect_both(&trial->ear, 1, JOB_PRINTED, START_MS, PAPER_READY, TOLD_MS + SLACK_MS);
    printer_bed_hold(&trial->bed);
    printer_bed_on_job_state(&trial->bed, "cover-open");
    print(trial, 2);
    expect_paper(trial, PAPER_OPEN);
    printer_bed_release(&trial->bed);
    expect_paper(trial, PAPER_READY);
}

static void a_printer_that_goes_or_is_wedged_is_gone(void **state)
{
    struct trial *trial = *state;
    expect_paper_within(trial, PAPER_READY, START_MS);
    printer_bed_signal(&trial->bed, SIGSTOP);
    expect_paper(trial, PAPER_GONE);
    printer_bed_signal(&trial->bed, SIGCONT);
    expect_paper(trial, PAPER_READY);
    printer_bed_stop(&trial->bed);
    expect_paper(trial, PAPER_GONE);
    printer_bed_restart(&trial->bed);
    expect_paper(trial, PAPER_READY);
    print(trial, 1);
    expect_job(trial, 1, JOB_PRINTED);
}

/* It has the job, and nobody can ask it what became of that. */
static void a_printer_that_vanishes_in_a_job_leaves_nobody_waiting(void **state)
{
    struct trial *trial = *state;
    expect_paper_within(trial, PAPER_READY, START_MS);
    printer_bed_on_job_state(&trial->bed, "media-low");
    print(trial, 1);
    expect_paper(trial, PAPER_LOW); /* it prints */
    printer_bed_signal(&trial->bed, SIGSTOP);
    expect_paper(trial, PAPER_GONE);
    printer_bed_signal(&trial->bed, SIGCONT);
    expect_paper(trial, PAPER_LOW);
    printer_bed_signal(&trial->bed, SIGSTOP);
    printer_bed_release(&trial->bed); /* its script would go on for the next one */
    expect_paper(trial, PAPER_GONE);
    printer_bed_stop(&trial->bed);
    printer_bed_on_job(&trial->bed, NULL);
    printer_bed_restart(&trial->bed);
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
    (void)printer_bed_end_program(trial->program, SIGKILL);
    expect_paper(trial, PAPER_GONE);
    start_program(trial);
    expect_paper(trial, PAPER_READY);
}

static void a_copy_takes_the_place_of_the_one_that_waits(void **state)
{
    struct trial *trial = *state;
    expect_paper_within(trial, PAPER_READY, START_MS);
    printer_bed_paper(&trial->bed, "empty");
    expect_paper(trial, PAPER_OUT);
    print(trial, 1);
    expect_job(trial, 1, JOB_FAILED); /* as far as the visitor is concerned; it waits */
    print(trial, 2);
    expect_job(trial, 2, JOB_FAILED);
    printer_bed_paper(&trial->bed, "full");
    expect_paper(trial, PAPER_READY);
    expect_job(trial, 2, JOB_PRINTED);
    assert_int_equal(printer_bed_count(&trial->bed, ".prn", NULL, 0), 1);
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
    assert_int_equal(paper_print(trial->ear.paper, &slip), STATUS_OK);
    expect_job(trial, 1, JOB_PRINTED);
    char other[QUARTER_ULID_LEN + 1];
    paper_make_id(other);
    assert_string_not_equal(id, other);
    slip.kind = PAPER_TEST;
    slip.ticket = other;
    slip.languages[slip.language_count++] = "en";
    slip.languages[slip.language_count++] = "ar";
    assert_int_equal(paper_print(trial->ear.paper, &slip), STATUS_OK);
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
