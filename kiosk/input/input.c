/* One thread polls the devices, /dev/input for changes, and a control signal; what they tell goes into a
 * bounded queue under one lock. Headset and counts of devices are no events but states: the queue may
 * lose what happened, never how things stand. */
#include "input/input.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "input/device.h"
#include "quarter/log.h"

enum {
    DEVICES_MAX = 16,
    QUEUE_MAX = 256,
    LOOK_ROUND_MS = 2000, /* while no touchscreen is attached, or where inotify does not reach */
    SETTLE_MS = 3000,     /* so long after a change again and again: a new node may need a moment */
    SETTLE_LOOK_MS = 250,
};

static const char input_folder[] = "/dev/input";

/* What poll tells when it is not what was told last. */
struct standing {
    bool headset_in;
    struct input_devices devices;
};

struct input {
    pthread_t thread;
    int control_fd;               /* wakes the thread: `stopping` or `changed` is set */
    int inotify_fd;               /* -1: none */
    char *only_touch;             /* options.touch, owned */
    struct device_sink sink;      /* of the devices: this queue */
    struct input_options options; /* the thread's own, from here ... */
    enum input_mode mode;
    bool watching;      /* inotify reaches the folder */
    int64_t changed_ms; /* the folder did, last */
    struct device devices[DEVICES_MAX];
    int device_count;     /* ... to here */
    pthread_mutex_t lock; /* over what follows */
    bool stopping, changed, forgetting;
    struct input_conf next_conf;
    enum input_mode next_mode;
    struct input_message queue[QUEUE_MAX];
    int first, queued;
    struct standing now, told;
};

static void *run(void *context);
static void push(void *context, const struct input_message *message);
static void release(struct input *input);

enum status input_create(const struct input_options *options, struct input **out)
{
    struct input *input = calloc(1, sizeof *input);
    if (input == NULL)
        return STATUS_UNAVAILABLE;
    input->options = *options;
    input->next_conf = options->conf;
    input->sink = (struct device_sink){push, input};
    input->inotify_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    input->control_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    pthread_mutex_init(&input->lock, NULL);
    if (options->touch != NULL)
        input->only_touch = strdup(options->touch);
    bool failed = input->control_fd < 0 || (options->touch != NULL && input->only_touch == NULL) ||
                  pthread_create(&input->thread, NULL, run, input) != 0;
    if (!failed) {
        *out = input;
        return STATUS_OK;
    }
    release(input);
    return STATUS_UNAVAILABLE;
}

void input_destroy(struct input *input)
{
    if (input == NULL)
        return;
    pthread_mutex_lock(&input->lock);
    input->stopping = true;
    pthread_mutex_unlock(&input->lock);
    eventfd_write(input->control_fd, 1);
    pthread_join(input->thread, NULL);
    release(input);
}

/* Without its thread. */
static void release(struct input *input)
{
    if (input->control_fd >= 0)
        close(input->control_fd);
    if (input->inotify_fd >= 0)
        close(input->inotify_fd);
    pthread_mutex_destroy(&input->lock);
    free(input->only_touch);
    free(input);
}

static bool same_devices(const struct input_devices *a, const struct input_devices *b)
{
    return a->touchscreens == b->touchscreens && a->keypads == b->keypads &&
           a->scanners == b->scanners && a->headsets == b->headsets;
}

static bool same_standing(const struct standing *a, const struct standing *b)
{
    return a->headset_in == b->headset_in && same_devices(&a->devices, &b->devices);
}

bool input_poll(struct input *input, struct input_message *message)
{
    bool some = true;
    pthread_mutex_lock(&input->lock);
    if (input->told.headset_in != input->now.headset_in) {
        input->told.headset_in = input->now.headset_in;
        *message = (struct input_message){.kind = INPUT_EVENT_HEADSET,
                                          .at_ms = device_now_ms(),
                                          .headset_in = input->now.headset_in};
    } else if (!same_devices(&input->told.devices, &input->now.devices)) {
        input->told.devices = input->now.devices;
        *message = (struct input_message){
            .kind = INPUT_EVENT_DEVICES, .at_ms = device_now_ms(), .devices = input->now.devices};
    } else if (input->queued > 0) {
        *message = input->queue[input->first];
        explicit_bzero(&input->queue[input->first], sizeof input->queue[0]);
        input->first = (input->first + 1) % QUEUE_MAX;
        input->queued--;
    } else {
        some = false;
    }
    pthread_mutex_unlock(&input->lock);
    return some;
}

void input_configure(struct input *input, const struct input_conf *conf)
{
    pthread_mutex_lock(&input->lock);
    input->next_conf = *conf;
    input->changed = true;
    pthread_mutex_unlock(&input->lock);
    eventfd_write(input->control_fd, 1);
}

