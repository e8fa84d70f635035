/* The spool: no ticket's copy is printed twice, whatever happens when. Crashes are real: a child
 * process ends itself before its Nth disk step, and the parent opens what is left. */
#include "printer/spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "test_kit.h"

static const char TICKET[] = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
static const char OTHER[] = "01ARZ3NDEKTSV4RRFFQ69G5FAW";
static const char REQUEST[] = "{\"ticket\":\"01ARZ3NDEKTSV4RRFFQ69G5FAV\",\"copy\":1}";
enum { NOW = 1000000, MINUTE = 60 * 1000, DAY = 24 * 60 * MINUTE };

struct trial {
    char folder[64];
    int steps;      /* taken so far */
    int fatal_step; /* ends the process before this one; 0: never */
    int fault_step; /* fails this one; 0: never */
    enum spool_step seen[64];
    int sync_count;
    bool folder_synced[64]; /* each sync: of the folder, or of a file */
};

static int make_folder(void **state)
{
    struct trial *trial = calloc(1, sizeof(*trial));
    snprintf(trial->folder, sizeof(trial->folder), "/tmp/quarter-spool.XXXXXX");
    assert_non_null(mkdtemp(trial->folder));
    *state = trial;
    return 0;
}

static int remove_folder(void **state)
{
    struct trial *trial = *state;
    kit_remove_folder(trial->folder);
    free(trial);
    return 0;
}

static enum status before_step(void *context, enum spool_step step)
{
    struct trial *trial = context;
    trial->steps++;
    if (trial->steps <= 64)
        trial->seen[trial->steps - 1] = step;
    if (trial->steps == trial->fatal_step)
        _exit(42);
    return trial->steps == trial->fault_step ? STATUS_FULL : STATUS_OK;
}

static int note_sync(void *context, int fd)
{
    struct trial *trial = context;
    struct stat what;
    assert_int_equal(fstat(fd, &what), 0);
    if (trial->sync_count < 64)
        trial->folder_synced[trial->sync_count++] = S_ISDIR(what.st_mode);
    return fsync(fd);
}

static struct spool *open_at(struct trial *trial, int64_t now_ms)
{
    const struct spool_options options = {trial->folder, before_step, note_sync, trial};
    struct spool *spool = NULL;
    assert_int_equal(spool_open(&options, now_ms, &spool), STATUS_OK);
    return spool;
}

static const struct spool_job *add(struct spool *spool, const char *ticket, int copy)
{
    const struct spool_job *job = NULL;
    bool is_new = false;
    assert_int_equal(spool_add(spool, ticket, copy, REQUEST, NOW, &job, &is_new), STATUS_OK);
    assert_true(is_new);
    return job;
}

