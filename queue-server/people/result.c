/* The words for results. */
#include "people/result.h"

#include "quarter/check.h"

static const char *const codes[] = {
#define X(name, code, http_status, sentence) code,
    PEOPLE_RESULT_LIST(X)
#undef X
};

enum { RESULTS = sizeof codes / sizeof codes[0] };

const char *people_result_code(enum people_result result)
{
    CHECK((int)result >= 0 && (int)result < RESULTS);
    return codes[result];
}
