/* The small parts of the edge: instants, JSON text, problem documents, routes, who may ask. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include <jansson.h>

#include "http/guard.h"
#include "http/json_out.h"
#include "http/problem.h"
#include "http/routes.h"
#include "http/time_text.h"

static void instants_are_written_and_read_back(void **state)
{
    (void)state;
    char text[TIME_TEXT_LEN + 1];
    int64_t back = 0;
    time_text_write(INT64_C(1795516927123), text);
    assert_string_equal(text, "2026-11-24T10:42:07.123Z");
    assert_true(time_text_read(text, &back));
    assert_int_equal(back, INT64_C(1795516927123));
    assert_true(time_text_read("2026-11-24T10:42:07Z", &back));
    assert_int_equal(back, INT64_C(1795516927000));
    assert_true(time_text_read("2024-02-29T00:00:00.5Z", &back));
    assert_int_equal(back % 1000, 500);
    assert_true(time_text_read("2026-11-24T10:42:07.123456789Z", &back));
    assert_int_equal(back % 1000, 123);
}

static void every_day_is_written_as_the_system_writes_it(void **state)
{
    (void)state;
    for (int64_t day = 0; day < 2932896; day += day < 200000 ? 1 : 97) { /* to the end of 9999 */
        const int64_t utc_ms = day * 86400000 + day * 7919 % 86400000;
        const time_t seconds = (time_t)(utc_ms / 1000);
        char text[TIME_TEXT_LEN + 1], expected[80], whole[40];
        struct tm parts;
        assert_non_null(gmtime_r(&seconds, &parts));
        assert_true(strftime(whole, sizeof(whole), "%Y-%m-%dT%H:%M:%S", &parts) > 0);
        (void)snprintf(expected, sizeof(expected), "%s.%03dZ", whole, (int)(utc_ms % 1000));
        time_text_write(utc_ms, text);
        assert_string_equal(text, expected);
    }
}

static void what_is_no_instant_is_not_read(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "now",
                                        "2026-11-24",
                                        "2026-11-24T10:42:07",
                                        "2026-11-24T10:42:07+01:00",
                                        "2026-11-24 10:42:07Z",
                                        "2026-13-01T00:00:00Z",
                                        "2026-02-30T00:00:00Z",
                                        "2025-02-29T00:00:00Z",
                                        "2026-11-24T24:00:00Z",
                                        "2026-11-24T10:60:00Z",
                                        "2026-11-24T10:42:07.Z",
                                        "2026-11-24T10:42:07.1234567890Z",
                                        "2026-11-24T10:42:07.123Zx",
                                        "1969-12-31T23:59:59Z",
                                        "20x6-11-24T10:42:07Z"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        int64_t out = -7;
        if (time_text_read(wrong[i], &out)) {
            fail_msg("%s was read", wrong[i]);
        }
        assert_int_equal(out, -7);
    }
}

static void json_text_is_what_jansson_reads_back(void **state)
{
    (void)state;
    struct json_out out = {0};
    static const char nasty[] =
        "\"quoted\" \\ back\nline\ttab \x01 \x1f \x7f اردو \xF0\x9F\x8E\xAB";
    json_out_open(&out, '{');
    json_out_key(&out, "text");
    json_out_string(&out, nasty);
    json_out_key(&out, "numbers");
    json_out_open(&out, '[');
    json_out_integer(&out, 0);
    json_out_integer(&out, -42);
    json_out_integer(&out, INT64_MAX);
    json_out_integer(&out, INT64_MIN);
    json_out_close(&out, ']');
    json_out_key(&out, "empty");
    json_out_open(&out, '{');
    json_out_close(&out, '}');
    json_out_key(&out, "none");
    json_out_string_or_null(&out, "");
    json_out_key(&out, "yes");
    json_out_bool(&out, true);
    json_out_key(&out, "at");
    json_out_time_or_null(&out, 0);
    json_out_key(&out, "raw");
    json_out_value(&out, "[1,2]");
    json_out_close(&out, '}');
    char *text = json_out_take(&out);
    json_t *value = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(value);
    assert_string_equal(json_string_value(json_object_get(value, "text")), nasty);
    const json_t *numbers = json_object_get(value, "numbers");
    assert_int_equal(json_array_size(numbers), 4);
    assert_true(json_integer_value(json_array_get(numbers, 2)) == INT64_MAX);
    assert_true(json_integer_value(json_array_get(numbers, 3)) == INT64_MIN);
    assert_true(json_is_null(json_object_get(value, "none")));
    assert_true(json_is_null(json_object_get(value, "at")));
    assert_int_equal(json_array_size(json_object_get(value, "raw")), 2);
    json_decref(value);
    free(text);
}

