/* Makes workloads. The figures of the reference centre are those of gen_traces.py. See workload.h. */
#include "simulate/workload_tables.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quarter/check.h"

enum {
    MINUTE_MS = 60000,
    QUARTER_MS = 900000,
    DAY_MS = 86400000,
    REFERENCE_QUARTERS = 31, /* 09:00 to 16:45 */
    REFERENCE_SERVICES = 9,
    REFERENCE_COUNTERS = 10,
    OPENINGS_LOOKED_AT = 400,
};

const double workload_no_show = 0.12;
const double workload_assisted = 0.07;
const double workload_urgent = 0.01;
const double workload_transfer = 0.05;
const double workload_silent = 0.60;
const double workload_booked_longer = 1.05;

static const double busy_cv = 0.10;
static const double reference_visits = 262;
static const double site_cv = 0.7; /* of service times, where nothing is known */
static const double site_utilisation =
    0.67; /* the reference's: 53 h of work for 79 h of counters */
static const double first_language = 0.91;
static const char *const first_day = "2026-01-05T00:00"; /* an ordinary Monday */

/* By weekday; gen_traces.py knows Monday to Friday. */
static const double weekday_factors[WORKLOAD_WEEKDAYS_MAX] = {1.22, 1.04, 0.94, 0.93,
                                                              0.90, 0.90, 0.90};
static const char *const weekday_names[WORKLOAD_WEEKDAYS_MAX] = {"Mon", "Tue", "Wed", "Thu",
                                                                 "Fri", "Sat", "Sun"};

static const double profile[REFERENCE_QUARTERS] = {
    .70, .80,  .90,  1.05, 1.30, 1.45, 1.50, 1.50, 1.45, 1.40, 1.30, 1.20, 1.10, 1.05, 1.05, 1.00,
    .95, 1.00, 1.05, 1.10, 1.05, 1.00, .95,  .90,  .85,  .80,  .75,  .70,  .60,  .50,  .35,
};

enum reference_service {
    GENERAL,
    PAYMENTS,
    PARKING,
    COUNCIL_TAX,
    BENEFITS,
    HOUSING,
    ID_LICENCE,
    PLANNING,
    REGISTRAR,
};

#define BIT(service) (UINT64_C(1) << (service))

static const struct reference_row {
    const char *code;
    double share, mean_min, cv;
    int booked;
    uint64_t transfers_to;
} reference_services[REFERENCE_SERVICES] = {
    [GENERAL] = {"general", .18, 4.5, .80, 0, BIT(COUNCIL_TAX) | BIT(BENEFITS) | BIT(HOUSING)},
    [PAYMENTS] = {"payments", .14, 4.0, .60, 0, BIT(COUNCIL_TAX)},
    [PARKING] = {"parking", .12, 7.0, .60, 0, BIT(PAYMENTS)},
    [COUNCIL_TAX] = {"council_tax", .22, 10.0, .70, 0, BIT(BENEFITS) | BIT(PAYMENTS)},
    [BENEFITS] = {"benefits", .16, 15.0, .70, 8, BIT(HOUSING) | BIT(COUNCIL_TAX)},
    [HOUSING] = {"housing", .09, 20.0, .80, 9, BIT(BENEFITS)},
    [ID_LICENCE] = {"id_licence", .06, 9.0, .50, 0, BIT(PAYMENTS)},
    [PLANNING] = {"planning", .02, 16.0, .90, 6, BIT(PAYMENTS)},
    [REGISTRAR] = {"registrar", .01, 26.0, .40, 12, BIT(PAYMENTS)},
};

enum { ENGLISH = 1, POLISH = 2, URDU = 4 };

