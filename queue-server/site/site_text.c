/* The words of a site: English is complete, and every other language is made complete from it, with
 * a warning for each word that is missing. Who translates thus sees what is left to do, and who
 * visits never sees a hole. */
#include "site/model.h"

#include <string.h>

static bool given(const struct value *value)
{
    return value->at.line > 0;
}

/* The nearest place in the file to put a missing word. */
struct mark site_text_place(struct mark nearest, struct mark next, struct mark last)
{
    return nearest.line > 0 ? nearest : next.line > 0 ? next : last;
}

void site_text_complete_word(const struct language_file *language, struct value *word,
                             const struct value *english, enum word_need need, struct mark at,
                             const char *what)
{
    if (word->at.line != 0) {
        return; /* there, or wrong and reported */
    }
    if (strcmp(language->code, "en") == 0) {
        if (need == WORD_NEEDED) {
            report_error(language->report, language->file, at,
                         "%s is missing; English needs it, since it is shown "
                         "where a language has no words",
                         what);
        }
        return;
    }
    if (english != NULL && given(english)) {
        report_warning(language->report, language->file, at, "%s is missing; English is shown",
                       what);
        *word = *english;
    }
}

static void complete_have_ready(const struct language_file *language, struct model_words *words,
                                const struct model_words *english, struct mark at, const char *code)
{
    if (english == NULL || words->have_ready_count == english->have_ready_count) {
        return;
    }
    if (words->have_ready_count > 0) {
        report_warning(
            language->report, language->file, site_text_place(words->have_ready_at, at, at),
            "'have_ready' of the service '%s' is not as long as in English (%d here, %d there)",
            code, words->have_ready_count, english->have_ready_count);
        return;
    }
    report_warning(language->report, language->file, at,
                   "'have_ready' of the service '%s' is missing; English is shown", code);
    words->have_ready_count = english->have_ready_count;
    memcpy(words->have_ready, english->have_ready, sizeof words->have_ready);
}

static void complete_words(const struct language_file *language, struct model_words *words,
                           const struct model_words *english, const char *noun, const char *code,
                           struct mark table)
{
    char what[96];
    struct mark at = site_text_place(words->at, table, language->text->at);
    snprintf(what, sizeof what, "the name of the %s '%s'", noun, code);
    site_text_complete_word(language, &words->name, english == NULL ? NULL : &english->name,
                            WORD_NEEDED, at, what);
    snprintf(what, sizeof what, "the hint of the %s '%s'", noun, code);
    site_text_complete_word(language, &words->hint, english == NULL ? NULL : &english->hint,
                            WORD_OPTIONAL, at, what);
}

static void complete_place(const struct language_file *language, struct value *word,
                           const struct value *english, const char *noun, const char *code,
                           struct mark table)
{
    char what[96];
    snprintf(what, sizeof what, "the name of the %s '%s'", noun, code);
    site_text_complete_word(language, word, english, WORD_NEEDED,
                            site_text_place(table, language->text->at, table), what);
}

/* Nothing is said of words for codes that are themselves in doubt. */
static int judged(const struct set *set)
{
    return set->known ? set->count : 0;
}

void site_text_complete(const struct language_file *language, const struct language_file *base,
                        const struct site_model *model, const struct set *sets)
{
    struct text_model *text = language->text;
    const struct text_model *english = base == NULL ? NULL : base->text;
    site_text_complete_word(language, &text->name, english == NULL ? NULL : &english->name,
                            WORD_NEEDED, text->at, "the name of the centre");
    for (int i = 0; i < judged(&sets[SET_GROUPS]); i++) {
        if (given(&model->groups[i].code)) {
            complete_words(language, &text->groups[i], english == NULL ? NULL : &english->groups[i],
                           "group", model->groups[i].code.text, text->groups_at);
        }
    }
    for (int i = 0; i < judged(&sets[SET_SERVICES]); i++) {
        const char *code = model->services[i].code.text;
        if (!given(&model->services[i].code)) {
            continue;
        }
        const struct model_words *base_words = english == NULL ? NULL : &english->services[i];
        complete_words(language, &text->services[i], base_words, "service", code,
                       text->services_at);
        complete_have_ready(language, &text->services[i], base_words,
                            site_text_place(text->services[i].at, text->services_at, text->at),
                            code);
    }
    for (int i = 0; i < judged(&sets[SET_AREAS]); i++) {
        if (given(&model->areas[i])) {
            complete_place(language, &text->areas[i], english == NULL ? NULL : &english->areas[i],
                           "area", model->areas[i].text, text->areas_at);
        }
    }
    for (int i = 0; i < judged(&sets[SET_COUNTERS]); i++) {
        if (given(&model->counters[i].code)) {
            complete_place(language, &text->counters[i],
                           english == NULL ? NULL : &english->counters[i], "counter",
                           model->counters[i].code.text, text->counters_at);
        }
    }
    for (int i = 0; i < judged(&sets[SET_NEEDS]); i++) {
        if (given(&model->needs[i].code)) {
            complete_place(language, &text->needs[i], english == NULL ? NULL : &english->needs[i],
                           "need", model->needs[i].code.text, text->needs_at);
        }
    }
    site_text_complete_triage(language, base, model, sets);
}
