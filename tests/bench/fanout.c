/* bench-fanout: what a call costs when 500 streams watch the board, against a bare epoll loop that
 * commits one row and writes the same bytes to the same number of sockets. Both are timed from the
 * trigger's send to the last reader's last byte, in interleaved rounds of one run; the raw commit's
 * median is taken off both before the ratio, so that it speaks of commit to last write. Aim:
 * ratio <= 2; CPU per call is told. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"
#include "quarter/check.h"

enum { STREAMS = 500, ROUNDS = 8, CALLS = 12, FRAME_MAX = 65536 };

/* ---- the readers: one epoll set over all streams, counting which have seen a marker ---- */

struct reader {
    int fd;
    char tail[64]; /* the last bytes read, so that a marker split over reads is found */
};

struct readers {
    int epoll;
    struct reader all[STREAMS];
};

static void readers_add(struct readers *readers, int index, int fd)
{
    readers->all[index] = (struct reader){.fd = fd};
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)index};
    CHECK(epoll_ctl(readers->epoll, EPOLL_CTL_ADD, fd, &event) == 0);
}

/* Reads what is there; true when marker was in it. Bytes of the newest read go to frame when it is
 * not NULL. */
static bool reader_take(struct reader *reader, const char *marker, char *frame,
                        size_t *frame_length)
{
    static char bytes[64 + FRAME_MAX];
    const size_t kept = strlen(reader->tail);
    memcpy(bytes, reader->tail, kept);
    size_t used = kept;
    for (;;) {
        const ssize_t got = recv(reader->fd, bytes + used, sizeof(bytes) - 1 - used, 0);
        if (got > 0)
            used += (size_t)got;
        if (got <= 0 || used == sizeof(bytes) - 1)
            break;
    }
    bytes[used] = '\0';
    const bool found = marker != NULL && memmem(bytes, used, marker, strlen(marker)) != NULL;
    if (frame != NULL) {
        memcpy(frame, bytes + kept, used - kept);
        *frame_length = used - kept;
    }
    const size_t keep = used < sizeof(reader->tail) - 1 ? used : sizeof(reader->tail) - 1;
    memmove(reader->tail, bytes + used - keep, keep);
    reader->tail[keep] = '\0';
    return found;
}

/* Waits until every reader has seen the marker, at most 5 s. Gives the time of the last one. */
static int64_t readers_wait(struct readers *readers, const char *marker)
{
    static bool seen[STREAMS];
    memset(seen, 0, sizeof(seen));
    int missing = STREAMS;
    int64_t last_ns = 0;
    while (missing > 0) {
        struct epoll_event events[128];
        const int ready = epoll_wait(readers->epoll, events, 128, 5000);
        if (ready <= 0) {
            fprintf(stderr, "bench-fanout: %d of %d streams never saw the call\n", missing,
                    STREAMS);
            exit(1);
        }
        for (int i = 0; i < ready; i++) {
            const uint32_t index = events[i].data.u32;
            if (reader_take(&readers->all[index], marker, NULL, NULL) && !seen[index]) {
                seen[index] = true;
                missing--;
                last_ns = bench_now_ns();
            }
        }
    }
    return last_ns;
}

/* Reads away what still arrives (beats, the next view) until nothing came for 120 ms. */
static void readers_drain(struct readers *readers)
{
    struct epoll_event events[128];
    int ready = 0;
    while ((ready = epoll_wait(readers->epoll, events, 128, 120)) > 0)
        for (int i = 0; i < ready; i++)
            reader_take(&readers->all[events[i].data.u32], NULL, NULL, NULL);
}

/* ---- the bare loop: commits one row, then writes the bytes to every socket ---- */

struct bare {
    int listener, port, trigger_port;
    pthread_t thread;
    struct raw_store *raw;
    char frame[FRAME_MAX];
    size_t frame_length;
    double cpu_us;
    int rounds;
};

static int listen_on_loopback(int *port)
{
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(address);
    CHECK(bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 && listen(fd, 1024) == 0);
    CHECK(getsockname(fd, (struct sockaddr *)&address, &length) == 0);
    *port = ntohs(address.sin_port);
    return fd;
}

