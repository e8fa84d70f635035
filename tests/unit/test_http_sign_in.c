/* Signing in, through the whole server: set-up, passwords, sessions and their ends, what staff may at which counter, who is
 * noted in the trail. Time stands until the test moves it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "http/hub.h"
#include "http_people.h"
#include "http_rig.h"
#include "http_stream.h"

enum { MINUTE_MS = 60000 };

static void pass(struct rig *rig, int64_t ms)
{
    (void)atomic_fetch_add(&rig->people_ms, ms);
}

static json_t *session_of(struct rig *rig, const struct badge *badge, struct reply *reply)
{
    *reply = badge_ask(rig, badge, "GET", "/api/session", NULL);
    assert_int_equal(reply->status, 200);
    return reply->json;
}

static bool is_signed_in(struct rig *rig, const struct badge *badge)
{
    struct reply reply;
    const json_t *session = session_of(rig, badge, &reply);
    const bool is = json_is_object(json_object_get(session, "person"));
    reply_free(&reply);
    return is;
}

static void the_first_start_has_a_code(void **state)
{
    struct rig *rig = *state;
    struct badge ada;
    struct reply reply;
    json_t *session = session_of(rig, NULL, &reply);
    assert_true(json_is_true(json_object_get(session, "sign_in")));
    assert_true(json_is_true(json_object_get(session, "needs_set_up")));
    assert_true(json_is_null(json_object_get(session, "person")));
    reply_free(&reply);
    badge_expect(rig, NULL, "POST", "/api/setup",
                 "{\"code\":\"AAAAA-AAAAA\",\"name\":\"eve\",\"password\":\"i was here first\"}",
                 "wrong-set-up-code");
    char body[200];
    (void)snprintf(body, sizeof(body),
                   "{\"code\":\"%s\",\"name\":\"ada\",\"password\":\"password1234\"}",
                   rig->set_up_code);
    badge_expect(rig, NULL, "POST", "/api/setup", body, "password-common");
    badge_set_up(rig, &ada, "[\"manager\"]");
    session = session_of(rig, &ada, &reply);
    assert_true(json_is_false(json_object_get(session, "needs_set_up")));
    const json_t *person = json_object_get(session, "person");
    assert_string_equal(rig_text(person, "display"), "Ada L.");
    assert_string_equal(rig_text(person, "language"), "en");
    assert_int_equal(json_array_size(json_object_get(person, "roles")), 2);
    assert_int_equal(json_integer_value(json_object_get(session, "idle_s")), 1800);
    reply_free(&reply);
    badge_expect(rig, NULL, "POST", "/api/setup", body, "set-up-over");
}

static void the_cookie_is_for_this_server_alone(void **state)
{
    struct rig *rig = *state;
    char body[200];
    (void)snprintf(body, sizeof(body), "{\"name\":\"Ada\",\"password\":\"%s\"}", ADMIN_PASSWORD);
    struct reply reply = badge_ask(rig, NULL, "POST", "/api/session", body);
    assert_int_equal(reply.status, 201);
    assert_non_null(strstr(reply.cookie, "; HttpOnly"));
    assert_non_null(strstr(reply.cookie, "; SameSite=Strict"));
    assert_non_null(strstr(reply.cookie, "; Path=/"));
    assert_null(strstr(reply.cookie, "Domain"));
    assert_null(strstr(reply.cookie, "Secure")); /* not over TLS here */
    assert_string_equal(reply.hsts, "");
    reply_free(&reply);
    /* Nor is a relay's https another site, when it asks by our own name. */
    char own[80];
    (void)snprintf(own, sizeof(own), "Origin: https://127.0.0.1:%d", rig->port);
    (void)rig_expect(rig,
                     &(struct ask){.method = "POST",
                                   .path = "/api/session",
                                   .body = body,
                                   .headers = {own, "X-Forwarded-Proto: https"}},
                     201, &reply);
    assert_non_null(strstr(reply.cookie, "; Secure"));
    reply_free(&reply);
    /* A page of elsewhere signs nobody in. */
    rig_expect_problem(rig,
                       &(struct ask){.method = "POST",
                                     .path = "/api/session",
                                     .body = body,
                                     .headers = {"Origin: https://evil.example"}},
                       "cross-site");
    rig_expect_problem(
        rig,
        &(struct ask){.method = "POST", .path = "/api/session", .body = body, .type = "text/plain"},
        "unsupported-media-type");
    badge_expect(rig, NULL, "POST", "/api/session", "{\"name\":\"ada\",\"password\":7}",
                 "invalid-field");
    badge_expect(rig, NULL, "POST", "/api/session", "{\"name\":\"ada\\u0000x\",\"password\":\"x\"}",
                 "malformed-json");
}