void input_set_mode(struct input *input, enum input_mode mode)
{
    pthread_mutex_lock(&input->lock);
    input->next_mode = mode;
    input->changed = true;
    pthread_mutex_unlock(&input->lock);
    eventfd_write(input->control_fd, 1);
}

void input_forget(struct input *input)
{
    pthread_mutex_lock(&input->lock);
    input->forgetting = true;
    pthread_mutex_unlock(&input->lock);
    eventfd_write(input->control_fd, 1);
}

struct input_devices input_devices(struct input *input)
{
    pthread_mutex_lock(&input->lock);
    struct input_devices attached = input->now.devices;
    pthread_mutex_unlock(&input->lock);
    return attached;
}

/* ---- on the input thread ------------------------------------------------------------------------ */

static void wake(const struct input *input)
{
    if (input->options.wake != NULL)
        input->options.wake(input->options.wake_context);
}

static bool has_headset(const struct input *input)
{
    for (int i = 0; i < input->device_count; i++)
        if (input->devices[i].headset_in)
            return true;
    return false;
}

/* What a key says may be private: whether a headset is in is told before it. */
static void push(void *context, const struct input_message *message)
{
    struct input *input = context;
    bool headset_in = has_headset(input);
    pthread_mutex_lock(&input->lock);
    input->now.headset_in = headset_in;
    if (input->queued == QUEUE_MAX) { /* nobody listens: what was missed is no press */
        input->first = 0;
        input->queue[0] =
            (struct input_message){.kind = INPUT_EVENT_TOUCH,
                                   .at_ms = message->at_ms,
                                   .touch = {.kind = TOUCH_CANCEL, .at_ms = message->at_ms}};
        input->queued = 1;
    }
    input->queue[(input->first + input->queued) % QUEUE_MAX] = *message;
    input->queued++;
    pthread_mutex_unlock(&input->lock);
    wake(input);
}

static struct standing take_stock(const struct input *input)
{
    struct standing standing = {.headset_in = has_headset(input)};
    for (int i = 0; i < input->device_count; i++) {
        const struct device *device = &input->devices[i];
        standing.devices.touchscreens += device->role == DEVICE_TOUCHSCREEN;
        standing.devices.keypads += device->role == DEVICE_KEYPAD;
        standing.devices.scanners += device->role == DEVICE_SCANNER;
        standing.devices.headsets += device->role == DEVICE_HEADSET;
    }
    return standing;
}

static void tell_standing(struct input *input)
{
    struct standing standing = take_stock(input);
    pthread_mutex_lock(&input->lock);
    bool news = !same_standing(&standing, &input->now);
    input->now = standing;
    pthread_mutex_unlock(&input->lock);
    if (news)
        wake(input);
}

static struct device_setting setting_of(const struct input *input)
{
    return (struct device_setting){&input->options, input->mode, input->only_touch};
}

static bool is_attached(const struct input *input, const char *path)
{
    for (int i = 0; i < input->device_count; i++)
        if (strcmp(input->devices[i].path, path) == 0)
            return true;
    return false;
}

static void attach(struct input *input, const char *path)
{
    const struct device_setting setting = setting_of(input);
    if (input->device_count == DEVICES_MAX || is_attached(input, path))
        return;
    if (device_open(&input->devices[input->device_count], path, &setting))
        input->device_count++;
}

static void detach(struct input *input, int index, const char *why)
{
    struct device *device = &input->devices[index];
    log_warning("input", "%s gone device=%s reason=\"%s\"", device_role_name(device->role),
                device->path, why);
    device_close(device, &input->sink);
    input->devices[index] = input->devices[--input->device_count];
    input->changed_ms = device_now_ms(); /* one that only stumbled is there still */
}

static void look_round(struct input *input)
{
    /* Always again: devtmpfs takes the folder away with its last node, and a watch dies with its
     * folder. */
    input->watching =
        input->inotify_fd >= 0 &&
        inotify_add_watch(input->inotify_fd, input_folder, IN_CREATE | IN_ATTRIB | IN_DELETE) >= 0;
    if (input->only_touch != NULL) /* it may lie elsewhere */
        attach(input, input->only_touch);
    DIR *folder = opendir(input_folder);
    if (folder == NULL)
        return;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): this folder stream is this thread's own */
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char path[DEVICE_PATH_BYTES];
        if (strncmp(entry->d_name, "event", 5) != 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", input_folder, entry->d_name);
        attach(input, path);
    }
    closedir(folder);
}

/* A removed node is gone even if its descriptor does not say so yet. */
static void detach_removed(struct input *input)
{
    for (int i = input->device_count - 1; i >= 0; i--)
        if (access(input->devices[i].path, F_OK) != 0)
            detach(input, i, "removed");
}

