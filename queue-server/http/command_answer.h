/* What a caller is told when a command was accepted. */
#ifndef QUARTER_HTTP_COMMAND_ANSWER_H
#define QUARTER_HTTP_COMMAND_ANSWER_H

#include "http/view_source.h"

/* From the state after the decision's events were evolved. body is the caller's to free; NULL with 204 (nobody that
 * counter can serve waits). */
void command_answer_write(const struct view_source *source, const struct command *command,
                          const struct decision *decision, int *http_status, char **body);

/* Puts the address of the visit's own page where the answer has none: it opens the visit, and is worked out each time, so
 * that no answer is kept with it. */
void command_answer_put_url(const struct visits *visits, char **body);

#endif
