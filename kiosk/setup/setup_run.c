/* The loop of the setup pages; see setup_run.h. */
#include "setup/setup_run.h"

#include <stdlib.h>
#include <string.h>

#include "input/device.h"
#include "quarter/log.h"
#include "setup/setup_view.h"

enum { SLEEP_MOST_MS = 60000 };

struct desk {
    struct setup_place *place;
    struct setup setup;
    struct ui *ui;
    enum setup_action pressed; /* the button the finger came down on */
    struct touch_event sum;    /* of the touch that is going on: u and v added up ... */
    int count;                 /* ... over so many reports */
    bool going_on;
};

static void take(struct desk *desk, const struct setup_input *input);

/* ---- deeds -------------------------------------------------------------------------------------- */

static void save(struct desk *desk)
{
    char error[INPUT_CONF_ERROR_BYTES] = "no folder was given to keep it in";
    enum status status = STATUS_UNAVAILABLE;
    const struct setup_place *place = desk->place;
    const struct input_conf kept =
        place->given != NULL ? input_conf_keep(&desk->setup.conf, place->given, place->file_conf)
                             : desk->setup.conf;
    if (place->folder != NULL)
        status = input_conf_save(place->folder, &kept, error);
    if (status == STATUS_OK)
        log_info("setup", "input.conf saved folder=%s", desk->place->folder);
    else
        log_error("setup", "input.conf is not saved: %s", error);
    take(desk,
         &(struct setup_input){.kind = SETUP_IN_SAVED, .saved = status == STATUS_OK, .why = error});
}

static void print(struct desk *desk)
{
    struct setup_place *place = desk->place;
    bool asked = place->print_test != NULL && place->print_test(place->context, place->slip);
    place->job = asked ? JOB_PRINTING : JOB_FAILED;
}

static void take(struct desk *desk, const struct setup_input *input)
{
    struct setup_step step = setup_next(&desk->setup, input, device_now_ms());
    if (step.setup.page != desk->setup.page)
        log_info("setup", "page %s -> %s", setup_page_code(desk->setup.page),
                 setup_page_code(step.setup.page));
    desk->setup = step.setup;
    if (step.effects & SETUP_CONFIGURE) {
        *desk->place->conf = desk->setup.conf;
        input_configure(desk->place->input, &desk->setup.conf);
    }
    if (step.effects & SETUP_MODE)
        input_set_mode(desk->place->input, desk->setup.mode);
    if (step.effects & SETUP_PRINT)
        print(desk);
    if (step.effects & SETUP_STORE)
        save(desk);
}

/* ---- fingers ------------------------------------------------------------------------------------ */

static enum setup_action button_at(const struct desk *desk, int x, int y)
{
    const struct ui_element *element = ui_hit(desk->ui, x, y);
    return setup_action_from_id(element != NULL ? element->id : NULL);
}

static void finger_down(struct desk *desk, const struct touch_event *touch)
{
    desk->pressed = button_at(desk, touch->x, touch->y);
    desk->sum = *touch;
    desk->count = 1;
}

static void finger_moved(struct desk *desk, const struct touch_event *touch)
{
    if (desk->count == 0)
        return;
    if (button_at(desk, touch->x, touch->y) != desk->pressed)
        desk->pressed = SETUP_DO_NOTHING;
    desk->sum.u += touch->u;
    desk->sum.v += touch->v;
    desk->count++;
}

/* A finger is never quite still: where it was on the whole is where it pointed. */
static void finger_up(struct desk *desk, const struct touch_event *touch)
{
    int count = desk->count;
    enum setup_action pressed = desk->pressed;
    desk->count = 0;
    desk->pressed = SETUP_DO_NOTHING;
    if (count == 0)
        return;
    take(desk, &(struct setup_input){.kind = SETUP_IN_TOUCHED,
                                     .u = desk->sum.u / count,
                                     .v = desk->sum.v / count,
                                     .x = touch->x,
                                     .y = touch->y});
    if (pressed != SETUP_DO_NOTHING && button_at(desk, touch->x, touch->y) == pressed)
        take(desk, &(struct setup_input){.kind = SETUP_IN_PRESS, .action = pressed});
}

