/* The calls: the newest on top, larger and framed, the others below in rows of one size. A number is never cut and never
 * shrinks below 136; the counter's name takes the largest size that leaves it whole, the same in all rows. */
#include <stdio.h>
#include <string.h>

#include "display/view/parts.h"

enum {
    ROOMY_MAX = 4,  /* calls up to which rows have the comfortable height */
    SHARED_MAX = 6, /* with the panel beside or below them */
    ROW_MAX_HEIGHT = 168,
    ROW_EASY_HEIGHT = 140,
    ROW_MIN_HEIGHT = 108, /* a number of 136 and a margin; past that, rows turn pages */
    TOP_ROOMY = 416,
    TOP_SNUG = 288,
    TOP_DENSE = 224,
    PADDING = 48,
    PADDING_DENSE = 32,
    BESIDE_GAP = 40,
    BESIDE_GAP_DENSE = 24,
    INK_MARGIN = 8, /* between ink and the card's edge, at least */
};

/* Where the rows are: how many to a column, and how high. */
struct grid {
    struct rect area;
    int pages, per_page, columns, per_column, row_height, gap;
};

bool calls_need_all(const struct lobby *lobby)
{
    /* Upright, the strips that say the news is old and waits are longer take their room from the panel; across, from the
     * calls. */
    bool strips = lobby->picture->stale || lobby->picture->delay_count > 0;
    bool squeezed = strips && !is_portrait(lobby);
    return lobby->picture->call_count > (squeezed ? ROOMY_MAX : SHARED_MAX);
}

static int columns_of(const struct lobby *lobby)
{
    return calls_need_all(lobby) && !is_portrait(lobby) ? 2 : 1;
}

static int gap_of(const struct lobby *lobby)
{
    return px(lobby, calls_need_all(lobby)   ? SPACE_GAP / 3
                     : calls_are_many(lobby) ? SPACE_GAP * 2 / 3
                                             : SPACE_GAP);
}

/* What the newest takes at that height, with the gap under it. */
static int top_takes(const struct lobby *lobby, int top)
{
    return px(lobby, top + (calls_need_all(lobby) ? SPACE_GAP / 2 : SPACE_GAP));
}

static int rows_height(const struct lobby *lobby, int row_height)
{
    int columns = columns_of(lobby);
    int count = lobby->picture->call_count - (lobby->picture->has_top ? 1 : 0);
    int rows = (count + columns - 1) / columns;
    return rows > 0 ? rows * (px(lobby, row_height) + gap_of(lobby)) - gap_of(lobby) : 0;
}

int calls_least_height(const struct lobby *lobby)
{
    bool all = calls_need_all(lobby);
    int margin = px(lobby, all ? LOBBY_MARGIN_DENSE : LOBBY_MARGIN);
    int least = is_portrait(lobby) && !all ? TOP_ROOMY : TOP_DENSE;
    int top = lobby->picture->has_top ? top_takes(lobby, least) : 0;
    return lobby->picture->call_count > 0 ? top + rows_height(lobby, ROW_MIN_HEIGHT) + 2 * margin
                                          : 0;
}

/* The newest is as high as leaves the others easy to read, or whole at least. */
static int top_height(const struct lobby *lobby, int room)
{
    if (calls_need_all(lobby))
        return TOP_DENSE;
    if (is_portrait(lobby))
        return TOP_ROOMY;
    if (!calls_are_many(lobby) &&
        top_takes(lobby, TOP_ROOMY) + rows_height(lobby, ROW_EASY_HEIGHT) <= room)
        return TOP_ROOMY;
    return top_takes(lobby, TOP_SNUG) + rows_height(lobby, ROW_MIN_HEIGHT) <= room ? TOP_SNUG
                                                                                   : TOP_DENSE;
}

bool calls_are_many(const struct lobby *lobby)
{
    return lobby->picture->call_count > ROOMY_MAX;
}

static struct line number_line(const struct lobby *lobby, const struct board_call *call, int size)
{
    return (struct line){.text = call->number,
                         .role = UI_NUMBER,
                         .weight = TEXT_BOLD,
                         .size_px = px(lobby, size),
                         .ink = TOKEN_INK};
}

