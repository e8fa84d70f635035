/* Devices, through the whole server: how they are let in and out, and what they may call. And TLS, by whose key a device knows
 * the server: over a connection that libcurl makes, as the devices do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>
#include <sodium.h>
#include <sys/stat.h>

#include "http/tls.h"
#include "http_people.h"
#include "http_rig.h"
#include "http_stream.h"
#include "people/sas.h"
#include "test_kit.h"

static struct badge admin;

static int set_up(void **state)
{
    (void)badge_rig_set_up(state);
    badge_set_up(*state, &admin, "[\"manager\"]");
    return 0;
}

/* As the floor is told. */
static bool is_connected(struct rig *rig, const char *code)
{
    struct reply reply = badge_ask(rig, &admin, "GET", "/api/floor", NULL);
    const json_t *device = NULL;
    size_t i = 0;
    bool is = false;
    assert_int_equal(reply.status, 200);
    json_array_foreach(json_object_get(reply.json, "devices"), i, device)
    {
        is |= strcmp(rig_text(device, "code"), code) == 0 &&
              json_is_true(json_object_get(device, "connected"));
    }
    reply_free(&reply);
    return is;
}

static void a_device_acts_for_itself(void **state)
{
    struct rig *rig = *state;
    struct badge kiosk, lobby;
    badge_pair(rig, &admin, "kiosk", "kiosk-1", &kiosk);
    badge_pair(rig, &admin, "display", "lobby", &lobby);
    badge_expect(rig, &kiosk, "GET", "/api/boards/kiosk-1", NULL, "200");
    badge_expect(rig, &kiosk, "GET", "/api/boards/lobby", NULL, "not-allowed");
    badge_expect_command(rig, &kiosk, "/api/tickets", "{\"service\":\"housing\"}", "201");
    badge_expect_command(rig, &kiosk, "/api/help", "{\"device\":\"kiosk-1\"}", "201");
    badge_expect_command(rig, &kiosk, "/api/help/kiosk-1/cancel", "{}", "200");
    badge_expect_command(rig, &kiosk, "/api/help/kiosk-2/cancel", "{}", "not-allowed");
    badge_expect_command(rig, &kiosk, "/api/numbers",
                         "{\"service\":\"housing\",\"device\":\"kiosk-2\"}", "not-allowed");
    badge_expect_command(rig, &kiosk, "/api/counters/1/open", "{}", "not-allowed");
    badge_expect(rig, &lobby, "GET", "/api/boards/lobby", NULL, "200");
    badge_expect_command(rig, &lobby, "/api/tickets", "{\"service\":\"housing\"}", "not-allowed");
    badge_expect_command(rig, &lobby, "/api/help", "{\"device\":\"kiosk-1\"}", "not-allowed");
    /* Staff who look at its board do not make it be there. */
    struct listener listener;
    struct heard heard;
    listener_open_with(&listener, rig, "/api/boards/kiosk-1/stream", admin.cookie);
    assert_true(listener_next_of(&listener, "beat", &heard));
    heard_free(&heard);
    assert_false(is_connected(rig, "kiosk-1"));
    listener_close(&listener);
    listener_open_with(&listener, rig, "/api/boards/kiosk-1/stream", kiosk.bearer);
    assert_true(listener_next_of(&listener, "beat", &heard));
    heard_free(&heard);
    assert_true(is_connected(rig, "kiosk-1"));
    listener_close(&listener);
}

