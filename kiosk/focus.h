/* Where a keypad stands on the page: on one of the elements that keys reach, by its id, so that the page may be laid out
 * anew around it. Pure. */
#ifndef QUARTER_KIOSK_FOCUS_H
#define QUARTER_KIOSK_FOCUS_H

#include "display/screen/layout.h"
#include "press.h"

/* All zero: on nothing. */
struct focus {
    char id[PRESS_ID_BYTES];
    int order;                 /* its place when last seen: where to go on should it vanish */
    char page[PRESS_ID_BYTES]; /* it was last seen on */
};

/* The page as it is laid out now. Another page, and one that had no focus, begin at their first element; an element that
 * is gone gives the focus to the one that took its place. `part` tells pages of one name apart (which question). True:
 * the focus is elsewhere now, and the page must be laid out again to show it. */
bool focus_look(struct focus *focus, const struct ui *ui, int part);
/* Along the order of the page, disabled elements too: who cannot see must find out that they are there. Round at the
 * ends. False: there is nothing to stand on. */
bool focus_move(struct focus *focus, const struct ui *ui, int step);
void focus_clear(struct focus *focus);
/* NULL: on nothing. */
const char *focus_id(const struct focus *focus);

#endif
