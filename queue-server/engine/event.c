/* The codes under which event types and call reasons are written to the journal. */
#include "engine/event.h"

#include <string.h>

#include "quarter/check.h"

static const char *const type_codes[] = {
#define X(name, code) [EVENT_##name] = (code),
    EVENT_LIST(X)
#undef X
};

static const char *const reason_codes[] = {
    [CALL_LONGEST_WAITING] = "longest_waiting",
    [CALL_ONLY_ONE_WAITING] = "only_one_waiting",
};

enum {
    TYPE_COUNT = sizeof(type_codes) / sizeof(type_codes[0]),
    REASON_COUNT = sizeof(reason_codes) / sizeof(reason_codes[0]),
};

const char *event_type_code(enum event_type type)
{
    CHECK((unsigned)type < TYPE_COUNT);
    return type_codes[type];
}

bool event_type_from_code(const char *code, enum event_type *type)
{
    for (int i = 0; i < TYPE_COUNT; i++) {
        if (strcmp(type_codes[i], code) == 0) {
            *type = (enum event_type)i;
            return true;
        }
    }
    return false;
}

const char *call_reason_code(enum call_reason reason)
{
    CHECK((unsigned)reason < REASON_COUNT);
    return reason_codes[reason];
}

bool call_reason_from_code(const char *code, enum call_reason *reason)
{
    for (int i = 0; i < REASON_COUNT; i++) {
        if (strcmp(reason_codes[i], code) == 0) {
            *reason = (enum call_reason)i;
            return true;
        }
    }
    return false;
}
