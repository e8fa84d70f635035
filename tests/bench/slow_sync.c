/* Preloaded by bench-issue for its second half: every fsync and fdatasync takes QUARTER_SYNC_DELAY_US longer, in the
 * raw loop and in the server alike, as on a disk whose cache does not answer for it. This machine's may take 0.1 ms,
 * a small box's eMMC or SSD without power-loss protection 1 to 10 ms, which is what group commit is for. */
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

typedef int sync_function(int fd);

static int slowly(const char *name, int fd)
{
    sync_function *real = NULL;
    *(void **)&real = dlsym(RTLD_NEXT, name); /* POSIX's own form of the cast */
    const char *delay = getenv("QUARTER_SYNC_DELAY_US");
    const long delay_us = delay == NULL ? 0 : strtol(delay, NULL, 10);
    const struct timespec pause = {.tv_sec = delay_us / 1000000,
                                   .tv_nsec = delay_us % 1000000 * 1000};
    clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
    return real(fd);
}

int fsync(int fd)
{
    return slowly("fsync", fd);
}

int fdatasync(int fd)
{
    return slowly("fdatasync", fd);
}
