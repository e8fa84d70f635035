/* Private text: kept under keys by day, bound to its place, and gone for good when its day is
 * forgotten. Here the database is a real file too, because what matters is what a thief of the disk
 * or of a backup would read. */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <dirent.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store_kit.h"

#define DAY    "2026-11-24"
#define TICKET "01KATKTKTKTKTKTKTKTK000001"
#define OTHER  "01KATKTKTKTKTKTKTKTK000002"
#define SECRET "Mrs Aldbrickham fears her landlord"

struct files {
    struct kit kit; /* for its folder of keys */
    char path[64];
};

static int set_up(void **state)
{
    struct files *files = malloc(sizeof *files);
    kit_set_up(&files->kit, 1);
    snprintf(files->path, sizeof files->path, "%s/journal.db", files->kit.dir);
    files->kit.config.path = files->path;
    files->kit.config.vfs = NULL;
    assert_int_equal(kit_open(&files->kit), STATUS_OK);
    *state = files;
    return 0;
}

static int tear_down(void **state)
{
    struct files *files = *state;
    kit_close(&files->kit);
    unlink(files->path);
    kit_tear_down(&files->kit);
    free(files);
    return 0;
}

static void put(struct store *store, const char *day, const char *ticket, const char *kind,
                const char *text)
{
    assert_int_equal(store_begin(store), STATUS_OK);
    assert_int_equal(store_put_private(store, day, ticket, kind, text), STATUS_OK);
    assert_int_equal(store_commit(store), STATUS_OK);
}

static void assert_reads(struct store *store, const char *day, const char *ticket, const char *kind,
                         const char *text)
{
    char *got = NULL;
    assert_int_equal(store_get_private(store, day, ticket, kind, &got), STATUS_OK);
    assert_string_equal(got, text);
    free(got);
}

static enum status get(struct store *store, const char *day, const char *ticket, const char *kind)
{
    char *text = NULL;
    enum status status = store_get_private(store, day, ticket, kind, &text);
    free(text);
    return status;
}

/* How many files of the folder hold the bytes. */
static int count_files_with(const char *folder, const void *bytes, size_t size)
{
    int count = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    const struct dirent *entry;
    while ((entry = readdir(dir))) { // NOLINT(concurrency-mt-unsafe): one thread here
        int fd = openat(dirfd(dir), entry->d_name, O_RDONLY);
        struct stat about;
        assert_int_equal(fstat(fd, &about), 0);
        if (S_ISREG(about.st_mode) && about.st_size > 0) {
            char *content = malloc((size_t)about.st_size);
            assert_int_equal(read(fd, content, (size_t)about.st_size), about.st_size);
            count += memmem(content, (size_t)about.st_size, bytes, size) != NULL;
            free(content);
        }
        close(fd);
    }
    closedir(dir);
    return count;
}

static void read_key(const struct files *files, const char *day, unsigned char key[33],
                     ssize_t *size)
{
    char path[96];
    snprintf(path, sizeof path, "%s/%s.key", files->kit.keys, day);
    int fd = open(path, O_RDONLY);
    *size = fd < 0 ? -1 : read(fd, key, 33);
    if (fd >= 0)
        close(fd);
}

static void run_sql(const struct files *files, const char *sql)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(files->path, &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 2000);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void text_comes_back_also_after_a_restart(void **state)
{
    struct files *files = *state;
    put(files->kit.store, DAY, TICKET, "answers", SECRET);
    put(files->kit.store, DAY, TICKET, "note", "");
    put(files->kit.store, "2026-11-25", TICKET, "answers", "the next day");
    assert_reads(files->kit.store, DAY, TICKET, "answers", SECRET);
    kit_close(&files->kit);
    assert_int_equal(kit_open(&files->kit), STATUS_OK);
    assert_reads(files->kit.store, DAY, TICKET, "answers", SECRET);
    assert_reads(files->kit.store, DAY, TICKET, "note", "");
    assert_reads(files->kit.store, "2026-11-25", TICKET, "answers", "the next day");
    assert_int_equal(get(files->kit.store, DAY, OTHER, "answers"), STATUS_NOT_FOUND);
    assert_int_equal(get(files->kit.store, DAY, TICKET, "name"), STATUS_NOT_FOUND);
    put(files->kit.store, DAY, TICKET, "answers", "corrected");
    assert_reads(files->kit.store, DAY, TICKET, "answers", "corrected");
}

