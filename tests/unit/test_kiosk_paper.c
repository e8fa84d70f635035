/* The kiosk's line to the ticket printer, against a peer on a real UNIX socket that connects late, dawdles and dies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>
#include <poll.h>

#include "paper.h"

enum { LONG_ENOUGH_MS = 10000 };

struct line {
    char folder[64], path[96];
    int listening, peer;
    int woken_fd;
    struct paper *paper;
};

static void wake(void *context)
{
    eventfd_write(*(int *)context, 1);
}

static void listen_again(struct line *line)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", line->path);
    line->listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(line->listening, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(line->listening, 1), 0);
}

static void accept_kiosk(struct line *line)
{
    struct pollfd fd = {.fd = line->listening, .events = POLLIN};
    assert_int_equal(poll(&fd, 1, LONG_ENOUGH_MS), 1);
    line->peer = accept(line->listening, NULL, NULL);
    assert_true(line->peer >= 0);
}

/* The door first: else the kiosk, quick to call again, might still be let in. */
static void hang_up(struct line *line)
{
    unlink(line->path);
    close(line->listening);
    close(line->peer);
}

static struct line *open_line(bool listening)
{
    struct line *line = calloc(1, sizeof *line);
    assert_non_null(line);
    snprintf(line->folder, sizeof line->folder, "/tmp/quarter-paper-XXXXXX");
    assert_non_null(mkdtemp(line->folder));
    snprintf(line->path, sizeof line->path, "%s/print", line->folder);
    line->woken_fd = eventfd(0, EFD_NONBLOCK);
    if (listening)
        listen_again(line);
    const struct paper_options options = {line->path, wake, &line->woken_fd};
    assert_int_equal(paper_create(&options, &line->paper), STATUS_OK);
    return line;
}

static void close_line(struct line *line)
{
    paper_destroy(line->paper);
    hang_up(line);
    close(line->woken_fd);
    rmdir(line->folder);
    free(line);
}

static void say(const struct line *line, const char *text)
{
    assert_int_equal(write(line->peer, text, strlen(text)), strlen(text));
}

static struct paper_news hear(struct line *line)
{
    struct paper_news news;
    struct pollfd woken = {.fd = line->woken_fd, .events = POLLIN};
    while (!paper_poll(line->paper, &news)) {
        eventfd_t count;
        assert_int_equal(poll(&woken, 1, LONG_ENOUGH_MS), 1);
        eventfd_read(line->woken_fd, &count);
    }
    return news;
}

static json_t *read_document(const struct line *line)
{
    char text[8192];
    size_t filled = 0;
    while (filled == 0 || text[filled - 1] != '\n') {
        struct pollfd fd = {.fd = line->peer, .events = POLLIN};
        assert_int_equal(poll(&fd, 1, LONG_ENOUGH_MS), 1);
        ssize_t got = read(line->peer, text + filled, sizeof text - filled);
        assert_true(got > 0);
        filled += (size_t)got;
    }
    json_t *document = json_loadb(text, filled, 0, NULL);
    assert_non_null(document);
    return document;
}

static const struct paper_slip slip = {.ticket = "01JDBQ2R9S5T8VWXYZ01234567",
                                       .language = "ur",
                                       .direction = "rtl",
                                       .centre = "\xd9\x85\xd8\xb1\xda\xa9\xd8\xb2",
                                       .number = "H07",
                                       .service = "Housing",
                                       .printed_at = "Tuesday 24 November, 10:43",
                                       .where = "blue area",
                                       .have_ready = {"a letter", "a bill"},
                                       .have_ready_count = 2,
                                       .ahead = 4};

