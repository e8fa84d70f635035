/* The print protocol's lines, one JSON document each (see printer/service.h): what the kiosk asks, and what it reads. Pure. */
#ifndef QUARTER_KIOSK_PAPER_LINES_H
#define QUARTER_KIOSK_PAPER_LINES_H

#include "paper.h"

/* Without its line end; free() it. NULL: not UTF-8. */
char *paper_write_slip(const struct paper_slip *slip);
int paper_copy(const struct paper_slip *slip); /* from 1 */

#endif
