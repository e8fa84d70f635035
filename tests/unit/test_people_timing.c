/* Whether somebody has a name is not told by how long a wrong password takes: known, unknown, disabled and
 * impossible names take the same processor time, to a tenth of one cheap hash; a hash in earnest takes a hundred
 * times as long, with the same work around it. */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "test_people_kit.h"

enum { SAMPLES = 200, KINDS = 4 };

static int64_t cpu_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now); /* others on the machine do not count */
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int by_size(const void *one, const void *other)
{
    int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;
    return (a > b) - (a < b);
}

static int64_t median(int64_t *samples)
{
    qsort(samples, SAMPLES, sizeof *samples, by_size);
    return samples[SAMPLES / 2];
}

static void a_wrong_password_takes_as_long_as_a_wrong_name(void **state)
{
    (void)state;
    struct people_kit kit;
    people_kit_set_up(&kit);
    people_kit_close(&kit);
    kit.config.hash_passes = 1;
    kit.config.hash_bytes =
        1 << 20; /* some ms: enough to see it left out, little enough for many */
    people_kit_open(&kit);
    people_kit_make_admin(&kit, NULL);
    char bob[QUARTER_ULID_LEN + 1];
    people_kit_add(&kit, "bob", ROLE_COUNTER, "seven green bottles", bob);
    people_kit_ask(&kit, &(struct people_request){.verb = PEOPLE_DISABLE_PERSON, .person = bob});
    static const struct {
        const char *name, *password;
    } kinds[KINDS] = {
        {"ada", "a wrong password"},
        {"eve", "a wrong password"},
        {"bob", "seven green bottles"}, /* right, but he is disabled */
        {"no name!", "not a password\x01"},
    };
    static int64_t took[KINDS][SAMPLES];
    for (int i = 0; i < SAMPLES; i++)
        for (int kind = 0; kind < KINDS; kind++) {
            kit.now_ms += 24 * 3600 * 1000; /* nobody waits */
            int64_t began = cpu_us();
            struct people_answer answer =
                people_kit_sign_in(&kit, kinds[kind].name, kinds[kind].password, "192.0.2.1");
            took[kind][i] = cpu_us() - began;
            assert_int_equal(answer.result, PEOPLE_WRONG_PASSWORD);
        }
    int64_t known = median(took[0]);
    for (int kind = 0; kind < KINDS; kind++) {
        int64_t other = median(took[kind]);
        print_message("%-10s median %lld us\n", kinds[kind].name, (long long)other);
        assert_true(other > known * 9 / 10 && other < known * 11 / 10);
    }
    people_kit_tear_down(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_password_takes_as_long_as_a_wrong_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
