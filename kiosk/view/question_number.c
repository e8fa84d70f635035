/* A number, typed on figures as large as a telephone's. */
#include "view/view_parts.h"

void question_number(struct view *v, const struct site_question *question)
{
    struct rect rest = v->wide ? view_left(v, v->body, 50) : v->body;
    struct rect keys = v->wide ? view_right(v, v->body, 50) : v->body;
    struct ui_element buttons[2];
    int count = question_buttons(v, buttons);
    view_buttons_below(v, v->wide ? &rest : &keys, buttons, count);
    view_number_pad(v, &keys);
    if (!v->wide)
        rest.h = keys.h;
    struct column column = column_of(rest);
    question_typing(v, &column, question, view_say(v, "Type the number"));
}
