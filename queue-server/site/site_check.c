/* The rules of a site that no single value shows. Each check is quiet about what another has
 * reported already: a value whose mark has no line was missing or wrong. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "site/model.h"

#define ERROR(where, at, ...)   report_error((where)->report, (where)->file, at, __VA_ARGS__)
#define WARNING(where, at, ...) report_warning((where)->report, (where)->file, at, __VA_ARGS__)

static bool given(const struct value *value)
{
    return value->at.line > 0;
}

static void check_languages(const struct checked_file *where, const struct site_model *model,
                            const struct set *sets)
{
    const struct set *languages = &sets[SET_LANGUAGES];
    bool english = false;
    for (int i = 0; i < languages->count; i++) {
        english = english || strcmp(languages->codes[i], "en") == 0;
    }
    if (languages->known && !english) {
        ERROR(where, model->languages_at,
              "'languages' lacks en; English is what is shown where a language has no words");
    }
}

static void check_day(const struct checked_file *where, const struct site_model *model, int weekday)
{
    const struct model_day *day = &model->hours.days[weekday];
    if (!given(&day->open) || !given(&day->close)) {
        return;
    }
    if (day->close.number <= day->open.number) {
        ERROR(where, day->close.at, "%s closes at %s, before it opens at %s",
              model_weekdays[weekday], day->close.text, day->open.text);
        return;
    }
    if (given(&day->doors) && day->doors.number > day->close.number) {
        ERROR(where, day->doors.at,
              "on %s the last tickets are given out at %s, after closing at %s",
              model_weekdays[weekday], day->doors.text, day->close.text);
    } else if (given(&day->doors) && day->doors.number <= day->open.number) {
        ERROR(where, day->doors.at,
              "on %s the last tickets are given out at %s, before opening at %s",
              model_weekdays[weekday], day->doors.text, day->open.text);
    }
    if (given(&model->day_end) && model->day_end.number < day->close.number) {
        ERROR(where, model->day_end.at,
              "'day_end' is %s, but on %s the site closes at %s; who waits then would be sent "
              "away",
              model->day_end.text, model_weekdays[weekday], day->close.text);
    }
}

static void check_hours(const struct checked_file *where, const struct site_model *model)
{
    bool opens = false;
    bool all_read = model->hours.at.line > 0;
    for (int i = 0; i < 7; i++) {
        check_day(where, model, i);
        opens = opens || given(&model->hours.days[i].open);
        all_read = all_read && model->hours.days[i].at.line > 0;
    }
    if (all_read && !opens) {
        ERROR(where, model->hours.at, "the site is closed on all days of the week");
    }
    for (int i = 0; i < model->closure_count; i++) {
        for (int j = 0; j < i; j++) {
            const struct value *date = &model->closures[i];
            if (given(date) && given(&model->closures[j]) &&
                date->number == model->closures[j].number) {
                WARNING(where, date->at, "the date %s stands here twice; the first is in line %d",
                        date->text, model->closures[j].at.line);
                break;
            }
        }
    }
}

static void check_numbers(const struct checked_file *where, const struct site_model *model)
{
    const struct value *last = &model->numbers.last;
    const struct value *from = &model->numbers.reserved_from;
    const struct value *block = &model->numbers.block;
    if (!given(last) || !given(from) || !given(block)) {
        return;
    }
    if (from->number > last->number) {
        ERROR(where, from->at,
              "'reserved_from' (%d) is above 'last' (%d); the highest numbers are kept for kiosks "
              "that "
              "lose the server",
              from->number, last->number);
        return;
    }
    int reserved = last->number - from->number + 1;
    if (block->number > reserved) {
        ERROR(where, block->at, "a block of %d numbers does not fit into %d to %d", block->number,
              from->number, last->number);
    } else if (model->kiosk_count * block->number > reserved) {
        WARNING(
            where, block->at,
            "%d kiosks cannot each hold %d of the %d reserved numbers of a prefix; make 'block' "
            "smaller or 'reserved_from' lower",
            model->kiosk_count, block->number, reserved);
    }
}

static void check_prefix(const struct checked_file *where, const struct value *prefix)
{
    if (strpbrk(prefix->text, "IO") != NULL) {
        ERROR(where, prefix->at,
              "the prefix '%s' has a letter that looks like a digit (I like 1, O like 0); take "
              "another",
              prefix->text);
    }
}

/* Said at the service, whether visitors choose it themselves or are led there. */
static void report_unserved(const struct checked_file *where, const struct site_model *model,
                            int service)
{
    const struct value *code = &model->services[service].code;
    for (int i = 0; i < model->question_count; i++) {
        const struct model_question *question = &model->questions[i];
        for (int j = 0; j < question->answer_count; j++) {
            const struct model_answer *answer = &question->answers[j];
            if (given(&answer->service) && answer->service.number == service &&
                given(&answer->code) && given(&question->code)) {
                ERROR(where, code->at,
                      "no counter serves '%s', where the answer '%s' of '%s' leads visitors (line "
                      "%d); add it to the services of one",
                      code->text, answer->code.text, question->code.text, answer->service.at.line);
                return;
            }
        }
    }
    ERROR(where, code->at, "no counter serves '%s'; add it to the services of one", code->text);
}

