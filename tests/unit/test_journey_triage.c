/* The questions of a service: what is asked when, where answers lead, what becomes of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "journey_kit.h"

static bool is_offered(const struct kiosk *k, enum journey_action action)
{
    return journey_offers(&k->j, action);
}

static void one_answer_goes_on_to_the_next_question_and_to_ready(void **state)
{
    (void)state;
    struct kiosk k = at_question_page();
    assert_false(is_offered(&k, ACTION_CONTINUE));
    touch(&k, ACTION_CHOOSE_ANSWER, 2); /* has none such */
    assert_int_equal(k.j.at, 0);
    touch(&k, ACTION_CHOOSE_ANSWER, 1);
    assert_int_equal(k.j.page, PAGE_QUESTION);
    assert_int_equal(k.j.question, 1);
    assert_int_equal(k.j.at, 1);
    touch(&k, ACTION_CHOOSE_ANSWER, 0);
    assert_int_equal(k.j.page, PAGE_READY);
    assert_int_equal(k.j.service, 1);
    assert_int_equal(k.j.question, -1);
    assert_int_equal(k.j.reason.question, 0);
    assert_int_equal(k.j.reason.answer, 1);
    assert_int_equal(k.j.asked_count, 2);
    assert_int_equal(k.j.asked[0].choices, 2);
    assert_int_equal(k.j.ticket_class, CLASS_NORMAL);
    touch(&k, ACTION_GET_TICKET, 0);
    assert_int_equal(k.j.asked_count, 2); /* kept for the request that goes out */
}

static void a_double_strike_answers_one_question_only(void **state)
{
    (void)state;
    struct kiosk k = at_question_page();
    touch(&k, ACTION_CHOOSE_ANSWER, 1);
    touch_after(&k, 490, ACTION_CHOOSE_ANSWER, 0);
    assert_int_equal(k.j.question, 1);
    touch_after(&k, 20, ACTION_CHOOSE_ANSWER, 0);
    assert_int_equal(k.j.page, PAGE_READY);
}

static void back_goes_through_the_questions_and_shows_what_was_answered(void **state)
{
    (void)state;
    struct kiosk k = at_question_page();
    touch(&k, ACTION_CHOOSE_ANSWER, 1);
    touch(&k, ACTION_CHOOSE_ANSWER, 3);
    assert_int_equal(k.j.ticket_class, CLASS_URGENT);
    assert_int_equal(k.j.needs, 2);
    touch(&k, ACTION_BACK, 0);
    assert_int_equal(k.j.question, 1);
    assert_int_equal(k.j.asked[1].choices, 8);
    assert_true(is_offered(&k, ACTION_CONTINUE));
    touch(&k, ACTION_BACK, 0);
    assert_int_equal(k.j.question, 0);
    assert_int_equal(k.j.asked[0].choices, 2);
    touch(&k, ACTION_CONTINUE, 0);
    touch(&k, ACTION_CONTINUE, 0);
    assert_int_equal(k.j.page, PAGE_READY);
    assert_int_equal(k.j.ticket_class, CLASS_URGENT);
    touch(&k, ACTION_BACK, 0);
    touch(&k, ACTION_BACK, 0);
    touch(&k, ACTION_BACK, 0);
    assert_int_equal(k.j.page, PAGE_GROUP);
    assert_int_equal(k.j.asked_count, 0);
    assert_int_equal(k.j.ticket_class, CLASS_NORMAL);
    assert_int_equal(k.j.service, -1);
}

static void not_sure_and_skip_are_answers_without_effect(void **state)
{
    (void)state;
    struct kiosk k = at_question_page();
    touch(&k, ACTION_CHOOSE_ANSWER, 1);
    touch(&k, ACTION_BACK, 0);
    touch(&k, ACTION_SKIP, 0);
    assert_int_equal(k.j.reason.question, -1);
    assert_true(k.j.asked[0].skipped);
    assert_false(k.j.asked[0].answered);
    touch(&k, ACTION_NOT_SURE, 0);
    assert_int_equal(k.j.page, PAGE_READY);
    assert_int_equal(k.j.service, 1);
    assert_true(k.j.asked[1].skipped);
}

