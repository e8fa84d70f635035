/* What the engine needs to know of a site: codes and who serves what, no words. Made by site/, borrowed by
 * the engine (which copies what it keeps). Pure data. */
#ifndef QUARTER_ENGINE_RULES_H
#define QUARTER_ENGINE_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/policy/rank.h"
#include "quarter/limits.h"

struct service_rule {
    char code[QUARTER_CODE_MAX + 1];
    char prefix[QUARTER_PREFIX_MAX + 1]; /* services may share one, and so one run of numbers */
    int64_t typical_ms;                  /* at the counter, until the centre has learned its own */
};

/* Read in this order in every table; there are 64 at most.
 * NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding) */
struct counter_rule {
    char code[QUARTER_CODE_MAX + 1];
    uint64_t services;  /* bit i: rules.services[i] is offered */
    uint32_t languages; /* bit i: rules.languages[i] is spoken */
    uint32_t needs;     /* bit i: rules.needs[i] can be met there */
};

struct need_rule {
    char code[QUARTER_CODE_MAX + 1];
    bool hard;              /* only a counter that meets it may call */
    int64_t relax_after_ms; /* of a soft one: after so long any counter may */
};

struct rules {
    char hash[QUARTER_HASH_LEN + 1]; /* of the site file and its texts */
    struct policy_terms policy;
    int service_count, counter_count, language_count, need_count;
    struct service_rule services[QUARTER_SERVICES_MAX];
    struct counter_rule counters[QUARTER_COUNTERS_MAX];
    char languages[QUARTER_LANGUAGES_MAX][QUARTER_CODE_MAX + 1];
    struct need_rule needs[QUARTER_NEEDS_MAX];
    int last_number;    /* highest number of a prefix, e.g. 99 */
    int reserved_from;  /* numbers from here up are only given out in blocks, e.g. 80 */
    int reserved_block; /* size of a block, e.g. 10 */
};

#endif
