/* The formulas. See exact.h. */
#include "simulate/exact.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "quarter/check.h"

static const char *const codes[] = {
#define X(name, code) [EXACT_##name] = (code),
    EXACT_MODEL_LIST(X)
#undef X
};

enum {
    MODEL_COUNT = sizeof(codes) / sizeof(codes[0]),
    STATES_MAX = 2000,   /* of M/M/c+M; its tail falls faster than any power */
    WAITING_MAX = 500,   /* about so many on average at most, so that STATES_MAX is enough */
    STEPS_PER_EVENT = 8, /* of the Runge-Kutta scheme: an error of about 1e-7 */
    PATIENCES_MAX = 40,  /* after so many mean patiences nobody still waits: exp(-40) */
};

static const double load_max = 0.9999; /* above, a run long enough to tell does not end */

const char *exact_model_code(enum exact_model model)
{
    CHECK((unsigned)model < MODEL_COUNT);
    return codes[model];
}

bool exact_model_from_code(const char *code, enum exact_model *model)
{
    for (int i = 0; i < MODEL_COUNT; i++) {
        if (strcmp(codes[i], code) == 0) {
            *model = (enum exact_model)i;
            return true;
        }
    }
    return false;
}

static double rate(const struct exact_case *queue, int of)
{
    return queue->per_hour[of] / 60.0;
}

static double total_rate(const struct exact_case *queue)
{
    double sum = 0;
    for (int i = 0; i < queue->classes; i++) {
        sum += rate(queue, i);
    }
    return sum;
}

static double class_load(const struct exact_case *queue, int of)
{
    return rate(queue, of) * queue->service_min[of] / queue->servers;
}

double exact_load(const struct exact_case *queue)
{
    double sum = 0;
    for (int i = 0; i < queue->classes; i++) {
        sum += class_load(queue, i);
    }
    return sum;
}

static bool services_differ(const struct exact_case *queue)
{
    for (int i = 1; i < queue->classes; i++) {
        if (fabs(queue->service_min[i] - queue->service_min[0]) > 1e-9) {
            return true;
        }
    }
    return false;
}

static const char *model_fault(const struct exact_case *queue)
{
    const bool exponential = fabs(queue->squared_cv - 1.0) < 1e-12;
    const bool many = queue->model == EXACT_PRIORITY || queue->model == EXACT_APQ;
    if (!many && queue->classes != 1) {
        return "only priority and apq have classes; give one rate";
    }
    if (queue->model == EXACT_MG1 && queue->servers != 1) {
        return "mg1 has one counter; no formula is known for more (mmc has, for exponential "
               "service times)";
    }
    if ((queue->model == EXACT_MMC || queue->model == EXACT_MMCM) && !exponential) {
        return "mmc and mmcm have exponential service times, so a squared cv of 1; take mg1";
    }
    if (many && queue->servers > 1 && (!exponential || services_differ(queue))) {
        return "with several counters, classes have an exact answer only when all have one "
               "exponential service time";
    }
    if (queue->model == EXACT_MMCM && !(queue->patience_min > 0)) {
        return "mmcm wants the mean patience in minutes";
    }
    if (queue->model == EXACT_MMCM &&
        (total_rate(queue) - queue->servers / queue->service_min[0]) * queue->patience_min >
            WAITING_MAX) {
        return "more than 500 would wait; let visitors be less patient, or add counters";
    }
    for (int i = 0; queue->model == EXACT_APQ && i < queue->classes; i++) {
        if (!(queue->growth[i] > 0)) {
            return "apq wants how fast the priority of each class grows, above 0";
        }
    }
    return NULL;
}

const char *exact_fault(const struct exact_case *queue)
{
    if (queue->servers < 1 || queue->servers > EXACT_SERVERS_MAX) {
        return "there are 1 to 64 counters";
    }
    if (queue->classes < 1 || queue->classes > EXACT_CLASSES_MAX) {
        return "there are 1 to 5 classes";
    }
    for (int i = 0; i < queue->classes; i++) {
        if (!(queue->per_hour[i] > 0) || !(queue->service_min[i] > 0)) {
            return "every class wants a rate and a mean service time above 0";
        }
    }
    if (!(queue->squared_cv >= 0)) {
        return "the squared cv of service times is not below 0";
    }
    const char *fault = model_fault(queue);
    if (fault == NULL && queue->model != EXACT_MMCM && exact_load(queue) > load_max) {
        fault = "more work comes in than the counters can do, so waits grow without end; add "
                "counters, or let visitors lose patience (mmcm)";
    }
    return fault;
}

