/* GET /api/site into plain structs. Words stay where jansson put them: the document is kept whole
 * behind the struct and the struct points into it, which saves a second copy of every text. */
#include "client/site_info.h"

#include <stdlib.h>
#include <string.h>

#include "edge.h"
#include "quarter/log.h"
#include "site_info_read.h"

/* What site_info_read() really allocates; the public struct comes first, so that one free() is
 * enough. */
struct site_owner {
    struct site_info site;
    json_t *document;
};

enum { SIZE_MM_MAX = 100000 };

const char *site_words(const json_t *value)
{
    return json_is_string(value) && json_string_length(value) <= SITE_TEXT_BYTES
               ? json_string_value(value)
               : NULL;
}

bool site_read_text(const struct site_info *site, const json_t *object, const char *name,
                    struct site_text *out)
{
    const json_t *texts = json_object_get(object, name);
    if (texts == NULL || json_is_null(texts))
        return true;
    if (!json_is_object(texts))
        return false;
    for (int i = 0; i < site->language_count; i++)
        out->in[i] = site_words(json_object_get(texts, site->languages[i].code));
    return true;
}

bool site_read_each(struct site_info *site, const json_t *document, const char *name, size_t most,
                    int *count, site_read_member_fn read_member)
{
    const json_t *array;
    int size;
    if (!edge_array(document, name, most, &array, &size))
        return false;
    for (int i = 0; i < size; i++) {
        const json_t *object = json_array_get(array, (size_t)i);
        if (!json_is_object(object) || !read_member(site, object, i))
            return false;
        *count = i + 1; /* so that lookups made while reading see what is there */
    }
    return true;
}

static bool read_language(struct site_info *site, const json_t *object, int index)
{
    struct site_language *language = &site->languages[index];
    const char *direction = json_string_value(json_object_get(object, "direction"));
    language->name = site_words(json_object_get(object, "name"));
    language->rtl = direction != NULL && strcmp(direction, "rtl") == 0;
    (void)edge_bool(object, "draft", &language->draft); /* false unless said */
    return language->name != NULL &&
           edge_code(object, "code", language->code, sizeof language->code);
}

/* Lists of words, one a language: turned into a list of texts, as long as the longest. */
static bool read_lists(const struct site_info *site, const json_t *object, const char *name,
                       int most, struct site_text *out, int *out_count)
{
    const json_t *lists = json_object_get(object, name);
    if (lists == NULL || json_is_null(lists))
        return true;
    if (!json_is_object(lists))
        return false;
    for (int language = 0; language < site->language_count; language++) {
        const json_t *list;
        int count;
        if (!edge_array(lists, site->languages[language].code, (size_t)most, &list, &count))
            return false;
        for (int line = 0; line < count; line++)
            out[line].in[language] = site_words(json_array_get(list, (size_t)line));
        if (count > *out_count)
            *out_count = count;
    }
    return true;
}

static bool read_scans(const json_t *object, struct site_service *service)
{
    const json_t *array;
    if (!edge_array(object, "scan", QUARTER_SCANS_MAX, &array, &service->scan_count))
        return false;
    for (int i = 0; i < service->scan_count; i++)
        if (!edge_copy(json_array_get(array, (size_t)i), service->scan[i],
                       sizeof service->scan[i]) ||
            service->scan[i][0] == '\0')
            return false;
    return true;
}

static bool read_service(struct site_info *site, const json_t *object, int index)
{
    struct site_service *service = &site->services[index];
    return edge_code(object, "code", service->code, sizeof service->code) &&
           edge_string(object, "prefix", service->prefix, sizeof service->prefix) &&
           edge_code_maybe(object, "area", service->area, sizeof service->area) &&
           site_read_text(site, object, "name", &service->name) &&
           site_read_text(site, object, "hint", &service->hint) &&
           read_lists(site, object, "have_ready", SITE_HAVE_READY_MAX, service->have_ready,
                      &service->have_ready_count) &&
           read_lists(site, object, "also", QUARTER_ALSO_MAX, service->also,
                      &service->also_count) &&
           read_scans(object, service);
}

static bool read_group(struct site_info *site, const json_t *object, int index)
{
    struct site_group *group = &site->groups[index];
    const json_t *services;
    int count;
    if (!edge_code(object, "code", group->code, sizeof group->code) ||
        !site_read_text(site, object, "name", &group->name) ||
        !site_read_text(site, object, "hint", &group->hint) ||
        !edge_array(object, "services", QUARTER_SERVICES_MAX, &services, &count))
        return false;
    for (int i = 0; i < count; i++) {
        const char *code = json_string_value(json_array_get(services, (size_t)i));
        const struct site_service *service =
            code == NULL ? NULL : site_info_find_service(site, code);
        if (service == NULL)
            return false;
        group->services[group->service_count++] = (int)(service - site->services);
    }
    return true;
}

