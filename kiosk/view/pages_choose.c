/* Pages on which one thing is chosen: a language, a group, a service of it. */
#include <stdio.h>
#include <string.h>

#include "view/site_map.h"
#include "view/view_parts.h"

static const char *tile_word(const struct view *v, int language, const char *msgid)
{
    return catalogue_text(v->c->tile_words != NULL ? v->c->tile_words[language] : NULL, msgid);
}

/* Each in its own script, so that it is found by those who can read nothing else here. */
static int language_tiles(const struct view *v, struct tile tiles[VIEW_TILES_MAX], bool greeting)
{
    const struct site_info *site = v->c->site;
    int count = site->language_count < VIEW_TILES_MAX ? site->language_count : VIEW_TILES_MAX;
    for (int i = 0; i < count; i++) {
        const struct site_language *language = &site->languages[i];
        bool current = !greeting && strcmp(language->code, v->c->language) == 0;
        tiles[i] = (struct tile){.text = language->name,
                                 .detail = greeting ? tile_word(v, i, "Welcome") : NULL,
                                 .language = language->code,
                                 .icon = current ? "check" : NULL,
                                 .chosen = current,
                                 .centred = true};
        snprintf(tiles[i].id, sizeof tiles[i].id, "language-%s", language->code);
    }
    return count;
}

static int languages_across(const struct view *v, int count)
{
    if (!v->wide)
        return count > 4 ? 2 : 1;
    return count > 4 ? 3 : 2;
}

void page_welcome(struct view *v)
{
    struct tile tiles[VIEW_TILES_MAX];
    struct column column = column_of(v->body);
    column_add(v, &column, view_heading(v, "title", view_say(v, "Welcome")));
    struct ui_element sub = view_text(v, "sub", view_say(v, "Touch your language"), v->d.body);
    sub.ink = TOKEN_SOFT;
    column_skip(&column, v->d.gap / 3);
    column_add(v, &column, sub);
    column_skip(&column, v->d.gap + v->d.gap / 2);
    if (v->j->offline) {
        column_add(
            v, &column,
            view_note(
                v, "offline",
                view_say(
                    v,
                    "We cannot reach the queue right now. Please wait, or ask a member of staff."),
                "offline"));
        column_skip(&column, v->d.gap);
    }
    int count = language_tiles(v, tiles, true);
    view_tiles(v, column_rest(&column), tiles, count, languages_across(v, count), view_px(v, 240));
    view_bar(v, false, false, true);
}

void page_languages(struct view *v)
{
    struct tile tiles[VIEW_TILES_MAX];
    struct column column = column_of(v->body);
    column_add(v, &column, view_heading(v, "title", view_say(v, "Touch your language")));
    column_skip(&column, v->d.gap + v->d.gap / 2);
    int count = language_tiles(v, tiles, false);
    view_tiles(v, column_rest(&column), tiles, count, languages_across(v, count), view_px(v, 220));
    view_bar(v, true, false, true);
}

/* "I'm not sure" is an answer like the others, and stands apart from them only a little. */
static struct ui_element not_sure_tile(struct view *v)
{
    struct ui_element tile = view_plain_button(v, "not-sure", view_say(v, "I'm not sure"));
    tile.fill = TOKEN_PAPER;
    tile.align = TEXT_START;
    tile.weight = TEXT_BOLD;
    tile.detail = v->d.hints ? view_say(v, "We find out together what you need.") : NULL;
    tile.detail_px = v->d.small;
    return tile;
}

void page_services(struct view *v)
{
    const struct site_info *site = v->c->site;
    struct tile tiles[VIEW_TILES_MAX];
    struct column column = column_of(v->body);
    column_add(v, &column,
               view_heading(v, "title", view_say(v, "What do you need help with today?")));
    column_skip(&column, v->d.gap + v->d.gap / 2);
    int count = site->group_count < JOURNEY_GROUPS_MAX ? site->group_count : JOURNEY_GROUPS_MAX;
    for (int i = 0; i < count; i++) {
        tiles[i] = (struct tile){.text = view_site_say(v, &site->groups[i].name),
                                 .detail = view_site_say(v, &site->groups[i].hint)};
        snprintf(tiles[i].id, sizeof tiles[i].id, "group-%s", site->groups[i].code);
    }
    struct rect rest = column_rest(&column);
    struct ui_element unsure = not_sure_tile(v);
    bool has_unsure = site_info_find_service(site, site->unsure) != NULL;
    int apart = v->d.gap + v->d.gap / 2;
    if (has_unsure) {
        unsure.rect.w = rest.w;
        int wanted = view_wanted(v, &unsure);
        unsure.rect.h = wanted > v->d.button ? wanted : v->d.button;
        rest.h -= unsure.rect.h + apart;
    }
    int used = view_tiles(v, rest, tiles, count, v->wide ? 4 : 2, view_px(v, 250));
    if (has_unsure) {
        int spare = rest.h - used; /* what the tiles left */
        unsure.rect.x = rest.x;
        unsure.rect.y = rest.y + used + apart;
        unsure.rect.h += spare < view_px(v, 48) ? (spare > 0 ? spare : 0) : view_px(v, 48);
        view_add(v, unsure);
    }
    view_bar(v, true, true, true);
}

void page_group(struct view *v)
{
    const struct site_info *site = v->c->site;
    const struct journey_site map = site_map(site);
    struct tile tiles[VIEW_TILES_MAX];
    struct column column = column_of(v->body);
    const struct site_group *group = &site->groups[v->j->group];
    column_add(v, &column, view_heading(v, "title", view_site_say(v, &group->name)));
    struct ui_element sub = view_text(v, "sub", view_say(v, "Choose one"), v->d.body);
    sub.ink = TOKEN_SOFT;
    column_skip(&column, v->d.gap / 3);
    column_add(v, &column, sub);
    column_skip(&column, v->d.gap + v->d.gap / 2);
    int count = map.group[v->j->group].services;
    for (int i = 0; i < count; i++) {
        const struct site_service *service = &site->services[map.group[v->j->group].service[i]];
        tiles[i] = (struct tile){.text = view_site_say(v, &service->name),
                                 .detail = view_site_say(v, &service->hint),
                                 .icon = "forward"};
        snprintf(tiles[i].id, sizeof tiles[i].id, "service-%s", service->code);
    }
    view_tiles(v, column_rest(&column), tiles, count, count > 6 || v->wide ? 2 : 1,
               view_px(v, 240));
    view_bar(v, true, true, true);
}
