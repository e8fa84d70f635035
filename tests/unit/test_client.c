/* The client against a server that does everything a server can do wrong, over real sockets. What
 * it answers is a script per route, one step a request; the last step repeats. */
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cmocka.h>

#include "client/client.h"
#include "client_samples.h"
#include "fake_server.h"
#include "quarter/check.h"
#include "test_kit.h"

enum { PATIENCE_MS = 15000, STEPS_MAX = 8 };

enum step {
    STEP_RIGHT,     /* the right answer; a stream is then held open */
    STEP_CLOSE,     /* not a byte */
    STEP_HALF,      /* half of the right answer, then closed */
    STEP_GARBAGE,   /* 200 and nonsense */
    STEP_HUGE,      /* more than the bound */
    STEP_503,       /* too busy */
    STEP_REFUSED,   /* 409 with a problem */
    STEP_HANG,      /* the connection stays open, silent */
    STEP_REPEATED,  /* issue: 200; site: 304 */
    STEP_RIGHT_END, /* the right answer, then the stream ends */
    STEP_NEW_SITE,  /* stream: a view that names another site; site: that other one */
};

struct route {
    enum step steps[STEPS_MAX];
    int count, asked;
    char keys[STEPS_MAX][160], bodies[STEPS_MAX][600], if_none_match[STEPS_MAX][160];
};

struct fixture {
    pthread_mutex_t lock;
    struct route site, stream, tickets, visits, help, cancel, done, state;
    struct fake_server *server;
    struct client *client;
    int woken;
    char cache_dir[40];
};

static enum step next_step(struct fixture *fixture, struct route *route,
                           const struct fake_request *request)
{
    CHECK(pthread_mutex_lock(&fixture->lock) == 0);
    int n = route->asked++;
    if (n < STEPS_MAX) {
        snprintf(route->keys[n], sizeof route->keys[n], "%s", request->key);
        snprintf(route->bodies[n], sizeof route->bodies[n], "%.599s", request->body);
        snprintf(route->if_none_match[n], sizeof route->if_none_match[n], "%s",
                 request->if_none_match);
    }
    enum step step = route->count == 0  ? STEP_RIGHT
                     : n < route->count ? route->steps[n]
                                        : route->steps[route->count - 1];
    CHECK(pthread_mutex_unlock(&fixture->lock) == 0);
    return step;
}

static int asked(struct fixture *fixture, const struct route *route)
{
    CHECK(pthread_mutex_lock(&fixture->lock) == 0);
    int n = route->asked;
    CHECK(pthread_mutex_unlock(&fixture->lock) == 0);
    return n;
}

static void send_huge(int fd)
{
    char line[1025];
    memset(line, 'a', sizeof line - 1);
    line[sizeof line - 1] = '\0';
    fake_send(fd, "data: ");
    for (int i = 0; i < 2 * SITE_JSON_BYTES / 1024; i++)
        fake_send(fd, line);
}

static void answer_stream(struct fake_server *server, int fd, enum step step)
{
    static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
                               "event: beat\ndata: {\"now\":\"2026-11-24T10:42:06.000Z\"}\n\n";
    if (step == STEP_CLOSE)
        return;
    if (step == STEP_503) {
        fake_send_json(fd, "503 Busy", "{}");
        return;
    }
    fake_send(fd, head);
    if (step == STEP_HALF) {
        fake_send(fd, "event: view\ndata: {\"version\":");
        return;
    }
    if (step == STEP_GARBAGE)
        fake_send(fd, "event: view\ndata: {\"version\":\"x\"}\n\n");
    if (step == STEP_HUGE)
        send_huge(fd);
    if (step == STEP_RIGHT || step == STEP_RIGHT_END) {
        fake_send(fd, "event: view\ndata: ");
        fake_send(fd, sample_board);
        fake_send(fd, "\n\nevent: beat\ndata: {\"now\":\"2026-11-24T10:42:08.000Z\"}\n\n");
    }
    if (step == STEP_NEW_SITE)
        fake_send(
            fd,
            "event: view\ndata: {\"version\":13,\"now\":\"2026-11-24T10:43:07Z\","
            "\"utc_offset_s\":0,\"open\":true,\"announcement\":41,\"site_hash\":\"baaa1111\"}\n\n");
    if (step != STEP_RIGHT_END)
        fake_hold(server, fd);
}

