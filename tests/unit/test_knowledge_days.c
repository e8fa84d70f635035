/* Arrivals by day and hour, codes that come and go, and the written form. */
#include "knowledge_rig.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/forecast/knowledge_text.h"
#include "engine/forecast/random.h"

enum { OPENS = 36, CLOSES = 67 }; /* 9:00 .. 16:45 in quarter hours */

/* gen_traces.py */
static const double profile[CLOSES - OPENS] = {
    .70, .80,  .90,  1.05, 1.30, 1.45, 1.50, 1.50, 1.45, 1.40, 1.30, 1.20, 1.10, 1.05, 1.05, 1.00,
    .95, 1.00, 1.05, 1.10, 1.05, 1.00, .95,  .90,  .85,  .80,  .75,  .70,  .60,  .50,  .35};
static const double weekdays[5] = {1.22, 1.04, 0.94, 0.93, 0.90};
static const double shares[3] = {0.5, 0.3, 0.2};

static void live_a_day(struct knowledge_rig *rig, int weekday, double per_day)
{
    knowledge_begin_day(rig->knowledge, "");
    double sum = 0;
    for (int q = 0; q < CLOSES - OPENS; q++) {
        sum += profile[q];
    }
    for (int q = 0; q < CLOSES - OPENS; q++) {
        for (int s = 0; s < 3; s++) {
            const double mean = per_day * weekdays[weekday] * shares[s] * profile[q] / sum;
            const struct knowledge_arrival arrival = {
                .service = knowledge_service(rig->knowledge, rig->site.services[s]),
                .crowd = CROWD_WALK_IN,
                .ticket_class = rig_u(rig) < 0.1 ? CLASS_ASSISTED : CLASS_NORMAL,
                .quarter = OPENS + q,
                .weekday = weekday,
                .language = rig_u(rig) < 0.2 ? "pl" : "en"};
            for (int n = random_poisson(&rig->random, mean); n > 0; n--) {
                knowledge_add_arrival(rig->knowledge, &arrival);
            }
        }
    }
    knowledge_add_open_quarters(rig->knowledge, weekday, OPENS, CLOSES);
}

static void arrivals_are_recovered_by_hour_and_weekday(void **state)
{
    struct knowledge_rig *rig = *state;
    for (int day = 0; day < 60; day++) {
        live_a_day(rig, day % 5, 260);
    }
    rig->site.weekday = -1;
    const struct sampler *sampler = rig_prepare(rig);
    double sum = 0;
    for (int q = 0; q < CLOSES - OPENS; q++) {
        sum += profile[q];
    }
    const double mean = 260 * 5.03 / 5;
    assert_near(sampler_expected(sampler, CROWD_WALK_IN, -1, 0, 96) -
                    sampler_expected(sampler, CROWD_WALK_IN, -1, 0, OPENS) -
                    sampler_expected(sampler, CROWD_WALK_IN, -1, CLOSES, 96),
                mean, 0.04 * mean);
    for (int s = 0; s < 3; s++) {
        assert_near(sampler_expected(sampler, CROWD_WALK_IN, s, OPENS, CLOSES), mean * shares[s],
                    0.07 * mean * shares[s]);
    }
    double error = 0;
    for (int q = 0; q < CLOSES - OPENS; q++) {
        const double wanted = mean * profile[q] / sum;
        const double got = sampler_expected(sampler, CROWD_WALK_IN, -1, OPENS + q, OPENS + q + 1);
        assert_near(got, wanted, 5 * sqrt(wanted / 25));
        error += (got - wanted) * (got - wanted) / (wanted / 25);
    }
    assert_true(error < 2.5 * (CLOSES - OPENS));
    assert_near((double)sampler->language[1], 0.2, 0.03);
    assert_near((double)sampler->assisted, 0.1, 0.03);
    for (int weekday = 0; weekday < 5; weekday++) {
        rig->site.weekday = weekday;
        const double today = sampler_expected(rig_prepare(rig), CROWD_WALK_IN, -1, OPENS, CLOSES);
        assert_near(today / (260 * weekdays[weekday]), 1, 0.07);
    }
}

static void half_an_hour_counts_half(void **state)
{
    struct knowledge_rig *rig = *state;
    live_a_day(rig, 0, 300);
    const struct sampler *sampler = rig_prepare(rig);
    const double whole = sampler_expected(sampler, CROWD_WALK_IN, 1, 40, 41);
    assert_true(whole > 0);
    assert_near(sampler_expected(sampler, CROWD_WALK_IN, 1, 40.25, 40.75), whole / 2, 1e-9);
    assert_near(sampler_expected(sampler, CROWD_WALK_IN, 1, 40.5, 41.5),
                whole / 2 + sampler_expected(sampler, CROWD_WALK_IN, 1, 41, 42) / 2, 1e-6);
    assert_near(sampler_expected(sampler, CROWD_WALK_IN, 1, 41, 40), 0, 0);
    assert_near(sampler_expected(sampler, CROWD_WALK_IN, 1, 96, 200), 0, 0);
    assert_near(sampler_day_factor(50, 25), 1.5, 1e-12);
}

