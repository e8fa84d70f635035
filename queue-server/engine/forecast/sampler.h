/* Knowledge made ready for today: by the site's indices, as tables from which a uniform number makes a duration without
 * searching long or allocating. Flat, without pointers: prepare it (about 2 ms) where the knowledge lives, copy it to
 * another thread with an assignment, read it from many.
 *
 * Every figure blends a prior with what was seen, as if the prior were so many observations (its weight W):
 *
 *   service times   Hidden-speed model: log d = m[service] + c[counter] + x[service, counter] + lacks * b + noise.
 *                   Fitted by weighted backfitting over the durations that the fence keeps; c, x are shrunk to 0 as
 *                   sum(w r) / (sum w + W) with W 10 and 30 (noise variance .4 over a deviation of .2 and .12), b to
 *                   log 1.4 with W 20. Then each duration / exp(c + x + b), and W = 8 quantiles of a lognormal with cv
 *                   .7, make one weighted empirical distribution, kept as 256 quantiles. The lognormal has the mean
 *                   typical at first, and moves to what was seen: its log mean is (8 typical + W seen) / (8 + W).
 *                   Weight of an observation: 2^(-age / half-life).
 *   the fence       |log d - median| <= 3.5 sigma, sigma = 1.4826 * MAD within .25 .. 1, both over what was seen and
 *                   the prior (at typical) together. What lies more than 2.5 sigma above the median weighs no more
 *                   together than a lognormal has there (.62 %): a counter left "serving" over lunch is out, or, where
 *                   the service may take as long, counts for next to nothing, while visits as long as that are kept.
 *                   Judged anew at each preparation, so that a wrong typical_min does not shut the truth out for long.
 *   the tail        above the highest quantile a Pareto tail, whose index is Hill's estimate from the top tenth, within
 *                   2 .. 8: who is served longer than anybody before is expected to need some share of that time more.
 *   lags            share of those over 1 s (gaps: prior .5 with W 4) and the distribution of those (lognormal priors
 *                   with W 4: walk 20 s, gap 30 s; no-show 45 s exactly). Above 20 min it is no lag, but a break.
 *   leaving         hazard per ms waited, constant in each of 9 spans: leavers over exposure, the prior SCIENCE.md's
 *                   patience with 600 visitor-minutes a span; booked: mean 150 min. When a silent leaver left is not
 *                   seen: shared over the spans before the call in proportion to the present estimate (online EM).
 *   shares          (count + W prior) / (n + W): silent .6, booked no-show .12, transfers .05, assisted .07, urgent .01,
 *                   out of turn 0.
 *   arrivals        rate[service, quarter] = (count + 8 r[service] g[quarter]) / (open days + 8): r the mean rate of
 *                   the service, g the shape of the day over all services; times a weekday factor shrunk with one day. */
#ifndef QUARTER_ENGINE_FORECAST_SAMPLER_H
#define QUARTER_ENGINE_FORECAST_SAMPLER_H

#include "engine/forecast/knowledge.h"

enum {
    SAMPLER_KNOTS = 256,
    SAMPLER_LANGUAGES = QUARTER_LANGUAGES_MAX,
    SAMPLER_SPANS = 9, /* of waiting, for leaving */
};

/* Today's site. Borrowed for the call. Where the knowledge has no such code, only the prior speaks. */
struct sampler_site {
    int service_count, counter_count, language_count;
    const char *services[QUARTER_SERVICES_MAX];
    int64_t typical_ms[QUARTER_SERVICES_MAX]; /* 0: of a former site file; as long as the others */
    const char *counters[QUARTER_COUNTERS_MAX];
    const char *languages[SAMPLER_LANGUAGES];
    int weekday; /* of today; -1: not known, an average one */
};

/* A distribution by its quantiles: at[k] is the value at share k / KNOTS, in ms; linear between, and above
 * at[KNOTS - 1] Pareto with index tail, or linear when tail is 0. */
struct sampler_curve {
    float at[SAMPLER_KNOTS + 1];
    float tail;
    float mean_ms;
};

struct sampler_lag {
    float share; /* of those over 1 s; the others are 0 */
    struct sampler_curve over;
};

struct sampler_patience {
    float hazard[SAMPLER_SPANS];    /* per ms */
    float cumulated[SAMPLER_SPANS]; /* at the start of each span */
};

