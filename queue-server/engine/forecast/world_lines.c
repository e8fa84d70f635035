/* See world_lines.h. */
#include "engine/forecast/world_lines.h"

#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"

enum { FIRST_SLOTS = 64 };

/* ---- Which line */

static uint32_t slot_of(const struct world_lines *lines, int plain, uint32_t needs)
{
    uint32_t hash = needs * 0x9e3779b1u ^ (uint32_t)plain * 0x85ebca6bu;
    hash ^= hash >> 15;
    return hash & (uint32_t)(lines->slot_count - 1);
}

static int plain_of(const struct world_line *line)
{
    return line->service * TICKET_CLASSES + line->ticket_class;
}

static void put_in_slot(struct world_lines *lines, int32_t line)
{
    uint32_t slot = slot_of(lines, plain_of(&lines->lines[line]), lines->lines[line].needs);
    while (lines->slots[slot] != WORLD_NOBODY) {
        slot = (slot + 1) & (uint32_t)(lines->slot_count - 1);
    }
    lines->slots[slot] = line;
}

static void grow_slots(struct world_lines *lines)
{
    lines->slot_count = lines->slot_count == 0 ? FIRST_SLOTS : 2 * lines->slot_count;
    lines->slots = realloc(lines->slots, (size_t)lines->slot_count * sizeof(*lines->slots));
    CHECK(lines->slots != NULL);
    for (int32_t i = 0; i < lines->slot_count; i++) {
        lines->slots[i] = WORLD_NOBODY;
    }
    for (int32_t i = lines->plain_count; i < lines->line_count; i++) {
        put_in_slot(lines, i);
    }
}

static int32_t add_line(struct world_lines *lines, int service, int ticket_class, uint32_t needs)
{
    if (lines->line_count == lines->line_capacity) {
        lines->line_capacity = lines->line_capacity == 0 ? 64 : 2 * lines->line_capacity;
        lines->lines = realloc(lines->lines, (size_t)lines->line_capacity * sizeof(*lines->lines));
        CHECK(lines->lines != NULL);
    }
    const int32_t line = lines->line_count++;
    lines->lines[line] = (struct world_line){.head = WORLD_NOBODY,
                                             .tail = WORLD_NOBODY,
                                             .rescue = WORLD_NOBODY,
                                             .needs = needs,
                                             .service = (int16_t)service,
                                             .ticket_class = (uint8_t)ticket_class};
    return line;
}

static int32_t line_of(struct world_lines *lines, int service, int ticket_class, uint32_t needs)
{
    const int plain = service * TICKET_CLASSES + ticket_class;
    if (needs == 0) {
        return plain;
    }
    if (2 * (lines->line_count - lines->plain_count + 1) > lines->slot_count) {
        grow_slots(lines);
    }
    uint32_t slot = slot_of(lines, plain, needs);
    while (lines->slots[slot] != WORLD_NOBODY) {
        const struct world_line *line = &lines->lines[lines->slots[slot]];
        if (line->needs == needs && plain_of(line) == plain) {
            return lines->slots[slot];
        }
        slot = (slot + 1) & (uint32_t)(lines->slot_count - 1);
    }
    lines->slots[slot] = add_line(lines, service, ticket_class, needs);
    return lines->slots[slot];
}

void world_lines_free(struct world_lines *lines)
{
    free(lines->lines);
    free(lines->slots);
    *lines = (struct world_lines){0};
}

void world_lines_reset(struct world_lines *lines, int service_count)
{
    const bool had_needs = lines->line_count > lines->plain_count;
    lines->line_count = lines->plain_count = 0;
    for (int service = 0; service < service_count; service++) {
        lines->first[service] = WORLD_NOBODY;
        for (int ticket_class = 0; ticket_class < TICKET_CLASSES; ticket_class++) {
            (void)add_line(lines, service, ticket_class, 0);
        }
    }
    lines->plain_count = lines->line_count;
    for (int32_t i = 0; had_needs && i < lines->slot_count; i++) {
        lines->slots[i] = WORLD_NOBODY;
    }
    lines->plain_words = (lines->plain_count + 63) / 64;
    memset(lines->plain, 0, sizeof(lines->plain));
    lines->services_with_needs = 0;
    lines->joined = 0;
}

