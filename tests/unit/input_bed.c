/* See input_bed.h. */
#include "input_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cmocka.h>
#include <linux/input.h>
#include <poll.h>

enum { LONG_ENOUGH_MS = 10000 };

void bed_under_umockdev(char **argv)
{
    const char *preload = getenv("LD_PRELOAD");
    if (preload != NULL && strstr(preload, "umockdev") != NULL)
        return;
    setenv("LD_PRELOAD", "libumockdev-preload.so.0", 1);
    execv("/proc/self/exe", argv);
    _exit(1);
}

static void wake(void *context)
{
    const int *fd = context;
    eventfd_write(*fd, 1);
}

struct bed bed_make(void)
{
    return (struct bed){.testbed = umockdev_testbed_new(), .woken_fd = eventfd(0, EFD_NONBLOCK)};
}

void bed_plug(struct bed *bed, const char *name, const char *node)
{
    char path[512];
    GError *error = NULL;
    snprintf(path, sizeof path, "%s/%s.umockdev", DEVICES_DIR, name);
    assert_true(umockdev_testbed_add_from_file(bed->testbed, path, &error));
    snprintf(path, sizeof path, "%s/%s.ioctl", DEVICES_DIR, name);
    assert_true(umockdev_testbed_load_ioctl(bed->testbed, node, path, &error));
}

/* umockdev leaves the node of a removed device. */
void bed_unplug(struct bed *bed, const char *node)
{
    char path[512];
    gchar *root = umockdev_testbed_get_root_dir(bed->testbed);
    snprintf(path, sizeof path, "%s%s", root, node);
    (void)unlink(path);
    g_free(root);
}

struct input_options bed_options(struct bed *bed)
{
    return (struct input_options){.conf = input_conf_default(),
                                  .width_px = 4096,
                                  .height_px = 4096,
                                  .wake = wake,
                                  .wake_context = &bed->woken_fd};
}

void bed_listen(struct bed *bed, const struct input_options *options)
{
    assert_int_equal(input_create(options, &bed->input), STATUS_OK);
}

void bed_stop(struct bed *bed)
{
    input_destroy(bed->input);
    g_object_unref(bed->testbed);
    close(bed->woken_fd);
}

void bed_write(struct bed *bed, const char *node, const struct input_event *events, size_t count)
{
    int fd = umockdev_testbed_get_dev_fd(bed->testbed, node);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, events, count * sizeof *events), count * sizeof *events);
}

void bed_put(struct bed *bed, const char *node, uint16_t type, uint16_t code, int32_t value)
{
    bed_write(bed, node, &(struct input_event){.type = type, .code = code, .value = value}, 1);
}

void bed_finger(struct bed *bed, int tracking, int x, int y)
{
    bed_put(bed, BED_MULTI, EV_ABS, ABS_MT_SLOT, 0);
    bed_put(bed, BED_MULTI, EV_ABS, ABS_MT_TRACKING_ID, tracking);
    if (tracking >= 0) {
        bed_put(bed, BED_MULTI, EV_ABS, ABS_MT_POSITION_X, x);
        bed_put(bed, BED_MULTI, EV_ABS, ABS_MT_POSITION_Y, y);
    }
    bed_put(bed, BED_MULTI, EV_SYN, SYN_REPORT, 0);
}

void bed_keys(struct bed *bed, const char *node, const uint16_t *codes, size_t count)
{
    struct input_event events[4 * BED_KEYS_MAX];
    assert_true(count <= BED_KEYS_MAX);
    for (size_t i = 0; i < count; i++) {
        events[4 * i] = (struct input_event){.type = EV_KEY, .code = codes[i], .value = 1};
        events[4 * i + 1] = (struct input_event){.type = EV_SYN, .code = SYN_REPORT};
        events[4 * i + 2] = (struct input_event){.type = EV_KEY, .code = codes[i], .value = 0};
        events[4 * i + 3] = (struct input_event){.type = EV_SYN, .code = SYN_REPORT};
    }
    bed_write(bed, node, events, 4 * count);
}

void bed_key(struct bed *bed, const char *node, uint16_t code)
{
    bed_keys(bed, node, &code, 1);
}

void bed_await_wake(struct bed *bed)
{
    struct pollfd woken = {.fd = bed->woken_fd, .events = POLLIN};
    eventfd_t count;
    assert_int_equal(poll(&woken, 1, LONG_ENOUGH_MS), 1);
    eventfd_read(bed->woken_fd, &count);
}

void bed_wait_for(struct bed *bed, struct input_devices wanted)
{
    struct input_devices have = {0};
    for (int i = 0; i < LONG_ENOUGH_MS / 5; i++) {
        have = input_devices(bed->input);
        if (memcmp(&have, &wanted, sizeof have) == 0)
            return;
        poll(NULL, 0, 5);
    }
    fail_msg("%d touchscreens, %d keypads, %d scanners, %d headsets", have.touchscreens,
             have.keypads, have.scanners, have.headsets);
}

struct input_message bed_next(struct bed *bed, enum input_event_kind kind)
{
    struct input_message message;
    for (;;) {
        if (!input_poll(bed->input, &message))
            bed_await_wake(bed);
        else if (message.kind == kind)
            return message;
        else if (message.kind != INPUT_EVENT_DEVICES)
            fail_msg("kind %d instead of %d", message.kind, kind);
    }
}

void bed_expect_silence(struct bed *bed)
{
    struct input_message message;
    while (input_poll(bed->input, &message))
        if (message.kind != INPUT_EVENT_DEVICES)
            fail_msg("kind %d instead of silence", message.kind);
}
