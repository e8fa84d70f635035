/* A decision in the making. Private to engine/: decide.c decides for days and sites, decide_ticket.c for visitors,
 * decide_counter.c for counters, decide_staff.c for what staff do out of the ordinary, undo.c, notices.c, kiosk_side.c for what else happens at a kiosk. */
#ifndef QUARTER_ENGINE_DECIDING_H
#define QUARTER_ENGINE_DECIDING_H

#include "engine/state.h"

struct deciding {
    const struct engine *engine;
    const struct command *command;
    struct decision *decision;
    int64_t at_ms, occurred_at_ms;
    int32_t last_announcement; /* the calls of this decision included */
    uint64_t ready; /* counters, without those that were given somebody in this decision */
};

struct event *deciding_add(struct deciding *it, enum event_type type);
struct event *deciding_add_for_ticket(struct deciding *it, enum event_type type, int ticket);
struct event *deciding_add_for_counter(struct deciding *it, enum event_type type, int counter);

enum refusal decide_issue(struct deciding *it);
enum refusal decide_leave(struct deciding *it);
enum refusal decide_promise(struct deciding *it);
enum refusal decide_reserve_numbers(struct deciding *it);
enum refusal decide_record_visit(struct deciding *it);
enum refusal decide_call_help(struct deciding *it);
enum refusal decide_answer_help(struct deciding *it);
enum refusal decide_cancel_help(struct deciding *it);
void decide_end_help(struct deciding *it);           /* with the day */
void decide_carry_help(struct deciding *it);         /* into a new day */
enum refusal decide_at_counter(struct deciding *it); /* any command that names a counter */
enum refusal decide_park(struct deciding *it, int counter);
enum refusal decide_take_back(struct deciding *it, int counter);
enum refusal decide_call(struct deciding *it, int counter);
enum refusal decide_undo(struct deciding *it, int counter);
enum refusal decide_move(struct deciding *it);
enum refusal decide_unpark(struct deciding *it);
enum refusal decide_revive(struct deciding *it);
enum refusal decide_edit(struct deciding *it);
enum refusal decide_hold(struct deciding *it);
enum refusal decide_unhold(struct deciding *it);
enum refusal decide_post_notice(struct deciding *it);
enum refusal decide_withdraw_notice(struct deciding *it);
void decide_end_notices(struct deciding *it); /* with the day */

/* Of a service that visitors are sent to. */
enum refusal decide_find_service(const struct deciding *it, int *service);
/* The visitor's; -1 and 0 where none is given. */
enum refusal decide_find_language(const struct deciding *it, int *language);
enum refusal decide_find_needs(const struct deciding *it, uint32_t *needs);
/* No counter still on the rota offers the service and meets the hard needs. */
bool decide_nobody_serves(const struct deciding *it, int service, uint32_t needs);

/* Calls to ready counters whoever may be called by now. */
void decide_dispatch(struct deciding *it);

/* Somebody who has just joined the waiting. */
struct arrival {
    const char *ticket_id;
    struct waiter waiter;
    int language;
    int64_t appointment_ms;
};

struct event *deciding_add_call(struct deciding *it, int counter, const struct arrival *arrival,
                                enum call_reason reason, int waiting);
/* Calls it to the best of the ready counters, if one may call it. */
void decide_offer(struct deciding *it, const struct arrival *arrival);

#endif
