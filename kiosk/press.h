/* What the finger is on, and when lifting it is a press. Pure.
 *
 * A press is down and up on the same element of one page: sliding off takes it back, and so does a
 * page that changes meanwhile. It is for the page that was on the glass when the finger came down:
 * a busy kiosk may take a touch in long after it was made, and what comes to lie under the finger
 * was never touched. Times are those of the touches (input.h), monotonic. */
#ifndef QUARTER_KIOSK_PRESS_H
#define QUARTER_KIOSK_PRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "journey/journey.h"

enum { PRESS_ID_BYTES = 64 };

/* All zero: nothing was shown yet. Element ids may be NULL: beside everything. */
struct press {
    char id[PRESS_ID_BYTES]; /* what the finger is on; "" nothing */
    enum journey_page page;  /* on the glass ... */
    int part;                /* ... and which question of it */
    bool asking;
    int64_t since_ms; /* ... since then */
};

/* The journey's page is about to be on the glass. */
void press_show(struct press *press, const struct journey *journey, int64_t now_ms);
bool press_is_shown(const struct press *press, const struct journey *journey);
/* False: the finger came down on nothing that can be pressed. */
bool press_down(struct press *press, const struct journey *journey, const char *id, int64_t at_ms);
/* True: the finger was on something and slid off. */
bool press_move(struct press *press, const char *id);
/* True: this was a press of `id`. */
bool press_up(struct press *press, const struct journey *journey, const char *id);
void press_cancel(struct press *press);

#endif
