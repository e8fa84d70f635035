/* Log lines on stderr, and the words for a status: what every program of the product shares.
 *
 * A line is built in one buffer and leaves by one write(2), so that lines of several threads, or of
 * several programs on one pipe, do not mix (POSIX: writes of up to PIPE_BUF bytes to a pipe are
 * atomic; a line is shorter). Under systemd a line begins with <N>, the syslog priority that the
 * journal files it under (sd-daemon(3)). */
#include "quarter/log.h"
#include "quarter/status.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 2048 };

static const struct {
    const char *name;
    char priority; /* of syslog(3) */
} levels[] = {
    [LOG_ERROR_LEVEL] = {"error", '3'},
    [LOG_WARNING_LEVEL] = {"warning", '4'},
    [LOG_INFO_LEVEL] = {"info", '6'},
    [LOG_DEBUG_LEVEL] = {"debug", '7'},
};

/* The one thing of a program that every module may reach without being handed it, hence global. */
static atomic_int most_level = LOG_INFO_LEVEL;

static bool stderr_is_journal(void);
static void sanitise(char *text);

const char *status_text(enum status status)
{
    switch (status) {
#define X(name, text)                                                                              \
    case STATUS_##name: return text;
        QUARTER_STATUS_LIST(X)
#undef X
    }
    return "an unknown status";
}

void log_set_level(enum log_level most)
{
    atomic_store_explicit(&most_level, (int)most, memory_order_relaxed);
}

void log_write(enum log_level level, const char *module, const char *format, ...)
{
    if ((int)level > atomic_load_explicit(&most_level, memory_order_relaxed)) {
        return;
    }
    int saved_errno = errno;
    char line[LINE_MAX_BYTES];
    size_t room = sizeof line - 1; /* the line break always fits */
    size_t used = 0;
    if (stderr_is_journal()) {
        used = (size_t)snprintf(line, room, "<%c>", levels[level].priority);
    }
    used += (size_t)snprintf(line + used, room - used, "%s %.64s: ", levels[level].name, module);
    va_list arguments;
    va_start(arguments, format);
    int wanted = vsnprintf(line + used, room - used, format, arguments);
    va_end(arguments);
    sanitise(line);
    if (wanted > 0) {
        used += (size_t)wanted < room - used ? (size_t)wanted : room - used - 1;
    }
    line[used++] = '\n';
    /* Nobody can be told that the log itself cannot be written. */
    while (write(STDERR_FILENO, line, used) < 0 && errno == EINTR) {
    }
    errno = saved_errno;
}

/* systemd names the device and inode of the stream it listens at, so that a program whose stderr
 * went elsewhere can tell (systemd.exec(5), $JOURNAL_STREAM). */
static bool stderr_is_journal(void)
{

    /* NOLINTNEXTLINE(concurrency-mt-unsafe): nothing changes the environment of a running program */
    const char *stream = getenv("JOURNAL_STREAM");
    struct stat at;
    if (stream == NULL || fstat(STDERR_FILENO, &at) != 0) {
        return false;
    }
    char *end = NULL;
    unsigned long long device = strtoull(stream, &end, 10);
    if (*end != ':') {
        return false;
    }
    unsigned long long inode = strtoull(end + 1, &end, 10);
    return *end == '\0' && device == at.st_dev && inode == at.st_ino;
}

/* Control bytes become '?': no terminal sequence and no forged second line. U+0080-U+009F, which
 * some terminals obey too, are C2 80 - C2 9F in UTF-8. */
static void sanitise(char *text)
{
    for (unsigned char *byte = (unsigned char *)text; *byte != '\0'; byte++) {
        if (*byte < 0x20 || *byte == 0x7f) {
            *byte = '?';
        } else if (*byte == 0xc2 && byte[1] >= 0x80 && byte[1] <= 0x9f) {
            *byte = '?';
            byte[1] = '?';
        }
    }
}
