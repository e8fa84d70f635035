/* The tables behind a workload: filled by workload_tables.c (the reference centre, a site, a site's history), drawn from
 * by workload.c. Private to the two, and to their test. */
#ifndef QUARTER_SIMULATE_WORKLOAD_TABLES_H
#define QUARTER_SIMULATE_WORKLOAD_TABLES_H

#include "engine/forecast/sampler.h"
#include "simulate/workload.h"

enum { WORKLOAD_SLOTS_MAX = KNOWLEDGE_QUARTERS + 1, WORKLOAD_WEEKDAYS_MAX = KNOWLEDGE_WEEKDAYS };

/* A quarter hour by the clock, as far as the doors are open in it; after the opening. */
struct workload_slot {
    int64_t from_ms, to_ms;
    int quarter; /* of the local day */
};

struct workload_weekday {
    char name[4];
    int weekday; /* 0 = Monday */
    struct trace_site site;
    int64_t opens_ms; /* UTC, of the day that stands for all of its weekday; 0: the reference */
    int slot_count;
    struct workload_slot slots[WORKLOAD_SLOTS_MAX];
    /* Expected walk-ins, and bookings (whether they come or not), of each service and slot. */
    double walk_ins[QUARTER_SERVICES_MAX][WORKLOAD_SLOTS_MAX];
    double bookings[QUARTER_SERVICES_MAX][WORKLOAD_SLOTS_MAX];
    uint64_t served;         /* bit i: some counter offers service i that day */
    struct sampler *sampler; /* what was learned, as of this weekday; NULL: nothing */
};

struct workload {
    int weekday_count;
    struct workload_weekday *weekdays[WORKLOAD_WEEKDAYS_MAX];
    struct policy_terms policy;
    struct need_terms needs;
    double busy_cv; /* of the factor that all rates of one day share */
    double language_shares[TRACE_LANGUAGES_MAX];
    int booked
        [QUARTER_SERVICES_MAX]; /* reference: exactly so many a day, each in a slot of its own */
    uint64_t transfers_to[QUARTER_SERVICES_MAX]; /* bit i: to service i, each alike */
};

/* What is not in a site file, as the reference has it. */
extern const double workload_no_show, workload_assisted, workload_urgent, workload_transfer,
    workload_silent, workload_booked_longer;

#endif