static void no_file_ever_holds_the_plain_text(void **state)
{
    struct files *files = *state;
    put(files->kit.store, DAY, TICKET, "answers", SECRET);
    /* The search finds what lies open: the ticket's id is in the log. */
    assert_true(count_files_with(files->kit.dir, TICKET, strlen(TICKET)) > 0);
    assert_int_equal(count_files_with(files->kit.dir, SECRET, strlen(SECRET)), 0);
    assert_int_equal(count_files_with(files->kit.keys, SECRET, strlen(SECRET)), 0);
    kit_close(&files->kit); /* the log is folded back */
    assert_int_equal(count_files_with(files->kit.dir, TICKET, strlen(TICKET)), 1);
    assert_int_equal(count_files_with(files->kit.dir, SECRET, strlen(SECRET)), 0);
}

static void keys_are_for_the_server_alone(void **state)
{
    struct files *files = *state;
    put(files->kit.store, DAY, TICKET, "answers", SECRET);
    struct stat about;
    assert_int_equal(stat(files->kit.keys, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0700);
    char path[96];
    snprintf(path, sizeof path, "%s/" DAY ".key", files->kit.keys);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_int_equal(about.st_size, 32);
}

static void a_forgotten_day_is_forgotten_everywhere(void **state)
{
    struct files *files = *state;
    put(files->kit.store, DAY, TICKET, "answers", SECRET);
    put(files->kit.store, "2026-11-25", TICKET, "answers", "the next day");
    unsigned char key[33];
    ssize_t size = 0;
    read_key(files, DAY, key, &size);
    assert_int_equal(size, 32);
    assert_int_equal(count_files_with(files->kit.keys, key, 32), 1);

    assert_int_equal(store_forget_day(files->kit.store, DAY), STATUS_OK);
    assert_int_equal(get(files->kit.store, DAY, TICKET, "answers"), STATUS_NOT_FOUND);
    assert_int_equal(count_files_with(files->kit.keys, key, 32), 0);
    unsigned char gone[33];
    read_key(files, DAY, gone, &size);
    assert_int_equal(size, -1);
    assert_reads(files->kit.store, "2026-11-25", TICKET, "answers", "the next day");
    assert_int_equal(store_forget_day(files->kit.store, DAY), STATUS_OK); /* again */

    kit_close(&files->kit);
    /* secure_delete: not even the row's place is left in the file. */
    assert_int_equal(count_files_with(files->kit.dir, DAY, strlen(DAY)), 0);
    assert_int_equal(kit_open(&files->kit), STATUS_OK);
    put(files->kit.store, DAY, TICKET, "answers", "came back");
    assert_reads(files->kit.store, DAY, TICKET, "answers", "came back");
}

static int count_rows(const struct files *files)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *row = NULL;
    assert_int_equal(sqlite3_open(files->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT count(*) FROM private_text", -1, &row, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(row), SQLITE_ROW);
    int count = sqlite3_column_int(row, 0);
    sqlite3_finalize(row);
    sqlite3_close(db);
    return count;
}

static void old_days_are_forgotten_together(void **state)
{
    static const char *const days[] = {"2025-12-31", "2026-11-22", "2026-11-23", DAY};
    struct files *files = *state;
    struct store *store = files->kit.store;
    for (int i = 0; i < 4; i++)
        put(store, days[i], TICKET, "answers", SECRET);
    assert_int_equal(store_forget_days_before(store, "2026-11"), STATUS_INVALID);
    assert_int_equal(count_rows(files), 4);
    for (int repeat = 0; repeat < 2; repeat++) {
        assert_int_equal(store_forget_days_before(store, "2026-11-23"), STATUS_OK);
        unsigned char key[33];
        ssize_t size = 0;
        for (int i = 0; i < 4; i++) {
            assert_int_equal(get(store, days[i], TICKET, "answers"),
                             i < 2 ? STATUS_NOT_FOUND : STATUS_OK);
            read_key(files, days[i], key, &size);
            assert_int_equal(size, i < 2 ? -1 : 32);
        }
        assert_int_equal(count_rows(files), 2);
    }
}

static void a_backup_restored_after_forgetting_tells_nothing(void **state)
{
    struct files *files = *state;
    put(files->kit.store, DAY, TICKET, "answers", SECRET);
    run_sql(files, "CREATE TABLE backup AS SELECT * FROM private_text");
    assert_int_equal(store_forget_day(files->kit.store, DAY), STATUS_OK);
    run_sql(files, "INSERT INTO private_text SELECT * FROM backup");
    assert_int_equal(get(files->kit.store, DAY, TICKET, "answers"), STATUS_NOT_FOUND);
    put(files->kit.store, DAY, OTHER, "answers", "a new key"); /* which opens nothing old */
    assert_int_equal(get(files->kit.store, DAY, TICKET, "answers"), STATUS_CORRUPT);
}

static enum status put_answer(struct store *store, const char *key, const char *day,
                              const char *body_hash)
{
    const struct keyed_request request = {"local", key, body_hash};
    char body[] = "{}";
    const struct stored_answer answer = {.http_status = 201, .body = body};
    assert_int_equal(store_begin(store), STATUS_OK);
    enum status put = store_put_answer(store, &request, day, 1000, &answer);
    assert_int_equal(store_commit(store), put);
    return put;
}

static enum status find_answer(struct store *store, const char *key, const char *body_hash)
{
    const struct keyed_request request = {"local", key, body_hash};
    struct stored_answer answer = {0};
    enum status status = store_find_answer(store, &request, &answer);
    assert_int_equal(answer.http_status, status == STATUS_OK ? 201 : 0);
    free(answer.body);
    return status;
}

/* The SHA-256 of SECRET: kept as it is, it would let a thief try names against it. */
#define HASH       "7d48bbaa1b7ed83742a667ee6b76a58adc7061caf1d5e3c006af6d4cb9ccc52a"
#define OTHER_HASH "0000000000000000000000000000000000000000000000000000000000000000"

static void guesses_at_a_body_cannot_be_tried(void **state)
{
    struct files *files = *state;
    struct store *store = files->kit.store;
    assert_int_equal(put_answer(store, "key-0001", DAY, HASH), STATUS_OK);
    assert_int_equal(put_answer(store, "key-0002", DAY, HASH), STATUS_OK);
    assert_int_equal(put_answer(store, "key-0003", "2026-11-25", HASH), STATUS_OK);
    assert_int_equal(count_files_with(files->kit.dir, HASH, strlen(HASH)), 0);
    for (int restart = 0; restart < 2; restart++) {
        store = files->kit.store;
        assert_int_equal(find_answer(store, "key-0001", HASH), STATUS_OK);
        assert_int_equal(find_answer(store, "key-0001", OTHER_HASH), STATUS_CONFLICT);
        assert_int_equal(find_answer(store, "key-0003", HASH), STATUS_OK);
        assert_int_equal(find_answer(store, "key-0003", OTHER_HASH), STATUS_CONFLICT);
        kit_close(&files->kit);
        assert_int_equal(kit_open(&files->kit), STATUS_OK);
    }
    assert_int_equal(put_answer(files->kit.store, "key-0004", "no day", HASH), STATUS_INVALID);
}

/* The repeat of a command is no second command, whatever became of the keys. */
static void answers_outlive_the_keys_of_their_day(void **state)
{
    struct files *files = *state;
    struct store *store = files->kit.store;
    assert_int_equal(put_answer(store, "key-0001", DAY, HASH), STATUS_OK);
    assert_int_equal(store_forget_day(store, DAY), STATUS_OK);
    assert_int_equal(find_answer(store, "key-0001", HASH), STATUS_OK);
    assert_int_equal(find_answer(store, "key-0001", OTHER_HASH), STATUS_OK); /* nobody can tell */
    /* As when a backup, which holds no keys, is restored within the day: the next command makes a
     * new one. */
    assert_int_equal(put_answer(store, "key-0002", DAY, HASH), STATUS_OK);
    assert_int_equal(find_answer(store, "key-0001", HASH), STATUS_OK);
    assert_int_equal(find_answer(store, "key-0002", HASH), STATUS_OK);
    assert_int_equal(find_answer(store, "key-0002", OTHER_HASH), STATUS_CONFLICT);
}

static void text_is_bound_to_its_place(void **state)
{
    static const char *const moves[] = {
        "UPDATE private_text SET ticket = '" OTHER "'",
        "UPDATE private_text SET ticket = '" TICKET "', kind = 'name'",
        "UPDATE private_text SET kind = 'answers', day = '2026-11-25'",
        "UPDATE private_text SET day = '" DAY "', cipher = substr(cipher, 1, 5)",
    };
    static const char *const places[][3] = {{DAY, OTHER, "answers"},
                                            {DAY, TICKET, "name"},
                                            {"2026-11-25", TICKET, "answers"},
                                            {DAY, TICKET, "answers"}};
    struct files *files = *state;
    put(files->kit.store, "2026-11-25", OTHER, "note", "so that the next day has a key");
    run_sql(files, "DELETE FROM private_text");
    put(files->kit.store, DAY, TICKET, "answers", SECRET);
    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
        run_sql(files, moves[i]);
        assert_int_equal(get(files->kit.store, places[i][0], places[i][1], places[i][2]),
                         STATUS_CORRUPT);
    }
}

static void a_day_is_a_date_and_no_path(void **state)
{
    static const char *const days[] = {"",           "2026-11-2",      "2026-11-245",
                                       "2026/11/24", "../../etc/x",    "2026-11-2a",
                                       "    -  -  ", "2026-11-24/../x"};
    struct files *files = *state;
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        assert_int_equal(store_begin(files->kit.store), STATUS_OK);
        assert_int_equal(store_put_private(files->kit.store, days[i], TICKET, "answers", SECRET),
                         STATUS_INVALID);
        assert_int_equal(store_commit(files->kit.store), STATUS_INVALID);
        assert_int_equal(store_forget_day(files->kit.store, days[i]), STATUS_INVALID);
    }
}

