/* The invariants in full: slow, for tests and the simulator. */
#include <stdlib.h>
#include <string.h>

#include "engine/engine.h"
#include "engine/state.h"
#include "quarter/check.h"

static void check_ticket(const struct engine *engine, size_t index)
{
    const struct ticket *ticket = &engine->tickets[index];
    CHECK(state_find_ticket(engine, ticket->id) == (int)index);
    CHECK(ticket->service >= 0 && ticket->service < engine->service_codes.count);
    CHECK(ticket->language < engine->language_codes.count);
    CHECK(ticket->recalls >= 0 && ticket->announcement <= engine->last_announcement);
    CHECK((ticket->state == TICKET_PARKED) == (ticket->parked_at_ms != 0) &&
          (ticket->state == TICKET_PARKED) == (ticket->parked_by >= 0));
    CHECK(ticket->held_until_ms == 0 || ticket->state == TICKET_WAITING ||
          ticket->state == TICKET_LEFT);
    CHECK(ticket->only < engine->counter_codes.count &&
          (ticket->only < 0 || engine->counters[ticket->only].state != COUNTER_CLOSED));
    if (ticket->for_person >= 0) {
        CHECK(ticket->only ==
              engine_counter_of_person(engine, engine_person(engine, ticket->for_person)));
    }
    bool is_at_counter = ticket->state == TICKET_CALLED || ticket->state == TICKET_SERVING;
    CHECK(is_at_counter == (ticket->counter >= 0));
    if (is_at_counter) {
        CHECK(ticket->counter < engine->counter_codes.count);
        CHECK(engine->counters[ticket->counter].ticket == (int)index);
    }
    if (ticket->state == TICKET_WAITING) {
        struct waiter waiter = state_waiter(engine, (int)index);
        CHECK(lines_leg_from(&engine->lines, waiter.ticket) == ticket->leg_from_ms);
        const struct line *line = lines_find(&engine->lines, &waiter);
        CHECK(line != NULL);
        int place = line_before(&engine->lines, line, waiter.leg_from_ms, waiter.ticket);
        CHECK(place < line->length && line_at(&engine->lines, line, place) == waiter.ticket);
        CHECK(ticket->only_at == state_binding_only(engine, ticket));
        CHECK(ticket->binding_needs == state_binding_needs(engine, ticket->service, ticket->needs));
    }
}

static int by_number(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void check_numbers(const struct engine *engine)
{
    const char **numbers = malloc((engine->ticket_count + 1) * sizeof(*numbers));
    CHECK(numbers != NULL);
    for (size_t i = 0; i < engine->ticket_count; i++) {
        numbers[i] = engine->tickets[i].number;
    }
    qsort(numbers, engine->ticket_count, sizeof(*numbers), by_number);
    for (size_t i = 1; i < engine->ticket_count; i++) {
        CHECK(strcmp(numbers[i - 1], numbers[i]) != 0);
    }
    free(numbers);
}

static void check_help(const struct engine *engine)
{
    CHECK(engine->help_count >= 0 && engine->help_count <= ENGINE_HELP_MAX);
    for (int i = 0; i < engine->help_count; i++) {
        const struct help_call *call = &engine->help[i];
        CHECK(call->device[0] != '\0' && (i == 0 || call[-1].since_ms <= call->since_ms));
        CHECK(call->answered_at_ms == 0 || call->answered_at_ms >= call->since_ms);
        for (int j = 0; j < i; j++) {
            CHECK(strcmp(call->device, engine->help[j].device) != 0);
        }
    }
}

static void check_notices(const struct engine *engine)
{
    CHECK(engine->notice_count >= 0 && engine->notice_count <= QUARTER_NOTICES_MAX);
    CHECK(engine->day_open || engine->notice_count == 0);
    for (int i = 0; i < engine->notice_count; i++) {
        for (int j = 0; j < i; j++) {
            CHECK(strcmp(engine->notices[i].notice, engine->notices[j].notice) != 0);
        }
    }
}

/* What can be undone at a counter was done last with its ticket, there. */
static void check_steps(const struct engine *engine, int counter)
{
    const struct steps *steps = &engine->steps[counter];
    CHECK(steps->count >= 0 && steps->count <= STEPS_MAX);
    CHECK(steps->count == 0 || engine->counters[counter].state != COUNTER_CLOSED);
    for (int i = 0; i < steps->count; i++) {
        const struct step_taken *taken = &steps->taken[i];
        CHECK(i == 0 || taken[-1].at_ms <= taken->at_ms);
        CHECK(taken->ticket >= 0 && (size_t)taken->ticket < engine->ticket_count);
        CHECK(taken->is_past || engine->tickets[taken->ticket].last_step_at == counter);
    }
    const int here = engine->counters[counter].ticket;
    if (here >= 0 && steps->count > 0) {
        CHECK(steps->taken[steps->count - 1].ticket == here);
    }
}

static void check_persons(const struct engine *engine, int counter)
{
    const int person = engine->counters[counter].person;
    CHECK(person < 0 || engine->counters[counter].state != COUNTER_CLOSED);
    CHECK(person < 0 || engine_counter_of_person(engine, engine_person(engine, person)) == counter);
}

void engine_check(const struct engine *engine)
{
    size_t in_state[TICKET_STATES] = {0};
    for (size_t i = 0; i < engine->ticket_count; i++) {
        check_ticket(engine, i);
        in_state[engine->tickets[i].state]++;
    }
    CHECK(memcmp(in_state, engine->in_state, sizeof(in_state)) == 0);
    size_t occupied = 0;
    for (int i = 0; i < engine->counter_codes.count; i++) {
        const struct counter *counter = &engine->counters[i];
        CHECK(strcmp(counter->code, engine->counter_codes.entries[i].code) == 0);
        if (counter->ticket >= 0) {
            CHECK(counter->state == COUNTER_OPEN);
            CHECK(engine->tickets[counter->ticket].counter == i);
            occupied++;
        }
        CHECK(counter->state == COUNTER_CLOSED || engine->day_open);
        CHECK(counter->retired == (counter->rule < 0));
        bool is_ready = counter->ready_since_ms != 0;
        CHECK(!is_ready || (counter->state == COUNTER_OPEN && counter->ticket < 0));
        CHECK(i >= QUARTER_COUNTERS_MAX || (engine->ready >> i & 1) == (uint64_t)is_ready);
        CHECK(counter->services == (counter->retired    ? 0
                                    : counter->is_moved ? counter->moved
                                                        : counter->of_site));
        check_steps(engine, i);
        check_persons(engine, i);
    }
    CHECK(occupied == engine->occupied);
    CHECK(engine->day_open || (in_state[TICKET_WAITING] == 0 && in_state[TICKET_PARKED] == 0));
    check_numbers(engine);
    check_help(engine);
    check_notices(engine);
    lines_check(&engine->lines);
}
