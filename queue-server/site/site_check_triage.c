/* Questions, signposts and other beginnings of a visit: what each kind of question may have, and that whatever is
 * written can be reached. Where answers lead is site_check_routes.c. Quiet about what was reported already. */
#include <string.h>

#include "quarter/check.h"
#include "site/model.h"

#define ERROR(where, at, ...)   report_error((where)->report, (where)->file, at, __VA_ARGS__)
#define WARNING(where, at, ...) report_warning((where)->report, (where)->file, at, __VA_ARGS__)

static bool given(const struct value *value)
{
    return value->at.line > 0;
}

static bool is_typed(const struct model_question *question)
{
    return question->kind.number == QUESTION_NUMBER || question->kind.number == QUESTION_TEXT;
}

/* yes_no questions */

static const char *const yes_no_codes[2] = {"yes", "no"};

/* 0 yes, 1 no; -1: neither, and reported. */
static int yes_or_no(const struct checked_file *where, const struct value *code)
{
    struct suggestion suggestion = suggestion_start(code->text);
    char words[SUGGESTION_BYTES];
    for (int i = 0; i < 2; i++) {
        if (strcmp(code->text, yes_no_codes[i]) == 0) {
            return i;
        }
        suggestion_offer(&suggestion, yes_no_codes[i]);
    }
    ERROR(where, code->at, "a question of kind yes_no has the answers yes and no, not '%s'%s",
          code->text,
          suggestion.best != NULL ? suggestion_words(&suggestion, words)
                                  : "; for others, write 'kind: one'");
    return -1;
}

static void settle_yes_no(const struct checked_file *where, struct model_question *question,
                          struct set *answers)
{
    struct model_answer settled[2] = {0};
    bool known = answers->known;
    for (int i = 0; i < 2; i++) {
        settled[i].at = question->at;
        settled[i].code = (struct value){.at = question->at, .text = yes_no_codes[i]};
    }
    for (int i = 0; i < question->answer_count; i++) {
        const struct model_answer *answer = &question->answers[i];
        int place = given(&answer->code) ? yes_or_no(where, &answer->code) : -1;
        known = known && place >= 0;
        if (place >= 0) {
            settled[place] = *answer;
        }
    }
    memcpy(question->answers, settled, sizeof settled);
    question->answer_count = 2;
    *answers = (struct set){.known = known, .count = 2};
    for (int i = 0; i < 2; i++) {
        answers->codes[i] = yes_no_codes[i];
        answers->marks[i] = settled[i].code.at;
    }
}

void site_settle_questions(const struct checked_file *where, struct site_model *model,
                           struct set *answers)
{
    for (int i = 0; i < model->question_count; i++) {
        struct model_question *question = &model->questions[i];
        if (given(&question->kind) && question->kind.number == QUESTION_YES_NO) {
            settle_yes_no(where, question, &answers[i]);
        } else if (given(&question->kind) && is_typed(question) && question->answer_count > 0) {
            question->answer_count = 0; /* check_choices() says so */
            answers[i] = (struct set){.known = false};
        }
    }
}

/* each question */

/* A length that its kind needs, or has no use for. */
static void check_length(const struct checked_file *where, const struct model_question *question,
                         enum question_kind kind, const struct value *length, const char *name)
{
    const bool wanted = question->kind.number == (int)kind;
    if (wanted && length->at.line == 0) {
        ERROR(where, question->code.at,
              "the question '%s' does not say how many %s may be typed; add '%s', at most %d",
              question->code.text, name, name,
              kind == QUESTION_NUMBER ? QUARTER_ANSWER_DIGITS_MAX : QUARTER_ANSWER_LETTERS_MAX);
    } else if (!wanted && given(length)) {
        ERROR(where, length->at, "a question of kind %s has no '%s'; leave it out",
              question->kind.text, name);
    }
}

/* Nobody can go on from a choice between nothing; and from one thing there is nothing to choose. */
static void check_choices(const struct checked_file *where, const struct model_question *question)
{
    const struct mark at = question->answers_at.line > 0 ? question->answers_at : question->code.at;
    const int count = question->answer_count;
    if (is_typed(question)) {
        if (question->answers_at.line > 0) {
            ERROR(where, at,
                  "a question of kind %s is answered by typing; leave 'answers' out, or write "
                  "'kind: one'",
                  question->kind.text);
        }
    } else if (question->kind.number == QUESTION_ONE && count < 2) {
        ERROR(where, at,
              "the question '%s' has %s; a choice of one needs at least two, or it leads nowhere",
              question->code.text, count == 0 ? "no answers" : "only one answer");
    } else if (question->kind.number == QUESTION_SEVERAL && count < 1) {
        ERROR(where, at, "the question '%s' has no answers; nobody could choose any",
              question->code.text);
    }
}

