/* The desk alone, with batches made on purpose: what one job of a batch does to the others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <semaphore.h>
#include <sqlite3.h>

#include "http/desk.h"
#include "http_rig.h"
#include "quarter/check.h"

struct fixture {
    struct rig rig; /* its folder; no server */
    struct site *first;
    struct site_book *sites;
    struct topics *topics;
    struct clock *clock;
    struct metrics *metrics;
    struct hub *hub;
    struct desk *desk;
    sem_t held, go_on, done;
};

static struct site *load_good(void)
{
    struct site *site = NULL;
    struct site_report *report = site_report_create();
    assert_int_equal(site_load("tests/unit/sites/good", &site, report), STATUS_OK);
    site_report_destroy(report);
    return site;
}

/* The same site with so many remarks at its start: another hash. */
static struct site *load_another(const struct site *site, int remarks)
{
    const char *text = site_text(site);
    static const char head[] = "quarter-site 1\nfile site.yaml ";
    char *changed = NULL;
    struct site *another = NULL;
    assert_memory_equal(text, head, strlen(head));
    const unsigned long bytes = strtoul(text + strlen(head), NULL, 10);
    const char *start = strchr(strchr(text, '\n') + 1, '\n') + 1;
    assert_true(asprintf(&changed, "quarter-site 1\nfile site.yaml %lu\n%.*s\n%s",
                         bytes + (unsigned long)remarks + 1, remarks, "#########", start) > 0);
    struct site_report *report = site_report_create();
    assert_int_equal(site_load_text(changed, strlen(changed), &another, report), STATUS_OK);
    site_report_destroy(report);
    free(changed);
    return another;
}

static int set_up(void **state)
{
    struct fixture *it = calloc(1, sizeof(*it));
    CHECK(it != NULL);
    char error[400] = "";
    struct clock_config clock = {.speed = 1};
    rig_make(&it->rig);
    it->first = load_good();
    assert_int_equal(site_local_to_utc(it->first, "2026-11-24T10:40", &clock.start_ms), STATUS_OK);
    it->clock = clock_create(&clock);
    it->metrics = metrics_create();
    it->topics = topics_create();
    assert_int_equal(site_book_create(it->first, NULL, &it->sites), STATUS_OK);
    const struct desk_config config = {
        .store = {.path = it->rig.journal, .key_dir = it->rig.keys},
        .site = it->first,
        .rules = site_rules(it->first),
        .clock = it->clock,
        .metrics = it->metrics,
        .sites = it->sites,
        .topics = it->topics,
    };
    assert_int_equal(desk_create(&config, &it->desk, error, sizeof(error)), STATUS_OK);
    it->hub = hub_create(&(struct hub_config){.topic_count = TOPICS_MAX,
                                              .clock = it->clock,
                                              .wanted = desk_poke,
                                              .wanted_context = it->desk});
    desk_start(it->desk, it->hub);
    CHECK(sem_init(&it->held, 0, 0) == 0 && sem_init(&it->go_on, 0, 0) == 0 &&
          sem_init(&it->done, 0, 0) == 0);
    *state = it;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *it = *state;
    desk_stop(it->desk);
    hub_stop(it->hub);
    hub_destroy(it->hub);
    desk_destroy(it->desk);
    topics_destroy(it->topics);
    site_book_destroy(it->sites);
    metrics_destroy(it->metrics);
    clock_destroy(it->clock);
    site_destroy(it->first);
    rig_remove(&it->rig);
    (void)sem_destroy(&it->held);
    (void)sem_destroy(&it->go_on);
    (void)sem_destroy(&it->done);
    free(it);
    return 0;
}

static void hold(void *context)
{
    struct fixture *it = context;
    CHECK(sem_post(&it->held) == 0 && sem_wait(&it->go_on) == 0);
}

static void tell(void *context)
{
    CHECK(sem_post(&((struct fixture *)context)->done) == 0);
}

