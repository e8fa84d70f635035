/* Folders of recorded days: what is read of good ones, and what is told of bad ones, before anything runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "first_calls.h"
#include "simulate/trace.h"

enum { PATH_BYTES = 256, TEXT_BYTES = 4096 };

struct rig {
    char folder[64];
};

#define HEADER                                                                                     \
    "arrive_s,service,language,priority,appointment_s,service_s,patience_s,id,no_show,silent,"     \
    "next_service,next_service_s\n"

#define COUNTER(id, skills)                                                                        \
    "{\"id\": \"" id "\", \"skills\": [" skills                                                    \
    "], \"languages\": [\"en\"], \"open_s\": 0, \"close_s\": 3600, "                               \
    "\"break_start_s\": 0, \"break_len_s\": 0}"

#define SITE(services, counters)                                                                   \
    "{\"services\": [" services "],\n \"counters\": [" counters                                    \
    "],\n \"languages\": [\"pl\"], \"doors_close_s\": 3000, \"sl_target\": 0.9, "                  \
    "\"sl_seconds\": 900}\n"

#define SERVICES "{\"name\": \"housing\"}, {\"name\": \"parking\"}"

static const char good_site[] = SITE(SERVICES, COUNTER("C1", "\"housing\", \"parking\""));
static const char good_row[] = "10.5,housing,en,0,-1,60,300,1,0,0,,0\n";

static void put(const struct rig *rig, const char *name, const void *bytes, size_t length)
{
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof(path), "%s/%s", rig->folder, name);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    (void)fclose(file);
}

static void put_text(const struct rig *rig, const char *name, const char *text)
{
    put(rig, name, text, strlen(text));
}

static void put_day(const struct rig *rig, const char *rows)
{
    char text[TEXT_BYTES + sizeof(HEADER)];
    (void)snprintf(text, sizeof(text), "%s%s", HEADER, rows);
    put_text(rig, "day_01.csv", text);
}

static int set_up(void **state)
{
    struct rig *rig = calloc(1, sizeof(*rig));
    assert_non_null(rig);
    (void)snprintf(rig->folder, sizeof(rig->folder), "/tmp/quarter-trace-XXXXXX");
    assert_non_null(mkdtemp(rig->folder));
    put_text(rig, "site.json", good_site);
    put_day(rig, good_row);
    *state = rig;
    return 0;
}

static int tear_down(void **state)
{
    struct rig *rig = *state;
    char path[PATH_BYTES];
    static const char *const names[] = {"site.json", "day_01.csv", "day_02.csv"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        (void)snprintf(path, sizeof(path), "%s/%s", rig->folder, names[i]);
        (void)unlink(path);
        (void)rmdir(path);
    }
    assert_int_equal(rmdir(rig->folder), 0);
    free(rig);
    return 0;
}

/* The folder has this fault and no other; "" where it has none. */
static void assert_fault(const struct rig *rig, const char *file_and_line, const char *reason)
{
    struct trace *trace = NULL;
    struct trace_faults faults;
    const enum status status = trace_read(rig->folder, &trace, &faults);
    char expected[TEXT_BYTES];
    (void)snprintf(expected, sizeof(expected), "%s%s%s: %s\n", rig->folder,
                   file_and_line[0] == '\0' ? "" : "/", file_and_line, reason);
    if (status == STATUS_OK) {
        trace_free(trace);
        fail_msg("no fault; expected %s", expected);
    }
    assert_int_equal(status, STATUS_INVALID);
    assert_null(trace);
    assert_string_equal(faults.text, expected);
    assert_int_equal(faults.count, 1);
    trace_faults_free(&faults);
}

/* ---- Good ones */

