/* Writes a checked site as the document that kiosks, displays and pages live by. Every text is an
 * object with one member for each language, so that no client needs a rule for what is missing. */
#include "site/site_json.h"

#include <jansson.h>
#include <string.h>

#include "quarter/check.h"

struct writer {
    const struct site_model *model;
    const struct set *sets;
    const struct text_model *const *texts;
};

/* What fails here is memory or our own text, which was checked to be UTF-8. */
static void put(json_t *object, const char *key, json_t *value)
{
    CHECK(value != NULL && json_object_set_new(object, key, value) == 0);
}

static void append(json_t *array, json_t *value)
{
    CHECK(value != NULL && json_array_append_new(array, value) == 0);
}

static json_t *text_or_null(const struct value *value)
{
    return value->at.line > 0 ? json_string(value->text) : json_null();
}

static json_t *number_or_null(const struct value *value)
{
    return value->at.line > 0 ? json_integer(value->number) : json_null();
}

static json_t *clock_text(int minutes)
{
    return json_sprintf("%02d:%02d", minutes / 60, minutes % 60);
}

static json_t *codes(const struct references *references, const struct set *set)
{
    json_t *array = json_array();
    for (int i = 0; i < references->count; i++) {
        append(array, json_string(set->codes[references->members[i]]));
    }
    return array;
}

/* {"en": .., "gu": ..} of the value that lies at `offset` in each language's text. */
static json_t *text_object(const struct writer *writer, size_t offset)
{
    json_t *object = json_object();
    for (int i = 0; i < writer->model->language_count; i++) {
        const struct value *value = (const void *)((const char *)writer->texts[i] + offset);
        if (value->at.line > 0) {
            put(object, writer->model->languages[i].text, json_string(value->text));
        }
    }
    return object;
}

static json_t *texts(const struct value *values, int count)
{
    json_t *list = json_array();
    for (int i = 0; i < count; i++) {
        append(list, json_string(values[i].text));
    }
    return list;
}

static json_t *have_ready(const struct writer *writer, int service)
{
    json_t *object = json_object();
    for (int i = 0; i < writer->model->language_count; i++) {
        const struct model_words *words = &writer->texts[i]->services[service];
        put(object, writer->model->languages[i].text,
            texts(words->have_ready, words->have_ready_count));
    }
    return object;
}

static json_t *also(const struct writer *writer, int service)
{
    json_t *object = json_object();
    for (int i = 0; i < writer->model->language_count; i++) {
        const struct model_words *words = &writer->texts[i]->services[service];
        put(object, writer->model->languages[i].text, texts(words->also, words->also_count));
    }
    return object;
}

static json_t *languages(const struct writer *writer)
{
    json_t *array = json_array();
    for (int i = 0; i < writer->model->language_count; i++) {
        const struct text_model *text = writer->texts[i];
        json_t *language = json_object();
        put(language, "code", json_string(writer->model->languages[i].text));
        put(language, "name", json_string(text->autonym.text));
        put(language, "direction", json_string(text->direction.text));
        put(language, "draft", json_boolean(text->draft.number == 1));
        append(array, language);
    }
    return array;
}

#define WORDS(writer, table, index, type, member)                                                  \
    text_object(writer, offsetof(struct text_model, table) +                                       \
                            (size_t)(index) * sizeof((writer)->texts[0]->table[0]) +               \
                            offsetof(struct type, member))
#define TEXT(writer, table, index, member) WORDS(writer, table, index, model_words, member)
#define PLACE_NAME(writer, table, index)                                                           \
    text_object(writer, offsetof(struct text_model, table) + (size_t)(index) * sizeof(struct value))

static json_t *groups(const struct writer *writer)
{
    json_t *array = json_array();
    for (int i = 0; i < writer->model->group_count; i++) {
        json_t *group = json_object();
        put(group, "code", json_string(writer->model->groups[i].code.text));
        put(group, "name", TEXT(writer, groups, i, name));
        put(group, "hint", TEXT(writer, groups, i, hint));
        put(group, "services",
            codes(&writer->model->groups[i].services, &writer->sets[SET_SERVICES]));
        append(array, group);
    }
    return array;
}

