/* A crew of threads and its progress line. See parallel.h. */
#include "simulate/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <time.h>

#include "quarter/check.h"
#include "simulate/options.h"

enum { LOOK_MS = 200, LIVE_EVERY_MS = 400, LINE_EVERY_MS = 5000, QUIET_MS = 2000 };

struct crew {
    const struct parallel *plan;
    atomic_int next, done;
    pthread_mutex_t lock;
    pthread_cond_t idle; /* a worker went home */
    int working;
};

struct worker {
    struct crew *crew;
    int number;
    pthread_t thread;
};

int parallel_default_threads(void)
{
    cpu_set_t cores;
    CPU_ZERO(&cores);
    if (sched_getaffinity(0, sizeof(cores), &cores) != 0) {
        return 1;
    }
    const int count = CPU_COUNT(&cores);
    return count > SIMULATE_THREADS_MAX ? SIMULATE_THREADS_MAX : count;
}

static void *work(void *argument)
{
    const struct worker *worker = argument;
    struct crew *crew = worker->crew;
    const struct parallel *plan = crew->plan;
    /* Set by a signal's handler, on whichever thread that runs. */
    while (plan->stop == NULL || __atomic_load_n(plan->stop, __ATOMIC_RELAXED) == 0) {
        const int job = atomic_fetch_add(&crew->next, 1);
        if (job >= plan->jobs) {
            break;
        }
        plan->job(plan->context, worker->number, job);
        atomic_fetch_add(&crew->done, 1);
    }
    CHECK(pthread_mutex_lock(&crew->lock) == 0);
    crew->working--;
    CHECK(pthread_cond_signal(&crew->idle) == 0);
    CHECK(pthread_mutex_unlock(&crew->lock) == 0);
    return NULL;
}

static struct timespec later(struct timespec at, int ms)
{
    at.tv_nsec += (long)ms * 1000000L;
    at.tv_sec += at.tv_nsec / 1000000000L;
    at.tv_nsec %= 1000000000L;
    return at;
}

static struct timespec now(void)
{
    struct timespec at;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &at) == 0);
    return at;
}

static double seconds_between(struct timespec from, struct timespec to)
{
    return (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) * 1e-9;
}

static void tell(const struct parallel *plan, int done, double elapsed_s)
{
    const double rate = done / elapsed_s;
    (void)fprintf(plan->progress, "%squeue-server: %d of %d %s", plan->live ? "\r" : "", done,
                  plan->jobs, plan->noun);
    if (done > 0) {
        (void)fprintf(plan->progress, ", %.*f a second, about %.0f s left", rate < 10 ? 1 : 0, rate,
                      (plan->jobs - done) / rate);
    }
    (void)fputs(plan->live ? "\033[K" : "\n", plan->progress);
    (void)fflush(plan->progress);
}

/* Waits for the last worker, and tells how far they are. */
static void watch(struct crew *crew, struct timespec start)
{
    const struct parallel *plan = crew->plan;
    double told_s = QUIET_MS / 1000.0 - (plan->live ? LIVE_EVERY_MS : LINE_EVERY_MS) / 1000.0;
    bool any = false;
    CHECK(pthread_mutex_lock(&crew->lock) == 0);
    while (crew->working > 0) {
        const struct timespec until = later(now(), LOOK_MS);
        (void)pthread_cond_timedwait(&crew->idle, &crew->lock, &until);
        const double elapsed_s = seconds_between(start, now());
        const double every_s = (plan->live ? LIVE_EVERY_MS : LINE_EVERY_MS) / 1000.0;
        if (plan->progress != NULL && crew->working > 0 && elapsed_s > told_s + every_s) {
            tell(plan, atomic_load(&crew->done), elapsed_s);
            told_s = elapsed_s;
            any = true;
        }
    }
    CHECK(pthread_mutex_unlock(&crew->lock) == 0);
    if (any && plan->live) {
        (void)fputs("\r\033[K", plan->progress);
    }
}

int parallel_run(const struct parallel *parallel)
{
    struct worker workers[SIMULATE_THREADS_MAX];
    struct crew crew = {.plan = parallel};
    CHECK(parallel->threads >= 1 && parallel->threads <= SIMULATE_THREADS_MAX);
    const struct timespec start = now();
    pthread_condattr_t monotonic;
    CHECK(pthread_condattr_init(&monotonic) == 0);
    CHECK(pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0);
    CHECK(pthread_mutex_init(&crew.lock, NULL) == 0);
    CHECK(pthread_cond_init(&crew.idle, &monotonic) == 0);
    crew.working = parallel->threads < parallel->jobs ? parallel->threads : parallel->jobs;
    const int started = crew.working;
    for (int i = 0; i < started; i++) {
        workers[i] = (struct worker){.crew = &crew, .number = i};
        CHECK(pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0);
    }
    watch(&crew, start);
    for (int i = 0; i < started; i++) {
        CHECK(pthread_join(workers[i].thread, NULL) == 0);
    }
    CHECK(pthread_cond_destroy(&crew.idle) == 0);
    CHECK(pthread_mutex_destroy(&crew.lock) == 0);
    CHECK(pthread_condattr_destroy(&monotonic) == 0);
    return atomic_load(&crew.done);
}
