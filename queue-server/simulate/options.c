/* The command line of the simulator. See options.h. */
#include "simulate/options.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"
#include "simulate/trace.h"
#include "site/report.h"

enum option_code {
    OPTION_TRACES = 1,
    OPTION_SYNTHETIC,
    OPTION_QUEUE,
    OPTION_SITE,
    OPTION_DATA,
    OPTION_VISITS,
    OPTION_SEED,
    OPTION_POLICY,
    OPTION_SCORE,
    OPTION_ALARM_DAYS,
    OPTION_ADVICE_MOMENTS,
    OPTION_MESSY,
    OPTION_SAVE,
    OPTION_RATE,
    OPTION_SERVICE,
    OPTION_SQUARED_CV,
    OPTION_SERVERS,
    OPTION_PATIENCE,
    OPTION_GROWTH,
    OPTION_WITHIN,
    OPTION_HOURS,
    OPTION_RUNS,
    OPTION_FORMAT,
    OPTION_THREADS,
    OPTION_PROGRESS,
    OPTION_HELP,
};

enum { OPTION_COUNT = OPTION_HELP + 1, MESSAGE_BYTES = 320 };

struct range {
    double least, most;
};

static const double growth_ratio_max = 10000; /* the policy has it as a promise of 90 ms */
static const double least_min = 0.01;         /* a world's clock has whole ms */

static struct range above_0(double most)
{
    return (struct range){1e-6, most};
}

static const struct option long_options[] = {
    {"traces", required_argument, NULL, OPTION_TRACES},
    {"synthetic", required_argument, NULL, OPTION_SYNTHETIC},
    {"queue", required_argument, NULL, OPTION_QUEUE},
    {"site", required_argument, NULL, OPTION_SITE},
    {"data", required_argument, NULL, OPTION_DATA},
    {"visits", required_argument, NULL, OPTION_VISITS},
    {"seed", required_argument, NULL, OPTION_SEED},
    {"policy", required_argument, NULL, OPTION_POLICY},
    {"score-forecast", no_argument, NULL, OPTION_SCORE},
    {"alarm-days", required_argument, NULL, OPTION_ALARM_DAYS},
    {"advice-moments", required_argument, NULL, OPTION_ADVICE_MOMENTS},
    {"messy", no_argument, NULL, OPTION_MESSY},
    {"save-traces", required_argument, NULL, OPTION_SAVE},
    {"rate", required_argument, NULL, OPTION_RATE},
    {"service", required_argument, NULL, OPTION_SERVICE},
    {"squared-cv", required_argument, NULL, OPTION_SQUARED_CV},
    {"servers", required_argument, NULL, OPTION_SERVERS},
    {"patience", required_argument, NULL, OPTION_PATIENCE},
    {"growth", required_argument, NULL, OPTION_GROWTH},
    {"within", required_argument, NULL, OPTION_WITHIN},
    {"hours", required_argument, NULL, OPTION_HOURS},
    {"runs", required_argument, NULL, OPTION_RUNS},
    {"format", required_argument, NULL, OPTION_FORMAT},
    {"threads", required_argument, NULL, OPTION_THREADS},
    {"progress", no_argument, NULL, OPTION_PROGRESS},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0},
};

/* What is being read: the options so far, which of them were given, and what is wrong. */
struct reading {
    struct simulate_options *options;
    bool given[OPTION_COUNT];
    int rates, services, growths;
    char message[MESSAGE_BYTES];
};

