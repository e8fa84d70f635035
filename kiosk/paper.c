/* See paper.h. The thread owns the socket; under one lock lie what it shall say (one slip, some cancels) and a small
 * bounded queue of what it heard. */
#include "paper.h"

#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "quarter/log.h"

enum {
    CANCELS_MAX = 8,
    NEWS_MAX = 32,
    LINE_BYTES = 8192,
    RETRY_MS = 1000,
    SEND_TRIES = 50,
    SEND_WAIT_MS = 100
};

struct paper {
    struct paper_options options;
    struct sockaddr_un address;
    pthread_t thread;
    int event_fd; /* something to send, or to stop */
    int socket;   /* the thread's; -1: not connected */
    char line[LINE_BYTES];
    size_t filled;
    bool told_gone;
    pthread_mutex_t lock; /* over what follows */
    bool stopping;
    char *slip; /* the line of the slip that was asked for, until its end is heard; NULL: none */
    char slip_ticket[QUARTER_ULID_LEN + 1];
    bool slip_sent; /* on this connection */
    char cancels[CANCELS_MAX][QUARTER_ULID_LEN + 1];
    int cancel_count;
    struct paper_news news[NEWS_MAX];
    int first, news_count;
};

static void *run(void *context);

enum status paper_create(const struct paper_options *options, struct paper **out)
{
    struct paper *paper = calloc(1, sizeof *paper);
    if (paper == NULL)
        return STATUS_UNAVAILABLE;
    paper->options = *options;
    paper->socket = -1;
    paper->address.sun_family = AF_UNIX;
    size_t length = strlen(options->socket_path);
    if (length >= sizeof paper->address.sun_path) {
        free(paper);
        return STATUS_TOO_LARGE;
    }
    memcpy(paper->address.sun_path, options->socket_path, length + 1);
    paper->event_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    pthread_mutex_init(&paper->lock, NULL);
    if (paper->event_fd >= 0 && pthread_create(&paper->thread, NULL, run, paper) == 0) {
        *out = paper;
        return STATUS_OK;
    }
    if (paper->event_fd >= 0)
        close(paper->event_fd);
    pthread_mutex_destroy(&paper->lock);
    free(paper);
    return STATUS_UNAVAILABLE;
}

void paper_destroy(struct paper *paper)
{
    if (paper == NULL)
        return;
    pthread_mutex_lock(&paper->lock);
    paper->stopping = true;
    pthread_mutex_unlock(&paper->lock);
    eventfd_write(paper->event_fd, 1);
    pthread_join(paper->thread, NULL);
    free(paper->slip);
    close(paper->event_fd);
    pthread_mutex_destroy(&paper->lock);
    free(paper);
}

static json_t *string_or_null(const char *text)
{
    return text != NULL && text[0] != '\0' ? json_string(text) : json_null();
}

static char *write_slip(const struct paper_slip *slip)
{
    json_t *have_ready = json_array();
    for (int i = 0; i < slip->have_ready_count; i++)
        json_array_append_new(have_ready, json_string(slip->have_ready[i]));
    json_t *wait = slip->has_wait ? json_pack("{s:i,s:i}", "low_min", slip->wait_low_min,
                                              "high_min", slip->wait_high_min)
                                  : json_null();
    json_t *document = json_pack(
        "{s:{s:s,s:i,s:s,s:s,s:s,s:s,s:s,s:s,s:o,s:o,s:i,s:o,s:o}}", "print", "ticket",
        slip->ticket, "copy", 1, "language", slip->language, "direction", slip->direction, "centre",
        slip->centre, "number", slip->number, "service", slip->service, "printed_at_local",
        slip->printed_at, "where", string_or_null(slip->where), "have_ready", have_ready, "ahead",
        slip->ahead, "wait", wait, "url", string_or_null(slip->url));
    char *text = document != NULL ? json_dumps(document, JSON_COMPACT) : NULL;
    json_decref(document);
    return text;
}

/* Under the lock. Takes the line, made by jansson; NULL forgets the slip. */
static void keep_slip(struct paper *paper, char *line, const char *ticket)
{
    free(paper->slip);
    paper->slip = line;
    paper->slip_sent = false;
    snprintf(paper->slip_ticket, sizeof paper->slip_ticket, "%s", ticket);
}

enum status paper_print(struct paper *paper, const struct paper_slip *slip)
{
    char *line = write_slip(slip);
    if (line == NULL)
        return STATUS_INVALID;
    pthread_mutex_lock(&paper->lock);
    keep_slip(paper, line, slip->ticket);
    pthread_mutex_unlock(&paper->lock);
    eventfd_write(paper->event_fd, 1);
    return STATUS_OK;
}

