/* From journal events to knowledge. See learner.h for what is taken from where. */
#include "engine/forecast/learner.h"

#include <stdlib.h>
#include <string.h>

#include "engine/codes.h"
#include "quarter/check.h"

/* Somebody who waits, is called or is served. An empty id: a free slot. */
struct guest {
    char id[QUARTER_ULID_LEN + 1];
    char language[QUARTER_CODE_MAX + 1];
    int16_t service; /* of the knowledge; -1: it has no room for it */
    enum knowledge_crowd crowd;
    bool second_leg;
    int64_t joined_ms, leg_from_ms, called_ms, started_ms; /* 0: not yet */
};

/* A counter between two visitors, by rules.counters index. */
struct turn {
    bool wanted; /* somebody it could serve waited when the last visitor went */
    int64_t since_ms;
};

struct learner {
    struct knowledge *knowledge;
    int64_t through_seq;
    learner_local_time *local_time;
    void *context;
    struct rules rules;
    bool has_rules;

    bool in_day;
    int weekday, quarter; /* of the day's latest arrival; quarter -1: none yet */
    struct turn turns[QUARTER_COUNTERS_MAX];
    int32_t waiting[KNOWLEDGE_SERVICES];
    /* Open addressing by id, linear probing, at most half full. */
    size_t guest_count, capacity;
    struct guest *guests;

    /* The knowledge's ids of rules.services; made again when that may have changed. */
    int ids[QUARTER_SERVICES_MAX];
    int ids_of_services;
    int32_t ids_of_days;
};

/* ---- Guests */

static size_t slot_of(const struct learner *learner, const char *id)
{
    size_t slot = code_hash(id) & (learner->capacity - 1);
    while (learner->guests[slot].id[0] != '\0' && strcmp(learner->guests[slot].id, id) != 0) {
        slot = (slot + 1) & (learner->capacity - 1);
    }
    return slot;
}

static struct guest *find_guest(const struct learner *learner, const char *id)
{
    if (learner->capacity == 0 || id[0] == '\0') {
        return NULL;
    }
    struct guest *guest = &learner->guests[slot_of(learner, id)];
    return guest->id[0] != '\0' ? guest : NULL;
}

static void grow(struct learner *learner)
{
    struct guest *old = learner->guests;
    const size_t old_capacity = learner->capacity;
    learner->capacity = old_capacity == 0 ? 64 : old_capacity * 2;
    learner->guests = calloc(learner->capacity, sizeof(*learner->guests));
    CHECK(learner->guests != NULL);
    for (size_t i = 0; i < old_capacity; i++) {
        if (old[i].id[0] != '\0') {
            learner->guests[slot_of(learner, old[i].id)] = old[i];
        }
    }
    free(old);
}

static struct guest *add_guest(struct learner *learner, const char *id)
{
    if ((learner->guest_count + 1) * 2 > learner->capacity) {
        grow(learner);
    }
    struct guest *guest = &learner->guests[slot_of(learner, id)];
    learner->guest_count += guest->id[0] == '\0';
    *guest = (struct guest){0};
    memcpy(guest->id, id, sizeof(guest->id));
    return guest;
}

/* Closes the hole, so that probing needs no tombstones (Knuth, TAOCP 3, 6.4, algorithm R). */
static void remove_guest(struct learner *learner, struct guest *guest)
{
    const size_t mask = learner->capacity - 1;
    size_t hole = (size_t)(guest - learner->guests);
    for (size_t at = (hole + 1) & mask; learner->guests[at].id[0] != '\0'; at = (at + 1) & mask) {
        const size_t home = code_hash(learner->guests[at].id) & mask;
        if (((at - home) & mask) >= ((at - hole) & mask)) {
            learner->guests[hole] = learner->guests[at];
            hole = at;
        }
    }
    learner->guests[hole] = (struct guest){0};
    learner->guest_count--;
}

static void count_waiting(struct learner *learner, const struct guest *guest, int by)
{
    if (guest->service >= 0) {
        learner->waiting[guest->service] += by;
    }
}

static void forget_day(struct learner *learner)
{
    learner->in_day = false;
    learner->quarter = -1;
    memset(learner->turns, 0, sizeof(learner->turns));
    memset(learner->waiting, 0, sizeof(learner->waiting));
    free(learner->guests);
    learner->guests = NULL;
    learner->guest_count = learner->capacity = 0;
}

/* ---- Life */

struct learner *learner_create(struct knowledge *knowledge, int64_t through_seq,
                               learner_local_time *local_time, void *context)
{
    CHECK(knowledge != NULL && local_time != NULL);
    struct learner *learner = calloc(1, sizeof(*learner));
    CHECK(learner != NULL);
    learner->knowledge = knowledge;
    learner->local_time = local_time;
    learner->context = context;
    learner_restart(learner, through_seq);
    return learner;
}

