/* Random lobbies, seeded: calls, recalls and endings at twelve counters, views that arrive at random, versions skipped,
 * the display looking at random moments. Held against a model that knows nothing of turns:
 *  - every announcement that some view showed and whose call still stands is chimed, once, in its place in the line
 *    (a recall of a call still waiting joins the waiting turn);
 *  - a chime never names a call that does not stand in the latest view, and its call is on top at that moment;
 *  - chimes keep their distance: 4 s while the last one's call stands, 2 s otherwise;
 *  - every standing call is listed, always, once;
 *  - every delay of the latest view is in the picture, and no other; its note never sounds while a call waits for its
 *    turn, nor close to a chime or another note. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client_samples.h"
#include "display/board/board.h"
#include "quarter/check.h"
#include "test_kit.h"

enum { SEEDS = 300, STEPS = 400, COUNTERS = 12 };

struct model {
    uint64_t random;
    struct board *board;
    struct board_view server, shown; /* what the server has; what the display saw last */
    bool begun;
    int tickets;
    int32_t seen;
    /* The line: announcements in order, each with the ticket it is for. */
    int line_count;
    struct {
        int32_t place;
        char ticket[QUARTER_ULID_LEN + 1];
    } line[1000];
    char last[QUARTER_ULID_LEN + 1]; /* whose chime was the last; it has stood ever since, or "" */
    int64_t last_chime_ms, last_note_ms; /* 0: none yet */
    struct site_info *site;
};