static void nothing_is_expected_of_a_new_centre(void **state)
{
    struct knowledge_rig *rig = *state;
    const struct sampler *sampler = rig_prepare(rig);
    assert_near((double)sampler->open_days, 0, 0);
    assert_near(sampler_expected(sampler, CROWD_WALK_IN, -1, 0, 96), 0, 0);
    assert_near((double)sampler->assisted, 0.07, 1e-6);
    assert_near((double)sampler->urgent, 0.01, 1e-6);
    assert_near((double)sampler->language[0], 0, 0);
}

static void a_quarter_hour_is_counted_once_a_day(void **state)
{
    struct knowledge_rig *rig = *state;
    knowledge_begin_day(rig->knowledge, "2026-11-23");
    knowledge_add_open_quarters(rig->knowledge, 0, 36, 40);
    knowledge_begin_day(rig->knowledge, "2026-11-23"); /* opened again */
    knowledge_add_open_quarters(rig->knowledge, 0, 38, 42);
    assert_int_equal(knowledge_days(rig->knowledge), 1);
    assert_near((double)rig_prepare(rig)->open_days, 1, 1e-6);
    knowledge_begin_day(rig->knowledge, "2026-11-24");
    knowledge_add_open_quarters(rig->knowledge, 1, 36, 42);
    assert_near((double)rig_prepare(rig)->open_days, 1 + exp2(-1.0 / 20), 1e-5);
}

static void codes_that_are_gone_make_room(void **state)
{
    struct knowledge_rig *rig = *state;
    char code[16];
    rig_visit(rig, "a", "1", MINUTE);
    for (int i = 0; i < 400; i++) {
        snprintf(code, sizeof(code), "x%d", i);
        knowledge_begin_day(rig->knowledge, "");
        for (int j = 0; j < 3; j++) {
            rig_visit(rig, code, code, MINUTE);
            rig_visit(rig, "b", "2", MINUTE);
        }
    }
    assert_true(knowledge_service_count(rig->knowledge) <= KNOWLEDGE_SERVICES);
    assert_int_equal(knowledge_find_service(rig->knowledge, "a"), -1);
    assert_int_equal(knowledge_find_service(rig->knowledge, "x1"), -1);
    assert_true(knowledge_find_service(rig->knowledge, "x399") >= 0);
    assert_true(knowledge_find_counter(rig->knowledge, "2") >= 0);
    assert_int_equal(knowledge_visits_seen(rig->knowledge, "b"), KNOWLEDGE_SEEN);
    rig_prepare(rig);
}

static void a_day_has_room_for_only_so_many_codes(void **state)
{
    struct knowledge_rig *rig = *state;
    char code[16];
    for (int i = 0; i < KNOWLEDGE_SERVICES + 5; i++) {
        snprintf(code, sizeof(code), "x%d", i);
        assert_int_equal(knowledge_service(rig->knowledge, code) >= 0, i < KNOWLEDGE_SERVICES);
        assert_int_equal(knowledge_counter(rig->knowledge, code) >= 0, i < KNOWLEDGE_COUNTERS);
    }
    const struct knowledge_visit visit = {.service = -1, .counter = -1, .duration_ms = MINUTE};
    knowledge_add_visit(rig->knowledge, &visit);
    knowledge_add_leg_end(rig->knowledge, -1, 0);
    assert_int_equal(knowledge_service(rig->knowledge, "no code"), -1);
    assert_int_equal(knowledge_service(rig->knowledge, ""), -1);
    assert_int_equal(knowledge_service(rig->knowledge, "longer_than_any_code_could_be_in_a_site"),
                     -1);
}

/* ---- The written form */

static void live_richly(struct knowledge_rig *rig, int days)
{
    for (int day = 0; day < days; day++) {
        live_a_day(rig, day % 5, 120);
        for (int i = 0; i < 60; i++) {
            rig_visit(rig, rig->site.services[i % 3], rig->site.counters[i % 4],
                      random_lognormal(rig_u(rig), 6.0 * MINUTE, 0.7));
            knowledge_add_leg_end(rig->knowledge, i % 3 == 0 ? 0 : 1, i % 20 == 0 ? 2 : -1);
            knowledge_add_gap(rig->knowledge, (int64_t)(rig_u(rig) * 90000));
            knowledge_add_walk(rig->knowledge, (int64_t)(rig_u(rig) * 30000));
            knowledge_add_wait(rig->knowledge, CROWD_WALK_IN,
                               i % 9 == 0    ? WAIT_LEFT_SILENTLY
                               : i % 11 == 0 ? WAIT_LEFT_TOLD
                                             : WAIT_CALLED,
                               (int64_t)(rig_u(rig) * 3000000));
            knowledge_add_call(rig->knowledge, i % 30 == 0);
        }
        knowledge_add_no_show(rig->knowledge, 40000);
        knowledge_add_booked_offset(rig->knowledge, -3 * MINUTE + day);
        knowledge_add_booked_never(rig->knowledge);
    }
}

