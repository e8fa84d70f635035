/* The journal day by day: transactions, replay, answers, sites, readers, and files that are not
 * ours or damaged. */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/store_parts.h"
#include "store_kit.h"

static int set_up(void **state)
{
    struct kit *kit = malloc(sizeof *kit);
    kit_set_up(kit, 1);
    *state = kit;
    return 0;
}

static int tear_down(void **state)
{
    kit_tear_down(*state);
    free(*state);
    return 0;
}

static void append(struct store *store, enum event_type type, int number)
{
    struct event event = kit_event(type, number);
    assert_int_equal(store_append(store, &event), STATUS_OK);
    assert_int_equal(event.seq, store_last_seq(store));
    assert_int_equal(strlen(event.id), QUARTER_ULID_LEN);
}

/* Seqs that were seen, in order. */
struct seen {
    int count, stop_at;
    int64_t seqs[200];
    enum event_type types[200];
};

static enum status see(void *context, const struct event *event)
{
    struct seen *seen = context;
    if (seen->stop_at > 0 && seen->count == seen->stop_at)
        return STATUS_BUSY;
    assert_true(seen->count < 200);
    seen->seqs[seen->count] = event->seq;
    seen->types[seen->count++] = event->type;
    return STATUS_OK;
}

static enum status see_row(void *context, const struct event *event, const char *body)
{
    assert_int_equal(body[0], '{');
    return see(context, event);
}

/* Another hand on the file. */
static void run_sql(const struct kit *kit, const char *sql)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open_v2(kit->config.path, &db,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, kit->config.vfs),
                     SQLITE_OK);
    char *error = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK)
        fail_msg("%s: %s", sql, error);
    sqlite3_close(db);
}

static void what_was_committed_is_there_after_a_restart(void **state)
{
    struct kit *kit = *state;
    assert_int_equal(kit_open(kit), STATUS_OK);
    assert_int_equal(store_last_seq(kit->store), 0);
    assert_int_equal(store_begin(kit->store), STATUS_OK);
    append(kit->store, EVENT_DAY_OPENED, 0);
    append(kit->store, EVENT_TICKET_ISSUED, 1);
    assert_int_equal(store_commit(kit->store), STATUS_OK);
    kit_close(kit);

    assert_int_equal(kit_open(kit), STATUS_OK);
    assert_int_equal(store_last_seq(kit->store), 2);
    struct seen seen = {0};
    assert_int_equal(store_replay(kit->store, see, &seen), STATUS_OK);
    assert_int_equal(seen.count, 2);
}

static void what_was_rolled_back_never_was(void **state)
{
    struct kit *kit = *state;
    assert_int_equal(kit_open(kit), STATUS_OK);
    assert_int_equal(store_begin(kit->store), STATUS_OK);
    append(kit->store, EVENT_DAY_OPENED, 0);
    assert_int_equal(store_put_site(kit->store, "h", "text", 1), STATUS_OK);
    store_rollback(kit->store);
    assert_int_equal(store_last_seq(kit->store), 0);
    char *text = NULL;
    assert_int_equal(store_get_site(kit->store, "h", &text), STATUS_NOT_FOUND);

    assert_int_equal(store_begin(kit->store), STATUS_OK);
    append(kit->store, EVENT_COUNTER_OPENED, 0);
    kit_close(kit); /* closing rolls back */
    assert_int_equal(kit_open(kit), STATUS_OK);
    assert_int_equal(store_last_seq(kit->store), 0);
}

static void replay_starts_at_the_newest_day(void **state)
{
    struct kit *kit = *state;
    assert_int_equal(kit_open(kit), STATUS_OK);
    struct seen none = {0};
    assert_int_equal(store_replay(kit->store, see, &none), STATUS_OK);
    assert_int_equal(none.count, 0);

    assert_int_equal(store_begin(kit->store), STATUS_OK);
    append(kit->store, EVENT_SITE_APPLIED, 0);
    assert_int_equal(store_commit(kit->store), STATUS_OK);
    struct seen before = {0};
    assert_int_equal(store_replay(kit->store, see, &before), STATUS_OK);
    assert_int_equal(before.count, 1); /* no day yet: all there is */

    assert_int_equal(store_begin(kit->store), STATUS_OK);
    for (int day = 0; day < 3; day++) {
        append(kit->store, EVENT_DAY_OPENED, day);
        for (int i = 0; i < 10; i++)
            append(kit->store, EVENT_TICKET_ISSUED, i);
    }
    assert_int_equal(store_commit(kit->store), STATUS_OK);
    struct seen seen = {0};
    assert_int_equal(store_replay(kit->store, see, &seen), STATUS_OK);
    assert_int_equal(seen.count, 11);
    assert_int_equal(seen.types[0], EVENT_DAY_OPENED);
    assert_int_equal(seen.seqs[0], 24);
    assert_int_equal(seen.seqs[10], 34);
}

