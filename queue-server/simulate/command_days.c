/* `simulate --traces` and `--synthetic`: the same days under several policies. A job is a day, run under each policy by
 * a world of its thread; each day has a report of its own, and the reports are put together in the days' order. */
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"
#include "simulate/command_parts.h"
#include "simulate/history.h"
#include "simulate/messy.h"
#include "simulate/report.h"
#include "simulate/trace_write.h"
#include "simulate/workload.h"

/* What one thread works with. */
struct hands {
    struct world *world;
    struct messy messy;
};

struct day_work {
    const struct simulate_options *options;
    struct trace *trace; /* one of the two */
    struct workload *workload;
    int day_count;
    struct policy_terms terms[POLICIES_MAX];
    struct report_terms report_terms;
    const char *services[QUARTER_SERVICES_MAX];
    struct hands hands[SIMULATE_THREADS_MAX];
    struct report **reports; /* by day */
};

static const struct trace_site *site_of(const struct day_work *work, int day)
{
    return work->trace != NULL ? &work->trace->site : workload_site(work->workload, day);
}

/* ---- Reading what there is */

static int read_traces(const struct simulate_run *run, struct day_work *work)
{
    struct trace_faults faults = {0};
    if (trace_read(run->options->traces, &work->trace, &faults) == STATUS_OK) {
        work->day_count = work->trace->day_count;
        return SIMULATE_FINE;
    }
    (void)fputs(faults.text == NULL ? "" : faults.text, run->err);
    const int count = faults.count;
    trace_faults_free(&faults);
    return simulate_complain(run, SIMULATE_BAD_DATA, "%s: %d fault%s, nothing was run",
                             run->options->traces, count, count == 1 ? "" : "s");
}

static int workload_at(const struct simulate_run *run, const struct site *site,
                       struct day_work *work)
{
    char message[HISTORY_MESSAGE_BYTES];
    char lack[WORKLOAD_MESSAGE_BYTES];
    struct knowledge *knowledge = NULL;
    int code = SIMULATE_FINE;
    if (run->options->data != NULL) {
        knowledge = knowledge_create();
        if (history_read(run->options->data, site, knowledge, message) != STATUS_OK) {
            code = simulate_complain(run, SIMULATE_BAD_DATA, "%s", message);
        }
    }
    if (code == SIMULATE_FINE && workload_of_site(site, knowledge, run->options->visits,
                                                  &work->workload, lack) != STATUS_OK) {
        code = simulate_complain(run, SIMULATE_BAD_DATA, "%s: %s", run->options->site, lack);
    }
    knowledge_destroy(knowledge);
    return code;
}

static int read_site(const struct simulate_run *run, struct day_work *work)
{
    struct site *site = NULL;
    struct site_report *report = site_report_create();
    int code = SIMULATE_BAD_DATA;
    if (site_load(run->options->site, &site, report) == STATUS_OK) {
        code = workload_at(run, site, work);
        site_destroy(site);
    } else {
        site_report_print(report, run->err);
    }
    site_report_destroy(report);
    return code;
}

static int read_days(const struct simulate_run *run, struct day_work *work)
{
    if (run->options->task == SIMULATE_TRACES) {
        return read_traces(run, work);
    }
    work->day_count = run->options->days;
    if (run->options->site != NULL) {
        return read_site(run, work);
    }
    work->workload = workload_reference(run->options->visits);
    return SIMULATE_FINE;
}

/* The site's own promises and limits; of a trace, which has none, the usual ones as far as its standard allows. */
static struct policy_terms base_terms(const struct day_work *work)
{
    if (work->workload != NULL) {
        return *workload_policy(work->workload);
    }
    CHECK(work->trace != NULL);
    struct policy_terms base = policy_default_terms;
    base.standard_ms = work->trace->site.standard_ms;
    base.rescue_ms = base.rescue_ms < base.standard_ms ? base.rescue_ms : base.standard_ms;
    base.limit_ms = base.limit_ms > base.standard_ms ? base.limit_ms : base.standard_ms;
    for (int i = 0; i < TICKET_CLASSES; i++) {
        if (i == CLASS_NORMAL || base.promise_ms[i] > base.standard_ms) {
            base.promise_ms[i] = base.standard_ms;
        }
    }
    return base;
}