/* Forged, foreign, cut, doubled: all the same as nobody. */
static void a_cookie_that_is_none_of_ours_is_nobodys(void **state)
{
    struct rig *rig = *state;
    struct badge ada, forged;
    assert_int_equal(badge_sign_in(rig, &ada, "ada", ADMIN_PASSWORD), 201);
    const char *token = ada.cookie + strlen("Cookie: quarter=");
    char line[7000];
    static const char *const shapes[] = {
        "Cookie: quarter=",
        "Cookie: quarter=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "Cookie: quarter=%.42s",
        "Cookie: quarter=%sA",
        "Cookie: quarter=%.20s/%.22s",
        "Cookie: Quarter=%s",
        "Cookie: xquarter=%s",
        "Cookie: quarter=%s; quarter=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "Cookie: quarter=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA; quarter=%s",
        "Cookie: \"quarter=%s\"",
        "Cookie: quarter=\"%s\"",
        "Cookie: __Host-quarter=%s",
    };
    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        (void)snprintf(line, sizeof(line), shapes[i], token, token);
#pragma GCC diagnostic pop
        rig_expect_problem(
            rig, &(struct ask){.method = "GET", .path = "/api/persons", .headers = {line}},
            "sign-in-needed");
    }
    (void)snprintf(line, sizeof(line), "Cookie: a=b;quarter=%s ; c=d", token);
    struct reply reply =
        rig_ask(rig, &(struct ask){.method = "GET", .path = "/api/persons", .headers = {line}});
    assert_int_equal(reply.status, 200);
    reply_free(&reply);
    /* As a device's token it is worth nothing, and takes the cookie's place. */
    forged = ada;
    (void)snprintf(forged.bearer, sizeof(forged.bearer), "Authorization: Bearer %.43s", token);
    badge_expect(rig, &forged, "GET", "/api/persons", NULL, "unknown-device");
    (void)snprintf(forged.bearer, sizeof(forged.bearer), "Authorization: Basic YWRhOmFkYQ==");
    badge_expect(rig, &forged, "GET", "/api/persons", NULL, "unknown-device");
    /* More headers than a connection has room for: libmicrohttpd's own answer. */
    for (int bytes = 6000; bytes <= 60000; bytes *= 10) {
        char *long_line = malloc((size_t)bytes + 20);
        assert_non_null(long_line);
        (void)snprintf(long_line, 20, "Cookie: quarter=");
        memset(long_line + 16, 'A', (size_t)bytes);
        long_line[16 + bytes] = '\0';
        reply = rig_ask(rig, &(struct ask){.method = "GET",
                                           .path = "/api/persons",
                                           .headers = {long_line},
                                           .unchecked = true});
        assert_true(reply.status == 401 || reply.status == 431);
        reply_free(&reply);
        free(long_line);
    }
    assert_true(is_signed_in(rig, &ada));
}

