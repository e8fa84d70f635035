/* Ready to ask for a ticket: what for, how long, what is needed, and what the paper will do. */
#include <stdio.h>
#include <string.h>

#include "display/screen/wait_words.h"
#include "view/view_parts.h"
#include "view/words.h"

static const struct board_service *board_of(const struct view *v)
{
    const struct board_view *board = v->c->board;
    const char *code = v->c->site->services[v->j->service].code;
    for (int i = 0; board != NULL && i < board->service_count; i++)
        if (strcmp(board->services[i].service, code) == 0)
            return &board->services[i];
    return NULL;
}

/* How long somebody waits who asks now with these needs; NULL: not known, or too old to be told. */
static const struct wait_range *wait_of(const struct view *v)
{
    const struct board_service *board = board_of(v);
    const struct site_info *site = v->c->site;
    const char *needs[QUARTER_NEEDS_MAX];
    int count = 0;
    if (board == NULL || v->j->offline)
        return NULL;
    for (int i = 0; i < site->need_count; i++)
        if ((v->j->needs >> i & 1) != 0)
            needs[count++] = site->needs[i].code;
    const struct wait_range *wait = board_wait_with_needs(board, needs, count);
    return wait != NULL && wait->known ? wait : NULL;
}

static void lay_facts(struct view *v, struct column *column)
{
    const struct board_service *board = board_of(v);
    const struct wait_range *wait = wait_of(v);
    char people[16] = "", range[WAIT_WORDS_BYTES];
    struct card_row rows[3];
    int count = 0;
    rows[count++] = view_fact(v, "for", view_say(v, "For"), "service",
                              view_site_say(v, &v->c->site->services[v->j->service].name));
    if (board != NULL && !v->j->offline) { /* an old count is no count */
        snprintf(people, sizeof people, "%d", (int)board->ahead);
        rows[count++] = view_fact(v, "before", view_say(v, "People before you"), "ahead",
                                  board->ahead > 0 ? people : view_say(v, "You are next"));
    }
    if (!v->d.cards && wait != NULL)
        rows[count++] =
            view_fact(v, "wait-label", view_say(v, "You will probably be called in"), "wait",
                      wait_words(v->c->words, wait->low_min, wait->high_min, range, sizeof range));
    for (int i = 1; i < count; i++)
        rows[i].rule = true;
    view_card(v, column, view_plain_card(v, "visit"), rows, count);
    column_skip(column, v->d.gap);
}

static void lay_wait(struct view *v, struct column *column)
{
    const struct wait_range *wait = wait_of(v);
    char range[WAIT_WORDS_BYTES];
    if (!v->d.cards || wait == NULL)
        return;
    wait_words(v->c->words, wait->low_min, wait->high_min, range, sizeof range);
    struct card_row rows[3];
    int count = 0;
    rows[count++] = view_row(v, "wait-label", view_say(v, "You will probably be called in"),
                             v->d.small, TEXT_REGULAR);
    rows[count] = view_row(v, "wait", range, v->d.large, TEXT_BOLD);
    if (view_natural_width(v, &rows[count].label) > column->area.w - 2 * v->d.pad)
        rows[count].label.size_px = v->d.title; /* on one line, if it can be */
    count++;
    if (v->d.hints || wait_is_soon(wait->low_min, wait->high_min))
        rows[count++] =
            view_row(v, "wait-hint", words_of_change(v->c->words, wait->low_min, wait->high_min),
                     v->d.small, TEXT_REGULAR);
    struct ui_element card = view_plain_card(v, "wait-card");
    card.fill = TOKEN_TINT;
    card.border = TOKEN_BRAND;
    view_card(v, column, card, rows, count);
    column_skip(column, v->d.gap);
}

/* ---- what is needed ----------------------------------------------------------------------------------------------- */

/* What is asked for is marked by a sign and a frame, not by colour alone; the empty box takes the same room, so that
 * nothing moves under the finger. */