static void the_recorded_days_are_read(void **state)
{
    (void)state;
    struct trace *trace = first_calls_trace();
    assert_int_equal(trace->day_count, 5);
    assert_string_equal(trace->days[0].name, "day_01");
    assert_int_equal(trace->site.service_count, 9);
    assert_int_equal(trace->site.counter_count, 10);
    assert_string_equal(trace->site.counter_codes[9], "C10");
    assert_int_equal(trace->site.counters[9].opens_ms, 3600000);
    assert_int_equal(trace->site.counters[9].break_count, 0);
    assert_int_equal(trace->site.standard_ms, 900000);
    int32_t visits = 0;
    int32_t missed = 0;
    int32_t bookings = 0;
    for (int i = 0; i < 5; i++) {
        visits += trace->days[i].count;
        missed += trace->days[i].missed;
        bookings += trace->days[i].booking_count;
        for (int32_t j = 1; j < trace->days[i].count; j++) {
            assert_true(trace->days[i].visits[j - 1].arrives_ms <=
                        trace->days[i].visits[j].arrives_ms);
        }
    }
    assert_int_equal(visits + missed, 1558); /* lines without headers */
    assert_int_equal(bookings, 5 * 35);
    trace_free(trace);
}

static void marks_and_line_ends_do_not_matter(void **state)
{
    const struct rig *rig = *state;
    put_text(rig, "day_01.csv",
             "\xef\xbb\xbf" HEADER "\r\n20,parking,pl,1,-1,60,300,2,0,1,housing,30\r\n"
             "10.5,housing,en,0,900,60,300,1,0,0,,0\n\n");
    char text[TEXT_BYTES];
    (void)snprintf(text, sizeof(text), "\xef\xbb\xbf%s", good_site);
    put_text(rig, "site.json", text);
    struct trace *trace = NULL;
    struct trace_faults faults;
    assert_int_equal(trace_read(rig->folder, &trace, &faults), STATUS_OK);
    const struct trace_day *day = &trace->days[0];
    assert_int_equal(day->count, 2);
    assert_int_equal(day->visits[0].id, 1); /* by arrival */
    assert_int_equal(day->visits[0].leg_from_ms, 900000);
    assert_int_equal(day->visits[0].leaves_ms, 1200000);
    assert_int_equal(day->visits[0].ticket_class, CLASS_APPOINTMENT);
    assert_int_equal(day->visits[0].next_service, -1);
    assert_int_equal(day->visits[1].ticket_class, CLASS_ASSISTED);
    assert_int_equal(day->visits[1].next_service, 0);
    assert_true(day->visits[1].silent);
    assert_int_equal(day->booking_count, 1);
    trace_free(trace);
}

static void more_than_ten_minutes_late_is_a_walk_in(void **state)
{
    (void)state;
    struct world_visit visit = {.arrives_ms = 1500000};
    trace_classify(&visit, 900000, 0);
    assert_int_equal(visit.ticket_class, CLASS_APPOINTMENT);
    assert_int_equal(visit.leg_from_ms, 1500000);
    visit.arrives_ms = 1500001;
    trace_classify(&visit, 900000, 1);
    assert_int_equal(visit.ticket_class, CLASS_ASSISTED);
    visit.arrives_ms = 0;
    trace_classify(&visit, 900000, 2);
    assert_int_equal(visit.ticket_class, CLASS_URGENT);
    assert_int_equal(visit.leg_from_ms, 900000);
}

/* ---- Bad days */