void learner_destroy(struct learner *learner)
{
    if (learner != NULL) {
        free(learner->guests);
        free(learner);
    }
}

void learner_restart(struct learner *learner, int64_t through_seq)
{
    forget_day(learner);
    learner->through_seq = through_seq;
    learner->ids_of_days = -1;
}

void learner_set_rules(struct learner *learner, const struct rules *rules)
{
    learner->rules = *rules;
    learner->has_rules = true;
    learner->ids_of_days = -1;
    memset(learner->turns, 0, sizeof(learner->turns)); /* the indices are other ones now */
}

int64_t learner_through_seq(const struct learner *learner)
{
    return learner->through_seq;
}

bool learner_at_rest(const struct learner *learner)
{
    return !learner->in_day;
}

/* ---- Counters */

static int rule_of_counter(const struct learner *learner, const char *code)
{
    for (int i = 0; learner->has_rules && i < learner->rules.counter_count; i++) {
        if (strcmp(learner->rules.counters[i].code, code) == 0) {
            return i;
        }
    }
    return -1;
}

static void refresh_ids(struct learner *learner)
{
    if (learner->ids_of_days == knowledge_days(learner->knowledge) &&
        learner->ids_of_services == knowledge_service_count(learner->knowledge)) {
        return;
    }
    for (int i = 0; i < learner->rules.service_count; i++) {
        learner->ids[i] =
            knowledge_find_service(learner->knowledge, learner->rules.services[i].code);
    }
    learner->ids_of_days = knowledge_days(learner->knowledge);
    learner->ids_of_services = knowledge_service_count(learner->knowledge);
}

static void begin_turn(struct learner *learner, const struct event *event)
{
    const int counter = rule_of_counter(learner, event->counter);
    if (counter < 0) {
        return;
    }
    refresh_ids(learner);
    bool wanted = false;
    for (uint64_t left = learner->rules.counters[counter].services; left != 0; left &= left - 1) {
        const int id = learner->ids[__builtin_ctzll(left)];
        wanted |= id >= 0 && learner->waiting[id] > 0;
    }
    learner->turns[counter] = (struct turn){.wanted = wanted, .since_ms = event->at_ms};
}

/* joined_ms: of the one called; INT64_MIN: nobody was, the counter is ready. */
static void end_turn(struct learner *learner, const struct event *event, int64_t joined_ms)
{
    const int counter = rule_of_counter(learner, event->counter);
    if (counter < 0) {
        return;
    }
    struct turn *turn = &learner->turns[counter];
    if (turn->wanted && joined_ms <= turn->since_ms) {
        knowledge_add_gap(learner->knowledge, event->at_ms - turn->since_ms);
    }
    *turn = (struct turn){0};
}

/* Opened, paused, closed, or with somebody who is not followed: whatever was between two visitors is no gap. */
static void drop_turn(struct learner *learner, const struct event *event)
{
    const int counter = rule_of_counter(learner, event->counter);
    if (counter >= 0) {
        learner->turns[counter] = (struct turn){0};
    }
}

static bool lacks_language(const struct learner *learner, const char *counter, const char *language)
{
    const int rule = rule_of_counter(learner, counter);
    for (int i = 0; rule >= 0 && i < learner->rules.language_count; i++) {
        if (strcmp(learner->rules.languages[i], language) == 0) {
            return (learner->rules.counters[rule].languages >> i & 1) == 0;
        }
    }
    return false;
}

/* ---- Events */

static void take_arrival(struct learner *learner, const struct event *event)
{
    const struct event_ticket_issued *issued = &event->body.issued;
    const struct local_time local = learner->local_time(learner->context, issued->arrived_at_ms);
    const bool booked = issued->appointment_ms != 0;
    struct guest *guest = add_guest(learner, event->ticket);
    guest->service = (int16_t)knowledge_service(learner->knowledge, issued->service);
    guest->crowd = booked ? CROWD_BOOKED : CROWD_WALK_IN;
    guest->joined_ms = event->at_ms;
    guest->leg_from_ms = issued->leg_from_ms;
    memcpy(guest->language, issued->language, sizeof(guest->language));
    count_waiting(learner, guest, 1);

    /* All quarters between two arrivals were open: the last one's too, if it is over. */
    learner->weekday = local.weekday;
    if (learner->quarter >= 0 && learner->quarter < local.quarter) {
        knowledge_add_open_quarters(learner->knowledge, local.weekday, learner->quarter,
                                    local.quarter);
    }
    learner->quarter = local.quarter > learner->quarter ? local.quarter : learner->quarter;
    const struct knowledge_arrival arrival = {.service = guest->service,
                                              .crowd = guest->crowd,
                                              .ticket_class = issued->ticket_class,
                                              .quarter = local.quarter,
                                              .weekday = local.weekday,
                                              .language = issued->language};
    knowledge_add_arrival(learner->knowledge, &arrival);
    if (booked) {
        knowledge_add_booked_offset(learner->knowledge,
                                    issued->arrived_at_ms - issued->appointment_ms);
    }
}

