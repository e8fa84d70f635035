/* See focus.h. */
#include "focus.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

/* The element with the least order past `after`, or with the greatest before it. NULL: none. */
static const struct ui_element *next_of(const struct ui *ui, int after, bool forward)
{
    const struct ui_element *best = NULL;
    for (size_t i = 0; i < ui_count(ui); i++) {
        const struct ui_element *element = ui_element(ui, i);
        if (element->focus <= 0 || element->id == NULL || strlen(element->id) >= PRESS_ID_BYTES)
            continue;
        bool beyond = forward ? element->focus > after : element->focus < after;
        bool nearer =
            best == NULL || (forward ? element->focus < best->focus : element->focus > best->focus);
        if (beyond && nearer)
            best = element;
    }
    return best;
}

static bool stand_on(struct focus *focus, const struct ui_element *element)
{
    if (element == NULL) {
        focus->id[0] = '\0';
        focus->order = 0;
        return false;
    }
    snprintf(focus->id, sizeof focus->id, "%s", element->id);
    focus->order = element->focus;
    return true;
}

bool focus_look(struct focus *focus, const struct ui *ui, int part)
{
    char page[PRESS_ID_BYTES];
    snprintf(page, sizeof page, "%d %s", part, ui_page(ui)->name);
    bool other_page = strcmp(page, focus->page) != 0;
    memcpy(focus->page, page, sizeof page);
    if (other_page || focus->id[0] == '\0')
        return stand_on(focus, next_of(ui, 0, true));
    const struct ui_element *here = ui_find(ui, focus->id);
    if (here != NULL && here->focus > 0) {
        focus->order = here->focus;
        return false;
    }
    const struct ui_element *instead = next_of(ui, focus->order - 1, true);
    (void)stand_on(focus, instead != NULL ? instead : next_of(ui, INT_MAX, false));
    return true;
}

bool focus_move(struct focus *focus, const struct ui *ui, int step)
{
    bool forward = step > 0;
    const struct ui_element *to = focus->id[0] == '\0' ? NULL : next_of(ui, focus->order, forward);
    if (to == NULL)
        to = next_of(ui, forward ? 0 : INT_MAX, forward);
    return stand_on(focus, to);
}

void focus_clear(struct focus *focus)
{
    *focus = (struct focus){0};
}

const char *focus_id(const struct focus *focus)
{
    return focus->id[0] != '\0' ? focus->id : NULL;
}