static json_t *services(const struct writer *writer)
{
    json_t *array = json_array();
    for (int i = 0; i < writer->model->service_count; i++) {
        const struct model_service *from = &writer->model->services[i];
        json_t *service = json_object();
        put(service, "code", json_string(from->code.text));
        put(service, "prefix", json_string(from->prefix.text));
        put(service, "area", text_or_null(&from->area));
        put(service, "typical_min", json_integer(from->typical_min.number));
        put(service, "name", TEXT(writer, services, i, name));
        put(service, "hint", TEXT(writer, services, i, hint));
        put(service, "have_ready", have_ready(writer, i));
        put(service, "also", also(writer, i));
        put(service, "questions", codes(&from->questions, &writer->sets[SET_QUESTIONS]));
        put(service, "ask", json_string(from->ask.at.line > 0 ? from->ask.text : "later"));
        put(service, "scan", texts(from->scan, from->scan_count));
        append(array, service);
    }
    return array;
}

/* What an answer to a yes_no question is called where it has no words of its own. */
static json_t *answer_name(const struct writer *writer, int question, int answer)
{
    const bool yes_no = writer->model->questions[question].kind.number == QUESTION_YES_NO;
    json_t *object = json_object();
    for (int i = 0; i < writer->model->language_count; i++) {
        const struct text_model *text = writer->texts[i];
        const struct value *value = &text->questions[question].answers[answer];
        if (value->at.line <= 0 && yes_no) {
            value = &text->yes_no.answers[answer];
        }
        if (value->at.line > 0) {
            put(object, writer->model->languages[i].text, json_string(value->text));
        }
    }
    return object;
}

static json_t *answers(const struct writer *writer, int question)
{
    const struct model_question *from = &writer->model->questions[question];
    json_t *array = json_array();
    for (int i = 0; i < from->answer_count; i++) {
        const struct model_answer *answer = &from->answers[i];
        json_t *object = json_object();
        put(object, "code", json_string(answer->code.text));
        put(object, "name", answer_name(writer, question, i));
        put(object, "service", text_or_null(&answer->service));
        put(object, "signpost", text_or_null(&answer->signpost));
        put(object, "class", text_or_null(&answer->ticket_class));
        put(object, "needs", codes(&answer->needs, &writer->sets[SET_NEEDS]));
        put(object, "avoidable", text_or_null(&answer->avoidable));
        append(array, object);
    }
    return array;
}

static json_t *questions(const struct writer *writer)
{
    json_t *array = json_array();
    for (int i = 0; i < writer->model->question_count; i++) {
        const struct model_question *from = &writer->model->questions[i];
        json_t *question = json_object();
        put(question, "code", json_string(from->code.text));
        put(question, "kind", json_string(from->kind.text));
        put(question, "title", WORDS(writer, questions, i, model_question_words, title));
        put(question, "hint", WORDS(writer, questions, i, model_question_words, hint));
        put(question, "digits", number_or_null(&from->digits));
        put(question, "letters", number_or_null(&from->letters));
        put(question, "answers", answers(writer, i));
        append(array, question);
    }
    return array;
}

static json_t *signposts(const struct writer *writer)
{
    json_t *array = json_array();
    for (int i = 0; i < writer->model->signpost_count; i++) {
        const struct model_signpost *from = &writer->model->signposts[i];
        json_t *signpost = json_object();
        put(signpost, "code", json_string(from->code.text));
        put(signpost, "title", WORDS(writer, signposts, i, model_signpost_words, title));
        put(signpost, "text", WORDS(writer, signposts, i, model_signpost_words, text));
        put(signpost, "url", text_or_null(&from->url));
        put(signpost, "print", json_boolean(from->print.number == 1));
        append(array, signpost);
    }
    return array;
}

static json_t *avoidable_reasons(const struct site_model *model)
{
    const struct value *reasons[QUARTER_AVOIDABLE_MAX];
    int count = site_avoidable_reasons(model, reasons, QUARTER_AVOIDABLE_MAX);
    json_t *array = json_array();
    CHECK(count <= QUARTER_AVOIDABLE_MAX);
    for (int i = 0; i < count; i++) {
        append(array, json_string(reasons[i]->text));
    }
    return array;
}