struct sampler {
    int service_count, counter_count, language_count;
    /* At a counter of factor 1 that speaks the visitor's language. */
    struct sampler_curve service[QUARTER_SERVICES_MAX];
    float weight[QUARTER_SERVICES_MAX]; /* of what was seen, in observations of today */
    int32_t seen[QUARTER_SERVICES_MAX], outliers[QUARTER_SERVICES_MAX];
    /* Multiply: factor[service][counter], and lacks_language where that is so. */
    float factor[QUARTER_SERVICES_MAX][QUARTER_COUNTERS_MAX];
    float counter_factor[QUARTER_COUNTERS_MAX]; /* over all services: exp(c) */
    float lacks_language;
    struct sampler_lag walk, no_show, gap;
    float out_of_turn; /* share of calls where there was a choice */
    struct sampler_patience patience[KNOWLEDGE_CROWDS];
    float silent;         /* share of leavers */
    float booked_no_show; /* share of bookings */
    struct sampler_curve booked_offset;
    float transfer[QUARTER_SERVICES_MAX];                          /* share of legs */
    float transfer_to[QUARTER_SERVICES_MAX][QUARTER_SERVICES_MAX]; /* cumulated over the target */
    float assisted, urgent;                                        /* shares of walk-ins */
    float language[SAMPLER_LANGUAGES]; /* shares of arrivals; the rest gave none or another */
    /* Expected in each quarter hour that the doors are open, on the given weekday. */
    float arrivals[KNOWLEDGE_CROWDS][QUARTER_SERVICES_MAX][KNOWLEDGE_QUARTERS];
    float open_days; /* that arrivals rest on; 0: nothing is known of them */
};

void sampler_prepare(struct sampler *sampler, const struct knowledge *knowledge,
                     const struct sampler_site *site);

/* All u: strictly between 0 and 1, one value each; monotone in u. Nothing lasts longer than a day, nor a day longer than
 * it has lasted: the tails have no end, a world's time has. */

int64_t sampler_curve_ms(const struct sampler_curve *curve, double u);
double sampler_curve_share(const struct sampler_curve *curve, double value_ms); /* P(X <= value) */
/* The whole duration of something that has lasted elapsed_ms already: smooth in elapsed_ms, never below it. */
int64_t sampler_curve_after_ms(const struct sampler_curve *curve, double elapsed_ms, double u);

/* Before the factors. */
static inline int64_t sampler_service_ms(const struct sampler *sampler, int service, double u)
{
    return sampler_curve_ms(&sampler->service[service], u);
}
/* What is left of a visit at a counter with this factor (language included). */
int64_t sampler_remaining_ms(const struct sampler *sampler, int service, double factor,
                             int64_t elapsed_ms, double u);
int64_t sampler_lag_ms(const struct sampler_lag *lag, double u);
/* What is left of a lag that goes on already. */
int64_t sampler_lag_remaining_ms(const struct sampler_lag *lag, int64_t elapsed_ms, double u);

/* When, from leg_from on, a visitor who is on the list after waited_ms gives up (INT64_MAX / 4 at most), and whether
 * they do so without telling. A silent one may be gone already: then left_ms < waited_ms. u decides when, v how. */
struct sampler_leaving {
    int64_t left_ms;
    bool silent;
};
struct sampler_leaving sampler_leave(const struct sampler *sampler, enum knowledge_crowd crowd,
                                     int64_t waited_ms, double u, double v);

/* A booked visitor who is not here at since_ms after the appointment (negative: before it; INT64_MIN: nothing is known
 * yet): false when they will not come, else when, from the appointment. One who is later than anybody before counts as
 * one who does not come, more and more. */
bool sampler_booked(const struct sampler *sampler, int64_t since_ms, double u, int64_t *offset_ms);

/* -1: the leg is the last; else the service it is transferred to. */
int sampler_transfer(const struct sampler *sampler, int service, double u);

/* Expected in [from, until), in quarter hours of the local day (fractions count); all services: -1. */
double sampler_expected(const struct sampler *sampler, enum knowledge_crowd crowd, int service,
                        double from_quarter, double until_quarter);
/* By how much today is busier than expected so far, as a factor for what is still to come: (seen + 25) / (expected + 25),
 * SCIENCE.md, "Forecast". */
double sampler_day_factor(double seen, double expected);

#endif
