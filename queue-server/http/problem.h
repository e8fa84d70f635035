/* What goes wrong, as RFC 9457 problem documents: a stable `type` ("/problems/CODE"), a title, the HTTP status and
 * a sentence for people. The queue's refusals come first, under the same numbers; the edge's own follow, then what comes of
 * something asked of people/. */
#ifndef QUARTER_HTTP_PROBLEM_H
#define QUARTER_HTTP_PROBLEM_H

#include <stddef.h>
#include <stdint.h>

#include "people/result.h"
#include "quarter/refusal.h"

#define EDGE_PROBLEM_LIST(X)                                                                       \
    X(MALFORMED_JSON, "malformed-json", 400, "The request is not valid JSON.")                     \
    X(INVALID_FIELD, "invalid-field", 422, "A field of the request is not as it must be.")         \
    X(KEY_REQUIRED, "idempotency-key-required", 400,                                               \
      "Send an Idempotency-Key of 8 to 128 visible characters, so that a repeat has no second "    \
      "effect.")                                                                                   \
    X(KEY_REUSED, "idempotency-key-reused", 409,                                                   \
      "This idempotency key was used for another request. Use a new key for each request.")        \
    X(BODY_TOO_LARGE, "body-too-large", 413, "The request is larger than 16 KiB.")                 \
    X(NOT_FOUND, "not-found", 404, "There is nothing at this address.")                            \
    X(METHOD_NOT_ALLOWED, "method-not-allowed", 405, "This address does not take that method.")    \
    X(UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", 415,                                       \
      "Send the request as application/json.")                                                     \
    X(TIMEOUT, "timeout", 408, "The request took too long to arrive. Nothing was done.")           \
    X(CLOCK_IMPLAUSIBLE, "clock-implausible", 409,                                                 \
      "The server's clock is wrong, so no day is opened. Set the clock first.")                    \
    X(TOO_BUSY, "too-busy", 503, "The server is too busy just now. Try again in a moment.")        \
    X(NOT_STORED, "not-stored", 503,                                                               \
      "This could not be stored, so it was not done. Try again with the same key.")                \
    X(NO_FORECAST, "no-forecast", 503, "There is no forecast yet. Try again in a moment.")         \
    X(FORECAST_OFF, "forecast-off", 409, "This server was started without forecasts.")             \
    X(MOVE_IMPOSSIBLE, "move-impossible", 409, "This move cannot be made now.")                    \
    X(STOPPING, "stopping", 503, "The server is stopping. Try again with the same key.")           \
    X(WRONG_HOST, "wrong-host", 421, "The server does not answer to that host name.")              \
    X(CROSS_SITE, "cross-site", 403, "Another site may not act here.")                             \
    X(NOT_ALLOWED, "not-allowed", 403, "You may not do this.")                                     \
    X(TOO_MANY_PRINTS, "too-many-prints", 409,                                                     \
      "That kiosk has enough to print just now. Wait until it is out.")                            \
    X(NO_SUCH_VISIT, "no-such-visit", 404,                                                         \
      "This visit is over, or there is none at this address.")                                     \
    X(TOO_MANY_STREAMS, "too-many-streams", 429,                                                   \
      "This is open in too many places at once. Close it in some of them.")                        \
    X(WAIT_A_LITTLE, "wait-a-little", 429, "Too many tries. Wait a little, then try again.")       \
    X(SIGN_IN_NEEDED, "sign-in-needed", 401, "Sign in first.")                                     \
    X(UNKNOWN_DEVICE, "unknown-device", 401,                                                       \
      "This device is not paired here any more. Pair it anew.")                                    \
    X(CSRF, "csrf", 403, "This page is out of date. Load it again.")                               \
    X(NOT_YOUR_COUNTER, "not-your-counter", 403,                                                   \
      "This is not your counter. Open a free one, or ask a manager.")                              \
    X(SIGN_IN_OFF, "sign-in-off", 409, "This server was started without sign-in.")

enum problem_code {
    PROBLEM_NONE,
#define X(name, code, http_status, sentence) PROBLEM_##name,
    REFUSAL_LIST(X) EDGE_PROBLEM_LIST(X)
#undef X
#define X(name, code, http_status, sentence) PROBLEM_PEOPLE_##name,
        PEOPLE_PROBLEM_LIST(X)
#undef X
            PROBLEM_COUNT
};

struct problem {
    const char *code;
    int http_status;
    const char *sentence;
};

const struct problem *problem_get(enum problem_code code);
enum problem_code problem_of_refusal(enum refusal refusal);

/* NONE for OK and PAIRING_WAITS, which are no problems; that of the edge where it has the same. */
enum problem_code problem_of_people(enum people_result result);

/* The document; the caller frees it. detail NULL: the code's own sentence. field NULL or "": none. */
char *problem_json(enum problem_code code, const char *detail, const char *field);
/* The same with "retry_s": what would have to be waited for. */
char *problem_json_later(enum problem_code code, int64_t retry_s);

#endif
