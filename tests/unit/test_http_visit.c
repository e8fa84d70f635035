/* A visit as its own phone follows it: whose address is whose, what is told and what is not, what the visitor may do,
 * how an address dies, and what ten thousand wrong ones get. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/visit_json.h"
#include "http/visit_tokens.h"
#include "http/visits.h"
#include "http_rig.h"
#include "http_stream.h"

static struct rig the_rig;

static int set_up_at(void **state, int speed)
{
    the_rig = (struct rig){0};
    rig_make(&the_rig);
    the_rig.site_dir = "tests/unit/sites/triage";
    the_rig.speed = speed;
    rig_start(&the_rig);
    *state = &the_rig;
    return 0;
}

static int set_up(void **state)
{
    return set_up_at(state, 1);
}

static int set_up_fast(void **state)
{
    return set_up_at(state, 300);
}

struct visit {
    char id[32], token[VISIT_TOKEN_LEN + 1], at[96];
};

static void visit_of(const json_t *ticket, struct visit *visit)
{
    static const char start[] = "https://queue.example.gov.uk/t/";
    const char *url = rig_text(ticket, "url");
    assert_non_null(url);
    assert_memory_equal(url, start, sizeof(start) - 1);
    assert_true(visit_token_is_formed(url + sizeof(start) - 1));
    (void)snprintf(visit->id, sizeof(visit->id), "%s", rig_text(ticket, "id"));
    (void)snprintf(visit->token, sizeof(visit->token), "%s", url + sizeof(start) - 1);
    (void)snprintf(visit->at, sizeof(visit->at), "/api/visits/%s", visit->token);
}

static void issue(struct rig *rig, const char *key, const char *body, long status,
                  struct visit *visit)
{
    struct reply reply;
    visit_of(rig_expect(
                 rig,
                 &(struct ask){.method = "POST", .path = "/api/tickets", .key = key, .body = body},
                 status, &reply),
             visit);
    reply_free(&reply);
}

static void come(struct rig *rig, struct visit *visit)
{
    char key[40];
    rig_new_key(key);
    issue(rig, key, "{\"service\":\"housing\",\"language\":\"pl\"}", 201, visit);
}

static long status_of(struct rig *rig, const char *path)
{
    struct reply reply = rig_ask(rig, &(struct ask){.method = "GET", .path = path});
    const long status = reply.status;
    reply_free(&reply);
    return status;
}

/* To reply_free(). */
static json_t *view(struct rig *rig, const struct visit *visit, struct reply *reply)
{
    return rig_expect(rig, &(struct ask){.method = "GET", .path = visit->at}, 200, reply);
}

static void expect_state(struct rig *rig, const struct visit *visit, const char *state)
{
    struct reply reply;
    assert_string_equal(rig_text(view(rig, visit, &reply), "state"), state);
    reply_free(&reply);
}

static long act(struct rig *rig, const struct visit *visit, const char *verb, const char *body,
                json_t **answer)
{
    char path[128], key[40];
    (void)snprintf(path, sizeof(path), "%s/%s", visit->at, verb);
    rig_new_key(key);
    struct reply reply =
        rig_ask(rig, &(struct ask){.method = "POST", .path = path, .key = key, .body = body});
    const long status = reply.status;
    if (answer != NULL) {
        *answer = json_incref(reply.json);
    }
    reply_free(&reply);
    return status;
}

/* Whoever reads the journal opens no visit with it. */
static void expect_not_stored(const struct rig *rig, const struct visit *visit)
{
    bool is_there = false;
    static const char *const ends[] = {"", "-wal"};
    for (size_t i = 0; i < 2; i++) {
        char path[128];
        (void)snprintf(path, sizeof(path), "%s%s", rig->journal, ends[i]);
        FILE *file = fopen(path, "re");
        if (file == NULL) {
            continue; /* put by when the server stopped */
        }
        assert_int_equal(fseek(file, 0, SEEK_END), 0);
        const size_t size = (size_t)ftell(file);
        char *bytes = malloc(size + 1);
        assert_non_null(bytes);
        rewind(file);
        assert_int_equal(fread(bytes, 1, size, file), size);
        is_there = is_there || memmem(bytes, size, visit->id, strlen(visit->id)) != NULL;
        assert_null(memmem(bytes, size, visit->token, strlen(visit->token)));
        free(bytes);
        (void)fclose(file);
    }
    assert_true(is_there);
}

