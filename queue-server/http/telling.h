/* Who is to be told what of the wait: whoever was told nothing gets the first forecast, and whoever will probably wait
 * longer than told hears it before that promise is broken (the alarm of engine/forecast/promise.h). */
#ifndef QUARTER_HTTP_TELLING_H
#define QUARTER_HTTP_TELLING_H

#include "http/desk.h"
#include "http/view_source.h"

/* COMMAND_PROMISE for each, at most so many, linked by next; the caller's. NULL: nobody. */
struct desk_job *telling_jobs(const struct view_source *source, int most);

#endif
