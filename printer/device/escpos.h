/* A page as ESC/POS, the command language of receipt printers (Epson's reference of it; others follow that). The page goes
 * as a picture, in bands of GS v 0: the printers' own fonts have no Gujarati. Then the paper is fed to the knife and cut
 * but for one point (GS V 66), so that a slip nobody takes does not fall to the floor. Pure.
 *
 * What printers in the field made necessary:
 *   - a band of 128 rows at most: cheap ones have a small buffer, and read what is beyond it as text;
 *   - no band whose height is a multiple of 48: some 58 mm ones print rubbish after it;
 *   - in a row, the bytes DLE EOT, DLE ENQ and DLE DC4 are obeyed as real-time commands even inside a picture. There the
 *     stroke is made one dot wider: an eighth of a millimetre that nobody sees. */
#ifndef QUARTER_DEVICE_ESCPOS_H
#define QUARTER_DEVICE_ESCPOS_H

#include "printer/page.h"
#include "quarter/status.h"

#include <stddef.h>

enum { ESCPOS_DPI = 203, ESCPOS_BAND_ROWS = 128 };

/* *bytes is malloc'd. `resume`: the last job may have been cut off within a band, which the printer still waits for: as
 * many zeros go first as that band can lack. It reads them as white rows, or, when it waits for nothing, skips them.
 * FULL: no memory. */
enum status escpos_encode(const struct page *page, bool resume, char **bytes, size_t *size);

#endif