static void answer_document(struct fake_server *server, int fd, enum step step, const char *right,
                            const char *right_status)
{
    char half[200];
    switch (step) {
    case STEP_CLOSE: break;
    case STEP_HALF:
        snprintf(half, sizeof half, "HTTP/1.1 %s\r\nContent-Length: 900\r\n\r\n%.60s", right_status,
                 right);
        fake_send(fd, half);
        break;
    case STEP_GARBAGE: fake_send_json(fd, "200 OK", "{\"number\":7,]"); break;
    case STEP_HUGE:
        fake_send(fd, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
        send_huge(fd);
        break;
    case STEP_503: fake_send_json(fd, "503 Busy", "{\"type\":\"/problems/too-busy\"}"); break;
    case STEP_REFUSED:
        fake_send_json(fd, "409 Conflict",
                       "{\"type\":\"/problems/day-closed\",\"detail\":\"The day is closed.\"}");
        break;
    case STEP_HANG: fake_hold(server, fd); break;
    case STEP_REPEATED:
    case STEP_RIGHT:
    case STEP_RIGHT_END:
    case STEP_NEW_SITE: fake_send_json(fd, right_status, right); break;
    }
}

static void answer_site(struct fake_server *server, int fd, enum step step)
{
    char other[sizeof sample_site];
    memcpy(other, sample_site, sizeof other);
    if (step == STEP_NEW_SITE)
        strstr(other, "aaaa1111")[0] = 'b';
    if (step == STEP_REPEATED)
        fake_send(fd, "HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n");
    else
        answer_document(server, fd, step, other, "200 OK");
}

static void answer(void *context, struct fake_server *server, int fd,
                   const struct fake_request *request)
{
    struct fixture *fixture = context;
    if (strcmp(request->path, "/api/site") == 0)
        answer_site(server, fd, next_step(fixture, &fixture->site, request));
    else if (strcmp(request->path, "/api/boards/lobby/stream") == 0)
        answer_stream(server, fd, next_step(fixture, &fixture->stream, request));
    else if (strcmp(request->path, "/api/tickets") == 0) {
        enum step step = next_step(fixture, &fixture->tickets, request);
        answer_document(server, fd, step, sample_ticket,
                        step == STEP_REPEATED ? "200 OK" : "201 Created");
    } else if (strcmp(request->path, "/api/visits") == 0) {
        answer_document(server, fd, next_step(fixture, &fixture->visits, request), "{}",
                        "201 Created");
    } else if (strcmp(request->path, "/api/help") == 0) {
        answer_document(server, fd, next_step(fixture, &fixture->help, request), "{}",
                        "201 Created");
    } else if (strcmp(request->path, "/api/prints/01ARZ3NDEKTSV4RRFFQ69G5FAV/done") == 0) {
        CHECK(strcmp(request->method, "POST") == 0);
        answer_document(server, fd, next_step(fixture, &fixture->done, request), "",
                        "204 No Content");
    } else if (strcmp(request->path, "/api/devices/self/state") == 0) {
        CHECK(strcmp(request->method, "PUT") == 0);
        answer_document(server, fd, next_step(fixture, &fixture->state, request), "",
                        "204 No Content");
    } else if (strcmp(request->path, "/api/help/lobby/cancel") == 0) {
        answer_document(server, fd, next_step(fixture, &fixture->cancel, request), "{}", "200 OK");
    }
}

static void on_wake(void *context)
{
    struct fixture *fixture = context;
    CHECK(eventfd_write(fixture->woken, 1) == 0);
}

static void start_client(struct fixture *fixture, const char *url, int silence_ms)
{
    struct client_options options = {
        .base_url = url,
        .board_id = "lobby",
        .cache_dir = fixture->cache_dir,
        .wake = on_wake,
        .wake_context = fixture,
        .silence_ms = silence_ms,
    };
    assert_int_equal(client_create(&options, &fixture->client), STATUS_OK);
}

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    CHECK(fixture != NULL && pthread_mutex_init(&fixture->lock, NULL) == 0);
    fixture->woken = eventfd(0, EFD_NONBLOCK);
    kit_set(fixture->cache_dir, sizeof fixture->cache_dir, "/tmp/quarter-client-XXXXXX");
    CHECK(mkdtemp(fixture->cache_dir) != NULL);
    fixture->server = fake_server_start(answer, fixture);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    char path[64];
    client_destroy(fixture->client);
    if (fixture->server != NULL)
        fake_server_stop(fixture->server);
    snprintf(path, sizeof path, "%s/site.json", fixture->cache_dir);
    (void)unlink(path);
    CHECK(rmdir(fixture->cache_dir) == 0); /* no temporary file is left behind */
    close(fixture->woken);
    CHECK(pthread_mutex_destroy(&fixture->lock) == 0);
    free(fixture);
    return 0;
}