static void check_effects(const struct checked_file *where, const struct model_question *question,
                          const struct model_answer *answer)
{
    if (question->kind.number == QUESTION_SEVERAL && given(&answer->service)) {
        ERROR(where, answer->service.at,
              "several answers may be chosen here, so none can lead to a service; write 'kind: "
              "one', or leave 'service' out");
    } else if (question->kind.number == QUESTION_SEVERAL && given(&answer->signpost)) {
        ERROR(where, answer->signpost.at,
              "several answers may be chosen here, so none can end at a signpost; write 'kind: "
              "one', or leave 'signpost' out");
    } else if (given(&answer->service) && given(&answer->signpost)) {
        ERROR(where, answer->signpost.at,
              "an answer leads to a service or ends at a signpost, not both; leave one out");
    }
}

static void check_question(const struct checked_file *where, const struct model_question *question)
{
    if (!given(&question->code) || !given(&question->kind)) {
        return;
    }
    check_length(where, question, QUESTION_NUMBER, &question->digits, "digits");
    check_length(where, question, QUESTION_TEXT, &question->letters, "letters");
    check_choices(where, question);
    for (int i = 0; i < question->answer_count; i++) {
        check_effects(where, question, &question->answers[i]);
    }
}

/* What is written, but never comes up. */
static void check_use(const struct checked_file *where, const struct site_model *model,
                      const struct set *sets)
{
    uint64_t asked = 0;
    uint64_t shown = 0;
    bool judged = sets[SET_SERVICES].known && sets[SET_QUESTIONS].known;
    for (int i = 0; i < model->service_count; i++) {
        asked |= model->services[i].questions.bits;
        judged = judged && !model->services[i].questions.faulty;
    }
    for (int i = 0; i < model->question_count; i++) {
        const struct model_question *question = &model->questions[i];
        if (judged && given(&question->code) && (asked >> i & 1) == 0) {
            WARNING(where, question->code.at,
                    "no service asks the question '%s'; add it to the 'questions' of one",
                    question->code.text);
        }
        for (int j = 0; j < question->answer_count; j++) {
            const struct value *signpost = &question->answers[j].signpost;
            judged = judged && signpost->at.line >= 0;
            shown |= given(signpost) && signpost->number >= 0 ? UINT64_C(1) << signpost->number : 0;
        }
    }
    for (int i = 0; i < model->signpost_count && judged && sets[SET_SIGNPOSTS].known; i++) {
        const struct value *code = &model->signposts[i].code;
        if (given(code) && (shown >> i & 1) == 0) {
            WARNING(where, code->at,
                    "no answer ends at the signpost '%s'; add 'signpost: %s' to one", code->text,
                    code->text);
        }
    }
}

/* needs that answers ask for */

struct offer {
    bool anywhere, where_served; /* met at some counter; at one that serves the service */
};

static struct offer offer_of(const struct site_model *model, int service, int need)
{
    struct offer offer = {0};
    for (int i = 0; i < model->counter_count; i++) {
        const struct model_counter *counter = &model->counters[i];
        const bool meets = (counter->needs.bits >> need & 1) != 0;
        offer.anywhere = offer.anywhere || meets;
        offer.where_served =
            offer.where_served || (meets && (counter->services.bits >> service & 1) != 0);
    }
    return offer;
}

/* An answer that asks for what no counter of the service can do makes its visitors wait in vain: for good, or until
 * the need is relaxed. Of a hard need that is met nowhere site_check() speaks. */
static void check_answer_needs(const struct checked_file *where, const struct site_model *model,
                               int service, const struct model_question *question, int index)
{
    const struct model_answer *answer = &question->answers[index];
    const struct value *code = &model->services[service].code;
    if (given(&answer->service) || given(&answer->signpost) || !given(&answer->code) ||
        !given(code)) {
        return;
    }
    for (int i = 0; i < answer->needs.count; i++) {
        const struct model_need *need = &model->needs[answer->needs.members[i]];
        const struct offer offer = offer_of(model, service, answer->needs.members[i]);
        const bool told = !offer.anywhere && given(&need->hard) && need->hard.number == 1;
        if (given(&need->code) && !offer.where_served && !told) {
            WARNING(where, answer->needs.marks[i],
                    "who comes for '%s' and answers '%s' asks for '%s', but no counter that serves "
                    "'%s' meets it; add it to the 'needs' of one",
                    code->text, answer->code.text, need->code.text, code->text);
        }
    }
}