static void take_call(struct learner *learner, const struct event *event, struct guest *guest)
{
    end_turn(learner, event, guest->joined_ms);
    count_waiting(learner, guest, -1);
    guest->called_ms = event->at_ms;
    if (event->body.called.waiting > 1) {
        knowledge_add_call(learner->knowledge, event->body.called.reason == CALL_CHOSEN);
    }
}

static void take_wait(struct learner *learner, const struct guest *guest, enum wait_end end,
                      int64_t until_ms)
{
    if (!guest->second_leg) {
        const int64_t waited_ms = until_ms - guest->leg_from_ms;
        knowledge_add_wait(learner->knowledge, guest->crowd, end, waited_ms > 0 ? waited_ms : 0);
    }
}

static void take_start(struct learner *learner, const struct event *event, struct guest *guest)
{
    guest->started_ms = event->at_ms;
    knowledge_add_walk(learner->knowledge, event->at_ms - guest->called_ms);
    take_wait(learner, guest, WAIT_CALLED, guest->called_ms);
}

/* The visit as far as it went here, and where it goes on (-1: nowhere). */
static void take_visit(struct learner *learner, const struct event *event,
                       const struct guest *guest, int next_service)
{
    const struct knowledge_visit visit = {
        .service = guest->service,
        .counter = knowledge_counter(learner->knowledge, event->counter),
        .lacks_language = lacks_language(learner, event->counter, guest->language),
        .duration_ms = event->at_ms - guest->started_ms};
    knowledge_add_visit(learner->knowledge, &visit);
    knowledge_add_leg_end(learner->knowledge, guest->service, next_service);
}

static void take_close(struct learner *learner, const struct event *event, struct guest *guest)
{
    const enum outcome outcome = event->body.closed.outcome;
    if (outcome != OUTCOME_UNRECORDED && outcome != OUTCOME_LEFT) {
        take_visit(learner, event, guest, -1);
    }
    begin_turn(learner, event);
    remove_guest(learner, guest);
}

static void take_transfer(struct learner *learner, const struct event *event, struct guest *guest)
{
    const struct event_ticket_transferred *to = &event->body.transferred;
    const int next = knowledge_service(learner->knowledge, to->service);
    take_visit(learner, event, guest, next);
    begin_turn(learner, event);
    guest->service = (int16_t)next;
    guest->second_leg = true;
    guest->joined_ms = event->at_ms;
    guest->leg_from_ms = to->leg_from_ms;
    guest->called_ms = guest->started_ms = 0;
    count_waiting(learner, guest, 1);
}

static void take_no_show(struct learner *learner, const struct event *event, struct guest *guest)
{
    if (!event->body.no_show.by_day_end) {
        knowledge_add_no_show(learner->knowledge, event->at_ms - guest->called_ms);
        take_wait(learner, guest, WAIT_LEFT_SILENTLY, guest->called_ms);
    }
    begin_turn(learner, event);
    remove_guest(learner, guest);
}

static void take_left(struct learner *learner, const struct event *event, struct guest *guest)
{
    count_waiting(learner, guest, -1);
    if (!event->body.left.by_day_end) {
        take_wait(learner, guest, WAIT_LEFT_TOLD, event->at_ms);
    }
    remove_guest(learner, guest);
}

static void take_day_end(struct learner *learner)
{
    if (learner->quarter >= 0) {
        knowledge_add_open_quarters(learner->knowledge, learner->weekday, learner->quarter,
                                    learner->quarter + 1);
    }
    forget_day(learner);
}

/* What else stands there the engine did not write. */
static bool follows(const struct guest *guest, enum event_type type)
{
    if (guest->called_ms == 0) {
        return type == EVENT_TICKET_CALLED || type == EVENT_TICKET_LEFT;
    }
    if (guest->started_ms == 0) {
        return type == EVENT_SERVING_STARTED || type == EVENT_TICKET_NO_SHOW;
    }
    return type == EVENT_TICKET_CLOSED || type == EVENT_TICKET_TRANSFERRED;
}

/* A visit that was parked, or a step of which was undone, took a course of its own: nothing more is learned from it. What
 * was learned before stays, since knowledge is not unlearned. */
static void take_aside(struct learner *learner, const struct event *event, struct guest *guest)
{
    if (guest->called_ms == 0) {
        count_waiting(learner, guest, -1);
    }
    if (event->type == EVENT_TICKET_PARKED) {
        begin_turn(learner, event);
    } else {
        drop_turn(learner, event);
    }
    remove_guest(learner, guest);
}

