/* A ring of entries that keeps the oldest, since they tell how it began. */
#include "people/trail.h"

#include <inttypes.h>
#include <stdio.h>

#include "quarter/check.h"

void trail_add(struct trail *trail, const struct audit_entry *entry)
{
    if (trail->count == TRAIL_MAX) {
        trail->lost++;
        return;
    }
    trail->entries[(trail->first + trail->count) % TRAIL_MAX] = *entry;
    trail->count++;
}

size_t trail_peek(struct trail *trail, struct audit_entry *entries, size_t max, int64_t now_ms)
{
    size_t count = trail->count < max ? trail->count : max;
    for (size_t i = 0; i < count; i++)
        entries[i] = trail->entries[(trail->first + i) % TRAIL_MAX];
    trail->told = 0;
    if (trail->lost > 0 && count == trail->count && count < max) {
        entries[count] =
            (struct audit_entry){.action = "audit_lost", .result = "ok", .at_ms = now_ms};
        snprintf(entries[count].object, sizeof entries[count].object, "count:%" PRId64,
                 trail->lost);
        trail->told = trail->lost;
        count++;
    }
    return count;
}

void trail_drop(struct trail *trail, size_t count)
{
    /* One more than there were: the one about the lost. */
    size_t entries = count - (trail->told > 0 ? 1 : 0);
    CHECK(entries <= trail->count);
    trail->lost -= trail->told;
    trail->told = 0;
    trail->first = (trail->first + entries) % TRAIL_MAX;
    trail->count -= entries;
}