static void print_options(FILE *out)
{
    (void)fputs(
        "What to simulate, one of\n"
        "  --traces DIR       the recorded days in DIR: site.json and day_*.csv\n"
        "  --synthetic DAYS   so many invented days, Monday to Friday and round again\n"
        "  --queue MODEL      a queue with a known answer, beside it: mmc, mmcm, priority, apq, "
        "mg1\n"
        "\n"
        "Days\n"
        "  --policy LIST      who is called next, each compared with the first (default: "
        "fifo,rescue):\n"
        "                     fifo, strict, apq, headstart, rescue or rescue:D,L - D minutes "
        "before the\n"
        "                     standard a ticket is rescued; nobody is passed over after L minutes\n"
        "  --seed N           which days are invented (default: 1)\n"
        "  --site DIR         invent them for this centre (default: the reference centre)\n"
        "  --data DIR         and as its journal knows it: who comes when, for how long\n"
        "  --visits N         walk-ins on an average day (default: the centre's)\n"
        "  --messy            staff deviate: uneven speeds, calls out of order, unseen pauses\n"
        "  --score-forecast   how well waits are foretold on the invented days, after 20 others to "
        "learn\n"
        "                     from (default policy: rescue); --alarm-days N of them also: were "
        "broken\n"
        "                     promises announced; --advice-moments N: how good is the first "
        "advice\n"
        "  --save-traces DIR  write the invented days there as well, for --traces\n"
        "\n"
        "Queues\n"
        "  --rate N[,N...]    arrivals an hour, of each class; class 1 comes first\n"
        "  --service M[,M...] mean minutes of a service\n"
        "  --squared-cv X     of service times (default: 1, exponential; else lognormal)\n"
        "  --servers N        counters (default: 1)\n"
        "  --patience M       mmcm: mean minutes before somebody leaves\n"
        "  --growth B[,B...]  apq: of the priority of each class, per minute waited\n"
        "  --within M         the minutes of P(wait <= M) (default: 15)\n"
        "  --runs N           independent runs, at least 20 (default: 20)\n"
        "  --hours H          length of each run (default: what the load needs)\n"
        "\n"
        "Output\n"
        "  --format F         table, json or csv (default: table)\n"
        "  --threads N        at work at once (default: one a core); results do not depend on it\n"
        "  --progress         tell progress although this is no terminal\n",
        out);
}

static void print_help(FILE *out)
{
    (void)fputs("Usage: queue-server simulate --traces DIR [OPTION]...\n"
                "       queue-server simulate --synthetic DAYS [--seed N] [OPTION]...\n"
                "       queue-server simulate --queue MODEL --rate N --service M [OPTION]...\n"
                "\n"
                "Runs a front desk on a virtual clock, by the very decisions of the server.\n"
                "\n",
                out);
    print_options(out);
    (void)fputs(
        "\n"
        "Examples\n"
        "  queue-server simulate --synthetic 300 --seed 5000 --policy "
        "fifo,rescue:8,30,rescue:8,45\n"
        "  queue-server simulate --synthetic 100 --site assets/sites/customer-centre --visits 180\n"
        "  queue-server simulate --traces days --policy rescue,fifo --format csv\n"
        "  queue-server simulate --queue mmc --rate 60 --service 10 --servers 12\n"
        "  queue-server simulate --queue apq --rate 10,30 --growth 1,0.5 --service 8 --servers 6\n"
        "\n"
        "Exit codes: 0 fine, 1 failed or interrupted, 2 wrong usage, 78 bad data.\n",
        out);
}

__attribute__((format(printf, 2, 3))) static bool wrong(struct reading *reading, const char *format,
                                                        ...)
{
    va_list values;
    va_start(values, format);
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): the analyser misses the va_start */
    (void)vsnprintf(reading->message, sizeof(reading->message), format, values);
    va_end(values);
    return false;
}

static bool read_number(const char *text, double least, double most, double *number)
{
    char *end = NULL;
    const double value = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(value) || value < least || value > most) {
        return false;
    }
    *number = value;
    return true;
}

static bool read_count(struct reading *reading, const char *name, int most, int *count)
{
    char *end = NULL;
    errno = 0;
    const long value = strtol(optarg, &end, 10);
    if (end == optarg || *end != '\0' || errno != 0 || value < 1 || value > most) {
        return wrong(reading, "--%s wants a whole number from 1 to %d, not %s", name, most, optarg);
    }
    *count = (int)value;
    return true;
}

static bool read_seed(struct reading *reading)
{
    char *end = NULL;
    errno = 0;
    const unsigned long long value = strtoull(optarg, &end, 10);
    if (optarg[0] < '0' || optarg[0] > '9' || *end != '\0' || errno != 0) {
        return wrong(reading, "--seed wants a whole number, not %s", optarg);
    }
    reading->options->seed = value;
    return true;
}

static bool read_positive(struct reading *reading, const char *name, struct range range,
                          double *number)
{
    if (!read_number(optarg, range.least, range.most, number)) {
        return wrong(reading, "--%s wants a number from %g to %g, not %s", name, range.least,
                     range.most, optarg);
    }
    return true;
}

