/* Invented days are what SCIENCE.md says they are, within 4 standard errors over 400 of them; a day is a function of its
 * seed; a site's days follow its hours, and its history. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/forecast/random.h"
#include "simulate/history.h"
#include "simulate/workload.h"
#include "simulate/workload_tables.h"
#include "store/store.h"
#include "test_kit.h"

#define SITE "assets/sites/customer-centre"

enum { DAYS = 400, SEED = 90000, MINUTE_MS = 60000 };

/* A mean and what it is worth. */
struct moments {
    double count, sum, squares;
};

static void add(struct moments *moments, double value)
{
    moments->count += 1;
    moments->sum += value;
    moments->squares += value * value;
}

static double mean_of(const struct moments *moments)
{
    return moments->sum / moments->count;
}

static double deviation_of(const struct moments *moments)
{
    const double mean = mean_of(moments);
    return sqrt((moments->squares - moments->count * mean * mean) / (moments->count - 1));
}

static void assert_mean(const char *what, const struct moments *moments, double wanted)
{
    const double se = deviation_of(moments) / sqrt(moments->count);
    if (!(fabs(mean_of(moments) - wanted) <= 4 * se)) {
        fail_msg("%s: %.5f +- %.5f over %.0f, not %.5f", what, mean_of(moments), se, moments->count,
                 wanted);
    }
}

static void assert_near(const char *what, double value, double wanted, double within)
{
    if (!(fabs(value - wanted) <= within)) {
        fail_msg("%s: %.6f is not within %.2g of %.6f", what, value, within, wanted);
    }
}

static bool is_booked(const struct trace_day *day, int32_t id, int64_t *appointment_ms)
{
    for (int32_t i = 0; i < day->booking_count; i++) {
        if (day->bookings[i].id == id) {
            *appointment_ms = day->bookings[i].appointment_ms;
            return true;
        }
    }
    return false;
}

/* ---- Samplers */

static void samplers_have_their_moments(void **state)
{
    (void)state;
    enum { DRAWS = 200000 };
    struct moments uniform = {0}, exponential = {0}, normal = {0}, lognormal = {0};
    struct moments gamma = {0}, poisson = {0}, gamma_squares = {0}, poisson_squares = {0};
    struct random random = {random_stream(5, 1)};
    const uint64_t key = random_stream(5, 2);
    for (uint64_t i = 0; i < DRAWS; i++) {
        const double u = random_at(key, i);
        assert_true(u > 0 && u < 1);
        add(&uniform, u);
        add(&exponential, random_exponential(u, 3));
        add(&normal, random_normal(u));
        add(&lognormal, random_lognormal(u, 10, 0.7));
        const double g = random_gamma(&random, 100, 1);
        const int n = random_poisson(&random, 9.5);
        add(&gamma, g);
        add(&gamma_squares, (g - 1) * (g - 1));
        add(&poisson, n);
        add(&poisson_squares, (n - 9.5) * (n - 9.5));
    }
    assert_mean("uniform", &uniform, 0.5);
    assert_mean("exponential", &exponential, 3);
    assert_mean("normal", &normal, 0);
    assert_near("deviation of normals", deviation_of(&normal), 1, 0.01);
    assert_mean("lognormal", &lognormal, 10);
    assert_near("cv of lognormals", deviation_of(&lognormal) / 10, 0.7, 0.02);
    assert_mean("gamma", &gamma, 1);
    assert_mean("variance of gamma", &gamma_squares, 0.01);
    assert_mean("Poisson", &poisson, 9.5);
    assert_mean("variance of Poisson", &poisson_squares, 9.5);
}

static void the_normal_inverse_is_exact_in_both_tails(void **state)
{
    (void)state;
    /* Percentage points to 15 digits, as tabled with AS 241 and by Python's NormalDist. */
    assert_near("u = .25", random_normal(0.25), -0.6744897501960817, 1e-15);
    assert_near("u = .001", random_normal(0.001), -3.090232306167814, 1e-14);
    assert_near("u = 1e-20", random_normal(1e-20), -9.262340089798408, 1e-13);
    for (int i = -32; i <= 20; i++) {
        const double z = i / 4.0;
        assert_near("round trip", random_normal(0.5 * erfc(-z / sqrt(2))), z, 1e-9);
    }
}

/* ---- The reference centre */

