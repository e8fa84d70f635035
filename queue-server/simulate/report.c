/* Collects what became of every visit, 16 bytes each, and makes figures of it. See report.h; estimates are
 * report_math.c, the writers report_write.c. */
#include "simulate/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"
#include "simulate/report_math.h"

enum kept_flag { KEPT_SERVED = 1, KEPT_EXCLUDED = 2, KEPT_NO_SHOW = 4, KEPT_PASSED_LATE = 8 };

struct kept {
    int32_t wait_ms, overtaken_ms; /* of the served */
    int32_t slips;
    uint8_t service, ticket_class, flags;
};

struct kept_day {
    char name[REPORT_NAME_MAX];
    int64_t from, to; /* visits */
    int64_t missed;
};

struct kept_policy {
    char name[REPORT_NAME_MAX];
    struct kept_day *days;
    int day_count, day_capacity;
    struct kept *visits;
    int64_t visit_count, visit_capacity;
};

struct report {
    struct report_terms terms;
    char (*services)[QUARTER_CODE_MAX + 1];
    int policy_count;
    struct kept_policy policies[REPORT_POLICIES_MAX];
};

static const double minute_ms = 60000.0;

/* ---- Collecting */

static void *grown(void *memory, int64_t wanted, int64_t *capacity, size_t size)
{
    if (wanted <= *capacity) {
        return memory;
    }
    *capacity = wanted + wanted / 2 + 64;
    memory = realloc(memory, (size_t)*capacity * size);
    CHECK(memory != NULL);
    return memory;
}

struct report *report_create(const struct report_terms *terms)
{
    struct report *report = calloc(1, sizeof(*report));
    CHECK(report != NULL && terms->service_count >= 0 &&
          terms->service_count <= QUARTER_SERVICES_MAX);
    report->terms = *terms;
    report->terms.services = NULL;
    report->services = calloc(QUARTER_SERVICES_MAX, sizeof(*report->services));
    CHECK(report->services != NULL);
    for (int i = 0; i < terms->service_count; i++) {
        (void)snprintf(report->services[i], sizeof(report->services[i]), "%s", terms->services[i]);
    }
    return report;
}

void report_destroy(struct report *report)
{
    if (report == NULL) {
        return;
    }
    for (int i = 0; i < report->policy_count; i++) {
        free(report->policies[i].days);
        free(report->policies[i].visits);
    }
    free(report->services);
    free(report);
}

int report_add_policy(struct report *report, const char *name)
{
    CHECK(report->policy_count < REPORT_POLICIES_MAX);
    struct kept_policy *policy = &report->policies[report->policy_count];
    (void)snprintf(policy->name, sizeof(policy->name), "%s", name);
    return report->policy_count++;
}

void report_begin_day(struct report *report, int policy, const char *name, int32_t missed)
{
    CHECK(policy >= 0 && policy < report->policy_count);
    struct kept_policy *mine = &report->policies[policy];
    int64_t capacity = mine->day_capacity;
    mine->days = grown(mine->days, mine->day_count + 1, &capacity, sizeof(*mine->days));
    mine->day_capacity = (int)capacity;
    struct kept_day *day = &mine->days[mine->day_count++];
    *day = (struct kept_day){.from = mine->visit_count, .to = mine->visit_count, .missed = missed};
    (void)snprintf(day->name, sizeof(day->name), "%s", name);
}

static int32_t clamp(int64_t ms)
{
    return ms > INT32_MAX ? INT32_MAX : (int32_t)(ms < 0 ? 0 : ms);
}

/* Those who told within the standard that they leave, and no-shows first called within it, as far as anybody can see
 * when their patience ended. */
static bool is_excluded(const struct report_visit *visit, bool served, int64_t standard_ms)
{
    if (served) {
        return false;
    }
    const bool called = visit->silent && visit->called_ms >= 0;
    return (called ? visit->called_ms : visit->leaves_ms) - visit->leg_from_ms <= standard_ms;
}

