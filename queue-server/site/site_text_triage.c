/* The words of questions, answers, signposts and other names, made complete from English as site_text.c does. */
#include <string.h>

#include "site/model.h"

static bool given(const struct value *value)
{
    return value->at.line > 0;
}

static bool judged(const struct set *set)
{
    return set->known;
}

/* Other names are found in the visitor's language and in English: those of English are not copied. */
static void note_other_names(const struct language_file *language, const struct model_words *words,
                             const struct model_words *english, struct mark at, const char *code)
{
    if (english != NULL && words->also_at.line == 0 && english->also_count > 0 &&
        strcmp(language->code, "en") != 0) {
        report_warning(language->report, language->file, at,
                       "'also' of the service '%s' is missing; only its English names are found",
                       code);
    }
}

/* The answers yes and no have words for all questions, unless one has its own. */
static bool has_own_words(const struct language_file *language, int question)
{
    const struct value *answers = language->text->questions[question].answers;
    return answers[0].at.line != 0 && answers[1].at.line != 0;
}

static void complete_yes_no(const struct language_file *language, const struct language_file *base,
                            const struct site_model *model)
{
    static const char *const names[2] = {"the word for yes, in 'yes_no',",
                                         "the word for no, in 'yes_no',"};
    struct text_model *text = language->text;
    bool needed = false;
    for (int i = 0; i < model->question_count; i++) {
        const struct value *kind = &model->questions[i].kind;
        needed = needed ||
                 (given(kind) && kind->number == QUESTION_YES_NO && !has_own_words(language, i));
    }
    for (int i = 0; i < 2 && needed; i++) {
        site_text_complete_word(language, &text->yes_no.answers[i],
                                base == NULL ? NULL : &base->text->yes_no.answers[i], WORD_NEEDED,
                                site_text_place(text->yes_no.at, text->questions_at, text->at),
                                names[i]);
    }
}

static void complete_answers(const struct language_file *language, const struct language_file *base,
                             const struct model_question *question, int index)
{
    struct model_question_words *words = &language->text->questions[index];
    const struct value *english = base == NULL ? NULL : base->text->questions[index].answers;
    const bool yes_no = given(&question->kind) && question->kind.number == QUESTION_YES_NO;
    const struct mark at = site_text_place(
        words->answers_at,
        site_text_place(words->at, language->text->questions_at, language->text->at),
        language->text->at);
    for (int i = 0; i < question->answer_count; i++) {
        char what[128];
        const bool missing_in_english = english != NULL && !given(&english[i]);
        if (!given(&question->answers[i].code) ||
            (yes_no && (english == NULL || missing_in_english))) {
            continue;
        }
        snprintf(what, sizeof what, "the answer '%s' of the question '%s'",
                 question->answers[i].code.text, question->code.text);
        site_text_complete_word(language, &words->answers[i], english == NULL ? NULL : &english[i],
                                yes_no ? WORD_OPTIONAL : WORD_NEEDED, at, what);
    }
}

static void complete_question(const struct language_file *language,
                              const struct language_file *base, const struct site_model *model,
                              int index)
{
    struct text_model *text = language->text;
    struct model_question_words *words = &text->questions[index];
    const struct model_question *question = &model->questions[index];
    const struct model_question_words *english =
        base == NULL ? NULL : &base->text->questions[index];
    const struct mark at = site_text_place(words->at, text->questions_at, text->at);
    char what[96];
    snprintf(what, sizeof what, "the title of the question '%s'", question->code.text);
    site_text_complete_word(language, &words->title, english == NULL ? NULL : &english->title,
                            WORD_NEEDED, at, what);
    snprintf(what, sizeof what, "the hint of the question '%s'", question->code.text);
    site_text_complete_word(language, &words->hint, english == NULL ? NULL : &english->hint,
                            WORD_OPTIONAL, at, what);
    complete_answers(language, base, question, index);
}

static void complete_signpost(const struct language_file *language,
                              const struct language_file *base, const struct site_model *model,
                              int index)
{
    struct text_model *text = language->text;
    struct model_signpost_words *words = &text->signposts[index];
    const struct model_signpost_words *english =
        base == NULL ? NULL : &base->text->signposts[index];
    const struct mark at = site_text_place(words->at, text->signposts_at, text->at);
    const char *code = model->signposts[index].code.text;
    char what[96];
    snprintf(what, sizeof what, "the title of the signpost '%s'", code);
    site_text_complete_word(language, &words->title, english == NULL ? NULL : &english->title,
                            WORD_NEEDED, at, what);
    snprintf(what, sizeof what, "the text of the signpost '%s'", code);
    site_text_complete_word(language, &words->text, english == NULL ? NULL : &english->text,
                            WORD_NEEDED, at, what);
}

/* What the counter's page has words for in each of its languages: AVOIDABLE in web/answers.js. */
static bool is_common_reason(const char *code)
{
    static const char *const common[] = {"chasing", "repeat", "not_settled", "unclear_letter",
                                         "wrong_place"};
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++) {
        if (strcmp(common[i], code) == 0) {
            return true;
        }
    }
    return false;
}

/* Staff read them, not visitors: without words they read the code, which a reason of the site's own should not need. A
 * common one is better in the reader's language than in English. */
static void complete_reason(const struct language_file *language, const struct language_file *base,
                            const char *code, int index)
{
    struct text_model *text = language->text;
    struct value *word = &text->avoidable[index];
    const struct mark at = site_text_place(text->avoidable_at, text->questions_at, text->at);
    if (is_common_reason(code)) {
        return;
    }
    if (strcmp(language->code, "en") == 0) {
        if (word->at.line == 0) {
            report_warning(language->report, language->file, at,
                           "the words of the avoidable reason '%s' are missing, in 'avoidable'; "
                           "staff read its code",
                           code);
        }
        return;
    }
    char what[96];
    snprintf(what, sizeof what, "the word for the avoidable reason '%s', in 'avoidable',", code);
    site_text_complete_word(language, word, base == NULL ? NULL : &base->text->avoidable[index],
                            WORD_NEEDED, at, what);
}

void site_text_complete_triage(const struct language_file *language,
                               const struct language_file *base, const struct site_model *model,
                               const struct set *sets)
{
    struct text_model *text = language->text;
    for (int i = 0; i < model->service_count && judged(&sets[SET_SERVICES]); i++) {
        struct model_words *words = &text->services[i];
        if (given(&model->services[i].code)) {
            note_other_names(language, words, base == NULL ? NULL : &base->text->services[i],
                             site_text_place(words->at, text->services_at, text->at),
                             model->services[i].code.text);
        }
    }
    for (int i = 0; i < model->question_count && judged(&sets[SET_QUESTIONS]); i++) {
        if (given(&model->questions[i].code)) {
            complete_question(language, base, model, i);
        }
    }
    complete_yes_no(language, base, model);
    for (int i = 0; i < model->signpost_count && judged(&sets[SET_SIGNPOSTS]); i++) {
        if (given(&model->signposts[i].code)) {
            complete_signpost(language, base, model, i);
        }
    }
    for (int i = 0; i < sets[SET_AVOIDABLE].count && judged(&sets[SET_AVOIDABLE]); i++) {
        complete_reason(language, base, sets[SET_AVOIDABLE].codes[i], i);
    }
}
