/* The policies of one comparison, as a person names them: "fifo,rescue:8,30,rescue:8,45". */
#ifndef QUARTER_SIMULATE_POLICIES_H
#define QUARTER_SIMULATE_POLICIES_H

#include <stddef.h>

#include "engine/policy/rank.h"
#include "quarter/status.h"

enum { POLICIES_MAX = 16, POLICY_NAME_MAX = 31, POLICY_MESSAGE_BYTES = 256 };

struct policy_choice {
    char name[POLICY_NAME_MAX + 1]; /* as it was given */
    enum policy_rule rule;
    double rescue_min, limit_min; /* negative: the site's own */
};

struct policies {
    int count;
    struct policy_choice choices[POLICIES_MAX];
};

/* INVALID: message says what is wrong with the list, with a suggestion. */
enum status policies_parse(const char *list, struct policies *policies,
                           char message[POLICY_MESSAGE_BYTES]);
/* The terms of a choice at a site whose own are `base`. INVALID: message says why they make no sense there. */
enum status policies_terms(const struct policy_choice *choice, const struct policy_terms *base,
                           struct policy_terms *terms, char message[POLICY_MESSAGE_BYTES]);

#endif
