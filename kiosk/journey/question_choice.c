/* One of several answers, yes or no: touching it goes on; it stands ticked for who comes back. */
#include "journey/turn.h"

void take_choice(struct turn *t)
{
    struct journey_asked *asked = &t->j->asked[t->j->at];
    if (turn_touched(t, ACTION_CONTINUE)) { /* only offered when it is answered */
        turn_go_on(t);
        return;
    }
    if (!turn_touched_one_of(t, ACTION_CHOOSE_ANSWER, t->site->question[asked->question].answers))
        return;
    asked->answered = true;
    asked->skipped = false;
    asked->choices = UINT32_C(1) << t->in->item;
    turn_go_on(t);
}
