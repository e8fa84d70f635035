/* A page as PWG raster (PWG 5102.4), in memory. */
#ifndef QUARTER_DEVICE_RASTER_H
#define QUARTER_DEVICE_RASTER_H

#include "printer/page.h"
#include "quarter/status.h"

#include <stddef.h>

enum raster_type { RASTER_BLACK_1, RASTER_SGRAY_8 };

const char *raster_type_keyword(enum raster_type type); /* "black_1" */

/* *bytes is malloc'd. FULL: no memory. */
enum status raster_encode(const struct page *page, enum raster_type type, int dpi, char **bytes,
                          size_t *size);

/* The first page of a PWG raster file, black_1 or sgray_8 (black below 128); *dpi may be NULL.
 * CORRUPT: it is none. */
enum status raster_decode(int file, struct page **page, int *dpi);

#endif
