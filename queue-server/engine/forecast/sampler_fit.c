/* Service times and the hidden speeds of counters: a robust additive fit of log durations, see sampler.h.
 *
 *   log d = m[service] + c[counter] + x[service, counter] + lacks * b + noise, noise variance v[service]
 *
 * Three rounds of: fence each service's durations, freed of the factors found so far; sum up by (service, counter,
 * lacks); sweep over those sums until the effects stand (Gauss-Seidel on the ridge regression's normal equations, each
 * observation weighing weight_of_day * .4 / v). The sums are few, so that sweeping costs nothing. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/forecast/knowledge_state.h"
#include "engine/forecast/random.h"
#include "engine/forecast/sampler_parts.h"
#include "quarter/check.h"

enum {
    ROUNDS = 3,
    SWEEPS = 40,
    BINS = 1024,
    NO_COUNTER =
        QUARTER_COUNTERS_MAX, /* of visits whose counter is not known, or not of this site */
    COUNTER_SLOTS = NO_COUNTER + 1,
};

static const double prior_weight = 8;
static const double prior_cv = 0.7;
static const double usual_variance = 0.4; /* log(1 + .7^2) */
static const double counter_weight = 10;
static const double pair_weight = 30;
static const double language_weight = 20;
static const double language_prior = 0.33647223662121289; /* log 1.4 */
static const double fence_width = 3.5;                    /* deviations: 1.4826 MADs each */
static const double tail_from = 2.5;                      /* likewise, above the median */
static const double tail_share = 0.00621;                 /* of a normal distribution, from there */
static const double log_span = 18.5;                      /* above log(DURATION_MAX_MS) */

struct observation {
    float log_ms, weight;
    float counts; /* of its weight, this round; 0: outside the fence */
    int16_t counter;
    bool lacks_language;
};

struct cell {
    int service, counter;
    bool lacks_language;
    double weight, sum; /* of log durations, each by its weight */
};

struct fit {
    int service_count;
    int first[QUARTER_SERVICES_MAX + 1]; /* of each service's observations */
    struct observation *observations;
    double log_median[QUARTER_SERVICES_MAX]; /* of the prior */
    double mean[QUARTER_SERVICES_MAX], variance[QUARTER_SERVICES_MAX];
    double counter[COUNTER_SLOTS];
    double pair[QUARTER_SERVICES_MAX][COUNTER_SLOTS];
    double language;
    int cell_count;
    struct cell cells[QUARTER_SERVICES_MAX * COUNTER_SLOTS * 2];
};

static double effect(const struct fit *fit, int service, int counter, bool lacks_language)
{
    return fit->counter[counter] + fit->pair[service][counter] +
           (lacks_language ? fit->language : 0);
}

static double freed(const struct fit *fit, int service, const struct observation *seen)
{
    return (double)seen->log_ms - effect(fit, service, seen->counter, seen->lacks_language);
}

/* ---- Gathering */

static void gather_service(struct fit *fit, const struct knowledge *knowledge,
                           const struct service_memory *memory, const int16_t *counters, int from)
{
    for (int i = 0; i < memory->ring.count; i++) {
        const struct seen_visit *visit = &memory->seen[ring_at(&memory->ring, KNOWLEDGE_SEEN, i)];
        fit->observations[from + i] = (struct observation){
            .log_ms = (float)log(visit->duration_ms),
            .weight = (float)weight_of_day(knowledge, visit->day),
            .counter = visit->counter < 0 ? (int16_t)NO_COUNTER : counters[visit->counter],
            .lacks_language = visit->lacks_language};
    }
}

/* Of the services that the site knows, on average; ten minutes where it knows none. */
static double usual_ms(const struct sampler_site *site)
{
    double sum = 0;
    int count = 0;
    for (int i = 0; i < site->service_count; i++) {
        sum += (double)site->typical_ms[i];
        count += site->typical_ms[i] > 0;
    }
    return count > 0 ? sum / count : 600000;
}

