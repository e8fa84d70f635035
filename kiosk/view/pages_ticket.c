/* Pages of one ticket: ready to ask for it, asking, and having it. */
#include <stdio.h>
#include <string.h>

#include "display/screen/wait_words.h"
#include "view/view_parts.h"
#include "view/words.h"

/* ---- ready -------------------------------------------------------------------------------------------------------- */

static const struct board_service *board_of(const struct view *v)
{
    const struct board_view *board = v->c->board;
    const char *code = v->c->site->services[v->j->service].code;
    for (int i = 0; board != NULL && i < board->service_count; i++)
        if (strcmp(board->services[i].service, code) == 0)
            return &board->services[i];
    return NULL;
}

/* How long somebody waits who asks now; NULL: not known, or too old to be told. */
static const struct wait_range *wait_of(const struct view *v)
{
    const struct board_service *board = board_of(v);
    return board == NULL || !board->wait.known || v->j->offline ? NULL : &board->wait;
}

/* What the shortest range means, which is never left out; else what follows from any: it may change. */
static const char *wait_hint(const struct view *v, int low_min, int high_min)
{
    return wait_is_soon(low_min, high_min)
               ? view_say(v, "Please stay close: we may call you at any moment.")
               : view_say(v, "We tell you if this changes.");
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
    rows[count++] = view_row(v, "wait", range, v->d.large, TEXT_BOLD);
    if (v->d.hints || wait_is_soon(wait->low_min, wait->high_min))
        rows[count++] = view_row(v, "wait-hint", wait_hint(v, wait->low_min, wait->high_min),
                                 v->d.small, TEXT_REGULAR);
    struct ui_element card = view_plain_card(v, "wait-card");
    card.fill = TOKEN_TINT;
    card.border = TOKEN_BRAND;
    view_card(v, column, card, rows, count);
    column_skip(column, v->d.gap);
}

/* What is asked for is marked by a sign and a frame, not by colour alone; the empty box takes the same room, so that
 * nothing moves under the finger. */
