/* One HTTP request and its bounded answer, as an easy handle of the network thread's multi handle;
 * and the pauses between attempts. */
#ifndef QUARTER_CLIENT_EXCHANGE_H
#define QUARTER_CLIENT_EXCHANGE_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "access.h"

enum { EXCHANGE_CONNECT_MS = 4000, EXCHANGE_TOTAL_MS = 10000, EXCHANGE_RETRY_AFTER_MAX_MS = 30000 };

/* Doubles from CLIENT_BACKOFF_MIN_MS to CLIENT_BACKOFF_MAX_MS, each with up to a quarter more, so
 * that the screens of a centre do not come back in step. Zero is a good start. */
struct backoff {
    int ms;
};
int backoff_next_ms(struct backoff *backoff);

struct exchange {
    CURL *easy; /* NULL: not under way */
    struct curl_slist *headers;
    char *answer; /* what came of the body so far */
    size_t length, limit;
};

struct exchange_request {
    const char *url;
    const struct access *access; /* borrowed while it begins */
    const char *key;             /* Idempotency-Key, or NULL */
    const char *if_none;         /* an ETag's hash, or NULL */
    const char *body;            /* JSON to POST, borrowed until the end; NULL: GET */
    bool put;                    /* ... to PUT */
    size_t limit;                /* of the answer's bytes */
    void *owner;                 /* CURLINFO_PRIVATE */
    bool any_key;                /* of the first step of pairing: whatever key the server shows, see
                            server_key_of_peer(); the connection is used once */
};

/* What every request of ours has but its headers; false: out of memory. With TLS only the server of
 * the known key is talked to: another one ends the transfer with CURLE_SSL_PINNEDPUBKEYNOTMATCH
 * before a byte is sent. */
bool exchange_prepare(CURL *easy, const char *url, const struct access *access, void *owner);
/* The device's token, when it has one; false: out of memory. */
bool exchange_add_token(struct curl_slist **headers, const struct access *access);

/* Begins; the transfer ends as a CURLMSG_DONE of `multi`. False: it could not begin (tried again
 * later). */
bool exchange_begin(struct exchange *exchange, CURLM *multi,
                    const struct exchange_request *request);
/* Frees everything, under way or done. */
void exchange_end(struct exchange *exchange, CURLM *multi);
/* 0 unless the transfer ended with `result` CURLE_OK. */
long exchange_http_status(const struct exchange *exchange, CURLcode result);
int exchange_retry_after_ms(const struct exchange *exchange); /* 0: not said */

#endif
