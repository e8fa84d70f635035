/* The deterministic simulation: whole days of a centre from one seed, with everything going wrong that may. It runs the
 * server's own ledger - queue, journal, clock, site - on a disk in memory, and a witness that reads the journal and
 * knows what may never be otherwise (witness.h).
 *
 *   sim --seeds 1000              seeds 1 to 1000, in as many processes as there are processors
 *   sim --seed 42                 one, telling each step; what fails is shortened to the steps it takes
 *   sim --seed 42 --only 3,17     those steps of it
 *   sim --twice --seeds 20        each seed gives the same twice
 *   sim --canary --seeds 50       on a disk whose syncs do nothing: has to fail
 */
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "http/problem.h"
#include "quarter/check.h"
#include "quarter/log.h"
#include "run.h"
#include "test_kit.h"

enum { JOBS_MAX = 64, FAILURES_MAX = 5, RUN_SECONDS = 60, TAIL_BYTES = 1200, EXIT_USAGE = 2 };

struct options {
    uint64_t first, count, only_seed;
    int jobs;
    bool twice, canary, quiet;
    const char *only_steps; /* NULL: all */
};

/* What the workers and their parent share. */
struct slot {
    uint64_t seed; /* being run */
    struct run_tally tally;
};

struct parent {
    const struct options *options;
    struct slot *slots; /* of the workers */
    char dir[64];       /* for keys and what workers complain of */
    uint64_t failed[FAILURES_MAX];
    int failures;
};

/* one run */

static void key_dir(const struct parent *parent, int worker, char *dir, size_t size)
{
    (void)snprintf(dir, size, "%s/%d", parent->dir, worker);
}

static void run_once(const struct parent *parent, int worker, struct run_plan *plan,
                     struct sim_sites *sites, struct run_tally *tally)
{
    char dir[96];
    key_dir(parent, worker, dir, sizeof dir);
    plan->dir = dir;
    plan->disk_lies = parent->options->canary;
    (void)alarm(RUN_SECONDS);
    const uint64_t digest = run_seed(plan, sites, tally);
    if (parent->options->twice) {
        struct run_tally other = {0};
        EXPECT(run_seed(plan, sites, &other) == digest, "the same seed went another way");
    }
    (void)alarm(0);
    plan->dir = NULL;
}

static void complaints_path(const struct parent *parent, int worker, char *path, size_t size)
{
    (void)snprintf(path, size, "%s/%d.txt", parent->dir, worker);
}

/* Everything that modules log goes where nobody looks, unless the run fails. */
static void hide_complaints(const struct parent *parent, int worker)
{
    char path[96];
    complaints_path(parent, worker, path, sizeof path);
    CHECK(freopen(path, "we", stderr) != NULL);
}

/* a seed alone */