/* One number a class, with commas between. */
static bool read_list(struct reading *reading, const char *name, struct range range,
                      double numbers[EXACT_CLASSES_MAX], int *count)
{
    char part[32];
    const char *at = optarg;
    for (*count = 0; *count < EXACT_CLASSES_MAX; (*count)++) {
        const size_t length = strcspn(at, ",");
        if (length >= sizeof(part)) {
            break;
        }
        memcpy(part, at, length);
        part[length] = '\0';
        if (!read_number(part, range.least, range.most, &numbers[*count])) {
            break;
        }
        if (at[length] == '\0') {
            (*count)++;
            return true;
        }
        at += length + 1;
    }
    return wrong(reading, "--%s wants 1 to %d numbers from %g to %g, not %s", name,
                 EXACT_CLASSES_MAX, range.least, range.most, optarg);
}

static bool read_model(struct reading *reading)
{
    struct simulate_options *options = reading->options;
    if (exact_model_from_code(optarg, &options->queue.model)) {
        return true;
    }
    static const char *const known[] = {
#define X(name, code) code,
        EXACT_MODEL_LIST(X)
#undef X
    };
    struct suggestion near = suggestion_start(optarg);
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        suggestion_offer(&near, known[i]);
    }
    char words[SUGGESTION_BYTES];
    return wrong(reading, "there is no queue '%.40s'%s", optarg, suggestion_words(&near, words));
}

static bool read_format(struct reading *reading)
{
    static const char *const names[] = {
        [SIMULATE_TABLE] = "table", [SIMULATE_JSON] = "json", [SIMULATE_CSV] = "csv"};
    for (int i = 0; i < (int)(sizeof(names) / sizeof(names[0])); i++) {
        if (strcmp(optarg, names[i]) == 0) {
            reading->options->format = (enum simulate_format)i;
            return true;
        }
    }
    return wrong(reading, "--format is table, json or csv, not %s", optarg);
}

static bool read_policies(struct reading *reading)
{
    char message[POLICY_MESSAGE_BYTES];
    if (policies_parse(optarg, &reading->options->policies, message) != STATUS_OK) {
        return wrong(reading, "--policy: %s", message);
    }
    return true;
}

static bool read_queue_option(struct reading *reading, enum option_code code)
{
    struct simulate_options *options = reading->options;
    struct exact_case *queue = &options->queue;
    switch ((int)code) {
    case OPTION_QUEUE: return read_model(reading);
    case OPTION_RATE:
        return read_list(reading, "rate", above_0(1e6), queue->per_hour, &reading->rates);
    case OPTION_SERVICE:
        return read_list(reading, "service", (struct range){least_min, 1e5}, queue->service_min,
                         &reading->services);
    case OPTION_GROWTH:
        return read_list(reading, "growth", above_0(1e3), queue->growth, &reading->growths);
    case OPTION_SQUARED_CV:
        return read_number(optarg, 0, 100, &queue->squared_cv) ||
               wrong(reading, "--squared-cv wants a number from 0 to 100, not %s", optarg);
    case OPTION_SERVERS: return read_count(reading, "servers", EXACT_SERVERS_MAX, &queue->servers);
    case OPTION_PATIENCE:
        return read_positive(reading, "patience", (struct range){least_min, 1e6},
                             &queue->patience_min);
    case OPTION_WITHIN: return read_positive(reading, "within", above_0(1e4), &queue->within_min);
    case OPTION_HOURS: return read_positive(reading, "hours", above_0(1e6), &options->hours);
    default: return read_count(reading, "runs", SIMULATE_RUNS_MAX, &options->runs);
    }
}

static bool read_option(struct reading *reading, enum option_code code)
{
    struct simulate_options *options = reading->options;
    switch ((int)code) {
    case OPTION_TRACES: options->traces = optarg; return true;
    case OPTION_SITE: options->site = optarg; return true;
    case OPTION_DATA: options->data = optarg; return true;
    case OPTION_SAVE: options->save = optarg; return true;
    case OPTION_SCORE: options->score_forecast = true; return true;
    case OPTION_MESSY: options->messy = true; return true;
    case OPTION_PROGRESS: options->progress = true; return true;
    case OPTION_SYNTHETIC:
        return read_count(reading, "synthetic", SIMULATE_DAYS_MAX, &options->days);
    case OPTION_ALARM_DAYS:
        return read_count(reading, "alarm-days", SIMULATE_DAYS_MAX, &options->alarm_days);
    case OPTION_ADVICE_MOMENTS:
        return read_count(reading, "advice-moments", SIMULATE_DAYS_MAX, &options->advice_moments);
    case OPTION_THREADS:
        return read_count(reading, "threads", SIMULATE_THREADS_MAX, &options->threads);
    case OPTION_VISITS: return read_positive(reading, "visits", above_0(20000), &options->visits);
    case OPTION_SEED: return read_seed(reading);
    case OPTION_POLICY: return read_policies(reading);
    case OPTION_FORMAT: return read_format(reading);
    default: return read_queue_option(reading, code);
    }
}

