/* The real program: its command line, and SIGKILL at any moment: what was acknowledged is there afterwards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <curl/curl.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "http_rig.h"

extern char **environ;

struct program {
    pid_t pid;
    int out;
    char said[16384]; /* as far as it was waited for */
    size_t length, heard;
};

static struct program start(const char *const *arguments)
{
    struct program program = {0};
    int pipe_ends[2];
    posix_spawn_file_actions_t actions;
    assert_int_equal(pipe2(pipe_ends, O_CLOEXEC), 0);
    assert_int_equal(posix_spawn_file_actions_init(&actions), 0);
    assert_int_equal(posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO), 0);
    assert_int_equal(posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDERR_FILENO), 0);
    assert_int_equal(posix_spawn(&program.pid, TEST_SERVER, &actions, NULL,
                                 (char *const *)(uintptr_t)arguments, environ),
                     0);
    assert_int_equal(posix_spawn_file_actions_destroy(&actions), 0);
    assert_int_equal(close(pipe_ends[1]), 0);
    program.out = pipe_ends[0];
    return program;
}

static int end(struct program *program, char *text, size_t size)
{
    size_t length = 0;
    ssize_t count = 0;
    int verdict = 0;
    while (length + 1 < size &&
           (count = read(program->out, text + length, size - 1 - length)) > 0) {
        length += (size_t)count;
    }
    text[length] = '\0';
    assert_int_equal(close(program->out), 0);
    assert_int_equal(waitpid(program->pid, &verdict, 0), program->pid);
    return WIFEXITED(verdict) ? WEXITSTATUS(verdict) : -WTERMSIG(verdict);
}

static int run(const char *const *arguments, char *text, size_t size)
{
    struct program program = start(arguments);
    return end(&program, text, size);
}

#define RUN(text, ...)                                                                             \
    run((const char *const[]){"queue-server", __VA_ARGS__, NULL}, (text), sizeof(text))

static void the_command_line_says_what_is_wrong(void **state)
{
    (void)state;
    char text[8192];
    assert_int_equal(RUN(text, "--version"), 0);
    assert_string_equal(text, "queue-server " QUARTER_VERSION "\n");
    assert_int_equal(RUN(text, "--help"), 0);
    assert_non_null(strstr(text, "--listen"));
    assert_int_equal(RUN(text, "serve", "--help"), 0);
    assert_non_null(strstr(text, " fifo strict headstart rescue apq\n"));
    assert_non_null(strstr(text, "--no-forecast"));
    struct rig rig;
    rig_make(&rig);
    assert_int_equal(RUN(text, "serve", "--policy", "luck", "--site", "tests/unit/sites/good",
                         "--data", rig.dir, "--assets", TEST_ASSETS, "--listen", "127.0.0.1:0"),
                     78);
    assert_non_null(strstr(text, "there is no policy \"luck\""));
    rig_remove(&rig);
    assert_int_equal(RUN(text, "--bogus"), 2);
    assert_non_null(strstr(text, "try --help"));
    assert_int_equal(RUN(text, "serve", "--bogus"), 2);
    assert_non_null(strstr(text, "--bogus"));
    assert_int_equal(RUN(text, "serve", "--listen"), 2);
    assert_int_equal(RUN(text, "serve", "--listen", "nowhere"), 2);
    assert_int_equal(RUN(text, "serve", "--speed", "20"), 2);
    assert_int_equal(RUN(text, "serve", "--clock", "2026-11-24T10:40", "--speed", "0"), 2);
    assert_int_equal(RUN(text, "serve", "--site", "tests/unit/sites/good", "--assets", TEST_ASSETS,
                         "--clock", "9999-12-31T23:59"),
                     2);
    assert_non_null(strstr(text, "--clock"));
    assert_int_equal(RUN(text, "serve", "--site", "tests/unit/sites/good", "--assets", TEST_ASSETS,
                         "--clock", "0001-01-01T00:00"),
                     2);
    assert_int_equal(RUN(text, "check-site"), 2);
    assert_int_equal(RUN(text, "check-site", "tests/unit/sites/good"), 0);
    assert_int_equal(RUN(text, "check-site", "--help"), 0);
    assert_int_equal(RUN(text, "check-site", "tests/unit/sites/missing-keys"), 78);
    assert_non_null(strstr(text, "site.yaml:"));
    assert_int_equal(RUN(text, "serve", "--site", "tests/unit/sites/missing-keys"), 78);
    assert_int_equal(RUN(text, "serve", "--listen", "0.0.0.0:0", "--sign-in", "off"), 78);
    assert_non_null(strstr(text, "leave --sign-in off away"));
    assert_int_equal(RUN(text, "serve", "--listen", "0.0.0.0:0", "--tls", "off"), 78);
    assert_non_null(strstr(text, "leave --tls off away"));
    assert_int_equal(RUN(text, "serve", "--tls-cert", "cert.pem"), 78);
    assert_non_null(strstr(text, "go together"));
    assert_int_equal(RUN(text, "serve", "--sign-in", "perhaps"), 2);
    assert_int_equal(RUN(text, "serve", "--tls", ""), 2);
    assert_int_equal(RUN(text, "serve", "--host", "queue.example:8080"), 2);
    assert_int_equal(RUN(text, "serve", "--relay", "192.0.2.0/24"), 2);
    assert_non_null(strstr(text, "--relay wants the address"));
    assert_int_equal(RUN(text, "reset-password"), 2);
    assert_int_equal(RUN(text, "reset-password", "ada", "--data", "/nonexistent"), 78);
    assert_int_equal(RUN(text, "serve", "--assets", "/nonexistent"), 78);
}

