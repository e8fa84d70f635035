/* The visitor's way to a ticket, each rule by itself. The questions on it are in test_journey_triage.c, what makes it
 * easier in test_journey_ease.c, a day of random hands in test_journey_day.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "journey_kit.h"

static void starts_calmly_and_welcomes_once_a_site_is_here(void **state)
{
    (void)state;
    struct kiosk k = {.now = 5};
    k.j = journey_begin(k.now);
    touch(&k, ACTION_CHOOSE_LANGUAGE, 0);
    assert_int_equal(k.j.page, PAGE_STARTING);
    send(&k, (struct journey_input){.kind = INPUT_SITE});
    assert_int_equal(k.j.page, PAGE_WELCOME);
    assert_int_equal(k.effects, EFFECT_ADOPT_SITE | EFFECT_FORGET);
}

static void three_touches_get_a_ticket(void **state)
{
    (void)state;
    struct kiosk k = at_welcome_page();
    touch(&k, ACTION_CHOOSE_LANGUAGE, 2);
    touch(&k, ACTION_CHOOSE_GROUP, 1);
    touch(&k, ACTION_GET_TICKET, 0);
    assert_int_equal(k.effects, EFFECT_ISSUE);
    assert_int_equal(k.j.service, 2);
    assert_int_equal(k.j.language, 2);
    answer(&k, k.j.key, "H07");
    assert_int_equal(k.j.page, PAGE_DONE);
    assert_int_equal(k.effects, EFFECT_PRINT);
    assert_string_equal(k.j.ticket.number, "H07");
}

static void a_group_of_several_opens_its_page(void **state)
{
    (void)state;
    struct kiosk k = at_welcome_page();
    touch(&k, ACTION_CHOOSE_LANGUAGE, 0);
    touch(&k, ACTION_CHOOSE_GROUP, 0);
    assert_int_equal(k.j.page, PAGE_GROUP);
    touch(&k, ACTION_CHOOSE_SERVICE, 2); /* not of this group */
    assert_int_equal(k.j.page, PAGE_GROUP);
    touch(&k, ACTION_CHOOSE_SERVICE, 0);
    assert_int_equal(k.j.page, PAGE_READY);
    touch(&k, ACTION_BACK, 0);
    assert_int_equal(k.j.page, PAGE_GROUP);
    touch(&k, ACTION_BACK, 0);
    assert_int_equal(k.j.page, PAGE_SERVICES);
    touch(&k, ACTION_BACK, 0);
    assert_int_equal(k.j.page, PAGE_WELCOME);
}

static void not_sure_takes_the_site_s_own_service(void **state)
{
    (void)state;
    struct kiosk k = at_welcome_page();
    touch(&k, ACTION_CHOOSE_LANGUAGE, 0);
    touch(&k, ACTION_NOT_SURE, 0);
    assert_int_equal(k.j.page, PAGE_READY);
    assert_int_equal(k.j.service, 3);
    touch(&k, ACTION_BACK, 0);
    assert_int_equal(k.j.page, PAGE_SERVICES);
}

static void needs_are_toggled_on_ready_and_stay_when_going_back(void **state)
{
    (void)state;
    struct kiosk k = at_ready_page();
    touch_after(&k, 600, ACTION_TOGGLE_NEED, 0);
    touch_after(&k, 100, ACTION_TOGGLE_NEED, 2); /* another button at once is no double strike */
    assert_int_equal(k.j.needs, 5);
    touch(&k, ACTION_TOGGLE_NEED, 0);
    touch(&k, ACTION_TOGGLE_NEED, 3); /* no such need */
    assert_int_equal(k.j.needs, 4);
    touch(&k, ACTION_BACK, 0);
    touch(&k, ACTION_CHOOSE_GROUP, 1);
    assert_int_equal(k.j.needs, 4);
}

static void a_double_strike_counts_once(void **state)
{
    (void)state;
    struct kiosk k = at_ready_page();
    touch(&k, ACTION_TOGGLE_NEED, 1);
    touch_after(&k, 490, ACTION_TOGGLE_NEED, 1);
    assert_int_equal(k.j.needs, 2);
    touch_after(&k, 20, ACTION_TOGGLE_NEED, 1); /* 0.51 s after the one that counted */
    assert_int_equal(k.j.needs, 0);
}

static void a_double_strike_never_hits_the_page_that_came_under_it(void **state)
{
    (void)state;
    struct kiosk k = at_welcome_page();
    touch(&k, ACTION_CHOOSE_LANGUAGE, 0);
    touch_after(&k, 490, ACTION_CHOOSE_GROUP, 1);
    assert_int_equal(k.j.page, PAGE_SERVICES);
    touch_after(&k, 20, ACTION_CHOOSE_GROUP, 1);
    assert_int_equal(k.j.page, PAGE_READY);
}