static struct fit *gather(const struct knowledge *knowledge, const struct sampler_site *site,
                          const int *known)
{
    struct fit *fit = calloc(1, sizeof(*fit));
    CHECK(fit != NULL);
    int16_t counters[KNOWLEDGE_COUNTERS];
    for (int i = 0; i < knowledge->counter_count; i++) {
        counters[i] = NO_COUNTER;
        for (int j = 0; j < site->counter_count; j++) {
            if (strcmp(site->counters[j], knowledge->counters[i].code) == 0) {
                counters[i] = (int16_t)j;
            }
        }
    }
    fit->service_count = site->service_count;
    fit->language = language_prior;
    const double usual = usual_ms(site);
    for (int i = 0; i < site->service_count; i++) {
        const double typical_ms = site->typical_ms[i] > 0 ? (double)site->typical_ms[i] : usual;
        fit->log_median[i] = log(typical_ms) - 0.5 * log1p(prior_cv * prior_cv);
        fit->first[i + 1] =
            fit->first[i] + (known[i] < 0 ? 0 : knowledge->services[known[i]]->ring.count);
    }
    const int count = fit->first[site->service_count];
    fit->observations = calloc(count > 0 ? (size_t)count : 1, sizeof(*fit->observations));
    CHECK(fit->observations != NULL);
    for (int i = 0; i < site->service_count; i++) {
        if (known[i] >= 0) {
            gather_service(fit, knowledge, knowledge->services[known[i]], counters, fit->first[i]);
        }
    }
    return fit;
}

/* ---- The fence */

/* Weights by value, so that a median costs no sorting: bins of .018, and linear within. */
struct histogram {
    double all;
    double bin[BINS];
};

static void histogram_add(struct histogram *histogram, double value, double weight)
{
    const double at = value / log_span * BINS;
    histogram->bin[at < 0 ? 0 : at >= BINS ? BINS - 1 : (int)at] += weight;
    histogram->all += weight;
}

static double histogram_median(const struct histogram *histogram)
{
    double below = 0;
    int bin = 0;
    while (bin + 1 < BINS && below + histogram->bin[bin] < 0.5 * histogram->all) {
        below += histogram->bin[bin++];
    }
    const double part = (0.5 * histogram->all - below) / histogram->bin[bin];
    return (bin + part) * log_span / BINS;
}

/* Both over the prior and what was seen; about: NULL for the values themselves, else their distance from it. */
static double blended_median(const struct fit *fit, int service, const double *about)
{
    struct histogram histogram = {0};
    const double deviation = sqrt(log1p(prior_cv * prior_cv));
    for (int i = 0; i < PRIOR_POINTS; i++) {
        const double value =
            fit->log_median[service] + deviation * random_normal((i + 0.5) / PRIOR_POINTS);
        histogram_add(&histogram, about == NULL ? value : fabs(value - *about),
                      prior_weight / PRIOR_POINTS);
    }
    for (int i = fit->first[service]; i < fit->first[service + 1]; i++) {
        const struct observation *seen = &fit->observations[i];
        const double value = freed(fit, service, seen);
        histogram_add(&histogram, about == NULL ? value : fabs(value - *about),
                      (double)seen->weight);
    }
    return histogram_median(&histogram);
}

/* Long visits count as they are, but all together no more than such a distribution has of them: an hour at a service of
 * ten minutes may be a visit, one in thirty of them is a counter left serving. */
static void count_within(struct fit *fit, int service, double median, double deviation)
{
    double all = prior_weight;
    double long_ones = 0;
    for (int i = fit->first[service]; i < fit->first[service + 1]; i++) {
        struct observation *seen = &fit->observations[i];
        const double off = freed(fit, service, seen) - median;
        seen->counts = fabs(off) <= fence_width * deviation ? seen->weight : 0;
        all += (double)seen->counts;
        long_ones += off > tail_from * deviation ? (double)seen->counts : 0;
    }
    const double share = fmin(tail_share * all / fmax(long_ones, 1e-9), 1);
    for (int i = fit->first[service]; i < fit->first[service + 1]; i++) {
        struct observation *seen = &fit->observations[i];
        if (freed(fit, service, seen) - median > tail_from * deviation) {
            seen->counts *= (float)share;
        }
    }
}

