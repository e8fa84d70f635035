/* `simulate --queue`: what the simulator measures beside what is known. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "quarter/check.h"
#include "simulate/command_parts.h"
#include "simulate/queue_run.h"
#include "simulate/report.h"

struct queue_work {
    struct queue_plan plan;
    double (*values)[EXACT_FIGURES_MAX]; /* by run */
    int *arrivals;
};

struct queue_result {
    const struct queue_plan *plan;
    int runs, figure_count;
    int64_t arrivals;
    struct exact_figure exact[EXACT_FIGURES_MAX];
    struct queue_estimate simulated[EXACT_FIGURES_MAX];
};

enum { NAME_BYTES = 64, NUMBER_BYTES = 32 };

static void run_one(void *context, int worker, int run)
{
    struct queue_work *work = context;
    (void)worker;
    work->arrivals[run] = queue_run(&work->plan, run, work->values[run]);
}

static const char *unit_of(const struct exact_figure *figure)
{
    return figure->kind == EXACT_MEAN_WAIT ? "min" : "";
}

static const char *name_of(const struct exact_case *queue, const struct exact_figure *figure,
                           char name[NAME_BYTES])
{
    char of[24] = "";
    if (figure->of >= 0) {
        (void)snprintf(of, sizeof(of), ", class %d", figure->of + 1);
    }
    switch (figure->kind) {
    case EXACT_DELAYED: (void)snprintf(name, NAME_BYTES, "P(wait > 0)%s", of); break;
    case EXACT_MEAN_WAIT: (void)snprintf(name, NAME_BYTES, "mean wait%s", of); break;
    case EXACT_WITHIN:
        (void)snprintf(name, NAME_BYTES, "P(called within %g min)%s", queue->within_min, of);
        break;
    case EXACT_LEFT: (void)snprintf(name, NAME_BYTES, "P(left)%s", of); break;
    }
    return name;
}

/* In standard errors; NAN when there is none to measure by. */
static double difference(const struct queue_result *result, int i)
{
    const struct queue_estimate *simulated = &result->simulated[i];
    return simulated->se > 0 ? (simulated->mean - result->exact[i].value) / simulated->se
                             : (double)NAN;
}

static void print_table(const struct queue_result *result, int runs_wanted, FILE *out)
{
    const struct exact_case *queue = &result->plan->queue;
    char name[NAME_BYTES];
    (void)fprintf(out, "%s: %d counter%s, load %.1f %%; %d runs of %.0f h after %.1f h of warm-up",
                  exact_model_code(queue->model), queue->servers, queue->servers == 1 ? "" : "s",
                  100 * exact_load(queue), result->runs, result->plan->measured_min / 60,
                  result->plan->warm_up_min / 60);
    (void)fprintf(out, ", %lld arrivals, seed %llu\n", (long long)result->arrivals,
                  (unsigned long long)result->plan->seed);
    if (result->runs < runs_wanted) {
        (void)fprintf(out, "PARTIAL: stopped after %d of %d runs\n", result->runs, runs_wanted);
    }
    (void)fprintf(out, "%-28s %12s %10s %12s %12s\n", "", "simulated", "+- se", "exact",
                  "difference");
    for (int i = 0; i < result->figure_count; i++) {
        const struct exact_figure *exact = &result->exact[i];
        char label[NAME_BYTES + 8];
        (void)snprintf(label, sizeof(label), "%s%s%s", name_of(queue, exact, name),
                       unit_of(exact)[0] != '\0' ? ", " : "", unit_of(exact));
        char mean[NUMBER_BYTES];
        char se[NUMBER_BYTES];
        (void)fprintf(out, "%-28s %12s %10s %12.6f", label,
                      report_number(result->simulated[i].mean, 6, mean, sizeof(mean)),
                      report_number(result->simulated[i].se, 6, se, sizeof(se)), exact->value);
        if (isnan(difference(result, i))) {
            (void)fprintf(out, " %12s\n", "unknown");
        } else {
            (void)fprintf(out, " %+9.2f se\n", difference(result, i));
        }
    }
}

static void print_csv(const struct queue_result *result, int runs_wanted, FILE *out)
{
    char name[NAME_BYTES];
    if (result->runs < runs_wanted) {
        (void)fprintf(out, "# partial: stopped after %d of %d runs\n", result->runs, runs_wanted);
    }
    (void)fputs("figure,unit,simulated,se,exact,difference_se,runs\n", out);
    for (int i = 0; i < result->figure_count; i++) {
        const double values[] = {result->simulated[i].mean, result->simulated[i].se,
                                 result->exact[i].value, difference(result, i)};
        (void)fprintf(out, "\"%s\",%s", name_of(&result->plan->queue, &result->exact[i], name),
                      unit_of(&result->exact[i]));
        for (size_t j = 0; j < sizeof(values) / sizeof(values[0]); j++) {
            if (isnan(values[j])) {
                (void)fputc(',', out);
            } else {
                (void)fprintf(out, ",%.9g", values[j]);
            }
        }
        (void)fprintf(out, ",%d\n", result->simulated[i].runs);
    }
}

