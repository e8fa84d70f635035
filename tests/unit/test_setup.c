/* The setup pages' state machine: calibrating, learning, and that nobody is ever locked out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <linux/input-event-codes.h>
#include <math.h>

#include "input/keymap.h"
#include "setup/hold.h"
#include "setup/setup.h"

static const struct device_id storm = {0x2047, 0x0977}, other = {1, 2};

struct desk {
    struct setup setup;
    unsigned effects; /* of the last input */
    int64_t now;
};

static struct desk open_desk(void)
{
    const struct input_conf conf = input_conf_default();
    struct desk desk = {.now = 5000};
    desk.setup = setup_begin(&conf, 1000, 2000, desk.now);
    return desk;
}

static void give(struct desk *desk, struct setup_input input)
{
    struct setup_step step = setup_next(&desk->setup, &input, desk->now);
    desk->setup = step.setup;
    desk->effects = step.effects;
}

static void press(struct desk *desk, enum setup_action action)
{
    give(desk, (struct setup_input){.kind = SETUP_IN_PRESS, .action = action});
}

static void wait(struct desk *desk, int64_t ms)
{
    desk->now += ms;
    give(desk, (struct setup_input){.kind = SETUP_IN_TICK});
}

static void touch(struct desk *desk, double u, double v)
{
    give(desk, (struct setup_input){
                   .kind = SETUP_IN_TOUCHED, .u = u, .v = v, .x = (int)(u * 1000), .y = 7});
}

static void message(struct desk *desk, struct input_message message)
{
    give(desk, (struct setup_input){.kind = SETUP_IN_INPUT, .message = &message});
}

static void key(struct desk *desk, enum keypad_key key)
{
    message(desk, (struct input_message){.kind = INPUT_EVENT_KEY, .key = key});
}

static void learn(struct desk *desk, struct device_id device, uint16_t code)
{
    struct input_message learnt = {.kind = INPUT_EVENT_LEARN, .learn = {.device = device}};
    learnt.learn.code = code;
    snprintf(learnt.learn.device_name, sizeof learnt.learn.device_name, "a keypad");
    keymap_code_name(code, learnt.learn.key_name);
    message(desk, learnt);
}

static void expect_page(const struct desk *desk, enum setup_page page)
{
    assert_string_equal(setup_page_code(desk->setup.page), setup_page_code(page));
}

/* Touches as a panel makes them that reads x from right to left, each off by `error`. */
static void touch_crosses(struct desk *desk, double error)
{
    for (int i = 0; i < SETUP_CROSSES; i++) {
        double x, y;
        setup_cross(i, &x, &y);
        touch(desk, 1 - x + (i == 2 ? error : 0), y);
    }
}

/* ---- calibration -------------------------------------------------------------------------------- */

static void five_crosses_give_a_calibration_that_is_kept(void **state)
{
    (void)state;
    struct desk desk = open_desk();
    press(&desk, SETUP_DO_CALIBRATE);
    expect_page(&desk, SETUP_CROSS);
    touch_crosses(&desk, 0);
    expect_page(&desk, SETUP_KEEP);
    assert_int_equal(desk.effects, SETUP_CONFIGURE); /* it counts, but is not stored yet */
    assert_true(desk.setup.conf.calibrated);
    assert_true(fabs(desk.setup.conf.calibration.m[0] + 1) < 1e-9);
    assert_true(desk.setup.worst_px < 1e-6);
    press(&desk, SETUP_DO_KEEP_IT);
    expect_page(&desk, SETUP_MENU);
    assert_int_equal(desk.effects, SETUP_CONFIGURE | SETUP_STORE);
    assert_true(fabs(desk.setup.conf.calibration.m[0] + 1) < 1e-9);
    give(&desk, (struct setup_input){.kind = SETUP_IN_SAVED, .saved = true});
    assert_int_equal(desk.setup.note, SETUP_NOTE_SAVED);
}

static void a_calibration_nobody_keeps_is_put_back(void **state)
{
    (void)state;
    for (int how = 0; how < 3; how++) {
        struct desk desk = open_desk();
        press(&desk, SETUP_DO_CALIBRATE);
        touch_crosses(&desk, 0);
        if (how == 0) {
            wait(&desk, SETUP_KEEP_MS - 1);
            expect_page(&desk, SETUP_KEEP);
            touch(&desk, 0.5, 0.5); /* tried, but not kept: no reason to wait longer */
            wait(&desk, 1);
        } else if (how == 1) {
            press(&desk, SETUP_DO_PUT_BACK);
        } else {
            key(&desk, KEYPAD_BACK);
        }
        expect_page(&desk, SETUP_MENU);
        assert_int_equal(desk.effects, SETUP_CONFIGURE);
        assert_int_equal(desk.setup.note, SETUP_NOTE_PUT_BACK);
        assert_false(desk.setup.conf.calibrated);
        assert_true(fabs(desk.setup.conf.calibration.m[0] - 1) < 1e-9);
    }
}