static void script(struct route *route, int count, const enum step *steps)
{
    memcpy(route->steps, steps, (size_t)count * sizeof *steps);
    route->count = count;
}
#define SCRIPT(route, ...)                                                                         \
    script(route, (int)(sizeof((enum step[]){__VA_ARGS__}) / sizeof(enum step)),                   \
           (enum step[]){__VA_ARGS__})

/* Takes messages until one is of the type; the others are dropped. Fails the test when none comes
 * in time. */
static struct client_message wait_for(struct fixture *fixture, enum client_message_type type)
{
    struct client_message message;
    int64_t until_ms = client_monotonic_ms() + PATIENCE_MS;
    for (;;) {
        while (client_poll(fixture->client, &message)) {
            if (message.type == type)
                return message;
            client_message_clear(&message);
        }
        int64_t left_ms = until_ms - client_monotonic_ms();
        assert_true(left_ms > 0);
        struct pollfd fd = {.fd = fixture->woken, .events = POLLIN};
        eventfd_t value;
        (void)poll(&fd, 1, (int)left_ms);
        (void)eventfd_read(fixture->woken, &value);
    }
}

static struct issue_request request_of(const char *key)
{
    struct issue_request request = {.service = "housing_options", .language = "ur"};
    snprintf(request.key, sizeof request.key, "%s", key);
    return request;
}

static void test_site_board_and_time_arrive(void **state)
{
    struct fixture *fixture = *state;
    start_client(fixture, fake_server_url(fixture->server), 0);
    struct client_message message = wait_for(fixture, CLIENT_SITE);
    assert_false(message.site_from_cache);
    assert_string_equal(message.site->hash, "aaaa1111");
    client_message_clear(&message);
    client_destroy(fixture->client); /* and once more, to meet both orders */
    start_client(fixture, fake_server_url(fixture->server), 0);
    message = wait_for(fixture, CLIENT_BOARD);
    assert_string_equal(message.board->calls[0].number, "H07");
    client_message_clear(&message);
    message = wait_for(fixture, CLIENT_CLOCK);
    assert_int_equal(message.clock.server_ms % 100000, 28000);
    (void)wait_for(fixture, CLIENT_ONLINE);
}

static void test_stream_comes_back_from_damage(void **state)
{
    struct fixture *fixture = *state;
    SCRIPT(&fixture->stream, STEP_HALF, STEP_GARBAGE, STEP_HUGE, STEP_RIGHT);
    start_client(fixture, fake_server_url(fixture->server), 0);
    struct client_message message = wait_for(fixture, CLIENT_BOARD);
    assert_int_equal(message.board->version, 12);
    client_message_clear(&message);
    (void)wait_for(fixture, CLIENT_ONLINE);
    assert_int_equal(asked(fixture, &fixture->stream), 4);
}

static void test_stream_comes_back_from_a_busy_server(void **state)
{
    struct fixture *fixture = *state;
    SCRIPT(&fixture->stream, STEP_CLOSE, STEP_503, STEP_RIGHT);
    start_client(fixture, fake_server_url(fixture->server), 0);
    struct client_message message = wait_for(fixture, CLIENT_BOARD);
    client_message_clear(&message);
    assert_int_equal(asked(fixture, &fixture->stream), 3);
}

static void test_offline_is_told_and_every_reconnect_brings_a_view(void **state)
{
    struct fixture *fixture = *state;
    SCRIPT(&fixture->stream, STEP_RIGHT_END, STEP_RIGHT);
    start_client(fixture, fake_server_url(fixture->server), 0);
    for (int i = 0; i < 2; i++) {
        struct client_message message = wait_for(fixture, CLIENT_BOARD);
        client_message_clear(&message);
    }
    (void)wait_for(fixture, CLIENT_ONLINE);
}

