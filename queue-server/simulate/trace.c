/* Days as recorded or invented, the desk they happen at, and the folder they are read from; its files are read by
 * trace_site.c and trace_day.c. */
#include "simulate/trace.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "quarter/check.h"
#include "simulate/trace_parts.h"

enum {
    LATE_MS = 600000, /* so much after the appointment its holder still counts as on time */
    FAULT_BYTES = 1024,
    PATH_BYTES = 4096,
};

void trace_classify(struct world_visit *visit, int64_t appointment_ms, int priority)
{
    const bool on_time = appointment_ms >= 0 && visit->arrives_ms <= appointment_ms + LATE_MS;
    visit->leg_from_ms = visit->arrives_ms;
    if (on_time && appointment_ms > visit->arrives_ms) {
        visit->leg_from_ms = appointment_ms;
    }
    enum ticket_class ticket_class = CLASS_NORMAL;
    if (priority == 2) {
        ticket_class = CLASS_URGENT;
    } else if (on_time) {
        ticket_class = CLASS_APPOINTMENT;
    } else if (priority == 1) {
        ticket_class = CLASS_ASSISTED;
    }
    visit->ticket_class = (uint8_t)ticket_class;
}

struct world_desk trace_desk(const struct trace_site *site, const struct policy_terms *policy)
{
    return (struct world_desk){.policy = *policy,
                               .service_count = site->service_count,
                               .counter_count = site->counter_count,
                               .counters = site->counters,
                               .stranger_factor = WORLD_STRANGER_FACTOR,
                               .ghost_ms = WORLD_GHOST_MS};
}

void trace_day_free(struct trace_day *day)
{
    free(day->visits);
    free(day->bookings);
    *day = (struct trace_day){0};
}

void trace_free(struct trace *trace)
{
    if (trace == NULL) {
        return;
    }
    for (int i = 0; i < trace->day_count; i++) {
        trace_day_free(&trace->days[i]);
    }
    free(trace->days);
    free(trace);
}

void trace_faults_free(struct trace_faults *faults)
{
    free(faults->text);
    *faults = (struct trace_faults){0};
}

/* ---- Faults and files */

void trace_fault(struct trace_faults *faults, const char *file, int line, const char *format, ...)
{
    char text[FAULT_BYTES];
    if (++faults->count > TRACE_FAULTS_MAX) {
        return;
    }
    va_list values;
    va_start(values, format);
    (void)vsnprintf(text, sizeof(text), format, values);
    va_end(values);
    char where[16] = "";
    if (line > 0) {
        (void)snprintf(where, sizeof(where), "%d:", line);
    }
    const size_t room = strlen(file) + strlen(where) + strlen(text) + 4;
    char *grown = realloc(faults->text, faults->length + room);
    CHECK(grown != NULL);
    faults->text = grown;
    faults->length +=
        (size_t)snprintf(grown + faults->length, room, "%s:%s %s\n", file, where, text);
}

static char *read_open_file(FILE *file, const char *path, size_t *length,
                            struct trace_faults *faults)
{
    struct stat status;
    if (fstat(fileno(file), &status) != 0 || !S_ISREG(status.st_mode)) {
        trace_fault(faults, path, 0, "is not a file");
        return NULL;
    }
    if (status.st_size > TRACE_FILE_BYTES) {
        trace_fault(faults, path, 0, "has %lld bytes; at most %d are read",
                    (long long)status.st_size, TRACE_FILE_BYTES);
        return NULL;
    }
    char *text = malloc((size_t)status.st_size + 1);
    CHECK(text != NULL);
    *length = fread(text, 1, (size_t)status.st_size, file);
    if (ferror(file) != 0) {
        trace_fault(faults, path, 0, "cannot be read: %s", strerrordesc_np(errno));
        free(text);
        return NULL;
    }
    text[*length] = '\0';
    return text;
}

char *trace_read_file(const char *path, size_t *length, struct trace_faults *faults)
{
    static const char mark[] = "\xef\xbb\xbf"; /* U+FEFF, which spreadsheets put in front */
    /* not to wait for somebody who writes into a pipe */
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "r");
    if (file == NULL) {
        trace_fault(faults, path, 0, "cannot be read: %s", strerrordesc_np(errno));
        return NULL;
    }
    char *text = read_open_file(file, path, length, faults);
    (void)fclose(file);
    if (text == NULL) {
        return NULL;
    }
    if (*length >= strlen(mark) && memcmp(text, mark, strlen(mark)) == 0) {
        *length -= strlen(mark);
        memmove(text, text + strlen(mark), *length + 1);
    }
    const char *nul = memchr(text, '\0', *length);
    if (nul != NULL) {
        int line = 1;
        for (const char *at = text; at < nul; at++) {
            line += *at == '\n';
        }
        trace_fault(faults, path, line, "holds a NUL byte: this is not text in UTF-8");
        free(text);
        return NULL;
    }
    return text;
}

/* ---- The folder */

static int is_day(const struct dirent *entry)
{
    const size_t length = strlen(entry->d_name);
    return strncmp(entry->d_name, "day_", 4) == 0 && length > 8 &&
           strcmp(entry->d_name + length - 4, ".csv") == 0;
}

/* Names are told on terminals. */
static bool is_plain(const char *name)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-. ";
    return strlen(name) <= TRACE_NAME_MAX && name[strspn(name, plain)] == '\0';
}

static void read_days(const char *folder, struct trace *trace, struct trace_faults *faults)
{
    struct dirent **entries = NULL;
    const int count = scandir(folder, &entries, is_day, alphasort);
    if (count < 0) {
        trace_fault(faults, folder, 0, "cannot be read: %s", strerrordesc_np(errno));
        return;
    }
    if (count == 0) {
        trace_fault(faults, folder, 0, "has no day_*.csv");
    } else if (count > TRACE_DAYS_MAX) {
        trace_fault(faults, folder, 0, "has %d days; at most %d are possible", count,
                    TRACE_DAYS_MAX);
    }
    trace->days = calloc(count > 0 ? (size_t)count : 1, sizeof(*trace->days));
    CHECK(trace->days != NULL);
    for (int i = 0; i < count; i++) {
        char path[PATH_BYTES];
        const char *name = entries[i]->d_name;
        if (!is_plain(name)) {
            trace_fault(faults, folder, 0,
                        "has a day whose name is not at most %d letters, digits, '_', '-', '.' and "
                        "blanks",
                        TRACE_NAME_MAX);
        } else if (count <= TRACE_DAYS_MAX) {
            struct trace_day *day = &trace->days[trace->day_count++];
            (void)snprintf(day->name, sizeof(day->name), "%.*s", (int)strlen(name) - 4, name);
            (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
            trace_read_day(path, &trace->site, day, faults);
        }
        free(entries[i]);
    }
    free(entries);
}

enum status trace_read(const char *folder, struct trace **trace, struct trace_faults *faults)
{
    *faults = (struct trace_faults){0};
    struct trace *made = calloc(1, sizeof(*made));
    CHECK(made != NULL);
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof(path), "%s/site.json", folder);
    trace_read_site(path, &made->site, faults);
    if (faults->count == 0) {
        read_days(folder, made, faults); /* with half a site every row would be a fault */
    }
    if (faults->count > 0) {
        trace_free(made);
        return STATUS_INVALID;
    }
    *trace = made;
    return STATUS_OK;
}
