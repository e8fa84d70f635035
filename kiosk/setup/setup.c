/* The setup pages' state machine; see setup.h. One function a page takes what is done on it. */
#include "setup/setup.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "input/keymap.h"

static const double crosses[SETUP_CROSSES][2] = {
    {0.1, 0.1}, {0.9, 0.1}, {0.9, 0.9}, {0.1, 0.9}, {0.5, 0.5}};

static const enum keypad_key keys[SETUP_KEYS] = {KEYPAD_PREVIOUS,   KEYPAD_NEXT, KEYPAD_SELECT,
                                                 KEYPAD_REPEAT,     KEYPAD_BACK, KEYPAD_HEADSET_IN,
                                                 KEYPAD_HEADSET_OUT};

/* Without these nobody gets through a page. */
enum { KEYS_NEEDED = 3 };

void setup_cross(int step, double *x, double *y)
{
    *x = crosses[step][0];
    *y = crosses[step][1];
}

enum keypad_key setup_key(int step)
{
    return keys[step];
}

const char *setup_page_code(enum setup_page page)
{
    static const char *const codes[] = {
#define X(name, code) code,
        SETUP_PAGE_LIST(X)
#undef X
    };
    return codes[page];
}

static const char *const action_ids[SETUP_ACTIONS] = {
#define X(name, id) id,
    SETUP_ACTION_LIST(X)
#undef X
};

const char *setup_action_id(enum setup_action action)
{
    return action_ids[action];
}

enum setup_action setup_action_from_id(const char *id)
{
    for (int i = 1; id != NULL && i < SETUP_ACTIONS; i++)
        if (strcmp(action_ids[i], id) == 0)
            return (enum setup_action)i;
    return SETUP_DO_NOTHING;
}

struct setup setup_begin(const struct input_conf *conf, int width_px, int height_px, int64_t now_ms)
{
    return (struct setup){.page = SETUP_MENU,
                          .width_px = width_px,
                          .height_px = height_px,
                          .conf = *conf,
                          .mode = INPUT_FOR_VISITORS,
                          .focus = -1,
                          .since_ms = now_ms,
                          .active_ms = now_ms};
}

int setup_buttons(const struct setup *s, enum setup_action buttons[SETUP_BUTTONS_MAX])
{
    int count = 0;
    switch (s->page) {
    case SETUP_MENU:
        buttons[count++] = SETUP_DO_CALIBRATE;
        buttons[count++] = SETUP_DO_LEARN_KEYPAD;
        buttons[count++] = SETUP_DO_LEARN_SCANNER;
        buttons[count++] = SETUP_DO_TEST_PRINTER;
        buttons[count++] = SETUP_DO_DONE;
        break;
    case SETUP_KEEP:
        buttons[count++] = SETUP_DO_KEEP_IT;
        buttons[count++] = SETUP_DO_PUT_BACK;
        break;
    case SETUP_KEYPAD:
        if (s->step >= KEYS_NEEDED)
            buttons[count++] = SETUP_DO_SKIP;
        buttons[count++] = SETUP_DO_BACK;
        break;
    case SETUP_KEYPAD_DONE:
        buttons[count++] = SETUP_DO_SAVE;
        buttons[count++] = SETUP_DO_AGAIN;
        buttons[count++] = SETUP_DO_BACK;
        break;
    case SETUP_SCANNER:
        if (s->conf.scanner_count > 0)
            buttons[count++] = SETUP_DO_FORGET;
        buttons[count++] = SETUP_DO_BACK;
        break;
    case SETUP_SCANNER_DONE:
        buttons[count++] = SETUP_DO_SAVE;
        buttons[count++] = SETUP_DO_AGAIN;
        buttons[count++] = SETUP_DO_BACK;
        break;
    case SETUP_PRINTER:
        buttons[count++] = SETUP_DO_PRINT;
        buttons[count++] = SETUP_DO_BACK;
        break;
    case SETUP_CROSS: /* every touch is the cross's; it goes back by itself, or by the keypad */
    case SETUP_LEFT: break;
    }
    return count;
}

/* ---- going about -------------------------------------------------------------------------------- */

static enum input_mode mode_of(enum setup_page page)
{
    return page == SETUP_KEYPAD    ? INPUT_LEARN_KEYS
           : page == SETUP_SCANNER ? INPUT_LEARN_SCANNER
                                   : INPUT_FOR_VISITORS;
}