static void a_slip_is_sent_whole_and_its_news_heard(void **state)
{
    (void)state;
    struct line *line = open_line(true);
    accept_kiosk(line);
    assert_int_equal(paper_print(line->paper, &slip), STATUS_OK);
    json_t *document = read_document(line);
    const json_t *print = json_object_get(document, "print");
    assert_string_equal(json_string_value(json_object_get(print, "ticket")), slip.ticket);
    assert_string_equal(json_string_value(json_object_get(print, "where")), "blue area");
    assert_int_equal(json_array_size(json_object_get(print, "have_ready")), 2);
    assert_true(json_is_null(json_object_get(print, "wait")));
    assert_true(json_is_null(json_object_get(print, "url")));
    assert_int_equal(json_integer_value(json_object_get(print, "copy")), 1);
    json_decref(document);
    say(line, "{\"job\":{\"ticket\":\"01JDBQ2R9S5T8VWXYZ01234567\",\"copy\":1,\"sta");
    say(line, "te\":\"printed\",\"reason\":null}}\n{\"printer\":{\"state\":\"gone\",\"reasons\":[],"
              "\"paper\":\"gone\"}}\n");
    struct paper_news news = hear(line);
    assert_true(news.is_job);
    assert_int_equal(news.job, JOB_PRINTED);
    assert_string_equal(news.ticket, slip.ticket);
    news = hear(line);
    assert_false(news.is_job);
    assert_int_equal(news.paper, PAPER_GONE);
    close_line(line);
}

static void a_printer_that_comes_late_or_again_is_found(void **state)
{
    (void)state;
    struct line *line = open_line(false);
    assert_int_equal(hear(line).paper, PAPER_GONE); /* nobody there: known before the visitor is */
    listen_again(line);
    accept_kiosk(line);
    say(line, "{\"printer\":{\"state\":\"ready\",\"reasons\":[],\"paper\":\"ok\"}}\n");
    assert_int_equal(hear(line).paper, PAPER_READY);
    hang_up(line);
    assert_int_equal(hear(line).paper, PAPER_GONE);
    listen_again(line);
    accept_kiosk(line);
    paper_cancel(line->paper, slip.ticket);
    json_t *document = read_document(line);
    assert_string_equal(
        json_string_value(json_object_get(json_object_get(document, "cancel"), "ticket")),
        slip.ticket);
    json_decref(document);
    close_line(line);
}

static void expect_document(const struct line *line, const char *kind, const char *ticket)
{
    json_t *document = read_document(line);
    const json_t *object = json_object_get(document, kind);
    assert_string_equal(json_string_value(json_object_get(object, "ticket")), ticket);
    json_decref(document);
}

static void restart_printer(struct line *line)
{
    hang_up(line);
    assert_int_equal(hear(line).paper, PAPER_GONE);
    listen_again(line);
    accept_kiosk(line);
    say(line, "{\"printer\":{\"state\":\"ready\",\"reasons\":[],\"paper\":\"ok\"}}\n");
    assert_int_equal(hear(line).paper, PAPER_READY);
}

/* Its spool knows the ticket and answers with what became of it: nothing is printed twice. */
static void a_printer_that_restarts_before_it_answered_is_asked_again(void **state)
{
    (void)state;
    struct line *line = open_line(true);
    accept_kiosk(line);
    assert_int_equal(paper_print(line->paper, &slip), STATUS_OK);
    expect_document(line, "print", slip.ticket);
    restart_printer(line);
    expect_document(line, "print", slip.ticket);
    say(line, "{\"job\":{\"ticket\":\"01JDBQ2R9S5T8VWXYZ01234567\",\"copy\":1,"
              "\"state\":\"unknown\",\"reason\":\"interrupted\"}}\n");
    assert_int_equal(hear(line).job, JOB_UNKNOWN);
    restart_printer(line); /* answered: not asked again */
    paper_cancel(line->paper, slip.ticket);
    expect_document(line, "cancel", slip.ticket);
    close_line(line);
}

