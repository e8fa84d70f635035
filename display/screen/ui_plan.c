/* See ui_plan.h. A block of icon, text and detail is centred (or set to the top or bottom) in the
 * element's padding; when it is too high, the detail shrinks first, then the text, and at last the
 * detail is cut and said not to fit. */
#include "display/screen/ui_plan.h"

enum { ICON_GAP_ABOVE = 12, ICON_GAP_BESIDE = SPACE_GAP, DETAIL_GAP = 8, ANY_HEIGHT = 0 };

static struct text_style style_of(const struct ui_page *page, const struct ui_element *element);
static void plan_block(const struct ui_kit *kit, const struct ui_element *element, struct rect area,
                       struct ui_plan *plan);

struct ui_look ui_look_of(const struct ui_element *element)
{
    struct ui_look look = {element->fill,
                           element->border,
                           element->ink != TOKEN_NONE ? element->ink : TOKEN_INK,
                           element->detail_ink != TOKEN_NONE ? element->detail_ink : TOKEN_SOFT,
                           element->icon_ink != TOKEN_NONE ? element->icon_ink : TOKEN_BRAND,
                           element->border_px > 0 ? element->border_px : LINE_PX};
    if (element->disabled) {
        look.ink = look.detail_ink = look.icon_ink = TOKEN_FAINT;
        const bool boxed = look.fill != TOKEN_NONE || look.border != TOKEN_NONE;
        look.fill = look.fill != TOKEN_NONE ? TOKEN_PAPER : TOKEN_NONE;
        look.border = boxed ? TOKEN_LINE : TOKEN_NONE;
    } else if (element->pressed) {
        look.fill = element->fill == TOKEN_BRAND ? TOKEN_INK : TOKEN_TINT;
        look.ink = element->fill == TOKEN_BRAND ? TOKEN_PAPER : look.ink;
        look.border = TOKEN_BRAND;
        look.border_px = FOCUS_PX;
    } else if (element->focused) {
        look.border = element->fill == TOKEN_BRAND ? TOKEN_INK : TOKEN_BRAND;
        look.border_px = FOCUS_PX;
    }
    return look;
}

static struct rect padded(const struct ui_element *element)
{
    const int x = element->padding_px;
    const int y = element->padding_y_px > 0 ? element->padding_y_px : x;
    const struct rect rect = element->rect;
    struct rect area = {rect.x + x, rect.y + y, rect.w - 2 * x, rect.h - 2 * y};
    area.w = area.w > 0 ? area.w : 0;
    area.h = area.h > 0 ? area.h : 0;
    return area;
}

static bool has_words(const char *text)
{
    return text != NULL && text[0] != '\0';
}

struct ui_plan ui_plan_of(const struct ui_kit *kit, const struct ui_page *page,
                          const struct ui_element *element)
{
    struct ui_plan plan = {.has_text = has_words(element->text),
                           .has_detail = has_words(element->detail)};
    struct rect area = padded(element);
    const bool rtl = text_language_is_rtl(page->language) && !element->keep_side;
    const bool icon = element->icon != NULL && element->icon_px > 0;
    const bool beside = element->icon_place == UI_ICON_START || element->icon_place == UI_ICON_END;
    if (icon && beside) {
        const bool left = (element->icon_place == UI_ICON_START) != rtl;
        const int x = left ? area.x : area.x + area.w - element->icon_px;
        plan.icon = (struct rect){x, area.y + (area.h - element->icon_px) / 2, element->icon_px,
                                  element->icon_px};
        area.x += left ? element->icon_px + ICON_GAP_BESIDE : 0;
        area.w -= element->icon_px + ICON_GAP_BESIDE;
        area.w = area.w > 0 ? area.w : 0;
    } else if (icon) {
        plan.icon = (struct rect){area.x + (area.w - element->icon_px) / 2,
                                  area.y + (area.h - element->icon_px) / 2, element->icon_px,
                                  element->icon_px};
    }
    plan.text_style = style_of(page, element);
    plan.detail_style = plan.text_style;
    plan.detail_style.weight = TEXT_REGULAR;
    plan.detail_style.size_px = element->detail_px > 0 ? element->detail_px : element->size_px;
    if (plan.detail_style.min_size_px > plan.detail_style.size_px) {
        plan.detail_style.min_size_px = plan.detail_style.size_px;
    }
    if (plan.has_text || plan.has_detail) {
        plan_block(kit, element, area, &plan);
    }
    return plan;
}

static enum text_align physical(enum text_align align, bool rtl)
{
    switch (align) {
    case TEXT_START: return rtl ? TEXT_RIGHT : TEXT_LEFT;
    case TEXT_END: return rtl ? TEXT_LEFT : TEXT_RIGHT;
    case TEXT_CENTRE:
    case TEXT_LEFT:
    case TEXT_RIGHT: break;
    }
    return align;
}

/* Numbers and times are written left to right in the Latin figures of the ticket, whatever the
 * page's language. */
static struct text_style style_of(const struct ui_page *page, const struct ui_element *element)
{
    const bool figures = element->role == UI_NUMBER || element->role == UI_CLOCK;
    const bool rtl = text_language_is_rtl(page->language) && !element->keep_side;
    const char *language = element->language != NULL ? element->language : page->language;
    return (struct text_style){
        .size_px = element->size_px > 0 ? element->size_px : TYPE_KIOSK_SMALL,
        .min_size_px = element->min_size_px,
        .max_lines = element->max_lines,
        .break_words = element->break_words,
        .balance = element->role == UI_HEADING || element->align == TEXT_CENTRE,
        .weight = element->weight,
        .align = physical(element->align, rtl),
        .valign = TEXT_TOP,
        .direction = figures ? TEXT_LTR : TEXT_BY_LANGUAGE,
        .language = figures ? "en" : language,
    };
}