static uint8_t flags_of(const struct report_visit *visit, int64_t standard_ms)
{
    const bool served = visit->outcome == WORLD_SERVED;
    const int flags = (served ? KEPT_SERVED : 0) |
                      (is_excluded(visit, served, standard_ms) ? KEPT_EXCLUDED : 0) |
                      (visit->outcome == WORLD_GHOST ? KEPT_NO_SHOW : 0) |
                      (visit->late_slips > 0 ? KEPT_PASSED_LATE : 0);
    return (uint8_t)flags;
}

void report_add_visit(struct report *report, int policy, const struct report_visit *visit)
{
    CHECK(policy >= 0 && policy < report->policy_count);
    struct kept_policy *mine = &report->policies[policy];
    CHECK(mine->day_count > 0 && visit->ticket_class < TICKET_CLASSES && visit->service >= 0 &&
          visit->service < QUARTER_SERVICES_MAX);
    if (visit->outcome == WORLD_EXPECTED) {
        return;
    }
    const bool served = visit->outcome == WORLD_SERVED;
    mine->visits =
        grown(mine->visits, mine->visit_count + 1, &mine->visit_capacity, sizeof(*mine->visits));
    mine->visits[mine->visit_count++] = (struct kept){
        .wait_ms = served ? clamp(visit->called_ms - visit->leg_from_ms) : 0,
        .overtaken_ms = clamp(visit->overtaken_ms),
        .slips = visit->slips,
        .service = (uint8_t)visit->service,
        .ticket_class = visit->ticket_class,
        .flags = flags_of(visit, report->terms.standard_ms),
    };
    mine->days[mine->day_count - 1].to = mine->visit_count;
}

void report_add_world(struct report *report, int policy, const struct world *world)
{
    const int32_t count = world_ticket_count(world);
    for (int32_t i = 0; i < count; i++) {
        const struct world_ticket *ticket = world_ticket(world, i);
        if (ticket->visit->phantom) {
            continue;
        }
        const struct report_visit visit = {.leg_from_ms = ticket->leg_from_ms,
                                           .leaves_ms = ticket->visit->leaves_ms,
                                           .called_ms = ticket->called_ms,
                                           .overtaken_ms = ticket->overtaken_ms,
                                           .slips = ticket->slips,
                                           .late_slips = ticket->late_slips,
                                           .service = ticket->visit->service,
                                           .ticket_class = ticket->visit->ticket_class,
                                           .outcome = ticket->outcome,
                                           .silent = ticket->visit->silent};
        report_add_visit(report, policy, &visit);
    }
}

void report_absorb(struct report *report, struct report *from)
{
    CHECK(report->policy_count == from->policy_count);
    for (int i = 0; i < report->policy_count; i++) {
        struct kept_policy *mine = &report->policies[i];
        struct kept_policy *theirs = &from->policies[i];
        int64_t capacity = mine->day_capacity;
        mine->days =
            grown(mine->days, mine->day_count + theirs->day_count, &capacity, sizeof(*mine->days));
        mine->day_capacity = (int)capacity;
        for (int j = 0; j < theirs->day_count; j++) {
            struct kept_day *day = &mine->days[mine->day_count++];
            *day = theirs->days[j];
            day->from += mine->visit_count;
            day->to += mine->visit_count;
        }
        mine->visits = grown(mine->visits, mine->visit_count + theirs->visit_count,
                             &mine->visit_capacity, sizeof(*mine->visits));
        if (theirs->visit_count > 0) {
            memcpy(mine->visits + mine->visit_count, theirs->visits,
                   (size_t)theirs->visit_count * sizeof(*mine->visits));
        }
        mine->visit_count += theirs->visit_count;
        free(theirs->visits);
        free(theirs->days);
        theirs->visits = NULL;
        theirs->days = NULL;
        theirs->visit_count = theirs->visit_capacity = 0;
        theirs->day_count = theirs->day_capacity = 0;
    }
}

/* ---- Names */

int report_policy_count(const struct report *report)
{
    return report->policy_count;
}

const char *report_policy_name(const struct report *report, int policy)
{
    CHECK(policy >= 0 && policy < report->policy_count);
    return report->policies[policy].name;
}

