/* Reads lists of policies. See policies.h. */
#include "simulate/policies.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "site/report.h"

static const double minute_ms = 60000.0;

__attribute__((format(printf, 2, 3))) static enum status invalid(char message[POLICY_MESSAGE_BYTES],
                                                                 const char *format, ...)
{
    va_list values;
    va_start(values, format);
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): the analyser misses the va_start */
    (void)vsnprintf(message, POLICY_MESSAGE_BYTES, format, values);
    va_end(values);
    return STATUS_INVALID;
}

static enum status unknown(const char *name, char message[POLICY_MESSAGE_BYTES])
{
    static const char *const known[] = {
#define X(rule, code) code,
        POLICY_LIST(X)
#undef X
    };
    struct suggestion near = suggestion_start(name);
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        suggestion_offer(&near, known[i]);
    }
    char words[SUGGESTION_BYTES];
    return invalid(message, "there is no policy '%s'%s", name, suggestion_words(&near, words));
}

/* Minutes at *at; leaves *at behind them. */
static bool read_minutes(const char **at, double *minutes)
{
    char *end = NULL;
    if (!isdigit((unsigned char)**at)) {
        return false;
    }
    *minutes = strtod(*at, &end);
    if (end == *at || !isfinite(*minutes) || *minutes > 24.0 * 60.0) {
        return false;
    }
    *at = end;
    return *end == '\0' || *end == ',';
}

/* "D[,L]" behind the colon. What follows a comma is L when it is a number: no policy's name starts with a digit. */
static enum status read_limits(const char **at, struct policy_choice *choice,
                               char message[POLICY_MESSAGE_BYTES])
{
    if (choice->rule != POLICY_RESCUE) {
        return invalid(message, "only rescue has limits; '%s' has none", policy_code(choice->rule));
    }
    bool fine = read_minutes(at, &choice->rescue_min);
    if (fine && **at == ',' && isdigit((unsigned char)(*at)[1])) {
        (*at)++;
        fine = read_minutes(at, &choice->limit_min);
    }
    return fine ? STATUS_OK
                : invalid(message, "rescue wants minutes behind the colon, D or D,L, for example "
                                   "rescue:8,30");
}

static enum status read_choice(const char **at, struct policy_choice *choice,
                               char message[POLICY_MESSAGE_BYTES])
{
    const char *from = *at;
    const size_t length = strcspn(from, ",:");
    *choice = (struct policy_choice){.rescue_min = -1, .limit_min = -1};
    (void)snprintf(choice->name, sizeof(choice->name), "%.*s", (int)length, from);
    if (length == 0) {
        return invalid(message, "a name is missing in the list of policies");
    }
    if (length > POLICY_NAME_MAX || !policy_from_code(choice->name, &choice->rule)) {
        return unknown(choice->name, message);
    }
    *at += length;
    if (**at != ':') {
        return STATUS_OK;
    }
    (*at)++;
    const enum status status = read_limits(at, choice, message);
    if (status == STATUS_OK && *at - from > POLICY_NAME_MAX) {
        return invalid(message, "minutes of rescue are given with at most a few digits");
    }
    if (status == STATUS_OK) {
        (void)snprintf(choice->name, sizeof(choice->name), "%.*s", (int)(*at - from), from);
    }
    return status;
}

static bool is_there(const struct policies *policies, const char *name)
{
    for (int i = 0; i < policies->count; i++) {
        if (strcmp(policies->choices[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

enum status policies_parse(const char *list, struct policies *policies,
                           char message[POLICY_MESSAGE_BYTES])
{
    struct policies read = {0};
    for (const char *at = list;; at++) {
        if (read.count == POLICIES_MAX) {
            return invalid(message, "at most %d policies are compared", POLICIES_MAX);
        }
        struct policy_choice *choice = &read.choices[read.count];
        const enum status status = read_choice(&at, choice, message);
        if (status != STATUS_OK) {
            return status;
        }
        if (is_there(&read, choice->name)) {
            return invalid(message, "policy %s is named twice", choice->name);
        }
        read.count++;
        if (*at == '\0') {
            *policies = read;
            return STATUS_OK;
        }
    }
}

enum status policies_terms(const struct policy_choice *choice, const struct policy_terms *base,
                           struct policy_terms *terms, char message[POLICY_MESSAGE_BYTES])
{
    struct policy_terms made = *base;
    const double standard_min = (double)base->standard_ms / minute_ms;
    made.rule = choice->rule;
    if (choice->rescue_min >= 0) {
        made.rescue_ms = (int64_t)(choice->rescue_min * minute_ms);
    }
    if (choice->limit_min >= 0) {
        made.limit_ms = (int64_t)(choice->limit_min * minute_ms);
    }
    if (choice->rule == POLICY_RESCUE && made.rescue_ms > made.standard_ms) {
        return invalid(message,
                       "%s: D, the minutes before the standard in which a ticket is "
                       "rescued, is at most the standard, %g",
                       choice->name, standard_min);
    }
    if (choice->rule == POLICY_RESCUE && made.limit_ms < made.standard_ms) {
        return invalid(message,
                       "%s: L, the minutes after which nobody is passed over, is at least "
                       "the standard, %g",
                       choice->name, standard_min);
    }
    const char *fault = policy_terms_fault(&made);
    if (fault != NULL) {
        return invalid(message, "%s: %s", choice->name, fault);
    }
    *terms = made;
    return STATUS_OK;
}
