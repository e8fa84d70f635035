/* The program gets a process group of its own, so that a script and what it started end together. It inherits nothing but
 * its three standard files: no device, no socket, no signal mask of ours. */
#include "display/screen/speech_program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "quarter/check.h"

enum { READ_BYTES = 1 << 16, LOOK_MS = 5 };

struct child {
    pid_t pid;
    int in, out; /* ours: the program's input to write, its output to read; -1: closed */
    size_t written;
    uint8_t *output;
    size_t size, room;
    int64_t end_ms;
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- the command -------------------------------------------------------------------------------------------------- */

/* Adds to *used, more than there is room for if it does not fit. False: `name` is not there. */
static bool replace(const char **at, const char *name, const char *with, char *out, size_t room,
                    size_t *used)
{
    size_t length = strlen(name);
    if (strncmp(*at, name, length) != 0)
        return false;
    *at += length;
    int put = snprintf(out, room, "%s", with);
    *used += put < 0 ? 0 : (size_t)put;
    return true;
}

enum status program_from(const char *command, const char *voice, const char *language,
                         struct program *program)
{
    size_t used = 0, count = 0;
    bool inside = false;
    for (const char *at = command; *at != '\0';) {
        if (used + 1 >= sizeof program->text)
            return STATUS_INVALID;
        char *here = program->text + used;
        size_t room = sizeof program->text - used;
        if (strchr(" \t\n", *at) != NULL) {
            if (inside)
                program->text[used++] = '\0';
            inside = false;
            at++;
            continue;
        }
        if (!inside && count == PROGRAM_WORDS_MAX)
            return STATUS_INVALID;
        if (!inside)
            program->words[count++] = here;
        inside = true;
        if (!replace(&at, "VOICE", voice, here, room, &used) &&
            !replace(&at, "LANGUAGE", language, here, room, &used)) {
            *here = *at++;
            used++;
        }
    }
    if (used >= sizeof program->text || count == 0)
        return STATUS_INVALID;
    program->text[used] = '\0';
    program->words[count] = NULL;
    return STATUS_OK;
}

bool program_exists(const struct program *program)
{
    const char *name = program->words[0];
    if (strchr(name, '/') != NULL)
        return access(name, X_OK) == 0;
    const char *folders = getenv("PATH"); /* NOLINT(concurrency-mt-unsafe): nothing changes it */
    for (const char *at = folders; at != NULL && *at != '\0';) {
        char path[PROGRAM_BYTES];
        int length = (int)strcspn(at, ":");
        int put = snprintf(path, sizeof path, "%.*s/%s", length, at, name);
        if (length > 0 && put > 0 && (size_t)put < sizeof path && access(path, X_OK) == 0)
            return true;
        at += length;
        at += *at == ':';
    }
    return false;
}

/* ---- the child ---------------------------------------------------------------------------------------------------- */

static int spawn(const struct program *program, int input, int output, pid_t *pid)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
    /* What it complains of could hold the text; its exit code says enough. */
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                              POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    int failed = posix_spawnp(pid, program->words[0], &files, &attributes, program->words, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return failed;
}

/* Sockets, because writing to one whose other end is closed can be told not to raise SIGPIPE. */
static enum status start(const struct program *program, struct child *child)
{
    int input[2], output[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, input) != 0)
        return STATUS_IO;
    if (pipe2(output, O_CLOEXEC) != 0) {
        close(input[0]);
        close(input[1]);
        return STATUS_IO;
    }
    int failed = spawn(program, input[1], output[1], &child->pid);
    close(input[1]);
    close(output[1]);
    child->in = input[0];
    child->out = output[0];
    if (failed == 0)
        return STATUS_OK;
    child->pid = 0;
    return failed == ENOENT || failed == EACCES || failed == ENOEXEC ? STATUS_NOT_FOUND : STATUS_IO;
}

static void close_input(struct child *child)
{
    if (child->in >= 0)
        close(child->in);
    child->in = -1;
}

