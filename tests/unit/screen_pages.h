/* Two pages as a kiosk shows them, for the tests of the kit in every language and theme. */
#ifndef QUARTER_TESTS_SCREEN_PAGES_H
#define QUARTER_TESTS_SCREEN_PAGES_H

#include "display/screen/catalogue.h"
#include "display/screen/layout.h"

void page_services(struct ui *ui, const struct catalogue *words, enum theme_kind theme);
void page_ready(struct ui *ui, const struct catalogue *words, enum theme_kind theme);

#endif
