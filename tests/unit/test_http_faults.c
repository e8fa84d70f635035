/* A disk that fails: nothing that was not stored is acknowledged, and the queue is what the journal says. */
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
#include <stdatomic.h>
#include <sys/stat.h>

#include "http_rig.h"
#include "quarter/check.h"

/* SQLite's own file system, but writes and syncs fail when told. Thread-safe, unlike the store's own test disk. */
enum { KINDS = 8 };

struct flaky_methods {
    sqlite3_io_methods ours; /* first: a file points here */
    const sqlite3_io_methods *real;
};

static atomic_bool broken;
static sqlite3_vfs flaky;
static struct flaky_methods kinds[KINDS]; /* SQLite has several kinds of files */
static pthread_mutex_t kinds_lock = PTHREAD_MUTEX_INITIALIZER;
static int (*real_open)(sqlite3_vfs *, const char *, sqlite3_file *, int, int *);

static const sqlite3_io_methods *real_of(const sqlite3_file *file)
{
    return ((const struct flaky_methods *)(const void *)file->pMethods)->real;
}

static int sync_or_fail(sqlite3_file *file, int flags)
{
    return atomic_load(&broken) ? SQLITE_IOERR_FSYNC : real_of(file)->xSync(file, flags);
}

static int write_or_fail(sqlite3_file *file, const void *data, int count, sqlite3_int64 offset)
{
    return atomic_load(&broken) ? SQLITE_FULL : real_of(file)->xWrite(file, data, count, offset);
}

static const sqlite3_io_methods *methods_over(const sqlite3_io_methods *real)
{
    CHECK(pthread_mutex_lock(&kinds_lock) == 0);
    struct flaky_methods *kind = kinds;
    while (kind->real != NULL && kind->real != real) {
        kind++;
        CHECK(kind < kinds + KINDS);
    }
    if (kind->real == NULL) {
        kind->ours = *real;
        kind->ours.xSync = sync_or_fail;
        kind->ours.xWrite = write_or_fail;
        kind->real = real;
    }
    CHECK(pthread_mutex_unlock(&kinds_lock) == 0);
    return &kind->ours;
}

static int open_flaky(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
    const int result = real_open(vfs, name, file, flags, out);
    if (file->pMethods != NULL) {
        file->pMethods = methods_over(file->pMethods);
    }
    return result;
}

static int set_up(void **state)
{
    static struct rig rig;
    if (real_open == NULL) {
        flaky = *sqlite3_vfs_find(NULL);
        real_open = flaky.xOpen;
        flaky.zName = "flaky";
        flaky.xOpen = open_flaky;
        assert_int_equal(sqlite3_vfs_register(&flaky, 0), SQLITE_OK);
    }
    atomic_store(&broken, false);
    rig_make(&rig);
    rig.vfs = "flaky";
    rig_start(&rig);
    *state = &rig;
    return 0;
}

static int tear_down(void **state)
{
    atomic_store(&broken, false);
    rig_remove(*state);
    return 0;
}

static void what_is_not_stored_is_not_done(void **state)
{
    struct rig *rig = *state;
    char key[40], number[8];
    struct reply reply;
    rig_issue(rig, "housing", number, NULL);
    assert_string_equal(number, "H01");
    atomic_store(&broken, true);
    rig_new_key(key);
    const struct ask ask = {
        .method = "POST", .path = "/api/tickets", .key = key, .body = "{\"service\":\"housing\"}"};
    reply = rig_ask(rig, &ask);
    assert_int_equal(reply.status, 503);
    assert_string_equal(rig_text(reply.json, "type"), "/problems/not-stored");
    assert_string_equal(reply.retry_after, "1");
    reply_free(&reply);
    rig_expect_problem(rig, &(struct ask){.method = "GET", .path = "/healthz"}, "not-stored");
    /* reading goes on, and shows what the journal holds */
    const json_t *board =
        rig_expect(rig, &(struct ask){.method = "GET", .path = "/api/boards/lobby"}, 200, &reply);
    const json_t *service = json_array_get(json_object_get(board, "services"), 0);
    assert_int_equal(json_integer_value(json_object_get(service, "waiting")), 1);
    reply_free(&reply);

    atomic_store(&broken, false);
    assert_string_equal(rig_text(rig_expect(rig, &ask, 201, &reply), "number"),
                        "H02"); /* the same key, anew */
    reply_free(&reply);
    (void)rig_expect(rig, &(struct ask){.method = "GET", .path = "/healthz"}, 200, &reply);
    reply_free(&reply);
}