/* https://prng.di.unimi.it/splitmix64.c */
static uint32_t draw(struct model *model, uint32_t below)
{
    uint64_t z = (model->random += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return (uint32_t)((z ^ (z >> 31)) % below);
}

static const struct board_call *stands(const struct board_view *view, const char *ticket)
{
    for (int i = 0; i < view->call_count; i++)
        if (strcmp(view->calls[i].ticket, ticket) == 0)
            return &view->calls[i];
    return NULL;
}

static void change_server(struct model *model)
{
    struct board_view *view = &model->server;
    view->version++;
    uint32_t what = draw(model, 10);
    if (draw(model, 8) == 0) {
        struct board_service *service = &view->services[draw(model, 2)];
        service->delayed = (struct wait_delay){.known = draw(model, 3) > 0,
                                               .since_ms = view->version,
                                               .low_min = 5,
                                               .high_min = 10 + 5 * (int32_t)draw(model, 6)};
    }
    if (what < 5 && view->call_count < COUNTERS) {
        struct board_call *call = &view->calls[view->call_count++];
        *call = (struct board_call){.announcement = ++view->announcement};
        snprintf(call->ticket, sizeof call->ticket, "T%d", ++model->tickets);
        snprintf(call->number, sizeof call->number, "A%d", model->tickets);
    } else if (what < 7 && view->call_count > 0) {
        struct board_call *call = &view->calls[draw(model, (uint32_t)view->call_count)];
        call->announcement = ++view->announcement;
        call->recalls++;
    } else if (view->call_count > 0) {
        uint32_t gone = draw(model, (uint32_t)view->call_count--);
        view->calls[gone] = view->calls[view->call_count];
    }
}

static void drop_ended(struct model *model)
{
    int kept = 0;
    for (int i = 0; i < model->line_count; i++)
        if (stands(&model->shown, model->line[i].ticket) != NULL)
            model->line[kept++] = model->line[i];
    model->line_count = kept;
    if (stands(&model->shown, model->last) == NULL)
        model->last[0] = '\0';
}

static void join_line(struct model *model, const struct board_call *call)
{
    for (int i = 0; i < model->line_count; i++)
        if (strcmp(model->line[i].ticket, call->ticket) == 0)
            return;
    int at = model->line_count++;
    for (; at > 0 && model->line[at - 1].place > call->announcement; at--)
        model->line[at] = model->line[at - 1];
    model->line[at].place = call->announcement;
    memcpy(model->line[at].ticket, call->ticket, sizeof call->ticket);
}

static void show_view(struct model *model, int64_t now_ms)
{
    model->shown = model->server;
    drop_ended(model);
    for (int i = 0; i < model->shown.call_count; i++)
        if (model->begun && model->shown.calls[i].announcement > model->seen)
            join_line(model, &model->shown.calls[i]);
    model->seen = model->shown.announcement;
    model->begun = true;
    model->shown.clock.heard_at_ms = now_ms;
    board_take_view(model->board, &model->shown, now_ms);
}

static void check_delays(const struct model *model, const struct board_picture *picture)
{
    int count = 0;
    for (int i = 0; i < model->shown.service_count; i++) {
        const struct board_service *service = &model->shown.services[i];
        bool found = false;
        for (int j = 0; j < picture->delay_count; j++)
            found |= strcmp(model->site->services[picture->delays[j].service].code,
                            service->service) == 0 &&
                     picture->delays[j].high_min == service->delayed.high_min;
        assert_true(found || !service->delayed.known);
        count += service->delayed.known;
    }
    assert_int_equal(picture->delay_count, count);
}

static void check_picture(const struct model *model, int64_t now_ms, const char *top)
{
    struct board_picture picture;
    board_picture(model->board, model->site, now_ms, &picture);
    assert_int_equal(picture.call_count, model->shown.call_count);
    for (int i = 0; i < picture.call_count; i++) {
        assert_non_null(stands(&model->shown, picture.calls[i].ticket));
        for (int j = 0; j < i; j++)
            assert_string_not_equal(picture.calls[i].ticket, picture.calls[j].ticket);
    }
    check_delays(model, &picture);
    if (top != NULL) {
        assert_true(picture.has_top);
        assert_string_equal(picture.calls[0].ticket, top);
    }
}

/* Nothing that the board says changes before the time to look again. */
static void check_sleep(const struct model *model, int64_t now_ms)
{
    struct board_picture now, later;
    int sleep_ms = board_sleep_ms(model->board, now_ms);
    assert_true(sleep_ms > 0);
    board_picture(model->board, model->site, now_ms, &now);
    board_picture(model->board, model->site, now_ms + sleep_ms - 1, &later);
    assert_int_equal(now.page, later.page);
    assert_int_equal(now.tick, later.tick);
    assert_int_equal(now.stale, later.stale);
    assert_int_equal(now.top_fresh, later.top_fresh);
    assert_string_equal(now.clock, later.clock);
    for (int i = 0; i < now.delay_count; i++)
        assert_int_equal(now.delays[i].fresh, later.delays[i].fresh);
}

static void look(struct model *model, int64_t now_ms)
{
    struct board_call announced;
    int64_t distance_ms = model->last[0] != '\0' ? BOARD_SHORT_TURN_MS : BOARD_CHIME_GAP_MS;
    bool due = model->line_count > 0 &&
               (model->last_chime_ms == 0 || now_ms >= model->last_chime_ms + distance_ms);
    assert_int_equal(board_advance(model->board, now_ms, &announced), due);
    if (due) {
        assert_string_equal(announced.ticket, model->line[0].ticket);
        const struct board_call *standing = stands(&model->shown, announced.ticket);
        CHECK(standing != NULL);
        assert_int_equal(announced.announcement, standing->announcement);
        memmove(&model->line[0], &model->line[1],
                (size_t)--model->line_count * sizeof model->line[0]);
        memcpy(model->last, announced.ticket, sizeof model->last);
        model->last_chime_ms = now_ms;
        assert_false(board_advance(model->board, now_ms, &announced));
    }
    if (board_take_note(model->board, now_ms)) {
        assert_int_equal(model->line_count, 0);
        assert_true(model->last_chime_ms == 0 ||
                    now_ms >= model->last_chime_ms + BOARD_CHIME_GAP_MS);
        assert_true(model->last_note_ms == 0 || now_ms >= model->last_note_ms + BOARD_NOTE_GAP_MS);
        model->last_note_ms = now_ms;
        assert_false(board_take_note(model->board, now_ms));
    }
    check_picture(model, now_ms, due ? model->last : NULL);
    check_sleep(model, now_ms);
}

static void play(uint64_t seed)
{
    struct model *model = calloc(1, sizeof *model);
    int64_t now_ms = 1000;
    model->random = seed;
    model->board = board_create(now_ms);
    kit_set(model->server.day, sizeof model->server.day, "2026-11-24");
    CHECK(site_info_read(sample_site, strlen(sample_site), &model->site) == STATUS_OK);
    model->server.service_count = 2;
    for (int i = 0; i < 2; i++)
        memcpy(model->server.services[i].service, model->site->services[i].code,
               sizeof model->site->services[i].code);
    for (int i = 0; i < STEPS; i++) {
        for (uint32_t changes = draw(model, 4); changes > 0; changes--)
            change_server(model); /* all but the last version are skipped */
        if (draw(model, 3) > 0)
            show_view(model, now_ms);
        look(model, now_ms);
        int sleep_ms = board_sleep_ms(model->board, now_ms);
        now_ms += draw(model, 2) > 0 ? sleep_ms : 1 + (int)draw(model, 6000);
    }
    model->server.call_count = model->server.call_count > 3 ? 3 : model->server.call_count;
    show_view(model, now_ms);
    for (int i = 0; i < 4 * COUNTERS; i++, now_ms += BOARD_SHORT_TURN_MS)
        look(model, now_ms);
    assert_int_equal(model->line_count, 0); /* everybody had their turn */
    board_destroy(model->board);
    site_info_destroy(model->site);
    free(model);
}

static uint64_t seed_now;

static void test_random_lobbies(void **state)
{
    (void)state;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
    const char *one = getenv("QUARTER_SEED");
    for (uint64_t seed = 1; one == NULL && seed <= SEEDS; seed++) {
        seed_now = seed;
        play(seed);
    }
    if (one != NULL)
        play(strtoull(one, NULL, 10));
}

static int tell_seed(void **state)
{
    (void)state;
    fprintf(stderr, "last seed: QUARTER_SEED=%llu\n", (unsigned long long)seed_now);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_random_lobbies, tell_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
