/* What a kiosk tells the server beside tickets: visits that end there, calls for help, what was answered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/engine.h"
#include "http/time_text.h"
#include "http_rig.h"
#include "http_stream.h"

/* Under a fresh key; the caller frees. */
static struct reply post(struct rig *rig, const char *path, const char *body, long status)
{
    char key[40];
    struct reply reply;
    rig_new_key(key);
    (void)rig_expect(rig, &(struct ask){.method = "POST", .path = path, .key = key, .body = body},
                     status, &reply);
    return reply;
}

static void do_post(struct rig *rig, const char *path, const char *body, long status)
{
    struct reply reply = post(rig, path, body, status);
    reply_free(&reply);
}

static json_t *get(struct rig *rig, const char *path, struct reply *reply)
{
    return rig_expect(rig, &(struct ask){.method = "GET", .path = path}, 200, reply);
}

static void expect_metric(struct rig *rig, const char *line)
{
    struct reply reply;
    (void)get(rig, "/metrics", &reply);
    if (strstr(reply.body, line) == NULL) {
        fail_msg("there is no %s in the metrics", line);
    }
    reply_free(&reply);
}

static void a_visit_without_a_queue_is_recorded_once(void **state)
{
    struct rig *rig = *state;
    static const char body[] = "{\"kind\":\"signposted\",\"service\":\"parking\",\"signpost\":"
                               "\"permit_online\",\"language\":\"pl\",\"device\":\"kiosk-1\","
                               "\"avoidable\":\"wrong_place\"}";
    char key[40], id[32];
    struct reply reply;
    rig_new_key(key);
    const struct ask ask = {.method = "POST", .path = "/api/visits", .key = key, .body = body};
    const json_t *visit = rig_expect(rig, &ask, 201, &reply);
    (void)snprintf(id, sizeof(id), "%s", rig_text(visit, "id"));
    assert_string_equal(rig_text(visit, "kind"), "signposted");
    assert_string_equal(rig_text(visit, "signpost"), "permit_online");
    assert_string_equal(rig_text(visit, "avoidable"), "wrong_place");
    reply_free(&reply);
    assert_string_equal(rig_text(rig_expect(rig, &ask, 200, &reply), "id"), id);
    reply_free(&reply);
    expect_metric(rig, "\nquarter_visits_total{kind=\"signposted\"} 1\n");
    expect_metric(rig, "\nquarter_visits_total{kind=\"self_served\"} 0\n");
    expect_metric(rig, "\nquarter_tickets_waiting 0\n");
}

static void a_visit_that_is_none_gets_a_problem(void **state)
{
    struct rig *rig = *state;
    static const struct {
        const char *body, *code;
    } wrong[] = {
        {"{\"service\":\"parking\"}", "invalid-field"},
        {"{\"kind\":\"queued\",\"service\":\"parking\"}", "invalid-field"},
        {"{\"kind\":\"signposted\"}", "invalid-field"},
        {"{\"kind\":\"signposted\",\"service\":\"parking\",\"needs\":[]}", "invalid-field"},
        {"{\"kind\":\"signposted\",\"service\":\"moon\"}", "unknown-service"},
        {"{\"kind\":\"signposted\",\"service\":\"parking\",\"language\":\"xx\"}",
         "unknown-language"},
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        rig_expect_refusal(rig, "/api/visits", wrong[i].body, wrong[i].code);
    }
}

/* The next view in which the member is (not) null; the caller frees. */
static struct heard view_with(struct listener *listener, const char *member, bool is_null)
{
    struct heard heard;
    for (int i = 0; i < 50; i++) {
        assert_true(listener_next_of(listener, "view", &heard));
        if (json_is_null(json_object_get(heard.data, member)) == is_null) {
            return heard;
        }
        heard_free(&heard);
    }
    fail_msg("no such view comes");
    return heard;
}

static struct heard view_with_help(struct listener *listener, size_t calls)
{
    struct heard heard;
    for (int i = 0; i < 50; i++) {
        assert_true(listener_next_of(listener, "view", &heard));
        if (json_array_size(json_object_get(heard.data, "help")) == calls) {
            return heard;
        }
        heard_free(&heard);
    }
    fail_msg("no such view comes");
    return heard;
}

