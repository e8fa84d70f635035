/* Checked reading of JSON members, for wire.c and site_info.c: each answers false when the member
 * is missing, of the wrong type or out of bounds, and then leaves *out alone. The `_maybe` ones
 * take a missing or null member for "". */
#ifndef QUARTER_CLIENT_EDGE_H
#define QUARTER_CLIENT_EDGE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A document of one object; NULL: not JSON, not an object, or out of memory. */
json_t *edge_parse(const char *json, size_t length);

/* size counts the NUL. A code is 1 or more of [A-Za-z0-9_-]. */
bool edge_string(const json_t *object, const char *name, char *out, size_t size);
bool edge_string_maybe(const json_t *object, const char *name, char *out, size_t size);
bool edge_code(const json_t *object, const char *name, char *out, size_t size);
bool edge_code_maybe(const json_t *object, const char *name, char *out, size_t size);
bool edge_is_code(const char *text);
bool edge_copy(const json_t *value, char *out, size_t size); /* of a string value */

bool edge_int64(const json_t *object, const char *name, int64_t least, int64_t most, int64_t *out);
bool edge_int32(const json_t *object, const char *name, int32_t least, int32_t most, int32_t *out);
bool edge_bool(const json_t *object, const char *name, bool *out);
bool edge_time(const json_t *object, const char *name, int64_t *utc_ms);
bool edge_time_maybe(const json_t *object, const char *name, int64_t *utc_ms); /* 0 */

/* An array of at most `most` members; a missing or null one is taken for empty (*array NULL, *count
 * 0). */
bool edge_array(const json_t *object, const char *name, size_t most, const json_t **array,
                int *count);

#endif
