/* The codes under which event types and what their bodies name are written to the journal. */
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

static const char *const because_codes[] = {
#define X(name, code) [BECAUSE_##name] = (code),
    BECAUSE_LIST(X)
#undef X
};

static const char *const pause_codes[] = {
#define X(name, code) [PAUSE_##name] = (code),
    PAUSE_LIST(X)
#undef X
};

static const char *const step_codes[] = {
#define X(name, code) [STEP_##name] = (code),
    STEP_LIST(X)
#undef X
};

static const char *const notice_codes[] = {
#define X(name, code) [NOTICE_##name] = (code),
    NOTICE_LIST(X)
#undef X
};

_Static_assert(sizeof(type_codes) / sizeof(type_codes[0]) == EVENT_TYPES, "one code a type");
_Static_assert(sizeof(reason_codes) / sizeof(reason_codes[0]) == CALL_REASONS, "one code a reason");
_Static_assert(sizeof(kind_codes) / sizeof(kind_codes[0]) == VISIT_KINDS, "one code a kind");
_Static_assert(sizeof(because_codes) / sizeof(because_codes[0]) == BECAUSES, "one code a because");
_Static_assert(sizeof(pause_codes) / sizeof(pause_codes[0]) == PAUSE_REASONS, "one code a pause");
_Static_assert(sizeof(step_codes) / sizeof(step_codes[0]) == STEP_KINDS, "one code a step");
_Static_assert(sizeof(notice_codes) / sizeof(notice_codes[0]) == NOTICE_TEMPLATES,
               "one code a notice");

/* The place of a code, -1: none. "" is nobody's code: it stands for what was not said. */
static int find(const char *const *codes, int count, const char *code)
{
    for (int i = 0; i < count && code[0] != '\0'; i++) {
        if (strcmp(codes[i], code) == 0) {
            return i;
        }
    }
    return -1;
}

const char *event_type_code(enum event_type type)
{
    CHECK((unsigned)type < EVENT_TYPES);
    return type_codes[type];
}

bool event_type_from_code(const char *code, enum event_type *type)
{
    const int found = find(type_codes, EVENT_TYPES, code);
    if (found >= 0) {
        *type = (enum event_type)found;
    }
    return found >= 0;
}

const char *call_reason_code(enum call_reason reason)
{
    CHECK((unsigned)reason < CALL_REASONS);
    return reason_codes[reason];
}

bool call_reason_from_code(const char *code, enum call_reason *reason)
{
    const int found = find(reason_codes, CALL_REASONS, code);
    if (found >= 0) {
        *reason = (enum call_reason)found;
    }
    return found >= 0;
}

const char *visit_kind_code(enum visit_kind kind)
{
    CHECK((unsigned)kind < VISIT_KINDS);
    return kind_codes[kind];
}

bool visit_kind_from_code(const char *code, enum visit_kind *kind)
{
    const int found = find(kind_codes, VISIT_KINDS, code);
    if (found >= 0) {
        *kind = (enum visit_kind)found;
    }
    return found >= 0;
}

const char *because_code(enum because because)
{
    CHECK((unsigned)because < BECAUSES);
    return because_codes[because];
}

bool because_from_code(const char *code, enum because *because)
{
    const int found = find(because_codes, BECAUSES, code);
    if (found >= 0) {
        *because = (enum because)found;
    }
    return found >= 0;
}

const char *pause_reason_code(enum pause_reason reason)
{
    CHECK((unsigned)reason < PAUSE_REASONS);
    return pause_codes[reason];
}

bool pause_reason_from_code(const char *code, enum pause_reason *reason)
{
    const int found = find(pause_codes, PAUSE_REASONS, code);
    if (found >= 0) {
        *reason = (enum pause_reason)found;
    }
    return found >= 0;
}

const char *step_code(enum step step)
{
    CHECK((unsigned)step < STEP_KINDS);
    return step_codes[step];
}

bool step_from_code(const char *code, enum step *step)
{
    const int found = find(step_codes, STEP_KINDS, code);
    if (found >= 0) {
        *step = (enum step)found;
    }
    return found >= 0;
}

const char *notice_template_code(enum notice_template notice_template)
{
    CHECK((unsigned)notice_template < NOTICE_TEMPLATES);
    return notice_codes[notice_template];
}

bool notice_template_from_code(const char *code, enum notice_template *notice_template)
{
    const int found = find(notice_codes, NOTICE_TEMPLATES, code);
    if (found >= 0) {
        *notice_template = (enum notice_template)found;
    }
    return found >= 0;
}
