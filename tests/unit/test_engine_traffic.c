#include "test_engine_traffic.h"

#include <stdio.h>
#include <string.h>

#include "test_kit.h"

/* splitmix64, https://prng.di.unimi.it/splitmix64.c */
uint32_t traffic_roll(struct sim *sim, uint32_t sides)
{
    uint64_t z = sim->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)((z ^ z >> 31) % sides);
}

static void fill_visit(struct sim *sim, struct command *command)
{
    if (traffic_roll(sim, 20) == 0 && sim->rig->next_id > 0) { /* an id that is known */
        rig_id(command->ticket_id, 1 + (int)traffic_roll(sim, (uint32_t)sim->rig->next_id));
    } else {
        rig_id(command->ticket_id, ++sim->rig->next_id);
    }
    if (traffic_roll(sim, 2) == 0) {
        snprintf(command->language, sizeof(command->language), "%s",
                 traffic_roll(sim, 9) == 0 ? "xx" : "pl");
    }
    static const char *const needs[] = {"interpreter", "step_free", "private_room"};
    for (uint32_t asked = traffic_roll(sim, 2) == 0 ? traffic_roll(sim, 8) : 0, i = 0; i < 3; i++) {
        if ((asked >> i & 1) != 0) {
            snprintf(command->needs[command->need_count++], sizeof(command->needs[0]), "%s",
                     traffic_roll(sim, 40) == 0 ? "yacht" : needs[i]);
        }
    }
    static const enum ticket_class classes[] = {CLASS_NORMAL, CLASS_NORMAL, CLASS_ASSISTED,
                                                CLASS_URGENT};
    command->ticket_class = classes[traffic_roll(sim, 4)];
    if (traffic_roll(sim, 4) == 0) {
        command->appointment_ms = sim->rig->now_ms + (int64_t)traffic_roll(sim, 2400000) - 1200000;
    }
    command->promise.known = traffic_roll(sim, 2) == 0;
    if (traffic_roll(sim, 5) == 0) {
        command->occurred_at_ms = sim->rig->now_ms - (int64_t)traffic_roll(sim, 600000) + 20000;
    }
    if (traffic_roll(sim, 4) == 0) {
        int device =
            traffic_roll(sim, 8) == 0 ? (int)traffic_roll(sim, DEVICES) : sim->block.device;
        snprintf(command->device, sizeof(command->device), "%d", device);
        command->number = sim->block.next;
        sim->block.next += traffic_roll(sim, 6) != 0;
    }
}

/* Weights: visits come a little faster than counters take them; days end now and then. */
static enum command_type roll_type(struct sim *sim)
{
    static const struct {
        enum command_type type;
        uint32_t weight;
    } weights[] = {
        {COMMAND_ISSUE, 100},   {COMMAND_LEAVE, 12},        {COMMAND_RESERVE_NUMBERS, 6},
        {COMMAND_NEXT, 90},     {COMMAND_RECALL, 25},       {COMMAND_START, 60},
        {COMMAND_FINISH, 60},   {COMMAND_NO_SHOW, 15},      {COMMAND_OPEN_COUNTER, 25},
        {COMMAND_TRANSFER, 12}, {COMMAND_PROMISE, 20},      {COMMAND_PAUSE_COUNTER, 6},
        {COMMAND_DISPATCH, 40}, {COMMAND_CLOSE_COUNTER, 6}, {COMMAND_APPLY_SITE, 3},
        {COMMAND_OPEN_DAY, 2},  {COMMAND_CLOSE_DAY, 1},     {COMMAND_RECORD_VISIT, 8},
        {COMMAND_CALL_HELP, 9}, {COMMAND_ANSWER_HELP, 5},   {COMMAND_CANCEL_HELP, 3},
        {COMMAND_PARK, 20},     {COMMAND_TAKE_BACK, 16},    {COMMAND_CALL, 16},
        {COMMAND_UNDO, 25},     {COMMAND_MOVE, 3},          {COMMAND_UNPARK, 8},
        {COMMAND_REVIVE, 10},   {COMMAND_EDIT, 20},         {COMMAND_HOLD, 15},
        {COMMAND_UNHOLD, 5},    {COMMAND_POST_NOTICE, 12},  {COMMAND_WITHDRAW_NOTICE, 2}};
    uint32_t sum = 0;
    for (size_t i = 0; i < sizeof(weights) / sizeof(weights[0]); i++) {
        sum += weights[i].weight;
    }
    uint32_t left = traffic_roll(sim, sum);
    size_t i = 0;
    while (left >= weights[i].weight) {
        left -= weights[i++].weight;
    }
    const bool is_stayed_away =
        sim->calm && weights[i].type == COMMAND_ISSUE && traffic_roll(sim, 3) != 0;
    return is_stayed_away ? COMMAND_NEXT : weights[i].type;
}

