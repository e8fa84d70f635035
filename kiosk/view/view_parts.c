/* What pages are put together from; see view_parts.h. */
#include "view/view_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "quarter/check.h"

enum { UPRIGHT_BAR = 196, WIDE_BAR = 124 };

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

static int most(int a, int b)
{
    return a > b ? a : b;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* A single word may be wider than a tile: no height helps that. */
static bool holds_its_words(const struct view *v, const struct ui_element *element)
{
    if (element->text == NULL || element->text[0] == '\0')
        return true;
    int width = element->rect.w - 2 * element->padding_px;
    if (element->icon != NULL && element->icon_place != UI_ICON_ABOVE)
        width -= element->icon_px + SPACE_GAP;
    const struct text_style style = {.size_px = element->size_px,
                                     .weight = element->weight,
                                     .language = element->language != NULL ? element->language
                                                                           : v->c->language};
    return text_measure(v->kit->text, element->text, &style, width, 0).fits;
}

/* This try is lost: nothing of it will be seen. */
static bool is_lost(const struct view *v)
{
    return v->overflow && !v->last_try;
}

void view_add(struct view *v, struct ui_element element)
{
    if (is_lost(v))
        return;
    if (element.role == UI_BUTTON && !element.disabled) {
        element.focus = ++v->focus;
        element.pressed = v->c->pressed != NULL && strcmp(v->c->pressed, element.id) == 0;
    }
    if (!holds_its_words(v, &element))
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
    rest.h = most(column->area.y + column->area.h - column->y, 0);
    return rest;
}

void column_skip(struct column *column, int px)
{
    column->y += px;
}

void column_add(struct view *v, struct column *column, struct ui_element element)
{
    element.rect.x = column->area.x;
    element.rect.y = column->y;
    element.rect.w = column->area.w;
    element.rect.h = most(element.rect.h, view_wanted(v, &element));
    view_add(v, element);
    column->y += element.rect.h;
    column_check(v, column);
}

void column_check(struct view *v, const struct column *column)
{
    if (column->y > column->area.y + column->area.h)
        v->overflow = true;
}

/* ---- texts and buttons -------------------------------------------------------------------------------------------- */

struct ui_element view_text(const struct view *v, const char *id, const char *text, int size_px)
{
    (void)v;
    return (struct ui_element){.id = id, .role = UI_TEXT, .text = text, .size_px = size_px};
}

struct ui_element view_heading(const struct view *v, const char *id, const char *text)
{
    return (struct ui_element){
        .id = id, .role = UI_HEADING, .text = text, .size_px = v->d.title, .weight = TEXT_BOLD};
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
                               .radius = view_px(v, CORNER_RADIUS),
                               .text = text,
                               .size_px = v->d.body * 6 / 5,
                               .weight = TEXT_BOLD,
                               .align = TEXT_CENTRE};
}

struct ui_element view_plain_button(struct view *v, const char *id, const char *text)
{
    struct ui_element button = view_main_button(v, id, text);
    button.fill = TOKEN_CARD;
    button.ink = TOKEN_INK;
    button.border = TOKEN_LINE_STRONG;
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
                               .radius = view_px(v, CORNER_RADIUS),
                               .text = text,
                               .size_px = v->d.small,
                               .icon = icon,
                               .icon_px = view_px(v, 56),
                               .icon_place = UI_ICON_START,
                               .icon_ink = TOKEN_AMBER};
}

/* ---- tiles -------------------------------------------------------------------------------------------------------- */

static struct ui_element tile_element(const struct view *v, const struct tile *tile, int width)
{
    struct ui_element element = {
        .id = tile->id,
        .role = UI_BUTTON,
        .rect.w = width,
        .padding_px = v->d.pad,
        .padding_y_px = v->d.pad / 2,
        .fill = tile->chosen ? TOKEN_TINT : TOKEN_CARD,
        .border = tile->chosen ? TOKEN_BRAND : TOKEN_LINE_STRONG,
        .border_px = tile->chosen ? most(view_px(v, FOCUS_PX), 2) : most(view_px(v, LINE_PX), 1),
        .radius = view_px(v, CORNER_RADIUS),
        .text = tile->text,
        .detail = v->d.hints ? tile->detail : NULL,
        .size_px = v->d.body,
        .detail_px = v->d.small,
        .weight = TEXT_BOLD,
        .language = tile->language,
        .align = tile->centred ? TEXT_CENTRE : TEXT_START,
    };
    if (tile->icon != NULL) {
        element.icon = tile->icon;
        element.icon_px = v->d.small * 8 / 7;
        element.icon_place = UI_ICON_END;
    }
    return element;
}

struct grid {
    const struct tile *tiles;
    int count, across, rows;
    bool first_alone;           /* spans its row */
    int width, wide;            /* of a tile; of one that spans */
    int wanted[VIEW_TILES_MAX]; /* height of each row */
};

static int row_of(const struct grid *grid, int index)
{
    return (index + (grid->first_alone ? grid->across - 1 : 0)) / grid->across;
}

