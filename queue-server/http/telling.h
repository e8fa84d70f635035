/* Who is to be told what of the wait: whoever was told nothing gets the first forecast, and whoever will probably wait
 * longer than told hears it before that promise is broken (the alarm of engine/forecast/promise.h). */
#ifndef QUARTER_HTTP_TELLING_H
#define QUARTER_HTTP_TELLING_H

#include "http/desk.h"
#include "http/view_source.h"

/* COMMAND_PROMISE for each, at most so many, linked by next; the caller's. NULL: nobody. */
struct desk_job *telling_jobs(const struct view_source *source, int most);

/* What a visitor is told at once, with the ticket: the wait of the forecast's newcomer. Not known for whoever has to wait
 * for a forecast of their own: who has several needs that restrict, is booked, or was given the ticket some time ago; and when
 * the forecast has not heard of others who came before them (day_notes_crowded_seq()). */
struct promise telling_at_issue(const struct view_source *source, const struct command *issue);

#endif
