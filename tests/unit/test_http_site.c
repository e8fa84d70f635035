/* The site file is changed while the server runs, in the middle of a day, with real files: a good one is in force soon,
 * a bad one never, and no visit notices. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>
#include <semaphore.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "http/site_watch.h"
#include "http_rig.h"
#include "http_stream.h"
#include "quarter/check.h"

static const char good[] = "tests/unit/sites/good";
static const char *const files[] = {"site.yaml", "text.en.yaml", "text.pl.yaml"};

struct fixture {
    struct rig rig;
    char dir[64];
};

static char *read_file(const char *dir, const char *name)
{
    char path[200];
    static char text[65536];
    (void)snprintf(path, sizeof(path), "%s/%s", dir, name);
    FILE *file = fopen(path, "re");
    CHECK(file != NULL);
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    (void)fclose(file);
    return text;
}

static void write_file(const char *dir, const char *name, const char *text)
{
    char path[200];
    (void)snprintf(path, sizeof(path), "%s/%s", dir, name);
    FILE *file = fopen(path, "we");
    CHECK(file != NULL);
    CHECK(fputs(text, file) >= 0 && fclose(file) == 0);
}

/* As careful editors do: another file, then its name. */
static void rename_over(const char *dir, const char *name, const char *text)
{
    char from[200], to[200];
    write_file(dir, "new.tmp", text);
    (void)snprintf(from, sizeof(from), "%s/new.tmp", dir);
    (void)snprintf(to, sizeof(to), "%s/%s", dir, name);
    CHECK(rename(from, to) == 0);
}

/* The good site with one thing put for another; the caller frees. */
static char *changed(const char *from, const char *to)
{
    const char *text = read_file(good, "site.yaml");
    const char *at = strstr(text, from);
    CHECK(at != NULL);
    char *result = NULL;
    CHECK(asprintf(&result, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from)) > 0);
    return result;
}

static int set_up(void **state)
{
    struct fixture *it = calloc(1, sizeof(*it));
    CHECK(it != NULL);
    (void)snprintf(it->dir, sizeof(it->dir), "/tmp/quarter-site-XXXXXX");
    CHECK(mkdtemp(it->dir) != NULL);
    rig_write_site(it->dir, NULL, NULL);
    rig_make(&it->rig);
    it->rig.site_dir = it->dir;
    it->rig.watches = true;
    rig_start(&it->rig);
    *state = it;
    return 0;
}

/* The server writes nothing there: then it is empty. */
static void remove_site(const char *dir)
{
    char path[200];
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        (void)snprintf(path, sizeof(path), "%s/%s", dir, files[i]);
        (void)unlink(path);
    }
    CHECK(rmdir(dir) == 0);
}

static int tear_down(void **state)
{
    struct fixture *it = *state;
    rig_remove(&it->rig);
    remove_site(it->dir);
    free(it);
    return 0;
}

/* The first view that names another site than this one. */
static struct heard view_of_another(struct listener *listener, const char *hash)
{
    struct heard heard;
    while (listener_next_of(listener, "view", &heard)) {
        if (strcmp(rig_text(heard.data, "site_hash"), hash) != 0) {
            return heard;
        }
        heard_free(&heard);
    }
    fail_msg("the stream has ended");
    return heard;
}

static void a_changed_site_is_in_force_without_a_restart(void **state)
{
    struct fixture *it = *state;
    struct rig *rig = &it->rig;
    struct listener board;
    struct heard heard;
    struct reply reply;
    char hash[QUARTER_HASH_LEN + 1], now[QUARTER_HASH_LEN + 1], number[8];
    rig_issue(rig, "parking", number, NULL);
    rig_site_hash(rig, hash);
    listener_open(&board, rig, "/api/boards/kiosk-1/stream", NULL);
    char *text = changed("prefix: P,", "prefix: Q,");
    write_file(it->dir, "site.yaml", text);
    heard = view_of_another(&board, hash);
    rig_site_hash(rig, now);
    assert_string_equal(rig_text(heard.data, "site_hash"), now);
    heard_free(&heard);
    listener_close(&board);
    rig_issue(rig, "parking", number, NULL);
    assert_string_equal(number, "Q01");
    assert_int_equal(rig_counter(rig, "1", "open", NULL), 200);
    assert_int_equal(rig_counter(rig, "1", "next", number), 200);
    assert_string_equal(number, "P01"); /* who waited does still, and goes first */
    rig_halt(rig);
    rig_start(rig); /* the journal knows both sites */
    rig_site_hash(rig, hash);
    assert_string_equal(hash, now);
    const struct ask ask = {.method = "GET", .path = "/api/counters"};
    assert_int_equal(json_array_size(rig_expect(rig, &ask, 200, &reply)), 2);
    reply_free(&reply);
    free(text);
}

