/* Knowledge made ready for today: shares, lags, leaving, bookings, transfers and arrivals. Service times and the factors
 * of counters are sampler_fit.c's; drawing from the tables is sampler_draw.c's. */
#include "engine/forecast/sampler.h"

#include <math.h>
#include <string.h>

#include "engine/forecast/knowledge_state.h"
#include "engine/forecast/random.h"
#include "engine/forecast/sampler_parts.h"
#include "quarter/check.h"

_Static_assert((int)SAMPLER_SPANS == (int)PATIENCE_SPANS, "one hazard a span");

static double counted(int64_t sum)
{
    return (double)sum / SUM_ONE;
}

/* (count + weight prior) / (n + weight) */
static float share_of(int64_t count, int64_t all, double prior, double weight)
{
    return (float)((counted(count) + weight * prior) / (counted(all) + weight));
}

/* ---- Lags */

struct lag_prior {
    double share, share_weight, mean_ms, cv, weight;
    int points;
};

static void prepare_lag(struct sampler_lag *lag, const struct knowledge *knowledge,
                        enum lag_kind kind, const struct lag_prior *prior)
{
    const struct lag_memory *memory = &knowledge->lags[kind];
    struct weighted points[KNOWLEDGE_LAGS + PRIOR_POINTS];
    int count = 0;
    for (int i = 0; i < prior->points; i++) {
        const double u = (i + 0.5) / prior->points;
        points[count++] =
            (struct weighted){.value = (float)random_lognormal(u, prior->mean_ms, prior->cv),
                              .weight = (float)(prior->weight / prior->points)};
    }
    for (int i = 0; i < memory->ring.count; i++) {
        const struct seen_value *seen = &memory->seen[ring_at(&memory->ring, KNOWLEDGE_LAGS, i)];
        points[count++] = (struct weighted){.value = (float)seen->value_ms,
                                            .weight = (float)weight_of_day(knowledge, seen->day)};
    }
    curve_make(&lag->over, points, count, true);
    lag->share = share_of(memory->over, memory->all, prior->share, prior->share_weight);
}

/* gen_traces.py: -7 + 8 sinh(.9 N) / 1.4 minutes, mostly early and heavy-tailed. */
static void prepare_bookings(struct sampler *sampler, const struct knowledge *knowledge)
{
    const double weight = 20;
    const struct lag_memory *memory = &knowledge->lags[LAG_BOOKED];
    struct weighted points[KNOWLEDGE_LAGS + PRIOR_POINTS];
    int count = 0;
    for (int i = 0; i < PRIOR_POINTS; i++) {
        const double normal = random_normal((i + 0.5) / PRIOR_POINTS);
        points[count++] =
            (struct weighted){.value = (float)(60000 * (-7 + 8 * sinh(0.9 * normal) / 1.4)),
                              .weight = (float)(weight / PRIOR_POINTS)};
    }
    for (int i = 0; i < memory->ring.count; i++) {
        const struct seen_value *seen = &memory->seen[ring_at(&memory->ring, KNOWLEDGE_LAGS, i)];
        points[count++] = (struct weighted){.value = (float)seen->value_ms,
                                            .weight = (float)weight_of_day(knowledge, seen->day)};
    }
    curve_make(&sampler->booked_offset, points, count, false);
    sampler->booked_no_show = share_of(memory->all - memory->over, memory->all, 0.12, 25);
}

static void prepare_lags(struct sampler *sampler, const struct knowledge *knowledge)
{
    static const struct lag_prior walk = {1, 4, 20000, 0.7, 4, PRIOR_POINTS};
    static const struct lag_prior no_show = {1, 4, 45000, 0, 8, 1};
    static const struct lag_prior gap = {0.5, 4, 30000, 1, 4, PRIOR_POINTS};
    prepare_lag(&sampler->walk, knowledge, LAG_WALK, &walk);
    prepare_lag(&sampler->no_show, knowledge, LAG_NO_SHOW, &no_show);
    prepare_lag(&sampler->gap, knowledge, LAG_GAP, &gap);
}

