/* From a checked model to what lasts of it: the rules of the engine, the hours of the centre and of its counters. */
#include <stdio.h>

#include "quarter/check.h"
#include "site/model.h"

enum { MINUTE_MS = 60000 };

#define COPY_CODE(target, code) snprintf(target, sizeof(target), "%s", code)

/* What is written, or the default stretched to the site's standard. */
static int64_t minutes_or(const struct value *value, int64_t default_ms, int64_t standard_ms)
{
    return value->at.line > 0 ? (int64_t)value->number * MINUTE_MS
                              : default_ms * standard_ms / policy_default_terms.standard_ms;
}

static void build_policy(const struct site_model *model, struct policy_terms *terms)
{
    const struct policy_terms *otherwise = &policy_default_terms;
    const int64_t standard_ms = (int64_t)model->standard.wait_min.number * MINUTE_MS;
    const struct model_promises *promises = &model->promises;
    const struct value *const promised[TICKET_CLASSES] = {
        [CLASS_NORMAL] = &model->standard.wait_min,   [CLASS_ASSISTED] = &promises->assisted,
        [CLASS_APPOINTMENT] = &promises->appointment, [CLASS_URGENT] = &promises->urgent,
        [CLASS_TRANSFER] = &promises->transfer,
    };
    terms->rule = otherwise->rule;
    if (model->policy.name.at.line > 0) {
        CHECK(policy_from_code(model->policy.name.text, &terms->rule)); /* the schema's choices */
    }
    terms->standard_ms = standard_ms;
    terms->rescue_ms = minutes_or(&model->policy.rescue_min, otherwise->rescue_ms, standard_ms);
    terms->limit_ms = minutes_or(&model->policy.limit_min, otherwise->limit_ms, standard_ms);
    for (int i = 0; i < TICKET_CLASSES; i++) {
        terms->promise_ms[i] = minutes_or(promised[i], otherwise->promise_ms[i], standard_ms);
    }
    CHECK(policy_terms_fault(terms) == NULL); /* the checks and the defaults see to it */
}

void site_build_rules(const struct site_model *model, struct rules *rules)
{
    build_policy(model, &rules->policy);
    rules->service_count = model->service_count;
    rules->counter_count = model->counter_count;
    rules->language_count = model->language_count;
    rules->need_count = model->need_count;
    for (int i = 0; i < model->service_count; i++) {
        COPY_CODE(rules->services[i].code, model->services[i].code.text);
        COPY_CODE(rules->services[i].prefix, model->services[i].prefix.text);
        rules->services[i].typical_ms = (int64_t)model->services[i].typical_min.number * MINUTE_MS;
    }
    for (int i = 0; i < model->counter_count; i++) {
        COPY_CODE(rules->counters[i].code, model->counters[i].code.text);
        rules->counters[i].services = model->counters[i].services.bits;
        rules->counters[i].languages = (uint32_t)model->counters[i].languages.bits;
        rules->counters[i].needs = (uint32_t)model->counters[i].needs.bits;
    }
    for (int i = 0; i < model->language_count; i++) {
        COPY_CODE(rules->languages[i], model->languages[i].text);
    }
    for (int i = 0; i < model->need_count; i++) {
        COPY_CODE(rules->needs[i].code, model->needs[i].code.text);
        rules->needs[i].hard = model->needs[i].hard.number != 0;
        rules->needs[i].relax_after_ms =
            (int64_t)model->needs[i].relax_after_min.number * MINUTE_MS;
    }
    rules->last_number = model->numbers.last.number;
    rules->reserved_from = model->numbers.reserved_from.number;
    rules->reserved_block = model->numbers.block.number;
}

void site_build_hours(const struct site_model *model, struct hours *hours)
{
    for (int i = 0; i < 7; i++) {
        const struct model_day *day = &model->hours.days[i];
        hours->week[i] = (struct hours_of_day){
            .open = day->open.at.line > 0,
            .opens = day->open.number,
            .doors = day->doors.at.line > 0 ? day->doors.number : day->close.number,
            .closes = day->close.number,
        };
    }
    hours->day_end = model->day_end.number;
    hours->closure_count = model->closure_count;
    for (int i = 0; i < model->closure_count; i++) {
        hours->closures[i] = model->closures[i].number;
    }
}

void site_build_rota(const struct site_model *model, struct hours_of_counter *counters)
{
    for (int i = 0; i < model->counter_count; i++) {
        const struct model_counter *from = &model->counters[i];
        struct hours_of_counter *counter = &counters[i];
        counter->days = from->days.count > 0 ? (uint8_t)from->days.bits : HOURS_EVERY_DAY;
        counter->from = from->from.at.line > 0 ? from->from.number : HOURS_FIRST_MINUTE;
        counter->to = from->to.at.line > 0 ? from->to.number : HOURS_LAST_MINUTE;
        for (int j = 0; j < from->break_count; j++) {
            /* In order of time, whatever order the file has; there are few. */
            int place = counter->break_count++;
            for (; place > 0 && counter->breaks[place - 1].at > from->breaks[j].start.number;
                 place--) {
                counter->breaks[place] = counter->breaks[place - 1];
            }
            counter->breaks[place].at = from->breaks[j].start.number;
            counter->breaks[place].minutes = from->breaks[j].minutes.number;
        }
    }
}
