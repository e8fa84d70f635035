/* Runs queues with known answers. See queue_run.h. */
#include "simulate/queue_run.h"

#include <math.h>
#include <stdlib.h>

#include "engine/forecast/random.h"
#include "engine/forecast/world.h"
#include "quarter/check.h"

enum purpose { DRAW_GAP, DRAW_CLASS, DRAW_SERVICE, DRAW_PATIENCE };

enum {
    ARRIVALS_WANTED = 100000,
    RELAXATIONS_WARM = 10,
    RELAXATIONS_MEASURED = 1000,
};

static const double minute_ms = 60000.0;

struct arrivals {
    struct world_visit *visits;
    int32_t count, capacity;
};

static double per_minute(const struct exact_case *queue)
{
    double sum = 0;
    for (int i = 0; i < queue->classes; i++) {
        sum += queue->per_hour[i] / 60.0;
    }
    return sum;
}

/* How long a queue remembers: of M/M/c about s / (c (1 - rho)^2), longer where services vary more. An impatient queue
 * forgets with its visitors. */
static double relaxation_min(const struct exact_case *queue)
{
    double longest = 0;
    for (int i = 0; i < queue->classes; i++) {
        longest = fmax(longest, queue->service_min[i]);
    }
    if (queue->model == EXACT_MMCM) {
        return longest + queue->patience_min;
    }
    const double spare = 1.0 - exact_load(queue);
    return longest + longest * (1.0 + queue->squared_cv) / (2 * queue->servers * spare * spare);
}

struct queue_plan queue_plan_make(const struct exact_case *queue, double hours, uint64_t seed)
{
    const double relaxation = relaxation_min(queue);
    const double enough =
        fmax(ARRIVALS_WANTED / per_minute(queue), RELAXATIONS_MEASURED * relaxation);
    return (struct queue_plan){.queue = *queue,
                               .seed = seed,
                               .warm_up_min = RELAXATIONS_WARM * relaxation,
                               .measured_min = hours > 0 ? hours * 60.0 : enough};
}

double queue_plan_arrivals(const struct queue_plan *plan)
{
    return per_minute(&plan->queue) * (plan->measured_min + 2 * plan->warm_up_min);
}

double queue_plan_years(const struct queue_plan *plan)
{
    return (plan->measured_min + 2 * plan->warm_up_min) / (60.0 * 24 * 365.25);
}

/* Class k of the case is called as the k-th class of `strict`. */
static enum ticket_class ticket_class_of(int k)
{
    for (int i = 0; i < TICKET_CLASSES; i++) {
        if (policy_class_tier((enum ticket_class)i) == k) {
            return (enum ticket_class)i;
        }
    }
    CHECK(false);
}

static struct policy_terms terms_of(const struct exact_case *queue)
{
    struct policy_terms terms = policy_default_terms;
    terms.rule = queue->model == EXACT_PRIORITY ? POLICY_STRICT
                 : queue->model == EXACT_APQ    ? POLICY_APQ
                                                : POLICY_FIFO;
    double slowest = queue->growth[0];
    for (int k = 1; k < queue->classes; k++) {
        slowest = fmin(slowest, queue->growth[k]);
    }
    for (int k = 0; terms.rule == POLICY_APQ && k < queue->classes; k++) {
        terms.promise_ms[ticket_class_of(k)] =
            llround((double)terms.standard_ms * slowest / queue->growth[k]);
    }
    return terms;
}

static int draw_class(const struct exact_case *queue, double u)
{
    double left = u * per_minute(queue) * 60.0;
    for (int k = 0; k < queue->classes - 1; k++) {
        left -= queue->per_hour[k];
        if (left < 0) {
            return k;
        }
    }
    return queue->classes - 1;
}

static double draw_service(const struct exact_case *queue, int k, double u)
{
    return fabs(queue->squared_cv - 1.0) < 1e-12
               ? random_exponential(u, queue->service_min[k])
               : random_lognormal(u, queue->service_min[k], sqrt(queue->squared_cv));
}

static struct world_visit draw_visit(const struct exact_case *queue, uint64_t key, double at_min)
{
    const int k = draw_class(queue, random_at(key, DRAW_CLASS));
    const int64_t at_ms = llround(at_min * minute_ms);
    const double patience = random_exponential(random_at(key, DRAW_PATIENCE), queue->patience_min);
    return (struct world_visit){
        .arrives_ms = at_ms,
        .leg_from_ms = at_ms,
        .leaves_ms = queue->model == EXACT_MMCM ? at_ms + llround(patience * minute_ms) : INT64_MAX,
        .service_ms = llround(draw_service(queue, k, random_at(key, DRAW_SERVICE)) * minute_ms),
        .id = k,
        .next_service = -1,
        .language = -1,
        .ticket_class = (uint8_t)ticket_class_of(k),
    };
}

