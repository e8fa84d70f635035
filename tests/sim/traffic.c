/* See traffic.h. */
#include "traffic.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"
#include "random.h"

enum { MINUTE_MS = 60000, RECENT = 24 };

/* Everything that a request is made from. */
struct making {
    struct request *request;
    struct command *command;
    const struct engine *engine;
    const struct rules *rules;
    struct witness *witness;
    uint64_t *random;
    int64_t now_ms;
};

const char *traffic_command_name(enum command_type type)
{
    switch (type) {
    case COMMAND_OPEN_DAY: return "open day";
    case COMMAND_CLOSE_DAY: return "close day";
    case COMMAND_APPLY_SITE: return "apply site";
    case COMMAND_RESERVE_NUMBERS: return "reserve numbers";
    case COMMAND_ISSUE: return "issue";
    case COMMAND_LEAVE: return "leave";
    case COMMAND_PROMISE: return "promise";
    case COMMAND_DISPATCH: return "dispatch";
    case COMMAND_OPEN_COUNTER: return "open counter";
    case COMMAND_CLOSE_COUNTER: return "close counter";
    case COMMAND_PAUSE_COUNTER: return "pause counter";
    case COMMAND_NEXT: return "next";
    case COMMAND_RECALL: return "recall";
    case COMMAND_START: return "start";
    case COMMAND_FINISH: return "finish";
    case COMMAND_NO_SHOW: return "no-show";
    case COMMAND_TRANSFER: return "transfer";
    case COMMAND_PARK: return "park";
    case COMMAND_TAKE_BACK: return "take back";
    case COMMAND_CALL: return "call";
    case COMMAND_UNDO: return "undo";
    case COMMAND_MOVE: return "move";
    case COMMAND_UNPARK: return "unpark";
    case COMMAND_REVIVE: return "revive";
    case COMMAND_EDIT: return "edit";
    case COMMAND_HOLD: return "hold";
    case COMMAND_UNHOLD: return "unhold";
    case COMMAND_POST_NOTICE: return "post notice";
    case COMMAND_WITHDRAW_NOTICE: return "withdraw notice";
    case COMMAND_RECORD_VISIT: return "record visit";
    case COMMAND_CALL_HELP: return "call help";
    case COMMAND_ANSWER_HELP: return "answer help";
    case COMMAND_CANCEL_HELP: return "cancel help";
    }
    return "?";
}

void traffic_set_up(struct traffic *traffic)
{
    *traffic = (struct traffic){.requests = calloc(TRAFFIC_MAX, sizeof(struct request))};
    CHECK(traffic->requests != NULL);
}

void traffic_tear_down(struct traffic *traffic)
{
    for (int i = 0; i < traffic->count; i++) {
        free(traffic->requests[i].body);
    }
    free(traffic->requests);
}

static uint32_t pick(struct making *it, uint32_t sides)
{
    return sim_pick(it->random, sides);
}

static bool chance(struct making *it, uint32_t percent)
{
    return sim_chance(it->random, percent);
}

static void set_code(char to[QUARTER_CODE_MAX + 1], const char *code)
{
    (void)snprintf(to, QUARTER_CODE_MAX + 1, "%s", code);
}

static void set_service(struct making *it)
{
    const uint32_t which = pick(it, (uint32_t)it->rules->service_count);
    set_code(it->command->service, chance(it, 2) ? "nothing" : it->rules->services[which].code);
}

/* A ticket of late, of whatever state; false: there is none. */
static bool set_ticket(struct making *it)
{
    const int count = it->witness->ticket_count;
    const int recent = count < RECENT ? count : RECENT;
    if (recent == 0) {
        return false;
    }
    const int which = count - 1 - (int)pick(it, (uint32_t)recent);
    memcpy(it->command->ticket_id, it->witness->tickets[which].id, sizeof it->command->ticket_id);
    return true;
}

static void set_promise(struct making *it)
{
    struct promise *promise = &it->command->promise;
    promise->known = true;
    promise->p20_s = (int32_t)pick(it, 600);
    promise->p50_s = promise->p20_s + (int32_t)pick(it, 600);
    promise->p90_s = promise->p50_s + (int32_t)pick(it, 1200);
    promise->within_permille = (int32_t)pick(it, 1001);
    promise->as_of_ms = it->now_ms - (int64_t)pick(it, 15000);
}

