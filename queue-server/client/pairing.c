/* One request at a time. Until the first answer of an https server whose key is not known, whatever key it shows is taken;
 * from then on this pairing speaks to that key alone, and the letters are made of it: with somebody in between, the
 * server's letters are others. Nothing but numbers of chance is sent before an administrator has typed them. */
#include "pairing.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edge.h"
#include "people/sas.h"
#include "post.h"
#include "quarter/check.h"
#include "quarter/log.h"

enum {
    NONCE_HEX = 2 * SAS_NONCE_BYTES,
    ID_MAX = 128,
    ANSWER_BYTES = 4096,
    SHOW_MS = QUARTER_PAIRING_MIN * 60000,
    SETTLED_MS = 2000,    /* letters that stood so long: the next come without a pause */
    KEY_NEEDED_MS = 5000, /* between questions whether it lets devices in by now */
};

enum state { AT_REST, ASKS, REVEALS, SHOWS };

struct pairing {
    struct pairing_config config;
    char *base_url, *kind, *code;
    enum state state;
    struct access access; /* of this pairing: the known key, or the one that the server showed */
    struct exchange exchange;
    struct backoff backoff;
    char *url, *body; /* of the exchange */
    int64_t due_at_ms, shown_at_ms;
    unsigned char nonce_d[SAS_NONCE_BYTES], nonce_s[SAS_NONCE_BYTES];
    char id[ID_MAX + 1];
    struct client_pairing told;
};

struct pairing *pairing_create(const struct pairing_config *config)
{
    struct pairing *pairing = calloc(1, sizeof *pairing);
    if (pairing == NULL)
        return NULL;
    pairing->config = *config;
    pairing->due_at_ms = POST_NEVER;
    pairing->base_url = strdup(config->base_url);
    pairing->kind = strdup(config->kind);
    pairing->code = strdup(config->code);
    if (pairing->base_url != NULL && pairing->kind != NULL && pairing->code != NULL)
        return pairing;
    pairing_destroy(pairing);
    return NULL;
}

static void end_exchange(struct pairing *pairing)
{
    exchange_end(&pairing->exchange, pairing->config.multi);
    free(pairing->url);
    free(pairing->body);
    pairing->url = pairing->body = NULL;
}

void pairing_destroy(struct pairing *pairing)
{
    if (pairing == NULL)
        return;
    end_exchange(pairing);
    free(pairing->base_url);
    free(pairing->kind);
    free(pairing->code);
    sodium_memzero(pairing, sizeof *pairing);
    free(pairing);
}

static void tell(struct pairing *pairing, enum client_pairing_state state)
{
    if (pairing->told.state == state && state != CLIENT_PAIRING_SHOWS)
        return;
    pairing->told.state = state;
    if (state != CLIENT_PAIRING_SHOWS)
        pairing->told.letters[0] = '\0';
    mailbox_post_pairing(pairing->config.mailbox, &pairing->told);
}

static void anew(struct pairing *pairing, int64_t due_at_ms)
{
    end_exchange(pairing);
    pairing->access = *pairing->config.access;
    sodium_memzero(pairing->access.credentials.token, sizeof pairing->access.credentials.token);
    pairing->state = ASKS;
    pairing->due_at_ms = due_at_ms;
}

static void rest(struct pairing *pairing)
{
    end_exchange(pairing);
    pairing->state = AT_REST;
    pairing->due_at_ms = POST_NEVER;
    sodium_memzero(pairing->nonce_d, sizeof pairing->nonce_d);
}

void pairing_start(struct pairing *pairing, int64_t now_ms)
{
    CHECK(pairing->state == AT_REST);
    anew(pairing, now_ms);
    tell(pairing, CLIENT_PAIRING_ASKS);
}

bool pairing_is_under_way(const struct pairing *pairing)
{
    return pairing->state != AT_REST;
}

/* the requests */

static void hex_of(const unsigned char bytes[SAS_NONCE_BYTES], char hex[NONCE_HEX + 1])
{
    sodium_bin2hex(hex, NONCE_HEX + 1, bytes, SAS_NONCE_BYTES);
}

static bool write_ask(struct pairing *pairing)
{
    unsigned char commitment[SAS_NONCE_BYTES];
    char hex[NONCE_HEX + 1];
    randombytes_buf(pairing->nonce_d, sizeof pairing->nonce_d);
    sas_commit(pairing->nonce_d, commitment);
    hex_of(commitment, hex);
    if (asprintf(&pairing->url, "%s/api/pair", pairing->base_url) < 0)
        pairing->url = NULL;
    if (asprintf(&pairing->body, "{\"kind\":\"%s\",\"code\":\"%s\",\"commitment\":\"%s\"}",
                 pairing->kind, pairing->code, hex) < 0)
        pairing->body = NULL;
    return pairing->url != NULL && pairing->body != NULL;
}