/* Erlang's C, P(wait > 0) of M/M/c, by the recursion of Erlang's B, which never overflows. */
static double erlang_c(int servers, double offered)
{
    double blocked = 1.0;
    for (int k = 1; k <= servers; k++) {
        blocked = offered * blocked / (k + offered * blocked);
    }
    return blocked / (1.0 - offered / servers * (1.0 - blocked));
}

static double offered_load(const struct exact_case *queue)
{
    return exact_load(queue) * queue->servers;
}

static int mmc(const struct exact_case *queue, struct exact_figure *figures)
{
    const double delayed = erlang_c(queue->servers, offered_load(queue));
    const double spare = queue->servers / queue->service_min[0] - total_rate(queue);
    figures[0] = (struct exact_figure){EXACT_DELAYED, -1, delayed};
    figures[1] = (struct exact_figure){EXACT_MEAN_WAIT, -1, delayed / spare};
    figures[2] =
        (struct exact_figure){EXACT_WITHIN, -1, 1.0 - delayed * exp(-spare * queue->within_min)};
    return 3;
}

/* Sum over n of p(n) n, of waiting states n = 0, 1, ... (n waiting, every counter busy), and their probabilities. The
 * chain is built outwards from "all counters busy, nobody waits" with weight 1, so that no weight overflows below it. */
struct erlang_a {
    int states;
    double waiting[STATES_MAX]; /* P(all busy and n wait) */
    double busy, mean_waiting;  /* P(all busy), E[number waiting] */
};

static void solve_erlang_a(const struct exact_case *queue, struct erlang_a *chain)
{
    const double arrive = total_rate(queue);
    const double serve = 1.0 / queue->service_min[0];
    const double leave = 1.0 / queue->patience_min;
    double below = 0;
    double weight = 1.0;
    for (int n = queue->servers; n > 0; n--) {
        weight *= n * serve / arrive;
        below += weight;
    }
    double above = 1.0;
    chain->waiting[0] = 1.0;
    chain->mean_waiting = 0;
    for (chain->states = 1; chain->states < STATES_MAX; chain->states++) {
        const int n = chain->states;
        chain->waiting[n] = chain->waiting[n - 1] * arrive / (queue->servers * serve + n * leave);
        above += chain->waiting[n];
        chain->mean_waiting += n * chain->waiting[n];
        if (chain->waiting[n] < 1e-15 * above && chain->waiting[n] < chain->waiting[n - 1]) {
            break;
        }
    }
    const double scale = 1.0 / (below + above);
    for (int n = 0; n < chain->states; n++) {
        chain->waiting[n] *= scale;
    }
    chain->busy = above * scale;
    chain->mean_waiting *= scale;
}

/* How fast P(called by now | n were ahead) grows, for all n: one of those ahead is called or leaves, or I leave. */
static void erlang_a_slope(const struct exact_case *queue, int states, const double *called,
                           double *slope)
{
    const double serve = queue->servers / queue->service_min[0];
    const double leave = 1.0 / queue->patience_min;
    for (int n = 0; n < states; n++) {
        const double next = n == 0 ? 1.0 : called[n - 1];
        slope[n] = (serve + n * leave) * (next - called[n]) - leave * called[n];
    }
}

/* P(called within t, and still there), by the backward equations of the tagged visitor (Runge-Kutta, order 4). */
static double erlang_a_within(const struct exact_case *queue, const struct erlang_a *chain)
{
    double called[STATES_MAX] = {0};
    double trial[STATES_MAX] = {0};
    double slope[4][STATES_MAX];
    const double fastest =
        queue->servers / queue->service_min[0] + chain->states / queue->patience_min;
    /* The chain ends soon after its last visitor was called or left; then nothing changes any more. */
    const double served_min = (2.0 * chain->states + 100) * queue->service_min[0] / queue->servers;
    const double end_min =
        fmin(queue->within_min, fmin(served_min, PATIENCES_MAX * queue->patience_min));
    const int steps = (int)(end_min * fastest * STEPS_PER_EVENT) + STEPS_PER_EVENT;
    const double h = end_min / steps;
    static const double reach[4] = {0, 0.5, 0.5, 1};
    for (int step = 0; step < steps; step++) {
        for (int stage = 0; stage < 4; stage++) {
            for (int n = 0; n < chain->states; n++) {
                const double last = stage == 0 ? 0 : slope[stage - 1][n];
                trial[n] = called[n] + reach[stage] * h * last;
            }
            erlang_a_slope(queue, chain->states, trial, slope[stage]);
        }
        for (int n = 0; n < chain->states; n++) {
            called[n] += h / 6 * (slope[0][n] + 2 * slope[1][n] + 2 * slope[2][n] + slope[3][n]);
        }
    }
    double within = 1.0 - chain->busy;
    for (int n = 0; n < chain->states; n++) {
        within += chain->waiting[n] * called[n];
    }
    return within;
}