static void a_device_that_is_let_go_is_told(void **state)
{
    struct rig *rig = *state;
    struct badge kiosk, anew;
    struct listener listener;
    struct heard heard;
    badge_pair(rig, &admin, "kiosk", "kiosk-1", &kiosk);
    listener_open_with(&listener, rig, "/api/boards/kiosk-1/stream", kiosk.bearer);
    assert_true(listener_next_of(&listener, "beat", &heard));
    heard_free(&heard);
    badge_expect(rig, &admin, "POST", "/api/devices/kiosk-1/revoke", "{}", "200");
    badge_expect(rig, &admin, "POST", "/api/devices/kiosk-9/revoke", "{}", "no-such-device");
    assert_true(listener_next_of(&listener, "ended", &heard));
    assert_string_equal(rig_text(heard.data, "why"), "device");
    heard_free(&heard);
    assert_false(listener_next(&listener, &heard));
    listener_close(&listener);
    badge_expect(rig, &kiosk, "GET", "/api/boards/kiosk-1", NULL, "unknown-device");
    /* What anyone may ask it may still ask, and so come in again. Another one of its name takes its place. */
    badge_expect(rig, &kiosk, "GET", "/healthz", NULL, "200");
    badge_pair(rig, &admin, "kiosk", "kiosk-1", &kiosk);
    badge_pair(rig, &admin, "kiosk", "kiosk-1", &anew);
    badge_expect(rig, &kiosk, "GET", "/api/boards/kiosk-1", NULL, "unknown-device");
    badge_expect(rig, &anew, "GET", "/api/boards/kiosk-1", NULL, "200");
    struct reply reply = badge_ask(rig, &admin, "GET", "/api/devices", NULL);
    assert_int_equal(reply.status, 200);
    assert_true(json_array_size(reply.json) >= 1);
    assert_null(strstr(reply.body, anew.bearer + strlen("Authorization: Bearer ")));
    reply_free(&reply);
}

/* A program elsewhere reads figures and events until it is let in no more, and nothing else. */
static void a_machine_reads_with_its_token(void **state)
{
    struct rig *rig = *state;
    static const char body[] = "{\"code\":\"monitor\"}";
    struct badge monitor, anew, elsewhere = {.cookie = "X-Forwarded-For: 192.0.2.1"};
    struct listener listener;
    struct heard heard;
    badge_expect(rig, &elsewhere, "GET", "/metrics", NULL, "sign-in-needed");
    badge_expect(rig, &admin, "POST", "/api/machines", "{\"code\":\"Mon itor\"}", "bad-code");
    badge_add_machine(rig, &admin, "monitor", &monitor);
    (void)snprintf(monitor.cookie, sizeof(monitor.cookie), "%s", elsewhere.cookie);
    badge_expect(rig, &admin, "POST", "/api/machines", body, "device-taken");
    badge_expect(rig, &monitor, "GET", "/metrics", NULL, "200");
    badge_expect(rig, &monitor, "GET", "/api/site", NULL, "not-allowed");
    badge_expect_command(rig, &monitor, "/api/tickets", "{\"service\":\"housing\"}", "not-allowed");
    listener_open_with(&listener, rig, "/api/events/stream", monitor.bearer);
    struct reply reply = badge_ask(rig, &admin, "GET", "/api/audit?limit=1", NULL);
    const json_t *entry = json_array_get(json_object_get(reply.json, "entries"), 0);
    assert_string_equal(rig_text(entry, "action"), "add_machine");
    assert_string_equal(rig_text(entry, "object"), "device:monitor");
    assert_string_equal(rig_text(entry, "result"), "device-taken");
    reply_free(&reply);
    badge_expect(rig, &admin, "POST", "/api/devices/monitor/revoke", "{}", "200");
    assert_true(listener_next_of(&listener, "ended", &heard));
    assert_string_equal(rig_text(heard.data, "why"), "device");
    heard_free(&heard);
    listener_close(&listener);
    badge_expect(rig, &monitor, "GET", "/metrics", NULL, "unknown-device");
    badge_add_machine(rig, &admin, "monitor", &anew);
    badge_expect(rig, &monitor, "GET", "/metrics", NULL, "unknown-device");
    badge_expect(rig, &anew, "GET", "/metrics", NULL, "200");
    /* It has no screen to show letters on, and is not paired. */
    badge_expect(rig, NULL, "POST", "/api/pair",
                 "{\"kind\":\"machine\",\"code\":\"monitor\",\"commitment\":"
                 "\"0000000000000000000000000000000000000000000000000000000000000000\"}",
                 "invalid-field");
}

