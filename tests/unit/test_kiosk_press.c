/* Which touches are presses: on the page that was on the glass when they were made, and no other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "press.h"

static struct journey on_page(enum journey_page page)
{
    struct journey journey = journey_begin(0);
    journey.page = page;
    return journey;
}

static void down_and_up_on_one_thing_is_a_press(void **state)
{
    (void)state;
    struct journey ready = on_page(PAGE_READY);
    struct press press = {0};
    press_show(&press, &ready, 100);
    assert_true(press_down(&press, &ready, "get-ticket", 150));
    assert_string_equal(press.id, "get-ticket");
    assert_false(press_move(&press, "get-ticket"));
    press_show(&press, &ready, 160); /* the board changed, the page did not */
    assert_true(press_up(&press, &ready, "get-ticket"));
    assert_false(press_up(&press, &ready, "get-ticket"));
}

static void sliding_off_and_cancelling_take_it_back(void **state)
{
    (void)state;
    struct journey ready = on_page(PAGE_READY);
    struct press press = {0};
    press_show(&press, &ready, 100);
    assert_true(press_down(&press, &ready, "back", 150));
    assert_true(press_move(&press, "get-ticket"));
    assert_false(press_move(&press, "back"));
    assert_false(press_up(&press, &ready, "back"));
    assert_true(press_down(&press, &ready, "back", 200));
    assert_false(press_up(&press, &ready, NULL));
    assert_true(press_down(&press, &ready, "back", 250));
    press_cancel(&press); /* the panel was pulled out */
    assert_false(press_up(&press, &ready, "back"));
    assert_false(press_down(&press, &ready, NULL, 300));
    assert_false(press_up(&press, &ready, NULL));
}

static void a_page_that_changes_under_the_finger_is_not_pressed(void **state)
{
    (void)state;
    struct journey problem = on_page(PAGE_PROBLEM);
    struct journey asked = problem;
    struct journey done = on_page(PAGE_DONE);
    struct press press = {0};
    asked.asking = true;
    press_show(&press, &problem, 100);
    assert_true(press_down(&press, &problem, "text-size", 150));
    assert_false(press_up(&press, &done, "text-size")); /* the ticket came, not shown yet */
    assert_true(press_down(&press, &problem, "text-size", 200));
    press_show(&press, &done, 250);
    assert_string_equal(press.id, "");
    assert_false(press_up(&press, &done, "text-size"));
    press_show(&press, &problem, 300);
    assert_true(press_down(&press, &problem, "start-again", 350));
    press_show(&press, &asked, 400); /* "Are you still there?" has a button of that name */
    assert_false(press_up(&press, &asked, "start-again"));
}

/* Questions are pages of one name, with answers of one code, say "yes". */
static void the_next_question_is_another_page(void **state)
{
    (void)state;
    struct journey first = on_page(PAGE_QUESTION);
    struct journey second = first;
    struct press press = {0};
    second.at = 1;
    press_show(&press, &first, 100);
    assert_true(press_down(&press, &first, "answer-yes", 150));
    assert_false(press_up(&press, &second, "answer-yes"));
    assert_false(press_down(&press, &second, "answer-yes", 200)); /* not on the glass yet */
    press_show(&press, &second, 250);
    assert_true(press_down(&press, &second, "answer-yes", 300));
    assert_true(press_up(&press, &second, "answer-yes"));
}

/* The kiosk lags: what it takes in now was made when another page was on the glass. */
static void a_touch_made_before_the_page_appeared_is_none_of_it(void **state)
{
    (void)state;
    struct journey services = on_page(PAGE_SERVICES);
    struct journey ready = on_page(PAGE_READY);
    struct press press = {0};
    press_show(&press, &services, 100);
    assert_false(press_down(&press, &ready, "back", 150)); /* ready is not on the glass yet */
    press_show(&press, &ready, 400);
    assert_false(press_down(&press, &ready, "back", 399));
    assert_false(press_up(&press, &ready, "back"));
    assert_true(press_down(&press, &ready, "back", 400));
    assert_true(press_up(&press, &ready, "back"));
}

static void an_id_too_long_to_keep_is_never_pressed(void **state)
{
    (void)state;
    struct journey ready = on_page(PAGE_READY);
    struct press press = {0};
    char id[PRESS_ID_BYTES + 1];
    memset(id, 'x', sizeof id);
    id[PRESS_ID_BYTES] = '\0';
    press_show(&press, &ready, 100);
    assert_false(press_down(&press, &ready, id, 150));
    id[PRESS_ID_BYTES - 1] = '\0';
    assert_true(press_down(&press, &ready, id, 150));
    assert_true(press_up(&press, &ready, id));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(down_and_up_on_one_thing_is_a_press),
        cmocka_unit_test(sliding_off_and_cancelling_take_it_back),
        cmocka_unit_test(a_page_that_changes_under_the_finger_is_not_pressed),
        cmocka_unit_test(the_next_question_is_another_page),
        cmocka_unit_test(a_touch_made_before_the_page_appeared_is_none_of_it),
        cmocka_unit_test(an_id_too_long_to_keep_is_never_pressed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
