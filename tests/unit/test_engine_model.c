#include "test_engine_model.h"

#include "quarter/check.h"

/* The order of issue; one the engine does not know comes after all. */
static int32_t place_of(const struct engine *engine, const struct ticket *ticket)
{
    const size_t count = engine_ticket_count(engine);
    const uintptr_t first = count == 0 ? 0 : (uintptr_t)engine_ticket(engine, 0);
    const uintptr_t it = (uintptr_t)ticket;
    const bool is_known = count > 0 && it >= first && it < first + count * sizeof(*ticket);
    return (int32_t)(is_known ? (it - first) / sizeof(*ticket) : count);
}

bool model_goes_first(const struct engine *engine, const struct ticket *a, const struct ticket *b,
                      int64_t now_ms)
{
    const struct policy_terms *terms = &engine_rules(engine)->policy;
    const struct policy_rank rank_a = policy_rank(terms, a->ticket_class, now_ms - a->leg_from_ms);
    const struct policy_rank rank_b = policy_rank(terms, b->ticket_class, now_ms - b->leg_from_ms);
    return policy_ranks_before(rank_a, place_of(engine, a), rank_b, place_of(engine, b));
}

static bool offers(const struct counter *counter, int service)
{
    return service < QUARTER_SERVICES_MAX && (counter->services >> service & 1) != 0;
}

/* A wish counts only where some counter for the service could grant it. */
static bool can_be_granted(const struct engine *engine, int service, int need)
{
    for (int i = 0; i < engine_counter_count(engine); i++) {
        const struct counter *counter = engine_counter(engine, i);
        if (offers(counter, service) && (counter->needs >> need & 1) != 0) {
            return true;
        }
    }
    return false;
}

/* soft: are wishes asked for too? */
static bool suits(const struct engine *engine, int index, const struct ticket *ticket,
                  int64_t waited_ms, bool soft)
{
    const struct counter *counter = engine_counter(engine, index);
    const struct need_terms *terms = engine_need_terms(engine);
    if (!offers(counter, ticket->service)) {
        return false;
    }
    for (int need = 0; need < 32; need++) {
        const bool asks = (ticket->needs >> need & 1) != 0;
        const bool meets = (counter->needs >> need & 1) != 0;
        if (!asks || meets) {
            continue;
        }
        if ((terms->hard >> need & 1) != 0) {
            return false;
        }
        if (soft && waited_ms < terms->relax_after_ms[need] &&
            can_be_granted(engine, ticket->service, need)) {
            return false;
        }
    }
    return true;
}

/* Sent to a counter, which the site still has. */
static bool was_sent(const struct engine *engine, const struct ticket *ticket)
{
    return ticket->only >= 0 && !engine_counter(engine, ticket->only)->retired;
}

bool model_may_call(const struct engine *engine, int counter, const struct ticket *ticket,
                    int64_t now_ms)
{
    if (ticket->state != TICKET_WAITING || ticket->held_until_ms > now_ms) {
        return false;
    }
    return was_sent(engine, ticket)
               ? ticket->only == counter
               : suits(engine, counter, ticket, now_ms - ticket->leg_from_ms, true);
}

bool model_could_serve(const struct engine *engine, int counter, const struct ticket *ticket)
{
    return was_sent(engine, ticket) ? ticket->only == counter
                                    : suits(engine, counter, ticket, 0, false);
}

const struct ticket *model_first(const struct engine *engine, int counter, int64_t now_ms,
                                 int *waiting)
{
    const struct ticket *first = NULL;
    *waiting = 0;
    for (size_t i = 0; i < engine_ticket_count(engine); i++) {
        const struct ticket *it = engine_ticket(engine, i);
        if (model_may_call(engine, counter, it, now_ms)) {
            ++*waiting;
            first = first == NULL || model_goes_first(engine, it, first, now_ms) ? it : first;
        }
    }
    return first;
}

static bool compete(const struct engine *engine, const struct ticket *mine,
                    const struct ticket *other)
{
    bool served = false;
    for (int i = 0; i < engine_counter_count(engine); i++) {
        const bool can = model_could_serve(engine, i, mine);
        served |= can;
        if (can && model_could_serve(engine, i, other)) {
            return true;
        }
    }
    return !served && mine->service == other->service;
}

int model_ahead(const struct engine *engine, const struct ticket *ticket, int64_t now_ms)
{
    int ahead = 0;
    for (size_t i = 0; i < engine_ticket_count(engine); i++) {
        const struct ticket *it = engine_ticket(engine, i);
        ahead += it->state == TICKET_WAITING && it->held_until_ms <= now_ms && it != ticket &&
                 model_goes_first(engine, it, ticket, now_ms) && compete(engine, ticket, it);
    }
    return ahead;
}

static int service_count(const struct counter *counter)
{
    int count = 0;
    for (int i = 0; i < QUARTER_SERVICES_MAX; i++) {
        count += offers(counter, i);
    }
    return count;
}

int model_taker(const struct engine *engine, const struct ticket *ticket, int64_t now_ms)
{
    int best = -1;
    bool best_speaks = false;
    for (int i = 0; i < engine_counter_count(engine); i++) {
        const struct counter *counter = engine_counter(engine, i);
        if (counter->ready_since_ms == 0 || !model_may_call(engine, i, ticket, now_ms)) {
            continue;
        }
        const bool speaks =
            ticket->language >= 0 && (counter->languages >> ticket->language & 1) != 0;
        const struct counter *other = best < 0 ? counter : engine_counter(engine, best);
        const int services = service_count(counter) - service_count(other);
        const bool idled_longer = counter->ready_since_ms < other->ready_since_ms;
        if (best < 0 || (speaks && !best_speaks) ||
            (speaks == best_speaks && (services < 0 || (services == 0 && idled_longer)))) {
            best = i;
            best_speaks = speaks;
        }
    }
    return best;
}