struct figures {
    struct moments walk_ins[5], booked, missed;
    struct moments service_min[QUARTER_SERVICES_MAX], share[QUARTER_SERVICES_MAX];
    struct moments assisted, urgent, silent, transfers, english, patience_min, offset_min, late;
    struct moments morning, busy_squares;
};

static void add_visit(const struct trace_day *day, const struct world_visit *visit,
                      struct figures *figures)
{
    int64_t appointment_ms = -1;
    const bool booked = is_booked(day, visit->id, &appointment_ms);
    add(&figures->urgent, visit->ticket_class == CLASS_URGENT);
    add(&figures->silent, visit->silent);
    add(&figures->transfers, visit->next_service >= 0);
    add(&figures->english, visit->language == 0);
    if (!booked) {
        assert_true(visit->arrives_ms == visit->leg_from_ms);
        if (visit->ticket_class != CLASS_URGENT) {
            add(&figures->assisted, visit->ticket_class == CLASS_ASSISTED);
        }
        for (int i = 0; i < 9; i++) {
            add(&figures->share[i], visit->service == i);
        }
        add(&figures->service_min[visit->service], (double)visit->service_ms / MINUTE_MS);
        add(&figures->patience_min, (double)(visit->leaves_ms - visit->leg_from_ms) / MINUTE_MS);
        add(&figures->morning, visit->arrives_ms < INT64_C(180) * MINUTE_MS);
    } else if (appointment_ms >= INT64_C(60) * MINUTE_MS) { /* nobody comes before the doors open */
        const double offset_min = (double)(visit->arrives_ms - appointment_ms) / MINUTE_MS;
        add(&figures->offset_min, offset_min);
        add(&figures->late, offset_min > 10);
    }
}

static void collect(const struct workload *workload, struct figures *figures)
{
    for (int d = 0; d < DAYS; d++) {
        struct trace_day day;
        workload_day(workload, SEED, d, &day);
        add(&figures->walk_ins[d % 5], day.count - (day.booking_count - day.missed));
        add(&figures->booked, day.booking_count);
        add(&figures->missed, day.missed);
        for (int32_t i = 0; i < day.count; i++) {
            assert_true(i == 0 || day.visits[i - 1].arrives_ms <= day.visits[i].arrives_ms);
            assert_true(day.visits[i].service_ms >= 45000);
            add_visit(&day, &day.visits[i], figures);
        }
        trace_day_free(&day);
    }
}

/* The mean and cv of a lognormal time that lasts at least 45 s. */
static void with_least(double mean_min, double cv, double *mean, double *with_cv)
{
    enum { STEPS = 200000 };
    struct moments moments = {0};
    for (int i = 0; i < STEPS; i++) {
        add(&moments, fmax(0.75, random_lognormal((i + 0.5) / STEPS, mean_min, cv)));
    }
    *mean = mean_of(&moments);
    *with_cv = deviation_of(&moments) / *mean;
}

static void invented_days_have_the_moments_of_the_workload(void **state)
{
    (void)state;
    static const double weekdays[5] = {1.22, 1.04, 0.94, 0.93, 0.90};
    static struct figures figures;
    struct workload *workload = workload_reference(0);
    collect(workload, &figures);
    for (int i = 0; i < 5; i++) {
        const double wanted = 262 * weekdays[i];
        assert_mean("walk-ins", &figures.walk_ins[i], wanted);
        /* Gamma-Poisson: n + (0.10 n)^2; a sample variance of 80 days is good to 16 %. */
        const double variance = pow(deviation_of(&figures.walk_ins[i]), 2);
        assert_near("variance of walk-ins", variance / (wanted + 0.01 * wanted * wanted), 1, 0.5);
    }
    assert_true(figures.booked.squares == 35.0 * 35.0 * DAYS);
    assert_mean("no-shows", &figures.missed, 0.12 * 35);
    assert_mean("assisted", &figures.assisted, 0.07);
    assert_mean("urgent", &figures.urgent, 0.01);
    assert_mean("silent", &figures.silent, 0.60);
    assert_mean("transfers", &figures.transfers, 0.05);
    assert_mean("English", &figures.english, 0.91);
    assert_mean("patience", &figures.patience_min, 0.12 * 25 + 0.88 * 150);
    assert_mean("offset", &figures.offset_min, -7);
    assert_mean("late", &figures.late, 0.022127);
    assert_mean("morning", &figures.morning, 14.55 / 31.3);
    const struct trace_site *site = workload_site(workload, 0);
    for (int i = 0; i < site->service_count; i++) {
        double mean = 0;
        double cv = 0;
        with_least(site->services[i].mean_ms / MINUTE_MS, site->services[i].cv, &mean, &cv);
        assert_mean(site->services[i].code, &figures.share[i], site->services[i].share);
        assert_mean(site->services[i].code, &figures.service_min[i], mean);
        assert_near(site->services[i].code,
                    deviation_of(&figures.service_min[i]) / mean_of(&figures.service_min[i]), cv,
                    0.1 * cv);
    }
    workload_destroy(workload);
}

