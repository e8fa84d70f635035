/* See window.h. The page is drawn into a buffer of our own, and only what changed goes on to SDL:
 * through the window's surface (no renderer in between: 1 ms a 1080p frame against 11 with SDL's
 * own choice), or, where a driver has no surfaces (KMSDRM), through a streaming texture. */
#include "display/screen/window.h"

#include <SDL_image.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "display/screen/ui_dump.h"
#include "quarter/check.h"
#include "quarter/log.h"

enum {
    DEFAULT_WIDTH = 1920,
    DEFAULT_HEIGHT = 1080,
    POLL_MS = 8,
    QUIET_POLL_MS = 250,
    DIR_BYTES = 4096
};

struct window {
    SDL_Window *window;
    SDL_Renderer *renderer; /* with texture; NULL: the window's surface is used */
    SDL_Texture *texture;
    struct canvas *canvas;
    struct text_engine *text;
    struct icons *icons;
    struct theme theme;
    struct ui_kit kit;
    struct ui *shown; /* what is on the screen */
    bool exposed;     /* everything must be drawn again */
    long frame;
    unsigned told; /* bits of a hash of the pages whose faults were logged */
    char dump_dir[DIR_BYTES];
    Uint32 wake_event;
    int wake_fd;
    atomic_bool wake_pending;
    bool blocks; /* the video driver sleeps in SDL_WaitEventTimeout; the others would poll every
                    millisecond */
    int poll_ms;
};

static enum status open_video(struct window *window, const struct window_options *options,
                              char *error, size_t error_size);
static void present(struct window *window, struct rect damage);
static bool translate(struct window *window, const SDL_Event *event, struct window_event *result);
static bool next_event(struct window *window, SDL_Event *event, int timeout_ms);

enum status window_create(const struct window_options *options, struct window **window, char *error,
                          size_t error_size)
{
    struct window *made = calloc(1, sizeof(*made));
    CHECK(made != NULL);
    made->wake_fd = -1;
    enum status status = text_engine_create(options->fonts_dir, &made->text, error, error_size);
    if (status == STATUS_OK) {
        status = open_video(made, options, error, error_size);
    }
    if (status == STATUS_OK) {
        int width, height;
        SDL_GetWindowSize(made->window, &width, &height);
        status = canvas_create(CANVAS_ARGB, width, height, &made->canvas);
    }
    if (status != STATUS_OK) {
        window_destroy(made);
        return status;
    }
    made->icons = icons_create(options->assets_dir);
    made->kit = (struct ui_kit){made->text, made->icons, &made->theme};
    made->shown = ui_create();
    made->exposed = true;
    window_set_theme(made, options->theme, options->brand);
    if (options->dump_dir != NULL) {
        (void)snprintf(made->dump_dir, sizeof(made->dump_dir), "%s", options->dump_dir);
    }
    *window = made;
    return STATUS_OK;
}

void window_destroy(struct window *window)
{
    if (window == NULL) {
        return;
    }
    ui_destroy(window->shown);
    icons_destroy(window->icons);
    text_engine_destroy(window->text);
    canvas_destroy(window->canvas);
    if (window->texture != NULL) {
        SDL_DestroyTexture(window->texture);
    }
    if (window->renderer != NULL) {
        SDL_DestroyRenderer(window->renderer);
    }
    if (window->window != NULL) {
        SDL_DestroyWindow(window->window);
    }
    if (SDL_WasInit(SDL_INIT_VIDEO) != 0) {
        SDL_QuitSubSystem(SDL_INIT_VIDEO);
    }
    if (window->wake_fd >= 0) {
        (void)close(window->wake_fd);
    }
    free(window);
}

bool window_read_size(const char *text, int *width, int *height)
{
    enum { LEAST = 320, MOST = 16384 };
    char *end;
    const long x = strtol(text, &end, 10);
    const long y = *end == 'x' ? strtol(end + 1, &end, 10) : 0;
    if (*end != '\0' || x < LEAST || x > MOST || y < LEAST || y > MOST) {
        return false;
    }
    *width = (int)x;
    *height = (int)y;
    return true;
}