static void an_answer_leads_to_another_service_and_asks_nothing_twice(void **state)
{
    (void)state;
    struct kiosk k = at_question_page();
    touch(&k, ACTION_CHOOSE_ANSWER, 0);
    touch(&k, ACTION_CHOOSE_ANSWER, 2);
    assert_int_equal(k.j.service, 4);
    assert_int_equal(k.j.question, 5); /* its question 0 was put already */
    type(&k, "a leak");
    touch(&k, ACTION_CONTINUE, 0);
    assert_int_equal(k.j.page, PAGE_READY);
    assert_int_equal(k.j.service, 4);
    assert_string_equal(k.j.asked[2].text, "a leak");
    assert_string_equal(k.j.typed, "");
    touch(&k, ACTION_BACK, 0);
    assert_string_equal(k.j.typed, "a leak");
    touch(&k, ACTION_BACK, 0);
    assert_int_equal(k.j.service, 1); /* before the answer that led on */
    touch(&k, ACTION_CHOOSE_ANSWER, 0);
    assert_int_equal(k.j.page, PAGE_READY);
    assert_int_equal(k.j.service, 1);
    assert_int_equal(k.j.asked_count, 2); /* what followed from the old answer is forgotten */
    const struct journey_asked none = {0};
    assert_memory_equal(&k.j.asked[2], &none, sizeof none);
}

static struct kiosk at_signpost_page(void)
{
    struct kiosk k = at_question_page();
    touch(&k, ACTION_CHOOSE_ANSWER, 1);
    touch(&k, ACTION_CHOOSE_ANSWER, 1);
    assert_int_equal(k.j.page, PAGE_SIGNPOST);
    assert_int_equal(k.j.signpost, 0);
    return k;
}

static void a_signpost_ends_the_visit_and_is_recorded_once(void **state)
{
    (void)state;
    struct kiosk k = at_signpost_page();
    char key[JOURNEY_KEY_LEN + 1];
    memcpy(key, k.j.key, sizeof key);
    assert_int_equal(k.visits, 0);
    touch(&k, ACTION_FINISHED, 0);
    assert_int_equal(k.visits, 1);
    assert_int_equal(k.j.page, PAGE_WELCOME);
    assert_string_equal(k.visit.key, key);
    assert_int_equal(k.visit.service, 1);
    assert_int_equal(k.visit.signpost, 0);
    assert_int_equal(k.visit.language, 1);
    assert_int_equal(k.visit.reason.question, 0);
    tick_after(&k, 100000);
    assert_int_equal(k.visits, 1);
    assert_int_equal(k.issues, 0);
}

static void who_walks_away_from_a_signpost_was_content_with_it(void **state)
{
    (void)state;
    struct kiosk k = at_signpost_page();
    touch(&k, ACTION_LANGUAGE, 0); /* and it may lie under another page */
    tick_after(&k, JOURNEY_IDLE_MS);
    assert_true(k.j.asking);
    tick_after(&k, JOURNEY_ASK_MS);
    assert_int_equal(k.visits, 1);
    assert_int_equal(k.j.page, PAGE_WELCOME);
}

static void see_somebody_gets_a_ticket_with_a_key_of_its_own_and_no_visit(void **state)
{
    (void)state;
    struct kiosk k = at_signpost_page();
    char key[JOURNEY_KEY_LEN + 1];
    memcpy(key, k.j.key, sizeof key);
    touch(&k, ACTION_SEE_SOMEBODY, 0);
    assert_int_equal(k.j.page, PAGE_READY);
    assert_string_not_equal(k.j.key, key);
    touch(&k, ACTION_BACK, 0);
    assert_int_equal(k.j.page, PAGE_SIGNPOST);
    touch(&k, ACTION_SEE_SOMEBODY, 0);
    touch(&k, ACTION_GET_TICKET, 0);
    answer(&k, k.j.key, "H07");
    touch(&k, ACTION_FINISHED, 0);
    assert_int_equal(k.issues, 1);
    assert_int_equal(k.visits, 0);
}

static void back_from_a_signpost_asks_again(void **state)
{
    (void)state;
    struct kiosk k = at_signpost_page();
    touch(&k, ACTION_BACK, 0);
    assert_int_equal(k.j.question, 1);
    assert_int_equal(k.j.signpost, -1);
    assert_string_equal(k.j.key, "");
    touch(&k, ACTION_CHOOSE_ANSWER, 0);
    assert_int_equal(k.j.page, PAGE_READY);
    assert_int_equal(k.visits, 0);
}

