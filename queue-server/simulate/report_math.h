/* Estimates and their 95 % intervals over days. NAN: cannot be known. */
#ifndef QUARTER_SIMULATE_REPORT_MATH_H
#define QUARTER_SIMULATE_REPORT_MATH_H

#include <stdint.h>

#include "simulate/report.h"

/* What a ratio of day totals is made of: of each day. */
struct day_total {
    double above, below;
};

/* The 97.5 % quantile of Student's t; NAN for less than 1 degree of freedom. */
double report_t975(int degrees);
double report_ratio(const struct day_total *days, int count);
/* Half of the interval: t times the standard error by linearisation, days as clusters (Cochran, Sampling Techniques, 6.4
 * and 9A); NAN with less than 2 days. */
double report_ratio_half(const struct day_total *days, int count);
struct report_figure report_ratio_figure(const struct day_total *days, int count);
/* Of sorted values, as the reference does it: linear between ranks (n - 1) p. */
double report_quantile(const double *sorted, int64_t count, double p);
/* Of values already taken by day. */
struct report_figure report_mean_figure(const double *values, int count);

#endif
