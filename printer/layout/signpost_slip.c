/* A signpost to take along: what it is about, what to do, and where, as a code to scan and as an address to type. */
#include "printer/layout/slips.h"

void slip_add_signpost(struct sheet *sheet, const struct print_request *request,
                       const struct catalogue *words)
{
    bool narrow = slip_is_narrow(sheet);
    const struct sheet_text title = {.size = narrow ? 36 : 44,
                                     .min_size = 26,
                                     .one_line = narrow ? 30 : 36,
                                     .max_lines = 5,
                                     .weight = TEXT_BOLD,
                                     .align = TEXT_CENTRE,
                                     .inset = SLIP_MARGIN,
                                     .after = 16};
    const struct sheet_text body = {.size = narrow ? 26 : 30,
                                    .min_size = 22,
                                    .align = TEXT_START,
                                    .inset = SLIP_MARGIN,
                                    .after = 16};
    const struct sheet_text caption = slip_caption();
    sheet_add_text(sheet, request->title, &title);
    sheet_add_text(sheet, request->text, &body);
    if (!request->url[0])
        return;
    if (sheet_add_qr(sheet, request->url, 0))
        sheet_add_text(sheet, catalogue_text(words, "Scan this to open it on your phone"),
                       &caption);
    slip_add_address(sheet, request->url);
}
