/* The panel: how long the waits are, and notices. It lists the services somebody waits for, which are those of the people
 * who read it. Rows are as high as their words; those that do not fit turn pages, and a notice too long to share the
 * panel takes it to itself for a while. A long wait has a sign beside its colour. */
#include <stdio.h>
#include <string.h>

#include "display/view/parts.h"

enum {
    PADDING = 56,
    TOP = 40,
    BOTTOM = 48,
    HEADER_HEIGHT = 96,
    ROW_MIN_HEIGHT = 112,
    ROW_STRETCH_MAX = 72, /* a row is made so much higher where there is room */
    ROW_GAP = 24,
    STACK_GAP = 8,
    UNIT_GAP = 14,
    NAME_LINES_MAX = 3,
    ROWS_MIN_HEIGHT = 376, /* a notice that leaves less has the panel to itself for a while */
    NOTICE_PADDING = 36,
    NOTICE_BAR = 12,
    SIGN = 52,
    SIGN_GAP = 16,
    DOTS_HEIGHT = 40,
    NOTICE_TICKS = 2, /* how long each of the two has the panel */
};

/* One service's row, measured. */
struct wait_row {
    const struct site_service *service;
    const char *name;
    const char *sign; /* an icon; NULL: none */
    char value[32], unit[64];
    enum token ink;
    struct text_metrics name_box, value_box, unit_box;
    int height;
    bool stacked; /* the name has its lines to itself, the value comes below */
};

static enum token tone_token(enum board_tone tone)
{
    switch (tone) {
    case BOARD_AMBER: return TOKEN_AMBER;
    case BOARD_RED: return TOKEN_RED;
    case BOARD_CALM: break;
    }
    return TOKEN_INK;
}

static const char *tone_sign(enum board_tone tone)
{
    switch (tone) {
    case BOARD_AMBER: return "clock";
    case BOARD_RED: return "alert";
    case BOARD_CALM: break;
    }
    return NULL;
}

static struct line value_line(const struct lobby *lobby, const struct wait_row *row)
{
    return (struct line){.text = row->value,
                         .role = UI_NUMBER,
                         .weight = TEXT_BOLD,
                         .size_px = px(lobby, TYPE_DISPLAY_WAIT),
                         .ink = row->ink};
}

static struct line unit_line(const struct lobby *lobby, const struct wait_row *row)
{
    return (struct line){
        .text = row->unit, .size_px = px(lobby, TYPE_DISPLAY_NOTICE), .ink = TOKEN_SOFT};
}

static struct text_metrics paragraph_measure(const struct lobby *lobby, const char *text,
                                             int max_lines, int width)
{
    struct text_style style = {.size_px = px(lobby, TYPE_DISPLAY_NOTICE),
                               .max_lines = max_lines,
                               .language = catalogue_language(lobby->words)};
    return text_measure(lobby->kit->text, text, &style, width, 0);
}

/* What a pattern says around its number, which is drawn apart because it is larger. */
static void unit_say(const char *pattern, char *out, size_t size)
{
    static const char place[] = "{count}";
    const char *at = strstr(pattern, place);
    const char *before = at == NULL ? "" : pattern;
    const char *after = at == NULL ? pattern : at + sizeof place - 1;
    snprintf(out, size, "%.*s%s", at == NULL ? 0 : (int)(at - pattern), before,
             at == pattern && *after == ' ' ? after + 1 : after);
}

static void row_say(const struct lobby *lobby, const struct board_row *from, struct wait_row *row)
{
    row->service = &lobby->site->services[from->service];
    row->name = site_info_text(lobby->site, &row->service->name, lobby->language);
    row->ink = tone_token(from->tone);
    row->sign = tone_sign(from->tone);
    if (from->wait_known) {
        snprintf(row->value, sizeof row->value, "%d\u2013%d", from->low_min, from->high_min);
        snprintf(row->unit, sizeof row->unit, "%s", catalogue_text(lobby->words, "min"));
    } else {
        snprintf(row->value, sizeof row->value, "%d", from->waiting);
        unit_say(catalogue_plural(lobby->words, "{count} waiting", "{count} waiting",
                                  (unsigned long)from->waiting),
                 row->unit, sizeof row->unit);
    }
}

