/* Pages with nobody on their way: starting, closed; and those that say what is the matter: a problem, the question. */
#include <stdio.h>
#include <string.h>

#include "view/view_parts.h"
#include "view/words.h"

struct column view_message(struct view *v, const char *icon, const char *title)
{
    struct rect area = v->body;
    int side = view_px(v, v->wide ? 120 : 160);
    int down = area.h / (v->d.hints ? (v->wide ? 20 : 10) : 40);
    area.y += down;
    area.h -= down;
    struct column column = column_of(area);
    if (v->d.cards) {
        view_add(v,
                 (struct ui_element){.id = "sign",
                                     .role = UI_ICON,
                                     .rect = {area.x + (area.w - side) / 2, column.y, side, side},
                                     .icon = icon,
                                     .icon_px = side});
        column_skip(&column, side + v->d.gap);
    }
    struct ui_element heading = view_heading(v, "title", title);
    heading.align = TEXT_CENTRE;
    column_add(v, &column, heading);
    column_skip(&column, v->d.gap);
    return column;
}

void view_sentence(struct view *v, struct column *column, const char *id, const char *text)
{
    struct ui_element sentence = view_text(v, id, text, v->d.body);
    sentence.align = TEXT_CENTRE;
    column_add(v, column, sentence);
    column_skip(column, v->d.gap / 2);
}

/* Below the sentences, with some air. */
static void add_buttons(struct view *v, struct column *column, struct ui_element *buttons,
                        int count)
{
    column_skip(column, v->d.gap * 2);
    column_reach(v, column);
    view_buttons(v, column, buttons, count);
}

void page_starting(struct view *v)
{
    struct column column = view_message(v, "clock", view_say(v, "One moment, please"));
    if (v->j->offline)
        view_sentence(
            v, &column, "why",
            view_say(
                v, "We cannot reach the queue right now. Please wait, or ask a member of staff."));
    column_check(v, &column);
}

void page_still_there(struct view *v)
{
    char seconds[12], text[WORDS_BYTES];
    int left = journey_seconds_left(v->j, v->c->now_ms);
    struct column column = view_message(v, "person", view_say(v, "Are you still there?"));
    snprintf(seconds, sizeof seconds, "%d", left);
    const struct catalogue_value value = {.name = "seconds", .text = seconds, .emphasis = true};
    const char *pattern =
        catalogue_plural(v->c->words, "If not, we start again in {seconds} second.",
                         "If not, we start again in {seconds} seconds.", (unsigned long)left);
    catalogue_format(v->c->words, text, sizeof text, pattern, &value, 1);
    view_sentence(v, &column, "left", text);
    struct ui_element buttons[] = {
        view_plain_button(v, "start-again", view_say(v, "Start again")),
        view_main_button(v, "still-here", view_say(v, "Yes, I'm still here")),
    };
    add_buttons(v, &column, buttons, 2);
}

static void problem_unreachable(struct view *v)
{
    struct column column = view_message(v, "offline", view_say(v, "This takes longer than usual"));
    view_sentence(
        v, &column, "what",
        view_say(v, "We cannot reach the queue right now. Please wait, or ask a member of staff."));
    view_sentence(
        v, &column, "holds",
        view_say(v, "What you chose is safe. We keep trying, and you get one ticket only."));
    struct ui_element buttons[] = {
        view_plain_button(v, "start-again", view_say(v, "Start again")),
        view_main_button(v, "keep-trying", view_say(v, "Try again")),
    };
    add_buttons(v, &column, buttons, 2);
}

static void problem_closed(struct view *v)
{
    char text[WORDS_BYTES];
    struct column column = view_message(v, "clock", view_say(v, "We have just closed"));
    view_sentence(v, &column, "what", view_say(v, "No more tickets are given out today."));
    if (v->c->board != NULL &&
        words_next_open(v->c->words, &v->c->board->clock, v->c->now_ms, v->c->board->next_open_ms,
                        text, sizeof text)[0] != '\0')
        view_sentence(v, &column, "do", text);
    struct ui_element button = view_main_button(v, "start-again", view_say(v, "Finish"));
    add_buttons(v, &column, &button, 1);
}

