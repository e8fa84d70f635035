/* The quiet pages: before the first news, closed, nobody called; and the strip that says the news is old. */
#include <stdio.h>

#include "display/view/parts.h"

enum {
    PADDING = 120,
    BLOCK_GAP = 56,
    STALE_HEIGHT = 96,
    STALE_PADDING = 56,
    ICON = 72,
    COLUMN_MARGIN = 24
};

/* A column of paragraphs, set in the middle of an area. */
struct paragraph {
    const char *id, *text;
    enum ui_role role;
    enum text_weight weight;
    int size, gap; /* gap: above it */
    enum token ink;
};

static struct ui_element paragraph_element(const struct lobby *lobby, const struct paragraph *from,
                                           struct rect area)
{
    return (struct ui_element){
        .id = from->id,
        .role = from->role,
        .rect = {area.x, 0, area.w, 0},
        .text = from->text,
        .weight = from->weight,
        .size_px = px(lobby, from->size),
        .min_size_px =
            px(lobby, TYPE_DISPLAY_NOTICE), /* for an address that has no place to break */
        .ink = from->ink,
    };
}

/* Gaps give way first where words are high (Nastaliq); its line boxes have room of their own. */
static int gap_percent(int words, int gaps, int height)
{
    if (gaps <= 0 || words + gaps <= height)
        return 100;
    return words < height ? (height - words) * 100 / gaps : 0;
}

static void column_add(struct ui *ui, const struct lobby *lobby, const struct paragraph *paragraphs,
                       int count, struct rect area)
{
    int heights[8] = {0};
    int words = 0;
    int gaps = 0;
    for (int i = 0; i < count; i++) {
        struct ui_element element = paragraph_element(lobby, &paragraphs[i], area);
        heights[i] = ui_wanted_height(lobby->kit, ui_page(ui), &element);
        words += heights[i];
        gaps += i > 0 ? px(lobby, paragraphs[i].gap) : 0;
    }
    int percent = gap_percent(words, gaps, area.h - px(lobby, 2 * COLUMN_MARGIN));
    int y = area.y + (area.h - words - gaps * percent / 100) / 2;
    for (int i = 0; i < count; i++) {
        struct ui_element element = paragraph_element(lobby, &paragraphs[i], area);
        y += i > 0 ? px(lobby, paragraphs[i].gap) * percent / 100 : 0;
        element.rect.y = y;
        element.rect.h = heights[i];
        ui_add(ui, &element);
        y += heights[i];
    }
}

static const char *centre_name(const struct lobby *lobby)
{
    return lobby->site == NULL ? ""
                               : site_info_text(lobby->site, &lobby->site->name, lobby->language);
}

static struct rect inset(const struct lobby *lobby, struct rect area, int by)
{
    return (struct rect){area.x + px(lobby, by), area.y, area.w - px(lobby, 2 * by), area.h};
}

void starting_add(struct ui *ui, const struct lobby *lobby, struct rect area)
{
    const struct paragraph paragraphs[] = {
        {.id = "centre",
         .role = UI_HEADING,
         .text = centre_name(lobby),
         .weight = TEXT_BOLD,
         .size = TYPE_DISPLAY_WAIT,
         .ink = TOKEN_BRAND},
        {.id = "starting",
         .role = UI_TEXT,
         .text = catalogue_text(lobby->words, "One moment, please"),
         .size = TYPE_DISPLAY_WAIT,
         .gap = BLOCK_GAP,
         .ink = TOKEN_INK},
    };
    int from = paragraphs[0].text[0] == '\0' ? 1 : 0;
    column_add(ui, lobby, &paragraphs[from], 2 - from, inset(lobby, area, PADDING));
}