static void a_session_ends_unused_and_at_its_end(void **state)
{
    struct rig *rig = *state;
    struct badge ada, bea, renewed;
    assert_int_equal(badge_sign_in(rig, &ada, "ada", ADMIN_PASSWORD), 201);
    /* Looking is no use of it, doing something is. */
    for (int i = 0; i < 2; i++) {
        pass(rig, 20 * MINUTE_MS);
        badge_expect(rig, &ada, "POST", "/api/what-if", "{}", "invalid-field");
    }
    assert_true(is_signed_in(rig, &ada));
    pass(rig, 29 * MINUTE_MS);
    badge_expect(rig, &ada, "GET", "/api/persons", NULL, "200");
    pass(rig, 2 * MINUTE_MS);
    assert_false(is_signed_in(rig, &ada));
    badge_expect(rig, &ada, "GET", "/api/persons", NULL, "sign-in-needed");
    badge_expect_command(rig, &ada, "/api/day/open", "{}", "sign-in-needed");
    /* Renewed again and again it lasts ten hours. Tabs that have the former cookie go on meanwhile. */
    assert_int_equal(badge_sign_in(rig, &bea, "ada", ADMIN_PASSWORD), 201);
    for (int i = 0; i < 23; i++) {
        pass(rig, 25 * MINUTE_MS);
        struct reply first = badge_ask(rig, &bea, "POST", "/api/session/renew", "{}");
        struct reply again = badge_ask(rig, &bea, "POST", "/api/session/renew", "{}");
        assert_int_equal(first.status, 200);
        assert_int_equal(again.status, 200);
        assert_string_equal(first.cookie, again.cookie);
        renewed = bea;
        badge_take(&renewed, &first);
        reply_free(&first);
        reply_free(&again);
        assert_string_not_equal(renewed.cookie, bea.cookie);
        assert_string_equal(renewed.csrf, bea.csrf);
        badge_expect(rig, &renewed, "GET", "/api/sessions", NULL, "200");
        badge_expect(rig, &bea, "GET", "/api/sessions", NULL, "200");
        pass(rig, MINUTE_MS + 1);
        badge_expect(rig, &bea, "GET", "/api/sessions", NULL, "sign-in-needed");
        bea = renewed;
    }
    pass(rig, 10 * MINUTE_MS);
    badge_expect(rig, &bea, "POST", "/api/session/renew", "{}", "sign-in-needed");
}

static void sessions_are_seen_and_ended(void **state)
{
    struct rig *rig = *state;
    struct badge here, there;
    assert_int_equal(badge_sign_in(rig, &there, "ada", ADMIN_PASSWORD), 201);
    pass(rig, 1000);
    assert_int_equal(badge_sign_in(rig, &here, "ada", ADMIN_PASSWORD), 201);
    struct reply reply = badge_ask(rig, &here, "GET", "/api/sessions", NULL);
    assert_true(json_is_true(json_object_get(json_array_get(reply.json, 0), "this")));
    char path[80];
    (void)snprintf(path, sizeof(path), "/api/sessions/%s/end",
                   rig_text(json_array_get(reply.json, 1), "id"));
    reply_free(&reply);
    /* What it has open says so, and closes; what is another's goes on. */
    struct listener ended, lasting;
    struct heard heard;
    listener_open_with(&ended, rig, "/api/manager/stream", there.cookie);
    listener_open_with(&lasting, rig, "/api/manager/stream", here.cookie);
    badge_expect(rig, &here, "POST", path, "{}", "204");
    badge_expect(rig, &here, "POST", path, "{}", "unknown-session");
    assert_true(listener_next_of(&ended, "ended", &heard));
    assert_string_equal(rig_text(heard.data, "why"), "session");
    heard_free(&heard);
    assert_false(listener_next(&ended, &heard));
    listener_close(&ended);
    assert_false(is_signed_in(rig, &there));
    assert_true(listener_next_of(&lasting, "beat", &heard));
    heard_free(&heard);
    /* A renewed cookie leaves the stream alone. */
    reply = badge_ask(rig, &here, "POST", "/api/session/renew", "{}");
    badge_take(&here, &reply);
    reply_free(&reply);
    badge_expect(rig, &here, "GET", "/api/sessions", NULL, "200");
    pass(rig, 2 * MINUTE_MS);
    for (int beats = 0; beats < 3; beats++) {
        assert_true(listener_next_of(&lasting, "beat", &heard));
        heard_free(&heard);
    }
    reply = badge_ask(rig, &here, "POST", "/api/session/end", "{}");
    assert_int_equal(reply.status, 204);
    assert_non_null(strstr(reply.cookie, "Max-Age=0"));
    reply_free(&reply);
    assert_true(listener_next_of(&lasting, "ended", &heard));
    heard_free(&heard);
    listener_close(&lasting);
    assert_false(is_signed_in(rig, &here));
}