/* Minutes after 09:00. */
static const struct reference_counter {
    const char *code;
    uint64_t services;
    uint32_t languages;
    int break_at, break_length, from, until;
} reference_counters[REFERENCE_COUNTERS] = {
    {"C1", BIT(GENERAL) | BIT(PAYMENTS) | BIT(PARKING), ENGLISH, 180, 45, 0, 540},
    {"C2", BIT(GENERAL) | BIT(PAYMENTS) | BIT(PARKING) | BIT(ID_LICENCE), ENGLISH, 225, 45, 0, 540},
    {"C3", BIT(COUNCIL_TAX) | BIT(PAYMENTS) | BIT(GENERAL), ENGLISH, 180, 45, 0, 540},
    {"C4", BIT(COUNCIL_TAX) | BIT(BENEFITS) | BIT(ID_LICENCE), ENGLISH | POLISH, 225, 45, 0, 540},
    {"C5", BIT(COUNCIL_TAX) | BIT(BENEFITS) | BIT(PARKING), ENGLISH, 270, 45, 0, 540},
    {"C6", BIT(BENEFITS) | BIT(HOUSING), ENGLISH | URDU, 180, 45, 0, 540},
    {"C7", BIT(HOUSING) | BIT(BENEFITS) | BIT(COUNCIL_TAX), ENGLISH, 225, 45, 0, 540},
    {"C8", BIT(REGISTRAR) | BIT(ID_LICENCE) | BIT(PLANNING), ENGLISH, 210, 45, 0, 540},
    {"C9", BIT(PLANNING) | BIT(REGISTRAR) | BIT(GENERAL) | BIT(HOUSING), ENGLISH | POLISH, 255, 45,
     0, 540},
    {"C10", BIT(COUNCIL_TAX) | BIT(BENEFITS) | BIT(GENERAL) | BIT(PARKING) | BIT(PAYMENTS), ENGLISH,
     0, 0, 60, 360},
};

static const struct {
    const char *code;
    double share;
} reference_languages[] = {{"en", .91}, {"pl", .05}, {"ur", .04}};

enum { REFERENCE_LANGUAGES = sizeof(reference_languages) / sizeof(reference_languages[0]) };

static void *zeroed(size_t size)
{
    void *memory = calloc(1, size);
    CHECK(memory != NULL);
    return memory;
}

static struct workload_weekday *add_weekday(struct workload *workload, int weekday)
{
    struct workload_weekday *day = zeroed(sizeof(*day));
    day->weekday = weekday;
    (void)snprintf(day->name, sizeof(day->name), "%s", weekday_names[weekday]);
    workload->weekdays[workload->weekday_count++] = day;
    return day;
}

static void copy_code(char code[QUARTER_CODE_MAX + 1], const char *from)
{
    (void)snprintf(code, QUARTER_CODE_MAX + 1, "%s", from);
}

static void note_served(struct workload_weekday *day)
{
    for (int i = 0; i < day->site.counter_count; i++) {
        day->served |= day->site.counters[i].services;
    }
}

/* Quarter hours by the clock between opening and doors; opens_local_ms: since local midnight. */
static void make_slots(struct workload_weekday *day, int64_t opens_local_ms, int64_t doors_ms)
{
    int64_t from_ms = 0;
    while (from_ms < doors_ms && day->slot_count < WORKLOAD_SLOTS_MAX) {
        const int64_t local_ms = opens_local_ms + from_ms;
        int64_t to_ms = from_ms + QUARTER_MS - local_ms % QUARTER_MS;
        to_ms = to_ms > doors_ms ? doors_ms : to_ms;
        day->slots[day->slot_count++] = (struct workload_slot){
            from_ms, to_ms, (int)(local_ms / QUARTER_MS % KNOWLEDGE_QUARTERS)};
        from_ms = to_ms;
    }
}

/* ---- The reference centre */

static void reference_site(struct trace_site *site)
{
    site->service_count = REFERENCE_SERVICES;
    site->counter_count = REFERENCE_COUNTERS;
    site->language_count = REFERENCE_LANGUAGES;
    site->doors_close_ms = (int64_t)REFERENCE_QUARTERS * QUARTER_MS;
    site->standard_ms = policy_default_terms.standard_ms;
    site->target = 0.9;
    for (int i = 0; i < REFERENCE_SERVICES; i++) {
        const struct reference_row *row = &reference_services[i];
        copy_code(site->services[i].code, row->code);
        site->services[i].share = row->share;
        site->services[i].mean_ms = row->mean_min * MINUTE_MS;
        site->services[i].cv = row->cv;
    }
    for (int i = 0; i < REFERENCE_COUNTERS; i++) {
        const struct reference_counter *row = &reference_counters[i];
        copy_code(site->counter_codes[i], row->code);
        site->counters[i] = (struct world_counter){
            .services = row->services,
            .languages = row->languages,
            .opens_ms = (int64_t)row->from * MINUTE_MS,
            .closes_ms = (int64_t)row->until * MINUTE_MS,
            .break_count = row->break_length > 0,
            .breaks = {{(int64_t)row->break_at * MINUTE_MS,
                        (int64_t)row->break_length * MINUTE_MS}},
        };
    }
    for (int i = 0; i < REFERENCE_LANGUAGES; i++) {
        copy_code(site->languages[i], reference_languages[i].code);
    }
}

