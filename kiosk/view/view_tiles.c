/* Tiles: rows of what can be chosen, in sheets where one page cannot hold them. See view_parts.h. */
#include <stdio.h>

#include "quarter/check.h"
#include "view/view_parts.h"
#include "view/words.h"

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
        .border_px = view_most(view_px(v, tile->chosen ? 5 : LINE_PX), 1),
        .radius = view_px(v, CORNER_RADIUS),
        .text = tile->text,
        .detail = v->d.hints ? tile->detail : NULL,
        .size_px = v->d.body,
        .detail_px = v->d.small,
        .weight = TEXT_BOLD,
        .language = tile->language,
        .break_words = v->d.breaks,
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
    bool holds;                 /* every word is narrow enough */
    int width, wide;            /* of a tile; of one that spans */
    int wanted[VIEW_TILES_MAX]; /* height of each row */
    int highest, sum;           /* of these; with the gaps */
};

static int row_of(const struct grid *grid, int index)
{
    return (index + (grid->first_alone ? grid->across - 1 : 0)) / grid->across;
}

static struct grid measure_grid(const struct view *v, struct rect area, const struct tile *tiles,
                                int count, int across, bool sheets)
{
    struct grid grid = {.tiles = tiles, .count = count, .across = across, .holds = true};
    CHECK(count > 0 && count <= VIEW_TILES_MAX && across > 0);
    grid.first_alone = !sheets && across > 1 && count % across == 1;
    grid.rows = row_of(&grid, count - 1) + 1;
    grid.width = (area.w - (across - 1) * v->d.gap) / across;
    grid.wide = area.w;
    for (int i = 0; i < count && (grid.holds || v->last_try); i++) {
        bool spans = grid.first_alone && i == 0;
        struct ui_element element = tile_element(v, &tiles[i], spans ? grid.wide : grid.width);
        int row = row_of(&grid, i);
        grid.holds = grid.holds && view_holds_words(v, &element);
        grid.wanted[row] = view_most(grid.wanted[row], view_wanted(v, &element));
        grid.wanted[row] = view_most(grid.wanted[row], view_px(v, TOUCH_MIN_PX));
    }
    for (int i = 0; i < grid.rows; i++) {
        grid.highest = view_most(grid.highest, grid.wanted[i]);
        grid.sum += grid.wanted[i] + (i > 0 ? v->d.gap : 0);
    }
    return grid;
}

static int height_at(const struct view *v, const struct grid *grid, int level)
{
    int height = (grid->rows - 1) * v->d.gap;
    for (int i = 0; i < grid->rows; i++)
        height += view_most(grid->wanted[i], level);
    return height;
}

/* Rows are alike, `tallest` or as high as the highest of them; where there is no room for that, the low ones give way. */
static void share_heights(const struct view *v, struct rect area, struct grid *grid, int tallest)
{
    int level = view_most(tallest, grid->highest);
    while (level > 0 && height_at(v, grid, level) > area.h)
        level--;
    for (int i = 0; i < grid->rows; i++)
        grid->wanted[i] = view_most(grid->wanted[i], level);
}

static int lay_grid(struct view *v, struct rect area, struct grid *grid, int tallest)
{
    share_heights(v, area, grid, tallest);
    int y = area.y;
    int row = 0;
    for (int i = 0; i < grid->count; i++) {
        if (row_of(grid, i) != row)
            y += grid->wanted[row++] + v->d.gap;
        bool spans = grid->first_alone && i == 0;
        int behind = grid->first_alone ? i - 1 : i;
        int place = spans ? 0 : behind % grid->across;
        struct ui_element element =
            tile_element(v, &grid->tiles[i], spans ? grid->wide : grid->width);
        element.rect.x = area.x + place * (grid->width + v->d.gap);
        element.rect.y = y;
        element.rect.h = grid->wanted[row];
        view_add(v, element);
    }
    if (y + grid->wanted[row] > area.y + area.h)
        v->overflow = true;
    return y + grid->wanted[row] - area.y;
}

/* ---- sheets ------------------------------------------------------------------------------------------------------- */

struct ui_element view_more_button(const struct view *v, int sheet, int sheets,
                                   char text[WORDS_BYTES])
{
    bool last = sheet + 1 == sheets;
    words_of_sheets(v->c->words,
                    last ? CATALOGUE_MARK("Back to the first ({sheet} of {sheets})")
                         : CATALOGUE_MARK("More ({sheet} of {sheets})"),
                    sheet + 1, sheets, text);
    const struct tile tile = {.text = text, .icon = last ? "up" : "down"};
    struct ui_element button = tile_element(v, &tile, 0);
    button.id = "more";
    button.rect.h = view_px(v, TOUCH_MIN_PX);
    button.fill = TOKEN_PAPER;
    return button;
}

