/* Time at a site: zones against libc's own reading of the same files, the edges of summer time, and opening hours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "site/hours.h"
#include "site/schema.h"

static struct zone *load(const char *name)
{
    struct zone *zone = NULL;
    assert_int_equal(zone_load(ZONE_DIR, name, &zone), STATUS_OK);
    return zone;
}

/* UTC seconds of "YYYY-MM-DD" and seconds of the day. */
static int64_t utc(const char *date, int hour, int minute, int second)
{
    int days = 0;
    assert_true(parse_date(date, &days));
    return ((int64_t)days * 24 + hour) * 3600 + (int64_t)minute * 60 + second;
}

static void london_changes_its_clocks_at_one_utc(void **state)
{
    (void)state;
    struct zone *zone = load("Europe/London");
    assert_int_equal(zone_offset_s(zone, utc("2026-03-29", 0, 59, 59)), 0);
    assert_int_equal(zone_offset_s(zone, utc("2026-03-29", 1, 0, 0)), 3600);
    assert_int_equal(zone_offset_s(zone, utc("2026-10-25", 0, 59, 59)), 3600);
    assert_int_equal(zone_offset_s(zone, utc("2026-10-25", 1, 0, 0)), 0);
    zone_destroy(zone);
}

static void a_skipped_local_time_is_taken_as_later(void **state)
{
    (void)state;
    struct zone *zone = load("Europe/London");
    assert_int_equal(zone_to_utc_s(zone, utc("2026-03-29", 0, 59, 59)),
                     utc("2026-03-29", 0, 59, 59));
    assert_int_equal(zone_to_utc_s(zone, utc("2026-03-29", 1, 30, 0)), utc("2026-03-29", 1, 30, 0));
    assert_int_equal(zone_to_utc_s(zone, utc("2026-03-29", 2, 0, 0)), utc("2026-03-29", 1, 0, 0));
    zone_destroy(zone);
}

static void of_a_doubled_local_time_the_first_is_meant(void **state)
{
    (void)state;
    struct zone *zone = load("Europe/London");
    assert_int_equal(zone_to_utc_s(zone, utc("2026-10-25", 0, 59, 59)),
                     utc("2026-10-24", 23, 59, 59));
    assert_int_equal(zone_to_utc_s(zone, utc("2026-10-25", 1, 30, 0)), utc("2026-10-25", 0, 30, 0));
    assert_int_equal(zone_to_utc_s(zone, utc("2026-10-25", 2, 0, 0)), utc("2026-10-25", 2, 0, 0));
    zone_destroy(zone);
}

/* The oracle is libc, which may be asked here since a test has one thread. */
static void zones_agree_with_libc(void **state)
{
    (void)state;
    static const char *const names[] = {
        "Europe/London",    "Europe/Warsaw",     "Asia/Kolkata",       "UTC",
        "Australia/Sydney", "America/St_Johns",  "Africa/Casablanca",  "Europe/Dublin",
        "Pacific/Apia",     "America/Sao_Paulo", "Australia/Lord_Howe"};
    uint64_t random = 42;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct zone *zone = load(names[i]);
        setenv("TZ", names[i], 1); /* NOLINT(concurrency-mt-unsafe): one thread */
        tzset();
        for (int j = 0; j < 4000; j++) {
            random = random * 6364136223846793005U + 1442695040888963407U;
            time_t at = (time_t)((random >> 20) % 6311433600U); /* 1970 to 2170 */
            struct tm local;
            assert_non_null(localtime_r(&at, &local));
            if (zone_offset_s(zone, at) != local.tm_gmtoff) {
                fail_msg("%s at %lld: %d, not %ld", names[i], (long long)at,
                         zone_offset_s(zone, at), local.tm_gmtoff);
            }
        }
        zone_destroy(zone);
    }
    unsetenv("TZ"); /* NOLINT(concurrency-mt-unsafe) */
    tzset();
}

/* A file without transitions, as zic -b slim writes for a zone that never changed its rule. */
static enum status parse_slim(const char *footer, int32_t offset, struct zone **zone)
{
    unsigned char bytes[512] = {0};
    size_t at = 0;
    for (int block = 0; block < 2; block++) {
        for (size_t i = 0; i < 5; i++) {
            bytes[at + i] = (unsigned char)"TZif2"[i];
        }
        bytes[at + 39] = 1; /* one type */
        bytes[at + 43] = 4; /* four bytes of names */
        at += 44;
        for (size_t i = 0; i < 4; i++) {
            bytes[at + i] = (unsigned char)((uint32_t)offset >> (24 - 8 * i));
        }
        at += 6 + 4;
    }
    at += (size_t)snprintf((char *)bytes + at, sizeof bytes - at, "\n%s\n", footer);
    return zone_parse(bytes, at, zone);
}

