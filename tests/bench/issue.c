/* bench-issue: durable ticket issue through HTTP against a raw one-row-per-commit SQLite loop on
 * the same disk. For 1, 8 and 64 clients it prints one JSON line: rates and latencies of both,
 * taken in interleaved rounds of one run. Aims (DESIGN.md): 1 client adds <= 150 us to the raw
 * median; 8 / 64 clients reach >= 4 / 10 times the raw rate; p99 at 8 clients minus raw p99 <= 2
 * ms; no number twice. */
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "quarter/check.h"

enum { ROUNDS = 6, RAW_COMMITS = 300, CLIENTS_MAX = 64, TICKETS_MAX = 8000, SERVICES_MAX = 64 };

struct run {
    int port, service_count;
    char services[SERVICES_MAX][40];
    char (*numbers)[16]; /* every number that was answered */
    size_t number_count;
};

struct client {
    pthread_t thread;
    struct run *run;
    int index, requests;
    char (*numbers)[16];
    struct samples latency_us;
};

static void read_services(struct run *run)
{
    static char answer[262144];
    const int fd = bench_connect(run->port);
    CHECK(bench_request(fd, "GET", "/api/site", "unused-key", "", answer, sizeof(answer)) == 200);
    close(fd);
    json_t *site = json_loads(strstr(answer, "\r\n\r\n") + 4, 0, NULL);
    size_t i;
    json_t *service;
    char prefixes[256] = " "; /* services that share a prefix share its 979 numbers: one of each */
    json_array_foreach(json_object_get(site, "services"), i, service)
    {
        char prefix[16];
        snprintf(prefix, sizeof(prefix), " %s ",
                 json_string_value(json_object_get(service, "prefix")));
        if (run->service_count == SERVICES_MAX || strstr(prefixes, prefix) != NULL)
            continue;
        strncat(prefixes, prefix, sizeof(prefixes) - strlen(prefixes) - 1);
        snprintf(run->services[run->service_count++], 40, "%s",
                 json_string_value(json_object_get(service, "code")));
    }
    json_decref(site);
    CHECK(run->service_count > 0);
}

static void *issue_tickets(void *argument)
{
    struct client *client = argument;
    const int fd = bench_connect(client->run->port);
    char answer[4096], key[33], body[128];
    for (int i = 0; i < client->requests; i++) {
        const int service = (client->index + i) % client->run->service_count;
        bench_new_key(key);
        snprintf(body, sizeof(body), "{\"service\":\"%s\",\"language\":\"en\",\"needs\":[]}",
                 client->run->services[service]);
        const int64_t began = bench_now_ns();
        const int status =
            bench_request(fd, "POST", "/api/tickets", key, body, answer, sizeof(answer));
        samples_add(&client->latency_us, (double)(bench_now_ns() - began) / 1000);
        if (status != 201) {
            fprintf(stderr, "bench-issue: answer %d: %s\n", status, answer);
            exit(1);
        }
        const char *number = strstr(answer, "\"number\"");
        CHECK(number != NULL);
        CHECK(sscanf(number, "\"number\" : \"%15[^\"]\"", client->numbers[i]) == 1 ||
              sscanf(number, "\"number\":\"%15[^\"]\"", client->numbers[i]) == 1);
    }
    close(fd);
    return NULL;
}

/* One round: returns its wall time in seconds. */
static double issue_round(struct run *run, int clients, int requests, struct samples *latency_us)
{
    static struct client all[CLIENTS_MAX];
    const int64_t began = bench_now_ns();
    for (int i = 0; i < clients; i++) {
        all[i] = (struct client){.run = run,
                                 .index = i,
                                 .requests = requests,
                                 .numbers = run->numbers + run->number_count};
        run->number_count += (size_t)requests;
        CHECK(run->number_count <= TICKETS_MAX);
        CHECK(pthread_create(&all[i].thread, NULL, issue_tickets, &all[i]) == 0);
    }
    for (int i = 0; i < clients; i++)
        pthread_join(all[i].thread, NULL);
    const double wall_s = (double)(bench_now_ns() - began) / 1e9;
    for (int i = 0; i < clients; i++) {
        for (size_t k = 0; k < all[i].latency_us.count; k++)
            samples_add(latency_us, all[i].latency_us.values[k]);
        samples_free(&all[i].latency_us);
    }
    return wall_s;
}

