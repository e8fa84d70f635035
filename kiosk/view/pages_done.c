/* Asking for a ticket, and having it. */
#include <stdio.h>

#include "display/screen/wait_words.h"
#include "view/view_parts.h"
#include "view/words.h"

void page_getting(struct view *v)
{
    struct column column = view_message(v, "ticket", view_say(v, "Getting your ticket"));
    const char *text =
        v->j->slow
            ? view_say(v,
                       "This takes longer than usual. We keep trying, and what you chose is safe.")
            : view_say(v, "One moment, please");
    view_sentence(v, &column, "moment", text);
    column_check(v, &column);
}

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
    bool last = v->cramped && v->d.breaks;
    double large = view_px(v, 4 * 96) * (v->d.cards ? 1.0 : v->d.hints ? 0.85 : last ? 0.4 : 0.65);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct text_style fitting = style;
        fitting.size_px = number.size_px = view_px(v, v->wide && i == 0 ? 300 : sizes[i]);
        if (number.size_px <= large &&
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
                view_text(v, "wait-hint",
                          words_of_change(v->c->words, ticket->wait_low_min, ticket->wait_high_min),
                          v->d.small);
            hint.ink = TOKEN_SOFT;
            add_centred(v, column, hint);
        }
    } else if (ticket->ahead > 0) {
        words_people(v->c->words, ticket->ahead, text, sizeof text);
        add_centred(v, column, view_text(v, "ahead", text, v->d.body));
    } else {
        add_centred(v, column, view_text(v, "ahead", view_say(v, "You are next."), v->d.body));
    }
    column_skip(column, v->d.gap);
}

/* One thing a line where there is room, else one after the other. */
static int have_ready_rows(const struct view *v, const struct site_service *service,
                           struct card_row *rows, char list[WORDS_BYTES])
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
        words_list(items, count, list, WORDS_BYTES);
        rows[0] = view_row(v, "have-ready", list, v->d.small, TEXT_REGULAR);
        return 1;
    }
    for (int i = 0; i < count; i++) {
        rows[i] = view_row(v, ids[i], items[i], v->d.small, TEXT_REGULAR);
        rows[i].listed = true;
    }
    return count;
}

static void lay_have_ready(struct view *v, struct column *column)
{
    struct card_row rows[1 + SITE_HAVE_READY_MAX];
    char list[WORDS_BYTES];
    const struct site_service *service = &v->c->site->services[v->j->service];
    int count = v->d.cards ? have_ready_rows(v, service, rows + 1, list) : 0;
    if (count == 0)
        return;
    rows[0] = view_row(v, "have-ready-title", view_say(v, "Have ready, if you can"), v->d.body,
                       TEXT_BOLD);
    view_card(v, column, view_plain_card(v, "have-ready-card"), rows, count + 1);
    column_skip(column, v->d.gap);
}

/* ---- paper -------------------------------------------------------------------------------------------------------- */

static const char *job_words(const struct view *v, bool ticket)
{
    switch (v->j->job) {
    case JOB_NONE: return ticket ? view_say(v, "Please keep this number.") : NULL;
    case JOB_PRINTING: return view_say(v, "Printing…");
    case JOB_PRINTED:
        return ticket ? view_say(v, "Take your ticket below") : view_say(v, "Take the paper below");
    case JOB_FAILED:
        return ticket ? view_say(v, "No paper: keep this number")
                      : view_say(v, "This could not be printed.");
    case JOB_UNKNOWN:
        return ticket ? view_say(v, "If no ticket comes out, keep this number.")
                      : view_say(v, "If no paper comes out, it could not be printed.");
    }
    return NULL;
}

void view_job(struct view *v, struct column *column, bool ticket)
{
    const char *text = job_words(v, ticket);
    if (text == NULL)
        return;
    bool good = v->j->job == JOB_PRINTED;
    bool bad = v->j->job == JOB_FAILED || v->j->job == JOB_UNKNOWN;
    struct ui_element note = view_note(v, "paper", text,
                                       good  ? "ticket"
                                       : bad ? "alert"
                                             : "printer");
    note.size_px = v->d.body;
    note.weight = v->j->job == JOB_PRINTING ? TEXT_REGULAR : TEXT_BOLD;
    note.ink = good ? TOKEN_OK : TOKEN_INK;
    note.border = good ? TOKEN_OK : bad ? TOKEN_AMBER : TOKEN_LINE;
    note.icon_ink = good ? TOKEN_OK : bad ? TOKEN_AMBER : TOKEN_BRAND;
    column_add(v, column, note);
    column_skip(column, v->d.gap);
}

static int last_buttons(struct view *v, struct ui_element buttons[2])
{
    int count = 0;
    if (journey_offers(v->j, ACTION_PRINT_AGAIN) && v->j->job != JOB_NONE)
        buttons[count++] = view_plain_button(v, "print-again", view_say(v, "Print it again"));
    buttons[count++] = view_plain_button(v, "finished", view_say(v, "Finish"));
    for (int i = 0; i < count; i++)
        buttons[i].rect.h = view_most(buttons[i].rect.h * 4 / 5, view_px(v, TOUCH_MIN_PX));
    return count;
}

/* ---- the page ----------------------------------------------------------------------------------------------------- */

void page_done(struct view *v)
{
    struct column first = column_of(v->wide ? view_left(v, v->body, 50) : v->body);
    struct column second = column_of(view_right(v, v->body, 50));
    struct ui_element buttons[2];
    int count = last_buttons(v, buttons);
    if (v->wide && !(v->cramped && v->d.breaks))
        column_skip(&first, v->body.h / 14);
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
    view_job(v, more, true);
    if (v->j->ticket.url[0] != '\0')
        view_code(v, more, v->j->ticket.url, view_say(v, "Follow it on your phone"),
                  view_say(v, "Scan this to see your place in line."));
    lay_have_ready(v, more);
    column_reach(v, more);
    view_buttons(v, more, buttons, count);
    column_check(v, &first);
}
