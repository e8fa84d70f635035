/* The print spool; see spool.h. The folder holds TICKET-COPY.json, a lock file, and for a moment
 * ".new". */
#include "printer/spool.h"

#include "printer/request.h"
#include "quarter/check.h"
#include "quarter/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char NEW_NAME[] = ".new";
static const char LOCK_NAME[] = "lock";

struct spool {
    int folder;
    int lock;
    enum status (*before_step)(void *context, enum spool_step step);
    int (*sync)(void *context, int fd);
    void *context;
    struct spool_job **jobs; /* in order of arrival */
    size_t count;
    uint64_t last_order;
};

static int sync_fd(void *context, int fd);
static enum status open_folder(struct spool *spool, const char *path);
static enum status read_all(struct spool *spool, int64_t now_ms);
static enum status settle_interrupted(struct spool *spool, int64_t now_ms);
static struct spool_job *read_job(const struct spool *spool, const char *name);
static bool parse_name(const char *name, char *ticket, int *copy);
static bool parse_job(const char *text, size_t length, struct spool_job *job);
static enum status write_job(const struct spool *spool, const struct spool_job *job);
static enum status replace_file(const struct spool *spool, const char *name, const char *text);
static enum status remove_file(const struct spool *spool, const char *name);
static enum status append_job(struct spool *spool, struct spool_job *job);
static struct spool_job *own_job(const struct spool *spool, const struct spool_job *job);
static void forget_at(struct spool *spool, size_t index);
static void make_room(struct spool *spool);
static void free_job(struct spool_job *job);
static bool is_over(enum spool_state state);
static bool may_become(enum spool_state from, enum spool_state to);
static int compare_order(const void *one, const void *other);
static void set_text(char *into, size_t size, const char *text);
static void job_name(const struct spool_job *job, char *name, size_t size);

enum status spool_open(const struct spool_options *options, int64_t now_ms, struct spool **spool)
{
    struct spool *made = calloc(1, sizeof(*made));
    if (!made)
        return STATUS_FULL;
    made->folder = made->lock = -1;
    made->before_step = options->before_step;
    made->sync = options->sync ? options->sync : sync_fd;
    made->context = options->context;
    made->jobs = calloc(SPOOL_KEPT_MAX, sizeof(struct spool_job *));
    enum status status = made->jobs ? open_folder(made, options->folder) : STATUS_FULL;
    if (status == STATUS_OK)
        status = read_all(made, now_ms);
    if (status == STATUS_OK)
        status = settle_interrupted(made, now_ms);
    if (status != STATUS_OK) {
        spool_close(made);
        return status;
    }
    spool_forget_old(made, now_ms);
    *spool = made;
    return STATUS_OK;
}

void spool_close(struct spool *spool)
{
    if (!spool)
        return;
    for (size_t i = 0; i < spool->count; i++)
        free_job(spool->jobs[i]);
    free(spool->jobs);
    if (spool->lock >= 0)
        close(spool->lock);
    if (spool->folder >= 0)
        close(spool->folder);
    free(spool);
}

enum status spool_add(struct spool *spool, const char *ticket, int copy, const char *request,
                      int64_t now_ms, const struct spool_job **job, bool *is_new)
{
    CHECK(request_is_ulid(ticket) && copy >= 1 && copy <= REQUEST_COPY_MAX);
    const struct spool_job *known = spool_find(spool, ticket, copy);
    if (known) {
        *job = known;
        *is_new = false;
        return STATUS_OK;
    }
    size_t queued = 0;
    for (size_t i = 0; i < spool->count; i++)
        queued += spool->jobs[i]->state == SPOOL_QUEUED;
    if (queued >= SPOOL_QUEUED_MAX || strlen(request) > SPOOL_FILE_BYTES / 2)
        return STATUS_FULL;
    make_room(spool);

    struct spool_job *made = calloc(1, sizeof(*made));
    if (!made || !(made->request = strdup(request))) {
        free(made);
        return STATUS_FULL;
    }
    set_text(made->ticket, sizeof(made->ticket), ticket);
    made->copy = copy;
    made->state = SPOOL_QUEUED;
    made->arrived_ms = made->changed_ms = now_ms;
    made->order = spool->last_order + 1;
    enum status status = write_job(spool, made);
    if (status == STATUS_OK)
        status = append_job(spool, made);
    if (status != STATUS_OK) {
        /* The name may be there already, only not surely; the caller hears "no", so it must not
         * print later. */
        char name[64];
        job_name(made, name, sizeof(name));
        unlinkat(spool->folder, name, 0);
        free_job(made);
        return status;
    }
    *job = made;
    *is_new = true;
    return STATUS_OK;
}

