/* Opening hours in the site's own time. All questions go through day_at(), which turns a local day
 * into instants, so that a day on which the clocks change has its right length everywhere. */
#include "site/hours.h"

#include <stdio.h>
#include <string.h>

#include "site/schema.h"

enum { DAY_S = 86400, MINUTE_MS = 60000, SEARCH_DAYS = 400 };

static int64_t floor_div(int64_t number, int64_t by)
{
    return number / by - (number % by < 0);
}

int32_t hours_utc_offset_s(const struct hours *hours, int64_t utc_ms)
{
    return zone_offset_s(hours->zone, floor_div(utc_ms, 1000));
}

static int local_day_number(const struct hours *hours, int64_t utc_ms)
{
    int64_t local_s = floor_div(utc_ms, 1000) + hours_utc_offset_s(hours, utc_ms);
    return (int)floor_div(local_s, DAY_S);
}

static int64_t instant(const struct hours *hours, int day, int minutes)
{
    return zone_to_utc_s(hours->zone, (int64_t)day * DAY_S + (int64_t)minutes * 60) * 1000;
}

static int weekday_of(int day)
{
    return ((day + 3) % 7 + 7) % 7; /* from Monday; 1970-01-01 was a Thursday */
}

static struct site_day day_at(const struct hours *hours, int day)
{
    struct site_day result = {.ends_ms = instant(hours, day, hours->day_end)};
    const struct hours_of_day *of_day = &hours->week[weekday_of(day)];
    result.open = of_day->open;
    for (int i = 0; i < hours->closure_count; i++) {
        result.open = result.open && hours->closures[i] != day;
    }
    if (result.open) {
        result.opens_ms = instant(hours, day, of_day->opens);
        result.doors_ms = instant(hours, day, of_day->doors);
        result.closes_ms = instant(hours, day, of_day->closes);
    }
    return result;
}

void hours_local_day(const struct hours *hours, int64_t utc_ms, char day[QUARTER_DAY_LEN + 1])
{
    int year = 0;
    int month = 0;
    int day_of_month = 0;
    date_from_days(local_day_number(hours, utc_ms), &year, &month, &day_of_month);
    snprintf(day, QUARTER_DAY_LEN + 1, "%04u-%02u-%02u", (unsigned)year % 10000U,
             (unsigned)month % 100U, (unsigned)day_of_month % 100U);
}

enum status hours_local_to_utc(const struct hours *hours, const char *local, int64_t *utc_ms)
{
    char date[QUARTER_DAY_LEN + 1] = "";
    char clock[6] = "";
    int day = 0;
    int minutes = 0;
    int seconds = 0;
    size_t length = strlen(local);
    if ((length != 16 && length != 19) || local[QUARTER_DAY_LEN] != 'T') {
        return STATUS_INVALID;
    }
    memcpy(date, local, QUARTER_DAY_LEN);
    memcpy(clock, local + QUARTER_DAY_LEN + 1, 5);
    if (!parse_date(date, &day) || !parse_time(clock, &minutes)) {
        return STATUS_INVALID;
    }
    if (length == 19) {
        /* Seconds have the same form as minutes: they are read by the same reader. */
        char as_clock[6] = {'0', '0', ':', local[17], local[18], '\0'};
        if (local[16] != ':' || !parse_time(as_clock, &seconds)) {
            return STATUS_INVALID;
        }
    }
    *utc_ms =
        zone_to_utc_s(hours->zone, (int64_t)day * DAY_S + (int64_t)minutes * 60 + seconds) * 1000;
    return STATUS_OK;
}

enum status hours_day(const struct hours *hours, const char *day, struct site_day *result)
{
    int number = 0;
    if (!parse_date(day, &number)) {
        return STATUS_INVALID;
    }
    *result = day_at(hours, number);
    return STATUS_OK;
}

/* A break is so many minutes long whatever the clocks do, and ends with the counter's hours. Those that lie outside, on
 * a day when the centre opens later, are left out. */
static void add_break(struct site_roster *roster, int64_t from_ms, int64_t to_ms)
{
    const int64_t earliest_ms =
        roster->break_count == 0 ? roster->from_ms : roster->breaks[roster->break_count - 1].to_ms;
    struct site_break found = {
        .from_ms = from_ms > earliest_ms ? from_ms : earliest_ms,
        .to_ms = to_ms < roster->to_ms ? to_ms : roster->to_ms,
    };
    if (found.from_ms < found.to_ms) {
        roster->breaks[roster->break_count++] = found;
    }
}

enum status hours_roster(const struct hours *hours, const struct hours_of_counter *counter,
                         const char *day, struct site_roster *roster)
{
    int number = 0;
    if (!parse_date(day, &number)) {
        return STATUS_INVALID;
    }
    *roster = (struct site_roster){0};
    const struct site_day of_site = day_at(hours, number);
    if (!of_site.open || (counter->days >> weekday_of(number) & 1) == 0) {
        return STATUS_OK;
    }
    const int64_t from_ms = instant(hours, number, counter->from);
    const int64_t to_ms = instant(hours, number, counter->to);
    roster->from_ms = from_ms > of_site.opens_ms ? from_ms : of_site.opens_ms;
    roster->to_ms = to_ms < of_site.closes_ms ? to_ms : of_site.closes_ms;
    if (roster->from_ms >= roster->to_ms) {
        *roster = (struct site_roster){0};
        return STATUS_OK;
    }
    roster->on_duty = true;
    for (int i = 0; i < counter->break_count; i++) {
        const int64_t at_ms = instant(hours, number, counter->breaks[i].at);
        add_break(roster, at_ms, at_ms + (int64_t)counter->breaks[i].minutes * MINUTE_MS);
    }
    return STATUS_OK;
}

bool hours_is_open(const struct hours *hours, int64_t utc_ms)
{
    struct site_day day = day_at(hours, local_day_number(hours, utc_ms));
    return day.open && utc_ms >= day.opens_ms && utc_ms < day.closes_ms;
}

bool hours_doors_open(const struct hours *hours, int64_t utc_ms)
{
    struct site_day day = day_at(hours, local_day_number(hours, utc_ms));
    return day.open && utc_ms >= day.opens_ms && utc_ms < day.doors_ms;
}

enum status hours_next_opening(const struct hours *hours, int64_t utc_ms, int64_t *opening_ms)
{
    int today = local_day_number(hours, utc_ms);
    for (int day = today; day <= today + SEARCH_DAYS; day++) {
        struct site_day found = day_at(hours, day);
        if (found.open && found.opens_ms > utc_ms) {
            *opening_ms = found.opens_ms;
            return STATUS_OK;
        }
    }
    return STATUS_NOT_FOUND;
}
