/* Touchscreens under /dev/input, on a thread of their own: found at start and when they are plugged
 * in, let go when they are pulled out, also in the middle of a touch. No udev: inotify tells of new
 * nodes, and a slow look round finds what it cannot.
 *
 * Threads: create, poll and destroy belong to one thread (the main one); `wake` is called on the
 * input thread. */
#ifndef QUARTER_KIOSK_TOUCH_INPUT_H
#define QUARTER_KIOSK_TOUCH_INPUT_H

#include "input/calibration.h"
#include "input/touch_decoder.h"
#include "quarter/status.h"

struct touch_input;

struct touch_input_options {
    const char *device; /* this one only, waited for when it is missing; NULL: every touchscreen */
    struct calibration calibration;
    int width_px, height_px;
    void (*wake)(void *context); /* touches wait; may be NULL */
    void *wake_context;
};

/* Strings are copied. STATUS_UNAVAILABLE: no thread or no file descriptors. A missing touchscreen
 * is no failure. */
enum status touch_input_create(const struct touch_input_options *options, struct touch_input **out);
void touch_input_destroy(struct touch_input *input); /* joins the thread; NULL is fine */
/* The next touch, in order; false: none waits. */
bool touch_input_poll(struct touch_input *input, struct touch_event *event);
/* How many touchscreens are attached now. */
int touch_input_devices(struct touch_input *input);

#endif
