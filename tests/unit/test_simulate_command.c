/* The simulator as it is called: options and what is said of wrong ones, policies compared on invented days, results
 * that do not depend on threads, and runs that are stopped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/forecast/random.h"
#include "simulate/command_parts.h"
#include "simulate/score.h"
#include "test_kit.h"

enum { ARGUMENTS_MAX = 32, LINE_BYTES = 512, FUZZ_LINES = 20000 };

/* What came of a command line. */
struct answer {
    int code;
    struct simulate_options options;
    char line[LINE_BYTES]; /* the options point into it */
    char *out, *err;
};

static void read_line(const char *line, struct answer *answer)
{
    char *argv[ARGUMENTS_MAX + 1] = {NULL};
    char *rest = NULL;
    int argc = 0;
    size_t out_size = 0;
    size_t err_size = 0;
    (void)snprintf(answer->line, sizeof(answer->line), "simulate %s", line);
    for (char *word = strtok_r(answer->line, " ", &rest); word != NULL && argc < ARGUMENTS_MAX;
         word = strtok_r(NULL, " ", &rest)) {
        argv[argc++] = word;
    }
    FILE *out = open_memstream(&answer->out, &out_size);
    FILE *err = open_memstream(&answer->err, &err_size);
    answer->code = simulate_read_options(argc, argv, &answer->options, out, err);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(fclose(err), 0);
}

static void forget(struct answer *answer)
{
    free(answer->out);
    free(answer->err);
}

static void assert_says(const char *text, const char *part)
{
    if (strstr(text, part) == NULL) {
        fail_msg("does not say '%s': %s", part, text);
    }
}

