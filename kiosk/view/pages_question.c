/* A question of the service: what all kinds have; each kind lays the rest in a file of its own. */
#include "view/view_parts.h"

/* The last resort spares it. NULL: none. */
static const char *hint_of(const struct view *v, const struct site_question *question)
{
    const char *hint = view_site_say(v, &question->hint);
    bool spared = v->cramped && v->d.breaks;
    return hint[0] != '\0' && !spared ? hint : NULL;
}

void question_title(struct view *v, struct column *column, const struct site_question *question)
{
    view_title(v, column, view_site_say(v, &question->title), hint_of(v, question));
}

void question_typing(struct view *v, struct column *column, const struct site_question *question,
                     const char *hint)
{
    view_typing_head(v, column, view_site_say(v, &question->title), hint_of(v, question), hint);
}

int question_buttons(struct view *v, struct ui_element buttons[2])
{
    buttons[0] = view_plain_button(v, "skip", view_say(v, "Skip this"));
    buttons[0].fill = TOKEN_PAPER;
    buttons[1] = view_main_button(v, "continue", view_say(v, "Continue"));
    buttons[1].size_px = v->d.body;
    return 2;
}

void page_question(struct view *v)
{
    const struct site_question *question = &v->c->site->questions[v->j->question];
    switch (question->kind) {
    case SITE_QUESTION_ONE:
    case SITE_QUESTION_SEVERAL:
    case SITE_QUESTION_YES_NO: question_choice(v, question); break;
    case SITE_QUESTION_NUMBER: question_number(v, question); break;
    case SITE_QUESTION_TEXT: question_text(v, question); break;
    }
}