/* Closed ones are missed at a beat. */
static void wait_for_streams(struct rig *rig, const char *line)
{
    bool is_so = false;
    for (int tries = 0; tries < 3000 && !is_so; tries++) {
        struct reply reply = badge_ask(rig, NULL, "GET", "/metrics", NULL);
        is_so = strstr(reply.body, line) != NULL;
        reply_free(&reply);
        (void)usleep(is_so ? 0 : 10000);
    }
    assert_true(is_so);
}

/* Whoever opens ever more pages shuts nobody else out. */
static void streams_of_one_person_are_counted(void **state)
{
    struct rig *rig = *state;
    static struct listener open[HUB_STREAMS_EACH], other;
    struct badge ada, again, sue;
    assert_int_equal(badge_sign_in(rig, &ada, "ada", ADMIN_PASSWORD), 201);
    assert_int_equal(badge_sign_in(rig, &again, "ada", ADMIN_PASSWORD), 201);
    badge_hire(rig, &ada, "sue", "[\"manager\"]", false, &sue);
    wait_for_streams(rig, "\nquarter_streams 0\n");
    for (int i = 0; i < HUB_STREAMS_EACH; i++) {
        listener_open_with(&open[i], rig, i % 2 ? "/api/floor/stream" : "/api/manager/stream",
                           i % 3 ? ada.cookie : again.cookie);
    }
    badge_expect(rig, &ada, "GET", "/api/floor/stream", NULL, "too-many-streams");
    badge_expect(rig, &again, "GET", "/api/counters/1/stream", NULL, "too-many-streams");
    listener_open_with(&other, rig, "/api/floor/stream", sue.cookie);
    listener_close(&open[3]);
    wait_for_streams(rig, "\nquarter_streams 20\n");
    listener_open_with(&open[3], rig, "/api/floor/stream", ada.cookie);
    for (int i = 0; i < HUB_STREAMS_EACH; i++) {
        listener_close(&open[i]);
    }
    listener_close(&other);
}

/* All that comes until the text is there, or nothing more does. */
static void read_until(int fd, const char *text, char *got, size_t size)
{
    size_t used = 0;
    ssize_t count = 1;
    got[0] = '\0';
    while (strstr(got, text) == NULL && count > 0 && used + 1 < size) {
        count = read(fd, got + used, size - 1 - used);
        used += count > 0 ? (size_t)count : 0;
        got[used] = '\0';
    }
    assert_non_null(strstr(got, text));
}

static void a_slow_body_outlives_no_session(void **state)
{
    struct rig *rig = *state;
    struct badge ada;
    char head[600], got[4096];
    assert_int_equal(badge_sign_in(rig, &ada, "ada", ADMIN_PASSWORD), 201);
    const int fd = rig_connect(rig);
    const int length = snprintf(
        head, sizeof(head),
        "POST /api/persons/nobody/disable HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\n%s\r\nExpect: "
        "100-continue\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n",
        ada.cookie, ada.csrf);
    assert_int_equal(write(fd, head, (size_t)length), length);
    read_until(fd, "\r\n\r\n", got, sizeof(got));
    assert_non_null(strstr(got, " 100 "));
    badge_expect(rig, &ada, "POST", "/api/session/end", "{}", "204");
    assert_int_equal(write(fd, "{}", 2), 2);
    read_until(fd, "\r\n\r\n", got, sizeof(got));
    assert_non_null(strstr(got, " 401 "));
    (void)close(fd);
}