static int row_padding(const struct lobby *lobby)
{
    return px(lobby, calls_need_all(lobby) ? PADDING_DENSE : PADDING);
}

static int row_gap(const struct lobby *lobby)
{
    return px(lobby, calls_need_all(lobby) ? BESIDE_GAP_DENSE : BESIDE_GAP);
}

/* A name too long for one line of the smallest size: two lines, or smaller still. */
static void wrapped_add(struct ui *ui, const struct lobby *lobby, const struct line *name,
                        struct rect rect, enum text_align align)
{
    ui_add(ui, &(struct ui_element){.id = name->id,
                                    .role = UI_TEXT,
                                    .rect = rect,
                                    .text = name->text,
                                    .language = name->language,
                                    .size_px = px(lobby, TYPE_DISPLAY_NOTICE),
                                    .min_size_px = px(lobby, TYPE_KIOSK_SMALL),
                                    .weight = name->weight,
                                    .ink = name->ink,
                                    .align = align,
                                    .max_lines = 2});
}

/* --- rows -------------------------------------------------------------------------------------------------------- */

/* The names of all rows at one size, as they stand on one baseline. */
struct names {
    int size_px, above, below; /* ink */
    bool fit;                  /* each beside its number, and all in the height of a row */
};

static struct names names_at(const struct lobby *lobby, const struct board_call *calls, int count,
                             int size_px, struct rect row)
{
    struct names names = {.size_px = size_px, .fit = true};
    int room = row.w - 2 * row_padding(lobby) - row_gap(lobby);
    for (int i = 0; i < count; i++) {
        struct line number = number_line(lobby, &calls[i], TYPE_DISPLAY_CALL);
        struct line name = {.text = counter_name(lobby, calls[i].counter, lobby->language),
                            .size_px = size_px};
        struct text_metrics box = line_measure(lobby, &name);
        names.fit = names.fit && line_measure(lobby, &number).width_px + box.width_px <= room;
        names.above = bigger(names.above, ink_above(&box));
        names.below = bigger(names.below, ink_below(&box));
    }
    names.fit = names.fit && names.above + names.below + 2 * px(lobby, INK_MARGIN) <= row.h;
    return names;
}

static struct names names_of(const struct lobby *lobby, const struct board_call *calls, int count,
                             struct rect row)
{
    static const int sizes[] = {TYPE_DISPLAY_CALL, 112,
                                TYPE_KIOSK_LARGE,  TYPE_DISPLAY_WAIT,
                                TYPE_KIOSK_TITLE,  TYPE_DISPLAY_NOTICE};
    struct names names = {0};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        names = names_at(lobby, calls, count, px(lobby, sizes[s]), row);
        if (names.fit)
            break;
    }
    return names;
}

/* The names' baseline in a row: the number's, or off it so far, in all rows alike, that no ink leaves a row (Nastaliq
 * reaches far down, and a j a little). */
static int names_baseline(const struct lobby *lobby, const struct names *names, int shared,
                          int height)
{
    int highest = px(lobby, INK_MARGIN) + names->above;
    int lowest = height - px(lobby, INK_MARGIN) - names->below;
    int baseline = shared > lowest ? lowest : shared;
    return baseline < highest ? highest : baseline;
}