const struct report_terms *report_terms(const struct report *report)
{
    return &report->terms;
}

int report_group_count(const struct report *report, int policy, enum report_group group)
{
    CHECK(policy >= 0 && policy < report->policy_count);
    switch (group) {
    case REPORT_ALL: return 1;
    case REPORT_CLASS: return TICKET_CLASSES;
    case REPORT_SERVICE: return report->terms.service_count;
    case REPORT_DAY: return report->policies[policy].day_count;
    }
    CHECK(false);
}

const char *report_group_name(const struct report *report, int policy, enum report_group group,
                              int index)
{
    CHECK(index >= 0 && index < report_group_count(report, policy, group));
    switch (group) {
    case REPORT_ALL: return "all";
    case REPORT_CLASS: return ticket_class_code((enum ticket_class)index);
    case REPORT_SERVICE: return report->services[index];
    case REPORT_DAY: return report->policies[policy].days[index].name;
    }
    CHECK(false);
}

/* ---- Figures */

static bool belongs(const struct kept *visit, enum report_group group, int index)
{
    switch (group) {
    case REPORT_CLASS: return visit->ticket_class == index;
    case REPORT_SERVICE: return visit->ticket_class != CLASS_TRANSFER && visit->service == index;
    case REPORT_ALL:
    case REPORT_DAY: return visit->ticket_class != CLASS_TRANSFER;
    }
    CHECK(false);
}

/* Totals of a day, and where its waits lie among those of all days. */
struct tally {
    double visits, counted, within, served, left, waited_min, excess_min, slips, passed_late;
    int64_t from, to;
};

struct estimate {
    struct tally *days;
    int day_count;
    struct day_total *totals;
    uint32_t *waits_ms; /* of the served, by day */
    double *sorted_min; /* by length */
    int64_t wait_count;
};

static void tally_visit(const struct report *report, const struct kept *visit, struct tally *tally,
                        struct estimate *estimate, struct report_row *row)
{
    const double standard_min = (double)report->terms.standard_ms / minute_ms;
    tally->visits++;
    tally->counted += (visit->flags & KEPT_EXCLUDED) == 0;
    row->visits++;
    row->counted += (visit->flags & KEPT_EXCLUDED) == 0;
    row->no_shows += (visit->flags & KEPT_NO_SHOW) != 0;
    if ((visit->flags & KEPT_SERVED) == 0) {
        tally->left++;
        row->left++;
        return;
    }
    const double wait_min = visit->wait_ms / minute_ms;
    tally->served++;
    tally->within += wait_min <= standard_min;
    tally->waited_min += wait_min;
    tally->excess_min += fmax(0, wait_min - standard_min);
    tally->slips += visit->slips;
    tally->passed_late += (visit->flags & KEPT_PASSED_LATE) != 0;
    row->served++;
    row->slips_max = fmax(row->slips_max, visit->slips);
    row->overtaken_max_min = fmax(row->overtaken_max_min, visit->overtaken_ms / minute_ms);
    estimate->waits_ms[estimate->wait_count++] = (uint32_t)visit->wait_ms;
}

static void sort_waits(struct estimate *estimate)
{
    const size_t count = (size_t)estimate->wait_count;
    uint32_t *sorted_ms = malloc((2 * count + 1) * sizeof(*sorted_ms));
    estimate->sorted_min = malloc((count + 1) * sizeof(*estimate->sorted_min));
    CHECK(sorted_ms != NULL && estimate->sorted_min != NULL);
    memcpy(sorted_ms, estimate->waits_ms, count * sizeof(*sorted_ms));
    report_sort_ms(sorted_ms, sorted_ms + count, estimate->wait_count);
    for (size_t i = 0; i < count; i++) {
        estimate->sorted_min[i] = sorted_ms[i] / minute_ms;
    }
    free(sorted_ms);
}

