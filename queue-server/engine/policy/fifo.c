/* First come, first served, within what the counter offers. Its order does not depend on the time
 * or the class, so every line is in the policy's order already and only heads have to be compared. */
#include "engine/policy/policy.h"

#include <stdlib.h>

#include "quarter/check.h"

struct cursor {
    const struct line *line;
    int place, length;
    int32_t ticket; /* at place */
    int64_t leg_from_ms;
};

static bool comes_first(int64_t leg_from_ms, int32_t ticket, int64_t other_leg_from_ms,
                        int32_t other)
{
    return leg_from_ms < other_leg_from_ms || (leg_from_ms == other_leg_from_ms && ticket < other);
}

static bool choose(const struct lines *lines, uint64_t services, int64_t now_ms,
                   struct policy_choice *choice)
{
    const struct line *best = NULL;
    int waiting = 0;
    for (uint64_t left = services & lines->services_waiting; left != 0; left &= left - 1) {
        const struct service_lines *service = &lines->services[__builtin_ctzll(left)];
        waiting += service->waiting;
        for (int rank = 0; rank < LINE_CLASSES; rank++) {
            const struct line *line = &service->classes[rank];
            if (line->head != LINE_NOBODY &&
                (best == NULL || comes_first(line->head_leg_from_ms, line->head,
                                             best->head_leg_from_ms, best->head))) {
                best = line;
            }
        }
    }
    if (best == NULL) {
        return false;
    }
    int64_t waited_ms = now_ms - best->head_leg_from_ms;
    *choice = (struct policy_choice){
        .ticket = best->head,
        .reason = waiting == 1 ? CALL_ONLY_ONE_WAITING : CALL_LONGEST_WAITING,
        .waited_s = waited_ms < 0 ? 0 : (int32_t)(waited_ms / 1000),
        .waiting = waiting,
    };
    return true;
}

static int compare(const struct waiter *a, const struct waiter *b, int64_t now_ms)
{
    (void)now_ms;
    if (a->leg_from_ms != b->leg_from_ms) {
        return a->leg_from_ms < b->leg_from_ms ? -1 : 1;
    }
    return (a->ticket > b->ticket) - (a->ticket < b->ticket);
}

static int ahead_in_service(const struct lines *lines, int service, const struct waiter *waiter)
{
    int ahead = 0;
    for (int rank = 0; rank < LINE_CLASSES; rank++) {
        ahead += line_before(lines, &lines->services[service].classes[rank], waiter->leg_from_ms,
                             waiter->ticket);
    }
    return ahead;
}

static int ahead(const struct lines *lines, uint64_t services, const struct waiter *waiter,
                 int64_t now_ms)
{
    (void)now_ms;
    uint64_t others = services & lines->services_waiting;
    if (waiter->service < QUARTER_SERVICES_MAX) {
        others &= ~(UINT64_C(1) << waiter->service);
    }
    int count = waiter->service < lines->service_count
                    ? ahead_in_service(lines, waiter->service, waiter)
                    : 0;
    for (; others != 0; others &= others - 1) {
        count += ahead_in_service(lines, __builtin_ctzll(others), waiter);
    }
    return count;
}

static void step(const struct lines *lines, struct cursor *cursor)
{
    if (++cursor->place < cursor->length) {
        cursor->ticket = line_at(lines, cursor->line, cursor->place);
        cursor->leg_from_ms = lines_leg_from(lines, cursor->ticket);
    }
}

static size_t open_cursors(const struct lines *lines, struct cursor *cursors)
{
    size_t count = 0;
    for (int service = 0; service < lines->service_count; service++) {
        for (int rank = 0; rank < LINE_CLASSES; rank++) {
            const struct line *line = &lines->services[service].classes[rank];
            if (line->head != LINE_NOBODY) {
                cursors[count++] = (struct cursor){.line = line,
                                                   .length = line_length(lines, line),
                                                   .ticket = line->head,
                                                   .leg_from_ms = line->head_leg_from_ms};
            }
        }
    }
    return count;
}

/* A merge of the lines, cheapest where few are asked for of many who wait. */
static size_t order(const struct lines *lines, int64_t now_ms, int32_t *tickets, size_t max)
{
    (void)now_ms;
    struct cursor *cursors =
        malloc(((size_t)lines->service_count * LINE_CLASSES + 1) * sizeof(*cursors));
    CHECK(cursors != NULL);
    size_t open = open_cursors(lines, cursors);
    size_t written = 0;
    while (written < max && open > 0) {
        struct cursor *first = &cursors[0];
        for (size_t i = 1; i < open; i++) {
            if (comes_first(cursors[i].leg_from_ms, cursors[i].ticket, first->leg_from_ms,
                            first->ticket)) {
                first = &cursors[i];
            }
        }
        tickets[written++] = first->ticket;
        step(lines, first);
        if (first->place == first->length) {
            *first = cursors[--open];
        }
    }
    free(cursors);
    return written;
}

const struct policy policy_fifo = {
    .name = "fifo",
    .choose = choose,
    .compare = compare,
    .ahead = ahead,
    .order = order,
};