static void a_signpost_is_printed_if_the_site_and_the_printer_can(void **state)
{
    (void)state;
    struct kiosk k = at_signpost_page();
    assert_true(is_offered(&k, ACTION_PRINT_SIGNPOST));
    touch(&k, ACTION_PRINT_SIGNPOST, 0);
    assert_int_equal(k.effects, EFFECT_PRINT_SIGNPOST);
    assert_int_equal(k.j.job, JOB_PRINTING);
    assert_int_equal(strlen(k.j.slip), QUARTER_ULID_LEN);
    assert_int_equal(k.j.copy, 1);
    assert_false(is_offered(&k, ACTION_PRINT_SIGNPOST));
    report_job(&k, JOB_PRINTED);
    assert_int_equal(k.j.job, JOB_PRINTED);
    for (int i = 0; i < 5; i++) {
        touch(&k, ACTION_PRINT_SIGNPOST, 0);
        report_job(&k, JOB_PRINTED);
    }
    assert_int_equal(k.prints, JOURNEY_COPIES_MAX);
    touch(&k, ACTION_SEE_SOMEBODY, 0);
    assert_int_equal(k.j.job, JOB_NONE);
    assert_string_equal(k.j.slip, "");

    k = at_signpost_page();
    send(&k, (struct journey_input){.kind = INPUT_PAPER, .paper = PAPER_JAM});
    assert_false(is_offered(&k, ACTION_PRINT_SIGNPOST));
    send(&k, (struct journey_input){.kind = INPUT_PAPER, .paper = PAPER_LOW});
    assert_true(is_offered(&k, ACTION_PRINT_SIGNPOST));
    k = at_question_page();
    touch(&k, ACTION_CHOOSE_ANSWER, 0);
    touch(&k, ACTION_CHOOSE_ANSWER, 4);
    assert_int_equal(k.j.signpost, 1);
    assert_false(is_offered(&k, ACTION_PRINT_SIGNPOST));
}

static void later_questions_are_offered_on_ready_and_come_back_to_it(void **state)
{
    (void)state;
    struct kiosk k = at_ready_page();
    assert_true(is_offered(&k, ACTION_QUESTIONS));
    touch(&k, ACTION_QUESTIONS, 0);
    assert_int_equal(k.j.question, 2);
    touch(&k, ACTION_CHOOSE_ANSWER, 0);
    assert_int_equal(k.j.question, 3);
    assert_int_equal(k.j.needs, 4);
    touch(&k, ACTION_CHOOSE_ANSWER, 0);
    touch(&k, ACTION_CHOOSE_ANSWER, 1);
    touch(&k, ACTION_CHOOSE_ANSWER, 2);
    touch(&k, ACTION_CHOOSE_ANSWER, 2);
    assert_int_equal(k.j.needs, 4); /* ticks count once the visitor goes on */
    touch(&k, ACTION_CONTINUE, 0);
    assert_int_equal(k.j.asked[1].choices, 3);
    assert_int_equal(k.j.needs, 5);
    assert_int_equal(k.j.ticket_class, CLASS_ASSISTED);
    assert_int_equal(k.j.question, 4);
    touch(&k, ACTION_BACK, 0);
    assert_int_equal(k.j.question, 3);
    touch(&k, ACTION_CONTINUE, 0);
    touch(&k, ACTION_SKIP, 0);
    assert_int_equal(k.j.page, PAGE_READY);
    touch(&k, ACTION_QUESTIONS, 0); /* to change one's mind */
    assert_int_equal(k.j.question, 2);
    assert_int_equal(k.j.asked[0].choices, 1);
    touch(&k, ACTION_BACK, 0);
    assert_int_equal(k.j.page, PAGE_READY);
    assert_int_equal(k.j.asked_count, 3);
    touch(&k, ACTION_GET_TICKET, 0);
    assert_int_equal(k.issues, 1);
}

static void none_of_several_is_an_answer_too(void **state)
{
    (void)state;
    struct kiosk k = at_ready_page();
    touch(&k, ACTION_QUESTIONS, 0);
    touch(&k, ACTION_SKIP, 0);
    touch(&k, ACTION_CONTINUE, 0);
    assert_int_equal(k.j.question, 4);
    assert_true(k.j.asked[1].answered);
    assert_int_equal(k.j.asked[1].choices, 0);
}

static void services_without_questions_offer_none(void **state)
{
    (void)state;
    struct kiosk k = at_services_page();
    touch(&k, ACTION_NOT_SURE, 0);
    assert_int_equal(k.j.page, PAGE_READY);
    assert_false(is_offered(&k, ACTION_QUESTIONS));
    touch(&k, ACTION_QUESTIONS, 0);
    assert_int_equal(k.j.page, PAGE_READY);
}

