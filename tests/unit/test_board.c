/* What the lobby sees and hears, second by second. */
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
#include "test_kit.h"

enum { NOON_S = 43200 };

struct fixture {
    struct board *board;
    struct board_view view;
    struct board_picture picture;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    fixture->board = board_create(1000);
    kit_set(fixture->view.day, sizeof fixture->view.day, "2026-11-24");
    fixture->view.open = true;
    fixture->view.clock.server_ms = (int64_t)NOON_S * 1000;
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    board_destroy(fixture->board);
    free(fixture);
    return 0;
}

static void call(struct fixture *fixture, const char *number, int announcement)
{
    struct board_view *view = &fixture->view;
    struct board_call *found = NULL;
    for (int i = 0; i < view->call_count; i++)
        if (strcmp(view->calls[i].number, number) == 0)
            found = &view->calls[i];
    if (found == NULL) {
        found = &view->calls[view->call_count++];
        *found = (struct board_call){0};
        snprintf(found->number, sizeof found->number, "%s", number);
        snprintf(found->ticket, sizeof found->ticket, "T-%s", number);
        kit_set(found->counter, sizeof found->counter, "3");
    } else {
        found->recalls++;
    }
    found->announcement = announcement;
    view->announcement = announcement;
}

static void end(struct fixture *fixture, const char *number)
{
    struct board_view *view = &fixture->view;
    for (int i = 0; i < view->call_count; i++)
        if (strcmp(view->calls[i].number, number) == 0)
            view->calls[i--] = view->calls[view->call_count-- - 1];
}

static void show(struct fixture *fixture, int64_t now_ms)
{
    fixture->view.clock.heard_at_ms = now_ms;
    board_take_view(fixture->board, &fixture->view, now_ms);
}

/* The number chimed at that moment, or "". */
static const char *chimed(struct fixture *fixture, int64_t now_ms)
{
    static struct board_call announced;
    struct board_call second;
    if (!board_advance(fixture->board, now_ms, &announced))
        return "";
    assert_false(board_advance(fixture->board, now_ms, &second));
    return announced.number;
}

/* The listed numbers, the one on top first; "!" when it is lit, "-" when none is on top. */
static const char *listed(struct fixture *fixture, int64_t now_ms)
{
    static char text[256];
    struct board_picture *picture = &fixture->picture;
    board_picture(fixture->board, NULL, now_ms, picture);
    snprintf(text, sizeof text, "%s",
             picture->top_fresh                             ? "!"
             : picture->has_top || picture->call_count == 0 ? ""
                                                            : "-");
    for (int i = 0; i < picture->call_count; i++) {
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%s", i > 0 ? " " : "",
                 picture->calls[i].number);
    }
    return text;
}

static void test_standing_calls_at_start_are_shown_without_a_sound(void **state)
{
    struct fixture *fixture = *state;
    call(fixture, "H07", 5);
    call(fixture, "C21", 7);
    show(fixture, 2000);
    assert_string_equal(chimed(fixture, 2000), "");
    assert_string_equal(listed(fixture, 2000), "C21 H07");
}

static void test_a_new_call_chimes_and_lights_for_twelve_seconds(void **state)
{
    struct fixture *fixture = *state;
    show(fixture, 2000);
    call(fixture, "H07", 1);
    show(fixture, 3000);
    assert_string_equal(chimed(fixture, 3000), "H07");
    assert_string_equal(listed(fixture, 3000), "!H07");
    assert_string_equal(listed(fixture, 14999), "!H07");
    assert_string_equal(listed(fixture, 15000), "H07");
    assert_string_equal(chimed(fixture, 15000), "");
}

static void test_calls_queue_for_the_top_and_are_listed_meanwhile(void **state)
{
    struct fixture *fixture = *state;
    show(fixture, 2000);
    call(fixture, "A01", 1);
    call(fixture, "B02", 2);
    call(fixture, "C03", 3);
    show(fixture, 3000);
    assert_string_equal(chimed(fixture, 3000), "A01");
    assert_string_equal(listed(fixture, 3000), "!A01 C03 B02");
    assert_string_equal(chimed(fixture, 6999), "");
    assert_string_equal(chimed(fixture, 7000), "B02");
    assert_string_equal(listed(fixture, 7000), "!B02 C03 A01");
    assert_string_equal(chimed(fixture, 11000), "C03");
    assert_string_equal(listed(fixture, 22999), "!C03 B02 A01");
    assert_string_equal(listed(fixture, 23000), "C03 B02 A01");
}