static void a_call_for_help_is_seen_by_that_kiosk_and_all_counters(void **state)
{
    struct rig *rig = *state;
    struct listener kiosk, counter;
    struct heard heard;
    struct reply reply;
    listener_open(&kiosk, rig, "/api/boards/kiosk-1/stream", NULL);
    listener_open(&counter, rig, "/api/counters/1/stream", NULL);
    heard = view_with(&kiosk, "help", true);
    heard_free(&heard);
    do_post(rig, "/api/help", "{\"device\":\"kiosk-1\",\"language\":\"pl\"}", 201);
    heard = view_with(&kiosk, "help", false);
    const json_t *help = json_object_get(heard.data, "help");
    assert_true(json_is_null(json_object_get(help, "answered_at")));
    char since[32];
    (void)snprintf(since, sizeof(since), "%s", rig_text(help, "since"));
    heard_free(&heard);
    heard = view_with_help(&counter, 1);
    help = json_array_get(json_object_get(heard.data, "help"), 0);
    assert_string_equal(rig_text(help, "device"), "kiosk-1");
    assert_string_equal(rig_text(help, "since"), since);
    assert_string_equal(rig_text(help, "language"), "pl");
    heard_free(&heard);
    help = json_object_get(get(rig, "/api/boards/lobby", &reply), "help");
    assert_true(json_is_null(help));
    reply_free(&reply);
    help = json_object_get(get(rig, "/api/boards/kiosk-1", &reply), "help");
    assert_string_equal(rig_text(help, "since"), since);
    reply_free(&reply);
    reply = post(rig, "/api/help", "{\"device\":\"kiosk-1\"}", 200); /* it calls already */
    assert_string_equal(rig_text(reply.json, "since"), since);
    reply_free(&reply);
    expect_metric(rig, "\nquarter_help_calls 1\n");

    int64_t answered_ms = 0, now_ms = 0;
    reply = post(rig, "/api/help/kiosk-1/answer", "{}", 200);
    assert_true(time_text_read(rig_text(reply.json, "answered_at"), &answered_ms));
    reply_free(&reply);
    heard = view_with_help(&counter, 0);
    assert_true(time_text_read(rig_text(heard.data, "now"), &now_ms));
    assert_true(now_ms - answered_ms < 10000); /* at once, not when it is over */
    heard_free(&heard);
    do {
        heard = view_with(&kiosk, "help", false);
        help = json_object_get(heard.data, "help");
        (void)snprintf(since, sizeof(since), "%s", rig_text(help, "answered_at"));
        heard_free(&heard);
    } while (since[0] == '\0');
    expect_metric(rig, "\nquarter_help_calls 0\n");
    listener_close(&kiosk);
    listener_close(&counter);
}

static void an_answered_call_goes_after_a_minute(void **state)
{
    struct rig *rig = *state;
    struct listener kiosk;
    struct heard heard;
    rig_halt(rig);
    rig->speed = 200;
    rig_start(rig);
    listener_open(&kiosk, rig, "/api/boards/kiosk-1/stream", NULL);
    do_post(rig, "/api/help", "{\"device\":\"kiosk-1\"}", 201);
    heard = view_with(&kiosk, "help", false); /* before the answer: a minute is 300 ms here */
    heard_free(&heard);
    do_post(rig, "/api/help/kiosk-1/answer", "{}", 200);
    heard = view_with(&kiosk, "help", true);
    heard_free(&heard);
    rig->speed = 0;
    listener_close(&kiosk);
}

static void help_that_cannot_be_gets_a_problem(void **state)
{
    struct rig *rig = *state;
    static const struct {
        const char *path, *body, *code;
    } wrong[] = {
        {"/api/help", "{}", "invalid-field"},
        {"/api/help", "{\"device\":\"lobby\"}", "invalid-field"}, /* a display calls nobody */
        {"/api/help", "{\"device\":\"kiosk-1\",\"language\":\"xx\"}", "unknown-language"},
        {"/api/help/kiosk-1/answer", "{}", "no-help-call"},
        {"/api/help/kiosk-1/answer", "{\"who\":\"me\"}", "invalid-field"},
        {"/api/help/Kiosk%201/answer", "{}", "not-found"},
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        rig_expect_refusal(rig, wrong[i].path, wrong[i].body, wrong[i].code);
    }
    struct reply reply = post(rig, "/api/help/kiosk-1/cancel", "{}", 200); /* nobody called */
    assert_true(json_is_null(json_object_get(reply.json, "since")));
    reply_free(&reply);
}

static void a_call_for_help_outlives_a_restart(void **state)
{
    struct rig *rig = *state;
    struct reply reply = post(rig, "/api/help", "{\"device\":\"kiosk-1\"}", 201);
    char since[32];
    (void)snprintf(since, sizeof(since), "%s", rig_text(reply.json, "since"));
    reply_free(&reply);
    rig_halt(rig);
    rig_start(rig);
    const json_t *help = json_object_get(get(rig, "/api/boards/kiosk-1", &reply), "help");
    assert_string_equal(rig_text(help, "since"), since);
    reply_free(&reply);
    do_post(rig, "/api/help/kiosk-1/cancel", "{}", 200);
    help = json_object_get(get(rig, "/api/boards/kiosk-1", &reply), "help");
    assert_true(json_is_null(help));
    reply_free(&reply);
}

