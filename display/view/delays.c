/* The strip across the page that says who has to wait longer than they were told, and how long now. One service at a
 * time, each for a tick; what is news is on a lit strip and comes alone first. It takes its room from waits and from empty
 * space, never from a call. */
#include <stdio.h>

#include "display/screen/wait_words.h"
#include "display/view/parts.h"

enum { PADDING = 56, PADDING_Y = 18, ICON = 72, BAR = 16, DOTS_HEIGHT = 28 };

/* Those that are fresh stand first, and while there are any the others wait. */
static int turning(const struct board_picture *picture)
{
    int fresh = 0;
    while (fresh < picture->delay_count && picture->delays[fresh].fresh)
        fresh++;
    return fresh > 0 ? fresh : picture->delay_count;
}

static const struct board_delay *shown(const struct board_picture *picture)
{
    return &picture->delays[picture->tick % turning(picture)];
}

static void delay_say(const struct lobby *lobby, const struct board_delay *delay,
                      char out[static LOBBY_FORMAT_BYTES])
{
    char range[WAIT_WORDS_BYTES];
    const struct site_service *service = &lobby->site->services[delay->service];
    const struct catalogue_value values[] = {
        {.name = "service",
         .text = site_info_text(lobby->site, &service->name, lobby->language),
         .emphasis = true},
        {.name = "wait",
         .text = wait_words(lobby->words, delay->low_min, delay->high_min, range, sizeof range),
         .emphasis = true},
    };
    catalogue_format(
        lobby->words, out, LOBBY_FORMAT_BYTES,
        catalogue_text(
            lobby->words,
            "{service}: longer wait than we said. Now about {wait} in all. We are sorry."),
        values, 2);
}

static struct ui_element delay_element(const struct lobby *lobby, const char *text, bool fresh)
{
    return (struct ui_element){.id = "delay",
                               .role = UI_ALERT,
                               .rect = {0, 0, lobby->width, 0},
                               .padding_px = px(lobby, PADDING),
                               .padding_y_px = px(lobby, PADDING_Y),
                               .fill = fresh ? TOKEN_INK : TOKEN_TINT,
                               .text = text,
                               .size_px = px(lobby, TYPE_DISPLAY_NOTICE),
                               .ink = fresh ? TOKEN_PAPER : TOKEN_INK,
                               .icon = "clock",
                               .icon_px = px(lobby, ICON),
                               .icon_place = UI_ICON_START,
                               .icon_ink = fresh ? TOKEN_PAPER : TOKEN_AMBER};
}

static int dots_room(const struct lobby *lobby)
{
    return turning(lobby->picture) > 1 ? px(lobby, DOTS_HEIGHT) : 0;
}

/* All that take turns have the height of the highest: nothing else on the page moves with them. */
int delays_height(const struct lobby *lobby, int height)
{
    const struct board_picture *picture = lobby->picture;
    struct ui_page page = {.name = "", .language = catalogue_language(lobby->words)};
    int highest = 0;
    if (picture->page != BOARD_LIVE || picture->delay_count == 0)
        return 0;
    for (int i = 0; i < picture->delay_count; i++) {
        char text[LOBBY_FORMAT_BYTES];
        delay_say(lobby, &picture->delays[i], text);
        struct ui_element element = delay_element(lobby, text, false);
        highest = bigger(highest, ui_wanted_height(lobby->kit, &page, &element));
    }
    highest += picture->delay_count > 1 ? px(lobby, DOTS_HEIGHT) : 0;
    return height - highest >= calls_least_height(lobby) ? highest : 0;
}

void delays_add(struct ui *ui, const struct lobby *lobby, struct rect area)
{
    char text[LOBBY_FORMAT_BYTES];
    const struct board_picture *picture = lobby->picture;
    const struct board_delay *delay = shown(picture);
    int pages = turning(picture);
    delay_say(lobby, delay, text);
    struct ui_element element = delay_element(lobby, text, delay->fresh);
    struct rect dots = {area.x, area.y, area.w, area.h - px(lobby, PADDING_Y) / 2};
    ui_add(ui, &(struct ui_element){
                   .id = "delay-ground", .role = UI_CARD, .rect = area, .fill = element.fill});
    element.rect = area;
    element.rect.h -= dots_room(lobby);
    ui_add(ui, &element);
    ui_add(ui, &(struct ui_element){.id = "delay-bar",
                                    .role = UI_LINE,
                                    .rect = {area.x, area.y, px(lobby, BAR), area.h},
                                    .fill = TOKEN_AMBER});
    if (pages > 1)
        dots_add(ui, lobby, "delay-page", picture->tick % pages, pages, dots);
}
