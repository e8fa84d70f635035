/* A test page: every dot of the head prints, nothing is cut off at the sides, steps show a jolting feed, and a code to scan.
 * Each of the site's languages adds a line. */
#include "printer/layout/slips.h"

#include <stdio.h>

enum { BAR = 24, STEPS = 16, STEP = 8 };

void slip_add_test(struct sheet *sheet, const struct print_request *request,
                   const struct catalogue *words)
{
    const struct sheet_text title = {.size = 44,
                                     .min_size = 26,
                                     .max_lines = 2,
                                     .weight = TEXT_BOLD,
                                     .align = TEXT_CENTRE,
                                     .inset = SLIP_MARGIN,
                                     .after = 8};
    struct sheet_text figures = slip_caption();
    figures.left_to_right = true;
    figures.after = 16;
    char text[64];
    sheet_add_text(sheet, catalogue_text(words, "Test page"), &title);
    snprintf(text, sizeof(text), "%d dots, %d dpi", sheet->width_px, sheet->dpi);
    sheet_add_text(sheet, text, &figures);
    sheet_add_bar(sheet, BAR);
    sheet_space(sheet, STEP);
    sheet_add_steps(sheet, STEPS, STEP);
    sheet_space(sheet, STEP);
    (void)sheet_add_qr(sheet, request->ticket, 0); /* 26 letters always fit */
}

void slip_add_test_line(struct sheet *sheet, const struct catalogue *words)
{
    const struct sheet_text line = {.size = 28,
                                    .min_size = 22,
                                    .one_line = 22,
                                    .align = TEXT_START,
                                    .inset = SLIP_MARGIN,
                                    .after = 6};
    sheet_add_text(sheet, catalogue_text(words, "You will be called in turn."), &line);
}
