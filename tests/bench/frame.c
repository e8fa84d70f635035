/* What a touch costs until the glass shows its answer: the journey's step, laying the page out, drawing what changed and
 * presenting it, on one core, by the software renderer, upright at 1080x1920. Every page the crawl finds is shown twice in
 * every language after another page, so that all of the screen changes; the slowest are shown again and again. Then how
 * long a process takes to its first frame, and what the real kiosk does while nobody touches it. Aims: <= 16 ms,
 * <= 500 ms, no redraw unless content changes, <= 96 MiB. One JSON line a row. */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"
#include "crawl.h"
#include "display/screen/window.h"
#include "quarter/check.h"

enum { SLOWEST = 8, ROUNDS = 40, IDLE_S = 6 };

/* By the clock, and of the processor alone: the second is what a busy machine does not spoil. */
struct cost {
    double ms, cpu_ms;
};

struct shown {
    int state, language;
    double cpu_ms;
};

static double cpu_ms_now(void)
{
    struct timespec now;
    CHECK(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) == 0);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static double ms_since(int64_t start_ns)
{
    return (double)(bench_now_ns() - start_ns) / 1e6;
}

static void on_one_core(void)
{
    cpu_set_t set, one;
    CHECK(sched_getaffinity(0, sizeof set, &set) == 0);
    CPU_ZERO(&one);
    for (size_t i = CPU_SETSIZE; i-- > 0;)
        if (CPU_ISSET(i, &set)) {
            CPU_SET(i, &one);
            break;
        }
    CHECK(sched_setaffinity(0, sizeof one, &one) == 0);
}

static struct window *open_window(void)
{
    struct window *window = NULL;
    char error[512];
    const struct window_options options = {
        .title = "bench", .width = 1080, .height = 1920, .assets_dir = SHARE_DIR};
    if (window_create(&options, &window, error, sizeof error) != STATUS_OK) {
        fprintf(stderr, "bench: %s\n", error);
        exit(1);
    }
    return window;
}

/* The whole way of a touch that leads to this page. */
static struct cost show(struct kiosk_rig *rig, struct window *window,
                        const struct crawl_state *state, int language)
{
    const struct look look = {.language = language};
    const struct journey_input nothing = {.kind = INPUT_TOUCH, .action = ACTION_NONE};
    const struct crawl_state copy = *state;
    const int64_t start_ns = bench_now_ns();
    const double start_cpu_ms = cpu_ms_now();
    const struct journey_step step =
        kiosk_rig_next(rig, &copy.journey, &nothing, copy.now_ms + 1000);
    (void)step;
    (void)kiosk_rig_lay(rig, &copy.journey, &look, NULL, copy.now_ms);
    (void)window_show(window, rig->ui);
    return (struct cost){ms_since(start_ns), cpu_ms_now() - start_cpu_ms};
}

static int compare_shown(const void *left, const void *right)
{
    const double a = ((const struct shown *)left)->cpu_ms;
    const double b = ((const struct shown *)right)->cpu_ms;
    return (a < b) - (a > b);
}

static void touches(struct kiosk_rig *rig, struct window *window, const struct crawl *crawl)
{
    const int languages = rig->site->language_count;
    const int count = crawl->count * languages;
    struct shown *shown = calloc((size_t)count, sizeof *shown);
    CHECK(shown != NULL);
    struct samples cold = {0};
    for (int i = 0; i < count; i++) {
        shown[i].state = i % crawl->count;
        shown[i].language = i / crawl->count;
        samples_add(&cold,
                    show(rig, window, &crawl->states[shown[i].state], shown[i].language).cpu_ms);
        (void)show(rig, window, &crawl->states[(shown[i].state + 1) % crawl->count],
                   shown[i].language);
        shown[i].cpu_ms =
            show(rig, window, &crawl->states[shown[i].state], shown[i].language).cpu_ms;
    }
    qsort(shown, (size_t)count, sizeof *shown, compare_shown);
    printf("{\"bench\":\"frame\",\"what\":\"first showing of a "
           "page\",\"pages\":%d,\"p50_cpu_ms\":%.2f,"
           "\"p99_cpu_ms\":%.2f,\"worst_cpu_ms\":%.2f}\n",
           count, samples_quantile(&cold, 0.5), samples_quantile(&cold, 0.99),
           samples_quantile(&cold, 1));
    samples_free(&cold);
    for (int i = 0; i < SLOWEST && i < count; i++) {
        struct samples again = {0}, cpu = {0};
        const struct crawl_state *state = &crawl->states[shown[i].state];
        for (int round = 0; round < ROUNDS; round++) {
            (void)show(rig, window, &crawl->states[(shown[i].state + 1) % crawl->count],
                       shown[i].language);
            const struct cost cost = show(rig, window, state, shown[i].language);
            samples_add(&again, cost.ms);
            samples_add(&cpu, cost.cpu_ms);
        }
        printf("{\"bench\":\"frame\",\"what\":\"touch to changed frame\",\"page\":\"%s\","
               "\"language\":\"%s\",\"p50_ms\":%.2f,\"p99_ms\":%.2f,"
               "\"p50_cpu_ms\":%.2f,\"reach_ms\":16}\n",
               state->name, rig->site->languages[shown[i].language].code,
               samples_quantile(&again, 0.5), samples_quantile(&again, 0.99),
               samples_quantile(&cpu, 0.5));
        samples_free(&again);
        samples_free(&cpu);
    }
    free(shown);
}