static void fence(struct fit *fit, int service)
{
    const double median = blended_median(fit, service, NULL);
    const double spread = blended_median(fit, service, &median);
    count_within(fit, service, median, fmin(fmax(1.4826 * spread, 0.25), 1));
    double weight = 0;
    double sum = 0;
    double squares = 0;
    for (int i = fit->first[service]; i < fit->first[service + 1]; i++) {
        const struct observation *seen = &fit->observations[i];
        const double off = freed(fit, service, seen) - median;
        weight += (double)seen->counts;
        sum += (double)seen->counts * off;
        squares += (double)seen->counts * off * off;
    }
    const double around_mean = weight > 0 ? squares - sum * sum / weight : 0;
    fit->variance[service] =
        fmax((prior_weight * usual_variance + around_mean) / (prior_weight + weight), 0.1);
}

/* ---- The effects */

static void sum_up(struct fit *fit)
{
    double weights[COUNTER_SLOTS][2];
    double sums[COUNTER_SLOTS][2];
    fit->cell_count = 0;
    for (int s = 0; s < fit->service_count; s++) {
        memset(weights, 0, sizeof(weights));
        memset(sums, 0, sizeof(sums));
        const double scale = usual_variance / fit->variance[s];
        for (int i = fit->first[s]; i < fit->first[s + 1]; i++) {
            const struct observation *seen = &fit->observations[i];
            const double weight = scale * (double)seen->counts;
            weights[seen->counter][seen->lacks_language] += weight;
            sums[seen->counter][seen->lacks_language] += weight * (double)seen->log_ms;
        }
        for (int c = 0; c < COUNTER_SLOTS; c++) {
            for (int lacks = 0; lacks < 2; lacks++) {
                if (weights[c][lacks] > 0) {
                    fit->cells[fit->cell_count++] = (struct cell){.service = s,
                                                                  .counter = c,
                                                                  .lacks_language = lacks == 1,
                                                                  .weight = weights[c][lacks],
                                                                  .sum = sums[c][lacks]};
                }
            }
        }
    }
}

/* What is left of a cell's sum without the mean and all effects. */
static double rest_of(const struct fit *fit, const struct cell *cell)
{
    return cell->sum -
           cell->weight * (fit->mean[cell->service] +
                           effect(fit, cell->service, cell->counter, cell->lacks_language));
}

static void sweep_means(struct fit *fit)
{
    double weight[QUARTER_SERVICES_MAX] = {0};
    double rest[QUARTER_SERVICES_MAX] = {0};
    for (int i = 0; i < fit->cell_count; i++) {
        weight[fit->cells[i].service] += fit->cells[i].weight;
        rest[fit->cells[i].service] += rest_of(fit, &fit->cells[i]);
    }
    for (int s = 0; s < fit->service_count; s++) {
        fit->mean[s] += weight[s] > 0 ? rest[s] / weight[s] : 0;
    }
}

/* An effect e with rest r over weight w, pulled to p with weight W: e becomes (r + w e + W p) / (w + W). */
static void sweep_counters(struct fit *fit)
{
    double weight[COUNTER_SLOTS] = {0};
    double rest[COUNTER_SLOTS] = {0};
    for (int i = 0; i < fit->cell_count; i++) {
        weight[fit->cells[i].counter] += fit->cells[i].weight;
        rest[fit->cells[i].counter] += rest_of(fit, &fit->cells[i]);
    }
    for (int c = 0; c < NO_COUNTER; c++) {
        fit->counter[c] = (rest[c] + weight[c] * fit->counter[c]) / (weight[c] + counter_weight);
    }
}

