/* What a manager sees of the day, over HTTP: its figures, counted by hand, in SQL over the raw journal and row by row in
 * today.csv; who will miss the standard, and how the day will end. Between two hours of the day the server is stopped:
 * time passes by the clock it is started with, and the figures have to be found in the journal again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http/time_text.h"
#include "http_people.h"
#include "http_views.h"
#include "quarter/check.h"

static bool anything(const json_t *view, const void *context)
{
    (void)view;
    (void)context;
    return true;
}

static bool has_outlook(const json_t *view, const void *context)
{
    (void)context;
    return json_is_number(view_at(view, "outlook.close.share"));
}

static bool is_closed(const json_t *view, const void *context)
{
    (void)context;
    return view_is(view, "day_open", false);
}

static bool stands_at(const json_t *view, const void *context)
{
    return view_number(view, "standard.wait_min") == *(const int *)context;
}

/* The first view that shows it, of a stream of its own. */
static json_t *look(struct rig *rig, view_shows *shows, const void *context)
{
    struct listener manager;
    listener_open(&manager, rig, "/api/manager/stream", NULL);
    json_t *view = views_await(&manager, rig, "ManagerView", shows, context);
    listener_close(&manager);
    return view;
}

static char *read_sql(void)
{
    enum { ROOM = 65536 };
    char *text = calloc(1, ROOM);
    assert_non_null(text);
    FILE *file = fopen("tests/unit/today.sql", "re");
    assert_non_null(file);
    assert_true(fread(text, 1, ROOM - 1, file) < ROOM - 1);
    assert_int_equal(fclose(file), 0);
    return text;
}

/* --- the same in SQL ------------------------------------------------------------------------ */

struct figure {
    char section[16], key[QUARTER_CODE_MAX + 1], name[32];
    int64_t value; /* -1: unknown */
};

/* All that tests/unit/today.sql tells of the rig's journal, as of one moment. */
struct figures {
    struct figure list[2000];
    size_t count;
};

static void take_figure(struct figures *figures, sqlite3_stmt *row)
{
    const char *texts[3];
    for (int i = 0; i < 3; i++) {
        texts[i] = (const char *)sqlite3_column_text(row, i);
        texts[i] = texts[i] != NULL ? texts[i] : "";
    }
    assert_true(figures->count < sizeof(figures->list) / sizeof(figures->list[0]));
    struct figure *figure = &figures->list[figures->count++];
    (void)snprintf(figure->section, sizeof(figure->section), "%s", texts[0]);
    (void)snprintf(figure->key, sizeof(figure->key), "%s", texts[1]);
    (void)snprintf(figure->name, sizeof(figure->name), "%s", texts[2]);
    figure->value = sqlite3_column_type(row, 3) == SQLITE_NULL ? -1 : sqlite3_column_int64(row, 3);
}

static void bind_terms(sqlite3_stmt *row, int64_t now_ms)
{
    const struct {
        const char *name;
        int64_t value;
    } numbers[] = {{":now_ms", now_ms}, {":standard_ms", 900000}, {":utc_offset_s", 0}};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        const int at = sqlite3_bind_parameter_index(row, numbers[i].name);
        assert_true(at == 0 || sqlite3_bind_int64(row, at, numbers[i].value) == SQLITE_OK);
    }
    const int at = sqlite3_bind_parameter_index(row, ":day");
    assert_true(at == 0 ||
                sqlite3_bind_text(row, at, "2026-11-24", -1, SQLITE_STATIC) == SQLITE_OK);
}

static void ask_sql(const struct rig *rig, int64_t now_ms, struct figures *figures)
{
    sqlite3 *db = NULL;
    char *text = read_sql();
    figures->count = 0;
    assert_int_equal(sqlite3_open_v2(rig->journal, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    for (const char *sql = text; *sql != '\0';) {
        sqlite3_stmt *row = NULL;
        assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &row, &sql), SQLITE_OK);
        if (row == NULL) {
            break;
        }
        bind_terms(row, now_ms);
        while (sqlite3_step(row) == SQLITE_ROW) {
            take_figure(figures, row);
        }
        assert_int_equal(sqlite3_finalize(row), SQLITE_OK);
    }
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    free(text);
    assert_true(figures->count > 50);
}

