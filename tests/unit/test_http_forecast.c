/* A whole server that tells how long it will take: forecasts appear and are refined, promises are journalled, revised in
 * time and held against what happened; what was learned outlives the process; nobody waits for a forecast. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <poll.h>
#include <pthread.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/engine.h"
#include "http/time_text.h"
#include "http_rig.h"
#include "http_stream.h"
#include "quarter/check.h"
#include "store/ulid.h"
#include "test_kit.h"

enum { PATIENCE = 2000 }; /* tries of 10 ms */

static int set_up(void **state)
{
    static struct rig rig;
    rig_make(&rig);
    *state = &rig;
    return 0;
}

/* --- asking --------------------------------------------------------------------------------- */

static json_t *get(struct rig *rig, const char *path)
{
    struct reply reply;
    json_t *answer =
        json_incref(rig_expect(rig, &(struct ask){.method = "GET", .path = path}, 200, &reply));
    reply_free(&reply);
    return answer;
}

static json_t *post(struct rig *rig, const char *path, const char *body, long status)
{
    char key[40];
    struct reply reply;
    rig_new_key(key);
    const struct ask ask = {.method = "POST", .path = path, .key = key, .body = body};
    json_t *answer = json_incref(rig_expect(rig, &ask, status, &reply));
    reply_free(&reply);
    return answer;
}

static json_t *ticket(struct rig *rig, const char *id)
{
    char path[80];
    (void)snprintf(path, sizeof(path), "/api/tickets/%s", id);
    return get(rig, path);
}

static int64_t time_of(const json_t *object, const char *field)
{
    int64_t at_ms = 0;
    assert_true(time_text_read(rig_text(object, field), &at_ms));
    return at_ms;
}

/* Asks until the test is content. */
typedef bool judge(const json_t *answer);
static json_t *await(struct rig *rig, const char *path, judge *is_right)
{
    for (int tries = 0; tries < PATIENCE; tries++) {
        json_t *answer = get(rig, path);
        if (is_right(answer)) {
            return answer;
        }
        json_decref(answer);
        (void)poll(NULL, 0, 10);
    }
    fail_msg("%s never came to what was expected", path);
    return NULL;
}

static bool has_wait(const json_t *answer)
{
    return json_is_object(json_object_get(answer, "wait"));
}

static bool housing_has_wait(const json_t *answer)
{
    return has_wait(json_array_get(json_object_get(answer, "services"), 0));
}

static bool has_promise(const json_t *answer)
{
    return json_is_object(json_object_get(answer, "promise"));
}

