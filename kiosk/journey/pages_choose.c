/* What the visitor came for: at rest, the tiles, the search. */
#include <string.h>

#include "journey/turn.h"

/* What somebody left behind on a page that is at rest otherwise. */
static void tidy(struct turn *t)
{
    if (!journey_at_rest(t->j) && t->in->kind != INPUT_TOUCH &&
        t->now - t->j->active_ms >= JOURNEY_IDLE_MS)
        turn_rest(t);
}

void at_welcome(struct turn *t)
{
    if (turn_touched_one_of(t, ACTION_CHOOSE_LANGUAGE, t->site->languages)) {
        t->j->language = t->in->item;
        turn_enter(t, PAGE_SERVICES);
    } else {
        tidy(t);
    }
}

void at_closed(struct turn *t)
{
    tidy(t);
}

static bool take_not_sure(struct turn *t)
{
    if (!turn_touched(t, ACTION_NOT_SURE) || t->site->not_sure < 0)
        return false;
    t->j->group = -1;
    turn_choose_service(t, t->site->not_sure,
                        t->j->page == PAGE_GROUP ? PAGE_SERVICES : t->j->page);
    return true;
}

void at_services(struct turn *t)
{
    struct journey *j = t->j;
    if (take_not_sure(t))
        return;
    if (turn_touched(t, ACTION_BACK)) {
        turn_rest(t);
    } else if (turn_touched(t, ACTION_SEARCH)) {
        memset(j->typed, 0, sizeof j->typed);
        j->keyboard = 0;
        turn_enter(t, PAGE_SEARCH);
    } else if (turn_touched_one_of(t, ACTION_CHOOSE_GROUP, t->site->groups)) {
        j->group = t->in->item;
        if (t->site->group[j->group].services == 1)
            turn_choose_service(t, t->site->group[j->group].service[0], PAGE_SERVICES);
        else
            turn_enter(t, PAGE_GROUP);
    }
}

static bool group_has(const struct journey_site *site, int group, int service)
{
    for (int i = 0; i < site->group[group].services; i++)
        if (site->group[group].service[i] == service)
            return true;
    return false;
}

void at_group(struct turn *t)
{
    if (take_not_sure(t))
        return;
    if (turn_touched(t, ACTION_BACK))
        turn_enter(t, PAGE_SERVICES);
    else if (turn_touched(t, ACTION_CHOOSE_SERVICE) && group_has(t->site, t->j->group, t->in->item))
        turn_choose_service(t, t->in->item, PAGE_GROUP);
}

static void leave_search(struct turn *t)
{
    memset(t->j->typed, 0, sizeof t->j->typed);
    turn_enter(t, PAGE_SERVICES);
}

void at_search(struct turn *t)
{
    struct journey *j = t->j;
    if (turn_touched(t, ACTION_BACK)) {
        leave_search(t);
        return;
    }
    turn_type(t, JOURNEY_SEARCH_LETTERS, false);
    if (take_not_sure(t))
        return;
    if (turn_touched_one_of(t, ACTION_CHOOSE_SERVICE, t->site->services)) {
        j->group = -1;
        turn_choose_service(t, t->in->item, PAGE_SEARCH);
    }
}
