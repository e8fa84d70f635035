/* How the screen is made easier: larger words, strong contrast, everything lower down. */
#include <stdio.h>
#include <string.h>

#include "view/view_parts.h"

/* Each as large as what it brings; the sizes are those of the pages, whatever this one's is. */
static void lay_sizes(struct view *v, struct column *column)
{
    static const char *const ids[] = {"ease-size-0", "ease-size-1", "ease-size-2"};
    static const char *const words[] = {CATALOGUE_MARK("Normal"), CATALOGUE_MARK("Large"),
                                        CATALOGUE_MARK("Very large")};
    static const double types[] = {1, 1.25, 1.5};
    struct ui_element buttons[3];
    int width = (column->area.w - 2 * v->d.gap) / 3, height = v->d.button;
    bool words_hold = true;
    for (int i = 0; i < 3; i++) {
        bool chosen = v->j->text_size == i;
        buttons[i] = view_plain_button(v, ids[i], view_say(v, words[i]));
        buttons[i].rect.w = width;
        buttons[i].size_px = (int)(view_px(v, TYPE_KIOSK_SMALL) * types[i]);
        buttons[i].padding_px = v->d.pad / 2;
        buttons[i].icon = chosen ? "check" : "text-size";
        buttons[i].icon_px = (int)(view_px(v, 52) * types[i]);
        buttons[i].icon_place = UI_ICON_ABOVE;
        buttons[i].fill = chosen ? TOKEN_TINT : TOKEN_CARD;
        buttons[i].border = chosen ? TOKEN_BRAND : TOKEN_LINE_STRONG;
        buttons[i].border_px = view_most(view_px(v, chosen ? 5 : LINE_PX), 1);
        words_hold = words_hold && view_holds_words(v, &buttons[i]);
        height = view_most(height, view_wanted(v, &buttons[i]));
    }
    for (int i = 0; i < 3; i++) {
        if (!words_hold) /* the sign alone says it as well */
            buttons[i].size_px = view_px(v, TYPE_KIOSK_SMALL);
        buttons[i].rect =
            (struct rect){column->area.x + i * (width + v->d.gap), column->y, width, height};
        view_add(v, buttons[i]);
    }
    column_skip(column, height + v->d.gap);
    column_check(v, column);
}

static struct tile switch_tile(const struct view *v, const char *id, const char *text,
                               const char *detail, bool on)
{
    struct tile tile = {.text = view_say(v, text),
                        .detail = view_say(v, detail),
                        .icon = on ? "ticked" : "unticked",
                        .chosen = on};
    snprintf(tile.id, sizeof tile.id, "%s", id);
    return tile;
}

void page_ease(struct view *v)
{
    struct column column = column_of(v->body);
    view_title(v, &column, view_say(v, "What makes it easier for you?"),
               v->d.hints ? view_say(v, "It is back to normal after your visit.") : NULL);
    column_reach(v, &column);
    lay_sizes(v, &column);
    struct tile tiles[] = {
        switch_tile(v, "ease-contrast", CATALOGUE_MARK("Strong contrast"),
                    CATALOGUE_MARK("White and yellow on black"), v->j->contrast),
        switch_tile(v, "ease-reach", CATALOGUE_MARK("Everything lower down"),
                    CATALOGUE_MARK("To reach it sitting"), v->j->low_reach),
    };
    struct rect rest = column_rest(&column);
    struct ui_element done = view_main_button(v, "continue", view_say(v, "Continue"));
    rest.h -= view_buttons_height(v, rest.w, &done, 1) + v->d.gap;
    column_skip(&column, view_tiles(v, rest, tiles, 2, v->wide ? 2 : 1, view_px(v, 190)));
    column_skip(&column, v->d.gap);
    view_buttons(v, &column, &done, 1);
}