static void row_add(struct ui *ui, const struct lobby *lobby, const struct board_call *call,
                    struct rect row, const struct names *names)
{
    char card_id[32], number_id[40], name_id[40];
    snprintf(card_id, sizeof card_id, "call-%s", call->number);
    snprintf(number_id, sizeof number_id, "call-%s-number", call->number);
    snprintf(name_id, sizeof name_id, "call-%s-counter", call->number);
    struct line number = number_line(lobby, call, TYPE_DISPLAY_CALL);
    struct line name = {.id = name_id,
                        .text = counter_name(lobby, call->counter, lobby->language),
                        .size_px = names->size_px,
                        .ink = TOKEN_SOFT};
    number.id = number_id;
    struct text_metrics number_box = line_measure(lobby, &number);
    struct text_metrics name_box = line_measure(lobby, &name);
    int padding = row_padding(lobby);
    int baseline = line_middle(&number_box, row.y, row.h);
    int x = row.x + padding;
    int name_x = x + number_box.width_px + row_gap(lobby);
    int name_w = row.x + row.w - padding - name_x;
    card_add(ui, lobby, card_id, row, TOKEN_CARD);
    line_add(ui, lobby, &number, x, number_box.width_px, baseline, TEXT_START);
    if (name_box.width_px <= name_w)
        line_add(ui, lobby, &name, name_x, name_w,
                 row.y + names_baseline(lobby, names, baseline - row.y, row.h), TEXT_END);
    else
        wrapped_add(ui, lobby, &name, (struct rect){name_x, row.y, name_w, row.h}, TEXT_END);
}

static struct rect grid_row(const struct grid *grid, int index)
{
    int width = (grid->area.w - (grid->columns - 1) * grid->gap) / grid->columns;
    int column = index / grid->per_column;
    int row = index % grid->per_column;
    return (struct rect){grid->area.x + column * (width + grid->gap),
                         grid->area.y + row * (grid->row_height + grid->gap), width,
                         grid->row_height};
}

/* The grid for so many calls; more than fit are spread evenly over pages. */
static struct grid grid_of(const struct lobby *lobby, struct rect area, int count)
{
    struct grid grid = {.area = area, .columns = columns_of(lobby), .gap = gap_of(lobby)};
    int most = (area.h + grid.gap) / (px(lobby, ROW_MIN_HEIGHT) + grid.gap);
    int capacity = grid.columns * bigger(most, 1);
    grid.pages = (count + capacity - 1) / capacity;
    grid.per_page = (count + grid.pages - 1) / grid.pages;
    grid.per_column = (grid.per_page + grid.columns - 1) / grid.columns;
    grid.row_height = (area.h - (grid.per_column - 1) * grid.gap) / grid.per_column;
    if (grid.row_height > px(lobby, ROW_MAX_HEIGHT))
        grid.row_height = px(lobby, ROW_MAX_HEIGHT);
    return grid;
}

static void rows_add(struct ui *ui, const struct lobby *lobby, const struct board_call *calls,
                     int count, struct rect area)
{
    struct grid grid = grid_of(lobby, area, count);
    int first = lobby->picture->tick % grid.pages * grid.per_page;
    int shown = count - first < grid.per_page ? count - first : grid.per_page;
    struct rect row = grid_row(&grid, 0);
    struct names names = names_of(lobby, calls, count, row);
    for (int i = 0; i < shown; i++)
        row_add(ui, lobby, &calls[first + i], grid_row(&grid, i), &names);
}

/* --- the newest -------------------------------------------------------------------------------------------------- */

/* How the top card is set. */
enum top_shape {
    TOP_BESIDE,  /* number | name, with the visitor's own words under the name */
    TOP_BELOW,   /* number, and under it: name | own words */
    TOP_ABREAST, /* number | own words | name: for a card across the whole screen */
};

struct top_plan {
    enum top_shape shape;
    int name_size, own_size;
    struct line number, name, own;
    struct text_metrics number_box, name_box, own_box;
    bool has_own;
    bool fits; /* else the name is wrapped below, and the own words are left out */
};

static void plan_sizes(const struct lobby *lobby, struct top_plan *plan)
{
    plan->name.size_px = px(lobby, plan->name_size);
    plan->own.size_px = px(lobby, plan->own_size);
    plan->name_box = line_measure(lobby, &plan->name);
    plan->own_box = line_measure(lobby, &plan->own);
}