static void the_footer_rule_holds_for_all_years(void **state)
{
    (void)state;
    struct zone *zone = NULL;
    assert_int_equal(parse_slim("GMT0BST,M3.5.0/1,M10.5.0", 0, &zone), STATUS_OK);
    struct zone *full = load("Europe/London");
    for (int64_t at = utc("1997-01-01", 0, 0, 0); at < utc("2199-01-01", 0, 0, 0); at += 40000) {
        assert_int_equal(zone_offset_s(zone, at), zone_offset_s(full, at));
    }
    zone_destroy(full);
    zone_destroy(zone);
}

static void footers_of_all_forms_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *footer;
        const char *date; /* at 12:00 UTC */
        int32_t offset;
    } cases[] = {
        {"<+0530>-5:30", "2026-06-01", 19800},
        {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-01-15", 39600}, /* summer over the new year */
        {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-07-15", 36000},
        {"IST-1GMT0,M10.5.0,M3.5.0/1", "2026-01-15",
         0}, /* Dublin's winter is the exception, not its summer */
        {"IST-1GMT0,M10.5.0,M3.5.0/1", "2026-07-15", 3600},
        {"XXX3YYY,J60,J300", "2024-02-29", -10800}, /* J60 is 1 March in every year */
        {"XXX3YYY,J60,J300", "2024-03-01", -7200},
        {"XXX3YYY,59,J300", "2024-02-29", -7200}, /* counted from 0, with 29 February */
        {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-07-01", -3600},
        {"XXX3YYY,0/0,J365/25", "2026-12-31", -7200}, /* summer time all year, RFC 8536, 3.3.1 */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct zone *zone = NULL;
        assert_int_equal(parse_slim(cases[i].footer, 0, &zone), STATUS_OK);
        int32_t offset = zone_offset_s(zone, utc(cases[i].date, 12, 0, 0));
        if (offset != cases[i].offset) {
            fail_msg("%s on %s: %d", cases[i].footer, cases[i].date, offset);
        }
        zone_destroy(zone);
    }
}

static void damaged_zone_files_are_refused(void **state)
{
    (void)state;
    struct zone *zone = NULL;
    static const char *const footers[] = {"GM",
                                          "GMT",
                                          "GMT0BST",
                                          "GMT0BST,",
                                          "GMT0BST,M3.5.0",
                                          "GMT0BST,M13.5.0,M10.5.0",
                                          "GMT0BST,M3.5.7,M10.5.0",
                                          "GMT999",
                                          "GMT0BST,M3.5.0/1,M10.5.0x",
                                          "<GMT0"};
    for (size_t i = 0; i < sizeof footers / sizeof footers[0]; i++) {
        assert_int_equal(parse_slim(footers[i], 0, &zone), STATUS_CORRUPT);
    }
    assert_int_equal(parse_slim("GMT0", 90000 * 2, &zone), STATUS_CORRUPT);
    assert_int_equal(zone_load(ZONE_DIR, "tzdata.zi", &zone),
                     STATUS_NOT_FOUND); /* no dots in names */
    assert_int_equal(zone_load(ZONE_DIR, "Europe", &zone), STATUS_NOT_FOUND);
    assert_int_equal(zone_load(ZONE_DIR, "leapseconds", &zone), STATUS_CORRUPT);
    assert_null(zone);
}

/* Cut anywhere and with any byte changed, a file is read or refused; the sanitizers watch. */
static void mutated_zone_files_do_no_harm(void **state)
{
    (void)state;
    unsigned char bytes[8192];
    FILE *file = fopen(ZONE_DIR "/Europe/London", "re");
    assert_non_null(file);
    size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    struct zone *zone = NULL;
    for (size_t i = 0; i < length; i++) {
        unsigned char *cut = malloc(i + 1);
        memcpy(cut, bytes, i);
        assert_int_equal(zone_parse(cut, i, &zone), STATUS_CORRUPT);
        free(cut);
        unsigned char old = bytes[i];
        bytes[i] = (unsigned char)(old ^ 0x81U);
        if (zone_parse(bytes, length, &zone) == STATUS_OK) {
            zone_to_utc_s(zone, utc("2026-06-01", 0, 0, 0));
            zone_offset_s(zone, utc("2099-06-01", 0, 0, 0));
            zone_offset_s(zone, INT64_MAX / 2);
            zone_offset_s(zone, INT64_MIN / 2);
            zone_destroy(zone);
        }
        bytes[i] = old;
    }
}

static void dates_and_days_are_inverse(void **state)
{
    (void)state;
    assert_int_equal(days_from_date(1970, 1, 1), 0);
    assert_int_equal(days_from_date(2000, 3, 1), 11017);
    for (int days = -200000; days < 400000; days++) {
        int year = 0;
        int month = 0;
        int day = 0;
        date_from_days(days, &year, &month, &day);
        assert_int_equal(days_from_date(year, month, day), days);
    }
}

static void only_dates_and_times_that_exist_are_read(void **state)
{
    (void)state;
    static const char *const dates[] = {"2026-02-29", "2100-02-29", "2026-13-01", "2026-00-01",
                                        "2026-04-31", "2026-4-01",  "26-04-01",   "2026/04/01",
                                        "",           "2026-04-011"};
    static const char *const times[] = {"24:00", "9:00", "09:60", "0900", "09:00 ", "-9:00", ""};
    int number = -1;
    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        assert_false(parse_date(dates[i], &number));
    }
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        assert_false(parse_time(times[i], &number));
    }
    assert_true(parse_date("2024-02-29", &number));
    assert_true(parse_time("23:59", &number));
    assert_int_equal(number, 23 * 60 + 59);
}