/* A late ticket, in this state mostly. */
static void pick_ticket(struct sim *sim, enum ticket_state state, struct command *command)
{
    const struct engine *engine = sim->rig->engine;
    const size_t count = engine_ticket_count(engine);
    rig_id(command->ticket_id, 1 + (int)traffic_roll(sim, (uint32_t)sim->rig->next_id + 1));
    for (size_t i = count; i-- > 0 && traffic_roll(sim, 12) != 0;) {
        const struct ticket *ticket = engine_ticket(engine, i);
        if (ticket->state == state && traffic_roll(sim, 3) != 0) {
            memcpy(command->ticket_id, ticket->id, sizeof(command->ticket_id));
            return;
        }
    }
}

static void fill_edit(struct sim *sim, struct command *command)
{
    static const char *const needs[] = {"interpreter", "step_free", "private_room", "yacht"};
    static const enum ticket_class classes[] = {CLASS_NORMAL, CLASS_ASSISTED, CLASS_URGENT};
    command->edits = traffic_roll(sim, 16);
    command->ticket_class = classes[traffic_roll(sim, 3)];
    if (traffic_roll(sim, 2) == 0) {
        snprintf(command->language, sizeof(command->language), "%s",
                 traffic_roll(sim, 9) == 0 ? "xx" : "pl");
    }
    if (traffic_roll(sim, 2) == 0) {
        snprintf(command->needs[command->need_count++], sizeof(command->needs[0]), "%s",
                 needs[traffic_roll(sim, traffic_roll(sim, 9) == 0 ? 4 : 3)]);
    }
}

static void fill_notice(struct sim *sim, struct command *command)
{
    rig_id(command->notice, 900000 + (int)traffic_roll(sim, 12));
    command->notice_template = (enum notice_template)traffic_roll(sim, NOTICE_TEMPLATES);
    command->minutes = (int32_t)traffic_roll(sim, 3) * 10;
    command->until_ms = traffic_roll(sim, 3) == 0 ? 0 : sim->rig->now_ms + 600000;
    if (traffic_roll(sim, 2) == 0) {
        command->service[0] = '\0';
    }
}

static void fill_move(struct sim *sim, struct command *command)
{
    static const char *const services[] = {"housing", "repairs", "tax", "parking", "bins", "no"};
    command->service_count = (int)traffic_roll(sim, 4);
    for (int i = 0; i < command->service_count; i++) {
        snprintf(command->services[i], sizeof(command->services[0]), "%s",
                 services[traffic_roll(sim, traffic_roll(sim, 9) == 0 ? 6 : 4)]);
    }
}

static void fill_target(struct sim *sim, struct command *command)
{
    static const char *const counters[] = {"1", "2", "3", "room", "5", "nowhere"};
    if (traffic_roll(sim, 3) == 0) {
        snprintf(command->to_counter, sizeof(command->to_counter), "%s",
                 counters[traffic_roll(sim, traffic_roll(sim, 10) == 0 ? 6 : 5)]);
    } else if (traffic_roll(sim, 2) == 0) {
        traffic_person(command->to_person, (int)traffic_roll(sim, PERSONS));
    }
}

void traffic_person(char to[QUARTER_ULID_LEN + 1], int person)
{
    snprintf(to, QUARTER_ULID_LEN + 1, "01JDPERSON%016d", person);
}

/* What staff do out of the ordinary. */
static void fill_staff(struct sim *sim, struct command *command)
{
    static const enum ticket_state wanted[] = {
        [COMMAND_TAKE_BACK] = TICKET_PARKED, [COMMAND_UNPARK] = TICKET_PARKED,
        [COMMAND_REVIVE] = TICKET_NO_SHOW,   [COMMAND_CALL] = TICKET_WAITING,
        [COMMAND_EDIT] = TICKET_WAITING,     [COMMAND_HOLD] = TICKET_WAITING,
        [COMMAND_UNHOLD] = TICKET_WAITING};
    const enum command_type type = command->type;
    command->because = (enum because)(1 + traffic_roll(sim, BECAUSES - 1));
    command->anyway = traffic_roll(sim, 3) == 0;
    command->minutes = 5 * (1 + (int32_t)traffic_roll(sim, 3));
    command->pause_reason = (enum pause_reason)traffic_roll(sim, PAUSE_REASONS);
    command->next = traffic_roll(sim, 2) == 0;
    if (type == COMMAND_OPEN_COUNTER && traffic_roll(sim, 3) != 0) {
        char person[QUARTER_ULID_LEN + 1];
        traffic_person(person, (int)traffic_roll(sim, PERSONS));
        snprintf(command->actor, sizeof(command->actor), "person:%s", person);
    }
    if (type < sizeof(wanted) / sizeof(wanted[0]) &&
        (wanted[type] != 0 || (type >= COMMAND_CALL && type <= COMMAND_UNHOLD))) {
        pick_ticket(sim, wanted[type], command);
    }
    if (type == COMMAND_EDIT) {
        fill_edit(sim, command);
    } else if (type == COMMAND_POST_NOTICE || type == COMMAND_WITHDRAW_NOTICE) {
        fill_notice(sim, command);
    } else if (type == COMMAND_MOVE) {
        fill_move(sim, command);
    } else if (type == COMMAND_TRANSFER) {
        fill_target(sim, command);
    }
}

