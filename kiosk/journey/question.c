/* The questions of a service, one a page: which comes next, back, skipped. What a page of each kind
 * does with a touch is in question_KIND.c.
 *
 * `asked` is the way the visitor took: first the questions put before ready, then those behind "Help
 * us prepare". An answer changed on the way back keeps what still follows from it and forgets the
 * rest. */
#include <string.h>

#include "journey/turn.h"
#include "quarter/check.h"

void turn_forget_asked(struct journey *j, int count)
{
    for (int i = count; i < j->asked_count; i++)
        explicit_bzero(&j->asked[i], sizeof j->asked[i]);
    if (count < j->asked_count)
        j->asked_count = count;
}

static void show(struct turn *t, int at, int question)
{
    struct journey *j = t->j;
    CHECK(at >= 0 && at < JOURNEY_ASKED_MAX);
    if (at >= j->asked_count || j->asked[at].question != question) {
        turn_forget_asked(j, at);
        j->asked[at].question = question;
        j->asked_count = at + 1;
    }
    j->at = at;
    j->question = question;
    j->keyboard = 0;
    memcpy(j->typed, j->asked[at].text, sizeof j->typed);
    turn_enter(t, PAGE_QUESTION);
}

static void leave_questions(struct turn *t)
{
    explicit_bzero(t->j->typed, sizeof t->j->typed);
    t->j->at = 0;
    t->j->keyboard = 0;
}

/* All questions before ready are dealt with, so many. Later ones of another service mean nothing here. */
static void become_ready(struct turn *t, int count)
{
    struct journey *j = t->j;
    j->first_count = count;
    int kept = count;
    while (kept < j->asked_count && triage_next(j, t->site, kept, true) >= 0 &&
           triage_next(j, t->site, kept, true) == j->asked[kept].question)
        kept++;
    turn_forget_asked(j, kept);
    leave_questions(t);
    turn_enter_ready(t);
}

static void put_first(struct turn *t, int at)
{
    t->j->service = triage_service(t->j, t->site, at);
    int question = triage_next(t->j, t->site, at, false);
    if (question >= 0)
        show(t, at, question);
    else
        become_ready(t, at);
}

static void put_later(struct turn *t, int at)
{
    int question = triage_next(t->j, t->site, at, true);
    if (question >= 0) {
        show(t, at, question);
        return;
    }
    leave_questions(t);
    turn_enter_ready(t);
}

void turn_choose_service(struct turn *t, int service, enum journey_page from)
{
    struct journey *j = t->j;
    if (j->page == PAGE_SEARCH)
        memcpy(j->searched, j->typed, sizeof j->searched - 1);
    turn_forget_asked(j, 0);
    j->from = from;
    j->chosen = service;
    j->first_count = 0;
    j->later = false;
    j->signpost = -1;
    put_first(t, 0);
}

void turn_leave_service(struct turn *t)
{
    struct journey *j = t->j;
    turn_forget_asked(j, 0);
    leave_questions(t);
    j->first_count = 0;
    j->key[0] = '\0';
    j->service = j->chosen = -1;
    j->signpost = -1;
    if (j->from == PAGE_SEARCH)
        memcpy(j->typed, j->searched, sizeof j->searched);
    turn_enter(t, j->from);
}

void turn_ask_later(struct turn *t)
{
    t->j->later = true;
    put_later(t, t->j->first_count);
}

bool turn_last_question(struct turn *t)
{
    struct journey *j = t->j;
    if (j->first_count == 0)
        return false;
    int at = j->first_count - 1;
    j->key[0] = '\0';
    j->signpost = -1;
    j->service = triage_service(j, t->site, at);
    show(t, at, j->asked[at].question);
    return true;
}

void turn_go_on(struct turn *t)
{
    struct journey *j = t->j;
    if (j->later) {
        put_later(t, j->at + 1);
        return;
    }
    j->signpost = triage_signpost(t->site, &j->asked[j->at]);
    if (j->signpost < 0) {
        put_first(t, j->at + 1);
        return;
    }
    j->first_count = j->at + 1;
    turn_forget_asked(j, j->first_count);
    turn_fresh_key(t); /* of the visit that may end here */
    j->job = JOB_NONE;
    j->copy = 0;
    leave_questions(t);
    turn_enter(t, PAGE_SIGNPOST);
    turn_note_slips(t);
}

static void go_back(struct turn *t)
{
    struct journey *j = t->j;
    int first = j->later ? j->first_count : 0;
    if (j->at > first) {
        int at = j->at - 1;
        if (!j->later)
            j->service = triage_service(j, t->site, at);
        show(t, at, j->asked[at].question);
    } else if (j->later) {
        leave_questions(t);
        turn_enter_ready(t);
    } else {
        turn_leave_service(t);
    }
}

static void skip(struct turn *t)
{
    struct journey_asked *asked = &t->j->asked[t->j->at];
    *asked = (struct journey_asked){.question = asked->question, .skipped = true};
    turn_go_on(t);
}

void at_question(struct turn *t)
{
    if (t->in->kind != INPUT_TOUCH)
        return;
    if (turn_touched(t, ACTION_BACK)) {
        go_back(t);
        return;
    }
    if (turn_touched(t, ACTION_SKIP) || turn_touched(t, ACTION_NOT_SURE)) {
        skip(t);
        return;
    }
    switch (t->site->question[t->j->question].kind) {
    case QUESTION_ONE:
    case QUESTION_YES_NO: take_choice(t); break;
    case QUESTION_SEVERAL: take_ticks(t); break;
    case QUESTION_NUMBER:
    case QUESTION_TEXT: take_typing(t); break;
    }
}
