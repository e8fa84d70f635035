/* What wrong passwords cost, by name and by address, and what they do not tell. */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "people/lockout.h"
#include "test_people_kit.h"

static const int64_t start_ms = INT64_C(1790000000000);

static struct address address_of(const char *text)
{
    struct address address = {0};
    assert_true(address_read(text, &address));
    return address;
}

static void a_name_waits_longer_and_longer_but_not_for_ever(void **state)
{
    (void)state;
    static const int64_t waits[] = {0, 0, 0, 0, 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000};
    struct lockout *lockout = lockout_create();
    int64_t now_ms = start_ms;
    for (size_t i = 0; i < sizeof waits / sizeof waits[0]; i++) {
        lockout_note_wrong(lockout, "ada", NULL, now_ms);
        assert_int_equal(lockout_wait_ms(lockout, "ada", NULL, now_ms), waits[i]);
        if (waits[i] > 0)
            assert_int_equal(lockout_wait_ms(lockout, "ada", NULL, now_ms + waits[i] - 1), 1);
        assert_int_equal(lockout_wait_ms(lockout, "ada", NULL, now_ms + waits[i]), 0);
        assert_int_equal(lockout_wait_ms(lockout, "bob", NULL, now_ms), 0);
        now_ms += waits[i];
    }
    for (int i = 0; i < 1000; i++)
        lockout_note_wrong(lockout, "ada", NULL, now_ms);
    assert_int_equal(lockout_wait_ms(lockout, "ada", NULL, now_ms), 60000);
    lockout_note_right(lockout, "ada", NULL, now_ms);
    assert_int_equal(lockout_wait_ms(lockout, "ada", NULL, now_ms), 0);
    lockout_destroy(lockout);
}

static void a_day_later_it_begins_anew(void **state)
{
    (void)state;
    struct lockout *lockout = lockout_create();
    for (int i = 0; i < 20; i++)
        lockout_note_wrong(lockout, "ada", NULL, start_ms);
    int64_t later_ms = start_ms + LOCKOUT_FORGET_MS;
    lockout_note_wrong(lockout, "ada", NULL, later_ms);
    assert_int_equal(lockout_wait_ms(lockout, "ada", NULL, later_ms), 0);
    lockout_destroy(lockout);
}

static void a_clock_set_back_keeps_nobody_waiting(void **state)
{
    (void)state;
    struct lockout *lockout = lockout_create();
    struct address address = address_of("192.0.2.1");
    for (int i = 0; i < 40; i++)
        lockout_note_wrong(lockout, "ada", &address, start_ms);
    assert_int_equal(lockout_wait_ms(lockout, "ada", &address, start_ms), 60000);
    assert_int_equal(lockout_wait_ms(lockout, "ada", &address, start_ms - 3600000), 0);
    lockout_destroy(lockout);
}

static void an_address_has_thirty_wrong_tries_and_one_back_each_two_seconds(void **state)
{
    (void)state;
    struct lockout *lockout = lockout_create();
    struct address address = address_of("192.0.2.1"), next = address_of("192.0.2.2");
    char name[16];
    for (int i = 0; i < LOCKOUT_ADDRESS_TRIES; i++) {
        assert_int_equal(lockout_wait_ms(lockout, NULL, &address, start_ms), 0);
        snprintf(name, sizeof name, "n%d", i);
        lockout_note_wrong(lockout, name, &address, start_ms);
    }
    assert_int_equal(lockout_wait_ms(lockout, "new", &address, start_ms), 2000);
    assert_int_equal(lockout_wait_ms(lockout, "new", &next, start_ms), 0);
    assert_int_equal(lockout_wait_ms(lockout, "new", &address, start_ms + 1999), 1);
    assert_int_equal(lockout_wait_ms(lockout, "new", &address, start_ms + 2000), 0);
    lockout_note_wrong(lockout, "new", &address, start_ms + 3000);
    assert_int_equal(lockout_wait_ms(lockout, "new", &address, start_ms + 3000), 1000);
    assert_int_equal(lockout_wait_ms(lockout, "new", &address, start_ms + 4000), 0);
    lockout_note_right(lockout, "new", NULL,
                       start_ms + 4000); /* somebody's own password buys no more guesses */
    lockout_note_wrong(lockout, "new", &address, start_ms + 4000);
    assert_int_equal(lockout_wait_ms(lockout, "new", &address, start_ms + 4000), 2000);
    lockout_destroy(lockout);
}

