/* Streams: whole views, beats, a reader that never reads, the journal from where one left off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/hub.h"
#include "http_rig.h"
#include "http_stream.h"
#include "openapi_check.h"

static int set_up(void **state)
{
    static struct rig rig;
    rig_make(&rig);
    rig.beat_ms = 200;
    rig.no_forecast = true; /* which would bring views of its own */
    rig_start(&rig);
    *state = &rig;
    return 0;
}

static void check_schema(struct rig *rig, const char *name, json_t *value)
{
    char why[800];
    json_t *schemas = json_object_get(json_object_get(rig->openapi, "components"), "schemas");
    if (!openapi_check_value(rig->openapi, json_object_get(schemas, name), value, why,
                             sizeof(why))) {
        fail_msg("%s: %s", name, why);
    }
}

static void a_board_stream_starts_with_a_view_and_follows_every_call(void **state)
{
    struct rig *rig = *state;
    struct listener board;
    struct heard heard;
    listener_open(&board, rig, "/api/boards/lobby/stream", NULL);
    assert_true(listener_next(&board, &heard));
    assert_string_equal(heard.event, "view");
    check_schema(rig, "BoardView", heard.data);
    const long long version = json_integer_value(json_object_get(heard.data, "version"));
    assert_int_equal(json_array_size(json_object_get(heard.data, "calls")), 0);
    heard_free(&heard);
    assert_true(listener_next(&board, &heard));
    assert_string_equal(heard.event, "beat");
    check_schema(rig, "Beat", heard.data);
    heard_free(&heard);

    rig_issue(rig, "housing", NULL, NULL);
    assert_int_equal(rig_counter(rig, "1", "open", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "next", NULL), 200);
    size_t calls = 0;
    long long newest = version;
    while (calls == 0) {
        assert_true(listener_next_of(&board, "view", &heard));
        check_schema(rig, "BoardView", heard.data);
        const long long next = json_integer_value(json_object_get(heard.data, "version"));
        assert_true(next > newest);
        newest = next;
        calls = json_array_size(json_object_get(heard.data, "calls"));
        heard_free(&heard);
    }
    listener_close(&board);
}

static void a_counter_s_view_holds_the_private_answers(void **state)
{
    struct rig *rig = *state;
    struct listener page;
    struct heard heard;
    char key[40];
    struct reply reply;
    rig_new_key(key);
    const struct ask ask = {.method = "POST",
                            .path = "/api/tickets",
                            .key = key,
                            .body = "{\"service\":\"housing\",\"answers\":{\"q\":\"secret\"}}"};
    (void)rig_expect(rig, &ask, 201, &reply);
    assert_null(strstr(reply.body, "secret"));
    reply_free(&reply);
    listener_open(&page, rig, "/api/counters/1/stream", NULL);
    assert_int_equal(rig_counter(rig, "1", "open", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "next", NULL), 200);
    const json_t *ticket = NULL;
    while (ticket == NULL) {
        assert_true(listener_next_of(&page, "view", &heard));
        check_schema(rig, "CounterView", heard.data);
        ticket = json_object_get(heard.data, "ticket");
        if (json_is_null(ticket)) {
            ticket = NULL;
            heard_free(&heard);
        }
    }
    assert_string_equal(rig_text(json_object_get(ticket, "answers"), "q"), "secret");
    heard_free(&heard);
    assert_int_equal(rig_counter(rig, "1", "start", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "finish", NULL), 200);
    const json_t *last = NULL;
    while (last == NULL) {
        assert_true(listener_next_of(&page, "view", &heard));
        last = json_object_get(heard.data, "last_finished");
        if (json_is_null(last)) {
            last = NULL;
            heard_free(&heard);
        }
    }
    assert_string_equal(rig_text(last, "number"), "H01");
    assert_string_equal(rig_text(last, "outcome"), "resolved");
    heard_free(&heard);
    listener_close(&page);
}