static void an_empty_text_can_be_taken(void **state)
{
    (void)state;
    struct json_out out = {0};
    char *text = json_out_take(&out);
    assert_string_equal(text, "");
    free(text);
}

static void every_problem_is_a_document_with_a_sentence(void **state)
{
    (void)state;
    for (int i = PROBLEM_NONE + 1; i < PROBLEM_COUNT; i++) {
        const struct problem *problem = problem_get((enum problem_code)i);
        char type[80];
        char *text = problem_json((enum problem_code)i, NULL, NULL);
        json_t *value = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
        assert_non_null(value);
        (void)snprintf(type, sizeof(type), "/problems/%s", problem->code);
        assert_string_equal(json_string_value(json_object_get(value, "type")), type);
        assert_int_equal(json_integer_value(json_object_get(value, "status")),
                         problem->http_status);
        assert_true(problem->http_status >= 400 && problem->http_status < 600);
        assert_string_equal(json_string_value(json_object_get(value, "detail")), problem->sentence);
        assert_int_equal(problem->sentence[strlen(problem->sentence) - 1], '.');
        assert_null(json_object_get(value, "field"));
        for (int other = PROBLEM_NONE + 1; other < i; other++) {
            assert_string_not_equal(problem_get((enum problem_code)other)->code, problem->code);
        }
        json_decref(value);
        free(text);
    }
    assert_string_equal(problem_get(problem_of_refusal(REFUSAL_DAY_CLOSED))->code, "day-closed");
}

static void a_problem_names_the_field_and_says_what_is_wrong(void **state)
{
    (void)state;
    char *text = problem_json(PROBLEM_INVALID_FIELD, "Say which service.", "service");
    assert_string_equal(
        text, "{\"type\":\"/problems/invalid-field\",\"title\":\"Invalid field\",\"status\":422,"
              "\"detail\":\"Say which service.\",\"field\":\"service\"}");
    free(text);
}

static void paths_find_their_routes(void **state)
{
    (void)state;
    static const struct {
        const char *method, *path, *operation, *parameter;
    } right[] = {
        {"GET", "/", "getCounterChoicePage", ""},
        {"GET", "/manager", "getManagerPage", ""},
        {"GET", "/admin", "getAdminPage", ""},
        {"GET", "/sign-in", "getSignInPage", ""},
        {"GET", "/floor", "getFloorPage", ""},
        {"GET", "/api/site", "getSite", ""},
        {"HEAD", "/api/site", "getSite", ""},
        {"POST", "/api/tickets", "issueTicket", ""},
        {"GET", "/api/tickets/X", "getTicket", "X"},
        {"POST", "/api/tickets/X/leave", "leaveQueue", "X"},
        {"POST", "/api/counters/room-1/no-show", "markNoShow", "room-1"},
        {"GET", "/counter/3", "getCounterPage", "3"},
        {"GET", "/web/vendor/preact.js", "getWebFile", "vendor/preact.js"},
    };
    for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
        struct route_match match;
        routes_match(right[i].method, right[i].path, &match);
        assert_non_null(match.route);
        assert_string_equal(match.route->operation, right[i].operation);
        assert_string_equal(match.parameter, right[i].parameter);
    }
}

static void other_paths_and_methods_find_none(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "/x",
                                        "/api",
                                        "/api/site/",
                                        "/api/sitex",
                                        "/counter/",
                                        "/api/tickets//leave",
                                        "/api/counters/1/2/next",
                                        "/web/",
                                        "//"};
    struct route_match match;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        routes_match("GET", wrong[i], &match);
        assert_null(match.route);
        assert_string_equal(match.allow, "");
    }
    routes_match("DELETE", "/api/site", &match);
    assert_null(match.route);
    assert_string_equal(match.allow, "GET, HEAD");
    routes_match("GET", "/api/counters/3/next", &match);
    assert_null(match.route);
    assert_string_equal(match.allow, "POST");
    char path[400] = "/counter/";
    memset(path + 9, 'a', sizeof(path) - 10);
    path[sizeof(path) - 1] = '\0';
    routes_match("GET", path, &match);
    assert_null(match.route);
}