static int settle_terms(const struct simulate_run *run, struct day_work *work)
{
    char message[POLICY_MESSAGE_BYTES];
    const struct policies *policies = &run->options->policies;
    const struct policy_terms base = base_terms(work);
    const struct trace_site *site = site_of(work, 0);
    for (int i = 0; i < policies->count; i++) {
        if (policies_terms(&policies->choices[i], &base, &work->terms[i], message) != STATUS_OK) {
            return simulate_complain(run, SIMULATE_USAGE, "--policy: %s", message);
        }
    }
    for (int i = 0; i < site->service_count; i++) {
        work->services[i] = site->services[i].code;
    }
    work->report_terms = (struct report_terms){.standard_ms = base.standard_ms,
                                               .slips_tracked = true,
                                               .service_count = site->service_count,
                                               .services = work->services};
    return SIMULATE_FINE;
}

static int save_days(const struct simulate_run *run, const struct day_work *work)
{
    const char *folder = run->options->save;
    enum status status = trace_write_site(folder, site_of(work, 0));
    for (int i = 0; i < work->day_count && status == STATUS_OK; i++) {
        struct trace_day day;
        workload_day(work->workload, run->options->seed, i, &day);
        status = trace_write_day(folder, i + 1, site_of(work, i), &day);
        trace_day_free(&day);
    }
    return status == STATUS_OK
               ? SIMULATE_FINE
               : simulate_complain(run, SIMULATE_FAILED, "%s: %s", folder, strerrordesc_np(errno));
}

/* ---- Running */

static struct report *new_report(const struct day_work *work)
{
    struct report *report = report_create(&work->report_terms);
    for (int i = 0; i < work->options->policies.count; i++) {
        (void)report_add_policy(report, work->options->policies.choices[i].name);
    }
    return report;
}

static void deviate(struct hands *hands, const struct trace_site *site, struct world_desk *desk,
                    struct world_counter *counters)
{
    messy_init(&hands->messy, site);
    for (int i = 0; i < site->counter_count; i++) {
        counters[i] = site->counters[i];
        counters[i].speed = (counters[i].speed > 0 ? counters[i].speed : 1.0) *
                            messy_speed(hands->messy.numbers[i]);
    }
    desk->counters = counters;
    desk->hooks = (struct world_hooks){.context = &hands->messy,
                                       .pick = messy_pick,
                                       .service_ms = messy_service_ms,
                                       .gap_ms = messy_gap_ms};
    hands->messy.stranger_factor = desk->stranger_factor;
}

static void run_policy(const struct day_work *work, struct hands *hands, int day,
                       const struct trace_day *visits, int policy)
{
    const struct trace_site *site = site_of(work, day);
    struct world_counter counters[QUARTER_COUNTERS_MAX];
    struct world_desk desk = work->workload != NULL
                                 ? workload_desk(work->workload, day, &work->terms[policy])
                                 : trace_desk(site, &work->terms[policy]);
    desk.track_slips = true;
    if (work->options->messy) {
        deviate(hands, site, &desk, counters);
        messy_start(&hands->messy, visits->count);
    }
    const struct world_visits arrivals = {.visits = visits->visits, .count = visits->count};
    world_set_desk(hands->world, &desk);
    world_start(hands->world, 0, NULL, &arrivals);
    (void)world_run(hands->world, INT64_MAX);
    report_begin_day(work->reports[day], policy, visits->name, visits->missed);
    report_add_world(work->reports[day], policy, hands->world);
}

static void run_day(void *context, int worker, int day)
{
    struct day_work *work = context;
    struct hands *hands = &work->hands[worker];
    struct trace_day drawn = {0};
    if (work->workload != NULL) {
        workload_day(work->workload, work->options->seed, day, &drawn);
    }
    const struct trace_day *visits = work->trace != NULL ? &work->trace->days[day] : &drawn;
    work->reports[day] = new_report(work);
    for (int i = 0; i < work->options->policies.count; i++) {
        run_policy(work, hands, day, visits, i);
    }
    trace_day_free(&drawn);
}

/* ---- Telling */

