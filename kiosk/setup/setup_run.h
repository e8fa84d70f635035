/* The setup pages on the kiosk's own window and input: takes over the main loop until staff are done, or
 * nobody is there any more. What is changed counts at once and is kept in DIR/input.conf. */
#ifndef QUARTER_KIOSK_SETUP_RUN_H
#define QUARTER_KIOSK_SETUP_RUN_H

#include "display/screen/window.h"
#include "paper.h"
#include "setup/setup.h"

struct setup_place {
    struct window *window;
    struct input *input;
    struct input_conf *conf;            /* counts now; changed with what is set up */
    const struct input_given *given;    /* by the command line: not to be kept; NULL: nothing ... */
    const struct input_conf *file_conf; /* ... and what was kept before; NULL then */
    const char *folder;                 /* where input.conf is; NULL: nothing can be kept */
    enum theme_kind theme;
    bool windowed;   /* the mouse is a finger */
    bool headset_in; /* as it was known before; then as it is */
    enum journey_paper paper;
    /* Asks for a test page; its id, to know its news by. False: it cannot be printed. */
    bool (*print_test)(void *context, char id[QUARTER_ULID_LEN + 1]);
    /* Takes the news of everything else; called each turn. What it hears of the printer it leaves here. */
    void (*meanwhile)(void *context, struct setup_place *place);
    void *context;
    char slip[QUARTER_ULID_LEN + 1]; /* the test page last asked for */
    enum journey_job job;            /* its news */
};

/* False: the program shall end. */
bool setup_run(struct setup_place *place);

#endif
