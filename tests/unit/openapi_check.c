/* Answers against the OpenAPI document. See openapi_check.h. */
#include "openapi_check.h"

#include <ctype.h>
#include <regex.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bool fail(char *why, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static bool fail(char *why, size_t size, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(why, size, format, arguments);
    va_end(arguments);
    return false;
}

json_t *openapi_operation(json_t *document, const char *method, const char *pattern)
{
    char path[160], verb[8];
    size_t length = 0;
    for (const char *at = pattern; *at != '\0' && length + 1 < sizeof(path); at++) {
        if (*at != '*') {
            path[length++] = *at;
        }
    }
    path[length] = '\0';
    (void)snprintf(verb, sizeof(verb), "%s", strcmp(method, "HEAD") == 0 ? "GET" : method);
    for (char *at = verb; *at != '\0'; at++) {
        *at = (char)tolower((unsigned char)*at);
    }
    return json_object_get(json_object_get(json_object_get(document, "paths"), path), verb);
}

json_t *openapi_resolve(json_t *document, json_t *node)
{
    const char *reference = json_string_value(json_object_get(node, "$ref"));
    if (reference == NULL) {
        return node;
    }
    json_t *target = document;
    char path[160];
    (void)snprintf(path, sizeof(path), "%s", reference + 2); /* after "#/" */
    char *rest = NULL;
    for (char *part = strtok_r(path, "/", &rest); part != NULL; part = strtok_r(NULL, "/", &rest)) {
        target = json_object_get(target, part);
    }
    return target;
}

static bool is_of_type(const char *type, const json_t *value)
{
    return (strcmp(type, "object") == 0 && json_is_object(value)) ||
           (strcmp(type, "array") == 0 && json_is_array(value)) ||
           (strcmp(type, "string") == 0 && json_is_string(value)) ||
           (strcmp(type, "integer") == 0 && json_is_integer(value)) ||
           (strcmp(type, "number") == 0 && json_is_number(value)) ||
           (strcmp(type, "boolean") == 0 && json_is_boolean(value)) ||
           (strcmp(type, "null") == 0 && json_is_null(value));
}

static bool check_type(json_t *type, const json_t *value)
{
    if (type == NULL) {
        return true;
    }
    if (json_is_string(type)) {
        return is_of_type(json_string_value(type), value);
    }
    size_t i;
    json_t *each;
    json_array_foreach(type, i, each)
    {
        if (is_of_type(json_string_value(each), value)) {
            return true;
        }
    }
    return false;
}

static bool check_enum(json_t *names, json_t *value)
{
    size_t i;
    json_t *each;
    if (names == NULL) {
        return true;
    }
    json_array_foreach(names, i, each)
    {
        if (json_equal(each, value)) {
            return true;
        }
    }
    return false;
}

static bool check_pattern(const char *pattern, const json_t *value)
{
    regex_t expression;
    if (pattern == NULL || !json_is_string(value)) {
        return true;
    }
    if (regcomp(&expression, pattern, REG_EXTENDED | REG_NOSUB) != 0) {
        return false;
    }
    const bool fits = regexec(&expression, json_string_value(value), 0, NULL, 0) == 0;
    regfree(&expression);
    return fits;
}

static bool check_object(json_t *document, json_t *schema, json_t *value, char *why, size_t size)
{
    size_t i;
    json_t *each;
    const char *key;
    json_t *properties = json_object_get(schema, "properties");
    json_t *others = json_object_get(schema, "additionalProperties");
    json_array_foreach(json_object_get(schema, "required"), i, each)
    {
        if (json_object_get(value, json_string_value(each)) == NULL) {
            return fail(why, size, "\"%s\" is missing", json_string_value(each));
        }
    }
    json_object_foreach(value, key, each)
    {
        char inner[400];
        json_t *property = json_object_get(properties, key);
        if (property == NULL && json_is_false(others)) {
            return fail(why, size, "\"%s\" is not documented", key);
        }
        if (property == NULL && json_is_object(others)) {
            property = others;
        }
        if (property != NULL &&
            !openapi_check_value(document, property, each, inner, sizeof(inner))) {
            return fail(why, size, "%s: %s", key, inner);
        }
    }
    return true;
}

static bool check_any(json_t *document, json_t *choices, json_t *value, char *why, size_t size)
{
    size_t i;
    json_t *each;
    json_array_foreach(choices, i, each)
    {
        if (openapi_check_value(document, each, value, why, size)) {
            return true;
        }
    }
    return false;
}

bool openapi_check_value(json_t *document, json_t *schema, json_t *value, char *why, size_t size)
{
    schema = openapi_resolve(document, schema);
    if (schema == NULL) {
        return fail(why, size, "a $ref leads nowhere");
    }
    json_t *choices = json_object_get(schema, "anyOf");
    if (choices != NULL) {
        return check_any(document, choices, value, why, size);
    }
    if (!check_type(json_object_get(schema, "type"), value)) {
        return fail(why, size, "not of the documented type");
    }
    if (!check_enum(json_object_get(schema, "enum"), value)) {
        return fail(why, size, "not one of the documented values");
    }
    if (!check_pattern(json_string_value(json_object_get(schema, "pattern")), value)) {
        return fail(why, size, "does not fit the documented pattern");
    }
    if (json_is_array(value)) {
        size_t i;
        json_t *each;
        json_array_foreach(value, i, each)
        {
            char inner[400];
            if (!openapi_check_value(document, json_object_get(schema, "items"), each, inner,
                                     sizeof(inner))) {
                return fail(why, size, "[%zu]: %s", i, inner);
            }
        }
    }
    return !json_is_object(value) || check_object(document, schema, value, why, size);
}

/* "/problems/day-closed" must be among the codes that the operation lists. */
static bool check_problem(json_t *operation, json_t *body, char *why, size_t size)
{
    const char *type = json_string_value(json_object_get(body, "type"));
    size_t i;
    json_t *each;
    json_array_foreach(json_object_get(operation, "x-problems"), i, each)
    {
        if (type != NULL && strcmp(type + strlen("/problems/"), json_string_value(each)) == 0) {
            return true;
        }
    }
    return fail(why, size, "the problem %s is not documented", type);
}

bool openapi_check_answer(json_t *document, json_t *operation, long status, const char *type,
                          json_t *body, char *why, size_t size)
{
    char code[8], plain[80];
    (void)snprintf(code, sizeof(code), "%ld", status);
    json_t *answer =
        openapi_resolve(document, json_object_get(json_object_get(operation, "responses"), code));
    if (answer == NULL) {
        return fail(why, size, "the status %ld is not documented", status);
    }
    json_t *content = json_object_get(answer, "content");
    if (content == NULL) {
        return body == NULL || fail(why, size, "a body is not documented for status %ld", status);
    }
    (void)snprintf(plain, sizeof(plain), "%.*s", (int)strcspn(type, ";"), type);
    json_t *media = json_object_get(content, plain);
    if (media == NULL) {
        return fail(why, size, "the type %s is not documented for status %ld", plain, status);
    }
    if (strcmp(plain, "application/problem+json") == 0 &&
        !check_problem(operation, body, why, size)) {
        return false;
    }
    return body == NULL ||
           openapi_check_value(document, json_object_get(media, "schema"), body, why, size);
}
