/* The input thread on devices that umockdev plays. A test's main() calls bed_under_umockdev() first, which
 * starts the program again under the preload library, so that it runs from the shell as it runs under
 * ctest. Waits are bounded by the test's own time limit and end as soon as what is waited for happens. */
#ifndef QUARTER_TESTS_INPUT_BED_H
#define QUARTER_TESTS_INPUT_BED_H

#include <linux/input.h>
#include <stddef.h>
#include <stdint.h>

#include <umockdev.h>

#include "input/input.h"

#define BED_MULTI   "/dev/input/event7"
#define BED_SINGLE  "/dev/input/event8"
#define BED_KEYPAD  "/dev/input/event9"
#define BED_SCANNER "/dev/input/event10"
#define BED_HEADSET "/dev/input/event11"
#define BED_PALMS   "/dev/input/event12"

enum { BED_KEYS_MAX = 8 };

struct bed {
    UMockdevTestbed *testbed;
    struct input *input;
    int woken_fd;
};

void bed_under_umockdev(char **argv);
struct bed bed_make(void);
void bed_plug(struct bed *bed, const char *name,
              const char *node); /* "touchscreen", "devices/keypad" */
void bed_unplug(struct bed *bed, const char *node);
struct input_options bed_options(struct bed *bed);
void bed_listen(struct bed *bed, const struct input_options *options);
void bed_stop(struct bed *bed);

void bed_put(struct bed *bed, const char *node, uint16_t type, uint16_t code, int32_t value);
/* At one go, as fast as a device: no pause of a busy machine falls between two of them. */
void bed_write(struct bed *bed, const char *node, const struct input_event *events, size_t count);
void bed_finger(struct bed *bed, int tracking, int x, int y);   /* -1: lift */
void bed_key(struct bed *bed, const char *node, uint16_t code); /* down and up */
/* One after the other, at one go. */
void bed_keys(struct bed *bed, const char *node, const uint16_t *codes, size_t count);

void bed_await_wake(struct bed *bed);
void bed_wait_for(struct bed *bed, struct input_devices wanted);
/* The next message of that kind; others before it are passed over, but counts of devices alone. */
struct input_message bed_next(struct bed *bed, enum input_event_kind kind);
void bed_expect_silence(struct bed *bed);

#endif
