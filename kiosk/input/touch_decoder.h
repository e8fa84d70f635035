/* evdev events of one touchscreen to touches: multi-touch protocol B
 * (Documentation/input/multi-touch-protocol.rst) and single-touch ABS_X, ABS_Y, BTN_TOUCH. Pure: no
 * file descriptor, no clock.
 *
 * One finger counts at a time, and it is the newest: a hand that rests on the glass never locks out
 * the finger that points, nor does a slot that a faulty panel never lets go. What is lost (a
 * resync, an unplugged panel) is cancelled, not taken for a lift: nobody presses a button by a
 * fault. A palm is no finger: a contact that is too large, or that the panel calls a palm, is left out
 * for as long as it lasts, and cancelled if it was taken for a finger first. */
#ifndef QUARTER_KIOSK_TOUCH_DECODER_H
#define QUARTER_KIOSK_TOUCH_DECODER_H

#include <stdbool.h>
#include <stdint.h>

#include "input/calibration.h"

enum { TOUCH_SLOTS_MAX = 32, TOUCH_EVENTS_A_FRAME = 3 };

enum touch_kind { TOUCH_DOWN, TOUCH_MOVE, TOUCH_UP, TOUCH_CANCEL };

struct touch_event {
    enum touch_kind kind;
    int x, y;      /* pixels of the screen */
    double u, v;   /* where on the panel, uncalibrated, 0 to 1 along its axes */
    int64_t at_ms; /* monotonic: when it was made. Set by input; the decoder has no clock. */
};

struct touch_slot {
    int32_t tracking; /* -1: no finger */
    int32_t x, y;     /* kept from finger to finger, as the kernel leaves out what did not change */
    int32_t major;    /* how large, in the panel's units; kept likewise */
    int32_t tool;     /* MT_TOOL_...; kept likewise */
    bool fresh;       /* the finger came since the last report */
    bool palm;
};

struct touch_decoder {
    struct panel panel;
    bool multi_touch;
    bool resyncing;
    int slot;              /* that the next values are for */
    int32_t next_tracking; /* single-touch: made up here */
    struct touch_slot slots[TOUCH_SLOTS_MAX];
    int held; /* slot of the finger that counts, or -1 */
    int32_t held_tracking;
    int x, y;    /* where it was last told, px ... */
    double u, v; /* ... and on the panel */
};

void touch_decoder_init(struct touch_decoder *decoder, const struct panel *panel, bool multi_touch);
/* One event; returns how many touches it makes (only a SYN_REPORT makes any). */
int touch_decoder_feed(struct touch_decoder *decoder, uint16_t type, uint16_t code, int32_t value,
                       struct touch_event out[TOUCH_EVENTS_A_FRAME]);
/* The kernel dropped events: until touch_decoder_end_resync the events fed are corrections. */
void touch_decoder_begin_resync(struct touch_decoder *decoder);
void touch_decoder_end_resync(struct touch_decoder *decoder);
/* The device is gone: lets go of what is held. */
int touch_decoder_cancel(struct touch_decoder *decoder,
                         struct touch_event out[TOUCH_EVENTS_A_FRAME]);

#endif
