/* libFuzzer over what a touch panel may send: each 7 bytes are one event (what, code, value), the first byte
 * chooses the panel. Whatever comes, touches are whole and lie on the screen: nobody presses a button by a fault.
 * Build with -DQUARTER_FUZZ=ON and clang; start it on a folder of recordings:
 *
 *   fuzz_evdev tests/fuzz/corpus/evdev */
#include <linux/input.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "input/touch_decoder.h"
#include "quarter/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum { RECORD = 7, WIDTH = 1080, HEIGHT = 1920 };

static struct panel panel_of(uint8_t choice)
{
    static const struct axis_range ranges[] = {
        {0, 4095}, {100, 900}, {0, 0}, {INT32_MIN, INT32_MAX}};
    static const struct calibration calibrations[] = {{{1, 0, 0, 0, 1, 0}},
                                                      {{0, -1, 1, 1, 0, 0}},
                                                      {{1.1, 0.02, -0.05, -0.01, 0.9, 0.04}},
                                                      {{1e6, -1e6, 1e9, 1e6, 2e6, -1e9}}};
    return (struct panel){.x = ranges[choice >> 1 & 3],
                          .y = ranges[choice >> 3 & 3],
                          .calibration = calibrations[choice >> 5 & 3],
                          .width_px = WIDTH,
                          .height_px = HEIGHT,
                          .palm_major = choice >> 7 != 0 ? 400 : 0};
}

static bool check_touches(const struct touch_event *touches, int count, bool down)
{
    CHECK(count >= 0 && count <= TOUCH_EVENTS_A_FRAME);
    for (int i = 0; i < count; i++) {
        CHECK(touches[i].x >= 0 && touches[i].x < WIDTH);
        CHECK(touches[i].y >= 0 && touches[i].y < HEIGHT);
        CHECK((touches[i].kind == TOUCH_DOWN) == !down);
        down = touches[i].kind == TOUCH_DOWN || touches[i].kind == TOUCH_MOVE;
    }
    return down;
}

static int feed(struct touch_decoder *decoder, const uint8_t *record,
                struct touch_event touches[TOUCH_EVENTS_A_FRAME])
{
    static const uint16_t types[] = {EV_ABS, EV_KEY, EV_SYN, EV_ABS, EV_MSC};
    uint16_t code;
    int32_t value;
    memcpy(&code, record + 1, sizeof code);
    memcpy(&value, record + 3, sizeof value);
    switch (record[0] % 8) {
    case 5: touch_decoder_begin_resync(decoder); return 0;
    case 6: touch_decoder_end_resync(decoder); return 0;
    case 7: return touch_decoder_cancel(decoder, touches);
    default: return touch_decoder_feed(decoder, types[record[0] % 8], code, value, touches);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct touch_decoder decoder;
    bool down = false;
    if (length == 0)
        return 0;
    const struct panel panel = panel_of(bytes[0]);
    touch_decoder_init(&decoder, &panel, (bytes[0] & 1) != 0);
    for (size_t at = 1; at + RECORD <= length; at += RECORD) {
        struct touch_event touches[TOUCH_EVENTS_A_FRAME];
        down = check_touches(touches, feed(&decoder, bytes + at, touches), down);
    }
    struct touch_event touches[TOUCH_EVENTS_A_FRAME];
    CHECK(!check_touches(touches, touch_decoder_cancel(&decoder, touches), down));
    return 0;
}
