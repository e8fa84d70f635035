/* The words of a visit's view. See visit_names.h. */
#include "http/visit_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"

static char *dump(const json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    CHECK(text != NULL);
    return text;
}

static json_t *table_of(const json_t *list)
{
    json_t *table = json_object();
    size_t i;
    const json_t *each;
    json_array_foreach(list, i, each)
    {
        char *text = dump(json_object_get(each, "name"));
        CHECK(json_object_set_new(table, json_string_value(json_object_get(each, "code")),
                                  json_string(text)) == 0);
        free(text);
    }
    return table;
}

/* [{"code","name","direction"}]: what a choice of languages needs. */
static char *languages_of(const json_t *list)
{
    json_t *languages = json_array();
    size_t i;
    const json_t *each;
    json_array_foreach(list, i, each)
    {
        json_t *language = json_object();
        static const char *const kept[] = {"code", "name", "direction"};
        for (size_t k = 0; k < sizeof(kept) / sizeof(kept[0]); k++) {
            CHECK(json_object_set(language, kept[k], json_object_get(each, kept[k])) == 0);
        }
        CHECK(json_array_append_new(languages, language) == 0);
    }
    char *text = dump(languages);
    json_decref(languages);
    return text;
}

static void take_url(struct visit_names *names, const char *url)
{
    static const char scheme[] = "https://";
    (void)snprintf(names->public_url, sizeof(names->public_url), "%s", url);
    size_t length = strlen(names->public_url);
    while (length > 0 && names->public_url[length - 1] == '/') {
        names->public_url[--length] = '\0';
    }
    const char *host = names->public_url;
    if (strncmp(host, scheme, sizeof(scheme) - 1) == 0) {
        host += sizeof(scheme) - 1;
    }
    (void)snprintf(names->public_host, sizeof(names->public_host), "%.*s", (int)strcspn(host, "/"),
                   host);
}

void visit_names_free(struct visit_names *names)
{
    free(names->site);
    free(names->languages);
    json_decref(names->services);
    json_decref(names->counters);
    *names = (struct visit_names){0};
}

void visit_names_take(struct visit_names *names, const struct site *site)
{
    if (strcmp(names->hash, site_hash(site)) == 0) {
        return;
    }
    visit_names_free(names);
    json_t *document = json_loads(site_json(site), 0, NULL);
    CHECK(document != NULL); /* of our own making */
    const char *url = json_string_value(json_object_get(document, "public_url"));
    take_url(names, url != NULL ? url : "");
    names->site = dump(json_object_get(document, "name"));
    names->languages = languages_of(json_object_get(document, "languages"));
    names->services = table_of(json_object_get(document, "services"));
    names->counters = table_of(json_object_get(document, "counters"));
    (void)snprintf(names->hash, sizeof(names->hash), "%s", site_hash(site));
    json_decref(document);
}

const char *visit_names_of(const json_t *table, const char *code)
{
    const char *text = code != NULL ? json_string_value(json_object_get(table, code)) : NULL;
    return text != NULL ? text : "null";
}