static void draw_arrivals(const struct queue_plan *plan, int run, struct arrivals *arrivals)
{
    const uint64_t key = random_stream(plan->seed, (uint64_t)run);
    const double mean_gap = 1.0 / per_minute(&plan->queue);
    const double end_min = plan->measured_min + 2 * plan->warm_up_min;
    double at_min = 0;
    for (uint64_t i = 0;; i++) {
        const uint64_t visit = random_stream(key, i);
        at_min += random_exponential(random_at(visit, DRAW_GAP), mean_gap);
        if (at_min >= end_min) {
            return;
        }
        if (arrivals->count == arrivals->capacity) {
            CHECK(arrivals->capacity <= 2 * QUEUE_ARRIVALS_MAX);
            arrivals->capacity += arrivals->capacity / 2 + ARRIVALS_WANTED;
            arrivals->visits =
                realloc(arrivals->visits, (size_t)arrivals->capacity * sizeof(arrivals->visits[0]));
            CHECK(arrivals->visits != NULL);
        }
        arrivals->visits[arrivals->count++] = draw_visit(&plan->queue, visit, at_min);
    }
}

/* Of one class of one run. */
struct tally {
    int64_t visits, delayed, within, left;
    double waited_min;
};

static void count_ticket(const struct queue_plan *plan, const struct world_ticket *ticket,
                         struct tally *tally)
{
    const bool served = ticket->outcome == WORLD_SERVED;
    const int64_t until_ms = served ? ticket->called_ms : ticket->visit->leaves_ms;
    const double wait_min = (double)(until_ms - ticket->leg_from_ms) / minute_ms;
    tally->visits++;
    tally->delayed += until_ms > ticket->leg_from_ms;
    tally->left += !served;
    tally->within += served && wait_min <= plan->queue.within_min;
    tally->waited_min += wait_min;
}

static double figure_of(const struct exact_figure *figure, const struct tally tallies[])
{
    struct tally sum = {0};
    for (int k = 0; k < EXACT_CLASSES_MAX; k++) {
        if (figure->of == -1 || figure->of == k) {
            sum.visits += tallies[k].visits;
            sum.delayed += tallies[k].delayed;
            sum.within += tallies[k].within;
            sum.left += tallies[k].left;
            sum.waited_min += tallies[k].waited_min;
        }
    }
    const double visits = sum.visits > 0 ? (double)sum.visits : (double)NAN;
    switch (figure->kind) {
    case EXACT_DELAYED: return (double)sum.delayed / visits;
    case EXACT_MEAN_WAIT: return sum.waited_min / visits;
    case EXACT_WITHIN: return (double)sum.within / visits;
    case EXACT_LEFT: return (double)sum.left / visits;
    }
    CHECK(false);
}

static void run_world(const struct exact_case *queue, const struct arrivals *arrivals,
                      struct world *world)
{
    struct world_counter counters[EXACT_SERVERS_MAX] = {0};
    for (int i = 0; i < queue->servers; i++) {
        counters[i] = (struct world_counter){.services = 1, .closes_ms = INT64_MAX};
    }
    const struct world_desk desk = {.policy = terms_of(queue),
                                    .service_count = 1,
                                    .counter_count = queue->servers,
                                    .counters = counters};
    const struct world_visits visits = {.visits = arrivals->visits, .count = arrivals->count};
    world_set_desk(world, &desk);
    world_start(world, 0, NULL, &visits);
    (void)world_run(world, INT64_MAX);
}

int queue_run(const struct queue_plan *plan, int run, double values[EXACT_FIGURES_MAX])
{
    struct arrivals arrivals = {0};
    struct tally tallies[EXACT_CLASSES_MAX] = {0};
    struct exact_figure figures[EXACT_FIGURES_MAX];
    struct world *world = world_create();
    const int64_t from_ms = llround(plan->warm_up_min * minute_ms);
    const int64_t to_ms = llround((plan->warm_up_min + plan->measured_min) * minute_ms);
    int measured = 0;
    draw_arrivals(plan, run, &arrivals);
    run_world(&plan->queue, &arrivals, world);
    for (int32_t i = 0; i < arrivals.count; i++) {
        const struct world_ticket *ticket = world_ticket(world, i);
        if (ticket->visit->arrives_ms >= from_ms && ticket->visit->arrives_ms < to_ms) {
            count_ticket(plan, ticket, &tallies[ticket->visit->id]);
            measured++;
        }
    }
    const int count = exact_figures(&plan->queue, figures);
    for (int i = 0; i < count; i++) {
        values[i] = figure_of(&figures[i], tallies);
    }
    world_destroy(world);
    free(arrivals.visits);
    return measured;
}

struct queue_estimate queue_estimate(const double *values, int runs, int figure)
{
    double sum = 0;
    int known = 0;
    for (int i = 0; i < runs; i++) {
        const double value = values[i * EXACT_FIGURES_MAX + figure];
        sum += isnan(value) ? 0 : value;
        known += !isnan(value);
    }
    if (known < 2) {
        return (struct queue_estimate){.mean = (double)NAN, .se = (double)NAN, .runs = known};
    }
    const double mean = sum / known;
    double squares = 0;
    for (int i = 0; i < runs; i++) {
        const double value = values[i * EXACT_FIGURES_MAX + figure];
        squares += isnan(value) ? 0 : (value - mean) * (value - mean);
    }
    return (struct queue_estimate){
        .mean = mean, .se = sqrt(squares / (known - 1) / known), .runs = known};
}
