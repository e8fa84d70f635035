/* Pages as PNG; see page_png.h. */
#include "printer/layout/page_png.h"

#include "display/screen/canvas.h"

#include <SDL_image.h>

enum status page_save_png(const struct page *page, const char *path)
{
    struct canvas *canvas;
    enum status status = canvas_create(CANVAS_GRAY, page->width_px, page->height_px, &canvas);
    if (status != STATUS_OK)
        return status;
    for (int y = 0; y < page->height_px; y++)
        for (int x = 0; x < page->width_px; x++)
            canvas->pixels[(size_t)y * canvas->pitch + (size_t)x] =
                page_is_black(page, x, y) ? 0 : 255;
    status = canvas_save_png(canvas, path);
    canvas_destroy(canvas);
    return status;
}

enum status page_load_png(const char *path, struct page **page)
{
    SDL_Surface *file = IMG_Load(path);
    SDL_Surface *rgb = file ? SDL_ConvertSurfaceFormat(file, SDL_PIXELFORMAT_RGB24, 0) : NULL;
    SDL_FreeSurface(file);
    if (!rgb)
        return STATUS_NOT_FOUND;
    struct page *made;
    enum status status = page_create(rgb->w, rgb->h, &made);
    for (int y = 0; status == STATUS_OK && y < rgb->h; y++) {
        const uint8_t *row = (const uint8_t *)rgb->pixels + (size_t)y * (size_t)rgb->pitch;
        for (int x = 0; x < rgb->w; x++, row += 3)
            if (*row < 128)
                page_set_black(made, x, y);
    }
    SDL_FreeSurface(rgb);
    if (status == STATUS_OK)
        *page = made;
    return status;
}
