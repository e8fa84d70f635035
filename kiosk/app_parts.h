/* The shell's own state, shared by its files: app.c (start, loop, end), app_site.c (the site and its words), app_news.c
 * (what the client and the printer say), app_hands.c (fingers, keys, scans), app_deeds.c (what the journey asks for),
 * app_show.c (picture and speech), app_prints.c (tickets for people elsewhere), app_setup.c (the staff's pages), app_staff.c (what a kiosk that cannot
 * serve tells them). All of it belongs to the main thread. */
#ifndef QUARTER_KIOSK_APP_PARTS_H
#define QUARTER_KIOSK_APP_PARTS_H

#include <stdint.h>

#include "app.h"
#include "client/client.h"
#include "display/screen/catalogue.h"
#include "display/screen/window.h"
#include "focus.h"
#include "input/input.h"
#include "journey/journey.h"
#include "paper.h"
#include "press.h"
#include "setup/hold.h"
#include "setup/setup_run.h"
#include "voice.h"

enum { APP_PATH_BYTES = 4096, EXIT_USAGE = 2 };

enum { APP_PRINTS_MAX = 32 };

/* Prints that the board asked for. A name stays known when it is done: the board may still show it for a moment. */
struct app_prints {
    char now[QUARTER_ULID_LEN + 1];                  /* at the printer; "": none */
    char done[APP_PRINTS_MAX][QUARTER_ULID_LEN + 1]; /* a ring */
    int next;
};

struct app {
    const struct app_options *options;
    char assets[APP_PATH_BYTES];
    struct window *window;
    struct client *client;
    struct input *input;
    struct paper *paper;
    struct voice *voice;
    struct ui *ui;
    struct site_info *site;      /* in use */
    struct site_info *next_site; /* waits until nobody is here */
    struct board_view *board;
    struct client_clock clock;
    struct client_pairing pairing; /* what staff have to be told before anybody is served */
    struct catalogue *words[QUARTER_LANGUAGES_MAX]; /* of the site's languages; NULL: English */
    struct catalogue *starting_words;               /* before there is a site */
    struct journey journey;
    struct journey_site map;
    char slip[QUARTER_ULID_LEN + 1]; /* what was last handed to the printer */
    struct app_prints prints;        /* for people elsewhere */
    enum journey_paper
        printer; /* as the server was told of it last; PAPER_NO_PRINTER: it has none, or nothing was heard of it yet */
    struct press press;
    struct focus focus;
    struct input_conf conf;      /* counts now */
    struct input_conf file_conf; /* as input.conf had it at start */
    struct hold hold;            /* of the clock */
    struct setup_place *setup;   /* while the setup pages are open */
    enum theme_kind theme;       /* of the window */
    int64_t shown_ms;            /* what the last picture took for now */
    int64_t drawn_ms;            /* when it was done */
    bool touched;                /* a hand did something the picture shows: draw at once */
};

/* app.c */
void app_take(struct app *app, const struct journey_input *input);
/* Of something that was done then. */
void app_take_at(struct app *app, const struct journey_input *input, int64_t at_ms);

/* app_site.c */
struct catalogue *app_open_words(const struct app *app, const char *language);
void app_close_words(struct app *app);
void app_adopt_site(struct app *app);
const struct catalogue *app_words(const struct app *app); /* of what is shown */
bool app_is_named(const struct app *app); /* false: the site's file does not know this kiosk */
int app_language(const struct app *app);  /* shown: an index of the site's */
int app_language_of(const struct app *app, int language); /* of a journey that chose this one */
enum theme_kind app_theme(const struct app *app);

/* app_news.c */
void app_take_news(struct app *app);

/* app_hands.c */
void app_take_hands(struct app *app);
void app_desk_key(struct app *app, SDL_Keycode key); /* of the desktop's keyboard, in a window */
void app_finger_down(struct app *app, int x, int y, int64_t at_ms);
void app_finger_up(struct app *app, int x, int y, int64_t at_ms);

/* app_setup.c */
void app_hold(struct app *app, bool down, int x, int y,
              int64_t at_ms);           /* a finger came, or moved */
bool app_setup_wanted(struct app *app); /* true once: the clock was held for long enough */
bool app_setup(struct app *app);        /* until staff are done; false: the program shall end */
void app_setup_hear(struct app *app, const struct paper_news *news);

/* app_deeds.c */
void app_do(struct app *app, const struct journey *before, const struct journey_step *step);
void app_leave(
    struct app *app); /* the program ends: nothing shall come out of the printer any more */

/* app_staff.c */
const char *app_keep_folder(const struct app *app); /* NULL: nothing is kept */
bool app_tells_staff(const struct app *app);        /* a page of theirs is in the journey's place */
void app_lay_for_staff(struct app *app, const char *clock, int64_t now_ms);
int64_t app_staff_wake_ms(const struct app *app, int64_t from_ms); /* INT64_MAX: never */

/* app_prints.c */
void app_look_for_prints(struct app *app); /* the board is another */
void app_tell_printer(struct app *app);    /* the server may not know how it is */
/* true: it was of a print for somebody elsewhere. */
bool app_prints_hear(struct app *app, const struct paper_news *news);

/* app_show.c */
bool app_show_in_time(struct app *app); /* false: mere news, that waits a little */
int app_sleep_ms(const struct app *app, bool shown);
void app_repeat(struct app *app); /* says the page again */

#endif