static bool plan_fits(const struct lobby *lobby, const struct top_plan *plan, struct rect inner)
{
    int gap = px(lobby, BESIDE_GAP);
    int number_w = plan->number_box.width_px;
    int number_h = plan->number_box.ink.h;
    int name_w = plan->name_box.width_px;
    int name_h = plan->name_box.ink.h;
    int own_w = plan->has_own ? plan->own_box.width_px + gap : 0;
    int own_h = plan->has_own ? plan->own_box.ink.h : 0;
    switch (plan->shape) {
    case TOP_BESIDE:
        return number_w + gap + bigger(name_w, own_w - gap) <= inner.w &&
               bigger(number_h, name_h + own_h + (own_h > 0 ? gap * 3 / 4 : 0)) <= inner.h;
    case TOP_BELOW:
        return bigger(number_w, name_w + own_w) <= inner.w &&
               number_h + gap * 3 / 2 + bigger(name_h, own_h) <= inner.h;
    case TOP_ABREAST: break;
    }
    return number_w + own_w + 3 * gap + name_w <= inner.w &&
           bigger(number_h, bigger(name_h, own_h)) <= inner.h;
}

static struct top_plan plan_top(const struct lobby *lobby, const struct board_call *call,
                                struct rect inner, enum token ink)
{
    static const struct {
        enum top_shape shape;
        int name, own;
    } tries[] = {{TOP_ABREAST, TYPE_DISPLAY_CALL, TYPE_DISPLAY_WAIT},
                 {TOP_BESIDE, TYPE_DISPLAY_CALL, TYPE_DISPLAY_WAIT},
                 {TOP_BELOW, TYPE_DISPLAY_CALL, TYPE_DISPLAY_WAIT},
                 {TOP_BESIDE, 112, TYPE_DISPLAY_WAIT},
                 {TOP_BELOW, 112, TYPE_DISPLAY_WAIT},
                 {TOP_ABREAST, TYPE_KIOSK_LARGE, TYPE_DISPLAY_WAIT},
                 {TOP_BESIDE, TYPE_KIOSK_LARGE, TYPE_DISPLAY_WAIT},
                 {TOP_BELOW, TYPE_KIOSK_LARGE, TYPE_KIOSK_TITLE},
                 {TOP_BESIDE, TYPE_DISPLAY_WAIT, TYPE_DISPLAY_NOTICE},
                 {TOP_BELOW, TYPE_DISPLAY_WAIT, TYPE_DISPLAY_NOTICE},
                 {TOP_BESIDE, TYPE_DISPLAY_NOTICE, TYPE_DISPLAY_NOTICE}};
    struct top_plan plan = {.number = number_line(lobby, call, TYPE_DISPLAY_NEWEST)};
    const char *shown = counter_name(lobby, call->counter, lobby->language);
    const char *own = counter_name(lobby, call->counter, call->language);
    plan.number.id = "newest-number";
    plan.number.ink = ink;
    plan.name =
        (struct line){.id = "newest-counter", .text = shown, .weight = TEXT_BOLD, .ink = ink};
    plan.own = (struct line){
        .id = "newest-counter-own", .text = own, .language = call->language, .ink = ink};
    plan.has_own =
        lobby->tells_own_language && call->language[0] != '\0' && strcmp(own, shown) != 0;
    plan.number_box = line_measure(lobby, &plan.number);
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        plan.shape = tries[i].shape;
        plan.name_size = tries[i].name;
        plan.own_size = tries[i].own;
        plan_sizes(lobby, &plan);
        plan.fits = plan_fits(lobby, &plan, inner);
        if (plan.fits)
            break;
    }
    return plan;
}

/* Number at the start; name, and the own words before it or under it, at the end. */
static void beside_add(struct ui *ui, const struct lobby *lobby, const struct top_plan *plan,
                       struct rect inner)
{
    int gap = px(lobby, BESIDE_GAP);
    int x = inner.x + plan->number_box.width_px + gap;
    int w = inner.x + inner.w - x;
    bool under = plan->has_own && plan->shape == TOP_BESIDE;
    int between = gap * 3 / 4;
    int block = plan->name_box.ink.h + (under ? between + plan->own_box.ink.h : 0);
    int top = inner.y + (inner.h - block) / 2;
    line_add(ui, lobby, &plan->number, inner.x, plan->number_box.width_px,
             line_middle(&plan->number_box, inner.y, inner.h), TEXT_START);
    line_add(ui, lobby, &plan->name, x, w, top + ink_above(&plan->name_box), TEXT_END);
    if (under)
        line_add(ui, lobby, &plan->own, x, w,
                 top + plan->name_box.ink.h + between + ink_above(&plan->own_box), TEXT_END);
    else if (plan->has_own)
        line_add(ui, lobby, &plan->own, x, w - plan->name_box.width_px - 2 * gap,
                 line_middle(&plan->own_box, inner.y, inner.h), TEXT_END);
}

