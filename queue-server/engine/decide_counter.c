/* Decide for counters: who is called where, and what staff do there. See decide.c. */
#include <string.h>

#include "engine/deciding.h"
#include "quarter/check.h"

/* calls */

/* A clock may leap by more than a row can hold. */
static int32_t seconds_of(int64_t ms)
{
    const int64_t s = ms / 1000;
    return s < 0 ? 0 : s > INT32_MAX ? INT32_MAX : (int32_t)s;
}

static void add_call(struct deciding *it, int counter, const struct arrival *arrival,
                     enum call_reason reason, int waiting)
{
    const struct policy_terms *terms = &it->engine->rules.policy;
    struct event *event = deciding_add_for_counter(it, EVENT_TICKET_CALLED, counter);
    event->occurred_at_ms = it->at_ms; /* also of one who came before the server heard of it */
    memcpy(event->ticket, arrival->ticket_id, sizeof(event->ticket));
    event->body.called = (struct event_ticket_called){
        .announcement = ++it->last_announcement,
        .reason = reason,
        .waited_s = seconds_of(it->at_ms - arrival->waiter.leg_from_ms),
        .waiting = waiting,
        .appointment_ms = arrival->appointment_ms,
        .standard_s = seconds_of(terms->standard_ms),
        .limit_s = seconds_of(terms->limit_ms)};
}

static void add_choice(struct deciding *it, int counter, const struct policy_choice *choice)
{
    const struct ticket *ticket = &it->engine->tickets[choice->waiter.ticket];
    const struct arrival called = {.ticket_id = ticket->id,
                                   .waiter = choice->waiter,
                                   .language = ticket->language,
                                   .appointment_ms = ticket->appointment_ms};
    add_call(it, counter, &called, choice->reason, choice->waiting);
}

/* Of the ready counters that may call it, the one it takes; -1: none. speaks: it speaks the visitor's language, as
 * another of them does not. */
static int best_ready(const struct deciding *it, const struct waiter *waiter, int language,
                      bool *speaks)
{
    const struct engine *engine = it->engine;
    struct counter_offer best = {0};
    int chosen = -1;
    bool another_does_not = false;
    for (uint64_t left = it->ready; left != 0; left &= left - 1) {
        const int index = __builtin_ctzll(left);
        const struct counter *counter = &engine->counters[index];
        const int64_t after_ms =
            needs_callable_after_ms(&engine->needs, waiter->needs, counter->needs);
        if (waiter->service >= QUARTER_SERVICES_MAX ||
            (counter->services >> waiter->service & 1) == 0 ||
            it->at_ms - waiter->leg_from_ms < after_ms) {
            continue;
        }
        const struct counter_offer offer = {.speaks = language >= 0 &&
                                                      (counter->languages >> language & 1) != 0,
                                            .services = __builtin_popcountll(counter->services),
                                            .idle_since_ms = counter->ready_since_ms};
        another_does_not |= !offer.speaks;
        if (chosen < 0 || policy_offer_is_better(&offer, &best)) {
            chosen = index;
            best = offer;
        }
    }
    *speaks = best.speaks && another_does_not;
    return chosen;
}

void decide_offer(struct deciding *it, const struct arrival *arrival)
{
    bool speaks = false;
    const int counter = best_ready(it, &arrival->waiter, arrival->language, &speaks);
    if (counter < 0) {
        return;
    }
    it->ready &= ~(UINT64_C(1) << counter);
    enum call_reason reason = speaks ? CALL_FREE_COUNTER_LANGUAGE : CALL_FREE_COUNTER;
    if (arrival->waiter.ticket_class == CLASS_TRANSFER) {
        reason = CALL_TRANSFERRED;
    }
    add_call(it, counter, arrival, reason, 1);
}

/* Whom a counter would call but for those taken. */
static bool choose_for(const struct deciding *it, int counter, const struct waiter *taken,
                       int taken_count, struct policy_choice *choice)
{
    const struct policy_view view = state_view(it->engine, it->at_ms);
    struct policy_desk desk = state_desk(it->engine, counter);
    desk.taken = taken;
    desk.taken_count = taken_count;
    return policy_choose(&view, &desk, choice);
}

