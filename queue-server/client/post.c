/* Commands that are repeated until they are answered. See post.h. */
#include "post.h"

#include <stdlib.h>
#include <string.h>

#include "client/client.h"
#include "quarter/check.h"

void post_reset(struct post *post, CURLM *multi)
{
    exchange_end(&post->exchange, multi);
    if (post->body != NULL)
        explicit_bzero(post->body, strlen(post->body)); /* may hold private answers */
    free(post->body);
    *post = (struct post){.due_at_ms = POST_NEVER};
}

void post_start(struct post *post, char *body, const char *key, int64_t now_ms)
{
    CHECK(post->body == NULL && body != NULL && strlen(key) <= QUARTER_KEY_MAX);
    post->body = body;
    memcpy(post->key, key, strlen(key) + 1);
    post->due_at_ms = now_ms;
}

bool post_is_due(const struct post *post, int64_t now_ms)
{
    return post->due_at_ms != POST_NEVER && post->due_at_ms <= now_ms;
}

bool post_begin(struct post *post, CURLM *multi, const char *url, const struct access *access)
{
    struct exchange_request request = {
        .url = url,
        .access = access,
        .key = post->put ? NULL : post->key,
        .body = post->body,
        .put = post->put,
        .limit = WIRE_RECEIPT_BYTES,
        .owner = &post->exchange,
    };
    post->due_at_ms = POST_NEVER;
    if (exchange_begin(&post->exchange, multi, &request))
        return true;
    post_retry(post, multi, 0);
    return false;
}

void post_pause(struct post *post, CURLM *multi, int64_t now_ms)
{
    if (post->exchange.easy == NULL)
        return;
    exchange_end(&post->exchange, multi);
    post->due_at_ms = now_ms;
}

/* 401 is about the device, not about what it asks for: it pairs anew, and asks again. */
static bool is_refusal(long http)
{
    return http >= 400 && http < 500 && http != 401 && http != 408 && http != 425 && http != 429;
}

enum post_verdict post_judge(const struct post *post, CURLcode result, long *http)
{
    *http = exchange_http_status(&post->exchange, result);
    if (*http == 200 || *http == 201 || *http == 204)
        return POST_ANSWERED;
    return is_refusal(*http) ? POST_REFUSED : POST_AGAIN;
}

void post_retry(struct post *post, CURLM *multi, long http)
{
    int pause_ms = backoff_next_ms(&post->backoff);
    int least_ms = http == 0 ? 0 : exchange_retry_after_ms(&post->exchange);
    exchange_end(&post->exchange, multi);
    post->due_at_ms = client_monotonic_ms() + (pause_ms > least_ms ? pause_ms : least_ms);
    post->attempts++;
}