/* ---- Leaving */

static void prepare_patience(struct sampler *sampler, const struct knowledge *knowledge)
{
    for (int crowd = 0; crowd < KNOWLEDGE_CROWDS; crowd++) {
        double hazards[PATIENCE_SPANS];
        double cumulated = 0;
        patience_hazards(knowledge, (enum knowledge_crowd)crowd, hazards);
        for (int i = 0; i < PATIENCE_SPANS; i++) {
            sampler->patience[crowd].hazard[i] = (float)hazards[i];
            sampler->patience[crowd].cumulated[i] = (float)cumulated;
            if (i + 1 < PATIENCE_SPANS) {
                cumulated += hazards[i] * (double)(patience_from_ms[i + 1] - patience_from_ms[i]);
            }
        }
    }
    const int64_t *sums = knowledge->sums;
    sampler->silent =
        share_of(sums[SUM_LEFT_SILENTLY], sums[SUM_LEFT_SILENTLY] + sums[SUM_LEFT_TOLD], 0.6, 20);
}

/* ---- Transfers */

static int64_t transferred_from(const struct service_memory *memory)
{
    int64_t all = 0;
    for (int i = 0; i < KNOWLEDGE_SERVICES; i++) {
        all += memory->transferred[i];
    }
    return all;
}

/* Where to: as seen, and one visitor's weight spread evenly over the others. */
static void prepare_targets(struct sampler *sampler, const struct service_memory *memory,
                            const int *known, int service)
{
    double all = 0;
    float *to = sampler->transfer_to[service];
    for (int i = 0; i < sampler->service_count; i++) {
        const double seen =
            memory != NULL && known[i] >= 0 ? counted(memory->transferred[known[i]]) : 0;
        all += i == service ? 0 : seen + 1.0 / (sampler->service_count - 1);
        to[i] = (float)all;
    }
    for (int i = 0; i < sampler->service_count; i++) {
        to[i] = (float)((double)to[i] / all);
    }
    to[sampler->service_count - 1] = 1;
    if (service == sampler->service_count - 1) {
        to[service - 1] = 1; /* never to itself */
    }
}

static void prepare_transfers(struct sampler *sampler, const struct knowledge *knowledge,
                              const int *known)
{
    for (int i = 0; i < sampler->service_count && sampler->service_count > 1; i++) {
        const struct service_memory *memory = known[i] >= 0 ? knowledge->services[known[i]] : NULL;
        sampler->transfer[i] =
            memory == NULL ? 0.05F : share_of(transferred_from(memory), memory->legs, 0.05, 40);
        prepare_targets(sampler, memory, known, i);
    }
}

/* ---- Arrivals */

static double weekday_factor(const struct knowledge *knowledge, int weekday)
{
    const double one_day = 32; /* quarter hours */
    double seen = 0;
    double quarters = 0;
    for (int i = 0; i < KNOWLEDGE_WEEKDAYS; i++) {
        seen += counted(knowledge->weekday_walk_ins[i]);
        quarters += counted(knowledge->weekday_quarters[i]);
    }
    if (weekday < 0 || seen <= 0 || quarters <= 0) {
        return 1;
    }
    CHECK(weekday < KNOWLEDGE_WEEKDAYS);
    const double rate = seen / quarters;
    return (counted(knowledge->weekday_walk_ins[weekday]) + one_day * rate) /
           ((counted(knowledge->weekday_quarters[weekday]) + one_day) * rate);
}

/* The shape of a day over all services: 1 on average. */
static void shape_of_day(const struct knowledge *knowledge, int crowd, double open,
                         double shape[KNOWLEDGE_QUARTERS])
{
    double arrived[KNOWLEDGE_QUARTERS] = {0};
    double all = 0;
    for (int i = 0; i < knowledge->service_count; i++) {
        for (int q = 0; q < KNOWLEDGE_QUARTERS; q++) {
            const double seen = counted(knowledge->services[i]->arrived[crowd][q]);
            arrived[q] += seen;
            all += seen;
        }
    }
    const double rate = open > 0 ? all / open : 0;
    for (int q = 0; q < KNOWLEDGE_QUARTERS; q++) {
        const double days = counted(knowledge->open_quarters[q]);
        shape[q] = rate > 0 ? (arrived[q] + rate) / ((days + 1) * rate) : 1;
    }
}