/* At night, on the very first evening of the box: no day was ever opened. */
static void help_and_visits_need_no_open_day(void **state)
{
    struct rig *rig = *state;
    static const char visit[] = "{\"kind\":\"signposted\",\"service\":\"parking\"}";
    struct rig night;
    struct listener counter;
    struct heard heard;
    (void)rig;
    rig_make(&night);
    night.local = "2026-11-24T22:10";
    rig_start(&night);
    struct reply reply = post(&night, "/api/help", "{\"device\":\"kiosk-1\"}", 201);
    reply_free(&reply);
    do_post(&night, "/api/visits", visit, 201);
    rig_halt(&night);
    rig_start(&night);
    const json_t *board = get(&night, "/api/boards/kiosk-1", &reply);
    assert_false(json_is_true(json_object_get(board, "open")));
    assert_false(json_is_null(json_object_get(board, "help")));
    reply_free(&reply);
    listener_open(&counter, &night, "/api/counters/1/stream", NULL);
    heard = view_with_help(&counter, 1);
    heard_free(&heard);
    listener_close(&counter);
    do_post(&night, "/api/help/kiosk-1/answer", "{}", 200);
    rig_halt(&night);
    night.local = "2026-11-25T08:00"; /* the next morning */
    rig_start(&night);
    do_post(&night, "/api/help", "{\"device\":\"kiosk-1\"}", 201);
    do_post(&night, "/api/visits", visit, 201);
    do_post(&night, "/api/day/open", "{}", 200);
    do_post(&night, "/api/help/kiosk-1/answer", "{}", 200);
    rig_remove(&night);
}

static void a_stuck_kiosk_is_told_to_wait(void **state)
{
    struct rig *rig = *state;
    static const char body[] =
        "{\"kind\":\"signposted\",\"service\":\"parking\",\"device\":\"kiosk-1\"}";
    for (int i = 0; i < ENGINE_VISITS_MAX; i++) {
        do_post(rig, "/api/visits", body, 201);
    }
    struct reply reply = post(rig, "/api/visits", body, 429);
    assert_string_equal(rig_text(reply.json, "type"), "/problems/too-many-visits");
    assert_string_equal(reply.retry_after, "3600");
    reply_free(&reply);
}

static void what_was_answered_is_with_the_counter_that_called(void **state)
{
    struct rig *rig = *state;
    struct listener counter;
    struct heard heard;
    struct reply reply = post(rig, "/api/tickets",
                              "{\"service\":\"housing\",\"class\":\"urgent\",\"avoidable\":"
                              "\"chasing\",\"answers\":{\"before\":\"chasing\",\"rooms\":[\"bath\","
                              "\"hall\"],\"what\":\"It \\\"drips\\\"\"}}",
                              201);
    assert_string_equal(rig_text(reply.json, "avoidable"), "chasing");
    assert_string_equal(rig_text(reply.json, "class"), "urgent");
    assert_null(json_object_get(reply.json, "answers"));
    reply_free(&reply);
    rig_issue(rig, "parking", NULL, NULL);
    rig_halt(rig);
    rig_start(rig); /* as it was */
    assert_int_equal(rig_counter(rig, "1", "open", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "next", NULL), 200);
    listener_open(&counter, rig, "/api/counters/1/stream", NULL);
    heard = view_with(&counter, "ticket", false);
    const json_t *ticket = json_object_get(heard.data, "ticket");
    const json_t *answers = json_object_get(ticket, "answers");
    assert_string_equal(rig_text(ticket, "avoidable"), "chasing");
    assert_string_equal(rig_text(answers, "before"), "chasing");
    assert_string_equal(rig_text(answers, "what"), "It \"drips\"");
    assert_string_equal(json_string_value(json_array_get(json_object_get(answers, "rooms"), 1)),
                        "hall");
    const json_t *row = json_array_get(json_object_get(heard.data, "waiting"), 0);
    assert_string_equal(rig_text(row, "class"), "normal");
    heard_free(&heard);
    listener_close(&counter);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_set_up, rig_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_visit_without_a_queue_is_recorded_once),
        TEST(a_visit_that_is_none_gets_a_problem),
        TEST(a_call_for_help_is_seen_by_that_kiosk_and_all_counters),
        TEST(an_answered_call_goes_after_a_minute),
        TEST(help_that_cannot_be_gets_a_problem),
        TEST(a_call_for_help_outlives_a_restart),
        TEST(help_and_visits_need_no_open_day),
        TEST(a_stuck_kiosk_is_told_to_wait),
        TEST(what_was_answered_is_with_the_counter_that_called),
    };
#undef TEST
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    curl_global_cleanup();
    return failed;
}