static void a_flagged_need_can_be_waved_away(void **state)
{
    (void)state;
    struct kiosk k = at_ready_page();
    touch(&k, ACTION_QUESTIONS, 0);
    touch(&k, ACTION_CHOOSE_ANSWER, 0);
    touch(&k, ACTION_BACK, 0);
    touch(&k, ACTION_BACK, 0);
    assert_int_equal(k.j.needs, 4);
    touch(&k, ACTION_TOGGLE_NEED, 2);
    assert_int_equal(k.j.needs, 0);
    touch(&k, ACTION_NEEDS, 0);
    assert_int_equal(k.j.page, PAGE_NEEDS);
    touch(&k, ACTION_TOGGLE_NEED, 2);
    touch(&k, ACTION_TOGGLE_NEED, 1);
    assert_int_equal(k.j.needs, 6);
    char key[JOURNEY_KEY_LEN + 1];
    memcpy(key, k.j.key, sizeof key);
    touch(&k, ACTION_CONTINUE, 0);
    assert_int_equal(k.j.page, PAGE_READY);
    assert_string_equal(k.j.key, key);
}

static struct kiosk at_number(void)
{
    struct kiosk k = at_ready_page();
    touch(&k, ACTION_QUESTIONS, 0);
    touch(&k, ACTION_SKIP, 0);
    touch(&k, ACTION_SKIP, 0);
    assert_int_equal(k.j.question, 4);
    return k;
}

static void a_number_takes_digits_and_no_more_than_it_has(void **state)
{
    (void)state;
    struct kiosk k = at_number();
    assert_false(is_offered(&k, ACTION_CONTINUE));
    type(&k, "12a 3456789");
    assert_string_equal(k.j.typed, "12345678");
    touch(&k, ACTION_TYPE, JOURNEY_BACKSPACE);
    assert_string_equal(k.j.typed, "1234567");
    assert_true(is_offered(&k, ACTION_CONTINUE));
    touch(&k, ACTION_CLEAR, 0);
    assert_string_equal(k.j.typed, "");
    assert_false(is_offered(&k, ACTION_CLEAR));
    touch(&k, ACTION_CONTINUE, 0); /* not offered: nothing is typed */
    assert_int_equal(k.j.question, 4);
    type(&k, "7");
    touch(&k, ACTION_BACK, 0);
    touch(&k, ACTION_CONTINUE, 0);
    assert_string_equal(k.j.typed, ""); /* was not gone on with, so never said */
    type(&k, "42");
    touch(&k, ACTION_CONTINUE, 0);
    assert_int_equal(k.j.page, PAGE_READY);
    assert_string_equal(k.j.asked[2].text, "42");
}

static void a_text_counts_letters_of_any_script(void **state)
{
    (void)state;
    struct kiosk k = at_services_page();
    touch(&k, ACTION_CHOOSE_GROUP, 2);
    touch(&k, ACTION_SKIP, 0);
    assert_int_equal(k.j.question, 5);
    for (int i = 0; i < 25; i++)
        touch(&k, ACTION_TYPE, 0x0a95 + i % 3);
    assert_int_equal(strlen(k.j.typed), 20 * 3);
    touch(&k, ACTION_TYPE, JOURNEY_BACKSPACE);
    assert_int_equal(strlen(k.j.typed), 19 * 3);
    touch(&k, ACTION_TYPE, 0xd800); /* half a character, and what nobody types */
    touch(&k, ACTION_TYPE, 0x7f);
    touch(&k, ACTION_TYPE, 0x110000);
    touch(&k, ACTION_TYPE, -1);
    assert_int_equal(strlen(k.j.typed), 19 * 3);
    touch(&k, ACTION_CLEAR, 0);
    type(&k, "  a  b ");
    assert_string_equal(k.j.typed, "a b ");
    touch(&k, ACTION_KEYBOARD, 0);
    assert_int_equal(k.j.keyboard, 1);
    touch(&k, ACTION_CONTINUE, 0);
    assert_string_equal(k.j.asked[1].text, "a b");
    assert_int_equal(k.j.keyboard, 0);
}