static void take_touch(struct desk *desk, const struct touch_event *touch)
{
    switch (touch->kind) {
    case TOUCH_DOWN: finger_down(desk, touch); break;
    case TOUCH_MOVE: finger_moved(desk, touch); break;
    case TOUCH_UP: finger_up(desk, touch); break;
    case TOUCH_CANCEL:
        desk->count = 0;
        desk->pressed = SETUP_DO_NOTHING;
        break;
    }
}

static void take_mouse(struct desk *desk, const struct window_event *event)
{
    if (!desk->place->windowed)
        return;
    struct touch_event touch = {.kind = event->kind == WINDOW_TOUCH ? TOUCH_DOWN : TOUCH_UP,
                                .x = event->x,
                                .y = event->y,
                                .u = (event->x + 0.5) / desk->setup.width_px,
                                .v = (event->y + 0.5) / desk->setup.height_px};
    if (touch.kind == TOUCH_UP)
        finger_moved(desk, &touch);
    take_touch(desk, &touch);
}

/* ---- the loop ----------------------------------------------------------------------------------- */

static void take_input(struct desk *desk)
{
    struct input_message message;
    while (input_poll(desk->place->input, &message)) {
        if (message.kind == INPUT_EVENT_HEADSET) /* told once, and to whoever listens then: us */
            desk->place->headset_in = message.headset_in;
        if (message.kind == INPUT_EVENT_TOUCH)
            take_touch(desk, &message.touch);
        else
            take(desk, &(struct setup_input){.kind = SETUP_IN_INPUT, .message = &message});
    }
}

static void take_news(struct desk *desk)
{
    struct setup_place *place = desk->place;
    if (place->meanwhile != NULL)
        place->meanwhile(place->context, place);
    if (place->paper != desk->setup.paper)
        take(desk, &(struct setup_input){.kind = SETUP_IN_PAPER, .paper = place->paper});
    if (desk->setup.job != JOB_NONE && place->job != desk->setup.job)
        take(desk, &(struct setup_input){.kind = SETUP_IN_JOB, .job = place->job});
}

static void show(struct desk *desk)
{
    const struct setup_picture picture = {
        .setup = &desk->setup,
        .theme = desk->place->theme,
        .pressed = desk->pressed != SETUP_DO_NOTHING ? setup_action_id(desk->pressed) : NULL,
        .now_ms = device_now_ms()};
    setup_view_lay(&picture, window_kit(desk->place->window), desk->ui);
    (void)window_show(desk->place->window, desk->ui);
}

static int sleep_ms(const struct desk *desk)
{
    int64_t now = device_now_ms();
    int64_t left = setup_view_due_ms(&desk->setup, now) - now;
    return left <= 0 ? 0 : left > SLEEP_MOST_MS ? SLEEP_MOST_MS : (int)left;
}

bool setup_run(struct setup_place *place)
{
    struct desk desk = {.place = place, .ui = ui_create(), .going_on = true};
    desk.setup = setup_begin(place->conf, window_width(place->window), window_height(place->window),
                             device_now_ms());
    const struct input_message devices = {.kind = INPUT_EVENT_DEVICES,
                                          .devices = input_devices(place->input)};
    const struct input_message headset = {.kind = INPUT_EVENT_HEADSET,
                                          .headset_in = place->headset_in};
    log_info("setup", "the setup pages are open");
    take(&desk, &(struct setup_input){.kind = SETUP_IN_INPUT, .message = &devices});
    take(&desk, &(struct setup_input){.kind = SETUP_IN_INPUT, .message = &headset});
    while (desk.going_on && desk.setup.page != SETUP_LEFT) {
        take_input(&desk);
        take_news(&desk);
        take(&desk, &(struct setup_input){.kind = SETUP_IN_TICK});
        if (desk.setup.page == SETUP_LEFT)
            break;
        show(&desk);
        struct window_event event = window_wait(place->window, sleep_ms(&desk));
        if (event.kind == WINDOW_QUIT)
            desk.going_on = false;
        else if (event.kind == WINDOW_TOUCH || event.kind == WINDOW_RELEASE)
            take_mouse(&desk, &event);
    }
    if (desk.setup.mode != INPUT_FOR_VISITORS)
        input_set_mode(place->input, INPUT_FOR_VISITORS);
    log_info("setup", "the setup pages are closed");
    ui_destroy(desk.ui);
    return desk.going_on;
}