static void bad_rows_are_told(void **state)
{
    const struct rig *rig = *state;
    static const struct {
        const char *row, *reason;
    } cases[] = {
        {"10,hausing,en,0,-1,60,300,2,0,0,,0\n",
         "service: unknown service 'hausing'; did you mean 'housing'?"},
        {"10,,en,0,-1,60,300,2,0,0,,0\n", "service is missing"},
        {"10,housing,xx,0,-1,60,300,2,0,0,,0\n", "unknown language 'xx': no counter speaks it, and "
                                                 "\"languages\" of site.json does not list "
                                                 "it"},
        {"10,housing,,0,-1,60,300,2,0,0,,0\n", "language is missing"},
        {"-5,housing,en,0,-1,60,300,2,0,0,,0\n", "arrive_s is negative: '-5'"},
        {"-1,housing,en,0,-1,60,300,2,0,0,,0\n", "arrive_s is negative, and no_show is 0"},
        {",housing,en,0,-1,60,300,2,0,0,,0\n", "arrive_s is missing"},
        {"10,housing,en,0,,60,300,2,0,0,,0\n", "appointment_s is missing"},
        {"10,housing,en,0,-1,-60,300,2,0,0,,0\n", "service_s is negative: '-60'"},
        {"10,housing,en,0,-1,60,-1,2,0,0,,0\n", "patience_s is negative: '-1'"},
        {"10,housing,en,0,-1,ten,300,2,0,0,,0\n", "service_s is not a number: 'ten'"},
        {"10,housing,en,0,-1,nan,300,2,0,0,,0\n", "service_s is not a number: 'nan'"},
        {"10,housing,en,0,-1,0x10,300,2,0,0,,0\n", "service_s is not a number: '0x10'"},
        {"10,housing,en,0,-1,1e9,300,2,0,0,,0\n", "service_s is more than two days: '1e9'"},
        {"10,housing,en,3,-1,60,300,2,0,0,,0\n",
         "priority has to be a whole number from 0 to 2: '3'"},
        {"10,housing,en,0,-1,60,300,2,0,yes,,0\n",
         "silent has to be a whole number from 0 to 1: 'yes'"},
        {"10,housing,en,0,-1,60,300,99999999999,0,0,,0\n",
         "id has to be a whole number from 0 to 2147483647: '99999999999'"},
        {"10,housing,en,0,-1,60,300,1,0,0,,0\n", "id 1 is that of line 2, too"},
        {"10,housing,en,0,500,60,300,2,1,0,,0\n",
         "no_show is 1, and arrive_s says that the visitor came"},
        {"-1,housing,en,0,-1,60,300,2,1,0,,0\n", "no_show is 1, and there is no appointment"},
        {"10,housing,en,0,-1,60,300,2,0,0,cars,9\n", "next_service: unknown service 'cars'"},
        {"10,housing,en,0,-1,60,300,2,0,0,parking,\n", "next_service_s is missing"},
        {"10,housing,en,0,-1,60,300,2,0,0,\n", "has 11 columns instead of 12"},
        {"10,housing,en,0,-1,60,300,2,0,0,,0,\n", "has more than 12 columns"},
        {"10,\x1b[31m,en,0,-1,60,300,2,0,0,,0\n", "service: unknown service '?[31m'"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char rows[TEXT_BYTES];
        (void)snprintf(rows, sizeof(rows), "%s%s", good_row, cases[i].row);
        put_day(rig, rows);
        assert_fault(rig, "day_01.csv:3", cases[i].reason);
    }
}

static void bad_days_are_told(void **state)
{
    const struct rig *rig = *state;
    put_text(rig, "day_01.csv", "");
    assert_fault(rig, "day_01.csv:1", "is empty");
    put_day(rig, "");
    assert_fault(rig, "day_01.csv:1", "nobody comes on this day");
    put_text(rig, "day_01.csv", "arrive_s,service,lang\n");
    assert_fault(rig, "day_01.csv:1", "column 3 of the header is 'lang', not 'language'");
    put(rig, "day_01.csv", HEADER "10\0", sizeof(HEADER) + 2);
    assert_fault(rig, "day_01.csv:2", "holds a NUL byte: this is not text in UTF-8");
    put_day(rig, "10,housing,en,0,-1,2000,300,2,0,0,,0\n20,housing,en,0,-1,2501,300,3,0,0,,0\n");
    struct trace *trace = NULL;
    struct trace_faults faults;
    assert_int_equal(trace_read(rig->folder, &trace, &faults), STATUS_INVALID);
    assert_non_null(strstr(faults.text, "day_01.csv: load over capacity: 1.3 h of 'housing' for "
                                        "1.0 h of counters that offer it\n"));
    assert_non_null(strstr(faults.text, "day_01.csv: load over capacity: 1.3 h of service for 1.0 "
                                        "h of staffed counters\n"));
    trace_faults_free(&faults);
}

static void huge_files_are_not_read(void **state)
{
    const struct rig *rig = *state;
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof(path), "%s/day_01.csv", rig->folder);
    assert_int_equal(truncate(path, (off_t)TRACE_FILE_BYTES + 1), 0);
    assert_fault(rig, "day_01.csv", "has 33554433 bytes; at most 33554432 are read");
    const size_t length = (size_t)QUARTER_TICKETS_MAX + 1;
    char *lines = malloc(length);
    assert_non_null(lines);
    memset(lines, '\n', length);
    put(rig, "day_01.csv", lines, length);
    free(lines);
    assert_fault(rig, "day_01.csv", "has 100002 lines; at most 100000 are possible");
}