int window_width(const struct window *window)
{
    return window->canvas->width;
}

int window_height(const struct window *window)
{
    return window->canvas->height;
}

const struct ui_kit *window_kit(const struct window *window)
{
    return &window->kit;
}

void window_set_theme(struct window *window, enum theme_kind theme, const char *brand)
{
    theme_init(&window->theme, theme, brand);
    window->exposed = true;
}

/* Said once a page and language: a clock that ticks must not fill the log. */
static void tell_faults(struct window *window, const struct ui *ui, int faults)
{
    const struct ui_page *page = ui_page(ui);
    unsigned hash = 5381;
    for (const char *p = page->name; *p != '\0'; p++) {
        hash = hash * 33 + (unsigned char)*p;
    }
    for (const char *p = page->language; *p != '\0'; p++) {
        hash = hash * 33 + (unsigned char)*p;
    }
    const unsigned bit = 1u << (hash >> 7) % 32;
    if (faults > 0 && (window->told & bit) == 0) {
        window->told |= bit;
        log_warning("screen", "texts do not fit page=%s language=%s count=%d", page->name,
                    page->language, faults);
    }
}

bool window_show(struct window *window, const struct ui *ui)
{
    const struct rect damage = ui_damage(window->exposed ? NULL : window->shown, ui);
    if (rect_is_empty(damage)) {
        return false;
    }
    canvas_set_clip(window->canvas, damage);
    tell_faults(window, ui, ui_draw(ui, &window->kit, window->canvas));
    window->exposed = false; /* unless presenting finds the window changing */
    present(window, window->canvas->clip);
    ui_copy(window->shown, ui);
    window->frame++;
    if (window->dump_dir[0] != '\0' && ui_dump_write(window->dump_dir, window->frame, ui,
                                                     &window->kit, window->canvas) != STATUS_OK) {
        log_warning("screen", "frames cannot be written, dumping stops dir=%s", window->dump_dir);
        window->dump_dir[0] = '\0'; /* said once */
    }
    return true;
}

long window_frame(const struct window *window)
{
    return window->frame;
}

void window_expose(struct window *window)
{
    window->exposed = true;
}

struct window_event window_wait(struct window *window, int timeout_ms)
{
    const Uint64 start = SDL_GetTicks64();
    for (;;) {
        const Uint64 passed = SDL_GetTicks64() - start;
        const int left = timeout_ms < 0                 ? -1
                         : passed >= (Uint64)timeout_ms ? 0
                                                        : timeout_ms - (int)passed;
        SDL_Event event;
        struct window_event result = {WINDOW_NOTHING, 0, 0, 0};
        if (next_event(window, &event, left)) {
            if (translate(window, &event, &result)) {
                return result;
            }
        } else if (left == 0) {
            return result;
        }
    }
}

/* The flag makes many wakes one event, so that a busy thread cannot fill SDL's queue. The counter
 * goes first: whoever takes the event empties it, and what was left in it would keep the main
 * thread spinning until the next wake. */
void window_wake(struct window *window)
{
    if (!atomic_exchange(&window->wake_pending, true)) {
        const uint64_t one = 1;
        (void)!write(window->wake_fd, &one, sizeof(one));
        SDL_Event event = {.type = window->wake_event};
        if (SDL_PushEvent(&event) < 1) {
            atomic_store(&window->wake_pending, false); /* the next wake tries again */
        }
    }
}

/* Surface first; a driver without surfaces gets a renderer. */
static enum status open_presenter(struct window *window, bool use_renderer, char *error,
                                  size_t error_size)
{
    if (!use_renderer && SDL_GetWindowSurface(window->window) != NULL) {
        return STATUS_OK;
    }
    int width, height;
    SDL_GetWindowSize(window->window, &width, &height);
    window->renderer = SDL_CreateRenderer(window->window, -1, 0);
    if (window->renderer != NULL) {
        window->texture = SDL_CreateTexture(window->renderer, SDL_PIXELFORMAT_ARGB8888,
                                            SDL_TEXTUREACCESS_STREAMING, width, height);
    }
    if (window->texture == NULL) {
        (void)snprintf(error, error_size, "the screen cannot be drawn to: %s", SDL_GetError());
        return STATUS_UNAVAILABLE;
    }
    return STATUS_OK;
}