static struct estimate estimate_create(const struct report *report, int policy,
                                       enum report_group group, int index, struct report_row *row)
{
    const struct kept_policy *mine = &report->policies[policy];
    const int first = group == REPORT_DAY ? index : 0;
    struct estimate estimate = {.day_count = group == REPORT_DAY ? 1 : mine->day_count};
    const size_t days = (size_t)estimate.day_count + 1;
    estimate.days = calloc(days, sizeof(*estimate.days));
    estimate.totals = calloc(days, sizeof(*estimate.totals));
    const int64_t visits = estimate.day_count == 0 ? 0
                                                   : mine->days[first + estimate.day_count - 1].to -
                                                         mine->days[first].from;
    estimate.waits_ms = malloc(((size_t)visits + 1) * sizeof(*estimate.waits_ms));
    CHECK(estimate.days != NULL && estimate.totals != NULL && estimate.waits_ms != NULL);
    for (int i = 0; i < estimate.day_count; i++) {
        const struct kept_day *day = &mine->days[first + i];
        struct tally *tally = &estimate.days[i];
        tally->from = estimate.wait_count;
        row->missed += day->missed;
        for (int64_t j = day->from; j < day->to; j++) {
            if (belongs(&mine->visits[j], group, index)) {
                tally_visit(report, &mine->visits[j], tally, &estimate, row);
            }
        }
        tally->to = estimate.wait_count;
    }
    sort_waits(&estimate);
    return estimate;
}

static void estimate_free(struct estimate *estimate)
{
    free(estimate->days);
    free(estimate->totals);
    free(estimate->waits_ms);
    free(estimate->sorted_min);
}

enum tally_field { VISITS, COUNTED, WITHIN, SERVED, LEFT, WAITED, EXCESS, SLIPS, PASSED_LATE };

static double field_of(const struct tally *tally, enum tally_field field)
{
    switch (field) {
    case VISITS: return tally->visits;
    case COUNTED: return tally->counted;
    case WITHIN: return tally->within;
    case SERVED: return tally->served;
    case LEFT: return tally->left;
    case WAITED: return tally->waited_min;
    case EXCESS: return tally->excess_min;
    case SLIPS: return tally->slips;
    case PASSED_LATE: return tally->passed_late;
    }
    CHECK(false);
}

/* An interval ends where the figure itself does. */
static struct report_figure within_bounds(struct report_figure figure, double least, double most)
{
    if (!isnan(figure.low)) {
        figure.low = fmax(least, figure.low);
        figure.high = fmin(most, figure.high);
    }
    return figure;
}

static void take_totals(const struct estimate *estimate, enum tally_field above,
                        enum tally_field below)
{
    for (int i = 0; i < estimate->day_count; i++) {
        estimate->totals[i] = (struct day_total){.above = field_of(&estimate->days[i], above),
                                                 .below = field_of(&estimate->days[i], below)};
    }
}

static struct report_figure ratio(const struct estimate *estimate, enum tally_field above,
                                  enum tally_field below)
{
    take_totals(estimate, above, below);
    return within_bounds(report_ratio_figure(estimate->totals, estimate->day_count), 0, HUGE_VAL);
}

static struct report_figure share(const struct estimate *estimate, enum tally_field above,
                                  enum tally_field below)
{
    take_totals(estimate, above, below);
    return within_bounds(report_share_figure(estimate->totals, estimate->day_count), 0, 1);
}

/* Woodruff: how sure is the share of waits up to the quantile, and which quantiles have the shares at the ends of that
 * interval? */
static struct report_figure quantile(const struct estimate *estimate, double p)
{
    struct report_figure figure = {.low = (double)NAN, .high = (double)NAN};
    figure.value = report_quantile(estimate->sorted_min, estimate->wait_count, p);
    for (int i = 0; i < estimate->day_count; i++) {
        struct day_total *total = &estimate->totals[i];
        *total = (struct day_total){.below = estimate->days[i].served};
        for (int64_t j = estimate->days[i].from; j < estimate->days[i].to; j++) {
            total->above += estimate->waits_ms[j] / minute_ms <= figure.value;
        }
    }
    const double half = report_ratio_half(estimate->totals, estimate->day_count);
    if (!isnan(half)) {
        figure.low = report_quantile(estimate->sorted_min, estimate->wait_count, fmax(0, p - half));
        figure.high =
            report_quantile(estimate->sorted_min, estimate->wait_count, fmin(1, p + half));
    }
    return figure;
}