static void a_stream_goes_on_with_its_own_counter(void **state)
{
    struct fixture *it = *state;
    struct rig *rig = &it->rig;
    struct listener counter, room;
    struct heard heard;
    char hash[QUARTER_HASH_LEN + 1];
    rig_site_hash(rig, hash);
    assert_int_equal(rig_counter(rig, "1", "open", NULL), 200);
    listener_open(&counter, rig, "/api/counters/1/stream", NULL);
    listener_open(&room, rig, "/api/counters/room-1/stream", NULL);
    /* In another order, and one more. */
    char *text =
        changed("counters:\n  - {code: \"1\", services: [housing, parking], languages: [en], "
                "needs: [bsl]}\n",
                "counters:\n");
    char *all = NULL;
    char *at = strstr(text, "kiosks:");
    CHECK(asprintf(&all,
                   "%.*s  - {code: \"1\", services: [housing, parking], languages: [en], needs: "
                   "[bsl]}\n%s",
                   (int)(at - text), text, at) > 0);
    rename_over(it->dir, "site.yaml", all);
    heard = view_of_another(&counter, hash);
    const json_t *shown = json_object_get(heard.data, "counter");
    assert_string_equal(rig_text(shown, "code"), "1");
    assert_string_equal(rig_text(shown, "state"), "open");
    heard_free(&heard);
    heard = view_of_another(&room, hash);
    shown = json_object_get(heard.data, "counter");
    assert_string_equal(rig_text(shown, "code"), "room-1");
    assert_string_equal(rig_text(shown, "state"), "closed");
    heard_free(&heard);
    listener_close(&room);
    listener_open(&room, rig, "/api/counters/room-1/stream", NULL); /* again */
    assert_true(listener_next_of(&room, "view", &heard));
    shown = json_object_get(heard.data, "counter");
    assert_string_equal(rig_text(shown, "code"), "room-1");
    heard_free(&heard);
    listener_close(&counter);
    listener_close(&room);
    free(all);
    free(text);
}

static void a_bad_site_never_is_in_force(void **state)
{
    struct fixture *it = *state;
    struct rig *rig = &it->rig;
    struct listener board;
    struct heard heard;
    char hash[QUARTER_HASH_LEN + 1], now[QUARTER_HASH_LEN + 1];
    rig_site_hash(rig, hash);
    listener_open(&board, rig, "/api/boards/lobby/stream", NULL);
    char *bad = changed("services: [housing, parking]", "services: [housing, parkin]");
    write_file(it->dir, "site.yaml", bad);
    server_reload_site(rig->server);
    rig_issue(rig, "parking", NULL, NULL);
    rig_site_hash(rig, now);
    assert_string_equal(now, hash);
    /* The next good one is the first other that anybody sees. */
    char *better = changed("typical_min: 7", "typical_min: 9");
    write_file(it->dir, "site.yaml", better);
    server_reload_site(rig->server);
    heard = view_of_another(&board, hash);
    heard_free(&heard);
    struct reply reply;
    const json_t *site =
        rig_expect(rig, &(struct ask){.method = "GET", .path = "/api/site"}, 200, &reply);
    const json_t *services = json_object_get(site, "services");
    assert_int_equal(
        json_integer_value(json_object_get(json_array_get(services, 1), "typical_min")), 9);
    reply_free(&reply);
    listener_close(&board);
    free(bad);
    free(better);
}

