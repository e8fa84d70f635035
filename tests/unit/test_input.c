/* Raw panel events to touches, without a device: protocol B, single touch, lost events,
 * calibration. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <linux/input.h>
#include <math.h>

#include "input/touch_decoder.h"

struct glass {
    struct touch_decoder decoder;
    char told[256]; /* what came out: "down 10,20 up 10,20 " */
};

static struct glass make_glass(bool multi_touch)
{
    struct panel panel = {.x = {0, 1000},
                          .y = {0, 1000},
                          .calibration = calibration_identity(),
                          .width_px = 1000,
                          .height_px = 2000};
    struct glass glass = {.told = ""};
    touch_decoder_init(&glass.decoder, &panel, multi_touch);
    return glass;
}

static void tell(struct glass *glass, const struct touch_event *events, int count)
{
    static const char *const kinds[] = {"down", "move", "up", "cancel"};
    for (int i = 0; i < count; i++) {
        size_t used = strlen(glass->told);
        snprintf(glass->told + used, sizeof glass->told - used, "%s %d,%d ", kinds[events[i].kind],
                 events[i].x, events[i].y);
    }
}

static void feed(struct glass *glass, uint16_t type, uint16_t code, int32_t value)
{
    struct touch_event events[TOUCH_EVENTS_A_FRAME];
    tell(glass, events, touch_decoder_feed(&glass->decoder, type, code, value, events));
}

static void put(struct glass *glass, int slot, int tracking, int x, int y)
{
    feed(glass, EV_ABS, ABS_MT_SLOT, slot);
    feed(glass, EV_ABS, ABS_MT_TRACKING_ID, tracking);
    if (tracking >= 0) {
        feed(glass, EV_ABS, ABS_MT_POSITION_X, x);
        feed(glass, EV_ABS, ABS_MT_POSITION_Y, y);
    }
}

static void sync_report(struct glass *glass)
{
    feed(glass, EV_SYN, SYN_REPORT, 0);
}

static void expect_told(struct glass *glass, const char *told)
{
    assert_string_equal(glass->told, told);
    glass->told[0] = '\0';
}

static void a_finger_goes_down_moves_and_lifts(void **state)
{
    (void)state;
    struct glass glass = make_glass(true);
    put(&glass, 0, 7, 100, 200);
    expect_told(&glass, "");
    sync_report(&glass);
    expect_told(&glass, "down 100,400 ");
    feed(&glass, EV_ABS, ABS_MT_POSITION_X, 110);
    sync_report(&glass);
    expect_told(&glass, "move 110,400 ");
    sync_report(&glass); /* nothing new */
    expect_told(&glass, "");
    put(&glass, 0, -1, 0, 0);
    sync_report(&glass);
    expect_told(&glass, "up 110,400 ");
}

static void an_unchanged_position_is_that_of_the_last_finger_in_the_slot(void **state)
{
    (void)state;
    struct glass glass = make_glass(true);
    put(&glass, 0, 7, 100, 200);
    sync_report(&glass);
    put(&glass, 0, -1, 0, 0);
    sync_report(&glass);
    feed(&glass, EV_ABS, ABS_MT_TRACKING_ID, 8); /* same place: the kernel says no more */
    sync_report(&glass);
    expect_told(&glass, "down 100,400 up 100,400 down 100,400 ");
}

static void the_newest_finger_counts_and_a_resting_hand_does_not_lock_it_out(void **state)
{
    (void)state;
    struct glass glass = make_glass(true);
    put(&glass, 0, 1, 500, 900);
    sync_report(&glass);
    put(&glass, 1, 2, 100, 100);
    sync_report(&glass);
    expect_told(&glass, "down 500,1800 cancel 500,1800 down 100,200 ");
    put(&glass, 0, 1, 505, 905); /* the hand moves */
    sync_report(&glass);
    expect_told(&glass, "");
    put(&glass, 1, -1, 0, 0);
    sync_report(&glass);
    expect_told(&glass, "up 100,200 ");
    put(&glass, 0, -1, 0, 0);
    sync_report(&glass);
    expect_told(&glass, "");
}

static void a_lift_and_a_new_finger_in_one_frame_are_both_told(void **state)
{
    (void)state;
    struct glass glass = make_glass(true);
    put(&glass, 0, 1, 500, 500);
    sync_report(&glass);
    put(&glass, 0, 2, 100, 100);
    sync_report(&glass);
    expect_told(&glass, "down 500,1000 up 500,1000 down 100,200 ");
}