static void bookings_take_different_slots(void **state)
{
    (void)state;
    struct workload *workload = workload_reference(0);
    for (int d = 0; d < 50; d++) {
        bool taken[9][31] = {{false}};
        struct trace_day day;
        workload_day(workload, SEED, d, &day);
        for (int32_t i = 0; i < day.booking_count; i++) {
            const struct trace_booking *booking = &day.bookings[i];
            const int64_t slot = booking->appointment_ms / 900000;
            assert_true(booking->appointment_ms % 900000 == 0 && slot < 29);
            assert_false(taken[booking->service][slot]);
            taken[booking->service][slot] = true;
        }
        trace_day_free(&day);
    }
    workload_destroy(workload);
}

static void assert_same_day(const struct trace_day *a, const struct trace_day *b)
{
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->booking_count, b->booking_count);
    assert_string_equal(a->name, b->name);
    for (int32_t i = 0; i < a->count; i++) {
        assert_true(a->visits[i].arrives_ms == b->visits[i].arrives_ms);
        assert_true(a->visits[i].service_ms == b->visits[i].service_ms);
        assert_true(a->visits[i].leaves_ms == b->visits[i].leaves_ms);
        assert_int_equal(a->visits[i].service, b->visits[i].service);
        assert_int_equal(a->visits[i].id, b->visits[i].id);
    }
}

static void a_day_is_a_function_of_its_seed(void **state)
{
    (void)state;
    struct workload *workload = workload_reference(0);
    struct workload *same = workload_reference(0);
    struct trace_day first, other, again, shifted;
    workload_day(workload, SEED, 7, &first);
    workload_day(workload, SEED, 8, &other);
    workload_day(same, SEED, 7, &again);
    workload_day(same, SEED + 5, 2, &shifted); /* the same seed and weekday */
    assert_same_day(&first, &again);
    assert_same_day(&first, &shifted);
    assert_true(first.visits[0].arrives_ms != other.visits[0].arrives_ms);
    trace_day_free(&first);
    trace_day_free(&other);
    trace_day_free(&again);
    trace_day_free(&shifted);
    workload_destroy(workload);
    workload_destroy(same);
}

/* With more demand everybody who came before comes again, and takes as long. */
static void more_demand_adds_visits(void **state)
{
    (void)state;
    struct workload *usual = workload_reference(0);
    struct workload *more = workload_reference(300);
    struct trace_day few, many;
    workload_day(usual, SEED, 1, &few);
    workload_day(more, SEED, 1, &many);
    assert_true(many.count > few.count);
    int32_t found = 0;
    for (int32_t i = 0; i < many.count && found < few.count; i++) {
        found += many.visits[i].arrives_ms == few.visits[found].arrives_ms &&
                 many.visits[i].service_ms == few.visits[found].service_ms;
    }
    assert_int_equal(found, few.count);
    trace_day_free(&few);
    trace_day_free(&many);
    workload_destroy(usual);
    workload_destroy(more);
}

/* ---- A site, and its history */

static struct site *load_site(void)
{
    struct site *site = NULL;
    struct site_report *report = site_report_create();
    assert_int_equal(site_load(SITE, &site, report), STATUS_OK);
    site_report_destroy(report);
    return site;
}