/* Waits for a line with these words, after what was heard; the words are left unheard. */
static char *find(struct program *program, const char *words)
{
    char *found = NULL;
    while ((found = strstr(program->said + program->heard, words)) == NULL ||
           strchr(found, '\n') == NULL) {
        struct pollfd wait = {.fd = program->out, .events = POLLIN};
        assert_int_equal(poll(&wait, 1, 20000), 1);
        const ssize_t count = read(program->out, program->said + program->length,
                                   sizeof(program->said) - 1 - program->length);
        assert_true(count > 0);
        program->length += (size_t)count;
    }
    return found;
}

/* Until the program has said it, on standard error too. */
static void read_until(struct program *program, const char *words)
{
    program->heard = (size_t)(find(program, words) - program->said) + strlen(words);
}

static struct program serve_site(struct rig *rig, const char *site)
{
    struct program program = start((const char *const[]){
        "queue-server", "serve", "--site", site, "--data", rig->dir, "--listen", "127.0.0.1:0",
        "--clock", "2026-11-24T10:40", "--assets", TEST_ASSETS, NULL});
    static const char where[] = "listening on http://127.0.0.1:";
    rig->port = (uint16_t)strtoul(find(&program, where) + strlen(where), NULL, 10);
    return program;
}

static struct program serve(struct rig *rig)
{
    return serve_site(rig, "tests/unit/sites/good");
}

static void stopping_on_sigterm_is_no_failure(void **state)
{
    (void)state;
    struct rig rig;
    char text[4096];
    rig_make(&rig);
    struct program program = serve(&rig);
    rig_issue(&rig, "housing", NULL, NULL);
    assert_int_equal(RUN(text, "serve", "--data", rig.dir, "--listen", "127.0.0.1:0", "--assets",
                         TEST_ASSETS, "--site", "tests/unit/sites/good"),
                     1);
    assert_non_null(strstr(text, "another queue-server"));
    assert_int_equal(kill(program.pid, SIGTERM), 0);
    assert_int_equal(end(&program, text, sizeof(text)), 0);
    rig_remove(&rig);
}

static void expect_state(struct rig *rig, const char *id, const char *number, const char *state)
{
    char path[80];
    struct reply reply;
    (void)snprintf(path, sizeof(path), "/api/tickets/%s", id);
    const json_t *ticket =
        rig_expect(rig, &(struct ask){.method = "GET", .path = path}, 200, &reply);
    assert_string_equal(rig_text(ticket, "number"), number);
    assert_string_equal(rig_text(ticket, "state"), state);
    reply_free(&reply);
}

/* Killed after each acknowledged step of one visit; the next step is asked of the next process. */
static void what_was_acknowledged_outlives_sigkill(void **state)
{
    (void)state;
    static const struct {
        const char *verb, *then;
    } steps[] = {{"open", "waiting"},
                 {"next", "called"},
                 {"recall", "called"},
                 {"start", "serving"},
                 {"finish", "closed"}};
    struct rig rig;
    char text[4096], number[8], id[32], other[8];
    rig_make(&rig);
    struct program program = serve(&rig);
    rig_issue(&rig, "housing", number, id);
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        assert_int_equal(rig_counter(&rig, "1", steps[i].verb, NULL), 200);
        assert_int_equal(kill(program.pid, SIGKILL), 0);
        assert_int_equal(end(&program, text, sizeof(text)), -SIGKILL);
        program = serve(&rig);
        expect_state(&rig, id, number, steps[i].then);
    }
    rig_issue(&rig, "housing", other, NULL);
    assert_string_equal(other, "H02");
    assert_int_equal(rig_counter(&rig, "1", "next", other), 200);
    assert_string_equal(other, "H02"); /* nobody is called twice */
    assert_int_equal(kill(program.pid, SIGTERM), 0);
    assert_int_equal(end(&program, text, sizeof(text)), 0);
    rig_remove(&rig);
}