int view_need_tiles(const struct view *v, struct tile tiles[VIEW_TILES_MAX])
{
    const struct site_info *site = v->c->site;
    int count = 0;
    for (int i = 0; i < site->need_count; i++) {
        const char *text = words_need(v->c->words, site->needs[i].code);
        if (text == NULL)
            continue;
        bool chosen = (v->j->needs >> i & 1) != 0;
        tiles[count] =
            (struct tile){.text = text, .icon = chosen ? "ticked" : "unticked", .chosen = chosen};
        snprintf(tiles[count].id, sizeof tiles[count].id, "need-%s", site->needs[i].code);
        count++;
    }
    return count;
}

static void lay_need_tiles(struct view *v, struct column *column, const struct tile *tiles,
                           int count)
{
    struct ui_element label =
        view_text(v, "needs-title", view_say(v, "Is there anything you need?"), v->d.small);
    struct density kept = v->d;
    label.ink = TOKEN_SOFT;
    column_add(v, column, label);
    column_skip(column, v->d.gap / 2);
    column_reach(v, column);
    v->d.body = kept.small;
    v->d.gap = kept.gap * 2 / 3;
    v->d.pad = kept.pad * 3 / 4;
    column_skip(column, view_tiles(v, column_rest(column), tiles, count, 2, view_px(v, 160)));
    v->d = kept;
    column_skip(column, v->d.gap);
}

/* Where the tiles find no room: one button to a page of them, which says what is chosen. */
static void lay_need_button(struct view *v, struct column *column, const struct tile *tiles,
                            int count)
{
    const char *chosen[VIEW_TILES_MAX];
    char list[WORDS_BYTES];
    int chosen_count = 0;
    for (int i = 0; i < count; i++)
        if (tiles[i].chosen)
            chosen[chosen_count++] = tiles[i].text;
    struct ui_element button =
        view_plain_button(v, "needs", view_say(v, "Is there anything you need?"));
    button.align = TEXT_START;
    button.size_px = button.detail_px = v->d.small;
    button.icon = "forward";
    button.icon_px = v->d.small;
    button.icon_place = UI_ICON_END;
    if (chosen_count > 0)
        button.detail = words_list(chosen, chosen_count, list, sizeof list);
    column_reach(v, column);
    column_add(v, column, button);
    column_skip(column, v->d.gap);
}

static void lay_needs(struct view *v, struct column *column)
{
    struct tile tiles[VIEW_TILES_MAX];
    int count = view_need_tiles(v, tiles);
    if (count == 0)
        return;
    if (v->d.sheets || v->type > 1)
        lay_need_button(v, column, tiles, count);
    else
        lay_need_tiles(v, column, tiles, count);
}

void page_needs(struct view *v)
{
    struct tile tiles[VIEW_TILES_MAX];
    struct ui_element done = view_main_button(v, "continue", view_say(v, "Continue"));
    struct column column = column_of(v->body);
    view_title(v, &column, view_say(v, "Is there anything you need?"),
               view_say(v, "You can choose more than one."));
    column_reach(v, &column);
    struct rect rest = column_rest(&column);
    rest.h -= view_buttons_height(v, rest.w, &done, 1) + v->d.gap;
    int count = view_need_tiles(v, tiles), gap = v->d.gap, pad = v->d.pad;
    v->d.gap = gap * 2 / 3;
    v->d.pad = pad * 2 / 3;
    column_skip(&column, view_tiles(v, rest, tiles, count, 2, view_px(v, 190)));
    v->d.gap = gap;
    v->d.pad = pad;
    column_skip(&column, v->d.gap);
    view_buttons(v, &column, &done, 1);
}

/* ---- what the visitor should know before -------------------------------------------------------------------------- */