static void beats_go_on_when_nothing_happens(void **state)
{
    struct rig *rig = *state;
    struct listener board;
    struct heard heard;
    listener_open(&board, rig, "/api/boards/kiosk-1/stream", NULL);
    char last[32] = "";
    for (int i = 0; i < 4; i++) {
        assert_true(listener_next_of(&board, "beat", &heard));
        assert_true(strcmp(rig_text(heard.data, "now"), last) > 0);
        (void)snprintf(last, sizeof(last), "%s", rig_text(heard.data, "now"));
        heard_free(&heard);
    }
    listener_close(&board);
}

static void the_journal_can_be_followed_from_where_one_left_off(void **state)
{
    struct rig *rig = *state;
    struct listener events;
    struct heard heard;
    char last[24] = "0";
    long long expected = 1;
    for (int i = 0; i < 100; i++) { /* more than are read at once */
        rig_issue(rig, "housing", NULL, NULL);
    }
    listener_open(&events, rig, "/api/events/stream", "0");
    for (int i = 0; i < 60; i++) {
        assert_true(listener_next(&events, &heard));
        if (strcmp(heard.event, "beat") != 0) {
            check_schema(rig, "Event", heard.data);
            assert_string_equal(heard.event, rig_text(heard.data, "type"));
            assert_int_equal(json_integer_value(json_object_get(heard.data, "seq")), expected);
            expected++;
            (void)snprintf(last, sizeof(last), "%s", heard.id);
        }
        heard_free(&heard);
    }
    listener_close(&events);
    listener_open(&events, rig, "/api/events/stream", last);
    rig_issue(rig, "parking", NULL, NULL);
    for (bool found = false; !found;) {
        assert_true(listener_next(&events, &heard));
        if (strcmp(heard.event, "beat") != 0) {
            assert_int_equal(json_integer_value(json_object_get(heard.data, "seq")), expected);
            expected++;
            found =
                strcmp(rig_text(json_object_get(heard.data, "body"), "service"), "parking") == 0;
        }
        heard_free(&heard);
    }
    listener_close(&events);
    rig_expect_problem(rig,
                       &(struct ask){.method = "GET",
                                     .path = "/api/events/stream",
                                     .headers = {"Last-Event-ID: last"}},
                       "invalid-field");
    /* A backup was restored, say: to wait here would be to miss all that happens until then. */
    rig_expect_problem(rig,
                       &(struct ask){.method = "GET",
                                     .path = "/api/events/stream",
                                     .headers = {"Last-Event-ID: 100000"}},
                       "invalid-field");
}

static void new_followers_of_the_journal_hear_only_what_is_new(void **state)
{
    struct rig *rig = *state;
    struct listener events;
    struct heard heard;
    rig_issue(rig, "housing", NULL, NULL);
    listener_open(&events, rig, "/api/events/stream", NULL);
    rig_issue(rig, "parking", NULL, NULL);
    assert_true(listener_next_of(&events, "ticket_issued", &heard));
    assert_string_equal(rig_text(json_object_get(heard.data, "body"), "service"), "parking");
    heard_free(&heard);
    listener_close(&events);
}

/* What a stream is made of in this test: far more than the kernel buffers for one that never reads. */
static void a_stream_that_never_reads_stops_nobody(void **state)
{
    struct rig *rig = *state;
    enum { SILENT = 20, VISITS = 300 };
    int silent[SILENT];
    struct listener board;
    struct heard heard;
    static const char request[] = "GET /api/counters/1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for (int i = 0; i < SILENT; i++) {
        silent[i] = rig_connect(rig);
        assert_int_equal(write(silent[i], request, sizeof(request) - 1), sizeof(request) - 1);
    }
    listener_open(&board, rig, "/api/boards/lobby/stream", NULL);
    for (int i = 0; i < VISITS; i++) {
        rig_issue(rig, "housing", NULL, NULL);
    }
    long long waiting = 0;
    while (waiting < VISITS) {
        assert_true(listener_next_of(&board, "view", &heard));
        const json_t *service = json_array_get(json_object_get(heard.data, "services"), 0);
        waiting = json_integer_value(json_object_get(service, "waiting"));
        heard_free(&heard);
    }
    listener_close(&board);
    for (int i = 0; i < SILENT; i++) {
        assert_int_equal(close(silent[i]), 0);
    }
}