static void an_address_is_one_visits_alone_and_lasts(void **state)
{
    struct rig *rig = *state;
    static const char body[] = "{\"service\":\"housing\",\"language\":\"pl\"}";
    struct visit first, again, other;
    char key[40], path[80];
    rig_new_key(key);
    issue(rig, key, body, 201, &first);
    issue(rig, key, body, 200, &again); /* the same request, the same address */
    assert_string_equal(first.token, again.token);
    come(rig, &other);
    assert_string_not_equal(first.token, other.token);
    (void)snprintf(path, sizeof(path), "/api/tickets/%s", first.id); /* for a reprint */
    struct reply reply;
    visit_of(rig_expect(rig, &(struct ask){.method = "GET", .path = path}, 200, &reply), &again);
    assert_string_equal(first.token, again.token);
    reply_free(&reply);
    rig_halt(rig);
    expect_not_stored(rig, &first);
    rig_start(rig);
    issue(rig, key, body, 200, &again); /* worked out anew */
    assert_string_equal(first.token, again.token);
    expect_state(rig, &first, "waiting");
    expect_state(rig, &other, "waiting");
}

static void a_phone_is_told_what_it_needs_and_nothing_of_who_it_is(void **state)
{
    struct rig *rig = *state;
    struct visit visit;
    char key[40];
    struct reply reply;
    rig_new_key(key);
    issue(rig, key,
          "{\"service\":\"housing\",\"language\":\"pl\",\"class\":\"urgent\","
          "\"answers\":{\"note\":\"fled from her husband\"}}",
          201, &visit);
    const json_t *told = view(rig, &visit, &reply);
    assert_string_equal(rig_text(told, "state"), "waiting");
    assert_string_equal(rig_text(told, "language"), "pl");
    assert_int_equal(json_integer_value(json_object_get(told, "place")), 1);
    assert_true(json_is_true(json_object_get(told, "can_hold")));
    assert_non_null(rig_text(json_object_get(told, "service"), "en"));
    assert_null(strstr(reply.body, "husband"));
    assert_null(strstr(reply.body, "urgent"));
    assert_null(strstr(reply.body, visit.id));
    assert_null(strstr(reply.body, visit.token));
    reply_free(&reply);

    assert_int_equal(rig_counter(rig, "1", "open", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "next", NULL), 200);
    told = view(rig, &visit, &reply);
    assert_string_equal(rig_text(told, "state"), "called");
    assert_non_null(rig_text(json_object_get(told, "counter"), "en"));
    assert_true(json_is_null(json_object_get(told, "place")));
    reply_free(&reply);
    assert_int_equal(rig_counter(rig, "1", "start", NULL), 200);
    expect_state(rig, &visit, "serving");
    assert_int_equal(act(rig, &visit, "leave", "{}", NULL), 409);
    assert_int_equal(rig_counter(rig, "1", "finish", NULL), 200);
    told = view(rig, &visit, &reply);
    assert_string_equal(rig_text(told, "state"), "ended");
    assert_string_equal(rig_text(told, "ended"), "served");
    reply_free(&reply);
}

static void a_visitor_lets_others_go_first_and_leaves(void **state)
{
    struct rig *rig = *state;
    struct visit first, second;
    json_t *answer = NULL;
    char number[8] = "", key[40], path[128];
    come(rig, &first);
    come(rig, &second);
    assert_int_equal(act(rig, &first, "hold", "{\"minutes\":7}", NULL), 422);
    assert_int_equal(act(rig, &first, "hold", "{\"minutes\":10}", &answer), 200);
    assert_string_equal(rig_text(answer, "state"), "waiting");
    assert_non_null(rig_text(answer, "held_until"));
    assert_int_equal(json_object_size(answer), 2); /* no receipt: it would tell more */
    json_decref(answer);
    assert_int_equal(rig_counter(rig, "1", "open", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "next", number), 200);
    expect_state(rig, &first, "waiting");
    expect_state(rig, &second, "called");
    assert_int_equal(act(rig, &first, "unhold", "{}", &answer), 200);
    assert_true(json_is_null(json_object_get(answer, "held_until")));
    json_decref(answer);

    /* Leaving, sent twice under one key, is leaving once. */
    rig_new_key(key);
    (void)snprintf(path, sizeof(path), "%s/leave", first.at);
    for (int i = 0; i < 2; i++) {
        struct reply reply;
        const struct ask ask = {.method = "POST", .path = path, .key = key, .body = "{}"};
        assert_string_equal(rig_text(rig_expect(rig, &ask, 200, &reply), "state"), "ended");
        reply_free(&reply);
    }
    assert_int_equal(act(rig, &first, "leave", "{}", NULL), 409);
    expect_state(rig, &first, "ended");
}

