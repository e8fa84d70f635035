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

static bool is_typed(enum site_question_kind kind)
{
    return kind == SITE_QUESTION_NUMBER || kind == SITE_QUESTION_TEXT;
}

static void write_answer(const struct journey_asked *asked, const struct site_question *question,
                         struct issue_answer *answer)
{
    copy_text(answer->question, sizeof answer->question, question->code);
    answer->is_list = question->kind == SITE_QUESTION_SEVERAL;
    if (is_typed(question->kind))
        copy_text(answer->text, sizeof answer->text, asked->text);
    for (int i = 0; i < question->answer_count; i++)
        if ((asked->choices >> i & 1) != 0)
            copy_text(answer->choices[answer->choice_count++], sizeof answer->choices[0],
                      question->answers[i].code);
}

static void write_reason(const struct journey_reason *reason, const struct site_info *site,
                         char *out, size_t size)
{
    if (reason->question >= 0)
        copy_text(out, size, site->questions[reason->question].answers[reason->answer].avoidable);
}

void request_of_journey(const struct journey *journey, const struct site_info *site,
                        const char *language, const char *device, struct issue_request *request)
{
    copy_text(request->key, sizeof request->key, journey->key);
    copy_text(request->service, sizeof request->service, site->services[journey->service].code);
    copy_text(request->language, sizeof request->language, language);
    copy_text(request->device, sizeof request->device, device);
    for (int i = 0; i < site->need_count; i++)
        if ((journey->needs >> i & 1) != 0)
            copy_text(request->needs[request->need_count++], sizeof request->needs[0],
                      site->needs[i].code);
    for (int i = 0; i < journey->asked_count && request->answer_count < QUARTER_ANSWERS_MAX; i++)
        if (journey->asked[i].answered)
            write_answer(&journey->asked[i], &site->questions[journey->asked[i].question],
                         &request->answers[request->answer_count++]);
    if (journey->ticket_class == CLASS_ASSISTED || journey->ticket_class == CLASS_URGENT)
        copy_text(request->ticket_class, sizeof request->ticket_class,
                  journey->ticket_class == CLASS_URGENT ? "urgent" : "assisted");
    write_reason(&journey->reason, site, request->avoidable, sizeof request->avoidable);
}

struct visit_request request_of_visit(const struct journey_visit *visit,
                                      const struct site_info *site, const char *language,
                                      const char *device)
{
    struct visit_request request = {.kind = "signposted"};
    copy_text(request.key, sizeof request.key, visit->key);
    copy_text(request.service, sizeof request.service, site->services[visit->service].code);
    copy_text(request.signpost, sizeof request.signpost, site->signposts[visit->signpost].code);
    copy_text(request.language, sizeof request.language, language);
    copy_text(request.device, sizeof request.device, device);
    write_reason(&visit->reason, site, request.avoidable, sizeof request.avoidable);
    return request;
}
