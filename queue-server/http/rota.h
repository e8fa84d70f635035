/* Who is on duty today, by the site file: worked out once a day, since the zone's arithmetic is not for each ticket. */
#ifndef QUARTER_HTTP_ROTA_H
#define QUARTER_HTTP_ROTA_H

#include <stdint.h>

#include "engine/forecast/snapshot.h"
#include "site/site.h"

struct rota {
    char day[QUARTER_DAY_LEN + 1]; /* "": not worked out */
    int counter_count;
    struct snapshot_roster counters[QUARTER_COUNTERS_MAX]; /* by the index in the site's rules */
    struct site_day hours;
    int64_t midnight_ms, noon_ms;
    int weekday; /* 0: Monday */
};

/* Works it out unless it is that day's already. */
void rota_set_day(struct rota *rota, const struct site *site, const char *day);
/* Bit i: counter i of the site's rules is on duty, or still comes on duty today. ~0 outside the centre's hours: a rota
 * says nothing of a day that somebody opened by hand then. */
uint64_t rota_still_to_serve(const struct rota *rota, int64_t now_ms);
/* As a snapshot wants it; borrows from the rota. */
struct snapshot_day rota_snapshot_day(const struct rota *rota);

#endif
