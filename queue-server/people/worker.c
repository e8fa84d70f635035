/* The one thread that hashes passwords and owns the connection: takes requests in turn, and writes behind what
 * lookups changed in memory. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "people/people_parts.h"
#include "quarter/check.h"
#include "quarter/log.h"

/* What nobody waits for is looked after so often. */
enum { TIDY_MS = 5000, TRIM_MS = 24 * 3600 * 1000 };

static int64_t monotonic_ms(void)
{
    struct timespec now;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void worker_wake(struct people *people)
{
    pthread_cond_signal(&people->wake);
}

/* ---- writing behind; takes and settles under the lock, writes without it ---- */

static bool is_behind(const struct people *people)
{
    return people->sessions.is_dirty || people->devices_dirty || people->trail.count > 0;
}

static void take_sessions(struct people *people, struct batch *batch)
{
    struct sessions *sessions = &people->sessions;
    batch->session_count = 0;
    if (!sessions->is_dirty)
        return;
    sessions->is_dirty = false;
    for (size_t i = 0; i < SESSION_PLACES; i++) {
        struct session *session = &sessions->list[i];
        if (session->state == SESSION_FREE || !session->is_dirty)
            continue;
        if (batch->session_count == BATCH_SESSIONS) {
            sessions->is_dirty = true;
            return;
        }
        session->is_dirty = false;
        session->has_row = true;
        batch->sessions[batch->session_count] = *session;
        memcpy(batch->persons[batch->session_count++], people->persons[session->person].public.id,
               QUARTER_ULID_LEN + 1);
    }
}

static void take_devices(struct people *people, struct batch *batch)
{
    batch->device_count = 0;
    for (int i = 0; people->devices_dirty && i < people->device_count; i++) {
        if (!people->devices[i].is_dirty)
            continue;
        people->devices[i].is_dirty = false;
        batch->devices[batch->device_count++] = people->devices[i];
    }
    people->devices_dirty = false;
}

static bool take_batch(struct people *people)
{
    struct batch *batch = &people->batch;
    pthread_mutex_lock(&people->lock);
    bool has = is_behind(people);
    if (has) {
        take_sessions(people, batch);
        take_devices(people, batch);
        batch->entry_count =
            trail_peek(&people->trail, batch->entries, BATCH_ENTRIES, people_now(people));
    }
    pthread_mutex_unlock(&people->lock);
    return has;
}

static enum status write_batch(struct records *records, const struct batch *batch)
{
    enum status status = records_begin(records);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < batch->session_count; i++) {
        const struct session *session = &batch->sessions[i];
        /* A failure is told by the commit. */
        if (session->state == SESSION_ENDED)
            (void)records_drop_session(records, session->id);
        else
            (void)records_put_session(records, batch->persons[i], session);
    }
    for (size_t i = 0; i < batch->device_count; i++)
        (void)records_put_device(records, &batch->devices[i]);
    for (size_t i = 0; i < batch->entry_count; i++)
        (void)records_put_audit(records, &batch->entries[i]);
    return records_commit(records);
}

static struct session *find_session(struct people *people, const char *id)
{
    for (size_t i = 0; i < SESSION_PLACES; i++)
        if (people->sessions.list[i].state != SESSION_FREE &&
            strcmp(people->sessions.list[i].id, id) == 0)
            return &people->sessions.list[i];
    return NULL;
}

static void settle_batch(struct people *people, bool is_written)
{
    const struct batch *batch = &people->batch;
    pthread_mutex_lock(&people->lock);
    for (size_t i = 0; i < batch->session_count; i++) {
        struct session *session = find_session(people, batch->sessions[i].id);
        if (!session)
            continue;
        if (!is_written)
            session->is_dirty = people->sessions.is_dirty = true;
        else if (batch->sessions[i].state == SESSION_ENDED)
            session->state = SESSION_FREE;
    }
    for (int i = 0; !is_written && i < people->device_count; i++)
        for (size_t k = 0; k < batch->device_count; k++)
            if (strcmp(people->devices[i].public.code, batch->devices[k].public.code) == 0)
                people->devices[i].is_dirty = people->devices_dirty = true;
    if (is_written)
        trail_drop(&people->trail, batch->entry_count);
    pthread_mutex_unlock(&people->lock);
}

bool worker_write_behind(struct people *people)
{
    enum status status = STATUS_OK;
    while (status == STATUS_OK && take_batch(people)) {
        status = write_batch(people->records, &people->batch);
        settle_batch(people, status == STATUS_OK);
    }
    bool is_failing = status != STATUS_OK;
    if (is_failing && !people->is_failing)
        log_error("people", "sessions and the audit trail wait to be written why=%s",
                  records_error(people->records));
    else if (!is_failing && people->is_failing)
        log_info("people", "sessions and the audit trail are written again");
    people->is_failing = is_failing;
    return !is_failing;
}

/* ---- looking after ---- */