/* What SQL does not have at all is 0 or unknown. */
static const struct figure *find_figure(const struct figures *figures, const char *section,
                                        const char *key, const char *name)
{
    for (size_t i = 0; i < figures->count; i++) {
        const struct figure *figure = &figures->list[i];
        if (strcmp(figure->section, section) == 0 && strcmp(figure->key, key) == 0 &&
            strcmp(figure->name, name) == 0) {
            return figure;
        }
    }
    return NULL;
}

/* In the view, in ms; -1: null. */
static int64_t as_whole(const json_t *number, double factor)
{
    return json_is_number(number) ? (int64_t)(json_number_value(number) * factor + 0.5) : -1;
}

/* The row of figures in the view at `way`, held against SQL's. */
static void compare_row(const struct figures *figures, const json_t *view, const char *way,
                        const char *section, const char *key)
{
    static const struct {
        const char *ours, *theirs;
        double factor;
    } names[] = {{"issued", "issued", 1},
                 {"called", "called", 1},
                 {"served", "served", 1},
                 {"left", "left", 1},
                 {"no_show", "no_show", 1},
                 {"transfers", "transfers", 1},
                 {"waiting", "waiting", 1},
                 {"at_counters", "at_counters", 1},
                 {"parked", "parked", 1},
                 {"of_called.within", "called_within", 1},
                 {"of_called.of", "called_of", 1},
                 {"of_decided.within", "decided_within", 1},
                 {"of_decided.of", "decided_of", 1},
                 {"wait.mean_s", "wait_mean_ms", 1000},
                 {"wait.p90_s", "wait_p90_ms", 1000},
                 {"waiting_longest_s", "waiting_longest_ms", 1000},
                 {"service_time.count", "services", 1}};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char path[80];
        (void)snprintf(path, sizeof(path), "%s.%s", way, names[i].ours);
        const json_t *member = view_at(view, path);
        assert_non_null(member);
        const struct figure *sql = find_figure(figures, section, key, names[i].theirs);
        const int64_t ours = as_whole(member, names[i].factor);
        if (sql != NULL ? ours != sql->value : ours > 0) {
            fail_msg("%s %s: %lld, and in SQL %lld", path, key, (long long)ours,
                     sql != NULL ? (long long)sql->value : 0);
        }
    }
}

/* --- the same row by row -------------------------------------------------------------------- */

struct rows {
    int visits, queued, called, within, missed, left, no_show, waiting, recorded, undecided;
};

/* Cell of a line, by the head's name. */
static void cell(const char *head, const char *line, const char *name, char out[40])
{
    const char *at = head, *value = line;
    while (strncmp(at, name, strlen(name)) != 0 || strchr(",\r", at[strlen(name)]) == NULL) {
        at = strchr(at, ',') + 1;
        value = strchr(value, ',') + 1;
    }
    (void)snprintf(out, 40, "%.*s", (int)strcspn(value, ",\r"), value);
}

static struct rows count_csv(struct rig *rig)
{
    struct rows rows = {0};
    struct reply reply = rig_ask(rig, &(struct ask){.method = "GET", .path = "/api/today.csv"});
    assert_int_equal(reply.status, 200);
    assert_non_null(strstr(reply.type, "text/csv"));
    const char *head = reply.body;
    for (const char *line = strstr(head, "\r\n") + 2; *line != '\0';
         line = strstr(line, "\r\n") + 2) {
        char kind[40], called[40], within[40], state[40];
        cell(head, line, "kind", kind);
        cell(head, line, "first_called_at", called);
        cell(head, line, "within_standard", within);
        cell(head, line, "state", state);
        const bool is_queued = strcmp(kind, "queued") == 0;
        rows.visits++;
        rows.queued += is_queued;
        rows.recorded += !is_queued;
        rows.called += called[0] != '\0';
        rows.within += strcmp(within, "yes") == 0;
        rows.missed += strcmp(within, "no") == 0;
        rows.undecided += is_queued && within[0] == '\0';
        rows.left += strcmp(state, "left") == 0;
        rows.no_show += strcmp(state, "no_show") == 0;
        rows.waiting += strcmp(state, "waiting") == 0;
    }
    reply_free(&reply);
    return rows;
}