static const char *paper_words(const struct view *v)
{
    switch (v->j->paper) {
    case PAPER_NO_PRINTER:
    case PAPER_READY:
    case PAPER_LOW: /* not the visitor's business */
    case PAPER_UNKNOWN: break;
    case PAPER_OUT:
        return view_say(v, "There is no paper right now. You get your number on this screen.");
    case PAPER_JAM:
    case PAPER_OPEN:
    case PAPER_GONE:
        return view_say(v,
                        "The printer does not work right now. You get your number on this screen.");
    }
    return NULL;
}

static void lay_warnings(struct view *v, struct column *column)
{
    const char *paper = paper_words(v);
    if (v->j->offline) {
        column_add(
            v, column,
            view_note(
                v, "offline",
                view_say(
                    v,
                    "We cannot reach the queue right now. Please wait, or ask a member of staff."),
                "offline"));
        column_skip(column, v->d.gap);
    }
    if (paper != NULL) {
        column_add(v, column, view_note(v, "no-paper", paper, "paper"));
        column_skip(column, v->d.gap);
    }
}

/* ---- the page ----------------------------------------------------------------------------------------------------- */

static int go_buttons(struct view *v, struct ui_element buttons[2])
{
    int count = 0;
    if (journey_offers(v->j, ACTION_QUESTIONS)) {
        buttons[count] = view_plain_button(v, "questions", view_say(v, "Help us prepare"));
        buttons[count].detail = v->d.hints ? view_say(v, "Short questions, if you like") : NULL;
        buttons[count].detail_px = v->d.small;
        count++;
    }
    buttons[count] = view_main_button(v, "get-ticket", view_say(v, "Get my ticket"));
    buttons[count++].size_px = v->d.title * 9 / 10;
    return count;
}

/* One under the other in any case: the way to the ticket is as wide as the page. */
static int go_height(const struct view *v, int width, struct ui_element *buttons, int count)
{
    int height = 0;
    for (int i = 0; i < count; i++) {
        buttons[i].rect.w = width;
        buttons[i].rect.h = view_most(buttons[i].rect.h, view_wanted(v, &buttons[i]));
        height += buttons[i].rect.h + (i > 0 ? v->d.gap : 0);
    }
    return height;
}

/* Under what comes before it; on a wide screen at the bottom, where it stays whatever the page says. */
static void lay_go(struct view *v, struct rect area, int top, struct ui_element *buttons, int count)
{
    int height = go_height(v, area.w, buttons, count);
    int last = area.y + area.h - height;
    if (top > last)
        v->overflow = true;
    struct column column =
        column_of((struct rect){area.x, v->wide || top > last ? last : top, area.w, height});
    for (int i = 0; i < count; i++) {
        column_add(v, &column, buttons[i]);
        column_skip(&column, i + 1 < count ? v->d.gap : 0);
    }
}

/* Upright one under the other; wide the visit at the start side, what the visitor does at the other. */
void page_ready(struct view *v)
{
    struct ui_element buttons[2];
    int count = go_buttons(v, buttons);
    int percent = v->d.breaks ? 54 : 46;
    struct column first = column_of(v->wide ? view_left(v, v->body, percent) : v->body);
    column_add(v, &first, view_heading(v, "title", view_say(v, "You are nearly done")));
    if (v->d.hints) {
        struct ui_element sub =
            view_text(v, "sub", view_say(v, "Check this, then take your ticket."), v->d.small);
        sub.ink = TOKEN_SOFT;
        column_add(v, &first, sub);
    }
    column_skip(&first, v->d.gap + v->d.gap / 2);
    lay_facts(v, &first);
    lay_wait(v, &first);
    bool beside = v->wide && !v->d.hints && !v->j->offline; /* offline little else is told there */
    if (!beside)
        lay_warnings(v, &first);
    struct column second = v->wide ? column_of(view_right(v, v->body, percent)) : first;
    if (beside)
        lay_warnings(v, &second);
    int below = go_height(v, second.area.w, buttons, count) + v->d.gap / 2;
    second.area.h -= below;
    lay_needs(v, &second);
    second.area.h += below;
    column_reach(v, &second);
    lay_go(v, second.area, second.y + v->d.gap / 2, buttons, count);
}