static void put_file(const struct trial *trial, const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof(path), "%s/%s", trial->folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void a_job_goes_from_queued_to_printed(void **state)
{
    struct spool *spool = open_at(*state, NOW);
    assert_null(spool_next_queued(spool));
    const struct spool_job *job = add(spool, TICKET, 1);
    assert_int_equal(job->state, SPOOL_QUEUED);
    assert_string_equal(job->request, REQUEST);
    assert_ptr_equal(spool_next_queued(spool), job);
    assert_int_equal(spool_move(spool, job, SPOOL_PRINTING, "", NOW + 1), STATUS_OK);
    assert_null(spool_next_queued(spool));
    assert_int_equal(spool_move(spool, job, SPOOL_PRINTED, "", NOW + 2), STATUS_OK);
    assert_int_equal(job->state, SPOOL_PRINTED);
    assert_null(job->request); /* what was on the ticket is kept no longer */
    spool_close(spool);
}

static void the_same_ticket_and_copy_is_answered_not_added(void **state)
{
    struct spool *spool = open_at(*state, NOW);
    const struct spool_job *job = add(spool, TICKET, 1);
    spool_move(spool, job, SPOOL_PRINTING, "", NOW);
    spool_move(spool, job, SPOOL_FAILED, "aborted-by-system", NOW);
    const struct spool_job *again = NULL;
    bool is_new = true;
    assert_int_equal(spool_add(spool, TICKET, 1, "{}", NOW, &again, &is_new), STATUS_OK);
    assert_false(is_new);
    assert_ptr_equal(again, job);
    assert_int_equal(again->state, SPOOL_FAILED);
    assert_string_equal(again->reason, "aborted-by-system");
    assert_int_equal(add(spool, TICKET, 2)->state, SPOOL_QUEUED); /* another copy is another job */
    assert_int_equal(spool_count(spool), 2);
    spool_close(spool);
}

static void jobs_survive_and_keep_their_order(void **state)
{
    struct spool *spool = open_at(*state, NOW);
    add(spool, OTHER, 1); /* its name sorts behind */
    add(spool, TICKET, 1);
    add(spool, TICKET, 2);
    spool_close(spool);
    spool = open_at(*state, NOW);
    assert_int_equal(spool_count(spool), 3);
    assert_string_equal(spool_at(spool, 0)->ticket, OTHER);
    assert_string_equal(spool_at(spool, 1)->ticket, TICKET);
    assert_int_equal(spool_at(spool, 2)->copy, 2);
    assert_string_equal(spool_next_queued(spool)->request, REQUEST);
    assert_int_equal(spool_next_queued(spool)->arrived_ms, NOW);
    assert_string_equal(add(spool, OTHER, 2)->ticket, OTHER);
    assert_string_equal(spool_at(spool, 3)->ticket, OTHER); /* behind those of before */
    spool_close(spool);
}

static void a_write_is_synced_before_it_is_named_and_then_its_folder(void **state)
{
    struct trial *trial = *state;
    struct spool *spool = open_at(trial, NOW);
    trial->steps = trial->sync_count = 0;
    add(spool, TICKET, 1);
    static const enum spool_step expected[] = {SPOOL_STEP_CREATE, SPOOL_STEP_WRITE, SPOOL_STEP_SYNC,
                                               SPOOL_STEP_RENAME, SPOOL_STEP_SYNC_FOLDER};
    assert_int_equal(trial->steps, 5);
    assert_memory_equal(trial->seen, expected, sizeof(expected));
    assert_int_equal(trial->sync_count, 2);
    assert_false(trial->folder_synced[0]);
    assert_true(trial->folder_synced[1]);
    spool_close(spool);
}

/* One job's life, in a child. It says through a pipe what it was promised (an OK from the spool);
 * a paper leaves only after the promise of `printing`. */
enum promise { PROMISED_QUEUED = 1, PROMISED_PRINTING = 2, PROMISED_PRINTED = 4 };

static void live(struct trial *trial, int promises)
{
    const struct spool_options options = {trial->folder, before_step, note_sync, trial};
    struct spool *spool;
    if (spool_open(&options, NOW, &spool) != STATUS_OK)
        _exit(1);
    const struct spool_job *job;
    bool is_new;
    if (spool_add(spool, TICKET, 1, REQUEST, NOW, &job, &is_new) != STATUS_OK)
        _exit(1);
    (void)!write(promises, "q", 1);
    if (spool_move(spool, job, SPOOL_PRINTING, "", NOW) != STATUS_OK)
        _exit(1);
    (void)!write(promises, "p", 1);
    if (spool_move(spool, job, SPOOL_PRINTED, "", NOW) != STATUS_OK)
        _exit(1);
    (void)!write(promises, "d", 1);
    _exit(0);
}

static int promises_before_crash(struct trial *trial, int fatal_step, bool *finished)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ends[0]);
        trial->steps = 0;
        trial->fatal_step = fatal_step;
        live(trial, ends[1]);
    }
    close(ends[1]);
    int promised = 0;
    for (char letter; read(ends[0], &letter, 1) == 1;)
        promised |= letter == 'q'   ? PROMISED_QUEUED
                    : letter == 'p' ? PROMISED_PRINTING
                                    : PROMISED_PRINTED;
    close(ends[0]);
    int result;
    assert_int_equal(waitpid(child, &result, 0), child);
    assert_true(WIFEXITED(result) && (WEXITSTATUS(result) == 42 || WEXITSTATUS(result) == 0));
    *finished = WEXITSTATUS(result) == 0;
    return promised;
}

