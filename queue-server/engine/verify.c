/* The invariants in full, and a digest of the state: slow, for tests and the simulator. */
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
    }
    CHECK(occupied == engine->occupied);
    CHECK(engine->day_open || in_state[TICKET_WAITING] == 0);
    check_numbers(engine);
    check_help(engine);
    lines_check(&engine->lines);
}

/* digest: FNV-1a, 64 bits */

static uint64_t add_bytes(uint64_t digest, const void *bytes, size_t size)
{
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < size; i++) {
        digest = (digest ^ byte[i]) * UINT64_C(1099511628211);
    }
    return digest;
}

static uint64_t add_text(uint64_t digest, const char *text)
{
    return add_bytes(digest, text, strlen(text) + 1);
}

static uint64_t add_int(uint64_t digest, int64_t value)
{
    return add_bytes(digest, &value, sizeof(value));
}

static const uint64_t empty_digest = UINT64_C(14695981039346656037);

static uint64_t ticket_digest(const struct engine *engine, size_t index)
{
    const struct ticket *ticket = &engine->tickets[index];
    uint64_t digest = add_text(add_text(empty_digest, ticket->id), ticket->number);
    const int64_t values[] = {
        ticket->state,
        ticket->ticket_class,
        ticket->arrived_at_ms,
        ticket->leg_from_ms,
        ticket->called_at_ms,
        ticket->started_at_ms,
        ticket->ended_at_ms,
        ticket->announcement,
        ticket->recalls,
        ticket->call.announcement,
        ticket->call.reason,
        ticket->call.waited_s,
        ticket->call.waiting,
        ticket->outcome,
        ticket->unconfirmed,
        (int64_t)index,
        ticket->call.appointment_ms,
        ticket->call.standard_s,
        ticket->call.limit_s,
        ticket->appointment_ms,
        ticket->booked_late,
        ticket->nobody_serves,
        ticket->promise.known,
        ticket->promise.p20_s,
        ticket->promise.p50_s,
        ticket->promise.p90_s,
        ticket->promise.within_permille,
        ticket->promise.as_of_ms,
    };
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        digest = add_int(digest, values[i]);
    }
    digest = add_text(digest, ticket->avoidable);
    digest = add_text(digest, engine->service_codes.entries[ticket->service].code);
    digest = add_text(
        digest, ticket->language < 0 ? "" : engine->language_codes.entries[ticket->language].code);
    digest = add_text(digest, ticket->counter < 0 ? "" : engine->counters[ticket->counter].code);
    uint64_t needs = 0; /* a sum, since a replay may know the needs in another order */
    for (int i = 0; i < engine->need_codes.count && i < NEEDS_MAX; i++) {
        needs += (ticket->needs >> i & 1) != 0
                     ? add_text(empty_digest, engine->need_codes.entries[i].code)
                     : 0;
    }
    return add_int(digest, (int64_t)needs);
}

/* One that is closed may not be known to a replay. */
static uint64_t counter_digest(const struct counter *counter)
{
    if (counter->state == COUNTER_CLOSED) {
        return 0;
    }
    const uint64_t digest = add_int(add_text(empty_digest, counter->code), counter->state);
    return add_int(add_int(digest, counter->ready_since_ms), counter->since_ms);
}

static uint64_t run_digest(const struct number_run *run)
{
    uint64_t digest = add_text(empty_digest, run->prefix);
    digest = add_bytes(digest, run->used, sizeof(run->used));
    digest = add_bytes(digest, run->reserved, sizeof(run->reserved));
    for (int i = 0; i < run->block_count; i++) {
        digest = add_int(add_int(digest, run->blocks[i].first), run->blocks[i].last);
        digest = add_text(digest, run->blocks[i].device);
    }
    return digest;
}

static uint64_t add_kiosk_side(uint64_t digest, const struct engine *engine)
{
    for (int i = 0; i < VISIT_KINDS; i++) {
        digest = add_int(digest, engine->visits[i]);
    }
    for (int i = 0; i < engine->help_count; i++) {
        const struct help_call *call = &engine->help[i];
        digest = add_text(add_text(digest, call->device), call->language);
        digest = add_int(add_int(digest, call->since_ms), call->answered_at_ms);
    }
    return digest;
}

uint64_t engine_digest(const struct engine *engine)
{
    uint64_t digest = add_text(add_text(empty_digest, engine->day), engine->site_hash);
    digest = add_int(add_int(digest, engine->day_open), engine->last_at_ms);
    digest = add_int(digest, engine->last_announcement);
    for (size_t i = 0; i < engine->ticket_count; i++) {
        digest = add_int(digest, (int64_t)ticket_digest(engine, i));
    }
    uint64_t unordered = 0; /* what a replay may know in another order is summed */
    for (int i = 0; i < engine->counter_codes.count; i++) {
        unordered += counter_digest(&engine->counters[i]);
    }
    for (int i = 0; i < engine->numbers.run_count; i++) {
        unordered += run_digest(&engine->numbers.runs[i]);
    }
    digest = add_int(digest, (int64_t)unordered);
    return add_kiosk_side(digest, engine);
}