static struct report_figure unknown(void)
{
    return (struct report_figure){.value = (double)NAN, .low = (double)NAN, .high = (double)NAN};
}

void report_row(const struct report *report, int policy, enum report_group group, int index,
                struct report_row *row)
{
    CHECK(index >= 0 && index < report_group_count(report, policy, group));
    *row = (struct report_row){0};
    struct estimate estimate = estimate_create(report, policy, group, index, row);
    const bool tracked = report->terms.slips_tracked && row->served > 0;
    if (group == REPORT_CLASS || group == REPORT_SERVICE) {
        row->missed = -1;
    }
    row->days = estimate.day_count;
    row->within = share(&estimate, WITHIN, COUNTED);
    row->within_strict = share(&estimate, WITHIN, VISITS);
    row->left_share = share(&estimate, LEFT, VISITS);
    row->mean_min = ratio(&estimate, WAITED, SERVED);
    row->p50_min = quantile(&estimate, 0.5);
    row->p90_min = quantile(&estimate, 0.9);
    row->p95_min = quantile(&estimate, 0.95);
    row->excess_min = ratio(&estimate, EXCESS, SERVED);
    row->max_min =
        estimate.wait_count > 0 ? estimate.sorted_min[estimate.wait_count - 1] : (double)NAN;
    row->passed_late = tracked ? share(&estimate, PASSED_LATE, SERVED) : unknown();
    row->slips_mean = tracked ? ratio(&estimate, SLIPS, SERVED) : unknown();
    if (!tracked) {
        row->slips_max = row->overtaken_max_min = (double)NAN;
    }
    estimate_free(&estimate);
}

/* ---- Comparing */

enum { PAIRED_FIGURES = 6, PAIRED_SHARES = 2 }; /* the shares come first */

static void paired_values(const struct report_row *row, double values[PAIRED_FIGURES])
{
    values[0] = row->within.value;
    values[1] = row->within_strict.value;
    values[2] = row->mean_min.value;
    values[3] = row->p90_min.value;
    values[4] = row->p95_min.value;
    values[5] = row->excess_min.value;
}

void report_compare(const struct report *report, int policy, int base, struct report_paired *paired)
{
    const int days = report_group_count(report, policy, REPORT_DAY);
    CHECK(days == report_group_count(report, base, REPORT_DAY));
    double *differences = calloc((size_t)days * PAIRED_FIGURES + 1, sizeof(*differences));
    CHECK(differences != NULL);
    int known[PAIRED_FIGURES] = {0};
    for (int day = 0; day < days; day++) {
        struct report_row row;
        double mine[PAIRED_FIGURES];
        double theirs[PAIRED_FIGURES];
        report_row(report, policy, REPORT_DAY, day, &row);
        paired_values(&row, mine);
        report_row(report, base, REPORT_DAY, day, &row);
        paired_values(&row, theirs);
        for (int i = 0; i < PAIRED_FIGURES; i++) {
            if (!isnan(mine[i]) && !isnan(theirs[i])) {
                differences[(size_t)i * (size_t)days + (size_t)known[i]++] = mine[i] - theirs[i];
            }
        }
    }
    struct report_figure figures[PAIRED_FIGURES];
    for (int i = 0; i < PAIRED_FIGURES; i++) {
        figures[i] = report_mean_figure(&differences[(size_t)i * (size_t)days], known[i]);
    }
    free(differences);
    for (int i = 0; i < PAIRED_SHARES; i++) {
        figures[i] = within_bounds(figures[i], -1, 1);
    }
    *paired = (struct report_paired){.days = days,
                                     .within = figures[0],
                                     .within_strict = figures[1],
                                     .mean_min = figures[2],
                                     .p90_min = figures[3],
                                     .p95_min = figures[4],
                                     .excess_min = figures[5]};
}