static bool read_area(struct site_info *site, const json_t *object, int index)
{
    struct site_area *area = &site->areas[index];
    return edge_code(object, "code", area->code, sizeof area->code) &&
           site_read_text(site, object, "name", &area->name);
}

static bool read_need(struct site_info *site, const json_t *object, int index)
{
    struct site_need *need = &site->needs[index];
    (void)edge_bool(object, "hard", &need->hard);
    return edge_code(object, "code", need->code, sizeof need->code);
}

static bool read_counter(struct site_info *site, const json_t *object, int index)
{
    struct site_counter *counter = &site->counters[index];
    return edge_code(object, "code", counter->code, sizeof counter->code) &&
           edge_code_maybe(object, "kind", counter->kind, sizeof counter->kind) &&
           site_read_text(site, object, "name", &counter->name);
}

/* A size that is not known is null. */
static bool read_mm(const json_t *object, const char *name, int *out)
{
    const json_t *value = json_object_get(object, name);
    return value == NULL || json_is_null(value) || edge_int32(object, name, 0, SIZE_MM_MAX, out);
}

static bool read_device(const json_t *object, struct site_device *device)
{
    return edge_code(object, "code", device->code, sizeof device->code) &&
           edge_code_maybe(object, "orientation", device->orientation,
                           sizeof device->orientation) &&
           edge_code_maybe(object, "theme", device->theme, sizeof device->theme) &&
           read_mm(object, "width_mm", &device->width_mm) &&
           read_mm(object, "bottom_mm", &device->bottom_mm) &&
           read_mm(object, "viewing_mm", &device->viewing_mm);
}

static bool read_kiosk(struct site_info *site, const json_t *object, int index)
{
    return read_device(object, &site->kiosks[index]);
}

static bool read_display(struct site_info *site, const json_t *object, int index)
{
    return read_device(object, &site->displays[index]);
}

static bool read_hours(struct site_info *site, const json_t *document)
{
    static const char *const days[7] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
    const json_t *hours = json_object_get(document, "hours");
    for (int i = 0; i < 7; i++) {
        const json_t *day = json_object_get(hours, days[i]);
        struct site_hours *out = &site->hours[i];
        if (!json_is_object(day))
            continue;
        out->open = edge_string(day, "open", out->open_at, sizeof out->open_at) &&
                    edge_string(day, "close", out->close_at, sizeof out->close_at);
        if (!out->open)
            return false;
        if (!edge_string(day, "doors", out->doors_at, sizeof out->doors_at))
            memcpy(out->doors_at, out->close_at, sizeof out->doors_at);
    }
    return true;
}

static bool read_closures(struct site_info *site, const json_t *document)
{
    const json_t *array;
    if (!edge_array(document, "closures", QUARTER_CLOSURES_MAX, &array, &site->closure_count))
        return false;
    for (int i = 0; i < site->closure_count; i++)
        if (!edge_copy(json_array_get(array, (size_t)i), site->closures[i],
                       sizeof site->closures[i]))
            return false;
    return true;
}

static const char *words_or_nothing(const json_t *object, const char *name)
{
    const char *text = site_words(json_object_get(object, name));
    return text == NULL ? "" : text;
}

static bool read_settings(struct site_info *site, const json_t *document)
{
    const json_t *contact = json_object_get(document, "contact");
    site->zone = words_or_nothing(document, "zone");
    site->phone = words_or_nothing(contact, "phone");
    site->web = words_or_nothing(contact, "web");
    site->public_url = words_or_nothing(document, "public_url");
    site->standard_wait_min = 15;
    (void)edge_int32(json_object_get(document, "standard"), "wait_min", 1, 600,
                     &site->standard_wait_min);
    return edge_code_maybe(document, "unsure", site->unsure, sizeof site->unsure) &&
           edge_string_maybe(json_object_get(document, "theme"), "brand", site->brand,
                             sizeof site->brand) &&
           read_hours(site, document) && read_closures(site, document);
}