struct world_line_set world_lines_of(uint64_t services)
{
    struct world_line_set set = {{0}};
    for (int i = 0; i < QUARTER_SERVICES_MAX * TICKET_CLASSES; i++) {
        set.plain[i / 64] |= (services >> (i / TICKET_CLASSES) & 1) << (i % 64);
    }
    return set;
}

/* ---- Joining and leaving */

static void show_line(struct world_lines *lines, int32_t index)
{
    if (index < lines->plain_count) {
        lines->plain[index / 64] |= UINT64_C(1) << (index % 64);
        return;
    }
    struct world_line *line = &lines->lines[index];
    line->previous = WORLD_NOBODY;
    line->next = lines->first[line->service];
    if (line->next != WORLD_NOBODY) {
        lines->lines[line->next].previous = index;
    }
    lines->first[line->service] = index;
    lines->services_with_needs |= UINT64_C(1) << line->service;
}

static void hide_line(struct world_lines *lines, int32_t index)
{
    if (index < lines->plain_count) {
        lines->plain[index / 64] &= ~(UINT64_C(1) << (index % 64));
        return;
    }
    const struct world_line *line = &lines->lines[index];
    if (line->next != WORLD_NOBODY) {
        lines->lines[line->next].previous = line->previous;
    }
    if (line->previous != WORLD_NOBODY) {
        lines->lines[line->previous].next = line->next;
        return;
    }
    lines->first[line->service] = line->next;
    if (line->next == WORLD_NOBODY) {
        lines->services_with_needs &= ~(UINT64_C(1) << line->service);
    }
}

/* Has the ticket to stand before the cursor's? All before the cursor have waited longer than the standard. */
static bool before_rescue(const struct world_lines *lines, const struct world_line *line,
                          const struct world_ticket *mine)
{
    return line->rescue == WORLD_NOBODY ||
           mine->leg_from_ms < lines->tickets[line->rescue].leg_from_ms;
}

void world_lines_join(struct world_lines *lines, int32_t ticket, uint32_t needs)
{
    struct world_ticket *tickets = lines->tickets;
    struct world_ticket *mine = &tickets[ticket];
    const int32_t index = line_of(lines, mine->visit->service, mine->visit->ticket_class, needs);
    struct world_line *line = &lines->lines[index];
    if (line->head == WORLD_NOBODY) {
        show_line(lines, index);
    }
    int32_t after = line->tail;
    while (after != WORLD_NOBODY && tickets[after].leg_from_ms > mine->leg_from_ms) {
        after = tickets[after].previous;
    }
    mine->line = index;
    mine->joined = lines->joined++;
    mine->previous = after;
    mine->next = after == WORLD_NOBODY ? line->head : tickets[after].next;
    *(after == WORLD_NOBODY ? &line->head : &tickets[after].next) = ticket;
    *(mine->next == WORLD_NOBODY ? &line->tail : &tickets[mine->next].previous) = ticket;
    if (before_rescue(lines, line, mine)) {
        line->rescue = ticket;
    }
}

void world_lines_leave(struct world_lines *lines, int32_t ticket)
{
    struct world_ticket *tickets = lines->tickets;
    const struct world_ticket *mine = &tickets[ticket];
    struct world_line *line = &lines->lines[mine->line];
    *(mine->previous == WORLD_NOBODY ? &line->head : &tickets[mine->previous].next) = mine->next;
    *(mine->next == WORLD_NOBODY ? &line->tail : &tickets[mine->next].previous) = mine->previous;
    if (line->rescue == ticket) {
        line->rescue = mine->next;
    }
    if (line->head == WORLD_NOBODY) {
        hide_line(lines, mine->line);
    }
}