static void what_is_lost_is_cancelled_not_lifted(void **state)
{
    (void)state;
    struct glass glass = make_glass(true);
    put(&glass, 0, 1, 500, 500);
    sync_report(&glass);
    touch_decoder_begin_resync(&glass.decoder);
    put(&glass, 0, -1, 0, 0);
    sync_report(&glass);
    touch_decoder_end_resync(&glass.decoder);
    expect_told(&glass, "down 500,1000 cancel 500,1000 ");
    put(&glass, 0, 2, 100, 100);
    sync_report(&glass);
    put(&glass, 0, -1, 0, 0);
    sync_report(&glass);
    expect_told(&glass, "down 100,200 up 100,200 ");
}

static void a_finger_that_stayed_through_lost_events_stays(void **state)
{
    (void)state;
    struct glass glass = make_glass(true);
    put(&glass, 0, 1, 500, 500);
    sync_report(&glass);
    touch_decoder_begin_resync(&glass.decoder);
    feed(&glass, EV_ABS, ABS_MT_POSITION_X, 510);
    sync_report(&glass);
    touch_decoder_end_resync(&glass.decoder);
    put(&glass, 0, -1, 0, 0);
    sync_report(&glass);
    expect_told(&glass, "down 500,1000 move 510,1000 up 510,1000 ");
}

static void unplugging_lets_go(void **state)
{
    (void)state;
    struct glass glass = make_glass(true);
    struct touch_event events[TOUCH_EVENTS_A_FRAME];
    assert_int_equal(touch_decoder_cancel(&glass.decoder, events), 0);
    put(&glass, 0, 1, 500, 500);
    sync_report(&glass);
    tell(&glass, events, touch_decoder_cancel(&glass.decoder, events));
    expect_told(&glass, "down 500,1000 cancel 500,1000 ");
}

static void slots_beyond_any_hand_are_ignored(void **state)
{
    (void)state;
    struct glass glass = make_glass(true);
    put(&glass, TOUCH_SLOTS_MAX, 1, 500, 500);
    put(&glass, -3, 2, 500, 500);
    sync_report(&glass);
    expect_told(&glass, "");
}

static void a_single_touch_panel_speaks_by_its_button(void **state)
{
    (void)state;
    struct glass glass = make_glass(false);
    feed(&glass, EV_ABS, ABS_X, 100);
    feed(&glass, EV_ABS, ABS_Y, 100);
    feed(&glass, EV_KEY, BTN_TOUCH, 1);
    sync_report(&glass);
    feed(&glass, EV_KEY, BTN_TOUCH, 2); /* key repeat */
    feed(&glass, EV_ABS, ABS_Y, 150);
    sync_report(&glass);
    feed(&glass, EV_KEY, BTN_TOUCH, 0);
    sync_report(&glass);
    expect_told(&glass, "down 100,200 move 100,300 up 100,300 ");
    feed(&glass, EV_ABS, ABS_X, 300); /* hovering */
    sync_report(&glass);
    expect_told(&glass, "");
}

static void single_touch_events_of_a_multi_touch_panel_are_not_counted_twice(void **state)
{
    (void)state;
    struct glass glass = make_glass(true);
    put(&glass, 0, 1, 500, 500);
    feed(&glass, EV_KEY, BTN_TOUCH, 1);
    feed(&glass, EV_ABS, ABS_X, 1);
    sync_report(&glass);
    expect_told(&glass, "down 500,1000 ");
}

static struct glass make_glass_that_knows_palms(void)
{
    struct glass glass = make_glass(true);
    glass.decoder.panel.palm_major = 400;
    return glass;
}

static void a_palm_is_no_finger(void **state)
{
    (void)state;
    struct glass glass = make_glass_that_knows_palms();
    put(&glass, 0, 1, 500, 500);
    feed(&glass, EV_ABS, ABS_MT_TOUCH_MAJOR, 401);
    sync_report(&glass);
    put(&glass, 1, 2, 100, 100);
    feed(&glass, EV_ABS, ABS_MT_TOUCH_MAJOR, 400);
    sync_report(&glass);
    put(&glass, 0, -1, 0, 0);
    sync_report(&glass);
    put(&glass, 1, -1, 0, 0);
    sync_report(&glass);
    expect_told(&glass, "down 100,200 up 100,200 ");
    put(&glass, 0, 3, 100, 100); /* as large as the last one in the slot: the kernel says no more */
    sync_report(&glass);
    expect_told(&glass, "");
}

static void a_contact_that_grows_to_a_palm_is_cancelled_and_stays_one(void **state)
{
    (void)state;
    struct glass glass = make_glass_that_knows_palms();
    put(&glass, 0, 1, 500, 500);
    sync_report(&glass);
    feed(&glass, EV_ABS, ABS_MT_TOUCH_MAJOR, 500);
    sync_report(&glass);
    feed(&glass, EV_ABS, ABS_MT_TOUCH_MAJOR, 100);
    sync_report(&glass);
    put(&glass, 0, -1, 0, 0);
    sync_report(&glass);
    expect_told(&glass, "down 500,1000 cancel 500,1000 ");
}

