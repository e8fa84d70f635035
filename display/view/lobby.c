/* The frame of the page: which parts there are and where. */
#include "display/view/lobby.h"

#include <stdio.h>

#include "display/view/parts.h"

enum {
    DESIGN_PX = 1080,
    PANEL_WIDTH = 720,
    PANEL_HEIGHT = 896,
    PANEL_HEIGHT_LOW = 720,
    PANEL_GAP = 40,
    EDGE = 56,
    DOT = 14,
};

int px(const struct lobby *lobby, int design_px)
{
    int shorter = lobby->width < lobby->height ? lobby->width : lobby->height;
    return (design_px * shorter + DESIGN_PX / 2) / DESIGN_PX;
}

bool is_portrait(const struct lobby *lobby)
{
    return lobby->height > lobby->width;
}

static struct ui_element element_of(const struct line *line)
{
    return (struct ui_element){
        .id = line->id,
        .role = line->role,
        .text = line->text,
        .size_px = line->size_px,
        .weight = line->weight,
        .ink = line->ink,
        .language = line->language,
        .max_lines = 1,
    };
}

struct text_metrics line_measure(const struct lobby *lobby, const struct line *line)
{
    bool figures = line->role == UI_NUMBER || line->role == UI_CLOCK;
    struct text_style style = {
        .size_px = line->size_px,
        .max_lines = 1,
        .weight = line->weight,
        .direction = figures ? TEXT_LTR : TEXT_BY_LANGUAGE,
        .language = figures                  ? "en"
                    : line->language != NULL ? line->language
                                             : catalogue_language(lobby->words),
    };
    return text_measure(lobby->kit->text, line->text, &style, 1 << 14, 0);
}

void line_add(struct ui *ui, const struct lobby *lobby, const struct line *line, int x, int w,
              int baseline_y, enum text_align align)
{
    struct text_metrics metrics = line_measure(lobby, line);
    struct ui_element element = element_of(line);
    element.align = align;
    element.valign = TEXT_TOP;
    element.rect = (struct rect){x, baseline_y - metrics.baseline_px, w, metrics.height_px};
    ui_add(ui, &element);
}

int ink_above(const struct text_metrics *metrics)
{
    return metrics->baseline_px - metrics->ink.y;
}

int ink_below(const struct text_metrics *metrics)
{
    return metrics->ink.y + metrics->ink.h - metrics->baseline_px;
}

int line_middle(const struct text_metrics *metrics, int top, int height)
{
    return top + (height - metrics->ink.h) / 2 + ink_above(metrics);
}

void card_add(struct ui *ui, const struct lobby *lobby, const char *id, struct rect rect,
              enum token fill)
{
    bool flat =
        lobby->kit->theme->kind != THEME_DARK && (fill == TOKEN_CARD || fill == TOKEN_PAPER);
    ui_add(ui, &(struct ui_element){.id = id,
                                    .role = UI_CARD,
                                    .rect = rect,
                                    .fill = fill,
                                    .border = flat ? TOKEN_LINE : TOKEN_NONE,
                                    .radius = px(lobby, CORNER_RADIUS_LARGE)});
}

void dots_add(struct ui *ui, const struct lobby *lobby, const char *id, int page, int pages,
              struct rect area)
{
    int dot = px(lobby, DOT);
    int x = area.x + (area.w - (2 * pages - 1) * dot) / 2;
    for (int i = 0; i < pages; i++, x += 2 * dot) {
        char dot_id[32];
        snprintf(dot_id, sizeof dot_id, "%s-%d", id, i + 1);
        ui_add(ui, &(struct ui_element){.id = dot_id,
                                        .role = UI_LINE,
                                        .rect = {x, area.y + area.h - dot, dot, dot},
                                        .fill = i == page ? TOKEN_INK : TOKEN_LINE_STRONG,
                                        .radius = dot / 2});
    }
}

const char *counter_name(const struct lobby *lobby, const char *code, const char *language)
{
    const struct site_counter *counter =
        lobby->site == NULL ? NULL : site_info_find_counter(lobby->site, code);
    const char *name = counter == NULL ? "" : site_info_text(lobby->site, &counter->name, language);
    return name[0] == '\0' ? code : name; /* better its code than nothing */
}

/* The panel's place: at the end, or below, where calls come first; `screen` is what the strips leave. */
static struct rect panel_area(const struct lobby *lobby, struct rect screen)
{
    if (!is_portrait(lobby))
        return (struct rect){screen.w - px(lobby, PANEL_WIDTH), 0, px(lobby, PANEL_WIDTH),
                             screen.h};
    int y = screen.h - px(lobby, calls_are_many(lobby) ? PANEL_HEIGHT_LOW : PANEL_HEIGHT);
    y = bigger(y, calls_least_height(lobby));
    return (struct rect){0, y, screen.w, screen.h - y};
}

static void live_add(struct ui *ui, const struct lobby *lobby, struct rect screen)
{
    bool all = calls_need_all(lobby);
    int margin = px(lobby, all ? LOBBY_MARGIN_DENSE : LOBBY_MARGIN);
    int edge = px(lobby, is_portrait(lobby) ? LOBBY_MARGIN : EDGE);
    struct rect calls = {edge, margin, screen.w - 2 * edge, screen.h - 2 * margin};
    if (!all) {
        struct rect panel = panel_area(lobby, screen);
        if (is_portrait(lobby))
            calls.h = panel.y - 2 * margin;
        else
            calls.w = panel.x - edge - px(lobby, PANEL_GAP);
        panel_add(ui, lobby, panel);
    }
    if (lobby->picture->call_count > 0)
        calls_add(ui, lobby, calls);
    else
        nobody_add(ui, lobby, calls);
}

static double mm_per_px(const struct lobby *lobby)
{
    return lobby->device != NULL ? (double)lobby->device->width_mm / lobby->width : 0;
}

void lobby_fill(struct ui *ui, const struct lobby *lobby)
{
    static const char *const names[] = {"starting", "closed", "live"};
    const struct board_picture *picture = lobby->picture;
    struct rect screen = {0, 0, lobby->width, lobby->height};
    ui_begin(
        ui, &(struct ui_page){.name = names[picture->page],
                              .language = catalogue_language(lobby->words),
                              .theme = lobby->kit->theme->kind,
                              .width = lobby->width,
                              .height = lobby->height,
                              .mm_per_px = mm_per_px(lobby),
                              .viewing_mm = lobby->device != NULL ? lobby->device->viewing_mm : 0});
    if (picture->stale) {
        int height = stale_height(lobby);
        screen.h -= height;
        stale_add(ui, lobby, (struct rect){0, screen.h, screen.w, height});
    }
    int height = delays_height(lobby, screen.h);
    if (height > 0) {
        screen.h -= height;
        delays_add(ui, lobby, (struct rect){0, screen.h, screen.w, height});
    }
    switch (picture->page) {
    case BOARD_STARTING: starting_add(ui, lobby, screen); break;
    case BOARD_CLOSED: closed_add(ui, lobby, screen); break;
    case BOARD_LIVE: live_add(ui, lobby, screen); break;
    }
}
