/* See paper.h. The thread owns the socket and what it last heard; under one lock lie what it shall say (one slip, some
 * cancels) and a small bounded queue of news. */
#include "paper.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "paper_lines.h"
#include "quarter/log.h"

enum {
    CANCELS_MAX = 8,
    NEWS_MAX = 32,
    LINE_BYTES = 8192,
    RETRY_MS = 1000,
    SEND_TRIES = 50,
    SEND_WAIT_MS = 100
};

/* A slip's name at the printer. */
struct slip_name {
    char ticket[QUARTER_ULID_LEN + 1];
    int copy;
};

/* What is asked for one after the other: for the visitor here, and for somebody elsewhere. */
enum { LANE_HERE, LANE_ASIDE, LANES };

struct lane {
    char *slip;   /* the line of the slip that was asked for, until its end is heard; NULL: none */
    bool is_sent; /* on this connection */
    struct slip_name asked; /* the last one asked for */
};

struct paper {
    struct paper_options options;
    struct sockaddr_un address;
    pthread_t thread;
    int event_fd; /* something to send, or to stop */
    int socket;   /* the thread's; -1: not connected */
    char line[LINE_BYTES];
    size_t filled;
    bool told; /* the main thread knows `paper` */
    enum journey_paper paper;
    int64_t heard_ms;     /* when the printer program last said something, or was called */
    pthread_mutex_t lock; /* over what follows */
    bool stopping;
    struct lane lanes[LANES];
    struct slip_name cancels[CANCELS_MAX];
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
    for (int i = 0; i < LANES; i++)
        free(paper->lanes[i].slip);
    close(paper->event_fd);
    pthread_mutex_destroy(&paper->lock);
    free(paper);
}

/* Under the lock. Takes the line, made by jansson; NULL forgets the slip. */
static void keep_slip(struct lane *lane, char *line)
{
    free(lane->slip);
    lane->slip = line;
    lane->is_sent = false;
}

static struct slip_name name_of(const char *ticket, int copy)
{
    struct slip_name name = {.copy = copy};
    snprintf(name.ticket, sizeof name.ticket, "%s", ticket);
    return name;
}

/* Under the lock. */
static void drop_first_cancel(struct paper *paper)
{
    memmove(&paper->cancels[0], &paper->cancels[1],
            (size_t)--paper->cancel_count * sizeof paper->cancels[0]);
}

/* Under the lock. Kept until it can be said: a printer that is away for a moment may have the slip in its spool. */
static void keep_cancel(struct paper *paper, struct slip_name name)
{
    if (paper->cancel_count == CANCELS_MAX) /* away for so many visits: its spool drops old jobs */
        drop_first_cancel(paper);
    paper->cancels[paper->cancel_count++] = name;
}

enum status paper_print(struct paper *paper, const struct paper_slip *slip)
{
    char *line = paper_write_slip(slip);
    if (line == NULL)
        return STATUS_INVALID;
    pthread_mutex_lock(&paper->lock);
    /* One that waits for paper would come out beside its copy. */
    if (paper_copy(slip) > 1)
        keep_cancel(paper, name_of(slip->ticket, paper_copy(slip) - 1));
    paper->lanes[LANE_HERE].asked = name_of(slip->ticket, paper_copy(slip));
    keep_slip(&paper->lanes[LANE_HERE], line);
    pthread_mutex_unlock(&paper->lock);
    eventfd_write(paper->event_fd, 1);
    return STATUS_OK;
}

enum status paper_print_aside(struct paper *paper, const struct paper_slip *slip)
{
    char *line = paper_write_slip(slip);
    if (line == NULL)
        return STATUS_INVALID;
    struct lane *lane = &paper->lanes[LANE_ASIDE];
    pthread_mutex_lock(&paper->lock);
    bool is_free = lane->slip == NULL;
    if (is_free) {
        lane->asked = name_of(slip->ticket, paper_copy(slip));
        keep_slip(lane, line);
    }
    pthread_mutex_unlock(&paper->lock);
    if (!is_free) {
        free(line);
        return STATUS_BUSY;
    }
    eventfd_write(paper->event_fd, 1);
    return STATUS_OK;
}

void paper_cancel(struct paper *paper, const char *ticket)
{
    pthread_mutex_lock(&paper->lock);
    struct slip_name name = name_of(ticket, 1);
    for (int i = 0; i < LANES; i++) {
        struct lane *lane = &paper->lanes[i];
        if (strcmp(lane->asked.ticket, ticket) == 0) {
            keep_slip(lane, NULL);
            name = lane->asked;
        }
    }
    keep_cancel(paper, name);
    pthread_mutex_unlock(&paper->lock);
    eventfd_write(paper->event_fd, 1);
}

