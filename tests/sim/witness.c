/* See witness.h. */
#include "witness.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"

void sim_fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("broken: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    abort();
}

void witness_set_up(struct witness *witness, struct sim_sites *sites, const struct rules *rules)
{
    memset(witness, 0, sizeof *witness);
    witness->sites = sites;
    witness->shadow = engine_create();
    engine_set_rules(witness->shadow, rules);
    witness->rules = rules;
}

void witness_tear_down(struct witness *witness)
{
    engine_destroy(witness->shadow);
    free(witness->marks);
    free(witness->tickets);
    free(witness->steps);
    free(witness->blocks);
}

/* FNV-1a, of a row with all its columns. */
static uint64_t mark_text(uint64_t mark, const char *text)
{
    do {
        mark = (mark ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    } while (*text++ != '\0');
    return mark;
}

static uint64_t mark_of(const struct event *event, const char *body)
{
    char numbers[128];
    snprintf(numbers, sizeof numbers, "%lld %lld %lld %d %d", (long long)event->seq,
             (long long)event->at_ms, (long long)event->occurred_at_ms, (int)event->type,
             (int)event->version);
    uint64_t mark = mark_text(UINT64_C(0xcbf29ce484222325), numbers);
    mark = mark_text(mark, event->id);
    mark = mark_text(mark, event->day);
    mark = mark_text(mark, event->ticket);
    mark = mark_text(mark, event->counter);
    mark = mark_text(mark, event->actor);
    return mark_text(mark, body);
}

static void *grown(void *items, int *capacity, int count, size_t size)
{
    if (count < *capacity) {
        return items;
    }
    *capacity = *capacity * 2 + 32;
    items = realloc(items, (size_t)*capacity * size);
    CHECK(items != NULL);
    return items;
}

/* tickets */

static struct witness_ticket *find_ticket(const struct witness *witness, const char *id)
{
    for (int i = witness->ticket_count - 1; i >= 0; i--) {
        if (strcmp(witness->tickets[i].id, id) == 0) {
            return &witness->tickets[i];
        }
    }
    return NULL;
}

static bool is_at_counter(const struct witness_ticket *ticket)
{
    return ticket->counter[0] != '\0';
}

static const struct witness_ticket *ticket_at(const struct witness *witness, const char *counter)
{
    for (int i = witness->ticket_count - 1; i >= 0; i--) {
        if (strcmp(witness->tickets[i].counter, counter) == 0) {
            return &witness->tickets[i];
        }
    }
    return NULL;
}

static void become(struct witness_ticket *ticket, enum ticket_state state,
                   const struct event *event)
{
    EXPECT(ticket_may_become(ticket->state, state), "event %lld: %s %s becomes %s",
           (long long)event->seq, ticket_state_code(ticket->state), ticket->id,
           ticket_state_code(state));
    EXPECT(strcmp(ticket->day, event->day) == 0, "event %lld: the ticket is of another day",
           (long long)event->seq);
    EXPECT(!is_at_counter(ticket) || strcmp(ticket->counter, event->counter) == 0,
           "event %lld: the ticket is at counter %s, not at %s", (long long)event->seq,
           ticket->counter, event->counter);
    ticket->state = state;
    if (state != TICKET_CALLED && state != TICKET_SERVING) {
        ticket->counter[0] = '\0';
    }
}

static void take_block(struct witness *witness, const struct event *event)
{
    witness->blocks = grown(witness->blocks, &witness->block_capacity, witness->block_count,
                            sizeof *witness->blocks);
    struct witness_block *block = &witness->blocks[witness->block_count++];
    *block = (struct witness_block){.next = event->body.reserved.first,
                                    .last = event->body.reserved.last};
    memcpy(block->day, event->day, sizeof block->day);
    memcpy(block->prefix, event->body.reserved.prefix, sizeof block->prefix);
    memcpy(block->device, event->body.reserved.device, sizeof block->device);
    for (int i = 0; i < witness->block_count - 1; i++) {
        const struct witness_block *other = &witness->blocks[i];
        EXPECT(strcmp(other->day, block->day) != 0 || strcmp(other->prefix, block->prefix) != 0 ||
                   other->last < event->body.reserved.first ||
                   event->body.reserved.last < other->last,
               "event %lld: numbers are reserved twice", (long long)event->seq);
    }
}

static void take_issued(struct witness *witness, const struct event *event, int actor)
{
    const struct event_ticket_issued *issued = &event->body.issued;
    EXPECT(find_ticket(witness, event->ticket) == NULL, "event %lld: a ticket is issued twice",
           (long long)event->seq);
    for (int i = witness->ticket_count - 1; i >= 0; i--) {
        const struct witness_ticket *other = &witness->tickets[i];
        EXPECT(other->number != issued->number || strcmp(other->prefix, issued->prefix) != 0 ||
                   strcmp(other->day, event->day) != 0,
               "event %lld: number %s%d is used twice on %s", (long long)event->seq, issued->prefix,
               (int)issued->number, event->day);
    }
    witness->tickets = grown(witness->tickets, &witness->ticket_capacity, witness->ticket_count,
                             sizeof *witness->tickets);
    struct witness_ticket *ticket = &witness->tickets[witness->ticket_count++];
    *ticket =
        (struct witness_ticket){.number = issued->number, .state = TICKET_WAITING, .actor = actor};
    memcpy(ticket->id, event->ticket, sizeof ticket->id);
    memcpy(ticket->day, event->day, sizeof ticket->day);
    memcpy(ticket->prefix, issued->prefix, sizeof ticket->prefix);
    memcpy(ticket->service, issued->service, sizeof ticket->service);
    memcpy(ticket->needs, issued->needs, sizeof ticket->needs);
    ticket->need_count = issued->need_count;
}

static void announce(struct witness *witness, const struct event *event, int32_t announcement)
{
    EXPECT(announcement == witness->announcement + 1, "event %lld: announcement %d after %d",
           (long long)event->seq, (int)announcement, (int)witness->announcement);
    witness->announcement = announcement;
}

/* The counter may call it (service, needs), and nobody who could have been called there came earlier than the policy
 * lets somebody pass. */
static void check_call(struct witness *witness, const struct event *event)
{
    const struct engine *engine = witness->shadow;
    const int64_t bound_ms = policy_overtaking_bound_ms(&engine_rules(engine)->policy);
    const struct ticket *called = engine_find_ticket(engine, event->ticket);
    const int counter = engine_find_counter(engine, event->counter);
    EXPECT(called != NULL && counter >= 0 && engine_can_call(engine, counter, called, event->at_ms),
           "event %lld: counter %s may not call %s", (long long)event->seq, event->counter,
           event->ticket);
    for (size_t i = 0; bound_ms >= 0 && i < engine_ticket_count(engine); i++) {
        const struct ticket *other = engine_ticket(engine, i);
        if (other != called && other->state == TICKET_WAITING &&
            engine_can_call(engine, counter, other, event->at_ms)) {
            witness->calls_compared++;
            EXPECT(called->leg_from_ms - other->leg_from_ms <= bound_ms,
                   "event %lld: %s passes %s, who waits %lld s longer; the policy's bound is %lld",
                   (long long)event->seq, called->number, other->number,
                   (long long)(called->leg_from_ms - other->leg_from_ms) / 1000,
                   (long long)bound_ms / 1000);
        }
    }
}

static const struct counter_rule *counter_rule(const struct rules *rules, const char *code)
{
    for (int i = 0; i < rules->counter_count; i++) {
        if (strcmp(rules->counters[i].code, code) == 0) {
            return &rules->counters[i];
        }
    }
    return NULL;
}

/* By the site's own words: it offers the service, and meets the hard needs. */
static void check_counter_fits(const struct witness *witness, const struct event *event,
                               const struct witness_ticket *ticket)
{
    const struct rules *rules = witness->rules;
    const struct counter_rule *counter = counter_rule(rules, event->counter);
    EXPECT(counter != NULL, "event %lld: the site has no counter %s", (long long)event->seq,
           event->counter);
    for (int i = 0; i < rules->service_count; i++) {
        EXPECT(strcmp(rules->services[i].code, ticket->service) != 0 ||
                   (counter->services >> i & 1) != 0,
               "event %lld: counter %s does not offer %s", (long long)event->seq, event->counter,
               ticket->service);
    }
    for (int i = 0; i < ticket->need_count; i++) {
        for (int j = 0; j < rules->need_count; j++) {
            EXPECT(strcmp(rules->needs[j].code, ticket->needs[i]) != 0 || !rules->needs[j].hard ||
                       (counter->needs >> j & 1) != 0,
                   "event %lld: counter %s does not meet the hard need %s", (long long)event->seq,
                   event->counter, ticket->needs[i]);
        }
    }
}

/* By the policy. Staff may choose anybody, and a counter that was moved offers what it was moved to. */
static void check_by_policy(const struct witness *witness, const struct event *event,
                            const struct witness_ticket *ticket)
{
    const struct engine *engine = witness->shadow;
    const struct ticket *known = engine_find_ticket(engine, event->ticket);
    const int counter = engine_find_counter(engine, event->counter);
    CHECK(known != NULL && counter >= 0);
    if (known->only < 0 && !engine_counter(engine, counter)->is_moved) {
        check_counter_fits(witness, event, ticket);
    }
}

static void take_called(struct witness *witness, const struct event *event,
                        struct witness_ticket *ticket)
{
    const struct witness_ticket *other = ticket_at(witness, event->counter);
    EXPECT(other == NULL, "event %lld: counter %s has somebody already", (long long)event->seq,
           event->counter);
    become(ticket, TICKET_CALLED, event);
    memcpy(ticket->counter, event->counter, sizeof ticket->counter);
    announce(witness, event, event->body.called.announcement);
    ticket->recalled = false;
    if (event->body.called.reason != CALL_CHOSEN) {
        check_by_policy(witness, event, ticket);
        check_call(witness, event);
    }
}

/* undo */

static void keep_step(struct witness *witness, const struct event *event,
                      const struct witness_ticket *ticket)
{
    witness->steps =
        grown(witness->steps, &witness->step_capacity, witness->step_count, sizeof *witness->steps);
    witness->steps[witness->step_count++] =
        (struct witness_step){.seq = event->seq, .before = *ticket};
}

/* All is as before the step, which was the last thing that happened to the ticket. */
static void take_undone(struct witness *witness, const struct event *event,
                        struct witness_ticket *ticket)
{
    const int64_t seq = event->body.undone.undone_seq;
    int i = witness->step_count - 1;
    while (i >= 0 && witness->steps[i].seq != seq) {
        i--;
    }
    EXPECT(i >= 0 && strcmp(witness->steps[i].before.id, ticket->id) == 0,
           "event %lld undoes event %lld, which is no step of that ticket", (long long)event->seq,
           (long long)seq);
    EXPECT(ticket->last_seq == seq, "event %lld undoes event %lld, but event %lld came after it",
           (long long)event->seq, (long long)seq, (long long)ticket->last_seq);
    *ticket = witness->steps[i].before;
    EXPECT(!is_at_counter(ticket) || strcmp(ticket->counter, event->counter) == 0,
           "event %lld puts the ticket back to another counter", (long long)event->seq);
    int there = 0;
    for (int k = 0; is_at_counter(ticket) && k < witness->ticket_count; k++) {
        there += strcmp(witness->tickets[k].counter, ticket->counter) == 0;
    }
    EXPECT(there <= 1, "event %lld: counter %s has somebody already", (long long)event->seq,
           event->counter);
}

static void take_taken_back(struct witness *witness, const struct event *event,
                            struct witness_ticket *ticket)
{
    EXPECT(ticket_at(witness, event->counter) == NULL,
           "event %lld: counter %s has somebody already", (long long)event->seq, event->counter);
    EXPECT(ticket->state == TICKET_PARKED, "event %lld takes back a ticket that is %s",
           (long long)event->seq, ticket_state_code(ticket->state));
    become(ticket, TICKET_SERVING, event);
    memcpy(ticket->counter, event->counter, sizeof ticket->counter);
}

static void take_edited(const struct event *event, struct witness_ticket *ticket)
{
    const struct event_ticket_edited *edited = &event->body.edited;
    EXPECT(ticket->state == TICKET_WAITING, "event %lld edits a ticket that is %s",
           (long long)event->seq, ticket_state_code(ticket->state));
    memcpy(ticket->service, edited->service, sizeof ticket->service);
    memcpy(ticket->needs, edited->needs, sizeof ticket->needs);
    ticket->need_count = edited->need_count;
}

/* Steps: what may be undone. */
static bool take_step(struct witness *witness, const struct event *event,
                      struct witness_ticket *ticket)
{
    keep_step(witness, event, ticket);
    switch ((int)event->type) {
    case EVENT_TICKET_CALLED: take_called(witness, event, ticket); return true;
    case EVENT_SERVING_STARTED: become(ticket, TICKET_SERVING, event); return true;
    case EVENT_TICKET_CLOSED: become(ticket, TICKET_CLOSED, event); return true;
    case EVENT_TICKET_NO_SHOW:
        EXPECT(ticket->recalled || event->body.no_show.by_day_end,
               "event %lld: nobody called a second time", (long long)event->seq);
        become(ticket, TICKET_NO_SHOW, event);
        return true;
    case EVENT_TICKET_TRANSFERRED:
        become(ticket, TICKET_WAITING, event);
        memcpy(ticket->service, event->body.transferred.service, sizeof ticket->service);
        return true;
    case EVENT_TICKET_PARKED: become(ticket, TICKET_PARKED, event); return true;
    case EVENT_TICKET_TAKEN_BACK: take_taken_back(witness, event, ticket); return true;
    default: witness->step_count--; return false;
    }
}

static void take_ticket_event(struct witness *witness, const struct event *event)
{
    struct witness_ticket *ticket = find_ticket(witness, event->ticket);
    EXPECT(ticket != NULL, "event %lld is of a ticket that was never issued",
           (long long)event->seq);
    if (event->type == EVENT_STEP_UNDONE) {
        take_undone(witness, event, ticket);
        return;
    }
    if (event->type == EVENT_PROMISE_MADE) {
        return;
    }
    if (event->type == EVENT_TICKET_RECALLED) {
        ticket->recalled = true;
        EXPECT(ticket->state == TICKET_CALLED, "event %lld recalls nobody", (long long)event->seq);
        announce(witness, event, event->body.recalled.announcement);
        return;
    }
    if (!take_step(witness, event, ticket)) {
        switch ((int)event->type) {
        case EVENT_TICKET_LEFT: become(ticket, TICKET_LEFT, event); break;
        case EVENT_TICKET_UNPARKED:
        case EVENT_TICKET_REVIVED: become(ticket, TICKET_WAITING, event); break;
        case EVENT_TICKET_EDITED: take_edited(event, ticket); break;
        case EVENT_TICKET_HELD:
        case EVENT_TICKET_UNHELD:
            EXPECT(ticket->state == TICKET_WAITING, "event %lld holds a ticket that is %s",
                   (long long)event->seq, ticket_state_code(ticket->state));
            break;
        default:
            sim_fail("event %lld names a ticket, but is none of a ticket's", (long long)event->seq);
        }
    }
    ticket->last_seq = event->seq;
}

static void take_day(struct witness *witness, const struct event *event)
{
    const bool opens = event->type == EVENT_DAY_OPENED;
    EXPECT(witness->day_open != opens, "event %lld: the day is so already", (long long)event->seq);
    EXPECT(opens || witness->caller_count == 0, "event %lld: the day ends and %s calls for help",
           (long long)event->seq, witness->callers[0]);
    witness->day_open = opens;
    if (opens && strcmp(event->day, witness->day) != 0) {
        witness->caller_count = 0; /* a new day says itself who calls still */
    }
    if (opens && strcmp(event->day, witness->day) != 0) {
        EXPECT(strcmp(event->day, witness->day) > 0, "event %lld: day %s comes after %s",
               (long long)event->seq, event->day, witness->day);
        memcpy(witness->day, event->day, sizeof witness->day);
        witness->announcement = 0;
    }
    for (int i = 0; !opens && i < witness->ticket_count; i++) {
        const enum ticket_state state = witness->tickets[i].state;
        EXPECT(state != TICKET_WAITING && state != TICKET_CALLED && state != TICKET_SERVING &&
                   state != TICKET_PARKED,
               "event %lld: the day ends and %s is %s", (long long)event->seq,
               witness->tickets[i].id, ticket_state_code(state));
    }
}

/* rows */

/* A request makes its events once, in one piece. */
static void take_actor(struct witness *witness, const struct event *event, int actor)
{
    CHECK(actor < WITNESS_ACTORS_MAX);
    if (witness->first_seq[actor] == 0) {
        witness->first_seq[actor] = event->seq;
    } else {
        EXPECT(witness->last_seq[actor] == event->seq - 1 &&
                   witness->first_seq[actor] > witness->settled,
               "event %lld: request %d has its effect a second time (first: event %lld)",
               (long long)event->seq, actor, (long long)witness->first_seq[actor]);
    }
    witness->last_seq[actor] = event->seq;
}

/* A kiosk calls once until somebody has answered or it was taken back, and only what was called is answered. */
static void take_help(struct witness *witness, const struct event *event)
{
    const bool is_call = event->type == EVENT_HELP_CALLED;
    const char *device =
        is_call ? event->body.help_called.device : event->body.help_answered.device;
    int which = 0;
    while (which < witness->caller_count && strcmp(witness->callers[which], device) != 0) {
        which++;
    }
    EXPECT(is_call == (which == witness->caller_count), "event %lld: %s of %s",
           (long long)event->seq, event_type_code(event->type), device);
    if (is_call) {
        CHECK(which < WITNESS_CALLERS_MAX);
        memcpy(witness->callers[witness->caller_count++], device, sizeof witness->callers[0]);
    } else {
        witness->caller_count--;
        memmove(witness->callers[which], witness->callers[witness->caller_count],
                sizeof witness->callers[0]);
    }
}

static int actor_of(const struct event *event)
{
    return event->actor[0] == 'r' ? (int)strtol(event->actor + 1, NULL, 10) : 0;
}

static void check_row(const struct witness *witness, const struct event *event)
{
    EXPECT(event->seq == witness->count + 1, "event %lld comes after event %lld",
           (long long)event->seq, (long long)witness->count);
    EXPECT(strcmp(event->id, witness->last_id) > 0, "event %lld: the id %s comes after %s",
           (long long)event->seq, event->id, witness->last_id);
    EXPECT(event->at_ms >= witness->last_at_ms, "event %lld: its time runs backwards by %lld ms",
           (long long)event->seq, (long long)(witness->last_at_ms - event->at_ms));
    const bool is_aside = event->type == EVENT_VISIT_RECORDED || event->type == EVENT_HELP_CALLED ||
                          event->type == EVENT_HELP_ANSWERED;
    EXPECT(event->type == EVENT_SITE_APPLIED || event->type == EVENT_DAY_OPENED ||
               (!witness->day_open && is_aside && strcmp(event->day, witness->day) >= 0) ||
               (witness->day_open && strcmp(event->day, witness->day) == 0),
           "event %lld: %s on %s, which is not open", (long long)event->seq,
           event_type_code(event->type), event->day);
}

static void keep_mark(struct witness *witness, uint64_t mark)
{
    if (witness->count == witness->capacity) {
        witness->capacity = witness->capacity * 2 + 256;
        witness->marks =
            realloc(witness->marks, (size_t)witness->capacity * sizeof *witness->marks);
        CHECK(witness->marks != NULL);
    }
    witness->marks[witness->count++] = mark;
}

static void feed_shadow(struct witness *witness, const struct event *event)
{
    if (event->type == EVENT_SITE_APPLIED) {
        for (int i = 0; i < SIM_SITES; i++) {
            const struct site *site = witness->sites->loaded[i];
            if (site != NULL && strcmp(site_hash(site), event->body.site.hash) == 0) {
                witness->rules = site_rules(site);
                engine_set_rules(witness->shadow, witness->rules);
            }
        }
    }
    engine_evolve(witness->shadow, event);
}

static enum status take_row(void *context, const struct event *event, const char *body)
{
    struct witness *witness = context;
    check_row(witness, event);
    keep_mark(witness, mark_of(event, body));
    memcpy(witness->last_id, event->id, sizeof witness->last_id);
    witness->last_at_ms = event->at_ms;
    witness->seen[event->type]++;
    witness->by_site += strcmp(event->actor, "site") == 0;
    const int actor = actor_of(event);
    if (actor > 0) {
        take_actor(witness, event, actor);
    }
    if (event->type == EVENT_HELP_CALLED || event->type == EVENT_HELP_ANSWERED) {
        take_help(witness, event);
    } else if (event->type == EVENT_TICKET_ISSUED) {
        take_issued(witness, event, actor);
    } else if (event->ticket[0] != '\0') {
        take_ticket_event(witness, event);
    } else if (event->type == EVENT_DAY_OPENED || event->type == EVENT_DAY_CLOSED) {
        take_day(witness, event);
    } else if (event->type == EVENT_NUMBERS_RESERVED) {
        take_block(witness, event);
    }
    feed_shadow(witness, event);
    return STATUS_OK;
}

int64_t witness_read(struct witness *witness, struct store_reader *reader)
{
    witness->settled = witness->count;
    EXPECT(store_read_after(reader, witness->count, 1000000, take_row, witness) == STATUS_OK,
           "the journal cannot be read: %s", store_reader_error(reader));
    return witness->count - witness->settled;
}

struct again {
    const struct witness *witness;
    int64_t count;
};

static enum status compare_row(void *context, const struct event *event, const char *body)
{
    struct again *again = context;
    EXPECT(event->seq == again->count + 1 &&
               mark_of(event, body) == again->witness->marks[again->count],
           "event %lld is not what it was", (long long)again->count + 1);
    again->count++;
    return STATUS_OK;
}

void witness_read_again(struct witness *witness, struct store_reader *reader)
{
    struct again again = {.witness = witness};
    EXPECT(store_read_after(reader, 0, (int)witness->count, compare_row, &again) == STATUS_OK,
           "the journal cannot be read: %s", store_reader_error(reader));
    EXPECT(again.count == witness->count, "%lld events are lost of %lld that were stored",
           (long long)(witness->count - again.count), (long long)witness->count);
}

uint64_t witness_compare(const struct witness *witness, const struct engine *engine)
{
    const uint64_t digest = engine_digest(engine);
    EXPECT(digest == engine_digest(witness->shadow),
           "the queue is not what its journal says (%lld events)", (long long)witness->count);
    EXPECT(engine_ticket_count(engine) == engine_ticket_count(witness->shadow) &&
               engine_waiting_count(engine) == engine_waiting_count(witness->shadow),
           "the queue has lost tickets");
    for (int i = witness->ticket_count - 1; i >= 0; i--) {
        const struct witness_ticket *known = &witness->tickets[i];
        if (strcmp(known->day, engine_day(engine)) != 0) {
            break; /* of an earlier day, as are all before it */
        }
        const struct ticket *ticket = engine_find_ticket(engine, known->id);
        EXPECT(ticket != NULL && ticket->state == known->state,
               "ticket %s%d is %s by the journal, and %s in the queue", known->prefix,
               (int)known->number, ticket_state_code(known->state),
               ticket == NULL ? "nowhere" : ticket_state_code(ticket->state));
    }
    return digest;
}
