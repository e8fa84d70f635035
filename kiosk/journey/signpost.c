/* An answer that ends without a queue, for who is content with it: it can be taken along on paper,
 * and whoever wants to see somebody all the same gets a ticket. */
#include <string.h>

#include "journey/turn.h"

/* The slip's name: the visit's key, cut to what a ticket's id has. */
static void name_slip(struct journey *j)
{
    for (int i = 0; i < QUARTER_ULID_LEN; i++) {
        char c = j->key[i];
        j->slip[i] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    }
    j->slip[0] = '0';
    j->slip[QUARTER_ULID_LEN] = '\0';
}

void turn_note_slips(struct turn *t)
{
    struct journey *j = t->j;
    bool prints = j->signpost >= 0 && t->site->signpost_prints[j->signpost];
    if (prints && j->signpost_slips >= JOURNEY_SIGNPOST_SLIPS_MAX)
        j->notice = NOTICE_SLIPS_USED;
}

void at_signpost(struct turn *t)
{
    struct journey *j = t->j;
    if (turn_touched(t, ACTION_BACK)) {
        (void)turn_last_question(t);
    } else if (turn_touched(t, ACTION_SEE_SOMEBODY)) {
        turn_enter_ready(t);
    } else if (turn_touched(t, ACTION_FINISHED)) {
        turn_end_visit(t);
    } else if (turn_touched(t, ACTION_PRINT_SIGNPOST)) {
        name_slip(j);
        j->copy++;
        j->signpost_slips++;
        turn_note_slips(t);
        j->job = JOB_PRINTING;
        j->print_ms = t->now;
        t->step->effects |= EFFECT_PRINT_SIGNPOST;
    }
}
