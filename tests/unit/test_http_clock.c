/* Engine time against a boot clock and a wall clock that the test moves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "http/clock.h"

static const int64_t ms = 1000000;                      /* ns */
static const int64_t s = 1000 * 1000000;                /* ns */
static const int64_t start_ms = INT64_C(1795516800000); /* 2026-11-24T10:40Z */

struct fake {
    int64_t boottime_ns, utc_ns;
};

static int64_t boottime(void *context)
{
    return ((struct fake *)context)->boottime_ns;
}

static int64_t utc(void *context)
{
    return ((struct fake *)context)->utc_ns;
}

static struct clock *make(struct fake *fake, const struct clock_config *config)
{
    struct clock_config whole = *config;
    whole.ports = (struct clock_ports){boottime, utc, fake};
    return clock_create(&whole);
}

static void pass(struct fake *fake, int64_t ns)
{
    fake->boottime_ns += ns;
    fake->utc_ns += ns;
}

static void time_goes_on_with_the_boot_clock(void **state)
{
    (void)state;
    struct fake fake = {.boottime_ns = 5 * s, .utc_ns = start_ms * ms};
    struct clock *clock = make(&fake, &(struct clock_config){0});
    assert_int_equal(clock_now_ms(clock), start_ms);
    pass(&fake, 1500 * ms);
    assert_int_equal(clock_now_ms(clock), start_ms + 1500);
    clock_destroy(clock);
}

static void a_step_of_the_wall_clock_is_followed_at_500_ppm(void **state)
{
    (void)state;
    struct fake fake = {.utc_ns = start_ms * ms};
    struct clock *clock = make(&fake, &(struct clock_config){0});
    fake.utc_ns += 3600 * s; /* somebody set it an hour ahead */
    assert_int_equal(clock_now_ms(clock), start_ms);
    for (int i = 0; i < 1000; i++) {
        pass(&fake, 1 * s);
        (void)clock_now_ms(clock);
    }
    assert_int_equal(clock_now_ms(clock), start_ms + 1000 * 1000 + 500);
    clock_destroy(clock);
}

static void it_never_runs_backwards_when_the_wall_clock_does(void **state)
{
    (void)state;
    struct fake fake = {.utc_ns = start_ms * ms};
    struct clock *clock = make(&fake, &(struct clock_config){0});
    fake.utc_ns -= 7200 * s;
    int64_t last = clock_now_ms(clock);
    for (int i = 0; i < 10000; i++) {
        pass(&fake, 3 * ms + 17);
        const int64_t now = clock_now_ms(clock);
        assert_true(now >= last);
        last = now;
    }
    /* 30 s went by, leaning back by 15 ms */
    assert_true(last > start_ms + 30000 - 16 && last < start_ms + 30000 - 13);
    clock_destroy(clock);
}

static void it_settles_on_the_wall_clock_and_stays(void **state)
{
    (void)state;
    struct fake fake = {.utc_ns = start_ms * ms};
    struct clock *clock = make(&fake, &(struct clock_config){0});
    fake.utc_ns += 40 * ms;
    for (int i = 0; i < 200; i++) {
        pass(&fake, 1 * s);
        (void)clock_now_ms(clock);
    }
    assert_int_equal(clock_now_ms(clock), fake.utc_ns / ms);
    clock_destroy(clock);
}

static void a_clock_before_the_build_is_implausible_until_it_is_set(void **state)
{
    (void)state;
    struct fake fake = {.utc_ns = 12 * s}; /* 1970: no battery */
    struct clock *clock = make(&fake, &(struct clock_config){.build_ms = start_ms});
    assert_false(clock_is_plausible(clock));
    pass(&fake, 1 * s);
    assert_false(clock_is_plausible(clock));
    fake.utc_ns = (start_ms + 5000) * ms; /* NTP has answered */
    assert_true(clock_is_plausible(clock));
    assert_int_equal(clock_now_ms(clock), start_ms + 5000);
    fake.utc_ns += 3600 * s; /* from now on it is never stepped */
    pass(&fake, 1 * s);
    assert_int_equal(clock_now_ms(clock), start_ms + 6000);
    clock_destroy(clock);
}

static void a_clock_before_the_journal_stands_at_its_last_event(void **state)
{
    (void)state;
    struct fake fake = {.utc_ns = start_ms * ms};
    struct clock *clock = make(&fake, &(struct clock_config){0});
    clock_set_floor(clock, start_ms + 60000);
    assert_false(clock_is_plausible(clock));
    assert_int_equal(clock_now_ms(clock), start_ms + 60000);
    pass(&fake, 61 * s);
    assert_true(clock_is_plausible(clock));
    assert_int_equal(clock_now_ms(clock), start_ms + 61000);
    clock_destroy(clock);
}

static void a_demo_starts_when_told_and_runs_as_fast_as_told(void **state)
{
    (void)state;
    struct fake fake = {.utc_ns = 12 * s};
    struct clock *clock = make(
        &fake, &(struct clock_config){.start_ms = start_ms, .speed = 20, .build_ms = start_ms + 1});
    assert_true(clock_is_plausible(clock));
    pass(&fake, 3 * s);
    assert_int_equal(clock_now_ms(clock), start_ms + 60000);
    fake.utc_ns += 100 * s; /* no business of a demo's */
    assert_int_equal(clock_now_ms(clock), start_ms + 60000);
    clock_set_floor(clock, start_ms + 70000); /* started again on the same journal */
    assert_int_equal(clock_now_ms(clock), start_ms + 70000);
    pass(&fake, 1 * s);
    assert_int_equal(clock_now_ms(clock), start_ms + 90000);
    assert_int_equal(clock_speed(clock), 20);
    clock_destroy(clock);
}

static void the_system_s_clocks_are_read_when_no_others_are_given(void **state)
{
    (void)state;
    struct clock *clock = clock_create(&(struct clock_config){0});
    assert_true(clock_now_ms(clock) > INT64_C(1700000000000));
    assert_int_equal(strlen(clock_boot_id(clock)), CLOCK_BOOT_ID_LEN);
    clock_destroy(clock);
    clock_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_goes_on_with_the_boot_clock),
        cmocka_unit_test(a_step_of_the_wall_clock_is_followed_at_500_ppm),
        cmocka_unit_test(it_never_runs_backwards_when_the_wall_clock_does),
        cmocka_unit_test(it_settles_on_the_wall_clock_and_stays),
        cmocka_unit_test(a_clock_before_the_build_is_implausible_until_it_is_set),
        cmocka_unit_test(a_clock_before_the_journal_stands_at_its_last_event),
        cmocka_unit_test(a_demo_starts_when_told_and_runs_as_fast_as_told),
        cmocka_unit_test(the_system_s_clocks_are_read_when_no_others_are_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