static void go(struct setup_step *step, enum setup_page page, enum setup_note note, int64_t now_ms)
{
    struct setup *s = &step->setup;
    s->page = page;
    s->note = note;
    s->step = 0;
    s->focus = s->focus >= 0 ? 0 : -1;
    s->since_ms = now_ms;
    if (s->mode != mode_of(page)) {
        s->mode = mode_of(page);
        step->effects |= SETUP_MODE;
    }
}

static void store(struct setup_step *step, int64_t now_ms)
{
    step->effects |= SETUP_CONFIGURE | SETUP_STORE;
    go(step, SETUP_MENU, SETUP_NOTE_NONE, now_ms);
}

static void put_back(struct setup_step *step, int64_t now_ms)
{
    step->setup.conf.calibration = step->setup.before;
    step->setup.conf.calibrated = step->setup.before_calibrated;
    step->effects |= SETUP_CONFIGURE;
    go(step, SETUP_MENU, SETUP_NOTE_PUT_BACK, now_ms);
}

/* ---- calibration -------------------------------------------------------------------------------- */

static void take_cross(struct setup_step *step, const struct setup_input *input, int64_t now_ms)
{
    struct setup *s = &step->setup;
    struct calibration fitted;
    s->samples[s->step] =
        (struct calibration_sample){input->u, input->v, crosses[s->step][0], crosses[s->step][1]};
    s->since_ms = now_ms;
    s->note = SETUP_NOTE_NONE;
    if (++s->step < SETUP_CROSSES)
        return;
    int shorter = s->width_px < s->height_px ? s->width_px : s->height_px;
    bool fits = calibration_fit(s->samples, SETUP_CROSSES, &fitted) == STATUS_OK;
    if (fits)
        s->worst_px =
            calibration_worst_px(&fitted, s->samples, SETUP_CROSSES, s->width_px, s->height_px);
    if (!fits || s->worst_px > shorter * (SETUP_WORST_SHARE / 100.0)) {
        go(step, SETUP_CROSS, SETUP_NOTE_MISSED, now_ms);
        return;
    }
    s->before = s->conf.calibration;
    s->before_calibrated = s->conf.calibrated;
    s->conf.calibration = fitted;
    s->conf.calibrated = true;
    s->touched = false;
    step->effects |= SETUP_CONFIGURE;
    go(step, SETUP_KEEP, SETUP_NOTE_NONE, now_ms);
}

/* ---- keypad ------------------------------------------------------------------------------------- */

static void next_key(struct setup_step *step, int64_t now_ms)
{
    struct setup *s = &step->setup;
    s->note = SETUP_NOTE_NONE;
    s->since_ms = now_ms;
    if (++s->step == SETUP_KEYS)
        go(step, SETUP_KEYPAD_DONE, SETUP_NOTE_NONE, now_ms);
}

static void take_learnt_key(struct setup_step *step, const struct input_learn *learn,
                            int64_t now_ms)
{
    struct setup *s = &step->setup;
    if (learn->code == 0)
        return;
    s->note = SETUP_NOTE_NONE;
    if (s->step > 0 && !device_id_equal(s->device, learn->device))
        s->note = SETUP_NOTE_OTHER_DEVICE;
    for (int i = 0; i < s->step; i++)
        if (s->note == SETUP_NOTE_NONE && s->learnt[i].code == learn->code)
            s->note = SETUP_NOTE_TAKEN;
    if (s->note != SETUP_NOTE_NONE)
        return;
    s->device = learn->device;
    memcpy(s->device_name, learn->device_name, sizeof s->device_name);
    s->learnt[s->step].code = learn->code;
    memcpy(s->learnt[s->step].name, learn->key_name, sizeof s->learnt[0].name);
    next_key(step, now_ms);
}

static void skip_key(struct setup_step *step, int64_t now_ms)
{
    struct setup *s = &step->setup;
    s->learnt[s->step] = (struct setup_learnt){.code = 0};
    next_key(step, now_ms);
}

static void save_keys(struct setup_step *step, int64_t now_ms)
{
    struct setup *s = &step->setup;
    struct input_conf conf = s->conf;
    bool fits = true;
    keymap_forget(&conf, s->device);
    for (int i = 0; i < SETUP_KEYS; i++)
        if (s->learnt[i].code != 0)
            fits = fits && keymap_set(&conf, s->device, s->learnt[i].code, keys[i]);
    if (!fits) {
        s->note = SETUP_NOTE_FULL;
        return;
    }
    s->conf = conf;
    store(step, now_ms);
}