static void feed(struct child *child, const struct program_run *run)
{
    ssize_t sent = send(child->in, run->input + child->written, run->input_size - child->written,
                        MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0)
        child->written += (size_t)sent;
    bool later = sent < 0 && (errno == EAGAIN || errno == EINTR);
    /* A program that does not want its input may still speak. */
    if (child->written == run->input_size || (sent < 0 && !later))
        close_input(child);
}

static void wipe_output(struct child *child)
{
    if (child->output != NULL)
        explicit_bzero(child->output, child->size);
    free(child->output);
    child->output = NULL;
}

/* Not realloc: it would leave a copy of what was said behind. */
static void make_room(struct child *child)
{
    size_t room = child->room == 0 ? READ_BYTES : child->room * 2;
    uint8_t *output = malloc(room);
    CHECK(output != NULL);
    if (child->size > 0)
        memcpy(output, child->output, child->size);
    wipe_output(child);
    child->output = output;
    child->room = room;
}

static enum status take(struct child *child, const struct program_run *run, bool *ended)
{
    if (child->size == child->room)
        make_room(child);
    ssize_t got = read(child->out, child->output + child->size, child->room - child->size);
    if (got < 0)
        return errno == EINTR || errno == EAGAIN ? STATUS_OK : STATUS_IO;
    child->size += (size_t)got;
    *ended = got == 0;
    return child->size > run->output_max ? STATUS_TOO_LARGE : STATUS_OK;
}

static enum status talk(struct child *child, const struct program_run *run)
{
    for (bool ended = false; !ended;) {
        int64_t left = child->end_ms - now_ms();
        struct pollfd fds[] = {{.fd = run->cancel_fd, .events = POLLIN},
                               {.fd = child->in, .events = POLLOUT},
                               {.fd = child->out, .events = POLLIN}};
        int ready = left <= 0 ? 0 : poll(fds, 3, (int)left);
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0)
            return ready == 0 ? STATUS_TIMEOUT : STATUS_IO;
        if (fds[0].revents != 0)
            return STATUS_BUSY;
        if (fds[1].revents != 0)
            feed(child, run);
        enum status status = fds[2].revents != 0 ? take(child, run, &ended) : STATUS_OK;
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

/* Its output is closed; that it ends as well is a matter of moments, but nothing we could rely on. It is looked at, not
 * reaped: until then its group's number is its own. */
static enum status await_end(const struct child *child, int cancel_fd)
{
    struct pollfd cancel = {.fd = cancel_fd, .events = POLLIN};
    for (;;) {
        siginfo_t info = {0};
        int looked = waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOHANG | WNOWAIT);
        if (looked != 0 && errno != EINTR)
            return STATUS_IO;
        if (looked == 0 && info.si_pid == child->pid)
            return info.si_code != CLD_EXITED ? STATUS_IO
                   : info.si_status == 0      ? STATUS_OK
                   : info.si_status == 127    ? STATUS_NOT_FOUND
                                              : STATUS_IO;
        if (now_ms() >= child->end_ms)
            return STATUS_TIMEOUT;
        if (poll(&cancel, 1, LOOK_MS) > 0)
            return STATUS_BUSY;
    }
}

/* Whatever of its group is still there ends. */
static void end_group(const struct child *child)
{
    int ended = 0;
    kill(-child->pid, SIGKILL);
    while (waitpid(child->pid, &ended, 0) < 0 && errno == EINTR)
        continue;
}

enum status program_run(const struct program *program, const struct program_run *run,
                        uint8_t **output, size_t *size)
{
    struct child child = {.in = -1, .out = -1, .end_ms = now_ms() + run->limit_ms};
    enum status status = start(program, &child);
    if (status == STATUS_OK) {
        status = talk(&child, run);
        close_input(&child);
        if (status == STATUS_OK)
            status = await_end(&child, run->cancel_fd);
        end_group(&child);
    }
    close_input(&child);
    if (child.out >= 0)
        close(child.out);
    if (status != STATUS_OK) {
        wipe_output(&child);
        return status;
    }
    *output = child.output;
    *size = child.size;
    return STATUS_OK;
}