static void a_crash_at_any_step_never_prints_twice(void **state)
{
    struct trial *trial = *state;
    bool finished = false;
    int step = 1;
    for (; !finished; step++) {
        assert_true(step < 100);
        int promised = promises_before_crash(trial, step, &finished);
        struct spool *spool = open_at(trial, NOW);
        const struct spool_job *job = spool_find(spool, TICKET, 1);
        if (promised & PROMISED_QUEUED)
            assert_non_null(job); /* an acknowledged request is not lost */
        if (promised & PROMISED_PRINTING)
            assert_null(spool_next_queued(spool)); /* a paper may be out: never by itself again */
        if (promised & PROMISED_PRINTED)
            assert_int_equal(job->state, SPOOL_PRINTED);
        else if (promised & PROMISED_PRINTING)
            assert_true(job->state == SPOOL_UNKNOWN || job->state == SPOOL_PRINTED);
        else if (job)
            assert_true(job->state == SPOOL_QUEUED || job->state == SPOOL_UNKNOWN);
        spool_close(spool);
        char path[256];
        snprintf(path, sizeof(path), "%s/%s-01.json", trial->folder, TICKET);
        unlink(path);
    }
    assert_true(step > 15); /* three writes of five steps */
}

static void a_fault_at_any_step_of_adding_leaves_nothing_behind(void **state)
{
    struct trial *trial = *state;
    for (int step = 1; step <= 5; step++) {
        struct spool *spool = open_at(trial, NOW);
        trial->steps = 0;
        trial->fault_step = step;
        const struct spool_job *job = NULL;
        bool is_new;
        assert_int_equal(spool_add(spool, TICKET, 1, REQUEST, NOW, &job, &is_new), STATUS_FULL);
        trial->fault_step = 0;
        assert_null(spool_find(spool, TICKET, 1));
        spool_close(spool);
        spool = open_at(trial, NOW);
        assert_int_equal(spool_count(spool), 0);
        spool_close(spool);
    }
}

static void a_job_whose_printing_cannot_be_noted_stays_queued(void **state)
{
    struct trial *trial = *state;
    struct spool *spool = open_at(trial, NOW);
    const struct spool_job *job = add(spool, TICKET, 1);
    for (int step = 1; step <= 5; step++) {
        trial->steps = 0;
        trial->fault_step = step;
        assert_int_equal(spool_move(spool, job, SPOOL_PRINTING, "", NOW), STATUS_FULL);
        assert_int_equal(job->state, SPOOL_QUEUED);
    }
    trial->fault_step = 0;
    assert_int_equal(spool_move(spool, job, SPOOL_PRINTING, "", NOW), STATUS_OK);
    trial->steps = 0;
    trial->fault_step = 1;
    assert_int_equal(spool_move(spool, job, SPOOL_PRINTED, "", NOW), STATUS_FULL);
    assert_int_equal(job->state, SPOOL_PRINTED); /* it happened */
    spool_close(spool);
    trial->fault_step = 0;
    spool = open_at(trial, NOW);
    assert_int_equal(spool_at(spool, 0)->state, SPOOL_UNKNOWN); /* and is still not printed again */
    spool_close(spool);
}

static void a_damaged_file_is_unknown_and_never_printed(void **state)
{
    struct trial *trial = *state;
    put_file(trial, "01ARZ3NDEKTSV4RRFFQ69G5FAV-01.json", "{\"state\":\"que");
    put_file(trial, "01ARZ3NDEKTSV4RRFFQ69G5FAW-01.json", "");
    struct spool *spool = open_at(trial, NOW);
    assert_int_equal(spool_count(spool), 2);
    assert_int_equal(spool_find(spool, TICKET, 1)->state, SPOOL_UNKNOWN);
    assert_string_equal(spool_find(spool, TICKET, 1)->reason, "damaged");
    assert_null(spool_next_queued(spool));
    spool_close(spool);
    spool = open_at(trial, NOW + DAY + MINUTE); /* written anew, it ages as others do */
    assert_int_equal(spool_count(spool), 0);
    spool_close(spool);
}

static void other_files_are_left_alone(void **state)
{
    struct trial *trial = *state;
    static const char *const names[] = {
        "readme", "01ARZ3NDEKTSV4RRFFQ69G5FAV-00.json", "01ARZ3NDEKTSV4RRFFQ69G5FAV-1.json",
        "01arz3ndektsv4rrffq69g5fav-01.json", "01ARZ3NDEKTSV4RRFFQ69G5FAV-01.jsonx"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        put_file(trial, names[i], "x");
    put_file(trial, ".new", "half");
    struct spool *spool = open_at(trial, NOW);
    assert_int_equal(spool_count(spool), 0);
    spool_close(spool);
    char path[256];
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s", trial->folder, names[i]);
        assert_int_equal(access(path, F_OK), 0);
    }
    snprintf(path, sizeof(path), "%s/.new", trial->folder);
    assert_int_equal(access(path, F_OK), -1);
}

