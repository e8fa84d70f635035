/* Must show: on the recorded days the world calls every ticket when and where the reference does, under each policy, and
 * with staff who deviate. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "first_calls.h"
#include "simulate/messy.h"
#include "test_kit.h"

static void note_calls(const struct trace *trace, const struct world *world, int day,
                       struct first_calls *found)
{
    for (int32_t i = 0; i < world_ticket_count(world); i++) {
        const struct world_ticket *ticket = world_ticket(world, i);
        if (ticket->called_ms < 0) {
            continue;
        }
        const int32_t id = ticket->leg_of == WORLD_NOBODY
                               ? ticket->visit->id
                               : FIRST_CALLS_SECOND_LEG + i - trace->days[day].count;
        const int number = kit_number(trace->site.counter_codes[ticket->counter] + 1);
        first_calls_add(found, (struct first_call){day + 1, id, number, ticket->called_ms});
    }
}

static void compare(const char *policy, bool deviate)
{
    struct trace *trace = first_calls_trace();
    const struct policy_terms terms = first_calls_terms(policy);
    struct world_desk desk = trace_desk(&trace->site, &terms);
    struct messy messy = {0};
    if (deviate) {
        messy_init(&messy, &trace->site);
        for (int i = 0; i < trace->site.counter_count; i++) {
            trace->site.counters[i].speed = messy_speed(messy.numbers[i]);
        }
        desk.hooks = (struct world_hooks){.context = &messy,
                                          .pick = messy_pick,
                                          .service_ms = messy_service_ms,
                                          .gap_ms = messy_gap_ms};
    }
    struct world *world = world_create();
    world_set_desk(world, &desk);
    struct first_calls found = {0};
    for (int day = 0; day < trace->day_count; day++) {
        const struct world_visits visits = {.visits = trace->days[day].visits,
                                            .count = trace->days[day].count};
        messy_start(&messy, visits.count);
        world_start(world, 0, NULL, &visits);
        assert_false(world_run(world, INT64_MAX));
        note_calls(trace, world, day, &found);
    }
    struct first_calls expected = first_calls_read(policy);
    first_calls_compare(&expected, &found);
    first_calls_free(&expected);
    first_calls_free(&found);
    world_destroy(world);
    trace_free(trace);
}

#define CALLS_AS_THE_REFERENCE(policy, deviate)                                                    \
    static void calls_as_the_reference_by_##policy(void **state)                                   \
    {                                                                                              \
        (void)state;                                                                               \
        compare(#policy, deviate);                                                                 \
    }

CALLS_AS_THE_REFERENCE(fifo, false)
CALLS_AS_THE_REFERENCE(strict, false)
CALLS_AS_THE_REFERENCE(headstart, false)
CALLS_AS_THE_REFERENCE(apq, false)
CALLS_AS_THE_REFERENCE(rescue30, false)
CALLS_AS_THE_REFERENCE(rescue25, false)
CALLS_AS_THE_REFERENCE(rescue45, false)
CALLS_AS_THE_REFERENCE(fifo_messy, true)
CALLS_AS_THE_REFERENCE(rescue30_messy, true)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_as_the_reference_by_fifo),
        cmocka_unit_test(calls_as_the_reference_by_strict),
        cmocka_unit_test(calls_as_the_reference_by_headstart),
        cmocka_unit_test(calls_as_the_reference_by_apq),
        cmocka_unit_test(calls_as_the_reference_by_rescue30),
        cmocka_unit_test(calls_as_the_reference_by_rescue25),
        cmocka_unit_test(calls_as_the_reference_by_rescue45),
        cmocka_unit_test(calls_as_the_reference_by_fifo_messy),
        cmocka_unit_test(calls_as_the_reference_by_rescue30_messy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