/* Not what it reads, but what the server has still to send it, is the end of who was let in: it has an hour's events
 * before it, reads none of them, and is let in no more. */
static void a_slow_reader_is_ended_too(void **state)
{
    enum { BACKLOG = 1500 };
    static const char *const services[] = {"{\"service\":\"housing\"}",
                                           "{\"service\":\"parking\"}"};
    struct rig *rig = *state;
    const int small = 4096;
    struct badge slow;
    struct listener lagging, floor;
    struct heard heard;
    char header[200];
    bool has_more = true;
    for (int i = 0; i < BACKLOG; i++) {
        badge_expect_command(rig, &admin, "/api/tickets", services[i % 2], "201");
    }
    badge_add_machine(rig, &admin, "slow", &slow);
    (void)snprintf(header, sizeof(header), "%s\r\nLast-Event-ID: 0", slow.bearer);
    listener_open_with(&lagging, rig, "/api/events/stream", header);
    assert_int_equal(setsockopt(lagging.fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)), 0);
    badge_expect(rig, &admin, "POST", "/api/devices/slow/revoke", "{}", "200");
    listener_open_with(&floor, rig, "/api/floor/stream", admin.cookie);
    for (int beats = 0; beats < 3; beats++) {
        assert_true(listener_next_of(&floor, "beat", &heard));
        heard_free(&heard);
    }
    listener_close(&floor);
    int count = 0;
    while (has_more && listener_next(&lagging, &heard)) {
        count++;
        has_more = strcmp(heard.event, "ended") != 0;
        assert_true(count < BACKLOG);
        heard_free(&heard);
    }
    assert_false(has_more);
    listener_close(&lagging);
}

/* The id of a new pairing; the nonce goes into nonce_d. */
static void ask_to_pair(struct rig *rig, const char *code, unsigned char nonce_d[32], char id[60])
{
    unsigned char commitment[PEOPLE_NONCE_BYTES];
    char hex[2 * PEOPLE_NONCE_BYTES + 1], body[240];
    randombytes_buf(nonce_d, PEOPLE_NONCE_BYTES);
    sas_commit(nonce_d, commitment);
    (void)snprintf(body, sizeof(body), "{\"kind\":\"kiosk\",\"code\":\"%s\",\"commitment\":\"%s\"}",
                   code, sodium_bin2hex(hex, sizeof(hex), commitment, sizeof(commitment)));
    struct reply reply = badge_ask(rig, NULL, "POST", "/api/pair", body);
    assert_int_equal(reply.status, 201);
    (void)snprintf(id, 60, "%s", rig_text(reply.json, "id"));
    reply_free(&reply);
}

static void reveal(struct rig *rig, const char *id, const unsigned char nonce[32],
                   const char *wanted)
{
    char path[120], body[120], hex[2 * PEOPLE_NONCE_BYTES + 1];
    (void)snprintf(path, sizeof(path), "/api/pair/%s/reveal", id);
    (void)snprintf(body, sizeof(body), "{\"nonce\":\"%s\"}",
                   sodium_bin2hex(hex, sizeof(hex), nonce, PEOPLE_NONCE_BYTES));
    badge_expect(rig, NULL, "POST", path, body, wanted);
}

static void fetch(struct rig *rig, const char *id, const char *wanted)
{
    char path[120];
    (void)snprintf(path, sizeof(path), "/api/pair/%s/fetch", id);
    badge_expect(rig, NULL, "POST", path, "{}", wanted);
}