/* SIGHUP reads the site: a bad one is told line by line and harms nobody, a good one is in force. */
static void sighup_reads_the_site_again(void **state)
{
    (void)state;
    struct rig rig;
    char text[4096], site[80], number[8];
    rig_make(&rig);
    (void)snprintf(site, sizeof(site), "%s/site", rig.dir);
    assert_int_equal(mkdir(site, 0700), 0);
    rig_write_site(site, NULL, NULL);
    struct program program = serve_site(&rig, site);
    rig_write_site(site, "services: [housing, parking]", "services: [housing, parkin]");
    assert_int_equal(kill(program.pid, SIGHUP), 0);
    read_until(&program, "site.yaml:28:37: unknown service 'parkin'; did you mean 'parking'?");
    rig_issue(&rig, "parking", number, NULL);
    assert_string_equal(number, "P01");
    rig_write_site(site, "prefix: P,", "prefix: Q,");
    assert_int_equal(kill(program.pid, SIGHUP), 0);
    read_until(&program, "the changed site is in force");
    rig_issue(&rig, "parking", number, NULL);
    assert_string_equal(number, "Q01");
    assert_int_equal(kill(program.pid, SIGTERM), 0);
    assert_int_equal(end(&program, text, sizeof(text)), 0);
    rig_remove(&rig);
}

static int metric(struct rig *rig, const char *name)
{
    struct reply reply = rig_ask(rig, &(struct ask){.method = "GET", .path = "/metrics"});
    char line[80];
    (void)snprintf(line, sizeof(line), "\n%s ", name);
    const char *at = strstr(reply.body, line);
    assert_non_null(at);
    const int value = (int)strtol(at + strlen(line), NULL, 10);
    reply_free(&reply);
    return value;
}

/* The program counts the errors of its site just after it has said what became of it. */
static void wait_for_site_errors(struct rig *rig, int errors)
{
    while (metric(rig, "quarter_site_errors") != errors) {
        assert_int_equal(poll(NULL, 0, 10), 0);
    }
}

/* Somebody mistyped a line in the evening, and the box was started anew. */
static void a_bad_site_at_a_restart_leaves_the_last_good_one_in_force(void **state)
{
    (void)state;
    static const char bad[] = "site.yaml:28:37: unknown service 'parkin'; did you mean 'parking'?";
    struct rig rig;
    char text[4096], site[80], number[8];
    rig_make(&rig);
    (void)snprintf(site, sizeof(site), "%s/site", rig.dir);
    assert_int_equal(mkdir(site, 0700), 0);
    rig_write_site(site, "services: [housing, parking]", "services: [housing, parkin]");
    /* The very first start has nothing to go on with, and makes nothing. */
    assert_int_equal(RUN(text, "serve", "--site", site, "--data", rig.dir, "--listen",
                         "127.0.0.1:0", "--assets", TEST_ASSETS),
                     78);
    assert_non_null(strstr(text, bad));
    assert_int_equal(access(rig.journal, F_OK), -1);
    rig_write_site(site, "prefix: P,", "prefix: Q,");
    struct program program = serve_site(&rig, site);
    assert_int_equal(metric(&rig, "quarter_site_errors"), 0);
    assert_int_equal(kill(program.pid, SIGTERM), 0);
    assert_int_equal(end(&program, text, sizeof(text)), 0);
    rig_write_site(site, "services: [housing, parking]", "services: [housing, parkin]");
    program = serve_site(&rig, site);
    rig_issue(&rig, "parking", number, NULL);
    assert_string_equal(number, "Q01");
    read_until(&program, bad);
    wait_for_site_errors(&rig, 1);
    rig_write_site(site, "prefix: P,", "prefix: R,"); /* mended: the folder is watched */
    read_until(&program, "the changed site is in force");
    rig_issue(&rig, "parking", number, NULL);
    assert_string_equal(number, "R01");
    wait_for_site_errors(&rig, 0);
    assert_int_equal(kill(program.pid, SIGTERM), 0);
    assert_int_equal(end(&program, text, sizeof(text)), 0);
    rig_remove(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_command_line_says_what_is_wrong),
        cmocka_unit_test(stopping_on_sigterm_is_no_failure),
        cmocka_unit_test(what_was_acknowledged_outlives_sigkill),
        cmocka_unit_test(sighup_reads_the_site_again),
        cmocka_unit_test(a_bad_site_at_a_restart_leaves_the_last_good_one_in_force),
    };
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    curl_global_cleanup();
    return failed;
}
