/* Codes to indices; see site_map.h. */
#include "view/site_map.h"

#include <stdlib.h>
#include <string.h>

static int least(int a, int b)
{
    return a < b ? a : b;
}

static void map_services(const struct site_info *site, struct journey_site *map)
{
    for (int i = 0; i < site->service_count; i++) {
        const struct site_service *service = &site->services[i];
        map->service[i].ask_first = service->ask_first;
        map->service[i].questions = service->question_count;
        memcpy(map->service[i].question, service->questions,
               (size_t)service->question_count * sizeof(int));
    }
}

static enum journey_question_kind kind_of(enum site_question_kind kind)
{
    switch (kind) {
    case SITE_QUESTION_ONE: return QUESTION_ONE;
    case SITE_QUESTION_SEVERAL: return QUESTION_SEVERAL;
    case SITE_QUESTION_YES_NO: return QUESTION_YES_NO;
    case SITE_QUESTION_NUMBER: return QUESTION_NUMBER;
    case SITE_QUESTION_TEXT: return QUESTION_TEXT;
    }
    return QUESTION_TEXT;
}

static void map_questions(const struct site_info *site, struct journey_site *map)
{
    map->questions = site->question_count;
    for (int i = 0; i < site->question_count; i++) {
        const struct site_question *from = &site->questions[i];
        struct journey_question *to = &map->question[i];
        to->kind = kind_of(from->kind);
        to->most = from->kind == SITE_QUESTION_NUMBER ? from->digits : from->letters;
        to->answers = from->answer_count;
        for (int k = 0; k < from->answer_count; k++) {
            to->answer[k].service = from->answers[k].service;
            to->answer[k].signpost = from->answers[k].signpost;
            to->answer[k].ticket_class = from->answers[k].ticket_class;
            to->answer[k].needs = from->answers[k].needs;
            to->answer[k].avoidable = from->answers[k].avoidable[0] != '\0';
        }
    }
}

struct journey_site site_map(const struct site_info *site)
{
    const struct site_service *unsure = site_info_find_service(site, site->unsure);
    struct journey_site map = {
        .languages = site->language_count,
        .groups = least(site->group_count, JOURNEY_GROUPS_MAX),
        .services = site->service_count,
        .needs = site->need_count,
        .not_sure = unsure != NULL ? (int)(unsure - site->services) : -1,
        .signposts = site->signpost_count,
    };
    for (int i = 0; i < map.groups; i++) {
        map.group[i].services = least(site->groups[i].service_count, JOURNEY_GROUP_SERVICES_MAX);
        memcpy(map.group[i].service, site->groups[i].services,
               (size_t)map.group[i].services * sizeof(int));
    }
    map_services(site, &map);
    map_questions(site, &map);
    for (int i = 0; i < site->signpost_count; i++)
        map.signpost_prints[i] = site->signposts[i].print;
    return map;
}

