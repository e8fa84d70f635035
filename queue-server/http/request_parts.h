/* What reading a body is made of. Private to request.c, request_staff.c and request_people.c. */
#ifndef QUARTER_HTTP_REQUEST_PARTS_H
#define QUARTER_HTTP_REQUEST_PARTS_H

#include "http/request.h"

enum request_presence { REQUEST_OPTIONAL, REQUEST_REQUIRED };

/* Each is false where it sets the fault: request_fail() always. */
bool request_fail(struct fault *fault, enum problem_code code, const char *field,
                  const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Only the named fields may be there; the list ends with NULL. */
bool request_check_fields(json_t *object, const char *const *names, struct fault *fault);
/* The value is NULL where it is missing and may be. */
bool request_find_field(json_t *object, const char *field, enum request_presence presence,
                        const json_t **value, struct fault *fault);
bool request_read_code(json_t *object, const char *field, enum request_presence presence,
                       char out[QUARTER_CODE_MAX + 1], struct fault *fault);
bool request_read_needs(json_t *object, struct command *command, struct fault *fault);
bool request_read_class(json_t *object, struct command *command, struct fault *fault);
bool request_read_outcome(json_t *object, struct command *command, struct fault *fault);

#endif
