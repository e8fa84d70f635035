/* The OpenAPI document is true: it has every route of the table and no other, with its roles, parameters and problems,
 * and a walk over all of them is answered as documented (http_rig compares each answer). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <poll.h>
#include <unistd.h>

#include "http/problem.h"
#include "http/routes.h"
#include "http_rig.h"
#include "http_stream.h"
#include "openapi_check.h"

static int set_up(void **state)
{
    static struct rig rig;
    rig_make(&rig);
    rig.site_dir =
        "tests/unit/sites/triage"; /* so that questions and signposts are compared, too */
    rig_start(&rig);
    *state = &rig;
    return 0;
}

static bool lists(const json_t *list, const char *name)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (strcmp(json_string_value(json_array_get(list, i)), name) == 0) {
            return true;
        }
    }
    return false;
}

static void check_roles(const struct route *route, const json_t *operation)
{
    static const struct {
        const char *name;
        unsigned role;
    } roles[] = {
#define X(name, code, bit) {(code), (bit)},
        ROLE_LIST(X)
#undef X
            {"device", ROLE_DEVICE},
        {"machine", ROLE_MACHINE},
        {"anyone", ROLE_ANYONE},
        {"signed_in", ROLE_SIGNED_IN}};
    const json_t *named = json_object_get(operation, "x-roles");
    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
        if (lists(named, roles[i].name) != ((route->roles & roles[i].role) != 0)) {
            fail_msg("%s: the role %s is not as documented", route->operation, roles[i].name);
        }
    }
    if ((route->roles & ROLE_ANYONE) == 0 &&
        !(lists(json_object_get(operation, "x-problems"), "sign-in-needed") &&
          lists(json_object_get(operation, "x-problems"), "unknown-device"))) {
        fail_msg("%s: sign-in-needed and unknown-device are not documented", route->operation);
    }
}

/* These change no queue, and a repeat of them has no second effect, or says why. */
static bool is_of_people(const char *pattern)
{
    static const char *const begins[] = {"/api/session", "/api/setup",   "/api/password",
                                         "/api/person",  "/api/pair",    "/api/devices/{code}",
                                         "/api/audit",   "/api/machines"};
    for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
        if (strncmp(pattern, begins[i], strlen(begins[i])) == 0) {
            return true;
        }
    }
    return strcmp(pattern, "/api/devices") == 0;
}

/* Every "{name}" of the pattern is a parameter in the path, and a body is asked for where one is read. */
static void check_parameters(struct rig *rig, const struct route *route, const json_t *operation)
{
    char name[40] = "";
    bool has_path = false, has_key = false;
    const char *brace = strchr(route->pattern, '{');
    if (brace != NULL) {
        (void)snprintf(name, sizeof(name), "%.*s", (int)strcspn(brace + 1, "*}"), brace + 1);
    }
    const json_t *parameters = json_object_get(operation, "parameters");
    for (size_t i = 0; i < json_array_size(parameters); i++) {
        const json_t *parameter = openapi_resolve(rig->openapi, json_array_get(parameters, i));
        assert_non_null(parameter);
        if (strcmp(rig_text(parameter, "in"), "path") == 0) {
            assert_string_equal(rig_text(parameter, "name"), name);
            has_path = true;
        }
        has_key |= strcmp(rig_text(parameter, "name"), "Idempotency-Key") == 0;
    }
    const bool posts = strcmp(route->method, "POST") == 0;
    const bool puts = strcmp(route->method, "PUT") == 0;
    const bool changes =
        posts && strcmp(route->operation, "tryMoves") != 0 && !is_of_people(route->pattern);
    assert_int_equal(has_path, brace != NULL);
    assert_int_equal(has_key, changes);
    assert_int_equal(json_object_get(operation, "requestBody") != NULL, posts || puts);
}