/* Under the lock. */
static void drop_first_cancel(struct paper *paper)
{
    memmove(paper->cancels[0], paper->cancels[1],
            (size_t)--paper->cancel_count * sizeof paper->cancels[0]);
}

/* Kept until it can be said: a printer that is away for a moment may have the slip in its spool. */
void paper_cancel(struct paper *paper, const char *ticket)
{
    pthread_mutex_lock(&paper->lock);
    if (strcmp(paper->slip_ticket, ticket) == 0)
        keep_slip(paper, NULL, "");
    if (paper->cancel_count == CANCELS_MAX) /* away for so many visits: its spool drops old jobs */
        drop_first_cancel(paper);
    snprintf(paper->cancels[paper->cancel_count++], sizeof paper->cancels[0], "%s", ticket);
    pthread_mutex_unlock(&paper->lock);
    eventfd_write(paper->event_fd, 1);
}

bool paper_poll(struct paper *paper, struct paper_news *news)
{
    pthread_mutex_lock(&paper->lock);
    bool some = paper->news_count > 0;
    if (some) {
        *news = paper->news[paper->first];
        paper->first = (paper->first + 1) % NEWS_MAX;
        paper->news_count--;
    }
    pthread_mutex_unlock(&paper->lock);
    return some;
}

/* ---- reading lines ------------------------------------------------------------------------------------------------ */

static bool read_job(const json_t *job, struct paper_news *news)
{
    static const struct {
        const char *code;
        enum journey_job job;
    } states[] = {{"queued", JOB_PRINTING},
                  {"printing", JOB_PRINTING},
                  {"printed", JOB_PRINTED},
                  {"failed", JOB_FAILED},
                  {"unknown", JOB_UNKNOWN}};
    const char *ticket = json_string_value(json_object_get(job, "ticket"));
    const char *state = json_string_value(json_object_get(job, "state"));
    size_t length = ticket != NULL ? strlen(ticket) : 0;
    if (ticket == NULL || state == NULL || length > QUARTER_ULID_LEN)
        return false;
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        if (strcmp(states[i].code, state) != 0)
            continue;
        /* Queued with a reason is held up by it: nothing comes out as long as the visitor looks. */
        bool held = strcmp(state, "queued") == 0 && json_is_string(json_object_get(job, "reason"));
        *news = (struct paper_news){.is_job = true, .job = held ? JOB_FAILED : states[i].job};
        memcpy(news->ticket, ticket, length + 1);
        return true;
    }
    return false;
}

/* Low paper still prints; a printer nobody has asked yet gets the benefit of the doubt. */
static bool read_printer(const json_t *printer, struct paper_news *news)
{
    const char *state = json_string_value(json_object_get(printer, "state"));
    if (state == NULL)
        return false;
    bool out = strcmp(state, "stopped") == 0 || strcmp(state, "gone") == 0;
    *news = (struct paper_news){.paper = out ? PAPER_OUT : PAPER_READY};
    return true;
}

static const char *error_code(const json_t *document)
{
    const char *code =
        json_string_value(json_object_get(json_object_get(document, "error"), "code"));
    return code != NULL ? code : "none";
}

bool paper_read_line(const char *line, struct paper_news *news)
{
    json_t *document = json_loads(line, 0, NULL);
    const json_t *job = json_object_get(document, "job");
    const json_t *printer = json_object_get(document, "printer");
    bool told = false;
    if (job != NULL)
        told = read_job(job, news);
    else if (printer != NULL)
        told = read_printer(printer, news);
    else
        log_warning("paper", "the printer refuses or is not understood code=%s",
                    error_code(document));
    json_decref(document);
    return told;
}

/* ---- on the paper thread ------------------------------------------------------------------------------------------ */

static void push(struct paper *paper, const struct paper_news *news)
{
    pthread_mutex_lock(&paper->lock);
    if (news->is_job && news->job != JOB_PRINTING && strcmp(news->ticket, paper->slip_ticket) == 0)
        keep_slip(paper, NULL, "");
    if (paper->news_count == NEWS_MAX) { /* the newest say more than the oldest */
        paper->first = (paper->first + 1) % NEWS_MAX;
        paper->news_count--;
    }
    paper->news[(paper->first + paper->news_count++) % NEWS_MAX] = *news;
    pthread_mutex_unlock(&paper->lock);
    if (paper->options.wake != NULL)
        paper->options.wake(paper->options.wake_context);
}

static void hang_up(struct paper *paper, const char *why)
{
    if (paper->socket >= 0)
        close(paper->socket);
    paper->socket = -1;
    paper->filled = 0;
    pthread_mutex_lock(&paper->lock);
    paper->slip_sent = false;
    pthread_mutex_unlock(&paper->lock);
    if (paper->told_gone)
        return;
    paper->told_gone = true;
    log_warning("paper", "no ticket printer socket=%s reason=\"%s\"", paper->address.sun_path, why);
    push(paper, &(struct paper_news){.paper = PAPER_OUT});
}

