/* See policy.h. */
#include "engine/policy/policy.h"

#include <stdlib.h>

#include "quarter/check.h"

/* One of the two runs of a line in which the rank never falls: places from `from` up to `to`. */
struct run {
    int from, to;
};

/* The first instant from which somebody waits who has not waited longer than waited_ms. */
static int place_within(const struct policy_view *view, const struct line *line, int64_t waited_ms)
{
    return line_before(view->lines, line, view->now_ms - waited_ms, LINE_NOBODY);
}

static int64_t head_waited_ms(const struct policy_view *view, const struct line *line)
{
    return view->now_ms - line->head_leg_from_ms;
}

static int split_runs(const struct policy_view *view, const struct line *line, struct run runs[2])
{
    int late = 0;
    if (policy_rescues(view->terms) && head_waited_ms(view, line) > view->terms->standard_ms) {
        late = place_within(view, line, view->terms->standard_ms);
    }
    runs[0] = (struct run){0, late};
    runs[late > 0] = (struct run){late, line->length};
    return 1 + (late > 0 && late < line->length);
}

static struct policy_rank rank_of(const struct policy_view *view, enum ticket_class ticket_class,
                                  int64_t leg_from_ms)
{
    return policy_rank(view->terms, ticket_class, view->now_ms - leg_from_ms);
}

/* whom a counter calls */

/* Of those a counter may call, who waited longest. */
struct longest {
    int64_t leg_from_ms;
    int32_t ticket; /* LINE_NOBODY: none yet */
};

struct search {
    const struct policy_view *view;
    const struct policy_desk *desk;
    struct policy_rank rank; /* of the first so far, and its line */
    struct longest first;
    const struct line *line;
    int32_t service;
    int waiting;
    struct longest longest, longest_at_risk; /* of all; of the second tier of rescue */
};

static bool is_taken(const struct policy_desk *desk, int32_t ticket)
{
    for (int i = 0; i < desk->taken_count; i++) {
        if (desk->taken[i].ticket == ticket) {
            return true;
        }
    }
    return false;
}

/* Of those in the line who have waited so long: they may have been taken by a counter that could call them sooner. */
static int count_taken(const struct policy_view *view, const struct policy_desk *desk,
                       int32_t service, const struct line *line, int64_t after_ms)
{
    int count = 0;
    for (int i = 0; i < desk->taken_count; i++) {
        const struct waiter *waiter = &desk->taken[i];
        count += waiter->service == service && waiter->needs == line->needs &&
                 waiter->ticket_class == line->ticket_class && waiter->only == line->only &&
                 waiter->held_until_ms == line->held_until_ms &&
                 view->now_ms - waiter->leg_from_ms >= after_ms;
    }
    return count;
}

static inline void keep_longest(struct longest *longest, const struct longest *it)
{
    if (longest->ticket == LINE_NOBODY || it->leg_from_ms < longest->leg_from_ms ||
        (it->leg_from_ms == longest->leg_from_ms && it->ticket < longest->ticket)) {
        *longest = *it;
    }
}

static inline void weigh(struct search *search, int32_t service, const struct line *line,
                         const struct longest *it)
{
    const struct policy_rank rank = rank_of(search->view, line->ticket_class, it->leg_from_ms);
    if (search->line == NULL ||
        policy_ranks_before(rank, it->ticket, search->rank, search->first.ticket)) {
        search->rank = rank;
        search->first = *it;
        search->line = line;
        search->service = service;
    }
    keep_longest(&search->longest, it);
    if (rank.tier == POLICY_TIER_AT_RISK) {
        keep_longest(&search->longest_at_risk, it);
    }
}

/* The first who came at or after an instant and is not taken, if the counter may call them by now. */
static void weigh_from(struct search *search, int32_t service, const struct line *line,
                       int64_t leg_from_ms, int64_t after_ms)
{
    const struct policy_view *view = search->view;
    struct longest it = {.ticket = line_first_from(view->lines, line, leg_from_ms)};
    if (it.ticket == LINE_NOBODY) {
        return;
    }
    it.leg_from_ms = lines_leg_from(view->lines, it.ticket);
    if (is_taken(search->desk, it.ticket)) {
        int place = line_before(view->lines, line, it.leg_from_ms, it.ticket);
        do {
            if (++place == line->length) {
                return;
            }
            it.ticket = line_at(view->lines, line, place);
        } while (is_taken(search->desk, it.ticket));
        it.leg_from_ms = lines_leg_from(view->lines, it.ticket);
    }
    if (view->now_ms - it.leg_from_ms >= after_ms) {
        weigh(search, service, line, &it);
    }
}

