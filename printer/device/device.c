/* The worker thread between the program's loop and libcups; see device.h.
 *
 * Under the lock: what the loop wants (a job, its cancellation, the end) and what it has not read
 * yet (one condition, one word on the job: a newer one replaces an older one, which loses nothing
 * that still matters). All else belongs to the worker. */
#include "printer/device/device.h"

#include "printer/device/escpos.h"
#include "printer/device/follow.h"
#include "printer/device/ipp.h"
#include "printer/device/sweep.h"
#include "quarter/check.h"
#include "quarter/log.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    WATCH_MS = 1500,
    LOOK_MS = 2000, /* for an answer that says how the printer is */
    REQUEST_MS = 10 * 1000,
    DATA_MS = 60 * 1000,
    JOIN_S = 5,
};

enum errand { ERRAND_END, ERRAND_WATCH, ERRAND_SWEEP, ERRAND_SUBMIT, ERRAND_CANCEL, ERRAND_ASK };

struct print_device {
    struct ipp_target target;
    struct device_config config;
    pthread_t thread;
    atomic_bool stop;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool busy; /* from device_print until its last message has been polled */
    bool submit_wanted, cancel_wanted;
    struct page *page;
    char name[DEVICE_NAME_BYTES];
    bool condition_news, job_news;
    struct device_message condition_message, job_message;

    /* the worker's own */
    bool following, able;
    int job_id;
    struct follow follow;
    struct sweep sweep;
    struct printer_condition condition;
    struct printer_ability ability;
    int64_t next_watch_ms;
    bool resume; /* ESC/POS may have been cut off */
};

static void *work(void *context);
static enum errand wait_for_errand(struct print_device *device);
static enum errand next_errand(const struct print_device *device, int64_t now_ms, int64_t *due_ms);
static enum status look(struct print_device *device, struct printer_condition *condition,
                        struct printer_ability *ability);
static void watch(struct print_device *device);
static void look_aside(void *context);
static void sweep(struct print_device *device);
static void submit(struct print_device *device);
static enum status hand_over(struct print_device *device, const struct page *page, char *why);
static enum status encode(struct print_device *device, const struct page *page, char **data,
                          size_t *size);
static enum status create_and_send(struct print_device *device, const struct ipp_job *job,
                                   char *why);
static void cancel(struct print_device *device);
static void ask(struct print_device *device);
static void tell_condition(struct print_device *device, const struct printer_condition *condition);
static void tell_job(struct print_device *device, enum device_outcome outcome, const char *reason);
static void tell_verdict(struct print_device *device, enum follow_verdict verdict,
                         const char *reason);
static struct ipp_guard guard_for(struct print_device *device, int budget_ms);

enum status device_create(const struct device_config *config, struct print_device **device)
{
    struct print_device *made = calloc(1, sizeof(*made));
    if (!made)
        return STATUS_FULL;
    enum status status = ipp_target_parse(config->uri, &made->target);
    if (status != STATUS_OK) {
        free(made);
        return status;
    }
    made->config = *config;
    made->config.uri = made->target.uri;
    if (made->config.watch_ms == 0)
        made->config.watch_ms = WATCH_MS;
    if (made->config.request_ms == 0)
        made->config.request_ms = REQUEST_MS;
    if (made->config.data_ms == 0)
        made->config.data_ms = DATA_MS;
    made->resume = true;         /* who knows what an earlier run left */
    made->config.earlier = NULL; /* borrowed for this call only */
    for (size_t i = 0; i < config->earlier_count; i++)
        sweep_remember(&made->sweep, config->earlier[i].text);
    sweep_want(&made->sweep);
    atomic_init(&made->stop, false);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&made->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&made->lock, NULL);
    if (pthread_create(&made->thread, NULL, work, made) != 0) {
        pthread_cond_destroy(&made->changed);
        pthread_mutex_destroy(&made->lock);
        free(made);
        return STATUS_FULL;
    }
    *device = made;
    return STATUS_OK;
}

void device_destroy(struct print_device *device)
{
    if (!device)
        return;
    pthread_mutex_lock(&device->lock);
    atomic_store(&device->stop, true);
    pthread_cond_signal(&device->changed);
    pthread_mutex_unlock(&device->lock);
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += JOIN_S;
    if (pthread_timedjoin_np(device->thread, NULL, &until) != 0) {
        /* Name resolution cannot be interrupted. The process is about to end; freeing under its
         * feet would be worse. */
        log_warning("device", "the printer's thread does not end; leaving it");
        pthread_detach(device->thread);
        return;
    }
    page_destroy(device->page);
    pthread_cond_destroy(&device->changed);
    pthread_mutex_destroy(&device->lock);
    free(device);
}

