/* The one table of refusals, made readable. */
#include "quarter/refusal.h"

#include <stddef.h>

#include "quarter/check.h"

struct refusal_row {
    const char *code, *sentence;
    int http_status;
};

static const struct refusal_row rows[] = {[REFUSAL_NONE] = {"none", "", 200},
#define X(name, problem, status, words) [REFUSAL_##name] = {(problem), (words), (status)},
                                          REFUSAL_LIST(X)
#undef X
};

static const struct refusal_row *row(enum refusal refusal)
{
    CHECK((size_t)refusal < sizeof(rows) / sizeof(rows[0]));
    return &rows[refusal];
}

const char *refusal_code(enum refusal refusal)
{
    return row(refusal)->code;
}

int refusal_http_status(enum refusal refusal)
{
    return row(refusal)->http_status;
}

const char *refusal_sentence(enum refusal refusal)
{
    return row(refusal)->sentence;
}