static bool write_step(struct pairing *pairing, const char *step)
{
    char hex[NONCE_HEX + 1];
    hex_of(pairing->nonce_d, hex);
    if (asprintf(&pairing->url, "%s/api/pair/%s/%s", pairing->base_url, pairing->id, step) < 0)
        pairing->url = NULL;
    if (pairing->state == SHOWS)
        pairing->body = strdup("{}");
    else if (asprintf(&pairing->body, "{\"nonce\":\"%s\"}", hex) < 0)
        pairing->body = NULL;
    return pairing->url != NULL && pairing->body != NULL;
}

static bool write_request(struct pairing *pairing)
{
    switch (pairing->state) {
    case ASKS: return write_ask(pairing);
    case REVEALS: return write_step(pairing, "reveal");
    case SHOWS: return write_step(pairing, "fetch");
    case AT_REST: break;
    }
    return false;
}

static bool knows_key(const struct pairing *pairing)
{
    return !pairing->access.tls || pairing->access.credentials.has_key;
}

void pairing_look(struct pairing *pairing, int64_t now_ms)
{
    if (pairing->due_at_ms == POST_NEVER || pairing->due_at_ms > now_ms)
        return;
    if (pairing->state == SHOWS && now_ms >= pairing->told.until_ms) {
        log_info("client", "the letters ran out, asking for new ones");
        anew(pairing, now_ms);
        tell(pairing, CLIENT_PAIRING_ASKS);
    }
    pairing->due_at_ms = POST_NEVER;
    struct exchange_request request = {
        .access = &pairing->access,
        .limit = ANSWER_BYTES,
        .owner = &pairing->exchange,
        .any_key = pairing->state == ASKS && !knows_key(pairing),
    };
    bool written = write_request(pairing);
    request.url = pairing->url;
    request.body = pairing->body;
    if (!written || !exchange_begin(&pairing->exchange, pairing->config.multi, &request)) {
        end_exchange(pairing);
        pairing->due_at_ms = now_ms + backoff_next_ms(&pairing->backoff);
    }
}

/* the answers */

static bool read_nonce(const json_t *answer, unsigned char nonce[SAS_NONCE_BYTES])
{
    const char *hex = json_string_value(json_object_get(answer, "nonce"));
    size_t length = 0;
    return hex != NULL && strlen(hex) == NONCE_HEX &&
           sodium_hex2bin(nonce, SAS_NONCE_BYTES, hex, NONCE_HEX, NULL, &length, NULL) == 0 &&
           length == SAS_NONCE_BYTES;
}

/* The id becomes a part of a path, so nothing but an id will do. */
static bool take_asked(struct pairing *pairing)
{
    struct credentials *known = &pairing->access.credentials;
    bool learns = !knows_key(pairing);
    json_t *answer = edge_parse(pairing->exchange.answer, pairing->exchange.length);
    bool right = answer != NULL && edge_code(answer, "id", pairing->id, sizeof pairing->id) &&
                 read_nonce(answer, pairing->nonce_s) &&
                 (!learns || server_key_of_peer(pairing->exchange.easy, known->key));
    json_decref(answer);
    if (right && learns)
        known->has_key = true;
    return right;
}

static void show(struct pairing *pairing, int64_t now_ms)
{
    static const unsigned char without_tls[SAS_PIN_BYTES];
    const struct credentials *known = &pairing->access.credentials;
    _Static_assert((int)CLIENT_LETTERS == (int)SAS_LEN, "what is shown is what is typed");
    _Static_assert((int)SERVER_KEY_BYTES == (int)SAS_PIN_BYTES, "the letters bind the whole key");
    sas_make(pairing->nonce_d, pairing->nonce_s, known->has_key ? known->key : without_tls,
             pairing->told.letters);
    pairing->state = SHOWS;
    pairing->shown_at_ms = now_ms;
    pairing->told.until_ms = now_ms + SHOW_MS;
    pairing->due_at_ms = now_ms + pairing->config.ask_every_ms;
    pairing->backoff.ms = 0;
    log_info("client", "waiting for an administrator to type the letters on the screen");
    tell(pairing, CLIENT_PAIRING_SHOWS);
}

static bool take_token(struct pairing *pairing, struct credentials *granted)
{
    char code[QUARTER_CODE_MAX + 1] = "", token[CREDENTIALS_TOKEN_MAX + 1] = "";
    json_t *answer = edge_parse(pairing->exchange.answer, pairing->exchange.length);
    bool right = answer != NULL && edge_code(answer, "code", code, sizeof code) &&
                 edge_string(answer, "token", token, sizeof token) && credentials_is_token(token);
    bool own = right && strcmp(code, pairing->code) == 0;
    json_decref(answer);
    pairing->told.let_in_as[0] = '\0';
    if (own) {
        *granted = pairing->access.credentials;
        memcpy(granted->token, token, sizeof granted->token);
    } else if (right) {
        log_warning("client", "let in by another code than its own, asking anew own=%s code=%s",
                    pairing->code, code);
        memcpy(pairing->told.let_in_as, code, sizeof code);
    }
    sodium_memzero(token, sizeof token);
    return own;
}