static void keeping_it_too_late_keeps_nothing(void **state)
{
    (void)state;
    struct desk desk = open_desk();
    press(&desk, SETUP_DO_CALIBRATE);
    touch_crosses(&desk, 0);
    desk.now += SETUP_KEEP_MS; /* the tick comes no sooner than the finger */
    press(&desk, SETUP_DO_KEEP_IT);
    expect_page(&desk, SETUP_MENU);
    assert_false(desk.setup.conf.calibrated);
    assert_int_equal(desk.effects, SETUP_CONFIGURE);
}

static void a_cross_that_was_missed_is_said_and_asked_again(void **state)
{
    (void)state;
    struct desk desk = open_desk();
    press(&desk, SETUP_DO_CALIBRATE);
    touch_crosses(&desk, 0.3);
    expect_page(&desk, SETUP_CROSS);
    assert_int_equal(desk.setup.step, 0);
    assert_int_equal(desk.setup.note, SETUP_NOTE_MISSED);
    assert_int_equal(desk.effects, 0);
    for (int i = 0; i < SETUP_CROSSES; i++)
        touch(&desk, 0.5, 0.5); /* one place for all */
    assert_int_equal(desk.setup.note, SETUP_NOTE_MISSED);
    assert_false(desk.setup.conf.calibrated);
    touch_crosses(&desk, 0.01); /* a finger is not that exact */
    expect_page(&desk, SETUP_KEEP);
    assert_true(desk.setup.worst_px > 1 && desk.setup.worst_px < 20);
}

static void crosses_go_away_when_nobody_touches_them(void **state)
{
    (void)state;
    struct desk desk = open_desk();
    press(&desk, SETUP_DO_CALIBRATE);
    wait(&desk, SETUP_CROSS_MS - 1);
    touch(&desk, 0.9, 0.1);
    wait(&desk, SETUP_CROSS_MS - 1);
    expect_page(&desk, SETUP_CROSS);
    wait(&desk, 1);
    expect_page(&desk, SETUP_MENU);
    press(&desk, SETUP_DO_CALIBRATE);
    assert_int_equal(desk.setup.step, 0);
    key(&desk, KEYPAD_BACK);
    expect_page(&desk, SETUP_MENU);
}

/* ---- keypad ------------------------------------------------------------------------------------- */

static void learn_keys(struct desk *desk)
{
    press(desk, SETUP_DO_LEARN_KEYPAD);
    assert_int_equal(desk->effects, SETUP_MODE);
    assert_int_equal(desk->setup.mode, INPUT_LEARN_KEYS);
    for (int i = 0; i < SETUP_KEYS; i++)
        learn(desk, storm, (uint16_t)(KEY_F13 + i));
    expect_page(desk, SETUP_KEYPAD_DONE);
    assert_int_equal(desk->effects, SETUP_MODE);
    assert_int_equal(desk->setup.mode, INPUT_FOR_VISITORS);
}

static void a_keypad_is_learnt_key_by_key(void **state)
{
    (void)state;
    struct desk desk = open_desk();
    learn_keys(&desk);
    press(&desk, SETUP_DO_SAVE);
    assert_int_equal(desk.effects, SETUP_CONFIGURE | SETUP_STORE);
    for (int i = 0; i < SETUP_KEYS; i++)
        assert_int_equal(keymap_find(&desk.setup.conf, storm, (uint16_t)(KEY_F13 + i)),
                         setup_key(i));
    assert_false(keymap_names(&desk.setup.conf, other));
    give(&desk,
         (struct setup_input){.kind = SETUP_IN_SAVED, .saved = false, .why = "No space left"});
    assert_int_equal(desk.setup.note, SETUP_NOTE_NOT_SAVED);
    assert_string_equal(desk.setup.why, "No space left");
}

