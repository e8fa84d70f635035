/* What staff do out of the ordinary, through the API: parking, calls out of order, undo, revival, mending, holds, moves,
 * notices, and the words that go with a visitor without being seen by others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "http_rig.h"
#include "http_stream.h"

/* The status of a POST; its answer is compared with the document. *json: to json_decref(); NULL: not wanted. */
static long post(struct rig *rig, const char *path, const char *body, json_t **json)
{
    char key[40];
    rig_new_key(key);
    struct reply reply =
        rig_ask(rig, &(struct ask){.method = "POST", .path = path, .key = key, .body = body});
    const long status = reply.status;
    if (json != NULL) {
        *json = json_incref(reply.json);
    }
    reply_free(&reply);
    return status;
}

static long about(struct rig *rig, const char *id, const char *verb, const char *body)
{
    char path[100];
    (void)snprintf(path, sizeof(path), "/api/tickets/%s/%s", id, verb);
    return post(rig, path, body, NULL);
}

static long with_ticket(struct rig *rig, const char *verb, const char *id, const char *more)
{
    char path[100], body[160];
    (void)snprintf(path, sizeof(path), "/api/counters/1/%s", verb);
    (void)snprintf(body, sizeof(body), "{\"ticket\":\"%s\"%s}", id, more);
    return post(rig, path, body, NULL);
}

static void expect_state(struct rig *rig, const char *id, const char *state)
{
    char path[80];
    struct reply reply;
    (void)snprintf(path, sizeof(path), "/api/tickets/%s", id);
    const json_t *ticket =
        rig_expect(rig, &(struct ask){.method = "GET", .path = path}, 200, &reply);
    assert_string_equal(rig_text(ticket, "state"), state);
    reply_free(&reply);
}

/* The counter's view, as soon as it says so; to json_decref(). */
static json_t *view_that_says(struct rig *rig, const char *counter, const char *words)
{
    char path[80];
    struct listener listener;
    struct heard heard;
    json_t *view = NULL;
    (void)snprintf(path, sizeof(path), "/api/counters/%s/stream", counter);
    listener_open(&listener, rig, path, NULL);
    while (view == NULL) {
        assert_true(listener_next_of(&listener, "view", &heard));
        char *text = json_dumps(heard.data, JSON_COMPACT);
        view = strstr(text, words) != NULL ? json_incref(heard.data) : NULL;
        free(text);
        heard_free(&heard);
    }
    listener_close(&listener);
    return view;
}

static void expect_view(struct rig *rig, const char *counter, const char *words)
{
    json_decref(view_that_says(rig, counter, words));
}

static void serve(struct rig *rig, char id[32])
{
    rig_issue(rig, "housing", NULL, id);
    assert_int_equal(rig_counter(rig, "1", "next", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "start", NULL), 200);
}

static void a_visitor_steps_aside_and_comes_back(void **state)
{
    struct rig *rig = *state;
    char id[32];
    assert_int_equal(rig_counter(rig, "1", "open", NULL), 200);
    serve(rig, id);
    assert_int_equal(post(rig, "/api/counters/1/park", "{}", NULL), 200);
    expect_state(rig, id, "parked");
    json_t *view = view_that_says(rig, "room-1", "\"parked\":[{");
    const json_t *parked = json_object_get(view, "parked");
    assert_int_equal(json_array_size(parked), 1);
    assert_string_equal(rig_text(json_array_get(parked, 0), "id"), id);
    assert_string_equal(rig_text(json_array_get(parked, 0), "counter"), "1");
    json_decref(view);
    assert_int_equal(with_ticket(rig, "take-back", id, ""), 200);
    expect_state(rig, id, "serving");
    rig_expect_refusal(rig, "/api/counters/1/take-back", "{}", "invalid-field");
    assert_int_equal(post(rig, "/api/counters/1/park", "{}", NULL), 200);
    assert_int_equal(about(rig, id, "unpark", "{}"), 200);
    expect_state(rig, id, "waiting");
    assert_int_equal(about(rig, id, "unpark", "{}"), 409);
}

