/* What rules make of the state: codes and their indices, who could serve whom, and what still binds those who wait.
 * Rules can change while people wait; nothing here ends a visit or gives an index to another code. */
#include <stdlib.h>
#include <string.h>

#include "engine/state.h"
#include "quarter/check.h"

void state_copy_text(char *to, size_t size, const char *from)
{
    size_t length = strlen(from);
    CHECK(length < size);
    memcpy(to, from, length + 1);
}

/* views of the state */

struct waiter state_waiter(const struct engine *engine, int ticket)
{
    const struct ticket *it = &engine->tickets[ticket];
    return (struct waiter){.leg_from_ms = it->leg_from_ms,
                           .ticket = ticket,
                           .service = it->service,
                           .ticket_class = it->ticket_class,
                           .needs = it->binding_needs,
                           .only = it->only_at + 1,
                           .held_until_ms = it->held_until_ms};
}

struct policy_view state_view(const struct engine *engine, int64_t now_ms)
{
    return (struct policy_view){.lines = &engine->lines,
                                .terms = &engine->rules.policy,
                                .needs = &engine->needs,
                                .now_ms = now_ms};
}

struct policy_reach state_reach(const struct engine *engine)
{
    int services = engine->service_codes.count;
    return (struct policy_reach){
        .service_counters = engine->service_counters,
        .need_counters = engine->need_counters,
        .service_count = services < QUARTER_SERVICES_MAX ? services : QUARTER_SERVICES_MAX};
}

struct policy_desk state_desk(const struct engine *engine, int counter)
{
    return (struct policy_desk){.services = engine->counters[counter].services,
                                .needs = engine->counters[counter].needs,
                                .only = counter + 1};
}

/* A wish that nobody could grant restricts nobody, nor does a need the site no longer knows. */
uint32_t state_binding_needs(const struct engine *engine, int service, uint32_t needs)
{
    return needs & (engine->needs.hard | engine->services[service].grantable);
}

int state_binding_only(const struct engine *engine, const struct ticket *ticket)
{
    return ticket->only >= 0 && engine->counters[ticket->only].retired ? -1 : ticket->only;
}

/* codes */

int state_intern_service(struct engine *engine, const char *code)
{
    int known = engine->service_codes.count;
    int index = codes_intern(&engine->service_codes, code);
    if (index >= engine->service_capacity) {
        engine->service_capacity = engine->service_codes.capacity;
        engine->services =
            realloc(engine->services, (size_t)engine->service_capacity * sizeof(*engine->services));
        CHECK(engine->services != NULL);
    }
    if (index == known) {
        engine->services[index] = (struct service){0};
    }
    lines_grow(&engine->lines, engine->service_codes.count, engine->ticket_capacity);
    return index;
}

int state_intern_counter(struct engine *engine, const char *code)
{
    int known = engine->counter_codes.count;
    int index = codes_intern(&engine->counter_codes, code);
    if (index >= engine->counter_capacity) {
        engine->counter_capacity = engine->counter_codes.capacity;
        engine->counters =
            realloc(engine->counters, (size_t)engine->counter_capacity * sizeof(*engine->counters));
        engine->steps =
            realloc(engine->steps, (size_t)engine->counter_capacity * sizeof(*engine->steps));
        CHECK(engine->counters != NULL && engine->steps != NULL);
    }
    if (index == known) {
        engine->counters[index] =
            (struct counter){.rule = -1, .ticket = -1, .retired = true, .person = -1};
        engine->steps[index].count = 0;
        state_copy_text(engine->counters[index].code, sizeof(engine->counters[index].code), code);
    }
    return index;
}

int state_intern_person(struct engine *engine, const char *person)
{
    return person[0] == '\0' ? -1 : codes_intern(&engine->person_codes, person);
}

void state_clear_codes(struct engine *engine)
{
    codes_clear(&engine->person_codes);
    codes_clear(&engine->service_codes);
    codes_clear(&engine->counter_codes);
    codes_clear(&engine->language_codes);
    codes_clear(&engine->need_codes);
}

/* rules */

/* Where the rules' indices lead. */
struct map {
    int services[QUARTER_SERVICES_MAX], languages[QUARTER_LANGUAGES_MAX], needs[QUARTER_NEEDS_MAX];
};

static void apply_services(struct engine *engine, struct map *map)
{
    codes_retire_all(&engine->service_codes);
    for (int i = 0; i < engine->rules.service_count; i++) {
        const struct service_rule *rule = &engine->rules.services[i];
        int index = state_intern_service(engine, rule->code);
        CHECK(index < QUARTER_SERVICES_MAX);
        map->services[i] = index;
        engine->service_codes.entries[index].retired = false;
        state_copy_text(engine->services[index].prefix, sizeof(engine->services[index].prefix),
                        rule->prefix);
    }
}

static void apply_languages(struct engine *engine, struct map *map)
{
    codes_retire_all(&engine->language_codes);
    for (int i = 0; i < engine->rules.language_count; i++) {
        map->languages[i] = codes_intern(&engine->language_codes, engine->rules.languages[i]);
        CHECK(map->languages[i] < MASK_LANGUAGES);
        engine->language_codes.entries[map->languages[i]].retired = false;
    }
}

static void apply_needs(struct engine *engine, struct map *map)
{
    codes_retire_all(&engine->need_codes);
    engine->needs = (struct need_terms){0};
    for (int i = 0; i < engine->rules.need_count; i++) {
        const struct need_rule *rule = &engine->rules.needs[i];
        int index = codes_intern(&engine->need_codes, rule->code);
        CHECK(index < NEEDS_MAX);
        map->needs[i] = index;
        engine->need_codes.entries[index].retired = false;
        engine->needs.hard |= (uint32_t)rule->hard << index;
        engine->needs.relax_after_ms[index] = rule->relax_after_ms;
    }
}