static void persons_are_added_changed_and_sent_away(void **state)
{
    struct rig *rig = *state;
    struct badge ada, bob;
    char path[100], body[200];
    assert_int_equal(badge_sign_in(rig, &ada, "ada", ADMIN_PASSWORD), 201);
    badge_expect(rig, &ada, "POST", "/api/persons", "{\"name\":\"b\",\"roles\":[\"counter\"]}",
                 "bad-name");
    badge_expect(rig, &ada, "POST", "/api/persons", "{\"name\":\"bob\",\"roles\":[]}", "bad-roles");
    badge_expect(rig, &ada, "POST", "/api/persons", "{\"name\":\"bob\",\"roles\":[\"king\"]}",
                 "invalid-field");
    badge_hire(rig, &ada, "bob", "[\"manager\"]", true, &bob);
    badge_expect(rig, &ada, "POST", "/api/persons", "{\"name\":\"Bob\",\"roles\":[\"manager\"]}",
                 "name-taken");
    /* The one-time password is good for choosing one's own. */
    badge_expect(rig, &bob, "GET", "/api/floor", NULL, "not-allowed");
    badge_expect(rig, &bob, "POST", "/api/password",
                 "{\"password\":\"wrong one\",\"new_password\":\"seven green bottles\"}",
                 "wrong-password");
    (void)snprintf(body, sizeof(body), "{\"password\":\"%s\",\"new_password\":\"%s\"}",
                   bob.one_time, STAFF_PASSWORD);
    struct reply reply = badge_ask(rig, &bob, "POST", "/api/password", body);
    assert_int_equal(reply.status, 200);
    struct badge before = bob;
    badge_take(&bob, &reply);
    reply_free(&reply);
    assert_string_not_equal(before.cookie, bob.cookie);
    badge_expect(rig, &bob, "GET", "/api/floor", NULL, "200");
    (void)snprintf(path, sizeof(path), "/api/persons/%s/change", bob.person);
    badge_expect(rig, &ada, "POST", path, "{\"roles\":[]}", "bad-roles");
    struct listener listener;
    struct heard heard;
    listener_open_with(&listener, rig, "/api/manager/stream", bob.cookie);
    badge_expect(rig, &ada, "POST", path, "{\"roles\":[\"greeter\"],\"display\":\"Bob B.\"}",
                 "200");
    assert_true(listener_next_of(&listener, "ended", &heard));
    assert_string_equal(rig_text(heard.data, "why"), "role");
    heard_free(&heard);
    listener_close(&listener);
    badge_expect(rig, &bob, "GET", "/api/advice", NULL, "not-allowed");
    (void)snprintf(path, sizeof(path), "/api/persons/%s/disable", bob.person);
    badge_expect(rig, &ada, "POST", path, "{}", "200");
    badge_expect(rig, &bob, "GET", "/api/floor", NULL, "sign-in-needed");
    assert_int_equal(badge_sign_in(rig, &bob, "bob", STAFF_PASSWORD), 401);
    (void)snprintf(path, sizeof(path), "/api/persons/%s/enable", before.person);
    badge_expect(rig, &ada, "POST", path, "{}", "200");
    (void)snprintf(path, sizeof(path), "/api/persons/%s/disable", ada.person);
    badge_expect(rig, &ada, "POST", path, "{}", "last-admin");
    (void)snprintf(path, sizeof(path), "/api/persons/%s/reset-password", before.person);
    badge_expect(rig, &ada, "POST", path, "{}", "200");
    (void)snprintf(path, sizeof(path), "/api/persons/%s/reset-password", "nobody");
    badge_expect(rig, &ada, "POST", path, "{}", "unknown-person");
}

