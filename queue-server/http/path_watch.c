/* A folder and the names that lead to it. See path_watch.h. */
#include "http/path_watch.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "quarter/check.h"

enum {
    PLACES_MAX = 64,
    LINKS_MAX = 40, /* as the kernel follows at most: path_resolution(7) */
    EVENT_BYTES = 4096,
};

/* Whatever may change what is read. A folder that is replaced as a whole is told by the last two. */
static const uint32_t changes = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE |
                                IN_CREATE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF;
/* Of a name on the way. */
static const uint32_t turns = IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE;

/* A name, and the folder that holds it. */
struct place {
    int folder; /* the kernel's descriptor; several names may be in one folder */
    char name[NAME_MAX + 1];
};

struct path_watch {
    char *path;
    int notify;
    int folder; /* the one that the path leads to; -1: none */
    int place_count;
    struct place places[PLACES_MAX];
};

enum status path_watch_create(const char *path, struct path_watch **watch)
{
    const int notify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (notify < 0) {
        return STATUS_IO;
    }
    struct path_watch *created = calloc(1, sizeof(*created));
    CHECK(created != NULL);
    created->path = strdup(path);
    CHECK(created->path != NULL);
    created->notify = notify;
    created->folder = -1;
    *watch = created;
    return STATUS_OK;
}

void path_watch_destroy(struct path_watch *watch)
{
    if (watch != NULL) {
        (void)close(watch->notify);
        free(watch->path);
        free(watch);
    }
}

int path_watch_fd(const struct path_watch *watch)
{
    return watch->notify;
}

/* A folder that may not be read cannot be watched; then a change of this name is not seen, as before. */
static void watch_name(struct path_watch *watch, const char *folder, const char *name)
{
    const int descriptor = watch->place_count < PLACES_MAX
                               ? inotify_add_watch(watch->notify, folder, turns | IN_MASK_ADD)
                               : -1;
    if (descriptor >= 0) {
        struct place *place = &watch->places[watch->place_count++];
        place->folder = descriptor;
        (void)snprintf(place->name, sizeof(place->name), "%s", name);
    }
}

/* at: a folder without links in its own path; it becomes the folder of the next name. rest: what is still to be walked.
 * False: the walk ends here. */
static bool enter(char at[PATH_MAX], char rest[PATH_MAX], const char *name, int *links)
{
    char path[PATH_MAX], target[PATH_MAX], further[PATH_MAX];
    if (snprintf(path, sizeof(path), "%s/%s", at, name) >= PATH_MAX) {
        return false;
    }
    const ssize_t length = readlink(path, target, sizeof(target) - 1);
    if (length < 0) {
        memcpy(at, path, strlen(path) + 1);
        return errno == EINVAL; /* there, and no link */
    }
    target[length] = '\0';
    if (++*links > LINKS_MAX ||
        snprintf(further, sizeof(further), "%s/%s", target, rest) >= PATH_MAX) {
        return false;
    }
    memcpy(rest, further, strlen(further) + 1);
    if (target[0] == '/') {
        memcpy(at, "/", 2);
    }
    return true;
}

/* As the kernel walks the path, name by name: path_resolution(7). */
static void watch_names(struct path_watch *watch)
{
    char at[PATH_MAX] = ".", rest[PATH_MAX], name[NAME_MAX + 1];
    int links = 0;
    bool goes_on = snprintf(rest, sizeof(rest), "%s", watch->path) < PATH_MAX;
    if (rest[0] == '/') {
        memcpy(at, "/", 2);
    }
    while (goes_on) {
        const size_t start = strspn(rest, "/");
        const size_t length = strcspn(rest + start, "/");
        if (length == 0 || length > NAME_MAX) {
            return;
        }
        memcpy(name, rest + start, length);
        name[length] = '\0';
        memmove(rest, rest + start + length, strlen(rest + start + length) + 1);
        if (strcmp(name, ".") != 0) {
            if (strcmp(name, "..") != 0) {
                watch_name(watch, at, name);
            }
            goes_on = enter(at, rest, name, &links);
        }
    }
}

static bool is_watched(const struct path_watch *watch, int descriptor)
{
    if (descriptor == watch->folder) {
        return true;
    }
    for (int i = 0; i < watch->place_count; i++) {
        if (watch->places[i].folder == descriptor) {
            return true;
        }
    }
    return false;
}

static void forget(struct path_watch *watch, int descriptor)
{
    if (descriptor >= 0 && !is_watched(watch, descriptor)) {
        (void)inotify_rm_watch(watch->notify, descriptor); /* it may be gone by itself */
    }
}

bool path_watch_renew(struct path_watch *watch)
{
    struct place before[PLACES_MAX];
    const int count = watch->place_count, folder = watch->folder;
    memcpy(before, watch->places, sizeof(before));
    watch->place_count = 0;
    watch_names(watch);
    watch->folder =
        inotify_add_watch(watch->notify, watch->path, changes | IN_ONLYDIR | IN_MASK_ADD);
    const int fault = errno;
    for (int i = 0; i < count; i++) {
        forget(watch, before[i].folder);
    }
    forget(watch, folder);
    errno = fault;
    return watch->folder >= 0;
}

static bool concerns(const struct path_watch *watch, const struct inotify_event *event)
{
    if ((event->mask & IN_Q_OVERFLOW) != 0) {
        return true; /* nobody knows what was lost */
    }
    if ((event->mask & IN_IGNORED) != 0) {
        return false; /* the end of a watch, not of what it watched */
    }
    if (event->wd == watch->folder) {
        return true;
    }
    for (int i = 0; i < watch->place_count; i++) {
        if (watch->places[i].folder == event->wd && event->len > 0 &&
            strcmp(watch->places[i].name, event->name) == 0) {
            return true;
        }
    }
    return false;
}

bool path_watch_drain(struct path_watch *watch)
{
    char bytes[EVENT_BYTES] __attribute__((aligned(__alignof__(struct inotify_event))));
    bool any = false;
    ssize_t count = 0;
    while ((count = read(watch->notify, bytes, sizeof(bytes))) > 0) {
        const struct inotify_event *event = NULL;
        for (ssize_t at = 0; at < count; at += (ssize_t)(sizeof(*event) + event->len)) {
            event = (const struct inotify_event *)(const void *)(bytes + at);
            any = any || concerns(watch, event);
        }
    }
    return any;
}