static void wrong_options_are_told_with_the_reason(void **state)
{
    (void)state;
    static const struct {
        const char *line, *says;
    } cases[] = {
        {"", "say what to simulate"},
        {"--traces a --synthetic 3", "say what to simulate"},
        {"--polcy fifo", "unknown option --polcy; did you mean 'policy'?"},
        {"--traces", "--traces wants a value"},
        {"--traces a b", "unexpected argument b"},
        {"--synthetic 0", "whole number from 1"},
        {"--synthetic 3.5", "whole number from 1"},
        {"--synthetic 99999999999999999999", "whole number from 1"},
        {"--synthetic 3 --seed -1", "--seed wants a whole number"},
        {"--synthetic 3 --seed 99999999999999999999999", "--seed wants a whole number"},
        {"--synthetic 3 --policy rescu", "no policy 'rescu'; did you mean 'rescue'?"},
        {"--synthetic 3 --policy fifo,,apq", "a name is missing"},
        {"--synthetic 3 --policy fifo,fifo", "named twice"},
        {"--synthetic 3 --policy rescue:16", "D, the minutes before the standard"},
        {"--synthetic 3 --policy rescue:8,14", "L, the minutes after which"},
        {"--synthetic 3 --policy rescue:", "wants minutes"},
        {"--synthetic 3 --policy rescue:x", "wants minutes"},
        {"--synthetic 3 --policy rescue:8,30,", "a name is missing"},
        {"--synthetic 3 --policy rescue:-8", "wants minutes"},
        {"--synthetic 3 --policy fifo:8", "only rescue has limits"},
        {"--synthetic 3 --policy rescue:nan", "wants minutes"},
        {"--synthetic 3 --rate 5", "--rate does not go with --synthetic"},
        {"--traces a --seed 3", "--seed does not go with --traces"},
        {"--traces a --score-forecast", "does not go with --traces"},
        {"--synthetic 3 --data d", "--data wants --site"},
        {"--synthetic 3 --format xml", "--format is table, json or csv"},
        {"--synthetic 3 --threads 0", "whole number from 1"},
        {"--synthetic 3 --alarm-days 2", "go with --score-forecast"},
        {"--synthetic 3 --score-forecast --alarm-days 4", "some of the 3 days"},
        {"--queue mm", "there is no queue 'mm'; did you mean 'mmc'?"},
        {"--queue mmc", "--queue wants --rate"},
        {"--queue mmc --rate 60 --service 10 --servers 10", "waits grow without end"},
        {"--queue mmc --rate 60 --service 10 --servers 12 --runs 19", "at least 20"},
        {"--queue mmc --rate 60,1 --service 10 --servers 12", "only priority and apq"},
        {"--queue mmc --rate inf --service 10", "--rate wants"},
        {"--queue apq --rate 10,30 --service 8 --servers 6", "wants --growth"},
        {"--queue apq --rate 10,30 --service 8 --servers 6 --growth 1", "one number for each"},
        {"--queue priority --rate 1,2,3 --service 8,9", "--service wants one number"},
        {"--queue mmc --rate 6 --service 1 --patience 3", "--patience is for"},
        {"--queue mmcm --rate 6 --service 1", "mean patience"},
        {"--queue mmc --rate 6 --service 0.001", "--service wants"}, /* a world's clock has ms */
        {"--queue mmcm --rate 6 --service 1 --patience 1e-9", "--patience wants"},
        {"--queue apq --rate 1,1 --service 9 --growth 1000,0.05", "10000 times"},
        {"-xyz", "unknown option -x"},
        {"--synthetic 3 -q", "unknown option -q"},
        {"--synthetic 3 --messy=1", "--messy takes no value"},
        {"--synthetic 3 --s 5", "--s could be"},
        {"--synthetic 4001 --save-traces d", "at most 4000 days"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct answer answer;
        read_line(cases[i].line, &answer);
        if (answer.code != SIMULATE_USAGE) {
            fail_msg("'%s' was taken", cases[i].line);
        }
        assert_says(answer.err, cases[i].says);
        assert_says(answer.err, "; try simulate --help\n");
        assert_string_equal(answer.out, "");
        forget(&answer);
    }
}

static void options_are_read(void **state)
{
    (void)state;
    struct answer answer;
    read_line("--synthetic 300 --seed 5000 --policy fifo,rescue:8,45,rescue:7.5,apq --threads 2 "
              "--format json --messy --visits 180.5",
              &answer);
    assert_int_equal(answer.code, -1);
    assert_int_equal(answer.options.task, SIMULATE_SYNTHETIC);
    assert_int_equal(answer.options.days, 300);
    assert_int_equal(answer.options.seed, 5000);
    assert_int_equal(answer.options.threads, 2);
    assert_int_equal(answer.options.format, SIMULATE_JSON);
    assert_true(answer.options.messy);
    assert_true(answer.options.visits > 180.4 && answer.options.visits < 180.6);
    const struct policies *policies = &answer.options.policies;
    assert_int_equal(policies->count, 4);
    assert_string_equal(policies->choices[1].name, "rescue:8,45");
    assert_string_equal(policies->choices[2].name, "rescue:7.5");
    char message[POLICY_MESSAGE_BYTES];
    struct policy_terms terms;
    assert_int_equal(policies_terms(&policies->choices[1], &policy_default_terms, &terms, message),
                     STATUS_OK);
    assert_int_equal(terms.rule, POLICY_RESCUE);
    assert_int_equal(terms.rescue_ms, 8 * 60000);
    assert_int_equal(terms.limit_ms, 45 * 60000);
    assert_int_equal(policies_terms(&policies->choices[2], &policy_default_terms, &terms, message),
                     STATUS_OK);
    assert_int_equal(terms.rescue_ms, 450000);
    assert_int_equal(terms.limit_ms, policy_default_terms.limit_ms);
    forget(&answer);
    read_line("--queue apq --rate 10,30 --growth 1,0.5 --service 8 --servers 6", &answer);
    assert_int_equal(answer.code, -1);
    assert_int_equal(answer.options.queue.classes, 2);
    assert_true(answer.options.queue.service_min[1] == 8);
    forget(&answer);
    read_line("--traces days", &answer);
    assert_int_equal(answer.code, -1);
    assert_int_equal(answer.options.policies.count, 2);
    forget(&answer);
}

static void help_is_told_with_examples(void **state)
{
    (void)state;
    struct answer answer;
    read_line("--help", &answer);
    assert_int_equal(answer.code, SIMULATE_FINE);
    assert_says(answer.out, "Examples\n");
    assert_says(answer.out, "--policy LIST");
    assert_string_equal(answer.err, "");
    forget(&answer);
}

/* Any words at all: an answer, never a crash, and what is taken makes sense. */
static void any_command_line_gets_an_answer(void **state)
{
    (void)state;
    static const char *const words[] = {
        "--traces",
        "--synthetic",
        "--queue",
        "--site",
        "--data",
        "--visits",
        "--seed",
        "--policy",
        "--score-forecast",
        "--messy",
        "--save-traces",
        "--rate",
        "--service",
        "--squared-cv",
        "--servers",
        "--patience",
        "--growth",
        "--within",
        "--hours",
        "--runs",
        "--format",
        "--threads",
        "--progress",
        "--alarm-days",
        "--advice-moments",
        "mmc",
        "mmcm",
        "priority",
        "apq",
        "mg1",
        "fifo",
        "rescue",
        "rescue:8,30",
        "rescue:,",
        "rescue:8,30,fifo",
        "strict,apq",
        "0",
        "1",
        "2",
        "20",
        "100",
        "0.5",
        "10,30",
        "1,0.5",
        "8",
        "6",
        "-1",
        "1e308",
        "nan",
        "inf",
        "json",
        "csv",
        "table",
        "",
        "=",
        "--",
        "-",
        "--rate=5",
        "--policy=",
        "--servers=12",
        "--queue=mmc",
        "--service=10",
        "--synthetic=3",
        "9999999999999999999999",
        "fifo,fifo,fifo,fifo,fifo,fifo,fifo,fifo,fifo,fifo,fifo,fifo,fifo,fifo,fifo,fifo,fifo",
        ("rescue:1,rescue:2,rescue:3,rescue:4,rescue:5,rescue:6,rescue:7,rescue:8,rescue:9,"
         "rescue:10,rescue:11,rescue:12,rescue:13,rescue:14,rescue:15,fifo,apq"),
        "\xff\xfe%s%n",
        "rescue:0.00000000000000000000000000000000000001"};
    struct random random = {random_stream(20261122, 0)};
    int taken = 0;
    for (int i = 0; i < FUZZ_LINES; i++) {
        /* A third of them begins well. */
        static const char *const starts[] = {
            "--synthetic 3 ", "--queue mmc --rate 9 --service 5 ", "", "", "", ""};
        char line[LINE_BYTES];
        size_t length = (size_t)snprintf(line, sizeof(line), "%s", starts[i % 6]);
        const int count = 1 + random_index(random_uniform(&random), 9);
        for (int w = 0; w < count && length < sizeof(line); w++) {
            const int at =
                random_index(random_uniform(&random), (int)(sizeof(words) / sizeof(words[0])));
            length += (size_t)snprintf(line + length, sizeof(line) - length, "%s ", words[at]);
        }
        struct answer answer;
        read_line(line, &answer);
        if (answer.code == -1) {
            taken++;
            assert_true(answer.options.task == SIMULATE_QUEUE
                            ? exact_fault(&answer.options.queue) == NULL
                            : answer.options.policies.count >= 1);
        } else {
            assert_int_equal(answer.code, SIMULATE_USAGE);
            assert_says(answer.err, "; try simulate --help\n");
        }
        forget(&answer);
    }
    assert_true(taken > FUZZ_LINES / 200);
}

/* ---- Whole runs */

static char *run_line(const char *line, sig_atomic_t stopped, int *code, char **complaint)
{
    struct answer answer;
    char *out_text = NULL;
    size_t out_size = 0;
    size_t err_size = 0;
    const volatile sig_atomic_t stop = stopped;
    read_line(line, &answer);
    assert_int_equal(answer.code, -1);
    struct simulate_run run = {.options = &answer.options, .stop = &stop};
    run.out = open_memstream(&out_text, &out_size);
    run.err = open_memstream(complaint, &err_size);
    *code = answer.options.task == SIMULATE_QUEUE ? simulate_queue(&run) : simulate_days(&run);
    assert_int_equal(fclose(run.out), 0);
    assert_int_equal(fclose(run.err), 0);
    forget(&answer);
    return out_text;
}

static char *run_well(const char *line)
{
    int code = 0;
    char *complaint = NULL;
    char *text = run_line(line, 0, &code, &complaint);
    if (code != SIMULATE_FINE) {
        fail_msg("%s: %d: %s", line, code, complaint);
    }
    free(complaint);
    return text;
}

static double number_at(const json_t *root, const char *list, const char *policy, const char *group,
                        const char *key, const char *part)
{
    size_t i = 0;
    json_t *row = NULL;
    json_array_foreach(json_object_get(json_object_get(root, "report"), list), i, row)
    {
        if (strcmp(json_string_value(json_object_get(row, "policy")), policy) == 0) {
            const json_t *in = group == NULL ? row : json_object_get(row, group);
            const json_t *value = json_object_get(json_object_get(in, key), part);
            if (!json_is_number(value)) {
                fail_msg("%s of %s is no number", key, policy);
            }
            return json_number_value(value);
        }
    }
    fail_msg("no policy %s in %s", policy, list);
    return 0;
}

static double overtaken_min(const json_t *root, const char *policy)
{
    return number_at(root, "policies", policy, "all", "overtaken_max_min", "value");
}

/* What the default policy is for; 300 days (and seeds) by hand say +4.4 points, interval 3.8 to 5.0. */
static void rescue_beats_fifo_and_overtakes_within_its_bound(void **state)
{
    (void)state;
    char *text = run_well("--synthetic 60 --seed 5000 --format json --policy "
                          "fifo,headstart,rescue,rescue:0,30,rescue:5,20");
    json_t *root = json_loads(text, 0, NULL);
    assert_non_null(root);
    assert_true(number_at(root, "paired", "rescue", NULL, "within", "low") > 0.02);
    assert_true(number_at(root, "paired", "rescue", NULL, "within", "value") < 0.08);
    assert_true(overtaken_min(root, "fifo") == 0);
    assert_true(overtaken_min(root, "headstart") > 8);
    assert_true(overtaken_min(root, "headstart") <= 10);
    /* max(head start, L - (15 - D)): close to it, so that the bound is seen to bind. */
    assert_true(overtaken_min(root, "rescue") > 20);
    assert_true(overtaken_min(root, "rescue") <= 23);
    assert_true(overtaken_min(root, "rescue:0,30") <= 15);
    assert_true(overtaken_min(root, "rescue:5,20") > 9);
    assert_true(overtaken_min(root, "rescue:5,20") <= 10);
    json_decref(root);
    free(text);
}

static void results_do_not_depend_on_threads(void **state)
{
    (void)state;
    static const char *const lines[][2] = {
        {"--synthetic 20 --seed 3 --policy fifo,rescue,apq --messy --format json --threads 1",
         "--synthetic 20 --seed 3 --policy fifo,rescue,apq --messy --format json --threads 5"},
        {"--synthetic 7 --seed 3 --format csv --threads 1",
         "--synthetic 7 --seed 3 --format csv --threads 3"},
        {"--queue mmc --rate 60 --service 10 --servers 12 --hours 20 --threads 1",
         "--queue mmc --rate 60 --service 10 --servers 12 --hours 20 --threads 4"},
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        char *one = run_well(lines[i][0]);
        char *many = run_well(lines[i][1]);
        assert_true(strlen(one) > 100);
        assert_string_equal(one, many);
        free(one);
        free(many);
    }
}

static void a_run_that_is_stopped_says_so(void **state)
{
    (void)state;
    int code = 0;
    char *complaint = NULL;
    char *text = run_line("--synthetic 20", 1, &code, &complaint);
    assert_int_equal(code, SIMULATE_FAILED);
    assert_string_equal(text, "");
    assert_says(complaint, "stopped before a day was done");
    free(text);
    free(complaint);
    text = run_line("--queue mmc --rate 6 --service 5", 1, &code, &complaint);
    assert_int_equal(code, SIMULATE_FAILED);
    assert_says(complaint, "stopped before two runs");
    free(text);
    free(complaint);
}

static void queues_without_arrivals_are_unknown(void **state)
{
    (void)state;
    char *text = run_well("--queue mmc --rate 1 --service 10 --hours 0.001");
    assert_says(text, "unknown");
    assert_null(strstr(text, "nan"));
    free(text);
    text = run_well("--queue mmc --rate 1 --service 10 --hours 0.001 --format csv");
    assert_says(text, "\"P(wait > 0)\",,,,0.166666667,,0\n");
    free(text);
    text = run_well("--queue priority --rate 60,1e-6 --service 0.5 --hours 100 --format json");
    json_t *root = json_loads(text, 0, NULL);
    const json_t *row = json_array_get(json_object_get(root, "figures"), 1);
    assert_true(json_is_null(json_object_get(row, "simulated")));
    assert_true(json_is_null(json_object_get(row, "se")));
    assert_true(json_is_real(json_object_get(row, "exact")));
    json_decref(root);
    free(text);
}

/* Nobody was delayed; one day alone tells of no other; a point has no quantiles. */
static void scores_of_too_little_are_unknown(void **state)
{
    (void)state;
    char *text = run_well("--synthetic 2 --visits 2 --score-forecast --policy fifo");
    assert_says(text, "unknown");
    assert_null(strstr(text, "nan"));
    assert_null(strstr(text, "0.00"));
    free(text);
    text = run_well("--synthetic 1 --visits 150 --score-forecast --policy fifo --format csv");
    assert_says(text, "\"fifo\",1,");
    assert_says(text, ",,\n");
    assert_says(text, ",last_to_enter,rmse_mean_min,");
    assert_null(strstr(text, ",last_to_enter,coverage_90,"));
    free(text);
    text = run_well("--synthetic 2 --visits 2 --score-forecast --policy fifo,rescue --format json");
    json_t *root = json_loads(text, 0, NULL);
    const json_t *policies = json_object_get(root, "policies");
    assert_int_equal(json_array_size(policies), 2);
    const json_t *forecast =
        json_array_get(json_object_get(json_array_get(policies, 1), "predictors"), SCORE_FORECAST);
    assert_true(json_is_null(json_object_get(json_object_get(forecast, "rmse_mean_min"), "value")));
    json_decref(root);
    free(text);
}

static void runs_of_centuries_are_refused(void **state)
{
    (void)state;
    int code = 0;
    char *complaint = NULL;
    char *text = run_line("--queue mmc --rate 1e-6 --service 10", 0, &code, &complaint);
    assert_int_equal(code, SIMULATE_USAGE);
    assert_says(complaint, "years");
    free(text);
    free(complaint);
}

/* D and L hold against the standard of the days, not against a quarter of an hour. */
static void limits_are_held_against_the_days_standard(void **state)
{
    (void)state;
    static const char site[] =
        "{\"services\": [{\"name\": \"a\"}], \"counters\": [{\"id\": \"1\", \"skills\": [\"a\"], "
        "\"languages\": [\"en\"], \"open_s\": 0, \"close_s\": 9000}], \"doors_close_s\": 9000, "
        "\"sl_seconds\": %d}";
    static const char day[] =
        "arrive_s,service,language,priority,appointment_s,service_s,patience_s,id,no_show,silent,"
        "next_service,next_service_s\n0,a,en,0,-1,60,900,1,0,0,,0\n";
    static const struct {
        int standard_s;
        const char *policies, *says;
    } cases[] = {{1800, "fifo,rescue:20,40", "called within 30 min"},
                 {300, "fifo,rescue", "nobody is passed over after 30 min"},
                 {3600, "rescue", "nobody is passed over after 60 min"},
                 {1800, "rescue:20,29", NULL}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char folder[] = "/tmp/quarter-days-XXXXXX";
        char path[LINE_BYTES];
        assert_non_null(mkdtemp(folder));
        (void)snprintf(path, sizeof(path), "%s/site.json", folder);
        FILE *file = fopen(path, "we");
        assert_non_null(file);
        (void)fprintf(file, site, cases[i].standard_s);
        (void)fclose(file);
        (void)snprintf(path, sizeof(path), "%s/day_1.csv", folder);
        file = fopen(path, "we");
        assert_non_null(file);
        (void)fputs(day, file);
        (void)fclose(file);
        int code = 0;
        char *complaint = NULL;
        (void)snprintf(path, sizeof(path), "--traces %s --policy %s", folder, cases[i].policies);
        char *text = run_line(path, 0, &code, &complaint);
        if (cases[i].says != NULL) {
            assert_string_equal(complaint, "");
            assert_says(text, cases[i].says);
            assert_says(text, "1 recorded day of");
        } else {
            assert_int_equal(code, SIMULATE_USAGE);
            assert_says(complaint, "at least the standard, 30");
        }
        free(text);
        free(complaint);
        kit_remove_folder(folder);
    }
}

enum { JOBS = 200, LAST_JOB = 5 };

struct jobs {
    volatile sig_atomic_t stop;
    int done[JOBS]; /* each written by one job */
};

static void do_job(void *context, int worker, int job)
{
    struct jobs *jobs = context;
    assert_in_range(worker, 0, 3);
    jobs->done[job]++;
    if (job == LAST_JOB) {
        __atomic_store_n(&jobs->stop, 1, __ATOMIC_RELAXED);
    }
}

/* What was begun is finished, and what was done are the first ones: a partial result has no holes. */
static void a_stopped_crew_has_done_the_first_jobs(void **state)
{
    (void)state;
    for (int threads = 1; threads <= 4; threads++) {
        struct jobs jobs = {0};
        const struct parallel crew = {.jobs = JOBS,
                                      .threads = threads,
                                      .job = do_job,
                                      .context = &jobs,
                                      .stop = &jobs.stop,
                                      .noun = "jobs"};
        const int done = parallel_run(&crew);
        assert_in_range(done, LAST_JOB + 1, threads == 1 ? LAST_JOB + 1 : JOBS);
        for (int i = 0; i < JOBS; i++) {
            assert_int_equal(jobs.done[i], i < done);
        }
    }
}

static void bad_data_is_told_before_anything_runs(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "--traces /nonexistent/days",
        "--synthetic 2 --site /nonexistent/site",
        "--synthetic 2 --site assets/sites/customer-centre --data /nonexistent/data",
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        int code = 0;
        char *complaint = NULL;
        char *text = run_line(lines[i], 0, &code, &complaint);
        assert_int_equal(code, SIMULATE_BAD_DATA);
        assert_string_equal(text, "");
        assert_says(complaint, "/nonexistent/");
        free(text);
        free(complaint);
    }
}