static void a_doubled_get_ticket_issues_once(void **state)
{
    (void)state;
    struct kiosk k = at_ready_page();
    for (int i = 0; i < 20; i++)
        touch_after(&k, i ? 600 : 1000, ACTION_GET_TICKET, 0);
    assert_int_equal(k.issues, 1);
}

static void a_visit_has_one_key_and_the_next_another(void **state)
{
    (void)state;
    struct kiosk k = at_ready_page();
    char first[JOURNEY_KEY_LEN + 1];
    memcpy(first, k.j.key, sizeof first);
    touch(&k, ACTION_TOGGLE_NEED, 1);
    touch(&k, ACTION_LANGUAGE, 0);
    touch(&k, ACTION_CHOOSE_LANGUAGE, 2);
    assert_int_equal(k.j.page, PAGE_READY);
    touch(&k, ACTION_GET_TICKET, 0);
    assert_string_equal(k.j.key, first);
    answer(&k, first, "H07");
    touch(&k, ACTION_FINISHED, 0);
    touch(&k, ACTION_CHOOSE_LANGUAGE, 0);
    touch(&k, ACTION_CHOOSE_GROUP, 1);
    assert_string_not_equal(k.j.key, first);
}

static void slow_answers_are_told_then_become_a_problem_that_can_still_end_well(void **state)
{
    (void)state;
    struct kiosk k = at_getting_page();
    tick_after(&k, JOURNEY_SLOW_MS - 1);
    assert_false(k.j.slow);
    tick_after(&k, 1);
    assert_true(k.j.slow);
    tick_after(&k, JOURNEY_GIVE_UP_MS - JOURNEY_SLOW_MS);
    assert_int_equal(k.j.page, PAGE_PROBLEM);
    assert_int_equal(k.j.problem, PROBLEM_UNREACHABLE);
    touch(&k, ACTION_KEEP_TRYING, 0);
    assert_int_equal(k.j.page, PAGE_GETTING);
    tick_after(&k, JOURNEY_GIVE_UP_MS);
    assert_int_equal(k.j.page, PAGE_PROBLEM);
    answer(&k, k.j.key, "H08"); /* the request never stopped */
    assert_int_equal(k.j.page, PAGE_DONE);
    assert_int_equal(k.issues, 1);
}

static void the_answer_finds_a_visitor_who_is_choosing_a_language_meanwhile(void **state)
{
    (void)state;
    struct kiosk k = at_getting_page();
    tick_after(&k, JOURNEY_GIVE_UP_MS);
    touch(&k, ACTION_LANGUAGE, 0);
    assert_int_equal(k.j.page, PAGE_LANGUAGES);
    answer(&k, k.j.key, "H08");
    assert_int_equal(k.j.page, PAGE_DONE);
}

static void giving_up_cancels_and_a_late_answer_is_for_nobody(void **state)
{
    (void)state;
    struct kiosk k = at_getting_page();
    char key[JOURNEY_KEY_LEN + 1];
    memcpy(key, k.j.key, sizeof key);
    tick_after(&k, JOURNEY_GIVE_UP_MS);
    touch(&k, ACTION_START_AGAIN, 0);
    assert_int_equal(k.j.page, PAGE_WELCOME);
    assert_string_equal(k.cancelled, key);
    answer(&k, key, "H09");
    assert_int_equal(k.j.page, PAGE_WELCOME);
    touch(&k, ACTION_CHOOSE_LANGUAGE, 0);
    touch(&k, ACTION_CHOOSE_GROUP, 1);
    touch(&k, ACTION_GET_TICKET, 0);
    answer(&k, key, "H09");
    assert_int_equal(k.j.page, PAGE_GETTING);
}

static void a_refusal_says_so_and_leads_back_to_the_services(void **state)
{
    (void)state;
    struct kiosk k = at_getting_page();
    refuse(&k, PROBLEM_SERVICE);
    assert_int_equal(k.j.page, PAGE_PROBLEM);
    assert_int_equal(k.j.problem, PROBLEM_SERVICE);
    touch(&k, ACTION_BACK, 0);
    assert_int_equal(k.j.page, PAGE_SERVICES);
    touch(&k, ACTION_CHOOSE_GROUP, 1);
    touch(&k, ACTION_GET_TICKET, 0);
    assert_int_equal(k.issues, 2); /* another wish, another key */
}