/* ---- Choosing */

struct search {
    struct world_lines *lines;
    const struct world_counter *counter;
    int64_t now_ms;
    int32_t *vanished_watched;
    int32_t best;
    struct policy_rank rank;
};

static void take_off(struct search *search, int32_t ticket)
{
    struct world_ticket *mine = &search->lines->tickets[ticket];
    mine->outcome = WORLD_LEFT;
    *search->vanished_watched += mine->watched;
    world_lines_leave(search->lines, ticket);
}

static inline bool has_vanished(const struct search *search, int32_t ticket)
{
    return search->lines->tickets[ticket].vanishes_ms <= search->now_ms;
}

static inline __attribute__((always_inline)) void consider(struct search *search,
                                                           const struct world_line *line,
                                                           int32_t ticket, int64_t waited_ms,
                                                           int64_t after_ms)
{
    if (waited_ms < after_ms) {
        return;
    }
    const struct world_ticket *tickets = search->lines->tickets;
    const struct policy_rank rank =
        policy_rank(search->lines->policy, (enum ticket_class)line->ticket_class, waited_ms);
    if (search->best == WORLD_NOBODY ||
        policy_ranks_before(rank, tickets[ticket].joined, search->rank,
                            tickets[search->best].joined)) {
        search->best = ticket;
        search->rank = rank;
    }
}

static inline __attribute__((always_inline)) void
look_at_line(struct search *search, struct world_line *line, int64_t after_ms)
{
    struct world_lines *lines = search->lines;
    while (has_vanished(search, line->head)) {
        take_off(search, line->head);
        if (line->head == WORLD_NOBODY) {
            return;
        }
    }
    const int64_t leg_from_ms = lines->tickets[line->head].leg_from_ms;
    const int64_t waited_ms = search->now_ms - leg_from_ms;
    lines->oldest_ms = leg_from_ms < lines->oldest_ms ? leg_from_ms : lines->oldest_ms;
    consider(search, line, line->head, waited_ms, after_ms);
    if (!policy_rescues(lines->policy) || waited_ms <= lines->policy->standard_ms) {
        return;
    }
    const int64_t since_ms = search->now_ms - lines->policy->standard_ms;
    while (line->rescue != WORLD_NOBODY) {
        if (lines->tickets[line->rescue].leg_from_ms < since_ms) {
            line->rescue = lines->tickets[line->rescue].next;
        } else if (has_vanished(search, line->rescue)) {
            take_off(search, line->rescue);
        } else {
            consider(search, line, line->rescue,
                     search->now_ms - lines->tickets[line->rescue].leg_from_ms, after_ms);
            return;
        }
    }
}

static void look_at_needs(struct search *search)
{
    struct world_lines *lines = search->lines;
    for (uint64_t left = search->counter->services & lines->services_with_needs; left != 0;
         left &= left - 1) {
        int32_t index = lines->first[__builtin_ctzll(left)];
        while (index != WORLD_NOBODY) {
            struct world_line *line = &lines->lines[index];
            const int64_t after_ms =
                needs_callable_after_ms(lines->needs, line->needs, search->counter->needs);
            index = line->next; /* a line that all have left hides itself */
            if (after_ms != needs_never) {
                look_at_line(search, line, after_ms);
            }
        }
    }
}

int32_t world_lines_choose(struct world_lines *lines, const struct world_counter *counter,
                           const struct world_line_set *set, int64_t now_ms,
                           int32_t *vanished_watched)
{
    struct search search = {.lines = lines,
                            .counter = counter,
                            .now_ms = now_ms,
                            .vanished_watched = vanished_watched,
                            .best = WORLD_NOBODY};
    lines->oldest_ms = INT64_MAX;
    for (int word = 0; word < lines->plain_words; word++) {
        for (uint64_t left = lines->plain[word] & set->plain[word]; left != 0; left &= left - 1) {
            look_at_line(&search, &lines->lines[64 * word + __builtin_ctzll(left)], INT64_MIN);
        }
    }
    if (lines->services_with_needs != 0) {
        look_at_needs(&search);
    }
    return search.best;
}