static void test_a_late_second_call_waits_only_for_what_is_left_of_four_seconds(void **state)
{
    struct fixture *fixture = *state;
    show(fixture, 2000);
    call(fixture, "A01", 1);
    show(fixture, 3000);
    assert_string_equal(chimed(fixture, 3000), "A01");
    call(fixture, "B02", 2);
    show(fixture, 9000);
    assert_string_equal(chimed(fixture, 9000), "B02");
    call(fixture, "C03", 3);
    show(fixture, 9500);
    assert_string_equal(chimed(fixture, 12999), "");
    assert_string_equal(chimed(fixture, 13000), "C03");
}

static void test_a_recall_chimes_again_and_lights_up_again(void **state)
{
    struct fixture *fixture = *state;
    show(fixture, 2000);
    call(fixture, "A01", 1);
    show(fixture, 3000);
    assert_string_equal(chimed(fixture, 3000), "A01");
    call(fixture, "A01", 2);
    show(fixture, 10000);
    assert_string_equal(chimed(fixture, 10000), "A01");
    assert_string_equal(listed(fixture, 10000), "A01"); /* dark for a blink, for who cannot hear */
    assert_string_equal(listed(fixture, 10299), "A01");
    assert_string_equal(listed(fixture, 10300), "!A01");
    assert_string_equal(listed(fixture, 21999), "!A01");
    assert_string_equal(listed(fixture, 22000), "A01");
}

static void test_a_recall_from_below_comes_back_to_the_top(void **state)
{
    struct fixture *fixture = *state;
    call(fixture, "A01", 1);
    call(fixture, "B02", 2);
    show(fixture, 2000);
    call(fixture, "A01", 3);
    show(fixture, 3000);
    assert_string_equal(chimed(fixture, 3000), "A01");
    assert_string_equal(listed(fixture, 3000), "!A01 B02");
}

static void test_a_recall_of_a_waiting_call_joins_its_turn(void **state)
{
    struct fixture *fixture = *state;
    show(fixture, 2000);
    call(fixture, "A01", 1);
    call(fixture, "B02", 2);
    call(fixture, "C03", 3);
    show(fixture, 3000);
    assert_string_equal(chimed(fixture, 3000), "A01");
    call(fixture, "B02", 4);
    show(fixture, 4000);
    assert_string_equal(chimed(fixture, 7000), "B02"); /* in its old place */
    assert_string_equal(chimed(fixture, 11000), "C03");
    assert_string_equal(chimed(fixture, 30000), "");
}

static void test_skipped_versions_cost_no_chime(void **state)
{
    struct fixture *fixture = *state;
    show(fixture, 2000);
    for (int i = 1; i <= 9; i++) {
        char number[8];
        snprintf(number, sizeof number, "A%02d", i);
        call(fixture, number, i);
    }
    show(fixture, 3000);
    for (int i = 0; i < 9; i++) {
        char number[8];
        snprintf(number, sizeof number, "A%02d", i + 1);
        assert_string_equal(chimed(fixture, 3000 + i * BOARD_SHORT_TURN_MS), number);
    }
}

static void test_a_call_that_ends_before_its_turn_is_not_announced(void **state)
{
    struct fixture *fixture = *state;
    show(fixture, 2000);
    call(fixture, "A01", 1);
    call(fixture, "B02", 2);
    call(fixture, "C03", 3);
    show(fixture, 3000);
    assert_string_equal(chimed(fixture, 3000), "A01");
    end(fixture, "B02");
    show(fixture, 5000);
    assert_string_equal(listed(fixture, 5000), "!A01 C03");
    assert_string_equal(chimed(fixture, 7000), "C03");
}

