/* The API over loopback: a visit from issue to outcome, and every bad input with what it gets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "http_rig.h"
#include "http_stream.h"
#include "quarter/check.h"
#include "test_kit.h"

#define POST(path_, body_)                                                                         \
    ((struct ask){.method = "POST", .path = (path_), .key = key, .body = (body_)})

static void a_visit_goes_from_issue_to_outcome(void **state)
{
    struct rig *rig = *state;
    char key[40], number[8], id[32], path[80];
    struct reply reply;
    rig_new_key(key);
    struct ask ask =
        POST("/api/tickets", "{\"service\":\"housing\",\"language\":\"pl\",\"needs\":[\"bsl\"],"
                             "\"answers\":{\"where\":\"here\"}}");
    const json_t *ticket = rig_expect(rig, &ask, 201, &reply);
    assert_string_equal(rig_text(ticket, "number"), "H01");
    assert_string_equal(rig_text(ticket, "state"), "waiting");
    assert_true(json_is_false(json_object_get(ticket, "nobody_serves")));
    (void)snprintf(path, sizeof(path), "/api/tickets/%s", rig_text(ticket, "id"));
    reply_free(&reply);

    assert_int_equal(rig_counter(rig, "1", "open", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "next", number), 200);
    assert_string_equal(number, "H01");
    ask = (struct ask){.method = "GET", .path = "/api/boards/lobby"};
    const json_t *board = rig_expect(rig, &ask, 200, &reply);
    const json_t *call = json_array_get(json_object_get(board, "calls"), 0);
    assert_string_equal(rig_text(call, "number"), "H01");
    assert_string_equal(rig_text(call, "counter"), "1");
    assert_string_equal(rig_text(call, "language"), "pl");
    assert_true(json_is_true(json_object_get(board, "open")));
    reply_free(&reply);
    ask.path = path;
    assert_string_equal(rig_text(rig_expect(rig, &ask, 200, &reply), "counter"), "1");
    reply_free(&reply);

    assert_int_equal(rig_counter(rig, "1", "recall", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "start", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "finish", NULL), 200);
    assert_string_equal(rig_text(rig_expect(rig, &ask, 200, &reply), "state"), "closed");
    reply_free(&reply);

    rig_issue(rig, "parking", number, id);
    assert_string_equal(number, "P01");
    (void)snprintf(path, sizeof(path), "/api/tickets/%s/leave", id);
    rig_new_key(key);
    ask = POST(path, "{}");
    assert_string_equal(rig_text(rig_expect(rig, &ask, 200, &reply), "state"), "left");
    reply_free(&reply);
    assert_int_equal(rig_counter(rig, "1", "close", NULL), 200);
}

static void a_ready_counter_calls_the_first_who_comes(void **state)
{
    struct rig *rig = *state;
    char key[40], number[8];
    struct reply reply;
    rig_new_key(key);
    assert_int_equal(rig_counter(rig, "1", "open", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "next", NULL), 204);
    const struct ask ask = POST("/api/tickets", "{\"service\":\"parking\"}");
    const json_t *ticket = rig_expect(rig, &ask, 201, &reply);
    assert_string_equal(rig_text(ticket, "state"), "called");
    assert_string_equal(rig_text(ticket, "counter"), "1");
    reply_free(&reply);
    assert_int_equal(rig_counter(rig, "1", "next", number),
                     200); /* whoever asks again sees it too */
    assert_string_equal(number, "P01");
}

static void a_paused_counter_calls_nobody_until_it_opens(void **state)
{
    struct rig *rig = *state;
    char number[8];
    assert_int_equal(rig_counter(rig, "1", "open", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "next", NULL), 204);
    assert_int_equal(rig_counter(rig, "1", "pause", NULL), 200);
    rig_issue(rig, "parking", NULL, NULL);
    rig_expect_refusal(rig, "/api/counters/1/next", "{}", "counter-not-open");
    assert_int_equal(rig_counter(rig, "1", "open", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "next", number), 200);
    assert_string_equal(number, "P01");
}