enum status device_print(struct print_device *device, struct page *page_take, const char *name)
{
    CHECK(strlen(name) < DEVICE_NAME_BYTES);
    pthread_mutex_lock(&device->lock);
    enum status status = device->busy ? STATUS_BUSY : STATUS_OK;
    if (status == STATUS_OK) {
        device->busy = true;
        device->submit_wanted = true;
        device->cancel_wanted = false;
        device->page = page_take;
        snprintf(device->name, sizeof(device->name), "%s", name);
        pthread_cond_signal(&device->changed);
    }
    pthread_mutex_unlock(&device->lock);
    return status;
}

void device_cancel(struct print_device *device, const char *name)
{
    pthread_mutex_lock(&device->lock);
    if (device->busy && strcmp(device->name, name) == 0) {
        device->cancel_wanted = true;
        pthread_cond_signal(&device->changed);
    }
    pthread_mutex_unlock(&device->lock);
}

bool device_poll(struct print_device *device, struct device_message *message)
{
    bool found = true;
    pthread_mutex_lock(&device->lock);
    if (device->condition_news) {
        *message = device->condition_message;
        device->condition_news = false;
    } else if (device->job_news) {
        *message = device->job_message;
        device->job_news = false;
        if (message->outcome != DEVICE_UNDER_WAY)
            device->busy = false;
    } else {
        found = false;
    }
    pthread_mutex_unlock(&device->lock);
    return found;
}

static void *work(void *context)
{
    struct print_device *device = context;
    for (;;) {
        switch (wait_for_errand(device)) {
        case ERRAND_END: return NULL;
        case ERRAND_WATCH: watch(device); break;
        case ERRAND_SWEEP: sweep(device); break;
        case ERRAND_SUBMIT: submit(device); break;
        case ERRAND_CANCEL: cancel(device); break;
        case ERRAND_ASK: ask(device); break;
        }
    }
}

static enum errand wait_for_errand(struct print_device *device)
{
    pthread_mutex_lock(&device->lock);
    enum errand errand;
    for (;;) {
        int64_t due_ms;
        errand = next_errand(device, ipp_now_ms(), &due_ms);
        if (due_ms == 0)
            break;
        struct timespec until = {.tv_sec = due_ms / 1000, .tv_nsec = due_ms % 1000 * 1000000};
        pthread_cond_timedwait(&device->changed, &device->lock, &until);
    }
    if (errand == ERRAND_CANCEL)
        device->cancel_wanted = false;
    pthread_mutex_unlock(&device->lock);
    return errand;
}

/* *due_ms 0: now; else when to look again. Called with the lock held. */
static enum errand next_errand(const struct print_device *device, int64_t now_ms, int64_t *due_ms)
{
    *due_ms = 0;
    if (atomic_load(&device->stop))
        return ERRAND_END;
    if (device->cancel_wanted && (device->following || device->submit_wanted))
        return ERRAND_CANCEL;
    if (!device->able && now_ms >= device->next_watch_ms)
        return ERRAND_WATCH;
    /* Before the next job: an empty one would keep it out. */
    bool may_sweep = sweep_wanted(&device->sweep) && device->able && !device->following;
    if (may_sweep && now_ms >= device->sweep.due_ms)
        return ERRAND_SWEEP;
    if (device->submit_wanted)
        return ERRAND_SUBMIT;
    if (device->following && now_ms >= device->follow.next_ask_ms)
        return ERRAND_ASK;
    if (now_ms >= device->next_watch_ms)
        return ERRAND_WATCH;
    *due_ms = device->next_watch_ms;
    if (device->following && device->follow.next_ask_ms < *due_ms)
        *due_ms = device->follow.next_ask_ms;
    if (may_sweep && device->sweep.due_ms < *due_ms)
        *due_ms = device->sweep.due_ms;
    return ERRAND_WATCH;
}

static enum status look(struct print_device *device, struct printer_condition *condition,
                        struct printer_ability *ability)
{
    int budget_ms = device->config.request_ms < LOOK_MS ? device->config.request_ms : LOOK_MS;
    const struct ipp_guard guard = {.stop = &device->stop, .deadline_ms = ipp_now_ms() + budget_ms};
    enum status status =
        ipp_ask_printer(&device->target, &guard, &device->config.wish, condition, ability);
    if (status != STATUS_OK)
        *condition = printer_condition_of(PRINTER_GONE, "offline");
    else if (!(ability ? ability : &device->ability)->senses_paper)
        printer_condition_doubt(condition);
    return status;
}