static long long ask_sql(const struct rig *rig, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open(rig->journal, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    const long long value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return value;
}

/* Until a forecast has heard of all that has happened. */
static void settle(struct rig *rig)
{
    const long long seq = ask_sql(rig, "SELECT max(seq) FROM event");
    for (int tries = 0;; tries++) {
        json_t *score = get(rig, "/api/forecast/score");
        const long long heard = json_integer_value(json_object_get(score, "events"));
        json_decref(score);
        if (heard >= seq) {
            break;
        }
        assert_true(tries < PATIENCE);
        (void)poll(NULL, 0, 10);
    }
    json_decref(await(rig, "/api/boards/lobby", housing_has_wait));
}

static void serve_one(struct rig *rig, const char *counter)
{
    assert_int_equal(rig_counter(rig, counter, "next", NULL), 200);
    assert_int_equal(rig_counter(rig, counter, "start", NULL), 200);
}

/* Counter 1 is with a visitor. Whether that visitor was told a wait depends on how quick the forecast was. */
static void occupy(struct rig *rig)
{
    assert_int_equal(rig_counter(rig, "1", "open", NULL), 200);
    rig_issue(rig, "housing", NULL, NULL);
    serve_one(rig, "1");
}

/* Counter 1 is with a visitor who was told a wait, and the forecast knows it. */
static void occupy_with_promise(struct rig *rig)
{
    assert_int_equal(rig_counter(rig, "1", "open", NULL), 200);
    settle(rig);
    rig_issue(rig, "housing", NULL, NULL);
    serve_one(rig, "1");
    settle(rig);
}

/* The journal, from its start to seq. */
static json_t *journal(struct rig *rig, long long seq)
{
    json_t *events = json_array();
    struct listener listener;
    struct heard heard;
    listener_open(&listener, rig, "/api/events/stream", "0");
    while ((long long)json_array_size(events) < seq) {
        assert_true(listener_next(&listener, &heard));
        if (heard.id[0] != '\0') {
            json_array_append(events, heard.data);
        }
        heard_free(&heard);
    }
    listener_close(&listener);
    return events;
}

/* What was told by the way (see occupy()) may lie before it or behind it. */
static const json_t *last_of_type(const json_t *events, const char *type)
{
    for (size_t i = json_array_size(events); i-- > 0;) {
        const json_t *event = json_array_get(events, i);
        if (strcmp(rig_text(event, "type"), type) == 0) {
            return event;
        }
    }
    fail_msg("the journal has no %s", type);
    return NULL;
}

static long long journal_length(struct rig *rig)
{
    json_t *score = get(rig, "/api/forecast/score");
    const long long length = json_integer_value(json_object_get(score, "events"));
    json_decref(score);
    return length;
}

/* --- the tests ------------------------------------------------------------------------------ */

static void a_new_ticket_is_told_how_long_it_takes(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    occupy(rig);
    settle(rig);
    json_t *issued = post(rig, "/api/tickets", "{\"service\":\"housing\"}", 201);
    assert_true(has_wait(issued));
    assert_true(has_promise(issued));
    const json_t *wait = json_object_get(issued, "wait");
    const long long low = json_integer_value(json_object_get(wait, "low_min"));
    const long long high = json_integer_value(json_object_get(wait, "high_min"));
    assert_true(low % 5 == 0 && high % 5 == 0 && low < high);
    assert_true(high > 5); /* somebody is being served, for 20 min typically */
    json_t *events = journal(rig, ask_sql(rig, "SELECT max(seq) FROM event"));
    const json_t *kept = last_of_type(events, "ticket_issued");
    assert_int_equal(json_integer_value(json_object_get(
                         json_object_get(json_object_get(kept, "body"), "promise"), "p90_s")),
                     json_integer_value(json_object_get(wait, "p90_s")));
    json_decref(events);
    json_decref(issued);
}

/* Given out within milliseconds: the forecast made before the first of them is true of the first only. */
static void who_comes_right_behind_another_is_told_a_longer_wait(void **state)
{
    struct rig *rig = *state;
    char path[80];
    rig_start(rig);
    occupy(rig);
    settle(rig);
    json_t *first = post(rig, "/api/tickets", "{\"service\":\"housing\"}", 201);
    json_t *second = post(rig, "/api/tickets", "{\"service\":\"housing\"}", 201);
    assert_true(has_promise(first));
    (void)snprintf(path, sizeof(path), "/api/tickets/%s", rig_text(second, "id"));
    json_t *told = await(rig, path, has_promise);
    assert_true(json_integer_value(json_object_get(json_object_get(told, "promise"), "p50_s")) >
                json_integer_value(json_object_get(json_object_get(first, "promise"), "p50_s")));
    json_decref(told);
    json_decref(second);
    json_decref(first);
}

static void forecasts_are_refined_while_somebody_waits(void **state)
{
    struct rig *rig = *state;
    char id[32], path[80];
    rig->speed = 60;
    rig_start(rig);
    occupy(rig);
    rig_issue(rig, "housing", NULL, id);
    (void)snprintf(path, sizeof(path), "/api/tickets/%s", id);
    json_t *first = await(rig, path, has_wait);
    const int64_t first_ms = time_of(json_object_get(first, "wait"), "as_of");
    json_decref(first);
    for (int tries = 0;; tries++) { /* renewed each 15 s of the clock, though nothing happens */
        json_t *later = ticket(rig, id);
        const int64_t later_ms = time_of(json_object_get(later, "wait"), "as_of");
        json_decref(later);
        if (later_ms >= first_ms + 30000) {
            break;
        }
        assert_true(tries < PATIENCE);
        (void)poll(NULL, 0, 10);
    }
}

static void whoever_needs_something_is_told_the_wait_for_it(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    occupy(rig);
    settle(rig);
    json_t *issued =
        post(rig, "/api/tickets", "{\"service\":\"housing\",\"needs\":[\"bsl\"]}", 201);
    assert_true(has_promise(issued));
    json_decref(issued);
}

static void booked_visitors_and_late_hand_overs_are_told_nothing_at_issue(void **state)
{
    struct rig *rig = *state;
    char body[120];
    rig_start(rig);
    occupy(rig);
    settle(rig);
    json_t *issued =
        post(rig, "/api/tickets",
             "{\"service\":\"housing\",\"appointment_at\":\"2026-11-24T11:00:00Z\"}", 201);
    assert_false(has_promise(issued));
    json_decref(issued);
    rig_expect_problem(
        rig,
        &(struct ask){.method = "POST",
                      .path = "/api/tickets",
                      .key = "booked-for-tomorrow",
                      .body =
                          "{\"service\":\"housing\",\"appointment_at\":\"2026-11-25T10:00:00Z\"}"},
        "invalid-field");
    json_t *block =
        post(rig, "/api/numbers", "{\"service\":\"housing\",\"device\":\"kiosk-1\"}", 201);
    (void)snprintf(body, sizeof(body),
                   "{\"service\":\"housing\",\"device\":\"kiosk-1\",\"number\":%lld}",
                   json_integer_value(json_object_get(block, "first")));
    json_decref(block);
    issued = post(rig, "/api/tickets", body, 201);
    assert_false(has_promise(issued));
    json_decref(issued);
}

static bool has_both_outcomes(const json_t *score)
{
    return json_integer_value(json_object_get(score, "outcomes")) == 2;
}

static void promises_are_scored_at_the_first_call(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    occupy_with_promise(rig);
    rig_issue(rig, "housing", NULL, NULL);
    assert_int_equal(rig_counter(rig, "1", "finish", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "next", NULL), 200);
    json_t *score = await(rig, "/api/forecast/score", has_both_outcomes);
    const json_t *today = json_object_get(score, "today");
    assert_int_equal(json_integer_value(json_object_get(today, "promises")), 2);
    assert_int_equal(json_integer_value(json_object_get(today, "broken")), 0);
    assert_true(json_number_value(json_object_get(today, "coverage_90")) > .99);
    assert_true(json_number_value(json_object_get(score, "level")) < .9); /* it was within */
    json_decref(score);
    struct reply reply;
    (void)rig_expect(rig, &(struct ask){.method = "GET", .path = "/metrics"}, 200, &reply);
    assert_non_null(strstr(reply.body, "\nquarter_forecast_promises 2\n"));
    assert_non_null(strstr(reply.body, "\nquarter_forecast_coverage{quantile=\"0.9\"} 1\n"));
    reply_free(&reply);
}

/* --- what was learned ----------------------------------------------------------------------- */

static bool is_caught_up(const json_t *score)
{
    const long long learned = json_integer_value(json_object_get(score, "learned_events"));
    return learned > 0 && learned == json_integer_value(json_object_get(score, "events"));
}

static void run_sql(const struct rig *rig, const char *sql)
{
    sqlite3 *db = NULL;
    char *error = NULL;
    assert_int_equal(sqlite3_open(rig->journal, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK) {
        fail_msg("%s: %s", sql, error);
    }
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* Two promises kept, and the day closed: what was learned is kept then. */
static void work_a_day(struct rig *rig)
{
    occupy_with_promise(rig);
    rig_issue(rig, "housing", NULL, NULL);
    assert_int_equal(rig_counter(rig, "1", "finish", NULL), 200);
    serve_one(rig, "1");
    assert_int_equal(rig_counter(rig, "1", "finish", NULL), 200);
    json_decref(post(rig, "/api/day/close", "{}", 200));
}

static void await_kept(struct rig *rig)
{
    const long long seq = ask_sql(rig, "SELECT max(seq) FROM event");
    for (int tries = 0; ask_sql(rig, "SELECT coalesce(min(through_seq), 0) FROM projection") < seq;
         tries++) {
        assert_true(tries < PATIENCE);
        (void)poll(NULL, 0, 10);
    }
}

static void what_was_learned_outlives_the_server(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    work_a_day(rig);
    json_decref(await(rig, "/api/forecast/score", is_caught_up));
    await_kept(rig);
    rig_halt(rig);
    assert_int_equal(ask_sql(rig, "SELECT count(*) FROM projection"), 2);
    /* Were it learned from the journal again, these outcomes would not be there. */
    run_sql(rig, "UPDATE projection SET body = replace(body, ' 2 1\n', ' 77 1\n') "
                 "WHERE name = 'forecast_score'");
    rig->local = "2026-11-25T10:40";
    rig_start(rig);
    json_t *score = await(rig, "/api/forecast/score", is_caught_up);
    assert_int_equal(json_integer_value(json_object_get(score, "outcomes")), 77);
    json_decref(score);
}

static void damaged_learning_is_learned_again(void **state)
{
    static const char *const damages[] = {
        "UPDATE projection SET body = 'damaged' WHERE name = 'knowledge'",
        "UPDATE projection SET body = 'damaged' WHERE name = 'forecast_score'",
        "DELETE FROM projection WHERE name = 'knowledge'", "DELETE FROM projection"};
    struct rig *rig = *state;
    rig_start(rig);
    work_a_day(rig);
    await_kept(rig);
    json_t *before = await(rig, "/api/forecast/score", is_caught_up);
    rig_halt(rig);
    rig->local = "2026-11-25T07:00"; /* before the day: nothing happens by itself */
    for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
        run_sql(rig, damages[i]);
        rig_start(rig);
        json_t *after = await(rig, "/api/forecast/score", is_caught_up);
        assert_true(
            json_equal(json_object_get(before, "recent"), json_object_get(after, "recent")));
        assert_true(json_equal(json_object_get(before, "level"), json_object_get(after, "level")));
        json_decref(after);
        await_kept(rig);
        rig_halt(rig);
    }
    json_decref(before);
}

/* --- delays --------------------------------------------------------------------------------- */

static bool housing_is_delayed(const json_t *board)
{
    return json_is_object(
        json_object_get(json_array_get(json_object_get(board, "services"), 0), "delayed"));
}

/* A counter that stops serving: whoever waits is told before the promise is broken. */
static void a_delay_is_announced_before_the_promise_breaks(void **state)
{
    struct rig *rig = *state;
    char id[32];
    rig->speed = 100; /* a second that the machine is busy is less than two minutes */
    rig_start(rig);
    occupy(rig);
    settle(rig);
    rig_issue(rig, "housing", NULL, id);
    json_t *first = ticket(rig, id);
    assert_true(has_promise(first));
    const int64_t issued_ms = time_of(first, "issued_at");
    const long long high_min =
        json_integer_value(json_object_get(json_object_get(first, "promise"), "high_min"));
    json_decref(first);
    json_t *board = await(rig, "/api/boards/lobby", housing_is_delayed);
    const json_t *delayed =
        json_object_get(json_array_get(json_object_get(board, "services"), 0), "delayed");
    assert_true(json_integer_value(json_object_get(delayed, "high_min")) > high_min);
    assert_true(time_of(delayed, "since") <= issued_ms + high_min * 60000);
    json_decref(board);
    json_t *now = ticket(rig, id);
    assert_true(json_integer_value(json_object_get(json_object_get(now, "promise"), "high_min")) >
                high_min);
    json_decref(now);
}

/* --- the forecast's thread ------------------------------------------------------------------ */

/* The day is looked at each 15 s only: the first look may have seen fewer. */
static bool sees_all_ten(const json_t *forecast)
{
    const json_t *today = json_object_get(forecast, "today");
    return json_array_size(json_object_get(forecast, "tickets")) == 10 && json_is_object(today) &&
           json_number_value(json_object_get(today, "within_share")) < 1;
}

static void what_ifs_are_answered_and_wrong_ones_refused(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    occupy(rig);
    for (int i = 0; i < 10; i++) {
        rig_issue(rig, "housing", NULL, NULL);
    }
    settle(rig);
    json_decref(await(rig, "/api/forecast", sees_all_ten));
    json_t *advice = get(rig, "/api/advice");
    assert_true(json_array_size(json_object_get(advice, "moves")) > 0);
    json_t *again = get(rig, "/api/advice"); /* from the cache */
    assert_true(json_equal(advice, again));
    json_decref(again);
    json_decref(advice);
    struct reply reply;
    const json_t *what_if = rig_expect(
        rig,
        &(struct ask){.method = "POST",
                      .path = "/api/what-if",
                      .body = "{\"moves\":[{\"move\":\"open\",\"counter\":\"room-1\"}]}"},
        200, &reply);
    assert_true(
        json_number_value(json_object_get(json_object_get(what_if, "effect"), "gain_share")) > 0);
    reply_free(&reply);
    static const char *const wrong[][2] = {
        {"{\"moves\":[{\"move\":\"open\",\"counter\":\"9\"}]}", "unknown-counter"},
        {"{\"moves\":[{\"move\":\"open\",\"counter\":\"1\",\"services\":[\"x\"]}]}",
         "unknown-service"},
        {"{\"moves\":[{\"move\":\"shift_break\",\"counter\":\"1\",\"minutes\":30}]}",
         "move-impossible"},
        {"{\"moves\":[]}", "invalid-field"},
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        rig_expect_problem(
            rig, &(struct ask){.method = "POST", .path = "/api/what-if", .body = wrong[i][0]},
            wrong[i][1]);
    }
    json_decref(post(rig, "/api/day/close", "{}", 200));
    for (int tries = 0;; tries++) { /* until the thread has heard of it */
        reply = rig_ask(rig, &(struct ask){.method = "GET", .path = "/api/advice"});
        const bool closed = reply.status == 409;
        reply_free(&reply);
        if (closed) {
            break;
        }
        assert_true(tries < PATIENCE);
        (void)poll(NULL, 0, 10);
    }
}

static void *ask_for_ever(void *argument)
{
    struct rig *rig = argument;
    for (int i = 0; i < 20; i++) {
        struct reply reply =
            rig_ask(rig, &(struct ask){.method = "POST",
                                       .path = "/api/what-if",
                                       .body = "{\"moves\":[{\"move\":\"pause\",\"counter\":\"1\","
                                               "\"minutes\":60}]}"});
        CHECK(reply.status == 200 || reply.status == 503);
        reply_free(&reply);
    }
    return NULL;
}

static void too_many_questions_are_too_busy_and_a_stop_answers_all(void **state)
{
    enum { ASKERS = 8 };
    struct rig *rig = *state;
    pthread_t askers[ASKERS];
    rig_start(rig);
    occupy(rig);
    for (int i = 0; i < 40; i++) {
        rig_issue(rig, "housing", NULL, NULL);
    }
    settle(rig); /* before the first forecast a question has no answer */
    for (int i = 0; i < ASKERS; i++) {
        assert_int_equal(pthread_create(&askers[i], NULL, ask_for_ever, rig), 0);
    }
    for (int i = 0; i < ASKERS; i++) {
        assert_int_equal(pthread_join(askers[i], NULL), 0);
    }
    rig_issue(rig, "housing", NULL, NULL);
    rig_halt(rig);
}

static void without_forecasts_nothing_is_told(void **state)
{
    struct rig *rig = *state;
    rig->no_forecast = true;
    rig_start(rig);
    occupy(rig);
    json_t *issued = post(rig, "/api/tickets", "{\"service\":\"housing\"}", 201);
    assert_false(has_wait(issued) || has_promise(issued));
    json_decref(issued);
    json_t *forecast = get(rig, "/api/forecast");
    assert_true(json_is_null(json_object_get(forecast, "as_of")));
    assert_int_equal(json_integer_value(json_object_get(forecast, "waiting_total")), 1);
    json_decref(forecast);
    rig_expect_problem(rig, &(struct ask){.method = "GET", .path = "/api/advice"}, "forecast-off");
    rig->no_forecast = false;
}

/* --- a crowd -------------------------------------------------------------------------------- */

enum { CROWD = 10000, CROWD_SERVICES = 12, CROWD_COUNTERS = 12 };

static void write_file(const char *dir, const char *name, const char *text)
{
    char path[200];
    (void)snprintf(path, sizeof(path), "%s/%s", dir, name);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* A site with as many prefixes as a crowd needs, since each has 999 numbers a day. */
static void write_crowd_site(const char *dir)
{
    char yaml[16384] = "", words[8192] = "";
    size_t length = 0, word_length = 0;
#define ADD(...) (length += (size_t)snprintf(yaml + length, sizeof(yaml) - length, __VA_ARGS__))
#define SAY(...)                                                                                   \
    (word_length += (size_t)snprintf(words + word_length, sizeof(words) - word_length, __VA_ARGS__))
    ADD("site: crowd\nzone: Europe/London\nlanguages: [en]\nstandard: {wait_min: 15, share: 0.9}\n"
        "policy: rescue\nhours:\n");
    static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    for (int i = 0; i < 7; i++) {
        ADD("  %s: {open: \"09:00\", close: \"17:00\"}\n", days[i]);
    }
    ADD("closures: []\nday_end: \"20:00\"\nnumbers: {last: 999, reserved_from: 990, block: 5}\n"
        "areas: [blue]\nneeds:\n  - {code: bsl, hard: false, relax_after_min: 5}\nservices:\n");
    SAY("language: en\nautonym: English\ndirection: ltr\nname: Crowd\nareas: {blue: Blue}\nneeds: "
        "{bsl: Sign}\nservices:\n");
    for (int i = 0; i < CROWD_SERVICES; i++) {
        ADD("  - {code: s%d, prefix: %c, area: blue, typical_min: 10}\n", i, "ABCDEFGHJKLM"[i]);
        SAY("  s%d: {name: Service %d}\n", i, i);
    }
    ADD("groups:\n  - {code: all, services: [");
    for (int i = 0; i < CROWD_SERVICES; i++) {
        ADD("%ss%d", i > 0 ? ", " : "", i);
    }
    ADD("]}\ncounters:\n");
    SAY("groups: {all: {name: All}}\ncounters:\n");
    for (int i = 0; i < CROWD_COUNTERS; i++) {
        ADD("  - {code: \"%d\", services: [s%d, s%d, s%d], languages: [en]}\n", i + 1,
            i % CROWD_SERVICES, (i + 1) % CROWD_SERVICES, (i + 5) % CROWD_SERVICES);
        SAY("  \"%d\": Counter %d\n", i + 1, i + 1);
    }
    ADD("kiosks:\n  - {code: kiosk-1, orientation: portrait}\ndisplays:\n"
        "  - {code: lobby, theme: dark}\ntheme: {brand: \"#0b4f6c\"}\n"
        "contact: {phone: 01632 960100, web: www.example.gov.uk}\n");
#undef ADD
#undef SAY
    assert_int_equal(mkdir(dir, 0700), 0);
    write_file(dir, "site.yaml", yaml);
    write_file(dir, "text.en.yaml", words);
}

struct writing {
    const struct rules *rules;
    struct engine *engine;
    struct store *store;
    struct decision decision;
    int64_t now_ms;
};

static void perform(struct writing *it, struct command command)
{
    command.now_ms = it->now_ms;
    command.rostered = ~UINT64_C(0);
    (void)snprintf(command.actor, sizeof(command.actor), "test");
    engine_decide(it->engine, &command, &it->decision);
    assert_int_equal(it->decision.refusal, REFUSAL_NONE);
    for (size_t i = 0; i < it->decision.count; i++) {
        assert_int_equal(store_append(it->store, &it->decision.events[i]), STATUS_OK);
        if (it->decision.events[i].type == EVENT_SITE_APPLIED) {
            engine_set_rules(it->engine, it->rules);
        }
        engine_evolve(it->engine, &it->decision.events[i]);
    }
}

static struct site *load_site(const char *dir)
{
    struct site *site = NULL;
    struct site_report *report = site_report_create();
    if (site_load(dir, &site, report) != STATUS_OK) {
        site_report_print(report, stderr);
        fail_msg("the site does not load");
    }
    site_report_destroy(report);
    return site;
}

static void begin_writing(struct writing *it, const struct rig *rig, const struct site *site,
                          const char *local)
{
    const struct store_config config = {.path = rig->journal, .key_dir = rig->keys};
    *it = (struct writing){.engine = engine_create(), .rules = site_rules(site)};
    assert_int_equal(site_local_to_utc(site, local, &it->now_ms), STATUS_OK);
    assert_int_equal(store_open(&config, &it->store, NULL, 0), STATUS_OK);
    assert_int_equal(store_begin(it->store), STATUS_OK);
    assert_int_equal(store_put_site(it->store, site_rules(site)->hash, site_text(site), it->now_ms),
                     STATUS_OK);
    engine_set_rules(it->engine, site_rules(site));
    perform(it, (struct command){.type = COMMAND_APPLY_SITE, .rules = site_rules(site)});
}

static void end_writing(struct writing *it)
{
    assert_int_equal(store_commit(it->store), STATUS_OK);
    store_close(it->store);
    decision_free(&it->decision);
    engine_destroy(it->engine);
}

static void write_issue(struct writing *it, const char *service)
{
    struct command issue = {.type = COMMAND_ISSUE};
    ulid_make(it->now_ms, issue.ticket_id);
    (void)snprintf(issue.service, sizeof(issue.service), "%s", service);
    perform(it, issue);
}

/* So many who wait, written into the journal before the start. */
static void write_crowd(struct rig *rig, const struct site *site, int count)
{
    struct writing it;
    begin_writing(&it, rig, site, "2026-11-24T09:00");
    perform(&it, (struct command){.type = COMMAND_OPEN_DAY, .day = "2026-11-24"});
    for (int i = 0; i < CROWD_COUNTERS; i++) {
        struct command open = {.type = COMMAND_OPEN_COUNTER};
        (void)snprintf(open.counter, sizeof(open.counter), "%d", i + 1);
        perform(&it, open);
    }
    for (int i = 0; i < count; i++) {
        char service[8];
        (void)snprintf(service, sizeof(service), "s%d", i % CROWD_SERVICES);
        it.now_ms += 300;
        write_issue(&it, service);
    }
    end_writing(&it);
}

static bool has_forecast(const json_t *forecast)
{
    return !json_is_null(json_object_get(forecast, "as_of"));
}

/* No bound on the time here, but the commands outrun the forecasts by far: they do not take turns. */
static void ten_thousand_who_wait_do_not_hold_commands_up(void **state)
{
    struct rig *rig = *state;
    char dir[120];
    (void)snprintf(dir, sizeof(dir), "%s/site", rig->dir);
    write_crowd_site(dir);
    struct site *site = load_site(dir);
    write_crowd(rig, site, CROWD);
    site_destroy(site);
    rig->site_dir = dir;
    rig_start(rig);
    json_t *forecast = await(rig, "/api/forecast", has_forecast);
    assert_int_equal(json_integer_value(json_object_get(forecast, "waiting_total")), CROWD);
    json_decref(forecast);
    const int64_t began = kit_now_ms();
    for (int i = 0; i < 100; i++) {
        const char *counter = i % 2 == 0 ? "1" : "2";
        serve_one(rig, counter);
        assert_int_equal(rig_counter(rig, counter, "finish", NULL), 200);
    }
    const int64_t took = kit_now_ms() - began;
    forecast = get(rig, "/api/forecast");
    (void)printf("        300 commands in %d ms beside forecasts of %.0f ms each\n", (int)took,
                 json_number_value(json_object_get(forecast, "took_ms")));
    json_decref(forecast);
    rig->site_dir = NULL;
}

struct recalling {
    struct rig *rig;
    atomic_bool stop;
};

/* Something happens all the time, so that each forecast is out of date when it is made. */
static void *recall_for_ever(void *argument)
{
    struct recalling *it = argument;
    while (!atomic_load(&it->stop)) {
        CHECK(rig_counter(it->rig, "1", "recall", NULL) == 200);
        (void)poll(NULL, 0, 10);
    }
    return NULL;
}

static long forecasts_made(struct rig *rig)
{
    static const char name[] = "\nquarter_forecasts_total ";
    struct reply reply;
    (void)rig_expect(rig, &(struct ask){.method = "GET", .path = "/metrics"}, 200, &reply);
    const char *line = strstr(reply.body, name);
    assert_non_null(line);
    const long made = strtol(line + sizeof(name) - 1, NULL, 10);
    reply_free(&reply);
    return made;
}

/* Forecasts and questions take turns. The question is a wrong one, so that no time goes into its answer. */
static void a_question_does_not_wait_for_a_calm_moment(void **state)
{
    enum { QUESTIONS = 8 };
    struct rig *rig = *state;
    char dir[120];
    pthread_t thread;
    struct recalling recalling = {.rig = rig};
    (void)snprintf(dir, sizeof(dir), "%s/site", rig->dir);
    write_crowd_site(dir);
    struct site *site = load_site(dir);
    write_crowd(rig, site, CROWD / 20);
    site_destroy(site);
    rig->site_dir = dir;
    rig_start(rig);
    assert_int_equal(rig_counter(rig, "1", "next", NULL), 200);
    settle(rig);
    assert_int_equal(pthread_create(&thread, NULL, recall_for_ever, &recalling), 0);
    const long before = forecasts_made(rig);
    for (int i = 0; i < QUESTIONS; i++) {
        rig_expect_problem(rig,
                           &(struct ask){.method = "POST",
                                         .path = "/api/what-if",
                                         .body = "{\"moves\":[{\"move\":\"open\","
                                                 "\"counter\":\"none\"}]}"},
                           "unknown-counter");
    }
    const long made = forecasts_made(rig) - before;
    atomic_store(&recalling.stop, true);
    assert_int_equal(pthread_join(thread, NULL), 0);
    rig->site_dir = NULL;
    if (made > QUESTIONS + 4) {
        fail_msg("%ld forecasts went before %d questions", made, QUESTIONS);
    }
}

/* --- a long history ------------------------------------------------------------------------- */

static void write_history(struct rig *rig, const struct site *site, int days)
{
    struct writing it;
    begin_writing(&it, rig, site, "2026-06-01T09:00");
    const int64_t start_ms = it.now_ms;
    for (int day = 0; day < days; day++) {
        it.now_ms = start_ms + INT64_C(86400000) * day;
        struct command open = {.type = COMMAND_OPEN_DAY};
        site_local_day(site, it.now_ms, open.day);
        perform(&it, open);
        perform(&it, (struct command){.type = COMMAND_OPEN_COUNTER, .counter = "1"});
        for (int i = 0; i < 60; i++) {
            static const enum command_type steps[] = {COMMAND_NEXT, COMMAND_START, COMMAND_FINISH};
            write_issue(&it, i % 3 == 0 ? "housing" : "parking");
            for (size_t step = 0; step < 3; step++) {
                it.now_ms += step == 2 ? 240000 : 20000;
                perform(&it, (struct command){.type = steps[step], .counter = "1"});
            }
        }
        perform(&it, (struct command){.type = COMMAND_CLOSE_DAY});
    }
    end_writing(&it);
}

static void a_long_history_is_learned_beside_the_work(void **state)
{
    struct rig *rig = *state;
    struct site *site = load_site("tests/unit/sites/good");
    write_history(rig, site, 80);
    site_destroy(site);
    rig_start(rig);
    json_t *score = get(rig, "/api/forecast/score"); /* the first answer does not wait for it */
    assert_false(is_caught_up(score));
    json_decref(score);
    occupy(rig);
    settle(rig);
    json_decref(await(rig, "/api/forecast/score", is_caught_up));
    assert_true(journal_length(rig) > 80 * 240);
    json_decref(post(rig, "/api/day/close", "{}", 200));
    await_kept(rig);
    rig_halt(rig);
    rig->local = "2026-11-25T07:00";
    rig_start(rig);
    json_decref(await(rig, "/api/forecast/score", is_caught_up));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_new_ticket_is_told_how_long_it_takes),
        TEST(who_comes_right_behind_another_is_told_a_longer_wait),
        TEST(forecasts_are_refined_while_somebody_waits),
        TEST(whoever_needs_something_is_told_the_wait_for_it),
        TEST(booked_visitors_and_late_hand_overs_are_told_nothing_at_issue),
        TEST(promises_are_scored_at_the_first_call),
        TEST(what_was_learned_outlives_the_server),
        TEST(damaged_learning_is_learned_again),
        TEST(a_delay_is_announced_before_the_promise_breaks),
        TEST(what_ifs_are_answered_and_wrong_ones_refused),
        TEST(too_many_questions_are_too_busy_and_a_stop_answers_all),
        TEST(without_forecasts_nothing_is_told),
        TEST(ten_thousand_who_wait_do_not_hold_commands_up),
        TEST(a_question_does_not_wait_for_a_calm_moment),
        TEST(a_long_history_is_learned_beside_the_work),
    };
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    curl_global_cleanup();
    return failed;
}
