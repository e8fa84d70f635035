/* From "ready" to the ticket, or to what is in its way. */
#include <string.h>

#include "journey/turn.h"

static void leave_ready(struct turn *t)
{
    struct journey *j = t->j;
    if (j->signpost >= 0)
        turn_enter(
            t, PAGE_SIGNPOST); /* the key, unused, becomes that of the visit that may end there */
    else if (!turn_last_question(t))
        turn_leave_service(t);
}

static void toggle_need(struct journey *j, int need)
{
    uint32_t bit = UINT32_C(1) << need;
    bool wanted = (j->needs & bit) == 0;
    j->needs_on = wanted ? j->needs_on | bit : j->needs_on & ~bit;
    j->needs_off = wanted ? j->needs_off & ~bit : j->needs_off | bit;
}

void at_ready(struct turn *t)
{
    if (turn_touched(t, ACTION_BACK)) {
        leave_ready(t);
    } else if (turn_touched_one_of(t, ACTION_TOGGLE_NEED, t->site->needs)) {
        toggle_need(t->j, t->in->item);
    } else if (turn_touched(t, ACTION_NEEDS)) {
        turn_enter(t, PAGE_NEEDS);
    } else if (turn_touched(t, ACTION_QUESTIONS)) {
        turn_ask_later(t);
    } else if (turn_touched(t, ACTION_GET_TICKET)) {
        t->step->effects |= EFFECT_ISSUE;
        turn_enter(t, PAGE_GETTING);
    }
}

void at_needs(struct turn *t)
{
    if (turn_touched_one_of(t, ACTION_TOGGLE_NEED, t->site->needs))
        toggle_need(t->j, t->in->item);
    else if (turn_touched(t, ACTION_CONTINUE) || turn_touched(t, ACTION_BACK))
        turn_enter(t, PAGE_READY);
}

void at_getting(struct turn *t)
{
    struct journey *j = t->j;
    if (turn_take_answer(t))
        return;
    if (t->now - j->since_ms >= JOURNEY_GIVE_UP_MS) {
        j->problem = PROBLEM_UNREACHABLE;
        j->slow = false;
        turn_enter(t, PAGE_PROBLEM);
    } else if (t->now - j->since_ms >= JOURNEY_SLOW_MS) {
        j->slow = true;
    }
}

void at_done(struct turn *t)
{
    struct journey *j = t->j;
    if (turn_touched(t, ACTION_FINISHED)) {
        turn_rest(t);
    } else if (turn_touched(t, ACTION_PRINT_AGAIN)) {
        j->copy++;
        j->job = JOB_PRINTING;
        j->print_ms = t->now;
        t->step->effects |= EFFECT_PRINT_AGAIN;
    }
}

void at_problem(struct turn *t)
{
    struct journey *j = t->j;
    bool waiting = j->problem == PROBLEM_UNREACHABLE;
    if (waiting && turn_take_answer(t))
        return;
    if (turn_touched(t, ACTION_START_AGAIN)) {
        turn_end_visit(t);
    } else if (turn_touched(t, ACTION_KEEP_TRYING)) {
        j->problem = PROBLEM_NONE;
        turn_enter(t, PAGE_GETTING); /* the request never stopped: nothing is asked twice */
        j->slow = true;
    } else if (turn_touched(t, ACTION_BACK)) {
        j->problem = PROBLEM_NONE;
        j->from = PAGE_SERVICES;
        turn_leave_service(t);
    }
}
