/* bench-issue: durable ticket issue through HTTP against a raw one-row-per-commit SQLite loop on
 * the same disk. For 1, 8 and 64 clients it prints two JSON lines, of a server that forecasts waits
 * and of one that does not: rates and latencies of each and of the raw loop, taken in interleaved
 * rounds of one run. All counters are busy, some sixty wait, and those of a round leave after it:
 * forecasts are of a desk as busy as one gets, not of thousands. Aims:
 * 1 client adds <= 150 us to the raw median; 8 / 64 clients reach >= 4 / 10 times the
 * raw rate; p99 at 8 clients minus raw p99 <= 2 ms; no number twice; and all that whether forecasts
 * run or not. With `--port PORT FOLDER` it measures 8 clients against the server that listens there,
 * beside whatever else goes on, and the raw loop in FOLDER: one line (pages.mjs). */
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "quarter/check.h"

enum {
    ROUNDS = 6,
    RAW_COMMITS = 300,
    CLIENTS_MAX = 64,
    TICKETS_MAX = 8000,
    SERVICES_MAX = 64,
    CROWD = 64,
    SETTLE_US = 300000
};

struct run {
    struct bench_server server;
    bool forecasts;
    int port, service_count, counter_count;
    char services[SERVICES_MAX][40], counters[SERVICES_MAX][40];
    struct samples latency_us;
    double wall_s;
    char (*numbers)[16]; /* every number that was answered */
    char (*ids)[32];     /* beside them */
    size_t number_count;
};

struct client {
    pthread_t thread;
    struct run *run;
    int index, requests;
    char (*numbers)[16];
    char (*ids)[32];
    struct samples latency_us;
};

static void read_counters(struct run *run, json_t *site)
{
    size_t i;
    json_t *counter;
    json_array_foreach(json_object_get(site, "counters"), i, counter)
    {
        CHECK(run->counter_count < SERVICES_MAX);
        snprintf(run->counters[run->counter_count++], 40, "%s",
                 json_string_value(json_object_get(counter, "code")));
    }
}

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
    read_counters(run, site);
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
        const char *id = strstr(answer, "\"id\":\"");
        CHECK(id != NULL && sscanf(id, "\"id\":\"%31[^\"]\"", client->ids[i]) == 1);
    }
    close(fd);
    return NULL;
}

static void *leave_queue(void *argument)
{
    struct client *client = argument;
    const int fd = bench_connect(client->run->port);
    char answer[4096], key[33], path[100];
    for (int i = 0; i < client->requests; i++) {
        bench_new_key(key);
        snprintf(path, sizeof(path), "/api/tickets/%s/leave", client->ids[i]);
        CHECK(bench_request(fd, "POST", path, key, "{}", answer, sizeof(answer)) == 200);
    }
    close(fd);
    return NULL;
}

static void run_all(struct client *all, int clients, void *(*work)(void *))
{
    for (int i = 0; i < clients; i++)
        CHECK(pthread_create(&all[i].thread, NULL, work, &all[i]) == 0);
    for (int i = 0; i < clients; i++)
        pthread_join(all[i].thread, NULL);
}

