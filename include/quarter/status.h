/* What a function that can fail returns. Results come by out-pointer and are set only on STATUS_OK. */
#ifndef QUARTER_STATUS_H
#define QUARTER_STATUS_H

#define QUARTER_STATUS_LIST(X)                                                                     \
    X(OK, "ok")                                                                                    \
    X(INVALID, "not valid")                                                                        \
    X(NOT_FOUND, "not found")                                                                      \
    X(CONFLICT, "in conflict with what is there")                                                  \
    X(TOO_LARGE, "too large")                                                                      \
    X(BUSY, "too busy, try again")                                                                 \
    X(UNAVAILABLE, "not reachable")                                                                \
    X(TIMEOUT, "took too long")                                                                    \
    X(IO, "input or output failed")                                                                \
    X(FULL, "no space left")                                                                       \
    X(CORRUPT, "damaged")                                                                          \
    X(DENIED, "not allowed")

enum status {
#define X(name, text) STATUS_##name,
    QUARTER_STATUS_LIST(X)
#undef X
};

/* A few words in English for a log line; never NULL. */
const char *status_text(enum status status);

#endif
