/* What the last forecast said. See waits.h. */
#include "http/waits.h"

#include <stdio.h>
#include <stdlib.h>

#include "quarter/check.h"

/* A wait past this is none: nobody calls such a ticket today, and no number of minutes would be true. */
static const int32_t longest_s = 24 * 3600;

static struct promise promise_of(const struct forecast_wait *wait, int64_t as_of_ms)
{
    const struct wait_range *range = &wait->range;
    if (range->p90_s > longest_s) {
        return (struct promise){0};
    }
    return (struct promise){.known = true,
                            .p20_s = range->p20_s,
                            .p50_s = range->p50_s,
                            .p90_s = range->p90_s,
                            .within_permille = range->within_permille,
                            .as_of_ms = as_of_ms};
}

static void take_newcomers(struct waits *waits, const struct snapshot *snapshot,
                           const struct forecast *forecast)
{
    waits->needy = calloc(forecast->newcomer_count + 1, sizeof(*waits->needy));
    CHECK(waits->needy != NULL);
    for (size_t i = 0; i < forecast->newcomer_count; i++) {
        const struct snapshot_newcomer *newcomer = &snapshot->newcomers[i];
        CHECK(newcomer->service >= 0 && newcomer->service < QUARTER_SERVICES_MAX);
        const struct promise wait = promise_of(&forecast->newcomers[i], forecast->as_of_ms);
        if (newcomer->needs == 0) {
            waits->newcomers[newcomer->service][newcomer->ticket_class] = wait;
        } else {
            waits->needy[waits->needy_count++] = (struct needy_wait){
                .service = newcomer->service, .need = newcomer->needs, .wait = wait};
        }
    }
    for (int i = 0; i < snapshot->service_count; i++) {
        waits->restricting[i] = snapshot_restricting_needs(snapshot, i);
    }
}

struct waits *waits_make(const char *day, const struct snapshot *snapshot,
                         const struct forecast *forecast)
{
    struct waits *waits = calloc(1, sizeof(*waits));
    CHECK(waits != NULL);
    (void)snprintf(waits->day, sizeof(waits->day), "%s", day);
    if (forecast == NULL) {
        return waits;
    }
    waits->as_of_ms = forecast->as_of_ms;
    waits->runs = forecast->runs;
    waits->ticket_count = forecast->ticket_count;
    waits->tickets = calloc(forecast->ticket_count + 1, sizeof(*waits->tickets));
    CHECK(waits->tickets != NULL);
    for (size_t i = 0; i < forecast->ticket_count; i++) {
        const int32_t ticket = snapshot->tickets[i].index;
        CHECK(i == 0 || ticket > waits->tickets[i - 1].ticket);
        waits->tickets[i] = (struct ticket_wait){
            .ticket = ticket,
            .wait = promise_of(&forecast->tickets[i], forecast->as_of_ms),
            .later_permille = forecast->tickets[i].later_permille,
            .promised_ms = snapshot->tickets[i].promised_ms,
            .breach_permille = 1000 - forecast->tickets[i].range.within_permille};
    }
    take_newcomers(waits, snapshot, forecast);
    return waits;
}

void waits_destroy(struct waits *waits)
{
    if (waits != NULL) {
        free(waits->tickets);
        free(waits->needy);
        free(waits);
    }
}

static const struct ticket_wait *find_ticket(const struct waits *waits, int32_t ticket)
{
    size_t low = 0, high = waits != NULL ? waits->ticket_count : 0;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (waits->tickets[middle].ticket < ticket) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const bool found =
        waits != NULL && low < waits->ticket_count && waits->tickets[low].ticket == ticket;
    return found ? &waits->tickets[low] : NULL;
}

const struct ticket_wait *waits_of_ticket(const struct waits *waits, int32_t ticket)
{
    const struct ticket_wait *found = find_ticket(waits, ticket);
    return found != NULL && found->wait.known ? found : NULL;
}

int32_t waits_breach_permille(const struct waits *waits, int32_t ticket)
{
    const struct ticket_wait *found = find_ticket(waits, ticket);
    return found != NULL ? found->breach_permille : 0;
}

static const struct promise *find_needy(const struct waits *waits, int service, uint32_t need)
{
    for (size_t i = 0; i < waits->needy_count; i++) {
        if (waits->needy[i].service == service && waits->needy[i].need == need) {
            return &waits->needy[i].wait;
        }
    }
    return NULL;
}

const struct promise *waits_of_newcomer(const struct waits *waits, int service,
                                        enum ticket_class ticket_class, uint32_t needs)
{
    if (waits == NULL || service < 0 || service >= QUARTER_SERVICES_MAX) {
        return NULL;
    }
    const uint32_t restricting = needs & waits->restricting[service];
    const struct promise *wait = &waits->newcomers[service][ticket_class];
    if (restricting != 0) {
        wait = ticket_class == CLASS_NORMAL ? find_needy(waits, service, restricting) : NULL;
    }
    return wait != NULL && wait->known ? wait : NULL;
}
