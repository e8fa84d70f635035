/* Persons, sessions, devices and the audit trail as JSON. Each writes one value. */
#ifndef QUARTER_HTTP_PEOPLE_JSON_H
#define QUARTER_HTTP_PEOPLE_JSON_H

#include "http/exchange.h"
#include "http/json_out.h"
#include "people/people.h"

/* What a page asks first: is there sign-in, who is signed in, and for how long. session NULL: nobody. The caller frees. */
char *session_document(const struct exchange *exchange, const struct people_session *session);
/* As administrators see a person. */
void person_json_write(struct json_out *out, const struct person *person);
void device_json_write(struct json_out *out, const struct device *device);
void audit_json_write(struct json_out *out, const struct audit_entry *entry);

#endif
