/* Any number of the answers; none is an answer too. They count once the visitor goes on. */
#include "journey/turn.h"

void take_ticks(struct turn *t)
{
    struct journey_asked *asked = &t->j->asked[t->j->at];
    if (turn_touched_one_of(t, ACTION_CHOOSE_ANSWER, t->site->question[asked->question].answers)) {
        asked->choices ^= UINT32_C(1) << t->in->item;
    } else if (turn_touched(t, ACTION_CONTINUE)) {
        asked->answered = true;
        asked->skipped = false;
        turn_go_on(t);
    }
}
