/* What several pages share; see turn.h. */
#include "journey/turn.h"

#include <string.h>

#include "quarter/check.h"

bool turn_touched(const struct turn *t, enum journey_action action)
{
    return t->in->kind == INPUT_TOUCH && t->in->action == action;
}

bool turn_touched_one_of(const struct turn *t, enum journey_action action, int count)
{
    return turn_touched(t, action) && t->in->item >= 0 && t->in->item < count;
}

void turn_enter(struct turn *t, enum journey_page page)
{
    struct journey *j = t->j;
    bool over = page == PAGE_LANGUAGES || page == PAGE_EASE;
    j->page = page;
    j->since_ms = t->now;
    j->active_ms = t->now;
    j->asking = false;
    j->sheet = 0;
    j->notice = NOTICE_NONE;
    if (!over && page != PAGE_QUESTION)
        j->question = -1;
}

void turn_fresh_key(struct turn *t)
{
    CHECK(strlen(t->in->fresh_key) >= QUARTER_KEY_MIN);
    memcpy(t->j->key, t->in->fresh_key, sizeof t->j->key);
}

static void no_slip(struct journey *j)
{
    j->job = JOB_NONE;
    j->slip[0] = '\0';
    j->copy = 0;
}

void turn_enter_ready(struct turn *t)
{
    turn_fresh_key(t);
    no_slip(t->j);
    t->j->later = false;
    turn_enter(t, PAGE_READY);
}

static bool is_on(const struct journey *j, enum journey_page page)
{
    bool over = j->page == PAGE_LANGUAGES || j->page == PAGE_EASE;
    return (over ? j->under : j->page) == page;
}

void turn_end_visit(struct turn *t)
{
    struct journey *j = t->j;
    if (is_on(j, PAGE_PROBLEM) && j->problem == PROBLEM_UNREACHABLE) { /* may still be out */
        t->step->effects |= EFFECT_CANCEL;
        memcpy(t->step->cancel_key, j->key, sizeof t->step->cancel_key);
    }
    if (is_on(j, PAGE_SIGNPOST)) {
        t->step->effects |= EFFECT_VISIT;
        t->step->visit = (struct journey_visit){.service = j->service,
                                                .signpost = j->signpost,
                                                .language = j->language,
                                                .reason = j->reason};
        memcpy(t->step->visit.key, j->key, sizeof t->step->visit.key);
    }
    turn_rest(t);
}

static void enter_done(struct turn *t)
{
    struct journey *j = t->j;
    j->ticket = t->in->ticket;
    j->slow = false;
    j->problem = PROBLEM_NONE;
    no_slip(j);
    memcpy(j->slip, j->ticket.id, sizeof j->slip);
    if (journey_paper_prints(j->paper)) {
        j->job = JOB_PRINTING;
        j->copy = 1;
        j->print_ms = t->now;
        t->step->effects |= EFFECT_PRINT;
    } else if (j->paper != PAPER_NO_PRINTER) {
        j->job = JOB_FAILED; /* nothing that would come out later, for somebody else */
    }
    turn_enter(t, PAGE_DONE);
}

bool turn_take_answer(struct turn *t)
{
    if (t->in->kind != INPUT_TICKET && t->in->kind != INPUT_REFUSED)
        return false;
    /* One for an older key (given up, of an earlier visit) is not for whoever stands here now. */
    if (t->j->key[0] == '\0' || strcmp(t->in->key, t->j->key) != 0)
        return true;
    if (t->in->kind == INPUT_TICKET) {
        enter_done(t);
        return true;
    }
    t->j->problem = t->in->problem;
    t->j->slow = false;
    turn_enter(t, PAGE_PROBLEM);
    return true;
}