/* The spool may hold the slip: it must not come out for the next visitor. */
static void a_visitor_who_leaves_while_the_printer_is_away_gets_no_slip_later(void **state)
{
    (void)state;
    struct line *line = open_line(true);
    accept_kiosk(line);
    assert_int_equal(paper_print(line->paper, &slip), STATUS_OK);
    expect_document(line, "print", slip.ticket);
    hang_up(line);
    assert_int_equal(hear(line).paper, PAPER_GONE);
    paper_cancel(line->paper, slip.ticket);
    listen_again(line);
    accept_kiosk(line);
    expect_document(line, "cancel", slip.ticket);
    struct paper_slip next = slip;
    next.ticket = "01JDBQ2R9S5T8VWXYZ01234568";
    assert_int_equal(paper_print(line->paper, &next), STATUS_OK);
    expect_document(line, "print", next.ticket);
    close_line(line);
}

/* The kiosk is switched off while the slip waits for paper: it would come out for nobody. */
static void what_is_cancelled_last_is_told_before_the_end(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) {
        struct line *line = open_line(true);
        accept_kiosk(line);
        assert_int_equal(paper_print(line->paper, &slip), STATUS_OK);
        expect_document(line, "print", slip.ticket);
        paper_cancel(line->paper, slip.ticket);
        paper_destroy(line->paper);
        line->paper = NULL;
        expect_document(line, "cancel", slip.ticket);
        close_line(line);
    }
}

static void expect_copy(const struct line *line, const char *kind, int copy)
{
    json_t *document = read_document(line);
    const json_t *object = json_object_get(document, kind);
    assert_int_equal(json_integer_value(json_object_get(object, "copy")), copy);
    json_decref(document);
}

/* read_document takes all that has come: lines are asked for one at a time. */
static void a_further_copy_replaces_the_one_before(void **state)
{
    (void)state;
    struct line *line = open_line(true);
    accept_kiosk(line);
    assert_int_equal(paper_print(line->paper, &slip), STATUS_OK);
    expect_copy(line, "print", 1);
    say(line, "{\"job\":{\"ticket\":\"01JDBQ2R9S5T8VWXYZ01234567\",\"copy\":1,"
              "\"state\":\"queued\",\"reason\":\"media-empty\"}}\n");
    assert_int_equal(hear(line).job, JOB_FAILED);
    struct paper_slip again = slip;
    again.copy = 2;
    assert_int_equal(paper_print(line->paper, &again), STATUS_OK);
    char text[8192];
    size_t filled = 0;
    while (filled == 0 || text[filled - 1] != '\n' || memchr(text, '\n', filled - 1) == NULL) {
        ssize_t got = read(line->peer, text + filled, sizeof text - 1 - filled);
        assert_true(got > 0);
        filled += (size_t)got;
    }
    text[filled] = '\0';
    const char *cancel =
        strstr(text, "{\"cancel\":{\"ticket\":\"01JDBQ2R9S5T8VWXYZ01234567\",\"copy\":1}}");
    const char *print = strstr(text, "{\"print\":");
    assert_non_null(cancel);
    assert_non_null(print);
    assert_true(cancel < print);
    assert_non_null(strstr(print, "\"copy\":2"));
    say(line, "{\"job\":{\"ticket\":\"01JDBQ2R9S5T8VWXYZ01234567\",\"copy\":1,"
              "\"state\":\"failed\",\"reason\":\"canceled\"}}\n"
              "{\"job\":{\"ticket\":\"01JDBQ2R9S5T8VWXYZ01234567\",\"copy\":2,"
              "\"state\":\"printed\",\"reason\":null}}\n");
    struct paper_news news = hear(line); /* of the first nothing more is told */
    assert_int_equal(news.copy, 2);
    assert_int_equal(news.job, JOB_PRINTED);
    paper_cancel(line->paper, slip.ticket);
    expect_copy(line, "cancel", 2);
    close_line(line);
}

static void what_a_printer_that_cannot_tell_calls_printed_is_unknown(void **state)
{
    (void)state;
    struct line *line = open_line(true);
    accept_kiosk(line);
    say(line, "{\"printer\":{\"state\":\"ready\",\"reasons\":[],\"paper\":\"unknown\"}}\n");
    assert_int_equal(hear(line).paper, PAPER_UNKNOWN);
    assert_int_equal(paper_print(line->paper, &slip), STATUS_OK);
    expect_document(line, "print", slip.ticket);
    say(line, "{\"job\":{\"ticket\":\"01JDBQ2R9S5T8VWXYZ01234567\",\"copy\":1,"
              "\"state\":\"printed\",\"reason\":null}}\n");
    assert_int_equal(hear(line).job, JOB_UNKNOWN);
    close_line(line);
}

