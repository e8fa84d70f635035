/* How an element will look, decided once for drawing, measuring and dumping. Private to the layout
 * files. */
#ifndef QUARTER_SCREEN_UI_PLAN_H
#define QUARTER_SCREEN_UI_PLAN_H

#include "display/screen/layout.h"

struct ui_look {
    enum token fill, border, ink, detail_ink, icon_ink;
    int border_px;
};

struct ui_plan {
    struct rect icon; /* empty: none */
    struct rect text, detail;
    struct text_style text_style, detail_style;
    struct text_metrics text_metrics, detail_metrics;
    bool has_text, has_detail;
    bool text_cut,
        detail_cut; /* its box limits its height; else it is drawn whole from the box's top */
    int height_px;  /* of icon, text and detail with their gaps */
};

struct ui_look ui_look_of(const struct ui_element *element);
struct ui_plan ui_plan_of(const struct ui_kit *kit, const struct ui_page *page,
                          const struct ui_element *element);

#endif