/* ---- Those passed by, and lists */

static bool may_call(const struct world_lines *lines, const struct world_counter *counter,
                     const struct world_line *line, const struct world_ticket *ticket,
                     int64_t now_ms)
{
    return line->needs == 0 ||
           now_ms - ticket->leg_from_ms >=
               needs_callable_after_ms(lines->needs, line->needs, counter->needs);
}

static void note_slips_in(struct world_lines *lines, const struct world_counter *counter,
                          const struct world_line *line, const struct world_ticket *called,
                          int64_t now_ms)
{
    for (int32_t i = line->head; i != WORLD_NOBODY; i = lines->tickets[i].next) {
        struct world_ticket *ticket = &lines->tickets[i];
        const int64_t later_ms = called->leg_from_ms - ticket->leg_from_ms;
        if (later_ms <= 0) {
            return;
        }
        if (ticket->visit->leaves_ms <= now_ms || ticket->visit->phantom ||
            !may_call(lines, counter, line, ticket, now_ms)) {
            continue;
        }
        ticket->slips++;
        ticket->late_slips += now_ms - ticket->leg_from_ms > lines->policy->standard_ms;
        ticket->overtaken_ms = later_ms > ticket->overtaken_ms ? later_ms : ticket->overtaken_ms;
    }
}

void world_lines_note_slips(struct world_lines *lines, const struct world_counter *counter,
                            const struct world_line_set *set, const struct world_ticket *called,
                            int64_t now_ms)
{
    if (called->leg_from_ms <= lines->oldest_ms) {
        return;
    }
    for (int word = 0; word < lines->plain_words; word++) {
        for (uint64_t left = lines->plain[word] & set->plain[word]; left != 0; left &= left - 1) {
            note_slips_in(lines, counter, &lines->lines[64 * word + __builtin_ctzll(left)], called,
                          now_ms);
        }
    }
    for (uint64_t left = counter->services & lines->services_with_needs; left != 0;
         left &= left - 1) {
        for (int32_t index = lines->first[__builtin_ctzll(left)]; index != WORLD_NOBODY;
             index = lines->lines[index].next) {
            note_slips_in(lines, counter, &lines->lines[index], called, now_ms);
        }
    }
}

/* Sorted by joining; the lines come one after another, each nearly in order already. */
static int by_ticket_joined(const void *a, const void *b, void *context)
{
    const struct world_ticket *tickets = context;
    const int32_t x = tickets[*(const int32_t *)a].joined;
    const int32_t y = tickets[*(const int32_t *)b].joined;
    return (x > y) - (x < y);
}

int32_t world_lines_list(const struct world_lines *lines, uint64_t services,
                         const struct world_counter *counter, int64_t now_ms, int32_t *tickets,
                         int32_t max)
{
    int32_t count = 0;
    for (int32_t index = 0; index < lines->line_count; index++) {
        const struct world_line *line = &lines->lines[index];
        if ((services >> line->service & 1) == 0) {
            continue;
        }
        for (int32_t i = line->head; i != WORLD_NOBODY; i = lines->tickets[i].next) {
            const struct world_ticket *ticket = &lines->tickets[i];
            if (ticket->vanishes_ms <= now_ms ||
                (counter != NULL && !may_call(lines, counter, line, ticket, now_ms))) {
                continue;
            }
            if (count < max) {
                tickets[count] = i;
            }
            count++;
        }
    }
    qsort_r(tickets, (size_t)(count < max ? count : max), sizeof(*tickets), by_ticket_joined,
            lines->tickets);
    return count;
}
