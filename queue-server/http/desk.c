/* The desk's thread: batches, the day's clock, views. See desk.h. */
#include "http/desk.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "http/board_views.h"
#include "http/day_look.h"
#include "http/forecast_thread.h"
#include "http/inbox.h"
#include "http/ledger.h"
#include "http/prints.h"
#include "http/staff_views.h"
#include "http/telling.h"
#include "quarter/check.h"
#include "quarter/log.h"

enum {
    BATCH_MAX = 512,
    LOOK_ROUND_MS = 1000, /* of engine time: the day's clock, the time in views */
    STACK_BYTES = 512 * 1024,
    ALIVE_MS = 10000,  /* the slowest commit a watchdog puts up with */
    IDLE_MS = 50,      /* so long after the last batch the disk is left in peace */
    SHOW_MS = 15000,   /* of engine time: the forecast is renewed at least so often */
    WAITS_MS = 60000,  /* so long a forecast is told; older ones are not true any more */
    PROMISES_MAX = 64, /* made or revised at a time, so that no command waits for many */
};

static const int64_t gather_commit_ns = 500000; /* commits faster than this need no company */
static const int64_t gather_most_ns = 600000;   /* the longest wait for more */
static const int64_t gather_fresh_ms = 50;      /* how long the last batch tells of the next */

struct desk {
    struct ledger *ledger;
    struct inbox *inbox;
    struct hub *hub;
    const struct site *site; /* in force */
    struct site_book *sites;
    struct topics *topics;
    struct prints *prints;
    struct visits *visits; /* NULL: none is followed by phone */
    struct clock *clock;
    struct metrics *metrics;
    struct forecast_thread *forecasts; /* NULL: nothing is told of waits */
    struct waits *waits;               /* NULL: none yet, or too old */
    struct waits_today *today;         /* NULL: none yet */
    bool scene_stale;                  /* what the forecast was shown is not all any more */
    int64_t shown_ms;                  /* engine time: when it was shown something last */
    int64_t waits_taken_ms;            /* monotonic */
    int round_ms;                      /* LOOK_ROUND_MS in real time */
    struct device_states *devices;
    struct people *people; /* NULL: sign-in is off */
    struct board_views boards;
    struct staff_views staff;
    int64_t look_round_ms;                /* monotonic: when last */
    int64_t batch_ended_ms;               /* monotonic */
    char tidied_day[QUARTER_DAY_LEN + 1]; /* when last; "": not yet */
    int64_t commit_ns;                    /* how long the last commit took */
    size_t batch_size;                    /* jobs of the last batch */
    pthread_t thread;
    bool running;
    atomic_bool well;
    atomic_int_fast64_t alive_ms; /* monotonic: when the thread came round last */
};

struct desk_job *desk_job_create(enum desk_verb verb)
{
    struct desk_job *job = calloc(1, sizeof(*job));
    CHECK(job != NULL);
    job->verb = verb;
    return job;
}

void desk_job_destroy(struct desk_job *job)
{
    if (job == NULL) {
        return;
    }
    free(job->private_text);
    free(job->what_if);
    site_edition_discard(job->edition);
    day_extract_destroy(job->extract);
    free(job->body);
    free(job);
}

/* --- views --------------------------------------------------------------------------------- */

/* Of boards, too. */
static struct view_source desk_source(struct desk *desk)
{
    struct view_source source = ledger_view(desk->ledger, clock_now_ms(desk->clock));
    source.prints = desk->prints;
    return source;
}

/* Only what somebody reads is built. */
static void publish_views(struct desk *desk)
{
    const struct view_source source = desk_source(desk);
    board_views_publish(&desk->boards, &source);
    if (desk->visits != NULL) {
        visits_publish(desk->visits, &source, desk->boards.built_ms);
    }
}

static struct view_source floor_source(struct desk *desk)
{
    const int64_t now_ms = clock_now_ms(desk->clock);
    struct view_source source = ledger_view(desk->ledger, now_ms);
    source.devices = desk->devices;
    source.people = desk->people;
    source.rostered = ledger_rostered(desk->ledger, now_ms);
    return source;
}

