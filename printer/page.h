/* A 1-bit page: what the layout draws and the device prints. Bit 7 of a byte is its leftmost dot, 1
 * is black, rows are padded to whole bytes with white: the layout of PWG raster's black_1 (PWG
 * 5102.4). Immutable once shared between threads. */
#ifndef QUARTER_PRINTER_PAGE_H
#define QUARTER_PRINTER_PAGE_H

#include "quarter/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PAGE_WIDTH_MAX_PX = 4096, PAGE_HEIGHT_MAX_PX = 16384 };

struct page {
    int width_px, height_px;
    size_t stride; /* bytes a row */
    uint8_t *bits;
};

/* A white page. INVALID: a size outside 1..MAX; FULL: no memory. */
enum status page_create(int width_px, int height_px, struct page **page);
void page_destroy(struct page *page);

/* From 8-bit grey (0 black): a dot is black below `threshold`. No dithering: it would fray the
 * letters. */
enum status page_from_grey(const uint8_t *grey, int width_px, int height_px, size_t stride,
                           uint8_t threshold, struct page **page);

bool page_is_black(const struct page *page, int x, int y); /* outside: white */
void page_set_black(struct page *page, int x, int y);      /* outside: nothing */
bool page_equal(const struct page *one, const struct page *other);

#endif