/* Nothing but what came after the day before. */
static void the_eve_of_a_day_is_what_came_since_the_day_before(void **state)
{
    struct kit *kit = *state;
    assert_int_equal(kit_open(kit), STATUS_OK);
    struct seen none = {0};
    assert_int_equal(store_replay_eve(kit->store, see, &none), STATUS_OK);
    assert_int_equal(store_begin(kit->store), STATUS_OK);
    append(kit->store, EVENT_SITE_APPLIED, 0);
    append(kit->store, EVENT_DAY_OPENED, 0);
    append(kit->store, EVENT_TICKET_ISSUED, 1);
    append(kit->store, EVENT_DAY_CLOSED, 0);
    assert_int_equal(store_commit(kit->store), STATUS_OK);
    assert_int_equal(store_replay_eve(kit->store, see, &none), STATUS_OK);
    assert_int_equal(none.count, 1); /* the site */
    assert_int_equal(store_begin(kit->store), STATUS_OK);
    append(kit->store, EVENT_HELP_CALLED, 1);
    append(kit->store, EVENT_HELP_ANSWERED, 1);
    append(kit->store, EVENT_DAY_OPENED, 1);
    append(kit->store, EVENT_DAY_CLOSED, 1);
    append(kit->store, EVENT_DAY_OPENED, 1);
    assert_int_equal(store_commit(kit->store), STATUS_OK);
    struct seen eve = {0};
    assert_int_equal(store_replay_eve(kit->store, see, &eve), STATUS_OK);
    assert_int_equal(eve.count, 2);
    assert_int_equal(eve.seqs[0], 5);
}

static void a_day_that_was_opened_twice_is_replayed_whole(void **state)
{
    struct kit *kit = *state;
    assert_int_equal(kit_open(kit), STATUS_OK);
    assert_int_equal(store_begin(kit->store), STATUS_OK);
    static const int days[] = {0, 1, 1, 1};
    for (int i = 0; i < 4; i++) {
        append(kit->store, EVENT_DAY_OPENED, days[i]);
        append(kit->store, EVENT_TICKET_ISSUED, i);
    }
    assert_int_equal(store_commit(kit->store), STATUS_OK);
    struct seen seen = {0};
    assert_int_equal(store_replay(kit->store, see, &seen), STATUS_OK);
    assert_int_equal(seen.count, 6);
    assert_int_equal(seen.seqs[0], 3);
}

static void a_replay_ends_with_what_its_reader_says(void **state)
{
    struct kit *kit = *state;
    assert_int_equal(kit_open(kit), STATUS_OK);
    assert_int_equal(store_begin(kit->store), STATUS_OK);
    for (int i = 0; i < 5; i++)
        append(kit->store, EVENT_TICKET_ISSUED, i);
    assert_int_equal(store_commit(kit->store), STATUS_OK);
    struct seen seen = {.stop_at = 3};
    assert_int_equal(store_replay(kit->store, see, &seen), STATUS_BUSY);
    assert_int_equal(seen.count, 3);
    seen = (struct seen){0};
    assert_int_equal(store_replay(kit->store, see, &seen), STATUS_OK);
    assert_int_equal(seen.count, 5);
}

