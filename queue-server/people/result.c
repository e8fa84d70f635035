/* The words for results. */
#include "people/result.h"

#include "quarter/check.h"

static const struct {
    const char *code, *sentence;
    int http_status;
} results[] = {
#define X(name, text, status, words) {text, words, status},
    PEOPLE_RESULT_LIST(X)
#undef X
};

enum { RESULTS = sizeof results / sizeof results[0] };

const char *people_result_code(enum people_result result)
{
    CHECK((int)result >= 0 && (int)result < RESULTS);
    return results[result].code;
}

int people_result_http_status(enum people_result result)
{
    CHECK((int)result >= 0 && (int)result < RESULTS);
    return results[result].http_status;
}

const char *people_result_sentence(enum people_result result)
{
    CHECK((int)result >= 0 && (int)result < RESULTS);
    return results[result].sentence;
}