static void take_edit(struct learner *learner, const struct event *event, struct guest *guest)
{
    const struct event_ticket_edited *edited = &event->body.edited;
    count_waiting(learner, guest, -1);
    guest->service = (int16_t)knowledge_service(learner->knowledge, edited->service);
    memcpy(guest->language, edited->language, sizeof(guest->language));
    count_waiting(learner, guest, 1);
}

static void take_of_guest(struct learner *learner, const struct event *event)
{
    struct guest *guest = find_guest(learner, event->ticket);
    if (guest == NULL) {
        /* From before through_seq, or of a journal that began before this memory, or followed no more: nothing to learn
         * from, but that the counter is busy with somebody. */
        drop_turn(learner, event);
        return;
    }
    if (event->type == EVENT_TICKET_PARKED || event->type == EVENT_STEP_UNDONE) {
        take_aside(learner, event, guest);
        return;
    }
    if (event->type == EVENT_TICKET_EDITED && guest->called_ms == 0) {
        take_edit(learner, event, guest);
        return;
    }
    if (!follows(guest, event->type)) {
        return;
    }
    switch (event->type) {
    case EVENT_TICKET_CALLED: take_call(learner, event, guest); break;
    case EVENT_SERVING_STARTED: take_start(learner, event, guest); break;
    case EVENT_TICKET_CLOSED: take_close(learner, event, guest); break;
    case EVENT_TICKET_TRANSFERRED: take_transfer(learner, event, guest); break;
    case EVENT_TICKET_NO_SHOW: take_no_show(learner, event, guest); break;
    case EVENT_TICKET_LEFT: take_left(learner, event, guest); break;
    case EVENT_DAY_OPENED:
    case EVENT_DAY_CLOSED:
    case EVENT_SITE_APPLIED:
    case EVENT_NUMBERS_RESERVED:
    case EVENT_TICKET_ISSUED:
    case EVENT_TICKET_RECALLED:
    case EVENT_PROMISE_MADE:
    case EVENT_COUNTER_OPENED:
    case EVENT_COUNTER_CLOSED:
    case EVENT_COUNTER_READY:
    case EVENT_COUNTER_PAUSED:
    case EVENT_VISIT_RECORDED:
    case EVENT_HELP_CALLED:
    case EVENT_HELP_ANSWERED:
    case EVENT_TICKET_PARKED:
    case EVENT_TICKET_TAKEN_BACK:
    case EVENT_TICKET_UNPARKED:
    case EVENT_TICKET_REVIVED:
    case EVENT_TICKET_EDITED:
    case EVENT_TICKET_HELD:
    case EVENT_TICKET_UNHELD:
    case EVENT_STEP_UNDONE:
    case EVENT_COUNTER_MOVED:
    case EVENT_NOTICE_POSTED:
    case EVENT_NOTICE_WITHDRAWN: break;
    }
}

void learner_take(struct learner *learner, const struct event *event)
{
    if (event->seq != 0 && event->seq <= learner->through_seq) {
        return;
    }
    learner->through_seq = event->seq != 0 ? event->seq : learner->through_seq;
    switch (event->type) {
    case EVENT_DAY_OPENED:
        forget_day(learner);
        learner->in_day = true;
        knowledge_begin_day(learner->knowledge, event->day);
        break;
    case EVENT_DAY_CLOSED: take_day_end(learner); break;
    case EVENT_TICKET_ISSUED: take_arrival(learner, event); break;
    case EVENT_TICKET_CALLED:
    case EVENT_SERVING_STARTED:
    case EVENT_TICKET_CLOSED:
    case EVENT_TICKET_TRANSFERRED:
    case EVENT_TICKET_NO_SHOW:
    case EVENT_TICKET_LEFT:
    case EVENT_TICKET_PARKED:
    case EVENT_TICKET_TAKEN_BACK:
    case EVENT_TICKET_EDITED:
    case EVENT_STEP_UNDONE: take_of_guest(learner, event); break;
    case EVENT_COUNTER_READY: end_turn(learner, event, INT64_MIN); break;
    case EVENT_COUNTER_OPENED:
    case EVENT_COUNTER_CLOSED:
    case EVENT_COUNTER_PAUSED: drop_turn(learner, event); break;
    case EVENT_SITE_APPLIED:
    case EVENT_NUMBERS_RESERVED:
    case EVENT_TICKET_RECALLED:
    case EVENT_PROMISE_MADE:
    case EVENT_VISIT_RECORDED:
    case EVENT_HELP_CALLED:
    case EVENT_HELP_ANSWERED:
    case EVENT_TICKET_UNPARKED:
    case EVENT_TICKET_REVIVED:
    case EVENT_TICKET_HELD:
    case EVENT_TICKET_UNHELD:
    case EVENT_COUNTER_MOVED:
    case EVENT_NOTICE_POSTED:
    case EVENT_NOTICE_WITHDRAWN: break;
    }
}
