/* The bounded queue before the desk, problems, and the files of the pages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http/clock.h"
#include "http/hub.h"
#include "http/inbox.h"
#include "http/metrics.h"
#include "http/problem.h"
#include "http/static_files.h"
#include "test_kit.h"

static const struct inbox_patience at_once = {.until_ms = 0};
static const struct inbox_patience for_ever = {.until_ms = INT64_C(4000000000000)};

static void jobs_come_out_in_their_order_a_few_at_a_time(void **state)
{
    (void)state;
    struct inbox *inbox = inbox_create(8);
    struct desk_job jobs[5] = {0};
    struct desk_job *taken = NULL;
    bool poked = false;
    for (int i = 0; i < 5; i++) {
        assert_int_equal(inbox_put(inbox, &jobs[i]), PROBLEM_NONE);
    }
    assert_true(inbox_take(inbox, &at_once, 3, &taken, &poked));
    assert_ptr_equal(taken, &jobs[0]);
    assert_ptr_equal(taken->next->next, &jobs[2]);
    assert_null(taken->next->next->next);
    assert_true(inbox_take(inbox, &at_once, 3, &taken, &poked));
    assert_ptr_equal(taken, &jobs[3]);
    assert_ptr_equal(taken->next, &jobs[4]);
    assert_int_equal(inbox_put(inbox, &jobs[0]), PROBLEM_NONE); /* the end was found again */
    assert_true(inbox_take(inbox, &at_once, 3, &taken, &poked));
    assert_ptr_equal(taken, &jobs[0]);
    assert_false(poked);
    inbox_destroy(inbox);
}

static void a_full_queue_is_too_busy(void **state)
{
    (void)state;
    struct inbox *inbox = inbox_create(2);
    struct desk_job jobs[3] = {0};
    struct desk_job *taken = NULL;
    bool poked = false;
    assert_int_equal(inbox_put(inbox, &jobs[0]), PROBLEM_NONE);
    assert_int_equal(inbox_put(inbox, &jobs[1]), PROBLEM_NONE);
    assert_int_equal(inbox_put(inbox, &jobs[2]), PROBLEM_TOO_BUSY);
    assert_true(inbox_take(inbox, &at_once, 1, &taken, &poked));
    assert_int_equal(inbox_put(inbox, &jobs[2]), PROBLEM_NONE);
    assert_true(inbox_take(inbox, &at_once, 8, &taken, &poked));
    inbox_destroy(inbox);
}

static void a_closed_queue_gives_what_is_left_and_ends(void **state)
{
    (void)state;
    struct inbox *inbox = inbox_create(2);
    struct desk_job job = {0}, late = {0};
    struct desk_job *taken = NULL;
    bool poked = false;
    assert_int_equal(inbox_put(inbox, &job), PROBLEM_NONE);
    inbox_close(inbox);
    assert_int_equal(inbox_put(inbox, &late), PROBLEM_STOPPING);
    assert_true(inbox_take(inbox, &for_ever, 8, &taken, &poked));
    assert_ptr_equal(taken, &job);
    assert_false(inbox_take(inbox, &for_ever, 8, &taken, &poked));
    assert_null(taken);
    inbox_destroy(inbox);
}

static void a_poke_ends_the_wait(void **state)
{
    (void)state;
    struct inbox *inbox = inbox_create(2);
    struct desk_job *taken = NULL;
    bool poked = false;
    inbox_poke(inbox);
    assert_true(inbox_take(inbox, &for_ever, 8, &taken, &poked));
    assert_true(poked);
    assert_null(taken);
    assert_true(inbox_take(inbox, &at_once, 8, &taken, &poked));
    assert_false(poked);
    inbox_destroy(inbox);
}

static void *put_two(void *context)
{
    static struct desk_job jobs[2];
    for (int i = 0; i < 2; i++) {
        (void)inbox_put(context, &jobs[i]);
    }
    return NULL;
}