/* In a process of its own: what ends it is the answer. True: it came through. */
static bool comes_through(const struct parent *parent, struct run_plan *plan)
{
    char dir[96];
    (void)fflush(NULL);
    const pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        struct sim_sites sites = {0};
        struct run_tally tally = {0};
        if (!plan->verbose) {
            hide_complaints(parent, 0);
        }
        run_once(parent, 0, plan, &sites, &tally);
        sim_sites_free(&sites);
        (void)fflush(NULL);
        _exit(0);
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    key_dir(parent, 0, dir, sizeof dir);
    kit_remove_folder(dir);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Leaves out as many steps as can be without losing the failure: first halves, then quarters ... then single ones. */
static int shorten(const struct parent *parent, struct run_plan *plan)
{
    const int steps = run_step_count(plan->seed);
    int left = 0;
    plan->verbose = false;
    for (int size = (steps + 1) / 2; size >= 1; size /= 2) {
        for (int from = 0; from < steps; from += size) {
            struct run_plan shorter = *plan;
            bool changes = false;
            for (int i = from; i < from + size && i < steps; i++) {
                changes = changes || !shorter.left_out[i];
                shorter.left_out[i] = true;
            }
            if (changes && !comes_through(parent, &shorter)) {
                *plan = shorter;
            }
        }
    }
    for (int i = 0; i < steps; i++) {
        left += !plan->left_out[i];
    }
    return left;
}

static void tell_steps(const struct run_plan *plan)
{
    const char *between = "";
    for (int i = 0; i < run_step_count(plan->seed); i++) {
        if (!plan->left_out[i]) {
            printf("%s%d", between, i);
            between = ",";
        }
    }
    printf("\n");
}

/* What it takes to see it fail, and the steps told. */
static void tell_failure(const struct parent *parent, uint64_t seed)
{
    struct run_plan plan = {.seed = seed};
    if (comes_through(parent, &plan)) {
        printf("seed %" PRIu64 " does not fail alone\n", seed);
        return;
    }
    const int steps = shorten(parent, &plan);
    printf("\nseed %" PRIu64 " fails in %d steps of %d. To see it again:\n  sim --seed %" PRIu64
           " --only ",
           seed, steps, run_step_count(seed), seed);
    tell_steps(&plan);
    plan.verbose = true;
    (void)comes_through(parent, &plan);
}

static void read_steps(const char *list, struct run_plan *plan)
{
    memset(plan->left_out, true, sizeof plan->left_out);
    while (*list != '\0') {
        char *end = NULL;
        const long step = strtol(list, &end, 10);
        if (end == list || step < 0 || step >= RUN_STEPS_MAX) {
            fprintf(stderr, "sim: --only wants numbers of steps, such as 3,17\n");
            exit(EXIT_USAGE);
        }
        plan->left_out[step] = false;
        list = *end == ',' ? end + 1 : end;
    }
}

static int run_alone(const struct parent *parent)
{
    const struct options *options = parent->options;
    struct run_plan plan = {.seed = options->only_seed, .verbose = !options->quiet};
    if (options->only_steps != NULL) {
        read_steps(options->only_steps, &plan);
    }
    if (comes_through(parent, &plan)) {
        printf("seed %" PRIu64 " holds every invariant\n", plan.seed);
        return 0;
    }
    if (options->only_steps == NULL) {
        tell_failure(parent, plan.seed);
    }
    return 1;
}

/* many */

static void work(const struct parent *parent, int worker, uint64_t from)
{
    const struct options *options = parent->options;
    struct slot *slot = &parent->slots[worker];
    struct sim_sites sites = {0};
    for (uint64_t seed = from; seed < options->first + options->count;
         seed += (uint64_t)options->jobs) {
        struct run_plan plan = {.seed = seed};
        slot->seed = seed;
        hide_complaints(parent, worker);
        run_once(parent, worker, &plan, &sites, &slot->tally);
    }
    sim_sites_free(&sites);
}

static pid_t start_worker(const struct parent *parent, int worker, uint64_t from)
{
    (void)fflush(NULL);
    const pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        work(parent, worker, from);
        _exit(0);
    }
    return child;
}

static void print_complaints(const struct parent *parent, int worker)
{
    char path[96];
    char text[TAIL_BYTES + 1];
    complaints_path(parent, worker, path, sizeof path);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return;
    }
    if (fseek(file, -TAIL_BYTES, SEEK_END) != 0) {
        rewind(file);
    }
    text[fread(text, 1, TAIL_BYTES, file)] = '\0';
    (void)fclose(file);
    printf("%s", text);
}

static int64_t runs_so_far(const struct parent *parent)
{
    int64_t runs = 0;
    for (int i = 0; i < parent->options->jobs; i++) {
        runs += parent->slots[i].tally.runs;
    }
    return runs;
}