static void identifiers_grow_over_restarts_within_one_millisecond(void **state)
{
    struct kit *kit = *state;
    char last[QUARTER_ULID_LEN + 1] = "";
    for (int restart = 0; restart < 20; restart++) {
        assert_int_equal(kit_open(kit), STATUS_OK);
        assert_int_equal(store_begin(kit->store), STATUS_OK);
        struct event event = kit_event(EVENT_COUNTER_OPENED, 1);
        assert_int_equal(store_append(kit->store, &event), STATUS_OK);
        assert_true(strcmp(event.id, last) > 0);
        memcpy(last, event.id, sizeof last);
        assert_int_equal(store_commit(kit->store), STATUS_OK);
        kit_close(kit);
    }
}

static void a_check_counts_the_events(void **state)
{
    struct kit *kit = *state;
    assert_int_equal(kit_open(kit), STATUS_OK);
    assert_int_equal(store_begin(kit->store), STATUS_OK);
    for (int i = 0; i < 4; i++)
        append(kit->store, EVENT_COUNTER_OPENED, i);
    assert_int_equal(store_commit(kit->store), STATUS_OK);
    kit_close(kit);
    run_sql(kit, "DELETE FROM event WHERE seq IN (1, 3)");
    struct store_reader *reader = NULL;
    assert_int_equal(store_reader_open(&kit->config, &reader), STATUS_OK);
    assert_int_equal(store_reader_check(reader), STATUS_CORRUPT);
    assert_string_equal(store_reader_error(reader), "2 events are missing from the journal");
    store_reader_close(reader);
}

static enum status put_answer(struct kit *kit, const char *key, int64_t at_ms,
                              const struct stored_answer *answer)
{
    const struct keyed_request request = {"local", key, "a body"};
    return store_put_answer(kit->store, &request, "2026-11-24", at_ms, answer);
}

static enum status find_answer(struct kit *kit, const char *actor, const char *key,
                               struct stored_answer *answer)
{
    const struct keyed_request request = {actor, key, "a body"};
    return store_find_answer(kit->store, &request, answer);
}

static void answers_are_kept_by_actor_and_key(void **state)
{
    struct kit *kit = *state;
    assert_int_equal(kit_open(kit), STATUS_OK);
    assert_int_equal(store_begin(kit->store), STATUS_OK);
    struct stored_answer put = {.http_status = 201}, got = {0};
    char body[] = "{\"number\":\"H07\"}";
    put.body = body;
    assert_int_equal(put_answer(kit, "key-0001", 1000, &put), STATUS_OK);
    /* Seen by the next command of the same batch. */
    assert_int_equal(find_answer(kit, "local", "key-0001", &got), STATUS_OK);
    free(got.body);
    assert_int_equal(store_commit(kit->store), STATUS_OK);

    assert_int_equal(find_answer(kit, "local", "key-0001", &got), STATUS_OK);
    assert_string_equal(got.body, body);
    assert_int_equal(got.http_status, 201);
    free(got.body);
    assert_int_equal(find_answer(kit, "device:kiosk-1", "key-0001", &got), STATUS_NOT_FOUND);
    assert_int_equal(find_answer(kit, "local", "key-0002", &got), STATUS_NOT_FOUND);
}

static void a_second_answer_to_a_key_spoils_its_transaction(void **state)
{
    struct kit *kit = *state;
    assert_int_equal(kit_open(kit), STATUS_OK);
    char body[] = "{}";
    const struct stored_answer answer = {.http_status = 200, .body = body};
    assert_int_equal(store_begin(kit->store), STATUS_OK);
    assert_int_equal(put_answer(kit, "key-0001", 1000, &answer), STATUS_OK);
    assert_int_equal(store_commit(kit->store), STATUS_OK);

    assert_int_equal(store_begin(kit->store), STATUS_OK);
    append(kit->store, EVENT_DAY_OPENED, 0);
    assert_int_equal(put_answer(kit, "key-0001", 1001, &answer), STATUS_CONFLICT);
    assert_int_equal(store_commit(kit->store), STATUS_CONFLICT);
    assert_int_equal(store_last_seq(kit->store), 0);

    assert_int_equal(store_begin(kit->store), STATUS_OK);
    append(kit->store, EVENT_DAY_OPENED, 0);
    assert_int_equal(store_commit(kit->store), STATUS_OK);
    assert_int_equal(store_last_seq(kit->store), 1);
}

