/* The forecast's own thread. See forecast_thread.h. */
#include "http/forecast_thread.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "engine/forecast/forecast.h"
#include "http/counsel.h"
#include "http/inbox.h"
#include "quarter/check.h"
#include "quarter/log.h"

enum {
    STACK_BYTES = 512 * 1024,
    NICE = 10,
    SLICE_NS = 500000, /* longer than a tenth of another's, or it would take their turns */
    REST_MOST_MS = 5000,
    FLOOD_EVENTS = 200, /* a second: the busiest centre has a few */
    FLOOD_RESTS = 5,    /* for each time it has worked, then */
};

/* Of engine time: how old a sampler may grow. */
static const int64_t sampler_age_ms = 60000;
static const uint64_t seed = 1; /* always the same, so that what is shown does not flicker */

struct forecast_thread {
    struct forecast_config config;
    void (*poke)(void *context);
    void *poke_context;
    pthread_t thread;
    bool running;
    /* the thread's own */
    struct study_kept *kept_before; /* until the study has read it */
    struct study *study;
    struct forecaster *forecaster;
    struct counsel *counsel;
    struct forecast forecast;
    struct sampler *sampler;
    struct scene_names sampler_names;                      /* that it was prepared for */
    int64_t sampler_stamp, sampler_count, sampler_made_ms; /* stamp 0: it is to be made anew */
    struct scene *current;                                 /* the last one given */
    int64_t scene_ns;                                      /* monotonic: when */
    bool is_flood;
    bool question_first;      /* the last piece of work was a forecast */
    struct waits_today today; /* as it was seen last */
    /* handed over */
    sem_t news;
    atomic_bool stopping, wants_scene;
    atomic_int_fast64_t ready_ms;
    _Atomic(struct scene *) blank; /* for the desk to fill */
    _Atomic(struct scene *) given;
    _Atomic(struct waits *) waits;
    _Atomic(struct waits_today *) today_seen;
    _Atomic(struct study_kept *) kept;
    _Atomic(struct desk_job *) questions[FORECAST_QUESTIONS_MAX];
};

