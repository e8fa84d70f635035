/* Who is on duty today. See rota.h. */
#include "http/rota.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"

/* Of a date in the proleptic Gregorian calendar; Sakamoto's method. */
static int weekday_of(const char *day)
{
    static const int offsets[] = {0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4};
    const long month = strtol(day + 5, NULL, 10); /* "2026-11-24" */
    CHECK(month >= 1 && month <= 12);
    const long year = strtol(day, NULL, 10) - (month < 3);
    const long from_sunday =
        year + year / 4 - year / 100 + year / 400 + offsets[month - 1] + strtol(day + 8, NULL, 10);
    return (int)((from_sunday + 6) % 7);
}

/* time: "T00:00" */
static int64_t instant_of(const struct site *site, const char *day, const char *time)
{
    char local[QUARTER_DAY_LEN + sizeof("T00:00")];
    int64_t utc_ms = 0;
    (void)snprintf(local, sizeof(local), "%.*s%s", QUARTER_DAY_LEN, day, time);
    CHECK(site_local_to_utc(site, local, &utc_ms) == STATUS_OK);
    return utc_ms;
}

static struct snapshot_roster roster_of(const struct site *site, const char *day, int counter)
{
    struct site_roster theirs;
    struct snapshot_roster ours = {0};
    CHECK(site_roster(site, day, counter, &theirs) == STATUS_OK);
    if (!theirs.on_duty) {
        return ours;
    }
    ours.on_ms = theirs.from_ms;
    ours.off_ms = theirs.to_ms;
    for (int i = 0; i < theirs.break_count && i < SNAPSHOT_BREAKS_MAX; i++) {
        ours.breaks[i].from_ms = theirs.breaks[i].from_ms;
        ours.breaks[i].to_ms = theirs.breaks[i].to_ms;
        ours.break_count++;
    }
    return ours;
}

void rota_set_day(struct rota *rota, const struct site *site, const char *day)
{
    if (strcmp(rota->day, day) == 0) {
        return;
    }
    (void)snprintf(rota->day, sizeof(rota->day), "%s", day);
    CHECK(site_day(site, day, &rota->hours) == STATUS_OK);
    rota->weekday = weekday_of(day);
    rota->midnight_ms = instant_of(site, day, "T00:00");
    rota->noon_ms = instant_of(site, day, "T12:00");
    rota->counter_count = site_rules(site)->counter_count;
    for (int i = 0; i < rota->counter_count; i++) {
        rota->counters[i] = roster_of(site, day, i);
    }
}

uint64_t rota_still_to_serve(const struct rota *rota, int64_t now_ms)
{
    uint64_t bits = 0;
    if (!rota->hours.open || now_ms >= rota->hours.closes_ms) {
        return ~UINT64_C(0);
    }
    for (int i = 0; i < rota->counter_count; i++) {
        const struct snapshot_roster *roster = &rota->counters[i];
        if (roster->on_ms < roster->off_ms && now_ms < roster->off_ms) {
            bits |= UINT64_C(1) << i;
        }
    }
    return bits;
}

struct snapshot_day rota_snapshot_day(const struct rota *rota)
{
    return (struct snapshot_day){.rosters = rota->counters,
                                 .roster_count = rota->counter_count,
                                 .opens_ms = rota->hours.open ? rota->hours.opens_ms : 0,
                                 .doors_close_ms = rota->hours.open ? rota->hours.doors_ms : 0,
                                 .midnight_ms = rota->midnight_ms,
                                 .day_end_ms = rota->hours.ends_ms};
}
