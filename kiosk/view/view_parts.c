/* What pages are put together from; see view_parts.h. Tiles are in view_tiles.c, cards in view_cards.c, what every page
 * has in view_frame.c. */
#include "view/view_parts.h"

#include <math.h>
#include <string.h>

#include "view/site_map.h"

int view_px(const struct view *v, int nominal)
{
    return (int)lround(nominal * v->scale);
}

const char *view_say(const struct view *v, const char *msgid)
{
    return catalogue_text(v->c->words, msgid);
}

const char *view_site_say(const struct view *v, const struct site_text *text)
{
    return site_info_text(v->c->site, text, v->c->language);
}

int view_most(int a, int b)
{
    return a > b ? a : b;
}

int view_least(int a, int b)
{
    return a < b ? a : b;
}

static struct text_style style_of(const struct view *v, const struct ui_element *element)
{
    return (struct text_style){.size_px = element->size_px,
                               .weight = element->weight,
                               .break_words = element->break_words,
                               .language =
                                   element->language != NULL ? element->language : v->c->language};
}

bool view_holds_words(const struct view *v, const struct ui_element *element)
{
    if (element->text == NULL || element->text[0] == '\0')
        return true;
    int width = element->rect.w - 2 * element->padding_px;
    if (element->icon != NULL && element->icon_place != UI_ICON_ABOVE)
        width -= element->icon_px + SPACE_GAP;
    const struct text_style style = style_of(v, element);
    return width > 0 && text_measure(v->kit->text, element->text, &style, width, 0).fits;
}

int view_natural_width(const struct view *v, const struct ui_element *element)
{
    const struct text_style style = style_of(v, element);
    return text_measure(v->kit->text, element->text, &style, v->c->width * 4, 0).width_px + 2;
}

/* This try is lost: nothing of it will be seen. */
static bool is_lost(const struct view *v)
{
    return v->overflow && !v->last_try;
}

/* Nothing that is touched may lie where a hand does not reach. */
static bool is_reached(const struct view *v, const struct ui_element *element)
{
    return element->rect.y >= v->reach.y &&
           element->rect.y + element->rect.h <= v->reach.y + v->reach.h;
}

static bool is_offered(const struct view *v, const struct ui_element *element)
{
    int item;
    enum journey_action action = site_map_action(v->c->site, v->j->question, element->id, &item);
    return action == ACTION_NONE || journey_offers(v->j, action);
}

void view_add(struct view *v, struct ui_element element)
{
    if (is_lost(v) || v->measuring)
        return;
    if (element.role == UI_BUTTON && !is_offered(v, &element))
        element.disabled = true;
    if (element.role == UI_BUTTON && !element.disabled) {
        element.focus = ++v->focus;
        element.pressed = v->c->pressed != NULL && strcmp(v->c->pressed, element.id) == 0;
        element.focused = v->c->focused != NULL && strcmp(v->c->focused, element.id) == 0;
    }
    if (!view_holds_words(v, &element) || (element.role == UI_BUTTON && !is_reached(v, &element)))
        v->overflow = true;
    ui_add(v->ui, &element);
}

int view_wanted(const struct view *v, const struct ui_element *element)
{
    if (is_lost(v))
        return 0;
    return ui_wanted_height(v->kit, ui_page(v->ui), element);
}

/* ---- columns ------------------------------------------------------------------------------------------------------ */

struct column column_of(struct rect area)
{
    return (struct column){area, area.y};
}

struct rect column_rest(const struct column *column)
{
    struct rect rest = column->area;
    rest.y = column->y;
    rest.h = view_most(column->area.y + column->area.h - column->y, 0);
    return rest;
}

void column_skip(struct column *column, int px)
{
    column->y += px;
}

void column_reach(const struct view *v, struct column *column)
{
    column->y = view_most(column->y, v->reach.y);
}

void column_add(struct view *v, struct column *column, struct ui_element element)
{
    element.rect.x = column->area.x;
    element.rect.y = column->y;
    element.rect.w = column->area.w;
    element.rect.h = view_most(element.rect.h, view_wanted(v, &element));
    view_add(v, element);
    column->y += element.rect.h;
    column_check(v, column);
}

void column_check(struct view *v, const struct column *column)
{
    if (column->y > column->area.y + column->area.h)
        v->overflow = true;
}

struct rect view_left(const struct view *v, struct rect area, int percent)
{
    area.w = (area.w - 2 * v->d.gap) * percent / 100;
    return area;
}

struct rect view_right(const struct view *v, struct rect area, int percent)
{
    struct rect left = view_left(v, area, percent);
    area.x = left.x + left.w + 2 * v->d.gap;
    area.w -= left.w + 2 * v->d.gap;
    return area;
}

/* ---- texts and buttons -------------------------------------------------------------------------------------------- */

struct ui_element view_text(const struct view *v, const char *id, const char *text, int size_px)
{
    return (struct ui_element){
        .id = id, .role = UI_TEXT, .text = text, .size_px = size_px, .break_words = v->d.breaks};
}

struct ui_element view_heading(const struct view *v, const char *id, const char *text)
{
    return (struct ui_element){.id = id,
                               .role = UI_HEADING,
                               .text = text,
                               .size_px = v->d.title,
                               .weight = TEXT_BOLD,
                               .break_words = v->d.breaks};
}

