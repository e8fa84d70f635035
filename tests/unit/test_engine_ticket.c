/* The vocabulary: every pair of states, every code there and back, every refusal's row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/event.h"
#include "quarter/refusal.h"
#include "quarter/ticket.h"

enum { STATES = TICKET_LEFT + 1 };

static void only_the_diagram_s_transitions_are_allowed(void **state)
{
    (void)state;
    static const char *const allowed[STATES] = {
        /* to:               waiting called serving parked closed no_show left */
        [TICKET_WAITING] = "     .      x      .      .      .      .     x",
        [TICKET_CALLED] = "      .      .      x      .      .      x     .",
        [TICKET_SERVING] = "     x      .      .      x      x      .     .",
        [TICKET_PARKED] = "      x      .      x      .      .      .     x",
        [TICKET_CLOSED] = "      .      .      .      .      .      .     .",
        [TICKET_NO_SHOW] = "     x      .      .      .      .      .     .",
        [TICKET_LEFT] = "        .      .      .      .      .      .     .",
    };
    for (int from = 0; from < STATES; from++) {
        const char *mark = allowed[from];
        for (int to = 0; to < STATES; to++) {
            mark += strspn(mark, " ");
            assert_int_equal(ticket_may_become((enum ticket_state)from, (enum ticket_state)to),
                             *mark++ == 'x');
        }
    }
}

static void codes_lead_back_to_what_they_name(void **state)
{
    (void)state;
    for (int i = 0; i <= OUTCOME_UNRECORDED; i++) {
        enum outcome found = OUTCOME_RESOLVED;
        assert_true(outcome_from_code(outcome_code((enum outcome)i), &found));
        assert_int_equal(found, i);
    }
    for (int i = 0; i <= CLASS_TRANSFER; i++) {
        enum ticket_class found = CLASS_NORMAL;
        assert_true(ticket_class_from_code(ticket_class_code((enum ticket_class)i), &found));
        assert_int_equal(found, i);
    }
    for (int i = 0; i < EVENT_TYPES; i++) {
        enum event_type found = EVENT_DAY_OPENED;
        assert_true(event_type_from_code(event_type_code((enum event_type)i), &found));
        assert_int_equal(found, i);
    }
    for (int i = 0; i < CALL_REASONS; i++) {
        enum call_reason found = CALL_LONGEST_WAITING;
        assert_true(call_reason_from_code(call_reason_code((enum call_reason)i), &found));
        assert_int_equal(found, i);
    }
}

static void an_unknown_code_is_told_and_touches_nothing(void **state)
{
    (void)state;
    enum outcome outcome = OUTCOME_LEFT;
    enum event_type type = EVENT_TICKET_LEFT;
    enum ticket_class ticket_class = CLASS_URGENT;
    enum call_reason reason = CALL_ONLY_ONE_WAITING;
    assert_false(outcome_from_code("Resolved", &outcome));
    assert_false(event_type_from_code("", &type));
    assert_false(ticket_class_from_code("vip", &ticket_class));
    assert_false(call_reason_from_code("waiting", &reason));
    assert_int_equal(outcome, OUTCOME_LEFT);
    assert_int_equal(type, EVENT_TICKET_LEFT);
    assert_int_equal(ticket_class, CLASS_URGENT);
    assert_int_equal(reason, CALL_ONLY_ONE_WAITING);
}

static void every_refusal_has_a_code_of_its_own(void **state)
{
    (void)state;
    for (int i = REFUSAL_NONE + 1; i <= REFUSAL_TOO_MANY_CODES; i++) {
        enum refusal refusal = (enum refusal)i;
        for (int j = REFUSAL_NONE; j < i; j++) {
            assert_string_not_equal(refusal_code(refusal), refusal_code((enum refusal)j));
        }
    }
    assert_string_equal(refusal_code(REFUSAL_COUNTER_BUSY), "counter-busy");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_diagram_s_transitions_are_allowed),
        cmocka_unit_test(codes_lead_back_to_what_they_name),
        cmocka_unit_test(an_unknown_code_is_told_and_touches_nothing),
        cmocka_unit_test(every_refusal_has_a_code_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
