/* The simulator held to queues whose answers are known: the formulas to the digits the literature notes quote, and the
 * world within 3 standard errors of the formulas. Seeds are fixed; over many seeds the differences are spread as they
 * should be (100 seeds of each case by hand: mean 0, mean square that of Student's t with 19 degrees of freedom). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "simulate/queue_run.h"

enum { RUNS = 20 };

static const struct exact_case mmc = {
    .model = EXACT_MMC,
    .servers = 12,
    .classes = 1,
    .per_hour = {60},
    .service_min = {10},
    .squared_cv = 1,
    .within_min = 15,
};
static const struct exact_case overloaded_impatient = {
    .model = EXACT_MMCM,
    .servers = 10,
    .classes = 1,
    .per_hour = {70},
    .service_min = {10},
    .squared_cv = 1,
    .patience_min = 30,
    .within_min = 15,
};
static const struct exact_case two_priorities = {
    .model = EXACT_PRIORITY,
    .servers = 6,
    .classes = 2,
    .per_hour = {10, 30},
    .service_min = {8, 8},
    .squared_cv = 1,
    .within_min = 15,
};
static const struct exact_case two_growths = {
    .model = EXACT_APQ,
    .servers = 6,
    .classes = 2,
    .per_hour = {10, 30},
    .service_min = {8, 8},
    .squared_cv = 1,
    .growth = {1, 0.5},
    .within_min = 15,
};
static const struct exact_case mg1 = {
    .model = EXACT_MG1,
    .servers = 1,
    .classes = 1,
    .per_hour = {4},
    .service_min = {10},
    .squared_cv = 0.5,
    .within_min = 15,
};

static void assert_near(double value, double wanted, double within)
{
    if (!(fabs(value - wanted) <= within)) {
        fail_msg("%.9g is not within %.2g of %.9g", value, within, wanted);
    }
}

static double figure(const struct exact_case *queue, enum exact_kind kind, int of)
{
    struct exact_figure figures[EXACT_FIGURES_MAX];
    assert_null(exact_fault(queue));
    const int count = exact_figures(queue, figures);
    for (int i = 0; i < count; i++) {
        if (figures[i].kind == kind && figures[i].of == of) {
            return figures[i].value;
        }
    }
    fail_msg("no figure %d of %d", (int)kind, of);
    return 0;
}

static void formulas_give_the_quoted_figures(void **state)
{
    (void)state;
    assert_near(figure(&mmc, EXACT_DELAYED, -1), 0.449388, 5e-7);
    assert_near(figure(&mmc, EXACT_MEAN_WAIT, -1), 2.24694, 5e-6);
    assert_near(figure(&mmc, EXACT_WITHIN, -1), 0.977626, 5e-7);
    assert_near(figure(&two_priorities, EXACT_MEAN_WAIT, 0), 1.22315, 5e-6);
    assert_near(figure(&two_priorities, EXACT_MEAN_WAIT, 1), 11.00836, 5e-6);
    assert_near(figure(&two_growths, EXACT_MEAN_WAIT, 0), 5.35129, 5e-6);
    assert_near(figure(&two_growths, EXACT_MEAN_WAIT, 1), 9.63232, 5e-6);
    assert_near(figure(&mg1, EXACT_MEAN_WAIT, -1), 15.0, 1e-9);
}

static void a_patient_crowd_waits_as_in_erlang_c(void **state)
{
    (void)state;
    struct exact_case patient = mmc;
    patient.model = EXACT_MMCM;
    patient.patience_min = 1e9;
    assert_near(figure(&patient, EXACT_DELAYED, -1), figure(&mmc, EXACT_DELAYED, -1), 1e-6);
    assert_near(figure(&patient, EXACT_MEAN_WAIT, -1), figure(&mmc, EXACT_MEAN_WAIT, -1), 1e-5);
    assert_near(figure(&patient, EXACT_WITHIN, -1), figure(&mmc, EXACT_WITHIN, -1), 1e-6);
    assert_near(figure(&patient, EXACT_LEFT, -1), 0, 1e-8);
}

/* One counter, patience as long as a service on average: n in the room is Poisson(lambda / mu), so P(all busy) is
 * 1 - exp(-a) and P(left) = 1 - (1 - exp(-a)) / a. */
