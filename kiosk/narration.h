/* What a page says aloud. Pure: from the page as it is shown (the same list of elements that is drawn) to lines to be
 * spoken, so that ear and eye always get the same. A narrator remembers what was said last and says what is new:
 *
 *  - another page: its alerts, title, texts and numbers in reading order, how many choices there are (without a keypad:
 *    the choices too), and what has the focus;
 *  - another focus: that element, with its state ("ticked", "not available") and its place ("2 of 8");
 *  - the same page, something changed: the alert, the text, the tick, the letter that was typed. Mere figures that count
 *    (clock, seconds left, waits) are not read out again and again.
 *
 * Who does not listen hears nothing. What was typed as an answer is private (EN 301 549, 5.1.3.9): it and the keys it is
 * typed with are spoken into a headset only; else it is said how many letters stand there.
 * A headset that is pulled out silences what was being said: the jack may give it to the loudspeaker. */
#ifndef QUARTER_KIOSK_NARRATION_H
#define QUARTER_KIOSK_NARRATION_H

#include <stdbool.h>
#include <stdint.h>

#include "display/screen/catalogue.h"
#include "display/screen/layout.h"
#include "quarter/limits.h"

enum { NARRATION_LINES_MAX = 64, NARRATION_TEXT_BYTES = 768 };

struct narration_source {
    const struct ui *ui;           /* as shown */
    const char *focused;           /* id of the element with the focus; NULL: none */
    const struct catalogue *words; /* of the page's language */
    bool listening;                /* journey.listening */
    bool keypad;                   /* journey.keypad: choices are walked through by keys */
    bool headset;                  /* what is said goes into a headset */
    const char *typed;             /* journey.typed on a page with a field; NULL: no field */
    bool typed_is_private;         /* an answer (a search is not) */
};

struct narration_line {
    char language[QUARTER_CODE_MAX + 1];
    char text[NARRATION_TEXT_BYTES];
};

struct narration {
    bool hush; /* first stop what is being said */
    int count; /* lines, in order */
    struct narration_line lines[NARRATION_LINES_MAX];
};

/* What was said last; zeroed at first. Written by narration.c alone. */
struct narrator {
    bool listening;
    bool headset;
    bool hinted; /* told how the keypad works */
    uint64_t page;
    uint64_t focused, focused_state;
    uint64_t typed;
    size_t typed_letters;
    int choices;
    int seen_count;
    uint64_t seen[2 * UI_ELEMENTS_MAX]; /* texts, and the ids of those that may count */
};

/* Call after each shown picture and each change of the focus. */
void narrator_look(struct narrator *narrator, const struct narration_source *source,
                   struct narration *out);
/* The repeat key: the whole page again. */
void narrator_repeat(struct narrator *narrator, const struct narration_source *source,
                     struct narration *out);

#endif