/* Each code that an operation lists is one of ours, and its status is among the responses. */
static void check_problems(const struct route *route, const json_t *operation)
{
    const json_t *codes = json_object_get(operation, "x-problems");
    for (size_t i = 0; i < json_array_size(codes); i++) {
        const char *code = json_string_value(json_array_get(codes, i));
        char status[8] = "";
        for (int each = PROBLEM_NONE + 1; each < PROBLEM_COUNT; each++) {
            const struct problem *problem = problem_get((enum problem_code)each);
            if (strcmp(problem->code, code) == 0) {
                (void)snprintf(status, sizeof(status), "%d", problem->http_status);
            }
        }
        if (json_object_get(json_object_get(operation, "responses"), status) == NULL) {
            fail_msg("%s: %s is no problem of ours, or its status is not documented",
                     route->operation, code);
        }
    }
}

static void every_route_is_documented(void **state)
{
    struct rig *rig = *state;
    for (size_t i = 0; i < routes_count(); i++) {
        const struct route *route = routes_get(i);
        const json_t *operation = openapi_operation(rig->openapi, route->method, route->pattern);
        if (operation == NULL) {
            fail_msg("%s %s is not documented", route->method, route->pattern);
        }
        assert_string_equal(rig_text(operation, "operationId"), route->operation);
        check_roles(route, operation);
        check_parameters(rig, route, operation);
        check_problems(route, operation);
    }
}

static void nothing_else_is_documented(void **state)
{
    const struct rig *rig = *state;
    size_t operations = 0;
    const char *path;
    json_t *item;
    json_object_foreach(json_object_get(rig->openapi, "paths"), path, item)
    {
        operations += json_object_size(item);
    }
    assert_int_equal(operations, routes_count());
}

static void every_reference_leads_somewhere(json_t *document, json_t *node)
{
    const char *key;
    json_t *value;
    size_t i;
    if (json_object_get(node, "$ref") != NULL) {
        if (openapi_resolve(document, node) == NULL) {
            fail_msg("%s leads nowhere", rig_text(node, "$ref"));
        }
        return;
    }
    json_object_foreach(node, key, value)
    {
        every_reference_leads_somewhere(document, value);
    }
    json_array_foreach(node, i, value)
    {
        every_reference_leads_somewhere(document, value);
    }
}

static void all_references_lead_somewhere(void **state)
{
    struct rig *rig = *state;
    every_reference_leads_somewhere(rig->openapi, rig->openapi);
}

static void get(struct rig *rig, const char *path)
{
    struct reply reply;
    (void)rig_expect(rig, &(struct ask){.method = "GET", .path = path}, 200, &reply);
    reply_free(&reply);
}

static long post(struct rig *rig, const char *path, const char *body)
{
    char key[40];
    rig_new_key(key);
    struct reply reply =
        rig_ask(rig, &(struct ask){.method = "POST", .path = path, .key = key, .body = body});
    const long status = reply.status;
    reply_free(&reply);
    return status;
}

static void mark_stream(struct rig *rig, const char *path)
{
    struct listener listener;
    struct heard heard;
    struct route_match match;
    listener_open(&listener, rig, path, NULL);
    assert_true(listener_next(&listener, &heard));
    heard_free(&heard);
    listener_close(&listener);
    routes_match("GET", path, &match);
    for (size_t i = 0; i < routes_count(); i++) {
        if (routes_get(i) == match.route) {
            atomic_store(&rig->visited[i], true);
        }
    }
}

static void walk_the_documents(struct rig *rig)
{
    static const char *const paths[] = {"/api/site",
                                        "/api/words/pl",
                                        "/api/counters",
                                        "/api/colleagues",
                                        "/api/openapi.json",
                                        "/api/boards/lobby",
                                        "/metrics",
                                        "/healthz",
                                        "/",
                                        "/floor",
                                        "/manager",
                                        "/sign-in",
                                        "/setup",
                                        "/password",
                                        "/admin",
                                        "/counter/1",
                                        "/web/style.css",
                                        "/web/vendor/preact.js",
                                        "/api/boards/kiosk-1"};
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        get(rig, paths[i]);
    }
}

