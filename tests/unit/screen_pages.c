/* See screen_pages.h. */
#include "unit/screen_pages.h"

#include <stddef.h>

enum { MARGIN = SPACE_MARGIN, TILE_GAP = SPACE_GAP, BAR_HEIGHT = 196 };

static const char *const BAR[][2] = {{"back", "Back"},
                                     {"globe", "Language"},
                                     {"text-size", "Text size"},
                                     {"listen", "Listen"},
                                     {"help", "Help"}};
static const char *const TILES[][2] = {
    {"Interpreter", "I have children with me"},
    {"Private room", "Step-free access"},
    {"Hearing loop", "None of these"},
    {"Sign language (BSL)", "You are next"},
    {"I have an appointment", NULL},
    {"I'm not sure", NULL},
};

static void add_bar(struct ui *ui, const struct catalogue *words)
{
    const struct ui_page *page = ui_page(ui);
    const int top = page->height - BAR_HEIGHT, count = sizeof(BAR) / sizeof(BAR[0]);
    ui_add(ui, &(struct ui_element){.id = "bar",
                                    .role = UI_CARD,
                                    .rect = {0, top, page->width, BAR_HEIGHT},
                                    .fill = TOKEN_CARD});
    ui_add(ui, &(struct ui_element){.id = "bar-line",
                                    .role = UI_LINE,
                                    .rect = {0, top, page->width, LINE_PX},
                                    .fill = TOKEN_LINE});
    for (int i = 0; i < count; i++) {
        const int x = page->width * i / count, next = page->width * (i + 1) / count;
        ui_add(ui, &(struct ui_element){.id = BAR[i][0],
                                        .role = UI_BUTTON,
                                        .rect = {x, top + LINE_PX, next - x, BAR_HEIGHT - LINE_PX},
                                        .padding_px = SPACE_UNIT,
                                        .padding_y_px = SPACE_GAP,
                                        .valign = TEXT_TOP,
                                        .text = catalogue_text(words, BAR[i][1]),
                                        .size_px = TYPE_KIOSK_SMALL,
                                        .align = TEXT_CENTRE,
                                        .icon = BAR[i][0],
                                        .icon_px = 56,
                                        .icon_place = UI_ICON_ABOVE,
                                        .focus = 10 + i});
    }
}

static void add_header(struct ui *ui, const struct catalogue *words, const char *title)
{
    const int wide = ui_page(ui)->width - 2 * MARGIN;
    ui_add(ui, &(struct ui_element){.id = "centre",
                                    .role = UI_TEXT,
                                    .rect = {MARGIN, 40, wide - 200, 96},
                                    .text = catalogue_text(words, "Welcome"),
                                    .size_px = TYPE_KIOSK_SMALL,
                                    .weight = TEXT_BOLD,
                                    .ink = TOKEN_BRAND});
    ui_add(ui, &(struct ui_element){.id = "clock",
                                    .role = UI_CLOCK,
                                    .rect = {MARGIN + wide - 200, 40, 200, 96},
                                    .text = "10:42",
                                    .size_px = TYPE_KIOSK_SMALL,
                                    .align = TEXT_END,
                                    .ink = TOKEN_SOFT});
    ui_add(ui, &(struct ui_element){.id = "title",
                                    .role = UI_HEADING,
                                    .rect = {MARGIN, 160, wide, 216},
                                    .text = catalogue_text(words, title),
                                    .size_px = TYPE_KIOSK_TITLE,
                                    .min_size_px = TYPE_KIOSK_SMALL,
                                    .weight = TEXT_BOLD,
                                    .max_lines = 2});
}

void page_services(struct ui *ui, const struct catalogue *words, enum theme_kind theme)
{
    ui_begin(ui, &(struct ui_page){.name = "services",
                                   .language = catalogue_language(words),
                                   .theme = theme,
                                   .width = 1080,
                                   .height = 1920});
    add_header(ui, words, "What do you need help with today?");
    const int width = (1080 - 2 * MARGIN - TILE_GAP) / 2, height = 240;
    for (int i = 0; i < (int)(sizeof(TILES) / sizeof(TILES[0])); i++) {
        char id[] = "tile-0";
        id[5] = (char)('0' + i);
        const bool second = i >= 4;
        ui_add(ui, &(struct ui_element){
                       .id = id,
                       .role = UI_BUTTON,
                       .rect = {MARGIN + (i % 2) * (width + TILE_GAP),
                                408 + i / 2 * (height + TILE_GAP), width, height},
                       .padding_px = 40,
                       .padding_y_px = 16,
                       .fill = second ? TOKEN_PAPER : TOKEN_CARD,
                       .border = second ? TOKEN_LINE_STRONG : TOKEN_LINE,
                       .radius = CORNER_RADIUS,
                       .text = catalogue_text(words, TILES[i][0]),
                       .detail = TILES[i][1] != NULL ? catalogue_text(words, TILES[i][1]) : NULL,
                       .size_px = TYPE_KIOSK_BODY,
                       .detail_px = TYPE_KIOSK_SMALL,
                       .min_size_px = TYPE_KIOSK_SMALL,
                       .weight = TEXT_BOLD,
                       .focus = 1 + i,
                       .pressed = i == 2});
    }
    add_bar(ui, words);
}