static void check_needs_asked_for(const struct checked_file *where, const struct site_model *model,
                                  const struct set *sets)
{
    bool judged = sets[SET_SERVICES].known && sets[SET_COUNTERS].known && sets[SET_NEEDS].known &&
                  sets[SET_QUESTIONS].known;
    for (int i = 0; i < model->counter_count; i++) {
        judged = judged && !model->counters[i].needs.faulty && !model->counters[i].services.faulty;
    }
    for (int i = 0; i < model->service_count && judged; i++) {
        const struct references *asked = &model->services[i].questions;
        for (int j = 0; j < asked->count; j++) {
            const struct model_question *question = &model->questions[asked->members[j]];
            for (int k = 0; k < question->answer_count; k++) {
                check_answer_needs(where, model, i, question, k);
            }
        }
    }
}

/* each service */

/* Scanners and their codes do not care for the case of letters. */
static bool same_scan(const char *left, const char *right)
{
    for (; *left != '\0' || *right != '\0'; left++, right++) {
        const int a = *left >= 'a' && *left <= 'z' ? *left - 'a' + 'A' : *left;
        const int b = *right >= 'a' && *right <= 'z' ? *right - 'a' + 'A' : *right;
        if (a != b) {
            return false;
        }
    }
    return true;
}

/* Is there, and no earlier one is the same. */
static void check_scan(const struct checked_file *where, const struct site_model *model,
                       int service, int index)
{
    const struct value *scan = &model->services[service].scan[index];
    for (int i = 0; i <= service && given(scan); i++) {
        const struct model_service *other = &model->services[i];
        for (int j = 0; j < (i == service ? index : other->scan_count); j++) {
            if (given(&other->scan[j]) && same_scan(other->scan[j].text, scan->text)) {
                ERROR(where, scan->at,
                      "codes that begin with '%s' are those of '%s' already (line %d); the "
                      "beginnings must differ",
                      scan->text, given(&other->code) ? other->code.text : "another service",
                      other->scan[j].at.line);
                return;
            }
        }
    }
}

static void check_service(const struct checked_file *where, const struct site_model *model,
                          int index)
{
    const struct model_service *service = &model->services[index];
    const struct references *questions = &service->questions;
    if (given(&service->code) && questions->count > QUARTER_SERVICE_QUESTIONS_MAX) {
        ERROR(where, questions->marks[QUARTER_SERVICE_QUESTIONS_MAX],
              "the service '%s' asks %d questions; a visitor is asked at most %d",
              service->code.text, questions->count, QUARTER_SERVICE_QUESTIONS_MAX);
    }
    if (given(&service->ask) && questions->count == 0 && !questions->faulty) {
        WARNING(where, service->ask.at,
                "there is nothing to ask; add 'questions', or leave 'ask' out");
    }
    for (int i = 0; i < service->scan_count; i++) {
        check_scan(where, model, index, i);
    }
}

/* reasons */

int site_avoidable_reasons(const struct site_model *model, const struct value **reasons, int most)
{
    int count = 0;
    for (int i = 0; i < model->question_count; i++) {
        const struct model_question *question = &model->questions[i];
        for (int j = 0; j < question->answer_count; j++) {
            const struct value *reason = &question->answers[j].avoidable;
            int known = 0;
            while (given(reason) && known < count && known < most &&
                   strcmp(reasons[known]->text, reason->text) != 0) {
                known++;
            }
            if (given(reason) && known == count) {
                if (count < most) {
                    reasons[count] = reason;
                }
                count++;
            }
        }
    }
    return count;
}

static void check_reasons(const struct checked_file *where, const struct site_model *model)
{
    const struct value *reasons[QUARTER_AVOIDABLE_MAX + 1];
    if (site_avoidable_reasons(model, reasons, QUARTER_AVOIDABLE_MAX + 1) > QUARTER_AVOIDABLE_MAX) {
        ERROR(where, reasons[QUARTER_AVOIDABLE_MAX]->at,
              "'%s' is one more than %d reasons in 'avoidable'; use fewer, or nobody will compare "
              "them",
              reasons[QUARTER_AVOIDABLE_MAX]->text, QUARTER_AVOIDABLE_MAX);
    }
}

void site_check_triage(const struct checked_file *where, const struct site_model *model,
                       const struct set *sets)
{
    for (int i = 0; i < model->question_count; i++) {
        check_question(where, &model->questions[i]);
    }
    for (int i = 0; i < model->service_count; i++) {
        check_service(where, model, i);
    }
    check_use(where, model, sets);
    check_needs_asked_for(where, model, sets);
    check_reasons(where, model);
    site_check_routes(where, model, sets);
}