/* {code: {language: words}}, of those that have any. */
static json_t *avoidable_names(const struct writer *writer)
{
    const struct set *reasons = &writer->sets[SET_AVOIDABLE];
    json_t *object = json_object();
    for (int i = 0; i < reasons->count; i++) {
        json_t *name = json_object();
        for (int j = 0; j < writer->model->language_count; j++) {
            const struct value *value = &writer->texts[j]->avoidable[i];
            if (value->at.line > 0) {
                put(name, writer->model->languages[j].text, json_string(value->text));
            }
        }
        if (json_object_size(name) > 0) {
            put(object, reasons->codes[i], name);
        } else {
            json_decref(name);
        }
    }
    return object;
}

static json_t *areas(const struct writer *writer)
{
    json_t *array = json_array();
    for (int i = 0; i < writer->model->area_count; i++) {
        json_t *area = json_object();
        put(area, "code", json_string(writer->model->areas[i].text));
        put(area, "name", PLACE_NAME(writer, areas, i));
        append(array, area);
    }
    return array;
}

static json_t *needs(const struct writer *writer)
{
    json_t *array = json_array();
    for (int i = 0; i < writer->model->need_count; i++) {
        const struct model_need *from = &writer->model->needs[i];
        json_t *need = json_object();
        put(need, "code", json_string(from->code.text));
        put(need, "hard", json_boolean(from->hard.number == 1));
        put(need, "relax_after_min", number_or_null(&from->relax_after_min));
        put(need, "name", PLACE_NAME(writer, needs, i));
        append(array, need);
    }
    return array;
}

static json_t *clock_or_null(const struct value *value)
{
    return value->at.line > 0 ? clock_text(value->number) : json_null();
}

/* null: as the centre's own. */
static void put_rota(json_t *counter, const struct model_counter *from, const struct set *weekdays)
{
    json_t *breaks = json_array();
    for (int i = 0; i < from->break_count; i++) {
        json_t *item = json_object();
        put(item, "at", clock_text(from->breaks[i].start.number));
        put(item, "min", json_integer(from->breaks[i].minutes.number));
        append(breaks, item);
    }
    put(counter, "days", from->days.count > 0 ? codes(&from->days, weekdays) : json_null());
    put(counter, "from", clock_or_null(&from->from));
    put(counter, "to", clock_or_null(&from->to));
    put(counter, "breaks", breaks);
}

static json_t *counters(const struct writer *writer)
{
    json_t *array = json_array();
    for (int i = 0; i < writer->model->counter_count; i++) {
        const struct model_counter *from = &writer->model->counters[i];
        json_t *counter = json_object();
        put(counter, "code", json_string(from->code.text));
        put(counter, "kind", json_string(from->kind.at.line > 0 ? from->kind.text : "counter"));
        put(counter, "name", PLACE_NAME(writer, counters, i));
        put(counter, "services", codes(&from->services, &writer->sets[SET_SERVICES]));
        put(counter, "languages", codes(&from->languages, &writer->sets[SET_LANGUAGES]));
        put(counter, "needs", codes(&from->needs, &writer->sets[SET_NEEDS]));
        put_rota(counter, from, &writer->sets[SET_WEEKDAYS]);
        append(array, counter);
    }
    return array;
}

static json_t *hours(const struct site_model *model)
{
    json_t *week = json_object();
    for (int i = 0; i < 7; i++) {
        const struct model_day *from = &model->hours.days[i];
        json_t *day = json_null();
        if (from->open.at.line > 0) {
            const struct value *doors = from->doors.at.line > 0 ? &from->doors : &from->close;
            day = json_object();
            put(day, "open", clock_text(from->open.number));
            put(day, "doors", clock_text(doors->number));
            put(day, "close", clock_text(from->close.number));
        }
        put(week, model_weekdays[i], day);
    }
    return week;
}

static json_t *closures(const struct site_model *model)
{
    json_t *array = json_array();
    for (int i = 0; i < model->closure_count; i++) {
        append(array, json_string(model->closures[i].text));
    }
    return array;
}

