#include "bench.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "quarter/check.h"

int64_t bench_now_ns(void)
{
    struct timespec now;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void samples_add(struct samples *samples, double value)
{
    if (samples->count == samples->capacity) {
        samples->capacity = samples->capacity == 0 ? 1024 : samples->capacity * 2;
        samples->values = realloc(samples->values, samples->capacity * sizeof(*samples->values));
        CHECK(samples->values != NULL);
    }
    samples->values[samples->count++] = value;
}

static int compare_doubles(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

double samples_quantile(struct samples *samples, double share)
{
    if (samples->count == 0)
        return 0;
    qsort(samples->values, samples->count, sizeof(*samples->values), compare_doubles);
    return samples->values[(size_t)((double)(samples->count - 1) * share)];
}

void samples_free(struct samples *samples)
{
    free(samples->values);
    *samples = (struct samples){0};
}

struct raw_store {
    sqlite3 *db;
    sqlite3_stmt *insert;
};

static void must(sqlite3 *db, const char *sql)
{
    char *error = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK) {
        fprintf(stderr, "bench: %s: %s\n", sql, error);
        exit(1);
    }
}

struct raw_store *raw_store_open(const char *folder)
{
    struct raw_store *raw = calloc(1, sizeof(*raw));
    CHECK(raw != NULL);
    char path[600];
    snprintf(path, sizeof(path), "%s/raw.db", folder);
    CHECK(sqlite3_open(path, &raw->db) == SQLITE_OK);
    must(raw->db, "PRAGMA journal_mode=WAL");
    must(raw->db, "PRAGMA synchronous=FULL");
    must(raw->db, "CREATE TABLE row(seq INTEGER PRIMARY KEY, at INTEGER, body TEXT)");
    CHECK(sqlite3_prepare_v2(raw->db, "INSERT INTO row(at, body) VALUES(?, ?)", -1, &raw->insert,
                             NULL) == SQLITE_OK);
    return raw;
}

void raw_store_commit(struct raw_store *raw)
{
    static const char body[] =
        "{\"service\":\"housing_options\",\"prefix\":\"H\",\"number\":7,\"language\":\"en\","
        "\"needs\":"
        "[],\"class\":\"normal\",\"arrived_at\":1795516800000,\"leg_from\":1795516800000}";
    sqlite3_bind_int64(raw->insert, 1, bench_now_ns());
    sqlite3_bind_text(raw->insert, 2, body, -1, SQLITE_STATIC);
    CHECK(sqlite3_step(raw->insert) == SQLITE_DONE); /* autocommit: one row, one commit */
    sqlite3_reset(raw->insert);
}

void raw_store_close(struct raw_store *raw)
{
    sqlite3_finalize(raw->insert);
    sqlite3_close(raw->db);
    free(raw);
}

static void beside(const char *argv0, const char *relative, char *path, size_t size)
{
    char own[400];
    const ssize_t length = readlink("/proc/self/exe", own, sizeof(own) - 1);
    if (length > 0)
        own[length] = '\0';
    else
        snprintf(own, sizeof(own), "%s", argv0);
    char *slash = strrchr(own, '/');
    CHECK(slash != NULL);
    *slash = '\0';
    CHECK((size_t)snprintf(path, size, "%s/%s", own, relative) < size);
}

static int read_port(int fd)
{
    char text[512];
    size_t used = 0;
    while (used < sizeof(text) - 1) {
        const ssize_t got = read(fd, text + used, sizeof(text) - 1 - used);
        if (got <= 0)
            break;
        used += (size_t)got;
        text[used] = '\0';
        const char *found = strstr(text, "127.0.0.1:");
        if (found != NULL && strchr(found, '\n') != NULL)
            return (int)strtol(found + strlen("127.0.0.1:"), NULL, 10);
    }
    fprintf(stderr, "bench: the queue server did not start\n");
    exit(1);
}

void bench_server_start(struct bench_server *server, const char *argv0, const char *option)
{
    char program[512], site[512];
    beside(argv0, "../bin/queue-server", program, sizeof(program));
    beside(argv0, "../share/quarter/sites/customer-centre", site, sizeof(site));
    beside(argv0, "bench-XXXXXX", server->folder, sizeof(server->folder));
    CHECK(mkdtemp(server->folder) != NULL);
    int out[2];
    CHECK(pipe2(out, O_CLOEXEC) == 0);
    server->pid = fork();
    CHECK(server->pid >= 0);
    if (server->pid == 0) {
        const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
        prctl(PR_SET_PDEATHSIG, SIGTERM); /* an interrupted benchmark leaves no server */
        dup2(out[1], STDOUT_FILENO);
        dup2(null, STDERR_FILENO);
        execl(program, program, "serve", "--site", site, "--data", server->folder, "--listen",
              "127.0.0.1:0", "--clock", "2026-11-24T10:00", option, (char *)NULL);
        _exit(127);
    }
    close(out[1]);
    server->port = read_port(out[0]);
    close(out[0]);
}

void bench_server_stop(struct bench_server *server)
{
    kill(server->pid, SIGTERM);
    int status = 0;
    waitpid(server->pid, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fprintf(stderr, "bench: the queue server ended with status %d\n", status);
    const pid_t remover = fork();
    if (remover == 0) {
        execlp("rm", "rm", "-rf", "--", server->folder, (char *)NULL);
        _exit(127);
    }
    waitpid(remover, NULL, 0);
}

double bench_server_cpu_us(const struct bench_server *server)
{
    char path[64];
    snprintf(path, sizeof(path), "/proc/%d/task", (int)server->pid);
    DIR *tasks = opendir(path);
    CHECK(tasks != NULL);
    double total_ns = 0;
    for (const struct dirent *task = readdir(tasks); task != NULL; task = readdir(tasks)) {
        char name[400];
        snprintf(name, sizeof(name), "%s/%s/schedstat", path, task->d_name);
        FILE *file = fopen(name, "r");
        if (file == NULL)
            continue;
        char line[128];
        if (fgets(line, sizeof(line), file) != NULL)
            total_ns += strtod(line, NULL);
        fclose(file);
    }
    closedir(tasks);
    return total_ns / 1000;
}

int bench_connect(int port)
{
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
        fprintf(stderr, "bench: connecting to 127.0.0.1:%d: %s\n", port, strerror(errno));
        exit(1);
    }
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    return fd;
}

/* Bytes the whole answer has, once its head is there; 0 while unknown. */
static size_t answer_length(const char *answer)
{
    const char *end = strstr(answer, "\r\n\r\n");
    if (end == NULL)
        return 0;
    const char *length = strcasestr(answer, "\r\nContent-Length:");
    const size_t body = length != NULL && length < end ? strtoul(length + 17, NULL, 10) : 0;
    return (size_t)(end + 4 - answer) + body;
}

int bench_request(int fd, const char *method, const char *path, const char *key, const char *body,
                  char *answer, size_t answer_size)
{
    char request[2048];
    const int length =
        snprintf(request, sizeof(request),
                 "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                 "Idempotency-Key: %s\r\nContent-Length: %zu\r\n\r\n%s",
                 method, path, key, strlen(body), body);
    CHECK(length > 0 && (size_t)length < sizeof(request));
    CHECK(send(fd, request, (size_t)length, MSG_NOSIGNAL) == length);
    size_t used = 0;
    for (;;) {
        const ssize_t got = recv(fd, answer + used, answer_size - 1 - used, 0);
        if (got <= 0)
            return -1;
        used += (size_t)got;
        answer[used] = '\0';
        const size_t whole = answer_length(answer);
        if (whole != 0 && used >= whole)
            return (int)strtol(answer + strlen("HTTP/1.1 "), NULL, 10);
    }
}

void bench_new_key(char key[33])
{
    unsigned char bytes[16];
    CHECK(getrandom(bytes, sizeof(bytes), 0) == (ssize_t)sizeof(bytes));
    for (size_t i = 0; i < sizeof(bytes); i++)
        snprintf(key + 2 * i, 3, "%02x", bytes[i]);
}