static void test_a_top_that_ends_makes_way_after_its_chime(void **state)
{
    struct fixture *fixture = *state;
    call(fixture, "Z09", 1);
    show(fixture, 2000);
    call(fixture, "A01", 2);
    call(fixture, "B02", 3);
    show(fixture, 3000);
    assert_string_equal(chimed(fixture, 3000), "A01");
    end(fixture, "A01");
    show(fixture, 3500);
    assert_string_equal(listed(fixture, 3500), "Z09 B02"); /* not B02: its chime is still to come */
    assert_string_equal(chimed(fixture, 4999), "");
    assert_string_equal(chimed(fixture, 5000), "B02");
    end(fixture, "Z09");
    end(fixture, "B02");
    show(fixture, 6000);
    assert_string_equal(listed(fixture, 6000), "");
}

static void test_nothing_is_on_top_before_the_first_turn(void **state)
{
    struct fixture *fixture = *state;
    show(fixture, 2000);
    call(fixture, "A01", 1);
    call(fixture, "B02", 2);
    show(fixture, 3000);
    assert_string_equal(chimed(fixture, 3000), "A01");
    end(fixture, "A01");
    show(fixture, 3100);
    assert_string_equal(listed(fixture, 3100), "-B02");
    assert_string_equal(chimed(fixture, 5000), "B02");
    assert_string_equal(listed(fixture, 5000), "!B02");
}

static void test_a_ticket_called_anew_waits_for_its_turn(void **state)
{
    struct fixture *fixture = *state;
    call(fixture, "Z09", 1);
    show(fixture, 2000);
    call(fixture, "A01", 2);
    show(fixture, 3000);
    assert_string_equal(chimed(fixture, 3000), "A01");
    end(fixture, "A01");
    show(fixture, 3200);
    call(fixture, "A01", 3);
    show(fixture, 3400);
    assert_string_equal(listed(fixture, 3400), "Z09 A01");
    assert_string_equal(chimed(fixture, 5000), "A01");
    assert_string_equal(listed(fixture, 5000), "!A01 Z09"); /* it was not on top: no blink */
}

static void test_a_new_day_counts_from_one(void **state)
{
    struct fixture *fixture = *state;
    call(fixture, "A01", 40);
    show(fixture, 2000);
    end(fixture, "A01");
    kit_set(fixture->view.day, sizeof fixture->view.day, "2026-11-25");
    call(fixture, "A02", 1);
    show(fixture, 3000);
    assert_string_equal(chimed(fixture, 3000), "A02");
}

static void test_a_server_with_an_older_journal_repeats_nothing_that_is_on_the_board(void **state)
{
    struct fixture *fixture = *state;
    call(fixture, "A01", 4);
    call(fixture, "B02", 5);
    call(fixture, "C03", 6);
    show(fixture, 2000);
    end(fixture, "C03");
    call(fixture, "D04", 5); /* restored as of 4, and went on */
    end(fixture, "B02");
    show(fixture, 3000);
    assert_string_equal(chimed(fixture, 3000), "D04");
    assert_string_equal(chimed(fixture, 30000), "");
}

static void test_sleep_ends_when_something_changes(void **state)
{
    struct fixture *fixture = *state;
    fixture->view.clock.server_ms += 1;
    show(fixture, 2000);
    assert_int_equal(board_sleep_ms(fixture->board, 2000), BOARD_TICK_MS - 1000);
    call(fixture, "A01", 1);
    call(fixture, "B02", 2);
    show(fixture, 3000);
    assert_string_equal(chimed(fixture, 3000), "A01");
    assert_int_equal(board_sleep_ms(fixture->board, 3000), BOARD_BLINK_MS);
    assert_int_equal(board_sleep_ms(fixture->board, 3300), 3700);
    assert_string_equal(chimed(fixture, 7000), "B02");
    assert_int_equal(board_sleep_ms(fixture->board, 7400), 1600); /* the page's tick */
    for (int64_t now_ms = 7000; now_ms < 100000; now_ms += board_sleep_ms(fixture->board, now_ms))
        assert_true(board_sleep_ms(fixture->board, now_ms) > 0);
}