static int count_callable(const struct policy_view *view, const struct policy_desk *desk,
                          int32_t service, const struct line *line, int64_t after_ms)
{
    int count = line->length;
    if (after_ms != INT64_MIN) {
        count = line_before(view->lines, line, view->now_ms - after_ms + 1, LINE_NOBODY);
    }
    return desk->taken_count == 0 ? count
                                  : count - count_taken(view, desk, service, line, after_ms);
}

/* Behind a head that is late stands who could be rescued; nobody has to be, once somebody is past the limit. */
static inline bool may_rescue(const struct search *search, int64_t head_waited_ms)
{
    const struct policy_terms *terms = search->view->terms;
    return policy_rescues(terms) && head_waited_ms > terms->standard_ms &&
           (search->line == NULL || search->rank.tier != POLICY_TIER_PAST_LIMIT);
}

/* As policy_callable_after_ms(), of all in a line. */
static inline int64_t line_after_ms(const struct policy_view *view, const struct policy_desk *desk,
                                    int32_t service, const struct line *line)
{
    if (line->only == 0 && line->held_until_ms <= view->now_ms &&
        (desk->services >> service & 1) != 0) {
        return needs_callable_after_ms(view->needs, line->needs, desk->needs);
    }
    return line->only != 0 && line->only == desk->only && line->held_until_ms <= view->now_ms
               ? INT64_MIN
               : needs_never;
}

/* In which somebody may wait whom the counter could call. */
static inline uint64_t services_to_look_at(const struct policy_view *view,
                                           const struct policy_desk *desk)
{
    return (desk->services & view->lines->services_waiting) | view->lines->services_sent;
}

static inline void look_at_line(struct search *search, int32_t service, const struct line *line)
{
    const struct policy_view *view = search->view;
    const int64_t waited_ms = head_waited_ms(view, line);
    const int64_t after_ms = line_after_ms(view, search->desk, service, line);
    if (waited_ms < after_ms) { /* needs_never too */
        return;
    }
    search->waiting += count_callable(view, search->desk, service, line, after_ms);
    if (search->desk->taken_count > 0) {
        weigh_from(search, service, line, INT64_MIN, after_ms);
    } else {
        const struct longest head = {line->head_leg_from_ms, line->head};
        weigh(search, service, line, &head);
    }
    if (may_rescue(search, waited_ms)) {
        weigh_from(search, service, line, view->now_ms - view->terms->standard_ms, after_ms);
    }
}

static void look_at_all(struct search *search)
{
    const struct lines *lines = search->view->lines;
    for (uint64_t left = services_to_look_at(search->view, search->desk); left != 0;
         left &= left - 1) {
        const int32_t index = __builtin_ctzll(left);
        const struct service_lines *service = &lines->services[index];
        for (int i = 0; i < service->line_count; i++) {
            look_at_line(search, index, &service->lines[i]);
        }
    }
}

/* Why somebody may pass another who waited longer. */
static enum call_reason class_reason(enum ticket_class ticket_class)
{
    switch (ticket_class) {
    case CLASS_NORMAL: break; /* has no head start: policy_terms_fault() */
    case CLASS_ASSISTED: return CALL_ASSISTED;
    case CLASS_APPOINTMENT: return CALL_BOOKED;
    case CLASS_URGENT: return CALL_URGENT;
    case CLASS_TRANSFER: return CALL_TRANSFERRED;
    }
    return CALL_LONGEST_WAITING;
}

/* A sentence that can be said to whoever waited longer must be true: a class is named only where it passed somebody. */
static enum call_reason reason_of(const struct search *search)
{
    const enum ticket_class ticket_class = search->line->ticket_class;
    if (search->waiting == 1) {
        return CALL_ONLY_ONE_WAITING;
    }
    if (search->first.leg_from_ms > search->view->now_ms) {
        return class_reason(ticket_class); /* booked, before the time */
    }
    const struct longest *longest = &search->longest;
    enum call_reason reason = CALL_LONGEST_WAITING;
    if (policy_rescues(search->view->terms)) {
        if (search->rank.tier == POLICY_TIER_PAST_LIMIT) {
            return CALL_PAST_LIMIT;
        }
        if (search->rank.tier == POLICY_TIER_AT_RISK) {
            longest = &search->longest_at_risk;
            reason = CALL_ABOUT_TO_MISS;
        }
    }
    return search->first.ticket == longest->ticket ? reason : class_reason(ticket_class);
}

