/* One column of texts, made smaller until it fits; see unnamed.h. */
#include "display/screen/unnamed.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "quarter/log.h"

enum { TEXT_BYTES = 1024, DESIGN_PX = 1080, PADDING = 40 };

struct page {
    const struct unnamed *unnamed;
    const struct ui_kit *kit;
    struct ui *ui;
    double scale;
    struct rect left; /* what the texts above leave */
};

static int px(const struct page *page, double design_px)
{
    return (int)lround(design_px * page->scale);
}

static void add(struct page *page, struct ui_element element)
{
    element.rect = page->left;
    element.rect.h = ui_wanted_height(page->kit, ui_page(page->ui), &element);
    ui_add(page->ui, &element);
    int used = element.rect.h + px(page, SPACE_GAP);
    page->left.y += used;
    page->left.h -= used;
}

static void add_text(struct page *page, const char *id, const char *text, double size)
{
    add(page, (struct ui_element){.id = id,
                                  .role = UI_TEXT,
                                  .text = text,
                                  .size_px = px(page, size),
                                  .language = "en",
                                  .break_words = true});
}

/* "kiosk-1, kiosk-2"; those that have no room are left out, which is said. */
static void write_codes(const struct unnamed *unnamed, char *out, size_t size)
{
    int at = 0, shown = 0;
    out[0] = '\0';
    for (; shown < unnamed->code_count && (size_t)at + strlen(unnamed->codes[shown]) + 8 < size;
         shown++)
        at += snprintf(out + at, size - (size_t)at, "%s%s", shown == 0 ? "" : ", ",
                       unnamed->codes[shown]);
    if (shown < unnamed->code_count)
        (void)snprintf(out + at, size - (size_t)at, ", ...");
}

static void add_staff(struct page *page)
{
    const struct unnamed *u = page->unnamed;
    char text[TEXT_BYTES], codes[TEXT_BYTES / 2];
    const double size = u->size_px;
    snprintf(text, sizeof text, "This %s is '%s'; the site's file does not name it.", u->what,
             u->code);
    add(page, (struct ui_element){.id = "what",
                                  .role = UI_ALERT,
                                  .text = text,
                                  .size_px = px(page, size),
                                  .weight = TEXT_BOLD,
                                  .language = "en",
                                  .break_words = true,
                                  .padding_px = px(page, PADDING),
                                  .fill = TOKEN_TINT,
                                  .border = TOKEN_BRAND,
                                  .radius = px(page, CORNER_RADIUS),
                                  .icon = "info",
                                  .icon_px = px(page, size * 1.3),
                                  .icon_place = UI_ICON_START});
    write_codes(u, codes, sizeof codes);
    if (u->code_count > 0)
        snprintf(text, sizeof text, "Its file names these: %s.", codes);
    else
        snprintf(text, sizeof text, "Its file names no %s at all.", u->what);
    add_text(page, "names", text, size);
    snprintf(text, sizeof text,
             "To do: add '%s' under %ss in site.yaml, or start this %s with --%s and one of the "
             "names there.",
             u->code, u->what, u->what, u->what);
    add_text(page, "do", text, size);
    add_text(page, "then", "This page goes by itself once the file names it.", size);
}

static void lay(struct page *page)
{
    const struct unnamed *u = page->unnamed;
    int margin = px(page, SPACE_MARGIN);
    ui_begin(page->ui, &(struct ui_page){.name = "unnamed",
                                         .language = catalogue_language(u->words),
                                         .theme = page->kit->theme->kind,
                                         .width = u->width,
                                         .height = u->height});
    page->left = (struct rect){margin, margin, u->width - 2 * margin, u->height - 2 * margin};
    if (u->clock[0] != '\0')
        add(page, (struct ui_element){.id = "clock",
                                      .role = UI_CLOCK,
                                      .text = u->clock,
                                      .align = TEXT_END,
                                      .size_px = px(page, u->size_px),
                                      .weight = TEXT_BOLD});
    add(page, (struct ui_element){.id = "title",
                                  .role = UI_HEADING,
                                  .text = catalogue_text(u->words, "Please ask a member of staff."),
                                  .size_px = px(page, u->size_px * 1.5),
                                  .weight = TEXT_BOLD});
    add_staff(page);
}

void unnamed_lay(const struct unnamed *unnamed, const struct ui_kit *kit, struct ui *ui)
{
    static const double tight[] = {1, 0.85, 0.7, 0.55};
    int shorter = unnamed->width < unnamed->height ? unnamed->width : unnamed->height;
    struct page page = {.unnamed = unnamed, .kit = kit, .ui = ui};
    for (size_t i = 0; i < sizeof tight / sizeof tight[0]; i++) {
        page.scale = tight[i] * shorter / DESIGN_PX;
        lay(&page);
        if (page.left.h >= 0)
            return;
    }
    log_warning("screen", "a page is too full page=unnamed code=%s", unnamed->code);
}
