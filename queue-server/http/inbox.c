/* A bounded queue of jobs. See inbox.h. */
#include "http/inbox.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "quarter/check.h"

struct inbox {
    pthread_mutex_t lock;
    pthread_cond_t news;
    size_t capacity, count;
    size_t wanted; /* so many jobs are worth a signal */
    struct desk_job *first, **end;
    bool poked, closed;
};

struct inbox *inbox_create(size_t capacity)
{
    struct inbox *inbox = calloc(1, sizeof(*inbox));
    CHECK(inbox != NULL);
    inbox->capacity = capacity;
    inbox->end = &inbox->first;
    inbox->wanted = 1;
    CHECK(pthread_mutex_init(&inbox->lock, NULL) == 0);
    pthread_condattr_t attributes;
    CHECK(pthread_condattr_init(&attributes) == 0);
    CHECK(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0);
    CHECK(pthread_cond_init(&inbox->news, &attributes) == 0);
    CHECK(pthread_condattr_destroy(&attributes) == 0);
    return inbox;
}

void inbox_destroy(struct inbox *inbox)
{
    if (inbox == NULL) {
        return;
    }
    CHECK(inbox->first == NULL);
    (void)pthread_cond_destroy(&inbox->news);
    (void)pthread_mutex_destroy(&inbox->lock);
    free(inbox);
}

int64_t inbox_monotonic_ms(void)
{
    struct timespec now;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void lock(struct inbox *inbox)
{
    CHECK(pthread_mutex_lock(&inbox->lock) == 0);
}

static void unlock(struct inbox *inbox)
{
    CHECK(pthread_mutex_unlock(&inbox->lock) == 0);
}

enum problem_code inbox_put(struct inbox *inbox, struct desk_job *job)
{
    enum problem_code problem = PROBLEM_NONE;
    job->next = NULL;
    lock(inbox);
    if (inbox->closed) {
        problem = PROBLEM_STOPPING;
    } else if (inbox->count == inbox->capacity) {
        problem = PROBLEM_TOO_BUSY;
    } else {
        *inbox->end = job;
        inbox->end = &job->next;
        inbox->count++;
        if (inbox->count >= inbox->wanted) {
            CHECK(pthread_cond_signal(&inbox->news) == 0);
        }
    }
    unlock(inbox);
    return problem;
}

void inbox_poke(struct inbox *inbox)
{
    lock(inbox);
    inbox->poked = true;
    CHECK(pthread_cond_signal(&inbox->news) == 0);
    unlock(inbox);
}

void inbox_close(struct inbox *inbox)
{
    lock(inbox);
    inbox->closed = true;
    CHECK(pthread_cond_signal(&inbox->news) == 0);
    unlock(inbox);
}

/* false: the time is over. */
static bool wait_until(struct inbox *inbox, int64_t until_ns)
{
    const struct timespec until = {.tv_sec = (time_t)(until_ns / 1000000000),
                                   .tv_nsec = (long)(until_ns % 1000000000)};
    const int result = pthread_cond_timedwait(&inbox->news, &inbox->lock, &until);
    CHECK(result == 0 || result == ETIMEDOUT);
    return result == 0;
}

static void wait_for_news(struct inbox *inbox, int64_t until_ms)
{
    while (inbox->first == NULL && !inbox->poked && !inbox->closed &&
           wait_until(inbox, until_ms * 1000000)) {
    }
}

/* Signals come only when all are there: waking up for each would cost more than it gains. */
static void gather(struct inbox *inbox, size_t wanted, int64_t gather_ns)
{
    struct timespec now;
    if (inbox->count == 0 || inbox->count >= wanted || gather_ns <= 0) {
        return;
    }
    CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    const int64_t until_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec + gather_ns;
    inbox->wanted = wanted;
    while (inbox->count < wanted && !inbox->closed && wait_until(inbox, until_ns)) {
    }
    inbox->wanted = 1;
}

bool inbox_take(struct inbox *inbox, const struct inbox_patience *patience, size_t most,
                struct desk_job **jobs, bool *poked)
{
    lock(inbox);
    wait_for_news(inbox, patience->until_ms);
    gather(inbox, patience->gather, patience->gather_ns);
    struct desk_job **end = &inbox->first;
    size_t taken = 0;
    while (*end != NULL && taken < most) {
        end = &(*end)->next;
        taken++;
    }
    struct desk_job *rest = *end;
    *end = NULL;
    *jobs = inbox->first;
    inbox->first = rest;
    inbox->count -= taken;
    if (rest == NULL) {
        inbox->end = &inbox->first;
    }
    *poked = inbox->poked;
    inbox->poked = false;
    const bool goes_on = !inbox->closed || taken > 0;
    unlock(inbox);
    return goes_on;
}

size_t inbox_count(struct inbox *inbox)
{
    lock(inbox);
    const size_t count = inbox->count;
    unlock(inbox);
    return count;
}