static void old_answers_are_dropped(void **state)
{
    struct kit *kit = *state;
    assert_int_equal(kit_open(kit), STATUS_OK);
    char body[] = "{}", key[16];
    struct stored_answer answer = {.http_status = 200, .body = body}, got = {0};
    assert_int_equal(store_begin(kit->store), STATUS_OK);
    for (int i = 0; i < 20; i++) {
        snprintf(key, sizeof key, "key-%04d", i);
        assert_int_equal(put_answer(kit, key, 1000 + i, &answer), STATUS_OK);
    }
    assert_int_equal(store_commit(kit->store), STATUS_OK);
    assert_int_equal(store_drop_answers_before(kit->store, 1000), STATUS_OK);
    assert_int_equal(find_answer(kit, "local", "key-0000", &got), STATUS_OK);
    free(got.body);
    assert_int_equal(store_drop_answers_before(kit->store, 1007), STATUS_OK);
    assert_int_equal(find_answer(kit, "local", "key-0006", &got), STATUS_NOT_FOUND);
    assert_int_equal(find_answer(kit, "local", "key-0007", &got), STATUS_OK);
    free(got.body);
    assert_int_equal(store_drop_answers_before(kit->store, 5000), STATUS_OK);
    assert_int_equal(find_answer(kit, "local", "key-0019", &got), STATUS_NOT_FOUND);
}

static void answers_are_found_after_they_were_put_by(void **state)
{
    struct kit *kit = *state;
    assert_int_equal(kit_open(kit), STATUS_OK);
    char body[] = "{}";
    struct stored_answer answer = {.http_status = 200, .body = body}, got = {0};
    for (int day = 0; day < 3; day++) {
        assert_int_equal(store_begin(kit->store), STATUS_OK);
        assert_int_equal(put_answer(kit,
                                    day == 0   ? "key-0001"
                                    : day == 1 ? "key-0002"
                                               : "key-0003",
                                    1000 + day, &answer),
                         STATUS_OK);
        assert_int_equal(store_commit(kit->store), STATUS_OK);
        assert_int_equal(store_drop_answers_before(kit->store, 1), STATUS_OK);
        assert_int_equal(find_answer(kit, "local", "key-0001", &got), STATUS_OK);
        free(got.body);
        assert_int_equal(store_begin(kit->store), STATUS_OK);
        assert_int_equal(put_answer(kit, "key-0001", 2000, &answer), STATUS_CONFLICT);
        store_rollback(kit->store);
    }
}

static void idle_moments_fold_the_log_back(void **state)
{
    struct kit *kit = *state;
    assert_int_equal(kit_open(kit), STATUS_OK);
    kit->store->fold_at_pages = 1 << 20; /* never by a commit */
    char body[4000];
    memset(body, 'x', sizeof body - 1);
    body[sizeof body - 1] = '\0';
    assert_int_equal(store_begin(kit->store), STATUS_OK);
    for (int i = 0; i < 300; i++) {
        char hash[8];
        snprintf(hash, sizeof hash, "%d", i);
        assert_int_equal(store_put_site(kit->store, hash, body, 1), STATUS_OK);
    }
    int64_t before = forgetful_calls(kit->disk);
    store_idle(kit->store); /* not within a transaction */
    assert_int_equal(forgetful_calls(kit->disk), before);
    assert_int_equal(store_commit(kit->store), STATUS_OK);
    before = forgetful_calls(kit->disk);
    store_idle(kit->store);
    assert_true(forgetful_calls(kit->disk) > before + 256);
    before = forgetful_calls(kit->disk);
    store_idle(kit->store); /* nothing is left to do */
    assert_int_equal(forgetful_calls(kit->disk), before);
    /* The log starts anew, and is counted anew. */
    assert_int_equal(store_begin(kit->store), STATUS_OK);
    append(kit->store, EVENT_DAY_OPENED, 0);
    assert_int_equal(store_commit(kit->store), STATUS_OK);
    assert_true(kit->store->log_pages < 20);
    assert_int_equal(kit->store->folded_pages, 0);
}