static void text_has_its_bound(void **state)
{
    struct files *files = *state;
    char *text = malloc(QUARTER_BODY_BYTES + 2);
    memset(text, 'x', QUARTER_BODY_BYTES + 1);
    text[QUARTER_BODY_BYTES + 1] = '\0';
    assert_int_equal(store_begin(files->kit.store), STATUS_OK);
    assert_int_equal(store_put_private(files->kit.store, DAY, TICKET, "answers", text),
                     STATUS_TOO_LARGE);
    store_rollback(files->kit.store);
    text[QUARTER_BODY_BYTES] = '\0';
    put(files->kit.store, DAY, TICKET, "answers", text);
    assert_reads(files->kit.store, DAY, TICKET, "answers", text);
    free(text);
}

static void a_damaged_key_is_told(void **state)
{
    struct files *files = *state;
    put(files->kit.store, DAY, TICKET, "answers", SECRET);
    kit_close(&files->kit);
    char path[96];
    snprintf(path, sizeof path, "%s/" DAY ".key", files->kit.keys);
    assert_int_equal(truncate(path, 7), 0);
    assert_int_equal(kit_open(&files->kit), STATUS_OK);
    assert_int_equal(get(files->kit.store, DAY, TICKET, "answers"), STATUS_CORRUPT);
    assert_non_null(strstr(store_error(files->kit.store), DAY ".key is damaged"));
    /* Nothing is written under half a key, nor over it. */
    assert_int_equal(store_begin(files->kit.store), STATUS_OK);
    assert_int_equal(store_put_private(files->kit.store, DAY, OTHER, "answers", SECRET),
                     STATUS_CORRUPT);
    store_rollback(files->kit.store);
}