static void missing_files_are_told(void **state)
{
    const struct rig *rig = *state;
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof(path), "%s/day_01.csv", rig->folder);
    assert_int_equal(unlink(path), 0);
    assert_fault(rig, "", "has no day_*.csv");
    assert_int_equal(mkdir(path, 0700), 0);
    assert_fault(rig, "day_01.csv", "is not a file");
    (void)snprintf(path, sizeof(path), "%s/site.json", rig->folder);
    assert_int_equal(unlink(path), 0);
    assert_fault(rig, "site.json", "cannot be read: No such file or directory");
}

/* Opening a pipe would wait for somebody to write into it. */
static void pipes_are_no_days(void **state)
{
    const struct rig *rig = *state;
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof(path), "%s/day_02.csv", rig->folder);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_fault(rig, "day_02.csv", "is not a file");
}

static void names_that_cannot_be_told_are_no_days(void **state)
{
    const struct rig *rig = *state;
    static const char *const names[] = {
        "day_\x1b[31m.csv",
        "day_0123456789012345678901234567890123456789012345678901234567890.csv"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char path[PATH_BYTES];
        put_text(rig, names[i], HEADER);
        assert_fault(rig, "",
                     "has a day whose name is not at most 64 letters, digits, '_', '-', '.' and "
                     "blanks");
        (void)snprintf(path, sizeof(path), "%s/%s", rig->folder, names[i]);
        assert_int_equal(unlink(path), 0);
    }
}

/* As many as a day may have, the last first; visits of one instant stay in the order of their rows. */
static void days_in_any_order_are_read_at_once(void **state)
{
    const struct rig *rig = *state;
    enum { ROWS = QUARTER_TICKETS_MAX - 10, ROW_BYTES = 64 };
    const size_t size = (size_t)ROWS * ROW_BYTES + sizeof(HEADER);
    char *text = malloc(size);
    assert_non_null(text);
    size_t length = (size_t)snprintf(text, size, "%s", HEADER);
    for (int i = 0; i < ROWS; i++) {
        length += (size_t)snprintf(text + length, size - length,
                                   "%d,housing,en,0,-1,0,300,%d,0,0,,0\n", (ROWS - i) / 64, i);
    }
    put(rig, "day_01.csv", text, length);
    free(text);
    struct trace *trace = NULL;
    struct trace_faults faults;
    const clock_t before = clock();
    assert_int_equal(trace_read(rig->folder, &trace, &faults), STATUS_OK);
    assert_true((clock() - before) / CLOCKS_PER_SEC < 8);
    const struct trace_day *day = &trace->days[0];
    assert_int_equal(day->count, ROWS);
    for (int i = 1; i < ROWS; i++) {
        const struct world_visit *one = &day->visits[i - 1];
        const struct world_visit *next = &day->visits[i];
        assert_true(one->arrives_ms < next->arrives_ms ||
                    (one->arrives_ms == next->arrives_ms && one->id < next->id));
    }
    trace_free(trace);
}

