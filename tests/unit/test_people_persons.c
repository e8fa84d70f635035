/* Persons: the first administrator, adding, changing, resetting, disabling, the console. */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "people/set_up.h"
#include "test_people_kit.h"

#define OWN_PASSWORD "seven green bottles"

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

static struct people_answer about(struct people_kit *kit, enum people_verb verb, const char *person)
{
    return people_kit_ask(kit, &(struct people_request){.verb = verb, .person = person});
}

static struct people_answer change_roles(struct people_kit *kit, const char *person, unsigned roles)
{
    return people_kit_ask(kit, &(struct people_request){
                                   .verb = PEOPLE_CHANGE_PERSON, .person = person, .roles = roles});
}

static struct people_answer change_password(struct people_kit *kit,
                                            const struct people_session *session, const char *old,
                                            const char *fresh)
{
    return people_kit_ask(kit, &(struct people_request){.verb = PEOPLE_CHANGE_PASSWORD,
                                                        .person = session->person.id,
                                                        .session = session->id,
                                                        .password = old,
                                                        .new_password = fresh});
}

static struct people_answer set_up_with(struct people_kit *kit, const char *code, const char *name,
                                        const char *password)
{
    return people_kit_ask(kit, &(struct people_request){.verb = PEOPLE_SET_UP,
                                                        .code = code,
                                                        .name = name,
                                                        .password = password,
                                                        .language = "en",
                                                        .address = "192.0.2.1"});
}

static void the_set_up_code_makes_one_administrator(void **state)
{
    struct people_kit *kit = *state;
    assert_true(people_needs_set_up(kit->people));
    char again[PEOPLE_CODE_LEN + 1];
    assert_false(people_take_set_up_code(kit->people, again)); /* told once */
    assert_int_equal(set_up_with(kit, "AAAAA-AAAAA", "ada", OWN_PASSWORD).result,
                     PEOPLE_WRONG_SET_UP_CODE);
    /* A bad password does not use it up. */
    assert_int_equal(set_up_with(kit, kit->set_up_code, "ada", "password1234").result,
                     PEOPLE_PASSWORD_COMMON);
    assert_true(people_needs_set_up(kit->people));
    char typed[16];
    snprintf(typed, sizeof typed, " %.5s%.5s", kit->set_up_code, kit->set_up_code + 6);
    for (char *letter = typed; *letter; letter++)
        *letter = (char)(*letter >= 'A' && *letter <= 'Z' ? *letter + 32 : *letter);
    struct people_answer answer = set_up_with(kit, typed, "Ada", OWN_PASSWORD);
    assert_int_equal(answer.result, PEOPLE_OK);
    assert_string_equal(answer.person.display, "Ada");
    assert_int_equal(answer.session.person.roles, ROLE_ADMIN);
    assert_true(people_kit_lives(kit, answer.token));
    assert_false(people_needs_set_up(kit->people));
    assert_int_equal(set_up_with(kit, kit->set_up_code, "eve", OWN_PASSWORD).result,
                     PEOPLE_SET_UP_OVER);
    people_kit_close(kit);
    people_kit_open(kit);
    assert_string_equal(kit->set_up_code, "");
}

static void the_set_up_code_is_good_for_an_hour_and_one_start(void **state)
{
    struct people_kit *kit = *state;
    char old[PEOPLE_CODE_LEN + 1];
    memcpy(old, kit->set_up_code, sizeof old);
    people_kit_close(kit);
    people_kit_open(kit);
    assert_string_not_equal(kit->set_up_code, old);
    assert_int_equal(set_up_with(kit, old, "ada", OWN_PASSWORD).result, PEOPLE_WRONG_SET_UP_CODE);
    kit->now_ms += 3600000;
    assert_int_equal(set_up_with(kit, kit->set_up_code, "ada", OWN_PASSWORD).result,
                     PEOPLE_SET_UP_OVER);
}