/* opening hours */

static struct hours centre(const struct zone *zone)
{
    struct hours hours = {.zone = zone, .day_end = 20 * 60};
    for (int i = 0; i < 5; i++) {
        hours.week[i] = (struct hours_of_day){true, 9 * 60, 16 * 60 + 45, 17 * 60};
    }
    hours.week[2].opens = 10 * 60;
    assert_true(parse_date("2026-12-25", &hours.closures[0]));
    assert_true(parse_date("2026-12-28", &hours.closures[1]));
    hours.closure_count = 2;
    return hours;
}

static int64_t local_ms(const struct hours *hours, const char *local)
{
    int64_t at = 0;
    assert_int_equal(hours_local_to_utc(hours, local, &at), STATUS_OK);
    return at;
}

static void doors_open_at_opening_and_shut_before_closing(void **state)
{
    (void)state;
    struct zone *zone = load("Europe/London");
    struct hours hours = centre(zone);
    static const struct {
        const char *local;
        bool open, doors;
    } cases[] = {
        {"2026-11-24T08:59:59", false, false}, /* a Tuesday */
        {"2026-11-24T09:00", true, true},
        {"2026-11-24T16:44:59", true, true},
        {"2026-11-24T16:45", true, false},
        {"2026-11-24T16:59:59", true, false},
        {"2026-11-24T17:00", false, false},
        {"2026-11-25T09:30", false, false}, /* Wednesday: from 10 */
        {"2026-11-25T10:00", true, true},
        {"2026-11-28T11:00", false, false}, /* Saturday */
        {"2026-12-25T11:00", false, false},
        {"2026-07-14T09:00", true, true}, /* summer: 08:00 UTC */
        {"2026-07-14T08:59", false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t at = local_ms(&hours, cases[i].local);
        if (hours_is_open(&hours, at) != cases[i].open ||
            hours_doors_open(&hours, at) != cases[i].doors) {
            fail_msg("wrong at %s", cases[i].local);
        }
    }
    zone_destroy(zone);
}

/* A box whose clock lost its battery starts in 1970, which west of Greenwich is still 1969. */
static void days_before_1970_are_days(void **state)
{
    (void)state;
    struct zone *zone = load("America/New_York");
    struct hours hours = centre(zone);
    struct site_day day;
    char name[QUARTER_DAY_LEN + 1];
    hours_local_day(&hours, 0, name);
    assert_string_equal(name, "1969-12-31");
    assert_int_equal(hours_day(&hours, name, &day), STATUS_OK);
    assert_true(day.open); /* a Wednesday */
    assert_int_equal(day.opens_ms, -INT64_C(9) * 3600 * 1000);
    assert_int_equal(hours_day(&hours, "0000-02-29", &day), STATUS_OK);
    assert_int_equal(hours_day(&hours, "1900-02-29", &day), STATUS_INVALID);
    zone_destroy(zone);
}

static void the_next_opening_skips_weekends_and_closures(void **state)
{
    (void)state;
    struct zone *zone = load("Europe/London");
    struct hours hours = centre(zone);
    static const char *const cases[][2] = {
        {"2026-11-24T08:00", "2026-11-24T09:00"}, {"2026-11-24T09:00", "2026-11-25T10:00"},
        {"2026-11-27T18:00", "2026-11-30T09:00"}, {"2026-12-24T18:00", "2026-12-29T09:00"},
        {"2026-03-27T18:00", "2026-03-30T09:00"}, /* over the night that clocks go forward */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t opening = 0;
        assert_int_equal(hours_next_opening(&hours, local_ms(&hours, cases[i][0]), &opening),
                         STATUS_OK);
        assert_int_equal(opening, local_ms(&hours, cases[i][1]));
    }
    struct hours never = {.zone = zone};
    int64_t opening = -7;
    assert_int_equal(hours_next_opening(&never, 0, &opening), STATUS_NOT_FOUND);
    assert_int_equal(opening, -7);
    zone_destroy(zone);
}

static void a_day_is_the_local_one(void **state)
{
    (void)state;
    struct zone *zone = load("Europe/London");
    struct hours hours = centre(zone);
    char day[QUARTER_DAY_LEN + 1];
    hours_local_day(&hours, utc("2026-07-14", 22, 59, 59) * 1000, day);
    assert_string_equal(day, "2026-07-14");
    hours_local_day(&hours, utc("2026-07-14", 23, 0, 0) * 1000, day);
    assert_string_equal(day, "2026-07-15");
    hours_local_day(&hours, utc("2026-11-24", 23, 59, 59) * 1000 + 999, day);
    assert_string_equal(day, "2026-11-24");
    hours_local_day(&hours, -1,
                    day); /* British Standard Time: an hour ahead all the winter of 1969 */
    assert_string_equal(day, "1970-01-01");
    zone_destroy(zone);
}

static void a_day_ends_at_its_local_hour(void **state)
{
    (void)state;
    struct zone *zone = load("Europe/London");
    struct hours hours = centre(zone);
    struct site_day day;
    assert_int_equal(hours_day(&hours, "2026-07-14", &day), STATUS_OK);
    assert_true(day.open);
    assert_int_equal(day.opens_ms, utc("2026-07-14", 8, 0, 0) * 1000);
    assert_int_equal(day.doors_ms, utc("2026-07-14", 15, 45, 0) * 1000);
    assert_int_equal(day.closes_ms, utc("2026-07-14", 16, 0, 0) * 1000);
    assert_int_equal(day.ends_ms, utc("2026-07-14", 19, 0, 0) * 1000);
    assert_int_equal(hours_day(&hours, "2026-10-25", &day), STATUS_OK); /* a Sunday of 25 hours */
    assert_false(day.open);
    assert_int_equal(day.opens_ms, 0);
    assert_int_equal(day.ends_ms, utc("2026-10-25", 20, 0, 0) * 1000);
    assert_int_equal(hours_day(&hours, "2026-02-30", &day), STATUS_INVALID);
    zone_destroy(zone);
}

static void local_times_are_read_strictly(void **state)
{
    (void)state;
    struct zone *zone = load("Europe/London");
    struct hours hours = centre(zone);
    static const char *const bad[] = {"",
                                      "2026-11-24",
                                      "2026-11-24 10:40",
                                      "2026-11-24T10:4",
                                      "2026-11-24T10:40Z",
                                      "2026-11-24T10:40:60",
                                      "2026-11-24T10:40.30",
                                      "2026-02-30T10:40"};
    int64_t at = -7;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(hours_local_to_utc(&hours, bad[i], &at), STATUS_INVALID);
    }
    assert_int_equal(at, -7);
    assert_int_equal(local_ms(&hours, "2026-11-24T10:40:30"), utc("2026-11-24", 10, 40, 30) * 1000);
    assert_int_equal(local_ms(&hours, "2026-07-14T10:40"), utc("2026-07-14", 9, 40, 0) * 1000);
    zone_destroy(zone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(london_changes_its_clocks_at_one_utc),
        cmocka_unit_test(a_skipped_local_time_is_taken_as_later),
        cmocka_unit_test(of_a_doubled_local_time_the_first_is_meant),
        cmocka_unit_test(zones_agree_with_libc),
        cmocka_unit_test(the_footer_rule_holds_for_all_years),
        cmocka_unit_test(footers_of_all_forms_are_read),
        cmocka_unit_test(damaged_zone_files_are_refused),
        cmocka_unit_test(mutated_zone_files_do_no_harm),
        cmocka_unit_test(dates_and_days_are_inverse),
        cmocka_unit_test(only_dates_and_times_that_exist_are_read),
        cmocka_unit_test(doors_open_at_opening_and_shut_before_closing),
        cmocka_unit_test(days_before_1970_are_days),
        cmocka_unit_test(the_next_opening_skips_weekends_and_closures),
        cmocka_unit_test(a_day_is_the_local_one),
        cmocka_unit_test(a_day_ends_at_its_local_hour),
        cmocka_unit_test(local_times_are_read_strictly),
    };
    return cmocka_run_group_tests_name("site_hours", tests, NULL, NULL);
}
