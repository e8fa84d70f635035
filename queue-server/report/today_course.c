/* Follows visits and counters through the facts of a day, from its first to the moment asked about. See today_parts.h;
 * legs, sittings and the rest are in DEFINITIONS.md. */
#include "quarter/check.h"
#include "report/today_parts.h"

/* What a fact touches. */
struct scene {
    struct today *today;
    struct work *work;
    struct course *course;
    const struct fact *fact;
    struct sum_row *hour;
};

static struct sum_row *row_of_service(const struct scene *scene, int32_t service)
{
    CHECK(service != NOBODY);
    return &scene->work->rows[ROW_SERVICES + service];
}

static struct sum_counter *counter_of(const struct scene *scene, int32_t counter)
{
    CHECK(counter != NOBODY);
    return &scene->work->counters[counter];
}

/* visits */

static void begin_leg(const struct scene *scene, int32_t service)
{
    struct course *course = scene->course;
    course->legs++;
    course->leg_service = service;
    course->leg_from_ms = scene->fact->leg_from_ms;
    course->leg_sittings = 0;
    course->leg_served_ms = 0;
    course->state = TICKET_WAITING;
}

static void add_service(struct sum_row *sums, int64_t ms)
{
    sums->row.services++;
    sums->service_ms += ms;
}

static void end_leg(const struct scene *scene, bool timed)
{
    const struct course *course = scene->course;
    if (course->leg_sittings == 0 || !timed) {
        return;
    }
    add_service(&scene->work->rows[ROW_ALL], course->leg_served_ms);
    add_service(scene->hour, course->leg_served_ms);
    add_service(row_of_service(scene, course->leg_service), course->leg_served_ms);
}

static void come_to_counter(const struct scene *scene)
{
    scene->course->counter = scene->fact->counter;
    scene->course->busy_from_ms = scene->fact->at_ms;
}

static void go_from_counter(const struct scene *scene)
{
    counter_of(scene, scene->course->counter)->figures.busy_ms +=
        today_span(scene->course->busy_from_ms, scene->fact->at_ms);
}

static void begin_sitting(const struct scene *scene)
{
    struct course *course = scene->course;
    course->state = TICKET_SERVING;
    course->sitting_from_ms = scene->fact->occurred_at_ms;
    course->leg_sittings++;
    if (course->first_served_ms == 0) {
        course->first_served_ms = course->sitting_from_ms;
    }
}

static void end_sitting(const struct scene *scene, bool timed)
{
    struct course *course = scene->course;
    const int64_t ms = today_span(course->sitting_from_ms, scene->fact->occurred_at_ms);
    struct sum_counter *counter = counter_of(scene, course->counter);
    go_from_counter(scene);
    if (timed) {
        course->leg_served_ms += ms;
        course->served_ms += ms;
        counter->figures.sittings++;
        counter->sitting_ms += ms;
    }
}

static void issue(const struct scene *scene)
{
    struct course *course = scene->course;
    begin_leg(scene, scene->fact->service);
    course->issued = true;
    course->service = scene->fact->service;
    course->from_ms = scene->fact->leg_from_ms;
    course->counter = NOBODY;
    course->avoidable = scene->fact->avoidable;
}

static void call(const struct scene *scene)
{
    struct course *course = scene->course;
    course->state = TICKET_CALLED;
    if (!course->called) {
        course->called = true;
        course->first_called_ms = scene->fact->occurred_at_ms;
    }
    come_to_counter(scene);
    counter_of(scene, course->counter)->figures.calls++;
}

static void transfer(const struct scene *scene)
{
    end_sitting(scene, true);
    end_leg(scene, true);
    scene->course->transfers++;
    scene->work->rows[ROW_ALL].row.transfers++;
    scene->hour->row.transfers++;
    row_of_service(scene, scene->course->leg_service)->row.transfers++;
    begin_leg(scene, scene->fact->service);
}

static void end_visit(const struct scene *scene, enum ticket_state state)
{
    scene->course->state = state;
    scene->course->ended_ms = scene->fact->occurred_at_ms;
}

static void close_visit(const struct scene *scene)
{
    struct course *course = scene->course;
    const bool timed = scene->fact->outcome != OUTCOME_UNRECORDED;
    end_sitting(scene, timed);
    end_leg(scene, timed);
    end_visit(scene, TICKET_CLOSED);
    counter_of(scene, course->counter)->figures.served++;
    course->outcome = scene->fact->outcome;
    if (scene->fact->avoidable != NOBODY) {
        course->avoidable = scene->fact->avoidable;
    }
}