static void guessing_the_set_up_code_is_made_to_wait(void **state)
{
    struct people_kit *kit = *state;
    for (int i = 0; i < 30; i++)
        assert_int_equal(set_up_with(kit, "AAAAA-AAAAA", "ada", OWN_PASSWORD).result,
                         PEOPLE_WRONG_SET_UP_CODE);
    struct people_answer answer = set_up_with(kit, kit->set_up_code, "ada", OWN_PASSWORD);
    assert_int_equal(answer.result, PEOPLE_WAIT);
    kit->now_ms += answer.retry_ms;
    assert_int_equal(set_up_with(kit, kit->set_up_code, "ada", OWN_PASSWORD).result, PEOPLE_OK);
}

/* However many guess, nobody closes it for its owner. */
static void wrong_set_up_codes_never_close_it(void **state)
{
    (void)state;
    struct set_up set_up;
    char code[PEOPLE_CODE_LEN + 1];
    set_up_open(&set_up, 0, code);
    for (int i = 0; i < 5000; i++)
        assert_int_equal(set_up_try(&set_up, "AAAAA-AAAAA", i), PEOPLE_WRONG_SET_UP_CODE);
    assert_int_equal(set_up_try(&set_up, code, SET_UP_MS - 1), PEOPLE_OK);
    assert_int_equal(set_up_try(&set_up, code, SET_UP_MS), PEOPLE_SET_UP_OVER);
}

static struct people_answer add(struct people_kit *kit, const char *name, unsigned roles)
{
    return people_kit_ask(
        kit, &(struct people_request){
                 .verb = PEOPLE_ADD_PERSON, .name = name, .roles = roles, .language = "pl"});
}

static void somebody_new_changes_the_one_time_password_first(void **state)
{
    struct people_kit *kit = *state;
    people_kit_make_admin(kit, NULL);
    struct people_answer added = add(kit, "Bob", ROLE_COUNTER | ROLE_GREETER);
    assert_int_equal(added.result, PEOPLE_OK);
    assert_string_equal(added.person.name, "bob");
    assert_string_equal(added.person.display, "Bob");
    assert_string_equal(added.person.language, "pl");
    struct people_answer in = people_kit_sign_in(kit, "bob", added.one_time, NULL);
    assert_int_equal(in.result, PEOPLE_OK);
    assert_true(in.session.person.must_change);
    assert_int_equal(in.session.person.roles, 0); /* may nothing else */
    assert_int_equal(change_password(kit, &in.session, "wrong", OWN_PASSWORD).result,
                     PEOPLE_WRONG_PASSWORD);
    assert_int_equal(change_password(kit, &in.session, added.one_time, added.one_time).result,
                     PEOPLE_PASSWORD_SAME);
    assert_int_equal(change_password(kit, &in.session, added.one_time, "short").result,
                     PEOPLE_PASSWORD_SHORT);
    assert_int_equal(change_password(kit, &in.session, added.one_time, OWN_PASSWORD).result,
                     PEOPLE_OK);
    struct people_session session;
    assert_int_equal(people_check_session(kit->people, in.token, true, &session), PEOPLE_OK);
    assert_int_equal(session.person.roles, ROLE_COUNTER | ROLE_GREETER);
    assert_int_equal(people_kit_sign_in(kit, "bob", added.one_time, NULL).result,
                     PEOPLE_WRONG_PASSWORD);
    assert_int_equal(people_kit_sign_in(kit, "BOB", OWN_PASSWORD, NULL).result, PEOPLE_OK);
}

static void a_one_time_password_goes_stale(void **state)
{
    struct people_kit *kit = *state;
    people_kit_make_admin(kit, NULL);
    struct people_answer added = add(kit, "bob", ROLE_COUNTER);
    kit->now_ms += INT64_C(72) * 3600000 - 1;
    assert_int_equal(people_kit_sign_in(kit, "bob", added.one_time, NULL).result, PEOPLE_OK);
    kit->now_ms += 1;
    assert_int_equal(people_kit_sign_in(kit, "bob", added.one_time, NULL).result,
                     PEOPLE_ONE_TIME_OVER);
    assert_int_equal(people_kit_sign_in(kit, "bob", "something else", NULL).result,
                     PEOPLE_WRONG_PASSWORD);
}