static uint32_t map_bits(uint32_t bits, const int *map, int count)
{
    uint32_t mapped = 0;
    for (int i = 0; i < count; i++) {
        mapped |= (bits >> i & 1) << map[i];
    }
    return mapped;
}

/* A counter goes on offering a service that vanished, to those who still wait for it: a new
 * configuration never ends a visit. */
static uint64_t retired_services(const struct engine *engine)
{
    uint64_t retired = 0;
    for (int i = 0; i < engine->service_codes.count && i < QUARTER_SERVICES_MAX; i++) {
        retired |= (uint64_t)engine->service_codes.entries[i].retired << i;
    }
    return retired;
}

static void apply_counters(struct engine *engine, const struct map *map)
{
    const struct rules *rules = &engine->rules;
    uint64_t retired = retired_services(engine);
    codes_retire_all(&engine->counter_codes);
    for (int i = 0; i < rules->counter_count; i++) {
        const struct counter_rule *rule = &rules->counters[i];
        int index = state_intern_counter(engine, rule->code);
        CHECK(index < QUARTER_COUNTERS_MAX);
        engine->counter_codes.entries[index].retired = false;
        struct counter *counter = &engine->counters[index];
        counter->rule = i;
        counter->of_site &= retired;
        for (int j = 0; j < rules->service_count; j++) {
            counter->of_site |= (rule->services >> j & 1) << map->services[j];
        }
        counter->services = counter->is_moved ? counter->moved : counter->of_site;
        counter->languages = map_bits(rule->languages, map->languages, rules->language_count);
        counter->needs = map_bits(rule->needs, map->needs, rules->need_count);
    }
    for (int i = 0; i < engine->counter_codes.count; i++) {
        struct counter *counter = &engine->counters[i];
        counter->retired = engine->counter_codes.entries[i].retired;
        if (counter->retired) {
            counter->rule = -1;
            counter->services = counter->of_site = 0;
            counter->languages = counter->needs = 0;
        }
    }
}

static void apply_reach(struct engine *engine)
{
    memset(engine->service_counters, 0, sizeof(engine->service_counters));
    memset(engine->need_counters, 0, sizeof(engine->need_counters));
    for (int i = 0; i < engine->service_codes.count; i++) {
        engine->services[i].grantable = 0;
    }
    for (int i = 0; i < engine->counter_codes.count && i < QUARTER_COUNTERS_MAX; i++) {
        const struct counter *counter = &engine->counters[i];
        const uint64_t flag = UINT64_C(1) << i;
        for (uint64_t left = counter->services; left != 0; left &= left - 1) {
            engine->service_counters[__builtin_ctzll(left)] |= flag;
            engine->services[__builtin_ctzll(left)].grantable |= counter->needs;
        }
        for (uint32_t left = counter->needs; left != 0; left &= left - 1) {
            engine->need_counters[__builtin_ctz(left)] |= flag;
        }
    }
}

/* What bound somebody under the old rules may not under the new ones, and the other way round. */
static void bind_again(struct engine *engine)
{
    for (size_t i = 0; i < engine->ticket_count; i++) {
        struct ticket *ticket = &engine->tickets[i];
        const uint32_t binding = state_binding_needs(engine, ticket->service, ticket->needs);
        if (binding == ticket->binding_needs &&
            ticket->only_at == state_binding_only(engine, ticket)) {
            continue;
        }
        if (ticket->state == TICKET_WAITING) {
            state_leave_line(engine, (int)i);
            state_join_line(engine, (int)i);
        }
        ticket->binding_needs = binding;
    }
}

void state_apply_rules(struct engine *engine)
{
    struct map map = {0};
    apply_services(engine, &map);
    apply_languages(engine, &map);
    apply_needs(engine, &map);
    apply_counters(engine, &map);
    apply_reach(engine);
    bind_again(engine);
}

void state_move_counter(struct engine *engine, const struct event *event)
{
    const struct event_counter_moved *moved = &event->body.moved;
    CHECK(engine->day_open && moved->service_count <= QUARTER_MOVED_MAX);
    const int index = state_intern_counter(engine, event->counter);
    uint64_t services = 0;
    for (int i = 0; i < moved->service_count; i++) {
        const int service = state_intern_service(engine, moved->services[i]);
        services |= service < QUARTER_SERVICES_MAX ? UINT64_C(1) << service : 0;
    }
    struct counter *counter = &engine->counters[index];
    counter->is_moved = moved->service_count > 0;
    counter->moved = services;
    counter->services = counter->retired ? 0 : counter->is_moved ? services : counter->of_site;
    apply_reach(engine);
    bind_again(engine);
}

void engine_set_rules(struct engine *engine, const struct rules *rules)
{
    CHECK(rules->service_count >= 0 && rules->service_count <= QUARTER_SERVICES_MAX);
    CHECK(rules->counter_count >= 0 && rules->counter_count <= QUARTER_COUNTERS_MAX);
    CHECK(rules->language_count >= 0 && rules->language_count <= QUARTER_LANGUAGES_MAX);
    CHECK(rules->need_count >= 0 && rules->need_count <= QUARTER_NEEDS_MAX);
    CHECK(policy_terms_fault(&rules->policy) == NULL); /* site/ refuses a file with one */
    engine->rules = *rules;
    if (engine->day_is_new) {
        state_clear_codes(engine);
    }
    state_apply_rules(engine);
}