/* --- the day -------------------------------------------------------------------------------- */

static void at_ticket(struct rig *rig, const char *id, const char *verb, const char *body)
{
    char path[80];
    (void)snprintf(path, sizeof(path), "/api/tickets/%s/%s", id, verb);
    assert_int_equal(view_post(rig, path, body), 200);
}

static void at_counter(struct rig *rig, const char *counter, const char *verb, long status)
{
    assert_int_equal(rig_counter(rig, counter, verb, NULL), status);
}

/* 10:40. Of six: one is served, one not there, one sent on after a call that was undone once, one leaves, two wait. */
static void play_the_morning(struct rig *rig)
{
    char ids[6][32];
    assert_int_equal(
        view_post(rig, "/api/visits", "{\"service\":\"parking\",\"kind\":\"signposted\"}"), 201);
    for (int i = 0; i < 6; i++) {
        rig_issue(rig, "housing", NULL, ids[i]);
    }
    at_counter(rig, "1", "open", 200);
    at_counter(rig, "1", "next", 200);
    at_counter(rig, "1", "start", 200);
    at_counter(rig, "1", "finish", 200);
    at_counter(rig, "1", "next", 200);
    at_counter(rig, "1", "recall", 200);
    at_counter(rig, "1", "no-show", 200);
    at_counter(rig, "1", "next", 200);
    assert_int_equal(view_post(rig, "/api/counters/1/undo", "{}"), 200);
    at_counter(rig, "1", "next", 200);
    at_counter(rig, "1", "start", 200);
    assert_int_equal(view_post(rig, "/api/counters/1/transfer", "{\"service\":\"parking\"}"), 200);
    at_ticket(rig, ids[5], "leave", "{}");
    at_counter(rig, "1", "close", 200);
}

static void start_at(struct rig *rig, const char *local)
{
    rig->local = local;
    rig_start(rig);
}

static void assert_all(const json_t *view, const char *name, long long value)
{
    char way[60];
    (void)snprintf(way, sizeof(way), "today.all.%s", name);
    if (view_number(view, way) != value) {
        fail_msg("%s is %lld and should be %lld", way, view_number(view, way), value);
    }
}

static void compare_all(struct rig *rig, const json_t *view)
{
    static struct figures figures;
    int64_t now_ms = 0;
    assert_true(time_text_read(view_text(view, "today.as_of"), &now_ms));
    ask_sql(rig, now_ms, &figures);
    compare_row(&figures, view, "today.all", "day", "");
    for (size_t i = 0; i < json_array_size(view_at(view, "today.services")); i++) {
        char way[40], service[80];
        (void)snprintf(way, sizeof(way), "today.services.%zu", i);
        (void)snprintf(service, sizeof(service), "%s.service", way);
        compare_row(&figures, view, way, "service", view_text(view, service));
    }
    const struct rows rows = count_csv(rig);
    assert_all(view, "issued", rows.queued);
    assert_all(view, "called", rows.called);
    assert_all(view, "of_decided.within", rows.within);
    assert_all(view, "of_decided.of", rows.within + rows.missed);
    assert_all(view, "left", rows.left);
    assert_all(view, "no_show", rows.no_show);
    assert_all(view, "waiting", rows.waiting);
    assert_int_equal(rows.visits, rows.queued + rows.recorded);
}

