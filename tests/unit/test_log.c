/* Log lines as they leave by file descriptor 2: one write a line, harmless whatever was put into it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "quarter/log.h"
#include "quarter/status.h"

/* stderr goes into a pipe for the length of a test; cmocka speaks on stdout. */
struct capture {
    int old_stderr, reading;
    char text[8192];
};

static void capture_start(struct capture *capture)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    capture->old_stderr = dup(STDERR_FILENO);
    capture->reading = ends[0];
    assert_true(dup2(ends[1], STDERR_FILENO) >= 0);
    close(ends[1]);
}

static const char *capture_end(struct capture *capture)
{
    dup2(capture->old_stderr, STDERR_FILENO);
    close(capture->old_stderr);
    ssize_t got = read(capture->reading, capture->text, sizeof capture->text - 1);
    capture->text[got < 0 ? 0 : got] = '\0';
    close(capture->reading);
    return capture->text;
}

static void a_line_names_level_module_and_what(void **state)
{
    (void)state;
    struct capture capture;
    capture_start(&capture);
    log_warning("site", "reloaded errors=%d", 3);
    assert_string_equal(capture_end(&capture), "warning site: reloaded errors=3\n");
}

static void control_bytes_become_question_marks(void **state)
{
    (void)state;
    struct capture capture;
    capture_start(&capture);
    log_error("http", "path=%s",
              "a\nerror fake: line\x1b[31m\x7f\xc2\x9b"
              "b \xc5\xbc");
    assert_string_equal(capture_end(&capture),
                        "error http: path=a?error fake: line?[31m???b \xc5\xbc\n");
}

static void levels_below_the_set_one_stay_silent(void **state)
{
    (void)state;
    struct capture capture;
    capture_start(&capture);
    log_set_level(LOG_WARNING_LEVEL);
    log_info("test", "not seen");
    log_error("test", "seen");
    log_set_level(LOG_DEBUG_LEVEL);
    log_debug("test", "seen too");
    log_set_level(LOG_INFO_LEVEL);
    assert_string_equal(capture_end(&capture), "error test: seen\ndebug test: seen too\n");
}

static void a_long_line_is_cut_and_still_ends(void **state)
{
    (void)state;
    char text[5000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    struct capture capture;
    capture_start(&capture);
    log_error("test", "%s", text);
    const char *line = capture_end(&capture);
    assert_in_range(strlen(line), 1500, 4096); /* PIPE_BUF: whole in one write */
    assert_int_equal(line[strlen(line) - 1], '\n');
    assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
}

static void errno_survives_logging(void **state)
{
    (void)state;
    struct capture capture;
    capture_start(&capture);
    errno = ENOSPC;
    log_error("test", "x");
    int after = errno;
    capture_end(&capture);
    assert_int_equal(after, ENOSPC);
}

static void under_systemd_a_line_carries_its_priority(void **state)
{
    (void)state;
    struct capture capture;
    struct stat about;
    char stream[64];
    capture_start(&capture);
    assert_int_equal(fstat(STDERR_FILENO, &about), 0);
    snprintf(stream, sizeof stream, "%llu:%llu", (unsigned long long)about.st_dev,
             (unsigned long long)about.st_ino);
    /* NOLINTBEGIN(concurrency-mt-unsafe): a test has one thread */
    setenv("JOURNAL_STREAM", stream, 1);
    log_error("test", "one");
    log_info("test", "two");
    setenv("JOURNAL_STREAM", "1:2", 1); /* somebody else's stream */
    log_info("test", "three");
    unsetenv("JOURNAL_STREAM");
    /* NOLINTEND(concurrency-mt-unsafe) */
    assert_string_equal(capture_end(&capture),
                        "<3>error test: one\n<6>info test: two\ninfo test: three\n");
}

static void every_status_has_words(void **state)
{
    (void)state;
    assert_string_equal(status_text(STATUS_OK), "ok");
    assert_string_equal(status_text(STATUS_DENIED), "not allowed");
    assert_string_equal(status_text((enum status)999), "an unknown status");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_names_level_module_and_what),
        cmocka_unit_test(control_bytes_become_question_marks),
        cmocka_unit_test(levels_below_the_set_one_stay_silent),
        cmocka_unit_test(a_long_line_is_cut_and_still_ends),
        cmocka_unit_test(errno_survives_logging),
        cmocka_unit_test(under_systemd_a_line_carries_its_priority),
        cmocka_unit_test(every_status_has_words),
    };
    return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
