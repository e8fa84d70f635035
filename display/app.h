/* The lobby display as a program: the main thread owns SDL, the board and the page; the client's network thread only
 * posts messages and wakes it. It draws when something changed, chimes and speaks when a call has its turn, and goes
 * on for ever without the server. */
#ifndef QUARTER_DISPLAY_APP_H
#define QUARTER_DISPLAY_APP_H

#include <stdbool.h>

#include "display/screen/theme.h"

enum { EXIT_FINE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_CONFIGURATION = 78 };

struct app_options {
    const char *server;                        /* "http://127.0.0.1:8080" */
    const char *server_key;                    /* of an https server; NULL: learned by pairing */
    const char *display;                       /* its code in the site: "lobby" */
    const char *language;                      /* NULL: the site's first */
    const char *assets, *cache_dir, *dump_dir; /* NULL: the usual place; none; none */
    int width, height;                         /* 0: the whole screen */
    const char *speech;                        /* a command, "off", or NULL: the usual one */
    const char *phrases;                       /* recorded ones; NULL: none */
    const char *sound_log;                     /* of what was said; NULL: none */
    bool windowed, mute;
    bool has_theme; /* else the site's for this display, else dark */
    enum theme_kind theme;
};

/* Returns the exit code, after SIGTERM, SIGINT or the window's close button; what went wrong was said on stderr. */
int app_run(const struct app_options *options);

#endif