static void a_network_of_version_six_counts_as_one(void **state)
{
    (void)state;
    struct lockout *lockout = lockout_create();
    for (int i = 0; i < LOCKOUT_ADDRESS_TRIES; i++) {
        char text[32];
        snprintf(text, sizeof text, "2001:db8::%x", i + 1);
        struct address address = address_of(text);
        lockout_note_wrong(lockout, NULL, &address, start_ms);
    }
    struct address same = address_of("2001:db8::ffff:1"), other = address_of("2001:db8:0:1::1");
    assert_int_equal(lockout_wait_ms(lockout, NULL, &same, start_ms), 2000);
    assert_int_equal(lockout_wait_ms(lockout, NULL, &other, start_ms), 0);
    lockout_destroy(lockout);
}

/* Somebody who tries many names does not get one out of the table that is being guessed at. */
static void a_spray_of_names_does_not_free_one(void **state)
{
    (void)state;
    struct lockout *lockout = lockout_create();
    int64_t now_ms = start_ms;
    for (int i = 0; i < 10; i++)
        lockout_note_wrong(lockout, "ada", NULL, now_ms);
    for (int i = 0; i < 500; i++) {
        char name[16];
        snprintf(name, sizeof name, "n%d", i);
        lockout_note_wrong(lockout, name, NULL, ++now_ms);
    }
    assert_true(lockout_wait_ms(lockout, "ada", NULL, now_ms) > 30000);
    lockout_destroy(lockout);
}

static void a_stranger_keeps_nobody_out_where_they_signed_in_before(void **state)
{
    (void)state;
    struct address own = address_of("192.0.2.7"), other = address_of("192.0.2.8");
    struct address stranger = address_of("198.51.100.1");
    struct lockout *lockout = lockout_create();
    lockout_note_right(lockout, "ada", &own, start_ms);
    int64_t now_ms = start_ms;
    for (int i = 0; i < 20; i++, now_ms += LOCKOUT_WAIT_MAX_MS) {
        lockout_note_wrong(lockout, "ada", &stranger, now_ms);
        assert_int_equal(lockout_wait_ms(lockout, "ada", &own, now_ms), 0);
    }
    lockout_note_wrong(lockout, "ada", &stranger, now_ms);
    assert_int_equal(lockout_wait_ms(lockout, "ada", &stranger, now_ms), 60000);
    assert_int_equal(lockout_wait_ms(lockout, "ada", &other, now_ms), 60000);
    assert_int_equal(lockout_wait_ms(lockout, "ada", NULL, now_ms), 60000);
    /* The right password there buys the stranger nothing. */
    lockout_note_right(lockout, "ada", &own, now_ms);
    assert_int_equal(lockout_wait_ms(lockout, "ada", &stranger, now_ms), 60000);
    /* Who guesses from there waits as long as anywhere, and is nobody else's bother. */
    for (int i = 0; i < 10; i++)
        lockout_note_wrong(lockout, "ada", &own, now_ms);
    assert_true(lockout_wait_ms(lockout, "ada", &own, now_ms) > 30000);
    assert_int_equal(lockout_wait_ms(lockout, "bob", &own, now_ms), 0);
    lockout_destroy(lockout);
}

static void keep_result(void *context, const struct people_answer *answer)
{
    *(enum people_result *)context = answer->result;
}

struct tally {
    int looked_at, waited;
    int64_t passed_ms;
};

/* 10 000 tries as fast as they are let, on one name from one address. */
static struct tally guess(struct people_kit *kit, const char *name, const char *address)
{
    struct tally tally = {0};
    int64_t began_ms = kit->now_ms;
    for (int i = 0; i < 10000; i++) {
        char password[32];
        snprintf(password, sizeof password, "guess number %d", i);
        struct people_answer answer = people_kit_sign_in(kit, name, password, address);
        if (answer.result == PEOPLE_WRONG_PASSWORD) {
            tally.looked_at++;
        } else {
            assert_int_equal(answer.result, PEOPLE_WAIT);
            assert_true(answer.retry_ms > 0 && answer.retry_ms <= LOCKOUT_WAIT_MAX_MS);
            tally.waited++;
        }
        kit->now_ms += 360; /* an hour in all */
    }
    tally.passed_ms = kit->now_ms - began_ms;
    return tally;
}