static void the_figures_are_those_of_the_journal(void **state)
{
    struct rig *rig = *state;
    start_at(rig, "2026-11-24T10:40");
    play_the_morning(rig);
    json_t *view = look(rig, anything, NULL);
    assert_all(view, "issued", 6);
    assert_all(view, "called", 3);
    assert_all(view, "transfers", 1);
    assert_all(view, "waiting", 3);
    assert_all(view, "of_decided.of",
               3); /* who left in time, and who waits not yet so long, is not in it */
    assert_int_equal(view_number(view, "today.undone"), 1);
    assert_int_equal(view_number(view, "standard.wait_min"), 15);
    compare_all(rig, view);
    json_decref(view);
    rig_halt(rig);

    start_at(rig, "2026-11-24T11:10"); /* who waits has waited too long now */
    view = look(rig, anything, NULL);
    assert_all(view, "of_called.of", 3);
    assert_all(view, "of_decided.of", 5);
    assert_all(view, "of_decided.within", 3);
    compare_all(rig, view);
    json_decref(view);
}

/* Goes on at 11:10: two wait for their first call since 10:40, one for its second. */
static void who_misses_the_standard_is_named_the_likeliest_first(void **state)
{
    struct rig *rig = *state;
    char number[8];
    rig_issue(rig, "housing", number, NULL);
    at_counter(rig, "1", "open", 200);
    json_t *view = look(rig, has_outlook, NULL);
    const size_t count = json_array_size(view_at(view, "breaches"));
    assert_true(count >= 2 && view_number(view, "breaches_total") == (long long)count);
    assert_string_equal(view_text(view, "breaches.0.number"), "H04");
    assert_string_equal(view_text(view, "breaches.1.number"), "H05");
    assert_int_equal(as_whole(view_at(view, "breaches.1.p_late"), 1000), 1000);
    assert_int_equal(strncmp(view_text(view, "breaches.0.at"), "2026-11-24T10:55", 16), 0);
    for (size_t i = 2; i < count; i++) {
        char way[40];
        (void)snprintf(way, sizeof(way), "breaches.%zu.number", i);
        assert_string_equal(view_text(view, way),
                            number); /* and never who waits for the second time */
    }
    const double noon = json_number_value(view_at(view, "outlook.noon.share"));
    const double close = json_number_value(view_at(view, "outlook.close.share"));
    /* Three in time, two too late; the seventh in time or not. */
    assert_true(noon >= 3.0 / 6 - 0.001 && noon <= 4.0 / 6 + 0.001);
    assert_true(close >= 3.0 / 6 - 0.2 && close <= 1);
    assert_true(json_number_value(view_at(view, "outlook.close.low")) <= close + 0.001);
    assert_true(json_number_value(view_at(view, "outlook.close.high")) >= close - 0.001);
    assert_non_null(view_at(view, "score.recent"));
    json_decref(view);
    rig_halt(rig);

    rig->no_forecast = true;
    start_at(rig, "2026-11-24T12:10");
    view = look(rig, anything, NULL);
    assert_true(view_is_null(view, "outlook"));
    assert_int_equal(json_array_size(view_at(view, "breaches")),
                     3); /* that much is known without */
    assert_true(view_is_null(view, "score.today"));
    json_decref(view);
    rig_halt(rig);

    rig->no_forecast = false;
    start_at(rig, "2026-11-24T12:20");
    view = look(rig, has_outlook, NULL);
    assert_true(view_is_null(view, "outlook.noon")); /* past */
    json_decref(view);
}

/* The evening's figures stay until the next day begins, with the first visit or with its opening. */
static void the_day_changes(void **state)
{
    struct rig *rig = *state;
    at_counter(rig, "1", "close", 200);
    assert_int_equal(view_post(rig, "/api/day/close", "{}"), 200);
    json_t *view = look(rig, is_closed, NULL);
    assert_all(view, "left_at_close", 4);
    assert_true(view_is_null(view, "outlook"));
    assert_int_equal(json_array_size(view_at(view, "breaches")), 0);
    compare_all(rig, view);
    json_decref(view);
    rig_halt(rig);

    start_at(rig, "2026-11-25T03:00");
    assert_int_equal(
        view_post(rig, "/api/visits", "{\"service\":\"parking\",\"kind\":\"signposted\"}"), 201);
    view = look(rig, anything, NULL);
    assert_string_equal(view_text(view, "today.day"), "2026-11-25");
    assert_all(view, "issued", 0);
    json_decref(view);
    rig_halt(rig);

    start_at(rig, "2026-11-25T10:00"); /* read back: what came before the opening is of this day */
    view = look(rig, anything, NULL);
    assert_string_equal(view_text(view, "today.day"), "2026-11-25");
    assert_string_equal(view_text(view, "today.kinds.0.kind"), "signposted");
    assert_int_equal(view_number(view, "today.kinds.0.visits"), 1);
    json_decref(view);
    assert_int_equal(count_csv(rig).visits, 1);
    rig_halt(rig);
}