static int64_t monotonic_ns(void)
{
    struct timespec now;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

struct forecast_thread *forecast_thread_create(const struct forecast_config *config)
{
    struct forecast_thread *thread = calloc(1, sizeof(*thread));
    CHECK(thread != NULL);
    thread->config = *config;
    thread->forecaster = forecaster_create();
    thread->counsel = counsel_create();
    thread->sampler = calloc(1, sizeof(*thread->sampler));
    CHECK(thread->sampler != NULL);
    thread->current = scene_create();
    CHECK(sem_init(&thread->news, 0, 0) == 0);
    atomic_init(&thread->stopping, false);
    atomic_init(&thread->wants_scene, false);
    atomic_init(&thread->ready_ms, 0);
    atomic_init(&thread->blank, scene_create());
    atomic_init(&thread->given, NULL);
    atomic_init(&thread->waits, NULL);
    atomic_init(&thread->today_seen, NULL);
    atomic_init(&thread->kept, NULL);
    for (int i = 0; i < FORECAST_QUESTIONS_MAX; i++) {
        atomic_init(&thread->questions[i], NULL);
    }
    return thread;
}

void forecast_thread_destroy(struct forecast_thread *thread)
{
    if (thread == NULL) {
        return;
    }
    forecast_thread_stop(thread);
    study_kept_destroy(thread->kept_before);
    study_kept_destroy(atomic_load(&thread->kept));
    study_destroy(thread->study);
    forecaster_destroy(thread->forecaster);
    counsel_destroy(thread->counsel);
    forecast_free(&thread->forecast);
    scene_destroy(thread->current);
    scene_destroy(atomic_load(&thread->blank));
    scene_destroy(atomic_load(&thread->given));
    waits_destroy(atomic_load(&thread->waits));
    free(atomic_load(&thread->today_seen));
    free(thread->sampler);
    (void)sem_destroy(&thread->news);
    free(thread);
}

/* --- the desk's side ------------------------------------------------------------------------ */

int64_t forecast_thread_ready_ms(const struct forecast_thread *thread)
{
    return atomic_load(&thread->ready_ms);
}

bool forecast_thread_wants_scene(struct forecast_thread *thread)
{
    return atomic_exchange(&thread->wants_scene, false);
}

struct scene *forecast_thread_borrow(struct forecast_thread *thread)
{
    if (inbox_monotonic_ms() < atomic_load(&thread->ready_ms)) {
        return NULL;
    }
    return atomic_exchange(&thread->blank, NULL);
}

void forecast_thread_give(struct forecast_thread *thread, struct scene *scene)
{
    atomic_store(&thread->ready_ms, INT64_MAX);
    CHECK(atomic_exchange(&thread->given, scene) == NULL);
    CHECK(sem_post(&thread->news) == 0);
}

struct waits *forecast_thread_take_waits(struct forecast_thread *thread)
{
    return atomic_exchange(&thread->waits, NULL);
}

struct waits_today *forecast_thread_take_today(struct forecast_thread *thread)
{
    return atomic_exchange(&thread->today_seen, NULL);
}

struct study_kept *forecast_thread_take_kept(struct forecast_thread *thread)
{
    return atomic_exchange(&thread->kept, NULL);
}

/* --- questions ------------------------------------------------------------------------------ */

enum problem_code forecast_thread_ask(struct forecast_thread *thread, struct desk_job *job)
{
    for (int i = 0; i < FORECAST_QUESTIONS_MAX; i++) {
        struct desk_job *nobody = NULL;
        if (!atomic_compare_exchange_strong(&thread->questions[i], &nobody, job)) {
            continue;
        }
        /* The thread may have looked for the last time just before: then nobody else will take it. */
        struct desk_job *mine = job;
        if (atomic_load(&thread->stopping) &&
            atomic_compare_exchange_strong(&thread->questions[i], &mine, NULL)) {
            return PROBLEM_STOPPING;
        }
        CHECK(sem_post(&thread->news) == 0);
        return PROBLEM_NONE;
    }
    return PROBLEM_TOO_BUSY;
}

static struct desk_job *next_question(struct forecast_thread *thread)
{
    for (int i = 0; i < FORECAST_QUESTIONS_MAX; i++) {
        struct desk_job *job = atomic_exchange(&thread->questions[i], NULL);
        if (job != NULL) {
            return job;
        }
    }
    return NULL;
}

static void answer(struct forecast_thread *thread, struct desk_job *job)
{
    if (thread->current->seq == 0) {
        job->problem = PROBLEM_NO_FORECAST; /* the desk has shown nothing yet */
    } else if (!thread->current->day_open) {
        job->problem = PROBLEM_DAY_CLOSED;
    } else {
        counsel_answer(thread->counsel, thread->current, job);
    }
    job->done(job->context);
}

/* --- the forecast --------------------------------------------------------------------------- */

/* What was learned a minute ago is as good; other names are not. */
static void renew_sampler(struct forecast_thread *thread)
{
    const struct scene *scene = thread->current;
    const int64_t age_ms = scene->now_ms - thread->sampler_made_ms;
    const bool same_names = scene_names_equal(&thread->sampler_names, &scene->names);
    if (thread->sampler_stamp > 0 && same_names && age_ms >= 0 && age_ms < sampler_age_ms) {
        return;
    }
    struct sampler_site site;
    scene_sampler_site(&scene->names, &site);
    sampler_prepare(thread->sampler, study_knowledge(thread->study), &site);
    thread->sampler_names = scene->names;
    thread->sampler_made_ms = scene->now_ms;
    thread->sampler_stamp = ++thread->sampler_count;
}

/* When the desk wants it, after a forecast is handed over: whoever waits need not wait for this too. */
static void look_at_today(struct forecast_thread *thread)
{
    const struct scene *scene = thread->current;
    struct waits_today *today = &thread->today;
    if (!scene->so_far.known) {
        return;
    }
    counsel_look(thread->counsel, scene, today);
    today->as_of_ms = scene->now_ms;
    memcpy(today->day, scene->day, sizeof(today->day));
    struct waits_today *seen = malloc(sizeof(*seen));
    CHECK(seen != NULL);
    *seen = *today;
    free(atomic_exchange(&thread->today_seen, seen));
    thread->poke(thread->poke_context);
}

static struct waits *make_waits(struct forecast_thread *thread)
{
    struct scene *scene = thread->current;
    if (!scene->day_open) {
        return waits_make(scene->day, NULL, NULL);
    }
    const int64_t started_ns = monotonic_ns();
    renew_sampler(thread);
    snapshot_set_sampler(&scene->snapshot, thread->sampler, thread->sampler_stamp);
    snapshot_expect(&scene->snapshot);
    const struct forecast_options options = {.level = scorer_level(study_scorer(thread->study)),
                                             .seed = seed};
    forecaster_run(thread->forecaster, &scene->snapshot, &options, &thread->forecast);
    struct waits *waits = waits_make(scene->day, &scene->snapshot, &thread->forecast);
    waits->took_ns = monotonic_ns() - started_ns;
    metrics_count_forecast(thread->config.metrics, waits->took_ns, waits->as_of_ms);
    return waits;
}

static void hand_over(struct forecast_thread *thread, struct waits *waits)
{
    waits->journal_seq = thread->current->seq;
    waits->through_seq = study_through_seq(thread->study);
    scorer_figures(study_scorer(thread->study), &waits->figures);
    metrics_set_score(thread->config.metrics, &waits->figures);
    waits_destroy(atomic_exchange(&thread->waits, waits));
}

static void keep(struct forecast_thread *thread, bool caught_up)
{
    struct study_kept *kept = study_take_kept(thread->study, caught_up);
    if (kept != NULL) {
        study_kept_destroy(atomic_exchange(&thread->kept, kept));
        thread->poke(thread->poke_context);
    }
}

/* true: all that the journal held when the scene was taken is known. */
static bool learn(struct forecast_thread *thread)
{
    const bool caught_up = study_step(thread->study, thread->current->seq);
    keep(thread, caught_up);
    return caught_up;
}

/* More commands than any centre has: kiosks hand over what they gave out while the server was away, say. Then forecasts
 * are old before they are told, and the commands go first. */
static void see_flood(struct forecast_thread *thread, const struct scene *scene, int64_t now_ns)
{
    const double events = (double)(scene->seq - thread->current->seq);
    const double passed_s = (double)(now_ns - thread->scene_ns) / 1e9;
    thread->is_flood = thread->current->seq > 0 && events > FLOOD_EVENTS * passed_s;
    thread->scene_ns = now_ns;
}

static int64_t rest_after_ns(const struct forecast_thread *thread, int64_t worked_ns)
{
    const int64_t rest_ns = worked_ns * (thread->is_flood ? FLOOD_RESTS : 1);
    const int64_t most_ns = INT64_C(1000000) * REST_MOST_MS;
    return rest_ns < most_ns ? rest_ns : most_ns;
}

/* false: there is more to be learned. */
static bool forecast(struct forecast_thread *thread, struct scene *scene)
{
    const int64_t started_ns = monotonic_ns();
    see_flood(thread, scene, started_ns);
    atomic_store(&thread->blank, thread->current);
    thread->current = scene;
    const bool caught_up = learn(thread);
    struct waits *waits = make_waits(thread);
    hand_over(thread, waits);
    /* Before the poke, since nothing else would tell the desk when to come again. */
    const int64_t rest_ms = rest_after_ns(thread, monotonic_ns() - started_ns) / 1000000;
    atomic_store(&thread->ready_ms,
                 inbox_monotonic_ms() + (rest_ms > FORECAST_GAP_MS ? rest_ms : FORECAST_GAP_MS));
    thread->poke(thread->poke_context);
    if (scene->day_open) {
        look_at_today(thread);
    }
    return caught_up;
}

/* Learns more of what the scene's journal holds; once that is all, forecasts are made with it. false: there is more. */
static bool catch_up(struct forecast_thread *thread)
{
    if (!learn(thread)) {
        return false;
    }
    thread->sampler_stamp = 0;
    atomic_store(&thread->wants_scene, true);
    thread->poke(thread->poke_context);
    return true;
}

/* --- the thread ----------------------------------------------------------------------------- */

/* Until somebody has news, at most so long (negative: for ever). */
static void wait_for_news(struct forecast_thread *thread, int64_t most_ns)
{
    if (most_ns < 0) {
        while (sem_wait(&thread->news) != 0) {
            CHECK(errno == EINTR);
        }
        return;
    }
    const int64_t until_ns = monotonic_ns() + most_ns;
    const struct timespec until = {.tv_sec = (time_t)(until_ns / 1000000000),
                                   .tv_nsec = (long)(until_ns % 1000000000)};
    while (!atomic_load(&thread->stopping) &&
           (sem_clockwait(&thread->news, CLOCK_MONOTONIC, &until) == 0 || errno == EINTR)) {
    }
}

static bool answer_one(struct forecast_thread *thread)
{
    struct desk_job *question = next_question(thread);
    thread->question_first = false;
    if (question != NULL) {
        answer(thread, question);
    }
    return question != NULL;
}

/* One piece of work; false: there is none, nor will be before news. Forecasts and questions take turns: where something
 * happens all the time, the next scene is there as soon as the thread has rested. */
static bool work(struct forecast_thread *thread, bool *behind)
{
    if (thread->question_first && answer_one(thread)) {
        return true;
    }
    struct scene *scene = atomic_exchange(&thread->given, NULL);
    if (scene != NULL) {
        *behind = !forecast(thread, scene);
        thread->question_first = true;
        return true;
    }
    if (answer_one(thread)) {
        return true;
    }
    if (*behind) {
        *behind = !catch_up(thread);
        return true;
    }
    return false;
}

static void rest(struct forecast_thread *thread, int64_t worked_ns)
{
    wait_for_news(thread, rest_after_ns(thread, worked_ns));
}

static void end_questions(struct forecast_thread *thread)
{
    for (struct desk_job *job = NULL; (job = next_question(thread)) != NULL;) {
        job->problem = PROBLEM_STOPPING;
        job->done(job->context);
    }
}

/* A tenth of the weight of the other threads, and a slice so short that one of them which wakes up (after a commit, say)
 * takes the processor from it soon: sched_setattr(2) and the kernel's Documentation/scheduler/sched-eevdf.rst; kernels
 * before 6.12 preempt by weight alone. Not SCHED_IDLE: on a busy machine there would be no forecasts at all. The C
 * library has no such call before 2.41. On Linux both are a thread's own. */
static void step_back(void)
{
    struct {
        uint32_t size, policy;
        uint64_t flags;
        int32_t nice;
        uint32_t priority;
        uint64_t runtime_ns, deadline_ns, period_ns;
    } attributes = {
        .size = sizeof(attributes), .policy = SCHED_OTHER, .nice = NICE, .runtime_ns = SLICE_NS};
    if (syscall(SYS_sched_setattr, 0, &attributes, 0) != 0) {
        log_warning("forecast", "its priority cannot be lowered: %s", strerrordesc_np(errno));
    }
}

static void *run_thread(void *argument)
{
    struct forecast_thread *thread = argument;
    step_back();
    thread->study = study_create(&thread->config.study, thread->kept_before);
    study_kept_destroy(thread->kept_before);
    thread->kept_before = NULL;
    bool behind = false;
    while (!atomic_load(&thread->stopping)) {
        const int64_t started_ns = monotonic_ns();
        if (work(thread, &behind)) {
            rest(thread, monotonic_ns() - started_ns);
        } else {
            wait_for_news(thread, -1);
        }
    }
    end_questions(thread);
    return NULL;
}

void forecast_thread_start(struct forecast_thread *thread, struct study_kept *kept,
                           void (*poke)(void *context), void *context)
{
    pthread_attr_t attributes;
    thread->kept_before = kept;
    thread->poke = poke;
    thread->poke_context = context;
    CHECK(pthread_attr_init(&attributes) == 0);
    CHECK(pthread_attr_setstacksize(&attributes, STACK_BYTES) == 0);
    CHECK(pthread_create(&thread->thread, &attributes, run_thread, thread) == 0);
    CHECK(pthread_attr_destroy(&attributes) == 0);
    thread->running = true;
}

void forecast_thread_stop(struct forecast_thread *thread)
{
    atomic_store(&thread->stopping, true);
    if (thread->running) {
        CHECK(sem_post(&thread->news) == 0);
        CHECK(pthread_join(thread->thread, NULL) == 0);
        thread->running = false;
    }
}