static double thread_cpu_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* The first connection is the trigger: 8 bytes of a marker number; the rest are the streams. */
static void *bare_loop(void *argument)
{
    struct bare *bare = argument;
    const int trigger = accept(bare->listener, NULL, NULL);
    int sockets[STREAMS];
    for (int i = 0; i < STREAMS; i++) {
        sockets[i] = accept(bare->listener, NULL, NULL);
        CHECK(sockets[i] >= 0);
        fcntl(sockets[i], F_SETFL, fcntl(sockets[i], F_GETFL) | O_NONBLOCK);
    }
    const int epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event wanted = {.events = EPOLLIN};
    CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, trigger, &wanted) == 0);
    const double began_us = thread_cpu_us();
    for (;;) {
        struct epoll_event event;
        if (epoll_wait(epoll, &event, 1, 5000) != 1)
            break;
        char marker[32];
        const ssize_t got = recv(trigger, marker, sizeof(marker) - 1, 0);
        if (got <= 0)
            break;
        marker[got] = '\0';
        raw_store_commit(bare->raw);
        memcpy(bare->frame + bare->frame_length - (size_t)got, marker, (size_t)got);
        for (int i = 0; i < STREAMS; i++)
            CHECK(send(sockets[i], bare->frame, bare->frame_length, MSG_NOSIGNAL) ==
                  (ssize_t)bare->frame_length);
        bare->rounds++;
    }
    bare->cpu_us = thread_cpu_us() - began_us;
    for (int i = 0; i < STREAMS; i++)
        close(sockets[i]);
    close(trigger);
    close(epoll);
    return NULL;
}

/* ---- the two sides of the comparison ---- */

struct stage {
    struct bench_server server;
    struct bare bare;
    struct readers readers, bare_readers;
    int command, trigger;
    int calls;
    struct samples total_us, bare_us, commit_us;
    double server_cpu_us;
};

static void open_streams(struct stage *stage)
{
    for (int i = 0; i < STREAMS; i++) {
        const int fd = bench_connect(stage->server.port);
        static const char request[] =
            "GET /api/boards/lobby/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
        CHECK(send(fd, request, sizeof(request) - 1, MSG_NOSIGNAL) == (ssize_t)sizeof(request) - 1);
        readers_add(&stage->readers, i, fd);
    }
    readers_drain(&stage->readers);
}

static int command(struct stage *stage, const char *path, const char *body, char *answer,
                   size_t size)
{
    char key[33];
    bench_new_key(key);
    const int status = bench_request(stage->command, "POST", path, key, body, answer, size);
    if (status < 200 || status > 299) {
        fprintf(stderr, "bench-fanout: POST %s: %d: %s\n", path, status, answer);
        exit(1);
    }
    return status;
}

/* Each recall is a new announcement on every board: the marker that the readers wait for. */
static void server_call(struct stage *stage)
{
    static char answer[16384];
    char marker[64];
    stage->calls++;
    snprintf(marker, sizeof(marker), "\"announcement\":%d,\"calls\"", stage->calls + 1);
    const double cpu_before = bench_server_cpu_us(&stage->server);
    const int64_t began = bench_now_ns();
    command(stage, "/api/counters/1/recall", "{}", answer, sizeof(answer));
    const int64_t last = readers_wait(&stage->readers, marker);
    samples_add(&stage->total_us, (double)(last - began) / 1000);
    stage->server_cpu_us += bench_server_cpu_us(&stage->server) - cpu_before;
}

static void bare_call(struct stage *stage, int number)
{
    char marker[32];
    snprintf(marker, sizeof(marker), "mark %06d\n\n", number);
    const int64_t began = bench_now_ns();
    CHECK(send(stage->trigger, marker, strlen(marker), MSG_NOSIGNAL) == (ssize_t)strlen(marker));
    const int64_t last = readers_wait(&stage->bare_readers, marker);
    samples_add(&stage->bare_us, (double)(last - began) / 1000);
}

/* One ticket called at counter 1, so that recalls have something to announce; learns a frame's
 * bytes. */