/* One round: returns its wall time in seconds, without the time that those who leave take. */
static double issue_round(struct run *run, int clients, int requests, bool stay,
                          struct samples *latency_us)
{
    static struct client all[CLIENTS_MAX];
    for (int i = 0; i < clients; i++) {
        all[i] = (struct client){.run = run,
                                 .index = i,
                                 .requests = requests,
                                 .numbers = run->numbers + run->number_count,
                                 .ids = run->ids + run->number_count};
        run->number_count += (size_t)requests;
        CHECK(run->number_count <= TICKETS_MAX);
    }
    const int64_t began = bench_now_ns();
    run_all(all, clients, issue_tickets);
    const double wall_s = (double)(bench_now_ns() - began) / 1e9;
    if (!stay)
        run_all(all, clients, leave_queue);
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

/* Every counter gets a visitor who stays, if anybody waits whom it can serve. */
static void occupy_counters(struct run *run)
{
    static const char *const verbs[] = {"open", "next", "start"};
    char answer[8192], key[33], path[100];
    const int fd = bench_connect(run->port);
    for (int i = 0; i < run->counter_count; i++)
        for (int verb = 0; verb < 3; verb++) {
            bench_new_key(key);
            snprintf(path, sizeof(path), "/api/counters/%s/%s", run->counters[i], verbs[verb]);
            bench_request(fd, "POST", path, key, "{}", answer, sizeof(answer));
        }
    close(fd);
}

static long count_forecasts(const struct run *run)
{
    static char answer[65536];
    const int fd = bench_connect(run->port);
    CHECK(bench_request(fd, "GET", "/metrics", "unused-key", "", answer, sizeof(answer)) == 200);
    close(fd);
    const char *total = strstr(answer, "\nquarter_forecasts_total ");
    return total == NULL ? -1 : strtol(total + strlen("\nquarter_forecasts_total "), NULL, 10);
}

static void begin_run(struct run *run, const char *argv0, bool forecasts, int clients)
{
    struct samples warm = {0};
    *run = (struct run){.forecasts = forecasts};
    bench_server_start(&run->server, argv0, forecasts ? NULL : "--no-forecast");
    run->port = run->server.port;
    run->numbers = calloc(TICKETS_MAX, sizeof(*run->numbers));
    run->ids = calloc(TICKETS_MAX, sizeof(*run->ids));
    CHECK(run->numbers != NULL && run->ids != NULL);
    read_services(run);
    issue_round(run, clients, CROWD / clients, true, &warm);
    occupy_counters(run);
    issue_round(run, clients, 5, false, &warm);
    samples_free(&warm);
}

/* The forecasts of one server are over before the other is measured. */
static void measure_round(struct run *run, int clients, int requests)
{
    run->wall_s += issue_round(run, clients, requests, false, &run->latency_us);
    usleep(SETTLE_US);
}

static void report(struct run *run, int clients, struct samples *raw_us, double raw_s)
{
    const double raw_rate = (double)raw_us->count / raw_s;
    const double rate = (double)run->latency_us.count / run->wall_s;
    const double raw_median = samples_quantile(raw_us, .5), raw_p99 = samples_quantile(raw_us, .99);
    const double median = samples_quantile(&run->latency_us, .5);
    const double p99 = samples_quantile(&run->latency_us, .99);
    const char *delay_us = getenv("QUARTER_SYNC_DELAY_US");
    printf("{\"bench\":\"issue\",\"sync_delay_us\":%s,\"clients\":%d,\"forecasts\":%ld,"
           "\"tickets\":%zu,\"rate_per_s\":%.0f,"
           "\"raw_rate_per_s\":%.0f,\"ratio\":%.2f,\"median_us\":%.0f,\"raw_median_us\":%.0f,"
           "\"adds_us\":%.0f,"
           "\"p99_us\":%.0f,\"raw_p99_us\":%.0f,\"p99_adds_us\":%.0f,\"duplicates\":%zu}\n",
           delay_us == NULL ? "0" : delay_us, clients, count_forecasts(run), run->latency_us.count,
           rate, raw_rate, rate / raw_rate, median, raw_median, median - raw_median, p99, raw_p99,
           p99 - raw_p99, count_duplicates(run));
    fflush(stdout);
}

static void end_run(struct run *run)
{
    samples_free(&run->latency_us);
    free(run->numbers);
    free(run->ids);
    bench_server_stop(&run->server);
}

static void bench_clients(const char *argv0, int clients, int requests)
{
    static struct run runs[2];
    struct samples raw_us = {0}, warm = {0};
    for (int i = 0; i < 2; i++)
        begin_run(&runs[i], argv0, i == 0, clients);
    struct raw_store *raw = raw_store_open(runs[0].server.folder);
    raw_round(raw, &warm);
    double raw_s = 0;
    for (int round = 0; round < ROUNDS; round++) {
        raw_s += raw_round(raw, &raw_us);
        for (int i = 0; i < 2; i++)
            measure_round(&runs[(round + i) % 2], clients, requests);
    }
    raw_store_close(raw);
    for (int i = 0; i < 2; i++) {
        report(&runs[i], clients, &raw_us, raw_s);
        end_run(&runs[i]);
    }
    samples_free(&raw_us);
    samples_free(&warm);
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

/* The crowd and the busy counters are the caller's to make. */
static void bench_given(int port, const char *folder)
{
    enum { CLIENTS = 8, REQUESTS = 25 };
    static struct run run;
    struct samples raw_us = {0}, warm = {0};
    run = (struct run){.forecasts = true, .port = port};
    run.numbers = calloc(TICKETS_MAX, sizeof(*run.numbers));
    run.ids = calloc(TICKETS_MAX, sizeof(*run.ids));
    CHECK(run.numbers != NULL && run.ids != NULL);
    read_services(&run);
    struct raw_store *raw = raw_store_open(folder);
    raw_round(raw, &warm);
    issue_round(&run, CLIENTS, 5, false, &warm);
    double raw_s = 0;
    for (int round = 0; round < ROUNDS; round++) {
        raw_s += raw_round(raw, &raw_us);
        measure_round(&run, CLIENTS, REQUESTS);
    }
    raw_store_close(raw);
    report(&run, CLIENTS, &raw_us, raw_s);
    samples_free(&raw_us);
    samples_free(&warm);
    samples_free(&run.latency_us);
    free(run.numbers);
    free(run.ids);
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "--port") == 0) {
        bench_given((int)strtol(argv[2], NULL, 10), argv[3]);
        return 0;
    }
    bench_clients(argv[0], 1, 200);
    bench_clients(argv[0], 8, 100);
    bench_clients(argv[0], 64, 15);
    if (getenv("QUARTER_SYNC_DELAY_US") == NULL)
        run_slowly(argv);
    return 0;
}