bool policy_choose(const struct policy_view *view, const struct policy_desk *desk,
                   struct policy_choice *choice)
{
    struct search search = {.view = view,
                            .desk = desk,
                            .longest.ticket = LINE_NOBODY,
                            .longest_at_risk.ticket = LINE_NOBODY};
    look_at_all(&search);
    if (search.line == NULL) {
        return false;
    }
    *choice = (struct policy_choice){
        .waiter = {.leg_from_ms = search.first.leg_from_ms,
                   .ticket = search.first.ticket,
                   .service = search.service,
                   .ticket_class = search.line->ticket_class,
                   .needs = search.line->needs,
                   .only = search.line->only,
                   .held_until_ms = search.line->held_until_ms},
        .rank = search.rank,
        .reason = reason_of(&search),
        .waiting = search.waiting,
    };
    return true;
}

int policy_count(const struct policy_view *view, const struct policy_desk *desk)
{
    int count = 0;
    for (uint64_t left = services_to_look_at(view, desk); left != 0; left &= left - 1) {
        const int32_t index = __builtin_ctzll(left);
        const struct service_lines *service = &view->lines->services[index];
        for (int i = 0; i < service->line_count; i++) {
            const struct line *line = &service->lines[i];
            const int64_t after_ms = line_after_ms(view, desk, index, line);
            if (head_waited_ms(view, line) >= after_ms) {
                count += count_callable(view, desk, index, line, after_ms);
            }
        }
    }
    return count;
}

bool policy_comes_before(const struct policy_view *view, const struct waiter *a,
                         const struct waiter *b)
{
    return policy_ranks_before(rank_of(view, a->ticket_class, a->leg_from_ms), a->ticket,
                               rank_of(view, b->ticket_class, b->leg_from_ms), b->ticket);
}

/* places */

uint64_t policy_servers(const struct policy_view *view, const struct policy_reach *reach,
                        int32_t service, uint32_t needs)
{
    uint64_t counters = service < reach->service_count ? reach->service_counters[service] : 0;
    for (uint32_t left = needs & view->needs->hard; left != 0; left &= left - 1) {
        counters &= reach->need_counters[__builtin_ctz(left)];
    }
    return counters;
}

/* Where those are called who were sent to a counter. */
static uint64_t sent_to(int32_t only)
{
    return only <= QUARTER_COUNTERS_MAX ? UINT64_C(1) << (only - 1) : 0;
}

/* Where in a line the places before somebody end; only the run between the two instants is asked by rank. */
struct bisection {
    const struct policy_view *view;
    enum ticket_class ticket_class;
    int64_t from_ms, to_ms; /* legs: before from_ms all stand before it, from to_ms on nobody */
    struct policy_rank rank;
    int32_t ticket;
};

static bool stands_before(int64_t leg_from_ms, int32_t ticket, const void *context)
{
    const struct bisection *it = context;
    if (leg_from_ms < it->from_ms || leg_from_ms >= it->to_ms) {
        return leg_from_ms < it->from_ms;
    }
    return policy_ranks_before(rank_of(it->view, it->ticket_class, leg_from_ms), ticket, it->rank,
                               it->ticket);
}

static int ahead_in_line(const struct policy_view *view, const struct line *line,
                         struct policy_rank rank, int32_t ticket)
{
    struct bisection bisection = {.view = view,
                                  .ticket_class = line->ticket_class,
                                  .from_ms = INT64_MIN,
                                  .to_ms = INT64_MAX,
                                  .rank = rank,
                                  .ticket = ticket};
    struct run runs[2];
    if (split_runs(view, line, runs) == 1) {
        return line_partition(view->lines, line, stands_before, &bisection);
    }
    const int64_t standard_from_ms = view->now_ms - view->terms->standard_ms;
    bisection.to_ms = standard_from_ms;
    int count = line_partition(view->lines, line, stands_before, &bisection);
    bisection.from_ms = standard_from_ms;
    bisection.to_ms = INT64_MAX;
    return count + line_partition(view->lines, line, stands_before, &bisection) - runs[1].from;
}