static void set_gauges(struct desk *desk)
{
    const struct engine *engine = ledger_engine(desk->ledger);
    struct metrics_gauges gauges = {.waiting = (int64_t)engine_waiting_count(engine),
                                    .day_open = engine_day_is_open(engine),
                                    .clock_plausible = clock_is_plausible(desk->clock)};
    for (int i = 0; i < engine_counter_count(engine); i++) {
        gauges.counters_open += engine_counter(engine, i)->state == COUNTER_OPEN;
    }
    const int64_t now_ms = clock_now_ms(desk->clock);
    const struct help_call *call = NULL;
    for (int i = 0; (call = engine_help_call(engine, i, now_ms)) != NULL; i++) {
        gauges.help_calls += call->answered_at_ms == 0;
    }
    metrics_set_gauges(desk->metrics, &gauges);
}

/* --- a batch ------------------------------------------------------------------------------- */

static int64_t monotonic_ns(void)
{
    struct timespec now;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Everybody in a lost batch hears the same: even a refusal may rest on what was lost. */
static void fail_job(struct desk_job *job)
{
    free(job->body);
    job->body = NULL;
    job->problem = PROBLEM_NOT_STORED;
}

static void fail_all(struct desk_job *jobs)
{
    for (struct desk_job *job = jobs; job != NULL; job = job->next) {
        if (job->verb !=
            DESK_SITE) { /* no part of the batch: it is in force, or failed by itself */
            fail_job(job);
        }
    }
}

static bool has_command(const struct desk_job *jobs)
{
    for (; jobs != NULL; jobs = jobs->next) {
        if (jobs->verb == DESK_COMMAND) {
            return true;
        }
    }
    return false;
}

/* true: all commands are durable (or there were none). */
static bool perform_commands(struct desk *desk, struct desk_job *jobs)
{
    if (!ledger_is_whole(desk->ledger) && !ledger_repair(desk->ledger)) {
        return false;
    }
    if (!has_command(jobs)) {
        return true;
    }
    const int64_t started_ns = monotonic_ns();
    size_t commands = 0;
    if (ledger_begin(desk->ledger) != STATUS_OK) {
        return false;
    }
    for (struct desk_job *job = jobs; job != NULL; job = job->next) {
        if (job->verb == DESK_COMMAND) {
            commands++;
            if (ledger_perform(desk->ledger, job) != STATUS_OK) {
                ledger_undo(desk->ledger);
                return false;
            }
        }
    }
    if (ledger_commit(desk->ledger) != STATUS_OK) {
        return false;
    }
    desk->commit_ns = monotonic_ns() - started_ns;
    metrics_count_commit(desk->metrics, desk->commit_ns, commands);
    return true;
}

/* Whoever hears of a ticket may follow it at once. */
static void keep_visits_up(struct desk *desk)
{
    if (desk->visits != NULL) {
        const struct view_source source = ledger_view(desk->ledger, clock_now_ms(desk->clock));
        visits_keep_up(desk->visits, &source);
    }
}

/* In force for what is asked from now on; who reads the old one still has it. Views and the forecast follow. */
static void change_site(struct desk *desk, struct desk_job *job)
{
    struct site_edition *edition = job->edition;
    const enum status status = ledger_change_site(desk->ledger, edition->site, &edition->rules,
                                                  job->detail, sizeof(job->detail));
    if (status != STATUS_OK) {
        job->problem = PROBLEM_NOT_STORED;
        return;
    }
    job->edition = NULL;
    desk->site = edition->site;
    keep_visits_up(desk);
    site_book_turn(desk->sites, edition);
    hub_announce(desk->hub, TOPIC_EVENTS, ledger_last_seq(desk->ledger));
    desk->boards.stale = desk->staff.stale = desk->scene_stale = true;
    set_gauges(desk);
}

/* Each a transaction of its own, before the rest of the batch: when one leaves no queue, the rest finds that as it would
 * find it any other time. */
static void change_sites(struct desk *desk, struct desk_job *jobs)
{
    for (struct desk_job *job = jobs; job != NULL; job = job->next) {
        if (job->verb == DESK_SITE) {
            change_site(desk, job);
        }
    }
}

static void read_visit(struct desk *desk, struct desk_job *job)
{
    const struct view_source source = ledger_view(desk->ledger, clock_now_ms(desk->clock));
    job->body = visits_document(desk->visits, &source, job->command.ticket_id);
    job->http_status = 200;
    job->problem = job->body == NULL ? PROBLEM_NO_SUCH_VISIT : PROBLEM_NONE;
}

static void read_job(struct desk *desk, struct desk_job *job)
{
    if (job->verb == DESK_FLOOR) {
        const struct view_source source = floor_source(desk);
        job->body = staff_views_floor(&desk->staff, desk->hub, &source);
        job->http_status = 200;
        return;
    }
    if (job->verb == DESK_PRINT || job->verb == DESK_PRINT_DONE) {
        const struct view_source source = desk_source(desk);
        prints_perform(desk->prints, &source, job);
        desk->boards.stale = desk->staff.stale = true;
        return;
    }
    if (job->verb == DESK_VISIT) {
        read_visit(desk, job);
        return;
    }
    if (job->verb != DESK_BOARD) {
        ledger_read(desk->ledger, job);
        return;
    }
    const struct view_source source = desk_source(desk);
    const char *device = NULL;
    struct topic_name name;
    if (job->topic >= TOPICS_FIRST) {
        name = topics_name(desk->topics, job->topic - TOPICS_FIRST);
        device = name.code;
    }
    board_views_publish_one(&desk->boards, &source, job->topic, device);
    job->body = hub_copy_latest(desk->hub, job->topic);
    job->http_status = 200;
}

static void finish_jobs(struct desk_job *jobs)
{
    while (jobs != NULL) {
        struct desk_job *next = jobs->next; /* once done, the job is its maker's */
        if (jobs->done != NULL) {
            jobs->done(jobs->context);
        }
        jobs = next;
    }
}

static void run_batch(struct desk *desk, struct desk_job *jobs)
{
    change_sites(desk, jobs);
    const bool stored = perform_commands(desk, jobs);
    if (!stored || has_command(jobs)) {
        atomic_store(&desk->well, stored); /* reading alone proves nothing of the disk */
    }
    if (!stored) {
        fail_all(jobs);
        finish_jobs(jobs);
        return;
    }
    for (struct desk_job *job = jobs; job != NULL; job = job->next) {
        if (job->verb != DESK_COMMAND && job->verb != DESK_SITE) {
            read_job(desk, job);
        }
    }
    const bool news = has_command(jobs) && ledger_event_count(desk->ledger) > 0;
    if (news) { /* before the answers: whoever follows the journal after one hears only what is newer */
        hub_announce(desk->hub, TOPIC_EVENTS, ledger_last_seq(desk->ledger));
        keep_visits_up(desk);
    }
    finish_jobs(jobs);
    if (news && ledger_opened_day(desk->ledger)) { /* by the clock or by a person */
        ledger_tidy(desk->ledger);
    }
    if (news) {
        desk->boards.stale = desk->staff.stale = desk->scene_stale = true;
        set_gauges(desk);
    }
}

/* --- what is told of waits ----------------------------------------------------------------- */

/* What the forecast's thread has ready. */
static void take_waits(struct desk *desk)
{
    struct waits *waits = forecast_thread_take_waits(desk->forecasts);
    const int64_t now_ms = inbox_monotonic_ms();
    const bool too_old = desk->waits != NULL && now_ms - desk->waits_taken_ms > WAITS_MS;
    if (waits != NULL || too_old) {
        ledger_set_waits(desk->ledger, waits);
        waits_destroy(desk->waits);
        desk->waits = waits;
        desk->waits_taken_ms = now_ms;
        desk->boards.stale = desk->staff.stale = true;
    }
    struct waits_today *today = forecast_thread_take_today(desk->forecasts);
    if (today != NULL) {
        ledger_set_today(desk->ledger, today);
        free(desk->today);
        desk->today = today;
    }
    desk->scene_stale |= forecast_thread_wants_scene(desk->forecasts);
    struct study_kept *kept = forecast_thread_take_kept(desk->forecasts);
    if (kept != NULL) {
        ledger_keep(desk->ledger, kept);
        study_kept_destroy(kept);
    }
}

/* Between commands, never before one is answered. */
static void show_scene(struct desk *desk)
{
    struct scene *scene = desk->scene_stale ? forecast_thread_borrow(desk->forecasts) : NULL;
    if (scene == NULL) {
        return;
    }
    const int64_t now_ms = clock_now_ms(desk->clock);
    scene_take(scene, ledger_engine(desk->ledger), ledger_rota(desk->ledger),
               ledger_last_seq(desk->ledger), now_ms);
    const struct view_source source = ledger_view(desk->ledger, now_ms);
    day_look_take(scene, &source);
    forecast_thread_give(desk->forecasts, scene);
    desk->scene_stale = false;
    desk->shown_ms = now_ms;
}

/* Tells those who were told nothing, and those for whom it will take longer than they were told. */
static void make_promises(struct desk *desk)
{
    const struct view_source source = ledger_view(desk->ledger, clock_now_ms(desk->clock));
    struct desk_job *jobs = telling_jobs(&source, PROMISES_MAX);
    if (jobs != NULL) {
        run_batch(desk, jobs);
    }
    while (jobs != NULL) {
        struct desk_job *next = jobs->next;
        desk_job_destroy(jobs);
        jobs = next;
    }
}

/* Who may be called by now, without that anything else happened: a need was waived, a booked time has come. */
static void dispatch(struct desk *desk)
{
    if (!engine_dispatch_is_due(ledger_engine(desk->ledger), clock_now_ms(desk->clock))) {
        return;
    }
    struct desk_job *job = desk_job_create(DESK_COMMAND);
    job->command.type = COMMAND_DISPATCH;
    (void)snprintf(job->command.actor, sizeof(job->command.actor), "clock");
    run_batch(desk, job);
    desk_job_destroy(job);
}

/* --- the day's clock ----------------------------------------------------------------------- */

static void change_day(struct desk *desk, enum command_type type)
{
    struct desk_job *job = desk_job_create(DESK_COMMAND);
    job->command.type = type;
    (void)snprintf(job->command.actor, sizeof(job->command.actor), "clock");
    run_batch(desk, job);
    if (job->problem == PROBLEM_NONE) {
        log_info("desk", "the day was %s day=%s", type == COMMAND_OPEN_DAY ? "opened" : "closed",
                 engine_day(ledger_engine(desk->ledger)));
    } else {
        log_warning("desk", "the day could not be %s: %s",
                    type == COMMAND_OPEN_DAY ? "opened" : "closed",
                    problem_get(job->problem)->sentence);
    }
    desk_job_destroy(job);
}

static enum day_wish wish(const struct desk *desk)
{
    return day_notes_wish(ledger_notes(desk->ledger), ledger_engine(desk->ledger), desk->site,
                          clock_now_ms(desk->clock));
}

/* What is kept for so many days goes on the day it is due, whether or not the centre opens that day. */
static void tidy_daily(struct desk *desk)
{
    char day[QUARTER_DAY_LEN + 1];
    site_local_day(desk->site, clock_now_ms(desk->clock), day);
    if (strcmp(day, desk->tidied_day) == 0 || !clock_is_plausible(desk->clock)) {
        return;
    }
    memcpy(desk->tidied_day, day, sizeof(day));
    ledger_tidy(desk->ledger);
}

static void look_round(struct desk *desk)
{
    desk->look_round_ms = inbox_monotonic_ms();
    atomic_store(&desk->alive_ms, desk->look_round_ms);
    if (!ledger_is_whole(desk->ledger) && !ledger_repair(desk->ledger)) {
        return;
    }
    if (wish(desk) == DAY_TO_CLOSE) {
        change_day(desk, COMMAND_CLOSE_DAY);
    }
    if (ledger_is_whole(desk->ledger) && wish(desk) == DAY_TO_OPEN &&
        clock_is_plausible(desk->clock)) {
        change_day(desk, COMMAND_OPEN_DAY);
    }
    if (ledger_is_whole(desk->ledger)) {
        tidy_daily(desk);
        dispatch(desk);
    }
    if (ledger_is_whole(desk->ledger) && desk->forecasts != NULL) {
        make_promises(desk);
    }
    desk->staff.stale |= prints_tidy(desk->prints, clock_now_ms(desk->clock), desk->look_round_ms);
    desk->boards.stale = true; /* the time in them, and whether the doors are open */
    staff_views_look(&desk->staff, clock_now_ms(desk->clock));
    desk->scene_stale |= clock_now_ms(desk->clock) - desk->shown_ms >= SHOW_MS;
    if (ledger_is_whole(desk->ledger)) {
        set_gauges(desk);
    }
}

/* --- the thread ---------------------------------------------------------------------------- */

static int64_t next_due_ms(const struct desk *desk)
{
    const int64_t look_ms = desk->look_round_ms + desk->round_ms;
    const int64_t views_ms = board_views_due_ms(&desk->boards);
    /* Without a queue there are no views, and their time would only pass. */
    const bool views_due = desk->boards.stale && ledger_is_whole(desk->ledger);
    int64_t due_ms = views_due && views_ms < look_ms ? views_ms : look_ms;
    if (desk->staff.stale && ledger_is_whole(desk->ledger) &&
        staff_views_due_ms(&desk->staff) < due_ms) {
        due_ms = staff_views_due_ms(&desk->staff);
    }
    if (desk->forecasts != NULL && desk->scene_stale && ledger_is_whole(desk->ledger)) {
        const int64_t ready_ms = forecast_thread_ready_ms(desk->forecasts);
        due_ms = ready_ms < due_ms ? ready_ms : due_ms;
    }
    return due_ms;
}

/* Whoever was answered a moment ago will often ask again at once: on a disk where a commit takes long, it pays to wait
 * a little for them, since else two halves of the callers take turns and each commit carries only one of them. One
 * caller alone never waits. */
static struct inbox_patience patience_of(const struct desk *desk)
{
    struct inbox_patience patience = {.until_ms = next_due_ms(desk)};
    const bool is_fresh = inbox_monotonic_ms() - desk->batch_ended_ms < gather_fresh_ms;
    if (is_fresh && desk->batch_size > 1 && desk->commit_ns > gather_commit_ns) {
        patience.gather = desk->batch_size + inbox_count(desk->inbox);
        patience.gather_ns =
            desk->commit_ns / 4 < gather_most_ns ? desk->commit_ns / 4 : gather_most_ns;
    }
    return patience;
}

static size_t count_jobs(const struct desk_job *jobs)
{
    size_t count = 0;
    for (; jobs != NULL; jobs = jobs->next) {
        count++;
    }
    return count;
}

static void *run_desk(void *argument)
{
    struct desk *desk = argument;
    bool goes_on = true;
    while (goes_on) {
        struct desk_job *jobs = NULL;
        bool poked = false;
        if (inbox_monotonic_ms() >= desk->look_round_ms + desk->round_ms) {
            look_round(desk);
        }
        const struct inbox_patience patience = patience_of(desk);
        goes_on = inbox_take(desk->inbox, &patience, BATCH_MAX, &jobs, &poked);
        if (jobs != NULL) {
            desk->batch_size = count_jobs(jobs);
            run_batch(desk, jobs);
            desk->batch_ended_ms = inbox_monotonic_ms();
        } else if (inbox_monotonic_ms() - desk->batch_ended_ms >= IDLE_MS) {
            ledger_idle(desk->ledger);
        }
        if (desk->forecasts != NULL) {
            take_waits(desk);
        }
        const bool due = inbox_monotonic_ms() >= board_views_due_ms(&desk->boards);
        desk->boards.stale |= poked;
        desk->staff.stale |= poked;
        if (ledger_is_whole(desk->ledger) && desk->boards.stale && due) {
            publish_views(desk);
        }
        if (ledger_is_whole(desk->ledger) && desk->staff.stale &&
            inbox_monotonic_ms() >= staff_views_due_ms(&desk->staff)) {
            const struct view_source source = floor_source(desk);
            staff_views_publish(&desk->staff, desk->hub, &source);
        }
        if (desk->forecasts != NULL && ledger_is_whole(desk->ledger)) {
            show_scene(desk);
        }
    }
    return NULL;
}

enum status desk_create(const struct desk_config *config, struct desk **desk, char *error,
                        size_t error_size)
{
    struct desk *created = calloc(1, sizeof(*created));
    CHECK(created != NULL);
    created->site = config->site;
    created->sites = config->sites;
    created->topics = config->topics;
    created->devices = config->devices;
    created->people = config->people;
    created->visits = config->visits;
    created->prints = prints_create(config->devices);
    created->clock = config->clock;
    created->metrics = config->metrics;
    created->forecasts = config->forecasts;
    created->scene_stale = true;
    created->round_ms = LOOK_ROUND_MS / clock_speed(config->clock);
    if (created->round_ms < BOARD_VIEWS_GAP_MS) {
        created->round_ms = BOARD_VIEWS_GAP_MS;
    }
    atomic_init(&created->well, true);
    const enum status status = ledger_open(config, &created->ledger, error, error_size);
    if (status != STATUS_OK) {
        prints_destroy(created->prints);
        free(created);
        return status;
    }
    created->inbox = inbox_create(DESK_WAITING_MAX);
    *desk = created;
    return STATUS_OK;
}

void desk_start(struct desk *desk, struct hub *hub)
{
    desk->hub = hub;
    desk->boards.hub = hub;
    desk->boards.topics = desk->topics;
    desk->boards.ledger = desk->ledger;
    hub_announce(hub, TOPIC_EVENTS, ledger_last_seq(desk->ledger));
    keep_visits_up(desk);
    look_round(desk);
    if (desk->forecasts != NULL) {
        forecast_thread_start(desk->forecasts, ledger_load_kept(desk->ledger), desk_poke, desk);
    }
    pthread_attr_t attributes;
    CHECK(pthread_attr_init(&attributes) == 0);
    CHECK(pthread_attr_setstacksize(&attributes, STACK_BYTES) == 0);
    CHECK(pthread_create(&desk->thread, &attributes, run_desk, desk) == 0);
    CHECK(pthread_attr_destroy(&attributes) == 0);
    desk->running = true;
}

enum problem_code desk_submit(struct desk *desk, struct desk_job *job)
{
    return inbox_put(desk->inbox, job);
}

void desk_poke(void *desk)
{
    inbox_poke(((struct desk *)desk)->inbox);
}

void desk_stop(struct desk *desk)
{
    inbox_close(desk->inbox);
    if (desk->running) {
        CHECK(pthread_join(desk->thread, NULL) == 0);
        desk->running = false;
    }
}

void desk_destroy(struct desk *desk)
{
    if (desk == NULL) {
        return;
    }
    desk_stop(desk);
    inbox_destroy(desk->inbox);
    ledger_close(desk->ledger);
    waits_destroy(desk->waits);
    free(desk->today);
    prints_destroy(desk->prints);
    board_views_free(&desk->boards);
    staff_views_free(&desk->staff);
    free(desk);
}

bool desk_is_well(const struct desk *desk)
{
    return atomic_load(&desk->well);
}

bool desk_is_alive(const struct desk *desk)
{
    return inbox_monotonic_ms() - atomic_load(&desk->alive_ms) < ALIVE_MS;
}
