/* A number from the number pad or a text from the keyboard. It counts once the visitor goes on. */
#include <string.h>

#include "journey/turn.h"

void take_typing(struct turn *t)
{
    struct journey *j = t->j;
    struct journey_asked *asked = &j->asked[j->at];
    const struct journey_question *question = &t->site->question[asked->question];
    turn_type(t, question->most, question->kind == QUESTION_NUMBER);
    if (!turn_touched(t, ACTION_CONTINUE)) /* only offered when something is typed */
        return;
    size_t length = strlen(j->typed);
    if (length > 0 && j->typed[length - 1] == JOURNEY_SPACE)
        j->typed[length - 1] = '\0';
    asked->answered = true;
    asked->skipped = false;
    memcpy(asked->text, j->typed, sizeof asked->text);
    turn_go_on(t);
}