static void pairing_takes_the_right_letters_in_time(void **state)
{
    struct rig *rig = *state;
    unsigned char nonce[PEOPLE_NONCE_BYTES];
    char id[60], path[80];
    badge_expect(rig, NULL, "POST", "/api/pair",
                 "{\"kind\":\"robot\",\"code\":\"kiosk-1\",\"commitment\":\"00\"}",
                 "invalid-field");
    badge_expect(rig, NULL, "POST", "/api/pair", "{\"kind\":\"kiosk\",\"code\":\"K 1\"}",
                 "invalid-field");
    /* Not what it committed to. */
    ask_to_pair(rig, "kiosk-1", nonce, id);
    nonce[0] ^= 1;
    reveal(rig, id, nonce, "wrong-reveal");
    nonce[0] ^= 1;
    reveal(rig, id, nonce, "pairing-over");
    fetch(rig, id, "pairing-over");
    /* Three wrong guesses. */
    ask_to_pair(rig, "kiosk-1", nonce, id);
    reveal(rig, id, nonce, "204");
    struct reply reply = badge_ask(rig, &admin, "GET", "/api/pairings", NULL);
    assert_int_equal(json_array_size(reply.json), 1);
    (void)snprintf(
        path, sizeof(path), "/api/pairings/%d/approve",
        (int)json_integer_value(json_object_get(json_array_get(reply.json, 0), "pairing")));
    reply_free(&reply);
    static const char guess[] = "{\"letters\":\"AAAAAA\",\"code\":\"kiosk-1\"}";
    badge_expect(rig, &admin, "POST", path, guess, "wrong-letters");
    badge_expect(rig, &admin, "POST", path, guess, "wrong-letters");
    badge_expect(rig, &admin, "POST", path, guess, "pairing-over");
    fetch(rig, id, "pairing-over");
    badge_expect(rig, &admin, "POST", "/api/pairings/x/approve", guess, "pairing-over");
    /* Nobody comes within ten minutes. */
    ask_to_pair(rig, "kiosk-1", nonce, id);
    reveal(rig, id, nonce, "204");
    fetch(rig, id, "202");
    (void)atomic_fetch_add(&rig->people_ms, 10 * 60000 + 1);
    fetch(rig, id, "pairing-over");
    /* And no more than eight wait at a time. */
    for (int i = 0; i < PEOPLE_PAIRINGS_MAX; i++) {
        ask_to_pair(rig, "kiosk-1", nonce, id);
    }
    char hex[2 * PEOPLE_NONCE_BYTES + 1], body[200];
    (void)snprintf(body, sizeof(body),
                   "{\"kind\":\"kiosk\",\"code\":\"kiosk-1\",\"commitment\":\"%s\"}",
                   sodium_bin2hex(hex, sizeof(hex), nonce, sizeof(nonce)));
    badge_expect(rig, NULL, "POST", "/api/pair", body, "too-many-pairings");
    (void)atomic_fetch_add(&rig->people_ms, 60001);
    ask_to_pair(rig, "kiosk-1", nonce, id);
    reveal(rig, id, nonce, "204");
}

static void every_route_of_devices_was_walked(void **state)
{
    struct rig *rig = *state;
    static const char *const begins[] = {"/api/pair", "/api/devices/{code}", "/api/machines"};
    badge_expect_walked(rig, begins, sizeof(begins) / sizeof(begins[0]));
}

/* --- TLS ------------------------------------------------------------------------------------ */

static const long long now_s = 1790000000;

static enum status make(const char *dir, const char *const *names, size_t count, long long at_s,
                        struct tls_identity *identity)
{
    char error[400] = "";
    const struct tls_names all = {.names = names, .count = count, .now_s = at_s};
    const enum status status = tls_make_or_load(dir, &all, identity, error, sizeof(error));
    if (status != STATUS_OK) {
        assert_true(strlen(error) > 10);
    }
    return status;
}

static void assert_is_private(const char *dir, const char *name)
{
    char path[200];
    struct stat stat_of;
    (void)snprintf(path, sizeof(path), "%s/%s", dir, name);
    assert_int_equal(stat(path, &stat_of), 0);
    assert_int_equal(stat_of.st_mode & 07777, 0600);
}

