/* Setting a kiosk's devices up, as one pure state machine for staff: (setup, input, now) -> setup + effects.
 *
 *     menu --Touch--> cross 1 .. 5 --fits--> keep? --Keep it--> menu
 *      |                ^  does not fit |      | 20 s, or Put it back: the old calibration
 *      |                +---------------+      v
 *      |--Keypad--> key 1 .. 7 --> keys learnt --Save--> menu
 *      |--Scanner--> scan anything --> scanner found --Use it--> menu
 *      |--Printer--> test slip
 *      +--Done--> left
 *
 * Everything works by touch and by keypad, for either may be what does not work yet. Every page goes back by
 * itself when nobody does anything: a calibration that cannot be touched must not lock anybody out. Time is an
 * argument; the caller does what the effects say. */
#ifndef QUARTER_KIOSK_SETUP_H
#define QUARTER_KIOSK_SETUP_H

#include "input/input.h"
#include "journey/journey.h"

enum {
    SETUP_CROSSES = 5,
    SETUP_KEYS = 7,
    SETUP_BUTTONS_MAX = 6,
    SETUP_CROSS_MS = 20000, /* nobody touches the cross: back to the menu */
    SETUP_KEEP_MS = 20000,  /* nobody could say that it is right: the old one again */
    SETUP_IDLE_MS = 60000,
    SETUP_WORST_SHARE = 5, /* percent of the shorter side: a cross was missed */
    SETUP_NEWS_BYTES = 256,
};

#define SETUP_PAGE_LIST(X)                                                                         \
    X(MENU, "setup")                                                                               \
    X(CROSS, "setup-cross")                                                                        \
    X(KEEP, "setup-keep")                                                                          \
    X(KEYPAD, "setup-keypad")                                                                      \
    X(KEYPAD_DONE, "setup-keypad-done")                                                            \
    X(SCANNER, "setup-scanner")                                                                    \
    X(SCANNER_DONE, "setup-scanner-done")                                                          \
    X(PRINTER, "setup-printer")                                                                    \
    X(LEFT, "setup-left")

enum setup_page {
#define X(name, code) SETUP_##name,
    SETUP_PAGE_LIST(X)
#undef X
};

/* Buttons, and the ids of their elements. */
#define SETUP_ACTION_LIST(X)                                                                       \
    X(NOTHING, "")                                                                                 \
    X(CALIBRATE, "calibrate")                                                                      \
    X(LEARN_KEYPAD, "keypad")                                                                      \
    X(LEARN_SCANNER, "scanner")                                                                    \
    X(TEST_PRINTER, "printer")                                                                     \
    X(DONE, "done")                                                                                \
    X(KEEP_IT, "keep")                                                                             \
    X(PUT_BACK, "put-back")                                                                        \
    X(SKIP, "skip")                                                                                \
    X(SAVE, "save")                                                                                \
    X(AGAIN, "again")                                                                              \
    X(FORGET, "forget")                                                                            \
    X(PRINT, "print")                                                                              \
    X(BACK, "back")

enum setup_action {
#define X(name, code) SETUP_DO_##name,
    SETUP_ACTION_LIST(X)
#undef X
        SETUP_ACTIONS
};

enum setup_note {
    SETUP_NOTE_NONE,
    SETUP_NOTE_SAVED,
    SETUP_NOTE_NOT_SAVED,    /* it counts until the kiosk is started again */
    SETUP_NOTE_PUT_BACK,     /* the old calibration counts */
    SETUP_NOTE_MISSED,       /* the five touches fit no panel: once more */
    SETUP_NOTE_TAKEN,        /* that key is one of the keypad's already */
    SETUP_NOTE_OTHER_DEVICE, /* of another keyboard than the keys before */
    SETUP_NOTE_FULL,         /* no room in the configuration */
    SETUP_NOTE_FORGOTTEN,    /* no scanner is named any more */
};

struct setup_learnt {
    uint16_t code; /* 0: skipped */
    char name[INPUT_KEY_NAME_BYTES];
};

/* Plain data: what the view draws. */
struct setup {
    enum setup_page page;
    int width_px, height_px;
    struct input_conf conf;    /* counts now */
    struct calibration before; /* keep: what counted before ... */
    bool before_calibrated;
    enum input_mode mode;
    enum setup_note note;
    char why[SETUP_NEWS_BYTES]; /* of NOT_SAVED */
    int focus;                  /* a button of setup_buttons(), or -1: no keypad was used yet */
    int step;                   /* cross: 0.., keypad: 0.. */
    struct calibration_sample samples[SETUP_CROSSES];
    double worst_px; /* keep: how far the worst cross is off */
    bool touched;    /* keep: a finger was at ... */
    int touch_x, touch_y;
    struct setup_learnt learnt[SETUP_KEYS];
    struct device_id device; /* whose keys are learnt; the scanner that was found */
    char device_name[INPUT_DEVICE_NAME_BYTES];
    char scanned[INPUT_SCAN_BYTES + 1]; /* what it read */
    struct input_devices devices;       /* menu: attached, and what they told last ... */
    bool headset_in;
    enum keypad_key key;
    bool has_scan;
    struct input_scan scan;
    enum journey_paper paper; /* printer */
    enum journey_job job;
    int64_t since_ms;  /* page or step entered */
    int64_t active_ms; /* last sign of somebody */
};

enum setup_input_kind {
    SETUP_IN_TICK,
    SETUP_IN_PRESS,   /* action */
    SETUP_IN_TOUCHED, /* u, v of a whole touch, and x, y as the calibration has it */
    SETUP_IN_INPUT,   /* message: all but touches */
    SETUP_IN_PAPER,   /* paper */
    SETUP_IN_JOB,     /* job */
    SETUP_IN_SAVED,   /* saved; why, if not */
};

struct setup_input {
    enum setup_input_kind kind;
    enum setup_action action;
    double u, v;
    int x, y;
    const struct input_message *message;
    enum journey_paper paper;
    enum journey_job job;
    bool saved;
    const char *why;
};

enum {
    SETUP_CONFIGURE = 1 << 0, /* setup.conf counts from now on */
    SETUP_STORE = 1 << 1,     /* keep it; answer with SETUP_IN_SAVED */
    SETUP_MODE = 1 << 2,      /* setup.mode */
    SETUP_PRINT = 1 << 3,     /* a test slip */
};

struct setup_step {
    struct setup setup;
    unsigned effects;
};

struct setup setup_begin(const struct input_conf *conf, int width_px, int height_px,
                         int64_t now_ms);
struct setup_step setup_next(const struct setup *setup, const struct setup_input *input,
                             int64_t now_ms);
/* When a tick will next change something; never INT64_MAX but when it is left. */
int64_t setup_due_ms(const struct setup *setup);
/* Whole seconds until the page goes back by itself. */
int setup_seconds_left(const struct setup *setup, int64_t now_ms);

/* The page's buttons in their order; returns how many. */
int setup_buttons(const struct setup *setup, enum setup_action buttons[SETUP_BUTTONS_MAX]);
/* Where the cross is, as shares of the screen. */
void setup_cross(int step, double *x, double *y);
/* Which key is asked for. */
enum keypad_key setup_key(int step);

const char *setup_page_code(enum setup_page page);
const char *setup_action_id(enum setup_action action);
enum setup_action setup_action_from_id(const char *id); /* NULL or no button's: NOTHING */

#endif