static void test_stale_is_said_with_the_time_of_the_last_news(void **state)
{
    struct fixture *fixture = *state;
    board_picture(fixture->board, NULL, 1000, &fixture->picture);
    assert_int_equal(fixture->picture.page, BOARD_STARTING);
    assert_false(fixture->picture.stale);
    board_picture(fixture->board, NULL, 1000 + BOARD_STALE_MS, &fixture->picture);
    assert_true(fixture->picture.stale);
    assert_string_equal(fixture->picture.news, "");
    show(fixture, 20000);
    struct client_clock beat = {.server_ms = (NOON_S + 60) * (int64_t)1000, .heard_at_ms = 80000};
    board_take_clock(fixture->board, &beat);
    board_picture(fixture->board, NULL, 80000 + BOARD_STALE_MS - 1, &fixture->picture);
    assert_false(fixture->picture.stale);
    board_picture(fixture->board, NULL, 80000 + 3 * 60000, &fixture->picture);
    assert_true(fixture->picture.stale);
    assert_string_equal(fixture->picture.news, "12:01");
    assert_string_equal(fixture->picture.clock, "12:04");
}

static void test_closed_only_when_nobody_is_left(void **state)
{
    struct fixture *fixture = *state;
    fixture->view.open = false;
    fixture->view.next_open_ms = fixture->view.clock.server_ms + (int64_t)21 * 3600000; /* 09:00 */
    fixture->view.service_count = 1;
    kit_set(fixture->view.services[0].service, sizeof fixture->view.services[0].service, "repairs");
    fixture->view.services[0].waiting = 1;
    show(fixture, 2000);
    board_picture(fixture->board, NULL, 2000, &fixture->picture);
    assert_int_equal(fixture->picture.page, BOARD_LIVE);
    fixture->view.services[0].waiting = 0;
    call(fixture, "R01", 1);
    show(fixture, 3000);
    board_picture(fixture->board, NULL, 3000, &fixture->picture);
    assert_int_equal(fixture->picture.page, BOARD_LIVE);
    end(fixture, "R01");
    show(fixture, 4000);
    board_picture(fixture->board, NULL, 4000, &fixture->picture);
    assert_int_equal(fixture->picture.page, BOARD_CLOSED);
    assert_true(fixture->picture.opens_known);
    assert_int_equal(fixture->picture.opens_in_days, 1);
    assert_int_equal(fixture->picture.opens.hour, 9);
}

static void test_services_are_listed_group_by_group_with_the_servers_minutes(void **state)
{
    struct fixture *fixture = *state;
    struct site_info *site = NULL;
    assert_int_equal(site_info_read(sample_site, strlen(sample_site), &site), STATUS_OK);
    assert_int_equal(wire_read_board(sample_board, strlen(sample_board), 2000, &fixture->view),
                     STATUS_OK);
    show(fixture, 2000);
    board_picture(fixture->board, site, 2000, &fixture->picture);
    assert_int_equal(fixture->picture.row_count, 2);
    const struct board_row *rows = fixture->picture.rows;
    assert_string_equal(site->services[rows[0].service].code, "housing_options");
    assert_int_equal(rows[0].waiting, 4);
    assert_false(rows[0].wait_known);
    assert_int_equal(rows[0].tone, BOARD_CALM);
    assert_string_equal(site->services[rows[1].service].code, "repairs");
    assert_true(rows[1].wait_known && rows[1].delayed);
    assert_int_equal(rows[1].low_min, 10);
    assert_int_equal(rows[1].high_min, 25);
    assert_int_equal(rows[1].tone, BOARD_RED);
    fixture->view.services[1].wait.p50_s = 899;
    show(fixture, 3000);
    board_picture(fixture->board, site, 3000, &fixture->picture);
    assert_int_equal(fixture->picture.rows[1].tone, BOARD_AMBER);
    site_info_destroy(site);
}

/* --- delays ------------------------------------------------------------------------------------------------------ */

