/* What comes from outside is checked here, once. */
#include "edge.h"

#include <string.h>

#include "client/wire.h"

json_t *edge_parse(const char *json, size_t length)
{
    json_t *document = json_loadb(json, length, 0, NULL);
    if (document != NULL && !json_is_object(document)) {
        json_decref(document);
        return NULL;
    }
    return document;
}

bool edge_copy(const json_t *value, char *out, size_t size)
{
    if (!json_is_string(value) || json_string_length(value) >= size)
        return false;
    memcpy(out, json_string_value(value), json_string_length(value) + 1);
    return true;
}

bool edge_string(const json_t *object, const char *name, char *out, size_t size)
{
    return edge_copy(json_object_get(object, name), out, size);
}

static bool absent(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return value == NULL || json_is_null(value);
}

bool edge_string_maybe(const json_t *object, const char *name, char *out, size_t size)
{
    if (!absent(object, name))
        return edge_string(object, name, out, size);
    out[0] = '\0';
    return true;
}

bool edge_is_code(const char *text)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    return text[0] != '\0' && text[strspn(text, allowed)] == '\0';
}

bool edge_code(const json_t *object, const char *name, char *out, size_t size)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text != NULL && edge_is_code(text) && edge_string(object, name, out, size);
}

bool edge_code_maybe(const json_t *object, const char *name, char *out, size_t size)
{
    if (!absent(object, name))
        return edge_code(object, name, out, size);
    out[0] = '\0';
    return true;
}

bool edge_int64(const json_t *object, const char *name, int64_t least, int64_t most, int64_t *out)
{
    const json_t *value = json_object_get(object, name);
    if (!json_is_integer(value))
        return false;
    int64_t number = json_integer_value(value);
    if (number < least || number > most)
        return false;
    *out = number;
    return true;
}

bool edge_int32(const json_t *object, const char *name, int32_t least, int32_t most, int32_t *out)
{
    int64_t number;
    if (!edge_int64(object, name, least, most, &number))
        return false;
    *out = (int32_t)number;
    return true;
}

bool edge_bool(const json_t *object, const char *name, bool *out)
{
    const json_t *value = json_object_get(object, name);
    if (!json_is_boolean(value))
        return false;
    *out = json_is_true(value);
    return true;
}

bool edge_time(const json_t *object, const char *name, int64_t *utc_ms)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text != NULL && wire_read_time(text, utc_ms);
}

bool edge_time_maybe(const json_t *object, const char *name, int64_t *utc_ms)
{
    if (!absent(object, name))
        return edge_time(object, name, utc_ms);
    *utc_ms = 0;
    return true;
}

bool edge_array(const json_t *object, const char *name, size_t most, const json_t **array,
                int *count)
{
    *array = NULL;
    *count = 0;
    if (absent(object, name))
        return true;
    const json_t *value = json_object_get(object, name);
    if (!json_is_array(value) || json_array_size(value) > most)
        return false;
    *array = value;
    *count = (int)json_array_size(value);
    return true;
}