static void a_visitor_can_be_sent_on(void **state)
{
    struct rig *rig = *state;
    char key[40], id[32], path[80], number[8];
    struct reply reply;
    rig_issue(rig, "parking", number, id);
    assert_int_equal(rig_counter(rig, "1", "open", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "next", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "start", NULL), 200);
    rig_expect_refusal(rig, "/api/counters/1/transfer", "{\"service\":\"nothing\"}",
                       "unknown-service");
    rig_expect_refusal(rig, "/api/counters/1/transfer", "{\"service\":\"parking\"}",
                       "same-service");
    rig_expect_refusal(rig, "/api/counters/1/transfer", "{}", "invalid-field");
    rig_new_key(key);
    const struct ask ask = POST("/api/counters/1/transfer", "{\"service\":\"housing\"}");
    const json_t *answer = rig_expect(rig, &ask, 200, &reply);
    assert_true(json_is_null(json_object_get(answer, "ticket")));
    reply_free(&reply);
    (void)snprintf(path, sizeof(path), "/api/tickets/%s", id);
    const struct ask get = {.method = "GET", .path = path};
    const json_t *ticket = rig_expect(rig, &get, 200, &reply);
    assert_string_equal(rig_text(ticket, "state"), "waiting");
    assert_string_equal(rig_text(ticket, "service"), "housing");
    assert_string_equal(rig_text(ticket, "class"), "transfer");
    assert_string_equal(rig_text(ticket, "number"), number);
    reply_free(&reply);
}

static void a_class_and_a_booking_come_with_the_ticket(void **state)
{
    struct rig *rig = *state;
    char key[40];
    struct reply reply;
    rig_new_key(key);
    struct ask ask = POST("/api/tickets", "{\"service\":\"housing\",\"class\":\"urgent\"}");
    assert_string_equal(rig_text(rig_expect(rig, &ask, 201, &reply), "class"), "urgent");
    reply_free(&reply);
    rig_new_key(key);
    ask = POST("/api/tickets",
               "{\"service\":\"housing\",\"appointment_at\":\"2026-11-24T10:45:00Z\"}");
    const json_t *ticket = rig_expect(rig, &ask, 201, &reply);
    assert_string_equal(rig_text(ticket, "class"), "appointment");
    assert_string_equal(rig_text(ticket, "appointment_at"), "2026-11-24T10:45:00.000Z");
    reply_free(&reply);
    rig_new_key(key);
    ask = POST("/api/tickets", /* more than ten minutes too late */
               "{\"service\":\"housing\",\"appointment_at\":\"2026-11-24T10:20:00Z\"}");
    assert_string_equal(rig_text(rig_expect(rig, &ask, 201, &reply), "class"), "normal");
    reply_free(&reply);
    static const char *const wrong[] = {
        "{\"service\":\"housing\",\"class\":\"transfer\"}",
        "{\"service\":\"housing\",\"class\":1}",
        "{\"service\":\"housing\",\"appointment_at\":\"10:45\"}",
        "{\"service\":\"housing\",\"appointment_at\":\"2026-11-29T10:45:00Z\"}",
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        rig_expect_refusal(rig, "/api/tickets", wrong[i], "invalid-field");
    }
}

static void a_no_show_wants_a_recall_first(void **state)
{
    struct rig *rig = *state;
    char key[40];
    rig_issue(rig, "parking", NULL, NULL);
    assert_int_equal(rig_counter(rig, "1", "open", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "next", NULL), 200);
    rig_new_key(key);
    const struct ask ask = POST("/api/counters/1/no-show", "{}");
    rig_expect_problem(rig, &ask, "recall-first");
    assert_int_equal(rig_counter(rig, "1", "recall", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "no-show", NULL), 200);
}

static void the_same_key_gets_the_same_answer(void **state)
{
    struct rig *rig = *state;
    char key[40], id[32];
    struct reply first, again;
    rig_new_key(key);
    struct ask ask = POST("/api/tickets", "{\"service\":\"housing\",\"language\":\"en\"}");
    (void)rig_expect(rig, &ask, 201, &first);
    (void)snprintf(id, sizeof(id), "%s", rig_text(first.json, "id"));
    ask.body = "{ \"language\": \"en\", \"service\": \"housing\" }";
    (void)rig_expect(rig, &ask, 200, &again);
    assert_string_equal(first.body, again.body);
    reply_free(&first);
    reply_free(&again);
    ask.body = "{\"service\":\"parking\"}";
    rig_expect_problem(rig, &ask, "idempotency-key-reused");
    ask.body = "{\"service\":\"housing\",\"language\":\"en\"}";
    ask.path = "/api/numbers";
    ask.body = "{\"service\":\"housing\",\"device\":\"kiosk-1\"}";
    rig_expect_problem(rig, &ask, "idempotency-key-reused");
    /* also after the server was started anew */
    rig_halt(rig);
    rig_start(rig);
    ask.path = "/api/tickets";
    ask.body = "{\"service\":\"housing\",\"language\":\"en\"}";
    assert_string_equal(rig_text(rig_expect(rig, &ask, 200, &again), "id"), id);
    reply_free(&again);
}