static json_t *number(double value)
{
    return isnan(value) ? json_null() : json_real(value);
}

static void print_json(const struct queue_result *result, int runs_wanted, FILE *out)
{
    const struct exact_case *queue = &result->plan->queue;
    char name[NAME_BYTES];
    json_t *figures = json_array();
    for (int i = 0; i < result->figure_count; i++) {
        json_t *row = json_pack(
            "{s:s, s:s, s:o, s:o, s:f, s:o}", "figure", name_of(queue, &result->exact[i], name),
            "unit", unit_of(&result->exact[i]), "simulated", number(result->simulated[i].mean),
            "se", number(result->simulated[i].se), "exact", result->exact[i].value, "difference_se",
            number(difference(result, i)));
        CHECK(json_array_append_new(figures, row) == 0);
    }
    json_t *root =
        json_pack("{s:s, s:i, s:f, s:i, s:b, s:f, s:f, s:I, s:I, s:o}", "queue",
                  exact_model_code(queue->model), "servers", queue->servers, "load",
                  exact_load(queue), "runs", result->runs, "partial", result->runs < runs_wanted,
                  "hours", result->plan->measured_min / 60, "warm_up_hours",
                  result->plan->warm_up_min / 60, "arrivals", (json_int_t)result->arrivals, "seed",
                  (json_int_t)result->plan->seed, "figures", figures);
    CHECK(root != NULL);
    (void)json_dumpf(root, out, JSON_INDENT(1) | JSON_REAL_PRECISION(9));
    (void)fputc('\n', out);
    json_decref(root);
}

static void summarise(const struct queue_work *work, int runs, struct queue_result *result)
{
    *result = (struct queue_result){.plan = &work->plan, .runs = runs};
    result->figure_count = exact_figures(&work->plan.queue, result->exact);
    for (int i = 0; i < result->figure_count; i++) {
        result->simulated[i] = queue_estimate(work->values[0], runs, i);
    }
    for (int i = 0; i < runs; i++) {
        result->arrivals += work->arrivals[i];
    }
}

static int tell(const struct simulate_run *run, const struct queue_work *work, int runs)
{
    struct queue_result result;
    if (runs < 2) {
        return simulate_complain(run, SIMULATE_FAILED, "stopped before two runs were done");
    }
    summarise(work, runs, &result);
    switch (run->options->format) {
    case SIMULATE_TABLE: print_table(&result, run->options->runs, run->out); break;
    case SIMULATE_JSON: print_json(&result, run->options->runs, run->out); break;
    case SIMULATE_CSV: print_csv(&result, run->options->runs, run->out); break;
    }
    return simulate_finish(run, runs < run->options->runs);
}

int simulate_queue(const struct simulate_run *run)
{
    const struct simulate_options *options = run->options;
    const size_t runs = (size_t)options->runs;
    struct queue_work work = {.plan =
                                  queue_plan_make(&options->queue, options->hours, options->seed),
                              .values = calloc(runs, sizeof(work.values[0])),
                              .arrivals = calloc(runs, sizeof(work.arrivals[0]))};
    CHECK(work.values != NULL && work.arrivals != NULL);
    int code = SIMULATE_USAGE;
    if (queue_plan_arrivals(&work.plan) > QUEUE_ARRIVALS_MAX) {
        (void)simulate_complain(run, code,
                                "a run of %.0f h would have %.3g arrivals, and %.3g is the most; "
                                "give fewer --hours, or a smaller load",
                                work.plan.measured_min / 60, queue_plan_arrivals(&work.plan),
                                (double)QUEUE_ARRIVALS_MAX);
    } else if (queue_plan_years(&work.plan) > queue_years_max) {
        (void)simulate_complain(run, code,
                                "a run of %.0f h would last %.3g years, and %g are the most; give "
                                "fewer --hours, or a greater --rate",
                                work.plan.measured_min / 60, queue_plan_years(&work.plan),
                                queue_years_max);
    } else {
        struct parallel crew = simulate_crew(run, options->runs, "runs");
        crew.job = run_one;
        crew.context = &work;
        code = tell(run, &work, parallel_run(&crew));
    }
    free(work.values);
    free(work.arrivals);
    return code;
}