static void prepare(struct stage *stage)
{
    static char answer[262144];
    CHECK(bench_request(stage->command, "GET", "/api/site", "unused-key", "", answer,
                        sizeof(answer)) == 200);
    const char *counter = strstr(answer, "\"counters\"");
    CHECK(counter != NULL);
    const char *offered = strstr(counter, "\"services\"");
    char service[40] = "";
    const char *first = offered == NULL ? NULL : strchr(offered + 10, '[');
    first = first == NULL ? NULL : strchr(first, '"');
    CHECK(first != NULL && sscanf(first, "\"%39[^\"]\"", service) == 1);
    char body[128];
    snprintf(body, sizeof(body), "{\"service\":\"%s\",\"language\":\"en\",\"needs\":[]}", service);
    command(stage, "/api/counters/1/open", "{}", answer, sizeof(answer));
    command(stage, "/api/tickets", body, answer, sizeof(answer));
    command(stage, "/api/counters/1/next", "{}", answer, sizeof(answer));
}

static void learn_frame(struct stage *stage)
{
    static char answer[16384];
    readers_drain(&stage->readers);
    stage->calls++;
    command(stage, "/api/counters/1/recall", "{}", answer, sizeof(answer));
    struct epoll_event event;
    CHECK(epoll_wait(stage->readers.epoll, &event, 1, 5000) == 1);
    reader_take(&stage->readers.all[event.data.u32], NULL, stage->bare.frame,
                &stage->bare.frame_length);
    readers_drain(&stage->readers);
}

static void start_bare(struct stage *stage)
{
    stage->bare.raw = raw_store_open(stage->server.folder);
    stage->bare.listener = listen_on_loopback(&stage->bare.port);
    CHECK(pthread_create(&stage->bare.thread, NULL, bare_loop, &stage->bare) == 0);
    stage->trigger = bench_connect(stage->bare.port);
    for (int i = 0; i < STREAMS; i++)
        readers_add(&stage->bare_readers, i, bench_connect(stage->bare.port));
}

static void report(struct stage *stage)
{
    const double commit = samples_quantile(&stage->commit_us, .5);
    const double total = samples_quantile(&stage->total_us, .5),
                 bare = samples_quantile(&stage->bare_us, .5);
    printf("{\"bench\":\"fanout\",\"streams\":%d,\"bytes\":%zu,\"calls\":%zu,\"median_us\":%.0f,"
           "\"p99_us\":%.0f,"
           "\"bare_median_us\":%.0f,\"bare_p99_us\":%.0f,\"raw_commit_us\":%.0f,\"ratio\":%.2f,"
           "\"ratio_with_commit\":%.2f,\"cpu_us_per_call\":%.0f,\"bare_cpu_us_per_call\":%.0f}\n",
           STREAMS, stage->bare.frame_length, stage->total_us.count, total,
           samples_quantile(&stage->total_us, .99), bare, samples_quantile(&stage->bare_us, .99),
           commit, (total - commit) / (bare - commit), total / bare,
           stage->server_cpu_us / (double)stage->total_us.count,
           stage->bare.cpu_us / (double)stage->bare.rounds);
}

int main(int argc, char **argv)
{
    (void)argc;
    struct rlimit files = {.rlim_cur = 4096, .rlim_max = 4096};
    setrlimit(RLIMIT_NOFILE, &files);
    static struct stage stage;
    stage.readers.epoll = epoll_create1(EPOLL_CLOEXEC);
    stage.bare_readers.epoll = epoll_create1(EPOLL_CLOEXEC);
    bench_server_start(&stage.server, argv[0], NULL);
    stage.command = bench_connect(stage.server.port);
    prepare(&stage);
    open_streams(&stage);
    learn_frame(&stage);
    start_bare(&stage);
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < CALLS; i++) {
            const int64_t began = bench_now_ns();
            raw_store_commit(stage.bare.raw);
            samples_add(&stage.commit_us, (double)(bench_now_ns() - began) / 1000);
            bare_call(&stage, round * CALLS + i);
        }
        for (int i = 0; i < CALLS; i++) {
            server_call(&stage);
            readers_drain(&stage.readers); /* past the 50 ms between two views, so that each call is
                                              sent at once */
        }
    }
    close(stage.trigger);
    pthread_join(stage.bare.thread, NULL);
    report(&stage);
    close(stage.bare.listener);
    raw_store_close(stage.bare.raw);
    bench_server_stop(&stage.server);
    samples_free(&stage.total_us);
    samples_free(&stage.bare_us);
    samples_free(&stage.commit_us);
    return 0;
}
