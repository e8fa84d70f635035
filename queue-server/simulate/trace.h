/* Recorded days, from a folder with `site.json` and `day_*.csv` (the columns are listed in trace.c). Everything is checked
 * before anything runs, and every fault found is told with its file, line and reason. Times are ms after the opening of
 * the day. Also what invented days are made into (workload.h). */
#ifndef QUARTER_SIMULATE_TRACE_H
#define QUARTER_SIMULATE_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/forecast/world.h"
#include "quarter/limits.h"
#include "quarter/status.h"

enum {
    TRACE_NAME_MAX = 64,
    TRACE_DAYS_MAX = 4000,
    TRACE_FILE_BYTES = 32 << 20, /* of one file */
    TRACE_FAULTS_MAX = 100,      /* told; the rest are counted */
    TRACE_LANGUAGES_MAX = 32,    /* bits of a counter's languages */
};

struct trace_service {
    char code[QUARTER_CODE_MAX + 1];
    double share, mean_ms, cv; /* of all visits; of a service's time. 0: not said */
};

struct trace_site {
    int service_count, counter_count, language_count;
    struct trace_service services[QUARTER_SERVICES_MAX];
    char counter_codes[QUARTER_COUNTERS_MAX][QUARTER_CODE_MAX + 1];
    struct world_counter counters[QUARTER_COUNTERS_MAX];
    char languages[TRACE_LANGUAGES_MAX][QUARTER_CODE_MAX + 1]; /* the counters', then others met */
    int64_t doors_close_ms, standard_ms;
    double target; /* share of visitors to be called within the standard */
};

/* Bookings of a day, also of those who never came: what a centre knows in the morning. */
struct trace_booking {
    int64_t appointment_ms, arrives_ms; /* arrives: -1: never came */
    int32_t id;
    int16_t service, language;
    uint8_t priority; /* 0 normal, 1 assisted, 2 urgent */
};

struct trace_day {
    char name[TRACE_NAME_MAX + 1]; /* "day_01" */
    struct world_visit *visits;    /* by arrival, as world_start() takes them; own memory */
    struct trace_booking *bookings;
    int32_t count, booking_count, missed; /* missed: bookings that never came */
};

struct trace {
    struct trace_site site;
    struct trace_day *days; /* by file name */
    int day_count;
};

/* One line each, "FILE:LINE: reason\n" (or "FILE: reason\n"). */
struct trace_faults {
    char *text; /* NULL: none */
    size_t length;
    int count;
};

/* STATUS_INVALID: there are faults. *trace only on STATUS_OK; faults only otherwise. */
enum status trace_read(const char *folder, struct trace **trace, struct trace_faults *faults);
void trace_free(struct trace *trace);
void trace_faults_free(struct trace_faults *faults);

void trace_day_free(struct trace_day *day); /* what it owns, not the struct */

/* Class and leg_from of a visit with an appointment (-1: none) and a priority: SCIENCE.md. */
void trace_classify(struct world_visit *visit, int64_t appointment_ms, int priority);

/* A desk of this site, everything else as in the reference; the caller sets hooks and track_slips. */
struct world_desk trace_desk(const struct trace_site *site, const struct policy_terms *policy);

#endif