static void a_site_file_is_kept_by_its_hash(void **state)
{
    struct kit *kit = *state;
    assert_int_equal(kit_open(kit), STATUS_OK);
    assert_int_equal(store_begin(kit->store), STATUS_OK);
    assert_int_equal(store_put_site(kit->store, "aa", "site: one\n", 1), STATUS_OK);
    assert_int_equal(store_put_site(kit->store, "aa", "site: one\n", 2),
                     STATUS_OK); /* applied again */
    assert_int_equal(store_put_site(kit->store, "bb", "", 3), STATUS_OK);
    assert_int_equal(store_commit(kit->store), STATUS_OK);
    char *text = NULL;
    assert_int_equal(store_get_site(kit->store, "aa", &text), STATUS_OK);
    assert_string_equal(text, "site: one\n");
    free(text);
    assert_int_equal(store_get_site(kit->store, "bb", &text), STATUS_OK);
    assert_string_equal(text, "");
    free(text);
}

static void apply_site(struct store *store, const char *hash, const char *text)
{
    struct event event = kit_event(EVENT_SITE_APPLIED, 0);
    (void)snprintf(event.body.site.hash, sizeof(event.body.site.hash), "%s", hash);
    assert_int_equal(store_put_site(store, hash, text, 1), STATUS_OK);
    assert_int_equal(store_append(store, &event), STATUS_OK);
}

static void expect_last_site(struct store *store, const char *expected)
{
    char *text = NULL;
    assert_int_equal(store_last_site(store, &text), STATUS_OK);
    assert_string_equal(text, expected);
    free(text);
}

static void the_last_site_is_the_one_that_was_applied_last(void **state)
{
    struct kit *kit = *state;
    char *text = NULL;
    assert_int_equal(kit_open(kit), STATUS_OK);
    assert_int_equal(store_last_site(kit->store, &text), STATUS_NOT_FOUND);
    assert_int_equal(store_begin(kit->store), STATUS_OK);
    apply_site(kit->store, "aa", "site: one\n"); /* before any day */
    expect_last_site(kit->store, "site: one\n");
    append(kit->store, EVENT_DAY_OPENED, 0);
    apply_site(kit->store, "aa", "site: one\n");
    apply_site(kit->store, "bb", "site: two\n");
    expect_last_site(kit->store, "site: two\n");
    apply_site(kit->store, "aa", "site: one\n"); /* an older one again */
    append(kit->store, EVENT_DAY_CLOSED, 0);
    assert_int_equal(store_commit(kit->store), STATUS_OK);
    expect_last_site(kit->store, "site: one\n");
}

static bool keeps_site(struct store *store, const char *hash)
{
    char *text = NULL;
    const enum status status = store_get_site(store, hash, &text);
    assert_true(status == STATUS_OK || status == STATUS_NOT_FOUND);
    free(text);
    return status == STATUS_OK;
}

/* Edited all day long; only under one of them was a ticket given out. */
static void sites_that_nothing_refers_to_are_dropped(void **state)
{
    struct kit *kit = *state;
    assert_int_equal(kit_open(kit), STATUS_OK);
    assert_int_equal(store_begin(kit->store), STATUS_OK);
    append(kit->store, EVENT_DAY_OPENED, 0);
    apply_site(kit->store, "aa", "site: one\n");
    apply_site(kit->store, "bb", "site: two\n");
    append(kit->store, EVENT_TICKET_ISSUED, 0);
    assert_int_equal(store_keep_site(kit->store, "bb"), STATUS_OK);
    assert_int_equal(store_keep_site(kit->store, "bb"), STATUS_OK); /* another ticket */
    apply_site(kit->store, "cc", "site: three\n");
    assert_int_equal(store_commit(kit->store), STATUS_OK);
    assert_int_equal(store_drop_sites(kit->store), STATUS_OK);
    assert_true(keeps_site(kit->store, "aa")); /* a start reads this day */
    assert_int_equal(store_begin(kit->store), STATUS_OK);
    struct event event = kit_event(EVENT_DAY_OPENED, 1);
    (void)snprintf(event.day, sizeof(event.day), "2100-01-01");
    assert_int_equal(store_append(kit->store, &event), STATUS_OK);
    apply_site(kit->store, "cc", "site: three\n");
    assert_int_equal(store_commit(kit->store), STATUS_OK);
    assert_int_equal(store_drop_sites(kit->store), STATUS_OK);
    assert_false(keeps_site(kit->store, "aa"));
    assert_true(keeps_site(kit->store, "bb"));
    assert_true(keeps_site(kit->store, "cc"));
    kit_close(kit);
    assert_int_equal(kit_open(kit), STATUS_OK);
    assert_false(keeps_site(kit->store, "aa"));
}

