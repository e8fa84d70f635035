/* See pairing_house.h. */
#include "pairing_house.h"

#include <poll.h>
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
#include <jansson.h>
#include <sodium.h>

#include "client_samples.h"
#include "quarter/check.h"
#include "test_kit.h"

enum { PATIENCE_MS = 30000, NONCE_HEX = 2 * SAS_NONCE_BYTES };

void house_lock(struct house *house)
{
    CHECK(pthread_mutex_lock(&house->lock) == 0);
}

void house_unlock(struct house *house)
{
    CHECK(pthread_mutex_unlock(&house->lock) == 0);
}

int house_count(struct house *house, const int *counter)
{
    house_lock(house);
    int count = *counter;
    house_unlock(house);
    return count;
}

/* ---- the server's side; the lock is held, but for streams ---- */

static void read_hex(const char *body, const char *name, unsigned char out[SAS_NONCE_BYTES])
{
    json_t *json = json_loads(body, 0, NULL);
    const char *hex = json_string_value(json_object_get(json, name));
    size_t length = 0;
    CHECK(hex != NULL && strlen(hex) == NONCE_HEX);
    CHECK(sodium_hex2bin(out, SAS_NONCE_BYTES, hex, NONCE_HEX, NULL, &length, NULL) == 0);
    json_decref(json);
}

static void answer_ask(struct house *house, int fd, const char *request)
{
    char hex[NONCE_HEX + 1], body[300];
    json_t *json = json_loads(request, 0, NULL);
    snprintf(house->kind, sizeof house->kind, "%s",
             json_string_value(json_object_get(json, "kind")));
    snprintf(house->code, sizeof house->code, "%s",
             json_string_value(json_object_get(json, "code")));
    json_decref(json);
    read_hex(request, "commitment", house->commitment);
    randombytes_buf(house->nonce_s, sizeof house->nonce_s);
    sodium_bin2hex(hex, sizeof hex, house->nonce_s, sizeof house->nonce_s);
    house->letters[0] = '\0';
    house->approved = false;
    snprintf(body, sizeof body,
             "{\"id\":\"pairing_%d\",\"nonce\":\"%s\",\"until\":\"2026-11-24T10:52:07.000Z\"}",
             ++house->asked, hex);
    fake_send_json(fd, "201 Created", body);
}