static void test_silent_stream_is_taken_for_dead(void **state)
{
    struct fixture *fixture = *state;
    SCRIPT(&fixture->stream, STEP_HANG, STEP_RIGHT);
    int64_t begun_ms = client_monotonic_ms();
    start_client(fixture, fake_server_url(fixture->server), 300);
    struct client_message message = wait_for(fixture, CLIENT_OFFLINE);
    assert_true(client_monotonic_ms() - begun_ms >= 300);
    message = wait_for(fixture, CLIENT_BOARD);
    client_message_clear(&message);
    assert_true(asked(fixture, &fixture->stream) >= 2);
}

/* The network thread asks; the main thread only looks. */
static void wait_until_asked(struct fixture *fixture, const struct route *route, int times)
{
    int64_t until_ms = client_monotonic_ms() + PATIENCE_MS;
    while (asked(fixture, route) < times) {
        assert_true(client_monotonic_ms() < until_ms);
        (void)poll(NULL, 0, 5);
    }
}

static struct visit_request visit_of(const char *key)
{
    struct visit_request request = {.kind = "signposted", .service = "council_tax"};
    snprintf(request.key, sizeof request.key, "%s", key);
    return request;
}

static void test_visits_are_told_in_order_until_heard(void **state)
{
    struct fixture *fixture = *state;
    SCRIPT(&fixture->visits, STEP_503, STEP_CLOSE, STEP_RIGHT, STEP_REFUSED, STEP_RIGHT);
    start_client(fixture, fake_server_url(fixture->server), 0);
    static const char *const keys[] = {"visit-key-1", "visit-key-2", "visit-key-3"};
    for (int i = 0; i < 3; i++) {
        struct visit_request request = visit_of(keys[i]);
        assert_int_equal(client_visit(fixture->client, &request), STATUS_OK);
    }
    wait_until_asked(fixture, &fixture->visits, 5);
    static const int expected[] = {0, 0, 0, 1, 2}; /* the refused one is dropped */
    for (int i = 0; i < 5; i++)
        assert_string_equal(fixture->visits.keys[i], keys[expected[i]]);
    assert_string_equal(fixture->visits.bodies[0],
                        "{\"kind\":\"signposted\",\"service\":\"council_tax\"}");
}

static void test_visits_are_bounded_and_checked(void **state)
{
    struct fixture *fixture = *state;
    SCRIPT(&fixture->visits, STEP_HANG);
    start_client(fixture, fake_server_url(fixture->server), 0);
    struct visit_request request = visit_of("visit-key");
    assert_int_equal(client_visit(fixture->client, &request), STATUS_OK);
    assert_int_equal(client_visit(fixture->client, &request), STATUS_CONFLICT);
    for (int i = 1; i < CLIENT_VISITS_MAX; i++) {
        snprintf(request.key, sizeof request.key, "visit-key-%d", i);
        assert_int_equal(client_visit(fixture->client, &request), STATUS_OK);
    }
    kit_set(request.key, sizeof request.key, "one-too-many");
    assert_int_equal(client_visit(fixture->client, &request), STATUS_FULL);
    kit_set(request.kind, sizeof request.kind, "no code");
    assert_int_equal(client_visit(fixture->client, &request), STATUS_INVALID);
}

static void test_help_is_called_until_heard(void **state)
{
    struct fixture *fixture = *state;
    SCRIPT(&fixture->help, STEP_503, STEP_CLOSE, STEP_RIGHT);
    start_client(fixture, fake_server_url(fixture->server), 0);
    assert_int_equal(client_help(fixture->client, true, "ur"), STATUS_OK);
    struct client_message message = wait_for(fixture, CLIENT_HELP);
    assert_int_equal(message.of.help, CLIENT_HELP_RETRYING);
    message = wait_for(fixture, CLIENT_HELP);
    assert_int_equal(message.of.help, CLIENT_HELP_CALLED);
    assert_int_equal(asked(fixture, &fixture->help), 3);
    assert_string_equal(fixture->help.bodies[0], "{\"device\":\"lobby\",\"language\":\"ur\"}");
    assert_string_equal(fixture->help.keys[0], fixture->help.keys[2]);
    assert_int_equal(client_help(fixture->client, false, ""), STATUS_OK);
    message = wait_for(fixture, CLIENT_HELP);
    assert_int_equal(message.of.help, CLIENT_HELP_CANCELLED);
    assert_string_equal(fixture->cancel.bodies[0], "{}");
    assert_string_not_equal(fixture->cancel.keys[0], fixture->help.keys[0]);
}

