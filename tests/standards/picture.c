/* See picture.h. */
#include "picture.h"

#include <SDL_image.h>
#include <string.h>

struct canvas *picture_read(const char *path)
{
    struct canvas *canvas = NULL;
    SDL_Surface *loaded = IMG_Load(path);
    SDL_Surface *surface =
        loaded != NULL ? SDL_ConvertSurfaceFormat(loaded, SDL_PIXELFORMAT_ARGB8888, 0) : NULL;
    SDL_FreeSurface(loaded);
    if (surface == NULL || canvas_create(CANVAS_ARGB, surface->w, surface->h, &canvas) != STATUS_OK)
        return NULL;
    for (int y = 0; y < surface->h; y++)
        memcpy(canvas->pixels + (size_t)y * canvas->pitch,
               (const uint8_t *)surface->pixels + (size_t)y * (size_t)surface->pitch,
               (size_t)surface->w * 4);
    SDL_FreeSurface(surface);
    return canvas;
}
