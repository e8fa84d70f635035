/* Queues whose answers are known exactly, to hold the simulator to: Poisson arrivals, one line, c equal counters. Only
 * formulas here; queue_case.h runs the simulator beside them. Rates per minute inside, minutes outside; doubles.
 *
 *   mmc       M/M/c, first come, first served                Erlang 1917; Gross, Harris, Fundamentals of Queueing Theory
 *   mmcm      M/M/c+M, exponential patience (Erlang A)       Palm 1957; Mandelbaum, Zeltyn 2007
 *   priority  non-preemptive, strict; class 1 comes first    Cobham 1954 (one counter, any service times); Kella,
 *                                                            Yechiali 1985 (c counters, one exponential service time)
 *   apq       accumulating priority, growth b of each class  Kleinrock 1964; Stanford, Taylor, Ziedins 2014; likewise
 *   mg1       M/G/1, first come, first served                Pollaczek 1930, Khinchine 1932 */
#ifndef QUARTER_SIMULATE_EXACT_H
#define QUARTER_SIMULATE_EXACT_H

#include <stdbool.h>

enum { EXACT_CLASSES_MAX = 5, EXACT_SERVERS_MAX = 64, EXACT_FIGURES_MAX = 16 };

#define EXACT_MODEL_LIST(X)                                                                        \
    X(MMC, "mmc")                                                                                  \
    X(MMCM, "mmcm")                                                                                \
    X(PRIORITY, "priority")                                                                        \
    X(APQ, "apq")                                                                                  \
    X(MG1, "mg1")

enum exact_model {
#define X(name, code) EXACT_##name,
    EXACT_MODEL_LIST(X)
#undef X
};

struct exact_case {
    enum exact_model model;
    int servers, classes;
    double per_hour[EXACT_CLASSES_MAX];
    double service_min[EXACT_CLASSES_MAX]; /* mean */
    double squared_cv;                     /* of service times; 1: exponential, else lognormal */
    double patience_min;                   /* mmcm: mean */
    double growth[EXACT_CLASSES_MAX];      /* apq: of priority, per minute waited */
    double within_min;                     /* the t of P(wait <= t) */
};

enum exact_kind { EXACT_DELAYED, EXACT_MEAN_WAIT, EXACT_WITHIN, EXACT_LEFT };

struct exact_figure {
    enum exact_kind kind;
    int of; /* class, or -1: everybody */
    double value;
};

const char *exact_model_code(enum exact_model model);
bool exact_model_from_code(const char *code, enum exact_model *model);

double exact_load(const struct exact_case *queue); /* rho: work that comes in, per counter */
/* NULL, or why there is no exact answer, as a sentence. */
const char *exact_fault(const struct exact_case *queue);
/* Of a case without fault; returns how many it wrote. */
int exact_figures(const struct exact_case *queue, struct exact_figure figures[EXACT_FIGURES_MAX]);

#endif
