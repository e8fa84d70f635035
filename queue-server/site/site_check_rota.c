/* The hours of counters: each beside the centre's own, and breaks within them. Quiet about what was reported already. */
#include <string.h>

#include "site/model.h"

#define ERROR(where, at, ...)   report_error((where)->report, (where)->file, at, __VA_ARGS__)
#define WARNING(where, at, ...) report_warning((where)->report, (where)->file, at, __VA_ARGS__)

enum { CLOCK_BYTES = 8 };

/* When a counter is staffed on each day, in minutes after midnight; from == to: not at all. */
struct week {
    bool known;
    int days; /* on how many it is */
    int from[7], to[7];
    int earliest, latest;
};

static bool given(const struct value *value)
{
    return value->at.line > 0;
}

static const char *clock_words(int minutes, char buffer[CLOCK_BYTES])
{
    snprintf(buffer, CLOCK_BYTES, "%02u:%02u", (unsigned)minutes / 60 % 100,
             (unsigned)minutes % 60);
    return buffer;
}

static struct week week_of(const struct site_model *model, const struct model_counter *counter)
{
    struct week week = {.known = model->hours.at.line > 0 && !counter->days.faulty &&
                                 counter->from.at.line >= 0 && counter->to.at.line >= 0,
                        .earliest = HOURS_LAST_MINUTE};
    for (int i = 0; i < 7; i++) {
        const struct model_day *day = &model->hours.days[i];
        const bool works = counter->days.count == 0 || (counter->days.bits >> i & 1) != 0;
        /* Closed, or both of its hours were read. */
        week.known = week.known && day->at.line > 0 && day->open.at.line >= 0 &&
                     given(&day->open) == given(&day->close);
        if (!works || !given(&day->open) || !given(&day->close)) {
            continue;
        }
        int from = day->open.number;
        int to = day->close.number;
        from = given(&counter->from) && counter->from.number > from ? counter->from.number : from;
        to = given(&counter->to) && counter->to.number < to ? counter->to.number : to;
        if (from < to) {
            week.from[i] = from;
            week.to[i] = to;
            week.days++;
            week.earliest = from < week.earliest ? from : week.earliest;
            week.latest = to > week.latest ? to : week.latest;
        }
    }
    return week;
}

static bool fits_some_day(const struct week *week, int from, int to)
{
    for (int i = 0; i < 7; i++) {
        if (week->from[i] < week->to[i] && from >= week->from[i] && to <= week->to[i]) {
            return true;
        }
    }
    return false;
}

static void check_break(const struct checked_file *where, const struct model_counter *counter,
                        const struct week *week, int index)
{
    const struct model_break *pause = &counter->breaks[index];
    if (!given(&pause->start) || !given(&pause->minutes)) {
        return;
    }
    const int from = pause->start.number;
    const int to = from + pause->minutes.number;
    if (week->known && week->days > 0 && !fits_some_day(week, from, to)) {
        char starts[CLOCK_BYTES];
        char ends[CLOCK_BYTES];
        ERROR(where, pause->start.at,
              "the break at %s for %d min is outside the hours of counter '%s'; it works from %s "
              "to %s",
              pause->start.text, pause->minutes.number, counter->code.text,
              clock_words(week->earliest, starts), clock_words(week->latest, ends));
    }
    for (int i = 0; i < index; i++) {
        const struct model_break *other = &counter->breaks[i];
        if (given(&other->start) && given(&other->minutes) &&
            from < other->start.number + other->minutes.number && other->start.number < to) {
            ERROR(where, pause->start.at,
                  "the break at %s runs into the one at %s; make them one, or move it",
                  pause->start.text, other->start.text);
            return;
        }
    }
}

static void check_counter(const struct checked_file *where, const struct site_model *model,
                          const struct model_counter *counter)
{
    if (!given(&counter->code)) {
        return;
    }
    if (given(&counter->from) && given(&counter->to) &&
        counter->from.number >= counter->to.number) {
        ERROR(where, counter->to.at, "counter '%s' stops at %s, but starts only at %s",
              counter->code.text, counter->to.text, counter->from.text);
        return;
    }
    const struct week week = week_of(model, counter);
    if (week.known && week.days == 0 &&
        (counter->days.count > 0 || given(&counter->from) || given(&counter->to))) {
        const struct mark at = counter->days.count > 0 ? counter->days.at
                               : given(&counter->from) ? counter->from.at
                                                       : counter->to.at;
        WARNING(where, at,
                "counter '%s' is never on duty: the centre is closed on those days, or at those "
                "hours",
                counter->code.text);
    }
    for (int i = 0; i < counter->break_count; i++) {
        check_break(where, counter, &week, i);
    }
}

void site_check_rota(const struct checked_file *where, const struct site_model *model)
{
    for (int i = 0; i < model->counter_count; i++) {
        check_counter(where, model, &model->counters[i]);
    }
}
