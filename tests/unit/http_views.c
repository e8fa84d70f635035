/* Views in tests. See http_views.h. */
#include "http_views.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "openapi_check.h"

json_t *views_await(struct listener *listener, const struct rig *rig, const char *schema,
                    view_shows *shows, const void *context)
{
    char why[800];
    json_t *schemas = json_object_get(json_object_get(rig->openapi, "components"), "schemas");
    struct heard heard;
    while (listener_next_of(listener, "view", &heard)) {
        if (!openapi_check_value(rig->openapi, json_object_get(schemas, schema), heard.data, why,
                                 sizeof(why))) {
            fail_msg("%s: %s", schema, why);
        }
        if (shows(heard.data, context)) {
            json_t *view = json_incref(heard.data);
            heard_free(&heard);
            return view;
        }
        heard_free(&heard);
    }
    fail_msg("the stream ended before it showed what it should");
    return NULL;
}

const json_t *view_at(const json_t *view, const char *way)
{
    char path[120], *rest = NULL;
    (void)snprintf(path, sizeof(path), "%s", way);
    for (char *part = strtok_r(path, ".", &rest); part != NULL && view != NULL;
         part = strtok_r(NULL, ".", &rest)) {
        view = json_is_array(view) ? json_array_get(view, strtoul(part, NULL, 10))
                                   : json_object_get(view, part);
    }
    return view;
}

const char *view_text(const json_t *view, const char *way)
{
    const char *text = json_string_value(view_at(view, way));
    return text != NULL ? text : "";
}

long long view_number(const json_t *view, const char *way)
{
    const json_t *number = view_at(view, way);
    return json_is_integer(number) ? json_integer_value(number) : -1;
}

bool view_is(const json_t *view, const char *way, bool value)
{
    const json_t *member = view_at(view, way);
    return value ? json_is_true(member) : json_is_false(member);
}

bool view_is_null(const json_t *view, const char *way)
{
    return json_is_null(view_at(view, way));
}

long view_post(struct rig *rig, const char *path, const char *body)
{
    char key[40];
    rig_new_key(key);
    struct reply reply =
        rig_ask(rig, &(struct ask){.method = "POST", .path = path, .key = key, .body = body});
    const long status = reply.status;
    reply_free(&reply);
    return status;
}
