/* The site's folder. See site_watch.h. */
#include "http/site_watch.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "http/inbox.h"
#include "http/path_watch.h"
#include "quarter/check.h"
#include "quarter/log.h"

enum {
    STACK_BYTES = 512 * 1024,
    PATIENCE =
        10,      /* settled at the latest after so many times settle_ms, however much is written */
    AGAIN = 300, /* a site that could not be applied just now is offered again after so many */
};

struct site_watch {
    char *dir;
    char hash[QUARTER_HASH_LEN + 1];
    int settle_ms;
    bool (*apply)(void *context, struct site *site);
    void (*tell)(void *context, int errors);
    void *context;
    struct path_watch *path;
    int wake; /* an eventfd */
    bool is_there;
    char refused[QUARTER_HASH_LEN + 1]; /* the site that was read last is good, and not in force */
    char *complaint;                    /* as logged last; NULL: none since the folder was good */
    atomic_bool stopping;
    atomic_bool poked; /* from the start on: it may have changed since it was read */
    pthread_t thread;
};

/* An editor that saves every second makes the same errors each time: once is enough, but for who asks. */
static void complain(struct site_watch *watch, const struct site_report *report, bool asked)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    CHECK(out != NULL);
    site_report_print(report, out);
    CHECK(fclose(out) == 0);
    if (!asked && watch->complaint != NULL && strcmp(watch->complaint, text) == 0) {
        log_debug("site", "the changed site has the same errors=%d", site_report_errors(report));
        free(text);
        return;
    }
    log_error("site", "the changed site cannot be used; the running one goes on errors=%d",
              site_report_errors(report));
    const char *line = NULL;
    for (size_t i = 0; (line = site_report_line(report, i)) != NULL; i++) {
        log_error("site", "%s", line);
    }
    free(watch->complaint);
    watch->complaint = text;
}

/* Takes the site. */
static void offer(struct site_watch *watch, struct site *site, int warnings)
{
    char hash[QUARTER_HASH_LEN + 1];
    (void)snprintf(hash, sizeof(hash), "%s", site_hash(site));
    if (watch->apply(watch->context, site)) {
        memcpy(watch->hash, hash, sizeof(hash));
        watch->refused[0] = '\0';
        log_info("site", "the changed site is in force hash=%s warnings=%d", hash, warnings);
    } else {
        memcpy(watch->refused, hash, sizeof(hash));
    }
}

/* Why the site is read. */
enum occasion {
    WRITTEN,
    ASKED,
    TIME_CAME, /* for what was refused before */
};

static void read_site(struct site_watch *watch, enum occasion occasion)
{
    struct site *site = NULL;
    struct site_report *report = site_report_create();
    if (site_load(watch->dir, &site, report) != STATUS_OK) {
        watch->refused[0] = '\0';
        complain(watch, report, occasion == ASKED);
    } else {
        const bool is_new = strcmp(site_hash(site), watch->hash) != 0;
        const bool was_refused = strcmp(site_hash(site), watch->refused) == 0;
        if (watch->complaint != NULL) {
            log_info("site", "the site can be used again");
        }
        free(watch->complaint);
        watch->complaint = NULL;
        if (!is_new) {
            watch->refused[0] = '\0';
            site_destroy(site);
        } else if (was_refused && occasion == WRITTEN) {
            site_destroy(site); /* written again as it was: it has its time */
        } else {
            offer(watch, site, site_report_warnings(report));
        }
    }
    if (watch->tell != NULL) { /* one that was refused counts as one error */
        const int errors = site_report_errors(report);
        watch->tell(watch->context, errors > 0 ? errors : watch->refused[0] != '\0');
    }
    site_report_destroy(report);
}

static void look_at_folder(struct site_watch *watch)
{
    const bool was_there = watch->is_there;
    watch->is_there = path_watch_renew(watch->path);
    if (!watch->is_there && was_there) {
        log_warning("site", "the site's folder is gone: %s", strerrordesc_np(errno));
    }
}

/* True: something was written within so long; negative: for ever. Names that are none of ours come and go in the folders
 * on the way. */
static bool wait_for_news(struct site_watch *watch, int most_ms)
{
    struct pollfd fds[] = {{.fd = path_watch_fd(watch->path), .events = POLLIN},
                           {.fd = watch->wake, .events = POLLIN}};
    const int64_t until_ms = inbox_monotonic_ms() + most_ms;
    for (;;) {
        const int64_t left_ms = until_ms - inbox_monotonic_ms();
        const int patience_ms = most_ms < 0 ? -1 : left_ms > 0 ? (int)left_ms : 0;
        const int ready = poll(fds, 2, patience_ms);
        if (ready == 0) {
            return false;
        }
        eventfd_t count = 0;
        const bool woken = eventfd_read(watch->wake, &count) == 0;
        if (path_watch_drain(watch->path)) {
            return true;
        }
        if (woken) {
            return false;
        }
    }
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
    if (!watch->is_there) {
        return watch->settle_ms;
    }
    return watch->refused[0] != '\0' ? AGAIN * watch->settle_ms : -1;
}

static void *run(void *argument)
{
    struct site_watch *watch = argument;
    while (!atomic_load(&watch->stopping)) {
        const bool was_there = watch->is_there;
        const bool written = wait_for_news(watch, patience_ms(watch));
        const bool time_came = watch->refused[0] != '\0' && !written;
        look_at_folder(watch);
        const bool came = !was_there && watch->is_there;
        if (written && !atomic_load(&watch->poked)) {
            settle(watch);
            look_at_folder(watch);
        }
        const bool asked = atomic_exchange(&watch->poked, false);
        if (!atomic_load(&watch->stopping) && (asked || written || came || time_came)) {
            read_site(watch, asked ? ASKED : time_came ? TIME_CAME : WRITTEN);
        }
    }
    return NULL;
}

static void free_watch(struct site_watch *watch)
{
    path_watch_destroy(watch->path);
    if (watch->wake >= 0) {
        (void)close(watch->wake);
    }
    free(watch->complaint);
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
    started->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (started->wake < 0 || path_watch_create(config->dir, &started->path) != STATUS_OK) {
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
