/* What the benchmarks share: samples and their quantiles, a raw SQLite loop to compare with, a
 * queue server of their own on loopback, and a plain blocking HTTP connection. Ratios are taken
 * within one run, raw rounds interleaved. */
#ifndef QUARTER_BENCH_H
#define QUARTER_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

int64_t bench_now_ns(void); /* CLOCK_MONOTONIC */

struct samples {
    double *values;
    size_t count, capacity;
};
void samples_add(struct samples *samples, double value);
double samples_quantile(struct samples *samples, double share); /* sorts; 0 when empty */
void samples_free(struct samples *samples);

/* One row a commit: WAL, synchronous=FULL, rows the size of an event, in a database of its own
 * beside the server's. */
struct raw_store;
struct raw_store *raw_store_open(const char *folder);
void raw_store_commit(struct raw_store *raw);
void raw_store_close(struct raw_store *raw);

/* A queue server on a free port, with its data in a new folder below `build`. Its own output goes
 * to /dev/null. option: one more for `serve`, or NULL. */
struct bench_server {
    pid_t pid;
    int port;
    char folder[512];
};
void bench_server_start(struct bench_server *server, const char *argv0, const char *option);
void bench_server_stop(struct bench_server *server); /* also removes its folder */
double bench_server_cpu_us(
    const struct bench_server *server); /* user + system time of all its threads so far */

/* A keep-alive connection. bench_request sends one request and reads the whole answer; returns its
 * status. */
int bench_connect(int port);
int bench_request(int fd, const char *method, const char *path, const char *key, const char *body,
                  char *answer, size_t answer_size);
void bench_new_key(char key[33]);

#endif