static void what_the_panel_calls_a_palm_is_one_whatever_its_size(void **state)
{
    (void)state;
    struct glass glass = make_glass(true);
    put(&glass, 0, 1, 500, 500);
    feed(&glass, EV_ABS, ABS_MT_TOUCH_MAJOR, 30000); /* of a panel that has no millimetres */
    sync_report(&glass);
    feed(&glass, EV_ABS, ABS_MT_TOOL_TYPE, MT_TOOL_PALM);
    sync_report(&glass);
    put(&glass, 0, 2, 100, 100);
    feed(&glass, EV_ABS, ABS_MT_TOOL_TYPE, MT_TOOL_FINGER);
    sync_report(&glass);
    expect_told(&glass, "down 500,1000 cancel 500,1000 down 100,200 ");
}

static void a_touch_tells_where_on_the_panel_it_was(void **state)
{
    (void)state;
    struct glass glass = make_glass(true);
    struct touch_event events[TOUCH_EVENTS_A_FRAME];
    glass.decoder.panel.calibration = (struct calibration){{0, -1, 1, 1, 0, 0}};
    put(&glass, 0, 1, 250, 500);
    assert_int_equal(touch_decoder_feed(&glass.decoder, EV_SYN, SYN_REPORT, 0, events), 1);
    assert_true(fabs(events[0].u - 0.25) < 1e-9 && fabs(events[0].v - 0.5) < 1e-9);
    assert_int_equal(events[0].x, 500);
    assert_int_equal(events[0].y, 500);
}

/* ---- fitting ------------------------------------------------------------------------------------ */

static const double crosses[5][2] = {{0.1, 0.1}, {0.9, 0.1}, {0.9, 0.9}, {0.1, 0.9}, {0.5, 0.5}};

/* Touches as a panel makes them whose true matrix is `truth`, each off by `error` somehow. */
static void touch_crosses(const struct calibration *truth, double error,
                          struct calibration_sample samples[5])
{
    const double *m = truth->m;
    double d = m[0] * m[4] - m[1] * m[3];
    for (int i = 0; i < 5; i++) {
        double x = crosses[i][0] - m[2] + error * (i % 2 == 0 ? 1 : -1);
        double y = crosses[i][1] - m[5] + error * (i % 3 == 0 ? 1 : -1);
        samples[i] = (struct calibration_sample){
            (m[4] * x - m[1] * y) / d, (m[0] * y - m[3] * x) / d, crosses[i][0], crosses[i][1]};
    }
}

static void five_touches_give_the_matrix_back(void **state)
{
    (void)state;
    static const struct calibration truths[] = {{{1, 0, 0, 0, 1, 0}},
                                                {{1.08, 0.01, -0.05, -0.02, 0.93, 0.04}},
                                                {{0, -1, 1, 1, 0, 0}},
                                                {{-1, 0, 1, 0, -1, 1}},
                                                {{0, 1.1, -0.05, 0.95, 0, 0.02}}};
    for (size_t i = 0; i < sizeof truths / sizeof truths[0]; i++) {
        struct calibration_sample samples[5];
        struct calibration fitted;
        touch_crosses(&truths[i], 0, samples);
        assert_int_equal(calibration_fit(samples, 5, &fitted), STATUS_OK);
        for (int k = 0; k < 6; k++)
            assert_true(fabs(fitted.m[k] - truths[i].m[k]) < 1e-9);
        assert_true(calibration_worst_px(&fitted, samples, 5, 1080, 1920) < 1e-6);
    }
}

static void shaky_touches_are_averaged_and_the_rest_is_told(void **state)
{
    (void)state;
    const struct calibration truth = {{1.05, 0, -0.02, 0, 0.97, 0.01}};
    struct calibration_sample samples[5];
    struct calibration fitted;
    touch_crosses(&truth, 0.005, samples);
    assert_int_equal(calibration_fit(samples, 5, &fitted), STATUS_OK);
    for (int k = 0; k < 6; k++)
        assert_true(fabs(fitted.m[k] - truth.m[k]) < 0.02);
    double worst = calibration_worst_px(&fitted, samples, 5, 1000, 1000);
    assert_true(worst > 2 && worst < 15);
    samples[3].u += 0.2; /* one cross was missed */
    assert_int_equal(calibration_fit(samples, 5, &fitted), STATUS_OK);
    assert_true(calibration_worst_px(&fitted, samples, 5, 1000, 1000) > 50);
}

