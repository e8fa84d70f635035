/* What a simulated day costs. First the five recorded days under each policy, slips tracked as the reference does, beside
 * the reference's own replay() in Python (tests/reference/desk.py) in the same run, rounds of both interleaved; without
 * python3 the ratio is left out. Then how a visit's cost grows with those who wait and with counters: a centre of 14 services where as many
 * come as are served. One JSON line a row; times are the least of the rounds, which is what the work costs when nobody
 * else is on the machine. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "engine/forecast/random.h"
#include "engine/forecast/world.h"
#include "quarter/check.h"
#include "simulate/trace.h"

enum {
    ROUNDS = 10,
    REPLAYS = 40, /* a round */
    SERVICES = 14,
    VISITS_SERVED = 4000,
    MINUTE_MS = 60000,
};

/* ---- Recorded days */

static double replay_us(const struct trace *trace, const struct policy_terms *terms, bool slips)
{
    struct world *world = world_create();
    struct world_desk desk = trace_desk(&trace->site, terms);
    desk.track_slips = slips;
    world_set_desk(world, &desk);
    double best_us = 1e12;
    for (int i = 0; i < REPLAYS; i++) {
        const int64_t from_ns = bench_now_ns();
        for (int day = 0; day < trace->day_count; day++) {
            const struct world_visits visits = {.visits = trace->days[day].visits,
                                                .count = trace->days[day].count};
            world_start(world, 0, NULL, &visits);
            (void)world_run(world, INT64_MAX);
        }
        const double us = (double)(bench_now_ns() - from_ns) / 1e3 / trace->day_count;
        best_us = us < best_us ? us : best_us;
    }
    world_destroy(world);
    return best_us;
}

/* A mean over the days, of the least of three replays each; 0: there is no Python. */
static double reference_us(const char *policy)
{
    static const char script[] =
        "import sys, time\n"
        "sys.path.insert(0, 'tests/reference')\n"
        "from desk import *\n"
        "policy = sys.argv[1]\n"
        "site = Site('tests/data/traces/site.json')\n"
        "sum_us = 0\n"
        "for day in range(1, 6):\n"
        "    best = 1e9\n"
        "    for _ in range(3):\n"
        "        tickets, _ = load_day(site, 'tests/data/traces/day_%02d.csv' % day)\n"
        "        start = time.perf_counter()\n"
        "        replay(site, tickets, POL[policy])\n"
        "        best = min(best, time.perf_counter() - start)\n"
        "    sum_us += 1e6 * best / 5\n"
        "print(sum_us)\n";
    if (setenv("BENCH_SCRIPT", script, 1) != 0 || setenv("BENCH_POLICY", policy, 1) != 0) {
        return 0;
    }
    /* NOLINTNEXTLINE(cert-env33-c): the command is fixed; what varies is quoted in variables */
    FILE *pipe = popen("python3 -B -c \"$BENCH_SCRIPT\" \"$BENCH_POLICY\" 2>/dev/null", "r");
    char text[64] = "";
    if (pipe == NULL || fgets(text, sizeof(text), pipe) == NULL) {
        text[0] = '\0';
    }
    if (pipe != NULL) {
        (void)pclose(pipe);
    }
    return strtod(text, NULL);
}

static void bench_policy(const struct trace *trace, enum policy_rule rule, const char *name)
{
    struct policy_terms terms = policy_default_terms;
    terms.rule = rule;
    double day_us = 1e12;
    double plain_us = 1e12;
    double python_us = 0;
    for (int round = 0; round < ROUNDS; round++) {
        const double tracked = replay_us(trace, &terms, true);
        const double plain = replay_us(trace, &terms, false);
        const double python = round % 3 == 0 ? reference_us(name) : 0;
        day_us = tracked < day_us ? tracked : day_us;
        plain_us = plain < plain_us ? plain : plain_us;
        python_us = python > 0 && (python_us <= 0 || python < python_us) ? python : python_us;
    }
    int32_t visits = 0;
    for (int day = 0; day < trace->day_count; day++) {
        visits += trace->days[day].count;
    }
    printf("{\"bench\":\"replay\",\"policy\":\"%s\",\"visits\":%.0f,\"day_us\":%.1f,"
           "\"without_slips_us\":%.1f",
           policy_code(rule), (double)visits / trace->day_count, day_us, plain_us);
    if (python_us > 0) {
        printf(",\"reference_us\":%.0f,\"ratio\":%.1f", python_us, python_us / day_us);
    }
    printf("}\n");
    (void)fflush(stdout);
}