/* At 300 times the speed a quarter of an hour takes three seconds. */
static void an_address_dies_a_while_after_its_visit(void **state)
{
    struct rig *rig = *state;
    struct visit visit, waits;
    struct listener listener;
    struct heard heard;
    char path[128];
    const struct ticket over = {.state = TICKET_LEFT, .ended_at_ms = 1000};
    assert_true(visit_is_told(&over, 1000 + visit_linger_ms - 1));
    assert_false(visit_is_told(&over, 1000 + visit_linger_ms));

    come(rig, &visit);
    come(rig, &waits);
    (void)snprintf(path, sizeof(path), "%s/stream", visit.at);
    listener_open(&listener, rig, path, NULL);
    assert_true(listener_next_of(&listener, "view", &heard));
    heard_free(&heard);
    assert_int_equal(act(rig, &visit, "leave", "{}", NULL), 200);
    while (listener_next(&listener, &heard)) { /* whoever follows it is let go */
        heard_free(&heard);
    }
    listener_close(&listener);
    rig_expect_problem(rig, &(struct ask){.method = "GET", .path = visit.at}, "no-such-visit");
    rig_expect_problem(rig, &(struct ask){.method = "GET", .path = path}, "no-such-visit");
    assert_int_equal(act(rig, &visit, "leave", "{}", NULL), 404);
    assert_int_equal(act(rig, &visit, "hold", "{\"minutes\":5}", NULL), 404);
    assert_int_equal(status_of(rig, waits.at), 200);
}

static void wrong_addresses_look_all_the_same(void **state)
{
    struct rig *rig = *state;
    struct visit visit;
    char nearly[96], *first = NULL;
    come(rig, &visit);
    (void)snprintf(nearly, sizeof(nearly), "%s", visit.at);
    char *last = &nearly[strlen(nearly) - 1];
    *last = *last == 'A' ? 'B' : 'A';
    const char *const paths[] = {nearly, "/api/visits/AAAAAAAAAAAAAAAAAAAAAAAAAA", "/api/visits/x",
                                 "/api/visits/..%2f..%2fsite",
                                 "/api/visits/01JDTEST000000000000000001"};
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        struct reply reply = rig_ask(rig, &(struct ask){.method = "GET", .path = paths[i]});
        assert_int_equal(reply.status, 404);
        if (first == NULL) {
            first = strdup(reply.body);
        }
        assert_string_equal(reply.body, first);
        reply_free(&reply);
    }
    free(first);
}

/* One request and its answer on a connection that stays; gives the status. */
static int ask_raw(int fd, const char *path)
{
    char text[4096];
    const int length = snprintf(text, sizeof(text),
                                "GET %s HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n", path);
    assert_int_equal(send(fd, text, (size_t)length, 0), length);
    size_t got = 0;
    for (;;) {
        const ssize_t count = recv(fd, text + got, sizeof(text) - 1 - got, 0);
        assert_true(count > 0);
        got += (size_t)count;
        text[got] = '\0';
        const char *end = strstr(text, "\r\n\r\n");
        const char *body_length = strstr(text, "Content-Length: ");
        if (end != NULL && body_length != NULL &&
            got >= (size_t)(end + 4 - text) + strtoul(body_length + 16, NULL, 10)) {
            return (int)strtol(text + 9, NULL, 10);
        }
    }
}

static void ten_thousand_wrong_tokens_find_nothing(void **state)
{
    struct rig *rig = *state;
    struct visit visit;
    int found[600] = {0};
    come(rig, &visit);
    const int fd = rig_connect(rig);
    unsigned seed = 7;
    for (int i = 0; i < 10000; i++) {
        char path[64] = "/api/visits/";
        for (int k = 0; k < VISIT_TOKEN_LEN; k++) {
            seed = seed * 1664525U + 1013904223U;
            path[12 + k] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[seed >> 27];
        }
        path[12 + VISIT_TOKEN_LEN] = '\0';
        const int status = ask_raw(fd, path);
        assert_in_range(status, 0, 599);
        found[status]++;
        if (i % 2500 == 0) { /* the queue goes on, and so does whoever has a right one */
            rig_issue(rig, "housing", NULL, NULL);
            assert_int_equal(ask_raw(fd, visit.at), 200);
        }
    }
    (void)close(fd);
    assert_int_equal(found[404] + found[429], 10000);
    assert_true(found[404] >= 30); /* and one more each two seconds */
    assert_true(found[429] > 0);
    assert_int_equal(act(rig, &visit, "hold", "{\"minutes\":5}", NULL), 200);
    struct reply reply = rig_ask(
        rig, &(struct ask){.method = "GET", .path = "/api/visits/AAAAAAAAAAAAAAAAAAAAAAAAAA"});
    if (reply.status == 429) {
        assert_string_equal(reply.retry_after, "2");
    }
    reply_free(&reply);
}

