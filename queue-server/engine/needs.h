/* Which counter may call a ticket with needs. A hard need wants a counter that meets it; a soft one (a wish) is waived
 * after so many minutes of waiting, and at once where no counter for the service could grant it. */
#ifndef QUARTER_ENGINE_NEEDS_H
#define QUARTER_ENGINE_NEEDS_H

#include <stdint.h>

enum { NEEDS_MAX = 32 }; /* bits of a set of needs */

struct need_terms {
    uint32_t hard;                     /* bit i: need i is hard */
    int64_t relax_after_ms[NEEDS_MAX]; /* of the soft ones */
};

static const int64_t needs_never = INT64_MAX;

/* How long such a ticket must have waited before a counter that meets `met` may call it: INT64_MIN at once,
 * needs_never: not there. */
static inline int64_t needs_callable_after_ms(const struct need_terms *terms, uint32_t needs,
                                              uint32_t met)
{
    int64_t after_ms = INT64_MIN;
    const uint32_t missing = needs & ~met;
    if ((missing & terms->hard) != 0) {
        return needs_never;
    }
    for (uint32_t left = missing; left != 0; left &= left - 1) {
        const int64_t relax_ms = terms->relax_after_ms[__builtin_ctz(left)];
        after_ms = relax_ms > after_ms ? relax_ms : after_ms;
    }
    return after_ms;
}

#endif