static void the_last_step_can_be_undone(void **state)
{
    struct rig *rig = *state;
    char id[32];
    json_t *answer = NULL;
    assert_int_equal(rig_counter(rig, "1", "open", NULL), 200);
    rig_expect_refusal(rig, "/api/counters/1/undo", "{}", "nothing-to-undo");
    serve(rig, id);
    rig_issue(rig, "parking", NULL, NULL);
    assert_int_equal(
        post(rig, "/api/counters/1/finish", "{\"outcome\":\"resolved\",\"next\":true}", &answer),
        200);
    assert_string_equal(rig_text(json_object_get(answer, "ticket"), "number"), "P01");
    json_decref(answer);
    expect_view(rig, "1", "\"undo\":{\"step\":\"call\",\"number\":\"P01\"");
    expect_view(rig, "1", "\"last_finished\":{");
    assert_int_equal(with_ticket(rig, "undo", id, ""), 422);
    assert_int_equal(with_ticket(rig, "undo", id, ",\"step\":\"climb\""), 422);
    assert_int_equal(with_ticket(rig, "undo", id, ",\"step\":\"finish\""), 409); /* not the last */
    assert_int_equal(post(rig, "/api/counters/1/undo", "{}", NULL), 200);        /* the call */
    assert_int_equal(with_ticket(rig, "undo", id, ",\"step\":\"finish\""), 200);
    /* Somebody else pressed the same button: the start before it stays. */
    assert_int_equal(with_ticket(rig, "undo", id, ",\"step\":\"finish\""), 409);
    expect_state(rig, id, "serving");
    expect_view(rig, "1", "\"last_finished\":null");
}

/* What was pressed for one visitor does nothing to the next, however late it comes. */
static void a_late_command_means_nobody_else(void **state)
{
    struct rig *rig = *state;
    static const char *const verbs[] = {"recall", "start", "no-show", "park", "finish", "transfer"};
    static const char *const more[] = {
        "", "", "", "", ",\"outcome\":\"left\"", ",\"service\":\"parking\""};
    char first[32], second[32];
    assert_int_equal(rig_counter(rig, "1", "open", NULL), 200);
    serve(rig, first);
    assert_int_equal(with_ticket(rig, "finish", first, ",\"outcome\":\"resolved\""), 200);
    rig_issue(rig, "housing", NULL, second);
    assert_int_equal(rig_counter(rig, "1", "next", NULL), 200);
    for (int serving = 0; serving < 2; serving++) {
        for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
            char path[80], body[160];
            (void)snprintf(path, sizeof(path), "/api/counters/1/%s", verbs[i]);
            (void)snprintf(body, sizeof(body), "{\"ticket\":\"%s\"%s}", first, more[i]);
            rig_expect_refusal(rig, path, body, "dealt-with-since");
        }
        expect_state(rig, second, serving ? "serving" : "called");
        assert_int_equal(with_ticket(rig, "start", second, ""), serving ? 409 : 200);
    }
    assert_int_equal(post(rig, "/api/counters/1/start", "{\"ticket\":7}", NULL), 422);
    assert_int_equal(with_ticket(rig, "finish", second, ",\"outcome\":\"left\""), 200);
    assert_int_equal(with_ticket(rig, "finish", second, ",\"outcome\":\"left\""), 409);
}

static void staff_may_call_out_of_order_and_say_why(void **state)
{
    struct rig *rig = *state;
    char first[32], second[32];
    rig_issue(rig, "parking", NULL, first);
    rig_issue(rig, "parking", NULL, second);
    assert_int_equal(rig_counter(rig, "1", "open", NULL), 200);
    assert_int_equal(with_ticket(rig, "call", second, ""), 422);
    assert_int_equal(with_ticket(rig, "call", second, ",\"because\":\"pretty\""), 422);
    assert_int_equal(with_ticket(rig, "call", second, ",\"because\":\"vulnerable\""), 200);
    expect_view(rig, "1", "\"reason\":{\"code\":\"chosen\"");
    expect_view(rig, "1", "\"because\":\"vulnerable\"");
    assert_int_equal(with_ticket(rig, "call", first, ",\"because\":\"agreed\""), 409);
    assert_int_equal(rig_counter(rig, "1", "recall", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "no-show", NULL), 200);
    expect_view(rig, "1", "\"no_shows\":[{");
    assert_int_equal(about(rig, second, "revive", "{}"), 200);
    expect_state(rig, second, "waiting");
}