/* Each service stands in exactly one group, so that a visitor finds it in one place, and some
 * counter serves it. */
static void check_services(const struct checked_file *where, const struct site_model *model,
                           const struct set *sets)
{
    int group_of[QUARTER_SERVICES_MAX];
    uint64_t served = 0;
    for (int i = 0; i < QUARTER_SERVICES_MAX; i++) {
        group_of[i] = -1;
    }
    for (int i = 0; i < model->group_count; i++) {
        const struct references *services = &model->groups[i].services;
        for (int j = 0; j < services->count; j++) {
            int service = services->members[j];
            if (group_of[service] >= 0) {
                ERROR(where, services->marks[j],
                      "the service '%s' is in the group '%s' already; a service stands in "
                      "one group",
                      sets[SET_SERVICES].codes[service], sets[SET_GROUPS].codes[group_of[service]]);
            } else {
                group_of[service] = i;
            }
        }
    }
    for (int i = 0; i < model->counter_count; i++) {
        served |= model->counters[i].services.bits;
    }
    for (int i = 0; i < model->service_count; i++) {
        const struct model_service *service = &model->services[i];
        bool judged = sets[SET_SERVICES].known && given(&service->code);
        if (judged && sets[SET_GROUPS].known && group_of[i] < 0) {
            ERROR(where, service->code.at,
                  "the service '%s' is in no group, so no visitor can choose it; add it to one "
                  "under 'groups'",
                  service->code.text);
        }
        if (judged && sets[SET_COUNTERS].known && (served >> i & 1) == 0) {
            report_unserved(where, model, i);
        }
        if (given(&service->prefix)) {
            check_prefix(where, &service->prefix);
        }
    }
}

/* The minutes that a policy and its promises count in: each beside the standard. */
static void check_policy(const struct checked_file *where, const struct site_model *model)
{
    const struct value *standard = &model->standard.wait_min;
    const struct value *rescue = &model->policy.rescue_min;
    const struct value *limit = &model->policy.limit_min;
    const struct value *name = &model->policy.name;
    const bool other = given(name) && strcmp(name->text, policy_code(POLICY_RESCUE)) != 0;
    if (given(standard) && given(rescue) && rescue->number > standard->number) {
        ERROR(where, rescue->at,
              "'rescue_min' is %d, but the standard is %d min; it is how long before the standard "
              "a visitor is put first, so 0 to %d",
              rescue->number, standard->number, standard->number);
    }
    if (given(standard) && given(limit) && limit->number < standard->number) {
        ERROR(where, limit->at,
              "'limit_min' is %d, but the standard is %d min; it is when a visitor who is late is "
              "not passed over any more, so %d or more",
              limit->number, standard->number, standard->number);
    }
    if (other && (given(rescue) || given(limit))) {
        WARNING(where, given(rescue) ? rescue->at : limit->at,
                "the policy %s takes no notice of 'rescue_min' and 'limit_min'; they are for "
                "rescue",
                name->text);
    }
}

