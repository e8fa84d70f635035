/* Fingers, keys, scans and headsets; see app_parts.h. Touches are taken for what is on the glass, and at the time they
 * were made: a kiosk that lags makes nothing of them that the visitor did not do. */
#include <stdio.h>
#include <string.h>

#include "app_parts.h"
#include "view/site_map.h"

static const char *element_at(const struct app *app, int x, int y)
{
    const struct ui_element *element = ui_hit(app->ui, x, y);
    return element != NULL ? element->id : NULL;
}

static struct journey_input touch_of(const struct app *app, const char *id)
{
    struct journey_input input = {.kind = INPUT_TOUCH};
    if (id != NULL)
        input.action = site_map_action(app->site, app->journey.question, id, &input.item);
    client_new_key(input.fresh_key);
    return input;
}

void app_finger_down(struct app *app, int x, int y, int64_t at_ms)
{
    voice_hush(app->voice);
    app_hold(app, true, x, y, at_ms);
    if (!press_down(&app->press, &app->journey, element_at(app, x, y), at_ms))
        app_take_at(app, &(struct journey_input){.kind = INPUT_TOUCH, .action = ACTION_NONE},
                    at_ms);
    app->touched = true;
}

void app_finger_up(struct app *app, int x, int y, int64_t at_ms)
{
    const char *id = element_at(app, x, y);
    hold_end(&app->hold);
    bool pressed = press_up(&app->press, &app->journey, id);
    const struct journey_input input = touch_of(app, pressed ? id : NULL);
    app_take_at(app, &input, at_ms);
    app->touched = true;
}

static void take_touch(struct app *app, const struct touch_event *event)
{
    switch (event->kind) {
    case TOUCH_DOWN: app_finger_down(app, event->x, event->y, event->at_ms); break;
    case TOUCH_MOVE:
        app_hold(app, false, event->x, event->y, event->at_ms);
        if (press_move(&app->press, element_at(app, event->x, event->y)))
            app->touched = true;
        break;
    case TOUCH_UP: app_finger_up(app, event->x, event->y, event->at_ms); break;
    case TOUCH_CANCEL:
        hold_end(&app->hold);
        press_cancel(&app->press);
        app->touched = true;
        break;
    }
}

/* The page the focus stands on must be the one on the glass: as with fingers, a lagging kiosk presses nothing that came
 * there meanwhile. */
static void press_by_key(struct app *app, const char *id, int64_t at_ms)
{
    const struct ui_element *element = id != NULL ? ui_find(app->ui, id) : NULL;
    if (element == NULL || element->disabled ||
        !press_down(&app->press, &app->journey, id, at_ms) ||
        !press_up(&app->press, &app->journey, id))
        return;
    struct journey_input input = touch_of(app, id);
    input.by_keypad = true;
    app_take_at(app, &input, at_ms);
}

/* The first key wakes: it says where one is, and does nothing else. So does one that answers "Are you still there?". */
static void take_key(struct app *app, enum keypad_key key, int64_t at_ms)
{
    bool only_wakes = !app->journey.keypad || app->journey.asking;
    voice_hush(app->voice);
    app_take_at(app, &(struct journey_input){.kind = INPUT_KEY}, at_ms);
    app->touched = true;
    if (only_wakes)
        return;
    switch (key) {
    case KEYPAD_PREVIOUS: (void)focus_move(&app->focus, app->ui, -1); break;
    case KEYPAD_NEXT: (void)focus_move(&app->focus, app->ui, 1); break;
    case KEYPAD_SELECT: press_by_key(app, focus_id(&app->focus), at_ms); break;
    case KEYPAD_BACK: press_by_key(app, "back", at_ms); break;
    case KEYPAD_REPEAT: app_repeat(app); break;
    case KEYPAD_NONE:
    case KEYPAD_HEADSET_IN:
    case KEYPAD_HEADSET_OUT:
    case KEYPAD_KEYS: break;
    }
}

static void take_scan(struct app *app, const struct input_scan *scan, int64_t at_ms)
{
    struct journey_input input = {.kind = INPUT_SCAN, .item = -1};
    if (!app_is_named(app)) /* nobody can be served here */
        return;
    _Static_assert(sizeof scan->text <= sizeof input.text, "half a code is another code");
    memcpy(input.text, scan->text, sizeof scan->text);
    if (app->site != NULL && !scan->unreadable)
        input.item = site_info_scanned_service(app->site, scan->text);
    client_new_key(input.fresh_key);
    app_take_at(app, &input, at_ms);
    explicit_bzero(&input, sizeof input);
    app->touched = true;
}

static void take_message(struct app *app, const struct input_message *message)
{
    switch (message->kind) {
    case INPUT_EVENT_TOUCH: take_touch(app, &message->touch); break;
    case INPUT_EVENT_KEY: take_key(app, message->key, message->at_ms); break;
    case INPUT_EVENT_SCAN: take_scan(app, &message->scan, message->at_ms); break;
    case INPUT_EVENT_HEADSET:
        app_take(app,
                 &(struct journey_input){.kind = INPUT_HEADSET, .headset = message->headset_in});
        break;
    case INPUT_EVENT_LEARN:
    case INPUT_EVENT_DEVICES: break; /* the setup pages' */
    }
}

void app_take_hands(struct app *app)
{
    struct input_message message;
    while (app->input != NULL && input_poll(app->input, &message)) {
        take_message(app, &message);
        explicit_bzero(&message, sizeof message); /* a scanned code is its reader's own */
    }
}

void app_desk_key(struct app *app, SDL_Keycode key)
{
    static const struct {
        SDL_Keycode from;
        enum keypad_key to;
    } keys[] = {
        {SDLK_RIGHT, KEYPAD_NEXT},    {SDLK_DOWN, KEYPAD_NEXT},   {SDLK_TAB, KEYPAD_NEXT},
        {SDLK_LEFT, KEYPAD_PREVIOUS}, {SDLK_UP, KEYPAD_PREVIOUS}, {SDLK_RETURN, KEYPAD_SELECT},
        {SDLK_SPACE, KEYPAD_SELECT},  {SDLK_F1, KEYPAD_REPEAT},   {SDLK_BACKSPACE, KEYPAD_BACK}};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (keys[i].from == key)
            take_key(app, keys[i].to, client_monotonic_ms());
}