/* ---- Growth */

/* Every counter offers four services in a row, so that all are offered and the crowd is one. */
static void make_counters(struct world_counter *counters, int count)
{
    for (int i = 0; i < count; i++) {
        counters[i] = (struct world_counter){.languages = 1, .closes_ms = INT64_MAX - 1};
        for (int j = 0; j < (count < 4 ? SERVICES : 4); j++) {
            counters[i].services |= UINT64_C(1) << ((3 * i + j) % SERVICES);
        }
    }
}

static void make_visit(struct world_visit *visit, uint64_t i, int64_t arrives_ms)
{
    const uint64_t key = random_stream(3, i);
    const double of_class = random_at(key, 1);
    *visit = (struct world_visit){.arrives_ms = arrives_ms,
                                  .leg_from_ms = arrives_ms,
                                  .leaves_ms = INT64_MAX,
                                  .service = (int16_t)random_index(random_at(key, 0), SERVICES),
                                  .next_service = -1,
                                  .ticket_class = CLASS_NORMAL};
    visit->service_ms = (int64_t)random_exponential(random_at(key, 2), 8.0 * MINUTE_MS);
    if (of_class < 0.08) {
        visit->ticket_class = of_class < 0.01 ? CLASS_URGENT : CLASS_ASSISTED;
    } else if (of_class > 0.9) {
        visit->ticket_class = CLASS_APPOINTMENT;
        visit->leg_from_ms += (int64_t)(random_at(key, 3) * 20 * MINUTE_MS);
    }
}

static void bench_growth(int counter_count, int waiting)
{
    struct world_counter counters[QUARTER_COUNTERS_MAX];
    const int count = waiting + VISITS_SERVED;
    const double gap_ms = 8.0 * MINUTE_MS / counter_count;
    struct world_visit *visits = calloc((size_t)count, sizeof(*visits));
    struct world *world = world_create();
    CHECK(visits != NULL);
    make_counters(counters, counter_count);
    const struct world_desk desk = {.policy = policy_default_terms,
                                    .service_count = SERVICES,
                                    .counter_count = counter_count,
                                    .counters = counters};
    const int64_t start_ms = (int64_t)(gap_ms * waiting);
    for (int i = 0; i < count; i++) {
        make_visit(&visits[i], (uint64_t)i, (int64_t)(gap_ms * i));
    }
    for (int i = 0; i < counter_count; i++) {
        counters[i].opens_ms = start_ms;
    }
    world_set_desk(world, &desk);
    const struct world_visits given = {.visits = visits, .count = count, .waiting = waiting};
    double best_ns = 1e12;
    for (int round = 0; round < ROUNDS; round++) {
        world_start(world, start_ms, NULL, &given);
        const int64_t from_ns = bench_now_ns();
        (void)world_run(world, visits[count - 1].arrives_ms);
        const double ns = (double)(bench_now_ns() - from_ns) / VISITS_SERVED;
        best_ns = ns < best_ns ? ns : best_ns;
    }
    printf("{\"bench\":\"world\",\"policy\":\"rescue\",\"counters\":%d,\"waiting\":%d,"
           "\"visit_ns\":%.0f}\n",
           counter_count, waiting, best_ns);
    (void)fflush(stdout);
    world_destroy(world);
    free(visits);
}

int main(void)
{
    static const char *const reference_names[] = {[POLICY_FIFO] = "FIFO",
                                                  [POLICY_STRICT] = "STRICT",
                                                  [POLICY_HEADSTART] = "HEADSTART",
                                                  [POLICY_RESCUE] = "RESCUE30",
                                                  [POLICY_APQ] = "APQ"};
    struct trace *trace = NULL;
    struct trace_faults faults;
    if (trace_read("tests/data/traces", &trace, &faults) != STATUS_OK) {
        (void)fprintf(stderr, "%s", faults.text);
        trace_faults_free(&faults);
        return 1;
    }
    for (int rule = POLICY_FIFO; rule <= POLICY_APQ; rule++) {
        bench_policy(trace, (enum policy_rule)rule, reference_names[rule]);
    }
    static const int counters[] = {3, 12, 60};
    static const int waiting[] = {10, 100, 1000, 10000};
    for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++) {
        for (size_t j = 0; j < sizeof(waiting) / sizeof(waiting[0]); j++) {
            bench_growth(counters[i], waiting[j]);
        }
    }
    trace_free(trace);
    return 0;
}
