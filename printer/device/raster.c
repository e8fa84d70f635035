/* PWG raster through libcups; see raster.h. */
#include "printer/device/raster.h"

#include "quarter/check.h"

#include <cups/cups.h>
#include <cups/pwg.h>
#include <cups/raster.h>
#include <stdlib.h>
#include <string.h>

enum { HUNDREDTHS_AN_INCH = 2540, RASTER_BYTES_MAX = 64 * 1024 * 1024 };

struct growing {
    char *bytes;
    size_t size, room;
};

static ssize_t append(void *context, unsigned char *bytes, size_t size);
static bool fill_header(const struct page *page, enum raster_type type, int dpi,
                        cups_page_header2_t *header);
static bool write_rows(cups_raster_t *raster, const struct page *page, enum raster_type type,
                       unsigned row_bytes);
static enum status read_rows(cups_raster_t *raster, const cups_page_header2_t *header,
                             struct page *page);

const char *raster_type_keyword(enum raster_type type)
{
    switch (type) {
    case RASTER_BLACK_1: return "black_1";
    case RASTER_SGRAY_8: return "sgray_8";
    }
    CHECK(false && "a known raster type");
    return "";
}

enum status raster_encode(const struct page *page, enum raster_type type, int dpi, char **bytes,
                          size_t *size)
{
    cups_page_header2_t header;
    if (!fill_header(page, type, dpi, &header))
        return STATUS_INVALID;
    struct growing grown = {0};
    cups_raster_t *raster = cupsRasterOpenIO(append, &grown, CUPS_RASTER_WRITE_PWG);
    if (!raster) {
        free(grown.bytes);
        return STATUS_FULL;
    }
    bool written = cupsRasterWriteHeader2(raster, &header) &&
                   write_rows(raster, page, type, header.cupsBytesPerLine);
    cupsRasterClose(raster);
    if (!written || !grown.bytes) {
        free(grown.bytes);
        return STATUS_FULL;
    }
    *bytes = grown.bytes;
    *size = grown.size;
    return STATUS_OK;
}

enum status raster_decode(int file, struct page **page, int *dpi)
{
    cups_raster_t *raster = cupsRasterOpen(file, CUPS_RASTER_READ);
    if (!raster)
        return STATUS_CORRUPT;
    cups_page_header2_t header;
    struct page *made = NULL;
    enum status status = STATUS_CORRUPT;
    if (cupsRasterReadHeader2(raster, &header) && header.cupsWidth <= PAGE_WIDTH_MAX_PX &&
        header.cupsHeight <= PAGE_HEIGHT_MAX_PX &&
        (header.cupsBitsPerPixel == 1 || header.cupsBitsPerPixel == 8) &&
        header.cupsBytesPerLine >= (header.cupsWidth * header.cupsBitsPerPixel + 7) / 8)
        status = page_create((int)header.cupsWidth, (int)header.cupsHeight, &made);
    if (status == STATUS_OK)
        status = read_rows(raster, &header, made);
    cupsRasterClose(raster);
    if (status != STATUS_OK) {
        page_destroy(made);
        return STATUS_CORRUPT;
    }
    if (dpi)
        *dpi = (int)header.HWResolution[0];
    *page = made;
    return STATUS_OK;
}

static ssize_t append(void *context, unsigned char *bytes, size_t size)
{
    struct growing *grown = context;
    if (grown->size + size > RASTER_BYTES_MAX)
        return -1;
    if (grown->size + size > grown->room) {
        size_t room = grown->room ? grown->room * 2 : 16384;
        while (room < grown->size + size)
            room *= 2;
        char *bigger = realloc(grown->bytes, room);
        if (!bigger)
            return -1;
        grown->bytes = bigger;
        grown->room = room;
    }
    memcpy(grown->bytes + grown->size, bytes, size);
    grown->size += size;
    return (ssize_t)size;
}

static bool fill_header(const struct page *page, enum raster_type type, int dpi,
                        cups_page_header2_t *header)
{
    char name[64];
    pwg_media_t media = {
        .pwg = name,
        .width = page->width_px * HUNDREDTHS_AN_INCH / dpi,
        .length = page->height_px * HUNDREDTHS_AN_INCH / dpi,
    };
    if (!pwgFormatSizeName(name, sizeof(name), "custom", "ticket", media.width, media.length, "mm"))
        return false;
    if (!cupsRasterInitPWGHeader(header, &media, raster_type_keyword(type), dpi, dpi, "one-sided",
                                 "normal"))
        return false;
    /* The library counts dots from hundredths of a millimetre and may be one off; the page is what
     * it is. */
    header->cupsWidth = (unsigned)page->width_px;
    header->cupsHeight = (unsigned)page->height_px;
    header->cupsBytesPerLine =
        type == RASTER_BLACK_1 ? (unsigned)page->stride : (unsigned)page->width_px;
    header->cupsInteger[CUPS_RASTER_PWG_TotalPageCount] = 1;
    return true;
}

static bool write_rows(cups_raster_t *raster, const struct page *page, enum raster_type type,
                       unsigned row_bytes)
{
    unsigned char *row = malloc(row_bytes);
    if (!row)
        return false;
    bool written = true;
    for (int y = 0; y < page->height_px && written; y++) {
        if (type == RASTER_BLACK_1)
            memcpy(row, page->bits + (size_t)y * page->stride, row_bytes);
        else
            for (int x = 0; x < page->width_px; x++)
                row[x] = page_is_black(page, x, y) ? 0 : 255;
        written = cupsRasterWritePixels(raster, row, row_bytes) == row_bytes;
    }
    free(row);
    return written;
}

static enum status read_rows(cups_raster_t *raster, const cups_page_header2_t *header,
                             struct page *page)
{
    unsigned char *row = malloc(header->cupsBytesPerLine);
    if (!row)
        return STATUS_FULL;
    enum status status = STATUS_OK;
    bool black_is_high = header->cupsColorSpace == CUPS_CSPACE_K;
    for (int y = 0; y < page->height_px && status == STATUS_OK; y++) {
        if (cupsRasterReadPixels(raster, row, header->cupsBytesPerLine) !=
            header->cupsBytesPerLine) {
            status = STATUS_CORRUPT;
            break;
        }
        for (int x = 0; x < page->width_px; x++) {
            bool high =
                header->cupsBitsPerPixel == 1 ? row[x / 8] & (0x80u >> (x % 8)) : row[x] >= 128;
            if (high == black_is_high)
                page_set_black(page, x, y);
        }
    }
    free(row);
    return status;
}
