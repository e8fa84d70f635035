/* The trail: who did what, when; what it does not hold; that it stays. */
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

#include "people/trail.h"
#include "test_kit.h"
#include "test_people_kit.h"

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

struct rows {
    struct audit_entry list[PEOPLE_AUDIT_MAX];
    size_t count;
    enum people_result result;
};

static void keep_rows(void *context, const struct people_answer *answer)
{
    struct rows *rows = context;
    rows->result = answer->result;
    rows->count = answer->audit_count;
    memcpy(rows->list, answer->audit, rows->count * sizeof rows->list[0]);
}

static struct rows *read_rows(struct people_kit *kit, int64_t before, int limit)
{
    static struct rows rows;
    const struct people_request request = {
        .verb = PEOPLE_LIST_AUDIT, .before = before, .limit = limit};
    assert_int_equal(people_submit(kit->people, &request, keep_rows, &rows, NULL), PEOPLE_OK);
    people_work(kit->people);
    assert_int_equal(rows.result, PEOPLE_OK);
    return &rows;
}

static void assert_entry(const struct audit_entry *entry, const char *expected)
{
    char text[400];
    snprintf(text, sizeof text, "%s|%s|%s|%s|%s|%s", entry->actor, entry->role, entry->action,
             entry->object, entry->address, entry->result);
    assert_string_equal(text, expected);
}

static void everything_leaves_an_entry(void **state)
{
    struct people_kit *kit = *state;
    people_kit_make_admin(kit, NULL);
    char by[40], object[80], expected[200];
    snprintf(by, sizeof by, "person:%s", kit->admin);
    kit->now_ms += 1000;
    people_kit_sign_in(kit, "ada", "a wrong one", "2001:db8:1:2::3");
    people_kit_sign_in(kit, "nobody", "a wrong one", "192.0.2.77");
    people_kit_sign_in(kit, "ada", KIT_ADMIN_PASSWORD, "192.0.2.77");
    struct people_answer added =
        people_kit_ask(kit, &(struct people_request){.verb = PEOPLE_ADD_PERSON,
                                                     .actor = by,
                                                     .actor_roles = ROLE_ADMIN | ROLE_MANAGER,
                                                     .address = "192.0.2.77",
                                                     .name = "bob",
                                                     .roles = ROLE_COUNTER});
    people_kit_ask(kit, &(struct people_request){.verb = PEOPLE_DISABLE_PERSON,
                                                 .actor = by,
                                                 .actor_roles = ROLE_ADMIN,
                                                 .person = kit->admin});
    people_kit_ask(kit, &(struct people_request){
                            .verb = PEOPLE_DISABLE_PERSON, .actor = by, .person = added.person.id});
    people_kit_sign_in(kit, "bob", added.one_time, NULL); /* right, but he is not let in */
    assert_int_equal(people_kit_ask(kit, &(struct people_request){.verb = PEOPLE_SET_UP}).result,
                     PEOPLE_SET_UP_OVER); /* anybody may ask: worth no entry */
    const struct audit_entry own = {.actor = "device:kiosk-1",
                                    .action = "call",
                                    .object = "counter:3",
                                    .address = "192.0.2.9",
                                    .result = "ok"};
    people_audit(kit->people, &own);
    const struct rows *rows = read_rows(kit, 0, 0);
    assert_int_equal(rows->count, 9);
    assert_entry(&rows->list[0], "device:kiosk-1||call|counter:3|192.0.2.0/24|ok");
    snprintf(object, sizeof object, "person:%s", added.person.id);
    snprintf(expected, sizeof expected, "||sign_in|%s||not-let-in", object);
    assert_entry(&rows->list[1], expected);
    snprintf(expected, sizeof expected, "%s||disable_person|%s||ok", by, object);
    assert_entry(&rows->list[2], expected);
    rows = read_rows(kit, rows->list[2].seq, 0);
    assert_int_equal(rows->count, 6);
    snprintf(expected, sizeof expected, "%s|admin|disable_person|%s||last-admin", by, by);
    assert_entry(&rows->list[0], expected);
    snprintf(expected, sizeof expected, "%s|manager,admin|add_person|%s|192.0.2.0/24|ok", by,
             object);
    assert_entry(&rows->list[1], expected);
    snprintf(expected, sizeof expected, "%s|admin|sign_in|%s|192.0.2.0/24|ok", by, by);
    assert_entry(&rows->list[2], expected);
    assert_entry(&rows->list[3], "||sign_in||192.0.2.0/24|wrong-password");
    snprintf(expected, sizeof expected, "||sign_in|%s|2001:db8:1::/48|wrong-password", by);
    assert_entry(&rows->list[4], expected);
    snprintf(expected, sizeof expected, "%s|admin|set_up|%s||ok", by, by);
    assert_entry(&rows->list[5], expected);
    assert_int_equal(rows->list[0].at_ms, kit->now_ms);
    assert_int_equal(rows->list[5].at_ms, kit->now_ms - 1000);
}