void paper_make_id(char id[QUARTER_ULID_LEN + 1])
{
    static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    unsigned char noise[QUARTER_ULID_LEN];
    if (getentropy(noise, sizeof noise) != 0)
        memset(noise, 0, sizeof noise);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
    for (int i = 0; i < QUARTER_ULID_LEN; i++)
        id[i] = alphabet[i < 10 ? ms >> (45 - 5 * i) & 31 : noise[i] & 31];
    id[QUARTER_ULID_LEN] = '\0';
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

/* ---- on the paper thread ------------------------------------------------------------------------------------------ */

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Under the lock. False: it is of a copy that another took the place of. */
static bool is_asked_for(const struct paper *paper, const struct paper_news *news)
{
    const struct slip_name *asked = &paper->lanes[LANE_HERE].asked;
    return strcmp(news->ticket, asked->ticket) != 0 || news->copy == asked->copy;
}

static void push(struct paper *paper, const struct paper_news *news)
{
    pthread_mutex_lock(&paper->lock);
    if (news->is_job && !is_asked_for(paper, news)) {
        pthread_mutex_unlock(&paper->lock);
        return;
    }
    for (int i = 0; news->is_job && news->job != JOB_PRINTING && i < LANES; i++)
        if (strcmp(news->ticket, paper->lanes[i].asked.ticket) == 0)
            keep_slip(&paper->lanes[i], NULL);
    if (paper->news_count == NEWS_MAX) { /* the newest say more than the oldest */
        paper->first = (paper->first + 1) % NEWS_MAX;
        paper->news_count--;
    }
    paper->news[(paper->first + paper->news_count++) % NEWS_MAX] = *news;
    pthread_mutex_unlock(&paper->lock);
    if (paper->options.wake != NULL)
        paper->options.wake(paper->options.wake_context);
}

/* Said once: the printer program repeats itself. */
static void tell_paper(struct paper *paper, enum journey_paper state)
{
    if (paper->told && paper->paper == state)
        return;
    paper->told = true;
    paper->paper = state;
    push(paper, &(struct paper_news){.paper = state});
}

static void hang_up(struct paper *paper, const char *why)
{
    if (paper->socket >= 0)
        close(paper->socket);
    paper->socket = -1;
    paper->filled = 0;
    pthread_mutex_lock(&paper->lock);
    for (int i = 0; i < LANES; i++)
        paper->lanes[i].is_sent = false;
    pthread_mutex_unlock(&paper->lock);
    if (!paper->told || paper->paper != PAPER_GONE)
        log_warning("paper", "no ticket printer socket=%s reason=\"%s\"", paper->address.sun_path,
                    why);
    tell_paper(paper, PAPER_GONE);
}

static void call_up(struct paper *paper)
{
    paper->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (paper->socket < 0 || connect(paper->socket, (const struct sockaddr *)&paper->address,
                                     sizeof paper->address) != 0) {
        hang_up(paper, strerrordesc_np(errno));
        return;
    }
    paper->heard_ms = now_ms();
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
    struct slip_name name = {0};
    pthread_mutex_lock(&paper->lock);
    if (paper->cancel_count > 0)
        name = paper->cancels[0];
    pthread_mutex_unlock(&paper->lock);
    if (name.ticket[0] == '\0')
        return false;
    char line[96];
    snprintf(line, sizeof line, "{\"cancel\":{\"ticket\":\"%s\",\"copy\":%d}}", name.ticket,
             name.copy);
    if (!send_line(paper, line))
        return false;
    pthread_mutex_lock(&paper->lock);
    if (paper->cancel_count > 0 && paper->cancels[0].copy == name.copy &&
        strcmp(paper->cancels[0].ticket, name.ticket) == 0)
        drop_first_cancel(paper);
    pthread_mutex_unlock(&paper->lock);
    return true;
}

static void send_cancels(struct paper *paper)
{
    while (paper->socket >= 0 && send_first_cancel(paper)) {
    }
}

static void send_slip(struct paper *paper, struct lane *lane)
{
    char *line = NULL;
    pthread_mutex_lock(&paper->lock);
    if (lane->slip != NULL && !lane->is_sent)
        line = strdup(lane->slip);
    lane->is_sent = lane->is_sent || line != NULL;
    pthread_mutex_unlock(&paper->lock);
    if (line != NULL)
        (void)send_line(paper, line);
    free(line);
}

/* A slip whose end was not heard is asked for again on every new connection: the spool knows it and answers with its
 * state, so that it is printed once at most and the visitor hears what became of it. */
static void send_out(struct paper *paper)
{
    send_cancels(paper);
    for (int i = 0; i < LANES && paper->socket >= 0; i++)
        send_slip(paper, &paper->lanes[i]);
}

/* What such a printer calls printed has been sent to it. */
static void doubt_job(const struct paper *paper, struct paper_news *news)
{
    if (news->job == JOB_PRINTED && paper->paper == PAPER_UNKNOWN)
        news->job = JOB_UNKNOWN;
}

static void take_lines(struct paper *paper)
{
    char *at = paper->line;
    char *end = paper->line + paper->filled;
    for (char *stop; (stop = memchr(at, '\n', (size_t)(end - at))) != NULL; at = stop + 1) {
        struct paper_news news;
        *stop = '\0';
        if (!paper_read_line(at, &news))
            continue;
        if (news.is_job) {
            doubt_job(paper, &news);
            push(paper, &news);
        } else {
            tell_paper(paper, news.paper);
        }
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
        paper->heard_ms = now_ms();
        take_lines(paper);
    }
}

/* Until when to wait for the printer program, at most. */
static int patience_ms(const struct paper *paper)
{
    if (paper->socket < 0)
        return RETRY_MS;
    int64_t left_ms = paper->heard_ms + PAPER_SILENCE_MS - now_ms();
    return left_ms > 0 ? (int)left_ms : 0;
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
        poll(fds, 2, patience_ms(paper));
        eventfd_t count;
        if (fds[0].revents != 0)
            eventfd_read(paper->event_fd, &count);
        if (fds[1].revents != 0)
            receive(paper);
        else if (paper->socket >= 0 && now_ms() - paper->heard_ms >= PAPER_SILENCE_MS)
            hang_up(paper, "it says nothing");
    }
    send_cancels(paper); /* nobody is left to take what would come out later */
    if (paper->socket >= 0)
        close(paper->socket);
    return NULL;
}
