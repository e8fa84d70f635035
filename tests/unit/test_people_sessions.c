/* Sessions: who is signed in, for how long, and what ends it. */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <stdio.h>
#include <string.h>

#include "people/sessions.h"
#include "test_people_kit.h"

enum { MIN_MS = 60000 };

static int set_up(void **state)
{
    static struct people_kit kit;
    people_kit_set_up(&kit);
    *state = &kit;
    return 0;
}

static int tear_down(void **state)
{
    people_kit_tear_down(*state);
    return 0;
}

static struct people_answer sign_in(struct people_kit *kit)
{
    struct people_answer answer = people_kit_sign_in(kit, "Ada", KIT_ADMIN_PASSWORD, "192.0.2.77");
    assert_int_equal(answer.result, PEOPLE_OK);
    return answer;
}

static void a_session_says_whose_it_is(void **state)
{
    struct people_kit *kit = *state;
    people_kit_make_admin(kit, NULL);
    struct people_answer answer = sign_in(kit);
    struct people_session session;
    assert_int_equal(people_check_session(kit->people, answer.token, true, &session), PEOPLE_OK);
    assert_string_equal(session.person.id, kit->admin);
    assert_string_equal(session.person.display, "Ada L.");
    assert_int_equal(session.person.roles, ROLE_ADMIN);
    assert_string_equal(session.address, "192.0.2.0/24");
    assert_string_equal(session.id, answer.session.id);
    assert_int_equal(session.idle_ms, kit->now_ms + 30 * MIN_MS);
    assert_int_equal(session.until_ms, kit->now_ms + 600 * MIN_MS);
    assert_string_not_equal(answer.token, sign_in(kit).token);
}

static void forged_and_foreign_tokens_are_nobody(void **state)
{
    struct people_kit *kit = *state;
    people_kit_make_admin(kit, NULL);
    char token[PEOPLE_TOKEN_LEN + 1];
    memcpy(token, sign_in(kit).token, sizeof token);
    assert_true(people_kit_lives(kit, token));
    for (size_t i = 0; i < PEOPLE_TOKEN_LEN; i++) {
        char letter = token[i];
        token[i] = letter == 'A' ? 'Q' : 'A';
        assert_false(people_kit_lives(kit, token));
        token[i] = letter;
    }
    token[PEOPLE_TOKEN_LEN - 1] = '\0';
    assert_false(people_kit_lives(kit, token));
    assert_false(people_kit_lives(kit, ""));
    struct device device;
    assert_int_equal(people_check_device(kit->people, sign_in(kit).token, &device),
                     PEOPLE_UNKNOWN_DEVICE);
}

static void it_ends_half_an_hour_after_its_last_use(void **state)
{
    struct people_kit *kit = *state;
    people_kit_make_admin(kit, NULL);
    struct people_answer answer = sign_in(kit);
    struct people_session session;
    kit->now_ms += 29 * MIN_MS;
    assert_int_equal(people_check_session(kit->people, answer.token, true, &session), PEOPLE_OK);
    kit->now_ms += 29 * MIN_MS; /* a stream looks, and is no use */
    assert_int_equal(people_check_session(kit->people, answer.token, false, &session), PEOPLE_OK);
    kit->now_ms += MIN_MS - 1;
    assert_true(people_kit_lives(kit, answer.token));
    kit->now_ms += 1;
    assert_int_equal(people_check_session(kit->people, answer.token, true, &session),
                     PEOPLE_NO_SESSION);
    kit->now_ms -= MIN_MS;
    assert_false(people_kit_lives(kit, answer.token)); /* over is over */
}

static void it_ends_ten_hours_after_signing_in_whatever_happens(void **state)
{
    struct people_kit *kit = *state;
    people_kit_make_admin(kit, NULL);
    struct people_answer answer = sign_in(kit);
    struct people_session session;
    for (int i = 0; i < 29; i++) {
        kit->now_ms += 20 * MIN_MS;
        assert_int_equal(people_renew_session(kit->people, answer.token, answer.token, &session),
                         PEOPLE_OK);
        assert_int_equal(people_check_session(kit->people, answer.token, true, &session),
                         PEOPLE_OK);
    }
    kit->now_ms += 20 * MIN_MS - 1;
    assert_true(people_kit_lives(kit, answer.token));
    kit->now_ms += 1;
    assert_false(people_kit_lives(kit, answer.token));
}

