/* One command that is tried until the server has answered it: the same bytes under the same key each
 * time, so that at most one thing comes of it. For the network thread. */
#ifndef QUARTER_CLIENT_POST_H
#define QUARTER_CLIENT_POST_H

#include "exchange.h"
#include "quarter/limits.h"

enum { POST_NEVER = -1 };

/* due_at_ms: when the next attempt begins; POST_NEVER while one is under way, or with nothing to do. */
struct post {
    struct exchange exchange;
    struct backoff backoff;
    int64_t due_at_ms;
    int attempts; /* that failed */
    char *body;   /* NULL: idle */
    bool put;     /* a PUT, without a key: it may be done twice. Set after post_start() */
    char key[QUARTER_KEY_MAX + 1];
};

enum post_verdict {
    POST_AGAIN,    /* nobody was there, or the server cannot just now, or does not know us (401) */
    POST_ANSWERED, /* 200, 201 and exchange.answer, or 204 */
    POST_REFUSED,  /* it would be refused again */
};

void post_reset(struct post *post, CURLM *multi); /* to idle, whatever is under way */
/* Takes the body. */
void post_start(struct post *post, char *body, const char *key, int64_t now_ms);
bool post_is_due(const struct post *post, int64_t now_ms);
/* False: it could not begin, and is due again later. */
bool post_begin(struct post *post, CURLM *multi, const char *url, const struct access *access);
/* Ends an attempt that is under way; it begins anew when it is due again, at now_ms. */
void post_pause(struct post *post, CURLM *multi, int64_t now_ms);
/* What an ended attempt means; *http: its status, 0 without one. */
enum post_verdict post_judge(const struct post *post, CURLcode result, long *http);
/* Ends the attempt and sets when the next one is due: by the back-off, or as the server asked. */
void post_retry(struct post *post, CURLM *multi, long http);

#endif
