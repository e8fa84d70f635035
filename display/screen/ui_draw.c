/* Draws a page: what touches the clip, in the order of the list. */
#include "display/screen/ui_plan.h"

static void draw_shape(const struct ui_kit *kit, struct canvas *canvas,
                       const struct ui_element *element, const struct ui_look *look);
static int draw_words(const struct ui_kit *kit, struct canvas *canvas,
                      const struct ui_element *element, const struct ui_plan *plan,
                      const struct ui_look *look);

int ui_draw(const struct ui *ui, const struct ui_kit *kit, struct canvas *canvas)
{
    const struct ui_page *page = ui_page(ui);
    int faults = 0;
    canvas_fill(canvas, canvas->clip, theme_colour(kit->theme, page->background));
    for (size_t i = 0; i < ui_count(ui); i++) {
        const struct ui_element *element = ui_element(ui, i);
        if (rect_is_empty(rect_intersect(element->rect, canvas->clip))) {
            continue;
        }
        const struct ui_look look = ui_look_of(element);
        const struct ui_plan plan = ui_plan_of(kit, page, element);
        struct canvas own = *canvas;
        canvas_set_clip(&own, rect_intersect(canvas->clip, element->rect));
        draw_shape(kit, &own, element, &look);
        if (!rect_is_empty(plan.icon)) {
            const bool rtl = text_language_is_rtl(page->language) && !element->keep_side;
            faults += icons_draw(kit->icons, &own, plan.icon, element->icon, rtl,
                                 theme_colour(kit->theme, look.icon_ink)) != STATUS_OK;
        }
        if (element->qr != NULL) {
            faults += canvas_qr(&own, element->rect, element->qr) != STATUS_OK;
        }
        faults += draw_words(kit, &own, element, &plan, &look);
    }
    return faults;
}

int ui_wanted_height(const struct ui_kit *kit, const struct ui_page *page,
                     const struct ui_element *element)
{
    struct ui_element high = *element;
    const int padding = element->padding_y_px > 0 ? element->padding_y_px : element->padding_px;
    high.rect.h = 1 << 14; /* no limit */
    high.baseline_px = 0;
    const struct ui_plan plan = ui_plan_of(kit, page, &high);
    int height = plan.height_px;
    if (!rect_is_empty(plan.icon) && plan.icon.h > height) {
        height = plan.icon.h;
    }
    return height + 2 * padding;
}

static void draw_shape(const struct ui_kit *kit, struct canvas *canvas,
                       const struct ui_element *element, const struct ui_look *look)
{
    if (look->fill != TOKEN_NONE) {
        canvas_fill_round(canvas, element->rect, element->radius,
                          theme_colour(kit->theme, look->fill));
    }
    if (look->border != TOKEN_NONE) {
        canvas_stroke_round(canvas, element->rect, element->radius, look->border_px,
                            theme_colour(kit->theme, look->border));
    }
    if (element->focused &&
        look->fill == TOKEN_BRAND) { /* a second line, to be seen on the brand */
        const int radius = element->radius > FOCUS_PX ? element->radius - FOCUS_PX : 0;
        canvas_stroke_round(canvas, rect_inset(element->rect, FOCUS_PX), radius, LINE_PX,
                            theme_colour(kit->theme, TOKEN_ON_BRAND));
    }
}

static int draw_text(const struct ui_kit *kit, struct canvas *canvas, struct rect box, bool cut,
                     const char *text, const struct text_style *style, enum token ink)
{
    if (!cut) {
        box.h = 0;
    } else if (rect_is_empty(box)) {
        return 1;
    }
    const struct text_metrics metrics =
        text_draw(kit->text, canvas, box, text, style, theme_colour(kit->theme, ink));
    return !metrics.fits || metrics.missing > 0;
}

static int draw_words(const struct ui_kit *kit, struct canvas *canvas,
                      const struct ui_element *element, const struct ui_plan *plan,
                      const struct ui_look *look)
{
    int faults = 0;
    if (plan->has_text) {
        faults += draw_text(kit, canvas, plan->text, plan->text_cut, element->text,
                            &plan->text_style, look->ink);
    }
    if (plan->has_detail) {
        faults += draw_text(kit, canvas, plan->detail, plan->detail_cut, element->detail,
                            &plan->detail_style, look->detail_ink);
    }
    return faults;
}