static void a_refusal_is_decided_anew_under_the_same_key(void **state)
{
    struct rig *rig = *state;
    char key[40];
    struct reply reply;
    rig_new_key(key);
    const struct ask ask = POST("/api/counters/room-1/next", "{}");
    rig_expect_problem(rig, &ask, "counter-not-open");
    assert_int_equal(rig_counter(rig, "room-1", "open", NULL), 200);
    (void)rig_expect(rig, &ask, 204, &reply);
    reply_free(&reply);
}

/* The call made its counter ready, so that the next who came was called there: again, and late, it must not call a
 * second one. */
static void a_call_for_nobody_is_not_repeated(void **state)
{
    struct rig *rig = *state;
    char key[40], number[8];
    struct reply reply;
    rig_new_key(key);
    const struct ask ask = POST("/api/counters/room-1/next", "{}");
    assert_int_equal(rig_counter(rig, "room-1", "open", NULL), 200);
    (void)rig_expect(rig, &ask, 204, &reply);
    reply_free(&reply);
    rig_issue(rig, "housing", NULL, NULL);
    assert_int_equal(rig_counter(rig, "room-1", "next", number), 200); /* who was called already */
    assert_int_equal(rig_counter(rig, "room-1", "start", NULL), 200);
    assert_int_equal(rig_counter(rig, "room-1", "finish", NULL), 200);
    rig_issue(rig, "housing", NULL, NULL);
    (void)rig_expect(rig, &ask, 204, &reply);
    reply_free(&reply);
    assert_int_equal(rig_counter(rig, "room-1", "next", number), 200);
}

static void next_at_a_counter_with_a_called_ticket_is_that_ticket(void **state)
{
    struct rig *rig = *state;
    char one[8], other[8];
    rig_issue(rig, "parking", NULL, NULL);
    rig_issue(rig, "parking", NULL, NULL);
    assert_int_equal(rig_counter(rig, "1", "open", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "next", one), 200);
    assert_int_equal(rig_counter(rig, "1", "next", other), 200);
    assert_string_equal(one, other);
    assert_int_equal(rig_counter(rig, "1", "start", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "next", NULL), 409);
}

static void bad_input_gets_a_problem(void **state)
{
    struct rig *rig = *state;
    static const struct {
        const char *method, *path, *body, *problem;
    } bad[] = {
        {"POST", "/api/tickets", "{\"service\":", "malformed-json"},
        {"POST", "/api/tickets", "[]", "malformed-json"},
        {"POST", "/api/tickets", "{\"service\":\"\xff\"}", "malformed-json"},
        {"POST", "/api/tickets", "{}", "invalid-field"},
        {"POST", "/api/tickets", "{\"service\":\"housing\",\"colour\":\"red\"}", "invalid-field"},
        {"POST", "/api/tickets", "{\"service\":\"magic\"}", "unknown-service"},
        {"POST", "/api/tickets", "{\"service\":\"housing\",\"language\":\"tlh\"}",
         "unknown-language"},
        {"POST", "/api/tickets", "{\"service\":\"housing\",\"needs\":[\"a_pony\"]}",
         "unknown-need"},
        {"POST", "/api/tickets", "{\"service\":\"housing\",\"number\":80,\"device\":\"kiosk-1\"}",
         "number-not-reserved"},
        {"POST", "/api/tickets/01ARZ3NDEKTSV4RRFFQ69G5FAV/leave", "{}", "unknown-ticket"},
        {"POST", "/api/tickets/nonsense/leave", "{}", "unknown-ticket"},
        {"POST", "/api/numbers", "{\"service\":\"magic\",\"device\":\"kiosk-1\"}",
         "unknown-service"},
        {"POST", "/api/counters/99/next", "{}", "unknown-counter"},
        {"POST", "/api/counters/%2e%2e/next", "{}", "unknown-counter"},
        {"POST", "/api/counters/1/next", "{}", "counter-not-open"},
        {"POST", "/api/counters/1/close", "{}", "counter-not-open"},
        {"POST", "/api/counters/1/next", "{\"force\":true}", "invalid-field"},
        {"POST", "/api/counters/1/finish", "{\"outcome\":\"vanished\"}", "invalid-field"},
        {"POST", "/api/day/open", "{}", "day-open-already"},
        {"GET", "/api/tickets/01ARZ3NDEKTSV4RRFFQ69G5FAV", NULL, "unknown-ticket"},
        {"GET", "/api/boards/nowhere", NULL, "not-found"},
        {"GET", "/api/boards/nowhere/stream", NULL, "not-found"},
        {"GET", "/api/counters/99/stream", NULL, "unknown-counter"},
        {"GET", "/api/words/tlh", NULL, "not-found"},
        {"GET", "/counter/99", NULL, "unknown-counter"},
        {"GET", "/web/nothing.js", NULL, "not-found"},
        {"GET", "/web/../openapi.json", NULL, "not-found"},
        {"GET", "/web/%2e%2e/openapi.json", NULL, "not-found"},
        {"GET", "/web/vendor/../../openapi.json", NULL, "not-found"},
        {"GET", "/web/.htaccess", NULL, "not-found"},
        {"GET", "/web/vendor", NULL, "not-found"},
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        char key[40];
        rig_new_key(key);
        const struct ask ask = {.method = bad[i].method,
                                .path = bad[i].path,
                                .body = bad[i].body,
                                .key = bad[i].body != NULL ? key : NULL};
        rig_expect_problem(rig, &ask, bad[i].problem);
    }
}

