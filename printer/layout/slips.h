/* The parts of a slip: each kind adds itself to the sheet under the common head. The words are the catalogue's of the slip's
 * language. For layout.c only. */
#ifndef QUARTER_LAYOUT_SLIPS_H
#define QUARTER_LAYOUT_SLIPS_H

#include "display/screen/catalogue.h"
#include "printer/layout/sheet.h"
#include "printer/request.h"

enum { SLIP_MARGIN = 24 };

/* Returns the size of the number's type. */
int slip_add_ticket(struct sheet *sheet, const struct print_request *request,
                    const struct catalogue *words);
void slip_add_signpost(struct sheet *sheet, const struct print_request *request,
                       const struct catalogue *words);
void slip_add_test(struct sheet *sheet, const struct print_request *request,
                   const struct catalogue *words);
void slip_add_test_line(struct sheet *sheet, const struct catalogue *words);

bool slip_is_narrow(const struct sheet *sheet); /* 58 mm paper */
struct sheet_text slip_caption(void);           /* under a code */
void slip_add_address(struct sheet *sheet, const char *url);

#endif
