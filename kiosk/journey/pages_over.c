/* Languages and "Aa" lie over the page they were opened on and give it back unchanged. */
#include "journey/turn.h"

/* Closed by Back, or by what opened it; the other one takes its place. */
static void take_over(struct turn *t, enum journey_action own, enum journey_action other,
                      enum journey_page other_page)
{
    if (turn_touched(t, ACTION_BACK) || turn_touched(t, own))
        turn_enter(t, t->j->under);
    else if (turn_touched(t, other))
        turn_enter(t, other_page);
}

/* A request may be out, under a page that says that it takes longer. */
static bool take_answer_under(struct turn *t)
{
    bool waiting = t->j->under == PAGE_PROBLEM && t->j->problem == PROBLEM_UNREACHABLE;
    return waiting && turn_take_answer(t);
}

void at_languages(struct turn *t)
{
    if (take_answer_under(t))
        return;
    if (turn_touched_one_of(t, ACTION_CHOOSE_LANGUAGE, t->site->languages)) {
        t->j->language = t->in->item;
        turn_enter(t, t->j->under);
        return;
    }
    take_over(t, ACTION_LANGUAGE, ACTION_EASE, PAGE_EASE);
}

void at_ease(struct turn *t)
{
    if (take_answer_under(t))
        return;
    if (turn_touched(t, ACTION_CONTINUE))
        turn_enter(t, t->j->under);
    else
        take_over(t, ACTION_EASE, ACTION_LANGUAGE, PAGE_LANGUAGES);
}