static void answer_reveal(struct house *house, int fd, const char *request)
{
    unsigned char nonce_d[SAS_NONCE_BYTES];
    read_hex(request, "nonce", nonce_d);
    CHECK(sas_keeps_commitment(nonce_d, house->commitment));
    sas_make(nonce_d, house->nonce_s, house->pin, house->letters);
    fake_send(fd, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
}

static void answer_fetch(struct house *house, int fd)
{
    char body[200];
    house->fetched++;
    snprintf(body, sizeof body, "{\"token\":\"%s\",\"code\":\"%s\"}", house->token,
             house->grants[0] != '\0' ? house->grants : house->code);
    if (house->approved)
        fake_send_json(fd, "200 OK", body);
    else
        fake_send_json(fd, "202 Accepted", "{}");
}

static bool answer_fault(struct house *house, int fd, enum part part)
{
    enum fault fault = house->fault_at == part ? house->fault : FAULT_NONE;
    if (fault == FAULT_NONE)
        return false;
    house->fault = FAULT_NONE;
    if (fault == FAULT_503)
        fake_send_json(fd, "503 Busy", "{\"type\":\"/problems/too-many-pairings\"}");
    else if (fault == FAULT_429)
        fake_send_json(fd, "429 Wait", "{\"type\":\"/problems/wait-a-little\"}");
    else if (fault == FAULT_GARBAGE)
        fake_send_json(fd, part == PART_ASK ? "201 Created" : "200 OK",
                       "{\"id\":\"../../x\",\"nonce\":\"zz\",\"token\":\"a b\\n\",\"code\":7}");
    else if (fault == FAULT_OVER)
        fake_send_json(fd, "410 Gone", "{\"type\":\"/problems/pairing-over\"}");
    return true;
}

static void answer_pairing(struct house *house, int fd, const struct fake_request *request)
{
    char own[40];
    snprintf(own, sizeof own, "/api/pair/pairing_%d/", house->asked);
    bool ask = strcmp(request->path, "/api/pair") == 0;
    const char *step =
        strncmp(request->path, own, strlen(own)) == 0 ? request->path + strlen(own) : "";
    enum part part = ask ? PART_ASK : strcmp(step, "reveal") == 0 ? PART_REVEAL : PART_FETCH;
    CHECK(request->authorization[0] == '\0');
    if (!house->sign_in)
        fake_send_json(fd, "404 Not Found", "{\"type\":\"/problems/not-found\"}");
    else if (answer_fault(house, fd, part))
        return;
    else if (ask)
        answer_ask(house, fd, request->body);
    else if (part == PART_REVEAL)
        answer_reveal(house, fd, request->body);
    else if (strcmp(step, "fetch") == 0)
        answer_fetch(house, fd);
    else
        fake_send_json(fd, "410 Gone", "{\"type\":\"/problems/pairing-over\"}");
}

/* Whose request may pass: the device's that is let in. */
static bool may_pass(struct house *house, const struct fake_request *request)
{
    char right[HOUSE_TOKEN_LEN + 10];
    snprintf(right, sizeof right, "Bearer %s", house->token);
    house->with_token += request->authorization[0] != '\0';
    bool passes = !house->sign_in || (house->approved && house->token[0] != '\0' &&
                                      strcmp(request->authorization, right) == 0);
    house->served += passes;
    house->denied += !passes;
    return passes;
}

static void answer_stream(struct fake_server *server, int fd)
{
    fake_send(fd, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nevent: view\ndata: ");
    fake_send(fd, sample_board);
    fake_send(fd, "\n\n");
    fake_hold(server, fd);
}

static void answer(void *context, struct fake_server *server, int fd,
                   const struct fake_request *request)
{
    struct house *house = context;
    bool streams = false;
    house_lock(house);
    house->with_token_elsewhere += server == house->elsewhere && request->authorization[0] != '\0';
    if (strncmp(request->path, "/api/pair", 9) == 0)
        answer_pairing(house, fd, request);
    else if (!may_pass(house, request))
        fake_send_json(fd, "401 Unauthorized", "{\"type\":\"/problems/unknown-device\"}");
    else if (strcmp(request->path, "/api/site") == 0)
        fake_send_json(fd, "200 OK", sample_site);
    else if (strcmp(request->path, "/api/tickets") == 0) {
        snprintf(house->ticket_key, sizeof house->ticket_key, "%s", request->key);
        fake_send_json(fd, "201 Created", sample_ticket);
    } else {
        streams = true;
    }
    house_unlock(house);
    if (streams)
        answer_stream(server, fd);
}

/* ---- the administrator ---- */

bool house_type_letters(struct house *house, const char *letters)
{
    unsigned char bytes[32];
    house_lock(house);
    bool right = house->letters[0] != '\0' && strcmp(letters, house->letters) == 0;
    if (right) {
        randombytes_buf(bytes, sizeof bytes);
        CHECK(sodium_bin2base64(house->token, sizeof house->token, bytes, sizeof bytes,
                                sodium_base64_VARIANT_URLSAFE_NO_PADDING) != NULL);
        house->approved = true;
    }
    house_unlock(house);
    return right;
}

void house_let_go(struct house *house)
{
    house_lock(house);
    house->token[0] = '\0';
    house->approved = false;
    house_unlock(house);
}

void house_fail(struct house *house, enum part part, enum fault fault)
{
    house_lock(house);
    house->fault_at = part;
    house->fault = fault;
    house_unlock(house);
}

/* ---- the device ---- */

static void on_wake(void *context)
{
    struct house *house = context;
    CHECK(eventfd_write(house->woken, 1) == 0);
}

void house_start_client(struct house *house, const char *url, const char *server_key)
{
    struct client_options options = {
        .base_url = url,
        .board_id = "lobby",
        .kind = "display",
        .keep_dir = house->keep_dir,
        .server_key = server_key,
        .wake = on_wake,
        .wake_context = house,
        .pairing_ms = 100,
    };
    assert_int_equal(client_create(&options, &house->client), STATUS_OK);
}

void house_stop_client(struct house *house)
{
    client_destroy(house->client);
    house->client = NULL;
}

struct client_message house_wait_for(struct house *house, enum client_message_type type)
{
    struct client_message message;
    int64_t until_ms = client_monotonic_ms() + PATIENCE_MS;
    for (;;) {
        while (client_poll(house->client, &message)) {
            if (message.type == type)
                return message;
            client_message_clear(&message);
        }
        int64_t left_ms = until_ms - client_monotonic_ms();
        assert_true(left_ms > 0);
        struct pollfd fd = {.fd = house->woken, .events = POLLIN};
        eventfd_t value;
        (void)poll(&fd, 1, (int)left_ms);
        (void)eventfd_read(house->woken, &value);
    }
}

struct client_pairing house_wait_for_state(struct house *house, enum client_pairing_state state)
{
    for (;;) {
        struct client_message message = house_wait_for(house, CLIENT_PAIRING);
        if (message.of.pairing.state == state)
            return message.of.pairing;
    }
}

void house_wait_for_board(struct house *house)
{
    struct client_message message = house_wait_for(house, CLIENT_BOARD);
    client_message_clear(&message);
}

void house_get_let_in(struct house *house)
{
    struct client_pairing shown = house_wait_for_state(house, CLIENT_PAIRING_SHOWS);
    assert_int_equal(strlen(shown.letters), SAS_LEN);
    assert_true(shown.until_ms > client_monotonic_ms());
    assert_true(house_type_letters(house, shown.letters));
    (void)house_wait_for_state(house, CLIENT_PAIRING_NONE);
    house_wait_for_board(house);
}

void house_kept_path(const struct house *house, char path[160])
{
    char name[CLIENT_KEPT_BYTES];
    client_kept_name("display", "lobby", name);
    snprintf(path, 160, "%s/%s", house->keep_dir, name);
}

struct credentials house_kept(const struct house *house)
{
    struct credentials credentials;
    char name[CLIENT_KEPT_BYTES];
    client_kept_name("display", "lobby", name);
    assert_int_equal(credentials_load(house->keep_dir, name, &credentials), STATUS_OK);
    return credentials;
}

int house_set_up(void **state)
{
    struct house *house = calloc(1, sizeof *house);
    CHECK(house != NULL && sodium_init() >= 0 && pthread_mutex_init(&house->lock, NULL) == 0);
    house->sign_in = true;
    house->woken = eventfd(0, EFD_NONBLOCK);
    kit_set(house->keep_dir, sizeof house->keep_dir, "/tmp/quarter-pairing-XXXXXX");
    CHECK(mkdtemp(house->keep_dir) != NULL);
    house->server = fake_server_start(answer, house);
    *state = house;
    return 0;
}

int house_tear_down(void **state)
{
    struct house *house = *state;
    char path[160];
    client_destroy(house->client);
    if (house->front != NULL)
        tls_front_stop(house->front);
    if (house->elsewhere != NULL)
        fake_server_stop(house->elsewhere);
    fake_server_stop(house->server);
    house_kept_path(house, path);
    (void)unlink(path);
    CHECK(rmdir(house->keep_dir) == 0); /* no temporary file is left behind */
    close(house->woken);
    CHECK(pthread_mutex_destroy(&house->lock) == 0);
    free(house);
    return 0;
}

const char *house_start_elsewhere(struct house *house)
{
    struct fake_server *elsewhere = fake_server_start(answer, house);
    house_lock(house);
    house->elsewhere = elsewhere;
    house_unlock(house);
    return fake_server_url(elsewhere);
}

const char *house_start_tls(struct house *house)
{
    house->front = tls_front_start(fake_server_url(house->server));
    tls_front_pin(house->front, 0, house->pin);
    return tls_front_url(house->front);
}