/* The sample's site, an open lobby and no delay yet. */
static struct site_info *begin_delays(struct fixture *fixture)
{
    struct site_info *site = NULL;
    assert_int_equal(site_info_read(sample_site, strlen(sample_site), &site), STATUS_OK);
    fixture->view.service_count = 2;
    kit_set(fixture->view.services[0].service, sizeof fixture->view.services[0].service,
            "housing_options");
    kit_set(fixture->view.services[1].service, sizeof fixture->view.services[1].service, "repairs");
    return site;
}

static void delay(struct fixture *fixture, int service, int high_min, int64_t since_ms)
{
    fixture->view.services[service].delayed = (struct wait_delay){
        .known = high_min > 0, .since_ms = since_ms, .low_min = 10, .high_min = high_min};
}

/* "Repairs 40!" with ! while it is fresh, one after the other. */
static const char *delays(struct fixture *fixture, const struct site_info *site, int64_t now_ms)
{
    static char text[256];
    board_picture(fixture->board, site, now_ms, &fixture->picture);
    text[0] = '\0';
    for (int i = 0; i < fixture->picture.delay_count; i++) {
        const struct board_delay *shown = &fixture->picture.delays[i];
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%s %d%s", i > 0 ? ", " : "",
                 site->services[shown->service].code, shown->high_min, shown->fresh ? "!" : "");
    }
    return text;
}

static void test_a_delay_is_shown_at_once_sounds_once_and_ends_with_its_cause(void **state)
{
    struct fixture *fixture = *state;
    struct site_info *site = begin_delays(fixture);
    show(fixture, 2000);
    assert_false(board_take_note(fixture->board, 2000));
    delay(fixture, 1, 40, 500);
    show(fixture, 3000);
    assert_string_equal(delays(fixture, site, 3000), "repairs 40!");
    assert_true(board_take_note(fixture->board, 3000));
    assert_false(board_take_note(fixture->board, 3000));
    show(fixture, 5000); /* said again: no news */
    assert_false(board_take_note(fixture->board, 300000));
    assert_string_equal(delays(fixture, site, 3000 + BOARD_FRESH_MS - 1), "repairs 40!");
    assert_string_equal(delays(fixture, site, 3000 + BOARD_FRESH_MS), "repairs 40");
    delay(fixture, 1, 0, 0);
    show(fixture, 400000);
    assert_string_equal(delays(fixture, site, 400000), "");
    site_info_destroy(site);
}

static void test_a_delay_that_grows_is_news_and_one_that_shrinks_is_not(void **state)
{
    struct fixture *fixture = *state;
    struct site_info *site = begin_delays(fixture);
    show(fixture, 2000);
    delay(fixture, 1, 40, 500);
    show(fixture, 3000);
    assert_true(board_take_note(fixture->board, 3000));
    delay(fixture, 1, 35, 500);
    show(fixture, 100000);
    assert_string_equal(delays(fixture, site, 100000), "repairs 35");
    assert_false(board_take_note(fixture->board, 100000));
    delay(fixture, 0, 30, 500);
    show(fixture, 200000);
    assert_string_equal(delays(fixture, site, 200000), "housing_options 30!, repairs 35");
    assert_true(board_take_note(fixture->board, 200000));
    delay(fixture, 1, 45, 500);
    show(fixture, 300000);
    assert_string_equal(delays(fixture, site, 300000), "repairs 45!, housing_options 30");
    assert_true(board_take_note(fixture->board, 300000));
    delay(fixture, 1, 45, 700); /* ended and began anew between two views */
    show(fixture, 400000);
    assert_string_equal(delays(fixture, site, 400000), "repairs 45!, housing_options 30");
    site_info_destroy(site);
}

static void test_a_delay_of_before_the_start_has_no_sound(void **state)
{
    struct fixture *fixture = *state;
    struct site_info *site = begin_delays(fixture);
    delay(fixture, 0, 40, 500);
    show(fixture, 2000);
    assert_string_equal(delays(fixture, site, 2000), "housing_options 40");
    assert_false(board_take_note(fixture->board, 200000));
    site_info_destroy(site);
}