static int ahead_in_service(const struct policy_view *view, const struct policy_reach *reach,
                            int32_t service, const struct waiter *waiter, uint64_t servers)
{
    const struct policy_rank rank = rank_of(view, waiter->ticket_class, waiter->leg_from_ms);
    const struct service_lines *mine = &view->lines->services[service];
    int ahead = 0;
    for (int i = 0; i < mine->line_count; i++) {
        const struct line *line = &mine->lines[i];
        const uint64_t theirs = line->only != 0 ? sent_to(line->only)
                                                : policy_servers(view, reach, service, line->needs);
        if (line->held_until_ms <= view->now_ms && (servers == 0 || (theirs & servers) != 0)) {
            ahead += ahead_in_line(view, line, rank, waiter->ticket);
        }
    }
    return ahead;
}

int policy_ahead(const struct policy_view *view, const struct policy_reach *reach,
                 const struct waiter *waiter)
{
    const uint64_t servers = waiter->only != 0
                                 ? sent_to(waiter->only)
                                 : policy_servers(view, reach, waiter->service, waiter->needs);
    if (servers == 0) {
        return waiter->service < view->lines->service_count
                   ? ahead_in_service(view, reach, waiter->service, waiter, 0)
                   : 0;
    }
    int ahead = 0;
    for (uint64_t left = view->lines->services_waiting; left != 0; left &= left - 1) {
        const int32_t service = __builtin_ctzll(left);
        if (service < reach->service_count && ((reach->service_counters[service] & servers) != 0 ||
                                               (view->lines->services_sent >> service & 1) != 0)) {
            ahead += ahead_in_service(view, reach, service, waiter, servers);
        }
    }
    return ahead;
}

/* the whole order: a merge of all runs, cheapest where few are asked for of many who wait */

struct cursor {
    struct policy_rank rank; /* of the ticket at place */
    int32_t ticket;
    int place, end;
    const struct line *line;
};

struct merge {
    const struct policy_view *view;
    struct cursor *heap; /* smallest first */
    size_t count;
};

static bool cursor_before(const struct cursor *a, const struct cursor *b)
{
    return policy_ranks_before(a->rank, a->ticket, b->rank, b->ticket);
}

static void read_cursor(const struct policy_view *view, struct cursor *cursor)
{
    cursor->ticket = line_at(view->lines, cursor->line, cursor->place);
    cursor->rank =
        rank_of(view, cursor->line->ticket_class, lines_leg_from(view->lines, cursor->ticket));
}

static void sink(struct merge *merge, size_t at)
{
    struct cursor *heap = merge->heap;
    for (;;) {
        size_t least = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < merge->count; child++) {
            least = cursor_before(&heap[child], &heap[least]) ? child : least;
        }
        if (least == at) {
            return;
        }
        const struct cursor moved = heap[at];
        heap[at] = heap[least];
        heap[least] = moved;
        at = least;
    }
}

static void open_cursors(struct merge *merge)
{
    const struct lines *lines = merge->view->lines;
    size_t most = 0;
    for (int i = 0; i < lines->service_count; i++) {
        most += (size_t)lines->services[i].line_count * 2;
    }
    merge->heap = malloc((most + 1) * sizeof(*merge->heap));
    CHECK(merge->heap != NULL);
    for (int i = 0; i < lines->service_count; i++) {
        for (int j = 0; j < lines->services[i].line_count; j++) {
            const struct line *line = &lines->services[i].lines[j];
            struct run runs[2];
            const int count = split_runs(merge->view, line, runs);
            for (int k = 0; k < count; k++) {
                struct cursor *cursor = &merge->heap[merge->count++];
                *cursor = (struct cursor){.line = line, .place = runs[k].from, .end = runs[k].to};
                read_cursor(merge->view, cursor);
            }
        }
    }
    for (size_t i = merge->count / 2; i-- > 0;) {
        sink(merge, i);
    }
}

size_t policy_order(const struct policy_view *view, int32_t *tickets, size_t max)
{
    struct merge merge = {.view = view};
    open_cursors(&merge);
    size_t written = 0;
    while (written < max && merge.count > 0) {
        struct cursor *first = &merge.heap[0];
        tickets[written++] = first->ticket;
        if (++first->place < first->end) {
            read_cursor(view, first);
        } else {
            *first = merge.heap[--merge.count];
        }
        sink(&merge, 0);
    }
    free(merge.heap);
    return written;
}
