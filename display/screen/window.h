/* A window drawn in software: one canvas, presented only when something changed. All but
 * window_wake belongs to the main thread, which owns SDL. */
#ifndef QUARTER_SCREEN_WINDOW_H
#define QUARTER_SCREEN_WINDOW_H

#include <SDL.h>

#include "display/screen/layout.h"

struct window_options {
    const char *title;
    int width, height; /* 0: the whole screen (1920x1080 where SDL cannot tell) */
    bool windowed;     /* else full screen without a frame */
    bool use_renderer; /* through a texture even where the window has a surface (KMSDRM has none) */
    const char *fonts_dir, *assets_dir; /* assets_dir as found by assets_find */
    enum theme_kind theme;
    const char *brand;    /* may be NULL */
    const char *dump_dir; /* --dump-ui, or NULL; made if it is missing */
};

struct window;

/* --size: "1080x1920"; false: not such a size, or one no screen has. */
bool window_read_size(const char *text, int *width, int *height);

/* Starts SDL's video (SDL_FRAMEBUFFER_ACCELERATION=0 unless the caller's environment says
 * otherwise), fonts and icons. error: what is wrong, for a person. */
enum status window_create(const struct window_options *options, struct window **window, char *error,
                          size_t error_size);
void window_destroy(struct window *window);

int window_width(const struct window *window);
int window_height(const struct window *window);
const struct ui_kit *window_kit(const struct window *window); /* good until the theme changes */
void window_set_theme(struct window *window, enum theme_kind theme, const char *brand);

/* Draws and presents what differs from the last shown page, dumps it when asked to; false: nothing
 * changed, nothing was drawn. */
bool window_show(struct window *window, const struct ui *ui);
long window_frame(const struct window *window); /* frames shown */
/* Draws everything again at the next window_show (after SDL_WINDOWEVENT_EXPOSED; done by
 * window_wait). */
void window_expose(struct window *window);

enum window_event_kind {
    WINDOW_NOTHING, /* the time is up */
    WINDOW_WOKEN,   /* some thread called window_wake; several wakes may come as one */
    WINDOW_QUIT,
    WINDOW_TOUCH, /* finger or mouse down at x, y of the canvas */
    WINDOW_RELEASE,
    WINDOW_KEY,     /* key: an SDL_Keycode */
    WINDOW_EXPOSED, /* call window_show again */
};

struct window_event {
    enum window_event_kind kind;
    int x, y;
    SDL_Keycode key;
};

/* Sleeps until something happens or timeout_ms is over (-1: for ever). */
struct window_event window_wait(struct window *window, int timeout_ms);
/* From any thread and as often as you like: the main thread's window_wait returns WINDOW_WOKEN. */
void window_wake(struct window *window);

#endif
