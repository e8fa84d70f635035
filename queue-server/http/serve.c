/* `queue-server serve`. See serve.h. */
#include "http/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "display/screen/assets.h"
#include "engine/policy/rank.h"
#include "http/access.h"
#include "http/guard.h"
#include "http/last_site.h"
#include "http/notify.h"
#include "http/server.h"
#include "quarter/log.h"

enum {
    SPEED_MAX = 1000,
    FILES_WANTED = 4096,
    ARENAS = 2, /* of malloc: each thread's own would cost megabytes of half-used memory */
};

/* 1990 to 2200: nanoseconds since 1970 fill 63 bits in 2262, and the queue's time runs on from here. */
static const int64_t clock_first_ms = INT64_C(631152000000);
static const int64_t clock_last_ms = INT64_C(7258118400000);

struct options {
    const char *site, *data, *listen, *clock, *assets, *policy;
    int speed;
    bool verbose, no_forecast;
    struct access_options access;
};

/* What a run owns. */
struct run {
    struct options options;
    struct sockaddr_storage address;
    char assets[PATH_MAX], site_dir[PATH_MAX];
    char data[PATH_MAX], lock_path[PATH_MAX], journal[PATH_MAX], keys[PATH_MAX], people[PATH_MAX];
    struct access access;
    int lock;
    struct site *site;
    struct site_report *report; /* of the site's folder */
    struct clock_config clock;
    struct server *server;
};