static void a_reader_follows_the_writer(void **state)
{
    struct kit *kit = *state;
    struct store_reader *reader = NULL;
    assert_int_equal(kit_open(kit), STATUS_OK);
    assert_int_equal(store_reader_open(&kit->config, &reader), STATUS_OK);
    assert_int_equal(store_begin(kit->store), STATUS_OK);
    for (int i = 0; i < 40; i++)
        append(kit->store, (enum event_type)(i % KIT_EVENT_TYPES), i);
    struct seen seen = {0};
    assert_int_equal(store_read_after(reader, 0, 100, see_row, &seen), STATUS_OK);
    assert_int_equal(seen.count, 0); /* not before the commit */
    assert_int_equal(store_commit(kit->store), STATUS_OK);
    assert_int_equal(store_read_after(reader, 0, 25, see_row, &seen), STATUS_OK);
    assert_int_equal(seen.count, 25);
    assert_int_equal(store_read_after(reader, seen.seqs[24], 100, see_row, &seen), STATUS_OK);
    assert_int_equal(seen.count, 40);
    assert_int_equal(seen.seqs[39], 40);
    assert_int_equal(store_reader_check(reader), STATUS_OK);
    store_reader_close(reader);
}

static void there_is_one_writer(void **state)
{
    struct kit *kit = *state;
    assert_int_equal(kit_open(kit), STATUS_OK);
    struct store *second = NULL;
    char error[400];
    assert_int_equal(store_open(&kit->config, &second, error, sizeof error), STATUS_BUSY);
    assert_non_null(strstr(error, "another queue-server is running on this data"));
}

static void a_newer_programs_file_is_refused_and_left_alone(void **state)
{
    struct kit *kit = *state;
    assert_int_equal(kit_open(kit), STATUS_OK);
    kit_close(kit);
    run_sql(kit, "PRAGMA journal_mode = DELETE; PRAGMA user_version = 4242");
    int64_t calls = forgetful_calls(kit->disk);
    assert_int_equal(kit_open(kit), STATUS_CORRUPT);
    assert_non_null(strstr(kit->error, "written by a newer Quarter (tables of version 4242"));
    assert_int_equal(forgetful_calls(kit->disk), calls + 1); /* it was opened, and nothing else */
}

static void another_programs_database_is_refused(void **state)
{
    struct kit *kit = *state;
    run_sql(kit, "CREATE TABLE moz_places(id INTEGER)");
    assert_int_equal(kit_open(kit), STATUS_CORRUPT);
    assert_non_null(strstr(kit->error, "not a journal of Quarter"));
}

static void events_of_a_newer_program_are_never_skipped(void **state)
{
    static const struct {
        const char *sql, *says;
    } cases[] = {
        {"UPDATE event SET type = 'ticket_blessed' WHERE seq = 2",
         "event 2 is of a kind this program does not know"},
        {"UPDATE event SET version = 3 WHERE seq = 2", "event 2 (counter_opened) is of version 3"},
        {"UPDATE event SET version = 0 WHERE seq = 2", "event 2 is damaged"},
        {"UPDATE event SET body = '{' WHERE seq = 2", "event 2: its body is no JSON object"},
        {"UPDATE event SET actor = printf('%.*c', 65, 'x') WHERE seq = 2", "event 2 is damaged"},
        {"UPDATE event SET occurred_at = -1 WHERE seq = 2", "event 2 is damaged"},
        {"UPDATE event SET at = 253402300800000 WHERE seq = 2", "event 2 is damaged"},
        {"DELETE FROM event WHERE seq = 2", "event 2 is missing"},
    };
    struct kit *kit = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        run_sql(kit, "DROP TABLE IF EXISTS saved");
        assert_int_equal(kit_open(kit), STATUS_OK);
        if (i == 0) {
            assert_int_equal(store_begin(kit->store), STATUS_OK);
            append(kit->store, EVENT_DAY_OPENED, 0);
            append(kit->store, EVENT_COUNTER_OPENED, 1);
            append(kit->store, EVENT_COUNTER_CLOSED, 2);
            assert_int_equal(store_commit(kit->store), STATUS_OK);
        }
        kit_close(kit);
        run_sql(kit, "CREATE TABLE saved AS SELECT * FROM event");
        run_sql(kit, cases[i].sql);
        assert_int_equal(kit_open(kit), STATUS_OK);
        struct seen seen = {0};
        assert_int_equal(store_replay(kit->store, see, &seen), STATUS_CORRUPT);
        if (!strstr(store_error(kit->store), cases[i].says))
            fail_msg("%s: says \"%s\"", cases[i].sql, store_error(kit->store));
        assert_int_equal(seen.count, 1);
        kit_close(kit);
        run_sql(kit, "DELETE FROM event; INSERT INTO event SELECT * FROM saved");
    }
}

