/* What the handlers of people and devices begin with. */
#ifndef QUARTER_HTTP_ASK_PEOPLE_H
#define QUARTER_HTTP_ASK_PEOPLE_H

#include "http/errand.h"
#include "http/exchange.h"
#include "http/request_people.h"

/* Reads the body, and parks the exchange until people/ has done what is asked. */
enum MHD_Result ask_people(struct exchange *exchange, struct people_request *request,
                           people_reader *read, errand_finish *finish);
/* The body, when sign-in is on; NULL: the answer is queued. The caller json_decref()s it. */
json_t *ask_object(struct exchange *exchange);
/* An empty body, when sign-in is on. False: the answer is queued. */
bool ask_nothing(struct exchange *exchange);

#endif