static void check_promise(const struct checked_file *where, const struct value *promise,
                          const struct value *standard, const char *ticket_class)
{
    if (given(promise) && given(standard) && promise->number > standard->number) {
        ERROR(where, promise->at,
              "'%s' is promised %d min, longer than the standard of %d min; a promise is for those "
              "who are to be called earlier",
              ticket_class, promise->number, standard->number);
    }
}

static void check_promises(const struct checked_file *where, const struct site_model *model)
{
    const struct model_promises *promises = &model->promises;
    const struct value *standard = &model->standard.wait_min;
    check_promise(where, &promises->assisted, standard, ticket_class_code(CLASS_ASSISTED));
    check_promise(where, &promises->appointment, standard, ticket_class_code(CLASS_APPOINTMENT));
    check_promise(where, &promises->urgent, standard, ticket_class_code(CLASS_URGENT));
    check_promise(where, &promises->transfer, standard, ticket_class_code(CLASS_TRANSFER));
}

/* A hard need that is met nowhere; what is met, but not for some service, the floor is told with the ticket. */
static void check_needs_are_met(const struct checked_file *where, const struct site_model *model,
                                const struct set *sets)
{
    uint64_t met = 0;
    bool judged = sets[SET_COUNTERS].known && sets[SET_NEEDS].known;
    for (int i = 0; i < model->counter_count; i++) {
        met |= model->counters[i].needs.bits;
        judged = judged && !model->counters[i].needs.faulty;
    }
    for (int i = 0; i < model->need_count && judged; i++) {
        const struct model_need *need = &model->needs[i];
        if (given(&need->code) && given(&need->hard) && need->hard.number == 1 &&
            (met >> i & 1) == 0) {
            WARNING(where, need->code.at,
                    "no counter meets the hard need '%s', so nobody who asks for it is called; add "
                    "it to the 'needs' of one, or write 'hard: false'",
                    need->code.text);
        }
    }
}

static void check_needs(const struct checked_file *where, const struct site_model *model)
{
    for (int i = 0; i < model->need_count; i++) {
        const struct model_need *need = &model->needs[i];
        if (given(&need->hard) && need->hard.number == 1 && given(&need->relax_after_min)) {
            ERROR(where, need->relax_after_min.at,
                  "a hard need is never relaxed; leave 'relax_after_min' out or write "
                  "'hard: false'");
        }
    }
}

/* Relative luminance, WCAG 2.2. */
static double luminance(const char *colour)
{
    static const double weights[3] = {0.2126, 0.7152, 0.0722};
    double sum = 0.0;
    unsigned long rgb = strtoul(colour + 1, NULL, 16);
    for (int i = 0; i < 3; i++) {
        double channel = (double)(rgb >> (16 - 8 * i) & 0xff) / 255.0;
        sum += weights[i] *
               (channel <= 0.04045 ? channel / 12.92 : pow((channel + 0.055) / 1.055, 2.4));
    }
    return sum;
}

/* White words stand on the brand colour, and brand-coloured words on the light paper: WCAG 1.4.3
 * asks for 4.5:1. */
static void check_brand(const struct checked_file *where, const struct site_model *model)
{
    const struct value *brand = &model->theme.brand;
    if (!given(brand)) {
        return;
    }
    double contrast = 1.05 / (luminance(brand->text) + 0.05);
    if (contrast < 4.5) {
        ERROR(where, brand->at,
              "the brand colour %s is too pale for white words (contrast %.1f:1, at least 4.5:1); "
              "take a darker one",
              brand->text, contrast);
    }
}

void site_check(const struct checked_file *where, const struct site_model *model,
                const struct set *sets)
{
    check_languages(where, model, sets);
    check_hours(where, model);
    check_numbers(where, model);
    check_services(where, model, sets);
    check_needs(where, model);
    check_needs_are_met(where, model, sets);
    check_policy(where, model);
    check_promises(where, model);
    site_check_rota(where, model);
    site_check_triage(where, model, sets);
    check_brand(where, model);
}
