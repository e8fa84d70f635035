/* See test_kit.h. */
#include "test_kit.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "quarter/check.h"

extern char **environ;

enum { OPEN_FOLDERS_MAX = 16 };

void kit_set(char *to, size_t size, const char *text)
{
    const size_t length = strlen(text);
    CHECK(length < size);
    memcpy(to, text, length + 1);
}

int kit_number(const char *text)
{
    char *end = NULL;
    errno = 0;
    const long number = strtol(text, &end, 10);
    CHECK(end != text && errno == 0 && number >= INT_MIN && number <= INT_MAX);
    return (int)number;
}

int kit_run(const char *const *arguments)
{
    pid_t program = 0;
    int result = 0;
    posix_spawn_file_actions_t actions;
    CHECK(posix_spawn_file_actions_init(&actions) == 0);
    CHECK(posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) == 0);
    /* posix_spawn() changes no argument; its type is older than const. */
    const int failed = posix_spawnp(&program, arguments[0], &actions, NULL,
                                    (char *const *)(uintptr_t)arguments, environ);
    CHECK(posix_spawn_file_actions_destroy(&actions) == 0);
    CHECK(failed == 0);
    while (waitpid(program, &result, 0) != program) {
        CHECK(errno == EINTR);
    }
    return WIFEXITED(result) ? WEXITSTATUS(result) : -1;
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    (void)about;
    (void)kind;
    (void)where;
    return remove(path);
}

void kit_remove_folder(const char *path)
{
    if (access(path, F_OK) != 0 && errno == ENOENT) {
        return;
    }
    CHECK(nftw(path, remove_one, OPEN_FOLDERS_MAX, FTW_DEPTH | FTW_PHYS) == 0);
}

int64_t kit_now_ms(void)
{
    struct timespec now;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
