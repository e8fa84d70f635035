/* The transition table of a ticket, and the codes under which states, outcomes and classes travel. */
#include "quarter/ticket.h"

#include <stdint.h>
#include <string.h>

#include "quarter/check.h"

static const char *const state_codes[] = {
#define X(name, code) [TICKET_##name] = (code),
    TICKET_STATE_LIST(X)
#undef X
};

static const char *const outcome_codes[] = {
#define X(name, code) [OUTCOME_##name] = (code),
    OUTCOME_LIST(X)
#undef X
};

static const char *const class_codes[] = {
#define X(name, code) [CLASS_##name] = (code),
    TICKET_CLASS_LIST(X)
#undef X
};

enum {
    STATE_COUNT = sizeof(state_codes) / sizeof(state_codes[0]),
    OUTCOME_COUNT = sizeof(outcome_codes) / sizeof(outcome_codes[0]),
    CLASS_COUNT = sizeof(class_codes) / sizeof(class_codes[0]),
};

#define BIT(state) (1u << TICKET_##state)

/* Row: from; bits: to. The diagram in quarter/ticket.h, and nothing else anywhere, says the same. */
static const uint32_t may_become[STATE_COUNT] = {
    [TICKET_WAITING] = BIT(CALLED) | BIT(LEFT),
    [TICKET_CALLED] = BIT(SERVING) | BIT(NO_SHOW),
    [TICKET_SERVING] = BIT(CLOSED) | BIT(PARKED) | BIT(WAITING),
    [TICKET_PARKED] = BIT(WAITING) | BIT(SERVING) | BIT(LEFT),
    [TICKET_CLOSED] = 0,
    [TICKET_NO_SHOW] = BIT(WAITING),
    [TICKET_LEFT] = 0,
};

static int find_code(const char *const *codes, int count, const char *code)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(codes[i], code) == 0) {
            return i;
        }
    }
    return -1;
}

bool ticket_may_become(enum ticket_state from, enum ticket_state to)
{
    CHECK((unsigned)from < STATE_COUNT && (unsigned)to < STATE_COUNT);
    return (may_become[from] >> (unsigned)to & 1u) != 0;
}

const char *ticket_state_code(enum ticket_state state)
{
    CHECK((unsigned)state < STATE_COUNT);
    return state_codes[state];
}

const char *outcome_code(enum outcome outcome)
{
    CHECK((unsigned)outcome < OUTCOME_COUNT);
    return outcome_codes[outcome];
}

bool outcome_from_code(const char *code, enum outcome *outcome)
{
    int found = find_code(outcome_codes, OUTCOME_COUNT, code);
    if (found < 0) {
        return false;
    }
    *outcome = (enum outcome)found;
    return true;
}

const char *ticket_class_code(enum ticket_class ticket_class)
{
    CHECK((unsigned)ticket_class < CLASS_COUNT);
    return class_codes[ticket_class];
}

bool ticket_class_from_code(const char *code, enum ticket_class *ticket_class)
{
    int found = find_code(class_codes, CLASS_COUNT, code);
    if (found < 0) {
        return false;
    }
    *ticket_class = (enum ticket_class)found;
    return true;
}