static double profile_sum(void)
{
    double sum = 0;
    for (int i = 0; i < REFERENCE_QUARTERS; i++) {
        sum += profile[i];
    }
    return sum;
}

struct workload *workload_reference(double visits)
{
    struct workload *workload = zeroed(sizeof(*workload));
    const double base = (visits > 0 ? visits : reference_visits) / profile_sum();
    workload->policy = policy_default_terms;
    workload->busy_cv = busy_cv;
    for (int i = 0; i < REFERENCE_LANGUAGES; i++) {
        workload->language_shares[i] = reference_languages[i].share;
    }
    for (int i = 0; i < REFERENCE_SERVICES; i++) {
        workload->booked[i] = reference_services[i].booked;
        workload->transfers_to[i] = reference_services[i].transfers_to;
    }
    for (int weekday = 0; weekday < 5; weekday++) {
        struct workload_weekday *day = add_weekday(workload, weekday);
        reference_site(&day->site);
        make_slots(day, INT64_C(9) * 4 * QUARTER_MS, day->site.doors_close_ms);
        note_served(day);
        for (int i = 0; i < REFERENCE_SERVICES; i++) {
            for (int slot = 0; slot < day->slot_count; slot++) {
                day->walk_ins[i][slot] =
                    base * weekday_factors[weekday] * profile[slot] * reference_services[i].share;
            }
        }
    }
    return workload;
}

/* ---- A site */

static int64_t local_ms(const struct site *site, int64_t utc_ms)
{
    return utc_ms + (int64_t)site_utc_offset_s(site, utc_ms) * 1000;
}

static void copy_roster(struct trace_site *into, const struct counter_rule *rule,
                        const struct site_roster *roster, int64_t opens_ms)
{
    const int at = into->counter_count++;
    struct world_counter *counter = &into->counters[at];
    copy_code(into->counter_codes[at], rule->code);
    *counter = (struct world_counter){.services = rule->services,
                                      .languages = rule->languages,
                                      .needs = rule->needs,
                                      .opens_ms = roster->from_ms - opens_ms,
                                      .closes_ms = roster->to_ms - opens_ms};
    for (int i = 0; i < roster->break_count && i < WORLD_BREAKS_MAX; i++) {
        const struct site_break *pause = &roster->breaks[i];
        counter->breaks[counter->break_count++] =
            (struct world_break){pause->from_ms - opens_ms, pause->to_ms - pause->from_ms};
    }
}

/* Counters that are not on duty that weekday are left out. */
static void site_weekday(const struct site *site, const char *date, struct workload_weekday *day)
{
    const struct rules *rules = site_rules(site);
    struct trace_site *into = &day->site;
    struct site_day hours;
    CHECK(site_day(site, date, &hours) == STATUS_OK && hours.open);
    day->opens_ms = hours.opens_ms;
    into->service_count = rules->service_count;
    into->language_count = rules->language_count;
    into->doors_close_ms = hours.doors_ms - hours.opens_ms;
    into->standard_ms = rules->policy.standard_ms;
    into->target = 0.9;
    for (int i = 0; i < rules->service_count; i++) {
        copy_code(into->services[i].code, rules->services[i].code);
        into->services[i].mean_ms = (double)rules->services[i].typical_ms;
        into->services[i].cv = site_cv;
    }
    for (int i = 0; i < rules->language_count; i++) {
        copy_code(into->languages[i], rules->languages[i]);
    }
    for (int i = 0; i < rules->counter_count; i++) {
        struct site_roster roster = {0};
        CHECK(site_roster(site, date, i, &roster) == STATUS_OK);
        if (roster.on_duty && rules->counters[i].services != 0) {
            copy_roster(into, &rules->counters[i], &roster, hours.opens_ms);
        }
    }
    make_slots(day, local_ms(site, hours.opens_ms) % DAY_MS, into->doors_close_ms);
    note_served(day);
}