static void what_cannot_be_added_is_told_why(void **state)
{
    struct people_kit *kit = *state;
    people_kit_make_admin(kit, NULL);
    assert_int_equal(add(kit, "ADA", ROLE_COUNTER).result, PEOPLE_NAME_TAKEN);
    assert_int_equal(add(kit, "b", ROLE_COUNTER).result, PEOPLE_BAD_NAME);
    assert_int_equal(add(kit, NULL, ROLE_COUNTER).result, PEOPLE_BAD_NAME);
    assert_int_equal(add(kit, "bob", 0).result, PEOPLE_BAD_ROLES);
    assert_int_equal(add(kit, "bob", 16).result, PEOPLE_BAD_ROLES);
    struct people_answer answer =
        people_kit_ask(kit, &(struct people_request){.verb = PEOPLE_ADD_PERSON,
                                                     .name = "bob",
                                                     .display = "\u202ebob",
                                                     .roles = ROLE_COUNTER});
    assert_int_equal(answer.result, PEOPLE_BAD_DISPLAY_NAME);
    assert_string_equal(answer.one_time, "");
    assert_int_equal(about(kit, PEOPLE_RESET_PASSWORD, "nobody").result, PEOPLE_UNKNOWN_PERSON);
    struct person *list = NULL;
    assert_int_equal(people_list_persons(kit->people, &list), 1);
    free(list);
}

static void changes_count_at_once(void **state)
{
    struct people_kit *kit = *state;
    people_kit_make_admin(kit, NULL);
    char bob[QUARTER_ULID_LEN + 1];
    people_kit_add(kit, "bob", ROLE_COUNTER, OWN_PASSWORD, bob);
    struct people_answer in = people_kit_sign_in(kit, "bob", OWN_PASSWORD, NULL);
    assert_int_equal(change_roles(kit, bob, ROLE_MANAGER).result, PEOPLE_OK);
    assert_int_equal(change_roles(kit, bob, 64).result, PEOPLE_BAD_ROLES);
    struct people_answer named = people_kit_ask(
        kit,
        &(struct people_request){
            .verb = PEOPLE_CHANGE_PERSON, .person = bob, .display = "Robert", .language = "en"});
    assert_int_equal(named.result, PEOPLE_OK);
    struct people_session session;
    assert_int_equal(people_check_session(kit->people, in.token, true, &session), PEOPLE_OK);
    assert_int_equal(session.person.roles, ROLE_MANAGER);
    assert_string_equal(session.person.display, "Robert");
    assert_string_equal(session.person.language, "en");
    people_kit_close(kit);
    people_kit_open(kit);
    struct person person;
    assert_int_equal(people_find_person(kit->people, bob, &person), PEOPLE_OK);
    assert_int_equal(person.roles, ROLE_MANAGER);
    assert_string_equal(person.display, "Robert");
}

static void a_reset_ends_sessions_and_the_old_password(void **state)
{
    struct people_kit *kit = *state;
    people_kit_make_admin(kit, NULL);
    char bob[QUARTER_ULID_LEN + 1];
    people_kit_add(kit, "bob", ROLE_COUNTER, OWN_PASSWORD, bob);
    struct people_answer in = people_kit_sign_in(kit, "bob", OWN_PASSWORD, NULL);
    struct people_answer reset = about(kit, PEOPLE_RESET_PASSWORD, bob);
    assert_int_equal(reset.result, PEOPLE_OK);
    assert_false(people_kit_lives(kit, in.token));
    people_kit_close(kit);
    people_kit_open(kit);
    assert_false(people_kit_lives(kit, in.token));
    assert_int_equal(people_kit_sign_in(kit, "bob", OWN_PASSWORD, NULL).result,
                     PEOPLE_WRONG_PASSWORD);
    assert_int_equal(people_kit_sign_in(kit, "bob", reset.one_time, NULL).result, PEOPLE_OK);
}