/* The forecast's thread sees what happens a moment later. */
static void ask_for_advice(struct rig *rig)
{
    static const struct ask asks[] = {
        {.method = "GET", .path = "/api/advice"},
        {.method = "POST",
         .path = "/api/what-if",
         .body = "{\"moves\":[{\"move\":\"pause\",\"counter\":\"1\",\"minutes\":10}]}"}};
    for (size_t i = 0; i < sizeof(asks) / sizeof(asks[0]); i++) {
        long status = 0;
        for (int tries = 0; status != 200 && tries < 500; tries++) {
            struct reply reply = rig_ask(rig, &asks[i]);
            status = reply.status;
            reply_free(&reply);
            (void)poll(NULL, 0, 10);
        }
        assert_int_equal(status, 200);
    }
}

/* What staff do out of the ordinary; most a second time, which is refused: documented too. */
static void walk_the_floor(struct rig *rig)
{
    char id[32], body[80], path[80];
    static const struct {
        const char *verb, *body;
        long status;
    } with_ticket[] = {{"edit", "{\"language\":\"pl\"}", 200},
                       {"hold", "{\"minutes\":5}", 200},
                       {"unhold", "{}", 200},
                       {"revive", "{}", 409},
                       {"unpark", "{}", 409}};
    rig_issue(rig, "housing", NULL, id);
    for (size_t i = 0; i < sizeof(with_ticket) / sizeof(with_ticket[0]); i++) {
        (void)snprintf(path, sizeof(path), "/api/tickets/%s/%s", id, with_ticket[i].verb);
        assert_int_equal(post(rig, path, with_ticket[i].body), with_ticket[i].status);
    }
    (void)snprintf(body, sizeof(body), "{\"ticket\":\"%s\",\"because\":\"agreed\"}", id);
    assert_int_equal(post(rig, "/api/counters/1/call", body), 409);
    assert_int_equal(rig_counter(rig, "1", "open", NULL), 200);
    assert_int_equal(post(rig, "/api/counters/1/call", body), 200);
    assert_int_equal(post(rig, "/api/counters/1/call", body), 409);
    assert_int_equal(rig_counter(rig, "1", "start", NULL), 200);
    assert_int_equal(post(rig, "/api/counters/1/park", "{}"), 200);
    assert_int_equal(post(rig, "/api/counters/1/park", "{}"), 409);
    (void)snprintf(body, sizeof(body), "{\"ticket\":\"%s\"}", id);
    assert_int_equal(post(rig, "/api/counters/1/take-back", body), 200);
    assert_int_equal(post(rig, "/api/counters/1/undo", "{}"), 200);
    (void)snprintf(path, sizeof(path), "/api/tickets/%s/unpark", id);
    assert_int_equal(post(rig, path, "{}"), 200);
    assert_int_equal(post(rig, "/api/counters/1/undo", "{}"), 409);
    assert_int_equal(rig_counter(rig, "1", "next", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "recall", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "no-show", NULL), 200);
    (void)snprintf(path, sizeof(path), "/api/tickets/%s/revive", id);
    assert_int_equal(post(rig, path, "{}"), 200);
    (void)snprintf(path, sizeof(path), "/api/tickets/%s/leave", id);
    assert_int_equal(post(rig, path, "{}"), 200);
    assert_int_equal(rig_counter(rig, "1", "close", NULL), 200);
    assert_int_equal(post(rig, "/api/counters/1/move", "{\"services\":[\"housing\"]}"), 200);
    assert_int_equal(post(rig, "/api/counters/1/move", "{\"services\":[]}"), 200);
    assert_int_equal(post(rig, "/api/notices", "{\"template\":\"short_of_staff\"}"), 201);
    assert_int_equal(post(rig, "/api/notices/01JDTEST000000000000000001/withdraw", "{}"), 204);
}

