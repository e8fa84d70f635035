/* What the client says became of a request for a ticket, as the journey hears it. Pure. */
#ifndef QUARTER_KIOSK_ANSWERS_H
#define QUARTER_KIOSK_ANSWERS_H

#include "client/client.h"
#include "journey/journey.h"

struct journey_input answer_of_ticket(const struct ticket_receipt *receipt);
struct journey_input answer_of_refusal(const struct issue_refusal *refusal);

#endif