static const struct {
    const char *id;
    enum journey_action action;
    int item;
} buttons[] = {
    {"not-sure", ACTION_NOT_SURE, 0},
    {"more", ACTION_MORE, 0},
    {"search", ACTION_SEARCH, 0},
    {"key-back", ACTION_TYPE, JOURNEY_BACKSPACE},
    {"key-space", ACTION_TYPE, JOURNEY_SPACE},
    {"clear", ACTION_CLEAR, 0},
    {"keyboard", ACTION_KEYBOARD, 0},
    {"continue", ACTION_CONTINUE, 0},
    {"skip", ACTION_SKIP, 0},
    {"see-somebody", ACTION_SEE_SOMEBODY, 0},
    {"print-signpost", ACTION_PRINT_SIGNPOST, 0},
    {"needs", ACTION_NEEDS, 0},
    {"questions", ACTION_QUESTIONS, 0},
    {"get-ticket", ACTION_GET_TICKET, 0},
    {"print-again", ACTION_PRINT_AGAIN, 0},
    {"back", ACTION_BACK, 0},
    {"language", ACTION_LANGUAGE, 0},
    {"ease", ACTION_EASE, 0},
    {"text-size", ACTION_TEXT_SIZE, -1},
    {"ease-size", ACTION_TEXT_SIZE, -1},
    {"ease-size-0", ACTION_TEXT_SIZE, 0},
    {"ease-size-1", ACTION_TEXT_SIZE, 1},
    {"ease-size-2", ACTION_TEXT_SIZE, 2},
    {"ease-contrast", ACTION_CONTRAST, 0},
    {"ease-reach", ACTION_LOW_REACH, 0},
    {"listen", ACTION_LISTEN, 0},
    {"help", ACTION_HELP, 0},
    {"help-cancel", ACTION_HELP_CANCEL, 0},
    {"keep-trying", ACTION_KEEP_TRYING, 0},
    {"start-again", ACTION_START_AGAIN, 0},
    {"choose-again", ACTION_BACK, 0},
    {"still-here", ACTION_STILL_HERE, 0},
    {"finished", ACTION_FINISHED, 0},
};

static int find_group(const struct site_info *site, const char *code)
{
    const struct site_group *group = site_info_find_group(site, code);
    return group == NULL ? -1 : (int)(group - site->groups);
}

static int find_service(const struct site_info *site, const char *code)
{
    const struct site_service *service = site_info_find_service(site, code);
    return service == NULL ? -1 : (int)(service - site->services);
}

static int find_need(const struct site_info *site, const char *code)
{
    for (int i = 0; i < site->need_count; i++)
        if (strcmp(site->needs[i].code, code) == 0)
            return i;
    return -1;
}

static const struct {
    const char *prefix;
    enum journey_action action;
    int (*find)(const struct site_info *site, const char *code);
} choices[] = {
    {"language-", ACTION_CHOOSE_LANGUAGE, site_info_find_language},
    {"group-", ACTION_CHOOSE_GROUP, find_group},
    {"service-", ACTION_CHOOSE_SERVICE, find_service},
    {"found-", ACTION_CHOOSE_SERVICE, find_service},
    {"need-", ACTION_TOGGLE_NEED, find_need},
};

/* What follows the prefix, or NULL. */
static const char *after(const char *id, const char *prefix)
{
    size_t length = strlen(prefix);
    return strncmp(id, prefix, length) == 0 ? id + length : NULL;
}

/* "0A95" -> U+0A95; -1: no code point. */
static int read_code_point(const char *hex)
{
    char *end = NULL;
    unsigned long value = strlen(hex) <= 6 ? strtoul(hex, &end, 16) : 0;
    return end != NULL && *end == '\0' && end != hex && value <= 0x10ffff ? (int)value : -1;
}

static enum journey_action found(enum journey_action action, int index, int *item)
{
    *item = index;
    return index >= 0 ? action : ACTION_NONE;
}

enum journey_action site_map_action(const struct site_info *site, int question,
                                    const char *element_id, int *item)
{
    *item = 0;
    for (size_t i = 0; i < sizeof buttons / sizeof buttons[0]; i++) {
        if (strcmp(element_id, buttons[i].id) != 0)
            continue;
        *item = buttons[i].item;
        return buttons[i].action;
    }
    const char *rest = after(element_id, "key-");
    if (rest != NULL)
        return found(ACTION_TYPE, read_code_point(rest), item);
    rest = after(element_id, "answer-");
    if (rest != NULL && site != NULL && question >= 0 && question < site->question_count)
        return found(ACTION_CHOOSE_ANSWER, site_info_find_answer(&site->questions[question], rest),
                     item);
    for (size_t i = 0; site != NULL && i < sizeof choices / sizeof choices[0]; i++) {
        rest = after(element_id, choices[i].prefix);
        if (rest != NULL)
            return found(choices[i].action, choices[i].find(site, rest), item);
    }
    return ACTION_NONE;
}
