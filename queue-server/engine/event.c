/* The codes under which event types, call reasons and kinds of visits are written to the journal. */
#include "engine/event.h"

#include <string.h>

#include "quarter/check.h"

static const char *const type_codes[] = {
#define X(name, code) [EVENT_##name] = (code),
    EVENT_LIST(X)
#undef X
};

static const char *const reason_codes[] = {
#define X(name, code) [CALL_##name] = (code),
    CALL_REASON_LIST(X)
#undef X
};

static const char *const kind_codes[] = {
#define X(name, code) [VISIT_##name] = (code),
    VISIT_KIND_LIST(X)
#undef X
};

_Static_assert(sizeof(type_codes) / sizeof(type_codes[0]) == EVENT_TYPES, "one code a type");
_Static_assert(sizeof(reason_codes) / sizeof(reason_codes[0]) == CALL_REASONS, "one code a reason");
_Static_assert(sizeof(kind_codes) / sizeof(kind_codes[0]) == VISIT_KINDS, "one code a kind");

const char *event_type_code(enum event_type type)
{
    CHECK((unsigned)type < EVENT_TYPES);
    return type_codes[type];
}

bool event_type_from_code(const char *code, enum event_type *type)
{
    for (int i = 0; i < EVENT_TYPES; i++) {
        if (strcmp(type_codes[i], code) == 0) {
            *type = (enum event_type)i;
            return true;
        }
    }
    return false;
}

const char *call_reason_code(enum call_reason reason)
{
    CHECK((unsigned)reason < CALL_REASONS);
    return reason_codes[reason];
}

bool call_reason_from_code(const char *code, enum call_reason *reason)
{
    for (int i = 0; i < CALL_REASONS; i++) {
        if (strcmp(reason_codes[i], code) == 0) {
            *reason = (enum call_reason)i;
            return true;
        }
    }
    return false;
}

const char *visit_kind_code(enum visit_kind kind)
{
    CHECK((unsigned)kind < VISIT_KINDS);
    return kind_codes[kind];
}

bool visit_kind_from_code(const char *code, enum visit_kind *kind)
{
    for (int i = 0; i < VISIT_KINDS; i++) {
        if (strcmp(kind_codes[i], code) == 0) {
            *kind = (enum visit_kind)i;
            return true;
        }
    }
    return false;
}