static void who_waits_can_be_mended_and_let_others_go_first(void **state)
{
    struct rig *rig = *state;
    char id[32], number[8];
    rig_issue(rig, "parking", NULL, id);
    assert_int_equal(about(rig, id, "edit", "{}"), 422);
    assert_int_equal(about(rig, id, "edit", "{\"service\":\"bins\"}"), 404);
    assert_int_equal(about(rig, id, "edit", "{\"language\":\"pl\",\"class\":\"urgent\"}"), 200);
    assert_int_equal(about(rig, id, "edit", "{\"language\":null,\"class\":\"normal\"}"), 200);
    assert_int_equal(about(rig, id, "hold", "{\"minutes\":7}"), 422);
    assert_int_equal(about(rig, id, "hold", "{\"minutes\":10}"), 200);
    rig_issue(rig, "parking", NULL, NULL);
    expect_view(rig, "1", "\"waiting_total\":2,\"can_serve_total\":1");
    assert_int_equal(rig_counter(rig, "1", "open", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "next", number), 200);
    assert_string_equal(number, "P02");
    assert_int_equal(about(rig, id, "unhold", "{}"), 200);
    assert_int_equal(about(rig, id, "unhold", "{}"), 200);
}

static void a_note_goes_with_the_visitor_and_to_nobody_else(void **state)
{
    struct rig *rig = *state;
    static const char note[] = "<script>alert(1)</script> \xe2\x80\x94 waits for a form";
    char id[32], body[160];
    json_t *answer = NULL;
    assert_int_equal(rig_counter(rig, "1", "open", NULL), 200);
    assert_int_equal(rig_counter(rig, "room-1", "open", NULL), 200);
    serve(rig, id);
    rig_expect_refusal(rig, "/api/counters/1/transfer",
                       "{\"service\":\"parking\",\"counter\":\"room-1\"}", "invalid-field");
    rig_expect_refusal(rig, "/api/counters/1/transfer",
                       "{\"person\":\"01JDTEST000000000000000001\"}", "person-not-here");
    rig_expect_refusal(rig, "/api/counters/1/transfer",
                       "{\"counter\":\"room-1\",\"note\":\"a\\u0007b\"}", "invalid-field");
    (void)snprintf(body, sizeof(body), "{\"counter\":\"room-1\",\"note\":\"%s\"}", note);
    assert_int_equal(post(rig, "/api/counters/1/transfer", body, &answer), 200);
    char *text = json_dumps(answer, 0);
    assert_null(strstr(text, "script"));
    free(text);
    json_decref(answer);
    assert_int_equal(rig_counter(rig, "1", "next", NULL), 204); /* was sent to the room alone */
    assert_int_equal(rig_counter(rig, "room-1", "next", NULL), 200);
    json_t *view = view_that_says(rig, "room-1", "\"note\":\"");
    assert_string_equal(rig_text(json_object_get(view, "ticket"), "note"), note);
    json_decref(view);
    view = view_that_says(rig, "1", "\"waiting_total\":0");
    text = json_dumps(view, 0);
    assert_null(strstr(text, "script"));
    free(text);
    json_decref(view);
    assert_int_equal(rig_counter(rig, "room-1", "start", NULL), 200);
    assert_int_equal(post(rig, "/api/counters/room-1/finish",
                          "{\"outcome\":\"follow_up\",\"avoidable\":\"no_reply\",\"reference\":"
                          "\"HB-1234567890-1234567890-1234567890-12345\"}",
                          NULL),
                     422);
    assert_int_equal(post(rig, "/api/counters/room-1/finish",
                          "{\"outcome\":\"follow_up\",\"avoidable\":\"no_reply\",\"reference\":"
                          "\"HB-12345\"}",
                          NULL),
                     200);
}

/* The counter's page was closed meanwhile: what it knew of the visitor then is not all any more. */
static void a_note_is_read_where_the_visitor_was_before(void **state)
{
    struct rig *rig = *state;
    char id[32];
    assert_int_equal(rig_counter(rig, "1", "open", NULL), 200);
    assert_int_equal(rig_counter(rig, "room-1", "open", NULL), 200);
    serve(rig, id);
    expect_view(rig, "1", "\"note\":null");
    assert_int_equal(post(rig, "/api/counters/1/transfer", "{\"counter\":\"room-1\"}", NULL), 200);
    assert_int_equal(rig_counter(rig, "room-1", "next", NULL), 200);
    assert_int_equal(rig_counter(rig, "room-1", "start", NULL), 200);
    assert_int_equal(post(rig, "/api/counters/room-1/transfer",
                          "{\"counter\":\"1\",\"note\":\"has the form now\"}", NULL),
                     200);
    assert_int_equal(rig_counter(rig, "1", "next", NULL), 200);
    expect_view(rig, "1", "\"note\":\"has the form now\"");
}