static void unchanged(struct kiosk_rig *rig, struct window *window, const struct crawl *crawl)
{
    const long before = window_frame(window);
    (void)show(rig, window, &crawl->states[0], 0);
    const long shown = window_frame(window);
    for (int i = 0; i < 100; i++)
        (void)show(rig, window, &crawl->states[0], 0);
    printf("{\"bench\":\"frame\",\"what\":\"the same page 100 times\",\"frames\":%ld}\n",
           window_frame(window) - shown);
    CHECK(shown >= before);
}

/* A child that shows one page and tells how long ago it was started. */
static int first_frame(const char *start)
{
    const int64_t start_ns = strtoll(start, NULL, 10);
    struct window *window = open_window();
    struct ui *ui = ui_create();
    const struct journey journey = journey_begin(0);
    const struct kiosk_content content = {
        .journey = &journey, .language = "en", .clock = "", .width = 1080, .height = 1920};
    (void)kiosk_view_lay(&content, window_kit(window), ui);
    (void)window_show(window, ui);
    printf("%.3f\n", ms_since(start_ns));
    ui_destroy(ui);
    window_destroy(window);
    return 0;
}

static void first_frames(const char *program)
{
    struct samples samples = {0};
    for (int i = 0; i < 5; i++) {
        char command[700], line[64] = "";
        snprintf(command, sizeof command, "%s --first %lld", program, (long long)bench_now_ns());
        FILE *child = popen(command, "r"); /* NOLINT(cert-env33-c): ourselves */
        CHECK(child != NULL);
        (void)!fgets(line, sizeof line, child);
        pclose(child);
        samples_add(&samples, strtod(line, NULL));
    }
    printf("{\"bench\":\"frame\",\"what\":\"start to first frame\",\"p50_ms\":%.0f,"
           "\"worst_ms\":%.0f,\"reach_ms\":500}\n",
           samples_quantile(&samples, 0.5), samples_quantile(&samples, 1));
    samples_free(&samples);
}

static long status_kib(pid_t pid, const char *name)
{
    char path[64], line[256];
    long value = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, name, strlen(name)) == 0)
            value = strtol(line + strlen(name) + 1, NULL, 10);
    if (file != NULL)
        fclose(file);
    return value;
}

static long frame_of(const char *dir)
{
    char path[600], text[64] = "";
    snprintf(path, sizeof path, "%s/frame.json", dir);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return 0;
    (void)!fgets(text, sizeof text, file);
    fclose(file);
    return strtol(text + strlen("{\"frame\":"), NULL, 10);
}

static pid_t start_kiosk(const char *url, const char *dump, const char *cache)
{
    const pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        dup2(null, STDOUT_FILENO);
        dup2(null, STDERR_FILENO);
        execl(KIOSK, KIOSK, "--server", url, "--kiosk", "kiosk-1", "--size", "1080x1920", "--cache",
              cache, "--dump-ui", dump, (char *)NULL);
        _exit(127);
    }
    return pid;
}

/* The real program, at rest, with news from a real server. */
static void at_rest(const char *program)
{
    struct bench_server server;
    char url[64], dump[600], cache[600];
    bench_server_start(&server, program, NULL);
    snprintf(url, sizeof url, "http://127.0.0.1:%d", server.port);
    snprintf(dump, sizeof dump, "%s/dump", server.folder);
    snprintf(cache, sizeof cache, "%s/cache", server.folder);
    const pid_t pid = start_kiosk(url, dump, cache);
    sleep(4); /* a benchmark may: until site, words and board are there */
    struct bench_server kiosk = {.pid = pid};
    const double cpu_us = bench_server_cpu_us(&kiosk);
    const long frame = frame_of(dump);
    sleep(IDLE_S);
    printf(
        "{\"bench\":\"frame\",\"what\":\"kiosk at rest for %d s\",\"frames\":%ld,\"cpu_ms\":%.1f,"
        "\"resident_mib\":%.1f,\"most_mib\":%.1f,\"reach_mib\":96,\"page_shown\":%s}\n",
        IDLE_S, frame_of(dump) - frame, (bench_server_cpu_us(&kiosk) - cpu_us) / 1000,
        (double)status_kib(pid, "VmRSS") / 1024, (double)status_kib(pid, "VmHWM") / 1024,
        frame > 0 ? "true" : "false");
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
    bench_server_stop(&server);
}

int main(int argc, char **argv)
{
    (void)setenv("SDL_VIDEODRIVER", "offscreen", 0); /* NOLINT(concurrency-mt-unsafe): one thread */
    on_one_core();
    if (argc == 3 && strcmp(argv[1], "--first") == 0)
        return first_frame(argv[2]);
    first_frames(argv[0]);
    struct window *window = open_window();
    struct kiosk_rig *rig = kiosk_rig_open(SITE_DIR, SHARE_DIR);
    CHECK(rig != NULL);
    text_engine_destroy(rig->text);
    icons_destroy(rig->icons);
    struct ledger *ways = ledger_create();
    rig->text = window_kit(window)->text; /* one engine, as in the kiosk */
    rig->icons = window_kit(window)->icons;
    rig->kit = (struct ui_kit){rig->text, rig->icons, &rig->theme};
    struct crawl *crawl = crawl_site(rig, ways);
    touches(rig, window, crawl);
    unchanged(rig, window, crawl);
    printf(
        "{\"bench\":\"frame\",\"what\":\"after all pages in all languages\",\"resident_mib\":%.1f,"
        "\"reach_mib\":96}\n",
        (double)status_kib(getpid(), "VmRSS") / 1024);
    fflush(stdout);
    rig->text = NULL;
    rig->icons = NULL;
    kiosk_rig_close(rig);
    free(crawl);
    ledger_destroy(ways);
    window_destroy(window);
    at_rest(argv[0]);
    return 0;
}
