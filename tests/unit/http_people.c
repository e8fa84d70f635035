/* Staff and devices of a test. See http_people.h. */
#include "http_people.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "http/routes.h"
#include "people/sas.h"

int badge_rig_set_up(void **state)
{
    static struct rig rig;
    rig_make(&rig);
    rig.signs_in = true;
    rig.beat_ms = 50;
    rig_start(&rig);
    *state = &rig;
    return 0;
}

void badge_expect_walked(const struct rig *rig, const char *const *begins, size_t count)
{
    for (size_t i = 0; i < routes_count(); i++) {
        for (size_t k = 0; k < count; k++) {
            if (strncmp(routes_get(i)->pattern, begins[k], strlen(begins[k])) == 0 &&
                !atomic_load(&rig->visited[i])) {
                fail_msg("%s was not walked", routes_get(i)->operation);
            }
        }
    }
}

static struct reply ask_with(struct rig *rig, const struct badge *badge, const char *method,
                             const char *path, const char *body, const char *key)
{
    struct ask ask = {.method = method, .path = path, .body = body, .key = key};
    size_t count = 0;
    if (badge != NULL) {
        const char *const lines[] = {badge->cookie, badge->csrf, badge->bearer};
        for (size_t i = 0; i < 3; i++) {
            if (lines[i][0] != '\0') {
                ask.headers[count++] = lines[i];
            }
        }
    }
    return rig_ask(rig, &ask);
}

struct reply badge_ask(struct rig *rig, const struct badge *badge, const char *method,
                       const char *path, const char *body)
{
    return ask_with(rig, badge, method, path, body, NULL);
}

struct reply badge_command(struct rig *rig, const struct badge *badge, const char *path,
                           const char *body)
{
    char key[40];
    rig_new_key(key);
    return ask_with(rig, badge, "POST", path, body, key);
}

static void expect(struct reply *reply, const char *path, const char *wanted)
{
    char got[60];
    const char *type = rig_text(reply->json, "type");
    if (strncmp(type, "/problems/", 10) == 0) {
        (void)snprintf(got, sizeof(got), "%s", type + 10);
    } else {
        (void)snprintf(got, sizeof(got), "%ld", reply->status);
    }
    if (strcmp(got, wanted) != 0) {
        fail_msg("%s: %s, not %s: %s", path, got, wanted, reply->body != NULL ? reply->body : "");
    }
    reply_free(reply);
}

void badge_expect(struct rig *rig, const struct badge *badge, const char *method, const char *path,
                  const char *body, const char *code_or_status)
{
    struct reply reply = badge_ask(rig, badge, method, path, body);
    expect(&reply, path, code_or_status);
}

void badge_expect_command(struct rig *rig, const struct badge *badge, const char *path,
                          const char *body, const char *code_or_status)
{
    struct reply reply = badge_command(rig, badge, path, body);
    expect(&reply, path, code_or_status);
}

void badge_take(struct badge *badge, const struct reply *reply)
{
    if (reply->cookie[0] != '\0') {
        (void)snprintf(badge->cookie, sizeof(badge->cookie), "Cookie: %.*s",
                       (int)strcspn(reply->cookie, ";"), reply->cookie);
    }
    const char *csrf = rig_text(reply->json, "csrf");
    if (csrf[0] != '\0') {
        (void)snprintf(badge->csrf, sizeof(badge->csrf), "X-Quarter-CSRF: %s", csrf);
        (void)snprintf(badge->person, sizeof(badge->person), "%s",
                       rig_text(json_object_get(reply->json, "person"), "id"));
    }
}

long badge_sign_in(struct rig *rig, struct badge *badge, const char *name, const char *password)
{
    char body[300];
    (void)snprintf(body, sizeof(body), "{\"name\":\"%s\",\"password\":\"%s\"}", name, password);
    struct reply reply = badge_ask(rig, NULL, "POST", "/api/session", body);
    const long status = reply.status;
    if (status == 201) {
        *badge = (struct badge){0};
        badge_take(badge, &reply);
    }
    reply_free(&reply);
    return status;
}

void badge_set_up(struct rig *rig, struct badge *badge, const char *roles)
{
    char body[400];
    (void)snprintf(body, sizeof(body),
                   "{\"code\":\"%s\",\"name\":\"ada\",\"display\":\"Ada L.\",\"password\":\"%s\","
                   "\"language\":\"en\",\"roles\":%s}",
                   rig->set_up_code, ADMIN_PASSWORD, roles);
    struct reply reply = badge_ask(rig, NULL, "POST", "/api/setup", body);
    assert_int_equal(reply.status, 201);
    *badge = (struct badge){0};
    badge_take(badge, &reply);
    reply_free(&reply);
}

