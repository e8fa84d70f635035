/* Frames of evdev events to touches; see touch_decoder.h. */
#include "input/touch_decoder.h"

#include <linux/input.h>

static void take_absolute(struct touch_decoder *d, uint16_t code, int32_t value);
static void take_button(struct touch_decoder *d, uint16_t code, int32_t value);
static int report(struct touch_decoder *d, struct touch_event out[TOUCH_EVENTS_A_FRAME]);

void touch_decoder_init(struct touch_decoder *decoder, const struct panel *panel, bool multi_touch)
{
    *decoder = (struct touch_decoder){.panel = *panel, .multi_touch = multi_touch, .held = -1};
    for (int i = 0; i < TOUCH_SLOTS_MAX; i++)
        decoder->slots[i].tracking = -1;
}

int touch_decoder_feed(struct touch_decoder *decoder, uint16_t type, uint16_t code, int32_t value,
                       struct touch_event out[TOUCH_EVENTS_A_FRAME])
{
    if (type == EV_ABS)
        take_absolute(decoder, code, value);
    else if (type == EV_KEY)
        take_button(decoder, code, value);
    else if (type == EV_SYN && code == SYN_REPORT)
        return report(decoder, out);
    return 0;
}

void touch_decoder_begin_resync(struct touch_decoder *decoder)
{
    decoder->resyncing = true;
}

void touch_decoder_end_resync(struct touch_decoder *decoder)
{
    decoder->resyncing = false;
}

static struct touch_event told(const struct touch_decoder *d, enum touch_kind kind)
{
    return (struct touch_event){.kind = kind, .x = d->x, .y = d->y, .u = d->u, .v = d->v};
}

static struct touch_event *let_go(struct touch_decoder *d, enum touch_kind how,
                                  struct touch_event *out)
{
    d->held = -1;
    *out = told(d, how);
    return out + 1;
}

int touch_decoder_cancel(struct touch_decoder *decoder,
                         struct touch_event out[TOUCH_EVENTS_A_FRAME])
{
    for (int i = 0; i < TOUCH_SLOTS_MAX; i++) {
        decoder->slots[i].tracking = -1;
        decoder->slots[i].fresh = false;
    }
    return decoder->held < 0 ? 0 : (int)(let_go(decoder, TOUCH_CANCEL, out) - out);
}

static void set_tracking(struct touch_slot *slot, int32_t tracking)
{
    slot->fresh = tracking >= 0 && tracking != slot->tracking;
    if (tracking != slot->tracking)
        slot->palm = false;
    slot->tracking = tracking;
}

static void take_absolute(struct touch_decoder *d, uint16_t code, int32_t value)
{
    if (!d->multi_touch) {
        if (code == ABS_X)
            d->slots[0].x = value;
        else if (code == ABS_Y)
            d->slots[0].y = value;
        return;
    }
    if (code == ABS_MT_SLOT) {
        d->slot = value;
        return;
    }
    if (d->slot < 0 || d->slot >= TOUCH_SLOTS_MAX) /* more fingers than anybody has */
        return;
    struct touch_slot *slot = &d->slots[d->slot];
    if (code == ABS_MT_TRACKING_ID)
        set_tracking(slot, value);
    else if (code == ABS_MT_POSITION_X)
        slot->x = value;
    else if (code == ABS_MT_POSITION_Y)
        slot->y = value;
    else if (code == ABS_MT_TOUCH_MAJOR)
        slot->major = value;
    else if (code == ABS_MT_TOOL_TYPE)
        slot->tool = value;
}

/* BTN_LEFT: absolute pointers without BTN_TOUCH, such as a virtual machine's tablet. */
static void take_button(struct touch_decoder *d, uint16_t code, int32_t value)
{
    if (d->multi_touch || (code != BTN_TOUCH && code != BTN_LEFT) || value == 2)
        return;
    if (value == 0) {
        set_tracking(&d->slots[0], -1);
    } else if (d->slots[0].tracking < 0) {
        d->next_tracking = (d->next_tracking + 1) & 0xffff;
        set_tracking(&d->slots[0], d->next_tracking);
    }
}

static int find_fresh(const struct touch_decoder *d)
{
    for (int i = 0; i < TOUCH_SLOTS_MAX; i++)
        if (d->slots[i].fresh && !d->slots[i].palm)
            return i;
    return -1;
}

/* Once a palm, a contact stays one: a hand that rolls off the glass is not a finger at its last edge. */
static void find_palms(struct touch_decoder *d)
{
    int32_t most = d->panel.palm_major;
    for (int i = 0; i < TOUCH_SLOTS_MAX; i++) {
        struct touch_slot *slot = &d->slots[i];
        if (slot->tracking >= 0 && (slot->tool == MT_TOOL_PALM || (most > 0 && slot->major > most)))
            slot->palm = true;
    }
}

static bool locate(struct touch_decoder *d)
{
    int x, y;
    const struct touch_slot *slot = &d->slots[d->held];
    panel_to_screen(&d->panel, slot->x, slot->y, &x, &y);
    bool moved = x != d->x || y != d->y;
    d->x = x;
    d->y = y;
    d->u = panel_along(d->panel.x, slot->x);
    d->v = panel_along(d->panel.y, slot->y);
    return moved;
}

static int report(struct touch_decoder *d, struct touch_event out[TOUCH_EVENTS_A_FRAME])
{
    struct touch_event *next = out;
    find_palms(d);
    if (d->held >= 0) {
        if (d->slots[d->held].tracking != d->held_tracking)
            next = let_go(d, d->resyncing ? TOUCH_CANCEL : TOUCH_UP, next);
        else if (d->slots[d->held].palm)
            next = let_go(d, TOUCH_CANCEL, next);
        else if (locate(d))
            *next++ = told(d, TOUCH_MOVE);
    }
    int fresh = find_fresh(d);
    if (fresh >= 0) {
        if (d->held >= 0)
            next = let_go(d, TOUCH_CANCEL, next);
        d->held = fresh;
        d->held_tracking = d->slots[fresh].tracking;
        locate(d);
        *next++ = told(d, TOUCH_DOWN);
    }
    for (int i = 0; i < TOUCH_SLOTS_MAX; i++)
        d->slots[i].fresh = false;
    return (int)(next - out);
}