static void read_changes(struct input *input)
{
    char changes[4096];
    bool some = false;
    while (read(input->inotify_fd, changes, sizeof changes) > 0)
        some = true;
    if (!some)
        return;
    input->changed_ms = device_now_ms();
    detach_removed(input);
    look_round(input);
}

/* Headsets first, for the same reason; whether one errs is seen with the others. */
static void read_devices(struct input *input, const struct pollfd *fds)
{
    const struct device_setting setting = setting_of(input);
    for (int i = 0; i < input->device_count; i++)
        if (fds[i].revents != 0 && input->devices[i].role == DEVICE_HEADSET)
            (void)device_read(&input->devices[i], &setting, &input->sink);
    for (int i = input->device_count - 1; i >= 0; i--) {
        if (fds[i].revents == 0 && !input->devices[i].more)
            continue;
        int error = device_read(&input->devices[i], &setting, &input->sink);
        if (error == 0 && (fds[i].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0)
            error = ENODEV;
        if (error != 0)
            detach(input, i, strerrordesc_np(error));
    }
}

static void turn_to(struct input *input, enum input_mode mode)
{
    static const char *const names[] = {[INPUT_FOR_VISITORS] = "visitors",
                                        [INPUT_LEARN_KEYS] = "learn-keys",
                                        [INPUT_LEARN_SCANNER] = "learn-scanner"};
    if (input->mode == mode)
        return;
    input->mode = mode;
    log_info("input", "listening for=%s", names[mode]);
}

/* False: it is time to stop. */
static bool take_orders(struct input *input)
{
    eventfd_t count;
    eventfd_read(input->control_fd, &count);
    pthread_mutex_lock(&input->lock);
    bool stopping = input->stopping, changed = input->changed, forgetting = input->forgetting;
    input->changed = input->forgetting = false;
    input->options.conf = input->next_conf;
    const enum input_mode mode = input->next_mode;
    pthread_mutex_unlock(&input->lock);
    turn_to(input, mode);
    for (int i = 0; forgetting && i < input->device_count; i++)
        device_forget(&input->devices[i]);
    if (!changed || stopping)
        return !stopping;
    const struct device_setting setting = setting_of(input);
    for (int i = input->device_count - 1; i >= 0; i--)
        if (!device_adapt(&input->devices[i], &setting, &input->sink))
            detach(input, i, "not needed any more");
    look_round(input);
    return true;
}

static void tick(struct input *input)
{
    const struct device_setting setting = setting_of(input);
    for (int i = 0; i < input->device_count; i++)
        device_tick(&input->devices[i], &setting, device_now_ms(), &input->sink);
}

static int64_t look_again_ms(const struct input *input, int64_t now)
{
    if (now < input->changed_ms + SETTLE_MS)
        return now + SETTLE_LOOK_MS;
    if (take_stock(input).devices.touchscreens == 0 || !input->watching)
        return now + LOOK_ROUND_MS;
    return INT64_MAX;
}

static bool some_have_more(const struct input *input)
{
    for (int i = 0; i < input->device_count; i++)
        if (input->devices[i].more)
            return true;
    return false;
}

static int patience_ms(const struct input *input)
{
    if (some_have_more(input))
        return 0;
    int64_t due = INT64_MAX, now = device_now_ms();
    for (int i = 0; i < input->device_count; i++) {
        int64_t of_device = device_due_ms(&input->devices[i]);
        due = of_device < due ? of_device : due;
    }
    int64_t look = look_again_ms(input, now);
    due = look < due ? look : due;
    if (due == INT64_MAX)
        return -1;
    return due <= now ? 0 : (int)(due - now);
}

static void *run(void *context)
{
    struct input *input = context;
    bool going_on = true;
    input->changed_ms = device_now_ms();
    look_round(input);
    tell_standing(input);
    while (going_on) {
        struct pollfd fds[DEVICES_MAX + 2];
        int count = input->device_count;
        for (int i = 0; i < count; i++)
            fds[i] = (struct pollfd){.fd = input->devices[i].fd, .events = POLLIN};
        fds[count] = (struct pollfd){.fd = input->control_fd, .events = POLLIN};
        fds[count + 1] = (struct pollfd){.fd = input->inotify_fd, .events = POLLIN};
        int ready = poll(fds, (nfds_t)count + 2, patience_ms(input));
        if (ready < 0)
            continue;
        if (ready == 0 &&
            !some_have_more(input)) { /* only then: what waits to be read was made in time */
            tick(input);
            look_round(input);
            tell_standing(input);
            continue;
        }
        read_devices(input, fds);
        if (fds[count].revents != 0)
            going_on = take_orders(input);
        if (fds[count + 1].revents != 0)
            read_changes(input);
        tell_standing(input);
    }
    for (int i = 0; i < input->device_count; i++)
        device_close(&input->devices[i], &input->sink);
    return NULL;
}