static json_t *kiosks(const struct writer *writer)
{
    json_t *array = json_array();
    for (int i = 0; i < writer->model->kiosk_count; i++) {
        const struct model_screen *from = &writer->model->kiosks[i];
        json_t *kiosk = json_object();
        put(kiosk, "code", json_string(from->code.text));
        put(kiosk, "orientation", json_string(from->orientation.text));
        put(kiosk, "theme", json_string(from->theme.at.line > 0 ? from->theme.text : "light"));
        put(kiosk, "width_mm", number_or_null(&from->width_mm));
        put(kiosk, "bottom_mm", number_or_null(&from->bottom_mm));
        json_t *shown =
            from->groups.count > 0 ? codes(&from->groups, &writer->sets[SET_GROUPS]) : json_null();
        put(kiosk, "groups", shown); /* null: all, in the site's order */
        append(array, kiosk);
    }
    return array;
}

static json_t *displays(const struct site_model *model)
{
    json_t *array = json_array();
    for (int i = 0; i < model->display_count; i++) {
        const struct model_screen *from = &model->displays[i];
        json_t *display = json_object();
        put(display, "code", json_string(from->code.text));
        put(display, "theme", json_string(from->theme.at.line > 0 ? from->theme.text : "dark"));
        put(display, "width_mm", number_or_null(&from->width_mm));
        put(display, "viewing_mm", number_or_null(&from->viewing_mm));
        append(array, display);
    }
    return array;
}

/* The terms in force, whether written or by default. overtaking_s: how much later somebody may have come who is called
 * first, at most; null: no bound. */
static json_t *policy(const struct policy_terms *terms)
{
    const int64_t bound_ms = policy_overtaking_bound_ms(terms);
    json_t *object = json_object();
    json_t *promises = json_object();
    for (int i = 0; i < TICKET_CLASSES; i++) {
        put(promises, ticket_class_code((enum ticket_class)i),
            json_integer(terms->promise_ms[i] / 1000));
    }
    put(object, "name", json_string(policy_code(terms->rule)));
    put(object, "rescue_s",
        policy_rescues(terms) ? json_integer(terms->rescue_ms / 1000) : json_null());
    put(object, "limit_s",
        policy_rescues(terms) ? json_integer(terms->limit_ms / 1000) : json_null());
    put(object, "promises_s", promises);
    put(object, "overtaking_s", bound_ms < 0 ? json_null() : json_integer(bound_ms / 1000));
    return object;
}

char *site_json_write(const struct site_model *model, const struct set *sets,
                      const struct text_model *const *texts, const struct rules *rules)
{
    struct writer writer = {model, sets, texts};
    json_t *standard = json_object();
    json_t *contact = json_object();
    json_t *theme = json_object();
    json_t *site = json_object();
    put(standard, "wait_min", json_integer(model->standard.wait_min.number));
    put(standard, "share", json_real(model->standard.share.real));
    put(contact, "phone", text_or_null(&model->contact.phone));
    put(contact, "web", text_or_null(&model->contact.web));
    put(theme, "brand", text_or_null(&model->theme.brand));

    put(site, "hash", json_string(rules->hash));
    put(site, "site", json_string(model->site.text));
    put(site, "name", text_object(&writer, offsetof(struct text_model, name)));
    put(site, "zone", json_string(model->zone.text));
    put(site, "languages", languages(&writer));
    put(site, "groups", groups(&writer));
    put(site, "services", services(&writer));
    put(site, "questions", questions(&writer));
    put(site, "signposts", signposts(&writer));
    put(site, "avoidable_reasons", avoidable_reasons(model));
    put(site, "avoidable_names", avoidable_names(&writer));
    put(site, "unsure", text_or_null(&model->unsure)); /* the service for "I'm not sure" */
    put(site, "areas", areas(&writer));
    put(site, "needs", needs(&writer));
    put(site, "counters", counters(&writer));
    put(site, "hours", hours(model));
    put(site, "closures", closures(model));
    put(site, "standard", standard);
    put(site, "policy", policy(&rules->policy));
    put(site, "contact", contact);
    put(site, "theme", theme);
    put(site, "kiosks", kiosks(&writer));
    put(site, "displays", displays(model));
    put(site, "public_url", text_or_null(&model->public_url));
    /* 12 digits write 0.9 as 0.9, not as what a double really holds. */
    char *text = json_dumps(site, JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(12));
    CHECK(text != NULL);
    json_decref(site);
    return text;
}