/* ---- scanner ------------------------------------------------------------------------------------ */

static void take_learnt_scanner(struct setup_step *step, const struct input_learn *learn,
                                int64_t now_ms)
{
    struct setup *s = &step->setup;
    if (learn->code != 0)
        return;
    s->device = learn->device;
    memcpy(s->device_name, learn->device_name, sizeof s->device_name);
    memcpy(s->scanned, learn->text, sizeof s->scanned);
    go(step, SETUP_SCANNER_DONE, SETUP_NOTE_NONE, now_ms);
}

static void save_scanner(struct setup_step *step, int64_t now_ms)
{
    struct setup *s = &step->setup;
    if (!conf_add_scanner(&s->conf, s->device)) {
        s->note = SETUP_NOTE_FULL;
        return;
    }
    store(step, now_ms);
}

static void forget_scanners(struct setup_step *step)
{
    struct setup *s = &step->setup;
    s->conf.scanner_count = 0;
    s->note = SETUP_NOTE_FORGOTTEN;
    s->focus = s->focus >= 0 ? 0 : -1;
    step->effects |= SETUP_CONFIGURE | SETUP_STORE;
}

/* ---- inputs ------------------------------------------------------------------------------------- */

static bool is_offered(const struct setup *s, enum setup_action action)
{
    enum setup_action buttons[SETUP_BUTTONS_MAX];
    int count = setup_buttons(s, buttons);
    for (int i = 0; i < count; i++)
        if (buttons[i] == action)
            return true;
    return false;
}

static void again(struct setup_step *step, int64_t now_ms)
{
    enum setup_page page = step->setup.page;
    go(step, page == SETUP_KEYPAD_DONE ? SETUP_KEYPAD : SETUP_SCANNER, SETUP_NOTE_NONE, now_ms);
}

static void press(struct setup_step *step, enum setup_action action, int64_t now_ms)
{
    struct setup *s = &step->setup;
    if (!is_offered(s, action))
        return;
    switch (action) {
    case SETUP_DO_CALIBRATE: go(step, SETUP_CROSS, SETUP_NOTE_NONE, now_ms); break;
    case SETUP_DO_LEARN_KEYPAD: go(step, SETUP_KEYPAD, SETUP_NOTE_NONE, now_ms); break;
    case SETUP_DO_LEARN_SCANNER: go(step, SETUP_SCANNER, SETUP_NOTE_NONE, now_ms); break;
    case SETUP_DO_TEST_PRINTER:
        s->job = JOB_NONE;
        go(step, SETUP_PRINTER, SETUP_NOTE_NONE, now_ms);
        break;
    case SETUP_DO_DONE: go(step, SETUP_LEFT, SETUP_NOTE_NONE, now_ms); break;
    case SETUP_DO_KEEP_IT: store(step, now_ms); break;
    case SETUP_DO_PUT_BACK: put_back(step, now_ms); break;
    case SETUP_DO_SKIP: skip_key(step, now_ms); break;
    case SETUP_DO_SAVE:
        if (s->page == SETUP_KEYPAD_DONE)
            save_keys(step, now_ms);
        else
            save_scanner(step, now_ms);
        break;
    case SETUP_DO_AGAIN: again(step, now_ms); break;
    case SETUP_DO_FORGET: forget_scanners(step); break;
    case SETUP_DO_PRINT:
        s->job = JOB_PRINTING;
        step->effects |= SETUP_PRINT;
        break;
    case SETUP_DO_BACK: go(step, SETUP_MENU, SETUP_NOTE_NONE, now_ms); break;
    case SETUP_DO_NOTHING:
    case SETUP_ACTIONS: break;
    }
}

static void go_back(struct setup_step *step, int64_t now_ms)
{
    struct setup *s = &step->setup;
    if (s->page == SETUP_KEEP)
        put_back(step, now_ms);
    else if (s->page != SETUP_MENU)
        go(step, SETUP_MENU, SETUP_NOTE_NONE, now_ms);
}

