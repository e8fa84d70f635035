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

struct event *deciding_add_call(struct deciding *it, int counter, const struct arrival *arrival,
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
    return event;
}

static void add_choice(struct deciding *it, int counter, const struct policy_choice *choice)
{
    const struct ticket *ticket = &it->engine->tickets[choice->waiter.ticket];
    const struct arrival called = {.ticket_id = ticket->id,
                                   .waiter = choice->waiter,
                                   .language = ticket->language,
                                   .appointment_ms = ticket->appointment_ms};
    (void)deciding_add_call(it, counter, &called, choice->reason, choice->waiting);
}

/* Of the ready counters that may call it, the one it takes; -1: none. speaks: it speaks the visitor's language, as
 * another of them does not. */
static int best_ready(const struct deciding *it, const struct waiter *waiter, int language,
                      bool *speaks)
{
    const struct engine *engine = it->engine;
    const struct policy_view view = state_view(engine, it->at_ms);
    struct counter_offer best = {0};
    int chosen = -1;
    bool another_does_not = false;
    for (uint64_t left = it->ready; left != 0; left &= left - 1) {
        const int index = __builtin_ctzll(left);
        const struct counter *counter = &engine->counters[index];
        const struct policy_desk desk = state_desk(engine, index);
        if (it->at_ms - waiter->leg_from_ms < policy_callable_after_ms(&view, &desk, waiter)) {
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
    (void)deciding_add_call(it, counter, arrival, reason, 1);
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

/* "person:ULID" to the ULID; "" of any other actor. */
static const char *person_of(const struct command *command)
{
    static const char mark[] = "person:";
    const bool is_person = strncmp(command->actor, mark, sizeof(mark) - 1) == 0 &&
                           strlen(command->actor) == sizeof(mark) - 1 + QUARTER_ULID_LEN;
    return is_person ? command->actor + sizeof(mark) - 1 : "";
}

/* A person is at one counter at most. */
static enum refusal open_counter(struct deciding *it, int counter)
{
    const struct engine *engine = it->engine;
    if (engine->counters[counter].state == COUNTER_OPEN) {
        return REFUSAL_COUNTER_OPEN_ALREADY;
    }
    if (engine->counters[counter].retired) {
        return REFUSAL_UNKNOWN_COUNTER;
    }
    const char *person = person_of(it->command);
    const int other = engine_counter_of_person(engine, person);
    if (other >= 0 && other != counter) {
        if (engine->counters[other].ticket >= 0) {
            return REFUSAL_PERSON_BUSY;
        }
        deciding_add_for_counter(it, EVENT_COUNTER_CLOSED, other);
    }
    struct event *event = deciding_add_for_counter(it, EVENT_COUNTER_OPENED, counter);
    memcpy(event->body.counter_opened.person, person, strlen(person));
    return REFUSAL_NONE;
}

static enum refusal shut_counter(struct deciding *it, int counter, enum event_type type)
{
    if (it->engine->counters[counter].ticket >= 0) {
        return REFUSAL_COUNTER_BUSY;
    }
    struct event *event = deciding_add_for_counter(it, type, counter);
    if (type == EVENT_COUNTER_PAUSED) {
        event->body.counter_paused.reason = it->command->pause_reason;
    }
    return REFUSAL_NONE;
}

/* The counter is free, or will be. */
static void call_first(struct deciding *it, int index)
{
    const struct policy_view view = state_view(it->engine, it->at_ms);
    const struct policy_desk desk = state_desk(it->engine, index);
    struct policy_choice choice;
    if (policy_choose(&view, &desk, &choice)) {
        add_choice(it, index, &choice);
    } else if (it->engine->counters[index].ready_since_ms == 0) {
        deciding_add_for_counter(it, EVENT_COUNTER_READY, index);
    }
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
    call_first(it, index);
    return REFUSAL_NONE;
}

static enum refusal finish(struct deciding *it, int counter)
{
    const struct engine *engine = it->engine;
    const struct command *command = it->command;
    const int index = engine->counters[counter].ticket;
    if (engine->tickets[index].state != TICKET_SERVING) {
        return REFUSAL_NOT_SERVING;
    }
    if ((unsigned)command->outcome >= OUTCOME_UNRECORDED) {
        return REFUSAL_STATE_CONFLICT; /* only the day's end says "unrecorded" */
    }
    struct event *event = deciding_add_for_ticket(it, EVENT_TICKET_CLOSED, index);
    event->body.closed.outcome = command->outcome;
    memcpy(event->body.closed.avoidable, command->avoidable, sizeof(command->avoidable));
    if (command->next && !engine->counters[counter].retired) {
        call_first(it, counter);
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
        return finish(it, counter);
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

/* Where a visitor is sent. */
struct target {
    int service, counter; /* one of them; -1: the other */
};

static enum refusal find_target_counter(const struct deciding *it, int from, int *counter)
{
    const struct engine *engine = it->engine;
    const struct command *command = it->command;
    if (command->to_person[0] != '\0') {
        *counter = engine_counter_of_person(engine, command->to_person);
        if (*counter < 0) {
            return REFUSAL_PERSON_NOT_HERE;
        }
    } else {
        *counter = codes_find(&engine->counter_codes, command->to_counter);
        if (*counter < 0) {
            return REFUSAL_UNKNOWN_COUNTER;
        }
    }
    if (*counter == from) {
        return REFUSAL_SAME_COUNTER;
    }
    const struct counter *to = &engine->counters[*counter];
    return to->retired || to->state == COUNTER_CLOSED ? REFUSAL_NOBODY_THERE : REFUSAL_NONE;
}

static enum refusal find_target(const struct deciding *it, int from, struct target *target)
{
    const struct command *command = it->command;
    *target = (struct target){.service = -1, .counter = -1};
    return command->to_counter[0] != '\0' || command->to_person[0] != '\0'
               ? find_target_counter(it, from, &target->counter)
               : decide_find_service(it, &target->service);
}

static void add_transfer(struct deciding *it, int index, const struct target *target)
{
    const struct engine *engine = it->engine;
    const struct ticket *ticket = &engine->tickets[index];
    struct event *event = deciding_add_for_ticket(it, EVENT_TICKET_TRANSFERRED, index);
    struct event_ticket_transferred *transferred = &event->body.transferred;
    memcpy(transferred->service, engine->service_codes.entries[target->service].code,
           sizeof(transferred->service));
    transferred->leg_from_ms = it->occurred_at_ms;
    if (target->counter >= 0) {
        memcpy(transferred->to_counter, engine->counters[target->counter].code,
               sizeof(transferred->to_counter));
        memcpy(transferred->to_person, it->command->to_person, sizeof(transferred->to_person));
    } else {
        transferred->nobody_serves = decide_nobody_serves(it, target->service, ticket->needs);
    }
}

static enum refusal transfer(struct deciding *it, int counter)
{
    const struct engine *engine = it->engine;
    struct target target;
    const enum refusal refusal = find_target(it, counter, &target);
    if (refusal != REFUSAL_NONE) {
        return refusal;
    }
    const int index = engine->counters[counter].ticket;
    if (index < 0) {
        return REFUSAL_NO_TICKET_HERE;
    }
    const struct ticket *ticket = &engine->tickets[index];
    if (ticket->state != TICKET_SERVING) {
        return REFUSAL_NOT_SERVING;
    }
    if (ticket->service == target.service) {
        return REFUSAL_SAME_SERVICE;
    }
    target.service = target.counter < 0 ? target.service : ticket->service;
    decide_dispatch(it);
    add_transfer(it, index, &target);
    const struct arrival arrival = {
        .ticket_id = ticket->id,
        .waiter = {.leg_from_ms = it->occurred_at_ms,
                   .ticket = index,
                   .service = target.service,
                   .ticket_class = CLASS_TRANSFER,
                   .needs = state_binding_needs(engine, target.service, ticket->needs),
                   .only = target.counter + 1},
        .language = ticket->language,
        .appointment_ms = ticket->appointment_ms};
    decide_offer(it, &arrival);
    return REFUSAL_NONE;
}

/* Whoever names the visitor means no other: what two press at once, or what was pressed before a connection was lost
 * and comes hours later, does nothing to the next. */
static bool is_of_another(const struct deciding *it, int counter)
{
    const struct engine *engine = it->engine;
    const struct command *command = it->command;
    const enum command_type type = command->type;
    const bool names_who_is_here = type == COMMAND_RECALL || type == COMMAND_START ||
                                   type == COMMAND_FINISH || type == COMMAND_NO_SHOW ||
                                   type == COMMAND_TRANSFER || type == COMMAND_PARK;
    const int here = engine->counters[counter].ticket;
    return names_who_is_here && command->ticket_id[0] != '\0' &&
           (here < 0 || strcmp(engine->tickets[here].id, command->ticket_id) != 0);
}

enum refusal decide_at_counter(struct deciding *it)
{
    int counter = -1;
    enum refusal refusal = find_counter(it, &counter);
    if (refusal != REFUSAL_NONE) {
        return refusal;
    }
    if (is_of_another(it, counter)) {
        return REFUSAL_DEALT_WITH_SINCE;
    }
    switch (it->command->type) {
    case COMMAND_OPEN_COUNTER: return open_counter(it, counter);
    case COMMAND_CLOSE_COUNTER: return shut_counter(it, counter, EVENT_COUNTER_CLOSED);
    case COMMAND_PAUSE_COUNTER: return shut_counter(it, counter, EVENT_COUNTER_PAUSED);
    case COMMAND_NEXT: return call_next(it, counter);
    case COMMAND_TRANSFER: return transfer(it, counter);
    case COMMAND_PARK: return decide_park(it, counter);
    case COMMAND_TAKE_BACK: return decide_take_back(it, counter);
    case COMMAND_CALL: return decide_call(it, counter);
    case COMMAND_UNDO: return decide_undo(it, counter);
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
    case COMMAND_CANCEL_HELP:
    case COMMAND_MOVE:
    case COMMAND_UNPARK:
    case COMMAND_REVIVE:
    case COMMAND_EDIT:
    case COMMAND_HOLD:
    case COMMAND_UNHOLD:
    case COMMAND_POST_NOTICE:
    case COMMAND_WITHDRAW_NOTICE: break;
    }
    CHECK(false);
}