static void other_paths_and_methods_get_problems_too(void **state)
{
    struct rig *rig = *state;
    struct reply reply;
    rig_expect_problem(rig, &(struct ask){.method = "GET", .path = "/nothing"}, "not-found");
    rig_expect_problem(rig, &(struct ask){.method = "GET", .path = "/api/site/"}, "not-found");
    rig_expect_problem(rig, &(struct ask){.method = "DELETE", .path = "/api/tickets"},
                       "method-not-allowed");
    reply = rig_ask(rig, &(struct ask){.method = "PUT", .path = "/api/site", .body = "{}"});
    assert_int_equal(reply.status, 405);
    assert_string_equal(reply.allow, "GET, HEAD");
    reply_free(&reply);
    reply = rig_ask(rig, &(struct ask){.method = "GET", .path = "/api/counters/1/next"});
    assert_int_equal(reply.status, 405);
    assert_string_equal(reply.allow, "POST");
    reply_free(&reply);
    char path[3000] = "/api/tickets/";
    memset(path + 13, 'x', sizeof(path) - 14);
    path[sizeof(path) - 1] = '\0';
    rig_expect_problem(rig, &(struct ask){.method = "GET", .path = "/api/tickets/a/b/c"},
                       "not-found");
}

static void keys_types_and_origins_are_asked_for(void **state)
{
    struct rig *rig = *state;
    char key[40];
    rig_new_key(key);
    struct ask ask = POST("/api/tickets", "{\"service\":\"housing\"}");
    ask.key = NULL;
    rig_expect_problem(rig, &ask, "idempotency-key-required");
    ask.key = "short";
    rig_expect_problem(rig, &ask, "idempotency-key-required");
    ask.key = "with a space in it";
    rig_expect_problem(rig, &ask, "idempotency-key-required");
    ask.key = key;
    ask.type = "text/plain";
    rig_expect_problem(rig, &ask, "unsupported-media-type");
    ask.type = "";
    rig_expect_problem(rig, &ask, "unsupported-media-type");
    ask.type = NULL;
    ask.headers[0] = "Origin: http://evil.example";
    rig_expect_problem(rig, &ask, "cross-site");
    ask.headers[0] = "Sec-Fetch-Site: cross-site";
    rig_expect_problem(rig, &ask, "cross-site");
    ask.headers[0] = "Host: evil.example";
    rig_expect_problem(rig, &ask, "wrong-host");
    rig_expect_problem(
        rig, &(struct ask){.method = "GET", .path = "/api/site", .headers = {"Host: evil.example"}},
        "wrong-host");
}

