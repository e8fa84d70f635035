/* Readers in other threads, on a real file: they see every commit whole, in order, while the writer
 * goes on and folds its log back under them. */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "quarter/check.h"
#include "store/store_parts.h"
#include "store_kit.h"

enum { COMMITS = 400, PER_COMMIT = 3, READERS = 3 };

struct follower {
    const struct store_config *config;
    int64_t last;
    int in_call; /* events in this call: whole commits only */
};

static enum status follow(void *context, const struct event *event, const char *body)
{
    struct follower *follower = context;
    struct event expected = kit_event(EVENT_TICKET_ISSUED, (int)event->seq % 1000);
    CHECK(event->seq == follower->last + 1);
    CHECK(kit_same_event(event, &expected) && body[0] == '{');
    follower->last = event->seq;
    follower->in_call++;
    return STATUS_OK;
}

static void *run_follower(void *argument)
{
    struct follower *follower = argument;
    struct store_reader *reader = NULL;
    CHECK(store_reader_open(follower->config, &reader) == STATUS_OK);
    while (follower->last < (int64_t)COMMITS * PER_COMMIT) {
        follower->in_call = 0;
        CHECK(store_read_after(reader, follower->last, 1000000, follow, follower) == STATUS_OK);
        CHECK(follower->in_call % PER_COMMIT == 0);
    }
    store_reader_close(reader);
    return NULL;
}

static void readers_follow_from_their_own_threads(void **state)
{
    (void)state;
    struct kit kit;
    kit_set_up(&kit, 1);
    char path[64];
    snprintf(path, sizeof path, "%s/journal.db", kit.dir);
    kit.config.path = path;
    kit.config.vfs = NULL;
    assert_int_equal(kit_open(&kit), STATUS_OK);

    pthread_t threads[READERS];
    struct follower followers[READERS];
    for (int i = 0; i < READERS; i++) {
        followers[i] = (struct follower){.config = &kit.config};
        assert_int_equal(pthread_create(&threads[i], NULL, run_follower, &followers[i]), 0);
    }
    for (int commit = 0; commit < COMMITS; commit++) {
        assert_int_equal(store_begin(kit.store), STATUS_OK);
        for (int i = 0; i < PER_COMMIT; i++) {
            struct event event =
                kit_event(EVENT_TICKET_ISSUED, (commit * PER_COMMIT + i + 1) % 1000);
            assert_int_equal(store_append(kit.store, &event), STATUS_OK);
        }
        assert_int_equal(store_commit(kit.store), STATUS_OK);
    }
    for (int i = 0; i < READERS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(followers[i].last, COMMITS * PER_COMMIT);
    }
    kit_close(&kit);
    assert_int_equal(unlink(path), 0);
    kit_tear_down(&kit);
}

static void readers_find_the_sites_that_were_in_force(void **state)
{
    (void)state;
    struct kit kit;
    char path[64], hash[QUARTER_HASH_LEN + 1] = "", *text = NULL;
    struct store_reader *reader = NULL;
    kit_set_up(&kit, 2);
    snprintf(path, sizeof path, "%s/journal.db", kit.dir);
    kit.config.path = path;
    kit.config.vfs = NULL;
    memset(hash, 'a', QUARTER_HASH_LEN);
    assert_int_equal(kit_open(&kit), STATUS_OK);
    assert_int_equal(store_begin(kit.store), STATUS_OK);
    assert_int_equal(store_put_site(kit.store, hash, "site: small", 1), STATUS_OK);
    assert_int_equal(store_commit(kit.store), STATUS_OK);
    assert_int_equal(store_reader_open(&kit.config, &reader), STATUS_OK);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(store_reader_get_site(reader, hash, &text), STATUS_OK);
        assert_string_equal(text, "site: small");
        free(text);
    }
    hash[0] = 'b';
    assert_int_equal(store_reader_get_site(reader, hash, &text), STATUS_NOT_FOUND);
    store_reader_close(reader);
    kit_close(&kit);
    assert_int_equal(unlink(path), 0);
    kit_tear_down(&kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(readers_follow_from_their_own_threads),
                                       cmocka_unit_test(readers_find_the_sites_that_were_in_force)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