/* One day for each weekday on which the site is open at all, Monday first. */
static void site_week(const struct site *site, struct workload *workload)
{
    char dates[WORKLOAD_WEEKDAYS_MAX][QUARTER_DAY_LEN + 1] = {{0}};
    int64_t at_ms = 0;
    CHECK(site_local_to_utc(site, first_day, &at_ms) == STATUS_OK);
    int64_t opens_ms = 0;
    for (int i = 0; i < OPENINGS_LOOKED_AT; i++) {
        if (site_next_opening(site, at_ms, &opens_ms) != STATUS_OK) {
            break;
        }
        /* 1970-01-01 was a Thursday. */
        const int weekday = (int)((local_ms(site, opens_ms) / DAY_MS + 3) % WORKLOAD_WEEKDAYS_MAX);
        if (dates[weekday][0] == '\0') {
            site_local_day(site, opens_ms, dates[weekday]);
        }
        at_ms = opens_ms;
    }
    for (int weekday = 0; weekday < WORKLOAD_WEEKDAYS_MAX; weekday++) {
        if (dates[weekday][0] != '\0') {
            site_weekday(site, dates[weekday], add_weekday(workload, weekday));
        }
    }
}

static int64_t staffed_ms(const struct world_counter *counter)
{
    int64_t staffed = counter->closes_ms - counter->opens_ms;
    for (int i = 0; i < counter->break_count; i++) {
        staffed -= counter->breaks[i].length_ms;
    }
    return staffed;
}

/* The reference's shape, stretched over these hours: the middle of each slot decides. */
static double shape(const struct workload_weekday *day, int slot)
{
    const struct workload_slot *at = &day->slots[slot];
    const double middle = (double)(at->from_ms + at->to_ms) / 2;
    const int quarter = (int)(middle / (double)day->site.doors_close_ms * REFERENCE_QUARTERS);
    return profile[quarter] * (double)(at->to_ms - at->from_ms);
}

/* Walk-ins of each service by what the counters can do for it: a counter's hours go to its services alike. */
static void nominal_rates(struct workload_weekday *day)
{
    double sum = 0;
    for (int slot = 0; slot < day->slot_count; slot++) {
        sum += shape(day, slot);
    }
    for (int i = 0; i < day->site.service_count; i++) {
        double capacity_ms = 0;
        for (int c = 0; c < day->site.counter_count; c++) {
            const struct world_counter *counter = &day->site.counters[c];
            if ((counter->services & BIT(i)) != 0) {
                capacity_ms +=
                    (double)staffed_ms(counter) / __builtin_popcountll(counter->services);
            }
        }
        const double visits = site_utilisation * capacity_ms / day->site.services[i].mean_ms;
        for (int slot = 0; slot < day->slot_count; slot++) {
            day->walk_ins[i][slot] =
                visits * weekday_factors[day->weekday] * shape(day, slot) / sum;
        }
    }
}

static double expected(const struct workload_weekday *day)
{
    double sum = 0;
    for (int i = 0; i < day->site.service_count; i++) {
        for (int slot = 0; slot < day->slot_count; slot++) {
            sum += day->walk_ins[i][slot];
        }
    }
    return sum;
}

/* To so many walk-ins on the average weekday. */
static void scale(struct workload *workload, double visits)
{
    double sum = 0;
    for (int d = 0; d < workload->weekday_count; d++) {
        sum += expected(workload->weekdays[d]);
    }
    const double factor = sum > 0 ? visits * workload->weekday_count / sum : 0;
    for (int d = 0; d < workload->weekday_count; d++) {
        struct workload_weekday *day = workload->weekdays[d];
        for (int i = 0; i < day->site.service_count; i++) {
            for (int slot = 0; slot < day->slot_count; slot++) {
                day->walk_ins[i][slot] *= factor;
            }
        }
    }
}

/* ---- A site's history */