static void oversized_bodies_are_refused_and_the_server_goes_on(void **state)
{
    struct rig *rig = *state;
    static char body[3 << 20];
    char key[40];
    static const size_t sizes[] = {QUARTER_BODY_BYTES + 1, 200000, sizeof(body)};
    rig_new_key(key);
    memset(body, ' ', sizeof(body));
    memcpy(body, "{\"service\":\"housing\"}", 21);
    struct ask ask = POST("/api/tickets", body);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        ask.body_length = sizes[i];
        rig_expect_problem(rig, &ask, "body-too-large");
    }
    ask.body_length = QUARTER_BODY_BYTES;
    struct reply reply;
    (void)rig_expect(rig, &ask, 201, &reply);
    reply_free(&reply);
}

/* What no HTTP library would send. */
static void broken_http_ends_only_its_own_connection(void **state)
{
    struct rig *rig = *state;
    static const char *const broken[] = {
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        "GET\r\n\r\n",
        "GET /api/site HTTP/1.1\r\n\r\n",
        "POST /api/tickets HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
        "POST /api/tickets HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST /api/tickets HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    };
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        char answer[1024];
        const int fd = rig_connect(rig);
        assert_true(write(fd, broken[i], strlen(broken[i])) > 0);
        assert_int_equal(shutdown(fd, SHUT_WR), 0);
        while (read(fd, answer, sizeof(answer)) > 0) {
        }
        assert_int_equal(close(fd), 0);
    }
    rig_issue(rig, "housing", NULL, NULL);
}

/* The body comes, but so late that whoever asked has given up; nothing may be done any more. */
static void a_body_that_comes_too_late_is_not_acted_on(void **state)
{
    struct rig *rig = *state;
    static const char head[] =
        "POST /api/tickets HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Idempotency-Key: a-late-key\r\nContent-Length: 21\r\nExpect: 100-continue\r\n\r\n";
    char answer[2048], number[8];
    rig_halt(rig);
    rig->upload_ms = 1;
    rig_start(rig);
    const int fd = rig_connect(rig);
    assert_int_equal(write(fd, head, sizeof(head) - 1), sizeof(head) - 1);
    assert_true(read(fd, answer, sizeof(answer)) > 12); /* its time runs */
    assert_memory_equal(answer, "HTTP/1.1 100", 12);
    assert_int_equal(write(fd, "{\"service\":", 11), 11);
    struct reply reply; /* something else in between: a millisecond at least */
    for (int i = 0; i < 20; i++) {
        reply = rig_ask(rig, &(struct ask){.method = "GET", .path = "/api/site"});
        reply_free(&reply);
    }
    assert_int_equal(write(fd, "\"housing\"}", 10), 10);
    const ssize_t length = read(fd, answer, sizeof(answer) - 1);
    assert_true(length > 0);
    answer[length] = '\0';
    assert_non_null(strstr(answer, "HTTP/1.1 408"));
    assert_non_null(strstr(answer, "/problems/timeout"));
    assert_int_equal(close(fd), 0);
    rig_halt(rig);
    rig->upload_ms = 0;
    rig_start(rig);
    rig_issue(rig, "housing", number, NULL);
    assert_string_equal(number, "H01");
}

/* A byte now and then keeps a connection from being idle, and a few hundred of them would keep everybody else out. */
static void who_never_says_what_he_wants_is_shown_out(void **state)
{
    struct rig *rig = *state;
    struct listener board;
    struct heard heard;
    rig_halt(rig);
    rig->head_ms = 300;
    rig->beat_ms = 20;
    rig_start(rig);
    listener_open(&board, rig, "/api/boards/lobby/stream", NULL);
    const int fd = rig_connect(rig);
    char byte = 'G';
    bool is_out = false;
    for (int i = 0; i < 500 && !is_out; i++) {
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        is_out = send(fd, &byte, 1, MSG_NOSIGNAL) != 1 || poll(&wait, 1, 20) != 0;
    }
    assert_true(is_out);
    assert_int_equal(close(fd), 0);
    for (int i = 0; i < 40; i++) { /* whoever has asked may stay */
        assert_true(listener_next_of(&board, "beat", &heard));
        heard_free(&heard);
    }
    listener_close(&board);
}

