/* sd_notify(3) by hand. See notify.h. */
#include "http/notify.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

void notify_send(const char *state)
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): nothing changes the environment of a running program */
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const size_t length = path != NULL ? strlen(path) : 0;
    if (length < 2 || length >= sizeof(address.sun_path) || (path[0] != '/' && path[0] != '@')) {
        return;
    }
    memcpy(address.sun_path, path, length);
    if (path[0] == '@') {
        address.sun_path[0] = '\0'; /* an abstract socket, unix(7) */
    }
    const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return;
    }
    const socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    (void)sendto(fd, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&address, size);
    (void)close(fd);
}

int64_t notify_watchdog_ms(void)
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): nothing changes the environment of a running program */
    const char *usec = getenv("WATCHDOG_USEC");
    const long long value = usec != NULL ? strtoll(usec, NULL, 10) : 0;
    return value > 0 ? value / 2000 : 0;
}
