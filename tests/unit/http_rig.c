/* A whole server in this process. See http_rig.h. */
#include "http_rig.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "http/routes.h"
#include "openapi_check.h"
#include "quarter/check.h"
#include "test_kit.h"

void rig_make(struct rig *rig)
{
    memset(rig, 0, sizeof(*rig));
    (void)snprintf(rig->dir, sizeof(rig->dir), "/tmp/quarter-http-XXXXXX");
    assert_non_null(mkdtemp(rig->dir));
    (void)snprintf(rig->journal, sizeof(rig->journal), "%s/journal.db", rig->dir);
    (void)snprintf(rig->keys, sizeof(rig->keys), "%s/keys", rig->dir);
    (void)snprintf(rig->people, sizeof(rig->people), "%s/people.db", rig->dir);
    rig->openapi = json_load_file(TEST_ASSETS "/openapi.json", JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(rig->openapi);
}

static int64_t people_now(void *rig)
{
    return atomic_load(&((struct rig *)rig)->people_ms);
}

static struct people_config people_of(struct rig *rig)
{
    if (atomic_load(&rig->people_ms) == 0) {
        atomic_store(&rig->people_ms, INT64_C(1790000000000));
    }
    return (struct people_config){.path = rig->signs_in ? rig->people : NULL,
                                  .now_ms = people_now,
                                  .clock = rig,
                                  .hash_passes = 1,
                                  .hash_bytes = 8192};
}

void rig_start(struct rig *rig)
{
    const struct sockaddr_in any = {.sin_family = AF_INET,
                                    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_storage address = {0};
    struct site_report *report = site_report_create();
    char error[400] = "";
    memcpy(&address, &any, sizeof(any));
    if (site_load(rig->site_dir != NULL ? rig->site_dir : "tests/unit/sites/good", &rig->site,
                  report) != STATUS_OK) {
        site_report_print(report, stderr);
        fail_msg("the site does not load");
    }
    site_report_destroy(report);
    struct server_config config = {
        .listen = &address,
        .store = {.path = rig->journal, .key_dir = rig->keys, .vfs = rig->vfs},
        .site = rig->site,
        .site_dir = rig->watches ? rig->site_dir : NULL,
        .settle_ms = 50,
        .no_forecast = rig->no_forecast,
        .clock = {.speed = rig->speed > 0 ? rig->speed : 1},
        .assets_dir = TEST_ASSETS,
        .beat_ms = rig->beat_ms,
        .upload_ms = rig->upload_ms,
        .head_ms = rig->head_ms,
        .idle_s = rig->idle_s,
        .people = people_of(rig),
        .tls = rig->tls};
    assert_true(rig->relay == NULL || relays_add(&config.guard.relays, rig->relay));
    const char *local = rig->local != NULL ? rig->local : "2026-11-24T10:40";
    assert_int_equal(site_local_to_utc(rig->site, local, &config.clock.start_ms), STATUS_OK);
    if (rig->build_ms != 0) {
        config.clock = (struct clock_config){.build_ms = rig->build_ms};
    }
    if (server_start(&config, &rig->server, error, sizeof(error)) != STATUS_OK) {
        fail_msg("the server does not start: %s", error);
    }
    rig->port = server_port(rig->server);
    if (!server_take_set_up_code(rig->server, rig->set_up_code)) {
        rig->set_up_code[0] = '\0';
    }
}

void rig_halt(struct rig *rig)
{
    server_stop(rig->server);
    site_destroy(rig->site);
    rig->server = NULL;
    rig->site = NULL;
}

void rig_remove(struct rig *rig)
{
    rig_halt(rig);
    kit_remove_folder(rig->dir);
    json_decref(rig->openapi);
    rig->openapi = NULL;
}

int rig_set_up(void **state)
{
    static struct rig rig;
    rig_make(&rig);
    rig_start(&rig);
    *state = &rig;
    return 0;
}

int rig_tear_down(void **state)
{
    rig_remove(*state);
    return 0;
}

void rig_write_site(const char *dir, const char *from, const char *to)
{
    static const char *const files[] = {"text.en.yaml", "text.pl.yaml", "site.yaml"};
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        char path[120], text[16384];
        (void)snprintf(path, sizeof(path), "tests/unit/sites/good/%s", files[i]);
        FILE *file = fopen(path, "re");
        CHECK(file != NULL);
        text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
        CHECK(fclose(file) == 0);
        const bool is_changed = from != NULL && strcmp(files[i], "site.yaml") == 0;
        const char *at = is_changed ? strstr(text, from) : NULL;
        CHECK(!is_changed || at != NULL);
        (void)snprintf(path, sizeof(path), "%s/%s", dir, files[i]);
        file = fopen(path, "we");
        CHECK(file != NULL);
        if (at != NULL) {
            (void)fprintf(file, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
        } else {
            (void)fputs(text, file);
        }
        CHECK(fclose(file) == 0);
    }
}

static size_t take_body(char *data, size_t size, size_t count, void *context)
{
    struct reply *reply = context;
    char *body = realloc(reply->body, reply->length + size * count + 1);
    CHECK(body != NULL);
    memcpy(body + reply->length, data, size * count);
    reply->body = body;
    reply->length += size * count;
    body[reply->length] = '\0';
    return size * count;
}

static void keep(const char *line, size_t length, const char *name, char *out, size_t size)
{
    const size_t start = strlen(name);
    if (length > start && strncasecmp(line, name, start) == 0) {
        (void)snprintf(out, size, "%.*s", (int)(length - start), line + start);
        out[strcspn(out, "\r\n")] = '\0';
    }
}

static size_t take_header(char *data, size_t size, size_t count, void *context)
{
    struct reply *reply = context;
    const size_t length = size * count;
    keep(data, length, "Content-Type: ", reply->type, sizeof(reply->type));
    keep(data, length, "ETag: ", reply->etag, sizeof(reply->etag));
    keep(data, length, "Allow: ", reply->allow, sizeof(reply->allow));
    keep(data, length, "Retry-After: ", reply->retry_after, sizeof(reply->retry_after));
    keep(data, length, "Content-Security-Policy: ", reply->csp, sizeof(reply->csp));
    keep(data, length, "Set-Cookie: ", reply->cookie, sizeof(reply->cookie));
    keep(data, length, "Strict-Transport-Security: ", reply->hsts, sizeof(reply->hsts));
    return length;
}

static struct curl_slist *make_headers(const struct ask *ask)
{
    char line[200];
    struct curl_slist *headers = curl_slist_append(NULL, "Expect:");
    if (ask->key != NULL) {
        (void)snprintf(line, sizeof(line), "Idempotency-Key: %s", ask->key);
        headers = curl_slist_append(headers, line);
    }
    const char *type = ask->type != NULL ? ask->type : "application/json";
    (void)snprintf(line, sizeof(line), "Content-Type:%s%s", type[0] != '\0' ? " " : "", type);
    if (ask->body != NULL) {
        headers = curl_slist_append(headers, line);
    }
    for (size_t i = 0; i < 4 && ask->headers[i] != NULL; i++) {
        headers = curl_slist_append(headers, ask->headers[i]);
    }
    return headers;
}

static void compare_with_document(struct rig *rig, const struct ask *ask, const struct reply *reply)
{
    struct route_match match;
    char path[400], why[800];
    (void)snprintf(path, sizeof(path), "%.*s", (int)strcspn(ask->path, "?"), ask->path);
    routes_match(ask->method, path, &match);
    if (ask->unchecked || match.route == NULL) {
        return;
    }
    json_t *operation = openapi_operation(rig->openapi, ask->method, match.route->pattern);
    if (!openapi_check_answer(rig->openapi, operation, reply->status, reply->type, reply->json, why,
                              sizeof(why))) {
        fail_msg("%s %s: %s\n%s", ask->method, ask->path, why,
                 reply->body != NULL ? reply->body : "");
    }
    for (size_t i = 0; i < routes_count(); i++) {
        if (routes_get(i) == match.route && reply->status < 300) {
            CHECK(i < RIG_ROUTES_MAX);
            atomic_store(&rig->visited[i], true);
        }
    }
}

struct reply rig_ask(struct rig *rig, const struct ask *ask)
{
    struct reply reply = {0};
    char url[600];
    CURL *curl = curl_easy_init();
    CHECK(curl != NULL);
    struct curl_slist *headers = make_headers(ask);
    (void)snprintf(url, sizeof(url), "%s://127.0.0.1:%u%s", rig->tls != NULL ? "https" : "http",
                   (unsigned)rig->port, ask->path);
    if (rig->tls != NULL) {
        char pin[TLS_PIN_TEXT_MAX];
        tls_write_pin(rig->tls, pin);
        curl_easy_setopt(curl, CURLOPT_PINNEDPUBLICKEY, pin);
        curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L); /* the pin is what is believed */
        curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    }
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 100L);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &reply);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &reply);
    if (ask->body != NULL) {
        const size_t length = ask->body_length > 0 ? ask->body_length : strlen(ask->body);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, ask->body);
    }
    if (strcmp(ask->method, "HEAD") == 0) {
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    } else {
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, ask->method);
    }
    const CURLcode result = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply.status);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    if (result != CURLE_OK) {
        fail_msg("%s %s: %s", ask->method, ask->path, curl_easy_strerror(result));
    }
    if (strstr(reply.type, "json") != NULL && reply.body != NULL) {
        reply.json = json_loads(reply.body, JSON_REJECT_DUPLICATES, NULL);
        if (reply.json == NULL) {
            fail_msg("%s %s: the answer is not JSON: %s", ask->method, ask->path, reply.body);
        }
    }
    if (strcmp(ask->method, "HEAD") != 0) {
        compare_with_document(rig, ask, &reply);
    }
    return reply;
}