/* The first key shows where one is, and does nothing else. */
static void take_key(struct setup_step *step, enum keypad_key key, int64_t now_ms)
{
    struct setup *s = &step->setup;
    enum setup_action buttons[SETUP_BUTTONS_MAX];
    int count = setup_buttons(s, buttons);
    s->key = key;
    if (key == KEYPAD_BACK) {
        go_back(step, now_ms);
        return;
    }
    if (count == 0)
        return;
    if (s->focus < 0 || s->focus >= count)
        s->focus = 0;
    else if (key == KEYPAD_NEXT)
        s->focus = (s->focus + 1) % count;
    else if (key == KEYPAD_PREVIOUS)
        s->focus = (s->focus + count - 1) % count;
    else if (key == KEYPAD_SELECT)
        press(step, buttons[s->focus], now_ms);
}

static void take_message(struct setup_step *step, const struct input_message *message,
                         int64_t now_ms)
{
    struct setup *s = &step->setup;
    switch (message->kind) {
    case INPUT_EVENT_KEY: take_key(step, message->key, now_ms); break;
    case INPUT_EVENT_SCAN:
        s->has_scan = true;
        s->scan = message->scan;
        break;
    case INPUT_EVENT_LEARN:
        if (s->page == SETUP_KEYPAD)
            take_learnt_key(step, &message->learn, now_ms);
        else if (s->page == SETUP_SCANNER)
            take_learnt_scanner(step, &message->learn, now_ms);
        break;
    case INPUT_EVENT_HEADSET: s->headset_in = message->headset_in; break;
    case INPUT_EVENT_DEVICES: s->devices = message->devices; break;
    case INPUT_EVENT_TOUCH: break; /* comes as a press, or as a whole touch */
    }
}

static void take_saved(struct setup *s, bool saved, const char *why)
{
    if (s->note != SETUP_NOTE_FORGOTTEN || !saved)
        s->note = saved ? SETUP_NOTE_SAVED : SETUP_NOTE_NOT_SAVED;
    snprintf(s->why, sizeof s->why, "%s", why != NULL ? why : "");
}

int64_t setup_due_ms(const struct setup *s)
{
    switch (s->page) {
    case SETUP_CROSS: return s->since_ms + SETUP_CROSS_MS;
    case SETUP_KEEP: return s->since_ms + SETUP_KEEP_MS;
    case SETUP_LEFT: return INT64_MAX;
    case SETUP_MENU:
    case SETUP_KEYPAD:
    case SETUP_KEYPAD_DONE:
    case SETUP_SCANNER:
    case SETUP_SCANNER_DONE:
    case SETUP_PRINTER: break;
    }
    return s->active_ms + SETUP_IDLE_MS;
}

int setup_seconds_left(const struct setup *s, int64_t now_ms)
{
    int64_t left = setup_due_ms(s) - now_ms;
    return left <= 0 ? 0 : (int)((left + 999) / 1000);
}

static void tick(struct setup_step *step, int64_t now_ms)
{
    struct setup *s = &step->setup;
    if (now_ms < setup_due_ms(s))
        return;
    s->active_ms = now_ms;
    if (s->page == SETUP_MENU)
        go(step, SETUP_LEFT, SETUP_NOTE_NONE, now_ms);
    else
        go_back(step, now_ms);
}

struct setup_step setup_next(const struct setup *setup, const struct setup_input *input,
                             int64_t now_ms)
{
    struct setup_step step = {.setup = *setup};
    struct setup *s = &step.setup;
    if (s->page == SETUP_LEFT)
        return step;
    tick(&step, now_ms); /* what comes after its time comes to the page that has taken its place */
    bool somebody = input->kind == SETUP_IN_PRESS || input->kind == SETUP_IN_TOUCHED ||
                    (input->kind == SETUP_IN_INPUT && input->message->kind != INPUT_EVENT_DEVICES);
    if (somebody && s->page != SETUP_LEFT)
        s->active_ms = now_ms;
    switch (input->kind) {
    case SETUP_IN_TICK: break;
    case SETUP_IN_PRESS: press(&step, input->action, now_ms); break;
    case SETUP_IN_TOUCHED:
        if (s->page == SETUP_CROSS)
            take_cross(&step, input, now_ms);
        s->touched = true;
        s->touch_x = input->x;
        s->touch_y = input->y;
        break;
    case SETUP_IN_INPUT: take_message(&step, input->message, now_ms); break;
    case SETUP_IN_PAPER: s->paper = input->paper; break;
    case SETUP_IN_JOB: s->job = input->job; break;
    case SETUP_IN_SAVED: take_saved(s, input->saved, input->why); break;
    }
    return step;
}
