/* An answer in the visitor's own words, typed on the keyboard of their language. */
#include "view/view_parts.h"

void question_text(struct view *v, const struct site_question *question)
{
    struct column column = column_of(v->body);
    struct ui_element buttons[2];
    question_title(v, &column, question);
    column_reach(v, &column);
    struct rect rest = column_rest(&column), keys;
    view_typing(v, &rest, &keys);
    int count = question_buttons(v, buttons);
    view_keyboard(v, &keys);
    if (!v->wide)
        rest.h = keys.h;
    view_buttons_below(v, &rest, buttons, count);
    column = column_of(rest);
    view_field(v, &column, view_say(v, "Type here"));
}