/* Who has the time to run so many wants to know how far they are. */
static pid_t wait_and_tell(const struct parent *parent, int *status)
{
    enum { TELL_EVERY_S = 30, LOOKS_A_SECOND = 20 };
    const struct timespec moment = {.tv_nsec = 1000000000 / LOOKS_A_SECOND};
    for (int looks = 1;; looks++) {
        const pid_t ended = waitpid(-1, status, WNOHANG);
        if (ended != 0) {
            return ended;
        }
        (void)nanosleep(&moment, NULL);
        if (looks % (TELL_EVERY_S * LOOKS_A_SECOND) == 0) {
            fprintf(stderr, "%" PRId64 " of %" PRIu64 " seeds, %d failed\n", runs_so_far(parent),
                    parent->options->count, parent->failures);
        }
    }
}

/* Waits for one worker; one that a seed has ended goes on behind it. */
static void tend(struct parent *parent, pid_t *workers, int *running)
{
    const struct options *options = parent->options;
    int status = 0;
    const pid_t ended = wait_and_tell(parent, &status);
    int worker = 0;
    while (workers[worker] != ended) {
        worker++;
        CHECK(worker < options->jobs);
    }
    workers[worker] = 0;
    --*running;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        return;
    }
    const uint64_t seed = parent->slots[worker].seed;
    char dir[96];
    key_dir(parent, worker, dir, sizeof dir);
    kit_remove_folder(dir);
    printf("seed %" PRIu64 " failed:\n", seed);
    print_complaints(parent, worker);
    parent->failed[parent->failures++] = seed;
    if (parent->failures < FAILURES_MAX) {
        workers[worker] = start_worker(parent, worker, seed + (uint64_t)options->jobs);
        ++*running;
    }
}

static void end_workers(const pid_t *workers, int count)
{
    for (int i = 0; i < count; i++) {
        if (workers[i] != 0) {
            (void)kill(workers[i], SIGKILL);
            (void)waitpid(workers[i], NULL, 0);
        }
    }
}

static void add_up(const struct parent *parent, struct run_tally *sum)
{
    int64_t *to = (int64_t *)sum;
    for (int i = 0; i < parent->options->jobs; i++) {
        const int64_t *from = (const int64_t *)&parent->slots[i].tally;
        for (size_t j = 0; j < sizeof *sum / sizeof(int64_t); j++) {
            to[j] += from[j];
        }
    }
}

static void print_tally(const struct run_tally *sum)
{
    printf("%" PRId64 " runs, %" PRId64 " steps, %" PRId64 " days\n"
           "  %" PRId64 " requests: %" PRId64 " accepted, %" PRId64 " refused; %" PRId64
           " answers lost, %" PRId64 " repeats answered as first\n"
           "  %" PRId64 " starts after %" PRId64 " power cuts and %" PRId64 " kills (%" PRId64
           " amid a batch), %" PRId64 " starts failed, %" PRId64 " site changes\n"
           "  %" PRId64 " faults of the disk met; %" PRId64 " batches not stored, %" PRId64
           " of them found whole after the power came back\n"
           "  %" PRId64 " pairs of visitors compared with the policy's bound\n",
           sum->runs, sum->steps, sum->days, sum->requests, sum->accepted, sum->refused,
           sum->lost_answers, sum->repeats, sum->starts, sum->power_cuts, sum->kills,
           sum->cuts_in_batches, sum->failed_starts, sum->site_changes, sum->faults_met,
           sum->failed_batches, sum->resurrected, sum->calls_compared);
    printf(" ");
    for (int i = 0; i < EVENT_TYPES; i++) {
        printf(" %s %" PRId64, event_type_code((enum event_type)i), sum->events[i]);
    }
    printf("\n  refused:");
    for (int i = 1; i < RUN_PROBLEMS_MAX && i < PROBLEM_COUNT; i++) {
        if (sum->problems[i] > 0) {
            printf(" %s %" PRId64, problem_get((enum problem_code)i)->code, sum->problems[i]);
        }
    }
    printf("\n");
}

