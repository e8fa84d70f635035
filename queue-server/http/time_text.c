/* RFC 3339 instants. See time_text.h. By hand, because strftime() and strptime() know no fraction and read a locale. */
#include "http/time_text.h"

#include <string.h>
#include <time.h>

static const int64_t day_ms = INT64_C(24) * 3600 * 1000;

static void put_digits(char *out, int value, int digits)
{
    for (int i = digits - 1; i >= 0; i--) {
        out[i] = (char)('0' + value % 10);
        value /= 10;
    }
}

struct date {
    int year, month, day;
};

/* From days since 1970-01-01, by the 400 years after which the calendar repeats; years begin in March, so that the day
 * of a leap year comes last. gmtime_r() takes a lock that all threads share. */
static struct date date_of(int64_t days)
{
    const int64_t from_0000_03_01 = days + 719468;
    const int era = (int)(from_0000_03_01 / 146097);
    const int day_of_era = (int)(from_0000_03_01 % 146097);
    const int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int month_from_march = (5 * day_of_year + 2) / 153;
    const int month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    return (struct date){.year = era * 400 + year_of_era + (month <= 2),
                         .month = month,
                         .day = day_of_year - (153 * month_from_march + 2) / 5 + 1};
}

void time_text_write(int64_t utc_ms, char text[static TIME_TEXT_LEN + 1])
{
    memcpy(text, "0000-00-00T00:00:00.000Z", TIME_TEXT_LEN + 1);
    if (utc_ms < 0) {
        return;
    }
    const struct date date = date_of(utc_ms / day_ms);
    const int of_day_ms = (int)(utc_ms % day_ms);
    put_digits(text, date.year, 4);
    put_digits(text + 5, date.month, 2);
    put_digits(text + 8, date.day, 2);
    put_digits(text + 11, of_day_ms / 3600000, 2);
    put_digits(text + 14, of_day_ms / 60000 % 60, 2);
    put_digits(text + 17, of_day_ms / 1000 % 60, 2);
    put_digits(text + 20, of_day_ms % 1000, 3);
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Reads a pattern of digits ('0') and fixed characters; false when the text differs. */
static bool fits(const char *text, const char *pattern)
{
    for (size_t i = 0; pattern[i] != '\0'; i++) {
        if (pattern[i] == '0' ? !is_digit(text[i]) : text[i] != pattern[i]) {
            return false;
        }
    }
    return true;
}

static int number(const char *text, int digits)
{
    int value = 0;
    for (int i = 0; i < digits; i++) {
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

bool time_text_read(const char *text, int64_t *utc_ms)
{
    if (!fits(text, "0000-00-00T00:00:00")) {
        return false;
    }
    const struct tm given = {.tm_year = number(text, 4) - 1900,
                             .tm_mon = number(text + 5, 2) - 1,
                             .tm_mday = number(text + 8, 2),
                             .tm_hour = number(text + 11, 2),
                             .tm_min = number(text + 14, 2),
                             .tm_sec = number(text + 17, 2)};
    struct tm normal = given;
    const time_t seconds = timegm(&normal);
    /* timegm() normalises 30 February; what it changed was no date. */
    if (seconds < 0 || normal.tm_mon != given.tm_mon || normal.tm_mday != given.tm_mday ||
        normal.tm_hour != given.tm_hour || normal.tm_min != given.tm_min ||
        normal.tm_sec != given.tm_sec) {
        return false;
    }
    const char *rest = text + 19;
    int milliseconds = 0;
    if (*rest == '.') {
        int digits = 0;
        for (rest++; is_digit(*rest); rest++, digits++) {
            if (digits < 3) {
                milliseconds = milliseconds * 10 + (*rest - '0');
            }
        }
        if (digits < 1 || digits > 9) {
            return false;
        }
        for (; digits < 3; digits++) {
            milliseconds *= 10;
        }
    }
    if (strcmp(rest, "Z") != 0) {
        return false;
    }
    *utc_ms = (int64_t)seconds * 1000 + milliseconds;
    return true;
}