/* Which task an option belongs to; bits of 1 << task. */
static unsigned tasks_of(int code)
{
    switch (code) {
    case OPTION_TRACES: return 1U << SIMULATE_TRACES;
    case OPTION_POLICY:
    case OPTION_MESSY: return 1U << SIMULATE_TRACES | 1U << SIMULATE_SYNTHETIC;
    case OPTION_SYNTHETIC:
    case OPTION_SCORE:
    case OPTION_ALARM_DAYS:
    case OPTION_ADVICE_MOMENTS:
    case OPTION_SITE:
    case OPTION_DATA:
    case OPTION_VISITS:
    case OPTION_SAVE: return 1U << SIMULATE_SYNTHETIC;
    case OPTION_SEED: return 1U << SIMULATE_SYNTHETIC | 1U << SIMULATE_QUEUE;
    case OPTION_FORMAT:
    case OPTION_THREADS:
    case OPTION_PROGRESS:
    case OPTION_HELP: return ~0U;
    default: return 1U << SIMULATE_QUEUE;
    }
}

static bool choose_task(struct reading *reading)
{
    const int tasks = reading->given[OPTION_TRACES] + reading->given[OPTION_SYNTHETIC] +
                      reading->given[OPTION_QUEUE];
    if (tasks != 1) {
        return wrong(reading, "say what to simulate, one of --traces DIR, --synthetic DAYS, "
                              "--queue MODEL");
    }
    struct simulate_options *options = reading->options;
    options->task = reading->given[OPTION_TRACES]      ? SIMULATE_TRACES
                    : reading->given[OPTION_SYNTHETIC] ? SIMULATE_SYNTHETIC
                                                       : SIMULATE_QUEUE;
    for (int i = 0; long_options[i].name != NULL; i++) {
        const int code = long_options[i].val;
        if (reading->given[code] && (tasks_of(code) & 1U << options->task) == 0) {
            static const char *const names[] = {[SIMULATE_TRACES] = "traces",
                                                [SIMULATE_SYNTHETIC] = "synthetic",
                                                [SIMULATE_QUEUE] = "queue"};
            return wrong(reading, "--%s does not go with --%s", long_options[i].name,
                         names[options->task]);
        }
    }
    if (options->data != NULL && options->site == NULL) {
        return wrong(reading, "--data wants --site too, the centre whose journal that is");
    }
    return true;
}

static double growth_ratio(const struct exact_case *queue)
{
    double least = queue->growth[0];
    double most = queue->growth[0];
    for (int i = 1; i < queue->classes; i++) {
        least = fmin(least, queue->growth[i]);
        most = fmax(most, queue->growth[i]);
    }
    return most / least;
}

/* The rates say how many classes there are; one service time is that of all. */
static bool finish_queue(struct reading *reading)
{
    struct simulate_options *options = reading->options;
    struct exact_case *queue = &options->queue;
    if (!reading->given[OPTION_RATE] || !reading->given[OPTION_SERVICE]) {
        return wrong(reading, "--queue wants --rate, arrivals an hour, and --service, minutes");
    }
    queue->classes = reading->rates;
    for (int i = 1; reading->services == 1 && i < queue->classes; i++) {
        queue->service_min[i] = queue->service_min[0];
    }
    if (reading->services != 1 && reading->services != reading->rates) {
        return wrong(reading, "--service wants one number, or one for each rate");
    }
    if (reading->given[OPTION_GROWTH] != (queue->model == EXACT_APQ)) {
        return wrong(reading, queue->model == EXACT_APQ ? "--queue apq wants --growth"
                                                        : "--growth is for --queue apq");
    }
    if (reading->given[OPTION_PATIENCE] && queue->model != EXACT_MMCM) {
        return wrong(reading, "--patience is for --queue mmcm");
    }
    if (queue->model == EXACT_APQ && reading->growths != reading->rates) {
        return wrong(reading, "--growth wants one number for each rate");
    }
    if (queue->model == EXACT_APQ && growth_ratio(queue) > growth_ratio_max) {
        return wrong(reading, "--growth: a priority may grow at most %g times as fast as another",
                     growth_ratio_max);
    }
    if (options->runs < 20) {
        return wrong(reading, "--runs wants at least 20: fewer do not show how sure the mean is");
    }
    const char *fault = exact_fault(queue);
    return fault == NULL || wrong(reading, "%s: %s", exact_model_code(queue->model), fault);
}

