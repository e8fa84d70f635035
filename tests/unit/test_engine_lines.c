/* The lines against a sorted array: any mix of late arrivals and leavers from the middle keeps
 * every place right. */
#include "test_engine_rig.h"

#include <stdlib.h>
#include <string.h>

#include "engine/policy/lines.h"

enum { TICKETS = 700, SERVICES = 3, CLASSES = CLASS_TRANSFER + 1 };

struct model {
    struct waiter waiters[TICKETS];
    int count;
};

static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

static bool stands_before(const struct waiter *a, int64_t leg_from_ms, int32_t ticket)
{
    return a->leg_from_ms < leg_from_ms || (a->leg_from_ms == leg_from_ms && a->ticket < ticket);
}

static bool share_a_line(const struct waiter *a, const struct waiter *b)
{
    return a->service == b->service && a->ticket_class == b->ticket_class && a->needs == b->needs &&
           a->only == b->only && a->held_until_ms == b->held_until_ms;
}

static int naive_before(const struct model *model, const struct waiter *than)
{
    int before = 0;
    for (int i = 0; i < model->count; i++) {
        const struct waiter *it = &model->waiters[i];
        before += share_a_line(it, than) && stands_before(it, than->leg_from_ms, than->ticket);
    }
    return before;
}

static bool came_before(int64_t leg_from_ms, int32_t ticket, const void *context)
{
    const struct waiter *than = context;
    return leg_from_ms < than->leg_from_ms ||
           (leg_from_ms == than->leg_from_ms && ticket < than->ticket);
}

static void assert_places(const struct lines *lines, const struct model *model)
{
    lines_check(lines);
    assert_int_equal(lines->waiting, model->count);
    for (int i = 0; i < model->count; i++) {
        const struct waiter *it = &model->waiters[i];
        const struct line *line = lines_find(lines, it);
        assert_non_null(line);
        int place = naive_before(model, it);
        assert_int_equal(line_before(lines, line, it->leg_from_ms, it->ticket), place);
        assert_int_equal(line_partition(lines, line, came_before, it), place);
        assert_int_equal(line_at(lines, line, place), it->ticket);
        if (place == 0) {
            assert_int_equal(line->head, it->ticket);
        }
    }
}

static void any_mix_of_coming_and_going_keeps_the_order(void **state)
{
    (void)state;
    struct model *model = calloc(1, sizeof(*model));
    assert_non_null(model);
    for (uint32_t seed = 1; seed <= 8; seed++) {
        uint32_t random = seed * 2654435761u;
        struct lines lines = {0};
        model->count = 0;
        for (int32_t ticket = 0; ticket < TICKETS; ticket++) {
            struct waiter waiter = {.leg_from_ms = next_random(&random) % 200,
                                    .ticket = ticket,
                                    .service = (int32_t)(next_random(&random) % SERVICES),
                                    .ticket_class =
                                        (enum ticket_class)(next_random(&random) % CLASSES),
                                    .needs = next_random(&random) % 3};
            waiter.only = next_random(&random) % 5 == 0 ? 1 : 0;
            waiter.held_until_ms = next_random(&random) % 5 == 0 ? 60000 : 0;
            lines_grow(&lines, waiter.service + 1, (size_t)ticket + 1);
            lines_insert(&lines, &waiter);
            model->waiters[model->count++] = waiter;
            if (next_random(&random) % 3 == 0) {
                int gone = (int)(next_random(&random) % (uint32_t)model->count);
                lines_remove(&lines, &model->waiters[gone]);
                model->waiters[gone] = model->waiters[--model->count];
            }
            if (ticket % 50 == 0) {
                assert_places(&lines, model);
            }
        }
        while (model->count > 0) {
            lines_remove(&lines, &model->waiters[--model->count]);
        }
        assert_places(&lines, model);
        assert_int_equal(lines.services_waiting, 0);
        lines_free(&lines);
    }
    free(model);
}

static void a_line_nobody_stands_in_is_gone(void **state)
{
    (void)state;
    struct lines lines = {0};
    const struct waiter waiter = {
        .leg_from_ms = 5, .service = 1, .ticket_class = CLASS_URGENT, .needs = 6};
    lines_grow(&lines, 2, 1);
    assert_null(lines_find(&lines, &waiter));
    lines_insert(&lines, &waiter);
    assert_int_equal(lines_find(&lines, &waiter)->length, 1);
    struct waiter other = waiter;
    other.needs = 4;
    assert_null(lines_find(&lines, &other));
    other.service = 7; /* one that nobody ever waited for */
    assert_null(lines_find(&lines, &other));
    lines_remove(&lines, &waiter);
    assert_null(lines_find(&lines, &waiter));
    lines_check(&lines);
    lines_free(&lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_mix_of_coming_and_going_keeps_the_order),
        cmocka_unit_test(a_line_nobody_stands_in_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
