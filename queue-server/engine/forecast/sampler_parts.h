/* Between the files of the sampler. */
#ifndef QUARTER_ENGINE_FORECAST_SAMPLER_PARTS_H
#define QUARTER_ENGINE_FORECAST_SAMPLER_PARTS_H

#include "engine/forecast/sampler.h"

enum { PRIOR_POINTS = 64 }; /* by which a prior's distribution is written */

struct weighted {
    float value, weight;
};

/* Sorts the points (count >= 1, weights > 0, at least one). tailed: values are positive, and there is more to come
 * beyond the largest. */
void curve_make(struct sampler_curve *curve, struct weighted *points, int count, bool tailed);

/* Service times and factors. known: index in the knowledge of each service of the site, or -1. */
void sampler_fit(struct sampler *sampler, const struct knowledge *knowledge,
                 const struct sampler_site *site, const int *known);

#endif
