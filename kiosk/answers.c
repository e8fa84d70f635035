/* See answers.h. */
#include "answers.h"

#include <string.h>

/* A key of ours is never longer; another's, cut, is nobody's here. */
static void copy_text(char *out, size_t size, const char *text)
{
    size_t length = strnlen(text, size - 1);
    memcpy(out, text, length);
    out[length] = '\0';
}

struct journey_input answer_of_ticket(const struct ticket_receipt *receipt)
{
    struct journey_input input = {.kind = INPUT_TICKET};
    struct journey_ticket *ticket = &input.ticket;
    copy_text(input.key, sizeof input.key, receipt->key);
    copy_text(ticket->id, sizeof ticket->id, receipt->id);
    copy_text(ticket->number, sizeof ticket->number, receipt->number);
    _Static_assert(sizeof receipt->url <= sizeof ticket->url, "half an address leads nowhere");
    copy_text(ticket->url, sizeof ticket->url, receipt->url);
    ticket->ahead = receipt->ahead;
    ticket->nobody_serves = receipt->nobody_serves;
    ticket->has_wait = receipt->wait.known;
    ticket->wait_low_min = receipt->wait.low_min;
    ticket->wait_high_min = receipt->wait.high_min;
    return input;
}

static enum journey_problem problem_of(const char *code)
{
    static const struct {
        const char *code;
        enum journey_problem problem;
    } problems[] = {{"day-closed", PROBLEM_CLOSED},
                    {"service-retired", PROBLEM_SERVICE},
                    {"unknown-service", PROBLEM_SERVICE},
                    {"numbers-used-up", PROBLEM_SERVICE},
                    {"too-many-tickets", PROBLEM_CLOSED}};
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++)
        if (strcmp(problems[i].code, code) == 0)
            return problems[i].problem;
    return PROBLEM_REFUSED;
}

struct journey_input answer_of_refusal(const struct issue_refusal *refusal)
{
    struct journey_input input = {.kind = INPUT_REFUSED, .problem = problem_of(refusal->code)};
    copy_text(input.key, sizeof input.key, refusal->key);
    return input;
}
