/* What the desk remembers of the day beside the engine's state: read off the events, live and on replay. */
#ifndef QUARTER_HTTP_DAY_NOTES_H
#define QUARTER_HTTP_DAY_NOTES_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/engine.h"
#include "site/site.h"

struct finished_visit {
    char number[QUARTER_NUMBER_MAX + 1]; /* "" before the first */
    const char *outcome;                 /* a code: an outcome's, or "no_show" */
};

/* Those who wait for a service were told that it takes longer than they had been promised. */
struct delay_notice {
    int64_t since_ms, until_ms; /* shown so long; 0: never was */
    int32_t low_min, high_min;  /* of what they were told instead */
    /* The same of those told since an instant not so long ago: what is shown from that age on. */
    int64_t recent_from_ms;
    int32_t recent_low_min, recent_high_min;
};

struct day_notes {
    int64_t opened_at_ms;                                      /* of the day that was opened last */
    struct finished_visit last_finished[QUARTER_COUNTERS_MAX]; /* by the engine's counter index */
    struct delay_notice delays[QUARTER_SERVICES_MAX];          /* by the engine's service index */
    int64_t crowded_seq[QUARTER_SERVICES_MAX];                 /* likewise */
};

/* How long a delay is announced after the last promise was revised. */
static const int64_t day_notes_delay_ms = 300000;

/* Called before the event is evolved: what it changes can still be seen. */
void day_notes_watch(struct day_notes *notes, const struct engine *engine,
                     const struct event *event);
/* Called after the event was evolved. */
void day_notes_take(struct day_notes *notes, const struct engine *engine,
                    const struct event *event);

/* NULL: none is announced for this service now. */
const struct delay_notice *day_notes_delay(const struct day_notes *notes, int service,
                                           int64_t now_ms);

/* The event by which waiting for this service last came to take longer: somebody joined who waits for it (or was called at
 * once), or came back to it, or a counter that offers it stopped or was moved. 0: none today. A forecast of an earlier
 * journal does not know. */
int64_t day_notes_crowded_seq(const struct day_notes *notes, int service);

enum day_wish { DAY_AS_IT_IS, DAY_TO_OPEN, DAY_TO_CLOSE };

/* What the clock asks for: the day is opened an hour before the doors (staff set up then) and closed at the site's
 * day_end. A day that somebody closed by hand is not opened again by the clock. */
enum day_wish day_notes_wish(const struct day_notes *notes, const struct engine *engine,
                             const struct site *site, int64_t now_ms);

/* Are tickets given out? The site's hours say so; a day that was opened by hand when its hours were over, or on a
 * closed day, is open until its end, since whoever opened it meant it. */
bool day_notes_doors_open(const struct day_notes *notes, const struct engine *engine,
                          const struct site *site, int64_t now_ms);

#endif
