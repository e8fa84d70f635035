/* Where answers lead: from service to service. A visitor must come out somewhere, soon, and where questions decide on
 * the way they must be asked before the ticket.
 *
 * The services are the places of a graph, and each answer with a service is an arrow from every service that asks its
 * question. Sites are small (64 services, 3 questions each), so plain depth-first walks do. */
#include <string.h>

#include "site/model.h"

#define ERROR(where, at, ...) report_error((where)->report, (where)->file, at, __VA_ARGS__)

enum visit { NOT_SEEN, ON_THE_WAY, DONE };

struct walk {
    const struct checked_file *where;
    const struct site_model *model;
    enum visit visits[QUARTER_SERVICES_MAX];
    bool told[QUARTER_QUESTIONS_MAX][QUARTER_ANSWER_CHOICES_MAX]; /* one message an answer */
    bool loops;
};

/* What an answer does, and of which question it is. */
struct arrow {
    int question, answer;
};

static bool given(const struct value *value)
{
    return value->at.line > 0;
}

/* Where an answer leads; -1: nowhere else, or nobody knows. */
static int target(const struct model_question *question, int answer)
{
    const struct value *service = &question->answers[answer].service;
    const bool leads = given(&question->kind) && question->kind.number != QUESTION_SEVERAL &&
                       question->kind.number != QUESTION_NUMBER &&
                       question->kind.number != QUESTION_TEXT && given(service) &&
                       !given(&question->answers[answer].signpost);
    return leads ? service->number : -1;
}

static const char *service_code(const struct site_model *model, int service)
{
    const struct value *code = &model->services[service].code;
    return given(code) ? code->text : "?";
}

static void tell_loop(struct walk *walk, int from, struct arrow arrow)
{
    const struct model_question *question = &walk->model->questions[arrow.question];
    const struct model_answer *answer = &question->answers[arrow.answer];
    const int to = answer->service.number;
    walk->loops = true;
    if (walk->told[arrow.question][arrow.answer] || !given(&answer->code) ||
        !given(&question->code)) {
        return;
    }
    walk->told[arrow.question][arrow.answer] = true;
    if (to == from) {
        ERROR(walk->where, answer->service.at,
              "a loop: '%s' asks '%s', and the answer '%s' leads to '%s' again; leave 'service' "
              "out: who gives this answer stays",
              service_code(walk->model, from), question->code.text, answer->code.text,
              service_code(walk->model, to));
    } else {
        ERROR(walk->where, answer->service.at,
              "a loop: from '%s' the answer '%s' of '%s' leads back to '%s', from where visitors "
              "came; leave one of the ways out",
              service_code(walk->model, from), answer->code.text, question->code.text,
              service_code(walk->model, to));
    }
}

/* Recursion is as deep as there are services, at most. */
static void find_loops(struct walk *walk, int service)
{
    const struct references *questions = &walk->model->services[service].questions;
    walk->visits[service] = ON_THE_WAY;
    for (int i = 0; i < questions->count; i++) {
        const int index = questions->members[i];
        const struct model_question *question = &walk->model->questions[index];
        for (int j = 0; j < question->answer_count; j++) {
            const int to = target(question, j);
            if (to >= 0 && walk->visits[to] == ON_THE_WAY) {
                tell_loop(walk, service, (struct arrow){index, j});
            } else if (to >= 0 && walk->visits[to] == NOT_SEEN) {
                find_loops(walk, to);
            }
        }
    }
    walk->visits[service] = DONE;
}

static void tell_too_many(struct walk *walk, int start, int asked, struct arrow arrow)
{
    const struct model_question *question = &walk->model->questions[arrow.question];
    const struct model_answer *answer = &question->answers[arrow.answer];
    if (walk->told[arrow.question][arrow.answer] || !given(&answer->code)) {
        return;
    }
    walk->told[arrow.question][arrow.answer] = true;
    ERROR(walk->where, answer->service.at,
          "who comes for '%s' and answers '%s' here is asked %d questions and more; at most %d, "
          "wherever answers lead",
          service_code(walk->model, start), answer->code.text, asked,
          QUARTER_SERVICE_QUESTIONS_MAX);
}

/* A journey so far: which questions it has asked, since none is asked twice, and the answer that led on last. */
struct route {
    int start;
    uint64_t asked;
    int count;
    struct arrow last;
};

/* Each step asks a question more, so it ends after a few. Nothing is said of what a service asks by itself. */
static void count_questions(struct walk *walk, int service, struct route route)
{
    const struct references *questions = &walk->model->services[service].questions;
    for (int i = 0; i < questions->count; i++) {
        const int index = questions->members[i];
        const struct model_question *question = &walk->model->questions[index];
        if ((route.asked >> index & 1) != 0) {
            continue;
        }
        route.asked |= UINT64_C(1) << index;
        route.count++;
        if (route.count > QUARTER_SERVICE_QUESTIONS_MAX) {
            if (service != route.start) {
                tell_too_many(walk, route.start, route.count, route.last);
            }
            return;
        }
        for (int j = 0; j < question->answer_count; j++) {
            const int to = target(question, j);
            if (to >= 0) {
                struct route next = route;
                next.last = (struct arrow){index, j};
                count_questions(walk, to, next);
            }
        }
    }
}

/* A ticket is for one service: what it is must be settled before it is printed. */
static void check_asked_in_time(const struct checked_file *where, const struct site_model *model,
                                const struct model_service *service)
{
    const bool first = given(&service->ask) && strcmp(service->ask.text, "first") == 0;
    const bool judged = given(&service->code) && service->ask.at.line >= 0;
    for (int i = 0; i < service->questions.count && judged && !first; i++) {
        const struct model_question *question = &model->questions[service->questions.members[i]];
        for (int j = 0; j < question->answer_count; j++) {
            const struct model_answer *answer = &question->answers[j];
            const bool ends = given(&answer->signpost);
            if (!given(&question->code) || !given(&answer->code) ||
                (!ends && target(question, j) < 0)) {
                continue;
            }
            ERROR(where, service->questions.marks[i],
                  "the answer '%s' of '%s' leads %s, so '%s' must ask it before the ticket: "
                  "write 'ask: first'",
                  answer->code.text, question->code.text,
                  ends ? "to a signpost" : "to another service", service->code.text);
            return;
        }
    }
}

void site_check_routes(const struct checked_file *where, const struct site_model *model,
                       const struct set *sets)
{
    struct walk walk = {.where = where, .model = model};
    if (!sets[SET_SERVICES].known || !sets[SET_QUESTIONS].known) {
        return;
    }
    for (int i = 0; i < model->service_count; i++) {
        check_asked_in_time(where, model, &model->services[i]);
        if (walk.visits[i] == NOT_SEEN) {
            find_loops(&walk, i);
        }
    }
    for (int i = 0; i < model->service_count && !walk.loops; i++) {
        count_questions(&walk, i, (struct route){.start = i});
    }
}
