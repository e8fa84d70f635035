/* The triage of GET /api/site: codes become indices here, so that nobody behind looks one up or has
 * to fear that it leads nowhere. */
#include "site_info_read.h"

#include <string.h>

#include "quarter/check.h"

static const char *const kinds[] = {
    [SITE_QUESTION_ONE] = "one",       [SITE_QUESTION_SEVERAL] = "several",
    [SITE_QUESTION_YES_NO] = "yes_no", [SITE_QUESTION_NUMBER] = "number",
    [SITE_QUESTION_TEXT] = "text",
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static bool read_kind(const json_t *object, enum site_question_kind *kind)
{
    const char *code = json_string_value(json_object_get(object, "kind"));
    for (int i = 0; code != NULL && i < KINDS; i++)
        if (strcmp(kinds[i], code) == 0) {
            *kind = (enum site_question_kind)i;
            return true;
        }
    return false;
}

/* A code or null; false: not one of the site's. */
static bool read_service_index(const struct site_info *site, const json_t *object, int *index)
{
    char code[QUARTER_CODE_MAX + 1];
    *index = -1;
    if (!edge_code_maybe(object, "service", code, sizeof code))
        return false;
    if (code[0] == '\0')
        return true;
    const struct site_service *service = site_info_find_service(site, code);
    if (service != NULL)
        *index = (int)(service - site->services);
    return service != NULL;
}

static bool read_signpost_index(const struct site_info *site, const json_t *object, int *index)
{
    char code[QUARTER_CODE_MAX + 1];
    *index = -1;
    if (!edge_code_maybe(object, "signpost", code, sizeof code))
        return false;
    if (code[0] != '\0')
        *index = site_info_find_signpost(site, code);
    return code[0] == '\0' || *index >= 0;
}

static bool read_class(const json_t *object, enum ticket_class *ticket_class)
{
    const json_t *value = json_object_get(object, "class");
    *ticket_class = CLASS_NORMAL;
    if (value == NULL || json_is_null(value))
        return true;
    const char *code = json_string_value(value);
    return code != NULL && ticket_class_from_code(code, ticket_class);
}

static bool read_needs(const struct site_info *site, const json_t *object, uint32_t *needs)
{
    const json_t *array;
    int count;
    if (!edge_array(object, "needs", QUARTER_NEEDS_MAX, &array, &count))
        return false;
    for (int i = 0; i < count; i++) {
        const char *code = json_string_value(json_array_get(array, (size_t)i));
        int need = 0;
        while (code != NULL && need < site->need_count && strcmp(site->needs[need].code, code) != 0)
            need++;
        if (code == NULL || need == site->need_count)
            return false;
        *needs |= UINT32_C(1) << need;
    }
    return true;
}

static bool read_answer(const struct site_info *site, const json_t *object,
                        struct site_answer *answer)
{
    return edge_code(object, "code", answer->code, sizeof answer->code) &&
           site_read_text(site, object, "name", &answer->name) &&
           read_service_index(site, object, &answer->service) &&
           read_signpost_index(site, object, &answer->signpost) &&
           (answer->service < 0 || answer->signpost < 0) &&
           read_class(object, &answer->ticket_class) && read_needs(site, object, &answer->needs) &&
           edge_code_maybe(object, "avoidable", answer->avoidable, sizeof answer->avoidable);
}

/* null or missing: 0. */
static bool read_most(const json_t *object, const char *name, int most, bool needed, int *out)
{
    const json_t *value = json_object_get(object, name);
    if (value == NULL || json_is_null(value))
        return !needed;
    return edge_int32(object, name, 1, most, out);
}

/* What the kind promises to whoever draws the question. */
static bool fits_its_kind(const struct site_question *question)
{
    bool routes = false;
    for (int i = 0; i < question->answer_count; i++)
        routes = routes || question->answers[i].service >= 0 || question->answers[i].signpost >= 0;
    switch (question->kind) {
    case SITE_QUESTION_ONE: return question->answer_count >= 2;
    case SITE_QUESTION_SEVERAL: return question->answer_count >= 1 && !routes;
    case SITE_QUESTION_YES_NO:
        return question->answer_count == 2 && strcmp(question->answers[0].code, "yes") == 0 &&
               strcmp(question->answers[1].code, "no") == 0;
    case SITE_QUESTION_NUMBER:
    case SITE_QUESTION_TEXT: return question->answer_count == 0;
    }
    return false;
}

static bool read_question(struct site_info *site, const json_t *object, int index)
{
    struct site_question *question = &site->questions[index];
    const json_t *answers;
    int count;
    if (!edge_code(object, "code", question->code, sizeof question->code) ||
        !read_kind(object, &question->kind) ||
        !site_read_text(site, object, "title", &question->title) ||
        !site_read_text(site, object, "hint", &question->hint) ||
        !read_most(object, "digits", QUARTER_ANSWER_DIGITS_MAX,
                   question->kind == SITE_QUESTION_NUMBER, &question->digits) ||
        !read_most(object, "letters", QUARTER_ANSWER_LETTERS_MAX,
                   question->kind == SITE_QUESTION_TEXT, &question->letters) ||
        !edge_array(object, "answers", QUARTER_ANSWER_CHOICES_MAX, &answers, &count))
        return false;
    for (int i = 0; i < count; i++)
        if (!read_answer(site, json_array_get(answers, (size_t)i), &question->answers[i]))
            return false;
    question->answer_count = count;
    return fits_its_kind(question);
}

static bool read_signpost(struct site_info *site, const json_t *object, int index)
{
    struct site_signpost *signpost = &site->signposts[index];
    const char *url = site_words(json_object_get(object, "url"));
    signpost->url = url == NULL ? "" : url;
    (void)edge_bool(object, "print", &signpost->print); /* false unless said */
    return edge_code(object, "code", signpost->code, sizeof signpost->code) &&
           strlen(signpost->url) <= QUARTER_URL_MAX &&
           site_read_text(site, object, "title", &signpost->title) &&
           site_read_text(site, object, "text", &signpost->text);
}

/* The questions of a service that was read before. */
static bool read_asked(const struct site_info *site, const json_t *object,
                       struct site_service *service)
{
    const json_t *array;
    int count;
    const char *ask = json_string_value(json_object_get(object, "ask"));
    if (!edge_array(object, "questions", QUARTER_SERVICE_QUESTIONS_MAX, &array, &count))
        return false;
    for (int i = 0; i < count; i++) {
        const char *code = json_string_value(json_array_get(array, (size_t)i));
        int question = code == NULL ? -1 : site_info_find_question(site, code);
        if (question < 0)
            return false;
        service->questions[service->question_count++] = question;
    }
    service->ask_first = ask != NULL && strcmp(ask, "first") == 0;
    return true;
}

static bool read_reasons(struct site_info *site, const json_t *document)
{
    const json_t *array;
    if (!edge_array(document, "avoidable_reasons", QUARTER_AVOIDABLE_MAX, &array,
                    &site->avoidable_count))
        return false;
    for (int i = 0; i < site->avoidable_count; i++)
        if (!edge_copy(json_array_get(array, (size_t)i), site->avoidable[i],
                       sizeof site->avoidable[i]) ||
            !edge_is_code(site->avoidable[i]))
            return false;
    return true;
}

bool site_read_triage(struct site_info *site, const json_t *document)
{
    const json_t *services = json_object_get(document, "services");
    if (!site_read_each(site, document, "signposts", QUARTER_SIGNPOSTS_MAX, &site->signpost_count,
                        read_signpost) ||
        !site_read_each(site, document, "questions", QUARTER_QUESTIONS_MAX, &site->question_count,
                        read_question) ||
        !read_reasons(site, document))
        return false;
    for (int i = 0; i < site->service_count; i++)
        if (!read_asked(site, json_array_get(services, (size_t)i), &site->services[i]))
            return false;
    return true;
}

int site_info_find_question(const struct site_info *site, const char *code)
{
    for (int i = 0; i < site->question_count; i++)
        if (strcmp(site->questions[i].code, code) == 0)
            return i;
    return -1;
}

int site_info_find_signpost(const struct site_info *site, const char *code)
{
    for (int i = 0; i < site->signpost_count; i++)
        if (strcmp(site->signposts[i].code, code) == 0)
            return i;
    return -1;
}

int site_info_find_answer(const struct site_question *question, const char *code)
{
    for (int i = 0; i < question->answer_count; i++)
        if (strcmp(question->answers[i].code, code) == 0)
            return i;
    return -1;
}

static char upper(char letter)
{
    return letter >= 'a' && letter <= 'z' ? (char)(letter - 'a' + 'A') : letter;
}

/* How many letters of `scanned` the beginning covers; 0: it begins otherwise. */
static int begins_with(const char *scanned, const char *beginning)
{
    int length = 0;
    for (; beginning[length] != '\0'; length++)
        if (upper(scanned[length]) != upper(beginning[length]))
            return 0;
    return length;
}

int site_info_scanned_service(const struct site_info *site, const char *scanned)
{
    int best = -1;
    int longest = 0;
    for (int i = 0; i < site->service_count; i++)
        for (int j = 0; j < site->services[i].scan_count; j++) {
            int length = begins_with(scanned, site->services[i].scan[j]);
            if (length > longest) {
                longest = length;
                best = i;
            }
        }
    return best;
}