static void learned_rates(struct workload_weekday *day)
{
    const struct sampler *sampler = day->sampler;
    for (int slot = 0; slot < day->slot_count; slot++) {
        const struct workload_slot *at = &day->slots[slot];
        const double part = (double)(at->to_ms - at->from_ms) / QUARTER_MS;
        for (int i = 0; i < day->site.service_count; i++) {
            if ((day->served & BIT(i)) == 0) {
                continue;
            }
            day->walk_ins[i][slot] =
                part * (double)sampler->arrivals[CROWD_WALK_IN][i][at->quarter];
            /* Those who never came were booked as well. */
            day->bookings[i][slot] = part *
                                     (double)sampler->arrivals[CROWD_BOOKED][i][at->quarter] /
                                     (1.0 - (double)sampler->booked_no_show);
        }
    }
}

static void learn_weekday(const struct rules *rules, const struct knowledge *knowledge,
                          struct workload_weekday *day)
{
    struct sampler_site site = {.service_count = rules->service_count,
                                .counter_count = day->site.counter_count,
                                .language_count = rules->language_count,
                                .weekday = day->weekday};
    for (int i = 0; i < rules->service_count; i++) {
        site.services[i] = rules->services[i].code;
        site.typical_ms[i] = rules->services[i].typical_ms;
    }
    for (int i = 0; i < site.counter_count; i++) {
        site.counters[i] = day->site.counter_codes[i];
    }
    for (int i = 0; i < rules->language_count; i++) {
        site.languages[i] = rules->languages[i];
    }
    day->sampler = zeroed(sizeof(*day->sampler));
    sampler_prepare(day->sampler, knowledge, &site);
    for (int i = 0; i < site.counter_count; i++) {
        day->site.counters[i].speed = (double)day->sampler->counter_factor[i];
    }
    for (int i = 0; i < rules->service_count; i++) {
        day->site.services[i].mean_ms = (double)day->sampler->service[i].mean_ms;
    }
    learned_rates(day);
}

static void site_shares(const struct rules *rules, struct workload *workload)
{
    const int others = rules->language_count - 1;
    for (int i = 0; i < rules->language_count; i++) {
        workload->language_shares[i] =
            others == 0 ? 1.0 : (i == 0 ? first_language : (1.0 - first_language) / others);
    }
    for (int i = 0; i < rules->service_count; i++) {
        workload->transfers_to[i] = ~BIT(i);
    }
    for (int i = 0; i < rules->need_count; i++) {
        if (rules->needs[i].hard) {
            workload->needs.hard |= UINT32_C(1) << i;
        }
        workload->needs.relax_after_ms[i] = rules->needs[i].relax_after_ms;
    }
}

static enum status lacks(struct workload *workload, char message[WORKLOAD_MESSAGE_BYTES],
                         const char *what)
{
    (void)snprintf(message, WORKLOAD_MESSAGE_BYTES, "%s", what);
    workload_destroy(workload);
    return STATUS_INVALID;
}

enum status workload_of_site(const struct site *site, const struct knowledge *knowledge,
                             double visits, struct workload **workload,
                             char message[WORKLOAD_MESSAGE_BYTES])
{
    const struct rules *rules = site_rules(site);
    struct workload *made = zeroed(sizeof(*made));
    made->policy = rules->policy;
    made->busy_cv = busy_cv;
    site_shares(rules, made);
    site_week(site, made);
    if (made->weekday_count == 0) {
        return lacks(made, message, "the site is never open");
    }
    for (int d = 0; d < made->weekday_count; d++) {
        if (knowledge != NULL) {
            learn_weekday(rules, knowledge, made->weekdays[d]);
        } else {
            nominal_rates(made->weekdays[d]);
        }
    }
    if (knowledge != NULL && !(made->weekdays[0]->sampler->open_days > 0)) {
        return lacks(made, message,
                     "the journal holds no whole day yet, so nothing is known of "
                     "who comes when; leave out --data");
    }
    if (!(workload_expected(made, 0) > 0)) {
        return lacks(made, message, "nobody would come: no counter is on duty");
    }
    if (visits > 0) {
        scale(made, visits);
    }
    *workload = made;
    return STATUS_OK;
}

void workload_destroy(struct workload *workload)
{
    if (workload == NULL) {
        return;
    }
    for (int d = 0; d < workload->weekday_count; d++) {
        free(workload->weekdays[d]->sampler);
        free(workload->weekdays[d]);
    }
    free(workload);
}

double workload_expected(const struct workload *workload, int day)
{
    return expected(workload->weekdays[day % workload->weekday_count]);
}