static void answers_are_forgotten_when_the_visit_is_over(void **state)
{
    (void)state;
    struct kiosk k = at_services_page();
    touch(&k, ACTION_CHOOSE_GROUP, 2);
    touch(&k, ACTION_CHOOSE_ANSWER, 1);
    type(&k, "my name");
    tick_after(&k, JOURNEY_IDLE_MS);
    tick_after(&k, JOURNEY_ASK_MS);
    assert_int_equal(k.j.page, PAGE_WELCOME);
    const struct journey fresh = journey_begin(0);
    assert_memory_equal(k.j.asked, fresh.asked, sizeof fresh.asked);
    assert_memory_equal(k.j.typed, fresh.typed, sizeof fresh.typed);
    assert_int_equal(k.j.asked_count, 0);
    assert_int_equal(k.j.reason.question, -1);
}

static void a_refused_ticket_forgets_the_answers_on_the_way_back(void **state)
{
    (void)state;
    struct kiosk k = at_question_page();
    touch(&k, ACTION_CHOOSE_ANSWER, 1);
    touch(&k, ACTION_CHOOSE_ANSWER, 3);
    touch(&k, ACTION_GET_TICKET, 0);
    refuse(&k, PROBLEM_SERVICE);
    touch(&k, ACTION_BACK, 0);
    assert_int_equal(k.j.page, PAGE_SERVICES);
    assert_int_equal(k.j.asked_count, 0);
    touch(&k, ACTION_CHOOSE_GROUP, 1);
    assert_int_equal(k.j.ticket_class, CLASS_NORMAL);
    assert_int_equal(k.j.needs, 0);
}

/* Back and forth, and to another signpost that prints: paper is not for playing with. */
static void a_visit_gets_three_slips_of_signposts(void **state)
{
    (void)state;
    struct kiosk k = at_question_page();
    touch(&k, ACTION_CHOOSE_ANSWER, 1);
    for (int i = 0; i < JOURNEY_SIGNPOST_SLIPS_MAX; i++) {
        touch(&k, ACTION_CHOOSE_ANSWER, 1);
        assert_int_equal(k.j.page, PAGE_SIGNPOST);
        assert_int_equal(k.j.notice, NOTICE_NONE);
        touch(&k, ACTION_PRINT_SIGNPOST, 0);
        assert_int_equal(k.j.signpost_slips, i + 1);
        report_job(&k, JOB_PRINTED);
        if (i + 1 < JOURNEY_SIGNPOST_SLIPS_MAX)
            touch(&k, ACTION_BACK, 0);
    }
    assert_int_equal(k.j.notice, NOTICE_SLIPS_USED);
    assert_false(is_offered(&k, ACTION_PRINT_SIGNPOST));
    touch(&k, ACTION_BACK, 0);
    assert_int_equal(k.j.notice, NOTICE_NONE);
    touch(&k, ACTION_CHOOSE_ANSWER, 1);
    assert_int_equal(k.j.notice, NOTICE_SLIPS_USED); /* words say why it is grey */
    const int printed = k.prints;
    touch(&k, ACTION_PRINT_SIGNPOST, 0);
    assert_int_equal(k.prints, printed);
    touch(&k, ACTION_FINISHED, 0);
    assert_int_equal(k.j.signpost_slips, 0); /* the next visitor has three of their own */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_answer_goes_on_to_the_next_question_and_to_ready),
        cmocka_unit_test(a_double_strike_answers_one_question_only),
        cmocka_unit_test(back_goes_through_the_questions_and_shows_what_was_answered),
        cmocka_unit_test(not_sure_and_skip_are_answers_without_effect),
        cmocka_unit_test(an_answer_leads_to_another_service_and_asks_nothing_twice),
        cmocka_unit_test(a_signpost_ends_the_visit_and_is_recorded_once),
        cmocka_unit_test(who_walks_away_from_a_signpost_was_content_with_it),
        cmocka_unit_test(see_somebody_gets_a_ticket_with_a_key_of_its_own_and_no_visit),
        cmocka_unit_test(back_from_a_signpost_asks_again),
        cmocka_unit_test(a_signpost_is_printed_if_the_site_and_the_printer_can),
        cmocka_unit_test(later_questions_are_offered_on_ready_and_come_back_to_it),
        cmocka_unit_test(none_of_several_is_an_answer_too),
        cmocka_unit_test(services_without_questions_offer_none),
        cmocka_unit_test(a_flagged_need_can_be_waved_away),
        cmocka_unit_test(a_number_takes_digits_and_no_more_than_it_has),
        cmocka_unit_test(a_text_counts_letters_of_any_script),
        cmocka_unit_test(answers_are_forgotten_when_the_visit_is_over),
        cmocka_unit_test(a_refused_ticket_forgets_the_answers_on_the_way_back),
        cmocka_unit_test(a_visit_gets_three_slips_of_signposts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
