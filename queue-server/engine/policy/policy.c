/* The policies a site can name. */
#include "engine/policy/policy.h"

#include <string.h>

static const struct policy *const policies[] = {&policy_fifo};

const struct policy *policy_find(const char *name)
{
    if (name[0] == '\0') {
        return policies[0];
    }
    for (size_t i = 0; i < sizeof(policies) / sizeof(policies[0]); i++) {
        if (strcmp(policies[i]->name, name) == 0) {
            return policies[i];
        }
    }
    return NULL;
}