static void add_row(struct ui *ui, int y, const char *id, const char *label, const char *value)
{
    const int wide = 1080 - 2 * MARGIN - 2 * 56;
    ui_add(ui, &(struct ui_element){.id = id,
                                    .role = UI_TEXT,
                                    .rect = {MARGIN + 56, y, wide / 2, 112},
                                    .text = label,
                                    .size_px = TYPE_KIOSK_SMALL,
                                    .min_size_px = TYPE_KIOSK_SMALL,
                                    .ink = TOKEN_SOFT});
    ui_add(ui, &(struct ui_element){.id = "value",
                                    .role = UI_TEXT,
                                    .rect = {MARGIN + 56 + wide / 2, y, wide / 2, 112},
                                    .text = value,
                                    .size_px = TYPE_KIOSK_SMALL,
                                    .weight = TEXT_BOLD,
                                    .align = TEXT_END});
}

void page_ready(struct ui *ui, const struct catalogue *words, enum theme_kind theme)
{
    ui_begin(ui, &(struct ui_page){.name = "ready",
                                   .language = catalogue_language(words),
                                   .theme = theme,
                                   .width = 1080,
                                   .height = 1920});
    add_header(ui, words, "You are nearly done");
    const int wide = 1080 - 2 * MARGIN;
    ui_add(ui, &(struct ui_element){.id = "card",
                                    .role = UI_CARD,
                                    .rect = {MARGIN, 408, wide, 288},
                                    .fill = TOKEN_CARD,
                                    .border = TOKEN_LINE,
                                    .radius = CORNER_RADIUS});
    add_row(ui, 424, "for", catalogue_text(words, "You asked for"),
            catalogue_text(words, "Interpreter"));
    ui_add(ui, &(struct ui_element){.id = "rule",
                                    .role = UI_LINE,
                                    .rect = {MARGIN + 56, 550, wide - 112, LINE_PX},
                                    .fill = TOKEN_LINE});
    add_row(ui, 568, "ahead", catalogue_text(words, "People before you"), "4");
    ui_add(ui, &(struct ui_element){.id = "wait",
                                    .role = UI_CARD,
                                    .rect = {MARGIN, 744, wide, 400},
                                    .fill = TOKEN_TINT,
                                    .border = TOKEN_BRAND,
                                    .radius = CORNER_RADIUS,
                                    .padding_px = 56,
                                    .padding_y_px = 32});
    char wait[160];
    const struct catalogue_value values[] = {{"low", "10", true}, {"high", "15", true}};
    catalogue_format(
        words, wait, sizeof(wait),
        catalogue_plural(words, "{low} to {high} minute", "{low} to {high} minutes", 15), values,
        2);
    ui_add(ui, &(struct ui_element){.id = "wait-range",
                                    .role = UI_TEXT,
                                    .rect = {MARGIN + 56, 776, wide - 112, 336},
                                    .text = wait,
                                    .detail = catalogue_text(words, "We tell you if this changes."),
                                    .size_px = TYPE_KIOSK_LARGE,
                                    .detail_px = TYPE_KIOSK_SMALL,
                                    .min_size_px = TYPE_KIOSK_SMALL,
                                    .weight = TEXT_BOLD});
    ui_add(ui, &(struct ui_element){.id = "get",
                                    .role = UI_BUTTON,
                                    .rect = {MARGIN, 1200, wide, 200},
                                    .fill = TOKEN_BRAND,
                                    .ink = TOKEN_ON_BRAND,
                                    .radius = CORNER_RADIUS,
                                    .text = catalogue_text(words, "Get my ticket"),
                                    .size_px = TYPE_KIOSK_TITLE,
                                    .min_size_px = TYPE_KIOSK_BODY,
                                    .weight = TEXT_BOLD,
                                    .align = TEXT_CENTRE,
                                    .focus = 1,
                                    .focused = true});
    ui_add(ui, &(struct ui_element){.id = "number",
                                    .role = UI_NUMBER,
                                    .rect = {MARGIN, 1420, wide, 280},
                                    .text = "H07",
                                    .size_px = TYPE_KIOSK_NUMBER,
                                    .weight = TEXT_BOLD,
                                    .align = TEXT_CENTRE,
                                    .ink = TOKEN_BRAND});
    add_bar(ui, words);
}
