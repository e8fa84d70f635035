/* The server's answers as the journey hears them, and what the journey asks of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
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

/* Two services, three questions of all sorts, two needs and a signpost. */
static struct site_info *small_site(void)
{
    struct site_info *site = calloc(1, sizeof *site);
    assert_non_null(site);
    site->service_count = 2;
    snprintf(site->services[0].code, sizeof site->services[0].code, "rent");
    snprintf(site->services[1].code, sizeof site->services[1].code, "repairs");
    site->need_count = 2;
    snprintf(site->needs[0].code, sizeof site->needs[0].code, "bsl");
    snprintf(site->needs[1].code, sizeof site->needs[1].code, "private_room");
    site->signpost_count = 1;
    snprintf(site->signposts[0].code, sizeof site->signposts[0].code, "online");
    static const struct {
        const char *code;
        enum site_question_kind kind;
        const char *answers[3];
        const char *avoidable;
    } questions[] = {{"before", SITE_QUESTION_ONE, {"first", "again"}, "chasing"},
                     {"papers", SITE_QUESTION_SEVERAL, {"id", "bill", "letter"}, ""},
                     {"number", SITE_QUESTION_NUMBER, {NULL}, ""}};
    for (int i = 0; i < 3; i++) {
        struct site_question *question = &site->questions[site->question_count++];
        snprintf(question->code, sizeof question->code, "%s", questions[i].code);
        question->kind = questions[i].kind;
        for (int k = 0; k < 3 && questions[i].answers[k] != NULL; k++) {
            struct site_answer *answer = &question->answers[question->answer_count++];
            snprintf(answer->code, sizeof answer->code, "%s", questions[i].answers[k]);
            snprintf(answer->avoidable, sizeof answer->avoidable, "%s", questions[i].avoidable);
        }
    }
    return site;
}

static void a_request_says_what_was_answered_and_what_follows_from_it(void **state)
{
    (void)state;
    struct site_info *site = small_site();
    struct journey journey = journey_begin(0);
    snprintf(journey.key, sizeof journey.key, "%032d", 7);
    journey.service = 1;
    journey.needs = 2;
    journey.ticket_class = CLASS_URGENT;
    journey.reason = (struct journey_reason){0, 1};
    journey.asked_count = 4;
    journey.asked[0] = (struct journey_asked){.question = 0, .answered = true, .choices = 2};
    journey.asked[1] = (struct journey_asked){.question = 1, .answered = true, .choices = 5};
    journey.asked[2] = (struct journey_asked){.question = 2, .answered = true, .text = "12345678"};
    journey.asked[3] = (struct journey_asked){.question = 0, .skipped = true};
    struct issue_request request = {0};
    request_of_journey(&journey, site, "ur", "kiosk-1", &request);
    assert_string_equal(request.key, journey.key);
    assert_string_equal(request.service, "repairs");
    assert_string_equal(request.language, "ur");
    assert_string_equal(request.device, "kiosk-1");
    assert_int_equal(request.need_count, 1);
    assert_string_equal(request.needs[0], "private_room");
    assert_string_equal(request.ticket_class, "urgent");
    assert_string_equal(request.avoidable, "chasing");
    assert_int_equal(request.answer_count, 3); /* what was skipped is not told */
    assert_string_equal(request.answers[0].question, "before");
    assert_false(request.answers[0].is_list);
    assert_int_equal(request.answers[0].choice_count, 1);
    assert_string_equal(request.answers[0].choices[0], "again");
    assert_true(request.answers[1].is_list);
    assert_int_equal(request.answers[1].choice_count, 2);
    assert_string_equal(request.answers[1].choices[1], "letter");
    assert_string_equal(request.answers[2].text, "12345678");
    assert_int_equal(request.answers[2].choice_count, 0);
    journey.ticket_class = CLASS_ASSISTED;
    journey.reason.question = -1;
    request = (struct issue_request){0};
    request_of_journey(&journey, site, "ur", "kiosk-1", &request);
    assert_string_equal(request.ticket_class, "assisted");
    assert_string_equal(request.avoidable, "");
    free(site);
}

static void a_visit_without_a_queue_is_recorded_in_codes(void **state)
{
    (void)state;
    struct site_info *site = small_site();
    struct journey_visit visit = {.service = 0, .signpost = 0, .reason = {0, 1}};
    snprintf(visit.key, sizeof visit.key, "%032d", 8);
    const struct visit_request request = request_of_visit(&visit, site, "gu", "kiosk-2");
    assert_string_equal(request.kind, "signposted");
    assert_string_equal(request.key, visit.key);
    assert_string_equal(request.service, "rent");
    assert_string_equal(request.signpost, "online");
    assert_string_equal(request.language, "gu");
    assert_string_equal(request.device, "kiosk-2");
    assert_string_equal(request.avoidable, "chasing");
    free(site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ticket_is_told_whole),
        cmocka_unit_test(refusals_say_what_a_visitor_can_do),
        cmocka_unit_test(a_request_says_what_was_answered_and_what_follows_from_it),
        cmocka_unit_test(a_visit_without_a_queue_is_recorded_in_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