static void an_impatient_crowd_agrees_with_a_closed_form(void **state)
{
    (void)state;
    struct exact_case queue = overloaded_impatient;
    queue.servers = 1;
    queue.patience_min = queue.service_min[0];
    const double a = queue.per_hour[0] / 60 * queue.service_min[0];
    assert_near(figure(&queue, EXACT_DELAYED, -1), 1 - exp(-a), 1e-9);
    assert_near(figure(&queue, EXACT_LEFT, -1), 1 - (1 - exp(-a)) / a, 1e-9);
}

/* However priority is shared out, the work that waits is the same: sum of rho_k W_k. */
static void priorities_keep_the_total_wait(void **state)
{
    (void)state;
    struct exact_case fifo = mmc;
    fifo.servers = 6;
    fifo.per_hour[0] = 40;
    fifo.service_min[0] = 8;
    const double total = 40 * figure(&fifo, EXACT_MEAN_WAIT, -1);
    const struct exact_case *const cases[] = {&two_priorities, &two_growths};
    for (size_t i = 0; i < 2; i++) {
        const double sum =
            10 * figure(cases[i], EXACT_MEAN_WAIT, 0) + 30 * figure(cases[i], EXACT_MEAN_WAIT, 1);
        assert_near(sum, total, 1e-9);
    }
    struct exact_case equal = two_growths;
    equal.growth[0] = equal.growth[1];
    assert_near(figure(&equal, EXACT_MEAN_WAIT, 0), total / 40, 1e-9);
    struct exact_case steep = two_growths;
    steep.growth[1] = 1e-12;
    assert_near(figure(&steep, EXACT_MEAN_WAIT, 0), figure(&two_priorities, EXACT_MEAN_WAIT, 0),
                1e-6);
}

static void assert_simulated(const struct exact_case *queue, double hours, uint64_t seed)
{
    static double values[RUNS][EXACT_FIGURES_MAX];
    struct exact_figure figures[EXACT_FIGURES_MAX];
    const struct queue_plan plan = queue_plan_make(queue, hours, seed);
    for (int run = 0; run < RUNS; run++) {
        (void)queue_run(&plan, run, values[run]);
    }
    const int count = exact_figures(queue, figures);
    for (int i = 0; i < count; i++) {
        const struct queue_estimate estimate = queue_estimate(values[0], RUNS, i);
        const double away = (estimate.mean - figures[i].value) / estimate.se;
        assert_true(estimate.se > 0);
        if (!(fabs(away) <= 3)) {
            fail_msg("%s, figure %d: simulated %.6f +- %.6f, exact %.6f: %+.1f se (seed %llu)",
                     exact_model_code(queue->model), i, estimate.mean, estimate.se,
                     figures[i].value, away, (unsigned long long)seed);
        }
        /* A bound that means something: about 5 % at most. */
        assert_true(estimate.se < 0.05 * figures[i].value);
    }
}

static void simulated_queues_agree_with_the_formulas(void **state)
{
    (void)state;
    assert_simulated(&mmc, 400, 7);
    assert_simulated(&overloaded_impatient, 200, 7);
    assert_simulated(&two_priorities, 600, 7);
    assert_simulated(&two_growths, 600, 7);
    assert_simulated(&mg1, 3000, 7);
}

/* With one counter the formulas hold for any service times. */
static void simulated_classes_may_differ_at_one_counter(void **state)
{
    (void)state;
    struct exact_case queue = {
        .model = EXACT_PRIORITY,
        .servers = 1,
        .classes = 3,
        .per_hour = {1, 2, 1},
        .service_min = {5, 10, 14},
        .squared_cv = 0.5,
        .within_min = 15,
    };
    assert_simulated(&queue, 3000, 7);
    queue.model = EXACT_APQ;
    queue.growth[0] = 3;
    queue.growth[1] = 1;
    queue.growth[2] = 2;
    assert_simulated(&queue, 3000, 7);
}