void nobody_add(struct ui *ui, const struct lobby *lobby, struct rect area)
{
    const struct paragraph paragraphs[] = {
        {.id = "welcome",
         .role = UI_HEADING,
         .text = catalogue_text(lobby->words, "Welcome"),
         .weight = TEXT_BOLD,
         .size = TYPE_DISPLAY_CALL,
         .ink = TOKEN_INK},
        {.id = "nobody",
         .role = UI_TEXT,
         .text = catalogue_text(lobby->words, "Your number appears here when it is your turn."),
         .size = TYPE_DISPLAY_WAIT,
         .gap = BLOCK_GAP,
         .ink = TOKEN_SOFT},
    };
    column_add(ui, lobby, paragraphs, 2, inset(lobby, area, PADDING / 3));
}

/* --- closed ------------------------------------------------------------------------------------------------------ */

/* "tomorrow", "Wednesday", or past a week "Wednesday 24 November". */
static void day_say(const struct lobby *lobby, char *out, size_t size)
{
    static const char *const weekdays[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                           "Thursday", "Friday", "Saturday"};
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    const struct client_local_time *opens = &lobby->picture->opens;
    int days = lobby->picture->opens_in_days;
    const char *weekday = catalogue_text(lobby->words, weekdays[opens->weekday]);
    if (days < 7) {
        snprintf(out, size, "%s",
                 days == 0   ? catalogue_text(lobby->words, "today")
                 : days == 1 ? catalogue_text(lobby->words, "tomorrow")
                             : weekday);
        return;
    }
    char day[16];
    snprintf(day, sizeof day, "%d", opens->day);
    const struct catalogue_value values[] = {
        {.name = "weekday", .text = weekday},
        {.name = "day", .text = day},
        {.name = "month", .text = catalogue_text(lobby->words, months[opens->month - 1])},
    };
    catalogue_format(lobby->words, out, size,
                     catalogue_text(lobby->words, "{weekday} {day} {month}"), values, 3);
}

static void opens_say(const struct lobby *lobby, char out[static LOBBY_FORMAT_BYTES])
{
    char time[16], day[LOBBY_FORMAT_BYTES / 2];
    const struct client_local_time *opens = &lobby->picture->opens;
    out[0] = '\0';
    if (!lobby->picture->opens_known)
        return;
    snprintf(time, sizeof time, "%02d:%02d", opens->hour, opens->minute);
    day_say(lobby, day, sizeof day);
    const struct catalogue_value values[] = {
        {.name = "day", .text = day, .emphasis = true},
        {.name = "time", .text = time, .emphasis = true},
    };
    catalogue_format(lobby->words, out, LOBBY_FORMAT_BYTES,
                     catalogue_text(lobby->words, "We open again {day} at {time}."), values, 2);
}

/* "Call us: 01632 960100"; false: there is none. */
static bool contact_say(const struct lobby *lobby, const char *pattern, const char *name,
                        const char *value, char out[static LOBBY_FORMAT_BYTES])
{
    const struct catalogue_value values[] = {{.name = name, .text = value, .emphasis = true}};
    catalogue_format(lobby->words, out, LOBBY_FORMAT_BYTES, catalogue_text(lobby->words, pattern),
                     values, 1);
    return value[0] != '\0';
}

static void clock_add(struct ui *ui, const struct lobby *lobby, struct rect area)
{
    struct line clock = {.id = "clock",
                         .role = UI_CLOCK,
                         .text = lobby->picture->clock,
                         .weight = TEXT_BOLD,
                         .size_px = px(lobby, TYPE_DISPLAY_NOTICE),
                         .ink = TOKEN_INK};
    struct text_metrics box = line_measure(lobby, &clock);
    line_add(ui, lobby, &clock, area.x + area.w - px(lobby, STALE_PADDING) - box.width_px,
             box.width_px, area.y + px(lobby, PADDING), TEXT_END);
}