static void a_counter_can_be_moved_and_pause_with_a_reason(void **state)
{
    struct rig *rig = *state;
    rig_issue(rig, "housing", NULL, NULL);
    assert_int_equal(rig_counter(rig, "1", "open", NULL), 200);
    assert_int_equal(post(rig, "/api/counters/1/move", "{\"services\":[\"parking\"]}", NULL), 200);
    expect_view(rig, "1", "\"services\":[\"parking\"],\"moved\":true");
    expect_view(rig, "1", "\"waiting_total\":1,\"can_serve_total\":0");
    rig_expect_refusal(rig, "/api/counters/1/move", "{\"services\":[\"bins\"]}", "unknown-service");
    rig_expect_refusal(rig, "/api/counters/1/move", "{}", "invalid-field");
    assert_int_equal(post(rig, "/api/counters/1/move", "{\"services\":[]}", NULL), 200);
    rig_expect_refusal(rig, "/api/counters/1/pause", "{\"reason\":\"bored\"}", "invalid-field");
    assert_int_equal(post(rig, "/api/counters/1/pause", "{\"reason\":\"training\"}", NULL), 200);
    expect_view(rig, "1", "\"pause\":\"training\"");
}

static void notices_are_shown_until_they_are_withdrawn(void **state)
{
    struct rig *rig = *state;
    char path[100];
    json_t *answer = NULL;
    struct reply reply;
    const struct ask board = {.method = "GET", .path = "/api/boards/lobby"};
    rig_expect_refusal(rig, "/api/notices", "{\"template\":\"hello\"}", "invalid-field");
    rig_expect_refusal(rig, "/api/notices", "{\"template\":\"delay\",\"until\":\"2026-11-24\"}",
                       "invalid-field");
    assert_int_equal(post(rig, "/api/notices",
                          "{\"template\":\"delay\",\"service\":\"parking\",\"minutes\":20}",
                          &answer),
                     201);
    (void)snprintf(path, sizeof(path), "/api/notices/%s/withdraw", rig_text(answer, "id"));
    json_decref(answer);
    const json_t *view = rig_expect(rig, &board, 200, &reply);
    const json_t *notice = json_array_get(json_object_get(view, "notices"), 0);
    assert_string_equal(rig_text(notice, "template"), "delay");
    assert_string_equal(rig_text(notice, "service"), "parking");
    reply_free(&reply);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(post(rig, "/api/notices", "{\"template\":\"fire_test\"}", NULL), 201);
    }
    rig_expect_refusal(rig, "/api/notices", "{\"template\":\"delay\"}", "too-many-notices");
    assert_int_equal(post(rig, path, "{}", NULL), 204);
    assert_int_equal(post(rig, path, "{}", NULL), 204);
    view = rig_expect(rig, &board, 200, &reply);
    assert_int_equal(json_array_size(json_object_get(view, "notices")), 5);
    reply_free(&reply);
}

static void a_greeter_resolves_at_the_door(void **state)
{
    struct rig *rig = *state;
    json_t *answer = NULL;
    rig_expect_refusal(rig, "/api/visits",
                       "{\"service\":\"parking\",\"kind\":\"resolved_at_door\"}", "invalid-field");
    rig_expect_refusal(rig, "/api/visits",
                       "{\"service\":\"parking\",\"kind\":\"signposted\",\"outcome\":\"resolved\"}",
                       "invalid-field");
    assert_int_equal(post(rig, "/api/visits",
                          "{\"service\":\"parking\",\"kind\":\"resolved_at_door\","
                          "\"outcome\":\"resolved\"}",
                          &answer),
                     201);
    assert_string_equal(rig_text(answer, "outcome"), "resolved");
    json_decref(answer);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_set_up, rig_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_visitor_steps_aside_and_comes_back),
        TEST(the_last_step_can_be_undone),
        TEST(a_late_command_means_nobody_else),
        TEST(staff_may_call_out_of_order_and_say_why),
        TEST(who_waits_can_be_mended_and_let_others_go_first),
        TEST(a_note_goes_with_the_visitor_and_to_nobody_else),
        TEST(a_note_is_read_where_the_visitor_was_before),
        TEST(a_counter_can_be_moved_and_pause_with_a_reason),
        TEST(notices_are_shown_until_they_are_withdrawn),
        TEST(a_greeter_resolves_at_the_door),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
