/* A number, typed on figures as large as a telephone's. */
#include "view/view_parts.h"

void question_number(struct view *v, const struct site_question *question)
{
    struct column column = column_of(v->wide ? view_left(v, v->body, 50) : v->body);
    struct ui_element buttons[2];
    question_title(v, &column, question);
    column_reach(v, &column);
    struct rect rest = column_rest(&column);
    struct rect keys = v->wide ? view_right(v, v->body, 50) : rest;
    int count = question_buttons(v, buttons);
    if (!v->wide) {
        view_buttons_below(v, &keys, buttons, count);
        view_number_pad(v, &keys);
        rest.h = keys.h;
        column = column_of(rest);
        view_field(v, &column, view_say(v, "Type the number"));
        return;
    }
    view_field(v, &column, view_say(v, "Type the number"));
    column_skip(&column, v->d.gap);
    rest = column_rest(&column);
    view_buttons_below(v, &rest, buttons, count);
    view_number_pad(v, &keys);
}
