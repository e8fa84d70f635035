/* A ticket printed at a kiosk from elsewhere, from the asking to the paper; and what devices tell of themselves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "http/prints.h"
#include "http_rig.h"
#include "http_stream.h"

static long post(struct rig *rig, const char *path, const char *key, const char *body,
                 char print[32])
{
    char fresh[40];
    rig_new_key(fresh);
    struct reply reply = rig_ask(
        rig, &(struct ask){
                 .method = "POST", .path = path, .key = key != NULL ? key : fresh, .body = body});
    const long status = reply.status;
    if (print != NULL && status == 202) {
        (void)snprintf(print, 32, "%s", rig_text(reply.json, "print"));
    }
    reply_free(&reply);
    return status;
}

static long ask_for(struct rig *rig, const char *kiosk, const char *key, const char *ticket,
                    char print[32])
{
    char path[80], body[80];
    (void)snprintf(path, sizeof(path), "/api/kiosks/%s/print", kiosk);
    (void)snprintf(body, sizeof(body), "{\"ticket\":\"%s\"}", ticket);
    return post(rig, path, key, body, print);
}

static long tell(struct rig *rig, const char *print, const char *state)
{
    char path[80], body[80];
    (void)snprintf(path, sizeof(path), "/api/prints/%s/done", print);
    (void)snprintf(body, sizeof(body), "{\"state\":\"%s\"}", state);
    return post(rig, path, NULL, body, NULL);
}

/* To json_decref(): the board's prints. */
static json_t *prints_of(struct rig *rig, const char *board)
{
    char path[80];
    struct reply reply;
    (void)snprintf(path, sizeof(path), "/api/boards/%s", board);
    const json_t *view = rig_expect(rig, &(struct ask){.method = "GET", .path = path}, 200, &reply);
    json_t *prints = json_incref(json_object_get(view, "prints"));
    reply_free(&reply);
    return prints;
}

static size_t count_at(struct rig *rig, const char *board)
{
    json_t *prints = prints_of(rig, board);
    const size_t count = json_array_size(prints);
    json_decref(prints);
    return count;
}

/* To json_decref(): the device as the floor sees it. */
static json_t *device(struct rig *rig, const char *code)
{
    struct reply reply;
    const json_t *view =
        rig_expect(rig, &(struct ask){.method = "GET", .path = "/api/floor"}, 200, &reply);
    json_t *found = NULL;
    size_t i;
    json_t *each;
    json_array_foreach(json_object_get(view, "devices"), i, each)
    {
        if (strcmp(rig_text(each, "code"), code) == 0) {
            found = json_incref(each);
        }
    }
    reply_free(&reply);
    assert_non_null(found);
    return found;
}

static void expect_printing(struct rig *rig, const char *state)
{
    json_t *kiosk = device(rig, "kiosk-1");
    assert_string_equal(rig_text(json_object_get(kiosk, "printing"), "state"), state);
    json_decref(kiosk);
}

static void a_ticket_is_printed_where_it_was_asked_for_once(void **state)
{
    struct rig *rig = *state;
    char ticket[32], number[8], print[32], again[32], key[40];
    rig_issue(rig, "housing", number, ticket);
    rig_new_key(key);
    assert_int_equal(ask_for(rig, "kiosk-1", key, ticket, print), 202);
    assert_int_equal(ask_for(rig, "kiosk-1", key, ticket, again), 202); /* the answer was lost */
    assert_string_equal(print, again);
    json_t *prints = prints_of(rig, "kiosk-1");
    assert_int_equal(json_array_size(prints), 1);
    const json_t *shown = json_array_get(prints, 0);
    assert_string_equal(rig_text(shown, "id"), print);
    assert_string_equal(rig_text(json_object_get(shown, "ticket"), "number"), number);
    json_decref(prints);
    assert_int_equal(count_at(rig, "lobby"), 0);
    expect_printing(rig, "waiting");

    assert_int_equal(tell(rig, print, "printed"), 204);
    assert_int_equal(count_at(rig, "kiosk-1"), 0);
    expect_printing(rig, "printed");
    assert_int_equal(tell(rig, print, "failed"), 204); /* what was told first holds */
    expect_printing(rig, "printed");
    assert_int_equal(ask_for(rig, "kiosk-1", key, ticket, again), 202);
    assert_int_equal(count_at(rig, "kiosk-1"), 0); /* a repeat prints nothing again */
    assert_int_equal(ask_for(rig, "kiosk-1", NULL, ticket, again), 202);
    assert_string_not_equal(print, again); /* somebody asks for a second paper */
    assert_int_equal(tell(rig, again, "failed"), 204);
    expect_printing(rig, "failed");
}