struct command traffic_command(struct sim *sim)
{
    static const char *const services[] = {"housing", "repairs", "tax",    "parking",
                                           "orphan",  "bins",    "nothing"};
    static const char *const counters[] = {"1", "2", "3", "room", "5", "nowhere"};
    struct rig *rig = sim->rig;
    struct command command = rig_command(rig, roll_type(sim));
    snprintf(command.service, sizeof(command.service), "%s",
             services[traffic_roll(sim, traffic_roll(sim, 10) == 0 ? 7 : 6)]);
    snprintf(command.counter, sizeof(command.counter), "%s",
             counters[traffic_roll(sim, traffic_roll(sim, 10) == 0 ? 6 : 5)]);
    snprintf(command.device, sizeof(command.device), "%d", (int)traffic_roll(sim, DEVICES));
    command.outcome = (enum outcome)traffic_roll(sim, OUTCOME_UNRECORDED + 1);
    command.rostered = traffic_roll(sim, 4) == 0 ? traffic_roll(sim, 16) : ~UINT64_C(0);
    command.promise = (struct promise){.known = true,
                                       .p20_s = (int32_t)traffic_roll(sim, 600),
                                       .p90_s = (int32_t)traffic_roll(sim, 3600),
                                       .as_of_ms = rig->now_ms};
    if (command.type == COMMAND_OPEN_DAY) {
        sim->day += engine_day_is_open(rig->engine) ? 0 : (int)traffic_roll(sim, 3) - 1;
        sim->day = sim->day < 1 ? 1 : sim->day > 99 ? 99 : sim->day;
    }
    snprintf(command.day, sizeof(command.day), "2026-11-%02d", sim->day);
    if (traffic_roll(sim, 3) == 0) {
        snprintf(command.avoidable, sizeof(command.avoidable), "chasing");
    }
    command.visit_kind = (enum visit_kind)traffic_roll(sim, VISIT_KINDS);
    if (command.type == COMMAND_CALL_HELP && traffic_roll(sim, 3) == 0) {
        snprintf(command.device, sizeof(command.device), "kiosk-%d", (int)traffic_roll(sim, 60));
    }
    fill_staff(sim, &command);
    if (command.type == COMMAND_ISSUE) {
        fill_visit(sim, &command);
    } else if ((command.type == COMMAND_LEAVE || command.type == COMMAND_PROMISE) &&
               rig->next_id > 0) {
        uint32_t recent = rig->next_id < 60 ? (uint32_t)rig->next_id : 60;
        rig_id(command.ticket_id, rig->next_id - (int)traffic_roll(sim, recent));
    } else if (command.type == COMMAND_APPLY_SITE) {
        command.rules = &sim->sites[traffic_roll(sim, SITES)];
    }
    return command;
}

/* "interpreter" is hard and met in the room alone; the others are wishes, and private_room one that only "2" grants. */
static void make_needs(struct rules *rules)
{
    rules->need_count = 3;
    kit_set(rules->needs[2].code, sizeof(rules->needs[2].code), "private_room");
    rules->needs[0].hard = true;
    rules->needs[1].relax_after_ms = 120000;
    rules->needs[2].relax_after_ms = 30000;
    static const uint32_t met[] = {0x2, 0x4, 0x0, 0x3};
    for (int i = 0; i < 4; i++) {
        rules->counters[i].needs = met[i];
    }
}

/* Three files of one centre: one as the rig has it; one without tax and counter "3", with bins and
 * counter "5"; one in another order, with other ranges of numbers. */
void traffic_sites(struct sim *sim, uint64_t seed)
{
    sim->calm = seed % 2 == 0;
    rig_rules(&sim->sites[0]);
    make_needs(&sim->sites[0]);
    sim->sites[0].policy.rule = (enum policy_rule)(seed % 5);
    struct rules *second = &sim->sites[1];
    rig_rules(second);
    make_needs(second);
    kit_set(second->hash, sizeof(second->hash), "hash-b");
    second->policy.rule = (enum policy_rule)(seed / 5 % 5);
    second->needs[1].hard = true;
    second->services[2] = (struct service_rule){"bins", "B", 0};
    second->counters[2] = (struct counter_rule){"5", 0x1e, 0x1, 0x6};
    struct rules *third = &sim->sites[2];
    rig_rules(third);
    make_needs(third);
    kit_set(third->hash, sizeof(third->hash), "hash-c");
    third->policy.rule = (enum policy_rule)((seed + 2) % 5);
    third->services[0] = (struct service_rule){"parking", "P", 0};
    third->services[3] = (struct service_rule){"housing", "K", 0};
    kit_set(third->languages[0], sizeof(third->languages[0]), "pl");
    kit_set(third->languages[1], sizeof(third->languages[1]), "ur");
    kit_set(third->needs[0].code, sizeof(third->needs[0].code), "hearing_loop");
    third->last_number = 99;
    third->reserved_from = 15;
    third->reserved_block = 3;
}
