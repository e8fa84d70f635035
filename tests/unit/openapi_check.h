/* A small checker of answers against an OpenAPI 3.1 document: as much of JSON Schema as ours uses. */
#ifndef QUARTER_TESTS_OPENAPI_CHECK_H
#define QUARTER_TESTS_OPENAPI_CHECK_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* The operation of a route's pattern ("/web/{path*}") and method; NULL: not documented. */
json_t *openapi_operation(json_t *document, const char *method, const char *pattern);
/* Follows a $ref, if it is one. */
json_t *openapi_resolve(json_t *document, json_t *node);
/* false: why says where and what. */
bool openapi_check_value(json_t *document, json_t *schema, json_t *value, char *why, size_t size);
/* An answer: its status, its type and its JSON (NULL when the body is none). */
bool openapi_check_answer(json_t *document, json_t *operation, long status, const char *type,
                          json_t *body, char *why, size_t size);

#endif
