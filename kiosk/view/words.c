/* Phrases with values in them; see words.h. Every pattern is a msgid of the catalogue. */
#include "view/words.h"

#include <stdio.h>
#include <string.h>

#include "display/screen/wait_words.h"

/* Left-to-right isolate: a time or a range of times keeps its order inside Urdu. */
#define LTR_ISOLATE "\xe2\x81\xa6"
#define POP_ISOLATE "\xe2\x81\xa9"

static const struct {
    const char *code, *text;
} needs[] = {
    {"interpreter", "Interpreter"},   {"bsl", "Sign language (BSL)"},
    {"private_room", "Private room"}, {"step_free", "Step-free access"},
    {"hearing_loop", "Hearing loop"}, {"with_children", "I have children with me"},
};

const char *words_need(const struct catalogue *words, const char *code)
{
    for (size_t i = 0; i < sizeof needs / sizeof needs[0]; i++)
        if (strcmp(needs[i].code, code) == 0)
            return catalogue_text(words, needs[i].text);
    return NULL;
}

const char *words_weekday(const struct catalogue *words, int weekday)
{
    static const char *const days[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                       "Thursday", "Friday", "Saturday"};
    return catalogue_text(words, days[(weekday % 7 + 7) % 7]);
}

static const char *month_name(const struct catalogue *words, int month)
{
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    return catalogue_text(words, months[month >= 1 && month <= 12 ? month - 1 : 0]);
}

char *words_one(const struct catalogue *words, const char *pattern, const char *name,
                const char *value, char *out, size_t size)
{
    const struct catalogue_value values[] = {{.name = name, .text = value}};
    catalogue_format(words, out, size, catalogue_text(words, pattern), values, 1);
    return out;
}

char *words_call_in(const struct catalogue *words, int low_min, int high_min, char *out,
                    size_t size)
{
    char range[WAIT_WORDS_BYTES];
    const struct catalogue_value values[] = {
        {.name = "wait",
         .text = wait_words(words, low_min, high_min, range, sizeof range),
         .emphasis = true}};
    catalogue_format(words, out, size, catalogue_text(words, "We call you in about {wait}."),
                     values, 1);
    return out;
}

char *words_people(const struct catalogue *words, int people, char *out, size_t size)
{
    char count[12];
    snprintf(count, sizeof count, "%d", people);
    const struct catalogue_value values[] = {{.name = "count", .text = count, .emphasis = true}};
    catalogue_format(words, out, size,
                     catalogue_plural(words, "{count} person before you",
                                      "{count} people before you", (unsigned long)people),
                     values, 1);
    return out;
}

char *words_where(const struct catalogue *words, const char *area, char *out, size_t size)
{
    const struct catalogue_value values[] = {{.name = "area", .text = area, .emphasis = true}};
    const char *pattern = catalogue_text(words, "Please sit in the {area}.");
    catalogue_format(words, out, size, pattern, values, 1);
    return out;
}

static int day_number(const struct client_local_time *at)
{
    /* Days since a fixed one: https://howardhinnant.github.io/date_algorithms.html#days_from_civil */
    int year = at->month <= 2 ? at->year - 1 : at->year;
    int month = (at->month + 9) % 12;
    return 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + at->day;
}

static char *full_date(const struct catalogue *words, const struct client_local_time *at, char *out,
                       size_t size)
{
    char day[12];
    snprintf(day, sizeof day, "%d", at->day);
    const struct catalogue_value values[] = {
        {.name = "weekday", .text = words_weekday(words, at->weekday)},
        {.name = "day", .text = day},
        {.name = "month", .text = month_name(words, at->month)}};
    catalogue_format(words, out, size, catalogue_text(words, "{weekday} {day} {month}"), values, 3);
    return out;
}

char *words_next_open(const struct catalogue *words, const struct client_clock *clock,
                      int64_t now_ms, int64_t next_open_ms, char *out, size_t size)
{
    out[0] = '\0';
    if (next_open_ms == 0 || !client_clock_is_set(clock))
        return out;
    struct client_local_time now = client_clock_local(clock, now_ms);
    struct client_local_time next = client_clock_localise(clock, next_open_ms);
    char time[24], date[160];
    snprintf(time, sizeof time, LTR_ISOLATE "%02d:%02d" POP_ISOLATE, next.hour, next.minute);
    int ahead = day_number(&next) - day_number(&now);
    const char *day = words_weekday(words, next.weekday);
    if (ahead <= 0)
        day = catalogue_text(words, "today");
    else if (ahead == 1)
        day = catalogue_text(words, "tomorrow");
    else if (ahead >= 7)
        day = full_date(words, &next, date, sizeof date);
    const struct catalogue_value values[] = {{.name = "day", .text = day},
                                             {.name = "time", .text = time}};
    catalogue_format(words, out, size, catalogue_text(words, "We open again {day} at {time}."),
                     values, 2);
    return out;
}

char *words_hours(const struct catalogue *words, const struct site_hours *hours, char *out,
                  size_t size)
{
    const struct catalogue_value values[] = {{.name = "open", .text = hours->open_at},
                                             {.name = "close", .text = hours->close_at}};
    catalogue_format(words, out, size, catalogue_text(words, "{open} to {close}"), values, 2);
    return out;
}

char *words_list(const char *const *items, int count, char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (int i = 0; i < count && used < size; i++) {
        int added =
            snprintf(out + used, size - used, "%s%s", i ? "  \xe2\x80\xa2  " : "", items[i]);
        used += added > 0 ? (size_t)added : 0;
    }
    return out;
}

char *words_moment(const struct catalogue *words, const struct client_local_time *at, char *out,
                   size_t size)
{
    char day[12], time[12];
    snprintf(day, sizeof day, "%d", at->day);
    snprintf(time, sizeof time, "%02d:%02d", at->hour, at->minute);
    const struct catalogue_value values[] = {
        {.name = "weekday", .text = words_weekday(words, at->weekday)},
        {.name = "day", .text = day},
        {.name = "month", .text = month_name(words, at->month)},
        {.name = "time", .text = time}};
    catalogue_format(words, out, size, catalogue_text(words, "{weekday} {day} {month}, {time}"),
                     values, 4);
    return out;
}

char *words_of_sheets(const struct catalogue *words, const char *pattern, int sheet, int sheets,
                      char out[WORDS_BYTES])
{
    char is[12], all[12];
    snprintf(is, sizeof is, "%d", sheet);
    snprintf(all, sizeof all, "%d", sheets);
    const struct catalogue_value values[] = {{.name = "sheet", .text = is},
                                             {.name = "sheets", .text = all}};
    catalogue_format(words, out, WORDS_BYTES, catalogue_text(words, pattern), values, 2);
    return out;
}

const char *words_of_change(const struct catalogue *words, int low_min, int high_min)
{
    return wait_is_soon(low_min, high_min)
               ? catalogue_text(words, "Please stay close: we may call you at any moment.")
               : catalogue_text(words, "We tell you if this changes.");
}
