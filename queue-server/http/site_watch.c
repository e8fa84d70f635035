/* The site's folder. See site_watch.h. */
#include "http/site_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "http/inbox.h"
#include "quarter/check.h"
#include "quarter/log.h"

enum {
    STACK_BYTES = 512 * 1024,
    PATIENCE =
        10,      /* settled at the latest after so many times settle_ms, however much is written */
    AGAIN = 300, /* a site that could not be applied just now is offered again after so many */
    EVENT_BYTES = 4096,
};

/* Whatever may change what is read. A folder that is replaced as a whole is told by the last two. */
static const uint32_t changes = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE |
                                IN_CREATE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF;

struct site_watch {
    char *dir;
    char hash[QUARTER_HASH_LEN + 1];
    int settle_ms;
    bool (*apply)(void *context, struct site *site);
    void (*tell)(void *context, int errors);
    void *context;
    int notify, wake; /* inotify and eventfd */
    int watch;        /* -1: the folder is not there */
    bool refused;     /* the site that was read last is good, and not in force */
    atomic_bool stopping;
    atomic_bool poked; /* from the start on: it may have changed since it was read */
    pthread_t thread;
};

static void log_report(const struct site_report *report)
{
    const char *line = NULL;
    for (size_t i = 0; (line = site_report_line(report, i)) != NULL; i++) {
        log_error("site", "%s", line);
    }
}

static void read_site(struct site_watch *watch)
{
    struct site *site = NULL;
    struct site_report *report = site_report_create();
    const enum status status = site_load(watch->dir, &site, report);
    watch->refused = false;
    if (status != STATUS_OK) {
        log_error("site", "the changed site cannot be used; the running one goes on errors=%d",
                  site_report_errors(report));
        log_report(report);
    } else if (strcmp(site_hash(site), watch->hash) == 0) {
        site_destroy(site);
    } else {
        char hash[QUARTER_HASH_LEN + 1];
        (void)snprintf(hash, sizeof(hash), "%s", site_hash(site));
        watch->refused = !watch->apply(watch->context, site);
        if (!watch->refused) {
            memcpy(watch->hash, hash, sizeof(hash));
            log_info("site", "the changed site is in force hash=%s warnings=%d", hash,
                     site_report_warnings(report));
        }
    }
    if (watch->tell != NULL) { /* one that was refused counts as one error */
        const int errors = site_report_errors(report);
        watch->tell(watch->context, errors > 0 ? errors : watch->refused);
    }
    site_report_destroy(report);
}

/* By path: after the folder was replaced, the new one. */
static void look_at_folder(struct site_watch *watch)
{
    const bool was_there = watch->watch >= 0;
    watch->watch = inotify_add_watch(watch->notify, watch->dir, changes | IN_ONLYDIR);
    if (watch->watch < 0 && was_there) {
        log_warning("site", "the site's folder is gone: %s", strerrordesc_np(errno));
    }
}

/* True: something was written. What exactly does not matter: the whole site is read. */
static bool drain(struct site_watch *watch)
{
    char bytes[EVENT_BYTES] __attribute__((aligned(__alignof__(struct inotify_event))));
    bool any = false;
    eventfd_t count = 0;
    while (read(watch->notify, bytes, sizeof(bytes)) > 0) {
        any = true;
    }
    (void)eventfd_read(watch->wake, &count);
    return any;
}

/* True: something happened within so long; negative: for ever. */
static bool wait_for_news(struct site_watch *watch, int most_ms)
{
    struct pollfd fds[] = {{.fd = watch->notify, .events = POLLIN},
                           {.fd = watch->wake, .events = POLLIN}};
    int ready = 0;
    do {
        ready = poll(fds, 2, most_ms);
    } while (ready < 0 && errno == EINTR);
    return ready > 0 && drain(watch);
}

/* An editor writes several files, one after the other, and each in several steps. */
static void settle(struct site_watch *watch)
{
    const int64_t latest_ms = inbox_monotonic_ms() + (int64_t)PATIENCE * watch->settle_ms;
    while (!atomic_load(&watch->stopping) && !atomic_load(&watch->poked) &&
           inbox_monotonic_ms() < latest_ms && wait_for_news(watch, watch->settle_ms)) {
    }
}

static int patience_ms(const struct site_watch *watch)
{
    if (watch->watch < 0) {
        return watch->settle_ms;
    }
    return watch->refused ? AGAIN * watch->settle_ms : -1;
}

static void *run(void *argument)
{
    struct site_watch *watch = argument;
    while (!atomic_load(&watch->stopping)) {
        const bool was_there = watch->watch >= 0;
        const bool written = wait_for_news(watch, patience_ms(watch));
        const bool again = watch->refused && !written;
        look_at_folder(watch);
        const bool came = !was_there && watch->watch >= 0;
        if (written && !atomic_load(&watch->poked)) {
            settle(watch);
            look_at_folder(watch);
        }
        if (!atomic_load(&watch->stopping) &&
            (atomic_exchange(&watch->poked, false) || written || came || again)) {
            read_site(watch);
        }
    }
    return NULL;
}

static void free_watch(struct site_watch *watch)
{
    if (watch->notify >= 0) {
        (void)close(watch->notify);
    }
    if (watch->wake >= 0) {
        (void)close(watch->wake);
    }
    free(watch->dir);
    free(watch);
}

enum status site_watch_start(const struct site_watch_config *config, struct site_watch **watch)
{
    struct site_watch *started = calloc(1, sizeof(*started));
    CHECK(started != NULL);
    started->dir = strdup(config->dir);
    CHECK(started->dir != NULL);
    (void)snprintf(started->hash, sizeof(started->hash), "%s", config->hash);
    started->settle_ms = config->settle_ms > 0 ? config->settle_ms : SITE_WATCH_SETTLE_MS;
    started->apply = config->apply;
    started->tell = config->tell;
    started->context = config->context;
    started->notify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    started->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (started->notify < 0 || started->wake < 0) {
        free_watch(started);
        return STATUS_IO;
    }
    look_at_folder(started);
    site_watch_poke(started);
    pthread_attr_t attributes;
    CHECK(pthread_attr_init(&attributes) == 0);
    CHECK(pthread_attr_setstacksize(&attributes, STACK_BYTES) == 0);
    CHECK(pthread_create(&started->thread, &attributes, run, started) == 0);
    CHECK(pthread_attr_destroy(&attributes) == 0);
    *watch = started;
    return STATUS_OK;
}

void site_watch_poke(struct site_watch *watch)
{
    atomic_store(&watch->poked, true);
    CHECK(eventfd_write(watch->wake, 1) == 0);
}

void site_watch_stop(struct site_watch *watch)
{
    if (watch == NULL) {
        return;
    }
    atomic_store(&watch->stopping, true);
    CHECK(eventfd_write(watch->wake, 1) == 0);
    CHECK(pthread_join(watch->thread, NULL) == 0);
    free_watch(watch);
}