void badge_hire(struct rig *rig, const struct badge *admin, const char *name, const char *roles,
                bool must_change, struct badge *badge)
{
    char body[300], one_time[PEOPLE_ONE_TIME_LEN + 1];
    (void)snprintf(body, sizeof(body), "{\"name\":\"%s\",\"roles\":%s}", name, roles);
    struct reply reply = badge_ask(rig, admin, "POST", "/api/persons", body);
    assert_int_equal(reply.status, 201);
    (void)snprintf(one_time, sizeof(one_time), "%s", rig_text(reply.json, "one_time"));
    reply_free(&reply);
    assert_int_equal(badge_sign_in(rig, badge, name, one_time), 201);
    (void)snprintf(badge->one_time, sizeof(badge->one_time), "%s", one_time);
    if (!must_change) {
        (void)snprintf(body, sizeof(body), "{\"password\":\"%s\",\"new_password\":\"%s\"}",
                       one_time, STAFF_PASSWORD);
        reply = badge_ask(rig, badge, "POST", "/api/password", body);
        assert_int_equal(reply.status, 200);
        badge_take(badge, &reply);
        reply_free(&reply);
    }
}

static void reveal(struct rig *rig, const char *id, const unsigned char nonce[PEOPLE_NONCE_BYTES])
{
    char path[120], body[200], hex[2 * PEOPLE_NONCE_BYTES + 1];
    (void)snprintf(path, sizeof(path), "/api/pair/%s/reveal", id);
    (void)snprintf(body, sizeof(body), "{\"nonce\":\"%s\"}",
                   sodium_bin2hex(hex, sizeof(hex), nonce, PEOPLE_NONCE_BYTES));
    badge_expect(rig, NULL, "POST", path, body, "204");
}

static int pairing_number(struct rig *rig, const struct badge *admin, const char *code)
{
    struct reply reply = badge_ask(rig, admin, "GET", "/api/pairings", NULL);
    assert_int_equal(reply.status, 200);
    int number = 0;
    for (size_t i = 0; i < json_array_size(reply.json); i++) {
        const json_t *each = json_array_get(reply.json, i);
        if (strcmp(rig_text(each, "code"), code) == 0) {
            number = (int)json_integer_value(json_object_get(each, "pairing"));
        }
    }
    reply_free(&reply);
    assert_true(number > 0);
    return number;
}

void badge_pair(struct rig *rig, const struct badge *admin, const char *kind, const char *code,
                struct badge *badge)
{
    unsigned char nonce_d[PEOPLE_NONCE_BYTES], nonce_s[PEOPLE_NONCE_BYTES];
    unsigned char commitment[PEOPLE_NONCE_BYTES], pin[PEOPLE_PIN_BYTES] = {0};
    char hex[2 * PEOPLE_NONCE_BYTES + 1], id[PEOPLE_TOKEN_LEN + 1], letters[SAS_LEN + 1];
    char path[120], body[300];
    size_t length = 0;
    randombytes_buf(nonce_d, sizeof(nonce_d));
    sas_commit(nonce_d, commitment);
    (void)snprintf(body, sizeof(body), "{\"kind\":\"%s\",\"code\":\"%s\",\"commitment\":\"%s\"}",
                   kind, code, sodium_bin2hex(hex, sizeof(hex), commitment, sizeof(commitment)));
    struct reply reply = badge_ask(rig, NULL, "POST", "/api/pair", body);
    assert_int_equal(reply.status, 201);
    (void)snprintf(id, sizeof(id), "%s", rig_text(reply.json, "id"));
    assert_int_equal(sodium_hex2bin(nonce_s, sizeof(nonce_s), rig_text(reply.json, "nonce"),
                                    2 * sizeof(nonce_s), NULL, &length, NULL),
                     0);
    reply_free(&reply);
    reveal(rig, id, nonce_d);
    (void)snprintf(path, sizeof(path), "/api/pair/%s/fetch", id);
    badge_expect(rig, NULL, "POST", path, "{}", "202");
    if (rig->tls != NULL) {
        memcpy(pin, rig->tls->pin, sizeof(pin));
    }
    sas_make(nonce_d, nonce_s, pin, letters);
    char approve[120];
    (void)snprintf(approve, sizeof(approve), "/api/pairings/%d/approve",
                   pairing_number(rig, admin, code));
    badge_expect(rig, admin, "POST", approve, "{\"letters\":\"222222\",\"code\":\"x\"}",
                 "wrong-letters");
    (void)snprintf(body, sizeof(body), "{\"letters\":\"%s\",\"code\":\"%s\"}", letters, code);
    badge_expect(rig, admin, "POST", approve, body, "200");
    reply = badge_ask(rig, NULL, "POST", path, "{}");
    assert_int_equal(reply.status, 200);
    assert_string_equal(rig_text(reply.json, "code"), code);
    *badge = (struct badge){0};
    (void)snprintf(badge->bearer, sizeof(badge->bearer), "Authorization: Bearer %s",
                   rig_text(reply.json, "token"));
    reply_free(&reply);
}

void badge_add_machine(struct rig *rig, const struct badge *admin, const char *code,
                       struct badge *badge)
{
    char body[80];
    (void)snprintf(body, sizeof(body), "{\"code\":\"%s\"}", code);
    struct reply reply = badge_ask(rig, admin, "POST", "/api/machines", body);
    assert_int_equal(reply.status, 201);
    assert_string_equal(rig_text(json_object_get(reply.json, "device"), "kind"), "machine");
    *badge = (struct badge){0};
    (void)snprintf(badge->bearer, sizeof(badge->bearer), "Authorization: Bearer %s",
                   rig_text(reply.json, "token"));
    reply_free(&reply);
}