/* The first by rank of all whom a ready counter may call goes to the best of these counters; then the next. */
void decide_dispatch(struct deciding *it)
{
    struct waiter taken[QUARTER_COUNTERS_MAX];
    int count = 0;
    while (it->ready != 0 && it->engine->lines.waiting > count) {
        struct policy_choice first = {.waiter.ticket = LINE_NOBODY};
        struct policy_choice choice;
        for (uint64_t left = it->ready; left != 0; left &= left - 1) {
            if (choose_for(it, __builtin_ctzll(left), taken, count, &choice) &&
                (first.waiter.ticket == LINE_NOBODY ||
                 policy_ranks_before(choice.rank, choice.waiter.ticket, first.rank,
                                     first.waiter.ticket))) {
                first = choice;
            }
        }
        if (first.waiter.ticket == LINE_NOBODY) {
            return;
        }
        bool speaks = false;
        const int counter = best_ready(it, &first.waiter,
                                       it->engine->tickets[first.waiter.ticket].language, &speaks);
        CHECK(counter >= 0);
        /* Again, for the reason: that counter may have had others to choose from. */
        const bool found = choose_for(it, counter, taken, count, &choice);
        CHECK(found && choice.waiter.ticket == first.waiter.ticket);
        add_choice(it, counter, &choice);
        taken[count++] = choice.waiter;
        it->ready &= ~(UINT64_C(1) << counter);
    }
}

/* counters */

/* The counter of a command. Only to be opened may it be closed, and only to be opened or closed be paused. */
static enum refusal find_counter(const struct deciding *it, int *counter)
{
    *counter = codes_find(&it->engine->counter_codes, it->command->counter);
    if (*counter < 0) {
        return REFUSAL_UNKNOWN_COUNTER;
    }
    if (!it->engine->day_open) {
        return REFUSAL_DAY_CLOSED;
    }
    const enum counter_state state = it->engine->counters[*counter].state;
    const enum command_type type = it->command->type;
    bool fits = state == COUNTER_OPEN || type == COMMAND_OPEN_COUNTER ||
                (state == COUNTER_PAUSED && type == COMMAND_CLOSE_COUNTER);
    return fits ? REFUSAL_NONE : REFUSAL_COUNTER_NOT_OPEN;
}

static enum refusal open_counter(struct deciding *it, int counter)
{
    if (it->engine->counters[counter].state == COUNTER_OPEN) {
        return REFUSAL_COUNTER_OPEN_ALREADY;
    }
    if (it->engine->counters[counter].retired) {
        return REFUSAL_UNKNOWN_COUNTER;
    }
    deciding_add_for_counter(it, EVENT_COUNTER_OPENED, counter);
    return REFUSAL_NONE;
}

static enum refusal shut_counter(struct deciding *it, int counter, enum event_type type)
{
    if (it->engine->counters[counter].ticket >= 0) {
        return REFUSAL_COUNTER_BUSY;
    }
    deciding_add_for_counter(it, type, counter);
    return REFUSAL_NONE;
}

static enum refusal call_next(struct deciding *it, int index)
{
    const struct engine *engine = it->engine;
    const struct counter *counter = &engine->counters[index];
    if (counter->ticket >= 0) {
        return engine->tickets[counter->ticket].state == TICKET_CALLED ? REFUSAL_NONE
                                                                       : REFUSAL_COUNTER_BUSY;
    }
    if (counter->retired) {
        return REFUSAL_UNKNOWN_COUNTER;
    }
    const struct policy_view view = state_view(engine, it->at_ms);
    const struct policy_desk desk = state_desk(engine, index);
    struct policy_choice choice;
    if (policy_choose(&view, &desk, &choice)) {
        add_choice(it, index, &choice);
    } else if (counter->ready_since_ms == 0) {
        deciding_add_for_counter(it, EVENT_COUNTER_READY, index);
    }
    return REFUSAL_NONE;
}

