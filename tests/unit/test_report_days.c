/* The figures of 30 days, through the real engine and the real journal: what was told live must be told by a replay, and by
 * an independent computation in SQL over the raw journal (today.sql), written from DEFINITIONS.md alone.
 *
 * today.sql holds one or more statements. Each is given the parameters it names of :day, :now_ms, :standard_ms and
 * :utc_offset_s; those that yield four columns yield figures: section, key, name, value ("Figures by name" in
 * DEFINITIONS.md). The connection may write temporary tables and nothing else. */
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "http/json_out.h"
#include "quarter/check.h"
#include "report/csv_out.h"
#include "report/today_write.h"
#include "store/store.h"
#include "test_kit.h"
#include "test_report_centre.h"
#include "test_report_rig.h"

#ifndef REPORT_DAYS
#define REPORT_DAYS 30
#endif
enum { DAYS = REPORT_DAYS, MOMENTS = 6 };

/* A journal with some days in it, and what was told of each live. */
struct told {
    struct today_terms terms;
    char day[QUARTER_DAY_LEN + 1];
    int64_t moments[MOMENTS];
    char *texts[MOMENTS]; /* figures and visits */
};

struct shelf {
    char dir[32], path[64], keys[64];
    struct store_config config;
    struct store *store;
    int seen[EVENT_TYPES], undone[32];
    struct told told[DAYS];
};

static char *text_of(struct today *today, const struct today_terms *terms, int64_t now_ms)
{
    struct json_out json = {0};
    struct csv_out csv = {0};
    today_write_json(today_figures(today, terms, now_ms), &json);
    today_write_csv(today, terms, now_ms, &csv);
    json_out_text(&json, csv.data);
    csv_out_free(&csv);
    return json_out_take(&json);
}

/* Moments of the day: some while it went on, its end, and long after. */
static void tell(struct told *told, const struct centre *centre, uint64_t seed)
{
    const struct today_terms terms = {.standard_ms = 15 * MINUTE_MS,
                                      .utc_offset_s = seed % 3 == 0   ? 0
                                                      : seed % 3 == 1 ? 3600
                                                                      : -18000};
    told->terms = terms;
    kit_set(told->day, sizeof(told->day), centre_day(centre));
    uint64_t random = seed;
    const int64_t span = centre->now_ms - centre->opened_ms;
    for (int i = 0; i < MOMENTS; i++) {
        told->moments[i] = centre->opened_ms + (int64_t)(report_random(&random) % (uint64_t)span);
    }
    told->moments[MOMENTS - 2] = centre->now_ms;
    told->moments[MOMENTS - 1] = centre->now_ms + 60 * MINUTE_MS;
    for (int i = 0; i < MOMENTS; i++) {
        told->texts[i] = text_of(centre->today, &terms, told->moments[i]);
    }
}

