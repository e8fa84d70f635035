/* RFC 3339 instants. See time_text.h. By hand, because strftime() and strptime() know no fraction and read a locale. */
#include "http/time_text.h"

#include <string.h>
#include <time.h>

static void put_digits(char *out, int value, int digits)
{
    for (int i = digits - 1; i >= 0; i--) {
        out[i] = (char)('0' + value % 10);
        value /= 10;
    }
}

void time_text_write(int64_t utc_ms, char text[static TIME_TEXT_LEN + 1])
{
    const time_t seconds = (time_t)(utc_ms / 1000);
    struct tm parts;
    memcpy(text, "0000-00-00T00:00:00.000Z", TIME_TEXT_LEN + 1);
    if (utc_ms < 0 || gmtime_r(&seconds, &parts) == NULL) {
        return;
    }
    put_digits(text, parts.tm_year + 1900, 4);
    put_digits(text + 5, parts.tm_mon + 1, 2);
    put_digits(text + 8, parts.tm_mday, 2);
    put_digits(text + 11, parts.tm_hour, 2);
    put_digits(text + 14, parts.tm_min, 2);
    put_digits(text + 17, parts.tm_sec, 2);
    put_digits(text + 20, (int)(utc_ms % 1000), 3);
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