static void staff_command_their_own_counter(void **state)
{
    struct rig *rig = *state;
    struct badge ada, con, dee, max;
    assert_int_equal(badge_sign_in(rig, &ada, "ada", ADMIN_PASSWORD), 201);
    badge_hire(rig, &ada, "con", "[\"counter\"]", false, &con);
    badge_hire(rig, &ada, "dee", "[\"counter\",\"greeter\"]", false, &dee);
    badge_hire(rig, &ada, "max", "[\"manager\"]", false, &max);
    badge_expect_command(rig, &con, "/api/counters/1/next", "{}", "not-your-counter");
    badge_expect_command(rig, &con, "/api/counters/1/open", "{}", "200");
    badge_expect_command(rig, &dee, "/api/counters/1/open", "{}", "not-your-counter");
    badge_expect_command(rig, &dee, "/api/tickets", "{\"service\":\"housing\"}", "201");
    badge_expect_command(rig, &dee, "/api/counters/1/next", "{}", "not-your-counter");
    badge_expect_command(rig, &con, "/api/counters/1/next", "{}", "200");
    badge_expect_command(rig, &dee, "/api/counters/1/undo", "{}", "not-your-counter");
    badge_expect_command(rig, &max, "/api/counters/1/start", "{}", "200");
    badge_expect_command(rig, &con, "/api/counters/1/finish", "{\"outcome\":\"resolved\"}", "200");
    badge_expect_command(rig, &con, "/api/counters/1/pause", "{}", "200");
    badge_expect_command(rig, &dee, "/api/counters/1/open", "{}", "not-your-counter");
    /* Opening another one leaves the first, which then is anybody's. */
    badge_expect_command(rig, &con, "/api/counters/room-1/open", "{}", "200");
    badge_expect_command(rig, &dee, "/api/counters/1/open", "{}", "200");
    badge_expect_command(rig, &con, "/api/counters/1/close", "{}", "not-your-counter");
    badge_expect_command(rig, &max, "/api/counters/1/close", "{}", "200");
    badge_expect_command(rig, &con, "/api/counters/99/next", "{}", "unknown-counter");
    badge_expect_command(rig, &con, "/api/counters/room-1/close", "{}", "200");
}

/* Who, what, when; codes, and nobody's name. */
static void the_trail_says_who_did_what(void **state)
{
    struct rig *rig = *state;
    struct badge ada;
    assert_int_equal(badge_sign_in(rig, &ada, "ada", ADMIN_PASSWORD), 201);
    badge_expect_command(rig, &ada, "/api/counters/room-1/open", "{}", "200");
    badge_expect_command(rig, &ada, "/api/counters/room-1/close", "{}", "200");
    bool has_open = false, has_refusal = false;
    /* It is written behind the answer's back. */
    for (int tries = 0; tries < 1000 && !has_open; tries++) {
        struct reply reply = badge_ask(rig, &ada, "GET", "/api/audit?limit=500", NULL);
        const json_t *entries = json_object_get(reply.json, "entries");
        char person[QUARTER_ULID_LEN + 10];
        (void)snprintf(person, sizeof(person), "person:%s", ada.person);
        for (size_t i = 0; i < json_array_size(entries); i++) {
            const json_t *entry = json_array_get(entries, i);
            const char *action = rig_text(entry, "action");
            has_open |= strcmp(action, "close_counter") == 0 &&
                        strcmp(rig_text(entry, "actor"), person) == 0 &&
                        strcmp(rig_text(entry, "object"), "counter:room-1") == 0 &&
                        strcmp(rig_text(entry, "result"), "ok") == 0;
            has_refusal |= strcmp(action, "call_next") == 0 &&
                           strcmp(rig_text(entry, "result"), "not-your-counter") == 0;
        }
        assert_null(strstr(reply.body, "Ada"));
        assert_null(strstr(reply.body, "127.0.0.1"));
        reply_free(&reply);
    }
    assert_true(has_open && has_refusal);
    struct reply reply = badge_ask(rig, &ada, "GET", "/api/audit?limit=2", NULL);
    const json_t *entries = json_object_get(reply.json, "entries");
    assert_int_equal(json_array_size(entries), 2);
    char path[80];
    const json_int_t second =
        json_integer_value(json_object_get(json_array_get(entries, 1), "seq"));
    (void)snprintf(path, sizeof(path), "/api/audit?limit=1&before=%lld", (long long)second);
    reply_free(&reply);
    reply = badge_ask(rig, &ada, "GET", path, NULL);
    entries = json_object_get(reply.json, "entries");
    assert_true(json_integer_value(json_object_get(json_array_get(entries, 0), "seq")) < second);
    reply_free(&reply);
    badge_expect(rig, &ada, "GET", "/api/audit?limit=501", NULL, "invalid-field");
    badge_expect(rig, &ada, "GET", "/api/audit?before=x", NULL, "invalid-field");
}

