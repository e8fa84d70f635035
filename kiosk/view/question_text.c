/* An answer in the visitor's own words, typed on the keyboard of their language. */
#include "view/view_parts.h"

void question_text(struct view *v, const struct site_question *question)
{
    struct rect rest = v->body, keys;
    struct ui_element buttons[2];
    int count = question_buttons(v, buttons);
    view_typing(v, &rest, &keys);
    if (v->wide)
        view_buttons_below(v, &keys, buttons, count);
    view_keyboard(v, &keys);
    if (!v->wide) {
        rest.h = keys.h;
        view_buttons_below(v, &rest, buttons, count);
    }
    struct column column = column_of(rest);
    question_typing(v, &column, question, view_say(v, "Type here"));
}