/* Before any day there is nothing, and it is told as that; another site in the middle of a day has another standard. */
static void a_site_that_changes_has_its_own_standard(void **state)
{
    (void)state;
    struct rig rig;
    const int before = 15, after = 30;
    rig_make(&rig);
    char dir[100];
    (void)snprintf(dir, sizeof(dir), "%s/site", rig.dir);
    assert_int_equal(mkdir(dir, 0700), 0);
    rig_write_site(dir, NULL, NULL);
    rig.site_dir = dir;
    rig.watches = true;
    start_at(&rig, "2026-11-24T03:00");
    struct listener manager;
    listener_open(&manager, &rig, "/api/manager/stream", NULL);
    json_t *view = views_await(&manager, &rig, "ManagerView", stands_at, &before);
    assert_true(view_is_null(view, "today.day"));
    assert_true(view_is(view, "day_open", false));
    assert_int_equal(json_array_size(view_at(view, "recent")), 0);
    json_decref(view);
    assert_int_equal(count_csv(&rig).visits, 0);
    assert_int_equal(view_post(&rig, "/api/day/open", "{}"), 200);
    rig_issue(&rig, "housing", NULL, NULL);
    rig_write_site(dir, "wait_min: 15", "wait_min: 30");
    view = views_await(&manager, &rig, "ManagerView", stands_at, &after);
    assert_int_equal(as_whole(view_at(view, "today.standard_s"), 1), 1800);
    assert_all(view, "issued", 1);
    json_decref(view);
    listener_close(&manager);
    rig_remove(&rig);
}

static bool somebody_is_there(const json_t *view, const void *context)
{
    (void)context;
    return view_text(view, "counters.0.person")[0] != '\0';
}

/* Counters know ids; names are the manager's to see, of those who are there. */
static void who_is_at_a_counter_has_a_name(void **state)
{
    (void)state;
    struct rig rig;
    struct badge ada;
    struct listener manager;
    rig_make(&rig);
    rig.signs_in = true;
    rig_start(&rig);
    badge_set_up(&rig, &ada, "[\"manager\"]");
    listener_open_with(&manager, &rig, "/api/manager/stream", ada.cookie);
    json_t *view = views_await(&manager, &rig, "ManagerView", anything, NULL);
    assert_int_equal(json_object_size(view_at(view, "persons")), 0);
    json_decref(view);
    badge_expect_command(&rig, &ada, "/api/counters/1/open", "{}", "200");
    view = views_await(&manager, &rig, "ManagerView", somebody_is_there, NULL);
    const json_t *persons = view_at(view, "persons");
    assert_string_equal(view_text(view, "counters.0.person"), ada.person);
    assert_int_equal(json_object_size(persons), 1);
    assert_true(view_text(persons, ada.person)[0] != '\0');
    json_decref(view);
    listener_close(&manager);
    rig_remove(&rig);
}

static int make(void **state)
{
    static struct rig rig;
    rig_make(&rig);
    *state = &rig;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_figures_are_those_of_the_journal),
        cmocka_unit_test(who_misses_the_standard_is_named_the_likeliest_first),
        cmocka_unit_test(the_day_changes),
        cmocka_unit_test(a_site_that_changes_has_its_own_standard),
        cmocka_unit_test(who_is_at_a_counter_has_a_name),
    };
    return cmocka_run_group_tests(tests, make, rig_tear_down);
}