static void a_call_that_is_not_stored_leaves_the_ticket_waiting(void **state)
{
    struct rig *rig = *state;
    char number[8];
    rig_issue(rig, "housing", NULL, NULL);
    assert_int_equal(rig_counter(rig, "1", "open", NULL), 200);
    assert_int_equal(rig_counter(rig, "room-1", "open", NULL), 200);
    atomic_store(&broken, true);
    assert_int_equal(rig_counter(rig, "1", "next", NULL), 503);
    atomic_store(&broken, false);
    assert_int_equal(rig_counter(rig, "room-1", "next", number), 200);
    assert_string_equal(number, "H01");
    assert_int_equal(rig_counter(rig, "1", "next", NULL), 204);
}

static void what_was_acknowledged_is_there_after_a_new_start(void **state)
{
    struct rig *rig = *state;
    char id[32], path[80];
    struct reply reply;
    rig_issue(rig, "housing", NULL, id);
    for (int i = 0; i < 10; i++) {
        atomic_store(&broken, i % 3 == 0);
        (void)rig_counter(rig, "1", i % 2 == 0 ? "open" : "close", NULL);
    }
    atomic_store(&broken, false);
    rig_halt(rig);
    rig_start(rig);
    (void)snprintf(path, sizeof(path), "/api/tickets/%s", id);
    assert_string_equal(
        rig_text(rig_expect(rig, &(struct ask){.method = "GET", .path = path}, 200, &reply),
                 "number"),
        "H01");
    reply_free(&reply);
}

static bool metrics_say(struct rig *rig, const char *line)
{
    struct reply reply;
    (void)rig_expect(rig, &(struct ask){.method = "GET", .path = "/metrics"}, 200, &reply);
    const bool is_said = strstr(reply.body, line) != NULL;
    reply_free(&reply);
    return is_said;
}

/* Whole at one moment: the server never meets half of it, which would be an error of another kind. */
static void put_site_in_place(const struct rig *rig, const char *site, const char *from,
                              const char *to)
{
    char next[96], written[120], wanted[120];
    (void)snprintf(next, sizeof(next), "%s/next", rig->dir);
    assert_int_equal(mkdir(next, 0700), 0);
    rig_write_site(next, from, to);
    (void)snprintf(written, sizeof(written), "%s/site.yaml", next);
    (void)snprintf(wanted, sizeof(wanted), "%s/site.yaml", site);
    assert_int_equal(rename(written, wanted), 0);
}

static void a_site_that_is_not_stored_is_not_in_force(void **state)
{
    struct rig *rig = *state;
    char site[96], before[QUARTER_HASH_LEN + 1], now[QUARTER_HASH_LEN + 1], number[8];
    (void)snprintf(site, sizeof(site), "%s/site", rig->dir);
    assert_int_equal(mkdir(site, 0700), 0);
    rig_write_site(site, NULL, NULL);
    rig_halt(rig);
    rig->site_dir = site;
    rig->watches = true;
    rig_start(rig);
    rig_issue(rig, "parking", number, NULL);
    rig_site_hash(rig, before);
    atomic_store(&broken, true);
    put_site_in_place(rig, site, "typical_min: 7", "typical_min: 9");
    /* A site that was refused counts as an error; that commits fail says nothing of whose they were. */
    for (int i = 0; !metrics_say(rig, "\nquarter_site_errors 1\n"); i++) {
        assert_true(i < 1000);
        (void)poll(NULL, 0, 10);
    }
    assert_false(metrics_say(rig, "\nquarter_failed_commits_total 0\n"));
    rig_site_hash(rig, now);
    assert_string_equal(now, before);
    atomic_store(&broken, false);
    rig_issue(rig, "parking", number, NULL);
    assert_string_equal(number, "P02");
    rig_site_hash(rig, now);
    assert_string_equal(now, before);
    server_reload_site(rig->server);
    for (int i = 0; strcmp(now, before) == 0; i++) {
        assert_true(i < 1000);
        (void)poll(NULL, 0, 10);
        rig_site_hash(rig, now);
    }
    rig_halt(rig);
    rig_start(rig); /* and the journal can be read back */
    rig_issue(rig, "parking", number, NULL);
    assert_string_equal(number, "P03");
    rig_halt(rig);
    rig->site_dir = NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_not_stored_is_not_done, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_call_that_is_not_stored_leaves_the_ticket_waiting, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_was_acknowledged_is_there_after_a_new_start, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_site_that_is_not_stored_is_not_in_force, set_up,
                                        tear_down),
    };
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    curl_global_cleanup();
    return failed;
}