/* What changes something without a sign-in: coming in, and what a visitor's own token stands for. */
static bool may_be_for_anyone(const char *pattern)
{
    return strcmp(pattern, "/api/session") == 0 || strcmp(pattern, "/api/setup") == 0 ||
           strcmp(pattern, "/api/pair") == 0 || strncmp(pattern, "/api/pair/", 10) == 0 ||
           strncmp(pattern, "/api/visits/{token}", 19) == 0;
}

static void every_route_says_who_may_call_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < routes_count(); i++) {
        const struct route *route = routes_get(i);
        assert_true(route->roles != 0 && (route->roles & ~(unsigned)ROLE_LOCAL) == 0);
        assert_non_null(route->handler);
        if (strcmp(route->method, "GET") != 0 && !may_be_for_anyone(route->pattern)) {
            assert_true((route->roles & ROLE_ANYONE) == 0);
        }
        for (size_t other = 0; other < i; other++) {
            assert_string_not_equal(routes_get(other)->operation, route->operation);
        }
    }
}

static void only_our_own_names_are_hosts(void **state)
{
    (void)state;
    static const char *const ours[] = {"localhost",      "LOCALHOST:80", "127.0.0.1",
                                       "127.0.0.1:8080", "[::1]",        "[::1]:1"};
    static const char *const others[] = {"",
                                         "evil.example",
                                         "localhost.evil.example",
                                         "127.0.0.2",
                                         "127.0.0.1.nip.io",
                                         "127.0.0.1:",
                                         "localhost:x",
                                         "localhost:99999",
                                         "::1",
                                         "[::1]x",
                                         "localhost:80:80",
                                         "10.0.0.1:8080"};
    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
        assert_true(guard_host_is_ours(NULL, ours[i]));
    }
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        assert_false(guard_host_is_ours(NULL, others[i]));
    }
    assert_false(guard_host_is_ours(NULL, NULL));
    /* On a network: names that were given, and addresses, which no page of elsewhere can have made its own. */
    const struct guard named = {.names = {"queue.example"}, .name_count = 1};
    const struct guard network = {.names = {"queue.example"}, .name_count = 1, .any_address = true};
    assert_true(guard_host_is_ours(&named, "Queue.Example:8443"));
    assert_false(guard_host_is_ours(&named, "queue.example.evil.example"));
    assert_false(guard_host_is_ours(&named, "192.0.2.7"));
    assert_true(guard_host_is_ours(&network, "192.0.2.7:8443"));
    assert_true(guard_host_is_ours(&network, "[2001:db8::1]:8443"));
    assert_false(guard_host_is_ours(&network, "192.0.2.7.nip.io"));
    assert_false(guard_host_is_ours(&network, "[2001:db8::1"));
    assert_false(guard_host_is_ours(&network, "[]"));
    assert_false(guard_host_is_ours(&network, "2001:db8::1"));
    assert_false(guard_host_is_ours(&network, "evil.example"));
    assert_true(guard_is_name("queue-1.example"));
    assert_false(guard_is_name("queue.example:8080"));
    assert_false(guard_is_name(""));
}

static void a_relay_is_believed_from_the_right(void **state)
{
    (void)state;
    static const char *const no_relays[] = {"",        "relay", "192.0.2.0/24", "192.0.2.7:80",
                                            "0.0.0.0", "::",    "fe80::1%eth0", "[2001:db8::1]"};
    static const struct {
        const char *line, *caller;
    } lines[] = {
        {"203.0.113.5", "203.0.113.5"},
        {"203.0.113.5:4711", "203.0.113.5"},
        {"[2001:db8::5]:4711", "2001:db8::5"},
        {"[2001:db8::5]", "2001:db8::5"},
        {"2001:db8::5", "2001:db8::5"},
        {" 198.51.100.1 ,\t203.0.113.5,", "203.0.113.5"},
        {"203.0.113.5, 192.0.2.9, 2001:db8::9", "203.0.113.5"}, /* one relay behind another */
        {"203.0.113.5,192.0.2.10", "192.0.2.10"},
        {"203.0.113.5, unknown", "192.0.2.9"},
        {"203.0.113.5, [2001:db8::5", "192.0.2.9"},
        {"203.0.113.5, 1111:2222:3333:4444:5555:6666:7777:8888:9999:1111:2222", "192.0.2.9"},
        {"203.0.113.5, :", "192.0.2.9"},
        {"unknown, 192.0.2.9", "192.0.2.9"},
        {"", "192.0.2.9"},
        {" , ,, ", "192.0.2.9"},
    };
    struct relays relays = {.count = 0};
    for (size_t i = 0; i < sizeof(no_relays) / sizeof(no_relays[0]); i++) {
        assert_false(relays_add(&relays, no_relays[i]));
    }
    assert_true(relays_add(&relays, "192.0.2.9"));
    assert_true(relays_add(&relays, "2001:db8::9"));
    assert_true(relays_have(&relays, "::ffff:192.0.2.9"));
    assert_false(relays_have(&relays, "192.0.2.8"));
    assert_false(relays_have(&relays, ""));
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        char caller[INET6_ADDRSTRLEN] = "192.0.2.9";
        relays_read(&relays, "192.0.2.9", lines[i].line, caller);
        assert_string_equal(caller, lines[i].caller);
    }
    while (relays.count < RELAYS_MAX) {
        assert_true(relays_add(&relays, "192.0.2.1"));
    }
    assert_false(relays_add(&relays, "192.0.2.1"));
}