static void set_needs(struct making *it)
{
    for (int i = 0; i < it->rules->need_count; i++) {
        if (chance(it, 25)) {
            set_code(it->command->needs[it->command->need_count++], it->rules->needs[i].code);
        }
    }
    if (chance(it, 1)) {
        it->command->need_count = 1;
        set_code(it->command->needs[0], "yacht");
    }
}

static void set_avoidable(struct making *it)
{
    static const char *const reasons[] = {"chasing", "repeat", "wrong_place"};
    if (chance(it, 20)) {
        set_code(it->command->avoidable, reasons[pick(it, 3)]);
    }
}

/* A kiosk hands over what it gave out from its own numbers while it heard nothing of the server. */
static void set_reserved_number(struct making *it)
{
    struct witness *witness = it->witness;
    if (witness->block_count == 0) {
        return;
    }
    const int of_late = witness->block_count < 4 ? witness->block_count : 4;
    struct witness_block *block =
        &witness->blocks[witness->block_count - 1 - (int)pick(it, (uint32_t)of_late)];
    set_code(it->command->device, chance(it, 10) ? "kiosk-2" : block->device);
    it->command->number = block->next;
    block->next += chance(it, 80) && block->next < block->last;
    it->command->occurred_at_ms = it->now_ms - (int64_t)pick(it, 40 * MINUTE_MS);
}

static void make_visit(struct making *it)
{
    struct command *command = it->command;
    command->type = COMMAND_ISSUE;
    set_service(it);
    if (chance(it, 60)) {
        const uint32_t which = pick(it, (uint32_t)it->rules->language_count);
        set_code(command->language, chance(it, 2) ? "xx" : it->rules->languages[which]);
    }
    if (chance(it, 40)) {
        set_needs(it);
    }
    command->ticket_class = chance(it, 80)   ? CLASS_NORMAL
                            : chance(it, 70) ? CLASS_ASSISTED
                                             : CLASS_URGENT;
    command->rostered = chance(it, 70) ? UINT64_MAX : sim_next(it->random);
    if (chance(it, 20)) {
        command->appointment_ms = it->now_ms + ((int64_t)pick(it, 60) - 20) * MINUTE_MS;
    }
    if (chance(it, 15)) {
        set_reserved_number(it);
    }
    if (chance(it, 50)) {
        set_promise(it);
    }
    set_avoidable(it);
    if (chance(it, 30)) {
        (void)snprintf(it->request->answers, sizeof it->request->answers, "{\"name\":\"%d\"}",
                       it->request->number);
    }
}

/* Visits that end there, and calls for help with what becomes of them. */
static void make_at_kiosk(struct making *it)
{
    static const enum command_type types[] = {COMMAND_RECORD_VISIT, COMMAND_CALL_HELP,
                                              COMMAND_CALL_HELP, COMMAND_ANSWER_HELP,
                                              COMMAND_CANCEL_HELP};
    struct command *command = it->command;
    command->type = types[pick(it, 5)];
    set_code(command->device, chance(it, 50) ? "kiosk-1" : "kiosk-2");
    set_service(it);
    if (chance(it, 50)) {
        set_code(command->language, chance(it, 2) ? "xx" : it->rules->languages[0]);
    }
    if (command->type == COMMAND_RECORD_VISIT) {
        command->visit_kind = (enum visit_kind)pick(it, VISIT_KINDS);
        command->outcome = (enum outcome)pick(it, OUTCOME_UNRECORDED);
        set_avoidable(it);
        set_code(command->signpost, chance(it, 70) ? "bill_online" : "");
    }
}

static void make_visitor(struct making *it)
{
    struct command *command = it->command;
    const uint32_t roll = pick(it, 100);
    make_visit(it);
    if (roll >= 80 && roll < 95 && set_ticket(it)) {
        command->type = roll < 87 ? COMMAND_LEAVE : COMMAND_PROMISE;
        set_promise(it);
    } else if (roll >= 95) {
        command->type = COMMAND_RESERVE_NUMBERS;
        set_code(command->device, chance(it, 50) ? "kiosk-1" : "kiosk-2");
        set_service(it);
    }
}