static double raw_round(struct raw_store *raw, struct samples *latency_us)
{
    const int64_t began = bench_now_ns();
    for (int i = 0; i < RAW_COMMITS; i++) {
        const int64_t start = bench_now_ns();
        raw_store_commit(raw);
        samples_add(latency_us, (double)(bench_now_ns() - start) / 1000);
    }
    return (double)(bench_now_ns() - began) / 1e9;
}

static int compare_numbers(const void *left, const void *right)
{
    return strcmp(left, right);
}

static size_t count_duplicates(struct run *run)
{
    qsort(run->numbers, run->number_count, sizeof(*run->numbers), compare_numbers);
    size_t duplicates = 0;
    for (size_t i = 1; i < run->number_count; i++)
        duplicates += strcmp(run->numbers[i], run->numbers[i - 1]) == 0;
    return duplicates;
}

static void bench_clients(const char *argv0, int clients, int requests)
{
    struct bench_server server;
    bench_server_start(&server, argv0);
    struct run run = {.port = server.port, .numbers = calloc(TICKETS_MAX, sizeof(*run.numbers))};
    CHECK(run.numbers != NULL);
    read_services(&run);
    struct raw_store *raw = raw_store_open(server.folder);
    struct samples raw_us = {0}, issue_us = {0}, warm = {0};
    raw_round(raw, &warm);
    issue_round(&run, clients, 5, &warm);
    double raw_s = 0, issue_s = 0;
    for (int round = 0; round < ROUNDS; round++) {
        raw_s += raw_round(raw, &raw_us);
        issue_s += issue_round(&run, clients, requests, &issue_us);
    }
    const double raw_rate = (double)raw_us.count / raw_s, rate = (double)issue_us.count / issue_s;
    const double raw_median = samples_quantile(&raw_us, .5),
                 median = samples_quantile(&issue_us, .5);
    const double raw_p99 = samples_quantile(&raw_us, .99), p99 = samples_quantile(&issue_us, .99);
    const char *delay_us = getenv("QUARTER_SYNC_DELAY_US");
    printf("{\"bench\":\"issue\",\"sync_delay_us\":%s,\"clients\":%d,\"tickets\":%zu,\"rate_per_"
           "s\":%.0f,"
           "\"raw_rate_per_s\":%.0f,\"ratio\":%.2f,\"median_us\":%.0f,\"raw_median_us\":%.0f,"
           "\"adds_us\":%.0f,"
           "\"p99_us\":%.0f,\"raw_p99_us\":%.0f,\"p99_adds_us\":%.0f,\"duplicates\":%zu}\n",
           delay_us == NULL ? "0" : delay_us, clients, issue_us.count, rate, raw_rate,
           rate / raw_rate, median, raw_median, median - raw_median, p99, raw_p99, p99 - raw_p99,
           count_duplicates(&run));
    fflush(stdout);
    samples_free(&raw_us);
    samples_free(&issue_us);
    samples_free(&warm);
    raw_store_close(raw);
    free(run.numbers);
    bench_server_stop(&server);
}

/* The same again in this process's place, with every sync made slower for it and for the servers it starts. */
static void run_slowly(char **argv)
{
    char library[512];
    const ssize_t length = readlink("/proc/self/exe", library, sizeof(library) - 16);
    CHECK(length > 0);
    library[length] = '\0';
    char *slash = strrchr(library, '/');
    CHECK(slash != NULL);
    snprintf(slash, 17, "/libslow_sync.so");
    setenv("LD_PRELOAD", library, 1);
    setenv("QUARTER_SYNC_DELAY_US", "2000", 1);
    execv("/proc/self/exe", argv);
    perror("bench-issue");
    exit(1);
}

int main(int argc, char **argv)
{
    (void)argc;
    bench_clients(argv[0], 1, 200);
    bench_clients(argv[0], 8, 100);
    bench_clients(argv[0], 64, 15);
    if (getenv("QUARTER_SYNC_DELAY_US") == NULL)
        run_slowly(argv);
    return 0;
}
