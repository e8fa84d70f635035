/* Questions answered by touching: one answer, several, yes or no. */
#include <stdio.h>

#include "view/view_parts.h"

/* One answer leads on at once, so it points on; of several each has its box. */
static const char *sign_of(bool several, bool chosen)
{
    if (several)
        return chosen ? "ticked" : "unticked";
    return chosen ? "check" : "forward";
}

static int answer_tiles(const struct view *v, const struct site_question *question,
                        struct tile tiles[VIEW_TILES_MAX])
{
    const struct journey_asked *asked = &v->j->asked[v->j->at];
    bool several = question->kind == SITE_QUESTION_SEVERAL;
    for (int i = 0; i < question->answer_count; i++) {
        const struct site_answer *answer = &question->answers[i];
        bool chosen = (asked->choices >> i & 1) != 0;
        tiles[i] = (struct tile){.text = view_site_say(v, &answer->name),
                                 .icon = sign_of(several, chosen),
                                 .chosen = chosen};
        snprintf(tiles[i].id, sizeof tiles[i].id, "answer-%s", answer->code);
    }
    return question->answer_count;
}

/* "I'm not sure" is an answer like the others; Continue is there where there is something to continue with. */
static int ways_on(struct view *v, bool several, struct ui_element buttons[2])
{
    int count = 0;
    buttons[count] =
        view_plain_button(v, several ? "skip" : "not-sure", view_say(v, "I'm not sure"));
    buttons[count++].fill = TOKEN_PAPER;
    if (journey_offers(v->j, ACTION_CONTINUE))
        buttons[count++] = view_main_button(v, "continue", view_say(v, "Continue"));
    for (int i = 0; i < count; i++)
        buttons[i].size_px = v->d.body;
    return count;
}

void question_choice(struct view *v, const struct site_question *question)
{
    struct tile tiles[VIEW_TILES_MAX];
    struct ui_element buttons[2];
    struct column column = column_of(v->body);
    question_title(v, &column, question);
    column_reach(v, &column);
    struct rect rest = column_rest(&column);
    int ways = ways_on(v, question->kind == SITE_QUESTION_SEVERAL, buttons);
    int count = answer_tiles(v, question, tiles);
    int apart = v->d.gap + v->d.gap / 2;
    int below = view_buttons_height(v, rest.w, buttons, ways) + apart;
    bool yes_no = question->kind == SITE_QUESTION_YES_NO;
    bool two = yes_no || (v->wide && count > 3);
    rest.h = view_most(rest.h - below, 0);
    int used = view_tiles(v, rest, tiles, count, two ? 2 : 1, view_px(v, yes_no ? 260 : 170));
    column = column_of((struct rect){rest.x, rest.y + used + apart, rest.w, below - apart});
    view_buttons(v, &column, buttons, ways);
}