void reply_free(struct reply *reply)
{
    free(reply->body);
    json_decref(reply->json);
    *reply = (struct reply){0};
}

json_t *rig_expect(struct rig *rig, const struct ask *ask, long status, struct reply *reply)
{
    *reply = rig_ask(rig, ask);
    if (reply->status != status) {
        fail_msg("%s %s: %ld, not %ld: %s", ask->method, ask->path, reply->status, status,
                 reply->body != NULL ? reply->body : "");
    }
    return reply->json;
}

void rig_expect_problem(struct rig *rig, const struct ask *ask, const char *code)
{
    char type[80];
    struct reply reply = rig_ask(rig, ask);
    (void)snprintf(type, sizeof(type), "/problems/%s", code);
    if (strcmp(reply.type, "application/problem+json") != 0 ||
        strcmp(rig_text(reply.json, "type"), type) != 0) {
        fail_msg("%s %s: not %s but %ld %s: %s", ask->method, ask->path, code, reply.status,
                 reply.type, reply.body != NULL ? reply.body : "");
    }
    assert_int_equal(json_integer_value(json_object_get(reply.json, "status")), reply.status);
    assert_true(strlen(rig_text(reply.json, "title")) > 0);
    /* A sentence for people: it starts with a capital and ends with a stop. */
    const char *detail = rig_text(reply.json, "detail");
    assert_true(strlen(detail) > 10 && detail[0] >= 'A' && detail[0] <= 'Z');
    assert_true(detail[strlen(detail) - 1] == '.');
    reply_free(&reply);
}

