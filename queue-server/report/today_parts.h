/* What a day is kept as. Private to report/: today.c takes events, today_course.c follows visits and counters through the
 * facts, today_figures.c counts, the writers write. */
#ifndef QUARTER_REPORT_TODAY_PARTS_H
#define QUARTER_REPORT_TODAY_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "report/today.h"

enum { NOBODY = -1 };

/* Codes the day named, in that order. */
struct names {
    char (*codes)[QUARTER_CODE_MAX + 1];
    size_t count, capacity;
};

/* What of an event counts. What a type does not have is 0; a name that is not there is NOBODY. */
struct fact {
    int64_t at_ms, occurred_at_ms;
    int64_t undone_at_ms; /* 0: never */
    int64_t leg_from_ms;
    int32_t visit, before;               /* indices; before: the visit's fact before this one */
    int32_t counter, service, avoidable; /* indices of names */
    uint8_t type;                        /* enum event_type */
    uint8_t outcome;                     /* enum outcome */
    uint8_t kind;                        /* enum visit_kind */
    bool by_day_end, has_outcome;
};

/* What never changes of a queued visit, and its newest fact that was not undone. */
struct visit {
    char id[QUARTER_ULID_LEN + 1];
    char prefix[QUARTER_PREFIX_MAX + 1];
    int32_t number;
    int32_t newest;
    int64_t arrived_at_ms, appointment_ms;
    enum ticket_class ticket_class;
};

/* A queued visit as it went, up to some moment. */
struct course {
    enum ticket_state state;
    bool issued; /* else it had not come yet, and the rest is nothing */
    bool called, left_at_close;
    uint8_t outcome;
    int32_t service, leg_service, counter, avoidable;
    int32_t transfers, legs, leg_sittings;
    int64_t from_ms, leg_from_ms;
    int64_t first_called_ms, first_served_ms, ended_ms; /* 0: not yet */
    int64_t sitting_from_ms, leg_served_ms, served_ms;
    int64_t busy_from_ms; /* by the journal's time */
};

/* A row and what it is still worked out from. */
struct sum_row {
    struct today_row row;
    int64_t wait_ms, service_ms;
    size_t first_wait, waits; /* its part of the sorted waits */
};

enum desk_state { DESK_CLOSED, DESK_OPEN, DESK_PAUSED };

struct sum_counter {
    struct today_counter figures;
    int64_t sitting_ms, since_ms; /* since_ms: of its state */
    enum desk_state state;
};

struct wait {
    int64_t ms;
    int32_t visit;
};

/* Rows: of the whole day, of each hour, of each service. */
enum { ROW_ALL, ROW_HOURS, ROW_SERVICES = ROW_HOURS + TODAY_HOURS };

/* Where figures are worked out; grows with the day, and is used again. */
struct work {
    int64_t now_ms, standard_ms;
    int32_t utc_offset_s;
    struct course *courses;
    struct sum_row *rows;
    struct sum_counter *counters;
    struct today_service *service_list;
    struct today_counter *counter_list;
    struct today_count *avoidable_list;
    struct wait *waits;
    int64_t *sorted;
    size_t course_room, row_room, counter_room, service_list_room, counter_list_room,
        avoidable_room, wait_room, sorted_room;
};

struct today {
    char day[QUARTER_DAY_LEN + 1];
    struct names services, counters, avoidable;
    struct visit *visits;
    size_t visit_count, visit_capacity;
    int32_t *slots; /* of visits by id, open addressing: index + 1, 0 free */
    size_t slot_count;
    struct fact *facts;
    size_t fact_count, fact_capacity;
    struct work work;
    struct today_figures figures;
};

/* Room for `count` of them in the array; what is new in it is not cleared. */
void *today_room(void *array, size_t *capacity, size_t count, size_t size);

static inline int64_t today_span(int64_t from_ms, int64_t to_ms)
{
    return to_ms > from_ms ? to_ms - from_ms : 0;
}

static inline int today_hour(const struct visit *visit, int32_t utc_offset_s)
{
    const int64_t s = visit->arrived_at_ms / 1000 + utc_offset_s;
    return (int)((s % 86400 + 86400) % 86400 / 3600);
}

/* today_course.c: reads the facts up to now_ms into courses, and counts what belongs to legs and counters on the way. */
void today_follow(struct today *today);
/* today_figures.c: makes room and sets the terms; courses and rows are empty then. */
void today_begin_work(struct today *today, const struct today_terms *terms, int64_t now_ms);

/* Whether the standard of a visit is decided, and how. */
enum today_verdict { VERDICT_OPEN, VERDICT_WITHIN, VERDICT_MISSED };
enum today_verdict today_verdict(const struct work *work, const struct course *course);

#endif