/* Figures and unit share a baseline: what hangs below it may be the unit's alone. */
static int value_height(const struct wait_row *row)
{
    return bigger(ink_above(&row->value_box), ink_above(&row->unit_box)) +
           bigger(ink_below(&row->value_box), ink_below(&row->unit_box));
}

static struct wait_row row_measure(const struct lobby *lobby, const struct board_row *from,
                                   int width)
{
    struct wait_row row = {0};
    row_say(lobby, from, &row);
    struct line value = value_line(lobby, &row);
    struct line unit = unit_line(lobby, &row);
    row.value_box = line_measure(lobby, &value);
    row.unit_box = line_measure(lobby, &unit);
    int value_w = row.value_box.width_px + px(lobby, UNIT_GAP) + row.unit_box.width_px;
    value_w += row.sign != NULL ? px(lobby, SIGN + SIGN_GAP) : 0;
    int name_w = width - value_w - px(lobby, ROW_GAP);
    row.name_box = paragraph_measure(lobby, row.name, 2, name_w);
    row.stacked = !row.name_box.fits;
    if (row.stacked)
        row.name_box = paragraph_measure(lobby, row.name, NAME_LINES_MAX, width);
    int value_h = value_height(&row);
    row.height = row.stacked ? row.name_box.height_px + value_h + px(lobby, STACK_GAP)
                             : bigger(row.name_box.height_px, value_h);
    row.height = bigger(row.height + px(lobby, ROW_GAP), px(lobby, ROW_MIN_HEIGHT));
    return row;
}

static void name_add(struct ui *ui, const struct lobby *lobby, const struct wait_row *row,
                     struct rect rect)
{
    char id[QUARTER_CODE_MAX + 16];
    snprintf(id, sizeof id, "service-%s", row->service->code);
    ui_add(ui, &(struct ui_element){.id = id,
                                    .role = UI_TEXT,
                                    .rect = rect,
                                    .text = row->name,
                                    .size_px = px(lobby, TYPE_DISPLAY_NOTICE),
                                    .valign = TEXT_MIDDLE,
                                    .max_lines = NAME_LINES_MAX});
}

/* Before the value, in the middle of its figures. */
static void sign_add(struct ui *ui, const struct lobby *lobby, const struct wait_row *row,
                     int value_x, int baseline)
{
    char id[QUARTER_CODE_MAX + 24];
    int side = px(lobby, SIGN);
    if (row->sign == NULL)
        return;
    snprintf(id, sizeof id, "service-%s-sign", row->service->code);
    int y = baseline - (ink_above(&row->value_box) + side) / 2;
    ui_add(ui, &(struct ui_element){.id = id,
                                    .role = UI_ICON,
                                    .rect = {value_x - px(lobby, SIGN_GAP) - side, y, side, side},
                                    .icon = row->sign,
                                    .icon_px = side,
                                    .icon_ink = row->ink});
}

static void row_add(struct ui *ui, const struct lobby *lobby, const struct wait_row *row,
                    struct rect rect)
{
    char value_id[QUARTER_CODE_MAX + 24], unit_id[QUARTER_CODE_MAX + 24];
    const char *code = row->service->code;
    snprintf(value_id, sizeof value_id, "service-%s-value", code);
    snprintf(unit_id, sizeof unit_id, "service-%s-unit", code);
    struct line value = value_line(lobby, row);
    struct line unit = unit_line(lobby, row);
    value.id = value_id;
    unit.id = unit_id;
    struct rect name = rect;
    int unit_x = rect.x + rect.w - row->unit_box.width_px;
    int value_x = unit_x - px(lobby, UNIT_GAP) - row->value_box.width_px;
    int baseline = line_middle(&row->value_box, rect.y, rect.h);
    if (row->stacked) {
        int value_h = value_height(row);
        name.h = row->name_box.height_px;
        name.y += (rect.h - name.h - value_h - px(lobby, STACK_GAP)) / 2;
        baseline = name.y + name.h + px(lobby, STACK_GAP) +
                   bigger(ink_above(&row->value_box), ink_above(&row->unit_box));
    } else {
        name.w = value_x - px(lobby, ROW_GAP) - rect.x;
        name.w -= row->sign != NULL ? px(lobby, SIGN + SIGN_GAP) : 0;
    }
    if (!row->stacked && row->name_box.lines == 1) { /* name and value stand on one line */
        name.y = baseline - row->name_box.baseline_px;
        name.h = row->name_box.height_px;
    }
    name_add(ui, lobby, row, name);
    sign_add(ui, lobby, row, value_x, baseline);
    line_add(ui, lobby, &value, value_x, row->value_box.width_px, baseline, TEXT_START);
    line_add(ui, lobby, &unit, unit_x, row->unit_box.width_px, baseline, TEXT_START);
}