static void a_sites_days_keep_its_hours(void **state)
{
    (void)state;
    char message[WORKLOAD_MESSAGE_BYTES];
    struct workload *workload = NULL;
    struct site *site = load_site();
    assert_int_equal(workload_of_site(site, NULL, 0, &workload, message), STATUS_OK);
    const int weekdays = workload_weekdays(workload);
    assert_in_range(weekdays, 1, 7);
    for (int d = 0; d < 3 * weekdays; d++) {
        const struct trace_site *desk = workload_site(workload, d);
        struct trace_day day;
        workload_day(workload, SEED, d, &day);
        assert_true(day.count > 0);
        assert_int_equal(day.booking_count, 0);
        for (int32_t i = 0; i < day.count; i++) {
            assert_true(day.visits[i].arrives_ms >= 0);
            assert_true(day.visits[i].arrives_ms < desk->doors_close_ms);
        }
        trace_day_free(&day);
    }
    workload_destroy(workload);
    assert_int_equal(workload_of_site(site, NULL, 123, &workload, message), STATUS_OK);
    double sum = 0;
    for (int d = 0; d < weekdays; d++) {
        sum += workload_expected(workload, d);
    }
    assert_near("walk-ins on an average day", sum / weekdays, 123, 1e-6);
    workload_destroy(workload);
    site_destroy(site);
}

/* 40 days on which the first service was asked for 12 times in the quarter hour from 10:00, took 3 min each time, and
 * nothing else was asked for; one booking a day at 11:00, all of whom came. */
static void teach(struct knowledge *knowledge, const struct rules *rules)
{
    const int service = knowledge_service(knowledge, rules->services[0].code);
    const int booked = knowledge_service(knowledge, rules->services[1].code);
    for (int d = 0; d < 40; d++) {
        const struct knowledge_arrival walk_in = {.service = service,
                                                  .crowd = CROWD_WALK_IN,
                                                  .quarter = 40,
                                                  .weekday = d % 5,
                                                  .language = rules->languages[0]};
        const struct knowledge_arrival appointment = {.service = booked,
                                                      .crowd = CROWD_BOOKED,
                                                      .ticket_class = CLASS_APPOINTMENT,
                                                      .quarter = 44,
                                                      .weekday = d % 5,
                                                      .language = rules->languages[0]};
        char date[QUARTER_DAY_LEN + 1];
        (void)snprintf(date, sizeof(date), "2026-%02d-%02d", 1 + d / 20, 1 + d % 20);
        knowledge_begin_day(knowledge, date);
        for (int i = 0; i < 12; i++) {
            knowledge_add_arrival(knowledge, &walk_in);
            knowledge_add_visit(knowledge,
                                &(struct knowledge_visit){service, -1, false, 180000 + i});
        }
        knowledge_add_arrival(knowledge, &appointment);
        knowledge_add_booked_offset(knowledge, 0);
        knowledge_add_open_quarters(knowledge, d % 5, 36, 67);
    }
}

static void a_site_repeats_its_history(void **state)
{
    (void)state;
    char message[WORKLOAD_MESSAGE_BYTES];
    struct workload *workload = NULL;
    struct knowledge *knowledge = knowledge_create();
    struct site *site = load_site();
    assert_int_equal(workload_of_site(site, knowledge, 0, &workload, message), STATUS_INVALID);
    assert_non_null(strstr(message, "no whole day"));
    teach(knowledge, site_rules(site));
    assert_int_equal(workload_of_site(site, knowledge, 0, &workload, message), STATUS_OK);
    struct moments first = {0}, other = {0}, minutes = {0}, booked = {0};
    for (int d = 0; d < DAYS; d++) {
        struct trace_day day;
        int walk_ins[2] = {0, 0};
        workload_day(workload, SEED, d, &day);
        for (int32_t i = 0; i < day.count; i++) {
            int64_t appointment_ms = -1;
            if (is_booked(&day, day.visits[i].id, &appointment_ms)) {
                continue;
            }
            walk_ins[day.visits[i].service != 0]++;
            if (day.visits[i].service == 0) {
                add(&minutes, (double)day.visits[i].service_ms / MINUTE_MS);
            }
        }
        add(&first, walk_ins[0]);
        add(&other, walk_ins[1]);
        add(&booked, day.booking_count);
        trace_day_free(&day);
    }
    /* The prior of 8 days knows only the mean of the service over the day, the same 12 spread out. */
    assert_near("walk-ins of the first service", mean_of(&first), 12, 1.5);
    assert_near("of the others", mean_of(&other), 0, 0.5);
    assert_near("bookings", mean_of(&booked), 1, 0.3);
    assert_near("minutes", mean_of(&minutes), 3, 1.5);
    workload_destroy(workload);
    site_destroy(site);
    knowledge_destroy(knowledge);
}

/* ---- A journal */

enum { ISSUED = 30 };

