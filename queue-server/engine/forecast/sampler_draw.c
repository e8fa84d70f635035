/* Distributions as tables of quantiles: making them, and drawing from them by inversion. */
#include "engine/forecast/sampler.h"

#include <math.h>
#include <stdlib.h>

#include "engine/forecast/knowledge_state.h"
#include "engine/forecast/sampler_parts.h"
#include "quarter/check.h"

enum {
    TAIL_FROM = SAMPLER_KNOTS - 26, /* the top tenth */
    SMOOTH_REACH = 5,
};

static const double share_of_knot = 1.0 / SAMPLER_KNOTS;
static const int64_t never_ms = INT64_MAX / 4;

/* ---- Making */

static int by_value(const void *a, const void *b)
{
    const float x = ((const struct weighted *)a)->value;
    const float y = ((const struct weighted *)b)->value;
    return (x > y) - (x < y);
}

/* Hill's estimator over the quantiles of the top tenth. For a Pareto distribution with index 1 the mean of
 * log(at[k] / at[TAIL_FROM]) over k = TAIL_FROM + 1 .. KNOTS - 1 is ln 26 - ln(25!) / 25 = .938. */
static float tail_index(const struct sampler_curve *curve)
{
    double sum = 0;
    for (int k = TAIL_FROM + 1; k < SAMPLER_KNOTS; k++) {
        sum += log((double)(curve->at[k] / curve->at[TAIL_FROM]));
    }
    const double mean = sum / (SAMPLER_KNOTS - 1 - TAIL_FROM);
    return (float)(mean < 0.938 / 8 ? 8 : fmax(0.938 / mean, 2));
}

static float mean_of(const struct sampler_curve *curve)
{
    double sum = 0;
    for (int k = 0; k + 1 < SAMPLER_KNOTS; k++) {
        sum += 0.5 * ((double)curve->at[k] + (double)curve->at[k + 1]);
    }
    const double top = (double)curve->at[SAMPLER_KNOTS - 1];
    const double tail = (double)curve->tail;
    sum += tail > 0 ? top * tail / (tail - 1) : 0.5 * (top + (double)curve->at[SAMPLER_KNOTS]);
    return (float)(sum * share_of_knot);
}

/* A mean of neighbouring quantiles, so that a second more of what has lasted does not leap over a hole between two
 * observations. It keeps the mean, and both ends where they are. */
static void smooth(struct sampler_curve *curve)
{
    const struct sampler_curve rough = *curve;
    for (int k = 1; k < SAMPLER_KNOTS - 1; k++) {
        const int from_end = k < SAMPLER_KNOTS - 1 - k ? k : SAMPLER_KNOTS - 1 - k;
        const int reach = from_end < SMOOTH_REACH ? from_end : SMOOTH_REACH;
        double sum = 0;
        for (int i = -reach; i <= reach; i++) {
            sum += (double)rough.at[k + i] * (reach + 1 - abs(i));
        }
        curve->at[k] = (float)(sum / ((reach + 1) * (reach + 1)));
    }
}

void curve_make(struct sampler_curve *curve, struct weighted *points, int count, bool tailed)
{
    CHECK(count >= 1);
    qsort(points, (size_t)count, sizeof(*points), by_value);
    double all = 0;
    for (int i = 0; i < count; i++) {
        all += (double)points[i].weight;
    }
    CHECK(all > 0);
    /* A point stands at the middle of its weight; between two of them the quantile is linear. */
    int i = 0;
    double here = 0.5 * (double)points[0].weight;
    double before = here;
    for (int k = 0; k <= SAMPLER_KNOTS; k++) {
        const double wanted = all * k * share_of_knot;
        while (here < wanted && i + 1 < count) {
            before = here;
            here += 0.5 * (double)(points[i].weight + points[i + 1].weight);
            i++;
        }
        const double high = (double)points[i].value;
        if (i == 0 || here <= wanted) {
            curve->at[k] = (float)high;
        } else {
            const double low = (double)points[i - 1].value;
            curve->at[k] = (float)(low + (high - low) * (wanted - before) / (here - before));
        }
    }
    smooth(curve);
    curve->tail = tailed ? tail_index(curve) : 0;
    curve->mean_ms = mean_of(curve);
}