static struct grid measure_grid(const struct view *v, struct rect area, const struct tile *tiles,
                                int count, int across)
{
    struct grid grid = {.tiles = tiles, .count = count, .across = across};
    CHECK(count <= VIEW_TILES_MAX && across > 0);
    grid.first_alone = across > 1 && count % across == 1;
    grid.rows = row_of(&grid, count - 1) + 1;
    grid.width = (area.w - (across - 1) * v->d.gap) / across;
    grid.wide = area.w;
    for (int i = 0; i < count; i++) {
        bool spans = grid.first_alone && i == 0;
        struct ui_element element = tile_element(v, &tiles[i], spans ? grid.wide : grid.width);
        int row = row_of(&grid, i);
        grid.wanted[row] = most(grid.wanted[row], view_wanted(v, &element));
        grid.wanted[row] = most(grid.wanted[row], view_px(v, TOUCH_MIN_PX));
    }
    return grid;
}

/* All rows alike where there is room, else each what it needs and a share of what is left. */
static void share_heights(struct view *v, struct rect area, struct grid *grid, int tallest)
{
    int room = area.h - (grid->rows - 1) * v->d.gap;
    int alike = least(tallest, room / grid->rows);
    int highest = 0, sum = 0;
    for (int i = 0; i < grid->rows; i++) {
        highest = most(highest, grid->wanted[i]);
        sum += grid->wanted[i];
    }
    if (sum > room)
        v->overflow = true;
    int spare = most(room - sum, 0) / grid->rows;
    for (int i = 0; i < grid->rows; i++)
        grid->wanted[i] = highest <= alike ? alike : grid->wanted[i] + least(spare, tallest / 4);
}

int view_tiles(struct view *v, struct rect area, const struct tile *tiles, int count, int across,
               int tallest)
{
    if (count == 0)
        return 0;
    struct grid grid = measure_grid(v, area, tiles, count, across);
    share_heights(v, area, &grid, tallest);
    int y = area.y;
    int row = 0;
    for (int i = 0; i < count; i++) {
        if (row_of(&grid, i) != row)
            y += grid.wanted[row++] + v->d.gap;
        bool spans = grid.first_alone && i == 0;
        int column = grid.first_alone && i > 0 ? (i - 1) % across : spans ? 0 : i % across;
        struct ui_element element = tile_element(v, &tiles[i], spans ? grid.wide : grid.width);
        element.rect.x = area.x + column * (grid.width + v->d.gap);
        element.rect.y = y;
        element.rect.h = grid.wanted[row];
        view_add(v, element);
    }
    return y + grid.wanted[row] - area.y;
}

/* ---- cards -------------------------------------------------------------------------------------------------------- */

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
                               .border_px = most(view_px(v, LINE_PX), 1),
                               .radius = view_px(v, CORNER_RADIUS_LARGE)};
}

static int natural_width(const struct view *v, const struct ui_element *element)
{
    const struct text_style style = {
        .size_px = element->size_px, .weight = element->weight, .language = v->c->language};
    return text_measure(v->kit->text, element->text, &style, v->c->width * 4, 0).width_px + 2;
}

/* Side by side on one line where both fit it, else the label takes 45 %. */
static void place_row(const struct view *v, struct card_row *row, struct rect line)
{
    row->label.rect = line;
    if (row->value.id == NULL) {
        row->label.rect.h = view_wanted(v, &row->label);
        return;
    }
    int room = line.w - v->d.gap;
    int width = natural_width(v, &row->label);
    if (width + natural_width(v, &row->value) > room)
        width = least(width, room * 9 / 20);
    row->label.rect.w = width;
    row->value.rect = line;
    row->value.rect.x = line.x + width + v->d.gap;
    row->value.rect.w = room - width;
    int height = most(view_wanted(v, &row->label), view_wanted(v, &row->value));
    row->label.rect.h = height;
    row->value.rect.h = height;
}

void view_card(struct view *v, struct column *column, struct ui_element card, struct card_row *rows,
               int count)
{
    int pad = v->d.pad;
    struct rect line = {column->area.x + pad, column->y + pad * 3 / 4, column->area.w - 2 * pad, 0};
    for (int i = 0; i < count; i++) {
        line.y += rows[i].rule ? v->d.gap : i > 0 ? v->d.gap / 2 : 0;
        place_row(v, &rows[i], line);
        line.y += rows[i].label.rect.h;
    }
    card.rect =
        (struct rect){column->area.x, column->y, column->area.w, line.y + pad * 3 / 4 - column->y};
    view_add(v, card);
    for (int i = 0; i < count; i++) {
        if (rows[i].rule) {
            char id[VIEW_ID_BYTES];
            snprintf(id, sizeof id, "%s-line", rows[i].label.id);
            struct rect rule = {line.x, rows[i].label.rect.y - v->d.gap / 2, line.w,
                                most(view_px(v, 2), 1)};
            view_add(v, (struct ui_element){
                            .id = id, .role = UI_LINE, .rect = rule, .fill = TOKEN_LINE});
        }
        view_add(v, rows[i].label);
        if (rows[i].value.id != NULL)
            view_add(v, rows[i].value);
    }
    column->y = card.rect.y + card.rect.h;
    column_check(v, column);
}