/* By phone. */
static void walk_a_visit(struct rig *rig)
{
    char id[32], path[120], at[80];
    struct reply reply;
    rig_issue(rig, "housing", NULL, id);
    (void)snprintf(path, sizeof(path), "/api/tickets/%s", id);
    const json_t *ticket =
        rig_expect(rig, &(struct ask){.method = "GET", .path = path}, 200, &reply);
    const char *token = strstr(rig_text(ticket, "url"), "/t/");
    assert_non_null(token);
    get(rig, token);
    (void)snprintf(at, sizeof(at), "/api/visits/%s", token + 3);
    reply_free(&reply);
    get(rig, at);
    (void)snprintf(path, sizeof(path), "%s/stream", at);
    mark_stream(rig, path);
    (void)snprintf(path, sizeof(path), "%s/hold", at);
    assert_int_equal(post(rig, path, "{\"minutes\":5}"), 200);
    assert_int_equal(post(rig, path, "{\"minutes\":6}"), 422);
    (void)snprintf(path, sizeof(path), "%s/unhold", at);
    assert_int_equal(post(rig, path, "{}"), 200);
    (void)snprintf(path, sizeof(path), "%s/leave", at);
    assert_int_equal(post(rig, path, "{}"), 200);
    assert_int_equal(post(rig, path, "{}"), 409);
    get(rig, at);
}

/* Asked for at the floor, told of by the kiosk. */
static void walk_a_print(struct rig *rig)
{
    char id[32], key[40], body[80], path[80];
    struct reply reply;
    rig_issue(rig, "housing", NULL, id);
    rig_new_key(key);
    (void)snprintf(body, sizeof(body), "{\"ticket\":\"%s\"}", id);
    const struct ask ask = {
        .method = "POST", .path = "/api/kiosks/kiosk-1/print", .key = key, .body = body};
    const json_t *asked = rig_expect(rig, &ask, 202, &reply);
    (void)snprintf(path, sizeof(path), "/api/prints/%s/done", rig_text(asked, "print"));
    reply_free(&reply);
    get(rig, "/api/boards/kiosk-1");
    assert_int_equal(post(rig, path, "{\"state\":\"lost\"}"), 422);
    assert_int_equal(post(rig, path, "{\"state\":\"printed\"}"), 204);
    get(rig, "/api/floor");
    reply = rig_ask(rig, &(struct ask){.method = "PUT",
                                       .path = "/api/devices/self/state",
                                       .body = "{\"code\":\"kiosk-1\",\"printer\":null}"});
    assert_int_equal(reply.status, 204);
    reply_free(&reply);
}