/* Recall, start and no-show need a called visitor; finish needs one who is being served. */
static enum refusal at_counter(struct deciding *it, int counter)
{
    const struct engine *engine = it->engine;
    enum command_type type = it->command->type;
    int index = engine->counters[counter].ticket;
    if (index < 0) {
        return REFUSAL_NO_TICKET_HERE;
    }
    const struct ticket *ticket = &engine->tickets[index];
    if (type == COMMAND_FINISH) {
        if (ticket->state != TICKET_SERVING) {
            return REFUSAL_NOT_SERVING;
        }
        if ((unsigned)it->command->outcome >= OUTCOME_UNRECORDED) {
            return REFUSAL_STATE_CONFLICT; /* only the day's end says "unrecorded" */
        }
        deciding_add_for_ticket(it, EVENT_TICKET_CLOSED, index)->body.closed.outcome =
            it->command->outcome;
        return REFUSAL_NONE;
    }
    if (ticket->state != TICKET_CALLED) {
        return REFUSAL_NOT_CALLED;
    }
    if (type == COMMAND_NO_SHOW && ticket->recalls == 0) {
        return REFUSAL_RECALL_FIRST;
    }
    if (type == COMMAND_RECALL) {
        deciding_add_for_ticket(it, EVENT_TICKET_RECALLED, index)->body.recalled.announcement =
            engine->last_announcement + 1;
    } else {
        deciding_add_for_ticket(
            it, type == COMMAND_START ? EVENT_SERVING_STARTED : EVENT_TICKET_NO_SHOW, index);
    }
    return REFUSAL_NONE;
}

static enum refusal transfer(struct deciding *it, int counter)
{
    const struct engine *engine = it->engine;
    int service = 0;
    enum refusal refusal = decide_find_service(it, &service);
    if (refusal != REFUSAL_NONE) {
        return refusal;
    }
    int index = engine->counters[counter].ticket;
    if (index < 0) {
        return REFUSAL_NO_TICKET_HERE;
    }
    const struct ticket *ticket = &engine->tickets[index];
    if (ticket->state != TICKET_SERVING) {
        return REFUSAL_NOT_SERVING;
    }
    if (ticket->service == service) {
        return REFUSAL_SAME_SERVICE;
    }
    decide_dispatch(it);
    struct event *event = deciding_add_for_ticket(it, EVENT_TICKET_TRANSFERRED, index);
    struct event_ticket_transferred *transferred = &event->body.transferred;
    memcpy(transferred->service, it->command->service, sizeof(transferred->service));
    transferred->leg_from_ms = it->occurred_at_ms;
    transferred->nobody_serves = decide_nobody_serves(it, service, ticket->needs);
    const struct arrival arrival = {
        .ticket_id = ticket->id,
        .waiter = {.leg_from_ms = it->occurred_at_ms,
                   .ticket = index,
                   .service = service,
                   .ticket_class = CLASS_TRANSFER,
                   .needs = state_binding_needs(engine, service, ticket->needs)},
        .language = ticket->language,
        .appointment_ms = ticket->appointment_ms};
    decide_offer(it, &arrival);
    return REFUSAL_NONE;
}

enum refusal decide_at_counter(struct deciding *it)
{
    int counter = -1;
    enum refusal refusal = find_counter(it, &counter);
    if (refusal != REFUSAL_NONE) {
        return refusal;
    }
    switch (it->command->type) {
    case COMMAND_OPEN_COUNTER: return open_counter(it, counter);
    case COMMAND_CLOSE_COUNTER: return shut_counter(it, counter, EVENT_COUNTER_CLOSED);
    case COMMAND_PAUSE_COUNTER: return shut_counter(it, counter, EVENT_COUNTER_PAUSED);
    case COMMAND_NEXT: return call_next(it, counter);
    case COMMAND_TRANSFER: return transfer(it, counter);
    case COMMAND_RECALL:
    case COMMAND_START:
    case COMMAND_FINISH:
    case COMMAND_NO_SHOW: return at_counter(it, counter);
    case COMMAND_OPEN_DAY:
    case COMMAND_CLOSE_DAY:
    case COMMAND_APPLY_SITE:
    case COMMAND_RESERVE_NUMBERS:
    case COMMAND_ISSUE:
    case COMMAND_LEAVE:
    case COMMAND_PROMISE:
    case COMMAND_DISPATCH:
    case COMMAND_RECORD_VISIT:
    case COMMAND_CALL_HELP:
    case COMMAND_ANSWER_HELP:
    case COMMAND_CANCEL_HELP: break;
    }
    CHECK(false);
}