static void test_the_last_wish_for_help_holds(void **state)
{
    struct fixture *fixture = *state;
    SCRIPT(&fixture->help, STEP_HANG, STEP_REFUSED);
    start_client(fixture, fake_server_url(fixture->server), 0);
    assert_int_equal(client_help(fixture->client, true, ""), STATUS_OK);
    wait_until_asked(fixture, &fixture->help, 1);
    assert_int_equal(client_help(fixture->client, false, ""), STATUS_OK);
    struct client_message message = wait_for(fixture, CLIENT_HELP);
    assert_int_equal(message.of.help, CLIENT_HELP_CANCELLED);
    assert_int_equal(client_help(fixture->client, true, ""), STATUS_OK);
    message = wait_for(fixture, CLIENT_HELP);
    assert_int_equal(message.of.help, CLIENT_HELP_REFUSED);
    assert_int_equal(client_help(fixture->client, true, "no code"), STATUS_INVALID);
}

static void test_what_became_of_a_print_is_told_until_heard(void **state)
{
    static const char print[] = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    struct fixture *fixture = *state;
    SCRIPT(&fixture->done, STEP_503, STEP_CLOSE, STEP_RIGHT, STEP_REFUSED, STEP_RIGHT);
    start_client(fixture, fake_server_url(fixture->server), 0);
    for (int i = 0; i < 3; i++) /* the second is refused, and dropped */
        assert_int_equal(client_print_done(fixture->client, print, i != 2), STATUS_OK);
    wait_until_asked(fixture, &fixture->done, 5);
    assert_string_equal(fixture->done.keys[0], fixture->done.keys[2]);
    assert_string_not_equal(fixture->done.keys[2], fixture->done.keys[3]);
    assert_string_equal(fixture->done.bodies[0], "{\"state\":\"printed\"}");
    assert_string_equal(fixture->done.bodies[4], "{\"state\":\"failed\"}");
    assert_int_equal(client_print_done(fixture->client, "no id/..", true), STATUS_INVALID);
}

static void test_the_printer_s_last_state_holds(void **state)
{
    struct fixture *fixture = *state;
    SCRIPT(&fixture->state, STEP_HANG, STEP_503, STEP_RIGHT);
    start_client(fixture, fake_server_url(fixture->server), 0);
    assert_int_equal(client_printer(fixture->client, "ready", ""), STATUS_OK);
    wait_until_asked(fixture, &fixture->state, 1);
    assert_int_equal(client_printer(fixture->client, "stopped", "media-empty"), STATUS_OK);
    wait_until_asked(fixture, &fixture->state, 3);
    for (int i = 1; i < 3; i++)
        assert_string_equal(fixture->state.bodies[i],
                            "{\"code\":\"lobby\",\"printer\":{\"state\":\"stopped\","
                            "\"reasons\":[\"media-empty\"]}}");
    assert_string_equal(fixture->state.keys[1], "");
    assert_int_equal(client_printer(fixture->client, "", ""), STATUS_OK);
    wait_until_asked(fixture, &fixture->state, 4);
    assert_string_equal(fixture->state.bodies[3], "{\"code\":\"lobby\",\"printer\":null}");
    assert_int_equal(client_printer(fixture->client, "on fire", ""), STATUS_INVALID);
}

static void test_no_server_is_no_crash(void **state)
{
    struct fixture *fixture = *state;
    char url[64];
    snprintf(url, sizeof url, "%s", fake_server_url(fixture->server));
    fake_server_stop(fixture->server); /* the port is free now */
    fixture->server = NULL;
    start_client(fixture, url, 0);
    struct client_message message = wait_for(fixture, CLIENT_OFFLINE);
    assert_true(message.of.since_ms > 0);
    struct issue_request request = request_of("key-no-server");
    assert_int_equal(client_issue(fixture->client, &request), STATUS_OK);
    message = wait_for(fixture, CLIENT_RETRYING);
    assert_string_equal(message.of.retrying.key, "key-no-server");
}

