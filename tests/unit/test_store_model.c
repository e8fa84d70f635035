/* Random transactions, rollbacks, restarts and power cuts against a plain model in memory. A
 * failing run names its seed: QUARTER_SEED=n runs that one alone. */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store_kit.h"

enum {
    RUNS = 120,
    STEPS = 150,
    EVENTS_MAX = 1200,
    KEYS = 40,
    TICKETS = 12,
    DAYS = 4,
    SITES = 6,
    TEXT_MAX = 64
};

/* What ought to be there: plain values, so that a copy is a snapshot. */
struct model {
    int event_count;
    int numbers[EVENTS_MAX]; /* an event is known by its number */
    int64_t at_ms;
    struct {
        bool is_there;
        int64_t at_ms;
        int status;
    } answers[KEYS];
    int texts[DAYS][TICKETS]; /* 0: none */
    bool sites[SITES];
};

struct run {
    struct kit kit;
    uint64_t random, seed;       /* seed: 0 once a run has ended well */
    struct model committed, now; /* now: with what the open transaction has put */
    bool in_transaction;
};

static int pick(struct run *run, int count)
{
    return (int)(kit_random(&run->random) % (unsigned)count);
}

static struct event event_of(int number)
{
    /* A day in ten opens anew, so that replay starts somewhere else. */
    return kit_event(
        number % 10 == 0 ? EVENT_DAY_OPENED : (enum event_type)(number % KIT_EVENT_TYPES), number);
}

static const char *const days[DAYS] = {"2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27"};

static void name_ticket(int ticket, char id[QUARTER_ULID_LEN + 1])
{
    snprintf(id, QUARTER_ULID_LEN + 1, "01KATKTKTKTKTKTKTKTK%06d", ticket);
}