/* What was stored in the last moment is also said: all who had asked get their tickets' numbers. */
static void stopping_answers_what_was_done(void **state)
{
    enum { CALLERS = 60 };
    struct rig *rig = *state;
    char request[400], answer[2048], next[8], expected[16];
    int fds[CALLERS], answered = 0;
    for (int i = 0; i < CALLERS; i++) {
        fds[i] = rig_connect(rig);
    }
    for (int i = 0; i < CALLERS; i++) {
        const int length =
            snprintf(request, sizeof(request),
                     "POST /api/tickets HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                     "application/json\r\nIdempotency-Key: the-end-%d\r\n"
                     "Content-Length: 21\r\n\r\n{\"service\":\"housing\"}",
                     i);
        assert_int_equal(write(fds[i], request, (size_t)length), length);
    }
    struct pollfd first = {.fd = fds[0], .events = POLLIN};
    assert_int_equal(poll(&first, 1, 10000), 1);
    rig_halt(rig);
    for (int i = 0; i < CALLERS; i++) {
        const ssize_t length = read(fds[i], answer, sizeof(answer));
        answered += length > 12 && memcmp(answer, "HTTP/1.1 201", 12) == 0;
        assert_int_equal(close(fds[i]), 0);
    }
    rig_start(rig);
    rig_issue(rig, "housing", next, NULL);
    (void)snprintf(expected, sizeof(expected), "H%02d", answered + 1);
    assert_string_equal(next, expected);
}

static void the_day_can_be_closed_and_then_nothing_moves(void **state)
{
    struct rig *rig = *state;
    char key[40];
    struct reply reply;
    rig_issue(rig, "housing", NULL, NULL);
    rig_issue(rig, "housing", NULL, NULL);
    rig_issue(rig, "parking", NULL, NULL);
    assert_int_equal(rig_counter(rig, "1", "open", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "next", NULL), 200);
    rig_new_key(key);
    struct ask ask = POST("/api/day/close", "{}");
    const json_t *closed = rig_expect(rig, &ask, 200, &reply);
    assert_int_equal(json_integer_value(json_object_get(closed, "left")), 2);
    assert_int_equal(json_integer_value(json_object_get(closed, "no_show")), 1);
    reply_free(&reply);
    (void)rig_expect(rig, &ask, 200, &reply); /* a repeat */
    reply_free(&reply);
    rig_new_key(key);
    rig_expect_problem(rig, &ask, "day-closed");
    ask = POST("/api/tickets", "{\"service\":\"housing\"}");
    rig_expect_problem(rig, &ask, "day-closed");
    ask = POST("/api/counters/1/open", "{}");
    rig_expect_problem(rig, &ask, "day-closed");
    ask = (struct ask){.method = "GET", .path = "/api/boards/kiosk-1"};
    const json_t *board = rig_expect(rig, &ask, 200, &reply);
    assert_true(json_is_false(json_object_get(board, "open")));
    assert_string_equal(rig_text(board, "next_open"),
                        "2026-11-25T10:00:00.000Z"); /* Wednesdays at ten */
    reply_free(&reply);
    /* opened again on the same day, also across a new start: no number comes twice */
    ask = POST("/api/day/open", "{}");
    (void)rig_expect(rig, &ask, 200, &reply);
    reply_free(&reply);
    char number[8];
    rig_issue(rig, "housing", number, NULL);
    assert_string_equal(number, "H03");
    rig_halt(rig);
    rig_start(rig);
    rig_issue(rig, "housing", number, NULL);
    assert_string_equal(number, "H04");
}

static bool has_key(const struct rig *rig, const char *day)
{
    char path[200];
    (void)snprintf(path, sizeof(path), "%s/%s.key", rig->keys, day);
    return access(path, F_OK) == 0;
}

/* Whoever opens the day: here nobody waits for the clock to do it. */
static void free_answers_are_destroyed_after_thirty_days(void **state)
{
    struct rig *rig = *state;
    char key[40];
    struct reply reply;
    rig_new_key(key);
    struct ask ask =
        POST("/api/tickets", "{\"service\":\"housing\",\"answers\":{\"about\":\"my landlord\"}}");
    (void)rig_expect(rig, &ask, 201, &reply);
    reply_free(&reply);
    assert_true(has_key(rig, "2026-11-24"));
    static const char *const mornings[] = {"2026-12-24T05:00", "2026-12-25T05:00"};
    for (int i = 0; i < 2; i++) {
        rig_halt(rig);
        rig->local = mornings[i];
        rig_start(rig);
        rig_new_key(key);
        ask = POST("/api/day/open", "{}");
        (void)rig_expect(rig, &ask, 200, &reply);
        reply_free(&reply);
        rig_halt(rig); /* all is done */
        assert_int_equal(has_key(rig, "2026-11-24"), i == 0);
        rig_start(rig);
    }
}

