/* Problem documents. See problem.h. */
#include "http/problem.h"

#include <ctype.h>
#include <stdio.h>

#include "http/json_out.h"
#include "quarter/check.h"
#include "quarter/limits.h"

static const struct problem problems[PROBLEM_COUNT] = {[PROBLEM_NONE] = {"none", 200, ""},
#define X(name, code, http_status, sentence) [PROBLEM_##name] = {(code), (http_status), (sentence)},
                                                       REFUSAL_LIST(X) EDGE_PROBLEM_LIST(X)
#undef X
#define X(name, code, http_status, sentence)                                                       \
    [PROBLEM_PEOPLE_##name] = {(code), (http_status), (sentence)},
                                                           PEOPLE_PROBLEM_LIST(X)
#undef X
};

const struct problem *problem_get(enum problem_code code)
{
    CHECK((unsigned)code < PROBLEM_COUNT);
    return &problems[code];
}

/* One table feeds both enums, the refusals first, so that the numbers agree. */
#define X(name, code, http_status, sentence)                                                       \
    _Static_assert((int)REFUSAL_##name == (int)PROBLEM_##name, "refusals keep their numbers");
REFUSAL_LIST(X)
#undef X

enum problem_code problem_of_refusal(enum refusal refusal)
{
    CHECK((unsigned)refusal < (unsigned)PROBLEM_MALFORMED_JSON);
    return (enum problem_code)refusal;
}

enum problem_code problem_of_people(enum people_result result)
{
    switch (result) {
    case PEOPLE_OK:
    case PEOPLE_PAIRING_WAITS: return PROBLEM_NONE;
    case PEOPLE_TOO_BUSY: return PROBLEM_TOO_BUSY;
    case PEOPLE_WAIT: return PROBLEM_WAIT_A_LITTLE;
    case PEOPLE_NO_SESSION: return PROBLEM_SIGN_IN_NEEDED;
    case PEOPLE_NOT_STORED: return PROBLEM_NOT_STORED;
#define X(name, code, http_status, sentence)                                                       \
    case PEOPLE_##name: return PROBLEM_PEOPLE_##name;
        PEOPLE_PROBLEM_LIST(X)
#undef X
    }
    CHECK(false);
}

/* "day-closed" -> "Day closed" */
static void write_title(const char *code, char title[QUARTER_CODE_MAX + 1])
{
    (void)snprintf(title, QUARTER_CODE_MAX + 1, "%s", code);
    title[0] = (char)toupper((unsigned char)title[0]);
    for (char *at = title; *at != '\0'; at++) {
        if (*at == '-') {
            *at = ' ';
        }
    }
}

/* retry_s 0: nothing is said of waiting. */
static char *write_problem(enum problem_code code, const char *detail, const char *field,
                           int64_t retry_s)
{
    const struct problem *problem = problem_get(code);
    char type[sizeof("/problems/") + QUARTER_CODE_MAX];
    char title[QUARTER_CODE_MAX + 1];
    (void)snprintf(type, sizeof(type), "/problems/%s", problem->code);
    write_title(problem->code, title);

    struct json_out out = {0};
    json_out_open(&out, '{');
    json_out_key(&out, "type");
    json_out_string(&out, type);
    json_out_key(&out, "title");
    json_out_string(&out, title);
    json_out_key(&out, "status");
    json_out_integer(&out, problem->http_status);
    json_out_key(&out, "detail");
    json_out_string(&out, detail != NULL && detail[0] != '\0' ? detail : problem->sentence);
    if (field != NULL && field[0] != '\0') {
        json_out_key(&out, "field");
        json_out_string(&out, field);
    }
    if (retry_s > 0) {
        json_out_key(&out, "retry_s");
        json_out_integer(&out, retry_s);
    }
    json_out_close(&out, '}');
    return json_out_take(&out);
}

char *problem_json(enum problem_code code, const char *detail, const char *field)
{
    return write_problem(code, detail, field, 0);
}

char *problem_json_later(enum problem_code code, int64_t retry_s)
{
    return write_problem(code, NULL, NULL, retry_s);
}
