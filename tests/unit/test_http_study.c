/* What is learned of a centre whose site names another time zone from some day on: busy hours are told by the clock on
 * the wall of that time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "engine/engine.h"
#include "http/study.h"
#include "quarter/check.h"
#include "store/ulid.h"
#include "test_kit.h"

struct fixture {
    char dir[40], journal[64], keys[64];
    struct site *london, *karachi;
    struct engine *engine;
    struct store *store;
    struct decision decision;
    int64_t now_ms;
};

static struct site *load_text(const char *text)
{
    struct site *site = NULL;
    struct site_report *report = site_report_create();
    CHECK(site_load_text(text, strlen(text), &site, report) == STATUS_OK);
    site_report_destroy(report);
    return site;
}

static struct site *load_good(void)
{
    struct site *site = NULL;
    struct site_report *report = site_report_create();
    CHECK(site_load("tests/unit/sites/good", &site, report) == STATUS_OK);
    site_report_destroy(report);
    return site;
}

/* Names as long as each other: the text says how long its files are. */
static struct site *in_karachi(const struct site *site)
{
    static const char from[] = "zone: Europe/London", to[] = "zone: Asia/Karachi ";
    _Static_assert(sizeof(from) == sizeof(to), "as long");
    char *text = strdup(site_text(site));
    CHECK(text != NULL);
    char *at = strstr(text, from);
    CHECK(at != NULL);
    memcpy(at, to, sizeof(to) - 1);
    struct site *moved = load_text(text);
    free(text);
    return moved;
}

static int set_up(void **state)
{
    struct fixture *it = calloc(1, sizeof(*it));
    CHECK(it != NULL);
    (void)snprintf(it->dir, sizeof(it->dir), "/tmp/quarter-study-XXXXXX");
    CHECK(mkdtemp(it->dir) != NULL);
    (void)snprintf(it->journal, sizeof(it->journal), "%s/journal.db", it->dir);
    (void)snprintf(it->keys, sizeof(it->keys), "%s/keys", it->dir);
    it->london = load_good();
    it->karachi = in_karachi(it->london);
    it->engine = engine_create();
    const struct store_config config = {.path = it->journal, .key_dir = it->keys};
    CHECK(store_open(&config, &it->store, NULL, 0) == STATUS_OK);
    CHECK(site_local_to_utc(it->london, "2026-11-24T10:00", &it->now_ms) == STATUS_OK);
    *state = it;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *it = *state;
    store_close(it->store);
    decision_free(&it->decision);
    engine_destroy(it->engine);
    site_destroy(it->london);
    site_destroy(it->karachi);
    kit_remove_folder(it->dir);
    free(it);
    return 0;
}

static void perform(struct fixture *it, struct command command)
{
    command.now_ms = it->now_ms;
    command.rostered = ~UINT64_C(0);
    (void)snprintf(command.actor, sizeof(command.actor), "test");
    engine_decide(it->engine, &command, &it->decision);
    assert_int_equal(it->decision.refusal, REFUSAL_NONE);
    for (size_t i = 0; i < it->decision.count; i++) {
        assert_int_equal(store_append(it->store, &it->decision.events[i]), STATUS_OK);
        engine_evolve(it->engine, &it->decision.events[i]);
    }
}

static void apply(struct fixture *it, const struct site *site)
{
    assert_int_equal(store_put_site(it->store, site_hash(site), site_text(site), it->now_ms),
                     STATUS_OK);
    engine_set_rules(it->engine, site_rules(site));
    perform(it, (struct command){.type = COMMAND_APPLY_SITE, .rules = site_rules(site)});
}

static void issue_some(struct fixture *it)
{
    for (int i = 0; i < 6; i++) {
        struct command issue = {.type = COMMAND_ISSUE, .service = "parking"};
        it->now_ms += INT64_C(1200000);
        ulid_make(it->now_ms, issue.ticket_id);
        perform(it, issue);
    }
}

static struct study *learn(const struct fixture *it, const struct site *site)
{
    const struct study_config config = {.store = {.path = it->journal, .key_dir = it->keys},
                                        .site = site,
                                        .rules = site_rules(site)};
    struct study *study = study_create(&config, NULL);
    while (!study_step(study, store_last_seq(it->store))) {
    }
    return study;
}

static void a_changed_zone_is_that_of_what_comes_then(void **state)
{
    struct fixture *it = *state;
    assert_int_equal(store_begin(it->store), STATUS_OK);
    apply(it, it->london);
    perform(it, (struct command){.type = COMMAND_OPEN_DAY, .day = "2026-11-24"});
    apply(it, it->karachi);
    issue_some(it);
    perform(it, (struct command){.type = COMMAND_CLOSE_DAY});
    assert_int_equal(store_commit(it->store), STATUS_OK);
    /* A server that was started before the change, and one that was started after it. */
    struct study *before = learn(it, it->london);
    struct study *after = learn(it, it->karachi);
    assert_true(knowledge_equal(study_knowledge(before), study_knowledge(after)));
    study_destroy(before);
    study_destroy(after);
}

/* Learned anew later, under another site. */
static void what_was_learned_before_is_of_the_former_zone(void **state)
{
    struct fixture *it = *state;
    assert_int_equal(store_begin(it->store), STATUS_OK);
    apply(it, it->london);
    perform(it, (struct command){.type = COMMAND_OPEN_DAY, .day = "2026-11-24"});
    issue_some(it);
    apply(it, it->karachi);
    perform(it, (struct command){.type = COMMAND_CLOSE_DAY});
    assert_int_equal(store_commit(it->store), STATUS_OK);
    struct study *first = learn(it, it->london);
    struct study *again = learn(it, it->karachi);
    assert_true(knowledge_equal(study_knowledge(first), study_knowledge(again)));
    study_destroy(first);
    study_destroy(again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_changed_zone_is_that_of_what_comes_then, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_was_learned_before_is_of_the_former_zone, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