/* A sheet of so many places and "More" in the last: of the last row, or in one of its own. */
struct sheet {
    struct grid grid;
    int highest, more; /* of a tile; of "More" */
    int places;
};

static struct sheet measure_sheet(const struct view *v, struct rect area, const struct tile *tiles,
                                  int count, int across)
{
    char text[WORDS_BYTES];
    struct sheet sheet = {.grid = measure_grid(v, area, tiles, count, across, true)};
    struct ui_element measured = view_more_button(v, 8, 10, text); /* as long as any */
    measured.rect.w = sheet.grid.width;
    bool holds = sheet.grid.holds && view_holds_words(v, &measured);
    bool own_row = across == 1;
    sheet.more = view_most(view_wanted(v, &measured), view_px(v, TOUCH_MIN_PX));
    sheet.highest = view_most(sheet.grid.highest, own_row ? 0 : sheet.more);
    int row = view_most(sheet.highest + v->d.gap, 1);
    if (holds)
        sheet.places =
            own_row ? (area.h - sheet.more) / row : (area.h + v->d.gap) / row * across - 1;
    return sheet;
}

/* "More" has the last place of every sheet: it does not move under a finger that goes on and on. */
static int lay_sheet(struct view *v, struct rect area, const struct sheet *of, int tallest)
{
    char text[WORDS_BYTES];
    const struct grid *grid = &of->grid;
    bool own_row = grid->across == 1;
    int sheets = (grid->count + of->places - 1) / of->places;
    int each = (grid->count + sheets - 1) / sheets;
    int rows = own_row ? each : (each + grid->across) / grid->across;
    int room = area.h - (rows - 1) * v->d.gap - (own_row ? of->more + v->d.gap : 0);
    int height = view_least(room / rows, view_most(tallest, of->highest));
    int sheet = v->j->sheet % sheets;
    for (int i = 0; i < each && sheet * each + i < grid->count; i++) {
        struct ui_element element = tile_element(v, &grid->tiles[sheet * each + i], grid->width);
        element.rect.x = area.x + i % grid->across * (grid->width + v->d.gap);
        element.rect.y = area.y + i / grid->across * (height + v->d.gap);
        element.rect.h = height;
        view_add(v, element);
    }
    struct ui_element element = view_more_button(v, sheet, sheets, text);
    element.rect.w = grid->width;
    element.rect.x = area.x + (grid->across - 1) * (grid->width + v->d.gap);
    element.rect.y = area.y + (own_row ? rows : rows - 1) * (height + v->d.gap);
    element.rect.h = own_row ? of->more : height;
    view_add(v, element);
    return element.rect.y + element.rect.h - area.y;
}

/* As many across as show the most at once. Two or three a sheet is no overview: rather smaller type. */
static int lay_best_sheet(struct view *v, struct rect area, const struct tile *tiles, int count,
                          int across, int tallest)
{
    enum { FEWEST = 4 };
    struct sheet best = measure_sheet(v, area, tiles, count, across);
    while (--across > 0) {
        struct sheet sheet = measure_sheet(v, area, tiles, count, across);
        if (sheet.places > best.places)
            best = sheet;
    }
    bool searching = v->j->page == PAGE_SEARCH; /* a letter more finds it */
    if (best.places < (v->cramped || searching ? 1 : FEWEST)) {
        v->overflow = true;
        return area.h;
    }
    return lay_sheet(v, area, &best, tallest);
}

int view_tiles(struct view *v, struct rect area, const struct tile *tiles, int count, int across,
               int tallest)
{
    if (count == 0)
        return 0;
    int preferred = across;
    struct grid grid = measure_grid(v, area, tiles, count, across, false);
    while (!grid.holds && --across > 0)
        grid = measure_grid(v, area, tiles, count, across, false);
    if (!grid.holds || (grid.sum > area.h && !v->d.sheets)) /* laid all the same on the last try */
        v->overflow = true;
    if (grid.sum > area.h && v->d.sheets)
        return lay_best_sheet(v, area, tiles, count, preferred, tallest);
    return lay_grid(v, area, &grid, tallest);
}
