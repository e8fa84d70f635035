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
 * and 9A). Days without anything below tell nothing; NAN where less than 2 tell. */
double report_ratio_half(const struct day_total *days, int count);
struct report_figure report_ratio_figure(const struct day_total *days, int count);
/* Likewise, of a share. Where it is 0 or 1 on every day the days differ by nothing, and Clopper and Pearson's interval
 * (Biometrika 1934) says how far that is chance. */
struct report_figure report_share_figure(const struct day_total *days, int count);
/* Of sorted values, as the reference does it: linear between ranks (n - 1) p. */
double report_quantile(const double *sorted, int64_t count, double p);
/* spare: as much room. A radix sort: a day's policy is run faster than its waits are compared with each other. */
void report_sort_ms(uint32_t *ms, uint32_t *spare, int64_t count);
/* Of values already taken by day. */
struct report_figure report_mean_figure(const double *values, int count);

#endif
