/* Between the journey and the server: what is asked of it, and what it says became of that. Pure. */
#ifndef QUARTER_KIOSK_ANSWERS_H
#define QUARTER_KIOSK_ANSWERS_H

#include "client/client.h"
#include "journey/journey.h"

struct journey_input answer_of_ticket(const struct ticket_receipt *receipt);
struct journey_input answer_of_refusal(const struct issue_refusal *refusal);

/* The ticket a journey asks for, with what was answered on the way; *request is zeroed by the caller. */
void request_of_journey(const struct journey *journey, const struct site_info *site,
                        const char *language, const char *device, struct issue_request *request);
/* The record of a visit that ended at a signpost. */
struct visit_request request_of_visit(const struct journey_visit *visit,
                                      const struct site_info *site, const char *language,
                                      const char *device);

#endif
