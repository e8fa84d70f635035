/* The day so far. See day_look.h. */
#include "http/day_look.h"

#include "http/manager_view.h"

/* Of engine time: how old an outlook may grow; and one of a day on which nobody was to wait. */
static const int64_t age_ms = 15000, idle_age_ms = 1000;

static bool is_due(const struct view_source *source)
{
    const struct waits_today *today = source->today;
    if (!engine_day_is_open(source->engine)) {
        return false;
    }
    return today == NULL ||
           source->now_ms - today->as_of_ms >= (today->outlook.known ? age_ms : idle_age_ms);
}

void day_look_take(struct scene *scene, const struct view_source *source)
{
    if (!is_due(source)) {
        return;
    }
    const struct today_terms terms = manager_view_terms(source);
    const struct today_figures *figures = today_figures(source->figures, &terms, source->now_ms);
    scene->so_far = (struct day_so_far){
        .known = true, .within = figures->all.of_decided.within, .of = figures->all.of_decided.of};
    for (size_t i = 0; i < scene->snapshot.ticket_count; i++) {
        /* The engine knows only of those sent on. */
        struct snapshot_ticket *ticket = &scene->snapshot.tickets[i];
        const char *id = engine_ticket(source->engine, (size_t)ticket->index)->id;
        ticket->called_before |= today_was_called(source->figures, id);
    }
}