static void learning_again_forgets_what_the_keypad_had(void **state)
{
    (void)state;
    struct desk desk = open_desk();
    assert_true(keymap_set(&desk.setup.conf, storm, KEY_A, KEYPAD_NEXT));
    assert_true(keymap_set(&desk.setup.conf, other, KEY_A, KEYPAD_BACK));
    learn_keys(&desk);
    press(&desk, SETUP_DO_AGAIN);
    expect_page(&desk, SETUP_KEYPAD);
    assert_int_equal(desk.setup.step, 0);
    press(&desk, SETUP_DO_BACK);
    learn_keys(&desk);
    press(&desk, SETUP_DO_SAVE);
    assert_int_equal(keymap_find(&desk.setup.conf, storm, KEY_A), KEYPAD_NONE);
    assert_int_equal(keymap_find(&desk.setup.conf, other, KEY_A), KEYPAD_BACK);
}

static void a_key_is_taken_once_and_from_one_keypad(void **state)
{
    (void)state;
    struct desk desk = open_desk();
    press(&desk, SETUP_DO_LEARN_KEYPAD);
    learn(&desk, storm, KEY_F13);
    learn(&desk, storm, KEY_F13);
    assert_int_equal(desk.setup.step, 1);
    assert_int_equal(desk.setup.note, SETUP_NOTE_TAKEN);
    learn(&desk, other, KEY_F14);
    assert_int_equal(desk.setup.step, 1);
    assert_int_equal(desk.setup.note, SETUP_NOTE_OTHER_DEVICE);
    learn(&desk, storm, KEY_F14);
    assert_int_equal(desk.setup.step, 2);
    assert_int_equal(desk.setup.note, SETUP_NOTE_NONE);
}

static void only_keys_that_can_be_spared_are_skipped(void **state)
{
    (void)state;
    struct desk desk = open_desk();
    press(&desk, SETUP_DO_LEARN_KEYPAD);
    press(&desk, SETUP_DO_SKIP);
    assert_int_equal(desk.setup.step, 0);
    for (int i = 0; i < 3; i++)
        learn(&desk, storm, (uint16_t)(KEY_F13 + i));
    for (int i = 3; i < SETUP_KEYS; i++)
        press(&desk, SETUP_DO_SKIP);
    expect_page(&desk, SETUP_KEYPAD_DONE);
    press(&desk, SETUP_DO_SAVE);
    assert_int_equal(desk.setup.conf.key_count, 3);
}

static void a_full_configuration_is_said(void **state)
{
    (void)state;
    struct desk desk = open_desk();
    for (int i = 0; i < INPUT_CONF_KEYS_MAX; i++)
        assert_true(keymap_set(&desk.setup.conf, other, (uint16_t)(i + 1), KEYPAD_NONE));
    learn_keys(&desk);
    press(&desk, SETUP_DO_SAVE);
    expect_page(&desk, SETUP_KEYPAD_DONE);
    assert_int_equal(desk.setup.note, SETUP_NOTE_FULL);
    assert_int_equal(desk.effects, 0);
    assert_int_equal(desk.setup.conf.key_count, INPUT_CONF_KEYS_MAX);
}

/* ---- scanner ------------------------------------------------------------------------------------ */

static void scan(struct desk *desk, struct device_id device, const char *text)
{
    struct input_message learnt = {.kind = INPUT_EVENT_LEARN, .learn = {.device = device}};
    snprintf(learnt.learn.text, sizeof learnt.learn.text, "%s", text);
    message(desk, learnt);
}

static void a_scanner_is_found_by_what_it_reads(void **state)
{
    (void)state;
    struct desk desk = open_desk();
    press(&desk, SETUP_DO_LEARN_SCANNER);
    assert_int_equal(desk.setup.mode, INPUT_LEARN_SCANNER);
    learn(&desk, storm, KEY_A); /* a key of the keypad is no scan */
    expect_page(&desk, SETUP_SCANNER);
    scan(&desk, other, "X-1");
    expect_page(&desk, SETUP_SCANNER_DONE);
    assert_string_equal(desk.setup.scanned, "X-1");
    assert_int_equal(desk.setup.mode, INPUT_FOR_VISITORS);
    press(&desk, SETUP_DO_AGAIN);
    scan(&desk, storm, "X-2");
    press(&desk, SETUP_DO_SAVE);
    assert_int_equal(desk.effects, SETUP_CONFIGURE | SETUP_STORE);
    assert_true(conf_names_scanner(&desk.setup.conf, storm));
    assert_false(conf_names_scanner(&desk.setup.conf, other));
    press(&desk, SETUP_DO_LEARN_SCANNER);
    press(&desk, SETUP_DO_FORGET);
    assert_int_equal(desk.effects, SETUP_CONFIGURE | SETUP_STORE);
    assert_int_equal(desk.setup.conf.scanner_count, 0);
    press(&desk, SETUP_DO_FORGET); /* no such button any more */
    assert_int_equal(desk.effects, 0);
}

