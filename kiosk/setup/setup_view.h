/* Draws the setup pages: English only, for staff; upright and wide, from 800x600 up. Pure but for measuring
 * text. */
#ifndef QUARTER_KIOSK_SETUP_VIEW_H
#define QUARTER_KIOSK_SETUP_VIEW_H

#include "display/screen/layout.h"
#include "setup/setup.h"

struct setup_picture {
    const struct setup *setup;
    enum theme_kind theme;
    const char *pressed; /* id of the button under the finger, or NULL */
    int64_t now_ms;
};

void setup_view_lay(const struct setup_picture *picture, const struct ui_kit *kit, struct ui *ui);
/* What is drawn changes by itself then: seconds are counted. INT64_MAX: it does not. */
int64_t setup_view_due_ms(const struct setup *setup, int64_t now_ms);

#endif
