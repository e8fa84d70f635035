/* An answer that needs no queue: what to do, a code for the phone, a slip to take along, and a way to a person all the
 * same. */
#include <stdio.h>
#include <string.h>

#include "view/view_parts.h"
#include "view/words.h"

/* The last leads on; the others stand side by side above it where they can. */
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

/* ---- words -------------------------------------------------------------------------------------------------------- */

enum { SHEETS_MOST = 8 };

/* Where a text is cut: each sheet about as long as the others, between two words. */
static const char *cut_of(const char *text, int sheet, int sheets)
{
    const char *at = text + strlen(text) * (size_t)sheet / (size_t)sheets;
    while (at > text && *at != '\0' && at[-1] != ' ')
        at++;
    return at;
}

static struct ui_element sheet_of(const struct view *v, const char *text, int sheet, int sheets,
                                  char part[SITE_TEXT_BYTES])
{
    const char *from = cut_of(text, sheet, sheets), *to = cut_of(text, sheet + 1, sheets);
    snprintf(part, SITE_TEXT_BYTES, "%.*s", (int)(to - from), from);
    return view_text(v, "text", part, v->d.body);
}

static int highest_sheet(const struct view *v, const char *text, int sheets, int width)
{
    char part[SITE_TEXT_BYTES];
    int highest = 0;
    for (int i = 0; i < sheets; i++) {
        struct ui_element element = sheet_of(v, text, i, sheets, part);
        element.rect.w = width;
        highest = view_most(highest, view_wanted(v, &element));
    }
    return highest;
}

/* All of it where there is room, or where all else gives way first; else in sheets, of which "More" shows the next and
 * does not move. */
static void lay_words(struct view *v, struct column *column, const char *text, int room)
{
    char words[WORDS_BYTES], part[SITE_TEXT_BYTES];
    int sheets = 1, width = column->area.w;
    if (v->d.breaks && highest_sheet(v, text, 1, width) > room) {
        struct ui_element more = view_more_button(v, 8, 10, words);
        more.rect.w = width;
        room -= view_most(more.rect.h, view_wanted(v, &more)) + v->d.gap;
        while (++sheets < SHEETS_MOST && highest_sheet(v, text, sheets, width) > room)
            ;
    }
    int sheet = v->j->sheet % sheets;
    struct ui_element shown = sheet_of(v, text, sheet, sheets, part);
    shown.rect.h = sheets > 1 ? highest_sheet(v, text, sheets, width) : 0;
    shown.valign = TEXT_TOP;
    column_add(v, column, shown);
    if (sheets > 1) {
        column_skip(column, v->d.gap);
        column_reach(v, column);
        column_add(v, column, view_more_button(v, sheet, sheets, words));
    }
}

/* ---- the page ----------------------------------------------------------------------------------------------------- */

static void lay_code(struct view *v, struct column *words, struct column *code, const char *url)
{
    if (url[0] == '\0')
        return;
    view_code(v, code, url, view_say(v, "Do it on your phone"),
              view_say(v, "Scan this code with its camera."));
    if (v->d.cards)
        lay_address(v, v->wide ? words : code, url);
}

/* What follows the words: the code, what the slip does, the ways on; these at the foot of a wide screen. */
static void lay_rest(struct view *v, struct column *words, struct column *column,
                     const struct site_signpost *signpost)
{
    struct ui_element buttons[3];
    int count = ways_on(v, signpost, buttons);
    lay_code(v, words, column, signpost->url);
    view_job(v, column, false);
    column_reach(v, column);
    struct rect rest = column_rest(column);
    int other = view_buttons_height(v, rest.w, buttons, count - 1);
    int height = view_buttons_height(v, rest.w, &buttons[count - 1], 1) + v->d.gap + other;
    if (v->wide && rest.h > height)
        column_skip(column, rest.h - height);
    view_buttons(v, column, buttons, count - 1);
    column_skip(column, v->d.gap);
    view_buttons(v, column, &buttons[count - 1], 1);
}

/* What the words may take of their column. */
static int room_for_words(const struct view *v, const struct column *column,
                          const struct site_signpost *signpost)
{
    struct rect rest = column_rest(column);
    if (v->wide || !v->d.breaks) /* else nothing is cut in sheets */
        return rest.h;
    struct view tried = *v;
    struct column after = column_of(rest);
    tried.measuring = tried.last_try = true;
    tried.reach = (struct rect){0, 0, v->c->width, v->c->height};
    lay_rest(&tried, &after, &after, signpost);
    return rest.h - (after.y - rest.y);
}

void page_signpost(struct view *v)
{
    const struct site_signpost *signpost = &v->c->site->signposts[v->j->signpost];
    bool last = v->cramped && v->d.breaks;
    int share = last ? 64 : 52; /* long words need the room more than a code does */
    int below = v->d.gap + v->d.gap / 2;
    struct column first = column_of(v->wide ? view_left(v, v->body, share) : v->body);
    column_add(v, &first, view_heading(v, "title", view_site_say(v, &signpost->title)));
    column_skip(&first, v->d.gap);
    lay_words(v, &first, view_site_say(v, &signpost->text),
              room_for_words(v, &first, signpost) - (v->wide ? 0 : below));
    if (!v->wide) {
        column_skip(&first, below);
        lay_rest(v, &first, &first, signpost);
        return;
    }
    column_skip(&first, below);
    struct column second = column_of(view_right(v, v->body, share));
    lay_rest(v, &first, &second, signpost);
}
