/* When a site is open: its week, the days it is closed, and its zone. Plain data and pure
 * questions; see site.h for what they mean. */
#ifndef QUARTER_SITE_HOURS_H
#define QUARTER_SITE_HOURS_H

#include "quarter/limits.h"
#include "site/site.h"
#include "site/zone.h"

/* Minutes after local midnight. */
struct hours_of_day {
    bool open;
    int opens, doors, closes;
};

/* Of a counter; from and to as the centre's own when not given. */
struct hours_of_counter {
    uint8_t days; /* bit 0: Monday */
    int from, to;
    int break_count;
    struct {
        int at, minutes;
    } breaks[SITE_BREAKS_MAX];
};

enum { HOURS_FIRST_MINUTE = 0, HOURS_LAST_MINUTE = 24 * 60, HOURS_EVERY_DAY = 0x7f };

struct hours {
    const struct zone *zone;
    struct hours_of_day week[7]; /* from Monday */
    int day_end;                 /* minutes after local midnight */
    int closure_count;
    int closures[QUARTER_CLOSURES_MAX]; /* days since 1970, in any order */
};

int32_t hours_utc_offset_s(const struct hours *hours, int64_t utc_ms);
void hours_local_day(const struct hours *hours, int64_t utc_ms, char day[QUARTER_DAY_LEN + 1]);
enum status hours_local_to_utc(const struct hours *hours, const char *local, int64_t *utc_ms);
enum status hours_day(const struct hours *hours, const char *day, struct site_day *result);
enum status hours_roster(const struct hours *hours, const struct hours_of_counter *counter,
                         const char *day, struct site_roster *roster);
bool hours_is_open(const struct hours *hours, int64_t utc_ms);
bool hours_doors_open(const struct hours *hours, int64_t utc_ms);
enum status hours_next_opening(const struct hours *hours, int64_t utc_ms, int64_t *opening_ms);

#endif