static void only_our_own_pages_may_change_anything(void **state)
{
    (void)state;
    const char *host = "127.0.0.1:8080";
    assert_false(guard_is_cross_site("http", host, NULL, NULL)); /* a program, not a browser */
    assert_false(guard_is_cross_site("http", host, "http://127.0.0.1:8080", "same-origin"));
    assert_false(guard_is_cross_site("http", host, NULL, "none"));
    assert_true(guard_is_cross_site("http", host, "http://127.0.0.1:8081", NULL));
    assert_true(guard_is_cross_site("http", host, "https://evil.example", NULL));
    assert_true(guard_is_cross_site("http", host, "null", NULL));
    assert_true(guard_is_cross_site("http", host, "https://127.0.0.1:8080", NULL));
    assert_false(guard_is_cross_site("https", host, "https://127.0.0.1:8080", "same-origin"));
    assert_true(guard_is_cross_site("https", host, "http://127.0.0.1:8080", NULL));
    assert_true(guard_is_cross_site("http", host, "", NULL));
    assert_true(guard_is_cross_site("http", host, NULL, "cross-site"));
    assert_true(guard_is_cross_site("http", host, NULL, "same-site"));
}

static void only_json_is_json(void **state)
{
    (void)state;
    assert_true(guard_is_json("application/json"));
    assert_true(guard_is_json("Application/JSON; charset=utf-8"));
    assert_false(guard_is_json("application/jsonp"));
    assert_false(guard_is_json("text/plain"));
    assert_false(guard_is_json(""));
    assert_false(guard_is_json(NULL));
}

static void addresses_are_read_and_loopback_is_known(void **state)
{
    (void)state;
    struct sockaddr_storage address;
    static const char *const inside[] = {"127.0.0.1:8080", "127.9.9.9:0", "[::1]:8080",
                                         "localhost:1"};
    static const char *const outside[] = {"0.0.0.0:8080", "192.168.1.4:80", "[::]:80",
                                          "[fe80::1]:80"};
    static const char *const wrong[] = {
        "", "8080", "127.0.0.1", "host.example:80", "127.0.0.1:70000", ":80"};
    for (size_t i = 0; i < sizeof(inside) / sizeof(inside[0]); i++) {
        assert_true(guard_read_address(inside[i], &address));
        assert_true(guard_is_loopback(&address));
    }
    for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++) {
        assert_true(guard_read_address(outside[i], &address));
        assert_false(guard_is_loopback(&address));
    }
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_false(guard_read_address(wrong[i], &address));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_is_written_as_the_system_writes_it),
        cmocka_unit_test(instants_are_written_and_read_back),
        cmocka_unit_test(what_is_no_instant_is_not_read),
        cmocka_unit_test(json_text_is_what_jansson_reads_back),
        cmocka_unit_test(an_empty_text_can_be_taken),
        cmocka_unit_test(every_problem_is_a_document_with_a_sentence),
        cmocka_unit_test(a_problem_names_the_field_and_says_what_is_wrong),
        cmocka_unit_test(paths_find_their_routes),
        cmocka_unit_test(other_paths_and_methods_find_none),
        cmocka_unit_test(every_route_says_who_may_call_it),
        cmocka_unit_test(only_our_own_names_are_hosts),
        cmocka_unit_test(a_relay_is_believed_from_the_right),
        cmocka_unit_test(only_our_own_pages_may_change_anything),
        cmocka_unit_test(only_json_is_json),
        cmocka_unit_test(addresses_are_read_and_loopback_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