static void company_is_waited_for_but_not_for_ever(void **state)
{
    (void)state;
    struct inbox *inbox = inbox_create(8);
    struct desk_job first = {0};
    struct desk_job *taken = NULL;
    bool poked = false;
    pthread_t thread;
    const struct inbox_patience three = {.gather = 3, .gather_ns = INT64_C(20000000000)};
    assert_int_equal(inbox_put(inbox, &first), PROBLEM_NONE);
    assert_int_equal(pthread_create(&thread, NULL, put_two, inbox), 0);
    assert_true(inbox_take(inbox, &three, 8, &taken, &poked));
    assert_non_null(taken->next->next);
    assert_int_equal(pthread_join(thread, NULL), 0);
    const struct inbox_patience nine = {.gather = 9, .gather_ns = 1000};
    assert_int_equal(inbox_put(inbox, &first), PROBLEM_NONE);
    assert_true(inbox_take(inbox, &nine, 8, &taken, &poked));
    assert_ptr_equal(taken, &first);
    assert_int_equal(inbox_count(inbox), 0);
    inbox_destroy(inbox);
}

struct folder {
    char dir[40];
    struct static_files *files;
};

static void write_file(const struct folder *folder, const char *name, const char *text)
{
    char path[200];
    (void)snprintf(path, sizeof(path), "%s/%s", folder->dir, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void make_dir(const struct folder *folder, const char *name)
{
    char path[200];
    (void)snprintf(path, sizeof(path), "%s/%s", folder->dir, name);
    assert_int_equal(mkdir(path, 0700), 0);
}

static void only_files_of_the_pages_are_found(void **state)
{
    (void)state;
    static const char *const hidden[] = {"../openapi.json",
                                         "..",
                                         "vendor/../../openapi.json",
                                         "/page.html",
                                         "vendor//a.js",
                                         "vendor/",
                                         "vendor",
                                         ".secret.js",
                                         "key.pem",
                                         "link.js",
                                         "out/a.js",
                                         "page.html/",
                                         "",
                                         "a\\b.js",
                                         "no.html",
                                         "%2e%2e/x.js",
                                         "a/b/c/d/e.js",
                                         "vendor/.a.js"};
    struct folder folder = {.dir = "/tmp/quarter-files-XXXXXX"};
    struct static_file file;
    char error[200] = "", path[200], other[200];
    assert_non_null(mkdtemp(folder.dir));
    assert_int_equal(static_files_open(folder.dir, &folder.files, error, sizeof(error)),
                     STATUS_NOT_FOUND);
    assert_non_null(strstr(error, "--assets"));
    make_dir(&folder, "web");
    make_dir(&folder, "web/vendor");
    write_file(&folder, "openapi.json", "{}");
    write_file(&folder, "web/page.html", "<p>");
    write_file(&folder, "web/.secret.js", "x");
    write_file(&folder, "web/key.pem", "x");
    write_file(&folder, "web/vendor/a.js", "12345");
    (void)snprintf(path, sizeof(path), "%s/web/link.js", folder.dir);
    assert_int_equal(symlink("../openapi.json", path), 0);
    (void)snprintf(other, sizeof(other), "%s/web/out", folder.dir);
    assert_int_equal(symlink("vendor", other), 0);
    assert_int_equal(static_files_open(folder.dir, &folder.files, error, sizeof(error)), STATUS_OK);
    for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
        if (static_files_find(folder.files, hidden[i], &file) != STATUS_NOT_FOUND) {
            fail_msg("%s was found", hidden[i]);
        }
    }
    assert_int_equal(static_files_find(folder.files, "vendor/a.js", &file), STATUS_OK);
    assert_int_equal(file.size, 5);
    assert_string_equal(file.type, "text/javascript; charset=utf-8");
    assert_int_equal(close(file.fd), 0);
    char before[STATIC_ETAG_MAX + 1];
    memcpy(before, file.etag, sizeof(before));
    write_file(&folder, "web/vendor/a.js", "123456");
    assert_int_equal(static_files_find(folder.files, "vendor/a.js", &file), STATUS_OK);
    assert_string_not_equal(file.etag, before);
    assert_int_equal(close(file.fd), 0);
    assert_string_equal(static_files_openapi(folder.files), "{}");
    static_files_close(folder.files);
    kit_remove_folder(folder.dir);
}

static void metrics_are_prometheus_text_in_base_units(void **state)
{
    (void)state;
    struct metrics *metrics = metrics_create();
    metrics_count_answer(metrics, 201);
    metrics_count_problem(metrics, PROBLEM_DAY_CLOSED);
    metrics_count_event(metrics, EVENT_TICKET_ISSUED);
    metrics_count_commit(metrics, 400000, 3);
    metrics_count_commit(metrics, 3000000000, 1);
    metrics_set_gauges(metrics, &(struct metrics_gauges){.waiting = 7, .day_open = true});
    char *text = metrics_text(metrics, 5, 0);
    static const char *const lines[] = {
        "quarter_http_answers_total{class=\"2xx\"} 1\n",
        "quarter_problems_total{code=\"day-closed\"} 1\n",
        "quarter_events_total{type=\"ticket_issued\"} 1\n",
        "quarter_commit_duration_seconds_bucket{le=\"0.00025\"} 0\n",
        "quarter_commit_duration_seconds_bucket{le=\"0.0005\"} 1\n",
        "quarter_commit_duration_seconds_bucket{le=\"2.5\"} 1\n",
        "quarter_commit_duration_seconds_bucket{le=\"+Inf\"} 2\n",
        "quarter_commit_duration_seconds_count 2\n",
        "quarter_commit_duration_seconds_sum 3.000400000\n",
        "quarter_commands_total 4\n",
        "quarter_tickets_waiting 7\n",
        "quarter_streams 5\n",
        "# TYPE quarter_commit_duration_seconds histogram\n",
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        if (strstr(text, lines[i]) == NULL) {
            fail_msg("there is no %s in\n%s", lines[i], text);
        }
    }
    free(text);
    metrics_destroy(metrics);
}

/* The desk publishes a view and copies it for an answer; between the two, on another thread, a first reader may join. */
static void a_first_reader_takes_no_view_from_those_who_ask_for_one(void **state)
{
    (void)state;
    struct clock *clock = clock_create(&(struct clock_config){.start_ms = 1000});
    struct hub *hub = hub_create(&(struct hub_config){.topic_count = 1, .clock = clock});
    static const char fields[] = "\"open\":true";
    (void)hub_publish(hub, 0, 1000, fields, strlen(fields));
    struct MHD_Response *response = hub_join(hub, &(struct stream_request){.topic = 0}, NULL, NULL);
    assert_non_null(response);
    char *copy = hub_copy_latest(hub, 0);
    assert_non_null(copy);
    assert_string_equal(copy,
                        "{\"version\":1000,\"now\":\"1970-01-01T00:00:01.000Z\",\"open\":true}");
    free(copy);
    MHD_destroy_response(response);
    hub_destroy(hub);
    clock_destroy(clock);
}

static void every_problem_has_a_code_of_its_own_a_status_and_a_sentence(void **state)
{
    (void)state;
    for (int i = PROBLEM_NONE + 1; i < PROBLEM_COUNT; i++) {
        const struct problem *problem = problem_get((enum problem_code)i);
        const size_t length = strlen(problem->sentence);
        const bool is_sentence = length > 10 && problem->sentence[length - 1] == '.';
        if (!is_sentence || problem->http_status < 400 || problem->http_status > 599) {
            fail_msg("%s: %d \"%s\"", problem->code, problem->http_status, problem->sentence);
        }
        for (int j = PROBLEM_NONE; j < i; j++) {
            assert_string_not_equal(problem->code, problem_get((enum problem_code)j)->code);
        }
    }
    assert_int_equal(problem_get(problem_of_refusal(REFUSAL_UNKNOWN_SERVICE))->http_status, 404);
    assert_string_equal(problem_get(problem_of_refusal(REFUSAL_COUNTER_BUSY))->code,
                        "counter-busy");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jobs_come_out_in_their_order_a_few_at_a_time),
        cmocka_unit_test(a_full_queue_is_too_busy),
        cmocka_unit_test(a_closed_queue_gives_what_is_left_and_ends),
        cmocka_unit_test(a_poke_ends_the_wait),
        cmocka_unit_test(company_is_waited_for_but_not_for_ever),
        cmocka_unit_test(a_first_reader_takes_no_view_from_those_who_ask_for_one),
        cmocka_unit_test(every_problem_has_a_code_of_its_own_a_status_and_a_sentence),
        cmocka_unit_test(only_files_of_the_pages_are_found),
        cmocka_unit_test(metrics_are_prometheus_text_in_base_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