static void choose_size(const struct window_options *options, int *width, int *height)
{
    SDL_DisplayMode mode;
    const bool known = SDL_GetDesktopDisplayMode(0, &mode) == 0 && mode.w > 0 && mode.h > 0;
    *width = options->width > 0 ? options->width : known ? mode.w : DEFAULT_WIDTH;
    *height = options->height > 0 ? options->height : known ? mode.h : DEFAULT_HEIGHT;
}

static bool nobody_can_see_it(void)
{
    const char *driver = SDL_GetCurrentVideoDriver();
    return strcmp(driver, "offscreen") == 0 || strcmp(driver, "dummy") == 0;
}

static void choose_waiting(struct window *window)
{
    const char *driver = SDL_GetCurrentVideoDriver();
    window->blocks = strcmp(driver, "x11") == 0 || strcmp(driver, "wayland") == 0;
    window->poll_ms = nobody_can_see_it() ? QUIET_POLL_MS : POLL_MS;
}

static enum status open_video(struct window *window, const struct window_options *options,
                              char *error, size_t error_size)
{
    SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
    SDL_SetHint(SDL_HINT_TOUCH_MOUSE_EVENTS, "0");
    SDL_SetHint(SDL_HINT_MOUSE_TOUCH_EVENTS, "0");
    SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "0");
    if (SDL_InitSubSystem(SDL_INIT_VIDEO) != 0) {
        (void)snprintf(error, error_size,
                       "no screen: %s (SDL_VIDEODRIVER=offscreen runs without one)",
                       SDL_GetError());
        return STATUS_UNAVAILABLE;
    }
    /* SDL falls back on a picture in memory: a kiosk with a broken screen would look healthy. */
    if (nobody_can_see_it() && SDL_GetHint(SDL_HINT_VIDEODRIVER) == NULL) {
        (void)snprintf(error, error_size,
                       "no screen: neither KMS, X nor Wayland is there (SDL_VIDEODRIVER=offscreen "
                       "runs without one)");
        return STATUS_UNAVAILABLE;
    }
    int width, height;
    choose_size(options, &width, &height);
    const bool whole = !options->windowed && options->width <= 0;
    const Uint32 flags = options->windowed ? 0
                         : whole           ? SDL_WINDOW_FULLSCREEN_DESKTOP
                                           : SDL_WINDOW_BORDERLESS;
    const int place = options->windowed ? (int)SDL_WINDOWPOS_UNDEFINED : 0;
    window->window = SDL_CreateWindow(options->title, place, place, width, height, flags);
    if (window->window == NULL) {
        (void)snprintf(error, error_size, "the window cannot be opened: %s", SDL_GetError());
        return STATUS_UNAVAILABLE;
    }
    if (!options->windowed) {
        (void)SDL_ShowCursor(SDL_DISABLE);
    }
    choose_waiting(window);
    window->wake_event = SDL_RegisterEvents(1);
    window->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    CHECK(window->wake_event != (Uint32)-1 && window->wake_fd >= 0);
    return open_presenter(window, options->use_renderer, error, error_size);
}