static void call_up(struct paper *paper)
{
    paper->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (paper->socket < 0 || connect(paper->socket, (const struct sockaddr *)&paper->address,
                                     sizeof paper->address) != 0) {
        hang_up(paper, strerrordesc_np(errno));
        return;
    }
    paper->told_gone = false;
    log_info("paper", "ticket printer connected socket=%s", paper->address.sun_path);
}

static bool send_all(const struct paper *paper, const char *bytes, size_t length)
{
    for (int tries = 0; length > 0 && tries < SEND_TRIES;) {
        ssize_t sent = send(paper->socket, bytes, length, MSG_NOSIGNAL);
        if (sent > 0) {
            bytes += sent;
            length -= (size_t)sent;
        } else if (sent < 0 && errno == EAGAIN) {
            struct pollfd fd = {.fd = paper->socket, .events = POLLOUT};
            poll(&fd, 1, SEND_WAIT_MS);
            tries++;
        } else {
            return false;
        }
    }
    return length == 0;
}

static bool send_line(struct paper *paper, const char *line)
{
    bool sent = send_all(paper, line, strlen(line)) && send_all(paper, "\n", 1);
    if (!sent)
        hang_up(paper, "a slip could not be sent");
    return sent;
}

static bool send_first_cancel(struct paper *paper)
{
    char ticket[QUARTER_ULID_LEN + 1] = "";
    pthread_mutex_lock(&paper->lock);
    if (paper->cancel_count > 0)
        memcpy(ticket, paper->cancels[0], sizeof ticket);
    pthread_mutex_unlock(&paper->lock);
    if (ticket[0] == '\0')
        return false;
    char line[96];
    snprintf(line, sizeof line, "{\"cancel\":{\"ticket\":\"%s\",\"copy\":1}}", ticket);
    if (!send_line(paper, line))
        return false;
    pthread_mutex_lock(&paper->lock);
    if (paper->cancel_count > 0 && strcmp(paper->cancels[0], ticket) == 0)
        drop_first_cancel(paper);
    pthread_mutex_unlock(&paper->lock);
    return true;
}

static void send_slip(struct paper *paper)
{
    char *line = NULL;
    pthread_mutex_lock(&paper->lock);
    if (paper->slip != NULL && !paper->slip_sent)
        line = strdup(paper->slip);
    paper->slip_sent = paper->slip_sent || line != NULL;
    pthread_mutex_unlock(&paper->lock);
    if (line != NULL)
        (void)send_line(paper, line);
    free(line);
}

/* A slip whose end was not heard is asked for again on every new connection: the spool knows it and answers with its
 * state, so that it is printed once at most and the visitor hears what became of it. */
static void send_out(struct paper *paper)
{
    while (paper->socket >= 0 && send_first_cancel(paper)) {
    }
    if (paper->socket >= 0)
        send_slip(paper);
}

static void take_lines(struct paper *paper)
{
    char *at = paper->line;
    char *end = paper->line + paper->filled;
    for (char *stop; (stop = memchr(at, '\n', (size_t)(end - at))) != NULL; at = stop + 1) {
        struct paper_news news;
        *stop = '\0';
        if (paper_read_line(at, &news))
            push(paper, &news);
    }
    paper->filled = (size_t)(end - at);
    memmove(paper->line, at, paper->filled);
}

static void receive(struct paper *paper)
{
    for (;;) {
        size_t room = sizeof paper->line - paper->filled;
        if (room == 0) {
            hang_up(paper, "it sent a line without end");
            return;
        }
        ssize_t got = recv(paper->socket, paper->line + paper->filled, room, 0);
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (got <= 0) {
            hang_up(paper, got == 0 ? "it closed the connection" : strerrordesc_np(errno));
            return;
        }
        paper->filled += (size_t)got;
        take_lines(paper);
    }
}

static bool is_stopping(struct paper *paper)
{
    pthread_mutex_lock(&paper->lock);
    bool stopping = paper->stopping;
    pthread_mutex_unlock(&paper->lock);
    return stopping;
}

static void *run(void *context)
{
    struct paper *paper = context;
    while (!is_stopping(paper)) {
        if (paper->socket < 0)
            call_up(paper);
        send_out(paper);
        struct pollfd fds[2] = {{.fd = paper->event_fd, .events = POLLIN},
                                {.fd = paper->socket, .events = POLLIN}};
        poll(fds, 2, paper->socket < 0 ? RETRY_MS : -1);
        eventfd_t count;
        if (fds[0].revents != 0)
            eventfd_read(paper->event_fd, &count);
        if (fds[1].revents != 0)
            receive(paper);
    }
    if (paper->socket >= 0)
        close(paper->socket);
    return NULL;
}