/* Ten thousand tries buy as many guesses as the clock allows, and keep nobody else out: neither whoever has another name
 * nor, before long, the one whose name it is. */
static void ten_thousand_wrong_passwords_are_slowed_down(void **state)
{
    struct rig *rig = *state;
    struct badge ada, bob;
    int wrong = 0, waited = 0;
    pass(rig, 24 * 60 * (int64_t)MINUTE_MS);
    for (int i = 0; i < 10000; i++) {
        struct reply reply = badge_ask(rig, NULL, "POST", "/api/session",
                                       "{\"name\":\"bob\",\"password\":\"wrong again\"}");
        wrong += reply.status == 401;
        waited += reply.status == 429;
        if (reply.status == 429) {
            assert_true(json_integer_value(json_object_get(reply.json, "retry_s")) >= 1);
            assert_int_equal(strtol(reply.retry_after, NULL, 10),
                             json_integer_value(json_object_get(reply.json, "retry_s")));
        }
        reply_free(&reply);
        pass(rig, 36); /* ten thousand in six minutes */
    }
    assert_int_equal(wrong + waited, 10000);
    assert_in_range(wrong, 5, 20);
    assert_int_equal(badge_sign_in(rig, &ada, "ada", ADMIN_PASSWORD), 201);
    assert_int_equal(badge_sign_in(rig, &bob, "bob", STAFF_PASSWORD), 429);
    pass(rig, MINUTE_MS);
    assert_int_equal(badge_sign_in(rig, &bob, "bob", STAFF_PASSWORD), 401); /* it was reset */
    /* A name that nobody has is told no other things. */
    for (int i = 0; i < 6; i++) {
        pass(rig, 2000);
        badge_expect(rig, NULL, "POST", "/api/session",
                     "{\"name\":\"nobody\",\"password\":\"wrong again\"}",
                     i < 5 ? "wrong-password" : "200");
        if (i == 4) {
            break;
        }
    }
    badge_expect(rig, NULL, "POST", "/api/session",
                 "{\"name\":\"nobody\",\"password\":\"wrong again\"}", "wait-a-little");
}

/* A wrong password from behind a relay, which says so in these lines. */
static void try_relayed(struct rig *rig, const char *first, const char *second, const char *code)
{
    static int count;
    char body[80];
    struct badge relayed = {0};
    (void)snprintf(relayed.cookie, sizeof(relayed.cookie), "X-Forwarded-For: %s", first);
    (void)snprintf(relayed.csrf, sizeof(relayed.csrf), "X-Forwarded-For: %s", second);
    (void)snprintf(body, sizeof(body), "{\"name\":\"who%d\",\"password\":\"x\"}", ++count);
    badge_expect(rig, &relayed, "POST", "/api/session", body, code);
}

/* Those behind a relay that was named have tries of their own; what anybody else says of others counts for nothing. */
static void those_behind_a_relay_are_told_apart(void **state)
{
    (void)state;
    static const char *const relays[] = {"127.0.0.1", "192.0.2.9"};
    for (size_t i = 0; i < 2; i++) {
        const bool is_believed = i == 0;
        struct rig rig;
        struct badge ada;
        rig_make(&rig);
        rig.signs_in = true;
        rig.relay = relays[i];
        rig_start(&rig);
        badge_set_up(&rig, &ada, "[]");
        for (int k = 0; k < 30; k++) {
            try_relayed(&rig, "203.0.113.5:4711", "127.0.0.1", "wrong-password");
        }
        try_relayed(&rig, "203.0.113.5", "", "wait-a-little");
        /* What is left of the relay's own word was sent by whoever asks it. */
        try_relayed(&rig, "198.51.100.7, 198.51.100.8", "203.0.113.5", "wait-a-little");
        try_relayed(&rig, "203.0.113.5", "2001:db8::7",
                    is_believed ? "wrong-password" : "wait-a-little");
        struct reply reply = badge_ask(&rig, &ada, "GET", "/api/audit?limit=1", NULL);
        const json_t *entry = json_array_get(json_object_get(reply.json, "entries"), 0);
        assert_string_equal(rig_text(entry, "address"),
                            is_believed ? "2001:db8::/48" : "127.0.0.0/24");
        reply_free(&reply);
        rig_remove(&rig);
    }
}

