/* Our own empty jobs at the printer; see sweep.h. */
#include "printer/device/sweep.h"

#include "quarter/check.h"
#include "quarter/log.h"

#include <string.h>

static bool is_known(const struct sweep *sweep, const char *name);
static enum status cancel_empty(const struct sweep *sweep, const struct ipp_target *target,
                                const struct ipp_guard *guard);
static bool is_settled(enum status status);

void sweep_remember(struct sweep *sweep, const char *name)
{
    size_t length = strlen(name);
    CHECK(length > 0 && length < sizeof(sweep->names[0]));
    if (is_known(sweep, name))
        return;
    memcpy(sweep->names[sweep->next], name, length + 1);
    sweep->next = (sweep->next + 1) % SWEEP_NAMES_MAX;
    if (sweep->count < SWEEP_NAMES_MAX)
        sweep->count++;
}

void sweep_want(struct sweep *sweep)
{
    sweep->tries_left = sweep->count > 0 ? SWEEP_TRIES : 0;
    sweep->due_ms = 0;
}

bool sweep_wanted(const struct sweep *sweep)
{
    return sweep->tries_left > 0;
}

void sweep_run(struct sweep *sweep, const struct ipp_target *target, const struct ipp_guard *guard)
{
    enum status status = cancel_empty(sweep, target, guard);
    sweep->tries_left = is_settled(status) ? 0 : sweep->tries_left - 1;
    sweep->due_ms = ipp_now_ms() + SWEEP_PAUSE_MS;
    if (status != STATUS_OK)
        log_warning("device", "cannot clear the printer of our empty jobs: answer=\"%s\"",
                    status_text(status));
}

static bool is_known(const struct sweep *sweep, const char *name)
{
    for (size_t i = 0; i < sweep->count; i++)
        if (strcmp(sweep->names[i], name) == 0)
            return true;
    return false;
}

static enum status cancel_empty(const struct sweep *sweep, const struct ipp_target *target,
                                const struct ipp_guard *guard)
{
    struct listed_job jobs[ABILITY_JOBS_MAX];
    size_t count;
    enum status status = ipp_list_jobs(target, guard, jobs, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        if (!jobs[i].lacks_document || !is_known(sweep, jobs[i].name))
            continue;
        enum status answer = ipp_cancel_job(target, guard, jobs[i].id);
        log_info("device", "cancel an empty job: job=%s id=%d answer=\"%s\"", jobs[i].name,
                 jobs[i].id, status_text(answer));
        /* NOT_FOUND, DENIED: it ended by itself meanwhile. */
        status = is_settled(answer) ? STATUS_OK : answer;
    }
    return status;
}

/* Asking again would bring nothing else. */
static bool is_settled(enum status status)
{
    return status == STATUS_OK || status == STATUS_NOT_FOUND || status == STATUS_DENIED;
}