static void the_forecast_goes_on_under_another_site(void **state)
{
    struct fixture *it = *state;
    struct rig *rig = &it->rig;
    struct listener board;
    struct heard heard;
    char hash[QUARTER_HASH_LEN + 1];
    rig_site_hash(rig, hash);
    assert_int_equal(rig_counter(rig, "1", "open", NULL), 200);
    listener_open(&board, rig, "/api/boards/lobby/stream", NULL);
    char *text = changed("typical_min: 7", "typical_min: 30");
    write_file(it->dir, "site.yaml", text);
    heard = view_of_another(&board, hash);
    /* What is told of waits is renewed, and tells the need that not every counter meets. */
    bool told = false;
    while (!told) {
        const json_t *housing = json_array_get(json_object_get(heard.data, "services"), 0);
        const json_t *by_need = json_object_get(housing, "waits_by_need");
        told = json_is_object(json_object_get(housing, "wait")) &&
               json_is_object(json_object_get(by_need, "bsl"));
        heard_free(&heard);
        if (!told) {
            assert_true(listener_next_of(&board, "view", &heard));
        }
    }
    listener_close(&board);
    free(text);
}

static int count_rows(const struct rig *rig, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *row = NULL;
    CHECK(sqlite3_open_v2(rig->journal, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK);
    CHECK(sqlite3_prepare_v2(db, sql, -1, &row, NULL) == SQLITE_OK);
    CHECK(sqlite3_step(row) == SQLITE_ROW);
    const int count = sqlite3_column_int(row, 0);
    CHECK(sqlite3_finalize(row) == SQLITE_OK && sqlite3_close(db) == SQLITE_OK);
    return count;
}

static const char count_sites[] = "SELECT count(*) FROM site";

static void change_site(struct fixture *it, const char *from, const char *to)
{
    struct listener board;
    char hash[QUARTER_HASH_LEN + 1];
    char *text = changed(from, to);
    rig_site_hash(&it->rig, hash);
    listener_open(&board, &it->rig, "/api/boards/lobby/stream", NULL);
    write_file(it->dir, "site.yaml", text);
    struct heard heard = view_of_another(&board, hash);
    heard_free(&heard);
    listener_close(&board);
    free(text);
}

/* 118 KB each, of a centre with nine languages. */
static void the_journal_keeps_the_sites_that_tickets_refer_to(void **state)
{
    struct fixture *it = *state;
    struct rig *rig = &it->rig;
    assert_int_equal(count_rows(rig, count_sites), 1);
    change_site(it, "typical_min: 7", "typical_min: 8"); /* nobody takes a ticket under it */
    change_site(it, "typical_min: 7", "typical_min: 9");
    rig_issue(rig, "parking", NULL, NULL);
    change_site(it, "typical_min: 7", "typical_min: 8"); /* one that is there */
    assert_int_equal(count_rows(rig, count_sites), 3);
    change_site(it, "typical_min: 7", "typical_min: 7");
    assert_int_equal(count_rows(rig, count_sites), 3);
    rig_halt(rig);
    rig_start(rig); /* the day is read again, under each of them */
    rig_halt(rig);
    assert_int_equal(count_rows(rig, count_sites), 3);
    rig->local = "2026-11-25T10:40";
    rig_start(rig); /* the next day */
    rig_issue(rig, "parking", NULL, NULL);
    assert_int_equal(count_rows(rig, count_sites), 2);
    rig_halt(rig);
    rig_start(rig);
    rig_issue(rig, "parking", NULL, NULL);
}

/* The watch alone. */

struct watched {
    char dir[64];
    sem_t told;
    atomic_int errors; /* as told last */
    struct site_watch *watch;
    sem_t applied;
    atomic_bool accept; /* the file system tells the thread, and sanitizers do not see that */
    char hashes[8][QUARTER_HASH_LEN + 1];
    int count;
};

static bool take(void *context, struct site *site)
{
    struct watched *it = context;
    (void)snprintf(it->hashes[it->count++ % 8], QUARTER_HASH_LEN + 1, "%s", site_hash(site));
    site_destroy(site);
    const bool accepted = atomic_load(&it->accept);
    CHECK(sem_post(&it->applied) == 0);
    return accepted;
}

static void note_errors(void *context, int errors)
{
    struct watched *it = context;
    atomic_store(&it->errors, errors);
    CHECK(sem_post(&it->told) == 0);
}

static void start_watch(struct watched *it, const char *dir)
{
    const struct site_watch_config config = {.dir = dir,
                                             .hash = "another",
                                             .settle_ms = 20,
                                             .apply = take,
                                             .tell = note_errors,
                                             .context = it};
    assert_int_equal(site_watch_start(&config, &it->watch), STATUS_OK);
}

static int watch_set_up(void **state)
{
    struct watched *it = calloc(1, sizeof(*it));
    CHECK(it != NULL && sem_init(&it->applied, 0, 0) == 0 && sem_init(&it->told, 0, 0) == 0);
    (void)snprintf(it->dir, sizeof(it->dir), "/tmp/quarter-watch-XXXXXX");
    CHECK(mkdtemp(it->dir) != NULL);
    rig_write_site(it->dir, NULL, NULL);
    atomic_init(&it->accept, true);
    start_watch(it, it->dir);
    *state = it;
    return 0;
}

static int watch_tear_down(void **state)
{
    struct watched *it = *state;
    site_watch_stop(it->watch);
    remove_site(it->dir);
    CHECK(sem_destroy(&it->applied) == 0 && sem_destroy(&it->told) == 0);
    free(it);
    return 0;
}

static void wait_for(sem_t *semaphore)
{
    struct timespec until;
    CHECK(clock_gettime(CLOCK_REALTIME, &until) == 0);
    until.tv_sec += 10;
    assert_int_equal(sem_timedwait(semaphore, &until), 0);
}

static void wait_until_applied(struct watched *it)
{
    wait_for(&it->applied);
}

static void what_changed_before_the_watch_is_seen_too(void **state)
{
    struct watched *it = *state; /* its site is another than the one in the folder */
    wait_until_applied(it);
    assert_int_equal(it->count, 1);
}

static void every_way_to_write_a_file_is_seen(void **state)
{
    struct watched *it = *state;
    char from[80], to[80];
    wait_until_applied(it);
    char *text = changed("typical_min: 7", "typical_min: 8");
    rename_over(it->dir, "site.yaml", text);
    wait_until_applied(it);
    free(text);
    text = changed("typical_min: 7", "typical_min: 9");
    write_file(it->dir, "site.yaml", text);
    wait_until_applied(it);
    free(text);
    /* The whole folder is put in place of the old one. */
    (void)snprintf(from, sizeof(from), "%s-new", it->dir);
    (void)snprintf(to, sizeof(to), "%s-old", it->dir);
    CHECK(mkdir(from, 0700) == 0);
    rig_write_site(from, NULL, NULL);
    CHECK(rename(it->dir, to) == 0 && rename(from, it->dir) == 0);
    wait_until_applied(it);
    remove_site(to);
    text = changed("typical_min: 7", "typical_min: 11");
    write_file(it->dir, "site.yaml", text); /* ... and is watched in its turn */
    wait_until_applied(it);
    free(text);
    assert_int_equal(it->count, 5);
}

static void what_was_not_taken_is_offered_again(void **state)
{
    struct watched *it = *state;
    wait_until_applied(it);
    atomic_store(&it->accept, false);
    char *text = changed("typical_min: 7", "typical_min: 8");
    write_file(it->dir, "site.yaml", text);
    wait_until_applied(it);
    site_watch_poke(it->watch);
    wait_until_applied(it);
    assert_string_equal(it->hashes[1], it->hashes[2]);
    assert_string_not_equal(it->hashes[0], it->hashes[1]);
    free(text);
}

static void what_was_not_taken_is_offered_again_by_itself(void **state)
{
    struct watched *it = *state;
    wait_until_applied(it);
    atomic_store(&it->accept, false);
    char *text = changed("typical_min: 7", "typical_min: 8");
    write_file(it->dir, "site.yaml", text);
    wait_until_applied(it);
    wait_until_applied(it); /* nobody wrote anything */
    assert_string_equal(it->hashes[1], it->hashes[2]);
    free(text);
}

/* As deployments swap a release: /srv/quarter/current -> releases/8, renamed over the old link. The folder that is watched
 * is below the link, and a second link stands in between. */
static void a_link_that_is_swapped_is_seen(void **state)
{
    struct watched *it = *state;
    char base[64], old[80], new[80], link[80], next[80], path[96];
    wait_until_applied(it);
    site_watch_stop(it->watch);
    (void)snprintf(base, sizeof(base), "/tmp/quarter-links-XXXXXX");
    CHECK(mkdtemp(base) != NULL);
    (void)snprintf(old, sizeof(old), "%s/7", base);
    (void)snprintf(new, sizeof(new), "%s/8", base);
    (void)snprintf(link, sizeof(link), "%s/current", base);
    (void)snprintf(next, sizeof(next), "%s/next", base);
    (void)snprintf(path, sizeof(path), "%s/live", base);
    CHECK(mkdir(old, 0700) == 0 && mkdir(new, 0700) == 0);
    rig_write_site(old, NULL, NULL);
    rig_write_site(new, NULL, NULL);
    char *text = changed("typical_min: 7", "typical_min: 8");
    write_file(new, "site.yaml", text);
    free(text);
    CHECK(symlink("7", link) == 0);
    CHECK(symlink("./current", path) == 0);
    (void)snprintf(path, sizeof(path), "%s/live/", base);
    start_watch(it, path);
    wait_until_applied(it);
    CHECK(symlink("8", next) == 0 && rename(next, link) == 0);
    wait_until_applied(it);
    assert_string_not_equal(it->hashes[1], it->hashes[2]);
    /* What the link leads to now is watched in its turn ... */
    text = changed("typical_min: 7", "typical_min: 9");
    write_file(new, "site.yaml", text);
    free(text);
    wait_until_applied(it);
    /* ... and back, to an older one. */
    CHECK(symlink("7", next) == 0 && rename(next, link) == 0);
    wait_until_applied(it);
    assert_string_equal(it->hashes[1], it->hashes[4]);
    remove_site(old);
    remove_site(new);
    path[strlen(path) - 1] = '\0';
    CHECK(unlink(path) == 0 && unlink(link) == 0 && rmdir(base) == 0);
}

/* How often the line was logged since stderr went to the file. */
static int count_lines(FILE *log, const char *words)
{
    char line[2048];
    int count = 0;
    rewind(log);
    while (fgets(line, sizeof(line), log) != NULL) {
        count += strstr(line, words) != NULL;
    }
    return count;
}

/* An editor that saves every second, a line half written. */
static void the_same_errors_are_logged_once(void **state)
{
    struct watched *it = *state;
    static const char words[] = "unknown service 'parkin'";
    char *bad = changed("services: [housing, parking]", "services: [housing, parkin]");
    site_watch_stop(it->watch); /* nobody logs while the log is turned elsewhere and back */
    while (sem_trywait(&it->told) == 0) {
    }
    FILE *log = tmpfile();
    const int before = dup(STDERR_FILENO);
    CHECK(log != NULL && before >= 0 && dup2(fileno(log), STDERR_FILENO) >= 0);
    start_watch(it, it->dir);
    wait_for(&it->told);
    for (int i = 0; i < 4; i++) {
        write_file(it->dir, "site.yaml", bad);
        wait_for(&it->told);
        assert_int_equal(atomic_load(&it->errors), 1);
    }
    const int first = count_lines(log, words);
    site_watch_poke(it->watch); /* who asks is told again */
    wait_for(&it->told);
    const int asked = count_lines(log, words);
    write_file(it->dir, "site.yaml", read_file(good, "site.yaml"));
    wait_for(&it->told);
    assert_int_equal(atomic_load(&it->errors), 0);
    const int mended = count_lines(log, "can be used again");
    write_file(it->dir, "site.yaml", bad);
    wait_for(&it->told);
    const int again = count_lines(log, words);
    site_watch_stop(it->watch);
    it->watch = NULL;
    CHECK(dup2(before, STDERR_FILENO) >= 0 && close(before) == 0 && fclose(log) == 0);
    assert_int_equal(first, 1);
    assert_int_equal(asked, 2);
    assert_int_equal(mended, 1);
    assert_int_equal(again, 3);
    free(bad);
}

int main(void)
{
#define TEST(name)  cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define WATCH(name) cmocka_unit_test_setup_teardown(name, watch_set_up, watch_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_changed_site_is_in_force_without_a_restart),
        TEST(a_stream_goes_on_with_its_own_counter),
        TEST(a_bad_site_never_is_in_force),
        TEST(the_forecast_goes_on_under_another_site),
        TEST(the_journal_keeps_the_sites_that_tickets_refer_to),
        WATCH(what_changed_before_the_watch_is_seen_too),
        WATCH(every_way_to_write_a_file_is_seen),
        WATCH(what_was_not_taken_is_offered_again),
        WATCH(what_was_not_taken_is_offered_again_by_itself),
        WATCH(a_link_that_is_swapped_is_seen),
        WATCH(the_same_errors_are_logged_once),
    };
#undef TEST
#undef WATCH
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    curl_global_cleanup();
    return failed;
}