/* ---- printer, menu, keys ------------------------------------------------------------------------ */

static void a_test_page_is_asked_for_and_followed(void **state)
{
    (void)state;
    struct desk desk = open_desk();
    press(&desk, SETUP_DO_TEST_PRINTER);
    give(&desk, (struct setup_input){.kind = SETUP_IN_PAPER, .paper = PAPER_LOW});
    press(&desk, SETUP_DO_PRINT);
    assert_int_equal(desk.effects, SETUP_PRINT);
    assert_int_equal(desk.setup.job, JOB_PRINTING);
    give(&desk, (struct setup_input){.kind = SETUP_IN_JOB, .job = JOB_PRINTED});
    assert_int_equal(desk.setup.job, JOB_PRINTED);
    assert_int_equal(desk.setup.paper, PAPER_LOW);
    press(&desk, SETUP_DO_BACK);
    press(&desk, SETUP_DO_TEST_PRINTER);
    assert_int_equal(desk.setup.job, JOB_NONE);
}

static void everything_works_by_keypad(void **state)
{
    (void)state;
    struct desk desk = open_desk();
    key(&desk, KEYPAD_SELECT); /* the first key only shows where one is */
    expect_page(&desk, SETUP_MENU);
    assert_int_equal(desk.setup.focus, 0);
    key(&desk, KEYPAD_PREVIOUS); /* round to the last */
    key(&desk, KEYPAD_PREVIOUS);
    key(&desk, KEYPAD_SELECT);
    expect_page(&desk, SETUP_PRINTER);
    assert_int_equal(desk.setup.focus, 0);
    key(&desk, KEYPAD_SELECT);
    assert_int_equal(desk.effects, SETUP_PRINT);
    key(&desk, KEYPAD_NEXT);
    key(&desk, KEYPAD_SELECT);
    expect_page(&desk, SETUP_MENU);
    key(&desk, KEYPAD_PREVIOUS);
    key(&desk, KEYPAD_SELECT);
    expect_page(&desk, SETUP_LEFT);
}

static void the_menu_tells_what_was_tried(void **state)
{
    (void)state;
    struct desk desk = open_desk();
    message(&desk, (struct input_message){.kind = INPUT_EVENT_DEVICES, .devices = {1, 2, 3, 4}});
    message(&desk, (struct input_message){.kind = INPUT_EVENT_HEADSET, .headset_in = true});
    message(&desk, (struct input_message){.kind = INPUT_EVENT_SCAN, .scan = {.text = "CT"}});
    key(&desk, KEYPAD_REPEAT);
    assert_int_equal(desk.setup.devices.scanners, 3);
    assert_true(desk.setup.headset_in);
    assert_string_equal(desk.setup.scan.text, "CT");
    assert_int_equal(desk.setup.key, KEYPAD_REPEAT);
}

static void a_button_of_another_page_does_nothing(void **state)
{
    (void)state;
    for (int action = 0; action < SETUP_ACTIONS; action++) {
        struct desk desk = open_desk();
        enum setup_action buttons[SETUP_BUTTONS_MAX];
        int count = setup_buttons(&desk.setup, buttons);
        bool offered = false;
        for (int i = 0; i < count; i++)
            offered = offered || (int)buttons[i] == action;
        press(&desk, (enum setup_action)action);
        if (offered == (desk.setup.page == SETUP_MENU))
            fail_msg("action \"%s\"", setup_action_id((enum setup_action)action));
    }
    assert_int_equal(setup_action_from_id("keypad"), SETUP_DO_LEARN_KEYPAD);
    assert_int_equal(setup_action_from_id("heading"), SETUP_DO_NOTHING);
    assert_int_equal(setup_action_from_id(""), SETUP_DO_NOTHING);
    assert_int_equal(setup_action_from_id(NULL), SETUP_DO_NOTHING);
}

/* ---- nobody is locked out ----------------------------------------------------------------------- */

