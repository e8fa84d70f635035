/* site.json of a trace folder: services with the shape of their times, counters with skills, languages, hours and breaks.
 *
 *   {"services": [{"name", "share", "mean_min", "cv"}], "counters": [{"id", "skills": [], "languages": [],
 *    "break_start_s", "break_len_s", "open_s", "close_s"}], "languages": [], "doors_close_s", "sl_target", "sl_seconds"}
 *
 * `languages` (optional) lists those that visitors may speak and no counter does. JSON gives no lines but for its own
 * grammar; other faults name the path, "counters[3].skills[0]". */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"
#include "simulate/trace_parts.h"
#include "site/report.h"

enum { PATH_BYTES = 96, DAY_S = 172800 };

struct reading {
    const char *file;
    struct trace_site *site;
    struct trace_faults *faults;
};

/* "path.key", "path.key[index]"; index -1: none; path "": only the key. Paths are short: codes are not in them. */
static const char *inside(char where[PATH_BYTES], const char *path, const char *key, int index)
{
    int length = snprintf(where, PATH_BYTES, "%s%s%s", path, path[0] == '\0' ? "" : ".", key);
    CHECK(length > 0 && length < PATH_BYTES);
    if (index >= 0) {
        const size_t room = PATH_BYTES - (size_t)length;
        length = snprintf(where + length, room, "[%d]", index);
        CHECK(length > 0 && (size_t)length < room);
    }
    return where;
}

static void fault(const struct reading *reading, const char *path, const char *reason)
{
    trace_fault(reading->faults, reading->file, 0, "%s: %s", path, reason);
}

bool trace_is_code(const char *text)
{
    const size_t length = strlen(text);
    return length > 0 && length <= QUARTER_CODE_MAX &&
           strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
               length;
}

int trace_find_service(const struct trace_site *site, const char *code)
{
    for (int i = 0; i < site->service_count; i++) {
        if (strcmp(site->services[i].code, code) == 0) {
            return i;
        }
    }
    return -1;
}

int trace_find_language(const struct trace_site *site, const char *code)
{
    for (int i = 0; i < site->language_count; i++) {
        if (strcmp(site->languages[i], code) == 0) {
            return i;
        }
    }
    return -1;
}

int trace_add_language(struct trace_site *site, const char *code)
{
    const int known = trace_find_language(site, code);
    if (known >= 0) {
        return known;
    }
    if (site->language_count == TRACE_LANGUAGES_MAX || !trace_is_code(code)) {
        return -1;
    }
    (void)snprintf(site->languages[site->language_count], sizeof(site->languages[0]), "%s", code);
    return site->language_count++;
}

/* A number from least to most; missing: `otherwise` where that is a number, or else a fault. */
static double read_number(const struct reading *reading, const json_t *object, const char *path,
                          const char *key, double least, double most, double otherwise)
{
    char where[PATH_BYTES];
    (void)inside(where, path, key, -1);
    const json_t *value = json_object_get(object, key);
    if (value == NULL) {
        if (isnan(otherwise)) {
            fault(reading, where, "is missing");
            return 0;
        }
        return otherwise;
    }
    if (!json_is_number(value)) {
        fault(reading, where, "is not a number");
        return 0;
    }
    const double number = json_number_value(value);
    if (!(number >= least && number <= most)) {
        char reason[PATH_BYTES];
        (void)snprintf(reason, sizeof(reason), "is %g, and has to lie between %g and %g", number,
                       least, most);
        fault(reading, where, reason);
        return 0;
    }
    return number;
}

static int64_t read_ms(const struct reading *reading, const json_t *object, const char *path,
                       const char *key, double otherwise)
{
    return llround(1000 * read_number(reading, object, path, key, 0, DAY_S, otherwise));
}

/* "" after a fault. */
static const char *read_code(const struct reading *reading, const json_t *value, const char *path)
{
    if (!json_is_string(value) || json_string_length(value) != strlen(json_string_value(value)) ||
        !trace_is_code(json_string_value(value))) {
        fault(reading, path,
              value == NULL ? "is missing"
                            : "is not a code of at most 32 letters, digits, '_' and '-'");
        return "";
    }
    return json_string_value(value);
}

