/* The kiosk's shell: owns the window, the client, the touchscreens, the printer's line and the journey, turns news into the
 * journey's inputs and its effects into deeds, and shows the page when it changed. */
#ifndef QUARTER_KIOSK_APP_H
#define QUARTER_KIOSK_APP_H

#include <stdbool.h>

#include "display/screen/theme.h"
#include "input/input_conf.h"
#include "voice.h"

struct app_options {
    const char *server, *kiosk; /* needed */
    const char *server_key;     /* of an https server; NULL: learned by pairing */
    const char *touch;          /* a device; NULL: every touchscreen */
    const char *printer_socket; /* NULL: no printer */
    const char *cache;          /* NULL: none */
    const char *state;          /* where input.conf is, and what pairing agreed; NULL: the cache */
    struct voice_options voice; /* but for its wake */
    const char *dump_ui, *assets;
    const char *language; /* shown while nobody chose one; NULL: the site's first */
    int width, height;    /* 0: as the screen */
    bool windowed;
    bool setup; /* begin with the setup pages */
    bool theme_given;
    enum theme_kind theme;
    struct input_given given; /* over input.conf, or besides it */
};

/* Until SIGTERM, SIGINT or the window is closed. The program's exit code. */
int app_run(const struct app_options *options);

#endif
