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

char *problem_json(enum problem_code code, const char *detail, const char *field)
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
    json_out_close(&out, '}');
    return json_out_take(&out);
}
