/* Cards: facts in rows, and a code for phones with what it is for. See view_parts.h. */
#include <stdio.h>

#include "view/view_parts.h"

enum { DOT_PX = 12, DOT_ROOM_PX = 36 };

struct card_row view_row(const struct view *v, const char *id, const char *text, int size_px,
                         enum text_weight weight)
{
    struct card_row row = {.label = view_text(v, id, text, size_px)};
    row.label.weight = weight;
    row.label.ink = weight == TEXT_BOLD ? TOKEN_INK : TOKEN_SOFT;
    return row;
}

struct card_row view_fact(const struct view *v, const char *id, const char *label,
                          const char *value_id, const char *value)
{
    struct card_row row = {.label = view_text(v, id, label, v->d.small),
                           .value = view_text(v, value_id, value, v->d.small)};
    row.label.ink = TOKEN_SOFT;
    row.value.weight = TEXT_BOLD;
    row.value.align = TEXT_END;
    return row;
}

struct ui_element view_plain_card(const struct view *v, const char *id)
{
    return (struct ui_element){.id = id,
                               .role = UI_CARD,
                               .fill = TOKEN_CARD,
                               .border = TOKEN_LINE,
                               .border_px = view_most(view_px(v, LINE_PX), 1),
                               .radius = view_px(v, CORNER_RADIUS_LARGE)};
}

/* One under the other, both from the start side. */
static int stack_row(const struct view *v, struct card_row *row, struct rect line)
{
    row->label.rect = row->value.rect = line;
    row->value.align = TEXT_START;
    row->label.rect.h = view_wanted(v, &row->label);
    row->value.rect.h = view_wanted(v, &row->value);
    row->value.rect.y += row->label.rect.h;
    return row->label.rect.h + row->value.rect.h;
}

/* Side by side on one line where both fit it, else the label takes 45 %; under each other where that is lower. Returns
 * the height. */
static int place_row(const struct view *v, struct card_row *row, struct rect line)
{
    if (row->listed) {
        int in = view_px(v, DOT_ROOM_PX);
        line.x += in;
        line.w -= in;
    }
    row->label.rect = line;
    if (row->value.id == NULL)
        return row->label.rect.h = view_wanted(v, &row->label);
    struct card_row stacked = *row;
    int room = line.w - v->d.gap;
    int width = view_natural_width(v, &row->label);
    bool one_line = width + view_natural_width(v, &row->value) <= room;
    if (!one_line)
        width = view_least(width, room * 9 / 20);
    row->label.rect.w = width;
    row->value.rect = line;
    row->value.rect.x = line.x + width + v->d.gap;
    row->value.rect.w = room - width;
    int height = view_most(view_wanted(v, &row->label), view_wanted(v, &row->value));
    row->label.rect.h = row->value.rect.h = height;
    bool holds = view_holds_words(v, &row->label) && view_holds_words(v, &row->value);
    int high = one_line ? height : stack_row(v, &stacked, line);
    if (high >= height && holds)
        return height;
    *row = stacked;
    return high;
}

/* Beside the middle of the first line; the others hang under its words. */
static void add_dot(struct view *v, const struct ui_element *label)
{
    char id[VIEW_ID_BYTES];
    int side = view_px(v, DOT_PX);
    struct ui_element line = *label;
    line.rect.w = view_natural_width(v, label) + 2;
    snprintf(id, sizeof id, "%s-dot", label->id);
    struct rect dot = {label->rect.x - view_px(v, DOT_ROOM_PX),
                       label->rect.y + (view_wanted(v, &line) - side) / 2, side, side};
    view_add(v,
             (struct ui_element){
                 .id = id, .role = UI_LINE, .rect = dot, .fill = TOKEN_SOFT, .radius = side / 2});
}

int view_row_height(const struct view *v, struct card_row *row, int width)
{
    return place_row(v, row, (struct rect){0, 0, width, 0});
}

void view_card(struct view *v, struct column *column, struct ui_element card, struct card_row *rows,
               int count)
{
    int pad = v->d.pad;
    struct rect line = {column->area.x + pad, column->y + pad * 3 / 4, column->area.w - 2 * pad, 0};
    for (int i = 0; i < count; i++) {
        line.y += rows[i].rule ? v->d.gap : i > 0 ? v->d.gap / 2 : 0;
        line.y += place_row(v, &rows[i], line);
    }
    card.rect =
        (struct rect){column->area.x, column->y, column->area.w, line.y + pad * 3 / 4 - column->y};
    view_add(v, card);
    for (int i = 0; i < count; i++) {
        if (rows[i].rule) {
            char id[VIEW_ID_BYTES];
            snprintf(id, sizeof id, "%s-line", rows[i].label.id);
            struct rect rule = {line.x, rows[i].label.rect.y - v->d.gap / 2, line.w,
                                view_most(view_px(v, 2), 1)};
            view_add(v, (struct ui_element){
                            .id = id, .role = UI_LINE, .rect = rule, .fill = TOKEN_LINE});
        }
        if (rows[i].listed)
            add_dot(v, &rows[i].label);
        view_add(v, rows[i].label);
        if (rows[i].value.id != NULL)
            view_add(v, rows[i].value);
    }
    column->y = card.rect.y + card.rect.h;
    column_check(v, column);
}

void view_code(struct view *v, struct column *column, const char *url, const char *title,
               const char *hint)
{
    int pad = v->d.pad, side = view_px(v, v->d.cards ? 240 : 190);
    struct ui_element heading = view_text(v, "phone-title", title, v->d.body);
    struct ui_element line = view_text(v, "phone", hint, v->d.small);
    bool both = v->d.cards && hint != NULL;
    heading.weight = TEXT_BOLD;
    line.ink = TOKEN_SOFT;
    heading.rect.w = line.rect.w = column->area.w - side - 3 * pad;
    heading.rect.x = line.rect.x = column->area.x + side + 2 * pad;
    heading.rect.h = view_wanted(v, &heading);
    line.rect.h = both ? view_wanted(v, &line) : 0;
    int words = heading.rect.h + line.rect.h + v->d.gap / 3;
    int inside = view_most(words, side);
    struct ui_element card = view_plain_card(v, "phone-card");
    card.rect = (struct rect){column->area.x, column->y, column->area.w, inside + 2 * pad};
    view_add(v, card);
    struct rect code = {column->area.x + pad, column->y + pad + (inside - side) / 2, side, side};
    view_add(v, (struct ui_element){
                    .id = "qr", .role = UI_QR, .rect = code, .fill = TOKEN_WHITE, .qr = url});
    heading.rect.y = column->y + pad + (inside - words) / 2;
    line.rect.y = heading.rect.y + heading.rect.h + v->d.gap / 3;
    view_add(v, heading);
    if (both)
        view_add(v, line);
    column->y += card.rect.h + v->d.gap;
    column_check(v, column);
}