/* By the site's own name in the world there is a visit's page and nothing else; its pages may act, others may not. */
static void from_outside_there_is_only_the_visit(void **state)
{
    struct rig *rig = *state;
    struct visit visit;
    char key[40], path[128], page[64];
    come(rig, &visit);
    rig_new_key(key);
    (void)snprintf(path, sizeof(path), "%s/hold", visit.at);
    (void)snprintf(page, sizeof(page), "/t/%s", visit.token);
    const char *const open[] = {visit.at, page, "/web/visit.html", "/api/words/pl"};
    for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++) {
        struct reply reply;
        (void)rig_expect(rig,
                         &(struct ask){.method = "GET",
                                       .path = open[i],
                                       .headers = {"Host: Queue.example.gov.uk"}},
                         200, &reply);
        reply_free(&reply);
    }
    static const char *const shut[] = {"/",        "/api/site",  "/api/counters",
                                       "/metrics", "/counter/1", "/api/boards/lobby"};
    for (size_t i = 0; i < sizeof(shut) / sizeof(shut[0]); i++) {
        rig_expect_problem(rig,
                           &(struct ask){.method = "GET",
                                         .path = shut[i],
                                         .headers = {"Host: queue.example.gov.uk"}},
                           "wrong-host");
    }
    rig_expect_problem(rig,
                       &(struct ask){.method = "GET",
                                     .path = visit.at,
                                     .headers = {"Host: queue.example.gov.uk.evil.example"}},
                       "wrong-host");
    struct ask act = {.method = "POST", .path = path, .key = key, .body = "{\"minutes\":5}"};
    act.headers[0] = "Host: queue.example.gov.uk";
    act.headers[1] = "Origin: https://evil.example";
    rig_expect_problem(rig, &act, "cross-site");
    act.headers[1] = "Origin: https://queue.example.gov.uk";
    act.headers[2] = "Sec-Fetch-Site: same-origin";
    struct reply reply;
    (void)rig_expect(rig, &act, 200, &reply);
    reply_free(&reply);
}

enum { PHONES = 250 };

static void hundreds_of_phones_follow_and_each_hears_of_itself(void **state)
{
    struct rig *rig = *state;
    struct listener *listeners = calloc(PHONES, sizeof(*listeners));
    struct visit *visits = calloc(PHONES, sizeof(*visits));
    struct heard heard;
    char path[128];
    assert_non_null(listeners);
    assert_non_null(visits);
    for (int i = 0; i < PHONES; i++) {
        come(rig, &visits[i]);
        (void)snprintf(path, sizeof(path), "%s/stream", visits[i].at);
        listener_open(&listeners[i], rig, path, NULL);
    }
    for (int i = 0; i < PHONES; i++) {
        assert_true(listener_next_of(&listeners[i], "view", &heard));
        assert_string_equal(rig_text(heard.data, "state"), "waiting");
        heard_free(&heard);
    }
    assert_int_equal(rig_counter(rig, "1", "open", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "next", NULL), 200);
    const char *told = "";
    while (strcmp(told, "called") != 0) {
        assert_true(listener_next_of(&listeners[0], "view", &heard));
        told = strcmp(rig_text(heard.data, "state"), "called") == 0 ? "called" : "";
        heard_free(&heard);
    }
    for (int i = 1; i < PHONES; i++) { /* nobody else was */
        assert_true(listener_next_of(&listeners[i], "view", &heard));
        assert_string_equal(rig_text(heard.data, "state"), "waiting");
        heard_free(&heard);
    }
    for (int i = 0; i < PHONES; i++) {
        listener_close(&listeners[i]);
    }
    free(listeners);
    free(visits);
}

/* More than a family with one address would take the places of others. */
static void one_visit_cannot_take_all_places(void **state)
{
    struct rig *rig = *state;
    static struct listener listeners[VISITS_STREAMS_EACH];
    struct visit visit;
    struct heard heard;
    char path[128];
    come(rig, &visit);
    (void)snprintf(path, sizeof(path), "%s/stream", visit.at);
    for (int i = 0; i < VISITS_STREAMS_EACH; i++) {
        listener_open(&listeners[i], rig, path, NULL);
        assert_true(listener_next_of(&listeners[i], "view", &heard));
        heard_free(&heard);
    }
    rig_expect_problem(rig, &(struct ask){.method = "GET", .path = path}, "too-busy");
    assert_int_equal(status_of(rig, visit.at), 200); /* it may ask now and then */
    for (int i = 0; i < VISITS_STREAMS_EACH; i++) {
        listener_close(&listeners[i]);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_address_is_one_visits_alone_and_lasts),
        TEST(a_phone_is_told_what_it_needs_and_nothing_of_who_it_is),
        TEST(a_visitor_lets_others_go_first_and_leaves),
        cmocka_unit_test_setup_teardown(an_address_dies_a_while_after_its_visit, set_up_fast,
                                        rig_tear_down),
        TEST(wrong_addresses_look_all_the_same),
        TEST(ten_thousand_wrong_tokens_find_nothing),
        TEST(from_outside_there_is_only_the_visit),
        TEST(hundreds_of_phones_follow_and_each_hears_of_itself),
        TEST(one_visit_cannot_take_all_places),
    };
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    curl_global_cleanup();
    return failed;
}