/* Something else than what the protocol says was answered, or nobody did. */
static void fail(struct pairing *pairing, long http, CURLcode result, int64_t now_ms)
{
    bool same_again = pairing->state == SHOWS && (http == 0 || http >= 500 || http == 429);
    int pause_ms = backoff_next_ms(&pairing->backoff);
    int least_ms = http == 0 ? 0 : exchange_retry_after_ms(&pairing->exchange);
    int64_t due_at_ms = now_ms + (pause_ms > least_ms ? pause_ms : least_ms);
    log_debug("client", "no pairing yet http=%ld why=\"%s\"", http, curl_easy_strerror(result));
    if (same_again) { /* the letters stand */
        end_exchange(pairing);
        pairing->due_at_ms = due_at_ms;
        return;
    }
    bool settled = pairing->state == SHOWS && now_ms - pairing->shown_at_ms >= SETTLED_MS;
    anew(pairing, settled ? now_ms : due_at_ms);
    tell(pairing, CLIENT_PAIRING_ASKS);
}

/* Another key than the known one: the server's, or somebody in between. */
static void fail_key(struct pairing *pairing, int64_t now_ms)
{
    bool was_known = pairing->config.access->credentials.has_key;
    log_warning("client", "the server shows another key than the %s one",
                was_known ? "known" : "first");
    anew(pairing, now_ms + backoff_next_ms(&pairing->backoff));
    tell(pairing, was_known ? CLIENT_PAIRING_OTHER_KEY : CLIENT_PAIRING_ASKS);
}

/* It says that it lets nobody in. A server whose key is known may ask for no pairing at all (any
 * more); one whose key is not cannot be talked to. */
static enum pairing_step take_refusal(struct pairing *pairing, long http, int64_t now_ms)
{
    log_warning("client", "the server lets no device in status=%ld", http);
    if (knows_key(pairing)) {
        rest(pairing);
        tell(pairing, CLIENT_PAIRING_NONE);
        return PAIRING_REFUSED;
    }
    anew(pairing, now_ms + KEY_NEEDED_MS);
    tell(pairing, CLIENT_PAIRING_KEY_NEEDED);
    return PAIRING_GOES_ON;
}

static bool is_refusal(long http)
{
    return http == 403 || http == 404 || http == 405 || http == 409;
}

static enum pairing_step take_answer(struct pairing *pairing, CURLcode result,
                                     struct credentials *granted)
{
    int64_t now_ms = client_monotonic_ms();
    long http = exchange_http_status(&pairing->exchange, result);
    if (result == CURLE_SSL_PINNEDPUBKEYNOTMATCH) {
        fail_key(pairing, now_ms);
    } else if (pairing->state == ASKS && http == 201 && take_asked(pairing)) {
        end_exchange(pairing);
        pairing->state = REVEALS;
        pairing->due_at_ms = now_ms;
    } else if (pairing->state == ASKS && is_refusal(http)) {
        return take_refusal(pairing, http, now_ms);
    } else if (pairing->state == REVEALS && http == 204) {
        end_exchange(pairing);
        show(pairing, now_ms);
    } else if (pairing->state == SHOWS && http == 202) {
        end_exchange(pairing);
        pairing->backoff.ms = 0;
        pairing->due_at_ms = now_ms + pairing->config.ask_every_ms;
    } else if (pairing->state == SHOWS && http == 200 && take_token(pairing, granted)) {
        log_info("client", "let in by an administrator");
        rest(pairing);
        tell(pairing, CLIENT_PAIRING_NONE);
        return PAIRING_GRANTED;
    } else {
        fail(pairing, http, result, now_ms);
    }
    return PAIRING_GOES_ON;
}

bool pairing_ended(struct pairing *pairing, const void *owner, CURLcode result,
                   enum pairing_step *step, struct credentials *granted)
{
    if (owner != &pairing->exchange)
        return false;
    *step = take_answer(pairing, result, granted);
    return true;
}

int64_t pairing_due_ms(const struct pairing *pairing)
{
    return pairing->due_at_ms;
}

void pairing_heard_key(struct pairing *pairing, bool is_known)
{
    CHECK(pairing->state == AT_REST);
    if (!is_known && pairing->told.state != CLIENT_PAIRING_OTHER_KEY)
        log_error("client", "the server shows another key than the known one; it is told nothing");
    tell(pairing, is_known ? CLIENT_PAIRING_NONE : CLIENT_PAIRING_OTHER_KEY);
}
