/* Pages on which one thing is chosen: a language, a group, a service of it. */
#include <stdio.h>
#include <string.h>

#include "display/screen/wait_words.h"
#include "view/view_parts.h"
#include "view/words.h"

/* ---- languages ---------------------------------------------------------------------------------------------------- */

static const char *tile_word(const struct view *v, int language, const char *msgid)
{
    return catalogue_text(v->c->tile_words != NULL ? v->c->tile_words[language] : NULL, msgid);
}

/* Each in its own script, so that it is found by those who can read nothing else here. */
static int language_tiles(const struct view *v, struct tile tiles[VIEW_TILES_MAX], bool greeting)
{
    const struct site_info *site = v->c->site;
    for (int i = 0; i < site->language_count; i++) {
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
    return site->language_count;
}

static int languages_across(const struct view *v, int count)
{
    if (!v->wide)
        return count > 4 ? 2 : 1;
    return count > 4 ? 3 : 2;
}

void page_languages(struct view *v)
{
    struct tile tiles[VIEW_TILES_MAX];
    struct column column = column_of(v->body);
    view_title(v, &column, view_say(v, "Touch your language"), NULL);
    int count = language_tiles(v, tiles, false);
    view_tiles(v, column_rest(&column), tiles, count, languages_across(v, count), view_px(v, 220));
}

/* ---- welcome ------------------------------------------------------------------------------------------------------ */

struct told {
    const struct site_group *group;
    struct wait_range wait;
};

/* From the shortest to the longest of a group's services: no promise that one of them breaks. */
static bool wait_of_group(const struct view *v, const struct site_group *group,
                          struct wait_range *wait)
{
    const struct board_view *board = v->c->board;
    *wait = (struct wait_range){.known = false};
    for (int i = 0; i < group->service_count; i++) {
        const char *code = v->c->site->services[group->services[i]].code;
        for (int k = 0; k < board->service_count; k++) {
            const struct board_service *service = &board->services[k];
            if (strcmp(service->service, code) != 0 || !service->wait.known)
                continue;
            bool first = !wait->known;
            wait->known = true;
            if (first || service->wait.low_min < wait->low_min)
                wait->low_min = service->wait.low_min;
            if (first || service->wait.high_min > wait->high_min)
                wait->high_min = service->wait.high_min;
        }
    }
    return wait->known;
}

static int waits_told(const struct view *v, struct told told[JOURNEY_GROUPS_MAX])
{
    const struct site_info *site = v->c->site;
    int count = 0;
    if (v->c->board == NULL || v->j->offline)
        return 0;
    for (int i = 0; i < site->group_count && i < JOURNEY_GROUPS_MAX; i++) {
        told[count].group = &site->groups[i];
        if (wait_of_group(v, &site->groups[i], &told[count].wait))
            count++;
    }
    return count;
}

static struct card_row wait_row(const struct view *v, const struct told *told,
                                char ids[2][VIEW_ID_BYTES], char text[WAIT_WORDS_BYTES])
{
    snprintf(ids[0], VIEW_ID_BYTES, "wait-of-%s", told->group->code);
    snprintf(ids[1], VIEW_ID_BYTES, "wait-%s", told->group->code);
    wait_words(v->c->words, told->wait.low_min, told->wait.high_min, text, WAIT_WORDS_BYTES);
    return view_fact(v, ids[0], view_site_say(v, &told->group->name), ids[1], text);
}

/* Today's waits, for those who only look: as many of the most used groups as there is room for, or none. */
static int lay_waits(struct view *v, struct rect area, bool measure)
{
    struct told told[JOURNEY_GROUPS_MAX];
    struct card_row rows[JOURNEY_GROUPS_MAX + 1];
    char ids[JOURNEY_GROUPS_MAX][2][VIEW_ID_BYTES], texts[JOURNEY_GROUPS_MAX][WAIT_WORDS_BYTES];
    int count = waits_told(v, told), shown = 0;
    int height = v->d.pad * 3 / 2;
    if (count == 0)
        return 0;
    rows[shown] = view_row(v, "waits", view_say(v, "Waiting now"), v->d.small, TEXT_BOLD);
    for (int i = -1; i < count; i++) {
        if (i >= 0)
            rows[shown] = wait_row(v, &told[i], ids[i], texts[i]);
        int row =
            view_row_height(v, &rows[shown], area.w - 2 * v->d.pad) + (i >= 0 ? v->d.gap / 2 : 0);
        if (height + row > area.h)
            break;
        height += row;
        shown++;
    }
    if (shown < 2) /* a heading with nothing under it */
        return 0;
    if (!measure) {
        struct column column = column_of(area);
        view_card(v, &column, view_plain_card(v, "waits-card"), rows, shown);
    }
    return height;
}

/* How high the tiles are at least, to see what they leave for the waits. */
static int tiles_height(const struct view *v, struct rect area, const struct tile *tiles, int count,
                        int across)
{
    struct view tried = *v;
    tried.measuring = true;
    tried.d.sheets = false;
    int height = view_tiles(&tried, area, tiles, count, across, view_px(v, 120));
    return tried.overflow ? area.h : height;
}

/* The waits below the tiles, in the room that tiles without a greeting leave; or the greetings. */
static void welcome_upright(struct view *v, struct column *column, struct tile *tiles, int count)
{
    struct rect rest = column_rest(column);
    int across = languages_across(v, count);
    bool lifted = v->reach.y > v->body.y, hints = v->d.hints;
    v->d.hints = false;
    int least = tiles_height(v, rest, tiles, count, across);
    struct rect free = {rest.x, rest.y, rest.w, rest.h - least - v->d.gap};
    int waits = lifted ? 0 : lay_waits(v, free, true);
    if (waits > 0) {
        free.y = rest.y + rest.h - waits;
        free.h = waits;
        lay_waits(v, free, false);
        rest.h -= waits + v->d.gap;
    } else {
        v->d.hints = hints;
    }
    view_tiles(v, rest, tiles, count, across, view_px(v, 240));
    v->d.hints = hints;
}

static void welcome_wide(struct view *v, struct column *column, const struct tile *tiles, int count)
{
    struct rect rest = column_rest(column);
    struct rect beside = view_right(v, rest, 58);
    int waits = lay_waits(v, beside, true);
    if (waits > 0) {
        lay_waits(v, beside, false);
        rest = view_left(v, rest, 58);
    }
    int across = languages_across(v, count);
    view_tiles(v, rest, tiles, count, across, view_px(v, 240));
}

void page_welcome(struct view *v)
{
    struct tile tiles[VIEW_TILES_MAX];
    struct column column = column_of(v->body);
    view_title(v, &column, view_say(v, "Welcome"), view_say(v, "Touch your language"));
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
    if (v->wide)
        welcome_wide(v, &column, tiles, count);
    else
        welcome_upright(v, &column, tiles, count);
}

/* ---- what for ----------------------------------------------------------------------------------------------------- */

/* Ways that are always there stand apart from the choices, but only a little. */
static struct ui_element quiet_tile(struct view *v, const char *id, const char *text,
                                    const char *icon)
{
    struct ui_element tile = view_plain_button(v, id, text);
    tile.fill = TOKEN_PAPER;
    tile.padding_px = v->d.pad * 2 / 3;
    tile.align = TEXT_START;
    tile.icon = icon;
    tile.icon_px = v->d.small * 8 / 7;
    tile.icon_place = UI_ICON_START;
    return tile;
}

static int other_ways(struct view *v, bool search, struct ui_element ways[2])
{
    int count = 0;
    if (search)
        ways[count++] = quiet_tile(v, "search", view_say(v, "Find by name"), "search");
    if (site_info_find_service(v->c->site, v->c->site->unsure) != NULL)
        ways[count++] = quiet_tile(v, "not-sure", view_say(v, "I'm not sure"), "help");
    return count;
}

/* Tiles with the other ways close under them, or at the bottom where they fill the page. */
static void lay_ways(struct view *v, struct rect rest, const struct tile *tiles, int count,
                     int across, bool search)
{
    struct ui_element ways[2];
    int way_count = other_ways(v, search, ways);
    int apart = v->d.gap + v->d.gap / 2;
    int height = way_count > 0 ? view_buttons_height(v, rest.w, ways, way_count) + apart : 0;
    rest.h -= height;
    int used = view_tiles(v, rest, tiles, count, across, view_px(v, 250));
    struct column column = column_of(
        (struct rect){rest.x, rest.y + used + apart, rest.w, view_most(height - apart, 0)});
    if (way_count > 0)
        view_buttons(v, &column, ways, way_count);
}

void page_services(struct view *v)
{
    const struct site_info *site = v->c->site;
    struct tile tiles[VIEW_TILES_MAX];
    struct column column = column_of(v->body);
    view_title(v, &column, view_say(v, "What do you need help with today?"), NULL);
    int count = view_least(site->group_count, JOURNEY_GROUPS_MAX);
    for (int i = 0; i < count; i++) {
        tiles[i] = (struct tile){.text = view_site_say(v, &site->groups[i].name),
                                 .detail = view_site_say(v, &site->groups[i].hint)};
        snprintf(tiles[i].id, sizeof tiles[i].id, "group-%s", site->groups[i].code);
    }
    lay_ways(v, column_rest(&column), tiles, count, v->wide ? 4 : 2, true);
}

void page_group(struct view *v)
{
    const struct site_info *site = v->c->site;
    const struct site_group *group = &site->groups[v->j->group];
    struct tile tiles[VIEW_TILES_MAX];
    struct column column = column_of(v->body);
    view_title(v, &column, view_site_say(v, &group->name), view_say(v, "Choose one"));
    int count = view_least(group->service_count, JOURNEY_GROUP_SERVICES_MAX);
    for (int i = 0; i < count; i++) {
        const struct site_service *service = &site->services[group->services[i]];
        tiles[i] = (struct tile){.text = view_site_say(v, &service->name),
                                 .detail = view_site_say(v, &service->hint),
                                 .icon = "forward"};
        snprintf(tiles[i].id, sizeof tiles[i].id, "service-%s", service->code);
    }
    lay_ways(v, column_rest(&column), tiles, count, count > 6 || v->wide ? 2 : 1, false);
}