static struct desk_job *job_of(struct fixture *it, enum desk_verb verb)
{
    struct desk_job *job = desk_job_create(verb);
    job->done = tell;
    job->context = it;
    return job;
}

/* All in one batch, since the desk is busy until all are there. */
static void perform(struct fixture *it, struct desk_job **jobs, int count)
{
    struct desk_job *first = job_of(it, DESK_COUNTERS);
    first->done = hold;
    assert_int_equal(desk_submit(it->desk, first), PROBLEM_NONE);
    CHECK(sem_wait(&it->held) == 0);
    for (int i = 0; i < count; i++) {
        assert_int_equal(desk_submit(it->desk, jobs[i]), PROBLEM_NONE);
    }
    CHECK(sem_post(&it->go_on) == 0);
    for (int i = 0; i < count; i++) {
        CHECK(sem_wait(&it->done) == 0);
    }
    desk_job_destroy(first);
}

static void run_sql(const struct fixture *it, const char *sql)
{
    sqlite3 *other = NULL;
    assert_int_equal(sqlite3_open(it->rig.journal, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(other), SQLITE_OK);
}

static struct desk_job *site_job(struct fixture *it, int remarks)
{
    struct desk_job *job = job_of(it, DESK_SITE);
    job->edition = site_book_prepare(it->sites, load_another(it->first, remarks));
    return job;
}

static void expect(struct fixture *it, struct desk_job **jobs, int count, enum problem_code problem)
{
    perform(it, jobs, count);
    for (int i = 0; i < count; i++) {
        assert_int_equal(jobs[i]->problem, problem);
        desk_job_destroy(jobs[i]);
    }
}

/* The site cannot be stored, and the queue cannot be read back either: who asks in the same moment is told so. */
static void a_site_that_leaves_no_queue_ends_no_server(void **state)
{
    struct fixture *it = *state;
    expect(it, (struct desk_job *[]){site_job(it, 1)}, 1, PROBLEM_NONE);
    run_sql(it, "ALTER TABLE site RENAME TO lost");
    expect(
        it,
        (struct desk_job *[]){site_job(it, 2), job_of(it, DESK_COUNTERS), job_of(it, DESK_BOARD)},
        3, PROBLEM_NOT_STORED);
    run_sql(it, "ALTER TABLE lost RENAME TO site");
    expect(it, (struct desk_job *[]){site_job(it, 2), job_of(it, DESK_COUNTERS)}, 2, PROBLEM_NONE);
}

/* A server that runs for months, while kiosks and counters of ever other names come and go with the site. */
static void names_come_and_go_for_long(void **state)
{
    struct fixture *it = *state;
    char code[16];
    for (int i = 0; i < TOPICS_MAX - TOPICS_FIRST; i++) {
        (void)snprintf(code, sizeof(code), "kiosk-%d", i);
        assert_int_equal(topics_get(it->topics, TOPIC_OF_KIOSK, code), TOPICS_FIRST + i);
    }
    assert_int_equal(topics_get(it->topics, TOPIC_OF_KIOSK, "one-more"), -1);
    assert_int_equal(topics_get(it->topics, TOPIC_OF_KIOSK, "kiosk-0"), TOPICS_FIRST);
    /* Twenty sites of 64 counters and 32 kiosks, none named as another, are few. */
    assert_true(TOPICS_MAX - TOPICS_FIRST >= 20 * (64 + 32));
    struct desk_job *job = job_of(it, DESK_BOARD);
    job->topic = TOPICS_MAX - 1;
    assert_int_equal(desk_submit(it->desk, job), PROBLEM_NONE);
    CHECK(sem_wait(&it->done) == 0);
    assert_int_equal(job->problem, PROBLEM_NONE);
    assert_non_null(strstr(job->body, "\"help\":null"));
    desk_job_destroy(job);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(names_come_and_go_for_long, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_site_that_leaves_no_queue_ends_no_server, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
