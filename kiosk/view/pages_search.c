/* Finding a service by what people call it: what is typed, what it finds, the keyboard. */
#include <stdio.h>
#include <string.h>

#include "view/find.h"
#include "view/view_parts.h"

static int found_tiles(const struct view *v, struct tile tiles[VIEW_TILES_MAX])
{
    int found[QUARTER_SERVICES_MAX];
    int count = find_services(v->c->site, v->c->language, v->j->typed, found);
    for (int i = 0; i < count; i++) {
        const struct site_service *service = &v->c->site->services[found[i]];
        tiles[i] = (struct tile){.text = view_site_say(v, &service->name), .icon = "forward"};
        snprintf(tiles[i].id, sizeof tiles[i].id, "found-%s", service->code);
    }
    return count;
}

static void lay_nothing_found(struct view *v, struct rect area)
{
    struct column column = column_of(area);
    struct ui_element note = view_text(
        v, "nothing-found", view_say(v, "Nothing has this name. Try another word."), v->d.body);
    note.ink = TOKEN_SOFT;
    column_add(v, &column, note);
}

static void lay_found(struct view *v, struct rect area)
{
    struct tile tiles[VIEW_TILES_MAX];
    int count = found_tiles(v, tiles);
    struct density kept = v->d;
    bool called = v->reach.y > 0 && v->j->help != HELP_NONE;
    bool crowded = called || v->d.breaks; /* then it is one page back */
    if (!crowded && site_info_find_service(v->c->site, v->c->site->unsure) != NULL) {
        struct ui_element unsure = view_plain_button(v, "not-sure", view_say(v, "I'm not sure"));
        unsure.fill = TOKEN_PAPER;
        unsure.size_px = v->d.small;
        unsure.rect.h = view_px(v, TOUCH_MIN_PX);
        unsure.padding_y_px = v->d.pad / 3;
        view_buttons_below(v, &area, &unsure, 1);
    }
    v->d.gap = kept.gap * 2 / 3;
    v->d.pad = kept.pad * 3 / 4;
    v->d.sheets = true;
    v->d.hints = false;
    if (count == 0)
        lay_nothing_found(v, area);
    else
        view_tiles(v, area, tiles, count, 1, view_px(v, 120));
    v->d = kept;
}

/* Keys want all the width there is: twelve of them have to be 20 mm wide each. */
void view_typing(const struct view *v, struct rect *rest, struct rect *keys)
{
    int out = view_px(v, SPACE_MARGIN - 16);
    if (v->wide) {
        *keys = view_right(v, *rest, 42);
        *rest = view_left(v, *rest, 42);
        keys->w += out;
        return;
    }
    *keys = *rest;
    keys->x -= out;
    keys->w += 2 * out;
}

void page_search(struct view *v)
{
    struct rect rest = v->body, keys;
    view_typing(v, &rest, &keys);
    view_keyboard(v, &keys);
    if (!v->wide)
        rest.h = keys.h;
    struct column column = column_of(rest);
    view_typing_head(v, &column, view_say(v, "What is it about?"), NULL,
                     view_say(v, "Type the first letters"));
    lay_found(v, column_rest(&column));
}