/* The name of the first part that is wrong, or NULL. Languages come first: every text needs them. */
static const char *read_site(struct site_info *site, const json_t *document)
{
    if (!edge_string(document, "hash", site->hash, sizeof site->hash) ||
        !edge_code_maybe(document, "site", site->site, sizeof site->site))
        return "hash or site";
    if (!site_read_each(site, document, "languages", QUARTER_LANGUAGES_MAX, &site->language_count,
                        read_language) ||
        site->language_count == 0)
        return "languages";
    if (!site_read_text(site, document, "name", &site->name))
        return "name";
    if (!site_read_each(site, document, "services", QUARTER_SERVICES_MAX, &site->service_count,
                        read_service))
        return "services";
    if (!site_read_each(site, document, "groups", SITE_GROUPS_MAX, &site->group_count, read_group))
        return "groups";
    if (!site_read_each(site, document, "areas", SITE_AREAS_MAX, &site->area_count, read_area))
        return "areas";
    if (!site_read_each(site, document, "needs", QUARTER_NEEDS_MAX, &site->need_count, read_need))
        return "needs";
    if (!site_read_triage(site, document))
        return "questions, signposts or services' questions";
    if (!site_read_each(site, document, "counters", QUARTER_COUNTERS_MAX, &site->counter_count,
                        read_counter))
        return "counters";
    if (!site_read_each(site, document, "kiosks", SITE_DEVICES_MAX, &site->kiosk_count, read_kiosk))
        return "kiosks";
    if (!site_read_each(site, document, "displays", SITE_DEVICES_MAX, &site->display_count,
                        read_display))
        return "displays";
    return read_settings(site, document) ? NULL : "hours, closures, contact or theme";
}

enum status site_info_read(const char *json, size_t length, struct site_info **out)
{
    if (length > SITE_JSON_BYTES)
        return STATUS_TOO_LARGE;
    struct site_owner *owner = calloc(1, sizeof *owner);
    if (owner == NULL)
        return STATUS_FULL;
    owner->document = edge_parse(json, length);
    const char *wrong =
        owner->document == NULL ? "no JSON object" : read_site(&owner->site, owner->document);
    if (wrong != NULL) {
        log_warning("client", "the site document cannot be read wrong=\"%s\"", wrong);
        site_info_destroy(&owner->site);
        return STATUS_INVALID;
    }
    *out = &owner->site;
    return STATUS_OK;
}

void site_info_destroy(struct site_info *site)
{
    if (site == NULL)
        return;
    struct site_owner *owner = (struct site_owner *)site;
    json_decref(owner->document);
    free(owner);
}

const char *site_info_text(const struct site_info *site, const struct site_text *text,
                           const char *language)
{
    int wanted = language == NULL ? 0 : site_info_find_language(site, language);
    if (wanted >= 0 && text->in[wanted] != NULL)
        return text->in[wanted];
    int english = site_info_find_language(site, "en");
    if (english >= 0 && text->in[english] != NULL)
        return text->in[english];
    for (int i = 0; i < site->language_count; i++)
        if (text->in[i] != NULL)
            return text->in[i];
    return "";
}

int site_info_find_language(const struct site_info *site, const char *code)
{
    for (int i = 0; i < site->language_count; i++)
        if (strcmp(site->languages[i].code, code) == 0)
            return i;
    return -1;
}

const struct site_group *site_info_find_group(const struct site_info *site, const char *code)
{
    for (int i = 0; i < site->group_count; i++)
        if (strcmp(site->groups[i].code, code) == 0)
            return &site->groups[i];
    return NULL;
}

const struct site_service *site_info_find_service(const struct site_info *site, const char *code)
{
    for (int i = 0; i < site->service_count; i++)
        if (strcmp(site->services[i].code, code) == 0)
            return &site->services[i];
    return NULL;
}

const struct site_area *site_info_find_area(const struct site_info *site, const char *code)
{
    for (int i = 0; i < site->area_count; i++)
        if (strcmp(site->areas[i].code, code) == 0)
            return &site->areas[i];
    return NULL;
}

const struct site_counter *site_info_find_counter(const struct site_info *site, const char *code)
{
    for (int i = 0; i < site->counter_count; i++)
        if (strcmp(site->counters[i].code, code) == 0)
            return &site->counters[i];
    return NULL;
}

static const struct site_device *find_device(const struct site_device *devices, int count,
                                             const char *code)
{
    for (int i = 0; i < count; i++)
        if (strcmp(devices[i].code, code) == 0)
            return &devices[i];
    return NULL;
}

const struct site_device *site_info_find_kiosk(const struct site_info *site, const char *code)
{
    return find_device(site->kiosks, site->kiosk_count, code);
}

const struct site_device *site_info_find_display(const struct site_info *site, const char *code)
{
    return find_device(site->displays, site->display_count, code);
}