static void a_damaged_file_is_told_as_such(void **state)
{
    struct kit *kit = *state;
    assert_int_equal(kit_open(kit), STATUS_OK);
    assert_int_equal(store_begin(kit->store), STATUS_OK);
    for (int i = 0; i < 150; i++)
        append(kit->store, EVENT_TICKET_ISSUED, i);
    assert_int_equal(store_commit(kit->store), STATUS_OK);
    kit_close(kit);

    /* Pages of the events' tree, somewhere past the schema. */
    forgetful_damage(kit->disk, "journal.db", 4096L * 10, 4096 * 4);
    struct store_reader *reader = NULL;
    assert_int_equal(store_reader_open(&kit->config, &reader), STATUS_OK);
    assert_int_equal(store_reader_check(reader), STATUS_CORRUPT);
    assert_non_null(strstr(store_reader_error(reader), "restore the latest backup"));
    store_reader_close(reader);
    enum status status = kit_open(kit);
    struct seen seen = {0};
    if (status == STATUS_OK)
        status = store_replay(kit->store, see, &seen);
    assert_int_equal(status, STATUS_CORRUPT);
    kit_close(kit);

    forgetful_damage(kit->disk, "journal.db", 0, 100);
    assert_int_equal(kit_open(kit), STATUS_CORRUPT);
    assert_non_null(strstr(kit->error, "journal.db"));
    assert_non_null(strstr(kit->error, "the file is damaged: restore the latest backup"));
}

static void a_reader_needs_a_journal(void **state)
{
    struct kit *kit = *state;
    struct store_reader *reader = NULL;

    assert_int_equal(store_reader_open(&kit->config, &reader), STATUS_IO);
    assert_null(reader);
}

#define WITH_KIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_KIT(what_was_committed_is_there_after_a_restart),
        WITH_KIT(what_was_rolled_back_never_was),
        WITH_KIT(replay_starts_at_the_newest_day),
        WITH_KIT(the_eve_of_a_day_is_what_came_since_the_day_before),
        WITH_KIT(a_day_that_was_opened_twice_is_replayed_whole),
        WITH_KIT(a_replay_ends_with_what_its_reader_says),
        WITH_KIT(identifiers_grow_over_restarts_within_one_millisecond),
        WITH_KIT(a_check_counts_the_events),
        WITH_KIT(answers_are_kept_by_actor_and_key),
        WITH_KIT(a_second_answer_to_a_key_spoils_its_transaction),
        WITH_KIT(old_answers_are_dropped),
        WITH_KIT(answers_are_found_after_they_were_put_by),
        WITH_KIT(idle_moments_fold_the_log_back),
        WITH_KIT(a_site_file_is_kept_by_its_hash),
        WITH_KIT(the_last_site_is_the_one_that_was_applied_last),
        WITH_KIT(sites_that_nothing_refers_to_are_dropped),
        WITH_KIT(a_reader_follows_the_writer),
        WITH_KIT(there_is_one_writer),
        WITH_KIT(a_newer_programs_file_is_refused_and_left_alone),
        WITH_KIT(another_programs_database_is_refused),
        WITH_KIT(events_of_a_newer_program_are_never_skipped),
        WITH_KIT(a_damaged_file_is_told_as_such),
        WITH_KIT(a_reader_needs_a_journal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