static void changing_ones_password_ends_the_other_sessions(void **state)
{
    struct people_kit *kit = *state;
    people_kit_make_admin(kit, NULL);
    struct people_answer one = people_kit_sign_in(kit, "ada", KIT_ADMIN_PASSWORD, NULL);
    struct people_answer other = people_kit_sign_in(kit, "ada", KIT_ADMIN_PASSWORD, NULL);
    assert_int_equal(change_password(kit, &one.session, KIT_ADMIN_PASSWORD, OWN_PASSWORD).result,
                     PEOPLE_OK);
    assert_true(people_kit_lives(kit, one.token));
    assert_false(people_kit_lives(kit, other.token));
    people_kit_close(kit);
    people_kit_open(kit);
    assert_true(people_kit_lives(kit, one.token));
    assert_false(people_kit_lives(kit, other.token));
}

static void guesses_by_way_of_a_change_count_too(void **state)
{
    struct people_kit *kit = *state;
    people_kit_make_admin(kit, NULL);
    struct people_answer in = people_kit_sign_in(kit, "ada", KIT_ADMIN_PASSWORD, NULL);
    for (int i = 0; i < 5; i++)
        assert_int_equal(change_password(kit, &in.session, "a wrong one", OWN_PASSWORD).result,
                         PEOPLE_WRONG_PASSWORD);
    struct people_answer answer =
        change_password(kit, &in.session, KIT_ADMIN_PASSWORD, OWN_PASSWORD);
    assert_int_equal(answer.result, PEOPLE_WAIT);
    assert_int_equal(answer.retry_ms, 1000);
}

static void who_is_disabled_looks_like_nobody(void **state)
{
    struct people_kit *kit = *state;
    people_kit_make_admin(kit, NULL);
    char bob[QUARTER_ULID_LEN + 1];
    people_kit_add(kit, "bob", ROLE_COUNTER, OWN_PASSWORD, bob);
    struct people_answer in = people_kit_sign_in(kit, "bob", OWN_PASSWORD, NULL);
    assert_int_equal(about(kit, PEOPLE_DISABLE_PERSON, bob).result, PEOPLE_OK);
    assert_false(people_kit_lives(kit, in.token));
    assert_int_equal(people_kit_sign_in(kit, "bob", OWN_PASSWORD, NULL).result,
                     PEOPLE_WRONG_PASSWORD);
    assert_int_equal(add(kit, "bob", ROLE_COUNTER).result, PEOPLE_NAME_TAKEN);
    for (int i = 0; i < 4; i++) /* the right one counts as a wrong one */
        assert_int_equal(people_kit_sign_in(kit, "bob", OWN_PASSWORD, NULL).result,
                         PEOPLE_WRONG_PASSWORD);
    assert_int_equal(people_kit_sign_in(kit, "bob", OWN_PASSWORD, NULL).result, PEOPLE_WAIT);
    kit->now_ms += 60000;
    struct people_answer enabled = about(kit, PEOPLE_ENABLE_PERSON, bob);
    assert_int_equal(enabled.result, PEOPLE_OK);
    assert_false(people_kit_lives(kit, in.token));
    assert_int_equal(people_kit_sign_in(kit, "bob", OWN_PASSWORD, NULL).result,
                     PEOPLE_WRONG_PASSWORD);
    kit->now_ms += 60000;
    assert_int_equal(people_kit_sign_in(kit, "bob", enabled.one_time, NULL).result, PEOPLE_OK);
}