static void ten_thousand_wrong_passwords(void **state)
{
    (void)state;
    struct people_kit kit;
    people_kit_set_up(&kit);
    people_kit_make_admin(&kit, NULL);
    struct tally known = guess(&kit, "ada", "192.0.2.1");
    struct tally unknown = guess(&kit, "bob", "198.51.100.1");
    /* The same for a name that nobody has; and the hundred of ASVS 2.2.1 is far. */
    assert_int_equal(known.looked_at, unknown.looked_at);
    assert_int_equal(known.waited, unknown.waited);
    assert_int_equal(known.passed_ms, 3600000);
    assert_in_range(known.looked_at, 60, 70);
    /* Whose name it is gets in a minute later, and from then on at once. */
    kit.now_ms += LOCKOUT_WAIT_MAX_MS;
    assert_int_equal(people_kit_sign_in(&kit, "ada", KIT_ADMIN_PASSWORD, "192.0.2.1").result,
                     PEOPLE_OK);
    assert_int_equal(people_kit_sign_in(&kit, "ada", "wrong once more", "192.0.2.1").result,
                     PEOPLE_WRONG_PASSWORD);
    assert_int_equal(people_kit_sign_in(&kit, "ada", KIT_ADMIN_PASSWORD, "192.0.2.1").result,
                     PEOPLE_OK);
    people_kit_tear_down(&kit);
}

static void a_whole_office_behind_one_address_signs_in(void **state)
{
    (void)state;
    struct people_kit kit;
    people_kit_set_up(&kit);
    people_kit_make_admin(&kit, NULL);
    char id[QUARTER_ULID_LEN + 1], name[16];
    for (int i = 0; i < 60; i++) {
        snprintf(name, sizeof name, "staff%d", i);
        people_kit_add(&kit, name, ROLE_COUNTER, "seven green bottles", id);
    }
    for (int i = 0; i < 60; i++) {
        snprintf(name, sizeof name, "staff%d", i);
        if (i % 3 == 0)
            assert_int_equal(
                people_kit_sign_in(&kit, name, "seven gren botles", "192.0.2.1").result,
                PEOPLE_WRONG_PASSWORD);
        assert_int_equal(people_kit_sign_in(&kit, name, "seven green bottles", "192.0.2.1").result,
                         PEOPLE_OK);
    }
    people_kit_tear_down(&kit);
}

static void a_spraying_address_waits_and_others_do_not(void **state)
{
    (void)state;
    struct people_kit kit;
    people_kit_set_up(&kit);
    people_kit_make_admin(&kit, NULL);
    char name[16];
    int looked_at = 0;
    for (int i = 0; i < 1000; i++) {
        snprintf(name, sizeof name, "name%d", i);
        if (people_kit_sign_in(&kit, name, "Password1", "192.0.2.1").result ==
            PEOPLE_WRONG_PASSWORD)
            looked_at++;
    }
    assert_int_equal(looked_at, LOCKOUT_ADDRESS_TRIES);
    assert_int_equal(people_kit_sign_in(&kit, "ada", KIT_ADMIN_PASSWORD, "192.0.2.1").result,
                     PEOPLE_WAIT);
    assert_int_equal(people_kit_sign_in(&kit, "ada", KIT_ADMIN_PASSWORD, "192.0.2.2").result,
                     PEOPLE_OK);
    people_kit_tear_down(&kit);
}

/* A try that has to wait is not looked at even when many were let in before the first was found wrong. */
static void a_queue_full_of_guesses_is_no_way_round(void **state)
{
    (void)state;
    struct people_kit kit;
    people_kit_set_up(&kit);
    people_kit_make_admin(&kit, NULL);
    for (int i = 0; i < 4; i++)
        people_kit_sign_in(&kit, "ada", "wrong password", NULL);
    enum people_result results[2] = {PEOPLE_OK, PEOPLE_OK};
    const struct people_request wrong = {
        .verb = PEOPLE_SIGN_IN, .name = "ada", .password = "wrong password"};
    const struct people_request right = {
        .verb = PEOPLE_SIGN_IN, .name = "ada", .password = KIT_ADMIN_PASSWORD};
    assert_int_equal(people_submit(kit.people, &wrong, keep_result, &results[0], NULL), PEOPLE_OK);
    assert_int_equal(people_submit(kit.people, &right, keep_result, &results[1], NULL), PEOPLE_OK);
    people_work(kit.people);
    assert_int_equal(results[0], PEOPLE_WRONG_PASSWORD);
    assert_int_equal(results[1], PEOPLE_WAIT);
    people_kit_tear_down(&kit);
}

