/* A receipt printer's side of ESC/POS, written from its reference alone: bytes in, paper out. What a printer of the kind does
 * with commands it knows; whatever else comes is counted, for on paper it would be rubbish. */
#ifndef QUARTER_TESTS_ESCPOS_READER_H
#define QUARTER_TESTS_ESCPOS_READER_H

#include "printer/page.h"

#include <stddef.h>

enum { ESCPOS_PIECES_MAX = 8 };

struct escpos_paper {
    struct page
        *pieces[ESCPOS_PIECES_MAX]; /* cut off; the last one may still hang in the printer */
    size_t count;
    size_t cuts;
    int rubbish;       /* commands it does not understand */
    int letters;       /* bytes it would print as text, and then leave out the picture after it */
    int idle;          /* zero bytes between commands: nothing happens */
    int real_time;     /* DLE EOT, ENQ, DC4 anywhere: a printer may obey them even in a picture */
    int tallest_band;  /* rows */
    int unlucky_bands; /* of a multiple of 48 rows */
    int too_wide;      /* rows wider than the head: cut off at its edge */
    size_t lacking;    /* bytes that the last picture still waits for */
};

struct escpos_paper escpos_read(const char *bytes, size_t size, int head_dots);
/* The dots that are on paper and not in the picture (escpos.h tells of them); -1: not as large, or one is lacking. */
int escpos_dots_too_many(const struct page *paper, const struct page *drawn);
void escpos_paper_free(struct escpos_paper *paper);

#endif