static void a_run_depends_on_its_number_alone(void **state)
{
    (void)state;
    double first[EXACT_FIGURES_MAX] = {0};
    double other[EXACT_FIGURES_MAX] = {0};
    double again[EXACT_FIGURES_MAX] = {0};
    const struct queue_plan plan = queue_plan_make(&mmc, 20, 3);
    assert_true(queue_run(&plan, 4, first) > 1000);
    (void)queue_run(&plan, 5, other);
    (void)queue_run(&plan, 4, again);
    assert_memory_equal(first, again, sizeof(first));
    assert_true(first[0] != other[0]);
}

static void assert_fault(struct exact_case queue, const char *part)
{
    const char *fault = exact_fault(&queue);
    assert_non_null(fault);
    if (strstr(fault, part) == NULL) {
        fail_msg("'%s' does not say '%s'", fault, part);
    }
}

static void what_has_no_answer_is_refused_with_the_reason(void **state)
{
    (void)state;
    struct exact_case queue = mmc;
    queue.per_hour[0] = 72; /* rho = 1 */
    assert_fault(queue, "without end");
    queue.per_hour[0] = -1;
    assert_fault(queue, "above 0");
    queue = mmc;
    queue.per_hour[0] = (double)NAN;
    assert_fault(queue, "above 0");
    queue = mmc;
    queue.servers = 0;
    assert_fault(queue, "counters");
    queue = mmc;
    queue.squared_cv = 0.5;
    assert_fault(queue, "exponential");
    queue = mmc;
    queue.classes = 2;
    queue.per_hour[1] = 1;
    queue.service_min[1] = 1;
    assert_fault(queue, "one rate");
    queue = mg1;
    queue.servers = 2;
    assert_fault(queue, "one counter");
    queue = two_priorities;
    queue.service_min[1] = 9;
    assert_fault(queue, "one exponential service time");
    queue = two_growths;
    queue.growth[1] = 0;
    assert_fault(queue, "grows");
    queue = overloaded_impatient;
    queue.patience_min = 0;
    assert_fault(queue, "patience");
    queue.patience_min = 1e6;
    assert_fault(queue, "500");
}

/* The chance to be called soon needs no more steps than the queue has events until everybody is gone. */
static void extreme_patience_has_an_answer_soon(void **state)
{
    (void)state;
    static const double patiences[] = {0.01, 1e6};
    for (size_t i = 0; i < 2; i++) {
        struct exact_case queue = overloaded_impatient;
        struct exact_figure figures[EXACT_FIGURES_MAX];
        queue.per_hour[0] = 6;
        queue.service_min[0] = 0.01;
        queue.patience_min = patiences[i];
        queue.within_min = 1e4;
        assert_int_equal(exact_figures(&queue, figures), 4);
        assert_near(figures[2].value, 1.0 - figures[3].value, 1e-6);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formulas_give_the_quoted_figures),
        cmocka_unit_test(a_patient_crowd_waits_as_in_erlang_c),
        cmocka_unit_test(an_impatient_crowd_agrees_with_a_closed_form),
        cmocka_unit_test(priorities_keep_the_total_wait),
        cmocka_unit_test(simulated_queues_agree_with_the_formulas),
        cmocka_unit_test(simulated_classes_may_differ_at_one_counter),
        cmocka_unit_test(a_run_depends_on_its_number_alone),
        cmocka_unit_test(what_has_no_answer_is_refused_with_the_reason),
        cmocka_unit_test(extreme_patience_has_an_answer_soon),
    };
    return cmocka_run_group_tests_name("exact queues", tests, NULL, NULL);
}