static void append(struct store *store, enum event_type type, int64_t at_ms, int number)
{
    struct event event = {.type = type,
                          .day = "2026-11-24",
                          .at_ms = at_ms,
                          .occurred_at_ms = at_ms,
                          .actor = "local"};
    if (type == EVENT_TICKET_ISSUED) {
        (void)snprintf(event.ticket, sizeof(event.ticket), "01KAT%021d", number);
        (void)snprintf(event.body.issued.service, sizeof(event.body.issued.service), "payments");
        (void)snprintf(event.body.issued.prefix, sizeof(event.body.issued.prefix), "P");
        (void)snprintf(event.body.issued.language, sizeof(event.body.issued.language), "en");
        event.body.issued.number = number;
        event.body.issued.arrived_at_ms = event.body.issued.leg_from_ms = at_ms;
    }
    assert_int_equal(store_append(store, &event), STATUS_OK);
}

/* A day on which somebody came every 10 minutes from 10:00 to 15:00. */
static void write_journal(const char *folder)
{
    const int64_t ten_ms = INT64_C(1795514400000); /* 2026-11-24T10:00Z */
    char path[128];
    char keys[128];
    char error[256];
    struct store *store = NULL;
    (void)snprintf(path, sizeof(path), "%s/journal.db", folder);
    (void)snprintf(keys, sizeof(keys), "%s/keys", folder);
    const struct store_config config = {.path = path, .key_dir = keys};
    assert_int_equal(store_open(&config, &store, error, sizeof(error)), STATUS_OK);
    assert_int_equal(store_begin(store), STATUS_OK);
    append(store, EVENT_DAY_OPENED, ten_ms, 0);
    for (int i = 0; i < ISSUED; i++) {
        append(store, EVENT_TICKET_ISSUED, ten_ms + (int64_t)i * 10 * MINUTE_MS, i + 1);
    }
    append(store, EVENT_DAY_CLOSED, ten_ms + INT64_C(600) * MINUTE_MS, 0);
    assert_int_equal(store_commit(store), STATUS_OK);
    store_close(store);
}

static void a_journal_teaches_who_comes(void **state)
{
    (void)state;
    char folder[] = "/tmp/quarter-journal-XXXXXX";
    char message[HISTORY_MESSAGE_BYTES];
    char lack[WORKLOAD_MESSAGE_BYTES];
    struct workload *workload = NULL;
    struct site *site = load_site();
    struct knowledge *knowledge = knowledge_create();
    assert_non_null(mkdtemp(folder));
    assert_int_equal(history_read(folder, site, knowledge, message), STATUS_NOT_FOUND);
    write_journal(folder);
    assert_int_equal(history_read(folder, site, knowledge, message), STATUS_OK);
    assert_int_equal(knowledge_days(knowledge), 1);
    assert_int_equal(workload_of_site(site, knowledge, 0, &workload, lack), STATUS_OK);
    int payments = -1;
    const struct trace_site *desk = workload_site(workload, 1);
    for (int i = 0; i < desk->service_count; i++) {
        payments = strcmp(desk->services[i].code, "payments") == 0 ? i : payments;
    }
    assert_true(payments >= 0);
    int asked = 0;
    int others = 0;
    for (int d = 0; d < 100; d++) {
        struct trace_day day;
        workload_day(workload, SEED, d, &day);
        for (int32_t i = 0; i < day.count; i++) {
            asked += day.visits[i].service == payments;
            others += day.visits[i].service != payments;
        }
        trace_day_free(&day);
    }
    assert_true(asked > 500);
    assert_int_equal(others, 0);
    workload_destroy(workload);
    knowledge_destroy(knowledge);
    site_destroy(site);
    kit_remove_folder(folder);
}

int main(void)
{
    if (sodium_init() < 0) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samplers_have_their_moments),
        cmocka_unit_test(the_normal_inverse_is_exact_in_both_tails),
        cmocka_unit_test(invented_days_have_the_moments_of_the_workload),
        cmocka_unit_test(bookings_take_different_slots),
        cmocka_unit_test(a_day_is_a_function_of_its_seed),
        cmocka_unit_test(more_demand_adds_visits),
        cmocka_unit_test(a_sites_days_keep_its_hours),
        cmocka_unit_test(a_site_repeats_its_history),
        cmocka_unit_test(a_journal_teaches_who_comes),
    };
    return cmocka_run_group_tests_name("invented days", tests, NULL, NULL);
}