static void prepare_arrivals(struct sampler *sampler, const struct knowledge *knowledge,
                             const int *known, int weekday)
{
    const double pull = 8; /* open days */
    double open = 0;
    double longest = 0;
    for (int q = 0; q < KNOWLEDGE_QUARTERS; q++) {
        open += counted(knowledge->open_quarters[q]);
        longest = fmax(longest, counted(knowledge->open_quarters[q]));
    }
    sampler->open_days = (float)longest;
    for (int crowd = 0; crowd < KNOWLEDGE_CROWDS && open > 0; crowd++) {
        double shape[KNOWLEDGE_QUARTERS];
        shape_of_day(knowledge, crowd, open, shape);
        const double factor = crowd == CROWD_WALK_IN ? weekday_factor(knowledge, weekday) : 1;
        for (int i = 0; i < sampler->service_count; i++) {
            if (known[i] < 0) {
                continue;
            }
            const int64_t *arrived = knowledge->services[known[i]]->arrived[crowd];
            double rate = 0;
            for (int q = 0; q < KNOWLEDGE_QUARTERS; q++) {
                rate += counted(arrived[q]) / open;
            }
            for (int q = 0; q < KNOWLEDGE_QUARTERS; q++) {
                sampler->arrivals[crowd][i][q] =
                    (float)(factor * (counted(arrived[q]) + pull * rate * shape[q]) /
                            (counted(knowledge->open_quarters[q]) + pull));
            }
        }
    }
}

static void prepare_classes(struct sampler *sampler, const struct knowledge *knowledge,
                            const struct sampler_site *site)
{
    const int64_t *sums = knowledge->sums;
    sampler->assisted = share_of(sums[SUM_ASSISTED], sums[SUM_WALK_INS], 0.07, 50);
    sampler->urgent = share_of(sums[SUM_URGENT], sums[SUM_WALK_INS], 0.01, 100);
    sampler->out_of_turn = share_of(sums[SUM_OUT_OF_TURN], sums[SUM_CALLS], 0, 50);
    for (int i = 0; i < site->language_count; i++) {
        for (int j = 0; j < knowledge->language_count; j++) {
            if (strcmp(site->languages[i], knowledge->languages[j].code) == 0) {
                sampler->language[i] =
                    share_of(knowledge->languages[j].arrived, sums[SUM_ARRIVED], 0, 20);
            }
        }
    }
}

void sampler_prepare(struct sampler *sampler, const struct knowledge *knowledge,
                     const struct sampler_site *site)
{
    CHECK(site->service_count >= 0 && site->service_count <= QUARTER_SERVICES_MAX);
    CHECK(site->counter_count >= 0 && site->counter_count <= QUARTER_COUNTERS_MAX);
    CHECK(site->language_count >= 0 && site->language_count <= SAMPLER_LANGUAGES);
    memset(sampler, 0, sizeof(*sampler));
    sampler->service_count = site->service_count;
    sampler->counter_count = site->counter_count;
    sampler->language_count = site->language_count;
    int known[QUARTER_SERVICES_MAX] = {0};
    for (int i = 0; i < site->service_count; i++) {
        known[i] = knowledge_find_service(knowledge, site->services[i]);
    }
    sampler_fit(sampler, knowledge, site, known);
    prepare_lags(sampler, knowledge);
    prepare_bookings(sampler, knowledge);
    prepare_patience(sampler, knowledge);
    prepare_transfers(sampler, knowledge, known);
    prepare_arrivals(sampler, knowledge, known, site->weekday);
    prepare_classes(sampler, knowledge, site);
}