/* The journal's log is folded back when nobody waits, not by a commit that somebody waits for. */
static void quiet_moments_are_used_to_tidy_the_disk(void **state)
{
    struct rig *rig = *state;
    struct reply reply;
    struct stat before, now;
    char key[40], body[1200];
    (void)snprintf(body, sizeof(body),
                   "{\"service\":\"housing\",\"answers\":{\"about\":\"%0900d\"}}", 0);
    assert_int_equal(stat(rig->journal, &before),
                     0); /* a quiet moment may come between two posts */
    for (int i = 0; i < 70; i++) {
        rig_new_key(key);
        const struct ask ask = POST("/api/tickets", body);
        (void)rig_expect(rig, &ask, 201, &reply);
        reply_free(&reply);
    }
    const time_t limit = time(NULL) + 30;
    do {
        (void)rig_expect(rig, &(struct ask){.method = "GET", .path = "/healthz"}, 200, &reply);
        reply_free(&reply);
        assert_int_equal(stat(rig->journal, &now), 0);
    } while (now.st_size == before.st_size && time(NULL) < limit);
    assert_true(now.st_size > before.st_size);
}

static void a_clock_before_the_build_opens_no_day(void **state)
{
    struct rig *rig = *state;
    char key[40];
    struct reply reply;
    rig_remove(rig);
    rig_make(rig);
    rig->build_ms = INT64_C(4000000000000); /* 2096 */
    rig_start(rig);
    rig_new_key(key);
    struct ask ask = POST("/api/day/open", "{}");
    rig_expect_problem(rig, &ask, "clock-implausible");
    ask = (struct ask){.method = "GET", .path = "/healthz"};
    const json_t *health = rig_expect(rig, &ask, 200, &reply);
    assert_true(json_is_false(json_object_get(health, "clock_plausible")));
    reply_free(&reply);
    ask.path = "/api/boards/lobby";
    assert_string_equal(rig_text(rig_expect(rig, &ask, 200, &reply), "day"), "");
    reply_free(&reply);
}

static void devices_get_blocks_of_numbers_for_bad_days(void **state)
{
    struct rig *rig = *state;
    char key[40], body[200];
    struct reply reply;
    rig_new_key(key);
    struct ask ask = POST("/api/numbers", "{\"service\":\"housing\",\"device\":\"kiosk-1\"}");
    const json_t *block = rig_expect(rig, &ask, 201, &reply);
    assert_string_equal(rig_text(block, "prefix"), "H");
    const long long first = json_integer_value(json_object_get(block, "first"));
    assert_int_equal(json_integer_value(json_object_get(block, "last")), first + 4);
    reply_free(&reply);
    (void)snprintf(body, sizeof(body),
                   "{\"service\":\"housing\",\"device\":\"kiosk-1\",\"number\":%lld,"
                   "\"occurred_at\":\"2026-11-24T10:15:00Z\"}",
                   first);
    rig_new_key(key);
    ask = POST("/api/tickets", body);
    const json_t *ticket = rig_expect(rig, &ask, 201, &reply);
    assert_string_equal(rig_text(ticket, "issued_at"), "2026-11-24T10:15:00.000Z");
    reply_free(&reply);
    rig_new_key(key);
    rig_expect_problem(rig, &ask, "number-not-reserved");
}

/* The same address and status: words for a person's browser, the document for a program, and always for the API. */
static void a_browser_gets_a_problem_as_a_page(void **state)
{
    struct rig *rig = *state;
    static const struct {
        const char *path, *accept, *type;
        bool unchecked;
    } cases[] = {
        {"/counter/99", "Accept: text/html,application/xhtml+xml,*/*;q=0.8", "text/html", false},
        {"/nothing", "Accept: text/html", "text/html", true},
        {"/counter/99", "Accept: application/problem+json", "application/problem+json", false},
        {"/counter/99", "Accept: */*", "application/problem+json", false},
        {"/api/boards/nowhere", "Accept: text/html", "application/problem+json", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct ask ask = {.method = "GET",
                                .path = cases[i].path,
                                .headers = {cases[i].accept},
                                .unchecked = cases[i].unchecked};
        struct reply reply = rig_ask(rig, &ask);
        assert_int_equal(reply.status, 404);
        assert_memory_equal(reply.type, cases[i].type, strlen(cases[i].type));
        assert_non_null(strstr(reply.csp, "default-src 'none'"));
        reply_free(&reply);
    }
}

static void documents_have_etags(void **state)
{
    struct rig *rig = *state;
    static const char *const paths[] = {"/api/site", "/api/openapi.json", "/", "/counter/1",
                                        "/web/style.css"};
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        char known[160];
        struct reply reply;
        struct ask ask = {.method = "GET", .path = paths[i]};
        (void)rig_expect(rig, &ask, 200, &reply);
        assert_true(reply.etag[0] == '"' && reply.length > 0);
        assert_non_null(strstr(reply.csp, "default-src 'none'"));
        (void)snprintf(known, sizeof(known), "If-None-Match: %s", reply.etag);
        reply_free(&reply);
        ask.headers[0] = known;
        (void)rig_expect(rig, &ask, 304, &reply);
        assert_int_equal(reply.length, 0);
        reply_free(&reply);
        ask = (struct ask){.method = "HEAD", .path = paths[i]};
        (void)rig_expect(rig, &ask, 200, &reply);
        assert_int_equal(reply.length, 0);
        reply_free(&reply);
    }
}