static void sign_ins_queue_in_bounds_and_staff_go_first(void **state)
{
    (void)state;
    struct people_kit kit;
    people_kit_set_up(&kit);
    people_kit_make_admin(&kit, NULL);
    enum people_result results[PEOPLE_QUEUE + 1], staff = PEOPLE_OK;
    const struct people_request request = {
        .verb = PEOPLE_SIGN_IN, .name = "ada", .password = KIT_ADMIN_PASSWORD};
    for (int i = 0; i < PEOPLE_QUEUE; i++)
        assert_int_equal(people_submit(kit.people, &request, keep_result, &results[i], NULL),
                         PEOPLE_OK);
    int64_t retry_ms = 0;
    assert_int_equal(
        people_submit(kit.people, &request, keep_result, &results[PEOPLE_QUEUE], &retry_ms),
        PEOPLE_TOO_BUSY);
    assert_true(retry_ms > 0);
    const struct people_request reset = {
        .verb = PEOPLE_RESET_PASSWORD, .person = kit.admin, .actor = "person:x"};
    assert_int_equal(people_submit(kit.people, &reset, keep_result, &staff, NULL), PEOPLE_OK);
    people_work(kit.people);
    assert_int_equal(staff, PEOPLE_OK);
    for (int i = 0; i < PEOPLE_QUEUE; i++) /* the reset was done first; then the name has to wait */
        assert_int_equal(results[i], i < 5 ? PEOPLE_WRONG_PASSWORD : PEOPLE_WAIT);
    people_kit_tear_down(&kit);
}

static void who_has_to_wait_takes_nobodys_place(void **state)
{
    (void)state;
    struct people_kit kit;
    people_kit_set_up(&kit);
    for (int i = 0; i < 5; i++)
        people_kit_sign_in(&kit, "ada", "wrong password", NULL);
    enum people_result result = PEOPLE_OK;
    int64_t retry_ms = 0;
    const struct people_request request = {.verb = PEOPLE_SIGN_IN, .name = "ADA", .password = "x"};
    for (int i = 0; i < 2 * PEOPLE_QUEUE; i++)
        assert_int_equal(people_submit(kit.people, &request, keep_result, &result, &retry_ms),
                         PEOPLE_WAIT);
    assert_int_equal(retry_ms, 1000);
    people_kit_tear_down(&kit);
}

static void a_stop_answers_what_waits(void **state)
{
    (void)state;
    struct people_kit kit;
    people_kit_set_up(&kit);
    enum people_result result = PEOPLE_OK;
    const struct people_request request = {.verb = PEOPLE_SIGN_IN, .name = "ada", .password = "x"};
    assert_int_equal(people_submit(kit.people, &request, keep_result, &result, NULL), PEOPLE_OK);
    people_kit_tear_down(&kit);
    assert_int_equal(result, PEOPLE_TOO_BUSY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_waits_longer_and_longer_but_not_for_ever),
        cmocka_unit_test(a_day_later_it_begins_anew),
        cmocka_unit_test(a_clock_set_back_keeps_nobody_waiting),
        cmocka_unit_test(an_address_has_thirty_wrong_tries_and_one_back_each_two_seconds),
        cmocka_unit_test(a_network_of_version_six_counts_as_one),
        cmocka_unit_test(a_spray_of_names_does_not_free_one),
        cmocka_unit_test(a_stranger_keeps_nobody_out_where_they_signed_in_before),
        cmocka_unit_test(ten_thousand_wrong_passwords),
        cmocka_unit_test(a_whole_office_behind_one_address_signs_in),
        cmocka_unit_test(a_spraying_address_waits_and_others_do_not),
        cmocka_unit_test(a_queue_full_of_guesses_is_no_way_round),
        cmocka_unit_test(sign_ins_queue_in_bounds_and_staff_go_first),
        cmocka_unit_test(who_has_to_wait_takes_nobodys_place),
        cmocka_unit_test(a_stop_answers_what_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