static void it_is_read_page_by_page(void **state)
{
    struct people_kit *kit = *state;
    for (int i = 0; i < 700; i++) {
        struct audit_entry entry = {.action = "call", .result = "ok"};
        snprintf(entry.object, sizeof entry.object, "ticket:%d", i);
        people_audit(kit->people, &entry);
    }
    int64_t before = 0;
    int next = 699;
    for (;;) {
        const struct rows *rows = read_rows(kit, before, 100);
        for (size_t i = 0; i < rows->count; i++, next--) {
            assert_int_equal(kit_number(rows->list[i].object + strlen("ticket:")), next);
            before = rows->list[i].seq;
        }
        if (rows->count < 100)
            break;
    }
    assert_int_equal(next, -1);
    assert_int_equal(read_rows(kit, 0, 0)->count, PEOPLE_AUDIT_MAX);
    assert_int_equal(read_rows(kit, 0, 100000)->count, PEOPLE_AUDIT_MAX);
}

static int try_sql(struct people_kit *kit, const char *sql)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(kit->path, &db), SQLITE_OK);
    int result = sqlite3_exec(db, sql, NULL, NULL, NULL);
    sqlite3_close(db);
    return result;
}

static void the_table_lets_nobody_rewrite_it(void **state)
{
    struct people_kit *kit = *state;
    people_kit_make_admin(kit, NULL);
    people_work(kit->people);
    assert_int_equal(try_sql(kit, "UPDATE audit SET actor = 'person:eve'"), SQLITE_CONSTRAINT);
    assert_int_equal(try_sql(kit, "DELETE FROM audit"), SQLITE_CONSTRAINT);
    assert_int_equal(try_sql(kit, "SELECT count(*) FROM audit"), SQLITE_OK);
}

static void it_is_kept_four_hundred_days(void **state)
{
    const int64_t day_ms = INT64_C(24) * 3600 * 1000;
    struct people_kit *kit = *state;
    const struct audit_entry old = {.action = "old", .result = "ok"},
                             recent = {.action = "recent", .result = "ok"};
    people_audit(kit->people, &old);
    people_work(kit->people);
    kit->now_ms += day_ms;
    people_audit(kit->people, &recent);
    people_work(kit->people);
    kit->now_ms += 399 * day_ms; /* the first is 400 days old, to the ms: kept */
    people_work(kit->people);
    assert_int_equal(read_rows(kit, 0, 0)->count, 2);
    people_kit_close(kit);
    kit->now_ms += 1;
    people_kit_open(kit);
    const struct rows *rows = read_rows(kit, 0, 0);
    people_work(kit->people);
    rows = read_rows(kit, 0, 0);
    assert_int_equal(rows->count, 2);
    assert_string_equal(rows->list[0].action, "audit_trim");
    assert_string_equal(rows->list[1].action, "recent");
    kit->now_ms += 2 * day_ms;
    people_work(kit->people); /* a server that is never started anew does it as well */
    rows = read_rows(kit, 0, 0);
    assert_int_equal(rows->count, 2);
    assert_string_equal(rows->list[1].action, "audit_trim");
}

static void what_finds_no_room_is_counted(void **state)
{
    (void)state;
    static struct trail trail;
    static struct audit_entry entries[TRAIL_MAX + 8];
    struct audit_entry entry = {.action = "call", .result = "ok"};
    for (int i = 0; i < TRAIL_MAX + 5; i++) {
        entry.at_ms = i;
        trail_add(&trail, &entry);
    }
    assert_int_equal(trail_peek(&trail, entries, 10, 99), 10);
    assert_int_equal(entries[9].at_ms, 9);
    trail_drop(&trail, 10);
    assert_int_equal(trail_peek(&trail, entries, TRAIL_MAX + 8, 99), TRAIL_MAX - 10 + 1);
    assert_int_equal(entries[0].at_ms, 10);
    assert_string_equal(entries[TRAIL_MAX - 10].action, "audit_lost");
    assert_string_equal(entries[TRAIL_MAX - 10].object, "count:5");
    for (int i = 0; i < 20; i++) /* while it is being written, and there is room for ten */
        trail_add(&trail, &entry);
    trail_drop(&trail, TRAIL_MAX - 10 + 1);
    assert_int_equal(trail_peek(&trail, entries, TRAIL_MAX + 8, 99), 11);
    assert_string_equal(entries[10].object, "count:10");
    trail_drop(&trail, 11);
    assert_int_equal(trail_peek(&trail, entries, TRAIL_MAX + 8, 99), 0);
}

#define WITH_KIT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_KIT(everything_leaves_an_entry),
        WITH_KIT(it_is_read_page_by_page),
        WITH_KIT(the_table_lets_nobody_rewrite_it),
        WITH_KIT(it_is_kept_four_hundred_days),
        cmocka_unit_test(what_finds_no_room_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