static void write_text(int text, char *to)
{
    snprintf(to, TEXT_MAX, "{\"text\":%d,\"more\":\"%.*s\"}", text, text % 30,
             "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
}

static void begin(struct run *run)
{
    if (!run->in_transaction)
        assert_int_equal(store_begin(run->kit.store), STATUS_OK);
    run->in_transaction = true;
}

static void append(struct run *run)
{
    begin(run);
    for (int i = pick(run, 5); i >= 0 && run->now.event_count < EVENTS_MAX; i--) {
        int number = pick(run, 1000);
        struct event event = event_of(number);
        assert_int_equal(store_append(run->kit.store, &event), STATUS_OK);
        run->now.numbers[run->now.event_count++] = number;
        assert_int_equal(event.seq, run->now.event_count);
    }
}

static void name_key(int key, char to[QUARTER_KEY_MAX + 1])
{
    snprintf(to, QUARTER_KEY_MAX + 1, "%08x-%d", (unsigned)key * 2654435761U, key);
}

static void put_answer(struct run *run)
{
    int key = pick(run, KEYS);
    if (run->now.answers[key].is_there)
        return;
    begin(run);
    char name[QUARTER_KEY_MAX + 1], body[TEXT_MAX];
    name_key(key, name);
    int http_status = 200 + pick(run, 300);
    write_text(http_status, body);
    const struct stored_answer answer = {.http_status = http_status, .body = body};
    const struct keyed_request request = {"local", name, body};
    run->now.at_ms += pick(run, 3);
    assert_int_equal(
        store_put_answer(run->kit.store, &request, days[pick(run, DAYS)], run->now.at_ms, &answer),
        STATUS_OK);
    run->now.answers[key].is_there = true;
    run->now.answers[key].at_ms = run->now.at_ms;
    run->now.answers[key].status = http_status;
}

static void put_text(struct run *run)
{
    int day = pick(run, DAYS), ticket = pick(run, TICKETS), text = 1 + pick(run, 1000);
    char id[QUARTER_ULID_LEN + 1], body[TEXT_MAX];
    name_ticket(ticket, id);
    write_text(text, body);
    begin(run);
    assert_int_equal(store_put_private(run->kit.store, days[day], id, "answers", body), STATUS_OK);
    run->now.texts[day][ticket] = text;
}

static void put_site(struct run *run)
{
    int site = pick(run, SITES);
    char hash[QUARTER_HASH_LEN + 1];
    snprintf(hash, sizeof hash, "%064d", site);
    begin(run);
    assert_int_equal(store_put_site(run->kit.store, hash, hash + 10, 1), STATUS_OK);
    run->now.sites[site] = true;
}

static void commit(struct run *run)
{
    if (!run->in_transaction)
        return;
    assert_int_equal(store_commit(run->kit.store), STATUS_OK);
    run->in_transaction = false;
    run->committed = run->now;
}

static void roll_back(struct run *run)
{
    store_rollback(run->kit.store);
    run->in_transaction = false;
    run->now = run->committed;
}

static void drop_answers(struct run *run)
{
    int64_t before = run->now.at_ms - pick(run, 40);
    assert_int_equal(store_drop_answers_before(run->kit.store, before), STATUS_OK);
    for (int i = 0; i < KEYS; i++)
        if (run->now.answers[i].at_ms < before)
            run->now.answers[i].is_there = false;
    if (!run->in_transaction)
        run->committed = run->now;
}

static void forget_day(struct run *run)
{
    if (run->in_transaction)
        return;
    int day = pick(run, DAYS);
    assert_int_equal(store_forget_day(run->kit.store, days[day]), STATUS_OK);
    memset(run->now.texts[day], 0, sizeof run->now.texts[day]);
    run->committed = run->now;
}

static void restart(struct run *run, bool by_power_cut)
{
    if (by_power_cut) {
        static const enum forgetful_keep keeps[] = {FORGETFUL_KEEP_NOTHING, FORGETFUL_KEEP_SOME,
                                                    FORGETFUL_KEEP_ALL};
        forgetful_cut_at(run->kit.disk, 1);
        kit_close(&run->kit); /* its first call meets the cut */
        forgetful_power_cycle(run->kit.disk, keeps[pick(run, 3)]);
    } else {
        kit_close(&run->kit);
    }
    run->in_transaction = false;
    run->now = run->committed;
    assert_int_equal(kit_open(&run->kit), STATUS_OK);
}

struct replay {
    const struct model *model;
    int next;
};

static enum status compare(void *context, const struct event *event)
{
    struct replay *replay = context;
    if (replay->next < 0)
        replay->next = (int)event->seq - 1;
    assert_true(replay->next < replay->model->event_count);
    assert_int_equal(event->seq, replay->next + 1);
    struct event expected = event_of(replay->model->numbers[replay->next++]);
    assert_true(kit_same_event(event, &expected));
    return STATUS_OK;
}

static void look_at_events(struct run *run)
{
    const struct model *model = &run->now;
    assert_int_equal(store_last_seq(run->kit.store), model->event_count);
    int first = -1;
    char newest[QUARTER_DAY_LEN + 1] = "";
    for (int i = model->event_count - 1; i >= 0; i--) {
        struct event event = event_of(model->numbers[i]);
        if (event.type != EVENT_DAY_OPENED)
            continue;
        if (newest[0] == '\0')
            memcpy(newest, event.day, sizeof newest);
        if (strcmp(newest, event.day) != 0)
            break;
        first = i;
    }
    struct replay replay = {.model = model, .next = first < 0 ? 0 : first};
    assert_int_equal(store_replay(run->kit.store, compare, &replay), STATUS_OK);
    assert_int_equal(replay.next, model->event_count);
}

static void look_at_answers(struct run *run)
{
    for (int i = 0; i < KEYS; i++) {
        char name[QUARTER_KEY_MAX + 1], body[TEXT_MAX];
        name_key(i, name);
        struct stored_answer answer = {0};
        write_text(run->now.answers[i].status, body);
        const struct keyed_request request = {"local", name, body};
        enum status status = store_find_answer(run->kit.store, &request, &answer);
        assert_int_equal(status, run->now.answers[i].is_there ? STATUS_OK : STATUS_NOT_FOUND);
        if (status != STATUS_OK)
            continue;
        assert_int_equal(answer.http_status, run->now.answers[i].status);
        assert_string_equal(answer.body, body);
        free(answer.body);
    }
}

static void look_at_texts(struct run *run)
{
    for (int day = 0; day < DAYS; day++)
        for (int ticket = 0; ticket < TICKETS; ticket++) {
            char id[QUARTER_ULID_LEN + 1], expected[TEXT_MAX], *text = NULL;
            name_ticket(ticket, id);
            enum status status = store_get_private(run->kit.store, days[day], id, "answers", &text);
            assert_int_equal(status, run->now.texts[day][ticket] ? STATUS_OK : STATUS_NOT_FOUND);
            if (status != STATUS_OK)
                continue;
            write_text(run->now.texts[day][ticket], expected);
            assert_string_equal(text, expected);
            free(text);
        }
    for (int site = 0; site < SITES; site++) {
        char hash[QUARTER_HASH_LEN + 1], *text = NULL;
        snprintf(hash, sizeof hash, "%064d", site);
        enum status status = store_get_site(run->kit.store, hash, &text);
        assert_int_equal(status, run->now.sites[site] ? STATUS_OK : STATUS_NOT_FOUND);
        if (status == STATUS_OK)
            assert_string_equal(text, hash + 10);
        free(text);
    }
}

static void step(struct run *run)
{
    int what = pick(run, 100);
    if (what < 30)
        append(run);
    else if (what < 45)
        put_answer(run);
    else if (what < 53)
        put_text(run);
    else if (what < 56)
        put_site(run);
    else if (what < 80)
        commit(run);
    else if (what < 86)
        roll_back(run);
    else if (what < 90)
        drop_answers(run);
    else if (what < 92)
        forget_day(run);
    else if (what < 95)
        restart(run, false);
    else
        restart(run, true);
    look_at_events(run);
    if (what >= 80 || pick(run, 8) == 0) {
        look_at_answers(run);
        look_at_texts(run);
    }
}

static void run_seed(struct run *run, uint64_t seed)
{
    *run = (struct run){.random = seed, .seed = seed};
    kit_set_up(&run->kit, seed);
    assert_int_equal(kit_open(&run->kit), STATUS_OK);
    for (int i = 0; i < STEPS; i++)
        step(run);
    struct store_reader *reader = NULL;
    assert_int_equal(store_reader_open(&run->kit.config, &reader), STATUS_OK);
    assert_int_equal(store_reader_check(reader), STATUS_OK);
    store_reader_close(reader);
    kit_tear_down(&run->kit);
    run->seed = 0;
}

static int set_up(void **state)
{
    *state = calloc(1, sizeof(struct run));
    return *state == NULL;
}

static int tell_seed(void **state)
{
    const struct run *run = *state;
    if (run->seed != 0)
        print_error("failed with QUARTER_SEED=%llu\n", (unsigned long long)run->seed);
    free(*state);
    return 0;
}

static void any_history_is_the_models(void **state)
{
    const char *only = getenv("QUARTER_SEED"); // NOLINT(concurrency-mt-unsafe): one thread
    uint64_t first = only ? strtoull(only, NULL, 10) : 1, last = only ? first : RUNS;
    for (uint64_t seed = first; seed <= last; seed++)
        run_seed(*state, seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(any_history_is_the_models, set_up, tell_seed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
