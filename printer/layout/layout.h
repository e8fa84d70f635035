/* A slip as a page: centre and when, then what it is of (a ticket, a signpost, a test), and a dashed
 * end to tear at. In the visitor's language; right-to-left pages are mirrored. A ticket's number
 * always fits, whatever its length and the paper's width.
 *
 * Belongs to one thread (its fonts do). */
#ifndef QUARTER_LAYOUT_LAYOUT_H
#define QUARTER_LAYOUT_LAYOUT_H

#include "printer/page.h"
#include "printer/request.h"

#include <stddef.h>

struct ticket_layout;

struct layout_report {
    int misfits;   /* texts that had to be cut, or have letters that no font has: 0 is right */
    int number_px; /* the size of the number's type */
};

/* assets_dir: where locale/ is. NOT_FOUND: a font is missing; error names it and its package. */
enum status layout_create(const char *assets_dir, char *error, size_t error_size,
                          struct ticket_layout **layout);
void layout_destroy(struct ticket_layout *layout);

/* width_px 200..PAGE_WIDTH_MAX_PX, dpi 100..1200. report may be NULL. */
enum status layout_draw(struct ticket_layout *layout, const struct print_request *request,
                        int width_px, int dpi, struct page **page, struct layout_report *report);

#endif
