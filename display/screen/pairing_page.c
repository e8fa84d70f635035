/* One column, made smaller until it fits; see pairing_page.h. */
#include "display/screen/pairing_page.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "quarter/log.h"

enum {
    TEXT_BYTES = 1024,
    DESIGN_PX = 1080,
    PADDING = 40,
    MINUTE_MS = 60000,
    LETTERS_PER_WIDTH = 6, /* so many of their own size and the room between fill a line */
};

struct sheet {
    const struct pairing_page *page;
    const struct ui_kit *kit;
    struct ui *ui;
    double scale;
    struct rect left; /* what is above leaves */
};

static int px(const struct sheet *sheet, double design_px)
{
    return (int)lround(design_px * sheet->scale);
}

static void add(struct sheet *sheet, struct ui_element element)
{
    element.rect = sheet->left;
    element.rect.h = ui_wanted_height(sheet->kit, ui_page(sheet->ui), &element);
    ui_add(sheet->ui, &element);
    int used = element.rect.h + px(sheet, SPACE_GAP);
    sheet->left.y += used;
    sheet->left.h -= used;
}

static void add_text(struct sheet *sheet, const char *id, const char *text)
{
    add(sheet, (struct ui_element){.id = id,
                                   .role = UI_TEXT,
                                   .text = text,
                                   .size_px = px(sheet, sheet->page->size_px),
                                   .break_words = true});
}

static void add_with(struct sheet *sheet, const char *id, const char *pattern, const char *place,
                     const char *value)
{
    char text[TEXT_BYTES];
    const struct catalogue_value with = {.name = place, .text = value, .emphasis = true};
    (void)catalogue_format(sheet->page->words, text, sizeof text, pattern, &with, 1);
    add_text(sheet, id, text);
}

/* What staff are asked to do, or what is wrong: framed. */
static void add_card(struct sheet *sheet, const char *id, const char *text, bool alarms)
{
    add(sheet, (struct ui_element){.id = id,
                                   .role = UI_ALERT,
                                   .text = text,
                                   .size_px = px(sheet, sheet->page->size_px),
                                   .weight = TEXT_BOLD,
                                   .break_words = true,
                                   .padding_px = px(sheet, PADDING),
                                   .fill = TOKEN_TINT,
                                   .border = alarms ? TOKEN_RED : TOKEN_BRAND,
                                   .radius = px(sheet, CORNER_RADIUS),
                                   .icon = alarms ? "alert" : "info",
                                   .icon_px = px(sheet, sheet->page->size_px * 1.3),
                                   .icon_ink = alarms ? TOKEN_RED : TOKEN_BRAND,
                                   .icon_place = UI_ICON_START});
}

static void add_letters(struct sheet *sheet)
{
    const struct pairing_page *page = sheet->page;
    int by_width = sheet->left.w / LETTERS_PER_WIDTH;
    int by_height = page->height / 4;
    add(sheet, (struct ui_element){.id = "letters",
                                   .role = UI_NUMBER,
                                   .text = page->letters,
                                   .size_px = by_width < by_height ? by_width : by_height,
                                   .weight = TEXT_BOLD,
                                   .align = TEXT_CENTRE,
                                   .padding_px = px(sheet, PADDING),
                                   .fill = TOKEN_CARD,
                                   .border = TOKEN_BRAND,
                                   .radius = px(sheet, CORNER_RADIUS_LARGE)});
}

static void add_waiting(struct sheet *sheet)
{
    add_card(sheet, "do",
             catalogue_text(sheet->page->words,
                            "Waiting for the server. The letters for pairing come by themselves."),
             false);
}

static void add_pairing(struct sheet *sheet)
{
    char minutes[16];
    snprintf(minutes, sizeof minutes, "%d", sheet->page->minutes_left);
    add_card(sheet, "do",
             catalogue_text(sheet->page->words,
                            "An administrator types these letters on the Admin page."),
             false);
    add_letters(sheet);
    add_with(
        sheet, "time",
        catalogue_text(sheet->page->words, "Time left: {minutes} min. Then there are new letters."),
        "minutes", minutes);
}