static void test_changed_site_is_fetched_again(void **state)
{
    struct fixture *fixture = *state;
    SCRIPT(&fixture->stream, STEP_RIGHT_END, STEP_NEW_SITE);
    SCRIPT(&fixture->site, STEP_RIGHT, STEP_HALF, STEP_NEW_SITE);
    start_client(fixture, fake_server_url(fixture->server), 0);
    struct client_message message;
    bool changed = false;
    while (!changed) {
        message = wait_for(fixture, CLIENT_SITE);
        changed = strcmp(message.site->hash, "baaa1111") == 0;
        client_message_clear(&message);
    }
    assert_string_equal(fixture->site.if_none_match[2], "\"aaaa1111\"");
}

/* A server whose site never has the hash its views name is asked once more, not for ever. */
static void test_site_of_another_hash_is_asked_for_once(void **state)
{
    struct fixture *fixture = *state;
    SCRIPT(&fixture->stream, STEP_NEW_SITE, STEP_NEW_SITE);
    start_client(fixture, fake_server_url(fixture->server), 250);
    for (int i = 0; i < 3; i++) {
        struct client_message message = wait_for(fixture, CLIENT_BOARD);
        client_message_clear(&message);
    }
    assert_true(asked(fixture, &fixture->site) <= 2);
}

static void test_cached_site_is_offered_without_a_server(void **state)
{
    struct fixture *fixture = *state;
    char url[64];
    snprintf(url, sizeof url, "%s", fake_server_url(fixture->server));
    start_client(fixture, url, 0);
    struct client_message message = wait_for(fixture, CLIENT_SITE);
    client_message_clear(&message);
    client_destroy(fixture->client);
    fixture->client = NULL;
    fake_server_stop(fixture->server);
    fixture->server = NULL;
    start_client(fixture, url, 0);
    message = wait_for(fixture, CLIENT_SITE);
    assert_true(message.site_from_cache);
    assert_string_equal(message.site->hash, "aaaa1111");
    client_message_clear(&message);
}

static void test_ticket_is_issued(void **state)
{
    struct fixture *fixture = *state;
    start_client(fixture, fake_server_url(fixture->server), 0);
    struct issue_request request = request_of("key-right-1");
    assert_int_equal(client_issue(fixture->client, &request), STATUS_OK);
    assert_int_equal(client_issue(fixture->client, &request), STATUS_CONFLICT);
    struct client_message message = wait_for(fixture, CLIENT_TICKET);
    assert_string_equal(message.of.ticket.number, "H07");
    assert_string_equal(message.of.ticket.key, "key-right-1");
    assert_false(message.of.ticket.repeated);
    assert_string_equal(fixture->tickets.keys[0], "key-right-1");
    assert_string_equal(fixture->tickets.bodies[0],
                        "{\"service\":\"housing_options\",\"language\":\"ur\"}");
}

static void issue_is_repeated(struct fixture *fixture, enum step first, enum step second)
{
    SCRIPT(&fixture->tickets, first, second, STEP_REPEATED);
    start_client(fixture, fake_server_url(fixture->server), 0);
    struct issue_request request = request_of("key-again-1");
    assert_int_equal(client_issue(fixture->client, &request), STATUS_OK);
    struct client_message message = wait_for(fixture, CLIENT_RETRYING);
    assert_int_equal(message.of.retrying.attempts, 1);
    message = wait_for(fixture, CLIENT_TICKET);
    assert_true(message.of.ticket.repeated);
    int times = asked(fixture, &fixture->tickets);
    assert_true(times >= 3); /* curl itself may repeat on a connection that died unused */
    for (int i = 1; i < times && i < STEPS_MAX; i++) {
        assert_string_equal(fixture->tickets.keys[i], "key-again-1");
        assert_string_equal(fixture->tickets.bodies[i], fixture->tickets.bodies[0]);
    }
}

static void test_issue_is_repeated_with_its_key_after_lost_answers(void **state)
{
    issue_is_repeated(*state, STEP_CLOSE, STEP_HALF);
}

static void test_issue_is_repeated_with_its_key_after_bad_answers(void **state)
{
    issue_is_repeated(*state, STEP_503, STEP_GARBAGE);
}