static const struct option long_options[] = {
    {"site", required_argument, NULL, 's'},
    {"data", required_argument, NULL, 'd'},
    {"listen", required_argument, NULL, 'l'},
    {"clock", required_argument, NULL, 'c'},
    {"speed", required_argument, NULL, 'x'},
    {"assets", required_argument, NULL, 'a'},
    {"policy", required_argument, NULL, 'p'},
    {"no-forecast", no_argument, NULL, 'n'},
    {"sign-in", required_argument, NULL, 'S'},
    {"tls", required_argument, NULL, 'T'},
    {"tls-cert", required_argument, NULL, 'C'},
    {"tls-key", required_argument, NULL, 'K'},
    {"host", required_argument, NULL, 'H'},
    {"relay", required_argument, NULL, 'R'},
    {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

#define X(name, code) " " code
#define POLICY_NAMES  POLICY_LIST(X)
void serve_print_options(FILE *out)
{
    (void)fputs(
        "  --site DIR         the centre's folder (default: the example site among the assets); it "
        "is\n"
        "                     watched, and a good change is in force at once, without a restart\n"
        "  --data DIR         where the journal is kept (default: $STATE_DIRECTORY, else "
        "quarter-data)\n"
        "  --listen ADDRESS   host:port to listen on (default: 127.0.0.1:8080; port 0: a free "
        "one)\n",
        out);
    access_print_options(out);
    (void)fputs(
        "  --policy NAME      who is called next (default: the site's); there are:" POLICY_NAMES
        "\n"
        "  --no-forecast      tell nobody how long it will take: for measuring, or a very small "
        "machine\n"
        "  --clock LOCAL      for demo and training: start at this local time, e.g. "
        "2026-11-24T10:40\n"
        "  --speed N          with --clock: time runs N times as fast\n"
        "  --assets DIR       installed pages and words (default: $QUARTER_ASSETS, else "
        "share/quarter)\n"
        "  --verbose          log more\n",
        out);
}
#undef X

static int usage(const char *what, const char *argument)
{
    (void)fprintf(stderr, "queue-server: %s%s%s; try --help\n", what,
                  argument[0] != '\0' ? ": " : "", argument);
    return EXIT_USAGE;
}

static int bad_configuration(const char *what)
{
    (void)fprintf(stderr, "queue-server: %s\n", what);
    return EXIT_CONFIGURATION;
}

static bool read_speed(const char *text, int *speed)
{
    char *end = NULL;
    const long value = strtol(text, &end, 10);
    if (end == text || *end != '\0' || value < 1 || value > SPEED_MAX) {
        return false;
    }
    *speed = (int)value;
    return true;
}

/* -1: go on. */
static int read_options(int argc, char **argv, struct options *options)
{
    int option = 0;
    opterr = 0;
    optind = 1;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread yet */
    while ((option = getopt_long(argc, argv, ":", long_options, NULL)) != -1) {
        switch (option) {
        case 's': options->site = optarg; break;
        case 'd': options->data = optarg; break;
        case 'l': options->listen = optarg; break;
        case 'c': options->clock = optarg; break;
        case 'a': options->assets = optarg; break;
        case 'p': options->policy = optarg; break;
        case 'n': options->no_forecast = true; break;
        case 'S':
        case 'T':
        case 'C':
        case 'K':
        case 'H':
        case 'R': {
            const char *wrong = access_read_option(&options->access, option, optarg);
            if (wrong != NULL) {
                return usage(wrong, optarg);
            }
            break;
        }
        case 'v': options->verbose = true; break;
        case 'x':
            if (!read_speed(optarg, &options->speed)) {
                return usage("--speed wants a whole number from 1 to 1000, not", optarg);
            }
            break;
        case 'h':
            (void)puts("Usage: queue-server serve [OPTION]...");
            serve_print_options(stdout);
            return EXIT_FINE;
        case ':': return usage("this option wants a value", argv[optind - 1]);
        default: return usage("unknown option", argv[optind - 1]);
        }
    }
    if (optind < argc) {
        return usage("unexpected argument", argv[optind]);
    }
    if (options->speed != 0 && options->clock == NULL) {
        return usage("--speed is for demo and training and needs --clock", "");
    }
    return -1;
}

static bool make_path(char out[PATH_MAX], const char *dir, const char *name)
{
    return snprintf(out, PATH_MAX, "%s/%s", dir, name) < PATH_MAX;
}

/* Only the paths: nothing is made before it is known that there is a site to serve. */
static int find_data(struct run *run)
{
    const char *data = run->options.data;
    if (data == NULL) {
        /* NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread yet */
        data = getenv("STATE_DIRECTORY"); /* systemd.exec(5) */
    }
    if (data == NULL) {
        data = "quarter-data";
    }
    if (snprintf(run->data, sizeof(run->data), "%s", data) >= PATH_MAX ||
        !make_path(run->lock_path, data, "lock") || !make_path(run->journal, data, "journal.db") ||
        !make_path(run->keys, data, "keys") || !make_path(run->people, data, "people.db")) {
        return bad_configuration("the data folder's path is too long");
    }
    return -1;
}

/* Two servers on one journal would each decide on its own. The lock ends with the process, however it ends. */
static int lock_data(struct run *run)
{
    if (run->lock >= 0) {
        return -1;
    }
    if (mkdir(run->data, 0700) != 0 && errno != EEXIST) {
        (void)fprintf(stderr, "queue-server: %s: the data folder cannot be made: %s\n", run->data,
                      strerrordesc_np(errno));
        return EXIT_CONFIGURATION;
    }
    run->lock = open(run->lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (run->lock < 0) {
        (void)fprintf(stderr, "queue-server: %s: %s\n", run->lock_path, strerrordesc_np(errno));
        return EXIT_CONFIGURATION;
    }
    if (flock(run->lock, LOCK_EX | LOCK_NB) != 0) {
        (void)fprintf(stderr, "queue-server: %s: another queue-server is running on this data\n",
                      run->data);
        return EXIT_FAILED;
    }
    return -1;
}

static int open_site(struct run *run)
{
    if (assets_find(run->options.assets, run->assets, sizeof(run->assets)) != STATUS_OK) {
        (void)fprintf(stderr, "queue-server: %s: no assets there; try --assets DIR\n", run->assets);
        return EXIT_CONFIGURATION;
    }
    const char *named = run->options.site;
    const bool fits = named != NULL
                          ? snprintf(run->site_dir, PATH_MAX, "%s", named) < PATH_MAX
                          : make_path(run->site_dir, run->assets, "sites/customer-centre");
    if (!fits) {
        return bad_configuration("the site's path is too long");
    }
    run->report = site_report_create();
    if (site_load(run->site_dir, &run->site, run->report) == STATUS_OK) {
        site_report_print(run->report, stderr); /* its warnings */
    }
    return -1;
}

/* After the site's folder was found to be in no state to be used. */
static int recall_site(struct run *run)
{
    const struct store_config store = {.path = run->journal, .key_dir = run->keys};
    char error[512] = "";
    enum status status = STATUS_NOT_FOUND;
    if (access(run->journal, F_OK) == 0) {
        const int verdict = lock_data(run);
        if (verdict != -1) {
            return verdict;
        }
        status = last_site_load(&store, &run->site, error, sizeof(error));
    }
    if (status != STATUS_OK) {
        site_report_print(run->report, stderr);
        (void)fprintf(stderr, "queue-server: %s: the site cannot be used%s%s\n", run->site_dir,
                      error[0] != '\0' ? "; " : "", error);
        return EXIT_CONFIGURATION;
    }
    /* The folder's watch reads it at once, and says each of its errors. */
    log_error("site", "%s cannot be used errors=%d; the last good site goes on hash=%s",
              run->site_dir, site_report_errors(run->report), site_hash(run->site));
    return -1;
}

static int read_clock(struct run *run)
{
    const char *local = run->options.clock;
    struct clock_config *clock = &run->clock;
    *clock = (struct clock_config){.build_ms = QUARTER_BUILD_MS, .speed = run->options.speed};
    if (local == NULL) {
        return -1;
    }
    if (site_local_to_utc(run->site, local, &clock->start_ms) != STATUS_OK) {
        return usage("--clock wants a local time like 2026-11-24T10:40, not", local);
    }
    if (clock->start_ms < clock_first_ms || clock->start_ms > clock_last_ms) {
        return usage("--clock wants a time between 1990 and 2200, not", local);
    }
    return -1;
}

static int open_access(struct run *run)
{
    char error[512] = "";
    const enum status status =
        access_open(&run->options.access, run->data, &run->access, error, sizeof(error));
    return status == STATUS_OK ? -1 : bad_configuration(error);
}

/* For people and for scripts that wait for it. */
static void print_address(struct run *run)
{
    char url[400], pin[TLS_PIN_TEXT_MAX], code[PEOPLE_CODE_LEN + 1];
    access_write_url(&run->options.access, &run->access, &run->address,
                     (unsigned)server_port(run->server), url);
    (void)printf("listening on %s\n", url);
    if (run->access.has_tls) {
        tls_write_pin(&run->access.tls, pin);
        (void)printf("key %s\n", pin);
    }
    if (server_take_set_up_code(run->server, code)) {
        (void)printf("set-up code %s\nNobody can administer yet: open %s/setup within the next "
                     "hour and type this code. It is good once; each start prints another.\n",
                     code, url);
    }
    (void)fflush(stdout);
}

static int start(struct run *run)
{
    const struct server_config config = {
        .listen = &run->address,
        .store = {.path = run->journal, .key_dir = run->keys},
        .site = run->site,
        .site_dir = run->site_dir,
        .policy = run->options.policy,
        .no_forecast = run->options.no_forecast,
        .clock = run->clock,
        .assets_dir = run->assets,
        .people = {.path = run->access.has_sign_in ? run->people : NULL},
        .tls = run->access.has_tls ? &run->access.tls : NULL,
        .guard = run->access.guard};
    char error[512] = "";
    const enum status status = server_start(&config, &run->server, error, sizeof(error));
    if (status != STATUS_OK) {
        (void)fprintf(stderr, "queue-server: %s\n", error);
        const bool is_configuration = status == STATUS_DENIED || status == STATUS_INVALID ||
                                      status == STATUS_NOT_FOUND || status == STATUS_CONFLICT;
        return is_configuration ? EXIT_CONFIGURATION : EXIT_FAILED;
    }
    return -1;
}

/* 500 streams and what else is open need more than the usual 1024 descriptors. */
static void raise_file_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < FILES_WANTED) {
        limit.rlim_cur = limit.rlim_max < FILES_WANTED ? limit.rlim_max : FILES_WANTED;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* Blocked before any thread starts, so that only wait_for_end() sees them. */
static void block_signals(sigset_t *signals)
{
    (void)sigemptyset(signals);
    (void)sigaddset(signals, SIGTERM);
    (void)sigaddset(signals, SIGINT);
    (void)sigaddset(signals, SIGHUP);
    (void)pthread_sigmask(SIG_BLOCK, signals, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
}

static void wait_for_end(const struct run *run, const sigset_t *signals)
{
    const int64_t beat_ms = notify_watchdog_ms();
    const struct timespec timeout = {.tv_sec = (time_t)(beat_ms / 1000),
                                     .tv_nsec = (long)(beat_ms % 1000) * 1000000};
    for (;;) {
        const int signal =
            beat_ms > 0 ? sigtimedwait(signals, NULL, &timeout) : sigwaitinfo(signals, NULL);
        if (signal == SIGHUP) {
            log_info("site", "read again, as asked");
            server_reload_site(run->server);
        } else if (signal > 0) {
            return;
        } else if (errno == EAGAIN && server_is_alive(run->server)) {
            notify_send("WATCHDOG=1");
        }
    }
}

static int run_server(struct run *run)
{
    sigset_t signals;
    block_signals(&signals);
    raise_file_limit();
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread yet */
    (void)mallopt(M_ARENA_MAX, ARENAS);
    const int verdict = start(run);
    if (verdict != -1) {
        return verdict;
    }
    print_address(run);
    notify_send("READY=1");
    wait_for_end(run, &signals);
    notify_send("STOPPING=1");
    server_stop(run->server);
    return EXIT_FINE;
}

int serve_command(int argc, char **argv)
{
    struct run run = {.lock = -1, .options = {.listen = "127.0.0.1:8080"}};
    int verdict = read_options(argc, argv, &run.options);
    if (verdict != -1) {
        return verdict;
    }
    if (run.options.verbose) {
        log_set_level(LOG_DEBUG_LEVEL);
    }
    if (!guard_read_address(run.options.listen, &run.address)) {
        return usage("--listen wants HOST:PORT, not", run.options.listen);
    }
    char error[512] = "";
    if (access_decide(&run.options.access, &run.address, &run.access, error, sizeof(error)) !=
        STATUS_OK) {
        return bad_configuration(error);
    }
    verdict = find_data(&run);
    if (verdict == -1) {
        verdict = open_site(&run);
    }
    if (verdict == -1 && run.site == NULL) {
        verdict = recall_site(&run);
    }
    if (verdict == -1) {
        verdict = read_clock(&run);
    }
    if (verdict == -1) {
        verdict = lock_data(&run);
    }
    if (verdict == -1) {
        verdict = open_access(&run);
    }
    if (verdict == -1) {
        verdict = run_server(&run);
    }
    access_close(&run.access);
    site_destroy(run.site);
    site_report_destroy(run.report);
    if (run.lock >= 0) {
        (void)close(run.lock);
    }
    return verdict;
}