void closed_add(struct ui *ui, const struct lobby *lobby, struct rect area)
{
    char opens[LOBBY_FORMAT_BYTES], phone[LOBBY_FORMAT_BYTES], web[LOBBY_FORMAT_BYTES];
    const char *web_address = lobby->site == NULL ? "" : lobby->site->web;
    const char *number = lobby->site == NULL ? "" : lobby->site->phone;
    struct paragraph paragraphs[5] = {
        {.id = "centre",
         .role = UI_HEADING,
         .text = centre_name(lobby),
         .weight = TEXT_BOLD,
         .size = TYPE_DISPLAY_NOTICE,
         .ink = TOKEN_BRAND},
        {.id = "closed",
         .role = UI_HEADING,
         .text = catalogue_text(lobby->words, "We are closed now"),
         .weight = TEXT_BOLD,
         .size = TYPE_DISPLAY_CALL,
         .gap = BLOCK_GAP / 2},
    };
    int count = 2;
    opens_say(lobby, opens);
    if (opens[0] != '\0')
        paragraphs[count++] = (struct paragraph){
            .id = "opens", .text = opens, .size = TYPE_DISPLAY_WAIT, .gap = BLOCK_GAP / 2};
    if (contact_say(lobby, "Call us: {phone}", "phone", number, phone))
        paragraphs[count++] = (struct paragraph){
            .id = "phone", .text = phone, .size = TYPE_DISPLAY_WAIT, .gap = BLOCK_GAP * 2};
    if (contact_say(lobby, "On the web: {web}", "web", web_address, web))
        paragraphs[count++] = (struct paragraph){
            .id = "web", .text = web, .size = TYPE_DISPLAY_WAIT, .gap = BLOCK_GAP / 2};
    column_add(ui, lobby, paragraphs, count, inset(lobby, area, PADDING));
    clock_add(ui, lobby, area);
}

/* --- stale ------------------------------------------------------------------------------------------------------- */

static void stale_say(const struct lobby *lobby, char out[static LOBBY_FORMAT_BYTES])
{
    const struct catalogue_value time = {.name = "time", .text = lobby->picture->news};
    const char *pattern =
        time.text[0] == '\0'
            ? catalogue_text(
                  lobby->words,
                  "We cannot reach the queue right now. Please wait, or ask a member of staff.")
            : catalogue_text(lobby->words, "Last news at {time}. Please listen for your number.");
    catalogue_format(lobby->words, out, LOBBY_FORMAT_BYTES, pattern, &time, 1);
}

static struct ui_element stale_element(const struct lobby *lobby, const char *text, int width)
{
    return (struct ui_element){.id = "stale",
                               .role = UI_ALERT,
                               .rect = {0, 0, width, 0},
                               .padding_px = px(lobby, STALE_PADDING),
                               .padding_y_px = px(lobby, STALE_PADDING / 4),
                               .fill = TOKEN_AMBER,
                               .text = text,
                               .size_px = px(lobby, TYPE_DISPLAY_NOTICE),
                               .weight = TEXT_BOLD,
                               .ink = TOKEN_PAPER,
                               .icon = "offline",
                               .icon_px = px(lobby, ICON),
                               .icon_place = UI_ICON_START,
                               .icon_ink = TOKEN_PAPER};
}

/* One line is measured by its ink: Nastaliq's line box would take twice the room from the calls. */
int stale_height(const struct lobby *lobby)
{
    char text[LOBBY_FORMAT_BYTES];
    stale_say(lobby, text);
    struct ui_element element = stale_element(lobby, text, lobby->width);
    struct line line = {.text = text, .weight = TEXT_BOLD, .size_px = element.size_px};
    struct text_metrics box = line_measure(lobby, &line);
    int room = lobby->width - 2 * element.padding_px - element.icon_px - px(lobby, 2 * SPACE_GAP);
    struct ui_page page = {.name = "", .language = catalogue_language(lobby->words)};
    int wanted = box.width_px <= room ? box.ink.h + 2 * element.padding_y_px
                                      : ui_wanted_height(lobby->kit, &page, &element);
    return bigger(wanted, px(lobby, STALE_HEIGHT));
}

void stale_add(struct ui *ui, const struct lobby *lobby, struct rect area)
{
    char text[LOBBY_FORMAT_BYTES];
    stale_say(lobby, text);
    struct ui_element element = stale_element(lobby, text, area.w);
    element.rect = area;
    ui_add(ui, &element);
}
