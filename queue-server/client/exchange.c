/* libcurl's easy handles, set up the one way that suits a LAN appliance: no redirects, no proxies
 * from the environment, no signals, short patience. */
#include "exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "client/client.h"
#include "quarter/check.h"

int backoff_next_ms(struct backoff *backoff)
{
    backoff->ms = backoff->ms == 0 ? CLIENT_BACKOFF_MIN_MS : backoff->ms * 2;
    if (backoff->ms > CLIENT_BACKOFF_MAX_MS)
        backoff->ms = CLIENT_BACKOFF_MAX_MS;
    uint16_t random = 0;
    (void)getrandom(&random, sizeof random, GRND_NONBLOCK); /* no entropy yet: no jitter, no harm */
    return backoff->ms + (int)((int64_t)backoff->ms / 4 * random / UINT16_MAX);
}

/* The server's certificate is its own word for itself, so neither who signed it nor the names in it
 * say anything: the pinned key alone counts, and libcurl checks it before the first byte is sent. */
static bool prepare_tls(CURL *easy, const struct access *access)
{
    char pin[SERVER_KEY_TEXT_BYTES];
    if (!access->tls)
        return true;
    if (access->credentials.has_key) {
        server_key_write(access->credentials.key, pin);
        if (curl_easy_setopt(easy, CURLOPT_PINNEDPUBLICKEY, pin) != CURLE_OK)
            return false;
    }
    return curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK;
}

bool exchange_prepare(CURL *easy, const char *url, const struct access *access, void *owner)
{
    return curl_easy_setopt(easy, CURLOPT_URL, url) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_USERAGENT, access->agent) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PRIVATE, owner) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, access->tls ? "https" : "http") ==
               CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NOPROXY, "*") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)EXCHANGE_CONNECT_MS) ==
               CURLE_OK &&
           prepare_tls(easy, access);
}

static bool add_line(struct curl_slist **headers, const char *name, const char *value)
{
    char line[QUARTER_KEY_MAX + CREDENTIALS_TOKEN_MAX + 64];
    int length = snprintf(line, sizeof line, "%s: %s", name, value);
    CHECK(length > 0 && (size_t)length < sizeof line);
    struct curl_slist *longer = curl_slist_append(*headers, line);
    explicit_bzero(line, sizeof line);
    if (longer == NULL)
        return false;
    *headers = longer;
    return true;
}

bool exchange_add_token(struct curl_slist **headers, const struct access *access)
{
    char value[CREDENTIALS_TOKEN_MAX + 8];
    if (access->credentials.token[0] == '\0')
        return true;
    snprintf(value, sizeof value, "Bearer %s", access->credentials.token);
    return add_line(headers, "Authorization", value);
}

static size_t on_body(char *bytes, size_t size, size_t count, void *context)
{
    struct exchange *exchange = context;
    size_t length = size * count;
    if (length > exchange->limit - exchange->length)
        return 0; /* ends the transfer with CURLE_WRITE_ERROR */
    char *grown = realloc(exchange->answer, exchange->length + length + 1);
    if (grown == NULL)
        return 0;
    memcpy(grown + exchange->length, bytes, length);
    exchange->answer = grown;
    exchange->length += length;
    return length;
}

/* A server whose key is not known yet is asked on a connection of its own, so that no later request
 * travels on it. */
static bool set_up_any_key(CURL *easy)
{
    return curl_easy_setopt(easy, CURLOPT_CERTINFO, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L) == CURLE_OK;
}

static bool set_up(struct exchange *exchange, const struct exchange_request *request)
{
    CURL *easy = exchange->easy;
    const struct access *access = request->access;
    CHECK(!access->tls || access->credentials.has_key || request->any_key);
    if (easy == NULL || !exchange_prepare(easy, request->url, access, request->owner) ||
        !exchange_add_token(&exchange->headers, access) ||
        (request->any_key && !set_up_any_key(easy)))
        return false;
    if (request->key != NULL && !add_line(&exchange->headers, "Idempotency-Key", request->key))
        return false;
    if (request->if_none != NULL) {
        char etag[QUARTER_HASH_LEN + 3];
        snprintf(etag, sizeof etag, "\"%s\"", request->if_none);
        if (!add_line(&exchange->headers, "If-None-Match", etag))
            return false;
    }
    if (request->body != NULL &&
        (!add_line(&exchange->headers, "Content-Type", "application/json") ||
         curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)strlen(request->body)) != CURLE_OK ||
         curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body) != CURLE_OK))
        return false;
    if (request->put && curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, "PUT") != CURLE_OK)
        return false;
    return curl_easy_setopt(easy, CURLOPT_HTTPHEADER, exchange->headers) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)EXCHANGE_TOTAL_MS) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange) == CURLE_OK;
}

bool exchange_begin(struct exchange *exchange, CURLM *multi, const struct exchange_request *request)
{
    CHECK(exchange->easy == NULL);
    *exchange = (struct exchange){.limit = request->limit};
    exchange->easy = curl_easy_init();
    if (set_up(exchange, request) && curl_multi_add_handle(multi, exchange->easy) == CURLM_OK)
        return true;
    exchange_end(exchange, multi);
    return false;
}

void exchange_end(struct exchange *exchange, CURLM *multi)
{
    if (exchange->easy != NULL)
        (void)curl_multi_remove_handle(multi, exchange->easy); /* fine if it never was in */
    curl_easy_cleanup(exchange->easy);
    curl_slist_free_all(exchange->headers);
    free(exchange->answer);
    *exchange = (struct exchange){0};
}

long exchange_http_status(const struct exchange *exchange, CURLcode result)
{
    long status = 0;
    if (result != CURLE_OK ||
        curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &status) != CURLE_OK)
        return 0;
    return status;
}

int exchange_retry_after_ms(const struct exchange *exchange)
{
    curl_off_t seconds = 0;
    if (curl_easy_getinfo(exchange->easy, CURLINFO_RETRY_AFTER, &seconds) != CURLE_OK ||
        seconds <= 0)
        return 0;
    return seconds > EXCHANGE_RETRY_AFTER_MAX_MS / 1000 ? EXCHANGE_RETRY_AFTER_MAX_MS
                                                        : (int)seconds * 1000;
}