static void add_other_key(struct sheet *sheet)
{
    add_card(
        sheet, "do",
        catalogue_text(sheet->page->words,
                       "The server shows another key than the one known here. Nothing is sent to "
                       "it: it may be somebody else's."),
        true);
    add_text(sheet, "then",
             catalogue_text(sheet->page->words,
                            "This page goes by itself as soon as the known server is back."));
    if (sheet->page->kept == NULL) {
        add_text(
            sheet, "replaced",
            catalogue_text(sheet->page->words,
                           "If the server was replaced: start this device anew, with its new key "
                           "after --server-key."));
        return;
    }
    add_with(sheet, "replaced",
             catalogue_text(sheet->page->words,
                            "If the server was replaced: remove the file {file}, start this device "
                            "anew and pair it."),
             "file", sheet->page->kept);
}

static void add_key_needed(struct sheet *sheet)
{
    add_card(
        sheet, "do",
        catalogue_text(sheet->page->words,
                       "The server's key is not known here, and the server pairs no devices. Start "
                       "this device with --server-key and the key that the server says when it "
                       "starts."),
        true);
}

static bool is_alarm(const struct pairing_page *page)
{
    return page->kind == PAIRING_PAGE_OTHER_KEY || page->kind == PAIRING_PAGE_KEY_NEEDED;
}

/* Visitors read it, too. */
static const char *title_of(const struct pairing_page *page)
{
    if (is_alarm(page))
        return catalogue_text(page->words, "Please ask a member of staff.");
    return page->is_display ? catalogue_text(page->words, "This display is not paired")
                            : catalogue_text(page->words, "This kiosk is not paired");
}

static void add_head(struct sheet *sheet)
{
    const struct pairing_page *page = sheet->page;
    if (page->clock[0] != '\0')
        add(sheet, (struct ui_element){.id = "clock",
                                       .role = UI_CLOCK,
                                       .text = page->clock,
                                       .align = TEXT_END,
                                       .size_px = px(sheet, page->size_px),
                                       .weight = TEXT_BOLD});
    add(sheet, (struct ui_element){.id = "title",
                                   .role = UI_HEADING,
                                   .text = title_of(page),
                                   .size_px = px(sheet, page->size_px * 1.5),
                                   .weight = TEXT_BOLD});
}

static void lay(struct sheet *sheet)
{
    const struct pairing_page *page = sheet->page;
    int margin = px(sheet, SPACE_MARGIN);
    ui_begin(sheet->ui, &(struct ui_page){.name = "pairing",
                                          .language = catalogue_language(page->words),
                                          .theme = sheet->kit->theme->kind,
                                          .width = page->width,
                                          .height = page->height});
    sheet->left =
        (struct rect){margin, margin, page->width - 2 * margin, page->height - 2 * margin};
    add_head(sheet);
    switch (page->kind) {
    case PAIRING_PAGE_WAITS: add_waiting(sheet); break;
    case PAIRING_PAGE_LETTERS: add_pairing(sheet); break;
    case PAIRING_PAGE_OTHER_KEY: add_other_key(sheet); break;
    case PAIRING_PAGE_KEY_NEEDED: add_key_needed(sheet); break;
    }
    add_with(sheet, "name", catalogue_text(sheet->page->words, "Its name: {name}"), "name",
             page->code);
    if (page->let_in_as != NULL && page->let_in_as[0] != '\0')
        add_with(sheet, "mistake",
                 catalogue_text(sheet->page->words,
                                "It was let in under another name, {name}. Choose its own name."),
                 "name", page->let_in_as);
    if (!is_alarm(page))
        add_text(sheet, "visitors", catalogue_text(page->words, "Please ask a member of staff."));
}

void pairing_page_lay(const struct pairing_page *page, const struct ui_kit *kit, struct ui *ui)
{
    static const double tight[] = {1, 0.85, 0.7, 0.55, 0.45};
    int shorter = page->width < page->height ? page->width : page->height;
    struct sheet sheet = {.page = page, .kit = kit, .ui = ui};
    for (size_t i = 0; i < sizeof tight / sizeof tight[0]; i++) {
        sheet.scale = tight[i] * shorter / DESIGN_PX;
        lay(&sheet);
        if (sheet.left.h >= 0)
            return;
    }
    log_warning("screen", "a page is too full page=pairing code=%s", page->code);
}

int pairing_page_minutes(int64_t until_ms, int64_t now_ms)
{
    return until_ms <= now_ms ? 0 : (int)((until_ms - now_ms + MINUTE_MS - 1) / MINUTE_MS);
}

int64_t pairing_page_wake_ms(int64_t until_ms, int64_t now_ms)
{
    int minutes = pairing_page_minutes(until_ms, now_ms);
    return minutes == 0 ? INT64_MAX : until_ms - (int64_t)(minutes - 1) * MINUTE_MS;
}