static void a_half_made_key_of_a_crash_is_cleared(void **state)
{
    struct files *files = *state;
    char path[96];
    snprintf(path, sizeof path, "%s/new.key", files->kit.keys);
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    assert_int_equal(write(fd, "half", 4), 4);
    close(fd);
    put(files->kit.store, DAY, TICKET, "answers", SECRET);
    assert_reads(files->kit.store, DAY, TICKET, "answers", SECRET);
    assert_int_equal(access(path, F_OK), -1);
}

static void a_folder_that_cannot_be_is_told(void **state)
{
    struct files *files = *state;
    kit_close(&files->kit);
    struct store_config config = files->kit.config;
    char error[400];
    struct store *store = NULL;
    config.key_dir = files->path; /* a file */
    assert_int_equal(store_open(&config, &store, error, sizeof error), STATUS_IO);
    assert_non_null(strstr(error, "cannot open the folder of the keys: Not a directory"));
    config.key_dir = "/proc/none/keys";
    assert_int_not_equal(store_open(&config, &store, error, sizeof error), STATUS_OK);
    assert_non_null(strstr(error, "cannot make the folder of the keys"));
    config = files->kit.config;
    config.path = "/proc/none/journal.db";
    assert_int_equal(store_open(&config, &store, error, sizeof error), STATUS_IO);
    assert_non_null(strstr(error, "/proc/none/journal.db: cannot open the journal"));
    assert_null(store);
}

#define WITH_FILES(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FILES(text_comes_back_also_after_a_restart),
        WITH_FILES(no_file_ever_holds_the_plain_text),
        WITH_FILES(keys_are_for_the_server_alone),
        WITH_FILES(a_forgotten_day_is_forgotten_everywhere),
        WITH_FILES(old_days_are_forgotten_together),
        WITH_FILES(a_backup_restored_after_forgetting_tells_nothing),
        WITH_FILES(guesses_at_a_body_cannot_be_tried),
        WITH_FILES(answers_outlive_the_keys_of_their_day),
        WITH_FILES(text_is_bound_to_its_place),
        WITH_FILES(a_day_is_a_date_and_no_path),
        WITH_FILES(text_has_its_bound),
        WITH_FILES(a_damaged_key_is_told),
        WITH_FILES(a_half_made_key_of_a_crash_is_cleared),
        WITH_FILES(a_folder_that_cannot_be_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