struct ui_element view_main_button(struct view *v, const char *id, const char *text)
{
    return (struct ui_element){.id = id,
                               .role = UI_BUTTON,
                               .rect.h = v->d.button,
                               .padding_px = v->d.pad,
                               .padding_y_px = v->d.pad / 2,
                               .fill = TOKEN_BRAND,
                               .ink = TOKEN_ON_BRAND,
                               .border_px = view_most(view_px(v, LINE_PX), 1), /* when greyed */
                               .radius = view_px(v, CORNER_RADIUS),
                               .text = text,
                               .size_px = v->d.body * 6 / 5,
                               .weight = TEXT_BOLD,
                               .break_words = v->d.breaks,
                               .align = TEXT_CENTRE};
}

struct ui_element view_plain_button(struct view *v, const char *id, const char *text)
{
    struct ui_element button = view_main_button(v, id, text);
    button.fill = TOKEN_CARD;
    button.ink = TOKEN_INK;
    button.border = TOKEN_LINE_STRONG;
    button.border_px = view_most(view_px(v, LINE_PX), 1);
    button.size_px = v->d.body;
    return button;
}

struct ui_element view_note(const struct view *v, const char *id, const char *text,
                            const char *icon)
{
    return (struct ui_element){.id = id,
                               .role = UI_ALERT,
                               .padding_px = v->d.pad,
                               .padding_y_px = v->d.pad * 2 / 3,
                               .fill = TOKEN_CARD,
                               .border = TOKEN_AMBER,
                               .border_px = view_most(view_px(v, LINE_PX), 1),
                               .radius = view_px(v, CORNER_RADIUS),
                               .text = text,
                               .size_px = v->d.small,
                               .break_words = v->d.breaks,
                               .icon = icon,
                               .icon_px = view_px(v, 56),
                               .icon_place = UI_ICON_START,
                               .icon_ink = TOKEN_AMBER};
}

void view_title(struct view *v, struct column *column, const char *title, const char *sub)
{
    struct ui_element heading = view_heading(v, "title", title);
    struct ui_element line = view_text(v, "sub", sub, v->d.small);
    int below = v->d.gap + v->d.gap / 4, between = v->d.gap / 4;
    heading.rect.w = line.rect.w = column->area.w;
    line.ink = TOKEN_SOFT;
    int height = view_wanted(v, &heading) + below;
    if (sub != NULL)
        height += between + view_wanted(v, &line);
    column->y = view_most(column->y, v->reach.y - height);
    column_add(v, column, heading);
    if (sub != NULL) {
        column_skip(column, between);
        column_add(v, column, line);
    }
    column_skip(column, below);
}

static bool takes_one_line(const struct view *v, const struct ui_element *button)
{
    int room = button->rect.w - 2 * button->padding_px;
    if (button->icon != NULL)
        room -= button->icon_px + SPACE_GAP;
    return button->detail == NULL && view_natural_width(v, button) <= room;
}

static bool stand_beside(const struct view *v, int width, struct ui_element *buttons, int count)
{
    bool beside = count > 1;
    for (int i = 0; i < count; i++) {
        buttons[i].rect.w = (width - (count - 1) * v->d.gap) / count;
        beside = beside && (v->wide || count == 2) && view_holds_words(v, &buttons[i]) &&
                 (takes_one_line(v, &buttons[i]) || view_wanted(v, &buttons[i]) <= v->d.button);
    }
    for (int i = 0; !beside && i < count; i++)
        buttons[i].rect.w = width;
    return beside;
}

int view_buttons_height(const struct view *v, int width, struct ui_element *buttons, int count)
{
    bool beside = stand_beside(v, width, buttons, count);
    int highest = 0, sum = 0;
    for (int i = 0; i < count; i++) {
        int height = view_most(buttons[i].rect.h, view_wanted(v, &buttons[i]));
        highest = view_most(highest, height);
        sum += height + (i > 0 ? v->d.gap : 0);
    }
    return beside ? highest : sum;
}

void view_buttons(struct view *v, struct column *column, struct ui_element *buttons, int count)
{
    int height = view_buttons_height(v, column->area.w, buttons, count);
    bool beside = stand_beside(v, column->area.w, buttons, count);
    int x = column->area.x, y = column->y;
    for (int i = 0; i < count; i++) {
        struct ui_element button = buttons[i];
        button.rect.x = x;
        button.rect.y = y;
        button.rect.h = beside ? height : view_most(button.rect.h, view_wanted(v, &button));
        view_add(v, button);
        x += beside ? button.rect.w + v->d.gap : 0;
        y += beside ? 0 : button.rect.h + v->d.gap;
    }
    column->y += height;
    column_check(v, column);
}

void view_buttons_below(struct view *v, struct rect *area, struct ui_element *buttons, int count)
{
    int height = view_buttons_height(v, area->w, buttons, count);
    struct rect below = {area->x, area->y + area->h - height, area->w, height};
    struct column column = column_of(below);
    view_buttons(v, &column, buttons, count);
    area->h = view_most(area->h - height - v->d.gap, 0);
}