static void below_add(struct ui *ui, const struct lobby *lobby, const struct top_plan *plan,
                      struct rect inner)
{
    int first = plan->number_box.ink.h;
    int second = bigger(plan->name_box.ink.h, plan->has_own ? plan->own_box.ink.h : 0);
    int slack = inner.h - first - second;
    int between = bigger(slack / 3, px(lobby, BESIDE_GAP * 3 / 2));
    int top = inner.y + (slack - between) / 2;
    int name_w = plan->name_box.width_px;
    int own_x = inner.x + name_w + px(lobby, BESIDE_GAP);
    line_add(ui, lobby, &plan->number, inner.x, plan->number_box.width_px,
             top + ink_above(&plan->number_box), TEXT_START);
    top += first + between;
    line_add(ui, lobby, &plan->name, inner.x, plan->has_own ? name_w : inner.w,
             line_middle(&plan->name_box, top, second), TEXT_START);
    if (plan->has_own)
        line_add(ui, lobby, &plan->own, own_x, inner.x + inner.w - own_x,
                 line_middle(&plan->own_box, top, second), TEXT_END);
}

/* The number gives way to the name here, but not below what is read from 5 m. */
static void crowded_add(struct ui *ui, const struct lobby *lobby, const struct top_plan *plan,
                        struct rect inner)
{
    struct line number = plan->number;
    number.size_px = px(lobby, TYPE_DISPLAY_CALL);
    struct text_metrics box = line_measure(lobby, &number);
    int above = box.ink.h + px(lobby, INK_MARGIN);
    line_add(ui, lobby, &number, inner.x, box.width_px, inner.y + ink_above(&box), TEXT_START);
    wrapped_add(ui, lobby, &plan->name,
                (struct rect){inner.x, inner.y + above, inner.w, inner.h - above}, TEXT_START);
}

static void top_add(struct ui *ui, const struct lobby *lobby, const struct board_call *call,
                    struct rect card)
{
    bool lit = lobby->picture->top_fresh;
    enum token frame = lobby->kit->theme->kind == THEME_LIGHT ? TOKEN_BRAND : TOKEN_NOW;
    ui_add(ui, &(struct ui_element){.id = "newest",
                                    .role = UI_CARD,
                                    .rect = card,
                                    .fill = lit ? TOKEN_NOW : TOKEN_CARD,
                                    .border = lit ? TOKEN_NOW : frame,
                                    .border_px = px(lobby, FOCUS_PX),
                                    .radius = px(lobby, CORNER_RADIUS_LARGE)});
    struct rect inner = {card.x + px(lobby, PADDING), card.y + px(lobby, 3 * INK_MARGIN),
                         card.w - px(lobby, 2 * PADDING), card.h - px(lobby, 6 * INK_MARGIN)};
    struct top_plan plan = plan_top(lobby, call, inner, lit ? TOKEN_ON_NOW : TOKEN_INK);
    if (!plan.fits)
        crowded_add(ui, lobby, &plan, inner);
    else if (plan.shape == TOP_BELOW)
        below_add(ui, lobby, &plan, inner);
    else
        beside_add(ui, lobby, &plan, inner);
}

void calls_add(struct ui *ui, const struct lobby *lobby, struct rect area)
{
    const struct board_picture *picture = lobby->picture;
    const struct board_call *rows = picture->calls;
    int count = picture->call_count;
    if (picture->has_top) {
        int height = top_height(lobby, area.h);
        int taken = top_takes(lobby, height);
        top_add(ui, lobby, rows, (struct rect){area.x, area.y, area.w, px(lobby, height)});
        area.y += taken;
        area.h -= taken;
        rows++;
        count--;
    }
    if (count > 0)
        rows_add(ui, lobby, rows, count, area);
}
