/* The 1-bit page between layout and device; see page.h. */
#include "printer/page.h"

#include "quarter/check.h"

#include <stdlib.h>
#include <string.h>

enum status page_create(int width_px, int height_px, struct page **page)
{
    if (width_px < 1 || width_px > PAGE_WIDTH_MAX_PX || height_px < 1 ||
        height_px > PAGE_HEIGHT_MAX_PX)
        return STATUS_INVALID;
    struct page *made = calloc(1, sizeof(*made));
    if (!made)
        return STATUS_FULL;
    made->width_px = width_px;
    made->height_px = height_px;
    made->stride = ((size_t)width_px + 7) / 8;
    made->bits = calloc((size_t)height_px, made->stride);
    if (!made->bits) {
        free(made);
        return STATUS_FULL;
    }
    *page = made;
    return STATUS_OK;
}

void page_destroy(struct page *page)
{
    if (!page)
        return;
    free(page->bits);
    free(page);
}

enum status page_from_grey(const uint8_t *grey, int width_px, int height_px, size_t stride,
                           uint8_t threshold, struct page **page)
{
    CHECK(width_px < 0 || stride >= (size_t)width_px);
    struct page *made;
    enum status status = page_create(width_px, height_px, &made);
    if (status != STATUS_OK)
        return status;
    for (int y = 0; y < height_px; y++) {
        const uint8_t *row = grey + (size_t)y * stride;
        for (int x = 0; x < width_px; x++)
            if (row[x] < threshold)
                page_set_black(made, x, y);
    }
    *page = made;
    return STATUS_OK;
}

bool page_is_black(const struct page *page, int x, int y)
{
    if (x < 0 || y < 0 || x >= page->width_px || y >= page->height_px)
        return false;
    return page->bits[(size_t)y * page->stride + (size_t)x / 8] & (0x80u >> (x % 8));
}

void page_set_black(struct page *page, int x, int y)
{
    if (x < 0 || y < 0 || x >= page->width_px || y >= page->height_px)
        return;
    uint8_t *byte = &page->bits[(size_t)y * page->stride + (size_t)x / 8];
    *byte = (uint8_t)(*byte | (0x80u >> (x % 8)));
}

bool page_equal(const struct page *one, const struct page *other)
{
    return one->width_px == other->width_px && one->height_px == other->height_px &&
           memcmp(one->bits, other->bits, one->stride * (size_t)one->height_px) == 0;
}
