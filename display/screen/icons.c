/* See icons.h. An SVG is drawn once for a size; its alpha is the mask for any colour. */
#include "display/screen/icons.h"

#include <SDL.h>
#include <SDL_image.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"

enum { NAME_BYTES = 32, PATH_BYTES = 512, CACHE_ENTRIES = 64, SIZE_MAX_PX = 1024 };

struct icon {
    char name[NAME_BYTES];
    int size_px;
    uint64_t used;     /* 0: free */
    uint8_t *coverage; /* what mask points to */
    struct mask mask;
};

struct icons {
    char dir[PATH_BYTES];
    uint64_t tick;
    struct icon entries[CACHE_ENTRIES];
};

static enum status icon_load(const struct icons *icons, struct icon *icon);
static struct icon *icon_find(struct icons *icons, const char *name, int size_px,
                              enum status *status);
static bool points_somewhere(const char *name);

struct icons *icons_create(const char *assets_dir)
{
    struct icons *icons = calloc(1, sizeof(*icons));
    CHECK(icons != NULL);
    const int length = snprintf(icons->dir, sizeof(icons->dir), "%s/icons", assets_dir);
    CHECK(length > 0 && (size_t)length < sizeof(icons->dir) - NAME_BYTES);
    return icons;
}

static void icon_free(struct icon *icon)
{
    free(icon->coverage);
    *icon = (struct icon){0};
}

void icons_destroy(struct icons *icons)
{
    for (size_t i = 0; icons != NULL && i < CACHE_ENTRIES; i++) {
        icon_free(&icons->entries[i]);
    }
    free(icons);
}

enum status icons_draw(struct icons *icons, struct canvas *canvas, struct rect box,
                       const char *name, bool rtl, struct colour colour)
{
    const int size_px = box.w < box.h ? box.w : box.h;
    if (size_px <= 0 || size_px > SIZE_MAX_PX || strlen(name) >= NAME_BYTES) {
        return STATUS_INVALID;
    }
    enum status status = STATUS_OK;
    const struct icon *icon = icon_find(icons, name, size_px, &status);
    if (icon != NULL) {
        const int x = box.x + (box.w - icon->mask.width) / 2;
        const int y = box.y + (box.h - icon->mask.height) / 2;
        canvas_mask(canvas, x, y, &icon->mask, rtl && points_somewhere(name), colour);
    }
    return status;
}

static struct icon *icon_find(struct icons *icons, const char *name, int size_px,
                              enum status *status)
{
    struct icon *oldest = &icons->entries[0];
    icons->tick++;
    for (size_t i = 0; i < CACHE_ENTRIES; i++) {
        struct icon *icon = &icons->entries[i];
        if (icon->used != 0 && icon->size_px == size_px && strcmp(icon->name, name) == 0) {
            icon->used = icons->tick;
            return icon;
        }
        oldest = icon->used < oldest->used ? icon : oldest;
    }
    icon_free(oldest);
    memcpy(oldest->name, name, strlen(name) + 1);
    oldest->size_px = size_px;
    *status = icon_load(icons, oldest);
    if (*status != STATUS_OK) {
        icon_free(oldest);
        return NULL;
    }
    oldest->used = icons->tick;
    return oldest;
}

/* Icons of movement follow the reading direction; a tick, a clock and a loudspeaker do not. */
static bool points_somewhere(const char *name)
{
    static const char *const NAMES[] = {"back", "forward", "next", "leave", "list"};
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
        if (strcmp(name, NAMES[i]) == 0) {
            return true;
        }
    }
    return false;
}

static enum status icon_load(const struct icons *icons, struct icon *icon)
{
    char path[PATH_BYTES + NAME_BYTES + 8];
    (void)snprintf(path, sizeof(path), "%s/%s.svg", icons->dir, icon->name);
    SDL_RWops *file = SDL_RWFromFile(path, "rb");
    if (file == NULL) {
        return STATUS_NOT_FOUND;
    }
    SDL_Surface *drawn = IMG_LoadSizedSVG_RW(file, icon->size_px, icon->size_px);
    SDL_RWclose(file);
    SDL_Surface *argb =
        drawn != NULL ? SDL_ConvertSurfaceFormat(drawn, SDL_PIXELFORMAT_ARGB8888, 0) : NULL;
    SDL_FreeSurface(drawn);
    if (argb == NULL) {
        return STATUS_CORRUPT;
    }
    uint8_t *coverage = malloc((size_t)argb->w * (size_t)argb->h);
    CHECK(coverage != NULL);
    for (int y = 0; y < argb->h; y++) {
        const uint8_t *row = (const uint8_t *)argb->pixels + (size_t)y * (size_t)argb->pitch;
        for (int x = 0; x < argb->w; x++) {
            uint32_t pixel;
            memcpy(&pixel, row + (size_t)x * 4, sizeof(pixel));
            coverage[(size_t)y * (size_t)argb->w + (size_t)x] = (uint8_t)(pixel >> 24);
        }
    }
    icon->coverage = coverage;
    icon->mask = (struct mask){argb->w, argb->h, (size_t)argb->w, coverage};
    SDL_FreeSurface(argb);
    return STATUS_OK;
}
