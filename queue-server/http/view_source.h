/* What everything that is shown is written from. Borrowed for the call. */
#ifndef QUARTER_HTTP_VIEW_SOURCE_H
#define QUARTER_HTTP_VIEW_SOURCE_H

#include "engine/engine.h"
#include "http/day_notes.h"
#include "http/device_states.h"
#include "http/waits.h"
#include "report/today.h"
#include "site/site.h"

struct people;
struct prints;
struct visits;

struct view_source {
    const struct engine *engine;
    const struct site *site;
    const struct day_notes *notes;
    const struct waits *waits;       /* NULL: nothing is known of waits */
    const struct waits_today *today; /* NULL: nothing is known of the rest of the day */
    struct today *figures;           /* of the day, to be asked; NULL: none */
    struct people *people;           /* NULL: sign-in is off, and nobody has a name */
    struct device_states *devices;   /* NULL: nothing is known of any */
    /* bit i: rules.counters[i] is still staffed today, or works although the rota says otherwise; ~0: not known */
    uint64_t rostered;
    const struct prints *prints; /* NULL: nothing is printed for anybody */
    const struct visits *visits; /* NULL: no addresses for phones */
    int64_t now_ms;
    int site_errors; /* of the site's folder, for which an older site is in force */
};

/* Tickets of an engine lie in one array, in order of their indices. */
static inline int32_t view_ticket_index(const struct view_source *source,
                                        const struct ticket *ticket)
{
    return (int32_t)(ticket - engine_ticket(source->engine, 0));
}

#endif