/* From "report" on, and with the days' own names left out, both tell the same. */
static void saved_days_are_read_back_as_they_were(void **state)
{
    (void)state;
    char folder[] = "/tmp/quarter-days-XXXXXX";
    char line[LINE_BYTES];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(line, sizeof(line),
                   "--synthetic 6 --seed 11 --policy rescue,strict --save-traces %s", folder);
    char *invented = run_well(line);
    (void)snprintf(line, sizeof(line), "--traces %s --policy rescue,strict", folder);
    char *recorded = run_well(line);
    const char *from = strstr(invented, "rescue");
    const char *with = strstr(recorded, "rescue");
    assert_non_null(from);
    assert_non_null(with);
    const size_t length = strcspn(from, "\n");
    assert_memory_equal(from, with, length);
    free(invented);
    free(recorded);
    kit_remove_folder(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_options_are_told_with_the_reason),
        cmocka_unit_test(options_are_read),
        cmocka_unit_test(help_is_told_with_examples),
        cmocka_unit_test(any_command_line_gets_an_answer),
        cmocka_unit_test(rescue_beats_fifo_and_overtakes_within_its_bound),
        cmocka_unit_test(results_do_not_depend_on_threads),
        cmocka_unit_test(a_run_that_is_stopped_says_so),
        cmocka_unit_test(queues_without_arrivals_are_unknown),
        cmocka_unit_test(scores_of_too_little_are_unknown),
        cmocka_unit_test(runs_of_centuries_are_refused),
        cmocka_unit_test(limits_are_held_against_the_days_standard),
        cmocka_unit_test(a_stopped_crew_has_done_the_first_jobs),
        cmocka_unit_test(bad_data_is_told_before_anything_runs),
        cmocka_unit_test(saved_days_are_read_back_as_they_were),
    };
    return cmocka_run_group_tests_name("the simulate command", tests, NULL, NULL);
}