static void problem_refused(struct view *v)
{
    bool service = v->j->problem == PROBLEM_SERVICE;
    const char *name = view_site_say(v, &v->c->site->services[v->j->service].name);
    struct column column = view_message(
        v, "info", service ? view_say(v, "There are no more tickets for this today") : name);
    if (service)
        view_sentence(v, &column, "what", name);
    else
        view_sentence(v, &column, "what",
                      view_say(v, "We could not give you a ticket. Please ask a member of staff."));
    struct ui_element buttons[] = {
        view_plain_button(v, "start-again", view_say(v, "Start again")),
        view_main_button(v, "choose-again", view_say(v, "Choose something else")),
    };
    add_buttons(v, &column, buttons, 2);
}

void page_problem(struct view *v)
{
    switch (v->j->problem) {
    case PROBLEM_NONE:
    case PROBLEM_UNREACHABLE: problem_unreachable(v); break;
    case PROBLEM_CLOSED: problem_closed(v); break;
    case PROBLEM_SERVICE:
    case PROBLEM_REFUSED: problem_refused(v); break;
    }
}

/* ---- closed ------------------------------------------------------------------------------------------------------- */

static void lay_week(struct view *v, struct column *column)
{
    const struct site_info *site = v->c->site;
    static const char *const ids[] = {"sunday",   "monday", "tuesday", "wednesday",
                                      "thursday", "friday", "saturday"};
    static const char *const hours_ids[] = {"sunday-hours",    "monday-hours",   "tuesday-hours",
                                            "wednesday-hours", "thursday-hours", "friday-hours",
                                            "saturday-hours"};
    struct card_row rows[8];
    char texts[7][160];
    int count = 0;
    if (v->d.cards)
        rows[count++] = view_row(v, "hours", view_say(v, "Opening hours"), v->d.body, TEXT_BOLD);
    for (int i = 1; i <= 7; i++) { /* the week starts on Monday */
        int day = i % 7;
        const struct site_hours *hours = &site->hours[day];
        const char *text = hours->open
                               ? words_hours(v->c->words, hours, texts[day], sizeof texts[day])
                               : view_say(v, "Closed");
        rows[count++] =
            view_fact(v, ids[day], words_weekday(v->c->words, day), hours_ids[day], text);
    }
    view_card(v, column, view_plain_card(v, "hours-card"), rows, count);
    column_skip(column, v->d.gap);
}

static void lay_contact(struct view *v, struct column *column)
{
    const struct site_info *site = v->c->site;
    char phone[WORDS_BYTES], web[WORDS_BYTES];
    struct card_row rows[3];
    int count = 0;
    if (site->phone[0] == '\0' && site->web[0] == '\0')
        return;
    rows[count++] =
        view_row(v, "contact", view_say(v, "What you can do now"), v->d.body, TEXT_BOLD);
    if (site->phone[0] != '\0') {
        words_one(v->c->words, "Call us: {phone}", "phone", site->phone, phone, sizeof phone);
        rows[count++] = view_row(v, "phone", phone, v->d.body, TEXT_REGULAR);
    }
    if (site->web[0] != '\0') {
        words_one(v->c->words, "On the web: {web}", "web", site->web, web, sizeof web);
        rows[count++] = view_row(v, "web", web, v->d.body, TEXT_REGULAR);
    }
    view_card(v, column, view_plain_card(v, "contact-card"), rows, count);
    column_skip(column, v->d.gap);
}

void page_closed(struct view *v)
{
    char next[WORDS_BYTES] = "";
    struct rect start = v->body, end = v->body;
    if (v->wide) {
        start.w = end.w = (v->body.w - 2 * v->d.gap) / 2;
        end.x += start.w + 2 * v->d.gap;
    }
    struct column column = column_of(start);
    column_add(v, &column, view_heading(v, "title", view_say(v, "We are closed now")));
    column_skip(&column, v->d.gap / 3);
    if (v->c->board != NULL)
        words_next_open(v->c->words, &v->c->board->clock, v->c->now_ms, v->c->board->next_open_ms,
                        next, sizeof next);
    if (next[0] != '\0')
        column_add(v, &column, view_text(v, "next", next, v->d.body));
    column_skip(&column, v->d.gap + v->d.gap / 2);
    if (v->wide) {
        struct column week = column_of(end);
        lay_week(v, &week);
        column_check(v, &week);
    } else {
        lay_week(v, &column);
    }
    lay_contact(v, &column);
    column_check(v, &column);
}
