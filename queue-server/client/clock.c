/* The server's time carried on by the monotonic clock. The calendar is Howard Hinnant's
 * days_from_civil inverse (http://howardhinnant.github.io/date_algorithms.html): gmtime_r would do,
 * but reads the environment's locks. */
#include "client/clock.h"

#include <time.h>

enum { DAY_S = 86400 };

int64_t client_monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t now_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    return now_ms > 0 ? now_ms : 1;
}

bool client_clock_is_set(const struct client_clock *clock)
{
    return clock->heard_at_ms != 0;
}

int64_t client_clock_utc_ms(const struct client_clock *clock, int64_t now_ms)
{
    int64_t passed_ms = now_ms - clock->heard_at_ms;
    return clock->server_ms + (passed_ms > 0 ? passed_ms : 0);
}

static int64_t floor_div(int64_t value, int64_t by)
{
    return value / by - (value % by < 0);
}

struct client_local_time client_clock_localise(const struct client_clock *clock, int64_t utc_ms)
{
    int64_t local_s = floor_div(utc_ms, 1000) + clock->utc_offset_s;
    int64_t days = floor_div(local_s, DAY_S);
    int of_day = (int)(local_s - days * DAY_S);
    int64_t shifted = days + 719468; /* from 0000-03-01, so that the leap day ends a year */
    int64_t era = floor_div(shifted, 146097);
    int64_t of_era = shifted - era * 146097;
    int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t march_month = (5 * of_year + 2) / 153;
    int month = (int)(march_month < 10 ? march_month + 3 : march_month - 9);
    return (struct client_local_time){
        .year = (int)(year_of_era + era * 400 + (month <= 2)),
        .month = month,
        .day = (int)(of_year - (153 * march_month + 2) / 5 + 1),
        .weekday = (int)((days % 7 + 7 + 4) % 7), /* 1970-01-01 was a Thursday */
        .hour = of_day / 3600,
        .minute = of_day / 60 % 60,
    };
}

struct client_local_time client_clock_local(const struct client_clock *clock, int64_t now_ms)
{
    return client_clock_localise(clock, client_clock_utc_ms(clock, now_ms));
}

void client_clock_hhmm(const struct client_clock *clock, int64_t now_ms,
                       char out[static CLIENT_HHMM_BYTES])
{
    out[0] = '\0';
    if (!client_clock_is_set(clock))
        return;
    struct client_local_time local = client_clock_local(clock, now_ms);
    out[0] = (char)('0' + local.hour / 10);
    out[1] = (char)('0' + local.hour % 10);
    out[2] = ':';
    out[3] = (char)('0' + local.minute / 10);
    out[4] = (char)('0' + local.minute % 10);
    out[5] = '\0';
}