/* The operator's console wrote to the file: a session of somebody who was reset ends with the next lookup. */
static void look_for_console(struct people *people)
{
    int64_t version = people->version;
    if (records_read_version(people->records, &version) != STATUS_OK ||
        version == people->version || people_reload(people) != STATUS_OK)
        return;
    people->version = version;
    log_info("people", "the file of people was changed from the console");
}

static void end_what_is_over(struct people *people, int64_t now_ms)
{
    pthread_mutex_lock(&people->lock);
    pairings_tidy(&people->pairings, now_ms);
    for (size_t i = 0; i < SESSION_PLACES; i++) {
        struct session *session = &people->sessions.list[i];
        if (session->state == SESSION_LIVE &&
            (!people_session_lives(people, session) ||
             sessions_is_over(&people->sessions, session, now_ms)))
            sessions_end(&people->sessions, session);
    }
    pthread_mutex_unlock(&people->lock);
}

static void trim_trail(struct people *people, int64_t now_ms)
{
    enum { DAY_MS = 24 * 3600 * 1000 };
    if (people->trimmed_ms != 0 && now_ms - people->trimmed_ms < TRIM_MS)
        return;
    enum status status = records_begin(people->records);
    if (status == STATUS_OK) {
        (void)records_trim_audit(people->records, now_ms - (int64_t)PEOPLE_AUDIT_DAYS * DAY_MS,
                                 now_ms);
        status = records_commit(people->records);
    }
    if (status == STATUS_OK)
        people->trimmed_ms = now_ms;
}

static void tidy(struct people *people)
{
    int64_t now_ms = people_now(people);
    look_for_console(people);
    end_what_is_over(people, now_ms);
    trim_trail(people, now_ms);
}

/* ---- the thread ---- */

/* Under the lock. */
static struct job *take_job(struct people *people)
{
    for (int i = 0; i < QUEUES; i++) {
        struct job_queue *queue = &people->queues[i];
        struct job *job = queue->first;
        if (!job)
            continue;
        queue->first = job->next;
        if (!queue->first)
            queue->last = &queue->first;
        queue->count--;
        return job;
    }
    return NULL;
}

/* Under the lock. NULL: it is time to look after things, to write behind, or to stop. */
static struct job *wait_for_job(struct people *people)
{
    struct job *job = take_job(people);
    int64_t until = people->tidied_ms + TIDY_MS;
    /* A disk that took nothing is tried again, but not for ever without a breath. */
    if (people->is_failing && monotonic_ms() + RETRY_MS < until)
        until = monotonic_ms() + RETRY_MS;
    while (!job && !people->is_stopping && (people->is_failing || !is_behind(people))) {
        struct timespec at = {.tv_sec = until / 1000, .tv_nsec = until % 1000 * 1000000};
        if (pthread_cond_timedwait(&people->wake, &people->lock, &at) != 0)
            break;
        job = take_job(people);
    }
    return job;
}

static void *run(void *argument)
{
    struct people *people = argument;
    bool is_stopping = false;
    while (!is_stopping) {
        pthread_mutex_lock(&people->lock);
        struct job *job = wait_for_job(people);
        is_stopping = people->is_stopping && !job;
        pthread_mutex_unlock(&people->lock);
        worker_write_behind(people);
        if (job)
            job_run(people, job);
        if (monotonic_ms() - people->tidied_ms >= TIDY_MS) {
            tidy(people);
            people->tidied_ms = monotonic_ms();
        }
    }
    return NULL;
}

enum status worker_start(struct people *people)
{
    people->has_worker = pthread_create(&people->worker, NULL, run, people) == 0;
    return people->has_worker ? STATUS_OK : STATUS_UNAVAILABLE;
}

void worker_stop(struct people *people)
{
    /* What waits would keep a stop waiting for seconds. */
    pthread_mutex_lock(&people->lock);
    people->is_stopping = true;
    struct job *left[QUEUES * PEOPLE_QUEUE];
    size_t count = 0;
    for (struct job *job; (job = take_job(people));)
        left[count++] = job;
    worker_wake(people);
    pthread_mutex_unlock(&people->lock);
    if (people->has_worker)
        CHECK(pthread_join(people->worker, NULL) == 0);
    people->has_worker = false;
    const struct people_answer answer = {.result = PEOPLE_TOO_BUSY, .retry_ms = RETRY_MS};
    for (size_t i = 0; i < count; i++) {
        left[i]->done(left[i]->context, &answer);
        job_free(left[i]);
    }
    worker_write_behind(people);
}

bool people_work(struct people *people)
{
    CHECK(!people->has_worker);
    for (;;) {
        pthread_mutex_lock(&people->lock);
        struct job *job = take_job(people);
        pthread_mutex_unlock(&people->lock);
        if (!job)
            break;
        worker_write_behind(people);
        job_run(people, job);
    }
    tidy(people);
    return worker_write_behind(people);
}
