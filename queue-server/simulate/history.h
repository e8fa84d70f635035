/* What a centre's journal taught about it, for days invented after its own. */
#ifndef QUARTER_SIMULATE_HISTORY_H
#define QUARTER_SIMULATE_HISTORY_H

#include "engine/forecast/knowledge.h"
#include "quarter/status.h"
#include "site/site.h"

enum { HISTORY_MESSAGE_BYTES = 512 };

/* data: the folder that `serve --data` was given; only read, also while a server writes to it. Otherwise message says
 * what is wrong with it. */
enum status history_read(const char *data, const struct site *site, struct knowledge *knowledge,
                         char message[HISTORY_MESSAGE_BYTES]);

#endif