/* The end of the page that begins at `first`: as many rows as fit, at most `most`, at least one. */
static int page_end(const struct wait_row *rows, int count, int first, int most, int height)
{
    int end = first;
    int used = 0;
    while (end < count && end - first < most && (end == first || used + rows[end].height <= height))
        used += rows[end++].height;
    return end;
}

static int page_count(const struct wait_row *rows, int count, int most, int height)
{
    int pages = 0;
    for (int at = 0; at < count; at = page_end(rows, count, at, most, height))
        pages++;
    return pages;
}

static void nobody_waits_add(struct ui *ui, const struct lobby *lobby, struct rect area)
{
    area.h = px(lobby, 2 * ROW_MIN_HEIGHT);
    ui_add(ui, &(struct ui_element){.id = "nobody-waits",
                                    .role = UI_TEXT,
                                    .rect = area,
                                    .text = catalogue_text(lobby->words, "Nobody is waiting."),
                                    .size_px = px(lobby, TYPE_DISPLAY_NOTICE),
                                    .ink = TOKEN_SOFT,
                                    .valign = TEXT_TOP});
}

static void rows_add(struct ui *ui, const struct lobby *lobby, struct rect area)
{
    struct wait_row rows[QUARTER_SERVICES_MAX];
    int count = 0;
    for (int i = 0; i < lobby->picture->row_count; i++) {
        const struct board_row *row = &lobby->picture->rows[i];
        if (row->waiting > 0 || row->delayed)
            rows[count++] = row_measure(lobby, row, area.w);
    }
    if (count == 0) {
        nobody_waits_add(ui, lobby, area);
        return;
    }
    int highest = 0;
    for (int i = 0; i < count; i++)
        highest = bigger(highest, rows[i].height);
    if (highest + px(lobby, DOTS_HEIGHT) > area.h)
        return; /* upright, when the calls and the strips leave no more than the heading */
    int pages = page_count(rows, count, count, area.h);
    int page = 0;
    int first = 0;
    int most = count;
    if (pages > 1) {
        area.h -= px(lobby, DOTS_HEIGHT);
        pages = page_count(rows, count, count, area.h);
        most = (count + pages - 1) / pages; /* even pages */
        pages = page_count(rows, count, most, area.h);
        page = lobby->picture->tick % pages;
        dots_add(ui, lobby, "page", page, pages,
                 (struct rect){area.x, area.y, area.w, area.h + px(lobby, DOTS_HEIGHT)});
    }
    for (int i = 0; i < page; i++)
        first = page_end(rows, count, first, most, area.h);
    int end = page_end(rows, count, first, most, area.h);
    int used = 0;
    for (int i = first; i < end; i++)
        used += rows[i].height;
    int stretch = (area.h - used) / bigger(end - first, 1);
    stretch = stretch < 0                            ? 0
              : stretch < px(lobby, ROW_STRETCH_MAX) ? stretch
                                                     : px(lobby, ROW_STRETCH_MAX);
    char id[24];
    for (int i = first; i < end; i++) {
        int height = rows[i].height + stretch;
        row_add(ui, lobby, &rows[i], (struct rect){area.x, area.y, area.w, height});
        area.y += height;
        snprintf(id, sizeof id, "line-%d", i);
        if (i + 1 < end)
            ui_add(ui, &(struct ui_element){.id = id,
                                            .role = UI_LINE,
                                            .rect = {area.x, area.y - LINE_PX, area.w, LINE_PX},
                                            .fill = TOKEN_LINE});
    }
}

/* --- notices ----------------------------------------------------------------------------------------------------- */

static int notice_height(const struct lobby *lobby, const char *text, int width)
{
    int text_w = width - px(lobby, 2 * NOTICE_PADDING + NOTICE_BAR);
    return paragraph_measure(lobby, text, 0, text_w).height_px + px(lobby, 2 * NOTICE_PADDING);
}

