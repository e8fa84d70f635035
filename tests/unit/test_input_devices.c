/* The input thread on devices that umockdev plays: found, touched, pulled out in the middle of a
 * touch, plugged in again. Runs itself again under umockdev's preload library. Waits are bounded by
 * the test's own time limit and end as soon as what is waited for happens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <linux/input.h>
#include <poll.h>
#include <umockdev.h>

#include "input/input.h"

#define MULTI  "/dev/input/event7"
#define SINGLE "/dev/input/event8"

enum { LONG_ENOUGH_MS = 10000 };

struct bed {
    UMockdevTestbed *testbed;
    struct input *input;
    int woken_fd;
};

static void wake(void *context)
{
    const int *fd = context;
    eventfd_write(*fd, 1);
}

static void plug(struct bed *bed, const char *name, const char *node)
{
    char path[512];
    GError *error = NULL;
    snprintf(path, sizeof path, "%s/%s.umockdev", DEVICES_DIR, name);
    assert_true(umockdev_testbed_add_from_file(bed->testbed, path, &error));
    snprintf(path, sizeof path, "%s/%s.ioctl", DEVICES_DIR, name);
    assert_true(umockdev_testbed_load_ioctl(bed->testbed, node, path, &error));
}

static struct bed start(bool plugged)
{
    struct bed bed = {.testbed = umockdev_testbed_new(), .woken_fd = eventfd(0, EFD_NONBLOCK)};
    if (plugged)
        plug(&bed, "touchscreen", MULTI);
    return bed;
}

static void listen_to(struct bed *bed, const char *only)
{
    struct input_options options = {.touch = only,
                                    .conf = input_conf_default(),
                                    .width_px = 4096,
                                    .height_px = 4096,
                                    .wake = wake,
                                    .wake_context = &bed->woken_fd};
    assert_int_equal(input_create(&options, &bed->input), STATUS_OK);
}

static void wait_for_devices(struct bed *bed, int count)
{
    for (int i = 0; i < LONG_ENOUGH_MS / 5 && input_devices(bed->input).touchscreens != count; i++)
        poll(NULL, 0, 5);
    assert_int_equal(input_devices(bed->input).touchscreens, count);
}

static void stop(struct bed *bed)
{
    input_destroy(bed->input);
    g_object_unref(bed->testbed);
    close(bed->woken_fd);
}

static void put(struct bed *bed, const char *node, uint16_t type, uint16_t code, int32_t value)
{
    int fd = umockdev_testbed_get_dev_fd(bed->testbed, node);
    assert_true(fd >= 0);
    struct input_event event = {.type = type, .code = code, .value = value};
    assert_int_equal(write(fd, &event, sizeof event), sizeof event);
}

static void finger(struct bed *bed, int tracking, int x, int y)
{
    put(bed, MULTI, EV_ABS, ABS_MT_SLOT, 0);
    put(bed, MULTI, EV_ABS, ABS_MT_TRACKING_ID, tracking);
    if (tracking >= 0) {
        put(bed, MULTI, EV_ABS, ABS_MT_POSITION_X, x);
        put(bed, MULTI, EV_ABS, ABS_MT_POSITION_Y, y);
    }
    put(bed, MULTI, EV_SYN, SYN_REPORT, 0);
}

/* In the middle across, a quarter down. */
static void press_single(struct bed *bed, int down)
{
    put(bed, SINGLE, EV_ABS, ABS_X, 500); /* 100 to 900 */
    put(bed, SINGLE, EV_ABS, ABS_Y, 400); /* 200 to 1000 */
    put(bed, SINGLE, EV_KEY, BTN_TOUCH, down);
    put(bed, SINGLE, EV_SYN, SYN_REPORT, 0);
}

static void await_wake(struct bed *bed)
{
    struct pollfd woken = {.fd = bed->woken_fd, .events = POLLIN};
    eventfd_t count;
    assert_int_equal(poll(&woken, 1, LONG_ENOUGH_MS), 1);
    eventfd_read(bed->woken_fd, &count);
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
        await_wake(bed);
    return event;
}

static void expect_touch(struct bed *bed, enum touch_kind kind, int x, int y)
{
    struct touch_event event = next_touch(bed);
    assert_int_equal(event.kind, kind);
    assert_in_range(event.x, x - 2, x + 2);
    assert_in_range(event.y, y - 2, y + 2);
}

static void expect_silence(struct bed *bed)
{
    struct touch_event event;
    assert_false(poll_touch(bed, &event));
}