static void a_symbolic_link_is_not_followed(void **state)
{
    struct trial *trial = *state;
    put_file(trial, "elsewhere",
             "{\"state\":\"queued\",\"reason\":\"\",\"order\":1,\"request\":\"{}\"}");
    char path[256];
    snprintf(path, sizeof(path), "%s/%s-01.json", trial->folder, TICKET);
    assert_int_equal(symlink("elsewhere", path), 0);
    struct spool *spool = open_at(trial, NOW);
    assert_int_equal(spool_find(spool, TICKET, 1)->state, SPOOL_UNKNOWN);
    spool_close(spool);
}

static void one_process_owns_the_folder(void **state)
{
    struct trial *trial = *state;
    struct spool *spool = open_at(trial, NOW);
    struct spool *second = NULL;
    const struct spool_options options = {.folder = trial->folder};
    assert_int_equal(spool_open(&options, NOW, &second), STATUS_BUSY);
    spool_close(spool);
    assert_int_equal(spool_open(&options, NOW, &second), STATUS_OK);
    spool_close(second);
}

static void finished_jobs_go_after_a_day_and_waiting_ones_stay(void **state)
{
    struct spool *spool = open_at(*state, NOW);
    const struct spool_job *job = add(spool, TICKET, 1);
    spool_move(spool, job, SPOOL_PRINTING, "", NOW);
    spool_move(spool, job, SPOOL_PRINTED, "", NOW);
    add(spool, OTHER, 1);
    spool_forget_old(spool, NOW + DAY);
    assert_int_equal(spool_count(spool), 2);
    spool_forget_old(spool, NOW + DAY + 1);
    assert_int_equal(spool_count(spool), 1);
    assert_null(spool_find(spool, TICKET, 1));
    assert_non_null(spool_find(spool, OTHER, 1));
    spool_close(spool);
}

static void the_queue_is_bounded(void **state)
{
    struct spool *spool = open_at(*state, NOW);
    char ticket[QUARTER_ULID_LEN + 1];
    for (int i = 0; i < SPOOL_QUEUED_MAX; i++) {
        snprintf(ticket, sizeof(ticket), "01ARZ3NDEKTSV4RRFFQ69G%04d", i);
        add(spool, ticket, 1);
    }
    const struct spool_job *job = NULL;
    bool is_new;
    assert_int_equal(spool_add(spool, TICKET, 1, REQUEST, NOW, &job, &is_new), STATUS_FULL);
    spool_move(spool, spool_next_queued(spool), SPOOL_FAILED, "canceled", NOW);
    assert_int_equal(spool_add(spool, TICKET, 1, REQUEST, NOW, &job, &is_new), STATUS_OK);
    spool_close(spool);
}

static void a_reason_is_told_once(void **state)
{
    struct spool *spool = open_at(*state, NOW);
    const struct spool_job *job = add(spool, TICKET, 1);
    assert_true(spool_set_reason(spool, job, "media-empty"));
    assert_false(spool_set_reason(spool, job, "media-empty"));
    assert_string_equal(job->reason, "media-empty");
    assert_true(spool_set_reason(spool, job, ""));
    spool_close(spool);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_job_goes_from_queued_to_printed),
        TEST(the_same_ticket_and_copy_is_answered_not_added),
        TEST(jobs_survive_and_keep_their_order),
        TEST(a_write_is_synced_before_it_is_named_and_then_its_folder),
        TEST(a_crash_at_any_step_never_prints_twice),
        TEST(a_fault_at_any_step_of_adding_leaves_nothing_behind),
        TEST(a_job_whose_printing_cannot_be_noted_stays_queued),
        TEST(a_damaged_file_is_unknown_and_never_printed),
        TEST(other_files_are_left_alone),
        TEST(a_symbolic_link_is_not_followed),
        TEST(one_process_owns_the_folder),
        TEST(finished_jobs_go_after_a_day_and_waiting_ones_stay),
        TEST(the_queue_is_bounded),
        TEST(a_reason_is_told_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
