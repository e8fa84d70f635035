/* Inside the journey: one call of journey_next, and what the pages' functions share. Each page has
 * one function, at_PAGE(turn), which answers the touch or tick of this turn. A touch that the
 * journey does not offer (triage.c: journey_derive) never reaches a page. */
#ifndef QUARTER_KIOSK_JOURNEY_TURN_H
#define QUARTER_KIOSK_JOURNEY_TURN_H

#include "journey/journey.h"

struct turn {
    struct journey *j;
    const struct journey_site *site;
    const struct journey_input *in;
    int64_t now;
    struct journey_step *step;
};

bool turn_touched(const struct turn *t, enum journey_action action);
/* ... and its item is one of so many. */
bool turn_touched_one_of(const struct turn *t, enum journey_action action, int count);
void turn_enter(struct turn *t, enum journey_page page);
/* Forgets the visit; the next visitor finds nothing of it. */
void turn_rest(struct turn *t);
/* Likewise, after saying what the world must know of a visit that ends here. */
void turn_end_visit(struct turn *t);
/* The key of a request that may follow is made from the touch, here and nowhere else. */
void turn_fresh_key(struct turn *t);
void turn_enter_ready(struct turn *t);
/* The answer to the request that is out, on whatever page the visitor waits for it. True: it took the turn. */
bool turn_take_answer(struct turn *t);

/* A service was chosen on `from`: its first question, or ready. */
void turn_choose_service(struct turn *t, int service, enum journey_page from);
/* Back to where it was chosen. */
void turn_leave_service(struct turn *t);
/* The questions behind "Help us prepare". */
void turn_ask_later(struct turn *t);
/* The last question put before ready; false: there was none. */
bool turn_last_question(struct turn *t);
/* The question shown is dealt with: the next one, a signpost, or ready. */
void turn_go_on(struct turn *t);
/* What was answered is kept for the ticket; forgets all from `count` on. */
void turn_forget_asked(struct journey *j, int count);

/* pages_choose.c */
void at_welcome(struct turn *t);
void at_closed(struct turn *t);
void at_services(struct turn *t);
void at_group(struct turn *t);
void at_search(struct turn *t);
/* pages_over.c: pages that lie over another */
void at_languages(struct turn *t);
void at_ease(struct turn *t);
/* question.c, and one file for each kind */
void at_question(struct turn *t);
void take_choice(struct turn *t); /* question_choice.c: one, yes_no */
void take_ticks(struct turn *t);  /* question_several.c */
void take_typing(struct turn *t); /* question_typed.c: number, text */
/* signpost.c */
void at_signpost(struct turn *t);
void turn_note_slips(struct turn *t); /* says it when there are no more */
/* pages_ticket.c */
void at_ready(struct turn *t);
void at_needs(struct turn *t);
void at_getting(struct turn *t);
void at_done(struct turn *t);
void at_problem(struct turn *t);

/* typing.c: one touch on the on-screen keyboard, into j->typed; at most so many code points. */
void turn_type(struct turn *t, int most, bool digits_only);
/* Typed by a scanner instead. False: it does not fit, or is not of that kind. */
bool turn_type_scan(struct turn *t, int most, bool digits_only);

/* triage.c: where the choice and the first `count` answers lead. */
int triage_service(const struct journey *j, const struct journey_site *site, int count);
/* The question to put as number `at`, or -1: none is left. */
int triage_next(const struct journey *j, const struct journey_site *site, int at, bool later);
/* The signpost an answered question leads to, or -1. */
int triage_signpost(const struct journey_site *site, const struct journey_asked *asked);

#endif