static void notice_add(struct ui *ui, const struct lobby *lobby, const char *text, struct rect rect)
{
    int bar = px(lobby, NOTICE_BAR);
    struct rect card = {rect.x + bar, rect.y, rect.w - bar, rect.h};
    ui_add(ui, &(struct ui_element){.id = "notice-bar",
                                    .role = UI_CARD,
                                    .rect = {rect.x, rect.y, rect.w / 2, rect.h},
                                    .fill = TOKEN_NOW,
                                    .radius = px(lobby, CORNER_RADIUS)});
    ui_add(ui, &(struct ui_element){.id = "notice",
                                    .role = UI_ALERT,
                                    .rect = card,
                                    .padding_px = px(lobby, NOTICE_PADDING),
                                    .fill = TOKEN_PAPER,
                                    .radius = px(lobby, CORNER_RADIUS),
                                    .text = text,
                                    .size_px = px(lobby, TYPE_DISPLAY_NOTICE),
                                    .min_size_px = px(lobby, TYPE_KIOSK_SMALL)});
}

/* --- the whole --------------------------------------------------------------------------------------------------- */

static void header_add(struct ui *ui, const struct lobby *lobby, const char *text, struct rect area)
{
    struct line title = {.id = "panel-title",
                         .role = UI_HEADING,
                         .text = text,
                         .weight = TEXT_BOLD,
                         .size_px = px(lobby, TYPE_DISPLAY_NOTICE),
                         .ink = TOKEN_BRAND};
    struct line clock = {.id = "clock",
                         .role = UI_CLOCK,
                         .text = lobby->picture->clock,
                         .weight = TEXT_BOLD,
                         .size_px = px(lobby, TYPE_DISPLAY_NOTICE),
                         .ink = TOKEN_INK};
    struct text_metrics clock_box = line_measure(lobby, &clock);
    int baseline = line_middle(&clock_box, area.y, area.h);
    line_add(ui, lobby, &title, area.x, area.w - clock_box.width_px - px(lobby, ROW_GAP), baseline,
             TEXT_START);
    line_add(ui, lobby, &clock, area.x + area.w - clock_box.width_px, clock_box.width_px, baseline,
             TEXT_END);
}

static void ground_add(struct ui *ui, const struct lobby *lobby, struct rect area)
{
    ui_add(ui,
           &(struct ui_element){.id = "panel", .role = UI_CARD, .rect = area, .fill = TOKEN_CARD});
    if (lobby->kit->theme->kind == THEME_DARK)
        return; /* it stands out by itself */
    struct rect edge = {area.x, area.y, is_portrait(lobby) ? area.w : LINE_PX,
                        is_portrait(lobby) ? LINE_PX : area.h};
    ui_add(ui, &(struct ui_element){
                   .id = "panel-edge", .role = UI_LINE, .rect = edge, .fill = TOKEN_LINE});
}

void panel_add(struct ui *ui, const struct lobby *lobby, struct rect area)
{
    const struct board_picture *picture = lobby->picture;
    int padding = px(lobby, PADDING);
    struct rect header = {area.x + padding, area.y + px(lobby, TOP), area.w - 2 * padding,
                          px(lobby, HEADER_HEIGHT)};
    struct rect inner = header;
    inner.y += header.h;
    inner.h = area.y + area.h - px(lobby, BOTTOM) - inner.y;
    ground_add(ui, lobby, area);
    char notice[LOBBY_FORMAT_BYTES];
    int height = 0;
    if (picture->notice_count > 0 &&
        notice_say(lobby, &picture->notices[picture->tick % picture->notice_count], notice))
        height = notice_height(lobby, notice, inner.w);
    bool shares = inner.h - height - px(lobby, ROW_GAP) >= px(lobby, ROWS_MIN_HEIGHT);
    if (height > 0 && !shares && picture->tick / NOTICE_TICKS % 2 == 1) {
        header_add(ui, lobby, catalogue_text(lobby->words, "Notices"), header);
        inner.h = height < inner.h ? height : inner.h;
        notice_add(ui, lobby, notice, inner);
        return;
    }
    header_add(ui, lobby, catalogue_text(lobby->words, "Waiting now"), header);
    if (height > 0 && shares) {
        inner.h -= height + px(lobby, ROW_GAP);
        notice_add(ui, lobby, notice,
                   (struct rect){inner.x, inner.y + inner.h + px(lobby, ROW_GAP), inner.w, height});
    }
    if (lobby->site != NULL)
        rows_add(ui, lobby, inner);
}
