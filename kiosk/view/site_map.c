/* Codes to indices; see site_map.h. */
#include "view/site_map.h"

#include <string.h>

static int least(int a, int b)
{
    return a < b ? a : b;
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
    };
    for (int i = 0; i < map.groups; i++) {
        map.group[i].services = least(site->groups[i].service_count, JOURNEY_GROUP_SERVICES_MAX);
        memcpy(map.group[i].service, site->groups[i].services,
               (size_t)map.group[i].services * sizeof(int));
    }
    return map;
}

static const struct {
    const char *id;
    enum journey_action action;
} buttons[] = {
    {"not-sure", ACTION_NOT_SURE},
    {"get-ticket", ACTION_GET_TICKET},
    {"back", ACTION_BACK},
    {"language", ACTION_LANGUAGE},
    {"text-size", ACTION_TEXT_SIZE},
    {"keep-trying", ACTION_KEEP_TRYING},
    {"start-again", ACTION_START_AGAIN},
    {"choose-again", ACTION_BACK},
    {"still-here", ACTION_STILL_HERE},
    {"finished", ACTION_FINISHED},
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
    {"need-", ACTION_TOGGLE_NEED, find_need},
};

enum journey_action site_map_action(const struct site_info *site, const char *element_id, int *item)
{
    *item = 0;
    for (size_t i = 0; i < sizeof buttons / sizeof buttons[0]; i++)
        if (strcmp(element_id, buttons[i].id) == 0)
            return buttons[i].action;
    for (size_t i = 0; site != NULL && i < sizeof choices / sizeof choices[0]; i++) {
        size_t length = strlen(choices[i].prefix);
        if (strncmp(element_id, choices[i].prefix, length) != 0)
            continue;
        *item = choices[i].find(site, element_id + length);
        return *item >= 0 ? choices[i].action : ACTION_NONE;
    }
    return ACTION_NONE;
}
