/* A digest of all that events made, by codes and not by indices: FNV-1a, 64 bits. Slow, for tests and the simulator. */
#include <string.h>

#include "engine/engine.h"
#include "engine/state.h"

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

static const char *counter_code(const struct engine *engine, int counter)
{
    return counter < 0 ? "" : engine->counters[counter].code;
}

static uint64_t ticket_digest(const struct engine *engine, const struct ticket *ticket,
                              size_t index)
{
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
        ticket->call.because,
        ticket->call.anyway,
        ticket->held_until_ms,
        ticket->parked_at_ms,
        ticket->served_ms,
    };
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        digest = add_int(digest, values[i]);
    }
    digest = add_text(digest, ticket->avoidable);
    digest = add_text(digest, engine->service_codes.entries[ticket->service].code);
    digest = add_text(
        digest, ticket->language < 0 ? "" : engine->language_codes.entries[ticket->language].code);
    digest = add_text(digest, counter_code(engine, ticket->counter));
    digest = add_text(digest, counter_code(engine, ticket->parked_by));
    digest = add_text(digest, counter_code(engine, ticket->only));
    digest =
        add_text(digest, ticket->for_person < 0 ? "" : engine_person(engine, ticket->for_person));
    uint64_t needs = 0; /* a sum, since a replay may know the needs in another order */
    for (int i = 0; i < engine->need_codes.count && i < NEEDS_MAX; i++) {
        needs += (ticket->needs >> i & 1) != 0
                     ? add_text(empty_digest, engine->need_codes.entries[i].code)
                     : 0;
    }
    return add_int(digest, (int64_t)needs);
}

static uint64_t moved_digest(const struct engine *engine, const struct counter *counter)
{
    uint64_t services = 0; /* a sum, as of needs */
    for (int i = 0; i < engine->service_codes.count && i < QUARTER_SERVICES_MAX; i++) {
        services += (counter->moved >> i & 1) != 0
                        ? add_text(empty_digest, engine->service_codes.entries[i].code)
                        : 0;
    }
    return counter->is_moved ? add_int(add_text(empty_digest, counter->code), (int64_t)services)
                             : 0;
}

/* One that is closed may not be known to a replay. */
static uint64_t counter_digest(const struct engine *engine, const struct counter *counter)
{
    const uint64_t moved = moved_digest(engine, counter);
    if (counter->state == COUNTER_CLOSED) {
        return moved;
    }
    uint64_t digest = add_int(add_text(empty_digest, counter->code), counter->state);
    digest = add_int(add_int(digest, counter->since_ms), counter->pause);
    digest = add_text(digest, counter->person < 0 ? "" : engine_person(engine, counter->person));
    return digest + moved;
}

/* What asks for more: readiness, and what could be undone. */
static uint64_t wishes_digest(const struct engine *engine, int index)
{
    const struct counter *counter = &engine->counters[index];
    if (counter->state == COUNTER_CLOSED) {
        return 0;
    }
    uint64_t digest = add_int(add_text(empty_digest, counter->code), counter->ready_since_ms);
    for (int i = 0; i < engine->steps[index].count; i++) {
        const struct step_taken *taken = &engine->steps[index].taken[i];
        digest = add_int(add_int(digest, taken->step), taken->is_past);
        digest = add_int(add_int(digest, taken->at_ms), taken->counter_since_ms);
        digest =
            add_int(digest, (int64_t)ticket_digest(engine, &taken->before, (size_t)taken->ticket));
    }
    return digest;
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

static uint64_t add_notices(uint64_t digest, const struct engine *engine)
{
    for (int i = 0; i < engine->notice_count; i++) {
        const struct event_notice_posted *notice = &engine->notices[i];
        digest = add_text(add_text(digest, notice->notice), notice->service);
        digest = add_int(add_int(digest, notice->notice_template), notice->minutes);
        digest = add_int(digest, notice->until_ms);
    }
    return digest;
}

uint64_t engine_queue_digest(const struct engine *engine)
{
    uint64_t digest = empty_digest;
    for (size_t i = 0; i < engine->ticket_count; i++) {
        digest = add_int(digest, (int64_t)ticket_digest(engine, &engine->tickets[i], i));
    }
    uint64_t counters = 0; /* what a replay may know in another order is summed */
    for (int i = 0; i < engine->counter_codes.count; i++) {
        counters += counter_digest(engine, &engine->counters[i]);
    }
    return add_int(digest, (int64_t)counters);
}

uint64_t engine_digest(const struct engine *engine)
{
    uint64_t digest = add_text(add_text(empty_digest, engine->day), engine->site_hash);
    digest = add_int(add_int(digest, engine->day_open), engine->last_at_ms);
    digest = add_int(digest, engine->last_announcement);
    digest = add_int(digest, (int64_t)engine_queue_digest(engine));
    uint64_t unordered = 0;
    for (int i = 0; i < engine->counter_codes.count; i++) {
        unordered += wishes_digest(engine, i);
    }
    for (int i = 0; i < engine->numbers.run_count; i++) {
        unordered += run_digest(&engine->numbers.runs[i]);
    }
    digest = add_int(digest, (int64_t)unordered);
    return add_notices(add_kiosk_side(digest, engine), engine);
}