static void leave(const struct scene *scene)
{
    end_leg(scene, true); /* a parked one had been served */
    end_visit(scene, TICKET_LEFT);
    scene->course->left_at_close = scene->fact->by_day_end;
}

static void edit(const struct scene *scene)
{
    struct course *course = scene->course;
    course->leg_service = scene->fact->service;
    if (course->legs == 1) {
        course->service = scene->fact->service;
    }
}

static void follow_visit(const struct scene *scene)
{
    struct course *course = scene->course;
    switch ((int)scene->fact->type) {
    case EVENT_TICKET_ISSUED: issue(scene); break;
    case EVENT_TICKET_CALLED: call(scene); break;
    case EVENT_SERVING_STARTED: begin_sitting(scene); break;
    case EVENT_TICKET_TAKEN_BACK:
        come_to_counter(scene);
        begin_sitting(scene);
        break;
    case EVENT_TICKET_PARKED:
        end_sitting(scene, true);
        course->state = TICKET_PARKED;
        break;
    case EVENT_TICKET_UNPARKED:
        end_leg(scene, true);
        begin_leg(scene, course->leg_service);
        break;
    case EVENT_TICKET_NO_SHOW:
        go_from_counter(scene);
        end_visit(scene, TICKET_NO_SHOW);
        break;
    case EVENT_TICKET_REVIVED:
        course->state = TICKET_WAITING;
        course->ended_ms = 0;
        break;
    case EVENT_TICKET_TRANSFERRED: transfer(scene); break;
    case EVENT_TICKET_CLOSED: close_visit(scene); break;
    case EVENT_TICKET_LEFT: leave(scene); break;
    case EVENT_TICKET_EDITED: edit(scene); break;
    default: CHECK(false);
    }
}

/* counters, and what never queued */

static void set_counter(struct sum_counter *counter, enum desk_state state, int64_t at_ms)
{
    const int64_t ms = today_span(counter->since_ms, at_ms);
    counter->figures.open_ms += counter->state == DESK_OPEN ? ms : 0;
    counter->figures.paused_ms += counter->state == DESK_PAUSED ? ms : 0;
    counter->state = state;
    counter->since_ms = at_ms;
}

static void follow_recorded(struct today *today, const struct fact *fact)
{
    today->figures.recorded[fact->kind]++;
    today->figures.outcomes[fact->outcome] += fact->has_outcome;
    if (fact->avoidable != NOBODY) {
        today->work.avoidable_list[fact->avoidable].visits++;
    }
}

static void follow_fact(struct today *today, const struct fact *fact)
{
    struct work *work = &today->work;
    struct scene scene = {.today = today, .work = work, .fact = fact};
    switch ((int)fact->type) {
    case EVENT_VISIT_RECORDED: follow_recorded(today, fact); return;
    case EVENT_STEP_UNDONE: today->figures.undone++; return;
    case EVENT_COUNTER_OPENED:
        set_counter(counter_of(&scene, fact->counter), DESK_OPEN, fact->at_ms);
        return;
    case EVENT_COUNTER_PAUSED:
        set_counter(counter_of(&scene, fact->counter), DESK_PAUSED, fact->at_ms);
        return;
    case EVENT_COUNTER_CLOSED:
        set_counter(counter_of(&scene, fact->counter), DESK_CLOSED, fact->at_ms);
        return;
    default: break;
    }
    CHECK(fact->visit != NOBODY);
    scene.course = &work->courses[fact->visit];
    scene.hour =
        &work->rows[ROW_HOURS + today_hour(&today->visits[fact->visit], work->utc_offset_s)];
    follow_visit(&scene);
}

/* What still goes on is told up to now. */
static void follow_to_now(struct today *today)
{
    struct work *work = &today->work;
    for (size_t i = 0; i < today->counters.count; i++) {
        set_counter(&work->counters[i], work->counters[i].state, work->now_ms);
    }
    for (size_t i = 0; i < today->visit_count; i++) {
        const struct course *course = &work->courses[i];
        if (course->issued && (course->state == TICKET_CALLED || course->state == TICKET_SERVING)) {
            work->counters[course->counter].figures.busy_ms +=
                today_span(course->busy_from_ms, work->now_ms);
        }
    }
}

void today_follow(struct today *today)
{
    const int64_t now_ms = today->work.now_ms;
    for (size_t i = 0; i < today->fact_count && today->facts[i].at_ms <= now_ms; i++) {
        const struct fact *fact = &today->facts[i];
        if (fact->undone_at_ms == 0 || fact->undone_at_ms > now_ms) {
            follow_fact(today, fact);
        }
    }
    follow_to_now(today);
}