static void idle_asks_then_ends_the_visit(void **state)
{
    (void)state;
    struct kiosk k = at_ready_page();
    assert_int_equal(journey_wake_ms(&k.j), k.now + JOURNEY_IDLE_MS);
    tick_after(&k, JOURNEY_IDLE_MS - 1);
    assert_false(k.j.asking);
    tick_after(&k, 1);
    assert_true(k.j.asking);
    assert_int_equal(journey_seconds_left(&k.j, k.now), 20);
    tick_after(&k, JOURNEY_ASK_MS - 1);
    assert_int_equal(k.j.page, PAGE_READY);
    tick_after(&k, 1);
    assert_int_equal(k.j.page, PAGE_WELCOME);
    assert_string_equal(k.j.key, "");
}

static void any_touch_answers_the_question_and_does_nothing_else(void **state)
{
    (void)state;
    struct kiosk k = at_ready_page();
    tick_after(&k, JOURNEY_IDLE_MS);
    touch(&k, ACTION_GET_TICKET, 0); /* lay under the question */
    assert_false(k.j.asking);
    assert_int_equal(k.issues, 0);
    tick_after(&k, JOURNEY_IDLE_MS);
    assert_true(k.j.asking);
    touch(&k, ACTION_NONE, 0);
    assert_false(k.j.asking);
    tick_after(&k, JOURNEY_IDLE_MS);
    touch(&k, ACTION_START_AGAIN, 0);
    assert_int_equal(k.j.page, PAGE_WELCOME);
}

static void touching_beside_everything_counts_as_being_there(void **state)
{
    (void)state;
    struct kiosk k = at_ready_page();
    for (int i = 0; i < 10; i++) {
        touch_after(&k, JOURNEY_IDLE_MS - 1, ACTION_NONE, 0);
        assert_false(k.j.asking);
    }
}

static void done_asks_after_a_fair_time_and_leaves_at_once_when_finished(void **state)
{
    (void)state;
    struct kiosk k = at_done_page();
    report_job(&k, JOB_PRINTED);
    tick_after(&k, JOURNEY_DONE_MS - 1);
    assert_false(k.j.asking);
    tick_after(&k, 1);
    assert_true(k.j.asking);
    tick_after(&k, JOURNEY_ASK_MS - 1);
    assert_int_equal(k.j.page, PAGE_DONE);
    tick_after(&k, 1);
    assert_int_equal(k.j.page, PAGE_WELCOME);
    assert_string_equal(k.j.ticket.number, "");
    k = at_done_page();
    touch(&k, ACTION_FINISHED, 0);
    assert_int_equal(k.j.page, PAGE_WELCOME);
}

static void paper_that_fails_late_keeps_the_number_on_the_screen(void **state)
{
    (void)state;
    struct kiosk k = at_done_page();
    tick_after(&k, JOURNEY_PAPER_SLOW_MS - 1);
    report_job(&k, JOB_FAILED);
    tick_after(&k, JOURNEY_DONE_MS - 1);
    assert_false(k.j.asking);
    tick_after(&k, 1);
    assert_true(k.j.asking);
    report_job(&k, JOB_PRINTED); /* and news is not hidden by the question */
    assert_false(k.j.asking);
    k.now +=
        JOURNEY_DONE_MOST_MS; /* but a printer that cannot make up its mind keeps nobody for ever */
    tick_after(&k, 0);
    report_job(&k, JOB_FAILED);
    assert_true(k.j.asking);
}

static void a_silent_printer_becomes_unknown_and_other_tickets_jobs_are_ignored(void **state)
{
    (void)state;
    struct kiosk k = at_done_page();
    struct journey_input other = {.kind = INPUT_JOB, .job = JOB_PRINTED, .ticket.id = "01OTHER"};
    send(&k, other);
    assert_int_equal(k.j.job, JOB_PRINTING);
    tick_after(&k, JOURNEY_PAPER_SLOW_MS);
    assert_int_equal(k.j.job, JOB_UNKNOWN);
}

static void no_paper_prints_nothing_that_would_come_out_later(void **state)
{
    (void)state;
    struct kiosk k = at_getting_page();
    send(&k, (struct journey_input){.kind = INPUT_PAPER, .paper = PAPER_OUT});
    answer(&k, k.j.key, "H07");
    assert_int_equal(k.prints, 0);
    assert_int_equal(k.j.job, JOB_FAILED);
}