/* Every route of persons and sessions was answered with success, as documented. */
static void nothing_was_left_out(void **state)
{
    struct rig *rig = *state;
    static const char *const begins[] = {"/api/session", "/api/setup", "/api/password",
                                         "/api/person", "/api/audit"};
    badge_expect_walked(rig, begins, sizeof(begins) / sizeof(begins[0]));
}

/* What is written stays: sessions and the trail outlast a restart, the set-up code does not come back. */
static void a_restart_signs_nobody_out(void **state)
{
    struct rig *rig = *state;
    struct badge ada;
    assert_int_equal(badge_sign_in(rig, &ada, "ada", ADMIN_PASSWORD), 201);
    rig_halt(rig);
    rig_start(rig);
    assert_string_equal(rig->set_up_code, "");
    assert_true(is_signed_in(rig, &ada));
    badge_expect(rig, &ada, "GET", "/api/persons", NULL, "200");
}

static void with_sign_in_off_all_is_as_it_was(void **state)
{
    (void)state;
    struct rig rig;
    struct reply reply;
    rig_make(&rig);
    rig_start(&rig);
    const json_t *session = session_of(&rig, NULL, &reply);
    assert_true(json_is_false(json_object_get(session, "sign_in")));
    assert_true(json_is_false(json_object_get(session, "needs_set_up")));
    assert_true(json_is_null(json_object_get(session, "person")));
    reply_free(&reply);
    badge_expect(&rig, NULL, "POST", "/api/session", "{\"name\":\"a\",\"password\":\"b\"}",
                 "sign-in-off");
    badge_expect(&rig, NULL, "POST", "/api/session/renew", "{}", "sign-in-off");
    badge_expect(&rig, NULL, "POST", "/api/session/end", "{}", "sign-in-off");
    badge_expect(&rig, NULL, "POST", "/api/password", "{}", "sign-in-off");
    badge_expect(&rig, NULL, "GET", "/api/sessions", NULL, "sign-in-off");
    badge_expect(&rig, NULL, "GET", "/api/persons", NULL, "sign-in-off");
    badge_expect(&rig, NULL, "GET", "/api/audit", NULL, "sign-in-off");
    badge_expect(&rig, NULL, "GET", "/api/devices", NULL, "sign-in-off");
    badge_expect(&rig, NULL, "GET", "/api/pairings", NULL, "sign-in-off");
    badge_expect(&rig, NULL, "POST", "/api/pair", "{}", "sign-in-off");
    badge_expect_command(&rig, NULL, "/api/counters/1/open", "{}", "200");
    rig_remove(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_start_has_a_code),
        cmocka_unit_test(the_cookie_is_for_this_server_alone),
        cmocka_unit_test(a_cookie_that_is_none_of_ours_is_nobodys),
        cmocka_unit_test(a_session_ends_unused_and_at_its_end),
        cmocka_unit_test(sessions_are_seen_and_ended),
        cmocka_unit_test(streams_of_one_person_are_counted),
        cmocka_unit_test(a_slow_body_outlives_no_session),
        cmocka_unit_test(persons_are_added_changed_and_sent_away),
        cmocka_unit_test(staff_command_their_own_counter),
        cmocka_unit_test(the_trail_says_who_did_what),
        cmocka_unit_test(ten_thousand_wrong_passwords_are_slowed_down),
        cmocka_unit_test(those_behind_a_relay_are_told_apart),
        cmocka_unit_test(a_restart_signs_nobody_out),
        cmocka_unit_test(nothing_was_left_out),
        cmocka_unit_test(with_sign_in_off_all_is_as_it_was),
    };
    curl_global_init(CURL_GLOBAL_DEFAULT);
    return cmocka_run_group_tests(tests, badge_rig_set_up, rig_tear_down);
}