static void there_is_always_an_administrator(void **state)
{
    struct people_kit *kit = *state;
    people_kit_make_admin(kit, NULL);
    assert_int_equal(about(kit, PEOPLE_DISABLE_PERSON, kit->admin).result, PEOPLE_LAST_ADMIN);
    assert_int_equal(change_roles(kit, kit->admin, ROLE_MANAGER).result, PEOPLE_LAST_ADMIN);
    assert_int_equal(change_roles(kit, kit->admin, ROLE_MANAGER | ROLE_ADMIN).result, PEOPLE_OK);
    struct people_answer eve = add(kit, "eve", ROLE_ADMIN);
    /* She never signed in: her one-time password may be lost. */
    assert_int_equal(about(kit, PEOPLE_DISABLE_PERSON, kit->admin).result, PEOPLE_LAST_ADMIN);
    struct people_answer in = people_kit_sign_in(kit, "eve", eve.one_time, NULL);
    assert_int_equal(change_password(kit, &in.session, eve.one_time, OWN_PASSWORD).result,
                     PEOPLE_OK);
    assert_int_equal(about(kit, PEOPLE_DISABLE_PERSON, kit->admin).result, PEOPLE_OK);
    assert_int_equal(about(kit, PEOPLE_DISABLE_PERSON, eve.person.id).result, PEOPLE_LAST_ADMIN);
    assert_int_equal(change_roles(kit, eve.person.id, ROLE_COUNTER).result, PEOPLE_LAST_ADMIN);
}

static void the_console_resets_while_the_server_runs(void **state)
{
    struct people_kit *kit = *state;
    char token[PEOPLE_TOKEN_LEN + 1], one_time[PEOPLE_ONE_TIME_LEN + 1] = "", error[200] = "";
    people_kit_make_admin(kit, token);
    people_work(kit->people);
    assert_int_equal(people_reset_from_console(&kit->config, "ADA", one_time, error, sizeof error),
                     STATUS_OK);
    people_work(kit->people);
    assert_false(people_kit_lives(kit, token));
    assert_int_equal(people_kit_sign_in(kit, "ada", KIT_ADMIN_PASSWORD, NULL).result,
                     PEOPLE_WRONG_PASSWORD);
    struct people_answer in = people_kit_sign_in(kit, "ada", one_time, NULL);
    assert_int_equal(in.result, PEOPLE_OK);
    assert_true(in.person.must_change);
    assert_int_equal(
        people_reset_from_console(&kit->config, "nobody", one_time, error, sizeof error),
        STATUS_NOT_FOUND);
    assert_non_null(strstr(error, "nobody signs in as"));
}