static void what_was_written_is_read_back(void **state)
{
    struct knowledge_rig *rig = *state;
    struct knowledge *read = knowledge_create();
    /* Empty; a few; so many that the oldest were dropped. */
    for (int days = 0; days < 80; days = days * 3 + 1) {
        live_richly(rig, days);
        if (days > 3) {
            knowledge_begin_day(rig->knowledge, "2026-11-24");
        }
        char *text = knowledge_write(rig->knowledge, 1234567 + days);
        int64_t through_seq = 0;
        assert_int_equal(knowledge_read(read, text, strlen(text), &through_seq), STATUS_OK);
        assert_int_equal(through_seq, 1234567 + days);
        assert_true(knowledge_equal(read, rig->knowledge));
        /* They go on alike, too. */
        knowledge_begin_day(read, "");
        struct knowledge *goes_on = knowledge_create();
        knowledge_copy(goes_on, rig->knowledge);
        knowledge_begin_day(goes_on, "");
        knowledge_add_gap(read, 5000);
        knowledge_add_gap(goes_on, 5000);
        assert_true(knowledge_equal(read, goes_on));
        static struct sampler sampler;
        sampler_prepare(&sampler, read, &rig->site);
        sampler_prepare(rig->sampler, goes_on, &rig->site);
        assert_memory_equal(&sampler, rig->sampler, sizeof(sampler));
        knowledge_destroy(goes_on);
        free(text);
    }
    knowledge_destroy(read);
}

static void whatever_is_damaged_is_refused(void **state)
{
    struct knowledge_rig *rig = *state;
    live_richly(rig, 3);
    struct knowledge *read = knowledge_create();
    char *text = knowledge_write(rig->knowledge, 77);
    const size_t length = strlen(text);
    int64_t through_seq = -5;
    for (int i = 0; i < 3000; i++) {
        const size_t at = (size_t)random_index(rig_u(rig), (int)length);
        const char kept = text[at];
        text[at] = (char)(kept ^ (1 << random_index(rig_u(rig), 7)));
        assert_int_equal(knowledge_read(read, text, length, &through_seq), STATUS_CORRUPT);
        text[at] = kept;
    }
    for (size_t cut = 0; cut < length; cut += 1 + cut / 50) {
        assert_int_equal(knowledge_read(read, text, cut, &through_seq), STATUS_CORRUPT);
    }
    assert_int_equal(through_seq, -5);
    assert_int_equal(knowledge_service_count(read), 0);
    free(text);
    knowledge_destroy(read);
}

static void sign(char *text, size_t length)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i + 26 < length; i++) {
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
    }
    char last[32];
    snprintf(last, sizeof(last), "checksum %016" PRIx64 "\n", hash);
    memcpy(text + length - 26, last, 26);
}

/* As if somebody had meant it: signed anew, so that the reader has to look at each word. */
static void whatever_makes_no_sense_is_refused_or_harmless(void **state)
{
    struct knowledge_rig *rig = *state;
    static const char alphabet[] = "0123456789 -\nabz";
    live_richly(rig, 2);
    struct knowledge *read = knowledge_create();
    char *text = knowledge_write(rig->knowledge, 77);
    const size_t length = strlen(text);
    char *damaged = malloc(length + 1);
    assert_non_null(damaged);
    int refused = 0;
    int read_well = 0;
    for (int i = 0; i < 4000; i++) {
        memcpy(damaged, text, length + 1);
        const int count = 1 + random_index(rig_u(rig), 4);
        for (int j = 0; j < count; j++) {
            const size_t at = (size_t)random_index(rig_u(rig), (int)length - 26);
            damaged[at] = alphabet[random_index(rig_u(rig), (int)sizeof(alphabet) - 1)];
        }
        sign(damaged, length);
        int64_t through_seq = 0;
        if (knowledge_read(read, damaged, length, &through_seq) == STATUS_OK) {
            read_well++;
            sampler_prepare(rig->sampler, read, &rig->site);
            for (int s = 0; s < 3; s++) {
                assert_true(sampler_service_ms(rig->sampler, s, rig_u(rig)) > 0);
            }
            knowledge_begin_day(read, "");
            rig_visit(rig, "a", "1", MINUTE);
        } else {
            refused++;
            assert_int_equal(knowledge_service_count(read), 0);
        }
    }
    assert_true(refused > 500 && read_well > 100);
    free(damaged);
    free(text);
    knowledge_destroy(read);
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, knowledge_rig_setup, knowledge_rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(arrivals_are_recovered_by_hour_and_weekday),
        TEST(half_an_hour_counts_half),
        TEST(nothing_is_expected_of_a_new_centre),
        TEST(a_quarter_hour_is_counted_once_a_day),
        TEST(codes_that_are_gone_make_room),
        TEST(a_day_has_room_for_only_so_many_codes),
        TEST(what_was_written_is_read_back),
        TEST(whatever_is_damaged_is_refused),
        TEST(whatever_makes_no_sense_is_refused_or_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