static int need_tiles(const struct view *v, struct tile tiles[VIEW_TILES_MAX])
{
    const struct site_info *site = v->c->site;
    int count = 0;
    for (int i = 0; i < site->need_count && count < VIEW_TILES_MAX; i++) {
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

static void lay_needs(struct view *v, struct column *column)
{
    struct tile tiles[VIEW_TILES_MAX];
    int count = need_tiles(v, tiles);
    if (count == 0)
        return;
    struct ui_element label =
        view_text(v, "needs", view_say(v, "Is there anything you need?"), v->d.small);
    label.ink = TOKEN_SOFT;
    column_add(v, column, label);
    column_skip(column, v->d.gap / 2);
    struct density kept = v->d;
    v->d.body = kept.small;
    v->d.gap = kept.gap * 2 / 3;
    v->d.pad = kept.pad * 3 / 4;
    column_skip(column, view_tiles(v, column_rest(column), tiles, count, 2, view_px(v, 136)));
    v->d = kept;
    column_skip(column, v->d.gap);
}

static void lay_warnings(struct view *v, struct column *column)
{
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
    if (v->j->paper == PAPER_OUT) {
        column_add(
            v, column,
            view_note(
                v, "no-paper",
                view_say(v, "There is no paper right now. You get your number on this screen."),
                "paper"));
        column_skip(column, v->d.gap);
    }
}

static struct rect left_part(const struct view *v, struct rect area, int percent)
{
    area.w = (area.w - 2 * v->d.gap) * percent / 100;
    return area;
}

static struct rect right_part(const struct view *v, struct rect area, int percent)
{
    struct rect left = left_part(v, area, percent);
    area.x = left.x + left.w + 2 * v->d.gap;
    area.w -= left.w + 2 * v->d.gap;
    return area;
}

/* Under what comes before it; on a wide screen at the bottom, where it stays whatever the page says. */
static void lay_get_ticket(struct view *v, struct rect area, int top)
{
    struct ui_element button = view_main_button(v, "get-ticket", view_say(v, "Get my ticket"));
    button.size_px = v->d.title * 9 / 10;
    button.rect.w = area.w;
    int wanted = view_wanted(v, &button);
    button.rect.h = wanted > button.rect.h ? wanted : button.rect.h;
    button.rect.x = area.x;
    int last = area.y + area.h - button.rect.h;
    if (top > last)
        v->overflow = true;
    button.rect.y = v->wide || top > last ? last : top;
    view_add(v, button);
}

/* Upright one under the other; wide the visit at the start side, what the visitor does at the other. */
void page_ready(struct view *v)
{
    struct column first = column_of(v->wide ? left_part(v, v->body, 46) : v->body);
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
    lay_warnings(v, &first);
    struct column second = first;
    if (v->wide)
        second = column_of(right_part(v, v->body, 46));
    lay_needs(v, &second);
    lay_get_ticket(v, second.area, second.y + v->d.gap / 2);
    view_bar(v, true, true, true);
}

/* ---- getting ------------------------------------------------------------------------------------------------------ */

void page_getting(struct view *v)
{
    struct rect area = v->body;
    area.y += area.h / (v->wide ? 8 : 5);
    area.h -= area.y - v->body.y;
    struct column column = column_of(area);
    int side = view_px(v, 160);
    view_add(v, (struct ui_element){.id = "sign",
                                    .role = UI_ICON,
                                    .rect = {area.x + (area.w - side) / 2, column.y, side, side},
                                    .icon = "ticket",
                                    .icon_px = side});
    column_skip(&column, side + v->d.gap * 2);
    struct ui_element title = view_heading(v, "title", view_say(v, "Getting your ticket"));
    title.align = TEXT_CENTRE;
    column_add(v, &column, title);
    column_skip(&column, v->d.gap);
    const char *text =
        v->j->slow
            ? view_say(v,
                       "This takes longer than usual. We keep trying, and what you chose is safe.")
            : view_say(v, "One moment, please");
    struct ui_element calm = view_text(v, "moment", text, v->d.body);
    calm.align = TEXT_CENTRE;
    calm.ink = TOKEN_SOFT;
    column_add(v, &column, calm);
    column_check(v, &column);
    view_bar(v, false, false, true);
}

/* ---- done --------------------------------------------------------------------------------------------------------- */

static void add_centred(struct view *v, struct column *column, struct ui_element element)
{
    element.align = TEXT_CENTRE;
    column_add(v, column, element);
}

/* As large as the line holds. */
static void lay_number(struct view *v, struct column *column)
{
    struct ui_element number = {.id = "number",
                                .role = UI_NUMBER,
                                .text = v->j->ticket.number,
                                .weight = TEXT_BOLD,
                                .ink = TOKEN_BRAND};
    const struct text_style style = {.weight = TEXT_BOLD, .language = "en", .max_lines = 1};
    static const int sizes[] = {TYPE_KIOSK_NUMBER, 280, 230, 190, 150, 120};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct text_style fitting = style;
        fitting.size_px = number.size_px = view_px(v, v->wide && i == 0 ? 300 : sizes[i]);
        if (sizes[i] <= v->d.large * 4 / v->scale &&
            text_measure(v->kit->text, number.text, &fitting, column->area.w * 19 / 20, 0).fits)
            break;
    }
    add_centred(v, column, number);
}

static void lay_where(struct view *v, struct column *column)
{
    const struct site_info *site = v->c->site;
    const struct site_service *service = &site->services[v->j->service];
    const struct site_area *area = site_info_find_area(site, service->area);
    const struct journey_ticket *ticket = &v->j->ticket;
    char text[WORDS_BYTES];
    if (area != NULL) {
        words_where(v->c->words, view_site_say(v, &area->name), text, sizeof text);
        add_centred(v, column, view_text(v, "where", text, v->d.body));
    }
    if (ticket->has_wait) {
        words_call_in(v->c->words, ticket->wait_low_min, ticket->wait_high_min, text, sizeof text);
        add_centred(v, column, view_text(v, "wait", text, v->d.body));
        if (v->d.hints || wait_is_soon(ticket->wait_low_min, ticket->wait_high_min)) {
            struct ui_element hint =
                view_text(v, "wait-hint", wait_hint(v, ticket->wait_low_min, ticket->wait_high_min),
                          v->d.small);
            hint.ink = TOKEN_SOFT;
            add_centred(v, column, hint);
        }
    } else if (ticket->ahead > 0) {
        words_people(v->c->words, ticket->ahead, text, sizeof text);
        add_centred(v, column, view_text(v, "ahead", text, v->d.body));
    } else {
        add_centred(v, column, view_text(v, "ahead", view_say(v, "You are next"), v->d.body));
    }
    column_skip(column, v->d.gap);
}

static void lay_qr(struct view *v, struct column *column)
{
    if (v->j->ticket.url[0] == '\0')
        return;
    int pad = v->d.pad,
        side = view_px(v, v->wide ? (v->d.cards ? 220 : 170) : (v->d.cards ? 260 : 230));
    struct rect area = column->area;
    struct ui_element title =
        view_text(v, "phone-title", view_say(v, "Follow it on your phone"), v->d.body);
    struct ui_element hint =
        view_text(v, "phone", view_say(v, "Scan this to see your place in line."), v->d.small);
    title.weight = TEXT_BOLD;
    hint.ink = TOKEN_SOFT;
    title.rect.w = hint.rect.w = area.w - side - 3 * pad;
    title.rect.x = hint.rect.x = area.x + side + 2 * pad;
    title.rect.h = view_wanted(v, &title);
    hint.rect.h = v->d.cards ? view_wanted(v, &hint) : 0;
    int words = title.rect.h + hint.rect.h + v->d.gap / 3;
    int inside = words > side ? words : side;
    struct ui_element card = view_plain_card(v, "phone-card");
    card.rect = (struct rect){area.x, column->y, area.w, inside + 2 * pad};
    view_add(v, card);
    struct rect code = {area.x + pad, column->y + pad + (inside - side) / 2, side, side};
    view_add(
        v,
        (struct ui_element){
            .id = "qr", .role = UI_QR, .rect = code, .fill = TOKEN_WHITE, .qr = v->j->ticket.url});
    title.rect.y = column->y + pad + (inside - words) / 2;
    hint.rect.y = title.rect.y + title.rect.h + v->d.gap / 3;
    view_add(v, title);
    if (v->d.cards)
        view_add(v, hint);
    column->y += card.rect.h + v->d.gap;
}

/* One thing a line where there is room, else one after the other. */
static int have_ready_rows(const struct view *v, const struct site_service *service,
                           struct card_row *rows, char texts[][WORDS_BYTES])
{
    static const char *const ids[SITE_HAVE_READY_MAX] = {
        "have-ready-1", "have-ready-2", "have-ready-3", "have-ready-4",
        "have-ready-5", "have-ready-6", "have-ready-7", "have-ready-8"};
    const char *items[SITE_HAVE_READY_MAX];
    int count = 0;
    for (int i = 0; i < service->have_ready_count; i++) {
        items[count] = view_site_say(v, &service->have_ready[i]);
        count += items[count][0] != '\0';
    }
    if (!v->d.hints && count > 0) {
        words_list(items, count, texts[0], WORDS_BYTES);
        rows[0] = view_row(v, "have-ready", texts[0], v->d.small, TEXT_REGULAR);
        return 1;
    }
    for (int i = 0; i < count; i++) {
        snprintf(texts[i], WORDS_BYTES, "\xe2\x80\xa2  %s", items[i]);
        rows[i] = view_row(v, ids[i], texts[i], v->d.small, TEXT_REGULAR);
    }
    return count;
}

static void lay_have_ready(struct view *v, struct column *column)
{
    struct card_row rows[1 + SITE_HAVE_READY_MAX];
    char texts[SITE_HAVE_READY_MAX][WORDS_BYTES];
    const struct site_service *service = &v->c->site->services[v->j->service];
    int count = v->d.cards ? have_ready_rows(v, service, rows + 1, texts) : 0;
    if (count == 0)
        return;
    rows[0] = view_row(v, "have-ready-title", view_say(v, "Have ready, if you can"), v->d.body,
                       TEXT_BOLD);
    view_card(v, column, view_plain_card(v, "have-ready-card"), rows, count + 1);
    column_skip(column, v->d.gap);
}

static void lay_paper(struct view *v, struct column *column)
{
    struct ui_element note = view_note(v, "paper", "", "printer");
    note.size_px = v->d.body;
    note.weight = TEXT_BOLD;
    switch (v->j->job) {
    case JOB_NONE: note.text = view_say(v, "Please keep this number."); break;
    case JOB_PRINTING:
        note.text = view_say(v, "Printing…");
        note.weight = TEXT_REGULAR;
        break;
    case JOB_PRINTED:
        note.text = view_say(v, "Take your ticket below");
        note.ink = TOKEN_OK;
        note.icon = "ticket";
        break;
    case JOB_FAILED:
        note.text = view_say(v, "No paper: keep this number");
        note.icon = "alert";
        break;
    case JOB_UNKNOWN:
        note.text = view_say(v, "If no ticket comes out, keep this number.");
        note.icon = "alert";
        break;
    }
    bool calm = v->j->job != JOB_FAILED && v->j->job != JOB_UNKNOWN;
    note.border = v->j->job == JOB_PRINTED ? TOKEN_OK : calm ? TOKEN_LINE : TOKEN_AMBER;
    note.icon_ink = v->j->job == JOB_PRINTED ? TOKEN_OK : calm ? TOKEN_BRAND : TOKEN_AMBER;
    column_add(v, column, note);
    column_skip(column, v->d.gap);
}

void page_done(struct view *v)
{
    struct column first = column_of(v->wide ? left_part(v, v->body, 50) : v->body);
    struct column second = column_of(right_part(v, v->body, 50));
    if (v->wide)
        column_skip(&first, v->body.h / 12);
    add_centred(v, &first, view_text(v, "title", view_say(v, "Your number is"), v->d.body * 6 / 5));
    lay_number(v, &first);
    column_skip(&first, v->d.gap);
    lay_where(v, &first);
    struct column *more = v->wide ? &second : &first;
    if (v->j->ticket.nobody_serves) {
        column_add(
            v, more,
            view_note(
                v, "nobody",
                view_say(v,
                         "No counter offers this right now. Please also tell a member of staff."),
                "person"));
        column_skip(more, v->d.gap);
    }
    lay_paper(v, more);
    lay_qr(v, more);
    lay_have_ready(v, more);
    struct ui_element finished = view_plain_button(v, "finished", view_say(v, "Finish"));
    int least = view_px(v, TOUCH_MIN_PX);
    finished.rect.h = finished.rect.h * 4 / 5 > least ? finished.rect.h * 4 / 5 : least;
    column_add(v, more, finished);
    column_check(v, &first);
    column_check(v, more);
    view_bar(v, false, false, true);
}