/* Repeated states are no news; silence is. */
static void a_printer_that_says_nothing_is_gone(void **state)
{
    (void)state;
    static const char OK[] =
        "{\"printer\":{\"state\":\"ready\",\"reasons\":[],\"paper\":\"ok\"}}\n";
    struct line *line = open_line(true);
    accept_kiosk(line);
    say(line, OK);
    assert_int_equal(hear(line).paper, PAPER_READY);
    say(line, OK);
    say(line, OK);
    assert_int_equal(hear(line).paper, PAPER_GONE);
    accept_kiosk(line); /* and called up again */
    say(line, OK);
    assert_int_equal(hear(line).paper, PAPER_READY);
    close_line(line);
}

static void signposts_and_tests_are_said_as_such(void **state)
{
    (void)state;
    struct line *line = open_line(true);
    accept_kiosk(line);
    char id[QUARTER_ULID_LEN + 1];
    paper_make_id(id);
    assert_int_equal(strlen(id), QUARTER_ULID_LEN);
    assert_int_equal(strspn(id, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"), QUARTER_ULID_LEN);
    assert_true(id[0] <= '7');
    struct paper_slip post = {.kind = PAPER_SIGNPOST,
                              .ticket = id,
                              .language = "en",
                              .direction = "ltr",
                              .centre = "Centre",
                              .printed_at = "10:43",
                              .title = "Your bill",
                              .text = "See it online.",
                              .url = "https://example.gov.uk"};
    assert_int_equal(paper_print(line->paper, &post), STATUS_OK);
    json_t *document = read_document(line);
    const json_t *print = json_object_get(document, "print");
    assert_string_equal(json_string_value(json_object_get(print, "kind")), "signpost");
    assert_string_equal(json_string_value(json_object_get(print, "title")), "Your bill");
    assert_string_equal(json_string_value(json_object_get(print, "url")), post.url);
    assert_null(json_object_get(print, "number"));
    json_decref(document);
    post.text = NULL;
    assert_int_equal(paper_print(line->paper, &post), STATUS_INVALID);
    struct paper_slip test = post;
    test.kind = PAPER_TEST;
    test.languages[test.language_count++] = "gu";
    assert_int_equal(paper_print(line->paper, &test), STATUS_OK);
    document = read_document(line);
    print = json_object_get(document, "print");
    assert_string_equal(json_string_value(json_object_get(print, "kind")), "test");
    assert_int_equal(json_array_size(json_object_get(print, "languages")), 1);
    json_decref(document);
    close_line(line);
}

static void a_line_without_end_is_no_reason_to_grow(void **state)
{
    (void)state;
    struct line *line = open_line(true);
    accept_kiosk(line);
    char junk[1000];
    memset(junk, 'x', sizeof junk);
    for (int i = 0; i < 9; i++)
        assert_true(send(line->peer, junk, sizeof junk, MSG_NOSIGNAL) > 0);
    assert_int_equal(hear(line).paper, PAPER_GONE);
    close_line(line);
}

static void the_main_thread_never_waits_for_a_printer_that_does_not_read(void **state)
{
    (void)state;
    struct line *line = open_line(false);
    for (int i = 0; i < 2000; i++) {
        assert_int_equal(paper_print(line->paper, &slip), STATUS_OK);
        paper_cancel(line->paper, slip.ticket);
    }
    close_line(line);
}

static void lines_are_read_as_agreed(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        bool told, is_job;
        int value;
    } cases[] = {
        {"{\"job\":{\"ticket\":\"T\",\"copy\":1,\"state\":\"queued\",\"reason\":null}}", true, true,
         JOB_PRINTING},
        {"{\"job\":{\"ticket\":\"T\",\"copy\":1,\"state\":\"queued\",\"reason\":\"media-empty\"}}",
         true, true, JOB_FAILED},
        {"{\"job\":{\"ticket\":\"T\",\"copy\":1,\"state\":\"printing\",\"reason\":null}}", true,
         true, JOB_PRINTING},
        {"{\"job\":{\"ticket\":\"T\",\"copy\":1,\"state\":\"failed\",\"reason\":\"media-jam\"}}",
         true, true, JOB_FAILED},
        {"{\"job\":{\"ticket\":\"T\",\"copy\":1,\"state\":\"unknown\",\"reason\":null}}", true,
         true, JOB_UNKNOWN},
        {"{\"printer\":{\"paper\":\"ok\"}}", true, false, PAPER_READY},
        {"{\"printer\":{\"paper\":\"low\"}}", true, false, PAPER_LOW},
        {"{\"printer\":{\"paper\":\"out\"}}", true, false, PAPER_OUT},
        {"{\"printer\":{\"paper\":\"jam\"}}", true, false, PAPER_JAM},
        {"{\"printer\":{\"paper\":\"open\"}}", true, false, PAPER_OPEN},
        {"{\"printer\":{\"paper\":\"gone\"}}", true, false, PAPER_GONE},
        {"{\"printer\":{\"paper\":\"unknown\"}}", true, false, PAPER_UNKNOWN},
        {"{\"printer\":{\"paper\":\"eaten\"}}", false, false, 0},
        {"{\"printer\":{\"paper\":7}}", false, false, 0},
        {"{\"printer\":{}}", false, false, 0},
        {"{\"job\":{\"ticket\":\"01JDBQ2R9S5T8VWXYZ0123456789\",\"state\":\"printed\"}}", false,
         false, 0},
        {"{\"job\":{\"ticket\":\"T\",\"copy\":1,\"state\":\"melted\"}}", false, false, 0},
        {"{\"job\":{\"ticket\":\"T\",\"copy\":0,\"state\":\"printed\"}}", false, false, 0},
        {"{\"job\":{\"ticket\":\"T\",\"state\":\"printed\"}}", false, false, 0},
        {"{\"error\":{\"code\":\"invalid-field\"}}", false, false, 0},
        {"[1,2", false, false, 0},
        {"", false, false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct paper_news news = {0};
        assert_int_equal(paper_read_line(cases[i].line, &news), cases[i].told);
        assert_int_equal(news.is_job, cases[i].is_job);
        assert_int_equal(news.is_job ? (int)news.job : (int)news.paper, cases[i].value);
    }
}

static void a_path_no_socket_can_have_is_refused(void **state)
{
    (void)state;
    char path[200];
    struct paper *paper = NULL;
    memset(path, 'p', sizeof path);
    path[sizeof path - 1] = '\0';
    const struct paper_options options = {.socket_path = path};
    assert_int_equal(paper_create(&options, &paper), STATUS_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slip_is_sent_whole_and_its_news_heard),
        cmocka_unit_test(a_printer_that_comes_late_or_again_is_found),
        cmocka_unit_test(a_printer_that_restarts_before_it_answered_is_asked_again),
        cmocka_unit_test(a_visitor_who_leaves_while_the_printer_is_away_gets_no_slip_later),
        cmocka_unit_test(what_is_cancelled_last_is_told_before_the_end),
        cmocka_unit_test(a_further_copy_replaces_the_one_before),
        cmocka_unit_test(what_a_printer_that_cannot_tell_calls_printed_is_unknown),
        cmocka_unit_test(a_printer_that_says_nothing_is_gone),
        cmocka_unit_test(signposts_and_tests_are_said_as_such),
        cmocka_unit_test(a_line_without_end_is_no_reason_to_grow),
        cmocka_unit_test(the_main_thread_never_waits_for_a_printer_that_does_not_read),
        cmocka_unit_test(lines_are_read_as_agreed),
        cmocka_unit_test(a_path_no_socket_can_have_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