static void what_cannot_be_printed_is_refused_in_words(void **state)
{
    struct rig *rig = *state;
    char ticket[32], other[32], print[32] = "", key[40], path[80];
    rig_issue(rig, "housing", NULL, ticket);
    rig_issue(rig, "housing", NULL, other);
    assert_int_equal(ask_for(rig, "kiosk-99", NULL, ticket, NULL), 404);
    assert_int_equal(ask_for(rig, "lobby", NULL, ticket, NULL), 404); /* a display has no paper */
    rig_expect_refusal(rig, "/api/kiosks/kiosk-1/print",
                       "{\"ticket\":\"01JDTEST000000000000000001\"}", "unknown-ticket");
    rig_expect_refusal(rig, "/api/kiosks/kiosk-1/print", "{\"ticket\":\"H07\"}", "invalid-field");
    rig_expect_refusal(rig, "/api/kiosks/kiosk-1/print", "{}", "invalid-field");
    rig_expect_refusal(rig, "/api/prints/01JDTEST000000000000000001/done",
                       "{\"state\":\"printed\"}", "not-found");
    rig_expect_problem(rig,
                       &(struct ask){.method = "POST",
                                     .path = "/api/kiosks/kiosk-1/print",
                                     .body = "{\"ticket\":\"01JDTEST000000000000000001\"}"},
                       "idempotency-key-required");
    rig_new_key(key);
    assert_int_equal(ask_for(rig, "kiosk-1", key, ticket, print), 202);
    assert_int_equal(ask_for(rig, "kiosk-1", key, other, NULL), 409);
    for (int i = 1; i < PRINTS_EACH_MAX; i++) {
        assert_int_equal(ask_for(rig, "kiosk-1", NULL, ticket, NULL), 202);
    }
    assert_int_equal(ask_for(rig, "kiosk-1", NULL, other, NULL), 409); /* it has enough to do */
    assert_int_equal(tell(rig, print, "failed"), 204);
    assert_int_equal(ask_for(rig, "kiosk-1", NULL, other, NULL), 202);
    (void)snprintf(path, sizeof(path), "/api/prints/%s/done", print);
    rig_expect_refusal(rig, path, "{\"state\":\"burnt\"}", "invalid-field");
}

static void a_kiosk_hears_of_it_on_its_stream(void **state)
{
    struct rig *rig = *state;
    struct listener listener;
    struct heard heard;
    char ticket[32], print[32];
    bool told = false;
    rig_issue(rig, "housing", NULL, ticket);
    listener_open(&listener, rig, "/api/boards/kiosk-1/stream", NULL);
    assert_true(listener_next_of(&listener, "view", &heard));
    heard_free(&heard);
    assert_int_equal(ask_for(rig, "kiosk-1", NULL, ticket, print), 202);
    while (!told) {
        assert_true(listener_next_of(&listener, "view", &heard));
        const json_t *prints = json_object_get(heard.data, "prints");
        told = json_array_size(prints) == 1 &&
               strcmp(rig_text(json_array_get(prints, 0), "id"), print) == 0;
        heard_free(&heard);
    }
    listener_close(&listener);
}

static long put_state(struct rig *rig, const char *body)
{
    struct reply reply = rig_ask(
        rig, &(struct ask){.method = "PUT", .path = "/api/devices/self/state", .body = body});
    const long status = reply.status;
    reply_free(&reply);
    return status;
}

static void a_device_tells_of_its_printer(void **state)
{
    struct rig *rig = *state;
    assert_int_equal(put_state(rig, "{\"code\":\"kiosk-1\",\"printer\":{\"state\":\"stopped\","
                                    "\"reasons\":[\"media-empty\"]}}"),
                     204);
    json_t *kiosk = device(rig, "kiosk-1");
    const json_t *printer = json_object_get(kiosk, "printer");
    assert_string_equal(rig_text(printer, "state"), "stopped");
    assert_string_equal(json_string_value(json_array_get(json_object_get(printer, "reasons"), 0)),
                        "media-empty");
    json_decref(kiosk);
    assert_int_equal(put_state(rig, "{\"code\":\"kiosk-1\",\"printer\":null}"), 204);
    kiosk = device(rig, "kiosk-1");
    assert_true(json_is_null(json_object_get(kiosk, "printer")));
    json_decref(kiosk);
    static const char *const wrong[] = {
        "{\"code\":\"kiosk-1\"}",
        "{\"printer\":null}",
        "{\"code\":\"kiosk-1\",\"printer\":{\"state\":\"on fire\",\"reasons\":[]}}",
        "{\"code\":\"kiosk-1\",\"printer\":{\"state\":\"ready\",\"reasons\":[\"<script>\"]}}",
        "{\"code\":\"kiosk-1\",\"printer\":{\"state\":\"ready\",\"reasons\":{}}}",
        "{\"code\":\"../1\",\"printer\":null}",
        "{\"code\":\"kiosk-1\",\"printer\":null,\"more\":1}"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_int_equal(put_state(rig, wrong[i]), 422);
    }
    assert_int_equal(put_state(rig, "{\"code\":\"kiosk-99\",\"printer\":null}"), 404);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_ticket_is_printed_where_it_was_asked_for_once),
        TEST(what_cannot_be_printed_is_refused_in_words),
        TEST(a_kiosk_hears_of_it_on_its_stream),
        TEST(a_device_tells_of_its_printer),
    };
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    curl_global_cleanup();
    return failed;
}
