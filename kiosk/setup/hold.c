/* See hold.h. */
#include "setup/hold.h"

void hold_finger(struct hold *hold, bool down, bool on_spot, int64_t at_ms)
{
    if (!on_spot) {
        hold->held = false;
    } else if (down) {
        hold->held = true;
        hold->since_ms = at_ms;
    }
}

void hold_end(struct hold *hold)
{
    hold->held = false;
}

int64_t hold_due_ms(const struct hold *hold)
{
    return hold->held ? hold->since_ms + HOLD_MS : INT64_MAX;
}

bool hold_take(struct hold *hold, int64_t now_ms)
{
    if (now_ms < hold_due_ms(hold))
        return false;
    hold->held = false;
    return true;
}
