/* What a caller is told when a command was accepted. */
#ifndef QUARTER_HTTP_COMMAND_ANSWER_H
#define QUARTER_HTTP_COMMAND_ANSWER_H

#include "http/view_source.h"

/* From the state after the decision's events were evolved. body is the caller's to free; NULL with 204 (nobody that
 * counter can serve waits). */
void command_answer_write(const struct view_source *source, const struct command *command,
                          const struct decision *decision, int *http_status, char **body);

#endif