static void write_file(const char *dir, const char *name, const char *text)
{
    char path[200];
    (void)snprintf(path, sizeof(path), "%s/%s", dir, name);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    (void)fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

/* Devices know the key: it stays, whatever becomes of the certificate. */
static void the_key_is_made_once(void **state)
{
    (void)state;
    static const char *const names[] = {"localhost", "127.0.0.1", "::1", "queue.example"};
    char base[] = "/tmp/quarter-tls-XXXXXX", dir[80], key[100], certificate[100], error[400];
    struct tls_identity first, again, other, loaded;
    assert_non_null(mkdtemp(base));
    (void)snprintf(dir, sizeof(dir), "%s/tls", base);
    assert_int_equal(make(dir, names, 3, now_s, &first), STATUS_OK);
    assert_is_private(dir, "key.pem");
    assert_is_private(dir, "cert.pem");
    assert_int_equal(make(dir, names, 3, now_s + 86400, &again), STATUS_OK);
    assert_string_equal(first.certificate_pem, again.certificate_pem);
    assert_memory_equal(first.pin, again.pin, sizeof(first.pin));
    tls_clear(&again);
    /* Another name, and nine years and eleven months later: a new certificate of the same key. */
    assert_int_equal(make(dir, names, 4, now_s, &again), STATUS_OK);
    assert_string_not_equal(first.certificate_pem, again.certificate_pem);
    assert_memory_equal(first.pin, again.pin, sizeof(first.pin));
    assert_int_equal(make(dir, names, 4, now_s + 3630LL * 86400, &other), STATUS_OK);
    assert_string_not_equal(again.certificate_pem, other.certificate_pem);
    assert_memory_equal(first.pin, other.pin, sizeof(first.pin));
    tls_clear(&again);
    tls_clear(&other);
    /* The operator's own pair is read as it is; one that is none is refused in words. */
    (void)snprintf(key, sizeof(key), "%s/key.pem", dir);
    (void)snprintf(certificate, sizeof(certificate), "%s/cert.pem", dir);
    assert_int_equal(tls_load(key, certificate, &loaded, error, sizeof(error)), STATUS_OK);
    assert_memory_equal(first.pin, loaded.pin, sizeof(first.pin));
    tls_clear(&loaded);
    write_file(dir, "cert.pem", first.certificate_pem);
    (void)snprintf(dir, sizeof(dir), "%s/foreign", base);
    assert_int_equal(make(dir, names, 3, now_s, &other), STATUS_OK);
    char foreign[100];
    (void)snprintf(foreign, sizeof(foreign), "%s/cert.pem", dir);
    assert_int_equal(tls_load(key, foreign, &loaded, error, sizeof(error)), STATUS_INVALID);
    assert_non_null(strstr(error, "another key"));
    assert_int_equal(tls_load(certificate, certificate, &loaded, error, sizeof(error)),
                     STATUS_INVALID);
    assert_int_equal(tls_load(key, key, &loaded, error, sizeof(error)), STATUS_INVALID);
    assert_int_equal(tls_load("/nonexistent", certificate, &loaded, error, sizeof(error)),
                     STATUS_NOT_FOUND);
    write_file(dir, "key.pem", "nonsense");
    assert_int_equal(make(dir, names, 4, now_s, &loaded), STATUS_INVALID);
    tls_clear(&first);
    tls_clear(&other);
    kit_remove_folder(base);
}

/* What a client hears that believes this pin alone. */
static CURLcode call(const struct rig *rig, const char *scheme, const char *pin, long version)
{
    char url[100];
    CURL *curl = curl_easy_init();
    assert_non_null(curl);
    (void)snprintf(url, sizeof(url), "%s://127.0.0.1:%u/healthz", scheme, (unsigned)rig->port);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 100L);
    curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(curl, CURLOPT_PINNEDPUBLICKEY, pin);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, version);
    const CURLcode result = curl_easy_perform(curl);
    curl_easy_cleanup(curl);
    return result;
}