enum { CALLERS = 8, VISITS = 40 };

struct race {
    struct rig *rig;
    atomic_int called[VISITS + 1];
    atomic_int next_counter;
};

/* Two clients a counter, as fast as they can. */
static void *call_all(void *context)
{
    struct race *race = context;
    const char *counter = atomic_fetch_add(&race->next_counter, 1) % 2 == 0 ? "1" : "room-1";
    for (;;) {
        char number[8];
        const long status = rig_counter(race->rig, counter, "next", number);
        if (status == 204) {
            return NULL;
        }
        CHECK(status == 200 || status == 409);
        if (status != 200) {
            continue;
        }
        /* the other client of this counter may have been faster: who was started says the answer */
        if (rig_counter(race->rig, counter, "start", number) == 200) {
            atomic_fetch_add(&race->called[kit_number(number + 1)], 1);
            (void)rig_counter(race->rig, counter, "finish", NULL);
        }
    }
}

static void many_callers_never_start_one_ticket_twice(void **state)
{
    static struct race race;
    pthread_t threads[CALLERS];
    memset(&race, 0, sizeof(race));
    race.rig = *state;
    for (int i = 0; i < VISITS; i++) {
        rig_issue(race.rig, "housing", NULL, NULL);
    }
    assert_int_equal(rig_counter(race.rig, "1", "open", NULL), 200);
    assert_int_equal(rig_counter(race.rig, "room-1", "open", NULL), 200);
    for (int i = 0; i < CALLERS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, call_all, &race), 0);
    }
    for (int i = 0; i < CALLERS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    for (int i = 1; i <= VISITS; i++) {
        assert_int_equal(race.called[i], 1);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_visit_goes_from_issue_to_outcome),
        TEST(a_ready_counter_calls_the_first_who_comes),
        TEST(a_paused_counter_calls_nobody_until_it_opens),
        TEST(a_visitor_can_be_sent_on),
        TEST(a_class_and_a_booking_come_with_the_ticket),
        TEST(a_no_show_wants_a_recall_first),
        TEST(the_same_key_gets_the_same_answer),
        TEST(a_refusal_is_decided_anew_under_the_same_key),
        TEST(a_call_for_nobody_is_not_repeated),
        TEST(next_at_a_counter_with_a_called_ticket_is_that_ticket),
        TEST(bad_input_gets_a_problem),
        TEST(other_paths_and_methods_get_problems_too),
        TEST(keys_types_and_origins_are_asked_for),
        TEST(oversized_bodies_are_refused_and_the_server_goes_on),
        TEST(broken_http_ends_only_its_own_connection),
        TEST(a_body_that_comes_too_late_is_not_acted_on),
        TEST(who_never_says_what_he_wants_is_shown_out),
        TEST(stopping_answers_what_was_done),
        TEST(the_day_can_be_closed_and_then_nothing_moves),
        TEST(free_answers_are_destroyed_after_thirty_days),
        TEST(quiet_moments_are_used_to_tidy_the_disk),
        TEST(a_clock_before_the_build_opens_no_day),
        TEST(devices_get_blocks_of_numbers_for_bad_days),
        TEST(a_browser_gets_a_problem_as_a_page),
        TEST(documents_have_etags),
        TEST(many_callers_never_start_one_ticket_twice),
    };
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    curl_global_cleanup();
    return failed;
}