/* ---- what every page has ------------------------------------------------------------------------------------------ */

void view_header(struct view *v)
{
    struct ui *ui = v->ui;
    int margin = view_px(v, SPACE_MARGIN);
    int width = v->c->width - 2 * margin;
    int clock_w = view_px(v, 180);
    struct rect line = {margin, view_px(v, v->wide ? 32 : 44), width, view_px(v, 84)};
    struct ui_element name = {.id = "centre",
                              .role = UI_TEXT,
                              .rect = {line.x, line.y, line.w - clock_w, line.h},
                              .text = v->c->site ? view_site_say(v, &v->c->site->name) : "",
                              .size_px = view_px(v, TYPE_KIOSK_SMALL),
                              .weight = TEXT_BOLD,
                              .ink = TOKEN_BRAND};
    /* Nastaliq takes more height than the line of the clock: the header grows round its middle. */
    int wanted = view_wanted(v, &name);
    line.h = most(line.h, wanted);
    name.rect.h = line.h;
    if (v->c->site != NULL)
        ui_add(ui, &name);
    ui_add(ui, &(struct ui_element){.id = "clock",
                                    .role = UI_CLOCK,
                                    .rect = {line.x + line.w - clock_w, line.y, clock_w, line.h},
                                    .text = v->c->clock,
                                    .size_px = view_px(v, TYPE_KIOSK_SMALL),
                                    .align = TEXT_END,
                                    .ink = TOKEN_SOFT});
    int top = line.y + line.h + view_px(v, v->wide ? 16 : 32);
    int bar = view_px(v, v->wide ? WIDE_BAR : UPRIGHT_BAR);
    int bottom = v->c->height - bar - view_px(v, v->wide ? 20 : 32);
    v->body = (struct rect){margin, top, width, bottom - top};
}

struct bar_button {
    const char *id, *icon, *msgid;
    bool shown;
};

/* Icon and word side by side in the middle of a wide button. */
static int middle_padding(const struct view *v, const struct ui_element *button)
{
    int free = button->rect.w - natural_width(v, button) - button->icon_px - SPACE_GAP;
    return most(free / 2, view_px(v, 16));
}

static void bar_place(struct view *v, struct rect bar, int place, const struct bar_button *button)
{
    int inset = view_px(v, 4) + 1; /* neighbours are at least 1 mm apart */
    int x = bar.w * place / 3, next = bar.w * (place + 1) / 3;
    struct ui_element element = {
        .id = button->id,
        .role = UI_BUTTON,
        .rect = {x + inset, bar.y + inset, next - x - 2 * inset, bar.h - 2 * inset},
        .padding_px = view_px(v, 16),
        .padding_y_px = view_px(v, 8),
        .radius = view_px(v, 16),
        .text = view_say(v, button->msgid),
        .size_px = view_px(v, TYPE_KIOSK_SMALL),
        .align = v->wide ? TEXT_START : TEXT_CENTRE,
        .icon = button->icon,
        .icon_px = view_px(v, v->wide ? 56 : 64),
        .icon_place = v->wide ? UI_ICON_START : UI_ICON_ABOVE};
    if (v->wide)
        element.padding_px = middle_padding(v, &element);
    view_add(v, element);
}

/* Three places that never move; one that would do nothing on this page stays empty. */
void view_bar(struct view *v, bool back, bool language, bool text_size)
{
    const struct bar_button buttons[] = {{"back", "back", "Back", back},
                                         {"language", "globe", "Language", language},
                                         {"text-size", "text-size", "Text size", text_size}};
    int height = view_px(v, v->wide ? WIDE_BAR : UPRIGHT_BAR);
    int rule = most(view_px(v, LINE_PX), 1);
    struct rect bar = {0, v->c->height - height, v->c->width, height};
    view_add(v, (struct ui_element){.id = "bar", .role = UI_CARD, .rect = bar, .fill = TOKEN_CARD});
    view_add(v, (struct ui_element){.id = "bar-line",
                                    .role = UI_LINE,
                                    .rect = {0, bar.y, bar.w, rule},
                                    .fill = TOKEN_LINE});
    bar.y += rule;
    bar.h -= rule;
    for (int i = 0; i < 3; i++) {
        char id[VIEW_ID_BYTES];
        snprintf(id, sizeof id, "bar-line-%d", i);
        struct rect line = {bar.w * i / 3 - rule / 2, bar.y, rule, bar.h};
        if (i > 0 && (buttons[i].shown || buttons[i - 1].shown))
            view_add(v, (struct ui_element){
                            .id = id, .role = UI_LINE, .rect = line, .fill = TOKEN_LINE});
        if (buttons[i].shown)
            bar_place(v, bar, i, &buttons[i]);
    }
}