static void test_refusal_ends_the_request(void **state)
{
    struct fixture *fixture = *state;
    SCRIPT(&fixture->tickets, STEP_REFUSED);
    start_client(fixture, fake_server_url(fixture->server), 0);
    struct issue_request request = request_of("key-refused");
    assert_int_equal(client_issue(fixture->client, &request), STATUS_OK);
    struct client_message message = wait_for(fixture, CLIENT_REFUSED);
    assert_string_equal(message.of.refused.key, "key-refused");
    assert_string_equal(message.of.refused.code, "day-closed");
    assert_int_equal(message.of.refused.http_status, 409);
    assert_int_equal(asked(fixture, &fixture->tickets), 1);
}

static void test_cancelled_requests_free_their_places(void **state)
{
    struct fixture *fixture = *state;
    SCRIPT(&fixture->tickets, STEP_HANG);
    start_client(fixture, fake_server_url(fixture->server), 0);
    for (int round = 0; round < 3; round++) {
        char key[32];
        for (int i = 0; i < CLIENT_ISSUES_MAX; i++) {
            snprintf(key, sizeof key, "key-hang-%d", i);
            struct issue_request request = request_of(key);
            int64_t until_ms = client_monotonic_ms() + PATIENCE_MS;
            while (client_issue(fixture->client, &request) != STATUS_OK)
                assert_true(client_monotonic_ms() < until_ms); /* the thread is still clearing up */
        }
        struct issue_request more = request_of("key-one-too-many");
        assert_int_equal(client_issue(fixture->client, &more), STATUS_FULL);
        for (int i = 0; i < CLIENT_ISSUES_MAX; i++) {
            snprintf(key, sizeof key, "key-hang-%d", i);
            client_cancel(fixture->client, key);
        }
    }
    client_cancel(fixture->client, "key-unknown");
    struct client_message message;
    while (client_poll(fixture->client, &message)) {
        assert_true(message.type != CLIENT_TICKET && message.type != CLIENT_REFUSED);
        client_message_clear(&message);
    }
}

static void test_wrong_requests_and_options_are_refused(void **state)
{
    struct fixture *fixture = *state;
    struct client_options options = {.base_url = "not a url"};
    struct client *client = NULL;
    assert_int_equal(client_create(&options, &client), STATUS_INVALID);
    options.base_url = "ftp://127.0.0.1";
    assert_int_equal(client_create(&options, &client), STATUS_INVALID);
    options.base_url = "http://127.0.0.1:1";
    options.board_id = "../site";
    assert_int_equal(client_create(&options, &client), STATUS_INVALID);
    start_client(fixture, fake_server_url(fixture->server), 0);
    struct issue_request request = request_of("short");
    assert_int_equal(client_issue(fixture->client, &request), STATUS_INVALID);
    request = request_of("key with space");
    assert_int_equal(client_issue(fixture->client, &request), STATUS_INVALID);
    request = request_of("key-answers");
    request.answer_count = 1;
    kit_set(request.answers[0].question, sizeof request.answers[0].question, "q");
    kit_set(request.answers[0].text, sizeof request.answers[0].text, "\xFF");
    assert_int_equal(client_issue(fixture->client, &request), STATUS_INVALID);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_site_board_and_time_arrive),
        TEST(test_stream_comes_back_from_damage),
        TEST(test_stream_comes_back_from_a_busy_server),
        TEST(test_offline_is_told_and_every_reconnect_brings_a_view),
        TEST(test_silent_stream_is_taken_for_dead),
        TEST(test_visits_are_told_in_order_until_heard),
        TEST(test_visits_are_bounded_and_checked),
        TEST(test_help_is_called_until_heard),
        TEST(test_the_last_wish_for_help_holds),
        TEST(test_what_became_of_a_print_is_told_until_heard),
        TEST(test_the_printer_s_last_state_holds),
        TEST(test_no_server_is_no_crash),
        TEST(test_changed_site_is_fetched_again),
        TEST(test_site_of_another_hash_is_asked_for_once),
        TEST(test_cached_site_is_offered_without_a_server),
        TEST(test_ticket_is_issued),
        TEST(test_issue_is_repeated_with_its_key_after_lost_answers),
        TEST(test_issue_is_repeated_with_its_key_after_bad_answers),
        TEST(test_refusal_ends_the_request),
        TEST(test_cancelled_requests_free_their_places),
        TEST(test_wrong_requests_and_options_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
