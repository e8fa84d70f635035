/* The input thread on devices that umockdev plays: found, touched, pulled out in the middle of a
 * touch, plugged in again. Runs itself again under umockdev's preload library. Waits are bounded by
 * the test's own time limit and end as soon as what is waited for happens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <linux/input.h>
#include <poll.h>

#include "input_bed.h"
#include "test_kit.h"

static struct bed start(bool plugged)
{
    struct bed bed = bed_make();
    if (plugged)
        bed_plug(&bed, "touchscreen", BED_MULTI);
    return bed;
}

static void listen_to(struct bed *bed, const char *only)
{
    struct input_options options = bed_options(bed);
    options.touch = only;
    bed_listen(bed, &options);
}

static void wait_for_devices(struct bed *bed, int count)
{
    bed_wait_for(bed, (struct input_devices){.touchscreens = count});
}

/* In the middle across, a quarter down. */
static void press_single(struct bed *bed, int down)
{
    bed_put(bed, BED_SINGLE, EV_ABS, ABS_X, 500); /* 100 to 900 */
    bed_put(bed, BED_SINGLE, EV_ABS, ABS_Y, 400); /* 200 to 1000 */
    bed_put(bed, BED_SINGLE, EV_KEY, BTN_TOUCH, down);
    bed_put(bed, BED_SINGLE, EV_SYN, SYN_REPORT, 0);
}

static bool poll_touch(struct bed *bed, struct touch_event *event)
{
    struct input_message message;
    while (input_poll(bed->input, &message))
        if (message.kind == INPUT_EVENT_TOUCH) {
            *event = message.touch;
            return true;
        }
    return false;
}

static struct touch_event next_touch(struct bed *bed)
{
    struct touch_event event;
    while (!poll_touch(bed, &event))
        bed_await_wake(bed);
    return event;
}

static void expect_touch(struct bed *bed, enum touch_kind kind, int x, int y)
{
    struct touch_event event = next_touch(bed);
    assert_int_equal(event.kind, kind);
    assert_in_range(event.x, x - 2, x + 2);
    assert_in_range(event.y, y - 2, y + 2);
}

static void touches_a_screen_that_is_there_at_start(void **state)
{
    (void)state;
    struct bed bed = start(true);
    listen_to(&bed, NULL);
    wait_for_devices(&bed, 1);
    bed_finger(&bed, 1, 1000, 2000);
    expect_touch(&bed, TOUCH_DOWN, 1000, 2000);
    bed_finger(&bed, -1, 0, 0);
    expect_touch(&bed, TOUCH_UP, 1000, 2000);
    bed_stop(&bed);
}

/* However late the main thread comes round to it. */
static void a_touch_tells_when_it_was_made(void **state)
{
    (void)state;
    struct bed bed = start(true);
    listen_to(&bed, NULL);
    wait_for_devices(&bed, 1);
    bed_await_wake(&bed); /* by the device */
    int64_t before = kit_now_ms();
    bed_finger(&bed, 1, 1000, 2000);
    bed_await_wake(&bed);
    int64_t after = kit_now_ms();
    poll(NULL, 0, 20); /* the main thread is busy */
    struct touch_event touch = next_touch(&bed);
    assert_in_range(touch.at_ms, before, after);
    bed_stop(&bed);
}

static void finds_a_screen_that_is_plugged_in_later(void **state)
{
    (void)state;
    struct bed bed = start(false);
    listen_to(&bed, NULL);
    assert_int_equal(input_devices(bed.input).touchscreens, 0);
    bed_plug(&bed, "touchscreen", BED_MULTI);
    wait_for_devices(&bed, 1);
    bed_finger(&bed, 1, 1000, 2000);
    expect_touch(&bed, TOUCH_DOWN, 1000, 2000);
    bed_stop(&bed);
}