enum status spool_move(struct spool *spool, const struct spool_job *job, enum spool_state to,
                       const char *reason, int64_t now_ms)
{
    CHECK(may_become(job->state, to));
    struct spool_job next = *job;
    next.state = to;
    next.changed_ms = now_ms;
    set_text(next.reason, sizeof(next.reason), reason);
    if (is_over(to))
        next.request = NULL;
    enum status status = write_job(spool, &next);
    if (status != STATUS_OK && to == SPOOL_PRINTING)
        return status;

    struct spool_job *own = own_job(spool, job);
    char *over = is_over(to) ? own->request : NULL;
    *own = next;
    free(over);
    return status;
}

bool spool_set_reason(struct spool *spool, const struct spool_job *job, const char *reason)
{
    CHECK(!is_over(job->state));
    if (strcmp(job->reason, reason) == 0)
        return false;
    set_text(own_job(spool, job)->reason, SPOOL_REASON_BYTES, reason);
    return true;
}

const struct spool_job *spool_find(const struct spool *spool, const char *ticket, int copy)
{
    for (size_t i = 0; i < spool->count; i++)
        if (spool->jobs[i]->copy == copy && strcmp(spool->jobs[i]->ticket, ticket) == 0)
            return spool->jobs[i];
    return NULL;
}

const struct spool_job *spool_next_queued(const struct spool *spool)
{
    for (size_t i = 0; i < spool->count; i++)
        if (spool->jobs[i]->state == SPOOL_QUEUED)
            return spool->jobs[i];
    return NULL;
}

size_t spool_count(const struct spool *spool)
{
    return spool->count;
}

const struct spool_job *spool_at(const struct spool *spool, size_t index)
{
    CHECK(index < spool->count);
    return spool->jobs[index];
}

void spool_forget_old(struct spool *spool, int64_t now_ms)
{
    for (size_t i = spool->count; i > 0; i--) {
        const struct spool_job *job = spool->jobs[i - 1];
        if (is_over(job->state) && now_ms - job->changed_ms > SPOOL_KEPT_MS)
            forget_at(spool, i - 1);
    }
}

const char *spool_state_code(enum spool_state state)
{
    switch (state) {
#define X(name, code)                                                                              \
    case SPOOL_##name: return code;
        SPOOL_STATE_LIST(X)
#undef X
    }
    CHECK(false && "a known state");
    return "";
}

static enum status step(const struct spool *spool, enum spool_step which)
{
    return spool->before_step ? spool->before_step(spool->context, which) : STATUS_OK;
}

static int sync_fd(void *context, int fd)
{
    (void)context;
    return fsync(fd);
}

static enum status disk_fault(const char *what)
{
    enum status status = errno == ENOSPC || errno == EDQUOT ? STATUS_FULL : STATUS_IO;
    log_error("spool", "%s: %s", what, strerrordesc_np(errno));
    return status;
}