static void random_step(struct desk *desk)
{
    const struct device_id devices[] = {storm, other};
    desk->now += rand() % 3000;
    switch (rand() % 8) {
    case 0: press(desk, (enum setup_action)(rand() % SETUP_ACTIONS)); break;
    case 1: touch(desk, rand() / (double)RAND_MAX, rand() / (double)RAND_MAX); break;
    case 2: key(desk, (enum keypad_key)(rand() % KEYPAD_KEYS)); break;
    case 3: learn(desk, devices[rand() % 2], (uint16_t)(rand() % 16)); break;
    case 4: scan(desk, devices[rand() % 2], "rubbish"); break;
    case 5: give(desk, (struct setup_input){.kind = SETUP_IN_JOB, .job = JOB_FAILED}); break;
    case 6: give(desk, (struct setup_input){.kind = SETUP_IN_SAVED, .saved = rand() % 2}); break;
    default: wait(desk, rand() % 3000); break;
    }
}

/* Whatever was done: the mode is the page's, and left alone the pages close and visitors are served. */
static void whatever_is_done_left_alone_it_closes(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 300; seed++) {
        struct desk desk = open_desk();
        srand(seed);
        for (int i = 0; i < 200 && desk.setup.page != SETUP_LEFT; i++) {
            bool learns = desk.setup.page == SETUP_KEYPAD || desk.setup.page == SETUP_SCANNER;
            if (learns == (desk.setup.mode == INPUT_FOR_VISITORS))
                fail_msg("seed %u: mode %d on page %d", seed, desk.setup.mode, desk.setup.page);
            enum setup_action buttons[SETUP_BUTTONS_MAX];
            if (desk.setup.page != SETUP_CROSS && setup_buttons(&desk.setup, buttons) == 0)
                fail_msg("seed %u: a page without a way out", seed);
            random_step(&desk);
        }
        for (int i = 0; i < 4 && desk.setup.page != SETUP_LEFT; i++) {
            desk.now = setup_due_ms(&desk.setup);
            wait(&desk, 0);
        }
        if (desk.setup.page != SETUP_LEFT || desk.setup.mode != INPUT_FOR_VISITORS)
            fail_msg("seed %u: page %d mode %d", seed, desk.setup.page, desk.setup.mode);
        assert_int_equal(setup_due_ms(&desk.setup), INT64_MAX);
    }
}

static void the_clock_is_held_for_eight_seconds(void **state)
{
    (void)state;
    struct hold hold = {0};
    assert_int_equal(hold_due_ms(&hold), INT64_MAX);
    hold_finger(&hold, true, true, 1000);
    hold_finger(&hold, false, true, 4000); /* it trembles */
    assert_false(hold_take(&hold, 8999));
    assert_true(hold_take(&hold, 9000));
    assert_false(hold_take(&hold, 9001)); /* once */
    hold_finger(&hold, true, true, 20000);
    hold_finger(&hold, false, false, 21000); /* slid off */
    hold_finger(&hold, false, true, 22000);  /* and back on */
    assert_false(hold_take(&hold, 90000));
    hold_finger(&hold, true, false, 30000); /* beside it */
    assert_false(hold_take(&hold, 90000));
    hold_finger(&hold, true, true, 40000);
    hold_end(&hold);
    assert_false(hold_take(&hold, 90000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(five_crosses_give_a_calibration_that_is_kept),
        cmocka_unit_test(a_calibration_nobody_keeps_is_put_back),
        cmocka_unit_test(keeping_it_too_late_keeps_nothing),
        cmocka_unit_test(a_cross_that_was_missed_is_said_and_asked_again),
        cmocka_unit_test(crosses_go_away_when_nobody_touches_them),
        cmocka_unit_test(a_keypad_is_learnt_key_by_key),
        cmocka_unit_test(learning_again_forgets_what_the_keypad_had),
        cmocka_unit_test(a_key_is_taken_once_and_from_one_keypad),
        cmocka_unit_test(only_keys_that_can_be_spared_are_skipped),
        cmocka_unit_test(a_full_configuration_is_said),
        cmocka_unit_test(a_scanner_is_found_by_what_it_reads),
        cmocka_unit_test(a_test_page_is_asked_for_and_followed),
        cmocka_unit_test(everything_works_by_keypad),
        cmocka_unit_test(the_menu_tells_what_was_tried),
        cmocka_unit_test(a_button_of_another_page_does_nothing),
        cmocka_unit_test(whatever_is_done_left_alone_it_closes),
        cmocka_unit_test(the_clock_is_held_for_eight_seconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
