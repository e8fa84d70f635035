/* Something that people/ has to do on its own thread, since it hashes a password or writes to the disk: the connection is
 * parked meanwhile, and answered when it was resumed. */
#ifndef QUARTER_HTTP_ERRAND_H
#define QUARTER_HTTP_ERRAND_H

#include <microhttpd.h>

#include "people/people.h"

struct exchange;
struct errand;

/* Of what went well; other answers are sent as their problems. */
typedef enum MHD_Result errand_finish(struct exchange *exchange,
                                      const struct people_answer *answer);

/* Fills actor and address; the request's strings need live no longer than the call. */
enum MHD_Result errand_park(struct exchange *exchange, struct people_request *request,
                            errand_finish *finish);
/* Answers; called when the parked connection was resumed. */
enum MHD_Result errand_answer(struct exchange *exchange);
void errand_destroy(struct errand *errand); /* NULL-safe */

#endif
