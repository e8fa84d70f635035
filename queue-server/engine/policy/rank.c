/* Names, defaults and limits of the policies. See rank.h. */
#include "engine/policy/rank.h"

#include <stddef.h>
#include <string.h>

#include "quarter/check.h"

enum { MINUTE_MS = 60000 };

static const char *const codes[] = {
#define X(name, code) [POLICY_##name] = (code),
    POLICY_LIST(X)
#undef X
};

enum { RULE_COUNT = sizeof(codes) / sizeof(codes[0]) };

const struct policy_terms policy_default_terms = {
    .rule = POLICY_RESCUE,
    .standard_ms = INT64_C(15) * MINUTE_MS,
    .rescue_ms = INT64_C(8) * MINUTE_MS,
    .limit_ms = INT64_C(30) * MINUTE_MS,
    .promise_ms =
        {
            [CLASS_NORMAL] = INT64_C(15) * MINUTE_MS,
            [CLASS_ASSISTED] = INT64_C(10) * MINUTE_MS,
            [CLASS_APPOINTMENT] = INT64_C(5) * MINUTE_MS,
            [CLASS_URGENT] = INT64_C(5) * MINUTE_MS,
            [CLASS_TRANSFER] = INT64_C(10) * MINUTE_MS,
        },
};

const char *policy_code(enum policy_rule rule)
{
    CHECK((unsigned)rule < RULE_COUNT);
    return codes[rule];
}

bool policy_from_code(const char *code, enum policy_rule *rule)
{
    for (int i = 0; i < RULE_COUNT; i++) {
        if (strcmp(codes[i], code) == 0) {
            *rule = (enum policy_rule)i;
            return true;
        }
    }
    return false;
}

static int64_t largest_head_start_ms(const struct policy_terms *terms)
{
    int64_t least_ms = terms->promise_ms[CLASS_NORMAL];
    for (int i = 0; i < TICKET_CLASSES; i++) {
        least_ms = terms->promise_ms[i] < least_ms ? terms->promise_ms[i] : least_ms;
    }
    return terms->promise_ms[CLASS_NORMAL] - least_ms;
}

int64_t policy_overtaking_bound_ms(const struct policy_terms *terms)
{
    const int64_t head_start_ms = largest_head_start_ms(terms);
    switch (terms->rule) {
    case POLICY_FIFO: return 0;
    case POLICY_STRICT:
    case POLICY_APQ: return -1;
    case POLICY_HEADSTART: return head_start_ms;
    case POLICY_RESCUE: {
        const int64_t rescue_ms = terms->limit_ms - (terms->standard_ms - terms->rescue_ms);
        return rescue_ms > head_start_ms ? rescue_ms : head_start_ms;
    }
    }
    CHECK(false);
}

const char *policy_terms_fault(const struct policy_terms *terms)
{
    if (terms->standard_ms <= 0) {
        return "the standard must be at least a minute";
    }
    for (int i = 0; i < TICKET_CLASSES; i++) {
        if (terms->promise_ms[i] <= 0 || terms->promise_ms[i] > terms->standard_ms) {
            return "a class's promise lies between a minute and the standard";
        }
    }
    /* Nobody could say why a normal visitor passes another. */
    for (int i = 0; i < TICKET_CLASSES; i++) {
        if (terms->promise_ms[i] > terms->promise_ms[CLASS_NORMAL]) {
            return "no class is promised a longer wait than normal visitors";
        }
    }
    if (terms->rescue_ms < 0 || terms->rescue_ms > terms->standard_ms) {
        return "D, the minutes before the standard in which a ticket is rescued, lies between 0 "
               "and the standard";
    }
    if (terms->limit_ms < terms->standard_ms) {
        return "L, the minutes after which nobody is passed over, is not less than the standard";
    }
    return NULL;
}