static long long stream_count(struct rig *rig)
{
    struct reply reply;
    (void)rig_expect(rig, &(struct ask){.method = "GET", .path = "/metrics"}, 200, &reply);
    const char *line = strstr(reply.body, "\nquarter_streams ");
    assert_non_null(line);
    const long long count = strtoll(line + strlen("\nquarter_streams "), NULL, 10);
    reply_free(&reply);
    return count;
}

/* Its socket is full, nothing goes out any more: after a while the server lets go, and the bytes are bounded by the
 * kernel's buffers. */
static void a_stream_that_never_reads_is_dropped(void **state)
{
    struct rig *rig = *state;
    const int small = 4096;
    char start[16];
    static const char request[] = "GET /api/counters/1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n";
    rig_halt(rig);
    rig->beat_ms = 20;
    rig->idle_s = 1;
    rig_start(rig);
    for (int i = 0; i < 300; i++) {
        rig_issue(rig, "housing", NULL, NULL);
    }
    const int fd = rig_connect(rig);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)), 0);
    assert_int_equal(write(fd, request, sizeof(request) - 1), sizeof(request) - 1);
    assert_true(read(fd, start, sizeof(start)) > 0); /* it is one of the streams now */
    assert_memory_equal(start, "HTTP/1.1 200", 12);
    assert_int_equal(stream_count(rig), 1);
    for (int i = 0; stream_count(rig) > 0; i++) { /* each changes the view, of 45 kB */
        assert_true(i < 20000);
        (void)rig_counter(rig, "1", i % 2 == 0 ? "open" : "close", NULL);
    }
    assert_int_equal(close(fd), 0);
}

static void there_is_a_bound_on_streams(void **state)
{
    struct rig *rig = *state;
    static int fds[HUB_STREAMS_MAX];
    static const char request[] =
        "GET /api/boards/lobby/stream HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for (int i = 0; i < HUB_STREAMS_MAX; i++) {
        char start[16];
        fds[i] = rig_connect(rig);
        assert_int_equal(write(fds[i], request, sizeof(request) - 1), sizeof(request) - 1);
        assert_true(read(fds[i], start, sizeof(start)) > 0);
        assert_memory_equal(start, "HTTP/1.1 200", 12);
    }
    rig_expect_problem(rig, &(struct ask){.method = "GET", .path = "/api/boards/lobby/stream"},
                       "too-busy");
    rig_issue(rig, "housing", NULL, NULL); /* commands still come through */
    for (int i = 0; i < HUB_STREAMS_MAX; i++) {
        assert_int_equal(close(fds[i]), 0);
    }
}

static void stopping_ends_all_streams(void **state)
{
    struct rig *rig = *state;
    struct listener board, events;
    struct heard heard;
    listener_open(&board, rig, "/api/boards/lobby/stream", NULL);
    listener_open(&events, rig, "/api/events/stream", NULL);
    assert_true(listener_next(&board, &heard));
    heard_free(&heard);
    rig_halt(rig);
    while (listener_next(&board, &heard)) {
        heard_free(&heard);
    }
    while (listener_next(&events, &heard)) {
        heard_free(&heard);
    }
    listener_close(&board);
    listener_close(&events);
    rig_start(rig);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_board_stream_starts_with_a_view_and_follows_every_call),
        TEST(a_counter_s_view_holds_the_private_answers),
        TEST(beats_go_on_when_nothing_happens),
        TEST(the_journal_can_be_followed_from_where_one_left_off),
        TEST(new_followers_of_the_journal_hear_only_what_is_new),
        TEST(a_stream_that_never_reads_stops_nobody),
        TEST(a_stream_that_never_reads_is_dropped),
        TEST(there_is_a_bound_on_streams),
        TEST(stopping_ends_all_streams),
    };
    struct rlimit files; /* both ends of 900 streams are in this process */
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    curl_global_cleanup();
    return failed;
}