/* With this many runs everything has come to pass. */
static bool reached_everything(const struct run_tally *sum)
{
    bool all = sum->repeats > 0 && sum->lost_answers > 0 && sum->failed_batches > 0 &&
               sum->cuts_in_batches > 0 && sum->kills > 0 && sum->faults_met > 0 &&
               sum->resurrected > 0 && sum->site_changes > 0 && sum->calls_compared > 0 &&
               sum->failed_starts > 0;
    for (int i = 0; i < EVENT_TYPES; i++) {
        if (sum->events[i] == 0) {
            printf("no %s in all these days\n", event_type_code((enum event_type)i));
            all = false;
        }
    }
    return all;
}

static int run_many(struct parent *parent)
{
    const struct options *options = parent->options;
    pid_t workers[JOBS_MAX] = {0};
    int running = 0;
    struct run_tally sum = {0};
    for (; running < options->jobs; running++) {
        workers[running] = start_worker(parent, running, options->first + (uint64_t)running);
    }
    while (running > 0 && parent->failures < FAILURES_MAX) {
        tend(parent, workers, &running);
    }
    end_workers(workers, options->jobs);
    add_up(parent, &sum);
    print_tally(&sum);
    if (parent->failures > 0) {
        printf("%d seed%s failed\n", parent->failures, parent->failures == 1 ? "" : "s");
        tell_failure(parent, parent->failed[0]);
        return 1;
    }
    if (options->count >= 500 && !reached_everything(&sum)) {
        printf("the simulation does not reach all that it is for\n");
        return 1;
    }
    printf("0 seeds failed\n");
    return 0;
}

/* options */

static uint64_t number(const char *text, const char *option)
{
    char *end = NULL;
    const unsigned long long value = strtoull(text, &end, 10);
    if (end == text || *end != '\0') {
        fprintf(stderr, "sim: --%s wants a number, not '%s'\n", option, text);
        exit(EXIT_USAGE);
    }
    return value;
}

static void read_options(int argc, char **argv, struct options *options)
{
    static const struct option known[] = {{"seeds", required_argument, NULL, 'n'},
                                          {"first", required_argument, NULL, 'f'},
                                          {"jobs", required_argument, NULL, 'j'},
                                          {"seed", required_argument, NULL, 's'},
                                          {"only", required_argument, NULL, 'o'},
                                          {"twice", no_argument, NULL, 't'},
                                          {"canary", no_argument, NULL, 'c'},
                                          {"quiet", no_argument, NULL, 'q'},
                                          {NULL, 0, NULL, 0}};
    int option = 0;
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (option) {
        case 'n': options->count = number(optarg, "seeds"); break;
        case 'f': options->first = number(optarg, "first"); break;
        case 'j': options->jobs = (int)number(optarg, "jobs"); break;
        case 's': options->only_seed = number(optarg, "seed"); break;
        case 'o': options->only_steps = optarg; break;
        case 't': options->twice = true; break;
        case 'c': options->canary = true; break;
        case 'q': options->quiet = true; break;
        default:
            fprintf(stderr, "usage: sim [--seeds N] [--first N] [--jobs N] [--twice] [--canary] | "
                            "--seed N [--only STEPS] [--quiet]\n");
            exit(EXIT_USAGE);
        }
    }
    if (options->jobs < 1 || options->jobs > JOBS_MAX) {
        options->jobs = 1;
    }
}

int main(int argc, char **argv)
{
    struct options options = {
        .first = 1, .count = 1000, .jobs = (int)sysconf(_SC_NPROCESSORS_ONLN)};
    read_options(argc, argv, &options);
    CHECK(setvbuf(stdout, NULL, _IOLBF, 0) == 0); /* a run that aborts has told its last step */
    log_set_level(LOG_ERROR_LEVEL);
    struct parent parent = {.options = &options};
    (void)snprintf(parent.dir, sizeof parent.dir, "%s/quarter-sim-XXXXXX",
                   access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    CHECK(mkdtemp(parent.dir) != NULL);
    parent.slots = mmap(NULL, JOBS_MAX * sizeof *parent.slots, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(parent.slots != MAP_FAILED);
    const int code = options.only_seed != 0 ? run_alone(&parent) : run_many(&parent);
    kit_remove_folder(parent.dir);
    return code;
}
