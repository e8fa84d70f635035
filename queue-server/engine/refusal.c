/* The one table of refusals, made readable. */
#include "quarter/refusal.h"

#include <stddef.h>

#include "quarter/check.h"

static const char *const codes[] = {[REFUSAL_NONE] = "none",
#define X(name, code, http_status, sentence) [REFUSAL_##name] = (code),
                                    REFUSAL_LIST(X)
#undef X
};

const char *refusal_code(enum refusal refusal)
{
    CHECK((size_t)refusal < sizeof(codes) / sizeof(codes[0]));
    return codes[refusal];
}
