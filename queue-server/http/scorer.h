/* Whether what people were told of their waits was true: promises as the journal has them, held against the first call.
 * What follows from it is the level at which P90 is told (engine/forecast/promise.h), and the score that managers see.
 *
 * Fed with every event, in order; a day under way is remembered with its open promises, so the written form, which has
 * none, is made between two days only (scorer_at_rest). Pure; one thread. */
#ifndef QUARTER_HTTP_SCORER_H
#define QUARTER_HTTP_SCORER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/event.h"
#include "engine/forecast/promise.h"
#include "quarter/status.h"

enum { SCORER_DAYS = 20 }; /* with promises, kept: about a month of open days */

struct scorer;

struct scorer *scorer_create(void);
void scorer_destroy(struct scorer *scorer);

void scorer_take(struct scorer *scorer, const struct event *event);

struct scorer_figures {
    struct promise_level level;
    char day[QUARTER_DAY_LEN + 1]; /* the newest; "": none yet */
    struct promise_score today;    /* of that day */
    int days;                      /* that `recent` is over */
    struct promise_score recent;   /* of the last SCORER_DAYS, today included */
};
void scorer_figures(const struct scorer *scorer, struct scorer_figures *figures);
double scorer_level(const struct scorer *scorer);

bool scorer_at_rest(const struct scorer *scorer);
/* As text, with the journal's seq that it reaches to; free(). */
char *scorer_write(const struct scorer *scorer, int64_t through_seq);
/* CORRUPT: not such a text; the scorer knows nothing then. */
enum status scorer_read(struct scorer *scorer, const char *text, int64_t *through_seq);

#endif
