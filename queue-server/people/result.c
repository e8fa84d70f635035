/* The words for results. */
#include "people/result.h"

const char *people_result_code(enum people_result result)
{
    switch (result) {
#define X(name, code, http_status, sentence)                                                       \
    case PEOPLE_##name: return code;
        PEOPLE_RESULT_LIST(X)
#undef X
    }
    return "";
}

int people_result_http_status(enum people_result result)
{
    switch (result) {
#define X(name, code, http_status, sentence)                                                       \
    case PEOPLE_##name: return http_status;
        PEOPLE_RESULT_LIST(X)
#undef X
    }
    return 500;
}

const char *people_result_sentence(enum people_result result)
{
    switch (result) {
#define X(name, code, http_status, sentence)                                                       \
    case PEOPLE_##name: return sentence;
        PEOPLE_RESULT_LIST(X)
#undef X
    }
    return "";
}