void rig_new_key(char key[40])
{
    static atomic_uint_fast64_t next;
    (void)snprintf(key, 40, "test-key-%lld-%llu", (long long)getpid(),
                   (unsigned long long)atomic_fetch_add(&next, 1));
}

const char *rig_text(const json_t *object, const char *field)
{
    const char *text = json_string_value(json_object_get(object, field));
    return text != NULL ? text : "";
}

void rig_expect_refusal(struct rig *rig, const char *path, const char *body, const char *code)
{
    char key[40];
    rig_new_key(key);
    rig_expect_problem(rig, &(struct ask){.method = "POST", .path = path, .key = key, .body = body},
                       code);
}

void rig_site_hash(struct rig *rig, char hash[QUARTER_HASH_LEN + 1])
{
    struct reply reply;
    const json_t *site =
        rig_expect(rig, &(struct ask){.method = "GET", .path = "/api/site"}, 200, &reply);
    (void)snprintf(hash, QUARTER_HASH_LEN + 1, "%s", rig_text(site, "hash"));
    reply_free(&reply);
}

void rig_issue(struct rig *rig, const char *service, char number[8], char id[32])
{
    char key[40], body[100];
    struct reply reply;
    rig_new_key(key);
    (void)snprintf(body, sizeof(body), "{\"service\":\"%s\"}", service);
    const struct ask ask = {.method = "POST", .path = "/api/tickets", .key = key, .body = body};
    const json_t *ticket = rig_expect(rig, &ask, 201, &reply);
    if (number != NULL) {
        (void)snprintf(number, 8, "%s", rig_text(ticket, "number"));
    }
    if (id != NULL) {
        (void)snprintf(id, 32, "%s", rig_text(ticket, "id"));
    }
    reply_free(&reply);
}

long rig_counter(struct rig *rig, const char *counter, const char *verb, char number[8])
{
    char key[40], path[100];
    rig_new_key(key);
    (void)snprintf(path, sizeof(path), "/api/counters/%s/%s", counter, verb);
    const char *body = strcmp(verb, "finish") == 0 ? "{\"outcome\":\"resolved\"}" : "{}";
    struct reply reply =
        rig_ask(rig, &(struct ask){.method = "POST", .path = path, .key = key, .body = body});
    const long status = reply.status;
    if (number != NULL) {
        (void)snprintf(number, 8, "%s", rig_text(json_object_get(reply.json, "ticket"), "number"));
    }
    reply_free(&reply);
    return status;
}

int rig_connect(const struct rig *rig)
{
    const struct sockaddr_in address = {.sin_family = AF_INET,
                                        .sin_port = htons(rig->port),
                                        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}