static void touches_a_screen_that_is_there_at_start(void **state)
{
    (void)state;
    struct bed bed = start(true);
    listen_to(&bed, NULL);
    wait_for_devices(&bed, 1);
    finger(&bed, 1, 1000, 2000);
    expect_touch(&bed, TOUCH_DOWN, 1000, 2000);
    finger(&bed, -1, 0, 0);
    expect_touch(&bed, TOUCH_UP, 1000, 2000);
    stop(&bed);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* However late the main thread comes round to it. */
static void a_touch_tells_when_it_was_made(void **state)
{
    (void)state;
    struct bed bed = start(true);
    listen_to(&bed, NULL);
    wait_for_devices(&bed, 1);
    int64_t before = now_ms();
    finger(&bed, 1, 1000, 2000);
    await_wake(&bed);
    int64_t after = now_ms();
    poll(NULL, 0, 20); /* the main thread is busy */
    struct touch_event touch = next_touch(&bed);
    assert_in_range(touch.at_ms, before, after);
    stop(&bed);
}

static void finds_a_screen_that_is_plugged_in_later(void **state)
{
    (void)state;
    struct bed bed = start(false);
    listen_to(&bed, NULL);
    assert_int_equal(input_devices(bed.input).touchscreens, 0);
    plug(&bed, "touchscreen", MULTI);
    wait_for_devices(&bed, 1);
    finger(&bed, 1, 1000, 2000);
    expect_touch(&bed, TOUCH_DOWN, 1000, 2000);
    stop(&bed);
}

static void pulling_it_out_mid_touch_lets_go_and_plugging_it_in_goes_on(void **state)
{
    (void)state;
    struct bed bed = start(true);
    listen_to(&bed, NULL);
    wait_for_devices(&bed, 1);
    finger(&bed, 1, 1000, 2000);
    expect_touch(&bed, TOUCH_DOWN, 1000, 2000);
    umockdev_testbed_remove_device(
        bed.testbed, "/sys/devices/pci0000:00/0000:00:14.0/usb1/1-7/1-7:1.0/input/input7/event7");
    char node[512];
    gchar *root = umockdev_testbed_get_root_dir(bed.testbed);
    snprintf(node, sizeof node, "%s" MULTI, root);
    unlink(node); /* umockdev leaves the node of a removed device */
    g_free(root);
    expect_touch(&bed, TOUCH_CANCEL, 1000, 2000);
    wait_for_devices(&bed, 0);
    expect_silence(&bed);
    plug(&bed, "touch/single", SINGLE); /* umockdev never gives a node's name twice */
    wait_for_devices(&bed, 1);
    press_single(&bed, 1);
    expect_touch(&bed, TOUCH_DOWN, 2048, 1024);
    press_single(&bed, 0);
    expect_touch(&bed, TOUCH_UP, 2048, 1024);
    stop(&bed);
}

static void dropped_events_cancel_the_touch_and_the_next_one_counts(void **state)
{
    (void)state;
    struct bed bed = start(true);
    listen_to(&bed, NULL);
    wait_for_devices(&bed, 1);
    finger(&bed, 1, 1000, 2000);
    expect_touch(&bed, TOUCH_DOWN, 1000, 2000);
    /* The device's recorded state has no finger: after the drop that is what the kernel tells. */
    put(&bed, MULTI, EV_SYN, SYN_DROPPED, 0);
    put(&bed, MULTI, EV_ABS, ABS_MT_POSITION_X, 7);
    put(&bed, MULTI, EV_SYN, SYN_REPORT, 0);
    expect_touch(&bed, TOUCH_CANCEL, 1000, 2000);
    finger(&bed, 2, 30, 40);
    expect_touch(&bed, TOUCH_DOWN, 30, 40);
    finger(&bed, -1, 0, 0);
    expect_touch(&bed, TOUCH_UP, 30, 40);
    stop(&bed);
}

static void a_single_touch_panel_is_one_too_and_a_named_device_is_the_only_one(void **state)
{
    (void)state;
    struct bed bed = start(true);
    plug(&bed, "touch/single", SINGLE);
    listen_to(&bed, SINGLE);
    wait_for_devices(&bed, 1);
    press_single(&bed, 1);
    expect_touch(&bed, TOUCH_DOWN, 2048, 1024);
    press_single(&bed, 0);
    expect_touch(&bed, TOUCH_UP, 2048, 1024);
    stop(&bed);
}

static void nobody_listening_loses_touches_but_never_presses(void **state)
{
    (void)state;
    struct bed bed = start(true);
    listen_to(&bed, NULL);
    wait_for_devices(&bed, 1);
    for (int i = 0; i < 400; i++) {
        finger(&bed, i % 2 == 0 ? i : -1, 10 + i, 10);
        await_wake(&bed); /* a pty holds 4 KiB, and cuts events at its end */
    }
    finger(&bed, 500, 4000, 4000);
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
    stop(&bed);
}

int main(int argc, char **argv)
{
    (void)argc;
    const char *preload = getenv("LD_PRELOAD");
    if (preload == NULL || strstr(preload, "umockdev") == NULL) {
        setenv("LD_PRELOAD", "libumockdev-preload.so.0", 1);
        execv("/proc/self/exe", argv);
        return 1;
    }
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