static void touches_that_tell_nothing_are_refused(void **state)
{
    (void)state;
    const struct calibration identity = calibration_identity();
    struct calibration_sample samples[5];
    struct calibration fitted = identity;
    touch_crosses(&identity, 0, samples);
    assert_int_equal(calibration_fit(samples, 2, &fitted), STATUS_INVALID);
    for (int i = 0; i < 5; i++)
        samples[i].u = samples[i].v; /* all on a line */
    assert_int_equal(calibration_fit(samples, 5, &fitted), STATUS_INVALID);
    for (int i = 0; i < 5; i++)
        samples[i].u = samples[i].v = 0.4; /* all at one place */
    assert_int_equal(calibration_fit(samples, 5, &fitted), STATUS_INVALID);
    for (int i = 0; i < 5; i++)
        samples[i].u = samples[i].v = crosses[i][0];
    samples[1].u += 0.003; /* as good as on a line: nothing is told of what is across it */
    samples[2].v += 0.003;
    assert_int_equal(calibration_fit(samples, 5, &fitted), STATUS_INVALID);
    touch_crosses(&identity, 0, samples);
    samples[0].u = (double)NAN;
    assert_int_equal(calibration_fit(samples, 5, &fitted), STATUS_INVALID);
    assert_memory_equal(&fitted, &identity, sizeof identity);
}

static void readings_are_scaled_and_kept_on_the_screen(void **state)
{
    (void)state;
    struct panel panel = {.x = {100, 900},
                          .y = {200, 1000},
                          .calibration = calibration_identity(),
                          .width_px = 1080,
                          .height_px = 1920};
    int x, y;
    panel_to_screen(&panel, 500, 600, &x, &y);
    assert_int_equal(x, 540);
    assert_int_equal(y, 960);
    panel_to_screen(&panel, -5000, 5000, &x, &y);
    assert_int_equal(x, 0);
    assert_int_equal(y, 1919);
    panel.x = (struct axis_range){0, 0}; /* a driver that does not say */
    panel_to_screen(&panel, 500, 600, &x, &y);
    assert_int_equal(x, 0);
}

static void a_matrix_turns_a_panel_mounted_sideways(void **state)
{
    (void)state;
    struct panel panel = {.x = {0, 1000}, .y = {0, 1000}, .width_px = 1080, .height_px = 1920};
    assert_int_equal(calibration_parse("0 -1 1, 1 0 0", &panel.calibration), STATUS_OK);
    int x, y;
    panel_to_screen(&panel, 0, 0, &x, &y); /* the panel's top left is the screen's top right */
    assert_int_equal(x, 1079);
    assert_int_equal(y, 0);
    panel_to_screen(&panel, 250, 1000, &x, &y);
    assert_int_equal(x, 0);
    assert_int_equal(y, 480);
}

static void bad_matrices_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "1 0 0 0 1",
                                      "1 0 0 0 1 0 0",
                                      "1 0 0 0 x 0",
                                      "0 0 0 0 0 0",
                                      "1 0 0 1 0 0",
                                      "nan 0 0 0 1 0",
                                      "1e999 0 0 0 1 0"};
    struct calibration calibration;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(calibration_parse(bad[i], &calibration), STATUS_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_finger_goes_down_moves_and_lifts),
        cmocka_unit_test(an_unchanged_position_is_that_of_the_last_finger_in_the_slot),
        cmocka_unit_test(the_newest_finger_counts_and_a_resting_hand_does_not_lock_it_out),
        cmocka_unit_test(a_lift_and_a_new_finger_in_one_frame_are_both_told),
        cmocka_unit_test(what_is_lost_is_cancelled_not_lifted),
        cmocka_unit_test(a_finger_that_stayed_through_lost_events_stays),
        cmocka_unit_test(unplugging_lets_go),
        cmocka_unit_test(slots_beyond_any_hand_are_ignored),
        cmocka_unit_test(a_single_touch_panel_speaks_by_its_button),
        cmocka_unit_test(single_touch_events_of_a_multi_touch_panel_are_not_counted_twice),
        cmocka_unit_test(a_palm_is_no_finger),
        cmocka_unit_test(a_contact_that_grows_to_a_palm_is_cancelled_and_stays_one),
        cmocka_unit_test(what_the_panel_calls_a_palm_is_one_whatever_its_size),
        cmocka_unit_test(a_touch_tells_where_on_the_panel_it_was),
        cmocka_unit_test(five_touches_give_the_matrix_back),
        cmocka_unit_test(shaky_touches_are_averaged_and_the_rest_is_told),
        cmocka_unit_test(touches_that_tell_nothing_are_refused),
        cmocka_unit_test(readings_are_scaled_and_kept_on_the_screen),
        cmocka_unit_test(a_matrix_turns_a_panel_mounted_sideways),
        cmocka_unit_test(bad_matrices_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
