/* The lines against a sorted array: any mix of late arrivals and leavers from the middle keeps
 * every place right. */
#include "test_engine_rig.h"

#include <stdlib.h>
#include <string.h>

#include "engine/policy/policy.h"

enum { TICKETS = 700, SERVICES = 3 };

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

static int naive_before(const struct model *model, const struct waiter *than, int service,
                        int ticket_class)
{
    int before = 0;
    for (int i = 0; i < model->count; i++) {
        const struct waiter *it = &model->waiters[i];
        before += it->service == service && (int)it->ticket_class == ticket_class &&
                  policy_fifo.compare(it, than, 0) < 0;
    }
    return before;
}

static void assert_places(const struct lines *lines, const struct model *model)
{
    lines_check(lines);
    assert_int_equal(lines->waiting, model->count);
    for (int i = 0; i < model->count; i++) {
        const struct waiter *it = &model->waiters[i];
        const struct line *line = &lines->services[it->service].classes[it->ticket_class];
        int place = naive_before(model, it, it->service, (int)it->ticket_class);
        assert_int_equal(line_before(lines, line, it->leg_from_ms, it->ticket), place);
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
                                        (enum ticket_class)(next_random(&random) % LINE_CLASSES)};
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

static void fifo_orders_all_lines_as_one(void **state)
{
    (void)state;
    struct lines lines = {0};
    static const int64_t legs[] = {50, 10, 30, 10, 20, 50, 40};
    for (int32_t i = 0; i < 7; i++) {
        struct waiter waiter = {legs[i], i, i % SERVICES,
                                i % 2 == 0 ? CLASS_NORMAL : CLASS_ASSISTED};
        lines_grow(&lines, SERVICES, (size_t)i + 1);
        lines_insert(&lines, &waiter);
    }
    static const int32_t expected[] = {1, 3, 4, 2, 6, 0, 5};
    int32_t order[8] = {0};
    assert_int_equal(policy_fifo.order(&lines, 0, order, 8), 7);
    assert_memory_equal(order, expected, sizeof(expected));
    memset(order, 0xff, sizeof(order));
    assert_int_equal(policy_fifo.order(&lines, 0, order, 3), 3);
    assert_memory_equal(order, expected, 3 * sizeof(order[0]));
    assert_int_equal(order[3], -1);
    struct policy_choice choice;
    assert_true(
        policy_fifo.choose(&lines, 0x6, 2010, &choice)); /* services 1 and 2: tickets 1, 2, 4, 5 */
    assert_int_equal(choice.ticket, 1);
    assert_int_equal(choice.waiting, 4);
    assert_int_equal(choice.waited_s, 2);
    assert_false(policy_fifo.choose(&lines, 0, 2000, &choice));
    lines_free(&lines);
}

static void a_policy_is_found_by_its_name(void **state)
{
    (void)state;
    assert_ptr_equal(policy_find("fifo"), &policy_fifo);
    assert_ptr_equal(policy_find(""), &policy_fifo);
    assert_null(policy_find("FIFO"));
    assert_null(policy_find("share_maximiser"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_mix_of_coming_and_going_keeps_the_order),
        cmocka_unit_test(fifo_orders_all_lines_as_one),
        cmocka_unit_test(a_policy_is_found_by_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