/* What staff would do there now. */
static enum command_type sensible(struct making *it, const struct counter *counter)
{
    static const enum command_type after_call[] = {COMMAND_START, COMMAND_START, COMMAND_RECALL,
                                                   COMMAND_NO_SHOW};
    static const enum command_type after_start[] = {COMMAND_FINISH,   COMMAND_FINISH,
                                                    COMMAND_FINISH,   COMMAND_FINISH,
                                                    COMMAND_TRANSFER, COMMAND_PARK};
    static const enum command_type when_free[] = {
        COMMAND_NEXT,      COMMAND_NEXT, COMMAND_NEXT,          COMMAND_NEXT,
        COMMAND_TAKE_BACK, COMMAND_CALL, COMMAND_PAUSE_COUNTER, COMMAND_CLOSE_COUNTER};
    if (chance(it, 10)) {
        return chance(it, 90) ? COMMAND_UNDO : COMMAND_MOVE;
    }
    if (counter->state != COUNTER_OPEN) {
        return COMMAND_OPEN_COUNTER;
    }
    if (counter->ticket < 0) {
        return when_free[pick(it, sizeof when_free / sizeof when_free[0])];
    }
    const struct ticket *ticket = engine_ticket(it->engine, (size_t)counter->ticket);
    return ticket->state == TICKET_CALLED ? after_call[pick(it, 4)] : after_start[pick(it, 6)];
}

/* Of late, in that state if there is one. */
static void set_ticket_in(struct making *it, enum ticket_state state)
{
    const struct witness *witness = it->witness;
    (void)set_ticket(it);
    for (int i = 0; i < witness->ticket_count && i < 2 * RECENT; i++) {
        const struct witness_ticket *ticket = &witness->tickets[witness->ticket_count - 1 - i];
        if (ticket->state == state && chance(it, 50)) {
            memcpy(it->command->ticket_id, ticket->id, sizeof it->command->ticket_id);
            return;
        }
    }
}

static void set_target(struct making *it)
{
    struct command *command = it->command;
    if (chance(it, 40)) {
        set_code(command->to_counter,
                 it->rules->counters[pick(it, (uint32_t)it->rules->counter_count)].code);
    } else if (chance(it,
                      5)) { /* who acts is told by the request: nobody is known to be anywhere */
        (void)snprintf(command->to_person, sizeof command->to_person, "01PERSON%018d", 1);
    }
}

/* What commands at a counter take beside it. Who acts is told by the request, but for who opens a counter. */
static void set_staff(struct making *it)
{
    struct command *command = it->command;
    command->because = (enum because)(1 + pick(it, BECAUSES - 1));
    command->anyway = chance(it, 30);
    command->next = chance(it, 40);
    command->pause_reason = (enum pause_reason)pick(it, PAUSE_REASONS);
    switch ((int)command->type) {
    case COMMAND_TAKE_BACK: set_ticket_in(it, TICKET_PARKED); break;
    case COMMAND_CALL: set_ticket_in(it, TICKET_WAITING); break;
    case COMMAND_TRANSFER: set_target(it); break;
    case COMMAND_FINISH: set_avoidable(it); break;
    case COMMAND_MOVE:
        for (int i = 0; i < (int)pick(it, 3); i++) {
            set_service(it);
            set_code(command->services[command->service_count++], command->service);
        }
        break;
    default: break;
    }
}

static void set_held_ticket(struct making *it)
{
    for (size_t i = 0; i < engine_ticket_count(it->engine); i++) {
        const struct ticket *ticket = engine_ticket(it->engine, i);
        if (ticket->state == TICKET_WAITING && ticket->held_until_ms > it->now_ms) {
            memcpy(it->command->ticket_id, ticket->id, sizeof it->command->ticket_id);
        }
    }
}

