/* A ticket as the API shows it: to its holder, and to the counter that called it. Codes, never words. */
#ifndef QUARTER_HTTP_TICKET_JSON_H
#define QUARTER_HTTP_TICKET_JSON_H

#include "engine/engine.h"
#include "http/json_out.h"

/* What the visitor's receipt says: place, state, and that nobody serves it, if so. */
void ticket_json_receipt(struct json_out *out, const struct engine *engine,
                         const struct ticket *ticket);
/* A ticket at a counter, with the reason of its call. answers: JSON, or NULL to leave them out: answers to commands
 * are remembered under their keys in the open, and private text must not be. */
void ticket_json_at_counter(struct json_out *out, const struct engine *engine,
                            const struct ticket *ticket, const char *answers);
/* "reason":{...}: why it was called, as a member of an object. */
void ticket_json_reason(struct json_out *out, const struct ticket *ticket);
/* A row of the list of who waits. */
void ticket_json_waiting(struct json_out *out, const struct engine *engine,
                         const struct ticket *ticket, bool can_serve);
/* {"code","state"} */
void ticket_json_counter(struct json_out *out, const struct counter *counter);

const char *counter_state_code(enum counter_state state);

#endif
