/* The server's answers as the journey hears them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "answers.h"

static void a_ticket_is_told_whole(void **state)
{
    (void)state;
    struct ticket_receipt receipt = {.ahead = 4, .nobody_serves = true};
    snprintf(receipt.key, sizeof receipt.key, "0123456789abcdef");
    snprintf(receipt.id, sizeof receipt.id, "01JDBQ2R9S5T8VWXYZ01234567");
    snprintf(receipt.number, sizeof receipt.number, "H07");
    snprintf(receipt.url, sizeof receipt.url, "https://q.example/t/abc");
    struct journey_input input = answer_of_ticket(&receipt);
    assert_int_equal(input.kind, INPUT_TICKET);
    assert_string_equal(input.key, "0123456789abcdef");
    assert_string_equal(input.ticket.id, receipt.id);
    assert_string_equal(input.ticket.number, "H07");
    assert_string_equal(input.ticket.url, receipt.url);
    assert_int_equal(input.ticket.ahead, 4);
    assert_true(input.ticket.nobody_serves);
    assert_false(input.ticket.has_wait);
}

static void refusals_say_what_a_visitor_can_do(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        enum journey_problem problem;
    } cases[] = {{"day-closed", PROBLEM_CLOSED},       {"too-many-tickets", PROBLEM_CLOSED},
                 {"service-retired", PROBLEM_SERVICE}, {"numbers-used-up", PROBLEM_SERVICE},
                 {"never-heard-of", PROBLEM_REFUSED},  {"", PROBLEM_REFUSED}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct issue_refusal refusal = {.http_status = 409};
        snprintf(refusal.code, sizeof refusal.code, "%s", cases[i].code);
        struct journey_input input = answer_of_refusal(&refusal);
        assert_int_equal(input.kind, INPUT_REFUSED);
        assert_int_equal(input.problem, cases[i].problem);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ticket_is_told_whole),
        cmocka_unit_test(refusals_say_what_a_visitor_can_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