static void sweep_pairs(struct fit *fit)
{
    for (int i = 0; i < fit->cell_count;) {
        const int service = fit->cells[i].service;
        const int counter = fit->cells[i].counter;
        double weight = 0;
        double rest = 0;
        for (; i < fit->cell_count && fit->cells[i].service == service &&
               fit->cells[i].counter == counter;
             i++) {
            weight += fit->cells[i].weight;
            rest += rest_of(fit, &fit->cells[i]);
        }
        double *pair = &fit->pair[service][counter];
        *pair = counter == NO_COUNTER ? 0 : (rest + weight * *pair) / (weight + pair_weight);
    }
}

static void sweep_language(struct fit *fit)
{
    double weight = 0;
    double rest = 0;
    for (int i = 0; i < fit->cell_count; i++) {
        if (fit->cells[i].lacks_language) {
            weight += fit->cells[i].weight;
            rest += rest_of(fit, &fit->cells[i]);
        }
    }
    fit->language = (rest + weight * fit->language + language_weight * language_prior) /
                    (weight + language_weight);
}

/* ---- The tables */

/* What was seen, freed of the factors. Returns its weight; the mean of logs by out-pointer. */
static double add_seen(struct sampler *sampler, const struct fit *fit, int service,
                       struct weighted *points, int *count, double *mean_log)
{
    double weight = 0;
    double sum = 0;
    for (int i = fit->first[service]; i < fit->first[service + 1]; i++) {
        const struct observation *seen = &fit->observations[i];
        sampler->seen[service]++;
        sampler->outliers[service] += seen->counts <= 0;
        if (seen->counts > 0) {
            const double log_ms = freed(fit, service, seen);
            weight += (double)seen->counts;
            sum += (double)seen->counts * log_ms;
            points[(*count)++] =
                (struct weighted){.value = (float)exp(log_ms), .weight = seen->counts};
        }
    }
    *mean_log = weight > 0 ? sum / weight : 0;
    return weight;
}

/* The prior's place moves to what was seen (itself pulled to typical), its shape stays: a wrong typical time would
 * otherwise leave a second hump for ever. */
static void make_curve(struct sampler *sampler, const struct fit *fit, int service,
                       struct weighted *points)
{
    int count = 0;
    double seen_log = 0;
    const double weight = add_seen(sampler, fit, service, points, &count, &seen_log);
    const double place =
        (prior_weight * fit->log_median[service] + weight * seen_log) / (prior_weight + weight);
    const double deviation = sqrt(log1p(prior_cv * prior_cv));
    for (int i = 0; i < PRIOR_POINTS; i++) {
        const double value = place + deviation * random_normal((i + 0.5) / PRIOR_POINTS);
        points[count++] = (struct weighted){.value = (float)exp(value),
                                            .weight = (float)(prior_weight / PRIOR_POINTS)};
    }
    sampler->weight[service] = (float)weight;
    curve_make(&sampler->service[service], points, count, true);
}

static void make_tables(struct sampler *sampler, const struct fit *fit)
{
    struct weighted points[PRIOR_POINTS + KNOWLEDGE_SEEN];
    for (int c = 0; c < sampler->counter_count; c++) {
        sampler->counter_factor[c] = (float)exp(fit->counter[c]);
    }
    for (int s = 0; s < sampler->service_count; s++) {
        make_curve(sampler, fit, s, points);
        for (int c = 0; c < sampler->counter_count; c++) {
            sampler->factor[s][c] = (float)exp(effect(fit, s, c, false));
        }
    }
    sampler->lacks_language = (float)exp(fit->language);
}

void sampler_fit(struct sampler *sampler, const struct knowledge *knowledge,
                 const struct sampler_site *site, const int *known)
{
    struct fit *fit = gather(knowledge, site, known);
    for (int round = 0; round < ROUNDS; round++) {
        for (int s = 0; s < fit->service_count; s++) {
            fence(fit, s);
        }
        sum_up(fit);
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            sweep_means(fit);
            sweep_counters(fit);
            sweep_pairs(fit);
            sweep_language(fit);
        }
    }
    make_tables(sampler, fit);
    free(fit->observations);
    free(fit);
}