static void test_a_note_gives_way_to_calls_and_keeps_its_distance(void **state)
{
    struct fixture *fixture = *state;
    struct site_info *site = begin_delays(fixture);
    show(fixture, 2000);
    call(fixture, "A01", 1);
    call(fixture, "B02", 2);
    delay(fixture, 0, 40, 500);
    show(fixture, 3000);
    assert_false(board_take_note(fixture->board, 3000));
    assert_string_equal(chimed(fixture, 3000), "A01");
    assert_false(board_take_note(fixture->board, 5500)); /* B02 waits for its turn */
    assert_string_equal(chimed(fixture, 7000), "B02");
    assert_false(board_take_note(fixture->board, 8999));
    assert_int_equal(board_sleep_ms(fixture->board, 8500), 500);
    assert_true(board_take_note(fixture->board, 9000));
    delay(fixture, 1, 30, 600);
    show(fixture, 10000);
    assert_string_equal(delays(fixture, site, 10000), "repairs 30!, housing_options 40!");
    assert_false(board_take_note(fixture->board, 9000 + BOARD_NOTE_GAP_MS - 1));
    assert_true(board_take_note(fixture->board, 9000 + BOARD_NOTE_GAP_MS));
    site_info_destroy(site);
}

static void test_a_delay_that_is_over_before_its_note_is_silent(void **state)
{
    struct fixture *fixture = *state;
    struct site_info *site = begin_delays(fixture);
    show(fixture, 2000);
    call(fixture, "A01", 1);
    delay(fixture, 0, 40, 500);
    show(fixture, 3000);
    assert_string_equal(chimed(fixture, 3000), "A01");
    delay(fixture, 0, 0, 0);
    show(fixture, 4000);
    assert_false(board_take_note(fixture->board, 100000));
    site_info_destroy(site);
}

static void test_a_delay_of_an_unknown_service_is_not_shown(void **state)
{
    struct fixture *fixture = *state;
    struct site_info *site = begin_delays(fixture);
    kit_set(fixture->view.services[1].service, sizeof fixture->view.services[1].service, "new_one");
    show(fixture, 2000);
    delay(fixture, 1, 40, 500);
    show(fixture, 3000);
    assert_string_equal(delays(fixture, site, 3000), "");
    board_picture(fixture->board, NULL, 3000, &fixture->picture);
    assert_int_equal(fixture->picture.delay_count, 0);
    site_info_destroy(site);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_standing_calls_at_start_are_shown_without_a_sound),
        TEST(test_a_new_call_chimes_and_lights_for_twelve_seconds),
        TEST(test_calls_queue_for_the_top_and_are_listed_meanwhile),
        TEST(test_a_late_second_call_waits_only_for_what_is_left_of_four_seconds),
        TEST(test_a_recall_chimes_again_and_lights_up_again),
        TEST(test_a_recall_from_below_comes_back_to_the_top),
        TEST(test_a_recall_of_a_waiting_call_joins_its_turn),
        TEST(test_skipped_versions_cost_no_chime),
        TEST(test_a_call_that_ends_before_its_turn_is_not_announced),
        TEST(test_a_top_that_ends_makes_way_after_its_chime),
        TEST(test_nothing_is_on_top_before_the_first_turn),
        TEST(test_a_ticket_called_anew_waits_for_its_turn),
        TEST(test_a_new_day_counts_from_one),
        TEST(test_a_server_with_an_older_journal_repeats_nothing_that_is_on_the_board),
        TEST(test_sleep_ends_when_something_changes),
        TEST(test_stale_is_said_with_the_time_of_the_last_news),
        TEST(test_closed_only_when_nobody_is_left),
        TEST(test_services_are_listed_group_by_group_with_the_servers_minutes),
        TEST(test_a_delay_is_shown_at_once_sounds_once_and_ends_with_its_cause),
        TEST(test_a_delay_that_grows_is_news_and_one_that_shrinks_is_not),
        TEST(test_a_delay_of_before_the_start_has_no_sound),
        TEST(test_a_note_gives_way_to_calls_and_keeps_its_distance),
        TEST(test_a_delay_that_is_over_before_its_note_is_silent),
        TEST(test_a_delay_of_an_unknown_service_is_not_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