static void a_client_knows_the_server_by_its_key(void **state)
{
    (void)state;
    static const char *const names[] = {"localhost", "127.0.0.1"};
    struct rig rig;
    struct badge ada, kiosk;
    struct tls_identity tls, another;
    char dir[100], pin[TLS_PIN_TEXT_MAX], wrong[TLS_PIN_TEXT_MAX];
    rig_make(&rig);
    (void)snprintf(dir, sizeof(dir), "%s/tls", rig.dir);
    assert_int_equal(make(dir, names, 2, now_s, &tls), STATUS_OK);
    (void)snprintf(dir, sizeof(dir), "%s/another", rig.dir);
    assert_int_equal(make(dir, names, 2, now_s, &another), STATUS_OK);
    tls_write_pin(&tls, pin);
    tls_write_pin(&another, wrong);
    assert_string_not_equal(pin, wrong);
    rig.signs_in = true;
    rig.tls = &tls;
    rig_start(&rig);
    assert_int_equal(call(&rig, "https", pin, CURL_SSLVERSION_TLSv1_2), CURLE_OK);
    assert_int_equal(
        call(&rig, "https", pin, CURL_SSLVERSION_TLSv1_2 | CURL_SSLVERSION_MAX_TLSv1_2), CURLE_OK);
    assert_int_equal(call(&rig, "https", wrong, CURL_SSLVERSION_TLSv1_2),
                     CURLE_SSL_PINNEDPUBKEYNOTMATCH);
    assert_int_not_equal(
        call(&rig, "https", pin, CURL_SSLVERSION_TLSv1_0 | CURL_SSLVERSION_MAX_TLSv1_1), CURLE_OK);
    assert_int_not_equal(call(&rig, "http", pin, CURL_SSLVERSION_DEFAULT), CURLE_OK);
    /* The cookie is for https alone; the letters that pair a device are of this very key. */
    badge_set_up(&rig, &ada, "[]");
    assert_non_null(strstr(ada.cookie, "__Host-quarter="));
    badge_pair(&rig, &ada, "kiosk", "kiosk-1", &kiosk);
    badge_expect(&rig, &kiosk, "GET", "/api/boards/kiosk-1", NULL, "200");
    struct reply reply = badge_ask(&rig, &ada, "POST", "/api/session/renew", "{}");
    assert_non_null(strstr(reply.cookie, "; Secure"));
    assert_string_equal(reply.hsts, "max-age=31536000");
    reply_free(&reply);
    rig_expect_problem(&rig,
                       &(struct ask){.method = "POST",
                                     .path = "/api/session",
                                     .body = "{}",
                                     .headers = {"Origin: http://127.0.0.1"}},
                       "cross-site");
    rig_remove(&rig);
    tls_clear(&tls);
    tls_clear(&another);
}

/* On a network nobody is believed without signing in. */
static void a_network_is_not_listened_to_without_sign_in(void **state)
{
    struct rig *rig = *state;
    const struct sockaddr_in all = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_ANY)};
    struct sockaddr_storage address = {0};
    char error[400] = "";
    struct server *server = NULL;
    memcpy(&address, &all, sizeof(all));
    const struct server_config config = {.listen = &address, .site = rig->site};
    assert_int_equal(server_start(&config, &server, error, sizeof(error)), STATUS_DENIED);
    assert_non_null(strstr(error, "anybody could call"));
    assert_null(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_device_acts_for_itself),
        cmocka_unit_test(a_device_that_is_let_go_is_told),
        cmocka_unit_test(pairing_takes_the_right_letters_in_time),
        cmocka_unit_test(a_machine_reads_with_its_token),
        cmocka_unit_test(a_slow_reader_is_ended_too),
        cmocka_unit_test(every_route_of_devices_was_walked),
        cmocka_unit_test(the_key_is_made_once),
        cmocka_unit_test(a_client_knows_the_server_by_its_key),
        cmocka_unit_test(a_network_is_not_listened_to_without_sign_in),
    };
    curl_global_init(CURL_GLOBAL_DEFAULT);
    return cmocka_run_group_tests(tests, set_up, rig_tear_down);
}