/* With a visitor, from any page; and notices. */
static void make_floor(struct making *it)
{
    static const struct {
        enum command_type type;
        enum ticket_state of;
    } kinds[] = {{COMMAND_EDIT, TICKET_WAITING},        {COMMAND_HOLD, TICKET_WAITING},
                 {COMMAND_UNHOLD, TICKET_WAITING},      {COMMAND_REVIVE, TICKET_NO_SHOW},
                 {COMMAND_UNPARK, TICKET_PARKED},       {COMMAND_POST_NOTICE, TICKET_LEFT},
                 {COMMAND_WITHDRAW_NOTICE, TICKET_LEFT}};
    struct command *command = it->command;
    const uint32_t kind = pick(it, sizeof kinds / sizeof kinds[0]);
    command->type = kinds[kind].type;
    set_ticket_in(it, kinds[kind].of);
    if (command->type == COMMAND_UNHOLD) {
        set_held_ticket(it);
    }
    command->minutes = 5 * (1 + (int32_t)pick(it, 3));
    command->rostered = UINT64_MAX;
    command->edits = (unsigned)pick(it, 16);
    set_service(it);
    if (command->type == COMMAND_EDIT) {
        set_needs(it);
        command->ticket_class = chance(it, 50) ? CLASS_ASSISTED : CLASS_URGENT;
    } else if (kind >= 5) {
        command->notice_template = (enum notice_template)pick(it, NOTICE_TEMPLATES);
        command->until_ms = chance(it, 50) ? it->now_ms + 20 * (int64_t)MINUTE_MS : 0;
        (void)snprintf(command->notice, sizeof command->notice, "01NOTICE%018d", (int)pick(it, 10));
    }
}

static void make_staff(struct making *it)
{
    struct command *command = it->command;
    const uint32_t which = pick(it, (uint32_t)it->rules->counter_count);
    set_code(command->counter, chance(it, 1) ? "nowhere" : it->rules->counters[which].code);
    const int counter = engine_find_counter(it->engine, command->counter);
    command->outcome = (enum outcome)pick(it, OUTCOME_UNRECORDED);
    command->rostered = chance(it, 80) ? UINT64_MAX : sim_next(it->random);
    set_service(it);
    if (counter >= 0 && chance(it, 90)) {
        command->type = sensible(it, engine_counter(it->engine, counter));
    } else {
        command->type = (enum command_type)(COMMAND_OPEN_COUNTER +
                                            (int)pick(it, COMMAND_MOVE - COMMAND_OPEN_COUNTER + 1));
    }
    (void)set_ticket(it);
    set_staff(it);
}

static void make_command(struct making *it)
{
    const uint32_t roll = pick(it, 100);
    if (!engine_day_is_open(it->engine) && roll < 40) {
        it->command->type = COMMAND_OPEN_DAY;
    } else if (roll < 2) {
        it->command->type = chance(it, 50) ? COMMAND_OPEN_DAY : COMMAND_CLOSE_DAY;
    } else if (roll < 4) {
        it->command->type = COMMAND_DISPATCH;
    } else if (roll < 41) {
        make_visitor(it);
    } else if (roll < 45) {
        make_at_kiosk(it);
    } else if (roll < 52) {
        make_floor(it);
    } else {
        make_staff(it);
    }
}

struct request *traffic_make(struct traffic *traffic, struct house *house, struct witness *witness,
                             uint64_t *random)
{
    if (traffic->count == TRAFFIC_MAX) {
        return NULL;
    }
    struct request *request = &traffic->requests[traffic->count++];
    struct making it = {.request = request,
                        .command = &request->command,
                        .engine = ledger_engine(house->ledger),
                        .rules = site_rules(house->site),
                        .witness = witness,
                        .random = random,
                        .now_ms = house_now_ms(house)};
    request->number = traffic->count;
    request->first_sent_ms = house->true_ms;
    (void)snprintf(request->command.actor, sizeof request->command.actor, "r%d", request->number);
    make_command(&it);
    /* Keys are each actor's own: two may well choose the same. What the server tells itself has none. */
    const bool is_own =
        request->command.type == COMMAND_PROMISE || request->command.type == COMMAND_DISPATCH;
    if (!is_own && chance(&it, 90)) {
        (void)snprintf(request->key, sizeof request->key, "key-%06d", request->number / 2);
    }
    (void)snprintf(request->body_hash, sizeof request->body_hash, "%064d", request->number);
    return request;
}

struct desk_job *traffic_job(const struct request *request)
{
    struct desk_job *job = desk_job_create(DESK_COMMAND);
    job->command = request->command;
    memcpy(job->key, request->key, sizeof job->key);
    memcpy(job->body_hash, request->body_hash, sizeof job->body_hash);
    if (request->answers[0] != '\0') {
        job->private_text = strdup(request->answers);
        CHECK(job->private_text != NULL);
    }
    return job;
}