static void pulling_it_out_mid_touch_lets_go_and_plugging_it_in_goes_on(void **state)
{
    (void)state;
    struct bed bed = start(true);
    listen_to(&bed, NULL);
    wait_for_devices(&bed, 1);
    bed_finger(&bed, 1, 1000, 2000);
    expect_touch(&bed, TOUCH_DOWN, 1000, 2000);
    umockdev_testbed_remove_device(
        bed.testbed, "/sys/devices/pci0000:00/0000:00:14.0/usb1/1-7/1-7:1.0/input/input7/event7");
    bed_unplug(&bed, BED_MULTI);
    expect_touch(&bed, TOUCH_CANCEL, 1000, 2000);
    wait_for_devices(&bed, 0);
    bed_expect_silence(&bed);
    bed_plug(&bed, "touch/single", BED_SINGLE); /* umockdev never gives a node's name twice */
    wait_for_devices(&bed, 1);
    press_single(&bed, 1);
    expect_touch(&bed, TOUCH_DOWN, 2048, 1024);
    press_single(&bed, 0);
    expect_touch(&bed, TOUCH_UP, 2048, 1024);
    bed_stop(&bed);
}

static void dropped_events_cancel_the_touch_and_the_next_one_counts(void **state)
{
    (void)state;
    struct bed bed = start(true);
    listen_to(&bed, NULL);
    wait_for_devices(&bed, 1);
    bed_finger(&bed, 1, 1000, 2000);
    expect_touch(&bed, TOUCH_DOWN, 1000, 2000);
    /* The device's recorded state has no finger: after the drop that is what the kernel tells. */
    bed_put(&bed, BED_MULTI, EV_SYN, SYN_DROPPED, 0);
    bed_put(&bed, BED_MULTI, EV_ABS, ABS_MT_POSITION_X, 7);
    bed_put(&bed, BED_MULTI, EV_SYN, SYN_REPORT, 0);
    expect_touch(&bed, TOUCH_CANCEL, 1000, 2000);
    bed_finger(&bed, 2, 30, 40);
    expect_touch(&bed, TOUCH_DOWN, 30, 40);
    bed_finger(&bed, -1, 0, 0);
    expect_touch(&bed, TOUCH_UP, 30, 40);
    bed_stop(&bed);
}

static void a_single_touch_panel_is_one_too_and_a_named_device_is_the_only_one(void **state)
{
    (void)state;
    struct bed bed = start(true);
    bed_plug(&bed, "touch/single", BED_SINGLE);
    listen_to(&bed, BED_SINGLE);
    wait_for_devices(&bed, 1);
    press_single(&bed, 1);
    expect_touch(&bed, TOUCH_DOWN, 2048, 1024);
    press_single(&bed, 0);
    expect_touch(&bed, TOUCH_UP, 2048, 1024);
    bed_stop(&bed);
}

static void nobody_listening_loses_touches_but_never_presses(void **state)
{
    (void)state;
    struct bed bed = start(true);
    listen_to(&bed, NULL);
    wait_for_devices(&bed, 1);
    for (int i = 0; i < 400; i++) {
        bed_finger(&bed, i % 2 == 0 ? i : -1, 10 + i, 10);
        bed_await_wake(&bed); /* a pty holds 4 KiB, and cuts events at its end */
    }
    bed_finger(&bed, 500, 4000, 4000);
    bool down = false;
    int count = 0;
    for (bool ended = false; !ended;) {
        struct touch_event event;
        if (!poll_touch(&bed, &event)) {
            poll(NULL, 0, 1);
            continue;
        }
        count++;
        if (event.kind == TOUCH_UP)
            assert_true(down);
        down = event.kind == TOUCH_DOWN;
        ended = event.x > 3990;
    }
    print_message("%d of 401 seen\n", count);
    bed_stop(&bed);
}

int main(int argc, char **argv)
{
    (void)argc;
    bed_under_umockdev(argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(touches_a_screen_that_is_there_at_start),
        cmocka_unit_test(a_touch_tells_when_it_was_made),
        cmocka_unit_test(finds_a_screen_that_is_plugged_in_later),
        cmocka_unit_test(pulling_it_out_mid_touch_lets_go_and_plugging_it_in_goes_on),
        cmocka_unit_test(dropped_events_cancel_the_touch_and_the_next_one_counts),
        cmocka_unit_test(a_single_touch_panel_is_one_too_and_a_named_device_is_the_only_one),
        cmocka_unit_test(nobody_listening_loses_touches_but_never_presses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