static int mmcm(const struct exact_case *queue, struct exact_figure *figures)
{
    struct erlang_a chain;
    solve_erlang_a(queue, &chain);
    /* Little's law: over everybody, whether called in the end or gone before. */
    const double wait = chain.mean_waiting / total_rate(queue);
    figures[0] = (struct exact_figure){EXACT_DELAYED, -1, chain.busy};
    figures[1] = (struct exact_figure){EXACT_MEAN_WAIT, -1, wait};
    figures[2] = (struct exact_figure){EXACT_WITHIN, -1, erlang_a_within(queue, &chain)};
    figures[3] = (struct exact_figure){EXACT_LEFT, -1, wait / queue->patience_min};
    return 4;
}

/* W0: how long until a counter comes free, seen by somebody who arrives, with all ahead of him gone. One counter:
 * lambda E[S^2] / 2; several, exponential: P(all busy) / (c mu). */
static double residual(const struct exact_case *queue)
{
    if (queue->servers > 1) {
        return erlang_c(queue->servers, offered_load(queue)) * queue->service_min[0] /
               queue->servers;
    }
    double sum = 0;
    for (int i = 0; i < queue->classes; i++) {
        const double mean = queue->service_min[i];
        sum += rate(queue, i) * mean * mean * (1.0 + queue->squared_cv) / 2;
    }
    return sum;
}

static int mg1(const struct exact_case *queue, struct exact_figure *figures)
{
    const double load = exact_load(queue);
    figures[0] = (struct exact_figure){EXACT_DELAYED, -1, load};
    figures[1] = (struct exact_figure){EXACT_MEAN_WAIT, -1, residual(queue) / (1.0 - load)};
    return 2;
}

static int priority(const struct exact_case *queue, struct exact_figure *figures)
{
    const double idle = residual(queue);
    double before = 0;
    for (int k = 0; k < queue->classes; k++) {
        const double with = before + class_load(queue, k);
        figures[k] =
            (struct exact_figure){EXACT_MEAN_WAIT, k, idle / ((1.0 - before) * (1.0 - with))};
        before = with;
    }
    return queue->classes;
}

/* Kleinrock's recursion, from the class whose priority grows slowest. */
static int apq(const struct exact_case *queue, struct exact_figure *figures)
{
    int order[EXACT_CLASSES_MAX] = {0};
    for (int k = 0; k < queue->classes; k++) {
        int at = k;
        for (; at > 0 && queue->growth[order[at - 1]] > queue->growth[k]; at--) {
            order[at] = order[at - 1];
        }
        order[at] = k;
    }
    const double fifo = residual(queue) / (1.0 - exact_load(queue));
    for (int at = 0; at < queue->classes; at++) {
        const int p = order[at];
        double above = fifo;
        double below = 1.0;
        for (int other = 0; other < queue->classes; other++) {
            const int i = order[other];
            if (other < at) {
                above -= class_load(queue, i) * figures[i].value *
                         (1.0 - queue->growth[i] / queue->growth[p]);
            } else {
                below -= class_load(queue, i) * (1.0 - queue->growth[p] / queue->growth[i]);
            }
        }
        figures[p] = (struct exact_figure){EXACT_MEAN_WAIT, p, above / below};
    }
    return queue->classes;
}

int exact_figures(const struct exact_case *queue, struct exact_figure figures[EXACT_FIGURES_MAX])
{
    CHECK(exact_fault(queue) == NULL);
    switch (queue->model) {
    case EXACT_MMC: return mmc(queue, figures);
    case EXACT_MMCM: return mmcm(queue, figures);
    case EXACT_PRIORITY: return priority(queue, figures);
    case EXACT_APQ: return apq(queue, figures);
    case EXACT_MG1: return mg1(queue, figures);
    }
    CHECK(false);
}