/* ---- Drawing */

static int64_t whole_ms(double ms)
{
    return ms < (double)never_ms ? (int64_t)llrint(ms) : never_ms;
}

int64_t sampler_curve_ms(const struct sampler_curve *curve, double u)
{
    const double at = u * SAMPLER_KNOTS;
    const int k = (int)at;
    if (k >= SAMPLER_KNOTS - 1 && curve->tail > 0) {
        const double over = (1 - u) * SAMPLER_KNOTS;
        const double ms =
            (double)curve->at[SAMPLER_KNOTS - 1] * pow(over, -1 / (double)curve->tail);
        return whole_ms(fmin(ms, DURATION_MAX_MS));
    }
    const double low = (double)curve->at[k];
    return (int64_t)lrint(low + ((double)curve->at[k + 1] - low) * (at - k));
}

/* The last knot not above the value; -1: below all. */
static int knot_below(const struct sampler_curve *curve, double value)
{
    int low = -1;
    int high = SAMPLER_KNOTS + 1;
    while (high - low > 1) {
        const int middle = (low + high) / 2;
        if ((double)curve->at[middle] <= value) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

double sampler_curve_share(const struct sampler_curve *curve, double value_ms)
{
    const double top = (double)curve->at[SAMPLER_KNOTS - 1];
    if (curve->tail > 0 && value_ms >= top) {
        return 1 - share_of_knot * pow(value_ms / top, -(double)curve->tail);
    }
    const int k = knot_below(curve, value_ms);
    if (k < 0 || k >= SAMPLER_KNOTS) {
        return k < 0 ? 0 : 1;
    }
    const double low = (double)curve->at[k];
    const double step = (double)curve->at[k + 1] - low;
    return (k + (value_ms - low) / step) * share_of_knot;
}

int64_t sampler_curve_after_ms(const struct sampler_curve *curve, double elapsed_ms, double u)
{
    const double top = (double)curve->at[SAMPLER_KNOTS - 1];
    if (curve->tail > 0 && elapsed_ms >= top) {
        const double ms = elapsed_ms * pow(1 - u, -1 / (double)curve->tail);
        return whole_ms(fmin(ms, elapsed_ms + DURATION_MAX_MS));
    }
    const double share = sampler_curve_share(curve, elapsed_ms);
    const int64_t whole = sampler_curve_ms(curve, fmin(share + u * (1 - share), 1 - 1e-12));
    return whole < (int64_t)elapsed_ms ? (int64_t)elapsed_ms : whole;
}

int64_t sampler_remaining_ms(const struct sampler *sampler, int service, double factor,
                             int64_t elapsed_ms, double u)
{
    CHECK(service >= 0 && service < sampler->service_count && factor > 0);
    const double elapsed = (double)elapsed_ms / factor;
    const int64_t whole_ms_now = sampler_curve_after_ms(&sampler->service[service], elapsed, u);
    const int64_t left_ms = whole_ms(((double)whole_ms_now - elapsed) * factor);
    return left_ms > 0 ? left_ms : 0;
}

int64_t sampler_lag_ms(const struct sampler_lag *lag, double u)
{
    const double none = 1 - (double)lag->share;
    return u < none ? 0 : sampler_curve_ms(&lag->over, (u - none) / (double)lag->share);
}

int64_t sampler_lag_remaining_ms(const struct sampler_lag *lag, int64_t elapsed_ms, double u)
{
    /* What goes on still after a second is one of those over it. */
    if (elapsed_ms <= LAG_ZERO_MS && lag->share <= 0) {
        return 0;
    }
    if (elapsed_ms <= LAG_ZERO_MS) {
        const int64_t whole = sampler_lag_ms(lag, u);
        return whole > elapsed_ms ? whole - elapsed_ms : 0;
    }
    const int64_t left_ms = sampler_curve_after_ms(&lag->over, (double)elapsed_ms, u) - elapsed_ms;
    return left_ms > 0 ? left_ms : 0;
}

/* ---- Leaving */

static double cumulated_at(const struct sampler_patience *patience, double waited_ms)
{
    int span = PATIENCE_SPANS - 1;
    while (span > 0 && (double)patience_from_ms[span] > waited_ms) {
        span--;
    }
    return (double)patience->cumulated[span] +
           (double)patience->hazard[span] * (waited_ms - (double)patience_from_ms[span]);
}

static int64_t when_cumulated(const struct sampler_patience *patience, double wanted)
{
    int span = PATIENCE_SPANS - 1;
    while (span > 0 && (double)patience->cumulated[span] > wanted) {
        span--;
    }
    const double rest = wanted - (double)patience->cumulated[span];
    return whole_ms((double)patience_from_ms[span] + rest / (double)patience->hazard[span]);
}

struct sampler_leaving sampler_leave(const struct sampler *sampler, enum knowledge_crowd crowd,
                                     int64_t waited_ms, double u, double v)
{
    const struct sampler_patience *patience = &sampler->patience[crowd];
    const double silent = (double)sampler->silent;
    const double lasted = waited_ms > 0 ? cumulated_at(patience, (double)waited_ms) : 0;
    /* Of those still on the list: all of the silent kind, and of the others those who have not left. */
    const double others = (1 - silent) * exp(-lasted);
    struct sampler_leaving leaving = {.silent = v * (silent + others) < silent};
    leaving.left_ms = when_cumulated(patience, (leaving.silent ? 0 : lasted) - log1p(-u));
    if (!leaving.silent && leaving.left_ms < waited_ms) {
        leaving.left_ms = waited_ms; /* rounding */
    }
    return leaving;
}

/* ---- Bookings, transfers, arrivals */

bool sampler_booked(const struct sampler *sampler, int64_t since_ms, double u, int64_t *offset_ms)
{
    const double never = (double)sampler->booked_no_show;
    const double share =
        since_ms == INT64_MIN ? 0 : sampler_curve_share(&sampler->booked_offset, (double)since_ms);
    const double to_come = (1 - never) * (1 - share);
    const double comes = to_come / (to_come + never);
    /* The small u come, so that they come at the small offsets. */
    if (to_come <= 0 || u >= comes) {
        return false;
    }
    const double at = fmin(share + u / comes * (1 - share), 1 - 1e-12);
    const int64_t offset = sampler_curve_ms(&sampler->booked_offset, at);
    *offset_ms = offset < since_ms ? since_ms : offset;
    return true;
}

int sampler_transfer(const struct sampler *sampler, int service, double u)
{
    CHECK(service >= 0 && service < sampler->service_count);
    const double share = (double)sampler->transfer[service];
    if (u >= share) {
        return -1;
    }
    const double at = u / share;
    int to = 0;
    while (to + 1 < sampler->service_count && (double)sampler->transfer_to[service][to] <= at) {
        to++;
    }
    return to;
}

double sampler_expected(const struct sampler *sampler, enum knowledge_crowd crowd, int service,
                        double from_quarter, double until_quarter)
{
    CHECK(service >= -1 && service < sampler->service_count);
    const int first = service < 0 ? 0 : service;
    const int last = service < 0 ? sampler->service_count - 1 : service;
    const double from = fmax(from_quarter, 0);
    const double until = fmin(until_quarter, KNOWLEDGE_QUARTERS);
    double expected = 0;
    for (int q = (int)from; q < until; q++) {
        const double part = fmin(until, q + 1) - fmax(from, q);
        for (int i = first; i <= last; i++) {
            expected += part * (double)sampler->arrivals[crowd][i][q];
        }
    }
    return expected;
}

double sampler_day_factor(double seen, double expected)
{
    return (seen + 25) / (expected + 25);
}