/* D and L of the reference centre; days of others are asked once their standard is known. */
static bool finish_days(struct reading *reading)
{
    struct simulate_options *options = reading->options;
    char message[POLICY_MESSAGE_BYTES];
    if (options->policies.count == 0) {
        const char *usual = options->score_forecast ? "rescue" : "fifo,rescue";
        CHECK(policies_parse(usual, &options->policies, message) == STATUS_OK);
    }
    if (!options->score_forecast && options->alarm_days + options->advice_moments > 0) {
        return wrong(reading, "--alarm-days and --advice-moments go with --score-forecast");
    }
    if (options->alarm_days > options->days) {
        return wrong(reading, "--alarm-days are some of the %d days", options->days);
    }
    if (options->save != NULL && options->site != NULL) {
        return wrong(reading, "--save-traces is for the reference centre: a site's counters keep "
                              "other hours each weekday, which site.json has no words for");
    }
    if (options->save != NULL && options->days > TRACE_DAYS_MAX) {
        return wrong(reading, "--save-traces writes at most %d days: --traces reads no more",
                     TRACE_DAYS_MAX);
    }
    const bool reference = options->task == SIMULATE_SYNTHETIC && options->site == NULL;
    for (int i = 0; reference && i < options->policies.count; i++) {
        struct policy_terms terms;
        if (policies_terms(&options->policies.choices[i], &policy_default_terms, &terms, message) !=
            STATUS_OK) {
            return wrong(reading, "--policy: %s", message);
        }
    }
    return true;
}

/* optopt: a known option's code where it takes no value, a letter, or 0. */
static bool unknown_option(struct reading *reading, const char *argument)
{
    char name[40];
    int begin_so = 0;
    (void)snprintf(name, sizeof(name), "%.*s", (int)strcspn(argument, "="), argument);
    for (int i = 0; long_options[i].name != NULL; i++) {
        if (optopt != 0 && optopt == long_options[i].val) {
            return wrong(reading, "--%s takes no value", long_options[i].name);
        }
        begin_so += optopt == 0 && strstr(long_options[i].name, name + 2) == long_options[i].name;
    }
    if (optopt != 0) {
        return wrong(reading, "unknown option -%c", optopt);
    }
    if (begin_so > 1) {
        return wrong(reading, "%s could be any of %d options", name, begin_so);
    }
    struct suggestion near = suggestion_start(name + 2);
    for (int i = 0; long_options[i].name != NULL; i++) {
        suggestion_offer(&near, long_options[i].name);
    }
    char words[SUGGESTION_BYTES];
    return wrong(reading, "unknown option %s%s", name, suggestion_words(&near, words));
}

/* False: help was asked for, or something is wrong. */
static bool read_all(int argc, char **argv, struct reading *reading)
{
    int code = 0;
    opterr = 0;
    optind = 0; /* GNU: start over, whatever was read before */
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread yet */
    while ((code = getopt_long(argc, argv, "+:", long_options, NULL)) != -1) {
        if (code == ':') {
            return wrong(reading, "%s wants a value", argv[optind - 1]);
        }
        if (code == '?') {
            return unknown_option(reading, argv[optind - 1]);
        }
        reading->given[code] = true;
        if (code == OPTION_HELP || !read_option(reading, (enum option_code)code)) {
            return false;
        }
    }
    if (optind < argc) {
        return wrong(reading, "unexpected argument %s", argv[optind]);
    }
    return choose_task(reading) &&
           (reading->options->task == SIMULATE_QUEUE ? finish_queue(reading)
                                                     : finish_days(reading));
}

int simulate_read_options(int argc, char **argv, struct simulate_options *options, FILE *out,
                          FILE *err)
{
    *options = (struct simulate_options){
        .seed = 1, .runs = 20, .queue = {.servers = 1, .squared_cv = 1, .within_min = 15}};
    struct reading reading = {.options = options};
    if (read_all(argc, argv, &reading)) {
        return -1;
    }
    if (reading.given[OPTION_HELP]) {
        print_help(out);
        return SIMULATE_FINE;
    }
    (void)fprintf(err, "queue-server: %s; try simulate --help\n", reading.message);
    return SIMULATE_USAGE;
}