static int write_journal(void **state)
{
    struct shelf *shelf = calloc(1, sizeof(*shelf));
    CHECK(shelf != NULL);
    snprintf(shelf->dir, sizeof(shelf->dir), "%s/quarter-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    CHECK(mkdtemp(shelf->dir) != NULL);
    snprintf(shelf->path, sizeof(shelf->path), "%s/journal.db", shelf->dir);
    snprintf(shelf->keys, sizeof(shelf->keys), "%s/keys", shelf->dir);
    shelf->config = (struct store_config){.path = shelf->path, .key_dir = shelf->keys};
    char error[300] = "";
    if (store_open(&shelf->config, &shelf->store, error, sizeof(error)) != STATUS_OK) {
        fail_msg("%s", error);
    }
    struct centre centre;
    centre_set_up(&centre, shelf->store);
    for (int day = 0; day < DAYS; day++) {
        centre_run_day(&centre, day, (uint64_t)day + 1);
        tell(&shelf->told[day], &centre, (uint64_t)day + 1);
    }
    memcpy(shelf->seen, centre.seen, sizeof(shelf->seen));
    memcpy(shelf->undone, centre.undone, sizeof(centre.undone));
    centre_tear_down(&centre);
    *state = shelf;
    return 0;
}

static int throw_away(void **state)
{
    struct shelf *shelf = *state;
    store_close(shelf->store);
    for (int day = 0; day < DAYS; day++) {
        for (int i = 0; i < MOMENTS; i++) {
            free(shelf->told[day].texts[i]);
        }
    }
    kit_remove_folder(shelf->dir);
    free(shelf);
    return 0;
}

/* Days on which something never happens prove nothing about it. */
static void everything_happened_on_these_days(void **state)
{
    const struct shelf *shelf = *state;
    static const enum event_type needed[] = {
        EVENT_TICKET_ISSUED,   EVENT_TICKET_CALLED,  EVENT_SERVING_STARTED,
        EVENT_TICKET_CLOSED,   EVENT_TICKET_NO_SHOW, EVENT_TICKET_LEFT,
        EVENT_COUNTER_OPENED,  EVENT_COUNTER_PAUSED, EVENT_COUNTER_CLOSED,
        EVENT_VISIT_RECORDED,  EVENT_TICKET_PARKED,  EVENT_TICKET_TAKEN_BACK,
        EVENT_TICKET_UNPARKED, EVENT_TICKET_REVIVED, EVENT_TICKET_EDITED,
        EVENT_TICKET_HELD,     EVENT_STEP_UNDONE,    EVENT_COUNTER_MOVED,
        EVENT_TICKET_RECALLED, EVENT_PROMISE_MADE,   EVENT_TICKET_TRANSFERRED};
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
        print_message("%-20s %6d\n", event_type_code(needed[i]), shelf->seen[needed[i]]);
        assert_true(shelf->seen[needed[i]] >= DAYS / 2);
    }
#define X(name, code)                                                                              \
    print_message("undone %-13s %6d\n", (code), shelf->undone[STEP_##name]);                       \
    assert_true(shelf->undone[STEP_##name] > 0);
    STEP_LIST(X)
#undef X
}

/* the journal again */

struct replay {
    const struct shelf *shelf;
    struct today *today;
    int day, read;
};

static void assert_told_again(const struct replay *replay)
{
    const struct told *told = &replay->shelf->told[replay->day];
    for (int i = 0; i < MOMENTS; i++) {
        char *text = text_of(replay->today, &told->terms, told->moments[i]);
        assert_string_equal(text, told->texts[i]);
        free(text);
    }
}

static enum status take_row(void *context, const struct event *event, const char *body_json)
{
    (void)body_json;
    struct replay *replay = context;
    replay->read++;
    if (strcmp(event->day, replay->shelf->told[replay->day].day) != 0) {
        assert_told_again(replay);
        replay->day++;
        assert_string_equal(event->day, replay->shelf->told[replay->day].day);
    }
    today_take(replay->today, event);
    return STATUS_OK;
}

static void the_journal_tells_what_was_told_live(void **state)
{
    const struct shelf *shelf = *state;
    struct replay replay = {.shelf = shelf, .today = today_create()};
    struct store_reader *reader = NULL;
    assert_int_equal(store_reader_open(&shelf->config, &reader), STATUS_OK);
    int before = -1;
    while (replay.read != before) {
        before = replay.read;
        assert_int_equal(store_read_after(reader, replay.read, 1000, take_row, &replay), STATUS_OK);
    }
    assert_int_equal(replay.day, DAYS - 1);
    assert_told_again(&replay);
    store_reader_close(reader);
    today_destroy(replay.today);
}

/* the independent computation */

#ifdef QUARTER_TODAY_SQL

struct figure {
    char section[16], key[QUARTER_CODE_MAX + 1], name[32];
    int64_t value;
    bool known;
};

struct figures {
    struct figure *all;
    size_t count, capacity;
};

static void add(struct figures *figures, const struct figure *figure)
{
    if (figures->count == figures->capacity) {
        figures->capacity = figures->capacity == 0 ? 1024 : figures->capacity * 2;
        figures->all = realloc(figures->all, figures->capacity * sizeof(*figures->all));
        CHECK(figures->all != NULL);
    }
    figures->all[figures->count++] = *figure;
}

static void put(struct figures *figures, const char *section, const char *key, const char *name,
                int64_t value)
{
    struct figure figure = {.value = value, .known = value != TODAY_UNKNOWN};
    kit_set(figure.section, sizeof(figure.section), section);
    kit_set(figure.key, sizeof(figure.key), key);
    kit_set(figure.name, sizeof(figure.name), name);
    add(figures, &figure);
}

static void put_row(struct figures *figures, const char *section, const char *key,
                    const struct today_row *row)
{
    const struct {
        const char *name;
        int64_t value;
    } values[] = {{"issued", row->issued},
                  {"called", row->called},
                  {"served", row->served},
                  {"left", row->left},
                  {"left_at_close", row->left_at_close},
                  {"no_show", row->no_show},
                  {"called_within", row->of_called.within},
                  {"called_of", row->of_called.of},
                  {"decided_within", row->of_decided.within},
                  {"decided_of", row->of_decided.of},
                  {"wait_mean_ms", row->wait_mean_ms},
                  {"wait_p50_ms", row->wait_p50_ms},
                  {"wait_p90_ms", row->wait_p90_ms},
                  {"wait_longest_ms", row->wait_longest_ms},
                  {"transfers", row->transfers},
                  {"waiting", row->waiting},
                  {"at_counters", row->at_counters},
                  {"parked", row->parked},
                  {"waiting_longest_ms", row->waiting_longest_ms},
                  {"services", row->services},
                  {"service_mean_ms", row->service_mean_ms}};
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        put(figures, section, key, values[i].name, values[i].value);
    }
}

static void put_counter(struct figures *figures, const struct today_counter *counter)
{
    put(figures, "counter", counter->code, "calls", counter->calls);
    put(figures, "counter", counter->code, "served", counter->served);
    put(figures, "counter", counter->code, "sittings", counter->sittings);
    put(figures, "counter", counter->code, "sitting_mean_ms", counter->sitting_mean_ms);
    put(figures, "counter", counter->code, "open_ms", counter->open_ms);
    put(figures, "counter", counter->code, "paused_ms", counter->paused_ms);
    put(figures, "counter", counter->code, "busy_ms", counter->busy_ms);
}

static void put_all(struct figures *figures, const struct today_figures *from)
{
    put_row(figures, "day", "", &from->all);
    put(figures, "day", "", "undone", from->undone);
    for (int i = 0; i < from->service_count; i++) {
        put_row(figures, "service", from->services[i].code, &from->services[i].row);
    }
    for (int i = 0; i < TODAY_HOURS; i++) {
        char hour[12];
        snprintf(hour, sizeof(hour), "%d", i);
        put_row(figures, "hour", hour, &from->hours[i]);
    }
    for (int i = 0; i < from->counter_count; i++) {
        put_counter(figures, &from->counters[i]);
    }
    put(figures, "kind", "queued", "visits", from->queued);
    for (int i = 0; i < VISIT_KINDS; i++) {
        put(figures, "kind", visit_kind_code((enum visit_kind)i), "visits", from->recorded[i]);
    }
    for (int i = 0; i < from->avoidable_count; i++) {
        put(figures, "avoidable", from->avoidable[i].code, "visits", from->avoidable[i].visits);
    }
    for (int i = 0; i <= OUTCOME_UNRECORDED; i++) {
        put(figures, "outcome", outcome_code((enum outcome)i), "visits", from->outcomes[i]);
    }
}

/* The fields are borrowed from a row: too long a text is cut, and then matches nothing. */
static void take_figure(struct figures *figures, sqlite3_stmt *row)
{
    const char *texts[3];
    for (int i = 0; i < 3; i++) {
        texts[i] = (const char *)sqlite3_column_text(row, i);
        texts[i] = texts[i] == NULL ? "" : texts[i];
    }
    struct figure figure = {.known = sqlite3_column_type(row, 3) != SQLITE_NULL,
                            .value = sqlite3_column_int64(row, 3)};
    if (figure.known && sqlite3_column_type(row, 3) != SQLITE_INTEGER) {
        fail_msg("%s %s %s is no whole number", texts[0], texts[1], texts[2]);
    }
    snprintf(figure.section, sizeof(figure.section), "%s", texts[0]);
    snprintf(figure.key, sizeof(figure.key), "%s", texts[1]);
    snprintf(figure.name, sizeof(figure.name), "%s", texts[2]);
    add(figures, &figure);
}

static void bind(sqlite3_stmt *statement, const struct told *told, int64_t now_ms)
{
    const struct {
        const char *name;
        int64_t value;
    } numbers[] = {{":now_ms", now_ms},
                   {":standard_ms", told->terms.standard_ms},
                   {":utc_offset_s", told->terms.utc_offset_s}};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        const int at = sqlite3_bind_parameter_index(statement, numbers[i].name);
        assert_true(at == 0 || sqlite3_bind_int64(statement, at, numbers[i].value) == SQLITE_OK);
    }
    const int at = sqlite3_bind_parameter_index(statement, ":day");
    assert_true(at == 0 ||
                sqlite3_bind_text(statement, at, told->day, -1, SQLITE_STATIC) == SQLITE_OK);
}

static void run_sql(const char *path, const char *sql, const struct told *told, int64_t now_ms,
                    struct figures *figures)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    while (*sql != '\0') {
        sqlite3_stmt *statement = NULL;
        if (sqlite3_prepare_v2(db, sql, -1, &statement, &sql) != SQLITE_OK) {
            fail_msg("%s: %s", QUARTER_TODAY_SQL, sqlite3_errmsg(db));
        }
        if (statement == NULL) {
            break; /* nothing but blanks and comments follows */
        }
        bind(statement, told, now_ms);
        int result = sqlite3_step(statement);
        for (; result == SQLITE_ROW; result = sqlite3_step(statement)) {
            if (sqlite3_column_count(statement) == 4) {
                take_figure(figures, statement);
            }
        }
        if (result != SQLITE_DONE) {
            fail_msg("%s: %s", QUARTER_TODAY_SQL, sqlite3_errmsg(db));
        }
        sqlite3_finalize(statement);
    }
    sqlite3_close(db);
}

static int by_name(const void *one, const void *other)
{
    const struct figure *a = one;
    const struct figure *b = other;
    const int section = strcmp(a->section, b->section);
    const int key = section != 0 ? section : strcmp(a->key, b->key);
    return key != 0 ? key : strcmp(a->name, b->name);
}

static void print_side(const char *side, const struct figure *figure)
{
    if (figure == NULL) {
        print_message(" %s: not there", side);
    } else if (!figure->known) {
        print_message(" %s: unknown", side);
    } else {
        print_message(" %s: %" PRId64, side, figure->value);
    }
}

static bool is_nothing(const struct figure *figure)
{
    return figure == NULL || !figure->known || figure->value == 0;
}

/* A figure that one side does not have is 0 or unknown. */
static bool agree(const struct figure *one, const struct figure *other)
{
    if (one == NULL || other == NULL) {
        return is_nothing(one) && is_nothing(other);
    }
    return one->known == other->known && (!one->known || one->value == other->value);
}

static int compare(struct figures *ours, struct figures *theirs, const struct told *told,
                   int64_t now_ms)
{
    enum { SHOWN = 20 };
    qsort(ours->all, ours->count, sizeof(*ours->all), by_name);
    if (theirs->count > 0) {
        qsort(theirs->all, theirs->count, sizeof(*theirs->all), by_name);
    }
    int wrong = 0;
    for (size_t i = 0, j = 0; i < ours->count || j < theirs->count;) {
        const int order = i == ours->count     ? 1
                          : j == theirs->count ? -1
                                               : by_name(&ours->all[i], &theirs->all[j]);
        const struct figure *one = order <= 0 ? &ours->all[i++] : NULL;
        const struct figure *other = order >= 0 ? &theirs->all[j++] : NULL;
        if (!agree(one, other) && wrong++ < SHOWN) {
            const struct figure *named = one != NULL ? one : other;
            print_message("%s at %" PRId64 ": %s %s %s", told->day, now_ms, named->section,
                          named->key, named->name);
            print_side("report", one);
            print_side("SQL", other);
            print_message("\n");
        }
    }
    return wrong;
}

static char *read_sql(void)
{
    FILE *file = fopen(QUARTER_TODAY_SQL, "rb");
    assert_non_null(file);
    enum { SQL_MAX = 1 << 20 };
    char *sql = calloc(1, SQL_MAX + 1);
    assert_non_null(sql);
    const size_t length = fread(sql, 1, SQL_MAX, file);
    assert_true(length > 0 && length < SQL_MAX);
    (void)fclose(file);
    return sql;
}

/* One day of the journal. */
struct one_day {
    const char *day;
    struct today *today;
    int64_t seq;
};

static enum status take_own(void *context, const struct event *event, const char *body_json)
{
    (void)body_json;
    struct one_day *it = context;
    if (strcmp(event->day, it->day) == 0) {
        today_take(it->today, event);
    }
    it->seq = event->seq;
    return STATUS_OK;
}

static void sql_over_the_raw_journal_agrees(void **state)
{
    const struct shelf *shelf = *state;
    char *sql = read_sql();
    struct store_reader *reader = NULL;
    assert_int_equal(store_reader_open(&shelf->config, &reader), STATUS_OK);
    int wrong = 0;
    size_t compared = 0;
    for (int day = 0; day < DAYS; day++) {
        const struct told *told = &shelf->told[day];
        struct one_day it = {.day = told->day, .today = today_create()};
        int64_t before = -1;
        while (it.seq != before) {
            before = it.seq;
            assert_int_equal(store_read_after(reader, before, 1000, take_own, &it), STATUS_OK);
        }
        for (int i = 0; i < MOMENTS; i++) {
            struct figures ours = {0};
            struct figures theirs = {0};
            put_all(&ours, today_figures(it.today, &told->terms, told->moments[i]));
            run_sql(shelf->path, sql, told, told->moments[i], &theirs);
            wrong += compare(&ours, &theirs, told, told->moments[i]);
            compared += ours.count;
            free(ours.all);
            free(theirs.all);
        }
        today_destroy(it.today);
    }
    print_message("%zu figures compared, %d differ\n", compared, wrong);
    store_reader_close(reader);
    free(sql);
    assert_int_equal(wrong, 0);
}

#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_happened_on_these_days),
        cmocka_unit_test(the_journal_tells_what_was_told_live),
#ifdef QUARTER_TODAY_SQL
        cmocka_unit_test(sql_over_the_raw_journal_agrees),
#endif
    };
    return cmocka_run_group_tests(tests, write_journal, throw_away);
}