static void watch(struct print_device *device)
{
    struct printer_condition condition;
    enum status status = look(device, &condition, device->able ? NULL : &device->ability);
    device->next_watch_ms = ipp_now_ms() + device->config.watch_ms;
    if (atomic_load(&device->stop))
        return;
    if (status != STATUS_OK) {
        device->able = false; /* another printer may answer there next */
    } else if (!device->ability.usable) {
        condition = printer_condition_of(PRINTER_STOPPED, "document-format-not-supported");
        device->able = false;
    } else {
        device->able = true;
    }
    tell_condition(device, &condition);
}

/* In the middle of a request that does not get on: is the printer out of paper, or not there any
 * more? */
static void look_aside(void *context)
{
    struct print_device *device = context;
    struct printer_condition condition;
    (void)look(device, &condition, NULL);
    tell_condition(device, &condition);
    device->next_watch_ms = 0; /* once it gets on, or is given up */
}

static void sweep(struct print_device *device)
{
    struct ipp_guard guard = guard_for(device, device->config.request_ms);
    sweep_run(&device->sweep, &device->target, &guard);
}

static void submit(struct print_device *device)
{
    pthread_mutex_lock(&device->lock);
    struct page *page = device->page;
    device->page = NULL;
    device->submit_wanted = false;
    pthread_mutex_unlock(&device->lock);
    CHECK(page);
    sweep_remember(&device->sweep, device->name);

    char why[PRINTER_REASON_BYTES] = "";
    enum status status = device->able ? hand_over(device, page, why) : STATUS_UNAVAILABLE;
    page_destroy(page);
    if (!why[0])
        snprintf(why, sizeof(why), "%s",
                 status == STATUS_BUSY                                      ? "busy"
                 : status == STATUS_UNAVAILABLE || status == STATUS_TIMEOUT ? "offline"
                                                                            : "refused");
    switch (status) {
    case STATUS_OK:
        log_info("device", "job at the printer: job=%s id=%d", device->name, device->job_id);
        device->following = true;
        tell_job(device, DEVICE_UNDER_WAY, "");
        break;
    case STATUS_UNAVAILABLE:
    case STATUS_BUSY: tell_job(device, DEVICE_NOT_TAKEN, why); break;
    case STATUS_TIMEOUT: tell_job(device, DEVICE_UNKNOWN, why); break;
    case STATUS_INVALID:
    case STATUS_NOT_FOUND:
    case STATUS_CONFLICT:
    case STATUS_TOO_LARGE:
    case STATUS_IO:
    case STATUS_FULL:
    case STATUS_CORRUPT:
    case STATUS_DENIED: tell_job(device, DEVICE_FAILED, why); break;
    }
}

static enum status hand_over(struct print_device *device, const struct page *page, char *why)
{
    char *data;
    size_t size;
    enum status status = encode(device, page, &data, &size);
    if (status != STATUS_OK)
        return status;
    const struct ipp_job job = {
        .name = device->name,
        .format = device->ability.format,
        .paper_width_mm = device->config.wish.paper_width_mm,
        .page_height_px = page->height_px,
        .data = data,
        .size = size,
    };
    if (device->ability.create_job) {
        status = create_and_send(device, &job, why);
    } else {
        struct ipp_guard guard = guard_for(device, device->config.data_ms);
        status =
            ipp_print_job(&device->target, &guard, &device->ability, &job, &device->job_id, why);
        follow_start(&device->follow, ipp_now_ms());
    }
    free(data);
    return status;
}

static enum status encode(struct print_device *device, const struct page *page, char **data,
                          size_t *size)
{
    if (device->ability.format == PRINT_FORMAT_PWG)
        return raster_encode(page, device->ability.type, device->ability.dpi, data, size);
    enum status status = escpos_encode(page, device->resume, data, size);
    device->resume = true; /* until this one is known to have come out whole */
    return status;
}

static enum status create_and_send(struct print_device *device, const struct ipp_job *job,
                                   char *why)
{
    struct ipp_guard guard = guard_for(device, device->config.request_ms);
    enum status status =
        ipp_create_job(&device->target, &guard, &device->ability, job, &device->job_id, why);
    if (status == STATUS_TIMEOUT || status == STATUS_BUSY)
        sweep_want(&device->sweep); /* an empty one of ours may be there, or be why */
    if (status == STATUS_TIMEOUT)
        return STATUS_UNAVAILABLE; /* a job without a document prints nothing */
    if (status != STATUS_OK)
        return status;

    guard = guard_for(device, device->config.data_ms);
    status = ipp_send_document(&device->target, &guard, device->job_id, job, why);
    follow_start(&device->follow, ipp_now_ms());
    if (status == STATUS_TIMEOUT) {
        follow_cut_off(&device->follow);
        return STATUS_OK; /* the printer knows what it got: follow the job */
    }
    if (status != STATUS_OK)
        sweep_want(&device->sweep); /* nothing of the document was taken; the job is still there */
    return status;
}