/* NULL after a fault. */
static const json_t *read_list(const struct reading *reading, const json_t *object,
                               const char *path, size_t most)
{
    const char *key = strrchr(path, '.') == NULL ? path : strrchr(path, '.') + 1;
    const json_t *list = json_object_get(object, key);
    if (!json_is_array(list)) {
        fault(reading, path, list == NULL ? "is missing" : "is not a list");
        return NULL;
    }
    if (json_array_size(list) > most) {
        char reason[PATH_BYTES];
        (void)snprintf(reason, sizeof(reason), "has %zu entries; at most %zu are possible",
                       json_array_size(list), most);
        fault(reading, path, reason);
        return NULL;
    }
    return list;
}

static void read_services(const struct reading *reading, const json_t *root)
{
    const json_t *list = read_list(reading, root, "services", QUARTER_SERVICES_MAX);
    if (list == NULL) {
        return;
    }
    if (json_array_size(list) == 0) {
        fault(reading, "services", "is empty");
    }
    size_t i = 0;
    const json_t *object = NULL;
    json_array_foreach(list, i, object)
    {
        char path[PATH_BYTES];
        char name[PATH_BYTES];
        (void)inside(path, "", "services", (int)i);
        (void)inside(name, path, "name", -1);
        const char *code = read_code(reading, json_object_get(object, "name"), name);
        if (code[0] != '\0' && trace_find_service(reading->site, code) >= 0) {
            fault(reading, name, "is the name of a service before it, too");
            continue;
        }
        struct trace_service *service = &reading->site->services[reading->site->service_count++];
        (void)snprintf(service->code, sizeof(service->code), "%s", code);
        service->share = read_number(reading, object, path, "share", 0, 1, 0);
        service->mean_ms = 60000 * read_number(reading, object, path, "mean_min", 0, 1440, 0);
        service->cv = read_number(reading, object, path, "cv", 0, 10, 0);
    }
}

static void read_skills(const struct reading *reading, const json_t *object, const char *path,
                        struct world_counter *counter)
{
    char where[PATH_BYTES];
    (void)inside(where, path, "skills", -1);
    const json_t *list = read_list(reading, object, where, QUARTER_SERVICES_MAX);
    size_t i = 0;
    const json_t *value = NULL;
    json_array_foreach(list, i, value)
    {
        (void)inside(where, path, "skills", (int)i);
        const char *code = read_code(reading, value, where);
        const int service = trace_find_service(reading->site, code);
        if (service >= 0) {
            counter->services |= UINT64_C(1) << service;
        } else if (code[0] != '\0') {
            struct suggestion suggestion = suggestion_start(code);
            for (int j = 0; j < reading->site->service_count; j++) {
                suggestion_offer(&suggestion, reading->site->services[j].code);
            }
            char words[SUGGESTION_BYTES];
            trace_fault(reading->faults, reading->file, 0, "%s: unknown service '%s'%s", where,
                        code, suggestion_words(&suggestion, words));
        }
    }
    if (list != NULL && json_array_size(list) == 0) {
        (void)inside(where, path, "skills", -1);
        fault(reading, where, "is empty: nobody staffs this counter");
    }
}

static void read_spoken(const struct reading *reading, const json_t *object, const char *path,
                        struct world_counter *counter)
{
    char where[PATH_BYTES];
    (void)inside(where, path, "languages", -1);
    const json_t *list = read_list(reading, object, where, TRACE_LANGUAGES_MAX);
    size_t i = 0;
    const json_t *value = NULL;
    json_array_foreach(list, i, value)
    {
        (void)inside(where, path, "languages", (int)i);
        const char *code = read_code(reading, value, where);
        const int language = code[0] == '\0' ? -1 : trace_add_language(reading->site, code);
        if (language >= 0) {
            counter->languages |= UINT32_C(1) << language;
        } else if (code[0] != '\0') {
            fault(reading, where, "is one language too many: 32 are possible");
        }
    }
}