static void present_surface(struct window *window, struct rect damage)
{
    SDL_Surface *surface = SDL_GetWindowSurface(window->window);
    if (surface == NULL) {
        window->exposed = true; /* the window is changing: the next frame tries again */
        return;
    }
    const struct rect fits = rect_intersect(damage, (struct rect){0, 0, surface->w, surface->h});
    const struct canvas *canvas = window->canvas;
    const uint8_t *from = canvas->pixels + (size_t)fits.y * canvas->pitch + (size_t)fits.x * 4;
    uint8_t *to = (uint8_t *)surface->pixels + (ptrdiff_t)fits.y * surface->pitch +
                  (ptrdiff_t)fits.x * surface->format->BytesPerPixel;
    if (!rect_is_empty(fits)) {
        (void)SDL_ConvertPixels(fits.w, fits.h, SDL_PIXELFORMAT_RGB888, from, (int)canvas->pitch,
                                surface->format->format, to, surface->pitch);
        const SDL_Rect changed = {fits.x, fits.y, fits.w, fits.h};
        (void)SDL_UpdateWindowSurfaceRects(window->window, &changed, 1);
    }
}

static void present(struct window *window, struct rect damage)
{
    if (window->renderer == NULL) {
        present_surface(window, damage);
        return;
    }
    const SDL_Rect changed = {damage.x, damage.y, damage.w, damage.h};
    const struct canvas *canvas = window->canvas;
    const uint8_t *from = canvas->pixels + (size_t)damage.y * canvas->pitch + (size_t)damage.x * 4;
    (void)SDL_UpdateTexture(window->texture, &changed, from, (int)canvas->pitch);
    (void)SDL_RenderCopy(window->renderer, window->texture, NULL, NULL);
    SDL_RenderPresent(window->renderer);
}

/* Drivers that cannot sleep in SDL sleep here: a wake ends the sleep, and SDL's own devices are
 * looked at every poll_ms. */
static bool next_event(struct window *window, SDL_Event *event, int timeout_ms)
{
    if (window->blocks) {
        return (timeout_ms < 0 ? SDL_WaitEvent(event) : SDL_WaitEventTimeout(event, timeout_ms)) ==
               1;
    }
    if (SDL_PollEvent(event) == 1) {
        return true;
    }
    const bool slice = timeout_ms < 0 || timeout_ms > window->poll_ms;
    struct pollfd wake = {.fd = window->wake_fd, .events = POLLIN};
    (void)poll(&wake, 1, slice ? window->poll_ms : timeout_ms);
    return SDL_PollEvent(event) == 1;
}

static bool translate_pointer(const struct window *window, const SDL_Event *event,
                              struct window_event *result)
{
    switch (event->type) {
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP:
        result->kind = event->type == SDL_MOUSEBUTTONDOWN ? WINDOW_TOUCH : WINDOW_RELEASE;
        result->x = event->button.x;
        result->y = event->button.y;
        return event->button.button == SDL_BUTTON_LEFT;
    case SDL_FINGERDOWN:
    case SDL_FINGERUP:
        result->kind = event->type == SDL_FINGERDOWN ? WINDOW_TOUCH : WINDOW_RELEASE;
        result->x = (int)(event->tfinger.x * (float)window->canvas->width);
        result->y = (int)(event->tfinger.y * (float)window->canvas->height);
        return true;
    default: return false; /* SDL's events are open-ended: what we do not know is not ours */
    }
}

static bool translate(struct window *window, const SDL_Event *event, struct window_event *result)
{
    if (event->type == window->wake_event) {
        uint64_t count;
        (void)!read(window->wake_fd, &count, sizeof(count));
        atomic_store(&window->wake_pending, false); /* before the caller looks at what woke it */
        result->kind = WINDOW_WOKEN;
        return true;
    }
    if (event->type == SDL_QUIT) {
        result->kind = WINDOW_QUIT;
        return true;
    }
    if (event->type == SDL_KEYDOWN && event->key.repeat == 0) {
        result->kind = WINDOW_KEY;
        result->key = event->key.keysym.sym;
        return true;
    }
    if (event->type == SDL_WINDOWEVENT && (event->window.event == SDL_WINDOWEVENT_EXPOSED ||
                                           event->window.event == SDL_WINDOWEVENT_SIZE_CHANGED)) {
        window->exposed = true;
        result->kind = WINDOW_EXPOSED;
        return true;
    }
    return translate_pointer(window, event, result);
}