static void many_faults_are_counted_and_the_first_told(void **state)
{
    const struct rig *rig = *state;
    char text[TEXT_BYTES * 4] = HEADER;
    size_t length = sizeof(HEADER) - 1;
    for (int i = 0; i < 2 * TRACE_FAULTS_MAX; i++) {
        length += (size_t)snprintf(text + length, sizeof(text) - length,
                                   "x,housing,en,0,-1,60,300,1,0,0,,0\n");
    }
    put_text(rig, "day_01.csv", text);
    struct trace *trace = NULL;
    struct trace_faults faults;
    assert_int_equal(trace_read(rig->folder, &trace, &faults), STATUS_INVALID);
    assert_int_equal(faults.count, 2 * TRACE_FAULTS_MAX);
    int lines = 0;
    for (size_t i = 0; i < faults.length; i++) {
        lines += faults.text[i] == '\n';
    }
    assert_int_equal(lines, TRACE_FAULTS_MAX);
    trace_faults_free(&faults);
}

/* ---- Bad sites */

static void bad_sites_are_told(void **state)
{
    const struct rig *rig = *state;
    static const struct {
        const char *site, *where, *reason;
    } cases[] = {
        {"{\n \"services\": [}\n", "site.json:2", "unexpected token near '}'"},
        {"[]", "site.json:1", "is not an object of services and counters"},
        {SITE("{\"name\": \"housing\"}, {\"name\": \"housing\"}", COUNTER("C1", "\"housing\"")),
         "site.json", "services[1].name: is the name of a service before it, too"},
        {SITE(SERVICES, COUNTER("C1", "\"housing\", \"parkin\"")), "site.json",
         "counters[0].skills[1]: unknown service 'parkin'; did you mean 'parking'?"},
        {SITE(SERVICES, COUNTER("C1", "\"housing\"")), "site.json",
         "services[1]: no counter offers 'parking'"},
        {SITE(SERVICES, COUNTER("C1", "\"housing\", \"parking\"") ", " COUNTER("C2", "")),
         "site.json", "counters[1].skills: is empty: nobody staffs this counter"},
        {SITE(SERVICES, COUNTER("C1", "\"housing\"") ", " COUNTER("C1", "\"parking\"")),
         "site.json", "counters[1].id: is the id of a counter before it, too"},
        {SITE(SERVICES, "{\"id\": \"C1\", \"skills\": [\"housing\", \"parking\"], \"languages\": "
                        "[\"en\"], \"open_s\": 3600, \"close_s\": 3600}"),
         "site.json", "counters[0].close_s: is not after open_s: nobody staffs this counter"},
        {SITE(SERVICES, "{\"id\": \"C1\", \"skills\": [\"housing\", \"parking\"], \"languages\": "
                        "[\"en\"], \"open_s\": 0, \"close_s\": 3600, \"break_start_s\": 3000, "
                        "\"break_len_s\": 900}"),
         "site.json",
         "counters[0].break_start_s: with break_len_s does not lie within the counter's hours"},
        {SITE(SERVICES, "{\"id\": \"C1\", \"skills\": [\"housing\", \"parking\"], \"languages\": "
                        "[\"en\"], \"open_s\": -1, \"close_s\": 3600}"),
         "site.json", "counters[0].open_s: is -1, and has to lie between 0 and 172800"},
        {SITE(SERVICES, "{\"id\": \"C1\", \"skills\": [\"housing\", \"parking\"], \"languages\": "
                        "[\"en\"], \"open_s\": \"nine\", \"close_s\": 3600}"),
         "site.json", "counters[0].open_s: is not a number"},
        {SITE(SERVICES, ""), "site.json", "counters: is empty"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        put_text(rig, "site.json", cases[i].site);
        assert_fault(rig, cases[i].where, cases[i].reason);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_recorded_days_are_read),
        cmocka_unit_test_setup_teardown(marks_and_line_ends_do_not_matter, set_up, tear_down),
        cmocka_unit_test(more_than_ten_minutes_late_is_a_walk_in),
        cmocka_unit_test_setup_teardown(bad_rows_are_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bad_days_are_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(huge_files_are_not_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(missing_files_are_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(pipes_are_no_days, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_that_cannot_be_told_are_no_days, set_up, tear_down),
        cmocka_unit_test_setup_teardown(days_in_any_order_are_read_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(many_faults_are_counted_and_the_first_told, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(bad_sites_are_told, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