static void a_walk_over_all_routes_is_answered_as_documented(void **state)
{
    struct rig *rig = *state;
    char id[32], path[80];
    static const char *const at_counter[] = {"open", "next", "recall", "start", "finish", "close"};
    walk_the_documents(rig);
    assert_int_equal(post(rig, "/api/numbers", "{\"service\":\"parking\",\"device\":\"kiosk-1\"}"),
                     201);
    assert_int_equal(post(rig, "/api/visits", "{\"service\":\"parking\",\"kind\":\"signposted\"}"),
                     201);
    assert_int_equal(post(rig, "/api/help", "{\"device\":\"kiosk-1\"}"), 201);
    get(rig, "/api/boards/kiosk-1");
    assert_int_equal(post(rig, "/api/help", "{\"device\":\"kiosk-1\"}"), 200);
    assert_int_equal(post(rig, "/api/help/kiosk-1/answer", "{}"), 200);
    assert_int_equal(post(rig, "/api/help/kiosk-1/cancel", "{}"), 200);
    assert_int_equal(post(rig, "/api/help/kiosk-2/answer", "{}"), 409);
    walk_the_floor(rig);
    rig_issue(rig, "parking", NULL, id);
    (void)snprintf(path, sizeof(path), "/api/tickets/%s", id);
    get(rig, path);
    (void)snprintf(path, sizeof(path), "/api/tickets/%s/leave", id);
    assert_int_equal(post(rig, path, "{}"), 200);
    assert_int_equal(post(rig, path, "{}"), 409);
    for (int round = 0; round < 2; round++) {
        rig_issue(rig, "housing", NULL, NULL);
        for (size_t i = 0; i < sizeof(at_counter) / sizeof(at_counter[0]); i++) {
            assert_int_equal(rig_counter(rig, "1", at_counter[i], NULL), 200);
            (void)rig_counter(rig, "1", at_counter[i],
                              NULL); /* most are refused now: documented too */
        }
        (void)rig_counter(rig, "1", "start", NULL);
        (void)rig_counter(rig, "1", "finish", NULL);
    }
    rig_issue(rig, "housing", NULL, NULL);
    assert_int_equal(rig_counter(rig, "1", "open", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "next", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "recall", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "no-show", NULL), 200);
    rig_issue(rig, "housing", NULL, NULL);
    assert_int_equal(rig_counter(rig, "1", "next", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "start", NULL), 200);
    assert_int_equal(post(rig, "/api/counters/1/transfer", "{\"service\":\"parking\"}"), 200);
    assert_int_equal(rig_counter(rig, "1", "pause", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "open", NULL), 200);
    get(rig, "/api/forecast");
    get(rig, "/api/forecast/score");
    get(rig, "/api/floor");
    get(rig, "/api/find?number=h");
    get(rig, "/api/today.csv");
    ask_for_advice(rig);
    assert_int_equal(rig_counter(rig, "1", "next", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "start", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "finish", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "next", NULL), 204);
    assert_int_equal(post(rig, "/api/day/close", "{}"), 200);
    assert_int_equal(post(rig, "/api/day/open", "{}"), 200);
    walk_a_visit(rig);
    walk_a_print(rig);
    mark_stream(rig, "/api/boards/lobby/stream");
    mark_stream(rig, "/api/counters/1/stream");
    mark_stream(rig, "/api/floor/stream");
    mark_stream(rig, "/api/manager/stream");
    mark_stream(rig, "/api/events/stream");
    for (size_t i = 0; i < routes_count(); i++) {
        /* Those about people are walked where somebody signs in: test_http_sign_in. */
        if (!is_of_people(routes_get(i)->pattern) && !atomic_load(&rig->visited[i])) {
            fail_msg("%s was not walked", routes_get(i)->operation);
        }
    }
}

/* The checker itself must be able to say no. */
static void the_checker_finds_what_is_wrong(void **state)
{
    struct rig *rig = *state;
    static const struct {
        const char *schema, *value;
        bool fine;
    } samples[] = {
        {"Beat", "{\"now\":\"2026-11-24T10:40:00.000Z\"}", true},
        {"Beat", "{}", false},
        {"Beat", "{\"now\":7}", false},
        {"Beat", "{\"now\":\"x\",\"more\":1}", false},
        {"Counter", "{\"code\":\"1\",\"state\":\"ajar\"}", false},
        {"Counter", "{\"code\":\"ONE\",\"state\":\"open\"}", false},
        {"CounterAnswer",
         "{\"counter\":{\"code\":\"1\",\"state\":\"open\",\"person\":null},\"ticket\":null}", true},
        {"CounterAnswer",
         "{\"counter\":{\"code\":\"1\",\"state\":\"open\",\"person\":null},\"ticket\":{}}", false},
        {"Counters", "[{\"code\":\"1\"}]", false},
    };
    json_t *schemas = json_object_get(json_object_get(rig->openapi, "components"), "schemas");
    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        char why[800] = "";
        json_t *value = json_loads(samples[i].value, 0, NULL);
        const bool fine = openapi_check_value(
            rig->openapi, json_object_get(schemas, samples[i].schema), value, why, sizeof(why));
        if (fine != samples[i].fine) {
            fail_msg("%s was judged wrongly: %s", samples[i].value, why);
        }
        json_decref(value);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_route_is_documented),
        TEST(nothing_else_is_documented),
        TEST(all_references_lead_somewhere),
        TEST(a_walk_over_all_routes_is_answered_as_documented),
        TEST(the_checker_finds_what_is_wrong),
    };
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    curl_global_cleanup();
    return failed;
}
