/* A ticket as the API shows it: to its holder, and to the counter that called it. Codes, never words. */
#ifndef QUARTER_HTTP_TICKET_JSON_H
#define QUARTER_HTTP_TICKET_JSON_H

#include "http/json_out.h"
#include "http/view_source.h"

/* What the visitor's receipt says: place, state, how long it will take, and that nobody serves it, if so. */
void ticket_json_receipt(struct json_out *out, const struct view_source *source,
                         const struct ticket *ticket);
/* Of a ticket: what only the counter that has it may see. */
struct private_texts {
    char *answers; /* JSON; NULL: none */
    char *note;    /* of the counter that sent it on; NULL: none */
};

/* A ticket at a counter, with the reason of its call. texts: NULL to leave them out: answers to commands are remembered
 * under their keys in the open, and private text must not be. */
void ticket_json_at_counter(struct json_out *out, const struct engine *engine,
                            const struct ticket *ticket, const struct private_texts *texts);
/* Parked, or a no-show: {"id","number","service","language","needs","since","counter"} */
void ticket_json_aside(struct json_out *out, const struct engine *engine,
                       const struct ticket *ticket);
/* "reason":{...}: why it was called, as a member of an object. */
void ticket_json_reason(struct json_out *out, const struct ticket *ticket);
/* A row of the list of who waits, without its end: what one counter can do with it is for its view to add. */
void ticket_json_waiting(struct json_out *out, const struct view_source *source,
                         const struct ticket *ticket);
/* The same as meet and greet sees it, whole: waits as minutes that people are told. */
void ticket_json_floor(struct json_out *out, const struct view_source *source,
                       const struct ticket *ticket);
/* Of a forecast: {"id","number","service","class","wait","promise","late"} */
void ticket_json_forecast(struct json_out *out, const struct view_source *source,
                          const struct ticket *ticket);
/* {"code","state","person"} */
void ticket_json_counter(struct json_out *out, const struct engine *engine,
                         const struct counter *counter);

/* The newest forecast of its whole wait, else what it was told; NULL: it does not wait, or nothing is known. */
const struct promise *ticket_wait(const struct view_source *source, const struct ticket *ticket);
/* Has it waited longer than it was told, or, told nothing, longer than the standard? */
bool ticket_is_late(const struct view_source *source, const struct ticket *ticket);

const char *counter_state_code(enum counter_state state);

#endif