/* What a block of two measured texts takes without the leading above its first and below its last
 * ink. */
static int tight_height(const struct ui_plan *plan)
{
    const struct text_metrics *first = plan->has_text ? &plan->text_metrics : &plan->detail_metrics;
    const struct text_metrics *last =
        plan->has_detail ? &plan->detail_metrics : &plan->text_metrics;
    return plan->height_px - first->ink.y - (last->height_px - last->ink.y - last->ink.h);
}

static void measure_block(const struct ui_kit *kit, const struct ui_element *element, int width_px,
                          struct ui_plan *plan)
{
    plan->height_px = 0;
    if (plan->has_text) {
        plan->text_metrics =
            text_measure(kit->text, element->text, &plan->text_style, width_px, ANY_HEIGHT);
        plan->height_px += plan->text_metrics.height_px;
    }
    if (plan->has_detail) {
        plan->detail_metrics =
            text_measure(kit->text, element->detail, &plan->detail_style, width_px, ANY_HEIGHT);
        plan->height_px += plan->detail_metrics.height_px + (plan->has_text ? DETAIL_GAP : 0);
    }
}

/* Tries smaller sizes until the block is no higher than area_px. */
static void fit_block(const struct ui_kit *kit, const struct ui_element *element, struct rect area,
                      struct ui_plan *plan)
{
    measure_block(kit, element, area.w, plan);
    const int least = element->min_size_px;
    if (least <= 0 || tight_height(plan) <= area.h) {
        return;
    }
    if (plan->has_detail && plan->detail_style.size_px > least) {
        plan->detail_style.size_px = least;
        measure_block(kit, element, area.w, plan);
    }
    static const int STEPS[] = {TYPE_DISPLAY_NEWEST, TYPE_DISPLAY_CALL, TYPE_KIOSK_LARGE,
                                TYPE_DISPLAY_WAIT,   TYPE_KIOSK_TITLE,  TYPE_DISPLAY_NOTICE,
                                TYPE_KIOSK_BODY,     TYPE_KIOSK_SMALL};
    for (size_t i = 0; i < sizeof(STEPS) / sizeof(STEPS[0]); i++) {
        if (plan->has_text && tight_height(plan) > area.h && STEPS[i] < plan->text_style.size_px &&
            STEPS[i] >= least) {
            plan->text_style.size_px = STEPS[i];
            measure_block(kit, element, area.w, plan);
        }
    }
}

static struct rect middle_of(struct rect area, int height_px, enum text_valign valign)
{
    const int slack = area.h - height_px;
    const int y = valign == TEXT_TOP ? 0 : valign == TEXT_BOTTOM ? slack : slack / 2;
    return (struct rect){area.x, area.y + y, area.w, height_px};
}

/* Cuts a text's box to the area and measures it there, so that `fits` is the truth about what will
 * be drawn. */
static bool settle(const struct ui_kit *kit, const char *text, struct rect area, struct rect *box,
                   const struct text_style *style, struct text_metrics *metrics)
{
    if (rect_holds(area, *box) && !rect_is_empty(*box)) {
        return false;
    }
    *box = rect_intersect(*box, area);
    if (rect_is_empty(*box)) {
        metrics->fits = false;
    } else {
        *metrics = text_measure(kit->text, text, style, box->w, box->h);
    }
    return true;
}

static void plan_block(const struct ui_kit *kit, const struct ui_element *element, struct rect area,
                       struct ui_plan *plan)
{
    const bool icon_above = !rect_is_empty(plan->icon) && (element->icon_place == UI_ICON_ABOVE ||
                                                           element->icon_place == UI_ICON_MIDDLE);
    const int icon_height = icon_above ? element->icon_px + ICON_GAP_ABOVE : 0;
    struct rect words = {area.x, area.y, area.w, area.h > icon_height ? area.h - icon_height : 0};
    fit_block(kit, element, words, plan);
    const int text_height = plan->has_text ? plan->text_metrics.height_px : 0;
    const int block_height = plan->height_px;
    plan->height_px += icon_height;
    struct rect block = middle_of(area, plan->height_px, element->valign);
    /* The leading of a tight block may stick out; its ink may not. */
    const int top_slack = plan->has_text ? plan->text_metrics.ink.y : plan->detail_metrics.ink.y;
    const int highest = area.y - (icon_above ? 0 : top_slack);
    block.y = block.y < highest ? highest : block.y;
    if (icon_above) {
        plan->icon.y = block.y;
    }
    block.y += icon_height;
    if (element->baseline_px > 0 && plan->has_text) {
        block.y = element->rect.y + element->baseline_px - plan->text_metrics.baseline_px;
    }
    plan->text = (struct rect){area.x, block.y, area.w, text_height};
    const int detail_y = block.y + text_height + (plan->has_text ? DETAIL_GAP : 0);
    plan->detail = (struct rect){area.x, detail_y, area.w, block.y + block_height - detail_y};
    const struct rect bounds = element->baseline_px > 0 ? element->rect : area;
    if (plan->has_text) {
        plan->text_cut =
            settle(kit, element->text, bounds, &plan->text, &plan->text_style, &plan->text_metrics);
    }
    if (plan->has_detail) {
        plan->detail_cut = settle(kit, element->detail, bounds, &plan->detail, &plan->detail_style,
                                  &plan->detail_metrics);
    }
}