static void the_console_makes_an_administrator_only_where_there_is_none(void **state)
{
    struct people_kit *kit = *state;
    char bob[QUARTER_ULID_LEN + 1], one_time[PEOPLE_ONE_TIME_LEN + 1];
    struct person person;
    people_kit_make_admin(kit, NULL);
    people_kit_add(kit, "bob", ROLE_COUNTER, OWN_PASSWORD, bob);
    assert_int_equal(people_reset_from_console(&kit->config, "bob", one_time, NULL, 0), STATUS_OK);
    people_work(kit->people);
    assert_int_equal(people_find_person(kit->people, bob, &person), PEOPLE_OK);
    assert_int_equal(person.roles, ROLE_COUNTER);
    people_kit_close(kit);
    sqlite3 *db = NULL; /* no request gets there */
    assert_int_equal(sqlite3_open(kit->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "UPDATE person SET disabled = 1", NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    assert_int_equal(people_reset_from_console(&kit->config, "bob", one_time, NULL, 0), STATUS_OK);
    people_kit_open(kit);
    assert_int_equal(people_find_person(kit->people, bob, &person), PEOPLE_OK);
    assert_int_equal(person.roles, ROLE_COUNTER | ROLE_ADMIN);
    assert_int_equal(person.disabled_ms, 0);
    assert_int_equal(people_kit_sign_in(kit, "bob", one_time, NULL).result, PEOPLE_OK);
}

static void the_old_password_is_dead_with_the_consoles_word(void **state)
{
    struct people_kit *kit = *state;
    char one_time[PEOPLE_ONE_TIME_LEN + 1];
    people_kit_make_admin(kit, NULL);
    assert_int_equal(people_reset_from_console(&kit->config, "ada", one_time, NULL, 0), STATUS_OK);
    assert_int_equal(people_kit_sign_in(kit, "ada", KIT_ADMIN_PASSWORD, NULL).result,
                     PEOPLE_WRONG_PASSWORD);
}

/* A request that is decided on what the console has changed meanwhile must not bring the old back. */
static void a_change_after_the_console_keeps_both(void **state)
{
    struct people_kit *kit = *state;
    char one_time[PEOPLE_ONE_TIME_LEN + 1];
    people_kit_make_admin(kit, NULL);
    assert_int_equal(people_reset_from_console(&kit->config, "ada", one_time, NULL, 0), STATUS_OK);
    assert_int_equal(change_roles(kit, kit->admin, ROLE_ALL).result, PEOPLE_OK);
    assert_int_equal(people_kit_sign_in(kit, "ada", KIT_ADMIN_PASSWORD, NULL).result,
                     PEOPLE_WRONG_PASSWORD);
    assert_int_equal(people_kit_sign_in(kit, "ada", one_time, NULL).result, PEOPLE_OK);
}

static void the_console_makes_no_file(void **state)
{
    struct people_kit *kit = *state;
    char path[80], one_time[PEOPLE_ONE_TIME_LEN + 1], error[200] = "";
    snprintf(path, sizeof path, "%s/other.db", kit->dir);
    struct people_config config = kit->config;
    config.path = path;
    assert_int_equal(people_reset_from_console(&config, "ada", one_time, error, sizeof error),
                     STATUS_NOT_FOUND);
    struct stat about_it;
    assert_int_not_equal(stat(path, &about_it), 0);
}

static void the_file_is_nobody_elses_business(void **state)
{
    struct people_kit *kit = *state;
    people_kit_make_admin(kit, NULL);
    static const char *const endings[] = {"", "-wal", "-shm"};
    for (int i = 0; i < 3; i++) {
        char path[80];
        struct stat about_it;
        snprintf(path, sizeof path, "%s%s", kit->path, endings[i]);
        assert_int_equal(stat(path, &about_it), 0);
        assert_int_equal(about_it.st_mode & 0777, 0600);
    }
    people_kit_close(kit);
    assert_int_equal(chmod(kit->path, 0644), 0); /* as an operator's copy would be */
    people_kit_open(kit);
    struct stat about_it;
    assert_int_equal(stat(kit->path, &about_it), 0);
    assert_int_equal(about_it.st_mode & 0777, 0600);
}

static bool holds(const char *path, const char *needle)
{
    FILE *file = fopen(path, "rbe");
    assert_non_null(file);
    static char bytes[1 << 20];
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    return memmem(bytes, size, needle, strlen(needle)) != NULL;
}

static void no_secret_is_on_the_disk(void **state)
{
    struct people_kit *kit = *state;
    char token[PEOPLE_TOKEN_LEN + 1], path[80];
    people_kit_make_admin(kit, token);
    struct people_answer added = add(kit, "bob", ROLE_COUNTER);
    struct people_session session;
    assert_int_equal(people_check_session(kit->people, token, true, &session), PEOPLE_OK);
    const char *const secrets[] = {KIT_ADMIN_PASSWORD, token, added.one_time, session.csrf,
                                   kit->set_up_code};
    for (int closed = 0; closed < 2; closed++) {
        snprintf(path, sizeof path, "%s%s", kit->path, closed ? "" : "-wal");
        assert_true(holds(path, "$argon2id$"));
        for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++)
            assert_false(holds(path, secrets[i]));
        if (!closed)
            people_kit_close(kit);
    }
}

static void a_dearer_hash_is_taken_up_at_sign_in(void **state)
{
    struct people_kit *kit = *state;
    people_kit_make_admin(kit, NULL);
    people_kit_close(kit);
    kit->config.hash_passes = 2;
    people_kit_open(kit);
    for (int i = 0; i < 2; i++)
        assert_int_equal(people_kit_sign_in(kit, "ada", KIT_ADMIN_PASSWORD, NULL).result,
                         PEOPLE_OK);
    people_kit_close(kit);
    assert_true(holds(kit->path, "t=2,p=1"));
    assert_false(holds(kit->path, "t=1,p=1"));
}

/* A clock during whose reading the operator is quicker. */
struct console_clock {
    struct people_config config;
    char name[8];
    int readings; /* until then */
};

static int64_t reset_meanwhile(void *context)
{
    struct console_clock *clock = context;
    char one_time[PEOPLE_ONE_TIME_LEN + 1];
    if (--clock->readings == 0)
        assert_int_equal(people_reset_from_console(&clock->config, clock->name, one_time, NULL, 0),
                         STATUS_OK);
    return clock->config.now_ms(clock->config.clock);
}

static void a_dearer_hash_does_not_bring_back_what_the_console_reset(void **state)
{
    enum { READINGS = 6 };
    struct people_kit *kit = *state;
    char id[QUARTER_ULID_LEN + 1], name[8];
    people_kit_make_admin(kit, NULL);
    for (int i = 1; i <= READINGS; i++) {
        snprintf(name, sizeof name, "bob%d", i);
        people_kit_add(kit, name, ROLE_COUNTER, "a password of bob", id);
    }
    people_kit_close(kit);
    kit->config.hash_passes = 2;
    struct console_clock clock = {.config = kit->config};
    kit->config.now_ms = reset_meanwhile;
    kit->config.clock = &clock;
    people_kit_open(kit);
    int resets = 0;
    for (int i = 1; i <= READINGS; i++) {
        snprintf(clock.name, sizeof clock.name, "bob%d", i);
        clock.readings = i;
        (void)people_kit_sign_in(kit, clock.name, "a password of bob", NULL);
        if (clock.readings > 0)
            continue; /* it was not read so often */
        resets++;
        assert_int_equal(people_kit_sign_in(kit, clock.name, "a password of bob", NULL).result,
                         PEOPLE_WRONG_PASSWORD);
    }
    people_kit_close(kit); /* before its clock goes */
    assert_true(resets >= 3);
}

static void another_programs_file_is_left_alone(void **state)
{
    struct people_kit *kit = *state;
    people_kit_close(kit);
    struct people *people = NULL;
    struct people_config config = kit->config;
    char path[80];
    snprintf(path, sizeof path, "%s/text.db", kit->dir);
    FILE *file = fopen(path, "we");
    fputs("this is no database, and long enough to be seen as none ...........", file);
    fclose(file);
    config.path = path;
    assert_int_equal(people_open(&config, &people, kit->error, sizeof kit->error), STATUS_CORRUPT);
    assert_non_null(strstr(kit->error, "text.db"));
    config.path = "/nowhere/people.db";
    assert_int_equal(people_open(&config, &people, kit->error, sizeof kit->error), STATUS_IO);
    assert_non_null(strstr(kit->error, "/nowhere/people.db"));
}

#define WITH_KIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_KIT(the_set_up_code_makes_one_administrator),
        WITH_KIT(the_set_up_code_is_good_for_an_hour_and_one_start),
        WITH_KIT(guessing_the_set_up_code_is_made_to_wait),
        cmocka_unit_test(wrong_set_up_codes_never_close_it),
        WITH_KIT(somebody_new_changes_the_one_time_password_first),
        WITH_KIT(a_one_time_password_goes_stale),
        WITH_KIT(what_cannot_be_added_is_told_why),
        WITH_KIT(changes_count_at_once),
        WITH_KIT(a_reset_ends_sessions_and_the_old_password),
        WITH_KIT(changing_ones_password_ends_the_other_sessions),
        WITH_KIT(guesses_by_way_of_a_change_count_too),
        WITH_KIT(who_is_disabled_looks_like_nobody),
        WITH_KIT(there_is_always_an_administrator),
        WITH_KIT(the_console_resets_while_the_server_runs),
        WITH_KIT(the_console_makes_an_administrator_only_where_there_is_none),
        WITH_KIT(the_old_password_is_dead_with_the_consoles_word),
        WITH_KIT(a_change_after_the_console_keeps_both),
        WITH_KIT(the_console_makes_no_file),
        WITH_KIT(the_file_is_nobody_elses_business),
        WITH_KIT(no_secret_is_on_the_disk),
        WITH_KIT(a_dearer_hash_is_taken_up_at_sign_in),
        WITH_KIT(a_dearer_hash_does_not_bring_back_what_the_console_reset),
        WITH_KIT(another_programs_file_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
