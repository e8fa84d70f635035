/* An answer that needs no queue: what to do, a code for the phone, a slip to take along, and a way to a person all the
 * same. */
#include "view/view_parts.h"

/* The last leads on; the others stand side by side under it where they can. */
static int ways_on(struct view *v, const struct site_signpost *signpost,
                   struct ui_element buttons[3])
{
    int count = 0;
    buttons[count] = view_plain_button(v, "see-somebody", view_say(v, "See somebody all the same"));
    buttons[count++].fill = TOKEN_PAPER;
    if (signpost->print && (journey_offers(v->j, ACTION_PRINT_SIGNPOST) || v->j->job != JOB_NONE))
        buttons[count++] = view_plain_button(v, "print-signpost", view_say(v, "Print this"));
    buttons[count] = view_main_button(v, "finished", view_say(v, "That helps: finish"));
    buttons[count++].size_px = v->d.body;
    return count;
}

/* An address reads left to right on every page. */
static void lay_address(struct view *v, struct column *column, const char *url)
{
    const char *words = url;
    static const char scheme[] = "https://";
    for (const char *at = scheme; *at != '\0' && *words == *at; at++)
        words++;
    struct ui_element address = view_text(v, "address", words, v->d.small);
    address.language = "en";
    address.weight = TEXT_BOLD;
    address.ink = TOKEN_BRAND;
    address.break_words = true;
    column_add(v, column, address);
    column_skip(column, v->d.gap);
}

void page_signpost(struct view *v)
{
    const struct site_signpost *signpost = &v->c->site->signposts[v->j->signpost];
    struct ui_element buttons[3];
    int count = ways_on(v, signpost, buttons);
    int share =
        v->cramped && v->d.breaks ? 64 : 52; /* long words need the room more than a code does */
    struct column first = column_of(v->wide ? view_left(v, v->body, share) : v->body);
    column_add(v, &first, view_heading(v, "title", view_site_say(v, &signpost->title)));
    column_skip(&first, v->d.gap);
    column_add(v, &first, view_text(v, "text", view_site_say(v, &signpost->text), v->d.body));
    column_skip(&first, v->d.gap + v->d.gap / 2);
    struct column second = v->wide ? column_of(view_right(v, v->body, share)) : first;
    if (signpost->url[0] != '\0') {
        view_code(v, &second, signpost->url, view_say(v, "Do it on your phone"),
                  view_say(v, "Scan this code with its camera."));
        if (v->d.cards)
            lay_address(v, v->wide ? &first : &second, signpost->url);
    }
    view_job(v, &second, false);
    column_reach(v, &second);
    struct rect rest = column_rest(&second);
    int other = view_buttons_height(v, rest.w, buttons, count - 1);
    int height = view_buttons_height(v, rest.w, &buttons[count - 1], 1) + v->d.gap + other;
    if (v->wide && rest.h > height)
        column_skip(&second, rest.h - height);
    view_buttons(v, &second, &buttons[count - 1], 1);
    column_skip(&second, v->d.gap);
    view_buttons(v, &second, buttons, count - 1);
    column_check(v, &first);
}