static void renewal_keeps_parallel_tabs_signed_in(void **state)
{
    struct people_kit *kit = *state;
    people_kit_make_admin(kit, NULL);
    struct people_answer answer = sign_in(kit);
    char one[PEOPLE_TOKEN_LEN + 1], two[PEOPLE_TOKEN_LEN + 1];
    struct people_session before = answer.session, after;
    assert_int_equal(people_renew_session(kit->people, answer.token, one, &after), PEOPLE_OK);
    assert_string_not_equal(one, answer.token);
    assert_string_equal(before.csrf, after.csrf); /* a page that is open goes on */
    assert_string_equal(before.id, after.id);
    /* Another tab was as quick, or the answer was lost: it hears the same. */
    assert_int_equal(people_renew_session(kit->people, answer.token, two, &after), PEOPLE_OK);
    assert_string_equal(one, two);
    kit->now_ms += 10 * MIN_MS; /* nobody has the new one yet */
    assert_true(people_kit_lives(kit, answer.token));
    assert_true(people_kit_lives(kit, one)); /* now somebody has */
    kit->now_ms += SESSION_GRACE_MS - 1;
    assert_true(people_kit_lives(kit, answer.token));
    kit->now_ms += 1;
    assert_false(people_kit_lives(kit, answer.token));
    assert_int_equal(people_renew_session(kit->people, answer.token, two, &after),
                     PEOPLE_NO_SESSION);
    assert_true(people_kit_lives(kit, one));
}

static void two_renewals_leave_the_first_token_behind(void **state)
{
    struct people_kit *kit = *state;
    people_kit_make_admin(kit, NULL);
    struct people_answer answer = sign_in(kit);
    char one[PEOPLE_TOKEN_LEN + 1], two[PEOPLE_TOKEN_LEN + 1];
    struct people_session session;
    assert_int_equal(people_renew_session(kit->people, answer.token, one, &session), PEOPLE_OK);
    assert_int_equal(people_renew_session(kit->people, one, two, &session), PEOPLE_OK);
    assert_false(people_kit_lives(kit, answer.token));
    assert_true(people_kit_lives(kit, one));
    assert_true(people_kit_lives(kit, two));
}

static void a_renewed_session_ends_with_both_its_tokens(void **state)
{
    struct people_kit *kit = *state;
    people_kit_make_admin(kit, NULL);
    struct people_answer answer = sign_in(kit);
    char fresh[PEOPLE_TOKEN_LEN + 1];
    struct people_session session;
    assert_int_equal(people_renew_session(kit->people, answer.token, fresh, &session), PEOPLE_OK);
    assert_int_equal(people_end_session(kit->people, kit->admin, session.id), PEOPLE_OK);
    assert_false(people_kit_lives(kit, fresh));
    assert_false(people_kit_lives(kit, answer.token));
}

static void csrf_tokens_are_each_sessions_own(void **state)
{
    struct people_kit *kit = *state;
    people_kit_make_admin(kit, NULL);
    struct people_session one = sign_in(kit).session, other = sign_in(kit).session;
    assert_true(people_csrf_matches(&one, one.csrf));
    assert_false(people_csrf_matches(&one, other.csrf));
    assert_false(people_csrf_matches(&one, NULL));
    assert_false(people_csrf_matches(&one, ""));
    char longer[PEOPLE_TOKEN_LEN + 2];
    snprintf(longer, sizeof longer, "%sA", one.csrf);
    assert_false(people_csrf_matches(&one, longer));
    const struct people_session empty = {0};
    assert_false(people_csrf_matches(&empty, ""));
}

static void end_all(struct people_kit *kit, const char *person)
{
    struct people_session list[PEOPLE_SESSIONS_EACH];
    const size_t count = people_list_sessions(kit->people, person, list);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(people_end_session(kit->people, person, list[i].id), PEOPLE_OK);
}

static void sessions_are_listed_and_ended_by_their_owner(void **state)
{
    struct people_kit *kit = *state;
    people_kit_make_admin(kit, NULL);
    char bob[QUARTER_ULID_LEN + 1];
    people_kit_add(kit, "bob", ROLE_COUNTER, "seven green bottles", bob);
    end_all(kit, kit->admin);
    struct people_answer one = sign_in(kit);
    kit->now_ms += 1000;
    struct people_answer two = sign_in(kit);
    struct people_answer his = people_kit_sign_in(kit, "bob", "seven green bottles", NULL);
    struct people_session list[PEOPLE_SESSIONS_EACH];
    assert_int_equal(people_list_sessions(kit->people, kit->admin, list), 2);
    assert_string_equal(list[0].id, two.session.id); /* newest first */
    assert_string_equal(list[0].csrf, "");
    assert_string_equal(list[1].id, one.session.id);
    assert_int_equal(people_end_session(kit->people, kit->admin, his.session.id),
                     PEOPLE_UNKNOWN_SESSION);
    assert_int_equal(people_end_session(kit->people, kit->admin, one.session.id), PEOPLE_OK);
    assert_int_equal(people_end_session(kit->people, kit->admin, one.session.id),
                     PEOPLE_UNKNOWN_SESSION);
    assert_false(people_kit_lives(kit, one.token));
    assert_true(people_kit_lives(kit, two.token) && people_kit_lives(kit, his.token));
    struct people_answer three = sign_in(kit);
    end_all(kit, kit->admin);
    assert_false(people_kit_lives(kit, two.token) || people_kit_lives(kit, three.token));
    assert_true(people_kit_lives(kit, his.token));
}