static void cancel(struct print_device *device)
{
    if (!device->following) { /* it never left */
        pthread_mutex_lock(&device->lock);
        page_destroy(device->page);
        device->page = NULL;
        device->submit_wanted = false;
        pthread_mutex_unlock(&device->lock);
        tell_job(device, DEVICE_FAILED, "canceled");
        return;
    }
    struct ipp_guard guard = guard_for(device, device->config.request_ms);
    enum status status = ipp_cancel_job(&device->target, &guard, device->job_id);
    log_info("device", "cancel: job=%s id=%d answer=\"%s\"", device->name, device->job_id,
             status_text(status));
    follow_cancelled(&device->follow, status == STATUS_OK, ipp_now_ms());
}

static void ask(struct print_device *device)
{
    struct ipp_guard guard = guard_for(device, device->config.request_ms);
    struct job_report report;
    enum status status = ipp_ask_job(&device->target, &guard, device->job_id, &report);
    if (atomic_load(&device->stop))
        return;
    char reason[PRINTER_REASON_BYTES];
    enum follow_verdict verdict;
    if (status == STATUS_OK) {
        const char *held_by = device->condition.level == PRINTER_STOPPED
                                  ? printer_condition_reason(&device->condition)
                                  : "";
        verdict = follow_answered(&device->follow, &report, held_by, ipp_now_ms(), reason);
    } else {
        verdict =
            follow_unanswered(&device->follow, status == STATUS_NOT_FOUND, ipp_now_ms(), reason);
    }
    if (verdict == FOLLOW_UNKNOWN && status == STATUS_OK && !device->follow.cancelled_ms) {
        /* Nobody will fetch it any more: it shall not come out later. */
        guard = guard_for(device, device->config.request_ms);
        (void)ipp_cancel_job(&device->target, &guard, device->job_id);
    }
    tell_verdict(device, verdict, reason);
}

static void tell_verdict(struct print_device *device, enum follow_verdict verdict,
                         const char *reason)
{
    device->following = verdict == FOLLOW_ON;
    switch (verdict) {
    case FOLLOW_ON: tell_job(device, DEVICE_UNDER_WAY, reason); break;
    case FOLLOW_PRINTED:
        device->resume = false;
        tell_job(device, DEVICE_PRINTED, reason);
        break;
    case FOLLOW_FAILED: tell_job(device, DEVICE_FAILED, reason); break;
    case FOLLOW_UNKNOWN:
        sweep_want(&device->sweep); /* the Cancel-Job may have been lost */
        tell_job(device, DEVICE_UNKNOWN, reason);
        break;
    }
}

static void tell_condition(struct print_device *device, const struct printer_condition *condition)
{
    if (atomic_load(&device->stop) || printer_condition_equal(&device->condition, condition))
        return;
    device->condition = *condition;
    log_info("device", "printer: state=%s reason=%s", printer_level_code(condition->level),
             printer_condition_reason(condition));
    pthread_mutex_lock(&device->lock);
    device->condition_message = (struct device_message){
        .kind = DEVICE_CONDITION,
        .condition = *condition,
        .width_px = device->able ? device->ability.width_px : 0,
        .dpi = device->able ? device->ability.dpi : 0,
    };
    device->condition_news = true;
    pthread_mutex_unlock(&device->lock);
    device->config.wake(device->config.context);
}

static void tell_job(struct print_device *device, enum device_outcome outcome, const char *reason)
{
    if (atomic_load(&device->stop))
        return; /* whoever would be woken may be gone */
    pthread_mutex_lock(&device->lock);
    bool news = outcome != DEVICE_UNDER_WAY || device->job_message.outcome != DEVICE_UNDER_WAY ||
                strcmp(device->job_message.name, device->name) != 0 ||
                strcmp(device->job_message.reason, reason) != 0;
    device->job_message = (struct device_message){.kind = DEVICE_JOB, .outcome = outcome};
    snprintf(device->job_message.name, sizeof(device->job_message.name), "%s", device->name);
    snprintf(device->job_message.reason, sizeof(device->job_message.reason), "%s", reason);
    device->job_news = device->job_news || news;
    pthread_mutex_unlock(&device->lock);
    if (news)
        device->config.wake(device->config.context);
}

static struct ipp_guard guard_for(struct print_device *device, int budget_ms)
{
    return (struct ipp_guard){
        .stop = &device->stop,
        .deadline_ms = ipp_now_ms() + budget_ms,
        .stalled = look_aside,
        .context = device,
    };
}