static void closing_time_and_a_new_site_wait_until_the_visit_is_over(void **state)
{
    (void)state;
    struct kiosk k = at_ready_page();
    int adopted = k.adopted;
    send(&k, (struct journey_input){.kind = INPUT_DOORS, .open = false});
    send(&k, (struct journey_input){.kind = INPUT_SITE});
    assert_int_equal(k.j.page, PAGE_READY);
    touch(&k, ACTION_GET_TICKET, 0);
    answer(&k, k.j.key, "H07");
    assert_int_equal(k.j.page, PAGE_DONE);
    assert_int_equal(k.adopted, adopted);
    touch(&k, ACTION_FINISHED, 0);
    assert_int_equal(k.j.page, PAGE_CLOSED);
    assert_int_equal(k.adopted, adopted + 1);
    send(&k, (struct journey_input){.kind = INPUT_DOORS, .open = true});
    assert_int_equal(k.j.page, PAGE_WELCOME);
}

static void the_closed_page_speaks_the_language_asked_for_and_forgets_it(void **state)
{
    (void)state;
    struct kiosk k = at_welcome_page();
    send(&k, (struct journey_input){.kind = INPUT_DOORS, .open = false});
    touch(&k, ACTION_LANGUAGE, 0);
    touch(&k, ACTION_CHOOSE_LANGUAGE, 2);
    assert_int_equal(k.j.page, PAGE_CLOSED);
    assert_int_equal(k.j.language, 2);
    tick_after(&k, JOURNEY_IDLE_MS);
    assert_int_equal(k.j.language, JOURNEY_DEFAULT_LANGUAGE);
}

static void large_text_lasts_for_the_visit(void **state)
{
    (void)state;
    struct kiosk k = at_ready_page();
    touch(&k, ACTION_TEXT_SIZE, -1);
    touch(&k, ACTION_BACK, 0);
    assert_int_not_equal(k.j.text_size, 0);
    touch(&k, ACTION_BACK, 0);
    assert_int_equal(k.j.text_size, 0);
    touch(&k, ACTION_TEXT_SIZE, -1);
    assert_int_not_equal(k.j.text_size, 0);
    tick_after(&k, JOURNEY_IDLE_MS); /* left on welcome by somebody who walked away */
    assert_int_equal(k.j.text_size, 0);
}

static void a_short_break_of_the_link_concerns_nobody(void **state)
{
    (void)state;
    struct kiosk k = at_welcome_page();
    send(&k, (struct journey_input){.kind = INPUT_OFFLINE});
    assert_int_equal(journey_wake_ms(&k.j), k.now + JOURNEY_OFFLINE_TOLD_MS);
    tick_after(&k, JOURNEY_OFFLINE_TOLD_MS - 1);
    assert_false(k.j.offline);
    send(&k, (struct journey_input){.kind = INPUT_OFFLINE}); /* news of the same break */
    tick_after(&k, 1);
    assert_true(k.j.offline);
    send(&k, (struct journey_input){.kind = INPUT_ONLINE});
    assert_false(k.j.offline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(starts_calmly_and_welcomes_once_a_site_is_here),
        cmocka_unit_test(three_touches_get_a_ticket),
        cmocka_unit_test(a_group_of_several_opens_its_page),
        cmocka_unit_test(not_sure_takes_the_site_s_own_service),
        cmocka_unit_test(needs_are_toggled_on_ready_and_stay_when_going_back),
        cmocka_unit_test(a_double_strike_counts_once),
        cmocka_unit_test(a_double_strike_never_hits_the_page_that_came_under_it),
        cmocka_unit_test(a_doubled_get_ticket_issues_once),
        cmocka_unit_test(a_visit_has_one_key_and_the_next_another),
        cmocka_unit_test(slow_answers_are_told_then_become_a_problem_that_can_still_end_well),
        cmocka_unit_test(the_answer_finds_a_visitor_who_is_choosing_a_language_meanwhile),
        cmocka_unit_test(giving_up_cancels_and_a_late_answer_is_for_nobody),
        cmocka_unit_test(a_refusal_says_so_and_leads_back_to_the_services),
        cmocka_unit_test(idle_asks_then_ends_the_visit),
        cmocka_unit_test(any_touch_answers_the_question_and_does_nothing_else),
        cmocka_unit_test(touching_beside_everything_counts_as_being_there),
        cmocka_unit_test(done_asks_after_a_fair_time_and_leaves_at_once_when_finished),
        cmocka_unit_test(paper_that_fails_late_keeps_the_number_on_the_screen),
        cmocka_unit_test(a_silent_printer_becomes_unknown_and_other_tickets_jobs_are_ignored),
        cmocka_unit_test(no_paper_prints_nothing_that_would_come_out_later),
        cmocka_unit_test(closing_time_and_a_new_site_wait_until_the_visit_is_over),
        cmocka_unit_test(the_closed_page_speaks_the_language_asked_for_and_forgets_it),
        cmocka_unit_test(large_text_lasts_for_the_visit),
        cmocka_unit_test(a_short_break_of_the_link_concerns_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