static void the_one_unused_longest_makes_room(void **state)
{
    struct people_kit *kit = *state;
    people_kit_make_admin(kit, NULL);
    end_all(kit, kit->admin);
    char tokens[PEOPLE_SESSIONS_EACH + 1][PEOPLE_TOKEN_LEN + 1];
    struct people_session session;
    for (int i = 0; i <= PEOPLE_SESSIONS_EACH; i++) {
        memcpy(tokens[i], sign_in(kit).token, PEOPLE_TOKEN_LEN + 1);
        kit->now_ms += 1000;
        assert_int_equal(people_check_session(kit->people, tokens[0], true, &session), PEOPLE_OK);
    }
    assert_true(people_kit_lives(kit, tokens[0]));
    assert_false(people_kit_lives(kit, tokens[1]));
    assert_true(people_kit_lives(kit, tokens[2]));
}

static void a_restart_signs_nobody_out(void **state)
{
    struct people_kit *kit = *state;
    people_kit_make_admin(kit, NULL);
    struct people_answer kept = sign_in(kit), ended = sign_in(kit), idle = sign_in(kit);
    struct people_session before, after;
    char fresh[PEOPLE_TOKEN_LEN + 1];
    kit->now_ms += 20 * MIN_MS;
    assert_int_equal(people_renew_session(kit->people, kept.token, fresh, &before), PEOPLE_OK);
    assert_int_equal(people_check_session(kit->people, ended.token, true, &after), PEOPLE_OK);
    people_work(kit->people); /* the disk knows of it: that has to go from there, too */
    people_end_session(kit->people, kit->admin, ended.session.id);
    people_kit_close(kit); /* what is behind is written */
    kit->now_ms += 15 * MIN_MS;
    people_kit_open(kit);
    assert_int_equal(people_check_session(kit->people, fresh, true, &after), PEOPLE_OK);
    assert_string_equal(before.csrf, after.csrf);
    assert_string_equal(before.id, after.id);
    assert_int_equal(before.until_ms, after.until_ms);
    assert_true(people_kit_lives(kit, kept.token)); /* in its grace */
    assert_false(people_kit_lives(kit, ended.token));
    assert_false(people_kit_lives(kit, idle.token));
    /* An answer lost with the restart can still be asked for again. */
    char again[PEOPLE_TOKEN_LEN + 1];
    assert_int_equal(people_renew_session(kit->people, kept.token, again, &after), PEOPLE_OK);
    assert_string_equal(fresh, again);
}

static void the_table_is_full_of_the_latest(void **state)
{
    struct people_kit *kit = *state;
    people_kit_make_admin(kit, NULL);
    enum { STAFF = PEOPLE_SESSIONS_MAX / PEOPLE_SESSIONS_EACH + 2 };
    char first[PEOPLE_TOKEN_LEN + 1] = "", last[PEOPLE_TOKEN_LEN + 1] = "";
    for (int i = 0; i < STAFF; i++) {
        char name[16], id[QUARTER_ULID_LEN + 1];
        snprintf(name, sizeof name, "staff%d", i);
        people_kit_add(kit, name, ROLE_COUNTER, "seven green bottles", id);
        for (int k = 0; k < PEOPLE_SESSIONS_EACH; k++) {
            kit->now_ms += 10;
            struct people_answer answer =
                people_kit_sign_in(kit, name, "seven green bottles", NULL);
            assert_int_equal(answer.result, PEOPLE_OK);
            memcpy(i == 0 && k == 0 ? first : last, answer.token, sizeof first);
        }
    }
    assert_false(people_kit_lives(kit, first));
    assert_true(people_kit_lives(kit, last));
}

#define WITH_KIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_KIT(a_session_says_whose_it_is),
        WITH_KIT(forged_and_foreign_tokens_are_nobody),
        WITH_KIT(it_ends_half_an_hour_after_its_last_use),
        WITH_KIT(it_ends_ten_hours_after_signing_in_whatever_happens),
        WITH_KIT(renewal_keeps_parallel_tabs_signed_in),
        WITH_KIT(two_renewals_leave_the_first_token_behind),
        WITH_KIT(a_renewed_session_ends_with_both_its_tokens),
        WITH_KIT(csrf_tokens_are_each_sessions_own),
        WITH_KIT(sessions_are_listed_and_ended_by_their_owner),
        WITH_KIT(the_one_unused_longest_makes_room),
        WITH_KIT(a_restart_signs_nobody_out),
        WITH_KIT(the_table_is_full_of_the_latest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
