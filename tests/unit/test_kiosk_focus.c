/* Where a keypad stands, page after page. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "focus.h"

/* Lays a page of buttons in the order of their letters; a capital cannot be pressed now. */
static void lay(struct ui *ui, const char *page, const char *buttons)
{
    ui_begin(ui, &(struct ui_page){.name = page, .language = "en", .width = 800, .height = 600});
    ui_add(ui, &(struct ui_element){.id = "title", .role = UI_HEADING, .rect = {0, 0, 10, 10}});
    for (int i = 0; buttons[i] != '\0'; i++) {
        const char id[] = {buttons[i], '\0'};
        ui_add(ui, &(struct ui_element){.id = id,
                                        .role = UI_BUTTON,
                                        .rect = {0, 0, 10, 10},
                                        .focus = i + 1,
                                        .disabled = buttons[i] < 'a'});
    }
}

static void next_and_previous_go_round_past_disabled_ones_too(void **state)
{
    (void)state;
    struct ui *ui = ui_create();
    struct focus focus = {0};
    lay(ui, "services", "aBc");
    assert_null(focus_id(&focus));
    assert_true(focus_look(&focus, ui, 0));
    assert_string_equal(focus_id(&focus), "a");
    assert_false(focus_look(&focus, ui, 0));
    assert_true(focus_move(&focus, ui, 1));
    assert_string_equal(focus_id(&focus), "B");
    focus_move(&focus, ui, 1);
    focus_move(&focus, ui, 1);
    assert_string_equal(focus_id(&focus), "a");
    focus_move(&focus, ui, -1);
    assert_string_equal(focus_id(&focus), "c");
    ui_destroy(ui);
}

static void another_page_or_question_begins_at_its_first(void **state)
{
    (void)state;
    struct ui *ui = ui_create();
    struct focus focus = {0};
    lay(ui, "question", "abc");
    focus_look(&focus, ui, 0);
    focus_move(&focus, ui, 1);
    lay(ui, "question", "abc"); /* a tick, a letter: it stays */
    assert_false(focus_look(&focus, ui, 0));
    assert_string_equal(focus_id(&focus), "b");
    assert_true(focus_look(&focus, ui, 1)); /* the next question looks alike */
    assert_string_equal(focus_id(&focus), "a");
    focus_move(&focus, ui, 1);
    lay(ui, "ready", "bxy");
    assert_true(focus_look(&focus, ui, 1));
    assert_string_equal(focus_id(&focus), "b");
    ui_destroy(ui);
}

static void an_element_that_goes_leaves_the_focus_to_its_neighbour(void **state)
{
    (void)state;
    struct ui *ui = ui_create();
    struct focus focus = {0};
    lay(ui, "search", "abcd");
    focus_look(&focus, ui, 0);
    focus_move(&focus, ui, 1);
    focus_move(&focus, ui, 1);
    lay(ui, "search", "abd"); /* a letter was typed: "c" is not found any more */
    assert_true(focus_look(&focus, ui, 0));
    assert_string_equal(focus_id(&focus), "d");
    lay(ui, "search", "ab");
    assert_true(focus_look(&focus, ui, 0));
    assert_string_equal(focus_id(&focus), "b");
    lay(ui, "search", "");
    focus_look(&focus, ui, 0);
    assert_null(focus_id(&focus));
    assert_false(focus_move(&focus, ui, 1));
    lay(ui, "search", "xy");
    assert_true(focus_look(&focus, ui, 0));
    assert_string_equal(focus_id(&focus), "x");
    ui_destroy(ui);
}

static void a_cleared_focus_stands_on_nothing(void **state)
{
    (void)state;
    struct ui *ui = ui_create();
    struct focus focus = {0};
    lay(ui, "search", "ab");
    focus_look(&focus, ui, 0);
    focus_clear(&focus);
    assert_null(focus_id(&focus));
    focus_move(&focus, ui, -1);
    assert_string_equal(focus_id(&focus), "b");
    ui_destroy(ui);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(next_and_previous_go_round_past_disabled_ones_too),
        cmocka_unit_test(another_page_or_question_begins_at_its_first),
        cmocka_unit_test(an_element_that_goes_leaves_the_focus_to_its_neighbour),
        cmocka_unit_test(a_cleared_focus_stands_on_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
