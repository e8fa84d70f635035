/* See assets.h. */
#include "display/screen/assets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum status beside_executable(char *dir, size_t size);

enum status assets_find(const char *option, char *dir, size_t size)
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): the environment does not change while we run */
    const char *given = option != NULL ? option : getenv("QUARTER_ASSETS");
    if (given != NULL && given[0] != '\0') {
        if ((size_t)snprintf(dir, size, "%s", given) >= size) {
            return STATUS_TOO_LARGE;
        }
    } else {
        const enum status status = beside_executable(dir, size);
        if (status != STATUS_OK) {
            return status;
        }
    }
    struct stat info;
    return stat(dir, &info) == 0 && S_ISDIR(info.st_mode) ? STATUS_OK : STATUS_NOT_FOUND;
}

static enum status beside_executable(char *dir, size_t size)
{
    char self[4096];
    const ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
    if (length <= 0) {
        (void)snprintf(dir, size, "../share/quarter");
        return STATUS_NOT_FOUND;
    }
    self[length] = '\0';
    char *slash = strrchr(self, '/');
    if (slash != NULL) {
        *slash = '\0';
    }
    return (size_t)snprintf(dir, size, "%s/../share/quarter", self) < size ? STATUS_OK
                                                                           : STATUS_TOO_LARGE;
}