static void read_hours(const struct reading *reading, const json_t *object, const char *path,
                       struct world_counter *counter)
{
    char where[PATH_BYTES];
    counter->opens_ms = read_ms(reading, object, path, "open_s", (double)NAN);
    counter->closes_ms = read_ms(reading, object, path, "close_s", (double)NAN);
    const int64_t from_ms = read_ms(reading, object, path, "break_start_s", 0);
    const int64_t length_ms = read_ms(reading, object, path, "break_len_s", 0);
    if (counter->closes_ms <= counter->opens_ms) {
        (void)inside(where, path, "close_s", -1);
        fault(reading, where, "is not after open_s: nobody staffs this counter");
        return;
    }
    if (length_ms == 0) {
        return;
    }
    counter->breaks[counter->break_count++] = (struct world_break){from_ms, length_ms};
    (void)inside(where, path, "break_start_s", -1);
    if (from_ms < counter->opens_ms || from_ms + length_ms > counter->closes_ms) {
        fault(reading, where, "with break_len_s does not lie within the counter's hours");
    } else if (length_ms == counter->closes_ms - counter->opens_ms) {
        fault(reading, where, "with break_len_s fills the day: nobody staffs this counter");
    }
}

static void read_counters(const struct reading *reading, const json_t *root)
{
    struct trace_site *site = reading->site;
    const json_t *list = read_list(reading, root, "counters", QUARTER_COUNTERS_MAX);
    if (list != NULL && json_array_size(list) == 0) {
        fault(reading, "counters", "is empty");
    }
    size_t i = 0;
    const json_t *object = NULL;
    json_array_foreach(list, i, object)
    {
        char path[PATH_BYTES];
        char where[PATH_BYTES];
        (void)inside(path, "", "counters", (int)i);
        (void)inside(where, path, "id", -1);
        const char *code = read_code(reading, json_object_get(object, "id"), where);
        for (int j = 0; j < site->counter_count; j++) {
            if (code[0] != '\0' && strcmp(site->counter_codes[j], code) == 0) {
                fault(reading, where, "is the id of a counter before it, too");
            }
        }
        (void)snprintf(site->counter_codes[site->counter_count], sizeof(site->counter_codes[0]),
                       "%s", code);
        struct world_counter *counter = &site->counters[site->counter_count++];
        *counter = (struct world_counter){.speed = 1};
        read_skills(reading, object, path, counter);
        read_spoken(reading, object, path, counter);
        read_hours(reading, object, path, counter);
    }
}

static void read_languages(const struct reading *reading, const json_t *root)
{
    if (json_object_get(root, "languages") == NULL) {
        return;
    }
    const json_t *list = read_list(reading, root, "languages", TRACE_LANGUAGES_MAX);
    size_t i = 0;
    const json_t *value = NULL;
    json_array_foreach(list, i, value)
    {
        char where[PATH_BYTES];
        (void)inside(where, "", "languages", (int)i);
        const char *code = read_code(reading, value, where);
        if (code[0] != '\0' && trace_add_language(reading->site, code) < 0) {
            fault(reading, where, "is one language too many: 32 are possible");
        }
    }
}

static void check_offers(const struct reading *reading)
{
    uint64_t offered = 0;
    for (int i = 0; i < reading->site->counter_count; i++) {
        offered |= reading->site->counters[i].services;
    }
    for (int i = 0; i < reading->site->service_count; i++) {
        if ((offered >> i & 1) == 0) {
            char path[PATH_BYTES];
            (void)inside(path, "", "services", i);
            trace_fault(reading->faults, reading->file, 0, "%s: no counter offers '%s'", path,
                        reading->site->services[i].code);
        }
    }
}

void trace_read_site(const char *path, struct trace_site *site, struct trace_faults *faults)
{
    const struct reading reading = {.file = path, .site = site, .faults = faults};
    size_t length = 0;
    char *text = trace_read_file(path, &length, faults);
    if (text == NULL) {
        return;
    }
    json_error_t error;
    json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    free(text);
    if (root == NULL) {
        trace_fault(faults, path, error.line > 0 ? error.line : 1, "%s", error.text);
        return;
    }
    if (!json_is_object(root)) {
        trace_fault(faults, path, 1, "is not an object of services and counters");
        json_decref(root);
        return;
    }
    const int before = faults->count;
    read_services(&reading, root);
    read_counters(&reading, root);
    read_languages(&reading, root);
    site->doors_close_ms = read_ms(&reading, root, "", "doors_close_s", (double)NAN);
    site->standard_ms =
        llround(1000 * read_number(&reading, root, "", "sl_seconds", 60, 86400, 900));
    site->target = read_number(&reading, root, "", "sl_target", 0, 1, 0.9);
    if (faults->count == before) {
        check_offers(&reading);
    }
    json_decref(root);
}