static enum status open_folder(struct spool *spool, const char *path)
{
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return disk_fault("cannot make the spool folder");
    spool->folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (spool->folder < 0)
        return disk_fault("cannot open the spool folder");
    spool->lock = openat(spool->folder, LOCK_NAME, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (spool->lock < 0)
        return disk_fault("cannot make the spool's lock");
    if (flock(spool->lock, LOCK_EX | LOCK_NB) != 0) {
        log_error("spool", "another ticket-printer uses this spool folder");
        return STATUS_BUSY;
    }
    unlinkat(spool->folder, NEW_NAME, 0);
    return STATUS_OK;
}

static enum status read_all(struct spool *spool, int64_t now_ms)
{
    int copy_of_folder = openat(spool->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = copy_of_folder >= 0 ? fdopendir(copy_of_folder) : NULL;
    if (!dir) {
        if (copy_of_folder >= 0)
            close(copy_of_folder);
        return disk_fault("cannot list the spool folder");
    }
    enum status status = STATUS_OK;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): this stream is this function's own */
    for (const struct dirent *entry; status == STATUS_OK && (entry = readdir(dir)) != NULL;) {
        struct spool_job *job = read_job(spool, entry->d_name);
        if (!job)
            continue;
        if (job->changed_ms > now_ms) /* the clock was set back: count its day from now */
            job->changed_ms = now_ms;
        if (job->arrived_ms > now_ms)
            job->arrived_ms = now_ms;
        if (job->order > spool->last_order)
            spool->last_order = job->order;
        status = append_job(spool, job);
        if (status != STATUS_OK)
            free_job(job);
    }
    closedir(dir);
    qsort(spool->jobs, spool->count, sizeof(struct spool_job *), compare_order);
    return status;
}

/* What was under way when the process ended may or may not be on paper. A damaged file is written
 * anew, to age as others do. */
static enum status settle_interrupted(struct spool *spool, int64_t now_ms)
{
    for (size_t i = 0; i < spool->count; i++) {
        struct spool_job *job = spool->jobs[i];
        if (job->order == 0) {
            job->order = ++spool->last_order;
            enum status status = write_job(spool, job);
            if (status != STATUS_OK)
                return status;
        }
        if (job->state != SPOOL_PRINTING)
            continue;
        log_warning("spool", "interrupted while printing: ticket=%s copy=%d", job->ticket,
                    job->copy);
        enum status status = spool_move(spool, job, SPOOL_UNKNOWN, "interrupted", now_ms);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

/* NULL: not a job's file. A damaged one still tells its ticket and copy by its name, so it is never
 * printed again. */
static struct spool_job *read_job(const struct spool *spool, const char *name)
{
    struct spool_job found = {0};
    if (!parse_name(name, found.ticket, &found.copy))
        return NULL;
    char *text = malloc(SPOOL_FILE_BYTES);
    struct spool_job *job = malloc(sizeof(*job));
    CHECK(text && job);
    int file = openat(spool->folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    ssize_t length = file >= 0 ? read(file, text, SPOOL_FILE_BYTES) : -1;
    if (file >= 0)
        close(file);
    if (length < 0 || !parse_job(text, (size_t)length, &found)) {
        log_error("spool", "damaged file: ticket=%s copy=%d", found.ticket, found.copy);
        found.state = SPOOL_UNKNOWN;
        set_text(found.reason, sizeof(found.reason), "damaged");
        found.changed_ms = INT64_MAX; /* the reader makes it now */
    }
    free(text);
    *job = found;
    return job;
}

static bool parse_name(const char *name, char *ticket, int *copy)
{
    const char *rest = name + QUARTER_ULID_LEN; /* "-01.json" */
    if (strlen(name) != QUARTER_ULID_LEN + strlen("-00.json") || rest[0] != '-' || rest[1] < '0' ||
        rest[1] > '9' || rest[2] < '0' || rest[2] > '9' || strcmp(rest + 3, ".json") != 0)
        return false;
    memcpy(ticket, name, QUARTER_ULID_LEN);
    ticket[QUARTER_ULID_LEN] = '\0';
    *copy = (rest[1] - '0') * 10 + (rest[2] - '0');
    return request_is_ulid(ticket) && *copy >= 1 && *copy <= REQUEST_COPY_MAX;
}

static bool parse_job(const char *text, size_t length, struct spool_job *job)
{
    json_t *root = json_loadb(text, length, 0, NULL);
    const char *state = json_string_value(json_object_get(root, "state"));
    const char *reason = json_string_value(json_object_get(root, "reason"));
    const char *request = json_string_value(json_object_get(root, "request"));
    json_int_t order = json_integer_value(json_object_get(root, "order"));
    bool found = false;
    for (enum spool_state at = SPOOL_QUEUED; state && at <= SPOOL_UNKNOWN; at++)
        if (strcmp(state, spool_state_code(at)) == 0) {
            job->state = at;
            found = true;
        }
    if (!found || !reason || order < 1 || (!request && job->state == SPOOL_QUEUED)) {
        json_decref(root);
        return false;
    }
    job->order = (uint64_t)order;
    job->changed_ms = (int64_t)json_integer_value(json_object_get(root, "changed_ms"));
    job->arrived_ms = (int64_t)json_integer_value(json_object_get(root, "arrived_ms"));
    set_text(job->reason, sizeof(job->reason), reason);
    job->request = request && !is_over(job->state) ? strdup(request) : NULL;
    json_decref(root);
    return true;
}

static enum status write_job(const struct spool *spool, const struct spool_job *job)
{
    json_t *root = json_pack("{s:i, s:s, s:i, s:s, s:s, s:I, s:I, s:I, s:s*}", "version", 1,
                             "ticket", job->ticket, "copy", job->copy, "state",
                             spool_state_code(job->state), "reason", job->reason, "order",
                             (json_int_t)job->order, "arrived_ms", (json_int_t)job->arrived_ms,
                             "changed_ms", (json_int_t)job->changed_ms, "request", job->request);
    char *text = root ? json_dumps(root, JSON_COMPACT) : NULL;
    json_decref(root);
    if (!text)
        return STATUS_FULL;
    char name[64];
    job_name(job, name, sizeof(name));
    enum status status = replace_file(spool, name, text);
    free(text);
    return status;
}

static enum status write_whole(const struct spool *spool, int file, const char *text)
{
    enum status status = step(spool, SPOOL_STEP_WRITE);
    if (status != STATUS_OK)
        return status;
    for (size_t done = 0, length = strlen(text); done < length;) {
        ssize_t wrote = write(file, text + done, length - done);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return disk_fault("cannot write a job");
        done += (size_t)wrote;
    }
    status = step(spool, SPOOL_STEP_SYNC);
    if (status == STATUS_OK && spool->sync(spool->context, file) != 0)
        return disk_fault("cannot sync a job");
    return status;
}

static enum status replace_file(const struct spool *spool, const char *name, const char *text)
{
    enum status status = step(spool, SPOOL_STEP_CREATE);
    if (status != STATUS_OK)
        return status;
    int file = openat(spool->folder, NEW_NAME,
                      O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        return disk_fault("cannot make a job's file");
    status = write_whole(spool, file, text);
    if (close(file) != 0 && status == STATUS_OK)
        status = disk_fault("cannot close a job's file");
    if (status == STATUS_OK)
        status = step(spool, SPOOL_STEP_RENAME);
    if (status == STATUS_OK && renameat(spool->folder, NEW_NAME, spool->folder, name) != 0)
        status = disk_fault("cannot put a job's file in place");
    if (status == STATUS_OK)
        status = step(spool, SPOOL_STEP_SYNC_FOLDER);
    if (status == STATUS_OK && spool->sync(spool->context, spool->folder) != 0)
        status = disk_fault("cannot sync the spool folder");
    return status;
}

static enum status remove_file(const struct spool *spool, const char *name)
{
    enum status status = step(spool, SPOOL_STEP_REMOVE);
    if (status != STATUS_OK)
        return status;
    if (unlinkat(spool->folder, name, 0) != 0 && errno != ENOENT)
        return disk_fault("cannot remove an old job");
    return STATUS_OK;
}

static enum status append_job(struct spool *spool, struct spool_job *job)
{
    if (spool->count == SPOOL_KEPT_MAX)
        return STATUS_FULL;
    spool->jobs[spool->count++] = job;
    if (job->order > spool->last_order)
        spool->last_order = job->order;
    return STATUS_OK;
}

/* Callers hold jobs as const: only the spool changes them. */
static struct spool_job *own_job(const struct spool *spool, const struct spool_job *job)
{
    size_t at = 0;
    while (at < spool->count && spool->jobs[at] != job)
        at++;
    CHECK(at < spool->count);
    return spool->jobs[at];
}

static void forget_at(struct spool *spool, size_t index)
{
    struct spool_job *job = spool->jobs[index];
    char name[64];
    job_name(job, name, sizeof(name));
    if (remove_file(spool, name) != STATUS_OK)
        return; /* stays remembered, and is tried again */
    memmove(&spool->jobs[index], &spool->jobs[index + 1],
            (spool->count - index - 1) * sizeof(struct spool_job *));
    spool->count--;
    free_job(job);
}

/* The oldest finished job goes when the spool is full; so many in one day would be somebody's
 * mistake. */
static void make_room(struct spool *spool)
{
    for (size_t i = 0; spool->count == SPOOL_KEPT_MAX && i < spool->count; i++)
        if (is_over(spool->jobs[i]->state))
            forget_at(spool, i);
}

static void free_job(struct spool_job *job)
{
    free(job->request);
    free(job);
}

static bool is_over(enum spool_state state)
{
    return state == SPOOL_PRINTED || state == SPOOL_FAILED || state == SPOOL_UNKNOWN;
}

static bool may_become(enum spool_state from, enum spool_state to)
{
    switch (from) {
    case SPOOL_QUEUED: return to == SPOOL_PRINTING || to == SPOOL_FAILED;
    case SPOOL_PRINTING: return to != SPOOL_PRINTING;
    case SPOOL_PRINTED:
    case SPOOL_FAILED:
    case SPOOL_UNKNOWN: return false;
    }
    return false;
}

static int compare_order(const void *one, const void *other)
{
    uint64_t a = (*(struct spool_job *const *)one)->order;
    uint64_t b = (*(struct spool_job *const *)other)->order;
    return a < b ? -1 : a > b;
}

static void set_text(char *into, size_t size, const char *text)
{
    snprintf(into, size, "%s", text);
}

static void job_name(const struct spool_job *job, char *name, size_t size)
{
    snprintf(name, size, "%s-%02d.json", job->ticket, job->copy);
}