static void tell_json(const struct simulate_run *run, const struct day_work *work,
                      const struct report *report, int done)
{
    const struct simulate_options *options = run->options;
    json_t *root = json_pack("{s:s, s:i, s:b, s:b, s:o}", "source",
                             options->task == SIMULATE_TRACES ? "traces" : "synthetic", "days",
                             done, "partial", done < work->day_count, "messy", options->messy,
                             "report", report_json(report));
    CHECK(root != NULL);
    if (options->task == SIMULATE_SYNTHETIC) {
        CHECK(json_object_set_new(root, "seed", json_integer((json_int_t)options->seed)) == 0);
    }
    (void)json_dumpf(root, run->out, JSON_INDENT(1) | JSON_REAL_PRECISION(9));
    (void)fputc('\n', run->out);
    json_decref(root);
}

static void tell_limits(const char *name, const struct policy_terms *terms, FILE *out)
{
    static const double minute_ms = 60000.0;
    (void)fprintf(
        out, "%s: who has waited %g to %g min comes first; nobody is passed over after %g min\n",
        name, (double)(terms->standard_ms - terms->rescue_ms) / minute_ms,
        (double)terms->standard_ms / minute_ms, (double)terms->limit_ms / minute_ms);
}

static void tell_heading(const struct simulate_run *run, const struct day_work *work, int done)
{
    const struct simulate_options *options = run->options;
    if (options->task == SIMULATE_TRACES) {
        (void)fprintf(run->out, "%d recorded day%s of %s", done, done == 1 ? "" : "s",
                      options->traces);
    } else {
        (void)fprintf(run->out, "%d invented day%s of %s, seed %llu", done, done == 1 ? "" : "s",
                      options->site != NULL ? options->site : "the reference centre",
                      (unsigned long long)options->seed);
    }
    (void)fprintf(run->out, "%s%s\n", options->data != NULL ? ", by its history" : "",
                  options->messy ? ", staff deviate" : "");
    if (done < work->day_count) {
        (void)fprintf(run->out, "PARTIAL: stopped after %d of %d days\n", done, work->day_count);
    }
    for (int i = 0; i < options->policies.count; i++) {
        if (work->terms[i].rule == POLICY_RESCUE) {
            tell_limits(options->policies.choices[i].name, &work->terms[i], run->out);
        }
    }
    (void)fputc('\n', run->out);
}

static int tell(const struct simulate_run *run, const struct day_work *work, int done)
{
    const bool partial = done < work->day_count;
    if (done == 0) {
        return simulate_complain(run, SIMULATE_FAILED, "stopped before a day was done");
    }
    struct report *report = new_report(work);
    for (int i = 0; i < done; i++) {
        report_absorb(report, work->reports[i]);
    }
    switch (run->options->format) {
    case SIMULATE_TABLE:
        tell_heading(run, work, done);
        report_write_table(report, run->out);
        break;
    case SIMULATE_JSON: tell_json(run, work, report, done); break;
    case SIMULATE_CSV:
        if (partial) {
            (void)fprintf(run->out, "# partial: stopped after %d of %d days\n", done,
                          work->day_count);
        }
        report_write_csv(report, run->out);
        break;
    }
    report_destroy(report);
    return simulate_finish(run, partial);
}

static int run_days(const struct simulate_run *run, struct day_work *work)
{
    struct parallel crew = simulate_crew(run, work->day_count, "days");
    work->reports = calloc((size_t)work->day_count, sizeof(struct report *));
    CHECK(work->reports != NULL);
    for (int i = 0; i < crew.threads; i++) {
        work->hands[i].world = world_create();
    }
    crew.job = run_day;
    crew.context = work;
    const int code = tell(run, work, parallel_run(&crew));
    for (int i = 0; i < crew.threads; i++) {
        world_destroy(work->hands[i].world);
    }
    for (int i = 0; i < work->day_count; i++) {
        report_destroy(work->reports[i]);
    }
    free(work->reports);
    return code;
}

int simulate_days(const struct simulate_run *run)
{
    struct day_work work = {.options = run->options};
    int code = read_days(run, &work);
    if (code == SIMULATE_FINE) {
        code = settle_terms(run, &work);
    }
    if (code == SIMULATE_FINE && run->options->save != NULL) {
        code = save_days(run, &work);
    }
    if (code == SIMULATE_FINE) {
        code = run->options->score_forecast ? simulate_score(run, work.workload, work.terms)
                                            : run_days(run, &work);
    }
    trace_free(work.trace);
    workload_destroy(work.workload);
    return code;
}
